/*
 * array_key.c - elements of arrays as values: equality, output text, and order keys of whole arrays.
 *
 *  1. In a key each element is 0x01, its bytes with 0x00 written as 0x00 0xff, then 0x00 0x00; NULL is 0x02 (it sorts last); the array
 *     ends with 0x00 and its dimensions.
 * Any thread.
 */
#include "func/func_json.h"
#include "func/func_time.h"

#include <math.h>

static bool element_value(Oid type, const ArrayElement *element, Arena *arena, Value *out, Error *error)
{
    if (type_layout(type, -1).physical == FDW_STRING) {
        *out = value_text(element->text, element->len);
        return true;
    }
    return type_input(type, -1, element->text, element->len, &TYPE_CONTEXT_CANONICAL, arena, out, error);
}

static void add_int_key(int64_t value, Str *key)
{
    uint64_t bits = (uint64_t)value ^ UINT64_C(0x8000000000000000);
    for (int shift = 56; shift >= 0; shift -= 8)
        str_addc(key, (char)(bits >> shift & 0xff));
}

static void add_float_key(double value, Str *key)
{
    int64_t bits;
    if (isnan(value)) {
        add_int_key(INT64_MAX, key);
        return;
    }
    if (value == 0)
        value = 0; /* one zero */
    memcpy(&bits, &value, sizeof bits);
    add_int_key(bits < 0 ? (int64_t)(UINT64_C(0x8000000000000000) - (uint64_t)bits) : bits, key);
}

void interval_sort_key(FdwInterval span, Str *key)
{
    __int128 total = ((__int128)span.months * 30 + span.days) * 86400000000LL + span.micros;
    add_int_key((int64_t)(total >> 64), key);
    add_int_key((int64_t)((uint64_t)total ^ UINT64_C(0x8000000000000000)), key);
}

static bool add_value_key(Oid type, const ArrayElement *element, Arena *arena, Str *key, Error *error)
{
    Value value = {0};
    if (type == TYPE_NUMERIC) {
        numeric_sort_key(arena_strndup(arena, element->text, element->len), key);
        return true;
    }
    if (type == TYPE_JSONB) {
        json_sort_key((JsonPart){element->text, element->len}, arena, key);
        return true;
    }
    if (type == TYPE_TIMETZ) {
        TimeTz time;
        timetz_read(arena_strndup(arena, element->text, element->len), &time);
        add_int_key(timetz_instant(time), key);
        add_int_key(-time.east, key);
        return true;
    }
    if (!element_value(type, element, arena, &value, error))
        return false;
    if (value.physical == FDW_STRING && type_sort_key(type, element->text, element->len, arena, key))
        return true;
    switch (value.physical) {
    case FDW_STRING:
    case FDW_BYTES:
        while (type == TYPE_BPCHAR && value.s.len && value.s.ptr[value.s.len - 1] == ' ')
            value.s.len--;
        str_addn(key, value.s.ptr, value.s.len);
        break;
    case FDW_BOOL:
        str_addc(key, value.b ? 1 : 0);
        break;
    case FDW_FLOAT:
    case FDW_DOUBLE:
        add_float_key(value.f, key);
        break;
    case FDW_INTERVAL:
        interval_sort_key(value.interval, key);
        break;
    case FDW_UUID:
    case FDW_DECIMAL:
        add_int_key((int64_t)(value.i128 >> 64), key);
        add_int_key((int64_t)((uint64_t)value.i128 ^ UINT64_C(0x8000000000000000)), key);
        break;
    default:
        add_int_key(value.i, key);
        break;
    }
    return true;
}

bool array_elements_equal(Oid type, const ArrayElement *a, const ArrayElement *b, Arena *arena)
{
    if (a->len == b->len && memcmp(a->text, b->text, a->len) == 0)
        return true;
    Str left, right;
    Error error;
    str_init(&left, arena);
    str_init(&right, arena);
    error_init(&error, arena);
    if (!add_value_key(type, a, arena, &left, &error) || !add_value_key(type, b, arena, &right, &error))
        return false;
    return left.len == right.len && memcmp(left.data, right.data, left.len) == 0;
}

bool array_elements_order(FuncCall *call, Oid type, const ArrayElement *a, const ArrayElement *b, int *order)
{
    Str left, right;
    str_init(&left, call->arena);
    str_init(&right, call->arena);
    if (!add_value_key(type, a, call->arena, &left, call->error) || !add_value_key(type, b, call->arena, &right, call->error))
        return false;
    size_t common = left.len < right.len ? left.len : right.len;
    *order = common ? memcmp(left.data, right.data, common) : 0;
    if (*order == 0)
        *order = left.len < right.len ? -1 : left.len > right.len;
    return true;
}

bool array_element_output(FuncCall *call, Oid type, const ArrayElement *element, Str *out)
{
    Value value = {0};
    if (!element_value(type, element, call->arena, &value, call->error))
        return false;
    return type_output(type, &value, call->context ? call->context->types : &TYPE_CONTEXT_CANONICAL, out, call->error);
}

bool array_sort_key(FuncCall *call, Oid element, const ArrayShape *shape, Str *key)
{
    Str bytes;
    str_init(&bytes, call->arena);
    for (size_t i = 0; i < shape->count; i++) {
        if (!shape->elements[i].text) {
            str_addc(key, 2);
            continue;
        }
        str_reset(&bytes);
        if (!add_value_key(element, &shape->elements[i], call->arena, &bytes, call->error))
            return false;
        str_addc(key, 1);
        for (size_t j = 0; j < bytes.len; j++) {
            str_addc(key, bytes.data[j]);
            if (!bytes.data[j])
                str_addc(key, (char)0xff);
        }
        str_addn(key, "\0\0", 2);
    }
    str_addc(key, 0);
    add_int_key(shape->ndim, key);
    for (int i = 0; i < shape->ndim; i++)
        add_int_key(shape->dims[i], key);
    for (int i = 0; i < shape->ndim; i++)
        add_int_key(shape->lower[i], key);
    return true;
}
