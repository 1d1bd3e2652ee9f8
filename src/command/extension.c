/*
 * extension.c - CREATE and ALTER EXTENSION: installs a bundled wrapper, or PL/pgSQL, under PostgreSQL's names.
 *
 * An extension is a wrapper module: its handler and validator functions, the foreign-data wrapper, and what further functions
 * PostgreSQL's extension of that name has (FUNCTIONS); or it is the language and its functions. Each is a member of the extension
 * (pg_depend 'e').
 *
 * Invariants:
 *  1. An extension has one version of its own; the versions PostgreSQL's extension had before are rows of VERSIONS, oldest first.
 *  2. Version order is the order of VERSIONS, then the extension's own.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/command_internal.h"

/* A version before the extension's own. */
static const struct {
    const char *extension, *version;
} VERSIONS[] = {
    {"postgres_fdw", "1.0"},
};

typedef struct ExtensionFunction {
    const char *extension, *since, *name;
    Oid result;
    const char *arg_types, *all_types, *arg_modes, *arg_names;
    int nargs;
    bool returns_set, takes_null;
    char parallel;
    Oid oid; /* OID_NONE: a new one */
} ExtensionFunction;

/* Functions besides handler and validator. */
static const ExtensionFunction FUNCTIONS[] = {
    {"postgres_fdw", "1.1", "postgres_fdw_get_connections", TYPE_RECORD, "", "{25,16}", "{o,o}", "{server_name,valid}", 0, true, false, 'r',
     OID_NONE},
    {"postgres_fdw", "1.1", "postgres_fdw_disconnect", TYPE_BOOL, "25", NULL, NULL, NULL, 1, false, false, 'r', OID_NONE},
    {"postgres_fdw", "1.1", "postgres_fdw_disconnect_all", TYPE_BOOL, "", NULL, NULL, NULL, 0, false, false, 'r', OID_NONE},
};

static const ExtensionRow PLPGSQL = {.name = "plpgsql",
                                     .version = "1.0",
                                     .comment = "PL/pgSQL procedural language",
                                     .schema = "pg_catalog",
                                     .is_default = true,
                                     .is_trusted = true};

typedef struct Extension {
    const FdwModule *module; /* NULL: PL/pgSQL's */
    ExtensionRow newest;
    Oid oid, schema, maker; /* maker: owns its members */
    const char *name, *version;
} Extension;

static bool extension_missing(Command *command, const char *name)
{
    return object_missing(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION), name);
}

/* ---- names and versions ---- */

/* PostgreSQL's rules for what may become part of a file name. */
static bool check_extension_name(Command *command, const char *name)
{
    return func_check_extension_name("name", "Extension", name, command->error);
}

/* Place of a version in time; -1: there is no such version. */
static int version_rank(const Extension *extension, const char *version)
{
    if (str_eq(extension->newest.version, version))
        return (int)COUNT_OF(VERSIONS);
    for (size_t i = 0; i < COUNT_OF(VERSIONS); i++)
        if (str_eq(VERSIONS[i].extension, extension->name) && str_eq(VERSIONS[i].version, version))
            return (int)i;
    return -1;
}

static ExtensionRow newest_of(const FdwModule *module)
{
    return (ExtensionRow){
        .name = module->name, .version = module->version, .comment = module->comment, .is_default = true, .is_relocatable = true};
}

/* What there is to install under the extension's name. */
static bool find_newest(Command *command, Extension *extension)
{
    const char *const *names, *name = extension->name;
    size_t n = wrapper_available(command->context->wrappers, command->arena, &names);
    for (size_t i = 0; i < n; i++)
        if (str_eq(names[i], name)) {
            extension->module = wrapper_module(command->context->wrappers, name, command->error);
            if (extension->module)
                extension->newest = newest_of(extension->module);
            return extension->module != NULL;
        }
    if (str_eq(name, PLPGSQL.name)) {
        extension->newest = PLPGSQL;
        return true;
    }
    return func_extension_missing(name, command->error);
}

/* ---- installing ---- */

static bool join_extension(Command *command, const Extension *extension, Oid class_oid, Oid oid)
{
    return depend_on(command, object_address(class_oid, oid, 0), object_address(PG_EXTENSION_RELATION, extension->oid, 0), 'e');
}

static bool insert_function(Command *command, const Extension *extension, const ExtensionFunction *function, Oid *oid)
{
    *oid = function->oid != OID_NONE ? function->oid : catalog_new_oid(command->catalog, command->error);
    if (*oid == OID_NONE)
        return false;
    const char *probin = arena_printf(command->arena, "$libdir/%s", extension->name);
    const char *parallel = arena_printf(command->arena, "%c", function->parallel);
    ObjectAddress self = object_address(PG_PROC_RELATION, *oid, 0);
    return catalog_exec(
               command->catalog, command->error, NULL,
               "INSERT INTO pg_proc (oid, proname, pronamespace, proowner, prolang, procost, prorows, provariadic, prosupport,"
               " prokind, prosecdef, proleakproof, proisstrict, proretset, provolatile, proparallel, pronargs, pronargdefaults,"
               " prorettype, proargtypes, proallargtypes, proargmodes, proargnames, proargdefaults, protrftypes, prosrc, probin,"
               " prosqlbody, proconfig, proacl) VALUES (?1, ?2, ?3, ?4, ?5, 1, CASE WHEN ?6 THEN 1000 ELSE 0 END, 0, 0, 'f', 0, 0, NOT ?15,"
               " ?6, 'v', ?7, ?8, 0, ?9, ?10, ?11, ?12, ?13, NULL, NULL, ?2, ?14, NULL, NULL, NULL)",
               "osooobsiosssssb", *oid, function->name, extension->schema, extension->maker, (Oid)LANGUAGE_C, function->returns_set,
               parallel, (int64_t)function->nargs, function->result, function->arg_types, function->all_types, function->arg_modes,
               function->arg_names, probin, function->takes_null) &&
           depend_on(command, self, object_address(PG_NAMESPACE_RELATION, extension->schema, 0), 'n') &&
           depend_on_owner(command, self, extension->maker) &&
           default_privileges_apply(command, self, PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, extension->maker, extension->schema) &&
           join_extension(command, extension, PG_PROC_RELATION, *oid);
}

/* What came with the versions after `from` (rank) up to the extension's own. */
static bool install_functions_since(Command *command, const Extension *extension, int from)
{
    int to = version_rank(extension, extension->version);
    for (size_t i = 0; i < COUNT_OF(FUNCTIONS); i++) {
        int since = version_rank(extension, FUNCTIONS[i].since);
        Oid oid;
        if (str_eq(FUNCTIONS[i].extension, extension->name) && since > from && since <= to &&
            !insert_function(command, extension, &FUNCTIONS[i], &oid))
            return false;
    }
    return true;
}

static bool install_wrapper(Command *command, const Extension *extension)
{
    const FdwModule *module = extension->module;
    ExtensionFunction handler = {.name = module->handler_function, .result = TYPE_FDW_HANDLER, .arg_types = "", .parallel = 'u'};
    ExtensionFunction validator = {
        .name = module->validator_function, .result = TYPE_VOID, .arg_types = "1009 26", .nargs = 2, .parallel = 'u'};
    Oid handler_oid, validator_oid, wrapper_oid;
    session_load(command->context->functions->session, module->name);
    return insert_function(command, extension, &handler, &handler_oid) && insert_function(command, extension, &validator, &validator_oid) &&
           wrapper_insert(command, module->name, handler_oid, validator_oid, NULL, &wrapper_oid) &&
           join_extension(command, extension, PG_FOREIGN_DATA_WRAPPER_RELATION, wrapper_oid);
}

/* Under the OIDs that it has from initdb: what is in pg_catalog is looked up among the built-in objects (catalog/builtin.c). */
static bool install_language(Command *command, const Extension *extension)
{
    static const ExtensionFunction ROUTINES[] = {
        {.name = "plpgsql_call_handler",
         .result = TYPE_LANGUAGE_HANDLER,
         .arg_types = "",
         .takes_null = true,
         .parallel = 'u',
         .oid = 13560},
        {.name = "plpgsql_inline_handler", .result = TYPE_VOID, .arg_types = "2281", .nargs = 1, .parallel = 'u', .oid = 13561},
        {.name = "plpgsql_validator", .result = TYPE_VOID, .arg_types = "26", .nargs = 1, .parallel = 'u', .oid = 13562},
    };
    ObjectAddress self = object_address(PG_LANGUAGE_RELATION, LANGUAGE_PLPGSQL, 0);
    Oid oids[COUNT_OF(ROUTINES)];
    for (size_t i = 0; i < COUNT_OF(ROUTINES); i++)
        if (!insert_function(command, extension, &ROUTINES[i], &oids[i]) ||
            !depend_on(command, self, object_address(PG_PROC_RELATION, oids[i], 0), 'n'))
            return false;
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_language (oid, lanname, lanowner, lanispl, lanpltrusted, lanplcallfoid, laninline, lanvalidator)"
                        " VALUES (?1, ?2, ?3, 1, 1, ?4, ?5, ?6)",
                        "osoooo", self.oid, extension->name, command->user, oids[0], oids[1], oids[2]) &&
           depend_on_owner(command, self, command->user) && join_extension(command, extension, PG_LANGUAGE_RELATION, self.oid) &&
           catalog_comment(command->catalog, self, extension->newest.comment, command->error);
}

static bool insert_extension(Command *command, Extension *extension)
{
    extension->oid = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_EXTENSION_RELATION, extension->oid, 0);
    return extension->oid != OID_NONE &&
           catalog_exec(
               command->catalog, command->error, NULL,
               "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion, extconfig, extcondition)"
               " VALUES (?1, ?2, ?3, ?4, ?6, ?5, NULL, NULL)",
               "osoosb", extension->oid, extension->name, command->user, extension->schema, extension->version,
               extension->newest.is_relocatable) &&
           depend_on_owner(command, self, command->user) &&
           depend_on(command, self, object_address(PG_NAMESPACE_RELATION, extension->schema, 0), 'n') &&
           (!extension->newest.comment || catalog_comment(command->catalog, self, extension->newest.comment, command->error));
}

typedef struct ExtensionOptions {
    const PgQuery__DefElem *schema, *version, *cascade;
} ExtensionOptions;

static bool read_options(Command *command, NodeList items, size_t count, ExtensionOptions *out)
{
    *out = (ExtensionOptions){0};
    for (size_t i = 0; i < count; i++) {
        const PgQuery__DefElem *option = items[i]->def_elem;
        const PgQuery__DefElem **slot = str_eq(option->defname, "schema")        ? &out->schema
                                        : str_eq(option->defname, "new_version") ? &out->version
                                                                                 : &out->cascade;
        if (*slot)
            return conflicting_options(command, option);
        *slot = option;
    }
    return true;
}

static bool choose_schema(Command *command, const ExtensionOptions *options, const ExtensionRow *newest, Oid *schema)
{
    if (options->schema && newest->schema && !str_eq(option_string(command, options->schema), newest->schema))
        return error_unsupported(command->error, "extension \"%s\" must be installed in schema \"%s\"", newest->name, newest->schema);
    if (!options->schema && !newest->schema) {
        *schema = catalog_creation_namespace(command->catalog);
        return *schema != OID_NONE || error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "no schema has been selected to create in");
    }
    const char *name = options->schema ? option_string(command, options->schema) : newest->schema;
    const CatNamespace *found = catalog_namespace_by_name(command->catalog, name);
    if (!found)
        return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", name);
    *schema = found->oid;
    return true;
}

/* Who creates objects in the database may install a trusted extension; its members are as the bootstrap role's. */
static bool check_maker(Command *command, const char *verb, Extension *extension)
{
    bool is_superuser = catalog_is_superuser(command->catalog, command->user), is_trusted = extension->newest.is_trusted;
    AclMask held = catalog_privileges(command->catalog, PG_DATABASE_RELATION, DATABASE_POSTGRES, 0, command->user, ACL_CREATE);
    extension->maker = is_superuser ? command->user : BOOTSTRAP_ROLE;
    if (is_superuser || (is_trusted && held == ACL_CREATE))
        return true;
    error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to %s extension \"%s\"", verb, extension->name);
    return error_hint(command->error,
                      is_trusted ? "Must have CREATE privilege on current database to %s this extension."
                                 : "Must be superuser to %s this extension.",
                      verb);
}

bool extension_create(Command *command)
{
    const PgQuery__CreateExtensionStmt *statement = command->node->create_extension_stmt;
    const ObjectKind *kind = object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION);
    Extension extension = {.name = statement->extname};
    ExtensionOptions options;
    if (!check_extension_name(command, extension.name) || !object_find(command, kind, extension.name, true, &extension.oid))
        return false;
    if (extension.oid != OID_NONE && !statement->if_not_exists)
        return object_exists(command, kind, extension.name);
    if (extension.oid != OID_NONE) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_OBJECT, "extension \"%s\" already exists, skipping",
               extension.name);
        return true;
    }
    if (!read_options(command, statement->options, statement->n_options, &options) || !find_newest(command, &extension))
        return false;
    extension.version = options.version ? option_string(command, options.version) : extension.newest.version;
    if (!func_check_extension_name("version name", "Version", extension.version, command->error))
        return false;
    if (version_rank(&extension, extension.version) < 0)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE,
                         "extension \"%s\" has no installation script nor update path for version \"%s\"", extension.name,
                         extension.version);
    return choose_schema(command, &options, &extension.newest, &extension.schema) && check_maker(command, "create", &extension) &&
           insert_extension(command, &extension) && (extension.module ? install_wrapper : install_language)(command, &extension) &&
           install_functions_since(command, &extension, -1);
}

/* ---- ALTER EXTENSION ---- */

static bool load_extension(Command *command, const char *name, Extension *extension)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT oid, extnamespace, extversion FROM pg_extension WHERE extname = ?1", "s", name);
    if (!rows)
        return false;
    if (rows->nrows == 0)
        return extension_missing(command, name);
    *extension = (Extension){.name = name,
                             .oid = (Oid)CATALOG_CELL(rows, 0, 0).i,
                             .schema = (Oid)CATALOG_CELL(rows, 0, 1).i,
                             .version = CATALOG_CELL(rows, 0, 2).text};
    return true;
}

bool extension_alter(Command *command)
{
    const PgQuery__AlterExtensionStmt *statement = command->node->alter_extension_stmt;
    Extension extension;
    ExtensionOptions options;
    if (!check_extension_name(command, statement->extname) || !load_extension(command, statement->extname, &extension) ||
        !require_owner(command, PG_EXTENSION_RELATION, extension.oid) || !find_newest(command, &extension) ||
        !read_options(command, statement->options, statement->n_options, &options))
        return false;
    const char *old = extension.version;
    extension.version = options.version ? option_string(command, options.version) : extension.newest.version;
    if (!func_check_extension_name("version name", "Version", extension.version, command->error))
        return false;
    if (str_eq(old, extension.version)) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
               "version \"%s\" of extension \"%s\" is already installed", old, extension.name);
        return true;
    }
    int from = version_rank(&extension, old), to = version_rank(&extension, extension.version);
    if (to < from)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE,
                         "extension \"%s\" has no update path from version \"%s\" to version \"%s\"", extension.name, old,
                         extension.version);
    return check_maker(command, "update", &extension) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_extension SET extversion = ?2 WHERE oid = ?1", "os",
                        extension.oid, extension.version) &&
           install_functions_since(command, &extension, from);
}

bool extension_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement)
{
    Extension extension;
    const char *name = node_text(statement->object);
    if (!check_extension_name(command, name) || !load_extension(command, name, &extension))
        return false;
    Oid target;
    return creation_namespace(command, statement->newschema, &target) &&
           require_privilege(command, PG_NAMESPACE_RELATION, target, ACL_CREATE) &&
           require_owner(command, PG_EXTENSION_RELATION, extension.oid) &&
           extension_move(command, extension.oid, name, extension.schema, target);
}

/* ---- what there is to install ---- */

typedef VEC(ExtensionRow) ExtensionRows;

static void add_versions(const FdwModule *module, Arena *arena, ExtensionRows *rows)
{
    ExtensionRow row = newest_of(module);
    row.is_default = false;
    for (size_t i = 0; i < COUNT_OF(VERSIONS); i++)
        if (str_eq(VERSIONS[i].extension, module->name)) {
            row.version = VERSIONS[i].version;
            vec_push(arena, rows, row);
        }
    vec_push(arena, rows, newest_of(module));
}

size_t command_extensions(WrapperHost *wrappers, Arena *arena, ExtensionRow **out)
{
    const char *const *names;
    size_t n = wrapper_available(wrappers, arena, &names);
    ExtensionRows rows = {0};
    bool placed = false;
    for (size_t i = 0; i < n; i++) {
        Error error;
        error_init(&error, arena);
        const FdwModule *module = wrapper_module(wrappers, names[i], &error);
        if (!placed && strcmp(names[i], PLPGSQL.name) > 0) {
            vec_push(arena, &rows, PLPGSQL);
            placed = true;
        }
        if (module) /* one that does not load cannot be installed */
            add_versions(module, arena, &rows);
    }
    if (!placed)
        vec_push(arena, &rows, PLPGSQL);
    *out = rows.items;
    return rows.count;
}

bool command_language_missing(WrapperHost *wrappers, const char *language, Arena *arena, Error *error)
{
    ExtensionRow *rows;
    size_t count = command_extensions(wrappers, arena, &rows);
    error_set(error, ERRCODE_UNDEFINED_OBJECT, "language \"%s\" does not exist", language);
    for (size_t i = 0; i < count; i++)
        if (rows[i].is_default && str_eq(rows[i].name, language))
            return error_hint(error, "Use CREATE EXTENSION to load the language into the database.");
    return false;
}
