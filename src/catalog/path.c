/*
 * path.c - the search path, and what is visible through it (PostgreSQL manual, 5.9.3).
 *
 * Invariants:
 *  1. pg_catalog is searched first unless the setting names it; schemas that do not exist, are named twice or may not be used by the role
 *     are passed over. The schema of temporary objects comes before it, unless the setting names pg_temp.
 *  2. Of objects with the same name (functions: and the same argument types) only the first in the path is visible.
 *
 * Threads: any.
 */
#include <stdlib.h>

#include "catalog/catalog_internal.h"

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

const char *catalog_next_name(const char **at, Arena *arena)
{
    const char *c = *at;
    while (is_space(*c) || *c == ',')
        c++;
    if (!*c)
        return NULL;
    Str name;
    str_init(&name, arena);
    if (*c == '"') {
        for (c++; *c && (*c != '"' || c[1] == '"'); c++) {
            c += *c == '"';
            str_addc(&name, *c);
        }
        c += *c == '"';
    } else {
        for (; *c && *c != ',' && !is_space(*c); c++)
            str_addc(&name, *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c);
    }
    *at = c;
    return name.data ? name.data : "";
}

static Oid find_namespace(Catalog *catalog, const char *name, Oid user)
{
    if (str_eq(name, "$user")) {
        const CatRole *role = catalog_role(catalog, user);
        name = role ? role->name : NULL;
    }
    const CatNamespace *found = name ? catalog_namespace_by_name(catalog, name) : NULL;
    if (!found)
        return OID_NONE;
    bool usable = user == OID_NONE || catalog_privileges(catalog, PG_NAMESPACE_RELATION, found->oid, 0, user, ACL_USAGE);
    return usable ? found->oid : OID_NONE;
}

typedef struct PathKey {
    Oid user, temporary;
} PathKey;

static bool has(const OidList *list, Oid oid)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == oid)
            return true;
    return false;
}

static void *load_path(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    PathKey of;
    memcpy(&of, key, sizeof of);
    const char *text = (const char *)key + sizeof of;
    SearchPath *path = ARENA_NEW(arena, SearchPath);
    OidList named = {0}, all = {0}, others = {0};
    for (const char *name; (name = catalog_next_name(&text, arena));) {
        bool temporary = str_eq(name, "pg_temp");
        Oid oid = temporary ? of.temporary : find_namespace(catalog, name, of.user);
        path->creates_temporary |= temporary && !named.count;
        if (oid != OID_NONE && !has(&named, oid))
            vec_push(arena, &named, oid);
    }
    if (of.temporary && !has(&named, of.temporary))
        vec_push(arena, &all, of.temporary);
    if (!has(&named, NAMESPACE_PG_CATALOG)) {
        vec_push(arena, &all, NAMESPACE_PG_CATALOG);
        vec_push(arena, &others, NAMESPACE_PG_CATALOG);
    }
    for (size_t i = 0; i < named.count; i++) {
        vec_push(arena, &all, named.items[i]);
        if (named.items[i] != of.temporary)
            vec_push(arena, &others, named.items[i]);
    }
    path->explicit_ones = named.items;
    path->nexplicit = named.count;
    path->all = all.items;
    path->nall = all.count;
    path->others = others.items;
    path->nothers = others.count;
    return path;
}

const SearchPath *catalog_path(Catalog *catalog)
{
    static const Oid ONLY_CATALOG[] = {NAMESPACE_PG_CATALOG};
    static const SearchPath FALLBACK = {
        .all = ONLY_CATALOG, .nall = 1, .explicit_ones = ONLY_CATALOG, .others = ONLY_CATALOG, .nothers = 1};
    catalog_lock(catalog);
    PathKey of = {catalog->path_user, catalog->temporary};
    size_t len = strlen(catalog->search_path) + 1;
    char small[256];
    char *key = sizeof of + len <= sizeof small ? small : malloc(sizeof of + len);
    if (!key)
        abort();
    memcpy(key, &of, sizeof of);
    memcpy(key + sizeof of, catalog->search_path, len);
    const SearchPath *path = cache_find(catalog, CACHE_PATH, key, sizeof of + len, load_path);
    if (key != small)
        free(key);
    catalog_unlock(catalog);
    return path ? path : &FALLBACK;
}

size_t catalog_search_path(Catalog *catalog, bool with_implicit, const Oid **out)
{
    const SearchPath *path = catalog_path(catalog);
    *out = with_implicit ? path->all : path->explicit_ones;
    return with_implicit ? path->nall : path->nexplicit;
}

bool catalog_creates_temporary(Catalog *catalog)
{
    return catalog_path(catalog)->creates_temporary;
}

Oid catalog_creation_namespace(Catalog *catalog)
{
    const SearchPath *path = catalog_path(catalog);
    return path->nexplicit ? path->explicit_ones[0] : OID_NONE;
}

static size_t schema_place(Catalog *catalog, const char *schema, const Oid **out)
{
    const CatNamespace *namespace = catalog_namespace_by_name(catalog, schema);
    *out = namespace ? &namespace->oid : NULL;
    return namespace ? 1 : 0;
}

size_t catalog_name_places(Catalog *catalog, const char *schema, const Oid **out)
{
    return schema ? schema_place(catalog, schema, out) : catalog_search_path(catalog, true, out);
}

size_t catalog_other_places(Catalog *catalog, const char *schema, const Oid **out)
{
    if (schema)
        return schema_place(catalog, schema, out);
    const SearchPath *path = catalog_path(catalog);
    *out = path->others;
    return path->nothers;
}

static bool proc_is_visible(Catalog *catalog, const CatProc *proc)
{
    const CatProc *const *found = NULL;
    size_t count = catalog_procs_by_name(catalog, NULL, proc->name, &found);
    for (size_t i = 0; i < count; i++)
        if (found[i]->oid == proc->oid)
            return true;
    return false;
}

static bool operator_is_visible(Catalog *catalog, const CatOperator *operator)
{
    const CatOperator *const *found = NULL;
    size_t count = catalog_operators_by_name(catalog, NULL, operator->name, &found);
    for (size_t i = 0; i < count; i++)
        if (found[i]->oid == operator->oid)
            return true;
    return false;
}

static bool has_object(Catalog *catalog, const ObjectClass *class, Oid namespace_oid, const char *name)
{
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    const CatalogRows *rows = catalog_query(
        catalog, arena, &error,
        arena_printf(arena, "SELECT 1 FROM %s WHERE %s = ?1 AND %s = ?2 LIMIT 1", class->table, class->name, class->namespace), "so", name,
        namespace_oid);
    bool has = rows && rows->nrows;
    arena_close(arena);
    return has;
}

/* Of what is looked for in no schema of temporary objects. What has no schema is visible everywhere. */
static bool named_is_visible(Catalog *catalog, Oid class_oid, Oid oid)
{
    const ObjectRecord *record = object_record(catalog, class_oid, oid);
    if (!record || !record->class->namespace)
        return record != NULL;
    const SearchPath *path = catalog_path(catalog);
    for (size_t i = 0; i < path->nothers; i++)
        if (path->others[i] == record->namespace_oid || has_object(catalog, record->class, path->others[i], record->name))
            return path->others[i] == record->namespace_oid;
    return false;
}

bool catalog_is_visible(Catalog *catalog, Oid class_oid, Oid oid)
{
    switch (class_oid) {
    case PG_CLASS_RELATION: {
        const CatRelation *relation = catalog_relation(catalog, oid);
        return relation && catalog_relation_by_name(catalog, NULL, relation->name) == relation;
    }
    case PG_TYPE_RELATION: {
        const CatType *type = catalog_type(catalog, oid);
        const CatType *first = type ? catalog_type_by_name(catalog, NULL, type->name) : NULL;
        return first && first->oid == oid;
    }
    case PG_PROC_RELATION: {
        const CatProc *proc = catalog_proc(catalog, oid);
        return proc && proc_is_visible(catalog, proc);
    }
    case PG_OPERATOR_RELATION: {
        const CatOperator *operator= catalog_operator(catalog, oid);
        return operator&& operator_is_visible(catalog, operator);
    }
    case PG_COLLATION_RELATION: {
        const CatCollation *collation = catalog_collation(catalog, oid);
        const CatCollation *first = collation ? catalog_collation_by_name(catalog, NULL, collation->name) : NULL;
        return first && first->oid == oid;
    }
    default:
        return named_is_visible(catalog, class_oid, oid);
    }
}
