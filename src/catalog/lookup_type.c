/*
 * lookup_type.c - types, functions, operators and casts: PostgreSQL's own from the compiled-in tables, users' from the store.
 *
 * Invariants:
 *  1. OIDs below 16384 are answered without the store; their rows never change.
 *  2. A list of functions or operators has path order, and of two that take the same types only the first in the path.
 *
 * Threads: any.
 */
#include <ctype.h>
#include <stdlib.h>

#include "catalog/catalog_internal.h"

/* The numbers in "23 25" or "{23,25}". */
static Oid *parse_oids(const char *text, Arena *arena, int *count)
{
    VEC(Oid) oids = {0};
    while (text && *text) {
        if (isdigit((unsigned char)*text)) {
            char *end;
            vec_push(arena, &oids, (Oid)strtoul(text, &end, 10));
            text = end;
        } else {
            text++;
        }
    }
    *count = (int)oids.count;
    return oids.items;
}

/* ---- types ---- */

static const char TYPE_SQL[] =
    "SELECT t.oid, typnamespace, typowner, typrelid, typelem, typarray, typbasetype, typcollation, typname, typlen, typtype, typcategory, "
    "typispreferred, typbyval, typisdefined, typtypmod, typmodin, coalesce(CASE typtype WHEN 'm' THEN rngtypid ELSE rngsubtype END, 0), "
    "coalesce(rngmultitypid, 0) "
    "FROM pg_type t LEFT JOIN pg_range ON rngtypid = t.oid OR rngmultitypid = t.oid WHERE t.oid = ?1";

static void *load_type(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db, TYPE_SQL, "o", cache_key_oid(key)))
        return NULL;
    CatType *type = ARENA_NEW(arena, CatType);
    *type = (CatType){
        .oid = db_oid(&cursor, 0),
        .namespace_oid = db_oid(&cursor, 1),
        .owner = db_oid(&cursor, 2),
        .relation = db_oid(&cursor, 3),
        .element = db_oid(&cursor, 4),
        .array = db_oid(&cursor, 5),
        .base = db_oid(&cursor, 6),
        .collation = db_oid(&cursor, 7),
        .name = db_text(&cursor, 8, arena),
        .length = (int16_t)db_int(&cursor, 9),
        .kind = db_letter(&cursor, 10),
        .category = db_letter(&cursor, 11),
        .preferred = db_bool(&cursor, 12),
        .by_value = db_bool(&cursor, 13),
        .is_defined = db_bool(&cursor, 14),
        .typmod = db_int(&cursor, 15),
        .typmod_in = db_oid(&cursor, 16),
        .range_subtype = db_oid(&cursor, 17),
        .multirange = db_oid(&cursor, 18),
    };
    db_finish(&cursor);
    return type;
}

static void *load_type_oid(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return cache_load_oid(catalog, db, arena, "SELECT oid FROM pg_type WHERE typname = ?1 AND typnamespace = ?2",
                          (const char *)key + sizeof(Oid), cache_key_oid(key));
}

const CatType *catalog_type(Catalog *catalog, Oid oid)
{
    const CatType *type = oid < FIRST_USER_OID ? builtin_type(oid) : NULL;
    return type ? type : cache_find_oid(catalog, CACHE_TYPE, oid, load_type);
}

const CatType *catalog_type_by_name(Catalog *catalog, const char *schema, const char *name)
{
    const Oid *namespaces;
    size_t count = catalog_name_places(catalog, schema, &namespaces);
    for (size_t i = 0; i < count; i++) {
        const CatType *type = builtin_type_by_name(namespaces[i], name);
        if (type)
            return type;
        const Oid *oid = cache_find_oid_name(catalog, CACHE_TYPE_NAME, namespaces[i], name, load_type_oid);
        if (oid)
            return catalog_type(catalog, *oid);
    }
    return NULL;
}

Oid catalog_base_type(Catalog *catalog, Oid oid, int32_t *typmod)
{
    const CatType *type = catalog_type(catalog, oid);
    for (; type && type->kind == 'd'; type = catalog_type(catalog, oid)) {
        if (typmod)
            *typmod = type->typmod;
        oid = type->base;
    }
    return oid;
}

/* ---- functions ---- */

static const char PROC_COLUMNS[] =
    "SELECT p.oid, pronamespace, proowner, prorettype, provariadic, proname, prosrc, prokind, provolatile, proisstrict, proretset, "
    "pronargdefaults, proargtypes, proallargtypes, proargmodes, proargnames, proargdefaults, aggkind, aggnumdirectargs "
    "FROM pg_proc p LEFT JOIN pg_aggregate ON aggfnoid = p.oid ";

static const char *const *read_names(const char *text, Arena *arena)
{
    ArrayElement *elements;
    size_t count;
    int dimensions;
    Error error;
    error_init(&error, arena);
    if (!text || !type_array_parse(text, strlen(text), arena, &elements, &count, &dimensions, &error))
        return NULL;
    const char **names = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = elements[i].text ? arena_strndup(arena, elements[i].text, elements[i].len) : "";
    return names;
}

/* "{i,o}" to "io". */
static const char *read_modes(const char *text, Arena *arena)
{
    if (!text)
        return NULL;
    Str modes;
    str_init(&modes, arena);
    for (; *text; text++)
        if (isalpha((unsigned char)*text))
            str_addc(&modes, *text);
    return modes.data;
}

static CatProc *read_proc(const DbCursor *cursor, Arena *arena)
{
    CatProc *proc = ARENA_NEW(arena, CatProc);
    *proc = (CatProc){
        .oid = db_oid(cursor, 0),
        .namespace_oid = db_oid(cursor, 1),
        .owner = db_oid(cursor, 2),
        .return_type = db_oid(cursor, 3),
        .variadic = db_oid(cursor, 4),
        .name = db_text(cursor, 5, arena),
        .source = db_text(cursor, 6, arena),
        .kind = db_letter(cursor, 7),
        .volatility = db_letter(cursor, 8),
        .strict = db_bool(cursor, 9),
        .returns_set = db_bool(cursor, 10),
        .ndefaults = db_int(cursor, 11),
        .all_modes = read_modes(db_text(cursor, 14, arena), arena),
        .arg_names = read_names(db_text(cursor, 15, arena), arena),
        .defaults = db_text(cursor, 16, arena),
        .aggregate_kind = db_letter(cursor, 17),
        .aggregate_direct_args = db_int(cursor, 18),
    };
    proc->arg_types = parse_oids(db_text(cursor, 12, arena), arena, &proc->nargs);
    proc->all_types = parse_oids(db_text(cursor, 13, arena), arena, &proc->nall);
    return proc;
}

static void *load_proc(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    DbCursor cursor;
    const char *sql = arena_printf(arena, "%s WHERE p.oid = ?1", PROC_COLUMNS);
    if (!cache_first(catalog, &cursor, db, sql, "o", cache_key_oid(key)))
        return NULL;
    CatProc *proc = read_proc(&cursor, arena);
    db_finish(&cursor);
    return proc;
}

const CatProc *catalog_proc(Catalog *catalog, Oid oid)
{
    const CatProc *proc = oid < FIRST_USER_OID ? builtin_proc(oid) : NULL;
    return proc ? proc : cache_find_oid(catalog, CACHE_PROC, oid, load_proc);
}

/* The user objects of one name, whatever their schema. */
static void *load_oids_by_name(Catalog *catalog, Db *db, Arena *arena, const char *sql, const char *name)
{
    DbCursor cursor;
    if (!cache_start(catalog, &cursor, db, sql, "so", name, (Oid)FIRST_USER_OID))
        return NULL;
    VEC(Oid) oids = {0};
    while (cache_next(catalog, &cursor))
        vec_push(arena, &oids, db_oid(&cursor, 0));
    db_finish(&cursor);
    if (!oids.count)
        return NULL;
    vec_push(arena, &oids, OID_NONE);
    return oids.items;
}

static void *load_proc_oids(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return load_oids_by_name(catalog, db, arena, "SELECT oid FROM pg_proc WHERE proname = ?1 AND oid >= ?2 ORDER BY oid", key);
}

/* ---- lists by name, of functions and operators alike ---- */

/* A list depends on the schemas it is looked for in: its key is their number, their OIDs, and the name. */
enum { LONGEST_LIST_KEY = 4096 };

typedef struct ListKey {
    const Oid *namespaces;
    Oid count;
    const char *name;
} ListKey;

static ListKey read_list_key(const void *key, Arena *arena)
{
    ListKey list = {0};
    memcpy(&list.count, key, sizeof(Oid));
    Oid *namespaces = ARENA_ARRAY(arena, Oid, list.count);
    memcpy(namespaces, (const char *)key + sizeof(Oid), sizeof(Oid) * list.count);
    list.namespaces = namespaces;
    list.name = (const char *)key + sizeof(Oid) * (list.count + 1);
    return list;
}

static const void *find_list(Catalog *catalog, CacheKind kind, const Oid *namespaces, size_t count, const char *name, CacheLoader load)
{
    char key[LONGEST_LIST_KEY];
    size_t head = sizeof(Oid) * (count + 1), len = strlen(name) + 1;
    Oid number = (Oid)count;
    if (!count || head + len > sizeof key)
        return NULL;
    memcpy(key, &number, sizeof number);
    memcpy(key + sizeof(Oid), namespaces, sizeof(Oid) * count);
    memcpy(key + head, name, len);
    return cache_find(catalog, kind, key, head + len, load);
}

typedef struct ProcList {
    size_t count, cap;
    const CatProc **items;
} ProcList;

static void add_proc(ProcList *list, const CatProc *proc, Arena *arena)
{
    for (size_t i = 0; i < list->count; i++) {
        const CatProc *other = list->items[i];
        if (other->nargs == proc->nargs && same_oids(other->arg_types, proc->arg_types, (size_t)proc->nargs))
            return;
    }
    vec_push(arena, list, proc);
}

static void *load_proc_list(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    ListKey wanted = read_list_key(key, arena);
    ProcList *list = ARENA_NEW(arena, ProcList);
    const Oid *users = cache_find_name(catalog, CACHE_PROC_NAME, wanted.name, load_proc_oids);
    for (Oid i = 0; i < wanted.count; i++) {
        const CatProc *const *builtin;
        size_t count = builtin_procs_by_name(wanted.namespaces[i], wanted.name, &builtin);
        for (size_t k = 0; k < count; k++)
            add_proc(list, builtin[k], arena);
        for (const Oid *oid = users; oid && *oid; oid++) {
            const CatProc *proc = catalog_proc(catalog, *oid);
            if (proc && proc->namespace_oid == wanted.namespaces[i])
                add_proc(list, proc, arena);
        }
    }
    return list;
}

size_t catalog_procs_by_name(Catalog *catalog, const char *schema, const char *name, const CatProc *const **out)
{
    const Oid *namespaces;
    size_t nplaces = catalog_other_places(catalog, schema, &namespaces), hits = 0, count = 0;
    *out = NULL;
    for (size_t i = 0; i < nplaces; i++) {
        const CatProc *const *found;
        size_t here = builtin_procs_by_name(namespaces[i], name, &found);
        if (here) {
            *out = found;
            count = here;
            hits++;
        }
    }
    if (hits <= 1 && !cache_find_name(catalog, CACHE_PROC_NAME, name, load_proc_oids))
        return count;
    const ProcList *list = find_list(catalog, CACHE_PROC_LIST, namespaces, nplaces, name, load_proc_list);
    *out = list ? list->items : NULL;
    return list ? list->count : 0;
}

/* ---- operators ---- */

static void *load_operator(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    DbCursor cursor;
    if (!cache_first(
            catalog, &cursor, db,
            "SELECT oid, oprnamespace, oprleft, oprright, oprresult, oprcode, oprcom, oprnegate, oprname, oprkind FROM pg_operator "
            "WHERE oid = ?1",
            "o", cache_key_oid(key)))
        return NULL;
    CatOperator *operator= ARENA_NEW(arena, CatOperator);
    *operator=(CatOperator){
        .oid = db_oid(&cursor, 0),
        .namespace_oid = db_oid(&cursor, 1),
        .left = db_oid(&cursor, 2),
        .right = db_oid(&cursor, 3),
        .result = db_oid(&cursor, 4),
        .proc = db_oid(&cursor, 5),
        .commutator = db_oid(&cursor, 6),
        .negator = db_oid(&cursor, 7),
        .name = db_text(&cursor, 8, arena),
        .kind = db_letter(&cursor, 9),
    };
    db_finish(&cursor);
    return operator;
}

const CatOperator *catalog_operator(Catalog *catalog, Oid oid)
{
    const CatOperator *operator= oid<FIRST_USER_OID ? builtin_operator(oid) : NULL;
    return operator? operator: cache_find_oid(catalog, CACHE_OPERATOR, oid, load_operator);
}

static void *load_operator_oids(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    return load_oids_by_name(catalog, db, arena, "SELECT oid FROM pg_operator WHERE oprname = ?1 AND oid >= ?2 ORDER BY oid", key);
}

typedef struct OperatorList {
    size_t count, cap;
    const CatOperator **items;
} OperatorList;

static void add_operator(OperatorList *list, const CatOperator *operator, Arena * arena)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->left == operator->left && list->items[i]->right == operator->right)
            return;
    vec_push(arena, list, operator);
}

static void *load_operator_list(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    ListKey wanted = read_list_key(key, arena);
    OperatorList *list = ARENA_NEW(arena, OperatorList);
    const Oid *users = cache_find_name(catalog, CACHE_OPERATOR_NAME, wanted.name, load_operator_oids);
    for (Oid i = 0; i < wanted.count; i++) {
        const CatOperator *const *builtin;
        size_t count = builtin_operators_by_name(wanted.namespaces[i], wanted.name, &builtin);
        for (size_t k = 0; k < count; k++)
            add_operator(list, builtin[k], arena);
        for (const Oid *oid = users; oid && *oid; oid++) {
            const CatOperator *operator= catalog_operator(catalog, *oid);
            if (operator&& operator->namespace_oid == wanted.namespaces[i])
                add_operator(list, operator, arena);
        }
    }
    return list;
}

size_t catalog_operators_by_name(Catalog *catalog, const char *schema, const char *name, const CatOperator *const **out)
{
    const Oid *namespaces;
    size_t nplaces = catalog_other_places(catalog, schema, &namespaces), count = 0;
    *out = NULL;
    if (cache_find_name(catalog, CACHE_OPERATOR_NAME, name, load_operator_oids)) {
        const OperatorList *list = find_list(catalog, CACHE_OPERATOR_LIST, namespaces, nplaces, name, load_operator_list);
        *out = list ? list->items : NULL;
        return list ? list->count : 0;
    }
    /* Of PostgreSQL's schemas only pg_catalog has operators. */
    for (size_t i = 0; i < nplaces && !count; i++)
        count = builtin_operators_by_name(namespaces[i], name, out);
    return count;
}

/* ---- casts ---- */

static void *load_cast(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    Oid types[2];
    memcpy(types, key, sizeof types);
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db,
                     "SELECT castfunc, castcontext, castmethod FROM pg_cast WHERE castsource = ?1 AND casttarget = ?2", "oo", types[0],
                     types[1]))
        return NULL;
    CatCast *cast = ARENA_NEW(arena, CatCast);
    *cast = (CatCast){types[0], types[1], db_oid(&cursor, 0), db_letter(&cursor, 1), db_letter(&cursor, 2)};
    db_finish(&cursor);
    return cast;
}

const CatCast *catalog_cast(Catalog *catalog, Oid source, Oid target)
{
    const CatCast *cast = builtin_cast(source, target);
    /* Casts between two built-in types are PostgreSQL's own. */
    if (cast || (source < FIRST_USER_OID && target < FIRST_USER_OID))
        return cast;
    Oid key[2] = {source, target};
    return cache_find(catalog, CACHE_CAST, key, sizeof key, load_cast);
}
