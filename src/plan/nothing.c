/*
 * nothing.c - what a query has no rows of, whatever its tables hold: of a condition that is never true, and of what is joined with it. The
 * tables are not read then (inherit.c), nor is their source asked, or connected to; as with PostgreSQL's "One-Time Filter: false".
 *
 * Invariants:
 *  1. Constants have been computed. Values of parameters count as constants where PostgreSQL would plan for them; a plan that was made for
 *     such values says so (Planner.trees).
 *  2. What is decided by stable functions was computed for this statement alone, which the plan says too.
 * Threads: the session's own.
 */
#include "plan/internal.h"

typedef struct Deciding {
    Planner *planner;
    bool *unread; /* by entry */
} Deciding;

static bool is_strict_null(const Expr *expr, Catalog *catalog)
{
    const CatOperator *op = expr->kind == EXPR_OP ? catalog_operator(catalog, expr->oid) : NULL;
    const CatProc *proc = op ? catalog_proc(catalog, op->proc) : NULL;
    for (int i = 0; proc && proc->strict && i < expr->nargs; i++)
        if (expr->args[i]->kind == EXPR_CONST && !expr->args[i]->u.value)
            return true;
    return false;
}

static bool is_false(const Expr *expr, Catalog *catalog)
{
    return expr->kind == EXPR_CONST ? !expr->u.value || *expr->u.value == 'f' : is_strict_null(expr, catalog);
}

static bool has_param(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_PARAM || expr_walk(expr, has_param, arg);
}

static bool has_false(Planner *planner, Expr *condition)
{
    ExprList terms = {0};
    bool found = false;
    refs_split_and(planner->arena, condition, &terms);
    for (size_t i = 0; i < terms.count && !found; i++)
        found = is_false(terms.items[i], planner->context->catalog);
    return found;
}

/* Of no row: its value decides about all of them. */
static bool is_of_values(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_VAR || expr->kind == EXPR_SUBLINK || expr->kind == EXPR_AGG || expr_walk(expr, is_of_values, arg);
}

static bool is_never_true(Planner *planner, Expr *condition)
{
    if (!condition || has_false(planner, condition))
        return condition != NULL;
    if (!has_param(condition, NULL) || !planner->context->params_constant)
        return false;
    bool found = has_false(planner, exclude_with_values(planner, condition));
    ExprList terms = {0};
    refs_split_and(planner->arena, condition, &terms);
    for (size_t i = 0; i < terms.count; i++)
        planner->trees |= found || (has_param(terms.items[i], NULL) && !is_of_values(terms.items[i], NULL));
    return found;
}

static bool gives_nothing(Planner *planner, const Query *query);

static bool is_empty(Planner *planner, const Query *query, const FromItem *item)
{
    if (item->kind == FROM_RTE) {
        const Rte *rte = query->rtes[item->rte];
        return rte->kind == RTE_SUBQUERY && rte->query && gives_nothing(planner, rte->query);
    }
    bool left = is_empty(planner, query, item->left), right = is_empty(planner, query, item->right);
    switch (item->join) {
    case JOIN_LEFT:
        return left;
    case JOIN_RIGHT:
        return right;
    case JOIN_FULL:
        return left && right;
    default:
        return left || right || is_never_true(planner, item->on);
    }
}

/* No row comes of what it reads. */
static bool reads_nothing(Planner *planner, const Query *query)
{
    bool nothing = is_never_true(planner, query->where) || is_never_true(planner, query->having);
    for (int i = 0; i < query->nfrom && !nothing; i++)
        nothing = is_empty(planner, query, query->from[i]);
    return nothing;
}

static bool gives_nothing(Planner *planner, const Query *query)
{
    bool one_group = (query->has_aggs || query->having) && !query->ngroup && !query->grouping_sets;
    if (query->kind != QUERY_SELECT || query->set_op)
        return false;
    return one_group || query->grouping_sets ? is_never_true(planner, query->having) : reads_nothing(planner, query);
}

static void decide(const Deciding *deciding, const Query *query, const FromItem *item, bool unread)
{
    Planner *planner = deciding->planner;
    if (item->kind == FROM_RTE) {
        deciding->unread[item->rte] |= unread;
        return;
    }
    bool never = is_never_true(planner, item->on);
    bool no_left = is_empty(planner, query, item->left), no_right = is_empty(planner, query, item->right);
    unread |= is_empty(planner, query, item);
    decide(deciding, query, item->left, unread || (item->join == JOIN_RIGHT && (never || no_right)));
    decide(deciding, query, item->right, unread || (item->join == JOIN_LEFT && (never || no_left)));
}

/* Its rows are wanted by nobody. */
static void leave_out(Planner *planner, Query *query)
{
    if (query->set_op) {
        leave_out(planner, query->left);
        leave_out(planner, query->right);
    } else if (query->kind == QUERY_SELECT && query->nfrom && !query->has_writes) {
        query->where = expr_const(planner->arena, TYPE_BOOL, -1, "f");
    }
}

/* An item of WITH that is nowhere else read. */
static Query *item_of(const Query *query, const Rte *rte)
{
    const Cte *cte = rte->kind == RTE_CTE && !rte->cte_levels_up && !rte->cte_self ? &query->ctes[rte->cte] : NULL;
    bool is_inside = cte && cte->references == 1 && !cte->recursive && cte->materialize != CTE_MATERIALIZED;
    return is_inside ? cte->query : NULL;
}

const bool *nothing_decide(Planner *planner, Query *query)
{
    Deciding deciding = {planner, ARENA_ARRAY(planner->arena, bool, query->nrtes + 1)};
    if (query->kind != QUERY_SELECT || query->set_op)
        return deciding.unread;
    bool nothing = reads_nothing(planner, query);
    if (nothing) { /* nor is anything locked */
        query->for_update = false;
        query->nlocks = 0;
    }
    for (int i = 0; i < query->nfrom; i++)
        decide(&deciding, query, query->from[i], nothing);
    for (int i = 0; i < query->nrtes; i++) {
        Rte *rte = query->rtes[i];
        Query *inside = rte->kind == RTE_SUBQUERY ? rte->query : item_of(query, rte);
        if (inside && deciding.unread[i])
            leave_out(planner, inside);
    }
    return deciding.unread;
}
