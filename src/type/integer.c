/*
 * integer.c - int2, int4, int8, oid, xid, cid and the vectors of them: text and binary forms.
 *
 * Invariants:
 *  1. Digits are gathered as a negative number, whose range is the larger one, so that the least value needs no special case.
 *  2. A text that goes on badly after an overflow is still "out of range": PostgreSQL 15 stops at the first digit too many.
 *
 * Any thread.
 */
#include <errno.h>
#include <stdlib.h>

#include "type/type_int.h"

static bool parse_integer(const TypeCall *call, const char *text, size_t len, int64_t min, int64_t max, Value *out)
{
    const char *at = text, *end = text + len;
    while (at < end && is_space(*at))
        at++;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || !is_digit(*at))
        return type_invalid(call, text, len);
    int64_t value = 0;
    for (; at < end && is_digit(*at); at++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, *at - '0', &value) || value < min)
            return type_out_of_range(call, text, len);
    while (at < end && is_space(*at))
        at++;
    if (at != end)
        return type_invalid(call, text, len);
    if (!negative && value < -max)
        return type_out_of_range(call, text, len);
    *out = value_int(call->row->physical, negative ? value : -value);
    return true;
}

bool int2_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return parse_integer(call, text, len, INT16_MIN, INT16_MAX, out);
}

bool int4_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return parse_integer(call, text, len, INT32_MIN, INT32_MAX, out);
}

bool int8_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return parse_integer(call, text, len, INT64_MIN, INT64_MAX, out);
}

bool int_output(const TypeCall *call, const Value *value, Str *out)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = value->i < 0 ? -(uint64_t)value->i : (uint64_t)value->i;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value->i < 0)
        *--at = '-';
    str_addn(out, at, (size_t)(digits + sizeof digits - at));
    return true;
}

bool int2_output(const TypeCall *call, const Value *value, Str *out)
{
    return int_output(call, value, out);
}

bool int4_output(const TypeCall *call, const Value *value, Str *out)
{
    return int_output(call, value, out);
}

bool int8_output(const TypeCall *call, const Value *value, Str *out)
{
    return int_output(call, value, out);
}

static bool receive_signed(const TypeCall *call, const char *bytes, size_t len, int size, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    *out = value_int(call->row->physical, binary_read_int(&reader, size));
    return binary_read_end(&reader, call->error);
}

bool int2_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return receive_signed(call, bytes, len, 2, out);
}

bool int4_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return receive_signed(call, bytes, len, 4, out);
}

bool int8_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return receive_signed(call, bytes, len, 8, out);
}

bool int2_send(const TypeCall *call, const Value *value, Str *out)
{
    binary_write_uint(out, (uint64_t)value->i, 2);
    return true;
}

bool int4_send(const TypeCall *call, const Value *value, Str *out)
{
    binary_write_uint(out, (uint64_t)value->i, 4);
    return true;
}

bool int8_send(const TypeCall *call, const Value *value, Str *out)
{
    binary_write_uint(out, (uint64_t)value->i, 8);
    return true;
}

/* oid takes what strtoul takes in base 10, a negative 32-bit number included, which wraps around. */
bool oid_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    char *copy = arena_strndup(call->arena, text, len), *end;
    errno = 0;
    unsigned long wide = strtoul(copy, &end, 10);
    if (end == copy)
        return type_invalid(call, text, len);
    if (errno == ERANGE)
        return type_out_of_range(call, text, len);
    while (is_space(*end))
        end++;
    if (*end)
        return type_invalid(call, text, len);
    if (wide != (uint32_t)wide && wide != (unsigned long)(int32_t)wide)
        return type_out_of_range(call, text, len);
    *out = value_int(FDW_UINT32, (uint32_t)wide);
    return true;
}

/* xid and cid never fail: what is no number is 0, octal and hexadecimal are understood. */
bool xid_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    *out = value_int(FDW_UINT32, (uint32_t)strtoul(arena_strndup(call->arena, text, len), NULL, 0));
    return true;
}

bool oid_output(const TypeCall *call, const Value *value, Str *out)
{
    return int_output(call, value, out);
}

bool oid_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    *out = value_int(FDW_UINT32, (int64_t)binary_read_uint(&reader, 4));
    return binary_read_end(&reader, call->error);
}

bool oid_send(const TypeCall *call, const Value *value, Str *out)
{
    binary_write_uint(out, (uint64_t)value->i, 4);
    return true;
}
