/*
 * default_acl.c - ALTER DEFAULT PRIVILEGES, and what it means for an object that is made.
 *
 * Invariants:
 *  1. A row of pg_default_acl without a schema replaces PostgreSQL's own default for its role and kind; one with a schema adds to it.
 *  2. A row that says what holds anyway does not stay.
 *  3. Lists are kept in order: by grantee, grantor, then rights.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/privilege_internal.h"

/* Kinds of objects that have default privileges; letter: defaclobjtype. */
static const struct DefaultKind {
    PgQuery__ObjectType type;
    char letter, acl_kind;
    AclMask rights;
    const char *word;
} KINDS[] = {
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, 'r', 'r',
     ACL_INSERT | ACL_SELECT | ACL_UPDATE | ACL_DELETE | ACL_TRUNCATE | ACL_REFERENCES | ACL_TRIGGER, "relation"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, 'S', 's', ACL_USAGE | ACL_SELECT | ACL_UPDATE, "sequence"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, 'f', 'f', ACL_EXECUTE, "function"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, 'T', 'T', ACL_USAGE, "type"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA, 'n', 'n', ACL_USAGE | ACL_CREATE, "schema"},
};

typedef struct DefaultKind DefaultKind;

/* ---- lists in order ---- */

static int compare_items(const void *a, const void *b)
{
    const AclItem *x = a, *y = b;
    if (x->grantee != y->grantee)
        return x->grantee < y->grantee ? -1 : 1;
    if (x->grantor != y->grantor)
        return x->grantor < y->grantor ? -1 : 1;
    uint64_t left = ((uint64_t)x->grant_options << 32) | x->privileges, right = ((uint64_t)y->grant_options << 32) | y->privileges;
    return (left > right) - (left < right);
}

static void sort_list(AclList *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, compare_items);
}

static bool same_lists(const AclList *a, const AclList *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (compare_items(&a->items[i], &b->items[i]) != 0)
            return false;
    return true;
}

static AclList builtin_list(Command *command, char acl_kind, Oid owner)
{
    size_t count;
    AclItem *items = acl_default(acl_kind, owner, command->arena, &count);
    return acl_list_copy(command, items, count);
}

/* ---- one row ---- */

static bool find_row(Command *command, const DefaultKind *kind, Oid role, Oid schema, Oid *oid, AclList *list)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT oid, defaclacl FROM pg_default_acl WHERE defaclrole = ?1 AND defaclnamespace = ?2"
                                      " AND defaclobjtype = ?3",
                                      "oos", role, schema, arena_printf(command->arena, "%c", kind->letter));
    *oid = rows && rows->nrows ? (Oid)CATALOG_CELL(rows, 0, 0).i : OID_NONE;
    if (*oid != OID_NONE) {
        size_t count;
        AclItem *items = acl_parse(CATALOG_CELL(rows, 0, 1).text, command->arena, &count);
        *list = acl_list_copy(command, items, count);
    }
    return rows != NULL;
}

static bool insert_row(Command *command, const DefaultKind *kind, Oid role, Oid schema, Oid *oid)
{
    *oid = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_DEFAULT_ACL_RELATION, *oid, 0);
    return *oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_default_acl (oid, defaclrole, defaclnamespace, defaclobjtype, defaclacl)"
                        " VALUES (?1, ?2, ?3, ?4, '{}')",
                        "ooos", *oid, role, schema, arena_printf(command->arena, "%c", kind->letter)) &&
           depend_on_owner(command, self, role) &&
           (schema == OID_NONE || depend_on(command, self, object_address(PG_NAMESPACE_RELATION, schema, 0), 'a'));
}

/* One row after a GRANT or REVOKE of `privileges` (ALL: all that the kind has). */
static bool change_row(Command *command, const DefaultKind *kind, const Grant *grant, AclMask privileges, Oid role, Oid schema)
{
    if (kind->letter == 'n' && schema != OID_NONE)
        return error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS");
    AclList initial = {0}, list = {0};
    Oid oid;
    if (schema == OID_NONE)
        initial = builtin_list(command, kind->acl_kind, role);
    if (!find_row(command, kind, role, schema, &oid, &list))
        return false;
    if (oid == OID_NONE)
        list = acl_list_copy(command, initial.items, initial.count);
    if (!acl_list_apply(command, &list, grant, privileges, role, role))
        return false;
    sort_list(&list);
    sort_list(&initial);
    if (same_lists(&list, &initial)) {
        ObjectAddress self = object_address(PG_DEFAULT_ACL_RELATION, oid, 0);
        return oid == OID_NONE || catalog_drop(command->catalog, &self, 1, DROP_CASCADE, command->error);
    }
    if (oid == OID_NONE && !insert_row(command, kind, role, schema, &oid))
        return false;
    return catalog_set_acl(command->catalog, object_address(PG_DEFAULT_ACL_RELATION, oid, 0), list.items, list.count, command->error);
}

/* ---- the statement ---- */

typedef struct DefaultOptions {
    const PgQuery__List *schemas, *roles; /* NULL: not given */
} DefaultOptions;

static bool read_options(Command *command, const PgQuery__AlterDefaultPrivilegesStmt *statement, DefaultOptions *out)
{
    *out = (DefaultOptions){0};
    for (size_t i = 0; i < statement->n_options; i++) {
        const PgQuery__DefElem *option = statement->options[i]->def_elem;
        const PgQuery__List **slot = str_eq(option->defname, "schemas") ? &out->schemas : &out->roles;
        if (*slot)
            return conflicting_options(command, option);
        *slot = option->arg->list;
    }
    return true;
}

static bool read_action(Command *command, const PgQuery__GrantStmt *action, const DefaultKind **kind, Grant *grant, AclMask *privileges)
{
    *grant = (Grant){.is_grant = action->is_grant, .grant_option = action->grant_option};
    grant->behavior = action->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    if (!grantees_read(command, action, grant))
        return false;
    *kind = &KINDS[0];
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (KINDS[i].type == action->objtype)
            *kind = &KINDS[i];
    *privileges = action->n_privileges ? 0 : (*kind)->rights;
    for (size_t i = 0; i < action->n_privileges; i++) {
        const PgQuery__AccessPriv *item = action->privileges[i]->access_priv;
        if (item->n_cols)
            return error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "default privileges cannot be set for columns");
        if (!privilege_read_word(command, item->priv_name, (*kind)->rights, (*kind)->word, privileges))
            return false;
    }
    return true;
}

static bool change_schemas(Command *command, const DefaultKind *kind, const Grant *grant, AclMask privileges, Oid role,
                           const PgQuery__List *schemas)
{
    if (!schemas)
        return change_row(command, kind, grant, privileges, role, OID_NONE);
    for (size_t i = 0; i < schemas->n_items; i++) {
        const char *name = node_text(schemas->items[i]);
        Oid schema;
        if (!object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA), name, false, &schema) ||
            !change_row(command, kind, grant, privileges, role, schema))
            return false;
    }
    return true;
}

bool default_privileges_alter(Command *command)
{
    const PgQuery__AlterDefaultPrivilegesStmt *statement = command->node->alter_default_privileges_stmt;
    DefaultOptions options;
    const DefaultKind *kind;
    Grant grant;
    AclMask privileges;
    if (!read_options(command, statement, &options) || !read_action(command, statement->action, &kind, &grant, &privileges))
        return false;
    if (!options.roles)
        return change_schemas(command, kind, &grant, privileges, command->user, options.schemas);
    for (size_t i = 0; i < options.roles->n_items; i++) {
        Oid role;
        if (!role_resolve(command, options.roles->items[i]->role_spec, &role) || !role_check_member(command, role) ||
            !change_schemas(command, kind, &grant, privileges, role, options.schemas))
            return false;
    }
    return true;
}

bool default_privileges_revoke_all(Command *command, Oid oid, Oid role)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT defaclrole, defaclnamespace, defaclobjtype FROM pg_default_acl WHERE oid = ?1", "o", oid);
    if (!rows || !rows->nrows)
        return rows != NULL;
    Grant grant = {.behavior = DROP_CASCADE, .grantees = &role, .ngrantees = 1};
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (KINDS[i].letter == CATALOG_CELL(rows, 0, 2).text[0])
            return change_row(command, &KINDS[i], &grant, KINDS[i].rights, (Oid)CATALOG_CELL(rows, 0, 0).i,
                              (Oid)CATALOG_CELL(rows, 0, 1).i);
    return true;
}

/* ---- objects that are made ---- */

bool default_privileges_apply(Command *command, ObjectAddress object, PgQuery__ObjectType type, Oid owner, Oid schema)
{
    const DefaultKind *kind = KINDS;
    while (kind->type != type)
        kind++;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT defaclacl, defaclnamespace FROM pg_default_acl WHERE defaclrole = ?1 AND defaclobjtype = ?2"
                                      " AND defaclnamespace IN (0, ?3) ORDER BY defaclnamespace",
                                      "oso", owner, arena_printf(command->arena, "%c", kind->letter), schema);
    if (!rows || !rows->nrows)
        return rows != NULL;
    AclList initial = builtin_list(command, kind->acl_kind, owner), list = acl_list_copy(command, initial.items, initial.count);
    bool granted = false; /* where nothing is left of the lists, PostgreSQL leaves the object without one */
    for (size_t i = 0; i < rows->nrows; i++) {
        size_t count;
        AclItem *items = acl_parse(CATALOG_CELL(rows, i, 0).text, command->arena, &count);
        granted |= count > 0;
        if (CATALOG_CELL(rows, i, 1).i == OID_NONE)
            list = acl_list_copy(command, items, count);
        else
            for (size_t k = 0; k < count; k++)
                if (!acl_list_add(command, &list, &items[k], owner))
                    return false;
    }
    sort_list(&list);
    sort_list(&initial);
    return !granted || same_lists(&list, &initial) || catalog_set_acl(command->catalog, object, list.items, list.count, command->error);
}
