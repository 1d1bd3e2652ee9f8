/*
 * func_text.c - functions on text, char(n), name and bytea.
 *
 *  1. Positions and lengths count characters (UTF-8), never bytes, unless the function is about bytes.
 *  2. Case mapping is glibc's of locale C.UTF-8, one character to one, as PostgreSQL's with that locale.
 *  3. Results of more than MAX_TEXT bytes are refused before they are built.
 * Any thread.
 */
#include "func/func_text.h"

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <wctype.h>

enum { MAX_TEXT = 0x3fffffff };

typedef struct Text {
    const char *ptr;
    size_t len;
} Text;

static Text text_arg(const FuncCall *call, int index)
{
    return (Text){call->args[index].s.ptr, call->args[index].s.len};
}

static bool too_long(FuncCall *call)
{
    return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "requested length too large");
}

/* ---- characters ---- */

static size_t char_len(const char *at)
{
    unsigned char c = (unsigned char)*at;
    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static size_t count_chars(Text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return count;
}

/* Bytes of the first n characters. */
static size_t bytes_of(Text text, size_t n)
{
    size_t at = 0;
    while (n-- && at < text.len)
        at += char_len(text.ptr + at);
    return at < text.len ? at : text.len;
}

/* ---- case ---- */

static pthread_once_t locale_once = PTHREAD_ONCE_INIT;
static locale_t utf8_locale; /* written once */

static void open_locale(void)
{
    utf8_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

locale_t text_locale(void)
{
    pthread_once(&locale_once, open_locale);
    return utf8_locale;
}

uint32_t text_to_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return (uint32_t)towlower_l((wint_t)c, text_locale());
}

uint32_t text_to_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    return (uint32_t)towupper_l((wint_t)c, text_locale());
}

/* The letter's other case; over texts of collation C no letters but ASCII's have any. */
static uint32_t map_letter(const FuncCall *call, uint32_t (*map)(uint32_t), uint32_t c)
{
    return call->ascii && c > 0x7f ? c : map(c);
}

static bool map_case(FuncCall *call, uint32_t (*map)(uint32_t))
{
    Text text = text_arg(call, 0);
    Str out;
    str_init(&out, call->arena);
    for (size_t at = 0, len; at < text.len; at += len)
        text_encode(map_letter(call, map, text_decode(text.ptr + at, &len)), &out);
    return return_bytes(call, out.data, out.len);
}

static bool upper(FuncCall *call)
{
    return map_case(call, text_to_upper);
}

static bool lower(FuncCall *call)
{
    return map_case(call, text_to_lower);
}

static bool initcap(FuncCall *call)
{
    Text text = text_arg(call, 0);
    bool in_word = false;
    Str out;
    str_init(&out, call->arena);
    for (size_t at = 0, len; at < text.len; at += len) {
        uint32_t c = text_decode(text.ptr + at, &len);
        text_encode(map_letter(call, in_word ? text_to_lower : text_to_upper, c), &out);
        in_word = iswalnum_l((wint_t)c, text_locale()) && !(call->ascii && c > 0x7f);
    }
    return return_bytes(call, out.data, out.len);
}

/* ---- parts ---- */

/* Characters first..first+count-1 (from 1); those before 1 do not exist but count. */
static bool substring_of(FuncCall *call, Text text, int64_t first, int64_t end)
{
    if (end <= 1 || end <= first)
        return return_text(call, "");
    size_t skip = first > 1 ? (size_t)(first - 1) : 0;
    size_t start = bytes_of(text, skip);
    Text rest = {text.ptr + start, text.len - start};
    return return_bytes(call, rest.ptr, bytes_of(rest, (size_t)(end - 1) - skip));
}

static bool substring(FuncCall *call)
{
    int64_t first = call->args[1].i, end = INT64_MAX;
    if (call->nargs > 2) {
        if (call->args[2].i < 0)
            return error_set(call->error, ERRCODE_SUBSTRING_ERROR, "negative substring length not allowed");
        end = first + call->args[2].i;
    }
    return substring_of(call, text_arg(call, 0), first, end);
}

static bool overlay(FuncCall *call)
{
    Text text = text_arg(call, 0), with = text_arg(call, 1);
    int64_t first = call->args[2].i, count = call->nargs > 3 ? call->args[3].i : (int64_t)count_chars(with);
    if (first <= 0)
        return error_set(call->error, ERRCODE_SUBSTRING_ERROR, "negative substring length not allowed");
    int64_t behind = first + count;
    if (behind > INT32_MAX || behind < INT32_MIN)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    size_t head = bytes_of(text, (size_t)(first - 1)), tail = behind > 1 ? bytes_of(text, (size_t)(behind - 1)) : 0;
    Str out;
    str_init(&out, call->arena);
    str_addn(&out, text.ptr, head);
    str_addn(&out, with.ptr, with.len);
    str_addn(&out, text.ptr + tail, text.len - tail);
    return return_bytes(call, out.data, out.len);
}

/* Byte offset of the first occurrence at or behind `from`; SIZE_MAX: none. */
static size_t find(Text text, Text what, size_t from)
{
    if (from > text.len || what.len > text.len - from)
        return SIZE_MAX;
    const char *at = what.len ? memmem(text.ptr + from, text.len - from, what.ptr, what.len) : text.ptr + from;
    return at ? (size_t)(at - text.ptr) : SIZE_MAX;
}

static bool position(FuncCall *call)
{
    Text text = text_arg(call, 0);
    size_t at = find(text, text_arg(call, 1), 0);
    return return_int(call, at == SIZE_MAX ? 0 : (int64_t)count_chars((Text){text.ptr, at}) + 1);
}

static bool starts_with(FuncCall *call)
{
    Text text = text_arg(call, 0), start = text_arg(call, 1);
    return return_bool(call, start.len <= text.len && memcmp(text.ptr, start.ptr, start.len) == 0);
}

static bool left(FuncCall *call)
{
    Text text = text_arg(call, 0);
    int64_t n = call->args[1].i, have = n < 0 ? (int64_t)count_chars(text) + n : n;
    return return_bytes(call, text.ptr, have > 0 ? bytes_of(text, (size_t)have) : 0);
}

static bool right(FuncCall *call)
{
    Text text = text_arg(call, 0);
    int64_t n = call->args[1].i, skip = n < 0 ? -n : (int64_t)count_chars(text) - n;
    size_t start = skip > 0 ? bytes_of(text, (size_t)skip) : 0;
    return return_bytes(call, text.ptr + start, text.len - start);
}

static bool split_part(FuncCall *call)
{
    Text text = text_arg(call, 0), separator = text_arg(call, 1);
    int64_t field = call->args[2].i, fields = 1;
    if (field == 0)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "field position must not be zero");
    if (!separator.len)
        return field == 1 || field == -1 ? return_bytes(call, text.ptr, text.len) : return_text(call, "");
    for (size_t at = 0; text.len && (at = find(text, separator, at)) != SIZE_MAX; at += separator.len)
        fields++;
    int64_t wanted = field > 0 ? field : fields + field + 1;
    if (wanted < 1 || wanted > fields)
        return return_text(call, "");
    size_t start = 0;
    for (int64_t i = 1; i < wanted; i++)
        start = find(text, separator, start) + separator.len;
    size_t end = text.len ? find(text, separator, start) : SIZE_MAX;
    return return_bytes(call, text.ptr + start, (end == SIZE_MAX ? text.len : end) - start);
}

/* ---- padding, trimming, repeating ---- */

static void add_fill(Str *out, Text fill, size_t chars)
{
    size_t all = count_chars(fill);
    for (; all && chars >= all; chars -= all)
        str_addn(out, fill.ptr, fill.len);
    str_addn(out, fill.ptr, bytes_of(fill, chars));
}

static bool pad(FuncCall *call, bool on_left)
{
    Text text = text_arg(call, 0), fill = call->nargs > 2 ? text_arg(call, 2) : (Text){" ", 1};
    int64_t want = call->args[1].i > 0 ? call->args[1].i : 0;
    if (want > MAX_TEXT / 4)
        return too_long(call);
    size_t have = count_chars(text), missing = (size_t)want > have && fill.len ? (size_t)want - have : 0;
    if (have > (size_t)want)
        text.len = bytes_of(text, (size_t)want);
    Str out;
    str_init(&out, call->arena);
    if (on_left)
        add_fill(&out, fill, missing);
    str_addn(&out, text.ptr, text.len);
    if (!on_left)
        add_fill(&out, fill, missing);
    return return_bytes(call, out.data, out.len);
}

static bool lpad(FuncCall *call)
{
    return pad(call, true);
}

static bool rpad(FuncCall *call)
{
    return pad(call, false);
}

static bool in_set(Text set, const char *at, size_t len)
{
    for (size_t i = 0; i < set.len; i += char_len(set.ptr + i)) {
        if (char_len(set.ptr + i) == len && memcmp(set.ptr + i, at, len) == 0)
            return true;
    }
    return false;
}

static size_t last_char(Text text)
{
    size_t at = text.len - 1;
    while (at && ((unsigned char)text.ptr[at] & 0xc0) == 0x80)
        at--;
    return at;
}

static bool trim(FuncCall *call, bool on_left, bool on_right)
{
    Text text = text_arg(call, 0), set = call->nargs > 1 ? text_arg(call, 1) : (Text){" ", 1};
    while (on_left && text.len && in_set(set, text.ptr, char_len(text.ptr))) {
        size_t len = char_len(text.ptr);
        text.ptr += len;
        text.len -= len;
    }
    while (on_right && text.len) {
        size_t at = last_char(text);
        if (!in_set(set, text.ptr + at, text.len - at))
            break;
        text.len = at;
    }
    return return_bytes(call, text.ptr, text.len);
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

static bool repeat(FuncCall *call)
{
    Text text = text_arg(call, 0);
    int64_t times = call->args[1].i > 0 ? call->args[1].i : 0;
    if (text.len && times > (int64_t)(MAX_TEXT / text.len))
        return too_long(call);
    size_t len = text.len * (size_t)times;
    if (!func_has_room(call, len + 1))
        return false;
    char *out = arena_alloc(call->arena, len + 1);
    memcpy(out, text.ptr, len ? text.len : 0);
    /* What is there is doubled, up to the last piece. */
    for (size_t done = text.len; done < len; done *= 2)
        memcpy(out + done, out, done < len - done ? done : len - done);
    return return_bytes(call, out, len);
}

static bool reverse(FuncCall *call)
{
    Text text = text_arg(call, 0);
    char *out = arena_alloc(call->arena, text.len + 1), *end = out + text.len;
    for (size_t at = 0, len; at < text.len; at += len) {
        len = char_len(text.ptr + at);
        end -= len;
        memcpy(end, text.ptr + at, len);
    }
    return return_bytes(call, out, text.len);
}

/* ---- replacing ---- */

static bool replace(FuncCall *call)
{
    Text text = text_arg(call, 0), from = text_arg(call, 1), to = text_arg(call, 2);
    if (!from.len)
        return return_bytes(call, text.ptr, text.len);
    Str out;
    str_init(&out, call->arena);
    size_t at = 0;
    for (size_t hit; (hit = find(text, from, at)) != SIZE_MAX; at = hit + from.len) {
        str_addn(&out, text.ptr + at, hit - at);
        str_addn(&out, to.ptr, to.len);
        if (!func_is_whole(call->context, arena_bound(call->arena), call->error))
            return false;
    }
    str_addn(&out, text.ptr + at, text.len - at);
    return return_bytes(call, out.data, out.len);
}

static bool translate(FuncCall *call)
{
    Text text = text_arg(call, 0), from = text_arg(call, 1), to = text_arg(call, 2);
    Str out;
    str_init(&out, call->arena);
    for (size_t at = 0, len; at < text.len; at += len) {
        len = char_len(text.ptr + at);
        size_t target = 0, source = 0;
        while (source < from.len && !(char_len(from.ptr + source) == len && memcmp(from.ptr + source, text.ptr + at, len) == 0)) {
            source += char_len(from.ptr + source);
            target += target < to.len ? char_len(to.ptr + target) : 1;
        }
        if (source >= from.len)
            str_addn(&out, text.ptr + at, len);
        else if (target < to.len)
            str_addn(&out, to.ptr + target, char_len(to.ptr + target));
    }
    return return_bytes(call, out.data, out.len);
}

/* ---- characters and numbers ---- */

static bool ascii(FuncCall *call)
{
    Text text = text_arg(call, 0);
    size_t len;
    return return_int(call, text.len ? (int64_t)text_decode(text.ptr, &len) : 0);
}

static bool chr(FuncCall *call)
{
    int64_t code = call->args[0].i;
    if (code < 0)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "character number must be positive");
    if (code == 0)
        return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
    if (code > 0x10ffff)
        return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "requested character too large for encoding: %u", (unsigned)code);
    if (code >= 0xd800 && code < 0xe000)
        return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "requested character not valid for encoding: %u", (unsigned)code);
    Str out;
    str_init(&out, call->arena);
    text_encode((uint32_t)code, &out);
    return return_bytes(call, out.data, out.len);
}

static bool to_hex(FuncCall *call)
{
    uint64_t value = (uint64_t)call->args[0].i;
    if (call->arg_types[0] == TYPE_INT4)
        value &= 0xffffffff;
    return return_text(call, arena_printf(call->arena, "%llx", (unsigned long long)value));
}

static bool md5(FuncCall *call)
{
    return return_text(call, text_md5(call->args[0].s.ptr, call->args[0].s.len, call->arena));
}

/* ---- quoting ---- */

static bool quote_ident(FuncCall *call)
{
    return return_text(call, catalog_quote_identifier(call->context->catalog, arg_text(call, 0), call->arena));
}

static bool quote_literal(FuncCall *call)
{
    return return_text(call, catalog_quote_literal(arg_text(call, 0), call->arena));
}

static bool quote_nullable(FuncCall *call)
{
    return call->args[0].is_null ? return_text(call, "NULL") : quote_literal(call);
}

/* ---- LIKE ---- */

/* like_escape(pattern, escape): the pattern with backslash for its escape. */
static bool like_escape(FuncCall *call)
{
    Text pattern = text_arg(call, 0), escape = text_arg(call, 1);
    if (escape.len && char_len(escape.ptr) != escape.len) {
        error_set(call->error, ERRCODE_INVALID_ESCAPE_SEQUENCE, "invalid escape string");
        return error_hint(call->error, "Escape string must be empty or one character.");
    }
    bool is_backslash = escape.len == 1 && *escape.ptr == '\\', after_escape = false;
    if (is_backslash)
        return return_bytes(call, pattern.ptr, pattern.len);
    Str out;
    str_init(&out, call->arena);
    for (size_t at = 0, len; at < pattern.len; at += len) {
        len = char_len(pattern.ptr + at);
        bool is_escape = escape.len == len && memcmp(pattern.ptr + at, escape.ptr, len) == 0;
        if (is_escape && !after_escape) {
            str_addc(&out, '\\');
            after_escape = true;
            continue;
        }
        if (pattern.ptr[at] == '\\' && !after_escape)
            str_addc(&out, '\\');
        str_addn(&out, pattern.ptr + at, len);
        after_escape = false;
    }
    return return_bytes(call, out.data, out.len);
}

typedef enum LikeResult { LIKE_NO, LIKE_YES, LIKE_ENDED, LIKE_BAD } LikeResult;

typedef enum LikeFold { LIKE_EXACT, LIKE_FOLDED, LIKE_FOLDED_ASCII } LikeFold;

static bool same_char(const char *a, const char *b, LikeFold fold, size_t *alen, size_t *blen)
{
    uint32_t left_char = text_decode(a, alen), right_char = text_decode(b, blen);
    if (fold == LIKE_EXACT || (fold == LIKE_FOLDED_ASCII && (left_char > 0x7f || right_char > 0x7f)))
        return left_char == right_char;
    return text_to_lower(left_char) == text_to_lower(right_char);
}

/* Behind a % nothing before it is tried again: what follows it either matches at some place or nowhere. */
typedef struct LikeState {
    Text text, pattern, star_text, star_pattern; /* star_pattern.ptr NULL: no % yet */
} LikeState;

/* The next piece of the pattern: LIKE_YES, it holds and is behind us. */
static LikeResult like_step(LikeState *at, LikeFold fold)
{
    size_t plen = char_len(at->pattern.ptr), tlen = at->text.len ? char_len(at->text.ptr) : 0;
    bool any = *at->pattern.ptr == '_';
    if (*at->pattern.ptr == '\\') {
        if (at->pattern.len == 1)
            return at->text.len ? LIKE_BAD : LIKE_ENDED;
        at->pattern.ptr++, at->pattern.len--;
        plen = char_len(at->pattern.ptr);
    }
    if (!at->text.len)
        return LIKE_ENDED;
    if (!any && !same_char(at->text.ptr, at->pattern.ptr, fold, &tlen, &plen))
        return LIKE_NO;
    at->text.ptr += tlen, at->text.len -= tlen;
    at->pattern.ptr += plen, at->pattern.len -= plen;
    return LIKE_YES;
}

/* One character on from where the last % stood; false: there is none. */
static bool like_again(LikeState *at)
{
    if (!at->star_pattern.ptr || !at->star_text.len)
        return false;
    size_t len = char_len(at->star_text.ptr);
    at->star_text.ptr += len, at->star_text.len -= len;
    at->text = at->star_text;
    at->pattern = at->star_pattern;
    return true;
}

static bool like_match(FuncCall *call, LikeFold fold, LikeResult *result)
{
    enum { STEPS_A_LOOK = 1 << 16 };
    LikeState at = {.text = text_arg(call, 0), .pattern = text_arg(call, 1)};
    for (uint64_t steps = 1;; steps++) {
        if (steps % STEPS_A_LOOK == 0 && !func_goes_on(call))
            return false;
        if (at.pattern.len && *at.pattern.ptr == '%') {
            at.pattern.ptr++, at.pattern.len--;
            at.star_text = at.text;
            at.star_pattern = at.pattern;
            *result = LIKE_YES;
            if (!at.pattern.len)
                return true;
            continue;
        }
        *result = at.pattern.len ? like_step(&at, fold) : at.text.len ? LIKE_NO : LIKE_YES;
        if (*result == LIKE_YES ? !at.pattern.len && !at.text.len : *result != LIKE_NO || !like_again(&at))
            return true;
    }
}

static bool like(FuncCall *call, bool fold, bool negated)
{
    LikeFold how = !fold ? LIKE_EXACT : call->ascii ? LIKE_FOLDED_ASCII : LIKE_FOLDED;
    LikeResult result;
    if (!like_match(call, how, &result))
        return false;
    if (result == LIKE_BAD)
        return error_set(call->error, ERRCODE_INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
    return return_bool(call, (result == LIKE_YES) != negated);
}

static bool like_exact(FuncCall *call)
{
    return like(call, false, false);
}

static bool not_like(FuncCall *call)
{
    return like(call, false, true);
}

static bool ilike(FuncCall *call)
{
    return like(call, true, false);
}

static bool not_ilike(FuncCall *call)
{
    return like(call, true, true);
}

/* ---- lengths and joins ---- */

static bool char_length(FuncCall *call)
{
    Text text = text_arg(call, 0);
    while (call->arg_types[0] == TYPE_BPCHAR && text.len && text.ptr[text.len - 1] == ' ')
        text.len--;
    return return_int(call, (int64_t)count_chars(text));
}

static bool octet_length(FuncCall *call)
{
    return return_int(call, (int64_t)call->args[0].s.len);
}

static bool bit_length(FuncCall *call)
{
    return return_int(call, (int64_t)call->args[0].s.len * 8);
}

static bool textcat(FuncCall *call)
{
    Text a = text_arg(call, 0), b = text_arg(call, 1);
    char *out = arena_alloc(call->arena, a.len + b.len + 1);
    memcpy(out, a.ptr, a.len);
    memcpy(out + a.len, b.ptr, b.len);
    return return_bytes(call, out, a.len + b.len);
}

/* ---- casts among the text types ---- */

static bool same_text(FuncCall *call)
{
    return return_bytes(call, call->args[0].s.ptr, call->args[0].s.len);
}

static bool without_blanks(FuncCall *call)
{
    Text text = text_arg(call, 0);
    while (text.len && text.ptr[text.len - 1] == ' ')
        text.len--;
    return return_bytes(call, text.ptr, text.len);
}

/* name: at most 63 bytes, cut between characters. */
static bool to_name(FuncCall *call)
{
    Text text = text_arg(call, 0);
    while (call->arg_types[0] == TYPE_BPCHAR && text.len && text.ptr[text.len - 1] == ' ')
        text.len--;
    if (text.len > 63) {
        text.len = 63;
        while (text.len && ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
            text.len--;
    }
    return return_bytes(call, text.ptr, text.len);
}

/* name_oid: it is the name that is cut. */
static bool name_concat_oid(FuncCall *call)
{
    Text text = text_arg(call, 0);
    const char *suffix = arena_printf(call->arena, "_%u", arg_oid(call, 1));
    size_t room = 63 - strlen(suffix);
    if (text.len > room) {
        text.len = room;
        while (text.len && ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
            text.len--;
    }
    return return_text(call, arena_printf(call->arena, "%.*s%s", (int)text.len, text.ptr, suffix));
}

static bool to_char1(FuncCall *call)
{
    Text text = text_arg(call, 0);
    unsigned byte = text.len ? (unsigned char)text.ptr[0] : 0;
    bool octal = text.len == 4 && byte == '\\'; /* as it is written when above 127 */
    for (int i = 1; octal && i < 4; i++)
        octal = text.ptr[i] >= '0' && text.ptr[i] <= '7';
    if (octal)
        byte = (unsigned)((text.ptr[1] - '0') * 64 + (text.ptr[2] - '0') * 8 + text.ptr[3] - '0') & 0xff;
    if (byte >= 0x80)
        return return_text(call, arena_printf(call->arena, "\\%03o", byte));
    char one = (char)byte;
    return return_bytes(call, arena_strndup(call->arena, &one, 1), byte ? 1 : 0);
}

static bool text_of_bool(FuncCall *call)
{
    return return_text(call, call->args[0].b ? "true" : "false");
}

/* varchar(n) and char(n): what is cut must be blanks unless the cast was written. */
static bool to_length(FuncCall *call)
{
    bool blanks = call->proc == F_BPCHAR_BPCHAR_INT4_BOOL, is_explicit = call->args[2].b;
    Text text = text_arg(call, 0);
    int64_t max = call->args[1].i - 4;
    if (max < 0)
        return return_bytes(call, text.ptr, text.len);
    size_t chars = count_chars(text), end = bytes_of(text, (size_t)max);
    for (size_t i = end; !is_explicit && i < text.len; i++) {
        if (text.ptr[i] != ' ')
            return error_set(call->error, ERRCODE_STRING_DATA_RIGHT_TRUNCATION, "value too long for type character%s(%d)",
                             blanks ? "" : " varying", (int)max);
    }
    if (!blanks || chars >= (size_t)max)
        return return_bytes(call, text.ptr, end);
    Str out;
    str_init(&out, call->arena);
    str_addn(&out, text.ptr, text.len);
    for (size_t i = chars; i < (size_t)max; i++)
        str_addc(&out, ' ');
    return return_bytes(call, out.data, out.len);
}

static const FuncRow ROWS[] = {
    {F_UPPER_TEXT, upper},
    {F_LOWER_TEXT, lower},
    {F_INITCAP_TEXT, initcap},
    {F_SUBSTR_TEXT_INT4, substring},
    {F_SUBSTR_TEXT_INT4_INT4, substring},
    {F_SUBSTRING_TEXT_INT4, substring},
    {F_SUBSTRING_TEXT_INT4_INT4, substring},
    {F_OVERLAY_TEXT_TEXT_INT4, overlay},
    {F_OVERLAY_TEXT_TEXT_INT4_INT4, overlay},
    {F_POSITION_TEXT_TEXT, position},
    {F_STRPOS_TEXT_TEXT, position},
    {F_STARTS_WITH_TEXT_TEXT, starts_with},
    {F_LEFT_TEXT_INT4, left},
    {F_RIGHT_TEXT_INT4, right},
    {F_SPLIT_PART_TEXT_TEXT_INT4, split_part},
    {F_LPAD_TEXT_INT4, lpad},
    {F_LPAD_TEXT_INT4_TEXT, lpad},
    {F_RPAD_TEXT_INT4, rpad},
    {F_RPAD_TEXT_INT4_TEXT, rpad},
    {F_BTRIM_TEXT, btrim},
    {F_BTRIM_TEXT_TEXT, btrim},
    {F_LTRIM_TEXT, ltrim},
    {F_LTRIM_TEXT_TEXT, ltrim},
    {F_RTRIM_TEXT, rtrim},
    {F_RTRIM_TEXT_TEXT, rtrim},
    {F_REPEAT_TEXT_INT4, repeat},
    {F_REVERSE_TEXT, reverse},
    {F_REPLACE_TEXT_TEXT_TEXT, replace},
    {F_TRANSLATE_TEXT_TEXT_TEXT, translate},
    {F_ASCII_TEXT, ascii},
    {F_CHR_INT4, chr},
    {F_TO_HEX_INT4, to_hex},
    {F_TO_HEX_INT8, to_hex},
    {F_MD5_TEXT, md5},
    {F_MD5_BYTEA, md5},
    {F_QUOTE_IDENT_TEXT, quote_ident},
    {F_QUOTE_LITERAL_TEXT, quote_literal},
    {F_QUOTE_NULLABLE_TEXT, quote_nullable},
    {F_LIKE_ESCAPE_TEXT_TEXT, like_escape},
    {F_TEXTLIKE_TEXT_TEXT, like_exact},
    {F_NAMELIKE_NAME_TEXT, like_exact},
    {F_BPCHARLIKE_BPCHAR_TEXT, like_exact},
    {F_LIKE_TEXT_TEXT, like_exact},
    {F_LIKE_NAME_TEXT, like_exact},
    {F_TEXTNLIKE_TEXT_TEXT, not_like},
    {F_NAMENLIKE_NAME_TEXT, not_like},
    {F_BPCHARNLIKE_BPCHAR_TEXT, not_like},
    {F_NOTLIKE_TEXT_TEXT, not_like},
    {F_NOTLIKE_NAME_TEXT, not_like},
    {F_TEXTICLIKE_TEXT_TEXT, ilike},
    {F_NAMEICLIKE_NAME_TEXT, ilike},
    {F_BPCHARICLIKE_BPCHAR_TEXT, ilike},
    {F_TEXTICNLIKE_TEXT_TEXT, not_ilike},
    {F_NAMEICNLIKE_NAME_TEXT, not_ilike},
    {F_BPCHARICNLIKE_BPCHAR_TEXT, not_ilike},
    {F_LENGTH_TEXT, char_length},
    {F_TEXTLEN_TEXT, char_length},
    {F_CHAR_LENGTH_TEXT, char_length},
    {F_CHARACTER_LENGTH_TEXT, char_length},
    {F_LENGTH_BPCHAR, char_length},
    {F_CHAR_LENGTH_BPCHAR, char_length},
    {F_CHARACTER_LENGTH_BPCHAR, char_length},
    {F_OCTET_LENGTH_TEXT, octet_length},
    {F_OCTET_LENGTH_BPCHAR, octet_length},
    {F_OCTET_LENGTH_BYTEA, octet_length},
    {F_LENGTH_BYTEA, octet_length},
    {F_BIT_LENGTH_TEXT, bit_length},
    {F_BIT_LENGTH_BYTEA, bit_length},
    {F_TEXTCAT_TEXT_TEXT, textcat},
    {F_BYTEACAT_BYTEA_BYTEA, textcat},
    {F_TEXT_NAME, same_text},
    {F_TEXT_CHAR, same_text},
    {F_TEXT_BPCHAR, without_blanks},
    {F_TEXT_BOOL, text_of_bool},
    {F_VARCHAR_NAME, same_text},
    {F_BPCHAR_NAME, same_text},
    {F_BPCHAR_CHAR, same_text},
    {F_NAME_TEXT, to_name},
    {F_NAMECONCATOID_NAME_OID, name_concat_oid},
    {F_NAME_VARCHAR, to_name},
    {F_NAME_BPCHAR, to_name},
    {F_CHAR_TEXT, to_char1},
    {F_VARCHAR_VARCHAR_INT4_BOOL, to_length},
    {F_BPCHAR_BPCHAR_INT4_BOOL, to_length},
};
const FuncTable FUNC_TABLE_TEXT = {ROWS, COUNT_OF(ROWS)};
