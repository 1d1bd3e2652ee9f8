/*
 * catalog_function.c - the functions of src/func as functions of the catalog's SQLite: mdl_<proname>_<oid>, its helpers mdl_<name>, and
 * what the sqlite dialect needs beyond them (mdl_one, mdl_array_agg, mdl_json, mdl_series).
 *
 * Invariants:
 *  1. Values come and go in the catalog's forms: integers and booleans as integers, all else as canonical text.
 *  2. Functions over types that the catalog does not keep so are not there; the printer asks for none of them (catalog_takes_type).
 *  3. Whoever steps a statement that calls them has said in whose name: *context is that FuncContext at each call.
 * Threads: SQLite serialises the calls on a connection.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "exec/leaf.h"

enum { MOST_SERIES = 10000000 };

typedef struct SqliteFunction {
    const void *const *context;
    FuncImpl impl;
    Oid proc;
    bool strict, ascii;
    int nargs;
    const Oid *arg_types;
    FdwType *args, result;
} SqliteFunction;

/* An error on its way through SQLite, which carries but one text (db_error takes it apart). */
static void fail(sqlite3_context *at, const Error *error)
{
    Arena *arena = arena_open(NULL);
    const char *text = catalog_error_text(error, arena);
    sqlite3_result_error(at, text, -1);
    arena_close(arena);
}

static bool is_kept(Oid type)
{
    switch (type_layout(type, -1).physical) {
    case FDW_BOOL:
    case FDW_INT16:
    case FDW_INT32:
    case FDW_INT64:
    case FDW_UINT32:
    case FDW_FLOAT:
    case FDW_DOUBLE:
    case FDW_STRING:
        return true;
    default:
        return false;
    }
}

static Value value_of(sqlite3_value *cell, const FdwType *type)
{
    Value value = {.physical = type->physical, .scale = type->scale};
    if (type->physical == FDW_BOOL) {
        value.b = sqlite3_value_int(cell) != 0;
    } else if (type->physical == FDW_FLOAT || type->physical == FDW_DOUBLE) {
        value.f = sqlite3_value_double(cell);
    } else if (type->physical == FDW_STRING) {
        value.s.ptr = (const char *)sqlite3_value_text(cell);
        value.s.len = (size_t)sqlite3_value_bytes(cell);
    } else {
        value.i = sqlite3_value_int64(cell);
    }
    return value;
}

static void give(sqlite3_context *at, const Value *value, const FdwType *type)
{
    if (value->is_null)
        sqlite3_result_null(at);
    else if (type->physical == FDW_BOOL)
        sqlite3_result_int(at, value->b);
    else if (type->physical == FDW_FLOAT || type->physical == FDW_DOUBLE)
        sqlite3_result_double(at, value->f);
    else if (type->physical == FDW_STRING)
        sqlite3_result_text64(at, value->s.ptr, value->s.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    else
        sqlite3_result_int64(at, value->i);
}

static void call(sqlite3_context *at, int nargs, sqlite3_value **cells)
{
    const SqliteFunction *function = sqlite3_user_data(at);
    Value args[16], result = {.is_null = true, .physical = function->result.physical, .scale = function->result.scale};
    for (int i = 0; i < nargs; i++) {
        bool is_null = sqlite3_value_type(cells[i]) == SQLITE_NULL;
        if (is_null && function->strict)
            return;
        args[i] = is_null ? (Value){.is_null = true, .physical = function->args[i].physical} : value_of(cells[i], &function->args[i]);
    }
    Arena *arena = arena_open(NULL), *work = arena_open(arena);
    Error error;
    error_init(&error, arena);
    const FuncContext *context = *function->context;
    ArenaBound bound = func_bound(context);
    arena_set_bound(work, &bound);
    FuncCall made = {.context = context,
                     .arena = work,
                     .proc = function->proc,
                     .return_type = function->result.oid,
                     .arg_types = function->arg_types,
                     .args = args,
                     .nargs = nargs,
                     .result = &result,
                     .ascii = function->ascii,
                     .error = &error};
    bool done = function->impl(&made);
    if (func_is_whole(context, &bound, &error) && done)
        give(at, &result, &function->result);
    else
        fail(at, &error);
    arena_close(arena);
}

/* ---- beyond functions: rows as lists, lists as rows ---- */

/* The elements of an array's text as JSON, for json_each. */
static void json(sqlite3_context *at, int nargs, sqlite3_value **cells)
{
    if (sqlite3_value_type(cells[0]) == SQLITE_NULL)
        return;
    Arena *arena = arena_open(NULL);
    Error error;
    Str out;
    error_init(&error, arena);
    str_init(&out, arena);
    ArrayElement *elements;
    size_t count;
    int ndim;
    const char *text = (const char *)sqlite3_value_text(cells[0]);
    if (!type_array_parse(text, (size_t)sqlite3_value_bytes(cells[0]), arena, &elements, &count, &ndim, &error)) {
        fail(at, &error);
        arena_close(arena);
        return;
    }
    str_addc(&out, '[');
    for (size_t i = 0; i < count; i++) {
        str_add(&out, i ? "," : "");
        if (!elements[i].text) {
            str_add(&out, "null");
            continue;
        }
        str_addc(&out, '"');
        for (size_t k = 0; k < elements[i].len; k++) {
            unsigned char c = (unsigned char)elements[i].text[k];
            if (c == '"' || c == '\\' || c < ' ')
                str_addf(&out, "\\u%04x", c);
            else
                str_addc(&out, (char)c);
        }
        str_addc(&out, '"');
    }
    str_addc(&out, ']');
    sqlite3_result_text64(at, out.data, out.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    arena_close(arena);
}

/* The integers from the first argument to the second as JSON. */
static void series(sqlite3_context *at, int nargs, sqlite3_value **cells)
{
    if (sqlite3_value_type(cells[0]) == SQLITE_NULL || sqlite3_value_type(cells[1]) == SQLITE_NULL)
        return;
    int64_t first = sqlite3_value_int64(cells[0]), last = sqlite3_value_int64(cells[1]);
    Arena *arena = arena_open(NULL);
    Error error;
    Str out;
    error_init(&error, arena);
    str_init(&out, arena);
    if (last >= first && (uint64_t)last - (uint64_t)first >= MOST_SERIES) {
        error_set(&error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "a series over the system catalogs has more than %d values", MOST_SERIES);
        fail(at, &error);
        arena_close(arena);
        return;
    }
    str_addc(&out, '[');
    for (int64_t i = first; i <= last; i++)
        str_addf(&out, "%s%lld", i > first ? "," : "", (long long)i);
    str_addc(&out, ']');
    sqlite3_result_text64(at, out.data, out.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    arena_close(arena);
}

/* The one value of a scalar subquery. */
typedef struct One {
    sqlite3_value *value;
    bool failed;
} One;

static void one_step(sqlite3_context *at, int nargs, sqlite3_value **cells)
{
    One *one = sqlite3_aggregate_context(at, sizeof *one);
    if (!one)
        return;
    if (!one->value) {
        one->value = sqlite3_value_dup(cells[0]);
        return;
    }
    one->failed = true;
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    error_set(&error, ERRCODE_CARDINALITY_VIOLATION, "more than one row returned by a subquery used as an expression");
    fail(at, &error);
    arena_close(arena);
}

static void one_final(sqlite3_context *at)
{
    One *one = sqlite3_aggregate_context(at, 0);
    if (one && one->value && !one->failed)
        sqlite3_result_value(at, one->value);
    if (one)
        sqlite3_value_free(one->value);
}

typedef struct Gathered {
    Arena *arena;
    VEC(ArrayElement) elements;
} Gathered;

static void array_step(sqlite3_context *at, int nargs, sqlite3_value **cells)
{
    Gathered *gathered = sqlite3_aggregate_context(at, sizeof *gathered);
    if (!gathered)
        return;
    if (!gathered->arena)
        gathered->arena = arena_open(NULL);
    ArrayElement element = {0};
    if (sqlite3_value_type(cells[0]) != SQLITE_NULL) {
        const char *text = (const char *)sqlite3_value_text(cells[0]);
        element.len = (size_t)sqlite3_value_bytes(cells[0]);
        element.text = arena_strndup(gathered->arena, text, element.len);
    }
    vec_push(gathered->arena, &gathered->elements, element);
}

static void array_final(sqlite3_context *at)
{
    Gathered *gathered = sqlite3_aggregate_context(at, 0);
    if (!gathered || !gathered->arena) {
        sqlite3_result_text(at, "{}", 2, SQLITE_STATIC);
        return;
    }
    Str out;
    str_init(&out, gathered->arena);
    type_array_write(gathered->elements.items, gathered->elements.count, &out);
    sqlite3_result_text64(at, out.data, out.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    arena_close(gathered->arena);
}

/* ---- installation ---- */

static bool install_one(sqlite3 *handle, const char *name, const SqliteFunction *made, bool is_volatile, Arena *arena)
{
    if (made->nargs > 16 || !is_kept(made->result.oid))
        return true;
    SqliteFunction *function = ARENA_NEW(arena, SqliteFunction);
    *function = *made;
    function->args = ARENA_ARRAY(arena, FdwType, made->nargs + 1);
    for (int i = 0; i < made->nargs; i++) {
        if (!is_kept(made->arg_types[i]))
            return true;
        function->args[i] = type_layout(made->arg_types[i], -1);
    }
    int flags = SQLITE_UTF8 | (is_volatile ? 0 : SQLITE_DETERMINISTIC);
    return sqlite3_create_function_v2(handle, name, made->nargs, flags, function, call, NULL, NULL, NULL) == SQLITE_OK;
}

static bool install(sqlite3 *handle, const void *const *context, Arena *arena)
{
    FuncEntry *entries;
    const FuncHelper *helpers;
    bool ok = true;
    size_t count = func_list(arena, &entries);
    for (size_t i = 0; i < count && ok; i++) {
        const FuncFact *fact = entries[i].fact;
        SqliteFunction function = {context,     entries[i].impl, fact->proc, fact->strict, entries[i].ascii,
                                   fact->nargs, fact->arg_types, NULL,       {0}};
        const char *name = arena_printf(arena, "mdl_%s_%u%s", fact->name, fact->proc, function.ascii ? "_c" : "");
        function.result = type_layout(fact->return_type, -1);
        if (entries[i].is_scalar && !fact->returns_set)
            ok = install_one(handle, name, &function, fact->volatility == 'v', arena);
    }
    count = func_helpers(&helpers);
    for (size_t i = 0; i < count && ok; i++) {
        SqliteFunction function = {
            context, helpers[i].impl, helpers[i].proc, helpers[i].strict, false, helpers[i].nargs, helpers[i].args, NULL, {0}};
        function.result = type_layout(helpers[i].result, -1);
        ok = install_one(handle, arena_printf(arena, "mdl_%s", helpers[i].name), &function, false, arena);
    }
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    return ok && sqlite3_create_function_v2(handle, "mdl_json", 1, flags, NULL, json, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_create_function_v2(handle, "mdl_series", 2, flags, NULL, series, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_create_function_v2(handle, "mdl_one", 1, flags, NULL, NULL, one_step, one_final, NULL) == SQLITE_OK &&
           sqlite3_create_function_v2(handle, "mdl_array_agg", 1, flags, NULL, NULL, array_step, array_final, NULL) == SQLITE_OK;
}

CatalogFunctions catalog_functions(const FuncContext *context)
{
    return (CatalogFunctions){.context = context, .install = install};
}
