/*
 * truncate.c - TRUNCATE: tables, those below them, their sequences and triggers.
 *
 * A table that is truncated has no node any more: its rows stay where they are for those who still see them, and go when the file of rows
 * is opened next.
 *
 * Entered by the session's worker only.
 */
#include "command/command_internal.h"
#include "write/write.h"

typedef struct Truncation {
    Command *command;
    OidList tables;
} Truncation;

static bool has(const Truncation *truncation, Oid oid)
{
    for (size_t i = 0; i < truncation->tables.count; i++)
        if (truncation->tables.items[i] == oid)
            return true;
    return false;
}

/* What could be truncated is refused when all else has been looked at, as its option is read then. */
static bool check_foreign(Command *command, const CatRelation *relation)
{
    ForeignAllows allows;
    return catalog_check_kind(command->catalog, relation->oid, command->error) &&
           catalog_foreign_allows(command->catalog, relation, NULL, &allows, command->error) &&
           (allows == FOREIGN_ALLOWED || catalog_check_foreign_write(command->catalog, relation, "truncate", OID_NONE, command->error));
}

static bool check_kind(Command *command, const CatRelation *relation)
{
    if (relation->kind == 'f')
        return check_foreign(command, relation);
    if (relation->kind != 'r' && relation->kind != 'p')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a table", relation->name);
    return !relation->is_system ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
}

static bool add(Truncation *truncation, const CatRelation *relation)
{
    Command *command = truncation->command;
    if (!check_kind(command, relation) || !relation_require_unused(command, relation->oid, relation->name, "TRUNCATE"))
        return false;
    vec_push(command->arena, &truncation->tables, relation->oid);
    return true;
}

static bool add_below(Truncation *truncation, Oid oid)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT relid FROM tree WHERE relid <> ?1 ORDER BY relid";
    Command *command = truncation->command;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Oid child = (Oid)CATALOG_CELL(rows, i, 0).i;
        if (!has(truncation, child) && !add(truncation, catalog_relation(command->catalog, child)))
            return false;
    }
    return rows != NULL;
}

static bool add_named(Truncation *truncation, const PgQuery__RangeVar *node)
{
    Command *command = truncation->command;
    PgQuery__RangeVar range = *node;
    const CatRelation *relation;
    range.location = -1; /* its errors have no position */
    if (!relation_find(command, &range, false, &relation) || !check_kind(command, relation) ||
        !require_privilege(command, PG_CLASS_RELATION, relation->oid, ACL_TRUNCATE))
        return false;
    if (has(truncation, relation->oid))
        return true;
    if (!node->inh && relation->kind == 'p') {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot truncate only a partitioned table");
        return error_hint(command->error, "Do not specify the ONLY keyword, or use TRUNCATE ONLY on the partitions directly.");
    }
    Oid oid = relation->oid;
    return add(truncation, relation) && (!node->inh || add_below(truncation, oid));
}

/* Tables that refer to one that is truncated: they are truncated too, or have been named. */
static bool add_referring(Truncation *truncation, bool cascade)
{
    static const char SQL[] = "SELECT DISTINCT conrelid FROM pg_constraint WHERE contype = 'f' AND confrelid = ?1 ORDER BY conrelid";
    Command *command = truncation->command;
    for (size_t i = 0; i < truncation->tables.count; i++) {
        CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", truncation->tables.items[i]);
        for (size_t k = 0; rows && k < rows->nrows; k++) {
            const CatRelation *other = catalog_relation(command->catalog, (Oid)CATALOG_CELL(rows, k, 0).i);
            if (has(truncation, other->oid))
                continue;
            if (!cascade) {
                error_unsupported(command->error, "cannot truncate a table referenced in a foreign key constraint");
                error_detail(command->error, "Table \"%s\" references \"%s\".", other->name,
                             catalog_relation(command->catalog, truncation->tables.items[i])->name);
                return error_hint(command->error, "Truncate table \"%s\" at the same time, or use TRUNCATE ... CASCADE.", other->name);
            }
            notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "truncate cascades to table \"%s\"",
                   other->name);
            if (!require_privilege(command, PG_CLASS_RELATION, other->oid, ACL_TRUNCATE) || !add(truncation, other))
                return false;
        }
        if (!rows)
            return false;
    }
    return true;
}

/* RESTART IDENTITY. */
static bool restart_sequences(Command *command, Oid table)
{
    static const char SQL[] = "SELECT objid FROM pg_depend JOIN pg_class ON oid = objid WHERE classid = 1259 AND refclassid = 1259"
                              " AND refobjid = ?1 AND refobjsubid > 0 AND deptype IN ('a', 'i') AND relkind = 'S' ORDER BY objid";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", table);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatRelation *sequence = catalog_relation(command->catalog, (Oid)CATALOG_CELL(rows, i, 0).i);
        ParsedText parsed;
        const char *name = catalog_qualified(command->catalog, sequence->namespace_oid, sequence->name, command->arena);
        if (!sql_parse(arena_printf(command->arena, "ALTER SEQUENCE %s RESTART", name), command->arena, &parsed, command->error) ||
            !command_run_node(command, parsed.items[0].node))
            return false;
    }
    return rows != NULL;
}

static bool fire(const Truncation *truncation, bool before)
{
    Command *command = truncation->command;
    for (size_t i = 0; i < truncation->tables.count; i++)
        if (!write_fire_truncate(command->context->write, truncation->tables.items[i], before, command->arena, command->error))
            return false;
    return true;
}

static bool check_foreign_tables(const Truncation *truncation)
{
    Command *command = truncation->command;
    for (size_t i = 0; i < truncation->tables.count; i++) {
        const CatRelation *relation = catalog_relation(command->catalog, truncation->tables.items[i]);
        if (relation->kind == 'f' && !catalog_check_foreign_write(command->catalog, relation, "truncate", command->user, command->error))
            return false;
    }
    return true;
}

static bool truncate_foreign(const Truncation *truncation)
{
    Command *command = truncation->command;
    const PgQuery__TruncateStmt *statement = command->node->truncate_stmt;
    const char *how = arena_printf(command->arena, " %s IDENTITY %s", statement->restart_seqs ? "RESTART" : "CONTINUE",
                                   statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? "CASCADE" : "RESTRICT");
    return check_foreign_tables(truncation) &&
           write_truncate_foreign(command->context->write, &truncation->tables, how, command->arena, command->error);
}

/* Of the table and its indexes, as if never analyzed. */
static const char UNKNOWN_SIZE[] = "UPDATE pg_class SET relpages = 0, reltuples = -1.0, relallvisible = 0"
                                   " WHERE oid = ?1 OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = ?1)";

bool table_truncate(Command *command)
{
    const PgQuery__TruncateStmt *statement = command->node->truncate_stmt;
    Truncation truncation = {.command = command};
    for (size_t i = 0; i < statement->n_relations; i++)
        if (!add_named(&truncation, statement->relations[i]->range_var))
            return false;
    if (!add_referring(&truncation, statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE))
        return false;
    for (size_t i = 0; statement->restart_seqs && i < truncation.tables.count; i++)
        if (!restart_sequences(command, truncation.tables.items[i]))
            return false;
    if (!fire(&truncation, true) || !truncate_foreign(&truncation))
        return false;
    for (size_t i = 0; i < truncation.tables.count; i++)
        if (!catalog_exec(command->catalog, command->error, NULL, "DELETE FROM medley_stored WHERE relation = ?1", "o",
                          truncation.tables.items[i]) ||
            !catalog_exec(command->catalog, command->error, NULL, UNKNOWN_SIZE, "o", truncation.tables.items[i]))
            return false;
    return fire(&truncation, false);
}
