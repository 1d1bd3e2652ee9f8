/*
 * func_encoding.c - encodings and Unicode: conversions of bytes, normal forms, escapes.
 *
 *  1. The database's encoding is UTF8. The C library's iconv converts from and to the others, those whose tables are the same as
 *     PostgreSQL's for every character; the rest is refused with 0A000.
 *  2. Normal forms are libunistring's, by the same Unicode as PostgreSQL 15's.
 * Any thread.
 */
#include "func/func_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <uninorm.h>

/* ---- names ---- */

/* By PostgreSQL's number of the encoding. iconv NULL: the tables differ, or there is none. most: bytes of a character. */
typedef struct Encoding {
    const char *name, *iconv, *aliases; /* aliases: without what is no letter or digit, each between blanks */
    int most;
} Encoding;

enum { SQL_ASCII = 0, UTF8 = 6, LATIN1 = 8, LATIN2 = 9, LATIN9 = 16, WIN1250 = 29 };
static const Encoding ENCODINGS[] = {
    {"SQL_ASCII", NULL, NULL, 1},
    {"EUC_JP", NULL, NULL, 3},
    {"EUC_CN", NULL, NULL, 2},
    {"EUC_KR", NULL, NULL, 3},
    {"EUC_TW", NULL, NULL, 4},
    {"EUC_JIS_2004", NULL, NULL, 3},
    {"UTF8", "UTF-8", " unicode ", 4},
    {"MULE_INTERNAL", NULL, NULL, 4},
    {"LATIN1", "ISO-8859-1", " iso88591 ", 1},
    {"LATIN2", "ISO-8859-2", " iso88592 ", 1},
    {"LATIN3", "ISO-8859-3", " iso88593 ", 1},
    {"LATIN4", "ISO-8859-4", " iso88594 ", 1},
    {"LATIN5", "ISO-8859-9", " iso88599 ", 1},
    {"LATIN6", "ISO-8859-10", " iso885910 ", 1},
    {"LATIN7", "ISO-8859-13", " iso885913 ", 1},
    {"LATIN8", "ISO-8859-14", " iso885914 ", 1},
    {"LATIN9", "ISO-8859-15", " iso885915 ", 1},
    {"LATIN10", "ISO-8859-16", " iso885916 ", 1},
    {"WIN1256", "CP1256", " windows1256 ", 1},
    {"WIN1258", NULL, " windows1258 abc tcvn tcvn5712 vscii ", 1},
    {"WIN866", "CP866", " windows866 alt ", 1},
    {"WIN874", "CP874", " windows874 ", 1},
    {"KOI8R", "KOI8-R", " koi8 ", 1},
    {"WIN1251", "CP1251", " windows1251 win ", 1},
    {"WIN1252", "CP1252", " windows1252 ", 1},
    {"ISO_8859_5", "ISO-8859-5", NULL, 1},
    {"ISO_8859_6", "ISO-8859-6", NULL, 1},
    {"ISO_8859_7", "ISO-8859-7", NULL, 1},
    {"ISO_8859_8", "ISO-8859-8", NULL, 1},
    {"WIN1250", "CP1250", " windows1250 ", 1},
    {"WIN1253", "CP1253", " windows1253 ", 1},
    {"WIN1254", "CP1254", " windows1254 ", 1},
    {"WIN1255", NULL, " windows1255 ", 1},
    {"WIN1257", "CP1257", " windows1257 ", 1},
    {"KOI8U", "KOI8-U", NULL, 1},
    {"SJIS", NULL, " mskanji shiftjis win932 windows932 ", 2},
    {"BIG5", NULL, " win950 windows950 ", 2},
    {"GBK", NULL, " win936 windows936 ", 2},
    {"UHC", NULL, " win949 windows949 ", 2},
    {"GB18030", NULL, NULL, 4},
    {"JOHAB", NULL, NULL, 3},
    {"SHIFT_JIS_2004", NULL, NULL, 2},
};

/* Letters and digits only, in lower case. */
static char *cleaned(const char *name, Arena *arena)
{
    Str out;
    str_init(&out, arena);
    for (; *name; name++) {
        bool upper = *name >= 'A' && *name <= 'Z';
        if (upper || (*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9'))
            str_addc(&out, upper ? (char)(*name + 32) : *name);
    }
    return out.data ? out.data : "";
}

/* The encoding's number; -1: there is none. */
static int find_encoding(const char *name, Arena *arena)
{
    const char *wanted = cleaned(name, arena);
    for (size_t i = 0; *wanted && i < COUNT_OF(ENCODINGS); i++) {
        const Encoding *row = &ENCODINGS[i];
        if (str_eq(wanted, cleaned(row->name, arena)) || (row->aliases && strstr(row->aliases, arena_printf(arena, " %s ", wanted))))
            return (int)i;
    }
    return -1;
}

static bool encoding_to_char(FuncCall *call)
{
    int64_t encoding = call->args[0].i;
    return return_text(call, encoding >= 0 && encoding < (int64_t)COUNT_OF(ENCODINGS) ? ENCODINGS[encoding].name : "");
}

static bool char_to_encoding(FuncCall *call)
{
    return return_int(call, find_encoding(arg_text(call, 0), call->arena));
}

static bool max_length(FuncCall *call)
{
    int64_t encoding = call->args[0].i;
    return encoding >= 0 && encoding < (int64_t)COUNT_OF(ENCODINGS) ? return_int(call, ENCODINGS[encoding].most) : return_null(call);
}

/* ---- conversion ---- */

typedef struct Bytes {
    const char *ptr;
    size_t len;
} Bytes;

static int utf8_length(const char *at)
{
    unsigned char c = (unsigned char)*at;
    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf8 ? 4 : 1;
}

static const char *shown(FuncCall *call, const char *at, size_t len)
{
    Str out;
    str_init(&out, call->arena);
    for (size_t i = 0; i < len; i++)
        str_addf(&out, i ? " 0x%02x" : "0x%02x", (unsigned char)at[i]);
    return out.data;
}

static bool invalid(FuncCall *call, int encoding, const char *at, size_t left)
{
    size_t len = encoding == UTF8 ? (size_t)utf8_length(at) : 1;
    return error_set(call->error, ERRCODE_CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"%s\": %s",
                     ENCODINGS[encoding].name, shown(call, at, len < left ? len : left));
}

static bool is_utf8(const char *at, size_t left)
{
    int len = utf8_length(at);
    unsigned char c = (unsigned char)at[0], next = left > 1 ? (unsigned char)at[1] : 0;
    if ((size_t)len > left || (len == 1 && c >= 0x80) || (len == 2 && c < 0xc2) || (len == 4 && c > 0xf4))
        return false;
    for (int i = 1; i < len; i++)
        if (((unsigned char)at[i] & 0xc0) != 0x80)
            return false;
    return !(c == 0xe0 && next < 0xa0) && !(c == 0xed && next > 0x9f) && !(c == 0xf0 && next < 0x90) && !(c == 0xf4 && next > 0x8f);
}

/* No bytes but those of the encoding, none of them zero. */
static bool check_bytes(FuncCall *call, int encoding, Bytes bytes)
{
    for (size_t i = 0; i < bytes.len;) {
        if (!bytes.ptr[i] || (encoding == UTF8 && !is_utf8(bytes.ptr + i, bytes.len - i)))
            return invalid(call, encoding, bytes.ptr + i, bytes.len - i);
        i += encoding == UTF8 ? (size_t)utf8_length(bytes.ptr + i) : 1;
    }
    return true;
}

static bool untranslatable(FuncCall *call, int from, int to, const char *at)
{
    size_t len = from == UTF8 ? (size_t)utf8_length(at) : 1;
    return error_set(call->error, ERRCODE_UNTRANSLATABLE_CHARACTER,
                     "character with byte sequence %s in encoding \"%s\" has no equivalent in encoding \"%s\"", shown(call, at, len),
                     ENCODINGS[from].name, ENCODINGS[to].name);
}

static bool run_iconv(FuncCall *call, int from, int to, Bytes bytes, Bytes *out)
{
    iconv_t handle = iconv_open(ENCODINGS[to].iconv, ENCODINGS[from].iconv);
    if (handle == (iconv_t)-1)
        return error_unsupported(call->error, "conversion of encoding \"%s\" to \"%s\" is not supported", ENCODINGS[from].name,
                                 ENCODINGS[to].name);
    size_t left = bytes.len, room = bytes.len * 4 + 16;
    char *in = (char *)(uintptr_t)bytes.ptr, *made = arena_alloc(call->arena, room), *end = made;
    size_t result = left ? iconv(handle, &in, &left, &end, &room) : 0;
    iconv_close(handle);
    *out = (Bytes){made, (size_t)(end - made)};
    return result == (size_t)-1 ? untranslatable(call, from, to, in) : true;
}

static bool convert_bytes(FuncCall *call, int from, int to, Bytes bytes, Bytes *out)
{
    *out = bytes;
    if (!check_bytes(call, from, bytes))
        return false;
    if (from == to || to == SQL_ASCII)
        return true;
    if (from == SQL_ASCII)
        return check_bytes(call, to, bytes);
    if (!ENCODINGS[from].iconv || !ENCODINGS[to].iconv)
        return error_unsupported(call->error, "conversion of encoding \"%s\" to \"%s\" is not supported", ENCODINGS[from].name,
                                 ENCODINGS[to].name);
    if (from != UTF8 && to != UTF8)
        return error_set(call->error, ERRCODE_UNDEFINED_FUNCTION,
                         "default conversion function for encoding \"%s\" to \"%s\" does not exist", ENCODINGS[from].name,
                         ENCODINGS[to].name);
    return run_iconv(call, from, to, bytes, out);
}

/* from, to: arguments that name the encodings; 0: it is the database's. */
static bool convert_args(FuncCall *call, int from, int to)
{
    Bytes out, bytes = {call->args[0].s.ptr, call->args[0].s.len};
    int source = from ? find_encoding(arg_text(call, from), call->arena) : UTF8;
    int target = to ? find_encoding(arg_text(call, to), call->arena) : UTF8;
    if (source < 0)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid source encoding name \"%s\"", arg_text(call, from));
    if (target < 0)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid destination encoding name \"%s\"", arg_text(call, to));
    return convert_bytes(call, source, target, bytes, &out) && return_bytes(call, out.ptr, out.len);
}

static bool convert(FuncCall *call)
{
    return convert_args(call, 1, 2);
}

static bool convert_from(FuncCall *call)
{
    return convert_args(call, 1, 0);
}

static bool convert_to(FuncCall *call)
{
    return convert_args(call, 0, 1);
}

static bool length_in(FuncCall *call)
{
    int encoding = find_encoding(arg_text(call, 1), call->arena);
    Bytes bytes = {call->args[0].s.ptr, call->args[0].s.len};
    if (encoding < 0)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid encoding name \"%s\"", arg_text(call, 1));
    if (encoding != UTF8 && ENCODINGS[encoding].most > 1)
        return error_unsupported(call->error, "length in encoding \"%s\" is not supported", ENCODINGS[encoding].name);
    if (!check_bytes(call, encoding, bytes))
        return false;
    int64_t count = 0;
    for (size_t i = 0; i < bytes.len; i++)
        count += encoding != UTF8 || ((unsigned char)bytes.ptr[i] & 0xc0) != 0x80;
    return return_int(call, count);
}

/* Only texts that are ASCII already: those of UTF8 are refused by PostgreSQL, too. */
static bool to_ascii(FuncCall *call)
{
    bool by_number = call->nargs > 1 && call->arg_types[1] == TYPE_INT4;
    int64_t encoding = call->nargs == 1 ? UTF8 : by_number ? call->args[1].i : find_encoding(arg_text(call, 1), call->arena);
    if (encoding < 0 || encoding >= (int64_t)COUNT_OF(ENCODINGS))
        return by_number ? error_set(call->error, ERRCODE_UNDEFINED_OBJECT, "%d is not a valid encoding code", (int)call->args[1].i)
                         : error_set(call->error, ERRCODE_UNDEFINED_OBJECT, "%s is not a valid encoding name", arg_text(call, 1));
    if (encoding != LATIN1 && encoding != LATIN2 && encoding != LATIN9 && encoding != WIN1250)
        return error_set(call->error, ERRCODE_FEATURE_NOT_SUPPORTED, "encoding conversion from %s to ASCII not supported",
                         ENCODINGS[encoding].name);
    for (size_t i = 0; i < call->args[0].s.len; i++)
        if ((unsigned char)call->args[0].s.ptr[i] > 0x7f)
            return error_unsupported(call->error, "to_ascii of characters that are not ASCII is not supported");
    return return_bytes(call, call->args[0].s.ptr, call->args[0].s.len);
}

/* ---- normal forms ---- */

static bool normal_form(FuncCall *call, uninorm_t *form)
{
    const char *name = arg_text(call, 1);
    if (str_ieq(name, "NFC"))
        *form = UNINORM_NFC;
    else if (str_ieq(name, "NFD"))
        *form = UNINORM_NFD;
    else if (str_ieq(name, "NFKC"))
        *form = UNINORM_NFKC;
    else if (str_ieq(name, "NFKD"))
        *form = UNINORM_NFKD;
    else
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid normalization form: %s", name);
    return true;
}

/* In the call's arena. */
static bool normalized(FuncCall *call, Bytes *out)
{
    uninorm_t form = UNINORM_NFC;
    size_t len = 0;
    if (!normal_form(call, &form))
        return false;
    uint8_t *made = u8_normalize(form, (const uint8_t *)call->args[0].s.ptr, call->args[0].s.len, NULL, &len);
    if (!made && call->args[0].s.len)
        return error_set(call->error, ERRCODE_OUT_OF_MEMORY, "out of memory");
    *out = (Bytes){arena_strndup(call->arena, made ? (const char *)made : "", len), len};
    free(made);
    return true;
}

static bool normalize(FuncCall *call)
{
    Bytes out;
    return normalized(call, &out) && return_bytes(call, out.ptr, out.len);
}

static bool is_normalized(FuncCall *call)
{
    Bytes out;
    return normalized(call, &out) &&
           return_bool(call, out.len == call->args[0].s.len && memcmp(out.ptr, call->args[0].s.ptr, out.len) == 0);
}

/* ---- unistr ---- */

/* Hexadecimal digits at `at`, exactly n of them. */
static bool read_digits(const char *at, int n, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < n; i++) {
        char c = at[i], lower = c >= 'A' && c <= 'F' ? (char)(c + 32) : c;
        if (!((c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f')))
            return false;
        *out = *out << 4 | (uint32_t)(c <= '9' ? c - '0' : lower - 'a' + 10);
    }
    return true;
}

/* `at` behind the backslash; gives how long the escape is, 0: it is none. */
static int read_escape(const char *at, uint32_t *c)
{
    if (read_digits(at, 4, c))
        return 4;
    if (*at == 'u' && read_digits(at + 1, 4, c))
        return 5;
    if (*at == '+' && read_digits(at + 1, 6, c))
        return 7;
    return *at == 'U' && read_digits(at + 1, 8, c) ? 9 : 0;
}

static bool bad_pair(FuncCall *call)
{
    return error_set(call->error, ERRCODE_SYNTAX_ERROR, "invalid Unicode surrogate pair");
}

static bool unistr(FuncCall *call)
{
    const char *at = arg_text(call, 0);
    uint32_t high = 0, c;
    Str out;
    str_init(&out, call->arena);
    for (int len; *at; at += len) {
        len = at[0] == '\\' && at[1] != '\\' ? 1 + read_escape(at + 1, &c) : 1;
        if (at[0] == '\\' && at[1] != '\\' && len == 1) {
            error_set(call->error, ERRCODE_SYNTAX_ERROR, "invalid Unicode escape");
            return error_hint(call->error, "Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.");
        }
        if (len == 1) {
            if (high)
                return bad_pair(call);
            str_addc(&out, *at);
            len += at[0] == '\\';
            continue;
        }
        if (!c || c > 0x10ffff)
            return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid Unicode code point: %04X", c);
        bool is_low = c >= 0xdc00 && c <= 0xdfff;
        if (is_low != (high != 0))
            return bad_pair(call);
        if (is_low)
            c = 0x10000 + ((high - 0xd800) << 10) + (c - 0xdc00);
        high = c >= 0xd800 && c <= 0xdbff ? c : 0;
        if (!high)
            text_encode(c, &out);
    }
    return high ? bad_pair(call) : return_bytes(call, out.data ? out.data : "", out.len);
}

static const FuncRow ROWS[] = {
    {F_PG_ENCODING_TO_CHAR_INT4, encoding_to_char},
    {F_PG_CHAR_TO_ENCODING_NAME, char_to_encoding},
    {F_PG_ENCODING_MAX_LENGTH_INT4, max_length},
    {F_CONVERT_BYTEA_NAME_NAME, convert},
    {F_CONVERT_FROM_BYTEA_NAME, convert_from},
    {F_CONVERT_TO_TEXT_NAME, convert_to},
    {F_LENGTH_BYTEA_NAME, length_in},
    {F_TO_ASCII_TEXT, to_ascii},
    {F_TO_ASCII_TEXT_INT4, to_ascii},
    {F_TO_ASCII_TEXT_NAME, to_ascii},
    {F_NORMALIZE_TEXT_TEXT, normalize},
    {F_IS_NORMALIZED_TEXT_TEXT, is_normalized},
    {F_UNISTR_TEXT, unistr},
};
const FuncTable FUNC_TABLE_ENCODING = {ROWS, COUNT_OF(ROWS)};
