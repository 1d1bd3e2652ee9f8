/*
 * pool.h - what pool.c (connections) and queue.c (who gets them) share. All under Pools.lock, but for an entry in use.
 */
#ifndef MEDLEY_WRAPPER_POOL_H
#define MEDLEY_WRAPPER_POOL_H

#include "base/fiber.h"
#include "wrapper/wrapper_internal.h"

/* All pools of one foreign server. */
typedef struct PoolServer {
    struct PoolServer *next;
    Oid oid;
    int open, idle;  /* open: lent, idle, being opened, being closed */
    int waiters;     /* requests in the queue that want it */
    PoolEntry *lent; /* in use */
} PoolServer;

/* The connections of one target. */
typedef struct Pool {
    struct Pool *next;
    unsigned char key[32];
    PoolServer *server;
    Oid mapping;
    int entries, waiters; /* entries: as PoolServer.open */
    bool keep;            /* idle connections are kept */
    int64_t idle_ms;      /* so long; -1: as their session says */
    PoolEntry *idle;      /* the latest first */
} Pool;

struct PoolEntry {
    PoolEntry *next, *previous; /* among the pool's idle ones or the server's lent ones */
    Pool *pool;
    RemoteSession *holder; /* while lent */
    Arena *arena;          /* the connection's */
    const FdwModule *module;
    FdwConnection *connection;
    const char *reach;              /* what it was made with, where it may take part in a two-phase commit */
    bool is_other;                  /* the connection is another pool's, which had to make room: close it first */
    int64_t idle_since, idle_until; /* since 0: the connection is new */
};

/* A request in the queue. */
typedef struct Waiter {
    struct Waiter *next, *previous;
    RemoteSession *session;
    PoolWant *wants;
    Pool **pools;
    size_t count;
    Fiber *fiber;         /* waits on it; NULL: its thread waits */
    pthread_cond_t woken; /* granted, or the session was cancelled */
    bool waits;
    bool granted;
    bool is_freed; /* the search for mutual waits: it can get all it wants */
    unsigned mark; /* of the last search that reached it */
} Waiter;

struct Pools {
    WrapperHost *host;
    pthread_mutex_t lock;
    pthread_cond_t sooner; /* the reaper's: something is idle that ends before next_reap, or all is closing */
    PoolServer *servers;
    Pool *list;
    Waiter *first, *last;
    int holders; /* waiters whose sessions hold connections */
    unsigned mark;
    unsigned parks;            /* searches for mutual waits so far */
    const Waiter *marked_from; /* what `mark` was reached from; NULL: the queue has changed since */
    pthread_t reaper;
    int64_t next_reap; /* INT64_MAX: nothing is idle */
    bool reaper_runs, closing;
};

/* ---- pool.c ---- */

/* Fills the wants of a request for which there is room. */
void pools_grant(Pools *pools, Waiter *waiter);

/* ---- queue.c ---- */

/* Waits until the request is granted. Holds the lock, but for the waits. */
bool queue_wait(Pools *pools, Waiter *waiter, Error *error) MUST_CHECK;
/* Grants what can be granted now: to be called whenever room has appeared, or a request has gone. */
void queue_serve(Pools *pools);

#endif
