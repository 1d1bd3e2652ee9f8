/*
 * func_object.c - functions on single objects of the catalog: what a sequence was made with, sizes of databases and tablespaces, the
 * token types of the text search parser.
 *
 * The one database is the catalog file and what lies beside it; its size is the catalog's.
 * Any thread; the Catalog locks itself.
 */
#include "func/func_internal.h"

enum { TABLESPACE_DEFAULT = 1663, TABLESPACE_GLOBAL = 1664, PARSER_DEFAULT = 3722 };

/* ---- sequences ---- */

static bool sequence_parameters(FuncSetCall *set)
{
    FuncCall *call = &set->call;
    const FuncContext *context = call->context;
    const CatRelation *relation = catalog_relation(context->catalog, arg_oid(call, 0));
    const CatSequence *sequence = relation && relation->kind == 'S' ? catalog_sequence(context->catalog, relation->oid) : NULL;
    if (!relation)
        return error_set(call->error, ERRCODE_UNDEFINED_TABLE, "relation with OID %u does not exist", arg_oid(call, 0));
    if (!catalog_privileges(context->catalog, PG_CLASS_RELATION, relation->oid, 0, context->current_user,
                            ACL_SELECT | ACL_UPDATE | ACL_USAGE))
        return error_set(call->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for sequence %s", relation->name);
    if (!sequence)
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "cache lookup failed for sequence %u", arg_oid(call, 0));
    Value row[7] = {value_int(FDW_INT64, sequence->start),     value_int(FDW_INT64, sequence->min), value_int(FDW_INT64, sequence->max),
                    value_int(FDW_INT64, sequence->increment), value_bool(sequence->cycle),         value_int(FDW_INT64, sequence->cache),
                    value_int(FDW_UINT32, sequence->type)};
    set->emit(set->sink, row, COUNT_OF(row));
    return true;
}

/* ---- token types ---- */

static bool emit_token_types(FuncSetCall *set)
{
    static const char *const TOKENS[][2] = {
        {"asciiword", "Word, all ASCII"},
        {"word", "Word, all letters"},
        {"numword", "Word, letters and digits"},
        {"email", "Email address"},
        {"url", "URL"},
        {"host", "Host"},
        {"sfloat", "Scientific notation"},
        {"version", "Version number"},
        {"hword_numpart", "Hyphenated word part, letters and digits"},
        {"hword_part", "Hyphenated word part, all letters"},
        {"hword_asciipart", "Hyphenated word part, all ASCII"},
        {"blank", "Space symbols"},
        {"tag", "XML tag"},
        {"protocol", "Protocol head"},
        {"numhword", "Hyphenated word, letters and digits"},
        {"asciihword", "Hyphenated word, all ASCII"},
        {"hword", "Hyphenated word, all letters"},
        {"url_path", "URL path"},
        {"file", "File or path name"},
        {"float", "Decimal notation"},
        {"int", "Signed integer"},
        {"uint", "Unsigned integer"},
        {"entity", "XML entity"},
    };
    for (size_t i = 0; i < COUNT_OF(TOKENS); i++) {
        Value row[3] = {value_int(FDW_INT32, (int64_t)i + 1), value_text(TOKENS[i][0], strlen(TOKENS[i][0])),
                        value_text(TOKENS[i][1], strlen(TOKENS[i][1]))};
        if (!set->emit(set->sink, row, COUNT_OF(row)))
            return true;
    }
    return true;
}

/* There is one parser. */
static bool token_types_by_oid(FuncSetCall *set)
{
    if (arg_oid(&set->call, 0) != PARSER_DEFAULT)
        return error_set(set->call.error, ERRCODE_INTERNAL_ERROR, "cache lookup failed for text search parser %u", arg_oid(&set->call, 0));
    return emit_token_types(set);
}

static bool token_types_by_name(FuncSetCall *set)
{
    const char *name = arg_text(&set->call, 0);
    if (!str_eq(name, "default") && !str_eq(name, "pg_catalog.default"))
        return error_set(set->call.error, ERRCODE_UNDEFINED_OBJECT, "text search parser \"%s\" does not exist", name);
    return emit_token_types(set);
}

bool arg_reg(FuncCall *call, int index, Oid reg_type, Oid *out)
{
    Catalog *catalog = call->context->catalog;
    const TypeResolver *resolver = catalog_resolver(catalog);
    const char *text = arg_text(call, index);
    if (!catalog_check_reg_schema(catalog, reg_type, text, call->context->current_user, call->error))
        return false;
    return reg_type == TYPE_REGCLASS ? catalog_reg_by_name(catalog, reg_type, text, out, call->error)
                                     : resolver->reg_input(resolver->arg, reg_type, text, out, call->error);
}

/* ---- sizes ---- */

/* The catalog's file, and that of the rows. */
static bool database_bytes(FuncCall *call)
{
    int64_t rows_file;
    const CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()", "");
    return rows && func_stored_size(call, 0, &rows_file) && return_int(call, (rows->nrows ? CATALOG_CELL(rows, 0, 0).i : 0) + rows_file);
}

/* Whoever has a right on it, or may read all statistics. */
static bool may_measure(FuncCall *call, Oid class_oid, Oid oid, AclMask mask)
{
    Catalog *catalog = call->context->catalog;
    Oid user = call->context->current_user;
    return catalog_privileges(catalog, class_oid, oid, 0, user, mask) || catalog_has_privs_of(catalog, user, ROLE_PG_READ_ALL_STATS) ||
           catalog_denied(catalog, class_oid, oid, false, call->error);
}

static bool database_size(FuncCall *call)
{
    return may_measure(call, PG_DATABASE_RELATION, DATABASE_POSTGRES, ACL_CONNECT) && database_bytes(call);
}

/* Without a right on all of them PostgreSQL tells who asks which ones there are not. */
static bool no_size(FuncCall *call, const char *state, const char *word)
{
    return catalog_has_privs_of(call->context->catalog, call->context->current_user, ROLE_PG_READ_ALL_STATS)
               ? return_null(call)
               : error_set(call->error, state, "%s with OID %u does not exist", word, arg_oid(call, 0));
}

static bool database_size_by_oid(FuncCall *call)
{
    return arg_oid(call, 0) == DATABASE_POSTGRES ? database_size(call) : no_size(call, ERRCODE_UNDEFINED_DATABASE, "database");
}

static bool database_size_by_name(FuncCall *call)
{
    const char *name = arg_text(call, 0);
    return str_eq(name, "postgres") ? database_size(call)
                                    : error_set(call->error, ERRCODE_UNDEFINED_DATABASE, "database \"%s\" does not exist", name);
}

/* Everything lies in the files of the default one, roles and the like too. */
static bool global_size(FuncCall *call)
{
    return may_measure(call, PG_TABLESPACE_RELATION, TABLESPACE_GLOBAL, ACL_CREATE) && return_int(call, 0);
}

static bool tablespace_size_by_oid(FuncCall *call)
{
    switch (arg_oid(call, 0)) {
    case TABLESPACE_DEFAULT:
        return database_bytes(call);
    case TABLESPACE_GLOBAL:
        return global_size(call);
    default:
        return no_size(call, ERRCODE_UNDEFINED_OBJECT, "tablespace");
    }
}

static bool tablespace_size_by_name(FuncCall *call)
{
    const char *name = arg_text(call, 0);
    if (str_eq(name, "pg_default"))
        return database_bytes(call);
    return str_eq(name, "pg_global") ? global_size(call)
                                     : error_set(call->error, ERRCODE_UNDEFINED_OBJECT, "tablespace \"%s\" does not exist", name);
}

/* ---- what no relation of Medley's has ---- */

static bool no_file(FuncCall *call)
{
    return return_null(call);
}

static bool no_row_security(FuncCall *call)
{
    return return_bool(call, false);
}

static bool no_row_security_by_name(FuncCall *call)
{
    Oid relation;
    return arg_reg(call, 0, TYPE_REGCLASS, &relation) && return_bool(call, false);
}

static const FuncRow ROWS[] = {
    {F_PG_DATABASE_SIZE_OID, database_size_by_oid},
    {F_PG_DATABASE_SIZE_NAME, database_size_by_name},
    {F_PG_TABLESPACE_SIZE_OID, tablespace_size_by_oid},
    {F_PG_TABLESPACE_SIZE_NAME, tablespace_size_by_name},
    {F_PG_RELATION_FILEPATH_REGCLASS, no_file},
    {F_ROW_SECURITY_ACTIVE_OID, no_row_security},
    {F_ROW_SECURITY_ACTIVE_TEXT, no_row_security_by_name},
};
const FuncTable FUNC_TABLE_OBJECT = {ROWS, COUNT_OF(ROWS)};

static const FuncSetRow SET_ROWS[] = {
    {F_PG_SEQUENCE_PARAMETERS_OID, sequence_parameters},
    {F_TS_TOKEN_TYPE_OID, token_types_by_oid},
    {F_TS_TOKEN_TYPE_TEXT, token_types_by_name},
};
const FuncSetTable FUNC_SETS_OBJECT = {SET_ROWS, COUNT_OF(SET_ROWS)};
