/*
 * func_bit.c - bit strings: texts of 0 and 1. Length coercion, casts from and to integers, the operators, parts.
 *
 * Any thread.
 */
#include "func/func_array.h"

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

/* Arguments: operator, the bit strings of a group with commas between them. */
bool helper_bit_fold(FuncCall *call)
{
    char op = call->args[0].s.ptr[0];
    char *rest = arena_strndup(call->arena, call->args[1].s.ptr, call->args[1].s.len), *first = strsep(&rest, ",");
    size_t len = strlen(first);
    for (const char *next; (next = strsep(&rest, ",")) != NULL;) {
        if (strlen(next) != len)
            return size_mismatch(call, op == '&' ? "AND" : op == '|' ? "OR" : "XOR");
        for (size_t i = 0; i < len; i++) {
            bool x = first[i] == '1', y = next[i] == '1';
            first[i] = (op == '&' ? x && y : op == '|' ? x || y : x != y) ? '1' : '0';
        }
    }
    return return_bytes(call, first, len);
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

static bool bit_count(FuncCall *call)
{
    int64_t count = 0;
    for (size_t i = 0; i < call->args[0].s.len; i++)
        count += call->args[0].s.ptr[i] == '1';
    return return_int(call, count);
}

static bool octet_length(FuncCall *call)
{
    return return_int(call, (int64_t)(call->args[0].s.len + 7) / 8);
}

/* ---- parts ---- */

static bool concatenate(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    str_addn(&out, call->args[0].s.ptr, call->args[0].s.len);
    str_addn(&out, call->args[1].s.ptr, call->args[1].s.len);
    return return_bytes(call, out.data ? out.data : "", out.len);
}

/* Nothing is not to be found in nothing. */
static bool position(FuncCall *call)
{
    const Value *bits = &call->args[0], *wanted = &call->args[1];
    if (!bits->s.len || wanted->s.len > bits->s.len)
        return return_int(call, 0);
    const char *at = wanted->s.len ? memmem(bits->s.ptr, bits->s.len, wanted->s.ptr, wanted->s.len) : bits->s.ptr;
    return return_int(call, at ? at - bits->s.ptr + 1 : 0);
}

/* The length stays: what is pushed out is lost, zeros come in. */
static bool shift(FuncCall *call, int64_t left)
{
    const Value *bits = &call->args[0];
    int64_t len = (int64_t)bits->s.len;
    char *out = arena_alloc(call->arena, bits->s.len + 1);
    for (int64_t i = 0; i < len; i++)
        out[i] = i + left >= 0 && i + left < len ? bits->s.ptr[i + left] : '0';
    return return_bytes(call, out, bits->s.len);
}

static bool shift_left(FuncCall *call)
{
    return shift(call, call->args[1].i);
}

static bool shift_right(FuncCall *call)
{
    return shift(call, -call->args[1].i);
}

/* ---- single bits, from the left ---- */

static bool check_index(FuncCall *call)
{
    int64_t at = call->args[1].i, len = (int64_t)call->args[0].s.len;
    return (at >= 0 && at < len) ||
           error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "bit index %d out of valid range (0..%d)", (int)at, (int)len - 1);
}

static bool get_bit(FuncCall *call)
{
    return check_index(call) && return_int(call, call->args[0].s.ptr[call->args[1].i] == '1');
}

static bool set_bit(FuncCall *call)
{
    const Value *bits = &call->args[0];
    int64_t bit = call->args[2].i;
    if (!check_index(call))
        return false;
    if (bit != 0 && bit != 1)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "new bit must be 0 or 1");
    char *out = arena_strndup(call->arena, bits->s.ptr, bits->s.len);
    out[call->args[1].i] = bit ? '1' : '0';
    return return_bytes(call, out, bits->s.len);
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
    {F_OCTET_LENGTH_BIT, octet_length},
    {F_BIT_COUNT_BIT, bit_count},
    {F_SUBSTRING_BIT_INT4, bytes_substring},
    {F_SUBSTRING_BIT_INT4_INT4, bytes_substring},
    {F_OVERLAY_BIT_BIT_INT4, bytes_overlay},
    {F_OVERLAY_BIT_BIT_INT4_INT4, bytes_overlay},
    {F_BITCAT_VARBIT_VARBIT, concatenate},
    {F_POSITION_BIT_BIT, position},
    {F_BITSHIFTLEFT_BIT_INT4, shift_left},
    {F_BITSHIFTRIGHT_BIT_INT4, shift_right},
    {F_GET_BIT_BIT_INT4, get_bit},
    {F_SET_BIT_BIT_INT4_INT4, set_bit},
};
const FuncTable FUNC_TABLE_BIT = {ROWS, COUNT_OF(ROWS)};
