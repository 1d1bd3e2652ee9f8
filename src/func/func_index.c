/*
 * func_index.c - pg_get_indexdef: an index as the statement that makes it, or one of its columns; pg_get_statisticsobjdef, the same of
 * extended statistics.
 *
 *  1. What PostgreSQL leaves out because it is the default is left out here: the column's collation, the type's operator class, the order.
 * Any thread; the Catalog locks itself.
 */
#include <stdlib.h>

#include "func/func_internal.h"

enum { OPTION_DESC = 1, OPTION_NULLS_FIRST = 2 };

typedef struct IndexText {
    FuncCall *call;
    const CatalogRows *row;
    const CatRelation *table;
    const char *keys, *collations, *classes, *options, *exprs; /* what of each is still to come */
    bool pretty;
    Str out;
} IndexText;

static int64_t next_number(const char **text)
{
    char *end;
    int64_t number = strtoll(*text, &end, 10);
    *text = *end == ' ' ? end + 1 : end;
    return number;
}

/* The next stored expression, in parentheses unless it is a call: as a partition key's (func/partition.h), then its collation, the result.
 */
static Oid add_expression(IndexText *text)
{
    const char *entry = arena_strndup(text->call->arena, text->exprs, strcspn(text->exprs, "\2\3"));
    const char *end = strchr(text->exprs, 2), *types = strchr(text->exprs, 3), *last = types ? strchr(types, ',') : NULL;
    last = last ? strchr(last + 1, ',') : NULL;
    Oid collation = last && last < end ? (Oid)strtoul(last + 1, NULL, 10) : OID_NONE;
    text->exprs = end ? end + 1 : "";
    FuncStoredText stored = {.text = entry, .relation = text->table->oid, .pretty = text->pretty, .call_parens = true};
    str_add(&text->out, func_stored_expr(text->call, &stored));
    return collation;
}

static void add_class(IndexText *text, Oid class)
{
    Error ignored;
    error_init(&ignored, text->call->arena);
    CatalogRows *rows = catalog_query(text->call->context->catalog, text->call->arena, &ignored,
                                      "SELECT opcname, opcdefault FROM pg_opclass WHERE oid = ?1", "o", class);
    if (rows && rows->nrows && !CATALOG_CELL(rows, 0, 1).i)
        str_addf(&text->out, " %s",
                 catalog_quote_identifier(text->call->context->catalog, CATALOG_CELL(rows, 0, 0).text, text->call->arena));
}

static void add_collation(IndexText *text, Oid collation, Oid own)
{
    Catalog *catalog = text->call->context->catalog;
    const CatCollation *found = collation && collation != own ? catalog_collation(catalog, collation) : NULL;
    bool visible = found && catalog_is_visible(catalog, PG_COLLATION_RELATION, collation);
    if (found)
        str_addf(&text->out, " COLLATE %s",
                 catalog_qualified(catalog, visible ? OID_NONE : found->namespace_oid, found->name, text->call->arena));
}

/* modifiers: with collation, class and order. */
static void add_column(IndexText *text, bool modifiers, bool silent)
{
    size_t before = text->out.len;
    int number = (int)next_number(&text->keys);
    Oid own = number > 0 ? text->table->columns[number - 1].collation : OID_NONE;
    if (number > 0)
        str_add(&text->out,
                catalog_quote_identifier(text->call->context->catalog, text->table->columns[number - 1].name, text->call->arena));
    else
        own = add_expression(text);
    if (*text->classes) {
        Oid collation = (Oid)next_number(&text->collations), class = (Oid)next_number(&text->classes);
        int option = (int)next_number(&text->options);
        bool descending = option & OPTION_DESC, first = option & OPTION_NULLS_FIRST;
        if (modifiers) {
            add_collation(text, collation, own);
            add_class(text, class);
            str_add(&text->out, descending ? (first ? " DESC" : " DESC NULLS LAST") : first ? " NULLS FIRST" : "");
        }
    }
    if (silent) {
        text->out.len = before;
        text->out.data[before] = '\0';
    }
}

static void add_columns(IndexText *text, int count, int nkeys)
{
    str_addc(&text->out, '(');
    for (int i = 0; i < count; i++) {
        str_add(&text->out, i == 0 ? "" : i == nkeys ? ") INCLUDE (" : ", ");
        add_column(text, true, false);
    }
    str_addc(&text->out, ')');
}

/* WITH (name='value'): values that are no plain words in quotes. */
static void add_storage(IndexText *text, const char *stored)
{
    Arena *arena = text->call->arena;
    FdwOptions options = catalog_options_parse(stored, arena);
    for (size_t i = 0; i < options.count; i++) {
        const char *value = options.items[i].value;
        bool plain = strcmp(catalog_quote_identifier(text->call->context->catalog, value, arena), value) == 0;
        str_addf(&text->out, "%s%s=%s", i ? ", " : " WITH (",
                 catalog_quote_identifier(text->call->context->catalog, options.items[i].name, arena),
                 plain ? value : catalog_quote_constant(value, arena));
    }
    str_add(&text->out, options.count ? ")" : "");
}

static void add_statement(IndexText *text)
{
    const CatalogRows *row = text->row;
    Catalog *catalog = text->call->context->catalog;
    Arena *arena = text->call->arena;
    bool visible = text->pretty && catalog_is_visible(catalog, PG_CLASS_RELATION, text->table->oid);
    str_addf(&text->out, "CREATE %sINDEX %s ON %s%s USING %s ", CATALOG_CELL(row, 0, 2).i ? "UNIQUE " : "",
             catalog_quote_identifier(catalog, CATALOG_CELL(row, 0, 0).text, arena), CATALOG_CELL(row, 0, 12).text[0] == 'I' ? "ONLY " : "",
             catalog_qualified(catalog, visible ? OID_NONE : text->table->namespace_oid, text->table->name, arena),
             catalog_quote_identifier(catalog, CATALOG_CELL(row, 0, 4).text, arena));
    add_columns(text, (int)CATALOG_CELL(row, 0, 8).i, (int)CATALOG_CELL(row, 0, 9).i);
    if (CATALOG_CELL(row, 0, 10).i)
        str_add(&text->out, " NULLS NOT DISTINCT");
    if (!CATALOG_CELL(row, 0, 14).is_null)
        add_storage(text, CATALOG_CELL(row, 0, 14).text);
    FuncStoredText predicate = {.text = CATALOG_CELL(row, 0, 11).text, .relation = text->table->oid, .pretty = text->pretty};
    if (predicate.text)
        str_addf(&text->out, " WHERE %s", func_stored_expr(text->call, &predicate));
}

static bool get_index_def(FuncCall *call)
{
    const CatalogRows *row = catalog_query(
        call->context->catalog, call->arena, call->error,
        "SELECT c.relname, i.indrelid, i.indisunique, i.indkey, a.amname, indcollation, indclass, indoption, indnatts, indnkeyatts,"
        " indnullsnotdistinct, indpred, c.relkind, indexprs, c.reloptions FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN "
        "pg_am a ON"
        " a.oid = c.relam WHERE i.indexrelid = ?1",
        "o", arg_oid(call, 0));
    if (!row)
        return false;
    const CatRelation *table = row->nrows ? catalog_relation(call->context->catalog, (Oid)CATALOG_CELL(row, 0, 1).i) : NULL;
    if (!table)
        return return_null(call);
    IndexText text = {.call = call,
                      .row = row,
                      .table = table,
                      .keys = CATALOG_CELL(row, 0, 3).text,
                      .collations = CATALOG_CELL(row, 0, 5).text,
                      .classes = CATALOG_CELL(row, 0, 6).text,
                      .options = CATALOG_CELL(row, 0, 7).text,
                      .exprs = CATALOG_CELL(row, 0, 13).text,
                      .pretty = call->nargs > 2 && !call->args[2].is_null && call->args[2].b};
    int64_t column = call->nargs > 1 ? call->args[1].i : 0, count = CATALOG_CELL(row, 0, 8).i;
    str_init(&text.out, call->arena);
    str_add(&text.out, "");
    if (column == 0)
        add_statement(&text);
    for (int64_t i = 1; column > 0 && i <= column && i <= count; i++)
        add_column(&text, false, i < column);
    return return_text(call, text.out.data ? text.out.data : "");
}

/* ---- extended statistics ---- */

/* The columns and expressions, separated by commas; or the expressions alone, as an array of their unshortened texts. */
static const char *statistics_list(FuncCall *call, const CatalogRows *rows, bool only_expressions)
{
    const CatRelation *table = catalog_relation(call->context->catalog, (Oid)CATALOG_CELL(rows, 0, 2).i);
    const char *keys = CATALOG_CELL(rows, 0, 3).text, *exprs = CATALOG_CELL(rows, 0, 5).text;
    VEC(ArrayElement) elements = {0};
    Str out;
    str_init(&out, call->arena);
    str_add(&out, "");
    while (table && *keys && !only_expressions) {
        int64_t number = next_number(&keys);
        str_addf(&out, "%s%s", out.len ? ", " : "",
                 catalog_quote_identifier(call->context->catalog, table->columns[number - 1].name, call->arena));
    }
    for (const char *at = exprs ? exprs : ""; table && *at;) {
        size_t len = strcspn(at, "\2");
        FuncStoredText stored = {.text = arena_strndup(call->arena, at, len),
                                 .relation = table->oid,
                                 .pretty = !only_expressions,
                                 .call_parens = !only_expressions};
        const char *text = func_stored_expr(call, &stored);
        ArrayElement element = {text, strlen(text)};
        str_addf(&out, "%s%s", out.len ? ", " : "", text);
        vec_push(call->arena, &elements, element);
        at += at[len] ? len + 1 : len;
    }
    if (!only_expressions)
        return out.data;
    Str array;
    str_init(&array, call->arena);
    type_array_write(elements.items, elements.count, &array);
    return array.data;
}

/* " (ndistinct, mcv)": all kinds are the default, and of expressions alone there is one. */
static const char *statistics_kinds(FuncCall *call, const char *kinds)
{
    static const struct {
        char letter;
        const char *word;
    } KINDS[] = {{'d', "ndistinct"}, {'f', "dependencies"}, {'m', "mcv"}};
    size_t found = 0;
    Str out;
    str_init(&out, call->arena);
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (strchr(kinds, KINDS[i].letter))
            str_addf(&out, "%s%s", found++ ? ", " : "", KINDS[i].word);
    return found && found < COUNT_OF(KINDS) ? arena_printf(call->arena, " (%s)", out.data) : "";
}

static bool get_statistics_def(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    CatalogRows *rows = catalog_query(catalog, call->arena, call->error,
                                      "SELECT stxnamespace, stxname, stxrelid, stxkeys, stxkind, stxexprs FROM pg_statistic_ext"
                                      " WHERE oid = ?1",
                                      "o", arg_oid(call, 0));
    if (!rows || !rows->nrows)
        return rows && return_null(call);
    bool only_expressions = call->proc == F_PG_GET_STATISTICSOBJDEF_EXPRESSIONS_OID;
    if (only_expressions && CATALOG_CELL(rows, 0, 5).is_null)
        return return_null(call);
    const char *list = statistics_list(call, rows, only_expressions);
    if (call->proc != F_PG_GET_STATISTICSOBJDEF_OID)
        return return_text(call, list);
    const CatRelation *table = catalog_relation(catalog, (Oid)CATALOG_CELL(rows, 0, 2).i);
    bool visible = catalog_is_visible(catalog, PG_CLASS_RELATION, table->oid);
    return return_text(call,
                       arena_printf(call->arena, "CREATE STATISTICS %s%s ON %s FROM %s",
                                    catalog_qualified(catalog, (Oid)CATALOG_CELL(rows, 0, 0).i, CATALOG_CELL(rows, 0, 1).text, call->arena),
                                    statistics_kinds(call, CATALOG_CELL(rows, 0, 4).text), list,
                                    catalog_qualified(catalog, visible ? OID_NONE : table->namespace_oid, table->name, call->arena)));
}

static const FuncRow ROWS[] = {
    {F_PG_GET_STATISTICSOBJDEF_OID, get_statistics_def},
    {F_PG_GET_STATISTICSOBJDEF_COLUMNS_OID, get_statistics_def},
    {F_PG_GET_STATISTICSOBJDEF_EXPRESSIONS_OID, get_statistics_def},
    {F_PG_GET_INDEXDEF_OID, get_index_def},
    {F_PG_GET_INDEXDEF_OID_INT4_BOOL, get_index_def},
};
const FuncTable FUNC_TABLE_INDEX = {ROWS, COUNT_OF(ROWS)};
