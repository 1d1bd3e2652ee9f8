/*
 * func.c - finds functions by OID, folds constants, lists what the local engine registers.
 *
 *  1. The tables of the other files are the only place a function is named; lookup goes through one index sorted by OID, made once.
 *  2. Strictness, signatures and volatility are pg_proc's (FUNC_FACTS).
 * Any thread, several at once.
 */
#include "func/func_internal.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

static const FuncTable *const TABLES[] = {&FUNC_TABLE_NETWORK,      &FUNC_TABLE_ARRAY,     &FUNC_TABLE_BIT,
                                          &FUNC_TABLE_CATALOG,      &FUNC_TABLE_COMPARE,   &FUNC_TABLE_ENUM,
                                          &FUNC_TABLE_EXTRACT,      &FUNC_TABLE_FLOAT,     &FUNC_TABLE_FORMAT,
                                          &FUNC_TABLE_INT,          &FUNC_TABLE_ADVISORY,  &FUNC_TABLE_NUMERIC,
                                          &FUNC_TABLE_PRIVILEGE,    &FUNC_TABLE_REGEX,     &FUNC_TABLE_SESSION,
                                          &FUNC_TABLE_TEXT,         &FUNC_TABLE_TIME,      &FUNC_TABLE_INTERVAL,
                                          &FUNC_TABLE_INDEX,        &FUNC_TABLE_PARTITION, &FUNC_TABLE_ROUTINE,
                                          &FUNC_TABLE_SEQUENCE,     &FUNC_TABLE_TRIGGER,   &FUNC_TABLE_JSON_READ,
                                          &FUNC_TABLE_JSON_CHANGE,  &FUNC_TABLE_OBJECT,    &FUNC_TABLE_SIZE,
                                          &FUNC_TABLE_UPDATABLE,    &FUNC_TABLE_IDENTITY,  &FUNC_TABLE_JSONPATH,
                                          &FUNC_TABLE_JSON_ORDER,   &FUNC_TABLE_BYTEA,     &FUNC_TABLE_ARRAY_PART,
                                          &FUNC_TABLE_ENCODING,     &FUNC_TABLE_JSON_MAKE, &FUNC_TABLE_ORDER,
                                          &FUNC_TABLE_BUCKET,       &FUNC_TABLE_OVERLAPS,  &FUNC_TABLE_TIMETZ,
                                          &FUNC_TABLE_TRIGONOMETRY, &FUNC_TABLE_FDW,       &FUNC_TABLE_INDEX_PROPERTY,
                                          &FUNC_TABLE_SYSTEM,       &FUNC_TABLE_ACTIVITY,  &FUNC_TABLE_RANGE,
                                          &FUNC_TABLE_RANGE_LIST,   &FUNC_TABLE_HASH};

enum { MAX_FUNCTIONS = 2048 };

/* Written once under the flag, constant from then on. */
static pthread_once_t index_once = PTHREAD_ONCE_INIT;
static FuncRow index_rows[MAX_FUNCTIONS];
static size_t index_count;

static int compare_rows(const void *a, const void *b)
{
    Oid left = ((const FuncRow *)a)->proc, right = ((const FuncRow *)b)->proc;
    return left < right ? -1 : left > right;
}

static void make_index(void)
{
    for (size_t i = 0; i < COUNT_OF(TABLES); i++) {
        for (size_t j = 0; j < TABLES[i]->count && index_count < MAX_FUNCTIONS; j++)
            index_rows[index_count++] = TABLES[i]->rows[j];
    }
    qsort(index_rows, index_count, sizeof(FuncRow), compare_rows);
}

FuncImpl func_find(Oid proc)
{
    pthread_once(&index_once, make_index);
    FuncRow key = {.proc = proc};
    const FuncRow *row = bsearch(&key, index_rows, index_count, sizeof(FuncRow), compare_rows);
    return row ? row->impl : NULL;
}

FuncSetImpl func_find_set(Oid proc)
{
    const FuncSetTable *const tables[] = {&FUNC_SETS,          &FUNC_SETS_PARTITION, &FUNC_SETS_JSON,
                                          &FUNC_SETS_OBJECT,   &FUNC_SETS_IDENTITY,  &FUNC_SETS_JSONPATH,
                                          &FUNC_SETS_TIMEZONE, &FUNC_SETS_SYSTEM,    &FUNC_SETS_RANGE};
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (size_t i = 0; i < tables[t]->count; i++)
            if (tables[t]->rows[i].proc == proc)
                return tables[t]->rows[i].impl;
    return NULL;
}

static int compare_fact(const void *key, const void *row)
{
    Oid a = *(const Oid *)key, b = ((const FuncFact *)row)->proc;
    return a < b ? -1 : a > b;
}

const FuncFact *func_fact(Oid proc)
{
    return bsearch(&proc, FUNC_FACTS, FUNC_NFACTS, sizeof(FuncFact), compare_fact);
}

/* ---- letters ---- */

static const FuncLetters LETTERS[] = {
    {"upper", 0, 0},           {"lower", 0, 0},
    {"initcap", 0, 0},         {"texticlike", 0, 0},
    {"texticnlike", 0, 0},     {"bpchariclike", 0, 0},
    {"bpcharicnlike", 0, 0},   {"nameiclike", 0, 0},
    {"nameicnlike", 0, 0},     {"texticregexeq", 0, 0},
    {"texticregexne", 0, 0},   {"bpcharicregexeq", 0, 0},
    {"bpcharicregexne", 0, 0}, {"nameicregexeq", 0, 0},
    {"nameicregexne", 0, 0},   {"textregexeq", 1, 2},
    {"textregexne", 1, 2},     {"bpcharregexeq", 1, 2},
    {"bpcharregexne", 1, 2},   {"nameregexeq", 1, 2},
    {"nameregexne", 1, 2},     {"substring", 1, 2},
    {"regexp_match", 1, 2},    {"regexp_matches", 1, 2},
    {"regexp_replace", 1, 3},  {"regexp_split_to_array", 1, 2},
    {"regexp_like", 1, 2},     {"regexp_split_to_table", 1, 2},
    {"regexp_count", 1, 2},    {"regexp_instr", 1, 2},
    {"regexp_substr", 1, 2},
};

static bool is_text(Oid type)
{
    return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_BPCHAR || type == TYPE_NAME;
}

const FuncLetters *func_letters(Oid proc)
{
    const FuncFact *fact = func_fact(proc);
    if (!fact || !fact->nargs || !is_text(fact->arg_types[0]))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(LETTERS); i++) {
        const FuncLetters *row = &LETTERS[i];
        if (strcmp(row->name, fact->name) == 0)
            return !row->pattern || (fact->nargs > row->pattern && is_text(fact->arg_types[row->pattern])) ? row : NULL;
    }
    return NULL;
}

/* Values of these types have no one layout: the engine cannot register a function over them. */
static bool is_shapeless(Oid type)
{
    return type == TYPE_ANY || type == TYPE_ANYELEMENT || type == TYPE_ANYNONARRAY || type == TYPE_ANYENUM || type == TYPE_ANYCOMPATIBLE ||
           type == TYPE_ANYCOMPATIBLENONARRAY || type == TYPE_ANYRANGE || type == TYPE_ANYMULTIRANGE || type == TYPE_RECORD ||
           type == TYPE_INTERNAL;
}

static bool has_layouts(const FuncFact *fact)
{
    /* A row that a function gives is its text. */
    if (fact->variadic == TYPE_ANY || (fact->return_type != TYPE_RECORD && is_shapeless(fact->return_type)))
        return false;
    for (int i = 0; i < fact->nargs; i++) {
        if (is_shapeless(fact->arg_types[i]))
            return false;
    }
    return true;
}

bool func_is_scalar(Oid proc)
{
    const FuncFact *fact = func_find(proc) ? func_fact(proc) : NULL;
    return fact && has_layouts(fact);
}

size_t func_list(Arena *arena, FuncEntry **out)
{
    pthread_once(&index_once, make_index);
    FuncEntry *entries = ARENA_ARRAY(arena, FuncEntry, 2 * index_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < index_count; i++) {
        const FuncFact *fact = func_fact(index_rows[i].proc);
        if (!fact || (count && entries[count - 1].fact == fact))
            continue;
        entries[count++] = (FuncEntry){.fact = fact, .impl = index_rows[i].impl, .is_scalar = has_layouts(fact)};
        if (func_letters(fact->proc)) {
            entries[count] = entries[count - 1];
            entries[count++].ascii = true;
        }
    }
    *out = entries;
    return count;
}

const char *arg_numeric(FuncCall *call, int index)
{
    const Value *value = &call->args[index];
    if (value->physical == FDW_STRING)
        return arg_text(call, index);
    Str text;
    str_init(&text, call->arena);
    return type_output(TYPE_NUMERIC, value, &TYPE_CONTEXT_CANONICAL, &text, call->error) ? text.data : "0";
}

/* ---- folding ---- */

static bool read_args(const Oid *types, const char *const *args, int nargs, Arena *arena, Value *values, Error *error)
{
    for (int i = 0; i < nargs; i++) {
        values[i].physical = type_layout(types[i], -1).physical;
        values[i].is_null = !args[i];
        if (args[i] && values[i].physical == FDW_STRING)
            values[i] = value_text(args[i], strlen(args[i]));
        else if (args[i] && !type_input(types[i], -1, args[i], strlen(args[i]), &TYPE_CONTEXT_CANONICAL, arena, &values[i], error))
            return false;
    }
    return true;
}

ArenaBound func_bound(const FuncContext *context)
{
    enum { MOST_VALUES = 4 };
    int64_t limit = context ? context->memory_limit : 0;
    return (ArenaBound){.most = limit ? (size_t)limit * 1024 : (size_t)MOST_VALUES * STR_MOST_BYTES};
}

bool func_is_whole(const FuncContext *context, const ArenaBound *bound, Error *error)
{
    if (!bound || !bound->is_over)
        return true;
    error_clear(error); /* of what was cut short */
    error_set(error, bound->more ? ERRCODE_PROGRAM_LIMIT_EXCEEDED : ERRCODE_OUT_OF_MEMORY, "out of memory");
    if (bound->more)
        return error_detail(error, "Cannot enlarge string buffer containing %zu bytes by %zu more bytes.", bound->len, bound->more);
    if (context && context->memory_limit)
        error_detail(error, "The statement needs more than medley.query_memory_limit (%" PRId64 "kB).", context->memory_limit);
    return false;
}

bool func_has_room(FuncCall *call, size_t size)
{
    return arena_has_room(call->arena, size) || func_is_whole(call->context, arena_bound(call->arena), call->error);
}

static bool run_fold(FuncCall *call, FuncImpl impl, const char *const *args, const char **out)
{
    Value *values = ARENA_ARRAY(call->arena, Value, call->nargs + 1), result = {.is_null = true};
    result.physical = type_layout(call->return_type, -1).physical;
    call->args = values;
    call->result = &result;
    if (!read_args(call->arg_types, args, call->nargs, call->arena, values, call->error) || !impl(call))
        return false;
    *out = NULL; /* only now: it may be one of the arguments */
    if (result.physical == FDW_UINT32)
        result.i = (uint32_t)result.i;
    if (result.is_null)
        return true;
    Str text;
    str_init(&text, call->arena);
    if (result.physical == FDW_STRING)
        str_addn(&text, result.s.ptr, result.s.len);
    else if (!type_output(call->return_type, &result, &TYPE_CONTEXT_CANONICAL, &text, call->error))
        return false;
    *out = text.data;
    return true;
}

/* The arena's own bound holds, if it has one. */
static bool fold(Oid proc, FuncImpl impl, const FuncContext *context, bool ascii, Oid return_type, const Oid *arg_types,
                 const char *const *args, int nargs, Arena *arena, const char **out, Error *error)
{
    const FuncFact *fact = func_fact(proc);
    if (!fact || !impl)
        return error_unsupported(error, "function %s is not supported here", fact ? fact->name : "of an extension");
    bool is_null = false;
    for (int i = 0; fact->strict && i < nargs; i++)
        is_null = is_null || !args[i];
    if (is_null) {
        *out = NULL;
        return true;
    }
    ArenaBound bound = func_bound(context);
    Arena *work = arena_open(arena);
    if (!arena_bound(arena))
        arena_set_bound(work, &bound);
    FuncCall call = {.context = context,
                     .arena = work,
                     .proc = proc,
                     .return_type = return_type,
                     .arg_types = arg_types,
                     .nargs = nargs,
                     .ascii = ascii,
                     .error = error};
    bool done = run_fold(&call, impl, args, out);
    done = func_is_whole(context, arena_bound(work), error) && done;
    if (done)
        *out = arena_strdup(arena, *out);
    arena_close(work);
    return done;
}

bool func_fold(Oid proc, const FuncContext *context, Oid return_type, const Oid *arg_types, const char *const *args, int nargs,
               Arena *arena, const char **out, Error *error)
{
    return fold(proc, func_find(proc), context, false, return_type, arg_types, args, nargs, arena, out, error);
}

bool func_fold_ascii(Oid proc, const FuncContext *context, Oid return_type, const Oid *arg_types, const char *const *args, int nargs,
                     Arena *arena, const char **out, Error *error)
{
    return fold(proc, func_find(proc), context, true, return_type, arg_types, args, nargs, arena, out, error);
}

bool func_fold_identity(const FuncContext *context, const char *sequence, Arena *arena, const char **out, Error *error)
{
    static const Oid TYPES[] = {TYPE_OID};
    return fold(F_NEXTVAL_REGCLASS, helper_identity_next, context, false, TYPE_INT8, TYPES, &sequence, 1, arena, out, error);
}
