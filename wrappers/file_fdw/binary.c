/*
 * binary.c - COPY's binary format: a signature, flags, then rows of counted fields (PostgreSQL manual, COPY, "Binary Format").
 *
 * One thread at a time a scan.
 */
#include <string.h>

#include "file_fdw.h"

enum { CRITICAL_FLAGS = ~0xFFFF, END_MARK = -1 };

static const char SIGNATURE[11] = "PGCOPY\n\377\r\n";

/* Makes `count` bytes available at the source's start; *there false: the file ends before. */
static bool want(FdwCall *call, Source *source, size_t count, bool *there)
{
    while (source->end - source->start < count && !source->at_end)
        if (!source_fill(call, source))
            return false;
    *there = source->end - source->start >= count;
    return true;
}

/* A big-endian integer of 2 or 4 bytes. */
static bool read_integer(FdwCall *call, Source *source, size_t width, int32_t *out, bool *there)
{
    if (!want(call, source, width, there) || !*there)
        return !*there;
    const unsigned char *b = (const unsigned char *)source->buffer + source->start;
    *out = width == 2 ? (int16_t)(b[0] << 8 | b[1]) : (int32_t)((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]);
    source->start += width;
    return true;
}

static bool read_head(FdwCall *call, FdwScan *scan)
{
    Source *source = &scan->source;
    bool there;
    int32_t flags, extension;
    if (!want(call, source, sizeof SIGNATURE, &there))
        return false;
    if (!there || memcmp(source->buffer + source->start, SIGNATURE, sizeof SIGNATURE) != 0)
        return file_fail(call, "22P04", "COPY file signature not recognized");
    source->start += sizeof SIGNATURE;
    if (!read_integer(call, source, 4, &flags, &there))
        return false;
    if (!there)
        return file_fail(call, "22P04", "invalid COPY file header (missing flags)");
    if (flags & 1 << 16)
        return file_fail(call, "22P04", "invalid COPY file header (WITH OIDS)");
    if (flags & CRITICAL_FLAGS)
        return file_fail(call, "22P04", "unrecognized critical flags in COPY file header");
    if (!read_integer(call, source, 4, &extension, &there))
        return false;
    if (!there || extension < 0)
        return file_fail(call, "22P04", "invalid COPY file header (missing length)");
    if (!want(call, source, (size_t)extension, &there))
        return false;
    if (!there)
        return file_fail(call, "22P04", "invalid COPY file header (wrong length)");
    source->start += (size_t)extension;
    return true;
}

static bool fail_field(FdwCall *call, FdwScan *scan, const FileColumn *column, const char *message)
{
    file_fail(call, "22P04", "%s", message);
    return scan_context(call, scan, column, NULL);
}

static bool read_field(FdwCall *call, FdwScan *scan, FdwBatch *batch, const FileColumn *column)
{
    Source *source = &scan->source;
    int32_t length;
    bool there;
    if (!read_integer(call, source, 4, &length, &there))
        return false;
    if (!there)
        return fail_field(call, scan, column, "unexpected EOF in COPY data");
    FdwVector *vector = column->vector >= 0 ? &batch->vectors[column->vector] : NULL;
    if (length == -1) {
        if (vector)
            fdw_set_null(vector, batch->count);
        return true;
    }
    if (length < 0)
        return fail_field(call, scan, column, "invalid field size");
    if (!want(call, source, (size_t)length, &there))
        return false;
    if (!there)
        return fail_field(call, scan, column, "unexpected EOF in COPY data");
    const char *bytes = source->buffer + source->start;
    source->start += (size_t)length;
    if (!vector)
        return true;
    if (!column->column->binary) {
        file_fail(call, "0A000", "binary format is not supported for the type of column \"%s\"", column->column->name);
        return scan_context(call, scan, column, NULL);
    }
    return call->host->set_binary(call, vector, batch->count, column->column->binary, bytes, (size_t)length) ||
           scan_context(call, scan, column, NULL);
}

static bool check_end(FdwCall *call, FdwScan *scan)
{
    bool there;
    if (!want(call, &scan->source, 1, &there))
        return false;
    if (there)
        return fail_field(call, scan, NULL, "received copy data after EOF marker");
    return scan_next_file(call, scan);
}

static bool read_row(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    int32_t count;
    bool there = false;
    if (scan->lines.number == 0 && !read_head(call, scan))
        return false;
    scan->lines.number++;
    if (!read_integer(call, &scan->source, 2, &count, &there))
        return false;
    if (!there)
        return scan_next_file(call, scan);
    if (count == END_MARK)
        return check_end(call, scan);
    if (count != (int32_t)scan->ncolumns) {
        file_fail(call, "22P04", "row field count is %d, expected %d", (int)count, (int)scan->ncolumns);
        return scan_context(call, scan, NULL, NULL);
    }
    for (size_t i = 0; i < scan->ncolumns; i++)
        if (!read_field(call, scan, batch, &scan->columns[i]))
            return false;
    scan_end_row(scan, batch);
    scan->rows_left -= scan->rows_left > 0;
    return true;
}

bool binary_scan_next(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    while (!scan->at_end && scan->rows_left != 0 && batch->count < batch->capacity)
        if (!read_row(call, scan, batch))
            return false;
    return true;
}
