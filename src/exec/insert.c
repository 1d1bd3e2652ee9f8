/*
 * insert.c - the rows of a plan into a table of the store's, or a work table.
 *
 * Invariants:
 *  1. Tables lie in the serial database, so the statement that fills one runs there. Without limits the local query is part of it; with
 *     limits it runs in a database of its own, and the statement takes its rows from there (feed.c).
 *  2. Rows are stored in the order in which the local query, run by one thread, makes them.
 *  3. A row that is made without the engine (row.c) goes in by a statement that the connection keeps, whose parameters it is.
 * Threads: the session's own.
 */
#include <inttypes.h>

#include "exec/internal.h"

/* The rows as they are to be stored. */
static const char *rows_sql(const Execution *execution, const StoreInsert *insert)
{
    const char *local = execution->request.plan->local_sql;
    if (!insert->work)
        return local;
    Str sql;
    str_init(&sql, execution->arena);
    str_addf(&sql, "SELECT * FROM (%s) q(", local);
    for (int i = 0; i < insert->ncolumns; i++)
        str_addf(&sql, "%sc%d", i ? ", " : "", i + 1);
    str_add(&sql, ")");
    if (insert->once)
        str_add(&sql, " QUALIFY row_number() OVER (PARTITION BY c1, c2) = 1");
    if (insert->order)
        str_addf(&sql, " ORDER BY %s", insert->order);
    return sql.data;
}

/* Each row with a number, of its own or one that the store has not given yet. */
static const char *work_sql(const Execution *execution, const StoreInsert *insert, const char *rows)
{
    const char *number = insert->numbered_by ? arena_printf(execution->arena, "c%d", insert->numbered_by) : "medley_row_number()";
    return arena_printf(execution->arena, "INSERT INTO work.w%" PRId64 " SELECT %s, q.* FROM (%s) q", insert->work, number, rows);
}

static const char *store_sql(const Execution *execution, const StoreInsert *insert, const char *rows)
{
    Str sql;
    str_init(&sql, execution->arena);
    char name[PLAN_NODE_NAME];
    bool numbered = false;
    str_addf(&sql, "INSERT INTO %s (added_by", plan_node_name(insert->node, name));
    for (int i = 0; i < insert->ncolumns; i++)
        numbered |= !insert->columns[i];
    str_add(&sql, numbered ? "" : ", row_id");
    for (int i = 0; i < insert->ncolumns; i++)
        if (insert->columns[i])
            str_addf(&sql, ", c%d", insert->columns[i]);
        else
            str_add(&sql, ", row_id");
    /* A query without columns is printed with one: the engine has none without. */
    str_addf(&sql, ") SELECT %" PRId64 "%s%s FROM (%s) q", insert->number, numbered ? "" : ", medley_row_number()",
             insert->ncolumns ? ", q.*" : "", rows);
    return sql.data;
}

static const char *insert_sql(const Execution *execution, const StoreInsert *insert, const char *rows)
{
    return insert->work ? work_sql(execution, insert, rows) : store_sql(execution, insert, rows);
}

static void take_count(duckdb_result *result, uint64_t *count)
{
    *count = (uint64_t)duckdb_value_int64(result, 0, 0);
    duckdb_destroy_result(result);
}

static bool insert_fed(Execution *execution, const StoreInsert *insert, uint64_t *count, Error *error)
{
    duckdb_result result;
    if (!execution_stream(execution, rows_sql(execution, insert), error))
        return false;
    EngineConnection *store = engine_connect(execution->request.engine, ENGINE_SERIAL, execution, error);
    if (!store)
        return false;
    bool done = execution_run_on(execution, store, insert_sql(execution, insert, "SELECT * FROM medley_given()"), &result, error);
    if (done)
        take_count(&result, count);
    engine_disconnect(store, done);
    return done;
}

/* ---- one row that is made here ---- */

/* Columns that are NULL are left out: no parameter has a type and no value. */
static const char *row_sql(const Execution *execution, const StoreInsert *insert, const char *const *cells)
{
    Str sql;
    str_init(&sql, execution->arena);
    char name[PLAN_NODE_NAME];
    int nparams = 2;
    str_addf(&sql, "INSERT INTO %s (added_by, row_id", plan_node_name(insert->node, name));
    for (int i = 0; i < insert->ncolumns; i++)
        if (insert->columns[i] && cells[i]) {
            str_addf(&sql, ", c%d", insert->columns[i]);
            nparams++;
        }
    for (int i = 1; i <= nparams; i++)
        str_addf(&sql, i == 1 ? ") VALUES ($%d" : ", $%d", i);
    str_addc(&sql, ')');
    return sql.data;
}

static bool bind_row(const Execution *execution, const StoreInsert *insert, const Value *values, int64_t row,
                     duckdb_prepared_statement statement)
{
    const PlanColumn *columns = execution->request.plan->columns;
    idx_t index = 2;
    bool done = duckdb_bind_int64(statement, 1, insert->number) == DuckDBSuccess && duckdb_bind_int64(statement, 2, row) == DuckDBSuccess;
    for (int i = 0; done && i < insert->ncolumns; i++) {
        FdwType type = type_layout(columns[i].type, columns[i].typmod);
        if (insert->columns[i] && !values[i].is_null)
            done = layout_bind(statement, ++index, &type, &values[i]);
    }
    return done;
}

static bool store_row(Execution *execution, const StoreInsert *insert, const Value *values, const char *const *cells, StoreRow *out,
                      Error *error)
{
    Storage *storage = engine_storage(execution->request.engine, error);
    EngineConnection *connection = storage ? engine_connect(execution->request.engine, ENGINE_SERIAL, execution, error) : NULL;
    if (!connection)
        return false;
    int64_t number = 0;
    for (int i = 0; i < insert->ncolumns; i++)
        if (!insert->columns[i])
            number = values[i].i;
    *out = (StoreRow){number ? number : storage_next_row(storage), cells};
    duckdb_prepared_statement statement = engine_prepared(connection, row_sql(execution, insert, cells), error);
    duckdb_result result;
    bool done =
        statement && (bind_row(execution, insert, values, out->number, statement) ||
                      error_set(error, ERRCODE_INTERNAL_ERROR, "the local engine refuses a row: %s", duckdb_prepare_error(statement)));
    done = done && execution_run_bound(execution, connection, statement, &result, error);
    if (done)
        duckdb_destroy_result(&result);
    engine_disconnect(connection, done);
    return done;
}

static bool insert_row(Execution *execution, const StoreInsert *insert, uint64_t *count, Error *error)
{
    StoreRow row;
    Value *values = ARENA_ARRAY(execution->arena, Value, insert->ncolumns + 1);
    const char **cells = ARENA_ARRAY(execution->arena, const char *, insert->ncolumns + 1);
    if (!row_make(execution, values, cells, error) || !store_row(execution, insert, values, cells, &row, error))
        return false;
    if (insert->row)
        *insert->row = row;
    execution->at_end = true;
    *count = 1;
    return true;
}

/* ---- all of it ---- */

static bool insert_all(Execution *execution, const StoreInsert *insert, uint64_t *count, Error *error)
{
    duckdb_result result;
    if (!insert->work && row_is_made_here(execution))
        return insert_row(execution, insert, count, error);
    if (!execution_begin(execution, ENGINE_SERIAL, true, error))
        return false;
    if (execution_has_limits(execution))
        return insert_fed(execution, insert, count, error);
    const char *sql = insert_sql(execution, insert, rows_sql(execution, insert));
    if (!execution_run_on(execution, execution->connection, sql, &result, error))
        return false;
    take_count(&result, count);
    execution->at_end = true;
    return true;
}

bool exec_insert(Execution *execution, const StoreInsert *insert, uint64_t *count, Error *error)
{
    bool done = insert_all(execution, insert, count, error);
    execution->started = true;
    execution->failed |= !done;
    if (!done && !insert->work && insert->node > 0)
        storage_note_failure(execution->request.engine, insert->node, error);
    return done || !execution_cancelled(execution) ? done : execution_engine_error(execution, NULL, error);
}
