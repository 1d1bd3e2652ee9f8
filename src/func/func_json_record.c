/*
 * func_json_record.c - JSON as rows: what json_to_record and its kin take from an object for a column (PostgreSQL manual, section 9.16).
 * Helpers of the local engine: its text says column by column what a row is made of (src/sql/print_json_record.c).
 *
 *  1. A value becomes a column's as the type's input function reads it: a string by what it means, anything else by its text.
 * Any thread.
 */
#include "func/func_json.h"

#include <string.h>

static const char *kind_of(JsonPart json)
{
    return json_kind(json) == '[' ? "an array" : json_kind(json) == '{' ? "an object" : "a scalar";
}

static bool not_a_row(FuncCall *call, JsonPart json)
{
    return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "cannot call populate_composite on %s", kind_of(json));
}

/* Arguments: JSON. The object that it must be. */
bool helper_json_record(FuncCall *call)
{
    JsonPart json;
    if (!json_arg_meant(call, 0, &json))
        return false;
    return json_kind(json) == '{' ? return_bytes(call, json.text, json.len) : not_a_row(call, json);
}

/* Arguments: the function, JSON. The objects of the array that it must be. */
bool helper_json_records(FuncCall *call)
{
    Oid proc = arg_oid(call, 0);
    const char *name = func_fact(proc)->name;
    JsonPart json;
    if (!json_arg_meant(call, 1, &json))
        return false;
    if (json_kind(json) != '[')
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "cannot call %s on %s", name,
                         strncmp(name, "jsonb", 5) == 0 ? "a non-array" : kind_of(json));
    JsonMembers members = json_members(json, call->arena);
    ArrayShape shape = {.ndim = members.count ? 1 : 0, .count = members.count};
    shape.dims[0] = (int32_t)members.count;
    shape.lower[0] = 1;
    shape.elements = ARENA_ARRAY(call->arena, ArrayElement, members.count + 1);
    for (size_t i = 0; i < members.count; i++) {
        JsonPart member = members.items[i].value;
        if (json_kind(member) != '{')
            return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "argument of %s must be an array of objects", name);
        shape.elements[i] = (ArrayElement){member.text, member.len};
    }
    return array_return(call, &shape);
}

static JsonPart member(FuncCall *call, int object)
{
    const Value *key = &call->args[object + 1];
    return json_field(json_arg(call, object), key->s.ptr, key->s.len, call->arena);
}

static bool is_nothing(JsonPart part)
{
    return !part.text || json_kind(part) == 'n';
}

/* Arguments: an object, a key. */
bool helper_json_has(FuncCall *call)
{
    return return_bool(call, member(call, 0).text != NULL);
}

/* Arguments: an object, a key. The member as a text; NULL: there is none, or it is null. */
bool helper_json_member(FuncCall *call)
{
    JsonPart part = member(call, 0);
    return is_nothing(part) ? return_null(call) : return_json_part(call, part, true);
}

/* Arguments: an object, a key. The member, which must be an object; NULL: there is none, or it is null. */
bool helper_json_member_row(FuncCall *call)
{
    JsonPart part = member(call, 0);
    if (is_nothing(part))
        return return_null(call);
    if (json_kind(part) == '"')
        return error_unsupported(call->error, "a row from a JSON string is not supported");
    return json_kind(part) == '{' ? return_bytes(call, part.text, part.len) : not_a_row(call, part);
}

/* ---- values ---- */

static bool read_scalar(FuncCall *call, Oid type, int32_t typmod, JsonPart part, const char **out)
{
    bool as_json = type == TYPE_JSON || type == TYPE_JSONB;
    if (json_kind(part) == '"' && !as_json)
        part = json_string(part, call->arena);
    return type_canonical(type, typmod, arena_strndup(call->arena, part.text, part.len), call->context->types, call->arena, out,
                          call->error);
}

typedef struct JsonArray {
    FuncCall *call;
    Oid element;
    int32_t typmod;
    const char *key;
    ArrayShape shape;
    bool deepest_known;
    VEC(ArrayElement) elements;
} JsonArray;

static bool expected_array(const JsonArray *array, const size_t *path, int depth)
{
    Error *error = array->call->error;
    error_set(error, ERRCODE_INVALID_TEXT_REPRESENTATION, "expected JSON array");
    if (!depth) {
        error_hint(error, "See the value of key \"%s\".", array->key);
        return false;
    }
    Str places;
    str_init(&places, array->call->arena);
    for (int i = 0; i < depth; i++)
        str_addf(&places, "[%zu]", path[i]);
    error_hint(error, "See the array element %s of key \"%s\".", places.data, array->key);
    return false;
}

static bool read_element(JsonArray *array, JsonPart value)
{
    const char *text = NULL;
    array->deepest_known = true;
    if (json_kind(value) != 'n' && !read_scalar(array->call, array->element, array->typmod, value, &text))
        return false;
    ArrayElement element = {text, text ? strlen(text) : 0};
    vec_push(array->call->arena, &array->elements, element);
    return true;
}

static bool open_level(JsonArray *array, size_t count, int depth)
{
    ArrayShape *shape = &array->shape;
    Error *error = array->call->error;
    if (depth >= ARRAY_MAX_DIM)
        return error_set(error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                         depth + 1, ARRAY_MAX_DIM);
    if (shape->ndim > depth && shape->dims[depth] != (int32_t)count) {
        error_set(error, ERRCODE_INVALID_TEXT_REPRESENTATION, "malformed JSON array");
        error_detail(error, "Multidimensional arrays must have sub-arrays with matching dimensions.");
        return false;
    }
    shape->ndim = shape->ndim > depth ? shape->ndim : depth + 1;
    shape->dims[depth] = (int32_t)count;
    shape->lower[depth] = 1;
    return true;
}

/* The first value that is no array says how many dimensions there are. */
static bool read_level(JsonArray *array, JsonPart part, size_t *path, int depth)
{
    JsonMembers members = json_members(part, array->call->arena);
    if (!open_level(array, members.count, depth))
        return false;
    for (size_t i = 0; i < members.count; i++) {
        JsonPart value = members.items[i].value;
        bool is_last = array->deepest_known && array->shape.ndim == depth + 1, deeper = !is_last && json_kind(value) == '[';
        path[depth] = i;
        if (array->deepest_known && !is_last && !deeper)
            return expected_array(array, path, depth + 1);
        if (!(deeper ? read_level(array, value, path, depth + 1) : read_element(array, value)))
            return false;
    }
    return true;
}

static bool read_array(FuncCall *call, Oid element, int32_t typmod, JsonPart part, const char *key)
{
    JsonArray array = {.call = call, .element = element, .typmod = typmod, .key = key};
    size_t path[ARRAY_MAX_DIM];
    if (json_kind(part) != '[')
        return expected_array(&array, path, 0);
    if (!read_level(&array, part, path, 0))
        return false;
    array.shape.elements = array.elements.items;
    array.shape.count = array.elements.count;
    if (!array.shape.count)
        return return_text(call, "{}");
    return array_return(call, &array.shape);
}

/* Arguments: type, type modifier, an object, a key. The canonical text of the member as a value of the type. */
bool helper_json_value(FuncCall *call)
{
    Oid type = arg_oid(call, 0), element = type_array_element(type);
    int32_t typmod = (int32_t)call->args[1].i;
    JsonPart part = member(call, 2);
    const char *text;
    if (is_nothing(part))
        return return_null(call);
    if (element && json_kind(part) != '"')
        return read_array(call, element, typmod, part, arg_text(call, 3));
    return read_scalar(call, type, typmod, part, &text) && return_text(call, text);
}
