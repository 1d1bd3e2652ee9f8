/*
 * update.c - UPDATE and DELETE: which rows is found out first, and their new values with them; then each table below takes its share.
 *
 * The work table has a row for each row to be changed: its table, its number, its new values. Its own row_id is the number that the row's
 * new version will have, given in the order of tables and old numbers.
 *
 * Invariants:
 *  1. Nothing is changed before all new values are known: what the statement reads is how it found things.
 *  2. A new version is a row of its own: the old one is marked as taken away by this write.
 *  3. A row that leaves its partition lies in the node of the table named until it is routed, as an inserted one does.
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "func/partition.h"
#include "write/internal.h"

int change_column(const CatRelation *relation, const char *name)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && strcmp(relation->columns[i].name, name) == 0)
            return i + 1;
    return 0;
}

Expr *change_generated(Write *write, const CatRelation *leaf, int number)
{
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error,
                                      "SELECT adbin FROM pg_attrdef WHERE adrelid = ?1 AND adnum = ?2", "oi", leaf->oid, (int64_t)number);
    return rows ? fetch_expr(write, leaf, rows->cells[0].text, leaf->columns[number - 1].type) : NULL;
}

typedef struct Dependence {
    Write *write;
    const CatRelation *relation;
} Dependence;

static bool reads_set(const Expr *expr, void *arg)
{
    const Dependence *of = arg;
    if (expr->kind == EXPR_VAR && (expr->u.var.column <= 0 || change_is_set(of->write, of->relation, expr->u.var.column)))
        return true;
    return expr_walk(expr, reads_set, arg);
}

bool change_reads_set(Write *write, const CatRelation *relation, const Expr *expr)
{
    return reads_set(expr, &(Dependence){write, relation});
}

bool change_sets_alone(Write *write, const CatRelation *relation, bool *out)
{
    TriggerList triggers;
    *out = false;
    if (write->statement->kind != QUERY_UPDATE || write->has_moved || write->is_mixed)
        return true;
    if (!trigger_collect(write, relation, EVENT_UPDATE, true, true, &triggers))
        return false;
    *out = !triggers.count;
    return true;
}

/* A generated column is set with what it is computed from, and where triggers may change that. */
static bool is_computed_anew(Write *write, const CatRelation *relation, int number)
{
    TriggerList triggers;
    if (!write->collecting) {
        write->collecting = true;
        bool done = trigger_collect(write, relation, EVENT_UPDATE, true, true, &triggers);
        write->collecting = false;
        if (done && triggers.count)
            return true;
    }
    Expr *expr = change_generated(write, relation, number);
    return expr && change_reads_set(write, relation, expr);
}

bool change_is_set(Write *write, const CatRelation *relation, int number)
{
    const Query *statement = write->statement;
    const char *name = relation->columns[number - 1].name;
    if (statement->kind == QUERY_UPDATE && relation->columns[number - 1].generated)
        return is_computed_anew(write, relation, number);
    for (int i = 0; statement->kind == QUERY_UPDATE && i < statement->ntargets; i++)
        if (strcmp(write->root->columns[statement->insert_columns[i] - 1].name, name) == 0)
            return true;
    return false;
}

int *change_places(Write *write, const CatRelation *leaf)
{
    const Query *statement = write->statement;
    int *places = ARENA_ARRAY(write->arena, int, leaf->ncolumns + 1);
    for (int i = 0; statement->kind == QUERY_UPDATE && i < statement->ntargets; i++)
        places[change_column(leaf, write->root->columns[statement->insert_columns[i] - 1].name)] = WORK_ROW + 1 + i;
    return places;
}

/* ---- which rows ---- */

/* The tables below, in the order in which PostgreSQL goes through them. */
static bool list_leaves(Write *write, Oid oid, bool only, OidList *out)
{
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i] == oid)
            return true;
    if (relation->kind != 'p')
        vec_push(write->arena, out, oid);
    if (only)
        return true;
    if (relation->kind == 'p') {
        size_t count = 0;
        const PartitionKey *key = partition_key(write->catalog, oid, write->arena, write->error);
        const Partition *partitions =
            key ? partition_children(write->context->plan->functions, key, write->arena, &count, write->error) : NULL;
        for (size_t i = 0; partitions && i < count; i++)
            if (!list_leaves(write, partitions[i].oid, false, out))
                return false;
        return partitions != NULL;
    }
    CatalogRows *rows = relation->has_children
                            ? catalog_query(write->catalog, write->arena, write->error,
                                            "SELECT inhrelid FROM pg_inherits WHERE inhparent = ?1 ORDER BY inhrelid", "o", oid)
                            : NULL;
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!list_leaves(write, (Oid)CATALOG_CELL(rows, i, 0).i, false, out))
            return false;
    return rows || !relation->has_children;
}

static const char *order_of(Write *write, const OidList *leaves)
{
    Str out;
    if (leaves->count <= 1)
        return "c2";
    str_init(&out, write->arena);
    str_add(&out, "CASE c1");
    for (size_t i = 0; i < leaves->count; i++)
        str_addf(&out, " WHEN %u THEN %zu", leaves->items[i], i);
    str_add(&out, " END, c2");
    return out.data;
}

/* The statement's rows, as a query. */
static Query *rows_of(Write *write)
{
    const Query *kept = write_kept(write);
    Query *query = query_copy(write->statement, write->arena);
    int target = query->result_rte;
    Query *all = fetch_over(write, NULL);
    query->rtes[target]->staged = write->staged;
    query->rtes[target]->relation = write->root; /* with its node */
    fetch_add_target(all, expr_var(write->arena, target, COLUMN_TABLEOID, TYPE_OID, -1, OID_NONE));
    fetch_add_target(all, fetch_row_number(write, target));
    for (int i = 0; i < query->ntargets; i++)
        fetch_add_target(all, write_set_together(write, query, query->targets[i].expr, NULL));
    for (int i = 0; i < kept->ntargets; i++)
        fetch_add_target(all, expr_copy(kept->targets[i].expr, write->arena));
    if (write->context->follows)
        fetch_add_target(all, fetch_row_number(write, write->context->follows));
    query->targets = all->targets;
    query->ntargets = all->ntargets;
    query->kind = QUERY_SELECT;
    query->checks = NULL;
    fetch_forget_privileges(query);
    query->returning = NULL;
    query->result_rte = -1;
    query->as_of = write->context->as_of;
    return query;
}

/* ---- one table's share ---- */

/* New versions of the rows of a leaf, as a query whose targets are its columns, by number, then the row's number. */
static Query *new_versions(Write *write, const CatRelation *leaf)
{
    const int *places = change_places(write, leaf);
    Query *query = fetch_over(write, leaf);
    query->rtes[0]->written_by = 0;
    query->rtes[0]->deleted_by = write->number;
    int work = work_add(write, query, &write->work);
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), fetch_var(write, query, work, WORK_ROW)));
    for (int i = 1; i <= leaf->ncolumns; i++) {
        const CatColumn *column = &leaf->columns[i - 1];
        if (column->dropped || column->generated)
            fetch_add_target(query, expr_const(write->arena, column->dropped ? TYPE_INT4 : column->type, column->typmod, NULL));
        else
            fetch_add_target(query, places[i] ? fetch_var(write, query, work, places[i]) : fetch_column(write, leaf, i));
    }
    fetch_add_target(query, fetch_row_number(write, work));
    return query;
}

/* stays: those that its bound admits go into the leaf; else the others, into the node of the table named. */
static bool store_versions(Write *write, const CatRelation *leaf, Expr *bound, bool stays, uint64_t *count)
{
    Query *query = fetch_around(write, new_versions(write, leaf));
    if (bound) {
        query->where = fetch_test(write, EXPR_BOOL_TEST, expr_copy(bound, write->arena));
        query->where->u.bool_test = stays ? TEST_IS_NOT_FALSE : TEST_IS_FALSE;
    }
    return insert_versions(write, query, leaf, stays ? leaf : write->root, 0, count);
}

bool change_refuse_move(Write *write)
{
    error_unsupported(write->error, "invalid ON UPDATE specification");
    return error_detail(write->error, "The result tuple would appear in a different partition than the original tuple.");
}

/* Those that stay in the leaf are stored, and held to its constraints. *bound: the others do not meet it; NULL: all stay. */
static bool keep_versions(Write *write, Oid oid, Expr **bound, uint64_t *stayed)
{
    const CatRelation *leaf = catalog_relation(write->catalog, oid);
    bool may_move = (write->root->kind == 'p' || write->may_not_move) && leaf->is_partition && leaf->kind != 'f';
    *bound = NULL;
    if ((may_move && !route_constraint(write, oid, leaf, bound)) || !store_versions(write, leaf, *bound, true, stayed))
        return false;
    leaf = catalog_relation(write->catalog, oid);
    write->root = catalog_relation(write->catalog, write->root->oid);
    return !*stayed || check_written(write, leaf, leaf->is_partition && !may_move, NULL);
}

static bool change_leaf(Write *write, Oid oid, uint64_t *count)
{
    StoreDelete taken = {.number = write->number, .work = write->work.number, .relation = oid};
    uint64_t stayed = 0, left = 0;
    if (!passing_prepare(write, oid, &taken.node) || !exec_store_delete(write->context->engine, &taken, count, write->error))
        return false;
    bool is_foreign = catalog_relation(write->catalog, oid)->kind == 'f';
    if (write->statement->kind == QUERY_DELETE)
        return !is_foreign || foreign_delete(write, oid, &taken, count);
    Expr *bound;
    if (!keep_versions(write, oid, &bound, &stayed))
        return false;
    if (is_foreign)
        *count = stayed;
    if (stayed == *count)
        return true;
    if (write->may_not_move)
        return change_refuse_move(write);
    write->has_moved = true;
    return store_versions(write, catalog_relation(write->catalog, oid), bound, false, &left) && route_rows(write, &left);
}

/* ---- all of them ---- */

static bool has_before_rows(Write *write, Oid oid, bool *out)
{
    TriggerList triggers;
    const CatRelation *leaf = catalog_relation(write->catalog, oid);
    bool updates = write->statement->kind == QUERY_UPDATE, ok;
    ok = trigger_collect(write, leaf, updates ? EVENT_UPDATE : EVENT_DELETE, true, true, &triggers);
    *out = ok && triggers.count;
    if (ok && updates && write->root->kind == 'p' && !*out) { /* where a row leaves its partition */
        ok = trigger_collect(write, leaf, EVENT_DELETE, true, true, &triggers);
        *out = ok && triggers.count;
        if (ok && !*out) /* and where it comes to */
            ok = route_has_triggers(write, out);
    }
    return ok;
}

/* Each row by itself takes less than all of them together. */
static bool is_of_few(const Write *write)
{
    enum { FEW = 2 };
    return write->statement->kind == QUERY_UPDATE && write->root->kind == 'r' && !write->may_not_move && !write->is_mixed && write->found &&
           write->found <= FEW;
}

/* The leaves that have rows in the work table. */
static bool touched_leaves(Write *write, const OidList *leaves, OidList *out)
{
    Query *query = fetch_over(write, NULL);
    FetchedRows rows;
    int work = work_add(write, query, &write->work);
    fetch_add_target(query, fetch_var(write, query, work, WORK_RELATION));
    query->distinct = true;
    if (!fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < leaves->count; i++)
        for (size_t k = 0; k < rows.count; k++)
            if ((Oid)strtoul(rows.items[k][0], NULL, 10) == leaves->items[i])
                vec_push(write->arena, out, leaves->items[i]);
    return true;
}

static bool change_all(Write *write, const OidList *leaves, uint64_t *total)
{
    for (size_t i = 0; i < leaves->count; i++) {
        bool by_row;
        uint64_t count = 0;
        if (!has_before_rows(write, leaves->items[i], &by_row))
            return false;
        by_row = by_row || is_of_few(write) || turns_by_row(write);
        if (!(by_row ? rows_change(write, leaves->items[i], &count) : change_leaf(write, leaves->items[i], &count)))
            return false;
        *total += count;
    }
    return true;
}

/* Those with rows in the work table; the only one without being looked for. */
static bool touched_of(Write *write, OidList *out)
{
    OidList leaves = {0};
    const Rte *target = write->statement->rtes[write->statement->result_rte];
    if (!list_leaves(write, write->root->oid, target->only, &leaves))
        return false;
    if (leaves.count != 1)
        return touched_leaves(write, &leaves, out);
    *out = leaves;
    return true;
}

bool change_rows(Write *write, uint64_t *count)
{
    OidList touched = {0};
    *count = 0;
    return touched_of(write, &touched) && change_all(write, &touched, count);
}

bool change_check_versions(Write *write)
{
    OidList touched = {0}, unchecked = {0};
    TriggerList triggers;
    Expr *bound;
    uint64_t stayed;
    write->unchecked = &unchecked;
    bool done = touched_of(write, &touched);
    for (size_t i = 0; done && i < touched.count; i++) {
        const CatRelation *leaf = catalog_relation(write->catalog, touched.items[i]);
        done = trigger_collect(write, leaf, EVENT_UPDATE, true, true, &triggers) &&
               (triggers.count ||
                (keep_versions(write, touched.items[i], &bound, &stayed) &&
                 (!bound || store_versions(write, catalog_relation(write->catalog, touched.items[i]), bound, false, &stayed))));
    }
    write->unchecked = NULL;
    return done;
}

bool change_after(Write *write, AfterEvents *events)
{
    OidList touched = {0};
    if (!write->work.number)
        return true;
    if (!touched_of(write, &touched) || !after_moved(write, events))
        return false;
    for (size_t i = 0; i < touched.count; i++)
        if (!after_changed(write, touched.items[i], events))
            return false;
    return after_inserted(write, events);
}

bool write_change(Write *write, uint64_t *count)
{
    OidList leaves = {0};
    const Rte *target = write->statement->rtes[write->statement->result_rte];
    bool is_done;
    *count = 0;
    if (!foreign_change_directly(write, &is_done, count) || is_done)
        return !error_is_set(write->error);
    if (!list_leaves(write, write->root->oid, target->only, &leaves) || !foreign_stage(write, &leaves, rows_of(write)))
        return false;
    Query *rows = rows_of(write);
    const char *order = order_of(write, &leaves);
    if (write->context->follows)
        order = arena_printf(write->arena, "c%d, %s", rows->ntargets, order);
    if (write->turns && !turns_split(write, rows))
        return false;
    if (!work_fill(write, rows, order, write->statement->nfrom > 1, &write->work, &write->found))
        return false;
    AfterEvents events = {0};
    if (!write->found)
        return true;
    return change_rows(write, count) && (!*count || (change_after(write, &events) && after_enqueue(write, &events)));
}

bool change_one(Write *write, Oid leaf, uint64_t *count)
{
    OidList leaves = {0};
    vec_push(write->arena, &leaves, leaf);
    *count = 0;
    return change_all(write, &leaves, count);
}
