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
    if (value->kind == EXPR_CONST) { /* the engine takes an order by a constant for a fraction */
        str_add(out, "any_value(");
        if (!print_as(printer, value, value->type, -1))
            return false;
        str_addf(out, ")%s", parts->suffix);
        return true;
    }
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

/* ---- where a row would stand ---- */

/* The keys of the rows and of the row that is not there, and whether a row comes before it, or before it and its peers' end. */
typedef struct Standing {
    const char *key, *mark, *before, *up_to;
} Standing;

static bool print_row_key(Printer *printer, const Expr *expr, const AggParts *parts)
{
    return print_key_pair(printer, expr->args[0], expr->u.agg.direct_args[0], KEY_ORDER);
}

static bool print_mark_key(Printer *printer, const Expr *expr, const AggParts *parts)
{
    return print_key_pair(printer, expr->u.agg.direct_args[0], expr->args[0], KEY_ORDER);
}

static bool find_standing(Printer *printer, const Expr *expr, Standing *out)
{
    const SortItem *item = &expr->u.agg.order[0];
    out->key = captured(printer, print_row_key, expr, NULL);
    out->mark = out->key ? captured(printer, print_mark_key, expr, NULL) : NULL;
    if (!out->mark)
        return false;
    const char *key = out->key, *mark = out->mark, *less = item->descending ? ">" : "<";
    const char *null_first = item->nulls_first ? key : mark, *null_last = item->nulls_first ? mark : key;
    out->before = arena_printf(printer->arena, "(%s %s %s OR (%s IS NULL AND %s IS NOT NULL))", key, less, mark, null_first, null_last);
    out->up_to = arena_printf(printer->arena, "(%s OR %s IS NOT DISTINCT FROM %s)", out->before, key, mark);
    return true;
}

/* rank, dense_rank, percent_rank and cume_dist of a row that is not there. */
static bool print_hypothetical(Printer *printer, const Expr *expr, const AggParts *parts)
{
    Standing at;
    if (!find_standing(printer, expr, &at))
        return false;
    Str *out = printer->out;
    const char *suffix = parts->suffix;
    switch (expr->oid) {
    case F_RANK_ANY:
        str_addf(out, "(count(CASE WHEN %s THEN 1 END)%s + 1)", at.before, suffix);
        return true;
    case F_DENSE_RANK_ANY:
        str_addf(out, "(count(DISTINCT CASE WHEN %s THEN %s END)%s + ", at.before, at.key, suffix);
        str_addf(out, "COALESCE(max(CASE WHEN %s AND %s IS NULL THEN 1 ELSE 0 END)%s, 0) + 1)", at.before, at.key, suffix);
        return true;
    case F_PERCENT_RANK_ANY:
        str_addf(out, "COALESCE(CAST(count(CASE WHEN %s THEN 1 END)%s AS DOUBLE) / ", at.before, suffix);
        str_addf(out, "NULLIF(CAST(count(*)%s AS DOUBLE), 0), 0)", suffix);
        return true;
    default:
        str_addf(out, "(CAST(count(CASE WHEN %s THEN 1 END)%s + 1 AS DOUBLE) / CAST(count(*)%s + 1 AS DOUBLE))", at.up_to, suffix, suffix);
        return true;
    }
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
        case F_RANK_ANY:
        case F_DENSE_RANK_ANY:
        case F_PERCENT_RANK_ANY:
        case F_CUME_DIST_ANY:
            return print_hypothetical(printer, expr, parts);
        default:
            break;
        }
    }
    const FuncFact *fact = func_fact(expr->oid);
    return print_refuse(printer, expr, "ordered-set aggregate %s over these types is", fact ? fact->name : "of an extension");
}
