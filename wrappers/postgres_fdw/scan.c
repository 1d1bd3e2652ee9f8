/*
 * scan.c - rows of the source into batches.
 *
 * Without parameters the query runs as COPY ... TO STDOUT (FORMAT binary), the fastest way out of a PostgreSQL server; with parameters,
 * which COPY cannot take, as a prepared statement with binary results, one row at a time.
 *
 * Invariants:
 *  1. The types the source really returns are asked for before each scan, or known of the cached statement, whose first result says whether
 *     they are still those: the decoder never guesses.
 *  2. After scan_close the connection is ready for another statement, or known to be broken.
 *  3. A scan ends well only when the source has said that the statement was completed.
 *
 * One thread at a time a scan.
 */
#include <stdlib.h>
#include <string.h>

#include "postgres_fdw.h"

struct FdwScan {
    FdwConnection *connection;
    const FdwScanSpec *spec;
    const char *sql; /* as asked: for error contexts */
    Decoder decoder;
    Statement *described, *sent; /* cached ones whose first result was not seen yet: the one asked for its types, the one that runs */
    Cursor *cursor;              /* NULL: the rows are streamed */
    int row;                     /* the next one of its rows */
    bool is_copy, head_seen, at_end, is_renewed;
};

static const char COPY_SIGNATURE[11] = "PGCOPY\n\377\r\n";

/* ---- opening ---- */

static bool start_copy(FdwCall *call, FdwScan *scan)
{
    const char *sql = postgres_text(call, "COPY (%s) TO STDOUT (FORMAT binary)", postgres_decoder_sql(&scan->decoder, scan->sql));
    if (!PQsendQuery(scan->connection->pg, sql))
        return postgres_fail_remote(call, scan->connection, NULL, scan->sql);
    bool ok;
    PGresult *result = postgres_next_result(call, scan->connection, scan->sql, &ok);
    if (ok && PQresultStatus(result) != PGRES_COPY_OUT)
        ok = postgres_fail_remote(call, scan->connection, result, scan->sql);
    PQclear(result);
    return ok;
}

static bool init_decoder(FdwCall *call, FdwScan *scan, PGresult *description)
{
    int nfields = PQnfields(description);
    Oid *types = call->host->alloc(call, ((size_t)nfields + 1) * sizeof *types);
    int *typmods = call->host->alloc(call, ((size_t)nfields + 1) * sizeof *typmods);
    for (int i = 0; i < nfields; i++) {
        types[i] = PQftype(description, i);
        typmods[i] = PQfmod(description, i);
    }
    PQclear(description);
    postgres_decoder_alloc(&scan->decoder, call, scan->connection->server_name, scan->spec);
    return postgres_decoder_describe(&scan->decoder, types, typmods, nfields);
}

static bool open_copy(FdwCall *call, FdwScan *scan)
{
    PGresult *description = postgres_describe(call, scan->connection, "", scan->sql, NULL, 0);
    if (!description)
        return false;
    scan->is_copy = true;
    return init_decoder(call, scan, description) && start_copy(call, scan);
}

/* Sends the statement under its name with the spec's parameters; the rows come one at a time, in binary. */
static bool send_prepared(FdwCall *call, FdwScan *scan, const char *name)
{
    PGconn *pg = scan->connection->pg;
    if (!PQsendQueryPrepared(pg, name, (int)scan->spec->nparams, postgres_param_values(call, scan->spec), NULL, NULL, 1))
        return postgres_fail_remote(call, scan->connection, NULL, scan->sql);
    PQsetSingleRowMode(pg);
    return true;
}

/* Planned for these very parameters: the unnamed statement, which no later scan finds. */
static bool open_once(FdwCall *call, FdwScan *scan)
{
    const FdwScanSpec *spec = scan->spec;
    PGresult *description = postgres_describe(call, scan->connection, "", scan->sql, spec->params, spec->nparams);
    if (!description || !init_decoder(call, scan, description))
        return false;
    if (scan->decoder.respelled) {
        const char *sql = postgres_decoder_sql(&scan->decoder, scan->sql);
        description = postgres_describe(call, scan->connection, "", sql, spec->params, spec->nparams);
        if (!description)
            return false;
        PQclear(description);
    }
    return send_prepared(call, scan, "");
}

static Statement *cached(FdwCall *call, FdwScan *scan, const char *sql)
{
    StatementKey key = postgres_statement_key(call, scan->spec, sql);
    return postgres_statement(call, scan->connection, scan->spec, &key);
}

/* Whether the statement that runs returns what the decoder was made for: it may have been prepared after the tables were changed. */
static bool is_as_described(const FdwScan *scan)
{
    const Statement *sent = scan->sent, *described = scan->described;
    for (size_t i = 0; sent != described && i < scan->spec->ncolumns; i++)
        if (scan->decoder.spellings[i] == SPELL_PLAIN &&
            (sent->types[i] != described->types[i] || sent->typmods[i] != described->typmods[i]))
            return false;
    return true;
}

static bool prepare(FdwCall *call, FdwScan *scan)
{
    Statement *described = scan->described = scan->sent = cached(call, scan, scan->sql);
    if (!described || !postgres_decoder_describe(&scan->decoder, described->types, described->typmods, described->nfields))
        return false;
    if (scan->decoder.respelled)
        scan->sent = cached(call, scan, postgres_decoder_sql(&scan->decoder, scan->sql));
    return scan->sent != NULL;
}

static void forget(FdwScan *scan)
{
    postgres_forget_statement(scan->described);
    postgres_forget_statement(scan->sent);
    scan->is_renewed = true;
}

static bool open_prepared(FdwCall *call, FdwScan *scan)
{
    postgres_decoder_alloc(&scan->decoder, call, scan->connection->server_name, scan->spec);
    if (!prepare(call, scan))
        return false;
    if (!is_as_described(scan)) {
        forget(scan);
        if (!prepare(call, scan))
            return false;
    }
    return send_prepared(call, scan, scan->sent->name);
}

/* Runs the statement anew, prepared again. */
static bool renew(FdwCall *call, FdwScan *scan)
{
    postgres_stop(scan->connection);
    forget(scan);
    return postgres_ready(call, scan->connection) && prepare(call, scan) && send_prepared(call, scan, scan->sent->name);
}

/* ---- a fetch_size below 1 ---- */

static bool run(FdwCall *call, FdwScan *scan, const char *sql, const FdwScanSpec *spec)
{
    FdwConnection *connection = scan->connection;
    if (!PQsendQueryParams(connection->pg, sql, (int)spec->nparams, postgres_param_types(call, spec->params, spec->nparams),
                           postgres_param_values(call, spec), NULL, NULL, 0))
        return postgres_fail_remote(call, connection, NULL, scan->sql);
    for (bool good = true;;) {
        bool ok;
        PGresult *result = postgres_next_result(call, connection, scan->sql, &ok);
        if (!result)
            return ok && good;
        if (PQresultStatus(result) == PGRES_FATAL_ERROR)
            good = postgres_fail_remote(call, connection, result, scan->sql);
        PQclear(result);
    }
}

/* As postgres_fdw's cursors: the first FETCH of none, or backwards, gives no rows, or fails, and there is no second one. */
static bool fetch_none(FdwCall *call, FdwScan *scan)
{
    static const FdwScanSpec NO_PARAMS;
    FdwConnection *connection = scan->connection;
    bool own = PQtransactionStatus(connection->pg) == PQTRANS_IDLE;
    if (own && !postgres_begin(call, connection, NULL))
        return false;
    scan->at_end = run(call, scan, postgres_text(call, "DECLARE c1 CURSOR FOR %s", scan->sql), scan->spec) &&
                   run(call, scan, postgres_text(call, "FETCH %d FROM c1", scan->spec->fetch_size), &NO_PARAMS) &&
                   run(call, scan, "CLOSE c1", &NO_PARAMS);
    if (own && !scan->at_end)
        postgres_rollback(call, connection);
    return scan->at_end && (!own || postgres_commit(call, connection));
}

/* ---- a transaction that has locked or written rows ---- */

/* What a statement gives that comes once: described as it is. */
static bool describe_once(FdwCall *call, FdwScan *scan)
{
    const FdwScanSpec *spec = scan->spec;
    PGresult *description = postgres_describe(call, scan->connection, "", scan->sql, spec->params, spec->nparams);
    return description && init_decoder(call, scan, description);
}

static bool describe_cached(FdwCall *call, FdwScan *scan)
{
    Statement *described = scan->described = cached(call, scan, scan->sql);
    postgres_decoder_alloc(&scan->decoder, call, scan->connection->server_name, scan->spec);
    return described && postgres_decoder_describe(&scan->decoder, described->types, described->typmods, described->nfields);
}

/* Its source's tables may have changed since it was described. */
static bool cursor_is_as_described(const FdwScan *scan)
{
    const PGresult *rows = postgres_cursor_rows(scan->cursor);
    const Statement *described = scan->described;
    for (int i = 0; described && i < (int)scan->spec->ncolumns; i++)
        if (scan->decoder.spellings[i] == SPELL_PLAIN &&
            (described->types[i] != PQftype(rows, i) || described->typmods[i] != PQfmod(rows, i)))
            return false;
    return true;
}

static bool open_cursor(FdwCall *call, FdwScan *scan)
{
    FdwConnection *connection = scan->connection;
    StatementKey key = postgres_statement_key(call, scan->spec, scan->sql);
    bool is_once = postgres_statement_is_new(connection, &key);
    for (;;) {
        if ((is_once || !postgres_statement_is_cached(connection, &key)) && !postgres_ready(call, connection))
            return false;
        if (!(is_once ? describe_once(call, scan) : describe_cached(call, scan)))
            return false;
        scan->cursor = postgres_cursor_open(call, connection, scan->spec, postgres_decoder_sql(&scan->decoder, scan->sql), scan->sql);
        if (!scan->cursor || cursor_is_as_described(scan))
            return scan->cursor;
        postgres_cursor_close(scan->cursor);
        scan->cursor = NULL;
        postgres_forget_statement(scan->described);
        scan->described = NULL;
        is_once = true;
    }
}

static bool open_scan(FdwCall *call, FdwScan *scan)
{
    if (scan->spec->is_fetched)
        return fetch_none(call, scan);
    if (scan->connection->is_shared)
        return open_cursor(call, scan);
    if (!scan->spec->nparams)
        return open_copy(call, scan);
    return scan->spec->plan_once ? open_once(call, scan) : open_prepared(call, scan);
}

FdwScan *postgres_scan_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const FdwPart *part)
{
    connection->is_shared |= spec->locks && connection->in_transaction;
    bool by_cursor = connection->is_shared && !spec->is_fetched;
    if (!(by_cursor ? postgres_idle(call, connection) : postgres_ready(call, connection)))
        return NULL;
    FdwScan *scan = call->host->alloc(call, sizeof *scan);
    scan->connection = connection;
    scan->spec = spec;
    if (connection->is_shared && !by_cursor)
        postgres_note_change(connection, CHANGED_LOCKS);
    scan->sql = part && part->sql ? part->sql : spec->sql;
    if (open_scan(call, scan))
        return scan;
    postgres_scan_close(scan);
    return NULL;
}

/* ---- reading ---- */

static bool fail_protocol(FdwCall *call, const FdwScan *scan)
{
    return postgres_fail(call, "08P01", "server \"%s\" sent malformed COPY data", scan->connection->server_name);
}

static uint32_t read32(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool decode_field(FdwScan *scan, FdwBatch *batch, size_t column, const char *bytes, int length)
{
    if (length < 0) {
        fdw_set_null(&batch->vectors[column], batch->count);
        return true;
    }
    return scan->decoder.functions[column](&scan->decoder, column, batch->count, bytes, length);
}

/* The fields of a tuple, after their count; those that are cut off are NULL. */
static const FdwField *tuple_fields(FdwCall *call, size_t ncolumns, const char *at, const char *end)
{
    FdwField *fields = call->host->alloc(call, (ncolumns + 1) * sizeof *fields);
    for (size_t i = 0; i < ncolumns; i++) {
        int32_t length = end - at < 4 ? -1 : (int32_t)read32(at);
        at += end - at < 4 ? end - at : 4;
        fields[i] = (FdwField){at, length > end - at ? -1 : length};
        at += fields[i].length > 0 ? fields[i].length : 0;
    }
    return fields;
}

/* One tuple: field count, then length and bytes of each. */
static bool decode_tuple(FdwCall *call, FdwScan *scan, FdwBatch *batch, const char *at, const char *end)
{
    size_t ncolumns = scan->spec->ncolumns;
    if (end - at < 2)
        return fail_protocol(call, scan);
    int16_t nfields = (int16_t)((unsigned char)at[0] << 8 | (unsigned char)at[1]);
    at += 2;
    if (nfields == -1)
        return true;
    if ((size_t)nfields != ncolumns)
        return fail_protocol(call, scan);
    const char *first = at;
    for (size_t i = 0; i < ncolumns; i++) {
        if (end - at < 4)
            return fail_protocol(call, scan);
        int length = (int)read32(at);
        at += 4;
        if (length > end - at)
            return fail_protocol(call, scan);
        if (!decode_field(scan, batch, i, at, length))
            return postgres_decoder_context(&scan->decoder, i, tuple_fields(call, ncolumns, first, end));
        at += length > 0 ? length : 0;
    }
    batch->count++;
    return true;
}

/* One message of the COPY: the head comes with the first tuple, or alone. */
static bool decode_message(FdwCall *call, FdwScan *scan, FdwBatch *batch, const char *data, int length)
{
    const char *end = data + length;
    if (!scan->head_seen) {
        size_t head = sizeof COPY_SIGNATURE + 8;
        if ((size_t)length < head || memcmp(data, COPY_SIGNATURE, sizeof COPY_SIGNATURE) != 0)
            return fail_protocol(call, scan);
        head += read32(data + sizeof COPY_SIGNATURE + 4);
        if ((size_t)length < head)
            return fail_protocol(call, scan);
        scan->head_seen = true;
        data += head;
    }
    return data == end || decode_tuple(call, scan, batch, data, end);
}

/* After the last row: the result that says whether all went well. Without it, rows may be missing (invariant 3). */
static bool finish(FdwCall *call, FdwScan *scan, bool complete)
{
    scan->at_end = true;
    for (bool good = true;;) {
        bool ok;
        PGresult *result = postgres_next_result(call, scan->connection, scan->sql, &ok);
        if (!ok)
            return false;
        if (!result)
            return good && (complete || postgres_fail_remote(call, scan->connection, NULL, scan->sql));
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
            complete = true;
        else if (good)
            good = postgres_fail_remote(call, scan->connection, result, scan->sql);
        PQclear(result);
        if (!good && PQstatus(scan->connection->pg) == CONNECTION_BAD)
            return false;
    }
}

static bool next_copy(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    PGconn *pg = scan->connection->pg;
    while (batch->count < batch->capacity) {
        char *message;
        int length = PQgetCopyData(pg, &message, 1);
        if (length > 0) {
            bool ok = decode_message(call, scan, batch, message, length);
            PQfreemem(message);
            if (!ok)
                return false;
        } else if (length == 0) {
            if (!postgres_wait(call, scan->connection, scan->sql))
                return false;
        } else {
            return finish(call, scan, false);
        }
    }
    return !call->host->cancelled(call) || postgres_fail(call, "57014", "canceling statement due to user request");
}

static FdwField result_field(const PGresult *result, int row, size_t column)
{
    int length = PQgetisnull(result, row, (int)column) ? -1 : PQgetlength(result, row, (int)column);
    return (FdwField){PQgetvalue(result, row, (int)column), length};
}

static const FdwField *result_fields(FdwCall *call, size_t ncolumns, const PGresult *result, int row)
{
    FdwField *fields = call->host->alloc(call, (ncolumns + 1) * sizeof *fields);
    for (size_t i = 0; i < ncolumns; i++)
        fields[i] = result_field(result, row, i);
    return fields;
}

static bool decode_result_row(FdwCall *call, FdwScan *scan, FdwBatch *batch, const PGresult *result, int row)
{
    size_t ncolumns = scan->spec->ncolumns;
    for (size_t i = 0; i < ncolumns; i++) {
        FdwField field = result_field(result, row, i);
        if (!decode_field(scan, batch, i, field.bytes, field.length))
            return postgres_decoder_context(&scan->decoder, i, result_fields(call, ncolumns, result, row));
    }
    batch->count++;
    return true;
}

static bool next_prepared(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    while (batch->count < batch->capacity) {
        bool ok;
        PGresult *result = postgres_next_result(call, scan->connection, scan->sql, &ok);
        if (!ok)
            return false;
        ExecStatusType status = PQresultStatus(result);
        bool is_outdated = scan->sent && !scan->is_renewed && postgres_is_outdated(result);
        if (is_outdated)
            ok = renew(call, scan);
        else if (status == PGRES_SINGLE_TUPLE)
            ok = decode_result_row(call, scan, batch, result, 0);
        else if (status != PGRES_TUPLES_OK)
            ok = postgres_fail_remote(call, scan->connection, result, scan->sql);
        PQclear(result);
        if (!ok)
            return false;
        scan->sent = is_outdated ? scan->sent : NULL;
        if (status == PGRES_TUPLES_OK)
            return finish(call, scan, true);
    }
    return !call->host->cancelled(call) || postgres_fail(call, "57014", "canceling statement due to user request");
}

/* Rows of one fetch at most. */
static bool next_cursor(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    const PGresult *rows = postgres_cursor_rows(scan->cursor);
    if (scan->row == PQntuples(rows)) {
        if (!postgres_cursor_next(call, scan->cursor))
            return false;
        rows = postgres_cursor_rows(scan->cursor);
        scan->row = 0;
    }
    for (; batch->count < batch->capacity && scan->row < PQntuples(rows); scan->row++)
        if (!decode_result_row(call, scan, batch, rows, scan->row))
            return false;
    scan->at_end = !batch->count;
    return !call->host->cancelled(call) || postgres_fail(call, "57014", "canceling statement due to user request");
}

bool postgres_scan_next(FdwCall *call, FdwScan *scan, FdwBatch *batch)
{
    batch->count = 0;
    if (scan->at_end)
        return true;
    scan->decoder.call = call;
    scan->decoder.batch = batch;
    if (scan->cursor)
        return next_cursor(call, scan, batch);
    return scan->is_copy ? next_copy(call, scan, batch) : next_prepared(call, scan, batch);
}

void postgres_scan_close(FdwScan *scan)
{
    if (scan->cursor)
        postgres_cursor_close(scan->cursor);
    else
        postgres_stop(scan->connection);
}
