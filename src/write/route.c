/*
 * route.c - rows of a partitioned table go to its partitions: one step a partition, each taking those of its bound.
 *
 * Invariant: what is left of a level when all its partitions have taken theirs belongs nowhere, and the statement fails.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "func/partition.h"
#include "write/internal.h"

bool route_constraint(Write *write, Oid relation, const CatRelation *over, Expr **out)
{
    const char *text = NULL;
    *out = NULL;
    if (!partition_constraint(write->context->plan->functions, relation, false, write->arena, &text, write->error))
        return false;
    return !text || (*out = fetch_expr(write, over, text, TYPE_BOOL));
}

static bool constraint_of(Write *write, Oid relation, Expr **out)
{
    *out = NULL;
    return relation == write->root->oid || route_constraint(write, relation, write->root, out);
}

/* The partition's share of the rows. */
static bool take_share(Write *write, Oid oid, uint64_t *total)
{
    const CatRelation *partition = catalog_relation(write->catalog, oid);
    Query *query = fetch_over(write, write->root);
    int *columns = ARENA_ARRAY(write->arena, int, write->root->ncolumns + 2);
    if (!constraint_of(write, oid, &query->where))
        return false;
    for (int i = 0; i < write->root->ncolumns; i++) {
        if (write->root->columns[i].dropped)
            continue;
        columns[query->ntargets] = change_column(partition, write->root->columns[i].name);
        fetch_add_target(query, fetch_column(write, write->root, i + 1));
    }
    columns[query->ntargets] = 0;
    fetch_add_target(query, fetch_row_number(write, 0));
    if (partition->kind == 'f') {
        const char *const *cells;
        int last = query->ntargets - 1;
        fetch_order_by(write, query, fetch_row_number(write, 0));
        if (!fetch_first(write, query, &cells))
            return false;
        if (cells)
            write_failed(write, strtoll(cells[last], NULL, 10));
        return !cells || (catalog_check_table_handler(write->catalog, partition, write->error) &&
                          error_unsupported(write->error, "cannot insert into foreign table \"%s\"", partition->name));
    }
    uint64_t count;
    bool conflicts = write->statement->kind == QUERY_INSERT && write->statement->conflict;
    if (!(conflicts ? conflict_insert(write, query, oid, columns, false, &count) : insert_into(write, query, oid, columns, false, &count)))
        return false;
    *total += count;
    return true;
}

static bool refuse(Write *write, const CatRelation *relation, const PartitionKey *key, const char *const *cells)
{
    Str values;
    str_init(&values, write->arena);
    bool may_show = true;
    for (int i = 0; i < key->ncolumns; i++) {
        may_show &= fetch_may_show(write, relation, key->columns[i].column, false);
        str_addf(&values, "%s%s", i ? ", " : "", cells[i] ? cells[i] : "null");
    }
    const char *columns = strchr(partition_key_text(write->context->plan->functions, key, true, write->arena), '(');
    error_set(write->error, ERRCODE_CHECK_VIOLATION, "no partition of relation \"%s\" found for row", relation->name);
    fetch_error_names(write, relation, NULL, NULL);
    return may_show ? error_detail(write->error, "Partition key of the failing row contains %s = (%s).", columns, values.data) : false;
}

/* Rows of this level that no partition of it takes. */
static bool find_lost(Write *write, const CatRelation *relation, const PartitionKey *key, const Partition *partitions, size_t count)
{
    Query *query = fetch_over(write, write->root);
    if (!constraint_of(write, relation->oid, &query->where))
        return false;
    for (size_t i = 0; i < count; i++) {
        Expr *condition;
        if (!constraint_of(write, partitions[i].oid, &condition))
            return false;
        if (!condition)
            return true;
        Expr *test = fetch_test(write, EXPR_BOOL_TEST, condition);
        test->u.bool_test = TEST_IS_NOT_TRUE;
        fetch_add_condition(write, query, test);
    }
    for (int i = 0; i < key->ncolumns; i++) {
        Expr *value = fetch_expr(write, write->root, key->columns[i].expr, OID_NONE);
        if (!value)
            return false;
        fetch_add_target(query, value);
    }
    const char *const *cells;
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    if (!fetch_first(write, query, &cells))
        return false;
    if (cells)
        write_failed(write, strtoll(cells[key->ncolumns], NULL, 10));
    return !cells || refuse(write, relation, key, cells);
}

static bool route(Write *write, Oid oid, uint64_t *total)
{
    size_t count = 0;
    const PartitionKey *key = partition_key(write->catalog, oid, write->arena, write->error);
    const Partition *partitions = key ? partition_children(write->context->plan->functions, key, write->arena, &count, write->error) : NULL;
    if (!partitions || !find_lost(write, catalog_relation(write->catalog, oid), key, partitions, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool has_partitions = catalog_relation(write->catalog, partitions[i].oid)->kind == 'p';
        if (!(has_partitions ? route(write, partitions[i].oid, total) : take_share(write, partitions[i].oid, total)))
            return false;
        write->root = catalog_relation(write->catalog, write->root->oid); /* records end with each change of the catalog */
    }
    return true;
}

bool route_rows(Write *write, uint64_t *count)
{
    bool any = *count > 0;
    *count = 0;
    write->root = catalog_relation(write->catalog, write->root->oid);
    int64_t node = write->root->stored_node;
    if (any && write->root->is_partition && !check_bound(write, write->root))
        return false;
    return (!any || route(write, write->root->oid, count)) && exec_store_discard(write->context->engine, node, write->number, write->error);
}
