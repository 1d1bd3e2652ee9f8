/*
 * func_index.c - pg_get_indexdef: an index as the statement that makes it, or one of its columns.
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
        str_addf(&text->out, " %s", catalog_quote_identifier(CATALOG_CELL(rows, 0, 0).text, text->call->arena));
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
        str_add(&text->out, catalog_quote_identifier(text->table->columns[number - 1].name, text->call->arena));
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

static void add_statement(IndexText *text)
{
    const CatalogRows *row = text->row;
    Catalog *catalog = text->call->context->catalog;
    Arena *arena = text->call->arena;
    bool visible = text->pretty && catalog_is_visible(catalog, PG_CLASS_RELATION, text->table->oid);
    str_addf(&text->out, "CREATE %sINDEX %s ON %s%s USING %s ", CATALOG_CELL(row, 0, 2).i ? "UNIQUE " : "",
             catalog_quote_identifier(CATALOG_CELL(row, 0, 0).text, arena), CATALOG_CELL(row, 0, 12).text[0] == 'I' ? "ONLY " : "",
             catalog_qualified(catalog, visible ? OID_NONE : text->table->namespace_oid, text->table->name, arena),
             CATALOG_CELL(row, 0, 4).text);
    add_columns(text, (int)CATALOG_CELL(row, 0, 8).i, (int)CATALOG_CELL(row, 0, 9).i);
    if (CATALOG_CELL(row, 0, 10).i)
        str_add(&text->out, " NULLS NOT DISTINCT");
    FuncStoredText predicate = {.text = CATALOG_CELL(row, 0, 11).text, .relation = text->table->oid, .pretty = text->pretty};
    if (predicate.text)
        str_addf(&text->out, " WHERE %s", func_stored_expr(text->call, &predicate));
}

static bool get_index_def(FuncCall *call)
{
    const CatalogRows *row = catalog_query(
        call->context->catalog, call->arena, call->error,
        "SELECT c.relname, i.indrelid, i.indisunique, i.indkey, a.amname, indcollation, indclass, indoption, indnatts, indnkeyatts,"
        " indnullsnotdistinct, indpred, c.relkind, indexprs FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON"
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
    if (column <= 0)
        add_statement(&text);
    for (int64_t i = 1; column > 0 && i <= column && i <= count; i++)
        add_column(&text, false, i < column);
    return return_text(call, text.out.data ? text.out.data : "");
}

static const FuncRow ROWS[] = {
    {F_PG_GET_INDEXDEF_OID, get_index_def},
    {F_PG_GET_INDEXDEF_OID_INT4_BOOL, get_index_def},
};
const FuncTable FUNC_TABLE_INDEX = {ROWS, COUNT_OF(ROWS)};
