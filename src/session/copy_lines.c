/*
 * copy_lines.c - COPY FROM's text and csv formats: lines, and their fields (PostgreSQL manual, COPY, File Formats).
 *
 * Invariants:
 *  1. The first line's end decides which ends the text has; any other outside quotes is an error. Pieces may be cut anywhere.
 *  2. Each byte is looked at once, however many pieces its line comes in.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/copy.h"
#include "type/utf8.h"

void copy_add_text(CopyLines *lines, const char *bytes, size_t len)
{
    if (lines->at && lines->at == lines->pending.len) {
        str_reset(&lines->pending);
        lines->at = 0;
    } else if (lines->at > 65536) {
        memmove(lines->pending.data, lines->pending.data + lines->at, lines->pending.len - lines->at);
        lines->pending.len -= lines->at;
        lines->at = 0;
    }
    str_addn(&lines->pending, bytes, len);
}

/* ---- lines ---- */

/* The byte there; '\0' beyond the end of the text. */
static char byte_at(const CopyLines *lines, size_t i)
{
    return i < lines->pending.len ? lines->pending.data[i] : '\0';
}

static void walk_quotes(CopyLines *lines, char c)
{
    char quote = lines->options->quote[0], escape = lines->options->escape[0];
    bool escapes = escape != quote;
    if (escapes && lines->in_quote && c == escape)
        lines->was_escape = !lines->was_escape;
    if (c == quote && !lines->was_escape)
        lines->in_quote = !lines->in_quote;
    if (!escapes || c != escape)
        lines->was_escape = false;
    if (lines->in_quote && c == (lines->line_end == COPY_END_LF ? '\n' : '\r'))
        lines->inside++;
}

static bool fail_end(const CopyLines *lines, char found, Error *error)
{
    const char *name = found == '\n' ? "newline" : "carriage return";
    if (lines->options->format == COPY_CSV) {
        error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT, "unquoted %s found in data", name);
        return error_hint(error, "Use quoted CSV field to represent %s.", name);
    }
    error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT, "literal %s found in data", name);
    return error_hint(error, "Use \"%s\" to represent %s.", found == '\n' ? "\\n" : "\\r", name);
}

/* A line end at i. The first one says how all lines end. */
static bool check_end(CopyLines *lines, size_t i, size_t *width, Error *error)
{
    char c = byte_at(lines, i);
    bool may_be_two = lines->line_end == COPY_END_UNKNOWN || lines->line_end == COPY_END_CRLF;
    CopyLineEnd kind = c == '\n' ? COPY_END_LF : may_be_two && byte_at(lines, i + 1) == '\n' ? COPY_END_CRLF : COPY_END_CR;
    if (lines->line_end != COPY_END_UNKNOWN && lines->line_end != kind)
        return fail_end(lines, c, error);
    lines->line_end = kind;
    *width = kind == COPY_END_CRLF ? 2 : 1;
    return true;
}

/* Backslash and dot at i, and something behind them. *ends: they end the data; in csv they may just stand there. */
static bool check_marker(const CopyLines *lines, size_t i, bool *ends, Error *error)
{
    bool csv = lines->options->format == COPY_CSV;
    char c = byte_at(lines, i + 2);
    bool two = c == '\r' && byte_at(lines, i + 3) == '\n' && lines->line_end != COPY_END_CR;
    CopyLineEnd found = two ? COPY_END_CRLF : c == '\n' ? COPY_END_LF : COPY_END_CR;
    *ends = c == '\n' || c == '\r';
    if (!*ends)
        return csv || error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT, "end-of-copy marker corrupt");
    if (lines->line_end == COPY_END_UNKNOWN || lines->line_end == found)
        return true;
    *ends = false;
    return csv || error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT, "end-of-copy marker does not match previous newline style");
}

/* Goes on with the line until its end: `width` bytes long, 0 at the text's end. *whole false: more has to come. */
static bool find_end(CopyLines *lines, bool *whole, size_t *width, Error *error)
{
    enum { LONGEST_MARKER = 4, MAX_LINE = 0x3fffffff };
    bool csv = lines->options->format == COPY_CSV;
    *width = 0;
    for (size_t i; *whole = true, (i = lines->at + lines->scanned) < lines->pending.len; lines->scanned++) {
        char c = byte_at(lines, i);
        if ((c == '\\' || c == '\r') && !lines->at_end && i + LONGEST_MARKER > lines->pending.len)
            break;
        if (csv)
            walk_quotes(lines, c);
        if ((c == '\n' || c == '\r') && !lines->in_quote)
            return check_end(lines, i, width, error);
        if (c != '\\' || (csv && lines->scanned))
            continue;
        if (byte_at(lines, i + 1) == '.' && i + 2 < lines->pending.len) {
            if (!check_marker(lines, i, &lines->finished, error) || lines->finished)
                return !error_is_set(error);
        } else if (!csv) {
            lines->scanned++; /* what it hides */
        }
    }
    size_t length = lines->pending.len - lines->at;
    lines->scanned = lines->scanned < length ? lines->scanned : length;
    *whole = lines->at_end;
    if (length <= MAX_LINE)
        return true;
    error_set(error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "out of memory");
    return error_detail(error, "Cannot enlarge string buffer containing %zu bytes.", length);
}

bool copy_next_line(CopyLines *lines, const char **line, size_t *len, Error *error)
{
    bool whole;
    size_t width;
    *line = NULL;
    if (lines->finished)
        return true;
    if (!find_end(lines, &whole, &width, error)) {
        lines->number += 1 + lines->inside;
        return false;
    }
    if (!whole || (!width && !lines->scanned))
        return true;
    *line = lines->pending.data + lines->at;
    *len = lines->scanned;
    lines->at += lines->scanned + width;
    lines->number += 1 + lines->inside;
    lines->scanned = 0;
    lines->inside = 0;
    lines->in_quote = lines->was_escape = false;
    return true;
}

/* ---- fields ---- */

static int digit(char c, int base)
{
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
    return value < base ? value : -1;
}

/* What follows a backslash; gives how many bytes it took. *by_number: one of the result was given so that may be no part of a text. */
static size_t unescape(const char *text, size_t len, Str *out, bool *by_number)
{
    static const char CODES[] = "b\bf\fn\nr\rt\tv\v";
    for (size_t i = 0; i < sizeof CODES - 1; i += 2)
        if (CODES[i] == text[0]) {
            str_addc(out, CODES[i + 1]);
            return 1;
        }
    int base = text[0] == 'x' ? 16 : 8, value = 0;
    size_t at = base == 16 ? 1 : 0, first = at, most = at + (base == 16 ? 2 : 3);
    while (at < len && at < most && digit(text[at], base) >= 0)
        value = value * base + digit(text[at++], base);
    if (at == first) {
        str_addc(out, text[0]);
        return 1;
    }
    str_addc(out, (char)(value & 0xFF));
    *by_number |= (value & 0x80) || !(value & 0xFF);
    return at;
}

static bool split_text(const CopyLines *lines, const char *line, size_t len, Arena *arena, CopyField *fields, size_t most, size_t *count,
                       Error *error)
{
    const CopyOptions *o = lines->options;
    size_t null_len = strlen(o->null), at = 0;
    for (*count = 0;; ++*count) {
        Str field;
        size_t start = at;
        bool by_number = false;
        str_init(&field, arena);
        while (at < len && line[at] != o->delimiter[0]) {
            if (line[at] != '\\')
                str_addc(&field, line[at++]);
            else if (++at < len)
                at += unescape(line + at, len - at, &field, &by_number);
        }
        if (by_number && !utf8_check(field.data, field.len, error))
            return false;
        bool is_null = at - start == null_len && memcmp(line + start, o->null, null_len) == 0;
        if (*count < most)
            fields[*count] = (CopyField){is_null ? NULL : field.data ? field.data : "", field.len};
        if (at >= len)
            break;
        at++;
    }
    ++*count;
    return true;
}

/* One field of csv; *quoted: some of it was. */
static bool take_csv(const CopyOptions *o, const char *line, size_t len, size_t *at, Str *field, bool *quoted, Error *error)
{
    char quote = o->quote[0], escape = o->escape[0];
    bool inside = false;
    for (; *at < len; ++*at) {
        char c = line[*at];
        if (!inside && c == o->delimiter[0])
            return true;
        if (inside && c == escape && *at + 1 < len && (line[*at + 1] == escape || line[*at + 1] == quote)) {
            str_addc(field, line[++*at]);
        } else if (c == quote) {
            inside = !inside;
            *quoted = true;
        } else {
            str_addc(field, c);
        }
    }
    return !inside || error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
}

static bool split_csv(const CopyLines *lines, const char *line, size_t len, Arena *arena, CopyField *fields, size_t most, size_t *count,
                      Error *error)
{
    const CopyOptions *o = lines->options;
    size_t null_len = strlen(o->null), at = 0;
    for (*count = 0;; ++*count) {
        Str field;
        bool quoted = false;
        str_init(&field, arena);
        if (!take_csv(o, line, len, &at, &field, &quoted, error))
            return false;
        bool is_null = field.len == null_len && (!null_len || memcmp(field.data, o->null, null_len) == 0);
        if (*count < most) {
            is_null = is_null && (quoted ? lines->force_null[*count] : !lines->force_not_null[*count]);
            fields[*count] = (CopyField){is_null ? NULL : field.data ? field.data : "", field.len};
        }
        if (at >= len)
            break;
        at++;
    }
    ++*count;
    return true;
}

bool copy_split(const CopyLines *lines, const char *line, size_t len, Arena *arena, CopyField *fields, size_t most, size_t *count,
                Error *error)
{
    if (!most) { /* a table without columns takes empty lines */
        *count = len ? 1 : 0;
        return true;
    }
    return lines->options->format == COPY_CSV ? split_csv(lines, line, len, arena, fields, most, count, error)
                                              : split_text(lines, line, len, arena, fields, most, count, error);
}
