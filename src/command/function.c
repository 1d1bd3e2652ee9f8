/*
 * function.c - CREATE [OR REPLACE] FUNCTION and PROCEDURE: a row of pg_proc.
 *
 * Invariants:
 *  1. A routine is its schema, name and input types. Replacing keeps its OID, owner and privileges, and neither its kind, its result
 *     type nor the names of its input parameters may change.
 *  2. Dependencies: schema, language, result and argument types, what the defaults use; replacing writes them anew.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/function_internal.h"
#include "command/table_internal.h"

/* The routine that is there already. */
typedef struct OldRoutine {
    Oid oid, owner, result;
    char kind;
    bool returns_set;
    const CatProc *proc;
} OldRoutine;

/* ---- stored forms ---- */

static const char *oid_list(Command *command, const Oid *oids, int count, const char *open, const char *between, const char *close)
{
    Str text;
    str_init(&text, command->arena);
    str_add(&text, open);
    for (int i = 0; i < count; i++)
        str_addf(&text, "%s%u", i ? between : "", oids[i]);
    str_add(&text, close);
    return text.data;
}

static const char *mode_list(Command *command, const NewRoutine *routine)
{
    Str text;
    str_init(&text, command->arena);
    for (int i = 0; i < routine->nall; i++)
        str_addf(&text, "%c%c", i ? ',' : '{', routine->modes[i]);
    str_addc(&text, '}');
    return text.data;
}

static const char *name_array(Command *command, const NewRoutine *routine)
{
    Str text;
    str_init(&text, command->arena);
    ArrayElement *elements = ARENA_ARRAY(command->arena, ArrayElement, routine->nall + 1);
    for (int i = 0; i < routine->nall; i++)
        elements[i] = (ArrayElement){routine->names[i], strlen(routine->names[i])};
    type_array_write(elements, (size_t)routine->nall, &text);
    return text.data;
}

/* ---- the routine that is there already ---- */

static bool find_old(Command *command, const NewRoutine *routine, OldRoutine *old)
{
    const CatNamespace *schema = catalog_namespace(command->catalog, routine->schema);
    const CatProc *const *procs;
    size_t n = catalog_procs_by_name(command->catalog, schema->name, routine->name, &procs);
    *old = (OldRoutine){0};
    for (size_t i = 0; i < n; i++) {
        const CatProc *proc = procs[i];
        bool same = proc->nargs == routine->nargs;
        for (int at = 0; same && at < routine->nargs; at++)
            same = proc->arg_types[at] == routine->arg_types[at];
        if (same)
            *old = (OldRoutine){proc->oid, proc->owner, proc->return_type, proc->kind, proc->returns_set, proc};
    }
    return true;
}

static bool hint_drop(Command *command, const OldRoutine *old)
{
    return error_hint(command->error, "Use %s %s first.", old->kind == 'p' ? "DROP PROCEDURE" : "DROP FUNCTION",
                      catalog_format_proc(command->catalog, old->proc, command->arena));
}

static const char *old_input_name(const CatProc *proc, int input)
{
    int seen = 0;
    if (!proc->arg_names)
        return "";
    if (!proc->all_modes)
        return proc->arg_names[input];
    for (int i = 0; i < proc->nall; i++)
        if (strchr("ibv", proc->all_modes[i]) && seen++ == input)
            return proc->arg_names[i];
    return "";
}

static bool same_out_row(const CatProc *proc, const NewRoutine *routine)
{
    int i = 0, j = 0, nold = proc->all_modes ? proc->nall : 0, nnew = routine->has_modes ? routine->nall : 0;
    while (true) {
        while (i < nold && !strchr("obt", proc->all_modes[i]))
            i++;
        while (j < nnew && !strchr("obt", routine->modes[j]))
            j++;
        if (i >= nold || j >= nnew)
            return i >= nold && j >= nnew;
        if (proc->all_types[i] != routine->all_types[j] || !str_eq(proc->arg_names ? proc->arg_names[i] : "", routine->names[j]))
            return false;
        i++;
        j++;
    }
}

static bool check_names_kept(Command *command, const NewRoutine *routine, const OldRoutine *old)
{
    int input = 0;
    for (int i = 0; i < routine->nall; i++) {
        if (!strchr("ibv", routine->modes[i]))
            continue;
        const char *was = old_input_name(old->proc, input++);
        if (*was && !str_eq(was, routine->names[i])) {
            error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "cannot change name of input parameter \"%s\"", was);
            return hint_drop(command, old);
        }
    }
    return true;
}

static bool check_replace(Command *command, const NewRoutine *routine, const OldRoutine *old, bool replace, bool is_window)
{
    char kind = routine->is_procedure ? 'p' : is_window ? 'w' : 'f';
    if (!replace)
        return error_set(command->error, ERRCODE_DUPLICATE_FUNCTION, "function \"%s\" already exists with same argument types",
                         routine->name);
    if (!require_owner(command, PG_PROC_RELATION, old->oid))
        return false;
    if (old->kind != kind) {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot change routine kind");
        return error_detail(command->error,
                            old->kind == 'a'   ? "\"%s\" is an aggregate function."
                            : old->kind == 'f' ? "\"%s\" is a function."
                            : old->kind == 'p' ? "\"%s\" is a procedure."
                                               : "\"%s\" is a window function.",
                            routine->name);
    }
    if (old->result != routine->result || old->returns_set != routine->returns_set) {
        error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION,
                  kind == 'p' ? "cannot change whether a procedure has output parameters"
                              : "cannot change return type of existing function");
        return hint_drop(command, old);
    }
    if (routine->result == TYPE_RECORD && !same_out_row(old->proc, routine)) {
        error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "cannot change return type of existing function");
        error_detail(command->error, "Row type defined by OUT parameters is different.");
        return hint_drop(command, old);
    }
    if (!check_names_kept(command, routine, old))
        return false;
    if (routine->ndefaults >= old->proc->ndefaults)
        return true;
    error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "cannot remove parameter defaults from existing function");
    return hint_drop(command, old);
}

/* ---- dependencies ---- */

static bool depend_on_parts(Command *command, Oid oid, const NewRoutine *routine)
{
    ObjectAddress self = object_address(PG_PROC_RELATION, oid, 0);
    if (!depend_on(command, self, object_address(PG_NAMESPACE_RELATION, routine->schema, 0), 'n') ||
        !depend_on(command, self, object_address(PG_LANGUAGE_RELATION, routine->language, 0), 'n') ||
        !depend_on(command, self, object_address(PG_TYPE_RELATION, routine->result, 0), 'n'))
        return false;
    for (int i = 0; i < routine->nall; i++) {
        bool again = routine->all_types[i] == routine->result;
        for (int j = 0; j < i; j++)
            again |= routine->all_types[j] == routine->all_types[i];
        if (!again && !depend_on(command, self, object_address(PG_TYPE_RELATION, routine->all_types[i], 0), 'n'))
            return false;
    }
    for (size_t i = 0; i < routine->default_exprs.count; i++)
        if (!expr_depend(command, self, routine->default_exprs.items[i], OID_NONE))
            return false;
    return true;
}

/* ---- the row ---- */

/* Attributes with their defaults. */
typedef struct Attributes {
    char kind, volatility, parallel;
    bool security_definer, leakproof, strict;
    double cost, rows;
    const char *config;
} Attributes;

static bool read_attributes(Command *command, const RoutineOptions *options, const NewRoutine *routine, Attributes *out)
{
    bool is_native = routine->language == LANGUAGE_INTERNAL || routine->language == LANGUAGE_C;
    *out = (Attributes){.kind = 'f', .volatility = 'v', .parallel = 'u'};
    out->kind = routine->is_procedure ? 'p' : routine_option_bool(options->window, false) ? 'w' : 'f';
    routine_volatility(options, &out->volatility);
    out->security_definer = routine_option_bool(options->security, false);
    out->strict = routine_option_bool(options->strict, false);
    out->leakproof = routine_option_bool(options->leakproof, false);
    if (options->support)
        return routine_refuse_support(command, options->support);
    if (!routine_config(command, options, NULL, &out->config) || !routine_cost(command, options, is_native ? 1 : 100, &out->cost) ||
        !routine_rows(command, options, routine->returns_set ? 1000 : 0, &out->rows))
        return false;
    return routine_parallel(command, options, &out->parallel);
}

static const char *letter(Command *command, char c)
{
    return arena_printf(command->arena, "%c", c);
}

static bool write_row(Command *command, Oid oid, bool is_new, Oid owner, const NewRoutine *routine, const Attributes *attributes)
{
    const char *all = routine->has_modes ? oid_list(command, routine->all_types, routine->nall, "{", ",", "}") : NULL;
    const char *arg_types = oid_list(command, routine->arg_types, routine->nargs, "", " ", "");
    if (is_new &&
        !catalog_exec(command->catalog, command->error, NULL,
                      "INSERT INTO pg_proc (oid, proname, pronamespace, proowner, prosupport, prolang, procost, prorows, provariadic,"
                      " prokind, prosecdef, proleakproof, proisstrict, proretset, provolatile, proparallel, pronargs,"
                      " pronargdefaults, prorettype, proargtypes, prosrc)"
                      " VALUES (?1, ?2, ?3, ?4, 0, 0, 0, 0, 0, 'f', 0, 0, 0, 0, 'v', 'u', 0, 0, 0, ?5, '')",
                      "osoos", oid, routine->name, routine->schema, owner, arg_types))
        return false;
    return catalog_exec(
        command->catalog, command->error, NULL,
        "UPDATE pg_proc SET prolang = ?2, procost = ?3, prorows = ?4, provariadic = ?5, prokind = ?6, prosecdef = ?7, proleakproof = ?8,"
        " proisstrict = ?9, proretset = ?10, provolatile = ?11, proparallel = ?12, pronargs = ?13, pronargdefaults = ?14, prorettype = ?15,"
        " proargtypes = ?16, proallargtypes = ?17, proargmodes = ?18, proargnames = ?19, proargdefaults = ?20, prosrc = ?21, probin = ?22,"
        " prosqlbody = ?23, proconfig = ?24 WHERE oid = ?1",
        "ooddosbbbbssiiosssssssss", oid, routine->language, attributes->cost, attributes->rows, routine->variadic,
        letter(command, attributes->kind), attributes->security_definer, attributes->leakproof, attributes->strict, routine->returns_set,
        letter(command, attributes->volatility), letter(command, attributes->parallel), (int64_t)routine->nargs,
        (int64_t)routine->ndefaults, routine->result, arg_types, all, routine->has_modes ? mode_list(command, routine) : NULL,
        routine->has_names ? name_array(command, routine) : NULL, routine->defaults, routine->source, routine->binary, routine->body,
        attributes->config);
}

static bool store(Command *command, const NewRoutine *routine, const Attributes *attributes, bool replace, Oid *oid)
{
    OldRoutine old;
    if (!find_old(command, routine, &old))
        return false;
    if (old.oid != OID_NONE && !check_replace(command, routine, &old, replace, attributes->kind == 'w'))
        return false;
    *oid = old.oid != OID_NONE ? old.oid : catalog_new_oid(command->catalog, command->error);
    if (*oid == OID_NONE || !write_row(command, *oid, old.oid == OID_NONE, command->user, routine, attributes))
        return false;
    ObjectAddress self = object_address(PG_PROC_RELATION, *oid, 0);
    if (old.oid != OID_NONE &&
        !catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND deptype = 'n'",
                      "oo", (Oid)PG_PROC_RELATION, *oid))
        return false;
    if (!depend_on_parts(command, *oid, routine))
        return false;
    return old.oid != OID_NONE ||
           (depend_on_owner(command, self, command->user) &&
            default_privileges_apply(command, self, PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, command->user, routine->schema));
}

/* ---- the statement ---- */

static bool find_language(Command *command, const PgQuery__CreateFunctionStmt *statement, const RoutineOptions *options,
                          NewRoutine *routine)
{
    if (!options->language && !statement->sql_body)
        return error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "no language specified");
    const char *name = options->language ? node_text(options->language->arg) : "sql";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT oid, lanpltrusted FROM pg_language WHERE lanname = ?1", "s", name);
    if (!rows)
        return false;
    if (!rows->nrows)
        return command_language_missing(command->context->wrappers, name, command->arena, command->error);
    routine->language = (Oid)CATALOG_CELL(rows, 0, 0).i;
    routine->language_name = name;
    if (CATALOG_CELL(rows, 0, 1).i)
        return require_privilege(command, PG_LANGUAGE_RELATION, routine->language, ACL_USAGE);
    return catalog_is_superuser(command->catalog, command->user) ||
           catalog_denied(command->catalog, PG_LANGUAGE_RELATION, routine->language, false, command->error);
}

static bool find_schema(Command *command, const PgQuery__CreateFunctionStmt *statement, NewRoutine *routine)
{
    const char *schema;
    if (!name_list_split(command, statement->funcname, statement->n_funcname, &schema, &routine->name))
        return false;
    return creation_namespace(command, schema, &routine->schema) &&
           require_privilege(command, PG_NAMESPACE_RELATION, routine->schema, ACL_CREATE);
}

/* There are none. */
static bool refuse_transforms(Command *command, const PgQuery__DefElem *option, Oid language)
{
    int32_t typmod;
    Oid type;
    if (!type_resolve(command, option->arg->list->items[0]->type_name, &type, &typmod)) {
        command->error->position = 0;
        return false;
    }
    const CatType *known = catalog_type(command->catalog, type);
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error, "SELECT lanname FROM pg_language WHERE oid = ?1", "o", language);
    if (known && known->category == 'A' && known->element)
        type = known->element;
    return rows &&
           error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "transform for type %s language \"%s\" does not exist",
                     catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena), rows->nrows ? rows->cells[0].text : "");
}

bool function_create(Command *command)
{
    const PgQuery__CreateFunctionStmt *statement = command->node->create_function_stmt;
    NewRoutine routine = {.is_procedure = statement->is_procedure};
    RoutineOptions options;
    Attributes attributes;
    Oid required, oid;
    if (!find_schema(command, statement, &routine) ||
        !routine_options_read(command, statement->options, statement->n_options, statement->is_procedure, &options) ||
        !find_language(command, statement, &options, &routine))
        return false;
    if (routine_option_bool(options.leakproof, false) && !catalog_is_superuser(command->catalog, command->user))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "only superuser can define a leakproof function");
    if (options.transform)
        return refuse_transforms(command, options.transform, routine.language);
    if (!routine_parameters(command, statement, &routine, &required) || !routine_result(command, statement, &routine, required) ||
        !read_attributes(command, &options, &routine, &attributes) || !routine_body(command, statement, &options, &routine))
        return false;
    if (options.rows && !routine.returns_set)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "ROWS is not applicable when function does not return a set");
    return store(command, &routine, &attributes, statement->replace, &oid) &&
           routine_validate(command, statement, &routine, attributes.config, oid);
}
