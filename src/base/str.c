/*
 * str.c - a string being built in an arena.
 *
 * Invariant: once initialised, data is never NULL and data[len] is NUL.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"

void str_init(Str *str, Arena *arena)
{
    *str = (Str){.data = arena_alloc(arena, 64), .cap = 64, .arena = arena};
}

char *str_reserve(Str *str, size_t len)
{
    if (str->len + len + 1 > str->cap) {
        size_t cap = str->cap * 2;
        if (cap < str->len + len + 1)
            cap = str->len + len + 1;
        str->data = arena_grow(str->arena, str->data, str->len + 1, cap);
        str->cap = cap;
    }
    return str->data + str->len;
}

void str_addn(Str *str, const char *bytes, size_t len)
{
    if (!len)
        return;
    memcpy(str_reserve(str, len), bytes, len);
    str->len += len;
    str->data[str->len] = '\0';
}

void str_add(Str *str, const char *text)
{
    str_addn(str, text, strlen(text));
}

void str_addc(Str *str, char c)
{
    *str_reserve(str, 1) = c;
    str->data[++str->len] = '\0';
}

void str_addf(Str *str, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0) {
        vsnprintf(str_reserve(str, (size_t)len), (size_t)len + 1, format, again);
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
