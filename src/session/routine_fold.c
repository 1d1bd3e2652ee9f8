/*
 * routine_fold.c - what PostgreSQL's planner does to an expression: it computes what is constant and puts the bodies of functions in SQL
 * in their calls' place. The context of an error tells whether it has come from there or from the run.
 *
 * Invariants:
 *  1. Only immutable functions are called, over constants.
 *  2. Functions in SQL are inlined on the way: what fails then has the line that says so. A call that is made has its own lines.
 *  3. Arms that a constant condition rules out are not looked at.
 *
 * Entered by the session's worker only.
 */
#include "session/routine.h"

typedef struct Folding {
    Session *session;
    PlHost *host;
    const PortalParams *params; /* NULL: parameters are no constants */
    Arena *arena;
    Error *error;
    int depth; /* of inlined calls */
} Folding;

static Expr *fold(Folding *folding, Expr *expr);

static bool is_const(const Expr *expr)
{
    return expr && expr->kind == EXPR_CONST;
}

/* ---- what is constant ---- */

static bool is_immutable(Folding *folding, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_FUNC:
    case EXPR_OP:
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
    case EXPR_ANY_ALL: {
        const CatProc *proc = routine_of_call(folding->session->catalog, expr);
        if (proc && (proc->oid == F_TEXTANYCAT_TEXT_ANYNONARRAY ||
                     proc->oid == F_ANYTEXTCAT_ANYNONARRAY_TEXT)) /* functions in SQL: a cast in a call of textcat */
            return !routine_reads_settings(expr->args[proc->oid == F_TEXTANYCAT_TEXT_ANYNONARRAY]->type);
        return proc && proc->volatility == 'i' && !proc->returns_set && proc->kind == 'f';
    }
    case EXPR_CAST_IO:
        return !routine_reads_settings(expr->type) && !routine_reads_settings(expr->args[0]->type);
    case EXPR_GREATEST:
    case EXPR_LEAST:
    case EXPR_RELABEL:
    case EXPR_COLLATE:
    case EXPR_ARRAY:
    case EXPR_SUBSCRIPT:
    case EXPR_FIELD:
        return true;
    default:
        return false;
    }
}

static bool has_only_constants(const Expr *expr)
{
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i] && !is_const(expr->args[i]))
            return false;
    return true;
}

/* A strict function of a NULL is NULL, whatever the others are. */
static bool is_null_call(Folding *folding, const Expr *expr)
{
    const CatProc *proc = expr->kind == EXPR_FUNC || expr->kind == EXPR_OP ? routine_of_call(folding->session->catalog, expr) : NULL;
    for (int i = 0; proc && proc->strict && !proc->returns_set && i < expr->nargs; i++)
        if (is_const(expr->args[i]) && !expr->args[i]->u.value)
            return true;
    return false;
}

static Expr *inline_call(Folding *folding, Expr *expr)
{
    Expr *body = routine_inline_once(folding->session, expr, folding->depth, folding->arena, folding->error);
    if (!body && !error_is_set(folding->error))
        return expr;
    folding->depth++;
    body = body ? fold(folding, body) : NULL;
    folding->depth--;
    if (!body)
        routine_add_context(folding->error, arena_printf(folding->arena, "SQL function \"%s\" during inlining",
                                                         routine_of_call(folding->session->catalog, expr)->name));
    return body;
}

static Expr *compute(Folding *folding, Expr *expr)
{
    const char *value;
    PlEvaluation evaluation = {.host = folding->host, .arena = folding->arena};
    if (is_null_call(folding, expr))
        return expr_const_like(folding->arena, expr, NULL);
    if (is_immutable(folding, expr) && has_only_constants(expr) && plpgsql_can_evaluate(folding->host, expr)) {
        folding->session->routine_folds = expr->kind == EXPR_FUNC && expr->oid >= FIRST_USER_OID;
        bool done = plpgsql_evaluate(&evaluation, expr, &value, folding->error);
        folding->session->routine_folds = false;
        return done ? expr_const_like(folding->arena, expr, value) : NULL;
    }
    bool is_routine = expr->kind == EXPR_FUNC && expr->oid >= FIRST_USER_OID && !expr->u.func.returns_set;
    return is_routine ? inline_call(folding, expr) : expr;
}

static Expr *fold_part(Expr *part, void *arg)
{
    return fold(arg, part);
}

/* In place, as far as it stays. NULL: it fails. */
static Expr *fold(Folding *folding, Expr *expr)
{
    const ExprDeciding deciding = {folding->arena, fold_part, folding};
    if (expr->kind == EXPR_PARAM)
        return folding->params && folding->params->values
                   ? expr_const_like(folding->arena, expr, folding->params->values[expr->u.param - 1])
                   : expr;
    if (expr_is_decided(expr))
        return expr_decide(&deciding, expr);
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i] && !(expr->args[i] = fold(folding, expr->args[i])))
            return NULL;
    return compute(folding, expr);
}

/* ---- the two uses ---- */

static bool fold_clause(const Expr *expr, void *arg)
{
    Folding *folding = arg;
    return !fold(folding, expr_copy(expr, folding->arena));
}

static bool fold_query(const Query *query, void *arg)
{
    return query_walk_clauses(query, fold_clause, arg) || query_walk_queries(query, fold_query, arg);
}

Expr *routine_fold(Session *session, const Expr *expr, const PortalParams *params, Arena *arena, Error *error)
{
    Folding folding = {.session = session, .host = routine_host(session, arena), .params = params, .arena = arena, .error = error};
    return fold(&folding, expr_copy(expr, arena));
}

bool routine_fold_query(Session *session, const Query *query, Arena *arena, Error *error)
{
    Folding folding = {.session = session, .host = routine_host(session, arena), .arena = arena, .error = error};
    return !fold_query(query, &folding);
}
