/*
 * leaf_function.c - the table function medley_leaf(n): the rows of leaf n of the running execution, for the local engine.
 *
 * Invariants:
 *  1. The wrapper fills the engine's own vectors; only columns that the engine does not want go to vectors of the host's.
 *  2. A vector's validity is written into a buffer of the thread's and copied to the engine's only when there is a NULL: the engine is
 *     faster without.
 *  3. Nothing here frees what belongs to the execution.
 *  4. Long strings of rows that are kept stay where they are: the execution outlives all that the engine makes of them.
 * Threads: the engine's workers and the session's own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/internal.h"

/* The global state: which of the leaf's columns the engine wants, in which of its vectors. */
typedef struct LeafScan {
    LeafRun *run;
    atomic_size_t kept_given; /* batches */
    size_t nwanted;
    idx_t wanted[]; /* per vector of the engine: column of the leaf; beyond the last: no column (only the count is wanted) */
} LeafScan;

/* A thread's own. */
typedef struct LeafThread {
    LeafPart *part;
    Arena *arena;
    FdwBatch batch;
    HostBatch *unwanted; /* a vector a column; NULL: all are wanted */
    VectorOwner *owners;
} LeafThread;

static Execution *bound_execution(duckdb_bind_info info)
{
    duckdb_client_context context;
    duckdb_table_function_get_client_context(info, &context);
    return engine_find_execution(duckdb_bind_get_extra_info(info), context);
}

static void bind(duckdb_bind_info info)
{
    Execution *execution = bound_execution(info);
    duckdb_value value = duckdb_bind_get_parameter(info, 0);
    int number = (int)duckdb_get_int64(value);
    duckdb_destroy_value(&value);
    LeafRun *run = execution ? leaf_run_at(execution, number) : NULL;
    if (!run) {
        duckdb_bind_set_error(info, "no such leaf");
        return;
    }
    const Leaf *leaf = leaf_run_leaf(run);
    for (int i = 0; i < leaf->ncolumns; i++) {
        duckdb_logical_type type = layout_logical_type(&leaf->columns[i]);
        char name[16];
        snprintf(name, sizeof name, "c%d", i + 1);
        duckdb_bind_add_result_column(info, name, type);
        duckdb_destroy_logical_type(&type);
    }
    /* The engine wants a column, even where only the number of rows matters. */
    if (!leaf->ncolumns) {
        duckdb_logical_type type = duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
        duckdb_bind_add_result_column(info, "c0", type);
        duckdb_destroy_logical_type(&type);
    }
    double rows = leaf_run_rows(run);
    if (rows >= 0)
        duckdb_bind_set_cardinality(info, (idx_t)rows, false);
    duckdb_bind_set_bind_data(info, run, NULL);
}

static void init(duckdb_init_info info)
{
    LeafRun *run = duckdb_init_get_bind_data(info);
    size_t count = duckdb_init_get_column_count(info);
    LeafScan *scan = calloc(1, sizeof *scan + count * sizeof scan->wanted[0]);
    if (!scan)
        abort();
    scan->run = run;
    scan->nwanted = count;
    for (size_t i = 0; i < count; i++)
        scan->wanted[i] = duckdb_init_get_column_index(info, i);
    duckdb_init_set_init_data(info, scan, free);

    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    size_t parts = leaf_run_start(run, &error);
    if (!parts) {
        char text[64];
        execution_keep_error(leaf_run_execution(run), &error, text, sizeof text);
        duckdb_init_set_error(info, text);
    } else {
        duckdb_init_set_max_threads(info, parts);
    }
    arena_close(arena);
}

static void local_close(void *arg)
{
    LeafThread *thread = arg;
    arena_close(thread->arena);
}

static void local_init(duckdb_init_info info)
{
    LeafRun *run = duckdb_init_get_bind_data(info);
    const Leaf *leaf = leaf_run_leaf(run);
    Arena *arena = arena_open(NULL);
    LeafThread *thread = ARENA_NEW(arena, LeafThread);
    size_t count = (size_t)leaf->ncolumns;
    thread->arena = arena;
    thread->owners = ARENA_ARRAY(arena, VectorOwner, count);
    thread->batch = (FdwBatch){.nvectors = count, .vectors = ARENA_ARRAY(arena, FdwVector, count)};
    for (size_t i = 0; i < count; i++) {
        thread->batch.vectors[i].validity = arena_alloc(arena, BATCH_ROWS / 8);
        thread->batch.vectors[i].type = leaf->columns[i];
    }
    bool *wanted = ARENA_ARRAY(arena, bool, count + 1);
    size_t nwanted = 0;
    for (idx_t i = 0; i < duckdb_init_get_column_count(info); i++) {
        idx_t column = duckdb_init_get_column_index(info, i);
        nwanted += column < count && !wanted[column];
        wanted[column < count ? column : count] = true;
    }
    if (nwanted < count)
        thread->unwanted = host_batch_open(leaf->columns, count, BATCH_ROWS, arena);
    duckdb_init_set_init_data(info, thread, local_close);
}

/* Points the batch's vectors at the engine's. */
static void aim(LeafThread *thread, const LeafScan *scan, duckdb_data_chunk chunk)
{
    FdwBatch *batch = &thread->batch;
    batch->capacity = BATCH_ROWS;
    if (thread->unwanted) {
        host_batch_reset(thread->unwanted);
        for (size_t i = 0; i < batch->nvectors; i++) {
            batch->vectors[i].data = thread->unwanted->batch.vectors[i].data;
            batch->vectors[i].owner = &thread->unwanted->owner;
        }
    }
    for (size_t i = 0; i < scan->nwanted; i++) {
        if (scan->wanted[i] >= batch->nvectors)
            continue;
        FdwVector *target = &batch->vectors[scan->wanted[i]];
        VectorOwner *owner = &thread->owners[scan->wanted[i]];
        owner->vector = duckdb_data_chunk_get_vector(chunk, i);
        target->data = duckdb_vector_get_data(owner->vector);
        target->owner = owner;
    }
    for (size_t i = 0; i < batch->nvectors; i++)
        memset(batch->vectors[i].validity, 0xff, BATCH_ROWS / 8);
}

static bool has_null(const uint64_t *validity)
{
    uint64_t all = UINT64_MAX;
    for (size_t i = 0; i < BATCH_ROWS / 64; i++)
        all &= validity[i];
    return all != UINT64_MAX;
}

/* A vector of which only the number of rows matters: its values are never looked at, but must not be wild. */
static void clear(duckdb_vector vector, size_t count)
{
    duckdb_logical_type logical = duckdb_vector_get_column_type(vector);
    FdwType type;
    if (layout_from_logical_type(logical, OID_NONE, -1, &type))
        memset(duckdb_vector_get_data(vector), 0, count * batch_width(type.physical, type.precision));
    duckdb_destroy_logical_type(&logical);
}

static void finish(const LeafThread *thread, const LeafScan *scan, duckdb_data_chunk chunk)
{
    for (size_t i = 0; i < scan->nwanted; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
        if (scan->wanted[i] >= thread->batch.nvectors) {
            clear(vector, thread->batch.count);
            continue;
        }
        const uint64_t *validity = thread->batch.vectors[scan->wanted[i]].validity;
        if (!has_null(validity))
            continue;
        duckdb_vector_ensure_validity_writable(vector);
        memcpy(duckdb_vector_get_validity(vector), validity, BATCH_ROWS / 8);
    }
    duckdb_data_chunk_set_size(chunk, thread->batch.count);
}

/* The next batch of rows that are kept. */
static bool give_kept(LeafThread *thread, LeafScan *scan, duckdb_data_chunk chunk)
{
    const FdwBatch *kept = leaf_run_kept(scan->run, atomic_fetch_add(&scan->kept_given, 1));
    if (!kept)
        return false;
    aim(thread, scan, chunk);
    thread->batch.count = kept->count;
    for (size_t i = 0; i < kept->nvectors; i++) {
        const FdwVector *from = &kept->vectors[i], *to = &thread->batch.vectors[i];
        memcpy(to->data, from->data, kept->count * batch_width(from->type.physical, from->type.precision));
        memcpy(to->validity, from->validity, BATCH_ROWS / 8);
    }
    finish(thread, scan, chunk);
    return true;
}

static void scan_chunk(duckdb_function_info info, duckdb_data_chunk chunk)
{
    LeafScan *scan = duckdb_function_get_init_data(info);
    LeafThread *thread = duckdb_function_get_local_init_data(info);
    Error error;
    if (give_kept(thread, scan, chunk))
        return;
    error_init(&error, thread->arena);
    for (;;) {
        if (!thread->part)
            thread->part = leaf_run_claim(scan->run);
        if (!thread->part) {
            duckdb_data_chunk_set_size(chunk, 0);
            return;
        }
        aim(thread, scan, chunk);
        if (!leaf_part_next(thread->part, &thread->batch, &error)) {
            char text[64];
            execution_keep_error(leaf_run_execution(scan->run), &error, text, sizeof text);
            duckdb_function_set_error(info, text);
            return;
        }
        if (thread->batch.count) {
            finish(thread, scan, chunk);
            return;
        }
        thread->part = NULL;
    }
}

bool leaf_function_register(Database *database, duckdb_connection connection, Error *error)
{
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_logical_type number = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_table_function_set_name(function, "medley_leaf");
    duckdb_table_function_add_parameter(function, number);
    duckdb_table_function_set_extra_info(function, database, NULL);
    duckdb_table_function_set_bind(function, bind);
    duckdb_table_function_set_init(function, init);
    duckdb_table_function_set_local_init(function, local_init);
    duckdb_table_function_set_function(function, scan_chunk);
    duckdb_table_function_supports_projection_pushdown(function, true);
    duckdb_state state = duckdb_register_table_function(connection, function);
    duckdb_destroy_logical_type(&number);
    duckdb_destroy_table_function(&function);
    return state == DuckDBSuccess || error_set(error, ERRCODE_INTERNAL_ERROR, "could not register medley_leaf with the local engine");
}

static void stand_in(duckdb_replacement_scan_info info, const char *table, void *unused)
{
    (void)unused;
    static const char PREFIX[] = "medley_rows_";
    if (strncmp(table, PREFIX, sizeof PREFIX - 1) != 0)
        return;
    duckdb_value number = duckdb_create_int64(strtol(table + sizeof PREFIX - 1, NULL, 10));
    duckdb_replacement_scan_set_function_name(info, "medley_leaf");
    duckdb_replacement_scan_add_parameter(info, number);
    duckdb_destroy_value(&number);
}

void leaf_function_stand_in(duckdb_database database)
{
    duckdb_add_replacement_scan(database, stand_in, NULL, NULL);
}
