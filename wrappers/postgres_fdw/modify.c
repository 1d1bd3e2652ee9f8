/*
 * modify.c - rows that are written: one statement, run once a row, many in a round trip.
 *
 * Invariants:
 *  1. A part of the runs goes in one pipeline up to its sync, and is read to it before the next part: what is buffered on the way is
 * bounded, and neither side waits for the other to read.
 *  2. A run that fails ends the statement. What it has written so far is undone by whoever undoes the transaction, or its part since a
 *     savepoint of the host's: nothing else is done meanwhile (postgres_idle).
 *  3. The statement is parsed for each write, as the first of its pipeline, which takes no round trip: a parameter has the type that its
 *     column has now. One kept from before would convert values through the type that it had then.
 *
 * One thread at a time a connection.
 */
#include <stdlib.h>
#include <string.h>

#include "postgres_fdw.h"

enum { MOST_RUNS = 500, MOST_BYTES = 1024 * 1024, FIRST_USER_OID = 16384 };

typedef struct Modify {
    FdwConnection *connection;
    const FdwModifySpec *spec;
    Oid *types;
    size_t sent, received; /* runs */
    const char **cells;
    bool is_parsed, failed;
} Modify;

/* Where a type is not known to the source it is what it takes the parameter for: so every literal that suits its column is taken. */
static Oid *types_of(FdwCall *call, const FdwModifySpec *spec)
{
    Oid *types = call->host->alloc(call, (spec->nparams + 1) * sizeof *types);
    for (size_t i = 0; spec->types && i < spec->nparams; i++)
        types[i] = spec->types[i] < FIRST_USER_OID ? spec->types[i] : 0;
    return types;
}

/* ---- sending ---- */

static size_t row_bytes(const FdwModifySpec *spec, const char *const *values)
{
    size_t bytes = 0;
    for (size_t i = 0; i < spec->nparams; i++)
        bytes += values[i] ? strlen(values[i]) : 0;
    return bytes;
}

/* The next part of the runs, up to its sync: into libpq's buffer. */
static bool send_part(FdwCall *call, Modify *modify)
{
    const FdwModifySpec *spec = modify->spec;
    PGconn *pg = modify->connection->pg;
    bool ok = PQenterPipelineMode(pg) && PQsetnonblocking(pg, 1) == 0;
    size_t first = modify->sent;
    ok = ok && (first || PQsendPrepare(pg, "", spec->sql, (int)spec->nparams, modify->types));
    for (size_t bytes = 0; ok && modify->sent < spec->nrows && modify->sent - first < MOST_RUNS && bytes < MOST_BYTES; modify->sent++) {
        const char *const *values = spec->values + modify->sent * spec->nparams;
        ok = PQsendQueryPrepared(pg, "", (int)spec->nparams, values, NULL, NULL, 0);
        bytes += row_bytes(spec, values);
    }
    if (ok && PQpipelineSync(pg))
        return true;
    modify->connection->broken = true;
    return postgres_fail_remote(call, modify->connection, NULL, spec->sql);
}

/* ---- receiving ---- */

static bool take_rows(FdwCall *call, Modify *modify, const PGresult *result)
{
    const FdwModifySpec *spec = modify->spec;
    if (PQnfields(result) != (int)spec->nresults)
        return postgres_fail(call, "HV021", "remote query returned %d columns where %zu were expected", PQnfields(result), spec->nresults);
    for (int row = 0; spec->result && row < PQntuples(result); row++) {
        for (size_t i = 0; i < spec->nresults; i++)
            modify->cells[i] = PQgetisnull(result, row, (int)i) ? NULL : PQgetvalue(result, row, (int)i);
        if (!spec->result(spec->arg, modify->received, modify->cells))
            return false;
    }
    return true;
}

static void take_result(FdwCall *call, Modify *modify, const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (modify->failed)
        return;
    /* The first run of a pipeline is read row by row where what the connection did last was: libpq keeps that mode until then. */
    if (status == PGRES_SINGLE_TUPLE) {
        modify->failed = !take_rows(call, modify, result);
        return;
    }
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        modify->failed = true;
        postgres_fail_remote(call, modify->connection, result, modify->spec->sql);
        return;
    }
    if (!modify->is_parsed) {
        modify->is_parsed = true;
        return;
    }
    if (modify->spec->affected)
        modify->spec->affected[modify->received] = strtoull(PQcmdTuples((PGresult *)result), NULL, 10);
    modify->failed = !take_rows(call, modify, result);
    modify->received++;
}

/* Up to the sync. false: it did not come. */
static bool receive_part(FdwCall *call, Modify *modify)
{
    PGconn *pg = modify->connection->pg;
    for (;;) {
        bool ok;
        PGresult *result = postgres_next_result(call, modify->connection, modify->spec->sql, &ok);
        if (!ok)
            return false;
        bool synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        if (result && !synced)
            take_result(call, modify, result);
        PQclear(result);
        if (synced)
            break;
        if (PQstatus(pg) == CONNECTION_BAD)
            return modify->failed ? false : postgres_fail_remote(call, modify->connection, NULL, modify->spec->sql);
    }
    if (PQexitPipelineMode(pg) && PQsetnonblocking(pg, 0) == 0)
        return true;
    modify->connection->broken = true;
    return postgres_fail_lost(call, modify->connection);
}

/* ---- the statement ---- */

static bool run(FdwCall *call, Modify *modify)
{
    postgres_note_change(modify->connection, CHANGED_ROWS);
    while (modify->sent < modify->spec->nrows && !modify->failed)
        if (!send_part(call, modify) || !receive_part(call, modify))
            return false;
    return !modify->failed;
}

bool postgres_modify(FdwCall *call, FdwConnection *connection, const FdwModifySpec *spec)
{
    Modify modify = {.connection = connection, .spec = spec};
    if (!(connection->nclosed ? postgres_ready(call, connection) : postgres_idle(call, connection)))
        return false;
    if (!connection->in_transaction)
        return postgres_fail(call, "25P01", "rows are written in transactions only");
    connection->is_shared = true;
    modify.types = types_of(call, spec);
    modify.cells = call->host->alloc(call, (spec->nresults + 1) * sizeof *modify.cells);
    bool done = run(call, &modify);
    if (!done)
        postgres_stop(connection); /* what was cancelled */
    return done;
}
