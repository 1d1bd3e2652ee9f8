/*
 * quick.c - a plain line and its fields in one pass over its bytes, 16 at a time.
 *
 * Invariant: a line is taken only when lines.c and fields.c would take the same line and the same fields: it is wholly buffered, ends in
 * the line feed that the file's lines end in, and has no quote (csv), no backslash (text; csv: at its beginning) and no carriage return.
 *
 * One thread at a time a Lines.
 */
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "file_fdw.h"

/* A block may begin at the last byte of a buffer. */
enum { QUICK_BLOCK = SOURCE_PADDING };

/* One bit a byte of a block. */
typedef struct Marks {
    unsigned delimiters, line_feeds, specials, others; /* others: no ASCII, or zero */
} Marks;

#ifdef __SSE2__
static unsigned equal(__m128i block, char c)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(c)));
}

static Marks mark(const char *bytes, char delimiter, char special)
{
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    return (Marks){.delimiters = equal(block, delimiter),
                   .line_feeds = equal(block, '\n'),
                   .specials = equal(block, special) | equal(block, '\r'),
                   .others = (unsigned)_mm_movemask_epi8(block) | equal(block, '\0')};
}
#else
static Marks mark(const char *bytes, char delimiter, char special)
{
    Marks marks = {0};
    for (int i = 0; i < QUICK_BLOCK; i++) {
        marks.delimiters |= (unsigned)(bytes[i] == delimiter) << i;
        marks.line_feeds |= (unsigned)(bytes[i] == '\n') << i;
        marks.specials |= (unsigned)(bytes[i] == special || bytes[i] == '\r') << i;
        marks.others |= (unsigned)((signed char)bytes[i] <= 0) << i;
    }
    return marks;
}
#endif

static void put_field(Fields *fields, const CopyOptions *options, const char *begin, const char *end)
{
    size_t length = (size_t)(end - begin);
    fields_reserve(fields, fields->count + 1);
    fields->items[fields->count++] =
        (Field){.bytes = begin, .length = length, .is_null = length == options->null_length && memcmp(begin, options->null, length) == 0};
}

static void take(Lines *lines, const char *end)
{
    Source *source = lines->source;
    lines->line = source->buffer + source->start;
    lines->length = (size_t)(end - lines->line);
    lines->is_valid = true;
    lines->number++;
    source->start += lines->length + 1;
}

bool quick_row(Lines *lines, Fields *fields, bool *is_ascii)
{
    const Source *source = lines->source;
    const CopyOptions *options = lines->options;
    const char *at = source->buffer + source->start, *end = source->buffer + source->end, *field = at;
    bool csv = options->format == FORMAT_CSV;
    if (lines->at_end || lines->line_end != LINE_END_LF || at == end || (csv && *at == '\\'))
        return false;
    char special = csv ? options->quote : '\\';
    unsigned others = 0;
    for (fields->count = 0; at < end; at += QUICK_BLOCK) {
        Marks marks = mark(at, options->delimiter, special);
        unsigned before = marks.line_feeds ? (marks.line_feeds & -marks.line_feeds) - 1 : ~0u;
        if (marks.specials & before)
            return false;
        others |= marks.others & before;
        for (unsigned left = marks.delimiters & before; left; left &= left - 1) {
            const char *stop = at + __builtin_ctz(left);
            put_field(fields, options, field, stop);
            field = stop + 1;
        }
        if (!marks.line_feeds)
            continue;
        const char *stop = at + __builtin_ctz(marks.line_feeds);
        if (stop >= end)
            return false;
        put_field(fields, options, field, stop);
        take(lines, stop);
        *is_ascii = !others;
        return true;
    }
    return false;
}
