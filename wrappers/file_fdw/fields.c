/*
 * fields.c - one line into fields, by COPY's rules for text and CSV.
 *
 * Invariants:
 *  1. The line itself is never written to: error contexts show it as it was read.
 *  2. A field that has nothing to take out points into the line; any other into scratch, which has room for the whole line and so never
 *     moves while one is split.
 *
 * One thread at a time a Fields.
 */
#include <stdlib.h>
#include <string.h>

#include "file_fdw.h"

void fields_free(Fields *fields)
{
    free(fields->items);
    free(fields->scratch);
}

void fields_reserve(Fields *fields, size_t count)
{
    if (count <= fields->capacity)
        return;
    fields->capacity = fields->capacity * 2 > count ? fields->capacity * 2 : count < 32 ? 32 : count;
    fields->items = realloc(fields->items, fields->capacity * sizeof *fields->items);
    if (!fields->items)
        abort();
}

static Field *add_field(Fields *fields)
{
    fields_reserve(fields, fields->count + 1);
    Field *field = &fields->items[fields->count++];
    *field = (Field){0};
    return field;
}

static void reserve_scratch(Fields *fields, size_t length)
{
    if (length <= fields->scratch_capacity)
        return;
    free(fields->scratch);
    fields->scratch_capacity = length * 2;
    fields->scratch = malloc(fields->scratch_capacity);
    if (!fields->scratch)
        abort();
}

static bool is_null_text(const CopyOptions *options, const char *bytes, size_t length)
{
    return length == options->null_length && memcmp(bytes, options->null, length) == 0;
}

/* ---- UTF-8 ---- */

/* Length of the well-formed character at `at`; 0: there is none. */
static int utf8_length(const unsigned char *at, const unsigned char *end)
{
    unsigned char lead = at[0];
    int length = lead < 0x80 ? 1 : lead >= 0xC2 && lead <= 0xDF ? 2 : (lead & 0xF0) == 0xE0 ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
    if (length == 0 || end - at < length)
        return 0;
    for (int i = 1; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    if ((lead == 0xE0 && at[1] < 0xA0) || (lead == 0xED && at[1] > 0x9F) || (lead == 0xF0 && at[1] < 0x90) ||
        (lead == 0xF4 && at[1] > 0x8F))
        return 0;
    return length;
}

/* How many bytes the lead byte announces: what PostgreSQL shows of a wrong sequence. */
static int announced_length(unsigned char lead)
{
    return lead >= 0xF0 && lead <= 0xF7 ? 4 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xC0 && lead <= 0xDF ? 2 : 1;
}

static bool fail_utf8(FdwCall *call, const unsigned char *at, const unsigned char *end)
{
    int length = announced_length(*at);
    if (length > end - at)
        length = (int)(end - at);
    char *shown = file_text(call, "%s", "0x00 0x00 0x00 0x00"), *out = shown;
    static const char DIGITS[] = "0123456789abcdef";
    for (int i = 0; i < length; i++) {
        out += i > 0;
        out[2] = DIGITS[at[i] >> 4];
        out[3] = DIGITS[at[i] & 15];
        out += 4;
    }
    *out = '\0';
    return file_fail(call, "22021", "invalid byte sequence for encoding \"UTF8\": %s", shown);
}

bool fields_check_utf8(FdwCall *call, const char *bytes, size_t length, size_t behind)
{
    const unsigned char *at = (const unsigned char *)bytes, *end = at + length;
    while (at < end) {
        uint64_t eight;
        /* Eight bytes at once while they are ASCII and none is zero. */
        if (end - at >= 8) {
            memcpy(&eight, at, 8);
            if (!(eight & UINT64_C(0x8080808080808080)) && !((eight - UINT64_C(0x0101010101010101)) & UINT64_C(0x8080808080808080))) {
                at += 8;
                continue;
            }
        }
        int step = *at ? utf8_length(at, end) : 0;
        if (step == 0)
            return fail_utf8(call, at, end + behind);
        at += step;
    }
    return true;
}

/* ---- text ---- */

static int octal_digit(char c)
{
    return c >= '0' && c <= '7' ? c - '0' : -1;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What stands for the bytes after a backslash at `at`; *used: how many of them. */
static char unescape(const char *at, const char *end, size_t *used)
{
    static const char LETTERS[] = "bfnrtv", MEANINGS[] = "\b\f\n\r\t\v";
    const char *letter = *at ? strchr(LETTERS, *at) : NULL;
    *used = 1;
    if (letter)
        return MEANINGS[letter - LETTERS];
    if (octal_digit(*at) >= 0) {
        int value = 0;
        for (*used = 0; *used < 3 && at + *used < end && octal_digit(at[*used]) >= 0; ++*used)
            value = value * 8 + octal_digit(at[*used]);
        return (char)value;
    }
    if (*at == 'x' && at + 1 < end && hex_digit(at[1]) >= 0) {
        int value = 0;
        for (*used = 1; *used < 3 && at + *used < end && hex_digit(at[*used]) >= 0; ++*used)
            value = value * 16 + hex_digit(at[*used]);
        return (char)value;
    }
    return *at;
}

/* A field with a backslash in it, into scratch from *to on. Returns where it ends. */
static const char *copy_escaped(const CopyOptions *options, const char *at, const char *end, char **to, bool *new_high_byte)
{
    while (at < end && *at != options->delimiter) {
        if (*at != '\\') {
            *(*to)++ = *at++;
            continue;
        }
        if (++at == end)
            break;
        size_t used;
        char c = unescape(at, end, &used);
        *new_high_byte = *new_high_byte || ((octal_digit(*at) >= 0 || used > 1) && ((unsigned char)c >= 0x80 || c == '\0'));
        *(*to)++ = c;
        at += used;
    }
    return at;
}

/* Where the field's raw text ends: at a delimiter that no backslash hides. */
static const char *raw_end(const CopyOptions *options, const char *at, const char *end, bool *has_escape)
{
    for (*has_escape = false; at < end && *at != options->delimiter; at++)
        if (*at == '\\') {
            *has_escape = true;
            if (at + 1 < end)
                at++;
        }
    return at;
}

static bool split_text(FdwCall *call, Fields *fields, const CopyOptions *options, const char *line, size_t length)
{
    const char *at = line, *end = line + length;
    char *to = fields->scratch;
    for (bool more = true; more;) {
        Field *field = add_field(fields);
        bool has_escape, check = false;
        const char *stop = raw_end(options, at, end, &has_escape);
        field->bytes = at;
        field->length = (size_t)(stop - at);
        field->is_null = is_null_text(options, at, field->length);
        if (has_escape && !field->is_null) {
            field->bytes = to;
            copy_escaped(options, at, end, &to, &check);
            field->length = (size_t)(to - field->bytes);
            if (check && !fields_check_utf8(call, field->bytes, field->length, 0))
                return false;
        }
        more = stop < end;
        at = stop + more;
    }
    return true;
}

/* ---- CSV ---- */

/* From a quote on: the quoted part into scratch. Returns what follows the closing quote; NULL: there is none. */
static const char *copy_quoted(const CopyOptions *options, const char *at, const char *end, char **to)
{
    for (at++; at < end; at++) {
        if (*at == options->escape && at + 1 < end && (at[1] == options->escape || at[1] == options->quote))
            at++;
        else if (*at == options->quote)
            return at + 1;
        *(*to)++ = *at;
    }
    return NULL;
}

/* A field that is quoted as a whole, with nothing to take out: it may stay where it is. NULL: it is not so plain. */
static const char *plain_quoted(const CopyOptions *options, const char *at, const char *end)
{
    if (at == end || *at != options->quote || options->escape != options->quote)
        return NULL;
    const char *close = memchr(at + 1, options->quote, (size_t)(end - at - 1));
    return close && (close + 1 == end || close[1] == options->delimiter) ? close : NULL;
}

static const char *split_field(const CopyOptions *options, Field *field, const char *at, const char *end, char **to)
{
    const char *stop = at, *close = plain_quoted(options, at, end);
    if (close) {
        *field = (Field){.bytes = at + 1, .length = (size_t)(close - at - 1), .was_quoted = true};
        return close + 1;
    }
    while (stop < end && *stop != options->delimiter && *stop != options->quote)
        stop++;
    field->bytes = at;
    field->length = (size_t)(stop - at);
    if (stop == end || *stop == options->delimiter)
        return stop;
    field->was_quoted = true;
    field->bytes = *to;
    memcpy(*to, at, field->length);
    *to += field->length;
    while (stop && stop < end && *stop != options->delimiter) {
        if (*stop == options->quote)
            stop = copy_quoted(options, stop, end, to);
        else
            *(*to)++ = *stop++;
    }
    field->length = (size_t)(*to - field->bytes);
    return stop;
}

static bool split_csv(FdwCall *call, Fields *fields, const CopyOptions *options, const char *line, size_t length)
{
    const char *at = line, *end = line + length;
    char *to = fields->scratch;
    for (bool more = true; more;) {
        Field *field = add_field(fields);
        const char *stop = split_field(options, field, at, end, &to);
        if (!stop)
            return file_fail(call, "22P04", "unterminated CSV quoted field");
        field->is_null = !field->was_quoted && is_null_text(options, field->bytes, field->length);
        more = stop < end;
        at = stop + more;
    }
    return true;
}

bool fields_split(FdwCall *call, Fields *fields, const CopyOptions *options, const char *line, size_t length)
{
    fields->count = 0;
    reserve_scratch(fields, length + 1);
    return options->format == FORMAT_CSV ? split_csv(call, fields, options, line, length) : split_text(call, fields, options, line, length);
}
