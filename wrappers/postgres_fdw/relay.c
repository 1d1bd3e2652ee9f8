/*
 * relay.c - rows passed on as the source sent them, in the client's own format.
 *
 * Invariants:
 *  1. Nothing is relayed whose bytes differ from those of the declared type: relay_open declines, the host scans.
 *  2. A statement that comes once is sent as it is, with its parameters, in one round trip; what it answers shows in the first of its
 *     results. One that comes again is prepared.
 *  3. A cached statement that the source has forgotten, or whose result's types have changed, is prepared anew once, before any row is
 *     passed on.
 *
 * One thread at a time a relay.
 */
#include <string.h>

#include "postgres_fdw.h"

struct FdwRelay {
    FdwConnection *connection;
    const FdwScanSpec *spec;
    FdwField *fields;
    PGresult *first; /* read by relay_open; NULL: passed on */
    bool at_end;
};

static bool can_relay(const FdwScanSpec *spec, const Statement *statement, const int16_t *formats)
{
    if ((size_t)statement->nfields != spec->ncolumns)
        return false;
    for (size_t i = 0; i < spec->ncolumns; i++)
        if (formats[i] != formats[0] || !postgres_same_bytes(&spec->columns[i], statement->types[i], statement->typmods[i]))
            return false;
    return true;
}

/* The same of what is being answered. */
static bool can_relay_result(const FdwScanSpec *spec, const PGresult *result, const int16_t *formats)
{
    if ((size_t)PQnfields(result) != spec->ncolumns)
        return false;
    for (size_t i = 0; i < spec->ncolumns; i++)
        if (formats[i] != formats[0] || !postgres_same_bytes(&spec->columns[i], PQftype(result, (int)i), PQfmod(result, (int)i)))
            return false;
    return true;
}

/* statement NULL: as it is. */
static bool execute(FdwCall *call, FdwRelay *relay, const Statement *statement, int format)
{
    FdwConnection *connection = relay->connection;
    const FdwScanSpec *spec = relay->spec;
    const char *const *values = postgres_param_values(call, spec);
    int count = (int)spec->nparams;
    int sent = statement ? PQsendQueryPrepared(connection->pg, statement->name, count, values, NULL, NULL, format)
                         : PQsendQueryParams(connection->pg, spec->sql, count, postgres_param_types(call, spec->params, spec->nparams),
                                             values, NULL, NULL, format);
    if (!sent)
        return postgres_fail_remote(call, connection, NULL, spec->sql);
    PQsetSingleRowMode(connection->pg);
    bool ok;
    relay->first = postgres_next_result(call, connection, spec->sql, &ok);
    return ok;
}

/* *declined: the rows cannot be passed on as they are. */
static bool start(FdwCall *call, FdwRelay *relay, const int16_t *formats, bool *declined)
{
    const FdwScanSpec *spec = relay->spec;
    StatementKey key = postgres_statement_key(call, spec, spec->sql);
    if (postgres_statement_is_new(relay->connection, &key)) {
        if (!execute(call, relay, NULL, spec->ncolumns ? formats[0] : 0))
            return false;
        ExecStatusType status = PQresultStatus(relay->first);
        *declined = (status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK) && !can_relay_result(spec, relay->first, formats);
        return true;
    }
    for (int attempt = 0;; attempt++) {
        Statement *statement = postgres_statement(call, relay->connection, spec, &key);
        if (!statement)
            return false;
        *declined = !can_relay(spec, statement, formats);
        if (*declined)
            return true;
        if (!execute(call, relay, statement, spec->ncolumns ? formats[0] : 0))
            return false;
        if (attempt > 0 || !postgres_is_outdated(relay->first))
            return true;
        PQclear(relay->first);
        relay->first = NULL;
        postgres_stop(relay->connection);
        postgres_forget_statement(statement);
        if (!postgres_ready(call, relay->connection))
            return false;
    }
}

FdwRelay *postgres_relay_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const int16_t *formats)
{
    bool is_by_cursor = connection->is_shared || (spec->locks && connection->in_transaction);
    if (spec->is_fetched || is_by_cursor || !postgres_ready(call, connection))
        return NULL;
    FdwRelay *relay = call->host->alloc(call, sizeof *relay);
    relay->connection = connection;
    relay->spec = spec;
    relay->fields = call->host->alloc(call, (spec->ncolumns + 1) * sizeof *relay->fields);
    bool declined = false;
    bool ok = start(call, relay, formats, &declined);
    ExecStatusType status = relay->first ? PQresultStatus(relay->first) : PGRES_TUPLES_OK;
    if (ok && !declined && status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK)
        ok = postgres_fail_remote(call, connection, relay->first, spec->sql);
    if (ok && !declined)
        return relay;
    postgres_relay_close(relay);
    return NULL;
}

static bool pass_row(FdwRelay *relay, const PGresult *result, FdwRowSink sink, void *arg)
{
    size_t ncolumns = relay->spec->ncolumns;
    for (size_t i = 0; i < ncolumns; i++)
        relay->fields[i] = (FdwField){PQgetvalue(result, 0, (int)i), PQgetisnull(result, 0, (int)i) ? -1 : PQgetlength(result, 0, (int)i)};
    return sink(arg, relay->fields, ncolumns);
}

static PGresult *next_result(FdwCall *call, FdwRelay *relay, bool *ok)
{
    PGresult *result = relay->first;
    relay->first = NULL;
    *ok = true;
    return result ? result : postgres_next_result(call, relay->connection, relay->spec->sql, ok);
}

/* The statement's end: its last result, then none. */
static bool finish(FdwCall *call, FdwRelay *relay)
{
    relay->at_end = true;
    for (bool ok = true;;) {
        PGresult *result = postgres_next_result(call, relay->connection, relay->spec->sql, &ok);
        if (!result)
            return ok;
        if (PQresultStatus(result) == PGRES_FATAL_ERROR)
            ok = postgres_fail_remote(call, relay->connection, result, relay->spec->sql);
        PQclear(result);
        if (!ok)
            return false;
    }
}

bool postgres_relay_next(FdwCall *call, FdwRelay *relay, size_t max_rows, FdwRowSink sink, void *arg, bool *at_end)
{
    bool ok = true, wanted = true;
    for (size_t rows = 0; ok && wanted && !relay->at_end && (max_rows == 0 || rows < max_rows); rows++) {
        PGresult *result = next_result(call, relay, &ok);
        if (!ok)
            return false;
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_SINGLE_TUPLE)
            wanted = pass_row(relay, result, sink, arg);
        else if (status != PGRES_TUPLES_OK)
            ok = postgres_fail_remote(call, relay->connection, result, relay->spec->sql);
        PQclear(result);
        if (ok && status == PGRES_TUPLES_OK)
            ok = finish(call, relay);
    }
    *at_end = relay->at_end;
    return ok;
}

void postgres_relay_close(FdwRelay *relay)
{
    PQclear(relay->first);
    relay->first = NULL;
    postgres_stop(relay->connection);
}
