/*
 * privilege.c - who may do what: role membership, ACL masks, ownership, and the refusals in PostgreSQL's words.
 *
 * Invariants:
 *  1. A superuser may do everything; an owner has only what its ACL gives it, but may grant all of it.
 *  2. A role has the privileges of the roles it is a member of as far as each member on the way inherits.
 *
 * Threads: any.
 */
#include "catalog/catalog_internal.h"

/* ---- membership ---- */

static void add_role(OidList *list, Oid role, Arena *arena)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == role)
            return;
    vec_push(arena, list, role);
}

/* The roles `key` is a member of, itself first; ends with OID_NONE. */
static Oid *load_closure(Catalog *catalog, Db *db, Arena *arena, Oid member, bool only_inherited)
{
    OidList list = {0};
    add_role(&list, member, arena);
    for (size_t i = 0; i < list.count; i++) {
        const CatRole *role = catalog_role(catalog, list.items[i]);
        if (only_inherited && (!role || !role->inherit))
            continue;
        DbCursor cursor;
        if (!cache_start(catalog, &cursor, db, "SELECT roleid FROM pg_auth_members WHERE member = ?1 ORDER BY roleid", "o", list.items[i]))
            break;
        while (cache_next(catalog, &cursor))
            add_role(&list, db_oid(&cursor, 0), arena);
        db_finish(&cursor);
        const ObjectRecord *database = object_record(catalog, PG_DATABASE_RELATION, DATABASE_POSTGRES);
        if (database && database->owner == list.items[i])
            add_role(&list, ROLE_PG_DATABASE_OWNER, arena);
    }
    vec_push(arena, &list, OID_NONE);
    return list.items;
}

static void *load_memberships(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return load_closure(catalog, db, arena, cache_key_oid(key), false);
}

static void *load_inherited(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return load_closure(catalog, db, arena, cache_key_oid(key), true);
}

static bool contains(const Oid *list, Oid role)
{
    for (; list && *list; list++)
        if (*list == role)
            return true;
    return false;
}

bool catalog_is_superuser(Catalog *catalog, Oid role)
{
    const CatRole *record = catalog_role(catalog, role);
    return record && record->super;
}

bool catalog_has_privs_of(Catalog *catalog, Oid member, Oid role)
{
    if (member == role || catalog_is_superuser(catalog, member))
        return true;
    return contains(cache_find_oid(catalog, CACHE_ROLE_INHERITS, member, load_inherited), role);
}

bool catalog_is_member_nosuper(Catalog *catalog, Oid member, Oid role)
{
    return member == role || contains(cache_find_oid(catalog, CACHE_ROLE_MEMBER_OF, member, load_memberships), role);
}

bool catalog_is_member(Catalog *catalog, Oid member, Oid role)
{
    return catalog_is_superuser(catalog, member) || catalog_is_member_nosuper(catalog, member, role);
}

/* ---- masks ---- */

static AclMask mask_of(Catalog *catalog, const AclItem *items, size_t count, Oid role, AclMask mask)
{
    AclMask has = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i].grantee == OID_NONE || items[i].grantee == role)
            has |= items[i].privileges & mask;
    for (size_t i = 0; i < count && has != mask; i++)
        if ((items[i].privileges & mask & ~has) && catalog_has_privs_of(catalog, role, items[i].grantee))
            has |= items[i].privileges & mask;
    return has;
}

static AclMask grantable_of(Catalog *catalog, const AclItem *items, size_t count, Oid role, AclMask mask)
{
    AclMask has = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i].grantee != OID_NONE && (items[i].grant_options & mask) && catalog_has_privs_of(catalog, role, items[i].grantee))
            has |= items[i].grant_options & mask;
    return has;
}

static void *load_column_acl(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    Oid pair[2];
    memcpy(pair, key, sizeof pair);
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db, "SELECT attacl FROM pg_attribute WHERE attrelid = ?1 AND attnum = ?2", "oi", pair[0],
                     (int64_t)(int32_t)pair[1]))
        return NULL;
    char *acl = db_text(&cursor, 0, arena);
    db_finish(&cursor);
    return acl;
}

AclItem *catalog_acl(Catalog *catalog, ObjectAddress object, Arena *arena, size_t *count)
{
    *count = 0;
    if (object.sub) {
        Oid key[2] = {object.oid, (Oid)object.sub};
        return acl_parse(cache_find(catalog, CACHE_COLUMN_ACL, key, sizeof key, load_column_acl), arena, count);
    }
    const ObjectRecord *record = object_record(catalog, object.class_oid, object.oid);
    if (!record)
        return NULL;
    if (record->acl)
        return acl_parse(record->acl, arena, count);
    char kind = object.class_oid == PG_CLASS_RELATION && record->kind == 'S' ? 's' : record->class->acl_kind;
    return acl_default(kind, record->owner, arena, count);
}

/* Predefined roles that may read or write all data. */
static AclMask predefined(Catalog *catalog, Oid class_oid, Oid role, AclMask mask)
{
    enum { WRITES = ACL_INSERT | ACL_UPDATE | ACL_DELETE };
    AclMask has = 0;
    if (class_oid == PG_CLASS_RELATION) {
        if ((mask & ACL_SELECT) && catalog_has_privs_of(catalog, role, ROLE_PG_READ_ALL_DATA))
            has |= ACL_SELECT;
        if ((mask & WRITES) && catalog_has_privs_of(catalog, role, ROLE_PG_WRITE_ALL_DATA))
            has |= mask & WRITES;
    } else if (class_oid == PG_NAMESPACE_RELATION && (mask & ACL_USAGE)) {
        if (catalog_has_privs_of(catalog, role, ROLE_PG_READ_ALL_DATA) || catalog_has_privs_of(catalog, role, ROLE_PG_WRITE_ALL_DATA))
            has |= ACL_USAGE;
    }
    return has;
}

/* An array has its elements' privileges. */
static Oid type_of_privileges(Catalog *catalog, Oid oid)
{
    const CatType *type = catalog_type(catalog, oid);
    return type && type->category == 'A' && type->length == -1 && type->element ? type->element : oid;
}

AclMask catalog_privileges(Catalog *catalog, Oid class_oid, Oid oid, int column, Oid role, AclMask mask)
{
    enum { WRITES = ACL_INSERT | ACL_UPDATE | ACL_DELETE | ACL_TRUNCATE | ACL_USAGE };
    if (catalog_is_superuser(catalog, role))
        return mask;
    const ObjectRecord *record = object_record(catalog, class_oid, oid);
    if (!record)
        return 0;
    if (class_oid == PG_TYPE_RELATION && type_of_privileges(catalog, oid) != oid)
        return catalog_privileges(catalog, class_oid, type_of_privileges(catalog, oid), column, role, mask);
    /* Nobody but a superuser changes a catalog table, whatever its ACL says. */
    if (class_oid == PG_CLASS_RELATION && oid < FIRST_USER_OID && record->kind != 'v')
        mask &= ~(AclMask)WRITES;
    /* Who may make temporary objects may do so in the session's schema. */
    if (class_oid == PG_NAMESPACE_RELATION && oid == catalog->temporary)
        return catalog_privileges(catalog, PG_DATABASE_RELATION, DATABASE_POSTGRES, 0, role, ACL_CREATE_TEMP) ? mask : mask & ACL_USAGE;
    Arena *arena = arena_open(NULL);
    size_t count;
    AclItem *items = catalog_acl(catalog, (ObjectAddress){class_oid, oid, column}, arena, &count);
    AclMask has = mask_of(catalog, items, count, role, mask);
    arena_close(arena);
    if (!column && has != mask)
        has |= predefined(catalog, class_oid, role, mask & ~has);
    return has;
}

AclMask catalog_grant_options(Catalog *catalog, ObjectAddress object, Oid role, AclMask mask)
{
    if (catalog_is_owner(catalog, object.class_oid, object.oid, role))
        return mask;
    Arena *arena = arena_open(NULL);
    size_t count;
    AclItem *items = catalog_acl(catalog, object, arena, &count);
    AclMask has = grantable_of(catalog, items, count, role, mask);
    arena_close(arena);
    return has;
}

bool catalog_is_owner(Catalog *catalog, Oid class_oid, Oid oid, Oid role)
{
    if (catalog_is_superuser(catalog, role))
        return true;
    const ObjectRecord *record = object_record(catalog, class_oid, oid);
    return record && record->owner != OID_NONE && catalog_has_privs_of(catalog, role, record->owner);
}

/* ---- refusals ---- */

static const char *refused_noun(const ObjectRecord *record)
{
    switch (record->class->class_oid) {
    case PG_CLASS_RELATION: /* what has no right word here is a table */
        return strchr("fvmSiI", record->kind) ? object_relation_noun(record->kind) : "table";
    case PG_PROC_RELATION:
        return record->kind == 'p' ? "procedure" : record->kind == 'a' ? "aggregate" : "function";
    default:
        return record->class->denied;
    }
}

/* Types are shown as SQL has them. */
static bool denied_type(Catalog *catalog, Oid oid, bool owner_wanted, Error *error)
{
    Arena *arena = arena_open(NULL);
    const char *name = catalog_format_type(catalog, type_of_privileges(catalog, oid), TYPMOD_NOT_GIVEN, arena);
    error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, owner_wanted ? "must be owner of type %s" : "permission denied for type %s", name);
    arena_close(arena);
    return false;
}

bool catalog_denied(Catalog *catalog, Oid class_oid, Oid oid, bool owner_wanted, Error *error)
{
    const ObjectRecord *record = object_record(catalog, class_oid, oid);
    if (!record)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "object %u of class %u is gone", oid, class_oid);
    if (class_oid == PG_TYPE_RELATION)
        return denied_type(catalog, oid, owner_wanted, error);
    const char *name = record->name ? record->name : "";
    if (owner_wanted && class_oid == PG_CLASS_RELATION && record->kind == 'c')
        return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of table %s", name); /* PostgreSQL's word for these */
    return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, owner_wanted ? "must be owner of %s %s" : "permission denied for %s %s",
                     refused_noun(record), name);
}
