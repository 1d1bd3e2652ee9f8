/*
 * setting_names.c - settings whose values name objects: text search configurations and tablespaces, looked for when they are set.
 *
 * Of a value that is for sessions to come (ALTER ROLE ... SET) a missing object is only noticed (PostgreSQL manual, ALTER ROLE).
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/session_int.h"

static bool notice_missing(Session *session, const char *noun, const char *name)
{
    notice(&session->notices, SEVERITY_NOTICE, ERRCODE_UNDEFINED_OBJECT, "%s \"%s\" does not exist", noun, name);
    return true;
}

/* ---- default_text_search_config ---- */

static bool is_missing(const Error *error)
{
    return str_eq(error->sqlstate, ERRCODE_UNDEFINED_OBJECT) || str_eq(error->sqlstate, ERRCODE_UNDEFINED_SCHEMA);
}

bool setting_find_search_config(void *owner, const SettingDef *def, bool later, Arena *arena, const char **canonical, Error *error)
{
    Session *session = owner;
    Oid oid;
    if (!catalog_search_config_by_name(session->catalog, *canonical, arena, &oid, error)) {
        if (!is_missing(error))
            return false;
        error_clear(error);
        return later ? notice_missing(session, "text search configuration", *canonical) : setting_invalid(def, *canonical, error);
    }
    CatalogRows *rows =
        catalog_query(session->catalog, arena, error, "SELECT cfgnamespace, cfgname FROM pg_ts_config WHERE oid = ?1", "o", oid);
    if (rows && rows->nrows)
        *canonical = catalog_qualified(session->catalog, (Oid)rows->cells[0].i, rows->cells[1].text, arena);
    return rows != NULL;
}

/* ---- tablespaces ---- */

static bool find_tablespace(Session *session, const char *name, Arena *arena, Oid *out, Error *error)
{
    CatalogRows *rows = catalog_query(session->catalog, arena, error, "SELECT oid FROM pg_tablespace WHERE spcname = ?1", "s", name);
    *out = rows && rows->nrows ? (Oid)rows->cells[0].i : OID_NONE;
    return rows != NULL;
}

bool setting_find_tablespace(void *owner, const SettingDef *def, bool later, Arena *arena, const char **canonical, Error *error)
{
    Session *session = owner;
    Oid oid;
    if (!**canonical)
        return true;
    if (!find_tablespace(session, *canonical, arena, &oid, error))
        return false;
    if (oid != OID_NONE)
        return true;
    if (later)
        return notice_missing(session, "tablespace", *canonical);
    setting_invalid(def, *canonical, error);
    return error_detail(error, "Tablespace \"%s\" does not exist.", *canonical);
}

/* The database's own needs no privilege. */
static bool may_create_in(Session *session, Oid tablespace, const char *name, Error *error)
{
    return str_eq(name, "pg_default") ||
           catalog_privileges(session->catalog, PG_TABLESPACE_RELATION, tablespace, 0, session->current_user, ACL_CREATE) ||
           error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for tablespace %s", name);
}

bool setting_find_tablespaces(void *owner, const SettingDef *def, bool later, Arena *arena, const char **canonical, Error *error)
{
    Session *session = owner;
    const char *rest = *canonical, *name;
    while ((name = catalog_next_name(&rest, arena))) {
        Oid oid;
        if (!*name)
            continue; /* the database's own */
        if (!find_tablespace(session, name, arena, &oid, error))
            return false;
        if (oid == OID_NONE && !later)
            return error_set(error, ERRCODE_UNDEFINED_OBJECT, "tablespace \"%s\" does not exist", name);
        if (oid == OID_NONE)
            notice_missing(session, "tablespace", name);
        else if (!later && !may_create_in(session, oid, name, error))
            return false;
    }
    return true;
}
