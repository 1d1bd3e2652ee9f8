/*
 * resolver.c - the thread that ends what two-phase commits have left: branches whose source went away before it was told, and those of a
 * process that died.
 *
 * Invariants:
 *  1. It touches no branch of a transaction that a session is committing (catalog/coordinator.c, invariant 3).
 *  2. What is to be undone and is not found at its source is forgotten only after a while: a source may still be about to prepare it, for
 * who is gone.
 *  3. It reaches a source as who wrote there did, whatever has become of server and mapping since; where that fails, as the catalog says
 * now: the password may be another one. That it finds nothing there counts only where it is the same place.
 *  4. It waits for no source for long: what is left at others would wait as well.
 *  5. It waits for no session: its one connection is none of the pools', all of whose may wait for the locks of what it is to end.
 */
#include <pthread.h>
#include <string.h>

#include "wrapper/wrapper_internal.h"

enum { FIRST_WAIT_MS = 1000, LONGEST_WAIT_MS = 60000, SETTLED_MS = 60000, PATIENCE_MS = 30000, STACK_SIZE = 1024 * 1024 };

/* A branch that its source did not have. */
typedef struct Missing {
    int64_t number, since;
    int place;
} Missing;

struct Resolver {
    WrapperHost *host;
    CatalogStore *store;
    Coordinator *coordinator;
    Log *log;
    Arena *arena;
    Catalog *catalog;
    RemoteSession *session;
    _Atomic bool stopping;
    int64_t until; /* clock_ms() when it waits for the source no longer */
    pthread_t thread;
    bool runs;
    VEC(Missing) missing;
};

static bool is_stopping(void *arg)
{
    return ((Resolver *)arg)->stopping;
}

static bool must_give_up(void *arg)
{
    const Resolver *resolver = arg;
    return resolver->stopping || clock_ms() >= resolver->until;
}

static bool end_at(Resolver *resolver, const Reach *reach, const CatBranch *branch, bool *found, Arena *arena, Error *error)
{
    const FdwModule *module = reach->module;
    CallSpace space;
    *found = false;
    if (!module->end_prepared)
        return error_unsupported(error, "the foreign-data wrapper cannot end prepared transactions");
    resolver->until = clock_ms() + PATIENCE_MS;
    FdwCall *call = wrapper_call(&space, resolver->session, arena, &TYPE_CONTEXT_CANONICAL, error);
    FdwConnection *connection = module->connect(call, &reach->info);
    if (!connection)
        return false;
    bool done = module->end_prepared(call, connection, branch->name, branch->commits, found);
    module->disconnect(connection);
    return done;
}

/* By what the catalog says now. */
static bool find_reach(Resolver *resolver, const CatBranch *branch, Arena *arena, Reach *out, Error *error)
{
    if (!catalog_statement_begin(resolver->catalog, error))
        return false;
    const RemoteTarget *target = wrapper_target(resolver->host, resolver->catalog, branch->server, branch->user, arena, error);
    catalog_statement_end(resolver->catalog);
    if (!target || !wrapper_check_mapping(target, error))
        return false;
    *out = (Reach){target->module, target->info};
    return true;
}

/* Invariant 3. */
static bool end_branch(Resolver *resolver, const CatBranch *branch, const Reach *then, bool *found, Arena *arena, Error *error)
{
    Reach now;
    Error ignored;
    error_init(&ignored, arena);
    return end_at(resolver, then, branch, found, arena, error) ||
           (find_reach(resolver, branch, arena, &now, &ignored) && end_at(resolver, &now, branch, found, arena, &ignored) &&
            (*found || reach_is_same_place(then, &now, arena)));
}

/* Whether its source has been saying for long enough that there is none. */
static bool is_settled(Resolver *resolver, const CatBranch *branch)
{
    Missing now = {branch->number, clock_ms(), branch->place};
    for (size_t i = 0; i < resolver->missing.count; i++) {
        Missing *item = &resolver->missing.items[i];
        if (item->number != now.number || item->place != now.place)
            continue;
        bool settled = now.since >= item->since + SETTLED_MS;
        if (settled)
            *item = resolver->missing.items[--resolver->missing.count];
        return settled;
    }
    vec_push(resolver->arena, &resolver->missing, now);
    return false;
}

static void resolve(Resolver *resolver, CatBranch *branch, Arena *arena)
{
    Error error;
    Reach then = {0};
    bool found = false;
    error_init(&error, arena);
    resolver->until = INT64_MAX;
    if (!reach_parse(resolver->host, branch->reach, arena, &then, &error) || !end_branch(resolver, branch, &then, &found, arena, &error)) {
        log_write(resolver->log, LOG_WARNING_LEVEL, "prepared transaction \"%s\" at server \"%s\" could not be %s: %s%s%s", branch->name,
                  then.info.server_name, branch->commits ? "committed" : "rolled back",
                  clock_ms() < resolver->until ? error.message : "it does not answer", error.detail ? ": " : "",
                  error.detail ? error.detail : "");
        return;
    }
    if (found)
        log_write(resolver->log, LOG_INFO_LEVEL, "prepared transaction \"%s\" at server \"%s\" was %s", branch->name, then.info.server_name,
                  branch->commits ? "committed" : "rolled back");
    if (found || branch->commits || is_settled(resolver, branch))
        coordinator_end(resolver->coordinator, branch, 1);
}

typedef VEC(Oid) Servers;

static bool is_among(const Servers *servers, Oid server)
{
    for (size_t i = 0; i < servers->count; i++)
        if (servers->items[i] == server)
            return true;
    return false;
}

/* Of a server that does not answer one branch takes so long, not each. */
static void resolve_some(Resolver *resolver, const CatBranches *branches, Arena *arena)
{
    Servers silent = {0};
    for (size_t i = 0; i < branches->count && !resolver->stopping; i++) {
        CatBranch *branch = &branches->items[i];
        if (is_among(&silent, branch->server))
            continue;
        resolve(resolver, branch, arena);
        if (clock_ms() >= resolver->until)
            vec_push(arena, &silent, branch->server);
    }
}

/* Gives whether something is still left. */
static bool resolve_all(Resolver *resolver)
{
    Arena *arena = arena_open(NULL);
    CatBranches branches;
    Error error;
    error_init(&error, arena);
    if (!coordinator_left(resolver->coordinator, resolver->store, arena, &branches, &error))
        log_write(resolver->log, LOG_WARNING_LEVEL, "the log of prepared transactions could not be read: %s", error.message);
    resolve_some(resolver, &branches, arena);
    bool is_left = branches.count || error_is_set(&error);
    arena_close(arena);
    return is_left;
}

static int64_t next_wait(int64_t wait)
{
    return wait == INT64_MAX || !wait ? FIRST_WAIT_MS : 2 * wait < LONGEST_WAIT_MS ? 2 * wait : LONGEST_WAIT_MS;
}

static void *work(void *arg)
{
    Resolver *resolver = arg;
    uint64_t seen = 0;
    int64_t wait = 0;
    for (bool goes_on = true; goes_on;) {
        bool is_left = resolve_all(resolver);
        uint64_t before = seen;
        wait = !is_left ? INT64_MAX : next_wait(wait);
        goes_on = coordinator_wait(resolver->coordinator, &seen, wait);
        wait = seen != before ? 0 : wait; /* what is new is not asked for as seldom as what is old */
    }
    return NULL;
}

Resolver *resolver_open(WrapperHost *host, CatalogStore *store, Log *log, Arena *arena)
{
    static const Notices NOBODY = {0};
    Resolver *resolver = ARENA_NEW(arena, Resolver);
    pthread_attr_t attributes;
    *resolver = (Resolver){.host = host, .store = store, .coordinator = catalog_coordinator(store), .log = log, .arena = arena_open(NULL)};
    resolver->catalog = catalog_open(store, resolver->arena, is_stopping, resolver);
    resolver->session = remote_session_open(host, resolver->arena, must_give_up, resolver, &NOBODY);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    resolver->runs = pthread_create(&resolver->thread, &attributes, work, resolver) == 0;
    pthread_attr_destroy(&attributes);
    if (!resolver->runs)
        log_write(log, LOG_WARNING_LEVEL, "no thread could be made to end prepared transactions");
    return resolver;
}

void resolver_close(Resolver *resolver)
{
    resolver->stopping = true;
    coordinator_stop(resolver->coordinator);
    if (resolver->runs)
        pthread_join(resolver->thread, NULL);
    remote_session_close(resolver->session);
    catalog_close(resolver->catalog);
    arena_close(resolver->arena);
}
