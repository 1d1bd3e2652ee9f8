/*
 * part.c - parts of values in their text forms: an array made to hold a place, rows taken apart and put together.
 *
 * Invariant: an array of one dimension grows to hold a place; one of several keeps its shape.
 * Any thread.
 */
#include <string.h>

#include "type/part.h"

enum { MAX_GROWN = 1000000 };

static bool refuse(Error *error, const char *message)
{
    return error_set(error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "%s", message);
}

/* ---- arrays ---- */

/* An array of one dimension grows to hold first to last. */
static bool grow(ArrayShape *shape, int64_t first, int64_t last, Arena *arena, Error *error)
{
    int64_t lower = shape->count ? shape->lower[0] : first, upper = shape->count ? lower + shape->dims[0] - 1 : last;
    first = first < lower ? first : lower;
    last = last > upper ? last : upper;
    if (last - first > MAX_GROWN && last - first > (int64_t)shape->count * 2)
        return error_set(error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", 134217727);
    ArrayElement *elements = ARENA_ARRAY(arena, ArrayElement, last - first + 1);
    for (size_t i = 0; i < shape->count; i++)
        elements[lower - first + (int64_t)i] = shape->elements[i];
    *shape = (ArrayShape){.ndim = 1, .dims = {(int32_t)(last - first + 1)}, .lower = {(int32_t)first}, .elements = elements};
    shape->count = (size_t)(last - first + 1);
    return true;
}

/* An empty array takes the shape of the place. */
static bool begin_array(ArrayShape *shape, const ArrayPlace *place, Arena *arena, Error *error)
{
    size_t count = 1;
    for (int i = 0; i < place->count; i++) {
        if (!place->has_lower[i] || !place->has_upper[i]) {
            refuse(error, "array slice subscript must provide both boundaries");
            return error_detail(error, "When assigning to a slice of an empty array value, slice boundaries must be fully specified.");
        }
        int64_t length = (int64_t)place->upper[i] - place->lower[i] + 1;
        if (length > MAX_GROWN || (length > 0 && count > (size_t)(MAX_GROWN / length)))
            return error_set(error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", 134217727);
        shape->dims[i] = (int32_t)(length < 0 ? 0 : length);
        shape->lower[i] = place->lower[i];
        count *= (size_t)shape->dims[i];
    }
    shape->ndim = count ? place->count : 0;
    shape->count = count;
    shape->elements = ARENA_ARRAY(arena, ArrayElement, count + 1);
    return true;
}

bool type_array_fit(ArrayShape *shape, ArrayPlace *place, Arena *arena, Error *error)
{
    bool bare = !shape->count;
    if (bare && !begin_array(shape, place, arena, error))
        return false;
    if (shape->ndim < place->count && !(bare && !shape->count))
        return refuse(error, "wrong number of array subscripts");
    if (!place->is_slice && shape->ndim != place->count)
        return refuse(error, "wrong number of array subscripts");
    for (int i = 0; i < shape->ndim; i++) {
        int32_t last = shape->lower[i] + shape->dims[i] - 1;
        bool named = i < place->count;
        if (!named || !place->has_lower[i])
            place->lower[i] = shape->lower[i];
        if (!named || !place->has_upper[i])
            place->upper[i] = last;
        if (place->lower[i] > place->upper[i])
            return refuse(error, "upper bound cannot be less than lower bound");
        if (shape->ndim > 1 && (place->lower[i] < shape->lower[i] || place->upper[i] > last))
            return refuse(error, "array subscript out of range");
    }
    place->count = shape->ndim;
    return shape->ndim != 1 || grow(shape, place->lower[0], place->upper[0], arena, error);
}

size_t type_array_offset(const ArrayShape *shape, const int32_t *subscripts)
{
    size_t at = 0;
    for (int i = 0; i < shape->ndim; i++)
        at = at * (size_t)shape->dims[i] + (size_t)(subscripts[i] - shape->lower[i]);
    return at;
}

bool type_array_has(const ArrayShape *shape, const ArrayPlace *place)
{
    bool inside = true;
    for (int i = 0; i < shape->ndim; i++)
        inside = inside && place->lower[i] >= shape->lower[i] && place->lower[i] < shape->lower[i] + shape->dims[i];
    return inside;
}

bool type_array_put_slice(ArrayShape *shape, const ArrayPlace *place, const ArrayShape *source, Error *error)
{
    int32_t at[ARRAY_MAX_DIM];
    size_t wanted = shape->ndim ? 1 : 0;
    for (int i = 0; i < shape->ndim; i++)
        wanted *= (size_t)(place->upper[i] - place->lower[i] + 1);
    if (wanted > source->count)
        return refuse(error, "source array too small");
    memcpy(at, place->lower, sizeof at);
    for (size_t n = 0; n < wanted; n++) {
        shape->elements[type_array_offset(shape, at)] = source->elements[n];
        for (int i = shape->ndim - 1; i >= 0 && ++at[i] > place->upper[i]; i--)
            at[i] = place->lower[i];
    }
    return true;
}

/* ---- rows ---- */

const char *type_row_body(const char *text)
{
    const char *at = text;
    bool quoted = false;
    if (*text != '{')
        return text;
    for (at++; *at && (quoted || *at != '}'); at++) {
        quoted ^= *at == '"';
        at += *at == '\\' && at[1];
    }
    return *at && at[1] == '(' ? at + 1 : text;
}

int type_row_read(const char *text, Arena *arena, const char ***cells)
{
    VEC(const char *) out = {0};
    text = type_row_body(text);
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

const char *type_row_write(Arena *arena, const char *const *cells, int ncells)
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
