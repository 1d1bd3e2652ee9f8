/*
 * guard.c - subqueries that may fail, in what CASE, COALESCE, AND and OR may leave out. The local engine computes subqueries for all rows;
 * PostgreSQL never runs one that is left out, so that it cannot fail there.
 *
 * The rows of the query become a subquery, with one more column for each such sublink: whether it is reached (its guard). All clauses of
 * the sublink are held to that column: in WHERE, so that it sees no rows where it is left out; and conditions, groups and functions that
 * may fail before WHERE has chosen, or though it chose nothing, are put inside CASE.
 *
 *   CASE WHEN a > 0 THEN (SELECT x / a FROM u) END     SELECT CASE WHEN a > 0 THEN (SELECT x / a FROM u WHERE r.reached) END
 *                                                      FROM (SELECT a, a > 0 AS reached FROM ...) AS r
 *
 * A condition that has subqueries itself, or is volatile, is computed once: it becomes a column, too, of a subquery over the one that holds
 * its subqueries to their guards. So a chain of arms becomes a chain of subqueries, and no text is written twice.
 *
 *   (SELECT 1 / a) > 0 OR (SELECT 2 / b) > 0           SELECT chosen OR (SELECT 2 / b WHERE r.reached) > 0
 *                                                      FROM (SELECT b, chosen, chosen IS NOT TRUE AS reached
 *                                                            FROM (SELECT b, (SELECT 1 / a) > 0 AS chosen FROM ...) AS q) AS r
 *
 * Invariants:
 *  1. Where a guard is true nothing changes; where it is not, nobody looks at what the sublink gives.
 *  2. A guard is made of columns that the rows have when it is made: none of its own subquery's.
 *  3. WHERE has chosen before guards of what is computed of the chosen rows are made.
 *  4. The terms of an AND that is a whole WHERE or HAVING guard nothing: rows are chosen in an order of the engine's (and of PostgreSQL's)
 *     own.
 * Threads: the session's own.
 */
#include "plan/internal.h"

/* What has to be so for a place to be reached, the outermost last. */
typedef struct Guard {
    const struct Guard *outer;
    Expr **condition; /* where it stands */
    Expr *arms;       /* the CASE that it stands in; NULL: none */
    ExprKind kind;    /* EXPR_IS_NULL or EXPR_BOOL_TEST */
    BoolTest test;
} Guard;

typedef struct Found {
    Expr *sublink;
    const Guard *guard;
} Found;

typedef struct Search {
    Planner *planner;
    int aggregates;   /* around the place that is looked at */
    bool of_groups;   /* one was found that is computed of groups */
    bool of_rows;     /* what is looked at is computed of rows, or groups, that have been chosen */
    bool all;         /* also those whose guards cannot be computed among the rows */
    VEC(Found) found; /* a sublink after those of its guards */
} Search;

/* ---- what may fail ---- */

static bool query_fails(const Query *query, void *arg);

/* Aggregates, and window functions. */
static bool aggregate_fails(const Expr *agg, Catalog *catalog)
{
    static const char *const SAFE[] = {"count",   "min",    "max",        "sum",  "avg",        "bool_and", "bool_or", "every",
                                       "bit_and", "bit_or", "row_number", "rank", "dense_rank", "lag",      "lead"};
    static const Oid OVERFLOWS[] = {TYPE_FLOAT4, TYPE_FLOAT8, TYPE_INTERVAL, TYPE_MONEY};
    const CatProc *proc = agg->oid < 16384 ? catalog_proc(catalog, agg->oid) : NULL;
    bool safe = false, extreme = proc && proc->name[0] == 'm';
    for (size_t i = 0; proc && i < COUNT_OF(SAFE); i++)
        safe |= str_eq(proc->name, SAFE[i]);
    for (size_t i = 0; i < COUNT_OF(OVERFLOWS); i++)
        safe &= extreme || agg->type != OVERFLOWS[i];
    return !safe;
}

/* One row at most: of an aggregate without groups, of nothing, or limited to one. */
static bool is_single(const Query *query)
{
    const Expr *limit = query->limit;
    if (limit && limit->kind == EXPR_CONST && limit->u.value && !query->with_ties &&
        (str_eq(limit->u.value, "1") || str_eq(limit->u.value, "0")))
        return true;
    bool one_group = query->has_aggs && !query->ngroup && !query->grouping_sets;
    return !query->set_op && !query->has_set_functions && (one_group || !query->nfrom);
}

static bool compared_fails(const Expr *sublink, Catalog *catalog)
{
    bool fails = false;
    for (int i = 0; i < sublink->nargs; i++)
        fails |= expr_can_fail(sublink->args[i], catalog);
    return fails;
}

static bool sublink_fails(const Expr *sublink, Catalog *catalog)
{
    bool has_more = sublink->u.sublink.kind == SUBLINK_SCALAR && !is_single(sublink->u.sublink.query);
    return has_more || compared_fails(sublink, catalog) || query_fails(sublink->u.sublink.query, catalog);
}

static bool fails(const Expr *expr, void *arg);

/* What is computed before the expression that it stands in. */
static bool computed_fails(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW)
        return aggregate_fails(expr, arg) || expr_walk(expr, fails, arg);
    return (expr->kind == EXPR_SUBLINK && sublink_fails(expr, arg)) || expr_walk(expr, computed_fails, arg);
}

static bool fails(const Expr *expr, void *arg)
{
    return expr_can_fail(expr, arg) || computed_fails(expr, arg);
}

static bool query_fails(const Query *query, void *arg)
{
    return query_walk_clauses(query, fails, arg) || query_walk_queries(query, query_fails, arg);
}

bool guard_query_fails(const Planner *planner, const Query *query)
{
    return query_fails(query, planner->context->catalog);
}

bool guard_sublink_fails(const Planner *planner, const Expr *sublink)
{
    return sublink_fails(sublink, planner->context->catalog);
}

/* ---- which are reached on conditions ---- */

static Expr *test_of(Arena *arena, const Guard *guard)
{
    Expr *test = ARENA_NEW(arena, Expr);
    *test = (Expr){.kind = guard->kind, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 1};
    test->args = ARENA_NEW(arena, Expr *);
    test->args[0] = expr_copy(*guard->condition, arena);
    if (guard->kind == EXPR_BOOL_TEST)
        test->u.bool_test = guard->test;
    return test;
}

static Expr *guard_expr(Arena *arena, const Guard *guard)
{
    ExprList reversed = {0}, tests = {0};
    for (const Guard *at = guard; at; at = at->outer)
        vec_push(arena, &reversed, test_of(arena, at));
    for (size_t i = reversed.count; i > 0; i--)
        vec_push(arena, &tests, reversed.items[i - 1]);
    return refs_make_and(arena, tests.items, tests.count);
}

/* Not to be computed among the rows. */
static bool is_no_column(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_WINDOW || (expr->kind == EXPR_FUNC && expr->u.func.returns_set) || expr_walk(expr, is_no_column, arg);
}

/* A CASE x WHEN has x once for all of its conditions. */
static bool can_guard(const Guard *guard, Catalog *catalog)
{
    bool can = true;
    for (; guard && can; guard = guard->outer)
        can = !is_no_column(*guard->condition, NULL) &&
              !(guard->arms && guard->arms->u.is_simple && expr_is_volatile(*guard->condition, catalog));
    return can;
}

static const Guard *guarded(Search *search, const Guard *outer, Expr **condition, BoolTest test)
{
    Guard *guard = ARENA_NEW(search->planner->arena, Guard);
    *guard = (Guard){.outer = outer, .condition = condition, .kind = EXPR_BOOL_TEST, .test = test};
    return guard;
}

static const Guard *guarded_arm(Search *search, const Guard *outer, Expr *arms, int arm, BoolTest test)
{
    Guard *guard = ARENA_NEW(search->planner->arena, Guard);
    *guard = (Guard){.outer = outer, .condition = &arms->args[arm], .arms = arms, .kind = EXPR_BOOL_TEST, .test = test};
    return guard;
}

static void find(Search *search, Expr *expr, const Guard *guard);

static void find_in_case(Search *search, Expr *expr, const Guard *guard)
{
    for (int i = 0; i + 1 < expr->nargs; i += 2) {
        find(search, expr->args[i], guard);
        find(search, expr->args[i + 1], guarded_arm(search, guard, expr, i, TEST_IS_TRUE));
        guard = guarded_arm(search, guard, expr, i, TEST_IS_NOT_TRUE);
    }
    find(search, expr->args[expr->nargs - 1], guard);
}

static void find_in_terms(Search *search, Expr *expr, const Guard *guard)
{
    BoolTest test = expr->kind == EXPR_AND ? TEST_IS_NOT_FALSE : TEST_IS_NOT_TRUE;
    for (int i = 0; i < expr->nargs; i++) {
        find(search, expr->args[i], guard);
        Guard *next = ARENA_NEW(search->planner->arena, Guard);
        *next = (Guard){.outer = guard, .condition = &expr->args[i], .kind = EXPR_IS_NULL};
        guard = expr->kind == EXPR_COALESCE ? next : guarded(search, guard, &expr->args[i], test);
    }
}

/* What compares with rows about nothing outside sees none where the query has none. */
static const Guard *any_row(Search *search)
{
    Expr **condition = ARENA_NEW(search->planner->arena, Expr *);
    *condition = expr_const(search->planner->arena, TYPE_BOOL, -1, "t");
    return guarded(search, NULL, condition, TEST_IS_TRUE);
}

static void find_sublink(Search *search, Expr *expr, const Guard *guard)
{
    Catalog *catalog = search->planner->context->catalog;
    if (!guard && search->of_rows && expr->nargs && !refs_outer_rows(expr->u.sublink.query))
        guard = any_row(search);
    bool wanted = guard && !expr->u.sublink.is_held && sublink_fails(expr, catalog) && (search->all || can_guard(guard, catalog));
    if (!wanted)
        return;
    search->of_groups |= !search->aggregates;
    vec_push(search->planner->arena, &search->found, ((Found){expr, guard}));
}

/* What aggregates are given is reached where their filters say so, wherever they stand. */
static void find_in_aggregate(Search *search, Expr *expr)
{
    Expr **filter = expr->kind == EXPR_AGG ? &expr->u.agg.filter : &expr->u.window.filter;
    const Guard *guard = *filter ? guarded(search, NULL, filter, TEST_IS_TRUE) : NULL;
    search->aggregates += expr->kind == EXPR_AGG;
    for (int i = 0; i < expr->nargs; i++)
        find(search, expr->args[i], guard);
    if (*filter)
        find(search, *filter, NULL);
    search->aggregates -= expr->kind == EXPR_AGG;
}

static void find(Search *search, Expr *expr, const Guard *guard)
{
    switch ((int)expr->kind) {
    case EXPR_CASE:
        find_in_case(search, expr, guard);
        return;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_COALESCE:
        find_in_terms(search, expr, guard);
        return;
    case EXPR_AGG:
    case EXPR_WINDOW:
        find_in_aggregate(search, expr);
        return;
    case EXPR_SUBLINK:
        find_sublink(search, expr, guard);
        break;
    default:
        break;
    }
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i])
            find(search, expr->args[i], guard);
}

void guard_find_in_join(Planner *planner, Expr *on, ExprList *out)
{
    Search search = {.planner = planner, .all = true};
    ExprList terms = {0};
    refs_split_and(planner->arena, on, &terms);
    for (size_t i = 0; i < terms.count; i++)
        find(&search, terms.items[i], NULL);
    for (size_t i = 0; i < search.found.count; i++)
        vec_push(planner->arena, out, search.found.items[i].sublink);
}

/* ---- holding a sublink to its guard ---- */

typedef struct Holding {
    Planner *planner;
    const Expr *reached; /* the guard's column */
    int level;           /* how far outside it is */
} Holding;

static Expr *reached_here(const Holding *holding)
{
    Expr *var = expr_copy(holding->reached, holding->planner->arena);
    var->u.var.levels_up = holding->level;
    return var;
}

static bool has_compared(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_SUBLINK && compared_fails(expr, arg)) || expr_walk(expr, has_compared, arg);
}

/* CASE WHEN reached THEN expr END */
static Expr *where_reached(Arena *arena, Expr *reached, Expr *expr)
{
    Expr *own = ARENA_NEW(arena, Expr);
    *own = (Expr){.kind = EXPR_CASE, .type = expr->type, .typmod = expr->typmod, .collation = expr->collation, .location = -1, .nargs = 3};
    own->args = ARENA_ARRAY(arena, Expr *, own->nargs);
    own->args[0] = reached;
    own->args[1] = expr;
    own->args[2] = expr_const(arena, expr->type, expr->typmod, NULL);
    return own;
}

/* Sublinks are held by themselves. */
static Expr *held(const Holding *holding, Expr *expr)
{
    Catalog *catalog = holding->planner->context->catalog;
    bool wanted = expr_can_fail(expr, catalog) || has_compared(expr, catalog);
    return wanted ? where_reached(holding->planner->arena, reached_here(holding), expr) : expr;
}

static void hold_terms(const Holding *holding, Expr **condition)
{
    Arena *arena = holding->planner->arena;
    ExprList terms = {0};
    refs_split_and(arena, *condition, &terms);
    for (size_t i = 0; i < terms.count; i++)
        terms.items[i] = held(holding, terms.items[i]);
    *condition = refs_make_and(arena, terms.items, terms.count);
}

static void hold_joins(const Holding *holding, FromItem *item)
{
    if (item->kind == FROM_RTE)
        return;
    hold_joins(holding, item->left);
    hold_joins(holding, item->right);
    if (item->on)
        hold_terms(holding, &item->on);
}

static void hold_entry(const Holding *holding, Rte *rte)
{
    for (int i = 0; i < rte->nfunctions; i++)
        for (int k = 0; k < rte->functions[i]->nargs && expr_can_fail(rte->functions[i], holding->planner->context->catalog); k++)
            rte->functions[i]->args[k] = held(holding, rte->functions[i]->args[k]);
    for (int row = 0; row < rte->nrows; row++)
        for (int k = 0; k < rte->ncolumns; k++)
            rte->rows[row][k] = held(holding, rte->rows[row][k]);
}

static bool hold_query(const Query *constant, void *arg)
{
    Holding *holding = arg;
    Arena *arena = holding->planner->arena;
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    bool one_group = query->has_aggs && !query->ngroup && !query->grouping_sets;
    if (!query_fails(query, holding->planner->context->catalog) && holding->level > 1)
        return false;
    holding->level++;
    query_walk_queries(query, hold_query, holding);
    holding->level--;
    if (query->set_op)
        return false;
    for (int i = 0; i < query->nfrom; i++)
        hold_joins(holding, query->from[i]);
    for (int i = 0; i < query->nrtes; i++)
        hold_entry(holding, query->rtes[i]);
    for (int i = 0; i < query->ntargets && one_group; i++)
        query->targets[i].expr = held(holding, query->targets[i].expr);
    if (query->having)
        hold_terms(holding, &query->having);
    ExprList terms = {0};
    vec_push(arena, &terms, reached_here(holding));
    if (query->where)
        hold_terms(holding, &query->where);
    refs_split_and(arena, query->where, &terms);
    query->where = refs_make_and(arena, terms.items, terms.count);
    return false;
}

static void hold_sublink(Stage *stage, const Found *found)
{
    Expr *sublink = found->sublink;
    Holding holding = {.planner = stage->planner, .reached = stage_take(stage, guard_expr(stage->planner->arena, found->guard))};
    for (int i = 0; i < sublink->nargs; i++)
        sublink->args[i] = held(&holding, sublink->args[i]);
    holding.level = 1;
    hold_query(sublink->u.sublink.query, &holding);
    sublink->u.sublink.is_held = true;
}

/* ---- conditions that become columns ---- */

static bool has_query(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_SUBLINK || expr->kind == EXPR_SUBPLAN || expr_walk(expr, has_query, arg);
}

/* Not to be written twice, or a column of the subquery that is being made. */
static bool is_late(const Expr *condition, Catalog *catalog)
{
    return has_query(condition, NULL) || expr_is_volatile(condition, catalog) || stage_is_taken(condition);
}

/* Of the guard's conditions the first one to be computed that is not a column yet; NULL: all are, or need not be. */
static const Guard *late_condition(const Guard *guard, Catalog *catalog)
{
    const Guard *late = NULL;
    for (; guard; guard = guard->outer)
        if (is_late(*guard->condition, catalog))
            late = guard;
    return late;
}

/* Has one of them in it, held or not: what is held here can be computed over the subquery that is being made, not in it. */
static bool is_found(const Expr *expr, void *arg)
{
    const Search *search = arg;
    for (size_t i = 0; i < search->found.count; i++)
        if (search->found.items[i].sublink == expr)
            return true;
    return expr_walk(expr, is_found, arg);
}

static void take_condition(Stage *stage, const Guard *guard)
{
    Arena *arena = stage->planner->arena;
    Expr *own = guard->outer ? where_reached(arena, guard_expr(arena, guard->outer), *guard->condition) : *guard->condition;
    *guard->condition = stage_take(stage, own);
    if (guard->arms)
        guard->arms->u.is_simple = false;
}

/* Of what was found, what can be done over the rows as they are: sublinks whose guards are columns, and conditions that become columns. */
static void hold_found(Stage *stage, Search *search)
{
    for (size_t i = 0; i < search->found.count; i++) {
        const Found *found = &search->found.items[i];
        const Guard *late = late_condition(found->guard, stage->planner->context->catalog);
        if (!late)
            hold_sublink(stage, found);
        else if (!is_found(*late->condition, search) && !stage_is_taken(*late->condition))
            take_condition(stage, late);
    }
}

/* ---- a query ---- */

/* Held to a guard, a condition of a subquery is none that its source can be asked for. */
static bool asks_sources(const Query *query, void *arg)
{
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        if (rte->kind == RTE_RELATION && (rte->relation->server || rte->relation->is_system || inherit_is_tree(rte)))
            return true;
    }
    return query_walk_queries(query, asks_sources, arg);
}

/* outside: gets the terms of WHERE with such sublinks; inside: the others. */
static void search_where(Search *search, const Query *query, ExprList *inside, ExprList *outside)
{
    Arena *arena = search->planner->arena;
    ExprList terms = {0};
    bool of_rows = query->where && query->nfrom > 0 && !asks_sources(query, NULL);
    refs_split_and(arena, query->where, &terms);
    for (size_t i = 0; i < terms.count; i++) {
        size_t before = search->found.count;
        bool may_join = terms.items[i]->kind == EXPR_SUBLINK && terms.items[i]->u.sublink.kind == SUBLINK_ANY;
        search->of_rows = of_rows && !may_join; /* PostgreSQL may run first what it joins */
        find(search, terms.items[i], NULL);
        if (search->found.count > before)
            vec_push(arena, outside, terms.items[i]);
        else
            vec_push(arena, inside, terms.items[i]);
    }
    search->of_rows = search->of_groups = false;
}

/* What is computed of the rows, or groups, that WHERE has chosen. */
static void search_chosen(Search *search, const Query *query)
{
    bool is_grouped = query->has_aggs || query->ngroup || query->grouping_sets || query->having;
    ExprList groups = {0};
    search->of_rows = query->nfrom > 0;
    refs_split_and(search->planner->arena, query->having, &groups);
    for (size_t i = 0; i < groups.count; i++)
        find(search, groups.items[i], NULL);
    for (int i = 0; i < query->ntargets; i++)
        find(search, query->targets[i].expr, NULL);
    for (int i = 0; i < query->nwindows; i++) {
        const Window *window = &query->windows[i];
        for (int k = 0; k < window->npartition; k++)
            find(search, window->partition[k], NULL);
        for (int k = 0; k < window->norder; k++)
            find(search, window->order[k], NULL);
    }
    search->of_groups &= is_grouped;
}

static void search_query(Search *search, const Query *query, ExprList *inside, ExprList *outside)
{
    search_where(search, query, inside, outside);
    if (!search->found.count)
        search_chosen(search, query);
}

/* Of joins all of whose rows the query has, the terms with such sublinks are as well terms of WHERE. */
static bool lift_terms(Planner *planner, Query *query, FromItem *item, bool only_ask)
{
    if (item->kind == FROM_RTE || item->join == JOIN_RIGHT || item->join == JOIN_FULL)
        return false;
    bool found = lift_terms(planner, query, item->left, only_ask);
    if (item->join == JOIN_LEFT)
        return found;
    found |= lift_terms(planner, query, item->right, only_ask);
    ExprList terms = {0}, kept = {0}, all = {0};
    refs_split_and(planner->arena, item->on, &terms);
    refs_split_and(planner->arena, query->where, &all);
    for (size_t i = 0; i < terms.count; i++) {
        Search search = {.planner = planner};
        find(&search, terms.items[i], NULL);
        found |= search.found.count > 0;
        if (search.found.count)
            vec_push(planner->arena, &all, terms.items[i]);
        else
            vec_push(planner->arena, &kept, terms.items[i]);
    }
    if (only_ask || kept.count == terms.count)
        return found;
    item->on = refs_make_and(planner->arena, kept.items, kept.count);
    query->where = refs_make_and(planner->arena, all.items, all.count);
    return true;
}

static bool lift_from_joins(Planner *planner, Query *query, bool only_ask)
{
    bool found = false;
    for (int i = 0; i < query->nfrom; i++)
        found |= lift_terms(planner, query, query->from[i], only_ask);
    return found;
}

static bool is_wanted(const Query *constant, void *arg)
{
    Search search = {.planner = arg};
    ExprList inside = {0}, outside = {0};
    Query *query = (Query *)(uintptr_t)constant; /* which is only asked */
    if (query->kind == QUERY_SELECT && !query->set_op)
        search_query(&search, query, &inside, &outside);
    return search.found.count || lift_from_joins(arg, query, true) || query_walk_queries(query, is_wanted, arg);
}

/* One subquery of the chain. false: nothing is left to be guarded. */
static bool guard_step(Planner *planner, Query *query)
{
    Search search = {.planner = planner};
    ExprList inside = {0}, outside = {0};
    search_query(&search, query, &inside, &outside);
    if (!search.found.count)
        return false;
    if (search.of_groups) {
        stages_divide_groups(planner, query);
        return true;
    }
    Stage stage = {.planner = planner, .query = query};
    query->where = refs_make_and(planner->arena, inside.items, inside.count);
    stage_move_rows(&stage);
    query->where = refs_make_and(planner->arena, outside.items, outside.count);
    hold_found(&stage, &search);
    stage_finish(&stage);
    return true;
}

static void guard_query(Planner *planner, Query *query)
{
    if (query->kind != QUERY_SELECT || query->set_op || query->for_update)
        return;
    lift_from_joins(planner, query, false);
    while (guard_step(planner, query))
        ;
}

static bool guard_within(const Query *constant, void *arg)
{
    Planner *planner = arg;
    Owner owner;
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    if (!is_wanted(query, planner) || !source_owner(planner, query, &owner))
        return false;
    if (owner.kind == OWNER_ONE && owner.source->dialect && source_can_say_query(planner, owner.source, query, NULL))
        return false; /* its source leaves out what PostgreSQL does */
    guard_query(planner, query);
    return query_walk_queries(query, guard_within, planner);
}

void guard_arms(Planner *planner, Query *query)
{
    guard_within(query, planner);
}
