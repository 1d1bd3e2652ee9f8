/*
 * print_agg_filter.c - what stands in an aggregate with a FILTER, for the local engine.
 *
 *  1. The engine computes the arguments of every row, then asks the filter; PostgreSQL only those of rows that pass. So arguments that are
 * computed become CASE WHEN filter THEN argument END: what the filter keeps out raises no error.
 *  2. The engine gives each aggregate with a FILTER a chunk of its own with every column that any of them reads: with 1,600 of them that
 * is time and memory by the square. Beyond a bound, aggregates to which a NULL is nothing have that CASE alone.
 *
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

/* Below it, FILTER is as quick as CASE or quicker. */
enum { MOST_FILTERS = 64 };

/* Of one argument, and a NULL in it changes nothing. */
static const char *const WITHOUT_NULLS[] = {"count",    "sum",     "avg",     "min",         "max",       "bool_and",
                                            "bool_or",  "every",   "bit_and", "bit_or",      "bit_xor",   "variance",
                                            "var_samp", "var_pop", "stddev",  "stddev_samp", "stddev_pop"};

static bool ignores_nulls(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(WITHOUT_NULLS); i++)
        if (str_eq(WITHOUT_NULLS[i], name))
            return true;
    return false;
}

static Expr *only_where(Arena *arena, Expr *filter, Expr *argument)
{
    Expr *expr = ARENA_NEW(arena, Expr);
    *expr = (Expr){.kind = EXPR_CASE, .type = argument->type, .typmod = argument->typmod, .collation = argument->collation, .location = -1};
    expr->nargs = 3;
    expr->args = ARENA_ARRAY(arena, Expr *, expr->nargs);
    expr->args[0] = filter;
    expr->args[1] = argument;
    expr->args[2] = expr_const(arena, argument->type, argument->typmod, NULL);
    return expr;
}

/* The argument, where computing it fails for no row; rows are guarded field by field, as they have no NULL of their own. */
static Expr *guarded(Arena *arena, Expr *filter, Expr *argument)
{
    if (argument->kind == EXPR_VAR || argument->kind == EXPR_CONST || argument->kind == EXPR_PARAM)
        return argument;
    if (argument->kind != EXPR_ROW)
        return only_where(arena, filter, argument);
    Expr *row = ARENA_NEW(arena, Expr);
    *row = *argument;
    row->args = ARENA_ARRAY(arena, Expr *, argument->nargs + 1);
    for (int i = 0; i < argument->nargs; i++)
        row->args[i] = guarded(arena, filter, argument->args[i]);
    return row;
}

static bool is_one_of_many(Printer *printer, const Expr *expr, const char *name)
{
    return expr->kind == EXPR_AGG && expr->u.agg.kind == 'n' && (expr->nargs == 1 || expr->u.agg.star) && ignores_nulls(name) &&
           printer->scope && printer->scope->filters++ >= MOST_FILTERS;
}

const Expr *print_filter_guard(Printer *printer, const Expr *expr, const char *name)
{
    Expr *filter = expr->kind == EXPR_AGG ? expr->u.agg.filter : expr->u.window.filter;
    if (printer->dialect->kind != DIALECT_DUCKDB || !filter)
        return expr;
    Arena *arena = printer->arena;
    Expr *plain = ARENA_NEW(arena, Expr);
    *plain = *expr;
    plain->args = ARENA_ARRAY(arena, Expr *, expr->nargs + 1);
    if (!is_one_of_many(printer, expr, name)) {
        for (int i = 0; i < expr->nargs; i++)
            plain->args[i] = guarded(arena, filter, expr->args[i]);
        return plain;
    }
    plain->args[0] = only_where(arena, filter, expr->nargs ? expr->args[0] : expr_const(arena, TYPE_BOOL, -1, "t"));
    plain->nargs = 1;
    plain->oid = expr->nargs ? expr->oid : F_COUNT_ANY;
    plain->u.agg.star = false;
    plain->u.agg.filter = NULL;
    return plain;
}
