/*
 * layout.c - the engine's types and ours: FdwType is named by PostgreSQL's OID and laid out as the engine's flat vectors.
 *
 * Invariant: both directions follow one table, so that a vector can be viewed as an FdwVector without a copy.
 */
#include "exec/internal.h"

static const struct Layout {
    FdwPhysical physical;
    duckdb_type type;
    uint8_t width;
} LAYOUTS[] = {
    {FDW_BOOL, DUCKDB_TYPE_BOOLEAN, 1},        {FDW_INT16, DUCKDB_TYPE_SMALLINT, 2},
    {FDW_INT32, DUCKDB_TYPE_INTEGER, 4},       {FDW_INT64, DUCKDB_TYPE_BIGINT, 8},
    {FDW_UINT32, DUCKDB_TYPE_UINTEGER, 4},     {FDW_FLOAT, DUCKDB_TYPE_FLOAT, 4},
    {FDW_DOUBLE, DUCKDB_TYPE_DOUBLE, 8},       {FDW_DECIMAL, DUCKDB_TYPE_DECIMAL, 0},
    {FDW_STRING, DUCKDB_TYPE_VARCHAR, 16},     {FDW_BYTES, DUCKDB_TYPE_BLOB, 16},
    {FDW_DATE, DUCKDB_TYPE_DATE, 4},           {FDW_TIME, DUCKDB_TYPE_TIME, 8},
    {FDW_TIMESTAMP, DUCKDB_TYPE_TIMESTAMP, 8}, {FDW_TIMESTAMPTZ, DUCKDB_TYPE_TIMESTAMP_TZ, 8},
    {FDW_INTERVAL, DUCKDB_TYPE_INTERVAL, 16},  {FDW_UUID, DUCKDB_TYPE_UUID, 16},
};

size_t batch_width(FdwPhysical physical, uint8_t precision)
{
    for (size_t i = 0; i < COUNT_OF(LAYOUTS); i++)
        if (LAYOUTS[i].physical == physical && LAYOUTS[i].width)
            return LAYOUTS[i].width;
    return precision <= 4 ? 2 : precision <= 9 ? 4 : precision <= 18 ? 8 : 16;
}

duckdb_logical_type layout_logical_type(const FdwType *type)
{
    if (type->physical == FDW_DECIMAL)
        return duckdb_create_decimal_type(type->precision, type->scale);
    for (size_t i = 0; i < COUNT_OF(LAYOUTS); i++)
        if (LAYOUTS[i].physical == type->physical)
            return duckdb_create_logical_type(LAYOUTS[i].type);
    return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
}

bool layout_from_logical_type(duckdb_logical_type type, Oid oid, int32_t typmod, FdwType *out)
{
    duckdb_type id = duckdb_get_type_id(type);
    *out = (FdwType){.oid = oid, .typmod = typmod};
    for (size_t i = 0; i < COUNT_OF(LAYOUTS); i++) {
        if (LAYOUTS[i].type != id)
            continue;
        out->physical = LAYOUTS[i].physical;
        if (id == DUCKDB_TYPE_DECIMAL) {
            out->precision = duckdb_decimal_width(type);
            out->scale = duckdb_decimal_scale(type);
        }
        return true;
    }
    /* A column of NULLs alone has the engine's NULL type: four bytes a row, none of them read. */
    out->physical = FDW_INT32;
    return id == DUCKDB_TYPE_SQLNULL;
}
