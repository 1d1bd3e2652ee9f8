/*
 * catalog.c - one session's view of the catalog: statements, the transaction, savepoints.
 *
 * Invariants:
 *  1. Before the transaction's first change a statement reads one snapshot, taken when it first needs the store; afterwards
 *     the session reads through the writer, and so sees its own changes.
 *  2. Savepoints opened before the first change exist as a number only; taking the writer opens them for real, so that a
 *     later rollback to one finds it.
 *  3. A record handed out lives until the statement ends, or longer when pinned: its Cache is retired, not freed, when
 *     something changes.
 *
 * Threads: the session's worker; others may read (every entry takes the catalog's recursive lock).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"
#include "catalog/coordinator.h"

struct CatalogPin {
    size_t count;
    Cache *caches[];
};

void catalog_lock(Catalog *catalog)
{
    pthread_mutex_lock(&catalog->lock);
}

void catalog_unlock(Catalog *catalog)
{
    pthread_mutex_unlock(&catalog->lock);
}

Catalog *catalog_open(CatalogStore *store, Arena *arena, bool (*cancelled)(void *arg), void *arg)
{
    Catalog *catalog = ARENA_NEW(arena, Catalog);
    catalog->store = store;
    catalog->arena = arena;
    catalog->cancelled = cancelled;
    catalog->cancelled_arg = arg;
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&catalog->lock, &recursive);
    pthread_mutexattr_destroy(&recursive);
    catalog_set_search_path(catalog, "\"$user\", public", OID_NONE);
    (void)catalog_resolver(catalog); /* made here, so that readers find it ready */
    return catalog;
}

void catalog_set_waits(Catalog *catalog, CatalogWaits waits, void *arg)
{
    catalog->waits = waits;
    catalog->waits_arg = arg;
}

static void forget_records(Catalog *catalog)
{
    for (size_t i = 0; i < catalog->retired.count; i++)
        cache_release(catalog->retired.items[i]);
    catalog->retired.count = 0;
}

/* The records of the state the session leaves stay until the statement's end. */
static void retire_cache(Catalog *catalog)
{
    if (!catalog->cache)
        return;
    vec_push(catalog->arena, &catalog->retired, catalog->cache);
    catalog->cache = NULL;
}

static void drop_snapshot(Catalog *catalog)
{
    store_snapshot_close(catalog->snapshot);
    catalog->snapshot = NULL;
}

void catalog_close(Catalog *catalog)
{
    if (!catalog)
        return;
    catalog_transaction_rollback(catalog);
    drop_snapshot(catalog);
    retire_cache(catalog);
    forget_records(catalog);
    catalog_sequences_forget(catalog);
    free(catalog->search_path);
    catalog->search_path = NULL;
    pthread_mutex_destroy(&catalog->lock);
}

void catalog_set_search_path(Catalog *catalog, const char *search_path, Oid user)
{
    catalog_lock(catalog);
    if (!str_eq(catalog->search_path, search_path)) {
        free(catalog->search_path);
        catalog->search_path = strdup(search_path);
        if (!catalog->search_path)
            abort();
    }
    catalog->path_user = user;
    catalog_unlock(catalog);
}

bool catalog_has_search_path(Catalog *catalog, const char *search_path, Oid user)
{
    catalog_lock(catalog);
    bool has = catalog->path_user == user && strcmp(catalog->search_path, search_path) == 0;
    catalog_unlock(catalog);
    return has;
}

const char *catalog_search_path_setting(Catalog *catalog, Arena *arena, Oid *user)
{
    catalog_lock(catalog);
    const char *path = arena_strdup(arena, catalog->search_path);
    *user = catalog->path_user;
    catalog_unlock(catalog);
    return path;
}

bool catalog_is_writing(const Catalog *catalog)
{
    return catalog->writing;
}

void catalog_set_notices(Catalog *catalog, const Notices *notices)
{
    catalog->notices = notices;
}

const Notices *catalog_notices(Catalog *catalog)
{
    return catalog->notices;
}

void catalog_set_type_parser(Catalog *catalog, bool (*parse)(const char *, Catalog *, Arena *, Oid *, Error *))
{
    catalog->parse_type = parse;
}

/* ---- statements ---- */

static void see_newest(Catalog *catalog)
{
    drop_snapshot(catalog);
    catalog->failed = false;
    if (catalog->writing)
        return;
    uint64_t version = catalog->store->version;
    if (catalog->cache && catalog->version == version)
        return;
    retire_cache(catalog);
    catalog->version = version;
}

bool catalog_statement_begin(Catalog *catalog, Error *error)
{
    catalog_lock(catalog);
    if (catalog->statement_depth++ == 0) {
        see_newest(catalog);
        forget_records(catalog);
    }
    bool lost = catalog->lost;
    catalog_unlock(catalog);
    return !lost || error_set(error, ERRCODE_IN_FAILED_SQL_TRANSACTION,
                              "current transaction is aborted, commands ignored until end of transaction block");
}

void catalog_statement_end(Catalog *catalog)
{
    catalog_lock(catalog);
    if (catalog->statement_depth > 0 && --catalog->statement_depth == 0) {
        drop_snapshot(catalog);
        forget_records(catalog);
        catalog->failed = false;
    }
    catalog_unlock(catalog);
}

void catalog_refresh(Catalog *catalog)
{
    if (catalog->uses++ == 0 && catalog->statement_depth == 0)
        see_newest(catalog);
}

void catalog_let_go(Catalog *catalog)
{
    if (--catalog->uses == 0 && catalog->statement_depth == 0)
        drop_snapshot(catalog);
}

Cache *catalog_cache(Catalog *catalog)
{
    if (!catalog->cache)
        catalog->cache = catalog->writing ? cache_open(catalog->version) : store_cache(catalog->store, catalog->version);
    return catalog->cache;
}

Db *catalog_db(Catalog *catalog, Error *error)
{
    if (catalog->writing)
        return catalog->store->writer;
    if (!catalog->snapshot) {
        catalog->snapshot = store_snapshot_open(catalog->store, catalog->cancelled, catalog->cancelled_arg, error);
        if (!catalog->snapshot)
            return NULL;
        if (catalog->snapshot->version != catalog->version) {
            retire_cache(catalog);
            catalog->version = catalog->snapshot->version;
        }
    }
    return catalog->snapshot->db;
}

void catalog_fail(Catalog *catalog, const Error *error)
{
    catalog->failed = true;
    if (strcmp(error->sqlstate, ERRCODE_QUERY_CANCELED) == 0)
        return;
    log_write(catalog->store->log, LOG_ERROR_LEVEL, "catalog look-up failed: %s", error->message);
}

bool catalog_failure(Catalog *catalog, Error *error)
{
    if (catalog->failed && catalog->cancelled && catalog->cancelled(catalog->cancelled_arg))
        error_set(error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
    else if (catalog->failed)
        error_set(error, ERRCODE_INTERNAL_ERROR, "the system catalog could not be read");
    return catalog->failed;
}

uint64_t catalog_version(Catalog *catalog)
{
    catalog_lock(catalog);
    catalog_refresh(catalog);
    uint64_t version = catalog->version;
    catalog_let_go(catalog);
    catalog_unlock(catalog);
    return version;
}

static bool is_redefined(const Catalog *catalog, uint64_t version, Error *error)
{
    return catalog->store->defined > version &&
           !error_set(error, ERRCODE_T_R_SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
}

bool catalog_settle(Catalog *catalog, uint64_t *version, Error *error)
{
    catalog_lock(catalog);
    bool ok = catalog_db(catalog, error) != NULL;
    *version = catalog->version;
    catalog_unlock(catalog);
    return ok;
}

bool catalog_rely(Catalog *catalog, uint64_t version, Error *error)
{
    uint64_t now;
    if (!catalog_settle(catalog, &now, error) || (now != version && is_redefined(catalog, version, error)))
        return false;
    catalog->relying++;
    return true;
}

void catalog_rely_no_more(Catalog *catalog)
{
    catalog->relying--;
}

void catalog_begin_private(Catalog *catalog)
{
    catalog->privately++;
}

void catalog_end_private(Catalog *catalog)
{
    catalog->privately--;
}

bool catalog_has_changes(Catalog *catalog)
{
    catalog_lock(catalog);
    bool has_changes = catalog->writing && catalog->version != catalog->store->version;
    catalog_unlock(catalog);
    return has_changes;
}

CatalogPin *catalog_pin(Catalog *catalog)
{
    catalog_lock(catalog);
    CatalogPin *pin = calloc(1, sizeof *pin + sizeof(Cache *) * (catalog->retired.count + 1));
    if (!pin)
        abort();
    for (size_t i = 0; i < catalog->retired.count; i++)
        pin->caches[pin->count++] = cache_share(catalog->retired.items[i]);
    if (catalog->cache)
        pin->caches[pin->count++] = cache_share(catalog->cache);
    catalog_unlock(catalog);
    return pin;
}

void catalog_unpin(CatalogPin *pin)
{
    if (!pin)
        return;
    for (size_t i = 0; i < pin->count; i++)
        cache_release(pin->caches[i]);
    free(pin);
}

/* ---- transactions ---- */

void catalog_transaction_begin(Catalog *catalog)
{
    catalog_lock(catalog);
    catalog->in_transaction = true;
    catalog->savepoints = 0;
    catalog_unlock(catalog);
}

static bool savepoint_sql(Catalog *catalog, const char *verb, int level, Error *error)
{
    char sql[64];
    snprintf(sql, sizeof sql, "%s s%d", verb, level);
    return db_run(catalog->store->writer, sql, error);
}

bool catalog_start_writing(Catalog *catalog, Error *error)
{
    if (catalog->lost)
        return error_set(error, ERRCODE_IN_FAILED_SQL_TRANSACTION,
                         "current transaction is aborted, commands ignored until end of transaction block");
    if (catalog->writing)
        return true;
    if (!store_writer_take(catalog->store, catalog, error))
        return false;
    bool ok =
        !(catalog->relying && is_redefined(catalog, catalog->version, error)) && db_run(catalog->store->writer, "BEGIN IMMEDIATE", error);
    for (int level = 1; ok && level <= catalog->savepoints; level++)
        ok = savepoint_sql(catalog, "SAVEPOINT", level, error);
    if (!ok) {
        sqlite3_exec(catalog->store->writer->handle, "ROLLBACK", NULL, NULL, NULL);
        store_writer_give(catalog->store);
        return false;
    }
    drop_snapshot(catalog);
    catalog->writing = true;
    /* Others may have committed since the statement began. */
    if (catalog->version != catalog->store->version) {
        retire_cache(catalog);
        catalog->version = catalog->store->version;
    }
    return true;
}

bool catalog_write_begin(Catalog *catalog, Error *error)
{
    catalog_lock(catalog);
    bool ok = !catalog->in_transaction || catalog_start_writing(catalog, error);
    catalog_unlock(catalog);
    return ok;
}

void catalog_note_change(Catalog *catalog)
{
    retire_cache(catalog);
    catalog->version = store_new_number(catalog->store);
    catalog->lost = sqlite3_get_autocommit(catalog->store->writer->handle) != 0;
}

static void end_transaction(Catalog *catalog)
{
    if (catalog->writing) {
        catalog->writing = false;
        retire_cache(catalog);
        catalog->version = catalog->store->version;
        store_writer_give(catalog->store);
    }
    catalog->in_transaction = false;
    catalog->wrote_rows = catalog->defines = false;
    catalog->lost = false;
    catalog->savepoints = 0;
    catalog->decision = 0;
    catalog->new_labels.count = 0;
}

/* ---- labels of enums ---- */

void catalog_note_label(Catalog *catalog, Oid label)
{
    NewLabel added = {label, catalog->savepoints};
    vec_push(catalog->arena, &catalog->new_labels, added);
}

bool catalog_label_is_new(const Catalog *catalog, Oid label)
{
    for (size_t i = 0; i < catalog->new_labels.count; i++)
        if (catalog->new_labels.items[i].oid == label)
            return true;
    return false;
}

/* What was added since the savepoint of this level belongs to the one around it; or, undone, it is none of a label. */
static void settle_labels(Catalog *catalog, int level, bool undone)
{
    size_t kept = 0;
    for (size_t i = 0; i < catalog->new_labels.count; i++) {
        NewLabel label = catalog->new_labels.items[i];
        if (label.savepoints >= level && undone)
            continue;
        label.savepoints = label.savepoints >= level ? level - 1 : label.savepoints;
        catalog->new_labels.items[kept++] = label;
    }
    catalog->new_labels.count = kept;
}

void catalog_decide(Catalog *catalog, int64_t number)
{
    catalog->decision = number;
}

/* With those of transactions that are over, nothing is decided any more. */
static bool note_decision(Catalog *catalog, Error *error)
{
    Db *db = catalog->store->writer;
    return !catalog->decision ||
           (db_exec(db, error, "DELETE FROM medley_decision WHERE number < ?1", "i", coordinator_oldest(catalog->store->coordinator)) &&
            db_exec(db, error, "INSERT INTO medley_decision VALUES (?1)", "i", catalog->decision));
}

static bool commit(Catalog *catalog, Error *error)
{
    CatalogStore *store = catalog->store;
    uint64_t version = store_new_number(store);
    bool ok = note_decision(catalog, error) &&
              db_exec(store->writer, error,
                      "UPDATE medley_state SET value = CASE name WHEN 'version' THEN ?1 ELSE ?2 END WHERE name IN ('version', 'next_oid')",
                      "io", (int64_t)version, (Oid)store->next_oid) &&
              db_run(store->writer, "COMMIT", error);
    if (ok && catalog->defines)
        store->defined = version;
    if (ok)
        store->version = version;
    if (ok && catalog->wrote_rows && store->keeper.commit)
        store->keeper.commit(store->keeper.arg);
    return ok;
}

bool catalog_transaction_commit(Catalog *catalog, Error *error)
{
    catalog_lock(catalog);
    bool ok = !catalog->lost || error_set(error, ERRCODE_TRANSACTION_ROLLBACK, "the system catalog rolled the transaction back");
    if (ok && catalog->writing)
        ok = commit(catalog, error);
    if (ok)
        end_transaction(catalog);
    else
        catalog_transaction_rollback(catalog);
    catalog_unlock(catalog);
    return ok;
}

void catalog_transaction_rollback(Catalog *catalog)
{
    catalog_lock(catalog);
    if (catalog->writing && !sqlite3_get_autocommit(catalog->store->writer->handle))
        sqlite3_exec(catalog->store->writer->handle, "ROLLBACK", NULL, NULL, NULL);
    catalog_undo_rows(catalog);
    end_transaction(catalog);
    catalog_unlock(catalog);
}

/* ---- savepoints ---- */

bool catalog_savepoint(Catalog *catalog, int level, Error *error)
{
    catalog_lock(catalog);
    bool ok = level == catalog->savepoints + 1 ||
              error_set(error, ERRCODE_INTERNAL_ERROR, "savepoint %d opened at level %d", level, catalog->savepoints);
    ok = ok && (!catalog->writing || savepoint_sql(catalog, "SAVEPOINT", level, error));
    if (ok)
        catalog->savepoints = level;
    catalog_unlock(catalog);
    return ok;
}

static bool check_level(Catalog *catalog, int level, Error *error)
{
    return (level >= 1 && level <= catalog->savepoints) || error_set(error, ERRCODE_INTERNAL_ERROR, "no savepoint of level %d", level);
}

bool catalog_savepoint_release(Catalog *catalog, int level, Error *error)
{
    catalog_lock(catalog);
    bool ok = check_level(catalog, level, error) && (!catalog->writing || savepoint_sql(catalog, "RELEASE", level, error));
    if (ok) {
        catalog->savepoints = level - 1;
        settle_labels(catalog, level, false);
    }
    catalog_unlock(catalog);
    return ok;
}

bool catalog_savepoint_rollback(Catalog *catalog, int level, Error *error)
{
    catalog_lock(catalog);
    bool ok = check_level(catalog, level, error);
    if (ok && catalog->writing) {
        ok = savepoint_sql(catalog, "ROLLBACK TO", level, error);
        catalog_undo_rows(catalog);
        catalog_note_change(catalog);
    }
    if (ok) {
        catalog->savepoints = level;
        settle_labels(catalog, level, true);
    }
    catalog_unlock(catalog);
    return ok;
}
