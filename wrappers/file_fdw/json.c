/*
 * json.c - lines that are JSON objects: a line becomes the fields of the table's columns, matched by their names.
 *
 * A string is its characters, a number its digits as they are written, an object or an array its JSON text; a column of type json or jsonb
 * gets the JSON text of any value. null and a missing key are NULL; of keys that repeat the last one counts, as in jsonb.
 *
 * Invariants:
 *  1. A line is one object and nothing else.
 *  2. Numbers are never read as floating point: what the file says is what the column's input function gets.
 *
 * One thread at a time a JsonLines.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "file_fdw.h"

/* PostgreSQL's type OIDs. */
enum { JSONOID = 114, JSONBOID = 3802 };
static const size_t IN_LINE = (size_t)1 << 63;

struct JsonLines {
    yajl_handle parser;
    FdwScan *scan;
    const char *line;
    char *bytes;     /* malloc'd: the strings of the line, one behind the other, each where `offsets` says for its column */
    size_t *offsets; /* a column; IN_LINE + n: in the line itself */
    size_t length, capacity;
    int depth;      /* of objects and arrays that are open */
    size_t objects; /* met at depth 0 */
    size_t column;  /* the key that was met last is its name */
    bool wanted;    /* there is such a column, and it is asked for */
    size_t key_end; /* in the line */
};

/* The value of `column` is length bytes of the line. */
static void take_text(JsonLines *json, size_t first, size_t length)
{
    json->scan->fields.items[json->column] = (Field){.length = length};
    json->offsets[json->column] = IN_LINE | first;
}

/* The value just read, as the line has it: from behind the key's colon to where the parser stands. */
static void take_value(JsonLines *json)
{
    size_t end = yajl_get_bytes_consumed(json->parser), first = json->key_end;
    first += strspn(json->line + first, " \t\r");
    first += 1; /* the colon */
    first += strspn(json->line + first, " \t\r");
    take_text(json, first, end - first);
}

/* A string's characters, which the parser keeps only during its call. */
static void take_characters(JsonLines *json, const unsigned char *bytes, size_t length)
{
    if (json->length + length > json->capacity) {
        json->capacity = (json->length + length) * 2;
        json->bytes = realloc(json->bytes, json->capacity);
        if (!json->bytes)
            abort();
    }
    if (length)
        memcpy(json->bytes + json->length, bytes, length);
    json->scan->fields.items[json->column] = (Field){.length = length};
    json->offsets[json->column] = json->length;
    json->length += length;
}

/* ---- what the parser meets; each returns 0 to stop ---- */

static bool is_wanted(const JsonLines *json)
{
    return json->depth == 1 && json->wanted;
}

static int meet_key(void *context, const unsigned char *key, size_t length)
{
    JsonLines *json = context;
    const FdwScan *scan = json->scan;
    if (json->depth != 1)
        return 1;
    json->key_end = yajl_get_bytes_consumed(json->parser);
    json->wanted = false;
    /* Lines name their keys in the same order mostly: the search goes on where the last one ended. */
    for (size_t i = 1; i <= scan->ncolumns && !json->wanted; i++) {
        size_t at = (json->column + i) % scan->ncolumns;
        const char *name = scan->columns[at].name;
        if (strncmp(name, (const char *)key, length) != 0 || name[length])
            continue;
        json->column = at;
        json->wanted = scan->columns[at].vector >= 0 || scan->check_all;
        break;
    }
    return 1;
}

static int meet_null(void *context)
{
    JsonLines *json = context;
    if (is_wanted(json))
        json->scan->fields.items[json->column] = (Field){.is_null = true};
    return json->depth > 0;
}

static int meet_boolean(void *context, int value)
{
    if (is_wanted(context))
        take_value(context);
    return ((JsonLines *)context)->depth > 0;
}

static int meet_number(void *context, const char *digits, size_t length)
{
    return meet_boolean(context, 0);
}

static int meet_string(void *context, const unsigned char *bytes, size_t length)
{
    JsonLines *json = context;
    uint32_t type = is_wanted(json) ? json->scan->columns[json->column].column->type.oid : 0;
    if (type == JSONOID || type == JSONBOID)
        take_value(json);
    else if (type)
        take_characters(json, bytes, length);
    return json->depth > 0;
}

static int meet_object(void *context)
{
    JsonLines *json = context;
    json->objects += json->depth++ == 0;
    return json->objects == 1;
}

static int meet_array(void *context)
{
    return ((JsonLines *)context)->depth++ > 0;
}

static int meet_end(void *context)
{
    JsonLines *json = context;
    json->depth--;
    if (is_wanted(json))
        take_value(json);
    return 1;
}

static const yajl_callbacks CALLBACKS = {
    .yajl_null = meet_null,
    .yajl_boolean = meet_boolean,
    .yajl_number = meet_number,
    .yajl_string = meet_string,
    .yajl_start_map = meet_object,
    .yajl_map_key = meet_key,
    .yajl_end_map = meet_end,
    .yajl_start_array = meet_array,
    .yajl_end_array = meet_end,
};

/* ---- a line ---- */

JsonLines *json_open(FdwCall *call, FdwScan *scan)
{
    JsonLines *json = call->host->alloc(call, sizeof *json);
    json->scan = scan;
    json->offsets = call->host->alloc(call, (scan->ncolumns + 1) * sizeof *json->offsets);
    json->parser = yajl_alloc(&CALLBACKS, NULL, json);
    if (!json->parser)
        abort();
    yajl_config(json->parser, yajl_allow_multiple_values, 1); /* one parser for all lines */
    yajl_config(json->parser, yajl_dont_validate_strings, 1); /* fields_check_utf8 has */
    fields_reserve(&scan->fields, scan->ncolumns);
    return json;
}

void json_close(JsonLines *json)
{
    if (!json)
        return;
    yajl_free(json->parser);
    free(json->bytes);
}

static unsigned hex4(const char *digits)
{
    unsigned code = 0;
    for (int i = 0; i < 4; i++)
        code = code * 16 + (unsigned)(isdigit((unsigned char)digits[i]) ? digits[i] - '0' : (digits[i] | 32) - 'a' + 10);
    return code;
}

/* The parser would read NUL and halves of surrogate pairs as other characters. What is no hexadecimal digit it refuses itself. */
static bool check_escapes(FdwCall *call, const char *line, size_t length)
{
    const char *end = line + length;
    for (const char *at = line; (at = memchr(at, '\\', (size_t)(end - at))) && end - at >= 6; at += 2) {
        if (at[1] != 'u')
            continue;
        unsigned code = hex4(at + 2);
        bool high = code >= 0xD800 && code < 0xDC00, low = code >= 0xDC00 && code < 0xE000;
        unsigned next = high && end - at >= 12 && at[6] == '\\' && at[7] == 'u' ? hex4(at + 8) : 0;
        if (code == 0) {
            FdwError error = {
                .sqlstate = "22P05", .message = "unsupported Unicode escape sequence", .detail = "\\u0000 cannot be converted to text."};
            return call->host->fail(call, &error);
        }
        if (low || (high && (next < 0xDC00 || next >= 0xE000))) {
            FdwError error = {.sqlstate = "22P02",
                              .message = "invalid input syntax for type json",
                              .detail = "Unicode low surrogate must follow a high surrogate."};
            return call->host->fail(call, &error);
        }
        at += high ? 10 : 4;
    }
    return true;
}

bool json_split(FdwCall *call, JsonLines *json, const char *line, size_t length)
{
    Fields *fields = &json->scan->fields;
    fields->count = json->scan->ncolumns;
    for (size_t i = 0; i < fields->count; i++)
        fields->items[i] = (Field){.is_null = true};
    json->line = line;
    json->length = json->objects = 0;
    json->column = fields->count ? fields->count - 1 : 0;
    json->wanted = false;
    if (!check_escapes(call, line, length))
        return false;
    yajl_status status = yajl_parse(json->parser, (const unsigned char *)line, length);
    if (status != yajl_status_ok || json->depth > 0 || json->objects != 1) {
        FdwError error = {.sqlstate = "22P02",
                          .message = "invalid input syntax for type json",
                          .detail = status == yajl_status_error                   ? "The line is not valid JSON."
                                    : status == yajl_status_ok && json->depth > 0 ? "The line ends within an object."
                                                                                  : "The line is not one JSON object."};
        return call->host->fail(call, &error);
    }
    for (size_t i = 0; i < fields->count; i++)
        if (!fields->items[i].is_null)
            fields->items[i].bytes = json->offsets[i] & IN_LINE ? line + (json->offsets[i] & ~IN_LINE) : json->bytes + json->offsets[i];
    return true;
}
