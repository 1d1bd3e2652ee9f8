/*
 * pool.c - the workers, and the sessions they serve.
 *
 * A client is idle, queued, served, or parked: its session waits for a source, on a fiber, and no thread with it. One worker at a time
 * looks for what has happened on the sockets of idle and parked clients, and serves what it finds. So a busy server seldom sleeps, and a
 * thread switch is not the price of each message. It wakes others for what it finds only while it has a processor for itself and that is
 * not enough (the crew grows): where clients and sources want the processors too, a second worker would bring switches and no speed.
 *
 * Who gets a worker: a session inside a transaction, and one that is just coming in, at once, by a thread of its own if need be; all others
 * only while fewer than `workers` of them are being served. So sessions that wait for what a transaction holds never keep it from ending,
 * and a cancel request always gets through.
 *
 * Of these `workers`, a few for each processor are enough as long as statements are quick: more would only wait for each other and for
 * remote connections. So many are let in at first (the width); when clients wait, nothing happens and no worker has become free for a
 * moment, because the statements are slow, the width grows. Whom its own client holds up, which does not read what it asked for, does not
 * count any longer once others wait: it has its thread for itself, until it rests.
 *
 * Invariants:
 *  1. A client is in the list from pool_add until the worker that found it ended has closed its session.
 *  2. An event names a client's slot and the ticket it was watched with; any later state has another ticket, so old events find nobody.
 *  3. After a client has become idle its attention is asked for once more, so that no interrupt falls between.
 *  4. What a session does it does on its fiber, its end included: a worker's own stack is too small to drop what was temporary.
 *  5. While anything is served the loop thread looks every TICK_MS: when nothing has gone on for STUCK_TICKS, and nobody looks for events
 *     or takes from the queues, one more thread does.
 * Entered by the loop thread (pool_add, pool_attend, pool_patience), the watchdog and the workers.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/fiber.h"
#include "server/server.h"

enum {
    FIBER_STACK_SIZE = 16 * 1024 * 1024,
    THREAD_STACK_SIZE = 256 * 1024,
    SPARE_FIBERS = 16,
    SPARE_SECONDS = 10,
    LONGEST_SLEEP_MS = 3600 * 1000,
    PER_PROCESSOR = 4,
    FEWEST_WORKERS = 16,
    PATIENCE_MS = 5,
    TICK_MS = 1,
    STUCK_TICKS = 3,
    QUIET_TICKS = 20,
    LOOK_BACK_MS = 20,
    EVENTS = 64,
    QUEUE_PER_WORKER = 4 /* so many wait before another worker is woken for them */
};

static const uint64_t WAKE_EVENT = UINT64_MAX;

typedef enum ClientState { CLIENT_IDLE, CLIENT_QUEUED, CLIENT_SERVED, CLIENT_PARKED } ClientState;

typedef struct Client {
    Pool *pool;
    Session *session;
    struct Client *next, *previous; /* all */
    struct Client *behind;          /* in a queue */
    ClientState state;
    uint32_t slot, ticket;
    bool has_started, is_urgent;
    atomic_bool held_up; /* by its own client, which does not read or send */
    Fiber *fiber;        /* in the middle of a call */
    int happened;        /* parked: what came of its wait */
    bool is_woken;
    int64_t until;
    SessionVerdict verdict;
} Client;

typedef struct Queue {
    Client *first, *last;
    size_t count;
} Queue;

struct Pool {
    int epoll_fd, wake_fd, limit;
    void (*rouse)(void *arg);
    void *rouse_arg;
    Log *log;
    pthread_mutex_t lock;
    pthread_cond_t work, serving, ended;
    Client *clients;
    struct Slot {
        Client *client;
        uint32_t ticket, next_free;
    } * slots;
    size_t nslots;
    uint32_t free_slot; /* NO_SLOT: none */
    Fiber *fibers[SPARE_FIBERS];
    size_t nfibers;
    size_t nclients, nthreads, nwaiting, nserved, nparked, nordinary; /* nserved: parked ones too; nordinary: those that are not urgent */
    Queue resumable, urgent, ordinary;
    size_t processors;
    size_t narrow, width; /* see above: at first, and now; up to `limit` */
    int64_t taken_at;     /* when an ordinary client last got a worker, or came while none was waiting */
    bool polling;         /* somebody waits for events */
    bool watched;         /* the loop thread looks every TICK_MS */
    int quiet;            /* ticks */
    uint64_t progress, seen_progress;
    int stuck;                      /* ticks without progress */
    size_t crew;                    /* so many workers may be awake for what goes quickly */
    int64_t counted_at, counted_us; /* milliseconds; the process's processor time then */
    size_t taken;                   /* ordinary clients since then */
    int64_t first_until;            /* no wait is over before */
    bool closing;
    bool roused, sleeps_long; /* the watchdog: it is to look at the deadlines again; it would oversleep a look at the clients */
};

static void push(Queue *queue, Client *client)
{
    client->behind = NULL;
    if (queue->last)
        queue->last->behind = client;
    else
        queue->first = client;
    queue->last = client;
    queue->count++;
}

static Client *pop(Queue *queue)
{
    Client *client = queue->first;
    if (client) {
        queue->count--;
        queue->first = client->behind;
        if (!queue->first)
            queue->last = NULL;
    }
    return client;
}

/* ---- slots ---- */

static const uint32_t NO_SLOT = UINT32_MAX;

static void give_slot(Pool *pool, Client *client)
{
    if (pool->free_slot == NO_SLOT) {
        size_t count = pool->nslots ? pool->nslots * 2 : 64;
        pool->slots = realloc(pool->slots, count * sizeof *pool->slots);
        if (!pool->slots)
            abort();
        for (size_t i = pool->nslots; i < count; i++)
            pool->slots[i] = (struct Slot){.next_free = i + 1 < count ? (uint32_t)(i + 1) : NO_SLOT};
        pool->free_slot = (uint32_t)pool->nslots;
        pool->nslots = count;
    }
    client->slot = pool->free_slot;
    struct Slot *slot = &pool->slots[client->slot];
    pool->free_slot = slot->next_free;
    slot->client = client;
}

static void take_slot(Pool *pool, const Client *client)
{
    struct Slot *slot = &pool->slots[client->slot];
    slot->ticket++;
    slot->client = NULL;
    slot->next_free = pool->free_slot;
    pool->free_slot = client->slot;
}

/* Once, for the client's session or for the source it waits for; events 0: no more. A descriptor is known to epoll from its first time on.
 */
static void watch(Pool *pool, const Client *client, int fd, uint32_t events)
{
    struct Slot *slot = &pool->slots[client->slot];
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data.u64 = (uint64_t)++slot->ticket << 32 | client->slot};
    if (epoll_ctl(pool->epoll_fd, EPOLL_CTL_MOD, fd, &event) != 0)
        epoll_ctl(pool->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

/* ---- who is next ---- */

/* How many of the queued clients may be served now. */
static size_t servable(const Pool *pool)
{
    size_t room = pool->width > pool->nordinary ? pool->width - pool->nordinary : 0;
    return pool->resumable.count + pool->urgent.count + (pool->ordinary.count < room ? pool->ordinary.count : room);
}

static Client *take_ordinary(Pool *pool)
{
    if (pool->nordinary >= pool->width)
        return NULL;
    Client *client = pop(&pool->ordinary);
    if (client) {
        client->is_urgent = false;
        pool->nordinary++;
        pool->taken++;
        pool->taken_at = clock_ms();
    }
    if (!pool->ordinary.first && pool->nordinary < pool->narrow)
        pool->width = pool->narrow;
    return client;
}

/* The next client that may be served now. Those that have begun come first. */
static Client *take(Pool *pool)
{
    Client *client = pop(&pool->resumable);
    if (client) {
        client->state = CLIENT_SERVED;
        pool->nparked--;
        return client;
    }
    client = pop(&pool->urgent);
    if (client)
        client->is_urgent = true;
    else
        client = take_ordinary(pool);
    if (client) {
        client->state = CLIENT_SERVED;
        pool->nserved++;
        if (pool->sleeps_long) {
            pool->sleeps_long = false;
            pthread_cond_signal(&pool->serving);
        }
    }
    return client;
}

/* A parked client's wait is over. */
static void resume(Pool *pool, Client *client, int happened)
{
    client->state = CLIENT_QUEUED;
    client->happened = happened;
    push(&pool->resumable, client);
}

static void *work(void *arg);

static void start_thread(Pool *pool)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, THREAD_STACK_SIZE);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, work, pool) == 0)
        pool->nthreads++;
    else
        log_write(pool->log, LOG_ERROR_LEVEL, "could not start a worker thread");
    pthread_attr_destroy(&attributes);
}

/* One more thread that takes from the queues, or looks for events: under the lock. */
static void call_worker(Pool *pool)
{
    if (pool->nwaiting)
        pthread_cond_signal(&pool->work);
    else
        start_thread(pool);
}

/* Under the lock. */
static void enqueue(Pool *pool, Client *client)
{
    client->state = CLIENT_QUEUED;
    bool urgent = !client->has_started || session_holds_up_others(client->session) || session_wants_attention(client->session);
    if (!urgent && !pool->ordinary.first)
        pool->taken_at = clock_ms();
    push(urgent ? &pool->urgent : &pool->ordinary, client);
}

/* ---- the loop thread's looks ---- */

/* Whoever looks for events waits for them: it is not for want of a processor that no client gets on. */
static bool is_stuck(const Pool *pool)
{
    return pool->polling && pool->ordinary.first && pool->nordinary >= pool->width && pool->width < (size_t)pool->limit;
}

static void discount_held_up(Pool *pool)
{
    for (Client *client = pool->clients; client; client = client->next)
        if (client->state == CLIENT_SERVED && !client->is_urgent && atomic_load(&client->held_up)) {
            client->is_urgent = true;
            pool->nordinary--;
        }
}

static void widen(Pool *pool)
{
    if (pool->ordinary.first && pool->nordinary >= pool->width && clock_ms() >= pool->taken_at + PATIENCE_MS)
        discount_held_up(pool);
    if (!is_stuck(pool) || clock_ms() < pool->taken_at + PATIENCE_MS)
        return;
    pool->width += pool->narrow;
    if (pool->width > (size_t)pool->limit)
        pool->width = (size_t)pool->limit;
    pool->taken_at = clock_ms();
}

/* Waits that have lasted long enough. Gives the milliseconds until the next one may have. */
static int64_t end_waits(Pool *pool)
{
    int64_t now = clock_ms();
    if (now < pool->first_until)
        return pool->first_until - now;
    pool->first_until = now + LONGEST_SLEEP_MS;
    for (Client *client = pool->nparked ? pool->clients : NULL; client; client = client->next) {
        if (client->state != CLIENT_PARKED)
            continue;
        if (client->until > now) {
            pool->first_until = client->until < pool->first_until ? client->until : pool->first_until;
            continue;
        }
        if (fiber_waits_for(client->fiber)->fd >= 0)
            watch(pool, client, fiber_waits_for(client->fiber)->fd, 0);
        resume(pool, client, 0);
    }
    return pool->first_until - now;
}

/* The crew: as many as have a processor each to themselves, and one more. The width: less again once that many begin in little time. */
static void look_back(Pool *pool)
{
    int64_t now = clock_ms();
    if (now < pool->counted_at + LOOK_BACK_MS)
        return;
    if (pool->taken >= 2 * pool->width)
        pool->width = pool->width > 2 * pool->narrow ? pool->width - pool->narrow : pool->narrow;
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    int64_t us = (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
    double share = (double)(us - pool->counted_us) / 1000 / (double)(now - pool->counted_at);
    if (share > (double)pool->crew - 0.1 && pool->crew < pool->processors)
        pool->crew++;
    else if (share < (double)pool->crew - 1.1 && pool->crew > 1)
        pool->crew--;
    pool->counted_at = now;
    pool->counted_us = us;
    pool->taken = 0;
}

int pool_patience(Pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    int64_t next_wait = end_waits(pool);
    widen(pool);
    look_back(pool);
    bool can_go_on = servable(pool) > 0, busy = pool->nserved > pool->nparked || can_go_on;
    pool->stuck = pool->progress == pool->seen_progress ? pool->stuck + 1 : 0;
    if (pool->stuck >= STUCK_TICKS && (can_go_on || (busy && !pool->polling)))
        call_worker(pool);
    pool->quiet = busy || pool->progress != pool->seen_progress ? 0 : pool->quiet + 1;
    pool->seen_progress = pool->progress;
    if (pool->quiet > QUIET_TICKS && pool->polling)
        pool->watched = false;
    int milliseconds = pool->watched ? TICK_MS : pool->nparked ? (int)next_wait : -1;
    pthread_mutex_unlock(&pool->lock);
    return milliseconds;
}

/* Somebody begins to work, and may be held up. */
static void have_watched(Pool *pool)
{
    if (pool->watched)
        return;
    pool->watched = true;
    pool->quiet = 0;
    pool->rouse(pool->rouse_arg);
}

/* ---- serving ---- */

/* Its session has been closed. Takes the lock, and leaves with it. */
static void end_client(Pool *pool, Client *client)
{
    pthread_mutex_lock(&pool->lock);
    take_slot(pool, client);
    if (client->previous)
        client->previous->next = client->next;
    else
        pool->clients = client->next;
    if (client->next)
        client->next->previous = client->previous;
    pool->nclients--;
    pool->nserved--;
    pool->nordinary -= !client->is_urgent;
    pthread_cond_broadcast(&pool->ended);
    free(client);
}

/* Gives the client back to epoll. Takes the lock, and leaves with it. */
static void rest_client(Pool *pool, Client *client)
{
    session_rest(client->session);
    pthread_mutex_lock(&pool->lock);
    client->has_started = true;
    pool->nserved--;
    pool->nordinary -= !client->is_urgent;
    client->state = CLIENT_IDLE;
    if (session_wants_attention(client->session))
        enqueue(pool, client);
    else
        watch(pool, client, session_fd(client->session), EPOLLIN | EPOLLRDHUP);
}

/* Its session waits for a source: takes the lock, and leaves with it. */
static void park(Pool *pool, Client *client)
{
    const FiberWait *wait = fiber_waits_for(client->fiber);
    int64_t until = clock_ms() + wait->milliseconds;
    pthread_mutex_lock(&pool->lock);
    client->state = CLIENT_PARKED;
    client->until = until;
    pool->first_until = until < pool->first_until ? until : pool->first_until;
    pool->nparked++;
    if (wait->fd >= 0)
        watch(pool, client, wait->fd, (wait->events & POLLIN ? EPOLLIN : 0) | (wait->events & POLLOUT ? EPOLLOUT : 0));
    else if (client->is_woken)
        resume(pool, client, 0);
    client->is_woken = false;
}

/* Of a session that sleeps, or is just about to. A worker that calls this looks at the queues soon. */
static void wake_client(void *arg)
{
    Client *client = arg;
    Pool *pool = client->pool;
    pthread_mutex_lock(&pool->lock);
    if (client->state == CLIENT_SERVED)
        client->is_woken = true;
    else if (client->state == CLIENT_PARKED && fiber_waits_for(client->fiber)->fd < 0)
        resume(pool, client, 0);
    if (pool->nthreads - pool->nwaiting == pool->polling)
        call_worker(pool);
    pthread_mutex_unlock(&pool->lock);
}

static void serve_session(void *arg)
{
    Client *client = arg;
    client->verdict = session_serve(client->session);
    if (client->verdict == SESSION_ENDED)
        session_close(client->session);
}

/* true: the session rests or has ended; false: it waits for a source. */
static bool go_on(Client *client)
{
    if (client->fiber) {
        session_moved(client->session);
        return fiber_resume(client->fiber, client->happened);
    }
    client->fiber = fiber_open(FIBER_STACK_SIZE, wake_client);
    if (!client->fiber)
        abort();
    return fiber_run(client->fiber, serve_session, client);
}

static bool begin(Client *client, Fiber *spare)
{
    client->fiber = spare;
    return fiber_run(spare, serve_session, client);
}

/* Under the lock, which it gives away meanwhile. */
static void serve(Pool *pool, Client *client)
{
    Fiber *spare = !client->fiber && pool->nfibers ? pool->fibers[--pool->nfibers] : NULL;
    have_watched(pool);
    pthread_mutex_unlock(&pool->lock);
    if (!(spare ? begin(client, spare) : go_on(client))) {
        park(pool, client);
        pool->progress++;
        return;
    }
    Fiber *fiber = client->fiber;
    client->fiber = NULL;
    if (client->verdict == SESSION_ENDED)
        end_client(pool, client);
    else
        rest_client(pool, client);
    pool->progress++;
    if (pool->nfibers < SPARE_FIBERS) {
        pool->fibers[pool->nfibers++] = fiber;
        return;
    }
    pthread_mutex_unlock(&pool->lock);
    fiber_close(fiber);
    pthread_mutex_lock(&pool->lock);
}

/* ---- the workers ---- */

static void take_event(Pool *pool, const struct epoll_event *event)
{
    uint32_t at = (uint32_t)event->data.u64, ticket = (uint32_t)(event->data.u64 >> 32);
    if (event->data.u64 == WAKE_EVENT) {
        uint64_t count;
        if (read(pool->wake_fd, &count, sizeof count) < 0)
            return; /* another was quicker */
        return;
    }
    struct Slot *slot = &pool->slots[at];
    Client *client = slot->ticket == ticket ? slot->client : NULL;
    if (!client)
        return;
    slot->ticket++;
    if (client->state == CLIENT_IDLE) {
        enqueue(pool, client);
    } else if (client->state == CLIENT_PARKED) {
        resume(pool, client, (int)(event->events & (EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP)));
    }
}

/* Waits for events. Under the lock, which it gives away meanwhile. */
static void poll_events(Pool *pool)
{
    struct epoll_event events[EVENTS];
    pool->polling = true;
    pthread_mutex_unlock(&pool->lock);
    int count = epoll_wait(pool->epoll_fd, events, EVENTS, -1);
    pthread_mutex_lock(&pool->lock);
    pool->polling = false;
    pool->progress++;
    for (int i = 0; i < count; i++)
        take_event(pool, &events[i]);
    size_t more = servable(pool) / QUEUE_PER_WORKER, awake = pool->nthreads - pool->nwaiting;
    for (; more && awake < pool->crew; more--, awake++)
        call_worker(pool);
}

/* Waits for work. false: there has been none for long, and there are threads enough. Work may have come just when the time was over. */
static bool wait_for_work(Pool *pool)
{
    pool->nwaiting++;
    bool called = clock_wait(&pool->work, &pool->lock, clock_ms() + SPARE_SECONDS * 1000);
    pool->nwaiting--;
    return called || servable(pool) || !pool->polling;
}

static void *work(void *arg)
{
    Pool *pool = arg;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        Client *client = take(pool);
        if (client)
            serve(pool, client);
        else if (pool->closing && !pool->nclients)
            break;
        else if (!pool->polling)
            poll_events(pool);
        else if (!wait_for_work(pool))
            break;
    }
    pool->nthreads--;
    pthread_cond_broadcast(&pool->ended);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* ---- life ---- */

static void close_pool(void *arg)
{
    Pool *pool = arg;
    while (pool->nfibers)
        fiber_close(pool->fibers[--pool->nfibers]);
    free(pool->slots);
    close(pool->wake_fd);
    close(pool->epoll_fd);
}

Pool *pool_open(int workers, void (*rouse)(void *arg), void *arg, Log *log, Arena *arena)
{
    Pool *pool = ARENA_NEW(arena, Pool);
    pool->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    pool->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = WAKE_EVENT};
    epoll_ctl(pool->epoll_fd, EPOLL_CTL_ADD, pool->wake_fd, &event);
    pool->rouse = rouse;
    pool->rouse_arg = arg;
    pool->limit = workers;
    pool->free_slot = NO_SLOT;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    pool->processors = processors > 1 ? (size_t)processors : 1;
    pool->crew = 1;
    size_t few = pool->processors * PER_PROCESSOR > FEWEST_WORKERS ? pool->processors * PER_PROCESSOR : FEWEST_WORKERS;
    pool->narrow = pool->width = few < (size_t)workers ? few : (size_t)workers;
    pool->log = log;
    pthread_mutex_init(&pool->lock, NULL);
    clock_open_condition(&pool->work);
    clock_open_condition(&pool->serving);
    clock_open_condition(&pool->ended);
    arena_defer(arena, close_pool, pool);
    return pool;
}

void pool_add(Pool *pool, Session *session)
{
    Client *client = calloc(1, sizeof *client);
    if (!client)
        abort();
    client->pool = pool;
    client->session = session;
    session_show_held_up(session, &client->held_up);
    pthread_mutex_lock(&pool->lock);
    client->next = pool->clients;
    if (pool->clients)
        pool->clients->previous = client;
    pool->clients = client;
    pool->nclients++;
    give_slot(pool, client);
    watch(pool, client, session_fd(session), EPOLLIN | EPOLLRDHUP);
    if (!pool->nthreads)
        start_thread(pool);
    pthread_mutex_unlock(&pool->lock);
}

void pool_attend(Pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool any = false;
    for (Client *client = pool->clients; client; client = client->next)
        if (client->state == CLIENT_IDLE && session_wants_attention(client->session)) {
            watch(pool, client, session_fd(client->session), 0);
            enqueue(pool, client);
            any = true;
        }
    if (any)
        call_worker(pool);
    pthread_mutex_unlock(&pool->lock);
}

size_t pool_clients(Pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    size_t count = pool->nclients;
    pthread_mutex_unlock(&pool->lock);
    return count;
}

bool pool_is_serving(Pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool serving = pool->nserved > 0;
    pthread_mutex_unlock(&pool->lock);
    return serving;
}

void pool_sleep(Pool *pool, int64_t until, int slice)
{
    bool busy = false; /* something was served during this sleep: no further wake before the slice is over */
    pthread_mutex_lock(&pool->lock);
    while (!pool->roused) {
        int64_t left = until == INT64_MAX ? LONGEST_SLEEP_MS : until - clock_ms();
        bool sliced = (pool->nserved || busy) && slice < left;
        left = sliced ? slice : left < LONGEST_SLEEP_MS ? left : LONGEST_SLEEP_MS;
        if (left <= 0)
            break;
        pool->sleeps_long = !sliced;
        bool in_time = clock_wait(&pool->serving, &pool->lock, clock_ms() + left);
        if (sliced && !in_time)
            break;
        busy = busy || in_time;
    }
    pool->roused = pool->sleeps_long = false;
    pthread_mutex_unlock(&pool->lock);
}

void pool_rouse(Pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->roused = true;
    pthread_cond_signal(&pool->serving);
    pthread_mutex_unlock(&pool->lock);
}

static void wake_poller(Pool *pool)
{
    uint64_t one = 1;
    if (write(pool->wake_fd, &one, sizeof one) < 0)
        log_write(pool->log, LOG_ERROR_LEVEL, "could not wake a worker");
}

bool pool_close(Pool *pool, int milliseconds)
{
    int64_t until = clock_ms() + milliseconds;
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->work);
    bool in_time = true;
    while ((pool->nclients || pool->nthreads) && in_time) {
        if (!pool->nclients) {
            pthread_cond_broadcast(&pool->work);
            wake_poller(pool);
        }
        in_time = clock_wait(&pool->ended, &pool->lock, until);
    }
    bool done = !pool->nclients && !pool->nthreads;
    pthread_mutex_unlock(&pool->lock);
    return done;
}
