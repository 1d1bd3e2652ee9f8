/*
 * insert.c - the rows of a plan into a table of the store's, or a work table.
 *
 * Invariants:
 *  1. Tables lie in the serial database, so the statement that fills one runs there. Without limits the local query is part of it; with
 *     limits it runs in a database of its own, and the statement takes its rows from there (feed.c).
 *  2. Rows are stored in the order in which the local query, run by one thread, makes them.
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
    bool numbered = false;
    str_addf(&sql, "INSERT INTO store.n%" PRId64 " (added_by", insert->node);
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

static bool insert_all(Execution *execution, const StoreInsert *insert, uint64_t *count, Error *error)
{
    duckdb_result result;
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
    if (!done && !insert->work)
        storage_note_failure(execution->request.engine, insert->node, error);
    return done || !execution_cancelled(execution) ? done : execution_engine_error(execution, NULL, error);
}
