/*
 * foreign_direct.c - UPDATE and DELETE of a foreign table that its source does alone: of the table alone, which may be a view there, by the
 * same statement; else what would be asked of the source, the rows' places and new values, is asked by the statement that changes them.
 *
 * Entered by the session's worker only.
 */
#include "write/internal.h"

/* It names a foreign table alone, of whose rows no view asks anything. */
static bool is_of_foreign_alone(const Query *statement)
{
    const Rte *named = statement->rtes[statement->result_rte];
    return named->relation->kind == 'f' && (named->only || !named->relation->has_children) && !statement->nchecks;
}

bool foreign_may_go_alone(const Query *statement, Catalog *catalog)
{
    if (statement->kind == QUERY_SELECT || statement->kind == QUERY_MERGE || !is_of_foreign_alone(statement) || statement->returning ||
        statement->nctes || sql_locks_rows(statement) || query_is_volatile(statement, catalog))
        return false;
    const Rte *named = statement->rtes[statement->result_rte];
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    const CatalogRows *rows =
        catalog_query(catalog, arena, &ignored, "SELECT 1 FROM pg_trigger WHERE tgrelid = ?1 LIMIT 1", "o", named->relation->oid);
    bool alone = rows && !rows->nrows;
    arena_close(arena);
    return alone;
}

/* Nobody here is to see a row but RETURNING, of the table alone; and there are values to set: DEFAULT of a generated column is none. */
static bool is_asked_nothing(Write *write, bool *out)
{
    const Query *statement = write->statement;
    WriteEvent event = statement->kind == QUERY_UPDATE ? EVENT_UPDATE : EVENT_DELETE;
    TriggerList before, after;
    *out = false;
    if (!is_of_foreign_alone(statement) || (statement->returning && statement->nfrom > 1) || write->context->follows ||
        write->context->wants_row || turns_by_row(write) || (event == EVENT_UPDATE && !statement->ntargets))
        return true;
    if (!trigger_collect(write, write->root, event, true, true, &before) ||
        !trigger_collect(write, write->root, event, true, false, &after))
        return false;
    *out = !before.count && !after.count;
    return true;
}

enum { PLACE_TARGETS = 2 };

/* Their places, ctid and its table (several may be read as one), then their new values. */
static Query *wanted_rows(Write *write)
{
    Query *query = query_copy(write->statement, write->arena), *all = fetch_over(write, NULL);
    int entry = query->result_rte;
    fetch_add_target(all, expr_var(write->arena, entry, COLUMN_CTID, TYPE_TID, -1, OID_NONE));
    fetch_add_target(all, expr_var(write->arena, entry, COLUMN_LIES_IN, TYPE_OID, -1, OID_NONE));
    for (int i = 0; i < query->ntargets; i++)
        fetch_add_target(all, write_set_together(write, query, query->targets[i].expr, NULL));
    query->targets = all->targets;
    query->ntargets = all->ntargets;
    query->kind = QUERY_SELECT;
    query->result_rte = -1;
    query->as_of = write->context->as_of;
    fetch_forget_privileges(query);
    return query;
}

/* What the leaf is planned in lasts as long as it does. */
static PlanContext *context_of(Write *write)
{
    PlanContext *context = ARENA_NEW(write->arena, PlanContext);
    *context = *write->context->plan;
    context->as_of = write->context->as_of;
    context->rows_wanted = false;
    return context;
}

/* Where that source answers the whole query. NULL: it does not, or the error is set. */
static const Leaf *whole_answer(Write *write, const Query *query, const RemoteTarget *target)
{
    const Plan *plan = plan_query(query, context_of(write), write->arena, write->error);
    const Leaf *leaf = plan && plan->relay && plan->nleaves == 1 ? plan->leaves[0] : NULL;
    return leaf && leaf->kind == LEAF_FOREIGN && leaf->sql && memcmp(leaf->target->key, target->key, sizeof target->key) == 0 ? leaf : NULL;
}

/* A generated column that is to be computed anew. */
static bool is_computed_there(Write *write, int number)
{
    const CatColumn *column = &write->root->columns[number - 1];
    return column->generated && !column->dropped && change_is_set(write, write->root, number);
}

static void add_settings(Write *write, const FdwModule *module, Str *out)
{
    const Query *statement = write->statement;
    const CatRelation *root = write->root;
    str_add(out, " SET ");
    for (int i = 0; i < statement->ntargets; i++) {
        str_add(out, i ? ", " : "");
        foreign_column_name(module, &root->columns[statement->insert_columns[i] - 1], out);
        str_addf(out, " = n.c%d", PLACE_TARGETS + i + 1);
    }
    for (int i = 1; i <= root->ncolumns; i++) {
        if (!is_computed_there(write, i))
            continue;
        str_add(out, ", ");
        foreign_column_name(module, &root->columns[i - 1], out);
        str_add(out, " = DEFAULT");
    }
}

/* The leaf's query, of the table alone, as the statement that it is asked for. */
static Query *change_of_leaf(Write *write, const Leaf *leaf)
{
    const Query *statement = write->statement;
    const CatRelation *root = write->root;
    Query *change = query_copy(leaf->query, write->arena);
    int count = 0;
    change->kind = statement->kind;
    change->result_rte = change->from[0]->rte;
    change->insert_columns = ARENA_ARRAY(write->arena, int, statement->ntargets + root->ncolumns + 1);
    change->targets = ARENA_ARRAY(write->arena, Target, statement->ntargets + 1);
    for (; statement->kind == QUERY_UPDATE && count < statement->ntargets; count++) {
        change->targets[count] = leaf->query->targets[PLACE_TARGETS + count];
        change->insert_columns[count] = statement->insert_columns[count];
    }
    change->ntargets = count;
    for (int i = 1; statement->kind == QUERY_UPDATE && i <= root->ncolumns; i++)
        if (is_computed_there(write, i))
            change->insert_columns[count++] = i;
    return change;
}

static bool is_of_table_alone(const Write *write, const Query *query)
{
    const Rte *rte = query->nfrom == 1 && query->from[0]->kind == FROM_RTE ? query->rtes[query->from[0]->rte] : NULL;
    return rte && rte->kind == RTE_RELATION && rte->relation->oid == write->root->oid && query_is_bare(query) && query_is_row_wise(query);
}

static const char *joined_text(Write *write, const FdwModule *module, const Leaf *leaf)
{
    bool updates = write->statement->kind == QUERY_UPDATE;
    Str sql;
    str_init(&sql, write->arena);
    str_add(&sql, updates ? "UPDATE " : "DELETE FROM ");
    source_relation_name(module, write->root, &sql);
    str_add(&sql, " AS w");
    if (updates)
        add_settings(write, module, &sql);
    str_addf(&sql, " %s (%s) AS n(c1, c2", updates ? "FROM" : "USING", leaf->sql);
    for (int i = 0; updates && i < write->statement->ntargets; i++)
        str_addf(&sql, ", c%d", PLACE_TARGETS + i + 1);
    str_add(&sql, ") WHERE w.ctid = n.c1 AND w.tableoid = n.c2");
    return sql.data;
}

/* NULL: the error is set. */
static const char *statement_text(Write *write, const FdwModule *module, const Leaf *leaf)
{
    return is_of_table_alone(write, leaf->query)
               ? plan_leaf_change(leaf, change_of_leaf(write, leaf), context_of(write), write->arena, write->error)
               : joined_text(write, module, leaf);
}

/* *out NULL: it is to be done row by row. */
static bool find_leaf(Write *write, const RemoteTarget *target, const Leaf **out)
{
    bool asked_nothing;
    *out = NULL;
    if (!is_asked_nothing(write, &asked_nothing))
        return false;
    if (asked_nothing)
        *out = whole_answer(write, wanted_rows(write), target);
    return *out || !error_is_set(write->error);
}

bool foreign_direct_text(Write *write, const char **out)
{
    const RemoteTarget *target = foreign_source(write, write->root);
    const Leaf *leaf = NULL;
    if (!target || !find_leaf(write, target, &leaf))
        return false;
    ColumnNumbers returned = {0};
    const char *sql = leaf ? statement_text(write, target->module, leaf) : NULL;
    *out = NULL;
    return !leaf || (sql && foreign_told_text(write, target->module, sql, &returned, out));
}

bool foreign_change_directly(Write *write, bool *done, uint64_t *count)
{
    const Leaf *leaf;
    *done = false;
    if (!is_of_foreign_alone(write->statement))
        return true;
    const RemoteTarget *target = foreign_target(write, write->root);
    if (!target || !find_leaf(write, target, &leaf) || !leaf)
        return !error_is_set(write->error);
    *done = true;
    uint32_t *types = ARENA_ARRAY(write->arena, uint32_t, leaf->nparams + 1);
    const char **values = ARENA_ARRAY(write->arena, const char *, leaf->nparams + 1);
    for (size_t i = 0; i < leaf->nparams; i++) {
        types[i] = leaf->params[i].oid;
        values[i] = leaf->params[i].text;
    }
    FdwModifySpec spec = {.sql = statement_text(write, target->module, leaf),
                          .types = types,
                          .nparams = leaf->nparams,
                          .nrows = 1,
                          .values = values,
                          .affected = count};
    *count = 0;
    return spec.sql && foreign_tell(write, target, &spec);
}
