/*
 * lookup_object.c - roles, schemas and collations by OID and by name.
 *
 * Invariant: a record found by name is the very record its OID gives, so that pointers may be compared within a statement.
 *
 * Threads: any.
 */
#include "catalog/catalog_internal.h"

/* ---- roles ---- */

static void *load_role(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    DbCursor cursor;
    if (!cache_first(
            catalog, &cursor, db,
            "SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, "
            "rolpassword, rolvaliduntil FROM pg_authid WHERE oid = ?1",
            "o", cache_key_oid(key)))
        return NULL;
    CatRole *role = ARENA_NEW(arena, CatRole);
    *role = (CatRole){
        .oid = cache_key_oid(key),
        .name = db_text(&cursor, 0, arena),
        .super = db_bool(&cursor, 1),
        .inherit = db_bool(&cursor, 2),
        .create_role = db_bool(&cursor, 3),
        .create_db = db_bool(&cursor, 4),
        .login = db_bool(&cursor, 5),
        .replication = db_bool(&cursor, 6),
        .bypass_rls = db_bool(&cursor, 7),
        .connection_limit = db_int(&cursor, 8),
        .password = db_text(&cursor, 9, arena),
        .valid_until = db_text(&cursor, 10, arena),
    };
    db_finish(&cursor);
    return role;
}

static void *load_role_oid(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return cache_load_oid(catalog, db, arena, "SELECT oid FROM pg_authid WHERE rolname = ?1", key, OID_NONE);
}

const CatRole *catalog_role(Catalog *catalog, Oid oid)
{
    return cache_find_oid(catalog, CACHE_ROLE, oid, load_role);
}

const CatRole *catalog_role_by_name(Catalog *catalog, const char *name)
{
    const Oid *oid = cache_find_name(catalog, CACHE_ROLE_NAME, name, load_role_oid);
    return oid ? catalog_role(catalog, *oid) : NULL;
}

/* ---- schemas ---- */

static void *load_namespace(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db, "SELECT nspname, nspowner FROM pg_namespace WHERE oid = ?1", "o", cache_key_oid(key)))
        return NULL;
    CatNamespace *namespace = ARENA_NEW(arena, CatNamespace);
    *namespace = (CatNamespace){.oid = cache_key_oid(key), .name = db_text(&cursor, 0, arena), .owner = db_oid(&cursor, 1)};
    db_finish(&cursor);
    return namespace;
}

static void *load_namespace_oid(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return cache_load_oid(catalog, db, arena, "SELECT oid FROM pg_namespace WHERE nspname = ?1", key, OID_NONE);
}

const CatNamespace *catalog_namespace(Catalog *catalog, Oid oid)
{
    return cache_find_oid(catalog, CACHE_NAMESPACE, oid, load_namespace);
}

const CatNamespace *catalog_namespace_by_name(Catalog *catalog, const char *name)
{
    if (str_eq(name, "pg_temp"))
        return catalog->temporary ? catalog_namespace(catalog, catalog->temporary) : NULL;
    const Oid *oid = cache_find_name(catalog, CACHE_NAMESPACE_NAME, name, load_namespace_oid);
    return oid ? catalog_namespace(catalog, *oid) : NULL;
}

/* ---- collations ---- */

static void *load_collation(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    static const char BY_OID[] =
        "SELECT collname, collnamespace, collisdeterministic, collprovider = 'd' OR (collprovider = 'c' AND collcollate IN ('C', 'POSIX',"
        " 'C.UTF-8', 'C.utf8')), collprovider = 'c' AND collctype IN ('C', 'POSIX') FROM pg_collation WHERE oid = ?1";
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db, BY_OID, "o", cache_key_oid(key)))
        return NULL;
    CatCollation *collation = ARENA_NEW(arena, CatCollation);
    *collation = (CatCollation){.oid = cache_key_oid(key),
                                .name = db_text(&cursor, 0, arena),
                                .namespace_oid = db_oid(&cursor, 1),
                                .deterministic = db_int(&cursor, 2) != 0,
                                .by_bytes = db_int(&cursor, 3) != 0,
                                .ascii_letters = db_int(&cursor, 4) != 0};
    db_finish(&cursor);
    return collation;
}

static void *load_collation_oid(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    /* -1: any encoding; 6: UTF8, the database's. */
    return cache_load_oid(
        catalog, db, arena,
        "SELECT oid FROM pg_collation WHERE collname = ?1 AND collnamespace = ?2 AND collencoding IN (-1, 6) ORDER BY collencoding DESC",
        (const char *)key + sizeof(Oid), cache_key_oid(key));
}

const CatCollation *catalog_collation(Catalog *catalog, Oid oid)
{
    return cache_find_oid(catalog, CACHE_COLLATION, oid, load_collation);
}

const CatCollation *catalog_collation_by_name(Catalog *catalog, const char *schema, const char *name)
{
    const Oid *namespaces;
    size_t count = catalog_other_places(catalog, schema, &namespaces);
    for (size_t i = 0; i < count; i++) {
        const Oid *oid = cache_find_oid_name(catalog, CACHE_COLLATION_NAME, namespaces[i], name, load_collation_oid);
        if (oid)
            return catalog_collation(catalog, *oid);
    }
    return NULL;
}
