/*
 * coordinator.c - the log of the transactions that are committed at several places at once, by two-phase commit.
 *
 * A transaction's branch is what it has written at one server as one user. Before anything is prepared, its branches are noted here; when
 * all are prepared, that it commits. Where it has written here as well, that is part of the catalog's own commit (medley_decision). What is
 * noted without that decision is undone: so nothing needs to be noted of a transaction that is given up.
 *
 * Invariants:
 *  1. A branch that may exist at a source is in DIR/coordinator.db, on disk, from before it is prepared until it has been ended.
 *  2. A transaction is decided upon once. Whoever finds its branches later, a restart included, reads the same decision.
 *  3. Who is committing a transaction has it to himself (`live`); what he could not end he leaves, and then it is the resolver's.
 *  4. A branch has with it what its source is reached by, sealed: no change of the catalog, undone or done, makes it unreachable.
 *  5. Numbers are never given out twice; the names of branches have the data directory's own mark in them.
 *
 * Threads: any. The lock guards all, and is taken last.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#include "catalog/catalog_internal.h"
#include "catalog/coordinator.h"

enum { MARK_BYTES = 8 };

struct Coordinator {
    pthread_mutex_t lock;
    pthread_cond_t left;
    Arena *arena;
    Db *db;
    char mark[2 * MARK_BYTES + 1];
    VEC(int64_t) live;
    uint64_t times_left; /* how often something was left */
    bool is_closing;
};

static const char TABLES[] = "CREATE TABLE IF NOT EXISTS mark (mark TEXT NOT NULL);"
                             " CREATE TABLE IF NOT EXISTS work (number INTEGER PRIMARY KEY AUTOINCREMENT, commits INTEGER NOT NULL);"
                             " CREATE TABLE IF NOT EXISTS prepared (number INTEGER, place INTEGER, server INTEGER, user INTEGER, reach "
                             "BLOB, PRIMARY KEY (number, place))";

/* ---- opening ---- */

static bool read_mark(Coordinator *log, bool *is_new, Error *error)
{
    unsigned char bytes[MARK_BYTES];
    char fresh[sizeof log->mark];
    DbCursor cursor;
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(fresh, sizeof fresh, bytes, sizeof bytes);
    if (!db_exec(log->db, error, "INSERT INTO mark SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM mark)", "s", fresh) ||
        !db_start(&cursor, log->db, "SELECT mark FROM mark", error, NULL))
        return false;
    bool found = db_next(&cursor, error);
    if (found)
        snprintf(log->mark, sizeof log->mark, "%s", db_text(&cursor, 0, log->arena));
    db_finish(&cursor);
    *is_new = str_eq(log->mark, fresh);
    return found;
}

/* Decisions are of one log: with another one, numbers begin again. */
static bool open_decisions(Db *db, bool is_new, Error *error)
{
    return db_run(db, "CREATE TABLE IF NOT EXISTS medley_decision (number INTEGER PRIMARY KEY)", error) &&
           (!is_new || db_run(db, "DELETE FROM medley_decision", error));
}

Coordinator *catalog_coordinator(CatalogStore *store)
{
    return store->coordinator;
}

Coordinator *coordinator_open(const char *directory, CatalogStore *store, Arena *arena, Error *error)
{
    Coordinator *log = ARENA_NEW(arena, Coordinator);
    bool is_new;
    pthread_mutex_init(&log->lock, NULL);
    clock_open_condition(&log->left);
    log->arena = arena_open(NULL);
    log->db = db_open_beside(directory, "coordinator.db", TABLES, store->key, arena, error);
    if (log->db && read_mark(log, &is_new, error) && open_decisions(store->writer, is_new, error))
        return log;
    coordinator_close(log);
    return NULL;
}

void coordinator_close(Coordinator *log)
{
    if (!log)
        return;
    db_close(log->db);
    arena_close(log->arena);
    pthread_cond_destroy(&log->left);
    pthread_mutex_destroy(&log->lock);
}

/* ---- a transaction ---- */

static void name_branch(const Coordinator *log, CatBranch *branch)
{
    snprintf(branch->name, sizeof branch->name, "medley_%s_%" PRId64 "_%d", log->mark, branch->number, branch->place);
}

static bool note_branches(Coordinator *log, CatBranch *branches, size_t count, Error *error)
{
    if (!db_run(log->db, "INSERT INTO work (commits) VALUES (0)", error))
        return false;
    int64_t number = sqlite3_last_insert_rowid(log->db->handle);
    for (size_t i = 0; i < count; i++) {
        CatBranch *branch = &branches[i];
        branch->number = number;
        branch->place = (int)i + 1;
        name_branch(log, branch);
        if (!db_exec(log->db, error, "INSERT INTO prepared VALUES (?1, ?2, ?3, ?4, seal(?5, ?1))", "iioos", number, (int64_t)branch->place,
                     branch->server, branch->user, branch->reach))
            return false;
    }
    return true;
}

/* Under the lock: all of what `change` does, or nothing. */
static bool change_together(Coordinator *log, bool (*change)(Coordinator *, CatBranch *, size_t, Error *), CatBranch *branches,
                            size_t count, Error *error)
{
    bool ok = db_run(log->db, "BEGIN IMMEDIATE", error) && change(log, branches, count, error) && db_run(log->db, "COMMIT", error);
    if (!ok && !sqlite3_get_autocommit(log->db->handle))
        sqlite3_exec(log->db->handle, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

bool coordinator_begin(Coordinator *log, CatBranch *branches, size_t count, Error *error)
{
    pthread_mutex_lock(&log->lock);
    bool ok = change_together(log, note_branches, branches, count, error);
    if (ok)
        vec_push(log->arena, &log->live, branches[0].number);
    for (size_t i = 0; i < count && !ok; i++)
        branches[i].number = 0;
    pthread_mutex_unlock(&log->lock);
    return ok;
}

bool coordinator_decide(Coordinator *log, int64_t number, Error *error)
{
    pthread_mutex_lock(&log->lock);
    bool ok = db_exec(log->db, error, "UPDATE work SET commits = 1 WHERE number = ?1", "i", number);
    pthread_mutex_unlock(&log->lock);
    return ok;
}

static bool end_branches(Coordinator *log, CatBranch *branches, size_t count, Error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!db_exec(log->db, error, "DELETE FROM prepared WHERE number = ?1 AND place = ?2", "ii", branches[i].number,
                     (int64_t)branches[i].place))
            return false;
    return db_run(log->db, "DELETE FROM work WHERE number NOT IN (SELECT number FROM prepared)", error);
}

/* Without waiting for the disk: of a branch that comes back with a crash its source says that there is none. */
void coordinator_end(Coordinator *log, CatBranch *branches, size_t count)
{
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    pthread_mutex_lock(&log->lock);
    sqlite3_exec(log->db->handle, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
    if (!change_together(log, end_branches, branches, count, &ignored))
        error_clear(&ignored); /* their sources will say that there are none */
    sqlite3_exec(log->db->handle, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
    pthread_mutex_unlock(&log->lock);
    arena_close(arena);
}

/* live.count: it is not among these. */
static size_t find_live(const Coordinator *log, int64_t number)
{
    size_t at = 0;
    while (at < log->live.count && log->live.items[at] != number)
        at++;
    return at;
}

void coordinator_leave(Coordinator *log, int64_t number, bool ended)
{
    pthread_mutex_lock(&log->lock);
    log->live.items[find_live(log, number)] = log->live.items[log->live.count - 1];
    log->live.count--;
    log->times_left += !ended;
    pthread_cond_broadcast(&log->left);
    pthread_mutex_unlock(&log->lock);
}

int64_t coordinator_oldest(Coordinator *log)
{
    Arena *arena = arena_open(NULL);
    Error ignored;
    DbCursor cursor;
    int64_t oldest = 0;
    error_init(&ignored, arena);
    pthread_mutex_lock(&log->lock);
    if (db_start(&cursor, log->db, "SELECT min(number) FROM work", &ignored, NULL)) {
        if (db_next(&cursor, &ignored))
            oldest = sqlite3_column_int64(cursor.stmt, 0);
        db_finish(&cursor);
    }
    pthread_mutex_unlock(&log->lock);
    arena_close(arena);
    return oldest;
}

/* ---- what was left ---- */

static bool read_left(Coordinator *log, Arena *arena, CatBranches *out, Error *error)
{
    DbCursor cursor;
    if (!db_start(&cursor, log->db,
                  "SELECT number, place, server, user, commits, unseal(reach, number) FROM prepared JOIN work USING (number) ORDER BY 1, 2",
                  error, NULL))
        return false;
    while (db_next(&cursor, error)) {
        CatBranch branch = {.number = sqlite3_column_int64(cursor.stmt, 0),
                            .place = db_int(&cursor, 1),
                            .server = db_oid(&cursor, 2),
                            .user = db_oid(&cursor, 3),
                            .commits = db_bool(&cursor, 4),
                            .reach = db_text(&cursor, 5, arena)};
        name_branch(log, &branch);
        if (find_live(log, branch.number) == log->live.count)
            vec_push(arena, out, branch);
    }
    bool ok = !cursor.failed;
    db_finish(&cursor);
    return ok;
}

/* A decision in the catalog's commit is looked up here each time: who made it may have failed to say so in the log. */
bool coordinator_left(Coordinator *log, CatalogStore *store, Arena *arena, CatBranches *out, Error *error)
{
    static const char TAKE_DECISIONS[] = "UPDATE work SET commits = 1 WHERE number IN (SELECT number FROM catalog.medley_decision)";
    *out = (CatBranches){0};
    pthread_mutex_lock(&log->lock);
    bool ok = read_left(log, arena, out, error);
    if (ok && out->count) {
        out->count = 0;
        ok = db_run_beside_catalog(log->db, store->path, TAKE_DECISIONS, error) && read_left(log, arena, out, error);
    }
    pthread_mutex_unlock(&log->lock);
    return ok;
}

bool coordinator_wait(Coordinator *log, uint64_t *seen, int64_t milliseconds)
{
    pthread_mutex_lock(&log->lock);
    int64_t until = milliseconds == INT64_MAX ? INT64_MAX : clock_ms() + milliseconds;
    while (!log->is_closing && log->times_left == *seen && clock_wait(&log->left, &log->lock, until)) {
    }
    *seen = log->times_left;
    bool goes_on = !log->is_closing;
    pthread_mutex_unlock(&log->lock);
    return goes_on;
}

void coordinator_stop(Coordinator *log)
{
    pthread_mutex_lock(&log->lock);
    log->is_closing = true;
    pthread_cond_broadcast(&log->left);
    pthread_mutex_unlock(&log->lock);
}
