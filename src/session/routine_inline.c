/*
 * routine_inline.c - functions in SQL whose call PostgreSQL replaces by their body, so that what they say can be shipped.
 *
 * Invariants:
 *  1. The conditions are those of PostgreSQL's planner: a single SELECT; no SECURITY DEFINER, no SET clause; EXECUTE is held. A value: no
 *     FROM, no aggregate, subquery or set; nothing less stable than the function is declared; a strict function uses each parameter and
 *     nothing that is not strict; an argument used twice is cheap. Rows: not volatile, not strict, no volatile argument.
 *  2. What cannot be inlined is called: no error comes from here.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/routine.h"

enum { MAX_NESTING = 20, CHEAP_CALLS = 10, ROUTINE_COST = 100 };

typedef struct Inlining {
    Session *session;
    Arena *arena;
    const Expr *call;
    const CatProc *proc;
    int *uses; /* of each parameter */
    int depth;
    bool alone;   /* calls that the body makes stay */
    Error *error; /* of a body that makes no sense, with its place in the body; NULL: it is not told */
} Inlining;

/* ---- the body ---- */

static const char *body_of(Inlining *inlining, bool is_set)
{
    Session *session = inlining->session;
    const CatProc *proc = inlining->proc;
    Error ignored;
    error_init(&ignored, inlining->arena);
    if (!proc || proc->kind != 'f' || proc->returns_set != is_set || proc->return_type == TYPE_VOID)
        return NULL;
    CatalogRows *rows = catalog_query(
        session->catalog, inlining->arena, &ignored,
        "SELECT prosrc, prosqlbody FROM pg_proc WHERE oid = ?1 AND prolang = 14 AND NOT prosecdef AND proconfig IS NULL", "o", proc->oid);
    if (!rows || !rows->nrows ||
        catalog_privileges(session->catalog, PG_PROC_RELATION, proc->oid, 0, session_asked(session), ACL_EXECUTE) != ACL_EXECUTE)
        return NULL;
    return rows->cells[1].text ? rows->cells[1].text : rows->cells[0].text;
}

static Query *analyze_body(Inlining *inlining, const char *source)
{
    Session *session = inlining->session;
    const Expr *call = inlining->call;
    Oid *types = ARENA_ARRAY(inlining->arena, Oid, call->nargs + 1);
    for (int i = 0; i < call->nargs; i++)
        types[i] = call->args[i]->type;
    RoutineParameters parameters = {inlining->proc, types, call->nargs};
    SqlVariables variables = {.arg = &parameters, .conflict = SQL_CONFLICT_COLUMN, .find = routine_find_parameter};
    const char *text = command_body_statements(source, inlining->arena);
    ParsedText parsed;
    Query *query = NULL;
    Error ignored, *error = inlining->error ? inlining->error : &ignored;
    error_init(&ignored, inlining->arena);
    if (sql_parse(text, inlining->arena, &parsed, error)) {
        if (parsed.count != 1 || parsed.items[0].node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
            return NULL;
        AnalyzeContext context = {.catalog = session->catalog, .functions = &session->functions, .text = text, .variables = &variables};
        query = sql_analyze(parsed.items[0].node, &context, inlining->arena, error);
    }
    if (!query)
        routine_place_in_body(text, error);
    return query;
}

static Expr *coerced(Inlining *inlining, Expr *expr, Oid type, int32_t typmod)
{
    Session *session = inlining->session;
    Error ignored;
    error_init(&ignored, inlining->arena);
    AnalyzeContext context = {.catalog = session->catalog, .functions = &session->functions, .text = ""};
    return expr->type == type && (typmod == -1 || expr->typmod == typmod)
               ? expr
               : sql_coerce(expr, type, typmod, &context, inlining->arena, &ignored);
}

/* ---- how stable, how strict, how dear ---- */

const CatProc *routine_of_call(Catalog *catalog, const Expr *expr)
{
    const CatOperator *operator= expr->kind == EXPR_FUNC ? NULL : catalog_operator(catalog, expr->oid);
    return catalog_proc(catalog, expr->kind == EXPR_FUNC ? expr->oid : operator? operator->proc : OID_NONE);
}

static bool is_call(const Expr *expr)
{
    return expr->kind == EXPR_FUNC || expr->kind == EXPR_OP || expr->kind == EXPR_DISTINCT || expr->kind == EXPR_NULLIF ||
           expr->kind == EXPR_ANY_ALL;
}

bool routine_reads_settings(Oid type)
{
    return type == TYPE_DATE || type == TYPE_TIME || type == TYPE_TIMETZ || type == TYPE_TIMESTAMP || type == TYPE_TIMESTAMPTZ ||
           type == TYPE_INTERVAL || type >= FIRST_USER_OID;
}

/* 'i' 's' 'v': the least stable of all. */
typedef struct Stability {
    Catalog *catalog;
    char worst;
    bool has_sublink;
    int cost;
} Stability;

static bool look_at_stability(const Expr *expr, void *arg)
{
    Stability *stability = arg;
    if (is_call(expr)) {
        const CatProc *proc = routine_of_call(stability->catalog, expr);
        char volatility = proc ? proc->volatility : 'v';
        if (volatility > stability->worst)
            stability->worst = volatility;
        stability->cost += proc && proc->oid >= FIRST_USER_OID ? ROUTINE_COST : 1;
    }
    bool is_stable = expr->kind == EXPR_SQL_VALUE ||
                     (expr->kind == EXPR_CAST_IO && (routine_reads_settings(expr->type) || routine_reads_settings(expr->args[0]->type)));
    if (is_stable && stability->worst == 'i')
        stability->worst = 's';
    stability->has_sublink |= expr->kind == EXPR_SUBLINK;
    return expr_walk(expr, look_at_stability, arg);
}

static Stability stability_of(Catalog *catalog, const Expr *expr)
{
    Stability stability = {.catalog = catalog, .worst = 'i'};
    look_at_stability(expr, &stability);
    return stability;
}

static bool is_not_strict(const Expr *expr, void *arg)
{
    switch (expr->kind) {
    case EXPR_CONST:
    case EXPR_PARAM:
    case EXPR_RELABEL:
    case EXPR_CAST_IO:
    case EXPR_COLLATE:
    case EXPR_NOT:
        break;
    case EXPR_FUNC:
    case EXPR_OP: {
        const CatProc *proc = routine_of_call(arg, expr);
        if (!proc || !proc->strict)
            return true;
        break;
    }
    default:
        return true;
    }
    return expr_walk(expr, is_not_strict, arg);
}

static bool count_use(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_PARAM)
        ((int *)arg)[expr->u.param - 1]++;
    return expr_walk(expr, count_use, arg);
}

/* ---- a value ---- */

/* The one output of a query that is nothing else. */
static Expr *bare_value(const Query *query)
{
    bool bare = query->kind == QUERY_SELECT && !query->nfrom && !query->nrtes && !query->where && !query->set_op && !query->nctes &&
                !query->limit && !query->offset && !query->has_aggs && !query->has_windows && !query->has_sublinks &&
                !query->has_set_functions && !query->having && !query->ngroup && !query->grouping_sets && !query->distinct &&
                !query->norder && !query->is_values && !query->for_update && query->ntargets == 1;
    return bare ? query->targets[0].expr : NULL;
}

static bool may_replace(Inlining *inlining, const Expr *body)
{
    Catalog *catalog = inlining->session->catalog;
    const CatProc *proc = inlining->proc;
    if (stability_of(catalog, body).worst > proc->volatility || (proc->strict && is_not_strict(body, catalog)))
        return false;
    inlining->uses = ARENA_ARRAY(inlining->arena, int, inlining->call->nargs + 1);
    count_use(body, inlining->uses);
    for (int i = 0; i < inlining->call->nargs; i++) {
        if (inlining->uses[i] == 1 || (inlining->uses[i] == 0 && !proc->strict))
            continue;
        Stability argument = stability_of(catalog, inlining->call->args[i]);
        if (inlining->uses[i] == 0 || argument.worst == 'v' || argument.has_sublink || argument.cost > CHEAP_CALLS)
            return false;
    }
    return true;
}

static Expr *inline_value(Session *session, const Expr *call, int depth, bool alone, Arena *arena, Error *error);

/* Parameters become arguments; calls that the body makes are inlined in their turn, unless they are to stay. */
static Expr *substitute(Inlining *inlining, Expr *expr)
{
    if (expr->kind == EXPR_PARAM)
        return expr_copy(inlining->call->args[expr->u.param - 1], inlining->arena);
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i])
            expr->args[i] = substitute(inlining, expr->args[i]);
    bool is_routine = !inlining->alone && expr->kind == EXPR_FUNC && expr->oid >= FIRST_USER_OID;
    Expr *inlined = is_routine ? inline_value(inlining->session, expr, inlining->depth + 1, false, inlining->arena, NULL) : NULL;
    return inlined ? inlined : expr;
}

static Expr *inline_value(Session *session, const Expr *call, int depth, bool alone, Arena *arena, Error *error)
{
    Inlining inlining = {.session = session, .arena = arena, .call = call, .depth = depth, .alone = alone, .error = error};
    inlining.proc = catalog_proc(session->catalog, call->oid);
    const char *source = depth < MAX_NESTING && !call->u.func.variadic ? body_of(&inlining, false) : NULL;
    Query *query = source ? analyze_body(&inlining, source) : NULL;
    Expr *body = query ? bare_value(query) : NULL;
    const CatType *type = catalog_type(session->catalog, call->type);
    if (!body || call->type == TYPE_RECORD || (type && type->kind != 'b' && type->kind != 'e'))
        return NULL;
    body = coerced(&inlining, body, call->type, call->typmod);
    if (!body || body->collation != call->collation || !may_replace(&inlining, body))
        return NULL;
    Expr *out = substitute(&inlining, body);
    out->location = call->location;
    return out;
}

Expr *routine_inline_value(Session *session, const Expr *call, Arena *arena)
{
    return call->u.func.returns_set ? NULL : inline_value(session, call, 0, false, arena, NULL);
}

Expr *routine_inline_once(Session *session, const Expr *call, int depth, Arena *arena, Error *error)
{
    return inline_value(session, call, depth, true, arena, error);
}

/* ---- rows ---- */

static Expr *substitute_in_query(Expr *expr, int level, void *arg)
{
    Inlining *inlining = arg;
    if (expr->kind != EXPR_PARAM)
        return expr;
    Expr *copy = expr_copy(inlining->call->args[expr->u.param - 1], inlining->arena);
    expr_shift_levels(copy, level + 1);
    return copy;
}

/* Whether its outputs are the columns that were declared, after assignment casts. */
static bool fit_columns(Inlining *inlining, Query *query, const Rte *rte)
{
    int count = 0;
    for (int i = 0; i < query->ntargets; i++)
        count += !query->targets[i].junk;
    if (count != rte->ncolumns)
        return false;
    for (int i = 0, at = 0; i < query->ntargets; i++) {
        Target *target = &query->targets[i];
        if (target->junk)
            continue;
        const RteColumn *column = &rte->columns[at++];
        if (target->expr->type == column->type && (column->typmod == -1 || target->expr->typmod == column->typmod))
            continue;
        bool is_key = query->set_op || query->distinct || query->norder || query->ngroup;
        Expr *cast = is_key ? NULL : coerced(inlining, target->expr, column->type, column->typmod);
        if (!cast)
            return false;
        target->expr = cast;
    }
    return true;
}

Query *routine_inline_rows(Session *session, const Rte *rte, Arena *arena, bool *writes)
{
    *writes = false;
    const Expr *call = rte->functions[0];
    Inlining inlining = {.session = session, .arena = arena, .call = call, .proc = catalog_proc(session->catalog, call->oid)};
    const CatProc *proc = inlining.proc;
    if (!proc || proc->volatility == 'v' || proc->strict || rte->with_ordinality || call->u.func.variadic)
        return NULL;
    for (int i = 0; i < call->nargs; i++) {
        Stability argument = stability_of(session->catalog, call->args[i]);
        if (argument.worst == 'v' || argument.has_sublink)
            return NULL;
    }
    const char *source = body_of(&inlining, true);
    Query *query = source ? analyze_body(&inlining, source) : NULL;
    if (!query || !fit_columns(&inlining, query, rte))
        return NULL;
    *writes = !sql_only_reads(query);
    if (*writes || query->for_update)
        return NULL;
    query_map_exprs(query, true, substitute_in_query, &inlining);
    if (session->opening)
        sql_check_as(query, session->opening->user);
    return query;
}
