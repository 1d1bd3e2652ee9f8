/*
 * lines.c - lines of COPY's text and CSV formats.
 *
 * Invariants:
 *  1. The first line's end decides which ends the file has; any other outside quotes is an error, as in COPY.
 *  2. A line is whole in the source's buffer; it stays there until the next one is asked for.
 *  3. The quick way (next_plain) takes a line only when the careful one (next_careful) would take the same.
 *
 * One thread at a time a Lines.
 */
#include <string.h>

#include "file_fdw.h"

static bool is_csv(const Lines *lines)
{
    return lines->options->format == FORMAT_CSV;
}

/* Makes sure that byte `at` (counted from the line's start) is buffered; *there false: the file ends before it. */
static bool want_byte(FdwCall *call, Lines *lines, size_t at, bool *there)
{
    Source *source = lines->source;
    while (source->start + at >= source->end && !source->at_end)
        if (!source_fill(call, source))
            return false;
    *there = source->start + at < source->end;
    return true;
}

static bool fail_line_end(FdwCall *call, const Lines *lines, char found)
{
    const char *name = found == '\n' ? "newline" : "carriage return";
    FdwError error = {.sqlstate = "22P04"};
    if (is_csv(lines)) {
        error.message = file_text(call, "unquoted %s found in data", name);
        error.hint = file_text(call, "Use quoted CSV field to represent %s.", name);
    } else {
        error.message = file_text(call, "literal %s found in data", name);
        error.hint = file_text(call, "Use \"%s\" to represent %s.", found == '\n' ? "\\n" : "\\r", name);
    }
    return call->host->fail(call, &error);
}

static void take_line(Lines *lines, size_t length, size_t consumed)
{
    lines->line = lines->source->buffer + lines->source->start;
    lines->length = length;
    lines->is_valid = true;
    lines->source->start += consumed;
}

/* ---- the careful way: a byte at a time ---- */

typedef struct Walk {
    size_t at; /* from the line's start */
    bool in_quote, last_was_escape;
    bool done;
} Walk;

/* A line end at walk->at, which `found` is the first byte of. */
static bool end_line(FdwCall *call, Lines *lines, Walk *walk, char found)
{
    const LineEnd known = lines->line_end;
    size_t width = 1;
    LineEnd kind = found == '\n' ? LINE_END_LF : LINE_END_CR;
    if (found == '\r' && (known == LINE_END_UNKNOWN || known == LINE_END_CRLF)) {
        bool there;
        if (!want_byte(call, lines, walk->at + 1, &there))
            return false;
        if (there && lines->source->buffer[lines->source->start + walk->at + 1] == '\n') {
            kind = LINE_END_CRLF;
            width = 2;
        }
    }
    if (known != LINE_END_UNKNOWN && known != kind)
        return fail_line_end(call, lines, found);
    lines->line_end = kind;
    take_line(lines, walk->at, walk->at + width);
    walk->done = true;
    return true;
}

/* The bytes after backslash and dot: do they end the line? *ends then; a text file must not go on otherwise. */
static bool check_marker_end(FdwCall *call, const Lines *lines, const char *after, size_t count, bool *ends)
{
    *ends = count > 0 && (after[0] == '\n' || after[0] == '\r');
    if (!*ends)
        return is_csv(lines) || file_fail(call, "22P04", "end-of-copy marker corrupt");
    bool crlf = count > 1 && after[0] == '\r' && after[1] == '\n';
    LineEnd found = crlf ? LINE_END_CRLF : after[0] == '\n' ? LINE_END_LF : LINE_END_CR;
    if (lines->line_end == LINE_END_UNKNOWN || lines->line_end == found)
        return true;
    /* Asked byte by byte, as PostgreSQL does: where lines end in both, a line feed alone makes the marker data. */
    if (is_csv(lines) && lines->line_end == LINE_END_CRLF && after[0] == '\n') {
        *ends = false;
        return true;
    }
    return file_fail(call, "22P04", "end-of-copy marker does not match previous newline style");
}

/* A backslash at walk->at: an end-of-copy marker, or the start of an escape that hides the next byte. */
static bool walk_backslash(FdwCall *call, Lines *lines, Walk *walk)
{
    bool there, more;
    if (!want_byte(call, lines, walk->at + 1, &there))
        return false;
    Source *source = lines->source;
    if (!there || source->buffer[source->start + walk->at + 1] != '.') {
        walk->at += is_csv(lines) || !there ? 1 : 2;
        return true;
    }
    if (!want_byte(call, lines, walk->at + 3, &more))
        return false;
    size_t after = source->start + walk->at + 2;
    bool ends;
    if (!check_marker_end(call, lines, source->buffer + after, after < source->end ? source->end - after : 0, &ends))
        return false;
    if (!ends) {
        walk->at += 1;
        return true;
    }
    /* What stands before the marker is a line, and reading goes on behind it; at a line's start it ends all. */
    size_t length = walk->at;
    if (length > 0) {
        take_line(lines, length, length + (lines->line_end == LINE_END_CRLF ? 4 : 3));
        walk->done = true;
        return true;
    }
    take_line(lines, length, length);
    source->end = source->start;
    source->at_end = true;
    source->was_cut = true;
    lines->at_end = true;
    walk->done = true;
    return true;
}

static void walk_quotes(const Lines *lines, Walk *walk, char c)
{
    const CopyOptions *options = lines->options;
    bool escapes = options->escape != options->quote;
    if (escapes && walk->in_quote && c == options->escape)
        walk->last_was_escape = !walk->last_was_escape;
    if (c == options->quote && !walk->last_was_escape)
        walk->in_quote = !walk->in_quote;
    if (!escapes || c != options->escape)
        walk->last_was_escape = false;
}

static bool next_careful(FdwCall *call, Lines *lines)
{
    Walk walk = {0};
    while (!walk.done) {
        bool there;
        if (!want_byte(call, lines, walk.at, &there))
            return false;
        if (!there) {
            lines->at_end = walk.at == 0;
            take_line(lines, walk.at, walk.at);
            return true;
        }
        char c = lines->source->buffer[lines->source->start + walk.at];
        if (is_csv(lines))
            walk_quotes(lines, &walk, c);
        if ((c == '\n' || c == '\r') && !walk.in_quote) {
            if (!end_line(call, lines, &walk, c))
                return false;
        } else if (c == '\\' && (!is_csv(lines) || walk.at == 0)) {
            if (!walk_backslash(call, lines, &walk))
                return false;
        } else {
            if (walk.in_quote && c == (lines->line_end == LINE_END_LF ? '\n' : '\r'))
                lines->number++;
            walk.at++;
        }
    }
    return true;
}

/* ---- the quick way ---- */

static bool has_odd_count(const char *bytes, size_t length, char wanted)
{
    bool odd = false;
    const char *end = bytes + length;
    for (const char *at = bytes; (at = memchr(at, wanted, (size_t)(end - at))); at++)
        odd = !odd;
    return odd;
}

/* Takes the line when it is wholly buffered, ends in a line feed, and has nothing in it that needs care. */
static bool next_plain(Lines *lines)
{
    Source *source = lines->source;
    const CopyOptions *options = lines->options;
    if (lines->line_end != LINE_END_LF || source->start == source->end)
        return false;
    char *begin = source->buffer + source->start;
    bool csv = is_csv(lines);
    if (csv && (options->escape != options->quote || *begin == '\\'))
        return false;
    size_t left = source->end - source->start;
    char *end = memchr(begin, '\n', left);
    if (!end || memchr(begin, '\r', (size_t)(end - begin)))
        return false;
    size_t length = (size_t)(end - begin);
    if (csv ? has_odd_count(begin, length, options->quote) : memchr(begin, '\\', length) != NULL)
        return false;
    take_line(lines, length, length + 1);
    return true;
}

/* ---- lines of JSON: they end in a line feed, and blank ones count for nothing ---- */

static bool next_json(FdwCall *call, Lines *lines)
{
    Source *source = lines->source;
    size_t searched = 0;
    char *end = NULL;
    while (!end) {
        char *begin = source->buffer + source->start;
        size_t left = source->end - source->start;
        end = memchr(begin + searched, '\n', left - searched);
        searched = left;
        if (!end && source->at_end) {
            lines->at_end = left == 0;
            take_line(lines, left, left);
            return true;
        }
        if (!end && !source_fill(call, source))
            return false;
    }
    size_t length = (size_t)(end - source->buffer) - source->start;
    take_line(lines, length, length + 1);
    return true;
}

static bool is_blank(const Lines *lines)
{
    size_t i = 0;
    while (i < lines->length && memchr(" \t\r\n", lines->line[i], 4))
        i++;
    return i == lines->length;
}

bool lines_next(FdwCall *call, Lines *lines)
{
    if (lines->at_end)
        return true;
    lines->number++;
    lines->is_valid = false;
    while (lines->options->format == FORMAT_JSON) {
        if (!next_json(call, lines))
            return false;
        if (lines->at_end || !is_blank(lines))
            return true;
        lines->number++;
    }
    if (next_plain(lines))
        return true;
    Source *source = lines->source;
    if (source->start == source->end || !memchr(source->buffer + source->start, '\n', source->end - source->start)) {
        if (!source->at_end && !source_fill(call, source))
            return false;
        if (next_plain(lines))
            return true;
    }
    return next_careful(call, lines);
}
