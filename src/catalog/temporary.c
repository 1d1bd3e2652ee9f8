/*
 * temporary.c - schemas of temporary objects: pg_temp_<number>, one a session that has such objects (PostgreSQL manual, CREATE TABLE).
 *
 * Invariants:
 *  1. A number belongs to one session at a time. Its schema stays when the session ends; what is in it goes then, or, after a crash, when
 *     the server starts.
 *  2. Names in it are found before all others, but for functions and operators, which are never looked for in it.
 *
 * Threads: the session's worker.
 */
#include "catalog/catalog_internal.h"

void catalog_set_temporary(Catalog *catalog, Oid schema)
{
    catalog_lock(catalog);
    catalog->temporary = schema;
    catalog_unlock(catalog);
}

Oid catalog_temporary(Catalog *catalog)
{
    return catalog->temporary;
}

bool catalog_is_temporary(Catalog *catalog, Oid schema)
{
    static const char *const PREFIXES[] = {"pg_temp_", "pg_toast_temp_"};
    const CatNamespace *found = catalog_namespace(catalog, schema);
    for (size_t i = 0; found && i < COUNT_OF(PREFIXES); i++)
        if (strncmp(found->name, PREFIXES[i], strlen(PREFIXES[i])) == 0)
            return true;
    return false;
}

bool catalog_temporary_empty(Catalog *catalog, Oid schema, Error *error)
{
    /* The newest first: what depends on an object has gone before it, and no chain is too long to be followed. */
    static const char MEMBERS[] =
        "SELECT DISTINCT classid, objid FROM pg_depend WHERE refclassid = 2615 AND refobjid = ?1 ORDER BY objid DESC, classid";
    static const Notices QUIET = {0};
    Arena *arena = arena_open(NULL);
    CatalogRows *rows = catalog_query(catalog, arena, error, MEMBERS, "o", schema);
    ObjectAddress *members = ARENA_ARRAY(arena, ObjectAddress, rows ? rows->nrows + 1 : 1);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        members[i] = (ObjectAddress){(Oid)CATALOG_CELL(rows, i, 0).i, (Oid)CATALOG_CELL(rows, i, 1).i, 0};
    const Notices *notices = catalog->notices;
    catalog->notices = &QUIET;
    catalog_begin_private(catalog);
    bool done = rows && (!rows->nrows || catalog_drop(catalog, members, rows->nrows, DROP_CASCADE, error));
    catalog_end_private(catalog);
    catalog->notices = notices;
    arena_close(arena);
    return done;
}

static bool make(Catalog *catalog, const char *name, Oid *schema, Error *error)
{
    *schema = catalog_new_oid(catalog, error);
    return *schema &&
           catalog_exec(catalog, error, NULL, "INSERT INTO pg_namespace (oid, nspname, nspowner, nspacl) VALUES (?1, ?2, 10, NULL)", "os",
                        *schema, name);
}

bool catalog_temporary_make(Catalog *catalog, int number, Oid *schema, Error *error)
{
    Arena *arena = arena_open(NULL);
    const char *name = arena_printf(arena, "pg_temp_%d", number);
    Oid toast;
    bool done = catalog_write_begin(catalog, error);
    const CatNamespace *found = done ? catalog_namespace_by_name(catalog, name) : NULL;
    *schema = found ? found->oid : OID_NONE;
    catalog_begin_private(catalog);
    if (found)
        done = catalog_temporary_empty(catalog, *schema, error);
    else
        done = done && make(catalog, name, schema, error) && make(catalog, arena_printf(arena, "pg_toast_temp_%d", number), &toast, error);
    catalog_end_private(catalog);
    arena_close(arena);
    return done;
}

bool catalog_temporary_empty_all(CatalogStore *store, Error *error)
{
    Arena *arena = arena_open(NULL);
    Catalog *catalog = catalog_open(store, arena, NULL, NULL);
    CatalogRows *rows = catalog_query(catalog, arena, error,
                                      "SELECT n.oid FROM pg_namespace n WHERE nspname GLOB 'pg_temp_*' AND EXISTS (SELECT 1 FROM pg_depend"
                                      " WHERE refclassid = 2615 AND refobjid = n.oid)",
                                      "");
    bool done = rows != NULL;
    for (size_t i = 0; done && i < rows->nrows; i++)
        done = catalog_temporary_empty(catalog, (Oid)CATALOG_CELL(rows, i, 0).i, error);
    catalog_close(catalog);
    arena_close(arena);
    return done;
}
