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

bool insert_fill(Write *write, const Query *query, StoreInsert *into, const PlanColumn **columns, uint64_t *count)
{
    const WriteContext *context = write->context;
    const Plan *plan = write_plan(write, query);
    if (!plan)
        return false;
    if (into->work < 0) {
        if (!exec_work_make(context->engine, plan->columns, plan->ncolumns, write->arena, &into->work, write->error))
            return false;
        work_own(write, into->work);
    }
    *columns = plan->columns;
    into->number = write->number;
    into->ncolumns = plan->ncolumns;
    Execution *execution = write_execution(write, plan);
    if (!execution)
        return false;
    bool done = context->begins(context->arg, execution, write->error) && exec_insert(execution, into, count, write->error);
    context->ends(context->arg, execution);
    exec_close(execution);
    return done;
}

static bool is_stored_alike(const PlanColumn *given, const CatColumn *column)
{
    FdwType one = type_layout(given->type, given->typmod), other = type_layout(column->type, column->typmod);
    return one.physical == other.physical && one.precision == other.precision && one.scale == other.scale;
}

/* By column of the relation, in place of those of the plan. What the engine would store otherwise than it was given is not known. */
static void know_row(Write *write, const CatRelation *relation, const StoreInsert *insert, const PlanColumn *columns, StoreRow *row)
{
    const char **cells = row->cells ? ARENA_ARRAY(write->arena, const char *, relation->ncolumns + 1) : NULL;
    for (int i = 0; cells && i < insert->ncolumns; i++) {
        int number = insert->columns[i];
        if (number && !is_stored_alike(&columns[i], &relation->columns[number - 1]))
            cells = NULL;
        else if (number)
            cells[number - 1] = row->cells[i];
    }
    row->cells = cells;
}

bool insert_query(Write *write, Query *query, Oid oid, const int *columns, StoreRow *row, uint64_t *count)
{
    const PlanColumn *given;
    StoreInsert insert = {.columns = columns, .row = row};
    if (row)
        *row = (StoreRow){0};
    if (!write->is_staging && catalog_relation(write->catalog, oid)->kind == 'f')
        return foreign_store(write, query, oid, columns, count);
    if (!passing_prepare(write, oid, &insert.node) || !insert_fill(write, query, &insert, &given, count))
        return false;
    if (row)
        know_row(write, catalog_relation(write->catalog, oid), &insert, given, row);
    return true;
}

bool insert_versions(Write *write, Query *query, const CatRelation *of, const CatRelation *into, int kept, uint64_t *count)
{
    int *columns = ARENA_ARRAY(write->arena, int, of->ncolumns + 2);
    for (int i = 1; i <= of->ncolumns; i++) {
        const CatColumn *column = &of->columns[i - 1];
        int number = column->dropped ? 0 : of == into ? i : change_column(into, column->name);
        if (!number)
            continue;
        Expr *value = column->generated && i > kept ? change_generated(write, of, i) : fetch_var(write, query, 0, i);
        if (!value)
            return false;
        columns[query->ntargets] = number;
        fetch_add_target(query, value);
    }
    columns[query->ntargets] = 0;
    fetch_add_target(query, fetch_var(write, query, 0, of->ncolumns + 1));
    fetch_order_by(write, query, fetch_var(write, query, 0, of->ncolumns + 1));
    return insert_query(write, query, into->oid, columns, NULL, count);
}

static bool insert_rows(Write *write, Query *query, Oid oid, const int *columns, bool partition, uint64_t *count)
{
    TriggerList triggers;
    KnownChange change = {.relation = oid};
    const CatRelation *into = catalog_relation(write->catalog, oid);
    if (!trigger_collect(write, into, EVENT_INSERT, true, true, &triggers))
        return false;
    partition |= triggers.count && into->is_partition; /* a row that was routed here may have become another */
    after_note_insert(write, oid);
    if (triggers.count || turns_by_row(write))
        return trigger_insert(write, &triggers, query, oid, columns, partition, count);
    if (!insert_query(write, query, oid, columns, &change.new, count))
        return false;
    after_know(write, &change);
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    if (oid == write->root->oid) {
        write->root = relation; /* it may have got its first node */
        write->found = *count;
    }
    return !*count || check_written(write, relation, partition, &change.new);
}

bool insert_into(Write *write, Query *query, Oid oid, const int *columns, bool partition, uint64_t *count)
{
    bool arrives = write->is_arriving;
    write->is_arriving = true;
    bool done = insert_rows(write, query, oid, columns, partition, count);
    write->is_arriving = arrives;
    return done;
}

/* What makes the rows, without the table they go to. */
static Query *rows_of(const Write *write)
{
    Query *query = query_copy(write->statement, write->arena);
    query->kind = QUERY_SELECT;
    query->checks = NULL;
    fetch_forget_privileges(query);
    query->rtes[query->result_rte] = ARENA_NEW(write->arena, Rte);
    query->rtes[query->result_rte]->kind = RTE_RESULT;
    query->result_rte = -1;
    query->as_of = write->context->as_of;
    return query;
}

typedef struct Routing {
    Write *write;
    Oid root;
    uint64_t *count;
} Routing;

/* A row of a partitioned table's, by itself. */
static bool route_row(void *arg, const char *const *cells)
{
    const Routing *routing = arg;
    Write *write = routing->write;
    const Query *statement = write->statement;
    Query *query = fetch_over(write, NULL);
    uint64_t count;
    for (int i = 0; i < statement->ntargets; i++)
        fetch_add_target(query, expr_const_like(write->arena, statement->targets[i].expr, cells[i]));
    if (!insert_query(write, query, routing->root, statement->insert_columns, NULL, &count) || !route_rows(write, &count))
        return false;
    *routing->count += count;
    return true;
}

static bool insert_routed(Write *write, Query *rows, Oid root, uint64_t *count)
{
    const int *columns = write->statement->insert_columns;
    bool by_row;
    if (!route_has_triggers(write, &by_row))
        return false;
    write->generates_in_turn = by_row && trigger_leave_generated(write, write->root, columns, rows);
    if (!write->turns)
        return insert_query(write, rows, root, columns, NULL, count) && route_rows(write, count);
    *count = 0;
    return turns_each(write, route_row, &(Routing){write, root, count});
}

bool write_insert_alone(Write *write, uint64_t *count)
{
    return foreign_store(write, rows_of(write), write->root->oid, write->statement->insert_columns, count);
}

bool write_insert(Write *write, uint64_t *count)
{
    const Query *statement = write->statement;
    Oid root = write->root->oid;
    bool partition = write->root->is_partition, done;
    Query *rows = rows_of(write);
    if (write->turns && !turns_insert(write, &rows))
        return false;
    if (write->root->kind == 'p')
        done = insert_routed(write, rows, root, count);
    else if (statement->conflict && write->root->kind != 'f')
        done = conflict_insert(write, rows, root, statement->insert_columns, partition, count);
    else
        done = insert_into(write, rows, root, statement->insert_columns, partition, count);
    write->found = write->root->kind == 'p' || statement->conflict ? 0 : *count;
    return done && after_insert(write);
}
