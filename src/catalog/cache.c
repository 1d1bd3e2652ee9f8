/*
 * cache.c - records read from the store, kept as long as somebody may use them.
 *
 * Invariants:
 *  1. A Cache holds the records of one version; they never change and live until its last reference goes.
 *  2. That a record does not exist is remembered too.
 *  3. The lock of a Cache is only taken once the reader its loaders may need is at hand: who holds it never waits for one.
 *
 * Threads: any.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"

static const char ABSENT;

Cache *cache_open(uint64_t version)
{
    Cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        abort();
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&cache->lock, &recursive);
    pthread_mutexattr_destroy(&recursive);
    cache->references = 1;
    cache->version = version;
    cache->arena = arena_open(NULL);
    return cache;
}

Cache *cache_share(Cache *cache)
{
    atomic_fetch_add(&cache->references, 1);
    return cache;
}

void cache_release(Cache *cache)
{
    if (!cache || atomic_fetch_sub(&cache->references, 1) != 1)
        return;
    pthread_mutex_destroy(&cache->lock);
    arena_close(cache->arena);
    free(cache);
}

static const void *seek(Cache *cache, CacheKind kind, const void *key, size_t len)
{
    return cache->maps[kind] ? map_get(cache->maps[kind], key, len) : NULL;
}

/* A load after a failed one of the same statement could remember a record as absent that is not. */
static const void *load_into(Cache *cache, Catalog *catalog, Db *db, CacheKind kind, const void *key, size_t len, CacheLoader load)
{
    const void *found = seek(cache, kind, key, len);
    if (found)
        return found;
    found = load(catalog, db, cache->arena, key, len);
    atomic_store(&cache->bytes, arena_size(cache->arena));
    if (!found)
        found = &ABSENT;
    if (!catalog->failed) {
        if (!cache->maps[kind])
            cache->maps[kind] = map_open(cache->arena);
        map_put(cache->maps[kind], key, len, (void *)found);
    }
    return found;
}

static const void *load_record(Catalog *catalog, CacheKind kind, const void *key, size_t len, CacheLoader load)
{
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    const void *found = &ABSENT;
    Db *db = catalog_db(catalog, &error);
    if (db) {
        Cache *cache = catalog_cache(catalog); /* the snapshot may be newer than what the statement began with */
        pthread_mutex_lock(&cache->lock);
        found = load_into(cache, catalog, db, kind, key, len, load);
        pthread_mutex_unlock(&cache->lock);
    } else {
        catalog_fail(catalog, &error);
    }
    arena_close(arena);
    return found;
}

const void *cache_find(Catalog *catalog, CacheKind kind, const void *key, size_t len, CacheLoader load)
{
    catalog_lock(catalog);
    catalog_refresh(catalog);
    Cache *cache = catalog_cache(catalog);
    pthread_mutex_lock(&cache->lock);
    const void *found = seek(cache, kind, key, len);
    pthread_mutex_unlock(&cache->lock);
    if (!found)
        found = load_record(catalog, kind, key, len, load);
    catalog_let_go(catalog);
    catalog_unlock(catalog);
    return found == &ABSENT ? NULL : found;
}

const void *cache_find_oid(Catalog *catalog, CacheKind kind, Oid oid, CacheLoader load)
{
    return oid == OID_NONE ? NULL : cache_find(catalog, kind, &oid, sizeof oid, load);
}

const void *cache_find_name(Catalog *catalog, CacheKind kind, const char *name, CacheLoader load)
{
    return name ? cache_find(catalog, kind, name, strlen(name) + 1, load) : NULL;
}

const void *cache_find_oid_name(Catalog *catalog, CacheKind kind, Oid oid, const char *name, CacheLoader load)
{
    enum { LONGEST = 256 };
    char key[sizeof oid + LONGEST];
    size_t len = strlen(name) + 1;
    if (len > LONGEST)
        return NULL; /* names have at most 63 bytes */
    memcpy(key, &oid, sizeof oid);
    memcpy(key + sizeof oid, name, len);
    return cache_find(catalog, kind, key, sizeof oid + len, load);
}

/* ---- what loaders use ---- */

static bool start_va(Catalog *catalog, DbCursor *cursor, Db *db, const char *sql, const char *types, va_list args)
{
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    bool ok = db_start_va(cursor, db, sql, &error, types, args);
    if (!ok)
        catalog_fail(catalog, &error);
    arena_close(arena);
    return ok;
}

bool cache_start(Catalog *catalog, DbCursor *cursor, Db *db, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    bool ok = start_va(catalog, cursor, db, sql, types, args);
    va_end(args);
    return ok;
}

bool cache_next(Catalog *catalog, DbCursor *cursor)
{
    int code = sqlite3_step(cursor->stmt);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return code == SQLITE_ROW;
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    db_error(cursor->db, &error);
    catalog_fail(catalog, &error);
    arena_close(arena);
    return false;
}

bool cache_first(Catalog *catalog, DbCursor *cursor, Db *db, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    bool found = start_va(catalog, cursor, db, sql, types, args);
    va_end(args);
    if (found && !(found = cache_next(catalog, cursor)))
        db_finish(cursor);
    return found;
}

Oid *cache_load_oid(Catalog *catalog, Db *db, Arena *arena, const char *sql, const char *name, Oid namespace_oid)
{
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db, sql, strstr(sql, "?2") ? "so" : "s", name, namespace_oid))
        return NULL;
    Oid *oid = ARENA_NEW(arena, Oid);
    *oid = db_oid(&cursor, 0);
    db_finish(&cursor);
    return oid;
}
