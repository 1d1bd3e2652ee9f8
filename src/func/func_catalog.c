/*
 * func_catalog.c - functions that describe objects of the system catalogs.
 *
 *  1. An object that does not exist gives SQL NULL (or PostgreSQL's placeholder text), never an error.
 *  2. Expressions and view definitions are stored as SQL text: pg_get_expr and its kin hand that text on.
 * Any thread; the Catalog locks itself.
 */
#include "func/func_internal.h"
#include "func/partition.h"

#include <stdlib.h>

/* ---- names ---- */

static bool format_type(FuncCall *call)
{
    if (call->args[0].is_null)
        return return_null(call);
    Oid type = arg_oid(call, 0);
    if (type == OID_NONE)
        return return_text(call, "-");
    int32_t given = (int32_t)call->args[1].i, typmod = call->args[1].is_null ? TYPMOD_NOT_GIVEN : given < 0 ? -1 : given;
    if (typmod >= 0 && !type_typmod_can_be_written(type, typmod))
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "invalid INTERVAL typmod: 0x%x", (unsigned)typmod);
    const char *name = catalog_format_type(call->context->catalog, type, typmod, call->arena);
    return return_text(call, name ? name : "???");
}

/* The types that an oidvector ("23 25") names. */
static bool vector_types(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    str_add(&out, "");
    char *end;
    for (const char *at = arg_text(call, 0); *at; at = *end ? end + 1 : end) {
        Oid type = (Oid)strtoul(at, &end, 10);
        const char *name = end > at && type ? catalog_format_type(call->context->catalog, type, TYPMOD_NOT_GIVEN, call->arena) : NULL;
        if (end == at)
            break;
        str_addf(&out, "%s%s", out.len ? ", " : "", type ? name ? name : "???" : "-");
    }
    return return_text(call, out.data);
}

static bool get_user_by_id(FuncCall *call)
{
    const CatRole *role = catalog_role(call->context->catalog, arg_oid(call, 0));
    return return_text(call,
                       role ? arena_strdup(call->arena, role->name) : arena_printf(call->arena, "unknown (OID=%u)", arg_oid(call, 0)));
}

/* One text of one row; absent gives NULL. */
static bool query_text(FuncCall *call, const CatalogRows *rows)
{
    if (!rows)
        return false;
    if (!rows->nrows || CATALOG_CELL(rows, 0, 0).is_null)
        return return_null(call);
    return return_text(call, CATALOG_CELL(rows, 0, 0).text);
}

/* ---- descriptions ---- */

static bool obj_description(FuncCall *call)
{
    if (call->nargs == 1)
        return query_text(call, catalog_query(call->context->catalog, call->arena, call->error,
                                              "SELECT description FROM pg_description WHERE objoid = ?1 AND objsubid = 0", "o",
                                              arg_oid(call, 0)));
    return query_text(call,
                      catalog_query(call->context->catalog, call->arena, call->error,
                                    "SELECT d.description FROM pg_description d JOIN pg_class c ON c.oid = d.classoid WHERE d.objoid = "
                                    "?1 AND d.objsubid = 0 AND c.relname = ?2 AND c.relnamespace = 11",
                                    "os", arg_oid(call, 0), arg_text(call, 1)));
}

static bool shared_description(FuncCall *call)
{
    return query_text(call, catalog_query(call->context->catalog, call->arena, call->error,
                                          "SELECT d.description FROM pg_shdescription d JOIN pg_class c ON c.oid = d.classoid WHERE "
                                          "d.objoid = ?1 AND c.relname = ?2 AND c.relnamespace = 11",
                                          "os", arg_oid(call, 0), arg_text(call, 1)));
}

static bool column_description(FuncCall *call)
{
    return query_text(call, catalog_query(call->context->catalog, call->arena, call->error,
                                          "SELECT description FROM pg_description WHERE objoid = ?1 AND classoid = ?2 AND objsubid = ?3",
                                          "ooi", arg_oid(call, 0), PG_CLASS_RELATION, call->args[1].i));
}

/* ---- visibility ---- */

typedef struct VisibleRow {
    Oid proc, class_oid;
} VisibleRow;

static const VisibleRow VISIBLE_ROWS[] = {
    {F_PG_TABLE_IS_VISIBLE_OID, PG_CLASS_RELATION},
    {F_PG_TYPE_IS_VISIBLE_OID, PG_TYPE_RELATION},
    {F_PG_FUNCTION_IS_VISIBLE_OID, PG_PROC_RELATION},
    {F_PG_OPERATOR_IS_VISIBLE_OID, PG_OPERATOR_RELATION},
    {F_PG_COLLATION_IS_VISIBLE_OID, PG_COLLATION_RELATION},
    {F_PG_OPCLASS_IS_VISIBLE_OID, PG_OPCLASS_RELATION},
    {F_PG_OPFAMILY_IS_VISIBLE_OID, PG_OPFAMILY_RELATION},
    {F_PG_CONVERSION_IS_VISIBLE_OID, PG_CONVERSION_RELATION},
    {F_PG_STATISTICS_OBJ_IS_VISIBLE_OID, PG_STATISTIC_EXT_RELATION},
    {F_PG_TS_PARSER_IS_VISIBLE_OID, PG_TS_PARSER_RELATION},
    {F_PG_TS_DICT_IS_VISIBLE_OID, PG_TS_DICT_RELATION},
    {F_PG_TS_TEMPLATE_IS_VISIBLE_OID, PG_TS_TEMPLATE_RELATION},
    {F_PG_TS_CONFIG_IS_VISIBLE_OID, PG_TS_CONFIG_RELATION},
};

static bool object_exists(FuncCall *call, Oid class_oid, Oid oid)
{
    Catalog *catalog = call->context->catalog;
    switch (class_oid) {
    case PG_CLASS_RELATION:
        return catalog_relation(catalog, oid) != NULL;
    case PG_TYPE_RELATION:
        return catalog_type(catalog, oid) != NULL;
    case PG_PROC_RELATION:
        return catalog_proc(catalog, oid) != NULL;
    case PG_OPERATOR_RELATION:
        return catalog_operator(catalog, oid) != NULL;
    default:
        return catalog_describe_existing(catalog, (ObjectAddress){class_oid, oid, 0}, call->arena) != NULL;
    }
}

static bool is_visible(FuncCall *call)
{
    const VisibleRow *row = VISIBLE_ROWS;
    while (row->proc != call->proc)
        row++;
    Oid oid = arg_oid(call, 0);
    bool visible = catalog_is_visible(call->context->catalog, row->class_oid, oid);
    return visible || object_exists(call, row->class_oid, oid) ? return_bool(call, visible) : return_null(call);
}

/* ---- definitions ---- */

const char *func_stored_expr(FuncCall *call, const FuncStoredText *stored)
{
    Error ignored;
    error_init(&ignored, call->arena);
    const char *text = call->context->expr_text ? call->context->expr_text(call->context, stored, call->arena, &ignored) : NULL;
    return text ? text : stored->text;
}

static bool is_pretty(const FuncCall *call, int arg)
{
    return call->nargs > arg && !call->args[arg].is_null && call->args[arg].b;
}

/* The expressions of a key (func/partition.h), one after the other. */
static const char *expr_list(FuncCall *call, const char *stored, Oid relation, bool pretty)
{
    Str out;
    str_init(&out, call->arena);
    for (const char *end; (end = strchr(stored, 2)); stored = end + 1) {
        FuncStoredText entry = {
            .text = arena_strndup(call->arena, stored, strcspn(stored, "\2\3")), .relation = relation, .pretty = pretty};
        str_addf(&out, "%s%s", out.len ? ", " : "", func_stored_expr(call, &entry));
    }
    return out.data;
}

static bool is_bound(const char *stored)
{
    return strncmp(stored, "FOR VALUES ", strlen("FOR VALUES ")) == 0 || strcmp(stored, "DEFAULT") == 0;
}

/* A partition's bound, with its values as the session shows them; as it is kept where the relation is no partition. */
static bool show_bound(FuncCall *call, const char *stored, Oid relation)
{
    PartitionBound bound;
    CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                      "SELECT inhparent FROM pg_inherits WHERE inhrelid = ?1", "o", relation);
    if (!rows)
        return false;
    if (rows->nrows != 1 || !partition_bound_parse(stored, call->arena, &bound))
        return return_text(call, stored);
    const PartitionKey *key = partition_key(call->context->catalog, (Oid)CATALOG_CELL(rows, 0, 0).i, call->arena, call->error);
    return key && return_text(call, partition_bound_text(&bound, key, call->context->types, call->arena));
}

static bool get_expr(FuncCall *call)
{
    char *stored = arena_strndup(call->arena, call->args[0].s.ptr, call->args[0].s.len);
    Oid relation = arg_oid(call, 1);
    if (is_bound(stored))
        return show_bound(call, stored, relation);
    if (strcmp(stored, "<>") == 0) /* stands for a rule's tree */
        return return_text(call, stored);
    if (relation && !catalog_relation(call->context->catalog, relation))
        return return_null(call);
    if (strchr(stored, 2))
        return return_text(call, expr_list(call, stored, relation, is_pretty(call, 2)));
    return return_text(call, func_stored_expr(call, &(FuncStoredText){.text = stored, .relation = relation, .pretty = is_pretty(call, 2)}));
}

static void add_column_names(FuncCall *call, const CatRelation *relation, const ArrayElement *keys, size_t count, Str *out)
{
    for (size_t i = 0; i < count; i++) {
        int number = keys[i].text ? atoi(arena_strndup(call->arena, keys[i].text, keys[i].len)) : 0;
        bool known = relation && number > 0 && number <= relation->ncolumns;
        str_addf(out, "%s%s", i ? ", " : "",
                 known ? catalog_quote_identifier(call->context->catalog, relation->columns[number - 1].name, call->arena) : "?");
    }
}

/* Columns of a constraint's index beyond its keys. */
static void add_included(FuncCall *call, const CatalogRows *rows, Str *out)
{
    const CatRelation *relation = catalog_relation(call->context->catalog, (Oid)CATALOG_CELL(rows, 0, 1).i);
    const char *at = CATALOG_CELL(rows, 0, 9).text;
    int skipped = (int)CATALOG_CELL(rows, 0, 10).i;
    const char *before = " INCLUDE (";
    for (char *end; at && *at; at = *end ? end + 1 : end) {
        long number = strtol(at, &end, 10);
        if (skipped-- > 0 || number < 1 || number > relation->ncolumns)
            continue;
        str_addf(out, "%s%s", before, catalog_quote_identifier(call->context->catalog, relation->columns[number - 1].name, call->arena));
        before = ", ";
    }
    str_add(out, *before == ',' ? ")" : "");
}

static const char *action_text(char action)
{
    return action == 'r' ? "RESTRICT" : action == 'c' ? "CASCADE" : action == 'n' ? "SET NULL" : action == 'd' ? "SET DEFAULT" : NULL;
}

static bool add_key(FuncCall *call, Oid relation, const CatalogCell *cell, Str *out)
{
    ArrayElement *keys;
    size_t count;
    int ndim;
    if (cell->is_null)
        return true;
    if (!type_array_parse(cell->text, cell->len, call->arena, &keys, &count, &ndim, call->error))
        return false;
    str_addc(out, '(');
    add_column_names(call, catalog_relation(call->context->catalog, relation), keys, count, out);
    str_addc(out, ')');
    return true;
}

static bool foreign_key_def(FuncCall *call, const ArrayElement *columns, size_t count, const char *deferral)
{
    static const char SQL[] = "SELECT conrelid, confrelid, confkey, confdelsetcols, confmatchtype, confupdtype, confdeltype, convalidated"
                              " FROM pg_constraint WHERE oid = ?1";
    Catalog *catalog = call->context->catalog;
    const CatalogRows *rows = catalog_query(catalog, call->arena, call->error, SQL, "o", arg_oid(call, 0));
    if (!rows)
        return false;
    const CatalogCell *cells = rows->cells;
    const CatRelation *referenced = catalog_relation(catalog, (Oid)cells[1].i);
    bool visible = catalog_is_visible(catalog, PG_CLASS_RELATION, referenced->oid);
    const char *on_update = action_text(cells[5].text[0]), *on_delete = action_text(cells[6].text[0]);
    const char *name = catalog_qualified(catalog, visible ? OID_NONE : referenced->namespace_oid, referenced->name, call->arena);
    Str out;
    str_init(&out, call->arena);
    str_add(&out, "FOREIGN KEY (");
    add_column_names(call, catalog_relation(catalog, (Oid)cells[0].i), columns, count, &out);
    str_addf(&out, ") REFERENCES %s", name);
    if (!add_key(call, (Oid)cells[1].i, &cells[2], &out))
        return false;
    str_addf(&out, "%s", cells[4].text[0] == 'f' ? " MATCH FULL" : "");
    str_addf(&out, "%s%s%s%s", on_update ? " ON UPDATE " : "", on_update ? on_update : "", on_delete ? " ON DELETE " : "",
             on_delete ? on_delete : "");
    if (!cells[3].is_null)
        str_addc(&out, ' ');
    if (!add_key(call, (Oid)cells[0].i, &cells[3], &out))
        return false;
    str_addf(&out, "%s%s", deferral, cells[7].i ? "" : " NOT VALID");
    return return_text(call, out.data);
}

static bool get_constraint_def(FuncCall *call)
{
    const CatalogRows *rows = catalog_query(
        call->context->catalog, call->arena, call->error,
        "SELECT contype, conrelid, conkey, conbin, connoinherit, convalidated, condeferrable, condeferred, indnullsnotdistinct, indkey,"
        " indnkeyatts, contypid FROM pg_constraint LEFT JOIN pg_index ON indexrelid = conindid WHERE oid = ?1",
        "o", arg_oid(call, 0));
    if (!rows)
        return false;
    if (!rows->nrows)
        return return_null(call);
    char kind = CATALOG_CELL(rows, 0, 0).text[0];
    Str out;
    str_init(&out, call->arena);
    if (kind == 'c') {
        FuncStoredText check = {.text = CATALOG_CELL(rows, 0, 3).text,
                                .relation = (Oid)CATALOG_CELL(rows, 0, 1).i,
                                .domain = (Oid)CATALOG_CELL(rows, 0, 11).i,
                                .pretty = is_pretty(call, 1)};
        str_addf(&out, "CHECK (%s)", check.text ? func_stored_expr(call, &check) : "");
        str_addf(&out, "%s%s", CATALOG_CELL(rows, 0, 4).i ? " NO INHERIT" : "", CATALOG_CELL(rows, 0, 5).i ? "" : " NOT VALID");
        return return_text(call, out.data);
    }
    const char *deferral = !CATALOG_CELL(rows, 0, 6).i ? "" : CATALOG_CELL(rows, 0, 7).i ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
    if (kind == 't')
        return return_text(call, arena_printf(call->arena, "TRIGGER%s", deferral));
    ArrayElement *keys;
    size_t count;
    int ndim;
    const CatalogCell *key = &CATALOG_CELL(rows, 0, 2);
    if (key->is_null || !type_array_parse(key->text, key->len, call->arena, &keys, &count, &ndim, call->error))
        return key->is_null ? return_null(call) : false;
    if (kind == 'f')
        return foreign_key_def(call, keys, count, deferral);
    const char *nulls = CATALOG_CELL(rows, 0, 8).i ? "NULLS NOT DISTINCT " : "";
    str_addf(&out, kind == 'p' ? "PRIMARY KEY (" : "UNIQUE %s(", nulls);
    add_column_names(call, catalog_relation(call->context->catalog, (Oid)CATALOG_CELL(rows, 0, 1).i), keys, count, &out);
    str_add(&out, ")");
    add_included(call, rows, &out);
    str_add(&out, deferral);
    return return_text(call, out.data);
}

static bool get_view_def(FuncCall *call)
{
    Oid oid = arg_oid(call, 0);
    if (call->arg_types[0] == TYPE_TEXT && !arg_reg(call, 0, TYPE_REGCLASS, &oid))
        return false;
    const CatRelation *view = catalog_relation(call->context->catalog, oid);
    if (!view)
        return return_null(call);
    bool wraps = call->nargs > 1 && call->arg_types[1] == TYPE_INT4;
    bool pretty = wraps || (call->nargs > 1 && call->args[1].b);
    int wrap = wraps ? (int)call->args[1].i : 0;
    const char *text = oid >= 16384 && call->context->view_text
                           ? call->context->view_text(call->context, oid, pretty, wrap, call->arena, call->error)
                           : NULL;
    if (text || error_is_set(call->error))
        return text && return_text(call, text);
    return view->view_definition ? return_text(call, arena_strdup(call->arena, view->view_definition)) : return_null(call);
}

/* A view's rule; there are no others. */
static bool get_rule_def(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    bool pretty = is_pretty(call, 1);
    const CatalogRows *rows =
        catalog_query(catalog, call->arena, call->error,
                      "SELECT rulename, ev_class FROM pg_rewrite WHERE oid = ?1 AND rulename = '_RETURN'", "o", arg_oid(call, 0));
    const CatRelation *view = rows && rows->nrows ? catalog_relation(catalog, (Oid)CATALOG_CELL(rows, 0, 1).i) : NULL;
    if (!view)
        return rows ? return_null(call) : false;
    bool bare = pretty && catalog_is_visible(catalog, PG_CLASS_RELATION, view->oid);
    const char *name = catalog_qualified(catalog, bare ? OID_NONE : view->namespace_oid, view->name, call->arena);
    const char *text = view->oid >= 16384 && call->context->view_text
                           ? call->context->view_text(call->context, view->oid, pretty, 0, call->arena, call->error)
                           : view->view_definition;
    return text ? return_text(call, arena_printf(call->arena, "CREATE RULE \"_RETURN\" AS\n    ON SELECT TO %s DO INSTEAD %s", name, text))
                : !error_is_set(call->error) && return_null(call);
}

/* Objects of kinds that Medley has none of: there is no such object to describe. */
static bool no_such_object(FuncCall *call)
{
    return return_null(call);
}

static bool describe_object(FuncCall *call)
{
    ObjectAddress object = {.class_oid = arg_oid(call, 0), .oid = arg_oid(call, 1), .sub = (int)call->args[2].i};
    if (!object.class_oid && !object.oid)
        return return_null(call);
    if (object.sub && object.class_oid != PG_CLASS_RELATION)
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "invalid non-zero objectSubId for object class %u", object.class_oid);
    /* Of these classes there are no objects. */
    if (object.class_oid == PG_LARGEOBJECT_RELATION || object.class_oid == PG_PUBLICATION_NAMESPACE_RELATION ||
        object.class_oid == PG_PUBLICATION_REL_RELATION || object.class_oid == PG_TRANSFORM_RELATION)
        return return_null(call);
    if (!catalog_is_object_class(object.class_oid))
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "unrecognized object class: %u", object.class_oid);
    return return_text(call, catalog_describe_existing(call->context->catalog, object, call->arena));
}

/* ---- sizes and encodings ---- */

static bool relation_is_publishable(FuncCall *call)
{
    const CatRelation *relation = catalog_relation(call->context->catalog, arg_oid(call, 0));
    if (!relation)
        return return_null(call);
    return return_bool(call, relation->oid >= FIRST_USER_OID && (relation->kind == 'r' || relation->kind == 'p'));
}

/* A size stands in the first unit in which it is below the limit. Above bytes it is counted in halves, which are rounded away from zero. */
static const struct {
    const char *name;
    int64_t limit, next; /* next: what a size is divided by for the next unit */
} SIZE_UNITS[] = {{"bytes", 10 * 1024, 512},   {"kB", 20 * 1024 - 1, 1024}, {"MB", 20 * 1024 - 1, 1024},
                  {"GB", 20 * 1024 - 1, 1024}, {"TB", 20 * 1024 - 1, 1024}, {"PB", 20 * 1024 - 1, 1024}};

static bool size_pretty(FuncCall *call)
{
    int64_t size = call->args[0].i;
    size_t unit = 0;
    for (; unit + 1 < COUNT_OF(SIZE_UNITS) && (size <= -SIZE_UNITS[unit].limit || size >= SIZE_UNITS[unit].limit); unit++)
        size /= SIZE_UNITS[unit].next;
    if (unit)
        size = (size + (size < 0 ? -1 : 1)) / 2;
    return return_text(call, arena_printf(call->arena, "%lld %s", (long long)size, SIZE_UNITS[unit].name));
}

/* What is shown in bytes keeps its fraction. */
static bool numeric_size_pretty(FuncCall *call)
{
    const char *size = arg_numeric(call, 0);
    size_t unit = 0;
    for (; unit + 1 < COUNT_OF(SIZE_UNITS); unit++) {
        const char *limit = arena_printf(call->arena, "%lld", (long long)SIZE_UNITS[unit].limit);
        const char *next = arena_printf(call->arena, "%lld", (long long)SIZE_UNITS[unit].next);
        if (numeric_compare(numeric_abs(size, call->arena), limit) < 0)
            break;
        if (!numeric_op(NUMERIC_DIV_TRUNC, size, next, call->arena, &size, call->error))
            return false;
    }
    if (unit && (!numeric_op(NUMERIC_ADD, size, numeric_sign(size) < 0 ? "-1" : "1", call->arena, &size, call->error) ||
                 !numeric_op(NUMERIC_DIV_TRUNC, size, "2", call->arena, &size, call->error)))
        return false;
    return return_text(call, arena_printf(call->arena, "%s %s", size, SIZE_UNITS[unit].name));
}

/* ---- to_reg*: NULL where the cast finds nothing ---- */

/* Malformed names are errors, and so are types of arguments that do not exist. */
static bool is_missing(Oid type, const char *sqlstate)
{
    bool has_types = type == TYPE_REGPROCEDURE || type == TYPE_REGOPERATOR;
    return str_eq(sqlstate, ERRCODE_UNDEFINED_TABLE) || str_eq(sqlstate, ERRCODE_UNDEFINED_SCHEMA) ||
           str_eq(sqlstate, ERRCODE_UNDEFINED_FUNCTION) || str_eq(sqlstate, ERRCODE_AMBIGUOUS_FUNCTION) ||
           (str_eq(sqlstate, ERRCODE_UNDEFINED_OBJECT) && !has_types);
}

static bool to_reg(FuncCall *call)
{
    Oid oid = OID_NONE;
    const char *text = arg_text(call, 0);
    if (!catalog_check_reg_schema(call->context->catalog, call->return_type, text, call->context->current_user, call->error))
        return false;
    if (catalog_reg_by_name(call->context->catalog, call->return_type, text, &oid, call->error))
        return return_int(call, oid);
    if (!is_missing(call->return_type, call->error->sqlstate))
        return false;
    error_clear(call->error);
    return return_null(call);
}

/* regclass(text): as the cast. */
static bool text_to_regclass(FuncCall *call)
{
    Oid oid = OID_NONE;
    return arg_reg(call, 0, TYPE_REGCLASS, &oid) && return_int(call, oid);
}

static bool empty_text(FuncCall *call)
{
    return return_text(call, "");
}

static bool my_temporary_schema(FuncCall *call)
{
    return return_int(call, catalog_temporary(call->context->catalog));
}

static bool is_others_temporary(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    Oid schema = arg_oid(call, 0);
    return return_bool(call, schema != catalog_temporary(catalog) && catalog_is_temporary(catalog, schema));
}

/* ---- sizes with units ---- */

static bool invalid_size(FuncCall *call, const char *unit)
{
    error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid size: \"%s\"", arg_text(call, 0));
    if (!unit)
        return false;
    error_detail(call->error, "Invalid size unit: \"%s\".", unit);
    return error_hint(call->error, "Valid units are \"bytes\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".");
}

/* Where a number ends that starts at `at`; NULL: none does. */
static const char *number_end(const char *at)
{
    at += *at == '-' || *at == '+';
    size_t whole = strspn(at, "0123456789"), fraction = at[whole] == '.' ? strspn(at + whole + 1, "0123456789") : 0;
    if (!whole && !fraction)
        return NULL;
    at += whole + (at[whole] == '.' ? fraction + 1 : 0);
    if (*at != 'e' && *at != 'E')
        return at;
    size_t sign = at[1] == '-' || at[1] == '+', digits = strspn(at + 1 + sign, "0123456789");
    return digits ? at + 1 + sign + digits : at;
}

static bool size_bytes(FuncCall *call)
{
    static const char *const UNITS[] = {"bytes", "kb", "mb", "gb", "tb", "pb"};
    const char *text = arg_text(call, 0), *at = text + strspn(text, " \t\n\r\f\v"), *end = number_end(at), *bytes;
    if (!end)
        return invalid_size(call, NULL);
    Value number;
    Str canonical;
    str_init(&canonical, call->arena);
    if (!type_input(TYPE_NUMERIC, -1, at, (size_t)(end - at), &TYPE_CONTEXT_CANONICAL, call->arena, &number, call->error) ||
        !type_output(TYPE_NUMERIC, &number, &TYPE_CONTEXT_CANONICAL, &canonical, call->error))
        return false;
    bytes = canonical.data;
    char *unit = arena_strdup(call->arena, end + strspn(end, " \t\n\r\f\v"));
    for (size_t len = strlen(unit); len && strchr(" \t\n\r\f\v", unit[len - 1]); len--)
        unit[len - 1] = '\0';
    size_t power = 0;
    while (*unit && power < COUNT_OF(UNITS) && !str_ieq(unit, UNITS[power]))
        power++;
    if (power == COUNT_OF(UNITS))
        return invalid_size(call, unit);
    const char *factor = arena_printf(call->arena, "%lld", 1LL << (10 * power));
    int64_t size;
    return (!power || numeric_op(NUMERIC_MUL, bytes, factor, call->arena, &bytes, call->error)) &&
           numeric_to_int(bytes, INT64_MIN, INT64_MAX, "bigint", &size, call->error) && return_int(call, size);
}

static const FuncRow ROWS[] = {
    {F_FORMAT_TYPE_OID_INT4, format_type},
    {F_OIDVECTORTYPES_OIDVECTOR, vector_types},
    {F_PG_GET_USERBYID_OID, get_user_by_id},
    {F_OBJ_DESCRIPTION_OID, obj_description},
    {F_OBJ_DESCRIPTION_OID_NAME, obj_description},
    {F_SHOBJ_DESCRIPTION_OID_NAME, shared_description},
    {F_COL_DESCRIPTION_OID_INT4, column_description},
    {F_PG_TABLE_IS_VISIBLE_OID, is_visible},
    {F_PG_TYPE_IS_VISIBLE_OID, is_visible},
    {F_PG_FUNCTION_IS_VISIBLE_OID, is_visible},
    {F_PG_OPERATOR_IS_VISIBLE_OID, is_visible},
    {F_PG_COLLATION_IS_VISIBLE_OID, is_visible},
    {F_PG_OPCLASS_IS_VISIBLE_OID, is_visible},
    {F_PG_OPFAMILY_IS_VISIBLE_OID, is_visible},
    {F_PG_CONVERSION_IS_VISIBLE_OID, is_visible},
    {F_PG_STATISTICS_OBJ_IS_VISIBLE_OID, is_visible},
    {F_PG_TS_PARSER_IS_VISIBLE_OID, is_visible},
    {F_PG_TS_DICT_IS_VISIBLE_OID, is_visible},
    {F_PG_TS_TEMPLATE_IS_VISIBLE_OID, is_visible},
    {F_PG_TS_CONFIG_IS_VISIBLE_OID, is_visible},
    {F_PG_GET_EXPR_PG_NODE_TREE_OID, get_expr},
    {F_PG_GET_EXPR_PG_NODE_TREE_OID_BOOL, get_expr},
    {F_PG_GET_CONSTRAINTDEF_OID, get_constraint_def},
    {F_PG_GET_CONSTRAINTDEF_OID_BOOL, get_constraint_def},
    {F_PG_GET_VIEWDEF_OID, get_view_def},
    {F_PG_GET_VIEWDEF_OID_BOOL, get_view_def},
    {F_PG_GET_VIEWDEF_OID_INT4, get_view_def},
    {F_PG_GET_VIEWDEF_TEXT, get_view_def},
    {F_PG_GET_VIEWDEF_TEXT_BOOL, get_view_def},
    {F_PG_GET_RULEDEF_OID, get_rule_def},
    {F_PG_GET_RULEDEF_OID_BOOL, get_rule_def},
    {F_PG_RELATION_FILENODE_REGCLASS, no_such_object},
    {F_PG_DESCRIBE_OBJECT_OID_OID_INT4, describe_object},
    {F_PG_RELATION_IS_PUBLISHABLE_REGCLASS, relation_is_publishable},
    {F_PG_SIZE_BYTES_TEXT, size_bytes},
    {F_PG_SIZE_PRETTY_INT8, size_pretty},
    {F_PG_SIZE_PRETTY_NUMERIC, numeric_size_pretty},
    {F_TO_REGCLASS_TEXT, to_reg},
    {F_TO_REGTYPE_TEXT, to_reg},
    {F_TO_REGPROC_TEXT, to_reg},
    {F_TO_REGPROCEDURE_TEXT, to_reg},
    {F_TO_REGOPER_TEXT, to_reg},
    {F_TO_REGOPERATOR_TEXT, to_reg},
    {F_TO_REGROLE_TEXT, to_reg},
    {F_TO_REGNAMESPACE_TEXT, to_reg},
    {F_TO_REGCOLLATION_TEXT, to_reg},
    {F_REGCLASS_TEXT, text_to_regclass},
    {F_PG_TABLESPACE_LOCATION_OID, empty_text},
    {F_PG_MY_TEMP_SCHEMA, my_temporary_schema},
    {F_PG_IS_OTHER_TEMP_SCHEMA_OID, is_others_temporary},
};
const FuncTable FUNC_TABLE_CATALOG = {ROWS, COUNT_OF(ROWS)};
