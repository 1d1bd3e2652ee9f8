/*
 * check.c - CHECK constraints of foreign tables: rows of pg_constraint. PostgreSQL records them, never enforces them on foreign
 * data, and lets its planner believe them.
 *
 * Invariants:
 *  1. pg_constraint.conbin is SQL text, as pg_get_expr shows it.
 *  2. pg_class.relchecks counts a table's CHECK constraints.
 *
 * Entered by the session's worker only.
 */
#include <stdio.h>
#include <string.h>

#include "command/table_internal.h"

enum { NAME_BYTES = 63, FIRST_COLUMN = COLUMN_TABLEOID };

/* The columns an expression reads, in the order in which it names them first; 0: the row as a whole. */
typedef struct ColumnSet {
    bool *used; /* by number, from the system columns on (FIRST_COLUMN) */
    int *numbers;
    int count;
} ColumnSet;

static bool collect_columns(const Expr *expr, void *arg)
{
    ColumnSet *set = arg;
    if (expr->kind == EXPR_VAR && !set->used[expr->u.var.column - FIRST_COLUMN]) {
        set->used[expr->u.var.column - FIRST_COLUMN] = true;
        set->numbers[set->count++] = expr->u.var.column;
    }
    return expr_walk(expr, collect_columns, arg);
}

/* ---- names ---- */

/* table_column_label within a name's length: the longer of the two first parts is cut. */
const char *object_make_name(Command *command, const char *table, const char *column, const char *label)
{
    size_t room = NAME_BYTES - strlen(label) - 1 - (column ? 1 : 0);
    size_t first = strlen(table), second = column ? strlen(column) : 0;
    while (first + second > room) {
        if (first > second)
            first--;
        else
            second--;
    }
    return column ? arena_printf(command->arena, "%.*s_%.*s_%s", (int)first, table, (int)second, column, label)
                  : arena_printf(command->arena, "%.*s_%s", (int)first, table, label);
}

static bool choose_name(Command *command, const CatRelation *relation, const char *column, const char **name)
{
    int64_t taken = 1;
    for (int pass = 0; taken; pass++) {
        const char *label = pass ? arena_printf(command->arena, "check%d", pass) : "check";
        *name = object_make_name(command, relation->name, column, label);
        if (!query_integer(command, &taken, 0, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND connamespace = ?2", "so", *name,
                           relation->namespace_oid))
            return false;
    }
    return true;
}

static bool check_name_free(Command *command, const CatRelation *relation, const char *name, bool creating)
{
    int64_t taken;
    if (!query_integer(command, &taken, 0, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2", "so", name, relation->oid))
        return false;
    if (taken && creating)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "check constraint \"%s\" already exists", name);
    return !taken || error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "constraint \"%s\" for relation \"%s\" already exists", name,
                               relation->name);
}

bool check_is_convertible(Command *command, const char *name, const char *key, Oid table)
{
    bool is_whole = key && (strstr(key, "{0") || strstr(key, ",0"));
    if (!is_whole)
        return true;
    error_set(command->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot convert whole-row table reference");
    return error_detail(command->error, "Constraint \"%s\" contains a whole-row reference to table \"%s\".", name,
                        catalog_relation(command->catalog, table)->name);
}

/* ---- rows ---- */

static const char *key_text(Command *command, const ColumnSet *set)
{
    Str key;
    str_init(&key, command->arena);
    for (int i = 0; i < set->count; i++)
        str_addf(&key, "%s%d", i ? "," : "{", set->numbers[i]);
    if (set->count == 0)
        return NULL;
    str_addc(&key, '}');
    return key.data;
}

static bool depend(Command *command, Oid constraint, Oid relation, const Expr *expr, const ColumnSet *set)
{
    ObjectAddress self = object_address(PG_CONSTRAINT_RELATION, constraint, 0);
    if (set->count == 0)
        return depend_on(command, self, object_address(PG_CLASS_RELATION, relation, 0), 'a') && expr_depend(command, self, expr, relation);
    for (int i = 0; i < set->count; i++) {
        if (!set->numbers[i] && set->count > 1)
            continue;
        ObjectAddress column = object_address(PG_CLASS_RELATION, relation, set->numbers[i]);
        if (!depend_on(command, self, column, 'a'))
            return false;
    }
    return expr_depend(command, self, expr, relation);
}

static bool insert(Command *command, const CatRelation *relation, const NewCheck *check, const char *name, const Expr *expr,
                   const ColumnSet *set)
{
    Oid table = relation->oid, schema = relation->namespace_oid;
    const char *key = key_text(command, set), *text = expr_text(command, expr, relation);
    Oid oid = catalog_new_oid(command->catalog, command->error);
    return oid != OID_NONE &&
           catalog_exec(
               command->catalog, command->error, NULL,
               "INSERT INTO pg_constraint (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid,"
               " contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount,"
               " connoinherit, conkey, confkey, conpfeqop, conppeqop, conffeqop, confdelsetcols, conexclop, conbin)"
               " VALUES (?1, ?2, ?3, 'c', 0, 0, ?4, ?5, 0, 0, 0, 0, ' ', ' ', ' ', ?9, ?10, ?6, ?7, NULL, NULL, NULL, NULL, NULL,"
               " NULL, ?8)",
               "osobobssbi", oid, name, schema, !check->not_valid, table, check->no_inherit, key, text, !check->inherited_only,
               (int64_t)check->inherit_count) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relchecks = relchecks + 1 WHERE oid = ?1", "o",
                        table) &&
           depend(command, oid, table, expr, set);
}

/* The name of the one column that is read; NULL: none or several. */
static const char *single_column(const CatRelation *relation, const ColumnSet *set)
{
    if (set->count != 1 || !set->numbers[0])
        return NULL;
    return set->numbers[0] > 0 ? relation->columns[set->numbers[0] - 1].name : "tableoid";
}

static bool wrong_type(Command *command, const Node *node, const CatRelation *relation, AnalyzeContext *context)
{
    Error *error = command->error;
    error_clear(error);
    const Expr *expr = sql_analyze_expr(node, relation, OID_NONE, -1, context, command->arena, error);
    if (!expr)
        return false;
    error_set(error, ERRCODE_DATATYPE_MISMATCH, "argument of CHECK must be type boolean, not type %s",
              catalog_format_type(command->catalog, expr->type, TYPMOD_NOT_GIVEN, command->arena));
    return error_at(error, expr->location);
}

const Expr *check_analyze(Command *command, const Node *node, const CatRelation *relation)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    const Expr *expr = sql_analyze_expr(node, relation, TYPE_BOOL, -1, &context, command->arena, command->error);
    if (!expr && str_eq(command->error->sqlstate, ERRCODE_DATATYPE_MISMATCH))
        wrong_type(command, node, relation, &context);
    return expr;
}

const char *check_text(Command *command, const CatRelation *relation, const Node *node)
{
    const Expr *expr = check_analyze(command, node, relation);
    return expr ? expr_text(command, expr, relation) : NULL;
}

static bool add(Command *command, Oid oid, const NewCheck *check, bool creating)
{
    const CatRelation *relation = catalog_relation(command->catalog, oid);
    size_t size = (size_t)(relation->ncolumns - FIRST_COLUMN) + 1;
    ColumnSet set = {ARENA_ARRAY(command->arena, bool, size), ARENA_ARRAY(command->arena, int, size), 0};
    const char *name = check->name;
    const Expr *expr = check_analyze(command, check->expr, relation);
    if (!expr)
        return false;
    if (!check->parent_text && !expr_types_usable(command, expr))
        return false;
    collect_columns(expr, &set);
    if (check->no_inherit && relation->kind == 'p')
        return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "cannot add NO INHERIT constraint to partitioned table \"%s\"",
                         relation->name);
    if (name ? !check_name_free(command, relation, name, creating) : !choose_name(command, relation, single_column(relation, &set), &name))
        return false;
    return insert(command, relation, check, name, expr, &set);
}

bool check_insert(Command *command, Oid relation, const NewCheck *check)
{
    return add(command, relation, check, true);
}

bool check_insert_later(Command *command, Oid relation, const NewCheck *check)
{
    return add(command, relation, check, false);
}

bool check_add(Command *command, Oid oid, const PgQuery__Constraint *constraint, bool creating)
{
    NewCheck check = {.name = text_given(constraint->conname),
                      .expr = constraint->raw_expr,
                      .no_inherit = constraint->is_no_inherit,
                      .not_valid = constraint->skip_validation};
    return add(command, oid, &check, creating);
}
