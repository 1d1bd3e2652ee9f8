/*
 * func_bit.c - bit strings: texts of 0 and 1. Length coercion, casts from and to integers, the operators.
 *
 * Any thread.
 */
#include "func/func_internal.h"

static bool size_mismatch(FuncCall *call, const char *verb)
{
    return error_set(call->error, ERRCODE_STRING_DATA_LENGTH_MISMATCH, "cannot %s bit strings of different sizes", verb);
}

/* bit(n) pads with zeros and cuts when the cast is explicit; bit varying(n) cuts. */
static bool to_length(FuncCall *call)
{
    const Value *bits = &call->args[0];
    int64_t want = call->args[1].i;
    bool varying = call->return_type == TYPE_VARBIT, is_explicit = call->args[2].b;
    int64_t have = (int64_t)bits->s.len;
    if (want <= 0 || have == want || (varying && have < want))
        return return_bytes(call, bits->s.ptr, bits->s.len);
    if (!is_explicit && varying)
        return error_set(call->error, ERRCODE_STRING_DATA_RIGHT_TRUNCATION, "bit string too long for type bit varying(%d)", (int)want);
    if (!is_explicit)
        return error_set(call->error, ERRCODE_STRING_DATA_LENGTH_MISMATCH, "bit string length %d does not match type bit(%d)", (int)have,
                         (int)want);
    char *out = arena_alloc(call->arena, (size_t)want + 1);
    memset(out, '0', (size_t)want);
    memcpy(out, bits->s.ptr, (size_t)(have < want ? have : want));
    return return_bytes(call, out, (size_t)want);
}

/* The lowest bits of the integer; wider than it, its sign is repeated. */
static bool of_int(FuncCall *call)
{
    int64_t value = call->args[0].i, want = call->args[1].i > 0 ? call->args[1].i : 1;
    if (want > 83886080)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "length for type bit cannot exceed 83886080");
    char *out = arena_alloc(call->arena, (size_t)want + 1);
    for (int64_t i = 0; i < want; i++) {
        int64_t shift = want - 1 - i;
        out[i] = value >> (shift > 63 ? 63 : shift) & 1 ? '1' : '0';
    }
    return return_bytes(call, out, (size_t)want);
}

static bool to_int(FuncCall *call)
{
    const Value *bits = &call->args[0];
    bool is_int4 = call->return_type == TYPE_INT4;
    uint64_t value = 0;
    if (bits->s.len > (is_int4 ? 32 : 64))
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", is_int4 ? "integer" : "bigint");
    for (size_t i = 0; i < bits->s.len; i++)
        value = value << 1 | (bits->s.ptr[i] == '1');
    return return_int(call, is_int4 ? (int32_t)(uint32_t)value : (int64_t)value);
}

static bool combine(FuncCall *call, const char *verb, char op)
{
    const Value *a = &call->args[0], *b = &call->args[1];
    if (a->s.len != b->s.len)
        return size_mismatch(call, verb);
    char *out = arena_alloc(call->arena, a->s.len + 1);
    for (size_t i = 0; i < a->s.len; i++) {
        bool x = a->s.ptr[i] == '1', y = b->s.ptr[i] == '1';
        out[i] = (op == '&' ? x && y : op == '|' ? x || y : x != y) ? '1' : '0';
    }
    return return_bytes(call, out, a->s.len);
}

static bool bit_and(FuncCall *call)
{
    return combine(call, "AND", '&');
}

static bool bit_or(FuncCall *call)
{
    return combine(call, "OR", '|');
}

static bool bit_xor(FuncCall *call)
{
    return combine(call, "XOR", '#');
}

static bool bit_not(FuncCall *call)
{
    const Value *bits = &call->args[0];
    char *out = arena_alloc(call->arena, bits->s.len + 1);
    for (size_t i = 0; i < bits->s.len; i++)
        out[i] = bits->s.ptr[i] == '1' ? '0' : '1';
    return return_bytes(call, out, bits->s.len);
}

static bool bit_length(FuncCall *call)
{
    return return_int(call, (int64_t)call->args[0].s.len);
}

static const FuncRow ROWS[] = {
    {F_BIT_BIT_INT4_BOOL, to_length},
    {F_VARBIT_VARBIT_INT4_BOOL, to_length},
    {F_BIT_INT4_INT4, of_int},
    {F_BIT_INT8_INT4, of_int},
    {F_INT4_BIT, to_int},
    {F_INT8_BIT, to_int},
    {F_BITAND_BIT_BIT, bit_and},
    {F_BITOR_BIT_BIT, bit_or},
    {F_BITXOR_BIT_BIT, bit_xor},
    {F_BITNOT_BIT, bit_not},
    {F_LENGTH_BIT, bit_length},
    {F_BIT_LENGTH_BIT, bit_length},
};
const FuncTable FUNC_TABLE_BIT = {ROWS, COUNT_OF(ROWS)};
