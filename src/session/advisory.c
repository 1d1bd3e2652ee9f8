/*
 * advisory.c - advisory locks (PostgreSQL manual, section 13.3.5): numbers that sessions lock for each other, in the process's memory.
 *
 * Invariants:
 *  1. A session is never in its own way. Who waits is served in the order of coming; who has the lock already goes before.
 *  2. What a transaction has locked goes with it, or with the savepoint under which it was locked when that is rolled back.
 *  3. AdvisoryLocks.mutex is held for look-ups only; after it may be taken SessionHub.lock, never the other way round.
 *
 * Any thread: the engine's threads call for the sessions whose statements they run.
 */
#include <stdlib.h>
#include <string.h>

#include "session/session_int.h"

enum { BUCKETS = 1024, STEP_MS = 20, MOST_LOCKS = 1 << 20, MOST_WAITING = 64 };

/* One number as one session has it in one mode: what it holds, or waits for. */
typedef struct Claim {
    struct Claim *next;
    Session *session;
    int64_t key;
    bool two_keys, shared, of_transaction, waits;
    int level; /* of_transaction: savepoints open then */
    int count;
    int64_t since; /* microseconds since 1970 UTC */
} Claim;

struct AdvisoryLocks {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    Claim *buckets[BUCKETS]; /* each in the order of coming */
    int count;
};

AdvisoryLocks *advisory_open(void)
{
    AdvisoryLocks *locks = calloc(1, sizeof *locks);
    if (!locks)
        abort();
    pthread_mutex_init(&locks->mutex, NULL);
    clock_open_condition(&locks->changed);
    return locks;
}

void advisory_close(AdvisoryLocks *locks)
{
    pthread_cond_destroy(&locks->changed);
    pthread_mutex_destroy(&locks->mutex);
    free(locks);
}

static Claim **bucket(AdvisoryLocks *locks, int64_t key)
{
    uint64_t hash = (uint64_t)key * 0x9e3779b97f4a7c15u;
    return &locks->buckets[hash >> 54];
}

static bool is_same(const Claim *one, const Claim *other)
{
    return one->key == other->key && one->two_keys == other->two_keys;
}

static bool conflicts(const Claim *one, const Claim *other)
{
    return is_same(one, other) && one->session != other->session && !(one->shared && other->shared);
}

static void add(AdvisoryLocks *locks, Claim *claim)
{
    Claim **at = bucket(locks, claim->key);
    while (*at)
        at = &(*at)->next;
    claim->next = NULL;
    *at = claim;
    locks->count++;
    atomic_fetch_add(&claim->session->advisory_held, !claim->waits);
}

static void take_out(AdvisoryLocks *locks, Claim **at)
{
    Claim *claim = *at;
    *at = claim->next;
    locks->count--;
    atomic_fetch_sub(&claim->session->advisory_held, !claim->waits);
    free(claim);
    pthread_cond_broadcast(&locks->changed);
}

/* ---- who is in the way ---- */

static bool holds_one(AdvisoryLocks *locks, const Claim *wanted)
{
    for (const Claim *claim = *bucket(locks, wanted->key); claim; claim = claim->next)
        if (is_same(claim, wanted) && claim->session == wanted->session && !claim->waits)
            return true;
    return false;
}

/* The first that is in the way after `from` (NULL: of all). Those who wait count when they came before. */
static const Claim *next_blocker(AdvisoryLocks *locks, const Claim *wanted, const Claim *from, bool before)
{
    bool is_holder = holds_one(locks, wanted), passed = !before;
    for (const Claim *claim = *bucket(locks, wanted->key); claim; claim = claim->next) {
        if (claim == wanted)
            passed = true;
        bool counts = conflicts(claim, wanted) && (!claim->waits || (!is_holder && (!before || !passed)));
        if (counts && !from)
            return claim;
        if (claim == from)
            from = NULL;
    }
    return NULL;
}

static bool is_free(AdvisoryLocks *locks, const Claim *wanted, bool waits)
{
    return !next_blocker(locks, wanted, NULL, waits);
}

/* ---- deadlocks ---- */

typedef struct Search {
    AdvisoryLocks *locks;
    const Session *victim;
    const Claim *chain[MOST_WAITING]; /* who waits for whom, from the victim on */
    int length;
} Search;

static bool reaches_victim(Search *search, const Claim *waiting);

static bool session_reaches_victim(Search *search, const Session *session)
{
    if (session == search->victim)
        return true;
    for (size_t i = 0; i < BUCKETS; i++)
        for (const Claim *claim = search->locks->buckets[i]; claim; claim = claim->next)
            if (claim->waits && claim->session == session && reaches_victim(search, claim))
                return true;
    return false;
}

static bool reaches_victim(Search *search, const Claim *waiting)
{
    for (int i = 0; i < search->length; i++)
        if (search->chain[i] == waiting)
            return false;
    if (search->length == MOST_WAITING)
        return false;
    search->chain[search->length++] = waiting;
    for (const Claim *blocker = next_blocker(search->locks, waiting, NULL, true); blocker;
         blocker = next_blocker(search->locks, waiting, blocker, true))
        if (session_reaches_victim(search, blocker->session))
            return true;
    search->length--;
    return false;
}

static const char *mode_name(bool shared)
{
    return shared ? "ShareLock" : "ExclusiveLock";
}

static bool refuse_deadlock(const Search *search, Error *error)
{
    Arena *arena = arena_open(NULL);
    Str detail;
    str_init(&detail, arena);
    for (int i = 0; i < search->length; i++) {
        const Claim *claim = search->chain[i];
        const Session *blocker = i + 1 < search->length ? search->chain[i + 1]->session : search->victim;
        str_addf(&detail, "%sProcess %d waits for %s on advisory lock [%u,%u,%u,%d]; blocked by process %d.", i ? "\n" : "",
                 claim->session->pid, mode_name(claim->shared), DATABASE_POSTGRES, (unsigned)((uint64_t)claim->key >> 32),
                 (unsigned)claim->key, claim->two_keys ? 2 : 1, blocker->pid);
    }
    error_set(error, ERRCODE_T_R_DEADLOCK_DETECTED, "deadlock detected");
    error_detail(error, "%s", detail.data);
    arena_close(arena);
    return error_hint(error, "See server log for query details.");
}

/* ---- taking ---- */

static void hold(AdvisoryLocks *locks, Claim *wanted)
{
    for (Claim *claim = *bucket(locks, wanted->key); claim; claim = claim->next)
        if (is_same(claim, wanted) && claim->session == wanted->session && !claim->waits && claim->shared == wanted->shared &&
            claim->of_transaction == wanted->of_transaction && claim->level == wanted->level) {
            claim->count++;
            return;
        }
    Claim *claim = malloc(sizeof *claim);
    if (!claim)
        abort();
    *claim = *wanted;
    claim->waits = false;
    claim->count = 1;
    add(locks, claim);
}

static void stop_waiting(AdvisoryLocks *locks, const Claim *waiting)
{
    for (Claim **at = bucket(locks, waiting->key); *at; at = &(*at)->next)
        if (*at == waiting) {
            take_out(locks, at);
            return;
        }
}

static void wait_a_little(AdvisoryLocks *locks)
{
    clock_wait(&locks->changed, &locks->mutex, clock_ms() + STEP_MS);
}

/* false: the error is set, or the session is interrupted. */
static bool wait_for(AdvisoryLocks *locks, const Claim *waiting, Error *error)
{
    Session *session = waiting->session;
    int64_t begun = clock_ms(), checked = begun, limit = settings_get_int(session->settings, "lock_timeout");
    int64_t patience = settings_get_int(session->settings, "deadlock_timeout");
    while (!is_free(locks, waiting, true)) {
        if (atomic_load(&session->interrupt) != INTERRUPT_NONE)
            return false;
        int64_t now = clock_ms();
        if (limit && now - begun >= limit)
            return error_set(error, ERRCODE_LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
        if (now - checked >= patience) {
            Search search = {.locks = locks, .victim = session};
            if (reaches_victim(&search, waiting))
                return refuse_deadlock(&search, error);
            checked = now;
        }
        wait_a_little(locks);
    }
    return true;
}

static bool take(AdvisoryLocks *locks, Claim *wanted, bool waits, bool *done, Error *error)
{
    if (locks->count >= MOST_LOCKS) {
        error_set(error, ERRCODE_OUT_OF_MEMORY, "out of shared memory");
        return error_hint(error, "You might need to increase max_locks_per_transaction.");
    }
    *done = is_free(locks, wanted, false);
    if (!*done && waits) {
        Claim *waiting = malloc(sizeof *waiting);
        if (!waiting)
            abort();
        *waiting = *wanted;
        waiting->waits = true;
        waiting->since = clock_now();
        add(locks, waiting);
        *done = wait_for(locks, waiting, error);
        stop_waiting(locks, waiting);
        if (!*done)
            return false;
    }
    if (*done)
        hold(locks, wanted);
    return true;
}

static bool give_back(AdvisoryLocks *locks, const Claim *given)
{
    for (Claim **at = bucket(locks, given->key); *at; at = &(*at)->next) {
        Claim *claim = *at;
        if (!is_same(claim, given) || claim->session != given->session || claim->waits || claim->of_transaction ||
            claim->shared != given->shared)
            continue;
        if (--claim->count == 0)
            take_out(locks, at);
        return true;
    }
    return false;
}

/* Those of a session that are to go. */
static void drop(Session *session, bool of_session, bool of_transaction, int level)
{
    AdvisoryLocks *locks = session->hub->advisory;
    if (!atomic_load(&session->advisory_held))
        return;
    pthread_mutex_lock(&locks->mutex);
    for (size_t i = 0; i < BUCKETS; i++)
        for (Claim **at = &locks->buckets[i]; *at;) {
            const Claim *claim = *at;
            bool goes = claim->session == session && !claim->waits &&
                        (claim->of_transaction ? of_transaction && claim->level >= level : of_session);
            if (goes)
                take_out(locks, at);
            else
                at = &(*at)->next;
        }
    pthread_mutex_unlock(&locks->mutex);
}

bool advisory_call(void *arg, AdvisoryRequest *request, Error *error)
{
    Session *session = arg;
    AdvisoryLocks *locks = session->hub->advisory;
    Claim claim = {.session = session,
                   .key = request->key,
                   .two_keys = request->two_keys,
                   .shared = request->shared,
                   .of_transaction = request->of_transaction,
                   .level = request->of_transaction ? (int)session->tx.savepoints.count : 0};
    if (request->verb == ADVISORY_UNLOCK_ALL) {
        drop(session, true, false, 0);
        return true;
    }
    bool ok = true;
    pthread_mutex_lock(&locks->mutex);
    if (request->verb == ADVISORY_UNLOCK)
        request->done = give_back(locks, &claim);
    else
        ok = take(locks, &claim, request->verb == ADVISORY_LOCK, &request->done, error);
    pthread_mutex_unlock(&locks->mutex);
    return ok;
}

/* ---- who has which ---- */

static bool is_listed(const LockRow *rows, size_t count, const Claim *claim)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].key == claim->key && rows[i].two_keys == claim->two_keys && rows[i].shared == claim->shared &&
            rows[i].waits == claim->waits && rows[i].pid == claim->session->pid)
            return true;
    return false;
}

/* What a session has of one lock for itself, for its transaction and under savepoints is one row. Claims of one key lie in one bucket. */
size_t advisory_rows(void *arg, Arena *arena, LockRow **out)
{
    AdvisoryLocks *locks = ((const Session *)arg)->hub->advisory;
    size_t count = 0;
    pthread_mutex_lock(&locks->mutex);
    LockRow *rows = *out = ARENA_ARRAY(arena, LockRow, locks->count + 1);
    for (size_t i = 0; i < BUCKETS; i++) {
        size_t first = count;
        for (const Claim *claim = locks->buckets[i]; claim; claim = claim->next)
            if (!is_listed(rows + first, count - first, claim))
                rows[count++] = (LockRow){.key = claim->key,
                                          .two_keys = claim->two_keys,
                                          .shared = claim->shared,
                                          .waits = claim->waits,
                                          .pid = claim->session->pid,
                                          .since = claim->since};
    }
    pthread_mutex_unlock(&locks->mutex);
    return count;
}

/* ---- with transactions and sessions ---- */

void advisory_end_transaction(Session *session)
{
    drop(session, false, true, 0);
}

void advisory_rollback(Session *session, int level)
{
    drop(session, false, true, level);
}

void advisory_release(Session *session, int level)
{
    AdvisoryLocks *locks = session->hub->advisory;
    if (!atomic_load(&session->advisory_held))
        return;
    pthread_mutex_lock(&locks->mutex);
    for (size_t i = 0; i < BUCKETS; i++)
        for (Claim *claim = locks->buckets[i]; claim; claim = claim->next)
            if (claim->session == session && claim->level >= level)
                claim->level = level - 1;
    pthread_mutex_unlock(&locks->mutex);
}

void advisory_end_session(Session *session)
{
    drop(session, true, true, 0);
}
