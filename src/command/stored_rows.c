/*
 * stored_rows.c - what ALTER TABLE, ATTACH and CREATE UNIQUE INDEX would have to check, or rewrite, in rows that are there already: that is
 * refused where a table has rows. A column that is added has one value in all of
 * them, NULL or a constant default, which is kept in pg_attribute.attmissingval until the next write.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"

bool stored_rows_refuse(Command *command, Oid relation, const char *what)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT relname FROM tree JOIN medley_stored s ON s.relation = relid JOIN pg_class c ON c.oid = relid"
        " WHERE relkind = 'r' LIMIT 1";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", relation);
    if (!rows || !rows->nrows)
        return rows != NULL;
    return error_unsupported(command->error, "%s is not supported where table \"%s\" has rows", what, rows->cells[0].text);
}

/* Only what gives the column one value in all rows that are there: NULL or its default. */
static bool adds_one_value(const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__ColumnDef *column = cmd->def->column_def;
    bool has_default = false, not_null = false;
    for (size_t i = 0; i < column->n_constraints; i++) {
        PgQuery__ConstrType type = column->constraints[i]->constraint->contype;
        has_default |= type == PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT;
        not_null |= type == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL;
        if (type != PG_QUERY__CONSTR_TYPE__CONSTR_NULL && type != PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT &&
            type != PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL)
            return false;
    }
    if (not_null && !has_default)
        return false;
    const PgQuery__TypeName *type = column->type_name;
    const char *name = type && type->n_names ? type->names[type->n_names - 1]->string->sval : "";
    return !strstr(name, "serial");
}

bool stored_rows_fill(Command *command, Oid relation, int number, const Node *node)
{
    const CatRelation *table = catalog_relation(command->catalog, relation);
    if (!table->stored_node)
        return true;
    const CatColumn *column = &table->columns[number - 1];
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    const Expr *expr = sql_analyze_expr(node, NULL, column->type, column->typmod, &context, command->arena, command->error);
    while (expr && expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    if (!expr)
        return false;
    if (expr->kind != EXPR_CONST)
        return stored_rows_refuse(command, relation, "ADD COLUMN with a default that is no constant");
    if (!expr->u.value)
        return !column->not_null || error_set(command->error, ERRCODE_NOT_NULL_VIOLATION,
                                              "column \"%s\" of relation \"%s\" contains null values", column->name, table->name);
    Str text;
    str_init(&text, command->arena);
    ArrayElement element = {expr->u.value, strlen(expr->u.value)};
    type_array_write(&element, 1, &text);
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET atthasmissing = 1, attmissingval = ?3 WHERE attrelid = ?1 AND attnum = ?2", "ois",
                        relation, (int64_t)number, text.data);
}

bool stored_rows_allow(Command *command, const Alter *alter, const AlterAction *action, const PgQuery__AlterTableCmd *cmd)
{
    switch (cmd->subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
        return adds_one_value(cmd) || stored_rows_refuse(command, alter->relation, "ADD COLUMN with a constraint");
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
        return cmd->def->constraint->skip_validation || stored_rows_refuse(command, alter->relation, action->name);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
        return stored_rows_refuse(command, alter->relation, action->name);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition: {
        const PgQuery__RangeVar *range = cmd->def->partition_cmd->name;
        const CatRelation *partition = catalog_relation_by_name(command->catalog, text_given(range->schemaname), range->relname);
        return !partition || stored_rows_refuse(command, partition->oid, action->name);
    }
    default:
        return true;
    }
}
