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
    ObjectAddress self = object_address(PG_NAMESPACE_RELATION, oid, 0);
    return oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_namespace (oid, nspname, nspowner, nspacl) VALUES (?1, ?2, ?3, NULL)", "oso", oid, name, owner) &&
           depend_on_owner(command, self, owner) &&
           default_privileges_apply(command, self, PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA, owner, OID_NONE);
}

/* The elements of a new schema, as its owner: in it when they name none, and in no other. Tables before what needs them. */
static bool run_elements(Command *command, const PgQuery__CreateSchemaStmt *statement, const char *schema, Oid owner)
{
    static const PgQuery__Node__NodeCase ORDER[] = {
        PG_QUERY__NODE__NODE_CREATE_SEQ_STMT, PG_QUERY__NODE__NODE_CREATE_STMT,      PG_QUERY__NODE__NODE_VIEW_STMT,
        PG_QUERY__NODE__NODE_INDEX_STMT,      PG_QUERY__NODE__NODE_CREATE_TRIG_STMT, PG_QUERY__NODE__NODE_GRANT_STMT,
    };
    Command inner = *command;
    inner.user = owner;
    for (size_t k = 0; k < COUNT_OF(ORDER); k++)
        for (size_t i = 0; i < statement->n_schema_elts; i++) {
            const Node *element = statement->schema_elts[i];
            const PgQuery__RangeVar *made = ORDER[k] == PG_QUERY__NODE__NODE_CREATE_SEQ_STMT ? element->create_seq_stmt->sequence
                                            : ORDER[k] == PG_QUERY__NODE__NODE_CREATE_STMT   ? element->create_stmt->relation
                                            : ORDER[k] == PG_QUERY__NODE__NODE_VIEW_STMT     ? element->view_stmt->view
                                                                                             : NULL;
            if (element->node_case != ORDER[k])
                continue;
            if (made && text_given(made->schemaname) && !str_eq(made->schemaname, schema))
                return error_set(command->error, ERRCODE_INVALID_SCHEMA_DEFINITION,
                                 "CREATE specifies a schema (%s) different from the one being created (%s)", made->schemaname, schema);
            if (made && *made->relpersistence == 't') /* which is refused there */
                ((PgQuery__RangeVar *)(uintptr_t)made)->schemaname = arena_strdup(command->arena, schema);
            if (!command_run_node(&inner, element))
                return false;
        }
    return true;
}

static bool make_elements(Command *command, const PgQuery__CreateSchemaStmt *statement, const char *schema, Oid owner)
{
    Oid user;
    const char *path = catalog_search_path_setting(command->catalog, command->arena, &user);
    const char *name = catalog_quote_identifier(command->catalog, schema, command->arena);
    catalog_set_search_path(command->catalog, arena_printf(command->arena, "%s%s%s", name, path && *path ? ", " : "", path ? path : ""),
                            owner);
    bool ok = run_elements(command, statement, schema, owner);
    catalog_set_search_path(command->catalog, path, user);
    return ok;
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
    return statement->n_schema_elts == 0 || make_elements(command, statement, name, owner);
}
