/*
 * type.c - CREATE TYPE AS ENUM and AS (...), CREATE DOMAIN, and what works alike on all of them: DROP, RENAME, OWNER TO, SET SCHEMA.
 *
 * Invariants:
 *  1. Each type is made with its array type, which goes where its element goes.
 *  2. A composite type is a relation of kind c, which is a part of its type (tables are the other way round).
 *  3. A domain's CHECK is stored as text in which the value is written VALUE.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/type_internal.h"

/* ---- where a type goes ---- */

static bool type_place(Command *command, NodeList names, size_t count, const char **name, Oid *schema)
{
    const char *schema_name;
    PgQuery__RangeVar range = PG_QUERY__RANGE_VAR__INIT;
    if (!name_list_split(command, names, count, &schema_name, name))
        return false;
    range.schemaname = (char *)(schema_name ? schema_name : "");
    range.relname = (char *)*name;
    range.catalogname = "";
    range.location = -1;
    return creation_schema(command, &range, schema);
}

/* The name must be free; an array type that has it gives way. */
bool type_check_name(Command *command, const char *name, Oid schema)
{
    int64_t taken;
    if (!query_integer(command, &taken, OID_NONE,
                       "SELECT t.oid FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid"
                       " WHERE t.typname = ?1 AND t.typnamespace = ?2 AND e.oid IS NULL",
                       "so", name, schema))
        return false;
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "type \"%s\" already exists", name);
    return type_name_free(command, name, schema);
}

/* ---- rows ---- */

/* The type under `base` (an enum: OID_NONE) gives a domain its form. */
static bool insert_type(Command *command, const NewType *type)
{
    static const char ENUM[] =
        "INSERT INTO pg_type (oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined,"
        " typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze,"
        " typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation, typdefaultbin, typdefault, typacl)"
        " VALUES (?1, ?2, ?3, ?4, 4, 1, 'e', 'E', 0, 1, ',', 0, 0, 0, ?5, 3506, 3507, 3532, 3533, 0, 0, 0, 'i', 'p', 0, 0, -1, 0, 0, NULL,"
        " NULL, NULL)";
    static const char DOMAIN[] =
        "INSERT INTO pg_type (oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined,"
        " typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze,"
        " typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation, typdefaultbin, typdefault, typacl)"
        " SELECT ?1, ?2, ?3, ?4, typlen, typbyval, 'd', typcategory, 0, 1, typdelim, 0, 0, 0, ?5, 2597, typoutput, 2598, typsend, 0, 0,"
        " typanalyze, typalign, typstorage, ?7, oid, ?8, ?9, ?10, ?11, ?12, NULL FROM pg_type WHERE oid = ?6";
    if (type->base == OID_NONE)
        return catalog_exec(command->catalog, command->error, NULL, ENUM, "osooo", type->oid, type->name, type->schema, command->user,
                            type->array);
    return catalog_exec(command->catalog, command->error, NULL, DOMAIN, "osooooiiioss", type->oid, type->name, type->schema, command->user,
                        type->array, type->base, (int64_t)type->not_null, (int64_t)type->typmod, (int64_t)type->ndims, type->collation,
                        type->default_text, type->default_shown);
}

static bool insert_array(Command *command, const NewType *type)
{
    static const char ARRAY[] =
        "INSERT INTO pg_type (oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined,"
        " typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze,"
        " typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation, typdefaultbin, typdefault, typacl)"
        " SELECT ?1, ?2, ?3, ?4, -1, 0, 'b', 'A', 0, 1, e.typdelim, 0, a.typsubscript, e.oid, 0, a.typinput, a.typoutput, a.typreceive,"
        " a.typsend, 0, 0, a.typanalyze, CASE e.typalign WHEN 'd' THEN 'd' ELSE 'i' END, 'x', 0, 0, -1, 0, e.typcollation, NULL, NULL, NULL"
        " FROM pg_type e, pg_type a WHERE e.oid = ?5 AND a.oid = 1009";
    const char *name;
    return array_type_name(command, type->name, type->schema, OID_NONE, &name) &&
           catalog_exec(command->catalog, command->error, NULL, ARRAY, "osooo", type->array, name, type->schema, command->user,
                        type->oid) &&
           depend_on(command, object_address(PG_TYPE_RELATION, type->array, 0), object_address(PG_TYPE_RELATION, type->oid, 0), 'i') &&
           (!type->collation || type->collation == COLLATION_DEFAULT ||
            depend_on(command, object_address(PG_TYPE_RELATION, type->array, 0), object_address(PG_COLLATION_RELATION, type->collation, 0),
                      'n'));
}

static bool make_type(Command *command, NewType *type)
{
    if (!type_check_name(command, type->name, type->schema))
        return false;
    type->array = catalog_new_oid(command->catalog, command->error);
    type->oid = type->array ? catalog_new_oid(command->catalog, command->error) : OID_NONE;
    ObjectAddress self = object_address(PG_TYPE_RELATION, type->oid, 0);
    return type->oid != OID_NONE && insert_type(command, type) &&
           depend_on(command, self, object_address(PG_NAMESPACE_RELATION, type->schema, 0), 'n') &&
           depend_on_owner(command, self, command->user) &&
           default_privileges_apply(command, self, PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, command->user, type->schema) &&
           insert_array(command, type);
}

/* ---- enums ---- */

bool enum_check_label(Command *command, const char *label)
{
    if (strlen(label) <= 63)
        return true;
    error_set(command->error, ERRCODE_INVALID_NAME, "invalid enum label \"%s\"", label);
    return error_detail(command->error, "Labels must be 63 bytes or less.");
}

/* The error of the catalog's own index. */
static bool label_twice(Error *error, Oid type, const char *label)
{
    static const char INDEX[] = "pg_enum_typid_label_index";
    error_set(error, ERRCODE_UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"%s\"", INDEX);
    error_detail(error, "Key (enumtypid, enumlabel)=(%u, %s) already exists.", type, label);
    error->schema = "pg_catalog";
    error->table = "pg_enum";
    error->constraint = INDEX;
    return false;
}

bool enum_create(Command *command)
{
    const PgQuery__CreateEnumStmt *statement = command->node->create_enum_stmt;
    NewType type = {0};
    if (!type_place(command, statement->type_name, statement->n_type_name, &type.name, &type.schema) || !make_type(command, &type))
        return false;
    for (size_t i = 0; i < statement->n_vals; i++) {
        const char *label = node_text(statement->vals[i]);
        if (!enum_check_label(command, label))
            return false;
        for (size_t k = 0; k < i; k++)
            if (str_eq(label, node_text(statement->vals[k])))
                return label_twice(command->error, type.oid, label);
        Oid oid = catalog_new_oid(command->catalog, command->error);
        if (oid == OID_NONE || !catalog_exec(command->catalog, command->error, NULL,
                                             "INSERT INTO pg_enum (oid, enumtypid, enumsortorder, enumlabel) VALUES (?1, ?2, ?3, ?4)",
                                             "oods", oid, type.oid, (double)(i + 1), label))
            return false;
    }
    return true;
}

/* ---- composite types ---- */

/* serial is no type here. */
bool composite_check_attribute(Command *command, const PgQuery__ColumnDef *definition)
{
    static const char *const SERIALS[] = {"smallserial", "serial2", "serial", "serial4", "bigserial", "serial8"};
    const PgQuery__TypeName *type = definition->type_name;
    const char *name = type->n_names == 1 ? node_text(type->names[0]) : NULL;
    for (size_t i = 0; name && i < COUNT_OF(SERIALS); i++)
        if (str_eq(name, SERIALS[i]))
            return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "type \"%s\" does not exist", name);
    return true;
}

static bool create_composite(Command *command)
{
    const PgQuery__CompositeTypeStmt *statement = command->node->composite_type_stmt;
    NewTable table = {.name = statement->typevar->relname, .kind = 'c', .persistence = 'p'};
    PgQuery__RangeVar place = *statement->typevar;
    Oid relation;
    place.location = -1;
    if (!creation_schema(command, &place, &table.schema) || !type_check_name(command, table.name, table.schema) ||
        !tablespace_check_new(command, NULL, table.schema))
        return false;
    table.columns = ARENA_ARRAY(command->arena, NewColumn, statement->n_coldeflist + 1);
    for (size_t i = 0; i < statement->n_coldeflist; i++) {
        const PgQuery__ColumnDef *definition = statement->coldeflist[i]->column_def;
        if (!composite_check_attribute(command, definition) ||
            !column_read(command, definition, table.name, &table.columns[table.ncolumns++]) || !column_refuse_setof(command, definition))
            return false;
        column_warn(command, definition->type_name, table.columns[i].type, false);
        for (size_t k = 0; k < i; k++)
            if (str_eq(table.columns[k].name, table.columns[i].name))
                return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", table.columns[k].name);
    }
    for (size_t i = 0; i < (size_t)table.ncolumns; i++)
        if (!column_check(command, &table.columns[i], 'c'))
            return false;
    if (!table_make(command, &table, &relation))
        return false;
    Oid type = catalog_relation(command->catalog, relation)->row_type;
    ObjectAddress self = object_address(PG_TYPE_RELATION, type, 0), class = object_address(PG_CLASS_RELATION, relation, 0);
    return catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE (classid = 1247 AND objid = ?1) OR (classid = 1259 AND objid = ?2 AND objsubid = 0)",
                        "oo", type, relation) &&
           catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_shdepend WHERE dbid = 5 AND classid = 1259 AND objid = ?1",
                        "o", relation) &&
           depend_on(command, class, self, 'i') && depend_on(command, self, object_address(PG_NAMESPACE_RELATION, table.schema, 0), 'n') &&
           depend_on_owner(command, self, command->user) &&
           default_privileges_apply(command, self, PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, command->user, table.schema);
}

/* ---- domains ---- */

static bool check_domain_base(Command *command, const PgQuery__CreateDomainStmt *statement, Oid base, bool collates)
{
    const CatType *type = catalog_type(command->catalog, base);
    if (!strchr("bdercm", type->kind)) {
        return error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "\"%s\" is not a valid base type for a domain",
                         catalog_format_type(command->catalog, base, -1, command->arena));
    }
    return !collates || type->collation ||
           error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "collations are not supported by type %s",
                     catalog_format_type(command->catalog, base, -1, command->arena));
}

bool domain_refuse_constraint(Command *command, PgQuery__ConstrType type)
{
    static const struct {
        PgQuery__ConstrType type;
        const char *sqlstate, *words;
    } REFUSALS[] = {
        {PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE, ERRCODE_SYNTAX_ERROR, "unique constraints not possible for domains"},
        {PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY, ERRCODE_SYNTAX_ERROR, "primary key constraints not possible for domains"},
        {PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION, ERRCODE_SYNTAX_ERROR, "exclusion constraints not possible for domains"},
        {PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN, ERRCODE_SYNTAX_ERROR, "foreign key constraints not possible for domains"},
        {PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY, ERRCODE_INTERNAL_ERROR, "unrecognized constraint subtype: 3"},
        {PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED, ERRCODE_INTERNAL_ERROR, "unrecognized constraint subtype: 4"},
    };
    for (size_t i = 0; i < COUNT_OF(REFUSALS); i++)
        if (REFUSALS[i].type == type)
            return error_set(command->error, REFUSALS[i].sqlstate, "%s", REFUSALS[i].words);
    return error_unsupported(command->error, "specifying constraint deferrability not supported for domains");
}

/* A default of a type that does not become the domain's base, in the words for it. */
static bool wrong_default(Command *command, const NewType *type, const Node *node, AnalyzeContext *context)
{
    error_clear(command->error);
    const Expr *expr = sql_analyze_expr(node, NULL, OID_NONE, -1, context, command->arena, command->error);
    if (!expr)
        return false;
    error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "column \"%s\" is of type %s but default expression is of type %s", type->name,
              catalog_format_type(command->catalog, type->base, TYPMOD_NOT_GIVEN, command->arena),
              catalog_format_type(command->catalog, expr->type, TYPMOD_NOT_GIVEN, command->arena));
    return error_hint(command->error, "You will need to rewrite or cast the expression.");
}

bool domain_default(Command *command, NewType *type, const Node *expr)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    const Expr *value = sql_analyze_expr(expr, NULL, type->base, type->typmod, &context, command->arena, command->error);
    if (!value)
        return str_eq(command->error->sqlstate, ERRCODE_DATATYPE_MISMATCH) ? wrong_default(command, type, expr, &context) : false;
    if (!expr_types_usable(command, value))
        return false;
    bool null = value->kind == EXPR_CONST && !value->u.value;
    type->default_text = null ? NULL : expr_text(command, value, NULL);
    type->default_shown = null ? NULL
                               : command_expr_text(command->context->functions, &(FuncStoredText){.text = type->default_text},
                                                   command->arena, command->error);
    return null || type->default_shown;
}

static bool read_domain_constraints(Command *command, const PgQuery__CreateDomainStmt *statement, NewType *type)
{
    bool saw_default = false, saw_null = false, saw_not_null = false;
    for (size_t i = 0; i < statement->n_constraints; i++) {
        const PgQuery__Constraint *constraint = statement->constraints[i]->constraint;
        switch (constraint->contype) {
        case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
            if (saw_default)
                return error_set(command->error, ERRCODE_SYNTAX_ERROR, "multiple default expressions");
            saw_default = true;
            if (constraint->raw_expr && !domain_default(command, type, constraint->raw_expr))
                return false;
            break;
        case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        case PG_QUERY__CONSTR_TYPE__CONSTR_NULL:
            if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NULL ? saw_not_null : saw_null)
                return error_set(command->error, ERRCODE_SYNTAX_ERROR, "conflicting NULL/NOT NULL constraints");
            type->not_null = saw_not_null = saw_not_null || constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL;
            saw_null = saw_null || constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NULL;
            break;
        case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
            if (constraint->is_no_inherit)
                return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION,
                                 "check constraints for domains cannot be marked NO INHERIT");
            break;
        default:
            return domain_refuse_constraint(command, constraint->contype);
        }
    }
    return true;
}

/* A domain over a domain starts with its default. */
static bool inherit_default(Command *command, NewType *type)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT typdefaultbin, typdefault FROM pg_type WHERE oid = ?1", "o", type->base);
    if (!rows || !rows->nrows || CATALOG_CELL(rows, 0, 0).is_null)
        return rows != NULL;
    type->default_text = arena_strdup(command->arena, CATALOG_CELL(rows, 0, 0).text);
    type->default_shown = arena_strdup(command->arena, CATALOG_CELL(rows, 0, 1).text);
    return true;
}

static bool depend_on_default(Command *command, ObjectAddress self, const char *text, Oid base)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = ""};
    const Node *node = stored_expr_parse(command, text);
    const Expr *value = node ? sql_analyze_expr(node, NULL, base, -1, &context, command->arena, command->error) : NULL;
    return value && expr_depend_as(command, self, value, OID_NONE, 'n');
}

bool domain_depend(Command *command, Oid domain)
{
    static const char SQL[] = "SELECT typnamespace, typbasetype, typcollation, typdefaultbin FROM pg_type WHERE oid = ?1";
    ObjectAddress self = object_address(PG_TYPE_RELATION, domain, 0);
    const CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", domain);
    if (!rows ||
        !catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND deptype = 'n'",
                      "oo", (Oid)PG_TYPE_RELATION, domain))
        return false;
    const CatalogCell *cells = rows->cells;
    Oid schema = (Oid)cells[0].i, base = (Oid)cells[1].i, collation = (Oid)cells[2].i;
    return depend_on(command, self, object_address(PG_NAMESPACE_RELATION, schema, 0), 'n') &&
           depend_on(command, self, object_address(PG_TYPE_RELATION, base, 0), 'n') &&
           (!collation || collation == COLLATION_DEFAULT ||
            depend_on(command, self, object_address(PG_COLLATION_RELATION, collation, 0), 'n')) &&
           (cells[3].is_null || depend_on_default(command, self, cells[3].text, base));
}

static bool create_domain(Command *command)
{
    const PgQuery__CreateDomainStmt *statement = command->node->create_domain_stmt;
    NewType type = {.typmod = -1, .ndims = (int)statement->type_name->n_array_bounds};
    if (!type_place(command, statement->domainname, statement->n_domainname, &type.name, &type.schema) ||
        !type_check_name(command, type.name, type.schema) || !type_resolve(command, statement->type_name, &type.base, &type.typmod) ||
        !check_domain_base(command, statement, type.base, false) || !require_privilege(command, PG_TYPE_RELATION, type.base, ACL_USAGE))
        return false;
    column_warn(command, statement->type_name, type.base, false);
    if (!column_type(command, statement->type_name, statement->coll_clause, &type.base, &type.typmod, &type.collation) ||
        !inherit_default(command, &type) || !read_domain_constraints(command, statement, &type) || !make_type(command, &type))
        return false;
    if (!domain_depend(command, type.oid))
        return false;
    const char *check;
    for (size_t i = 0; i < statement->n_constraints; i++)
        if (statement->constraints[i]->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK &&
            !domain_add_check(command, type.oid, statement->constraints[i]->constraint, &check))
            return false;
    return true;
}

/* ---- errors in definitions of types have no position ---- */

static bool without_position(Command *command, bool ok)
{
    if (!ok)
        command->error->position = 0;
    return ok;
}

bool composite_create(Command *command)
{
    return without_position(command, create_composite(command));
}

bool domain_create(Command *command)
{
    return without_position(command, create_domain(command));
}
