/*
 * limits.c - LIMIT over UNION ALL goes into its sides as well, with the sort before it: a source is asked for the rows that may be among
 * the first, not for all. The parts of a partitioned table are such sides.
 *
 * Invariants:
 *  1. The query above keeps its sort and limit; a side gives its first LIMIT + OFFSET rows by the same order.
 *  2. Only where each row of the union is a row of the query: no condition, grouping, window or set stands between.
 *  3. A side is changed only when its source owns it and can say all of it.
 * Threads: the session's own.
 */
#include <stdint.h>
#include <stdlib.h>

#include "plan/internal.h"

typedef struct Limits {
    Planner *planner;
    const SortItem *order; /* `target`: the number of a column of the union, from 0 */
    const Expr **columns;  /* as the query sorts them */
    int norder;
    Expr *limit;
} Limits;

/* The side's target that is column `number`, where it is a plain column and sorts as the union's does; -1: there is none. */
static int side_target(const Query *side, const Expr *as, int number)
{
    for (int i = 0; i < side->ntargets; i++) {
        const Expr *expr = side->targets[i].expr;
        if (side->targets[i].junk || number-- != 0)
            continue;
        bool same = expr->kind == EXPR_VAR && !expr->u.var.levels_up && expr->type == as->type && expr->collation == as->collation;
        return same ? i : -1;
    }
    return -1;
}

static void limit_side(const Limits *limits, Query *side)
{
    Owner owner;
    if (side->set_op) {
        if (query_is_union_all(side)) {
            limit_side(limits, side->left);
            limit_side(limits, side->right);
        }
        return;
    }
    if (!query_is_bare(side) || !source_owner(limits->planner, side, &owner) || !source_has_dialect(owner))
        return;
    SortItem *order = ARENA_ARRAY(limits->planner->arena, SortItem, limits->norder + 1);
    for (int i = 0; i < limits->norder; i++) {
        order[i] = limits->order[i];
        order[i].target = side_target(side, limits->columns[i], limits->order[i].target);
        if (order[i].target < 0)
            return;
    }
    side->order = limits->norder ? order : NULL;
    side->norder = limits->norder;
    side->limit = limits->limit;
    if (source_can_say_query(limits->planner, owner.source, side, NULL))
        return;
    side->order = NULL;
    side->norder = 0;
    side->limit = NULL;
}

static bool is_count(const Expr *expr)
{
    return expr->kind == EXPR_CONST && expr->u.value && expr->type == TYPE_INT8;
}

/* LIMIT + OFFSET; false: they are no constants. */
static bool count_rows(Limits *limits, const Query *query)
{
    if (!query->limit || !is_count(query->limit) || (query->offset && !is_count(query->offset)))
        return false;
    int64_t limit = strtoll(query->limit->u.value, NULL, 10), offset = query->offset ? strtoll(query->offset->u.value, NULL, 10) : 0, sum;
    if (limit < 0 || offset < 0 || __builtin_add_overflow(limit, offset, &sum))
        return false;
    Arena *arena = limits->planner->arena;
    limits->limit = expr_const(arena, TYPE_INT8, -1, arena_printf(arena, "%lld", (long long)sum));
    return true;
}

/* What the query sorts by, as columns of the entry it reads, or its own where it is the union. */
static bool sorts_by_columns(Limits *limits, const Query *query)
{
    SortItem *order = ARENA_ARRAY(limits->planner->arena, SortItem, query->norder + 1);
    limits->columns = ARENA_ARRAY(limits->planner->arena, const Expr *, query->norder + 1);
    for (int i = 0; i < query->norder; i++) {
        const Expr *expr = query->targets[query->order[i].target].expr;
        if (expr->kind != EXPR_VAR || expr->u.var.levels_up || expr->u.var.column <= 0)
            return false;
        order[i] = query->order[i];
        order[i].target = query->set_op ? query->order[i].target : expr->u.var.column - 1;
        limits->columns[i] = expr;
    }
    limits->order = order;
    limits->norder = query->norder;
    return true;
}

void limits_push(Planner *planner, const Query *query)
{
    bool plain = query->kind == QUERY_SELECT && !query->with_ties && !query->for_update && !query->nlocks;
    Limits limits = {.planner = planner};
    if (!plain || !count_rows(&limits, query))
        return;
    if (query->set_op == SETOP_UNION && query->set_all && sorts_by_columns(&limits, query)) {
        limit_side(&limits, query->left);
        limit_side(&limits, query->right);
        return;
    }
    plain = !query->set_op && query->nfrom == 1 && query->from[0]->kind == FROM_RTE && !query->where && !query->ngroup &&
            !query->grouping_sets && !query->has_aggs && !query->having && !query->has_windows && !query->distinct &&
            !query->has_set_functions;
    const Rte *rte = plain ? query->rtes[query->from[0]->rte] : NULL;
    if (rte && rte->kind == RTE_SUBQUERY && query_is_union_all(rte->query) && sorts_by_columns(&limits, query))
        limit_side(&limits, rte->query);
}
