/*
 * stored_rows.c - what ALTER TABLE, ATTACH and CREATE UNIQUE INDEX would have to check, or rewrite, in rows that are there already: that is
 * refused where a table has rows. A column that is added without a default is NULL in them, which needs nothing.
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

/* Only what leaves the column NULL in the rows that are there. */
static bool adds_null(const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__ColumnDef *column = cmd->def->column_def;
    for (size_t i = 0; i < column->n_constraints; i++)
        if (column->constraints[i]->constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_NULL)
            return false;
    const PgQuery__TypeName *type = column->type_name;
    const char *name = type && type->n_names ? type->names[type->n_names - 1]->string->sval : "";
    return !strstr(name, "serial");
}

bool stored_rows_allow(Command *command, const Alter *alter, const AlterAction *action, const PgQuery__AlterTableCmd *cmd)
{
    switch (cmd->subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
        return adds_null(cmd) || stored_rows_refuse(command, alter->relation, "ADD COLUMN with a default or a constraint");
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
