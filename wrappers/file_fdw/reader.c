/*
 * reader.c - the in-memory database that reads files for one connection.
 *
 * Invariants:
 *  1. It is opened at most once a connection, and published when it is whole: a cancel may come at any time.
 *  2. It loads and installs no extension, and keeps its results within MEMORY_LIMIT without spilling: it only reads.
 *
 * One thread at a time a connection, reader_cancel excepted.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader.h"

#define MEMORY_LIMIT "512MB"

struct Reader {
    duckdb_database database;
    duckdb_connection connection;
};

/* ---- opening ---- */

static bool open_database(FdwCall *call, Reader *reader)
{
    static const char *const SETTINGS[][2] = {
        {"memory_limit", MEMORY_LIMIT},
        {"temp_directory", ""},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"preserve_insertion_order", "false"},
    };
    duckdb_config config;
    bool ok = duckdb_create_config(&config) == DuckDBSuccess;
    for (size_t i = 0; ok && i < sizeof SETTINGS / sizeof SETTINGS[0]; i++)
        ok = duckdb_set_config(config, SETTINGS[i][0], SETTINGS[i][1]) == DuckDBSuccess;
    char *message = NULL;
    ok = ok && duckdb_open_ext(NULL, &reader->database, config, &message) == DuckDBSuccess;
    duckdb_destroy_config(&config);
    ok = ok && duckdb_connect(reader->database, &reader->connection) == DuckDBSuccess;
    duckdb_result result = {0};
    ok = ok && duckdb_query(reader->connection, "SET TimeZone = 'UTC'", &result) == DuckDBSuccess;
    duckdb_destroy_result(&result);
    if (!ok)
        file_fail(call, "HV000", "could not open the reader of files: %s", message ? message : "out of memory");
    duckdb_free(message);
    return ok;
}

Reader *reader_get(FdwCall *call, FdwConnection *connection)
{
    Reader *reader = atomic_load(&connection->reader);
    if (reader)
        return reader;
    reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    if (!open_database(call, reader)) {
        reader_close(reader);
        return NULL;
    }
    atomic_store(&connection->reader, reader);
    return reader;
}

void reader_close(Reader *reader)
{
    if (!reader)
        return;
    if (reader->connection)
        duckdb_disconnect(&reader->connection);
    if (reader->database)
        duckdb_close(&reader->database);
    free(reader);
}

void reader_cancel(Reader *reader)
{
    if (reader)
        duckdb_interrupt(reader->connection);
}

bool reader_fail(FdwCall *call, const char *message, const char *filename)
{
    if (strstr(message, "INTERRUPT") || strstr(message, "Interrupted") || call->host->cancelled(call))
        return file_fail(call, "57014", "canceling statement due to user request");
    if (strncmp(message, "Conversion Error", 16) == 0) /* only numeric is ever cast to less */
        return file_fail(call, "22003", "numeric field overflow in \"%s\"", filename);
    if (strncmp(message, "Out of Memory Error", 19) == 0)
        return file_fail(call, "53200", "reading \"%s\" needs more than %s of memory", filename, MEMORY_LIMIT);
    return file_fail(call, "HV000", "could not read \"%s\": %.*s", filename, (int)strcspn(message, "\n"), message);
}

/* ---- statements ---- */

/* A file's name as a string that the reader takes literally: it sees patterns in such names too. */
static char *put_name(char *to, const char *name)
{
    *to++ = '\'';
    for (; *name; name++) {
        bool special = strchr("*?[", *name) != NULL;
        if (special)
            *to++ = '[';
        if (*name == '\'')
            *to++ = '\'';
        *to++ = *name;
        if (special)
            *to++ = ']';
    }
    *to++ = '\'';
    return to;
}

static bool check_readable(FdwCall *call, const char *name)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return source_fail_open(call, name);
    close(fd);
    return true;
}

const char *reader_from(FdwCall *call, const char *format, const Files *files)
{
    size_t length = 0;
    for (size_t i = 0; i < files->count; i++) {
        if (!check_readable(call, files->names[i]))
            return NULL;
        length += strlen(files->names[i]) * 3 + 3;
    }
    char *list = call->host->alloc(call, length + 1), *to = list;
    for (size_t i = 0; i < files->count; i++) {
        if (i)
            *to++ = ',';
        to = put_name(to, files->names[i]);
    }
    static const struct {
        const char *format, *call, *options;
    } CALLS[] = {
        {"parquet", "read_parquet", "union_by_name = true, hive_partitioning = false"},
        {"csv", "read_csv", "sample_size = -1, allow_quoted_nulls = false"},
        {"json", "read_json", "format = 'newline_delimited', records = true, sample_size = -1, maximum_depth = 2"},
    };
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++)
        if (strcmp(CALLS[i].format, format) == 0)
            return file_text(call, "%s([%s], %s)", CALLS[i].call, list, CALLS[i].options);
    return NULL;
}

bool reader_schema(FdwCall *call, Reader *reader, const char *from, const char *filename, ReaderSchema *out)
{
    duckdb_result result;
    bool ok = duckdb_query(reader->connection, file_text(call, "SELECT * FROM %s LIMIT 0", from), &result) == DuckDBSuccess ||
              reader_fail(call, duckdb_result_error(&result), filename);
    *out = (ReaderSchema){.count = ok ? duckdb_column_count(&result) : 0};
    out->columns = call->host->alloc(call, (out->count + 1) * sizeof *out->columns);
    for (size_t i = 0; i < out->count; i++) {
        ReaderColumn *column = &out->columns[i];
        duckdb_logical_type type = duckdb_column_logical_type(&result, i);
        *column = (ReaderColumn){.name = file_text(call, "%s", duckdb_column_name(&result, i)), .type = duckdb_get_type_id(type)};
        if (column->type == DUCKDB_TYPE_DECIMAL) {
            column->precision = duckdb_decimal_width(type);
            column->scale = duckdb_decimal_scale(type);
        }
        char *alias = duckdb_logical_type_get_alias(type);
        column->is_json = alias && strcmp(alias, "JSON") == 0;
        duckdb_free(alias);
        duckdb_destroy_logical_type(&type);
    }
    duckdb_destroy_result(&result);
    return ok;
}

bool reader_stream(FdwCall *call, Reader *reader, const char *sql, const char *const *params, size_t nparams, const char *filename,
                   duckdb_prepared_statement *statement, duckdb_result *result)
{
    bool ok = duckdb_prepare(reader->connection, sql, statement) == DuckDBSuccess;
    for (size_t i = 0; ok && i < nparams; i++)
        ok = duckdb_bind_varchar(*statement, i + 1, params[i]) == DuckDBSuccess;
    if (!ok) {
        const char *problem = duckdb_prepare_error(*statement);
        return reader_fail(call, problem ? problem : "a parameter is not valid", filename);
    }
    duckdb_pending_result pending;
    ok = duckdb_pending_prepared_streaming(*statement, &pending) == DuckDBSuccess;
    if (!ok)
        reader_fail(call, duckdb_pending_error(pending), filename);
    else if (duckdb_execute_pending(pending, result) != DuckDBSuccess) {
        ok = reader_fail(call, duckdb_result_error(result), filename);
        duckdb_destroy_result(result);
    }
    duckdb_destroy_pending(&pending);
    return ok;
}
