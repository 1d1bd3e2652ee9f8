/*
 * func_bytea.c - strings of bytes: parts, bits, trimming, patterns, hashes.
 *
 *  1. Bytes count from 1 where SQL's syntax names a place, from 0 in get_byte, set_bit and their kin; bits from the lowest of each byte.
 * Any thread.
 */
#include "func/func_internal.h"

#include <sodium.h>

typedef struct Bytes {
    const char *ptr;
    size_t len;
} Bytes;

static Bytes bytes_arg(const FuncCall *call, int index)
{
    return (Bytes){call->args[index].s.ptr, call->args[index].s.len};
}

static char *copy_of(FuncCall *call, Bytes bytes)
{
    char *out = arena_alloc(call->arena, bytes.len + 1);
    memcpy(out, bytes.ptr, bytes.len);
    return out;
}

/* ---- parts ---- */

static bool negative_length(FuncCall *call)
{
    return error_set(call->error, ERRCODE_SUBSTRING_ERROR, "negative substring length not allowed");
}

bool bytes_substring(FuncCall *call)
{
    int64_t len = (int64_t)call->args[0].s.len, first = call->args[1].i, end = INT64_MAX;
    if (call->nargs > 2) {
        if (call->args[2].i < 0)
            return negative_length(call);
        end = first + call->args[2].i;
    }
    int64_t from = first > 1 ? first - 1 : 0, to = end - 1 < len ? end - 1 : len;
    return return_bytes(call, call->args[0].s.ptr + (from < len ? from : len), to > from ? (size_t)(to - from) : 0);
}

static bool position(FuncCall *call)
{
    Bytes bytes = bytes_arg(call, 0), wanted = bytes_arg(call, 1);
    if (!wanted.len)
        return return_int(call, 1);
    const char *at = memmem(bytes.ptr, bytes.len, wanted.ptr, wanted.len);
    return return_int(call, at ? at - bytes.ptr + 1 : 0);
}

bool bytes_overlay(FuncCall *call)
{
    Bytes bytes = bytes_arg(call, 0), with = bytes_arg(call, 1);
    int64_t first = call->args[2].i, count = call->nargs > 3 ? call->args[3].i : (int64_t)with.len, behind = first + count;
    if (first <= 0)
        return negative_length(call);
    if (behind > INT32_MAX || behind < INT32_MIN)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    size_t head = (size_t)first - 1, tail = behind > 1 ? (size_t)behind - 1 : 0;
    head = head < bytes.len ? head : bytes.len;
    tail = tail < bytes.len ? tail : bytes.len;
    Str out;
    str_init(&out, call->arena);
    str_addn(&out, bytes.ptr, head);
    str_addn(&out, with.ptr, with.len);
    str_addn(&out, bytes.ptr + tail, bytes.len - tail);
    return return_bytes(call, out.data ? out.data : "", out.len);
}

static bool trim(FuncCall *call, bool left, bool right)
{
    Bytes bytes = bytes_arg(call, 0), set = bytes_arg(call, 1);
    while (left && bytes.len && set.len && memchr(set.ptr, bytes.ptr[0], set.len))
        bytes.ptr++, bytes.len--;
    while (right && bytes.len && set.len && memchr(set.ptr, bytes.ptr[bytes.len - 1], set.len))
        bytes.len--;
    return return_bytes(call, bytes.ptr, bytes.len);
}

static bool btrim(FuncCall *call)
{
    return trim(call, true, true);
}

static bool ltrim(FuncCall *call)
{
    return trim(call, true, false);
}

static bool rtrim(FuncCall *call)
{
    return trim(call, false, true);
}

/* ---- single bytes and bits ---- */

/* units: how many there are. */
static bool check_index(FuncCall *call, int64_t units)
{
    int64_t at = call->args[1].i;
    return (at >= 0 && at < units) || error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "index %lld out of valid range, 0..%lld",
                                                (long long)at, (long long)units - 1);
}

static bool get_byte(FuncCall *call)
{
    Bytes bytes = bytes_arg(call, 0);
    return check_index(call, (int64_t)bytes.len) && return_int(call, (unsigned char)bytes.ptr[call->args[1].i]);
}

static bool set_byte(FuncCall *call)
{
    Bytes bytes = bytes_arg(call, 0);
    if (!check_index(call, (int64_t)bytes.len))
        return false;
    char *out = copy_of(call, bytes);
    out[call->args[1].i] = (char)(call->args[2].i & 0xff);
    return return_bytes(call, out, bytes.len);
}

static bool get_bit(FuncCall *call)
{
    Bytes bytes = bytes_arg(call, 0);
    int64_t at = call->args[1].i;
    return check_index(call, (int64_t)bytes.len * 8) && return_int(call, (unsigned char)bytes.ptr[at / 8] >> (at % 8) & 1);
}

static bool set_bit(FuncCall *call)
{
    Bytes bytes = bytes_arg(call, 0);
    int64_t at = call->args[1].i, bit = call->args[2].i;
    if (!check_index(call, (int64_t)bytes.len * 8))
        return false;
    if (bit != 0 && bit != 1)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "new bit must be 0 or 1");
    char *out = copy_of(call, bytes);
    unsigned mask = 1u << (at % 8), byte = (unsigned char)out[at / 8];
    out[at / 8] = (char)(bit ? byte | mask : byte & ~mask);
    return return_bytes(call, out, bytes.len);
}

static bool bit_count(FuncCall *call)
{
    Bytes bytes = bytes_arg(call, 0);
    int64_t count = 0;
    for (size_t i = 0; i < bytes.len; i++)
        count += __builtin_popcount((unsigned char)bytes.ptr[i]);
    return return_int(call, count);
}

/* ---- patterns ---- */

typedef enum Match { MATCH_NO, MATCH_YES, MATCH_ENDED, MATCH_BAD } Match;

/* MATCH_ENDED: the bytes ended too early, so that no later start can match either. */
static Match match(Bytes text, Bytes pattern)
{
    for (; pattern.len; pattern.ptr++, pattern.len--) {
        if (*pattern.ptr == '%') {
            while (pattern.len && *pattern.ptr == '%')
                pattern.ptr++, pattern.len--;
            for (;; text.ptr++, text.len--) {
                Match rest = match(text, pattern);
                if (rest != MATCH_NO || !text.len)
                    return rest == MATCH_NO ? MATCH_ENDED : rest;
            }
        }
        bool any = *pattern.ptr == '_';
        if (*pattern.ptr == '\\' && pattern.len == 1)
            return text.len ? MATCH_BAD : MATCH_ENDED;
        if (*pattern.ptr == '\\')
            pattern.ptr++, pattern.len--;
        if (!text.len)
            return MATCH_ENDED;
        if (!any && *text.ptr != *pattern.ptr)
            return MATCH_NO;
        text.ptr++, text.len--;
    }
    return text.len ? MATCH_NO : MATCH_YES;
}

static bool matches(FuncCall *call, bool negated)
{
    Match result = match(bytes_arg(call, 0), bytes_arg(call, 1));
    if (result == MATCH_BAD)
        return error_set(call->error, ERRCODE_INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
    return return_bool(call, (result == MATCH_YES) != negated);
}

static bool like(FuncCall *call)
{
    return matches(call, false);
}

static bool not_like(FuncCall *call)
{
    return matches(call, true);
}

/* The pattern with a backslash for its own escape byte. */
static bool like_escape(FuncCall *call)
{
    Bytes pattern = bytes_arg(call, 0), escape = bytes_arg(call, 1);
    if (escape.len > 1) {
        error_set(call->error, ERRCODE_INVALID_ESCAPE_SEQUENCE, "invalid escape string");
        return error_hint(call->error, "Escape string must be empty or one character.");
    }
    if (escape.len && *escape.ptr == '\\')
        return return_bytes(call, pattern.ptr, pattern.len);
    bool after_escape = false;
    Str out;
    str_init(&out, call->arena);
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        bool is_escape = escape.len && c == *escape.ptr && !after_escape;
        if (is_escape || (c == '\\' && !after_escape))
            str_addc(&out, '\\');
        if (!is_escape)
            str_addc(&out, c);
        after_escape = is_escape;
    }
    return return_bytes(call, out.data ? out.data : "", out.len);
}

/* ---- hashes (FIPS 180-4) ---- */

static bool return_hash(FuncCall *call, const unsigned char *hash, size_t len)
{
    return return_bytes(call, arena_strndup(call->arena, (const char *)hash, len), len);
}

static bool sha256(FuncCall *call)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)call->args[0].s.ptr, call->args[0].s.len);
    return return_hash(call, hash, sizeof hash);
}

static bool sha512(FuncCall *call)
{
    unsigned char hash[crypto_hash_sha512_BYTES];
    crypto_hash_sha512(hash, (const unsigned char *)call->args[0].s.ptr, call->args[0].s.len);
    return return_hash(call, hash, sizeof hash);
}

/* SHA-224 and SHA-384 are the longer ones from other initial values, cut. */
static bool sha224(FuncCall *call)
{
    static const uint32_t INITIAL[8] = {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4};
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    memcpy(state.state, INITIAL, sizeof INITIAL);
    crypto_hash_sha256_update(&state, (const unsigned char *)call->args[0].s.ptr, call->args[0].s.len);
    crypto_hash_sha256_final(&state, hash);
    return return_hash(call, hash, 28);
}

static bool sha384(FuncCall *call)
{
    static const uint64_t INITIAL[8] = {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
                                        0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};
    unsigned char hash[crypto_hash_sha512_BYTES];
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    memcpy(state.state, INITIAL, sizeof INITIAL);
    crypto_hash_sha512_update(&state, (const unsigned char *)call->args[0].s.ptr, call->args[0].s.len);
    crypto_hash_sha512_final(&state, hash);
    return return_hash(call, hash, 48);
}

static const FuncRow ROWS[] = {
    {F_SUBSTRING_BYTEA_INT4, bytes_substring},
    {F_SUBSTRING_BYTEA_INT4_INT4, bytes_substring},
    {F_SUBSTR_BYTEA_INT4, bytes_substring},
    {F_SUBSTR_BYTEA_INT4_INT4, bytes_substring},
    {F_POSITION_BYTEA_BYTEA, position},
    {F_OVERLAY_BYTEA_BYTEA_INT4, bytes_overlay},
    {F_OVERLAY_BYTEA_BYTEA_INT4_INT4, bytes_overlay},
    {F_BTRIM_BYTEA_BYTEA, btrim},
    {F_LTRIM_BYTEA_BYTEA, ltrim},
    {F_RTRIM_BYTEA_BYTEA, rtrim},
    {F_GET_BYTE_BYTEA_INT4, get_byte},
    {F_SET_BYTE_BYTEA_INT4_INT4, set_byte},
    {F_GET_BIT_BYTEA_INT8, get_bit},
    {F_SET_BIT_BYTEA_INT8_INT4, set_bit},
    {F_BIT_COUNT_BYTEA, bit_count},
    {F_BYTEALIKE_BYTEA_BYTEA, like},
    {F_LIKE_BYTEA_BYTEA, like},
    {F_BYTEANLIKE_BYTEA_BYTEA, not_like},
    {F_NOTLIKE_BYTEA_BYTEA, not_like},
    {F_LIKE_ESCAPE_BYTEA_BYTEA, like_escape},
    {F_SHA224_BYTEA, sha224},
    {F_SHA256_BYTEA, sha256},
    {F_SHA384_BYTEA, sha384},
    {F_SHA512_BYTEA, sha512},
};
const FuncTable FUNC_TABLE_BYTEA = {ROWS, COUNT_OF(ROWS)};
