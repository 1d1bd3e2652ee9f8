/*
 * scroll.c - cursors whose rows are kept: SCROLL cursors, which go back, and WITH HOLD cursors, which outlive their transaction.
 *
 * A SCROLL cursor keeps each row that its query has given and pulls no more than the furthest place asked for. When its transaction
 * commits, a WITH HOLD cursor pulls the rest and goes on without its query.
 *
 * Invariants:
 *  1. Portal.position is 0 before the first row, r on row r, and one more than the rows there are after the last; in a portal with a store.
 *  2. A held portal (level HELD) has no plan and no execution: nothing of the transaction that made it.
 * Entered by the session's worker only.
 */
#include <limits.h>
#include <string.h>

#include "session/session_int.h"

enum { HELD = -1, ROWS_AT_ONCE = 1024 };

static void close_store(void *arg)
{
    Portal *portal = arg;
    if (portal->store)
        row_store_close(portal->store);
}

void scroll_prepare(Portal *cursor)
{
    Session *session = cursor->session;
    const char *directory = session->hub->options.temp_directory;
    size_t memory = (size_t)settings_get_int(session->settings, "work_mem") * 1024;
    cursor->store = row_store_open(cursor->ncolumns + 2 * cursor->nplaces, memory, settings_get_int(session->settings, "temp_file_limit"),
                                   directory ? directory : "/tmp");
    arena_defer(cursor->arena, close_store, cursor);
}

static bool is_local(const Rte *rte)
{
    return rte->kind == RTE_VALUES || rte->kind == RTE_FUNCTION || (rte->kind == RTE_RELATION && rte->relation->kind != 'f');
}

/* A sort's rows lie ready; so do those of one table, list of rows or function, when nothing is computed over several of them. */
bool scroll_is_natural(const Query *query)
{
    bool alone = query->nrtes == 1 && is_local(query->rtes[0]);
    bool summed = query->has_aggs || query->ngroup || query->has_windows || query->distinct || query->set_op || query->has_set_functions;
    if (query->kind != QUERY_SELECT || query->for_update)
        return false;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_RELATION && query->rtes[i]->relation->kind == 'f')
            return false;
    return query->norder ? !query->has_set_functions && !query->distinct : alone && !summed;
}

typedef struct Keeper {
    RowStore *store;
    Dest dest;
} Keeper;

static bool keep_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    Keeper *keeper = arg;
    return row_store_add(keeper->store, batch, first, count, keeper->dest.error);
}

/* Pulls until the store has that row or there are no more. */
static bool reach(Portal *cursor, uint64_t row, Error *error)
{
    Keeper keeper = {.store = cursor->store};
    keeper.dest = (Dest){.sink = {.arg = &keeper, .batch = keep_batch}, .error = error};
    cursor->session->source_text = cursor->source_text;
    while (!cursor->at_end && row_store_count(cursor->store) < row) {
        uint64_t missing = row - row_store_count(cursor->store);
        bool complete;
        if (!portal_pull(cursor, missing < INT32_MAX ? (size_t)missing : 0, &keeper.dest, &complete, error))
            return false;
    }
    return true;
}

/* ---- giving rows ---- */

static bool give_row(Portal *cursor, uint64_t row, Dest *dest, Error *error)
{
    Arena *arena = arena_open(NULL);
    Value *values = ARENA_ARRAY(arena, Value, cursor->ncolumns + 2 * cursor->nplaces + 1);
    FdwField *fields = ARENA_ARRAY(arena, FdwField, cursor->ncolumns + 1);
    bool done = row_store_get(cursor->store, row, values, error);
    for (int i = 0; i < cursor->ncolumns && done; i++) {
        Str text;
        str_init(&text, arena);
        fields[i] = (FdwField){.length = -1};
        if (values[i].is_null)
            continue;
        bool binary = dest->formats && dest->formats[i];
        done = (binary ? row_send_value : row_show_value)(cursor->session, &cursor->columns[i], &values[i], arena, &text, error);
        fields[i] = (FdwField){.bytes = text.data ? text.data : "", .length = (int32_t)text.len};
    }
    if (done && !dest->sink.raw(dest->sink.arg, fields, (size_t)cursor->ncolumns))
        done = error_set(error, ERRCODE_CONNECTION_FAILURE, "connection to client lost");
    arena_close(arena);
    return done;
}

/* `many` rows onward, giving them to dest (NULL: to nobody). *moved: how many there were. */
static bool go_forward(Portal *cursor, uint64_t many, Dest *dest, uint64_t *moved, Error *error)
{
    *moved = 0;
    while (*moved < many) {
        uint64_t step = many - *moved;
        if (dest && step > ROWS_AT_ONCE)
            step = ROWS_AT_ONCE;
        uint64_t wanted = step > INT64_MAX - cursor->position ? INT64_MAX : cursor->position + step;
        if (!reach(cursor, wanted, error))
            return false;
        uint64_t count = row_store_count(cursor->store), last = wanted < count ? wanted : count;
        for (uint64_t row = cursor->position + 1; row <= last && dest; row++)
            if (!session_check_interrupt(cursor->session, error) || !give_row(cursor, row, dest, error))
                return false;
        *moved += last > cursor->position ? last - cursor->position : 0;
        cursor->position = wanted > count ? count + 1 : wanted;
        if (wanted > count)
            break;
    }
    return true;
}

static bool go_backward(Portal *cursor, uint64_t many, Dest *dest, uint64_t *moved, Error *error)
{
    uint64_t before = cursor->position ? cursor->position - 1 : 0;
    *moved = many < before ? many : before;
    for (uint64_t i = 0; i < *moved && dest; i++)
        if (!session_check_interrupt(cursor->session, error) || !give_row(cursor, before - i, dest, error))
            return false;
    cursor->position = many < cursor->position ? cursor->position - many : 0;
    return true;
}

static bool go(Portal *cursor, bool backward, uint64_t many, Dest *dest, uint64_t *moved, Error *error)
{
    return (backward ? go_backward : go_forward)(cursor, many, dest, moved, error);
}

/* ---- FETCH ---- */

static uint64_t magnitude(int64_t many)
{
    return many < 0 ? -(uint64_t)many : (uint64_t)many;
}

/* The row it is on once more, where it is on one. */
static void stay(Portal *cursor, Portal *fetch)
{
    bool on_row = cursor->position && cursor->position <= row_store_count(cursor->store);
    cursor->position -= on_row;
    fetch->remaining = on_row;
    fetch->backward = false;
}

/* Absolute places are reached by way of the start or the end. */
static bool go_to(Portal *cursor, int64_t place, Portal *fetch, Error *error)
{
    uint64_t ignored;
    fetch->remaining = place != 0;
    fetch->backward = place < 0;
    if (place < 0)
        return go_forward(cursor, INT64_MAX, NULL, &ignored, error) && go_backward(cursor, magnitude(place) - 1, NULL, &ignored, error);
    cursor->position = 0;
    return !place || go_forward(cursor, (uint64_t)place - 1, NULL, &ignored, error);
}

/* Where FETCH begins, which way it goes, and how many rows it wants. */
static bool begin_fetch(Portal *cursor, Portal *fetch, Error *error)
{
    const PgQuery__FetchStmt *statement = fetch->node->fetch_stmt;
    int64_t many = statement->how_many;
    uint64_t ignored;
    switch (statement->direction) {
    case PG_QUERY__FETCH_DIRECTION__FETCH_ABSOLUTE:
        return go_to(cursor, many, fetch, error);
    case PG_QUERY__FETCH_DIRECTION__FETCH_RELATIVE:
        fetch->backward = many < 0;
        fetch->remaining = 1;
        if (many)
            return go(cursor, fetch->backward, magnitude(many) - 1, NULL, &ignored, error);
        break;
    default:
        fetch->backward = (statement->direction == PG_QUERY__FETCH_DIRECTION__FETCH_BACKWARD) != (many < 0);
        fetch->remaining = (int64_t)(magnitude(many) > INT64_MAX ? INT64_MAX : magnitude(many));
        break;
    }
    if (!many)
        stay(cursor, fetch);
    return true;
}

static bool fetch_rows(Portal *cursor, Portal *fetch, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    uint64_t moved;
    if (fetch->remaining == FETCH_NOT_BEGUN && !begin_fetch(cursor, fetch, error))
        return false;
    uint64_t want = (uint64_t)fetch->remaining;
    if (max_rows && max_rows < want)
        want = max_rows;
    Dest *rows = fetch->node->fetch_stmt->ismove ? NULL : dest;
    if (!go(cursor, fetch->backward, want, rows, &moved, error))
        return false;
    if (!rows)
        dest->count += moved;
    fetch->remaining -= (int64_t)moved;
    *complete = (moved < want || !fetch->remaining) && !(rows && max_rows && moved == max_rows);
    return true;
}

bool scroll_fetch(Portal *cursor, Portal *fetch, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    if (cursor->is_failed || cursor->is_running)
        return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"%s\" cannot be run", cursor->name);
    cursor->is_running = true;
    bool done = fetch_rows(cursor, fetch, max_rows, dest, complete, error);
    cursor->is_running = false;
    cursor->is_failed = !done;
    return done;
}

bool scroll_run(Portal *cursor, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    uint64_t moved;
    bool done = go_forward(cursor, max_rows ? max_rows : INT64_MAX, dest, &moved, error);
    *complete = cursor->at_end && cursor->position > row_store_count(cursor->store);
    return done;
}

/* ---- WITH HOLD ---- */

/* Takes the rows over into a portal that holds nothing else of the old one. */
static void outlive(Session *session, Portal *old)
{
    Portal *held = portal_make(session, old->name);
    held->text = held->source_text = arena_strdup(held->arena, old->text);
    held->kind = PORTAL_QUERY;
    held->ncolumns = old->ncolumns;
    held->nplaces = old->nplaces;
    held->columns = plan_columns_copy(old->columns, old->ncolumns, held->arena);
    held->formats = ARENA_ARRAY(held->arena, int16_t, old->ncolumns + 1);
    memcpy(held->formats, old->formats, sizeof(int16_t) * (size_t)old->ncolumns);
    held->creation_time = old->creation_time;
    held->owns_text = held->is_cursor = held->at_end = true;
    held->is_holdable = old->is_holdable;
    held->is_binary = old->is_binary;
    held->is_pinned = old->is_pinned;
    held->is_scrollable = old->is_scrollable;
    held->position = old->position;
    held->level = HELD;
    held->store = old->store;
    arena_defer(held->arena, close_store, held);
    old->store = NULL;
    portal_drop(session, old->name);
    map_put(session->portals, held->name, strlen(held->name), held);
}

static bool is_to_hold(const Portal *portal, int level)
{
    return (portal->is_holdable || portal->is_pinned) && portal->level != HELD;
}

static bool is_new_holdable(const Portal *portal, int level)
{
    return portal->is_holdable && portal->level != HELD;
}

bool scroll_is_to_hold(Session *session)
{
    Portal **portals;
    Arena *arena = arena_open(session->work);
    size_t count = portal_list(session, is_new_holdable, 0, arena, &portals);
    arena_close(arena);
    return count;
}

static bool is_pinned(const Portal *portal, int level)
{
    return portal->is_pinned && portal->level != HELD;
}

/* What a loop has not read yet becomes the first rows of its store. */
static bool read_rest(Portal *portal, Error *error)
{
    if (portal->is_pinned && portal->kind != PORTAL_QUERY)
        return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "cannot perform transaction commands inside a cursor loop that is not read-only");
    if (!portal->store) {
        scroll_prepare(portal);
        portal->position = 0;
    }
    return reach(portal, INT64_MAX, error);
}

static bool hold(Session *session, bool (*wanted)(const Portal *portal, int level), Error *error)
{
    Portal **portals;
    Arena *arena = arena_open(session->work);
    size_t count = portal_list(session, wanted, 0, arena, &portals);
    bool entered = count && !session->in_statement, done = !entered || session_enter_statement(session, error);
    for (size_t i = 0; i < count && done; i++)
        done = read_rest(portals[i], error);
    if (entered)
        done = session_leave_statement(session, done, error);
    for (size_t i = 0; i < count && done; i++)
        outlive(session, portals[i]);
    arena_close(arena);
    return done;
}

bool scroll_hold_all(Session *session, Error *error)
{
    return hold(session, is_to_hold, error);
}

bool scroll_hold_pinned(Session *session, Error *error)
{
    return hold(session, is_pinned, error);
}
