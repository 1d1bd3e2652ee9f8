/*
 * pool.c - the workers, and the sessions they serve.
 *
 * A client is idle (epoll watches it, once), queued, or served. A worker that has served a client stays with it for a moment: most clients
 * send their next message at once, and waking the thread that sleeps on the socket costs one switch, not three.
 *
 * Who gets a worker: a session inside a transaction, and one that is just coming in, at once, by a thread of its own if need be; all others
 * only while fewer than `workers` of them are being served. So sessions that wait for what a transaction holds never keep it from ending,
 * and a cancel request always gets through.
 *
 * Of these `workers`, a few for each processor are enough as long as statements are quick: more would only wait for each other and for
 * remote connections, each wait a thread switch. So many are let in at first (the width); when clients wait and no worker has become free
 * for a moment, because the statements are slow, the width grows.
 *
 * Invariants:
 *  1. A client is in the list from pool_add until the worker that found it ended has closed its session.
 *  2. epoll never reports a client that is not idle (EPOLLONESHOT): one thread at a time has it.
 *  3. After a client has become idle its attention is asked for once more, so that no interrupt falls between.
 *  4. There is a thread that serves nobody, waiting or on its way, for every queued client that may be served.
 * Entered by the loop thread (pool_add, pool_ready, pool_attend), the watchdog and the workers.
 */
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "server/server.h"

enum {
    STACK_SIZE = 16 * 1024 * 1024,
    LINGER_MS = 2,
    SPARE_SECONDS = 10,
    LONGEST_SLEEP_MS = 3600 * 1000,
    PER_PROCESSOR = 4,
    FEWEST_WORKERS = 8,
    PATIENCE_MS = 5
};

typedef enum ClientState { CLIENT_IDLE, CLIENT_QUEUED, CLIENT_SERVED } ClientState;

typedef struct Client {
    Session *session;
    struct Client *next, *previous; /* all */
    struct Client *behind;          /* in a queue */
    ClientState state;
    bool has_started, is_urgent;
} Client;

typedef struct Queue {
    Client *first, *last;
    size_t count;
} Queue;

struct Pool {
    int epoll_fd, limit;
    Log *log;
    pthread_mutex_t lock;
    pthread_cond_t work, serving, ended;
    Client *clients;
    size_t nclients, nthreads, nwaiting, nserved, nordinary; /* nordinary: served ones that are not urgent */
    Queue urgent, ordinary;
    size_t narrow, width; /* see above: at first, and now; up to `limit` */
    int64_t taken_at;     /* when an ordinary client last got a worker, or came while none was waiting */
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

/* How many of the queued clients may be served now. */
static size_t servable(const Pool *pool)
{
    size_t room = pool->width > pool->nordinary ? pool->width - pool->nordinary : 0;
    return pool->urgent.count + (pool->ordinary.count < room ? pool->ordinary.count : room);
}

/* The next client that may be served now. */
static Client *take(Pool *pool)
{
    Client *client = pop(&pool->urgent);
    if (client) {
        client->is_urgent = true;
    } else if (pool->nordinary < pool->width) {
        client = pop(&pool->ordinary);
        if (client) {
            client->is_urgent = false;
            pool->nordinary++;
            pool->taken_at = session_clock_ms();
        }
        if (!pool->ordinary.first && pool->nordinary < pool->narrow)
            pool->width = pool->narrow;
    }
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

static void *work(void *arg);

static void start_thread(Pool *pool)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, work, pool) == 0)
        pool->nthreads++;
    else
        log_write(pool->log, LOG_ERROR_LEVEL, "could not start a worker thread");
    pthread_attr_destroy(&attributes);
}

/* Somebody is queued: under the lock. */
static void call_worker(Pool *pool)
{
    if (pool->nwaiting)
        pthread_cond_signal(&pool->work);
    /* A thread that was woken for another client still counts as waiting: those that serve nobody are what counts. */
    if (servable(pool) > pool->nthreads - pool->nserved)
        start_thread(pool);
}

/* Under the lock. */
static void enqueue(Pool *pool, Client *client)
{
    client->state = CLIENT_QUEUED;
    bool urgent = !client->has_started || session_in_transaction(client->session) || session_wants_attention(client->session);
    if (!urgent && !pool->ordinary.first)
        pool->taken_at = session_clock_ms();
    push(urgent ? &pool->urgent : &pool->ordinary, client);
    call_worker(pool);
}

static bool is_stuck(const Pool *pool)
{
    return pool->ordinary.first && pool->nordinary >= pool->width && pool->width < (size_t)pool->limit;
}

int pool_patience(Pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    int64_t left = pool->taken_at + PATIENCE_MS - session_clock_ms();
    int milliseconds = !is_stuck(pool) ? -1 : left > 0 ? (int)left : 0;
    if (milliseconds == 0) {
        pool->width += pool->narrow;
        if (pool->width > (size_t)pool->limit)
            pool->width = (size_t)pool->limit;
        pool->taken_at = session_clock_ms();
        milliseconds = PATIENCE_MS;
        for (size_t count = servable(pool); count; count--)
            call_worker(pool);
    }
    pthread_mutex_unlock(&pool->lock);
    return milliseconds;
}

static void watch(Pool *pool, Client *client, int operation)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.ptr = client};
    epoll_ctl(pool->epoll_fd, operation, session_fd(client->session), &event);
}

static void end_client(Pool *pool, Client *client)
{
    epoll_ctl(pool->epoll_fd, EPOLL_CTL_DEL, session_fd(client->session), NULL);
    session_close(client->session);
    pthread_mutex_lock(&pool->lock);
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
    pool->nserved--;
    pool->nordinary -= !client->is_urgent;
    client->state = CLIENT_IDLE;
    if (session_wants_attention(client->session))
        enqueue(pool, client);
    else
        watch(pool, client, EPOLL_CTL_MOD);
}

/* Others wait for a worker, or the next one would. */
static bool others_want(Pool *pool, const Client *client)
{
    pthread_mutex_lock(&pool->lock);
    bool wait = pool->ordinary.first || pool->urgent.first || pool->closing || (!client->is_urgent && pool->nordinary >= pool->narrow);
    pthread_mutex_unlock(&pool->lock);
    return wait;
}

/* Serves until the client has been silent for a moment. Leaves with the lock. */
static void serve(Pool *pool, Client *client)
{
    for (;;) {
        if (session_serve(client->session) == SESSION_ENDED) {
            end_client(pool, client);
            return;
        }
        client->has_started = true;
        struct pollfd fd = {.fd = session_fd(client->session), .events = POLLIN};
        if (others_want(pool, client) || poll(&fd, 1, LINGER_MS) <= 0)
            break;
    }
    rest_client(pool, client);
}

/* Waits for work. false: there has been none for long, and there are threads enough. Work may have come just when the time was over. */
static bool wait_for_work(Pool *pool)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += SPARE_SECONDS;
    pool->nwaiting++;
    int code = pthread_cond_timedwait(&pool->work, &pool->lock, &until);
    pool->nwaiting--;
    return code == 0 || servable(pool) || (pool->nthreads <= 1 && !pool->closing);
}

static void *work(void *arg)
{
    Pool *pool = arg;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        Client *client = take(pool);
        if (client) {
            pthread_mutex_unlock(&pool->lock);
            serve(pool, client);
        } else if ((pool->closing && !pool->nclients) || !wait_for_work(pool)) {
            break;
        }
    }
    pool->nthreads--;
    pthread_cond_broadcast(&pool->ended);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

Pool *pool_open(int epoll_fd, int workers, Log *log, Arena *arena)
{
    Pool *pool = ARENA_NEW(arena, Pool);
    pool->epoll_fd = epoll_fd;
    pool->limit = workers;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t few = processors * PER_PROCESSOR > FEWEST_WORKERS ? (size_t)processors * PER_PROCESSOR : FEWEST_WORKERS;
    pool->narrow = pool->width = few < (size_t)workers ? few : (size_t)workers;
    pool->log = log;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->serving, NULL);
    pthread_cond_init(&pool->ended, NULL);
    return pool;
}

void pool_add(Pool *pool, Session *session)
{
    Client *client = calloc(1, sizeof *client);
    if (!client)
        abort();
    client->session = session;
    pthread_mutex_lock(&pool->lock);
    client->next = pool->clients;
    if (pool->clients)
        pool->clients->previous = client;
    pool->clients = client;
    pool->nclients++;
    watch(pool, client, EPOLL_CTL_ADD);
    pthread_mutex_unlock(&pool->lock);
}

void pool_ready(Pool *pool, void *arg)
{
    Client *client = arg;
    pthread_mutex_lock(&pool->lock);
    if (client->state == CLIENT_IDLE)
        enqueue(pool, client);
    pthread_mutex_unlock(&pool->lock);
}

void pool_attend(Pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    for (Client *client = pool->clients; client; client = client->next)
        if (client->state == CLIENT_IDLE && session_wants_attention(client->session)) {
            struct epoll_event none = {.events = EPOLLONESHOT, .data.ptr = client};
            epoll_ctl(pool->epoll_fd, EPOLL_CTL_MOD, session_fd(client->session), &none);
            enqueue(pool, client);
        }
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

static struct timespec in_milliseconds(int milliseconds)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += milliseconds / 1000;
    at.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

void pool_sleep(Pool *pool, int64_t until, int slice)
{
    bool busy = false; /* something was served during this sleep: no further wake before the slice is over */
    pthread_mutex_lock(&pool->lock);
    while (!pool->roused) {
        int64_t left = until == INT64_MAX ? LONGEST_SLEEP_MS : until - session_clock_ms();
        bool sliced = (pool->nserved || busy) && slice < left;
        left = sliced ? slice : left < LONGEST_SLEEP_MS ? left : LONGEST_SLEEP_MS;
        if (left <= 0)
            break;
        struct timespec at = in_milliseconds((int)left);
        pool->sleeps_long = !sliced;
        bool in_time = pthread_cond_timedwait(&pool->serving, &pool->lock, &at) == 0;
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

bool pool_close(Pool *pool, int milliseconds)
{
    struct timespec until = in_milliseconds(milliseconds);
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->work);
    int code = 0;
    while ((pool->nclients || pool->nthreads) && code == 0) {
        if (!pool->nclients)
            pthread_cond_broadcast(&pool->work);
        code = pthread_cond_timedwait(&pool->ended, &pool->lock, &until);
    }
    bool done = !pool->nclients && !pool->nthreads;
    pthread_mutex_unlock(&pool->lock);
    return done;
}
