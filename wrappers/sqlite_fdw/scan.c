/*
 * scan.c - a query's rows into batches; estimates.
 *
 * One thread at a time a scan.
 */
#include <stdlib.h>
#include <string.h>

#include "sqlite_fdw.h"

/* PostgreSQL's type OIDs. */
enum { BOOLOID = 16, INT8OID = 20, INT2OID = 21, INT4OID = 23, OIDOID = 26, FLOAT4OID = 700, FLOAT8OID = 701, NUMERICOID = 1700 };

struct FdwScan {
    FdwConnection *connection;
    const FdwScanSpec *spec;
    sqlite3_stmt *statement;
    bool at_end;
};

/* ---- opening ---- */

static int bind_param(sqlite3_stmt *statement, int number, const FdwParam *param)
{
    if (!param->text)
        return sqlite3_bind_null(statement, number);
    switch (param->oid) {
    case BOOLOID:
        return sqlite3_bind_int(statement, number, param->text[0] == 't');
    case INT8OID:
    case INT2OID:
    case INT4OID:
    case OIDOID:
        return sqlite3_bind_int64(statement, number, strtoll(param->text, NULL, 10));
    case FLOAT4OID:
    case FLOAT8OID:
    case NUMERICOID:
        return sqlite3_bind_double(statement, number, strtod(param->text, NULL));
    default:
        return sqlite3_bind_text(statement, number, param->text, -1, SQLITE_TRANSIENT);
    }
}

FdwScan *sqlite_scan_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const FdwPart *part)
{
    FdwScan *scan = call->host->alloc(call, sizeof *scan);
    scan->connection = connection;
    scan->spec = spec;
    scan->statement = sqlite_prepare(call, connection, part && part->sql ? part->sql : spec->sql);
    bool ok = scan->statement != NULL;
    if (ok && (size_t)sqlite3_column_count(scan->statement) < spec->ncolumns)
        ok = sqlite_fail(call, "HV021", "remote query returned %d columns where %zu were expected", sqlite3_column_count(scan->statement),
                         spec->ncolumns);
    for (size_t i = 0; ok && i < spec->nparams; i++)
        if (bind_param(scan->statement, (int)i + 1, &spec->params[i]) != SQLITE_OK)
            ok = sqlite_fail_remote(call, connection, spec->sql);
    if (ok)
        return scan;
    sqlite_scan_close(scan);
    return NULL;
}

void sqlite_scan_close(FdwScan *scan)
{
    sqlite3_finalize(scan->statement);
    scan->statement = NULL;
}

/* ---- reading ---- */

enum { KEY_COLUMNS = 3, KEY_LENGTH = 64 };

/* A value of a kind that keys are made of; NULL: it is none. */
static const char *key_text(FdwCall *call, sqlite3_stmt *statement, int column)
{
    int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_INTEGER)
        return sqlite_text(call, "%lld", sqlite3_column_int64(statement, column));
    if (type != SQLITE_TEXT || sqlite3_column_bytes(statement, column) > KEY_LENGTH)
        return NULL;
    const char *text = (const char *)sqlite3_column_text(statement, column);
    for (const char *c = text; c && *c; c++)
        if (*c < ' ' || *c > '~')
            return NULL;
    return text;
}

/* The row, by the whole numbers and short texts that were read of it: its key is among them if it was read. */
static const char *row_words(FdwCall *call, const FdwScan *scan, size_t column)
{
    const FdwScanSpec *spec = scan->spec;
    const char *words = "";
    for (size_t i = 0, shown = 0; i < spec->ncolumns && shown < KEY_COLUMNS; i++) {
        const char *name = i != column && spec->column_names ? spec->column_names[i] : NULL;
        const char *text = name ? key_text(call, scan->statement, (int)i) : NULL;
        if (text)
            words = sqlite_text(call, shown++ ? "%s, %s = %s" : "%s, row with %s = %s", words, name, text);
    }
    return words;
}

static bool fail_value(FdwCall *call, const FdwScan *scan, size_t column)
{
    const FdwScanSpec *spec = scan->spec;
    FdwPlace place = {NULL, NULL};
    if (spec->places)
        place = spec->places[column];
    else if (spec->table && spec->column_names)
        place = (FdwPlace){spec->table->name, spec->column_names[column]};
    const char *line = place.table ? sqlite_text(call, "column \"%s\" of foreign table \"%s\" on server \"%s\"%s", place.column,
                                                 place.table, scan->connection->server_name, row_words(call, scan, column))
                                   : sqlite_text(call, "processing expression at position %zu in select list on server \"%s\"%s",
                                                 column + 1, scan->connection->server_name, row_words(call, scan, column));
    return call->host->add_context(call, line);
}

static bool convert_row(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    for (size_t i = 0; i < scan->spec->ncolumns; i++) {
        FdwVector *vector = &batch->vectors[i];
        if (sqlite3_column_type(scan->statement, (int)i) == SQLITE_NULL)
            fdw_set_null(vector, batch->count);
        else if (!sqlite_convert(call, vector, batch->count, scan->statement, (int)i))
            return fail_value(call, scan, i);
    }
    batch->count++;
    return true;
}

bool sqlite_scan_next(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    bool ok = true;
    batch->count = 0;
    scan->connection->call = call;
    while (ok && !scan->at_end && batch->count < batch->capacity) {
        int step = sqlite3_step(scan->statement);
        scan->at_end = step == SQLITE_DONE;
        if (step == SQLITE_ROW)
            ok = convert_row(call, scan, batch);
        else if (step != SQLITE_DONE)
            ok = sqlite_fail_remote(call, scan->connection, scan->spec->sql);
    }
    scan->connection->call = NULL;
    if (ok && call->host->cancelled(call))
        ok = sqlite_fail(call, "57014", "canceling statement due to user request");
    return ok;
}

/* ---- estimates ---- */

/* The largest rowid: rows of a table from which few were deleted, found without a scan. Views and tables without rowid: unknown. */
bool sqlite_estimate(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out)
{
    *out = (FdwEstimate){.rows = -1};
    if (!spec->table || spec->distinct)
        return true;
    const char *name = sqlite_option(&spec->table->options, "table");
    char *sql = sqlite3_mprintf("SELECT max(rowid) FROM \"%w\"", name ? name : spec->table->name);
    sqlite3_stmt *statement = NULL;
    connection->call = call;
    if (sql && sqlite3_prepare_v2(connection->db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW &&
        sqlite3_column_type(statement, 0) == SQLITE_INTEGER)
        out->rows = (double)sqlite3_column_int64(statement, 0);
    connection->call = NULL;
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return true;
}
