/*
 * view_call.c - what only whole queries have in their expressions: aggregates, window functions, subqueries, sort keys.
 *
 * Invariant: a call is qualified as the search path needs it; its FILTER, ORDER BY and OVER follow as PostgreSQL places them.
 *
 * Entered by the session's worker and by threads of the engine.
 */
#include "command/text_internal.h"

/* ---- sort keys ---- */

/* Calls stand in parentheses, constants with their type: neither may be taken for a name or a number. */
void text_write_sort_key(Writer *writer, const Expr *expr)
{
    bool call = expr->kind == EXPR_FUNC || expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW;
    if (expr->kind == EXPR_CONST) {
        text_write_const_typed(writer, expr);
        return;
    }
    bool parens = !text_is_column(expr) && (writer->pretty || call);
    str_add(writer->out, parens ? "(" : "");
    text_write_shown(writer, expr);
    str_add(writer->out, parens ? ")" : "");
}

void text_write_order(Writer *writer, Oid type, const SortItem *item)
{
    (void)type;
    str_add(writer->out, item->descending ? " DESC" : "");
    if (item->descending != item->nulls_first)
        str_add(writer->out, item->nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

/* ---- aggregates and windows ---- */

static void write_filter(Writer *writer, const Expr *filter)
{
    if (!filter)
        return;
    str_add(writer->out, ") FILTER (WHERE ");
    writer->implicit = false;
    text_write(writer, filter);
}

static void write_arguments(Writer *writer, Expr *const *args, int count, bool variadic)
{
    for (int i = 0; i < count; i++) {
        str_addf(writer->out, "%s%s", i ? ", " : "", variadic && i == count - 1 ? "VARIADIC " : "");
        text_write_shown(writer, args[i]);
    }
}

static void write_aggregate_order(Writer *writer, const Expr *expr)
{
    for (int i = 0; i < expr->u.agg.norder; i++) {
        const SortItem *item = &expr->u.agg.order[i];
        str_add(writer->out, i ? ", " : "");
        text_write_sort_key(writer, expr->args[item->target]);
        text_write_order(writer, expr->args[item->target]->type, item);
    }
}

static void write_aggregate(Writer *writer, const Expr *expr)
{
    Str *out = writer->out;
    str_addf(out, "%s(%s", text_function_name(writer, expr->oid), expr->u.agg.distinct ? "DISTINCT " : "");
    if (expr->u.agg.kind != 'n') {
        write_arguments(writer, expr->u.agg.direct_args, expr->u.agg.ndirect, false);
        str_add(out, ") WITHIN GROUP (ORDER BY ");
        write_aggregate_order(writer, expr);
    } else {
        if (expr->u.agg.star)
            str_addc(out, '*');
        write_arguments(writer, expr->args, expr->nargs - expr->u.agg.njunk, expr->u.agg.variadic);
        if (expr->u.agg.norder) {
            str_add(out, " ORDER BY ");
            write_aggregate_order(writer, expr);
        }
    }
    write_filter(writer, expr->u.agg.filter);
    str_addc(out, ')');
}

/* Bits of Window.frame_options, as the grammar sets them. */
enum {
    FRAME_NONDEFAULT = 0x1,
    FRAME_ROWS = 0x4,
    FRAME_GROUPS = 0x8,
    FRAME_BETWEEN = 0x10,
    FRAME_EXCLUDE_CURRENT_ROW = 0x8000,
    FRAME_EXCLUDE_GROUP = 0x10000,
    FRAME_EXCLUDE_TIES = 0x20000,
};

typedef struct Bound {
    int bit;
    const char *words;
    bool has_offset;
} Bound;

static void write_bound(Writer *writer, int options, const Bound *bounds, size_t count, const Expr *offset)
{
    for (size_t i = 0; i < count; i++) {
        if (!(options & bounds[i].bit))
            continue;
        writer->implicit = false;
        if (bounds[i].has_offset)
            text_write(writer, offset);
        str_add(writer->out, bounds[i].words);
    }
}

static void write_frame(Writer *writer, const Window *window)
{
    static const Bound STARTS[] = {
        {0x20, "UNBOUNDED PRECEDING", false}, {0x200, "CURRENT ROW", false}, {0x800, " PRECEDING", true}, {0x2000, " FOLLOWING", true}};
    static const Bound ENDS[] = {
        {0x100, "UNBOUNDED FOLLOWING", false}, {0x400, "CURRENT ROW", false}, {0x1000, " PRECEDING", true}, {0x4000, " FOLLOWING", true}};
    Str *out = writer->out;
    int options = window->frame_options;
    str_add(out, options & FRAME_ROWS ? "ROWS " : options & FRAME_GROUPS ? "GROUPS " : "RANGE ");
    str_add(out, options & FRAME_BETWEEN ? "BETWEEN " : "");
    write_bound(writer, options, STARTS, COUNT_OF(STARTS), window->start_offset);
    if (options & FRAME_BETWEEN) {
        str_add(out, " AND ");
        write_bound(writer, options, ENDS, COUNT_OF(ENDS), window->end_offset);
    }
    str_add(out, options & FRAME_EXCLUDE_CURRENT_ROW ? " EXCLUDE CURRENT ROW"
                 : options & FRAME_EXCLUDE_GROUP     ? " EXCLUDE GROUP"
                 : options & FRAME_EXCLUDE_TIES      ? " EXCLUDE TIES"
                                                     : "");
}

void text_write_window(Writer *writer, const Window *window)
{
    Str *out = writer->out;
    bool before = false;
    str_addc(out, '(');
    if (window->base) {
        str_add(out, catalog_quote_identifier(writer->command->catalog, window->base, writer->command->arena));
        before = true;
    }
    for (int i = 0; i < window->npartition && !window->base; i++) {
        str_add(out, i ? ", " : "PARTITION BY ");
        text_write_sort_key(writer, window->partition[i]);
        before = true;
    }
    for (int i = window->base ? window->nbase_order : 0; i < window->norder; i++) {
        str_add(out, i ? ", " : before ? " ORDER BY " : "ORDER BY ");
        text_write_sort_key(writer, window->order[i]);
        text_write_order(writer, window->order[i]->type, &window->order_items[i]);
    }
    if (window->frame_options & FRAME_NONDEFAULT) {
        str_add(out, before || window->norder ? " " : "");
        write_frame(writer, window);
    }
    str_addc(out, ')');
}

static void write_window_call(Writer *writer, const Expr *expr)
{
    const Window *window = &writer->level->query->windows[expr->u.window.window];
    str_addf(writer->out, "%s(%s", text_function_name(writer, expr->oid), expr->u.window.star ? "*" : "");
    write_arguments(writer, expr->args, expr->nargs, false);
    write_filter(writer, expr->u.window.filter);
    str_add(writer->out, ") OVER ");
    if (window->name)
        str_add(writer->out, catalog_quote_identifier(writer->command->catalog, window->name, writer->command->arena));
    else
        text_write_window(writer, window);
}

/* As the type calls the attribute now. */
static const char *field_name(const Writer *writer, const Expr *expr)
{
    Catalog *catalog = writer->command->catalog;
    const CatType *type = catalog_type(catalog, catalog_base_type(catalog, expr->args[0]->type, NULL));
    const CatRelation *relation = type && type->relation ? catalog_relation(catalog, type->relation) : NULL;
    bool known = relation && expr->u.field.number <= relation->ncolumns;
    return known ? relation->columns[expr->u.field.number - 1].name : expr->u.field.name;
}

static void write_field(Writer *writer, const Expr *expr)
{
    ExprKind below = expr->args[0]->kind;
    bool parens = below != EXPR_FIELD && below != EXPR_SUBSCRIPT;
    str_add(writer->out, parens ? "(" : "");
    text_write_shown(writer, expr->args[0]);
    str_addf(writer->out, parens ? ").%s" : ".%s", text_quoted(writer, field_name(writer, expr)));
}

static bool write_xml_part(void *arg, const Expr *expr)
{
    text_write_shown(arg, expr);
    return true;
}

static void write_xml_name(void *arg, const char *name)
{
    Writer *writer = arg;
    str_add(writer->out, catalog_quote_identifier(writer->command->catalog, name, writer->command->arena));
}

static const char *serialized_type(void *arg, const Expr *expr)
{
    Writer *writer = arg;
    return catalog_format_type(writer->command->catalog, expr->u.xml.type, expr->u.xml.typmod, writer->command->arena);
}

/* (x IS DOCUMENT) = (y IS DOCUMENT) is written without parentheses, and is something else when it is read. */
static void write_xml(Writer *writer, const Expr *expr)
{
    bool parens = writer->stored && expr->u.xml.op == PG_QUERY__XML_EXPR_OP__IS_DOCUMENT;
    const XmlWriter xml = {writer, writer->out, write_xml_part, write_xml_name, serialized_type, !writer->pretty && !writer->stored};
    str_add(writer->out, parens ? "(" : "");
    if (!xml_write(&xml, expr))
        return; /* it never fails */
    str_add(writer->out, parens ? ")" : "");
}

bool text_write_call(Writer *writer, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_AGG:
        write_aggregate(writer, expr);
        return true;
    case EXPR_WINDOW:
        write_window_call(writer, expr);
        return true;
    case EXPR_GROUPING:
        str_add(writer->out, "GROUPING(");
        write_arguments(writer, expr->args, expr->nargs, false);
        str_addc(writer->out, ')');
        return true;
    case EXPR_FIELD:
        write_field(writer, expr);
        return true;
    case EXPR_XML:
        write_xml(writer, expr);
        return true;
    default:
        return false;
    }
}

/* ---- subqueries ---- */

/* What analysis put around a subquery is not shown; its level stays, as levels are counted through it. */
static void write_subquery(Writer *writer, const Query *query)
{
    TextLevel *level = writer->level;
    if (query->is_around) {
        writer->level = text_open_level(writer, query);
        query = query->rtes[0]->query;
    }
    text_write_query(writer, query, NULL, false);
    writer->level = level;
}

void text_write_sublink_query(Writer *writer, const Query *query)
{
    str_addc(writer->out, '(');
    write_subquery(writer, query);
    str_addc(writer->out, ')');
}

/* ((a, b) = (SELECT ...)): the comparison stands in the query around. */
static void write_row_comparison(Writer *writer, const Query *query)
{
    Str *out = writer->out;
    TextLevel *level = writer->level;
    const Expr *test = query->targets[0].expr;
    bool compare = test->kind == EXPR_ROW_COMPARE, pairs = test->kind == EXPR_AND || test->kind == EXPR_OR;
    int count = compare ? test->nargs / 2 : pairs ? test->nargs : 1;
    writer->level = text_open_level(writer, query);
    str_add(out, count > 1 ? "((" : "(");
    for (int i = 0; i < count; i++) {
        str_add(out, i ? ", " : "");
        text_write_shown(writer, compare ? test->args[i] : pairs ? test->args[i]->args[0] : test->args[0]);
    }
    str_addf(out, "%s %s (", count > 1 ? ")" : "", text_operator_name(writer, pairs ? test->args[0]->oid : test->oid));
    text_write_query(writer, query->rtes[0]->query, NULL, false);
    str_add(out, "))");
    writer->level = level;
}

void text_write_sublink(Writer *writer, const Expr *expr)
{
    Str *out = writer->out;
    SublinkKind kind = expr->u.sublink.kind;
    if (kind == SUBLINK_SCALAR && expr->u.sublink.query->is_around) {
        write_row_comparison(writer, expr->u.sublink.query);
        return;
    }
    str_add(out, kind == SUBLINK_ARRAY ? "ARRAY(" : "(");
    if (kind == SUBLINK_EXISTS)
        str_add(out, "EXISTS ");
    if (kind == SUBLINK_ANY || kind == SUBLINK_ALL) {
        const char *name = text_operator_name(writer, expr->u.sublink.ops[0]);
        str_add(out, expr->nargs > 1 ? "(" : "");
        write_arguments(writer, expr->args, expr->nargs, false);
        str_add(out, expr->nargs > 1 ? ")" : "");
        if (kind == SUBLINK_ANY && str_eq(name, "="))
            str_add(out, " IN ");
        else
            str_addf(out, " %s %s ", name, kind == SUBLINK_ANY ? "ANY" : "ALL");
    }
    bool parens = kind == SUBLINK_EXISTS || kind == SUBLINK_ANY || kind == SUBLINK_ALL;
    str_add(out, parens ? "(" : "");
    write_subquery(writer, expr->u.sublink.query);
    str_add(out, parens ? "))" : ")");
}
