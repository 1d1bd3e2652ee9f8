/*
 * row_lock.c - SELECT FOR UPDATE and its like over tables of Medley's own.
 *
 * Invariants:
 *  1. There is one writer: who holds the catalog's has all rows of all local tables locked until the transaction ends, and nobody a single
 *     one of them. So a lock, of whatever strength, is the writer.
 *  2. It is taken before the statement is planned: what is read is what then is locked.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "catalog/writer.h"
#include "session/row_lock.h"

typedef struct LockSearch {
    const RowLock *here; /* of a table of Medley's own */
    const Rte *table;
} LockSearch;

static const Rte *stored_table(const Rte *rte)
{
    if (rte->kind == RTE_RELATION)
        return rte->relation->kind != 'f' && !rte->relation->is_system ? rte : NULL;
    const Rte *found = NULL;
    for (int i = 0; rte->kind == RTE_SUBQUERY && !found && i < rte->query->nrtes; i++)
        found = rte->query->rtes[i]->in_from ? stored_table(rte->query->rtes[i]) : NULL;
    return found;
}

static bool find_locks(const Query *query, void *arg)
{
    LockSearch *search = arg;
    for (int i = 0; i < query->nlocks; i++) {
        const Rte *table = stored_table(query->rtes[query->locks[i].rte]);
        if (table && !search->here) {
            search->here = &query->locks[i];
            search->table = table;
        }
    }
    return query_walk_queries(query, find_locks, arg);
}

/* Rows that others have locked are left out: all of them, where there is one writer. */
static void leave_out_all(Query *query, Arena *arena)
{
    query->limit = expr_const(arena, TYPE_INT8, -1, "0");
    query->offset = NULL;
    query->with_ties = query->for_update = false;
    query->nlocks = 0;
}

bool row_lock(Session *session, Query *query, Arena *arena, bool *taken, Error *error)
{
    enum { BLOCK = 1, SKIP, NOWAIT }; /* the parser's */
    LockSearch search = {0};
    find_locks(query, &search);
    *taken = false;
    if (!search.here || catalog_is_writing(session->catalog))
        return true;
    bool waits = search.here->wait == BLOCK || (search.here->wait == SKIP && !query->nlocks);
    *taken = waits || catalog_write_is_free(session->catalog);
    if (*taken)
        return catalog_write_begin(session->catalog, error);
    if (search.here->wait == NOWAIT)
        return error_set(error, ERRCODE_LOCK_NOT_AVAILABLE, "could not obtain lock on row in relation \"%s\"",
                         search.table->relation->name);
    leave_out_all(query, arena);
    return true;
}
