/*
 * sort_key.c - keys of values that lie in vectors as text, for types whose order is not that of their texts.
 *
 * Invariants:
 *  1. Bytes of keys compare (memcmp, the shorter first) as the values do in the type's default operator class; equal values have equal
 * keys.
 *  2. No key of a bound is the beginning of another: what follows it never counts before it does.
 *
 * Any thread.
 */
#include <stdlib.h>

#include "type/range_int.h"

static void add_int(int64_t value, Str *out)
{
    binary_write_uint(out, (uint64_t)value ^ UINT64_C(0x8000000000000000), 8);
}

/* ---- ranges: empty first; then by the lower bounds, then by the upper ones ---- */

static void add_number(const Value *value, Str *out)
{
    Str digits;
    if (value->physical != FDW_STRING) {
        add_int(value->i, out);
        return;
    }
    str_init(&digits, out->arena);
    numeric_sort_key(value->s.ptr, &digits);
    for (size_t i = 0; i < digits.len; i++) {
        str_addc(out, digits.data[i]);
        if (!digits.data[i])
            str_addc(out, (char)0xff);
    }
    str_addn(out, "\0\0", 2);
}

static void add_bound(const RangeBound *bound, bool is_lower, Str *out)
{
    str_addc(out, bound->infinite ? (is_lower ? 0 : 2) : 1);
    if (bound->infinite)
        return;
    add_number(&bound->value, out);
    str_addc(out, bound->inclusive != is_lower);
}

static void add_range(const Range *range, Str *out)
{
    str_addc(out, !range->empty);
    if (range->empty)
        return;
    add_bound(&range->lower, true, out);
    add_bound(&range->upper, false, out);
}

static bool range_key(const TypeCall *call, const char *text, size_t len, Str *out)
{
    Range range;
    if (!range_read(call, text, len, &range))
        return false;
    add_range(&range, out);
    return true;
}

static bool multirange_key(const TypeCall *call, const char *text, size_t len, Str *out)
{
    RangeList list = {0};
    if (!multirange_read(call, text, len, &list))
        return false;
    for (size_t i = 0; i < list.count; i++)
        add_range(&list.items[i], out);
    return true;
}

/* ---- the others ---- */

static bool money_key(const TypeCall *call, const char *text, size_t len, Str *out)
{
    Value value = value_text(text, len);
    Str cents;
    str_init(&cents, call->arena);
    if (!money_send(call, &value, &cents))
        return false;
    cents.data[0] = (char)(cents.data[0] ^ 0x80);
    str_addn(out, cents.data, cents.len);
    return true;
}

static bool number_key(const TypeCall *call, const char *text, size_t len, Str *out)
{
    binary_write_uint(out, strtoull(text, NULL, 10), 8);
    return true;
}

static bool lsn_key(const TypeCall *call, const char *text, size_t len, Str *out)
{
    Value value = value_text(text, len);
    return lsn_send(call, &value, out);
}

static bool network_key(const TypeCall *call, const char *text, size_t len, Str *out)
{
    return network_sort_key(text, out);
}

static const struct {
    TypeInput input; /* whose types have this key */
    bool (*add)(const TypeCall *call, const char *text, size_t len, Str *out);
} KEYS[] = {{range_input, range_key}, {multirange_input, multirange_key}, {money_input, money_key}, {xid8_input, number_key},
            {lsn_input, lsn_key},     {inet_input, network_key},          {cidr_input, network_key}};

bool type_sort_key(Oid oid, const char *text, size_t len, Arena *arena, Str *out)
{
    Error error;
    error_init(&error, arena);
    TypeCall call = {.row = type_row(oid), .oid = oid, .typmod = -1, .context = &TYPE_CONTEXT_CANONICAL, .arena = arena, .error = &error};
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        if (KEYS[i].input == call.row->input)
            return KEYS[i].add(&call, arena_strndup(arena, text, len), len, out);
    return false;
}
