/*
 * func_array_part.c - arrays filled, searched, cut and ordered; helpers of the local engine for those over any type.
 *
 * Any thread.
 */
#include "func/func_array.h"

enum { MOST_DIMENSIONS = 6, MOST_ELEMENTS = 134217727 };

/* ---- array_fill ---- */

static bool null_bounds(FuncCall *call)
{
    return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "dimension array or low bound array cannot be null");
}

static bool wrong_subscripts(FuncCall *call, const char *detail)
{
    error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
    return error_detail(call->error, "%s", detail);
}

static bool read_numbers(FuncCall *call, const ArrayShape *shape, int32_t *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        Value value;
        const ArrayElement *element = &shape->elements[i];
        if (!element->text)
            return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "dimension values cannot be null");
        if (i < MOST_DIMENSIONS &&
            !type_input(TYPE_INT4, -1, element->text, element->len, &TYPE_CONTEXT_CANONICAL, call->arena, &value, call->error))
            return false;
        if (i < MOST_DIMENSIONS)
            out[i] = (int32_t)value.i;
    }
    return true;
}

static bool read_lower(FuncCall *call, ArrayShape *out)
{
    ArrayShape lower;
    for (int i = 0; i < MOST_DIMENSIONS; i++)
        out->lower[i] = 1;
    if (call->nargs < 3)
        return true;
    if (!array_read(call, 2, &lower))
        return false;
    if (lower.ndim > 1)
        return wrong_subscripts(call, "Dimension array must be one dimensional.");
    if (!read_numbers(call, &lower, out->lower))
        return false;
    return (int)lower.count == out->ndim || wrong_subscripts(call, "Low bound array has different size than dimensions array.");
}

static bool too_many(FuncCall *call)
{
    return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", MOST_ELEMENTS);
}

static bool count_elements(FuncCall *call, ArrayShape *out)
{
    int64_t count = out->ndim ? 1 : 0;
    for (int i = 0; i < out->ndim; i++) {
        if (out->dims[i] < 0)
            return too_many(call);
        count *= out->dims[i];
        if (count > MOST_ELEMENTS)
            return too_many(call);
    }
    for (int i = 0; i < out->ndim && count; i++)
        if ((int64_t)out->lower[i] + out->dims[i] > INT32_MAX)
            return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "array lower bound is too large: %d", out->lower[i]);
    out->count = (size_t)count;
    return true;
}

/* Arguments: element, dimensions, lower bounds. */
bool helper_array_fill(FuncCall *call)
{
    ArrayShape dims, out = {0};
    if (call->args[1].is_null || (call->nargs > 2 && call->args[2].is_null))
        return null_bounds(call);
    if (!array_read(call, 1, &dims))
        return false;
    if (dims.ndim > 1)
        return wrong_subscripts(call, "Dimension array must be one dimensional.");
    if (!read_numbers(call, &dims, out.dims))
        return false;
    if (dims.count > MOST_DIMENSIONS)
        return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                         (int)dims.count, MOST_DIMENSIONS);
    out.ndim = (int)dims.count;
    if (!read_lower(call, &out) || !count_elements(call, &out))
        return false;
    if (!out.count)
        return return_text(call, "{}");
    const Value *value = &call->args[0];
    ArrayElement element = value->is_null ? (ArrayElement){0} : (ArrayElement){value->s.ptr, value->s.len};
    if (!func_has_room(call, sizeof(ArrayElement) * out.count))
        return false;
    out.elements = ARENA_ARRAY(call->arena, ArrayElement, out.count);
    for (size_t i = 0; i < out.count; i++)
        out.elements[i] = element;
    return array_return(call, &out);
}

/* ---- searching ---- */

static bool read_searched(FuncCall *call, ArrayShape *out)
{
    if (!array_read(call, 1, out))
        return false;
    return out->ndim <= 1 || error_unsupported(call->error, "searching for elements in multidimensional arrays is not supported");
}

static bool is_same(const FuncCall *call, const ArrayElement *element)
{
    const Value *wanted = &call->args[2];
    if (wanted->is_null || !element->text)
        return wanted->is_null && !element->text;
    ArrayElement other = {wanted->s.ptr, wanted->s.len};
    return array_elements_equal(arg_oid(call, 0), element, &other, call->arena);
}

static bool has_null(const ArrayShape *shape)
{
    for (size_t i = 0; i < shape->count; i++)
        if (!shape->elements[i].text)
            return true;
    return false;
}

/* Arguments: element type, array, element, subscript to start at. */
bool helper_array_position_from(FuncCall *call)
{
    ArrayShape shape;
    if (call->args[1].is_null)
        return return_null(call);
    if (!read_searched(call, &shape))
        return false;
    if (!shape.ndim || (call->args[2].is_null && !has_null(&shape))) /* found nowhere, wherever the search starts */
        return return_null(call);
    if (call->args[3].is_null)
        return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "initial position must not be null");
    for (size_t i = 0; i < shape.count; i++) {
        int64_t at = shape.lower[0] + (int64_t)i;
        if (at >= call->args[3].i && is_same(call, &shape.elements[i]))
            return return_int(call, at);
    }
    return return_null(call);
}

/* Arguments: element type, array, element. */
bool helper_array_positions(FuncCall *call)
{
    ArrayShape shape;
    if (call->args[1].is_null)
        return return_null(call);
    if (!read_searched(call, &shape))
        return false;
    Str out;
    str_init(&out, call->arena);
    for (size_t i = 0; i < shape.count; i++)
        if (is_same(call, &shape.elements[i]))
            str_addf(&out, "%s%lld", out.len ? "," : "{", (long long)(shape.lower[0] + (int64_t)i));
    str_add(&out, out.len ? "}" : "{}");
    return return_bytes(call, out.data, out.len);
}

/* ---- casts by function ---- */

/* Arguments: the elements' cast, the type modifier, whether the cast was written, the array. Length coercions also take the modifier, and
 * whether it was. */
bool helper_array_map(FuncCall *call)
{
    ArrayShape shape;
    const FuncFact *fact = func_fact(arg_oid(call, 0));
    if (!fact || !array_read(call, 3, &shape))
        return false;
    const char *args[3] = {NULL, arena_printf(call->arena, "%d", (int)call->args[1].i), call->args[2].b ? "t" : "f"};
    for (size_t i = 0; i < shape.count; i++) {
        ArrayElement *element = &shape.elements[i];
        const char *out;
        if (!element->text)
            continue;
        args[0] = arena_strndup(call->arena, element->text, element->len);
        if (!func_fold(fact->proc, call->context, fact->return_type, fact->arg_types, args, fact->nargs, call->arena, &out, call->error))
            return false;
        *element = out ? (ArrayElement){out, strlen(out)} : (ArrayElement){0};
    }
    return array_return(call, &shape);
}

/* ---- parts, order ---- */

static bool trim_array(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 0, &shape))
        return false;
    int32_t have = shape.ndim ? shape.dims[0] : 0;
    int64_t trimmed = call->args[1].i;
    if (trimmed < 0 || trimmed > have)
        return error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "number of elements to trim must be between 0 and %d", have);
    if (trimmed == have)
        return return_text(call, "{}");
    shape.count = shape.count / (size_t)have * (size_t)(have - trimmed);
    shape.dims[0] = (int32_t)(have - trimmed);
    for (int i = 0; i < shape.ndim; i++)
        shape.lower[i] = 1;
    return array_return(call, &shape);
}

/* Arguments: array type, two arrays. */
static bool arrays_order(FuncCall *call, int *order)
{
    Str keys[2];
    for (int i = 0; i < 2; i++) {
        ArrayShape shape;
        str_init(&keys[i], call->arena);
        if (!array_read(call, i + 1, &shape) || !array_sort_key(call, type_array_element(arg_oid(call, 0)), &shape, &keys[i]))
            return false;
    }
    size_t common = keys[0].len < keys[1].len ? keys[0].len : keys[1].len;
    *order = memcmp(keys[0].data, keys[1].data, common);
    if (!*order)
        *order = keys[0].len < keys[1].len ? -1 : keys[0].len > keys[1].len;
    return true;
}

static bool return_chosen(FuncCall *call, bool larger)
{
    int order;
    if (!arrays_order(call, &order))
        return false;
    const Value *chosen = &call->args[(larger ? order > 0 : order < 0) ? 1 : 2];
    return return_bytes(call, chosen->s.ptr, chosen->s.len);
}

bool helper_array_larger(FuncCall *call)
{
    return return_chosen(call, true);
}

bool helper_array_smaller(FuncCall *call)
{
    return return_chosen(call, false);
}

bool helper_array_cmp(FuncCall *call)
{
    int order;
    return arrays_order(call, &order) && return_int(call, order < 0 ? -1 : order > 0);
}

/* Arrays of one shape, one above the other. */
typedef struct Stack {
    ArrayShape first;
    VEC(ArrayElement) elements;
} Stack;

static bool stack_push(FuncCall *call, Stack *stack, const ArrayShape *one, bool is_first, const char *otherwise)
{
    if (is_first)
        stack->first = *one;
    const ArrayShape *first = &stack->first;
    if (first->ndim + 1 > MOST_DIMENSIONS)
        return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                         first->ndim + 1, MOST_DIMENSIONS);
    bool fits = one->ndim == first->ndim;
    for (int d = 0; fits && d < one->ndim; d++)
        fits = one->dims[d] == first->dims[d] && one->lower[d] == first->lower[d];
    if (!fits)
        return error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "%s", otherwise);
    for (size_t k = 0; k < one->count; k++)
        vec_push(call->arena, &stack->elements, one->elements[k]);
    return true;
}

static bool stack_return(FuncCall *call, const Stack *stack, size_t count)
{
    const ArrayShape *first = &stack->first;
    ArrayShape out = {.ndim = first->ndim + 1, .dims = {(int32_t)count}, .lower = {1}};
    memcpy(out.dims + 1, first->dims, sizeof(first->dims[0]) * (size_t)first->ndim);
    memcpy(out.lower + 1, first->lower, sizeof(first->lower[0]) * (size_t)first->ndim);
    out.elements = stack->elements.items;
    out.count = stack->elements.count;
    return array_return(call, &out);
}

/* Arguments: the arrays of a group in their order, as an array of their texts. */
bool helper_array_stack(FuncCall *call)
{
    ArrayShape texts, one;
    Stack stack = {0};
    if (!array_read(call, 0, &texts))
        return false;
    for (size_t i = 0; i < texts.count; i++) {
        const ArrayElement *text = &texts.elements[i];
        if (!text->text)
            return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "cannot accumulate null arrays");
        if (!type_array_read(text->text, text->len, ',', call->arena, &one, call->error))
            return false;
        if (!one.ndim && !i)
            return error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "cannot accumulate empty arrays");
        if (!stack_push(call, &stack, &one, !i, "cannot accumulate arrays of different dimensionality"))
            return false;
    }
    return stack_return(call, &stack, texts.count);
}

/* ARRAY[...] of arrays, given as an array of their texts: empty ones, and NULLs, may stand only among their like. */
bool helper_array_nest(FuncCall *call)
{
    static const char OTHERWISE[] = "multidimensional arrays must have array expressions with matching dimensions";
    ArrayShape texts, one;
    Stack stack = {0};
    size_t empty = 0;
    if (!array_read(call, 0, &texts))
        return false;
    for (size_t i = 0; i < texts.count; i++) {
        const ArrayElement *text = &texts.elements[i];
        if (text->text && !type_array_read(text->text, text->len, ',', call->arena, &one, call->error))
            return false;
        if (!text->text || !one.ndim)
            empty++;
        else if (!stack_push(call, &stack, &one, i == empty, OTHERWISE))
            return false;
    }
    if (empty == texts.count)
        return return_text(call, "{}");
    return empty ? error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, OTHERWISE) : stack_return(call, &stack, texts.count);
}

static const FuncRow ROWS[] = {
    {F_TRIM_ARRAY_ANYARRAY_INT4, trim_array},
};
const FuncTable FUNC_TABLE_ARRAY_PART = {ROWS, COUNT_OF(ROWS)};
