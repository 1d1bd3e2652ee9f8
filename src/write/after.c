/*
 * after.c - AFTER ROW triggers (PostgreSQL manual, section 39.1): they fire when all rows are written and foreign keys have been asked,
 * in the order in which the rows came, whatever tables these went to.
 *
 * Invariants:
 *  1. A row's number is its place: new versions have the number of the row that made them. A row that left its partition is told as
 *     deleted, then, under the same number, as inserted.
 *  2. COPY fills a buffer a partition, as PostgreSQL does, where no BEFORE ROW trigger forbids it: its rows are told a buffer at a time.
 *  3. Of MERGE, whose steps number their rows apart, each step is told for itself.
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

enum { MAX_BUFFERED = 1000 }; /* rows of a COPY */

typedef struct AfterRow {
    Oid relation;
    WriteEvent event;
    int64_t number;
    size_t sequence; /* among rows of one number */
    Write *write;    /* whose transition tables count */
    const TriggerList *triggers;
    TriggerRow row;
} AfterRow;

void after_note_insert(Write *write, Oid relation)
{
    for (size_t i = 0; i < write->partitions.count; i++)
        if (write->partitions.items[i] == relation)
            return;
    vec_push(write->arena, &write->partitions, relation);
}

static void add(Write *write, AfterRows *rows, AfterRow row)
{
    row.sequence = rows->count;
    row.write = write;
    vec_push(write->arena, rows, row);
}

static bool collect(Write *write, Oid relation, WriteEvent event, const TriggerList **out)
{
    TriggerList *triggers = ARENA_NEW(write->arena, TriggerList);
    *out = triggers;
    return trigger_collect(write, catalog_relation(write->catalog, relation), event, true, false, triggers);
}

/* ---- inserted rows ---- */

/* Numbers of the rows of a table that ON CONFLICT has updated. NULL: the error is set. */
static Map *updated_rows(Write *write, Oid oid)
{
    Map *numbers = map_open(write->arena);
    for (size_t i = 0; i < write->updates.count; i++) {
        Query *query = fetch_over(write, NULL);
        FetchedRows rows;
        if (write->updates.items[i]->leaf != oid)
            continue;
        int work = work_add(write, query, &write->updates.items[i]->work);
        fetch_add_target(query, fetch_row_number(write, work));
        if (!fetch_all(write, query, &rows))
            return NULL;
        for (size_t k = 0; k < rows.count; k++)
            map_put(numbers, rows.items[k][0], strlen(rows.items[k][0]), write);
    }
    return numbers;
}

static Expr *number_equal(Write *write, int one, int other)
{
    return fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, one), fetch_row_number(write, other));
}

/* The work table's rows of that relation. */
static Expr *is_of(Write *write, const Query *query, int work, Oid relation)
{
    return fetch_compare(write, OPERATOR_OID_EQUAL, fetch_var(write, query, work, WORK_RELATION),
                         expr_const(write->arena, TYPE_OID, -1, arena_printf(write->arena, "%u", relation)));
}

/* Of the rows that the write has put into the relation, those that an UPDATE moved there, or that were inserted. */
static void choose_inserted(Write *write, Query *query, Oid relation)
{
    if (write->work.number && write->statement->kind == QUERY_UPDATE) {
        int work = work_add(write, query, &write->work);
        fetch_add_condition(write, query, number_equal(write, 0, work));
        fetch_add_condition(write, query, fetch_test(write, EXPR_NOT, is_of(write, query, work, relation)));
    } else if (write->inserted_below) {
        Expr *below = expr_const(write->arena, TYPE_INT8, -1, arena_printf(write->arena, "%lld", (long long)write->inserted_below));
        fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), below));
    }
}

static bool inserted_into(Write *write, Oid oid, AfterRows *out)
{
    const TriggerList *triggers;
    FetchedRows rows;
    if (!foreign_key_after(write, oid, EVENT_INSERT) || !collect(write, oid, EVENT_INSERT, &triggers))
        return false;
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    if (!triggers->count || !relation->stored_node)
        return true;
    Query *query = fetch_over(write, relation);
    rows_add_columns(write, query, relation);
    choose_inserted(write, query, oid);
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    Map *updated = updated_rows(write, oid);
    if (!updated || !fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        const char *number = rows.items[i][relation->ncolumns];
        if (!map_get(updated, number, strlen(number)))
            add(write, out,
                (AfterRow){.relation = oid,
                           .event = EVENT_INSERT,
                           .number = strtoll(number, NULL, 10),
                           .triggers = triggers,
                           .row.new_row = (const char **)(uintptr_t)rows.items[i]});
    }
    return true;
}

bool after_inserted(Write *write, AfterRows *rows)
{
    for (size_t i = 0; i < write->partitions.count; i++)
        if (!inserted_into(write, write->partitions.items[i], rows))
            return false;
    return true;
}

/* ---- updated and deleted rows ---- */

/* Rows of the leaf that this write took away, or put there: the new version's number, then the columns. */
static bool fetch_versions(Write *write, const CatRelation *leaf, bool old, FetchedRows *out)
{
    Query *query = fetch_over(write, leaf);
    int work = work_add(write, query, &write->work);
    if (old) {
        query->rtes[0]->written_by = 0;
        query->rtes[0]->deleted_by = write->number;
    }
    Expr *number = old ? fetch_var(write, query, work, WORK_ROW) : fetch_row_number(write, work);
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), number));
    fetch_add_condition(write, query, is_of(write, query, work, leaf->oid));
    fetch_add_target(query, fetch_row_number(write, work));
    rows_add_columns(write, query, leaf);
    fetch_order_by(write, query, fetch_row_number(write, work));
    return fetch_all(write, query, out);
}

bool after_changed(Write *write, Oid oid, AfterRows *out)
{
    static const TriggerList NONE = {0};
    const TriggerList *after_update = &NONE, *after_delete;
    FetchedRows old, new = {0};
    bool updates = write->statement->kind == QUERY_UPDATE;
    if (!foreign_key_after(write, oid, updates ? EVENT_UPDATE : EVENT_DELETE) ||
        (updates && !collect(write, oid, EVENT_UPDATE, &after_update)) || !collect(write, oid, EVENT_DELETE, &after_delete))
        return false;
    if (!after_update->count && !(after_delete->count && (!updates || write->root->kind == 'p')))
        return true;
    const CatRelation *leaf = catalog_relation(write->catalog, oid);
    if (!fetch_versions(write, leaf, true, &old) || (updates && !fetch_versions(write, leaf, false, &new)))
        return false;
    for (size_t i = 0, at = 0; i < old.count; i++) {
        bool stayed = at < new.count &&strcmp(old.items[i][0], new.items[at][0]) == 0;
        AfterRow row = {.relation = oid,
                        .event = stayed ? EVENT_UPDATE : EVENT_DELETE,
                        .number = strtoll(old.items[i][0], NULL, 10),
                        .triggers = stayed ? after_update : after_delete,
                        .row.old_row = (const char **)(uintptr_t)(old.items[i] + 1)};
        if (stayed)
            row.row.new_row = (const char **)(uintptr_t)(new.items[at++] + 1);
        add(write, out, row);
    }
    return true;
}

/* ---- their order ---- */

static int compare(const void *left, const void *right)
{
    const AfterRow *one = left, *other = right;
    if (one->number != other->number)
        return one->number < other->number ? -1 : 1;
    return one->sequence < other->sequence ? -1 : 1;
}

/* A partition that the COPY has met: it has a buffer, or its rows are stored one by one. */
typedef struct Met {
    Oid relation;
    bool by_row;
} Met;

typedef struct Buffers {
    Write *write;
    VEC(Met) tables; /* in the order in which they were met */
    VEC(const AfterRow *) rows;
    AfterRow *out;
    size_t count;
} Buffers;

static void flush(Buffers *buffers)
{
    for (size_t i = 0; i < buffers->tables.count; i++)
        for (size_t k = 0; k < buffers->rows.count; k++)
            if (buffers->rows.items[k]->relation == buffers->tables.items[i].relation)
                buffers->out[buffers->count++] = *buffers->rows.items[k];
    buffers->rows.count = 0;
}

static bool meet(Buffers *buffers, Oid relation, Met *out)
{
    Write *write = buffers->write;
    TriggerList before;
    for (size_t i = 0; i < buffers->tables.count; i++)
        if (buffers->tables.items[i].relation == relation)
            return *out = buffers->tables.items[i], true;
    if (!trigger_collect(write, catalog_relation(write->catalog, relation), EVENT_INSERT, true, true, &before))
        return false;
    *out = (Met){relation, before.count > 0};
    vec_push(write->arena, &buffers->tables, *out);
    return true;
}

static bool buffer_rows(Write *write, AfterRows *rows)
{
    Buffers buffers = {.write = write, .out = ARENA_ARRAY(write->arena, AfterRow, rows->count + 1)};
    for (size_t i = 0; i < rows->count; i++) {
        Met met;
        if (!meet(&buffers, rows->items[i].relation, &met))
            return false;
        if (met.by_row)
            flush(&buffers);
        vec_push(write->arena, &buffers.rows, &rows->items[i]);
        if (met.by_row || buffers.rows.count == MAX_BUFFERED)
            flush(&buffers);
    }
    flush(&buffers);
    rows->items = buffers.out;
    return true;
}

bool after_fire(Write *write, AfterRows *rows)
{
    bool copies = write->context->failed_row && write->statement->kind == QUERY_INSERT;
    if (rows->count)
        qsort(rows->items, rows->count, sizeof *rows->items, compare);
    if (copies && write->root->kind == 'p' && !buffer_rows(write, rows))
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        AfterRow *row = &rows->items[i];
        if (!trigger_fire(row->write, catalog_relation(write->catalog, row->relation), row->event, row->triggers, &row->row))
            return false;
    }
    return true;
}

bool after_insert(Write *write)
{
    AfterRows rows = {0};
    for (size_t i = 0; i < write->updates.count; i++) { /* of ON CONFLICT: all of them are one event's */
        Write *update = write->updates.items[i];
        update->updates = write->updates;
        if (!after_changed(update, update->leaf, &rows))
            return false;
    }
    return after_inserted(write, &rows) && after_fire(write, &rows);
}
