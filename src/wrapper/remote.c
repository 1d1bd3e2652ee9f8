/*
 * remote.c - which remote connections a session holds, and the snapshots of its transaction.
 *
 * Invariants:
 *  1. Every connection that a session has taken of a pool and not given back is in `lent`, from the moment it is connected.
 *  2. A transaction block keeps one connection a target (Kept.anchor). All others of that target see its snapshot. One that locks or writes
 *     rows, which another than the anchor does where that is busy, is kept too (Kept.locker), and does so with all further ones: another
 *     would wait for its locks without end. Once it has written, it alone is read over: no other sees what is not committed. It has several
 *     users at a time, which take turns. The anchor ends then, as soon as nobody reads over it: the locker could wait for the anchor's
 *     locks, or for another session of the source that does, and nobody would see that wait.
 *  3. A connection that was cancelled, or whose transaction could not be ended, is closed, never given back: a late cancel must not hit
 *     who gets it next.
 *
 * The session's threads take connections and end transactions, one at a time; remote_cancel, and remote_release of what no transaction
 * keeps, come from any thread. `lock` guards the lists and the flags of their members, so that a connection never goes away under
 * remote_cancel.
 */
#include <stdio.h>
#include <string.h>

#include "wrapper/remote.h"

enum { STALE_MS = 50 };

static const RemoteLimits DEFAULT_LIMITS = {.queue_ms = 30000, .idle_ms = 60000, .connections = 16, .two_phase = TWO_PHASE_PREFER};

/* A pool that the session has taken connections of. */
typedef struct Used {
    struct Used *next;
    unsigned char key[32];
    const FdwModule *module;
    Oid server, mapping;
    bool is_closed; /* the session asked for that, and has not connected since */
} Used;

/* What one want of remote_acquire turned into. */
typedef struct Grant {
    RemoteWant *want;
    PoolWant pool;
    Lent **lent;
    size_t count;
    Lent *spare; /* that is kept, and serves where the pool gives none; NULL: nothing does */
} Grant;

RemoteSession *remote_session_open(WrapperHost *host, Arena *arena, bool (*cancelled)(void *arg), void *arg, const Notices *notices)
{
    RemoteSession *session = ARENA_NEW(arena, RemoteSession);
    *session =
        (RemoteSession){.host = host, .arena = arena, .cancelled = cancelled, .arg = arg, .notices = notices, .limits = DEFAULT_LIMITS};
    pthread_mutex_init(&session->lock, NULL);
    return session;
}

RemoteLimits *remote_limits(RemoteSession *session)
{
    return &session->limits;
}

void remote_set_client(RemoteSession *session, const RemoteClient *client)
{
    session->client = *client;
}

int remote_most_connections(const RemoteSession *session, const RemoteTarget *target)
{
    int busy = 0;
    for (const Lent *lent = session->lent; lent; lent = lent->next)
        busy += lent->users && lent->server == target->server->oid;
    return pools_cap(target, &session->limits) - busy;
}

bool remote_is_cancelled(const RemoteSession *session)
{
    return session && session->cancelled && session->cancelled(session->arg);
}

void remote_cancel(RemoteSession *session)
{
    pthread_mutex_lock(&session->lock);
    for (Lent *lent = session->lent; lent; lent = lent->next)
        if (lent->users && lent->connection.connection && lent->connection.module->cancel) {
            lent->cancelled = true;
            lent->connection.module->cancel(lent->connection.connection);
        }
    pthread_mutex_unlock(&session->lock);
    pools_wake(session->host->pools, session);
}

/* ---- what is lent ---- */

bool remote_turn(const RemoteConnection *connection)
{
    Lent *lent = connection->pool_entry;
    if (lent->is_shared)
        pthread_mutex_lock(&lent->turn);
    return lent->is_shared;
}

void remote_turn_end(const RemoteConnection *connection)
{
    Lent *lent = connection->pool_entry;
    if (lent->is_shared)
        pthread_mutex_unlock(&lent->turn);
}

bool remote_is_alive(const RemoteConnection *connection)
{
    const FdwModule *module = connection->module;
    remote_turn(connection);
    bool is_alive = connection->connection && (!module->is_alive || module->is_alive(connection->connection));
    remote_turn_end(connection);
    return is_alive;
}

/* A source that ends an idle connection may tell only when the next statement comes: at once then. What has been worked on for longer is
 * nobody's to begin again. */
static bool was_stale(RemoteSession *session, const Lent *lent)
{
    pthread_mutex_lock(&session->lock); /* a cancel comes from any thread */
    bool cancelled = lent->cancelled;
    pthread_mutex_unlock(&session->lock);
    return lent->since && clock_ms() <= lent->since + STALE_MS && !lent->begun && !cancelled && !remote_is_cancelled(session) &&
           !remote_is_alive(&lent->connection);
}

bool remote_reconnect(RemoteSession *session, RemoteConnection *connection, Error *error)
{
    Lent *lent = connection->pool_entry;
    if (!was_stale(session, lent))
        return false;
    lent->since = 0;
    pthread_mutex_lock(&session->lock);
    connection->connection = NULL;
    pthread_mutex_unlock(&session->lock);
    error_clear(error);
    if (!pool_entry_connect(lent->entry, connection->target, session, error))
        return false;
    pthread_mutex_lock(&session->lock);
    connection->connection = pool_entry_connection(lent->entry);
    pthread_mutex_unlock(&session->lock);
    return true;
}

/* Under the lock. Moves it to the front: the same ones are used again and again. */
static void note_use(RemoteSession *session, const RemoteTarget *target)
{
    Used **at = &session->used;
    while (*at && memcmp((*at)->key, target->key, sizeof target->key) != 0)
        at = &(*at)->next;
    Used *used = *at;
    if (used) {
        *at = used->next;
    } else {
        used = ARENA_NEW(session->arena, Used);
        memcpy(used->key, target->key, sizeof used->key);
    }
    used->module = target->module;
    used->server = target->server->oid;
    used->mapping = target->mapping;
    used->is_closed = false;
    used->next = session->used;
    session->used = used;
}

static Lent *new_lent(RemoteSession *session)
{
    Lent *lent = session->free_lent;
    if (lent) {
        session->free_lent = lent->next;
        return lent;
    }
    lent = ARENA_NEW(session->arena, Lent);
    pthread_mutex_init(&lent->turn, NULL);
    return lent;
}

static Lent *lend(RemoteSession *session, PoolEntry *entry, const RemoteTarget *target)
{
    pthread_mutex_lock(&session->lock);
    Lent *lent = new_lent(session);
    lent->next = session->lent;
    lent->entry = entry;
    lent->server = target->server->oid;
    memcpy(lent->key, target->key, sizeof lent->key);
    lent->users = 1;
    lent->begun = lent->is_shared = lent->cancelled = lent->broken = false;
    lent->since = pool_entry_was_idle(entry) ? clock_ms() : 0;
    lent->connection = (RemoteConnection){pool_entry_connection(entry), pool_entry_module(entry), target, lent};
    session->lent = lent;
    note_use(session, target);
    pthread_mutex_unlock(&session->lock);
    return lent;
}

bool remote_settle(RemoteSession *session, Lent *lent, bool commit, Error *error)
{
    const FdwModule *module = lent->connection.module;
    bool ok = true;
    if (lent->begun && !lent->broken) {
        bool (*end)(FdwCall *, FdwConnection *) = commit ? module->commit : module->rollback;
        Arena *arena = arena_open(NULL);
        CallSpace space;
        ok = !end || end(wrapper_call(&space, session, arena, NULL, error), lent->connection.connection);
        arena_close(arena);
    }
    pthread_mutex_lock(&session->lock);
    Lent **at = &session->lent;
    while (*at != lent)
        at = &(*at)->next;
    *at = lent->next;
    PoolEntry *entry = lent->entry;
    bool unusable = lent->broken || !ok || lent->cancelled;
    lent->next = session->free_lent;
    session->free_lent = lent;
    pthread_mutex_unlock(&session->lock);
    pools_give_back(session->host->pools, entry, unusable);
    return ok;
}

static void settle_quietly(RemoteSession *session, Lent *lent, bool commit)
{
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    if (!remote_settle(session, lent, commit, &ignored))
        log_write(session->host->log, LOG_DEBUG_LEVEL, "a remote transaction could not be ended: %s", ignored.message);
    arena_close(arena);
}

/* ---- transactions ---- */

Kept *remote_find_kept(const RemoteSession *session, const RemoteTarget *target)
{
    for (Kept *kept = session->kept; kept; kept = kept->next) {
        bool is_older = kept->locker && kept->server == target->server->oid && kept->mapping == target->mapping;
        if (is_older || memcmp(kept->key, target->key, sizeof kept->key) == 0)
            return kept;
    }
    return NULL;
}

/* Whether what has locked or written rows is read by several at a time. */
static bool is_shareable(const RemoteTarget *target)
{
    return target->module->modify != NULL;
}

static void lock_over(Kept *kept, Lent *lent)
{
    kept->locker = lent;
    lent->is_shared = is_shareable(lent->connection.target);
}

/* snapshot NULL: the module has none to share; "": it is the connection's own. */
static void keep(RemoteSession *session, Lent *lent, const char *snapshot, bool prepares)
{
    Kept *kept = session->free_kept;
    if (kept)
        session->free_kept = kept->next;
    else
        kept = ARENA_NEW(session->arena, Kept);
    *kept = (Kept){.next = session->kept, .anchor = lent, .prepares = prepares, .is_alone = snapshot && !*snapshot};
    const RemoteTarget *target = lent->connection.target;
    memcpy(kept->key, target->key, sizeof kept->key);
    kept->server = target->server->oid;
    kept->mapping = target->mapping;
    kept->user = target->user;
    snprintf(kept->server_name, sizeof kept->server_name, "%s", target->server->name);
    if (snapshot)
        memcpy(kept->snapshot, snapshot, strlen(snapshot) + 1);
    pthread_mutex_lock(&session->lock);
    if (kept->is_alone)
        lock_over(kept, lent);
    session->kept = kept;
    pthread_mutex_unlock(&session->lock);
}

static bool begin(RemoteSession *session, Lent *lent, const char *snapshot, Arena *arena, Error *error)
{
    CallSpace space;
    do {
        lent->begun = true;
        if (lent->connection.module->begin(wrapper_call(&space, session, arena, NULL, error), lent->connection.connection, snapshot))
            return true;
        lent->begun = false;
    } while (remote_reconnect(session, &lent->connection, error));
    return false;
}

/* The snapshot of a connection that has just begun; *out NULL: the module cannot share any. */
static bool export_snapshot(RemoteSession *session, Lent *lent, const char **out, Arena *arena, Error *error)
{
    const FdwModule *module = lent->connection.module;
    *out = NULL;
    if (!module->export_snapshot)
        return true;
    CallSpace space;
    *out = module->export_snapshot(wrapper_call(&space, session, arena, NULL, error), lent->connection.connection);
    if (*out && strlen(*out) >= SNAPSHOT_SIZE)
        return error_set(error, ERRCODE_FDW_ERROR, "the exported snapshot of server \"%s\" has too long a name",
                         lent->connection.target->server->name);
    return *out != NULL;
}

/* Asked before its transaction begins. */
static bool can_prepare(const RemoteSession *session, const Lent *lent)
{
    const RemoteConnection *connection = &lent->connection;
    return session->limits.two_phase != TWO_PHASE_OFF && connection->module->can_prepare &&
           connection->module->can_prepare(connection->connection);
}

static bool same_target(const Grant *a, const Grant *b)
{
    return memcmp(a->want->target->key, b->want->target->key, sizeof a->want->target->key) == 0;
}

/* Puts all new connections to the target of grants[first] under one snapshot. */
static bool share_snapshot(RemoteSession *session, Grant *grants, size_t first, size_t count, bool in_transaction, Arena *arena,
                           Error *error)
{
    const RemoteTarget *target = grants[first].want->target;
    Kept *kept = remote_find_kept(session, target);
    size_t total = 0;
    for (size_t i = first; i < count; i++)
        total += same_target(&grants[first], &grants[i]) ? grants[i].count : 0;
    if (!target->module->begin || (total < 2 && !in_transaction))
        return true;
    const char *snapshot = kept && kept->snapshot[0] ? kept->snapshot : NULL;
    bool have_snapshot = kept != NULL;
    for (size_t i = first; i < count; i++)
        for (size_t j = 0; j < grants[i].count && same_target(&grants[first], &grants[i]); j++) {
            Lent *lent = grants[i].lent[j];
            if (lent->begun)
                continue;
            bool prepares = !have_snapshot && can_prepare(session, lent), is_alone = prepares && total == 1 && grants[first].want->locks;
            if (!begin(session, lent, is_alone ? "" : snapshot, arena, error))
                return false;
            if (have_snapshot)
                continue;
            if (is_alone)
                snapshot = "";
            else if (!export_snapshot(session, lent, &snapshot, arena, error))
                return false;
            have_snapshot = true;
            if (in_transaction)
                keep(session, lent, snapshot, prepares);
        }
    return true;
}

/* ---- taking and releasing ---- */

/* It is not to be used now: what fails would leave its transaction failed. */
static bool is_reserved(const RemoteSession *session, const Kept *kept)
{
    const Kept *at = session->apart.is_apart ? session->kept : NULL;
    while (at && at != session->apart.before && at != kept)
        at = at->next;
    return session->apart.is_apart && at != kept;
}

static bool locks_twice(const RemoteWant *wants, size_t last)
{
    for (size_t i = 0; wants[last].locks && i < last; i++)
        if (wants[i].locks && memcmp(wants[i].target->key, wants[last].target->key, sizeof wants[i].target->key) == 0)
            return true;
    return false;
}

static bool refuse_lock(const RemoteWant *want, Error *error)
{
    return error_unsupported(error,
                             "locking rows of server \"%s\" while the connection that has locked some is being read is not supported",
                             want->target->server->name);
}

/* Nothing else is read over. */
static bool reads_by_locker(const Kept *kept)
{
    return kept->is_written || kept->is_alone;
}

/* *out: what is kept for the want and may serve it now; NULL: nothing. */
static bool find_free(const RemoteSession *session, const Kept *kept, const RemoteWant *want, Lent **out, Error *error)
{
    bool by_locker = kept->locker && (want->locks || reads_by_locker(kept));
    Lent *kept_for = by_locker ? kept->locker : kept->anchor;
    bool is_free = kept_for && (!kept_for->users || (by_locker && is_shareable(want->target)));
    *out = is_free && (want->locks || reads_by_locker(kept) || !is_reserved(session, kept)) ? kept_for : NULL;
    return *out || !by_locker || refuse_lock(want, error);
}

/* What has exported its snapshot cannot be prepared. */
static bool is_better_apart(const Kept *kept, const Lent *own, const RemoteWant *want)
{
    return want->locks && !kept->locker && own == kept->anchor && kept->prepares;
}

static void use(RemoteSession *session, Grant *grant, Lent *lent)
{
    pthread_mutex_lock(&session->lock);
    lent->connection.target = grant->want->target;
    lent->users++;
    pthread_mutex_unlock(&session->lock);
    grant->lent[grant->count++] = lent;
}

/* Plans what to take of the pools: the kept connection serves the first want of its target when it is free. */
static bool plan_grants(RemoteSession *session, Grant *grants, RemoteWant *wants, size_t count, Arena *arena, Error *error)
{
    for (size_t i = 0; i < count; i++) {
        Grant *grant = &grants[i];
        int wished = wants[i].connections > 1 && !wants[i].locks ? wants[i].connections : 1;
        *grant = (Grant){.want = &wants[i], .pool = {.target = wants[i].target, .wished = wished, .needed = 1, .parks = wants[i].parks}};
        grant->lent = ARENA_ARRAY(arena, Lent *, wished);
        Kept *kept = remote_find_kept(session, wants[i].target);
        if (kept && kept->is_lost)
            return error_set(error, ERRCODE_CONNECTION_FAILURE, "connection to server \"%s\" was lost", wants[i].target->server->name);
        Lent *own = NULL;
        if (locks_twice(wants, i) && !is_shareable(wants[i].target))
            return refuse_lock(&wants[i], error);
        if (kept && !find_free(session, kept, &wants[i], &own, error))
            return false;
        if (!own)
            continue;
        if (is_better_apart(kept, own, &wants[i])) {
            grant->spare = own;
            grant->pool.needed = 0;
            continue;
        }
        use(session, grant, own);
        grant->pool.wished = reads_by_locker(kept) ? 0 : grant->pool.wished - 1;
        grant->pool.needed--;
    }
    return true;
}

/* Connects what the pools gave. One beyond what is needed may fail without harm: the scan then has fewer parts. */
static bool connect_grant(RemoteSession *session, Grant *grant, Error *error)
{
    PoolWant *pool = &grant->pool;
    while (pool->given > 0) {
        PoolEntry *entry = pool->entries[--pool->given];
        if (pool_entry_connect(entry, pool->target, session, error)) {
            grant->lent[grant->count++] = lend(session, entry, pool->target);
            continue;
        }
        pools_give_back(session->host->pools, entry, true);
        bool enough = (grant->count > 0 || grant->spare) && !remote_is_cancelled(session);
        if (!enough)
            return false;
        error_clear(error);
    }
    if (!grant->count && grant->spare)
        use(session, grant, grant->spare);
    return true;
}

/* Undoes a remote_acquire that failed half-way. */
static void give_up(RemoteSession *session, Grant *grants, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (int j = 0; j < grants[i].pool.given; j++)
            pools_give_back(session->host->pools, grants[i].pool.entries[j], false);
        for (size_t j = 0; j < grants[i].count; j++)
            remote_release(session, &grants[i].lent[j]->connection, false);
    }
}

/* A connection to be made. */
typedef struct Opening {
    RemoteSession *session;
    PoolEntry *entry;
    const RemoteTarget *target;
    bool is_open;
    Error error;
} Opening;

static void open_one(void *item)
{
    Opening *opening = item;
    opening->is_open = pool_entry_connect(opening->entry, opening->target, opening->session, &opening->error);
}

static void close_arena(void *arena)
{
    arena_close(arena);
}

static Opening *opening_new(RemoteSession *session, const Grant *grant, int number, Arena *arena)
{
    Opening *opening = ARENA_NEW(arena, Opening);
    Arena *own = arena_open(NULL);
    arena_defer(arena, close_arena, own);
    *opening = (Opening){.session = session, .entry = grant->pool.entries[number], .target = grant->pool.target};
    error_init(&opening->error, own);
    return opening;
}

/* The connections that are needed, or the others, all at the same time. */
static bool open_some(RemoteSession *session, const Grant *grants, size_t count, bool needed, Arena *arena, Error *error)
{
    VEC(void *) openings = {0};
    for (size_t i = 0; i < count; i++)
        for (int j = 0; j < grants[i].pool.given; j++) {
            bool is_needed = !grants[i].count && j == grants[i].pool.given - 1;
            if (is_needed == needed && !pool_entry_connection(grants[i].pool.entries[j]))
                vec_push(arena, &openings, opening_new(session, &grants[i], j, arena));
        }
    if (openings.count)
        wrapper_together(open_one, openings.items, openings.count);
    for (size_t i = 0; needed && i < openings.count; i++) {
        const Opening *opening = openings.items[i];
        if (!opening->is_open)
            return error_copy(error, &opening->error);
    }
    return true;
}

/* A source that allows no more connections is to give those that are needed: they come first. What fails without need is left as it is. */
static bool open_together(RemoteSession *session, const Grant *grants, size_t count, Arena *arena, Error *error)
{
    return open_some(session, grants, count, true, arena, error) && open_some(session, grants, count, false, arena, error);
}

static bool fill_grants(RemoteSession *session, Grant *grants, size_t count, bool in_transaction, Arena *arena, Error *error)
{
    PoolWant *wants = ARENA_ARRAY(arena, PoolWant, count);
    size_t nwants = 0;
    for (size_t i = 0; i < count; i++)
        if (grants[i].pool.wished > 0)
            wants[nwants++] = grants[i].pool;
    if (nwants && !pools_take(session->host->pools, session, wants, nwants, arena, error))
        return false;
    for (size_t i = 0, at = 0; i < count; i++)
        if (grants[i].pool.wished > 0)
            grants[i].pool = wants[at++];
    if (!open_together(session, grants, count, arena, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!connect_grant(session, &grants[i], error))
            return false;
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || same_target(&grants[i], &grants[j]);
        if (!seen && !share_snapshot(session, grants, i, count, in_transaction, arena, error))
            return false;
    }
    return true;
}

/* Invariant 2: what has only read ends before its locks can be waited for. */
static void part_with_anchor(RemoteSession *session, Kept *kept)
{
    pthread_mutex_lock(&session->lock);
    Lent *anchor = kept->anchor != kept->locker ? kept->anchor : NULL;
    bool parts = anchor && !anchor->users && kept->locker->is_shared;
    if (parts) {
        kept->anchor = kept->locker;
        kept->is_alone = true;
    }
    pthread_mutex_unlock(&session->lock);
    if (parts)
        settle_quietly(session, anchor, true);
}

static void keep_locker(RemoteSession *session, const Grant *grant)
{
    Kept *kept = grant->want->locks ? remote_find_kept(session, grant->want->target) : NULL;
    if (!kept)
        return;
    if (!kept->locker) {
        pthread_mutex_lock(&session->lock);
        lock_over(kept, grant->lent[0]);
        pthread_mutex_unlock(&session->lock);
    }
    part_with_anchor(session, kept);
}

static bool acquire(RemoteSession *session, RemoteWant *wants, size_t count, bool in_transaction, Arena *arena, Error *error)
{
    Grant *grants = ARENA_ARRAY(arena, Grant, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!wrapper_check_mapping(wants[i].target, error))
            return false;
    if (!plan_grants(session, grants, wants, count, arena, error) || !fill_grants(session, grants, count, in_transaction, arena, error)) {
        give_up(session, grants, count);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        keep_locker(session, &grants[i]);
        wants[i].given = ARENA_ARRAY(arena, RemoteConnection *, grants[i].count);
        wants[i].ngiven = (int)grants[i].count;
        for (size_t j = 0; j < grants[i].count; j++)
            wants[i].given[j] = &grants[i].lent[j]->connection;
    }
    return true;
}

/* What several wants will share is there before they are granted. */
static bool make_lockers(RemoteSession *session, const RemoteWant *wants, size_t count, bool *in_transaction, Arena *arena, Error *error)
{
    for (size_t i = 0; i < count; i++) {
        RemoteWant want = {.target = wants[i].target, .connections = 1, .locks = true};
        if (!locks_twice(wants, i) || !is_shareable(wants[i].target))
            continue;
        *in_transaction = true;
        if (!acquire(session, &want, 1, true, arena, error))
            return false;
        remote_release(session, want.given[0], false);
    }
    return true;
}

bool remote_acquire(RemoteSession *session, RemoteWant *wants, size_t count, bool in_transaction, Arena *arena, Error *error)
{
    return make_lockers(session, wants, count, &in_transaction, arena, error) &&
           acquire(session, wants, count, in_transaction, arena, error);
}

void remote_release(RemoteSession *session, RemoteConnection *connection, bool broken)
{
    Lent *lent = connection->pool_entry;
    pthread_mutex_lock(&session->lock);
    lent->users--;
    lent->broken |= broken;
    bool goes = !lent->users;
    for (Kept *kept = session->kept; kept; kept = kept->next)
        if (kept->anchor == lent || kept->locker == lent) {
            kept->is_lost |= broken;
            goes &= lent->broken;
            kept->anchor = goes && kept->anchor == lent ? NULL : kept->anchor;
            kept->locker = goes && kept->locker == lent ? NULL : kept->locker;
        }
    pthread_mutex_unlock(&session->lock);
    if (goes)
        settle_quietly(session, lent, true);
}

/* ---- what is open ---- */

/* A kept connection's target went with its statement. */
static bool is_held(const RemoteSession *session, const Used *used)
{
    for (const Kept *kept = session->kept; kept; kept = kept->next)
        if (memcmp(kept->key, used->key, sizeof kept->key) == 0 && (kept->anchor || kept->locker))
            return true;
    for (const Lent *lent = session->lent; lent; lent = lent->next)
        if (lent->users && memcmp(lent->key, used->key, sizeof used->key) == 0)
            return true;
    return false;
}

/* Of one server and mapping only the pool of the newest options counts. */
static bool is_outdated(const RemoteUse *newer, size_t count, const Used *used)
{
    for (size_t i = 0; i < count; i++)
        if (newer[i].server == used->server && newer[i].mapping == used->mapping)
            return true;
    return false;
}

size_t remote_uses(RemoteSession *session, Arena *arena, RemoteUse **out)
{
    VEC(RemoteUse) uses = {0};
    pthread_mutex_lock(&session->lock);
    for (const Used *used = session->used; used; used = used->next) {
        RemoteUse use = {used->module, used->server, used->mapping, is_held(session, used)};
        bool is_open = use.is_held || (!used->is_closed && pools_have_idle(session->host->pools, used->key));
        if (is_open && !is_outdated(uses.items, uses.count, used))
            vec_push(arena, &uses, use);
    }
    pthread_mutex_unlock(&session->lock);
    *out = uses.items;
    return uses.count;
}

bool remote_disconnect(RemoteSession *session, const RemoteUse *use)
{
    bool closed = false;
    for (Used *used = session->used; used; used = used->next)
        if (used->server == use->server && used->mapping == use->mapping) {
            used->is_closed = true;
            closed |= pools_close_idle(session->host->pools, used->key);
        }
    return closed;
}

bool remote_check_written(const Kept *kept, Error *error)
{
    return !kept->is_written || !kept->is_lost ||
           error_set(error, ERRCODE_CONNECTION_FAILURE, "connection to server \"%s\" was lost", kept->server_name);
}

static bool end_one(RemoteSession *session, Lent *lent, bool commit, Error *error)
{
    if (!lent || commit)
        return !lent || remote_settle(session, lent, true, error);
    settle_quietly(session, lent, false);
    return true;
}

void remote_unkeep(RemoteSession *session, Kept *kept)
{
    pthread_mutex_lock(&session->lock);
    Kept **at = &session->kept;
    while (*at != kept)
        at = &(*at)->next;
    *at = kept->next;
    pthread_mutex_unlock(&session->lock);
    kept->next = session->free_kept;
    session->free_kept = kept;
}

/* Ends the transaction on what is kept, down to `before`. false: a COMMIT failed; the first error is in `error`. */
static bool end_transaction(RemoteSession *session, const Kept *before, bool commit, Error *error)
{
    bool ok = true;
    while (session->kept != before) {
        Lent *anchor = session->kept->anchor, *locker = session->kept->locker;
        ok = ok && (!commit || remote_check_written(session->kept, error));
        remote_unkeep(session, session->kept);
        if (anchor != locker)
            ok &= end_one(session, anchor, commit && ok, error);
        ok &= end_one(session, locker, commit && ok, error);
    }
    return ok;
}

bool remote_commit(RemoteSession *session, Error *error)
{
    session->level = 0;
    return end_transaction(session, NULL, true, error);
}

void remote_rollback(RemoteSession *session)
{
    session->level = 0;
    end_transaction(session, NULL, false, NULL);
    remote_rollback_prepared(session);
}

RemoteApart remote_begin_apart(RemoteSession *session)
{
    RemoteApart outer = session->apart;
    session->apart = (RemoteApart){true, session->kept};
    return outer;
}

void remote_end_apart(RemoteSession *session, RemoteApart outer, bool failed)
{
    if (failed)
        end_transaction(session, session->apart.before, false, NULL);
    session->apart = outer;
}

void remote_session_close(RemoteSession *session)
{
    remote_rollback(session);
    while (session->lent) {
        session->lent->broken = true;
        settle_quietly(session, session->lent, false);
    }
    for (Lent *lent = session->free_lent; lent; lent = lent->next)
        pthread_mutex_destroy(&lent->turn);
    pthread_mutex_destroy(&session->lock);
}
