/*
 * run_loop.c - LOOP, WHILE, FOR over ranges, FOREACH. FOR over queries and cursors: run_cursor.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "plpgsql/frame.h"

/* What comes of one turn: *done: the loop is over, with that flow. */
static PlFlow after_turn(PlFrame *frame, const PlStmt *stmt, PlFlow flow, bool *done)
{
    bool mine = !frame->exit_label || str_eq(frame->exit_label, stmt->label);
    *done = flow == FLOW_RETURN || flow == FLOW_FAILED || ((flow == FLOW_EXIT || flow == FLOW_CONTINUE) && !mine) || flow == FLOW_EXIT;
    if ((flow == FLOW_EXIT || flow == FLOW_CONTINUE) && mine) {
        frame->exit_label = NULL;
        return FLOW_NEXT;
    }
    return flow;
}

PlFlow run_turn(PlFrame *frame, const PlStmt *stmt, bool *done)
{
    PlFlow flow = run_body(frame, &stmt->body);
    if (flow != FLOW_FAILED)
        frame->stmt = stmt;
    if (flow == FLOW_NEXT && !frame->host->check_interrupt(frame->host->arg, frame->error))
        flow = FLOW_FAILED;
    return after_turn(frame, stmt, flow, done);
}

static PlFlow run_while(PlFrame *frame, const PlStmt *stmt)
{
    for (;;) {
        bool holds = true, done;
        Arena *outer = frame->scratch;
        frame->scratch = arena_open(outer);
        bool evaluated = !stmt->expr || frame_evaluate_bool(frame, stmt->expr, &holds);
        arena_close(frame->scratch);
        frame->scratch = outer;
        if (!evaluated)
            return FLOW_FAILED;
        if (!holds)
            return FLOW_NEXT;
        PlFlow flow = run_turn(frame, stmt, &done);
        if (done)
            return flow;
    }
}

static bool bound(PlFrame *frame, const PlExpr *expr, const char *what, int64_t *out)
{
    const char *text;
    if (!frame_evaluate_as(frame, expr, TYPE_INT4, &text))
        return false;
    if (!text)
        return error_set(frame->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "%s of FOR loop cannot be null", what);
    *out = strtol(text, NULL, 10);
    return true;
}

static PlFlow run_range(PlFrame *frame, const PlStmt *stmt)
{
    int64_t from, to, step = 1;
    bool found = false;
    if (!bound(frame, stmt->expr, "lower bound", &from) || !bound(frame, stmt->expr2, "upper bound", &to) ||
        (stmt->expr3 && !bound(frame, stmt->expr3, "BY value", &step)))
        return FLOW_FAILED;
    if (step <= 0) {
        error_set(frame->error, ERRCODE_INVALID_PARAMETER_VALUE, "BY value of FOR loop must be greater than zero");
        return FLOW_FAILED;
    }
    PlFlow flow = FLOW_NEXT;
    for (int64_t i = from; stmt->reverse ? i >= to : i <= to; i += stmt->reverse ? -step : step) {
        char text[24];
        bool done;
        found = true;
        snprintf(text, sizeof text, "%lld", (long long)i);
        frame_set_text(frame, stmt->variable, text);
        flow = run_turn(frame, stmt, &done);
        if (done)
            break;
    }
    if (flow != FLOW_FAILED)
        frame_set_found(frame, found);
    return flow;
}

/* The loop variable fits the slices: an array for slices, none for elements. */
static bool check_foreach(PlFrame *frame, const PlStmt *stmt, const ArrayShape *shape)
{
    const PlTarget *target = &stmt->into.items[0];
    if (stmt->slice < 0 || stmt->slice > shape->ndim)
        return error_set(frame->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "slice dimension (%d) is out of the valid range 0..%d", stmt->slice,
                         shape->ndim);
    bool is_array = target->datum->kind != PL_RECORD && array_element(frame->host->catalog, target->datum->type) != OID_NONE;
    if (stmt->slice && !is_array)
        return error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "FOREACH ... SLICE loop variable must be of an array type");
    return stmt->slice || !is_array ||
           error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "FOREACH loop variable must not be of an array type");
}

/* The innermost `slice` dimensions at a time. */
static void add_slices(PlFrame *frame, const ArrayShape *shape, int slice, PlRows *rows)
{
    ArrayShape part = {.ndim = slice, .count = 1};
    for (int i = 0; i < slice; i++) {
        part.dims[i] = shape->dims[shape->ndim - slice + i];
        part.lower[i] = shape->lower[shape->ndim - slice + i];
        part.count *= (size_t)part.dims[i];
    }
    for (size_t at = 0; at < shape->count; at += part.count) {
        const char **row = ARENA_ARRAY(frame->scratch, const char *, 1);
        part.elements = shape->elements + at;
        Str text;
        str_init(&text, frame->scratch);
        if (slice)
            type_array_write_shape(&part, ',', &text);
        else if (part.elements->text)
            str_addn(&text, part.elements->text, part.elements->len);
        row[0] = slice || part.elements->text ? text.data ? text.data : "" : NULL;
        vec_push(frame->scratch, &rows->rows, row);
    }
}

static PlFlow run_foreach(PlFrame *frame, const PlStmt *stmt)
{
    const char *text;
    Oid type;
    int32_t typmod;
    ArrayShape shape;
    if (!frame_evaluate(frame, stmt->expr, &text, &type, &typmod))
        return FLOW_FAILED;
    Oid element = array_element(frame->host->catalog, type);
    bool done = true;
    if (!text)
        done = error_set(frame->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "FOREACH expression must not be null");
    else if (!element)
        done = error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "FOREACH expression must yield an array, not type %s",
                         catalog_format_type(frame->host->catalog, type, TYPMOD_NOT_GIVEN, frame->scratch));
    if (!done || !type_array_read(text, strlen(text), ',', frame->scratch, &shape, frame->error) || !check_foreach(frame, stmt, &shape))
        return FLOW_FAILED;
    const PlColumn *element_columns = frame->value_columns;
    int nelement_columns = frame->nvalue_columns;
    PlColumn column = {"element", stmt->slice ? type : element, -1, NULL, OID_NONE};
    PlRows rows = {.arena = frame->scratch, .columns = &column, .ncolumns = 1};
    add_slices(frame, &shape, stmt->slice, &rows);
    PlFlow flow = FLOW_NEXT;
    bool over = false;
    for (size_t i = 0; i < rows.rows.count && !over; i++) {
        frame_set_columns(frame, element_columns, nelement_columns);
        if (!frame_put_value(frame, &stmt->into, rows.rows.items[i][0], column.type, -1))
            return FLOW_FAILED;
        flow = run_turn(frame, stmt, &over);
    }
    if (flow != FLOW_FAILED)
        frame_set_found(frame, rows.rows.count > 0);
    return flow;
}

PlFlow run_loop(PlFrame *frame, const PlStmt *stmt)
{
    switch (stmt->kind) {
    case PL_FOR_RANGE:
        return run_range(frame, stmt);
    case PL_FOR_QUERY:
    case PL_FOR_DYNAMIC:
        return run_query_loop(frame, stmt);
    case PL_FOR_CURSOR:
        return run_cursor_loop(frame, stmt);
    case PL_FOREACH:
        return run_foreach(frame, stmt);
    default:
        return run_while(frame, stmt);
    }
}
