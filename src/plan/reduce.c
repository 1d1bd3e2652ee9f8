/*
 * reduce.c - outer joins that a condition above them makes plain: whoever drops the rows that the join filled up with NULLs needs no outer
 * join, and its conditions may go down on both sides.
 *
 * Invariant: only strict operators and functions of pg_proc are relied on.
 * Any thread.
 */
#include "plan/internal.h"

typedef struct Rejection {
    const bool *rtes;
    Catalog *catalog;
} Rejection;

static bool is_strict(const Rejection *rejection, const Expr *expr)
{
    Oid proc = expr->oid;
    if (expr->kind == EXPR_OP || expr->kind == EXPR_ANY_ALL) {
        const CatOperator *found = catalog_operator(rejection->catalog, expr->oid);
        proc = found ? found->proc : OID_NONE;
    }
    const CatProc *known = proc ? catalog_proc(rejection->catalog, proc) : NULL;
    return known && known->strict && !known->returns_set;
}

/* Is the value NULL when all columns of the entries are? */
static bool becomes_null(const Rejection *rejection, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_VAR:
        return expr->u.var.levels_up == 0 && rejection->rtes[expr->u.var.rte] && expr->u.var.column > 0;
    case EXPR_RELABEL:
    case EXPR_CAST_IO:
    case EXPR_COLLATE:
    case EXPR_NOT:
        return becomes_null(rejection, expr->args[0]);
    case EXPR_OP:
    case EXPR_FUNC:
        for (int i = 0; i < expr->nargs && is_strict(rejection, expr); i++)
            if (becomes_null(rejection, expr->args[i]))
                return true;
        return false;
    default:
        return false;
    }
}

/* Is the condition never true then? */
static bool rejects(const Rejection *rejection, const Expr *expr)
{
    bool is_or = expr->kind == EXPR_OR;
    switch (expr->kind) {
    case EXPR_AND:
    case EXPR_OR:
        for (int i = 0; i < expr->nargs; i++)
            if (rejects(rejection, expr->args[i]) != is_or)
                return !is_or;
        return is_or;
    case EXPR_IS_NOT_NULL:
        return !expr->u.row_wise && becomes_null(rejection, expr->args[0]);
    case EXPR_ANY_ALL:
        return !expr->u.is_all && is_strict(rejection, expr) && becomes_null(rejection, expr->args[0]);
    default:
        return becomes_null(rejection, expr);
    }
}

bool reduce_rejects(const ExprList *conditions, const bool *rtes, Catalog *catalog)
{
    Rejection rejection = {rtes, catalog};
    for (size_t i = 0; i < conditions->count; i++)
        if (rejects(&rejection, conditions->items[i]))
            return true;
    return false;
}
