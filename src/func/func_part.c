/*
 * func_part.c - a value of which a part is replaced: elements and slices of arrays, fields of rows, what lies in jsonb, and parts of those.
 *
 * Invariants:
 *  1. Which part, one text array says, a step after the other: f, place, how many fields; a, how many, subscripts; s, how many, pairs of
 *     bounds ('' for one that is missing); o or i, how many, keys of jsonb, the first of which is a text or a number.
 *  2. A NULL whole counts as empty.
 * Any thread.
 */
#include "func/func_json.h"

#include <errno.h>
#include <stdlib.h>

#include "func/func_part.h"
#include "type/part.h"

typedef struct Steps {
    FuncCall *call;
    const ArrayElement *items;
    size_t count;
    const char *value; /* NULL: SQL NULL */
} Steps;

static bool put(const Steps *steps, size_t at, const char *whole, const char **out);

static int32_t number_at(const Steps *steps, size_t at)
{
    return (int32_t)strtol(arena_strndup(steps->call->arena, steps->items[at].text, steps->items[at].len), NULL, 10);
}

/* ---- jsonb ---- */

typedef struct Keys {
    Arena *arena;
    Error *error;
    const ArrayElement *items;
    size_t count;
    const char *value;
    Str *out;
} Keys;

static bool put_json(Keys *keys, JsonPart json, size_t step);

static const char *key_text(const Keys *keys, size_t step)
{
    return arena_strndup(keys->arena, keys->items[step].text, keys->items[step].len);
}

static bool key_number(const Keys *keys, size_t step, int32_t *out)
{
    const char *text = key_text(keys, step);
    char *stop;
    errno = 0;
    long number = strtol(text, &stop, 10);
    *out = (int32_t)number;
    return stop > text && !*stop && !errno && number == *out;
}

static void separate(Str *out)
{
    if (out->data[out->len - 1] != '{' && out->data[out->len - 1] != '[')
        str_addc(out, ',');
}

static void add_nulls(Str *out, int64_t count)
{
    for (; count > 0; count--) {
        separate(out);
        str_add(out, "null");
    }
}

static void add_key(Keys *keys, size_t step)
{
    separate(keys->out);
    type_json_quote(keys->items[step].text, keys->items[step].len, keys->out);
    str_addc(keys->out, ':');
}

/* What is not there yet: numbers make arrays. */
static void make_json(Keys *keys, size_t step)
{
    int32_t index;
    if (step == keys->count) {
        str_add(keys->out, keys->value);
        return;
    }
    bool is_array = key_number(keys, step, &index);
    str_addc(keys->out, is_array ? '[' : '{');
    if (is_array) {
        add_nulls(keys->out, index);
        separate(keys->out);
    } else {
        add_key(keys, step);
    }
    make_json(keys, step + 1);
    str_addc(keys->out, is_array ? ']' : '}');
}

static bool put_in_object(Keys *keys, JsonPart json, size_t step)
{
    const ArrayElement *name = &keys->items[step];
    JsonMembers members = json_members(json, keys->arena);
    bool found = false;
    for (size_t i = 0; i < members.count; i++) {
        const JsonMember *member = &members.items[i];
        bool named = json_string_is(member->key, name->text, name->len, keys->arena);
        found = found || named;
        separate(keys->out);
        str_addn(keys->out, member->key.text, member->key.len);
        str_addc(keys->out, ':');
        if (!named)
            str_addn(keys->out, member->value.text, member->value.len);
        else if (!put_json(keys, member->value, step + 1))
            return false;
    }
    if (!found) {
        add_key(keys, step);
        make_json(keys, step + 1);
    }
    return true;
}

static bool put_in_array(Keys *keys, JsonPart json, size_t step)
{
    int32_t number;
    JsonMembers members = json_members(json, keys->arena);
    int64_t count = (int64_t)members.count;
    if (!key_number(keys, step, &number))
        return error_set(keys->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "path element at position %zu is not an integer: \"%s\"",
                         step + 1, key_text(keys, step));
    int64_t index = number < 0 ? number + count : number;
    if (index < 0)
        return error_set(keys->error, ERRCODE_INVALID_PARAMETER_VALUE, "path element at position %zu is out of range: %d", step + 1,
                         number);
    for (int64_t i = 0; i < count; i++) {
        separate(keys->out);
        if (i != index)
            str_addn(keys->out, members.items[i].value.text, members.items[i].value.len);
        else if (!put_json(keys, members.items[i].value, step + 1))
            return false;
    }
    if (index >= count) {
        add_nulls(keys->out, index - count);
        separate(keys->out);
        make_json(keys, step + 1);
    }
    return true;
}

static bool put_json(Keys *keys, JsonPart json, size_t step)
{
    if (step == keys->count) {
        str_add(keys->out, keys->value);
        return true;
    }
    if (!json_is_container(json)) {
        error_set(keys->error, ERRCODE_INVALID_PARAMETER_VALUE, "cannot replace existing key");
        return error_detail(keys->error, "The path assumes key is a composite object, but it is a scalar value.");
    }
    bool is_object = json_kind(json) == '{';
    str_addc(keys->out, is_object ? '{' : '[');
    if (!(is_object ? put_in_object(keys, json, step) : put_in_array(keys, json, step)))
        return false;
    str_addc(keys->out, is_object ? '}' : ']');
    return true;
}

bool func_jsonb_put(const char *whole, const JsonbPath *path, const char *value, Arena *arena, Error *error, const char **out)
{
    Str text;
    str_init(&text, arena);
    Keys keys = {arena, error, path->keys, path->count, value ? value : "null", &text};
    for (size_t i = 0; i < path->count; i++)
        if (!path->keys[i].text)
            return error_set(error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "jsonb subscript in assignment must not be null");
    if (!whole)
        whole = path->from_number ? "[]" : "{}";
    return put_json(&keys, json_part(whole, strlen(whole)), 0) &&
           type_canonical(TYPE_JSONB, -1, text.data, &TYPE_CONTEXT_CANONICAL, arena, out, error);
}

static bool put_key(const Steps *steps, size_t at, const char *whole, const char **out)
{
    JsonbPath path = {steps->items + at + 2, (size_t)number_at(steps, at + 1), *steps->items[at].text == 'i'};
    return func_jsonb_put(whole, &path, steps->value, steps->call->arena, steps->call->error, out);
}

/* ---- arrays ---- */

static bool read_bound(const Steps *steps, size_t at, bool *has, int32_t *out)
{
    if (!steps->items[at].text)
        return error_set(steps->call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "array subscript in assignment must not be null");
    *has = steps->items[at].len > 0;
    *out = *has ? number_at(steps, at) : 0;
    return true;
}

static bool read_place(const Steps *steps, size_t *at, ArrayPlace *place)
{
    place->is_slice = *steps->items[*at].text == 's';
    place->count = number_at(steps, *at + 1);
    *at += 2;
    for (int i = 0; i < place->count; i++) {
        if (!read_bound(steps, *at, &place->has_lower[i], &place->lower[i]))
            return false;
        *at += place->is_slice ? 1 : 0;
        if (!read_bound(steps, *at, &place->has_upper[i], &place->upper[i]))
            return false;
        *at += 1;
    }
    return true;
}

static bool put_element(const Steps *steps, size_t at, ArrayShape *shape, ArrayPlace *place)
{
    Arena *arena = steps->call->arena;
    const char *value = NULL;
    if (at < steps->count && shape->ndim == place->count && type_array_has(shape, place)) {
        const ArrayElement *old = &shape->elements[type_array_offset(shape, place->lower)];
        value = old->text ? arena_strndup(arena, old->text, old->len) : NULL;
    }
    if (!put(steps, at, value, &value) || !type_array_fit(shape, place, arena, steps->call->error))
        return false;
    shape->elements[type_array_offset(shape, place->lower)] = (ArrayElement){value, value ? strlen(value) : 0};
    return true;
}

static bool put_slice(const Steps *steps, ArrayShape *shape, ArrayPlace *place)
{
    Arena *arena = steps->call->arena;
    Error *error = steps->call->error;
    ArrayShape source = {0};
    const char *value = steps->value;
    return !value || (type_array_read(value, strlen(value), ',', arena, &source, error) && type_array_fit(shape, place, arena, error) &&
                      type_array_put_slice(shape, place, &source, error));
}

static bool put_in_places(const Steps *steps, size_t at, const char *whole, const char **out)
{
    ArrayShape shape = {0};
    ArrayPlace place = {0};
    Str text;
    if (!read_place(steps, &at, &place) ||
        (whole && !type_array_read(whole, strlen(whole), ',', steps->call->arena, &shape, steps->call->error)) ||
        !(place.is_slice ? put_slice(steps, &shape, &place) : put_element(steps, at, &shape, &place)))
        return false;
    str_init(&text, steps->call->arena);
    type_array_write_shape(&shape, ',', &text);
    *out = text.data;
    return true;
}

/* ---- rows, and all of it ---- */

static bool put_field(const Steps *steps, size_t at, const char *whole, const char **out)
{
    int place = number_at(steps, at + 1), count = number_at(steps, at + 2);
    const char **cells = NULL, **row = ARENA_ARRAY(steps->call->arena, const char *, count + 1);
    int given = whole ? type_row_read(whole, steps->call->arena, &cells) : 0;
    for (int i = 0; i < given && i < count; i++)
        row[i] = cells[i];
    if (!put(steps, at + 3, row[place - 1], &row[place - 1]))
        return false;
    *out = type_row_write(steps->call->arena, row, count);
    return true;
}

static bool put(const Steps *steps, size_t at, const char *whole, const char **out)
{
    if (at == steps->count) {
        *out = steps->value;
        return true;
    }
    switch (*steps->items[at].text) {
    case 'f':
        return put_field(steps, at, whole, out);
    case 'a':
    case 's':
        return put_in_places(steps, at, whole, out);
    default:
        return put_key(steps, at, whole, out);
    }
}

static const char *text_or_null(const FuncCall *call, int index)
{
    return call->args[index].is_null ? NULL : arg_text(call, index);
}

/* Arguments: the whole, the steps to the part, what it becomes. */
bool helper_part_set(FuncCall *call)
{
    ArrayShape items;
    const char *out;
    if (!array_read(call, 1, &items))
        return false;
    Steps steps = {call, items.elements, items.count, text_or_null(call, 2)};
    return put(&steps, 0, text_or_null(call, 0), &out) && return_text(call, out);
}
