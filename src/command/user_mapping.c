/*
 * user_mapping.c - CREATE, ALTER and DROP USER MAPPING.
 *
 * Invariants:
 *  1. the catalog seals pg_user_mapping.umoptions as it is written; the options' values never reach a message.
 *  2. Who may change a mapping: the server's owner any of them; a role with USAGE on the server its own.
 *
 * Entered by the session's worker only.
 */
#include "command/command_internal.h"

typedef struct MappingTarget {
    Oid user, server, wrapper; /* user OID_NONE: PUBLIC */
    const char *user_name, *server_name;
} MappingTarget;

static const char *mapping_user_name(Command *command, Oid user)
{
    return user == OID_NONE ? "public" : role_name(command, user);
}

static bool find_server(Command *command, const char *name, MappingTarget *target)
{
    const CatServer *server = catalog_server_by_name(command->catalog, name);
    if (!server)
        return object_missing(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER), name);
    target->server = server->oid;
    target->wrapper = server->wrapper;
    target->server_name = name;
    return true;
}

static bool find_target(Command *command, const PgQuery__RoleSpec *user, const char *server_name, MappingTarget *target)
{
    if (!role_resolve_or_public(command, user, &target->user))
        return false;
    target->user_name = mapping_user_name(command, target->user);
    return find_server(command, server_name, target);
}

static bool check_rights(Command *command, const MappingTarget *target)
{
    if (catalog_is_owner(command->catalog, PG_FOREIGN_SERVER_RELATION, target->server, command->user))
        return true;
    if (target->user == command->user)
        return require_privilege(command, PG_FOREIGN_SERVER_RELATION, target->server, ACL_USAGE);
    return catalog_denied(command->catalog, PG_FOREIGN_SERVER_RELATION, target->server, true, command->error);
}

static bool missing(Command *command, const MappingTarget *target)
{
    return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "user mapping for \"%s\" does not exist for server \"%s\"",
                     target->user_name, target->server_name);
}

static bool insert(Command *command, const MappingTarget *target, const char *options)
{
    Oid oid = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_USER_MAPPING_RELATION, oid, 0);
    return oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_user_mapping (oid, umuser, umserver, umoptions) VALUES (?1, ?2, ?3, ?4)", "ooos", oid, target->user,
                        target->server, options) &&
           depend_on(command, self, object_address(PG_FOREIGN_SERVER_RELATION, target->server, 0), 'n') &&
           (target->user == OID_NONE || depend_on_owner(command, self, target->user));
}

bool user_mapping_create(Command *command)
{
    const PgQuery__CreateUserMappingStmt *statement = command->node->create_user_mapping_stmt;
    MappingTarget target;
    if (!find_target(command, statement->user, statement->servername, &target) || !check_rights(command, &target))
        return false;
    if (catalog_user_mapping(command->catalog, target.user, target.server)) {
        if (!statement->if_not_exists)
            return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "user mapping for \"%s\" already exists for server \"%s\"",
                             target.user_name, target.server_name);
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_OBJECT,
               "user mapping for \"%s\" already exists for server \"%s\", skipping", target.user_name, target.server_name);
        return true;
    }
    Validator validator;
    const char *options;
    return validator_of_wrapper(command, target.wrapper, &validator) &&
           options_change(command, NULL, statement->options, statement->n_options, &validator, FDW_OBJECT_USER_MAPPING, &options) &&
           insert(command, &target, options);
}

bool user_mapping_alter(Command *command)
{
    const PgQuery__AlterUserMappingStmt *statement = command->node->alter_user_mapping_stmt;
    MappingTarget target;
    if (!find_target(command, statement->user, statement->servername, &target))
        return false;
    const CatUserMapping *mapping = catalog_user_mapping(command->catalog, target.user, target.server);
    if (!mapping)
        return missing(command, &target);
    Oid oid = mapping->oid;
    Validator validator;
    const char *options;
    return check_rights(command, &target) && validator_of_wrapper(command, target.wrapper, &validator) &&
           options_change(command, &mapping->options, statement->options, statement->n_options, &validator, FDW_OBJECT_USER_MAPPING,
                          &options) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_user_mapping SET umoptions = ?2 WHERE oid = ?1", "os", oid,
                        options);
}

/* IF EXISTS: what is missing, in a notice. */
static bool skip_missing(Command *command, const PgQuery__DropUserMappingStmt *statement)
{
    const PgQuery__RoleSpec *user = statement->user;
    if (user->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING && !catalog_role_by_name(command->catalog, user->rolename)) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "role \"%s\" does not exist, skipping",
               user->rolename);
        return true;
    }
    if (!catalog_server_by_name(command->catalog, statement->servername)) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "server \"%s\" does not exist, skipping",
               statement->servername);
        return true;
    }
    return false;
}

bool user_mapping_drop(Command *command)
{
    const PgQuery__DropUserMappingStmt *statement = command->node->drop_user_mapping_stmt;
    MappingTarget target;
    if (statement->missing_ok && skip_missing(command, statement))
        return true;
    if (!find_target(command, statement->user, statement->servername, &target))
        return false;
    const CatUserMapping *mapping = catalog_user_mapping(command->catalog, target.user, target.server);
    if (!mapping) {
        if (!statement->missing_ok)
            return missing(command, &target);
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
               "user mapping for \"%s\" does not exist for server \"%s\", skipping", target.user_name, target.server_name);
        return true;
    }
    ObjectAddress self = object_address(PG_USER_MAPPING_RELATION, mapping->oid, 0);
    return check_rights(command, &target) && catalog_drop(command->catalog, &self, 1, DROP_CASCADE, command->error);
}
