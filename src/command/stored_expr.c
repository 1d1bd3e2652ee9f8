/*
 * stored_expr.c - the expressions stored with a relation (generation expressions, CHECKs, triggers' WHEN), written anew when one of
 * its columns gets another name: what is stored is text.
 *
 * Invariant: they are read while the old name still holds, and written when the new one does.
 *
 * Entered by the session's worker only.
 */
#include "command/table_internal.h"

/* Those that mention a column (?1 the relation, ?2 the column): each with its text and its type. */
static const struct {
    ExprUse use;
    const char *read, *write;
} KINDS[] = {
    {EXPR_USE_GENERATED,
     "SELECT e.oid, e.adbin, atttypid, atttypmod FROM pg_attrdef e JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum = adnum"
     " WHERE adrelid = ?1 AND attgenerated <> '' AND EXISTS (SELECT 1 FROM pg_depend WHERE classid = 2604 AND objid = e.oid"
     " AND refclassid = 1259 AND refobjid = ?1 AND refobjsubid = ?2)",
     "UPDATE pg_attrdef SET adbin = ?2 WHERE oid = ?1"},
    {EXPR_USE_CHECK,
     "SELECT oid, conbin, 16, -1 FROM pg_constraint WHERE conrelid = ?1 AND contype = 'c'"
     " AND instr(replace(replace(conkey, '{', ','), '}', ','), ',' || ?2 || ',')",
     "UPDATE pg_constraint SET conbin = ?2 WHERE oid = ?1"},
    {EXPR_USE_WHEN,
     "SELECT oid, tgqual, 16, -1 FROM pg_trigger t WHERE tgrelid = ?1 AND tgqual IS NOT NULL AND EXISTS (SELECT 1 FROM pg_depend"
     " WHERE classid = 2620 AND objid = t.oid AND refclassid = 1259 AND refobjid = ?1 AND refobjsubid = ?2)",
     "UPDATE pg_trigger SET tgqual = ?2 WHERE oid = ?1"},
};

const Node *stored_expr_parse(Command *command, const char *text)
{
    ParsedText parsed;
    if (!sql_parse(arena_printf(command->arena, "SELECT %s", text), command->arena, &parsed, command->error))
        return NULL;
    return parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
}

static bool read_kind(Command *command, Oid oid, int column, size_t kind, StoredExprs *out)
{
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = ""};
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, KINDS[kind].read, "oi", oid, (int64_t)column);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const Node *node = stored_expr_parse(command, CATALOG_CELL(rows, i, 1).text);
        const CatRelation *relation = catalog_relation(command->catalog, oid);
        StoredExpr stored = {kind, (Oid)CATALOG_CELL(rows, i, 0).i, NULL};
        if (node)
            stored.expr = sql_analyze_stored(node, KINDS[kind].use, relation, (Oid)CATALOG_CELL(rows, i, 2).i,
                                             (int32_t)CATALOG_CELL(rows, i, 3).i, &context, command->arena, command->error);
        if (!stored.expr)
            return false;
        vec_push(command->arena, out, stored);
    }
    return rows != NULL;
}

bool stored_exprs_read(Command *command, Oid relation, int column, StoredExprs *out)
{
    *out = (StoredExprs){0};
    for (size_t kind = 0; kind < COUNT_OF(KINDS); kind++)
        if (!read_kind(command, relation, column, kind, out))
            return false;
    return true;
}

bool stored_exprs_write(Command *command, Oid oid, const StoredExprs *exprs)
{
    for (size_t i = 0; i < exprs->count; i++) {
        const StoredExpr *stored = &exprs->items[i];
        const CatRelation *relation = catalog_relation(command->catalog, oid);
        const char *text = KINDS[stored->kind].use == EXPR_USE_WHEN ? expr_text_when(command, stored->expr, relation)
                                                                    : expr_text(command, stored->expr, relation);
        if (!catalog_exec(command->catalog, command->error, NULL, KINDS[stored->kind].write, "os", stored->oid, text))
            return false;
    }
    return true;
}
