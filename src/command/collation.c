/*
 * collation.c - CREATE, ALTER and DROP COLLATION.
 *
 * Invariants:
 *  1. Any collation can be recorded; which of them Medley can sort by is decided where one is used (sql/collate.c).
 *  2. The versions of ICU's collations are not known here: one that is given is kept, none is made up.
 *
 * Entered by the session's worker only.
 */
#include <errno.h>
#include <locale.h>
#include <string.h>
#include <strings.h>

#include "command/collation.h"

enum { ANY_ENCODING = -1, UTF8 = 6 };

typedef struct NewCollation {
    const char *name, *provider, *collate, *ctype, *icu_locale, *version;
    Oid schema;
    int64_t encoding;
    bool deterministic;
} NewCollation;

/* ---- by name ---- */

bool collation_find(Command *command, NodeList names, size_t count, bool missing_ok, Oid *oid)
{
    const char *schema, *name;
    *oid = OID_NONE;
    if (!name_list_split(command, names, count, &schema, &name))
        return false;
    const CatNamespace *space = schema ? catalog_namespace_by_name(command->catalog, schema) : NULL;
    if (schema && !space && !missing_ok)
        return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
    if (schema && !space) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "schema \"%s\" does not exist, skipping", schema);
        return true;
    }
    if (space && !require_privilege(command, PG_NAMESPACE_RELATION, space->oid, ACL_USAGE))
        return false;
    const CatCollation *found = catalog_collation_by_name(command->catalog, schema, name);
    *oid = found ? found->oid : OID_NONE;
    if (found)
        return true;
    const char *shown = name_list_text(command, names, count);
    if (!missing_ok)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "collation \"%s\" for encoding \"UTF8\" does not exist", shown);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "collation \"%s\" does not exist, skipping", shown);
    return true;
}

bool collation_given(Command *command, NodeList names, size_t count, Oid type, Oid *oid)
{
    if (!count)
        return true;
    return collation_find(command, names, count, false, oid) &&
           (catalog_type(command->catalog, type)->collation != OID_NONE ||
            error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "collations are not supported by type %s",
                      catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena)));
}

bool collation_check_order(Command *command, Oid collation)
{
    const CatCollation *found = collation ? catalog_collation(command->catalog, collation) : NULL;
    return !found || found->by_bytes ||
           error_unsupported(command->error, "keeping values in the order of collation \"%s\" is not supported", found->name);
}

static bool find_in(Command *command, const char *name, int64_t encoding, Oid schema, bool *found)
{
    static const char SQL[] = "SELECT oid FROM pg_collation WHERE collname = ?1 AND collencoding = ?2 AND collnamespace = ?3";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "sio", name, encoding, schema);
    *found = rows && rows->nrows;
    return rows != NULL;
}

/* ---- CREATE ---- */

typedef struct Options {
    const PgQuery__DefElem *from, *locale, *lc_collate, *lc_ctype, *provider, *deterministic, *version;
} Options;

static bool read_options(Command *command, const PgQuery__DefineStmt *statement, Options *options)
{
    struct {
        const char *name;
        const PgQuery__DefElem **slot;
    } slots[] = {{"from", &options->from},         {"locale", &options->locale},     {"lc_collate", &options->lc_collate},
                 {"lc_ctype", &options->lc_ctype}, {"provider", &options->provider}, {"deterministic", &options->deterministic},
                 {"version", &options->version}};
    for (size_t i = 0; i < statement->n_definition; i++) {
        const PgQuery__DefElem *option = statement->definition[i]->def_elem;
        size_t at = 0;
        while (at < COUNT_OF(slots) && !str_eq(slots[at].name, option->defname))
            at++;
        if (at == COUNT_OF(slots)) {
            error_set(command->error, ERRCODE_SYNTAX_ERROR, "collation attribute \"%s\" not recognized", option->defname);
            return error_at(command->error, option->location);
        }
        if (*slots[at].slot)
            return conflicting_options(command, option);
        *slots[at].slot = option;
    }
    const char *why = options->locale && (options->lc_collate || options->lc_ctype)
                          ? "LOCALE cannot be specified together with LC_COLLATE or LC_CTYPE."
                      : options->from && statement->n_definition != 1 ? "FROM cannot be specified together with any other options."
                                                                      : NULL;
    if (!why)
        return true;
    error_set(command->error, ERRCODE_SYNTAX_ERROR, "conflicting or redundant options");
    return error_detail(command->error, "%s", why);
}

static const char *option_text(Command *command, const PgQuery__DefElem *option)
{
    const Node *arg = option ? option->arg : NULL;
    if (arg && arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
        return name_list_text(command, arg->type_name->names, arg->type_name->n_names);
    return option ? option_string(command, option) : NULL;
}

static bool copy_collation(Command *command, const PgQuery__DefElem *from, NewCollation *out)
{
    const Node *arg = from->arg;
    Oid oid;
    bool typed = arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
    NodeList names = typed ? arg->type_name->names : arg->list->items;
    if (!collation_find(command, names, typed ? arg->type_name->n_names : arg->list->n_items, false, &oid))
        return false;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT collname, collprovider, collisdeterministic, collencoding, collcollate, collctype,"
                                      " colliculocale FROM pg_collation WHERE oid = ?1",
                                      "o", oid);
    if (!rows)
        return false;
    const CatalogCell *cells = rows->cells;
    if (str_eq(cells[1].text, "d"))
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "collation \"%s\" cannot be copied", cells[0].text);
    out->provider = cells[1].text;
    out->deterministic = cells[2].i != 0;
    out->encoding = cells[3].i;
    out->collate = cells[4].text;
    out->ctype = cells[5].text;
    out->icu_locale = cells[6].text;
    return true;
}

bool option_bool(Command *command, const PgQuery__DefElem *option, bool *out)
{
    static const char *const TRUE_WORDS[] = {"true", "on", "1"}, *const FALSE_WORDS[] = {"false", "off", "0"};
    const char *text = option_text(command, option);
    *out = true;
    for (size_t i = 0; i < COUNT_OF(TRUE_WORDS); i++)
        if (!text || strcasecmp(text, TRUE_WORDS[i]) == 0)
            return true;
    *out = false;
    for (size_t i = 0; i < COUNT_OF(FALSE_WORDS); i++)
        if (strcasecmp(text, FALSE_WORDS[i]) == 0)
            return true;
    return error_set(command->error, ERRCODE_SYNTAX_ERROR, "%s requires a Boolean value", option->defname);
}

static bool read_provider(Command *command, const Options *options, NewCollation *out)
{
    const char *provider = option_text(command, options->provider);
    if (provider && strcasecmp(provider, "icu") != 0 && strcasecmp(provider, "libc") != 0)
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "unrecognized collation provider: %s", provider);
    bool icu = provider && strcasecmp(provider, "icu") == 0;
    const char *locale = option_text(command, options->locale), *missing = NULL;
    out->provider = icu ? "i" : "c";
    out->icu_locale = icu ? locale : NULL;
    out->collate = icu ? NULL : options->lc_collate ? option_text(command, options->lc_collate) : locale;
    out->ctype = icu ? NULL : options->lc_ctype ? option_text(command, options->lc_ctype) : locale;
    out->encoding = icu ? ANY_ENCODING : UTF8;
    out->version = option_text(command, options->version);
    if (icu)
        missing = out->icu_locale ? NULL : "locale";
    else
        missing = !out->collate ? "lc_collate" : !out->ctype ? "lc_ctype" : NULL;
    if (missing)
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "parameter \"%s\" must be specified", missing);
    return icu || out->deterministic || error_unsupported(command->error, "nondeterministic collations not supported with this provider");
}

/* Whether the name is free; *skip: it is not, and that is fine. */
static bool check_free(Command *command, const NewCollation *new, bool if_not_exists, bool *skip)
{
    bool same, other;
    if (!find_in(command, new->name, new->encoding, new->schema, &same) ||
        !find_in(command, new->name, new->encoding == ANY_ENCODING ? UTF8 : ANY_ENCODING, new->schema, &other))
        return false;
    *skip = (same || other) && if_not_exists;
    if (!same && !other)
        return true;
    const char *encoding = same && new->encoding != ANY_ENCODING ? " for encoding \"UTF8\"" : "";
    if (!if_not_exists)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "collation \"%s\"%s already exists", new->name, encoding);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_OBJECT, "collation \"%s\"%s already exists, skipping", new->name,
           encoding);
    return true;
}

static bool check_locale(Command *command, const char *name, int mask)
{
    if (!name || str_eq(name, "C") || str_eq(name, "POSIX"))
        return true;
    errno = 0;
    locale_t locale = newlocale(mask, name, NULL);
    if (locale) {
        freelocale(locale);
        return true;
    }
    int code = errno ? errno : ENOENT;
    error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "could not create locale \"%s\": %s", name, strerrordesc_np(code));
    return code != ENOENT
               ? false
               : error_detail(command->error, "The operating system could not find any locale data for the locale name \"%s\".", name);
}

static bool insert(Command *command, const NewCollation *new)
{
    static const char SQL[] =
        "INSERT INTO pg_collation (oid, collname, collnamespace, collowner, collprovider, collisdeterministic, collencoding, collcollate,"
        " collctype, colliculocale, collversion) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    Oid oid = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_COLLATION_RELATION, oid, 0);
    return oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL, SQL, "osoosbissss", oid, new->name, new->schema, command->user,
                        new->provider, new->deterministic, new->encoding, new->collate, new->ctype, new->icu_locale, new->version) &&
           depend_on(command, self, object_address(PG_NAMESPACE_RELATION, new->schema, 0), 'n') &&
           depend_on_owner(command, self, command->user);
}

bool collation_create(Command *command, const PgQuery__DefineStmt *statement)
{
    NewCollation new = {.deterministic = true};
    Options options = {0};
    const char *schema_name;
    bool skip = false;
    PgQuery__RangeVar range = PG_QUERY__RANGE_VAR__INIT;
    if (!name_list_split(command, statement->defnames, statement->n_defnames, &schema_name, &new.name))
        return false;
    range.schemaname = (char *)(schema_name ? schema_name : "");
    range.relname = (char *)new.name;
    range.catalogname = "";
    range.location = -1;
    if (!creation_schema(command, &range, &new.schema) || !read_options(command, statement, &options))
        return false;
    if (options.from ? !copy_collation(command, options.from, &new)
                     : (options.deterministic && !option_bool(command, options.deterministic, &new.deterministic)) ||
                           !read_provider(command, &options, &new))
        return false;
    if (!check_free(command, &new, statement->if_not_exists, &skip) || skip)
        return skip;
    return insert(command, &new) && check_locale(command, new.collate, LC_COLLATE_MASK) && check_locale(command, new.ctype, LC_CTYPE_MASK);
}

/* ---- ALTER and DROP ---- */

static bool find_owned(Command *command, const PgQuery__List *names, Oid *oid)
{
    return collation_find(command, names->items, names->n_items, false, oid) && require_owner(command, PG_COLLATION_RELATION, *oid);
}

bool collation_refresh(Command *command)
{
    const PgQuery__AlterCollationStmt *statement = command->node->alter_collation_stmt;
    Oid oid;
    if (!collation_find(command, statement->collname, statement->n_collname, false, &oid))
        return false;
    if (oid == COLLATION_DEFAULT) {
        error_unsupported(command->error, "cannot refresh version of default collation");
        return error_hint(command->error, "Use ALTER DATABASE ... REFRESH COLLATION VERSION instead.");
    }
    int64_t versioned;
    if (!require_owner(command, PG_COLLATION_RELATION, oid) ||
        !query_integer(command, &versioned, 0, "SELECT collversion IS NOT NULL FROM pg_collation WHERE oid = ?1", "o", oid))
        return false;
    if (versioned)
        return error_set(command->error, ERRCODE_INTERNAL_ERROR, "invalid collation version change");
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "version has not changed");
    return true;
}

/* No collation of that name in the schema, for this database's encoding. */
static bool check_name(Command *command, const char *name, Oid schema, const char *schema_name)
{
    bool same, any;
    if (!find_in(command, name, UTF8, schema, &same) || !find_in(command, name, ANY_ENCODING, schema, &any))
        return false;
    if (same)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "collation \"%s\" for encoding \"UTF8\" already exists in schema \"%s\"",
                         name, schema_name);
    return !any ||
           error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "collation \"%s\" already exists in schema \"%s\"", name, schema_name);
}

bool collation_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    const PgQuery__List *names = statement->object->list;
    Oid oid;
    if (!collation_find(command, names->items, names->n_items, false, &oid))
        return false;
    Oid schema = catalog_collation(command->catalog, oid)->namespace_oid;
    const char *schema_name = arena_strdup(command->arena, catalog_namespace(command->catalog, schema)->name);
    return check_name(command, statement->newname, schema, schema_name) && require_owner(command, PG_COLLATION_RELATION, oid) &&
           require_privilege(command, PG_NAMESPACE_RELATION, schema, ACL_CREATE) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_collation SET collname = ?2 WHERE oid = ?1", "os", oid,
                        statement->newname);
}

bool collation_change_owner(Command *command, const PgQuery__AlterOwnerStmt *statement)
{
    Oid owner, oid;
    if (!role_resolve(command, statement->newowner, &owner) || !find_owned(command, statement->object->list, &oid))
        return false;
    return owner_change(command, object_address(PG_COLLATION_RELATION, oid, 0), owner);
}

bool collation_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement)
{
    const PgQuery__List *names = statement->object->list;
    Oid oid;
    if (!collation_find(command, names->items, names->n_items, false, &oid))
        return false;
    const CatCollation *collation = catalog_collation(command->catalog, oid);
    Oid to, from = collation->namespace_oid;
    const char *name = arena_strdup(command->arena, collation->name);
    if (!schema_move_target(command, statement->newschema, from, &to))
        return false;
    if (to == from)
        return true;
    if (!require_owner(command, PG_COLLATION_RELATION, oid))
        return false;
    return check_name(command, name, to, statement->newschema) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_collation SET collnamespace = ?2 WHERE oid = ?1", "oo", oid,
                        to) &&
           depend_on_schema(command, object_address(PG_COLLATION_RELATION, oid, 0), from, to);
}

bool collations_drop(Command *command, const PgQuery__DropStmt *statement)
{
    VEC(ObjectAddress) objects = {0};
    for (size_t i = 0; i < statement->n_objects; i++) {
        const PgQuery__List *names = statement->objects[i]->list;
        Oid oid;
        if (!collation_find(command, names->items, names->n_items, statement->missing_ok, &oid))
            return false;
        if (oid == OID_NONE)
            continue;
        Oid schema = catalog_collation(command->catalog, oid)->namespace_oid;
        if (!catalog_is_owner(command->catalog, PG_NAMESPACE_RELATION, schema, command->user) &&
            !require_owner(command, PG_COLLATION_RELATION, oid))
            return false;
        vec_push(command->arena, &objects, object_address(PG_COLLATION_RELATION, oid, 0));
    }
    DropBehavior behavior = statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    return objects.count == 0 || catalog_drop(command->catalog, objects.items, objects.count, behavior, command->error);
}
