/*
 * above.c - a level whose rows one source owns, but whose last steps it cannot say: these steps are done over one leaf.
 *
 * Two forms: the sort and the limit alone; or everything that is computed from the groups' keys and aggregates.
 *
 * Invariants:
 *  1. Nothing of the query is changed before it is sure that the form fits.
 *  2. What stays refers to the leaf's columns only.
 * Threads: the session's own.
 */
#include "plan/internal.h"

static bool note_reason(Planner *planner, const Source *source, const Query *query, Leaf *leaf)
{
    const char *reason = NULL;
    if (leaf && !source_can_say_query(planner, source, query, &reason) && reason)
        leaf_add_reason(planner, leaf, reason);
    return leaf != NULL;
}

static void take_sort(Query *to, const Query *from)
{
    to->order = from->order;
    to->norder = from->norder;
    to->limit = from->limit;
    to->offset = from->offset;
    to->with_ties = from->with_ties;
}

static Query *without_sort(Planner *planner, const Query *query)
{
    Query *stripped = ARENA_NEW(planner->arena, Query);
    *stripped = *query;
    take_sort(stripped, &(Query){0});
    return stripped;
}

/* LIMIT and OFFSET stay here, and what their subqueries read of WITH would not. */
static bool limits_read_with(const Query *query)
{
    bool has_sublink = (query->limit && refs_has_sublink(query->limit)) || (query->offset && refs_has_sublink(query->offset));
    return has_sublink && query->nctes;
}

static Query *sort_above(Planner *planner, const Source *source, Query *query)
{
    if ((!query->norder && !query->limit && !query->offset) || query->ndistinct_on || limits_read_with(query))
        return NULL;
    Query *stripped = without_sort(planner, query);
    stripped->targets = ARENA_ARRAY(planner->arena, Target, query->ntargets + 1);
    for (int i = 0; i < query->ntargets; i++) {
        stripped->targets[i] = query->targets[i];
        stripped->targets[i].junk = false;
    }
    if (!source_can_say_query(planner, source, stripped, NULL))
        return NULL;
    Leaf *leaf = leaf_of_query(planner, source, stripped);
    if (!note_reason(planner, source, query, leaf))
        return NULL;
    Query *local = level_select_leaf(planner, leaf);
    for (int i = 0; i < query->ntargets; i++) {
        local->targets[i].junk = query->targets[i].junk;
        local->targets[i].expr->collation = query->targets[i].expr->collation;
    }
    take_sort(local, query);
    return level_plan_sublinks(planner, local) ? local : NULL;
}

/* ---- groups ---- */

typedef struct Groups {
    Planner *planner;
    ExprList given; /* what the leaf computes: keys, then aggregates */
    bool fits;
} Groups;

static int given_index(const Groups *groups, const Expr *expr)
{
    for (size_t i = 0; i < groups->given.count; i++)
        if (expr_equal(groups->given.items[i], expr))
            return (int)i;
    return -1;
}

static bool gather(const Expr *expr, void *arg)
{
    Groups *groups = arg;
    if (given_index(groups, expr) >= 0)
        return false;
    if (expr->kind == EXPR_AGG && expr->u.agg.levels_up == 0) {
        vec_push(groups->planner->arena, &groups->given, (Expr *)(uintptr_t)expr);
        return false;
    }
    if (expr->kind == EXPR_VAR || expr->kind == EXPR_SUBLINK || expr->kind == EXPR_AGG)
        groups->fits = false;
    return expr_walk(expr, gather, groups);
}

static Expr *over_leaf(const Groups *groups, Expr *expr)
{
    if (!expr) /* a bound that a slice leaves out */
        return NULL;
    int index = given_index(groups, expr);
    if (index >= 0) {
        Expr *var = expr_var(groups->planner->arena, 0, index + 1, expr->type, expr->typmod, expr->collation);
        var->location = expr->location;
        return var;
    }
    for (int i = 0; i < expr->nargs; i++)
        expr->args[i] = over_leaf(groups, expr->args[i]);
    return expr;
}

static Query *grouped(const Groups *groups, const Query *query)
{
    Planner *planner = groups->planner;
    Query *inner = without_sort(planner, query);
    inner->having = NULL;
    inner->distinct = false;
    inner->ndistinct_on = 0;
    inner->ntargets = (int)groups->given.count;
    inner->targets = ARENA_ARRAY(planner->arena, Target, groups->given.count + 1);
    inner->group = ARENA_ARRAY(planner->arena, int, query->ngroup + 1);
    for (int i = 0; i < inner->ntargets; i++)
        inner->targets[i] = (Target){.expr = groups->given.items[i], .name = i < query->ngroup ? "key" : "aggregate"};
    for (int i = 0; i < query->ngroup; i++)
        inner->group[i] = i;
    return inner;
}

static Query *compute_above(Planner *planner, const Source *source, Query *query)
{
    if ((!query->has_aggs && !query->ngroup) || query->grouping_sets || query->has_windows || query->has_set_functions ||
        query->has_grouping || query->has_sublinks || query->set_op || query->nctes)
        return NULL;
    Groups groups = {.planner = planner, .fits = true};
    for (int i = 0; i < query->ngroup; i++)
        vec_push(planner->arena, &groups.given, query->targets[query->group[i]].expr);
    for (int i = 0; i < query->ntargets; i++)
        gather(query->targets[i].expr, &groups);
    if (query->having)
        gather(query->having, &groups);
    if (!groups.fits || !groups.given.count)
        return NULL;
    Query *inner = grouped(&groups, query);
    if (!source_can_say_query(planner, source, inner, NULL))
        return NULL;
    Leaf *leaf = leaf_of_query(planner, source, inner);
    if (!note_reason(planner, source, query, leaf))
        return NULL;
    Query *local = level_select_leaf(planner, leaf);
    local->ntargets = query->ntargets;
    local->targets = query->targets;
    for (int i = 0; i < query->ntargets; i++)
        query->targets[i].expr = over_leaf(&groups, query->targets[i].expr);
    local->where = query->having ? over_leaf(&groups, query->having) : NULL;
    local->distinct = query->distinct;
    local->distinct_on = query->distinct_on;
    local->ndistinct_on = query->ndistinct_on;
    take_sort(local, query);
    return level_plan_sublinks(planner, local) ? local : NULL;
}

Query *above_leaf(Planner *planner, const Source *source, Query *query)
{
    Query *local = sort_above(planner, source, query);
    if (local || error_is_set(planner->error))
        return local;
    return compute_above(planner, source, query);
}
