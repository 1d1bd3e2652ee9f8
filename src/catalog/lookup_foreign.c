/*
 * lookup_foreign.c - foreign-data wrappers, servers and user mappings.
 *
 * Invariant: a mapping's options are unsealed only here, into the cache's memory, and are for nobody's eyes but the wrapper's.
 *
 * Threads: any.
 */
#include "catalog/catalog_internal.h"

/* "$libdir/postgres_fdw" to "postgres_fdw". */
static const char *module_name(const char *library, Arena *arena)
{
    if (!library)
        return NULL;
    const char *slash = strrchr(library, '/');
    return arena_strdup(arena, slash ? slash + 1 : library);
}

static void *load_wrapper(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db,
                     "SELECT w.oid, fdwname, fdwowner, fdwhandler, fdwvalidator, fdwacl, fdwoptions, probin FROM pg_foreign_data_wrapper w "
                     "LEFT JOIN pg_proc p ON p.oid = fdwhandler WHERE w.oid = ?1",
                     "o", cache_key_oid(key)))
        return NULL;
    CatWrapper *wrapper = ARENA_NEW(arena, CatWrapper);
    *wrapper = (CatWrapper){
        .oid = db_oid(&cursor, 0),
        .name = db_text(&cursor, 1, arena),
        .owner = db_oid(&cursor, 2),
        .handler = db_oid(&cursor, 3),
        .validator = db_oid(&cursor, 4),
        .acl = db_text(&cursor, 5, arena),
        .options = catalog_options_parse(db_text(&cursor, 6, arena), arena),
        .module = module_name(db_text(&cursor, 7, arena), arena),
    };
    db_finish(&cursor);
    return wrapper;
}

static void *load_wrapper_oid(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return cache_load_oid(catalog, db, arena, "SELECT oid FROM pg_foreign_data_wrapper WHERE fdwname = ?1", key, OID_NONE);
}

const CatWrapper *catalog_wrapper(Catalog *catalog, Oid oid)
{
    return cache_find_oid(catalog, CACHE_WRAPPER, oid, load_wrapper);
}

const CatWrapper *catalog_wrapper_by_name(Catalog *catalog, const char *name)
{
    const Oid *oid = cache_find_name(catalog, CACHE_WRAPPER_NAME, name, load_wrapper_oid);
    return oid ? catalog_wrapper(catalog, *oid) : NULL;
}

bool catalog_check_handler(const CatWrapper *wrapper, Error *error)
{
    return wrapper->handler != OID_NONE ||
           error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "foreign-data wrapper \"%s\" has no handler", wrapper->name);
}

bool catalog_check_table_handler(Catalog *catalog, const CatRelation *relation, Error *error)
{
    const CatServer *server = relation->kind == 'f' ? catalog_server(catalog, relation->server) : NULL;
    const CatWrapper *wrapper = server ? catalog_wrapper(catalog, server->wrapper) : NULL;
    return !wrapper || catalog_check_handler(wrapper, error);
}

static void *load_server(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db,
                     "SELECT oid, srvname, srvowner, srvfdw, srvtype, srvversion, srvacl, srvoptions FROM pg_foreign_server WHERE oid = ?1",
                     "o", cache_key_oid(key)))
        return NULL;
    CatServer *server = ARENA_NEW(arena, CatServer);
    *server = (CatServer){
        .oid = db_oid(&cursor, 0),
        .name = db_text(&cursor, 1, arena),
        .owner = db_oid(&cursor, 2),
        .wrapper = db_oid(&cursor, 3),
        .type = db_text(&cursor, 4, arena),
        .version = db_text(&cursor, 5, arena),
        .acl = db_text(&cursor, 6, arena),
        .options = catalog_options_parse(db_text(&cursor, 7, arena), arena),
    };
    db_finish(&cursor);
    return server;
}

static void *load_server_oid(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return cache_load_oid(catalog, db, arena, "SELECT oid FROM pg_foreign_server WHERE srvname = ?1", key, OID_NONE);
}

const CatServer *catalog_server(Catalog *catalog, Oid oid)
{
    return cache_find_oid(catalog, CACHE_SERVER, oid, load_server);
}

const CatServer *catalog_server_by_name(Catalog *catalog, const char *name)
{
    const Oid *oid = cache_find_name(catalog, CACHE_SERVER_NAME, name, load_server_oid);
    return oid ? catalog_server(catalog, *oid) : NULL;
}

static void *load_mapping(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    Oid pair[2];
    memcpy(pair, key, sizeof pair);
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db, "SELECT oid, umoptions FROM pg_user_mapping WHERE umuser = ?1 AND umserver = ?2", "oo", pair[0],
                     pair[1]))
        return NULL;
    CatUserMapping *mapping = ARENA_NEW(arena, CatUserMapping);
    *mapping = (CatUserMapping){
        .oid = db_oid(&cursor, 0),
        .user = pair[0],
        .server = pair[1],
        .options = catalog_options_parse(db_text(&cursor, 1, arena), arena),
    };
    db_finish(&cursor);
    return mapping;
}

const CatUserMapping *catalog_user_mapping(Catalog *catalog, Oid user, Oid server)
{
    Oid key[2] = {user, server};
    return cache_find(catalog, CACHE_MAPPING, key, sizeof key, load_mapping);
}

const CatUserMapping *catalog_user_mapping_effective(Catalog *catalog, Oid user, Oid server)
{
    const CatUserMapping *own = catalog_user_mapping(catalog, user, server);
    return own ? own : catalog_user_mapping(catalog, OID_NONE, server);
}
