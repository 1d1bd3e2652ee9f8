/*
 * cancel.c - asking the source to stop a statement, without waiting for it: a source that hangs must not hold up who asks.
 *
 * libpq's PQcancel waits for the server to close the request's connection, for ever if need be. So a thread of its own does it.
 *
 * Invariants:
 *  1. At most one request is under way for a connection: threads are bounded by the connections that there are.
 *  2. A connection goes on to its next statement only when no request is under way any more: none hits a statement that it was not meant
 * for.
 *  3. What a request needs outlives the connection: whoever lets go last frees it.
 *
 * Any thread.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "postgres_fdw.h"

struct Canceller {
    pthread_mutex_t lock;
    pthread_cond_t done;
    PGcancel *handle;
    int references; /* the connection's, and the request's under way */
    bool under_way;
};

Canceller *postgres_canceller_open(PGconn *pg)
{
    Canceller *canceller = calloc(1, sizeof *canceller);
    if (!canceller)
        abort();
    canceller->handle = PQgetCancel(pg);
    canceller->references = 1;
    pthread_mutex_init(&canceller->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&canceller->done, &attributes);
    pthread_condattr_destroy(&attributes);
    return canceller;
}

/* Under the lock, which it gives up. */
static void let_go(Canceller *canceller)
{
    bool last = --canceller->references == 0;
    pthread_mutex_unlock(&canceller->lock);
    if (!last)
        return;
    PQfreeCancel(canceller->handle);
    pthread_cond_destroy(&canceller->done);
    pthread_mutex_destroy(&canceller->lock);
    free(canceller);
}

void postgres_canceller_close(Canceller *canceller)
{
    pthread_mutex_lock(&canceller->lock);
    let_go(canceller);
}

static void *request(void *arg)
{
    Canceller *canceller = arg;
    char ignored[256];
    PQcancel(canceller->handle, ignored, sizeof ignored);
    pthread_mutex_lock(&canceller->lock);
    canceller->under_way = false;
    pthread_cond_broadcast(&canceller->done);
    let_go(canceller);
    return NULL;
}

void postgres_canceller_ask(Canceller *canceller)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_mutex_lock(&canceller->lock);
    if (canceller->handle && !canceller->under_way && pthread_create(&thread, &attributes, request, canceller) == 0) {
        canceller->under_way = true;
        canceller->references++;
    }
    pthread_mutex_unlock(&canceller->lock);
    pthread_attr_destroy(&attributes);
}

bool postgres_canceller_settle(Canceller *canceller, int milliseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    int code = 0;
    pthread_mutex_lock(&canceller->lock);
    while (canceller->under_way && code == 0)
        code = pthread_cond_timedwait(&canceller->done, &canceller->lock, &until);
    bool settled = !canceller->under_way;
    pthread_mutex_unlock(&canceller->lock);
    return settled;
}
