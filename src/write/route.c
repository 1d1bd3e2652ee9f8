/*
 * route.c - rows of a partitioned table go to its partitions: one step a partition, each taking those of its bound; where partitions have
 * BEFORE ROW triggers, one step for rows that follow each other and go to the same one.
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

/* Rows by number, both included. */
typedef struct Range {
    int64_t first, last;
} Range;

static void limit_numbers(Write *write, Query *query, const Range *range)
{
    int64_t beyond[] = {range->first - 1, range->last + 1};
    for (size_t i = 0; i < COUNT_OF(beyond); i++)
        fetch_add_condition(
            write, query,
            fetch_compare(write, i ? OPERATOR_INT8_LESS : OPERATOR_INT8_GREATER, fetch_row_number(write, 0), fetch_int8(write, beyond[i])));
}

/* Whether rows may go to the foreign table, if there are any. */
static bool admits(Write *write, const CatRelation *partition, Query *share, bool *any)
{
    const char *const *cells;
    int last = share->ntargets - 1;
    fetch_order_by(write, share, fetch_row_number(write, 0));
    if (!fetch_first(write, share, &cells))
        return false;
    *any = cells != NULL;
    if (!cells || catalog_check_foreign_write(write->catalog, partition, "insert into", foreign_user(write), write->error))
        return true;
    write_failed(write, strtoll(cells[last], NULL, 10), false);
    return false;
}

/* The partition's share of the rows, in the range (NULL: of all). */
static bool take_share(Write *write, Oid oid, const Range *range, uint64_t *total)
{
    const CatRelation *partition = catalog_relation(write->catalog, oid);
    Query *query = fetch_over(write, write->root);
    int *columns = ARENA_ARRAY(write->arena, int, write->root->ncolumns + 2);
    if (!constraint_of(write, oid, &query->where))
        return false;
    if (range)
        limit_numbers(write, query, range);
    for (int i = 0; i < write->root->ncolumns; i++) {
        if (write->root->columns[i].dropped)
            continue;
        columns[query->ntargets] = change_column(partition, write->root->columns[i].name);
        fetch_add_target(query, fetch_column(write, write->root, i + 1));
    }
    columns[query->ntargets] = 0;
    fetch_add_target(query, fetch_row_number(write, 0));
    bool is_foreign = partition->kind == 'f', any;
    if (is_foreign && (!admits(write, partition, query, &any) || !any))
        return !error_is_set(write->error);
    uint64_t count;
    bool conflicts = write->statement->kind == QUERY_INSERT && write->statement->conflict && !is_foreign;
    if (!(conflicts ? conflict_insert(write, query, oid, columns, false, &count) : insert_into(write, query, oid, columns, false, &count)))
        return false;
    *total += count;
    return true;
}

/* The first row that no partition of some level takes; number 0: none is lost. */
typedef struct Lost {
    int64_t number;
    Oid relation;
    const PartitionKey *key;
    const char *const *cells;
} Lost;

static bool refuse(Write *write, const Lost *lost)
{
    const CatRelation *relation = catalog_relation(write->catalog, lost->relation);
    const PartitionKey *key = lost->key;
    Str values;
    str_init(&values, write->arena);
    bool may_show = true;
    write_failed(write, lost->number, false);
    for (int i = 0; i < key->ncolumns; i++) {
        may_show &= fetch_may_show(write, relation, key->columns[i].column, false);
        str_addf(&values, "%s%s", i ? ", " : "", lost->cells[i] ? lost->cells[i] : "null");
    }
    const char *columns = strchr(partition_key_text(write->context->plan->functions, key, true, write->arena), '(');
    error_set(write->error, ERRCODE_CHECK_VIOLATION, "no partition of relation \"%s\" found for row", relation->name);
    fetch_error_names(write, relation, NULL, NULL);
    return may_show ? error_detail(write->error, "Partition key of the failing row contains %s = (%s).", columns, values.data) : false;
}

/* Rows of this level that no partition of it takes. */
static bool find_lost(Write *write, Oid oid, const PartitionKey *key, const Partition *partitions, size_t count, Lost *lost)
{
    Query *query = fetch_over(write, write->root);
    if (!constraint_of(write, oid, &query->where))
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
    int64_t number = cells ? strtoll(cells[key->ncolumns], NULL, 10) : 0;
    if (number && (!lost->number || number < lost->number))
        *lost = (Lost){number, oid, key, cells};
    return true;
}

static const Partition *partitions_of(Write *write, Oid oid, const PartitionKey **key, size_t *count)
{
    *count = 0;
    *key = partition_key(write->catalog, oid, write->arena, write->error);
    return *key ? partition_children(write->context->plan->functions, *key, write->arena, count, write->error) : NULL;
}

/* Rows are refused in their order, whatever partitions they go to: once one is, those before it are still to be asked about. */
typedef struct Shares {
    Write *write;
    uint64_t *total;
    WriteFailure now;     /* what has just failed */
    WriteFailure refused; /* the first of the rows */
    Error error;          /* about it */
} Shares;

/* What failed is noted where it is about a row. false: it is about none. */
static bool note(Shares *shares)
{
    if (!shares->now.row)
        return false;
    shares->refused = shares->now;
    shares->now.row = 0;
    error_copy(&shares->error, shares->write->error);
    error_clear(shares->write->error);
    return true;
}

static bool add_share(Shares *shares, Oid partition)
{
    Range before = {0, shares->refused.row - 1};
    return take_share(shares->write, partition, shares->refused.row ? &before : NULL, shares->total) || note(shares);
}

static bool route(Shares *shares, Oid oid)
{
    Write *write = shares->write;
    size_t count;
    const PartitionKey *key;
    const Partition *partitions = partitions_of(write, oid, &key, &count);
    Lost lost = {0};
    if (!partitions || !find_lost(write, oid, key, partitions, count, &lost))
        return false;
    if (lost.number && (!shares->refused.row || lost.number < shares->refused.row) && !refuse(write, &lost) && !note(shares))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool has_partitions = catalog_relation(write->catalog, partitions[i].oid)->kind == 'p';
        if (!(has_partitions ? route(shares, partitions[i].oid) : add_share(shares, partitions[i].oid)))
            return false;
        write->root = catalog_relation(write->catalog, write->root->oid); /* records end with each change of the catalog */
    }
    return true;
}

static bool route_all(Write *write, uint64_t *total)
{
    Shares shares = {.write = write, .total = total};
    error_init(&shares.error, write->arena);
    write->refused = &shares.now;
    bool done = route(&shares, write->root->oid);
    write->refused = NULL;
    if (!done || !shares.refused.row)
        return done;
    write_failed(write, shares.refused.row, shares.refused.is_after_store);
    return error_copy(write->error, &shares.error);
}

/* ---- in the order of the rows ---- */

typedef struct Place {
    int64_t number;
    Oid partition;
} Place;

typedef VEC(Place) Places;

static int compare(const void *left, const void *right)
{
    const Place *one = left, *other = right;
    return one->number < other->number ? -1 : one->number > other->number;
}

static bool find_share(Write *write, Oid oid, Places *out)
{
    Query *query = fetch_over(write, write->root);
    FetchedRows rows;
    if (!constraint_of(write, oid, &query->where))
        return false;
    fetch_add_target(query, fetch_row_number(write, 0));
    if (!fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        vec_push(write->arena, out, ((Place){strtoll(rows.items[i][0], NULL, 10), oid}));
    return true;
}

static bool find_places(Write *write, Oid oid, Places *out, Lost *lost)
{
    size_t count;
    const PartitionKey *key;
    const Partition *partitions = partitions_of(write, oid, &key, &count);
    if (!partitions || !find_lost(write, oid, key, partitions, count, lost))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool has_partitions = catalog_relation(write->catalog, partitions[i].oid)->kind == 'p';
        if (!(has_partitions ? find_places(write, partitions[i].oid, out, lost) : find_share(write, partitions[i].oid, out)))
            return false;
    }
    return true;
}

static bool route_in_order(Write *write, uint64_t *total)
{
    Places places = {0};
    Lost lost = {0};
    if (!find_places(write, write->root->oid, &places, &lost))
        return false;
    if (places.count)
        qsort(places.items, places.count, sizeof *places.items, compare);
    if (!write->first_routed && places.count)
        write->first_routed = places.items[0].number;
    for (size_t i = 0, next; i < places.count; i = next) {
        const Place *first = &places.items[i];
        if (lost.number && lost.number < first->number)
            break;
        for (next = i + 1; next < places.count && places.items[next].partition == first->partition; next++)
            if (lost.number && lost.number < places.items[next].number)
                break;
        Range range = {first->number, places.items[next - 1].number};
        if (!take_share(write, first->partition, &range, total))
            return false;
        write->root = catalog_relation(write->catalog, write->root->oid);
    }
    return !lost.number || refuse(write, &lost);
}

bool route_has_triggers(Write *write, bool *out)
{
    enum { ON_INSERT = 4, ON_UPDATE = 16 };
    const OnConflict *conflict = write->statement->kind == QUERY_INSERT ? write->statement->conflict : NULL;
    int events = conflict && conflict->update ? ON_INSERT | ON_UPDATE : ON_INSERT;
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT 1 FROM tree JOIN pg_trigger ON tgrelid = relid JOIN pg_class c ON c.oid = relid"
        " WHERE relkind <> 'p' AND (tgtype & 67) = 3 AND tgtype & ?2 LIMIT 1";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "oi", write->root->oid, (int64_t)events);
    *out = rows && rows->nrows;
    return rows != NULL;
}

bool route_rows(Write *write, uint64_t *count)
{
    bool any = *count > 0, by_row;
    *count = 0;
    write->root = catalog_relation(write->catalog, write->root->oid);
    int64_t node = catalog_node(write->catalog, write->root, write->number);
    if (any && write->root->is_partition && !check_bound(write, write->root))
        return false;
    if (any &&
        !(route_has_triggers(write, &by_row) && (by_row || turns_by_row(write) ? route_in_order(write, count) : route_all(write, count))))
        return false;
    return !node || exec_store_discard(write->context->engine, node, write->number, write->error);
}
