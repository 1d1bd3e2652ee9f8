/*
 * func_format.c - to_char, to_timestamp, to_date by template; encodings of bytes.
 *
 *  1. An empty template gives NULL, and so does an infinite timestamp, as in PostgreSQL.
 * Any thread.
 */
#include "func/func_time.h"
#include "type/format.h"

#include <sodium.h>

static bool return_str(FuncCall *call, const Str *out, bool ok)
{
    return ok && return_bytes(call, out->data, out->len);
}

/* ---- templates ---- */

static bool timestamp_to_char(FuncCall *call)
{
    const Value *format = &call->args[1];
    if (!format->s.len || timestamp_is_infinite(call->args[0].i))
        return return_null(call);
    const TimeZone *zone = call->arg_types[0] == TYPE_TIMESTAMPTZ ? time_session_zone(call) : NULL;
    Str out;
    str_init(&out, call->arena);
    return return_str(call, &out, format_timestamp(call->args[0].i, zone, format->s.ptr, format->s.len, &out, call->error));
}

static bool interval_to_char(FuncCall *call)
{
    const Value *format = &call->args[1];
    if (!format->s.len)
        return return_null(call);
    Str out;
    str_init(&out, call->arena);
    return return_str(call, &out, format_interval(&call->args[0].interval, format->s.ptr, format->s.len, &out, call->error));
}

static bool numeric_to_char(FuncCall *call)
{
    const Value *format = &call->args[1];
    Str out;
    str_init(&out, call->arena);
    if (!format->s.len)
        return return_text(call, "");
    return return_str(call, &out, format_numeric(arg_numeric(call, 0), format->s.ptr, format->s.len, &out, call->error));
}

static bool int_to_char(FuncCall *call)
{
    const Value *format = &call->args[1];
    bool is_int4 = call->arg_types[0] == TYPE_INT4;
    Str out;
    str_init(&out, call->arena);
    if (!format->s.len)
        return return_text(call, "");
    return return_str(call, &out, format_int(call->args[0].i, is_int4, format->s.ptr, format->s.len, &out, call->error));
}

static bool float_to_char(FuncCall *call)
{
    const Value *format = &call->args[1];
    bool is_float4 = call->arg_types[0] == TYPE_FLOAT4;
    Str out;
    str_init(&out, call->arena);
    if (!format->s.len)
        return return_text(call, "");
    return return_str(call, &out, format_float(call->args[0].f, is_float4, format->s.ptr, format->s.len, &out, call->error));
}

static bool text_to_timestamp(FuncCall *call)
{
    int64_t micros;
    return format_read_timestamp(arg_text(call, 0), arg_text(call, 1), time_session_zone(call), call->arena, &micros, call->error) &&
           return_int(call, micros);
}

static bool text_to_number(FuncCall *call)
{
    const Value *text = &call->args[0], *format = &call->args[1];
    const char *out;
    if (!format->s.len)
        return return_null(call);
    return format_read_number(arg_text(call, 0), text->s.len, format->s.ptr, format->s.len, call->arena, &out, call->error) &&
           return_text(call, out);
}

static bool text_to_date(FuncCall *call)
{
    int32_t days;
    return format_read_date(arg_text(call, 0), arg_text(call, 1), call->arena, &days, call->error) && return_int(call, days);
}

/* ---- encode, decode ---- */

static bool bad_encoding(FuncCall *call, const char *name)
{
    return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized encoding: \"%s\"", name);
}

static void encode_hex(const unsigned char *bytes, size_t len, Str *out)
{
    static const char DIGITS[] = "0123456789abcdef";
    char *to = str_reserve(out, len * 2);
    for (size_t i = 0; i < len; i++) {
        *to++ = DIGITS[bytes[i] >> 4];
        *to++ = DIGITS[bytes[i] & 15];
    }
    *to = '\0';
    out->len += len * 2;
}

static void encode_escape(const unsigned char *bytes, size_t len, Str *out)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == 0 || bytes[i] >= 0x80)
            str_addf(out, "\\%03o", bytes[i]);
        else if (bytes[i] == '\\')
            str_add(out, "\\\\");
        else
            str_addc(out, (char)bytes[i]);
    }
}

/* Lines of 76 characters. */
static void encode_base64(const unsigned char *bytes, size_t len, Str *out)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t line = 0;
    for (size_t i = 0; i < len; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16 | (i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0) | (i + 2 < len ? bytes[i + 2] : 0);
        char text[5] = {DIGITS[group >> 18], DIGITS[group >> 12 & 63], i + 1 < len ? DIGITS[group >> 6 & 63] : '=',
                        i + 2 < len ? DIGITS[group & 63] : '='};
        str_add(out, text);
        line += 4;
        if (line >= 76) {
            str_addc(out, '\n');
            line = 0;
        }
    }
}

static bool encode(FuncCall *call)
{
    const char *name = arg_text(call, 1);
    const unsigned char *bytes = (const unsigned char *)call->args[0].s.ptr;
    Str out;
    str_init(&out, call->arena);
    if (str_ieq(name, "hex"))
        encode_hex(bytes, call->args[0].s.len, &out);
    else if (str_ieq(name, "escape"))
        encode_escape(bytes, call->args[0].s.len, &out);
    else if (str_ieq(name, "base64"))
        encode_base64(bytes, call->args[0].s.len, &out);
    else
        return bad_encoding(call, name);
    return return_bytes(call, out.data, out.len);
}

static bool decode_hex(FuncCall *call, const char *text, Str *out)
{
    int high = -1;
    for (; *text; text++) {
        if (strchr(" \n\t\r", *text))
            continue;
        const char *digits = "0123456789abcdef", lower = *text >= 'A' && *text <= 'F' ? (char)(*text + 32) : *text;
        const char *digit = strchr(digits, lower);
        if (!digit) {
            int len = (unsigned char)*text < 0x80 ? 1 : (unsigned char)*text < 0xe0 ? 2 : (unsigned char)*text < 0xf0 ? 3 : 4;
            return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid hexadecimal digit: \"%.*s\"", len, text);
        }
        if (high < 0) {
            high = (int)(digit - digits);
            continue;
        }
        str_addc(out, (char)(high << 4 | (int)(digit - digits)));
        high = -1;
    }
    return high < 0 ? true : error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits");
}

static int base64_value(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

static bool decode_base64(FuncCall *call, const char *text, Str *out)
{
    uint32_t group = 0;
    int count = 0, ends = 0;
    for (; *text; text++) {
        if (strchr(" \n\t\r", *text))
            continue;
        int value = base64_value(*text);
        if (*text == '=') {
            if (!ends && count < 2)
                return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "unexpected \"=\" while decoding base64 sequence");
            ends++;
            value = 0;
        } else if (value < 0) {
            int len = (unsigned char)*text < 0x80 ? 1 : (unsigned char)*text < 0xe0 ? 2 : (unsigned char)*text < 0xf0 ? 3 : 4;
            return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid symbol \"%.*s\" found while decoding base64 sequence",
                             len, text);
        }
        group = group << 6 | (uint32_t)value;
        if (++count < 4)
            continue;
        for (int i = 0; i < 3 - ends; i++)
            str_addc(out, (char)(group >> (16 - 8 * i)));
        count = 0;
        group = 0;
    }
    if (!count)
        return true;
    error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid base64 end sequence");
    return error_hint(call->error, "Input data is missing padding, is truncated, or is otherwise corrupted.");
}

static bool decode_escape(FuncCall *call, const char *text, Str *out)
{
    for (; *text; text++) {
        if (*text != '\\') {
            str_addc(out, *text);
        } else if (text[1] == '\\') {
            str_addc(out, *++text);
        } else if (text[1] >= '0' && text[1] <= '3' && text[2] >= '0' && text[2] <= '7' && text[3] >= '0' && text[3] <= '7') {
            str_addc(out, (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0')));
            text += 3;
        } else {
            return error_set(call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s", "bytea");
        }
    }
    return true;
}

static bool decode(FuncCall *call)
{
    const char *text = arg_text(call, 0), *name = arg_text(call, 1);
    Str out;
    str_init(&out, call->arena);
    bool known = str_ieq(name, "hex") || str_ieq(name, "base64") || str_ieq(name, "escape");
    if (!known)
        return bad_encoding(call, name);
    bool ok = str_ieq(name, "hex")      ? decode_hex(call, text, &out)
              : str_ieq(name, "base64") ? decode_base64(call, text, &out)
                                        : decode_escape(call, text, &out);
    return ok && return_bytes(call, out.data, out.len);
}

/* ---- random identifiers ---- */

/* Version 4, variant 1 (RFC 4122). */
static bool random_uuid(FuncCall *call)
{
    unsigned char b[16];
    randombytes_buf(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    Str text;
    str_init(&text, call->arena);
    for (int i = 0; i < 16; i++)
        str_addf(&text, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", b[i]);
    return type_input(TYPE_UUID, -1, text.data, text.len, &TYPE_CONTEXT_CANONICAL, call->arena, call->result, call->error);
}

static const FuncRow ROWS[] = {
    {F_TO_CHAR_TIMESTAMP_TEXT, timestamp_to_char},
    {F_TO_CHAR_TIMESTAMPTZ_TEXT, timestamp_to_char},
    {F_TO_CHAR_INTERVAL_TEXT, interval_to_char},
    {F_TO_CHAR_NUMERIC_TEXT, numeric_to_char},
    {F_TO_CHAR_INT4_TEXT, int_to_char},
    {F_TO_CHAR_INT8_TEXT, int_to_char},
    {F_TO_CHAR_FLOAT4_TEXT, float_to_char},
    {F_TO_CHAR_FLOAT8_TEXT, float_to_char},
    {F_TO_TIMESTAMP_TEXT_TEXT, text_to_timestamp},
    {F_TO_NUMBER_TEXT_TEXT, text_to_number},
    {F_TO_DATE_TEXT_TEXT, text_to_date},
    {F_ENCODE_BYTEA_TEXT, encode},
    {F_DECODE_TEXT_TEXT, decode},
    {F_GEN_RANDOM_UUID, random_uuid},
};
const FuncTable FUNC_TABLE_FORMAT = {ROWS, COUNT_OF(ROWS)};
