/*
 * print_ordered.c - ordered-set aggregates in the local engine: percentile_cont, percentile_disc, mode.
 *
 *  1. A group's values are collected in their order, as PostgreSQL does, and the ones asked for are picked from the list.
 *  2. Values are picked as they lie: of equal values that are not the same (1.0, 1.00) the one that stands there.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

/* The values but for NULLs, sorted, as a list. */
static bool print_sorted_list(Printer *printer, const Expr *expr, const AggParts *parts)
{
    Str *out = printer->out;
    const Expr *value = expr->args[0];
    const char *filter = parts->suffix;
    str_add(out, "list(");
    if (!print_as(printer, value, value->type, -1))
        return false;
    str_add(out, " ORDER BY ");
    if (!print_sort_item(printer, value, &expr->u.agg.order[0]))
        return false;
    str_add(out, ") FILTER (WHERE ");
    if (!print_as(printer, value, value->type, -1))
        return false;
    str_add(out, " IS NOT NULL");
    if (filter[0])
        str_addf(out, " AND (%s", filter + strlen(" FILTER (WHERE "));
    str_add(out, ")");
    return true;
}

static const char *captured(Printer *printer, bool (*print)(Printer *, const Expr *, const AggParts *), const Expr *expr,
                            const AggParts *parts)
{
    Str text, *out = printer->out;
    str_init(&text, printer->arena);
    printer->out = &text;
    bool ok = print(printer, expr, parts);
    printer->out = out;
    return ok ? text.data : NULL;
}

static bool print_fraction(Printer *printer, const Expr *expr, const AggParts *parts)
{
    return print_as(printer, expr->u.agg.direct_args[0], TYPE_FLOAT8, -1);
}

/* The most frequent value; of several the first in order. */
static bool print_mode(Printer *printer, const Expr *expr, const AggParts *parts)
{
    Str *out = printer->out;
    const Expr *value = expr->args[0];
    if (print_needs_key(printer, value))
        return print_refuse(printer, expr, "mode over this type is");
    str_add(out, "mode(");
    if (!print_as(printer, value, value->type, -1))
        return false;
    str_add(out, " ORDER BY ");
    if (!print_sort_item(printer, value, &expr->u.agg.order[0]))
        return false;
    str_addf(out, ")%s", parts->suffix);
    return true;
}

/* The lambda binds l to the sorted values and p to the fraction, each made once. */
static bool print_percentile(Printer *printer, const Expr *expr, const AggParts *parts, bool continuous)
{
    const char *list = captured(printer, print_sorted_list, expr, parts), *fraction = captured(printer, print_fraction, expr, parts);
    if (!list || !fraction)
        return false;
    Str *out = printer->out;
    str_addf(out, "list_transform([{'l': %s, 'p': mdl_percentile(%s)}], lambda e: ", list, fraction);
    if (continuous)
        str_add(out, "CASE WHEN len(e.l) > 0 AND e.p IS NOT NULL THEN mdl_percentile_between("
                     "CAST(e.l[CAST(floor(e.p * (len(e.l) - 1)) AS BIGINT) + 1] AS DOUBLE), "
                     "CAST(e.l[CAST(ceil(e.p * (len(e.l) - 1)) AS BIGINT) + 1] AS DOUBLE), e.p * (len(e.l) - 1)) END)[1]");
    else
        str_add(out, "CASE WHEN e.p IS NOT NULL THEN e.l[greatest(CAST(ceil(e.p * len(e.l)) AS BIGINT), 1)] END)[1]");
    return true;
}

bool print_ordered_set(Printer *printer, const Expr *expr, const AggParts *parts)
{
    if (printer->dialect->kind == DIALECT_DUCKDB && expr->nargs == 1 && expr->u.agg.norder == 1) {
        switch (expr->oid) {
        case F_MODE_ANYELEMENT:
            return print_mode(printer, expr, parts);
        case F_PERCENTILE_CONT_FLOAT8_FLOAT8:
            return print_percentile(printer, expr, parts, true);
        case F_PERCENTILE_DISC_FLOAT8_ANYELEMENT:
            return print_percentile(printer, expr, parts, false);
        default:
            break;
        }
    }
    const FuncFact *fact = func_fact(expr->oid);
    return print_refuse(printer, expr, "ordered-set aggregate %s over these types is", fact ? fact->name : "of an extension");
}
