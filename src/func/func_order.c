/*
 * func_order.c - the functions behind orders and behind max and min: *_cmp, *_larger, *_smaller.
 *
 *  1. Of equal values larger and smaller give the one that PostgreSQL's do.
 * Any thread.
 */
#include "func/func_json.h"

#include <math.h>

static int of_ints(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* NaN is the greatest, and equals itself. */
static int of_floats(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return a < b ? -1 : a > b;
}

static int of_bytes(const char *a, size_t alen, const char *b, size_t blen)
{
    size_t common = alen < blen ? alen : blen;
    int order = common ? memcmp(a, b, common) : 0;
    return order ? (order < 0 ? -1 : 1) : of_ints((int64_t)alen, (int64_t)blen);
}

static int of_keys(const Str *a, const Str *b)
{
    return of_bytes(a->data, a->len, b->data, b->len);
}

static size_t without_blanks(const Value *value)
{
    size_t len = value->s.len;
    while (len && value->s.ptr[len - 1] == ' ')
        len--;
    return len;
}

static int compare(FuncCall *call)
{
    const Value *a = &call->args[0], *b = &call->args[1];
    Str left, right;
    str_init(&left, call->arena);
    str_init(&right, call->arena);
    switch (call->arg_types[0]) {
    case TYPE_NUMERIC:
        return numeric_compare(arg_numeric(call, 0), arg_numeric(call, 1));
    case TYPE_INTERVAL:
        interval_sort_key(a->interval, &left);
        interval_sort_key(b->interval, &right);
        return of_keys(&left, &right);
    case TYPE_JSONB:
        json_sort_key(json_arg(call, 0), call->arena, &left);
        json_sort_key(json_arg(call, 1), call->arena, &right);
        return of_keys(&left, &right);
    case TYPE_BPCHAR:
        return of_bytes(a->s.ptr, without_blanks(a), b->s.ptr, without_blanks(b));
    case TYPE_BOOL:
        return of_ints(a->b, b->b);
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
        return of_floats(a->f, b->f);
    case TYPE_UUID:
        return a->i128 < b->i128 ? -1 : a->i128 > b->i128;
    default:
        break;
    }
    bool is_string = a->physical == FDW_STRING || a->physical == FDW_BYTES;
    return is_string ? of_bytes(a->s.ptr, a->s.len, b->s.ptr, b->s.len) : of_ints(a->i, b->i);
}

static bool cmp(FuncCall *call)
{
    return return_int(call, compare(call));
}

static bool return_arg(FuncCall *call, int index)
{
    *call->result = call->args[index];
    if (call->return_type == TYPE_NUMERIC)
        return return_text(call, arg_numeric(call, index));
    return true;
}

/* Most give the second of equal ones; texts and chars the first. */
static bool larger(FuncCall *call)
{
    return return_arg(call, compare(call) > 0 ? 0 : 1);
}

static bool smaller(FuncCall *call)
{
    return return_arg(call, compare(call) < 0 ? 0 : 1);
}

static bool larger_or_first(FuncCall *call)
{
    return return_arg(call, compare(call) >= 0 ? 0 : 1);
}

static bool smaller_or_first(FuncCall *call)
{
    return return_arg(call, compare(call) <= 0 ? 0 : 1);
}

#define ORDERED(NAME, TYPE)                                                                                                                \
    {F_##NAME##_CMP_##TYPE##_##TYPE, cmp}, {F_##NAME##_LARGER_##TYPE##_##TYPE, larger},                                                    \
    {                                                                                                                                      \
        F_##NAME##_SMALLER_##TYPE##_##TYPE, smaller                                                                                        \
    }
#define NUMBERS(NAME)                                                                                                                      \
    {F_##NAME##LARGER_##NAME##_##NAME, larger},                                                                                            \
    {                                                                                                                                      \
        F_##NAME##SMALLER_##NAME##_##NAME, smaller                                                                                         \
    }

static const FuncRow ROWS[] = {
    ORDERED(DATE, DATE),
    ORDERED(TIME, TIME),
    ORDERED(TIMESTAMP, TIMESTAMP),
    ORDERED(TIMESTAMPTZ, TIMESTAMPTZ),
    ORDERED(INTERVAL, INTERVAL),
    ORDERED(NUMERIC, NUMERIC),
    NUMBERS(INT2),
    NUMBERS(INT4),
    NUMBERS(INT8),
    NUMBERS(FLOAT4),
    NUMBERS(FLOAT8),
    NUMBERS(OID),
    {F_TEXT_LARGER_TEXT_TEXT, larger_or_first},
    {F_TEXT_SMALLER_TEXT_TEXT, smaller_or_first},
    {F_BPCHAR_LARGER_BPCHAR_BPCHAR, larger_or_first},
    {F_BPCHAR_SMALLER_BPCHAR_BPCHAR, smaller_or_first},
    {F_JSONB_CMP_JSONB_JSONB, cmp},
    {F_UUID_CMP_UUID_UUID, cmp},
    {F_BITCMP_BIT_BIT, cmp},
    {F_VARBITCMP_VARBIT_VARBIT, cmp},
    {F_BTBOOLCMP_BOOL_BOOL, cmp},
    {F_BTINT4CMP_INT4_INT4, cmp},
    {F_BTINT8CMP_INT8_INT8, cmp},
    {F_BTFLOAT4CMP_FLOAT4_FLOAT4, cmp},
    {F_BTFLOAT8CMP_FLOAT8_FLOAT8, cmp},
    {F_BTOIDCMP_OID_OID, cmp},
};
const FuncTable FUNC_TABLE_ORDER = {ROWS, COUNT_OF(ROWS)};
