/*
 * func_identity.c - objects as event triggers see them (pg_identify_object), and names taken apart (parse_ident).
 *
 * Invariant: a name in an identity has its schema, whatever the search path, but for the types that SQL itself names.
 * Any thread; the Catalog locks itself.
 */
#include <ctype.h>

#include "func/func_internal.h"

/* ---- identities ---- */

typedef struct Identity {
    const char *type, *schema, *name, *identity; /* NULL: SQL NULL */
} Identity;

/* Kinds of objects that one query describes: ?1 the object; the columns are the schema, the name, and what follows the name. */
static const struct {
    Oid class_oid;
    const char *type, *sql;
} PLAIN_KINDS[] = {
    {PG_NAMESPACE_RELATION, "schema", "SELECT NULL, nspname, '' FROM pg_namespace WHERE oid = ?1"},
    {PG_AUTHID_RELATION, "role", "SELECT NULL, rolname, '' FROM pg_authid WHERE oid = ?1"},
    {PG_FOREIGN_DATA_WRAPPER_RELATION, "foreign-data wrapper", "SELECT NULL, fdwname, '' FROM pg_foreign_data_wrapper WHERE oid = ?1"},
    {PG_FOREIGN_SERVER_RELATION, "server", "SELECT NULL, srvname, '' FROM pg_foreign_server WHERE oid = ?1"},
    {PG_EXTENSION_RELATION, "extension", "SELECT NULL, extname, '' FROM pg_extension WHERE oid = ?1"},
    {PG_LANGUAGE_RELATION, "language", "SELECT NULL, lanname, '' FROM pg_language WHERE oid = ?1"},
    {PG_DATABASE_RELATION, "database", "SELECT NULL, datname, '' FROM pg_database WHERE oid = ?1"},
    {2601, "access method", "SELECT NULL, amname, '' FROM pg_am WHERE oid = ?1"},
    {PG_COLLATION_RELATION, "collation",
     "SELECT nspname, collname, '' FROM pg_collation JOIN pg_namespace n ON n.oid = collnamespace WHERE pg_collation.oid = ?1"},
    {2616, "operator class",
     "SELECT nspname, opcname, ' USING ' || amname FROM pg_opclass o JOIN pg_namespace n ON n.oid = opcnamespace JOIN pg_am a ON a.oid ="
     " opcmethod WHERE o.oid = ?1"},
    {2753, "operator family",
     "SELECT nspname, opfname, ' USING ' || amname FROM pg_opfamily o JOIN pg_namespace n ON n.oid = opfnamespace JOIN pg_am a ON a.oid ="
     " opfmethod WHERE o.oid = ?1"},
};

static const char *schema_of(FuncCall *call, Oid schema)
{
    const CatNamespace *found = catalog_namespace(call->context->catalog, schema);
    return found ? catalog_quote_identifier(found->name, call->arena) : "???";
}

static const char *qualified(FuncCall *call, Oid schema, const char *name)
{
    return arena_printf(call->arena, "%s.%s", schema_of(call, schema), catalog_quote_identifier(name, call->arena));
}

static const char *type_identity(FuncCall *call, Oid oid)
{
    Catalog *catalog = call->context->catalog;
    const CatType *type = catalog_type(catalog, oid);
    if (!type)
        return "???";
    if (type->category == 'A' && type->element && type->length == -1)
        return arena_printf(call->arena, "%s[]", type_identity(call, type->element));
    const char *shown = catalog_format_type(catalog, oid, TYPMOD_NOT_GIVEN, call->arena);
    bool own_name = type->namespace_oid != NAMESPACE_PG_CATALOG || str_eq(shown, catalog_quote_identifier(type->name, call->arena));
    return own_name ? qualified(call, type->namespace_oid, type->name) : shown;
}

static bool identify_relation(FuncCall *call, Oid oid, int64_t column, Identity *out)
{
    static const char *const KINDS[] = {['r'] = "table",         ['p'] = "table",          ['i'] = "index",
                                        ['I'] = "index",         ['S'] = "sequence",       ['v'] = "view",
                                        ['f'] = "foreign table", ['c'] = "composite type", ['m'] = "materialized view",
                                        ['t'] = "toast table"};
    const CatRelation *relation = catalog_relation(call->context->catalog, oid);
    *out = (Identity){.type = "relation"};
    if (!relation)
        return true;
    const char *kind = KINDS[(unsigned char)relation->kind];
    out->type = column ? arena_printf(call->arena, "%s column", kind) : kind;
    if (column < 0 || column > relation->ncolumns)
        return true;
    out->schema = schema_of(call, relation->namespace_oid);
    out->name = catalog_quote_identifier(relation->name, call->arena);
    out->identity = qualified(call, relation->namespace_oid, relation->name);
    if (column)
        out->identity =
            arena_printf(call->arena, "%s.%s", out->identity, catalog_quote_identifier(relation->columns[column - 1].name, call->arena));
    return true;
}

static bool identify_type(FuncCall *call, Oid oid, Identity *out)
{
    const CatType *type = catalog_type(call->context->catalog, oid);
    *out = (Identity){.type = "type"};
    if (!type)
        return true;
    out->schema = schema_of(call, type->namespace_oid);
    out->name = catalog_quote_identifier(type->name, call->arena);
    out->identity = type_identity(call, oid);
    return true;
}

static bool identify_proc(FuncCall *call, Oid oid, Identity *out)
{
    const CatProc *proc = catalog_proc(call->context->catalog, oid);
    *out = (Identity){.type = "routine"};
    if (!proc)
        return true;
    Str text;
    str_init(&text, call->arena);
    str_addf(&text, "%s(", qualified(call, proc->namespace_oid, proc->name));
    for (int i = 0; i < proc->nargs; i++)
        str_addf(&text, "%s%s", i ? "," : "", type_identity(call, proc->arg_types[i]));
    str_addc(&text, ')');
    out->type = proc->kind == 'a' ? "aggregate" : proc->kind == 'p' ? "procedure" : "function";
    out->schema = schema_of(call, proc->namespace_oid);
    out->identity = text.data;
    return true;
}

static bool identify_operator(FuncCall *call, Oid oid, Identity *out)
{
    const CatOperator *found = catalog_operator(call->context->catalog, oid);
    *out = (Identity){.type = "operator"};
    if (!found)
        return true;
    out->schema = schema_of(call, found->namespace_oid);
    out->identity = arena_printf(call->arena, "%s.%s(%s,%s)", out->schema, found->name,
                                 found->left ? type_identity(call, found->left) : "NONE", type_identity(call, found->right));
    return true;
}

/* Constraints, defaults, triggers, user mappings and casts: what they are of. */
static bool identify_part(FuncCall *call, Oid class_oid, Oid oid, Identity *out)
{
    static const struct {
        Oid class_oid;
        const char *type, *sql; /* name, relation or type, its column or server */
    } PARTS[] = {
        {PG_CONSTRAINT_RELATION, "constraint", "SELECT conname, conrelid, contypid FROM pg_constraint WHERE oid = ?1"},
        {2604, "default value", "SELECT NULL, adrelid, adnum FROM pg_attrdef WHERE oid = ?1"},
        {2620, "trigger", "SELECT tgname, tgrelid, 0 FROM pg_trigger WHERE oid = ?1"},
        {1418, "user mapping",
         "SELECT coalesce(rolname, 'public'), 0, srvname FROM pg_user_mapping m JOIN pg_foreign_server s ON s.oid = umserver"
         " LEFT JOIN pg_authid a ON a.oid = umuser WHERE m.oid = ?1"},
        {2605, "cast", "SELECT NULL, castsource, casttarget FROM pg_cast WHERE oid = ?1"},
    };
    size_t kind = 0;
    while (kind < COUNT_OF(PARTS) && PARTS[kind].class_oid != class_oid)
        kind++;
    if (kind == COUNT_OF(PARTS))
        return error_unsupported(call->error, "identifying an object of class %u is not supported", class_oid);
    CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error, PARTS[kind].sql, "o", oid);
    *out = (Identity){.type = PARTS[kind].type};
    if (!rows || !rows->nrows)
        return rows != NULL;
    const CatalogCell *cells = rows->cells;
    const char *name = cells[0].text ? catalog_quote_identifier(cells[0].text, call->arena) : NULL;
    const CatRelation *relation = kind < 3 ? catalog_relation(call->context->catalog, (Oid)cells[1].i) : NULL;
    const char *table = relation ? qualified(call, relation->namespace_oid, relation->name) : NULL;
    switch (kind) {
    case 0:
        out->type = table ? "table constraint" : "domain constraint";
        out->schema = table ? schema_of(call, relation->namespace_oid)
                            : schema_of(call, catalog_type(call->context->catalog, (Oid)cells[2].i)->namespace_oid);
        out->identity = arena_printf(call->arena, "%s on %s", name, table ? table : type_identity(call, (Oid)cells[2].i));
        return true;
    case 1:
        out->identity =
            arena_printf(call->arena, "for %s.%s", table, catalog_quote_identifier(relation->columns[cells[2].i - 1].name, call->arena));
        return true;
    case 2:
        out->identity = arena_printf(call->arena, "%s on %s", name, table);
        return true;
    case 3:
        out->identity = arena_printf(call->arena, "%s on server %s", cells[0].text, cells[2].text);
        return true;
    default:
        out->identity = arena_printf(call->arena, "(%s AS %s)", type_identity(call, (Oid)cells[1].i), type_identity(call, (Oid)cells[2].i));
        return true;
    }
}

static bool identify(FuncCall *call, Oid class_oid, Oid oid, int64_t sub, Identity *out)
{
    switch (class_oid) {
    case PG_CLASS_RELATION:
        return identify_relation(call, oid, sub, out);
    case PG_TYPE_RELATION:
        return identify_type(call, oid, out);
    case PG_PROC_RELATION:
        return identify_proc(call, oid, out);
    case PG_OPERATOR_RELATION:
        return identify_operator(call, oid, out);
    default:
        break;
    }
    for (size_t i = 0; i < COUNT_OF(PLAIN_KINDS); i++) {
        if (PLAIN_KINDS[i].class_oid != class_oid)
            continue;
        CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error, PLAIN_KINDS[i].sql, "o", oid);
        *out = (Identity){.type = PLAIN_KINDS[i].type};
        if (!rows || !rows->nrows)
            return rows != NULL;
        const CatalogCell *cells = rows->cells;
        out->schema = cells[0].text ? catalog_quote_identifier(cells[0].text, call->arena) : NULL;
        out->name = catalog_quote_identifier(cells[1].text, call->arena);
        out->identity =
            arena_printf(call->arena, "%s%s%s%s", out->schema ? out->schema : "", out->schema ? "." : "", out->name, cells[2].text);
        return true;
    }
    return identify_part(call, class_oid, oid, out);
}

static bool identify_object(FuncSetCall *set)
{
    FuncCall *call = &set->call;
    Identity found = {0};
    for (int i = 0; i < call->nargs; i++)
        if (call->args[i].is_null)
            return true;
    if (!identify(call, arg_oid(call, 0), arg_oid(call, 1), call->args[2].i, &found))
        return false;
    const char *cells[4] = {found.type, found.schema, found.name, found.identity};
    Value row[4];
    for (size_t i = 0; i < COUNT_OF(cells); i++)
        row[i] = cells[i] ? value_text(cells[i], strlen(cells[i])) : value_null(FDW_STRING);
    set->emit(set->sink, row, COUNT_OF(row));
    return true;
}

/* ---- parse_ident ---- */

static bool invalid(FuncCall *call, const char *detail)
{
    error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "string is not a valid identifier: \"%s\"", arg_text(call, 0));
    return detail ? error_detail(call->error, "%s", detail) : false;
}

static bool is_start(char c)
{
    return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t\n\r\f\v");
}

/* One name; *at is left behind it. */
static bool read_ident(FuncCall *call, const char **at, bool after_dot, const char **out)
{
    Str name;
    str_init(&name, call->arena);
    if (**at == '"') {
        for ((*at)++; **at && (**at != '"' || (*at)[1] == '"'); (*at)++)
            str_addc(&name, **at == '"' ? *++*at : **at);
        if (!**at)
            return invalid(call, "String has unclosed double quotes.");
        if (!name.len)
            return invalid(call, "Quoted identifier must not be empty.");
        (*at)++;
    } else if (is_start(**at)) {
        for (; is_start(**at) || isdigit((unsigned char)**at) || **at == '$'; (*at)++)
            str_addc(&name, (char)((unsigned char)**at < 0x80 ? tolower((unsigned char)**at) : **at));
    } else {
        return invalid(call, **at == '.' ? "No valid identifier before \".\"." : after_dot ? "No valid identifier after \".\"." : NULL);
    }
    *out = name.data;
    return true;
}

static bool parse_ident(FuncCall *call)
{
    VEC(ArrayElement) names = {0};
    const char *at = skip_space(arg_text(call, 0)), *name = NULL;
    bool strict = call->args[1].b, after_dot = false;
    while (true) {
        if (!read_ident(call, &at, after_dot, &name))
            return false;
        ArrayElement element = {name, strlen(name)};
        vec_push(call->arena, &names, element);
        at = skip_space(at);
        after_dot = *at == '.';
        if (!after_dot)
            break;
        at = skip_space(at + 1);
    }
    if (*at && strict)
        return invalid(call, NULL);
    Str out;
    str_init(&out, call->arena);
    type_array_write(names.items, names.count, &out);
    return return_bytes(call, out.data, out.len);
}

static const FuncRow ROWS[] = {{F_PARSE_IDENT_TEXT_BOOL, parse_ident}};
const FuncTable FUNC_TABLE_IDENTITY = {ROWS, COUNT_OF(ROWS)};

static const FuncSetRow SET_ROWS[] = {{F_PG_IDENTIFY_OBJECT_OID_OID_INT4, identify_object}};
const FuncSetTable FUNC_SETS_IDENTITY = {SET_ROWS, COUNT_OF(SET_ROWS)};
