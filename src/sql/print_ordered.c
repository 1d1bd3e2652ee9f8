/*
 * print_ordered.c - ordered-set aggregates: percentile_cont, percentile_disc, mode; and those of a hypothetical row.
 *
 *  1. In the local engine a group's values are collected in their order, as PostgreSQL does, and the ones asked for are picked from the
 * list.
 *  2. Values are picked as they lie: of equal values that are not the same (1.0, 1.00) the one that stands there.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

/* What stands behind the value of the aggregate that gathers it: sorted, without NULLs, within its FILTER. */
static bool print_order_and_filter(Printer *printer, const Expr *expr, const AggParts *parts)
{
    Str *out = printer->out;
    const Expr *value = expr->args[0];
    const char *filter = parts->suffix;
    str_add(out, " ORDER BY ");
    if (!print_sort_item(printer, value, &expr->u.agg.order[0]))
        return false;
    str_add(out, ") FILTER (WHERE ");
    if (!print_as(printer, value, value->type, -1))
        return false;
    str_add(out, " IS NOT NULL");
    if (filter[0])
        str_addf(out, " AND (%s", filter + strlen(" FILTER (WHERE "));
    return true;
}

/* The values but for NULLs, sorted, as a list. */
static bool print_sorted_list(Printer *printer, const Expr *expr, const AggParts *parts)
{
    Str *out = printer->out;
    const Expr *value = expr->args[0];
    str_add(out, "list(");
    if (!print_as(printer, value, value->type, -1) || !print_order_and_filter(printer, expr, parts))
        return false;
    str_add(out, ")");
    return true;
}

static const char *captured(Printer *printer, bool (*print)(Printer *, const Expr *, const AggParts *), const Expr *expr,
                            const AggParts *parts)
{
    PrintHold hold;
    print_hold(printer, &hold);
    return print_held(printer, &hold, print(printer, expr, parts));
}

static bool print_fraction(Printer *printer, const Expr *expr, const AggParts *parts)
{
    return print_as(printer, expr->u.agg.direct_args[0], TYPE_FLOAT8, -1);
}

/* The values but for NULLs, sorted, as an array's text; NULL when there are none. */
static bool print_sorted_array(Printer *printer, const Expr *expr, const AggParts *parts)
{
    Str *out = printer->out;
    const Expr *value = expr->args[0];
    str_add(out, "('{' || string_agg(mdl_array_quote(");
    if (!duckdb_stored_text(printer, value))
        return false;
    str_add(out, "), ','");
    if (!print_order_and_filter(printer, expr, parts))
        return false;
    str_add(out, ") || '}')");
    return true;
}

static bool print_fractions(Printer *printer, const Expr *expr, const AggParts *parts)
{
    return duckdb_stored_text(printer, expr->u.agg.direct_args[0]);
}

/* Of types that the engine does not order itself, or for several fractions. */
static bool print_from_texts(Printer *printer, const Expr *expr, const AggParts *parts, bool continuous)
{
    const char *values = captured(printer, print_sorted_array, expr, parts), *fractions = captured(printer, print_fractions, expr, parts);
    if (!values || !fractions)
        return false;
    bool is_array = type_array_element(expr->u.agg.direct_args[0]->type) != OID_NONE;
    Oid type = continuous && expr->args[0]->type != TYPE_INTERVAL ? TYPE_FLOAT8 : expr->args[0]->type;
    if (!is_array)
        fractions = arena_printf(printer->arena, "('{' || %s || '}')", fractions);
    const char *picked = arena_printf(printer->arena, "mdl_percentiles(CAST(%u AS UINTEGER), %s, %s, %s)", type,
                                      continuous ? "true" : "false", values, fractions);
    if (!is_array)
        return duckdb_from_stored(printer, arena_printf(printer->arena, "mdl_array_get(%s, 1)", picked), expr->type);
    str_add(printer->out, picked);
    return true;
}

static bool print_mode_of_texts(Printer *printer, const Expr *expr, const AggParts *parts)
{
    const char *values = captured(printer, print_sorted_array, expr, parts);
    return values &&
           duckdb_from_stored(
               printer, arena_printf(printer->arena, "mdl_array_mode(CAST(%u AS UINTEGER), %s)", expr->args[0]->type, values), expr->type);
}

/* The most frequent value; of several the first in order. */
static bool print_mode(Printer *printer, const Expr *expr, const AggParts *parts)
{
    Str *out = printer->out;
    const Expr *value = expr->args[0];
    if (print_needs_key(printer, value))
        return print_mode_of_texts(printer, expr, parts);
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

/* The lambda binds l to the sorted values and p to the fraction, each made once. In HAVING the engine would take `e.l`, without the
 * parentheses, for a column. */
static bool print_percentile(Printer *printer, const Expr *expr, const AggParts *parts, bool continuous)
{
    const char *list = captured(printer, print_sorted_list, expr, parts), *fraction = captured(printer, print_fraction, expr, parts);
    if (!list || !fraction)
        return false;
    Str *out = printer->out;
    str_addf(out, "list_transform([{'l': %s, 'p': mdl_percentile(%s)}], lambda e: ", list, fraction);
    if (continuous)
        str_add(out, "CASE WHEN len((e).l) > 0 AND (e).p IS NOT NULL THEN mdl_percentile_between("
                     "CAST((e).l[CAST(floor((e).p * (len((e).l) - 1)) AS BIGINT) + 1] AS DOUBLE), "
                     "CAST((e).l[CAST(ceil((e).p * (len((e).l) - 1)) AS BIGINT) + 1] AS DOUBLE), (e).p * (len((e).l) - 1)) END)[1]");
    else
        str_add(out, "CASE WHEN (e).p IS NOT NULL THEN (e).l[greatest(CAST(ceil((e).p * len((e).l)) AS BIGINT), 1)] END)[1]");
    return true;
}

/* ---- where a row would stand ---- */

/* The keys of the rows, as a struct, and whether a row comes before the one that is not there, or before it and its peers' end. */
typedef struct Standing {
    const char *keys, *before, *up_to;
} Standing;

static const char *key_of(Printer *printer, const Expr *expr, const Expr *other)
{
    PrintHold hold;
    print_hold(printer, &hold);
    return print_held(printer, &hold, print_key_pair(printer, expr, other, KEY_ORDER));
}

/* By the first column in which they differ. */
static bool find_standing(Printer *printer, const Expr *expr, Standing *out)
{
    Str keys, before, same;
    str_init(&keys, printer->arena);
    str_init(&before, printer->arena);
    str_init(&same, printer->arena);
    for (int i = 0; i < expr->u.agg.norder; i++) {
        const SortItem *item = &expr->u.agg.order[i];
        const Expr *value = expr->args[item->target], *hypothetical = expr->u.agg.direct_args[i];
        const char *key = key_of(printer, value, hypothetical), *mark = key ? key_of(printer, hypothetical, value) : NULL;
        if (!mark)
            return false;
        const char *less = item->descending ? ">" : "<", *null_first = item->nulls_first ? key : mark;
        const char *null_last = item->nulls_first ? mark : key;
        str_addf(&before, "%s(%s%s(%s %s %s OR (%s IS NULL AND %s IS NOT NULL)))", i ? " OR " : "(", i ? same.data : "", i ? " AND " : "",
                 key, less, mark, null_first, null_last);
        str_addf(&same, "%s%s IS NOT DISTINCT FROM %s", i ? " AND " : "", key, mark);
        str_addf(&keys, "%s'k%d': %s", i ? ", " : "{", i, key);
    }
    out->keys = arena_printf(printer->arena, "%s}", keys.data);
    out->before = arena_printf(printer->arena, "COALESCE(%s), false)", before.data);
    out->up_to = arena_printf(printer->arena, "(%s OR (%s))", out->before, same.data);
    return true;
}

/* rank, dense_rank, percent_rank and cume_dist of a row that is not there. What it is compared with each row of a group has to be what the
 * row says: not so of keys that a grouping set leaves out. */
static bool print_hypothetical(Printer *printer, const Expr *expr, const AggParts *parts)
{
    for (int i = 0; i < expr->u.agg.ndirect && printer->scope->query->grouping_sets; i++)
        if (expr_uses_level(expr->u.agg.direct_args[i], 0))
            return print_refuse(printer, expr, "a hypothetical row made of keys of grouping sets is");
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
        str_addf(out, "(count(DISTINCT CASE WHEN %s THEN %s END)%s + 1)", at.before, at.keys, suffix);
        return true;
    case F_PERCENT_RANK_ANY:
        str_addf(out, "COALESCE(CAST(count(CASE WHEN %s THEN 1 END)%s AS DOUBLE) / ", at.before, suffix);
        str_addf(out, "NULLIF(CAST(count(*)%s AS DOUBLE), 0), 0)", suffix);
        return true;
    case F_CUME_DIST_ANY:
        str_addf(out, "(CAST(count(CASE WHEN %s THEN 1 END)%s + 1 AS DOUBLE) / CAST(count(*)%s + 1 AS DOUBLE))", at.up_to, suffix, suffix);
        return true;
    default:
        return print_refuse(printer, expr, "this aggregate of a hypothetical row is");
    }
}

/* As it was written. */
static bool print_remote(Printer *printer, const Expr *expr, const AggParts *parts)
{
    Str *out = printer->out;
    str_addf(out, "%s(", func_fact(expr->oid)->name);
    for (int i = 0; i < expr->u.agg.ndirect; i++) {
        str_add(out, i ? ", " : "");
        if (!print_expr(printer, expr->u.agg.direct_args[i]))
            return false;
    }
    str_addf(out, ") WITHIN GROUP (%s)%s", parts->order + strspn(parts->order, " "), parts->suffix);
    return true;
}

bool print_ordered_set(Printer *printer, const Expr *expr, const AggParts *parts)
{
    if (printer->dialect->kind == DIALECT_POSTGRES && func_fact(expr->oid))
        return print_remote(printer, expr, parts);
    bool is_local = printer->dialect->kind == DIALECT_DUCKDB;
    if (is_local && expr->u.agg.kind == 'h' && expr->u.agg.norder == expr->u.agg.ndirect)
        return print_hypothetical(printer, expr, parts);
    if (is_local && expr->nargs == 1 && expr->u.agg.norder == 1) {
        switch (expr->oid) {
        case F_MODE_ANYELEMENT:
            return print_mode(printer, expr, parts);
        case F_PERCENTILE_CONT_FLOAT8_FLOAT8:
            return print_percentile(printer, expr, parts, true);
        case F_PERCENTILE_DISC_FLOAT8_ANYELEMENT:
            return print_percentile(printer, expr, parts, false);
        case F_PERCENTILE_CONT_FLOAT8_INTERVAL:
        case F_PERCENTILE_CONT_FLOAT8_ARRAY_FLOAT8:
        case F_PERCENTILE_CONT_FLOAT8_ARRAY_INTERVAL:
            return print_from_texts(printer, expr, parts, true);
        case F_PERCENTILE_DISC_FLOAT8_ARRAY_ANYELEMENT:
            return print_from_texts(printer, expr, parts, false);
        default:
            break;
        }
    }
    const FuncFact *fact = func_fact(expr->oid);
    return print_refuse(printer, expr, "ordered-set aggregate %s over these types is", fact ? fact->name : "of an extension");
}
