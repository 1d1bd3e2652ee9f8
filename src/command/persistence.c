/*
 * persistence.c - SET LOGGED and SET UNLOGGED of tables, with their indexes and sequences, and of sequences. Unlogged rows are kept like
 * all others, also over a crash, which PostgreSQL does not promise; what it refuses is refused.
 *
 * Entered by the session's worker only.
 */
#include "command/alter_internal.h"

static bool is_change(const PgQuery__AlterTableCmd *cmd, char now)
{
    return cmd->subtype == (now == 'p' ? PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged : PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged);
}

static bool check_once(Command *command, const PgQuery__AlterTableCmd *cmd, char now)
{
    const PgQuery__AlterTableStmt *statement = command->node->alter_table_stmt;
    for (size_t i = 0; i < statement->n_cmds && statement->cmds[i]->alter_table_cmd != cmd; i++)
        if (is_change(statement->cmds[i]->alter_table_cmd, now))
            return error_unsupported(command->error, "cannot change persistence setting twice");
    return true;
}

/* What the error is about. */
static bool name_table(Command *command, const Alter *alter, const char *constraint)
{
    Error *error = command->error;
    error->schema = arena_strdup(error->arena, catalog_relation(command->catalog, alter->relation)->schema);
    error->table = arena_strdup(error->arena, alter->name);
    error->constraint = constraint ? arena_strdup(error->arena, constraint) : NULL;
    return false;
}

/* A logged table does not refer to an unlogged one. */
static bool check_keys(Command *command, const Alter *alter, bool logged)
{
    const char *other = logged ? "confrelid" : "conrelid", *own = logged ? "conrelid" : "confrelid";
    const char *sql =
        arena_printf(command->arena,
                     "SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.%s WHERE k.contype = 'f' AND k.%s = ?1"
                     " AND k.%s <> ?1 AND (c.relpersistence = 'p') = ?2 ORDER BY k.conname",
                     other, own, other);
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, sql, "ob", alter->relation, !logged);
    if (!rows || !rows->nrows)
        return rows != NULL;
    error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION,
              logged ? "could not change table \"%s\" to logged because it references unlogged table \"%s\""
                     : "could not change table \"%s\" to unlogged because it references logged table \"%s\"",
              alter->name, rows->cells[0].text);
    return name_table(command, alter, rows->cells[1].text);
}

bool alter_prepare_persistence(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    bool logged = cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT relpersistence FROM pg_class WHERE oid = ?1", "o", alter->relation);
    if (!rows || !check_once(command, cmd, rows->cells[0].text[0]))
        return false;
    char now = rows->cells[0].text[0];
    if (now == 't') {
        error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "cannot change logged status of table \"%s\" because it is temporary",
                  alter->name);
        return name_table(command, alter, NULL);
    }
    return now == (logged ? 'p' : 'u') || check_keys(command, alter, logged);
}

/* A partitioned table, which has no rows, stays as it is. */
bool alter_persistence(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    static const char SQL[] = "UPDATE pg_class SET relpersistence = ?2 WHERE oid = ?1 OR oid IN (SELECT indexrelid FROM pg_index WHERE"
                              " indrelid = ?1) OR (relkind = 'S' AND oid IN (SELECT objid FROM pg_depend WHERE classid = 1259 AND"
                              " refclassid = 1259 AND refobjid = ?1 AND refobjsubid > 0 AND deptype IN ('a', 'i')))";
    bool logged = cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged;
    return alter->kind == 'p' || catalog_exec(command->catalog, command->error, NULL, SQL, "os", alter->relation, logged ? "p" : "u");
}
