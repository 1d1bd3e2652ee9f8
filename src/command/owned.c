/*
 * owned.c - DROP OWNED and REASSIGN OWNED: what pg_shdepend says of a role.
 *
 * Invariants:
 *  1. User mappings and default privileges of a role are dropped with it, never reassigned.
 *  2. The bootstrap superuser and the other roles of initdb keep what they have.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "command/privilege_internal.h"

enum { FIRST_UNPINNED_ROLE = 12000 };

typedef struct OwnedRow {
    ObjectAddress object;
    char kind; /* o: owner, a: named in the ACL */
} OwnedRow;

typedef VEC(OwnedRow) OwnedRows;

static bool load_rows(Command *command, Oid role, OwnedRows *out)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT classid, objid, objsubid, deptype FROM pg_shdepend WHERE refclassid = ?1 AND refobjid = ?2"
                                      " ORDER BY objsubid, rowid",
                                      "oo", (Oid)PG_AUTHID_RELATION, role);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        OwnedRow row = {{(Oid)CATALOG_CELL(rows, i, 0).i, (Oid)CATALOG_CELL(rows, i, 1).i, (int)CATALOG_CELL(rows, i, 2).i},
                        CATALOG_CELL(rows, i, 3).text[0]};
        vec_push(command->arena, out, row);
    }
    return rows != NULL;
}

static bool resolve_roles(Command *command, NodeList items, size_t count, const char *denial, Oid **roles)
{
    *roles = ARENA_ARRAY(command->arena, Oid, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!role_resolve(command, items[i]->role_spec, &(*roles)[i]))
            return false;
    for (size_t i = 0; i < count; i++)
        if (!catalog_has_privs_of(command->catalog, command->user, (*roles)[i]))
            return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "%s", denial);
    return true;
}

static bool check_pinned(Command *command, Oid role, const char *what)
{
    return role >= FIRST_UNPINNED_ROLE ||
           error_set(command->error, ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,
                     "cannot %s objects owned by role %s because they are required by "
                     "the database system",
                     what, catalog_quote_identifier(command->catalog, role_name(command, role), command->arena));
}

/* The youngest first, as objects are dropped. */
static int compare_objects(const void *a, const void *b)
{
    const ObjectAddress *x = a, *y = b;
    if (x->oid != y->oid)
        return x->oid > y->oid ? -1 : 1;
    return (x->class_oid > y->class_oid) - (x->class_oid < y->class_oid);
}

bool owned_drop(Command *command)
{
    const PgQuery__DropOwnedStmt *statement = command->node->drop_owned_stmt;
    VEC(ObjectAddress) objects = {0};
    Oid *roles;
    if (!resolve_roles(command, statement->roles, statement->n_roles, "permission denied to drop objects", &roles))
        return false;
    for (size_t i = 0; i < statement->n_roles; i++) {
        OwnedRows rows = {0};
        if (!check_pinned(command, roles[i], "drop") || !load_rows(command, roles[i], &rows))
            return false;
        for (size_t j = 0; j < rows.count; j++) {
            if (rows.items[j].kind == 'o' && rows.items[j].object.class_oid != PG_DATABASE_RELATION)
                vec_push(command->arena, &objects, rows.items[j].object);
            else if (rows.items[j].kind == 'a' && !privilege_revoke_all(command, rows.items[j].object, roles[i]))
                return false;
        }
    }
    DropBehavior behavior = statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    if (objects.count)
        qsort(objects.items, objects.count, sizeof *objects.items, compare_objects);
    return objects.count == 0 || catalog_drop(command->catalog, objects.items, objects.count, behavior, command->error);
}

static bool reassign_rows(Command *command, Oid role, Oid owner)
{
    OwnedRows rows = {0};
    if (!load_rows(command, role, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        if (rows.items[i].kind == 'o' && rows.items[i].object.class_oid != PG_USER_MAPPING_RELATION &&
            rows.items[i].object.class_oid != PG_DEFAULT_ACL_RELATION && !owner_reassign(command, rows.items[i].object, owner))
            return false;
    return true;
}

bool owned_reassign(Command *command)
{
    const PgQuery__ReassignOwnedStmt *statement = command->node->reassign_owned_stmt;
    static const char DENIAL[] = "permission denied to reassign objects";
    Oid *roles, owner;
    if (!resolve_roles(command, statement->roles, statement->n_roles, DENIAL, &roles) || !role_resolve(command, statement->newrole, &owner))
        return false;
    if (!catalog_has_privs_of(command->catalog, command->user, owner))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "%s", DENIAL);
    for (size_t i = 0; i < statement->n_roles; i++)
        if (!check_pinned(command, roles[i], "reassign ownership of") || !reassign_rows(command, roles[i], owner))
            return false;
    return true;
}
