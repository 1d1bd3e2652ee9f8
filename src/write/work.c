/*
 * work.c - work tables: rows that a statement has found or computed and not yet stored, and the pieces of the queries that read them.
 *
 * A work table is read like a relation of Medley's own, by an entry whose CatRelation is made up (Rte.work).
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

typedef struct Owned {
    Engine *engine;
    int64_t work;
} Owned;

static void drop(void *arg)
{
    const Owned *owned = arg;
    exec_work_drop(owned->engine, owned->work);
}

static Oid collation_of(Write *write, Oid oid)
{
    const CatType *type = catalog_type(write->catalog, oid);
    return type ? type->collation : OID_NONE;
}

static const CatRelation *describe(Write *write, int64_t number, const PlanColumn *columns, int ncolumns)
{
    Arena *arena = write->arena;
    CatRelation *relation = ARENA_NEW(arena, CatRelation);
    CatColumn *made = ARENA_ARRAY(arena, CatColumn, ncolumns + 1);
    for (int i = 0; i < ncolumns; i++)
        made[i] = (CatColumn){.number = (int16_t)(i + 1),
                              .name = arena_printf(arena, "c%d", i + 1),
                              .type = columns[i].type,
                              .typmod = columns[i].typmod,
                              .collation = collation_of(write, columns[i].type)};
    *relation = (CatRelation){.name = "work", .schema = "", .kind = 'r', .ncolumns = ncolumns, .columns = made, .stored_node = number};
    relation->stored_columns = ncolumns;
    return relation;
}

WorkTable work_table(Write *write, int64_t number, const PlanColumn *columns, int ncolumns)
{
    return (WorkTable){.number = number, .relation = describe(write, number, columns, ncolumns)};
}

bool work_fill(Write *write, const Query *query, const char *order, bool once, WorkTable *out, uint64_t *count)
{
    const PlanColumn *columns;
    StoreInsert insert = {.work = -1, .order = order, .once = once};
    if (!insert_fill(write, query, &insert, &columns, count))
        return false;
    *out = work_table(write, insert.work, columns, insert.ncolumns);
    return true;
}

void work_own(Write *write, int64_t work)
{
    Owned *owned = ARENA_NEW(write->arena, Owned);
    *owned = (Owned){write->context->engine, work};
    arena_defer(write->arena, drop, owned);
}

bool work_lowest(Write *write, const WorkTable *of, int64_t *out)
{
    Query *query = fetch_over(write, NULL);
    const char *const *cells;
    work_add(write, query, of);
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    if (!fetch_first(write, query, &cells))
        return false;
    *out = cells ? strtoll(cells[0], NULL, 10) : 0;
    return true;
}

int work_add(Write *write, Query *query, const WorkTable *work)
{
    int index = fetch_add_relation(write, query, work->relation);
    query->rtes[index]->written_by = 0;
    query->rtes[index]->work = work->number;
    return index;
}

Query *work_read(Write *write, const WorkTable *work)
{
    Query *query = fetch_over(write, NULL);
    int entry = work_add(write, query, work);
    for (int i = 1; i <= work->relation->ncolumns; i++)
        fetch_add_target(query, fetch_var(write, query, entry, i));
    fetch_order_by(write, query, fetch_row_number(write, entry));
    return query;
}

/* ---- pieces of queries ---- */

Expr *fetch_row_number(Write *write, int rte)
{
    return expr_var(write->arena, rte, COLUMN_ROW, TYPE_INT8, -1, OID_NONE);
}

Expr *fetch_var(Write *write, const Query *query, int rte, int column)
{
    const RteColumn *of = &query->rtes[rte]->columns[column - 1];
    return expr_var(write->arena, rte, column, of->type, of->typmod, of->collation);
}

Expr *fetch_int8(Write *write, int64_t value)
{
    return expr_const(write->arena, TYPE_INT8, -1, arena_printf(write->arena, "%lld", (long long)value));
}

Expr *fetch_compare(Write *write, Oid operator, Expr * left, Expr *right)
{
    Expr *expr = fetch_test(write, EXPR_OP, left);
    expr->args = ARENA_ARRAY(write->arena, Expr *, 2);
    expr->args[0] = left;
    expr->args[1] = right;
    expr->nargs = 2;
    expr->oid = operator;
    return expr;
}

void fetch_add_condition(Write *write, Query *query, Expr *condition)
{
    if (!query->where) {
        query->where = condition;
        return;
    }
    Expr *both = fetch_compare(write, OID_NONE, query->where, condition);
    both->kind = EXPR_AND;
    query->where = both;
}

void fetch_order_by(Write *write, Query *query, Expr *number)
{
    SortItem *item = ARENA_NEW(write->arena, SortItem);
    *item = (SortItem){.target = query->ntargets, .sort_op = OPERATOR_INT8_LESS, .eq_op = OPERATOR_INT8_EQUAL};
    fetch_add_target(query, number);
    query->targets[query->ntargets - 1].junk = true;
    query->order = item;
    query->norder = 1;
}
