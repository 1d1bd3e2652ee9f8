/*
 * function_body.c - what a routine runs: AS of each language, and whether the body makes sense.
 *
 * Invariants:
 *  1. A C function is one that a bundled wrapper module has: its handler or its validator. Whatever library the statement names
 *     (a plain name, $libdir/name, MODULE_PATHNAME), probin is kept as $libdir/<module>.
 *  2. An internal function must be one of PostgreSQL's own.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/function_internal.h"

static bool one_item(Command *command, const PgQuery__List *as, const char *language)
{
    return as->n_items == 1 ||
           error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "only one AS item needed for language \"%s\"", language);
}

/* The module a library's name stands for; NULL: none. */
static const FdwModule *find_module(Command *command, const char *library, const char *symbol)
{
    const char *const *names;
    const char *slash = strrchr(library, '/'), *base = slash ? slash + 1 : library;
    size_t n = wrapper_available(command->context->wrappers, command->arena, &names);
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(names[i]);
        bool same = strncmp(base, names[i], len) == 0 && (!base[len] || str_eq(base + len, ".so"));
        Error ignored;
        error_init(&ignored, command->arena);
        const FdwModule *module =
            same || str_eq(base, "MODULE_PATHNAME") ? wrapper_module(command->context->wrappers, names[i], &ignored) : NULL;
        if (module && (same || str_eq(module->handler_function, symbol) || str_eq(module->validator_function, symbol)))
            return module;
    }
    return NULL;
}

static bool c_body(Command *command, const PgQuery__List *as, NewRoutine *routine)
{
    const char *library = node_text(as->items[0]), *symbol = as->n_items > 1 ? node_text(as->items[1]) : routine->name;
    const FdwModule *module = find_module(command, library, symbol);
    if (!module)
        return error_set(command->error, ERRCODE_UNDEFINED_FILE, "could not access file \"%s\": No such file or directory", library);
    if (!str_eq(module->handler_function, symbol) && !str_eq(module->validator_function, symbol))
        return error_set(command->error, ERRCODE_UNDEFINED_FUNCTION, "could not find function \"%s\" in file \"$libdir/%s\"", symbol,
                         module->name);
    session_load(command->context->functions->session, module->name);
    routine->source = symbol;
    routine->binary = arena_printf(command->arena, "$libdir/%s", module->name);
    return true;
}

bool routine_body(Command *command, const PgQuery__CreateFunctionStmt *statement, const RoutineOptions *options, NewRoutine *routine)
{
    const PgQuery__List *as = options->as ? options->as->arg->list : NULL;
    if (statement->sql_body && as)
        return error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "duplicate function body specified");
    if (statement->sql_body && routine->language != LANGUAGE_SQL)
        return error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "inline SQL function body only valid for language SQL");
    if (!statement->sql_body && !as)
        return error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "no function body specified");
    if (routine->language == LANGUAGE_C)
        return c_body(command, as, routine);
    if (statement->sql_body) {
        routine->source = "";
        routine->body = ""; /* written when it is analysed */
        return true;
    }
    routine->source = node_text(as->items[0]);
    if (routine->language == LANGUAGE_INTERNAL && !*routine->source)
        routine->source = routine->name;
    return one_item(command, as, routine->language_name);
}

/* ---- validation ---- */

static bool validate_internal(Command *command, const NewRoutine *routine)
{
    int64_t found;
    return query_integer(command, &found, 0, "SELECT oid FROM pg_proc WHERE prosrc = ?1 AND prolang = 12 AND oid < ?2", "so",
                         routine->source, (Oid)FIRST_USER_OID) &&
           (found || error_set(command->error, ERRCODE_UNDEFINED_FUNCTION, "there is no built-in function named \"%s\"", routine->source));
}

static bool is_pseudo(Command *command, Oid type)
{
    const CatType *known = catalog_type(command->catalog, type);
    return known && known->kind == 'p';
}

/* Which pseudo-types a language takes. plpgsql: trigger, event_trigger, record and void as result; record as argument. */
static bool check_pseudo_types(Command *command, const NewRoutine *routine)
{
    bool is_sql = routine->language == LANGUAGE_SQL;
    const char *type = catalog_format_type(command->catalog, routine->result, TYPMOD_NOT_GIVEN, command->arena);
    bool result_ok = !is_pseudo(command, routine->result) || routine->result == TYPE_RECORD || routine->result == TYPE_VOID ||
                     sql_is_polymorphic(routine->result) ||
                     (!is_sql && !routine->nargs && (routine->result == TYPE_TRIGGER || routine->result == TYPE_EVENT_TRIGGER));
    if (!result_ok && is_sql)
        return error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "SQL functions cannot return type %s", type);
    if (!result_ok && (routine->result == TYPE_TRIGGER || routine->result == TYPE_EVENT_TRIGGER)) {
        error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "trigger functions cannot have declared arguments");
        error_hint(command->error, "The arguments of the trigger can be accessed through TG_NARGS and TG_ARGV instead.");
        return error_context(command->error, "compilation of PL/pgSQL function \"%s\" near line 1", routine->name);
    }
    if (!result_ok)
        return error_unsupported(command->error, "PL/pgSQL functions cannot return type %s", type);
    for (int i = 0; i < routine->nargs; i++) {
        Oid arg = routine->arg_types[i];
        if (!is_pseudo(command, arg) || sql_is_polymorphic(arg) || (arg == TYPE_RECORD && !is_sql))
            continue;
        type = catalog_format_type(command->catalog, arg, TYPMOD_NOT_GIVEN, command->arena);
        return is_sql
                   ? error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "SQL functions cannot have arguments of type %s", type)
                   : error_unsupported(command->error, "PL/pgSQL functions cannot accept type %s", type);
    }
    return true;
}

/* Under the settings that it will run with. */
static bool check_configured(Command *command, const NewRoutine *routine, const char *config)
{
    const SessionServices *session = command->context->functions->session;
    const char *setting = session ? session->get_setting(session->arg, "check_function_bodies", command->arena) : NULL;
    StrList before = {0};
    if (setting && str_eq(setting, "off"))
        return true;
    bool done = (!config || !session || session_config_apply(session, config, command->arena, &before, command->error)) &&
                routine_check_body(command, routine);
    if (session)
        session_config_restore(session, &before, command->arena);
    return done;
}

bool routine_validate(Command *command, const PgQuery__CreateFunctionStmt *statement, const NewRoutine *routine, const char *config,
                      Oid oid)
{
    if (routine->language == LANGUAGE_INTERNAL)
        return validate_internal(command, routine) && check_configured(command, routine, config);
    if (routine->language == LANGUAGE_C)
        return check_configured(command, routine, config);
    if (!check_pseudo_types(command, routine))
        return false;
    return (!statement->sql_body || routine_check_standard_body(command, statement->sql_body, routine, oid)) &&
           check_configured(command, routine, config);
}
