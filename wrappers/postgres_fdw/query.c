/*
 * query.c - running statements: waiting, errors, stopping.
 *
 * Invariants:
 *  1. Every wait ends within 100 ms of a cancellation, after the source was asked to stop.
 *  2. A remote transaction holds the savepoint "medley" right after its snapshot was taken, and moves it on before a read when rows were
 *     locked or written, or a cursor was declared: whatever read fails or is stopped later, going back to it makes the transaction usable
 *     again, and loses nothing. Where a write has failed it is not gone back to: the transaction is undone, or a savepoint's part of it.
 *  3. Remote errors keep their SQLSTATE, message, detail and hint; the statement that was sent is added as context.
 *
 * One thread at a time a connection.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres_fdw.h"

enum { STATEMENT_SIZE = 32, WAIT_MS = 100, STOP_MS = 30000, CANCELLED_STOP_MS = 2000 };

#define CANCELLED "canceling statement due to user request"

char *postgres_text(FdwCall *call, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = call->host->alloc(call, (size_t)(length < 0 ? 0 : length) + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

bool postgres_fail(FdwCall *call, const char *sqlstate, const char *format, ...)
{
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    FdwError error = {.sqlstate = sqlstate, .message = message};
    return call->host->fail(call, &error);
}

/* libpq's words for the connection itself, without the line that a look at its closed socket adds. */
static const char *connection_message(FdwCall *call, const PGconn *pg)
{
    static const char STRAY[] = "invalid socket";
    char *text = postgres_text(call, "%s", PQerrorMessage(pg));
    size_t length = strlen(text), stray = sizeof STRAY - 1;
    while (length && text[length - 1] == '\n')
        text[--length] = '\0';
    if (length >= stray && strcmp(text + length - stray, STRAY) == 0)
        text[length -= stray] = '\0';
    while (length && text[length - 1] == '\n')
        text[--length] = '\0';
    return *text ? text : "could not obtain message string for remote error";
}

/* A text that the source cannot convert: nothing else says whose data that is. */
static bool is_encoding_failure(const char *state)
{
    return strcmp(state, "22021") == 0 || strcmp(state, "22P05") == 0;
}

/* The source has ended the connection with it. Its SQLSTATE would tell our own client that it is the one who is cut off, so it is told as
 * postgres_fdw tells it, whose last result is libpq's: a lost connection. */
static bool ends_connection(const PGresult *result)
{
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

static const char *lost_message(FdwCall *call, const PGresult *result)
{
    return postgres_text(call,
                         "%sserver closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n"
                         "\tbefore or while processing the request.",
                         PQresultErrorMessage(result));
}

bool postgres_fail_lost(FdwCall *call, const FdwConnection *connection)
{
    return postgres_fail(call, "08006", "connection to server \"%s\" was lost", connection->server_name);
}

bool postgres_fail_remote(FdwCall *call, FdwConnection *connection, const PGresult *result, const char *sql)
{
    if (call->host->cancelled(call))
        return postgres_fail(call, "57014", CANCELLED);
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *context = result ? PQresultErrorField(result, PG_DIAG_CONTEXT) : NULL;
    if (!message)
        message = connection_message(call, connection->pg);
    const char *place = sql ? postgres_text(call, "remote SQL command: %s", sql) : NULL;
    if (ends_connection(result)) {
        FdwError lost = {.sqlstate = "08006", .message = lost_message(call, result), .context = place};
        return call->host->fail(call, &lost);
    }
    if (place && state && is_encoding_failure(state))
        place = postgres_text(call, "%s\non server \"%s\"", place, connection->server_name);
    FdwError error = {
        .sqlstate = state ? state : "08006",
        .message = message,
        .detail = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : NULL,
        .hint = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_HINT) : NULL,
        .context = context && place ? postgres_text(call, "%s\n%s", context, place)
                   : context        ? context
                                    : place,
    };
    return call->host->fail(call, &error);
}

/* ---- waiting ---- */

bool postgres_wait(FdwCall *call, FdwConnection *connection, const char *sql)
{
    if (PQstatus(connection->pg) == CONNECTION_BAD)
        return postgres_fail_remote(call, connection, NULL, sql);
    while (call->host->wait(call, PQsocket(connection->pg), POLLIN, WAIT_MS) == 0)
        if (call->host->cancelled(call)) {
            postgres_cancel(connection);
            return postgres_fail(call, "57014", CANCELLED);
        }
    /* When the connection has ended, what it said last is still to be read: only the next wait fails. */
    PQconsumeInput(connection->pg);
    return true;
}

static bool flush(FdwCall *call, FdwConnection *connection, const char *sql)
{
    int left;
    while ((left = PQflush(connection->pg)) > 0) {
        struct pollfd socket = {.fd = PQsocket(connection->pg), .events = POLLIN | POLLOUT};
        if (poll(&socket, 1, WAIT_MS) == 0 && call->host->cancelled(call))
            return postgres_fail(call, "57014", CANCELLED);
        if ((socket.revents & POLLIN) && !PQconsumeInput(connection->pg))
            break;
    }
    return left == 0 || postgres_fail_remote(call, connection, NULL, sql);
}

PGresult *postgres_next_result(FdwCall *call, FdwConnection *connection, const char *sql, bool *ok)
{
    *ok = flush(call, connection, sql);
    while (*ok && PQisBusy(connection->pg))
        *ok = postgres_wait(call, connection, sql);
    return *ok ? PQgetResult(connection->pg) : NULL;
}

static bool is_good(const PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_PIPELINE_SYNC:
    case PGRES_COPY_OUT:
        return true;
    default:
        return false;
    }
}

PGresult *postgres_query(FdwCall *call, FdwConnection *connection, const char *sql)
{
    if (!PQsendQuery(connection->pg, sql))
        return postgres_fail_remote(call, connection, NULL, sql), NULL;
    PGresult *kept = NULL;
    for (bool ok = true;;) {
        PGresult *result = postgres_next_result(call, connection, sql, &ok);
        if (!result && ok)
            return kept;
        if (!ok || !is_good(result)) {
            if (ok)
                postgres_fail_remote(call, connection, result, sql);
            PQclear(result);
            PQclear(kept);
            postgres_stop(connection);
            return NULL;
        }
        if (kept && PQresultStatus(kept) == PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_TUPLES_OK) {
            PQclear(result);
            continue;
        }
        PQclear(kept);
        kept = result;
    }
}

/* ---- stopping ---- */

/* Waits for bytes: STOP_MS at most, or CANCELLED_STOP_MS once the statement was cancelled from outside: a source that hangs then costs its
 * connection, not the session. */
static bool read_more(FdwConnection *connection)
{
    for (int waited = 0, cancelled = 0; waited < STOP_MS && cancelled < CANCELLED_STOP_MS; waited += WAIT_MS) {
        short unsent = PQflush(connection->pg) > 0 ? POLLOUT : 0;
        struct pollfd socket = {.fd = PQsocket(connection->pg), .events = POLLIN | unsent};
        int ready = poll(&socket, 1, WAIT_MS);
        if (ready > 0)
            return PQconsumeInput(connection->pg) != 0;
        if (ready < 0 && errno != EINTR)
            return false;
        cancelled += atomic_load(&connection->cancelled) ? WAIT_MS : 0;
    }
    return false;
}

/* Reads all that is left of a statement, or of a pipeline: up to its sync. */
static bool drain(FdwConnection *connection)
{
    bool in_pipeline = PQpipelineStatus(connection->pg) != PQ_PIPELINE_OFF;
    for (;;) {
        while (PQisBusy(connection->pg))
            if (!read_more(connection))
                return false;
        PGresult *result = PQgetResult(connection->pg);
        ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (PQstatus(connection->pg) == CONNECTION_BAD)
            return false;
        if (status == PGRES_PIPELINE_SYNC)
            return PQexitPipelineMode(connection->pg) && PQsetnonblocking(connection->pg, 0) == 0;
        if (!result && !in_pipeline)
            return true;
        while (status == PGRES_COPY_OUT) {
            char *row = NULL;
            int length = PQgetCopyData(connection->pg, &row, 1);
            PQfreemem(row);
            if (length < 0)
                break;
            if (length == 0 && !read_more(connection))
                return false;
        }
    }
}

void postgres_stop(FdwConnection *connection)
{
    if (PQtransactionStatus(connection->pg) != PQTRANS_ACTIVE)
        return;
    postgres_canceller_ask(connection->canceller);
    if (!drain(connection) || !postgres_canceller_settle(connection->canceller, CANCELLED_STOP_MS))
        connection->broken = true;
}

bool postgres_run(FdwCall *call, FdwConnection *connection, const char *sql)
{
    PGresult *result = postgres_query(call, connection, sql);
    PQclear(result);
    return result != NULL;
}

bool postgres_still(FdwCall *call, FdwConnection *connection)
{
    postgres_stop(connection);
    if (!postgres_canceller_settle(connection->canceller, CANCELLED_STOP_MS))
        connection->broken = true;
    atomic_store(&connection->cancelled, false);
    return !connection->broken || postgres_fail_lost(call, connection);
}

bool postgres_idle(FdwCall *call, FdwConnection *connection)
{
    if (!postgres_still(call, connection))
        return false;
    switch (PQtransactionStatus(connection->pg)) {
    case PQTRANS_IDLE:
    case PQTRANS_INTRANS:
        return true;
    case PQTRANS_INERROR:
        if (connection->changed == CHANGED_ROWS)
            return postgres_fail(call, "25P02", "current transaction is aborted, commands ignored until end of transaction block");
        postgres_note_moved(connection);
        connection->undone++;
        return postgres_run(call, connection, "ROLLBACK TO SAVEPOINT medley");
    default:
        return postgres_fail_lost(call, connection);
    }
}

/* The statements that make a transaction ready; gives their number. While the savepoint moves there is none to go back to. */
static int ready_statements(FdwConnection *connection, char statements[MOST_CLOSED + 2][STATEMENT_SIZE])
{
    int count = 0;
    for (int i = 0; i < connection->nclosed; i++)
        snprintf(statements[count++], STATEMENT_SIZE, "CLOSE medley_c%u", connection->closed[i]);
    if (connection->changed != CHANGED_NOTHING) {
        strcpy(statements[count++], "RELEASE SAVEPOINT medley");
        strcpy(statements[count++], "SAVEPOINT medley");
        connection->changed = CHANGED_ROWS;
    }
    return count;
}

bool postgres_ready(FdwCall *call, FdwConnection *connection)
{
    char statements[MOST_CLOSED + 2][STATEMENT_SIZE], sql[(MOST_CLOSED + 2) * (STATEMENT_SIZE + 1)], *at = sql;
    if (!postgres_idle(call, connection))
        return false;
    int count = ready_statements(connection, statements);
    for (int i = 0; i < count; i++)
        at += sprintf(at, "%s;", statements[i]);
    if (count && !postgres_run(call, connection, sql))
        return false;
    postgres_note_moved(connection);
    return true;
}

bool postgres_send_ready(FdwConnection *connection)
{
    char statements[MOST_CLOSED + 2][STATEMENT_SIZE];
    int count = ready_statements(connection, statements);
    for (int i = 0; i < count; i++)
        if (!PQsendQueryParams(connection->pg, statements[i], 0, NULL, NULL, NULL, NULL, 0))
            return false;
    return true;
}

void postgres_note_moved(FdwConnection *connection)
{
    connection->changed = CHANGED_NOTHING;
    connection->nclosed = 0;
}

void postgres_close_cursor(FdwConnection *connection, unsigned number)
{
    if (connection->nclosed < MOST_CLOSED) {
        connection->closed[connection->nclosed++] = number;
        return;
    }
    char sql[STATEMENT_SIZE];
    snprintf(sql, sizeof sql, "CLOSE medley_c%u", number);
    if (PQtransactionStatus(connection->pg) == PQTRANS_INTRANS && (!PQsendQuery(connection->pg, sql) || !drain(connection)))
        connection->broken = true;
}

void postgres_note_change(FdwConnection *connection, Change change)
{
    if (connection->changed < change)
        connection->changed = change;
}
