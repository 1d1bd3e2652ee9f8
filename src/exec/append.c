/*
 * append.c - rows that do not come from a query, into a work table: COPY FROM's.
 *
 * Invariant: rows are numbered in the order in which they come, without a gap.
 *
 * Entered by the session's worker only.
 */
#include "exec/internal.h"

struct StoreAppend {
    Storage *storage;
    EngineConnection *connection;
    duckdb_appender appender;
    duckdb_data_chunk chunk;
    FdwVector *vectors; /* the chunk's: the number, then the columns */
    VectorOwner *owners;
    size_t nvectors, count;
    bool failed;
};

static void close_append(void *arg)
{
    StoreAppend *append = arg;
    duckdb_destroy_data_chunk(&append->chunk);
    duckdb_appender_destroy(&append->appender);
    engine_disconnect(append->connection, !append->failed);
}

static bool refuse(StoreAppend *append, Error *error)
{
    append->failed = true;
    const char *message = duckdb_appender_error(append->appender);
    return sql_engine_error(message ? message : "", error);
}

/* Points the vectors at the chunk's. */
static void aim(StoreAppend *append)
{
    duckdb_data_chunk_reset(append->chunk);
    for (size_t i = 0; i < append->nvectors; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(append->chunk, i);
        duckdb_vector_ensure_validity_writable(vector);
        append->owners[i].vector = vector;
        append->vectors[i].data = duckdb_vector_get_data(vector);
        append->vectors[i].validity = duckdb_vector_get_validity(vector);
        append->vectors[i].owner = &append->owners[i];
    }
}

StoreAppend *exec_append_open(Engine *engine, int64_t work, const PlanColumn *columns, int ncolumns, Arena *arena, Error *error)
{
    StoreAppend *append = ARENA_NEW(arena, StoreAppend);
    duckdb_logical_type *types = ARENA_ARRAY(arena, duckdb_logical_type, ncolumns + 1);
    *append = (StoreAppend){.storage = engine_storage(engine, error), .nvectors = (size_t)ncolumns + 1};
    append->connection = append->storage ? engine_connect(engine, ENGINE_SERIAL, NULL, error) : NULL;
    if (!append->connection)
        return NULL;
    append->vectors = ARENA_ARRAY(arena, FdwVector, append->nvectors);
    append->owners = ARENA_ARRAY(arena, VectorOwner, append->nvectors);
    for (int i = 0; i <= ncolumns; i++) {
        append->vectors[i].type = i ? type_layout(columns[i - 1].type, columns[i - 1].typmod) : type_layout(TYPE_INT8, -1);
        types[i] = layout_logical_type(&append->vectors[i].type);
    }
    append->chunk = duckdb_create_data_chunk(types, append->nvectors);
    for (int i = 0; i <= ncolumns; i++)
        duckdb_destroy_logical_type(&types[i]);
    arena_defer(arena, close_append, append);
    const char *name = arena_printf(arena, "w%lld", (long long)work);
    if (duckdb_appender_create_ext(append->connection->connection, "work", "main", name, &append->appender) == DuckDBError) {
        refuse(append, error);
        return NULL;
    }
    aim(append);
    return append;
}

static bool pass_chunk(StoreAppend *append, Error *error)
{
    duckdb_data_chunk_set_size(append->chunk, append->count);
    if (duckdb_append_data_chunk(append->appender, append->chunk) == DuckDBError)
        return refuse(append, error);
    append->count = 0;
    aim(append);
    return true;
}

bool exec_append_row(StoreAppend *append, const Value *values, int64_t *number, Error *error)
{
    *number = storage_next_row(append->storage);
    ((int64_t *)append->vectors[0].data)[append->count] = *number;
    for (size_t i = 1; i < append->nvectors; i++)
        type_vector_set(&append->vectors[i], append->count, &values[i - 1], batch_set_string);
    return ++append->count < BATCH_ROWS || pass_chunk(append, error);
}

bool exec_append_end(StoreAppend *append, Error *error)
{
    if (append->count && !pass_chunk(append, error))
        return false;
    return duckdb_appender_close(append->appender) == DuckDBSuccess || refuse(append, error);
}
