/*
 * module.c - file_fdw: tables in files of the server, or in the output of a program, read as COPY FROM reads them.
 *
 * Options, messages and rights are those of PostgreSQL 15's file_fdw (PostgreSQL manual, appendix F.14).
 *
 * Any thread: nothing here has state.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "file_fdw.h"

/* Scans of files hold no remote resource: their number is not limited. */
enum { TABLE = FDW_OBJECT_TABLE, COLUMN = FDW_OBJECT_COLUMN, MANY = 1 << 20 };

static const FdwOption OPTIONS[] = {
    {"filename", TABLE, FDW_OPTION_CHECKED, .doc = "the file; needs pg_read_server_files"},
    {"program", TABLE, FDW_OPTION_CHECKED, .doc = "a shell command whose output is read; needs pg_execute_server_program"},
    {"format", TABLE, .doc = "text (default), csv or binary"},
    {"header", TABLE, .doc = "true: the first line is skipped; match: it must name the columns"},
    {"delimiter", TABLE, .doc = "one byte; default tab, in CSV a comma"},
    {"quote", TABLE, .doc = "CSV: one byte; default a double quote"},
    {"escape", TABLE, .doc = "CSV: one byte; default the quote"},
    {"null", TABLE, .doc = "what stands for NULL; default \\N, in CSV an empty unquoted field"},
    {"encoding", TABLE, .doc = "of the file; default UTF8"},
    {"force_not_null", COLUMN, FDW_OPTION_BOOL, .doc = "CSV: the null string is taken as text"},
    {"force_null", COLUMN, FDW_OPTION_BOOL, .doc = "CSV: the null string is NULL also when quoted"},
    {0},
};

static FdwConnection *file_connect(FdwCall *call, const FdwConnectInfo *info)
{
    return call->host->alloc(call, 1);
}

static void file_disconnect(FdwConnection *connection)
{
}

static void file_explain(const FdwTable *table, bool costs, void (*line)(void *arg, const char *label, const char *text), void *arg)
{
    const char *program = file_option(&table->options, "program");
    if (program) {
        line(arg, "Foreign Program", program);
        return;
    }
    const char *filename = file_option(&table->options, "filename");
    line(arg, "Foreign File", filename ? filename : "");
    struct stat status;
    if (costs && filename && stat(filename, &status) == 0) {
        char size[64];
        snprintf(size, sizeof size, "%lld b", (long long)status.st_size);
        line(arg, "Foreign File Size", size);
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
    .split = file_split,
    .scan_open = file_scan_open,
    .scan_next = file_scan_next,
    .scan_close = file_scan_close,
    .estimate = file_estimate,
    .explain = file_explain,
};
