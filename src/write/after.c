/*
 * after.c - the line in which AFTER triggers wait (PostgreSQL manual, section 39.1): they fire when the statement has written all its rows,
 * in the order in which the rows came, whatever tables these went to; those of one row in the order of their names, foreign keys' among
 * them.
 *
 * Invariants:
 *  1. A row's number is its place: new versions have the number of the row that made them. A row that left its partition is told as
 *     deleted, then, under the same number, as inserted.
 *  2. Where a table has no triggers but foreign keys', each of these is one event about all rows, before those of rows. A deferrable key's
 *     counts only where it has something to ask about a row.
 *  3. What a foreign key's action writes stands at the end of the same line. Statement triggers stand behind the rows, and fire once a
 *     table: who comes again stands at the end.
 *  4. COPY fills a buffer a partition, as PostgreSQL does, where no BEFORE ROW trigger forbids it: its rows are told a buffer at a time.
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

enum { MAX_BUFFERED = 1000 }; /* rows of a COPY */

typedef struct AfterEvent {
    Oid relation;
    WriteEvent event;
    int64_t number;              /* 0: all rows */
    size_t sequence;             /* among rows of one number */
    Write *write;                /* whose transition tables count */
    const TriggerList *triggers; /* NULL: those of the statement */
    TriggerRow row;
    bool is_done;
} AfterEvent;

void after_note_insert(Write *write, Oid relation)
{
    for (size_t i = 0; i < write->partitions.count; i++)
        if (write->partitions.items[i] == relation)
            return;
    vec_push(write->lasting, &write->partitions, relation);
}

static void add(Write *write, AfterEvents *events, AfterEvent event)
{
    event.sequence = events->count;
    event.write = write;
    vec_push(write->arena, events, event);
}

/* rows: whether there are others among them than foreign keys', so that rows are told one by one. */
static bool collect(Write *write, Oid relation, WriteEvent event, const TriggerList **out, bool *rows)
{
    TriggerList all, *triggers = ARENA_NEW(write->arena, TriggerList);
    *out = triggers;
    *rows = false;
    if (!trigger_collect(write, catalog_relation(write->catalog, relation), event, true, false, &all))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        const WriteTrigger *trigger = &all.items[i];
        bool rechecks = constraint_trigger_rechecks(trigger->function);
        if (rechecks && !unique_is_doubtful(write, trigger->constraint, 0))
            continue;
        *rows |= rechecks || !trigger->number;
        vec_push(write->arena, triggers, *trigger);
    }
    return true;
}

static const TriggerList *choose_triggers(Write *write, const TriggerList *triggers, bool foreign_keys)
{
    TriggerList *chosen = ARENA_NEW(write->arena, TriggerList);
    for (size_t i = 0; i < triggers->count; i++)
        if (foreign_keys == (triggers->items[i].number != 0))
            vec_push(write->arena, chosen, triggers->items[i]);
    return chosen;
}

static void add_whole(Write *write, Oid relation, WriteEvent event, const TriggerList *triggers, AfterEvents *out)
{
    triggers = choose_triggers(write, triggers, true);
    if (triggers->count)
        add(write, out, (AfterEvent){.relation = relation, .event = event, .triggers = triggers});
}

/* ---- inserted rows ---- */

/* Numbers of the rows that ON CONFLICT or MERGE has updated. NULL: the error is set. */
static Map *updated_rows(Write *write)
{
    Map *numbers = map_open(write->arena);
    for (size_t i = 0; i < write->updates.count; i++) {
        Query *query = fetch_over(write, NULL);
        FetchedRows rows;
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

/* Of the rows that an UPDATE has put into the relation, those that it moved there. */
static void choose_inserted(Write *write, Query *query, Oid relation)
{
    if (!write->work.number || write->statement->kind != QUERY_UPDATE)
        return;
    int work = work_add(write, query, &write->work);
    fetch_add_condition(write, query, number_equal(write, 0, work));
    fetch_add_condition(write, query, fetch_test(write, EXPR_NOT, is_of(write, query, work, relation)));
}

void after_know(Write *write, const KnownChange *change)
{
    KnownChange kept = *change;
    int count = catalog_relation(write->catalog, change->relation)->ncolumns;
    if (!change->new.cells || write->is_mixed)
        return;
    const char **cells = ARENA_ARRAY(write->lasting, const char *, count + 1);
    for (int i = 0; i < count; i++)
        cells[i] = arena_strdup(write->lasting, change->new.cells[i]);
    kept.new.cells = cells;
    vec_push(write->lasting, &write->known, kept);
}

/* Rows that were written one by one need not be read again. false: not all of them are known. */
static bool add_known(Write *write, Oid relation, WriteEvent event, const TriggerList *triggers, uint64_t count, AfterEvents *out)
{
    if (!count || write->has_moved || write->known.count != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const KnownChange *change = &write->known.items[i];
        if (change->relation == relation)
            add(write, out,
                (AfterEvent){.relation = relation,
                             .event = event,
                             .number = change->new.number,
                             .triggers = triggers,
                             .row = {.old_row = (const char **)(uintptr_t)change->old.cells,
                                     .old_number = change->old.number,
                                     .new_row = (const char **)(uintptr_t)change->new.cells,
                                     .new_number = change->new.number}});
    }
    return true;
}

static bool inserted_into(Write *write, Oid oid, AfterEvents *out)
{
    const TriggerList *triggers;
    FetchedRows rows;
    bool by_row;
    if (!collect(write, oid, EVENT_INSERT, &triggers, &by_row))
        return false;
    if (!by_row)
        return add_whole(write, oid, EVENT_INSERT, triggers, out), true;
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    if (!catalog_node(write->catalog, relation, write->number))
        return true;
    if (write->statement->kind == QUERY_INSERT && add_known(write, oid, EVENT_INSERT, triggers, write->found, out))
        return true;
    Query *query = fetch_over(write, relation);
    rows_add_columns(write, query, relation);
    choose_inserted(write, query, oid);
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    Map *updated = write->statement->kind == QUERY_UPDATE ? map_open(write->arena) : updated_rows(write);
    if (!updated || !fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        const char *text = rows.items[i][relation->ncolumns];
        int64_t number = strtoll(text, NULL, 10);
        if (!map_get(updated, text, strlen(text)))
            add(write, out,
                (AfterEvent){.relation = oid,
                             .event = EVENT_INSERT,
                             .number = number,
                             .triggers = triggers,
                             .row = {.new_row = (const char **)(uintptr_t)rows.items[i], .new_number = number}});
    }
    return true;
}

bool after_inserted(Write *write, AfterEvents *events)
{
    for (size_t i = 0; i < write->partitions.count; i++)
        if (!inserted_into(write, write->partitions.items[i], events))
            return false;
    return true;
}

/* ---- updated and deleted rows ---- */

/* Rows of the leaf that this write took away, or put there: the new version's number, its own, then the columns. */
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
    fetch_add_target(query, fetch_row_number(write, 0));
    rows_add_columns(write, query, leaf);
    fetch_order_by(write, query, fetch_row_number(write, work));
    return fetch_all(write, query, out);
}

/* The triggers of a leaf's rows that stayed, or were updated to go elsewhere, or deleted. */
typedef struct LeafTriggers {
    const TriggerList *stayed, *gone;
} LeafTriggers;

static bool add_changed(Write *write, Oid oid, const LeafTriggers *triggers, AfterEvents *out)
{
    const CatRelation *leaf = catalog_relation(write->catalog, oid);
    FetchedRows old, new = {0};
    if (write->statement->kind == QUERY_UPDATE && add_known(write, oid, EVENT_UPDATE, triggers->stayed, write->found, out))
        return true;
    if (!fetch_versions(write, leaf, true, &old) || (write->statement->kind == QUERY_UPDATE && !fetch_versions(write, leaf, false, &new)))
        return false;
    for (size_t i = 0, at = 0; i < old.count; i++) {
        bool stayed = at < new.count &&strcmp(old.items[i][0], new.items[at][0]) == 0;
        AfterEvent event = {
            .relation = oid,
            .event = stayed ? EVENT_UPDATE : EVENT_DELETE,
            .number = strtoll(old.items[i][0], NULL, 10),
            .triggers = stayed ? triggers->stayed : triggers->gone,
            .row = {.old_row = (const char **)(uintptr_t)(old.items[i] + 2), .old_number = strtoll(old.items[i][1], NULL, 10)}};
        if (stayed) {
            event.row.new_number = event.number;
            event.row.new_row = (const char **)(uintptr_t)(new.items[at++] + 2);
        }
        add(write, out, event);
    }
    return true;
}

bool after_changed(Write *write, Oid oid, AfterEvents *out)
{
    LeafTriggers triggers = {0};
    bool updates = write->statement->kind == QUERY_UPDATE, stayed = false, gone;
    if ((updates && !collect(write, oid, EVENT_UPDATE, &triggers.stayed, &stayed)) ||
        !collect(write, oid, EVENT_DELETE, &triggers.gone, &gone))
        return false;
    if (updates) /* who refers to rows that went elsewhere is asked as after_moved says */
        triggers.gone = choose_triggers(write, triggers.gone, false);
    if (stayed || (gone && (!updates || write->root->kind == 'p')))
        return add_changed(write, oid, &triggers, out);
    add_whole(write, oid, updates ? EVENT_UPDATE : EVENT_DELETE, updates ? triggers.stayed : triggers.gone, out);
    return true;
}

bool after_moved(Write *write, AfterEvents *out)
{
    const TriggerList *triggers;
    bool by_row;
    if (!write->has_moved)
        return true;
    if (!collect(write, write->root->oid, EVENT_UPDATE, &triggers, &by_row))
        return false;
    add_whole(write, write->root->oid, EVENT_UPDATE, triggers, out);
    return true;
}

/* ---- their order ---- */

static int compare(const void *left, const void *right)
{
    const AfterEvent *one = left, *other = right;
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
    VEC(const AfterEvent *) rows;
    AfterEvent *out;
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

static bool buffer_rows(Write *write, AfterEvents *events)
{
    Buffers buffers = {.write = write, .out = ARENA_ARRAY(write->arena, AfterEvent, events->count + 1)};
    for (size_t i = 0; i < events->count; i++) {
        Met met;
        if (!events->items[i].number) {
            buffers.out[buffers.count++] = events->items[i];
            continue;
        }
        if (!meet(&buffers, events->items[i].relation, &met))
            return false;
        if (met.by_row)
            flush(&buffers);
        vec_push(write->arena, &buffers.rows, &events->items[i]);
        if (met.by_row || buffers.rows.count == MAX_BUFFERED)
            flush(&buffers);
    }
    flush(&buffers);
    events->items = buffers.out;
    return true;
}

/* ---- the line ---- */

WriteQueue *write_queue_open(Arena *arena)
{
    WriteQueue *queue = ARENA_NEW(arena, WriteQueue);
    queue->arena = arena;
    return queue;
}

bool after_enqueue(Write *write, AfterEvents *events)
{
    bool copies = write_is_copy(write);
    if (events->count)
        qsort(events->items, events->count, sizeof *events->items, compare);
    if (copies && write->root->kind == 'p' && !buffer_rows(write, events))
        return false;
    for (size_t i = 0; i < events->count; i++)
        vec_push(write->queue->arena, &write->queue->events, events->items[i]);
    return true;
}

void after_enqueue_statement(Write *write, WriteEvent event)
{
    WriteQueue *queue = write->queue;
    for (size_t i = 0; i < queue->events.count; i++) {
        AfterEvent *earlier = &queue->events.items[i];
        earlier->is_done |= !earlier->triggers && earlier->relation == write->root->oid && earlier->event == event;
    }
    vec_push(queue->arena, &queue->events, ((AfterEvent){.relation = write->root->oid, .event = event, .write = write}));
    transition_note(write, event);
}

bool after_has_begun(Write *write, WriteEvent event)
{
    WriteQueue *queue = write->queue;
    Begun now = {write->root->oid, event};
    for (size_t i = 0; i < queue->begun.count; i++)
        if (queue->begun.items[i].relation == now.relation && queue->begun.items[i].event == event)
            return true;
    vec_push(queue->arena, &queue->begun, now);
    return false;
}

static bool fire_row(void *arg, const char *const *cells)
{
    AfterEvent *event = arg;
    Write *write = event->write;
    (void)cells;
    return trigger_fire(write, catalog_relation(write->catalog, event->relation), event->event, event->triggers, &event->row);
}

static bool fire(AfterEvent event)
{
    Write *write = event.write;
    write->root = catalog_relation(write->catalog, write->root->oid);
    if (!event.triggers)
        return trigger_statement(write, event.event, false);
    return event.number ? write_take_row(write, fire_row, &event, NULL)
                        : foreign_key_fire_all(write, catalog_relation(write->catalog, event.relation), event.triggers);
}

bool write_queue_fire(WriteQueue *queue)
{
    for (size_t i = 0; i < queue->events.count; i++) { /* they get more meanwhile */
        AfterEvent event = queue->events.items[i];
        queue->events.items[i].is_done = true;
        if (!event.is_done && !fire(event))
            return false;
    }
    return true;
}

bool after_insert(Write *write)
{
    AfterEvents events = {0};
    for (size_t i = 0; i < write->updates.count; i++) { /* of ON CONFLICT: all of them are one event's */
        Write *update = write->updates.items[i];
        update->updates = write->updates;
        if (!after_changed(update, update->leaf, &events))
            return false;
    }
    return after_inserted(write, &events) && after_enqueue(write, &events);
}
