/*
 * function_alter.c - routines by name and argument types; ALTER and DROP of FUNCTION, PROCEDURE, ROUTINE.
 *
 * Invariants:
 *  1. A routine is found by its input types, a procedure by all its parameters too; without an argument list its name must be unique
 *     among the routines of the kind that is asked for.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/function_internal.h"

#define TYPE(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

bool function_is_type(PgQuery__ObjectType type)
{
    return type == TYPE(FUNCTION) || type == TYPE(PROCEDURE) || type == TYPE(ROUTINE) || type == TYPE(AGGREGATE);
}

/* What messages call a routine of that kind. */
static const char *kind_word(PgQuery__ObjectType type, bool routine_is_function)
{
    return type == TYPE(PROCEDURE)                         ? "procedure"
           : type == TYPE(AGGREGATE)                       ? "aggregate"
           : type == TYPE(ROUTINE) && !routine_is_function ? "routine"
                                                           : "function";
}

/* ---- finding ---- */

/* What is looked for. */
typedef struct Wanted {
    PgQuery__ObjectType type;
    const PgQuery__ObjectWithArgs *object;
    const char *schema, *name, *written;
    Oid *types, *all_types;
    int ntypes, nall;
} Wanted;

static const char *wanted_signature(Command *command, const Wanted *wanted)
{
    Str text;
    str_init(&text, command->arena);
    str_addf(&text, "%s(", wanted->written);
    for (int i = 0; i < wanted->ntypes; i++)
        str_addf(&text, "%s%s", i ? ", " : "", catalog_format_type(command->catalog, wanted->types[i], TYPMOD_NOT_GIVEN, command->arena));
    str_addc(&text, ')');
    return text.data;
}

static bool resolve_type(Command *command, const PgQuery__TypeName *name, Oid *type)
{
    int32_t typmod;
    if (type_resolve(command, name, type, &typmod))
        return true;
    command->error->position = 0;
    return false;
}

static bool resolve_types(Command *command, Wanted *wanted)
{
    const PgQuery__ObjectWithArgs *object = wanted->object;
    wanted->types = ARENA_ARRAY(command->arena, Oid, object->n_objargs + 1);
    wanted->all_types = ARENA_ARRAY(command->arena, Oid, object->n_objfuncargs + 1);
    for (size_t i = 0; i < object->n_objargs; i++)
        if (!resolve_type(command, object->objargs[i]->type_name, &wanted->types[wanted->ntypes++]))
            return false;
    if (object->n_objfuncargs == object->n_objargs) { /* the same: without any that are only put out */
        wanted->all_types = wanted->types;
        wanted->nall = wanted->ntypes;
        return true;
    }
    for (size_t i = 0; i < object->n_objfuncargs; i++)
        if (!resolve_type(command, object->objfuncargs[i]->function_parameter->arg_type, &wanted->all_types[wanted->nall++]))
            return false;
    return true;
}

static bool has_types(const Oid *have, int nhave, const Oid *want, int nwant)
{
    return nhave == nwant && (nwant == 0 || memcmp(have, want, sizeof(Oid) * (size_t)nwant) == 0);
}

static bool matches(const CatProc *proc, const Wanted *wanted)
{
    if (wanted->object->args_unspecified)
        return wanted->type == TYPE(ROUTINE) || (proc->kind == 'p') == (wanted->type == TYPE(PROCEDURE));
    if (has_types(proc->arg_types, proc->nargs, wanted->types, wanted->ntypes))
        return true;
    return proc->kind == 'p' && (wanted->type == TYPE(PROCEDURE) || wanted->type == TYPE(ROUTINE)) && proc->nall &&
           has_types(proc->all_types, proc->nall, wanted->all_types, wanted->nall);
}

static bool not_found(Command *command, const Wanted *wanted)
{
    const char *word = kind_word(wanted->type, true);
    if (wanted->object->args_unspecified)
        return error_set(command->error, ERRCODE_UNDEFINED_FUNCTION, "could not find %s %s named \"%s\"", *word == 'a' ? "an" : "a", word,
                         wanted->written);
    if (wanted->type == TYPE(AGGREGATE) && !wanted->ntypes)
        return error_set(command->error, ERRCODE_UNDEFINED_FUNCTION, "aggregate %s(*) does not exist", wanted->written);
    return error_set(command->error, ERRCODE_UNDEFINED_FUNCTION, "%s %s does not exist", word, wanted_signature(command, wanted));
}

static bool check_kind(Command *command, const Wanted *wanted, const CatProc *proc)
{
    const char *name = wanted->object->args_unspecified ? wanted->written : wanted_signature(command, wanted);
    if (wanted->type == TYPE(FUNCTION) && proc->kind == 'p')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is not a function", name);
    if (wanted->type == TYPE(PROCEDURE) && proc->kind != 'p')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is not a procedure", name);
    if (wanted->type == TYPE(AGGREGATE) && proc->kind != 'a')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "function %s is not an aggregate", name);
    return true;
}

bool function_resolve(Command *command, PgQuery__ObjectType type, const PgQuery__ObjectWithArgs *object, bool missing_ok, Oid *oid)
{
    Wanted wanted = {.type = type, .object = object, .written = name_list_text(command, object->objname, object->n_objname)};
    const CatProc *const *procs;
    const CatProc *found = NULL;
    *oid = OID_NONE;
    if (!resolve_types(command, &wanted) || !name_list_split(command, object->objname, object->n_objname, &wanted.schema, &wanted.name))
        return false;
    const CatNamespace *schema = wanted.schema ? catalog_namespace_by_name(command->catalog, wanted.schema) : NULL;
    if (wanted.schema && !schema)
        return missing_ok || error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", wanted.schema);
    if (schema && !require_privilege(command, PG_NAMESPACE_RELATION, schema->oid, ACL_USAGE))
        return false;
    size_t n = catalog_procs_by_name(command->catalog, wanted.schema, wanted.name, &procs);
    for (size_t i = 0; i < n; i++) {
        if (!matches(procs[i], &wanted))
            continue;
        if (found && object->args_unspecified) {
            const char *word = kind_word(type, false);
            error_set(command->error, ERRCODE_AMBIGUOUS_FUNCTION, "%s name \"%s\" is not unique", word, wanted.written);
            return error_hint(command->error, "Specify the argument list to select the %s unambiguously.", word);
        }
        found = found ? found : procs[i];
    }
    if (!found)
        return missing_ok || not_found(command, &wanted);
    *oid = found->oid;
    return check_kind(command, &wanted, found);
}

/* ---- DROP ---- */

static const char *written_type(Command *command, const PgQuery__TypeName *type)
{
    return arena_printf(command->arena, "%s%s%s", name_list_text(command, type->names, type->n_names), type->pct_type ? "%TYPE" : "",
                        type->n_array_bounds ? "[]" : "");
}

static bool skip(Command *command, const char *format, const char *name)
{
    const char *message = arena_printf(command->arena, "%s \"%s\" does not exist, skipping", format, name);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s", message);
    return true;
}

/* Says what of it does not exist: the schema, a type, or the routine. */
static bool skip_missing(Command *command, PgQuery__ObjectType type, const PgQuery__ObjectWithArgs *object)
{
    Str args;
    str_init(&args, command->arena);
    if (object->n_objname > 1 && !catalog_namespace_by_name(command->catalog, node_text(object->objname[object->n_objname - 2])))
        return skip(command, "schema", node_text(object->objname[object->n_objname - 2]));
    for (size_t i = 0; i < object->n_objargs; i++) {
        Oid oid;
        const PgQuery__TypeName *name = object->objargs[i]->type_name;
        if (!resolve_type(command, name, &oid)) {
            const char *schema = name->n_names > 1 ? node_text(name->names[name->n_names - 2]) : NULL;
            error_clear(command->error);
            return schema && !catalog_namespace_by_name(command->catalog, schema) ? skip(command, "schema", schema)
                                                                                  : skip(command, "type", written_type(command, name));
        }
        str_addf(&args, "%s%s", i ? "," : "", written_type(command, name));
    }
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s %s(%s) does not exist, skipping",
           kind_word(type, false), name_list_text(command, object->objname, object->n_objname), args.len ? args.data : "");
    return true;
}

/* An argument's type, its schema, or what it is the %TYPE of. */
static bool is_missing_type(const Error *error)
{
    static const char *const STATES[] = {ERRCODE_UNDEFINED_OBJECT, ERRCODE_UNDEFINED_SCHEMA, ERRCODE_UNDEFINED_TABLE,
                                         ERRCODE_UNDEFINED_COLUMN};
    for (size_t i = 0; i < COUNT_OF(STATES); i++)
        if (str_eq(error->sqlstate, STATES[i]))
            return true;
    return false;
}

static bool check_drop(Command *command, PgQuery__ObjectType type, Oid oid)
{
    const CatProc *proc = catalog_proc(command->catalog, oid);
    if (type == TYPE(FUNCTION) && proc->kind == 'a') {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is an aggregate function", proc->name);
        return error_hint(command->error, "Use DROP AGGREGATE to drop aggregate functions.");
    }
    return catalog_is_owner(command->catalog, PG_NAMESPACE_RELATION, proc->namespace_oid, command->user) ||
           require_owner(command, PG_PROC_RELATION, oid);
}

bool functions_drop(Command *command, const PgQuery__DropStmt *statement)
{
    VEC(ObjectAddress) objects = {0};
    for (size_t i = 0; i < statement->n_objects; i++) {
        const PgQuery__ObjectWithArgs *object = statement->objects[i]->object_with_args;
        Oid oid;
        if (!function_resolve(command, statement->remove_type, object, statement->missing_ok, &oid)) {
            if (!statement->missing_ok || !is_missing_type(command->error))
                return false;
            error_clear(command->error);
        }
        if (oid == OID_NONE) {
            skip_missing(command, statement->remove_type, object);
            continue;
        }
        if (!check_drop(command, statement->remove_type, oid))
            return false;
        vec_push(command->arena, &objects, object_address(PG_PROC_RELATION, oid, 0));
    }
    DropBehavior behavior = statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    return objects.count == 0 || catalog_drop(command->catalog, objects.items, objects.count, behavior, command->error);
}

/* ---- RENAME, OWNER TO, SET SCHEMA ---- */

/* Here every routine is a function. */
static bool require_function_owner(Command *command, const CatProc *proc)
{
    return catalog_is_owner(command->catalog, PG_PROC_RELATION, proc->oid, command->user) ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of function %s", proc->name);
}

/* No other routine of these argument types may have the name there. */
static bool check_free(Command *command, const CatProc *proc, const char *name, Oid schema)
{
    const CatNamespace *namespace = catalog_namespace(command->catalog, schema);
    const CatProc *const *procs;
    size_t n = catalog_procs_by_name(command->catalog, namespace->name, name, &procs);
    for (size_t i = 0; i < n; i++) {
        if (!has_types(procs[i]->arg_types, procs[i]->nargs, proc->arg_types, proc->nargs))
            continue;
        Wanted wanted = {.written = name, .types = (Oid *)(uintptr_t)proc->arg_types, .ntypes = proc->nargs};
        return error_set(command->error, ERRCODE_DUPLICATE_FUNCTION, "function %s already exists in schema \"%s\"",
                         wanted_signature(command, &wanted), namespace->name);
    }
    return true;
}

bool function_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    Oid oid;
    if (!function_resolve(command, statement->rename_type, statement->object->object_with_args, false, &oid))
        return false;
    const CatProc *proc = catalog_proc(command->catalog, oid);
    bool is_super = catalog_is_superuser(command->catalog, command->user);
    if (!is_super &&
        (!require_function_owner(command, proc) || !require_privilege(command, PG_NAMESPACE_RELATION, proc->namespace_oid, ACL_CREATE)))
        return false;
    return check_free(command, proc, statement->newname, proc->namespace_oid) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_proc SET proname = ?2 WHERE oid = ?1", "os", oid,
                        statement->newname);
}

bool function_change_owner(Command *command, const PgQuery__AlterOwnerStmt *statement)
{
    Oid oid, owner;
    if (!role_resolve(command, statement->newowner, &owner) ||
        !function_resolve(command, statement->object_type, statement->object->object_with_args, false, &oid))
        return false;
    const CatProc *proc = catalog_proc(command->catalog, oid);
    if (proc->owner == owner)
        return true;
    if (!catalog_is_superuser(command->catalog, command->user)) {
        if (!require_function_owner(command, proc) || !role_check_member(command, owner))
            return false;
        if (catalog_privileges(command->catalog, PG_NAMESPACE_RELATION, proc->namespace_oid, 0, owner, ACL_CREATE) != ACL_CREATE)
            return catalog_denied(command->catalog, PG_NAMESPACE_RELATION, proc->namespace_oid, false, command->error);
    }
    return catalog_change_owner(command->catalog, object_address(PG_PROC_RELATION, oid, 0), owner, command->error);
}

bool function_move(Command *command, Oid oid, Oid to)
{
    const CatProc *proc = catalog_proc(command->catalog, oid);
    Oid from = proc->namespace_oid;
    return check_free(command, proc, proc->name, to) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_proc SET pronamespace = ?2 WHERE oid = ?1", "oo", oid, to) &&
           depend_on_schema(command, object_address(PG_PROC_RELATION, oid, 0), from, to);
}

bool function_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement)
{
    Oid oid;
    if (!function_resolve(command, statement->object_type, statement->object->object_with_args, false, &oid))
        return false;
    const CatProc *proc = catalog_proc(command->catalog, oid);
    Oid from = proc->namespace_oid, to;
    if (!schema_move_target(command, statement->newschema, from, &to))
        return false;
    proc = catalog_proc(command->catalog, oid);
    if (from == to)
        return true;
    return require_function_owner(command, proc) && function_move(command, oid, to);
}

/* ---- ALTER ---- */

static bool set_flag(Command *command, Oid oid, const char *column, const PgQuery__DefElem *option)
{
    const char *sql = arena_printf(command->arena, "UPDATE pg_proc SET %s = ?2 WHERE oid = ?1", column);
    return !option || catalog_exec(command->catalog, command->error, NULL, sql, "ob", oid, routine_option_bool(option, false));
}

static bool set_letter(Command *command, Oid oid, const char *column, char value)
{
    const char *sql = arena_printf(command->arena, "UPDATE pg_proc SET %s = ?2 WHERE oid = ?1", column);
    return !value || catalog_exec(command->catalog, command->error, NULL, sql, "os", oid, arena_printf(command->arena, "%c", value));
}

static bool set_number(Command *command, Oid oid, const char *column, double value)
{
    const char *sql = arena_printf(command->arena, "UPDATE pg_proc SET %s = ?2 WHERE oid = ?1", column);
    return catalog_exec(command->catalog, command->error, NULL, sql, "od", oid, value);
}

static bool set_config(Command *command, Oid oid, const RoutineOptions *options)
{
    const char *config;
    if (!options->sets.count)
        return true;
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error, "SELECT proconfig FROM pg_proc WHERE oid = ?1", "o", oid);
    return rows && routine_config(command, options, CATALOG_CELL(rows, 0, 0).text, &config) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_proc SET proconfig = ?2 WHERE oid = ?1", "os", oid, config);
}

bool function_alter(Command *command)
{
    const PgQuery__AlterFunctionStmt *statement = command->node->alter_function_stmt;
    RoutineOptions options;
    Oid oid;
    char volatility = 0, parallel = 0;
    double cost = 0, rows = 0;
    if (!function_resolve(command, statement->objtype, statement->func, false, &oid) || !require_owner(command, PG_PROC_RELATION, oid))
        return false;
    const CatProc *proc = catalog_proc(command->catalog, oid);
    bool returns_set = proc->returns_set;
    if (proc->kind == 'a')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is an aggregate function", proc->name);
    if (!routine_options_read(command, statement->actions, statement->n_actions, proc->kind == 'p', &options))
        return false;
    if (routine_option_bool(options.leakproof, false) && !catalog_is_superuser(command->catalog, command->user))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "only superuser can define a leakproof function");
    if (!routine_cost(command, &options, 0, &cost) || !routine_rows(command, &options, 0, &rows))
        return false;
    if (options.rows && !returns_set)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "ROWS is not applicable when function does not return a set");
    if (options.support)
        return routine_refuse_support(command, options.support);
    routine_volatility(&options, &volatility);
    return routine_parallel(command, &options, &parallel) && set_letter(command, oid, "provolatile", volatility) &&
           set_letter(command, oid, "proparallel", parallel) && set_flag(command, oid, "proisstrict", options.strict) &&
           set_flag(command, oid, "prosecdef", options.security) && set_flag(command, oid, "proleakproof", options.leakproof) &&
           (!options.cost || set_number(command, oid, "procost", cost)) && (!options.rows || set_number(command, oid, "prorows", rows)) &&
           set_config(command, oid, &options);
}
