/*
 * transaction.c - a connection's transactions, and the savepoints in them.
 *
 * Invariants:
 *  1. The savepoint "medley" (query.c, invariant 2) is the innermost one: whatever makes, releases or goes back to another one sets it
 * anew.
 *  2. Savepoints "s1" to "s<levels>" exist below it.
 *  3. What was written is committed or the commit fails: a failed transaction, which the source would roll back, is not committed, nor
 * prepared.
 *
 * One thread at a time a connection.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "postgres_fdw.h"

/* A snapshot's name, as PostgreSQL writes it, needs no quoting; anything else is no snapshot's name. */
static bool is_snapshot_name(const char *name)
{
    return name[0] && strspn(name, "0123456789abcdefABCDEF-") == strlen(name);
}

bool postgres_begin(FdwCall *call, FdwConnection *connection, const char *snapshot)
{
    bool exports = !snapshot, joins = snapshot && *snapshot;
    if (joins && !is_snapshot_name(snapshot))
        return postgres_fail(call, "22023", "invalid snapshot identifier: \"%s\"", snapshot);
    const char *middle = joins     ? postgres_text(call, "SET TRANSACTION SNAPSHOT '%s'; ", snapshot)
                         : exports ? "SELECT pg_export_snapshot(); "
                                   : "";
    const char *sql = postgres_text(call, "START TRANSACTION ISOLATION LEVEL REPEATABLE READ; %sSAVEPOINT medley", middle);
    if (!postgres_ready(call, connection))
        return false;
    PGresult *result = postgres_query(call, connection, sql);
    if (!result)
        return false;
    snprintf(connection->snapshot, sizeof connection->snapshot, "%s", exports ? PQgetvalue(result, 0, 0) : snapshot);
    connection->in_transaction = true;
    connection->exports = exports;
    PQclear(result);
    return true;
}

const char *postgres_export_snapshot(FdwCall *call, FdwConnection *connection)
{
    return connection->snapshot;
}

static void forget_transaction(FdwConnection *connection)
{
    connection->in_transaction = connection->exports = false;
    connection->snapshot[0] = '\0';
    postgres_note_moved(connection);
    connection->is_shared = false;
    connection->levels = 0;
}

static bool end_transaction(FdwCall *call, FdwConnection *connection, const char *sql)
{
    postgres_stop(connection);
    forget_transaction(connection);
    if (connection->broken)
        return postgres_fail_lost(call, connection);
    if (PQtransactionStatus(connection->pg) == PQTRANS_IDLE)
        return true;
    return postgres_run(call, connection, sql);
}

bool postgres_commit(FdwCall *call, FdwConnection *connection)
{
    return (!connection->is_shared || postgres_idle(call, connection)) && end_transaction(call, connection, "COMMIT TRANSACTION");
}

bool postgres_rollback(FdwCall *call, FdwConnection *connection)
{
    return end_transaction(call, connection, "ROLLBACK");
}

/* ---- two-phase commit ---- */

bool postgres_can_prepare(const FdwConnection *connection)
{
    return connection->prepares && !connection->exports;
}

static const char PREPARE[] = "PREPARE TRANSACTION";

bool postgres_prepare(FdwCall *call, FdwConnection *connection, const char *name)
{
    if (!postgres_idle(call, connection))
        return false;
    if (PQtransactionStatus(connection->pg) != PQTRANS_INTRANS)
        return postgres_fail_lost(call, connection);
    forget_transaction(connection);
    return postgres_run(call, connection, postgres_text(call, "%s '%s'", PREPARE, name));
}

/* A standby does not tell of what is prepared, and what is still being prepared is not there yet: both refuse to end it. */
bool postgres_end_prepared(FdwCall *call, FdwConnection *connection, const char *name, bool commit, bool *found)
{
    const char *look =
        postgres_text(call,
                      "SELECT FROM pg_catalog.pg_prepared_xacts WHERE gid OPERATOR(pg_catalog.=) '%s'"
                      " UNION ALL SELECT WHERE pg_catalog.pg_is_in_recovery() UNION ALL SELECT FROM pg_catalog.pg_stat_activity"
                      " WHERE state OPERATOR(pg_catalog.=) 'active' AND query OPERATOR(pg_catalog.=) $$%s '%s'$$",
                      name, PREPARE, name);
    PGresult *result = postgres_still(call, connection) ? postgres_query(call, connection, look) : NULL;
    *found = result && PQntuples(result) > 0;
    PQclear(result);
    return *found ? postgres_run(call, connection, postgres_text(call, "%s PREPARED '%s'", commit ? "COMMIT" : "ROLLBACK", name))
                  : result != NULL;
}

/* ---- savepoints ---- */

/* Of the levels that are missing. */
static const char *savepoints_sql(FdwCall *call, int from, int to)
{
    enum { LONGEST = sizeof "SAVEPOINT s2147483647;" };
    char *sql = call->host->alloc(call, (size_t)(to - from + 3) * LONGEST), *at = sql;
    at += sprintf(at, "RELEASE SAVEPOINT medley;");
    for (int level = from; level <= to; level++)
        at += sprintf(at, "SAVEPOINT s%d;", level);
    strcpy(at, "SAVEPOINT medley");
    return sql;
}

bool postgres_savepoint(FdwCall *call, FdwConnection *connection, int level)
{
    if (level <= connection->levels)
        return true;
    if (!postgres_idle(call, connection) || !postgres_run(call, connection, savepoints_sql(call, connection->levels + 1, level)))
        return false;
    connection->levels = level;
    connection->changed = CHANGED_NOTHING;
    return true;
}

bool postgres_rollback_to(FdwCall *call, FdwConnection *connection, int level)
{
    if (level > connection->levels)
        return true;
    if (!postgres_still(call, connection) ||
        !postgres_run(call, connection, postgres_text(call, "ROLLBACK TO SAVEPOINT s%d; SAVEPOINT medley", level)))
        return false;
    connection->levels = level;
    postgres_note_moved(connection);
    connection->undone++;
    return true;
}

bool postgres_release(FdwCall *call, FdwConnection *connection, int level)
{
    if (level > connection->levels)
        return true;
    if (!postgres_idle(call, connection) ||
        !postgres_run(call, connection, postgres_text(call, "RELEASE SAVEPOINT s%d; SAVEPOINT medley", level)))
        return false;
    connection->levels = level - 1;
    connection->changed = CHANGED_NOTHING;
    return true;
}

/* ---- who waits for it ---- */

int64_t postgres_identity(const FdwConnection *connection)
{
    return PQbackendPID(connection->pg);
}

/* As the members of a VALUES list. */
static const char *rows_of(FdwCall *call, const int64_t *waiting, size_t count)
{
    enum { LONGEST = sizeof ", (-9223372036854775808)" };
    char *text = call->host->alloc(call, count * LONGEST), *at = text;
    for (size_t i = 0; i < count; i++)
        at += sprintf(at, "%s(%" PRId64 ")", i ? ", " : "", waiting[i]);
    return text;
}

/* In a savepoint of its own: what fails here undoes nothing else. */
bool postgres_blocks(FdwCall *call, FdwConnection *connection, const int64_t *waiting, size_t count)
{
    enum { FIRST_WITH_BLOCKING_PIDS = 90600 };
    bool can_ask = PQtransactionStatus(connection->pg) == PQTRANS_INTRANS && PQserverVersion(connection->pg) >= FIRST_WITH_BLOCKING_PIDS;
    if (!can_ask || !count)
        return false;
    const char *sql =
        postgres_text(call,
                      "SAVEPOINT medley_look; WITH RECURSIVE w(pid) AS (VALUES %s UNION"
                      " SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) FROM w)"
                      " SELECT 1 FROM w WHERE pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid(); RELEASE SAVEPOINT medley_look",
                      rows_of(call, waiting, count));
    PGresult *result = postgres_query(call, connection, sql);
    bool blocks = result && PQntuples(result) > 0;
    PQclear(result);
    if (!result && PQtransactionStatus(connection->pg) == PQTRANS_INERROR)
        postgres_run(call, connection, "ROLLBACK TO SAVEPOINT medley_look; RELEASE SAVEPOINT medley_look");
    return blocks;
}
