/*
 * run_cursor.c - OPEN, FETCH, MOVE, CLOSE, and loops over the rows of queries and cursors.
 *
 * Invariants:
 *  1. A cursor is a portal of the session's; the variable holds its name and nothing else.
 *  2. A loop's portal is pinned as long as the loop runs. A loop over a query takes its rows some at a time, as many as PostgreSQL does,
 *     so that an error in a later row comes after the same turns: one by one where the transaction may end inside, or over a cursor.
 */
#include <stdlib.h>

#include "plpgsql/frame.h"

enum { FIRST_ROWS = 10, NEXT_ROWS = 50 };

/* 42P03 when the variable names a cursor that is open. *name NULL: it names none. */
static bool check_unused(PlFrame *frame, const PlDatum *cursor, const char **name)
{
    *name = arena_strdup(frame->scratch, frame_slot(frame, cursor)->text);
    return !*name || !frame->host->cursor_exists(frame->host->arg, *name) ||
           error_set(frame->error, ERRCODE_DUPLICATE_CURSOR, "cursor \"%s\" already in use", *name);
}

static bool set_parameters(PlFrame *frame, const PlStmt *stmt)
{
    for (size_t i = 0; i < stmt->args.count; i++) {
        const char *value;
        Oid type;
        int32_t typmod;
        if (!frame_evaluate(frame, stmt->args.items[i], &value, &type, &typmod) ||
            !frame_assign(frame, stmt->cursor->cursor_args[i], value, type, typmod))
            return false;
    }
    return true;
}

/* Opens what the statement names. */
static bool open_cursor(PlFrame *frame, const PlStmt *stmt, PlCursor *cursor)
{
    const PlDatum *variable = stmt->cursor;
    if (!check_unused(frame, variable, &cursor->name))
        return false;
    bool is_new = !cursor->name;
    if (is_new && variable->is_constant && !variable->cursor)
        return error_set(frame->error, ERRCODE_ERROR_IN_ASSIGNMENT, "variable \"%s\" is declared CONSTANT", variable->name);
    cursor->scroll = variable->cursor ? variable->scroll : stmt->scroll;
    cursor->no_scroll = variable->cursor ? variable->no_scroll : stmt->no_scroll;
    if (variable->cursor && !set_parameters(frame, stmt))
        return false;
    bool done = stmt->expr2 ? frame_open_dynamic(frame, stmt, stmt->expr2, cursor)
                            : frame_open(frame, variable->cursor ? variable->cursor : stmt->expr, cursor);
    if (done && is_new)
        frame_set_text(frame, variable, cursor->name);
    return done;
}

static bool run_fetch(PlFrame *frame, const PlStmt *stmt, const char *name)
{
    PlFetch fetch = {.cursor = name, .direction = stmt->direction, .how_many = stmt->how_many, .is_move = stmt->is_move};
    PlRows rows = {.arena = frame->scratch};
    PlSink sink = rows_sink(&rows);
    const char *text;
    uint64_t count;
    if (stmt->expr) {
        if (!frame_evaluate_as(frame, stmt->expr, TYPE_INT4, &text))
            return false;
        if (!text)
            return error_set(frame->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "relative or absolute cursor position is null");
        fetch.how_many = strtol(text, NULL, 10);
    }
    if (!frame->host->cursor_fetch(frame->host->arg, &fetch, stmt->is_move ? NULL : &sink, &count, frame->error))
        return false;
    if (!stmt->is_move && !frame_put_row(frame, &stmt->into, rows.columns, rows.ncolumns, rows.rows.count ? rows.rows.items[0] : NULL))
        return false;
    frame->row_count = count;
    frame_set_found(frame, count > 0);
    return true;
}

PlFlow run_cursor(PlFrame *frame, const PlStmt *stmt)
{
    const PlHost *host = frame->host;
    const char *name = arena_strdup(frame->scratch, frame_slot(frame, stmt->cursor)->text);
    PlCursor opened = {0};
    bool done;
    if (stmt->kind == PL_OPEN)
        done = open_cursor(frame, stmt, &opened);
    else if (!name)
        done = error_set(frame->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "cursor variable \"%s\" is null", stmt->cursor->name);
    else if (!host->cursor_exists(host->arg, name))
        done = error_set(frame->error, ERRCODE_UNDEFINED_CURSOR, "cursor \"%s\" does not exist", name);
    else
        done = stmt->kind == PL_FETCH ? run_fetch(frame, stmt, name) : host->cursor_close(host->arg, name, false, frame->error);
    return done ? FLOW_NEXT : FLOW_FAILED;
}

/* ---- loops ---- */

/* Turns over all rows of the cursor. */
static PlFlow over_rows(PlFrame *frame, const PlStmt *stmt, const char *cursor)
{
    const PlHost *host = frame->host;
    bool ahead = stmt->kind != PL_FOR_CURSOR && !host->may_end_transaction(host->arg);
    PlFetch fetch = {.cursor = cursor, .how_many = ahead ? FIRST_ROWS : 1};
    PlFlow flow = FLOW_NEXT;
    bool found = false, done = false;
    Arena *arena = arena_open(frame->scratch);
    while (!done) {
        arena_reset(arena);
        PlRows rows = {.arena = arena};
        PlSink sink = rows_sink(&rows);
        uint64_t count;
        if (!host->cursor_fetch(host->arg, &fetch, &sink, &count, frame->error))
            return FLOW_FAILED;
        if (!found && !rows.rows.count && !frame_put_row(frame, &stmt->into, rows.columns, rows.ncolumns, NULL))
            return FLOW_FAILED;
        found |= rows.rows.count > 0;
        for (size_t i = 0; i < rows.rows.count && !done; i++) {
            if (!frame_put_row(frame, &stmt->into, rows.columns, rows.ncolumns, rows.rows.items[i]))
                return FLOW_FAILED;
            flow = run_turn(frame, stmt, &done);
        }
        done |= !rows.rows.count;
        if (ahead)
            fetch.how_many = NEXT_ROWS;
    }
    if (flow != FLOW_FAILED)
        frame_set_found(frame, found);
    return flow;
}

/* The loop's portal goes with it, unless an error's rollback took it already. */
static PlFlow end_loop(PlFrame *frame, const PlCursor *cursor, PlFlow flow)
{
    const PlHost *host = frame->host;
    Error ignored;
    error_init(&ignored, frame->scratch);
    if (host->cursor_exists(host->arg, cursor->name) &&
        !host->cursor_close(host->arg, cursor->name, true, flow == FLOW_FAILED ? &ignored : frame->error))
        return FLOW_FAILED;
    return flow;
}

PlFlow run_query_loop(PlFrame *frame, const PlStmt *stmt)
{
    PlCursor cursor = {.is_pinned = true, .no_scroll = true};
    bool opened =
        stmt->kind == PL_FOR_DYNAMIC ? frame_open_dynamic(frame, stmt, stmt->expr, &cursor) : frame_open(frame, stmt->expr, &cursor);
    return opened ? end_loop(frame, &cursor, over_rows(frame, stmt, cursor.name)) : FLOW_FAILED;
}

PlFlow run_cursor_loop(PlFrame *frame, const PlStmt *stmt)
{
    PlCursor cursor = {.is_pinned = true};
    bool named = frame_slot(frame, stmt->cursor)->text != NULL;
    if (!open_cursor(frame, stmt, &cursor))
        return FLOW_FAILED;
    PlFlow flow = end_loop(frame, &cursor, over_rows(frame, stmt, cursor.name));
    if (!named && flow != FLOW_FAILED)
        frame_set_text(frame, stmt->cursor, NULL);
    return flow;
}
