/*
 * membership.c - GRANT and REVOKE of roles: rows of pg_auth_members.
 *
 * Invariants:
 *  1. Memberships have no circles.
 *  2. One row a (role, member); the grantor of record is who granted last.
 *
 * Entered by the session's worker only.
 */
#include "command/command_internal.h"

/* Whether `member` reaches `role` through any membership, itself included; being superuser counts for nothing. */
static bool reaches(Command *command, Oid member, Oid role, bool *out)
{
    int64_t found;
    bool ok = query_integer(command, &found, 0,
                            "WITH RECURSIVE m(r) AS (SELECT ?1 UNION SELECT roleid FROM pg_auth_members JOIN m ON member = r)"
                            " SELECT 1 FROM m WHERE r = ?2",
                            "oo", member, role);
    *out = ok && found;
    return ok;
}

static bool is_admin(Command *command, Oid member, Oid role, bool *out)
{
    int64_t found;
    bool ok = query_integer(command, &found, 0,
                            "WITH RECURSIVE m(r) AS (SELECT ?1 UNION SELECT roleid FROM pg_auth_members JOIN m ON member = r)"
                            " SELECT 1 FROM pg_auth_members WHERE roleid = ?2 AND admin_option AND member IN (SELECT r FROM m)",
                            "oo", member, role);
    *out = ok && found;
    return ok;
}

static bool check_rights(Command *command, const MembershipChange *change)
{
    const CatRole *role = catalog_role(command->catalog, change->role), *user = catalog_role(command->catalog, command->user);
    bool admin;
    if (role->super)
        return user->super || error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be superuser to alter superusers");
    if (user->super || user->create_role || catalog_is_superuser(command->catalog, change->grantor))
        return true;
    if (!is_admin(command, change->grantor, change->role, &admin))
        return false;
    return admin || error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must have admin option on role \"%s\"", change->role_name);
}

/* The membership's admin option: 0, 1, or -1 when there is no such membership. */
static bool find(Command *command, Oid role, Oid member, int64_t *admin)
{
    return query_integer(command, admin, -1, "SELECT admin_option FROM pg_auth_members WHERE roleid = ?1 AND member = ?2", "oo", role,
                         member);
}

static bool add_one(Command *command, const MembershipChange *change, Oid member)
{
    bool circle;
    int64_t admin;
    const char *member_name = role_name(command, member);
    if (member == ROLE_PG_DATABASE_OWNER)
        return error_set(command->error, ERRCODE_INTERNAL_ERROR, "role \"%s\" cannot be a member of any role", member_name);
    if (!reaches(command, change->role, member, &circle) || !find(command, change->role, member, &admin))
        return false;
    if (circle)
        return error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "role \"%s\" is a member of role \"%s\"", change->role_name,
                         member_name);
    if (admin == 1 || (admin == 0 && !change->admin)) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "role \"%s\" is already a member of role \"%s\"",
               member_name, change->role_name);
        return true;
    }
    const char *sql = admin < 0 ? "INSERT INTO pg_auth_members (roleid, member, grantor, admin_option) VALUES (?1, ?2, ?3, ?4)"
                                : "UPDATE pg_auth_members SET grantor = ?3, admin_option = ?4 WHERE roleid = ?1 AND member = ?2";
    return catalog_exec(command->catalog, command->error, NULL, sql, "ooob", change->role, member, change->grantor, change->admin);
}

static bool resolve_members(Command *command, const MembershipChange *change, Oid **members)
{
    *members = ARENA_ARRAY(command->arena, Oid, change->nmembers + 1);
    for (size_t i = 0; i < change->nmembers; i++)
        if (!role_resolve(command, change->members[i]->role_spec, &(*members)[i]))
            return false;
    return true;
}

bool membership_add(Command *command, const MembershipChange *change)
{
    Oid *members;
    if (!resolve_members(command, change, &members) || !check_rights(command, change))
        return false;
    if (change->role == ROLE_PG_DATABASE_OWNER)
        return error_set(command->error, ERRCODE_INTERNAL_ERROR, "role \"%s\" cannot have explicit members", change->role_name);
    if (change->grantor != command->user && !catalog_is_superuser(command->catalog, command->user))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be superuser to set grantor");
    for (size_t i = 0; i < change->nmembers; i++)
        if (!add_one(command, change, members[i]))
            return false;
    return true;
}

static bool remove_one(Command *command, const MembershipChange *change, Oid member)
{
    int64_t admin;
    if (!find(command, change->role, member, &admin))
        return false;
    if (admin < 0) {
        notice(command->context->notices, SEVERITY_WARNING, ERRCODE_WARNING, "role \"%s\" is not a member of role \"%s\"",
               role_name(command, member), change->role_name);
        return true;
    }
    const char *sql = change->admin ? "UPDATE pg_auth_members SET admin_option = 0 WHERE roleid = ?1 AND member = ?2"
                                    : "DELETE FROM pg_auth_members WHERE roleid = ?1 AND member = ?2";
    return catalog_exec(command->catalog, command->error, NULL, sql, "oo", change->role, member);
}

bool membership_remove(Command *command, const MembershipChange *change)
{
    Oid *members;
    if (!resolve_members(command, change, &members) || !check_rights(command, change))
        return false;
    for (size_t i = 0; i < change->nmembers; i++)
        if (!remove_one(command, change, members[i]))
            return false;
    return true;
}

bool membership_grant(Command *command)
{
    const PgQuery__GrantRoleStmt *statement = command->node->grant_role_stmt;
    MembershipChange change = {.grantor = command->user,
                               .admin = statement->admin_opt,
                               .members = statement->grantee_roles,
                               .nmembers = statement->n_grantee_roles};
    Oid *members;
    if ((statement->grantor && !role_resolve(command, statement->grantor, &change.grantor)) || !resolve_members(command, &change, &members))
        return false;
    for (size_t i = 0; i < statement->n_granted_roles; i++) {
        const PgQuery__AccessPriv *granted = statement->granted_roles[i]->access_priv;
        if (!text_given(granted->priv_name) || granted->n_cols > 0)
            return error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "column names cannot be included in GRANT/REVOKE ROLE");
        change.role_name = granted->priv_name;
        if (!object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_ROLE), granted->priv_name, false, &change.role) ||
            !(statement->is_grant ? membership_add(command, &change) : membership_remove(command, &change)))
            return false;
    }
    return true;
}
