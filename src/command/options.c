/*
 * options.c - OPTIONS (ADD | SET | DROP ...), the same for wrappers, servers, user mappings, tables and columns.
 *
 * Invariants:
 *  1. The validator sees the whole list as it will be after the statement, in stored order.
 *  2. Values never reach a message of this file: they may be secrets.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/command_internal.h"
#include "func/func_fdw.h"

typedef VEC(FdwOptionValue) OptionList;

static bool builtin_validate(Command *command, const FdwOptions *options, FdwObject object)
{
    const char **names = ARENA_ARRAY(command->arena, const char *, options->count + 1);
    for (size_t i = 0; i < options->count; i++)
        names[i] = options->items[i].name;
    return func_fdw_validate(names, options->count, wrapper_object_class(object), command->arena, command->error);
}

bool validator_of_function(Command *command, Oid function, Validator *out)
{
    *out = (Validator){.function = function, .builtin = function == F_POSTGRESQL_FDW_VALIDATOR_TEXT_ARRAY_OID};
    if (function == OID_NONE || out->builtin)
        return true;
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error, "SELECT probin FROM pg_proc WHERE oid = ?1", "o", function);
    if (!rows)
        return false;
    const char *library = rows->nrows ? CATALOG_CELL(rows, 0, 0).text : NULL;
    const char *slash = library ? strrchr(library, '/') : NULL;
    out->module = library ? wrapper_module(command->context->wrappers, slash ? slash + 1 : library, command->error) : NULL;
    return !library || out->module;
}

bool validator_of_wrapper(Command *command, Oid wrapper, Validator *out)
{
    const CatWrapper *found = catalog_wrapper(command->catalog, wrapper);
    return validator_of_function(command, found ? found->validator : OID_NONE, out);
}

static size_t find_option(const OptionList *list, const char *name)
{
    size_t i = 0;
    while (i < list->count && !str_eq(list->items[i].name, name))
        i++;
    return i;
}

/* One ADD, SET or DROP. */
static bool apply(Command *command, OptionList *list, const PgQuery__DefElem *option)
{
    size_t at = find_option(list, option->defname);
    bool found = at < list->count;
    FdwOptionValue fresh = {option->defname, option_string(command, option)};
    if (!fresh.value)
        fresh.value = "";
    switch (option->defaction) {
    case PG_QUERY__DEF_ELEM_ACTION__DEFELEM_DROP:
    case PG_QUERY__DEF_ELEM_ACTION__DEFELEM_SET:
        if (!found)
            return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "option \"%s\" not found", option->defname);
        if (option->defaction == PG_QUERY__DEF_ELEM_ACTION__DEFELEM_SET) {
            list->items[at] = fresh;
        } else {
            memmove(&list->items[at], &list->items[at + 1], (list->count - at - 1) * sizeof *list->items);
            list->count--;
        }
        return true;
    default:
        if (found)
            return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "option \"%s\" provided more than once", option->defname);
        vec_push(command->arena, list, fresh);
        return true;
    }
}

/* A validator written in SQL or PL/pgSQL: it is called with the list and the catalog that the object is of. */
static bool call_validator(Command *command, Oid function, const char *options, FdwObject object)
{
    const CatProc *proc = catalog_proc(command->catalog, function);
    const CatNamespace *schema = proc ? catalog_namespace(command->catalog, proc->namespace_oid) : NULL;
    if (!schema)
        return error_set(command->error, ERRCODE_INTERNAL_ERROR, "cache lookup failed for function %u", function);
    Arena *arena = command->arena;
    const char **cells;
    return command->context->query_row(command->context->arg,
                                       arena_printf(arena, "SELECT %s.%s(%s::pg_catalog.text[], %u::pg_catalog.oid)",
                                                    catalog_quote_identifier(command->catalog, schema->name, arena),
                                                    catalog_quote_identifier(command->catalog, proc->name, arena),
                                                    catalog_quote_literal(options ? options : "{}", arena), wrapper_object_class(object)),
                                       arena, &cells, command->error);
}

static bool validate(Command *command, const FdwOptions *options, const char *stored, const Validator *validator, FdwObject object)
{
    if (validator && validator->builtin)
        return builtin_validate(command, options, object);
    if (!validator || validator->function == OID_NONE)
        return true;
    if (!validator->module)
        return call_validator(command, validator->function, stored, object);
    FdwRights rights;
    session_load(command->context->functions->session, validator->module->name);
    return wrapper_rights(command->catalog, command->user, command->arena, &rights, command->error) &&
           wrapper_validate(command->context->wrappers, validator->module, object, options, &rights, command->context->notices,
                            command->error);
}

bool options_change(Command *command, const FdwOptions *old, NodeList items, size_t count, const Validator *validator, FdwObject object,
                    const char **stored)
{
    OptionList list = {0};
    for (size_t i = 0; old && i < old->count; i++) {
        FdwOptionValue kept = {arena_strdup(command->arena, old->items[i].name), arena_strdup(command->arena, old->items[i].value)};
        vec_push(command->arena, &list, kept);
    }
    for (size_t i = 0; i < count; i++)
        if (!apply(command, &list, items[i]->def_elem))
            return false;
    for (size_t i = 0; i < list.count; i++)
        if (strchr(list.items[i].name, '='))
            return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid option name \"%s\": must not contain \"=\"",
                             list.items[i].name);
    FdwOptions options = {list.items, list.count};
    *stored = catalog_options_text(&options, command->arena);
    return validate(command, &options, *stored, validator, object);
}
