/*
 * func_array.c - functions on arrays, which are texts everywhere; and the array helpers of the local engine.
 *
 *  1. An array arrives in canonical text form; int2vector and oidvector ("1 2 3") count as arrays of one dimension whose first
 *     subscript is 0, also those without elements.
 *  2. Elements are canonical texts of the element type; where texts of equal values may differ, elements are compared as values.
 * Any thread.
 */
#include "func/func_array.h"

#include <stdlib.h>

/* ---- reading and writing ---- */

static bool read_vector(FuncCall *call, const char *text, size_t len, ArrayShape *out)
{
    *out = (ArrayShape){.ndim = 1, .elements = ARENA_ARRAY(call->arena, ArrayElement, len / 2 + 2)};
    for (size_t at = 0; at < len;) {
        const char *stop = memchr(text + at, ' ', len - at);
        size_t n = stop ? (size_t)(stop - text) - at : len - at;
        if (n)
            out->elements[out->count++] = (ArrayElement){text + at, n};
        at += n + 1;
    }
    out->dims[0] = (int32_t)out->count;
    return true;
}

bool array_read(FuncCall *call, int index, ArrayShape *out)
{
    const char *text = call->args[index].s.ptr;
    size_t len = call->args[index].s.len;
    if (!len || (text[0] != '{' && text[0] != '['))
        return read_vector(call, text, len, out);
    return type_array_read(text, len, ',', call->arena, out, call->error);
}

bool array_return(FuncCall *call, const ArrayShape *shape)
{
    Str out;
    str_init(&out, call->arena);
    type_array_write_shape(shape, ',', &out);
    return return_bytes(call, out.data, out.len);
}

static ArrayElement element_arg(const FuncCall *call, int index)
{
    const Value *value = &call->args[index];
    return value->is_null ? (ArrayElement){0} : (ArrayElement){value->s.ptr, value->s.len};
}

/* An empty array has no elements to point to. */
static void copy_elements(ArrayElement *to, const ArrayElement *from, size_t count)
{
    if (count)
        memcpy(to, from, sizeof *from * count);
}

/* Room for `extra` more elements. */
static ArrayShape grown(FuncCall *call, const ArrayShape *shape, size_t extra)
{
    ArrayShape copy = *shape;
    copy.elements = ARENA_ARRAY(call->arena, ArrayElement, shape->count + extra + 1);
    copy_elements(copy.elements, shape->elements, shape->count);
    return copy;
}

static ArrayShape one_dimension(ArrayElement *elements, size_t count)
{
    return (ArrayShape){.ndim = count ? 1 : 0, .dims = {(int32_t)count}, .lower = {1}, .elements = elements, .count = count};
}

static bool same_element(const ArrayElement *a, const ArrayElement *b)
{
    if (!a->text || !b->text)
        return !a->text && !b->text;
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* The element type is argument 0. */
static bool same_value(FuncCall *call, const ArrayElement *a, const ArrayElement *b)
{
    return same_element(a, b) || (a->text && b->text && array_elements_equal(arg_oid(call, 0), a, b, call->arena));
}

/* ---- shape ---- */

static bool array_ndims(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 0, &shape))
        return false;
    return shape.ndim ? return_int(call, shape.ndim) : return_null(call);
}

static bool array_dims(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 0, &shape))
        return false;
    Str out;
    str_init(&out, call->arena);
    for (int i = 0; i < shape.ndim; i++)
        str_addf(&out, "[%d:%d]", shape.lower[i], shape.lower[i] + shape.dims[i] - 1);
    return shape.ndim ? return_text(call, out.data) : return_null(call);
}

static bool array_bound(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 0, &shape))
        return false;
    int64_t dim = call->args[1].i;
    if (dim < 1 || dim > shape.ndim)
        return return_null(call);
    int32_t lower = shape.lower[dim - 1], length = shape.dims[dim - 1];
    if (call->proc == F_ARRAY_LOWER_ANYARRAY_INT4)
        return return_int(call, lower);
    return return_int(call, call->proc == F_ARRAY_UPPER_ANYARRAY_INT4 ? lower + length - 1 : length);
}

static bool cardinality(FuncCall *call)
{
    ArrayShape shape;
    return array_read(call, 0, &shape) && return_int(call, (int64_t)shape.count);
}

/* ---- subscripts ---- */

bool helper_array_get(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 0, &shape))
        return false;
    int64_t at = shape.ndim == 1 ? call->args[1].i - shape.lower[0] : -1;
    if (at < 0 || at >= (int64_t)shape.count || !shape.elements[at].text)
        return return_null(call);
    return return_bytes(call, shape.elements[at].text, shape.elements[at].len);
}

/* A name is a fixed array of 64 "char", counted from 0; what the text leaves over are zero bytes. */
bool helper_name_get(FuncCall *call)
{
    enum { NAME_SIZE = 64 };
    const Value *name = &call->args[0];
    int64_t at = call->args[1].i;
    if (at < 0 || at >= NAME_SIZE)
        return return_null(call);
    unsigned char byte = at < (int64_t)name->s.len ? (unsigned char)name->s.ptr[at] : 0;
    return return_text(call, arena_printf(call->arena, byte < 0x80 ? "%c" : "\\%03o", byte));
}

/* Points, segments, boxes and lines are arrays of fixed length as well, from 0 on: of the coordinates, of the points. */
bool helper_geometry_get(FuncCall *call)
{
    const char *at = call->args[0].s.ptr, *end = at + call->args[0].s.len;
    bool is_box = at < end && end[-1] == ')' && memmem(at, (size_t)(end - at), "),(", 3) && *at == '(';
    at += !is_box;
    end -= !is_box;
    int64_t wanted = call->args[1].i, depth = 0;
    const char *piece = at;
    for (; at <= end && wanted >= 0; at++) {
        bool ends = at == end || (*at == ',' && depth == 0);
        if (ends && wanted-- == 0)
            return return_bytes(call, piece, (size_t)(at - piece));
        if (ends)
            piece = at + 1;
        else
            depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
    }
    return return_null(call);
}

/* "1,2": integers of a text that the printer wrote, `*` for a bound that is missing. Gives their count. */
static int read_bounds(const FuncCall *call, int index, int64_t *bounds, bool *missing, int max)
{
    const char *at = arg_text(call, index);
    int count = 0;
    while (*at && count < max) {
        char *stop = (char *)at + 1;
        missing[count] = *at == '*';
        bounds[count] = missing[count] ? 0 : strtoll(at, &stop, 10);
        count++;
        at = *stop == ',' ? stop + 1 : stop;
    }
    return count;
}

/* Arguments: array, a subscript for each dimension. */
bool helper_array_at(FuncCall *call)
{
    ArrayShape shape;
    int64_t subscripts[ARRAY_MAX_DIM];
    bool missing[ARRAY_MAX_DIM];
    if (!array_read(call, 0, &shape))
        return false;
    size_t place = 0;
    if (read_bounds(call, 1, subscripts, missing, ARRAY_MAX_DIM) != shape.ndim || !shape.ndim)
        return return_null(call);
    for (int i = 0; i < shape.ndim; i++) {
        int64_t at = subscripts[i] - shape.lower[i];
        if (at < 0 || at >= shape.dims[i])
            return return_null(call);
        place = place * (size_t)shape.dims[i] + (size_t)at;
    }
    const ArrayElement *element = &shape.elements[place];
    return element->text ? return_bytes(call, element->text, element->len) : return_null(call);
}

/* The elements between the bounds of each dimension, in storage order. */
static void cut(const ArrayShape *shape, int depth, size_t place, const int32_t *from, ArrayShape *out)
{
    for (int32_t i = 0; i < out->dims[depth]; i++) {
        size_t at = place * (size_t)shape->dims[depth] + (size_t)(from[depth] + i);
        if (depth + 1 < shape->ndim && depth + 1 < ARRAY_MAX_DIM)
            cut(shape, depth + 1, at, from, out);
        else
            out->elements[out->count++] = shape->elements[at];
    }
}

/* Arguments: array, lower and upper bound for each dimension; those that are not mentioned are whole. */
bool helper_array_slice(FuncCall *call)
{
    ArrayShape shape, out = {0};
    int64_t bounds[2 * ARRAY_MAX_DIM];
    bool missing[2 * ARRAY_MAX_DIM];
    int32_t from[ARRAY_MAX_DIM];
    if (!array_read(call, 0, &shape))
        return false;
    int given = read_bounds(call, 1, bounds, missing, 2 * ARRAY_MAX_DIM) / 2;
    if (given > shape.ndim || !shape.ndim)
        return array_return(call, &out);
    out.ndim = shape.ndim;
    for (int i = 0; i < shape.ndim; i++) {
        int64_t first = shape.lower[i], last = first + shape.dims[i] - 1;
        int64_t low = i < given && !missing[2 * i] && bounds[2 * i] > first ? bounds[2 * i] : first;
        int64_t high = i < given && !missing[2 * i + 1] && bounds[2 * i + 1] < last ? bounds[2 * i + 1] : last;
        out.lower[i] = 1;
        from[i] = (int32_t)(low - first);
        out.dims[i] = high >= low ? (int32_t)(high - low + 1) : 0;
        out.ndim = out.dims[i] ? out.ndim : 0;
    }
    out.elements = ARENA_ARRAY(call->arena, ArrayElement, shape.count + 1);
    if (out.ndim)
        cut(&shape, 0, 0, from, &out);
    return array_return(call, &out);
}

/* ---- building ---- */

bool helper_array_quote(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    ArrayElement element = element_arg(call, 0);
    type_array_write(&element, 1, &out);
    return return_bytes(call, out.data + 1, out.len - 2);
}

bool helper_array_append(FuncCall *call)
{
    ArrayShape shape = {0};
    if (!call->args[0].is_null && !array_read(call, 0, &shape))
        return false;
    if (shape.ndim > 1)
        return error_set(call->error, ERRCODE_DATA_EXCEPTION, "argument must be empty or one-dimensional array");
    ArrayShape out = grown(call, &shape, 1);
    out.elements[out.count++] = element_arg(call, 1);
    out.lower[0] = shape.ndim ? shape.lower[0] : 1;
    out.ndim = 1;
    out.dims[0] = (int32_t)out.count;
    return array_return(call, &out);
}

bool helper_array_prepend(FuncCall *call)
{
    ArrayShape shape = {0};
    if (!call->args[1].is_null && !array_read(call, 1, &shape))
        return false;
    if (shape.ndim > 1)
        return error_set(call->error, ERRCODE_DATA_EXCEPTION, "argument must be empty or one-dimensional array");
    ArrayElement *elements = ARENA_ARRAY(call->arena, ArrayElement, shape.count + 1);
    elements[0] = element_arg(call, 0);
    copy_elements(elements + 1, shape.elements, shape.count);
    ArrayShape out = one_dimension(elements, shape.count + 1);
    out.lower[0] = shape.ndim ? shape.lower[0] : 1;
    return array_return(call, &out);
}

static bool incompatible(FuncCall *call, const char *detail)
{
    error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "cannot concatenate incompatible arrays");
    return error_detail(call->error, "%s", detail);
}

/* Both of one depth, or one of them an element of the other. Dimensions within an element must be the same. */
static bool concatenable(FuncCall *call, const ArrayShape *a, const ArrayShape *b)
{
    int apart = a->ndim - b->ndim, ndim = a->ndim < b->ndim ? a->ndim : b->ndim;
    if (apart < -1 || apart > 1)
        return incompatible(
            call, arena_printf(call->arena, "Arrays of %d and %d dimensions are not compatible for concatenation.", a->ndim, b->ndim));
    for (int i = apart ? 0 : 1; i < ndim; i++) {
        int at = i + (apart == 1), bt = i + (apart == -1);
        if (a->dims[at] != b->dims[bt] || a->lower[at] != b->lower[bt])
            return incompatible(call, apart ? "Arrays with differing dimensions are not compatible for concatenation."
                                            : "Arrays with differing element dimensions are not compatible for concatenation.");
    }
    return true;
}

bool helper_array_cat(FuncCall *call)
{
    if (call->args[0].is_null || call->args[1].is_null) {
        int other = call->args[0].is_null ? 1 : 0;
        return call->args[other].is_null ? return_null(call) : return_bytes(call, call->args[other].s.ptr, call->args[other].s.len);
    }
    ArrayShape a, b;
    if (!array_read(call, 0, &a) || !array_read(call, 1, &b))
        return false;
    if (!a.ndim || !b.ndim)
        return array_return(call, a.ndim ? &a : &b);
    if (!concatenable(call, &a, &b))
        return false;
    ArrayShape out = grown(call, &a, b.count);
    copy_elements(out.elements + out.count, b.elements, b.count);
    out.count += b.count;
    if (a.ndim < b.ndim) {
        out.ndim = b.ndim;
        memcpy(out.dims, b.dims, sizeof out.dims);
        memcpy(out.lower, b.lower, sizeof out.lower);
    }
    out.dims[0] += a.ndim == b.ndim ? b.dims[0] : 1;
    return array_return(call, &out);
}

/* Arguments: element type, array, element. */
bool helper_array_remove(FuncCall *call)
{
    ArrayShape shape;
    if (call->args[1].is_null)
        return return_null(call);
    if (!array_read(call, 1, &shape))
        return false;
    if (shape.ndim > 1)
        return error_unsupported(call->error, "removing elements from multidimensional arrays is not supported");
    ArrayElement unwanted = element_arg(call, 2), *kept = ARENA_ARRAY(call->arena, ArrayElement, shape.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < shape.count; i++) {
        if (!same_value(call, &shape.elements[i], &unwanted))
            kept[count++] = shape.elements[i];
    }
    if (count == shape.count) /* as it was, its bounds too */
        return array_return(call, &shape);
    ArrayShape out = one_dimension(kept, count);
    out.lower[0] = shape.lower[0];
    return array_return(call, &out);
}

bool helper_array_replace(FuncCall *call)
{
    ArrayShape shape;
    if (call->args[1].is_null)
        return return_null(call);
    if (!array_read(call, 1, &shape))
        return false;
    ArrayElement from = element_arg(call, 2), to = element_arg(call, 3);
    ArrayShape out = grown(call, &shape, 0);
    for (size_t i = 0; i < out.count; i++) {
        if (same_value(call, &out.elements[i], &from))
            out.elements[i] = to;
    }
    return array_return(call, &out);
}

bool helper_array_position(FuncCall *call)
{
    ArrayShape shape;
    if (call->args[1].is_null)
        return return_null(call);
    if (!array_read(call, 1, &shape))
        return false;
    if (shape.ndim > 1)
        return error_unsupported(call->error, "searching for elements in multidimensional arrays is not supported");
    ArrayElement wanted = element_arg(call, 2);
    for (size_t i = 0; i < shape.count; i++) {
        if (same_value(call, &shape.elements[i], &wanted))
            return return_int(call, shape.lower[0] + (int64_t)i);
    }
    return return_null(call);
}

/* ---- sets of elements: arguments type, a, b ---- */

static bool has_element(const FuncCall *call, Oid element, const ArrayShape *shape, const ArrayElement *wanted)
{
    for (size_t i = 0; wanted->text && i < shape->count; i++) {
        if (shape->elements[i].text && array_elements_equal(element, &shape->elements[i], wanted, call->arena))
            return true;
    }
    return false;
}

bool helper_array_contains(FuncCall *call)
{
    ArrayShape a, b;
    if (!array_read(call, 1, &a) || !array_read(call, 2, &b))
        return false;
    Oid element = type_array_element(arg_oid(call, 0));
    for (size_t i = 0; i < b.count; i++) {
        if (!has_element(call, element, &a, &b.elements[i]))
            return return_bool(call, false);
    }
    return return_bool(call, true);
}

bool helper_array_overlap(FuncCall *call)
{
    ArrayShape a, b;
    if (!array_read(call, 1, &a) || !array_read(call, 2, &b))
        return false;
    Oid element = type_array_element(arg_oid(call, 0));
    for (size_t i = 0; i < b.count; i++) {
        if (has_element(call, element, &a, &b.elements[i]))
            return return_bool(call, true);
    }
    return return_bool(call, false);
}

/* Arguments: comparison's pg_proc OID, left side as canonical text, array. ascii: their collation is C. */
static bool any_or_all(FuncCall *call, bool all, bool ascii)
{
    ArrayShape shape;
    const FuncFact *fact = func_fact(arg_oid(call, 0));
    if (call->args[2].is_null)
        return return_null(call);
    if (!fact || fact->nargs != 2 || !array_read(call, 2, &shape))
        return error_is_set(call->error) ? false : error_unsupported(call->error, "this comparison with an array is not supported");
    const char *texts[2] = {call->args[1].is_null ? NULL : arg_text(call, 1), NULL};
    bool unknown = false;
    for (size_t i = 0; i < shape.count; i++) {
        const ArrayElement *element = &shape.elements[i];
        const char *answer;
        texts[1] = element->text ? arena_strndup(call->arena, element->text, element->len) : NULL;
        if (!(ascii ? func_fold_ascii : func_fold)(fact->proc, call->context, TYPE_BOOL, fact->arg_types, texts, 2, call->arena, &answer,
                                                   call->error))
            return false;
        if (answer && (answer[0] == 't') != all)
            return return_bool(call, !all);
        unknown = unknown || !answer;
    }
    return unknown ? return_null(call) : return_bool(call, all);
}

bool helper_array_any(FuncCall *call)
{
    return any_or_all(call, false, false);
}

bool helper_array_any_ascii(FuncCall *call)
{
    return any_or_all(call, false, true);
}

bool helper_array_all(FuncCall *call)
{
    return any_or_all(call, true, false);
}

bool helper_array_all_ascii(FuncCall *call)
{
    return any_or_all(call, true, true);
}

/* ---- texts ---- */

/* Arguments: array type, array, delimiter, text for NULLs. */
bool helper_array_to_string(FuncCall *call)
{
    ArrayShape shape;
    if (call->args[1].is_null || call->args[2].is_null)
        return return_null(call);
    if (!array_read(call, 1, &shape))
        return false;
    Oid type = type_array_element(arg_oid(call, 0));
    const char *for_null = call->args[3].is_null ? NULL : arg_text(call, 3);
    Str out;
    str_init(&out, call->arena);
    bool first = true;
    for (size_t i = 0; i < shape.count; i++) {
        if (!shape.elements[i].text && !for_null)
            continue;
        if (!first)
            str_addn(&out, call->args[2].s.ptr, call->args[2].s.len);
        first = false;
        if (!shape.elements[i].text)
            str_add(&out, for_null);
        else if (!array_element_output(call, type, &shape.elements[i], &out))
            return false;
    }
    return return_bytes(call, out.data, out.len);
}

/* The function itself, when a constant is folded. */
static bool array_to_string_call(FuncCall *call)
{
    Value args[4] = {{.i = call->arg_types[0]}, call->args[0], call->args[1], {.is_null = true}};
    if (call->nargs > 2)
        args[3] = call->args[2];
    FuncCall inner = *call;
    inner.args = args;
    inner.nargs = 4;
    return helper_array_to_string(&inner);
}

static bool string_to_array(FuncCall *call)
{
    if (call->args[0].is_null)
        return return_null(call);
    const char *text = call->args[0].s.ptr, *end = text + call->args[0].s.len;
    ArrayElement null = call->nargs > 2 ? element_arg(call, 2) : (ArrayElement){0};
    VEC(ArrayElement) parts = {0};
    bool by_char = call->args[1].is_null;
    size_t separator = by_char ? 0 : call->args[1].s.len;
    while (text < end && arena_has_room(call->arena, 0)) {
        const char *stop = by_char || !separator ? NULL : memmem(text, (size_t)(end - text), call->args[1].s.ptr, separator);
        size_t len = (size_t)((stop ? stop : end) - text);
        if (by_char)
            for (len = 1; text + len < end && ((unsigned char)text[len] & 0xc0) == 0x80;)
                len++;
        ArrayElement part = {text, len};
        if (null.text && same_element(&part, &null))
            part = (ArrayElement){0};
        vec_push(call->arena, &parts, part);
        text += len + (by_char ? 0 : separator);
        if (stop && text >= end) {
            ArrayElement last = {"", 0};
            if (null.text && !null.len)
                last = (ArrayElement){0};
            vec_push(call->arena, &parts, last);
        }
        if (!stop && !by_char)
            break;
    }
    ArrayShape out = one_dimension(parts.items, parts.count);
    return array_return(call, &out);
}

bool helper_array_elements(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 0, &shape))
        return false;
    return array_return(call, &shape);
}

/* A value as the session writes it, from its canonical text. */
static bool written_by_session(FuncCall *call, Oid type, const char **text)
{
    Value value;
    Str out;
    str_init(&out, call->arena);
    if (!type_input(type, -1, *text, strlen(*text), &TYPE_CONTEXT_CANONICAL, call->arena, &value, call->error) ||
        !type_output(type, &value, call->context->types, &out, call->error))
        return false;
    *text = out.data;
    return true;
}

/* Arguments: type from (0: its elements are those of the other type as they are), type to, array. */
bool helper_array_cast(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 2, &shape))
        return false;
    Oid from = arg_oid(call, 0) ? type_array_element(arg_oid(call, 0)) : OID_NONE, to = type_array_element(arg_oid(call, 1));
    for (size_t i = 0; to && i < shape.count; i++) {
        ArrayElement *element = &shape.elements[i];
        const char *text = element->text ? arena_strndup(call->arena, element->text, element->len) : NULL, *out;
        if (!text)
            continue;
        const TypeContext *types = from ? call->context->types : &TYPE_CONTEXT_CANONICAL;
        if ((from && !written_by_session(call, from, &text)) || !type_canonical(to, -1, text, types, call->arena, &out, call->error))
            return false;
        *element = (ArrayElement){out, strlen(out)};
    }
    return array_return(call, &shape);
}

/* Arguments: array type, array. */
bool helper_array_key(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 1, &shape))
        return false;
    Str key;
    str_init(&key, call->arena);
    if (!array_sort_key(call, type_array_element(arg_oid(call, 0)), &shape, &key))
        return false;
    return return_bytes(call, key.data, key.len);
}

/* Arguments: an array of texts. */
bool helper_num_nulls(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 0, &shape))
        return false;
    int64_t nulls = 0;
    for (size_t i = 0; i < shape.count; i++)
        nulls += !shape.elements[i].text;
    return return_int(call, call->proc == F_NUM_NULLS_ANY ? nulls : (int64_t)shape.count - nulls);
}

static const FuncRow ROWS[] = {
    {F_ARRAY_NDIMS_ANYARRAY, array_ndims},
    {F_ARRAY_DIMS_ANYARRAY, array_dims},
    {F_ARRAY_LENGTH_ANYARRAY_INT4, array_bound},
    {F_ARRAY_UPPER_ANYARRAY_INT4, array_bound},
    {F_ARRAY_LOWER_ANYARRAY_INT4, array_bound},
    {F_CARDINALITY_ANYARRAY, cardinality},
    {F_STRING_TO_ARRAY_TEXT_TEXT, string_to_array},
    {F_STRING_TO_ARRAY_TEXT_TEXT_TEXT, string_to_array},
    {F_ARRAY_TO_STRING_ANYARRAY_TEXT, array_to_string_call},
    {F_ARRAY_TO_STRING_ANYARRAY_TEXT_TEXT, array_to_string_call},
};
const FuncTable FUNC_TABLE_ARRAY = {ROWS, COUNT_OF(ROWS)};
