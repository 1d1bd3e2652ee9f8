/*
 * queue.c - who gets remote connections next: requests in the order of their coming, mutual waits found as they arise.
 *
 * Whoever makes room serves the queue; nobody is woken for nothing, and nobody polls. A request is *short* of a server when its need there
 * exceeds what room there is, and *behind* an earlier request that wants a server of its. It *waits for* the sessions that hold
 * connections of a server it is short of, for those it is behind, and for whomever these wait for.
 *
 * Invariants:
 *  1. A request takes all it needs in one step, or nothing.
 *  2. A request is overtaken only by one that it waits for: without that, one that stands behind could hold what the one before it needs.
 *  3. What a session holds stays held while it queues: only the thread that queues would give it back.
 *  4. No set of sessions in the queue holds all that each of the set is short of. Such a set can only arise when a session joins the queue
 *     that holds something; it is then refused at once.
 *
 * Any thread, under Pools.lock. A session that came on a fiber leaves it while it waits, and its thread is free for others.
 */
#include "wrapper/pool.h"

enum { LONG_MS = 3600 * 1000 };

/* ---- what a request needs ---- */

/* Whether the earlier request wants a server that the later one wants too. One that is allowed fewer connections than the later one may be
 * held up by that alone: it holds up only those that are allowed as few. */
static bool stands_in_front(const Waiter *earlier, const Waiter *later)
{
    for (size_t i = 0; i < earlier->count; i++)
        for (size_t j = 0; j < later->count; j++)
            if (earlier->pools[i]->server == later->pools[j]->server && earlier->wants[i].cap >= later->wants[j].cap)
                return true;
    return false;
}

static int needed_of_server(const Waiter *waiter, const PoolServer *server)
{
    int needed = 0;
    for (size_t i = 0; i < waiter->count; i++)
        if (waiter->pools[i]->server == server)
            needed += waiter->wants[i].needed;
    return needed;
}

/* Of its i-th want: is the server too full? Idle connections make room. */
static bool is_short(const Waiter *waiter, size_t i)
{
    const PoolServer *server = waiter->pools[i]->server;
    return needed_of_server(waiter, server) > waiter->wants[i].cap - (server->open - server->idle);
}

static bool there_is_room(const Waiter *waiter)
{
    for (size_t i = 0; i < waiter->count; i++)
        if (is_short(waiter, i))
            return false;
    return true;
}

/* ---- who waits for whom ---- */

/* Marks all that `from` waits for. */
static void mark_awaited(Pools *pools, Waiter *from)
{
    if (from->mark == pools->mark)
        return;
    from->mark = pools->mark;
    for (size_t i = 0; i < from->count; i++)
        for (PoolEntry *entry = is_short(from, i) ? from->pools[i]->server->lent : NULL; entry; entry = entry->next)
            if (entry->holder->waiting)
                mark_awaited(pools, entry->holder->waiting);
    for (Waiter *earlier = from->previous; earlier; earlier = earlier->previous)
        if (stands_in_front(earlier, from))
            mark_awaited(pools, earlier);
}

static bool waits_for(Pools *pools, Waiter *waiter, const Waiter *other)
{
    if (!pools->holders)
        return false;
    if (pools->marked_from != waiter) {
        pools->mark++;
        pools->marked_from = waiter;
        mark_awaited(pools, waiter);
    }
    return other->mark == pools->mark;
}

static bool is_behind(Pools *pools, const Waiter *waiter)
{
    for (Waiter *earlier = waiter->previous; earlier; earlier = earlier->previous)
        if (stands_in_front(earlier, waiter) && !waits_for(pools, earlier, waiter))
            return true;
    return false;
}

/* In the search for mutual waits. */
static bool is_stuck(const Pools *pools, const RemoteSession *session)
{
    return session->waiting ? !session->waiting->is_freed : session->parked == pools->parks;
}

/* Could it get all it wants if every session that is not stuck gave back what it holds? */
static bool would_be_granted(const Pools *pools, const Waiter *waiter)
{
    for (size_t i = 0; i < waiter->count; i++) {
        const PoolServer *server = waiter->pools[i]->server;
        int stuck = 0;
        for (const PoolEntry *entry = server->lent; entry; entry = entry->next)
            stuck += is_stuck(pools, entry->holder);
        if (needed_of_server(waiter, server) + stuck > waiter->wants[i].cap)
            return false;
    }
    return true;
}

/* Would it stand for ever behind one that is stuck? */
static bool is_behind_stuck(Pools *pools, const Waiter *waiter)
{
    for (Waiter *earlier = waiter->previous; earlier; earlier = earlier->previous)
        if (!earlier->is_freed && stands_in_front(earlier, waiter) && !waits_for(pools, earlier, waiter))
            return true;
    return false;
}

/* Frees one after the other who can be served, until nobody can, or `wanted` is freed. parked: sessions are stuck that do not queue;
 * without them, nobody is stuck whose wanting alone holds up another (invariants 2 and 4). */
static bool is_freed_at_last(Pools *pools, const Waiter *wanted, bool parked)
{
    for (Waiter *waiter = pools->first; waiter; waiter = waiter->next)
        waiter->is_freed = false;
    for (bool progress = true; progress && !wanted->is_freed;) {
        progress = false;
        for (Waiter *waiter = pools->first; waiter; waiter = waiter->next)
            if (!waiter->is_freed && would_be_granted(pools, waiter) && !(parked && is_behind_stuck(pools, waiter)))
                progress = waiter->is_freed = true;
    }
    return wanted->is_freed;
}

/* Invariant 4. */
static bool waits_for_ever(Pools *pools, const Waiter *newest)
{
    pools->parks++;
    return newest->session->held && !is_freed_at_last(pools, newest, false);
}

static bool holds_of(const RemoteSession *session, const PoolServer *server)
{
    const PoolEntry *entry = server->lent;
    while (entry && entry->holder != session)
        entry = entry->next;
    return entry != NULL;
}

/* The server that the stuck one is short of, and of which the session holds a connection. */
static const char *short_by(const Waiter *stuck, const RemoteSession *session)
{
    for (size_t i = 0; i < stuck->count; i++)
        if (is_short(stuck, i) && holds_of(session, stuck->pools[i]->server))
            return stuck->wants[i].target->server->name;
    return NULL;
}

static const char *starved_by(Pools *pools, Waiter *holder, const RemoteSession *session)
{
    if (!holder || !session->held || is_freed_at_last(pools, holder, true))
        return NULL;
    const char *server = short_by(holder, session);
    for (const Waiter *waiter = pools->first; waiter && !server; waiter = waiter->next)
        if (!waiter->is_freed && waits_for(pools, holder, waiter))
            server = short_by(waiter, session);
    return server;
}

const char *remote_starves(RemoteSession *session, const RemoteSession *holder, RemoteSession *const *waiting, size_t count, Arena *arena)
{
    Pools *pools = session->host->pools;
    pthread_mutex_lock(&pools->lock);
    pools->parks++;
    for (size_t i = 0; i < count; i++)
        waiting[i]->parked = pools->parks;
    const char *server = starved_by(pools, holder->waiting, session);
    server = server ? arena_strdup(arena, server) : NULL;
    pthread_mutex_unlock(&pools->lock);
    return server;
}

/* ---- refusing ---- */

static bool refuse(const PoolWant *want, Error *error)
{
    return error_set(error, ERRCODE_TOO_MANY_CONNECTIONS, "too many connections to server \"%s\"", want->target->server->name);
}

static const char HINT_RAISE[] =
    "Try again later, or raise the server's option max_connections or the setting medley.server_max_connections.";

/* What the session holds it goes on holding (invariant 3). */
static bool check_can_ever_be(const Waiter *waiter, Error *error)
{
    for (size_t i = 0; i < waiter->count; i++) {
        int needed = needed_of_server(waiter, waiter->pools[i]->server), cap = waiter->wants[i].cap, held = 0;
        for (const PoolEntry *entry = waiter->pools[i]->server->lent; entry; entry = entry->next)
            held += entry->holder == waiter->session;
        if (needed + held <= cap)
            continue;
        refuse(&waiter->wants[i], error);
        error_detail(error, "Its limit is %d; this session holds %d and needs %d more.", cap, held, needed);
        return error_hint(error, "Raise the server's option max_connections or the setting medley.server_max_connections.");
    }
    return true;
}

/* The want that it waits for; the first when it is only behind others. */
static const PoolWant *lacking(const Waiter *waiter)
{
    for (size_t i = 0; i < waiter->count; i++)
        if (is_short(waiter, i))
            return &waiter->wants[i];
    return &waiter->wants[0];
}

static bool refuse_late(const Waiter *waiter, int64_t waited, Error *error)
{
    const PoolWant *want = lacking(waiter);
    refuse(want, error);
    error_detail(error, "Its limit is %d, and no connection became free within %lld ms.", want->cap, (long long)waited);
    return error_hint(error, "%s", HINT_RAISE);
}

static bool refuse_mutual(const Waiter *waiter, Error *error)
{
    const PoolWant *want = lacking(waiter);
    refuse(want, error);
    error_detail(error,
                 "Its limit is %d, and the sessions that hold its connections wait in their turn for connections that this one holds.",
                 want->cap);
    return error_hint(error, "Roll back the transaction and try again, or raise the server's option max_connections or the setting "
                             "medley.server_max_connections.");
}

/* ---- the queue ---- */

/* Adds to the counts of requests at each pool and server of this one's; where it wants one twice, it counts once. */
static void count_waiter(Pools *pools, const Waiter *waiter, int change)
{
    for (size_t i = 0; i < waiter->count; i++) {
        bool again = false, again_server = false;
        for (size_t j = 0; j < i; j++) {
            again = again || waiter->pools[j] == waiter->pools[i];
            again_server = again_server || waiter->pools[j]->server == waiter->pools[i]->server;
        }
        waiter->pools[i]->waiters += again ? 0 : change;
        waiter->pools[i]->server->waiters += again_server ? 0 : change;
    }
    pools->holders += waiter->session->held ? change : 0;
    pools->marked_from = NULL;
}

static void enqueue(Pools *pools, Waiter *waiter)
{
    waiter->previous = pools->last;
    *(pools->last ? &pools->last->next : &pools->first) = waiter;
    pools->last = waiter;
    waiter->session->waiting = waiter;
    count_waiter(pools, waiter, 1);
}

static void dequeue(Pools *pools, Waiter *waiter)
{
    *(waiter->previous ? &waiter->previous->next : &pools->first) = waiter->next;
    *(waiter->next ? &waiter->next->previous : &pools->last) = waiter->previous;
    waiter->session->waiting = NULL;
    count_waiter(pools, waiter, -1);
}

static void wake(Waiter *waiter)
{
    if (waiter->waits && waiter->fiber)
        fiber_wake(waiter->fiber);
    else if (waiter->waits)
        pthread_cond_signal(&waiter->woken);
}

void queue_serve(Pools *pools)
{
    pools->marked_from = NULL;
    for (Waiter *waiter = pools->first, *next; waiter; waiter = next) {
        next = waiter->next;
        if (!there_is_room(waiter) || is_behind(pools, waiter))
            continue;
        /* In this order: what it takes beyond its need depends on who else waits, and what it holds from here on is not held by a waiter.
         */
        bool held_before = waiter->session->held > 0;
        pools_grant(pools, waiter);
        waiter->granted = true;
        pools->holders += !held_before && waiter->session->held;
        dequeue(pools, waiter);
        wake(waiter);
    }
}

/* Waits until it is woken, or that time has come. Holds the lock, but for the wait. */
static void sleep_until(Pools *pools, Waiter *waiter, int64_t when)
{
    if (!waiter->fiber) {
        clock_wait(&waiter->woken, &pools->lock, when);
        return;
    }
    int64_t left = when - clock_ms();
    pthread_mutex_unlock(&pools->lock);
    fiber_sleep(left > 0 ? (int)left : 0);
    pthread_mutex_lock(&pools->lock);
}

static bool wait_until_granted(Pools *pools, Waiter *waiter, Error *error)
{
    int64_t start = clock_ms(), limit = waiter->session->limits.queue_ms;
    while (!waiter->granted) {
        if (remote_is_cancelled(waiter->session))
            return error_set(error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
        if (limit && clock_ms() - start >= limit)
            return refuse_late(waiter, limit, error);
        sleep_until(pools, waiter, limit ? start + limit : clock_ms() + LONG_MS);
    }
    return true;
}

static bool wait_in_queue(Pools *pools, Waiter *waiter, Error *error)
{
    clock_open_condition(&waiter->woken);
    waiter->waits = true;
    bool done = wait_until_granted(pools, waiter, error);
    waiter->waits = false;
    pthread_cond_destroy(&waiter->woken);
    return done;
}

bool queue_wait(Pools *pools, Waiter *waiter, Error *error)
{
    if (!check_can_ever_be(waiter, error))
        return false;
    enqueue(pools, waiter);
    queue_serve(pools);
    if (waiter->granted)
        return true;
    bool done = waits_for_ever(pools, waiter) ? refuse_mutual(waiter, error) : wait_in_queue(pools, waiter, error);
    if (!waiter->granted) {
        dequeue(pools, waiter);
        queue_serve(pools);
    }
    return done;
}

void pools_wake(Pools *pools, RemoteSession *session)
{
    pthread_mutex_lock(&pools->lock);
    if (session->waiting)
        wake(session->waiting);
    pthread_mutex_unlock(&pools->lock);
}
