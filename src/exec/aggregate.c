/*
 * aggregate.c - the aggregates of src/func in the local engine: mdl_<name>.
 *
 * Invariants:
 *  1. A state of the engine's is one pointer, NULL for a group without a row; the engine has each state closed once.
 *  2. Rows with a NULL argument are left out here; the engine need not know.
 * Threads: the engine's workers; a state belongs to one at a time.
 */
#include "exec/internal.h"

enum { MAX_SCRATCH = 1 << 20, MOST_ARGS = 2 };

typedef struct AggregateFunction {
    const FuncAggregate *aggregate;
    FdwType args[MOST_ARGS], result;
} AggregateFunction;

typedef struct State {
    void *value;
} State;

static idx_t state_size(duckdb_function_info info)
{
    return sizeof(State);
}

static void state_init(duckdb_function_info info, duckdb_aggregate_state state)
{
    ((State *)state)->value = NULL;
}

/* The engine knows one text an error: it goes to the client as sql_engine_error reads it. */
static void report(duckdb_function_info info, bool ok, const Error *error)
{
    if (!ok)
        duckdb_aggregate_function_set_error(info, error->message);
}

static bool read_row(const FdwVector *inputs, int nargs, size_t row, Value *values)
{
    for (int i = 0; i < nargs; i++) {
        FdwVector vector = inputs[i];
        if (vector.validity && !(vector.validity[row / 64] >> (row % 64) & 1))
            return false;
        vector.validity = vector.validity ? vector.validity : batch_all_valid();
        values[i] = type_vector_get(&vector, row);
    }
    return true;
}

static void update(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state *states)
{
    const AggregateFunction *function = duckdb_aggregate_function_get_extra_info(info);
    const FuncAggregate *aggregate = function->aggregate;
    Arena *arena = arena_open(NULL), *scratch = arena_open(arena);
    Error error;
    FdwVector inputs[MOST_ARGS];
    Value values[MOST_ARGS];
    bool ok = true;
    error_init(&error, arena);
    for (int i = 0; i < aggregate->nargs; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(input, (idx_t)i);
        inputs[i] =
            (FdwVector){.type = function->args[i], .data = duckdb_vector_get_data(vector), .validity = duckdb_vector_get_validity(vector)};
    }
    idx_t count = duckdb_data_chunk_get_size(input);
    for (idx_t row = 0; ok && row < count; row++) {
        if (read_row(inputs, aggregate->nargs, row, values))
            ok = aggregate->step(&((State *)states[row])->value, values, scratch, &error);
        if (arena_size(scratch) > MAX_SCRATCH)
            arena_reset(scratch);
    }
    report(info, ok, &error);
    arena_close(arena);
}

static void combine(duckdb_function_info info, duckdb_aggregate_state *source, duckdb_aggregate_state *target, idx_t count)
{
    const AggregateFunction *function = duckdb_aggregate_function_get_extra_info(info);
    Arena *arena = arena_open(NULL);
    Error error;
    bool ok = true;
    error_init(&error, arena);
    for (idx_t i = 0; ok && i < count; i++) {
        const State *from = (const State *)source[i];
        if (from->value)
            ok = function->aggregate->merge(&((State *)target[i])->value, from->value, arena, &error);
    }
    report(info, ok, &error);
    arena_close(arena);
}

static void finalize(duckdb_function_info info, duckdb_aggregate_state *source, duckdb_vector result, idx_t count, idx_t offset)
{
    const AggregateFunction *function = duckdb_aggregate_function_get_extra_info(info);
    Arena *arena = arena_open(NULL);
    Error error;
    VectorOwner owner = {.vector = result};
    duckdb_vector_ensure_validity_writable(result);
    FdwVector output = {
        .type = function->result, .data = duckdb_vector_get_data(result), .validity = duckdb_vector_get_validity(result), .owner = &owner};
    bool ok = true;
    error_init(&error, arena);
    for (idx_t i = 0; ok && i < count; i++) {
        const State *state = (const State *)source[i];
        Value value = {.is_null = true, .physical = function->result.physical, .scale = function->result.scale};
        if (state->value)
            ok = function->aggregate->finish(function->aggregate->proc, state->value, &value, arena, &error);
        if (ok && value.is_null)
            fdw_set_null(&output, offset + i);
        else if (ok)
            type_vector_set(&output, offset + i, &value, batch_set_string);
    }
    report(info, ok, &error);
    arena_close(arena);
}

static void destroy(duckdb_aggregate_state *states, idx_t count)
{
    for (idx_t i = 0; i < count; i++) {
        State *state = (State *)states[i];
        if (state->value)
            func_aggregate_close(state->value);
        state->value = NULL;
    }
}

static bool register_one(duckdb_connection connection, AggregateFunction *function, const char *name, Error *error)
{
    duckdb_aggregate_function handle = duckdb_create_aggregate_function();
    duckdb_aggregate_function_set_name(handle, name);
    for (int i = 0; i < function->aggregate->nargs; i++) {
        duckdb_logical_type type = layout_logical_type(&function->args[i]);
        duckdb_aggregate_function_add_parameter(handle, type);
        duckdb_destroy_logical_type(&type);
    }
    duckdb_logical_type result = layout_logical_type(&function->result);
    duckdb_aggregate_function_set_return_type(handle, result);
    duckdb_destroy_logical_type(&result);
    duckdb_aggregate_function_set_functions(handle, state_size, state_init, update, combine, finalize);
    duckdb_aggregate_function_set_destructor(handle, destroy);
    duckdb_aggregate_function_set_extra_info(handle, function, NULL);
    duckdb_state state = duckdb_register_aggregate_function(connection, handle);
    duckdb_destroy_aggregate_function(&handle);
    return state == DuckDBSuccess || error_set(error, ERRCODE_INTERNAL_ERROR, "could not register %s with the local engine", name);
}

bool aggregate_register_all(duckdb_connection connection, Arena *arena, Error *error)
{
    const FuncAggregate *aggregates;
    size_t count = func_aggregates(&aggregates);
    for (size_t i = 0; i < count; i++) {
        AggregateFunction *function = ARENA_NEW(arena, AggregateFunction);
        function->aggregate = &aggregates[i];
        function->result = type_layout(aggregates[i].result, -1);
        for (int j = 0; j < aggregates[i].nargs; j++)
            function->args[j] = type_layout(aggregates[i].args[j], -1);
        if (!register_one(connection, function, arena_printf(arena, "mdl_%s", aggregates[i].name), error))
            return false;
    }
    return true;
}
