/*
 * store.c - the catalog file of a data directory: made, locked, checked, opened; its readers and its one writer.
 *
 * Invariants:
 *  1. One process has the directory: it holds a lock on DIR/medley.pid for as long as the store is open. It is its user's, and nobody else
 * can write to it.
 *  2. DIR/catalog.db appears by a rename, complete and synced, or not at all.
 *  3. What was committed is on disk (WAL, synchronous=FULL) before its version is published.
 *  4. Every state of the catalog has a number of its own, also uncommitted ones; committed ones carry it in medley_state.
 *  5. The writer belongs to at most one Catalog; those who wait get it in the order they came.
 *
 * Threads: any, but for open and close.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/catalog_image.h"
#include "catalog/catalog_internal.h"
#include "catalog/writer.h"

enum { MAX_READERS = 256, MAX_IDLE_READERS = 16, POLL_MS = 50, MAX_CACHE_BYTES = 64 * 1024 * 1024 };

static const char CHECK_TEXT[] = "medley";

/* ---- the directory ---- */

/* Who can write to the directory can put another catalog there. */
static bool check_owner(const char *directory, Error *error)
{
    struct stat info;
    if (stat(directory, &info) != 0)
        return error_set(error, ERRCODE_IO_ERROR, "could not read data directory \"%s\": %s", directory, strerror(errno));
    if (info.st_uid == geteuid())
        return true;
    error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "data directory \"%s\" has wrong ownership", directory);
    return error_detail(error, "Its owner must run medley.");
}

/* One that is to become a data directory is closed to others, as initdb does. */
static bool check_mode(const char *directory, bool is_new, Error *error)
{
    struct stat info;
    if (stat(directory, &info) == 0 && (!(info.st_mode & 027) || (is_new && chmod(directory, 0700) == 0)))
        return true;
    error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "data directory \"%s\" has invalid permissions", directory);
    return error_detail(error, "Permissions should be u=rwx (0700) or u=rwx,g=rx (0750).");
}

static bool lock_directory(CatalogStore *store, const char *directory, Arena *arena, Error *error)
{
    if (mkdir(directory, 0700) != 0 && errno != EEXIST)
        return error_set(error, ERRCODE_IO_ERROR, "could not create data directory \"%s\": %s", directory, strerror(errno));
    if (!check_owner(directory, error))
        return false;
    const char *path = arena_printf(arena, "%s/medley.pid", directory);
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock_fd < 0)
        return error_set(error, ERRCODE_IO_ERROR, "could not open lock file \"%s\": %s", path, strerror(errno));
    char text[32] = "";
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t got = pread(store->lock_fd, text, sizeof text - 1, 0);
        return error_set(error, ERRCODE_LOCK_FILE_EXISTS, "data directory \"%s\" is in use by another server (PID %d)", directory,
                         got > 0 ? atoi(text) : 0);
    }
    int len = snprintf(text, sizeof text, "%d\n", (int)getpid());
    if (ftruncate(store->lock_fd, 0) != 0 || pwrite(store->lock_fd, text, (size_t)len, 0) != len)
        return error_set(error, ERRCODE_IO_ERROR, "could not write lock file \"%s\": %s", path, strerror(errno));
    return true;
}

/* Only an empty directory becomes a data directory: another would be somebody's, or one of ours that has lost its catalog. */
static bool check_empty(const char *directory, Error *error)
{
    static const char *const OURS[] = {".", "..", "lost+found", "medley.pid", "catalog.db.new"};
    DIR *dir = opendir(directory);
    if (!dir)
        return error_set(error, ERRCODE_IO_ERROR, "could not read data directory \"%s\": %s", directory, strerror(errno));
    bool is_empty = true;
    for (struct dirent *entry; is_empty && (entry = readdir(dir));) {
        is_empty = false;
        for (size_t i = 0; i < COUNT_OF(OURS); i++)
            is_empty |= strcmp(entry->d_name, OURS[i]) == 0;
    }
    if (!is_empty)
        unlinkat(dirfd(dir), "medley.pid", 0); /* the lock file that was just made */
    closedir(dir);
    return is_empty || error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                                 "directory \"%s\" has no \"catalog.db\" and is not empty: it is no data directory of medley", directory);
}

/* A key inside the data directory would be stolen with it. */
static bool check_key_place(const CatalogStoreOptions *options, Error *error)
{
    if (!options->key_file || !options->key_file[0])
        return error_set(error, ERRCODE_CONFIG_FILE_ERROR, "no sealing key file is named");
    char *directory = realpath(options->directory, NULL);
    char *folder = strdup(options->key_file);
    char *slash = folder ? strrchr(folder, '/') : NULL;
    if (slash)
        slash[slash == folder ? 1 : 0] = '\0';
    char *place = realpath(slash ? folder : ".", NULL);
    size_t len = directory ? strlen(directory) : 0;
    bool inside = directory && place && strncmp(place, directory, len) == 0 && (place[len] == '/' || place[len] == '\0');
    free(directory);
    free(folder);
    free(place);
    return !inside ||
           error_set(error, ERRCODE_CONFIG_FILE_ERROR, "sealing key file \"%s\" must lie outside the data directory", options->key_file);
}

static bool write_all(int fd, const unsigned char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, bytes, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        len -= (size_t)done;
    }
    return true;
}

static bool sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

static bool personalise(const char *path, const char *superuser, const unsigned char *key, Error *error)
{
    Db *db = db_open(path, true, key, error);
    if (!db)
        return false;
    DbCursor cursor;
    bool ok = db_start(&cursor, db, "UPDATE pg_authid SET rolname = ?1 WHERE oid = 10", error, "s", superuser);
    if (ok) {
        ok = !db_next(&cursor, error) && !cursor.failed;
        db_finish(&cursor);
    }
    if (ok && (ok = db_start(&cursor, db, "INSERT INTO medley_state VALUES ('check', seal(?1, 0))", error, "s", CHECK_TEXT))) {
        ok = !db_next(&cursor, error) && !cursor.failed;
        db_finish(&cursor);
    }
    db_close(db);
    return ok;
}

static bool create_file(CatalogStore *store, const CatalogStoreOptions *options, Arena *arena, Error *error)
{
    const char *fresh = arena_printf(arena, "%s.new", store->path);
    unlink(fresh);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_all(fd, catalog_image, (size_t)(catalog_image_end - catalog_image));
    if (!ok)
        error_set(error, errno == ENOSPC ? ERRCODE_DISK_FULL : ERRCODE_IO_ERROR, "could not write \"%s\": %s", fresh, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (!ok || !personalise(fresh, options->superuser, store->key, error))
        return false;
    if (!sync_path(fresh, O_RDWR) || rename(fresh, store->path) != 0 || !sync_path(options->directory, O_RDONLY | O_DIRECTORY))
        return error_set(error, ERRCODE_IO_ERROR, "could not create \"%s\": %s", store->path, strerror(errno));
    return true;
}

/* ---- opening ---- */

static bool read_state(Db *db, const char *name, int64_t *out, Error *error)
{
    DbCursor cursor;
    if (!db_start(&cursor, db, "SELECT value FROM medley_state WHERE name = ?1", error, "s", name))
        return false;
    bool found = db_next(&cursor, error);
    if (found)
        *out = sqlite3_column_int64(cursor.stmt, 0);
    bool failed = cursor.failed;
    db_finish(&cursor);
    return found || (!failed && error_set(error, ERRCODE_DATA_CORRUPTED, "\"%s\" is missing from the catalog's state", name));
}

static bool read_pragma(Db *db, const char *sql, int64_t *out, Error *error)
{
    DbCursor cursor;
    if (!db_start(&cursor, db, sql, error, NULL))
        return false;
    bool found = db_next(&cursor, error);
    if (found)
        *out = sqlite3_column_int64(cursor.stmt, 0);
    db_finish(&cursor);
    return found;
}

static bool check_seal(CatalogStore *store, const char *key_file, Error *error)
{
    DbCursor cursor;
    if (!db_start(&cursor, store->writer, "SELECT unseal(value, 0) FROM medley_state WHERE name = 'check'", error, NULL))
        return false;
    bool ok = db_next(&cursor, error);
    db_finish(&cursor);
    return ok || error_set(error, ERRCODE_CONFIG_FILE_ERROR,
                           "sealing key file \"%s\" has another key than this data directory was sealed with", key_file);
}

static bool check_file(CatalogStore *store, const CatalogStoreOptions *options, Error *error)
{
    Error cause;
    error_init(&cause, error->arena);
    int64_t application = 0, format = 0, version = 0, next_oid = 0;
    store->writer = db_open(store->path, true, store->key, &cause);
    bool readable = store->writer && read_pragma(store->writer, "PRAGMA application_id", &application, &cause) &&
                    read_pragma(store->writer, "PRAGMA user_version", &format, &cause);
    if (readable && application == CATALOG_APPLICATION_ID && format > CATALOG_FORMAT)
        return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "data directory \"%s\" has format %d, and this version of medley knows formats up to %d", options->directory,
                         (int)format, (int)CATALOG_FORMAT);
    if (readable && application == CATALOG_APPLICATION_ID && format < CATALOG_FORMAT)
        return error_set(
            error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            "data directory \"%s\" has the older format %d, and this version of medley reads format %d: dump it with the version "
            "that made it (pg_dumpall --globals-only, pg_dump) and load the dump into a new one",
            options->directory, (int)format, (int)CATALOG_FORMAT);
    if (!readable || application != CATALOG_APPLICATION_ID || !db_run(store->writer, "PRAGMA journal_mode = WAL", &cause) ||
        !read_state(store->writer, "version", &version, &cause) || !read_state(store->writer, "next_oid", &next_oid, &cause))
        return error_set(error, ERRCODE_DATA_CORRUPTED, "data directory \"%s\" is damaged: %s", options->directory,
                         error_is_set(&cause) ? cause.message : "\"catalog.db\" is no catalog of medley");
    store->version = store->last_number = (uint64_t)version;
    store->next_oid = (Oid)next_oid;
    return check_seal(store, options->key_file, error);
}

CatalogStore *catalog_store_open(const CatalogStoreOptions *options, Arena *arena, Error *error)
{
    CatalogStore *store = ARENA_NEW(arena, CatalogStore);
    store->log = options->log;
    store->lock_fd = -1;
    store->path = arena_printf(arena, "%s/catalog.db", options->directory);
    pthread_mutex_init(&store->lock, NULL);
    clock_open_condition(&store->changed);
    bool ok = lock_directory(store, options->directory, arena, error) && check_key_place(options, error);
    if (ok) {
        struct stat info;
        bool exists = stat(store->path, &info) == 0;
        ok = (exists || check_empty(options->directory, error)) && check_mode(options->directory, !exists, error) &&
             seal_read_key(options->key_file, !exists, store->key, error) && (exists || create_file(store, options, arena, error)) &&
             check_file(store, options, error) &&
             (store->sequences = sequence_store_open(options->directory, store->path, store->key, arena, error)) &&
             (store->coordinator = coordinator_open(options->directory, store, arena, error));
    }
    if (ok)
        return store;
    catalog_store_close(store);
    return NULL;
}

void catalog_store_close(CatalogStore *store)
{
    if (!store)
        return;
    while (store->idle) {
        Db *db = store->idle;
        store->idle = db->next_idle;
        db_close(db);
    }
    sequence_store_close(store->sequences);
    store->sequences = NULL;
    coordinator_close(store->coordinator);
    store->coordinator = NULL;
    db_close(store->writer);
    store->writer = NULL;
    cache_release(store->cache);
    store->cache = NULL;
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    store->lock_fd = -1;
    pthread_cond_destroy(&store->changed);
    pthread_mutex_destroy(&store->lock);
    explicit_bzero(store->key, sizeof store->key);
}

uint64_t store_new_number(CatalogStore *store)
{
    return atomic_fetch_add(&store->last_number, 1) + 1;
}

Cache *store_cache(CatalogStore *store, uint64_t version)
{
    pthread_mutex_lock(&store->lock);
    Cache *cache = store->cache;
    if (!cache || cache->version < version || (cache->version == version && atomic_load(&cache->bytes) > MAX_CACHE_BYTES)) {
        cache_release(cache);
        cache = store->cache = cache_open(version);
    }
    cache = cache->version == version ? cache_share(cache) : cache_open(version);
    pthread_mutex_unlock(&store->lock);
    return cache;
}

/* ---- waiting ---- */

/* Waits for a change, at most until it is time to ask `cancelled` again. The store's lock is held on entry and on return. */
static bool wait_for_change(CatalogStore *store, bool (*cancelled)(void *), void *arg, Error *error)
{
    clock_wait(&store->changed, &store->lock, clock_ms() + POLL_MS);
    if (!cancelled)
        return true;
    pthread_mutex_unlock(&store->lock);
    bool stop = cancelled(arg);
    pthread_mutex_lock(&store->lock);
    return !stop || error_set(error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
}

/* ---- readers ---- */

static Db *take_reader(CatalogStore *store, bool (*cancelled)(void *), void *arg, Error *error)
{
    pthread_mutex_lock(&store->lock);
    while (!store->idle && store->readers >= MAX_READERS)
        if (!wait_for_change(store, cancelled, arg, error)) {
            pthread_mutex_unlock(&store->lock);
            return NULL;
        }
    Db *db = store->idle;
    if (db) {
        store->idle = db->next_idle;
        store->idle_readers--;
    } else {
        store->readers++;
    }
    pthread_mutex_unlock(&store->lock);
    if (db || (db = db_open(store->path, false, store->key, error)))
        return db;
    pthread_mutex_lock(&store->lock);
    store->readers--;
    pthread_mutex_unlock(&store->lock);
    return NULL;
}

static void give_reader(CatalogStore *store, Db *db, bool broken)
{
    pthread_mutex_lock(&store->lock);
    bool keep = !broken && store->idle_readers < MAX_IDLE_READERS;
    if (keep) {
        db->next_idle = store->idle;
        store->idle = db;
        store->idle_readers++;
    } else {
        store->readers--;
    }
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
    if (!keep)
        db_close(db);
}

Snapshot *store_snapshot_open(CatalogStore *store, bool (*cancelled)(void *), void *arg, Error *error)
{
    Db *db = take_reader(store, cancelled, arg, error);
    if (!db)
        return NULL;
    int64_t version = 0;
    if (!db_run(db, "BEGIN", error) || !read_state(db, "version", &version, error)) {
        give_reader(store, db, true);
        return NULL;
    }
    Snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        abort();
    db_watch(db, cancelled, arg);
    *snapshot = (Snapshot){.references = 1, .store = store, .db = db, .version = (uint64_t)version};
    return snapshot;
}

Snapshot *store_snapshot_share(Snapshot *snapshot)
{
    atomic_fetch_add(&snapshot->references, 1);
    return snapshot;
}

void store_snapshot_close(Snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub(&snapshot->references, 1) != 1)
        return;
    db_watch(snapshot->db, NULL, NULL);
    bool ok = sqlite3_exec(snapshot->db->handle, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK;
    give_reader(snapshot->store, snapshot->db, !ok);
    free(snapshot);
}

/* ---- the writer ---- */

static void enqueue(CatalogStore *store, WriterWait *wait)
{
    WriterWait **last = &store->waiting;
    while (*last)
        last = &(*last)->next;
    *last = wait;
}

static void dequeue(CatalogStore *store, WriterWait *wait)
{
    WriterWait **at = &store->waiting;
    while (*at != wait)
        at = &(*at)->next;
    *at = wait->next;
}

bool catalog_write_is_free(Catalog *catalog)
{
    CatalogStore *store = catalog->store;
    pthread_mutex_lock(&store->lock);
    bool is_free = !store->writer_owner && !store->waiting;
    pthread_mutex_unlock(&store->lock);
    return is_free;
}

void catalog_look_at_writer(Catalog *catalog, const WriterLook *look, void *to)
{
    CatalogStore *store = catalog->store;
    pthread_mutex_lock(&store->lock);
    if (store->writer_owner && store->writer_owner->waits_arg) {
        for (const WriterWait *wait = store->waiting; wait; wait = wait->next)
            if (wait->owner->waits_arg)
                look->waiter(to, wait->owner->waits_arg);
        look->holder(to, store->writer_owner->waits_arg);
    }
    pthread_mutex_unlock(&store->lock);
}

/* The store's lock is held on entry and on return. */
static bool waits_on(CatalogStore *store, const Catalog *owner, int64_t since, Error *error)
{
    if (!wait_for_change(store, owner->cancelled, owner->cancelled_arg, error))
        return false;
    if (!owner->waits)
        return true;
    pthread_mutex_unlock(&store->lock);
    bool goes_on = owner->waits(owner->waits_arg, clock_ms() - since, error);
    pthread_mutex_lock(&store->lock);
    return goes_on;
}

bool store_writer_take(CatalogStore *store, Catalog *owner, Error *error)
{
    WriterWait wait = {.owner = owner};
    bool ok = true;
    int64_t since = clock_ms();
    pthread_mutex_lock(&store->lock);
    enqueue(store, &wait);
    while (ok && (store->writer_owner || store->waiting != &wait))
        ok = waits_on(store, owner, since, error);
    dequeue(store, &wait);
    if (ok)
        store->writer_owner = owner;
    else
        pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
    return ok;
}

void store_writer_give(CatalogStore *store)
{
    pthread_mutex_lock(&store->lock);
    store->writer_owner = NULL;
    pthread_cond_broadcast(&store->changed);
    pthread_mutex_unlock(&store->lock);
}
