/*
 * func_identity.c - objects as event triggers see them (pg_identify_object and its kin), and names taken apart (parse_ident).
 *
 * Invariant: a name in an identity has its schema, whatever the search path, but for the types that SQL itself names.
 * Any thread; the Catalog locks itself.
 */
#include <ctype.h>

#include "func/func_array.h"

/* ---- identities ---- */

typedef VEC(ArrayElement) Names;

typedef struct Identity {
    const char *type, *schema, *name, *identity; /* NULL: SQL NULL; without an identity there is no such object */
    Names names, args;                           /* as pg_get_object_address takes them */
} Identity;

/* Kinds of objects with a name, or a schema and a name: ?1 the object; the columns are the schema, the name, the access method. */
static const struct {
    Oid class_oid;
    const char *type, *sql;
} PLAIN_KINDS[] = {
    {PG_NAMESPACE_RELATION, "schema", "SELECT NULL, nspname, NULL FROM pg_namespace WHERE oid = ?1"},
    {PG_AUTHID_RELATION, "role", "SELECT NULL, rolname, NULL FROM pg_authid WHERE oid = ?1"},
    {PG_FOREIGN_DATA_WRAPPER_RELATION, "foreign-data wrapper", "SELECT NULL, fdwname, NULL FROM pg_foreign_data_wrapper WHERE oid = ?1"},
    {PG_FOREIGN_SERVER_RELATION, "server", "SELECT NULL, srvname, NULL FROM pg_foreign_server WHERE oid = ?1"},
    {PG_EXTENSION_RELATION, "extension", "SELECT NULL, extname, NULL FROM pg_extension WHERE oid = ?1"},
    {PG_LANGUAGE_RELATION, "language", "SELECT NULL, lanname, NULL FROM pg_language WHERE oid = ?1"},
    {PG_DATABASE_RELATION, "database", "SELECT NULL, datname, NULL FROM pg_database WHERE oid = ?1"},
    {PG_TABLESPACE_RELATION, "tablespace", "SELECT NULL, spcname, NULL FROM pg_tablespace WHERE oid = ?1"},
    {PG_AM_RELATION, "access method", "SELECT NULL, amname, NULL FROM pg_am WHERE oid = ?1"},
    {PG_EVENT_TRIGGER_RELATION, "event trigger", "SELECT NULL, evtname, NULL FROM pg_event_trigger WHERE oid = ?1"},
    {PG_PUBLICATION_RELATION, "publication", "SELECT NULL, pubname, NULL FROM pg_publication WHERE oid = ?1"},
    {PG_SUBSCRIPTION_RELATION, "subscription", "SELECT NULL, subname, NULL FROM pg_subscription WHERE oid = ?1"},
    {PG_COLLATION_RELATION, "collation",
     "SELECT nspname, collname, NULL FROM pg_collation o JOIN pg_namespace n ON n.oid = collnamespace WHERE o.oid = ?1"},
    {PG_CONVERSION_RELATION, "conversion",
     "SELECT nspname, conname, NULL FROM pg_conversion o JOIN pg_namespace n ON n.oid = connamespace WHERE o.oid = ?1"},
    {PG_STATISTIC_EXT_RELATION, "statistics object",
     "SELECT nspname, stxname, NULL FROM pg_statistic_ext o JOIN pg_namespace n ON n.oid = stxnamespace WHERE o.oid = ?1"},
    {PG_TS_PARSER_RELATION, "text search parser",
     "SELECT nspname, prsname, NULL FROM pg_ts_parser o JOIN pg_namespace n ON n.oid = prsnamespace WHERE o.oid = ?1"},
    {PG_TS_DICT_RELATION, "text search dictionary",
     "SELECT nspname, dictname, NULL FROM pg_ts_dict o JOIN pg_namespace n ON n.oid = dictnamespace WHERE o.oid = ?1"},
    {PG_TS_TEMPLATE_RELATION, "text search template",
     "SELECT nspname, tmplname, NULL FROM pg_ts_template o JOIN pg_namespace n ON n.oid = tmplnamespace WHERE o.oid = ?1"},
    {PG_TS_CONFIG_RELATION, "text search configuration",
     "SELECT nspname, cfgname, NULL FROM pg_ts_config o JOIN pg_namespace n ON n.oid = cfgnamespace WHERE o.oid = ?1"},
    {PG_OPCLASS_RELATION, "operator class",
     "SELECT nspname, opcname, amname FROM pg_opclass o JOIN pg_namespace n ON n.oid = opcnamespace JOIN pg_am a ON a.oid ="
     " opcmethod WHERE o.oid = ?1"},
    {PG_OPFAMILY_RELATION, "operator family",
     "SELECT nspname, opfname, amname FROM pg_opfamily o JOIN pg_namespace n ON n.oid = opfnamespace JOIN pg_am a ON a.oid ="
     " opfmethod WHERE o.oid = ?1"},
    /* Nobody makes these here. */
    {PG_LARGEOBJECT_RELATION, "large object", NULL},
    {PG_PARAMETER_ACL_RELATION, "parameter ACL", "SELECT NULL, parname, NULL FROM pg_parameter_acl WHERE oid = ?1"},
    {PG_PUBLICATION_NAMESPACE_RELATION, "publication namespace", NULL},
    {PG_PUBLICATION_REL_RELATION, "publication relation", NULL},
    {PG_TRANSFORM_RELATION, "transform", NULL},
};

static const char *schema_name(FuncCall *call, Oid schema)
{
    const CatNamespace *found = catalog_namespace(call->context->catalog, schema);
    return found ? found->name : "???";
}

/* In the identities of relations and types the session's own temporary schema is pg_temp. */
static const char *schema_or_temp(FuncCall *call, Oid schema)
{
    return schema == catalog_temporary(call->context->catalog) ? "pg_temp" : schema_name(call, schema);
}

static const char *quoted_schema(FuncCall *call, Oid schema)
{
    return catalog_quote_identifier(call->context->catalog, schema_name(call, schema), call->arena);
}

static const char *qualified(FuncCall *call, const char *schema, const char *name)
{
    Catalog *catalog = call->context->catalog;
    return arena_printf(call->arena, "%s.%s", catalog_quote_identifier(catalog, schema, call->arena),
                        catalog_quote_identifier(catalog, name, call->arena));
}

static void add(FuncCall *call, Names *names, const char *text)
{
    ArrayElement element = {arena_strdup(call->arena, text), strlen(text)};
    vec_push(call->arena, names, element);
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
    bool own_name =
        type->namespace_oid != NAMESPACE_PG_CATALOG || str_eq(shown, catalog_quote_identifier(catalog, type->name, call->arena));
    return own_name ? qualified(call, schema_or_temp(call, type->namespace_oid), type->name) : shown;
}

/* A relation or its column: false: there is none. */
static bool relation_identity(FuncCall *call, Oid oid, int64_t column, Identity *out)
{
    static const char *const SYSTEM_COLUMNS[] = {"ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"}; /* from -1 down */
    const CatRelation *relation = catalog_relation(call->context->catalog, oid);
    if (!relation || column > relation->ncolumns || column < -(int)COUNT_OF(SYSTEM_COLUMNS))
        return false;
    out->identity = qualified(call, schema_or_temp(call, relation->namespace_oid), relation->name);
    add(call, &out->names, schema_or_temp(call, relation->namespace_oid));
    add(call, &out->names, relation->name);
    const char *name = column > 0 ? relation->columns[column - 1].name : column < 0 ? SYSTEM_COLUMNS[-column - 1] : NULL;
    if (!name)
        return true;
    out->identity = arena_printf(call->arena, "%s.%s", out->identity, catalog_quote_identifier(call->context->catalog, name, call->arena));
    add(call, &out->names, name);
    return true;
}

static void identify_relation(FuncCall *call, Oid oid, int64_t column, Identity *out)
{
    static const char *const KINDS[] = {['r'] = "table",         ['p'] = "table",          ['i'] = "index",
                                        ['I'] = "index",         ['S'] = "sequence",       ['v'] = "view",
                                        ['f'] = "foreign table", ['c'] = "composite type", ['m'] = "materialized view",
                                        ['t'] = "toast table"};
    const CatRelation *relation = catalog_relation(call->context->catalog, oid);
    out->type = "relation";
    if (!relation)
        return;
    const char *kind = KINDS[(unsigned char)relation->kind];
    out->type = column ? arena_printf(call->arena, "%s column", kind) : kind;
    if (!relation_identity(call, oid, column, out))
        return;
    out->schema = quoted_schema(call, relation->namespace_oid);
    out->name = catalog_quote_identifier(call->context->catalog, relation->name, call->arena);
}

static void identify_type(FuncCall *call, Oid oid, Identity *out)
{
    const CatType *type = catalog_type(call->context->catalog, oid);
    out->type = "type";
    if (!type)
        return;
    out->schema = quoted_schema(call, type->namespace_oid);
    out->name = catalog_quote_identifier(call->context->catalog, type->name, call->arena);
    out->identity = type_identity(call, oid);
    add(call, &out->names, out->identity);
}

static void identify_proc(FuncCall *call, Oid oid, Identity *out)
{
    const CatProc *proc = catalog_proc(call->context->catalog, oid);
    out->type = "routine";
    if (!proc)
        return;
    Str text;
    str_init(&text, call->arena);
    str_addf(&text, "%s(", qualified(call, schema_name(call, proc->namespace_oid), proc->name));
    for (int i = 0; i < proc->nargs; i++) {
        str_addf(&text, "%s%s", i ? "," : "", type_identity(call, proc->arg_types[i]));
        add(call, &out->args, type_identity(call, proc->arg_types[i]));
    }
    str_addc(&text, ')');
    out->type = proc->kind == 'a' ? "aggregate" : proc->kind == 'p' ? "procedure" : "function";
    out->schema = quoted_schema(call, proc->namespace_oid);
    out->identity = text.data;
    add(call, &out->names, schema_name(call, proc->namespace_oid));
    add(call, &out->names, proc->name);
}

static void identify_operator(FuncCall *call, Oid oid, Identity *out)
{
    const CatOperator *found = catalog_operator(call->context->catalog, oid);
    out->type = "operator";
    if (!found)
        return;
    out->schema = quoted_schema(call, found->namespace_oid);
    out->identity = arena_printf(call->arena, "%s.%s(%s,%s)", out->schema, found->name,
                                 found->left ? type_identity(call, found->left) : "NONE", type_identity(call, found->right));
    add(call, &out->names, schema_name(call, found->namespace_oid));
    add(call, &out->names, found->name);
    if (found->left)
        add(call, &out->args, type_identity(call, found->left));
    add(call, &out->args, type_identity(call, found->right));
}

static bool identify_plain(FuncCall *call, size_t kind, Oid oid, Identity *out)
{
    CatalogRows *rows =
        PLAIN_KINDS[kind].sql ? catalog_query(call->context->catalog, call->arena, call->error, PLAIN_KINDS[kind].sql, "o", oid) : NULL;
    out->type = PLAIN_KINDS[kind].type;
    if (!rows || !rows->nrows)
        return rows || !PLAIN_KINDS[kind].sql;
    const CatalogCell *cells = rows->cells;
    const char *schema = cells[0].text, *name = cells[1].text, *method = cells[2].text;
    if (method)
        add(call, &out->names, method);
    if (schema)
        add(call, &out->names, schema);
    add(call, &out->names, name);
    out->schema = schema ? catalog_quote_identifier(call->context->catalog, schema, call->arena) : NULL;
    out->name = catalog_quote_identifier(call->context->catalog, name, call->arena);
    out->identity =
        arena_printf(call->arena, "%s%s%s%s%s", schema ? out->schema : "", schema ? "." : "", out->name, method ? " USING " : "",
                     method ? catalog_quote_identifier(call->context->catalog, method, call->arena) : "");
    return true;
}

/* ---- parts of other objects ---- */

typedef void (*PartWriter)(FuncCall *call, const CatalogCell *row, Identity *out);

/* A name on a relation. */
static void on_relation(FuncCall *call, const CatalogCell *row, Identity *out)
{
    if (!relation_identity(call, (Oid)row[1].i, 0, out))
        return;
    out->identity =
        arena_printf(call->arena, "%s on %s", catalog_quote_identifier(call->context->catalog, row[0].text, call->arena), out->identity);
    add(call, &out->names, row[0].text);
}

static void of_constraint(FuncCall *call, const CatalogCell *row, Identity *out)
{
    out->schema = quoted_schema(call, (Oid)row[3].i);
    out->type = row[1].i ? "table constraint" : "domain constraint";
    if (row[1].i) {
        on_relation(call, row, out);
        return;
    }
    const char *domain = type_identity(call, (Oid)row[2].i);
    out->identity =
        arena_printf(call->arena, "%s on %s", catalog_quote_identifier(call->context->catalog, row[0].text, call->arena), domain);
    add(call, &out->names, domain);
    add(call, &out->args, row[0].text);
}

static void of_default(FuncCall *call, const CatalogCell *row, Identity *out)
{
    if (relation_identity(call, (Oid)row[0].i, row[1].i, out))
        out->identity = arena_printf(call->arena, "for %s", out->identity);
}

static void of_mapping(FuncCall *call, const CatalogCell *row, Identity *out)
{
    out->identity = arena_printf(call->arena, "%s on server %s", catalog_quote_identifier(call->context->catalog, row[0].text, call->arena),
                                 row[1].text);
    add(call, &out->names, row[0].text);
    add(call, &out->args, row[1].text);
}

static void of_cast(FuncCall *call, const CatalogCell *row, Identity *out)
{
    const char *from = type_identity(call, (Oid)row[0].i), *to = type_identity(call, (Oid)row[1].i);
    out->identity = arena_printf(call->arena, "(%s AS %s)", from, to);
    add(call, &out->names, from);
    add(call, &out->args, to);
}

static void of_default_acl(FuncCall *call, const CatalogCell *row, Identity *out)
{
    static const struct {
        char kind;
        const char *words;
    } WORDS[] = {{'r', "tables"}, {'S', "sequences"}, {'f', "functions"}, {'T', "types"}, {'n', "schemas"}};
    Str text;
    str_init(&text, call->arena);
    str_addf(&text, "for role %s", catalog_quote_identifier(call->context->catalog, row[0].text, call->arena));
    add(call, &out->names, row[0].text);
    if (row[1].text) {
        str_addf(&text, " in schema %s", catalog_quote_identifier(call->context->catalog, row[1].text, call->arena));
        add(call, &out->names, row[1].text);
    }
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (WORDS[i].kind == row[2].text[0])
            str_addf(&text, " on %s", WORDS[i].words);
    out->identity = text.data;
    add(call, &out->args, row[2].text);
}

/* Number, family's method, schema and name, types, and what it is. */
static void of_family(FuncCall *call, const CatalogCell *row, Identity *out)
{
    const char *left = type_identity(call, (Oid)row[4].i), *right = type_identity(call, (Oid)row[5].i);
    const char *number = arena_printf(call->arena, "%lld", (long long)row[0].i);
    out->identity = arena_printf(call->arena, "%s %s (%s, %s) of %s.%s USING %s", row[6].text, number, left, right,
                                 catalog_quote_identifier(call->context->catalog, row[2].text, call->arena),
                                 catalog_quote_identifier(call->context->catalog, row[3].text, call->arena),
                                 catalog_quote_identifier(call->context->catalog, row[1].text, call->arena));
    for (int i = 1; i <= 3; i++)
        add(call, &out->names, row[i].text);
    add(call, &out->names, number);
    add(call, &out->args, left);
    add(call, &out->args, right);
}

static const struct {
    Oid class_oid;
    const char *type, *sql;
    PartWriter write;
} PARTS[] = {
    {PG_CONSTRAINT_RELATION, "constraint", "SELECT conname, conrelid, contypid, connamespace FROM pg_constraint WHERE oid = ?1",
     of_constraint},
    {PG_ATTRDEF_RELATION, "default value", "SELECT adrelid, adnum FROM pg_attrdef WHERE oid = ?1", of_default},
    {PG_TRIGGER_RELATION, "trigger", "SELECT tgname, tgrelid FROM pg_trigger WHERE oid = ?1", on_relation},
    {PG_REWRITE_RELATION, "rule", "SELECT rulename, ev_class FROM pg_rewrite WHERE oid = ?1", on_relation},
    {PG_POLICY_RELATION, "policy", "SELECT polname, polrelid FROM pg_policy WHERE oid = ?1", on_relation},
    {PG_USER_MAPPING_RELATION, "user mapping",
     "SELECT coalesce(rolname, 'public'), srvname FROM pg_user_mapping m JOIN pg_foreign_server s ON s.oid = umserver"
     " LEFT JOIN pg_authid a ON a.oid = umuser WHERE m.oid = ?1",
     of_mapping},
    {PG_CAST_RELATION, "cast", "SELECT castsource, casttarget FROM pg_cast WHERE oid = ?1", of_cast},
    {PG_DEFAULT_ACL_RELATION, "default acl",
     "SELECT rolname, nspname, defaclobjtype FROM pg_default_acl d JOIN pg_authid a ON a.oid = defaclrole LEFT JOIN pg_namespace n ON"
     " n.oid = defaclnamespace WHERE d.oid = ?1",
     of_default_acl},
    {PG_AMOP_RELATION, "operator of access method",
     "SELECT amopstrategy, amname, nspname, opfname, amoplefttype, amoprighttype, 'operator' FROM pg_amop m JOIN pg_opfamily f ON f.oid ="
     " amopfamily JOIN pg_namespace n ON n.oid = opfnamespace JOIN pg_am a ON a.oid = opfmethod WHERE m.oid = ?1",
     of_family},
    {PG_AMPROC_RELATION, "function of access method",
     "SELECT amprocnum, amname, nspname, opfname, amproclefttype, amprocrighttype, 'function' FROM pg_amproc m JOIN pg_opfamily f ON"
     " f.oid = amprocfamily JOIN pg_namespace n ON n.oid = opfnamespace JOIN pg_am a ON a.oid = opfmethod WHERE m.oid = ?1",
     of_family},
};

/* ---- any object ---- */

static bool identify_by_query(FuncCall *call, Oid class_oid, Oid oid, Identity *out)
{
    for (size_t i = 0; i < COUNT_OF(PLAIN_KINDS); i++)
        if (PLAIN_KINDS[i].class_oid == class_oid)
            return identify_plain(call, i, oid, out);
    for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
        if (PARTS[i].class_oid != class_oid)
            continue;
        CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error, PARTS[i].sql, "o", oid);
        out->type = PARTS[i].type;
        if (rows && rows->nrows)
            PARTS[i].write(call, rows->cells, out);
        return rows != NULL;
    }
    return error_set(call->error, ERRCODE_INTERNAL_ERROR, "unrecognized object class: %u", class_oid);
}

static bool identify(FuncCall *call, Oid class_oid, Oid oid, int64_t sub, Identity *out)
{
    if (sub && class_oid != PG_CLASS_RELATION)
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "invalid non-zero objectSubId for object class %u", class_oid);
    switch (class_oid) {
    case PG_CLASS_RELATION:
        identify_relation(call, oid, sub, out);
        return true;
    case PG_TYPE_RELATION:
        identify_type(call, oid, out);
        return true;
    case PG_PROC_RELATION:
        identify_proc(call, oid, out);
        return true;
    case PG_OPERATOR_RELATION:
        identify_operator(call, oid, out);
        return true;
    default:
        return identify_by_query(call, class_oid, oid, out);
    }
}

static bool has_null(const FuncCall *call)
{
    for (int i = 0; i < call->nargs; i++)
        if (call->args[i].is_null)
            return true;
    return false;
}

static Value text_or_null(const char *text)
{
    return text ? value_text(text, strlen(text)) : value_null(FDW_STRING);
}

/* false: nothing is to be given, *ok says whether that is right. */
static bool identify_args(FuncCall *call, Identity *out, bool *ok)
{
    *ok = has_null(call) || identify(call, arg_oid(call, 0), arg_oid(call, 1), call->args[2].i, out);
    return *ok && !has_null(call);
}

static bool identify_object(FuncSetCall *set)
{
    Identity found = {0};
    bool ok;
    if (!identify_args(&set->call, &found, &ok))
        return ok;
    Value row[] = {text_or_null(found.type), text_or_null(found.schema), text_or_null(found.name), text_or_null(found.identity)};
    set->emit(set->sink, row, COUNT_OF(row));
    return true;
}

static const char *names_text(FuncCall *call, const Names *names)
{
    Str text;
    str_init(&text, call->arena);
    type_array_write(names->items, names->count, &text);
    return text.data;
}

static bool identify_as_address(FuncSetCall *set)
{
    FuncCall *call = &set->call;
    Identity found = {0};
    bool ok;
    if (!identify_args(call, &found, &ok))
        return ok;
    Value row[] = {text_or_null(found.type), text_or_null(found.identity ? names_text(call, &found.names) : NULL),
                   text_or_null(found.identity ? names_text(call, &found.args) : NULL)};
    set->emit(set->sink, row, COUNT_OF(row));
    return true;
}

static bool get_object_address(FuncSetCall *set)
{
    FuncCall *call = &set->call;
    FuncObjectName name = {0};
    ObjectAddress found;
    ArrayShape names, args;
    if (has_null(call))
        return true;
    if (!call->context->object_address)
        return error_unsupported(call->error, "looking up objects is not supported here");
    if (!array_read(call, 1, &names) || !array_read(call, 2, &args))
        return false;
    name = (FuncObjectName){.type = arg_text(call, 0), .names = &names, .args = &args};
    if (!call->context->object_address(call->context, &name, &found, call->arena, call->error))
        return false;
    Value row[] = {value_int(FDW_UINT32, found.class_oid), value_int(FDW_UINT32, found.oid), value_int(FDW_INT32, found.sub)};
    set->emit(set->sink, row, COUNT_OF(row));
    return true;
}

/* As record_out has a column: a NULL is nothing at all. */
static void add_field(Str *out, const Value *value)
{
    if (value->is_null)
        return;
    if (value->physical == FDW_BOOL) {
        str_addc(out, value->b ? 't' : 'f');
        return;
    }
    if (value->physical != FDW_STRING) {
        str_addf(out, "%lld", (long long)value->i);
        return;
    }
    bool quoted = !value->s.len;
    for (size_t i = 0; i < value->s.len && !quoted; i++)
        quoted = strchr("\"\\(), \t\n\v\f\r", value->s.ptr[i]) != NULL;
    str_add(out, quoted ? "\"" : "");
    for (size_t i = 0; i < value->s.len; i++) {
        if (value->s.ptr[i] == '"' || value->s.ptr[i] == '\\')
            str_addc(out, value->s.ptr[i]);
        str_addc(out, value->s.ptr[i]);
    }
    str_add(out, quoted ? "\"" : "");
}

static bool take_row(void *sink, const Value *row, size_t ncolumns)
{
    Str *out = sink;
    for (size_t i = 0; i < ncolumns; i++) {
        str_addc(out, i ? ',' : '(');
        add_field(out, &row[i]);
    }
    str_addc(out, ')');
    return true;
}

/* A row's text from an array of its columns' texts. */
bool helper_row_of_array(FuncCall *call)
{
    ArrayShape columns;
    Str text;
    if (!array_read(call, 0, &columns))
        return false;
    Value *row = ARENA_ARRAY(call->arena, Value, columns.count + 1);
    for (size_t i = 0; i < columns.count; i++)
        row[i] = columns.elements[i].text ? value_text(columns.elements[i].text, columns.elements[i].len) : value_null(FDW_STRING);
    str_init(&text, call->arena);
    return take_row(&text, row, columns.count) && return_bytes(call, text.data, text.len);
}

/* The one row as a value: outside FROM. */
static bool as_value(FuncCall *call)
{
    Str text;
    str_init(&text, call->arena);
    FuncSetCall set = {.call = *call, .emit = take_row, .sink = &text};
    return func_find_set(call->proc)(&set) && (text.len ? return_bytes(call, text.data, text.len) : return_null(call));
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

static const FuncRow ROWS[] = {{F_PARSE_IDENT_TEXT_BOOL, parse_ident},
                               {F_PG_IDENTIFY_OBJECT_OID_OID_INT4, as_value},
                               {F_PG_IDENTIFY_OBJECT_AS_ADDRESS_OID_OID_INT4, as_value},
                               {F_PG_GET_OBJECT_ADDRESS_TEXT_TEXT_ARRAY_TEXT_ARRAY, as_value},
                               {F_PG_SEQUENCE_PARAMETERS_OID, as_value}};
const FuncTable FUNC_TABLE_IDENTITY = {ROWS, COUNT_OF(ROWS)};

static const FuncSetRow SET_ROWS[] = {{F_PG_IDENTIFY_OBJECT_OID_OID_INT4, identify_object},
                                      {F_PG_IDENTIFY_OBJECT_AS_ADDRESS_OID_OID_INT4, identify_as_address},
                                      {F_PG_GET_OBJECT_ADDRESS_TEXT_TEXT_ARRAY_TEXT_ARRAY, get_object_address}};
const FuncSetTable FUNC_SETS_IDENTITY = {SET_ROWS, COUNT_OF(SET_ROWS)};
