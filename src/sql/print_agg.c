/*
 * print_agg.c - aggregates and window functions.
 *
 *  1. In the local engine an aggregate is a spelling around DuckDB's own (data/functions.tsv); DECIMAL sums are native.
 *  2. A frame's RANGE that begins with FOLLOWING, or ends with PRECEDING, is looked for by the engine beyond the row alone. So an offset of
 * 0 is CURRENT ROW to it, infinite keys of floats and times have a window of their own (print_split), and keys that the offset does not
 * move else are refused where they are met. Numerics of any scale become
 * DECIMAL(38,18) for RANGE, in which infinities and NaN have places of their own; those with more digits are refused where they are met.
 *  3. What hangs on the order of the rows (texts that are joined, floats that are rounded) is computed in the order that is stated, or,
 * with DISTINCT, in that of the arguments, as PostgreSQL does, which finds the distinct ones by sorting; over windows in the rows'. Any
 * thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

/* FRAMEOPTION_* of PostgreSQL's parser. */
enum {
    FRAME_NONDEFAULT = 0x1,
    FRAME_RANGE = 0x2,
    FRAME_ROWS = 0x4,
    FRAME_GROUPS = 0x8,
    FRAME_BETWEEN = 0x10,
    FRAME_STARTS_PRECEDING = 0x800,
    FRAME_ENDS_PRECEDING = 0x1000,
    FRAME_STARTS_FOLLOWING = 0x2000,
    FRAME_ENDS_FOLLOWING = 0x4000,
    FRAME_EXCLUDE_CURRENT_ROW = 0x8000,
    FRAME_EXCLUDE_GROUP = 0x10000,
    FRAME_EXCLUDE_TIES = 0x20000,
    FRAME_EXCLUDES = FRAME_EXCLUDE_CURRENT_ROW | FRAME_EXCLUDE_GROUP | FRAME_EXCLUDE_TIES,
};

/* Farther than two numbers of mdl_float8_place are from each other; and the place of NaN, farther still. */
#define BEYOND_FINITE "100000000000000000000"
#define PLACE_OF_NAN "1000000000000000000000000000000"

/* What mdl_numeric_place makes of infinity. */
#define FIRST_INFINITE "2000000000000000000"

typedef struct FrameBound {
    int bit;
    const char *words;
    bool has_offset;
} FrameBound;

static const FrameBound STARTS[] = {{0x20, "UNBOUNDED PRECEDING", false},
                                    {0x80, "UNBOUNDED FOLLOWING", false},
                                    {0x200, "CURRENT ROW", false},
                                    {FRAME_STARTS_PRECEDING, " PRECEDING", true},
                                    {FRAME_STARTS_FOLLOWING, " FOLLOWING", true}};
static const FrameBound ENDS[] = {{0x40, "UNBOUNDED PRECEDING", false},
                                  {0x100, "UNBOUNDED FOLLOWING", false},
                                  {0x400, "CURRENT ROW", false},
                                  {FRAME_ENDS_PRECEDING, " PRECEDING", true},
                                  {FRAME_ENDS_FOLLOWING, " FOLLOWING", true}};

/* Numerics that are no DECIMALs of the engine's: RANGE adds to DECIMALs that they become while the query runs. */
static bool is_by_places(Printer *printer, const Window *window)
{
    const Expr *order = window->norder ? window->order[0] : NULL, *offsets[] = {window->start_offset, window->end_offset};
    if (!order || !numeric_is(printer, order) || !(window->frame_options & FRAME_RANGE))
        return false;
    bool decimal = numeric_natural(printer, order).is_decimal;
    for (int i = 0; i < 2; i++)
        decimal = decimal && (!offsets[i] || numeric_natural(printer, offsets[i]).is_decimal);
    return !decimal && (offsets[0] || offsets[1]);
}

static bool print_place(Printer *printer, const Expr *expr, bool is_offset)
{
    str_add(printer->out, "CAST(mdl_numeric_place(");
    if (!numeric_print(printer, expr, (NumericForm){0}))
        return false;
    str_addf(printer->out, ", %s) AS DECIMAL(38,18))", is_offset ? "true" : "false");
    return true;
}

static bool has_range_offset(const Window *window)
{
    return (window->frame_options & FRAME_RANGE) && (window->start_offset || window->end_offset);
}

/* Invariant 2: the offset of such a frame, known and not 0; NULL: it has none. */
static const Expr *beyond_offset(const Window *window)
{
    bool begins = window->frame_options & FRAME_STARTS_FOLLOWING, ends = window->frame_options & FRAME_ENDS_PRECEDING;
    return !has_range_offset(window) ? NULL : begins ? window->start_offset : ends ? window->end_offset : NULL;
}

static bool is_zero(Printer *printer, const Expr *offset)
{
    const char *value = NULL;
    return offset && print_known_value(printer, offset, &value) && value && !value[strspn(value, "-0.:")];
}

/* Keys that are added to in more bits than they have, as PostgreSQL's sums go past their types' ends: what goes before one and its offset,
 * and WIDE_KEY_END behind. NULL: no such key. */
#define WIDE_KEY_END ") AS HUGEINT)"

static const char *wide_key(Oid type)
{
    bool is_int = type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8;
    return is_int ? "CAST((" : type == TYPE_INTERVAL ? "CAST(mdl_interval_micros(" : type == TYPE_TIME ? "CAST(epoch_us(" : NULL;
}

/* The engine's sums of moments and intervals know no time zone of a session: their keys are microseconds, and each row's offset is how far
 * PostgreSQL's sum is from its key. */
static bool is_moment(Oid type)
{
    return type == TYPE_TIMESTAMP || type == TYPE_TIMESTAMPTZ;
}

static bool print_moment_offset(Printer *printer, const Window *window, const Expr *offset, bool starts)
{
    int options = window->frame_options;
    bool precedes = starts ? !(options & FRAME_STARTS_FOLLOWING) : options & FRAME_ENDS_PRECEDING;
    bool subtracts = precedes != window->order_items[0].descending;
    const Expr *key = window->order[window->order_items[0].target];
    bool zoned = key->type == TYPE_TIMESTAMPTZ;
    Oid minus = zoned ? F_TIMESTAMPTZ_MI_INTERVAL_TIMESTAMPTZ_INTERVAL : F_TIMESTAMP_MI_INTERVAL_TIMESTAMP_INTERVAL;
    Oid plus = zoned ? F_TIMESTAMPTZ_PL_INTERVAL_TIMESTAMPTZ_INTERVAL : F_TIMESTAMP_PL_INTERVAL_TIMESTAMP_INTERVAL;
    Expr *args[2] = {(Expr *)key, (Expr *)offset}, sum = {.kind = EXPR_FUNC, .type = key->type, .typmod = -1, .location = -1};
    PrintHold hold;
    print_hold(printer, &hold);
    const char *moved = print_held(printer, &hold, print_call(printer, subtracts ? minus : plus, OID_NONE, &sum, args, 2));
    const char *own = moved ? print_text_of(printer, key) : NULL;
    if (!own)
        return false;
    const char *distance =
        arena_printf(printer->arena, "CAST(epoch_us(%s) - epoch_us(%s) AS HUGEINT)", subtracts ? own : moved, subtracts ? moved : own);
    if (offset == beyond_offset(window) && !is_zero(printer, offset))
        distance = arena_printf(printer->arena, "COALESCE(NULLIF(%s, 0), error('frame key is not moved'))", distance);
    str_addf(printer->out, "CASE WHEN isfinite(%s) THEN %s WHEN %s IS NOT NULL THEN 0 END", own, distance, own);
    return true;
}

static bool print_range_offset(Printer *printer, const Window *window, const Expr *offset, bool starts)
{
    if (is_moment(window->order[window->order_items[0].target]->type))
        return print_moment_offset(printer, window, offset, starts);
    if (is_by_places(printer, window))
        return print_place(printer, offset, true);
    const char *wide = wide_key(window->order[window->order_items[0].target]->type);
    if (wide) { /* of an interval, time takes what is less than a day */
        str_add(printer->out, window->order[window->order_items[0].target]->type == TYPE_TIME ? "CAST(mdl_interval_clock(" : wide);
        bool ok = print_expr(printer, offset);
        str_add(printer->out, WIDE_KEY_END);
        return ok;
    }
    return numeric_is(printer, offset) ? numeric_print_natural(printer, offset) : print_expr(printer, offset);
}

static bool is_infinite(Printer *printer, const Expr *offset)
{
    const char *value = NULL;
    return offset && print_known_value(printer, offset, &value) && value && str_eq(value, "Infinity");
}

/* The engine's own checks are others, and come without PostgreSQL's words. */
static bool print_offset(Printer *printer, const Window *window, const Expr *offset, bool starts)
{
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return print_expr(printer, offset);
    if (!(window->frame_options & FRAME_RANGE)) {
        str_add(printer->out, "mdl_frame_offset(");
        if (!print_expr(printer, offset))
            return false;
        str_addf(printer->out, ", %s)", starts ? "true" : "false");
        return true;
    }
    const char *value = NULL;
    if (print_known_value(printer, offset, &value) && !value)
        return error_set(printer->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "frame %s offset must not be null",
                         starts ? "starting" : "ending");
    if (!value && is_moment(window->order[window->order_items[0].target]->type)) {
        const char *given = print_text_of(printer, offset);
        Expr checked = print_raw(TYPE_INTERVAL, arena_printf(printer->arena, "COALESCE(%s, error('frame %s offset must not be null'))",
                                                             given, starts ? "starting" : "ending"));
        return given && print_range_offset(printer, window, &checked, starts);
    }
    if (!value) {
        str_add(printer->out, "COALESCE(");
        bool ok = print_range_offset(printer, window, offset, starts);
        str_addf(printer->out, ", error('frame %s offset must not be null'))", starts ? "starting" : "ending");
        return ok;
    }
    if (!is_by_places(printer, window) && (str_eq(value, "-Infinity") || str_eq(value, "NaN")))
        return error_set(printer->error, ERRCODE_INVALID_PRECEDING_OR_FOLLOWING_SIZE,
                         "invalid preceding or following size in window function");
    if (printer->frame_rows != FRAME_FINITE_ROWS)
        return print_range_offset(printer, window, offset, starts);
    /* Without an offset a row's frame is its peers, and what the engine has found so far stays. */
    const char *key = print_text_of(printer, window->order[window->order_items[0].target]);
    str_addf(printer->out, "CASE WHEN isfinite(%s) THEN ", key ? key : "");
    bool ok = key && print_range_offset(printer, window, offset, starts);
    str_add(printer->out, " END");
    return ok;
}

static bool may_be_infinite(Oid type)
{
    return type == TYPE_FLOAT4 || type == TYPE_FLOAT8 || type == TYPE_DATE || type == TYPE_TIMESTAMP || type == TYPE_TIMESTAMPTZ;
}

static bool is_unknown(Printer *printer, const Expr *offset)
{
    const char *value = NULL;
    return offset && !print_known_value(printer, offset, &value);
}

/* Whether an infinite key's frame is to be found otherwise (invariant 2). */
static bool is_split(Printer *printer, const Window *window)
{
    const Expr *key = window->norder ? window->order[window->order_items[0].target] : NULL, *beyond = beyond_offset(window);
    if (printer->dialect->kind != DIALECT_DUCKDB || !has_range_offset(window) || !key || !may_be_infinite(key->type))
        return false;
    return is_infinite(printer, window->start_offset) || is_infinite(printer, window->end_offset) || (beyond && !is_zero(printer, beyond));
}

/* A key that must be moved by the offset: numbers too large for it are not, and infinities, which have a window of their own. */
static const char *moved_key(Printer *printer, const Window *window, const Expr *key, const Expr *offset)
{
    bool starts = offset == window->start_offset, descends = window->order_items[0].descending;
    PrintHold hold;
    print_hold(printer, &hold);
    str_add(printer->out, "list_transform([");
    bool ok = print_expr(printer, key);
    str_add(printer->out, "], lambda k: CASE WHEN k IS NULL OR NOT isfinite(k) OR k ");
    str_add(printer->out, starts != descends ? "+ " : "- ");
    ok = ok && print_offset(printer, window, offset, starts);
    str_add(printer->out, " <> k THEN k ELSE error('frame key is not moved') END)[1]");
    return print_held(printer, &hold, ok);
}

static bool print_bound(Printer *printer, const FrameBound *bounds, const Window *window, bool starts)
{
    const Expr *offset = starts ? window->start_offset : window->end_offset;
    for (size_t i = 0; i < COUNT_OF(STARTS); i++) {
        if (!(window->frame_options & bounds[i].bit))
            continue;
        bool infinite_rows = printer->frame_rows == FRAME_INFINITE_ROWS && bounds[i].has_offset;
        if (infinite_rows && is_infinite(printer, offset) && starts == str_eq(bounds[i].words, " PRECEDING")) {
            str_addf(printer->out, "CAST('%s' AS DECIMAL(38,0))%s", BEYOND_FINITE, bounds[i].words);
            continue;
        }
        if (infinite_rows || (printer->dialect->kind == DIALECT_DUCKDB && has_range_offset(window) && is_zero(printer, offset))) {
            str_add(printer->out, "CURRENT ROW");
            continue;
        }
        if (bounds[i].has_offset && !print_offset(printer, window, offset, starts))
            return false;
        str_add(printer->out, bounds[i].words);
    }
    return true;
}

/* What the engine sorts by where RANGE adds to it and that is not the key itself: *text, of *type. NULL: the key itself. */
static bool find_range_key(Printer *printer, const Window *window, const Expr *key, Oid *type, const char **text)
{
    const Expr *beyond = beyond_offset(window);
    PrintHold hold;
    *text = NULL;
    *type = TYPE_INT8;
    if (printer->dialect->kind != DIALECT_DUCKDB || !has_range_offset(window))
        return true;
    if (printer->frame_rows == FRAME_INFINITE_ROWS) {
        if (!is_infinite(printer, window->start_offset) && !is_infinite(printer, window->end_offset))
            return true;
        const char *own = print_text_of(printer, key);
        *text =
            arena_printf(printer->arena, "CASE WHEN isnan(%s) THEN %s ELSE CAST(mdl_float8_place(CAST(%s AS DOUBLE)) AS DECIMAL(38,0)) END",
                         own, "CAST('" PLACE_OF_NAN "' AS DECIMAL(38,0))", own);
        return own;
    }
    const char *wide = wide_key(key->type);
    if (wide) {
        *text = arena_printf(printer->arena, "%s%s" WIDE_KEY_END, wide, print_text_of(printer, key));
    } else if (is_moment(key->type)) {
        const char *own = print_text_of(printer, key);
        *text = arena_printf(
            printer->arena,
            "CASE WHEN %s IS NULL THEN NULL WHEN isfinite(%s) THEN CAST(epoch_us(%s) AS HUGEINT) WHEN %s > '2000-01-01' THEN " BEYOND_FINITE
            " ELSE -" BEYOND_FINITE " END",
            own, own, own, own);
        return own;
    } else if (is_by_places(printer, window)) {
        print_hold(printer, &hold);
        str_add(printer->out, beyond && !is_zero(printer, beyond) ? "list_transform([" : "");
        bool ok = print_place(printer, key, false);
        if (beyond && !is_zero(printer, beyond))
            str_addf(printer->out, "], lambda k: CASE WHEN k IS NULL OR abs(k) < %s THEN k ELSE error('frame key is not moved') END)[1]",
                     FIRST_INFINITE);
        *text = print_held(printer, &hold, ok);
        return ok;
    } else if (beyond && may_be_infinite(key->type) && !is_zero(printer, beyond)) {
        *type = key->type;
        *text = moved_key(printer, window, key, beyond);
        return *text;
    }
    return true;
}

static const int64_t DAY_OF_MICROS = 86400000000;

/* What of two offsets of one type is more; both known, neither below zero, else 0. */
static int compare_offsets(Printer *printer, const Expr *left, const Expr *right)
{
    const char *texts[2] = {NULL, NULL};
    Value spans[2];
    bool known = print_known_value(printer, left, &texts[0]) && print_known_value(printer, right, &texts[1]) && texts[0] && texts[1];
    if (!known || left->type != right->type)
        return 0;
    if (left->type != TYPE_INTERVAL)
        return texts[0][0] == '-' || texts[1][0] == '-' ? 0 : numeric_compare(texts[0], texts[1]);
    __int128 sizes[2];
    Error ignored;
    error_init(&ignored, printer->arena);
    for (int i = 0; i < 2; i++) {
        if (!type_input(TYPE_INTERVAL, -1, texts[i], strlen(texts[i]), &TYPE_CONTEXT_CANONICAL, printer->arena, &spans[i], &ignored))
            return 0;
        sizes[i] = (spans[i].interval.months * (__int128)30 + spans[i].interval.days) * DAY_OF_MICROS + spans[i].interval.micros;
    }
    return sizes[0] < 0 || sizes[1] < 0 ? 0 : sizes[0] < sizes[1] ? -1 : sizes[0] > sizes[1];
}

static bool is_on_one_side(const Window *window)
{
    int options = window->frame_options;
    bool precede = (options & FRAME_STARTS_PRECEDING) && (options & FRAME_ENDS_PRECEDING);
    return precede || ((options & FRAME_STARTS_FOLLOWING) && (options & FRAME_ENDS_FOLLOWING));
}

/* The engine takes such a frame's end for its beginning in places; one that has no rows at all is given another that has none. */
static bool ends_before_it_begins(Printer *printer, const Window *window)
{
    if (printer->dialect->kind != DIALECT_DUCKDB || !is_on_one_side(window))
        return false;
    int order = compare_offsets(printer, window->start_offset, window->end_offset);
    return window->frame_options & FRAME_STARTS_FOLLOWING ? order > 0 : order < 0;
}

static bool print_frame(Printer *printer, const Window *window)
{
    Str *out = printer->out;
    int options = window->frame_options;
    if (!(options & FRAME_NONDEFAULT))
        return true;
    const Expr *order = window->norder ? window->order[window->order_items[0].target] : NULL;
    if (order && has_range_offset(window) && printer->dialect->kind == DIALECT_DUCKDB && order->type != TYPE_NUMERIC &&
        type_layout(order->type, -1).physical == FDW_STRING)
        return print_refuse(printer, window->order[0], "RANGE with an offset over this type is");
    if (order && has_range_offset(window) && printer->dialect->kind == DIALECT_POSTGRES && order->type == TYPE_TIMESTAMPTZ)
        return print_refuse(printer, window->order[0], "RANGE with an offset, which depends on the time zone, is");
    if (order && printer->dialect->kind == DIALECT_DUCKDB && is_unknown(printer, beyond_offset(window)))
        return print_refuse(printer, beyond_offset(window),
                            "RANGE that begins or ends beyond its row by an offset which is no constant is");
    bool turned = ends_before_it_begins(printer, window);
    if (turned && (options & FRAME_RANGE) && (options & FRAME_EXCLUDE_TIES)) /* of NULL keys such a frame has a row */
        return print_refuse(printer, window->order[0], "EXCLUDE TIES in a RANGE that ends before it begins is");
    if (turned && !(options & FRAME_RANGE)) {
        str_add(out, " ROWS BETWEEN 4611686018427387904 FOLLOWING AND 4611686018427387904 FOLLOWING");
        return true;
    }
    bool is_new = has_range_offset(window) || options & (FRAME_GROUPS | FRAME_EXCLUDES);
    if (is_new && !postgres_has(printer, NULL, 11, "this window frame"))
        return false;
    str_add(out, options & FRAME_ROWS ? " ROWS " : options & FRAME_GROUPS ? " GROUPS " : " RANGE ");
    str_add(out, options & FRAME_BETWEEN ? "BETWEEN " : "");
    if (!print_bound(printer, STARTS, window, true))
        return false;
    if (options & FRAME_BETWEEN) {
        str_add(out, " AND ");
        if (!print_bound(printer, ENDS, window, false))
            return false;
    }
    if (options & FRAME_EXCLUDE_CURRENT_ROW)
        str_add(out, " EXCLUDE CURRENT ROW");
    else if (options & FRAME_EXCLUDE_GROUP)
        str_add(out, " EXCLUDE GROUP");
    else if (options & FRAME_EXCLUDE_TIES)
        str_add(out, " EXCLUDE TIES");
    return true;
}

/* Do all rows of a partition have all of it as their frame? */
static bool is_whole_partition(const Window *window)
{
    int options = window->frame_options;
    if (options & FRAME_EXCLUDES)
        return false;
    bool peers = !window->norder && !(options & FRAME_ROWS);
    bool from_start = (options & STARTS[0].bit) || (peers && (options & STARTS[2].bit));
    bool to_end = (options & ENDS[1].bit) || (peers && (options & ENDS[2].bit));
    return from_start && to_end;
}

/* The engine computes a frame that is the whole partition once, and then gives an aggregate of Medley's a vector of states that has but one
 * of them: such a frame is written so that the engine does not know it. */
static bool needs_other_frame(const Printer *printer, const Expr *expr, const Window *window)
{
    const FunctionSpelling *spelling = dialect_spelling(expr->oid);
    return printer->dialect->kind == DIALECT_DUCKDB && expr->u.window.is_aggregate && is_whole_partition(window) && spelling &&
           spelling->duckdb && strstr(spelling->duckdb, "mdl_");
}

static bool print_over(Printer *printer, const Expr *expr, const Window *window)
{
    Str *out = printer->out;
    str_add(out, " OVER (");
    for (int i = 0; i < window->npartition; i++) {
        bool own_key = print_loses_sign(printer, window->partition[i]);
        str_addf(out, "%s%s", i ? ", " : "PARTITION BY ", own_key ? "(" : "");
        if (!print_group_key(printer, window->partition[i]))
            return false;
        str_add(out, own_key ? " + 0.0)" : "");
    }
    for (int i = 0; i < window->norder; i++) {
        const SortItem *item = &window->order_items[i];
        str_add(out, i ? ", " : window->npartition ? " ORDER BY " : "ORDER BY ");
        const Expr *order = window->order[item->target];
        Oid type;
        const char *key;
        if (!find_range_key(printer, window, order, &type, &key))
            return false;
        Expr raw = print_raw(type, key);
        if (!print_sort_item(printer, key ? &raw : order, item))
            return false;
    }
    if (needs_other_frame(printer, expr, window))
        str_add(out, " ROWS BETWEEN 4611686018427387904 PRECEDING AND UNBOUNDED FOLLOWING");
    else if (!print_frame(printer, window))
        return false;
    str_add(out, ")");
    return true;
}

static bool print_filter(Printer *printer, const Expr *filter)
{
    if (!filter)
        return true;
    if (!printer->dialect->filter)
        return print_refuse(printer, filter, "FILTER is");
    str_add(printer->out, " FILTER (WHERE ");
    if (!print_expr(printer, filter))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* ---- the parts of a call, printed apart ---- */

/* Sorted by the argument itself, the engine would give it back from its key, which has no sign of zero. */
static bool print_agg_item(Printer *printer, const Expr *expr, const SortItem *item)
{
    bool own_key = !expr->u.agg.distinct && print_loses_sign(printer, expr->args[item->target]);
    const char *key = own_key ? print_text_of(printer, expr->args[item->target]) : NULL;
    Expr raw = print_raw(expr->args[item->target]->type, key ? arena_printf(printer->arena, "(%s + 0.0)", key) : NULL);
    return own_key ? key && print_sort_item(printer, &raw, item) : print_sort_item(printer, expr->args[item->target], item);
}

static int real_args(const Expr *expr)
{
    return expr->kind == EXPR_AGG ? expr->nargs - expr->u.agg.njunk : expr->nargs;
}

static bool is_sorted_by(const Expr *expr, int arg)
{
    for (int i = 0; i < expr->u.agg.norder; i++)
        if (expr->u.agg.order[i].target == arg)
            return true;
    return false;
}

/* Invariant 3. */
static bool agg_order(Printer *printer, const Expr *expr)
{
    const char *before = " ORDER BY ";
    for (int i = 0; i < expr->u.agg.norder; i++) {
        str_add(printer->out, before);
        if (!print_agg_item(printer, expr, &expr->u.agg.order[i]))
            return false;
        before = ", ";
    }
    bool by_args = printer->dialect->kind == DIALECT_DUCKDB && expr->u.agg.distinct;
    for (int i = 0; by_args && i < real_args(expr); i++) {
        if (is_sorted_by(expr, i) || expr->args[i]->kind == EXPR_CONST)
            continue;
        str_add(printer->out, before);
        if (!print_sort_item(printer, expr->args[i], &(SortItem){.target = i}))
            return false;
        before = ", ";
    }
    return true;
}

static bool collect_parts(Printer *printer, const Expr *expr, AggParts *parts)
{
    const Query *query = printer->scope ? printer->scope->query : NULL;
    PrintHold hold;
    int aliases = printer->aliases, ctes = printer->ctes;
    parts->distinct = expr->kind == EXPR_AGG && expr->u.agg.distinct;
    print_hold(printer, &hold);
    parts->order = print_held(printer, &hold, expr->kind != EXPR_AGG || agg_order(printer, expr));
    if (!parts->order)
        return false;
    if (parts->distinct) { /* it is to be sorted by its arguments: their subqueries are to have the same names */
        printer->aliases = aliases;
        printer->ctes = ctes;
    }
    print_hold(printer, &hold);
    bool ok = print_filter(printer, expr->kind == EXPR_AGG ? expr->u.agg.filter : expr->u.window.filter);
    if (ok && expr->kind == EXPR_WINDOW && query && expr->u.window.window < query->nwindows)
        ok = print_over(printer, expr, &query->windows[expr->u.window.window]);
    parts->suffix = print_held(printer, &hold, ok);
    return ok;
}

/* ---- PostgreSQL: as it was written ---- */

/* The types' output functions are immutable, but go by extra_float_digits and bytea_output. */
static bool is_shown_by_settings(Catalog *catalog, Oid type)
{
    static const Oid SHOWN[] = {TYPE_FLOAT4, TYPE_FLOAT8, TYPE_BYTEA,   TYPE_POINT,  TYPE_LSEG,
                                TYPE_BOX,    TYPE_PATH,   TYPE_POLYGON, TYPE_CIRCLE, TYPE_LINE};
    Oid base = catalog_base_type(catalog, type, NULL);
    for (size_t i = 0; i < COUNT_OF(SHOWN); i++)
        if (SHOWN[i] == base)
            return true;
    return sql_is_mutable_as_text(catalog, base);
}

static bool print_remote_agg(Printer *printer, const Expr *expr, const FuncFact *fact, const AggParts *parts)
{
    Str *out = printer->out;
    bool star = expr->kind == EXPR_AGG ? expr->u.agg.star : expr->u.window.star;
    str_addf(out, "%s(%s", catalog_quote_identifier(NULL, fact->name, printer->arena), parts->distinct ? "DISTINCT " : "");
    str_add(out, star ? "*" : "");
    int nargs = real_args(expr);
    bool extreme = str_eq(fact->name, "min") || str_eq(fact->name, "max");
    bool sorts = parts->distinct && (parts->order[0] || !str_eq(fact->name, "count"));
    for (int i = 0; i < nargs; i++) {
        if (fact->volatility != 'i' && is_shown_by_settings(printer->catalog, expr->args[i]->type)) /* JSON */
            return print_refuse(printer, expr, "the stable function %s is", fact->name);
        str_add(out, i ? ", " : "");
        if (expr->kind == EXPR_AGG && expr->u.agg.variadic && i == nargs - 1)
            str_add(out, "VARIADIC ");
        if (!print_expr(printer, expr->args[i]) || ((extreme || sorts) && !postgres_may_order(printer, expr->args[i], expr)))
            return false;
        if ((extreme || sorts) && postgres_needs_collate(printer, expr->args[i]))
            str_add(out, " COLLATE \"C\"");
    }
    str_addf(out, "%s)%s", parts->order, parts->suffix);
    return true;
}

/* ---- the local engine ---- */

static const char *native_numeric(Printer *printer, const Expr *expr)
{
    if (!numeric_is(printer, expr) || !numeric_natural(printer, expr).is_decimal)
        return NULL;
    return expr->oid == F_SUM_NUMERIC ? "sum" : expr->oid == F_MIN_NUMERIC ? "min" : expr->oid == F_MAX_NUMERIC ? "max" : NULL;
}

static bool is_summed_natively(Printer *printer, const Expr *expr)
{
    NumericForm form = numeric_natural(printer, expr);
    return form.is_decimal && form.precision <= MOST_SUMMED_DIGITS;
}

/* avg of DECIMALs: the sum is native, the quotient Medley's. */
static bool print_decimal_average(Printer *printer, const Expr *expr, const AggParts *parts)
{
    Str *out = printer->out;
    const char *argument = print_text_by(printer, numeric_print_natural, expr->args[0]);
    if (!argument)
        return false;
    const char *distinct = parts->distinct ? "DISTINCT " : "";
    str_addf(out, "mdl_numeric_quotient(CAST(sum(%s%s)%s AS VARCHAR), ", distinct, argument, parts->suffix);
    str_addf(out, "count(%s%s)%s)", distinct, argument, parts->suffix);
    return true;
}

/* Floats are added in the order that is stated, or in that of a window's rows (func_frame.c); the engine's own sum is quicker, but knows
 * none. */
static const char *local_spelling(Printer *printer, const Expr *expr, const FunctionSpelling *spelling, const AggParts *parts)
{
    const char *text = spelling->duckdb;
    bool over = expr->kind == EXPR_WINDOW && expr->u.window.is_aggregate && expr->nargs &&
                (expr->args[0]->type == TYPE_FLOAT4 || expr->args[0]->type == TYPE_FLOAT8);
    if (expr->oid == F_SUM_FLOAT8 && (over || parts->order[0]))
        text = "mdl_float8_total($d$1$o)$f";
    return over && text && strncmp(text, "mdl_", 4) == 0 ? arena_printf(printer->arena, "mdl_over_%s", text + 4) : text;
}

static bool print_spelled(Printer *printer, const Expr *expr, const FuncFact *fact, const AggParts *parts)
{
    const FunctionSpelling *spelling = dialect_spelling(expr->oid);
    const char *text = NULL;
    if (spelling)
        text = printer->dialect->kind == DIALECT_DUCKDB ? local_spelling(printer, expr, spelling, parts) : spelling->sqlite;
    if (printer->dialect->own_functions && expr->oid == F_STRING_AGG_TEXT_TEXT && !parts->distinct && !parts->order[0])
        text = "group_concat($1, $2)$f";
    if (!text)
        return print_refuse(printer, expr, "%s function %s is", fact->kind == 'w' ? "window" : "aggregate", fact->name);
    const char *native = printer->dialect->kind == DIALECT_DUCKDB ? native_numeric(printer, expr) : NULL;
    if (native) {
        str_addf(printer->out, "%s(%s", native, parts->distinct ? "DISTINCT " : "");
        if (!numeric_print_natural(printer, expr->args[0]))
            return false;
        str_addf(printer->out, ")%s", parts->suffix);
        return true;
    }
    if (expr->oid == F_AVG_NUMERIC && printer->dialect->kind == DIALECT_DUCKDB && is_summed_natively(printer, expr->args[0]))
        return print_decimal_average(printer, expr, parts);
    /* Rows have no key, and all of them count. */
    if (expr->oid == F_COUNT_ANY && !parts->distinct && expr->args[0]->kind == EXPR_ROW)
        text = "count(*)$f";
    bool as_it_lies = printer->dialect->kind == DIALECT_DUCKDB && !parts->distinct && expr->oid == F_COUNT_ANY &&
                      expr->args[0]->type < 16384 && expr->args[0]->kind != EXPR_ROW &&
                      type_layout(expr->args[0]->type, expr->args[0]->typmod).physical == FDW_STRING;
    if (as_it_lies) /* no key is needed, and there may be none */
        text = "count($1$o)$f";
    bool counts = str_eq(fact->name, "count") || str_eq(fact->name, "min") || str_eq(fact->name, "max");
    if (!counts && print_is_collected(printer, expr, text, parts))
        return print_collected(printer, expr, text, parts);
    return print_template(printer, text, expr, expr->args, real_args(expr), parts);
}

/* Over windows the engine computes equal arguments once, but equal intervals, or zeros, need not be the same: it is given their texts. */
static bool is_shared_wrongly(const Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind != DIALECT_DUCKDB || expr->kind != EXPR_WINDOW || !expr->nargs || expr->type != expr->args[0]->type ||
        expr->oid == F_SUM_INTERVAL || expr->oid == F_AVG_INTERVAL)
        return false;
    bool is_float = expr->type == TYPE_FLOAT4 || expr->type == TYPE_FLOAT8;
    return expr->type == TYPE_INTERVAL || (is_float && !expr->u.window.is_aggregate && expr->args[0]->kind == EXPR_CONST);
}

static bool print_by_texts(Printer *printer, const Expr *expr, const AggParts *parts)
{
    const FunctionSpelling *spelling = dialect_spelling(expr->oid);
    Expr **args = ARENA_ARRAY(printer->arena, Expr *, expr->nargs);
    for (int i = 0; i < expr->nargs; i++) {
        args[i] = expr->args[i];
        if (i == 1) /* how many rows away */
            continue;
        const char *stored = print_text_by(printer, duckdb_stored_text, expr->args[i]);
        if (!stored)
            return false;
        args[i] = ARENA_NEW(printer->arena, Expr);
        *args[i] = print_raw(TYPE_TEXT, stored);
    }
    PrintHold hold;
    bool ok = true;
    print_hold(printer, &hold);
    if (expr->u.window.is_aggregate) { /* min, max */
        str_addf(printer->out, "%s(%s, ", expr->oid == F_MAX_INTERVAL ? "mdl_greatest_text" : "mdl_least_text", args[0]->u.value);
        ok = print_key(printer, expr->args[0], KEY_ORDER);
        str_addf(printer->out, ")%s", parts->suffix);
    } else {
        ok = spelling && spelling->duckdb && print_template(printer, spelling->duckdb, expr, args, expr->nargs, parts);
    }
    const char *text = print_held(printer, &hold, ok);
    return text && duckdb_from_stored(printer, text, expr->type);
}

static bool print_either(Printer *printer, const Expr *expr)
{
    const FuncFact *fact = func_fact(expr->oid);
    if (!fact)
        return print_refuse(printer, expr, "an aggregate that is not built in is");
    expr = print_filter_guard(printer, expr, fact->name);
    AggParts parts = {0};
    if (!postgres_has_function(printer, expr->oid, expr) || !collect_parts(printer, expr, &parts))
        return false;
    if (expr->kind == EXPR_AGG && (expr->u.agg.kind == 'o' || expr->u.agg.kind == 'h' || expr->u.agg.ndirect))
        return print_ordered_set(printer, expr, &parts);
    if (printer->dialect->kind == DIALECT_POSTGRES)
        return print_remote_agg(printer, expr, fact, &parts);
    return is_shared_wrongly(printer, expr) ? print_by_texts(printer, expr, &parts) : print_spelled(printer, expr, fact, &parts);
}

bool print_aggregate(Printer *printer, const Expr *expr)
{
    if (expr->u.agg.levels_up && printer->dialect->kind != DIALECT_POSTGRES)
        return print_refuse(printer, expr, "an aggregate of an outer query is");
    if (printer->scope)
        printer->scope->inside_aggregate++;
    bool ok = print_either(printer, expr);
    if (printer->scope)
        printer->scope->inside_aggregate--;
    return ok;
}

/* Of the rows with infinite keys, or NaN, a finite offset finds what has the same key, and an infinite one what its side has at all, which
 * a sum of infinities does not tell: they have a window of their own. */
static bool print_split(Printer *printer, const Expr *expr, const Window *window)
{
    const char *key = print_text_of(printer, window->order[window->order_items[0].target]), *texts[2] = {"", ""};
    for (int i = 0; i < 2 && key; i++) {
        PrintHold hold;
        print_hold(printer, &hold);
        printer->frame_rows = i ? FRAME_FINITE_ROWS : FRAME_INFINITE_ROWS;
        texts[i] = print_held(printer, &hold, print_either(printer, expr));
        if (!texts[i])
            return false;
    }
    if (key)
        str_addf(printer->out, "CASE WHEN NOT isfinite(%s) THEN %s ELSE %s END", key, texts[0], texts[1]);
    return key;
}

/* Of a frame that ends before it begins the engine counts the rows it lacks. */
static bool may_count_less_than_none(const Printer *printer, const Expr *expr, const Window *window)
{
    return printer->dialect->kind == DIALECT_DUCKDB && (expr->oid == F_COUNT || expr->oid == F_COUNT_ANY) && window &&
           is_on_one_side(window);
}

bool print_window(Printer *printer, const Expr *expr)
{
    if (!printer->dialect->windows)
        return print_refuse(printer, expr, "a window function is");
    if (expr->oid == F_NTILE_INT4 && printer->dialect->kind == DIALECT_DUCKDB && expr->args[0]->kind != EXPR_CONST &&
        expr->args[0]->kind != EXPR_PARAM)
        return print_refuse(printer, expr, "ntile of what may vary is");
    const Query *query = printer->scope ? printer->scope->query : NULL;
    const Window *window = query && expr->u.window.window < query->nwindows ? &query->windows[expr->u.window.window] : NULL;
    FrameRows around = printer->frame_rows; /* of a query that this one stands in */
    bool is_bounded = may_count_less_than_none(printer, expr, window);
    bool was_in_window = printer->in_window;
    printer->frame_rows = FRAME_ALL_ROWS;
    printer->in_window = true;
    str_add(printer->out, is_bounded ? "greatest(0, " : "");
    bool ok = window && is_split(printer, window) ? print_split(printer, expr, window) : print_either(printer, expr);
    str_add(printer->out, is_bounded ? ")" : "");
    printer->in_window = was_in_window;
    printer->frame_rows = around;
    return ok;
}
