/*
 * vector.c - how types lie in vectors, and single values in and out of them.
 *
 * Invariant: DECIMAL lies in the narrowest integer that DuckDB would take for its precision.
 *
 * Any thread; a vector is used by one at a time.
 */
#include "type/numeric_int.h"

enum { DECIMAL_MAX_PRECISION = 38 };

FdwType type_layout(Oid oid, int32_t typmod)
{
    FdwType type = {.oid = oid, .typmod = typmod, .physical = type_row(oid)->physical};
    if (oid == TYPE_NUMERIC && typmod >= 4) {
        int precision = numeric_typmod_precision(typmod), scale = numeric_typmod_scale(typmod);
        if (precision <= DECIMAL_MAX_PRECISION && scale >= 0 && scale <= precision) {
            type.physical = FDW_DECIMAL;
            type.precision = (uint8_t)precision;
            type.scale = (uint8_t)scale;
        }
    }
    return type;
}

static __int128 join(const FdwInt128 *parts)
{
    return (__int128)((unsigned __int128)(uint64_t)parts->upper << 64 | parts->lower);
}

static __int128 get_decimal(const FdwVector *vector, size_t row)
{
    if (vector->type.precision <= 4)
        return ((const int16_t *)vector->data)[row];
    if (vector->type.precision <= 9)
        return ((const int32_t *)vector->data)[row];
    if (vector->type.precision <= 18)
        return ((const int64_t *)vector->data)[row];
    return join(&((const FdwInt128 *)vector->data)[row]);
}

Value type_vector_get(const FdwVector *vector, size_t row)
{
    FdwPhysical physical = vector->type.physical;
    if (vector->validity && !(vector->validity[row / 64] >> (row % 64) & 1))
        return value_null(physical);
    switch (physical) {
    case FDW_BOOL:
        return value_bool(((const uint8_t *)vector->data)[row]);
    case FDW_INT16:
        return value_int(physical, ((const int16_t *)vector->data)[row]);
    case FDW_INT32:
    case FDW_DATE:
        return value_int(physical, ((const int32_t *)vector->data)[row]);
    case FDW_UINT32:
        return value_int(physical, ((const uint32_t *)vector->data)[row]);
    case FDW_INT64:
    case FDW_TIME:
    case FDW_TIMESTAMP:
    case FDW_TIMESTAMPTZ:
        return value_int(physical, ((const int64_t *)vector->data)[row]);
    case FDW_FLOAT:
        return value_float(physical, (double)((const float *)vector->data)[row]);
    case FDW_DOUBLE:
        return value_float(physical, ((const double *)vector->data)[row]);
    case FDW_DECIMAL:
        return value_decimal(get_decimal(vector, row), vector->type.scale);
    case FDW_INTERVAL:
        return value_interval(((const FdwInterval *)vector->data)[row]);
    case FDW_UUID:
        return (Value){.physical = physical, .i128 = join(&((const FdwInt128 *)vector->data)[row])};
    case FDW_STRING:
    case FDW_BYTES:
        break;
    }
    const FdwString *string = &((const FdwString *)vector->data)[row];
    return (Value){.physical = physical, .s = {fdw_string_data(string), string->length}};
}

static FdwInt128 split(__int128 value)
{
    return (FdwInt128){(uint64_t)value, (int64_t)(value >> 64)};
}

/* The value in the vector's scale, whichever form it came in. */
static __int128 to_scale(const Value *value, uint8_t scale)
{
    if (value->physical == FDW_DECIMAL && value->scale == scale)
        return value->i128;
    Arena *arena = arena_open(NULL);
    Numeric number = numeric_from_value(value, arena);
    __int128 scaled = 0;
    number = numeric_rounded(&number, scale, arena);
    numeric_to_i128(&number, scale, &scaled);
    arena_close(arena);
    return scaled;
}

static void set_decimal(FdwVector *vector, size_t row, __int128 value)
{
    if (vector->type.precision <= 4)
        ((int16_t *)vector->data)[row] = (int16_t)value;
    else if (vector->type.precision <= 9)
        ((int32_t *)vector->data)[row] = (int32_t)value;
    else if (vector->type.precision <= 18)
        ((int64_t *)vector->data)[row] = (int64_t)value;
    else
        ((FdwInt128 *)vector->data)[row] = split(value);
}

static void set_string(FdwVector *vector, size_t row, const Value *value, void (*set)(FdwVector *, size_t, const char *, size_t))
{
    if (value->physical != FDW_DECIMAL) {
        set(vector, row, value->s.ptr, value->s.len);
        return;
    }
    Arena *arena = arena_open(NULL);
    Numeric number = numeric_from_value(value, arena);
    Str text;
    str_init(&text, arena);
    numeric_write(&number, &text);
    set(vector, row, text.data, text.len);
    arena_close(arena);
}

void type_vector_set(FdwVector *vector, size_t row, const Value *value, void (*set)(FdwVector *, size_t, const char *, size_t))
{
    if (value->is_null) {
        fdw_set_null(vector, row);
        return;
    }
    switch (vector->type.physical) {
    case FDW_BOOL:
        ((uint8_t *)vector->data)[row] = value->b;
        break;
    case FDW_INT16:
        ((int16_t *)vector->data)[row] = (int16_t)value->i;
        break;
    case FDW_INT32:
    case FDW_DATE:
    case FDW_UINT32:
        ((int32_t *)vector->data)[row] = (int32_t)value->i;
        break;
    case FDW_INT64:
    case FDW_TIME:
    case FDW_TIMESTAMP:
    case FDW_TIMESTAMPTZ:
        ((int64_t *)vector->data)[row] = value->i;
        break;
    case FDW_FLOAT:
        ((float *)vector->data)[row] = (float)value->f;
        break;
    case FDW_DOUBLE:
        ((double *)vector->data)[row] = value->f;
        break;
    case FDW_DECIMAL:
        set_decimal(vector, row, to_scale(value, vector->type.scale));
        break;
    case FDW_INTERVAL:
        ((FdwInterval *)vector->data)[row] = value->interval;
        break;
    case FDW_UUID:
        ((FdwInt128 *)vector->data)[row] = split(value->i128);
        break;
    case FDW_STRING:
    case FDW_BYTES:
        set_string(vector, row, value, set);
        break;
    }
}
