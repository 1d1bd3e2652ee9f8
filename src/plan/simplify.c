/*
 * simplify.c - the constants of an expression, computed as PostgreSQL's planner computes them (its eval_const_expressions): so one that
 * fails is an error though no row is ever looked at, and what a constant condition rules out is no error.
 *
 * Invariants:
 *  1. Arguments come before what they are arguments of, from the left to the right. What AND, OR, CASE and COALESCE leave out because of a
 *     constant before it is not computed.
 *  2. Only immutable functions of PostgreSQL's own are computed, casts through the text form if both types' forms are immutable. Functions
 * of users have been called before a query is planned.
 *  3. What cannot be computed here, nor by the local engine, stays as it is: only PostgreSQL's own errors are told.
 * Threads: the session's own.
 */
#include <string.h>

#include "plan/simplify.h"

static bool are_constant(const Expr *expr)
{
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i] && !expr_is_constant(expr->args[i]))
            return false;
    return true;
}

static bool simplify_args(Simplifying *simplifying, Expr *expr)
{
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i] && !(expr->args[i] = simplify_expr(simplifying, expr->args[i])))
            return false;
    return true;
}

/* ---- computing ---- */

/* What the local engine cannot do is left, and what it finds wrong beyond PostgreSQL's own errors of data. */
static bool is_of_data(const Error *error)
{
    return strncmp(error->sqlstate, ERRCODE_DATA_EXCEPTION, 2) == 0 || str_eq(error->sqlstate, ERRCODE_PROGRAM_LIMIT_EXCEEDED);
}

static Expr *failed_or(Simplifying *simplifying, Expr *expr, const Error *failure)
{
    if (!error_is_set(failure) || !is_of_data(failure))
        return expr;
    error_copy(simplifying->error, failure);
    return NULL;
}

/* SELECT of the expression with its arguments as parameters, which are then no constants to anybody. */
static Expr *compute_in_engine(Simplifying *simplifying, Expr *expr)
{
    Arena *arena = simplifying->planner->arena;
    const FuncContext *functions = simplifying->planner->context->functions;
    if (!functions->call_routine || expr->type == TYPE_RECORD || expr->type == TYPE_UNKNOWN)
        return expr;
    Expr *asked = expr_copy(expr, arena);
    Oid *types = ARENA_ARRAY(arena, Oid, expr->nargs + 1);
    const char **texts = ARENA_ARRAY(arena, const char *, expr->nargs + 1);
    int count = 0;
    for (int i = 0; i < expr->nargs; i++) {
        const Expr *arg = expr->args[i];
        if (!arg || arg->kind != EXPR_CONST || arg->type == TYPE_UNKNOWN || arg->type == TYPE_RECORD)
            continue;
        types[count] = arg->type;
        texts[count++] = arg->u.value;
        asked->args[i]->kind = EXPR_PARAM;
        asked->args[i]->u.param = count;
    }
    Query *query = ARENA_NEW(arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .ntargets = 1, .as_of = simplifying->planner->context->as_of};
    query->targets = ARENA_NEW(arena, Target);
    query->targets[0] = (Target){.expr = asked, .name = "constant"};
    const PlanSubplan subplan = {.query = query, .types = types, .nparams = count};
    FuncRoutineCall call = {.subplan = &subplan, .form = FUNC_ROUTINE_VALUE, .types = types, .args = texts, .nargs = count};
    Error failure;
    error_init(&failure, arena);
    bool done = functions->call_routine(functions, &call, arena, &failure) && call.nrows == 1 && call.ncolumns == 1;
    return done ? expr_const_like(simplifying->planner->arena, expr, call.rows[0][0]) : failed_or(simplifying, expr, &failure);
}

static Expr *compute_call(Simplifying *simplifying, Expr *expr, Oid proc)
{
    Planner *planner = simplifying->planner;
    const CatProc *known = proc && func_fact(proc) ? catalog_proc(planner->context->catalog, proc) : NULL;
    if (!known || known->volatility != 'i' || known->kind != 'f' || known->returns_set || !are_constant(expr))
        return expr;
    bool texts = true;
    for (int i = 0; i < expr->nargs; i++) {
        if (known->strict && expr->args[i]->kind == EXPR_CONST && !expr->args[i]->u.value)
            return expr_const_like(simplifying->planner->arena, expr, NULL);
        texts &= expr->args[i]->kind == EXPR_CONST;
    }
    bool is_call = expr->kind == EXPR_FUNC || expr->kind == EXPR_OP;
    if (!is_call || !texts || !func_find(proc) || func_find_set(proc))
        return func_find_set(proc) ? expr : compute_in_engine(simplifying, expr);
    const char *text;
    Error failure;
    error_init(&failure, planner->arena);
    if (fold_value(planner, expr, proc, &text, &failure))
        return fold_reads_back(planner, expr->type, text) ? expr_const_like(simplifying->planner->arena, expr, text) : expr;
    return failed_or(simplifying, expr, &failure);
}

static Oid proc_of(const Simplifying *simplifying, const Expr *expr)
{
    const CatOperator *found = expr->kind == EXPR_FUNC ? NULL : catalog_operator(simplifying->planner->context->catalog, expr->oid);
    return expr->kind == EXPR_FUNC ? expr->oid : found ? found->proc : OID_NONE;
}

static Expr *simplify_call(Simplifying *simplifying, Expr *expr)
{
    if (!simplify_args(simplifying, expr))
        return NULL;
    bool is_set = expr->kind == EXPR_FUNC && expr->u.func.returns_set;
    return is_set ? expr : compute_call(simplifying, expr, proc_of(simplifying, expr));
}

/* Kinds that are computed without a function of their own, and that do not look further into their arguments. */
static Expr *simplify_plain(Simplifying *simplifying, Expr *expr)
{
    if (!simplify_args(simplifying, expr))
        return NULL;
    return are_constant(expr) ? compute_in_engine(simplifying, expr) : expr;
}

/* A type whose text form, one of both ways, is not immutable: settings, names or the catalog are in it (pg_proc.provolatile of typinput
 * and typoutput). */
static bool has_stable_form(Catalog *catalog, Oid oid)
{
    static const Oid TYPES[] = {TYPE_MONEY, TYPE_XML, TYPE_ACLITEM};
    const CatType *type = catalog_type(catalog, oid);
    if (!type || type->kind != 'b' || type->element || strchr("DT", type->category) || strncmp(type->name, "reg", 3) == 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (TYPES[i] == oid)
            return true;
    return false;
}

static Expr *simplify_io_cast(Simplifying *simplifying, Expr *expr)
{
    Catalog *catalog = simplifying->planner->context->catalog;
    if (!simplify_args(simplifying, expr))
        return NULL;
    if (has_stable_form(catalog, expr->type) || has_stable_form(catalog, expr->args[0]->type))
        return expr;
    Error failure;
    error_init(&failure, simplifying->planner->arena);
    return fold_io_cast(simplifying->planner, &expr, &failure) ? expr : failed_or(simplifying, expr, &failure);
}

static Expr *simplify_part(Expr *part, void *arg)
{
    return simplify_expr(arg, part);
}

static Expr *simplify_decided(Simplifying *simplifying, Expr *expr)
{
    const ExprDeciding deciding = {simplifying->planner->arena, simplify_part, simplifying};
    return expr_decide(&deciding, expr);
}

static Expr *simplify_nullif(Simplifying *simplifying, Expr *expr)
{
    if (!simplify_args(simplifying, expr))
        return NULL;
    const CatProc *known = catalog_proc(simplifying->planner->context->catalog, proc_of(simplifying, expr));
    bool computed = known && known->volatility == 'i' && func_fact(known->oid) && are_constant(expr);
    return computed ? compute_in_engine(simplifying, expr) : expr;
}

/* Of a cast that changes no value: the constant of the other type. */
static Expr *simplify_relabel(Simplifying *simplifying, Expr *expr)
{
    if (!simplify_args(simplifying, expr))
        return NULL;
    return expr->kind == EXPR_RELABEL          ? fold_relabel(simplifying->planner, expr)
           : expr->args[0]->kind == EXPR_CONST ? expr_const_like(simplifying->planner->arena, expr, expr->args[0]->u.value)
                                               : expr;
}

static Expr *simplify_field(Simplifying *simplifying, Expr *expr)
{
    return simplify_args(simplifying, expr) ? fields_of_row(expr) : NULL;
}

static Expr *simplify_aggregate(Simplifying *simplifying, Expr *expr)
{
    if (!simplify_args(simplifying, expr))
        return NULL;
    bool is_aggregate = expr->kind == EXPR_AGG;
    for (int i = 0; is_aggregate && i < expr->u.agg.ndirect; i++)
        if (!(expr->u.agg.direct_args[i] = simplify_expr(simplifying, expr->u.agg.direct_args[i])))
            return NULL;
    Expr **filter = is_aggregate ? &expr->u.agg.filter : &expr->u.window.filter;
    return !*filter || (*filter = simplify_expr(simplifying, *filter)) ? expr : NULL;
}

/* Conditions of the domain are looked at when it is run; the value is, even a constant, not checked before. */
static Expr *simplify_domain(Simplifying *simplifying, Expr *expr)
{
    return (expr->args[0] = simplify_expr(simplifying, expr->args[0])) ? expr : NULL;
}

static Expr *simplify_param(Simplifying *simplifying, Expr *expr)
{
    const PlanContext *context = simplifying->planner->context;
    bool is_known = simplifying->knows_params && context->params_bound && expr->u.param <= context->nparams;
    return is_known ? expr_const_like(simplifying->planner->arena, expr, context->param_values[expr->u.param - 1]) : expr;
}

static Expr *simplify_parts(Simplifying *simplifying, Expr *expr)
{
    return simplify_args(simplifying, expr) ? expr : NULL;
}

static Expr *(*const SIMPLIFY[])(Simplifying *, Expr *) = {
    [EXPR_VAR] = simplify_column,       [EXPR_FUNC] = simplify_call,       [EXPR_OP] = simplify_call,
    [EXPR_DISTINCT] = simplify_nullif,  [EXPR_NULLIF] = simplify_nullif,   [EXPR_ANY_ALL] = simplify_nullif,
    [EXPR_GREATEST] = simplify_plain,   [EXPR_LEAST] = simplify_plain,     [EXPR_RELABEL] = simplify_relabel,
    [EXPR_COLLATE] = simplify_relabel,  [EXPR_CAST_IO] = simplify_io_cast, [EXPR_CAST_DOMAIN] = simplify_domain,
    [EXPR_SUBSCRIPT] = simplify_plain,  [EXPR_FIELD] = simplify_field,     [EXPR_AGG] = simplify_aggregate,
    [EXPR_WINDOW] = simplify_aggregate, [EXPR_PARAM] = simplify_param,
};

Expr *simplify_expr(Simplifying *simplifying, Expr *expr)
{
    size_t kind = (size_t)expr->kind;
    if (expr_is_decided(expr))
        return simplify_decided(simplifying, expr);
    return (kind < COUNT_OF(SIMPLIFY) && SIMPLIFY[kind] ? SIMPLIFY[kind] : simplify_parts)(simplifying, expr);
}
