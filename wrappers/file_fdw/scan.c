/*
 * scan.c - a file's or program's rows into batches.
 *
 * Invariants:
 *  1. Line numbers in error contexts are the file's, whichever part the line is in.
 *  2. Columns that are not asked for are not converted; when none is, all are (PostgreSQL's file_fdw does so).
 *
 * One thread at a time a scan.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_fdw.h"

enum { CHUNK_BYTES = 1 << 20, SHOWN_BYTES = 100 };

/* ---- error contexts ---- */

/* Lines of the file before the part: counted only when an error needs it. */
static int64_t lines_before(const FdwScan *scan)
{
    int64_t lines = 0;
    int fd = scan->first > 0 ? open(scan->source.name, O_RDONLY | O_CLOEXEC) : -1;
    char *buffer = fd >= 0 ? malloc(CHUNK_BYTES) : NULL;
    for (int64_t at = 0; buffer && at < scan->first;) {
        int64_t left = scan->first - at;
        ssize_t got = pread(fd, buffer, left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES, at);
        if (got <= 0)
            break;
        for (char *c = buffer; (c = memchr(c, '\n', (size_t)(buffer + got - c))); c++)
            lines++;
        at += got;
    }
    free(buffer);
    if (fd >= 0)
        close(fd);
    return lines;
}

/* At most SHOWN_BYTES, cut at a character. */
static const char *shown(FdwCall *call, const char *bytes, size_t length)
{
    if (length <= SHOWN_BYTES)
        return file_text(call, "%.*s", (int)length, bytes);
    size_t end = SHOWN_BYTES;
    while (end > 0 && ((unsigned char)bytes[end] & 0xC0) == 0x80)
        end--;
    return file_text(call, "%.*s...", (int)end, bytes);
}

bool scan_context(FdwCall *call, FdwScan *scan, const FileColumn *column, const Field *field)
{
    const char *among = scan->files.count > 1 ? file_text(call, ", file \"%s\"", scan->source.name) : "";
    const char *place =
        file_text(call, "COPY %s%s, line %lld", scan->spec->table->name, among, (long long)(scan->lines.number + lines_before(scan)));
    if (column && field && !field->is_null)
        place = file_text(call, "%s, column %s: \"%s\"", place, column->column->name, shown(call, field->bytes, field->length));
    else if (column && field)
        place = file_text(call, "%s, column %s: null input", place, column->column->name);
    else if (column)
        place = file_text(call, "%s, column %s", place, column->column->name);
    else if (scan->lines.is_valid)
        place = file_text(call, "%s: \"%s\"", place, shown(call, scan->lines.line, scan->lines.length));
    return call->host->add_context(call, place);
}

/* ---- opening ---- */

static void choose_columns(FdwCall *call, FdwScan *scan)
{
    const FdwScanSpec *spec = scan->spec;
    scan->columns = call->host->alloc(call, (spec->table->ncolumns + 1) * sizeof *scan->columns);
    scan->absent = call->host->alloc(call, (spec->ncolumns + 1) * sizeof *scan->absent);
    for (size_t i = 0; i < spec->table->ncolumns; i++) {
        const FdwColumn *column = &spec->table->columns[i];
        if (!column->name)
            continue;
        if (column->is_generated) {
            for (size_t j = 0; j < spec->ncolumns; j++)
                if (spec->projection[j] == i)
                    scan->absent[scan->nabsent++] = j;
            continue;
        }
        FileColumn *out = &scan->columns[scan->ncolumns++];
        *out = (FileColumn){.column = column, .name = file_column_name(column), .vector = -1, .convert = convert_choose(&column->type)};
        out->force_not_null = file_option_bool(&column->options, "force_not_null");
        out->force_null = file_option_bool(&column->options, "force_null");
        for (size_t j = 0; j < spec->ncolumns; j++)
            if (spec->projection[j] == i)
                out->vector = (int)j;
    }
    scan->check_all = spec->ncolumns == 0;
}

static bool check_forces(FdwCall *call, const FdwScan *scan)
{
    bool csv = scan->options.format == FORMAT_CSV;
    for (size_t i = 0; i < scan->ncolumns && !csv; i++) {
        if (scan->columns[i].force_not_null)
            return file_fail(call, "0A000", "COPY force not null available only in CSV mode");
        if (scan->columns[i].force_null)
            return file_fail(call, "0A000", "COPY force null available only in CSV mode");
    }
    return true;
}

/* One-row vectors that take the values of columns nobody asked for. */
static void make_checkers(FdwCall *call, FdwScan *scan)
{
    scan->checkers = call->host->alloc(call, (scan->ncolumns + 1) * sizeof *scan->checkers);
    for (size_t i = 0; i < scan->ncolumns; i++) {
        FdwVector *vector = &scan->checkers[i];
        vector->type = scan->columns[i].column->type;
        vector->data = call->host->alloc(call, sizeof(FdwString) * 2);
        vector->validity = call->host->alloc(call, sizeof(uint64_t));
    }
}

/* The file number scan->file, or the program, from its beginning but for a part's range. */
static bool open_source(FdwCall *call, FdwScan *scan, int64_t first, int64_t last)
{
    const CopyOptions *options = &scan->options;
    scan->opened = true;
    scan->first = first;
    scan->lines = (Lines){.source = &scan->source, .options = options};
    scan->head_done = first > 0 || options->header == HEADER_NONE;
    if (first > 0)
        scan->lines.line_end = LINE_END_LF;
    if (options->program)
        return source_open_program(call, &scan->source, options->program, options->encoding);
    return source_open_file(call, &scan->source, scan->files.names[scan->file], options->encoding, first, last);
}

/* A part is a share of several files (file_split), or a range of one. */
static bool choose_files(FdwCall *call, FdwScan *scan, const FdwPart *part)
{
    if (scan->options.program)
        return true;
    if (!files_expand(call, scan->options.filename, &scan->files))
        return false;
    if (part && part->last < WHOLE_FILE)
        files_share(&scan->files, (size_t)part->first, (size_t)(WHOLE_FILE - part->last));
    else if (part && (part->first > 0 || part->last != WHOLE_FILE) && scan->files.count > 1)
        return file_fail(call, "58030", "the files that match \"%s\" have changed while they were read", scan->options.filename);
    return true;
}

static bool open_parts(FdwCall *call, FdwConnection *connection, FdwScan *scan, const FdwPart *part)
{
    if (!choose_files(call, scan, part))
        return false;
    if (scan->options.format == FORMAT_PARQUET)
        return (scan->parquet = parquet_open(call, connection, scan->spec, &scan->files)) != NULL;
    choose_columns(call, scan);
    if (scan->options.format == FORMAT_JSON)
        scan->json = json_open(call, scan);
    if (scan->check_all)
        make_checkers(call, scan);
    scan->at_end = !scan->options.program && scan->files.count == 0;
    bool is_range = part && part->last >= WHOLE_FILE;
    return check_forces(call, scan) &&
           (scan->at_end || open_source(call, scan, is_range ? part->first : 0, is_range ? part->last : WHOLE_FILE));
}

FdwScan *file_scan_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const FdwPart *part)
{
    FdwScan *scan = call->host->alloc(call, sizeof *scan);
    scan->spec = spec;
    scan->source.fd = -1;
    scan->rows_left = spec->limit;
    if (file_table_options(call, spec->table, &scan->options) && open_parts(call, connection, scan, part))
        return scan;
    file_scan_close(scan);
    return NULL;
}

void file_scan_close(FdwScan *scan)
{
    if (scan->opened)
        source_close(&scan->source);
    json_close(scan->json);
    parquet_close(scan->parquet);
    fields_free(&scan->fields);
}

/* ---- rows ---- */

static bool check_line(FdwCall *call, FdwScan *scan)
{
    const char *end = scan->lines.line + scan->lines.length;
    size_t behind = (size_t)(scan->source.buffer + scan->source.end - end);
    if (!fields_check_utf8(call, scan->lines.line, scan->lines.length, behind)) {
        scan->lines.is_valid = false;
        return scan_context(call, scan, NULL, NULL);
    }
    return true;
}

static bool next_line(FdwCall *call, FdwScan *scan)
{
    if (!lines_next(call, &scan->lines))
        return scan_context(call, scan, NULL, NULL);
    return scan->lines.at_end || check_line(call, scan);
}

static bool split_line(FdwCall *call, FdwScan *scan)
{
    const char *line = scan->lines.line;
    size_t length = scan->lines.length;
    bool ok = scan->json ? json_split(call, scan->json, line, length) : fields_split(call, &scan->fields, &scan->options, line, length);
    return ok || scan_context(call, scan, NULL, NULL);
}

static bool match_header(FdwCall *call, FdwScan *scan)
{
    if (scan->lines.at_end) {
        scan->lines.line = "";
        scan->lines.length = 0;
        scan->lines.is_valid = true;
    }
    if (!split_line(call, scan))
        return false;
    if (scan->fields.count != scan->ncolumns) {
        file_fail(call, "22P04", "wrong number of fields in header line: got %zu, expected %zu", scan->fields.count, scan->ncolumns);
        return scan_context(call, scan, NULL, NULL);
    }
    for (size_t i = 0; i < scan->ncolumns; i++) {
        const Field *field = &scan->fields.items[i];
        const char *name = scan->columns[i].name;
        if (!field->is_null && strlen(name) == field->length && memcmp(name, field->bytes, field->length) == 0)
            continue;
        if (field->is_null)
            file_fail(call, "22P04", "column name mismatch in header line field %zu: got null value (\"%s\"), expected \"%s\"", i + 1,
                      scan->options.null, name);
        else
            file_fail(call, "22P04", "column name mismatch in header line field %zu: got \"%.*s\", expected \"%s\"", i + 1,
                      (int)field->length, field->bytes, name);
        return scan_context(call, scan, NULL, NULL);
    }
    return true;
}

static bool read_header(FdwCall *call, FdwScan *scan)
{
    scan->head_done = true;
    return next_line(call, scan) && (scan->options.header != HEADER_MATCH || match_header(call, scan));
}

/* COPY's rules for NULL in CSV: FORCE_NOT_NULL, FORCE_NULL. */
static void force_field(const FdwScan *scan, const FileColumn *column, Field *field)
{
    const CopyOptions *options = &scan->options;
    if (field->is_null && column->force_not_null) {
        field->is_null = false;
        field->bytes = options->null;
        field->length = options->null_length;
    } else if (!field->is_null && column->force_null && field->length == options->null_length &&
               memcmp(field->bytes, options->null, field->length) == 0) {
        field->is_null = true;
    }
}

static bool convert_field(FdwCall *call, FdwScan *scan, const FileColumn *column, Field *field, FdwVector *vector, size_t row)
{
    if (column->force_not_null || column->force_null)
        force_field(scan, column, field);
    if (field->is_null) {
        fdw_set_null(vector, row);
        return true;
    }
    return column->convert(call, vector, row, field->bytes, field->length) || scan_context(call, scan, column, field);
}

/* NULL: the column's texts cannot be wrong. */
static FdwVector *checker(const FdwScan *scan, size_t column)
{
    return convert_takes_all(&scan->checkers[column].type) ? NULL : &scan->checkers[column];
}

static bool fail_count(FdwCall *call, FdwScan *scan, const FileColumn *missing)
{
    if (missing)
        file_fail(call, "22P04", "missing data for column \"%s\"", missing->column->name);
    else
        file_fail(call, "22P04", "extra data after last expected column");
    return scan_context(call, scan, NULL, NULL);
}

/* Column by column, so that a wrong value is reported before a missing one that follows it. */
static bool convert_row(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    size_t found = scan->fields.count;
    /* A table without columns has rows of one empty field. */
    if (scan->ncolumns == 0)
        found = !scan->json && scan->lines.length > 0;
    if (found > scan->ncolumns)
        return fail_count(call, scan, NULL);
    for (size_t i = 0; i < scan->ncolumns; i++) {
        const FileColumn *column = &scan->columns[i];
        if (i == found)
            return fail_count(call, scan, column);
        FdwVector *vector = column->vector >= 0 ? &batch->vectors[column->vector] : scan->check_all ? checker(scan, i) : NULL;
        if (vector && !convert_field(call, scan, column, &scan->fields.items[i], vector, scan->check_all ? 0 : batch->count))
            return false;
    }
    return true;
}

void scan_end_row(const FdwScan *scan, FdwBatch *batch)
{
    for (size_t i = 0; i < scan->nabsent; i++)
        fdw_set_null(&batch->vectors[scan->absent[i]], batch->count);
    batch->count++;
}

bool scan_next_file(FdwCall *call, FdwScan *scan)
{
    scan->at_end = scan->options.program || ++scan->file >= scan->files.count;
    if (!source_finish(call, &scan->source))
        return false;
    if (scan->at_end)
        return true;
    source_close(&scan->source);
    return open_source(call, scan, 0, WHOLE_FILE);
}

static bool read_row(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    if (!scan->head_done && !read_header(call, scan))
        return false;
    bool is_ascii, is_quick = !scan->json && quick_row(&scan->lines, &scan->fields, &is_ascii);
    if (is_quick ? !is_ascii && !check_line(call, scan) : !next_line(call, scan))
        return false;
    if (scan->lines.at_end)
        return scan_next_file(call, scan);
    if ((!is_quick && !split_line(call, scan)) || !convert_row(call, scan, batch))
        return false;
    scan_end_row(scan, batch);
    scan->rows_left -= scan->rows_left > 0;
    return true;
}

bool file_scan_next(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    batch->count = 0;
    if (call->host->cancelled(call))
        return file_fail(call, "57014", "canceling statement due to user request");
    if (scan->parquet)
        return parquet_next(call, scan->parquet, scan->spec, batch);
    if (scan->options.format == FORMAT_BINARY)
        return binary_scan_next(call, scan, batch);
    while (!scan->at_end && scan->rows_left != 0 && batch->count < batch->capacity)
        if (!read_row(call, scan, batch))
            return false;
    return true;
}
