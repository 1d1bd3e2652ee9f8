/*
 * text_join.c - mdl_cat, mdl_cat_bytes, mdl_concat and mdl_concat_ws: what the engine's ||, concat and concat_ws do to texts, held to the
 * bounds of values.
 *
 * Invariants:
 *  1. A result has at most STR_MOST_BYTES, and what a chunk of them takes is the execution's, as other functions' values are (scalar.c).
 * Threads: the engine's workers, several at once.
 */
#include <stdlib.h>
#include <string.h>

#include "exec/internal.h"

/* What is in front of each text but the first, and what a NULL does. */
typedef enum JoinKind { JOIN_OPERATOR, JOIN_CONCAT, JOIN_SEPARATED } JoinKind;

typedef struct JoinFunction {
    Database *database;
    JoinKind kind;
} JoinFunction;

static const struct {
    const char *name;
    JoinKind kind;
    duckdb_type type;
} FUNCTIONS[] = {
    {"mdl_cat", JOIN_OPERATOR, DUCKDB_TYPE_VARCHAR},
    {"mdl_cat_bytes", JOIN_OPERATOR, DUCKDB_TYPE_BLOB},
    {"mdl_concat", JOIN_CONCAT, DUCKDB_TYPE_VARCHAR},
    {"mdl_concat_ws", JOIN_SEPARATED, DUCKDB_TYPE_VARCHAR},
};

typedef struct Text {
    const char *ptr;
    size_t len;
} Text;

/* One chunk. */
typedef struct Join {
    JoinKind kind;
    size_t nargs;
    FdwString **texts;
    uint64_t **validity;
    Text *parts; /* of one row */
    size_t nparts, len;
    char *joined;
    size_t cap, given;
} Join;

static bool is_null(const Join *join, size_t arg, size_t row)
{
    return join->validity[arg] && !(join->validity[arg][row / 64] >> (row % 64) & 1);
}

static Text text_at(const Join *join, size_t arg, size_t row)
{
    const FdwString *text = &join->texts[arg][row];
    return (Text){text->length <= sizeof text->u.inlined ? text->u.inlined : text->u.at.pointer, text->length};
}

static void add_part(Join *join, Text text)
{
    join->parts[join->nparts++] = text;
    join->len += text.len;
}

/* false: the row is NULL. */
static bool collect(Join *join, size_t row)
{
    bool is_separated = join->kind == JOIN_SEPARATED;
    join->nparts = join->len = 0;
    if (is_separated && is_null(join, 0, row))
        return false;
    for (size_t i = is_separated; i < join->nargs; i++) {
        if (is_null(join, i, row)) {
            if (join->kind == JOIN_OPERATOR)
                return false;
            continue;
        }
        if (is_separated && join->nparts)
            add_part(join, text_at(join, 0, row));
        add_part(join, text_at(join, i, row));
    }
    return true;
}

static bool check_length(const Join *join, Error *error)
{
    if (join->len <= STR_MOST_BYTES)
        return true;
    if (join->kind == JOIN_OPERATOR)
        return error_set(error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "invalid memory alloc request size %zu", join->len + sizeof(int32_t));
    ArenaBound over = {.is_over = true};
    for (size_t i = 0; over.len + over.more <= STR_MOST_BYTES; i++) {
        over.len += over.more;
        over.more = join->parts[i].len;
    }
    return func_is_whole(NULL, &over, error);
}

static void put(Join *join, duckdb_vector output, size_t row)
{
    if (!join->len) {
        duckdb_vector_assign_string_element_len(output, row, "", 0);
        return;
    }
    if (join->len > join->cap) {
        free(join->joined);
        join->cap = join->len < STR_MOST_BYTES / 2 ? join->len * 2 : join->len;
        join->joined = malloc(join->cap);
        if (!join->joined)
            abort();
    }
    char *to = join->joined;
    for (size_t i = 0; i < join->nparts; i++) {
        memcpy(to, join->parts[i].ptr, join->parts[i].len);
        to += join->parts[i].len;
    }
    duckdb_vector_assign_string_element_len(output, row, join->joined, join->len);
}

static bool join_rows(Join *join, ValueCall *call, size_t count, duckdb_vector output, Error *error)
{
    size_t room = value_call_room(call);
    for (size_t row = 0; row < count; row++) {
        if (!execution_goes_on(call->execution, error))
            return false;
        if (!collect(join, row)) {
            duckdb_vector_ensure_validity_writable(output);
            duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
            continue;
        }
        if (!check_length(join, error))
            return false;
        if (join->given + join->len > room)
            return func_is_whole(call->execution->request.functions, &(ArenaBound){.is_over = true}, error);
        put(join, output, row);
        join->given += join->len;
    }
    return true;
}

static void run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    const JoinFunction *function = duckdb_scalar_function_get_extra_info(info);
    ValueCall *call = duckdb_scalar_function_get_bind_data(info);
    Arena *arena = arena_open(NULL);
    Join join = {.kind = function->kind, .nargs = duckdb_data_chunk_get_column_count(input)};
    join.texts = ARENA_ARRAY(arena, FdwString *, join.nargs);
    join.validity = ARENA_ARRAY(arena, uint64_t *, join.nargs);
    join.parts = ARENA_ARRAY(arena, Text, 2 * join.nargs);
    for (size_t i = 0; i < join.nargs; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(input, i);
        join.texts[i] = duckdb_vector_get_data(vector);
        join.validity[i] = duckdb_vector_get_validity(vector);
    }
    Error error;
    error_init(&error, arena);
    bool done = join_rows(&join, call, duckdb_data_chunk_get_size(input), output, &error);
    value_call_end(call, info, join.given, done ? NULL : &error);
    free(join.joined);
    arena_close(arena);
}

static bool register_one(duckdb_connection connection, JoinFunction *function, const char *name, duckdb_type type, Error *error)
{
    duckdb_scalar_function handle = duckdb_create_scalar_function();
    duckdb_logical_type text = duckdb_create_logical_type(type);
    duckdb_scalar_function_add_parameter(handle, text);
    if (function->kind == JOIN_CONCAT)
        duckdb_scalar_function_set_varargs(handle, text);
    else
        duckdb_scalar_function_add_parameter(handle, text);
    if (function->kind == JOIN_SEPARATED)
        duckdb_scalar_function_set_varargs(handle, text);
    if (function->kind != JOIN_OPERATOR)
        duckdb_scalar_function_set_special_handling(handle);
    duckdb_scalar_function_set_return_type(handle, text);
    duckdb_destroy_logical_type(&text);
    return value_function_register(connection, handle, name, function, run, error);
}

bool text_join_register_all(Database *database, duckdb_connection connection, Arena *arena, Error *error)
{
    for (size_t i = 0; i < COUNT_OF(FUNCTIONS); i++) {
        JoinFunction *function = ARENA_NEW(arena, JoinFunction);
        *function = (JoinFunction){database, FUNCTIONS[i].kind};
        if (!register_one(connection, function, FUNCTIONS[i].name, FUNCTIONS[i].type, error))
            return false;
    }
    return true;
}
