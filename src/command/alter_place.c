/*
 * alter_place.c - where a relation lies and how it is replicated: TABLESPACE, SET ACCESS METHOD, REPLICA IDENTITY.
 *
 * Invariant: there is one place (pg_default) and one way to keep rows (heap): naming those changes nothing, naming others is PostgreSQL's
 * error. A replica identity is kept for pg_dump to find; nothing is replicated.
 *
 * Entered by the session's worker only.
 */
#include "command/alter_internal.h"

bool tablespace_check(Command *command, const char *name)
{
    Oid oid;
    return object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE), name, false, &oid) &&
           (!str_eq(name, "pg_global") ||
            error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "only shared relations can be placed in pg_global tablespace"));
}

bool alter_tablespace(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return tablespace_check(command, cmd->name);
}

bool alter_access_method(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Oid oid;
    if (alter->kind == 'p')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot change access method of a partitioned table");
    return object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_ACCESS_METHOD), cmd->name, false, &oid) &&
           (str_eq(cmd->name, "heap") ||
            error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "access method \"%s\" is not of type TABLE", cmd->name));
}

bool alter_replica_identity(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__ReplicaIdentityStmt *identity = cmd->def->replica_identity_stmt;
    int64_t found;
    const char *index = text_given(identity->name);
    if (index) {
        if (!query_integer(command, &found, OID_NONE,
                           "SELECT indexrelid FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = ?1 AND relname = ?2", "os",
                           alter->relation, index))
            return false;
        return found ? error_unsupported(command->error, "ALTER TABLE ... REPLICA IDENTITY USING INDEX is not supported")
                     : error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "index \"%s\" for table \"%s\" does not exist", index,
                                 alter->name);
    }
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relreplident = ?2 WHERE oid = ?1", "os",
                        alter->relation, identity->identity_type);
}
