/*
 * depend.c - what goes with an object: dependencies, owner, ACL, comment; and the deletion of one object's rows.
 *
 * Invariants:
 *  1. Nothing is recorded about dependencies on pinned objects, which cannot be dropped.
 *  2. pg_shdepend names, for each object, its owner ('o') and every other role in its ACL ('a').
 *  3. catalog_delete_object leaves no row that speaks of the object, but for the dependencies of others on it.
 *
 * Threads: the session's worker.
 */
#include "catalog/catalog_internal.h"

/* Rows elsewhere that belong to an object: deleted where the column has its OID. */
static const struct {
    Oid class_oid;
    const char *table, *column;
} PARTS[] = {
    {PG_CLASS_RELATION, "pg_attribute", "attrelid"},
    {PG_CLASS_RELATION, "pg_foreign_table", "ftrelid"},
    {PG_CLASS_RELATION, "medley_view", "oid"},
    {PG_CLASS_RELATION, "pg_index", "indexrelid"},
    {PG_CLASS_RELATION, "pg_sequence", "seqrelid"},
    {PG_CLASS_RELATION, "pg_inherits", "inhrelid"},
    {PG_CLASS_RELATION, "pg_partitioned_table", "partrelid"},
    {PG_CLASS_RELATION, "pg_statistic", "starelid"},
    {PG_PROC_RELATION, "pg_aggregate", "aggfnoid"},
    {PG_TYPE_RELATION, "pg_enum", "enumtypid"},
    {PG_TYPE_RELATION, "pg_range", "rngtypid"},
    {PG_AUTHID_RELATION, "pg_auth_members", "roleid"},
    {PG_AUTHID_RELATION, "pg_auth_members", "member"},
    {PG_AUTHID_RELATION, "pg_db_role_setting", "setrole"},
};

bool object_is_shared(Oid class_oid)
{
    return class_oid == PG_AUTHID_RELATION || class_oid == PG_DATABASE_RELATION || class_oid == PG_TABLESPACE_RELATION ||
           class_oid == PG_PARAMETER_ACL_RELATION;
}

static bool is_public_schema(ObjectAddress object)
{
    return object.class_oid == PG_NAMESPACE_RELATION && object.oid == NAMESPACE_PUBLIC;
}

bool catalog_is_pinned(ObjectAddress object)
{
    return object.oid < FIRST_UNPINNED_OID && object.class_oid != PG_DATABASE_RELATION && !is_public_schema(object);
}

bool object_is_standing(ObjectAddress object)
{
    /* System views, information_schema and what is in it: PostgreSQL would drop them; here they are not the user's to make again. */
    bool is_standard =
        object.class_oid == PG_NAMESPACE_RELATION || object.class_oid == PG_CLASS_RELATION || object.class_oid == PG_TYPE_RELATION;
    return catalog_is_pinned(object) || (is_standard && object.oid < FIRST_USER_OID && !is_public_schema(object));
}

static Oid database_of(Oid class_oid)
{
    return object_is_shared(class_oid) ? OID_NONE : DATABASE_POSTGRES;
}

/* ---- dependencies ---- */

bool catalog_depend(Catalog *catalog, ObjectAddress from, ObjectAddress on, char kind, Error *error)
{
    char letter[2] = {kind, '\0'};
    return catalog_is_pinned(on) ||
           catalog_exec(catalog, error, NULL, "INSERT INTO pg_depend VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", "ooioois", from.class_oid,
                        from.oid, (int64_t)from.sub, on.class_oid, on.oid, (int64_t)on.sub, letter);
}

bool catalog_depend_shared(Catalog *catalog, ObjectAddress from, Oid role, char kind, Error *error)
{
    char letter[2] = {kind, '\0'};
    return catalog_is_pinned((ObjectAddress){PG_AUTHID_RELATION, role, 0}) ||
           catalog_exec(catalog, error, NULL, "INSERT INTO pg_shdepend VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", "oooioos",
                        database_of(from.class_oid), from.class_oid, from.oid, (int64_t)from.sub, (Oid)PG_AUTHID_RELATION, role, letter);
}

/* Ends the dependency of one kind on a role, or on any (OID_NONE). */
static bool end_shared(Catalog *catalog, ObjectAddress from, Oid role, char kind, Error *error)
{
    char letter[2] = {kind, '\0'};
    return catalog_exec(catalog, error, NULL,
                        "DELETE FROM pg_shdepend WHERE dbid = ?1 AND classid = ?2 AND objid = ?3 AND objsubid = ?4 AND deptype = ?5 "
                        "AND (?6 = 0 OR refobjid = ?6)",
                        "oooiso", database_of(from.class_oid), from.class_oid, from.oid, (int64_t)from.sub, letter, role);
}

/* What an owner may needs no entry in an ACL's dependencies: neither the object's nor those of its columns. */
static bool end_owners_acls(Catalog *catalog, ObjectAddress object, Oid owner, Error *error)
{
    return catalog_exec(catalog, error, NULL,
                        "DELETE FROM pg_shdepend WHERE dbid = ?1 AND classid = ?2 AND objid = ?3 AND deptype = 'a' AND refobjid = ?4",
                        "oooo", database_of(object.class_oid), object.class_oid, object.oid, owner);
}

/* ---- ACLs ---- */

static bool mentions(const AclItem *items, size_t count, Oid role)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].grantee == role || items[i].grantor == role)
            return true;
    return false;
}

static bool record_member(Catalog *catalog, ObjectAddress object, Oid role, Oid owner, const AclItem *old, size_t nold, Error *error)
{
    return role == OID_NONE || role == owner || mentions(old, nold, role) || catalog_depend_shared(catalog, object, role, 'a', error);
}

/* pg_shdepend's rows for the roles that come and go between two lists. */
static bool record_members(Catalog *catalog, ObjectAddress object, Oid owner, const AclItem *old, size_t nold, const AclItem *now,
                           size_t nnow, Error *error)
{
    for (size_t i = 0; i < nold; i++) {
        Oid roles[] = {old[i].grantee, old[i].grantor};
        for (int k = 0; k < 2; k++)
            if (roles[k] != OID_NONE && !mentions(now, nnow, roles[k]) && !end_shared(catalog, object, roles[k], 'a', error))
                return false;
    }
    for (size_t i = 0; i < nnow; i++) {
        bool seen = mentions(now, i, now[i].grantee), grantor_seen = mentions(now, i, now[i].grantor) || now[i].grantor == now[i].grantee;
        if ((!seen && !record_member(catalog, object, now[i].grantee, owner, old, nold, error)) ||
            (!grantor_seen && !record_member(catalog, object, now[i].grantor, owner, old, nold, error)))
            return false;
    }
    return true;
}

/* The stored list, without the default that stands in for a missing one. */
static AclItem *stored_acl(Catalog *catalog, ObjectAddress object, Arena *arena, size_t *count)
{
    const ObjectRecord *record = object_record(catalog, object.class_oid, object.oid);
    *count = 0;
    if (object.sub)
        return catalog_acl(catalog, object, arena, count);
    return record && record->acl ? acl_parse(record->acl, arena, count) : NULL;
}

static bool write_acl(Catalog *catalog, ObjectAddress object, const ObjectClass *class, const char *text, Arena *arena, Error *error)
{
    if (object.sub)
        return catalog_exec(catalog, error, NULL, "UPDATE pg_attribute SET attacl = ?1 WHERE attrelid = ?2 AND attnum = ?3", "soi", text,
                            object.oid, (int64_t)object.sub);
    const char *sql = arena_printf(arena, "UPDATE %s SET %s = ?1 WHERE oid = ?2", class->table, class->acl);
    return catalog_exec(catalog, error, NULL, sql, "so", text, object.oid);
}

bool catalog_set_acl(Catalog *catalog, ObjectAddress object, const AclItem *items, size_t count, Error *error)
{
    const ObjectRecord *record = object_record(catalog, object.class_oid, object.oid);
    if (!record || !record->class->acl)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "object %u of class %u has no privileges", object.oid, object.class_oid);
    Arena *arena = arena_open(NULL);
    const ObjectClass *class = record->class;
    Oid owner = record->owner;
    size_t nold;
    AclItem *old = stored_acl(catalog, object, arena, &nold);
    bool ok = write_acl(catalog, object, class, items ? acl_text(items, count, arena) : NULL, arena, error) &&
              record_members(catalog, object, owner, old, nold, items, count, error);
    arena_close(arena);
    return ok;
}

/* The list with the new owner in the old one's place; what is then said twice is said once. */
static size_t replace_owner(AclItem *items, size_t count, Oid from, Oid to)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        AclItem item = items[i];
        item.grantee = item.grantee == from ? to : item.grantee;
        item.grantor = item.grantor == from ? to : item.grantor;
        size_t k = 0;
        while (k < kept && (items[k].grantee != item.grantee || items[k].grantor != item.grantor))
            k++;
        if (k < kept) {
            items[k].privileges |= item.privileges;
            items[k].grant_options |= item.grant_options;
        } else {
            items[kept++] = item;
        }
    }
    return kept;
}

static bool move_acl(Catalog *catalog, ObjectAddress object, const ObjectClass *class, Oid from, Oid to, Arena *arena, Error *error)
{
    size_t count;
    AclItem *items = stored_acl(catalog, object, arena, &count);
    if (!items)
        return true;
    count = replace_owner(items, count, from, to);
    return write_acl(catalog, object, class, acl_text(items, count, arena), arena, error);
}

/* ---- owners ---- */

/* A relation's columns and its row type go with it. */
static bool move_relation(Catalog *catalog, ObjectAddress object, const ObjectClass *class, Oid from, Oid to, Arena *arena, Error *error)
{
    CatalogRows *rows =
        catalog_query(catalog, arena, error, "SELECT attnum FROM pg_attribute WHERE attrelid = ?1 AND attacl IS NOT NULL", "o", object.oid);
    if (!rows)
        return false;
    for (size_t i = 0; i < rows->nrows; i++) {
        ObjectAddress column = {object.class_oid, object.oid, (int)CATALOG_CELL(rows, i, 0).i};
        if (!move_acl(catalog, column, class, from, to, arena, error))
            return false;
    }
    return catalog_exec(catalog, error, NULL,
                        "UPDATE pg_type SET typowner = ?1 WHERE typrelid = ?2 OR oid IN (SELECT typarray FROM pg_type WHERE typrelid = ?2)",
                        "oo", to, object.oid);
}

bool catalog_change_owner(Catalog *catalog, ObjectAddress object, Oid owner, Error *error)
{
    const ObjectRecord *record = object_record(catalog, object.class_oid, object.oid);
    if (!record || !record->class->owner)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "object %u of class %u has no owner", object.oid, object.class_oid);
    Arena *arena = arena_open(NULL);
    const ObjectClass *class = record->class;
    Oid before = record->owner;
    bool has_acl = record->acl != NULL;
    const char *sql = arena_printf(arena, "UPDATE %s SET %s = ?1 WHERE oid = ?2", class->table, class->owner);
    /* Indexes and the relations of composite types belong to a whole whose owner is recorded. */
    bool recorded = object.class_oid != PG_CLASS_RELATION || !strchr("iIct", record->kind);
    bool ok = catalog_exec(catalog, error, NULL, sql, "oo", owner, object.oid) && end_shared(catalog, object, OID_NONE, 'o', error) &&
              (!recorded || catalog_depend_shared(catalog, object, owner, 'o', error)) && end_owners_acls(catalog, object, owner, error);
    if (ok && has_acl)
        ok = move_acl(catalog, object, class, before, owner, arena, error);
    if (ok && object.class_oid == PG_CLASS_RELATION)
        ok = move_relation(catalog, object, class, before, owner, arena, error);
    arena_close(arena);
    return ok;
}

/* ---- comments ---- */

bool catalog_comment(Catalog *catalog, ObjectAddress object, const char *text, Error *error)
{
    bool empty = !text || !*text;
    if (object_is_shared(object.class_oid))
        return catalog_exec(catalog, error, NULL, "DELETE FROM pg_shdescription WHERE objoid = ?1 AND classoid = ?2", "oo", object.oid,
                            object.class_oid) &&
               (empty || catalog_exec(catalog, error, NULL, "INSERT INTO pg_shdescription VALUES (?1, ?2, ?3)", "oos", object.oid,
                                      object.class_oid, text));
    return catalog_exec(catalog, error, NULL, "DELETE FROM pg_description WHERE objoid = ?1 AND classoid = ?2 AND objsubid = ?3", "ooi",
                        object.oid, object.class_oid, (int64_t)object.sub) &&
           (empty || catalog_exec(catalog, error, NULL, "INSERT INTO pg_description VALUES (?1, ?2, ?3, ?4)", "oois", object.oid,
                                  object.class_oid, (int64_t)object.sub, text));
}

/* ---- deletion ---- */

/* The place of a dropped column stays; its name goes out of the way, as PostgreSQL's does. */
static bool delete_column(Catalog *catalog, ObjectAddress object, Error *error)
{
    return catalog_exec(catalog, error, NULL,
                        "UPDATE pg_attribute SET attisdropped = 1, atttypid = 0, attnotnull = 0, attstattarget = 0, attgenerated = '', "
                        "atthasdef = 0, attname = '........pg.dropped.' || attnum || '........' "
                        "WHERE attrelid = ?1 AND attnum = ?2",
                        "oi", object.oid, (int64_t)object.sub);
}

/* What other rows say of an object that is about to go. */
static bool unmark(Catalog *catalog, ObjectAddress object, Error *error)
{
    switch (object.class_oid) {
    case PG_ATTRDEF_RELATION:
        return catalog_exec(catalog, error, NULL,
                            "UPDATE pg_attribute SET atthasdef = 0, attgenerated = '' "
                            "WHERE (attrelid, attnum) IN (SELECT adrelid, adnum FROM pg_attrdef WHERE oid = ?1)",
                            "o", object.oid);
    case PG_CONSTRAINT_RELATION:
        return catalog_exec(catalog, error, NULL,
                            "UPDATE pg_class SET relchecks = relchecks - 1 WHERE relchecks > 0 AND "
                            "oid IN (SELECT conrelid FROM pg_constraint WHERE oid = ?1 AND contype = 'c')",
                            "o", object.oid);
    case PG_CLASS_RELATION: /* also where its types were not recorded as its own */
        return catalog_exec(catalog, error, NULL,
                            "DELETE FROM pg_type WHERE typrelid = ?1 OR oid IN (SELECT typarray FROM pg_type WHERE typrelid = ?1)", "o",
                            object.oid) &&
               catalog_exec(catalog, error, NULL, "UPDATE pg_partitioned_table SET partdefid = 0 WHERE partdefid = ?1", "o", object.oid);
    default:
        return true;
    }
}

static bool delete_rows(Catalog *catalog, ObjectAddress object, const ObjectClass *class, Error *error)
{
    Arena *arena = arena_open(NULL);
    bool ok = unmark(catalog, object, error);
    for (size_t i = 0; ok && i < COUNT_OF(PARTS); i++)
        if (PARTS[i].class_oid == object.class_oid)
            ok = catalog_exec(catalog, error, NULL, arena_printf(arena, "DELETE FROM %s WHERE %s = ?1", PARTS[i].table, PARTS[i].column),
                              "o", object.oid);
    ok = ok && catalog_exec(catalog, error, NULL, arena_printf(arena, "DELETE FROM %s WHERE oid = ?1", class->table), "o", object.oid);
    arena_close(arena);
    return ok;
}

bool catalog_delete_object(Catalog *catalog, ObjectAddress object, Error *error)
{
    /* ?3: a column, or -1 for the object with all its columns */
    static const char *const ABOUT[] = {
        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND (?3 < 0 OR objsubid = ?3)",
        "DELETE FROM pg_shdepend WHERE dbid IN (0, 5) AND classid = ?1 AND objid = ?2 AND (?3 < 0 OR objsubid = ?3)",
        "DELETE FROM pg_description WHERE classoid = ?1 AND objoid = ?2 AND (?3 < 0 OR objsubid = ?3)",
        "DELETE FROM pg_seclabel WHERE classoid = ?1 AND objoid = ?2 AND (?3 < 0 OR objsubid = ?3)",
        "DELETE FROM pg_init_privs WHERE classoid = ?1 AND objoid = ?2 AND (?3 < 0 OR objsubid = ?3)",
    };
    const ObjectClass *class = object_class(object.class_oid);
    if (!class)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "objects of class %u cannot be dropped", object.class_oid);
    bool column = object.class_oid == PG_CLASS_RELATION && object.sub;
    if (!(column ? delete_column(catalog, object, error) : delete_rows(catalog, object, class, error)))
        return false;
    for (size_t i = 0; i < COUNT_OF(ABOUT); i++)
        if (!catalog_exec(catalog, error, NULL, ABOUT[i], "ooi", object.class_oid, object.oid, column ? (int64_t)object.sub : (int64_t)-1))
            return false;
    return !object_is_shared(object.class_oid) || catalog_comment(catalog, object, NULL, error);
}
