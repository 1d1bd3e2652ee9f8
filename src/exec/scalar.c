/*
 * scalar.c - the functions of src/func as scalar functions of the local engine: mdl_<proname>_<oid>.
 *
 * Invariants:
 *  1. Arguments and result lie as type_layout says for pg_proc's types; strictness and volatility are pg_proc's.
 *  2. A function learns its execution when it is bound, through the connection that binds it.
 *  3. An error goes to the client as it was set: the engine carries only the text that stands for it.
 * Threads: the engine's workers, several at once.
 */
#include <stdio.h>
#include <string.h>

#include "exec/internal.h"

enum { LAST_BUILTIN_OID = 16383, MAX_ARENA = 1 << 20, CANCEL_ROWS = 256 };

typedef struct ScalarFunction {
    Engine *engine;
    FuncImpl impl;
    Oid proc;
    bool strict, varargs;
    int nargs;
    FdwType *args, result; /* with varargs: args[nargs - 1] is every further one's */
} ScalarFunction;

static void *same_data(void *data)
{
    return data;
}

static void bind(duckdb_bind_info info)
{
    const ScalarFunction *function = duckdb_scalar_function_bind_get_extra_info(info);
    duckdb_client_context context;
    duckdb_scalar_function_get_client_context(info, &context);
    Execution *execution = engine_find_execution(function->engine, context);
    if (!execution) {
        duckdb_scalar_function_bind_set_error(info, "no execution");
        return;
    }
    duckdb_scalar_function_set_bind_data(info, execution, NULL);
    duckdb_scalar_function_set_bind_data_copy(info, same_data);
}

/* One chunk of calls. */
typedef struct Calls {
    const ScalarFunction *function;
    Execution *execution;
    FdwVector *inputs, output;
    VectorOwner owner;
    Value *values, result;
    FuncCall call;
    Arena *arena; /* reset now and then */
    Error error;
} Calls;

static const FdwType *arg_type(const ScalarFunction *function, size_t index)
{
    size_t last = (size_t)function->nargs - 1;
    return &function->args[index < last ? index : last];
}

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
        calls->inputs[i] = (FdwVector){.type = *arg_type(function, i), .data = duckdb_vector_get_data(vector), .validity = validity};
        types[i] = calls->inputs[i].type.oid;
    }
    calls->owner.vector = output;
    calls->output = (FdwVector){.type = function->result, .data = duckdb_vector_get_data(output), .owner = &calls->owner};
    calls->arena = arena_open(arena);
    error_init(&calls->error, arena);
    calls->call = (FuncCall){.context = calls->execution->request.functions,
                             .arena = calls->arena,
                             .proc = function->proc,
                             .return_type = function->result.oid,
                             .arg_types = types,
                             .args = calls->values,
                             .nargs = (int)nargs,
                             .result = &calls->result,
                             .error = &calls->error};
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

static bool run_row(Calls *calls, size_t row)
{
    calls->result = (Value){.is_null = true, .physical = calls->function->result.physical, .scale = calls->function->result.scale};
    if (read_args(calls, row) && !calls->function->impl(&calls->call))
        return false;
    if (calls->result.is_null)
        put_null(calls, row);
    else
        type_vector_set(&calls->output, row, &calls->result, batch_set_string);
    return true;
}

static bool run_rows(Calls *calls, size_t count)
{
    for (size_t row = 0; row < count; row++) {
        if (row % CANCEL_ROWS == 0 && execution_cancelled(calls->execution))
            return error_set(&calls->error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
        if (!run_row(calls, row))
            return false;
        if (arena_size(calls->arena) > MAX_ARENA)
            arena_reset(calls->arena);
    }
    return true;
}

static void run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    Calls calls = {.function = duckdb_scalar_function_get_extra_info(info), .execution = duckdb_scalar_function_get_bind_data(info)};
    Arena *arena = arena_open(NULL);
    set_up(&calls, arena, input, output);
    if (!run_rows(&calls, duckdb_data_chunk_get_size(input))) {
        char text[64];
        execution_keep_error(calls.execution, &calls.error, text, sizeof text);
        duckdb_scalar_function_set_error(info, text);
    }
    arena_close(arena);
}

/* ---- registration ---- */

static void add_parameters(duckdb_scalar_function handle, const ScalarFunction *function)
{
    for (int i = 0; i < function->nargs; i++) {
        duckdb_logical_type type = layout_logical_type(&function->args[i]);
        if (function->varargs && i == function->nargs - 1)
            duckdb_scalar_function_set_varargs(handle, type);
        else
            duckdb_scalar_function_add_parameter(handle, type);
        duckdb_destroy_logical_type(&type);
    }
}

static bool register_function(duckdb_connection connection, ScalarFunction *function, const char *name, bool is_volatile, Error *error)
{
    duckdb_scalar_function handle = duckdb_create_scalar_function();
    duckdb_scalar_function_set_name(handle, name);
    add_parameters(handle, function);
    duckdb_logical_type result = layout_logical_type(&function->result);
    duckdb_scalar_function_set_return_type(handle, result);
    duckdb_destroy_logical_type(&result);
    if (!function->strict)
        duckdb_scalar_function_set_special_handling(handle);
    if (is_volatile)
        duckdb_scalar_function_set_volatile(handle);
    duckdb_scalar_function_set_extra_info(handle, function, NULL);
    duckdb_scalar_function_set_bind(handle, bind);
    duckdb_scalar_function_set_function(handle, run);
    duckdb_state state = duckdb_register_scalar_function(connection, handle);
    duckdb_destroy_scalar_function(&handle);
    return state == DuckDBSuccess || error_set(error, ERRCODE_INTERNAL_ERROR, "could not register %s with the local engine", name);
}

static bool register_proc(Engine *engine, duckdb_connection connection, const CatProc *proc, FuncImpl impl, Arena *arena, Error *error)
{
    ScalarFunction *function = ARENA_NEW(arena, ScalarFunction);
    *function = (ScalarFunction){.engine = engine,
                                 .impl = impl,
                                 .proc = proc->oid,
                                 .strict = proc->strict,
                                 .varargs = proc->variadic == TYPE_ANY,
                                 .nargs = proc->nargs,
                                 .args = ARENA_ARRAY(arena, FdwType, proc->nargs),
                                 .result = type_layout(proc->return_type, -1)};
    for (int i = 0; i < proc->nargs; i++)
        function->args[i] = type_layout(proc->arg_types[i], -1);
    const char *name = arena_printf(arena, "mdl_%s_%u", proc->name, proc->oid);
    return register_function(connection, function, name, proc->volatility == 'v', error);
}

bool scalar_register_all(Engine *engine, duckdb_connection connection, Catalog *catalog, Arena *arena, Error *error)
{
    for (Oid oid = 1; oid <= LAST_BUILTIN_OID; oid++) {
        FuncImpl impl = func_find(oid);
        const CatProc *proc = impl ? catalog_proc(catalog, oid) : NULL;
        if (proc && !proc->returns_set && !register_proc(engine, connection, proc, impl, arena, error))
            return false;
    }
    return true;
}
