/*
 * routine_plpgsql.c - functions in PL/pgSQL, kept compiled between their calls.
 *
 * Invariants:
 *  1. A function is kept by what its compilation read: its OID, its arguments' types, the user and the search path; and for one version of
 *     the catalog. An older one is compiled again.
 *  2. What a running call uses is not freed: the last call of a function that has been replaced frees it.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/routine.h"

enum { MAX_KEPT = 200 };

/* A compiled function. */
typedef struct Compiled {
    Arena *arena;
    PlFunction *function;
    uint64_t version;
    int users; /* the session's map, and calls */
} Compiled;

static void release(Compiled *compiled)
{
    if (--compiled->users == 0)
        arena_close(compiled->arena);
}

/* ---- what is known of a function ---- */

static bool is_among(Oid type, const Oid *types, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (types[i] == type)
            return true;
    return false;
}

/* Of the family whose arguments are brought to one type. */
static bool is_compatible(Oid type)
{
    return type == TYPE_ANYCOMPATIBLE || type == TYPE_ANYCOMPATIBLENONARRAY || type == TYPE_ANYCOMPATIBLEARRAY;
}

/* An output's polymorphic type: that of the arguments of its family. */
static Oid actual_type(Session *session, const CatProc *proc, const RoutineCall *call, Oid type)
{
    static const Oid ELEMENTS[] = {TYPE_ANYELEMENT, TYPE_ANYNONARRAY, TYPE_ANYENUM, TYPE_ANYCOMPATIBLE, TYPE_ANYCOMPATIBLENONARRAY};
    static const Oid ARRAYS[] = {TYPE_ANYARRAY, TYPE_ANYCOMPATIBLEARRAY};
    bool wants_element = is_among(type, ELEMENTS, COUNT_OF(ELEMENTS));
    if (!wants_element && !is_among(type, ARRAYS, COUNT_OF(ARRAYS)))
        return type;
    for (int i = 0; i < proc->nargs && i < call->nargs; i++) {
        bool is_element = is_among(proc->arg_types[i], ELEMENTS, COUNT_OF(ELEMENTS));
        Oid actual = call->types[i] == TYPE_UNKNOWN ? TYPE_TEXT : call->types[i];
        const CatType *known = catalog_type(session->catalog, actual);
        bool is_array = is_among(proc->arg_types[i], ARRAYS, COUNT_OF(ARRAYS));
        if (!known || (!is_element && !is_array) || is_compatible(proc->arg_types[i]) != is_compatible(type))
            continue;
        return is_element == wants_element ? actual : wants_element ? known->element : known->array;
    }
    return type;
}

static bool is_input(const CatProc *proc, int i)
{
    return !proc->nall || !proc->all_modes || strchr("ibv", proc->all_modes[i]);
}

static bool has_outputs(const char *modes)
{
    return modes && strpbrk(modes, "obt");
}

/* All of it lives in the arena. */
static PlRoutine describe(Session *session, const Routine *routine, const RoutineCall *call, Arena *arena)
{
    const CatProc *proc = routine->proc;
    PlRoutine out = {.name = arena_strdup(arena, proc->name),
                     .signature = arena_strdup(arena, routine->signature),
                     .body = arena_strdup(arena, routine->source),
                     .return_type = call->result_type ? call->result_type : actual_type(session, proc, call, proc->return_type),
                     .names_result = sql_is_polymorphic(proc->return_type) && !has_outputs(proc->all_modes),
                     .returns_set = proc->returns_set && proc->return_type != TYPE_TRIGGER,
                     .is_procedure = proc->kind == 'p',
                     .is_trigger = proc->return_type == TYPE_TRIGGER,
                     .nargs = proc->nall ? proc->nall : proc->nargs};
    Oid *types = ARENA_ARRAY(arena, Oid, out.nargs + 1);
    const char **names = ARENA_ARRAY(arena, const char *, out.nargs + 1);
    for (int i = 0, input = 0; i < out.nargs; i++) {
        Oid declared = proc->nall ? proc->all_types[i] : proc->arg_types[i];
        bool given = is_input(proc, i) && call->types && input < call->nargs;
        types[i] = given ? call->types[input] : actual_type(session, proc, call, declared);
        if (is_input(proc, i) && types[i] == TYPE_UNKNOWN)
            types[i] = TYPE_TEXT;
        input += is_input(proc, i);
        names[i] = proc->arg_names ? arena_strdup(arena, proc->arg_names[i]) : "";
    }
    out.types = types;
    out.names = names;
    out.modes = proc->nall && proc->all_modes ? arena_strdup(arena, proc->all_modes) : NULL;
    return out;
}

/* ---- compiled functions ---- */

static void place_compile_error(const Routine *routine, Error *error, Arena *arena)
{
    if (error->position <= 0)
        return;
    int line = 1;
    for (int i = 0; i < error->position - 1 && routine->source[i]; i++)
        line += routine->source[i] == '\n';
    error->query = arena_strdup(error->arena, routine->source);
    error->query_position = error->position;
    error->position = 0;
    routine_add_context(error, arena_printf(arena, "compilation of PL/pgSQL function \"%s\" near line %d", routine->proc->name, line));
}

static Compiled *compile(Session *session, const Routine *routine, const RoutineCall *call, Error *error)
{
    Arena *arena = arena_open(session->arena);
    Compiled *compiled = ARENA_NEW(arena, Compiled);
    PlRoutine described = describe(session, routine, call, arena);
    *compiled = (Compiled){.arena = arena, .version = catalog_version(session->catalog), .users = 1};
    compiled->function = plpgsql_compile(&described, session->catalog, &session->functions, arena, error);
    if (compiled->function)
        return compiled;
    place_compile_error(routine, error, arena);
    arena_close(arena);
    return NULL;
}

static const char *key_of(Session *session, const RoutineCall *call, Arena *arena, size_t *len)
{
    Str key;
    str_init(&key, arena);
    str_addf(&key, "%u %u %u", call->proc, call->result_type, session->current_user);
    for (int i = 0; i < call->nargs && call->types; i++)
        str_addf(&key, " %u", call->types[i]);
    str_addf(&key, "%s %u %s", call->trigger ? "T" : "", catalog_temporary(session->catalog),
             settings_get(session->settings, "search_path"));
    *len = key.len;
    return key.data;
}

static void forget(void *arg, const void *key, size_t len, void *value)
{
    release(value);
}

/* One for a call, to be released after it. */
static Compiled *find_or_compile(Session *session, const Routine *routine, const RoutineCall *call, Arena *arena, Error *error)
{
    size_t len;
    const char *key = key_of(session, call, arena, &len);
    Compiled *compiled = session->compiled ? map_get(session->compiled, key, len) : NULL;
    if (!compiled || compiled->version != catalog_version(session->catalog)) {
        if (compiled)
            release(map_remove(session->compiled, key, len));
        if (!(compiled = compile(session, routine, call, error)))
            return NULL;
        if (session->compiled && map_count(session->compiled) >= MAX_KEPT) {
            map_each(session->compiled, forget, NULL);
            arena_close(session->compiled_arena);
            session->compiled = NULL;
        }
        if (!session->compiled) {
            session->compiled_arena = arena_open(session->arena);
            session->compiled = map_open(session->compiled_arena);
        }
        map_put(session->compiled, key, len, compiled);
    }
    compiled->users++;
    return compiled;
}

bool routine_run_plpgsql(Session *session, const Routine *routine, RoutineCall *call, Arena *arena, Error *error)
{
    Compiled *compiled = find_or_compile(session, routine, call, arena, error);
    if (!compiled)
        return false;
    PlCall run = {.host = routine_host(session, arena),
                  .args = call->args,
                  .trigger = call->trigger,
                  .sink = call->sink,
                  .expected = call->expected,
                  .nexpected = call->nexpected,
                  .needs_shape = call->needs_shape,
                  .depth = session->routine_depth};
    bool done = plpgsql_run(compiled->function, &run, arena, error);
    call->result = run.result;
    call->fields = run.fields;
    release(compiled);
    return done;
}
