/*
 * dialect_duckdb_errors.c - the local engine's own error texts, as PostgreSQL's errors.
 *
 * Errors of Medley's functions never come here (src/exec carries them with their SQLSTATE); these are the errors of DuckDB's
 * native operators that printed SQL uses. A row matches when all of its fragments occur in the text, in order.
 * Any thread.
 */
#include "sql/sql.h"

#include <string.h>

typedef struct ErrorRow {
    const char *first, *second; /* fragments; second may be NULL */
    const char *sqlstate, *message;
} ErrorRow;

static const ErrorRow ERROR_ROWS[] = {
    {"Overflow in ", "of INT16", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "smallint out of range"},
    {"Overflow in ", "of INT32", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range"},
    {"Overflow in ", "of INT64", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range"},
    {"Overflow in ", "of DECIMAL", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format"},
    {"Overflow in ", "HUGEINT", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format"},
    {"out of range for the destination type ", "UINT32", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "OID out of range"},
    {"out of range for the destination type ", "INT16", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "smallint out of range"},
    {"out of range for the destination type ", "INT32", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range"},
    {"out of range for the destination type ", "INT64", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range"},
    {"value out of range: overflow", NULL, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow"},
    {"not in timestamp range", NULL, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range"},
    {"overflows timestamp range", NULL, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range"},
    {"interval out of range", NULL, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "interval out of range"},
    {"value overflows numeric format", NULL, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format"},
    {"SUM is out of range", NULL, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range"},
    {"Max expression depth limit", NULL, ERRCODE_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded"},
    {"More than one row returned by a subquery", NULL, ERRCODE_CARDINALITY_VIOLATION,
     "more than one row returned by a subquery used as an expression"},
    {"must not end with escape character", NULL, ERRCODE_INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character"},
    {"LIMIT", "cannot be negative", ERRCODE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "LIMIT must not be negative"},
    {"OFFSET", "cannot be negative", ERRCODE_INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE, "OFFSET must not be negative"},
    {"limit", "negative", ERRCODE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "LIMIT must not be negative"},
    {"frame starting offset must not be null", NULL, ERRCODE_NULL_VALUE_NOT_ALLOWED, "frame starting offset must not be null"},
    {"frame ending offset must not be null", NULL, ERRCODE_NULL_VALUE_NOT_ALLOWED, "frame ending offset must not be null"},
    {"for ntile", "greater than zero", ERRCODE_INVALID_ARGUMENT_FOR_NTILE, "argument of ntile must be greater than zero"},
    {"Invalid RANGE ", "value", ERRCODE_INVALID_PRECEDING_OR_FOLLOWING_SIZE, "invalid preceding or following size in window function"},
    {"NTILE", "greater than zero", ERRCODE_INVALID_ARGUMENT_FOR_NTILE, "argument of ntile must be greater than zero"},
    {"step size cannot be 0", NULL, ERRCODE_INVALID_PARAMETER_VALUE, "step size cannot equal zero"},
    /* An engine that may not spill any more says so as an out-of-memory error. */
    {"rows.duckdb", "No space left on device", ERRCODE_DISK_FULL, "could not write rows: No space left on device"},
    {"max_temp_directory_size", NULL, ERRCODE_DISK_FULL, "no space left for temporary files of the local engine"},
    {"failed to offload data block", NULL, ERRCODE_DISK_FULL, "no space left for temporary files of the local engine"},
    {"No space left on device", NULL, ERRCODE_DISK_FULL, "no space left for temporary files of the local engine"},
    {"Out of Memory Error", NULL, ERRCODE_OUT_OF_MEMORY, "out of memory"},
    {"frame key is not moved", NULL, ERRCODE_FEATURE_NOT_SUPPORTED,
     "RANGE that begins or ends beyond its row by an offset that does not change its value is not supported by the local engine"},
    {"Lists larger than 2^32", NULL, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "too many rows of a set-returning function"},
    {"INTERRUPT", NULL, ERRCODE_QUERY_CANCELED, "canceling statement due to user request"},
    {"Interrupted", NULL, ERRCODE_QUERY_CANCELED, "canceling statement due to user request"},
    {"Not implemented Error", NULL, ERRCODE_FEATURE_NOT_SUPPORTED, NULL},
    {"Binder Error", NULL, ERRCODE_FEATURE_NOT_SUPPORTED, NULL},
    {"Out of Range Error", NULL, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, NULL},
    {"Conversion Error", NULL, ERRCODE_DATA_EXCEPTION, NULL},
};

static bool row_matches(const ErrorRow *row, const char *text)
{
    const char *at = strstr(text, row->first);
    return at && (!row->second || strstr(at + strlen(row->first), row->second));
}

bool sql_engine_error(const char *engine_message, Error *error)
{
    const char *end = strchr(engine_message, '\n');
    int length = end ? (int)(end - engine_message) : (int)strlen(engine_message);
    for (size_t i = 0; i < COUNT_OF(ERROR_ROWS); i++) {
        const ErrorRow *row = &ERROR_ROWS[i];
        if (!row_matches(row, engine_message))
            continue;
        if (row->message)
            return error_set(error, row->sqlstate, "%s", row->message);
        return error_set(error, row->sqlstate, "local engine: %.*s", length, engine_message);
    }
    return error_set(error, ERRCODE_INTERNAL_ERROR, "local engine: %.*s", length, engine_message);
}
