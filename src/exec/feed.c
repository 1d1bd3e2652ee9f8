/*
 * feed.c - rows of one database of the engine's in another: a statement with limits runs in a database of its own, which has no rows of
 * Medley's own tables.
 *
 * medley_stored('n5'), in databases with limits, which stands for store.n5, work.w5 and work.p5 there: the rows of that table of the serial
 * database, read over a connection of the scan's own. medley_given(), in the serial database: the rows that the execution makes in its
 * own, on their way into a table.
 *
 * Invariants:
 *  1. Rows are passed on by reference, a chunk at a time: neither database holds more of them than the engine's streaming buffer.
 *  2. What a chunk's vectors point to is the engine's general memory, which belongs to no database.
 *  3. A scan's connection goes back when the scan's state does, which is before the execution's end.
 * Threads: the engine's workers and the session's own; a scan is one thread's at a time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/internal.h"

static Execution *bound_execution(duckdb_bind_info info)
{
    duckdb_client_context context;
    duckdb_table_function_get_client_context(info, &context);
    return engine_find_execution(duckdb_bind_get_extra_info(info), context);
}

/* ---- medley_stored ---- */

/* What is read: made by bind. */
typedef struct Stored {
    Execution *execution;
    Arena *arena;
    char name[32]; /* "store.n5" */
    const char **columns;
    size_t ncolumns;
} Stored;

/* A scan of it. */
typedef struct StoredScan {
    const Stored *stored;
    EngineConnection *connection;
    duckdb_prepared_statement statement;
    duckdb_result result;
    bool has_result, at_end;
    size_t nwanted;
    bool is_column[]; /* per vector of the engine: false: only the number of rows is wanted */
} StoredScan;

static void close_stored(void *arg)
{
    Stored *stored = arg;
    arena_close(stored->arena);
}

static void close_scan(void *arg)
{
    StoredScan *scan = arg;
    if (scan->has_result)
        duckdb_destroy_result(&scan->result);
    duckdb_destroy_prepare(&scan->statement);
    if (scan->connection)
        engine_disconnect(scan->connection, scan->at_end);
    free(scan);
}

static bool add_columns(duckdb_bind_info info, Stored *stored, duckdb_connection connection, Error *error)
{
    char sql[64];
    duckdb_prepared_statement statement;
    snprintf(sql, sizeof sql, "SELECT * FROM %s", stored->name);
    bool done = duckdb_prepare(connection, sql, &statement) == DuckDBSuccess || sql_engine_error(duckdb_prepare_error(statement), error);
    stored->ncolumns = done ? duckdb_prepared_statement_column_count(statement) : 0;
    stored->columns = ARENA_ARRAY(stored->arena, const char *, stored->ncolumns + 1);
    for (idx_t i = 0; i < stored->ncolumns; i++) {
        const char *name = duckdb_prepared_statement_column_name(statement, i);
        duckdb_logical_type type = duckdb_prepared_statement_column_logical_type(statement, i);
        stored->columns[i] = arena_strdup(stored->arena, name);
        duckdb_bind_add_result_column(info, name, type);
        duckdb_destroy_logical_type(&type);
        duckdb_free((void *)name);
    }
    duckdb_destroy_prepare(&statement);
    return done;
}

static bool bind_columns(duckdb_bind_info info, Stored *stored, Error *error)
{
    Engine *engine = stored->execution->request.engine;
    EngineConnection *connection = engine_storage(engine, error) ? engine_connect(engine, ENGINE_SERIAL, NULL, error) : NULL;
    bool done = connection && add_columns(info, stored, connection->connection, error);
    if (connection)
        engine_disconnect(connection, done);
    return done;
}

static void set_cardinality(duckdb_bind_info info, const Stored *stored, const char *table)
{
    int64_t rows;
    Error ignored; /* an estimate may be missing */
    error_init(&ignored, stored->arena);
    if (storage_table_rows(stored->execution->request.engine, table, &rows, &ignored))
        duckdb_bind_set_cardinality(info, (idx_t)rows, false);
}

static void bind_stored(duckdb_bind_info info)
{
    Execution *execution = bound_execution(info);
    if (!execution) {
        duckdb_bind_set_error(info, "no execution");
        return;
    }
    Arena *arena = arena_open(NULL);
    Stored *stored = ARENA_NEW(arena, Stored);
    stored->arena = arena;
    stored->execution = execution;
    duckdb_bind_set_bind_data(info, stored, close_stored);
    duckdb_value value = duckdb_bind_get_parameter(info, 0);
    char *table = duckdb_get_varchar(value);
    snprintf(stored->name, sizeof stored->name, "%s.%s", table[0] == 'n' ? "store" : "work", table);
    Error error;
    error_init(&error, arena);
    if (bind_columns(info, stored, &error)) {
        set_cardinality(info, stored, table);
    } else {
        char text[64];
        execution_keep_error(execution, &error, text, sizeof text);
        duckdb_bind_set_error(info, text);
    }
    duckdb_free(table);
    duckdb_destroy_value(&value);
}

static bool open_result(StoredScan *scan, const char *sql, Error *error)
{
    duckdb_pending_result pending = NULL;
    scan->connection = engine_connect(scan->stored->execution->request.engine, ENGINE_SERIAL, NULL, error);
    if (!scan->connection)
        return false;
    if (duckdb_prepare(scan->connection->connection, sql, &scan->statement) == DuckDBError)
        return sql_engine_error(duckdb_prepare_error(scan->statement), error);
    bool done = duckdb_pending_prepared_streaming(scan->statement, &pending) == DuckDBSuccess ||
                sql_engine_error(duckdb_pending_error(pending), error);
    if (done) {
        scan->has_result = true;
        done =
            duckdb_execute_pending(pending, &scan->result) == DuckDBSuccess || sql_engine_error(duckdb_result_error(&scan->result), error);
    }
    duckdb_destroy_pending(&pending);
    return done;
}

/* The columns that are wanted; where only the number of rows is, any. */
static const char *rows_sql(const Stored *stored, duckdb_init_info info, StoredScan *scan, Arena *arena)
{
    Str sql;
    str_init(&sql, arena);
    size_t wanted = 0;
    for (size_t i = 0; i < scan->nwanted; i++) {
        idx_t column = duckdb_init_get_column_index(info, i);
        scan->is_column[i] = column < stored->ncolumns;
        if (scan->is_column[i])
            str_addf(&sql, "%s%s", wanted++ ? ", " : "SELECT ", stored->columns[column]);
    }
    str_addf(&sql, "%s FROM %s", wanted ? "" : "SELECT row_id", stored->name);
    return sql.data;
}

static void init_stored(duckdb_init_info info)
{
    const Stored *stored = duckdb_init_get_bind_data(info);
    size_t count = duckdb_init_get_column_count(info);
    StoredScan *scan = calloc(1, sizeof *scan + count * sizeof scan->is_column[0]);
    if (!scan)
        abort();
    scan->stored = stored;
    scan->nwanted = count;
    duckdb_init_set_init_data(info, scan, close_scan);
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    if (!open_result(scan, rows_sql(stored, info, scan, arena), &error)) {
        char text[64];
        execution_keep_error(stored->execution, &error, text, sizeof text);
        duckdb_init_set_error(info, text);
    }
    arena_close(arena);
}

/* ---- chunks ---- */

/* A vector of which only the number of rows matters, or whose rows are all NULL: its values must not be wild. */
static void clear(duckdb_vector vector, size_t count, bool to_null)
{
    duckdb_logical_type logical = duckdb_vector_get_column_type(vector);
    FdwType type;
    if (layout_from_logical_type(logical, OID_NONE, -1, &type))
        memset(duckdb_vector_get_data(vector), 0, count * batch_width(type.physical, type.precision));
    duckdb_destroy_logical_type(&logical);
    duckdb_vector_ensure_validity_writable(vector);
    memset(duckdb_vector_get_validity(vector), to_null ? 0 : 0xff, BATCH_ROWS / 8);
}

/* NULL: there are no more, or *error is set. */
static duckdb_data_chunk next_rows(StoredScan *scan, Error *error)
{
    for (;;) {
        if (!execution_goes_on(scan->stored->execution, error))
            return NULL;
        duckdb_data_chunk chunk = duckdb_fetch_chunk(scan->result);
        if (chunk && duckdb_data_chunk_get_size(chunk))
            return chunk;
        if (chunk) {
            duckdb_destroy_data_chunk(&chunk);
            continue;
        }
        const char *message = duckdb_result_error(&scan->result);
        scan->at_end = !message || !*message;
        if (!scan->at_end)
            sql_engine_error(message, error);
        return NULL;
    }
}

/* The execution keeps the error, if there is one; the engine is told where. */
static void tell(duckdb_function_info info, Execution *execution, const Error *error)
{
    char text[64];
    if (!error_is_set(error))
        return;
    execution_keep_error(execution, error, text, sizeof text);
    duckdb_function_set_error(info, text);
}

static void scan_stored(duckdb_function_info info, duckdb_data_chunk output)
{
    StoredScan *scan = duckdb_function_get_init_data(info);
    Error error;
    Arena *arena = arena_open(NULL);
    error_init(&error, arena);
    duckdb_data_chunk chunk = scan->at_end ? NULL : next_rows(scan, &error);
    size_t count = chunk ? duckdb_data_chunk_get_size(chunk) : 0, column = 0;
    for (size_t i = 0; chunk && i < scan->nwanted; i++) {
        duckdb_vector to = duckdb_data_chunk_get_vector(output, i);
        if (scan->is_column[i])
            duckdb_vector_reference_vector(to, duckdb_data_chunk_get_vector(chunk, column++));
        else
            clear(to, count, false);
    }
    duckdb_destroy_data_chunk(&chunk);
    duckdb_data_chunk_set_size(output, count);
    tell(info, scan->stored->execution, &error);
    arena_close(arena);
}

/* ---- medley_given ---- */

static void bind_given(duckdb_bind_info info)
{
    Execution *execution = bound_execution(info);
    if (!execution || !execution->has_result) {
        duckdb_bind_set_error(info, "no rows are given");
        return;
    }
    for (idx_t i = 0; i < duckdb_column_count(&execution->result); i++) {
        duckdb_logical_type type = duckdb_column_logical_type(&execution->result, i);
        char name[16];
        snprintf(name, sizeof name, "c%d", (int)i + 1);
        if (duckdb_get_type_id(type) == DUCKDB_TYPE_SQLNULL) { /* of no column */
            duckdb_destroy_logical_type(&type);
            type = duckdb_create_logical_type(DUCKDB_TYPE_INTEGER);
        }
        duckdb_bind_add_result_column(info, name, type);
        duckdb_destroy_logical_type(&type);
    }
    duckdb_bind_set_bind_data(info, execution, NULL);
}

static void init_given(duckdb_init_info info)
{
    duckdb_init_set_init_data(info, duckdb_init_get_bind_data(info), NULL);
}

static bool is_null_type(duckdb_vector vector)
{
    duckdb_logical_type type = duckdb_vector_get_column_type(vector);
    bool is_null = duckdb_get_type_id(type) == DUCKDB_TYPE_SQLNULL;
    duckdb_destroy_logical_type(&type);
    return is_null;
}

static void give(duckdb_function_info info, duckdb_data_chunk output)
{
    Execution *execution = duckdb_function_get_init_data(info);
    Error error;
    Arena *arena = arena_open(NULL);
    error_init(&error, arena);
    size_t count = 0;
    while (!count && !execution->at_end && execution_next_chunk(execution, &error))
        count = execution->at_end ? 0 : execution->view.count;
    for (idx_t i = 0; count && i < duckdb_data_chunk_get_column_count(output); i++) {
        duckdb_vector from = duckdb_data_chunk_get_vector(execution->chunk, i), to = duckdb_data_chunk_get_vector(output, i);
        if (is_null_type(from))
            clear(to, count, true);
        else
            duckdb_vector_reference_vector(to, from);
    }
    duckdb_data_chunk_set_size(output, count);
    tell(info, execution, &error);
    arena_close(arena);
}

/* ---- registering ---- */

static const struct {
    const char *name;
    bool has_name; /* it takes a table's */
    duckdb_table_function_bind_t bind;
    duckdb_table_function_init_t init;
    duckdb_table_function_t scan;
} FUNCTIONS[] = {{"medley_stored", true, bind_stored, init_stored, scan_stored}, {"medley_given", false, bind_given, init_given, give}};

static void stand_in(duckdb_replacement_scan_info info, const char *table, void *unused)
{
    (void)unused;
    if (!table[0] || !strchr("nwp", table[0]) || !table[1] || table[1 + strspn(table + 1, "0123456789")])
        return;
    duckdb_value name = duckdb_create_varchar(table);
    duckdb_replacement_scan_set_function_name(info, "medley_stored");
    duckdb_replacement_scan_add_parameter(info, name);
    duckdb_destroy_value(&name);
}

bool feed_register(Database *database, duckdb_database handle, duckdb_connection connection, bool stands_in, Error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < COUNT_OF(FUNCTIONS); i++) {
        duckdb_table_function function = duckdb_create_table_function();
        duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
        duckdb_table_function_set_name(function, FUNCTIONS[i].name);
        if (FUNCTIONS[i].has_name)
            duckdb_table_function_add_parameter(function, text);
        duckdb_table_function_set_extra_info(function, database, NULL);
        duckdb_table_function_set_bind(function, FUNCTIONS[i].bind);
        duckdb_table_function_set_init(function, FUNCTIONS[i].init);
        duckdb_table_function_set_function(function, FUNCTIONS[i].scan);
        duckdb_table_function_supports_projection_pushdown(function, FUNCTIONS[i].has_name);
        done = duckdb_register_table_function(connection, function) == DuckDBSuccess;
        duckdb_destroy_logical_type(&text);
        duckdb_destroy_table_function(&function);
    }
    if (stands_in)
        duckdb_add_replacement_scan(handle, stand_in, NULL, NULL);
    return done || error_set(error, ERRCODE_INTERNAL_ERROR, "could not register the local engine's feeds");
}
