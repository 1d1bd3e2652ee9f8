/*
 * role.c - CREATE, ALTER and DROP ROLE (USER, GROUP), their settings and names.
 *
 * Invariants:
 *  1. A password given in clear is turned into its secret before anything is written; neither reaches a message.
 *  2. Roles named pg_... and the special names are never made, altered or dropped.
 *
 * Entered by the session's worker only.
 */
#include <ctype.h>
#include <string.h>

#include "base/scram.h"
#include "command/command_internal.h"

enum { FIRST_NORMAL_OID = 16384 };

typedef enum RoleOption {
    OPTION_SUPERUSER,
    OPTION_INHERIT,
    OPTION_CREATEROLE,
    OPTION_CREATEDB,
    OPTION_LOGIN,
    OPTION_REPLICATION,
    OPTION_BYPASSRLS,
    OPTION_LAST_FLAG = OPTION_BYPASSRLS,
    OPTION_CONNECTION_LIMIT,
    OPTION_PASSWORD,
    OPTION_VALID_UNTIL,
    OPTION_IN_ROLE,
    OPTION_MEMBERS,
    OPTION_ADMINS,
    OPTION_SYSID,
    OPTION_COUNT,
} RoleOption;

/* The parser's name of an option, and the column it sets. */
static const struct {
    const char *name, *column;
} OPTIONS[OPTION_COUNT] = {
    [OPTION_SUPERUSER] = {"superuser", "rolsuper"},
    [OPTION_INHERIT] = {"inherit", "rolinherit"},
    [OPTION_CREATEROLE] = {"createrole", "rolcreaterole"},
    [OPTION_CREATEDB] = {"createdb", "rolcreatedb"},
    [OPTION_LOGIN] = {"canlogin", "rolcanlogin"},
    [OPTION_REPLICATION] = {"isreplication", "rolreplication"},
    [OPTION_BYPASSRLS] = {"bypassrls", "rolbypassrls"},
    [OPTION_CONNECTION_LIMIT] = {"connectionlimit", "rolconnlimit"},
    [OPTION_PASSWORD] = {"password", "rolpassword"},
    [OPTION_VALID_UNTIL] = {"validUntil", "rolvaliduntil"},
    [OPTION_IN_ROLE] = {"addroleto", NULL},
    [OPTION_MEMBERS] = {"rolemembers", NULL},
    [OPTION_ADMINS] = {"adminmembers", NULL},
    [OPTION_SYSID] = {"sysid", NULL},
};

/* The options of one statement; those not given are NULL. */
typedef struct RoleOptions {
    const PgQuery__DefElem *given[OPTION_COUNT];
} RoleOptions;

static bool read_options(Command *command, NodeList items, size_t count, RoleOptions *out)
{
    *out = (RoleOptions){0};
    for (size_t i = 0; i < count; i++) {
        const PgQuery__DefElem *option = items[i]->def_elem;
        size_t which = 0;
        while (which < OPTION_COUNT && !str_eq(OPTIONS[which].name, option->defname))
            which++;
        if (which == OPTION_SYSID)
            notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "SYSID can no longer be specified");
        else if (which == OPTION_COUNT)
            return error_set(command->error, ERRCODE_INTERNAL_ERROR, "option \"%s\" not recognized", option->defname);
        else if (out->given[which])
            return conflicting_options(command, option);
        else
            out->given[which] = option;
    }
    return true;
}

static bool flag_of(const PgQuery__DefElem *option, bool absent)
{
    if (!option)
        return absent;
    if (option->arg && option->arg->node_case == PG_QUERY__NODE__NODE_INTEGER)
        return option->arg->integer->ival != 0;
    return !option->arg || option->arg->node_case != PG_QUERY__NODE__NODE_BOOLEAN || option->arg->boolean->boolval;
}

static bool connection_limit(Command *command, const RoleOptions *options, int64_t *limit)
{
    const PgQuery__DefElem *option = options->given[OPTION_CONNECTION_LIMIT];
    *limit = option && option->arg && option->arg->node_case == PG_QUERY__NODE__NODE_INTEGER ? option->arg->integer->ival : -1;
    return *limit >= -1 || error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid connection limit: %d", (int)*limit);
}

static bool valid_until(Command *command, const RoleOptions *options, const char **text)
{
    const PgQuery__DefElem *option = options->given[OPTION_VALID_UNTIL];
    *text = NULL;
    if (!option || !option_string(command, option))
        return true;
    return type_canonical(TYPE_TIMESTAMPTZ, -1, option_string(command, option), command->context->functions->types, command->arena, text,
                          command->error);
}

/* ---- passwords ---- */

static bool is_md5_secret(const char *text)
{
    return strncmp(text, "md5", 3) == 0 && strlen(text) == 35 && strspn(text + 3, "0123456789abcdef") == 32;
}

/* The secret to store; NULL: none (PASSWORD NULL, or an empty one). */
static bool password_secret(Command *command, const RoleOptions *options, const char **secret)
{
    const PgQuery__DefElem *option = options->given[OPTION_PASSWORD];
    const char *password = option && option->arg ? option_string(command, option) : NULL;
    ScramSecret parsed;
    *secret = NULL;
    if (!password)
        return true;
    if (!*password) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
               "empty string is not a valid password, clearing password");
        return true;
    }
    if (is_md5_secret(password) || scram_parse_secret(password, &parsed)) {
        *secret = password;
        return true;
    }
    if (!str_eq(command->context->password_encryption, "scram-sha-256"))
        return error_unsupported(command->error, "password_encryption \"%s\" is not supported", command->context->password_encryption);
    *secret = scram_make_secret(password, command->arena);
    return true;
}

/* ---- rights ---- */

static bool may_create_roles(Command *command)
{
    const CatRole *role = catalog_role(command->catalog, command->user);
    return role && (role->super || role->create_role);
}

static bool denied(Command *command, const char *message)
{
    return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "%s", message);
}

static bool reserved(Command *command, const char *name, const char *detail)
{
    error_set(command->error, ERRCODE_RESERVED_NAME, "role name \"%s\" is reserved", name);
    return error_detail(command->error, "%s", detail);
}

static const char RESERVED_PREFIX[] = "Role names starting with \"pg_\" are reserved.";

/* ---- CREATE ROLE ---- */

static bool check_create(Command *command, const char *name, const RoleOptions *options)
{
    bool super = catalog_is_superuser(command->catalog, command->user);
    if (flag_of(options->given[OPTION_SUPERUSER], false) && !super)
        return denied(command, "must be superuser to create superusers");
    if (flag_of(options->given[OPTION_REPLICATION], false) && !super)
        return denied(command, "must be superuser to create replication users");
    if (flag_of(options->given[OPTION_BYPASSRLS], false) && !super)
        return denied(command, "must be superuser to create bypassrls users");
    if (!may_create_roles(command))
        return denied(command, "permission denied to create role");
    if (role_is_reserved(name))
        return reserved(command, name, RESERVED_PREFIX);
    if (catalog_role_by_name(command->catalog, name))
        return object_exists(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_ROLE), name);
    return true;
}

static bool insert(Command *command, const PgQuery__CreateRoleStmt *statement, const RoleOptions *options, int64_t limit, Oid *oid)
{
    const char *until, *secret;
    if (!valid_until(command, options, &until) || !password_secret(command, options, &secret))
        return false;
    *oid = catalog_new_oid(command->catalog, command->error);
    bool is_user = statement->stmt_type == PG_QUERY__ROLE_STMT_TYPE__ROLESTMT_USER;
    const PgQuery__DefElem *const *given = options->given;
    return *oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_authid (oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,"
                        " rolreplication, rolbypassrls, rolconnlimit, rolpassword, rolvaliduntil)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                        "osbbbbbbbiss", *oid, statement->role, flag_of(given[OPTION_SUPERUSER], false),
                        flag_of(given[OPTION_INHERIT], true), flag_of(given[OPTION_CREATEROLE], false),
                        flag_of(given[OPTION_CREATEDB], false), flag_of(given[OPTION_LOGIN], is_user),
                        flag_of(given[OPTION_REPLICATION], false), flag_of(given[OPTION_BYPASSRLS], false), limit, secret, until);
}

static const PgQuery__List *role_list(const PgQuery__DefElem *option)
{
    return option && option->arg && option->arg->node_case == PG_QUERY__NODE__NODE_LIST ? option->arg->list : NULL;
}

/* IN ROLE a, b: the new role becomes a member of each. */
static bool join_roles(Command *command, const char *name, const PgQuery__DefElem *option)
{
    const PgQuery__List *roles = role_list(option);
    PgQuery__RoleSpec self = PG_QUERY__ROLE_SPEC__INIT;
    self.roletype = PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING;
    self.rolename = (char *)name;
    Node node = PG_QUERY__NODE__INIT;
    node.node_case = PG_QUERY__NODE__NODE_ROLE_SPEC;
    node.role_spec = &self;
    Node *members[] = {&node};
    for (size_t i = 0; roles && i < roles->n_items; i++) {
        MembershipChange change = {.grantor = command->user, .members = members, .nmembers = 1};
        if (!role_resolve(command, roles->items[i]->role_spec, &change.role))
            return false;
        change.role_name = role_name(command, change.role);
        if (!membership_add(command, &change))
            return false;
    }
    return true;
}

static bool add_members(Command *command, Oid role, const char *name, const PgQuery__DefElem *option, bool admin)
{
    const PgQuery__List *roles = role_list(option);
    MembershipChange change = {.role_name = name, .role = role, .grantor = command->user, .admin = admin};
    if (!roles)
        return true;
    change.members = roles->items;
    change.nmembers = roles->n_items;
    return membership_add(command, &change);
}

bool role_create(Command *command)
{
    const PgQuery__CreateRoleStmt *statement = command->node->create_role_stmt;
    RoleOptions options;
    int64_t limit;
    Oid oid;
    return read_options(command, statement->options, statement->n_options, &options) && connection_limit(command, &options, &limit) &&
           check_create(command, statement->role, &options) && insert(command, statement, &options, limit, &oid) &&
           join_roles(command, statement->role, options.given[OPTION_IN_ROLE]) &&
           add_members(command, oid, statement->role, options.given[OPTION_ADMINS], true) &&
           add_members(command, oid, statement->role, options.given[OPTION_MEMBERS], false);
}

/* ---- ALTER ROLE ---- */

/* The role of an ALTER; special specifiers are allowed, reserved names are not. */
static bool find_for_alter(Command *command, const PgQuery__RoleSpec *spec, Oid *oid)
{
    if (spec->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING && role_is_reserved(spec->rolename))
        return reserved(command, spec->rolename, "Cannot alter reserved roles.");
    return role_resolve(command, spec, oid);
}

static bool check_alter(Command *command, Oid oid, const RoleOptions *options)
{
    const CatRole *role = catalog_role(command->catalog, oid);
    bool super = catalog_is_superuser(command->catalog, command->user);
    if (role->super || options->given[OPTION_SUPERUSER])
        return super || denied(command, "must be superuser to alter superuser roles or change superuser attribute");
    if (role->replication || options->given[OPTION_REPLICATION])
        return super || denied(command, "must be superuser to alter replication roles or change replication attribute");
    if (options->given[OPTION_BYPASSRLS])
        return super || denied(command, "must be superuser to change bypassrls attribute");
    if (may_create_roles(command))
        return true;
    /* A role may change its own password, and nothing else. */
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (i != OPTION_PASSWORD && options->given[i])
            return denied(command, "permission denied");
    return (options->given[OPTION_PASSWORD] && oid == command->user) || denied(command, "permission denied");
}

static bool update_column(Command *command, Oid oid, RoleOption option, const char *type, int64_t number, const char *text)
{
    const char *sql = arena_printf(command->arena, "UPDATE pg_authid SET %s = ?2 WHERE oid = ?1", OPTIONS[option].column);
    if (*type == 's')
        return catalog_exec(command->catalog, command->error, NULL, sql, "os", oid, text);
    return catalog_exec(command->catalog, command->error, NULL, sql, "oi", oid, number);
}

static bool update(Command *command, Oid oid, const RoleOptions *options, int64_t limit)
{
    const char *until, *secret;
    if (!valid_until(command, options, &until))
        return false;
    for (RoleOption option = 0; option <= OPTION_LAST_FLAG; option++)
        if (options->given[option] && !update_column(command, oid, option, "i", flag_of(options->given[option], false), NULL))
            return false;
    if (options->given[OPTION_CONNECTION_LIMIT] && !update_column(command, oid, OPTION_CONNECTION_LIMIT, "i", limit, NULL))
        return false;
    if (options->given[OPTION_PASSWORD] &&
        (!password_secret(command, options, &secret) || !update_column(command, oid, OPTION_PASSWORD, "s", 0, secret)))
        return false;
    return !options->given[OPTION_VALID_UNTIL] || update_column(command, oid, OPTION_VALID_UNTIL, "s", 0, until);
}

bool role_alter(Command *command)
{
    const PgQuery__AlterRoleStmt *statement = command->node->alter_role_stmt;
    RoleOptions options;
    int64_t limit;
    Oid oid;
    if (statement->role->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING && role_is_reserved(statement->role->rolename))
        return reserved(command, statement->role->rolename, "Cannot alter reserved roles.");
    if (!read_options(command, statement->options, statement->n_options, &options) || !connection_limit(command, &options, &limit) ||
        !find_for_alter(command, statement->role, &oid) || !check_alter(command, oid, &options) || !update(command, oid, &options, limit))
        return false;
    const PgQuery__List *members = role_list(options.given[OPTION_MEMBERS]);
    if (!members)
        return true;
    MembershipChange change = {.role_name = role_name(command, oid),
                               .role = oid,
                               .grantor = command->user,
                               .members = members->items,
                               .nmembers = members->n_items};
    return statement->action >= 0 ? membership_add(command, &change) : membership_remove(command, &change);
}

/* ---- DROP ROLE ---- */

static bool check_drop(Command *command, const CatRole *role)
{
    if (role->oid == command->user)
        return error_set(command->error, ERRCODE_OBJECT_IN_USE, "current user cannot be dropped");
    if (role->oid == command->context->session_user)
        return error_set(command->error, ERRCODE_OBJECT_IN_USE, "session user cannot be dropped");
    if (role->super && !catalog_is_superuser(command->catalog, command->user))
        return denied(command, "must be superuser to drop superusers");
    if (role->oid < FIRST_NORMAL_OID)
        return error_set(command->error, ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
                         "cannot drop role %s because it is required by the database system",
                         catalog_quote_identifier(command->catalog, role->name, command->arena));
    const char *dependents = catalog_role_dependents(command->catalog, role->oid, command->arena);
    if (!dependents)
        return true;
    error_set(command->error, ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST, "role \"%s\" cannot be dropped because some objects depend on it",
              role->name);
    return error_detail(command->error, "%s", dependents);
}

static bool drop_one(Command *command, const CatRole *role)
{
    Oid oid = role->oid;
    return check_drop(command, role) &&
           catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_auth_members WHERE roleid = ?1 OR member = ?1", "o", oid) &&
           catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_db_role_setting WHERE setrole = ?1", "o", oid) &&
           catalog_delete_object(command->catalog, object_address(PG_AUTHID_RELATION, oid, 0), command->error);
}

bool role_drop(Command *command)
{
    const PgQuery__DropRoleStmt *statement = command->node->drop_role_stmt;
    if (!may_create_roles(command))
        return denied(command, "permission denied to drop role");
    for (size_t i = 0; i < statement->n_roles; i++) {
        const PgQuery__RoleSpec *spec = statement->roles[i]->role_spec;
        if (spec->roletype != PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING)
            return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "cannot use special role specifier in DROP ROLE");
        const CatRole *role = catalog_role_by_name(command->catalog, spec->rolename);
        if (role && !drop_one(command, role))
            return false;
        if (role)
            continue;
        if (!statement->missing_ok)
            return object_missing(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_ROLE), spec->rolename);
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "role \"%s\" does not exist, skipping",
               spec->rolename);
    }
    return true;
}

/* ---- RENAME ---- */

static bool check_rename(Command *command, const CatRole *role, const char *name)
{
    if (role->oid == command->context->session_user)
        return error_unsupported(command->error, "session user cannot be renamed");
    if (role->oid == command->user)
        return error_unsupported(command->error, "current user cannot be renamed");
    if (role_is_reserved(role->name))
        return reserved(command, role->name, RESERVED_PREFIX);
    if (role_is_reserved(name))
        return reserved(command, name, RESERVED_PREFIX);
    if (catalog_role_by_name(command->catalog, name))
        return object_exists(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_ROLE), name);
    if (role->super)
        return catalog_is_superuser(command->catalog, command->user) || denied(command, "must be superuser to rename superusers");
    return may_create_roles(command) || denied(command, "permission denied to rename role");
}

bool role_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    const CatRole *role = catalog_role_by_name(command->catalog, statement->subname);
    if (!role)
        return object_missing(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_ROLE), statement->subname);
    Oid oid = role->oid;
    bool has_md5 = role->password && is_md5_secret(role->password);
    if (!check_rename(command, role, statement->newname) ||
        !catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_authid SET rolname = ?2 WHERE oid = ?1", "os", oid,
                      statement->newname))
        return false;
    if (!has_md5)
        return true;
    /* The name is the salt of such a secret. */
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "MD5 password cleared because of role rename");
    return update_column(command, oid, OPTION_PASSWORD, "s", 0, NULL);
}
