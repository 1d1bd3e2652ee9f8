/*
 * wrapper.c - CREATE and ALTER FOREIGN DATA WRAPPER.
 *
 * Invariants:
 *  1. Only a superuser makes, changes and owns a wrapper.
 *  2. A wrapper depends on its handler and validator functions; changing one rewrites that dependency.
 *
 * Entered by the session's worker only.
 */
#include "command/command_internal.h"

/* HANDLER and VALIDATOR as the statement gives them. */
typedef struct WrapperFunctions {
    bool handler_given, validator_given;
    Oid handler, validator;
} WrapperFunctions;

bool function_find(Command *command, NodeList names, size_t count, const Oid *types, int ntypes, Oid *oid)
{
    const char *schema, *name;
    if (!name_list_split(command, names, count, &schema, &name))
        return false;
    if (schema && !catalog_namespace_by_name(command->catalog, schema))
        return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
    if (schema && !require_privilege(command, PG_NAMESPACE_RELATION, catalog_namespace_by_name(command->catalog, schema)->oid, ACL_USAGE))
        return false;
    const CatProc *const *procs;
    size_t n = catalog_procs_by_name(command->catalog, schema, name, &procs);
    for (size_t i = 0; i < n; i++) {
        bool same = procs[i]->kind != 'p' && procs[i]->nargs == ntypes;
        for (int j = 0; same && j < ntypes; j++)
            same = procs[i]->arg_types[j] == types[j];
        if (same) {
            *oid = procs[i]->oid;
            return true;
        }
    }
    Str args;
    str_init(&args, command->arena);
    for (int i = 0; i < ntypes; i++)
        str_addf(&args, "%s%s", i ? ", " : "", catalog_format_type(command->catalog, types[i], TYPMOD_NOT_GIVEN, command->arena));
    return error_set(command->error, ERRCODE_UNDEFINED_FUNCTION, "function %s(%s) does not exist", name_list_text(command, names, count),
                     args.len ? args.data : "");
}

static bool find_handler(Command *command, const PgQuery__List *names, Oid *oid)
{
    if (!function_find(command, names->items, names->n_items, NULL, 0, oid))
        return false;
    if (catalog_proc(command->catalog, *oid)->return_type == TYPE_FDW_HANDLER)
        return true;
    return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "function %s must return type %s",
                     name_list_text(command, names->items, names->n_items), "fdw_handler");
}

static bool read_functions(Command *command, NodeList options, size_t count, WrapperFunctions *out)
{
    static const Oid VALIDATOR_TYPES[] = {TYPE_TEXT_ARRAY, TYPE_OID};
    *out = (WrapperFunctions){0};
    for (size_t i = 0; i < count; i++) {
        const PgQuery__DefElem *option = options[i]->def_elem;
        bool is_handler = str_eq(option->defname, "handler");
        bool *given = is_handler ? &out->handler_given : &out->validator_given;
        if (*given)
            return conflicting_options(command, option);
        *given = true;
        const PgQuery__List *names = option->arg && option->arg->node_case == PG_QUERY__NODE__NODE_LIST ? option->arg->list : NULL;
        if (!names)
            continue;
        if (is_handler ? !find_handler(command, names, &out->handler)
                       : !function_find(command, names->items, names->n_items, VALIDATOR_TYPES, 2, &out->validator))
            return false;
    }
    return true;
}

static bool depend_on_functions(Command *command, Oid wrapper, Oid handler, Oid validator)
{
    ObjectAddress self = object_address(PG_FOREIGN_DATA_WRAPPER_RELATION, wrapper, 0);
    return (handler == OID_NONE || depend_on(command, self, object_address(PG_PROC_RELATION, handler, 0), 'n')) &&
           (validator == OID_NONE || depend_on(command, self, object_address(PG_PROC_RELATION, validator, 0), 'n'));
}

bool wrapper_insert(Command *command, const char *name, Oid handler, Oid validator, const char *options, Oid *oid)
{
    *oid = catalog_new_oid(command->catalog, command->error);
    return *oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_foreign_data_wrapper (oid, fdwname, fdwowner, fdwhandler, fdwvalidator, fdwacl, fdwoptions)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, NULL, ?6)",
                        "osooos", *oid, name, command->user, handler, validator, options) &&
           depend_on_functions(command, *oid, handler, validator) &&
           depend_on_owner(command, object_address(PG_FOREIGN_DATA_WRAPPER_RELATION, *oid, 0), command->user);
}

bool wrapper_create(Command *command)
{
    const PgQuery__CreateFdwStmt *statement = command->node->create_fdw_stmt;
    if (!catalog_is_superuser(command->catalog, command->user)) {
        error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to create foreign-data wrapper \"%s\"",
                  statement->fdwname);
        return error_hint(command->error, "Must be superuser to create a foreign-data wrapper.");
    }
    if (catalog_wrapper_by_name(command->catalog, statement->fdwname))
        return object_exists(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_FDW), statement->fdwname);
    WrapperFunctions functions;
    Validator validator;
    const char *options;
    Oid oid;
    return read_functions(command, statement->func_options, statement->n_func_options, &functions) &&
           validator_of_function(command, functions.validator, &validator) &&
           options_change(command, NULL, statement->options, statement->n_options, &validator, FDW_OBJECT_WRAPPER, &options) &&
           wrapper_insert(command, statement->fdwname, functions.handler, functions.validator, options, &oid);
}

static void warn_of_changes(Command *command, const WrapperFunctions *functions, Oid old_handler, Oid old_validator)
{
    if (functions->handler_given)
        notice(command->context->notices, SEVERITY_WARNING, ERRCODE_WARNING,
               "changing the foreign-data wrapper handler can change behavior of existing foreign tables");
    if (functions->validator_given && functions->validator != OID_NONE)
        notice(command->context->notices, SEVERITY_WARNING, ERRCODE_WARNING,
               "changing the foreign-data wrapper validator can cause the options for dependent objects to become invalid");
}

/* The dependencies on functions, anew. */
static bool rewrite_dependencies(Command *command, Oid wrapper, Oid handler, Oid validator)
{
    return catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND refclassid = ?3 AND deptype = 'n'", "ooo",
                        (Oid)PG_FOREIGN_DATA_WRAPPER_RELATION, wrapper, (Oid)PG_PROC_RELATION) &&
           depend_on_functions(command, wrapper, handler, validator);
}

bool wrapper_alter(Command *command)
{
    const PgQuery__AlterFdwStmt *statement = command->node->alter_fdw_stmt;
    if (!catalog_is_superuser(command->catalog, command->user)) {
        error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to alter foreign-data wrapper \"%s\"",
                  statement->fdwname);
        return error_hint(command->error, "Must be superuser to alter a foreign-data wrapper.");
    }
    const CatWrapper *wrapper = catalog_wrapper_by_name(command->catalog, statement->fdwname);
    if (!wrapper)
        return object_missing(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_FDW), statement->fdwname);
    Oid oid = wrapper->oid, old_handler = wrapper->handler, old_validator = wrapper->validator;
    WrapperFunctions functions;
    if (!read_functions(command, statement->func_options, statement->n_func_options, &functions))
        return false;
    warn_of_changes(command, &functions, old_handler, old_validator);
    Oid handler = functions.handler_given ? functions.handler : old_handler;
    Oid validating = functions.validator_given ? functions.validator : old_validator;
    Validator validator;
    const char *options = catalog_options_text(&wrapper->options, command->arena);
    if (statement->n_options > 0 &&
        (!validator_of_function(command, validating, &validator) ||
         !options_change(command, &wrapper->options, statement->options, statement->n_options, &validator, FDW_OBJECT_WRAPPER, &options)))
        return false;
    if (!catalog_exec(command->catalog, command->error, NULL,
                      "UPDATE pg_foreign_data_wrapper SET fdwhandler = ?2, fdwvalidator = ?3, fdwoptions = ?4 WHERE oid = ?1", "ooos", oid,
                      handler, validating, options))
        return false;
    return !(functions.handler_given || functions.validator_given) || rewrite_dependencies(command, oid, handler, validating);
}
