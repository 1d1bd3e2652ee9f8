/*
 * regex_cache.c - the regular expression that a thread used last, read and ready to be matched by its tree.
 *
 * A pattern is mostly the same for all rows; reading it, and making states of it, can cost more than matching does.
 *  1. What is cached is the thread's own: matching changes it (Regex.program).
 * Any thread.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "func/regex.h"

typedef struct Cached {
    Arena *arena; /* NULL: nothing is cached */
    Regex *regex;
    const char *pattern;
    size_t len;
    RegexFlags flags;
} Cached;

static pthread_once_t cache_once = PTHREAD_ONCE_INIT;
static pthread_key_t cache_key; /* written once */

static void forget(Cached *cached)
{
    if (cached->arena)
        arena_close(cached->arena);
    *cached = (Cached){0};
}

static void free_cached(void *arg)
{
    forget(arg);
    free(arg);
}

static void open_cache(void)
{
    pthread_key_create(&cache_key, free_cached);
}

static Cached *thread_cache(void)
{
    pthread_once(&cache_once, open_cache);
    Cached *cached = pthread_getspecific(cache_key);
    if (!cached) {
        cached = calloc(1, sizeof *cached);
        if (!cached)
            abort();
        pthread_setspecific(cache_key, cached);
    }
    return cached;
}

static bool same_flags(RegexFlags a, RegexFlags b)
{
    return a.fold == b.fold && a.expanded == b.expanded && a.literal == b.literal && a.newline_dot == b.newline_dot &&
           a.newline_anchors == b.newline_anchors && a.ascii == b.ascii;
}

Regex *regex_cached(const char *pattern, size_t len, RegexFlags flags, Error *error)
{
    Cached *cached = thread_cache();
    if (cached->arena && cached->len == len && same_flags(cached->flags, flags) && memcmp(cached->pattern, pattern, len) == 0)
        return cached->regex;
    forget(cached);
    Arena *arena = arena_open(NULL);
    Regex *regex = regex_parse(pattern, len, flags, arena, error);
    if (!regex) {
        arena_close(arena);
        return NULL;
    }
    *cached = (Cached){arena, regex, arena_strndup(arena, pattern, len), len, flags};
    return regex;
}
