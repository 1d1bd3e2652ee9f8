/*
 * scalar.c - the functions of src/func as scalar functions of the local engine: mdl_<proname>_<oid>, and its helpers: mdl_<name>.
 *
 * Invariants:
 *  1. Arguments and result lie as type_layout says for pg_proc's types; strictness and volatility are pg_proc's (of helpers: as
 *     their table says).
 *  2. A function learns its execution when it is bound, through the connection that binds it.
 *  3. An error goes to the client as it was set: the engine carries only the text that stands for it.
 *  4. What the values of one call of a chunk take, while they are made and in the engine's vector, is the execution's (value_bytes), until
 *     the same call is given its next chunk. The engine does not count it.
 * Threads: the engine's workers, several at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/internal.h"

enum { MAX_ARENA = 1 << 20 };

typedef struct ScalarFunction {
    Database *database;
    FuncImpl impl;
    Oid proc;
    bool strict, ascii;
    bool returns_list; /* the result is an array's text: the engine gets its elements as VARCHAR[] */
    int nargs;
    FdwType *args, result;
} ScalarFunction;

static void *copy_call(void *call)
{
    ValueCall *copy = malloc(sizeof *copy);
    if (!copy)
        abort();
    *copy = (ValueCall){.execution = ((ValueCall *)call)->execution};
    return copy;
}

/* Of a function of values. */
static void bind(duckdb_bind_info info)
{
    Database *const *database = duckdb_scalar_function_bind_get_extra_info(info);
    ValueCall call = {.execution = engine_bind_execution(*database, info)};
    if (!call.execution)
        return;
    duckdb_scalar_function_set_bind_data(info, copy_call(&call), free);
    duckdb_scalar_function_set_bind_data_copy(info, copy_call);
}

size_t value_call_room(ValueCall *call)
{
    return execution_value_room(call->execution, atomic_load(&call->held));
}

void value_call_end(ValueCall *call, duckdb_function_info info, size_t bytes, const Error *error)
{
    if (error) {
        char text[64];
        execution_keep_error(call->execution, error, text, sizeof text);
        duckdb_scalar_function_set_error(info, text);
    }
    atomic_fetch_add(&call->execution->value_bytes, bytes - atomic_exchange(&call->held, bytes));
}

bool value_function_register(duckdb_connection connection, duckdb_scalar_function handle, const char *name, void *function,
                             duckdb_scalar_function_t run, Error *error)
{
    duckdb_scalar_function_set_name(handle, name);
    duckdb_scalar_function_set_extra_info(handle, function, NULL);
    duckdb_scalar_function_set_bind(handle, bind);
    duckdb_scalar_function_set_function(handle, run);
    duckdb_state state = duckdb_register_scalar_function(connection, handle);
    duckdb_destroy_scalar_function(&handle);
    return state == DuckDBSuccess || error_set(error, ERRCODE_INTERNAL_ERROR, "could not register %s with the local engine", name);
}

/* One chunk of calls. */
typedef struct Calls {
    const ScalarFunction *function;
    ValueCall *bound;
    Execution *execution;
    FdwVector *inputs, output;
    VectorOwner owner;
    Value *values, result;
    FuncCall call;
    Arena *arena; /* reset now and then */
    ArenaBound room;
    size_t given; /* bytes in the output */
    Error error;
    uint64_t random;
} Calls;

static void set_up(Calls *calls, Arena *arena, duckdb_data_chunk input, duckdb_vector output)
{
    const ScalarFunction *function = calls->function;
    size_t nargs = duckdb_data_chunk_get_column_count(input);
    calls->inputs = ARENA_ARRAY(arena, FdwVector, nargs);
    calls->values = ARENA_ARRAY(arena, Value, nargs);
    Oid *types = ARENA_ARRAY(arena, Oid, nargs);
    for (size_t i = 0; i < nargs; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(input, i);
        uint64_t *validity = duckdb_vector_get_validity(vector);
        calls->inputs[i] = (FdwVector){.type = function->args[i], .data = duckdb_vector_get_data(vector), .validity = validity};
        types[i] = calls->inputs[i].type.oid;
    }
    calls->owner.vector = output;
    calls->output = (FdwVector){.type = function->result, .data = duckdb_vector_get_data(output), .owner = &calls->owner};
    calls->arena = arena_open(arena);
    calls->room.most = value_call_room(calls->bound);
    arena_set_bound(calls->arena, &calls->room);
    error_init(&calls->error, arena);
    calls->call = (FuncCall){.context = calls->execution->request.functions,
                             .arena = calls->arena,
                             .proc = function->proc,
                             .return_type = function->result.oid,
                             .arg_types = types,
                             .args = calls->values,
                             .nargs = (int)nargs,
                             .result = &calls->result,
                             .error = &calls->error,
                             .ascii = function->ascii,
                             .random = &calls->random};
}

static bool is_null(const FdwVector *vector, size_t row)
{
    return vector->validity && !(vector->validity[row / 64] >> (row % 64) & 1);
}

/* false: an argument is NULL and the function is strict. */
static bool read_args(Calls *calls, size_t row)
{
    bool any_null = false;
    for (int i = 0; i < calls->call.nargs; i++) {
        FdwVector *vector = &calls->inputs[i];
        if (is_null(vector, row)) {
            calls->values[i] = (Value){.is_null = true, .physical = vector->type.physical, .scale = vector->type.scale};
            any_null = true;
        } else {
            FdwVector valid = *vector;
            valid.validity = valid.validity ? valid.validity : batch_all_valid();
            calls->values[i] = type_vector_get(&valid, row);
        }
    }
    return !(any_null && calls->function->strict);
}

static void put_null(Calls *calls, size_t row)
{
    if (!calls->output.validity) {
        duckdb_vector_ensure_validity_writable(calls->owner.vector);
        calls->output.validity = duckdb_vector_get_validity(calls->owner.vector);
    }
    fdw_set_null(&calls->output, row);
}

/* Appends the elements of an array's text to the list vector's child. */
static bool put_list(Calls *calls, size_t row)
{
    ArrayElement *elements;
    size_t count;
    int ndim;
    if (!type_array_parse(calls->result.s.ptr, calls->result.s.len, calls->arena, &elements, &count, &ndim, &calls->error))
        return false;
    duckdb_vector list = calls->owner.vector;
    idx_t size = duckdb_list_vector_get_size(list);
    duckdb_list_vector_reserve(list, size + count);
    duckdb_list_vector_set_size(list, size + count);
    ((duckdb_list_entry *)duckdb_vector_get_data(list))[row] = (duckdb_list_entry){.offset = size, .length = count};
    duckdb_vector child = duckdb_list_vector_get_child(list);
    for (size_t i = 0; i < count; i++) {
        if (elements[i].text) {
            duckdb_vector_assign_string_element_len(child, size + i, elements[i].text, elements[i].len);
        } else {
            duckdb_vector_ensure_validity_writable(child);
            duckdb_validity_set_row_invalid(duckdb_vector_get_validity(child), size + i);
        }
    }
    return true;
}

static bool is_text(const Value *value)
{
    return !value->is_null && (value->physical == FDW_STRING || value->physical == FDW_BYTES);
}

/* The engine gets a copy of the value. */
static bool is_within_bounds(Calls *calls)
{
    size_t len = is_text(&calls->result) ? calls->result.s.len : 0;
    calls->given += len;
    calls->room.used += len;
    calls->room.is_over |= calls->room.used > calls->room.most;
    if (!func_is_whole(calls->call.context, &calls->room, &calls->error))
        return false;
    return len <= STR_MOST_BYTES ||
           error_set(&calls->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "invalid memory alloc request size %zu", len + sizeof(int32_t));
}

static bool run_row(Calls *calls, size_t row)
{
    calls->result = (Value){.is_null = true, .physical = calls->function->result.physical, .scale = calls->function->result.scale};
    bool done = !read_args(calls, row) || calls->function->impl(&calls->call);
    if (!is_within_bounds(calls) || !done)
        return false;
    if (calls->result.is_null)
        put_null(calls, row);
    else if (calls->function->returns_list)
        return put_list(calls, row);
    else
        type_vector_set(&calls->output, row, &calls->result, batch_set_string);
    return true;
}

static bool run_rows(Calls *calls, size_t count)
{
    for (size_t row = 0; row < count; row++) {
        if (!execution_goes_on(calls->execution, &calls->error))
            return false;
        if (!run_row(calls, row))
            return false;
        if (arena_size(calls->arena) > MAX_ARENA)
            arena_reset(calls->arena);
    }
    return true;
}

static void run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    ValueCall *bound = duckdb_scalar_function_get_bind_data(info);
    Calls calls = {.function = duckdb_scalar_function_get_extra_info(info), .bound = bound, .execution = bound->execution};
    Arena *arena = arena_open(NULL);
    set_up(&calls, arena, input, output);
    bool done = run_rows(&calls, duckdb_data_chunk_get_size(input));
    value_call_end(bound, info, calls.given, done ? NULL : &calls.error);
    arena_close(arena);
}

/* ---- registration ---- */

static duckdb_logical_type result_type(const ScalarFunction *function)
{
    duckdb_logical_type type = layout_logical_type(&function->result);
    if (!function->returns_list)
        return type;
    duckdb_logical_type list = duckdb_create_list_type(type);
    duckdb_destroy_logical_type(&type);
    return list;
}

static bool register_function(duckdb_connection connection, ScalarFunction *function, const char *name, bool is_volatile, Error *error)
{
    duckdb_scalar_function handle = duckdb_create_scalar_function();
    for (int i = 0; i < function->nargs; i++) {
        duckdb_logical_type type = layout_logical_type(&function->args[i]);
        duckdb_scalar_function_add_parameter(handle, type);
        duckdb_destroy_logical_type(&type);
    }
    duckdb_logical_type result = result_type(function);
    duckdb_scalar_function_set_return_type(handle, result);
    duckdb_destroy_logical_type(&result);
    if (!function->strict)
        duckdb_scalar_function_set_special_handling(handle);
    if (is_volatile)
        duckdb_scalar_function_set_volatile(handle);
    return value_function_register(connection, handle, name, function, run, error);
}

static FdwType *layouts(const Oid *types, int count, Arena *arena)
{
    FdwType *out = ARENA_ARRAY(arena, FdwType, count);
    for (int i = 0; i < count; i++)
        out[i] = type_layout(types[i], -1);
    return out;
}

static bool register_procs(Database *database, duckdb_connection connection, Arena *arena, Error *error)
{
    FuncEntry *entries;
    size_t count = func_list(arena, &entries);
    for (size_t i = 0; i < count; i++) {
        const FuncFact *fact = entries[i].fact;
        if (!entries[i].is_scalar || fact->returns_set)
            continue;
        ScalarFunction *function = ARENA_NEW(arena, ScalarFunction);
        *function = (ScalarFunction){.database = database,
                                     .impl = entries[i].impl,
                                     .proc = fact->proc,
                                     .ascii = entries[i].ascii,
                                     .strict = fact->strict,
                                     .nargs = fact->nargs,
                                     .args = layouts(fact->arg_types, fact->nargs, arena),
                                     .result = type_layout(fact->return_type, -1)};
        const char *name = arena_printf(arena, "mdl_%s_%u%s", fact->name, fact->proc, entries[i].ascii ? "_c" : "");
        if (!register_function(connection, function, name, fact->volatility == 'v', error))
            return false;
    }
    return true;
}

static bool register_helpers(Database *database, duckdb_connection connection, Arena *arena, Error *error)
{
    const FuncHelper *helpers;
    size_t count = func_helpers(&helpers);
    for (size_t i = 0; i < count; i++) {
        const FuncHelper *helper = &helpers[i];
        ScalarFunction *function = ARENA_NEW(arena, ScalarFunction);
        *function = (ScalarFunction){.database = database,
                                     .impl = helper->impl,
                                     .proc = helper->proc,
                                     .strict = helper->strict,
                                     .returns_list = helper->returns_list,
                                     .nargs = helper->nargs,
                                     .args = layouts(helper->args, helper->nargs, arena),
                                     .result = type_layout(helper->result, -1)};
        if (!register_function(connection, function, arena_printf(arena, "mdl_%s", helper->name), func_helper_is_volatile(helper), error))
            return false;
    }
    return true;
}

bool scalar_register_all(Database *database, duckdb_connection connection, Arena *arena, Error *error)
{
    return register_procs(database, connection, arena, error) && register_helpers(database, connection, arena, error) &&
           text_join_register_all(database, connection, arena, error);
}
