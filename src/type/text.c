/*
 * text.c - types whose values are characters: bool's words, "char", name, text, varchar, bpchar, and UTF-8 itself.
 *
 * Invariants:
 *  1. Lengths in modifiers count characters, never bytes.
 *  2. A result that is the input unchanged still is a copy in the call's arena.
 *
 * Any thread.
 */
#include "type/type_int.h"

enum { NAME_BYTES = 63, VARHDR = 4 };

size_t utf8_count(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += (text[i] & 0xC0) != 0x80;
    return count;
}

size_t utf8_prefix(const char *text, size_t len, size_t chars)
{
    for (size_t i = 0; i < len; i++)
        if ((text[i] & 0xC0) != 0x80 && chars-- == 0)
            return i;
    return len;
}

uint32_t text_decode(const char *at, size_t *len)
{
    const unsigned char *c = (const unsigned char *)at;
    *len = c[0] < 0x80 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
    switch (*len) {
    case 1:
        return c[0];
    case 2:
        return (uint32_t)(c[0] & 0x1f) << 6 | (c[1] & 0x3f);
    case 3:
        return (uint32_t)(c[0] & 0x0f) << 12 | (uint32_t)(c[1] & 0x3f) << 6 | (c[2] & 0x3f);
    default:
        return (uint32_t)(c[0] & 0x07) << 18 | (uint32_t)(c[1] & 0x3f) << 12 | (uint32_t)(c[2] & 0x3f) << 6 | (c[3] & 0x3f);
    }
}

void text_encode(uint32_t c, Str *out)
{
    if (c < 0x80) {
        str_addc(out, (char)c);
    } else if (c < 0x800) {
        str_addc(out, (char)(0xc0 | c >> 6));
        str_addc(out, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        str_addc(out, (char)(0xe0 | c >> 12));
        str_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
        str_addc(out, (char)(0x80 | (c & 0x3f)));
    } else {
        str_addc(out, (char)(0xf0 | c >> 18));
        str_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
        str_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
        str_addc(out, (char)(0x80 | (c & 0x3f)));
    }
}

/* Length of the character that starts here, by its first byte alone; 0: none starts so. */
static size_t utf8_expected(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

static bool utf8_valid_at(const unsigned char *c, size_t left)
{
    size_t len = utf8_expected(c[0]);
    if (len == 0 || len > left || c[0] == 0)
        return false;
    for (size_t i = 1; i < len; i++)
        if ((c[i] & 0xC0) != 0x80)
            return false;
    /* No overlong forms, no surrogates, nothing past U+10FFFF. */
    return !(c[0] == 0xE0 && c[1] < 0xA0) && !(c[0] == 0xED && c[1] > 0x9F) && !(c[0] == 0xF0 && c[1] < 0x90) &&
           !(c[0] == 0xF4 && c[1] > 0x8F);
}

bool utf8_check(const char *bytes, size_t len, Error *error)
{
    const unsigned char *c = (const unsigned char *)bytes;
    for (size_t i = 0; i < len;) {
        if (utf8_valid_at(c + i, len - i)) {
            i += utf8_expected(c[i]);
            continue;
        }
        /* The message shows as many bytes as the first one announces. */
        size_t shown = c[i] >= 0xF0 && c[i] < 0xF8 ? 4 : c[i] >= 0xE0 && c[i] < 0xF0 ? 3 : c[i] >= 0xC0 && c[i] < 0xE0 ? 2 : 1;
        Str list;
        str_init(&list, error->arena);
        for (size_t k = 0; k < shown && i + k < len; k++)
            str_addf(&list, "%s0x%02x", k ? " " : "", c[i + k]);
        return error_set(error, ERRCODE_CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\": %s", list.data);
    }
    return true;
}

/* ---- bool ---- */

/* Any unique beginning of a word stands for it. */
static const struct {
    const char *word;
    size_t least;
    bool value;
} BOOL_WORDS[] = {{"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false},
                  {"on", 2, true},   {"off", 2, false},   {"1", 1, true},   {"0", 1, false}};

bool boolean_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    const char *at = text;
    size_t left = len;
    while (left > 0 && is_space(*at))
        at++, left--;
    while (left > 0 && is_space(at[left - 1]))
        left--;
    for (size_t i = 0; i < COUNT_OF(BOOL_WORDS); i++) {
        const char *word = BOOL_WORDS[i].word;
        if (left < BOOL_WORDS[i].least || left > strlen(word))
            continue;
        size_t k = 0;
        while (k < left && to_lower(at[k]) == word[k])
            k++;
        if (k == left) {
            *out = value_bool(BOOL_WORDS[i].value);
            return true;
        }
    }
    return type_invalid(call, text, len);
}

bool boolean_output(const TypeCall *call, const Value *value, Str *out)
{
    str_addc(out, value->b ? 't' : 'f');
    return true;
}

bool boolean_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    *out = value_bool(binary_read_byte(&reader) != 0);
    return binary_read_end(&reader, call->error);
}

bool boolean_send(const TypeCall *call, const Value *value, Str *out)
{
    str_addc(out, value->b ? 1 : 0);
    return true;
}

/* ---- texts without and with a length ---- */

static bool keep(const TypeCall *call, const char *text, size_t len, Value *out)
{
    *out = value_text(arena_strndup(call->arena, text, len), len);
    return true;
}

bool text_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return keep(call, text, len, out);
}

/* A void holds nothing, whatever is read. */
bool void_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return keep(call, text, 0, out);
}

bool text_output(const TypeCall *call, const Value *value, Str *out)
{
    str_addn(out, value->s.ptr, value->s.len);
    return true;
}

bool text_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return utf8_check(bytes, len, call->error) && call->row->input(call, bytes, len, out);
}

bool text_send(const TypeCall *call, const Value *value, Str *out)
{
    return call->row->output(call, value, out);
}

/* One byte. The text of one that is no ASCII is a backslash and three octal digits, which is also how it is kept. */
static bool keep_byte(const TypeCall *call, unsigned char byte, Value *out)
{
    char *text = byte < 0x80 ? arena_strndup(call->arena, (char *)&byte, 1) : arena_printf(call->arena, "\\%03o", byte);
    *out = value_text(text, byte ? strlen(text) : 0);
    return true;
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

static unsigned char the_byte(const char *text, size_t len)
{
    if (len == 4 && text[0] == '\\' && is_octal(text[1]) && is_octal(text[2]) && is_octal(text[3]))
        return (unsigned char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
    return len ? (unsigned char)text[0] : 0;
}

bool char_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return keep_byte(call, the_byte(text, len), out);
}

bool char_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

/* The empty "char" is a zero byte. */
bool char_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    unsigned char byte = binary_read_byte(&reader);
    return binary_read_end(&reader, call->error) && keep_byte(call, byte, out);
}

bool char_send(const TypeCall *call, const Value *value, Str *out)
{
    str_addc(out, (char)the_byte(value->s.ptr, value->s.len));
    return true;
}

/* Names are cut at 63 bytes, not inside a character. */
bool name_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    if (len > NAME_BYTES) {
        len = NAME_BYTES;
        while (len > 0 && (text[len] & 0xC0) == 0x80)
            len--;
    }
    return keep(call, text, len, out);
}

bool name_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    if (!utf8_check(bytes, len, call->error))
        return false;
    if (len > NAME_BYTES) {
        error_set(call->error, ERRCODE_NAME_TOO_LONG, "identifier too long");
        return error_detail(call->error, "Identifier must be less than 64 characters.");
    }
    return keep(call, bytes, len, out);
}

/* What is too long may lose trailing spaces, nothing else. */
static bool fit(const TypeCall *call, const char *text, size_t *len, size_t limit)
{
    size_t kept = utf8_prefix(text, *len, limit);
    for (size_t i = kept; i < *len; i++)
        if (text[i] != ' ')
            return error_set(call->error, ERRCODE_STRING_DATA_RIGHT_TRUNCATION, "value too long for type %s(%zu)", call->row->name, limit);
    *len = kept;
    return true;
}

bool varchar_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    if (call->typmod >= VARHDR && !fit(call, text, &len, (size_t)call->typmod - VARHDR))
        return false;
    return keep(call, text, len, out);
}

bool varchar_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return utf8_check(bytes, len, call->error) && varchar_input(call, bytes, len, out);
}

bool bpchar_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    if (call->typmod < VARHDR)
        return keep(call, text, len, out);
    size_t limit = (size_t)call->typmod - VARHDR, chars = utf8_count(text, len);
    if (chars > limit)
        return fit(call, text, &len, limit) && keep(call, text, len, out);
    char *padded = arena_alloc(call->arena, len + (limit - chars) + 1);
    memcpy(padded, text, len);
    memset(padded + len, ' ', limit - chars);
    *out = value_text(padded, len + (limit - chars));
    return true;
}

bool bpchar_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    return utf8_check(bytes, len, call->error) && bpchar_input(call, bytes, len, out);
}

bool pseudo_output(const TypeCall *call, const Value *value, Str *out)
{
    return error_set(call->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot display a value of type %s", call->row->name);
}

bool pseudo_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return error_set(call->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot accept a value of type %s", call->row->name);
}
