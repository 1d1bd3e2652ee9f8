/*
 * simplify_query.c - which expressions of a query PostgreSQL's planner looks at, so that a constant that fails there is an error and one
 * that fails elsewhere is none.
 *
 * Subqueries that PostgreSQL pulls up into the query around give it their conditions, and their columns where these are read; others are
 * planned by themselves, with the columns that are read. An item of WITH that is read once is such a subquery. A column that is a constant
 * is one to whoever reads it, unless an outer join may make it NULL.
 *
 * Invariants:
 *  1. The query is the planner's own copy, without columns of joins; it is changed in place and stays the same question.
 *  2. A column that nobody reads and that fails becomes NULL: the local engine would compute its constants.
 * Threads: the session's own.
 */
#include "plan/simplify.h"

struct SimplifyScope {
    SimplifyScope *outer;
    Query *query;
    SimplifyScope **inner;      /* of each entry: the query that its rows are; NULL: none */
    SimplifyScope **items;      /* of each item of WITH that stands in the place of its references, once it is met */
    bool *pulled;               /* of each entry: what it is made of stands in this query */
    const FromItem **filled_by; /* of each entry: the nearest outer join that may make it NULL */
    const FromItem *join;  /* whose condition is being looked at: its sides are not filled up yet, but of a FULL JOIN, to be told apart */
    bool *read;            /* which targets somebody reads */
    bool *simplified;      /* which targets are */
    bool excluded;         /* no row of it is read */
    bool entered, is_item; /* is_item: of WITH, which others may read still */
};

static bool simplify_whole(Simplifying *simplifying, SimplifyScope *scope);
static bool simplify_level(const Simplifying *simplifying, SimplifyScope *scope, bool excluded);

static SimplifyScope *open_scope(Planner *planner, SimplifyScope *outer, Query *query)
{
    Arena *arena = planner->arena;
    SimplifyScope *scope = ARENA_NEW(arena, SimplifyScope);
    *scope = (SimplifyScope){.outer = outer, .query = query};
    scope->inner = ARENA_ARRAY(arena, SimplifyScope *, query->nrtes + 1);
    scope->items = ARENA_ARRAY(arena, SimplifyScope *, query->nctes + 1);
    scope->pulled = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    scope->filled_by = ARENA_ARRAY(arena, const FromItem *, query->nrtes + 1);
    scope->read = ARENA_ARRAY(arena, bool, query->ntargets + 1);
    scope->simplified = ARENA_ARRAY(arena, bool, query->ntargets + 1);
    return scope;
}

static SimplifyScope *scope_around(SimplifyScope *scope, int levels)
{
    while (scope && levels-- > 0)
        scope = scope->outer;
    return scope;
}

static void read_all(SimplifyScope *scope)
{
    for (int i = 0; i < scope->query->ntargets; i++)
        scope->read[i] = true;
}

/* ---- an expression where it stands ---- */

static bool mark_read(const Expr *expr, void *arg)
{
    SimplifyScope *scope = expr->kind == EXPR_VAR ? scope_around(arg, expr->u.var.levels_up) : NULL;
    SimplifyScope *inner = scope ? scope->inner[expr->u.var.rte] : NULL;
    int column = expr->kind == EXPR_VAR ? expr->u.var.column : 0;
    if (inner && column == 0)
        read_all(inner);
    else if (inner && column > 0 && column <= inner->query->ntargets)
        inner->read[column - 1] = true;
    return expr_walk(expr, mark_read, arg);
}

/* EXISTS that asks for no column: whatever would be one is not looked at. */
static bool ignores_columns(const Expr *sublink)
{
    const Query *query = sublink->u.sublink.query;
    return sublink->u.sublink.kind == SUBLINK_EXISTS && query->kind == QUERY_SELECT && !query->set_op && !query->has_aggs &&
           !query->grouping_sets && !query->has_windows && !query->has_set_functions && !query->having && !query->offset && !query->nlocks;
}

static bool fails_below(const Expr *expr, void *arg)
{
    Simplifying *simplifying = arg;
    if (expr->kind == EXPR_SUBLINK) {
        SimplifyScope *scope = open_scope(simplifying->planner, simplifying->scope, expr->u.sublink.query);
        if (!ignores_columns(expr))
            read_all(scope);
        if (!simplify_whole(simplifying, scope))
            return true;
    }
    return expr_walk(expr, fails_below, arg);
}

static bool simplify_slot(const Simplifying *simplifying, SimplifyScope *scope, Expr **slot)
{
    Simplifying here = *simplifying;
    here.scope = scope;
    if (!*slot)
        return true;
    Expr *simple = simplify_expr(&here, expr_copy(*slot, here.planner->arena)); /* one that fails stays as it was: it may be nobody's */
    if (!simple)
        return false;
    *slot = simple;
    mark_read(*slot, scope);
    return !fails_below(*slot, &here);
}

static bool simplify_slots(const Simplifying *simplifying, SimplifyScope *scope, Expr **slots, int count)
{
    for (int i = 0; i < count; i++)
        if (!simplify_slot(simplifying, scope, &slots[i]))
            return false;
    return true;
}

static bool simplify_target(const Simplifying *simplifying, SimplifyScope *scope, int number)
{
    if (scope->simplified[number])
        return true;
    return scope->simplified[number] = simplify_slot(simplifying, scope, &scope->query->targets[number].expr);
}

static Expr *or_constant(const Simplifying *simplifying, const SimplifyScope *scope, Expr *var, const Expr *value)
{
    const FromItem *join = scope->filled_by[var->u.var.rte];
    bool known = value->kind == EXPR_CONST && !scope->query->grouping_sets && (!join || (join == scope->join && join->join != JOIN_FULL));
    return known ? expr_copy(value, simplifying->planner->arena) : var;
}

Expr *simplify_column(Simplifying *simplifying, Expr *var)
{
    SimplifyScope *scope = scope_around(simplifying->scope, var->u.var.levels_up);
    int number = var->u.var.rte, column = var->u.var.column;
    if (!scope || !scope->pulled[number] || column < 0)
        return var;
    Rte *rte = scope->query->rtes[number];
    SimplifyScope *inner = scope->inner[number];
    for (int i = 0; inner && column == 0 && i < inner->query->ntargets; i++)
        if (!simplify_target(simplifying, inner, i))
            return NULL;
    if (column == 0 || column > rte->ncolumns)
        return var;
    if (inner && column <= inner->query->ntargets)
        return simplify_target(simplifying, inner, column - 1)
                   ? or_constant(simplifying, scope, var, inner->query->targets[column - 1].expr)
                   : NULL;
    if (rte->kind == RTE_VALUES)
        return simplify_slot(simplifying, scope, &rte->rows[0][column - 1]) ? or_constant(simplifying, scope, var, rte->rows[0][column - 1])
                                                                            : NULL;
    return rte->kind == RTE_FUNCTION ? or_constant(simplifying, scope, var, rte->functions[0]) : var;
}

/* ---- FROM: what is pulled up ---- */

static bool is_simple(const Simplifying *simplifying, const Query *query)
{
    bool plain = query->kind == QUERY_SELECT && !query->set_op && !query->has_aggs && !query->has_windows && !query->has_set_functions &&
                 !query->ngroup && !query->grouping_sets && !query->having && !query->norder && !query->distinct && !query->ndistinct_on &&
                 !query->limit && !query->offset && !query->for_update && !query->nctes;
    for (int i = 0; plain && i < query->ntargets; i++)
        plain = !expr_is_volatile(query->targets[i].expr, simplifying->planner->context->catalog);
    return plain;
}

static bool is_union_all(const Query *query)
{
    return query->set_op == SETOP_UNION && query->set_all && !query->norder && !query->limit && !query->offset && !query->nctes &&
           (!query->left->set_op || is_union_all(query->left)) && (!query->right->set_op || is_union_all(query->right));
}

/* An item of WITH is planned where it is read. */
static bool is_written_out(const Simplifying *simplifying, const Cte *cte)
{
    bool wanted = cte->materialize == CTE_NOT_MATERIALIZED || (cte->materialize == CTE_DEFAULT && cte->references == 1);
    return wanted && !cte->recursive && cte->query->kind == QUERY_SELECT && !cte->query->has_writes &&
           !query_is_volatile(cte->query, simplifying->planner->context->catalog);
}

static SimplifyScope *scope_of_entry(const Simplifying *simplifying, SimplifyScope *scope, const Rte *rte)
{
    if (rte->kind == RTE_SUBQUERY)
        return open_scope(simplifying->planner, scope, rte->query);
    SimplifyScope *holder = rte->kind == RTE_CTE && !rte->cte_self ? scope_around(scope, rte->cte_levels_up) : NULL;
    Cte *cte = holder ? &holder->query->ctes[rte->cte] : NULL;
    if (!cte || !is_written_out(simplifying, cte))
        return NULL;
    if (!holder->items[rte->cte]) {
        holder->items[rte->cte] = open_scope(simplifying->planner, holder, cte->query);
        holder->items[rte->cte]->is_item = true;
    }
    return holder->items[rte->cte];
}

static bool enter_query(const Simplifying *simplifying, SimplifyScope *scope);

static bool enter_entry(const Simplifying *simplifying, SimplifyScope *scope, int number, const FromItem *filled_by)
{
    Rte *rte = scope->query->rtes[number];
    bool *pulled = &scope->pulled[number];
    scope->filled_by[number] = filled_by;
    SimplifyScope *inner = scope->inner[number] = scope_of_entry(simplifying, scope, rte);
    if (inner) {
        *pulled = is_simple(simplifying, inner->query) && !(rte->relation && rte->relation->security_barrier);
        return !*pulled || enter_query(simplifying, inner);
    }
    if (rte->kind == RTE_FUNCTION) {
        *pulled = rte->nfunctions == 1 && !rte->with_ordinality && rte->ncolumns == 1;
        return simplify_slots(simplifying, scope, rte->functions, rte->nfunctions);
    }
    *pulled = rte->kind == RTE_VALUES && rte->nrows == 1 && scope->query->nrtes == 1;
    return true;
}

static bool enter_from(const Simplifying *simplifying, SimplifyScope *scope, const FromItem *item, const FromItem *filled_by)
{
    if (item->kind == FROM_RTE)
        return enter_entry(simplifying, scope, item->rte, filled_by);
    bool fills_left = item->join == JOIN_RIGHT || item->join == JOIN_FULL, fills_right = item->join == JOIN_LEFT || item->join == JOIN_FULL;
    return enter_from(simplifying, scope, item->left, fills_left ? item : filled_by) &&
           enter_from(simplifying, scope, item->right, fills_right ? item : filled_by);
}

static bool enter_query(const Simplifying *simplifying, SimplifyScope *scope)
{
    if (scope->entered)
        return true;
    scope->entered = true;
    for (int i = 0; i < scope->query->nfrom; i++)
        if (!enter_from(simplifying, scope, scope->query->from[i], NULL))
            return false;
    return true;
}

/* How many entries the joins of PostgreSQL's plan have: rows that are computed are none. */
static int count_entries(const SimplifyScope *scope, const FromItem *item)
{
    if (item->kind == FROM_JOIN)
        return count_entries(scope, item->left) + count_entries(scope, item->right);
    const SimplifyScope *inner = scope->inner[item->rte];
    if (!scope->pulled[item->rte] || !inner)
        return scope->query->rtes[item->rte]->kind != RTE_VALUES || !scope->pulled[item->rte];
    int count = 0;
    for (int i = 0; i < inner->query->nfrom; i++)
        count += count_entries(inner, inner->query->from[i]);
    return count;
}

/* ---- conditions ---- */

/* Subqueries of conditions become joins, whatever else is in the condition. */
static bool becomes_join(const Simplifying *simplifying, const Expr *expr)
{
    Catalog *catalog = simplifying->planner->context->catalog;
    if (expr->kind == EXPR_NOT)
        expr = expr->args[0]->kind == EXPR_SUBLINK && expr->args[0]->u.sublink.kind == SUBLINK_EXISTS ? expr->args[0] : expr;
    if (expr->kind != EXPR_SUBLINK)
        return false;
    const Query *query = expr->u.sublink.query;
    if (expr->u.sublink.kind == SUBLINK_EXISTS)
        return ignores_columns(expr) && query->nfrom && query->where && !query->nctes && refs_outer_expr(query->where) &&
               !expr_is_volatile(query->where, catalog);
    bool reads = false;
    for (int i = 0; i < expr->nargs; i++)
        reads |= refs_only_entry(expr->args[i]) >= 0;
    return expr->u.sublink.kind == SUBLINK_ANY && reads && !refs_outer_rows(query) && !expr_is_volatile(expr, catalog);
}

static bool simplify_joined(const Simplifying *simplifying, SimplifyScope *scope, const Expr *condition)
{
    Simplifying here = *simplifying;
    here.scope = scope;
    for (int i = 0; condition && condition->kind == EXPR_AND && i < condition->nargs; i++)
        if (!simplify_joined(simplifying, scope, condition->args[i]))
            return false;
    return !condition || !becomes_join(simplifying, condition) || !fails_below(condition, &here);
}

static bool simplify_condition(const Simplifying *simplifying, SimplifyScope *scope, Expr **slot)
{
    return simplify_joined(simplifying, scope, *slot) && simplify_slot(simplifying, scope, slot);
}

static bool simplify_from(const Simplifying *simplifying, SimplifyScope *scope, FromItem *item, bool excluded)
{
    if (item->kind == FROM_JOIN) {
        if (!simplify_from(simplifying, scope, item->left, excluded) || !simplify_from(simplifying, scope, item->right, excluded))
            return false;
        scope->join = item;
        bool done = simplify_condition(simplifying, scope, &item->on);
        scope->join = NULL;
        return done;
    }
    SimplifyScope *inner = scope->inner[item->rte];
    return !inner || !scope->pulled[item->rte] || simplify_level(simplifying, inner, excluded);
}

static bool simplify_conditions(const Simplifying *simplifying, SimplifyScope *scope, bool excluded)
{
    for (int i = 0; i < scope->query->nfrom; i++)
        if (!simplify_from(simplifying, scope, scope->query->from[i], excluded))
            return false;
    return simplify_condition(simplifying, scope, &scope->query->where);
}

/* ---- subqueries that are planned by themselves ---- */

static bool simplify_entry(const Simplifying *simplifying, SimplifyScope *scope, int number, bool excluded)
{
    Rte *rte = scope->query->rtes[number];
    SimplifyScope *inner = scope->inner[number];
    for (int i = 0; rte->kind == RTE_VALUES && !scope->pulled[number] && i < rte->nrows; i++)
        if (!simplify_slots(simplifying, scope, rte->rows[i], rte->ncolumns))
            return false;
    if (!inner || scope->pulled[number] || (excluded && !is_union_all(inner->query)))
        return true;
    Simplifying own = *simplifying;
    inner->excluded = excluded;
    return simplify_whole(&own, inner);
}

static bool simplify_level(const Simplifying *simplifying, SimplifyScope *scope, bool excluded)
{
    const Query *query = scope->query;
    if (!simplify_conditions(simplifying, scope, excluded))
        return false;
    int count = 0;
    for (int i = 0; i < query->nfrom; i++)
        count += count_entries(scope, query->from[i]);
    bool nothing = query->where && query->where->kind == EXPR_CONST && (!query->where->u.value || *query->where->u.value == 'f');
    for (int i = 0; i < query->nrtes; i++)
        if (!simplify_entry(simplifying, scope, i, excluded || (nothing && count == 1)))
            return false;
    return true;
}

/* ---- a query ---- */

static bool marks_order(const Query *query, int target)
{
    return query_marks_rows(query, target) || (query->distinct && !query->ndistinct_on) || query->grouping_sets;
}

static bool simplify_targets(const Simplifying *simplifying, SimplifyScope *scope)
{
    Catalog *catalog = simplifying->planner->context->catalog;
    for (int i = 0; i < scope->query->ntargets; i++) {
        const Expr *expr = scope->query->targets[i].expr;
        bool kept = scope->read[i] || marks_order(scope->query, i) || scope->query->has_set_functions || expr_is_volatile(expr, catalog);
        if (kept && !simplify_target(simplifying, scope, i))
            return false;
    }
    return true;
}

static bool simplify_windows(const Simplifying *simplifying, SimplifyScope *scope)
{
    for (int i = 0; i < scope->query->nwindows; i++) {
        Window *window = &scope->query->windows[i];
        if (!simplify_slots(simplifying, scope, window->partition, window->npartition) ||
            !simplify_slots(simplifying, scope, window->order, window->norder) ||
            !simplify_slot(simplifying, scope, &window->start_offset) || !simplify_slot(simplifying, scope, &window->end_offset))
            return false;
    }
    return true;
}

/* A side of UNION ALL that is pulled up: it reads one entry at most, all rows of it. */
static bool is_plain(const Simplifying *simplifying, const Query *query)
{
    if (!is_simple(simplifying, query) || query->where || query->nfrom > 1 || (query->nfrom && query->from[0]->kind != FROM_RTE))
        return false;
    const Rte *rte = query->nfrom ? query->rtes[query->from[0]->rte] : NULL;
    return !rte || rte->kind != RTE_SUBQUERY || !is_simple(simplifying, rte->query) || is_plain(simplifying, rte->query);
}

/* read: which columns of a UNION ALL are; NULL: all, as always of other set operations. */
static bool simplify_sides(Simplifying *simplifying, SimplifyScope *scope, const bool *read)
{
    Query *sides[] = {scope->query->left, scope->query->right};
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        SimplifyScope *side = open_scope(simplifying->planner, scope, sides[i]);
        bool some = read && (sides[i]->set_op || !is_plain(simplifying, sides[i]));
        side->excluded = scope->excluded;
        if (side->excluded && some && !sides[i]->set_op)
            continue;
        for (int k = 0; k < sides[i]->ntargets; k++)
            side->read[k] = !some || k >= scope->query->ntargets || read[k];
        if (!simplify_whole(simplifying, side))
            return false;
    }
    return true;
}

static bool simplify_with(Simplifying *simplifying, SimplifyScope *scope)
{
    for (int i = 0; i < scope->query->nctes; i++) {
        const Cte *cte = &scope->query->ctes[i];
        if (!cte->references || is_written_out(simplifying, cte))
            continue;
        SimplifyScope *item = open_scope(simplifying->planner, scope, cte->query);
        read_all(item);
        if (!simplify_whole(simplifying, item))
            return false;
    }
    return true;
}

/* ---- what nobody reads ---- */

static void empty_failing(const Simplifying *simplifying, SimplifyScope *scope, Expr **slot)
{
    Arena *arena = simplifying->planner->arena;
    Error ignored;
    error_init(&ignored, arena);
    Simplifying trial = *simplifying;
    trial.scope = scope;
    trial.error = &ignored;
    if (simplify_slot(&trial, scope, slot))
        return;
    Expr *null = expr_const(arena, (*slot)->type, (*slot)->typmod, NULL);
    null->collation = (*slot)->collation;
    *slot = null;
}

/* At the end, when all that is read has been. */
static void empty_unread(const Simplifying *simplifying, SimplifyScope *scope)
{
    Query *query = scope->query;
    for (int i = 0; i < query->ntargets && !query->set_op; i++)
        if (!scope->simplified[i])
            empty_failing(simplifying, scope, &query->targets[i].expr);
    for (int i = 0; i < query->nrtes; i++) {
        Rte *rte = query->rtes[i];
        if (scope->pulled[i] && rte->kind == RTE_SUBQUERY)
            empty_unread(simplifying, scope->inner[i]);
        for (int k = 0; scope->pulled[i] && rte->kind == RTE_VALUES && k < rte->ncolumns; k++)
            empty_failing(simplifying, scope, &rte->rows[0][k]);
    }
    for (int i = 0; i < query->nctes; i++)
        if (scope->items[i])
            empty_unread(simplifying, scope->items[i]);
}

static bool simplify_whole(Simplifying *simplifying, SimplifyScope *scope)
{
    Query *query = scope->query;
    if (!simplify_with(simplifying, scope))
        return false;
    bool done = query->set_op ? simplify_sides(simplifying, scope, is_union_all(query) ? scope->read : NULL)
                              : enter_query(simplifying, scope) && simplify_targets(simplifying, scope) &&
                                    simplify_level(simplifying, scope, false) && simplify_slot(simplifying, scope, &query->having) &&
                                    simplify_windows(simplifying, scope);
    if (!done || !simplify_slot(simplifying, scope, &query->limit) || !simplify_slot(simplifying, scope, &query->offset))
        return false;
    if (!scope->is_item)
        empty_unread(simplifying, scope);
    return true;
}

bool simplify_query(Planner *planner, Query *query, bool knows_params)
{
    Simplifying simplifying = {.planner = planner, .error = planner->error, .knows_params = knows_params};
    SimplifyScope *scope = open_scope(planner, NULL, query);
    read_all(scope);
    return simplify_whole(&simplifying, scope);
}
