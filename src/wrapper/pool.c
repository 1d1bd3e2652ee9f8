/*
 * pool.c - the process's remote connections: pools by target, hard-capped by server.
 *
 * Invariants:
 *  1. The connections that a server has, all its pools together, those being opened or closed included, never exceed the cap that the
 *     request which opened the last of them was allowed.
 *  2. Where a server is full, an idle connection of another of its pools makes room: the one that has been idle longest.
 *  3. No connection is opened, closed or asked for its health under the lock.
 *  4. An idle connection is closed when the idle timeout of the session that gave it back is over, and those of outdated options as soon
 *     as new options are seen. The reaper sleeps until the first of them is due: an idle process does nothing.
 *  5. pools_grant, and all else that queue.c calls, allocates nothing of another thread's arena.
 *
 * Any thread. Pools.lock guards all of Pools, Pool, PoolServer and the lists; an entry in use is its holder's alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wrapper/pool.h"

static void push_entry(PoolEntry **list, PoolEntry *entry)
{
    entry->previous = NULL;
    entry->next = *list;
    if (*list)
        (*list)->previous = entry;
    *list = entry;
}

static void remove_entry(PoolEntry **list, PoolEntry *entry)
{
    *(entry->previous ? &entry->previous->next : list) = entry->next;
    if (entry->next)
        entry->next->previous = entry->previous;
    entry->next = entry->previous = NULL;
}

/* ---- entries ---- */

static PoolEntry *entry_new(Pool *pool)
{
    PoolEntry *entry = calloc(1, sizeof *entry);
    if (!entry)
        abort();
    entry->pool = pool;
    entry->arena = arena_open(NULL);
    pool->entries++;
    pool->server->open++;
    return entry;
}

static void entry_disconnect(PoolEntry *entry)
{
    if (entry->connection)
        entry->module->disconnect(entry->connection);
    entry->connection = NULL;
    entry->reach = NULL;
    entry->is_other = false;
    entry->idle_since = 0;
    arena_reset(entry->arena);
}

FdwConnection *pool_entry_connection(const PoolEntry *entry)
{
    return entry->connection;
}

bool pool_entry_was_idle(const PoolEntry *entry)
{
    return entry->idle_since != 0;
}

const FdwModule *pool_entry_module(const PoolEntry *entry)
{
    return entry->module;
}

/* Whether the connection that lay idle can go on for the session. */
static bool is_usable(const PoolEntry *entry, RemoteSession *session)
{
    const FdwModule *module = entry->module;
    if (!entry->connection || entry->is_other || (module->is_alive && !module->is_alive(entry->connection)))
        return false;
    if (!module->given)
        return true;
    Arena *arena = arena_open(NULL);
    Error ignored;
    CallSpace space;
    error_init(&ignored, arena);
    bool usable = module->given(wrapper_call(&space, session, arena, NULL, &ignored), entry->connection);
    arena_close(arena);
    return usable;
}

bool pool_entry_connect(PoolEntry *entry, const RemoteTarget *target, RemoteSession *session, Error *error)
{
    if (is_usable(entry, session))
        return true;
    entry_disconnect(entry);
    CallSpace space;
    entry->module = target->module;
    entry->connection = target->module->connect(wrapper_call(&space, session, entry->arena, NULL, error), &target->info);
    if (!entry->connection)
        return false;
    if (entry->module->end_prepared)
        entry->reach = reach_text(target, entry->arena);
    versions_learn(session->host->versions, target, entry->connection);
    return true;
}

/* Closes a list of entries that are in no other, then gives their room back. Called without the lock. */
static void close_entries(Pools *pools, PoolEntry *list)
{
    while (list) {
        PoolEntry *entry = list;
        list = entry->next;
        Pool *pool = entry->pool;
        entry_disconnect(entry);
        arena_close(entry->arena);
        free(entry);
        pthread_mutex_lock(&pools->lock);
        pool->entries--;
        pool->server->open--;
        queue_serve(pools);
        pthread_mutex_unlock(&pools->lock);
    }
}

static void take_idle(PoolEntry *entry)
{
    remove_entry(&entry->pool->idle, entry);
    entry->pool->server->idle--;
}

/* Moves the idle entries whose time is over at `now` to *list. INT64_MAX: all. */
static void collect_idle(Pool *pool, int64_t now, PoolEntry **list)
{
    for (PoolEntry *entry = pool->idle, *next; entry; entry = next) {
        next = entry->next;
        if (entry->idle_until > now)
            continue;
        take_idle(entry);
        push_entry(list, entry);
    }
}

/* ---- pools ---- */

static PoolServer *find_server(Pools *pools, Oid oid)
{
    for (PoolServer *server = pools->servers; server; server = server->next)
        if (server->oid == oid)
            return server;
    PoolServer *server = calloc(1, sizeof *server);
    if (!server)
        abort();
    server->oid = oid;
    server->next = pools->servers;
    pools->servers = server;
    return server;
}

static Pool *pool_with_key(const Pools *pools, const unsigned char *key)
{
    Pool *pool = pools->list;
    while (pool && memcmp(pool->key, key, sizeof pool->key) != 0)
        pool = pool->next;
    return pool;
}

/* The pool of a target, made when absent. Idle connections of the same mapping with other options go to *outdated. */
static Pool *find_pool(Pools *pools, const RemoteTarget *target, PoolEntry **outdated)
{
    Pool *known = pool_with_key(pools, target->key);
    if (known)
        return known;
    for (Pool *pool = pools->list; pool; pool = pool->next)
        if (pool->server->oid == target->server->oid && pool->mapping == target->mapping)
            collect_idle(pool, INT64_MAX, outdated);
    Pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        abort();
    const char *keep = catalog_option(&target->info.server_options, "keep_connections");
    memcpy(pool->key, target->key, sizeof pool->key);
    pool->server = find_server(pools, target->server->oid);
    pool->mapping = target->mapping;
    pool->keep = !keep || (!str_ieq(keep, "off") && !str_ieq(keep, "false"));
    const char *idle = catalog_option(&target->info.server_options, "idle_timeout");
    pool->idle_ms = idle ? atoll(idle) : -1;
    pool->next = pools->list;
    pools->list = pool;
    return pool;
}

static void drop_empty_pools(Pools *pools)
{
    for (Pool **at = &pools->list; *at;) {
        Pool *pool = *at;
        if (pool->entries || pool->waiters) {
            at = &pool->next;
            continue;
        }
        *at = pool->next;
        free(pool);
    }
    for (PoolServer **at = &pools->servers; *at;) {
        PoolServer *server = *at;
        bool is_used = false;
        for (Pool *pool = pools->list; pool && !is_used; pool = pool->next)
            is_used = pool->server == server;
        if (is_used) {
            at = &server->next;
            continue;
        }
        *at = server->next;
        free(server);
    }
}

static void set_next_reap(Pools *pools)
{
    pools->next_reap = INT64_MAX;
    for (Pool *pool = pools->list; pool; pool = pool->next)
        for (PoolEntry *entry = pool->idle; entry; entry = entry->next)
            if (entry->idle_until < pools->next_reap)
                pools->next_reap = entry->idle_until;
}

static void *reap(void *arg)
{
    Pools *pools = arg;
    pthread_mutex_lock(&pools->lock);
    while (!pools->closing) {
        PoolEntry *old = NULL;
        int64_t now = clock_ms();
        for (Pool *pool = pools->list; pool && now >= pools->next_reap; pool = pool->next)
            collect_idle(pool, now, &old);
        if (old) {
            pthread_mutex_unlock(&pools->lock);
            close_entries(pools, old);
            pthread_mutex_lock(&pools->lock);
            continue;
        }
        drop_empty_pools(pools);
        set_next_reap(pools);
        clock_wait(&pools->sooner, &pools->lock, pools->next_reap);
    }
    pthread_mutex_unlock(&pools->lock);
    return NULL;
}

Pools *pools_open(WrapperHost *host)
{
    Pools *pools = ARENA_NEW(host->arena, Pools);
    pools->host = host;
    pools->next_reap = INT64_MAX;
    pthread_mutex_init(&pools->lock, NULL);
    clock_open_condition(&pools->sooner);
    pools->reaper_runs = pthread_create(&pools->reaper, NULL, reap, pools) == 0;
    return pools;
}

void pools_close(Pools *pools)
{
    pthread_mutex_lock(&pools->lock);
    pools->closing = true;
    pthread_cond_signal(&pools->sooner);
    pthread_mutex_unlock(&pools->lock);
    if (pools->reaper_runs)
        pthread_join(pools->reaper, NULL);
    PoolEntry *all = NULL;
    for (Pool *pool = pools->list; pool; pool = pool->next)
        collect_idle(pool, INT64_MAX, &all);
    close_entries(pools, all);
    drop_empty_pools(pools);
    pthread_cond_destroy(&pools->sooner);
    pthread_mutex_destroy(&pools->lock);
}

/* ---- taking and giving back ---- */

int pools_cap(const RemoteTarget *target, const RemoteLimits *limits)
{
    const char *text = catalog_option(&target->info.server_options, "max_connections");
    int cap = text ? atoi(text) : (int)target->module->default_connections;
    return cap > 0 ? cap : limits->connections;
}

static PoolEntry *longest_idle(const Pools *pools, const PoolServer *server)
{
    PoolEntry *longest = NULL;
    for (Pool *pool = pools->list; pool; pool = pool->next)
        for (PoolEntry *entry = pool->server == server ? pool->idle : NULL; entry; entry = entry->next)
            if (!longest || entry->idle_since < longest->idle_since)
                longest = entry;
    return longest;
}

/* The server has room, or idle connections (invariants 1 and 2). */
static PoolEntry *take_one(Pools *pools, Pool *pool, int cap, RemoteSession *session)
{
    PoolEntry *entry = pool->idle;
    if (!entry && pool->server->open >= cap)
        entry = longest_idle(pools, pool->server);
    if (!entry) {
        entry = entry_new(pool);
    } else {
        take_idle(entry);
    }
    if (entry->pool != pool) {
        entry->is_other = true;
        entry->pool->entries--;
        pool->entries++;
        entry->pool = pool;
    }
    entry->holder = session;
    session->held++;
    push_entry(&pool->server->lent, entry);
    return entry;
}

/* What is needed for all first, then what was wished for beyond, as far as there is room that nobody else waits for. */
void pools_grant(Pools *pools, Waiter *waiter)
{
    for (size_t i = 0; i < waiter->count; i++) {
        PoolWant *want = &waiter->wants[i];
        for (want->given = 0; want->given < want->needed; want->given++)
            want->entries[want->given] = take_one(pools, waiter->pools[i], want->cap, waiter->session);
    }
    for (size_t i = 0; i < waiter->count; i++) {
        PoolWant *want = &waiter->wants[i];
        const PoolServer *server = waiter->pools[i]->server;
        while (want->given < want->wished && server->open - server->idle < want->cap && server->waiters == 1)
            want->entries[want->given++] = take_one(pools, waiter->pools[i], want->cap, waiter->session);
    }
}

/* The pools that are wanted. What they make outdated is closed first, so that it takes nobody's room. Holds the lock, but for that. */
static void find_pools(Pools *pools, Waiter *waiter)
{
    for (PoolEntry *outdated = NULL;;) {
        drop_empty_pools(pools);
        for (size_t i = 0; i < waiter->count; i++)
            waiter->pools[i] = find_pool(pools, waiter->wants[i].target, &outdated);
        if (!outdated)
            return;
        pthread_mutex_unlock(&pools->lock);
        close_entries(pools, outdated);
        pthread_mutex_lock(&pools->lock);
        outdated = NULL;
    }
}

bool pools_take(Pools *pools, RemoteSession *session, PoolWant *wants, size_t count, Arena *arena, Error *error)
{
    Waiter waiter = {.session = session, .wants = wants, .pools = ARENA_ARRAY(arena, Pool *, count + 1), .count = count};
    waiter.fiber = wants[0].parks ? fiber_self() : NULL;
    for (size_t i = 0; i < count; i++) {
        wants[i].cap = pools_cap(wants[i].target, &session->limits);
        wants[i].entries = ARENA_ARRAY(arena, PoolEntry *, wants[i].wished + 1);
        wants[i].given = 0;
    }
    pthread_mutex_lock(&pools->lock);
    find_pools(pools, &waiter);
    bool ok = queue_wait(pools, &waiter, error);
    pthread_mutex_unlock(&pools->lock);
    return ok;
}

void pools_give_back(Pools *pools, PoolEntry *entry, bool broken)
{
    RemoteSession *session = entry->holder;
    pthread_mutex_lock(&pools->lock);
    Pool *pool = entry->pool;
    remove_entry(&pool->server->lent, entry);
    entry->holder = NULL;
    session->held--;
    bool keeps = !broken && entry->connection && !entry->is_other && pool->keep;
    if (keeps) {
        entry->idle_since = clock_ms();
        int64_t idle_ms = pool->idle_ms >= 0 ? pool->idle_ms : session->limits.idle_ms;
        entry->idle_until = idle_ms ? entry->idle_since + idle_ms : INT64_MAX;
        push_entry(&pool->idle, entry);
        pool->server->idle++;
        if (entry->idle_until < pools->next_reap)
            pthread_cond_signal(&pools->sooner);
        queue_serve(pools);
    }
    pthread_mutex_unlock(&pools->lock);
    if (!keeps)
        close_entries(pools, entry);
}

/* ---- idle connections of one pool ---- */

bool pools_have_idle(Pools *pools, const unsigned char *key)
{
    pthread_mutex_lock(&pools->lock);
    const Pool *pool = pool_with_key(pools, key);
    bool idle = pool && pool->idle;
    pthread_mutex_unlock(&pools->lock);
    return idle;
}

bool pools_close_idle(Pools *pools, const unsigned char *key)
{
    PoolEntry *idle = NULL;
    pthread_mutex_lock(&pools->lock);
    Pool *pool = pool_with_key(pools, key);
    if (pool)
        collect_idle(pool, INT64_MAX, &idle);
    pthread_mutex_unlock(&pools->lock);
    close_entries(pools, idle);
    return idle != NULL;
}
