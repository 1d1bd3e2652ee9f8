/*
 * module.c - file_fdw: tables in files of the server, or in the output of a program, read as COPY FROM reads them.
 *
 * Options, messages and rights are those of PostgreSQL 15's file_fdw (PostgreSQL manual, appendix F.14). Beyond it: the formats json and
 * parquet, patterns in file names, columns that have another name in the file, and IMPORT FOREIGN SCHEMA of a directory.
 *
 * Any thread: nothing here has state.
 */
#include <stdio.h>
#include <string.h>

#include "reader.h"

/* Scans of files hold no remote resource: their number is not limited. */
enum { TABLE = FDW_OBJECT_TABLE, COLUMN = FDW_OBJECT_COLUMN, IMPORT = FDW_OBJECT_IMPORT, MANY = 1 << 20 };

static const FdwOption OPTIONS[] = {
    {"filename", TABLE, FDW_OPTION_CHECKED, .doc = "the file, or a pattern that several match; needs pg_read_server_files"},
    {"program", TABLE, FDW_OPTION_CHECKED, .doc = "a shell command whose output is read; needs pg_execute_server_program"},
    {"format", TABLE, .doc = "text (default), csv, binary, json (one object a line) or parquet"},
    {"header", TABLE, .doc = "true: the first line is skipped; match: it must name the columns"},
    {"delimiter", TABLE, .doc = "one byte; default tab, in CSV a comma"},
    {"quote", TABLE, .doc = "CSV: one byte; default a double quote"},
    {"escape", TABLE, .doc = "CSV: one byte; default the quote"},
    {"null", TABLE, .doc = "what stands for NULL; default \\N, in CSV an empty unquoted field"},
    {"encoding", TABLE, .doc = "of the file; default UTF8"},
    {"force_not_null", COLUMN, FDW_OPTION_BOOL, .doc = "CSV: the null string is taken as text"},
    {"force_null", COLUMN, FDW_OPTION_BOOL, .doc = "CSV: the null string is NULL also when quoted"},
    {"column_name", COLUMN, .role = FDW_ROLE_REMOTE_COLUMN, .unlisted = true,
     .doc = "column in the file, where files name theirs (json, parquet, header match); default: the local name"},
    {0},
};

static FdwConnection *file_connect(FdwCall *call, const FdwConnectInfo *info)
{
    return call->host->alloc(call, sizeof(FdwConnection));
}

static void file_disconnect(FdwConnection *connection)
{
    reader_close(atomic_load(&connection->reader));
}

/* What reads files itself looks for a cancellation by itself. */
static void file_cancel(FdwConnection *connection)
{
    reader_cancel(atomic_load(&connection->reader));
}

static FdwAnswer file_offer_filter(const FdwTable *table, const FdwFilter *filter)
{
    const char *format = file_table_option(table, "format");
    return format && strcmp(format, "parquet") == 0 ? parquet_offer_filter(table, filter) : FDW_LOCAL;
}

static void file_explain(const FdwTable *table, bool costs, void (*line)(void *arg, const char *label, const char *text), void *arg)
{
    const char *program = file_table_option(table, "program");
    if (program) {
        line(arg, "Foreign Program", program);
        return;
    }
    const char *filename = file_table_option(table, "filename");
    line(arg, "Foreign File", filename ? filename : "");
    int64_t size = costs && filename ? files_size(filename) : -1;
    if (size >= 0) {
        char text[64];
        snprintf(text, sizeof text, "%lld b", (long long)size);
        line(arg, "Foreign File Size", text);
    }
}

FDW_EXPORT const FdwModule medley_fdw_module = {
    .abi = MEDLEY_FDW_ABI,
    .size = sizeof(FdwModule),
    .name = "file_fdw",
    .version = "1.0",
    .comment = "foreign-data wrapper for flat file access",
    .handler_function = "file_fdw_handler",
    .validator_function = "file_fdw_validator",
    .default_connections = MANY,
    .options = OPTIONS,
    .check_option = file_check_option,
    .check_options = file_check_options,
    .connect = file_connect,
    .disconnect = file_disconnect,
    .cancel = file_cancel,
    .split = file_split,
    .scan_open = file_scan_open,
    .scan_next = file_scan_next,
    .scan_close = file_scan_close,
    .offer_filter = file_offer_filter,
    .estimate = file_estimate,
    .statistics = file_statistics,
    .import_schema = file_import_schema,
    .explain = file_explain,
    .check_table = file_check_table,
};
