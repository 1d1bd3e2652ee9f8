/*
 * foreign_write.c - whether a foreign table takes changes, and how those are refused (PostgreSQL manual, F.38.1.5, "Updatability Options").
 *
 * postgres_fdw writes to its sources. What is refused is refused with PostgreSQL's words.
 *
 * Any thread; the Catalog locks itself.
 */
#include <string.h>

#include "catalog/catalog_internal.h"

static const struct {
    const char *to_do, *option, *changes;
} WRITES[] = {
    {"insert into", "updatable", "inserts"},
    {"update", "updatable", "updates"},
    {"delete from", "updatable", "deletes"},
    {"truncate", "truncatable", "truncates"},
};

/* As the option says; no validator need have seen it. */
static bool read_switch(const FdwOptions *options, const char *name, bool *out, Error *error)
{
    const char *text = name ? catalog_option(options, name) : NULL;
    bool on = text && (str_ieq(text, "true") || str_ieq(text, "on")), off = text && (str_ieq(text, "false") || str_ieq(text, "off"));
    *out = text ? on : *out;
    return !text || on || off || error_set(error, ERRCODE_SYNTAX_ERROR, "%s requires a Boolean value", name);
}

bool catalog_foreign_allows(Catalog *catalog, const CatRelation *relation, const char *option, ForeignAllows *out, Error *error)
{
    const CatServer *server = catalog_server(catalog, relation->server);
    const CatWrapper *wrapper = server ? catalog_wrapper(catalog, server->wrapper) : NULL;
    bool allows = true;
    *out = FOREIGN_NEVER;
    if (!wrapper || !catalog_check_handler(wrapper, error))
        return !wrapper;
    if (!str_eq(wrapper->module, "postgres_fdw"))
        return true;
    if (!read_switch(&server->options, option, &allows, error) || !read_switch(&relation->options, option, &allows, error))
        return false;
    *out = allows ? FOREIGN_ALLOWED : FOREIGN_SWITCHED_OFF;
    return true;
}

bool catalog_check_foreign_write(Catalog *catalog, const CatRelation *relation, const char *to_do, Oid user, Error *error)
{
    ForeignAllows allows = FOREIGN_NEVER;
    if (str_eq(to_do, "merge into")) {
        error_unsupported(error, "cannot execute MERGE on relation \"%s\"", relation->name);
        return error_detail(error, "This operation is not supported for foreign tables.");
    }
    for (size_t i = 0; i < COUNT_OF(WRITES); i++) {
        if (strcmp(WRITES[i].to_do, to_do) != 0)
            continue;
        if (!catalog_foreign_allows(catalog, relation, WRITES[i].option, &allows, error))
            return false;
        if (allows == FOREIGN_SWITCHED_OFF)
            return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "foreign table \"%s\" does not allow %s", relation->name,
                             WRITES[i].changes);
    }
    if (allows == FOREIGN_ALLOWED && user != OID_NONE && !catalog_user_mapping_effective(catalog, user, relation->server)) {
        const CatRole *role = catalog_role(catalog, user);
        return error_set(error, ERRCODE_UNDEFINED_OBJECT, "user mapping not found for \"%s\"", role ? role->name : "unknown");
    }
    return allows == FOREIGN_ALLOWED || error_unsupported(error, "cannot %s foreign table \"%s\"", to_do, relation->name);
}

bool catalog_is_foreign_only(Catalog *catalog, const CatRelation *relation)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT count(*) FILTER (WHERE relkind = 'f'), count(*) FILTER (WHERE relkind NOT IN ('f', 'p')) FROM tree JOIN pg_class ON oid = "
        "relid";
    if (!relation->has_children)
        return relation->kind == 'f';
    if (relation->kind != 'f' && relation->kind != 'p')
        return false;
    Arena *arena = arena_open(NULL);
    Error ignored; /* who wants to write takes the writer, and will find it */
    error_init(&ignored, arena);
    const CatalogRows *rows = catalog_query(catalog, arena, &ignored, SQL, "o", relation->oid);
    bool only = rows && CATALOG_CELL(rows, 0, 0).i && !CATALOG_CELL(rows, 0, 1).i;
    arena_close(arena);
    return only;
}
