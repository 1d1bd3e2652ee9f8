/*
 * turns.c - select lists with several calls that can tell which of them came first (nextval and currval, volatile functions of users). The
 * local engine computes some thousand rows of one column, then of the next one; PostgreSQL computes a row after the other. So what calls
 * them becomes one column, a row that a subplan computes (subplan.c), and the select list takes its fields:
 *
 *   SELECT nextval('s'), currval('s') + x FROM t     SELECT (r.row).1, (r.row).2
 *                                                    FROM (SELECT subplan("SELECT row(nextval('s'), currval('s') + x)") AS row FROM t) AS r
 *
 * The whole of what a client asks is seldom meant: the session computes such a select list itself (src/session/projection.c).
 *
 * Invariants:
 *  1. The row's fields stand in the order in which PostgreSQL computes them. Each is as much of a column as the session computes
 * (PlanEngine.computes): each call once, and when it is wanted. Where such a call is left out, nothing is changed.
 *  2. Groups, windows and LIMIT are done before, as in PostgreSQL. So are subqueries in these columns, which PostgreSQL runs where it
 * reaches them: what they call does not take turns with the rest.
 *  3. Beside functions that return sets nothing is changed: there is a row for each of a set's.
 * Threads: the session's own.
 */
#include "plan/internal.h"

/* What becomes a field, where it stands. */
typedef struct Pieces {
    const Planner *planner;
    VEC(Expr **) places;
    bool refused;
} Pieces;

/* Keys of groups are not among them: these are computed before, in a query of their own (stages.c). */
static bool *which(const Planner *planner, const Query *query, int *count)
{
    bool *turns = ARENA_ARRAY(planner->arena, bool, query->ntargets + 1), *is_key = ARENA_ARRAY(planner->arena, bool, query->ntargets + 1);
    *count = 0;
    for (int i = 0; i < query->ngroup; i++)
        is_key[query->group[i]] = true;
    for (int i = 0; i < query->ntargets; i++) {
        int calls = is_key[i] ? 0 : expr_count_turns(query->targets[i].expr, planner->context->catalog);
        turns[i] = calls > 0;
        *count += calls;
    }
    return turns;
}

/* Invariant 2. */
static void compute_subqueries(Planner *planner, Query *query, const bool *turns)
{
    bool found = false;
    for (int i = 0; i < query->ntargets; i++)
        found |= turns[i] && refs_has_sublink(query->targets[i].expr);
    if (!found)
        return;
    Stage stage = {.planner = planner, .query = query};
    stage_move_rows(&stage);
    query_map_exprs(query, false, stage_take_subquery, &stage);
    stage_finish(&stage);
}

/* ---- the fields ---- */

static bool put_params(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_VAR)
        ((Expr *)(uintptr_t)expr)->kind = EXPR_PARAM; /* a copy, of which only the kinds count */
    return expr_walk(expr, put_params, arg);
}

static bool computes(const Planner *planner, const Expr *expr)
{
    const PlanEngine *engine = planner->context->engine;
    Expr *over_params = expr_copy(expr, planner->arena);
    put_params(over_params, NULL);
    return engine && engine->computes(engine->arg, over_params);
}

static void find_pieces(Pieces *pieces, Expr **place, bool may_be_skipped)
{
    Catalog *catalog = pieces->planner->context->catalog;
    Expr *expr = *place;
    int calls = expr ? expr_count_turns(expr, catalog) : 0;
    if (!calls)
        return;
    bool is_record = expr->type == TYPE_RECORD || expr->type == TYPE_RECORD_ARRAY; /* what is in it, its place tells */
    if (!is_record && computes(pieces->planner, expr)) {
        vec_push(pieces->planner->arena, &pieces->places, place);
        return;
    }
    for (int i = 0; i < expr->nargs; i++)
        calls -= expr->args[i] ? expr_count_turns(expr->args[i], catalog) : 0;
    pieces->refused |= calls || may_be_skipped || expr->kind == EXPR_ROW_COMPARE || expr_repeats_volatile(expr, catalog);
    for (int i = 0; i < expr->nargs && !pieces->refused; i++)
        find_pieces(pieces, &expr->args[i], expr_may_skip(expr, i));
}

static Query *query_of_row(const Pieces *pieces)
{
    Arena *arena = pieces->planner->arena;
    Expr *row = ARENA_NEW(arena, Expr);
    Query *made = ARENA_NEW(arena, Query);
    *row = (Expr){.kind = EXPR_ROW, .type = TYPE_RECORD, .typmod = -1, .location = -1, .nargs = (int)pieces->places.count};
    row->args = ARENA_ARRAY(arena, Expr *, pieces->places.count);
    for (size_t i = 0; i < pieces->places.count; i++)
        row->args[i] = expr_copy(*pieces->places.items[i], arena);
    *made = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .ntargets = 1};
    made->targets = ARENA_NEW(arena, Target);
    made->targets[0] = (Target){.expr = row, .name = "row"};
    return made;
}

static Expr *field_of(const Planner *planner, const Expr *row, int number, const Expr *like)
{
    Expr *field = ARENA_NEW(planner->arena, Expr);
    *field = (Expr){.kind = EXPR_FIELD,
                    .type = like->type,
                    .typmod = like->typmod,
                    .collation = like->collation,
                    .location = like->location,
                    .nargs = 1};
    field->args = ARENA_NEW(planner->arena, Expr *);
    field->args[0] = expr_copy(row, planner->arena);
    field->u.field.number = number;
    return field;
}

static void compute_as_row(Planner *planner, Query *query)
{
    Pieces pieces = {.planner = planner};
    for (int i = 0; i < query->ntargets && !pieces.refused; i++)
        find_pieces(&pieces, &query->targets[i].expr, false);
    Expr *call = pieces.refused ? NULL : subplan_call(planner, query, query_of_row(&pieces));
    if (!call)
        return;
    Stage stage = {.planner = planner, .query = query};
    stage_move_rows(&stage);
    const Expr *row = stage_take(&stage, call);
    for (size_t i = 0; i < pieces.places.count; i++)
        *pieces.places.items[i] = field_of(planner, row, (int)i + 1, *pieces.places.items[i]);
    stage_finish(&stage);
}

void turns_take(Planner *planner, Query *query)
{
    int count;
    const bool *turns = which(planner, query, &count);
    if (count < 2 || !query->nfrom || query->has_set_functions || query->for_update || refs_outer_query(query))
        return;
    if (query->has_aggs || query->ngroup || query->grouping_sets || query->having)
        stages_divide_groups(planner, query);
    if (query->has_windows)
        postpone_divide(planner, query, turns);
    turns = which(planner, query, &count);
    compute_subqueries(planner, query, turns);
    compute_as_row(planner, query);
}
