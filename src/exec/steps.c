/*
 * steps.c - what a plan does before its local query: rows that are kept, and the keys that bound leaves are asked for.
 *
 * Invariants:
 *  1. Kept rows lie in temporary tables of the execution's own connection, where the engine spills them when memory is short; a few that
 *     are kept as they come lie in batches, without a statement of the engine's (leaf_run_keep). They go with the execution.
 *  2. Of keys no more than BIND_MOST_KEYS, or BIND_MOST_BYTES of text, are ever held. Where there are more, or not many fewer than the leaf
 *     has rows, the leaf is asked for a range of them, or for all.
 *  3. What a leaf is asked never leaves out a row that the local query wants: the engine still joins.
 * Threads: the session's own.
 */
#include <stdio.h>

#include "exec/leaf.h"

static bool keep(Execution *execution, const PlanStep *step, Error *error)
{
    duckdb_result result;
    bool whole = false;
    if (!step->query && !leaf_run_keep(leaf_run_at(execution, step->leaf), &whole, error))
        return false;
    if (whole)
        return true;
    if (!execution_run_statement(execution, step->sql, &result, error))
        return false;
    leaf_run_at(execution, step->leaf)->in_table = true;
    duckdb_destroy_result(&result);
    return true;
}

/* ---- keys ---- */

typedef struct Keys {
    const LeafBinding *binding;
    Arena *arena;
    ArrayElement **columns; /* one a key, of `rows` elements */
    size_t rows, bytes;
    bool too_many;
} Keys;

static bool take_value(Keys *keys, size_t column, const FdwVector *vector, size_t row, Error *error)
{
    Value value = type_vector_get(vector, row);
    Str text;
    str_init(&text, keys->arena);
    if (!type_output(vector->type.oid, &value, &TYPE_CONTEXT_CANONICAL, &text, error))
        return false;
    keys->columns[column][keys->rows] = (ArrayElement){text.data, text.len};
    keys->bytes += text.len;
    return true;
}

static bool take_chunk(Keys *keys, duckdb_result *result, duckdb_data_chunk chunk, Error *error)
{
    size_t count = duckdb_data_chunk_get_size(chunk), ncolumns = (size_t)keys->binding->nkeys;
    FdwVector *vectors = ARENA_ARRAY(keys->arena, FdwVector, ncolumns);
    for (size_t i = 0; i < ncolumns; i++) {
        duckdb_logical_type logical = duckdb_column_logical_type(result, i);
        const FdwType *type = &keys->binding->types[i];
        bool known = layout_from_logical_type(logical, type->oid, type->typmod, &vectors[i].type);
        duckdb_destroy_logical_type(&logical);
        if (!known)
            return error_set(error, ERRCODE_INTERNAL_ERROR, "key %zu of a bind join has no known type", i + 1);
        vectors[i].data = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, i));
    }
    for (size_t row = 0; row < count; row++) {
        keys->too_many = keys->rows == BIND_MOST_KEYS || keys->bytes > BIND_MOST_BYTES;
        for (size_t i = 0; i < ncolumns && !keys->too_many; i++)
            if (!take_value(keys, i, &vectors[i], row, error))
                return false;
        if (keys->too_many)
            return true;
        keys->rows++;
    }
    return true;
}

static bool take_keys(Execution *execution, Keys *keys, Error *error)
{
    const char *sql = arena_printf(keys->arena, "SELECT * FROM (%s) AS k LIMIT %d", keys->binding->keys_sql, BIND_MOST_KEYS + 1);
    keys->columns = ARENA_ARRAY(keys->arena, ArrayElement *, keys->binding->nkeys);
    for (int i = 0; i < keys->binding->nkeys; i++)
        keys->columns[i] = ARENA_ARRAY(keys->arena, ArrayElement, BIND_MOST_KEYS);
    duckdb_result result;
    if (!execution_run_statement(execution, sql, &result, error))
        return false;
    bool done = true;
    for (duckdb_data_chunk chunk; done && !keys->too_many && (chunk = duckdb_fetch_chunk(result));) {
        done = take_chunk(keys, &result, chunk, error);
        duckdb_destroy_data_chunk(&chunk);
    }
    duckdb_destroy_result(&result);
    return done;
}

/* ---- what the leaf is asked ---- */

static void write_json(const Keys *keys, size_t column, Oid type, Str *out)
{
    str_add(out, "[");
    for (size_t i = 0; i < keys->rows; i++) {
        const ArrayElement *element = &keys->columns[column][i];
        str_add(out, i ? "," : "");
        if (type == TYPE_BOOL)
            str_add(out, element->text[0] == 't' ? "1" : "0");
        else if (type_layout(type, -1).physical == FDW_STRING)
            type_json_quote(element->text, element->len, out);
        else
            str_addn(out, element->text, element->len);
    }
    str_add(out, "]");
}

static void ask_for_keys(LeafRun *run, const Keys *keys)
{
    const LeafBinding *binding = keys->binding;
    Arena *arena = run->execution->arena;
    FdwParam *params = ARENA_ARRAY(arena, FdwParam, binding->nparams);
    for (size_t i = 0; i < binding->nparams; i++)
        params[i] = binding->params[i];
    for (size_t i = 0; i < (size_t)binding->nkeys; i++) {
        Str text;
        str_init(&text, arena);
        FdwParam *list = &params[binding->first_param + i];
        if (binding->as_json)
            write_json(keys, i, type_array_element(list->oid), &text);
        else
            type_array_write(keys->columns[i], keys->rows, &text);
        list->text = text.data;
        if (binding->as_json)
            list->oid = TYPE_TEXT;
    }
    FdwScanSpec *spec = ARENA_NEW(arena, FdwScanSpec);
    *spec = run->leaf->spec;
    spec->sql = binding->sql;
    spec->params = params;
    spec->nparams = binding->nparams;
    spec->split_table = NULL;
    spec->plan_once = true;
    run->spec = spec;
    run->empty = keys->rows == 0;
    run->figures.bound = LEAF_BY_KEYS;
}

/* Too many keys: the range they lie in, where their order is the source's too. */
static bool ask_for_range(LeafRun *run, Keys *keys, Error *error)
{
    Execution *execution = run->execution;
    int key = plan_bind_range_key(run->leaf);
    run->figures.bound = LEAF_BY_SCAN;
    if (key < 0)
        return true;
    Str sql;
    str_init(&sql, keys->arena);
    str_addf(&sql, "SELECT min(k.c%d), max(k.c%d) FROM (%s) AS k(", key + 1, key + 1, keys->binding->keys_sql);
    for (int i = 0; i < keys->binding->nkeys; i++)
        str_addf(&sql, "%sc%d", i ? ", " : "", i + 1);
    str_add(&sql, ")");
    LeafBinding ends = {.nkeys = 2, .types = (FdwType[]){keys->binding->types[key], keys->binding->types[key]}};
    ArrayElement low, high;
    Keys range = {.binding = &ends, .arena = keys->arena, .columns = (ArrayElement *[]){&low, &high}};
    duckdb_result result;
    if (!execution_run_statement(execution, sql.data, &result, error))
        return false;
    duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
    bool done = !chunk || take_chunk(&range, &result, chunk, error);
    duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
    if (!done || !range.rows)
        return done;
    run->spec = plan_bind_range(run->leaf, low.text, high.text, execution->request.functions, execution->arena, error);
    run->figures.bound = LEAF_BY_RANGE;
    return run->spec != NULL;
}

static bool bind(Execution *execution, LeafRun *run, Error *error)
{
    Arena *arena = arena_open(NULL);
    Keys keys = {.binding = run->leaf->binding, .arena = arena};
    bool done = take_keys(execution, &keys, error);
    run->figures.keys = keys.rows;
    bool few = !keys.too_many && (keys.binding->always || (double)keys.rows * 2 <= keys.binding->rows);
    if (done && few)
        ask_for_keys(run, &keys);
    else if (done)
        done = ask_for_range(run, &keys, error);
    arena_close(arena);
    return done;
}

/* ---- all ---- */

bool execution_take_turns(Execution *execution, Error *error)
{
    const Plan *plan = execution->request.plan;
    for (int i = 0; i < plan->nturns; i++) {
        LeafRun *run = leaf_run_at(execution, plan->steps[i].leaf);
        run->in_turn = true;
        if (!leaf_runs_acquire(run, 1, 1, error) || !keep(execution, &plan->steps[i], error))
            return false;
    }
    return true;
}

bool execution_run_steps(Execution *execution, Error *error)
{
    const Plan *plan = execution->request.plan;
    for (int i = plan->nturns; i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];
        bool done = step->kind == STEP_KEEP ? keep(execution, step, error) : bind(execution, leaf_run_at(execution, step->leaf), error);
        if (!done)
            return false;
    }
    return true;
}

void execution_drop_kept(Execution *execution, EngineConnection *connection)
{
    const Plan *plan = execution->request.plan;
    for (int i = 0; i < plan->nsteps; i++) {
        char sql[64];
        duckdb_result result;
        if (plan->steps[i].kind != STEP_KEEP || !leaf_run_at(execution, plan->steps[i].leaf)->in_table)
            continue;
        snprintf(sql, sizeof sql, "DROP TABLE IF EXISTS temp.medley_rows_%d", plan->steps[i].leaf);
        duckdb_query(connection->connection, sql, &result);
        duckdb_destroy_result(&result);
    }
}
