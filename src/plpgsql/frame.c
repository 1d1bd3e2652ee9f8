/*
 * frame.c - values of variables: assignment with its casts, records and their fields, NOT NULL.
 *
 * Invariants:
 *  1. A scalar's text lies in a buffer of its own that grows; so a loop of a million turns needs no more memory than one.
 *  2. A record's row lies in an arena of its own, emptied when another row is put in.
 */
#include <stdlib.h>

#include "plpgsql/frame.h"

PlSlot *frame_slot(PlFrame *frame, const PlDatum *datum)
{
    return &frame->slots[datum->number];
}

/* ---- casts ---- */

static bool is_row_type(PlFrame *frame, Oid type)
{
    const CatType *known = catalog_type(frame->host->catalog, type);
    return type == TYPE_RECORD || (known && known->kind == 'c');
}

bool frame_cast(PlFrame *frame, const char *value, Oid from, int32_t from_typmod, Oid to, int32_t to_typmod, const char **out)
{
    *out = value;
    if (value && from == TYPE_RECORD && is_row_type(frame, to))
        return to == TYPE_RECORD || frame_cast_row(frame, value, from, to, out);
    return plpgsql_cast(frame->host, value, from, from_typmod, to, to_typmod, frame->scratch, out, frame->error);
}

/* ---- scalars ---- */

void frame_set_text(PlFrame *frame, const PlDatum *datum, const char *text)
{
    PlSlot *slot = frame_slot(frame, datum);
    slot->text = NULL;
    if (!text)
        return;
    size_t len = strlen(text) + 1;
    if (len > slot->cap) {
        slot->cap = len * 2 > 32 ? len * 2 : 32;
        slot->buffer = arena_alloc(frame->arena, slot->cap);
    }
    memmove(slot->buffer, text, len);
    slot->text = slot->buffer;
}

void frame_set_found(PlFrame *frame, bool found)
{
    frame_set_text(frame, frame->function->found, found ? "t" : "f");
}

/* ---- records ---- */
const char *frame_row_text(const PlSlot *slot, Arena *arena)
{
    return slot->is_assigned && !slot->is_null ? type_row_write(arena, slot->cells, slot->ncolumns) : NULL;
}

int record_field(const PlSlot *slot, const char *name)
{
    for (int i = 0; i < slot->ncolumns; i++)
        if (str_eq(slot->columns[i].name, name))
            return i;
    return -1;
}

int composite_shape(Catalog *catalog, Oid type, Arena *arena, PlColumn **columns)
{
    const CatType *known = catalog_type(catalog, type);
    const CatRelation *relation = known && known->relation ? catalog_relation(catalog, known->relation) : NULL;
    int count = 0;
    *columns = ARENA_ARRAY(arena, PlColumn, relation ? relation->ncolumns + 1 : 1);
    for (int i = 0; relation && i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped)
            (*columns)[count++] =
                (PlColumn){arena_strdup(arena, relation->columns[i].name), relation->columns[i].type, relation->columns[i].typmod};
    return count;
}

void frame_set_record(PlFrame *frame, const PlDatum *datum, const PlColumn *columns, int ncolumns, const char *const *cells)
{
    PlSlot *slot = frame_slot(frame, datum);
    Arena *old = slot->row_arena, *arena = arena_open(frame->arena);
    PlColumn *kept = ARENA_ARRAY(arena, PlColumn, ncolumns + 1);
    const char **texts = ARENA_ARRAY(arena, const char *, ncolumns + 1);
    for (int i = 0; i < ncolumns; i++) {
        kept[i] = columns[i];
        kept[i].name = arena_strdup(arena, columns[i].name ? columns[i].name : "?column?");
        texts[i] = cells ? arena_strdup(arena, cells[i]) : NULL;
    }
    slot->row_arena = arena;
    slot->columns = kept;
    slot->ncolumns = ncolumns;
    slot->cells = texts;
    slot->is_assigned = true;
    slot->is_null = false;
    if (old)
        arena_close(old); /* what was given may have been this record's own old row */
}

bool frame_find_field(PlFrame *frame, const PlDatum *datum, const char *field, int *at)
{
    const PlSlot *slot = frame_slot(frame, datum);
    if (!slot->is_assigned) {
        error_set(frame->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "record \"%s\" is not assigned yet", datum->name);
        return error_detail(frame->error, "The tuple structure of a not-yet-assigned record is indeterminate.");
    }
    *at = record_field(slot, field);
    return *at >= 0 || error_set(frame->error, ERRCODE_UNDEFINED_COLUMN, "record \"%s\" has no field \"%s\"", datum->name, field);
}

bool frame_set_field(PlFrame *frame, const PlDatum *datum, const char *field, const char *value, Oid type, int32_t typmod)
{
    PlSlot *slot = frame_slot(frame, datum);
    const char *cast;
    int at;
    if (!frame_find_field(frame, datum, field, &at) ||
        !frame_cast(frame, value, type, typmod, slot->columns[at].type, slot->columns[at].typmod, &cast))
        return false;
    slot->cells[at] = arena_strdup(slot->row_arena, cast);
    slot->is_null = false;
    return true;
}

bool frame_clear(PlFrame *frame, const PlDatum *datum)
{
    PlColumn *columns;
    if (datum->kind != PL_RECORD) {
        frame_set_text(frame, datum, NULL);
        return true;
    }
    PlSlot *slot = frame_slot(frame, datum);
    if (datum->type) {
        int count = composite_shape(frame->host->catalog, datum->type, frame->scratch, &columns);
        frame_set_record(frame, datum, columns, count, NULL);
        slot->is_null = true;
    } else {
        slot->is_assigned = false;
        slot->ncolumns = 0;
    }
    return true;
}

/* ---- assignment ---- */

/* The columns of a value that has been computed. -1: they are not known. */
static int value_shape(PlFrame *frame, Oid type, const PlColumn **columns)
{
    PlColumn *shape;
    if (type == TYPE_RECORD && !frame->value_columns)
        return -1;
    if (type == TYPE_RECORD) {
        shape = ARENA_ARRAY(frame->scratch, PlColumn, frame->nvalue_columns + 1);
        for (int i = 0; i < frame->nvalue_columns; i++) {
            shape[i] = frame->value_columns[i];
            shape[i].type = shape[i].type == TYPE_UNKNOWN ? TYPE_TEXT : shape[i].type;
        }
        *columns = shape;
        return frame->nvalue_columns;
    }
    int count = composite_shape(frame->host->catalog, type, frame->scratch, &shape);
    *columns = shape;
    return count;
}

/* A row's cells, by position, as those of another shape; what is missing is NULL. */
static bool cast_cells(PlFrame *frame, const PlColumn *from, int nfrom, const char *const *cells, const PlColumn *to, int nto,
                       const char ***out)
{
    *out = ARENA_ARRAY(frame->scratch, const char *, nto + 1);
    for (int i = 0; i < nto && i < nfrom; i++)
        if (!frame_cast(frame, cells[i], from[i].type, from[i].typmod, to[i].type, to[i].typmod, &(*out)[i]))
            return false;
    return true;
}

bool frame_cast_row(PlFrame *frame, const char *value, Oid from, Oid to, const char **out)
{
    const PlColumn *columns;
    PlColumn *shape;
    const char **cells, **row = NULL;
    int count = value_shape(frame, from, &columns), wanted = composite_shape(frame->host->catalog, to, frame->scratch, &shape);
    if (count < 0)
        return error_unsupported(frame->error, "a record whose columns are not known is not supported here");
    int given = type_row_read(value, frame->scratch, &cells);
    if (given != count || wanted != count) {
        error_set(frame->error, ERRCODE_CANNOT_COERCE, "cannot cast type record to %s",
                  catalog_format_type(frame->host->catalog, to, TYPMOD_NOT_GIVEN, frame->scratch));
        return error_detail(frame->error, "Input has too %s columns.", wanted > count ? "few" : "many");
    }
    if (!cast_cells(frame, columns, count, cells, shape, wanted, &row))
        return false;
    *out = type_row_write(frame->scratch, row, wanted);
    return true;
}

/* The text of a row, as its type reads it. */
static bool read_literal(PlFrame *frame, const char *value, const PlColumn *columns, int count, const char ***row)
{
    const char **cells;
    const char *problem = NULL;
    int given = type_row_read(value, frame->scratch, &cells);
    if (given < 0)
        problem = "Missing left parenthesis.";
    else if (given != count)
        problem = given < count ? "Too few columns." : "Too many columns.";
    if (problem) {
        error_set(frame->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "malformed record literal: \"%s\"", value);
        return error_detail(frame->error, "%s", problem);
    }
    *row = ARENA_ARRAY(frame->scratch, const char *, count + 1);
    for (int i = 0; i < count; i++)
        if (cells[i] && !frame_cast(frame, cells[i], TYPE_UNKNOWN, -1, columns[i].type, columns[i].typmod, &(*row)[i]))
            return false;
    return true;
}

static bool assign_literal(PlFrame *frame, const PlDatum *datum, const char *value)
{
    PlColumn *columns;
    const char **row = NULL;
    if (!datum->type)
        return error_unsupported(frame->error, "input of anonymous composite types is not implemented");
    int count = composite_shape(frame->host->catalog, datum->type, frame->scratch, &columns);
    if (!read_literal(frame, value, columns, count, &row))
        return false;
    frame_set_record(frame, datum, columns, count, row);
    return true;
}

static bool assign_row(PlFrame *frame, const PlDatum *datum, const char *value, Oid type)
{
    const PlColumn *columns;
    PlColumn *shape;
    const char **cells, **row = NULL;
    if (!value)
        return frame_clear(frame, datum);
    if (!is_row_type(frame, type))
        return assign_literal(frame, datum, value);
    int count = value_shape(frame, type, &columns);
    if (count < 0)
        return error_unsupported(frame->error, "a record whose columns are not known is not supported here");
    int given = type_row_read(value, frame->scratch, &cells);
    if (given > count)
        return error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "cannot assign non-composite value to a record variable");
    const char **all = ARENA_ARRAY(frame->scratch, const char *, count + 1);
    for (int i = 0; i < given; i++)
        all[i] = cells[i];
    cells = all;
    if (!datum->type || datum->type == type) {
        frame_set_record(frame, datum, columns, count, cells);
        return true;
    }
    int wanted = composite_shape(frame->host->catalog, datum->type, frame->scratch, &shape);
    if (!cast_cells(frame, columns, count, cells, shape, wanted, &row))
        return false;
    frame_set_record(frame, datum, shape, wanted, row);
    return true;
}

bool frame_assign(PlFrame *frame, const PlDatum *datum, const char *value, Oid type, int32_t typmod)
{
    const char *cast;
    if (datum->kind == PL_RECORD)
        return assign_row(frame, datum, value, type);
    if (!value && datum->not_null)
        return error_set(frame->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "null value cannot be assigned to variable \"%s\" declared NOT NULL",
                         datum->name);
    if (!frame_cast(frame, value, type, typmod, datum->type, datum->typmod, &cast))
        return false;
    frame_set_text(frame, datum, cast);
    return true;
}

bool frame_put_target(PlFrame *frame, const PlTarget *target, const char *value, Oid type, int32_t typmod)
{
    if (target->steps.count)
        return frame_put_part(frame, target, value, type, typmod);
    if (target->field)
        return frame_set_field(frame, target->datum, target->field, value, type, typmod);
    return frame_assign(frame, target->datum, value, type, typmod);
}

/* A row of another shape into a composite variable: by position. */
static bool put_composite(PlFrame *frame, const PlDatum *datum, const PlColumn *columns, int ncolumns, const char *const *cells)
{
    PlColumn *shape;
    int count = composite_shape(frame->host->catalog, datum->type, frame->scratch, &shape);
    const char **row = NULL;
    if (cells && !cast_cells(frame, columns, ncolumns, cells, shape, count, &row))
        return false;
    frame_set_record(frame, datum, shape, count, row);
    return true;
}

bool frame_put_row(PlFrame *frame, const PlTargets *targets, const PlColumn *columns, int ncolumns, const char *const *cells)
{
    const PlTarget *first = &targets->items[0];
    if (targets->count == 1 && first->datum->kind == PL_RECORD && !first->field) {
        if (first->datum->type)
            return put_composite(frame, first->datum, columns, ncolumns, cells);
        frame_set_record(frame, first->datum, columns, ncolumns, cells);
        return true;
    }
    for (size_t i = 0; i < targets->count; i++) {
        bool given = cells && (int)i < ncolumns;
        if (!frame_put_target(frame, &targets->items[i], given ? cells[i] : NULL, given ? columns[i].type : TYPE_UNKNOWN,
                              given ? columns[i].typmod : -1))
            return false;
    }
    return true;
}
