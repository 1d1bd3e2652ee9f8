/*
 * projection.c - what a cursor's rows are computed of, row by row as they are fetched; and the rows of a query whose select list has
 * several calls that can tell which of them came first.
 *
 * The local engine works on thousands of rows at a time. PostgreSQL's portals compute a row when it is fetched: what fails in a later row,
 * or has effects there, has not happened yet. So the query is split: the engine gives the columns that expressions are made of, and
 * the expressions are computed here, where PostgreSQL would compute them above everything else.
 *
 * Invariants:
 *  1. Below a sort PostgreSQL computes all but volatile expressions for all rows: these stay in the engine's query.
 *  2. Calls of stable functions of users, which see what the query sees, stay in the engine's query.
 *  3. A parameter behind those of the query stands for a column of the engine's rows.
 *  4. What may not be computed for each row, such as an arm of CASE, is no column of the engine's; at most the columns in it are; and
 *     subqueries, where the rest of it calls what is not for the engine to call.
 *  5. What neither fails nor has effects may be computed at any time: it stays in the engine's query.
 *  6. A condition is taken out of WHERE only where no source computes it, and it is the last thing done to the rows of a single entry
 *     of FROM.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/routine.h"

struct Projection {
    PlEvaluation evaluation;
    const char **values; /* the evaluation's: nparams of the query, then a row's cells as far as they are read */
    int nparams;
    bool *is_read;    /* by column of the engine's rows: expressions or conditions read its text */
    const Plan *plan; /* of the engine's rows */
    int ncolumns;     /* of the answer */
    const PlanColumn *columns;
    const int *from; /* by column: the column of the engine's rows that it is; -1: exprs says */
    const Expr *const *exprs;
    const bool *is_scalar; /* by column: scalar.c computes it, where the engine's columns have the layouts for that */
    bool reads_all;        /* this batch's have not: all is computed from texts */
    VEC(const Expr *) conditions;
    FdwBatch row; /* the one that is given on */
    Arena *arena; /* of one row */
    const RowSink *sink;
    size_t given;
    Error *error;
};

/* ---- which expressions ---- */

static bool calls_with(const Expr *expr, Catalog *catalog, char volatility)
{
    bool is_call = expr->kind == EXPR_FUNC || expr->kind == EXPR_OP || expr->kind == EXPR_DISTINCT || expr->kind == EXPR_NULLIF ||
                   expr->kind == EXPR_ANY_ALL;
    const CatProc *proc = is_call ? routine_of_call(catalog, expr) : NULL;
    return proc && proc->oid >= FIRST_USER_OID && proc->volatility == volatility;
}

typedef struct Search {
    Catalog *catalog;
    char volatility;
} Search;

static bool find_call(const Expr *expr, void *arg)
{
    const Search *search = arg;
    return calls_with(expr, search->catalog, search->volatility) || expr_walk(expr, find_call, arg);
}

static bool query_calls_user(const Query *query, void *search)
{
    return query_walk_exprs(query, find_call, search) || query_walk_queries(query, query_calls_user, search);
}

/* A function of users' with that volatility is called. */
static bool calls_user(const Expr *expr, Catalog *catalog, char volatility)
{
    return find_call(expr, &(Search){catalog, volatility});
}

/* Volatile functions of users see what happens between one FETCH and the next, stable ones do not. */
bool projection_can_wait(const Query *query, Catalog *catalog)
{
    return query->kind == QUERY_SELECT && !query->has_writes && query_calls_user(query, &(Search){catalog, 'v'}) &&
           !query_calls_user(query, &(Search){catalog, 's'});
}

/* No source computes it, and when it is computed matters. */
static bool is_own(const Expr *expr, Catalog *catalog)
{
    return !calls_user(expr, catalog, 's') && (expr_is_volatile(expr, catalog) || calls_user(expr, catalog, 'i'));
}

static bool is_sort_key(const Query *query, int target)
{
    for (int i = 0; i < query->norder; i++)
        if (query->order[i].target == target)
            return true;
    return false;
}

/* A change of how the session is set is seen by what is computed after it. */
static bool sees_changes(const Query *query, Catalog *catalog)
{
    bool changes = false, reads = false;
    for (int i = 0; i < query->ntargets && !query->norder; i++) {
        changes |= expr_changes_session(query->targets[i].expr, catalog);
        reads |= expr_reads_session(query->targets[i].expr, catalog);
    }
    return changes && reads;
}

static bool is_late(const Query *query, int target, Catalog *catalog)
{
    const Expr *expr = query->targets[target].expr;
    if (query->targets[target].junk || is_sort_key(query, target) || expr->kind == EXPR_VAR || expr->kind == EXPR_CONST ||
        expr->kind == EXPR_PARAM || calls_user(expr, catalog, 's'))
        return false;
    if (query->norder)
        return expr_is_volatile(expr, catalog);
    return is_own(expr, catalog) || expr_can_fail(expr, catalog) || (expr_reads_session(expr, catalog) && sees_changes(query, catalog));
}

/* ---- whether rows are to be computed one by one ---- */

bool projection_takes_turns(const Query *query, Catalog *catalog)
{
    int count = 0;
    bool repeats = false;
    if (!query_is_row_wise(query) || !query->nfrom || query->offset)
        return false;
    for (int i = 0; i < query->ntargets; i++) {
        if (!is_late(query, i, catalog))
            continue;
        count += expr_count_turns(query->targets[i].expr, catalog);
        repeats |= expr_repeats_volatile(query->targets[i].expr, catalog);
    }
    return (count > 1 || sees_changes(query, catalog)) && !repeats;
}

/* ---- splitting ---- */

typedef struct Split {
    Portal *portal;
    Projection *projection;
    const PortalParams *constants;
    VEC(Target) below; /* the engine's targets */
    bool is_own;       /* of the expression that is lifted now: its calls are not for the engine to make */
    Error *error;
} Split;

static int add_below(Split *split, const Expr *expr, bool junk)
{
    for (size_t i = 0; i < split->below.count && !junk && expr->kind == EXPR_VAR; i++)
        if (!split->below.items[i].junk && expr_equal(split->below.items[i].expr, expr))
            return (int)i;
    Target target = {.expr = (Expr *)(uintptr_t)expr, .name = junk ? NULL : "column", .junk = junk};
    vec_push(split->portal->arena, &split->below, target);
    return (int)split->below.count - 1;
}

static const Expr *lift(Split *split, const Expr *expr, bool may_be_skipped);

/* NULL: not all of it can be computed here. */
static const Expr *lift_args(Split *split, const Expr *expr, bool may_be_skipped)
{
    Arena *arena = split->portal->arena;
    Expr *lifted = ARENA_NEW(arena, Expr);
    *lifted = *expr;
    lifted->args = ARENA_ARRAY(arena, Expr *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++) {
        lifted->args[i] = expr->args[i] ? (Expr *)(uintptr_t)lift(split, expr->args[i], may_be_skipped || expr_may_skip(expr, i)) : NULL;
        if (expr->args[i] && !lifted->args[i])
            return NULL;
    }
    return plpgsql_can_evaluate(split->projection->evaluation.host, lifted) ? lifted : NULL;
}

/* The expression over parameters: what cannot be computed here is a column of the engine's. NULL: that would compute what may be
 * skipped. */
static const Expr *lift(Split *split, const Expr *expr, bool may_be_skipped)
{
    if (expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM)
        return expr;
    size_t before = split->below.count;
    const Expr *lifted = expr->kind == EXPR_VAR ? NULL : lift_args(split, expr, may_be_skipped);
    if (lifted)
        return lifted;
    split->below.count = before;
    bool is_column = expr->kind == EXPR_VAR || (expr->kind == EXPR_SUBLINK && split->is_own);
    if (may_be_skipped && !is_column)
        return NULL;
    Expr *column = ARENA_NEW(split->portal->arena, Expr);
    *column = (Expr){.kind = EXPR_PARAM, .type = expr->type, .typmod = expr->typmod, .collation = expr->collation, .location = -1};
    column->u.param = split->projection->nparams + add_below(split, expr, false) + 1;
    return column;
}

/* NULL: one of its constants fails. */
static const Expr *fold_and_lift(Split *split, const Expr *expr)
{
    const Expr *folded = routine_fold(split->portal->session, expr, split->constants, split->portal->arena, split->error);
    split->is_own = is_own(expr, split->portal->session->catalog);
    return folded ? lift(split, folded, false) : NULL;
}

static bool split_targets(Split *split, Query *query)
{
    Projection *projection = split->projection;
    Arena *arena = split->portal->arena;
    int *place = ARENA_ARRAY(arena, int, query->ntargets + 1), *from = ARENA_ARRAY(arena, int, query->ntargets + 1);
    const Expr **exprs = ARENA_ARRAY(arena, const Expr *, query->ntargets + 1);
    projection->columns = plan_columns(query, split->portal->session->catalog, &projection->ncolumns, arena);
    int at = -1;
    for (int i = 0; i < query->ntargets; i++) {
        const Target *target = &query->targets[i];
        if (target->junk)
            continue;
        at++;
        from[at] = -1;
        if (!is_late(query, i, split->portal->session->catalog))
            from[at] = place[i] = add_below(split, target->expr, false);
        else if (!(exprs[at] = fold_and_lift(split, target->expr)))
            return false;
        else if (exprs[at]->kind == EXPR_PARAM && exprs[at]->u.param > projection->nparams)
            from[at] = exprs[at]->u.param - projection->nparams - 1;
    }
    projection->from = from;
    projection->exprs = exprs;
    for (int i = 0; i < query->ntargets; i++)
        if (query->targets[i].junk)
            place[i] = add_below(split, query->targets[i].expr, true);
    for (int i = 0; i < query->norder; i++)
        query->order[i].target = place[query->order[i].target];
    return true;
}

/* Invariant 6. */
static bool split_where(Split *split, Query *query)
{
    Catalog *catalog = split->portal->session->catalog;
    bool alone = query->nfrom == 1 && query->from[0]->kind == FROM_RTE && !query->norder && !query->limit && !query->offset;
    if (!alone || !query->where)
        return true;
    bool is_list = query->where->kind == EXPR_AND;
    Expr *all = query->where, *rest = expr_copy(all, split->portal->arena);
    int count = is_list ? all->nargs : 1, kept = 0;
    for (int i = 0; i < count; i++) {
        Expr *condition = is_list ? all->args[i] : all;
        if (!is_own(condition, catalog)) {
            if (is_list)
                rest->args[kept] = condition;
            kept++;
            continue;
        }
        const Expr *lifted = fold_and_lift(split, condition);
        if (!lifted)
            return false;
        vec_push(split->portal->arena, &split->projection->conditions, lifted);
    }
    rest->nargs = is_list ? kept : rest->nargs;
    query->where = !kept ? NULL : is_list && kept == 1 ? rest->args[0] : rest;
    return true;
}

static bool has_own_condition(const Query *query, Catalog *catalog)
{
    return query->where && is_own(query->where, catalog);
}

static bool mark_read(const Expr *expr, void *arg)
{
    Projection *projection = arg;
    if (expr->kind == EXPR_PARAM && expr->u.param > projection->nparams)
        projection->is_read[expr->u.param - projection->nparams - 1] = true;
    return expr_walk(expr, mark_read, arg);
}

static void find_scalars(Projection *projection, Catalog *catalog, Arena *arena)
{
    bool *is_scalar = ARENA_ARRAY(arena, bool, projection->ncolumns + 1);
    for (int i = 0; i < projection->ncolumns; i++)
        is_scalar[i] = projection->from[i] < 0 && scalar_can_compute(projection->exprs[i], catalog, projection->nparams);
    projection->is_scalar = is_scalar;
}

static void find_read(Projection *projection, Arena *arena, int ncolumns)
{
    projection->is_read = ARENA_ARRAY(arena, bool, ncolumns + 1);
    for (int i = 0; i < projection->ncolumns; i++)
        if (projection->from[i] < 0 && !projection->is_scalar[i])
            mark_read(projection->exprs[i], projection);
    for (size_t i = 0; i < projection->conditions.count; i++)
        mark_read(projection->conditions.items[i], projection);
}

bool projection_split(Portal *portal, const Query **query, const PortalParams *params, Error *error)
{
    const Query *whole = *query;
    Catalog *catalog = portal->session->catalog;
    bool wanted = query_is_row_wise(whole) && has_own_condition(whole, catalog);
    for (int i = 0; i < whole->ntargets && query_is_row_wise(whole); i++)
        wanted |= is_late(whole, i, catalog);
    if (!wanted)
        return true;
    Arena *arena = portal->arena;
    Projection *projection = ARENA_NEW(arena, Projection);
    Split split = {.portal = portal, .projection = projection, .error = error};
    split.constants = params && params->sql && params->sql->is_generic ? NULL : params;
    projection->nparams = params ? params->count : 0;
    projection->evaluation = (PlEvaluation){.host = routine_host(portal->session, arena)};
    Query *below = query_copy(whole, arena);
    if (!split_targets(&split, below) || !split_where(&split, below))
        return false;
    if (!split.below.count || split.below.items[0].junk)
        add_below(&split, expr_const(arena, TYPE_INT4, -1, "1"), false);
    below->targets = split.below.items;
    below->ntargets = (int)split.below.count;
    projection->values = ARENA_ARRAY(arena, const char *, projection->nparams + below->ntargets + 1);
    for (int i = 0; i < projection->nparams; i++)
        projection->values[i] = params->values[i];
    find_scalars(projection, catalog, arena);
    find_read(projection, arena, below->ntargets);
    portal->projection = projection;
    *query = below;
    return true;
}

void projection_take_plan(Portal *portal)
{
    Projection *projection = portal->projection;
    Arena *arena = portal->arena;
    size_t count = (size_t)projection->ncolumns;
    projection->plan = portal->plan;
    portal->columns = (PlanColumn *)(uintptr_t)projection->columns;
    portal->ncolumns = projection->ncolumns;
    projection->row = (FdwBatch){.capacity = 1, .count = 1, .nvectors = count, .vectors = ARENA_ARRAY(arena, FdwVector, count + 1)};
    for (size_t i = 0; i < count; i++) {
        FdwVector *vector = &projection->row.vectors[i];
        vector->type = type_layout(projection->columns[i].type, projection->columns[i].typmod);
        vector->data = arena_alloc(arena, sizeof(__int128));
        vector->validity = arena_alloc(arena, sizeof(uint64_t));
    }
    projection->arena = arena_open(arena);
}

/* ---- a row ---- */

/* Of a vector that lives no longer than the bytes. */
static void point_to(FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    FdwString *string = (FdwString *)vector->data + row;
    *string = (FdwString){.length = (uint32_t)length};
    memcpy(string->u.inlined, bytes, length < 4 ? length : 4);
    if (length <= sizeof string->u.inlined)
        memcpy(string->u.inlined, bytes, length);
    else
        string->u.at.pointer = bytes;
}

static bool put_text(Projection *projection, FdwVector *vector, const char *text)
{
    Value value = {.physical = vector->type.physical};
    if (!text) {
        fdw_set_null(vector, 0);
        return true;
    }
    if (value.physical == FDW_STRING) {
        value.s.ptr = text;
        value.s.len = strlen(text);
    } else if (!type_input(vector->type.oid, vector->type.typmod, text, strlen(text), &TYPE_CONTEXT_CANONICAL, projection->arena, &value,
                           projection->error)) {
        return false;
    }
    type_vector_set(vector, 0, &value, point_to);
    return true;
}

static bool compute_scalar(Projection *projection, const Expr *expr, const FdwBatch *batch, size_t row, FdwVector *vector)
{
    const PlHost *host = projection->evaluation.host;
    const ScalarRow from = {batch, row, projection->nparams, host->functions, host->catalog, projection->arena};
    Value value;
    if (!scalar_compute(&from, expr, &value, projection->error))
        return false;
    if (value.is_null)
        fdw_set_null(vector, 0);
    else
        type_vector_set(vector, 0, &value, point_to);
    return true;
}

static bool compute_columns(Projection *projection, const FdwBatch *batch, size_t row)
{
    for (int i = 0; i < projection->ncolumns; i++) {
        FdwVector *vector = &projection->row.vectors[i];
        const char *text;
        *vector->validity = UINT64_MAX;
        if (projection->is_scalar[i] && !projection->reads_all) {
            if (!compute_scalar(projection, projection->exprs[i], batch, row, vector))
                return false;
            continue;
        }
        if (projection->from[i] < 0) {
            if (!plpgsql_evaluate(&projection->evaluation, projection->exprs[i], &text, projection->error) ||
                !put_text(projection, vector, text))
                return false;
            continue;
        }
        const FdwVector *from = &batch->vectors[projection->from[i]];
        Value value = type_vector_get(from, row);
        vector->type = from->type;
        if (value.is_null)
            fdw_set_null(vector, 0);
        else
            type_vector_set(vector, 0, &value, point_to);
    }
    return true;
}

static bool is_kept(Projection *projection, bool *kept)
{
    const char *text;
    *kept = true;
    for (size_t i = 0; i < projection->conditions.count && *kept; i++) {
        if (!plpgsql_evaluate(&projection->evaluation, projection->conditions.items[i], &text, projection->error))
            return false;
        *kept = text && *text == 't';
    }
    return true;
}

static bool read_row(Projection *projection, const FdwBatch *batch, size_t row)
{
    const char **cells = projection->values + projection->nparams;
    for (int i = 0; i < projection->plan->ncolumns; i++)
        if ((projection->is_read[i] || projection->reads_all) &&
            !row_cell_to_text(batch, row, i, projection->plan->columns[i].type, &cells[i], projection->arena, projection->error))
            return false;
    return true;
}

static bool project_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    Projection *projection = arg;
    projection->reads_all = false;
    for (int i = 0; i < projection->ncolumns; i++)
        projection->reads_all |= projection->is_scalar[i] && !scalar_is_laid_out(projection->exprs[i], batch, projection->nparams);
    for (size_t row = first; row < first + count; row++) {
        bool kept;
        arena_reset(projection->arena);
        projection->evaluation.arena = projection->arena;
        projection->evaluation.values = projection->values;
        if (!read_row(projection, batch, row) || !is_kept(projection, &kept))
            return false;
        if (!kept)
            continue;
        if (!compute_columns(projection, batch, row) || !projection->sink->batch(projection->sink->arg, &projection->row, 0, 1))
            return false;
        projection->given++;
    }
    return true;
}

bool projection_next(Portal *portal, size_t max_rows, const RowSink *sink, Error *error)
{
    Projection *projection = portal->projection;
    const RowSink own = {.arg = projection, .batch = project_batch};
    projection->sink = sink;
    projection->given = 0;
    projection->error = error;
    do {
        size_t count;
        if (!exec_next(portal->execution, max_rows ? max_rows - projection->given : 0, &own, &count, &portal->at_end, error) ||
            error_is_set(error))
            return false;
    } while (!portal->at_end && max_rows && projection->given < max_rows);
    return true;
}
