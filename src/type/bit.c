/*
 * bit.c - bit strings: bit(n) and bit varying(n).
 *
 * Invariant: a Value is its digits, '0' and '1'.
 *
 * Any thread.
 */
#include "type/type_int.h"

static bool bad_digit(const TypeCall *call, const char *at, const char *end, const char *base)
{
    return error_set(call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "\"%.*s\" is not a valid %s digit",
                     (int)utf8_prefix(at, (size_t)(end - at), 1), at, base);
}

static bool check_length(const TypeCall *call, size_t len, bool varying)
{
    size_t limit = call->typmod > 0 ? (size_t)call->typmod : len;
    if (!varying && len != limit)
        return error_set(call->error, ERRCODE_STRING_DATA_LENGTH_MISMATCH, "bit string length %zu does not match type bit(%zu)", len,
                         limit);
    if (len > limit)
        return error_set(call->error, ERRCODE_STRING_DATA_RIGHT_TRUNCATION, "bit string too long for type bit varying(%zu)", limit);
    return true;
}

static bool add_digit(char c, bool is_hex, Str *out)
{
    c = to_lower(c);
    int digit = is_digit(c) ? c - '0' : is_hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0 || (!is_hex && digit > 1))
        return false;
    for (int bit = is_hex ? 8 : 1; bit; bit /= 2)
        str_addc(out, digit & bit ? '1' : '0');
    return true;
}

/* 1010, B1010 or XA. The length is looked at before the digits. */
static bool input(const TypeCall *call, const char *text, size_t len, bool varying, Value *out)
{
    const char *at = text, *end = text + len;
    bool is_hex = len > 0 && (*at == 'x' || *at == 'X');
    if (is_hex || (len > 0 && (*at == 'b' || *at == 'B')))
        at++;
    if (!check_length(call, (size_t)(end - at) * (is_hex ? 4 : 1), varying))
        return false;
    Str digits;
    str_init(&digits, call->arena);
    for (; at < end; at++)
        if (!add_digit(*at, is_hex, &digits))
            return bad_digit(call, at, end, is_hex ? "hexadecimal" : "binary");
    *out = value_text(digits.data, digits.len);
    return true;
}

bool bit_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return input(call, text, len, false, out);
}

bool varbit_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return input(call, text, len, true, out);
}

bool bit_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

static bool receive(const TypeCall *call, const char *bytes, size_t len, bool varying, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    int64_t count = binary_read_int(&reader, 4);
    if (!reader.failed && (count < 0 || count > INT32_MAX - 8))
        return error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "invalid length in external bit string");
    if (!reader.failed && !check_length(call, (size_t)count, varying))
        return false;
    const char *data = binary_read_bytes(&reader, ((size_t)count + 7) / 8);
    if (!binary_read_end(&reader, call->error))
        return false;
    Str digits;
    str_init(&digits, call->arena);
    for (int64_t i = 0; i < count; i++)
        str_addc(&digits, data[i / 8] >> (7 - i % 8) & 1 ? '1' : '0');
    *out = value_text(digits.data, digits.len);
    return true;
}

bool bit_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return receive(call, bytes, len, false, out);
}

bool varbit_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return receive(call, bytes, len, true, out);
}

bool bit_send(const TypeCall *call, const Value *value, Str *out)
{
    binary_write_uint(out, value->s.len, 4);
    for (size_t i = 0; i < value->s.len; i += 8) {
        unsigned byte = 0;
        for (size_t k = 0; k < 8; k++)
            byte = byte << 1 | (i + k < value->s.len && value->s.ptr[i + k] == '1');
        str_addc(out, (char)byte);
    }
    return true;
}
