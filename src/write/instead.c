/*
 * instead.c - INSERT, UPDATE and DELETE of a view with INSTEAD OF triggers: the rows are computed, and each is given to the triggers.
 *
 * Invariants:
 *  1. All rows are computed before the first trigger fires.
 *  2. A row that a trigger answers with NULL was not written: it does not count, and RETURNING does not have it.
 *  3. RETURNING reads a work table: the view's columns as the triggers left them, then what it wants of other entries.
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

typedef struct Instead {
    Write *write;
    WriteEvent event;
    TriggerList triggers;
    int ncolumns;      /* of the view */
    const Query *kept; /* what RETURNING wants of other entries */
    FetchedRows done;  /* rows of the work table */
    uint64_t count;    /* of the rows that were written */
} Instead;

/* The statement's rows: the view's columns as they are (of an INSERT: none), the new values, what is kept. */
static Query *rows_of(Instead *instead)
{
    Write *write = instead->write;
    Query *query = query_copy(write->statement, write->arena), *all = fetch_over(write, NULL);
    int target = query->result_rte;
    if (query->kind == QUERY_INSERT) {
        query->rtes[target] = ARENA_NEW(write->arena, Rte);
        query->rtes[target]->kind = RTE_RESULT;
    }
    for (int i = 1; query->kind != QUERY_INSERT && i <= instead->ncolumns; i++) {
        const CatColumn *column = &write->root->columns[i - 1];
        fetch_add_target(all, expr_var(write->arena, target, i, column->type, column->typmod, column->collation));
    }
    for (int i = 0; i < query->ntargets; i++)
        fetch_add_target(all, query->targets[i].expr);
    for (int i = 0; i < instead->kept->ntargets; i++)
        fetch_add_target(all, expr_copy(instead->kept->targets[i].expr, write->arena));
    query->rtes[target]->to_change = NULL;
    query->targets = all->targets;
    query->ntargets = all->ntargets;
    query->kind = QUERY_SELECT;
    query->returning = NULL;
    query->result_rte = -1;
    return query;
}

static void keep_row(Instead *instead, const char *const *row, const char *const *kept)
{
    Arena *arena = instead->write->lasting;
    const char **cells = ARENA_ARRAY(arena, const char *, instead->ncolumns + instead->kept->ntargets + 1);
    for (int i = 0; i < instead->ncolumns; i++)
        cells[i] = arena_strdup(arena, row[i]);
    for (int i = 0; i < instead->kept->ntargets; i++)
        cells[instead->ncolumns + i] = kept[i];
    vec_push(arena, &instead->done, cells);
}

static bool give_row(void *arg, const char *const *cells)
{
    Instead *instead = arg;
    Write *write = instead->write;
    const Query *statement = write->statement;
    const char *const *values = cells;
    TriggerRow row = {0};
    int64_t number = 0;
    if (instead->event != EVENT_INSERT) {
        row.old_row = (const char **)(uintptr_t)cells;
        values = cells + instead->ncolumns;
    }
    if (instead->event != EVENT_DELETE) {
        row.new_row = ARENA_ARRAY(write->arena, const char *, instead->ncolumns + 1);
        for (int i = 0; i < instead->ncolumns && row.old_row; i++)
            row.new_row[i] = row.old_row[i];
        for (int i = 0; i < statement->ntargets; i++)
            if (statement->insert_columns[i])
                row.new_row[statement->insert_columns[i] - 1] = values[i];
            else /* COPY: the row's number */
                number = strtoll(values[i], NULL, 10);
    }
    write->root = catalog_relation(write->catalog, write->root->oid);
    if (!trigger_fire(write, write->root, instead->event, &instead->triggers, &row)) {
        write_failed(write, number, false);
        return false;
    }
    if (row.left_out)
        return true;
    ++instead->count;
    if (statement->returning)
        keep_row(instead, (const char *const *)(row.new_row ? row.new_row : row.old_row), values + statement->ntargets);
    return true;
}

/* ---- RETURNING ---- */

static Expr *cell_const(Instead *instead, int place, const char *cell)
{
    Write *write = instead->write;
    if (place >= instead->ncolumns) {
        const Expr *kept = instead->kept->targets[place - instead->ncolumns].expr;
        Expr *value = expr_const(write->arena, kept->type, kept->typmod, cell);
        value->collation = kept->collation;
        return value;
    }
    const CatColumn *column = &write->root->columns[place];
    Expr *value = expr_const(write->arena, column->type, column->typmod, cell);
    value->collation = column->collation;
    return value;
}

/* The rows that were written, as VALUES. */
static Query *written_rows(Instead *instead)
{
    Write *write = instead->write;
    Arena *arena = write->arena;
    int width = instead->ncolumns + instead->kept->ntargets;
    Query *query = fetch_over(write, NULL);
    Rte *rte = ARENA_NEW(arena, Rte);
    *rte = (Rte){.kind = RTE_VALUES, .alias = "written", .in_from = true, .ncolumns = width, .nrows = (int)instead->done.count};
    rte->rows = ARENA_ARRAY(arena, Expr **, instead->done.count);
    rte->columns = ARENA_ARRAY(arena, RteColumn, width + 1);
    for (size_t row = 0; row < instead->done.count; row++) {
        rte->rows[row] = ARENA_ARRAY(arena, Expr *, width + 1);
        for (int i = 0; i < width; i++)
            rte->rows[row][i] = cell_const(instead, i, instead->done.items[row][i]);
    }
    query->rtes = ARENA_ARRAY(arena, Rte *, 1);
    query->rtes[0] = rte;
    query->from = ARENA_ARRAY(arena, FromItem *, 1);
    query->from[0] = ARENA_NEW(arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE};
    query->nrtes = query->nfrom = 1;
    for (int i = 0; i < width; i++) {
        const Expr *value = rte->rows[0][i];
        rte->columns[i] = (RteColumn){
            .name = arena_printf(arena, "c%d", i + 1), .type = value->type, .typmod = value->typmod, .collation = value->collation};
        fetch_add_target(query, expr_var(arena, 0, i + 1, value->type, value->typmod, value->collation));
    }
    return query;
}

static Expr *to_work(Expr *expr, int level, void *arg)
{
    const Instead *instead = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level)
        return expr;
    int target = instead->write->statement->kind == QUERY_INSERT ? 0 : instead->write->statement->result_rte;
    for (int i = 0; i < instead->kept->ntargets && expr->u.var.rte != target; i++) {
        const Expr *kept = instead->kept->targets[i].expr;
        if (kept->u.var.rte != expr->u.var.rte || kept->u.var.column != expr->u.var.column)
            continue;
        expr->u.var.column = instead->ncolumns + i + 1;
        break;
    }
    expr->u.var.rte = 0;
    return expr;
}

static bool answer(Instead *instead, const Query **out)
{
    Write *write = instead->write;
    Query *returning = query_copy(write->statement->returning, write->arena), *query = fetch_over(write, NULL);
    WorkTable work;
    uint64_t count;
    if (instead->done.count) {
        if (!work_fill(write, written_rows(instead), NULL, false, &work, &count))
            return false;
        work_add(write, query, &work);
    }
    query->targets = returning->targets;
    query->ntargets = returning->ntargets;
    query->has_sublinks = returning->has_sublinks;
    fetch_use_targets(query);
    if (!instead->done.count) { /* its columns alone are wanted */
        for (int i = 0; i < query->ntargets; i++) {
            const Expr *expr = query->targets[i].expr;
            query->targets[i].expr = expr_const(write->arena, expr->type, expr->typmod, NULL);
        }
        query->has_sublinks = false;
        query->where = expr_const(write->arena, TYPE_BOOL, -1, "f");
    } else {
        query_map_exprs(query, true, to_work, instead);
        fetch_order_by(write, query, fetch_row_number(write, 0));
    }
    query->as_of = write->before;
    *out = query;
    return true;
}

/* Of several rows, the second ones are computed too early where that is told. */
static bool check_shared(Write *write, size_t rows)
{
    SharedParts shared = {0};
    if (rows > 1 && !shared_find(write, &shared))
        return false;
    return !(shared.rows || shared.answers) || shared_refuse(write);
}

bool instead_run(Write *write, WriteEvent event, WriteResult *result)
{
    Instead instead = {.write = write, .event = event, .ncolumns = write->root->ncolumns, .kept = write_kept(write)};
    FetchedRows rows;
    if (!trigger_collect_instead(write, write->root, event, &instead.triggers) || !fetch_all(write, rows_of(&instead), &rows) ||
        !check_shared(write, rows.count))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        if (!write_take_row(write, give_row, &instead, rows.items[i]))
            return false;
    result->count = instead.count;
    return !write->statement->returning || answer(&instead, &result->returning);
}
