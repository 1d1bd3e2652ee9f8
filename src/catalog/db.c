/*
 * db.c - one SQLite connection: settings, prepared statements kept by their text, failures as errors.
 *
 * Invariants:
 *  1. A cached statement is used by one cursor at a time; a second cursor on the same text gets a statement of its own.
 *  2. Texts bound to a statement are copied, so that cursors outlive their arguments.
 *  3. A read that takes long asks `cancelled` every STEPS_PER_POLL steps of SQLite's machine, in the middle of one sqlite3_step too.
 * Look-ups end before that, so that the clean-up after a cancellation still gets its answers.
 *
 * Threads: SQLite serialises the calls on a connection; the statement cache is guarded by the lock of the Catalog that has the connection.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog/catalog_internal.h"

enum { MAX_CACHED_STATEMENTS = 256, BUSY_MILLISECONDS = 10000, STEPS_PER_POLL = 20000 };

static const char *const SETTINGS[] = {
    "PRAGMA synchronous = FULL",   "PRAGMA foreign_keys = OFF",  "PRAGMA cache_size = -512",
    "PRAGMA mmap_size = 67108864", "PRAGMA temp_store = MEMORY", "PRAGMA case_sensitive_like = ON",
};

void db_watch(Db *db, bool (*cancelled)(void *), void *arg)
{
    db->cancelled = cancelled;
    db->cancelled_arg = arg;
}

static int must_stop(void *arg)
{
    Db *db = arg;
    return db->cancelled && db->cancelled(db->cancelled_arg);
}

/* ---- errors of functions that are not SQLite's own ---- */

enum { FUNCTION_ERROR = '\x02' };

/* What such a text carries, each part behind its length and a colon; its place comes last. */
static const size_t ERROR_PARTS[] = {
    offsetof(Error, message), offsetof(Error, detail), offsetof(Error, hint),     offsetof(Error, context),    offsetof(Error, schema),
    offsetof(Error, table),   offsetof(Error, column), offsetof(Error, datatype), offsetof(Error, constraint),
};

const char *catalog_error_text(const Error *error, Arena *arena)
{
    Str out;
    str_init(&out, arena);
    str_addf(&out, "%c%s", FUNCTION_ERROR, error->sqlstate);
    for (size_t i = 0; i < COUNT_OF(ERROR_PARTS); i++) {
        const char *part = *(const char *const *)((const char *)error + ERROR_PARTS[i]);
        str_addf(&out, "%zu:%s", part ? strlen(part) : 0, part ? part : "");
    }
    str_addf(&out, "%d", error->position);
    return out.data;
}

static bool function_error(const char *text, Error *error)
{
    error_set(error, arena_strndup(error->arena, text + 1, strlen(ERRCODE_INTERNAL_ERROR)), "%s", "");
    text += 1 + strlen(ERRCODE_INTERNAL_ERROR);
    for (size_t i = 0; i < COUNT_OF(ERROR_PARTS); i++) {
        char *part;
        size_t len = strtoul(text, &part, 10);
        if (len)
            *(const char **)((char *)error + ERROR_PARTS[i]) = arena_strndup(error->arena, part + 1, len);
        text = part + 1 + len;
    }
    error->position = (int)strtol(text, NULL, 10);
    return false;
}

bool db_error(Db *db, Error *error)
{
    static const struct {
        int code;
        const char *sqlstate;
    } STATES[] = {
        {SQLITE_FULL, ERRCODE_DISK_FULL},
        {SQLITE_NOMEM, ERRCODE_OUT_OF_MEMORY},
        {SQLITE_TOOBIG, ERRCODE_PROGRAM_LIMIT_EXCEEDED},
        {SQLITE_IOERR, ERRCODE_IO_ERROR},
        {SQLITE_CORRUPT, ERRCODE_DATA_CORRUPTED},
        {SQLITE_NOTADB, ERRCODE_DATA_CORRUPTED},
        {SQLITE_CONSTRAINT, ERRCODE_UNIQUE_VIOLATION},
        {SQLITE_READONLY, ERRCODE_READ_ONLY_SQL_TRANSACTION},
        {SQLITE_BUSY, ERRCODE_LOCK_NOT_AVAILABLE},
    };
    int code = sqlite3_errcode(db->handle) & 0xff;
    const char *sqlstate = ERRCODE_INTERNAL_ERROR, *message = sqlite3_errmsg(db->handle);
    if (message[0] == FUNCTION_ERROR)
        return function_error(message, error);
    if (code == SQLITE_INTERRUPT)
        return error_set(error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
    for (size_t i = 0; i < COUNT_OF(STATES); i++)
        if (STATES[i].code == code)
            sqlstate = STATES[i].sqlstate;
    return error_set(error, sqlstate, "system catalog: %s", message);
}

Db *db_open(const char *path, bool writable, const unsigned char *key, Error *error)
{
    Arena *arena = arena_open(NULL);
    Db *db = ARENA_NEW(arena, Db);
    db->arena = arena;
    db->statements = map_open(arena);
    int flags = SQLITE_OPEN_FULLMUTEX | (writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK) {
        db_error(db, error);
        db_close(db);
        return NULL;
    }
    sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
    sqlite3_progress_handler(db->handle, STEPS_PER_POLL, must_stop, db);
    for (size_t i = 0; i < COUNT_OF(SETTINGS); i++)
        if (!db_run(db, SETTINGS[i], error)) {
            db_close(db);
            return NULL;
        }
    if (!seal_register(db->handle, key)) {
        db_error(db, error);
        db_close(db);
        return NULL;
    }
    return db;
}

Db *db_open_beside(const char *directory, const char *name, const char *tables, const unsigned char *key, Arena *arena, Error *error)
{
    const char *path = arena_printf(arena, "%s/%s", directory, name);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600); /* SQLite would make it for all to read */
    if (fd >= 0)
        close(fd);
    Db *db = db_open(path, true, key, error);
    if (db && db_run(db, "PRAGMA journal_mode = WAL", error) && db_run(db, tables, error))
        return db;
    db_close(db);
    return NULL;
}

bool db_run_beside_catalog(Db *db, const char *catalog_path, const char *sql, Error *error)
{
    if (!db_exec(db, error, "ATTACH ?1 AS catalog", "s", catalog_path))
        return false;
    bool ok = db_run(db, sql, error);
    return db_run(db, "DETACH catalog", error) && ok;
}

static void finalize(void *arg, const void *key, size_t len, void *value)
{
    sqlite3_finalize(((DbStatement *)value)->handle);
}

void db_close(Db *db)
{
    if (!db)
        return;
    map_each(db->statements, finalize, NULL);
    sqlite3_close_v2(db->handle);
    arena_close(db->arena);
}

bool db_run(Db *db, const char *sql, Error *error)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK || db_error(db, error);
}

static bool prepare(DbCursor *cursor, Db *db, const char *sql, Error *error)
{
    *cursor = (DbCursor){.db = db};
    size_t len = strlen(sql);
    DbStatement *cached = map_get(db->statements, sql, len);
    if (cached && !cached->busy) {
        cached->busy = true;
        cursor->cached = cached;
        cursor->stmt = cached->handle;
        return true;
    }
    bool keep = !cached && map_count(db->statements) < MAX_CACHED_STATEMENTS;
    if (sqlite3_prepare_v3(db->handle, sql, (int)len, keep ? SQLITE_PREPARE_PERSISTENT : 0, &cursor->stmt, NULL) != SQLITE_OK)
        return db_error(db, error);
    if (keep) {
        cursor->cached = ARENA_NEW(db->arena, DbStatement);
        *cursor->cached = (DbStatement){cursor->stmt, true};
        map_put(db->statements, sql, len, cursor->cached);
    }
    return true;
}

static void bind(sqlite3_stmt *stmt, const char *types, va_list args)
{
    const char *text;
    for (int i = 1; types && types[i - 1]; i++)
        switch (types[i - 1]) {
        case 'i':
            sqlite3_bind_int64(stmt, i, va_arg(args, int64_t));
            break;
        case 'o':
            sqlite3_bind_int64(stmt, i, va_arg(args, Oid));
            break;
        case 'b':
            sqlite3_bind_int64(stmt, i, va_arg(args, int) != 0);
            break;
        case 'd':
            sqlite3_bind_double(stmt, i, va_arg(args, double));
            break;
        case 's':
            text = va_arg(args, const char *);
            sqlite3_bind_text(stmt, i, text, -1, SQLITE_TRANSIENT);
            break;
        default: /* n: stays NULL */
            break;
        }
}

bool db_start_va(DbCursor *cursor, Db *db, const char *sql, Error *error, const char *types, va_list args)
{
    if (!prepare(cursor, db, sql, error)) {
        cursor->failed = true;
        return false;
    }
    bind(cursor->stmt, types, args);
    return true;
}

bool db_start(DbCursor *cursor, Db *db, const char *sql, Error *error, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    bool ok = db_start_va(cursor, db, sql, error, types, args);
    va_end(args);
    return ok;
}

bool db_exec(Db *db, Error *error, const char *sql, const char *types, ...)
{
    DbCursor cursor;
    va_list args;
    va_start(args, types);
    bool ok = db_start_va(&cursor, db, sql, error, types, args);
    va_end(args);
    if (!ok)
        return false;
    ok = !db_next(&cursor, error) && !cursor.failed;
    db_finish(&cursor);
    return ok;
}

bool db_next(DbCursor *cursor, Error *error)
{
    int code = sqlite3_step(cursor->stmt);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE) {
        cursor->failed = true;
        db_error(cursor->db, error);
    }
    return false;
}

void db_finish(DbCursor *cursor)
{
    if (cursor->cached) {
        sqlite3_reset(cursor->stmt);
        sqlite3_clear_bindings(cursor->stmt);
        cursor->cached->busy = false;
    } else {
        sqlite3_finalize(cursor->stmt);
    }
    cursor->stmt = NULL;
    cursor->cached = NULL;
}

char *db_text(const DbCursor *cursor, int column, Arena *arena)
{
    const char *text = (const char *)sqlite3_column_text(cursor->stmt, column);
    return text ? arena_strndup(arena, text, (size_t)sqlite3_column_bytes(cursor->stmt, column)) : NULL;
}

char db_letter(const DbCursor *cursor, int column)
{
    const unsigned char *text = sqlite3_column_text(cursor->stmt, column);
    return text ? (char)text[0] : '\0';
}
