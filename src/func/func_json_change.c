/*
 * func_json_change.c - other JSON made of JSON: ||, -, #-, jsonb_set and jsonb_insert, without nulls, laid out prettily.
 *
 *  1. Members are written as the texts they were; the whole is made canonical at the end.
 * Any thread.
 */
#include "func/func_json.h"

#include <errno.h>
#include <stdlib.h>

static bool refuse(FuncCall *call, const char *message)
{
    return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s", message);
}

static void add_part(Str *out, JsonPart part)
{
    str_addn(out, part.text, part.len);
}

static void add_member(Str *out, const JsonMember *member)
{
    if (out->data[out->len - 1] != '{' && out->data[out->len - 1] != '[')
        str_addc(out, ',');
    if (member->key.text) {
        add_part(out, member->key);
        str_addc(out, ':');
    }
    add_part(out, member->value);
}

static void add_members(Str *out, JsonPart from, Arena *arena)
{
    JsonMembers members = json_members(from, arena);
    for (size_t i = 0; i < members.count; i++)
        add_member(out, &members.items[i]);
}

static bool jsonb_concat(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    JsonPart sides[2] = {json_arg(call, 0), json_arg(call, 1)};
    bool objects = json_kind(sides[0]) == '{' && json_kind(sides[1]) == '{';
    str_addc(&out, objects ? '{' : '[');
    for (int i = 0; i < 2; i++) {
        if (objects || json_kind(sides[i]) == '[')
            add_members(&out, sides[i], call->arena);
        else
            add_member(&out, &(JsonMember){.value = sides[i]});
    }
    str_addc(&out, objects ? '}' : ']');
    return return_jsonb(call, &out);
}

/* ---- - ---- */

static bool is_named(const JsonMember *member, const ArrayElement *keys, size_t nkeys, Arena *arena)
{
    JsonPart named = member->key.text ? member->key : member->value;
    for (size_t i = 0; i < nkeys; i++)
        if (keys[i].text && json_string_is(named, keys[i].text, keys[i].len, arena))
            return true;
    return false;
}

static bool delete_keys(FuncCall *call, const ArrayElement *keys, size_t nkeys)
{
    JsonPart json = json_arg(call, 0);
    if (!json_is_container(json))
        return refuse(call, "cannot delete from scalar");
    Str out;
    str_init(&out, call->arena);
    str_addc(&out, json_kind(json));
    JsonMembers members = json_members(json, call->arena);
    for (size_t i = 0; i < members.count; i++)
        if (!is_named(&members.items[i], keys, nkeys, call->arena))
            add_member(&out, &members.items[i]);
    str_addc(&out, json_kind(json) == '{' ? '}' : ']');
    return return_jsonb(call, &out);
}

static bool jsonb_delete_key(FuncCall *call)
{
    ArrayElement key = {call->args[1].s.ptr, call->args[1].s.len};
    return delete_keys(call, &key, 1);
}

static bool jsonb_delete_keys(FuncCall *call)
{
    ArrayShape keys;
    if (!array_read(call, 1, &keys))
        return false;
    if (keys.ndim > 1)
        return error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
    return delete_keys(call, keys.elements, keys.count);
}

static bool jsonb_delete_index(FuncCall *call)
{
    JsonPart json = json_arg(call, 0);
    if (json_kind(json) == '{')
        return refuse(call, "cannot delete from object using integer index");
    if (!json_is_container(json))
        return refuse(call, "cannot delete from scalar");
    Str out;
    str_init(&out, call->arena);
    str_addc(&out, '[');
    JsonMembers members = json_members(json, call->arena);
    int64_t index = call->args[1].i, count = (int64_t)members.count;
    for (int64_t i = 0; i < count; i++)
        if (i != (index < 0 ? index + count : index))
            add_member(&out, &members.items[i]);
    str_addc(&out, ']');
    return return_jsonb(call, &out);
}

/* ---- along a path ---- */

typedef enum Change { CHANGE_DELETE, CHANGE_SET, CHANGE_SET_EXISTING, CHANGE_INSERT_BEFORE, CHANGE_INSERT_AFTER } Change;

typedef struct Path {
    FuncCall *call;
    ArrayShape steps;
    Change change;
    JsonPart value;
    Str *out;
} Path;

static bool change_at(Path *path, JsonPart json, size_t step);

static bool creates(const Path *path)
{
    return path->change != CHANGE_DELETE && path->change != CHANGE_SET_EXISTING;
}

/* The member that the last step of the path names. */
static bool change_member(Path *path, const JsonMember *member)
{
    JsonMember fresh = {member->key, path->value};
    bool inserts = path->change == CHANGE_INSERT_BEFORE || path->change == CHANGE_INSERT_AFTER;
    if (inserts && member->key.text) {
        refuse(path->call, "cannot replace existing key");
        return error_hint(path->call->error, "Try using the function jsonb_set to replace key value.");
    }
    if (path->change == CHANGE_INSERT_AFTER)
        add_member(path->out, member);
    if (path->change != CHANGE_DELETE)
        add_member(path->out, &fresh);
    if (path->change == CHANGE_INSERT_BEFORE)
        add_member(path->out, member);
    return true;
}

static bool change_or_enter(Path *path, const JsonMember *member, size_t step)
{
    if (step + 1 == path->steps.count)
        return change_member(path, member);
    add_member(path->out, &(JsonMember){.key = member->key, .value = {"", 0}});
    return change_at(path, member->value, step + 1);
}

static bool change_object(Path *path, JsonPart json, size_t step)
{
    const ArrayElement *name = &path->steps.elements[step];
    JsonMembers members = json_members(json, path->call->arena);
    bool found = false;
    for (size_t i = 0; i < members.count; i++) {
        bool named = json_string_is(members.items[i].key, name->text, name->len, path->call->arena);
        found = found || named;
        if (!named)
            add_member(path->out, &members.items[i]);
        else if (!change_or_enter(path, &members.items[i], step))
            return false;
    }
    if (!found && creates(path) && step + 1 == path->steps.count) {
        Str key;
        str_init(&key, path->call->arena);
        type_json_quote(name->text, name->len, &key);
        add_member(path->out, &(JsonMember){.key = {key.data, key.len}, .value = path->value});
    }
    return true;
}

static bool read_index(Path *path, size_t step, int64_t *out)
{
    const ArrayElement *element = &path->steps.elements[step];
    const char *text = arena_strndup(path->call->arena, element->text, element->len);
    char *stop;
    errno = 0;
    *out = strtol(text, &stop, 10);
    if (stop > text && !*stop && !errno && *out == (int32_t)*out)
        return true;
    return error_set(path->call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "path element at position %zu is not an integer: \"%s\"",
                     step + 1, text);
}

static bool change_array(Path *path, JsonPart json, size_t step)
{
    int64_t index;
    JsonMembers members = json_members(json, path->call->arena);
    int64_t count = (int64_t)members.count;
    JsonMember fresh = {.value = path->value};
    if (!read_index(path, step, &index))
        return false;
    bool before_all = index < -count, creates_here = creates(path) && step + 1 == path->steps.count;
    if (index < 0 && !before_all)
        index += count;
    if (before_all && creates_here)
        add_member(path->out, &fresh);
    for (int64_t i = 0; i < count; i++) {
        if (i != index || before_all)
            add_member(path->out, &members.items[i]);
        else if (!change_or_enter(path, &members.items[i], step))
            return false;
    }
    if (index >= count && creates_here)
        add_member(path->out, &fresh);
    return true;
}

static bool change_at(Path *path, JsonPart json, size_t step)
{
    if (!path->steps.elements[step].text)
        return error_set(path->call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "path element at position %zu is null", step + 1);
    if (!json_is_container(json)) {
        add_part(path->out, json);
        return true;
    }
    bool is_object = json_kind(json) == '{';
    str_addc(path->out, is_object ? '{' : '[');
    if (!(is_object ? change_object(path, json, step) : change_array(path, json, step)))
        return false;
    str_addc(path->out, is_object ? '}' : ']');
    return true;
}

static bool change(FuncCall *call, Change what, JsonPart value, const char *scalar)
{
    Str out;
    str_init(&out, call->arena);
    Path path = {.call = call, .change = what, .value = value, .out = &out};
    JsonPart json = json_arg(call, 0);
    if (!array_read(call, 1, &path.steps))
        return false;
    if (path.steps.ndim > 1)
        return error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
    if (!json_is_container(json))
        return refuse(call, scalar);
    bool adds = what == CHANGE_SET || what == CHANGE_INSERT_AFTER || what == CHANGE_INSERT_BEFORE;
    if (!path.steps.count || (!adds && !json_members(json, call->arena).count))
        return return_json_part(call, json, false);
    return change_at(&path, json, 0) && return_jsonb(call, &out);
}

static bool jsonb_delete_path(FuncCall *call)
{
    return change(call, CHANGE_DELETE, (JsonPart){0}, "cannot delete path in scalar");
}

static bool jsonb_set(FuncCall *call)
{
    return change(call, call->args[3].b ? CHANGE_SET : CHANGE_SET_EXISTING, json_arg(call, 2), "cannot set path in scalar");
}

static bool jsonb_insert(FuncCall *call)
{
    return change(call, call->args[3].b ? CHANGE_INSERT_AFTER : CHANGE_INSERT_BEFORE, json_arg(call, 2), "cannot set path in scalar");
}

/* ---- without nulls ---- */

static void add_without_nulls(Str *out, JsonPart json, Arena *arena)
{
    if (json_kind(json) == '"') {
        JsonPart meaning = json_string(json, arena);
        type_json_quote(meaning.text, meaning.len, out);
        return;
    }
    if (!json_is_container(json)) {
        add_part(out, json);
        return;
    }
    bool is_object = json_kind(json) == '{', first = true;
    JsonMembers members = json_members(json, arena);
    str_addc(out, is_object ? '{' : '[');
    for (size_t i = 0; i < members.count; i++) {
        const JsonMember *member = &members.items[i];
        if (is_object && json_kind(member->value) == 'n')
            continue;
        str_add(out, first ? "" : ",");
        first = false;
        if (is_object) {
            JsonPart key = json_string(member->key, arena);
            type_json_quote(key.text, key.len, out);
            str_addc(out, ':');
        }
        add_without_nulls(out, member->value, arena);
    }
    str_addc(out, is_object ? '}' : ']');
}

static bool strip_nulls(FuncCall *call)
{
    JsonPart json;
    if (!json_arg_meant(call, 0, &json))
        return false;
    Str out;
    str_init(&out, call->arena);
    add_without_nulls(&out, json, call->arena);
    return call->return_type == TYPE_JSONB ? return_jsonb(call, &out) : return_bytes(call, out.data, out.len);
}

/* ---- laid out ---- */

static void new_line(Str *out, int level)
{
    str_addf(out, "\n%*s", level * 4, "");
}

static void add_pretty(Str *out, JsonPart json, int level, Arena *arena)
{
    if (!json_is_container(json)) {
        add_part(out, json);
        return;
    }
    JsonMembers members = json_members(json, arena);
    str_addc(out, json_kind(json));
    for (size_t i = 0; i < members.count; i++) {
        str_add(out, i ? "," : "");
        new_line(out, level + 1);
        if (members.items[i].key.text) {
            add_part(out, members.items[i].key);
            str_add(out, ": ");
        }
        add_pretty(out, members.items[i].value, level + 1, arena);
    }
    new_line(out, level);
    str_addc(out, json_kind(json) == '{' ? '}' : ']');
}

static bool jsonb_pretty(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    add_pretty(&out, json_arg(call, 0), 0, call->arena);
    return return_bytes(call, out.data, out.len);
}

static const FuncRow ROWS[] = {
    {F_JSONB_CONCAT_JSONB_JSONB, jsonb_concat},
    {F_JSONB_DELETE_JSONB_TEXT, jsonb_delete_key},
    {F_JSONB_DELETE_JSONB_INT4, jsonb_delete_index},
    {F_JSONB_DELETE_JSONB_TEXT_ARRAY, jsonb_delete_keys},
    {F_JSONB_DELETE_PATH_JSONB_TEXT_ARRAY, jsonb_delete_path},
    {F_JSONB_SET_JSONB_TEXT_ARRAY_JSONB_BOOL, jsonb_set},
    {F_JSONB_INSERT_JSONB_TEXT_ARRAY_JSONB_BOOL, jsonb_insert},
    {F_JSON_STRIP_NULLS_JSON, strip_nulls},
    {F_JSONB_STRIP_NULLS_JSONB, strip_nulls},
    {F_JSONB_PRETTY_JSONB, jsonb_pretty},
};
const FuncTable FUNC_TABLE_JSON_CHANGE = {ROWS, COUNT_OF(ROWS)};
