/*
 * foreign_table.c - CREATE FOREIGN TABLE, and DROP of relations.
 *
 * A table is a row of pg_class, its columns, its row type with that one's array type, and the row of pg_foreign_table.
 *
 * Invariants:
 *  1. What is wrong is found in PostgreSQL's order: schema, column definitions, names taken, then the server and the options.
 *  2. Options of columns are checked last.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/table_internal.h"

/* ---- where it goes ---- */

static bool find_creation_schema(Command *command, const PgQuery__RangeVar *range, Oid *schema)
{
    const char *name = text_given(range->schemaname), *database = text_given(range->catalogname);
    if (database && !str_eq(database, command->context->functions->database))
        return error_unsupported(command->error, "cross-database references are not implemented: \"%s.%s.%s\"", database, name,
                                 range->relname);
    const CatNamespace *found = name ? catalog_namespace_by_name(command->catalog, name) : NULL;
    if (name && !found)
        return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", name);
    *schema = found ? found->oid : catalog_creation_namespace(command->catalog);
    if (*schema == OID_NONE)
        return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "no schema has been selected to create in");
    return require_privilege(command, PG_NAMESPACE_RELATION, *schema, ACL_CREATE);
}

bool creation_schema(Command *command, const PgQuery__RangeVar *range, Oid *schema)
{
    return find_creation_schema(command, range, schema) || error_at(command->error, range->location);
}

static bool relation_in_schema(Command *command, Oid schema, const char *name, Oid *oid)
{
    int64_t found;
    bool ok =
        query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2", "so", name, schema);
    *oid = ok ? (Oid)found : OID_NONE;
    return ok;
}

static bool check_names(Command *command, const NewTable *table)
{
    Oid oid;
    if (table->schema == NAMESPACE_PG_CATALOG) {
        error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to create \"pg_catalog.%s\"", table->name);
        return error_detail(command->error, "System catalog modifications are currently disallowed.");
    }
    if (table->ncolumns > TABLE_MAX_COLUMNS)
        return error_set(command->error, ERRCODE_TOO_MANY_COLUMNS, "tables can have at most %d columns", TABLE_MAX_COLUMNS);
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!column_check(command, &table->columns[i]))
            return false;
    if (!relation_in_schema(command, table->schema, table->name, &oid))
        return false;
    if (oid != OID_NONE)
        return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists", table->name);
    return type_name_free(command, table->name, table->schema);
}

/* ---- rows ---- */

static bool insert_class(Command *command, const NewTable *table, Oid oid, Oid type)
{
    ObjectAddress self = object_address(PG_CLASS_RELATION, oid, 0);
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_class (oid, relname, relnamespace, reltype, reloftype, relowner, relam, relfilenode, reltablespace,"
                        " relpages, reltuples, relallvisible, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts,"
                        " relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated,"
                        " relreplident, relispartition, relrewrite, relfrozenxid, relminmxid, relacl, reloptions, relpartbound)"
                        " VALUES (?1, ?2, ?3, ?4, 0, ?5, 0, 0, 0, 0, -1, 0, 0, 0, 0, 'p', 'f', ?6, 0, 0, 0, 0, 0, 0, 1, 'n', 0, 0, 0, 0,"
                        " NULL, NULL, NULL)",
                        "osoooi", oid, table->name, table->schema, type, command->user, (int64_t)table->ncolumns) &&
           depend_on(command, self, object_address(PG_NAMESPACE_RELATION, table->schema, 0), 'n') &&
           depend_on_owner(command, self, command->user);
}

static bool insert_types(Command *command, const NewTable *table, Oid relation, Oid type, Oid array)
{
    static const char INSERT[] =
        "INSERT INTO pg_type (oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined,"
        " typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze,"
        " typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation, typdefaultbin, typdefault, typacl)"
        " VALUES (?1, ?2, ?3, ?4, -1, 0, ?5, ?6, 0, 1, ',', ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0, 0, ?15, 'd', 'x', 0, 0, -1, 0, 0, NULL,"
        " NULL, NULL)";
    const char *array_name;
    ObjectAddress row_type = object_address(PG_TYPE_RELATION, type, 0), array_type = object_address(PG_TYPE_RELATION, array, 0);
    return array_type_name(command, table->name, table->schema, &array_name) &&
           catalog_exec(command->catalog, command->error, NULL, INSERT, "osoossooooooooo", type, table->name, table->schema, command->user,
                        "c", "C", relation, OID_NONE, OID_NONE, array, F_RECORD_IN_CSTRING_OID_INT4, F_RECORD_OUT_RECORD,
                        F_RECORD_RECV_INTERNAL_OID_INT4, F_RECORD_SEND_RECORD, OID_NONE) &&
           catalog_exec(command->catalog, command->error, NULL, INSERT, "osoossooooooooo", array, array_name, table->schema, command->user,
                        "b", "A", OID_NONE, F_ARRAY_SUBSCRIPT_HANDLER_INTERNAL, type, OID_NONE, F_ARRAY_IN_CSTRING_OID_INT4,
                        F_ARRAY_OUT_ANYARRAY, F_ARRAY_RECV_INTERNAL_OID_INT4, F_ARRAY_SEND_ANYARRAY, F_ARRAY_TYPANALYZE_INTERNAL) &&
           depend_on(command, row_type, object_address(PG_CLASS_RELATION, relation, 0), 'i') &&
           depend_on(command, array_type, row_type, 'i');
}

/* Every relation has PostgreSQL's system columns. */
static bool insert_system_columns(Command *command, Oid relation)
{
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_attribute (attrelid, attname, atttypid, attstattarget, attlen, attnum, attndims, attcacheoff,"
                        " atttypmod, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity,"
                        " attgenerated, attisdropped, attislocal, attinhcount, attcollation, attacl, attoptions, attfdwoptions,"
                        " attmissingval) SELECT ?1, attname, atttypid, attstattarget, attlen, attnum, attndims, attcacheoff, atttypmod,"
                        " attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated,"
                        " attisdropped, attislocal, attinhcount, attcollation, NULL, NULL, NULL, NULL FROM pg_attribute"
                        " WHERE attrelid = ?2 AND attnum < 0",
                        "oo", relation, (Oid)PG_CLASS_RELATION);
}

static bool insert_columns(Command *command, const NewTable *table, Oid relation)
{
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!column_insert(command, relation, (int)i + 1, &table->columns[i], NULL))
            return false;
    if (!insert_system_columns(command, relation))
        return false;
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!column_set_value(command, relation, (int)i + 1, &table->columns[i]))
            return false;
    for (size_t i = 0; i < table->ncolumns; i++)
        for (size_t j = 0; j < table->columns[i].checks.count; j++)
            if (!check_add(command, relation, table->columns[i].checks.items[j], true))
                return false;
    return true;
}

static bool attach_to_server(Command *command, const NewTable *table, Oid relation, Validator *validator)
{
    const CatServer *server = catalog_server_by_name(command->catalog, table->server);
    if (!server)
        return object_missing(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER), table->server);
    Oid oid = server->oid, wrapper = server->wrapper;
    const char *options;
    return require_privilege(command, PG_FOREIGN_SERVER_RELATION, oid, ACL_USAGE) && validator_of_wrapper(command, wrapper, validator) &&
           options_change(command, NULL, table->options, table->noptions, validator, FDW_OBJECT_TABLE, &options) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_foreign_table (ftrelid, ftserver, ftoptions) VALUES (?1, ?2, ?3)", "oos", relation, oid, options) &&
           depend_on(command, object_address(PG_CLASS_RELATION, relation, 0), object_address(PG_FOREIGN_SERVER_RELATION, oid, 0), 'n');
}

static bool set_column_options(Command *command, const NewTable *table, Oid relation, const Validator *validator)
{
    for (size_t i = 0; i < table->ncolumns; i++) {
        const NewColumn *column = &table->columns[i];
        const char *options;
        if (column->noptions == 0)
            continue;
        if (!options_change(command, NULL, column->options, column->noptions, validator, FDW_OBJECT_COLUMN, &options) ||
            !catalog_exec(command->catalog, command->error, NULL,
                          "UPDATE pg_attribute SET attfdwoptions = ?3 WHERE attrelid = ?1 AND attnum = ?2", "ois", relation, (int64_t)i + 1,
                          options))
            return false;
    }
    return true;
}

bool foreign_table_make(Command *command, const NewTable *table, Oid *oid)
{
    Validator validator;
    if (!check_names(command, table))
        return false;
    *oid = catalog_new_oid(command->catalog, command->error);
    Oid array = *oid ? catalog_new_oid(command->catalog, command->error) : OID_NONE;
    Oid type = array ? catalog_new_oid(command->catalog, command->error) : OID_NONE;
    return type != OID_NONE && insert_types(command, table, *oid, type, array) && insert_class(command, table, *oid, type) &&
           insert_columns(command, table, *oid) && attach_to_server(command, table, *oid, &validator) &&
           set_column_options(command, table, *oid, &validator);
}

/* ---- the statement ---- */

static bool same_name_before(const NewTable *table, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (str_eq(table->columns[i].name, table->columns[index].name))
            return true;
    return false;
}

/* Columns and table constraints, in the order written. */
static bool read_elements(Command *command, const PgQuery__CreateStmt *statement, NewTable *table, const PgQuery__Constraint ***checks,
                          size_t *nchecks)
{
    table->columns = ARENA_ARRAY(command->arena, NewColumn, statement->n_table_elts + 1);
    *checks = ARENA_ARRAY(command->arena, const PgQuery__Constraint *, statement->n_table_elts + 1);
    *nchecks = 0;
    for (size_t i = 0; i < statement->n_table_elts; i++) {
        const Node *element = statement->table_elts[i];
        if (element->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
            if (!column_read(command, element->column_def, table->name, &table->columns[table->ncolumns++]))
                return false;
        } else if (element->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) {
            error_unsupported(command->error, "LIKE is not supported for creating foreign tables");
            return error_at(command->error, element->table_like_clause->relation->location);
        } else if (element->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK) {
            (*checks)[(*nchecks)++] = element->constraint;
        } else {
            return constraint_refused(command, element->constraint);
        }
    }
    for (size_t i = 0; i < table->ncolumns; i++)
        if (same_name_before(table, i))
            return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", table->columns[i].name);
    return true;
}

static bool refuse_unsupported(Command *command, const PgQuery__CreateStmt *statement)
{
    if (statement->partbound || statement->partspec)
        return error_unsupported(command->error, "CREATE FOREIGN TABLE ... PARTITION OF is not supported");
    if (statement->n_inh_relations > 0)
        return error_unsupported(command->error, "CREATE FOREIGN TABLE ... INHERITS is not supported");
    return true;
}

bool foreign_table_create(Command *command)
{
    const PgQuery__CreateForeignTableStmt *statement = command->node->create_foreign_table_stmt;
    const PgQuery__CreateStmt *base = statement->base_stmt;
    NewTable table = {
        .name = base->relation->relname, .server = statement->servername, .options = statement->options, .noptions = statement->n_options};
    const PgQuery__Constraint **checks;
    size_t nchecks;
    Oid oid;
    if (!refuse_unsupported(command, base) || !creation_schema(command, base->relation, &table.schema))
        return false;
    if (base->if_not_exists) {
        if (!relation_in_schema(command, table.schema, table.name, &oid))
            return false;
        if (oid != OID_NONE) {
            notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists, skipping",
                   table.name);
            return true;
        }
    }
    if (!read_elements(command, base, &table, &checks, &nchecks) || !foreign_table_make(command, &table, &oid))
        return false;
    for (size_t i = 0; i < nchecks; i++)
        if (!check_add(command, oid, checks[i], true))
            return false;
    return true;
}

/* ---- DROP of relations ---- */

typedef struct RelationKind {
    PgQuery__ObjectType type;
    char kind;
    const char *word, *article, *missing_state, *hint;
} RelationKind;

static const RelationKind RELATION_KINDS[] = {
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, 'r', "table", "a", ERRCODE_UNDEFINED_TABLE, "Use DROP TABLE to remove a table."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, 'S', "sequence", "a", ERRCODE_UNDEFINED_TABLE, "Use DROP SEQUENCE to remove a sequence."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, 'v', "view", "a", ERRCODE_UNDEFINED_TABLE, "Use DROP VIEW to remove a view."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, 'm', "materialized view", "a", ERRCODE_UNDEFINED_TABLE,
     "Use DROP MATERIALIZED VIEW to remove a materialized view."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_INDEX, 'i', "index", "an", ERRCODE_UNDEFINED_OBJECT, "Use DROP INDEX to remove an index."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, 'c', "type", "a", ERRCODE_UNDEFINED_OBJECT, "Use DROP TYPE to remove a type."},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE, 'f', "foreign table", "a", ERRCODE_UNDEFINED_OBJECT,
     "Use DROP FOREIGN TABLE to remove a foreign table."},
};

static const RelationKind *relation_kind(PgQuery__ObjectType type, char kind)
{
    for (size_t i = 0; i < COUNT_OF(RELATION_KINDS); i++)
        if (kind ? RELATION_KINDS[i].kind == kind : RELATION_KINDS[i].type == type)
            return &RELATION_KINDS[i];
    return &RELATION_KINDS[0];
}

static bool relation_missing(Command *command, const RelationKind *kind, const char *schema, const char *name, bool missing_ok)
{
    const Notices *notices = command->context->notices;
    if (schema && !catalog_namespace_by_name(command->catalog, schema)) {
        if (!missing_ok)
            return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
        notice(notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "schema \"%s\" does not exist, skipping", schema);
        return true;
    }
    if (!missing_ok)
        return error_set(command->error, kind->missing_state, "%s \"%s\" does not exist", kind->word, name);
    notice(notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s \"%s\" does not exist, skipping", kind->word, name);
    return true;
}

static bool check_drop(Command *command, const RelationKind *kind, const CatRelation *relation)
{
    char found = relation->kind == 'p' ? 'r' : relation->kind == 'I' ? 'i' : relation->kind;
    if (found != kind->kind) {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not %s %s", relation->name, kind->article, kind->word);
        return error_hint(command->error, "%s", relation_kind(0, found)->hint);
    }
    if (!catalog_is_owner(command->catalog, PG_NAMESPACE_RELATION, relation->namespace_oid, command->user) &&
        !require_owner(command, PG_CLASS_RELATION, relation->oid))
        return false;
    return !relation_is_system(relation->oid) ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
}

bool relations_drop(Command *command, const PgQuery__DropStmt *statement)
{
    const RelationKind *kind = relation_kind(statement->remove_type, 0);
    VEC(ObjectAddress) objects = {0};
    for (size_t i = 0; i < statement->n_objects; i++) {
        const PgQuery__List *names = statement->objects[i]->list;
        PgQuery__RangeVar range = PG_QUERY__RANGE_VAR__INIT;
        range.relname = (char *)node_text(names->items[names->n_items - 1]);
        range.schemaname = (char *)(names->n_items > 1 ? node_text(names->items[names->n_items - 2]) : "");
        range.catalogname = (char *)(names->n_items > 2 ? node_text(names->items[0]) : "");
        const CatRelation *relation;
        if (!relation_find(command, &range, true, &relation))
            return false;
        if (!relation) {
            if (!relation_missing(command, kind, text_given(range.schemaname), range.relname, statement->missing_ok))
                return false;
            continue;
        }
        if (!check_drop(command, kind, relation))
            return false;
        vec_push(command->arena, &objects, object_address(PG_CLASS_RELATION, relation->oid, 0));
    }
    DropBehavior behavior = statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    return objects.count == 0 || catalog_drop(command->catalog, objects.items, objects.count, behavior, command->error);
}
