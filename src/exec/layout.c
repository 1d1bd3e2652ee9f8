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

static bool bind_by_value(duckdb_prepared_statement statement, idx_t index, duckdb_value value)
{
    bool done = duckdb_bind_value(statement, index, value) == DuckDBSuccess;
    duckdb_destroy_value(&value);
    return done;
}

static bool bind_whole_number(duckdb_prepared_statement statement, idx_t index, FdwPhysical physical, int64_t i)
{
    switch (physical) {
    case FDW_INT16:
        return duckdb_bind_int16(statement, index, (int16_t)i) == DuckDBSuccess;
    case FDW_INT32:
        return duckdb_bind_int32(statement, index, (int32_t)i) == DuckDBSuccess;
    case FDW_UINT32:
        return duckdb_bind_uint32(statement, index, (uint32_t)i) == DuckDBSuccess;
    case FDW_DATE:
        return duckdb_bind_date(statement, index, (duckdb_date){(int32_t)i}) == DuckDBSuccess;
    case FDW_TIME:
        return duckdb_bind_time(statement, index, (duckdb_time){i}) == DuckDBSuccess;
    case FDW_TIMESTAMP:
        return duckdb_bind_timestamp(statement, index, (duckdb_timestamp){i}) == DuckDBSuccess;
    case FDW_TIMESTAMPTZ:
        return duckdb_bind_timestamp_tz(statement, index, (duckdb_timestamp){i}) == DuckDBSuccess;
    default:
        return duckdb_bind_int64(statement, index, i) == DuckDBSuccess;
    }
}

bool layout_bind(duckdb_prepared_statement statement, idx_t index, const FdwType *type, const Value *value)
{
    unsigned __int128 bits = (unsigned __int128)value->i128;
    switch (type->physical) {
    case FDW_BOOL:
        return duckdb_bind_boolean(statement, index, value->b) == DuckDBSuccess;
    case FDW_FLOAT:
        return duckdb_bind_float(statement, index, (float)value->f) == DuckDBSuccess;
    case FDW_DOUBLE:
        return duckdb_bind_double(statement, index, value->f) == DuckDBSuccess;
    case FDW_STRING:
        return duckdb_bind_varchar_length(statement, index, value->s.ptr, value->s.len) == DuckDBSuccess;
    case FDW_BYTES:
        return duckdb_bind_blob(statement, index, value->s.ptr, value->s.len) == DuckDBSuccess;
    case FDW_DECIMAL:
        return duckdb_bind_decimal(statement, index,
                                   (duckdb_decimal){type->precision, type->scale, {(uint64_t)bits, (int64_t)(bits >> 64)}}) ==
               DuckDBSuccess;
    case FDW_UUID: /* both keep its highest bit the other way round */
        bits ^= (unsigned __int128)1 << 127;
        return bind_by_value(statement, index, duckdb_create_uuid((duckdb_uhugeint){(uint64_t)bits, (uint64_t)(bits >> 64)}));
    case FDW_INTERVAL:
        return duckdb_bind_interval(statement, index,
                                    (duckdb_interval){value->interval.months, value->interval.days, value->interval.micros}) ==
               DuckDBSuccess;
    default:
        return bind_whole_number(statement, index, type->physical, value->i);
    }
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
