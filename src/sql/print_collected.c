/*
 * print_collected.c - aggregates of the local engine over a list of the rows of a group, or frame: DISTINCT where the engine's own does not
 * do (equal values that may differ, orders by keys, texts that are made of the arguments), separators that differ by the row, and
 * aggregates of src/func in an order, of which the engine would give them but the first row.
 *
 *  1. A group's rows are collected as a list in the order that is stated, with DISTINCT then in that of the arguments; a row has the
 * arguments v1, v2, ... and for DISTINCT their keys k1, k2, ... Of rows with the same keys, which are neighbours then, the first stays.
 *  2. Texts are joined over that list; an aggregate of src/func runs over it by its name, a pair of floats as one text.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <stdio.h>
#include <string.h>

static int own_args(const Expr *expr)
{
    return expr->kind == EXPR_AGG ? expr->nargs - expr->u.agg.njunk : expr->nargs;
}

/* Whether the engine may be given the spelling with its own DISTINCT: what is distinct is then the argument, and the order is by it. */
static bool is_distinct_natively(Printer *printer, const Expr *expr, const char *text)
{
    for (int i = 0; i < own_args(expr); i++)
        if (print_needs_order_key(printer, expr->args[i]))
            return false;
    return strstr(text, "$d") || strstr(text, "$<$1");
}

/* The engine's own string_agg wants a constant, and gives NULL for a separator that is NULL; with a separator of each row, texts are joined
 * one by one. */
static bool has_own_separators(const Expr *expr)
{
    return (expr->oid == F_STRING_AGG_TEXT_TEXT || expr->oid == F_STRING_AGG_BYTEA_BYTEA) &&
           (expr->args[1]->kind != EXPR_CONST || !expr->args[1]->u.value);
}

bool print_is_collected(Printer *printer, const Expr *expr, const char *text, const AggParts *parts)
{
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return false;
    bool in_order = parts->order[0] && strncmp(text, "mdl_", 4) == 0 && strstr(text, "$o");
    return in_order || has_own_separators(expr) || (parts->distinct && !is_distinct_natively(printer, expr, text));
}

/* ---- the rows ---- */

/* values: the arguments, records as their JSON where that is wanted. */
static bool print_parts(Printer *printer, const Expr *expr, Expr *const *values, bool distinct)
{
    for (int i = 0; i < own_args(expr); i++) {
        str_addf(printer->out, "%s'v%d': ", i ? ", " : "{", i + 1);
        if (!print_as(printer, values[i], values[i]->type, -1))
            return false;
        if (!distinct)
            continue;
        str_addf(printer->out, ", 'k%d': ", i + 1);
        if (!print_key(printer, expr->args[i], KEY_ORDER))
            return false;
    }
    str_add(printer->out, "}");
    return true;
}

static bool print_rows(Printer *printer, const Expr *expr, Expr *const *values, const AggParts *parts)
{
    bool distinct = parts->distinct;
    str_add(printer->out, distinct ? "list_transform([{'l': list(" : "list(");
    if (!print_parts(printer, expr, values, distinct))
        return false;
    str_addf(printer->out, "%s)%s", parts->order, parts->suffix);
    if (!distinct)
        return true;
    str_add(printer->out, "}], lambda g: list_filter((g).l, lambda e, i: i = 1");
    for (int i = 0; i < own_args(expr); i++)
        str_addf(printer->out, " OR (g).l[i - 1].k%d IS DISTINCT FROM (e).k%d", i + 1, i + 1);
    str_add(printer->out, "))[1]");
    return true;
}

/* Records become their JSON as long as their fields are known. */
static bool as_json(Printer *printer, Expr *const **values, int nargs)
{
    Expr **own = ARENA_ARRAY(printer->arena, Expr *, nargs);
    if (!print_json_rows(printer, values, nargs))
        return false;
    for (int i = 0; i < nargs; i++) {
        own[i] = (*values)[i];
        if (own[i]->type != TYPE_RECORD_ARRAY)
            continue;
        const char *json = print_text_by(printer, print_record_json, own[i]);
        own[i] = ARENA_NEW(printer->arena, Expr);
        *own[i] = print_raw(TYPE_RECORD_ARRAY, json);
        if (!json)
            return false;
    }
    *values = own;
    return true;
}

/* ---- the aggregate over them ---- */

/* "mdl_NAME($d$1...": of one argument, or of two floats. */
static bool print_own_aggregate(Printer *printer, const Expr *expr, const char *text, const char *list)
{
    char name[64];
    int end = 0;
    if (sscanf(text, "%63[a-z0-9_]($d$1%n", name, &end) != 1 || !end)
        return print_refuse(printer, expr, "DISTINCT in an aggregate over this type is");
    if (own_args(expr) == 2)
        str_addf(printer->out, "list_aggregate(list_transform(%s, lambda e: mdl_text_%u((e).v1) || ' ' || mdl_text_%u((e).v2)), '%s_text')",
                 list, TYPE_FLOAT8, TYPE_FLOAT8, name);
    else
        str_addf(printer->out, "list_aggregate(list_transform(%s, lambda e: (e).v1), '%s')", list, name);
    return true;
}

/* The first separator is not shown, nor is one that is NULL. */
static bool print_separated(Printer *printer, const Expr *expr, const char *list)
{
    bool bytes = expr->args[0]->type == TYPE_BYTEA;
    const char *value = bytes ? "hex((e).v1)" : "(e).v1", *separator = bytes ? "hex((e).v2)" : "(e).v2";
    str_addf(printer->out, "%sarray_to_string(list_transform(list_filter(%s, lambda e: (e).v1 IS NOT NULL), ", bytes ? "unhex(" : "", list);
    str_addf(printer->out, "lambda e, i: CASE WHEN i = 1 THEN %s ELSE COALESCE(%s, '') || %s END), '')%s", value, separator, value,
             bytes ? ")" : "");
    return true;
}

bool print_collected(Printer *printer, const Expr *expr, const char *text, const AggParts *parts)
{
    int nargs = own_args(expr);
    Expr *const *values = expr->args;
    Expr **elements = ARENA_ARRAY(printer->arena, Expr *, nargs + 1);
    if (strstr(text, "json") && !as_json(printer, &values, nargs))
        return false;
    PrintHold hold;
    print_hold(printer, &hold);
    const char *list = print_held(printer, &hold, print_rows(printer, expr, values, parts));
    if (!list || !strstr(text, "$<"))
        return list && print_own_aggregate(printer, expr, text, list);
    if (has_own_separators(expr))
        return print_separated(printer, expr, list);
    for (int i = 0; i < nargs; i++) {
        elements[i] = ARENA_NEW(printer->arena, Expr);
        *elements[i] = print_raw(values[i]->type, arena_printf(printer->arena, "(e).v%d", i + 1));
    }
    if (expr->oid == F_STRING_AGG_BYTEA_BYTEA)
        elements[1] = expr->args[1];
    AggParts over_list = {.list = list, .order = "", .suffix = ""};
    return print_template(printer, text, expr, elements, nargs, &over_list);
}
