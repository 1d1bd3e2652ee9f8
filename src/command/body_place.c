/*
 * body_place.c - places in a routine's body as places in the statement that gave it.
 *
 * Invariant: a literal is the body when it reads as the body does, in dollar quotes or single ones, whose doubled characters count twice.
 *
 * Any thread.
 */
#include <string.h>

#include "command/body_place.h"

/* Behind a quote: whether the literal is the body; *at: where its character `place` stands in the literal. */
static bool is_literal(const char *literal, const char *body, int place, int *at)
{
    int read = 0;
    *at = -1;
    for (const char *c = body; *c; c++, read++) {
        if (c - body == place)
            *at = read;
        if ((literal[read] == '\\' || literal[read] == '\'') && literal[read + 1])
            read += literal[read] == '\\' || literal[read + 1] == '\'';
        if (literal[read] != *c)
            return false;
    }
    if (*at < 0)
        *at = read;
    return literal[read] == '\'' && literal[read + 1] != '\'';
}

static int find_place(const char *text, const char *body, int place)
{
    size_t len = strlen(body);
    int found = -1, inside;
    for (const char *at = text; at && *at; at++) {
        bool dollars = *at == '$' && strncmp(body, at + 1, len) == 0 && at[1 + len] == '$';
        if (!dollars && !(*at == '\'' && is_literal(at + 1, body, place, &inside)))
            continue;
        if (found >= 0)
            return -1;
        found = (int)(at - text) + 1 + (dollars ? place : inside);
    }
    return found;
}

void command_place_in_body(Error *error, const char *text, const char *body)
{
    if (error->position <= 0)
        return;
    int place = find_place(text, body, error->position - 1);
    if (place >= 0) {
        error->position = place + 1;
        return;
    }
    error->query = arena_strdup(error->arena, body);
    error->query_position = error->position;
    error->position = 0;
}

static void emit_placed(void *arg, const Error *event)
{
    const BodyNotices *of = arg;
    Error placed = *event;
    placed.arena = of->arena;
    if (placed.query) { /* a place in the body too */
        placed.position = placed.query_position;
        placed.query = NULL;
        placed.query_position = 0;
    }
    command_place_in_body(&placed, of->text, of->body);
    of->to->emit(of->to->arg, &placed);
}

Notices command_body_notices(BodyNotices *of)
{
    return (Notices){.emit = emit_placed, .arg = of};
}
