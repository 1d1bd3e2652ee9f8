/*
 * stored_rows.c - rows that are there already, where a statement changes what their table is.
 *
 * What it newly asks of rows is found by comparing the rules before and after, and checked at the end. What would rewrite them is refused
 * where a table has rows. A column that is added has one value in all of them, NULL or a constant default, which is kept in
 * pg_attribute.attmissingval until the next write.
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
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
        return stored_rows_refuse(command, alter->relation, action->name);
    default:
        return true;
    }
}

/* ---- what a change newly asks of rows ---- */

#define TREE                                                                                                                               \
    "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid),"                     \
    " stored(relid, kind, bound) AS (SELECT relid, relispartition, relpartbound FROM tree JOIN medley_stored s ON s.relation = relid"      \
    " JOIN pg_class c ON c.oid = relid WHERE relkind = 'r')"

/* Of all tables below that have rows: uniqueness, NOT NULL, CHECKs, bounds. One row a rule: its kind, the table, a number, two texts. */
static const char RULES[] = TREE " SELECT 'u', relid, indexrelid, '', '' FROM stored JOIN pg_index ON indrelid = relid WHERE indisunique"
                                 " UNION ALL SELECT 'n', relid, attnum, '', '' FROM stored JOIN pg_attribute ON attrelid = relid"
                                 " WHERE attnotnull AND attnum > 0 AND NOT attisdropped"
                                 " UNION ALL SELECT 'c', relid, oid, conname, conbin FROM stored JOIN pg_constraint ON conrelid = relid"
                                 " WHERE contype = 'c' AND convalidated"
                                 " UNION ALL SELECT 'p', relid, 0, bound, '' FROM stored WHERE kind";

bool stored_rows_rules(Command *command, Oid relation, StoredRules *out)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, RULES, "o", relation);
    *out = (StoredRules){rows, relation};
    return rows != NULL;
}

static bool same_rule(const CatalogCell *a, const CatalogCell *b)
{
    return a[0].text[0] == b[0].text[0] && a[1].i == b[1].i && a[2].i == b[2].i;
}

static bool was_there(const StoredRules *before, const CatalogCell *rule)
{
    for (size_t i = 0; i < before->rows->nrows; i++)
        if (same_rule(&CATALOG_CELL(before->rows, i, 0), rule))
            return true;
    return false;
}

static bool verify(Command *command, const CatalogCell *rule, bool was, bool tree_changed)
{
    const WriteContext *write = command->context->write;
    Oid relation = (Oid)rule[1].i;
    bool is_default = rule[0].text[0] == 'p' && strcmp(rule[3].text, "DEFAULT") == 0;
    if (was && !(is_default && tree_changed))
        return true;
    switch (rule[0].text[0]) {
    case 'u':
        return write_verify_unique(write, relation, (Oid)rule[2].i, command->arena, command->error);
    case 'n':
        return write_verify_not_null(write, relation, (int)rule[2].i, command->arena, command->error);
    case 'c':
        return write_verify_check(write, relation, rule[3].text, rule[4].text, command->arena, command->error);
    default:
        return write_verify_bound(write, relation, was && is_default, command->arena, command->error);
    }
}

bool stored_rows_verify(Command *command, const StoredRules *before, bool tree_changed)
{
    StoredRules after;
    if (!stored_rows_rules(command, before->relation, &after))
        return false;
    for (size_t i = 0; i < after.rows->nrows; i++) {
        const CatalogCell *rule = &CATALOG_CELL(after.rows, i, 0);
        if (!verify(command, rule, was_there(before, rule), tree_changed))
            return false;
    }
    return true;
}
