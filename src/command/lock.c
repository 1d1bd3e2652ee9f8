/*
 * lock.c - LOCK TABLE, of which only ACCESS SHARE is supported: the mode of those who read.
 *
 * Invariants:
 *  1. Nothing is held: a reader here works on snapshots, which nobody's DDL waits for or takes away; so the weakest mode, which keeps
 *     out nothing but DROP and ALTER while a transaction reads (pg_dump), is checked as PostgreSQL checks it and needs no more.
 *
 * Entered by the session's worker only.
 */
#include "command/command_internal.h"

static bool refuse_kind(Command *command, const CatRelation *relation)
{
    static const struct {
        char kind;
        const char *words;
    } KINDS[] = {{'S', "sequences"}, {'i', "indexes"}, {'I', "indexes"}, {'f', "foreign tables"}, {'c', "composite types"}};
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (KINDS[i].kind == relation->kind) {
            error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot lock relation \"%s\"", relation->name);
            return error_detail(command->error, "This operation is not supported for %s.", KINDS[i].words);
        }
    return true;
}

bool table_lock(Command *command)
{
    enum { ACCESS_SHARE = 1 };
    const PgQuery__LockStmt *statement = command->node->lock_stmt;
    if (!command->context->in_transaction)
        return error_set(command->error, ERRCODE_NO_ACTIVE_SQL_TRANSACTION, "LOCK TABLE can only be used in transaction blocks");
    if (statement->mode != ACCESS_SHARE)
        return error_unsupported(command->error, "LOCK TABLE in another mode than ACCESS SHARE is not supported");
    for (size_t i = 0; i < statement->n_relations; i++) {
        PgQuery__RangeVar range = *statement->relations[i]->range_var;
        const CatRelation *relation;
        range.location = -1; /* its errors have no position */
        if (!relation_find(command, &range, false, &relation) || !refuse_kind(command, relation) ||
            !require_privilege(command, PG_CLASS_RELATION, relation->oid, ACL_SELECT))
            return false;
    }
    return true;
}
