/*
 * alter_rebuild.c - what depends on columns whose types an ALTER TABLE changes, and is made again of the same words afterwards: indexes,
 * CHECKs, foreign keys of and to them.
 *
 * Invariants:
 *  1. The words are taken before any type changes, as names are seen now: an error says of them what PostgreSQL says.
 *  2. An index keeps its OID and what is not about its columns. One of a partition that belongs to its parent's is PostgreSQL's new one: it
 * has a name of PostgreSQL's choice, and the parent's comment.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"
#include "command/index_internal.h"

/* ---- before ---- */

#define CHANGED                                                                                                                            \
    "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid),"                     \
    " changed(relid, number, place) AS (SELECT relid, attnum, instr(?2, char(1) || attname || char(1)) FROM tree JOIN pg_attribute"        \
    " ON attrelid = relid WHERE attnum > 0 AND NOT attisdropped AND instr(?2, char(1) || attname || char(1)))"

/* In the order of the columns that the statement names. */
static const char INDEXES[] =
    CHANGED " SELECT indexrelid, indrelid, k.oid, relispartition FROM changed JOIN pg_depend ON refclassid = 1259 AND refobjid = relid"
            " AND refobjsubid = number JOIN pg_index ON (classid = 1259 AND objid = indexrelid) OR (classid = 2606 AND EXISTS (SELECT 1"
            " FROM pg_constraint k WHERE k.oid = objid AND conindid = indexrelid AND k.contype IN ('p', 'u')))"
            " JOIN pg_class c ON c.oid = indexrelid LEFT JOIN pg_constraint k ON k.conindid = indexrelid AND k.contype IN ('p', 'u')"
            " GROUP BY indexrelid ORDER BY indrelid <> ?1, min(place), indexrelid";

static const char CONSTRAINTS[] =
    CHANGED " SELECT oid, contype, conrelid FROM pg_constraint JOIN changed ON (relid = conrelid AND number IN (SELECT value"
            " FROM json_each('[' || trim(conkey, '{}') || ']'))) OR (relid = confrelid AND number IN (SELECT value"
            " FROM json_each('[' || trim(confkey, '{}') || ']'))) WHERE contype IN ('c', 'f') GROUP BY oid ORDER BY min(place), oid";

static const char *changed_names(Command *command, const PgQuery__AlterTableStmt *statement)
{
    Str names;
    str_init(&names, command->arena);
    for (size_t i = 0; i < statement->n_cmds; i++) {
        const PgQuery__AlterTableCmd *cmd = statement->cmds[i]->alter_table_cmd;
        if (cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType)
            str_addf(&names, "\1%s\1", cmd->name);
    }
    return names.len ? names.data : NULL;
}

/* A text that SQL gives, parsed. */
static const Node *words_of(Command *command, const char *sql)
{
    const char **cells = NULL;
    ParsedText parsed;
    if (!command->context->query_row(command->context->arg, sql, command->arena, &cells, command->error) ||
        !sql_parse(cells[0], command->arena, &parsed, command->error))
        return NULL;
    return parsed.items[0].node;
}

static bool note_index(Rebuild *rebuild, const CatalogCell *cells)
{
    Command *command = rebuild->command;
    RebuiltIndex index = {.oid = (Oid)cells[0].i, .table = (Oid)cells[1].i, .constraint = (Oid)cells[2].i, .is_part = cells[3].i};
    const Node *node = words_of(command, arena_printf(command->arena, "SELECT pg_catalog.pg_get_indexdef(%u)", index.oid));
    if (!node)
        return false;
    index.statement = node->index_stmt;
    vec_push(command->arena, &rebuild->indexes, index);
    return true;
}

static bool note_constraint(Rebuild *rebuild, const CatalogCell *cells)
{
    Command *command = rebuild->command;
    RebuiltConstraint constraint = {.oid = (Oid)cells[0].i, .table = (Oid)cells[2].i};
    if (cells[1].text[0] == 'c') {
        const Node *node = words_of(command, arena_printf(command->arena,
                                                          "SELECT 'SELECT ' || pg_catalog.pg_get_expr(conbin, conrelid)"
                                                          " FROM pg_catalog.pg_constraint WHERE oid = %u",
                                                          constraint.oid));
        if (!node)
            return false;
        constraint.check = node->select_stmt->target_list[0]->res_target->val;
    }
    vec_push(command->arena, &rebuild->constraints, constraint);
    return true;
}

bool rebuild_begin(Command *command, const Alter *alter, const PgQuery__AlterTableStmt *statement, Rebuild *rebuild)
{
    const char *names = changed_names(command, statement);
    *rebuild = (Rebuild){.command = command};
    if (!names)
        return true;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, INDEXES, "os", alter->relation, names);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!note_index(rebuild, &CATALOG_CELL(rows, i, 0)))
            return false;
    rows = rows ? catalog_query(command->catalog, command->arena, command->error, CONSTRAINTS, "os", alter->relation, names) : NULL;
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!note_constraint(rebuild, &CATALOG_CELL(rows, i, 0)))
            return false;
    return rows != NULL;
}

/* ---- after ---- */

static bool check_index(Command *command, const RebuiltIndex *index)
{
    return index_check_exprs(command, catalog_relation(command->catalog, index->table), index->statement);
}

static bool remake_index(Command *command, RebuiltIndex *index)
{
    IndexDef old;
    index->def = ARENA_NEW(command->arena, IndexDef);
    if (!index_define(command, index->table, index->statement, index->def) || !index_read(command, index->oid, index->table, &old))
        return false;
    index->def->constraint = old.constraint;
    index->def->primary = old.primary;
    return index_remake(command, index->table, index->oid, index->def);
}

/* Invariant 2. No name of an old one is taken any more. */
static bool forget_name(Command *command, const RebuiltIndex *index)
{
    const char *none = arena_printf(command->arena, "%u", index->oid);
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relname = ?2 WHERE oid = ?1", "os", index->oid,
                        none) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_constraint SET conname = ?2 WHERE oid = ?1", "os",
                        index->constraint, none) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_index SET indisclustered = 0, indisreplident = 0 WHERE indexrelid = ?1", "o", index->oid) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_description WHERE (classoid = 1259 AND objoid = ?1) OR (classoid = 2606 AND objoid = ?2)", "oo",
                        index->oid, index->constraint);
}

static bool choose_name(Command *command, const RebuiltIndex *index)
{
    const char *name;
    return index_choose_name(command, catalog_relation(command->catalog, index->table), index->def, &name) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relname = ?2 WHERE oid = ?1", "os", index->oid,
                        name) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_constraint SET conname = ?2 WHERE oid = ?1", "os",
                        index->constraint, name) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "INSERT INTO pg_description SELECT ?1, classoid, objsubid, description FROM pg_description WHERE classoid = 1259"
                        " AND objsubid = 0 AND objoid = (SELECT inhparent FROM pg_inherits WHERE inhrelid = ?1)",
                        "o", index->oid);
}

static bool remake_check(Command *command, const RebuiltConstraint *constraint)
{
    const char *text = check_text(command, catalog_relation(command->catalog, constraint->table), constraint->check);
    return text && catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_constraint SET conbin = ?2 WHERE oid = ?1", "os",
                                constraint->oid, text);
}

static bool remake_parts(const Rebuild *rebuild)
{
    for (size_t i = 0; i < rebuild->indexes.count; i++)
        if (rebuild->indexes.items[i].is_part && !forget_name(rebuild->command, &rebuild->indexes.items[i]))
            return false;
    for (size_t i = 0; i < rebuild->indexes.count; i++)
        if (rebuild->indexes.items[i].is_part && !choose_name(rebuild->command, &rebuild->indexes.items[i]))
            return false;
    for (size_t i = 0; i < rebuild->indexes.count; i++) {
        const RebuiltIndex *index = &rebuild->indexes.items[i];
        if (!index_complete(rebuild->command, index->table, index->oid, index->constraint))
            return false;
    }
    return true;
}

static bool remake_all(const Rebuild *rebuild)
{
    Command *command = rebuild->command;
    for (size_t i = 0; i < rebuild->indexes.count; i++)
        if (!check_index(command, &rebuild->indexes.items[i]))
            return false;
    for (size_t i = 0; i < rebuild->indexes.count; i++)
        if (!remake_index(command, &rebuild->indexes.items[i]))
            return false;
    if (!remake_parts(rebuild))
        return false;
    for (size_t i = 0; i < rebuild->constraints.count; i++) {
        const RebuiltConstraint *constraint = &rebuild->constraints.items[i];
        if (!(constraint->check ? remake_check(command, constraint) : foreign_key_remake(command, constraint->oid)))
            return false;
    }
    return true;
}

bool rebuild_run(const Rebuild *rebuild)
{
    bool done = remake_all(rebuild);
    if (!done)
        rebuild->command->error->position = 0; /* the words are not the statement's */
    return done;
}

bool rebuild_has(const Rebuild *rebuild, Oid oid)
{
    for (size_t i = 0; i < rebuild->indexes.count; i++)
        if (rebuild->indexes.items[i].oid == oid)
            return true;
    for (size_t i = 0; i < rebuild->constraints.count; i++)
        if (rebuild->constraints.items[i].oid == oid)
            return true;
    return false;
}
