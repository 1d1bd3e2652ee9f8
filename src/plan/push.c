/*
 * push.c - conditions on a subquery's columns go into the subquery, where its sources can use them: a view over foreign tables is asked
 * for the rows wanted, not for all.
 *
 * Invariants:
 *  1. A condition goes in only where it drops all rows of the subquery that it would drop above and changes none of the rest: not through
 *     LIMIT, not into what a window or DISTINCT ON sees unless all rows of a partition go together, among groups only by their keys.
 *  2. A condition that calls a volatile function, has a sublink or refers to a query around the level stays; so does one on a column that
 *     is volatile, a set or a sublink below.
 *  3. It is taken away above unless an outer join may fill up the subquery's columns with NULLs: then it decides about those rows too.
 *  4. Nothing goes into a view with security_barrier.
 * Threads: the session's own.
 */
#include "plan/internal.h"

typedef struct Push {
    Planner *planner;
    const Expr *condition;
} Push;

/* The target that gives the column: junk is none. */
static const Target *target_of(const Query *query, int column)
{
    for (int i = 0; i < query->ntargets; i++)
        if (!query->targets[i].junk && --column == 0)
            return &query->targets[i];
    return NULL;
}

/* ---- whether a query takes the condition ---- */

static bool among(Expr *const *items, int count, const Expr *expr)
{
    for (int i = 0; i < count; i++)
        if (expr_equal(items[i], expr))
            return true;
    return false;
}

static bool is_set_or_group(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW || expr->kind == EXPR_GROUPING || expr->kind == EXPR_SUBLINK ||
           (expr->kind == EXPR_FUNC && expr->u.func.returns_set) || expr_walk(expr, is_set_or_group, arg);
}

static bool is_key(const Query *query, const Expr *expr)
{
    bool found = !query->ngroup && !query->has_aggs && !query->having;
    for (int i = 0; i < query->ngroup; i++)
        found |= expr_equal(query->targets[query->group[i]].expr, expr);
    bool distinct = !query->ndistinct_on;
    for (int i = 0; i < query->ndistinct_on; i++)
        distinct |= expr_equal(query->targets[query->distinct_on[i].target].expr, expr);
    for (int i = 0; i < query->nwindows; i++)
        found &= among(query->windows[i].partition, query->windows[i].npartition, expr);
    return found && distinct;
}

/* Columns of system views are of domains over what their queries give. */
static bool is_of_type(const Push *push, const Expr *value, Oid type)
{
    return value->type == type || value->type == catalog_base_type(push->planner->context->catalog, type, NULL);
}

static bool takes_column(const Push *push, const Query *query, const Expr *var)
{
    const Target *target = target_of(query, var->u.var.column);
    return target && is_of_type(push, target->expr, var->type) && !is_set_or_group(target->expr, NULL) &&
           !expr_is_volatile(target->expr, push->planner->context->catalog) && is_key(query, target->expr);
}

static bool columns_fit(const Push *push, const Query *query, const Expr *expr)
{
    if (expr->kind == EXPR_VAR)
        return expr->u.var.column > 0 && takes_column(push, query, expr);
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i] && !columns_fit(push, query, expr->args[i]))
            return false;
    return true;
}

static bool takes(const Push *push, const Query *query)
{
    if (query->kind != QUERY_SELECT || query->limit || query->offset || query->for_update || query->grouping_sets || query->is_values)
        return false;
    if (query->set_op)
        return query->set_op != SETOP_EXCEPT && takes(push, query->left) && takes(push, query->right);
    return columns_fit(push, query, push->condition);
}

/* ---- putting it in ---- */

static Expr *over_targets(const Push *push, const Query *query, Expr *expr)
{
    if (!expr) /* a bound that a slice leaves out */
        return NULL;
    if (expr->kind == EXPR_VAR)
        return expr_copy(target_of(query, expr->u.var.column)->expr, push->planner->arena);
    for (int i = 0; i < expr->nargs; i++)
        expr->args[i] = over_targets(push, query, expr->args[i]);
    return expr;
}

static void put(const Push *push, Query *query)
{
    if (query->set_op) {
        put(push, query->left);
        put(push, query->right);
        return;
    }
    Arena *arena = push->planner->arena;
    ExprList all = {0};
    refs_split_and(arena, query->where, &all);
    vec_push(arena, &all, over_targets(push, query, expr_copy(push->condition, arena)));
    query->where = refs_make_and(arena, all.items, all.count);
}

bool push_into(const Level *level, int rte, const Expr *condition)
{
    const Rte *entry = level->query->rtes[rte];
    Push push = {.planner = level->planner, .condition = condition};
    if (entry->kind != RTE_SUBQUERY || level->owners[rte].kind != OWNER_MIXED || (entry->relation && entry->relation->security_barrier) ||
        is_set_or_group(condition, NULL) || refs_outer_expr(condition) || !takes(&push, entry->query))
        return false;
    put(&push, entry->query);
    return true;
}

bool push_onto(Planner *planner, Query *query, const Expr *condition)
{
    Push push = {.planner = planner, .condition = condition};
    if (!takes(&push, query))
        return false;
    put(&push, query);
    return true;
}

/* ---- taking it away above ---- */

void push_mark_nullable(const FromItem *item, bool nullable, bool *marks)
{
    if (item->kind == FROM_RTE) {
        marks[item->rte] = nullable;
        return;
    }
    push_mark_nullable(item->left, nullable || item->join == JOIN_RIGHT || item->join == JOIN_FULL, marks);
    push_mark_nullable(item->right, nullable || item->join == JOIN_LEFT || item->join == JOIN_FULL, marks);
}

static Expr *without(const Level *level, Expr *condition, const ExprList *pushed)
{
    Arena *arena = level->planner->arena;
    ExprList all = {0}, left = {0};
    refs_split_and(arena, condition, &all);
    for (size_t i = 0; i < all.count; i++) {
        bool gone = false;
        for (size_t k = 0; k < pushed->count; k++)
            gone |= pushed->items[k] == all.items[i];
        if (!gone)
            vec_push(arena, &left, all.items[i]);
    }
    return left.count == all.count ? condition : refs_make_and(arena, left.items, left.count);
}

static void clear_from(const Level *level, FromItem *item, const ExprList *pushed)
{
    if (item->kind != FROM_JOIN)
        return;
    clear_from(level, item->left, pushed);
    clear_from(level, item->right, pushed);
    item->on = without(level, item->on, pushed);
    if (!item->on && item->join == JOIN_INNER)
        item->join = JOIN_CROSS;
}

static ExprList dispensable(const Level *level, const ExprList *pushed)
{
    const Query *query = level->query;
    Arena *arena = level->planner->arena;
    bool *nullable = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    ExprList out = {0};
    for (int i = 0; i < query->nfrom; i++)
        push_mark_nullable(query->from[i], false, nullable);
    for (size_t i = 0; i < pushed->count; i++) {
        bool *seen = ARENA_ARRAY(arena, bool, query->nrtes + 1), missing = false;
        refs_of_expr(pushed->items[i], seen);
        for (int r = 0; r < query->nrtes; r++)
            missing |= seen[r] && nullable[r];
        if (!missing)
            vec_push(arena, &out, pushed->items[i]);
    }
    return out;
}

void push_conditions(Level *level)
{
    Query *query = level->query;
    ExprList pushed = {0};
    bool any = false;
    for (int i = 0; i < query->nrtes; i++)
        any |= query->rtes[i]->in_from && query->rtes[i]->kind == RTE_SUBQUERY && level->owners[i].kind == OWNER_MIXED;
    if (!any || query->kind != QUERY_SELECT)
        return;
    level->pushed = &pushed;
    join_push(level);
    level->pushed = NULL;
    ExprList gone = dispensable(level, &pushed);
    query->where = without(level, query->where, &gone);
    for (int i = 0; i < query->nfrom; i++)
        clear_from(level, query->from[i], &gone);
}
