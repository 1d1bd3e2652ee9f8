/*
 * scalar.c - expressions of numbers, dates and times over a row of a batch, computed from value to value without texts between.
 *
 * Invariants:
 *  1. scalar_can_compute has said yes before: only built-in strict functions are called, of types whose values have a fixed size.
 *  2. A parameter behind the first `nparams` stands for a column of the batch.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "func/func.h"
#include "session/routine.h"

static bool is_scalar(Oid type)
{
    return type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8 || type == TYPE_FLOAT8 || type == TYPE_BOOL || type == TYPE_DATE ||
           type == TYPE_TIMESTAMP || type == TYPE_TIMESTAMPTZ || type == TYPE_INTERVAL;
}

static bool is_laid_out(const FdwVector *vector, Oid type)
{
    return vector->type.physical == type_layout(type, -1).physical;
}

bool scalar_can_compute(const Expr *expr, Catalog *catalog, int nparams)
{
    if (!is_scalar(expr->type))
        return false;
    if (expr->kind == EXPR_CONST)
        return true;
    if (expr->kind == EXPR_PARAM)
        return expr->u.param > nparams;
    if ((expr->kind != EXPR_FUNC && expr->kind != EXPR_OP) || (expr->kind == EXPR_FUNC && expr->u.func.returns_set))
        return false;
    const CatProc *proc = routine_of_call(catalog, expr);
    const FuncFact *fact = proc && proc->oid < FIRST_USER_OID ? func_fact(proc->oid) : NULL;
    if (!fact || !fact->strict || fact->kind != 'f' || !func_find(proc->oid))
        return false;
    for (int i = 0; i < expr->nargs; i++)
        if (!expr->args[i] || !scalar_can_compute(expr->args[i], catalog, nparams))
            return false;
    return true;
}

bool scalar_is_laid_out(const Expr *expr, const FdwBatch *batch, int nparams)
{
    if (expr->kind == EXPR_PARAM)
        return is_laid_out(&batch->vectors[expr->u.param - nparams - 1], expr->type);
    for (int i = 0; i < expr->nargs; i++)
        if (!scalar_is_laid_out(expr->args[i], batch, nparams))
            return false;
    return true;
}

static bool call(const ScalarRow *row, const Expr *expr, Value *out, Error *error)
{
    Oid *types = ARENA_ARRAY(row->arena, Oid, expr->nargs + 1), proc = routine_of_call(row->catalog, expr)->oid;
    Value *args = ARENA_ARRAY(row->arena, Value, expr->nargs + 1);
    bool has_null = false;
    for (int i = 0; i < expr->nargs; i++) {
        types[i] = expr->args[i]->type;
        if (!scalar_compute(row, expr->args[i], &args[i], error))
            return false;
        has_null |= args[i].is_null;
    }
    FuncCall call = {.context = row->functions,
                     .arena = row->arena,
                     .proc = proc,
                     .return_type = expr->type,
                     .arg_types = types,
                     .args = args,
                     .nargs = expr->nargs,
                     .result = out,
                     .error = error};
    return has_null || func_find(proc)(&call);
}

bool scalar_compute(const ScalarRow *row, const Expr *expr, Value *out, Error *error)
{
    *out = (Value){.is_null = true, .physical = type_layout(expr->type, -1).physical};
    if (expr->kind == EXPR_PARAM) {
        *out = type_vector_get(&row->batch->vectors[expr->u.param - row->nparams - 1], row->at);
        return true;
    }
    if (expr->kind != EXPR_CONST)
        return call(row, expr, out, error);
    const char *text = expr->u.value;
    return !text || type_input(expr->type, -1, text, strlen(text), &TYPE_CONTEXT_CANONICAL, row->arena, out, error);
}
