/*
 * str.c - a string being built in an arena.
 *
 * Invariants:
 *  1. Once initialised, data is never NULL and data[len] is NUL.
 *  2. Bytes for which the arena's bound has no room are left out, and the bound is over; only str_reserve gives what it is asked for.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"

void str_init(Str *str, Arena *arena)
{
    *str = (Str){.data = arena_alloc(arena, 64), .cap = 64, .arena = arena};
}

static void grow(Str *str, size_t wanted)
{
    const ArenaBound *bound = arena_bound(str->arena);
    size_t cap = str->cap * 2;
    /* Towards the end there may be room for what is wanted, if not for twice as much. */
    size_t room = bound && bound->used < bound->most ? bound->most - bound->used : 0;
    if (bound && cap > str->cap + room)
        cap = str->cap + room;
    if (bound && cap > (size_t)STR_MOST_BYTES + 1)
        cap = (size_t)STR_MOST_BYTES + 1;
    if (cap < wanted)
        cap = wanted;
    /* Values are large, and moved to save memory; of all other texts the old copy stays, to which something may still point. */
    str->data = (bound ? arena_extend : arena_grow)(str->arena, str->data, str->len + 1, cap);
    str->cap = cap;
}

char *str_reserve(Str *str, size_t len)
{
    if (str->len + len + 1 > str->cap)
        grow(str, str->len + len + 1);
    return str->data + str->len;
}

/* NULL: the arena's bound has no room for so many more. */
static char *room_for(Str *str, size_t len)
{
    size_t wanted = str->len + len + 1;
    ArenaBound *bound = wanted > str->cap ? arena_bound(str->arena) : NULL;
    if (bound && wanted - 1 > STR_MOST_BYTES && !bound->more) {
        bound->len = str->len;
        bound->more = len;
        bound->is_over = true;
    }
    return bound && !arena_has_room(str->arena, wanted - str->cap) ? NULL : str_reserve(str, len);
}

void str_addn(Str *str, const char *bytes, size_t len)
{
    bool is_own = bytes >= str->data && bytes < str->data + str->cap; /* a part of itself, which may move */
    size_t at = is_own ? (size_t)(bytes - str->data) : 0;
    char *to = len ? room_for(str, len) : NULL;
    if (!to)
        return;
    memcpy(to, is_own ? str->data + at : bytes, len);
    str->len += len;
    str->data[str->len] = '\0';
}

void str_add(Str *str, const char *text)
{
    str_addn(str, text, strlen(text));
}

void str_add_fill(Str *str, char c, size_t count)
{
    char *to = count ? room_for(str, count) : NULL;
    if (!to)
        return;
    memset(to, c, count);
    str->len += count;
    str->data[str->len] = '\0';
}

void str_addc(Str *str, char c)
{
    char *to = room_for(str, 1);
    if (!to)
        return;
    *to = c;
    str->data[++str->len] = '\0';
}

void str_addf(Str *str, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *to = len > 0 ? room_for(str, (size_t)len) : NULL;
    if (to) {
        vsnprintf(to, (size_t)len + 1, format, again);
        str->len += (size_t)len;
    }
    va_end(again);
}

void str_reset(Str *str)
{
    str->len = 0;
    str->data[0] = '\0';
}

bool str_eq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_ieq(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    for (; *a && *b; a++, b++)
        if (lower(*a) != lower(*b))
            return false;
    return *a == *b;
}

char *str_lower(Arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *c = copy; c && *c; c++)
        *c = lower(*c);
    return copy;
}
