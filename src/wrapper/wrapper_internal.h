/*
 * wrapper_internal.h - what the files of this folder share.
 */
#ifndef MEDLEY_WRAPPER_INTERNAL_H
#define MEDLEY_WRAPPER_INTERNAL_H

#include <pthread.h>

#include "wrapper/wrapper.h"

typedef struct Pools Pools;

typedef struct LoadedModule {
    struct LoadedModule *next;
    FdwModule module; /* a copy, what an older module lacks being NULL */
} LoadedModule;

struct WrapperHost {
    const char *directory;
    Log *log;
    Arena *arena;         /* used under `lock` only */
    pthread_mutex_t lock; /* guards modules */
    LoadedModule *modules;
    FdwHost services;
    Pools *pools;
    struct Estimates *estimates;
    struct Versions *versions;
    Coordinator *coordinator;
};

struct RemoteSession {
    WrapperHost *host;
    Arena *arena;
    bool (*cancelled)(void *arg);
    void *arg;
    const Notices *notices;
    pthread_mutex_t lock; /* guards `lent` against remote_cancel */
    struct Lent *lent;    /* connections the session holds, kept ones included */
    struct Kept *kept;    /* what the transaction block keeps, one a target */
    struct Work *work;    /* what is being committed in two phases; NULL: nothing is */
    int level;            /* of the transaction's innermost savepoint; 0: it has none */
    RemoteApart apart;
    struct Lent *free_lent; /* for reuse: the session lives long */
    struct Kept *free_kept;
    struct Used *used;   /* what it has ever been connected to, a pool each; the last first */
    RemoteLimits limits; /* the session's thread's */
    RemoteClient client;
    struct Waiter *waiting; /* in the pools' queue; under their lock, as is the next */
    int held;               /* connections of any pool */
    unsigned parked;        /* Pools.parks: waits for one that queues, and gives nothing back before */
};

/* Whether the session was asked to stop; session may be NULL. */
bool remote_is_cancelled(const RemoteSession *session);
/* Fills the services but for set_string. */
void wrapper_services_init(FdwHost *services);
/* A call that belongs to no session. */
FdwCall *wrapper_host_call(CallSpace *space, WrapperHost *host, Arena *arena, const Notices *notices, Error *error);

/* ---- estimate.c ---- */

struct Estimates *estimates_open(Arena *arena);
void estimates_close(struct Estimates *estimates);

/* ---- version.c ---- */

struct Versions *versions_open(Arena *arena);
void versions_close(struct Versions *versions);
void versions_learn(struct Versions *versions, const RemoteTarget *target, const FdwConnection *connection);

/* ---- reach.c ---- */

/* All that it takes to connect to a source. */
typedef struct Reach {
    const FdwModule *module;
    FdwConnectInfo info;
} Reach;

/* As a text, which is as secret as what is in it. */
const char *reach_text(const RemoteTarget *target, Arena *arena);
/* Of such a text. What it points to lives in the arena. */
bool reach_parse(WrapperHost *host, const char *text, Arena *arena, Reach *out, Error *error) MUST_CHECK;
/* Whether both lead to the same place, be it as other users there. */
bool reach_is_same_place(const Reach *a, const Reach *b, Arena *arena);

/* ---- together.c ---- */

/* Does the job for each of the items, all at the same time. */
void wrapper_together(void (*job)(void *item), void *const *items, size_t count);

/* ---- pools ---- */

typedef struct PoolEntry PoolEntry;

Pools *pools_open(WrapperHost *host);
void pools_close(Pools *pools);

/* What one request takes of one pool. */
typedef struct PoolWant {
    const RemoteTarget *target;
    int wished, needed;  /* needed <= wished: fewer are never given */
    bool parks;          /* as in RemoteWant */
    int cap;             /* of the server, as the session sees it; pools_take's own */
    PoolEntry **entries; /* out */
    int given;           /* out */
} PoolWant;

/* How many connections the server may have, as a session with these limits sees it. */
int pools_cap(const RemoteTarget *target, const RemoteLimits *limits);
/* All wants, or none (53300 after the queue timeout, or at once when sessions would wait for each other; 57014 when cancelled). Entries may
 * still lack a connection: pool_entry_connect. */
bool pools_take(Pools *pools, RemoteSession *session, PoolWant *wants, size_t count, Arena *arena, Error *error) MUST_CHECK;
/* Makes sure that the entry has a living connection. On failure the entry is still the caller's to give back. */
bool pool_entry_connect(PoolEntry *entry, const RemoteTarget *target, RemoteSession *session, Error *error) MUST_CHECK;
void pools_give_back(Pools *pools, PoolEntry *entry, bool broken);
/* Of the pool with that key. */
bool pools_have_idle(Pools *pools, const unsigned char *key);
/* Closes its idle connections. false: there were none. */
bool pools_close_idle(Pools *pools, const unsigned char *key);
/* From any thread: the session, if it waits in the queue, looks whether it was cancelled. */
void pools_wake(Pools *pools, RemoteSession *session);
FdwConnection *pool_entry_connection(const PoolEntry *entry); /* NULL: not connected */
bool pool_entry_was_idle(const PoolEntry *entry);             /* its connection has lain in the pool */
const FdwModule *pool_entry_module(const PoolEntry *entry);

#endif
