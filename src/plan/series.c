/*
 * series.c - a series in the select list of a query without FROM is one in its FROM, where it is made as far as it is asked for: a list of
 * the engine's would have to end, and to fit in memory.
 *
 *   SELECT generate_series(1, 1000000000000) * 2 LIMIT 3     SELECT s.generate_series * 2 FROM generate_series(1, 1000000000000) s LIMIT 3
 *
 * Invariants:
 *  1. It is the only call that returns a set, and its arguments are constants: then each of its rows is one of the query's.
 *  2. Sets of which a strict function with a NULL would make NULL are none, as PostgreSQL has it: `generate_series(1, 3) * NULL` is one
 * row. Threads: the session's own.
 */
#include "plan/internal.h"

typedef struct Sets {
    int count;
    const Expr *only;
} Sets;

static bool count_sets(const Expr *expr, void *arg)
{
    Sets *sets = arg;
    if (expr->kind == EXPR_FUNC && expr->u.func.returns_set) {
        sets->count++;
        sets->only = expr;
    }
    return expr_walk(expr, count_sets, arg);
}

static bool is_series(Oid proc)
{
    const FuncFact *fact = func_fact(proc);
    return fact && str_eq(fact->name, "generate_series");
}

/* NULL: there is none, or not alone. */
static const Expr *only_series(const Query *query)
{
    Sets sets = {0};
    for (int i = 0; i < query->ntargets; i++)
        count_sets(query->targets[i].expr, &sets);
    bool moves = sets.count == 1 && is_series(sets.only->oid);
    for (int i = 0; moves && i < sets.only->nargs; i++)
        moves = sets.only->args[i]->kind == EXPR_CONST;
    return moves ? sets.only : NULL;
}

static Expr *take_series(Expr *expr, int level, void *arg)
{
    const Query *query = arg;
    if (level != 0 || expr->kind != EXPR_FUNC || !expr->u.func.returns_set)
        return expr;
    Expr *var = expr_var(query->arena, 0, 1, expr->type, expr->typmod, expr->collation);
    var->location = expr->location;
    return var;
}

static void put_in_from(const Planner *planner, Query *query, Expr *call)
{
    static const char NAME[] = "generate_series";
    Arena *arena = planner->arena;
    Rte *rte = ARENA_NEW(arena, Rte);
    *rte = (Rte){.kind = RTE_FUNCTION, .in_from = true, .alias = NAME, .nfunctions = 1, .ncolumns = 1};
    rte->functions = ARENA_NEW(arena, Expr *);
    rte->functions[0] = call;
    rte->function_columns = ARENA_NEW(arena, int);
    rte->function_columns[0] = 1;
    rte->columns = ARENA_NEW(arena, RteColumn);
    rte->columns[0] = (RteColumn){.name = NAME, .type = call->type, .typmod = -1, .collation = call->collation};
    query->rtes = ARENA_NEW(arena, Rte *);
    query->rtes[0] = rte;
    query->from = ARENA_NEW(arena, FromItem *);
    query->from[0] = ARENA_NEW(arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE};
    query->nrtes = query->nfrom = 1;
    query->has_set_functions = false;
}

/* What is NULL whatever the set has is NULL once. */
static Expr *forget_set(Expr *expr, int level, void *arg)
{
    const Planner *planner = arg;
    Sets sets = {0};
    const CatProc *proc = level == 0 && expr->nargs ? expr_called(planner->context->catalog, expr) : NULL;
    bool is_null = false;
    for (int i = 0; proc && proc->strict && !proc->returns_set && i < expr->nargs; i++)
        is_null |= expr->args[i]->kind == EXPR_CONST && !expr->args[i]->u.value;
    if (!is_null || (expr->kind != EXPR_FUNC && expr->kind != EXPR_OP))
        return expr;
    count_sets(expr, &sets);
    if (!sets.count)
        return expr;
    Expr *null = expr_const(planner->arena, expr->type, expr->typmod, NULL);
    null->collation = expr->collation;
    return null;
}

static void forget_sets(Planner *planner, Query *query)
{
    Sets sets = {0};
    query_map_exprs(query, false, forget_set, planner);
    for (int i = 0; i < query->ntargets; i++)
        count_sets(query->targets[i].expr, &sets);
    query->has_set_functions = sets.count > 0;
}

static bool move_series(const Query *constant, void *arg)
{
    Planner *planner = arg;
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    if (query->has_set_functions)
        forget_sets(planner, query);
    bool plain = query->kind == QUERY_SELECT && !query->set_op && !query->nrtes && query->has_set_functions && !query->where &&
                 !query->having && !query->has_aggs && !query->has_windows && !query->ngroup && !query->grouping_sets;
    const Expr *series = plain ? only_series(query) : NULL;
    if (series) {
        Expr *call = expr_copy(series, planner->arena);
        query_map_exprs(query, false, take_series, query);
        put_in_from(planner, query, call);
    }
    return query_walk_queries(query, move_series, planner);
}

void series_move(Planner *planner, Query *query)
{
    move_series(query, planner);
}
