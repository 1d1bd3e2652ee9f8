/*
 * column.c - columns of foreign tables: definitions, rows of pg_attribute, defaults.
 *
 * Invariants:
 *  1. A column's default is kept in pg_attrdef.adbin as SQL text, as pg_get_expr shows it.
 *  2. pg_attribute.atthasdef says whether there is one.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/table_internal.h"

static const char *const SYSTEM_COLUMNS[] = {"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"};

bool column_is_system(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(SYSTEM_COLUMNS); i++)
        if (str_eq(SYSTEM_COLUMNS[i], name))
            return true;
    return false;
}

/* ---- reading a definition ---- */

/* PostgreSQL's words for constraints that foreign tables cannot have; others are Medley's limits. */
bool constraint_refused(Command *command, const PgQuery__Constraint *constraint)
{
    static const struct {
        PgQuery__ConstrType type;
        const char *message;
    } REFUSED[] = {
        {PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY, "primary key constraints are not supported on foreign tables"},
        {PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE, "unique constraints are not supported on foreign tables"},
        {PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION, "exclusion constraints are not supported on foreign tables"},
        {PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN, "foreign key constraints are not supported on foreign tables"},
    };
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++) {
        if (REFUSED[i].type != constraint->contype)
            continue;
        error_unsupported(command->error, "%s", REFUSED[i].message);
        return error_at(command->error, constraint->location);
    }
    return error_unsupported(command->error, "this kind of constraint is not supported");
}

bool exclusion_refused(Command *command, const PgQuery__Constraint *constraint, char kind)
{
    if (kind != 'p')
        return error_unsupported(command->error, "exclusion constraints are not supported");
    error_unsupported(command->error, "exclusion constraints are not supported on partitioned tables");
    return error_at(command->error, constraint->location);
}

static bool find_collation(Command *command, const PgQuery__CollateClause *collate, Oid *collation)
{
    const char *schema, *name;
    if (!name_list_split(command, collate->collname, collate->n_collname, &schema, &name))
        return false;
    if (schema && !catalog_namespace_by_name(command->catalog, schema)) {
        error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
        return error_at(command->error, collate->location);
    }
    const CatCollation *found = catalog_collation_by_name(command->catalog, schema, name);
    if (!found) {
        error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "collation \"%s\" for encoding \"UTF8\" does not exist",
                  name_list_text(command, collate->collname, collate->n_collname));
        return error_at(command->error, collate->location);
    }
    *collation = found->oid;
    return true;
}

/* COLLATE, of a type that has collations. */
static bool column_collation(Command *command, const PgQuery__CollateClause *collate, Oid type, Oid *collation)
{
    if (!find_collation(command, collate, collation))
        return false;
    if (catalog_type(command->catalog, type)->collation != OID_NONE)
        return true;
    error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "collations are not supported by type %s",
              catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena));
    return error_at(command->error, collate->location);
}

void column_warn(Command *command, const PgQuery__TypeName *name, Oid type, bool placed)
{
    sql_warn_precision(name, type, NULL, placed ? name->location : -1, command->catalog);
}

bool column_type(Command *command, const PgQuery__TypeName *name, const PgQuery__CollateClause *collate, Oid *type, int32_t *typmod,
                 Oid *collation)
{
    if (!type_resolve(command, name, type, typmod))
        return false;
    *collation = catalog_type(command->catalog, *type)->collation;
    return !collate || column_collation(command, collate, *type, collation);
}

/* A type with a sequence behind it is an integer type; any other is looked up. */
static bool read_type(Command *command, const PgQuery__ColumnDef *definition, NewColumn *out)
{
    out->type = serial_type(definition->type_name);
    out->is_serial = out->type != OID_NONE;
    if (!out->is_serial)
        return column_type(command, definition->type_name, definition->coll_clause, &out->type, &out->typmod, &out->collation);
    if (definition->type_name->n_array_bounds > 0) {
        error_unsupported(command->error, "array of serial is not implemented");
        return error_at(command->error, definition->type_name->location);
    }
    if (definition->type_name->n_typmods > 0) {
        error_set(command->error, ERRCODE_SYNTAX_ERROR, "type modifier is not allowed for type \"%s\"",
                  catalog_format_type(command->catalog, out->type, -1, command->arena));
        return error_at(command->error, definition->type_name->location);
    }
    out->typmod = -1;
    return !definition->coll_clause || column_collation(command, definition->coll_clause, out->type, &out->collation);
}

static bool conflicting_nulls(Command *command, const PgQuery__Constraint *constraint, const char *column, const char *table)
{
    error_set(command->error, ERRCODE_SYNTAX_ERROR, "conflicting NULL/NOT NULL declarations for column \"%s\" of table \"%s\"", column,
              table);
    return error_at(command->error, constraint->location);
}

/* "multiple default values specified for column ...", at the constraint. */
static bool conflict(Command *command, const PgQuery__Constraint *constraint, const char *words, const char *column, const char *table)
{
    error_set(command->error, ERRCODE_SYNTAX_ERROR, "%s for column \"%s\" of table \"%s\"", words, column, table);
    return error_at(command->error, constraint->location);
}

/* The value of a column comes from one place. */
static bool check_sources(Command *command, const PgQuery__Constraint *constraint, const char *table, const NewColumn *column)
{
    if (column->default_expr && column->identity)
        return conflict(command, constraint, "both default and identity specified", column->name, table);
    if (column->default_expr && column->generated_expr)
        return conflict(command, constraint, "both default and generation expression specified", column->name, table);
    return !column->identity || !column->generated_expr ||
           conflict(command, constraint, "both identity and generation expression specified", column->name, table);
}

/* State while a column's constraints are gone through. */
typedef struct Nullness {
    bool declared, has_default;
} Nullness;

static bool read_identity(Command *command, const PgQuery__Constraint *constraint, const char *table, NewColumn *out, Nullness *seen)
{
    out->identity = *constraint->generated_when;
    out->identity_options = constraint->options;
    out->nidentity_options = constraint->n_options;
    if (seen->declared && !out->not_null)
        return conflicting_nulls(command, constraint, out->name, table);
    seen->declared = out->not_null = true;
    return true;
}

/* What serial stands for, after what was written: a default and NOT NULL. */
static bool add_serial(Command *command, const char *table, NewColumn *out, const Nullness *seen)
{
    static const PgQuery__Constraint NOWHERE = {.location = -1};
    if (!out->is_serial)
        return true;
    if (seen->has_default)
        return conflict(command, &NOWHERE, "multiple default values specified", out->name, table);
    if (out->identity)
        return conflict(command, &NOWHERE, "both default and identity specified", out->name, table);
    if (out->generated_expr)
        return conflict(command, &NOWHERE, "both default and generation expression specified", out->name, table);
    if (seen->declared && !out->not_null)
        return conflicting_nulls(command, &NOWHERE, out->name, table);
    out->not_null = true;
    return true;
}

static bool read_constraint(Command *command, const PgQuery__Constraint *constraint, const char *table, NewColumn *out, Nullness *seen)
{
    bool is_not_null = constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL;
    switch (constraint->contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NULL:
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        if (seen->declared && out->not_null != is_not_null)
            return conflicting_nulls(command, constraint, out->name, table);
        seen->declared = true;
        out->not_null = is_not_null;
        return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        if (seen->has_default)
            return conflict(command, constraint, "multiple default values specified", out->name, table);
        seen->has_default = true;
        out->default_expr = constraint->raw_expr;
        return check_sources(command, constraint, table, out);
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
        if (out->identity)
            return conflict(command, constraint, "multiple identity specifications", out->name, table);
        return read_identity(command, constraint, table, out, seen) && check_sources(command, constraint, table, out);
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
        if (out->generated_expr)
            return conflict(command, constraint, "multiple generation clauses specified", out->name, table);
        out->generated_expr = constraint->raw_expr;
        return check_sources(command, constraint, table, out);
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        vec_push(command->arena, &out->checks, constraint);
        return true;
    default:
        return constraint_refused(command, constraint);
    }
}

/* ---- DEFERRABLE and the like, each said of the constraint before it ---- */

static bool is_attribute(const PgQuery__Constraint *constraint)
{
    return constraint->contype >= PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE &&
           constraint->contype <= PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE;
}

static bool takes_attributes(const PgQuery__Constraint *constraint)
{
    return constraint &&
           (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY || constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE ||
            constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION || constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN);
}

static bool attribute_error(Command *command, const PgQuery__Constraint *attribute, const char *message)
{
    error_set(command->error, ERRCODE_SYNTAX_ERROR, "%s", message);
    return error_at(command->error, attribute->location);
}

bool constraint_attributes_check(Command *command, const PgQuery__ColumnDef *definition)
{
    static const struct {
        const char *misplaced, *multiple;
    } WORDS[] = {
        {"misplaced DEFERRABLE clause", "multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed"},
        {"misplaced NOT DEFERRABLE clause", "multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed"},
        {"misplaced INITIALLY DEFERRED clause", "multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed"},
        {"misplaced INITIALLY IMMEDIATE clause", "multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed"},
    };
    enum { DEFERRABLE, NOT_DEFERRABLE, DEFERRED, IMMEDIATE };
    const PgQuery__Constraint *last = NULL;
    bool seen[COUNT_OF(WORDS)] = {false};
    for (size_t i = 0; i < definition->n_constraints; i++) {
        const PgQuery__Constraint *constraint = definition->constraints[i]->constraint;
        if (!is_attribute(constraint)) {
            last = constraint;
            memset(seen, 0, sizeof seen);
            continue;
        }
        int which = (int)constraint->contype - (int)PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE;
        if (!takes_attributes(last))
            return attribute_error(command, constraint, WORDS[which].misplaced);
        if (seen[which] || seen[which ^ 1])
            return attribute_error(command, constraint, WORDS[which].multiple);
        seen[which] = true;
        if (seen[NOT_DEFERRABLE] && seen[DEFERRED])
            return attribute_error(command, constraint, "constraint declared INITIALLY DEFERRED must be DEFERRABLE");
    }
    return true;
}

bool column_read(Command *command, const PgQuery__ColumnDef *definition, const char *table, NewColumn *out)
{
    Nullness seen = {0};
    *out = (NewColumn){.name = definition->colname, .options = definition->fdwoptions, .noptions = definition->n_fdwoptions};
    if (definition->type_name) /* PARTITION OF names columns without their types */
        out->ndims = (int)definition->type_name->n_array_bounds;
    if ((definition->type_name && !read_type(command, definition, out)) || !constraint_attributes_check(command, definition))
        return false;
    for (size_t i = 0; i < definition->n_constraints; i++)
        if (!read_constraint(command, definition->constraints[i]->constraint, table, out, &seen))
            return false;
    if (!add_serial(command, table, out, &seen))
        return false;
    out->compression = text_given(definition->compression);
    return true;
}

bool column_refuse_setof(Command *command, const PgQuery__ColumnDef *definition)
{
    return !definition->type_name || !definition->type_name->setof ||
           error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "column \"%s\" cannot be declared SETOF", definition->colname);
}

static const struct {
    const char *name, *code;
} COMPRESSIONS[] = {{"pglz", "p"}, {"lz4", "l"}};

bool compression_code(Command *command, Oid type, const char *method, const char **code)
{
    int64_t plain;
    *code = "";
    if (!method || str_eq(method, "default"))
        return true;
    if (!query_integer(command, &plain, 0, "SELECT typstorage = 'p' FROM pg_type WHERE oid = ?1", "o", type))
        return false;
    if (plain)
        return error_unsupported(command->error, "column data type %s does not support compression",
                                 catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena));
    for (size_t i = 0; i < COUNT_OF(COMPRESSIONS); i++)
        if (str_eq(COMPRESSIONS[i].name, method))
            *code = COMPRESSIONS[i].code;
    return **code || error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid compression method \"%s\"", method);
}

const char *compression_name(const char *code)
{
    for (size_t i = 0; i < COUNT_OF(COMPRESSIONS); i++)
        if (str_eq(COMPRESSIONS[i].code, code))
            return COMPRESSIONS[i].name;
    return NULL;
}

bool column_check(Command *command, const NewColumn *column, char kind)
{
    if (!require_privilege(command, PG_TYPE_RELATION, column->type, ACL_USAGE))
        return false;
    if (kind != 'v' && kind != 'c' && column_is_system(column->name))
        return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column name \"%s\" conflicts with a system column name", column->name);
    const CatType *type = catalog_type(command->catalog, column->type);
    if (type->kind == 'p')
        return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "column \"%s\" has pseudo-type %s", column->name,
                         catalog_format_type(command->catalog, column->type, TYPMOD_NOT_GIVEN, command->arena));
    return true;
}

/* ---- writing ---- */

bool column_depend(Command *command, Oid relation, int number, Oid type, Oid collation)
{
    ObjectAddress self = object_address(PG_CLASS_RELATION, relation, number);
    return depend_on(command, self, object_address(PG_TYPE_RELATION, type, 0), 'n') &&
           (collation == OID_NONE || collation == COLLATION_DEFAULT ||
            depend_on(command, self, object_address(PG_COLLATION_RELATION, collation, 0), 'n'));
}

bool column_insert(Command *command, Oid relation, int number, const NewColumn *column, const char *options)
{
    const char *compression;
    return compression_code(command, column->type, column->compression, &compression) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_attribute (attrelid, attname, atttypid, attstattarget, attlen, attnum, attndims, attcacheoff,"
                        " atttypmod, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity,"
                        " attgenerated, attisdropped, attislocal, attinhcount, attcollation, attacl, attoptions, attfdwoptions,"
                        " attmissingval) SELECT ?1, ?2, oid, -1, typlen, ?4, ?5, -1, ?6, typbyval, typalign, coalesce(?15, typstorage), "
                        "?14, ?7, 0, 0, ?13,"
                        " ?12, 0, ?10, ?11, ?8, NULL, NULL, ?9, NULL FROM pg_type WHERE oid = ?3",
                        "osoiiibosbissss", relation, column->name, column->type, (int64_t)number, (int64_t)column->ndims,
                        (int64_t)column->typmod, column->not_null, column->collation, options, !column->inherited_only,
                        (int64_t)column->inherit_count, column->generated_expr ? "s" : "",
                        column->identity ? arena_printf(command->arena, "%c", column->identity) : "", compression,
                        column->storage ? arena_printf(command->arena, "%c", column->storage) : NULL) &&
           column_depend(command, relation, number, column->type, column->collation);
}

/* ---- defaults ---- */

static bool set_has_default(Command *command, Oid relation, int number, bool has)
{
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET atthasdef = ?3 WHERE attrelid = ?1 AND attnum = ?2", "oib", relation, (int64_t)number,
                        has);
}

bool default_store(Command *command, Oid relation, int number, const Expr *expr, const char *text, char generated)
{
    Oid oid = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_ATTRDEF_RELATION, oid, 0);
    return oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_attrdef (oid, adrelid, adnum, adbin) VALUES (?1, ?2, ?3, ?4)", "oois", oid, relation,
                        (int64_t)number, text) &&
           depend_on(command, self, object_address(PG_CLASS_RELATION, relation, number), generated ? 'i' : 'a') &&
           expr_depend(command, self, expr, relation) &&
           (!generated || catalog_exec(command->catalog, command->error, NULL,
                                       "UPDATE pg_attribute SET attgenerated = 's' WHERE attrelid = ?1 AND attnum = ?2", "oi", relation,
                                       (int64_t)number)) &&
           set_has_default(command, relation, number, true);
}

bool default_remove(Command *command, Oid relation, int number, DropBehavior behavior)
{
    int64_t oid;
    if (!query_integer(command, &oid, OID_NONE,
                       arena_printf(command->arena, "SELECT oid FROM pg_attrdef WHERE adrelid = ?1 AND adnum = %d", number), "o", relation))
        return false;
    if (oid == OID_NONE)
        return true;
    ObjectAddress object = object_address(PG_ATTRDEF_RELATION, (Oid)oid, 0);
    /* A generation expression is part of its column, but may go without it here. */
    return catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND deptype = 'i'",
                        "oo", object.class_oid, object.oid) &&
           catalog_drop(command->catalog, &object, 1, behavior, command->error) && set_has_default(command, relation, number, false);
}

static bool is_null_constant(const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL && expr->nargs == 1)
        expr = expr->args[0];
    return expr->kind == EXPR_CONST && !expr->u.value;
}

/* A default of a type that does not become the column's, in the words for it. */
static bool wrong_type(Command *command, const Node *node, const CatColumn *column, AnalyzeContext *context)
{
    Catalog *catalog = command->catalog;
    error_clear(command->error);
    const Expr *expr = sql_analyze_expr(node, NULL, OID_NONE, -1, context, command->arena, command->error);
    if (!expr)
        return false;
    error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "column \"%s\" is of type %s but default expression is of type %s", column->name,
              catalog_format_type(catalog, column->type, TYPMOD_NOT_GIVEN, command->arena),
              catalog_format_type(catalog, expr->type, TYPMOD_NOT_GIVEN, command->arena));
    return error_hint(command->error, "You will need to rewrite or cast the expression.");
}

bool default_set(Command *command, Oid relation, int number, const Node *node, bool given)
{
    const CatRelation *table = catalog_relation(command->catalog, relation);
    const CatColumn *column = &table->columns[number - 1];
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    Expr *expr = sql_analyze_expr(node, NULL, column->type, column->typmod, &context, command->arena, command->error);
    if (!expr)
        return str_eq(command->error->sqlstate, ERRCODE_DATATYPE_MISMATCH) ? wrong_type(command, node, column, &context) : false;
    bool is_null = is_null_constant(expr);
    const char *text = expr_text(command, expr, table);
    if ((given && !expr_types_usable(command, expr)) || !default_remove(command, relation, number, DROP_RESTRICT))
        return false;
    /* DEFAULT NULL is no default at all. */
    return is_null || default_store(command, relation, number, expr, text, 0);
}

bool column_set_value(Command *command, Oid relation, int number, const NewColumn *column)
{
    if (column->generated_expr)
        return generated_set(command, relation, number, column->generated_expr, !column->value_inherited);
    return !column->default_expr || (default_set(command, relation, number, column->default_expr, !column->value_inherited) &&
                                     stored_rows_fill(command, relation, number, column->default_expr));
}

/* ---- row types' names ---- */

bool array_type_name(Command *command, const char *base, Oid schema, Oid own, const char **name)
{
    enum { NAME_BYTES = 63 };
    int64_t taken = 1;
    *name = base;
    while (taken) {
        *name = arena_printf(command->arena, "_%.*s", NAME_BYTES - 1, *name);
        if (!query_integer(command, &taken, OID_NONE, "SELECT oid FROM pg_type WHERE typname = ?1 AND typnamespace = ?2 AND oid <> ?3",
                           "soo", *name, schema, own))
            return false;
    }
    return true;
}

bool type_name_free(Command *command, const char *name, Oid schema)
{
    const char *other;
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "SELECT t.oid, e.typname FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid"
                      " WHERE t.typname = ?1 AND t.typnamespace = ?2",
                      "so", name, schema);
    if (!rows || rows->nrows == 0)
        return rows != NULL;
    /* An array type made along with its element type gives way. */
    if (!CATALOG_CELL(rows, 0, 1).is_null)
        return array_type_name(command, CATALOG_CELL(rows, 0, 1).text, schema, OID_NONE, &other) &&
               catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typname = ?2 WHERE oid = ?1", "os",
                            (Oid)CATALOG_CELL(rows, 0, 0).i, other);
    error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "type \"%s\" already exists", name);
    return error_hint(command->error, "A relation has an associated type of the same name, so you must use a name that doesn't conflict "
                                      "with any existing type.");
}
