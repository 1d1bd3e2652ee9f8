/*
 * stored.c - where the rows of Medley's own tables lie: the node of each table, and the number of the last write. Rows that pass have
 * nodes that the session alone knows.
 *
 * Invariants:
 *  1. Numbers only grow. A row is visible to whoever reads a number here that is not lower than the row's.
 *  2. Whoever undoes writes tells the keeper before the writer is given to somebody else: at no time does a row have a number that a later
 *     commit could reach without being part of it.
 *
 * Threads: the session's worker.
 */
#include "catalog/catalog_internal.h"

void catalog_store_keep_rows(CatalogStore *store, const RowKeeper *keeper)
{
    store->keeper = *keeper;
}

static bool read_number(Db *db, int64_t *number, Error *error)
{
    DbCursor cursor;
    if (!db_start(&cursor, db, "SELECT value FROM medley_state WHERE name = 'stored'", error, NULL))
        return false;
    if (db_next(&cursor, error))
        *number = sqlite3_column_int64(cursor.stmt, 0);
    db_finish(&cursor);
    return !cursor.failed;
}

bool catalog_stored_number(Catalog *catalog, int64_t *number, Error *error)
{
    *number = 0;
    catalog_lock(catalog);
    catalog_refresh(catalog);
    Db *db = catalog_db(catalog, error);
    bool ok = db && read_number(db, number, error);
    catalog_let_go(catalog);
    catalog_unlock(catalog);
    return ok;
}

bool catalog_stored_set_number(Catalog *catalog, int64_t number, Error *error)
{
    catalog_begin_private(catalog);
    bool done = catalog_exec(catalog, error, NULL, "UPDATE medley_state SET value = ?1 WHERE name = 'stored'", "i", number);
    catalog_end_private(catalog);
    catalog->wrote_rows |= done;
    return done;
}

bool catalog_stored_set_node(Catalog *catalog, Oid relation, int64_t node, int columns, Error *error)
{
    catalog_begin_private(catalog);
    bool done = catalog_exec(catalog, error, NULL, "INSERT OR REPLACE INTO medley_stored VALUES (?1, ?2, ?3)", "oii", relation, node,
                             (int64_t)columns);
    catalog_end_private(catalog);
    return done;
}

/* ---- rows that pass ---- */

int64_t catalog_passing_node(const Catalog *catalog, Oid relation, int64_t number)
{
    for (size_t i = 0; i < catalog->passing.count; i++) {
        const PassingNode *passing = &catalog->passing.items[i];
        if (passing->relation == relation && passing->number == number)
            return passing->node;
    }
    return 0;
}

int64_t catalog_node(const Catalog *catalog, const CatRelation *relation, int64_t number)
{
    int64_t node = catalog_passing_node(catalog, relation->oid, number);
    return node ? node : relation->stored_node;
}

void catalog_passing_add(Catalog *catalog, Oid relation, int64_t number, int64_t node)
{
    vec_push(catalog->arena, &catalog->passing, ((PassingNode){relation, number, node}));
}

void catalog_passing_remove(Catalog *catalog, int64_t node)
{
    size_t kept = 0;
    for (size_t i = 0; i < catalog->passing.count; i++)
        if (catalog->passing.items[i].node != node)
            catalog->passing.items[kept++] = catalog->passing.items[i];
    catalog->passing.count = kept;
}

/* ---- undoing ---- */

/* SQLite may be unable to tell the number: then the keeper keeps none of what is in doubt, as after a crash. */
void catalog_undo_rows(Catalog *catalog)
{
    CatalogStore *store = catalog->store;
    if (!catalog->wrote_rows || !store->keeper.undo)
        return;
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    int64_t number = -1;
    store->keeper.undo(store->keeper.arg, read_number(store->writer, &number, &ignored) ? number : -1);
    arena_close(arena);
}
