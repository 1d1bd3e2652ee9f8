/*
 * copy_lines.c - COPY FROM's text and csv formats: lines, and their fields (PostgreSQL manual, COPY, File Formats).
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/copy.h"

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

/* Where the line ends: quotes hold line ends, in csv; a backslash takes what follows, in text. */
static bool find_end(CopyLines *lines, size_t *end, int64_t *inside)
{
    const CopyOptions *o = lines->options;
    const char *data = lines->pending.data;
    bool csv = o->format == COPY_CSV, quoted = false;
    char quote = csv ? o->quote[0] : 0, escape = csv && o->escape[0] != quote ? o->escape[0] : 0;
    *inside = 0;
    for (size_t i = lines->at; i < lines->pending.len; i++) {
        char c = data[i];
        if (csv && quoted && escape && c == escape && i + 1 < lines->pending.len)
            i++;
        else if (csv && c == quote)
            quoted = !quoted;
        else if (!csv && c == '\\' && i + 1 < lines->pending.len)
            i++;
        else if (c == '\n' && quoted)
            ++*inside;
        else if (c == '\n' || (c == '\r' && !quoted && (i + 1 == lines->pending.len || data[i + 1] != '\n'))) {
            *end = i;
            return true;
        }
    }
    *end = lines->pending.len;
    *inside = 0;
    return false;
}

bool copy_next_line(CopyLines *lines, const char **line, size_t *len)
{
    size_t end;
    int64_t inside;
    if (lines->finished || lines->at >= lines->pending.len || (!find_end(lines, &end, &inside) && !lines->at_end))
        return false;
    *line = lines->pending.data + lines->at;
    *len = end - lines->at;
    lines->at = end + 1 < lines->pending.len ? end + 1 : lines->pending.len;
    if (*len && (*line)[*len - 1] == '\r')
        --*len;
    lines->finished = *len == 2 && memcmp(*line, "\\.", 2) == 0;
    lines->number += lines->finished ? 0 : 1 + inside;
    return !lines->finished;
}

/* ---- fields ---- */

static int digit(char c, int base)
{
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
    return value < base ? value : -1;
}

/* What follows a backslash; gives how many bytes it took. */
static size_t unescape(const char *text, size_t len, Str *out)
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
    return at;
}

static bool split_text(const CopyLines *lines, const char *line, size_t len, Arena *arena, CopyField *fields, size_t most, size_t *count)
{
    const CopyOptions *o = lines->options;
    size_t null_len = strlen(o->null), at = 0;
    for (*count = 0;; ++*count) {
        Str field;
        size_t start = at;
        str_init(&field, arena);
        while (at < len && line[at] != o->delimiter[0]) {
            if (line[at] == '\\' && at + 1 < len)
                at += 1 + unescape(line + at + 1, len - at - 1, &field);
            else
                str_addc(&field, line[at++]);
        }
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
                                              : split_text(lines, line, len, arena, fields, most, count);
}
