/*
 * execution.c - one running plan: rows are pulled from the relayed leaf, or from the local engine's streaming result.
 *
 * Invariants:
 *  1. exec_open does no work that could take long: everything starts with the first exec_next, so that a cancel always finds an
 *     execution.
 *  2. At most one batch is held; what a row limit cuts off is passed first by the next exec_next.
 *  3. exec_close takes down in this order: the engine's result (which waits for its tasks), the leaves, the connections.
 *  4. `connection` is set and cleared under the lock: exec_cancel may come at any time.
 * Threads: the session's own; exec_cancel, execution_keep_error and execution_cancelled: any.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exec/internal.h"

/* Nanoseconds between two looks for work that other threads may have left. */
enum { SHORTEST_PAUSE = 10 * 1000, LONGEST_PAUSE = 1000 * 1000 };

static const char KEPT_ERROR[] = "medley error #";

Execution *exec_open(const ExecRequest *request, Arena *arena, Error *error)
{
    Execution *execution = ARENA_NEW(arena, Execution);
    execution->request = *request;
    /* What is read for each row, or one after the other, is read in one snapshot. */
    execution->request.in_transaction |= request->plan->nsubplans || request->plan->nturns;
    execution->arena = arena;
    execution->errors_arena = arena_open(NULL);
    pthread_mutex_init(&execution->lock, NULL);
    execution->leaves = leaf_runs_open(execution, request->plan, arena);
    return execution;
}

bool execution_cancelled(Execution *execution)
{
    return atomic_load_explicit(&execution->cancelled, memory_order_relaxed);
}

void exec_cancel(Execution *execution)
{
    atomic_store(&execution->cancelled, true);
    pthread_mutex_lock(&execution->lock);
    if (execution->connection)
        duckdb_interrupt(execution->connection->connection);
    pthread_mutex_unlock(&execution->lock);
    if (execution->request.remote)
        remote_cancel(execution->request.remote);
}

/* ---- errors ---- */

void execution_keep_error(Execution *execution, const Error *error, char *text, size_t size)
{
    pthread_mutex_lock(&execution->lock);
    /* The engine tries expressions on constants and drops their errors: many may be kept before one counts. */
    size_t number = execution->nerrors < MAX_KEPT_ERRORS ? execution->nerrors++ : MAX_KEPT_ERRORS - 1;
    error_init(&execution->errors[number], execution->errors_arena);
    error_copy(&execution->errors[number], error);
    pthread_mutex_unlock(&execution->lock);
    snprintf(text, size, "%s%zu", KEPT_ERROR, number);
}

static bool cancel_error(Error *error)
{
    return error_set(error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
}

bool execution_goes_on(Execution *execution, Error *error)
{
    return !execution_cancelled(execution) || cancel_error(error);
}

/* Running out of memory or room is the doing of a limit, when the database has one. */
static void explain_limits(const ExecLimits *limits, Error *error)
{
    if (limits->has_temp && str_eq(error->sqlstate, ERRCODE_DISK_FULL)) {
        error_clear(error);
        error_set(error, ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, "temporary file size exceeds temp_file_limit (%" PRId64 "kB)", limits->temp);
    } else if (limits->memory && str_eq(error->sqlstate, ERRCODE_OUT_OF_MEMORY)) {
        error_detail(error, "The statement needs more than medley.query_memory_limit (%" PRId64 "kB).", limits->memory);
    }
}

static bool error_of(Execution *execution, const EngineConnection *connection, const char *message, Error *error)
{
    message = message ? message : "";
    execution->failed = true;
    if (execution_cancelled(execution))
        return cancel_error(error);
    const char *kept = strstr(message, KEPT_ERROR);
    if (kept) {
        size_t number = strtoul(kept + strlen(KEPT_ERROR), NULL, 10);
        if (number < execution->nerrors)
            return error_copy(error, &execution->errors[number]);
    }
    sql_engine_error(message, error);
    if (connection && engine_is_limited(connection))
        explain_limits(&execution->request.limits, error);
    return false;
}

bool execution_engine_error(Execution *execution, const char *message, Error *error)
{
    return error_of(execution, execution->connection, message, error);
}

/* ---- starting ---- */

static bool start_relay(Execution *execution, Error *error)
{
    const ExecRequest *request = &execution->request;
    const Leaf *leaf = request->plan->leaves[0];
    LeafRun *run = leaf_run_at(execution, leaf->number);
    if (!leaf_runs_acquire(run, 1, 1, error) || !leaf_run_start(run, error))
        return false;
    execution->relay_part = leaf_run_claim(run);
    execution->relay_raw = request->formats && leaf_run_can_relay(run, request->functions->types, request->formats);
    if (execution->relay_raw && !leaf_relay_open(execution->relay_part, &execution->relay_raw, error))
        return false;
    if (!execution->relay_raw)
        execution->relay_batch = host_batch_open(leaf->columns, (size_t)leaf->ncolumns, BATCH_ROWS, execution->arena);
    return true;
}

static bool is_routine_call(const Expr *expr, void *arg)
{
    bool reads_text = expr->kind == EXPR_CAST_IO && !type_is_builtin(expr->type);
    return reads_text || (expr->kind == EXPR_FUNC && expr->oid >= FIRST_USER_OID) || expr_walk(expr, is_routine_call, arg);
}

static bool calls_routines(const Query *query, void *arg)
{
    return query_walk_exprs(query, is_routine_call, arg) || query_walk_queries(query, calls_routines, arg);
}

bool execution_calls_routines(const Query *query)
{
    return calls_routines(query, NULL);
}

enum { FEW_ROWS = 10000 };

/* Few rows are worked on sooner by the session's own thread than by several that must be woken. */
static bool has_few_rows(const Plan *plan)
{
    double rows = 0;
    for (int i = 0; i < plan->nleaves; i++) {
        const Leaf *leaf = plan->leaves[i];
        bool is_sure = leaf->kind != LEAF_FOREIGN || leaf->binding || (leaf->read >= 0 && leaf->read <= FEW_ROWS);
        rows += is_sure ? leaf->rows : FEW_ROWS + 1;
    }
    return rows <= FEW_ROWS;
}

static bool reads_stored(const Plan *plan)
{
    for (int i = 0; i < plan->nleaves; i++)
        if (plan->leaves[i]->kind == LEAF_STORED)
            return true;
    return false;
}

/* A query that reads nothing but the catalog, or nothing at all, has few rows. */
static EngineSize size_of(const Plan *plan)
{
    if ((plan->local && calls_routines(plan->local, NULL)) || initplan_is_late(plan) || reads_stored(plan))
        return ENGINE_SERIAL;
    for (int i = 0; i < plan->nleaves; i++)
        if (plan->leaves[i]->kind == LEAF_FOREIGN)
            return has_few_rows(plan) ? ENGINE_SMALL : ENGINE_LARGE;
    return plan->nleaves || (plan->local && !plan->local->nfrom) ? ENGINE_SMALL : ENGINE_LARGE;
}

bool execution_has_limits(const Execution *execution)
{
    return execution->request.limits.memory || execution->request.limits.has_temp;
}

/* Without a limit of the statement's: half of the machine's memory. */
static size_t most_value_bytes(const Execution *execution)
{
    int64_t limit = execution->request.limits.memory;
    return limit ? (size_t)limit * 1024 : (size_t)sysconf(_SC_PHYS_PAGES) / 2 * (size_t)sysconf(_SC_PAGESIZE);
}

size_t execution_value_room(Execution *execution, size_t own)
{
    size_t most = most_value_bytes(execution), held = atomic_load(&execution->value_bytes);
    size_t others = held > own ? held - own : 0;
    return most > others ? most - others : 0;
}

static bool connect_engine(Execution *execution, EngineSize size, Error *error)
{
    const ExecRequest *request = &execution->request;
    EngineConnection *connection = execution_has_limits(execution)
                                       ? engine_connect_limited(request->engine, size, &request->limits, execution, error)
                                       : engine_connect(request->engine, size, execution, error);
    pthread_mutex_lock(&execution->lock);
    execution->connection = connection;
    pthread_mutex_unlock(&execution->lock);
    return connection != NULL;
}

static bool check_result(Execution *execution, Error *error)
{
    const Plan *plan = execution->request.plan;
    size_t count = (size_t)plan->ncolumns;
    if (duckdb_column_count(&execution->result) < count)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "the local query gives %zu columns, %zu are wanted",
                         (size_t)duckdb_column_count(&execution->result), count);
    execution->view = (FdwBatch){.capacity = BATCH_ROWS, .nvectors = count, .vectors = ARENA_ARRAY(execution->arena, FdwVector, count)};
    for (size_t i = 0; i < count; i++) {
        duckdb_logical_type type = duckdb_column_logical_type(&execution->result, i);
        bool known = layout_from_logical_type(type, plan->columns[i].type, plan->columns[i].typmod, &execution->view.vectors[i].type);
        int id = (int)duckdb_get_type_id(type);
        duckdb_destroy_logical_type(&type);
        if (!known)
            return error_set(error, ERRCODE_INTERNAL_ERROR, "column %zu of the local query has the engine's type %d", i + 1, id);
    }
    return true;
}

/* Left to itself, the engine looks for tasks without a pause while its other threads wait for a source, on a processor that the source
 * could use. false: it failed. */
static bool await(duckdb_pending_result pending)
{
    long pause = SHORTEST_PAUSE;
    for (;;) {
        switch (duckdb_pending_execute_task(pending)) {
        case DUCKDB_PENDING_RESULT_READY:
            return true;
        case DUCKDB_PENDING_ERROR:
            return false;
        case DUCKDB_PENDING_RESULT_NOT_READY:
            pause = SHORTEST_PAUSE;
            break;
        default:
            nanosleep(&(struct timespec){.tv_nsec = pause}, NULL);
            pause = pause * 2 < LONGEST_PAUSE ? pause * 2 : LONGEST_PAUSE;
        }
    }
}

static bool finish_pending(Execution *execution, const EngineConnection *connection, duckdb_pending_result pending, duckdb_result *result,
                           Error *error)
{
    /* Making a pending result clears an interruption that came earlier. Its tasks are with other threads by now, and the engine waits for
     * them only when the query is run to its end: destroying the pending result and the connection does not. */
    if (execution_cancelled(execution))
        duckdb_interrupt(connection->connection);
    if (!await(pending))
        return error_of(execution, connection, duckdb_pending_error(pending), error);
    if (duckdb_execute_pending(pending, result) == DuckDBSuccess)
        return true;
    error_of(execution, connection, duckdb_result_error(result), error);
    duckdb_destroy_result(result);
    return false;
}

bool execution_run_bound(Execution *execution, EngineConnection *connection, duckdb_prepared_statement statement, duckdb_result *result,
                         Error *error)
{
    duckdb_pending_result pending;
    bool done = duckdb_pending_prepared(statement, &pending) == DuckDBSuccess
                    ? finish_pending(execution, connection, pending, result, error)
                    : error_of(execution, connection, duckdb_pending_error(pending), error);
    duckdb_destroy_pending(&pending);
    return done;
}

bool execution_run_on(Execution *execution, EngineConnection *connection, const char *sql, duckdb_result *result, Error *error)
{
    duckdb_prepared_statement statement;
    if (duckdb_prepare(connection->connection, sql, &statement) == DuckDBError) {
        error_of(execution, connection, duckdb_prepare_error(statement), error);
        duckdb_destroy_prepare(&statement);
        return false;
    }
    bool done = execution_run_bound(execution, connection, statement, result, error);
    duckdb_destroy_prepare(&statement);
    return done;
}

bool execution_run_statement(Execution *execution, const char *sql, duckdb_result *result, Error *error)
{
    return execution_run_on(execution, execution->connection, sql, result, error);
}

static bool run_pending(Execution *execution, duckdb_pending_result pending, Error *error)
{
    execution->has_result = finish_pending(execution, execution->connection, pending, &execution->result, error);
    return execution->has_result && check_result(execution, error);
}

/* The operators in place of the rows. */
static bool explain_local(Execution *execution, Error *error)
{
    const char *form = execution->request.explain == EXEC_PROFILE ? "EXPLAIN (ANALYZE, FORMAT JSON)" : "EXPLAIN (FORMAT JSON)";
    const char *sql = arena_printf(execution->arena, "%s %s", form, execution->request.plan->local_sql);
    execution->has_result = execution_run_statement(execution, sql, &execution->result, error);
    if (!execution->has_result)
        return false;
    char *json = duckdb_value_varchar(&execution->result, 1, 0);
    execution->operators = arena_strdup(execution->arena, json);
    duckdb_free(json);
    execution->at_end = true;
    return true;
}

bool execution_begin(Execution *execution, EngineSize size, bool reads, Error *error)
{
    const ExecRequest *request = &execution->request;
    const Plan *plan = request->plan;
    leaf_runs_mark_once(execution->leaves, plan);
    if ((reads && !initplan_run_all(execution, &size, error)) || !connect_engine(execution, size, error))
        return false;
    int parts = size == ENGINE_SERIAL ? 1 : engine_threads(request->engine);
    return !reads || (execution_take_turns(execution, error) && leaf_runs_acquire(execution->leaves, (size_t)plan->nleaves, parts, error) &&
                      execution_run_steps(execution, error) && leaf_runs_begin(execution->leaves, (size_t)plan->nleaves, error));
}

bool execution_stream(Execution *execution, const char *sql, Error *error)
{
    if (duckdb_prepare(execution->connection->connection, sql, &execution->statement) == DuckDBError)
        return execution_engine_error(execution, duckdb_prepare_error(execution->statement), error);
    duckdb_pending_result pending;
    bool done = duckdb_pending_prepared_streaming(execution->statement, &pending) == DuckDBSuccess
                    ? run_pending(execution, pending, error)
                    : execution_engine_error(execution, duckdb_pending_error(pending), error);
    duckdb_destroy_pending(&pending);
    return done;
}

static bool start_local(Execution *execution, Error *error)
{
    const ExecRequest *request = &execution->request;
    if (row_is_made_here(execution))
        return row_show(execution, error);
    if (!execution_begin(execution, size_of(request->plan), request->explain != EXEC_DESCRIBE, error))
        return false;
    return request->explain != EXEC_ROWS ? explain_local(execution, error) : execution_stream(execution, request->plan->local_sql, error);
}

/* ---- batches ---- */

bool execution_next_chunk(Execution *execution, Error *error)
{
    duckdb_destroy_data_chunk(&execution->chunk);
    execution->chunk = duckdb_fetch_chunk(execution->result);
    if (!execution->chunk) {
        const char *message = duckdb_result_error(&execution->result);
        if (message && *message)
            return execution_engine_error(execution, message, error);
        execution->at_end = true;
        return !execution_cancelled(execution) || execution_engine_error(execution, NULL, error);
    }
    execution->view.count = duckdb_data_chunk_get_size(execution->chunk);
    for (size_t i = 0; i < execution->view.nvectors; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(execution->chunk, i);
        uint64_t *validity = duckdb_vector_get_validity(vector);
        execution->view.vectors[i].data = duckdb_vector_get_data(vector);
        execution->view.vectors[i].validity = validity ? validity : batch_all_valid();
    }
    return true;
}

static bool next_relayed(Execution *execution, Error *error)
{
    host_batch_reset(execution->relay_batch);
    if (!leaf_part_next(execution->relay_part, &execution->relay_batch->batch, error))
        return false;
    execution->view = execution->relay_batch->batch;
    execution->view.nvectors = (size_t)execution->request.plan->ncolumns;
    execution->at_end = !execution->view.count;
    return true;
}

static bool next_batch(Execution *execution, Error *error)
{
    execution->first = execution->view.count = 0;
    if (execution_cancelled(execution))
        return execution_engine_error(execution, NULL, error);
    if (execution->is_row)
        return execution->at_end = true;
    return execution->request.plan->relay ? next_relayed(execution, error) : execution_next_chunk(execution, error);
}

/* ---- rows to the sink ---- */

typedef struct RawSink {
    const RowSink *sink;
    size_t ncolumns, count;
    bool stopped;
} RawSink;

static bool pass_raw(void *arg, const FdwField *fields, size_t nfields)
{
    RawSink *raw = arg;
    raw->count++;
    raw->stopped = !raw->sink->raw(raw->sink->arg, fields, nfields < raw->ncolumns ? nfields : raw->ncolumns);
    return !raw->stopped;
}

static bool next_raw(Execution *execution, size_t max_rows, const RowSink *sink, size_t *count, bool *at_end, Error *error)
{
    RawSink raw = {.sink = sink, .ncolumns = (size_t)execution->request.plan->ncolumns};
    bool done = leaf_relay_next(execution->relay_part, max_rows, pass_raw, &raw, at_end, error);
    *count = raw.count;
    *at_end = *at_end || raw.stopped;
    return done || !execution_cancelled(execution) ? done : cancel_error(error);
}

static bool next_rows(Execution *execution, size_t max_rows, const RowSink *sink, size_t *count, Error *error)
{
    while (!execution->at_end) {
        size_t rest = execution->view.count - execution->first;
        if (!rest) {
            if (!next_batch(execution, error))
                return false;
            continue;
        }
        size_t room = max_rows ? max_rows - *count : rest;
        size_t now = rest < room ? rest : room;
        if (!sink->batch(sink->arg, &execution->view, execution->first, now))
            execution->at_end = execution->is_stopped = true;
        execution->first += now;
        *count += now;
        if (max_rows && *count == max_rows)
            break;
    }
    return true;
}

static bool start(Execution *execution, Error *error)
{
    execution->started = true;
    return execution->request.plan->relay ? start_relay(execution, error) : start_local(execution, error);
}

bool exec_next(Execution *execution, size_t max_rows, const RowSink *sink, size_t *count, bool *at_end, Error *error)
{
    *count = 0;
    *at_end = false;
    if (execution->failed || (!execution->started && !start(execution, error))) {
        execution->failed = true;
        if (execution_cancelled(execution))
            return cancel_error(error);
        return error_is_set(error) ? false : error_set(error, ERRCODE_INTERNAL_ERROR, "the execution has failed already");
    }
    bool done = execution->relay_raw ? next_raw(execution, max_rows, sink, count, at_end, error)
                                     : next_rows(execution, max_rows, sink, count, error);
    execution->failed |= !done;
    if (!execution->relay_raw)
        *at_end = execution->at_end;
    return done || !execution_cancelled(execution) ? done : cancel_error(error);
}

/* ---- closing ---- */

static void close_engine(Execution *execution)
{
    duckdb_destroy_data_chunk(&execution->chunk);
    if (execution->has_result)
        duckdb_destroy_result(&execution->result);
    duckdb_destroy_prepare(&execution->statement);
    pthread_mutex_lock(&execution->lock);
    EngineConnection *connection = execution->connection;
    execution->connection = NULL;
    pthread_mutex_unlock(&execution->lock);
    bool usable = !execution->failed && execution->at_end && !execution->is_stopped;
    if (connection && usable)
        execution_drop_kept(execution, connection);
    if (connection && !execution->failed && !usable)
        engine_abandon(connection);
    else if (connection)
        engine_disconnect(connection, usable);
}

void exec_close(Execution *execution)
{
    if (!execution)
        return;
    close_engine(execution);
    leaf_runs_close(execution->leaves, (size_t)execution->request.plan->nleaves);
    arena_close(execution->errors_arena);
    pthread_mutex_destroy(&execution->lock);
}

const PlanOperator *exec_operators(const Execution *execution)
{
    return execution->operators ? operators_read(execution->operators, execution->arena) : NULL;
}

LeafFigures exec_leaf_figures(const Execution *execution, int leaf)
{
    LeafRun *run = leaf_run_at(execution, leaf);
    return run ? leaf_run_figures(run) : (LeafFigures){0};
}
