/*
 * func_json_read.c - what is in a JSON value: -> ->> #> #>> @> ? and = of jsonb, lengths, kinds, elements, members and keys.
 *
 *  1. A scalar jsonb at the top counts as an array of one element where PostgreSQL takes it so.
 * Any thread.
 */
#include "func/func_json.h"

#include <errno.h>
#include <stdlib.h>

static bool is_jsonb(const FuncCall *call)
{
    return call->arg_types[0] == TYPE_JSONB;
}

static bool gives_text(const FuncCall *call)
{
    return call->return_type == TYPE_TEXT;
}

static bool object_field(FuncCall *call)
{
    const Value *key = &call->args[1];
    JsonPart json;
    return json_arg_meant(call, 0, &json) &&
           return_json_part(call, json_field(json, key->s.ptr, key->s.len, call->arena), gives_text(call));
}

static bool array_element(FuncCall *call)
{
    JsonPart json, found;
    if (!json_arg_meant(call, 0, &json))
        return false;
    int64_t index = call->args[1].i;
    if (is_jsonb(call) && !json_is_container(json))
        found = index == 0 || index == -1 ? json : (JsonPart){0};
    else
        found = json_element(json, index, call->arena);
    return return_json_part(call, found, gives_text(call));
}

static JsonPart path_step(JsonPart json, const ArrayElement *step, Arena *arena)
{
    if (json_kind(json) == '{')
        return json_field(json, step->text, step->len, arena);
    char *stop;
    errno = 0;
    const char *text = arena_strndup(arena, step->text, step->len);
    long index = strtol(text, &stop, 10);
    bool valid = stop > text && !*stop && !errno && index == (int32_t)index;
    return valid ? json_element(json, index, arena) : (JsonPart){0};
}

static bool extract_path(FuncCall *call)
{
    ArrayShape path;
    JsonPart json;
    if (!array_read(call, 1, &path) || !json_arg_meant(call, 0, &json))
        return false;
    for (size_t i = 0; i < path.count; i++)
        if (!path.elements[i].text)
            return return_null(call);
    for (size_t i = 0; i < path.count && json.text; i++)
        json = path_step(json, &path.elements[i], call->arena);
    return return_json_part(call, json, gives_text(call));
}

/* ---- comparison ---- */

static bool equal(JsonPart a, JsonPart b, Arena *arena);

static bool equal_members(JsonPart a, JsonPart b, Arena *arena)
{
    JsonMembers left = json_members(a, arena), right = json_members(b, arena);
    if (left.count != right.count)
        return false;
    for (size_t i = 0; i < left.count; i++) {
        JsonPart key = left.items[i].key, other = right.items[i].key;
        if (key.len != other.len || (key.len && memcmp(key.text, other.text, key.len) != 0) ||
            !equal(left.items[i].value, right.items[i].value, arena))
            return false;
    }
    return true;
}

/* Both are canonical: members are in order, texts of equal strings equal. */
static bool equal(JsonPart a, JsonPart b, Arena *arena)
{
    char kind = json_kind(a);
    if (kind != json_kind(b))
        return false;
    if (json_is_container(a))
        return equal_members(a, b, arena);
    if (kind != '0')
        return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
    return numeric_compare(arena_strndup(arena, a.text, a.len), arena_strndup(arena, b.text, b.len)) == 0;
}

static bool contains(JsonPart all, JsonPart some, Arena *arena);

static bool array_contains_value(JsonPart array, JsonPart value, Arena *arena)
{
    JsonMembers members = json_members(array, arena);
    for (size_t i = 0; i < members.count; i++) {
        JsonPart element = members.items[i].value;
        if (json_is_container(value) ? contains(element, value, arena) : equal(element, value, arena))
            return true;
    }
    return false;
}

static bool contains(JsonPart all, JsonPart some, Arena *arena)
{
    if (json_kind(all) != json_kind(some))
        return false;
    if (!json_is_container(all))
        return equal(all, some, arena);
    JsonMembers members = json_members(some, arena);
    for (size_t i = 0; i < members.count; i++) {
        JsonPart value = members.items[i].value, key = members.items[i].key, found;
        if (json_kind(all) == '[') {
            if (!array_contains_value(all, value, arena))
                return false;
            continue;
        }
        key = json_string(key, arena);
        found = json_field(all, key.text, key.len, arena);
        if (!found.text || !contains(found, value, arena))
            return false;
    }
    return true;
}

static bool contains_at_top(JsonPart all, JsonPart some, Arena *arena)
{
    if (json_kind(all) == '[' && !json_is_container(some))
        return array_contains_value(all, some, arena);
    return contains(all, some, arena);
}

static bool jsonb_contains(FuncCall *call)
{
    return return_bool(call, contains_at_top(json_arg(call, 0), json_arg(call, 1), call->arena));
}

static bool jsonb_contained(FuncCall *call)
{
    return return_bool(call, contains_at_top(json_arg(call, 1), json_arg(call, 0), call->arena));
}

static bool jsonb_eq(FuncCall *call)
{
    return return_bool(call, equal(json_arg(call, 0), json_arg(call, 1), call->arena));
}

static bool jsonb_ne(FuncCall *call)
{
    return return_bool(call, !equal(json_arg(call, 0), json_arg(call, 1), call->arena));
}

static bool has_key(JsonPart json, const char *key, size_t len, Arena *arena)
{
    if (!json_is_container(json))
        return json_string_is(json, key, len, arena);
    if (json_kind(json) == '{')
        return json_field(json, key, len, arena).text != NULL;
    JsonMembers members = json_members(json, arena);
    for (size_t i = 0; i < members.count; i++)
        if (json_string_is(members.items[i].value, key, len, arena))
            return true;
    return false;
}

static bool jsonb_exists(FuncCall *call)
{
    return return_bool(call, has_key(json_arg(call, 0), call->args[1].s.ptr, call->args[1].s.len, call->arena));
}

static bool exists_many(FuncCall *call, bool all)
{
    ArrayShape keys;
    if (!array_read(call, 1, &keys))
        return false;
    for (size_t i = 0; i < keys.count; i++) {
        const ArrayElement *key = &keys.elements[i];
        if (key->text && has_key(json_arg(call, 0), key->text, key->len, call->arena) != all)
            return return_bool(call, !all);
    }
    return return_bool(call, all);
}

static bool jsonb_exists_any(FuncCall *call)
{
    return exists_many(call, false);
}

static bool jsonb_exists_all(FuncCall *call)
{
    return exists_many(call, true);
}

/* ---- kinds and lengths ---- */

static bool json_typeof(FuncCall *call)
{
    static const char KINDS[] = "{[\"0tfn";
    static const char *const NAMES[] = {"object", "array", "string", "number", "boolean", "boolean", "null"};
    return return_text(call, NAMES[strchr(KINDS, json_kind(json_arg(call, 0))) - KINDS]);
}

static bool refuse(FuncCall *call, const char *message)
{
    return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s", message);
}

static bool json_array_length(FuncCall *call)
{
    JsonPart json = json_arg(call, 0);
    if (json_kind(json) != '[')
        return refuse(call, json_kind(json) == '{' ? "cannot get array length of a non-array" : "cannot get array length of a scalar");
    return return_int(call, (int64_t)json_members(json, call->arena).count);
}

/* ---- rows ---- */

static Value part_value(JsonPart part, bool as_text, Arena *arena)
{
    if (as_text && json_kind(part) == 'n')
        return value_null(FDW_STRING);
    if (as_text && json_kind(part) == '"')
        part = json_string(part, arena);
    return value_text(part.text, part.len);
}

static const char *own_name(const FuncCall *call)
{
    return func_fact(call->proc)->name;
}

static bool ends_in_text(const char *name)
{
    size_t len = strlen(name);
    return len > 5 && str_eq(name + len - 5, "_text");
}

static bool array_elements(FuncSetCall *set)
{
    FuncCall *call = &set->call;
    JsonPart json = json_arg(call, 0);
    const char *name = own_name(call);
    bool is_object = json_kind(json) == '{', binary = strncmp(name, "jsonb", 5) == 0;
    if (json_kind(json) != '[' && binary)
        return refuse(call, is_object ? "cannot extract elements from an object" : "cannot extract elements from a scalar");
    if (json_kind(json) != '[')
        return refuse(call, arena_printf(call->arena, "cannot call %s on a %s", name, is_object ? "non-array" : "scalar"));
    if (ends_in_text(name) && !json_arg_meant(call, 0, &json))
        return false;
    JsonMembers members = json_members(json, call->arena);
    for (size_t i = 0; i < members.count; i++) {
        Value row = part_value(members.items[i].value, ends_in_text(name), call->arena);
        if (!set->emit(set->sink, &row, 1))
            return true;
    }
    return true;
}

static bool each_member(FuncSetCall *set)
{
    FuncCall *call = &set->call;
    JsonPart json = json_arg(call, 0);
    const char *name = own_name(call);
    if (!json_is_container(json) && !json_arg_meant(call, 0, &json)) /* is read before it is refused */
        return false;
    if (json_kind(json) != '{' && strncmp(name, "jsonb", 5) == 0)
        return refuse(call, arena_printf(call->arena, "cannot call %s on a non-object", name));
    if (json_kind(json) != '{')
        return refuse(call, json_kind(json) == '[' ? "cannot deconstruct an array as an object" : "cannot deconstruct a scalar");
    if (!json_arg_meant(call, 0, &json))
        return false;
    JsonMembers members = json_members(json, call->arena);
    for (size_t i = 0; i < members.count; i++) {
        Value row[2] = {part_value(members.items[i].key, true, call->arena),
                        part_value(members.items[i].value, ends_in_text(name), call->arena)};
        if (!set->emit(set->sink, row, 2))
            return true;
    }
    return true;
}

static bool object_keys(FuncSetCall *set)
{
    FuncCall *call = &set->call;
    JsonPart json = json_arg(call, 0);
    if (json_kind(json) != '{')
        return refuse(call,
                      arena_printf(call->arena, "cannot call %s on %s", own_name(call), json_kind(json) == '[' ? "an array" : "a scalar"));
    if (!json_arg_meant(call, 0, &json))
        return false;
    JsonMembers members = json_members(json, call->arena);
    for (size_t i = 0; i < members.count; i++) {
        Value row = part_value(members.items[i].key, true, call->arena);
        if (!set->emit(set->sink, &row, 1))
            return true;
    }
    return true;
}

static const FuncRow ROWS[] = {
    {F_JSON_OBJECT_FIELD_JSON_TEXT, object_field},
    {F_JSON_OBJECT_FIELD_TEXT_JSON_TEXT, object_field},
    {F_JSONB_OBJECT_FIELD_JSONB_TEXT, object_field},
    {F_JSONB_OBJECT_FIELD_TEXT_JSONB_TEXT, object_field},
    {F_JSON_ARRAY_ELEMENT_JSON_INT4, array_element},
    {F_JSON_ARRAY_ELEMENT_TEXT_JSON_INT4, array_element},
    {F_JSONB_ARRAY_ELEMENT_JSONB_INT4, array_element},
    {F_JSONB_ARRAY_ELEMENT_TEXT_JSONB_INT4, array_element},
    {F_JSON_EXTRACT_PATH_JSON_TEXT_ARRAY, extract_path},
    {F_JSON_EXTRACT_PATH_TEXT_JSON_TEXT_ARRAY, extract_path},
    {F_JSONB_EXTRACT_PATH_JSONB_TEXT_ARRAY, extract_path},
    {F_JSONB_EXTRACT_PATH_TEXT_JSONB_TEXT_ARRAY, extract_path},
    {F_JSONB_CONTAINS_JSONB_JSONB, jsonb_contains},
    {F_JSONB_CONTAINED_JSONB_JSONB, jsonb_contained},
    {F_JSONB_EQ_JSONB_JSONB, jsonb_eq},
    {F_JSONB_NE_JSONB_JSONB, jsonb_ne},
    {F_JSONB_EXISTS_JSONB_TEXT, jsonb_exists},
    {F_JSONB_EXISTS_ANY_JSONB_TEXT_ARRAY, jsonb_exists_any},
    {F_JSONB_EXISTS_ALL_JSONB_TEXT_ARRAY, jsonb_exists_all},
    {F_JSON_TYPEOF_JSON, json_typeof},
    {F_JSONB_TYPEOF_JSONB, json_typeof},
    {F_JSON_ARRAY_LENGTH_JSON, json_array_length},
    {F_JSONB_ARRAY_LENGTH_JSONB, json_array_length},
};
const FuncTable FUNC_TABLE_JSON_READ = {ROWS, COUNT_OF(ROWS)};

static const FuncSetRow SETS[] = {
    {F_JSON_ARRAY_ELEMENTS_JSON, array_elements},
    {F_JSON_ARRAY_ELEMENTS_TEXT_JSON, array_elements},
    {F_JSONB_ARRAY_ELEMENTS_JSONB, array_elements},
    {F_JSONB_ARRAY_ELEMENTS_TEXT_JSONB, array_elements},
    {F_JSON_EACH_JSON, each_member},
    {F_JSON_EACH_TEXT_JSON, each_member},
    {F_JSONB_EACH_JSONB, each_member},
    {F_JSONB_EACH_TEXT_JSONB, each_member},
    {F_JSON_OBJECT_KEYS_JSON, object_keys},
    {F_JSONB_OBJECT_KEYS_JSONB, object_keys},
};
const FuncSetTable FUNC_SETS_JSON = {SETS, COUNT_OF(SETS)};
