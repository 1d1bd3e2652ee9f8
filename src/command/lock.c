/*
 * lock.c - LOCK TABLE.
 *
 * Invariants:
 *  1. There is one writer, and it has all tables: who holds the catalog's has every lock that is stronger than ACCESS SHARE, on whatever
 *     was named, until the transaction ends; so nobody else writes, or locks anything.
 *  2. Nothing keeps readers out, ACCESS EXCLUSIVE neither: a reader works on a snapshot, which nobody's DDL waits for or takes away. So for
 *     ACCESS SHARE, the mode of those who read, nothing is held.
 *  3. A lock on a view is one on what it reads, as its owner, or as the user who asks where the view's privileges are the invoker's.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "catalog/writer.h"
#include "command/command_internal.h"

typedef struct Lock {
    Command *command;
    const PgQuery__LockStmt *statement;
} Lock;

typedef enum LockMode { ACCESS_SHARE = 1, ROW_EXCLUSIVE = 3 } LockMode; /* the parser's, of eight */

static bool check_privilege(const Lock *lock, Oid relation, Oid user)
{
    enum { CHANGES = ACL_UPDATE | ACL_DELETE | ACL_TRUNCATE };
    Command *command = lock->command;
    AclMask any = lock->statement->mode == ACCESS_SHARE    ? ACL_SELECT
                  : lock->statement->mode == ROW_EXCLUSIVE ? ACL_INSERT | CHANGES
                                                           : CHANGES;
    return catalog_privileges(command->catalog, PG_CLASS_RELATION, relation, 0, user, any) ||
           catalog_denied(command->catalog, PG_CLASS_RELATION, relation, false, command->error);
}

static bool check_view(const Lock *lock, Oid view, Oid user)
{
    static const char SQL[] = "SELECT DISTINCT c.oid, c.relkind FROM pg_rewrite r JOIN pg_depend d ON d.classid = 2618 AND d.objid = r.oid"
                              " AND d.refclassid = 1259 AND d.refobjid <> r.ev_class JOIN pg_class c ON c.oid = d.refobjid"
                              " WHERE r.ev_class = ?1 AND c.relkind IN ('r', 'p', 'v') ORDER BY c.oid";
    Command *command = lock->command;
    const CatRelation *relation = catalog_relation(command->catalog, view);
    Oid reader = relation->security_invoker ? user : relation->owner;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", view);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Oid below = (Oid)CATALOG_CELL(rows, i, 0).i;
        bool is_view = CATALOG_CELL(rows, i, 1).text[0] == 'v';
        if (!check_privilege(lock, below, reader) || (is_view && !check_view(lock, below, reader)))
            return false;
    }
    return rows != NULL;
}

static bool check(const Lock *lock, const CatRelation *relation)
{
    Command *command = lock->command;
    if (!strchr("rpv", relation->kind)) {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot lock relation \"%s\"", relation->name);
        return error_detail(command->error, "This operation is not supported for %s.", relation_kind_words(command->arena, relation->kind));
    }
    Oid oid = relation->oid;
    bool is_view = relation->kind == 'v';
    return check_privilege(lock, oid, command->user) && (!is_view || check_view(lock, oid, command->user));
}

static bool take(const Lock *lock, const char *name)
{
    Command *command = lock->command;
    if (lock->statement->mode == ACCESS_SHARE || catalog_is_writing(command->catalog))
        return true;
    if (lock->statement->nowait && !catalog_write_is_free(command->catalog))
        return error_set(command->error, ERRCODE_LOCK_NOT_AVAILABLE, "could not obtain lock on relation \"%s\"", name);
    return catalog_write_begin(command->catalog, command->error);
}

bool table_lock(Command *command)
{
    Lock lock = {.command = command, .statement = command->node->lock_stmt};
    if (!command->context->in_transaction)
        return error_set(command->error, ERRCODE_NO_ACTIVE_SQL_TRANSACTION, "LOCK TABLE can only be used in transaction blocks");
    for (size_t i = 0; i < lock.statement->n_relations; i++) {
        PgQuery__RangeVar range = *lock.statement->relations[i]->range_var;
        const CatRelation *relation;
        range.location = -1; /* its errors have no position */
        if (!relation_find(command, &range, false, &relation))
            return false;
        const char *name = arena_strdup(command->arena, relation->name);
        if (!check(&lock, relation) || !take(&lock, name))
            return false;
    }
    return true;
}
