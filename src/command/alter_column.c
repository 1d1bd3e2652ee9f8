/*
 * alter_column.c - the actions of ALTER FOREIGN TABLE, most of them on one column.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/alter_internal.h"
#include "command/names.h"
#include "command/sequence_internal.h"
#include "command/type_internal.h"

enum { MAX_STATISTICS_TARGET = 10000 };

/* ---- columns by name ---- */

bool alter_find_column(Command *command, const Alter *alter, const char *name, int *number)
{
    int64_t found;
    bool ok = query_integer(command, &found, 0, "SELECT attnum FROM pg_attribute WHERE attname = ?1 AND attrelid = ?2 AND NOT attisdropped",
                            "so", name, alter->relation);
    *number = ok ? (int)found : 0;
    return ok;
}

static bool column_missing(Command *command, const Alter *alter, const char *name)
{
    return error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name, alter->name);
}

bool alter_need_column(Command *command, const Alter *alter, const char *name, int *number)
{
    if (!alter_find_column(command, alter, name, number))
        return false;
    if (*number == 0)
        return column_missing(command, alter, name);
    return *number > 0 || error_unsupported(command->error, "cannot alter system column \"%s\"", name);
}

bool alter_check_new_column(Command *command, const Alter *alter, const char *name, bool *exists)
{
    int number;
    if (exists)
        *exists = false;
    if (!alter_find_column(command, alter, name, &number))
        return false;
    if (number == 0)
        return true;
    if (number < 0)
        return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column name \"%s\" conflicts with a system column name", name);
    if (!exists)
        return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" of relation \"%s\" already exists", name, alter->name);
    *exists = true;
    return true;
}

static bool validator_of_table(Command *command, const Alter *alter, Validator *validator)
{
    const CatServer *server = catalog_server(command->catalog, alter->server);
    return validator_of_wrapper(command, server ? server->wrapper : OID_NONE, validator);
}

/* PostgreSQL gives no place for what is wrong in an expression of an ALTER. */
static bool without_place(Command *command, bool ok)
{
    if (!ok)
        command->error->position = 0;
    return ok;
}

/* ---- ADD and DROP COLUMN ---- */

static bool add_column_rows(Command *command, const Alter *alter, const NewColumn *column, int number)
{
    if (!column_insert(command, alter->relation, number, column, NULL) ||
        !catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relnatts = ?2 WHERE oid = ?1", "oi", alter->relation,
                      (int64_t)number))
        return false;
    return without_place(command, column_set_value(command, alter->relation, number, column));
}

/* Of a column that the table gets, or whose type changes. */
static bool check_column_type(Command *command, const Alter *alter, const NewColumn *column)
{
    if (!column_check(command, column, alter->kind == 'c' ? 'c' : 'r'))
        return false;
    Oid row_type = catalog_relation(command->catalog, alter->relation)->row_type;
    return !type_contains(command, column->type, row_type, 0) ||
           error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "composite type %s cannot be made a member of itself",
                     catalog_format_type(command->catalog, row_type, -1, command->arena));
}

bool alter_add_column(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    NewColumn column;
    bool exists;
    int64_t count;
    NamedTexts named;
    const char *name = cmd->def->column_def->colname;
    if (!alter_check_new_column(command, alter, name, cmd->missing_ok ? &exists : NULL))
        return false;
    if (cmd->missing_ok && exists) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_DUPLICATE_COLUMN,
               "column \"%s\" of relation \"%s\" already exists, skipping", name, alter->name);
        return true;
    }
    if (!column_read(command, cmd->def->column_def, alter->name, &column))
        return false;
    column_warn(command, cmd->def->column_def->type_name, column.type, true);
    column_warn(command, cmd->def->column_def->type_name, column.type, false);
    if (!query_integer(command, &count, 0, "SELECT relnatts FROM pg_class WHERE oid = ?1", "o", alter->relation))
        return false;
    if (count >= TABLE_MAX_COLUMNS)
        return error_set(command->error, ERRCODE_TOO_MANY_COLUMNS, "tables can have at most %d columns", TABLE_MAX_COLUMNS);
    const CatRelation *relation = catalog_relation(command->catalog, alter->relation);
    if (relation->kind == 'c' && !composite_check_attribute(command, cmd->def->column_def))
        return false;
    if (column.noptions && alter->optioned)
        vec_push(command->arena, alter->optioned, cmd);
    relation = catalog_relation(command->catalog, alter->relation);
    return check_column_type(command, alter, &column) && row_type_check_stored(command, relation) &&
           column_make_sequence(command, alter->name, relation->namespace_oid, relation->owner, &column) &&
           names_read_columns(command, alter->relation, &named) && add_column_rows(command, alter, &column, (int)count + 1) &&
           names_write(command, &named) && column_own_sequence(command, alter->relation, (int)count + 1, &column);
}

/* What there is to say of a column that is none of the table's own; the others are dropped together with those below (inherit_alter.c). */
bool alter_drop_column(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    int number;
    if (!alter_find_column(command, alter, cmd->name, &number))
        return false;
    if (number == 0 && cmd->missing_ok) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
               "column \"%s\" of relation \"%s\" does not exist, skipping", cmd->name, alter->name);
        return true;
    }
    if (number == 0)
        return column_missing(command, alter, cmd->name);
    return error_unsupported(command->error, "cannot drop system column \"%s\"", cmd->name);
}

/* ---- defaults and NOT NULL ---- */

bool alter_default(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    int number;
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    if (catalog_relation(command->catalog, alter->relation)->columns[number - 1].identity) {
        error_set(command->error, ERRCODE_SYNTAX_ERROR, "column \"%s\" of relation \"%s\" is an identity column", cmd->name, alter->name);
        return cmd->def ? false : error_hint(command->error, "Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead.");
    }
    if (catalog_relation(command->catalog, alter->relation)->columns[number - 1].generated) {
        error_set(command->error, ERRCODE_SYNTAX_ERROR, "column \"%s\" of relation \"%s\" is a generated column", cmd->name, alter->name);
        return cmd->def ? false : error_hint(command->error, "Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.");
    }
    return cmd->def ? without_place(command, default_set(command, alter->relation, number, cmd->def, true))
                    : default_remove(command, alter->relation, number, DROP_RESTRICT);
}

static bool set_not_null(Command *command, const Alter *alter, const char *name, bool not_null)
{
    int number;
    if (!alter_need_column(command, alter, name, &number))
        return false;
    if (!not_null && catalog_relation(command->catalog, alter->relation)->columns[number - 1].identity)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "column \"%s\" of relation \"%s\" is an identity column", name, alter->name);
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET attnotnull = ?3 WHERE attrelid = ?1 AND attnum = ?2", "oib", alter->relation,
                        (int64_t)number, not_null);
}

bool alter_set_not_null(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return set_not_null(command, alter, cmd->name, true);
}

bool alter_drop_not_null(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return set_not_null(command, alter, cmd->name, false);
}

/* ---- TYPE ---- */

bool alter_type_prepare(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__ColumnDef *definition = cmd->def->column_def;
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    NewColumn column = {.name = cmd->name};
    int number;
    if (definition->raw_default &&
        !sql_analyze_stored(definition->raw_default, EXPR_USE_TRANSFORM, catalog_relation(command->catalog, alter->relation), OID_NONE, -1,
                            &context, command->arena, command->error))
        return false;
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    if (definition->raw_default && catalog_relation(command->catalog, alter->relation)->columns[number - 1].generated) {
        error_set(command->error, ERRCODE_INVALID_COLUMN_DEFINITION, "cannot specify USING when altering type of generated column");
        return error_detail(command->error, "Column \"%s\" is a generated column.", cmd->name);
    }
    if (!identity_change_type(command, alter, number, definition->type_name) || !inherit_check_type(command, alter, cmd))
        return false;
    if (!column_type(command, definition->type_name, definition->coll_clause, &column.type, &column.typmod, &column.collation)) {
        command->error->position = 0; /* PostgreSQL gives none here */
        return false;
    }
    column_warn(command, definition->type_name, column.type, false);
    if (!check_column_type(command, alter, &column))
        return false;
    if (!strchr("rp", alter->kind) && definition->raw_default)
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a table", alter->name);
    return !strchr("cf", alter->kind) || row_type_check_unused(command, catalog_relation(command->catalog, alter->relation));
}

/* The default, if there is one, must become one of the new type. */
static bool convert_default(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd, int number, Oid type)
{
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error, "SELECT adbin FROM pg_attrdef WHERE adrelid = ?1 AND adnum = ?2",
                      "oi", alter->relation, (int64_t)number);
    if (!rows || rows->nrows == 0)
        return rows != NULL;
    const Node *expr = stored_expr_parse(command, CATALOG_CELL(rows, 0, 0).text);
    if (!expr)
        return false;
    bool generated = catalog_relation(command->catalog, alter->relation)->columns[number - 1].generated != 0;
    if (generated ? generated_set(command, alter->relation, number, expr, false)
                  : default_set(command, alter->relation, number, expr, false))
        return true;
    if (str_eq(command->error->sqlstate, ERRCODE_DATATYPE_MISMATCH)) {
        error_clear(command->error);
        error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "%s for column \"%s\" cannot be cast automatically to type %s",
                  generated ? "generation expression" : "default", cmd->name,
                  catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena));
    }
    return false;
}

bool alter_type(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__ColumnDef *definition = cmd->def->column_def;
    Oid type, collation;
    int32_t typmod;
    int number;
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    if (alter->types_changed[number])
        return error_unsupported(command->error, "cannot alter type of column \"%s\" twice", cmd->name);
    alter->types_changed[number] = true;
    if (!column_type(command, definition->type_name, definition->coll_clause, &type, &typmod, &collation) ||
        !column_check_readers(command, alter, cmd->name, number) || !identity_change_type(command, alter, number, definition->type_name))
        return false;
    column_warn(command, definition->type_name, type, false);
    return catalog_exec(
               command->catalog, command->error, NULL,
               "UPDATE pg_attribute SET (atttypid, atttypmod, attndims, attcollation, attlen, attbyval, attalign, attstorage,"
               " attcompression) = (SELECT oid, ?4, ?5, ?6, typlen, typbyval, typalign, typstorage, '' FROM pg_type WHERE oid = ?3)"
               " WHERE attrelid = ?1 AND attnum = ?2",
               "oioiio", alter->relation, (int64_t)number, type, (int64_t)typmod, (int64_t)definition->type_name->n_array_bounds,
               collation) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND objsubid = ?3 AND refclassid IN (?4, ?5)", "ooioo",
                        (Oid)PG_CLASS_RELATION, alter->relation, (int64_t)number, (Oid)PG_TYPE_RELATION, (Oid)PG_COLLATION_RELATION) &&
           column_depend(command, alter->relation, number, type, collation) &&
           without_place(command, convert_default(command, alter, cmd, number, type));
}

/* ---- options ---- */

static bool change_column_options(Command *command, const Alter *alter, const char *name, NodeList items, size_t count)
{
    int number;
    Validator validator;
    const char *options;
    if (!alter_need_column(command, alter, name, &number) || !validator_of_table(command, alter, &validator))
        return false;
    FdwOptions old = catalog_relation(command->catalog, alter->relation)->columns[number - 1].options;
    return options_change(command, &old, items, count, &validator, FDW_OBJECT_COLUMN, &options) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET attfdwoptions = ?3 WHERE attrelid = ?1 AND attnum = ?2", "ois", alter->relation,
                        (int64_t)number, options);
}

bool alter_column_options(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return change_column_options(command, alter, cmd->name, cmd->def->list->items, cmd->def->list->n_items);
}

bool alter_added_options(Command *command, const Alter *alter)
{
    for (size_t i = 0; i < alter->optioned->count; i++) {
        const PgQuery__ColumnDef *column = alter->optioned->items[i]->def->column_def;
        if (alter->kind != 'f')
            return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a foreign table", alter->name);
        if (!change_column_options(command, alter, column->colname, column->fdwoptions, column->n_fdwoptions))
            return false;
    }
    return true;
}

bool alter_table_options(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Validator validator;
    const char *options;
    if (!validator_of_table(command, alter, &validator))
        return false;
    FdwOptions old = catalog_relation(command->catalog, alter->relation)->options;
    return options_change(command, &old, cmd->def->list->items, cmd->def->list->n_items, &validator, FDW_OBJECT_TABLE, &options) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_foreign_table SET ftoptions = ?2 WHERE ftrelid = ?1", "os",
                        alter->relation, options);
}

/* ---- STATISTICS and STORAGE: recorded ---- */

static bool numbered_column(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd, int *number)
{
    *number = cmd->num;
    const CatRelation *relation = catalog_relation(command->catalog, alter->relation);
    return (cmd->num > 0 && cmd->num <= relation->ncolumns) ||
           error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column number %d of relation \"%s\" does not exist", cmd->num, alter->name);
}

/* Only of its expressions does an index have statistics. */
static bool check_index_column(Command *command, const CatRelation *index, int number)
{
    const char *name = index->columns[number - 1].name;
    CatalogRows *row = catalog_query(command->catalog, command->arena, command->error,
                                     "SELECT indnkeyatts, indkey FROM pg_index WHERE indexrelid = ?1", "o", index->oid);
    if (!row || !row->nrows)
        return false;
    if (number > CATALOG_CELL(row, 0, 0).i)
        return error_unsupported(command->error, "cannot alter statistics on included column \"%s\" of index \"%s\"", name, index->name);
    const char *keys = CATALOG_CELL(row, 0, 1).text;
    for (int i = 1; i < number; i++)
        keys = strchr(keys, ' ') + 1;
    if (*keys == '0')
        return true;
    error_unsupported(command->error, "cannot alter statistics on non-expression column \"%s\" of index \"%s\"", name, index->name);
    return error_hint(command->error, "Alter statistics on table column instead.");
}

bool alter_statistics(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    int64_t target = cmd->def->integer->ival;
    int number;
    const CatRelation *relation = catalog_relation(command->catalog, alter->relation);
    bool is_index = relation->kind == 'i' || relation->kind == 'I';
    if (!text_given(cmd->name) && !is_index)
        return error_unsupported(command->error, "cannot refer to non-index column by number");
    if (target < -1)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "statistics target %d is too low", (int)target);
    if (target > MAX_STATISTICS_TARGET) {
        target = MAX_STATISTICS_TARGET;
        notice(command->context->notices, SEVERITY_WARNING, ERRCODE_INVALID_PARAMETER_VALUE, "lowering statistics target to %d",
               MAX_STATISTICS_TARGET);
    }
    return (text_given(cmd->name) ? alter_need_column(command, alter, cmd->name, &number)
                                  : numbered_column(command, alter, cmd, &number)) &&
           (!is_index || check_index_column(command, relation, number)) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET attstattarget = ?3 WHERE attrelid = ?1 AND attnum = ?2", "oii", alter->relation,
                        (int64_t)number, target);
}

/* How a column's values are stored; columns of indexes are stored as the table's are. `update` writes the letter, of one column. */
static bool set_stored_as(Command *command, Oid table, int number, const char *update, const char *letter)
{
    if (!catalog_exec(command->catalog, command->error, NULL, update, "ois", table, (int64_t)number, letter))
        return false;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT indexrelid, indkey FROM pg_index WHERE indrelid = ?1", "o", table);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        char *at = arena_strdup(command->arena, CATALOG_CELL(rows, i, 1).text);
        for (int place = 1; *at; place++) {
            bool same = strtol(at, &at, 10) == number;
            at += *at == ' ';
            if (same && !catalog_exec(command->catalog, command->error, NULL, update, "ois", (Oid)CATALOG_CELL(rows, i, 0).i,
                                      (int64_t)place, letter))
                return false;
        }
    }
    return rows != NULL;
}

bool alter_storage(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    static const char *const STORAGES[] = {"plain", "external", "extended", "main"};
    const char *wanted = str_lower(command->arena, node_text(cmd->def));
    int64_t toastable;
    int number;
    size_t i = 0;
    while (i < COUNT_OF(STORAGES) && !str_eq(STORAGES[i], wanted))
        i++;
    if (i == COUNT_OF(STORAGES))
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid storage type \"%s\"", node_text(cmd->def));
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    Oid type = catalog_relation(command->catalog, alter->relation)->columns[number - 1].type;
    if (!query_integer(command, &toastable, 0, "SELECT typstorage <> 'p' FROM pg_type WHERE oid = ?1", "o", type))
        return false;
    if (!toastable && *wanted != 'p')
        return error_unsupported(command->error, "column data type %s can only have storage PLAIN",
                                 catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena));
    /* external is e, extended x. */
    const char *letter = str_eq(wanted, "extended") ? "x" : arena_printf(command->arena, "%c", *wanted);
    return set_stored_as(command, alter->relation, number, "UPDATE pg_attribute SET attstorage = ?3 WHERE attrelid = ?1 AND attnum = ?2",
                         letter);
}

bool alter_compression(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const char *letter;
    int number;
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    Oid type = catalog_relation(command->catalog, alter->relation)->columns[number - 1].type;
    return compression_code(command, type, node_text(cmd->def), &letter) &&
           set_stored_as(command, alter->relation, number,
                         "UPDATE pg_attribute SET attcompression = ?3 WHERE attrelid = ?1 AND attnum = ?2", letter);
}

/* ---- constraints, owner ---- */

bool alter_add_constraint(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__Constraint *constraint = cmd->def->constraint;
    if (constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        return constraint_refused(command, constraint);
    return without_place(command, check_add(command, alter->relation, constraint, false));
}

bool alter_drop_constraint(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    int64_t oid;
    if (!query_integer(command, &oid, OID_NONE, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2", "so", cmd->name,
                       alter->relation))
        return false;
    if (oid == OID_NONE && cmd->missing_ok) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
               "constraint \"%s\" of relation \"%s\" does not exist, skipping", cmd->name, alter->name);
        return true;
    }
    if (oid == OID_NONE)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" of relation \"%s\" does not exist", cmd->name,
                         alter->name);
    ObjectAddress object = object_address(PG_CONSTRAINT_RELATION, (Oid)oid, 0);
    DropBehavior behavior = cmd->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    return catalog_drop(command->catalog, &object, 1, behavior, command->error);
}

/* An index has its table's owner: said in a warning where only that is wrong. */
static bool refuse_index_owner(Command *command, const Alter *alter, bool same)
{
    static const char HINT[] = "Change the ownership of the index's table, instead.";
    const char *refusal = arena_printf(command->arena, "cannot change owner of index \"%s\"", alter->name);
    if (alter->kind == 'i') {
        if (!same)
            notice_full(command->context->notices, SEVERITY_WARNING, ERRCODE_WRONG_OBJECT_TYPE, refusal, NULL, HINT);
        return true;
    }
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "%s", refusal);
    return error_hint(command->error, "%s", HINT);
}

bool alter_owner(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Oid owner;
    const char *refusal = arena_printf(command->arena, "cannot change owner of sequence \"%s\"", alter->name);
    if (!role_resolve(command, cmd->newowner, &owner))
        return false;
    bool same = catalog_relation(command->catalog, alter->relation)->owner == owner;
    if (strchr("iI", alter->kind))
        return refuse_index_owner(command, alter, same);
    return (alter->kind != 'S' || same || sequence_check_unlinked(command, alter->relation, refusal)) &&
           owner_change(command, object_address(PG_CLASS_RELATION, alter->relation, 0), owner);
}

bool alter_nothing(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    (void)command, (void)alter, (void)cmd;
    return true;
}
