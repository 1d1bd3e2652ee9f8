/*
 * server.c - CREATE and ALTER SERVER.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/command_internal.h"

static const ObjectKind *server_kind(void)
{
    return object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER);
}

/* The wrapper a new server stands on: it must be there and usable. */
static bool find_wrapper(Command *command, const char *name, Oid *oid)
{
    const CatWrapper *wrapper = catalog_wrapper_by_name(command->catalog, name);
    if (!wrapper)
        return object_missing(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_FDW), name);
    *oid = wrapper->oid;
    return require_privilege(command, PG_FOREIGN_DATA_WRAPPER_RELATION, *oid, ACL_USAGE);
}

/* TYPE '' and VERSION '' are empty texts, not NULL. */
static const char *clause_text(Command *command, const char *text, PgQuery__Token keyword)
{
    if (text && *text)
        return text;
    return sql_gives_empty_text(command->context->statement, keyword, command->arena) ? "" : NULL;
}

bool server_create(Command *command)
{
    const PgQuery__CreateForeignServerStmt *statement = command->node->create_foreign_server_stmt;
    if (catalog_server_by_name(command->catalog, statement->servername)) {
        if (!statement->if_not_exists)
            return object_exists(command, server_kind(), statement->servername);
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_OBJECT, "server \"%s\" already exists, skipping",
               statement->servername);
        return true;
    }
    Oid wrapper = OID_NONE, oid;
    Validator validator;
    const char *options;
    if (!find_wrapper(command, statement->fdwname, &wrapper) || !validator_of_wrapper(command, wrapper, &validator) ||
        !options_change(command, NULL, statement->options, statement->n_options, &validator, FDW_OBJECT_SERVER, &options))
        return false;
    oid = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_FOREIGN_SERVER_RELATION, oid, 0);
    return oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_foreign_server (oid, srvname, srvowner, srvfdw, srvtype, srvversion, srvacl, srvoptions)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7)",
                        "osoosss", oid, statement->servername, command->user, wrapper,
                        clause_text(command, statement->servertype, PG_QUERY__TOKEN__TYPE_P),
                        clause_text(command, statement->version, PG_QUERY__TOKEN__VERSION_P), options) &&
           depend_on(command, self, object_address(PG_FOREIGN_DATA_WRAPPER_RELATION, wrapper, 0), 'n') &&
           depend_on_owner(command, self, command->user);
}

bool server_alter(Command *command)
{
    const PgQuery__AlterForeignServerStmt *statement = command->node->alter_foreign_server_stmt;
    const CatServer *server = catalog_server_by_name(command->catalog, statement->servername);
    if (!server)
        return object_missing(command, server_kind(), statement->servername);
    Oid oid = server->oid, wrapper = server->wrapper;
    FdwOptions old = server->options;
    const char *options = catalog_options_text(&old, command->arena);
    const char *version = arena_strdup(
        command->arena, statement->has_version ? clause_text(command, statement->version, PG_QUERY__TOKEN__VERSION_P) : server->version);
    Validator validator;
    if (!require_owner(command, PG_FOREIGN_SERVER_RELATION, oid))
        return false;
    if (statement->n_options > 0 &&
        (!validator_of_wrapper(command, wrapper, &validator) ||
         !options_change(command, &old, statement->options, statement->n_options, &validator, FDW_OBJECT_SERVER, &options)))
        return false;
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_foreign_server SET srvversion = ?2, srvoptions = ?3 WHERE oid = ?1", "oss", oid, version, options);
}
