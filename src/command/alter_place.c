/*
 * alter_place.c - where and how a relation lies: TABLESPACE, SET ACCESS METHOD; and what tables have none of: rules, types they are of.
 *
 * Invariant: there is one place (pg_default) and one way to keep rows (heap): naming those changes nothing, naming others is PostgreSQL's
 * error.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"

bool tablespace_check(Command *command, const char *name)
{
    Oid oid;
    return object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE), name, false, &oid) &&
           (!str_eq(name, "pg_global") ||
            error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "only shared relations can be placed in pg_global tablespace"));
}

bool tablespace_check_new(Command *command, const char *name, Oid schema)
{
    const SessionServices *session = command->context->functions->session;
    if (name)
        return tablespace_check(command, name);
    bool temporary = catalog_is_temporary(command->catalog, schema);
    const char *list = session->get_setting(session->arg, temporary ? "temp_tablespaces" : "default_tablespace", command->arena);
    name = temporary ? catalog_next_name(&list, command->arena) : list;
    if (!str_eq(name, "pg_global"))
        return true; /* all others are the database's own */
    Oid oid;
    return object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE), name, false, &oid) &&
           (temporary || require_privilege(command, PG_TABLESPACE_RELATION, oid, ACL_CREATE)) && tablespace_check(command, name);
}

/* ALTER TABLE ALL IN TABLESPACE: with one place for a database's relations there is nothing to move. */
bool relations_move_tablespace(Command *command)
{
    const PgQuery__AlterTableMoveAllStmt *statement = command->node->alter_table_move_all_stmt;
    const char *const names[] = {statement->orig_tablespacename, statement->new_tablespacename};
    bool is_global = false;
    Oid oid;
    for (size_t i = 0; i < statement->n_roles; i++)
        if (!role_resolve(command, statement->roles[i]->role_spec, &oid))
            return false;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE), names[i], false, &oid))
            return false;
        is_global |= str_eq(names[i], "pg_global");
    }
    return !is_global ||
           error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "cannot move relations in to or out of pg_global tablespace");
}

bool alter_tablespace(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return tablespace_check(command, cmd->name);
}

/* Tables have none. */
bool alter_rule(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return rule_missing(command, catalog_relation(command->catalog, alter->relation), cmd->name);
}

bool alter_not_of(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a typed table", alter->name);
}

/* ---- SET ACCESS METHOD ---- */

bool alter_access_method(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Oid oid;
    if (alter->kind == 'p')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot change access method of a partitioned table");
    return object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_ACCESS_METHOD), cmd->name, false, &oid) &&
           (str_eq(cmd->name, "heap") ||
            error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "access method \"%s\" is not of type TABLE", cmd->name));
}
