/*
 * connect.c - opening a database file read-only, its transactions, its errors.
 *
 * Invariants:
 *  1. Nothing is ever written: the file is opened read-only, and query_only is on.
 *  2. A running statement ends within the time of STEPS_PER_POLL steps after its call was cancelled; a wait for a lock within POLL_MS.
 *
 * One thread at a time a connection, cancel excepted.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "sqlite_fdw.h"

enum { STEPS_PER_POLL = 20000, POLL_MS = 20, BUSY_MS = 5000 };

/* ---- texts and errors ---- */

char *sqlite_text(FdwCall *call, const char *format, ...)
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

bool sqlite_fail(FdwCall *call, const char *sqlstate, const char *format, ...)
{
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    FdwError error = {.sqlstate = sqlstate, .message = message};
    return call->host->fail(call, &error);
}

/* By how SQLite's message begins, then by its code. */
static const struct {
    const char *text, *sqlstate;
} MESSAGES[] = {
    {"no such table", "HV00R"}, {"no such column", "HV005"}, {"integer overflow", "22003"}, {"invalid input syntax for type", "22P02"},
    {"value \"", "22003"},      {"a blob of ", "HV004"},
};

static const struct {
    int code;
    const char *sqlstate;
} CODES[] = {
    {SQLITE_BUSY, "55P03"},    {SQLITE_LOCKED, "55P03"}, {SQLITE_NOTADB, "HV00N"}, {SQLITE_CANTOPEN, "HV00N"},
    {SQLITE_CORRUPT, "XX001"}, {SQLITE_IOERR, "58030"},  {SQLITE_NOMEM, "HV001"},
};

static const char *sqlstate_of(int code, const char *message)
{
    for (size_t i = 0; i < sizeof MESSAGES / sizeof MESSAGES[0]; i++)
        if (strncmp(message, MESSAGES[i].text, strlen(MESSAGES[i].text)) == 0)
            return MESSAGES[i].sqlstate;
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++)
        if (CODES[i].code == (code & 0xff))
            return CODES[i].sqlstate;
    return "HV000";
}

bool sqlite_fail_remote(FdwCall *call, FdwConnection *connection, const char *sql)
{
    int code = sqlite3_extended_errcode(connection->db);
    const char *message = sqlite3_errmsg(connection->db);
    if ((code & 0xff) == SQLITE_INTERRUPT || call->host->cancelled(call))
        return sqlite_fail(call, "57014", "canceling statement due to user request");
    FdwError error = {
        .sqlstate = sqlstate_of(code, message),
        .message = sqlite_text(call, "server \"%s\": %s", connection->server_name, message),
        .context = sql ? sqlite_text(call, "remote SQL command: %s", sql) : NULL,
    };
    return call->host->fail(call, &error);
}

const char *sqlite_option(const FdwOptions *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->items[i].name, name) == 0)
            return options->items[i].value;
    return NULL;
}

/* ---- statements ---- */

sqlite3_stmt *sqlite_prepare(FdwCall *call, FdwConnection *connection, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    connection->call = call;
    if (sqlite3_prepare_v2(connection->db, sql, -1, &statement, NULL) != SQLITE_OK || !statement)
        sqlite_fail_remote(call, connection, sql);
    connection->call = NULL;
    return statement;
}

bool sqlite_run(FdwCall *call, FdwConnection *connection, const char *sql)
{
    connection->call = call;
    bool ok = sqlite3_exec(connection->db, sql, NULL, NULL, NULL) == SQLITE_OK || sqlite_fail_remote(call, connection, sql);
    connection->call = NULL;
    return ok;
}

/* ---- what SQLite calls ---- */

static int on_busy(void *arg, int attempt)
{
    FdwConnection *connection = arg;
    if (attempt * POLL_MS >= BUSY_MS || (connection->call && connection->call->host->cancelled(connection->call)))
        return 0;
    struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    nanosleep(&pause, NULL);
    return 1;
}

static int on_progress(void *arg)
{
    FdwConnection *connection = arg;
    return connection->call && connection->call->host->cancelled(connection->call);
}

/* ---- connections ---- */

static bool fail_connect(FdwCall *call, const char *server, const char *path, const char *reason)
{
    FdwError error = {
        .sqlstate = "08001",
        .message = sqlite_text(call, "could not connect to server \"%s\"", server),
        .detail = sqlite_text(call, "database file \"%s\": %s", path, reason),
    };
    return call->host->fail(call, &error);
}

/* The first read shows whether the file is a database at all. */
static bool open_database(FdwCall *call, FdwConnection *connection)
{
    struct stat status;
    if (stat(connection->path, &status) < 0)
        return fail_connect(call, connection->server_name, connection->path, strerror(errno));
    connection->device = status.st_dev;
    connection->inode = status.st_ino;
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    bool ok = sqlite3_open_v2(connection->path, &connection->db, flags, NULL) == SQLITE_OK;
    if (ok) {
        sqlite3_busy_handler(connection->db, on_busy, connection);
        sqlite3_progress_handler(connection->db, STEPS_PER_POLL, on_progress, connection);
        connection->call = call;
        ok = sqlite_add_functions(connection->db) &&
             sqlite3_exec(connection->db, "PRAGMA query_only = on; PRAGMA trusted_schema = off; SELECT count(*) FROM sqlite_schema", NULL,
                          NULL, NULL) == SQLITE_OK;
        connection->call = NULL;
    }
    return ok || fail_connect(call, connection->server_name, connection->path, sqlite3_errmsg(connection->db));
}

FdwConnection *sqlite_connect(FdwCall *call, const FdwConnectInfo *info)
{
    const char *path = sqlite_option(&info->mapping_options, "database");
    if (!path)
        path = sqlite_option(&info->server_options, "database");
    if (!path) {
        sqlite_fail(call, "HV00B", "server \"%s\" has no option \"database\"", info->server_name);
        return NULL;
    }
    FdwConnection *connection = call->host->alloc(call, sizeof *connection);
    connection->server_name = sqlite_text(call, "%s", info->server_name);
    connection->path = sqlite_text(call, "%s", path);
    if (open_database(call, connection))
        return connection;
    sqlite_disconnect(connection);
    return NULL;
}

void sqlite_disconnect(FdwConnection *connection)
{
    sqlite3_close_v2(connection->db);
}

void sqlite_cancel(FdwConnection *connection)
{
    sqlite3_interrupt(connection->db);
}

int sqlite_source_version(const FdwConnection *connection)
{
    sqlite3_stmt *statement = NULL;
    bool other = true;
    if (sqlite3_prepare_v2(connection->db, "PRAGMA encoding", -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        const char *encoding = (const char *)sqlite3_column_text(statement, 0);
        other = !encoding || strcmp(encoding, "UTF-8") != 0;
    }
    sqlite3_finalize(statement);
    return SQLITE_VERSION_NUMBER / 1000000 | (other ? FDW_SOURCE_OTHER_ENCODING : 0);
}

bool sqlite_is_alive(FdwConnection *connection)
{
    struct stat status;
    return stat(connection->path, &status) == 0 && status.st_dev == connection->device && status.st_ino == connection->inode;
}

/* ---- transactions: SQLite takes its snapshot at the first read ---- */

bool sqlite_begin(FdwCall *call, FdwConnection *connection, const char *snapshot)
{
    connection->in_transaction = sqlite_run(call, connection, "BEGIN DEFERRED; SELECT count(*) FROM sqlite_schema");
    if (!connection->in_transaction)
        sqlite3_exec(connection->db, "ROLLBACK", NULL, NULL, NULL);
    return connection->in_transaction;
}

static bool end_transaction(FdwCall *call, FdwConnection *connection, const char *sql)
{
    bool open = connection->in_transaction;
    connection->in_transaction = false;
    return !open || sqlite3_get_autocommit(connection->db) || sqlite_run(call, connection, sql);
}

bool sqlite_commit(FdwCall *call, FdwConnection *connection)
{
    return end_transaction(call, connection, "COMMIT");
}

bool sqlite_rollback(FdwCall *call, FdwConnection *connection)
{
    return end_transaction(call, connection, "ROLLBACK");
}
