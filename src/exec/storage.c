/*
 * storage.c - the rows of Medley's own tables: one file of the local engine's, attached to it as "store".
 *
 * A node is a table "n<number>" there: columns added_by and deleted_by, and c<attnum> for each column of the relation. The catalog says
 * which node is whose, and which number counts (catalog/stored.c).
 *
 * Each write is a transaction of the engine's own, committed at once; what it has added carries its number. It becomes visible to others
 * when the catalog's commit makes that number the last one, and is removed when the catalog rolls back, or, after a crash, when the file
 * is opened next.
 *
 * Invariants:
 *  1. Only who holds the catalog's writer writes, and numbers are never given out twice while the process lives.
 *  2. The engine has committed a write before the catalog does: what the catalog counts on is on disk.
 *  3. While what was undone could not be removed (a full disk), nothing new is written: it must not come to count.
 *  4. Nodes that no relation has any more are dropped when the file is opened: then nobody reads them.
 * Threads: the session's own; the keeper is called by whoever holds the catalog's writer.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/internal.h"

struct Storage {
    Engine *engine;
    pthread_mutex_t lock;
    Arena *arena;
    int64_t committed, last; /* numbers */
    VEC(int64_t) touched;    /* nodes written to since the last commit */
    bool unclean;
};

static bool engine_failed(const char *message, Error *error)
{
    if (message && strstr(message, "No space left on device"))
        return error_set(error, ERRCODE_DISK_FULL, "could not write rows: No space left on device");
    return sql_engine_error(message ? message : "", error);
}

static bool run(duckdb_connection connection, const char *sql, Error *error)
{
    duckdb_result result;
    bool done = duckdb_query(connection, sql, &result) == DuckDBSuccess || engine_failed(duckdb_result_error(&result), error);
    duckdb_destroy_result(&result);
    return done;
}

static bool run_format(duckdb_connection connection, Error *error, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool run_format(duckdb_connection connection, Error *error, const char *format, ...)
{
    char sql[256];
    va_list args;
    va_start(args, format);
    vsnprintf(sql, sizeof sql, format, args);
    va_end(args);
    return run(connection, sql, error);
}

/* ---- undoing ---- */

static bool remove_beyond(duckdb_connection connection, int64_t node, int64_t number, Error *error)
{
    return run_format(connection, error, "DELETE FROM store.n%" PRId64 " WHERE added_by > %" PRId64, node, number) &&
           run_format(connection, error, "UPDATE store.n%" PRId64 " SET deleted_by = NULL WHERE deleted_by > %" PRId64, node, number);
}

/* Rows beyond the number go from all nodes touched. */
static bool clean(Storage *storage, int64_t number, Error *error)
{
    EngineConnection *connection = engine_connect(storage->engine, ENGINE_SERIAL, NULL, error);
    bool done = connection != NULL;
    for (size_t i = 0; done && i < storage->touched.count; i++)
        done = remove_beyond(connection->connection, storage->touched.items[i], number, error);
    if (connection)
        engine_disconnect(connection, done);
    storage->unclean = !done;
    return done;
}

static void undo(void *arg, int64_t number)
{
    Storage *storage = arg;
    Arena *arena = arena_open(NULL);
    Error ignored; /* Storage.unclean keeps it in mind */
    error_init(&ignored, arena);
    pthread_mutex_lock(&storage->lock);
    if (storage->touched.count)
        (void)clean(storage, number < 0 ? storage->committed : number, &ignored);
    pthread_mutex_unlock(&storage->lock);
    arena_close(arena);
}

static void commit(void *arg)
{
    Storage *storage = arg;
    pthread_mutex_lock(&storage->lock);
    storage->committed = storage->last;
    storage->touched.count = 0;
    pthread_mutex_unlock(&storage->lock);
}

/* ---- opening ---- */

static bool is_live(const CatalogRows *live, int64_t node)
{
    for (size_t i = 0; i < live->nrows; i++)
        if (CATALOG_CELL(live, i, 0).i == node)
            return true;
    return false;
}

/* What a crash, or a rollback, has left. */
static bool tidy(duckdb_connection connection, const CatalogRows *live, int64_t number, Error *error)
{
    duckdb_result result;
    bool done = duckdb_query(connection, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'", &result) == DuckDBSuccess;
    if (!done)
        engine_failed(duckdb_result_error(&result), error);
    for (idx_t i = 0; done && i < duckdb_row_count(&result); i++) {
        char *name = duckdb_value_varchar(&result, 0, i);
        int64_t node = strtoll(name + 1, NULL, 10);
        done = is_live(live, node) ? remove_beyond(connection, node, number, error) &&
                                         run_format(connection, error, "DELETE FROM store.n%" PRId64 " WHERE deleted_by IS NOT NULL", node)
                                   : run_format(connection, error, "DROP TABLE store.n%" PRId64, node);
        duckdb_free(name);
    }
    duckdb_destroy_result(&result);
    return done;
}

static bool attach(duckdb_connection connection, const char *path, Arena *arena, Error *error)
{
    Str sql;
    str_init(&sql, arena);
    str_add(&sql, "ATTACH ");
    sql_quote_literal(sql_dialect("duckdb"), path, &sql);
    str_add(&sql, " AS store");
    return run(connection, sql.data, error);
}

Storage *storage_open(Engine *engine, duckdb_connection connection, const char *path, CatalogStore *store, Arena *arena, Error *error)
{
    static const char NODES[] = "SELECT node FROM medley_stored JOIN pg_class ON oid = relation";
    Storage *storage = ARENA_NEW(arena, Storage);
    *storage = (Storage){.engine = engine, .arena = arena};
    Arena *scratch = arena_open(NULL);
    Catalog *catalog = catalog_open(store, scratch, NULL, NULL);
    CatalogRows *live = catalog_query(catalog, scratch, error, NODES, "");
    bool done = live && catalog_stored_number(catalog, &storage->committed, error) && attach(connection, path, scratch, error) &&
                tidy(connection, live, storage->committed, error);
    catalog_close(catalog);
    arena_close(scratch);
    if (!done)
        return NULL;
    storage->last = storage->committed;
    pthread_mutex_init(&storage->lock, NULL);
    RowKeeper keeper = {storage, undo, commit};
    catalog_store_keep_rows(store, &keeper);
    return storage;
}

/* ---- writing ---- */

bool exec_store_begin(Engine *engine, Catalog *catalog, int64_t *number, Error *error)
{
    Storage *storage = engine_storage(engine, error);
    if (!storage || !catalog_write_begin(catalog, error))
        return false;
    pthread_mutex_lock(&storage->lock);
    int64_t counts;
    bool done = catalog_stored_number(catalog, &counts, error) && (!storage->unclean || clean(storage, counts, error));
    *number = ++storage->last;
    pthread_mutex_unlock(&storage->lock);
    return done && catalog_stored_set_number(catalog, *number, error);
}

/* The engine's name of a column's type. */
static void add_type(const CatColumn *column, Str *out)
{
    static const char *const NAMES[] = {
        [FDW_BOOL] = "BOOLEAN",
        [FDW_INT16] = "SMALLINT",
        [FDW_INT32] = "INTEGER",
        [FDW_INT64] = "BIGINT",
        [FDW_UINT32] = "UINTEGER",
        [FDW_FLOAT] = "FLOAT",
        [FDW_DOUBLE] = "DOUBLE",
        [FDW_STRING] = "VARCHAR",
        [FDW_BYTES] = "BLOB",
        [FDW_DATE] = "DATE",
        [FDW_TIME] = "TIME",
        [FDW_TIMESTAMP] = "TIMESTAMP",
        [FDW_TIMESTAMPTZ] = "TIMESTAMPTZ",
        [FDW_INTERVAL] = "INTERVAL",
        [FDW_UUID] = "UUID",
    };
    FdwType type = type_layout(column->type, column->typmod);
    if (type.physical == FDW_DECIMAL)
        str_addf(out, "DECIMAL(%d, %d)", type.precision, type.scale);
    else
        str_add(out, NAMES[type.physical]);
}

static bool make_node(duckdb_connection connection, const CatRelation *relation, int64_t node, Arena *arena, Error *error)
{
    Str sql;
    str_init(&sql, arena);
    str_addf(&sql, "CREATE OR REPLACE TABLE store.n%" PRId64 " (added_by BIGINT NOT NULL, deleted_by BIGINT", node);
    for (int i = 0; i < relation->ncolumns; i++) {
        if (relation->columns[i].dropped)
            continue;
        str_addf(&sql, ", c%d ", i + 1);
        add_type(&relation->columns[i], &sql);
    }
    str_addc(&sql, ')');
    return run(connection, sql.data, error);
}

/* Columns that came since the last write; one of that number may be left from a transaction that was rolled back. */
static bool grow_node(duckdb_connection connection, Catalog *catalog, const CatRelation *relation, Arena *arena, Error *error)
{
    bool done = true;
    for (int i = relation->stored_columns; done && i < relation->ncolumns; i++) {
        if (relation->columns[i].dropped)
            continue;
        Str sql;
        str_init(&sql, arena);
        str_addf(&sql, "ALTER TABLE store.n%" PRId64 " ADD COLUMN c%d ", relation->stored_node, i + 1);
        add_type(&relation->columns[i], &sql);
        done = run_format(connection, error, "ALTER TABLE store.n%" PRId64 " DROP COLUMN IF EXISTS c%d", relation->stored_node, i + 1) &&
               run(connection, sql.data, error);
        const CatColumn *column = &relation->columns[i];
        if (!done || !column->missing)
            continue;
        str_reset(&sql);
        str_addf(&sql, "UPDATE store.n%" PRId64 " SET c%d = ", relation->stored_node, i + 1);
        done = sql_print_missing(column, catalog, arena, &sql, error) && run(connection, sql.data, error);
    }
    return done;
}

bool exec_store_prepare(Engine *engine, Catalog *catalog, Oid oid, int64_t *node, Error *error)
{
    Storage *storage = engine_storage(engine, error);
    EngineConnection *connection = storage ? engine_connect(engine, ENGINE_SERIAL, NULL, error) : NULL;
    if (!connection)
        return false;
    Arena *arena = arena_open(NULL);
    pthread_mutex_lock(&storage->lock);
    const CatRelation *relation = catalog_relation(catalog, oid);
    bool done, is_new = !relation->stored_node;
    int ncolumns = relation->ncolumns;
    if (is_new) {
        *node = ++storage->last;
        done = make_node(connection->connection, relation, *node, arena, error);
    } else {
        *node = relation->stored_node;
        done = grow_node(connection->connection, catalog, relation, arena, error);
        is_new = relation->stored_columns < ncolumns;
    }
    done = done && (!is_new || catalog_stored_set_node(catalog, oid, *node, ncolumns, error));
    if (done)
        vec_push(storage->arena, &storage->touched, *node);
    pthread_mutex_unlock(&storage->lock);
    engine_disconnect(connection, done);
    arena_close(arena);
    return done;
}

bool exec_store_discard(Engine *engine, int64_t node, int64_t number, Error *error)
{
    EngineConnection *connection = engine_connect(engine, ENGINE_SERIAL, NULL, error);
    bool done =
        connection && run_format(connection->connection, error, "DELETE FROM store.n%" PRId64 " WHERE added_by = %" PRId64, node, number);
    if (connection)
        engine_disconnect(connection, done);
    return done;
}
