/*
 * refute_form.c - conditions as refute.c wants them, and as PostgreSQL's planner has them: NOT as far down as it goes, comparisons with
 * true and false gone, tests of a written row as tests of its fields.
 *
 * Threads: the session's own.
 */
#include <string.h>

#include "plan/internal.h"

enum { MAX_DEPTH = 200, BOOL_EQUAL = 91, BOOL_NOT_EQUAL = 85 };

static Expr *form(Planner *planner, Expr *expr, bool negate, int depth);

static Expr *like(Planner *planner, const Expr *expr, ExprKind kind, Expr *only)
{
    Expr *out = ARENA_NEW(planner->arena, Expr);
    *out = *expr;
    out->kind = kind;
    if (only) {
        out->args = ARENA_ARRAY(planner->arena, Expr *, 1);
        out->args[0] = only;
        out->nargs = 1;
    }
    return out;
}

static Expr *denial(Planner *planner, Expr *expr)
{
    Expr *out = ARENA_NEW(planner->arena, Expr);
    *out = (Expr){.kind = EXPR_NOT, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 1};
    out->args = ARENA_ARRAY(planner->arena, Expr *, 1);
    out->args[0] = expr;
    return out;
}

static Expr *form_parts(Planner *planner, const Expr *expr, bool negate, int depth)
{
    Expr *out = like(planner, expr, (expr->kind == EXPR_AND) != negate ? EXPR_AND : EXPR_OR, NULL);
    out->args = ARENA_ARRAY(planner->arena, Expr *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++)
        out->args[i] = form(planner, expr->args[i], negate, depth);
    return out;
}

/* (a, b) IS NULL: each of them is; NULL: it is no such test. */
static Expr *form_row(Planner *planner, const Expr *expr, bool negate, int depth)
{
    const Expr *row = expr->args[0];
    if (!expr->u.row_wise || row->kind != EXPR_ROW)
        return NULL;
    Expr *all = like(planner, expr, EXPR_AND, NULL);
    all->args = ARENA_ARRAY(planner->arena, Expr *, row->nargs + 1);
    all->nargs = row->nargs;
    for (int i = 0; i < row->nargs; i++) {
        all->args[i] = like(planner, expr, expr->kind, row->args[i]);
        all->args[i]->u.row_wise = false;
    }
    return form_parts(planner, all, negate, depth);
}

static Expr *form_null_test(Planner *planner, Expr *expr, bool negate, int depth)
{
    Expr *fields = form_row(planner, expr, negate, depth);
    if (fields || !negate)
        return fields ? fields : expr;
    return expr->u.row_wise ? denial(planner, expr)
                            : like(planner, expr, expr->kind == EXPR_IS_NULL ? EXPR_IS_NOT_NULL : EXPR_IS_NULL, NULL);
}

static Expr *form_bool_test(Planner *planner, Expr *expr, bool negate, int depth)
{
    static const BoolTest OPPOSITES[] = {
        [TEST_IS_TRUE] = TEST_IS_NOT_TRUE,   [TEST_IS_NOT_TRUE] = TEST_IS_TRUE,       [TEST_IS_FALSE] = TEST_IS_NOT_FALSE,
        [TEST_IS_NOT_FALSE] = TEST_IS_FALSE, [TEST_IS_UNKNOWN] = TEST_IS_NOT_UNKNOWN, [TEST_IS_NOT_UNKNOWN] = TEST_IS_UNKNOWN};
    Expr *out = like(planner, expr, EXPR_BOOL_TEST, form(planner, expr->args[0], false, depth));
    if (negate)
        out->u.bool_test = OPPOSITES[expr->u.bool_test];
    return out;
}

static bool is_bool_const(const Expr *expr)
{
    return expr->kind == EXPR_CONST && expr->type == TYPE_BOOL && expr->u.value;
}

/* With NULL, which the operator gives back. */
static bool is_never(const Planner *planner, const Expr *expr, const CatOperator *known)
{
    const CatProc *proc = known ? catalog_proc(planner->context->catalog, known->proc) : NULL;
    bool is_null = false;
    for (int i = 0; i < expr->nargs; i++)
        is_null |= expr->args[i]->kind == EXPR_CONST && !expr->args[i]->u.value;
    return is_null && proc && proc->strict;
}

static Expr *form_comparison(Planner *planner, Expr *expr, bool negate, int depth)
{
    const CatOperator *known = catalog_operator(planner->context->catalog, expr->oid);
    if ((expr->oid == BOOL_EQUAL || expr->oid == BOOL_NOT_EQUAL) && expr->nargs == 2)
        for (int i = 0; i < 2; i++)
            if (is_bool_const(expr->args[i]))
                return form(planner, expr->args[1 - i], negate != ((*expr->args[i]->u.value == 't') != (expr->oid == BOOL_EQUAL)), depth);
    if (is_never(planner, expr, known))
        return expr_const(planner->arena, TYPE_BOOL, -1, NULL);
    if (!negate)
        return expr;
    if (!known || !known->negator)
        return denial(planner, expr);
    Expr *out = like(planner, expr, expr->kind, NULL);
    out->oid = known->negator;
    out->u.is_all = expr->kind == EXPR_ANY_ALL && !expr->u.is_all;
    return out;
}

static Expr *form(Planner *planner, Expr *expr, bool negate, int depth)
{
    if (depth < MAX_DEPTH)
        switch (expr->kind) {
        case EXPR_NOT:
            return form(planner, expr->args[0], !negate, depth + 1);
        case EXPR_AND:
        case EXPR_OR:
            return form_parts(planner, expr, negate, depth + 1);
        case EXPR_IS_NULL:
        case EXPR_IS_NOT_NULL:
            return form_null_test(planner, expr, negate, depth + 1);
        case EXPR_BOOL_TEST:
            return form_bool_test(planner, expr, negate, depth + 1);
        case EXPR_OP:
        case EXPR_ANY_ALL:
            return form_comparison(planner, expr, negate, depth + 1);
        default:
            break;
        }
    return negate ? denial(planner, expr) : expr;
}

Expr *refute_form(Planner *planner, Expr *expr)
{
    return form(planner, expr, false, 0);
}
