/*
 * jsonpath_item.c - items of a running SQL/JSON path: from JSON, to JSON, and where they lie.
 * Any thread.
 */
#include "func/jsonpath_exec.h"

#include <stdlib.h>

PathItem path_text(const char *text, size_t len)
{
    return (PathItem){.kind = '"', .text = text, .len = len};
}

PathItem path_number(const char *text)
{
    return (PathItem){.kind = '0', .text = text, .len = strlen(text)};
}

PathItem path_truth(PathTruth truth)
{
    static const char *const TEXTS[] = {"false", "true", "null"};
    return (PathItem){.kind = TEXTS[truth][0], .text = TEXTS[truth], .len = strlen(TEXTS[truth])};
}

PathItem path_item(JsonPart part, Arena *arena)
{
    char kind = json_kind(part);
    if (kind == '"')
        part = json_string(part, arena);
    else if (kind == '0')
        part.text = arena_strndup(arena, part.text, part.len);
    return (PathItem){.kind = kind, .text = part.text, .len = part.len};
}

/* ---- texts ---- */

static void write_zone(int east, Str *out)
{
    int seconds = abs(east);
    str_addf(out, "%c%02d:%02d", east < 0 ? '-' : '+', seconds / 3600, seconds / 60 % 60);
    if (seconds % 60)
        str_addf(out, ":%02d", seconds % 60);
}

/* As in ISO 8601, in the zone that the value was given with. */
const char *path_datetime_text(const FormatDatetime *datetime, Arena *arena)
{
    bool zoned = datetime->type == TYPE_TIMESTAMPTZ || datetime->type == TYPE_TIMETZ;
    bool dated = datetime->type == TYPE_TIMESTAMPTZ || datetime->type == TYPE_TIMESTAMP;
    Oid type = !zoned ? datetime->type : dated ? TYPE_TIMESTAMP : TYPE_TIME;
    int64_t shift = datetime->type == TYPE_TIMESTAMPTZ ? datetime->east * INT64_C(1000000) : 0;
    Value value = value_int(type_layout(type, -1).physical, datetime->value + shift);
    Str written, out;
    Error ignored;
    error_init(&ignored, arena);
    str_init(&written, arena);
    str_init(&out, arena);
    if (!type_output(type, &value, &TYPE_CONTEXT_CANONICAL, &written, &ignored))
        return "";
    char *space = dated ? strchr(written.data, ' ') : NULL;
    if (space)
        *space = 'T';
    const char *era = strchr(written.data, ' ');
    str_addn(&out, written.data, era ? (size_t)(era - written.data) : written.len);
    if (zoned)
        write_zone(datetime->east, &out);
    str_add(&out, era ? era : "");
    return out.data;
}

void path_write(const PathItem *item, Arena *arena, Str *out)
{
    if (item->kind == 'd') {
        const char *text = path_datetime_text(&item->datetime, arena);
        type_json_quote(text, strlen(text), out);
    } else if (item->kind == '"') {
        type_json_quote(item->text, item->len, out);
    } else {
        str_addn(out, item->text, item->len);
    }
}

/* ---- places ---- */

enum { ALIGNMENT = 4, ENTRY = 4, HEADER = 4, MAX_SHORT_SCALE = 63, SHORT_WEIGHTS = 64, DIGITS = 4 };

static int64_t align(int64_t at)
{
    return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Bytes of a numeric: four digits in two bytes, in front of them its length and what the weight and scale need. */
static int64_t number_size(JsonPart number)
{
    const char *at = number.text + (*number.text == '-'), *end = number.text + number.len;
    const char *point = memchr(at, '.', (size_t)(end - at));
    int64_t whole = (point ? point : end) - at, scale = point ? end - point - 1 : 0;
    int64_t first = INT64_MAX, last = INT64_MIN; /* the groups of digits that are not 0, counted down from the point */
    for (int64_t i = 0; at + i < end; i++) {
        if (at[i] == '.' || at[i] == '0')
            continue;
        int64_t place = point && at + i > point ? whole - i : whole - 1 - i;
        int64_t group = place >= 0 ? place / DIGITS : -((-place + DIGITS - 1) / DIGITS);
        first = first == INT64_MAX ? group : first;
        last = group;
    }
    bool is_zero = first == INT64_MAX;
    int64_t weight = is_zero ? 0 : first, count = is_zero ? 0 : first - last + 1;
    bool is_short = scale <= MAX_SHORT_SCALE && weight >= -SHORT_WEIGHTS && weight < SHORT_WEIGHTS;
    return 4 + (is_short ? 2 : 4) + 2 * count;
}

typedef struct Layout {
    const char *wanted;
    int64_t found; /* -1: not yet */
    Arena *arena;
} Layout;

static int64_t place_container(Layout *layout, JsonPart part, int64_t at);

/* Gives where the value ends that comes next at `at`. */
static int64_t place_value(Layout *layout, JsonPart value, int64_t at)
{
    switch (json_kind(value)) {
    case '{':
    case '[':
        return place_container(layout, value, align(at));
    case '"':
        return at + (int64_t)json_string(value, layout->arena).len;
    case '0':
        return align(at) + number_size(value);
    default:
        return at;
    }
}

static int64_t place_container(Layout *layout, JsonPart part, int64_t at)
{
    if (part.text == layout->wanted)
        layout->found = at;
    JsonMembers members = json_members(part, layout->arena);
    bool is_object = json_kind(part) == '{';
    at += HEADER + ENTRY * (int64_t)members.count * (is_object ? 2 : 1);
    for (size_t i = 0; is_object && i < members.count; i++)
        at += (int64_t)json_string(members.items[i].key, layout->arena).len;
    for (size_t i = 0; i < members.count && layout->found < 0; i++)
        at = place_value(layout, members.items[i].value, at);
    return at;
}

int64_t path_offset(JsonPart base, JsonPart container, Arena *arena)
{
    Layout layout = {container.text, -1, arena};
    place_container(&layout, base, 0);
    return layout.found < 0 ? 0 : layout.found;
}
