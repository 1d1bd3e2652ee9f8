/*
 * rows.c - UPDATE and DELETE where BEFORE ROW triggers fire, and UPDATE of a few rows: a table's rows one by one, with what they were and
 * what they become.
 *
 * Invariants:
 *  1. A row is changed right after its BEFORE triggers; what a trigger reads contains the rows before.
 *  2. A row that leaves its partition is deleted there and inserted elsewhere: those triggers fire, AFTER UPDATE does not.
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

typedef struct Rows {
    Write *write;
    Oid leaf;
    TriggerList before_update, before_delete;
    const int *places;
    int ncolumns; /* of the leaf */
    uint64_t *count;
    Waiting *waiting; /* rows to be changed together; NULL: they are changed one by one */
} Rows;

void rows_add_columns(Write *write, Query *query, const CatRelation *leaf)
{
    for (int i = 1; i <= leaf->ncolumns; i++)
        fetch_add_target(query,
                         leaf->columns[i - 1].dropped ? expr_const(write->arena, TYPE_INT4, -1, NULL) : fetch_column(write, leaf, i));
}

/* The leaf's rows that are to be changed: as they are, their new number, then the work table's columns. */
static bool fetch_pending(Rows *rows, FetchedRows *out)
{
    Write *write = rows->write;
    const CatRelation *leaf = catalog_relation(write->catalog, rows->leaf);
    Query *query = fetch_over(write, leaf);
    query->rtes[0]->written_by = 0;
    query->rtes[0]->staged = write->staged;
    int work = work_add(write, query, &write->work);
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), fetch_var(write, query, work, WORK_ROW)));
    rows_add_columns(write, query, leaf);
    fetch_add_target(query, fetch_row_number(write, work));
    for (int i = 1; i <= write->work.relation->ncolumns; i++)
        fetch_add_target(query, fetch_var(write, query, work, i));
    fetch_order_by(write, query, fetch_row_number(write, work));
    rows->ncolumns = leaf->ncolumns;
    rows->places = change_places(write, leaf);
    return fetch_all(write, query, out);
}

static int64_t number_in(const Rows *rows, const char *const *cells, int column)
{
    return strtoll(cells[rows->ncolumns + column], NULL, 10);
}

/* *out false: another part of the statement has done so already. Behind the back of triggers that have fired, that is an error. */
static bool take_away(Rows *rows, const char *const *cells, bool *out)
{
    Write *write = rows->write;
    uint64_t count;
    StoreDelete taken = {.number = write->number, .row = number_in(rows, cells, WORK_ROW)};
    if (!passing_prepare(write, rows->leaf, &taken.node) || !exec_store_delete(write->context->engine, &taken, &count, write->error) ||
        (count && catalog_relation(write->catalog, rows->leaf)->kind == 'f' && !foreign_delete(write, rows->leaf, &taken, &count)))
        return false;
    *out = count != 0;
    if (count || (!rows->before_update.count && !rows->before_delete.count))
        return true;
    error_set(write->error, ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION,
              "tuple to be %s was already modified by an operation triggered by the current command",
              write->statement->kind == QUERY_DELETE ? "deleted" : "updated");
    return error_hint(write->error, "Consider using an AFTER trigger instead of a BEFORE trigger to propagate changes to other rows.");
}

/* Whether the new row still belongs to its partition. */
static bool belongs(Rows *rows, const char *const *row, bool *out)
{
    Write *write = rows->write;
    const CatRelation *leaf = catalog_relation(write->catalog, rows->leaf);
    Expr *bound = NULL;
    *out = true;
    if (leaf->kind == 'f' || (write->root->kind != 'p' && !write->may_not_move))
        return true;
    if (!route_constraint(write, rows->leaf, leaf, &bound))
        return false;
    if (!bound)
        return true;
    Query *query = fetch_over(write, NULL);
    const char *const *cells;
    fetch_add_target(query, trigger_with_row(write, leaf, bound, row));
    if (!fetch_first(write, query, &cells))
        return false;
    *out = !cells || !cells[0] || cells[0][0] == 't';
    return true;
}

/* Into the node of the table named, to be routed at once. *moved false: a trigger kept it from where it was to go, or where it was. */
static bool move_row(Rows *rows, const char *const *cells, TriggerRow *row, bool *moved)
{
    Write *write = rows->write;
    TriggerRow gone = {.old_row = row->old_row};
    *moved = false;
    if (!trigger_fire(write, catalog_relation(write->catalog, rows->leaf), EVENT_DELETE, &rows->before_delete, &gone))
        return false;
    if (gone.left_out)
        return true;
    if (!take_away(rows, cells, moved) || !*moved)
        return !error_is_set(write->error);
    const CatRelation *leaf = catalog_relation(write->catalog, rows->leaf);
    write->has_moved = true;
    Query *query = fetch_over(write, NULL);
    int *columns = ARENA_ARRAY(write->arena, int, leaf->ncolumns + 2);
    for (int i = 0; i < leaf->ncolumns; i++) {
        const CatColumn *column = &leaf->columns[i];
        int target = column->dropped ? 0 : change_column(write->root, column->name);
        if (!target)
            continue;
        columns[query->ntargets] = target;
        Expr *value = trigger_row_value(write, leaf, i + 1, (const char *const *)row->new_row);
        if (!value)
            return false;
        fetch_add_target(query, value);
    }
    columns[query->ntargets] = 0;
    fetch_add_target(query, expr_const(write->arena, TYPE_INT8, -1, cells[rows->ncolumns]));
    uint64_t count = 1;
    if (!insert_query(write, query, write->root->oid, columns, NULL, &count) || !route_rows(write, &count))
        return false;
    *moved = count != 0;
    return true;
}

static bool wait(Rows *rows, const char *const *cells, const char **row, uint64_t *count)
{
    ++*count;
    return waiting_add(rows->waiting, number_in(rows, cells, 0), number_in(rows, cells, WORK_ROW), (const char *const *)row);
}

static bool update_row(Rows *rows, const char *const *cells, TriggerRow *row, uint64_t *count)
{
    Write *write = rows->write;
    const CatRelation *leaf = catalog_relation(write->catalog, rows->leaf);
    row->new_row = ARENA_ARRAY(write->arena, const char *, rows->ncolumns + 1);
    for (int i = 0; i < rows->ncolumns; i++)
        if (!leaf->columns[i].generated)
            row->new_row[i] = rows->places[i + 1] ? cells[rows->ncolumns + rows->places[i + 1]] : cells[i];
    if (!trigger_fire(write, leaf, EVENT_UPDATE, &rows->before_update, row))
        return false;
    if (row->left_out)
        return true;
    if (rows->waiting)
        return wait(rows, cells, row->new_row, count);
    bool stays, taken;
    StoreRow stored;
    if (!belongs(rows, (const char *const *)row->new_row, &stays))
        return false;
    if (!stays && write->may_not_move)
        return change_refuse_move(write);
    if (!stays) {
        if (!move_row(rows, cells, row, &taken))
            return false;
        *count += taken;
        return true;
    }
    bool partition = leaf->is_partition && write->root->kind != 'p';
    if (!trigger_check_row(write, rows->leaf, partition, (const char *const *)row->new_row))
        return false;
    if (!take_away(rows, cells, &taken) || !taken)
        return !error_is_set(write->error);
    if (!trigger_store_row(write, rows->leaf, partition, number_in(rows, cells, 0), (const char *const *)row->new_row, &stored))
        return false;
    *count += stored.number != 0;
    after_know(write, &(KnownChange){rows->leaf, {number_in(rows, cells, WORK_ROW), (const char *const *)row->old_row}, stored});
    return true;
}

static bool delete_row(Rows *rows, const char *const *cells, TriggerRow *row, uint64_t *count)
{
    Write *write = rows->write;
    if (!trigger_fire(write, catalog_relation(write->catalog, rows->leaf), EVENT_DELETE, &rows->before_delete, row))
        return false;
    if (row->left_out)
        return true;
    if (rows->waiting)
        return wait(rows, cells, NULL, count);
    bool taken;
    if (!take_away(rows, cells, &taken))
        return false;
    *count += taken;
    return true;
}

/* cells: as fetch_pending gave them. */
static bool change_row(void *arg, const char *const *cells)
{
    Rows *rows = arg;
    Write *write = rows->write;
    TriggerRow row = {.old_row = (const char **)(uintptr_t)cells};
    if (write->turns && !turns_compute(write, cells, rows->ncolumns + 1, &cells))
        return false;
    uint64_t before = *rows->count;
    if (!cells)
        return true;
    return (write->statement->kind == QUERY_UPDATE ? update_row : delete_row)(rows, cells, &row, rows->count) &&
           (*rows->count == before || write_answer(write, number_in(rows, cells, 0)));
}

bool rows_change(Write *write, Oid oid, uint64_t *count)
{
    Rows rows = {.write = write, .leaf = oid, .count = count};
    const CatRelation *leaf = catalog_relation(write->catalog, oid);
    FetchedRows pending;
    bool updates = write->statement->kind == QUERY_UPDATE;
    if ((updates && !trigger_collect(write, leaf, EVENT_UPDATE, true, true, &rows.before_update)) ||
        !trigger_collect(write, leaf, EVENT_DELETE, true, true, &rows.before_delete) || !fetch_pending(&rows, &pending))
        return false;
    bool may_leave = write->root->kind == 'p' || write->may_not_move, partition = leaf->is_partition && write->root->kind != 'p',
         done = true;
    if (pending.count > FEW_ROWS && !may_leave)
        rows.waiting = waiting_open(write, oid, partition, updates ? &rows.before_update : &rows.before_delete);
    for (size_t i = 0; i < pending.count && done && !error_is_set(write->error); i++)
        done = write_take_row(write, change_row, &rows, pending.items[i]);
    done = done && !error_is_set(write->error);
    return rows.waiting ? waiting_end(rows.waiting, done) : done;
}
