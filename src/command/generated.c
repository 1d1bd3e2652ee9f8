/*
 * generated.c - GENERATED ALWAYS AS (...) STORED: the expression of a column, kept in pg_attrdef like a default. The values of a
 * foreign table's generated columns are the source's; the expression counts when rows are written.
 *
 * Invariants:
 *  1. pg_attribute.attgenerated is 's' exactly where pg_attrdef holds such an expression.
 *  2. The expression belongs to its column (an internal dependency) and depends on each column that it reads.
 *
 * Entered by the session's worker only.
 */
#include "command/alter_internal.h"

typedef struct Reads {
    Command *command;
    const CatRelation *relation;
} Reads;

/* Neither other generated columns, nor the whole row, nor system columns but tableoid. */
static bool check_reads(const Expr *expr, void *arg)
{
    Reads *reads = arg;
    Error *error = reads->command->error;
    if (expr->kind != EXPR_VAR)
        return expr_walk(expr, check_reads, arg);
    int number = expr->u.var.column;
    if (number == 0) {
        error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "cannot use whole-row variable in column generation expression");
        error_detail(error, "This would cause the generated column to depend on its own value.");
        error_at(error, expr->location);
        return true;
    }
    if (number < 0 || !reads->relation->columns[number - 1].generated)
        return false;
    error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "cannot use generated column \"%s\" in column generation expression",
              reads->relation->columns[number - 1].name);
    error_detail(error, "A generated column cannot reference another generated column.");
    error_at(error, expr->location);
    return true;
}

static bool wrong_type(Command *command, const CatColumn *column, const Expr *expr)
{
    error_clear(command->error);
    error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "column \"%s\" is of type %s but default expression is of type %s", column->name,
              catalog_format_type(command->catalog, column->type, TYPMOD_NOT_GIVEN, command->arena),
              catalog_format_type(command->catalog, expr->type, TYPMOD_NOT_GIVEN, command->arena));
    return error_hint(command->error, "You will need to rewrite or cast the expression.");
}

static Expr *analyze(Command *command, const Node *node, const CatRelation *relation, const CatColumn *column)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    Error *error = command->error;
    const Expr *plain = sql_analyze_stored(node, EXPR_USE_GENERATED, relation, OID_NONE, -1, &context, command->arena, error);
    Reads reads = {command, relation};
    if (!plain || check_reads(plain, &reads))
        return NULL;
    if (expr_is_mutable(plain, command->catalog)) {
        error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "generation expression is not immutable");
        return NULL;
    }
    const Notices *notices = catalog_notices(command->catalog);
    catalog_set_notices(command->catalog, NULL); /* said the first time */
    Expr *expr = sql_analyze_stored(node, EXPR_USE_GENERATED, relation, column->type, column->typmod, &context, command->arena, error);
    catalog_set_notices(command->catalog, notices);
    if (!expr && str_eq(error->sqlstate, ERRCODE_DATATYPE_MISMATCH))
        wrong_type(command, column, plain);
    return expr;
}

bool generated_set(Command *command, Oid oid, int number, const Node *node, bool given)
{
    const CatRelation *relation = catalog_relation(command->catalog, oid);
    const Expr *expr = analyze(command, node, relation, &relation->columns[number - 1]);
    if (!expr || (given && !expr_types_usable(command, expr)))
        return false;
    const char *text = expr_text(command, expr, relation);
    return default_remove(command, oid, number, DROP_RESTRICT) && default_store(command, oid, number, expr, text, 's');
}

/* ---- DROP EXPRESSION ---- */

bool alter_drop_expression(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    int number;
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    if (catalog_relation(command->catalog, alter->relation)->columns[number - 1].generated)
        return default_remove(command, alter->relation, number, DROP_RESTRICT);
    if (!cmd->missing_ok)
        return error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "column \"%s\" of relation \"%s\" is not a stored generated column", cmd->name, alter->name);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
           "column \"%s\" of relation \"%s\" is not a stored generated column, skipping", cmd->name, alter->name);
    return true;
}

/* What reads a column keeps its type as it is: views, triggers, other columns that are generated; the oldest of them is named. */
bool column_check_readers(Command *command, const Alter *alter, const char *name, int number)
{
    static const char SQL[] =
        "SELECT d.classid, d.objid, a.attname FROM pg_depend d LEFT JOIN pg_attrdef e ON d.classid = ?1 AND d.objid = e.oid"
        " LEFT JOIN pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum"
        " WHERE d.refclassid = ?2 AND d.refobjid = ?3 AND d.refobjsubid = ?4 AND (d.classid IN (?5, ?6)"
        " OR (e.adnum <> ?4 AND a.attgenerated <> '')) ORDER BY d.rowid LIMIT 1";
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error, SQL, "oooioo", (Oid)PG_ATTRDEF_RELATION, (Oid)PG_CLASS_RELATION,
                      alter->relation, (int64_t)number, (Oid)PG_REWRITE_RELATION, (Oid)PG_TRIGGER_RELATION);
    if (!rows || rows->nrows == 0)
        return rows != NULL;
    ObjectAddress reader = object_address((Oid)CATALOG_CELL(rows, 0, 0).i, (Oid)CATALOG_CELL(rows, 0, 1).i, 0);
    const char *what = reader.class_oid == PG_REWRITE_RELATION   ? "view or rule"
                       : reader.class_oid == PG_TRIGGER_RELATION ? "trigger definition"
                                                                 : "generated column";
    error_unsupported(command->error, "cannot alter type of a column used %s %s", reader.class_oid == PG_TRIGGER_RELATION ? "in a" : "by a",
                      what);
    if (reader.class_oid == PG_ATTRDEF_RELATION)
        return error_detail(command->error, "Column \"%s\" is used by generated column \"%s\".", name, CATALOG_CELL(rows, 0, 2).text);
    return error_detail(command->error, "%s depends on column \"%s\"", catalog_describe(command->catalog, reader, command->arena), name);
}
