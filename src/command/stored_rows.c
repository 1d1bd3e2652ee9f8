/*
 * stored_rows.c - rows that are there already, where a statement changes what their table is.
 *
 * What it newly asks of rows is found by comparing the rules before and after, and checked at the end. A column that is added has one value
 * in all of them, NULL or a constant default, which is kept in pg_attribute.attmissingval until the next write.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"

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
    if (expr->kind != EXPR_CONST || !expr->u.value)
        return true; /* the rows are rewritten, or have NULL */
    Str text;
    str_init(&text, command->arena);
    ArrayElement element = {expr->u.value, strlen(expr->u.value)};
    type_array_write(&element, 1, &text);
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET atthasmissing = 1, attmissingval = ?3 WHERE attrelid = ?1 AND attnum = ?2", "ois",
                        relation, (int64_t)number, text.data);
}

/* ---- what a change newly asks of rows ---- */

#define TREE                                                                                                                               \
    "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid),"                     \
    " stored(relid, kind, bound) AS (SELECT relid, relispartition, relpartbound FROM tree JOIN medley_stored s ON s.relation = relid"      \
    " JOIN pg_class c ON c.oid = relid WHERE relkind IN ('r', 'm')),"                                                                      \
    " defaults(relid, name) AS (SELECT partdefid, relname FROM pg_partitioned_table JOIN pg_class ON oid = partdefid WHERE partrelid = ?1" \
    " UNION SELECT inhrelid, name FROM pg_inherits JOIN defaults ON inhparent = relid)"

/* Of all tables below that have rows: indexes that can fail, NOT NULL, CHECKs, foreign keys, bounds. One row a rule: its kind, the table, a
 * number, two texts (of a bound the second one is the name of the default partition that the table is, or is below of). Sorted by number,
 * the rules of a table come in the order in which they are asked. */
static const char RULES[] = TREE " SELECT 'u', relid, indexrelid, '', '' FROM stored JOIN pg_index ON indrelid = relid WHERE indisunique"
                                 " OR indexprs IS NOT NULL OR indpred IS NOT NULL"
                                 " UNION ALL SELECT 'n', relid, attnum, '', '' FROM stored JOIN pg_attribute ON attrelid = relid"
                                 " WHERE attnotnull AND attnum > 0 AND NOT attisdropped"
                                 " UNION ALL SELECT 'c', relid, oid, conname, conbin FROM stored JOIN pg_constraint ON conrelid = relid"
                                 " WHERE contype = 'c' AND convalidated"
                                 " UNION ALL SELECT 'f', conrelid, oid, conname, '' FROM pg_constraint c WHERE (conrelid IN (SELECT relid"
                                 " FROM stored) OR confrelid IN (SELECT relid FROM tree)) AND contype = 'f' AND convalidated"
                                 " AND NOT EXISTS (SELECT 1 FROM pg_constraint q WHERE q.oid = c.conparentid AND q.conrelid = c.conrelid)"
                                 " UNION ALL SELECT 'p', relid, 4294967296, bound, coalesce((SELECT name FROM defaults d WHERE d.relid ="
                                 " stored.relid), '') FROM stored WHERE kind ORDER BY 3";

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

/* The order in which PostgreSQL looks at tables: by bound where a partition came, else by OID. */
static bool list_tables(Command *command, Oid relation, bool by_bound, OidList *out)
{
    Oid *below;
    size_t count;
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i] == relation)
            return true; /* by way of another parent */
    vec_push(command->arena, out, relation);
    if (!(by_bound ? inherit_partitions : inherit_children)(command, relation, &below, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!list_tables(command, below[i], by_bound, out))
            return false;
    return true;
}

/* New indexes are made before rows are looked at; keys of rows that were written anew are looked at when all else is known to hold, and
 * those that refer to others at the end. */
typedef enum Phase { PHASE_NEW_KEYS, PHASE_ROWS, PHASE_KEYS, PHASE_REFERENCES, PHASE_COUNT } Phase;

typedef struct Verification {
    Command *command;
    const StoredRules *before, *after;
    const Rewrite *rewrite;
    bool tree_changed;
} Verification;

/* was: it was there before; then it asks no more of rows than it did, but where a default partition takes fewer. */
static bool verify(const Verification *all, const CatalogCell *rule, bool was)
{
    Command *command = all->command;
    const WriteContext *write = command->context->write;
    Oid relation = (Oid)rule[1].i;
    bool in_default = rule[0].text[0] == 'p' && rule[4].text[0];
    if (was && !(in_default && all->tree_changed))
        return true;
    switch (rule[0].text[0]) {
    case 'u':
        return write_verify_index(write, relation, (Oid)rule[2].i, command->arena, command->error);
    case 'n':
        return write_verify_not_null(write, relation, (int)rule[2].i, command->arena, command->error);
    case 'f':
        return write_verify_foreign_key(write, (Oid)rule[2].i, command->arena, command->error);
    case 'c':
        return write_verify_check(write, relation, rule[3].text, rule[4].text, command->arena, command->error);
    default: /* CREATE names the default partition, ALTER the table that has the row */
        return write_verify_bound(write, relation,
                                  !was           ? NULL
                                  : all->rewrite ? catalog_relation(command->catalog, relation)->name
                                                 : rule[4].text,
                                  command->arena, command->error);
    }
}

/* Of rows that were written anew indexes are made, and NOT NULL is looked at; other rules where they are about a column whose type changed.
 */
static bool is_asked_again(const Verification *all, const CatalogCell *rule, bool anew)
{
    return (anew && strchr("un", rule[0].text[0])) ||
           (all->rewrite && strchr("ucf", rule[0].text[0]) && rebuild_has(&all->rewrite->rebuild, (Oid)rule[2].i));
}

/* table OID_NONE: of all. */
static bool verify_phase(const Verification *all, Phase phase, Oid table)
{
    for (size_t i = 0; i < all->after->rows->nrows; i++) {
        const CatalogCell *rule = &CATALOG_CELL(all->after->rows, i, 0);
        char kind = rule[0].text[0];
        Oid relation = (Oid)rule[1].i;
        bool anew = all->rewrite && rewrite_is_of(all->rewrite, relation);
        Phase own = kind == 'u' ? (anew ? PHASE_KEYS : PHASE_NEW_KEYS) : kind == 'f' ? PHASE_REFERENCES : PHASE_ROWS;
        if (own == phase && (table == OID_NONE || relation == table) &&
            !verify(all, rule, was_there(all->before, rule) && !is_asked_again(all, rule, anew)))
            return false;
    }
    return true;
}

bool stored_rows_verify(Command *command, const StoredRules *before, const Rewrite *rewrite, bool tree_changed)
{
    StoredRules after;
    OidList tables = {0};
    Verification all = {command, before, &after, rewrite, tree_changed};
    if (!stored_rows_rules(command, before->relation, &after) || !verify_phase(&all, PHASE_NEW_KEYS, OID_NONE) ||
        (after.rows->nrows && !list_tables(command, before->relation, tree_changed, &tables)))
        return false;
    for (size_t i = 0; i < tables.count; i++)
        if (!verify_phase(&all, PHASE_ROWS, tables.items[i]))
            return false;
    return verify_phase(&all, PHASE_KEYS, OID_NONE) && verify_phase(&all, PHASE_REFERENCES, OID_NONE);
}
