/*
 * routine_function.c - users' functions as scalar functions of the local engine.
 *
 * mdl_call_<layout>('<proc> <result> <types of arguments>', arguments) gives the value, one function a layout of results; mdl_call_rows
 * the list of rows, each an array's text of its columns; mdl_call_set the list of values. 's<number>' in the place of <proc>: the plan's
 * subplan of that number is run, its arguments are the parameters.
 *
 * Invariants:
 *  1. They are volatile to the engine: called once a row that needs them, never while a query is prepared.
 *  2. Strictness is applied here: a strict function is not called with a NULL.
 *  3. Only plans in ENGINE_SERIAL call them, where the thread that runs them is the session's own; what was kept of an initplan
 *     (initplan.c) any thread reads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/internal.h"

typedef struct RoutineFunction {
    Database *database;
    FuncRoutineForm form;
    FdwPhysical physical;
} RoutineFunction;

typedef struct Answer {
    const char *const **rows;
    size_t nrows;
    int ncolumns;
    const Error *error; /* NULL: it did not fail */
} Answer;

/* What a subplan gave, by what it was given: as long as the execution lasts, up to MOST_REMEMBERED bytes. */
struct SubplanMemory {
    Arena *arena;
    Map *answers;       /* Answer */
    const Answer *kept; /* an initplan's, to all calls; NULL: there is none yet */
    size_t bytes;
};

/* One chunk of calls. */
typedef struct Calls {
    const RoutineFunction *function;
    SubplanMemory *memory; /* NULL: each row is a call of its own */
    Execution *execution;
    ArenaBound room;
    size_t given; /* bytes in the output */
    FuncRoutineCall call;
    bool strict;
    FdwVector *inputs, output;
    VectorOwner owner;
    Arena *arena; /* of one row */
    Error error;
} Calls;

/* ---- what subplans gave ---- */

enum { MOST_REMEMBERED = 8 * 1024 * 1024 };

static SubplanMemory *memory_of(Execution *execution, size_t number)
{
    const Plan *plan = execution->request.plan;
    if (!execution->memories)
        execution->memories = ARENA_ARRAY(execution->arena, SubplanMemory, plan->nsubplans);
    SubplanMemory *memory = &execution->memories[number];
    if (!memory->arena) {
        memory->arena = arena_open(execution->arena);
        memory->answers = map_open(memory->arena);
    }
    return memory;
}

/* The arguments as one key: of each its length, or that it is NULL, and its bytes. */
static Str key_of(const Calls *calls)
{
    Str key;
    str_init(&key, calls->arena);
    for (int i = 0; i < calls->call.nargs; i++) {
        const char *arg = calls->call.args[i];
        size_t length = arg ? strlen(arg) : SIZE_MAX;
        str_addn(&key, (const char *)&length, sizeof length);
        str_addn(&key, arg ? arg : "", arg ? length : 0);
    }
    return key;
}

static size_t bytes_of(const Str *key, const FuncRoutineCall *call)
{
    size_t bytes = key->len + sizeof *call + call->nrows * sizeof *call->rows;
    for (size_t i = 0; i < call->nrows; i++)
        for (int k = 0; k < call->ncolumns; k++)
            bytes += sizeof **call->rows + (call->rows[i][k] ? strlen(call->rows[i][k]) : 0);
    return bytes;
}

/* A copy; NULL: there is no room for it. */
static Answer *answer_of(SubplanMemory *memory, const Str *key, const FuncRoutineCall *call)
{
    size_t bytes = bytes_of(key, call);
    if (bytes > MOST_REMEMBERED - memory->bytes)
        return NULL;
    memory->bytes += bytes;
    const char *const **rows = ARENA_ARRAY(memory->arena, const char *const *, call->nrows + 1);
    for (size_t i = 0; i < call->nrows; i++) {
        const char **row = ARENA_ARRAY(memory->arena, const char *, call->ncolumns + 1);
        for (int k = 0; k < call->ncolumns; k++)
            row[k] = arena_strdup(memory->arena, call->rows[i][k]);
        rows[i] = row;
    }
    Answer *answer = ARENA_NEW(memory->arena, Answer);
    *answer = (Answer){.rows = rows, .nrows = call->nrows, .ncolumns = call->ncolumns};
    return answer;
}

bool routine_keep_answer(Execution *execution, int number, const FuncRoutineCall *call, const Error *error)
{
    SubplanMemory *memory = memory_of(execution, (size_t)number);
    Answer *answer = answer_of(memory, &(Str){0}, call);
    if (answer && error) {
        Error *kept = ARENA_NEW(memory->arena, Error);
        error_init(kept, memory->arena);
        error_copy(kept, error);
        answer->error = kept;
    }
    memory->kept = answer;
    return answer != NULL;
}

static bool give_answer(Calls *calls, const Answer *answer)
{
    if (answer->error)
        return error_copy(&calls->error, answer->error);
    calls->call.rows = answer->rows;
    calls->call.nrows = answer->nrows;
    calls->call.ncolumns = answer->ncolumns;
    return true;
}

static bool call_subplan(Calls *calls)
{
    const FuncContext *functions = calls->execution->request.functions;
    SubplanMemory *memory = calls->memory;
    Str key = key_of(calls);
    const Answer *known = map_get(memory->answers, key.data ? key.data : "", key.len);
    if (known)
        return give_answer(calls, known);
    if (!functions->call_routine(functions, &calls->call, calls->arena, &calls->error))
        return false;
    Answer *answer = answer_of(memory, &key, &calls->call);
    if (answer)
        map_put(memory->answers, key.data ? key.data : "", key.len, answer);
    return true;
}

/* ---- calls ---- */

/* The numbers of the first argument. */
static void read_description(Calls *calls, Arena *arena, duckdb_vector first, int nargs)
{
    FdwVector vector = {.type = type_layout(TYPE_TEXT, -1), .data = duckdb_vector_get_data(first), .validity = batch_all_valid()};
    Value value = type_vector_get(&vector, 0);
    const char *at = arena_strndup(arena, value.s.ptr, value.s.len);
    char *end;
    Oid *types = ARENA_ARRAY(arena, Oid, nargs + 1);
    bool is_subplan = *at == 's';
    size_t whose = strtoul(at + is_subplan, &end, 10);
    calls->call = (FuncRoutineCall){.form = calls->function->form, .nargs = nargs, .types = types};
    if (is_subplan) {
        calls->call.subplan = &calls->execution->request.plan->subplans[whose - 1];
        calls->memory = calls->call.subplan->is_volatile ? NULL : memory_of(calls->execution, whose - 1);
    } else {
        calls->call.proc = (Oid)whose;
    }
    calls->call.result_type = (Oid)strtoul(end, &end, 10);
    for (int i = 0; i < nargs; i++)
        types[i] = (Oid)strtoul(end, &end, 10);
    const CatProc *proc = is_subplan ? NULL : catalog_proc(calls->execution->request.functions->catalog, calls->call.proc);
    calls->strict = proc && proc->strict;
}

static bool set_up(Calls *calls, Arena *arena, duckdb_data_chunk input, duckdb_vector output)
{
    int nargs = (int)duckdb_data_chunk_get_column_count(input) - 1;
    read_description(calls, arena, duckdb_data_chunk_get_vector(input, 0), nargs);
    calls->inputs = ARENA_ARRAY(arena, FdwVector, nargs + 1);
    for (int i = 0; i < nargs; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(input, (idx_t)i + 1);
        duckdb_logical_type type = duckdb_vector_get_column_type(vector);
        uint64_t *validity = duckdb_vector_get_validity(vector);
        FdwVector *in = &calls->inputs[i];
        *in = (FdwVector){.data = duckdb_vector_get_data(vector), .validity = validity ? validity : batch_all_valid()};
        bool known = layout_from_logical_type(type, calls->call.types[i], -1, &in->type);
        duckdb_destroy_logical_type(&type);
        if (!known)
            return error_set(&calls->error, ERRCODE_INTERNAL_ERROR, "argument %d has a type of the engine that is not known", i + 1);
    }
    calls->owner.vector = output;
    FdwType type = type_layout(calls->call.result_type, -1);
    type.physical = calls->function->physical;
    calls->output = (FdwVector){.type = type, .data = duckdb_vector_get_data(output), .owner = &calls->owner};
    return true;
}

/* The arguments as canonical texts. *any_null: one is NULL. */
static bool read_args(Calls *calls, size_t row, bool *any_null)
{
    const char **args = ARENA_ARRAY(calls->arena, const char *, calls->call.nargs + 1);
    *any_null = false;
    for (int i = 0; i < calls->call.nargs; i++) {
        const FdwVector *vector = &calls->inputs[i];
        if (!(vector->validity[row / 64] >> (row % 64) & 1)) {
            *any_null = true;
            continue;
        }
        Value value = type_vector_get(vector, row);
        Str text;
        str_init(&text, calls->arena);
        if (value.physical == FDW_STRING)
            str_addn(&text, value.s.ptr, value.s.len);
        else if (!type_output(calls->call.types[i], &value, &TYPE_CONTEXT_CANONICAL, &text, &calls->error))
            return false;
        args[i] = text.data ? text.data : "";
    }
    calls->call.args = args;
    return true;
}

static bool put_value(Calls *calls, size_t row)
{
    const char *text = calls->call.nrows ? calls->call.rows[0][0] : NULL;
    Value value;
    if (!text) {
        if (!calls->output.validity) {
            duckdb_vector_ensure_validity_writable(calls->owner.vector);
            calls->output.validity = duckdb_vector_get_validity(calls->owner.vector);
        }
        fdw_set_null(&calls->output, row);
        return true;
    }
    if (calls->function->physical == FDW_STRING) {
        batch_set_string(&calls->output, row, text, strlen(text));
        calls->given += strlen(text);
        return true;
    }
    if (!type_input(calls->call.result_type, -1, text, strlen(text), &TYPE_CONTEXT_CANONICAL, calls->arena, &value, &calls->error))
        return false;
    type_vector_set(&calls->output, row, &value, batch_set_string);
    return true;
}

/* The columns of one row as an array's text. */
static const char *row_as_array(Calls *calls, const char *const *cells)
{
    ArrayElement *elements = ARENA_ARRAY(calls->arena, ArrayElement, calls->call.ncolumns + 1);
    for (int i = 0; i < calls->call.ncolumns; i++)
        elements[i] = (ArrayElement){cells[i], cells[i] ? strlen(cells[i]) : 0};
    Str text;
    str_init(&text, calls->arena);
    type_array_write(elements, (size_t)calls->call.ncolumns, &text);
    return text.data;
}

static void put_list(Calls *calls, size_t row)
{
    duckdb_vector list = calls->owner.vector;
    idx_t size = duckdb_list_vector_get_size(list), count = calls->call.nrows;
    duckdb_list_vector_reserve(list, size + count);
    duckdb_list_vector_set_size(list, size + count);
    ((duckdb_list_entry *)duckdb_vector_get_data(list))[row] = (duckdb_list_entry){.offset = size, .length = count};
    duckdb_vector child = duckdb_list_vector_get_child(list);
    for (size_t i = 0; i < count; i++) {
        const char *const *cells = calls->call.rows[i];
        const char *text = calls->function->form == FUNC_ROUTINE_ROWS ? row_as_array(calls, cells) : cells[0];
        if (text) {
            duckdb_vector_assign_string_element_len(child, size + i, text, strlen(text));
            calls->given += sizeof(FdwString) + strlen(text);
        } else {
            duckdb_vector_ensure_validity_writable(child);
            duckdb_validity_set_row_invalid(duckdb_vector_get_validity(child), size + i);
        }
    }
}

static bool run_row(Calls *calls, size_t row)
{
    const FuncContext *functions = calls->execution->request.functions;
    const Answer *kept = calls->memory ? calls->memory->kept : NULL;
    bool any_null = false;
    calls->call.nrows = 0;
    if (!kept && !read_args(calls, row, &any_null))
        return false;
    bool is_called = !(any_null && calls->strict);
    bool done = !is_called || (kept            ? give_answer(calls, kept)
                               : calls->memory ? call_subplan(calls)
                                               : functions->call_routine(functions, &calls->call, calls->arena, &calls->error));
    if (!func_is_whole(functions, &calls->room, &calls->error) || !done)
        return false;
    if (calls->function->form == FUNC_ROUTINE_VALUE)
        return put_value(calls, row);
    put_list(calls, row);
    return true;
}

/* It is for all rows what it is for the first. */
static bool is_same_for_all(const Calls *calls)
{
    return calls->call.subplan && calls->call.subplan->is_initplan;
}

/* The first row's value becomes that of all. */
static void spread(duckdb_vector output, size_t count)
{
    duckdb_selection_vector first = duckdb_create_selection_vector(count);
    memset(duckdb_selection_vector_get_data_ptr(first), 0, count * sizeof(sel_t));
    duckdb_slice_vector(output, first, count);
    duckdb_destroy_selection_vector(first);
}

static bool run_rows(Calls *calls, size_t count)
{
    if (!calls->execution->request.functions->call_routine)
        return error_unsupported(&calls->error, "a call of a user's function is not supported here");
    for (size_t row = 0; row < (is_same_for_all(calls) ? 1 : count); row++) {
        if (!execution_goes_on(calls->execution, &calls->error))
            return false;
        if (!run_row(calls, row))
            return false;
        arena_reset(calls->arena);
        calls->room.used = calls->given;
    }
    return true;
}

static void run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    ValueCall *bound = duckdb_scalar_function_get_bind_data(info);
    Calls calls = {.function = duckdb_scalar_function_get_extra_info(info), .execution = bound->execution};
    size_t count = duckdb_data_chunk_get_size(input);
    if (!count)
        return;
    Arena *arena = arena_open(NULL);
    calls.arena = arena_open(arena);
    calls.room.most = value_call_room(bound);
    arena_set_bound(calls.arena, &calls.room);
    error_init(&calls.error, arena);
    bool done = set_up(&calls, arena, input, output) && run_rows(&calls, count);
    if (done && count > 1 && is_same_for_all(&calls))
        spread(output, count);
    value_call_end(bound, info, calls.given, done ? NULL : &calls.error);
    arena_close(arena);
}

/* ---- registration ---- */

static duckdb_logical_type result_type(const RoutineFunction *function)
{
    FdwType layout = {.physical = function->physical};
    duckdb_logical_type type = layout_logical_type(&layout);
    if (function->form == FUNC_ROUTINE_VALUE)
        return type;
    duckdb_logical_type list = duckdb_create_list_type(type);
    duckdb_destroy_logical_type(&type);
    return list;
}

static bool register_one(duckdb_connection connection, RoutineFunction *function, const char *name, Error *error)
{
    duckdb_scalar_function handle = duckdb_create_scalar_function();
    duckdb_logical_type any = duckdb_create_logical_type(DUCKDB_TYPE_ANY), result = result_type(function);
    duckdb_scalar_function_set_varargs(handle, any);
    duckdb_scalar_function_set_return_type(handle, result);
    duckdb_destroy_logical_type(&any);
    duckdb_destroy_logical_type(&result);
    duckdb_scalar_function_set_special_handling(handle);
    duckdb_scalar_function_set_volatile(handle);
    return value_function_register(connection, handle, name, function, run, error);
}

bool routine_function_register(Database *database, duckdb_connection connection, Arena *arena, Error *error)
{
    enum { LAYOUTS = FDW_UUID + 1 };
    RoutineFunction *functions = ARENA_ARRAY(arena, RoutineFunction, LAYOUTS + 2);
    for (int i = 0; i < LAYOUTS; i++) {
        functions[i] = (RoutineFunction){.database = database, .form = FUNC_ROUTINE_VALUE, .physical = (FdwPhysical)i};
        if (i != FDW_DECIMAL && !register_one(connection, &functions[i], arena_printf(arena, "mdl_call_%d", i), error))
            return false;
    }
    functions[LAYOUTS] = (RoutineFunction){.database = database, .form = FUNC_ROUTINE_ROWS, .physical = FDW_STRING};
    functions[LAYOUTS + 1] = (RoutineFunction){.database = database, .form = FUNC_ROUTINE_SET, .physical = FDW_STRING};
    return register_one(connection, &functions[LAYOUTS], "mdl_call_rows", error) &&
           register_one(connection, &functions[LAYOUTS + 1], "mdl_call_set", error);
}
