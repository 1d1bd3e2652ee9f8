/*
 * func_json_part.c - finding the parts of a JSON text.
 *
 *  1. Texts are valid JSON (func_json.h): nothing here can fail.
 * Any thread. No recursion: nested values are skipped by counting brackets.
 */
#include "func/func_json.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

JsonPart json_part(const char *text, size_t len)
{
    const char *end = text + len, *at = skip_blanks(text, end);
    while (end > at && is_blank(end[-1]))
        end--;
    return (JsonPart){at, (size_t)(end - at)};
}

JsonPart json_arg(const FuncCall *call, int index)
{
    return json_part(call->args[index].s.ptr, call->args[index].s.len);
}

bool json_arg_meant(FuncCall *call, int index, JsonPart *part)
{
    const Value *json = &call->args[index];
    *part = json_arg(call, index);
    return !memmem(json->s.ptr, json->s.len, "\\u", 2) || type_json_check_strings(json->s.ptr, json->s.len, call->arena, call->error);
}

char json_kind(JsonPart part)
{
    char first = part.len ? part.text[0] : 'n';
    return strchr("{[\"tfn", first) ? first : '0';
}

bool json_is_container(JsonPart part)
{
    return json_kind(part) == '{' || json_kind(part) == '[';
}

static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\';
    return at < end ? at + 1 : end;
}

static const char *skip_value(const char *at, const char *end)
{
    if (*at != '{' && *at != '[') {
        if (*at == '"')
            return skip_string(at, end);
        while (at < end && !is_blank(*at) && !strchr(",:]}", *at))
            at++;
        return at;
    }
    for (int depth = 0; at < end;) {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        at++;
        if (!depth)
            break;
    }
    return at;
}

JsonMembers json_members(JsonPart part, Arena *arena)
{
    JsonMembers members = {0};
    if (!json_is_container(part))
        return members;
    const char *end = part.text + part.len - 1, *at = skip_blanks(part.text + 1, end);
    while (at < end && arena_has_room(arena, 0)) {
        JsonMember member = {0};
        if (part.text[0] == '{') {
            const char *stop = skip_string(at, end);
            member.key = (JsonPart){at, (size_t)(stop - at)};
            at = skip_blanks(stop, end);
            at = skip_blanks(at + 1, end); /* the colon */
        }
        const char *stop = skip_value(at, end);
        member.value = (JsonPart){at, (size_t)(stop - at)};
        vec_push(arena, &members, member);
        at = skip_blanks(stop, end);
        if (at < end)
            at = skip_blanks(at + 1, end); /* the comma */
    }
    return members;
}

/* ---- strings ---- */

static unsigned read_hex(const char *digits)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)digits[i];
        value = value * 16 + (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return value;
}

static void add_character(unsigned code, Str *out)
{
    if (code < 0x80) {
        str_addc(out, (char)code);
        return;
    }
    int following = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char LEADS[] = {0, 0xc0, 0xe0, 0xf0};
    str_addc(out, (char)(LEADS[following] | code >> (6 * following)));
    while (following--)
        str_addc(out, (char)(0x80 | (code >> (6 * following) & 0x3f)));
}

/* `at` stands behind the u; gives the place behind the character. */
static const char *add_unicode(const char *at, Str *out)
{
    unsigned code = read_hex(at);
    at += 4;
    if (code >= 0xd800 && code < 0xdc00) {
        code = 0x10000 + ((code - 0xd800) << 10) + (read_hex(at + 2) - 0xdc00);
        at += 6;
    }
    add_character(code, out);
    return at;
}

JsonPart json_string(JsonPart part, Arena *arena)
{
    static const char NAMES[] = "bfnrt", MEANT[] = "\b\f\n\r\t";
    const char *at = part.text + 1, *end = part.text + part.len - 1;
    if (!memchr(at, '\\', (size_t)(end - at)))
        return (JsonPart){at, (size_t)(end - at)};
    Str out;
    str_init(&out, arena);
    while (at < end) {
        if (*at != '\\') {
            str_addc(&out, *at++);
            continue;
        }
        const char *name = strchr(NAMES, at[1]);
        if (at[1] == 'u') {
            at = add_unicode(at + 2, &out);
            continue;
        }
        str_addc(&out, name ? MEANT[name - NAMES] : at[1]);
        at += 2;
    }
    return (JsonPart){out.data ? out.data : "", out.len};
}

bool json_string_is(JsonPart part, const char *text, size_t len, Arena *arena)
{
    if (json_kind(part) != '"')
        return false;
    JsonPart string = json_string(part, arena);
    return string.len == len && memcmp(string.text, text, len) == 0;
}

/* ---- members ---- */

JsonPart json_field(JsonPart object, const char *key, size_t len, Arena *arena)
{
    JsonPart found = {0};
    if (json_kind(object) != '{')
        return found;
    JsonMembers members = json_members(object, arena);
    for (size_t i = 0; i < members.count; i++)
        if (json_string_is(members.items[i].key, key, len, arena))
            found = members.items[i].value;
    return found;
}

JsonPart json_element(JsonPart array, int64_t index, Arena *arena)
{
    if (json_kind(array) != '[')
        return (JsonPart){0};
    JsonMembers members = json_members(array, arena);
    if (index < 0)
        index += (int64_t)members.count;
    return index >= 0 && index < (int64_t)members.count ? members.items[index].value : (JsonPart){0};
}

/* ---- results ---- */

bool return_json_part(FuncCall *call, JsonPart part, bool as_text)
{
    if (!part.text || (as_text && json_kind(part) == 'n'))
        return return_null(call);
    if (as_text && json_kind(part) == '"')
        part = json_string(part, call->arena);
    return return_bytes(call, part.text, part.len);
}

bool return_jsonb(FuncCall *call, const Str *json)
{
    const char *canonical;
    return type_canonical(TYPE_JSONB, -1, json->data, &TYPE_CONTEXT_CANONICAL, call->arena, &canonical, call->error) &&
           return_text(call, canonical);
}
