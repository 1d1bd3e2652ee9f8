/*
 * func_index_property.c - pg_indexam_has_property, pg_index_has_property, pg_index_column_has_property: what access methods can do.
 *
 *  1. A property that is not one of the thing asked about is NULL, whatever the thing.
 * Any thread; the Catalog locks itself.
 */
#include <stdlib.h>

#include "func/func_internal.h"

enum { OPTION_DESC = 1, OPTION_NULLS_FIRST = 2 };
enum { BTREE = 403, HASH = 405, GIST = 783, GIN = 2742, BRIN = 3580, SPGIST = 4000 };

enum { OF_METHOD = 1, OF_INDEX = 2, OF_KEY = 4, OF_ORDERED_KEY = 8, OF_COLUMN = 16 };

/* Which methods have it; what it is a property of. Of gist, gin and spgist some depend on the operator class: those are OF_KEY here. */
static const struct {
    const char *name;
    int of;
    Oid methods[7];
} PROPERTIES[] = {
    {"can_order", OF_METHOD, {BTREE}},
    {"can_unique", OF_METHOD, {BTREE}},
    {"can_multi_col", OF_METHOD, {BTREE, GIST, GIN, BRIN}},
    {"can_exclude", OF_METHOD, {BTREE, HASH, GIST, SPGIST}},
    {"can_include", OF_METHOD, {BTREE, GIST, SPGIST}},
    {"clusterable", OF_INDEX, {BTREE, GIST}},
    {"index_scan", OF_INDEX, {BTREE, HASH, GIST, SPGIST}},
    {"bitmap_scan", OF_INDEX, {BTREE, HASH, GIST, GIN, BRIN, SPGIST}},
    {"backward_scan", OF_INDEX, {BTREE, HASH}},
    {"asc", OF_ORDERED_KEY, {BTREE}},
    {"desc", OF_ORDERED_KEY, {BTREE}},
    {"nulls_first", OF_ORDERED_KEY, {BTREE}},
    {"nulls_last", OF_ORDERED_KEY, {BTREE}},
    {"orderable", OF_COLUMN, {BTREE}},
    {"distance_orderable", OF_COLUMN, {0}},
    {"returnable", OF_COLUMN, {BTREE}},
    {"search_array", OF_KEY, {BTREE}},
    {"search_nulls", OF_KEY, {BTREE, GIST, BRIN, SPGIST}},
};

static int find_property(const char *name)
{
    for (int i = 0; i < (int)COUNT_OF(PROPERTIES); i++)
        if (strcasecmp(PROPERTIES[i].name, name) == 0)
            return i;
    return -1;
}

static bool method_has(int property, Oid method)
{
    for (const Oid *known = PROPERTIES[property].methods; *known; known++)
        if (*known == method)
            return true;
    return false;
}

static bool method_property(FuncCall *call)
{
    int property = find_property(arg_text(call, 1));
    CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                      "SELECT 1 FROM pg_am WHERE oid = ?1 AND amtype = 'i'", "o", arg_oid(call, 0));
    if (!rows)
        return false;
    if (!rows->nrows || property < 0 || PROPERTIES[property].of != OF_METHOD)
        return return_null(call);
    return return_bool(call, method_has(property, arg_oid(call, 0)));
}

static CatalogRows *find_index(FuncCall *call)
{
    return catalog_query(call->context->catalog, call->arena, call->error,
                         "SELECT relam, indnatts, indnkeyatts, indoption FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
                         " WHERE indexrelid = ?1",
                         "o", arg_oid(call, 0));
}

static bool index_property(FuncCall *call)
{
    int property = find_property(arg_text(call, 1));
    CatalogRows *rows = find_index(call);
    if (!rows)
        return false;
    if (!rows->nrows || property < 0 || PROPERTIES[property].of != OF_INDEX)
        return return_null(call);
    return return_bool(call, method_has(property, (Oid)CATALOG_CELL(rows, 0, 0).i));
}

static int option_of(const char *options, int64_t column)
{
    for (; column > 1 && strchr(options, ' '); column--)
        options = strchr(options, ' ') + 1;
    return atoi(options);
}

/* How an ordered column is ordered. */
static bool is_ordered(const char *property, int option)
{
    switch (*property) {
    case 'a':
        return !(option & OPTION_DESC);
    case 'd':
        return option & OPTION_DESC;
    default:
        return strcmp(property, "nulls_first") == 0 ? option & OPTION_NULLS_FIRST : !(option & OPTION_NULLS_FIRST);
    }
}

static bool column_property(FuncCall *call)
{
    int property = find_property(arg_text(call, 2));
    int64_t column = call->args[1].i;
    CatalogRows *rows = find_index(call);
    if (!rows)
        return false;
    if (!rows->nrows || property < 0 || PROPERTIES[property].of < OF_KEY || column < 1 || column > CATALOG_CELL(rows, 0, 1).i)
        return return_null(call);
    bool is_key = column <= CATALOG_CELL(rows, 0, 2).i, has = method_has(property, (Oid)CATALOG_CELL(rows, 0, 0).i);
    switch (PROPERTIES[property].of) {
    case OF_COLUMN:
        return return_bool(call, has && (is_key || strcmp(PROPERTIES[property].name, "returnable") == 0));
    case OF_ORDERED_KEY:
        if (!is_key)
            break;
        return return_bool(call, has && is_ordered(PROPERTIES[property].name, option_of(CATALOG_CELL(rows, 0, 3).text, column)));
    default:
        if (!is_key)
            break;
        return return_bool(call, has);
    }
    return return_null(call);
}

static const FuncRow ROWS[] = {
    {F_PG_INDEXAM_HAS_PROPERTY_OID_TEXT, method_property},
    {F_PG_INDEX_HAS_PROPERTY_REGCLASS_TEXT, index_property},
    {F_PG_INDEX_COLUMN_HAS_PROPERTY_REGCLASS_INT4_TEXT, column_property},
};
const FuncTable FUNC_TABLE_INDEX_PROPERTY = {ROWS, COUNT_OF(ROWS)};
