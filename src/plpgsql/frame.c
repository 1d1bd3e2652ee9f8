/*
 * frame.c - values of variables: assignment with its casts, records and their fields, NOT NULL.
 *
 * Invariants:
 *  1. A scalar's text lies in a buffer of its own that grows; so a loop of a million turns needs no more memory than one.
 *  2. A record's row lies in an arena of its own, emptied when another row is put in. Records in its fields tell their own fields.
 */
#include <stdlib.h>

#include "plpgsql/frame.h"

PlSlot *frame_slot(PlFrame *frame, const PlDatum *datum)
{
    return &frame->slots[datum->number];
}

/* ---- casts ---- */

bool frame_is_row_type(PlFrame *frame, Oid type)
{
    int32_t ignored;
    const CatType *known = catalog_type(frame->host->catalog, catalog_base_type(frame->host->catalog, type, &ignored));
    return type == TYPE_RECORD || (known && known->kind == 'c');
}

PlColumn *plpgsql_columns_copy(const PlColumn *columns, int count, Arena *arena)
{
    PlColumn *copies = ARENA_ARRAY(arena, PlColumn, count + 1);
    for (int i = 0; i < count; i++) {
        copies[i] = columns[i];
        copies[i].name = arena_strdup(arena, columns[i].name);
        copies[i].fields = arena_strdup(arena, columns[i].fields);
    }
    return copies;
}

const char *plpgsql_fields(const PlColumn *columns, int count, Arena *arena)
{
    ValueField *fields = ARENA_ARRAY(arena, ValueField, count + 1);
    for (int i = 0; i < count; i++)
        fields[i] = (ValueField){columns[i].type, columns[i].name, columns[i].fields};
    return count ? catalog_fields_text(fields, count, arena) : NULL;
}

void frame_set_fields(PlFrame *frame, const char *fields)
{
    ValueParts parts = catalog_value_parts(frame->host->catalog, TYPE_RECORD, fields, NULL, frame->scratch);
    bool same = frame->value_columns && frame->nvalue_columns == parts.nfields;
    for (int i = 0; same && i < parts.nfields; i++)
        same = frame->value_columns[i].type == parts.fields[i].type;
    if (same || !parts.is_row) /* those there are have type modifiers, too */
        return;
    PlColumn *columns = ARENA_ARRAY(frame->scratch, PlColumn, parts.nfields + 1);
    for (int i = 0; i < parts.nfields; i++)
        columns[i] = (PlColumn){parts.fields[i].name, parts.fields[i].type, -1, parts.fields[i].fields, OID_NONE};
    frame_set_columns(frame, columns, parts.nfields);
}

void frame_take_fields(PlFrame *frame, Oid type, const char **value)
{
    const char *body = type == TYPE_RECORD && *value ? type_row_body(*value) : *value;
    if (body == *value)
        return;
    frame_set_fields(frame, arena_strndup(frame->scratch, *value, (size_t)(body - *value)));
    *value = body;
}

const char *frame_value_fields(const PlFrame *frame, Oid type, Arena *arena)
{
    bool is_record = type == TYPE_RECORD || type == TYPE_RECORD_ARRAY;
    return is_record && frame->value_columns ? plpgsql_fields(frame->value_columns, frame->nvalue_columns, arena) : NULL;
}

bool frame_show(PlFrame *frame, Oid type, const char *value, const char **out)
{
    const PlHost *host = frame->host;
    const char *fields = frame_value_fields(frame, type, frame->scratch);
    *out = catalog_shown_text(host->catalog, type, fields, value, host->functions->types, frame->scratch, frame->error);
    return *out || !value;
}

bool frame_cast(PlFrame *frame, const char *value, Oid from, int32_t from_typmod, Oid to, int32_t to_typmod, const char **out)
{
    *out = value;
    if (value && from == TYPE_RECORD && frame_is_row_type(frame, to)) {
        Oid base = catalog_base_type(frame->host->catalog, to, NULL);
        return to == TYPE_RECORD || (frame_cast_row(frame, value, from, to, &value) &&
                                     plpgsql_cast(frame->host, value, base, -1, to, to_typmod, frame->scratch, out, frame->error));
    }
    if (from == TYPE_RECORD && !frame_show(frame, from, value, &value))
        return false;
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

Oid array_element(Catalog *catalog, Oid type)
{
    Oid element = type_array_element(type);
    const CatType *known = element ? NULL : catalog_type(catalog, type);
    return known && known->category == 'A' ? known->element : element;
}

void frame_set_columns(PlFrame *frame, const PlColumn *columns, int ncolumns)
{
    frame->value_columns = columns;
    frame->nvalue_columns = ncolumns;
}

int composite_shape(Catalog *catalog, Oid type, Arena *arena, PlColumn **columns)
{
    int32_t ignored;
    const CatType *known = catalog_type(catalog, catalog_base_type(catalog, type, &ignored));
    const CatRelation *relation = known && known->relation ? catalog_relation(catalog, known->relation) : NULL;
    int count = 0;
    *columns = ARENA_ARRAY(arena, PlColumn, relation ? relation->ncolumns + 1 : 1);
    for (int i = 0; relation && i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped)
            (*columns)[count++] = (PlColumn){arena_strdup(arena, relation->columns[i].name), relation->columns[i].type,
                                             relation->columns[i].typmod, NULL, relation->columns[i].collation};
    return count;
}

void frame_set_record(PlFrame *frame, const PlDatum *datum, const PlColumn *columns, int ncolumns, const char *const *cells)
{
    PlSlot *slot = frame_slot(frame, datum);
    Arena *old = slot->row_arena, *arena = arena_open(frame->arena);
    PlColumn *kept = plpgsql_columns_copy(columns, ncolumns, arena);
    const char **texts = ARENA_ARRAY(arena, const char *, ncolumns + 1);
    for (int i = 0; i < ncolumns; i++) {
        kept[i].name = kept[i].name ? kept[i].name : "?column?";
        texts[i] = cells ? arena_strdup(arena, catalog_with_fields(kept[i].type, kept[i].fields, cells[i], arena)) : NULL;
        kept[i].fields = NULL;
    }
    slot->row_arena = arena;
    slot->columns = kept;
    slot->ncolumns = ncolumns;
    slot->cells = texts;
    slot->is_assigned = true;
    slot->is_null = false;
    slot->row_type = OID_NONE;
    if (old)
        arena_close(old); /* what was given may have been this record's own old row */
}

/* A domain over a row is asked before the row is put in. */
static bool check_row(PlFrame *frame, const PlDatum *datum, const char *const *cells, int ncolumns)
{
    const char *none;
    Oid base = datum->type ? catalog_base_type(frame->host->catalog, datum->type, NULL) : OID_NONE;
    return base == datum->type ||
           frame_cast(frame, cells ? type_row_write(frame->scratch, cells, ncolumns) : NULL, base, -1, datum->type, -1, &none);
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
    const char **row = ARENA_ARRAY(frame->scratch, const char *, slot->ncolumns + 1);
    memcpy(row, slot->cells, sizeof(char *) * (size_t)slot->ncolumns);
    row[at] = catalog_with_fields(type, frame_value_fields(frame, type, frame->scratch), cast, frame->scratch);
    if (!check_row(frame, datum, row, slot->ncolumns))
        return false;
    slot->cells[at] = arena_strdup(slot->row_arena, row[at]);
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

static bool put_record(PlFrame *frame, const PlDatum *datum, const PlColumn *columns, int ncolumns, const char *const *cells)
{
    if (!check_row(frame, datum, cells, ncolumns))
        return false;
    frame_set_record(frame, datum, columns, ncolumns, cells);
    return true;
}

static bool assign_literal(PlFrame *frame, const PlDatum *datum, const char *value)
{
    PlColumn *columns;
    const char **row = NULL, *text;
    if (!datum->type)
        return error_unsupported(frame->error, "input of anonymous composite types is not implemented");
    int count = composite_shape(frame->host->catalog, datum->type, frame->scratch, &columns);
    if (!frame_cast(frame, value, TYPE_UNKNOWN, -1, catalog_base_type(frame->host->catalog, datum->type, NULL), -1, &text) ||
        type_row_read(text, frame->scratch, &row) != count)
        return false;
    return put_record(frame, datum, columns, count, row);
}

static bool assign_row(PlFrame *frame, const PlDatum *datum, const char *value, Oid type)
{
    const PlColumn *columns;
    PlColumn *shape;
    const char **cells, **row = NULL;
    if (!value)
        return check_row(frame, datum, NULL, 0) && frame_clear(frame, datum);
    frame_take_fields(frame, type, &value);
    if (!frame_is_row_type(frame, type))
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
        frame_slot(frame, datum)->row_type = type == TYPE_RECORD ? OID_NONE : type;
        return true;
    }
    int wanted = composite_shape(frame->host->catalog, datum->type, frame->scratch, &shape);
    return cast_cells(frame, columns, count, cells, shape, wanted, &row) && put_record(frame, datum, shape, wanted, row);
}

bool frame_assign(PlFrame *frame, const PlDatum *datum, const char *value, Oid type, int32_t typmod)
{
    const char *cast;
    if (!value && datum->not_null)
        return error_set(frame->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "null value cannot be assigned to variable \"%s\" declared NOT NULL",
                         datum->name);
    if (datum->kind == PL_RECORD)
        return assign_row(frame, datum, value, type);
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

static bool tell_count(PlFrame *frame, bool is_error)
{
    Error warning, *event = is_error ? frame->error : &warning;
    error_init(&warning, frame->scratch);
    error_set(event, ERRCODE_DATATYPE_MISMATCH, "number of source and target fields in assignment does not match");
    error_detail(event, "strict_multi_assignment check of %s is active.", is_error ? "extra_errors" : "extra_warnings");
    error_hint(event, "Make sure the query returns the exact list of columns.");
    warning.severity = SEVERITY_WARNING;
    if (!is_error)
        frame->host->notices->emit(frame->host->notices->arg, &warning);
    return !is_error;
}

/* strict_multi_assignment: once for each target without a value, once for values without a target. */
static bool check_count(PlFrame *frame, int given, int wanted)
{
    if (given == wanted)
        return true;
    bool is_error = checks_read(frame->host->functions, "plpgsql.extra_errors", frame->scratch).strict_multi_assignment;
    if (!is_error && !checks_read(frame->host->functions, "plpgsql.extra_warnings", frame->scratch).strict_multi_assignment)
        return true;
    for (int i = 0; i < (given < wanted ? wanted - given : 1); i++)
        if (!tell_count(frame, is_error))
            return false;
    return true;
}

/* A row of another shape into a composite variable: by position. */
static bool put_composite(PlFrame *frame, const PlDatum *datum, const PlColumn *columns, int ncolumns, const char *const *cells)
{
    PlColumn *shape;
    int count = composite_shape(frame->host->catalog, datum->type, frame->scratch, &shape);
    const char **row = NULL;
    return check_count(frame, ncolumns, count) && (!cells || cast_cells(frame, columns, ncolumns, cells, shape, count, &row)) &&
           put_record(frame, datum, shape, count, row);
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
    if (!check_count(frame, ncolumns, (int)targets->count))
        return false;
    for (size_t i = 0; i < targets->count; i++) {
        const PlColumn *column = cells && (int)i < ncolumns ? &columns[i] : NULL;
        const char *value = column ? catalog_with_fields(column->type, column->fields, cells[i], frame->scratch) : NULL;
        if (!frame_put_target(frame, &targets->items[i], value, column ? column->type : TYPE_UNKNOWN, column ? column->typmod : -1))
            return false;
    }
    return true;
}

bool frame_put_value(PlFrame *frame, const PlTargets *targets, const char *value, Oid type, int32_t typmod)
{
    const PlColumn *columns = NULL;
    const char **cells = NULL;
    if (targets->count == 1 || !frame_is_row_type(frame, type))
        return frame_put_target(frame, &targets->items[0], value, type, typmod);
    int count = value_shape(frame, type, &columns);
    if (count < 0)
        return error_unsupported(frame->error, "a record whose columns are not known is not supported here");
    return (!value || type_row_read(value, frame->scratch, &cells) == count) && frame_put_row(frame, targets, columns, count, cells);
}

/* ---- what is said of a text that is parsed ---- */

static void emit_of_text(void *arg, const Error *event)
{
    PlFrame *frame = arg;
    Error placed = *event;
    placed.context = arena_printf(frame->scratch, "SQL statement \"%s\"\n%s", frame->dynamic_text, plpgsql_context(frame, frame->scratch));
    frame->host->notices->emit(frame->host->notices->arg, &placed);
}

void frame_note_long_names(PlFrame *frame)
{
    sql_note_long_names(frame->dynamic_text, frame->scratch, &(Notices){.emit = emit_of_text, .arg = frame});
}
