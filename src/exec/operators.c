/*
 * operators.c - what the local engine says of its plan: operators as a tree, with figures when they have run.
 *
 * The engine gives JSON in two shapes: EXPLAIN's array of operators ("name"), and the profile that EXPLAIN ANALYZE makes ("operator_name",
 * with figures), whose topmost ones stand for the statement.
 *
 * Entered by the session's worker only.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "exec/internal.h"
#include "func/func_json.h"

static JsonPart field(const JsonMembers *object, const char *key, Arena *arena)
{
    for (size_t i = 0; i < object->count; i++)
        if (json_string_is(object->items[i].key, key, strlen(key), arena))
            return object->items[i].value;
    return (JsonPart){0};
}

static const char *string_of(JsonPart part, Arena *arena)
{
    JsonPart text = part.text && json_kind(part) == '"' ? json_string(part, arena) : part;
    return text.text ? arena_strndup(arena, text.text, text.len) : NULL;
}

/* Below 0: there is none. */
static double number_of(JsonPart part, Arena *arena)
{
    const char *text = string_of(part, arena);
    return text ? strtod(text, NULL) : -1;
}

/* What Medley's own table functions do. */
static const struct {
    const char *engine_name, *name;
} SCANS[] = {{"MEDLEY_LEAF ", "LEAF_SCAN"}, {"MEDLEY_STORED ", "SEQ_SCAN"}};

/* "HASH_JOIN " is a Hash Join. */
static const char *operator_name(const char *engine_name, Arena *arena)
{
    for (size_t i = 0; i < COUNT_OF(SCANS); i++)
        if (strcmp(engine_name, SCANS[i].engine_name) == 0)
            engine_name = SCANS[i].name;
    char *name = arena_strdup(arena, engine_name);
    bool inside = false;
    for (char *c = name; *c; c++) {
        *c = (char)(*c == '_' ? ' ' : inside ? tolower((unsigned char)*c) : *c);
        inside = *c != ' ';
    }
    for (size_t len = strlen(name); len && name[len - 1] == ' '; len--)
        name[len - 1] = '\0';
    return name;
}

static void add_detail(PlanOperator *op, const char *label, JsonPart value, Arena *arena)
{
    OperatorDetail detail = {.label = label};
    JsonMembers members = json_kind(value) == '[' ? json_members(value, arena) : (JsonMembers){0};
    detail.items = ARENA_ARRAY(arena, const char *, members.count + 1);
    for (size_t i = 0; i < members.count; i++)
        detail.items[detail.nitems++] = string_of(members.items[i].value, arena);
    if (!members.count)
        detail.items[detail.nitems++] = string_of(value, arena);
    vec_push(arena, &op->details, detail);
}

/* An operator's text has those below it in it, so it is looked through once. */
static PlanOperator *read_operator(JsonPart json, Arena *arena)
{
    PlanOperator *op = ARENA_NEW(arena, PlanOperator);
    JsonMembers own = json_members(json, arena);
    JsonPart name = field(&own, "name", arena);
    bool has_run = !name.text;
    const char *engine_name = string_of(has_run ? field(&own, "operator_name", arena) : name, arena);
    *op = (PlanOperator){.name = operator_name(engine_name ? engine_name : "", arena), .rows = -1, .actual_rows = -1};
    if (has_run) {
        op->actual_rows = number_of(field(&own, "operator_cardinality", arena), arena);
        op->total_ms = number_of(field(&own, "operator_timing", arena), arena) * 1000;
    }
    JsonMembers details = json_members(field(&own, "extra_info", arena), arena);
    for (size_t i = 0; i < details.count; i++) {
        const char *label = string_of(details.items[i].key, arena);
        if (strcmp(label, "Estimated Cardinality") == 0)
            op->rows = number_of(details.items[i].value, arena);
        else if (strcmp(label, "Function") != 0)
            add_detail(op, label, details.items[i].value, arena);
    }
    JsonMembers children = json_members(field(&own, "children", arena), arena);
    for (size_t i = 0; i < children.count; i++)
        vec_push(arena, &op->children, read_operator(children.items[i].value, arena));
    if (has_run && strcmp(op->name, "Union") == 0) { /* the engine counts none there */
        op->actual_rows = 0;
        for (size_t i = 0; i < op->children.count; i++)
            op->actual_rows += op->children.items[i]->actual_rows;
    }
    return op;
}

static JsonPart children_of(JsonPart json, Arena *arena)
{
    JsonMembers members = json_members(json, arena);
    return field(&members, "children", arena);
}

const PlanOperator *operators_read(const char *text, Arena *arena)
{
    JsonPart json = json_part(text, strlen(text));
    if (json_kind(json) == '{') /* a profile: below the query, and below its EXPLAIN ANALYZE */
        json = children_of(json_element(children_of(json, arena), 0, arena), arena);
    JsonPart top = json_element(json, 0, arena);
    return top.text ? read_operator(top, arena) : NULL;
}
