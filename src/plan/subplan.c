/*
 * subplan.c - subqueries about the row outside that the local engine cannot take apart: each becomes a query of its own, a subplan, that is
 * run for each row. Slow, and never refused: what the engine takes apart itself stays as it is. Those that call volatile functions, and
 * such functions in FROM, are always subplans, for the engine computes a subquery once for rows that are alike in what it reads of them;
 * and so are those that are compared with what calls such functions, which the engine would call for each row of theirs, and those that may
 * fail in what AND, OR, CASE or COALESCE may leave out of an outer join's condition, which the engine would compute for all rows (elsewhere
 * guard.c sees to these).
 *
 * A subquery of an expression is the one column of its subplan, which has no FROM; a LATERAL one, or a function, is its FROM, with the
 * condition of the LEFT JOIN that it is the right side of. What they read of the rows outside is handed in as parameters.
 *
 * Invariants:
 *  1. Only outermost ones are replaced, those about nothing outside if all else is refused: the query that they stand in refers to nothing
 * around it but items of WITH, and what is inside of a subplan is its own plan's.
 *  2. Items of WITH that a subplan reads are written out in it; so it is not made where these are volatile, write, or are being made of
 *     themselves.
 *  3. While a subplan is made, what it has of its own stands under numbers from OWN on, and so is told from what is outside.
 * Threads: the session's own.
 */
#include <string.h>

#include "plan/internal.h"

enum { OWN = 1 << 20 };

/* Queries around a query, the nearest first. */
typedef struct Around {
    const struct Around *outer;
    Query *query;
} Around;

typedef struct Conversion {
    Planner *planner;
    SubplanChoice choice;
    const Around *around; /* the query whose expressions are looked at, first */
    ExprList guarded;     /* subqueries that may fail, of its outer joins' conditions what may be left out */
    ExprList initplans;
} Conversion;

typedef struct Making {
    Planner *planner;
    const Query *outside;
    VEC(Expr *) args;
    int entry;    /* of the query outside, which the subplan has as its own; -1: none */
    int with;     /* how many queries around, from the one outside on, have items of WITH that it reads */
    bool refused; /* it hands in what cannot be a parameter */
} Making;

static void convert_query(Planner *planner, SubplanChoice choice, Query *query, const Around *outer);

/* ---- whether there is anything to do ---- */

static bool has_outward(const Query *query, void *arg)
{
    return refs_outer_rows(query) || query_walk_queries(query, has_outward, arg);
}

static bool is_outer_join(const FromItem *item)
{
    return item->join == JOIN_LEFT || item->join == JOIN_RIGHT || item->join == JOIN_FULL;
}

/* Joins whose conditions are none of WHERE's (guard.c lifts the others there): outer ones, and what stands below them. is_below: the item
 * does. */
static bool any_outside(const FromItem *item, bool is_below, bool (*visit)(const FromItem *item, void *arg), void *arg)
{
    if (item->kind == FROM_RTE)
        return false;
    bool outer = is_outer_join(item);
    return ((outer || is_below) && item->on && visit(item, arg)) ||
           any_outside(item->left, is_below || (outer && item->join != JOIN_LEFT), visit, arg) ||
           any_outside(item->right, is_below || outer, visit, arg);
}

static bool has_sublink(const FromItem *item, void *arg)
{
    (void)arg;
    return refs_has_sublink(item->on);
}

static bool has_sublink_in_join(const Query *query, void *arg)
{
    for (int i = 0; i < query->nfrom; i++)
        if (any_outside(query->from[i], false, has_sublink, NULL))
            return true;
    return query_walk_queries(query, has_sublink_in_join, arg);
}

bool subplan_is_wanted(const Query *query)
{
    return query_walk_queries(query, has_outward, NULL) || has_sublink_in_join(query, NULL);
}

bool subplan_is_in_join(const Query *query)
{
    return has_sublink_in_join(query, NULL);
}

static bool compares_volatile(const Expr *sublink, Catalog *catalog)
{
    bool found = false;
    for (int i = 0; i < sublink->nargs && !found; i++)
        found = expr_is_volatile(sublink->args[i], catalog);
    return found;
}

static bool has_compared_volatile_expr(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_SUBLINK && compares_volatile(expr, arg)) || expr_walk(expr, has_compared_volatile_expr, arg);
}

/* A subquery that is compared with what calls volatile functions. */
static bool has_compared_volatile(const Query *query, void *arg)
{
    return query_walk_exprs(query, has_compared_volatile_expr, arg) || query_walk_queries(query, has_compared_volatile, arg);
}

/* A function in FROM that reads rows of what stands before it. */
static bool has_lateral_function(const Query *query, void *arg)
{
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_FUNCTION && subplan_reads_rows(query, i, arg))
            return true;
    return query_walk_queries(query, has_lateral_function, arg);
}

/* ---- what is handed in ---- */

/* A parameter in the place of an expression of the query outside, that stands `level` queries further in. */
static Expr *hand_in(Making *making, const Expr *expr, int level)
{
    Arena *arena = making->planner->arena;
    Expr *own = expr_copy(expr, arena);
    expr_shift_levels(own, -level);
    making->refused |= expr->type == TYPE_RECORD || expr->type == TYPE_UNKNOWN;
    size_t number = expr_is_volatile(own, making->planner->context->catalog) ? making->args.count : 0;
    while (number < making->args.count && !expr_equal(making->args.items[number], own))
        number++;
    if (number == making->args.count)
        vec_push(arena, &making->args, own);
    Expr *param = ARENA_NEW(arena, Expr);
    *param = (Expr){.kind = EXPR_PARAM, .type = expr->type, .typmod = -1, .collation = expr->collation, .location = expr->location};
    param->u.param = OWN + (int)number + 1;
    return param;
}

/* What is compared with a subquery's rows, where it is volatile: once for all of them. */
static Expr *hand_in_compared(Expr *expr, int level, void *arg)
{
    Making *making = arg;
    if (level || making->entry >= 0 || expr->kind != EXPR_SUBLINK)
        return expr;
    for (int i = 0; i < expr->nargs; i++)
        if (expr_is_volatile(expr->args[i], making->planner->context->catalog))
            expr->args[i] = hand_in(making, expr->args[i], 0);
    return expr;
}

/* What the query outside computes after its rows are read: all of these at once, for what they are made of is not to be handed in. */
static Expr *hand_in_computed(Expr *expr, int level, void *arg)
{
    bool of_outside = expr->kind == EXPR_AGG ? expr->u.agg.levels_up == level
                                             : level == 0 && (expr->kind == EXPR_GROUPING || expr->kind == EXPR_WINDOW ||
                                                              (expr->kind == EXPR_FUNC && expr->u.func.returns_set));
    return of_outside ? hand_in(arg, expr, level) : expr;
}

static Expr *hand_in_keys(Expr *expr, int level, void *arg)
{
    const Making *making = arg;
    const Query *outside = making->outside;
    if (expr->kind == EXPR_VAR || expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM)
        return expr;
    for (int i = 0; i < outside->ngroup; i++) {
        const Expr *key = outside->targets[outside->group[i]].expr;
        if (key->kind != expr->kind || key->type != expr->type)
            continue;
        Expr *own = expr_copy(expr, making->planner->arena);
        expr_shift_levels(own, -level);
        if (expr_equal(own, key))
            return hand_in(arg, expr, level);
    }
    return expr;
}

static Expr *hand_in_columns(Expr *expr, int level, void *arg)
{
    Making *making = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level || expr->u.var.rte >= OWN)
        return expr;
    if (expr->u.var.rte != making->entry)
        return hand_in(making, expr, level);
    expr->u.var.rte = OWN;
    return expr;
}

/* The statement's own parameters; last, for they are numbered as long as the others are not. */
static Expr *hand_in_params(Expr *expr, int level, void *arg)
{
    return expr->kind == EXPR_PARAM && expr->u.param < OWN ? hand_in(arg, expr, level) : expr;
}

static Expr *settle(Expr *expr, int level, void *arg)
{
    (void)level;
    (void)arg;
    if (expr->kind == EXPR_VAR && expr->u.var.rte >= OWN)
        expr->u.var.rte -= OWN;
    if (expr->kind == EXPR_PARAM)
        expr->u.param -= OWN;
    return expr;
}

static bool has_own_params(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_PARAM && expr->u.param >= OWN) || expr_walk(expr, has_own_params, arg);
}

/* An argument that has a parameter of the subplan in it is none of the query outside. */
static bool hand_in_all(Making *making, Query *subplan)
{
    static Expr *(*const STEPS[])(Expr *, int, void *) = {hand_in_compared, hand_in_computed, hand_in_keys, hand_in_columns,
                                                          hand_in_params};
    for (size_t i = 0; i < COUNT_OF(STEPS); i++)
        query_map_exprs(subplan, true, STEPS[i], making);
    for (size_t i = 0; i < making->args.count; i++)
        making->refused |= has_own_params(making->args.items[i], NULL);
    query_map_exprs(subplan, true, settle, NULL);
    return !making->refused;
}

/* ---- items of WITH ---- */

typedef struct WithWalk {
    int level, most; /* the furthest query around, from 1: the one outside; 0: none is read */
    bool of_itself;
} WithWalk;

static bool walk_with(const Query *query, void *arg)
{
    WithWalk *walk = arg;
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        int up = rte->kind == RTE_CTE ? rte->cte_levels_up - walk->level + 1 : 0;
        walk->most = up > walk->most ? up : walk->most;
        walk->of_itself |= up > 0 && rte->cte_self;
    }
    walk->level++;
    query_walk_queries(query, walk_with, walk);
    walk->level--;
    return false;
}

typedef struct Reader {
    bool *read;
    int level;
} Reader;

/* Which items of the query `level` queries around are read. */
static bool mark_read(const Query *query, void *arg)
{
    Reader *reader = arg;
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        if (rte->kind == RTE_CTE && rte->cte_levels_up == reader->level)
            reader->read[rte->cte] = true;
    }
    reader->level++;
    query_walk_queries(query, mark_read, reader);
    reader->level--;
    return false;
}

/* Of the query's own items, those that it reads, and what these read. */
static bool *items_read(Planner *planner, const Query *query)
{
    Query body = *query;
    body.nctes = 0;
    Reader reader = {.read = ARENA_ARRAY(planner->arena, bool, query->nctes + 1)};
    bool *looked_at = ARENA_ARRAY(planner->arena, bool, query->nctes + 1);
    mark_read(&body, &reader);
    reader.level = 1;
    for (int i = 0; i < query->nctes; i++) {
        if (!reader.read[i] || looked_at[i])
            continue;
        looked_at[i] = true;
        mark_read(query->ctes[i].query, &reader);
        i = -1; /* one before it may be read by it */
    }
    return reader.read;
}

/* Gives the query a copy of the items of the query around; false: one of those it reads cannot be read again for each row. */
static bool copy_with(Planner *planner, Query *query, const Query *around)
{
    Query items = {.kind = QUERY_SELECT, .result_rte = -1, .arena = planner->arena, .ctes = around->ctes, .nctes = around->nctes};
    const Query *copy = query_copy(&items, planner->arena);
    query->ctes = copy->ctes;
    query->nctes = copy->nctes;
    query->with_recursive = around->with_recursive;
    const bool *read = items_read(planner, query);
    for (int i = 0; i < query->nctes; i++) {
        Cte *cte = &query->ctes[i];
        if (!read[i])
            cte->references = 0;
        else if (cte->query->kind != QUERY_SELECT || cte->query->has_writes || query_is_volatile(cte->query, planner->context->catalog))
            return false;
    }
    return true;
}

/* ---- one subplan ---- */

/* The call of the subplan, which is written as if it stood in the query outside; NULL: it cannot be one. */
static Expr *make_call(const Conversion *conversion, Query *subplan, int entry)
{
    Planner *planner = conversion->planner;
    Making making = {.planner = planner, .outside = conversion->around->query, .entry = entry};
    WithWalk with = {0};
    walk_with(subplan, &with);
    if (with.of_itself || !hand_in_all(&making, subplan))
        return NULL;
    const Around *around = conversion->around;
    for (int i = 0; i < with.most; i++, around = around->outer) {
        Rte rows = {0};
        unite_columns(planner->arena, &rows, subplan);
        if (i)
            subplan = query_around(planner->arena, subplan, rows.columns, rows.ncolumns, 0);
        if (!around || !copy_with(planner, subplan, around->query))
            return NULL;
    }
    subplan->as_of = planner->context->as_of;
    Expr *call = ARENA_NEW(planner->arena, Expr);
    *call = (Expr){.kind = EXPR_SUBPLAN, .type = TYPE_RECORD, .typmod = -1, .location = -1, .args = making.args.items};
    call->nargs = (int)making.args.count;
    call->u.subplan.query = subplan;
    call->u.subplan.is_volatile = query_is_volatile(subplan, planner->context->catalog);
    return call;
}

Expr *subplan_call(Planner *planner, Query *outside, Query *subplan)
{
    const Around around = {NULL, outside};
    return make_call(&(Conversion){.planner = planner, .around = &around}, subplan, -1);
}

/* ---- subqueries of expressions ---- */

/* A subquery about a row outside. */
static bool is_chosen(const Conversion *conversion, const Query *query)
{
    return conversion->choice >= SUBPLANS_OUTWARD || (conversion->choice == SUBPLANS_GUARDED && has_sublink_in_join(query, NULL));
}

static bool is_among(const ExprList *list, const Expr *expr)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == expr)
            return true;
    return false;
}

/* Subqueries that are subplans whatever they refer to, and whether or not the engine could take them apart. */
static bool is_always_converted(const Conversion *conversion, const Expr *sublink)
{
    return is_among(&conversion->guarded, sublink) || is_among(&conversion->initplans, sublink) ||
           compares_volatile(sublink, conversion->planner->context->catalog);
}

static Expr *convert_initplan(Expr *expr, int level, void *arg);

/* A query about a row outside, which the engine takes apart: what is in it about nothing outside and may fail is no part of it
 * (initplan.c). */
static bool convert_inside(const Query *query, void *arg)
{
    const Conversion *outer = arg;
    const Around around = {outer->around, (Query *)(uintptr_t)query}; /* the planner's own copy */
    Conversion conversion = {outer->planner, outer->choice, &around, {0}, {0}};
    if (outer->choice == SUBPLANS_VOLATILE)
        return false;
    initplan_find(outer->planner, query, &conversion.initplans);
    if (conversion.initplans.count)
        query_map_exprs(around.query, false, convert_initplan, &conversion);
    return query_walk_queries(query, convert_inside, &conversion);
}

/* Items of WITH that only the initplan reads, which has them as its own now (initplan.c). */
static void leave_items(const Conversion *conversion, const Expr *call)
{
    Query *around = conversion->around->query;
    const Query *subplan = call->u.subplan.query;
    for (int i = 0; i < subplan->nctes && i < around->nctes; i++)
        if (subplan->ctes[i].references)
            around->ctes[i].references = 0;
    plan_empty_unused(around, conversion->planner->arena);
}

static Expr *convert_sublink(Expr *expr, int level, void *arg)
{
    const Conversion *conversion = arg;
    Planner *planner = conversion->planner;
    (void)level;
    if (expr->kind != EXPR_SUBLINK)
        return expr;
    bool always = is_always_converted(conversion, expr);
    if (!always && conversion->choice != SUBPLANS_ALL && !refs_outer_rows(expr->u.sublink.query)) {
        convert_query(planner, conversion->choice, expr->u.sublink.query, conversion->around);
        return expr;
    }
    if (!always && !is_chosen(conversion, expr->u.sublink.query) && !query_is_volatile(expr->u.sublink.query, planner->context->catalog)) {
        convert_inside(expr->u.sublink.query, arg);
        return expr;
    }
    Query *subplan = ARENA_NEW(planner->arena, Query);
    *subplan = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = planner->arena, .ntargets = 1, .has_sublinks = true};
    subplan->targets = ARENA_NEW(planner->arena, Target);
    subplan->targets[0] = (Target){.expr = expr_copy(expr, planner->arena), .name = "subplan"};
    Expr *call = expr->type == TYPE_RECORD ? NULL : make_call(conversion, subplan, -1);
    if (!call)
        return expr;
    call->type = expr->type;
    call->typmod = expr->typmod;
    call->collation = expr->collation;
    if (is_among(&conversion->initplans, expr))
        leave_items(conversion, call);
    return call;
}

static Expr *convert_initplan(Expr *expr, int level, void *arg)
{
    const Conversion *conversion = arg;
    return is_among(&conversion->initplans, expr) ? convert_sublink(expr, level, arg) : expr;
}

/* ---- LATERAL subqueries, and functions ---- */

/* Parameters that the subplan does not use. */
static void add_args(Arena *arena, Expr *call, const ExprList *more)
{
    Expr **args = ARENA_ARRAY(arena, Expr *, (size_t)call->nargs + more->count + 1);
    memcpy(args, call->args, sizeof(Expr *) * (size_t)call->nargs);
    for (size_t i = 0; i < more->count; i++)
        args[call->nargs++] = more->items[i];
    call->args = args;
}

/* The LEFT JOIN whose right side the entry is. */
static FromItem *left_join_of(FromItem *item, int entry)
{
    if (item->kind != FROM_JOIN)
        return NULL;
    if (item->join == JOIN_LEFT && item->right->kind == FROM_RTE && item->right->rte == entry)
        return item;
    FromItem *found = left_join_of(item->left, entry);
    return found ? found : left_join_of(item->right, entry);
}

/* A function as a query of its own, as a subquery in its place would be. */
static Query *query_of_function(Arena *arena, const Rte *rte)
{
    Query *query = query_around(arena, NULL, rte->columns, rte->ncolumns, 0);
    *query->rtes[0] = *rte;
    query = query_copy(query, arena);
    for (int i = 0; i < rte->nfunctions; i++)
        expr_shift_levels(query->rtes[0]->functions[i], 1);
    return query;
}

/* A subquery that what stood in the query has been moved to. */
static void convert_joined(const Conversion *conversion, Query *joined)
{
    const Around around = {conversion->around, joined};
    Conversion inside = *conversion;
    inside.around = &around;
    if (joined)
        query_map_exprs(joined, false, convert_sublink, &inside);
}

static void convert_lateral(const Conversion *conversion, Query *query, int entry, bool is_volatile)
{
    Planner *planner = conversion->planner;
    Rte *rte = query->rtes[entry];
    FromItem *join = NULL;
    ExprList numbers = {0};
    if (is_volatile)
        convert_joined(conversion, subplan_number_rows(planner, query, entry, &numbers));
    for (int i = 0; i < query->nfrom && !join; i++)
        join = left_join_of(query->from[i], entry);
    Query *inner = rte->query ? query_copy(rte->query, planner->arena) : query_of_function(planner->arena, rte);
    Query *subplan = query_around(planner->arena, inner, rte->columns, rte->ncolumns, OWN);
    subplan->where = join ? expr_copy(join->on, planner->arena) : NULL;
    Expr *call = make_call(conversion, subplan, entry);
    if (!call)
        return;
    add_args(planner->arena, call, &numbers);
    if (join && join->on)
        join->on = expr_const(planner->arena, TYPE_BOOL, -1, "t");
    rte->kind = RTE_FUNCTION;
    rte->query = NULL;
    rte->relation = NULL;
    rte->with_ordinality = false;
    rte->function_columns = NULL;
    rte->function_defined = NULL;
    rte->functions = ARENA_NEW(planner->arena, Expr *);
    rte->functions[0] = call;
    rte->nfunctions = 1;
}

static bool is_volatile_entry(const Conversion *conversion, const Query *query, int entry)
{
    const Rte *rte = query->rtes[entry];
    Catalog *catalog = conversion->planner->context->catalog;
    bool is_volatile = rte->query && query_is_volatile(rte->query, catalog);
    for (int i = 0; i < rte->ncolumns; i++)
        if (rte->columns[i].dropped)
            return false;
    for (int i = 0; rte->kind == RTE_FUNCTION && i < rte->nfunctions; i++)
        is_volatile |= expr_is_volatile(rte->functions[i], catalog);
    return is_volatile && subplan_reads_rows(query, entry, conversion->planner->arena);
}

/* ---- a query, and those in it that are about nothing outside ---- */

static bool find_guarded(const FromItem *item, void *arg)
{
    Conversion *conversion = arg;
    guard_find_in_join(conversion->planner, item->on, &conversion->guarded);
    return false;
}

static void convert_query(Planner *planner, SubplanChoice choice, Query *query, const Around *outer)
{
    const Around around = {outer, query};
    Conversion conversion = {planner, choice, &around, {0}, {0}};
    for (int i = 0; i < query->nfrom && choice != SUBPLANS_VOLATILE; i++)
        any_outside(query->from[i], false, find_guarded, &conversion);
    if (choice != SUBPLANS_VOLATILE)
        initplan_find(planner, query, &conversion.initplans);
    subplan_push_conditions(planner, query);
    for (int i = 0; i < query->nctes; i++)
        convert_query(planner, choice, query->ctes[i].query, &around);
    for (int i = 0; i < query->nrtes; i++) {
        Rte *rte = query->rtes[i];
        if (rte->query && !refs_outer_rows(rte->query))
            convert_query(planner, choice, rte->query, &around);
        else if (is_volatile_entry(&conversion, query, i))
            convert_lateral(&conversion, query, i, true);
        else if (rte->query && is_chosen(&conversion, rte->query))
            convert_lateral(&conversion, query, i, false);
        else if (rte->query)
            convert_inside(rte->query, &conversion);
    }
    if (query->left) {
        convert_query(planner, choice, query->left, &around);
        convert_query(planner, choice, query->right, &around);
    }
    query_map_exprs(query, false, convert_sublink, &conversion);
}

void subplan_make(Planner *planner, Query *query, SubplanChoice choice)
{
    Catalog *catalog = planner->context->catalog;
    if (choice == SUBPLANS_VOLATILE && !query_is_volatile(query, catalog))
        return;
    if (choice != SUBPLANS_VOLATILE)
        initplan_ask(planner, query);
    if (choice != SUBPLANS_VOLATILE || subplan_is_wanted(query) || has_lateral_function(query, planner->arena) ||
        has_compared_volatile(query, catalog))
        convert_query(planner, choice, query, NULL);
}
