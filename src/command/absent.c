/*
 * absent.c - statements about what there is none of, or only one: databases, tablespaces, subscriptions. What they say of names that are
 * missing is PostgreSQL's; what would need the thing itself is refused by name.
 *
 * Entered by the session's worker only.
 */
#include "command/command_internal.h"

#define TYPE(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

static bool refuse(Command *command)
{
    return error_unsupported(command->error, "%s is not supported", sql_command_tag(command->node));
}

/* *oid OID_NONE: it is missing, which may be and was said. */
static bool find(Command *command, PgQuery__ObjectType type, const char *name, bool missing_ok, Oid *oid)
{
    const ObjectKind *kind = object_kind(type);
    if (!object_find(command, kind, name, missing_ok, oid))
        return false;
    if (!*oid)
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s \"%s\" does not exist, skipping", kind->word,
               name);
    return true;
}

bool database_drop(Command *command)
{
    const PgQuery__DropdbStmt *statement = command->node->dropdb_stmt;
    Oid oid;
    if (command->context->in_transaction)
        return error_set(command->error, ERRCODE_ACTIVE_SQL_TRANSACTION, "DROP DATABASE cannot run inside a transaction block");
    if (!find(command, TYPE(DATABASE), statement->dbname, statement->missing_ok, &oid) || !oid)
        return oid == OID_NONE && !error_is_set(command->error);
    if (!require_owner(command, PG_DATABASE_RELATION, oid))
        return false;
    if (str_eq(statement->dbname, command->context->functions->database))
        return error_set(command->error, ERRCODE_OBJECT_IN_USE, "cannot drop the currently open database");
    return refuse(command);
}

bool subscription_drop(Command *command)
{
    const PgQuery__DropSubscriptionStmt *statement = command->node->drop_subscription_stmt;
    Oid oid;
    return find(command, TYPE(SUBSCRIPTION), statement->subname, statement->missing_ok, &oid) && (!oid || refuse(command));
}

bool tablespace_drop(Command *command)
{
    const PgQuery__DropTableSpaceStmt *statement = command->node->drop_table_space_stmt;
    Oid oid;
    if (command->context->in_transaction)
        return error_set(command->error, ERRCODE_ACTIVE_SQL_TRANSACTION, "DROP TABLESPACE cannot run inside a transaction block");
    if (!find(command, TYPE(TABLESPACE), statement->tablespacename, statement->missing_ok, &oid) || !oid)
        return oid == OID_NONE && !error_is_set(command->error);
    if (!require_owner(command, PG_TABLESPACE_RELATION, oid))
        return false;
    return catalog_denied(command->catalog, PG_TABLESPACE_RELATION, oid, false, command->error); /* initdb's own, both of them */
}
