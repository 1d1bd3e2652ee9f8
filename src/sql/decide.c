/*
 * decide.c - what a constant among the arguments decides of AND, OR, NOT, tests, CASE and COALESCE, as PostgreSQL's planner decides it.
 *
 * Invariants:
 *  1. Arguments are simplified from the left to the right; what a constant before it rules out is not looked at, so it cannot fail.
 *  2. The expression is changed in place, as far as it stays.
 * Any thread.
 */
#include "sql/sql.h"

bool expr_is_constant(const Expr *expr)
{
    bool of_parts = expr->kind == EXPR_ARRAY || expr->kind == EXPR_ROW || expr->kind == EXPR_RELABEL || expr->kind == EXPR_COLLATE;
    for (int i = 0; of_parts && i < expr->nargs; i++)
        if (!expr_is_constant(expr->args[i]))
            return false;
    return of_parts || expr->kind == EXPR_CONST;
}

Expr *expr_const_like(Arena *arena, const Expr *expr, const char *canonical_text)
{
    Expr *constant = expr_const(arena, expr->type, expr->typmod, canonical_text);
    constant->collation = expr->collation;
    constant->location = expr->location;
    if (expr->kind == EXPR_PARAM || expr->kind == EXPR_CONST)
        constant->u.fields = expr->u.fields;
    return constant;
}

static bool is_true(const Expr *expr)
{
    return expr->kind == EXPR_CONST && expr->u.value && *expr->u.value == 't';
}

static Expr *boolean_like(const ExprDeciding *deciding, const Expr *expr, bool value)
{
    return expr_const_like(deciding->arena, expr, value ? "t" : "f");
}

static Expr *simplified(const ExprDeciding *deciding, Expr *part)
{
    return deciding->simplify(part, deciding->arg);
}

static Expr *decide_and_or(const ExprDeciding *deciding, Expr *expr)
{
    bool is_or = expr->kind == EXPR_OR, saw_null = false;
    int kept = 0;
    for (int i = 0; i < expr->nargs; i++) {
        Expr *arg = simplified(deciding, expr->args[i]);
        if (!arg)
            return NULL;
        if (arg->kind != EXPR_CONST)
            expr->args[kept++] = arg;
        else if (!arg->u.value)
            saw_null = true;
        else if (is_true(arg) == is_or)
            return boolean_like(deciding, expr, is_or);
    }
    if (!kept)
        return saw_null ? expr_const_like(deciding->arena, expr, NULL) : boolean_like(deciding, expr, !is_or);
    if (saw_null)
        expr->args[kept++] = expr_const_like(deciding->arena, expr, NULL);
    expr->nargs = kept;
    return kept == 1 ? expr->args[0] : expr;
}

static Expr *decide_not(const ExprDeciding *deciding, Expr *expr)
{
    const Expr *arg = expr->args[0] = simplified(deciding, expr->args[0]);
    if (!arg || arg->kind != EXPR_CONST)
        return arg ? expr : NULL;
    return arg->u.value ? boolean_like(deciding, expr, !is_true(arg)) : expr_const_like(deciding->arena, expr, NULL);
}

static Expr *decide_null_test(const ExprDeciding *deciding, Expr *expr)
{
    const Expr *arg = expr->args[0] = simplified(deciding, expr->args[0]);
    if (!arg || arg->kind != EXPR_CONST || expr->u.row_wise)
        return arg ? expr : NULL;
    return boolean_like(deciding, expr, (arg->u.value == NULL) == (expr->kind == EXPR_IS_NULL));
}

static Expr *decide_bool_test(const ExprDeciding *deciding, Expr *expr)
{
    const Expr *arg = expr->args[0] = simplified(deciding, expr->args[0]);
    if (!arg || arg->kind != EXPR_CONST)
        return arg ? expr : NULL;
    BoolTest test = expr->u.bool_test;
    bool negated = test == TEST_IS_NOT_TRUE || test == TEST_IS_NOT_FALSE || test == TEST_IS_NOT_UNKNOWN;
    bool holds = test == TEST_IS_TRUE || test == TEST_IS_NOT_TRUE     ? is_true(arg)
                 : test == TEST_IS_FALSE || test == TEST_IS_NOT_FALSE ? arg->u.value && !is_true(arg)
                                                                      : !arg->u.value;
    return boolean_like(deciding, expr, holds != negated);
}

static Expr *decide_case(const ExprDeciding *deciding, Expr *expr)
{
    int kept = 0, last = expr->nargs - 1;
    Expr *otherwise = NULL;
    for (int i = 0; i < last && !otherwise; i += 2) {
        Expr *condition = simplified(deciding, expr->args[i]);
        if (!condition)
            return NULL;
        if (condition->kind == EXPR_CONST && !is_true(condition))
            continue;
        Expr *result = simplified(deciding, expr->args[i + 1]);
        if (!result)
            return NULL;
        if (condition->kind == EXPR_CONST) {
            otherwise = result;
            continue;
        }
        expr->args[kept++] = condition;
        expr->args[kept++] = result;
    }
    if (!otherwise && !(otherwise = simplified(deciding, expr->args[last])))
        return NULL;
    if (!kept)
        return otherwise;
    expr->args[kept++] = otherwise;
    expr->nargs = kept;
    return expr;
}

static Expr *decide_coalesce(const ExprDeciding *deciding, Expr *expr)
{
    int kept = 0;
    for (int i = 0; i < expr->nargs; i++) {
        Expr *arg = simplified(deciding, expr->args[i]);
        if (!arg)
            return NULL;
        if (arg->kind == EXPR_CONST && !arg->u.value)
            continue;
        bool is_value = expr_is_constant(arg);
        if (is_value && !kept)
            return arg;
        expr->args[kept++] = arg;
        if (is_value)
            break;
    }
    if (!kept)
        return expr_const_like(deciding->arena, expr, NULL);
    expr->nargs = kept;
    return expr;
}

static Expr *(*const DECIDE[])(const ExprDeciding *, Expr *) = {
    [EXPR_AND] = decide_and_or,
    [EXPR_OR] = decide_and_or,
    [EXPR_NOT] = decide_not,
    [EXPR_IS_NULL] = decide_null_test,
    [EXPR_IS_NOT_NULL] = decide_null_test,
    [EXPR_BOOL_TEST] = decide_bool_test,
    [EXPR_CASE] = decide_case,
    [EXPR_COALESCE] = decide_coalesce,
};

bool expr_is_decided(const Expr *expr)
{
    return (size_t)expr->kind < COUNT_OF(DECIDE) && DECIDE[expr->kind];
}

Expr *expr_decide(const ExprDeciding *deciding, Expr *expr)
{
    return DECIDE[expr->kind](deciding, expr);
}
