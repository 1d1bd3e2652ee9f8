/*
 * func_index_property.c - what an access method, an index, a column of an index can do (PostgreSQL manual, table 9.73).
 *
 * Invariants:
 *  1. What has no such property, or is none of the three, gives NULL.
 *  2. Columns of INCLUDE have no order and are not searched.
 * Any thread; the Catalog locks itself.
 */
#include <stdlib.h>

#include "func/func_internal.h"

enum { OPTION_DESC = 1, OPTION_NULLS_FIRST = 2 };

/* Support functions of gist. */
enum { GIST_COMPRESS = 3, GIST_DISTANCE = 8, GIST_FETCH = 9 };

typedef enum Property {
    PROPERTY_UNKNOWN,
    /* of columns */
    ASC,
    DESC,
    NULLS_FIRST,
    NULLS_LAST,
    ORDERABLE,
    DISTANCE_ORDERABLE,
    RETURNABLE,
    SEARCH_ARRAY,
    SEARCH_NULLS,
    /* of indexes */
    CLUSTERABLE,
    INDEX_SCAN,
    BITMAP_SCAN,
    BACKWARD_SCAN,
    /* of access methods */
    CAN_ORDER,
    CAN_UNIQUE,
    CAN_MULTI_COL,
    CAN_EXCLUDE,
    CAN_INCLUDE,
} Property;

static const struct {
    const char *name;
    Property property;
} NAMES[] = {
    {"asc", ASC},
    {"desc", DESC},
    {"nulls_first", NULLS_FIRST},
    {"nulls_last", NULLS_LAST},
    {"orderable", ORDERABLE},
    {"distance_orderable", DISTANCE_ORDERABLE},
    {"returnable", RETURNABLE},
    {"search_array", SEARCH_ARRAY},
    {"search_nulls", SEARCH_NULLS},
    {"clusterable", CLUSTERABLE},
    {"index_scan", INDEX_SCAN},
    {"bitmap_scan", BITMAP_SCAN},
    {"backward_scan", BACKWARD_SCAN},
    {"can_order", CAN_ORDER},
    {"can_unique", CAN_UNIQUE},
    {"can_multi_col", CAN_MULTI_COL},
    {"can_exclude", CAN_EXCLUDE},
    {"can_include", CAN_INCLUDE},
};

#define HAS(property) (1u << (property))
#define HAS_ORDER (HAS(ORDERABLE) | HAS(CAN_ORDER))
#define HAS_SCAN (HAS(INDEX_SCAN) | HAS(CAN_EXCLUDE))

typedef struct Method {
    Oid oid;
    unsigned has;
} Method;

enum { BTREE = 403, HASH = 405, GIST = 783, GIN = 2742, BRIN = 3580, SPGIST = 4000 };
static const Method METHODS[] = {
    {BTREE, HAS_ORDER | HAS_SCAN | HAS(RETURNABLE) | HAS(SEARCH_ARRAY) | HAS(SEARCH_NULLS) | HAS(CLUSTERABLE) | HAS(BITMAP_SCAN) |
                HAS(BACKWARD_SCAN) | HAS(CAN_UNIQUE) | HAS(CAN_MULTI_COL) | HAS(CAN_INCLUDE)},
    {HASH, HAS_SCAN | HAS(BITMAP_SCAN) | HAS(BACKWARD_SCAN)},
    {GIST,
     HAS_SCAN | HAS(DISTANCE_ORDERABLE) | HAS(SEARCH_NULLS) | HAS(CLUSTERABLE) | HAS(BITMAP_SCAN) | HAS(CAN_MULTI_COL) | HAS(CAN_INCLUDE)},
    {GIN, HAS(BITMAP_SCAN) | HAS(CAN_MULTI_COL)},
    {BRIN, HAS(SEARCH_NULLS) | HAS(BITMAP_SCAN) | HAS(CAN_MULTI_COL)},
    {SPGIST, HAS_SCAN | HAS(DISTANCE_ORDERABLE) | HAS(RETURNABLE) | HAS(SEARCH_NULLS) | HAS(BITMAP_SCAN) | HAS(CAN_INCLUDE)},
};

static Property property_named(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (str_ieq(NAMES[i].name, name))
            return NAMES[i].property;
    return PROPERTY_UNKNOWN;
}

static const Method *method_of(Oid oid)
{
    for (size_t i = 0; i < COUNT_OF(METHODS); i++)
        if (METHODS[i].oid == oid)
            return &METHODS[i];
    return NULL;
}

static bool has(const Method *method, Property property)
{
    return method->has & HAS(property);
}

/* ---- columns ---- */

typedef struct IndexColumn {
    Oid index;
    int number;
    bool is_key;
    int option;
    Oid class;
} IndexColumn;

static int64_t number_at(const char *list, int number)
{
    char *end = (char *)(uintptr_t)list;
    int64_t value = 0;
    for (int i = 0; i < number; i++)
        value = strtoll(end, &end, 10);
    return value;
}

static bool read_column(FuncCall *call, IndexColumn *column)
{
    CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                      "SELECT indnkeyatts, indoption, indclass FROM pg_index WHERE indexrelid = ?1", "o", column->index);
    if (!rows || !rows->nrows)
        return false;
    column->is_key = column->number <= rows->cells[0].i;
    column->option = column->is_key ? (int)number_at(rows->cells[1].text, column->number) : 0;
    column->class = column->is_key ? (Oid)number_at(rows->cells[2].text, column->number) : OID_NONE;
    return true;
}

static bool answers(FuncCall *call, const char *sql, Oid class, int64_t number)
{
    CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error, sql, "oi", class, number);
    return rows && rows->nrows;
}

static bool has_support(FuncCall *call, Oid class, int number)
{
    return answers(call,
                   "SELECT 1 FROM pg_opclass c JOIN pg_amproc ON amprocfamily = opcfamily AND amproclefttype = opcintype"
                   " AND amprocrighttype = opcintype WHERE c.oid = ?1 AND amprocnum = ?2",
                   class, number);
}

/* By distance: gist has a function for it, spgist operators. */
static bool distance_orderable(FuncCall *call, const Method *method, const IndexColumn *column)
{
    static const char OPERATORS[] = "SELECT 1 FROM pg_opclass c JOIN pg_amop ON amopfamily = opcfamily AND amoppurpose = 'o'"
                                    " AND amoplefttype = opcintype WHERE c.oid = ?1 AND ?2 = 0";
    if (!has(method, DISTANCE_ORDERABLE))
        return return_bool(call, false);
    if (!column->is_key)
        return return_null(call);
    return return_bool(call,
                       method->oid == GIST ? has_support(call, column->class, GIST_DISTANCE) : answers(call, OPERATORS, column->class, 0));
}

/* gist gives values back where its class keeps them, spgist where they are of the column's type: not those of polygons. */
static bool returnable(FuncCall *call, const Method *method, const IndexColumn *column)
{
    if (method->oid == GIST && column->is_key)
        return return_bool(call, has_support(call, column->class, GIST_FETCH) || !has_support(call, column->class, GIST_COMPRESS));
    if (method->oid == GIST)
        return return_null(call);
    bool kept = method->oid != SPGIST || !column->is_key ||
                !answers(call, "SELECT 1 FROM pg_opclass WHERE oid = ?1 AND opcname = 'poly_ops' AND ?2 = 0", column->class, 0);
    return return_bool(call, has(method, RETURNABLE) && kept);
}

static bool column_property(FuncCall *call, const Method *method, IndexColumn *column, Property property)
{
    if (!read_column(call, column))
        return !error_is_set(call->error) && return_null(call);
    bool ordered = has(method, ORDERABLE), descending = column->option & OPTION_DESC, first = column->option & OPTION_NULLS_FIRST;
    switch (property) {
    case ASC:
    case DESC:
        return column->is_key ? return_bool(call, ordered && descending == (property == DESC)) : return_null(call);
    case NULLS_FIRST:
    case NULLS_LAST:
        return column->is_key ? return_bool(call, ordered && first == (property == NULLS_FIRST)) : return_null(call);
    case SEARCH_ARRAY:
    case SEARCH_NULLS:
        return column->is_key ? return_bool(call, has(method, property)) : return_null(call);
    case ORDERABLE:
        return return_bool(call, column->is_key && has(method, property));
    case DISTANCE_ORDERABLE:
        return distance_orderable(call, method, column);
    case RETURNABLE:
        return returnable(call, method, column);
    default:
        return return_null(call);
    }
}

/* ---- all three ---- */

static bool has_property(FuncCall *call, Oid method_oid, Oid index, int column, const char *name)
{
    Property property = property_named(name);
    int ncolumns = 0;
    if (index) {
        CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                          "SELECT relam, relnatts FROM pg_class WHERE oid = ?1 AND relkind IN ('i', 'I')", "o", index);
        if (!rows || !rows->nrows)
            return rows && return_null(call);
        method_oid = (Oid)rows->cells[0].i;
        ncolumns = (int)rows->cells[1].i;
    }
    const Method *method = method_of(method_oid);
    if (column < 0 || column > ncolumns || !method)
        return return_null(call);
    if (column > 0)
        return column_property(call, method, &(IndexColumn){.index = index, .number = column}, property);
    Property first = index ? CLUSTERABLE : CAN_ORDER, last = index ? BACKWARD_SCAN : CAN_INCLUDE;
    return property >= first && property <= last ? return_bool(call, has(method, property)) : return_null(call);
}

static bool method_has_property(FuncCall *call)
{
    return has_property(call, arg_oid(call, 0), OID_NONE, 0, arg_text(call, 1));
}

static bool index_has_property(FuncCall *call)
{
    return has_property(call, OID_NONE, arg_oid(call, 0), 0, arg_text(call, 1));
}

static bool column_has_property(FuncCall *call)
{
    int column = (int)call->args[1].i;
    return column > 0 ? has_property(call, OID_NONE, arg_oid(call, 0), column, arg_text(call, 2)) : return_null(call);
}

static const FuncRow ROWS[] = {
    {F_PG_INDEXAM_HAS_PROPERTY_OID_TEXT, method_has_property},
    {F_PG_INDEX_HAS_PROPERTY_REGCLASS_TEXT, index_has_property},
    {F_PG_INDEX_COLUMN_HAS_PROPERTY_REGCLASS_INT4_TEXT, column_has_property},
};
const FuncTable FUNC_TABLE_INDEX_PROPERTY = {ROWS, COUNT_OF(ROWS)};
