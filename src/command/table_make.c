/*
 * table_make.c - the rows that a new table is made of: pg_class, its columns, its row type with that one's array type, its parents, its
 * defaults and CHECKs, and for a foreign table the row of pg_foreign_table. Every kind of table is made here.
 *
 * Invariants:
 *  1. What is wrong is found in PostgreSQL's order: schema, column definitions, names taken, then the server and the options.
 *  2. Options of columns are checked last.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/table_internal.h"

enum { HEAP_ACCESS_METHOD = 2 };

/* ---- where it goes ---- */

bool creation_namespace(Command *command, const char *name, Oid *schema)
{
    if (name ? str_eq(name, "pg_temp") : catalog_creates_temporary(command->catalog))
        return command->context->temporary_schema(command->context->arg, schema, command->error);
    const CatNamespace *found = name ? catalog_namespace_by_name(command->catalog, name) : NULL;
    if (name && !found)
        return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", name);
    *schema = found ? found->oid : catalog_creation_namespace(command->catalog);
    return *schema != OID_NONE || error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "no schema has been selected to create in");
}

bool schema_move_target(Command *command, const char *name, Oid from, Oid *to)
{
    if (!creation_namespace(command, name, to))
        return false;
    bool own = *to == catalog_temporary(command->catalog);
    if (!own && !require_privilege(command, PG_NAMESPACE_RELATION, *to, ACL_CREATE))
        return false;
    if (catalog_is_temporary(command->catalog, *to) || catalog_is_temporary(command->catalog, from))
        return error_unsupported(command->error, "cannot move objects into or out of temporary schemas");
    return (*to != NAMESPACE_PG_TOAST && from != NAMESPACE_PG_TOAST) ||
           error_unsupported(command->error, "cannot move objects into or out of TOAST schema");
}

/* Temporary relations lie in the session's schema for them, and nothing else does. */
static bool check_persistence(Command *command, Oid schema, char persistence)
{
    const char *message = NULL;
    bool some = catalog_is_temporary(command->catalog, schema), own = schema == catalog_temporary(command->catalog);
    if (some && !own)
        message = persistence == 'u' ? "only temporary relations may be created in temporary schemas"
                                     : "cannot create relations in temporary schemas of other sessions";
    else if (persistence == 't' && !own)
        message = "cannot create temporary relation in non-temporary schema";
    else if (persistence == 'u' && own)
        message = "only temporary relations may be created in temporary schemas";
    return !message || error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "%s", message);
}

bool creation_place(Command *command, const PgQuery__RangeVar *range, Oid *schema)
{
    const char *name = text_given(range->schemaname), *database = text_given(range->catalogname);
    if (database && !str_eq(database, command->context->functions->database))
        return error_unsupported(command->error, "cross-database references are not implemented: \"%s.%s.%s\"", database, name,
                                 range->relname);
    const char *persistence = text_given(range->relpersistence);
    bool temporary = persistence && *persistence == 't';
    return creation_namespace(command, temporary && !name ? "pg_temp" : name, schema);
}

bool creation_check(Command *command, const PgQuery__RangeVar *range, Oid schema)
{
    const char *persistence = text_given(range->relpersistence);
    return require_privilege(command, PG_NAMESPACE_RELATION, schema, ACL_CREATE) &&
           check_persistence(command, schema, persistence ? *persistence : 'p');
}

bool creation_schema(Command *command, const PgQuery__RangeVar *range, Oid *schema)
{
    if (command->context->is_restricted && (range->relpersistence[0] == 't' || str_eq(range->schemaname, "pg_temp")))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE,
                         "cannot create temporary table within security-restricted operation");
    return (creation_place(command, range, schema) && creation_check(command, range, *schema)) || error_at(command->error, range->location);
}

bool relation_in_schema(Command *command, Oid schema, const char *name, Oid *oid)
{
    int64_t found;
    bool ok =
        query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2", "so", name, schema);
    *oid = ok ? (Oid)found : OID_NONE;
    return ok;
}

/* Nobody adds to the schemas that hold the server's own relations. */
bool schema_check_own(Command *command, Oid schema, const char *name)
{
    const char *denied = schema == NAMESPACE_PG_CATALOG ? "pg_catalog" : schema == NAMESPACE_PG_TOAST ? "pg_toast" : NULL;
    if (!denied)
        return true;
    error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to create \"%s.%s\"", denied, name);
    return error_detail(command->error, "System catalog modifications are currently disallowed.");
}

static bool check_names(Command *command, const NewTable *table)
{
    Oid oid;
    if (!schema_check_own(command, table->schema, table->name))
        return false;
    if (table->ncolumns > TABLE_MAX_COLUMNS)
        return error_set(command->error, ERRCODE_TOO_MANY_COLUMNS, "tables can have at most %d columns", TABLE_MAX_COLUMNS);
    const char *compression;
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!compression_code(command, table->columns[i].type, table->columns[i].compression, &compression))
            return false;
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!column_check(command, &table->columns[i], table->kind))
            return false;
    if (!relation_in_schema(command, table->schema, table->name, &oid))
        return false;
    if (oid != OID_NONE)
        return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists", table->name);
    return type_name_free(command, table->name, table->schema);
}

/* ---- rows ---- */

/* Relations with rows of their own have an access method and a file; here the file is the table's OID. */
bool class_insert(Command *command, const NewTable *table, Oid oid, Oid type)
{
    ObjectAddress self = object_address(PG_CLASS_RELATION, oid, 0);
    bool temporary = catalog_is_temporary(command->catalog, table->schema);
    bool heap = table->kind == 'r' || table->kind == 'm', plain = heap || table->kind == 'p';
    return catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_class (oid, relname, relnamespace, reltype, reloftype, relowner, relam, relfilenode, reltablespace,"
                        " relpages, reltuples, relallvisible, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts,"
                        " relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated,"
                        " relreplident, relispartition, relrewrite, relfrozenxid, relminmxid, relacl, reloptions, relpartbound)"
                        " VALUES (?1, ?2, ?3, ?4, 0, ?5, ?8, ?9, 0, 0, -1, 0, 0, 0, 0, ?11, ?7, ?6, 0, 0, 0, 0, 0, 0, 1, ?10, 0, 0,"
                        " ?12, ?13, NULL, NULL, NULL)",
                        "osoooisoossii", oid, table->name, table->schema, type, command->user, (int64_t)table->ncolumns,
                        arena_printf(command->arena, "%c", table->kind), heap ? (Oid)HEAP_ACCESS_METHOD : OID_NONE, heap ? oid : OID_NONE,
                        plain ? "d" : "n", arena_printf(command->arena, "%c", temporary ? 't' : table->persistence),
                        heap ? INT64_C(3) : INT64_C(0), heap ? INT64_C(1) : INT64_C(0)) &&
           depend_on(command, self, object_address(PG_NAMESPACE_RELATION, table->schema, 0), 'n') &&
           depend_on_owner(command, self, command->user) &&
           (table->kind == 'c' ||
            default_privileges_apply(command, self, PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, command->user, table->schema));
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
    return array_type_name(command, table->name, table->schema, OID_NONE, &array_name) &&
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
bool relation_system_columns(Command *command, Oid relation)
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
    if (table->kind != 'v' && table->kind != 'c' && !relation_system_columns(command, relation))
        return false;
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!column_set_value(command, relation, (int)i + 1, &table->columns[i]))
            return false;
    return true;
}

bool check_merge(Command *command, Oid oid, const NewCheck *check, bool *merged)
{
    const CatRelation *relation = catalog_relation(command->catalog, oid);
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT oid, conbin, convalidated FROM pg_constraint WHERE conrelid = ?1 AND conname = ?2"
                                      " AND coninhcount > 0 AND NOT conislocal",
                                      "os", oid, check->name);
    *merged = false;
    if (!rows || rows->nrows == 0)
        return rows != NULL;
    const char *text = check_text(command, relation, check->expr);
    if (!text)
        return false;
    if (!str_eq(text, CATALOG_CELL(rows, 0, 1).text))
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "constraint \"%s\" for relation \"%s\" already exists", check->name,
                         relation->name);
    if (check->no_inherit)
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION,
                         "constraint \"%s\" conflicts with inherited constraint on relation \"%s\"", check->name, relation->name);
    if (!check->not_valid && !CATALOG_CELL(rows, 0, 2).i)
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION,
                         "constraint \"%s\" conflicts with NOT VALID constraint on relation \"%s\"", check->name, relation->name);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "merging constraint \"%s\" with inherited definition",
           check->name);
    *merged = true;
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_constraint SET conislocal = 1 WHERE oid = ?1", "o",
                        (Oid)CATALOG_CELL(rows, 0, 0).i);
}

static bool insert_checks(Command *command, const NewTable *table, Oid relation)
{
    for (size_t i = 0; i < table->checks.count; i++) {
        const NewCheck *check = &table->checks.items[i];
        bool merged = false;
        if (!check->inherited_only && check->name && table->nparents && !check_merge(command, relation, check, &merged))
            return false;
        if (!merged && !check_insert(command, relation, check))
            return false;
    }
    return true;
}

static bool record_parents(Command *command, const NewTable *table, Oid relation)
{
    for (size_t i = 0; i < table->nparents; i++)
        if (!inherit_record(command, relation, table->parents[i], (int)i + 1, table->is_partition))
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

/* What stands in pg_class and around it; what is the wrapper's to check comes after the rest (table_attach). */
bool table_make(Command *command, const NewTable *table, Oid *oid)
{
    if (!check_names(command, table))
        return false;
    *oid = catalog_new_oid(command->catalog, command->error);
    Oid array = *oid ? catalog_new_oid(command->catalog, command->error) : OID_NONE;
    Oid type = array ? catalog_new_oid(command->catalog, command->error) : OID_NONE;
    return type != OID_NONE && insert_types(command, table, *oid, type, array) && class_insert(command, table, *oid, type) &&
           record_parents(command, table, *oid) && insert_columns(command, table, *oid);
}

static bool own_sequences(Command *command, const NewTable *table, Oid relation)
{
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!column_own_sequence(command, relation, (int)i + 1, &table->columns[i]))
            return false;
    return true;
}

bool table_finish(Command *command, const NewTable *table, Oid oid)
{
    Validator validator;
    return insert_checks(command, table, oid) &&
           (!table->server || (attach_to_server(command, table, oid, &validator) && set_column_options(command, table, oid, &validator))) &&
           own_sequences(command, table, oid);
}
