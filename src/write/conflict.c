/*
 * conflict.c - INSERT ... ON CONFLICT: all rows are stored first; those whose keys are there already are taken out again, and are what the
 * rows that are there are updated from.
 *
 * Invariants:
 *  1. Constraints other than unique ones are asked of all rows, conflicting or not, as PostgreSQL does.
 *  2. A table with BEFORE ROW triggers on INSERT gets its rows one by one, each through all of this; AFTER triggers wait for the last one.
 *     So does one whose keys DO UPDATE changes.
 *  3. A row conflicts with one that was there before, or with one of the statement's own that comes before it.
 *  4. The rows of a partitioned table come here when they are routed, a partition's share at a time, and keep the numbers they have by
 * then: lower ones than those of any row that DO UPDATE makes. Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

typedef struct Conflicts {
    Write *write;
    const OnConflict *on;
    Oid leaf, index;     /* the table the rows go to: that named, or a partition of it; its index that decides (OID_NONE: any unique one) */
    const Query *update; /* DO UPDATE over the leaf */
    bool partition;      /* rows have still to be held to the leaf's own bound */
    int64_t first;       /* number of the first row that is inserted, now */
    int64_t statement;   /* of the first one of the statement */
    bool by_row;         /* invariant 2 */
    uint64_t *count;
} Conflicts;

static const CatRelation *leaf_of(const Conflicts *conflicts)
{
    return catalog_relation(conflicts->write->catalog, conflicts->leaf);
}

static bool refuse_twice(Write *write)
{
    error_set(write->error, ERRCODE_CARDINALITY_VIOLATION, "ON CONFLICT DO UPDATE command cannot affect row a second time");
    return error_hint(write->error,
                      "Ensure that no rows proposed for insertion within the same command have duplicate constrained values.");
}

/* The lowest of the column's numbers. */
static bool lowest_number(Write *write, const WorkTable *work, int column, int64_t *out)
{
    Query *query = fetch_over(write, NULL);
    const char *const *cells;
    int entry = work_add(write, query, work);
    fetch_add_target(query, fetch_var(write, query, entry, column));
    fetch_order_by(write, query, fetch_var(write, query, entry, column));
    if (!fetch_first(write, query, &cells))
        return false;
    *out = cells ? strtoll(cells[0], NULL, 10) : 0;
    return true;
}

/* The rows as they come into a work table, then from there, numbered alike, into the table. columns: attnums; 0: the number that the row
 * has already. */
static bool store_all(Conflicts *conflicts, Query *rows, const int *columns, uint64_t *count)
{
    Write *write = conflicts->write;
    WorkTable proposed;
    if (!work_fill(write, rows, NULL, false, &proposed, count))
        return false;
    if (!*count)
        return true;
    Query *query = fetch_over(write, NULL);
    int work = work_add(write, query, &proposed), ncolumns = proposed.relation->ncolumns, number = 0;
    int *targets = ARENA_ARRAY(write->arena, int, ncolumns + 1);
    for (int i = 0; i < ncolumns; i++) {
        if (!columns[i]) {
            number = i + 1;
            continue;
        }
        targets[query->ntargets] = columns[i];
        fetch_add_target(query, fetch_var(write, query, work, i + 1));
    }
    targets[query->ntargets] = 0;
    fetch_add_target(query, number ? fetch_var(write, query, work, number) : fetch_row_number(write, work));
    fetch_order_by(write, query, number ? fetch_var(write, query, work, number) : fetch_row_number(write, work));
    if (!(number ? lowest_number(write, &proposed, number, &conflicts->first) : work_lowest(write, &proposed, &conflicts->first)) ||
        !insert_query(write, query, conflicts->leaf, targets, NULL, count))
        return false;
    write->root = catalog_relation(write->catalog, write->root->oid);
    return write->checks_first || check_all_rows(write, leaf_of(conflicts), conflicts->partition);
}

/* ---- DO NOTHING ---- */

/* Rows whose key is there already, by any of the indexes that decide. */
static bool find_conflicts(Conflicts *conflicts, ConflictWith with, const WorkTable *unsure, WorkTable *out, uint64_t *count)
{
    Write *write = conflicts->write;
    Query *query;
    *count = 0;
    return unique_conflicts(write, leaf_of(conflicts), conflicts->index, conflicts->first, with, unsure, &query) &&
           (!query || work_fill(write, query, "c2", true, out, count));
}

static bool take_out(Conflicts *conflicts, const WorkTable *gone)
{
    Write *write = conflicts->write;
    return exec_store_remove(write->context->engine, leaf_of(conflicts)->stored_node, gone->number, write->error);
}

static bool take_out_before(Conflicts *conflicts, uint64_t *count)
{
    WorkTable gone;
    uint64_t found;
    if (!find_conflicts(conflicts, CONFLICT_BEFORE, NULL, &gone, &found) || (found && !take_out(conflicts, &gone)))
        return false;
    *count -= found;
    return true;
}

/* A row that is taken out is in nobody's way: where several indexes decide, those go first whose key a row has that stays. */
static bool take_out_among(Conflicts *conflicts, uint64_t *count)
{
    WorkTable all, gone;
    uint64_t found;
    for (;;) {
        if (!find_conflicts(conflicts, CONFLICT_AMONG, NULL, &all, &found) || !found)
            return !error_is_set(conflicts->write->error);
        gone = all;
        if (!conflicts->index && !find_conflicts(conflicts, CONFLICT_AMONG, &all, &gone, &found))
            return false;
        if (!take_out(conflicts, &gone))
            return false;
        *count -= found;
    }
}

static bool do_nothing(Conflicts *conflicts, uint64_t *count)
{
    return take_out_before(conflicts, count) && take_out_among(conflicts, count) &&
           (!*count || unique_check_immediate(conflicts->write, leaf_of(conflicts), conflicts->index));
}

/* ---- DO UPDATE ---- */

typedef struct Mapping {
    Conflicts *conflicts;
    bool failed;
} Mapping;

/* Columns of the table named, of both entries, become the partition's. */
static Expr *to_leaf(Expr *expr, int level, void *arg)
{
    Mapping *mapping = arg;
    const Write *write = mapping->conflicts->write;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level || expr->u.var.rte > 1 || expr->u.var.column < 0)
        return expr;
    if (expr->u.var.column == 0)
        mapping->failed = !error_unsupported(write->error, "a whole row in ON CONFLICT DO UPDATE of a partitioned table is not supported");
    else
        expr->u.var.column = change_column(leaf_of(mapping->conflicts), write->root->columns[expr->u.var.column - 1].name);
    return expr;
}

static bool has_same_columns(const CatRelation *one, const CatRelation *other)
{
    bool same = one->ncolumns == other->ncolumns;
    for (int i = 0; same && i < one->ncolumns; i++)
        same = one->columns[i].dropped == other->columns[i].dropped &&
               (one->columns[i].dropped || strcmp(one->columns[i].name, other->columns[i].name) == 0);
    return same;
}

/* An expression over the table named. */
static bool over_leaf(Conflicts *conflicts, Expr **expr)
{
    Write *write = conflicts->write;
    Mapping mapping = {.conflicts = conflicts};
    if (has_same_columns(write->root, leaf_of(conflicts)))
        return true;
    Query *query = fetch_over(write, NULL);
    fetch_add_target(query, *expr);
    query_map_exprs(query, true, to_leaf, &mapping);
    *expr = query->targets[0].expr;
    return !mapping.failed;
}

static bool find_update(Conflicts *conflicts)
{
    Write *write = conflicts->write;
    Mapping mapping = {.conflicts = conflicts};
    conflicts->update = conflicts->on->update;
    if (!conflicts->update || has_same_columns(write->root, leaf_of(conflicts)))
        return true;
    Query *query = query_copy(conflicts->update, write->arena);
    query_map_exprs(query, true, to_leaf, &mapping);
    conflicts->update = query;
    return !mapping.failed;
}

/* Entry 0: the rows that are there, entry 1: those that have their keys. */
static bool add_conflict(Conflicts *conflicts, Query *query)
{
    Write *write = conflicts->write;
    Expr *same;
    query->kind = QUERY_SELECT;
    query->result_rte = -1;
    query->where = NULL;
    query->rtes[0]->to_change = NULL;
    fetch_forget_privileges(query);
    query->rtes[0]->relation = query->rtes[1]->relation = leaf_of(conflicts);
    query->rtes[1]->written_by = write->number;
    if (!unique_same_key(write, leaf_of(conflicts), conflicts->index, &same))
        return false;
    fetch_add_condition(write, query, same);
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), fetch_int8(write, conflicts->first)));
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_GREATER, fetch_row_number(write, 1), fetch_int8(write, conflicts->first - 1)));
    return true;
}

static bool check_visible(Conflicts *conflicts, const ViewCheck *check)
{
    Write *write = conflicts->write;
    Query *query = query_copy(conflicts->update, write->arena);
    const char *const *cells;
    query->ntargets = 0;
    if (!add_conflict(conflicts, query))
        return false;
    Expr *test = fetch_test(write, EXPR_BOOL_TEST, expr_copy(check->condition, write->arena));
    if (!over_leaf(conflicts, &test))
        return false;
    test->u.bool_test = TEST_IS_NOT_TRUE;
    fetch_add_condition(write, query, test);
    query->has_sublinks = true;
    fetch_use_targets(query);
    fetch_add_target(query, fetch_row_number(write, 0));
    if (!fetch_first(write, query, &cells))
        return false;
    return !cells || error_set(write->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "conflicting row is not visible through view \"%s\"",
                               check->view);
}

static bool check_all_visible(Conflicts *conflicts)
{
    for (int i = 0; i < conflicts->on->nvisible; i++)
        if (!check_visible(conflicts, &conflicts->on->visible[i]))
            return false;
    return true;
}

/* Its subqueries find things as they were before the statement. */
static bool read_before(const Query *query, void *arg)
{
    const Write *write = arg;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_RELATION && !query->rtes[i]->work)
            query->rtes[i]->through = write->before;
    return query_walk_queries(query, read_before, arg);
}

/* The rows that are there, and what they become: as an UPDATE's work table, then number of the row that was to be inserted, and WHERE. */
static bool find_updates(Conflicts *conflicts, WorkTable *out, uint64_t *count)
{
    Write *write = conflicts->write;
    const Query *update = conflicts->update;
    Query *query = query_copy(update, write->arena), *all = fetch_over(write, NULL);
    fetch_add_target(all, expr_const(write->arena, TYPE_OID, -1, arena_printf(write->arena, "%u", conflicts->leaf)));
    fetch_add_target(all, fetch_row_number(write, 0));
    for (int i = 0; i < query->ntargets; i++)
        fetch_add_target(all, write_set_together(write, query, query->targets[i].expr, NULL));
    fetch_add_target(all, fetch_row_number(write, 1));
    fetch_add_target(all, query->where ? query->where : expr_const(write->arena, TYPE_BOOL, -1, "t"));
    query->targets = all->targets;
    query->ntargets = all->ntargets;
    query->as_of = conflicts->by_row ? 0 : write->before;
    query_walk_queries(query, read_before, write);
    return add_conflict(conflicts, query) &&
           work_fill(write, query, arena_printf(write->arena, "c%d", update->ntargets + 3), false, out, count);
}

/* No row is updated twice, nor one that this statement has inserted. */
static bool check_updates(Conflicts *conflicts, const WorkTable *updates)
{
    Write *write = conflicts->write;
    Query *query = fetch_over(write, NULL);
    FetchedRows rows;
    int work = work_add(write, query, updates), last = updates->relation->ncolumns;
    Map *done = map_open(write->arena);
    fetch_add_target(query, fetch_var(write, query, work, WORK_ROW));
    fetch_add_target(query, fetch_var(write, query, work, last));
    fetch_order_by(write, query, fetch_row_number(write, work));
    if (!fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        const char *number = rows.items[i][0], *meets = rows.items[i][1];
        if (map_get(done, number, strlen(number)) || strtoll(number, NULL, 10) >= conflicts->statement)
            return refuse_twice(write);
        if (meets && *meets == 't')
            map_put(done, number, strlen(number), (void *)(uintptr_t)number);
    }
    return true;
}

/* Those of the work table that meet WHERE, as an UPDATE's: the new versions have the numbers of the rows that were to be inserted. */
static bool choose_lasting(Conflicts *conflicts, const WorkTable *updates, WorkTable *out, uint64_t *count)
{
    Write *write = conflicts->write;
    Query *query = fetch_over(write, NULL);
    const PlanColumn *columns;
    int work = work_add(write, query, updates), last = updates->relation->ncolumns;
    StoreInsert insert = {.work = -1, .numbered_by = last - 1};
    for (int i = 1; i < last; i++)
        fetch_add_target(query, fetch_var(write, query, work, i));
    query->where = fetch_var(write, query, work, last);
    if (!insert_fill(write, query, &insert, &columns, count))
        return false;
    *out = work_table(write, insert.work, columns, insert.ncolumns);
    return true;
}

static bool choose_updates(Conflicts *conflicts, const WorkTable *updates, WorkTable *out, uint64_t *count)
{
    Arena *was = write_make_lasting(conflicts->write);
    bool done = choose_lasting(conflicts, updates, out, count);
    conflicts->write->arena = was;
    return done;
}

static bool do_update(Conflicts *conflicts, uint64_t *count)
{
    Write *write = conflicts->write;
    WorkTable updates, chosen, gone;
    uint64_t found, twice, changed = 0;
    if (!unique_check_immediate(write, leaf_of(conflicts), conflicts->index) || !check_all_visible(conflicts) ||
        !find_updates(conflicts, &updates, &found) || !check_updates(conflicts, &updates) ||
        !choose_updates(conflicts, &updates, &chosen, &changed) || !take_out_before(conflicts, count) ||
        !find_conflicts(conflicts, CONFLICT_AMONG, NULL, &gone, &twice))
        return false;
    if (twice)
        return refuse_twice(write);
    if (!changed)
        return true;
    Write *update = ARENA_NEW(write->lasting, Write); /* its AFTER triggers fire later */
    *update = *write;
    update->statement = conflicts->on->update;
    update->work = chosen;
    update->leaf = conflicts->leaf;
    update->turns = NULL;
    update->may_not_move = true;
    if (!change_one(update, conflicts->leaf, &changed))
        return false;
    update->arena = write->lasting;
    vec_push(write->lasting, &write->updates, update);
    *count += changed;
    return true;
}

static bool insert_rows(Conflicts *conflicts, Query *rows, const int *columns, uint64_t *count)
{
    if (!store_all(conflicts, rows, columns, count))
        return false;
    if (!conflicts->statement)
        conflicts->statement = conflicts->first;
    return !*count || (conflicts->update ? do_update : do_nothing)(conflicts, count);
}

static bool insert_row(void *arg, int64_t number, const char *const *row)
{
    Conflicts *conflicts = arg;
    Write *write = conflicts->write;
    int *columns;
    uint64_t count;
    if (!trigger_check_row(write, conflicts->leaf, conflicts->partition, row))
        return false;
    Query *query = trigger_row_query(write, leaf_of(conflicts), row, &columns);
    if (!query)
        return false;
    if (number) {
        columns[query->ntargets] = 0;
        fetch_add_target(query, fetch_int8(write, number));
    }
    if (!insert_rows(conflicts, query, columns, &count))
        return false;
    *conflicts->count += count;
    return !count || write_answer(write, conflicts->first);
}

/* The leaf's own index among those below the table's. */
static bool find_index(Conflicts *conflicts)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT indexrelid FROM pg_index JOIN tree ON relid = indexrelid WHERE indrelid = ?2";
    Write *write = conflicts->write;
    if (!conflicts->on->index)
        return true;
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "oo", conflicts->on->index, conflicts->leaf);
    conflicts->index = rows && rows->nrows ? (Oid)rows->cells[0].i : OID_NONE;
    return conflicts->index || (rows && error_set(write->error, ERRCODE_INTERNAL_ERROR, "invalid arbiter index list"));
}

/* Then which rows conflict hangs on what became of those before. */
static bool changes_keys(const Conflicts *conflicts, bool *out)
{
    Write update = *conflicts->write;
    *out = false;
    if (!conflicts->update)
        return true;
    update.statement = conflicts->on->update;
    return unique_is_set(&update, leaf_of(conflicts), conflicts->index, out);
}

/* BEFORE triggers of rows that are there may read what the rows before have become. */
static bool updates_by_row(const Conflicts *conflicts, bool *out)
{
    Write update = *conflicts->write;
    TriggerList triggers = {0};
    if (conflicts->update) {
        update.statement = conflicts->on->update;
        if (!trigger_collect(&update, leaf_of(conflicts), EVENT_UPDATE, true, true, &triggers))
            return false;
    }
    *out = triggers.count > 0;
    return true;
}

bool conflict_insert(Write *write, Query *rows, Oid leaf, const int *columns, bool partition, uint64_t *count)
{
    Conflicts conflicts = {.write = write,
                           .on = write->statement->conflict,
                           .leaf = leaf,
                           .partition = partition,
                           .statement = write->first_routed,
                           .count = count};
    TriggerList triggers;
    bool changes, updates;
    *count = 0;
    if (!find_index(&conflicts) || !find_update(&conflicts) || !changes_keys(&conflicts, &changes) ||
        !updates_by_row(&conflicts, &updates) || !trigger_collect(write, leaf_of(&conflicts), EVENT_INSERT, true, true, &triggers))
        return false;
    conflicts.partition |= triggers.count && leaf_of(&conflicts)->is_partition;
    conflicts.by_row = triggers.count > 0 || changes || updates || turns_by_row(write);
    if (conflicts.by_row ? !trigger_rows(write, &triggers, rows, leaf, columns, &(RowStore){insert_row, &conflicts})
                         : !insert_rows(&conflicts, rows, columns, count))
        return false;
    after_note_insert(write, leaf);
    write->root = catalog_relation(write->catalog, write->root->oid);
    return !conflicts.statement || check_written(write, leaf_of(&conflicts), false, NULL);
}
