/*
 * type_name.c - type names as written, to OIDs and type modifiers.
 */
#include <stdlib.h>
#include <string.h>

#include "sql/analyze_int.h"

static const char *part_text(const Node *part)
{
    return part->node_case == PG_QUERY__NODE__NODE_STRING ? part->string->sval : "*";
}

static bool name_parts(Node *const *parts, size_t nparts, Arena *arena, const char **schema, const char **name, Error *error)
{
    *schema = nparts > 1 ? part_text(parts[nparts - 2]) : NULL;
    *name = part_text(parts[nparts - 1]);
    if (nparts == 3 && strcmp(part_text(parts[0]), "postgres") != 0)
        return error_set(error, ERRCODE_FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: %s",
                         join_names(arena, parts, nparts));
    if (nparts > 3)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "improper qualified name (too many dotted names): %s",
                         join_names(arena, parts, nparts));
    return true;
}

/* The name as messages show it, array bounds included. */
static const char *written_type(const PgQuery__TypeName *name, Arena *arena)
{
    const char *text = join_names(arena, name->names, name->n_names);
    return arena_printf(arena, "%s%s%s", text, name->pct_type ? "%TYPE" : "", name->n_array_bounds ? "[]" : "");
}

static bool modifier_text(const Node *node, Arena *arena, const char **out)
{
    if (node->node_case == PG_QUERY__NODE__NODE_A_CONST) {
        const PgQuery__AConst *constant = node->a_const;
        if (constant->isnull)
            return false;
        switch (constant->val_case) {
        case PG_QUERY__A__CONST__VAL_IVAL:
            *out = arena_printf(arena, "%d", constant->ival->ival);
            return true;
        case PG_QUERY__A__CONST__VAL_FVAL:
            *out = constant->fval->fval;
            return true;
        case PG_QUERY__A__CONST__VAL_SVAL:
            *out = constant->sval->sval;
            return true;
        default:
            /* Zero has no fields in the protobuf form. */
            *out = "0";
            return constant->val_case == PG_QUERY__A__CONST__VAL__NOT_SET;
        }
    }
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1) {
        *out = part_text(node->column_ref->fields[0]);
        return true;
    }
    return false;
}

static bool read_typmod(const PgQuery__TypeName *name, const CatType *type, Arena *arena, int32_t *typmod, Error *error)
{
    *typmod = -1;
    if (!name->n_typmods)
        return true;
    if (!type->is_defined || !type->typmod_in)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "type modifier is not allowed for type \"%s\"", written_type(name, arena));
    const char **modifiers = ARENA_ARRAY(arena, const char *, name->n_typmods);
    for (size_t i = 0; i < name->n_typmods; i++)
        if (!modifier_text(name->typmods[i], arena, &modifiers[i]))
            return error_set(error, ERRCODE_SYNTAX_ERROR, "type modifiers must be simple constants or identifiers");
    return type_typmod_input(type->oid, modifiers, name->n_typmods, typmod, error);
}

static const CatType *find_type(const PgQuery__TypeName *name, Catalog *catalog, Arena *arena, Error *error)
{
    const char *schema, *bare;
    if (!name_parts(name->names, name->n_names, arena, &schema, &bare, error))
        return NULL;
    if (schema && !catalog_namespace_by_name(catalog, schema)) {
        error_set(error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
        return NULL;
    }
    const CatType *type = catalog_type_by_name(catalog, schema, bare);
    if (!type)
        error_set(error, ERRCODE_UNDEFINED_OBJECT, "type \"%s\" does not exist", written_type(name, arena));
    return type;
}

/* Of a column, or of one of the system's; false: there is none. */
static bool type_of_column(const CatRelation *relation, const char *name, Oid *oid, int32_t *typmod)
{
    static const struct {
        const char *name;
        Oid type;
    } SYSTEM[] = {{"tableoid", TYPE_OID}, {"ctid", TYPE_TID}, {"xmin", TYPE_XID},
                  {"xmax", TYPE_XID},     {"cmin", TYPE_CID}, {"cmax", TYPE_CID}};
    *typmod = -1;
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && strcmp(relation->columns[i].name, name) == 0) {
            *oid = relation->columns[i].type;
            *typmod = relation->columns[i].typmod;
            return true;
        }
    for (size_t i = 0; i < COUNT_OF(SYSTEM) && !strchr("vc", relation->kind); i++)
        if (strcmp(SYSTEM[i].name, name) == 0) {
            *oid = SYSTEM[i].type;
            return true;
        }
    return false;
}

/* The relation of relation.column%TYPE; a composite type is one here. */
static const CatRelation *relation_of_column(const PgQuery__TypeName *name, Catalog *catalog, Arena *arena, Error *error)
{
    const char *words = join_names(arena, name->names, name->n_names), *schema, *table;
    const char *of = name->n_names ? join_names(arena, name->names, name->n_names - 1) : "";
    if (name->n_names < 2 || name->n_names > 4) {
        error_set(error, ERRCODE_SYNTAX_ERROR, "improper %%TYPE reference (too %s dotted names): %s", name->n_names < 2 ? "few" : "many",
                  words);
        return error_at(error, name->location), NULL;
    }
    if (!name_parts(name->names, name->n_names - 1, arena, &schema, &table, error)) {
        error_unsupported(error, "cross-database references are not implemented: \"%s\"", of);
        return NULL;
    }
    if (schema && !catalog_namespace_by_name(catalog, schema)) {
        error_set(error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
        return NULL;
    }
    const CatType *type = catalog_type_by_name(catalog, schema, table);
    const CatRelation *relation = catalog_relation_by_name(catalog, schema, table);
    if (!relation && type && type->relation)
        relation = catalog_relation(catalog, type->relation);
    if (!relation)
        error_set(error, ERRCODE_UNDEFINED_TABLE, "relation \"%s\" does not exist", of);
    return relation;
}

static bool column_type(const PgQuery__TypeName *name, Catalog *catalog, Arena *arena, Oid *oid, int32_t *typmod, Error *error)
{
    const CatRelation *relation = relation_of_column(name, catalog, arena, error);
    const char *column = relation ? part_text(name->names[name->n_names - 1]) : NULL;
    if (!relation)
        return false;
    if (!type_of_column(relation, column, oid, typmod)) {
        error_set(error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", column, relation->name);
        return error_at(error, name->location);
    }
    if (catalog_notices(catalog))
        notice(catalog_notices(catalog), SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "type reference %s converted to %s",
               written_type(name, arena), catalog_format_type(catalog, *oid, -1, arena));
    return true;
}

bool sql_resolve_type(const PgQuery__TypeName *name, Catalog *catalog, Arena *arena, Oid *oid, int32_t *typmod, Error *error)
{
    const CatType *type = NULL;
    if (name->pct_type)
        return column_type(name, catalog, arena, oid, typmod, error);
    if (name->n_names == 0)
        type = catalog_type(catalog, name->type_oid);
    else
        type = find_type(name, catalog, arena, error);
    if (!type) {
        if (!error_is_set(error))
            error_set(error, ERRCODE_UNDEFINED_OBJECT, "type with OID %u does not exist", name->type_oid);
        /* Names with too many parts have no place in PostgreSQL's messages. */
        return name->n_names > 2 ? false : error_at(error, name->location);
    }
    if (!read_typmod(name, type, arena, typmod, error))
        return error_at(error, name->location);
    if (!type->is_defined) {
        error_set(error, ERRCODE_UNDEFINED_OBJECT, "type \"%s\" is only a shell", written_type(name, arena));
        return error_at(error, name->location);
    }
    *oid = type->oid;
    if (name->n_array_bounds) {
        *oid = type->array;
        if (!*oid) {
            error_set(error, ERRCODE_UNDEFINED_OBJECT, "type \"%s\" does not exist", written_type(name, arena));
            return error_at(error, name->location);
        }
    }
    return true;
}

bool sql_check_type_schema(const PgQuery__TypeName *name, Catalog *catalog, Oid user, Error *error)
{
    size_t place = name->pct_type ? 3 : 2; /* of the schema, from the end */
    const CatNamespace *found =
        name->n_names >= place ? catalog_namespace_by_name(catalog, node_string(name->names[name->n_names - place])) : NULL;
    return !found || catalog_privileges(catalog, PG_NAMESPACE_RELATION, found->oid, 0, user, ACL_USAGE) ||
           catalog_denied(catalog, PG_NAMESPACE_RELATION, found->oid, false, error);
}

typedef struct PreciseType {
    Oid type;
    const char *before, *after;
    size_t place; /* of the precision among the modifiers */
} PreciseType;

static const PreciseType *precise_type(Oid type)
{
    static const PreciseType TYPES[] = {{TYPE_TIME, "TIME", "", 0},
                                        {TYPE_TIMETZ, "TIME", " WITH TIME ZONE", 0},
                                        {TYPE_TIMESTAMP, "TIMESTAMP", "", 0},
                                        {TYPE_TIMESTAMPTZ, "TIMESTAMP", " WITH TIME ZONE", 0},
                                        {TYPE_INTERVAL, "INTERVAL", "", 1}};
    Oid element = type_array_element(type);
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (TYPES[i].type == (element ? element : type))
            return &TYPES[i];
    return NULL;
}

static void warn_of_precision(const PreciseType *type, int precision, const char *query, int location, Catalog *catalog)
{
    enum { MOST = 6 };
    const Notices *to = catalog_notices(catalog);
    if (!to || precision <= MOST)
        return;
    Arena *arena = arena_open(NULL);
    Error event = {.severity = SEVERITY_WARNING, .sqlstate = ERRCODE_INVALID_PARAMETER_VALUE};
    event.message = arena_printf(arena, "%s(%d)%s precision reduced to maximum allowed, %d", type->before, precision, type->after, MOST);
    event.query = query;
    *(query ? &event.query_position : &event.position) = location < 0 ? 0 : location + 1;
    to->emit(to->arg, &event);
    arena_close(arena);
}

void sql_warn_precision(const PgQuery__TypeName *name, Oid oid, const char *query, int location, Catalog *catalog)
{
    const PreciseType *type = precise_type(oid);
    const char *modifier;
    Arena *arena = arena_open(NULL);
    if (type && type->place < name->n_typmods && modifier_text(name->typmods[type->place], arena, &modifier))
        warn_of_precision(type, atoi(modifier), query, location, catalog);
    arena_close(arena);
}

void warn_value_precision(Scope *scope, Oid type, int precision)
{
    if (!scope->an->views && !scope->an->stored)
        warn_of_precision(precise_type(type), precision, NULL, -1, scope->an->catalog);
}

bool resolve_type_name(Scope *scope, const PgQuery__TypeName *name, Oid *type, int32_t *typmod)
{
    Analyzer *an = scope->an;
    if (name->n_names == 2 && !name->pct_type && !names_check_schema(scope, node_string(name->names[0]), name->location))
        return false;
    if (sql_resolve_type(name, an->catalog, an->arena, type, typmod, an->error)) {
        if (!an->views && !an->stored)
            sql_warn_precision(name, *type, an->variables ? an->text : NULL, name->location, an->catalog);
        return true;
    }
    return an->error->position ? analyze_at(an, name->location) : false;
}

/* Where the text of a type's name must end: before a parenthesis that nothing opens, or a semicolon. *quote: a quote that nothing closes.
 */
static size_t type_name_end(const char *text, const char **quote)
{
    int depth = 0;
    const char *at = text;
    *quote = NULL;
    for (; *at; at++) {
        if (*at == '"')
            *quote = *quote ? NULL : at;
        else if (!*quote && (*at == ';' || (*at == ')' && depth == 0)))
            break;
        else if (!*quote)
            depth += (*at == '(') - (*at == ')');
    }
    return (size_t)(at - text);
}

static bool bad_type_name(const char *text, const char *what, const char *at, Error *error)
{
    error_clear(error);
    if (*at)
        error_set(error, ERRCODE_SYNTAX_ERROR, "%s at or near \"%s\"", what, at);
    else
        error_set(error, ERRCODE_SYNTAX_ERROR, "%s at end of input", what);
    return error_context(error, "invalid type name \"%s\"", text);
}

/* Parses what a statement makes of it. */
static const PgQuery__TypeName *parse_name(const char *text, Arena *arena, Error *error)
{
    ParsedText parsed;
    static const char PREFIX[] = "SELECT CAST(NULL AS ";
    enum { PREFIX_LENGTH = sizeof PREFIX - 1 };
    const char *quote;
    const size_t length = type_name_end(text, &quote);
    const char rest[] = {text[length], '\0'};
    const PgQuery__SelectStmt *select = NULL;
    if (quote) {
        bad_type_name(text, "unterminated quoted identifier", quote, error);
        error->position = (int)(quote - text) + 1;
        return NULL;
    }
    bool ok = sql_parse(arena_printf(arena, "%s%.*s\n)", PREFIX, (int)length, text), arena, &parsed, error);
    if (ok ? *rest : error->position > PREFIX_LENGTH + (int)length) {
        bad_type_name(text, "syntax error", rest, error);
        error->position = (int)length + 1;
        return NULL;
    }
    if (!ok) {
        error->position -= error->position > PREFIX_LENGTH ? PREFIX_LENGTH : error->position;
        error_context(error, "invalid type name \"%s\"", text);
        return NULL;
    }
    if (parsed.count == 1 && parsed.items[0].node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT)
        select = parsed.items[0].node->select_stmt;
    const Node *target = select && select->n_target_list == 1 && !select->n_from_clause ? select->target_list[0]->res_target->val : NULL;
    return target && target->node_case == PG_QUERY__NODE__NODE_TYPE_CAST ? target->type_cast->type_name : NULL;
}

const PgQuery__TypeName *sql_parse_type_name(const char *text, Arena *arena, Error *error)
{
    bool blank = !text[strspn(text, " \t\n\r\f\v")];
    const PgQuery__TypeName *name = blank ? NULL : parse_name(text, arena, error);
    if (name && !name->setof)
        return name;
    if (!error_is_set(error))
        error_set(error, ERRCODE_SYNTAX_ERROR, "invalid type name \"%s\"", text);
    return NULL;
}

bool sql_parse_type(const char *text, Catalog *catalog, Arena *arena, Oid *oid, int32_t *typmod, Error *error)
{
    const PgQuery__TypeName *name = sql_parse_type_name(text, arena, error);
    if (!name)
        return false;
    if (!sql_resolve_type(name, catalog, arena, oid, typmod, error)) {
        error->position = 0;
        return false;
    }
    return true;
}

/* Notices of a name's text, which say where they come from. */
typedef struct NameNotices {
    const Notices *to;
    const char *context;
} NameNotices;

static void emit_with_context(void *arg, const Error *event)
{
    const NameNotices *of = arg;
    Error told = *event;
    told.context = of->context;
    of->to->emit(of->to->arg, &told);
}

bool sql_read_type(const char *text, Catalog *catalog, Arena *arena, Oid *oid, Error *error)
{
    int32_t typmod;
    const PgQuery__TypeName *name = sql_parse_type_name(text, arena, error);
    NameNotices of = {catalog_notices(catalog), arena_printf(arena, "invalid type name \"%s\"", text)};
    const Notices told = {.emit = emit_with_context, .arg = &of};
    if (name && of.to)
        sql_note_long_names(text, arena, &told);
    if (!name || !sql_parse_type(text, catalog, arena, oid, &typmod, error))
        return false;
    sql_warn_precision(name, *oid, NULL, -1, catalog);
    return true;
}
