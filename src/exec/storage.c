/*
 * storage.c - the rows of Medley's own tables: one file of the local engine's, attached to it as "store".
 *
 * A node is a table "n<number>" there: columns added_by, deleted_by and row_id, and c<attnum> for each column of the relation. The catalog
 * says which node is whose, and which number counts (catalog/stored.c). Rows that pass have nodes of the same shape in memory, each one
 * write's and no other session's to see: "p<number>" in "work", where work tables are.
 *
 * Each write is a transaction of the engine's own, committed at once; what it has added carries its number. It becomes visible to others
 * when the catalog's commit makes that number the last one, and is removed when the catalog rolls back, or, after a crash, when the file
 * is opened next.
 *
 * Invariants:
 *  1. Only who holds the catalog's writer writes to the file, and numbers, of writes and of nodes, are never given out twice while the
 * process lives. Nor is that of a node that a relation has, ever.
 *  2. The engine has committed a write before the catalog does: what the catalog counts on is on disk.
 *  3. While what was undone could not be removed (a full disk), nothing new is written: it must not come to count.
 *  4. Where the engine failed to commit rows, it takes them out of the node again, but not the bytes of their strings, which the next row's
 *     string takes in: nothing new is written before a row that nobody sees has done so.
 *  5. A checkpoint is begun only where there is room for all that it may write: one that fails in its middle takes the rows with it, in
 *     memory and, with the next, in the file. So the engine makes none by itself.
 *  6. Nodes that no relation has any more are dropped when the file is opened: then nobody reads them.
 * Threads: the session's own; the keeper is called by whoever holds the catalog's writer.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "exec/internal.h"

enum { AGAIN_MS = 5000, MOST_LOG_BYTES = 16 * 1024 * 1024 }; /* before it goes into the file */

typedef struct Touched {
    int64_t node, stamp;
} Touched;

struct Storage {
    Engine *engine;
    const char *path;
    pthread_mutex_t lock;
    Arena *arena;
    int64_t committed, last; /* numbers */
    int64_t last_work;       /* number of a work table */
    _Atomic int64_t last_row;
    VEC(Touched) touched; /* nodes written to since the last commit */
    int64_t stamp;        /* the last one given */
    bool unclean;
    _Atomic int64_t checkpoint_ms; /* clock_ms() before which none is tried: others were at work */
    VEC(int64_t) torn;             /* nodes whose rows the engine may have failed to commit */
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

/* Invariant 4. Number 0 is no write's: a row that it has taken away is seen by nobody, and goes when the file is opened next. */
static bool mend_node(duckdb_connection connection, int64_t node, Arena *arena, Error *error)
{
    duckdb_result result;
    const char *columns = arena_printf(arena,
                                       "SELECT column_name FROM duckdb_columns() WHERE database_name = 'store' AND table_name = 'n%" PRId64
                                       "' AND data_type IN ('VARCHAR', 'BLOB')",
                                       node);
    bool done = duckdb_query(connection, columns, &result) == DuckDBSuccess || engine_failed(duckdb_result_error(&result), error);
    idx_t count = done ? duckdb_row_count(&result) : 0;
    Str names, values;
    str_init(&names, arena);
    str_init(&values, arena);
    for (idx_t i = 0; i < count; i++) {
        char *name = duckdb_value_varchar(&result, 0, i);
        str_addf(&names, ", %s", name);
        str_add(&values, ", ''");
        duckdb_free(name);
    }
    duckdb_destroy_result(&result);
    return done && (!count || run(connection,
                                  arena_printf(arena, "INSERT INTO store.n%" PRId64 " (added_by, deleted_by, row_id%s) VALUES (0, 0, 0%s)",
                                               node, names.data, values.data),
                                  error));
}

static bool mend(Storage *storage, Error *error)
{
    Arena *arena = arena_open(NULL);
    EngineConnection *connection = engine_connect(storage->engine, ENGINE_SERIAL, NULL, error);
    bool done = connection != NULL;
    while (done && storage->torn.count) {
        done = mend_node(connection->connection, storage->torn.items[storage->torn.count - 1], arena, error);
        storage->torn.count -= done;
    }
    if (connection)
        engine_disconnect(connection, done);
    arena_close(arena);
    return done;
}

void storage_note_failure(Engine *engine, int64_t node, const Error *error)
{
    static const char *const STATES[] = {ERRCODE_DISK_FULL, ERRCODE_IO_ERROR, ERRCODE_OUT_OF_MEMORY, ERRCODE_INTERNAL_ERROR};
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    Storage *storage = engine_storage(engine, &ignored);
    bool is_engines = false;
    for (size_t i = 0; i < COUNT_OF(STATES); i++)
        is_engines |= str_eq(error->sqlstate, STATES[i]);
    if (storage && is_engines) {
        pthread_mutex_lock(&storage->lock);
        vec_push(storage->arena, &storage->torn, node);
        pthread_mutex_unlock(&storage->lock);
    }
    arena_close(arena);
}

static int64_t length_of(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 ? (int64_t)file.st_size : 0;
}

void storage_checkpoint(Storage *storage, bool always)
{
    Arena *arena = arena_open(NULL);
    int64_t file = length_of(storage->path), log = length_of(arena_printf(arena, "%s.wal", storage->path));
    struct statvfs disk;
    bool is_time = always || clock_ms() >= atomic_load(&storage->checkpoint_ms);
    bool is_due = is_time && log > (always ? 0 : MOST_LOG_BYTES) && statvfs(storage->path, &disk) == 0 &&
                  (int64_t)disk.f_bavail * (int64_t)disk.f_frsize > file + 2 * log;
    Error ignored; /* the log stays */
    error_init(&ignored, arena);
    EngineConnection *connection = is_due ? engine_connect(storage->engine, ENGINE_SERIAL, NULL, &ignored) : NULL;
    /* The engine's checkpoint waits for every scan under way, and keeps the next ones of the same reader waiting meanwhile. */
    bool rests = connection && engine_rest(storage->engine), done = true;
    atomic_store(&storage->checkpoint_ms, rests ? 0 : clock_ms() + AGAIN_MS);
    if (rests) {
        done = run(connection->connection, "CHECKPOINT store", &ignored);
        engine_wake(storage->engine);
    }
    if (connection)
        engine_disconnect(connection, done);
    arena_close(arena);
}

/* Rows beyond the number go from all nodes touched. */
static bool clean(Storage *storage, int64_t number, Error *error)
{
    EngineConnection *connection = engine_connect(storage->engine, ENGINE_SERIAL, NULL, error);
    bool done = connection != NULL;
    for (size_t i = 0; done && i < storage->touched.count; i++) {
        storage->touched.items[i].stamp = ++storage->stamp;
        done = remove_beyond(connection->connection, storage->touched.items[i].node, number, error);
    }
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
    if (!storage->unclean) /* else what a savepoint's rollback left is still to be removed */
        storage->touched.count = 0;
    pthread_mutex_unlock(&storage->lock);
}

/* ---- opening ---- */

/* Numbers of writes and of nodes go on after the highest there is: the last write may have made nodes after it had its own. */
static int64_t highest_number(const CatalogRows *live, int64_t committed)
{
    int64_t highest = committed;
    for (size_t i = 0; i < live->nrows; i++)
        if (CATALOG_CELL(live, i, 0).i > highest)
            highest = CATALOG_CELL(live, i, 0).i;
    return highest;
}

static bool is_live(const CatalogRows *live, int64_t node)
{
    for (size_t i = 0; i < live->nrows; i++)
        if (CATALOG_CELL(live, i, 0).i == node)
            return true;
    return false;
}

/* Numbers of rows go on after the highest there is. */
static bool note_rows(Storage *storage, duckdb_connection connection, int64_t node, Error *error)
{
    duckdb_result result;
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT max(row_id) FROM store.n%" PRId64, node);
    bool done = duckdb_query(connection, sql, &result) == DuckDBSuccess || engine_failed(duckdb_result_error(&result), error);
    int64_t last = done ? duckdb_value_int64(&result, 0, 0) : 0; /* NULL: 0 */
    if (last > storage->last_row)
        storage->last_row = last;
    duckdb_destroy_result(&result);
    return done;
}

/* What a crash, or a rollback, has left. */
static bool tidy(Storage *storage, duckdb_connection connection, const CatalogRows *live, int64_t number, Error *error)
{
    duckdb_result result;
    bool done = duckdb_query(connection, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'", &result) == DuckDBSuccess;
    if (!done)
        engine_failed(duckdb_result_error(&result), error);
    for (idx_t i = 0; done && i < duckdb_row_count(&result); i++) {
        char *name = duckdb_value_varchar(&result, 0, i);
        int64_t node = strtoll(name + 1, NULL, 10);
        done = is_live(live, node)
                   ? remove_beyond(connection, node, number, error) &&
                         run_format(connection, error, "DELETE FROM store.n%" PRId64 " WHERE deleted_by IS NOT NULL", node) &&
                         note_rows(storage, connection, node, error)
                   : run_format(connection, error, "DROP TABLE store.n%" PRId64, node);
        duckdb_free(name);
    }
    duckdb_destroy_result(&result);
    return done;
}

/* A file that is gone with rows in it is not made anew: it may be put back. */
static bool check_file(const char *path, const CatalogRows *live, Error *error)
{
    return !live->nrows || access(path, F_OK) == 0 ||
           error_set(error, ERRCODE_DATA_CORRUPTED, "the file of rows \"%s\" is missing: %s", path, strerror(errno));
}

static bool attach(duckdb_connection connection, const char *path, Arena *arena, Error *error)
{
    Str sql;
    str_init(&sql, arena);
    str_add(&sql, "ATTACH ");
    sql_quote_literal(sql_dialect("duckdb"), path, &sql);
    str_add(&sql, " AS store");
    return run(connection, sql.data, error) && run(connection, "ATTACH ':memory:' AS work", error);
}

/* medley_row_number(): the next number of a row. */
static void next_numbers(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    Storage *storage = duckdb_scalar_function_get_extra_info(info);
    idx_t count = duckdb_data_chunk_get_size(input);
    int64_t *numbers = duckdb_vector_get_data(output), first = atomic_fetch_add(&storage->last_row, (int64_t)count) + 1;
    for (idx_t i = 0; i < count; i++)
        numbers[i] = first + (int64_t)i;
}

int64_t storage_next_row(Storage *storage)
{
    return atomic_fetch_add(&storage->last_row, 1) + 1;
}

bool exec_store_next_row(Engine *engine, int64_t *number, Error *error)
{
    Storage *storage = engine_storage(engine, error);
    if (storage)
        *number = storage_next_row(storage);
    return storage != NULL;
}

static bool register_numbers(Storage *storage, duckdb_connection connection, Error *error)
{
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_logical_type type = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_scalar_function_set_name(function, "medley_row_number");
    duckdb_scalar_function_set_return_type(function, type);
    duckdb_scalar_function_set_volatile(function);
    duckdb_scalar_function_set_extra_info(function, storage, NULL);
    duckdb_scalar_function_set_function(function, next_numbers);
    bool done = duckdb_register_scalar_function(connection, function) == DuckDBSuccess;
    duckdb_destroy_logical_type(&type);
    duckdb_destroy_scalar_function(&function);
    return done || error_set(error, ERRCODE_INTERNAL_ERROR, "could not prepare the local engine: medley_row_number");
}

Storage *storage_open(Engine *engine, duckdb_connection connection, const char *path, CatalogStore *store, Arena *arena, Error *error)
{
    static const char NODES[] = "SELECT node FROM medley_stored CROSS JOIN pg_class ON oid = relation";
    Storage *storage = ARENA_NEW(arena, Storage);
    *storage = (Storage){.engine = engine, .arena = arena, .path = arena_strdup(arena, path)};
    Arena *scratch = arena_open(NULL);
    Catalog *catalog = catalog_open(store, scratch, NULL, NULL);
    CatalogRows *live = catalog_query(catalog, scratch, error, NODES, "");
    bool done = live && check_file(path, live, error) && catalog_stored_number(catalog, &storage->committed, error) &&
                attach(connection, path, scratch, error) && tidy(storage, connection, live, storage->committed, error) &&
                register_numbers(storage, connection, error);
    if (done)
        storage->last = highest_number(live, storage->committed);
    catalog_close(catalog);
    arena_close(scratch);
    if (!done)
        return NULL;
    pthread_mutex_init(&storage->lock, NULL);
    RowKeeper keeper = {storage, undo, commit};
    catalog_store_keep_rows(store, &keeper);
    return storage;
}

/* ---- writing ---- */

static int64_t next_number(Storage *storage)
{
    pthread_mutex_lock(&storage->lock);
    int64_t number = ++storage->last;
    pthread_mutex_unlock(&storage->lock);
    return number;
}

static Touched *find_touched(Storage *storage, int64_t node)
{
    for (size_t i = 0; i < storage->touched.count; i++)
        if (storage->touched.items[i].node == node)
            return &storage->touched.items[i];
    return NULL;
}

static void touch(Storage *storage, int64_t node)
{
    pthread_mutex_lock(&storage->lock);
    Touched *touched = find_touched(storage, node);
    if (touched)
        touched->stamp = ++storage->stamp;
    else
        vec_push(storage->arena, &storage->touched, ((Touched){node, ++storage->stamp}));
    pthread_mutex_unlock(&storage->lock);
}

/* A store that cannot be opened has neither numbers nor stamps. NULL: that one; else its lock is taken. */
static Storage *lock_storage(Engine *engine)
{
    Error ignored;
    Arena *arena = arena_open(NULL);
    error_init(&ignored, arena);
    Storage *storage = engine_storage(engine, &ignored);
    arena_close(arena);
    if (storage)
        pthread_mutex_lock(&storage->lock);
    return storage;
}

int64_t exec_store_stamp(Engine *engine, int64_t node)
{
    Storage *storage = lock_storage(engine);
    if (!storage)
        return 0;
    const Touched *touched = find_touched(storage, node);
    int64_t stamp = !node ? storage->stamp : touched ? touched->stamp : 0;
    pthread_mutex_unlock(&storage->lock);
    return stamp;
}

int64_t exec_store_committed(Engine *engine)
{
    Storage *storage = lock_storage(engine);
    if (!storage)
        return 0;
    int64_t number = storage->committed;
    pthread_mutex_unlock(&storage->lock);
    return number;
}

bool exec_store_begin(Engine *engine, Catalog *catalog, int64_t *number, Error *error)
{
    Storage *storage = engine_storage(engine, error);
    int64_t counts; /* with the writer held it stays; read before the lock, which a commit takes with the catalog's own held */
    if (!storage || !catalog_write_begin(catalog, error) || !catalog_stored_number(catalog, &counts, error))
        return false;
    storage_checkpoint(storage, false);
    pthread_mutex_lock(&storage->lock);
    bool done = (!storage->unclean || clean(storage, counts, error)) && (!storage->torn.count || mend(storage, error));
    pthread_mutex_unlock(&storage->lock);
    *number = next_number(storage);
    return done && catalog_stored_set_number(catalog, *number, error);
}

bool exec_passing_begin(Engine *engine, int64_t *number, Error *error)
{
    Storage *storage = engine_storage(engine, error);
    if (storage)
        *number = next_number(storage);
    return storage != NULL;
}

/* The engine's name of a type. */
static void add_type(Oid oid, int32_t typmod, Str *out)
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
    FdwType type = type_layout(oid, typmod);
    if (type.physical == FDW_DECIMAL)
        str_addf(out, "DECIMAL(%d, %d)", type.precision, type.scale);
    else
        str_add(out, NAMES[type.physical]);
}

static bool make_node(duckdb_connection connection, const CatRelation *relation, int64_t node, Arena *arena, Error *error)
{
    Str sql;
    char name[PLAN_NODE_NAME];
    str_init(&sql, arena);
    str_addf(&sql, "CREATE TABLE %s (added_by BIGINT NOT NULL, deleted_by BIGINT, row_id BIGINT NOT NULL", plan_node_name(node, name));
    for (int i = 0; i < relation->ncolumns; i++) {
        if (relation->columns[i].dropped)
            continue;
        str_addf(&sql, ", c%d ", i + 1);
        add_type(relation->columns[i].type, relation->columns[i].typmod, &sql);
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
        add_type(relation->columns[i].type, relation->columns[i].typmod, &sql);
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
    const CatRelation *relation = catalog_relation(catalog, oid);
    bool done, is_new = !relation->stored_node;
    int ncolumns = relation->ncolumns;
    if (is_new) {
        *node = next_number(storage);
        done = make_node(connection->connection, relation, *node, arena, error);
    } else {
        *node = relation->stored_node;
        done = grow_node(connection->connection, catalog, relation, arena, error);
        is_new = relation->stored_columns < ncolumns;
    }
    done = done && (!is_new || catalog_stored_set_node(catalog, oid, *node, ncolumns, error));
    if (done)
        touch(storage, *node);
    engine_disconnect(connection, done);
    arena_close(arena);
    return done;
}

bool exec_store_discard(Engine *engine, int64_t node, int64_t number, Error *error)
{
    EngineConnection *connection = engine_connect(engine, ENGINE_SERIAL, NULL, error);
    char name[PLAN_NODE_NAME];
    bool done = connection &&
                run_format(connection->connection, error, "DELETE FROM %s WHERE added_by = %" PRId64, plan_node_name(node, name), number);
    if (connection)
        engine_disconnect(connection, done);
    return done;
}

bool exec_store_drop(Engine *engine, int64_t node, Error *error)
{
    Storage *storage = engine_storage(engine, error);
    EngineConnection *connection = storage ? engine_connect(engine, ENGINE_SERIAL, NULL, error) : NULL;
    if (!connection)
        return false;
    pthread_mutex_lock(&storage->lock);
    size_t kept = 0;
    for (size_t i = 0; i < storage->touched.count; i++)
        if (storage->touched.items[i].node != node)
            storage->touched.items[kept++] = storage->touched.items[i];
    storage->touched.count = kept;
    bool done = run_format(connection->connection, error, "DROP TABLE IF EXISTS store.n%" PRId64, node);
    pthread_mutex_unlock(&storage->lock);
    engine_disconnect(connection, done);
    return done;
}

/* ---- sizes ---- */

bool storage_table_rows(Engine *engine, const char *table, int64_t *out, Error *error)
{
    EngineConnection *connection = engine_storage(engine, error) ? engine_connect(engine, ENGINE_SERIAL, NULL, error) : NULL;
    if (!connection)
        return false;
    char sql[128];
    duckdb_result result;
    snprintf(sql, sizeof sql, "SELECT estimated_size FROM duckdb_tables() WHERE table_name = '%s'", table);
    bool done = duckdb_query(connection->connection, sql, &result) == DuckDBSuccess || engine_failed(duckdb_result_error(&result), error);
    *out = done && duckdb_row_count(&result) ? duckdb_value_int64(&result, 0, 0) : 0;
    duckdb_destroy_result(&result);
    engine_disconnect(connection, done);
    return done;
}

bool exec_store_checkpoint(Engine *engine, Error *error)
{
    Storage *storage = engine_storage(engine, error);
    if (storage)
        storage_checkpoint(storage, true);
    return storage != NULL;
}

bool exec_store_rows(Engine *engine, int64_t node, int64_t *out, Error *error)
{
    char table[32];
    snprintf(table, sizeof table, "n%" PRId64, node);
    return storage_table_rows(engine, table, out, error);
}

/* ---- rows on their way ---- */

/* By a statement that the connection keeps: where rows come one by one there are many. */
static bool delete_row(EngineConnection *connection, const StoreDelete *change, duckdb_result *result, Error *error)
{
    char sql[128], name[PLAN_NODE_NAME];
    snprintf(sql, sizeof sql, "UPDATE %s SET deleted_by = $1 WHERE deleted_by IS NULL AND row_id = $2", plan_node_name(change->node, name));
    duckdb_prepared_statement statement = engine_prepared(connection, sql, error);
    *result = (duckdb_result){0};
    return statement && ((duckdb_bind_int64(statement, 1, change->number) == DuckDBSuccess &&
                          duckdb_bind_int64(statement, 2, change->row) == DuckDBSuccess &&
                          duckdb_execute_prepared(statement, result) == DuckDBSuccess) ||
                         engine_failed(duckdb_result_error(result), error));
}

static bool delete_rows(EngineConnection *connection, const StoreDelete *change, duckdb_result *result, Error *error)
{
    char sql[256], name[PLAN_NODE_NAME];
    snprintf(sql, sizeof sql,
             "UPDATE %s SET deleted_by = %" PRId64 " WHERE deleted_by IS NULL AND row_id IN (SELECT c2 FROM work.w%" PRId64
             " WHERE c1 = %u)",
             plan_node_name(change->node, name), change->number, change->work, change->relation);
    return duckdb_query(connection->connection, sql, result) == DuckDBSuccess || engine_failed(duckdb_result_error(result), error);
}

bool exec_store_delete(Engine *engine, const StoreDelete *change, uint64_t *count, Error *error)
{
    EngineConnection *connection = engine_connect(engine, ENGINE_SERIAL, NULL, error);
    if (!connection)
        return false;
    duckdb_result result;
    bool done = (change->row ? delete_row : delete_rows)(connection, change, &result, error);
    *count = done ? (uint64_t)duckdb_value_int64(&result, 0, 0) : 0;
    duckdb_destroy_result(&result);
    engine_disconnect(connection, done);
    return done;
}

bool exec_store_restore(Engine *engine, int64_t node, int64_t number, int64_t row, Error *error)
{
    EngineConnection *connection = engine_connect(engine, ENGINE_SERIAL, NULL, error);
    char name[PLAN_NODE_NAME];
    bool done = connection && run_format(connection->connection, error,
                                         "UPDATE %s SET deleted_by = NULL WHERE deleted_by = %" PRId64 " AND row_id = %" PRId64,
                                         plan_node_name(node, name), number, row);
    if (connection)
        engine_disconnect(connection, done);
    return done;
}

bool exec_store_remove(Engine *engine, int64_t node, int64_t work, Error *error)
{
    EngineConnection *connection = engine_connect(engine, ENGINE_SERIAL, NULL, error);
    bool done = connection && run_format(connection->connection, error,
                                         "DELETE FROM store.n%" PRId64 " WHERE row_id IN (SELECT c2 FROM work.w%" PRId64 ")", node, work);
    if (connection)
        engine_disconnect(connection, done);
    return done;
}

bool exec_work_make(Engine *engine, const PlanColumn *columns, int ncolumns, Arena *arena, int64_t *work, Error *error)
{
    Storage *storage = engine_storage(engine, error);
    EngineConnection *connection = storage ? engine_connect(engine, ENGINE_SERIAL, NULL, error) : NULL;
    if (!connection)
        return false;
    pthread_mutex_lock(&storage->lock);
    *work = ++storage->last_work;
    pthread_mutex_unlock(&storage->lock);
    Str sql;
    str_init(&sql, arena);
    str_addf(&sql, "CREATE TABLE work.w%" PRId64 " (row_id BIGINT", *work);
    for (int i = 0; i < ncolumns; i++) {
        str_addf(&sql, ", c%d ", i + 1);
        add_type(columns[i].type, columns[i].typmod, &sql);
    }
    str_addc(&sql, ')');
    bool done = run(connection->connection, sql.data, error);
    engine_disconnect(connection, done);
    return done;
}

/* In memory. */
static void drop_table(Engine *engine, const char *name)
{
    Arena *arena = arena_open(NULL);
    Error ignored; /* it goes with the process at the latest */
    error_init(&ignored, arena);
    EngineConnection *connection = engine_connect(engine, ENGINE_SERIAL, NULL, &ignored);
    if (connection)
        engine_disconnect(connection, run_format(connection->connection, &ignored, "DROP TABLE %s", name));
    arena_close(arena);
}

void exec_work_drop(Engine *engine, int64_t work)
{
    char name[PLAN_NODE_NAME];
    snprintf(name, sizeof name, "work.w%" PRId64, work);
    drop_table(engine, name);
}

bool exec_passing_make(Engine *engine, const CatRelation *relation, int64_t *node, Error *error)
{
    Storage *storage = engine_storage(engine, error);
    EngineConnection *connection = storage ? engine_connect(engine, ENGINE_SERIAL, NULL, error) : NULL;
    if (!connection)
        return false;
    Arena *arena = arena_open(NULL);
    *node = -next_number(storage);
    bool done = make_node(connection->connection, relation, *node, arena, error);
    engine_disconnect(connection, done);
    arena_close(arena);
    return done;
}

void exec_passing_drop(Engine *engine, int64_t node)
{
    char name[PLAN_NODE_NAME];
    drop_table(engine, plan_node_name(node, name));
}
