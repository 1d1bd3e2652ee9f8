/*
 * together.c - work at several sources at once: connecting to them, and asking them how large their tables are.
 *
 * Invariants:
 *  1. Each job has its own connection, memory and error; none touches another's.
 *  2. wrapper_together returns after the last of its jobs: what they point to may be its caller's.
 * Threads: the caller's does the first job; the others have one each, for so long.
 */
#include <stdlib.h>

#include "wrapper/wrapper_internal.h"

enum { MOST_THREADS = 32, STACK_SIZE = 1024 * 1024 };

typedef struct Helper {
    pthread_t thread;
    void (*job)(void *item);
    void *item;
    bool runs;
} Helper;

static void *help(void *arg)
{
    Helper *helper = arg;
    helper->job(helper->item);
    return NULL;
}

void wrapper_together(void (*job)(void *item), void *const *items, size_t count)
{
    Helper helpers[MOST_THREADS];
    size_t nhelpers = count > 1 ? (count - 1 < MOST_THREADS ? count - 1 : MOST_THREADS) : 0;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    for (size_t i = 0; i < nhelpers; i++) {
        helpers[i] = (Helper){.job = job, .item = items[i + 1]};
        helpers[i].runs = pthread_create(&helpers[i].thread, &attributes, help, &helpers[i]) == 0;
    }
    pthread_attr_destroy(&attributes);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || i > nhelpers || !helpers[i - 1].runs)
            job(items[i]);
    for (size_t i = 0; i < nhelpers; i++)
        if (helpers[i].runs)
            pthread_join(helpers[i].thread, NULL);
}
