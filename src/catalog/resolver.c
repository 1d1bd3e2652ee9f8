/*
 * resolver.c - the names of OIDs and back: text forms of regclass, regproc, regtype, regrole, ... (PostgreSQL manual, 8.19).
 *
 * Invariants:
 *  1. What is written is read back as the same object under the same search path.
 *  2. An OID that names nothing is written as a number, OID 0 as "-" (operators: "0"); numbers are read as OIDs, unchecked.
 *
 * Threads: any.
 */
#include <ctype.h>
#include <stdlib.h>

#include "catalog/catalog_internal.h"

/* A name as written: up to three parts, unquoted and folded. */
typedef struct Name {
    const char *schema, *name;
    const char *const *parts;
    size_t count;
} Name;

typedef struct RegType {
    Oid type;
    const char *none;                                               /* how OID 0 is written */
    const char *(*output)(Catalog *catalog, Oid oid, Arena *arena); /* NULL: there is no such object */
    bool (*input)(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error);
} RegType;

/* ---- output ---- */

static const char *relation_output(Catalog *catalog, Oid oid, Arena *arena)
{
    const CatRelation *relation = catalog_relation(catalog, oid);
    if (!relation)
        return NULL;
    bool visible = catalog_is_visible(catalog, PG_CLASS_RELATION, oid);
    return catalog_qualified(catalog, visible ? OID_NONE : relation->namespace_oid, relation->name, arena);
}

/* A bare name stands for a function only when it is the only one of that name. */
static const char *proc_output(Catalog *catalog, Oid oid, Arena *arena)
{
    const CatProc *proc = catalog_proc(catalog, oid);
    if (!proc)
        return NULL;
    const CatProc *const *found;
    size_t count = catalog_procs_by_name(catalog, NULL, proc->name, &found);
    bool unique = count == 1 && found[0]->oid == oid;
    return catalog_qualified(catalog, unique ? OID_NONE : proc->namespace_oid, proc->name, arena);
}

static const char *procedure_output(Catalog *catalog, Oid oid, Arena *arena)
{
    const CatProc *proc = catalog_proc(catalog, oid);
    return proc ? catalog_format_proc(catalog, proc, arena) : NULL;
}

static const char *oper_output(Catalog *catalog, Oid oid, Arena *arena)
{
    const CatOperator *operator= catalog_operator(catalog, oid);
    if (!operator)
        return NULL;
    const CatOperator *const *found;
    size_t count = catalog_operators_by_name(catalog, NULL, operator->name, &found);
    const CatNamespace *namespace = catalog_namespace(catalog, operator->namespace_oid);
    if ((count == 1 && found[0]->oid == oid) || !namespace)
        return operator->name;
    return arena_printf(arena, "%s.%s", catalog_quote_identifier(catalog, namespace->name, arena), operator->name);
}

static const char *operator_output(Catalog *catalog, Oid oid, Arena *arena)
{
    const CatOperator *operator= catalog_operator(catalog, oid);
    return operator? catalog_format_operator(catalog, operator, arena) : NULL;
}

static const char *type_name_output(Catalog *catalog, Oid oid, Arena *arena)
{
    return catalog_type(catalog, oid) ? catalog_format_type(catalog, oid, TYPMOD_NOT_GIVEN, arena) : NULL;
}

static const char *role_output(Catalog *catalog, Oid oid, Arena *arena)
{
    const CatRole *role = catalog_role(catalog, oid);
    return role ? catalog_quote_identifier(catalog, role->name, arena) : NULL;
}

static const char *namespace_output(Catalog *catalog, Oid oid, Arena *arena)
{
    const CatNamespace *namespace = catalog_namespace(catalog, oid);
    return namespace ? catalog_quote_identifier(catalog, namespace->name, arena) : NULL;
}

static const char *collation_output(Catalog *catalog, Oid oid, Arena *arena)
{
    const CatCollation *collation = catalog_collation(catalog, oid);
    if (!collation)
        return NULL;
    bool visible = catalog_is_visible(catalog, PG_COLLATION_RELATION, oid);
    return catalog_qualified(catalog, visible ? OID_NONE : collation->namespace_oid, collation->name, arena);
}

static const char *search_object_output(Catalog *catalog, Oid class_oid, Oid oid, Arena *arena)
{
    const ObjectRecord *record = object_record(catalog, class_oid, oid);
    if (!record)
        return NULL;
    bool visible = record->namespace_oid == NAMESPACE_PG_CATALOG;
    return catalog_qualified(catalog, visible ? OID_NONE : record->namespace_oid, record->name, arena);
}

static const char *config_output(Catalog *catalog, Oid oid, Arena *arena)
{
    return search_object_output(catalog, PG_TS_CONFIG_RELATION, oid, arena);
}

static const char *dictionary_output(Catalog *catalog, Oid oid, Arena *arena)
{
    return search_object_output(catalog, PG_TS_DICT_RELATION, oid, arena);
}

/* ---- input ---- */

static bool bad_name(Error *error)
{
    return error_set(error, ERRCODE_INVALID_NAME, "invalid name syntax");
}

/* As much of a name as names have. */
static const char *cut_name(Str *name)
{
    enum { MOST_BYTES = 63 };
    size_t kept = name->len;
    if (kept > MOST_BYTES)
        for (kept = MOST_BYTES; ((unsigned char)name->data[kept] & 0xc0) == 0x80;)
            kept--;
    name->data[kept] = '\0';
    return name->data;
}

/* Reads one identifier; NULL: there is none, or it is malformed. */
static const char *read_part(const char **at, Arena *arena)
{
    const char *c = *at;
    Str part;
    str_init(&part, arena);
    while (isspace((unsigned char)*c))
        c++;
    bool quoted = *c == '"';
    if (quoted) {
        for (c++; *c && (*c != '"' || c[1] == '"'); c++) {
            c += *c == '"';
            str_addc(&part, *c);
        }
        if (!*c++)
            return NULL;
    } else {
        for (; *c && *c != '.' && !isspace((unsigned char)*c); c++)
            str_addc(&part, *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c);
    }
    while (isspace((unsigned char)*c))
        c++;
    *at = c;
    return part.len ? cut_name(&part) : quoted ? "" : NULL;
}

static bool read_parts(const char *text, Arena *arena, Name *out, Error *error)
{
    StrList parts = {0};
    for (;;) {
        const char *part = read_part(&text, arena);
        if (!part || (*text && *text != '.'))
            return bad_name(error);
        vec_push(arena, &parts, part);
        if (!*text)
            break;
        text++;
    }
    *out = (Name){.parts = parts.items, .count = parts.count, .name = parts.items[parts.count - 1]};
    return true;
}

static const char *join(const Name *name, Arena *arena)
{
    Str text;
    str_init(&text, arena);
    for (size_t i = 0; i < name->count; i++)
        str_addf(&text, "%s%s", i ? "." : "", name->parts[i]);
    return text.data;
}

/* A name of an object that may be in a schema. */
static bool read_qualified(const char *text, Arena *arena, Name *out, Error *error)
{
    if (!read_parts(text, arena, out, error))
        return false;
    size_t count = out->count;
    if (count > 3)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "improper qualified name (too many dotted names): %s", join(out, arena));
    if (count == 3 && !str_eq(out->parts[0], "postgres"))
        return error_set(error, ERRCODE_FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: %s", join(out, arena));
    out->schema = count > 1 ? out->parts[count - 2] : NULL;
    return true;
}

/* The schema must exist. */
static bool read_name(Catalog *catalog, const char *text, Arena *arena, Name *out, Error *error)
{
    if (!read_qualified(text, arena, out, error))
        return false;
    if (out->schema && !catalog_namespace_by_name(catalog, out->schema))
        return error_set(error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", out->schema);
    return true;
}

static bool relation_input(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    Name name;
    if (!read_parts(text, arena, &name, error))
        return false;
    if (name.count > 3)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "improper relation name (too many dotted names): %s", join(&name, arena));
    if (name.count == 3 && !str_eq(name.parts[0], "postgres"))
        return error_set(error, ERRCODE_FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: \"%s\"", join(&name, arena));
    name.schema = name.count > 1 ? name.parts[name.count - 2] : NULL;
    if (name.schema && !catalog_namespace_by_name(catalog, name.schema))
        return error_set(error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", name.schema);
    const CatRelation *relation = catalog_relation_by_name(catalog, name.schema, name.name);
    if (!relation && name.schema)
        return error_set(error, ERRCODE_UNDEFINED_TABLE, "relation \"%s.%s\" does not exist", name.schema, name.name);
    if (!relation)
        return error_set(error, ERRCODE_UNDEFINED_TABLE, "relation \"%s\" does not exist", name.name);
    *out = relation->oid;
    return true;
}

static bool proc_input(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    Name name;
    const CatProc *const *found;
    if (!read_name(catalog, text, arena, &name, error))
        return false;
    size_t count = catalog_procs_by_name(catalog, name.schema, name.name, &found);
    if (count == 0)
        return error_set(error, ERRCODE_UNDEFINED_FUNCTION, "function \"%s\" does not exist", text);
    if (count > 1)
        return error_set(error, ERRCODE_AMBIGUOUS_FUNCTION, "more than one function named \"%s\"", text);
    *out = found[0]->oid;
    return true;
}

static bool parse_type(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    if (catalog->parse_type)
        return catalog->parse_type(text, catalog, arena, out, error);
    Name name;
    if (!read_name(catalog, text, arena, &name, error))
        return false;
    const CatType *type = catalog_type_by_name(catalog, name.schema, name.name);
    *out = type ? type->oid : OID_NONE;
    return type || error_set(error, ERRCODE_UNDEFINED_OBJECT, "type \"%s\" does not exist", text);
}

/* What stands before the parenthesis of "name(type, type)", which has the form of a name. */
static bool read_bare(const char *text, Arena *arena, const char **name, const char **open, Error *error)
{
    bool quoted = false;
    for (*open = text; **open && (quoted || **open != '('); ++*open)
        quoted ^= **open == '"';
    if (!**open)
        return error_set(error, ERRCODE_INVALID_TEXT_REPRESENTATION, "expected a left parenthesis");
    Name syntax;
    *name = arena_strndup(arena, text, (size_t)(*open - text));
    return read_parts(*name, arena, &syntax, error);
}

/* Where the type's name that begins at `from` ends: a comma, or the end. NULL: its quotes or brackets do not match. */
static const char *type_end(const char *from, const char *end)
{
    bool quoted = false;
    int depth = 0;
    const char *at = from;
    for (; at < end && (*at != ',' || quoted || depth); at++) {
        quoted ^= *at == '"';
        depth += quoted ? 0 : *at == '(' || *at == '[' ? 1 : *at == ')' || *at == ']' ? -1 : 0;
    }
    return quoted || depth ? NULL : at;
}

/* The types from the parenthesis on. NONE (operators) counts as OID_NONE. */
static bool read_types(Catalog *catalog, const char *open, bool allow_none, Arena *arena, Oid *types, size_t max, size_t *count,
                       Error *error)
{
    const char *end = open + strlen(open), *at = open + 1;
    bool comma = false;
    while (end > open && isspace((unsigned char)end[-1]))
        end--;
    if (*--end != ')')
        return error_set(error, ERRCODE_INVALID_TEXT_REPRESENTATION, "expected a right parenthesis");
    for (*count = 0;; at += comma) {
        while (at < end && isspace((unsigned char)*at))
            at++;
        if (at >= end)
            return !comma || error_set(error, ERRCODE_INVALID_TEXT_REPRESENTATION, "expected a type name");
        const char *from = at, *last = at = type_end(from, end);
        if (!last)
            return error_set(error, ERRCODE_INVALID_TEXT_REPRESENTATION, "improper type name");
        comma = at < end;
        while (last > from && isspace((unsigned char)last[-1]))
            last--;
        Oid type = OID_NONE;
        const char *name = arena_strndup(arena, from, (size_t)(last - from));
        if (!(allow_none && str_ieq(name, "none")) && !parse_type(catalog, name, arena, &type, error))
            return false;
        if (*count >= max)
            return error_set(error, ERRCODE_TOO_MANY_ARGUMENTS, "too many arguments");
        types[(*count)++] = type;
    }
}

static bool procedure_input(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    enum { MAX_ARGS = 100 };
    Oid types[MAX_ARGS];
    size_t nargs;
    const char *bare, *open;
    Name name;
    if (!read_bare(text, arena, &bare, &open, error) || !read_types(catalog, open, false, arena, types, MAX_ARGS, &nargs, error) ||
        !read_name(catalog, bare, arena, &name, error))
        return false;
    const CatProc *const *found;
    size_t count = catalog_procs_by_name(catalog, name.schema, name.name, &found);
    for (size_t i = 0; i < count; i++)
        if ((size_t)found[i]->nargs == nargs && same_oids(found[i]->arg_types, types, nargs)) {
            *out = found[i]->oid;
            return true;
        }
    return error_set(error, ERRCODE_UNDEFINED_FUNCTION, "function \"%s\" does not exist", text);
}

static bool oper_input(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    Name name;
    const CatOperator *const *found;
    if (!read_name(catalog, text, arena, &name, error))
        return false;
    size_t count = catalog_operators_by_name(catalog, name.schema, name.name, &found);
    if (count == 0)
        return error_set(error, ERRCODE_UNDEFINED_FUNCTION, "operator does not exist: %s", text);
    if (count > 1)
        return error_set(error, ERRCODE_AMBIGUOUS_FUNCTION, "more than one operator named %s", text);
    *out = found[0]->oid;
    return true;
}

static bool operator_input(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    Oid types[3];
    size_t nargs;
    const char *bare, *open;
    Name name;
    if (!read_bare(text, arena, &bare, &open, error) || !read_types(catalog, open, true, arena, types, 3, &nargs, error))
        return false;
    if (nargs == 1) {
        error_set(error, ERRCODE_UNDEFINED_PARAMETER, "missing argument");
        return error_hint(error, "Use NONE to denote the missing argument of a unary operator.");
    }
    if (nargs != 2) {
        error_set(error, ERRCODE_TOO_MANY_ARGUMENTS, "too many arguments");
        return error_hint(error, "Provide two argument types for operator.");
    }
    if (!read_qualified(bare, arena, &name, error))
        return false;
    const CatOperator *const *found;
    size_t count = catalog_operators_by_name(catalog, name.schema, name.name, &found);
    for (size_t i = 0; i < count; i++)
        if (found[i]->left == types[0] && found[i]->right == types[1]) {
            *out = found[i]->oid;
            return true;
        }
    return error_set(error, ERRCODE_UNDEFINED_FUNCTION, "operator does not exist: %s", text);
}

static bool role_input(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    Name name;
    if (!read_parts(text, arena, &name, error))
        return false;
    if (name.count != 1)
        return bad_name(error);
    const CatRole *role = catalog_role_by_name(catalog, name.name);
    *out = role ? role->oid : OID_NONE;
    return role || error_set(error, ERRCODE_UNDEFINED_OBJECT, "role \"%s\" does not exist", name.name);
}

static bool namespace_input(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    Name name;
    if (!read_parts(text, arena, &name, error))
        return false;
    if (name.count != 1)
        return bad_name(error);
    const CatNamespace *namespace = catalog_namespace_by_name(catalog, name.name);
    *out = namespace ? namespace->oid : OID_NONE;
    return namespace || error_set(error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", name.name);
}

static bool collation_input(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    Name name;
    if (!read_name(catalog, text, arena, &name, error))
        return false;
    const CatCollation *collation = catalog_collation_by_name(catalog, name.schema, name.name);
    *out = collation ? collation->oid : OID_NONE;
    return collation ||
           error_set(error, ERRCODE_UNDEFINED_OBJECT, "collation \"%s\" for encoding \"UTF8\" does not exist", join(&name, arena));
}

static bool search_object_input(Catalog *catalog, const char *text, const char *noun, const char *sql, Arena *arena, Oid *out, Error *error)
{
    Name name;
    if (!read_name(catalog, text, arena, &name, error))
        return false;
    const Oid *places;
    size_t count = catalog_other_places(catalog, name.schema, &places);
    for (size_t i = 0; i < count; i++) {
        CatalogRows *rows = catalog_query(catalog, arena, error, sql, "so", name.name, places[i]);
        if (!rows)
            return false;
        if (rows->nrows) {
            *out = (Oid)CATALOG_CELL(rows, 0, 0).i;
            return true;
        }
    }
    return error_set(error, ERRCODE_UNDEFINED_OBJECT, "%s \"%s\" does not exist", noun, join(&name, arena));
}

bool catalog_search_config_by_name(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    return search_object_input(catalog, text, "text search configuration",
                               "SELECT oid FROM pg_ts_config WHERE cfgname = ?1 AND cfgnamespace = ?2", arena, out, error);
}

static bool dictionary_input(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error)
{
    return search_object_input(catalog, text, "text search dictionary",
                               "SELECT oid FROM pg_ts_dict WHERE dictname = ?1 AND dictnamespace = ?2", arena, out, error);
}

/* ---- the table ---- */

static const RegType REG_TYPES[] = {
    {TYPE_REGCLASS, "-", relation_output, relation_input},
    {TYPE_REGPROC, "-", proc_output, proc_input},
    {TYPE_REGPROCEDURE, "-", procedure_output, procedure_input},
    {TYPE_REGOPER, "0", oper_output, oper_input},
    {TYPE_REGOPERATOR, "0", operator_output, operator_input},
    {TYPE_REGTYPE, "-", type_name_output, parse_type},
    {TYPE_REGROLE, "-", role_output, role_input},
    {TYPE_REGNAMESPACE, "-", namespace_output, namespace_input},
    {TYPE_REGCOLLATION, "-", collation_output, collation_input},
    {TYPE_REGCONFIG, "-", config_output, catalog_search_config_by_name},
    {TYPE_REGDICTIONARY, "-", dictionary_output, dictionary_input},
};

static const RegType *find_reg_type(Oid type)
{
    for (size_t i = 0; i < COUNT_OF(REG_TYPES); i++)
        if (REG_TYPES[i].type == type)
            return &REG_TYPES[i];
    return NULL;
}

static const char *reg_output(void *arg, Oid reg_type, Oid value, Arena *arena)
{
    const RegType *type = find_reg_type(reg_type);
    if (!type)
        return NULL;
    if (value == OID_NONE)
        return type->none;
    const char *text = type->output(arg, value, arena);
    return text ? text : arena_printf(arena, "%u", value);
}

bool catalog_reg_by_name(Catalog *catalog, Oid reg_type, const char *text, Oid *out, Error *error)
{
    Arena *arena = arena_open(NULL);
    bool ok = find_reg_type(reg_type)->input(catalog, text, arena, out, error);
    arena_close(arena);
    return ok;
}

static bool reg_input(void *arg, Oid reg_type, const char *text, Oid *out, Error *error)
{
    const RegType *type = find_reg_type(reg_type);
    if (!type)
        return error_unsupported(error, "type %u has no names", reg_type);
    if (str_eq(text, type->none)) {
        *out = OID_NONE;
        return true;
    }
    if (*text && text[strspn(text, "0123456789")] == '\0') {
        unsigned long long number = strtoull(text, NULL, 10);
        *out = (Oid)number;
        return number <= UINT32_MAX ||
               error_set(error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value \"%s\" is out of range for type oid", text);
    }
    return catalog_reg_by_name(arg, reg_type, text, out, error);
}

/* The schema that the text of an object in a schema names; NULL: none, or the text is malformed. */
static const char *schema_named(Oid reg_type, const char *text, Arena *arena)
{
    Error ignored;
    Name name = {0};
    bool has_arguments = reg_type == TYPE_REGPROCEDURE || reg_type == TYPE_REGOPERATOR || reg_type == TYPE_REGTYPE;
    const char *end = text;
    error_init(&ignored, arena);
    for (bool quoted = false; *end && (quoted || !has_arguments || !strchr("([", *end)); end++)
        quoted ^= *end == '"';
    if (!*end && has_arguments && reg_type != TYPE_REGTYPE)
        return NULL;
    if (!read_parts(arena_strndup(arena, text, (size_t)(end - text)), arena, &name, &ignored))
        return NULL;
    return name.count > 1 ? name.parts[name.count - 2] : NULL;
}

bool catalog_check_reg_schema(Catalog *catalog, Oid reg_type, const char *text, Oid user, Error *error)
{
    if (!find_reg_type(reg_type) || reg_type == TYPE_REGROLE || reg_type == TYPE_REGNAMESPACE)
        return true;
    Arena *arena = arena_open(NULL);
    const char *schema = schema_named(reg_type, text, arena);
    const CatNamespace *found = schema ? catalog_namespace_by_name(catalog, schema) : NULL;
    arena_close(arena);
    return !found || catalog_privileges(catalog, PG_NAMESPACE_RELATION, found->oid, 0, user, ACL_USAGE) ||
           catalog_denied(catalog, PG_NAMESPACE_RELATION, found->oid, false, error);
}

static const char *role_name(void *arg, Oid role, Arena *arena)
{
    const CatRole *record = catalog_role(arg, role);
    return record ? arena_strdup(arena, record->name) : NULL;
}

static Oid role_oid(void *arg, const char *name)
{
    const CatRole *record = catalog_role_by_name(arg, name);
    return record ? record->oid : OID_NONE;
}

const TypeResolver *catalog_resolver(Catalog *catalog)
{
    if (!catalog->resolver.arg)
        catalog->resolver = (TypeResolver){catalog, reg_output, reg_input, role_name, role_oid};
    return &catalog->resolver;
}
