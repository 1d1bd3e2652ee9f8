/*
 * reader.h - DuckDB as a reader of files: one in-memory database a connection, opened when a file first needs it.
 */
#ifndef MEDLEY_FILE_FDW_READER_H
#define MEDLEY_FILE_FDW_READER_H

#include <duckdb.h>

#include "file_fdw.h"

typedef struct Reader Reader;

typedef struct ReaderColumn {
    const char *name;
    duckdb_type type;
    bool is_json;
    uint8_t precision, scale; /* DUCKDB_TYPE_DECIMAL */
} ReaderColumn;

typedef struct ReaderSchema {
    ReaderColumn *columns;
    size_t count;
} ReaderSchema;

/* The connection's reader. NULL: failed. It lives as long as the connection. */
Reader *reader_get(FdwCall *call, FdwConnection *connection);
void reader_close(Reader *reader);
/* Any thread, at any time. */
void reader_cancel(Reader *reader);

/* The table function call for these files: format "parquet", "csv" or "json". NULL: one cannot be read. */
const char *reader_from(FdwCall *call, const char *format, const Files *files);
/* The columns of what reader_from named. filename, here and below: for messages. */
bool reader_schema(FdwCall *call, Reader *reader, const char *from, const char *filename, ReaderSchema *out);
/* Runs sql with its parameters' texts and streams the rows. The caller destroys *statement, also after a failure, and *result, else. */
bool reader_stream(FdwCall *call, Reader *reader, const char *sql, const char *const *params, size_t nparams, const char *filename,
                   duckdb_prepared_statement *statement, duckdb_result *result);
/* DuckDB's message as this wrapper's error. Always false. */
bool reader_fail(FdwCall *call, const char *message, const char *filename);

#endif
