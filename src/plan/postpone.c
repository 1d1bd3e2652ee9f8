/*
 * postpone.c - what of a sorted or limited query's select list is computed after that, as in PostgreSQL: for the rows that LIMIT chooses,
 * in their order. So are columns that call volatile functions; those that return sets, if none that does is sorted by; and with LIMIT those
 * that cost much, which are here those that ask a subquery about the row or call a function of users. All other columns are computed
 * before.
 *
 * The query becomes the subquery, sorted and limited, and these columns are made of its columns:
 *
 *   SELECT nextval('s'), x FROM t ORDER BY x LIMIT 3     SELECT nextval('s'), r.x FROM (SELECT x FROM t ORDER BY x LIMIT 3) AS r
 *
 * Invariants:
 *  1. A column that rows are sorted, grouped or told apart by stays, and one that a window is made by.
 *  2. Rows that OFFSET leaves out are computed, so OFFSET is the outer query's; so is LIMIT where a row may become several.
 *  3. The engine gives the rows of a sorted subquery on in their order, but not where it joins them with what a late column's subquery
 * gives: there they are sorted again; where rows become several, which no sort would keep in order, such subqueries are computed before.
 * Threads: the session's own.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

static bool is_set(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_FUNC && expr->u.func.returns_set) || expr_walk(expr, is_set, arg);
}

/* Costs of functions of users are 100 where they do not say otherwise; a subquery without FROM costs what it computes. */
static bool is_costly(const Expr *expr, void *arg)
{
    const Expr *asked = expr->kind == EXPR_SUBPLAN && expr->nargs ? expr->u.subplan.query->targets[0].expr : expr;
    const Query *subquery = asked->kind == EXPR_SUBLINK ? asked->u.sublink.query : NULL;
    bool is_sublink =
        subquery && (asked != expr || refs_outer_rows(subquery)) && (subquery->nrtes || query_walk_exprs(subquery, is_costly, arg));
    if (expr->kind == EXPR_WINDOW) /* before, whatever it is given */
        return false;
    return is_sublink || (expr->kind == EXPR_FUNC && expr->oid >= 16384) || expr_walk(expr, is_costly, arg);
}

/* Rows are told apart, sorted or divided by it, for a window too. */
static bool is_key(const Query *query, int target)
{
    const Expr *expr = query->targets[target].expr;
    bool found = query_marks_rows(query, target);
    for (int i = 0; i < query->nwindows; i++) {
        const Window *window = &query->windows[i];
        for (int k = 0; k < window->npartition; k++)
            found |= expr_equal(window->partition[k], expr);
        for (int k = 0; k < window->norder; k++)
            found |= expr_equal(window->order[k], expr);
    }
    return found;
}

static bool *which(const Planner *planner, const Query *query, bool *any)
{
    Catalog *catalog = planner->context->catalog;
    bool *late = ARENA_ARRAY(planner->arena, bool, query->ntargets + 1), sets = query->has_set_functions && query->norder;
    for (int i = 0; i < query->ntargets; i++)
        sets &= !is_key(query, i) || !is_set(query->targets[i].expr, NULL);
    *any = false;
    for (int i = 0; i < query->ntargets; i++) {
        const Expr *expr = query->targets[i].expr;
        bool costs = query->limit && is_costly(expr, NULL);
        late[i] = !is_key(query, i) && (is_set(expr, NULL) ? sets : costs || expr_calls_volatile(expr, catalog));
        *any |= late[i];
    }
    return late;
}

/* ---- LIMIT and OFFSET ---- */

static bool is_known(const Expr *count)
{
    return !count || (count->kind == EXPR_CONST && count->u.value);
}

/* The subquery's limit is that of the rows that are computed. */
static void divide_limits(const Planner *planner, Query *outside, Query *inner, bool sets)
{
    bool plain = !inner->with_ties && is_known(inner->limit) && is_known(inner->offset);
    if (!plain && !sets)
        return;
    outside->limit = sets ? inner->limit : NULL;
    outside->with_ties = sets && inner->with_ties;
    outside->offset = inner->offset;
    int64_t limit = inner->limit ? strtoll(inner->limit->u.value ? inner->limit->u.value : "0", NULL, 10) : 0;
    int64_t offset =
        inner->offset && inner->offset->kind == EXPR_CONST && inner->offset->u.value ? strtoll(inner->offset->u.value, NULL, 10) : 0;
    bool adds = !sets && inner->limit && limit >= 0 && offset >= 0 && limit < INT64_MAX - offset;
    inner->offset = NULL;
    inner->with_ties = false;
    inner->limit =
        adds ? expr_const(planner->arena, TYPE_INT8, -1, arena_printf(planner->arena, "%lld", (long long)(limit + offset))) : NULL;
}

/* ---- dividing ---- */

/* Places of the targets that stay, among those; -1: the target is late. */
static int *places_of(const Planner *planner, const Query *query, const bool *late)
{
    int *places = ARENA_ARRAY(planner->arena, int, query->ntargets + 1), count = 0;
    for (int i = 0; i < query->ntargets; i++)
        places[i] = late[i] ? -1 : count++;
    return places;
}

static SortItem *moved_items(const Planner *planner, const SortItem *items, int count, const int *places)
{
    SortItem *moved = ARENA_ARRAY(planner->arena, SortItem, count + 1);
    for (int i = 0; i < count; i++) {
        moved[i] = items[i];
        moved[i].target = places[items[i].target];
    }
    return moved;
}

/* Of one that is written like it; NULL: there is none. */
static Expr *column_like(const Stage *stage, const Expr *expr)
{
    for (int i = 0; i < stage->inner->ntargets; i++)
        if (expr_equal(stage->inner->targets[i].expr, expr))
            return stage_column(stage, i + 1, expr);
    return NULL;
}

/* Targets that stay become columns, where they were; and so do those that are written like one. */
static void keep_targets(Stage *stage, const bool *late, const int *places)
{
    Query *query = stage->query, *inner = stage->inner;
    inner->targets = ARENA_ARRAY(stage->planner->arena, Target, query->ntargets + 1);
    inner->ntargets = 0;
    for (int i = 0; i < query->ntargets; i++) {
        Target *target = &query->targets[i];
        if (late[i])
            continue;
        Target *column = &inner->targets[inner->ntargets++];
        *column = *target;
        column->junk = false;
        target->expr = stage_column(stage, places[i] + 1, column->expr);
    }
    for (int i = 0; i < query->ntargets; i++) {
        Expr *column = late[i] ? column_like(stage, query->targets[i].expr) : NULL;
        query->targets[i].expr = column ? column : query->targets[i].expr;
    }
}

static Expr *take_window(Expr *expr, int level, void *arg)
{
    return expr->kind == EXPR_WINDOW && !level ? stage_take(arg, expr) : expr;
}

/* The query without what is the subquery's now. */
static Query outside_of(const Planner *planner, const Query *query)
{
    Query outside = {.kind = QUERY_SELECT, .result_rte = -1, .arena = query->arena, .ntargets = query->ntargets};
    outside.targets = ARENA_ARRAY(planner->arena, Target, query->ntargets + 1);
    memcpy(outside.targets, query->targets, sizeof(Target) * (size_t)query->ntargets);
    outside.ctes = query->ctes;
    outside.nctes = query->nctes;
    outside.with_recursive = query->with_recursive;
    outside.has_sublinks = query->has_sublinks;
    outside.has_set_functions = query->has_set_functions;
    return outside;
}

void postpone_divide(Planner *planner, Query *query, const bool *late)
{
    bool sets = false, joins = false;
    for (int i = 0; i < query->ntargets; i++) {
        sets |= late[i] && is_set(query->targets[i].expr, NULL);
        joins |= late[i] && refs_has_sublink(query->targets[i].expr);
    }
    const int *places = places_of(planner, query, late);
    Query *inner = ARENA_NEW(planner->arena, Query), outside = outside_of(planner, query);
    *inner = *query;
    inner->ctes = NULL;
    inner->nctes = 0;
    inner->has_set_functions = query->has_set_functions && !sets;
    inner->order = moved_items(planner, query->order, query->norder, places);
    inner->distinct_on = query->ndistinct_on ? moved_items(planner, query->distinct_on, query->ndistinct_on, places) : query->distinct_on;
    divide_limits(planner, &outside, inner, sets);
    SortItem *order = query->order;
    *query = outside;
    Stage stage = {.planner = planner, .query = query, .inner = inner};
    keep_targets(&stage, late, places);
    query_map_exprs(query, false, take_window, &stage);
    if (joins && sets)
        query_map_exprs(query, false, stage_take_subquery, &stage);
    if (query->with_ties || (joins && !sets)) { /* of the first: DISTINCT ON alone, see stages.c */
        query->order = order;
        query->norder = inner->norder;
    }
    stage_finish(&stage);
}

void postpone_targets(Planner *planner, Query *query)
{
    bool any;
    if (!(query->norder || query->limit) || query->set_op || query->for_update || (query->distinct && !query->ndistinct_on))
        return;
    const bool *late = which(planner, query, &any);
    if (!any)
        return;
    if (query->has_aggs || query->ngroup || query->grouping_sets || query->having)
        stages_divide_groups(planner, query);
    postpone_divide(planner, query, late);
}
