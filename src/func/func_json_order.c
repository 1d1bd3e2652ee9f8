/*
 * func_json_order.c - the order of jsonb: the keys that sort as PostgreSQL's operator class does, and < <= > >=.
 *
 *  1. Kinds rise from null over string, number, boolean and array to object; containers are ordered by their size before what is in them.
 *  2. A scalar at the top counts as an array of one, which comes before a real array of one; so an empty array comes before every scalar.
 *  3. In a key no value's bytes begin another's: strings end with 0, which none contains.
 * Any thread.
 */
#include "func/func_json.h"

enum { KEY_NULL = 1, KEY_STRING, KEY_NUMBER, KEY_BOOL, KEY_ARRAY, KEY_OBJECT };

static void add_count(size_t count, Str *key)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        str_addc(key, (char)(count >> shift & 0xff));
}

static void add_string(JsonPart part, Arena *arena, Str *key)
{
    JsonPart string = json_string(part, arena);
    str_addn(key, string.text, string.len);
    str_addc(key, 0);
}

static void add_value(JsonPart value, Arena *arena, Str *key)
{
    static const char KINDS[] = "n\"0tf[{";
    static const char RANKS[] = {KEY_NULL, KEY_STRING, KEY_NUMBER, KEY_BOOL, KEY_BOOL, KEY_ARRAY, KEY_OBJECT};
    char kind = json_kind(value);
    str_addc(key, RANKS[strchr(KINDS, kind) - KINDS]);
    if (kind == '"') {
        add_string(value, arena, key);
    } else if (kind == '0') {
        numeric_sort_key(arena_strndup(arena, value.text, value.len), key);
    } else if (kind == 't' || kind == 'f') {
        str_addc(key, kind == 't');
    } else if (json_is_container(value)) {
        JsonMembers members = json_members(value, arena);
        add_count(members.count, key);
        if (kind == '[')
            str_addc(key, 1);
        for (size_t i = 0; i < members.count; i++) {
            if (kind == '{')
                add_string(members.items[i].key, arena, key);
            add_value(members.items[i].value, arena, key);
        }
    }
}

void json_sort_key(JsonPart json, Arena *arena, Str *key)
{
    if (!json_is_container(json)) {
        str_addc(key, KEY_ARRAY);
        add_count(1, key);
        str_addc(key, 0);
    }
    add_value(json, arena, key);
}

bool helper_jsonb_key(FuncCall *call)
{
    Str key;
    str_init(&key, call->arena);
    json_sort_key(json_arg(call, 0), call->arena, &key);
    return return_bytes(call, key.data, key.len);
}

static int compare(FuncCall *call)
{
    Str left, right;
    str_init(&left, call->arena);
    str_init(&right, call->arena);
    json_sort_key(json_arg(call, 0), call->arena, &left);
    json_sort_key(json_arg(call, 1), call->arena, &right);
    int order = memcmp(left.data, right.data, left.len < right.len ? left.len : right.len);
    return order ? order : (left.len > right.len) - (left.len < right.len);
}

static bool jsonb_lt(FuncCall *call)
{
    return return_bool(call, compare(call) < 0);
}

static bool jsonb_le(FuncCall *call)
{
    return return_bool(call, compare(call) <= 0);
}

static bool jsonb_gt(FuncCall *call)
{
    return return_bool(call, compare(call) > 0);
}

static bool jsonb_ge(FuncCall *call)
{
    return return_bool(call, compare(call) >= 0);
}

static const FuncRow ROWS[] = {
    {F_JSONB_LT_JSONB_JSONB, jsonb_lt},
    {F_JSONB_LE_JSONB_JSONB, jsonb_le},
    {F_JSONB_GT_JSONB_JSONB, jsonb_gt},
    {F_JSONB_GE_JSONB_JSONB, jsonb_ge},
};
const FuncTable FUNC_TABLE_JSON_ORDER = {ROWS, COUNT_OF(ROWS)};
