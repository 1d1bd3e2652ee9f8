/*
 * passing.c - the nodes that the rows of a write go to: a table's own, in the file of rows, or, for those that pass through a foreign
 * table, or through a partitioned one where all partitions are foreign, one in memory that nobody else sees.
 *
 * Invariants:
 *  1. Each write has its own nodes for rows that pass, even where a trigger's statement writes to the same table meanwhile.
 *  2. They are there as long as the statement's arena: what RETURNING gives is read from them.
 * Entered by the session's worker only.
 */
#include "write/internal.h"

typedef struct Owned {
    Engine *engine;
    Catalog *catalog;
    int64_t node;
} Owned;

static void drop(void *arg)
{
    const Owned *owned = arg;
    catalog_passing_remove(owned->catalog, owned->node);
    exec_passing_drop(owned->engine, owned->node);
}

bool passing_prepare(Write *write, Oid oid, int64_t *node)
{
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    Engine *engine = write->context->engine;
    if (relation->kind != 'f' && !write->passes)
        return exec_store_prepare(engine, write->catalog, oid, node, write->error);
    *node = catalog_passing_node(write->catalog, oid, write->number);
    if (*node)
        return true;
    if (!exec_passing_make(engine, relation, node, write->error))
        return false;
    Owned *owned = ARENA_NEW(write->lasting, Owned);
    *owned = (Owned){engine, write->catalog, *node};
    catalog_passing_add(write->catalog, oid, write->number, *node);
    arena_defer(write->lasting, drop, owned);
    return true;
}

void passing_renumber(Write *write, Oid relation, int64_t staged)
{
    int64_t node = catalog_passing_node(write->catalog, relation, staged);
    if (node)
        catalog_passing_add(write->catalog, relation, write->number, node);
}
