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

bool frame_cast(PlFrame *frame, const char *value, Oid from, int32_t from_typmod, Oid to, int32_t to_typmod, const char **out)
{
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

const char *plpgsql_write_row(Arena *arena, const char *const *cells, int ncells)
{
    Str text;
    str_init(&text, arena);
    str_addc(&text, '(');
    for (int i = 0; i < ncells; i++) {
        const char *cell = cells[i];
        str_add(&text, i ? "," : "");
        if (!cell)
            continue;
        bool quoted = !*cell || strpbrk(cell, "\"\\(), \t\n\r\v\f");
        if (quoted)
            str_addc(&text, '"');
        for (; *cell; cell++) {
            if (*cell == '"' || *cell == '\\')
                str_addc(&text, *cell);
            str_addc(&text, *cell);
        }
        if (quoted)
            str_addc(&text, '"');
    }
    str_addc(&text, ')');
    return text.data;
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
    } else {
        slot->is_assigned = false;
        slot->ncolumns = 0;
    }
    return true;
}

/* ---- assignment ---- */

/* A row's text, taken apart. */
int plpgsql_read_row(const char *text, Arena *arena, const char ***cells)
{
    VEC(const char *) out = {0};
    const char *at = text + 1;
    if (*text != '(')
        return -1;
    for (bool more = true; more;) {
        Str cell;
        bool quoted = false, any = false;
        str_init(&cell, arena);
        for (; *at && (quoted || (*at != ',' && *at != ')')); at++) {
            any = true;
            if (*at == '"' && quoted && at[1] == '"')
                str_addc(&cell, *++at);
            else if (*at == '"')
                quoted = !quoted;
            else if (*at == '\\' && at[1])
                str_addc(&cell, *++at);
            else
                str_addc(&cell, *at);
        }
        vec_push(arena, &out, any ? (cell.data ? cell.data : "") : NULL);
        more = *at == ',';
        at++;
    }
    *cells = out.items;
    return (int)out.count;
}

static bool assign_row(PlFrame *frame, const PlDatum *datum, const char *value, Oid type)
{
    PlColumn *columns;
    const char **cells;
    if (!value)
        return frame_clear(frame, datum);
    Oid shape = datum->type ? datum->type : type;
    int count = composite_shape(frame->host->catalog, shape, frame->scratch, &columns);
    int given = count ? plpgsql_read_row(value, frame->scratch, &cells) : -1;
    if (given < 0 || given > count)
        return error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "cannot assign non-composite value to a record variable");
    const char **row = ARENA_ARRAY(frame->scratch, const char *, count + 1);
    for (int i = 0; i < given; i++)
        if (cells[i] && !frame_cast(frame, cells[i], TYPE_UNKNOWN, -1, columns[i].type, columns[i].typmod, &row[i]))
            return false;
    frame_set_record(frame, datum, columns, count, row);
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
    const char **row = ARENA_ARRAY(frame->scratch, const char *, count + 1);
    for (int i = 0; cells && i < count && i < ncolumns; i++)
        if (!frame_cast(frame, cells[i], columns[i].type, columns[i].typmod, shape[i].type, shape[i].typmod, &row[i]))
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
