/*
 * estimate.c - what sources say about the size of their tables, kept for a while so that planning does not wait for them.
 *
 * Invariants:
 *  1. A place holds one answer, found by a hash of the target's key and of what was asked; a new one takes the place of an old one.
 *  2. That a source did not answer is kept too, so that a source that is down is not asked by every statement.
 *  3. The lock is never held while a source is asked.
 *
 * Any thread.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wrapper/wrapper_internal.h"

enum { PLACES = 4096, KEPT_SECONDS = 600, UNKNOWN_SECONDS = 60 };

typedef struct Estimates {
    pthread_mutex_t lock;
    struct Place {
        uint64_t hash[2];
        FdwEstimate estimate; /* rows < 0: the source does not know, or did not answer */
        time_t until;
    } places[PLACES];
} Estimates;

Estimates *estimates_open(Arena *arena)
{
    Estimates *estimates = ARENA_NEW(arena, Estimates);
    pthread_mutex_init(&estimates->lock, NULL);
    return estimates;
}

void estimates_close(Estimates *estimates)
{
    pthread_mutex_destroy(&estimates->lock);
}

static uint64_t hash_of(const RemoteTarget *target, const char *what, uint64_t hash)
{
    for (size_t i = 0; i < sizeof target->key; i++)
        hash = (hash ^ target->key[i]) * UINT64_C(1099511628211);
    for (; *what; what++)
        hash = (hash ^ (unsigned char)*what) * UINT64_C(1099511628211);
    return hash;
}

static bool find(Estimates *estimates, const uint64_t *hash, FdwEstimate *out)
{
    pthread_mutex_lock(&estimates->lock);
    const struct Place *place = &estimates->places[hash[0] % PLACES];
    bool found = place->hash[0] == hash[0] && place->hash[1] == hash[1] && clock_ms() / 1000 < place->until;
    if (found)
        *out = place->estimate;
    pthread_mutex_unlock(&estimates->lock);
    return found;
}

static void put(Estimates *estimates, const uint64_t *hash, FdwEstimate estimate)
{
    pthread_mutex_lock(&estimates->lock);
    estimates->places[hash[0] % PLACES] = (struct Place){.hash = {hash[0], hash[1]},
                                                         .estimate = estimate,
                                                         .until = clock_ms() / 1000 + (estimate.rows < 0 ? UNKNOWN_SECONDS : KEPT_SECONDS)};
    pthread_mutex_unlock(&estimates->lock);
}

static void hash_question(const RemoteTarget *target, const char *what, uint64_t hash[2])
{
    hash[0] = hash_of(target, what, UINT64_C(1469598103934665603));
    hash[1] = hash_of(target, what, UINT64_C(0x9E3779B97F4A7C15));
}

static FdwEstimate ask_connection(RemoteSession *session, RemoteConnection *remote, const FdwScanSpec *spec, Arena *arena, Error *error)
{
    FdwEstimate estimate = {.rows = -1};
    CallSpace space;
    FdwCall *call = wrapper_call(&space, session, arena, &TYPE_CONTEXT_CANONICAL, error);
    remote_turn(remote);
    if (!remote->module->estimate(call, remote->connection, spec, &estimate))
        estimate.rows = -1;
    remote_turn_end(remote);
    return estimate;
}

static bool is_lost(const RemoteConnection *remote, const Error *error)
{
    return error_is_set(error) && !remote_is_alive(remote);
}

static FdwEstimate ask(RemoteSession *session, const RemoteTarget *target, const FdwScanSpec *spec, bool in_transaction)
{
    FdwEstimate estimate = {.rows = -1};
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    RemoteWant want = {.target = target, .connections = 1};
    if (remote_acquire(session, &want, 1, in_transaction, arena, &error)) {
        estimate = ask_connection(session, want.given[0], spec, arena, &error);
        remote_release(session, want.given[0], is_lost(want.given[0], &error));
    }
    arena_close(arena);
    return estimate;
}

bool remote_estimate(RemoteSession *session, const RemoteTarget *target, const FdwScanSpec *spec, const char *what, bool in_transaction,
                     FdwEstimate *out)
{
    Estimates *estimates = session->host->estimates;
    uint64_t hash[2];
    hash_question(target, what, hash);
    *out = (FdwEstimate){.rows = -1};
    if (!target->module->estimate)
        return false;
    if (!find(estimates, hash, out)) {
        *out = ask(session, target, spec, in_transaction);
        if (!remote_is_cancelled(session))
            put(estimates, hash, *out);
    }
    return out->rows >= 0;
}

/* ---- ahead ---- */

/* What one source is asked. */
typedef struct Inquiry {
    RemoteSession *session;
    RemoteConnection *remote;
    VEC(const RemoteQuestion *) questions;
    Arena *arena;
    Error error;
} Inquiry;

static void inquire(void *item)
{
    Inquiry *inquiry = item;
    for (size_t i = 0; i < inquiry->questions.count && !error_is_set(&inquiry->error); i++) {
        const RemoteQuestion *question = inquiry->questions.items[i];
        uint64_t hash[2];
        FdwEstimate estimate = ask_connection(inquiry->session, inquiry->remote, &question->spec, inquiry->arena, &inquiry->error);
        hash_question(question->target, question->what, hash);
        if (!remote_is_cancelled(inquiry->session))
            put(inquiry->session->host->estimates, hash, estimate);
    }
}

static Inquiry *inquiry_of(Inquiry *inquiries, size_t *count, const RemoteTarget *target)
{
    for (size_t i = 0; i < *count; i++)
        if (memcmp(inquiries[i].questions.items[0]->target->key, target->key, sizeof target->key) == 0)
            return &inquiries[i];
    return &inquiries[(*count)++];
}

static void run_inquiries(RemoteSession *session, Inquiry *inquiries, size_t count, bool in_transaction, Arena *arena)
{
    Error ignored;
    error_init(&ignored, arena);
    RemoteWant *wants = ARENA_ARRAY(arena, RemoteWant, count);
    void **items = ARENA_ARRAY(arena, void *, count);
    for (size_t i = 0; i < count; i++)
        wants[i] = (RemoteWant){.target = inquiries[i].questions.items[0]->target, .connections = 1};
    if (!remote_acquire(session, wants, count, in_transaction, arena, &ignored))
        return;
    for (size_t i = 0; i < count; i++) {
        Inquiry *inquiry = items[i] = &inquiries[i];
        inquiry->session = session;
        inquiry->remote = wants[i].given[0];
        inquiry->arena = arena_open(NULL);
        error_init(&inquiry->error, inquiry->arena);
    }
    wrapper_together(inquire, items, count);
    for (size_t i = 0; i < count; i++) {
        remote_release(session, inquiries[i].remote, is_lost(inquiries[i].remote, &inquiries[i].error));
        arena_close(inquiries[i].arena);
    }
}

void remote_estimate_ahead(RemoteSession *session, const RemoteQuestion *questions, size_t count, bool in_transaction)
{
    Arena *arena = arena_open(NULL);
    Inquiry *inquiries = ARENA_ARRAY(arena, Inquiry, count + 1);
    size_t ninquiries = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t hash[2];
        FdwEstimate known;
        hash_question(questions[i].target, questions[i].what, hash);
        if (!questions[i].target->module->estimate || find(session->host->estimates, hash, &known))
            continue;
        Inquiry *inquiry = inquiry_of(inquiries, &ninquiries, questions[i].target);
        vec_push(arena, &inquiry->questions, &questions[i]);
    }
    /* One source alone is asked when it matters. */
    if (ninquiries > 1)
        run_inquiries(session, inquiries, ninquiries, in_transaction, arena);
    arena_close(arena);
}
