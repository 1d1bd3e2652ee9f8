/*
 * insert.c - INSERT: the rows are computed and stored by the local engine in one step, then held to the table's constraints.
 *
 * Invariants:
 *  1. The catalog's writer is held from before the query was analysed to the transaction's end.
 *  2. Rows that a constraint refuses have been stored already: the failure rolls the statement back, and with it the rows.
 *  3. The rows of a partitioned table lie in a node of its own before they are routed, and nobody else sees them there.
 * Entered by the session's worker only.
 */
#include "write/internal.h"

static Plan *plan_rows(Write *write, const Query *query)
{
    PlanContext context = *write->context->plan;
    context.rows_wanted = true;
    return plan_query(query, &context, write->arena, write->error);
}

bool insert_query(Write *write, Query *query, Oid relation, const int *columns, uint64_t *count)
{
    const WriteContext *context = write->context;
    StoreInsert insert = {.number = write->number, .columns = columns};
    const Plan *plan = plan_rows(write, query);
    if (!plan || !exec_store_prepare(context->engine, write->catalog, relation, &insert.node, write->error))
        return false;
    insert.ncolumns = plan->ncolumns;
    ExecRequest request = {.plan = plan,
                           .engine = context->engine,
                           .functions = context->plan->functions,
                           .remote = context->remote,
                           .in_transaction = context->in_transaction};
    Execution *execution = exec_open(&request, write->arena, write->error);
    if (!execution)
        return false;
    bool done = context->begins(context->arg, execution, write->error) && exec_insert(execution, &insert, count, write->error);
    context->ends(context->arg, execution);
    exec_close(execution);
    return done;
}

bool insert_into(Write *write, Query *query, Oid oid, const int *columns, bool partition, uint64_t *count)
{
    TriggerList triggers;
    if (!trigger_collect(write, catalog_relation(write->catalog, oid), true, true, &triggers))
        return false;
    vec_push(write->arena, &write->partitions, oid);
    if (triggers.count)
        return trigger_insert(write, &triggers, query, oid, columns, partition, count);
    if (!insert_query(write, query, oid, columns, count))
        return false;
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    if (oid == write->root->oid)
        write->root = relation; /* it may have got its first node */
    return !*count || (check_rows(write, relation, partition) && unique_check(write, relation));
}

/* What makes the rows, without the table they go to. */
static Query *rows_of(const Write *write)
{
    Query *query = query_copy(write->insert, write->arena);
    query->kind = QUERY_SELECT;
    query->rtes[query->result_rte] = ARENA_NEW(write->arena, Rte);
    query->rtes[query->result_rte]->kind = RTE_RESULT;
    query->result_rte = -1;
    return query;
}

static bool may_write(Write *write)
{
    const CatRelation *root = write->root;
    if (root->kind == 'f')
        return error_unsupported(write->error, "cannot insert into foreign table \"%s\"", root->name);
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error,
                                      "SELECT 1 FROM pg_constraint WHERE conrelid = ?1 AND contype IN ('f', 'x')", "o", root->oid);
    if (!rows)
        return false;
    return !rows->nrows ||
           error_unsupported(write->error, "INSERT into a table with foreign keys or exclusion constraints is not supported");
}

bool write_insert(const WriteContext *context, const Query *insert, uint64_t *count, int64_t *number, Arena *arena, Error *error)
{
    Write write = {.context = context,
                   .insert = insert,
                   .root = insert->rtes[insert->result_rte]->relation,
                   .catalog = context->plan->catalog,
                   .arena = arena,
                   .error = error};
    *count = 0;
    if (!may_write(&write) || !exec_store_begin(context->engine, write.catalog, &write.number, error) || !trigger_statement(&write, true))
        return false;
    *number = write.number;
    Oid root = write.root->oid;
    bool done = write.root->kind == 'p'
                    ? insert_query(&write, rows_of(&write), root, insert->insert_columns, count) && route_rows(&write, count)
                    : insert_into(&write, rows_of(&write), root, insert->insert_columns, write.root->is_partition, count);
    for (size_t i = 0; done && i < write.partitions.count; i++)
        done = trigger_after_rows(&write, write.partitions.items[i]);
    write.root = catalog_relation(write.catalog, root);
    return done && trigger_statement(&write, false);
}
