/*
 * cursor.c - rows by DECLARE and FETCH: over a connection whose transaction has locked or written rows, which others have to be read over
 * too.
 *
 * Invariants:
 *  1. Between two calls nothing runs on the connection. Each makes one round trip.
 *  2. A fetch that fails harms no other cursor: what was declared before is kept (postgres_ready). Where a savepoint was gone back to, the
 *     cursor may be gone; then it is not closed, as that would fail the transaction.
 *  3. A cursor gives the rows of the moment when it was declared, whatever the transaction writes afterwards.
 *
 * One thread at a time a connection.
 */
#include <string.h>

#include "postgres_fdw.h"

enum { FIRST_ROWS = 100, MOST_ROWS = 2000, MANY_BYTES = 256 * 1024 };

struct Cursor {
    FdwConnection *connection;
    const FdwScanSpec *spec;
    const char *context;
    unsigned number;
    int wanted;      /* rows of the last fetch */
    unsigned undone; /* as the connection's was */
    PGresult *rows;
};

static bool send(FdwCall *call, const Cursor *cursor, const char *declaration)
{
    PGconn *pg = cursor->connection->pg;
    const FdwScanSpec *spec = cursor->spec;
    const char *fetch = postgres_text(call, "FETCH %d FROM medley_c%u", cursor->wanted, cursor->number);
    return PQenterPipelineMode(pg) && postgres_send_ready(cursor->connection) &&
           (!declaration || PQsendQueryParams(pg, declaration, (int)spec->nparams, postgres_param_types(call, spec->params, spec->nparams),
                                              postgres_param_values(call, spec), NULL, NULL, 0)) &&
           PQsendQueryParams(pg, fetch, 0, NULL, NULL, NULL, NULL, 1) && PQpipelineSync(pg);
}

/* Up to the pipeline's sync. changes: what follows the savepoint. */
static bool receive(FdwCall *call, Cursor *cursor, Change change)
{
    FdwConnection *connection = cursor->connection;
    bool good = true, synced = false;
    while (!synced && PQstatus(connection->pg) != CONNECTION_BAD) {
        bool ok;
        PGresult *result = postgres_next_result(call, connection, cursor->context, &ok);
        if (!ok)
            return false;
        ExecStatusType status = PQresultStatus(result);
        synced = status == PGRES_PIPELINE_SYNC;
        if (result && status == PGRES_FATAL_ERROR && good)
            good = postgres_fail_remote(call, connection, result, cursor->context);
        if (status == PGRES_COMMAND_OK && strcmp(PQcmdStatus(result), "CLOSE CURSOR") == 0)
            connection->nclosed = 0; /* they go one after the other, and cannot fail */
        if (status == PGRES_COMMAND_OK && strcmp(PQcmdStatus(result), "SAVEPOINT") == 0) {
            postgres_note_moved(connection);
            postgres_note_change(connection, change);
        }
        if (status == PGRES_TUPLES_OK)
            cursor->rows = result;
        else
            PQclear(result);
    }
    if ((!synced || !PQexitPipelineMode(connection->pg)) && good)
        good = postgres_fail_remote(call, connection, NULL, cursor->context);
    return good;
}

static bool fetch(FdwCall *call, Cursor *cursor, const char *declaration)
{
    FdwConnection *connection = cursor->connection;
    Change change = declaration || cursor->spec->locks ? CHANGED_LOCKS : CHANGED_NOTHING;
    bool sent = send(call, cursor, declaration);
    postgres_note_change(connection, change);
    if (sent)
        return receive(call, cursor, change);
    connection->broken = true;
    return postgres_fail_remote(call, connection, NULL, cursor->context);
}

static int first_rows(const FdwScanSpec *spec)
{
    return spec->fetch_size > 0 && spec->fetch_size < FIRST_ROWS ? spec->fetch_size : FIRST_ROWS;
}

Cursor *postgres_cursor_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const char *sql, const char *context)
{
    Cursor *cursor = call->host->alloc(call, sizeof *cursor);
    *cursor = (Cursor){.connection = connection,
                       .spec = spec,
                       .context = context,
                       .number = ++connection->cursors,
                       .wanted = first_rows(spec),
                       .undone = connection->undone};
    if (fetch(call, cursor, postgres_text(call, "DECLARE medley_c%u CURSOR FOR %s", cursor->number, sql)))
        return cursor;
    PQclear(cursor->rows);
    postgres_stop(connection);
    return NULL;
}

const PGresult *postgres_cursor_rows(const Cursor *cursor)
{
    return cursor->rows;
}

bool postgres_cursor_next(FdwCall *call, Cursor *cursor)
{
    bool at_end = PQntuples(cursor->rows) < cursor->wanted;
    if (PQresultMemorySize(cursor->rows) < MANY_BYTES)
        cursor->wanted = cursor->wanted * 4 < MOST_ROWS ? cursor->wanted * 4 : MOST_ROWS;
    PQclear(cursor->rows);
    cursor->rows = NULL;
    return at_end || (postgres_idle(call, cursor->connection) && fetch(call, cursor, NULL));
}

void postgres_cursor_close(Cursor *cursor)
{
    FdwConnection *connection = cursor->connection;
    PQclear(cursor->rows);
    cursor->rows = NULL;
    postgres_stop(connection);
    if (!connection->broken && cursor->undone == connection->undone)
        postgres_close_cursor(connection, cursor->number);
}
