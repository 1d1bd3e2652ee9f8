/*
 * window.c - window function calls, OVER and the WINDOW clause (PostgreSQL manual, sections 4.2.8 and 7.2.5).
 *
 * Invariants:
 *  1. scope->windows holds the definitions as written: first those of the WINDOW clause, then one for each OVER (...). A call refers to one
 * by its place, and Query.windows has them in the same places.
 *  2. A definition is analysed after the select list, when all calls are known.
 */
#include "sql/analyze_int.h"

/* Bits of WindowDef.frame_options, as the grammar sets them. */
enum {
    FRAME_NONDEFAULT = 0x00001,
    FRAME_RANGE = 0x00002,
    FRAME_ROWS = 0x00004,
    FRAME_GROUPS = 0x00008,
    FRAME_DEFAULTS = 0x00002 | 0x00020 | 0x00400,
    FRAME_START_OFFSET = 0x00800 | 0x02000,
    FRAME_END_OFFSET = 0x01000 | 0x04000,
};

static bool fail(Scope *scope, const char *sqlstate, int location, const char *format, const char *name)
{
    Analyzer *an = scope->an;
    const char *at = strstr(format, "%s");
    if (at)
        error_set(an->error, sqlstate, "%.*s%s%s", (int)(at - format), format, name, at + 2);
    else
        error_set(an->error, sqlstate, "%s", format);
    return analyze_at(an, location);
}

/* ---- calls ---- */

static bool find_nested(const Expr *expr, void *arg)
{
    const Expr **found = arg;
    if (expr->kind == EXPR_WINDOW) {
        *found = expr;
        return true;
    }
    return expr_walk(expr, find_nested, arg);
}

static int window_named(Scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->named_windows; i++)
        if (strcmp(scope->windows.items[i]->name, name) == 0)
            return (int)i;
    return -1;
}

Expr *make_window_call(Scope *scope, Expr *call, const PgQuery__FuncCall *node)
{
    Analyzer *an = scope->an;
    const PgQuery__WindowDef *over = node->over;
    const char *where = clause_rule(scope->clause)->windows;
    const Expr *inner = NULL;
    if (expr_walk(call, find_nested, &inner)) {
        fail(scope, ERRCODE_WINDOWING_ERROR, inner->location, "window function calls cannot be nested", NULL);
        return NULL;
    }
    if (where) {
        fail(scope, ERRCODE_WINDOWING_ERROR, call->location, "window functions are not allowed in %s", where);
        return NULL;
    }
    if (given(over->name)) {
        call->u.window.window = window_named(scope, over->name);
        if (call->u.window.window < 0) {
            fail(scope, ERRCODE_UNDEFINED_OBJECT, over->location, "window \"%s\" does not exist", over->name);
            return NULL;
        }
    } else {
        call->u.window.window = (int)scope->windows.count;
        vec_push(an->arena, &scope->windows, over);
    }
    scope->query->has_windows = true;
    return call;
}

/* ---- frames ---- */

/* Which offsets RANGE takes for which ordering column (pg_amproc's in_range functions). */
static const struct {
    Oid column, offset;
} RANGE_OFFSETS[] = {
    {TYPE_INT8, TYPE_INT8},
    {TYPE_INT4, TYPE_INT4},
    {TYPE_INT4, TYPE_INT8},
    {TYPE_INT4, TYPE_INT2},
    {TYPE_INT2, TYPE_INT4},
    {TYPE_INT2, TYPE_INT8},
    {TYPE_INT2, TYPE_INT2},
    {TYPE_FLOAT8, TYPE_FLOAT8},
    {TYPE_FLOAT4, TYPE_FLOAT8},
    {TYPE_NUMERIC, TYPE_NUMERIC},
    {TYPE_DATE, TYPE_INTERVAL},
    {TYPE_TIMESTAMP, TYPE_INTERVAL},
    {TYPE_TIMESTAMPTZ, TYPE_INTERVAL},
    {TYPE_INTERVAL, TYPE_INTERVAL},
    {TYPE_TIME, TYPE_INTERVAL},
    {TYPE_TIMETZ, TYPE_INTERVAL},
};

static Oid range_offset_type(Scope *scope, const Expr *column, const Expr *offset)
{
    Analyzer *an = scope->an;
    Oid base = catalog_base_type(an->catalog, column->type, NULL), chosen = OID_NONE, given_type = offset->type;
    int fitting = 0, known = 0;
    for (size_t i = 0; i < COUNT_OF(RANGE_OFFSETS); i++) {
        if (RANGE_OFFSETS[i].column != base)
            continue;
        known++;
        if (RANGE_OFFSETS[i].offset == given_type || (given_type == TYPE_UNKNOWN && RANGE_OFFSETS[i].offset == base))
            return RANGE_OFFSETS[i].offset;
        if (can_coerce_one(an->catalog, given_type, RANGE_OFFSETS[i].offset, COERCE_IMPLICIT)) {
            chosen = RANGE_OFFSETS[i].offset;
            fitting++;
        }
    }
    if (known == 0) {
        fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, expr_location(offset),
             "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s", type_text(an, base));
        return OID_NONE;
    }
    if (fitting == 1)
        return chosen;
    error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED,
              fitting ? "RANGE with offset PRECEDING/FOLLOWING has multiple interpretations for column type %s and offset type %s"
                      : "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s and offset type %s",
              type_text(an, base), type_text(an, given_type));
    error_hint(an->error, fitting ? "Cast the offset value to the exact intended type." : "Cast the offset value to an appropriate type.");
    analyze_at(an, expr_location(offset));
    return OID_NONE;
}

static Expr *frame_offset(Scope *scope, const Node *node, int options, const Window *window)
{
    Analyzer *an = scope->an;
    Clause clause = options & FRAME_ROWS ? CLAUSE_WINDOW_ROWS : options & FRAME_GROUPS ? CLAUSE_WINDOW_GROUPS : CLAUSE_WINDOW_RANGE;
    const char *construct = options & FRAME_ROWS ? "ROWS" : options & FRAME_GROUPS ? "GROUPS" : "RANGE";
    Expr *offset = analyze_clause_expr(scope, node, clause);
    if (!offset)
        return NULL;
    Oid type = clause == CLAUSE_WINDOW_RANGE ? range_offset_type(scope, window->order[0], offset) : TYPE_INT8;
    offset = type ? coerce_to_specific(scope, offset, type, construct) : NULL;
    if (offset && expr_uses_level(offset, 0)) {
        fail(scope, ERRCODE_INVALID_COLUMN_REFERENCE, expr_var_location(offset, 0), "argument of %s must not contain variables", construct);
        return NULL;
    }
    return offset && assign_collation(an, offset) ? offset : NULL;
}

static bool analyze_frame(Scope *scope, const PgQuery__WindowDef *node, Window *window)
{
    int options = node->frame_options ? node->frame_options : FRAME_DEFAULTS;
    window->frame_options = options;
    if ((options & FRAME_GROUPS) && window->norder == 0)
        return fail(scope, ERRCODE_WINDOWING_ERROR, node->location, "GROUPS mode requires an ORDER BY clause", NULL);
    if ((options & FRAME_RANGE) && (options & (FRAME_START_OFFSET | FRAME_END_OFFSET)) && window->norder != 1)
        return fail(scope, ERRCODE_WINDOWING_ERROR, node->location,
                    "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column", NULL);
    if (node->start_offset && !(window->start_offset = frame_offset(scope, node->start_offset, options, window)))
        return false;
    return !node->end_offset || (window->end_offset = frame_offset(scope, node->end_offset, options, window));
}

/* ---- definitions ---- */

/* Expressions may be output columns by number or name only where SQL:1999 reads them so: not here. */
static Expr *window_expr(Scope *scope, const Node *node, Clause clause)
{
    Expr *expr = analyze_clause_expr(scope, node, clause);
    if (expr && expr->type == TYPE_UNKNOWN)
        expr = coerce_to_common(scope, expr, TYPE_TEXT, clause_rule(clause)->name);
    return expr && assign_collation(scope->an, expr) ? expr : NULL;
}

static bool analyze_partition(Scope *scope, const PgQuery__WindowDef *node, Window *window)
{
    window->partition = ARENA_ARRAY(scope->an->arena, Expr *, node->n_partition_clause + 1);
    for (size_t i = 0; i < node->n_partition_clause; i++) {
        SortOps ops;
        Expr *expr = window_expr(scope, node->partition_clause[i], CLAUSE_WINDOW_PARTITION);
        if (!expr || !sort_ops_need(scope, expr->type, false, &ops, expr_location(expr)))
            return false;
        window->partition[window->npartition++] = expr;
    }
    return true;
}

static bool analyze_order(Scope *scope, const PgQuery__WindowDef *node, Window *window)
{
    window->order = ARENA_ARRAY(scope->an->arena, Expr *, node->n_order_clause + 1);
    window->order_items = ARENA_ARRAY(scope->an->arena, SortItem, node->n_order_clause + 1);
    for (size_t i = 0; i < node->n_order_clause; i++) {
        const PgQuery__SortBy *sort = node->order_clause[i]->sort_by;
        Expr *expr = window_expr(scope, sort->node, CLAUSE_WINDOW_ORDER);
        if (!expr || !sort_item_make(scope, sort, expr, window->norder, &window->order_items[window->norder]))
            return false;
        window->order[window->norder++] = expr;
    }
    return true;
}

/* A definition that starts from another one by name. */
static bool inherit(Scope *scope, const PgQuery__WindowDef *node, Window *window, int place)
{
    Analyzer *an = scope->an;
    const char *name = node->refname;
    int from = window_named(scope, name);
    if (from < 0 || from >= place)
        return fail(scope, ERRCODE_UNDEFINED_OBJECT, node->location, "window \"%s\" does not exist", name);
    const Window *base = &scope->query->windows[from];
    if (node->n_partition_clause)
        return fail(scope, ERRCODE_WINDOWING_ERROR, node->location, "cannot override PARTITION BY clause of window \"%s\"", name);
    if (base->norder && node->n_order_clause)
        return fail(scope, ERRCODE_WINDOWING_ERROR, node->location, "cannot override ORDER BY clause of window \"%s\"", name);
    if (base->frame_options != FRAME_DEFAULTS) {
        bool bare = !node->n_order_clause && node->frame_options == FRAME_DEFAULTS;
        fail(scope, ERRCODE_WINDOWING_ERROR, node->location, "cannot copy window \"%s\" because it has a frame clause", name);
        return bare && !given(node->name) ? error_hint(an->error, "Omit the parentheses in this OVER clause.") : false;
    }
    window->base = name;
    window->nbase_order = base->norder;
    window->npartition = base->npartition;
    window->partition = ARENA_ARRAY(an->arena, Expr *, base->npartition + 1);
    for (int i = 0; i < base->npartition; i++)
        window->partition[i] = expr_copy(base->partition[i], an->arena);
    if (base->norder == 0)
        return true;
    window->norder = base->norder;
    window->order_items = base->order_items;
    window->order = ARENA_ARRAY(an->arena, Expr *, base->norder);
    for (int i = 0; i < base->norder; i++)
        window->order[i] = expr_copy(base->order[i], an->arena);
    return true;
}

static bool analyze_definition(Scope *scope, int place)
{
    const PgQuery__WindowDef *node = scope->windows.items[place];
    Window *window = &scope->query->windows[place];
    window->name = given(node->name);
    if (window->name && window_named(scope, window->name) < place)
        return fail(scope, ERRCODE_WINDOWING_ERROR, node->location, "window \"%s\" is already defined", window->name);
    if (!analyze_order(scope, node, window) || !analyze_partition(scope, node, window))
        return false;
    if (given(node->refname) && !inherit(scope, node, window, place))
        return false;
    return analyze_frame(scope, node, window);
}

bool analyze_windows(Scope *scope)
{
    Query *query = scope->query;
    query->windows = ARENA_ARRAY(scope->an->arena, Window, scope->windows.count + 1);
    for (size_t i = 0; i < scope->windows.count; i++) {
        query->nwindows++;
        if (!analyze_definition(scope, (int)i))
            return false;
    }
    return true;
}
