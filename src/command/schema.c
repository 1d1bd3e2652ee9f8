/*
 * schema.c - CREATE SCHEMA, and what may become a schema's name.
 *
 * Entered by the session's worker only.
 */
#include "command/command_internal.h"

bool schema_check_new_name(Command *command, const char *name)
{
    if (!role_is_reserved(name))
        return true;
    error_set(command->error, ERRCODE_RESERVED_NAME, "unacceptable schema name \"%s\"", name);
    return error_detail(command->error, "The prefix \"pg_\" is reserved for system schemas.");
}

bool schema_check_create_on_database(Command *command)
{
    return require_privilege(command, PG_DATABASE_RELATION, DATABASE_POSTGRES, ACL_CREATE);
}

static bool insert(Command *command, const char *name, Oid owner)
{
    Oid oid = catalog_new_oid(command->catalog, command->error);
    return oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_namespace (oid, nspname, nspowner, nspacl) VALUES (?1, ?2, ?3, NULL)", "oso", oid, name, owner) &&
           depend_on_owner(command, object_address(PG_NAMESPACE_RELATION, oid, 0), owner);
}

bool schema_create(Command *command)
{
    const PgQuery__CreateSchemaStmt *statement = command->node->create_schema_stmt;
    Oid owner = command->user;
    if (statement->authrole && !role_resolve(command, statement->authrole, &owner))
        return false;
    const char *name = text_given(statement->schemaname);
    if (!name)
        name = role_name(command, owner);
    if (!schema_check_create_on_database(command) || !role_check_member(command, owner) || !schema_check_new_name(command, name))
        return false;
    if (catalog_namespace_by_name(command->catalog, name)) {
        if (!statement->if_not_exists)
            return object_exists(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA), name);
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_SCHEMA, "schema \"%s\" already exists, skipping", name);
        return true;
    }
    if (!insert(command, name, owner))
        return false;
    for (size_t i = 0; i < statement->n_schema_elts; i++)
        if (!command_run_node(command, statement->schema_elts[i]))
            return false;
    return true;
}
