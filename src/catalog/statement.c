/*
 * statement.c - SQL on the catalog: queries into an arena, changes, streaming scans, fresh OIDs.
 *
 * Invariants:
 *  1. A change outside a transaction is a transaction of its own.
 *  2. A scan reads one state: that of the snapshot it shares with its statement. In a transaction that has written it is read to its end
 *     when it is opened, for later changes through the same connection would show in it.
 *
 *  3. A scan is stepped under the catalog's lock: functions that it calls look things up in the catalog.
 *  4. Reads can be cancelled, through the writer too; changes cannot: SQLite would roll back the whole transaction.
 *
 * Threads: scans may be read by any thread, each by one at a time; the rest as catalog.c.
 */
#include <stdlib.h>

#include "catalog/catalog_internal.h"

struct CatalogScan {
    Catalog *catalog;
    const void *caller;
    Snapshot *snapshot; /* NULL: `rows` has all */
    sqlite3_stmt *stmt;
    Arena *arena;
    CatalogRows *rows;
    size_t at;
    CatalogCell *cells;
    int ncolumns;
    bool at_end; /* SQLite starts a finished statement again when it is stepped once more */
};

/* Text is asked for first: it is what a number's text and its length come from. */
static void read_cell(sqlite3_stmt *stmt, int column, CatalogCell *cell)
{
    int type = sqlite3_column_type(stmt, column);
    *cell = (CatalogCell){.is_null = type == SQLITE_NULL};
    if (type == SQLITE_NULL)
        return;
    cell->i = sqlite3_column_int64(stmt, column);
    cell->d = sqlite3_column_double(stmt, column);
    cell->text = (const char *)sqlite3_column_text(stmt, column);
    cell->len = (size_t)sqlite3_column_bytes(stmt, column);
}

static bool collect(Catalog *catalog, DbCursor *cursor, Arena *arena, CatalogRows *rows, Error *error)
{
    VEC(CatalogCell) cells = {0};
    db_watch(cursor->db, catalog->cancelled, catalog->cancelled_arg);
    rows->ncolumns = (size_t)sqlite3_column_count(cursor->stmt);
    while (db_next(cursor, error)) {
        for (int i = 0; i < (int)rows->ncolumns; i++) {
            CatalogCell cell;
            read_cell(cursor->stmt, i, &cell);
            if (cell.text)
                cell.text = arena_strndup(arena, cell.text, cell.len);
            vec_push(arena, &cells, cell);
        }
        rows->nrows++;
    }
    rows->cells = cells.items;
    if (cursor->db == catalog->store->writer)
        db_watch(cursor->db, NULL, NULL);
    return !cursor->failed;
}

CatalogRows *catalog_query_va(Catalog *catalog, Arena *arena, Error *error, const char *sql, const char *types, va_list args)
{
    CatalogRows *rows = ARENA_NEW(arena, CatalogRows);
    catalog_lock(catalog);
    catalog_refresh(catalog);
    Db *db = catalog_db(catalog, error);
    DbCursor cursor;
    bool ok = db && db_start_va(&cursor, db, sql, error, types, args);
    if (ok) {
        ok = collect(catalog, &cursor, arena, rows, error);
        db_finish(&cursor);
    }
    catalog_let_go(catalog);
    catalog_unlock(catalog);
    return ok ? rows : NULL;
}

CatalogRows *catalog_query(Catalog *catalog, Arena *arena, Error *error, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    CatalogRows *rows = catalog_query_va(catalog, arena, error, sql, types, args);
    va_end(args);
    return rows;
}

static bool change(Catalog *catalog, Error *error, int64_t *changes, const char *sql, const char *types, va_list args)
{
    Db *db = catalog->store->writer;
    int64_t before = sqlite3_total_changes64(db->handle);
    DbCursor cursor;
    if (!db_start_va(&cursor, db, sql, error, types, args))
        return false;
    while (db_next(&cursor, error))
        ;
    bool ok = !cursor.failed;
    db_finish(&cursor);
    /* Changes behind pg_user_mapping are made by its triggers, which sqlite3_changes does not count. */
    int64_t touched = sqlite3_total_changes64(db->handle) - before;
    if (changes)
        *changes = touched;
    if (touched || !ok) {
        catalog_note_change(catalog);
        catalog->defines |= !catalog->privately;
    }
    return ok;
}

bool catalog_exec(Catalog *catalog, Error *error, int64_t *changes, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    catalog_lock(catalog);
    bool alone = !catalog->in_transaction;
    bool ok = catalog_start_writing(catalog, error) && change(catalog, error, changes, sql, types, args);
    if (alone && catalog->writing) {
        if (ok)
            ok = catalog_transaction_commit(catalog, error);
        else
            catalog_transaction_rollback(catalog);
    }
    catalog_unlock(catalog);
    va_end(args);
    return ok;
}

Oid catalog_new_oid(Catalog *catalog, Error *error)
{
    Oid oid = atomic_fetch_add(&catalog->store->next_oid, 1);
    if (oid >= FIRST_USER_OID)
        return oid;
    error_set(error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "no OIDs are left");
    return OID_NONE;
}

/* ---- scans ---- */

static bool give_functions(Db *db, const CatalogFunctions *functions, Error *error)
{
    if (!functions)
        return true;
    db->caller = functions->context;
    if (!db->has_functions && !functions->install(db->handle, &db->caller, db->arena))
        return db_error(db, error);
    db->has_functions = true;
    return true;
}

static bool open_streaming(Catalog *catalog, CatalogScan *scan, const char *sql, const CatalogFunctions *functions, Error *error)
{
    Db *db = catalog_db(catalog, error);
    if (!db || !give_functions(db, functions, error))
        return false;
    if (sqlite3_prepare_v2(db->handle, sql, -1, &scan->stmt, NULL) != SQLITE_OK)
        return db_error(db, error);
    scan->snapshot = store_snapshot_share(catalog->snapshot);
    scan->ncolumns = sqlite3_column_count(scan->stmt);
    scan->cells = ARENA_ARRAY(scan->arena, CatalogCell, scan->ncolumns);
    return true;
}

static bool open_collected(Catalog *catalog, CatalogScan *scan, const char *sql, const CatalogFunctions *functions, Error *error)
{
    DbCursor cursor = {.db = catalog->store->writer};
    if (!give_functions(cursor.db, functions, error))
        return false;
    if (sqlite3_prepare_v2(cursor.db->handle, sql, -1, &cursor.stmt, NULL) != SQLITE_OK)
        return db_error(cursor.db, error);
    scan->rows = ARENA_NEW(scan->arena, CatalogRows);
    bool ok = collect(catalog, &cursor, scan->arena, scan->rows, error);
    db_finish(&cursor);
    return ok;
}

CatalogScan *catalog_scan_open(Catalog *catalog, const char *sql, const CatalogFunctions *functions, Error *error)
{
    Arena *arena = arena_open(NULL);
    CatalogScan *scan = ARENA_NEW(arena, CatalogScan);
    scan->arena = arena;
    scan->catalog = catalog;
    scan->caller = functions ? functions->context : NULL;
    catalog_lock(catalog);
    catalog_refresh(catalog);
    bool ok =
        catalog->writing ? open_collected(catalog, scan, sql, functions, error) : open_streaming(catalog, scan, sql, functions, error);
    catalog_let_go(catalog);
    catalog_unlock(catalog);
    if (ok)
        return scan;
    arena_close(arena);
    return NULL;
}

static int step(CatalogScan *scan, Error *error)
{
    catalog_lock(scan->catalog);
    scan->snapshot->db->caller = scan->caller;
    int code = sqlite3_step(scan->stmt);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        db_error(scan->snapshot->db, error);
    catalog_unlock(scan->catalog);
    return code;
}

bool catalog_scan_next(CatalogScan *scan, const CatalogCell **row, Error *error)
{
    *row = NULL;
    if (scan->rows) {
        if (scan->at < scan->rows->nrows)
            *row = &CATALOG_CELL(scan->rows, scan->at++, 0);
        return true;
    }
    int code = scan->at_end ? SQLITE_DONE : step(scan, error);
    scan->at_end = code == SQLITE_DONE;
    if (scan->at_end)
        return true;
    if (code != SQLITE_ROW)
        return false;
    for (int i = 0; i < scan->ncolumns; i++)
        read_cell(scan->stmt, i, &scan->cells[i]);
    *row = scan->cells;
    return true;
}

void catalog_scan_close(CatalogScan *scan)
{
    if (!scan)
        return;
    sqlite3_finalize(scan->stmt);
    store_snapshot_close(scan->snapshot);
    arena_close(scan->arena);
}
