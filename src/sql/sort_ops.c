/*
 * sort_ops.c - the operators that order a type and tell its values apart: those of its default btree operator class, else of its default
 * hash operator class (pg_opclass, pg_amop of PostgreSQL 15; only built-in classes exist here).
 */
#include "sql/analyze_int.h"

static const struct {
    Oid type;
    SortOps ops;
} DEFAULT_OPS[] = {
    {TYPE_BOOL, {58, 91, 59}},
    {TYPE_BYTEA, {1957, 1955, 1959}},
    {TYPE_CHAR, {631, 92, 633}},
    {TYPE_NAME, {660, 93, 662}},
    {TYPE_INT8, {412, 410, 413}},
    {TYPE_INT2, {95, 94, 520}},
    {TYPE_INT4, {97, 96, 521}},
    {TYPE_TEXT, {664, 98, 666}},
    {TYPE_OID, {609, 607, 610}},
    {TYPE_TID, {2799, 387, 2800}},
    {TYPE_OIDVECTOR, {645, 649, 646}},
    {TYPE_FLOAT4, {622, 620, 623}},
    {TYPE_FLOAT8, {672, 670, 674}},
    {TYPE_MACADDR8, {3364, 3362, 3366}},
    {TYPE_MONEY, {902, 900, 903}},
    {TYPE_MACADDR, {1222, 1220, 1224}},
    {TYPE_INET, {1203, 1201, 1205}},
    {TYPE_BPCHAR, {1058, 1054, 1060}},
    {TYPE_DATE, {1095, 1093, 1097}},
    {TYPE_TIME, {1110, 1108, 1112}},
    {TYPE_TIMESTAMP, {2062, 2060, 2064}},
    {TYPE_TIMESTAMPTZ, {1322, 1320, 1324}},
    {TYPE_INTERVAL, {1332, 1330, 1334}},
    {TYPE_TIMETZ, {1552, 1550, 1554}},
    {TYPE_BIT, {1786, 1784, 1787}},
    {TYPE_VARBIT, {1806, 1804, 1807}},
    {TYPE_NUMERIC, {1754, 1752, 1756}},
    {TYPE_RECORD, {2990, 2988, 2991}},
    {TYPE_ANYARRAY, {1072, 1070, 1073}},
    {TYPE_UUID, {2974, 2972, 2975}},
    {TYPE_PG_LSN, {3224, 3222, 3225}},
    {TYPE_ANYENUM, {3518, 3516, 3519}},
    {TYPE_TSVECTOR, {3627, 3629, 3632}},
    {TYPE_TSQUERY, {3674, 3676, 3679}},
    {TYPE_JSONB, {3242, 3240, 3243}},
    {TYPE_ANYRANGE, {3884, 3882, 3887}},
    {TYPE_ANYMULTIRANGE, {2862, 2860, 2865}},
    {TYPE_XID8, {5073, 5068, 5074}},
    {TYPE_XID, {0, 352, 0}},
    {TYPE_CID, {0, 385, 0}},
    {TYPE_ACLITEM, {0, 974, 0}},
};

static bool table_ops(Oid type, SortOps *out)
{
    for (size_t i = 0; i < COUNT_OF(DEFAULT_OPS); i++)
        if (DEFAULT_OPS[i].type == type) {
            *out = DEFAULT_OPS[i].ops;
            return true;
        }
    return false;
}

/* Classes that serve other types too, because their values are the same bytes. */
static const Oid SHARED_CLASSES[] = {TYPE_TEXT, TYPE_OID, TYPE_INET, TYPE_VARBIT};

/* An array can be ordered, or compared, where its elements can. */
static SortOps array_ops(Catalog *catalog, Oid element)
{
    SortOps ops = {0}, of_element = sort_ops_of(catalog, element);
    table_ops(TYPE_ANYARRAY, &ops);
    if (!of_element.equal)
        return (SortOps){0};
    if (!of_element.less)
        ops.less = ops.greater = OID_NONE;
    return ops;
}

/* A row can be ordered, or compared, where all its columns can. */
static SortOps row_ops(Catalog *catalog, Oid relation)
{
    SortOps ops = {0};
    const CatRelation *found = catalog_relation(catalog, relation);
    table_ops(TYPE_RECORD, &ops);
    for (int i = 0; found && i < found->ncolumns; i++) {
        if (found->columns[i].dropped)
            continue;
        SortOps of_column = sort_ops_of(catalog, found->columns[i].type);
        if (!of_column.equal)
            return (SortOps){0};
        if (!of_column.less)
            ops.less = ops.greater = OID_NONE;
    }
    return ops;
}

SortOps sort_ops_of(Catalog *catalog, Oid type)
{
    SortOps ops = {0};
    type = catalog_base_type(catalog, type, NULL);
    if (table_ops(type, &ops))
        return ops;
    const CatType *found = catalog_type(catalog, type);
    if (!found)
        return ops;
    Oid element = type_element(catalog, type);
    if (element)
        return array_ops(catalog, element);
    if (found->kind == 'c')
        return row_ops(catalog, found->relation);
    Oid family = found->kind == 'e'   ? TYPE_ANYENUM
                 : found->kind == 'r' ? TYPE_ANYRANGE
                 : found->kind == 'm' ? TYPE_ANYMULTIRANGE
                                      : OID_NONE;
    if (family && table_ops(family, &ops))
        return ops;
    for (size_t i = 0; i < COUNT_OF(SHARED_CLASSES); i++)
        if (sql_is_binary_coercible(catalog, type, SHARED_CLASSES[i]) && table_ops(SHARED_CLASSES[i], &ops))
            return ops;
    return ops;
}

bool sort_ops_need(Scope *scope, Oid type, bool ordering, SortOps *out, int location)
{
    Analyzer *an = scope->an;
    *out = sort_ops_of(an->catalog, type);
    if (ordering && !out->less) {
        error_set(an->error, ERRCODE_UNDEFINED_FUNCTION, "could not identify an ordering operator for type %s", type_text(an, type));
        error_hint(an->error, "Use an explicit ordering operator or modify the query.");
        return analyze_at(an, location);
    }
    if (!out->equal) {
        error_set(an->error, ERRCODE_UNDEFINED_FUNCTION, "could not identify an equality operator for type %s", type_text(an, type));
        return analyze_at(an, location);
    }
    return true;
}
