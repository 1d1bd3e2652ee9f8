/*
 * lookup_relation.c - relations with their columns: foreign tables, views, the catalog's own tables.
 *
 * Invariant: columns[i].number == i + 1; a dropped column keeps its place.
 *
 * Threads: any.
 */
#include <strings.h>

#include "catalog/catalog_internal.h"

static const char RELATION_SQL[] =
    "SELECT relname, relnamespace, nspname, relowner, reltype, relkind, relisshared, relacl, ftserver, ftoptions, definition, relnatts, "
    "relhassubclass, relispartition, c.reloptions, node, columns, relispopulated, c.reltuples "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace LEFT JOIN pg_foreign_table ON ftrelid = c.oid "
    "LEFT JOIN medley_view v ON v.oid = c.oid LEFT JOIN medley_stored s ON s.relation = c.oid WHERE c.oid = ?1";

static const char COLUMN_SQL[] = "SELECT attnum, attname, atttypid, attcollation, atttypmod, attnotnull, attisdropped, atthasdef, "
                                 "attgenerated, attfdwoptions, attidentity, attmissingval "
                                 "FROM pg_attribute WHERE attrelid = ?1 AND attnum BETWEEN 1 AND ?2 ORDER BY attnum";

/* The one element of an array. */
static const char *missing_value(const char *array, Arena *arena)
{
    ArrayElement *elements;
    size_t count = 0;
    int ndim;
    Error ignored;
    error_init(&ignored, arena);
    if (!array || !type_array_parse(array, strlen(array), arena, &elements, &count, &ndim, &ignored) || !count)
        return NULL;
    return elements[0].text ? arena_strndup(arena, elements[0].text, elements[0].len) : NULL;
}

static void load_columns(Catalog *catalog, Db *db, Arena *arena, CatRelation *relation, int natts)
{
    DbCursor cursor;
    CatColumn *columns = ARENA_ARRAY(arena, CatColumn, natts);
    relation->columns = columns;
    if (!cache_start(catalog, &cursor, db, COLUMN_SQL, "oi", relation->oid, (int64_t)natts))
        return;
    while (relation->ncolumns < natts && cache_next(catalog, &cursor)) {
        columns[relation->ncolumns++] = (CatColumn){
            .number = (int16_t)db_int(&cursor, 0),
            .name = db_text(&cursor, 1, arena),
            .type = db_oid(&cursor, 2),
            .collation = db_oid(&cursor, 3),
            .typmod = db_int(&cursor, 4),
            .not_null = db_bool(&cursor, 5),
            .dropped = db_bool(&cursor, 6),
            .has_default = db_bool(&cursor, 7),
            .generated = db_letter(&cursor, 8),
            .identity = db_letter(&cursor, 10),
            .missing = missing_value(db_text(&cursor, 11, arena), arena),
            .options = catalog_options_parse(db_text(&cursor, 9, arena), arena),
        };
    }
    db_finish(&cursor);
}

static bool is_true(const char *value)
{
    return value && (strchr("tTyY1", *value) || strcasecmp(value, "on") == 0);
}

static void *load_relation(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    DbCursor cursor;
    Oid oid = cache_key_oid(key);
    if (!cache_first(catalog, &cursor, db, RELATION_SQL, "o", oid))
        return NULL;
    CatRelation *relation = ARENA_NEW(arena, CatRelation);
    *relation = (CatRelation){
        .oid = oid,
        .name = db_text(&cursor, 0, arena),
        .namespace_oid = db_oid(&cursor, 1),
        .schema = db_text(&cursor, 2, arena),
        .owner = db_oid(&cursor, 3),
        .row_type = db_oid(&cursor, 4),
        .kind = db_letter(&cursor, 5),
        .is_shared = db_bool(&cursor, 6),
        .acl = db_text(&cursor, 7, arena),
        .server = db_oid(&cursor, 8),
        .options = catalog_options_parse(db_text(&cursor, 9, arena), arena),
        .view_definition = db_text(&cursor, 10, arena),
        .has_children = db_bool(&cursor, 12),
        .is_partition = db_bool(&cursor, 13),
        .stored_node = sqlite3_column_int64(cursor.stmt, 15),
        .stored_columns = db_int(&cursor, 16),
        .is_populated = db_bool(&cursor, 17),
        .rows = sqlite3_column_double(cursor.stmt, 18),
        .is_system = oid < FIRST_USER_OID && db_letter(&cursor, 5) == 'r',
    };
    int natts = db_int(&cursor, 11);
    FdwOptions options = catalog_options_parse(db_text(&cursor, 14, arena), arena);
    relation->security_invoker = relation->kind == 'v' && is_true(catalog_option(&options, "security_invoker"));
    relation->security_barrier = relation->kind == 'v' && is_true(catalog_option(&options, "security_barrier"));
    db_finish(&cursor);
    load_columns(catalog, db, arena, relation, natts);
    return relation;
}

static void *load_relation_oid(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return cache_load_oid(catalog, db, arena, "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2",
                          (const char *)key + sizeof(Oid), cache_key_oid(key));
}

const CatRelation *catalog_relation(Catalog *catalog, Oid oid)
{
    return cache_find_oid(catalog, CACHE_RELATION, oid, load_relation);
}

const CatRelation *catalog_relation_by_name(Catalog *catalog, const char *schema, const char *name)
{
    const Oid *namespaces;
    size_t count = catalog_name_places(catalog, schema, &namespaces);
    for (size_t i = 0; i < count; i++) {
        const Oid *oid = cache_find_oid_name(catalog, CACHE_RELATION_NAME, namespaces[i], name, load_relation_oid);
        if (oid)
            return catalog_relation(catalog, *oid);
    }
    return NULL;
}

/* ---- kinds that the session may not use ---- */

void catalog_restrict_kinds(Catalog *catalog, bool views, bool foreign_tables)
{
    catalog->refuses_views = views;
    catalog->refuses_foreign_tables = foreign_tables;
}

bool catalog_check_kind(Catalog *catalog, Oid oid, Error *error)
{
    const CatRelation *relation = NULL;
    if (oid >= FIRST_USER_OID && (catalog->refuses_views || catalog->refuses_foreign_tables))
        relation = catalog_relation(catalog, oid);
    if (relation && relation->kind == 'v' && catalog->refuses_views)
        return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "access to non-system view \"%s\" is restricted", relation->name);
    if (relation && relation->kind == 'f' && catalog->refuses_foreign_tables)
        return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "access to non-system foreign table is restricted");
    return true;
}
