/*
 * database.c - ALTER DATABASE: the settings that its sessions begin with, its options, its owner. There is one database: what would need
 * another is refused by name (absent.c).
 *
 * Entered by the session's worker only.
 */
#include "command/command_internal.h"

static const ObjectKind *database_kind(void)
{
    return object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE);
}

static bool find_owned(Command *command, const char *name, Oid *oid)
{
    return object_find(command, database_kind(), name, false, oid) && require_owner(command, PG_DATABASE_RELATION, *oid);
}

static bool is_current(const Command *command, const char *name)
{
    return str_eq(name, command->context->functions->database);
}

bool database_alter_settings(Command *command)
{
    const PgQuery__AlterDatabaseSetStmt *statement = command->node->alter_database_set_stmt;
    Oid database;
    return find_owned(command, statement->dbname, &database) && setting_row_change(command, statement->setstmt, database, OID_NONE);
}

bool database_refresh_collation(Command *command)
{
    const PgQuery__AlterDatabaseRefreshCollStmt *statement = command->node->alter_database_refresh_coll_stmt;
    Oid database;
    if (!find_owned(command, statement->dbname, &database))
        return false;
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "version has not changed");
    return true;
}

/* ---- options ---- */

enum { IS_TEMPLATE, ALLOW_CONNECTIONS, CONNECTION_LIMIT, TABLESPACE, OPTION_COUNT };

static const struct {
    const char *name, *column;
} OPTIONS[OPTION_COUNT] = {[IS_TEMPLATE] = {"is_template", "datistemplate"},
                           [ALLOW_CONNECTIONS] = {"allow_connections", "datallowconn"},
                           [CONNECTION_LIMIT] = {"connection_limit", "datconnlimit"},
                           [TABLESPACE] = {"tablespace", NULL}};

typedef const PgQuery__DefElem *OptionList[OPTION_COUNT];

static bool collect(Command *command, const PgQuery__AlterDatabaseStmt *statement, OptionList found)
{
    for (size_t i = 0; i < statement->n_options; i++) {
        const PgQuery__DefElem *option = statement->options[i]->def_elem;
        size_t number = 0;
        while (number < OPTION_COUNT && !str_eq(OPTIONS[number].name, option->defname))
            number++;
        if (number == OPTION_COUNT) {
            error_set(command->error, ERRCODE_SYNTAX_ERROR, "option \"%s\" not recognized", option->defname);
            return error_at(command->error, option->location);
        }
        if (found[number])
            return conflicting_options(command, option);
        found[number] = option;
    }
    return true;
}

static bool refuse_tablespace(Command *command, const PgQuery__AlterDatabaseStmt *statement, const PgQuery__DefElem *option)
{
    Oid database;
    if (statement->n_options > 1) {
        error_unsupported(command->error, "option \"%s\" cannot be specified with other options", option->defname);
        return error_at(command->error, option->location);
    }
    if (!command_require_alone(command, "ALTER DATABASE SET TABLESPACE"))
        return false;
    if (!find_owned(command, statement->dbname, &database))
        return false;
    if (is_current(command, statement->dbname))
        return error_set(command->error, ERRCODE_OBJECT_IN_USE, "cannot change the tablespace of the currently open database");
    return error_unsupported(command->error, "ALTER DATABASE ... SET TABLESPACE is not supported");
}

static bool read_integer(Command *command, const PgQuery__DefElem *option, int64_t *out)
{
    if (!option->arg || option->arg->node_case != PG_QUERY__NODE__NODE_INTEGER)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, option->arg ? "%s requires an integer value" : "%s requires a numeric value",
                         option->defname);
    *out = option->arg->integer->ival;
    return true;
}

static bool read_value(Command *command, size_t number, const PgQuery__DefElem *option, int64_t *out)
{
    bool is_on;
    if (number != CONNECTION_LIMIT) {
        bool done = option_bool(command, option, &is_on);
        *out = done && is_on;
        return done;
    }
    return read_integer(command, option, out) &&
           (*out >= -1 || error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid connection limit: %d", (int)*out));
}

bool database_alter(Command *command)
{
    const PgQuery__AlterDatabaseStmt *statement = command->node->alter_database_stmt;
    OptionList options = {0};
    int64_t values[OPTION_COUNT] = {0};
    Oid database;
    if (!collect(command, statement, options))
        return false;
    if (options[TABLESPACE])
        return refuse_tablespace(command, statement, options[TABLESPACE]);
    for (size_t i = 0; i < TABLESPACE; i++)
        if (options[i] && options[i]->arg && !read_value(command, i, options[i], &values[i]))
            return false;
    if (!find_owned(command, statement->dbname, &database))
        return false;
    if (options[ALLOW_CONNECTIONS] && options[ALLOW_CONNECTIONS]->arg && !values[ALLOW_CONNECTIONS] &&
        is_current(command, statement->dbname))
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "cannot disallow connections for current database");
    for (size_t i = 0; i < TABLESPACE; i++) {
        const char *sql = arena_printf(command->arena, "UPDATE pg_database SET %s = ?2 WHERE oid = ?1", OPTIONS[i].column);
        if (options[i] && options[i]->arg && !catalog_exec(command->catalog, command->error, NULL, sql, "oi", database, values[i]))
            return false;
    }
    return true;
}

/* ---- RENAME, OWNER ---- */

static bool may_create(Command *command)
{
    const CatRole *user = catalog_role(command->catalog, command->user);
    return user->super || user->create_db;
}

bool database_rename(Command *command, const char *old, const char *new)
{
    Oid database, taken;
    if (!find_owned(command, old, &database))
        return false;
    if (!may_create(command))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to rename database");
    if (!object_find(command, database_kind(), new, true, &taken))
        return false;
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_DATABASE, "database \"%s\" already exists", new);
    return error_unsupported(command->error, "current database cannot be renamed"); /* which all there is, is */
}

bool database_check_owner(Command *command, Oid database, Oid owner)
{
    if (!require_owner(command, PG_DATABASE_RELATION, database) || !role_check_member(command, owner))
        return false;
    return may_create(command) ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to change owner of database");
}
