/*
 * assign.c - assignment to parts of values: elements and slices of arrays, fields of rows, members of jsonb, and parts of those.
 *
 * Invariants:
 *  1. The value as a whole is taken apart, changed and put together again; a NULL whole counts as empty.
 *  2. Subscripts that follow one another are one place in one array.
 */
#include <stdlib.h>

#include "func/func_part.h"
#include "plpgsql/frame.h"

typedef struct Assignment {
    PlFrame *frame;
    const PlTarget *target;
    const char *value;
    Oid type; /* of the value */
    int32_t typmod;
    const PlColumn *columns; /* when it is a record */
    int ncolumns;
} Assignment;

static bool assign_part(const Assignment *assignment, size_t step, const char *whole, Oid type, int32_t typmod, const char **out);

static const char *type_name(PlFrame *frame, Oid type)
{
    return catalog_format_type(frame->host->catalog, type, TYPMOD_NOT_GIVEN, frame->scratch);
}

/* ---- subscripts ---- */

static bool read_bound(PlFrame *frame, const PlExpr *expr, bool *given, int32_t *out)
{
    const char *text;
    *given = expr != NULL;
    if (!expr)
        return true;
    if (!frame_evaluate_as(frame, expr, TYPE_INT4, &text)) {
        int literal = expr_literal(expr);
        if (literal >= 0 && !frame->error->query_position) {
            frame->error->query = arena_strdup(frame->error->arena, expr->text);
            frame->error->query_position = literal + expr->shift + 1;
        }
        return false;
    }
    if (!text)
        return error_set(frame->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "array subscript in assignment must not be null");
    *out = (int32_t)strtol(text, NULL, 10);
    return true;
}

/* The subscripts from that step on. An index among slices means up to it, from 1. */
static bool read_place(const Assignment *assignment, size_t step, ArrayPlace *place)
{
    PlFrame *frame = assignment->frame;
    const PlTarget *target = assignment->target;
    size_t end = step;
    *place = (ArrayPlace){0};
    for (; end < target->steps.count && !target->steps.items[end].field; end++)
        place->is_slice |= target->steps.items[end].is_slice;
    if (end - step > ARRAY_MAX_DIM)
        return error_set(frame->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                         (int)(end - step), ARRAY_MAX_DIM);
    for (; step < end; step++, place->count++) {
        const PlStep *part = &target->steps.items[step];
        int i = place->count;
        if (!read_bound(frame, part->lower, &place->has_lower[i], &place->lower[i]) ||
            !read_bound(frame, part->upper, &place->has_upper[i], &place->upper[i]))
            return false;
        if (part->is_slice)
            continue;
        place->has_lower[i] = true;
        place->lower[i] = place->is_slice ? 1 : place->upper[i];
    }
    return true;
}

/* ---- the array ---- */

typedef struct ArrayType {
    Oid oid, element;
    int32_t typmod; /* its elements' */
} ArrayType;

static bool change_array(const Assignment *assignment, size_t step, ArrayShape *shape, ArrayPlace *place, const ArrayType *type)
{
    PlFrame *frame = assignment->frame;
    size_t next = step + (size_t)place->count;
    ArrayShape source = {0};
    const char *value = NULL;
    if (place->is_slice) {
        if (!assign_part(assignment, next, NULL, type->oid, type->typmod, &value))
            return false;
        return !value ||
               (type_array_read(value, strlen(value), ',', frame->scratch, &source, frame->error) &&
                type_array_fit(shape, place, frame->scratch, frame->error) && type_array_put_slice(shape, place, &source, frame->error));
    }
    if (next < assignment->target->steps.count && shape->ndim == place->count) {
        const ArrayElement *old = type_array_has(shape, place) ? &shape->elements[type_array_offset(shape, place->lower)] : NULL;
        value = old && old->text ? arena_strndup(frame->scratch, old->text, old->len) : NULL;
    }
    if (!assign_part(assignment, next, value, type->element, type->typmod, &value) ||
        !type_array_fit(shape, place, frame->scratch, frame->error))
        return false;
    shape->elements[type_array_offset(shape, place->lower)] = (ArrayElement){value, value ? strlen(value) : 0};
    return true;
}

/* ---- jsonb ---- */

static bool read_key(PlFrame *frame, const PlStep *step, ArrayElement *out, bool *is_number)
{
    const char *text;
    Oid type;
    int32_t typmod;
    if (step->is_slice)
        return error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "jsonb subscript does not support slices");
    if (!frame_evaluate(frame, step->upper, &text, &type, &typmod))
        return false;
    const CatType *known = catalog_type(frame->host->catalog, type);
    *is_number = type == TYPE_INT4 || type == TYPE_INT2;
    if (!*is_number && type != TYPE_UNKNOWN && known && known->category != 'S') {
        error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "subscript type %s is not supported", type_name(frame, type));
        return error_hint(frame->error, "jsonb subscript must be coercible to either integer or text.");
    }
    *out = (ArrayElement){text, text ? strlen(text) : 0};
    return true;
}

static bool assign_member(const Assignment *assignment, size_t step, const char *whole, const char **out)
{
    PlFrame *frame = assignment->frame;
    const PlTarget *target = assignment->target;
    ArrayElement *keys = ARENA_ARRAY(frame->scratch, ArrayElement, target->steps.count);
    JsonbPath path = {.keys = keys};
    const char *value;
    for (; step < target->steps.count && !target->steps.items[step].field; step++) {
        bool is_number;
        if (!read_key(frame, &target->steps.items[step], &keys[path.count], &is_number))
            return false;
        path.from_number = path.count++ ? path.from_number : is_number;
    }
    if (!assign_part(assignment, step, NULL, TYPE_JSONB, -1, &value))
        return false;
    frame->is_misplaced = !func_jsonb_put(whole, &path, value, frame->scratch, frame->error, out);
    return !frame->is_misplaced;
}

static bool assign_element(const Assignment *assignment, size_t step, const char *whole, Oid type, int32_t typmod, const char **out)
{
    PlFrame *frame = assignment->frame;
    const CatType *known = catalog_type(frame->host->catalog, type);
    Oid element = type_array_element(type);
    ArrayShape shape = {0};
    ArrayPlace place;
    if (!element && known && known->category == 'A')
        element = known->element;
    if (type == TYPE_JSONB)
        return assign_member(assignment, step, whole, out);
    if (!element)
        return error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "cannot subscript type %s because it does not support subscripting",
                         type_name(frame, type));
    if (!read_place(assignment, step, &place) ||
        (whole && !type_array_read(whole, strlen(whole), ',', frame->scratch, &shape, frame->error)) ||
        !change_array(assignment, step, &shape, &place, &(ArrayType){type, element, typmod}))
        return false;
    Str text;
    str_init(&text, frame->scratch);
    type_array_write_shape(&shape, ',', &text);
    *out = text.data;
    return true;
}

/* ---- rows ---- */

static bool assign_field(const Assignment *assignment, size_t step, const char *whole, Oid type, const char **out)
{
    PlFrame *frame = assignment->frame;
    const char *field = assignment->target->steps.items[step].field, *name = assignment->target->datum->name;
    PlColumn *columns;
    const char **cells = NULL;
    int count = composite_shape(frame->host->catalog, type, frame->scratch, &columns), at = 0;
    if (!count)
        return error_set(frame->error, ERRCODE_DATATYPE_MISMATCH,
                         "cannot assign to field \"%s\" of column \"%s\" because its type %s is not a composite type", field, name,
                         type_name(frame, type));
    while (at < count && !str_eq(columns[at].name, field))
        at++;
    if (at == count)
        return error_set(frame->error, ERRCODE_UNDEFINED_COLUMN,
                         "cannot assign to field \"%s\" of column \"%s\" because there is no such column in data type %s", field, name,
                         type_name(frame, type));
    const char **row = ARENA_ARRAY(frame->scratch, const char *, count + 1);
    int given = whole ? type_row_read(whole, frame->scratch, &cells) : 0;
    for (int i = 0; i < given && i < count; i++)
        row[i] = cells[i];
    if (!assign_part(assignment, step + 1, row[at], columns[at].type, columns[at].typmod, &row[at]))
        return false;
    *out = type_row_write(frame->scratch, row, count);
    return true;
}

static bool assign_part(const Assignment *assignment, size_t step, const char *whole, Oid type, int32_t typmod, const char **out)
{
    if (step == assignment->target->steps.count) {
        assignment->frame->value_columns = assignment->columns;
        assignment->frame->nvalue_columns = assignment->ncolumns;
        return frame_cast(assignment->frame, assignment->value, assignment->type, assignment->typmod, type, typmod, out);
    }
    int32_t base_typmod = typmod;
    Oid base = catalog_base_type(assignment->frame->host->catalog, type, &base_typmod);
    bool done = assignment->target->steps.items[step].field ? assign_field(assignment, step, whole, base, out)
                                                            : assign_element(assignment, step, whole, base, base_typmod, out);
    return done && frame_cast(assignment->frame, *out, base, -1, type, -1, out);
}

bool frame_put_part(PlFrame *frame, const PlTarget *target, const char *value, Oid type, int32_t typmod)
{
    const PlSlot *slot = frame_slot(frame, target->datum);
    Assignment assignment = {frame, target, value, type, typmod, frame->value_columns, frame->nvalue_columns};
    const char *out;
    if (target->field) {
        int at;
        if (!frame_find_field(frame, target->datum, target->field, &at))
            return false;
        PlColumn column = slot->columns[at];
        return assign_part(&assignment, 0, slot->cells[at], column.type, column.typmod, &out) &&
               frame_set_field(frame, target->datum, target->field, out, column.type, column.typmod);
    }
    return assign_part(&assignment, 0, slot->text, target->datum->type, target->datum->typmod, &out) &&
           frame_assign(frame, target->datum, out, target->datum->type, target->datum->typmod);
}
