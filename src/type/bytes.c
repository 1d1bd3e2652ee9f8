/*
 * bytes.c - bytea and uuid: text and binary forms.
 *
 * Invariant: a uuid's Value has its top bit flipped (DuckDB's form); its texts and its binary form have not.
 *
 * Any thread.
 */
#include "type/type_int.h"

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool parse_hex(const TypeCall *call, const char *text, size_t len, Value *out)
{
    char *bytes = arena_alloc(call->arena, len / 2 + 1);
    size_t count = 0;
    for (size_t i = 0; i < len;) {
        if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r') {
            i++;
            continue;
        }
        for (size_t k = i; k < i + 2; k++) {
            if (k == len)
                return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits");
            if (hex_value(text[k]) < 0) {
                size_t shown = k + utf8_prefix(text + k, len - k, 1);
                return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid hexadecimal digit: \"%.*s\"", (int)(shown - k),
                                 text + k);
            }
        }
        bytes[count++] = (char)(hex_value(text[i]) << 4 | hex_value(text[i + 1]));
        i += 2;
    }
    *out = value_bytes(bytes, count);
    return true;
}

static bool is_octal_escape(const char *at, size_t left)
{
    return left >= 4 && at[1] >= '0' && at[1] <= '3' && at[2] >= '0' && at[2] <= '7' && at[3] >= '0' && at[3] <= '7';
}

bool bytea_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    if (len >= 2 && text[0] == '\\' && text[1] == 'x')
        return parse_hex(call, text + 2, len - 2, out);
    char *bytes = arena_alloc(call->arena, len + 1);
    size_t count = 0;
    for (size_t i = 0; i < len;) {
        if (text[i] != '\\') {
            bytes[count++] = text[i++];
        } else if (is_octal_escape(text + i, len - i)) {
            bytes[count++] = (char)((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 | (text[i + 3] - '0'));
            i += 4;
        } else if (i + 1 < len && text[i + 1] == '\\') {
            bytes[count++] = '\\';
            i += 2;
        } else {
            return error_set(call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
        }
    }
    *out = value_bytes(bytes, count);
    return true;
}

static void write_escaped(const Value *value, Str *out)
{
    for (size_t i = 0; i < value->s.len; i++) {
        unsigned char c = (unsigned char)value->s.ptr[i];
        if (c == '\\')
            str_add(out, "\\\\");
        else if (c < 0x20 || c > 0x7e)
            str_addf(out, "\\%03o", c);
        else
            str_addc(out, (char)c);
    }
}

bool bytea_output(const TypeCall *call, const Value *value, Str *out)
{
    static const char HEX[] = "0123456789abcdef";
    if (call->context->bytea_escape) {
        write_escaped(value, out);
        return true;
    }
    char *at = str_reserve(out, 2 + 2 * value->s.len);
    *at++ = '\\';
    *at++ = 'x';
    for (size_t i = 0; i < value->s.len; i++) {
        unsigned char c = (unsigned char)value->s.ptr[i];
        *at++ = HEX[c >> 4];
        *at++ = HEX[c & 15];
    }
    out->len += 2 + 2 * value->s.len;
    out->data[out->len] = '\0';
    return true;
}

bool bytea_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    *out = value_bytes(arena_strndup(call->arena, bytes, len), len);
    return true;
}

bool bytea_send(const TypeCall *call, const Value *value, Str *out)
{
    str_addn(out, value->s.ptr, value->s.len);
    return true;
}

static const unsigned __int128 UUID_FLIP = (unsigned __int128)1 << 127;

static Value uuid_value(const unsigned char *bytes)
{
    unsigned __int128 bits = 0;
    for (int i = 0; i < 16; i++)
        bits = bits << 8 | bytes[i];
    return (Value){.physical = FDW_UUID, .i128 = (__int128)(bits ^ UUID_FLIP)};
}

static void uuid_bytes(const Value *value, unsigned char *bytes)
{
    unsigned __int128 bits = (unsigned __int128)value->i128 ^ UUID_FLIP;
    for (int i = 15; i >= 0; i--, bits >>= 8)
        bytes[i] = (unsigned char)bits;
}

/* 32 hex digits; a hyphen may follow any four of them, and braces may stand around. */
bool uuid_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    const char *at = text, *end = text + len;
    bool braces = len > 0 && *at == '{';
    at += braces;
    unsigned char bytes[16];
    for (int i = 0; i < 16; i++) {
        if (end - at < 2 || hex_value(at[0]) < 0 || hex_value(at[1]) < 0)
            return type_invalid(call, text, len);
        bytes[i] = (unsigned char)(hex_value(at[0]) << 4 | hex_value(at[1]));
        at += 2;
        if (at < end && *at == '-' && i % 2 == 1 && i < 15)
            at++;
    }
    if (braces && (at == end || *at++ != '}'))
        return type_invalid(call, text, len);
    if (at != end)
        return type_invalid(call, text, len);
    *out = uuid_value(bytes);
    return true;
}

bool uuid_output(const TypeCall *call, const Value *value, Str *out)
{
    unsigned char bytes[16];
    uuid_bytes(value, bytes);
    for (int i = 0; i < 16; i++)
        str_addf(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);
    return true;
}

bool uuid_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    const char *raw = binary_read_bytes(&reader, 16);
    if (raw)
        *out = uuid_value((const unsigned char *)raw);
    return binary_read_end(&reader, call->error);
}

bool uuid_send(const TypeCall *call, const Value *value, Str *out)
{
    unsigned char bytes[16];
    uuid_bytes(value, bytes);
    str_addn(out, (const char *)bytes, 16);
    return true;
}
