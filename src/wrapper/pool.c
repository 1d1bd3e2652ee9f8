/*
 * pool.c - the process's remote connections: pools by target, hard-capped, with a queue.
 *
 * Invariants:
 *  1. used + idle of a pool never exceeds its cap, connections being opened or closed included.
 *  2. A request takes all it needs in one step under the lock, or nothing: two requests never hold a part of what the other waits for.
 *  3. A request that waits is never overtaken by a later one that wants a pool of its.
 *  4. No connection is opened, closed or asked for its health under the lock.
 *  5. Idle connections older than IDLE_SECONDS are closed by the reaper, and those of outdated options as soon as new options are seen.
 *
 * Any thread. Pools.lock guards all of Pools, Pool and the idle lists; an entry in use is its holder's alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wrapper/wrapper_internal.h"

enum { DEFAULT_CAP = 16, IDLE_SECONDS = 60, REAP_SECONDS = 5, QUEUE_SECONDS = 30, POLL_MILLISECONDS = 50 };

typedef struct Pool {
    struct Pool *next;
    unsigned char key[32];
    Oid server, mapping;
    const FdwModule *module;
    int cap, used, idle_count, waiters;
    bool keep; /* idle connections are kept */
    PoolEntry *idle;
} Pool;

struct PoolEntry {
    PoolEntry *next; /* in a list of idle ones */
    Pool *pool;
    Arena *arena; /* the connection's */
    FdwConnection *connection;
    time_t idle_since;
};

typedef struct Waiter {
    struct Waiter *next, *previous;
    PoolWant *wants;
    Pool **pools;
    size_t count;
} Waiter;

struct Pools {
    WrapperHost *host;
    Arena *arena;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    Pool *list;
    Waiter *first, *last;
    pthread_t reaper;
    bool reaper_runs, closing;
};

static time_t now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void wait_for_change(Pools *pools, int milliseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&pools->changed, &pools->lock, &until);
}

/* ---- entries ---- */

static PoolEntry *entry_new(Pool *pool)
{
    Arena *arena = arena_open(NULL);
    PoolEntry *entry = calloc(1, sizeof *entry);
    if (!entry)
        abort();
    entry->pool = pool;
    entry->arena = arena;
    return entry;
}

static void entry_disconnect(PoolEntry *entry)
{
    if (entry->connection)
        entry->pool->module->disconnect(entry->connection);
    entry->connection = NULL;
    arena_reset(entry->arena);
}

static void entry_free(PoolEntry *entry)
{
    entry_disconnect(entry);
    arena_close(entry->arena);
    free(entry);
}

FdwConnection *pool_entry_connection(const PoolEntry *entry)
{
    return entry->connection;
}

const FdwModule *pool_entry_module(const PoolEntry *entry)
{
    return entry->pool->module;
}

bool pool_entry_connect(PoolEntry *entry, const RemoteTarget *target, RemoteSession *session, Error *error)
{
    const FdwModule *module = entry->pool->module;
    if (entry->connection && module->is_alive && !module->is_alive(entry->connection))
        entry_disconnect(entry);
    if (entry->connection)
        return true;
    CallSpace space;
    entry->connection = module->connect(wrapper_call(&space, session, entry->arena, NULL, error), &target->info);
    return entry->connection != NULL;
}

/* Closes a list of entries that `used` still counts (invariant 1), then gives their room back. Called without the lock. */
static void close_entries(Pools *pools, PoolEntry *list)
{
    while (list) {
        PoolEntry *entry = list;
        list = entry->next;
        Pool *pool = entry->pool;
        entry_free(entry);
        pthread_mutex_lock(&pools->lock);
        pool->used--;
        pthread_cond_broadcast(&pools->changed);
        pthread_mutex_unlock(&pools->lock);
    }
}

/* Moves idle entries that have been so since `before` or longer to *list; they count as used from here on. */
static void collect_idle(Pool *pool, time_t before, PoolEntry **list)
{
    for (PoolEntry **at = &pool->idle; *at;) {
        PoolEntry *entry = *at;
        if (entry->idle_since > before) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        pool->idle_count--;
        pool->used++;
        entry->next = *list;
        *list = entry;
    }
}

/* ---- pools ---- */

static int cap_of(const RemoteTarget *target)
{
    const char *text = catalog_option(&target->info.server_options, "max_connections");
    int cap = text ? atoi(text) : (int)target->module->default_connections;
    return cap > 0 ? cap : DEFAULT_CAP;
}

/* The pool of a target, made when absent. Idle connections of the same mapping with other options go to *outdated. */
static Pool *find_pool(Pools *pools, const RemoteTarget *target, PoolEntry **outdated)
{
    for (Pool *pool = pools->list; pool; pool = pool->next)
        if (memcmp(pool->key, target->key, sizeof pool->key) == 0)
            return pool;
    for (Pool *pool = pools->list; pool; pool = pool->next)
        if (pool->server == target->server->oid && pool->mapping == target->mapping)
            collect_idle(pool, now_seconds(), outdated);
    Pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        abort();
    const char *keep = catalog_option(&target->info.server_options, "keep_connections");
    memcpy(pool->key, target->key, sizeof pool->key);
    pool->server = target->server->oid;
    pool->mapping = target->mapping;
    pool->module = target->module;
    pool->cap = cap_of(target);
    pool->keep = !keep || (!str_ieq(keep, "off") && !str_ieq(keep, "false"));
    pool->next = pools->list;
    pools->list = pool;
    return pool;
}

static void drop_empty_pools(Pools *pools)
{
    for (Pool **at = &pools->list; *at;) {
        Pool *pool = *at;
        if (pool->used || pool->idle || pool->waiters) {
            at = &pool->next;
            continue;
        }
        *at = pool->next;
        free(pool);
    }
}

static void *reap(void *arg)
{
    Pools *pools = arg;
    pthread_mutex_lock(&pools->lock);
    for (time_t next = now_seconds() + REAP_SECONDS; !pools->closing;) {
        wait_for_change(pools, REAP_SECONDS * 1000);
        if (now_seconds() < next || pools->closing)
            continue;
        next = now_seconds() + REAP_SECONDS;
        PoolEntry *old = NULL;
        for (Pool *pool = pools->list; pool; pool = pool->next)
            collect_idle(pool, now_seconds() - IDLE_SECONDS, &old);
        pthread_mutex_unlock(&pools->lock);
        close_entries(pools, old);
        pthread_mutex_lock(&pools->lock);
        drop_empty_pools(pools);
    }
    pthread_mutex_unlock(&pools->lock);
    return NULL;
}

Pools *pools_open(WrapperHost *host)
{
    Pools *pools = ARENA_NEW(host->arena, Pools);
    pools->host = host;
    pthread_mutex_init(&pools->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pools->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pools->reaper_runs = pthread_create(&pools->reaper, NULL, reap, pools) == 0;
    return pools;
}

void pools_close(Pools *pools)
{
    pthread_mutex_lock(&pools->lock);
    pools->closing = true;
    pthread_cond_broadcast(&pools->changed);
    pthread_mutex_unlock(&pools->lock);
    if (pools->reaper_runs)
        pthread_join(pools->reaper, NULL);
    PoolEntry *all = NULL;
    for (Pool *pool = pools->list; pool; pool = pool->next)
        collect_idle(pool, now_seconds(), &all);
    close_entries(pools, all);
    drop_empty_pools(pools);
    pthread_cond_destroy(&pools->changed);
    pthread_mutex_destroy(&pools->lock);
}

/* ---- taking and giving back ---- */

static bool wants_pool(const Waiter *waiter, const Pool *pool)
{
    for (size_t i = 0; i < waiter->count; i++)
        if (waiter->pools[i] == pool)
            return true;
    return false;
}

static int needed_of_pool(const Waiter *waiter, const Pool *pool)
{
    int needed = 0;
    for (size_t i = 0; i < waiter->count; i++)
        if (waiter->pools[i] == pool)
            needed += waiter->wants[i].needed;
    return needed;
}

static bool is_overtaking(const Waiter *waiter)
{
    for (const Waiter *earlier = waiter->previous; earlier; earlier = earlier->previous)
        for (size_t i = 0; i < waiter->count; i++)
            if (wants_pool(earlier, waiter->pools[i]))
                return true;
    return false;
}

static bool can_take(const Waiter *waiter)
{
    for (size_t i = 0; i < waiter->count; i++)
        if (needed_of_pool(waiter, waiter->pools[i]) > waiter->pools[i]->cap - waiter->pools[i]->used)
            return false;
    return !is_overtaking(waiter);
}

static PoolEntry *take_one(Pool *pool)
{
    PoolEntry *entry = pool->idle;
    if (entry) {
        pool->idle = entry->next;
        pool->idle_count--;
    } else {
        entry = entry_new(pool);
    }
    entry->next = NULL;
    pool->used++;
    return entry;
}

/* What is needed for all first, then what was wished for beyond, as far as there is room that nobody waits for. */
static void take(Waiter *waiter, Arena *arena)
{
    for (size_t i = 0; i < waiter->count; i++) {
        PoolWant *want = &waiter->wants[i];
        want->entries = ARENA_ARRAY(arena, PoolEntry *, want->wished + 1);
        for (want->given = 0; want->given < want->needed; want->given++)
            want->entries[want->given] = take_one(waiter->pools[i]);
    }
    for (size_t i = 0; i < waiter->count; i++) {
        PoolWant *want = &waiter->wants[i];
        Pool *pool = waiter->pools[i];
        while (want->given < want->wished && pool->used < pool->cap && pool->waiters == 1)
            want->entries[want->given++] = take_one(pool);
    }
}

static bool never_enough(const Waiter *waiter, const Pool **which)
{
    for (size_t i = 0; i < waiter->count; i++)
        if (needed_of_pool(waiter, waiter->pools[i]) > waiter->pools[i]->cap) {
            *which = waiter->pools[i];
            return true;
        }
    return false;
}

static bool refuse(const Waiter *waiter, const Pool *pool, Error *error)
{
    size_t at = 0;
    while (waiter->pools[at] != pool)
        at++;
    error_set(error, ERRCODE_TOO_MANY_CONNECTIONS, "too many connections to server \"%s\"", waiter->wants[at].target->server->name);
    error_detail(error, "The server's pool for this user mapping is limited to %d connections.", pool->cap);
    return error_hint(error, "Try again later, or raise the server's option max_connections.");
}

static const Pool *fullest(const Waiter *waiter)
{
    for (size_t i = 0; i < waiter->count; i++)
        if (needed_of_pool(waiter, waiter->pools[i]) > waiter->pools[i]->cap - waiter->pools[i]->used)
            return waiter->pools[i];
    return waiter->pools[0];
}

/* Holds the lock, but for the waits. */
static bool wait_and_take(Pools *pools, RemoteSession *session, Waiter *waiter, Arena *arena, Error *error)
{
    const Pool *short_of;
    if (never_enough(waiter, &short_of))
        return refuse(waiter, short_of, error);
    for (time_t until = now_seconds() + QUEUE_SECONDS; !can_take(waiter);) {
        if (remote_is_cancelled(session))
            return error_set(error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
        if (now_seconds() >= until)
            return refuse(waiter, fullest(waiter), error);
        wait_for_change(pools, POLL_MILLISECONDS);
    }
    take(waiter, arena);
    return true;
}

/* Adds to the count of requests at each pool of this one's; a pool that it wants twice counts once. */
static void count_waiter(const Waiter *waiter, int change)
{
    for (size_t i = 0; i < waiter->count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || waiter->pools[j] == waiter->pools[i];
        if (!again)
            waiter->pools[i]->waiters += change;
    }
}

static void enqueue(Pools *pools, Waiter *waiter)
{
    waiter->previous = pools->last;
    *(pools->last ? &pools->last->next : &pools->first) = waiter;
    pools->last = waiter;
    count_waiter(waiter, 1);
}

static void dequeue(Pools *pools, Waiter *waiter)
{
    *(waiter->previous ? &waiter->previous->next : &pools->first) = waiter->next;
    *(waiter->next ? &waiter->next->previous : &pools->last) = waiter->previous;
    count_waiter(waiter, -1);
}

bool pools_take(Pools *pools, RemoteSession *session, PoolWant *wants, size_t count, Arena *arena, Error *error)
{
    Waiter waiter = {.wants = wants, .pools = ARENA_ARRAY(arena, Pool *, count + 1), .count = count};
    PoolEntry *outdated = NULL;
    pthread_mutex_lock(&pools->lock);
    for (size_t i = 0; i < count; i++)
        waiter.pools[i] = find_pool(pools, wants[i].target, &outdated);
    enqueue(pools, &waiter);
    bool ok = wait_and_take(pools, session, &waiter, arena, error);
    dequeue(pools, &waiter);
    if (pools->first)
        pthread_cond_broadcast(&pools->changed);
    pthread_mutex_unlock(&pools->lock);
    close_entries(pools, outdated);
    return ok;
}

void pools_give_back(Pools *pools, PoolEntry *entry, bool broken)
{
    Pool *pool = entry->pool;
    if (broken || !entry->connection || !pool->keep) {
        entry->next = NULL;
        close_entries(pools, entry);
        return;
    }
    entry->idle_since = now_seconds();
    pthread_mutex_lock(&pools->lock);
    entry->next = pool->idle;
    pool->idle = entry;
    pool->idle_count++;
    pool->used--;
    if (pools->first)
        pthread_cond_broadcast(&pools->changed);
    pthread_mutex_unlock(&pools->lock);
}
