/*
 * cut.c - cutting a file into parts, and estimates.
 *
 * Invariants:
 *  1. A file is cut only at line ends that no quote or backslash hides, and only when nothing in it would make a part depend on the one
 *     before it: an end-of-copy marker, or a first line that does not end in a line feed alone (which decides how all others must end).
 *  2. The file is read, not mapped: one that gets shorter meanwhile must not end the server.
 *
 * One thread at a time a connection.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_fdw.h"

enum { PART_BYTES = 8 << 20, WINDOW = 1 << 18 };

typedef struct Cutter {
    FdwCall *call;
    const CopyOptions *options;
    int fd;
    int64_t size;
    char *window; /* WINDOW bytes of the file */
} Cutter;

/* Bytes of the file from `at` on into the window, up to `end`. 0: they are not to be had. */
static size_t look(const Cutter *cutter, int64_t at, int64_t end)
{
    size_t want = end - at < WINDOW ? (size_t)(end - at) : WINDOW;
    ssize_t got = cutter->call->host->cancelled(cutter->call) ? -1 : pread(cutter->fd, cutter->window, want, at);
    return got > 0 ? (size_t)got : 0;
}

/* The number of quotes is odd; there may be an end-of-copy marker. */
typedef struct Survey {
    bool odd, marker;
} Survey;

/* Plain enough for the compiler to take many bytes at once. The last byte is looked at only as what follows the one before. */
static void survey_window(const char *bytes, size_t count, char quote, Survey *survey)
{
    unsigned char odd = 0, marker = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        odd ^= bytes[i] == quote;
        marker |= (unsigned char)((bytes[i] == '\\') & (bytes[i + 1] == '.'));
    }
    survey->odd ^= odd;
    survey->marker |= marker;
}

/* false: the file cannot be read so far. */
static bool survey(const Cutter *cutter, int64_t from, int64_t to, Survey *out)
{
    int64_t end = to < cutter->size ? to + 1 : to;
    char quote = cutter->options->quote;
    while (from < to) {
        size_t got = look(cutter, from, end);
        if (got && to == cutter->size && from + (int64_t)got >= to) { /* nothing follows the last byte */
            out->odd ^= cutter->window[got - 1] == quote;
            survey_window(cutter->window, got, quote, out);
            return true;
        }
        if (got < 2)
            return false;
        survey_window(cutter->window, got, quote, out);
        from += (int64_t)got - 1;
    }
    return true;
}

/* Whether a backslash hides byte `at` of a text: an odd number of them stands before it. *sure false: there are too many to tell. */
static bool is_hidden(const Cutter *cutter, int64_t at, bool *sure)
{
    int64_t begin = at > WINDOW ? at - WINDOW : 0;
    size_t got = look(cutter, begin, at), count = 0;
    while (count < got && cutter->window[got - 1 - count] == '\\')
        count++;
    *sure = at == 0 || (begin + (int64_t)got == at && (count < got || begin == 0));
    return count % 2;
}

/* Where the first line begins behind `at`; the file's size: nowhere. in_quote: whether `at` lies in quotes. */
static int64_t next_line(const Cutter *cutter, int64_t at, bool in_quote, bool *carriage_return)
{
    const CopyOptions *options = cutter->options;
    bool sure = true, hidden = options->format == FORMAT_TEXT && is_hidden(cutter, at, &sure);
    if (!sure)
        return cutter->size;
    for (size_t got; (got = look(cutter, at, cutter->size)) > 0; at += (int64_t)got)
        for (size_t i = 0; i < got; i++) {
            char c = cutter->window[i];
            *carriage_return |= c == '\r';
            in_quote ^= options->format == FORMAT_CSV && c == options->quote;
            if (c == '\n' && !in_quote && !hidden)
                return at + (int64_t)i + 1;
            hidden = options->format == FORMAT_TEXT && c == '\\' && !hidden;
        }
    return cutter->size;
}

/* 1: it is not cut. */
static size_t cut(const Cutter *cutter, size_t max_parts, FdwPart *parts)
{
    bool any = cutter->options->format != FORMAT_JSON, carriage_return = false, ignored = false;
    size_t wanted = (size_t)(cutter->size / PART_BYTES), count = 0;
    if (wanted > max_parts)
        wanted = max_parts;
    if (any && (next_line(cutter, 0, false, &carriage_return) >= cutter->size || carriage_return))
        return 1;
    Survey found = {0};
    int64_t begin = 0, counted = 0;
    for (size_t i = 1; i < wanted; i++) {
        int64_t at = cutter->size / (int64_t)wanted * (int64_t)i;
        if (any && (!survey(cutter, counted, at, &found) || found.marker))
            return 1;
        counted = at;
        int64_t line = next_line(cutter, at, found.odd && cutter->options->format == FORMAT_CSV, &ignored);
        if (line <= begin || line >= cutter->size)
            continue;
        parts[count++] = (FdwPart){.first = begin, .last = line};
        begin = line;
    }
    if (any && (!survey(cutter, counted, cutter->size, &found) || found.marker))
        return 1;
    parts[count++] = (FdwPart){.first = begin, .last = WHOLE_FILE};
    return count;
}

static size_t cut_file(FdwCall *call, const CopyOptions *options, const char *name, size_t max_parts, FdwPart *parts)
{
    /* Anything but a regular file is opened once, to be read: a FIFO's writer would notice the first reader's going. */
    struct stat status;
    if (stat(name, &status) != 0 || !S_ISREG(status.st_mode))
        return 1;
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    size_t count = 1;
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size >= 2 * PART_BYTES) {
        Cutter cutter = {.call = call, .options = options, .fd = fd, .size = status.st_size, .window = malloc(WINDOW)};
        if (!cutter.window)
            abort();
        count = cut(&cutter, max_parts, parts);
        free(cutter.window);
    }
    if (count == 1)
        parts[0] = (FdwPart){.last = WHOLE_FILE};
    if (fd >= 0)
        close(fd);
    return count;
}

/* Whole files, as many shares of them as there are parts: which file is whose files_share says. */
static size_t share_files(size_t nfiles, size_t max_parts, FdwPart *parts)
{
    size_t count = nfiles < max_parts ? nfiles : max_parts;
    for (size_t i = 0; count > 1 && i < count; i++)
        parts[i] = (FdwPart){.first = (int64_t)i, .last = WHOLE_FILE - (int64_t)count};
    return count;
}

size_t file_split(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, size_t max_parts, FdwPart *parts)
{
    CopyOptions options;
    Files files;
    parts[0] = (FdwPart){.last = WHOLE_FILE};
    if (!file_table_options(call, spec->table, &options))
        return 0;
    /* DuckDB's reader has threads of its own. */
    if (!options.filename || options.format == FORMAT_PARQUET || spec->limit >= 0 || max_parts < 2)
        return 1;
    if (!files_expand(call, options.filename, &files))
        return 0;
    if (files.count > 1)
        return share_files(files.count, max_parts, parts);
    bool escapes = options.format == FORMAT_CSV && options.escape != options.quote;
    if (options.encoding || options.format == FORMAT_BINARY || escapes)
        return 1;
    return cut_file(call, &options, files.names[0], max_parts, parts);
}

bool file_estimate(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out)
{
    const char *filename = spec->table && !spec->distinct ? file_table_option(spec->table, "filename") : NULL;
    int64_t size = filename ? files_size(filename) : -1;
    *out = (FdwEstimate){.rows = -1};
    if (size < 0)
        return true;
    double width = 0;
    for (size_t i = 0; i < spec->table->ncolumns; i++)
        width += spec->table->columns[i].name ? 8 : 0;
    out->width = width > 0 ? width : 1;
    out->rows = (double)size / out->width;
    return true;
}

/* Pages of all files together. What a program will print is not known, nor asked: its table is not analysed. */
bool file_statistics(FdwCall *call, FdwConnection *connection, const FdwTable *table, FdwStatistics *out)
{
    enum { PAGE = 8192 };
    CopyOptions options;
    Files files;
    if (!file_table_source(call, table, &options))
        return false;
    if (!options.filename)
        return true;
    if (!files_expand(call, options.filename, &files))
        return false;
    int64_t size = 0;
    for (size_t i = 0; i < files.count; i++) {
        struct stat status;
        if (stat(files.names[i], &status) < 0)
            return file_fail(call,
                             errno == ENOENT    ? "58P01"
                             : errno == EACCES  ? "42501"
                             : errno == ENOTDIR ? "42809"
                                                : "58030",
                             "could not stat file \"%s\": %s", files.names[i], strerror(errno));
        size += status.st_size;
    }
    out->pages = size ? (double)((size + PAGE - 1) / PAGE) : 1;
    return true;
}
