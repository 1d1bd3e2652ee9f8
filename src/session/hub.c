/*
 * hub.c - all sessions of the process: who may come in, cancel requests, pg_stat_activity and the signal functions.
 *
 * Invariants:
 *  1. A session is in the list from session_open to session_close; the list's lock is taken before any session's guard.
 *  2. A thread that works on another's session pins it first; session_close waits until nobody does.
 *  3. What a thread reads of another's session is its SessionView, under the guard, and its atomics.
 * Entered by the loop thread and by every worker.
 */
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog/seal.h"
#include "session/session_int.h"

enum { PLAN_CACHE_BYTES = 8 * 1024 * 1024 };

static void close_hub(void *arg)
{
    SessionHub *hub = arg;
    advisory_close(hub->advisory);
    pthread_mutex_destroy(&hub->lock);
    pthread_cond_destroy(&hub->unpinned);
}

SessionHub *session_hub_open(const SessionHubOptions *options, Arena *arena)
{
    SessionHub *hub = ARENA_NEW(arena, SessionHub);
    hub->options = *options;
    hub->next_pid = getpid() + 1;
    hub->start = clock_now();
    hub->alarm = INT64_MAX;
    hub->plans = plan_cache_open(arena, PLAN_CACHE_BYTES);
    hub->advisory = advisory_open();
    /* The same after a restart: else the salts that change then would tell which roles there are not. */
    catalog_store_derive(hub->options.store, "salts of missing roles", hub->mock_seed);
    pthread_mutex_init(&hub->lock, NULL);
    pthread_cond_init(&hub->unpinned, NULL);
    arena_defer(arena, close_hub, hub);
    return hub;
}

/* Pins the sessions that `wanted` picks, so that they can be worked on without the lock. */
static Session **pin_where(SessionHub *hub, Arena *arena, bool (*wanted)(const Session *session, const void *arg), const void *arg,
                           size_t *count)
{
    VEC(Session *) list = {0};
    pthread_mutex_lock(&hub->lock);
    for (Session *session = hub->sessions; session; session = session->next)
        if (wanted(session, arg)) {
            session->pins++;
            vec_push(arena, &list, session);
        }
    pthread_mutex_unlock(&hub->lock);
    *count = list.count;
    return list.items;
}

static void unpin(SessionHub *hub, Session *session)
{
    pthread_mutex_lock(&hub->lock);
    if (!--session->pins)
        pthread_cond_broadcast(&hub->unpinned);
    pthread_mutex_unlock(&hub->lock);
}

static bool is_any(const Session *session, const void *arg)
{
    return true;
}

void session_hub_shut_down(SessionHub *hub)
{
    Arena *arena = arena_open(NULL);
    size_t count;
    pthread_mutex_lock(&hub->lock);
    hub->shutting_down = true;
    pthread_mutex_unlock(&hub->lock);
    Session **sessions = pin_where(hub, arena, is_any, NULL, &count);
    for (size_t i = 0; i < count; i++) {
        session_interrupt(sessions[i], INTERRUPT_TERMINATE);
        unpin(hub, sessions[i]);
    }
    arena_close(arena);
}

typedef struct Tick {
    int64_t now_ms;
    bool check_clients;
} Tick;

static bool is_due(const Session *session, const void *arg)
{
    const Tick *tick = arg;
    return session_is_due(session, tick->now_ms, tick->check_clients);
}

static int64_t next_deadline(SessionHub *hub)
{
    int64_t next = INT64_MAX;
    pthread_mutex_lock(&hub->lock);
    for (Session *session = hub->sessions; session; session = session->next) {
        int64_t deadline = atomic_load(&session->deadline);
        if (deadline && deadline < next)
            next = deadline;
    }
    pthread_mutex_unlock(&hub->lock);
    return next;
}

int64_t session_hub_tick(SessionHub *hub, int64_t now_ms, bool check_clients)
{
    /* From here on every new deadline rouses: none falls between the look at its session and the alarm's being set. */
    atomic_store(&hub->alarm, INT64_MAX);
    Arena *arena = arena_open(NULL);
    Tick tick = {now_ms, check_clients};
    size_t count;
    Session **sessions = pin_where(hub, arena, is_due, &tick, &count);
    for (size_t i = 0; i < count; i++) {
        session_tick(sessions[i], now_ms, check_clients);
        unpin(hub, sessions[i]);
    }
    arena_close(arena);
    int64_t next = next_deadline(hub);
    atomic_store(&hub->alarm, next);
    return next;
}

void hub_add(SessionHub *hub, Session *session)
{
    pthread_mutex_lock(&hub->lock);
    session->pid = hub->next_pid;
    hub->next_pid = hub->next_pid == INT_MAX ? 1 : hub->next_pid + 1;
    session->next = hub->sessions;
    if (hub->sessions)
        hub->sessions->previous = session;
    hub->sessions = session;
    if (hub->shutting_down)
        atomic_store(&session->interrupt, INTERRUPT_TERMINATE);
    pthread_mutex_unlock(&hub->lock);
}

void hub_remove(SessionHub *hub, Session *session)
{
    pthread_mutex_lock(&hub->lock);
    if (session->previous)
        session->previous->next = session->next;
    else
        hub->sessions = session->next;
    if (session->next)
        session->next->previous = session->previous;
    if (session->is_counted)
        hub->nstarted--;
    while (session->pins)
        pthread_cond_wait(&hub->unpinned, &hub->lock);
    pthread_mutex_unlock(&hub->lock);
}

bool hub_admit(SessionHub *hub, Session *session)
{
    pthread_mutex_lock(&hub->lock);
    bool admitted = hub->nstarted < hub->options.max_connections;
    if (admitted) {
        hub->nstarted++;
        session->is_counted = true;
    }
    pthread_mutex_unlock(&hub->lock);
    return admitted;
}

typedef struct Key {
    int pid;
    int32_t secret;
} Key;

static bool has_key(const Session *session, const void *arg)
{
    const Key *key = arg;
    return session->pid == key->pid && sodium_memcmp(&session->secret, &key->secret, sizeof key->secret) == 0;
}

void hub_cancel(SessionHub *hub, int pid, int32_t secret)
{
    Arena *arena = arena_open(NULL);
    Key key = {pid, secret};
    size_t count;
    Session **sessions = pin_where(hub, arena, has_key, &key, &count);
    for (size_t i = 0; i < count; i++) {
        session_interrupt(sessions[i], INTERRUPT_CANCEL);
        unpin(hub, sessions[i]);
    }
    arena_close(arena);
}

int hub_count_user(SessionHub *hub, Oid user)
{
    int count = 0;
    pthread_mutex_lock(&hub->lock);
    for (Session *session = hub->sessions; session; session = session->next) {
        pthread_mutex_lock(&session->guard);
        count += user ? session->view.user == user : session->view.user != OID_NONE;
        pthread_mutex_unlock(&session->guard);
    }
    pthread_mutex_unlock(&hub->lock);
    return count;
}

/* ---- SessionServices ---- */

static const char *get_setting(void *arg, const char *name, Arena *arena)
{
    Session *session = arg;
    pthread_mutex_lock(&session->services_lock);
    const char *value = settings_show(session->settings, name, arena);
    pthread_mutex_unlock(&session->services_lock);
    return value;
}

static bool set_setting(void *arg, const char *name, const char *value, bool is_local, Error *error)
{
    Session *session = arg;
    SettingChange change = {.name = name,
                            .value = value,
                            .source = SOURCE_SESSION,
                            .is_local = is_local,
                            .is_superuser = session_is_superuser(session),
                            .level = (int)session->tx.savepoints.count};
    pthread_mutex_lock(&session->services_lock);
    bool done = settings_set(session->settings, &change, error);
    pthread_mutex_unlock(&session->services_lock);
    return done;
}

static const char *setting_flags(void *arg, const char *name)
{
    Session *session = arg;
    pthread_mutex_lock(&session->services_lock);
    const char *flags = settings_flags(session->settings, name);
    pthread_mutex_unlock(&session->services_lock);
    return flags;
}

static void load_library(void *arg, const char *library)
{
    Session *session = arg;
    pthread_mutex_lock(&session->services_lock);
    settings_load(session->settings, library, &session->notices);
    pthread_mutex_unlock(&session->services_lock);
}

static bool is_hidden(void *arg, const char *name)
{
    return setting_is_hidden(name);
}

static size_t setting_rows(void *arg, Arena *arena, SettingRow **out)
{
    Session *session = arg;
    pthread_mutex_lock(&session->services_lock);
    size_t count = settings_rows(session->settings, arena, out, NULL);
    pthread_mutex_unlock(&session->services_lock);
    return count;
}

static Activity activity_of(Session *session, Arena *arena)
{
    const SessionView *view = &session->view;
    bool is_idle = strncmp(view->state, "idle", 4) == 0;
    return (Activity){
        .pid = session->pid,
        .user = view->user,
        .user_name = arena_strdup(arena, view->user_name),
        .application_name = arena_strdup(arena, view->application_name),
        .client_address = arena_strdup(arena, session->client_address),
        .client_port = session->client_port,
        .tls_version = view->tls.version,
        .tls_cipher = view->tls.cipher,
        .tls_bits = view->tls.bits,
        .query = arena_strdup(arena, view->query),
        .state = view->state,
        .wait_event_type = is_idle ? "Client" : NULL,
        .wait_event = is_idle ? "ClientRead" : NULL,
        .backend_start = session->backend_start,
        .transaction_start = view->transaction_start,
        .query_start = view->query_start,
        .state_change = view->state_change,
    };
}

static size_t activity(void *arg, Arena *arena, Activity **out)
{
    SessionHub *hub = ((Session *)arg)->hub;
    VEC(Activity) list = {0};
    pthread_mutex_lock(&hub->lock);
    for (Session *session = hub->sessions; session; session = session->next) {
        pthread_mutex_lock(&session->guard);
        if (session->view.state)
            vec_push(arena, &list, activity_of(session, arena));
        pthread_mutex_unlock(&session->guard);
    }
    pthread_mutex_unlock(&hub->lock);
    *out = list.items;
    return list.count;
}

/* Who is not yet logged in is no backend. */
static bool is_backend(Session *session, Oid *owner)
{
    pthread_mutex_lock(&session->guard);
    bool is_one = session->view.state != NULL;
    *owner = session->view.user;
    pthread_mutex_unlock(&session->guard);
    return is_one;
}

static bool has_pid(const Session *session, const void *arg)
{
    return session->pid == *(const int *)arg;
}

/* The caller has checked the permission, by what `activity` told of the owner. */
static bool signal_backend(void *arg, int pid, bool terminate, bool *found, Oid *owner)
{
    SessionHub *hub = ((Session *)arg)->hub;
    Arena *arena = arena_open(NULL);
    size_t count;
    Session **sessions = pin_where(hub, arena, has_pid, &pid, &count);
    *found = false;
    for (size_t i = 0; i < count; i++) {
        if (is_backend(sessions[i], owner)) {
            *found = true;
            session_interrupt(sessions[i], terminate ? INTERRUPT_TERMINATE : INTERRUPT_CANCEL);
        }
        unpin(hub, sessions[i]);
    }
    arena_close(arena);
    return *found;
}

static bool is_cancelled(void *arg)
{
    return atomic_load(&((Session *)arg)->interrupt) != INTERRUPT_NONE;
}

typedef struct CursorList {
    CursorRow *rows;
    size_t count;
} CursorList;

static void add_cursor(void *arg, const void *key, size_t len, void *value)
{
    CursorList *list = arg;
    const Portal *portal = value;
    if (portal->kind == PORTAL_QUERY)
        list->rows[list->count++] = (CursorRow){.name = portal->name,
                                                .statement = portal->text ? portal->text : "",
                                                .is_holdable = portal->is_holdable,
                                                .is_binary = portal->is_binary,
                                                .is_scrollable = portal->is_scrollable,
                                                .creation_time = portal->creation_time};
}

static size_t cursors(void *arg, Arena *arena, CursorRow **out)
{
    Session *session = arg;
    CursorList list = {.rows = ARENA_ARRAY(arena, CursorRow, map_count(session->portals) + 1)};
    map_each(session->portals, add_cursor, &list);
    *out = list.rows;
    return list.count;
}

typedef struct PreparedList {
    PreparedRow *rows;
    size_t count;
} PreparedList;

static void add_prepared(void *arg, const void *key, size_t len, void *value)
{
    PreparedList *list = arg;
    const Prepared *prepared = value;
    if (*prepared->name)
        list->rows[list->count++] = (PreparedRow){.name = prepared->name,
                                                  .statement = prepared->source_text,
                                                  .prepare_time = prepared->prepare_time,
                                                  .param_types = prepared->param_types,
                                                  .nparams = prepared->nparams,
                                                  .from_sql = prepared->from_sql};
}

static size_t prepared_rows(void *arg, Arena *arena, PreparedRow **out)
{
    Session *session = arg;
    PreparedList list = {.rows = ARENA_ARRAY(arena, PreparedRow, map_count(session->statements) + 1)};
    map_each(session->statements, add_prepared, &list);
    *out = list.rows;
    return list.count;
}

static size_t extension_rows(void *arg, Arena *arena, ExtensionRow **out)
{
    const Session *session = arg;
    return command_extensions(session->hub->options.wrappers, arena, out);
}

static bool check_setting(void *arg, const char *name, const char *value, Error *error)
{
    Session *session = arg;
    SettingChange change = {
        .name = name, .value = value, .source = SOURCE_SESSION, .is_superuser = session_is_superuser(session), .check_only = true};
    return settings_set(session->settings, &change, error);
}

static const char *client_text(void *arg)
{
    return ((const Session *)arg)->client_text;
}

static int trigger_depth(void *arg)
{
    return ((const Session *)arg)->trigger_depth;
}

static bool stored_size(void *arg, int64_t node, int64_t *out, Error *error)
{
    const SessionHub *hub = ((const Session *)arg)->hub;
    Engine *engine = hub->options.engine(hub->options.engine_arg, error);
    return engine && (node ? exec_store_rows(engine, node, out, error) : exec_store_bytes(engine, out));
}

void hub_fill_services(Session *session, SessionServices *services)
{
    *services = (SessionServices){
        .arg = session,
        .get_setting = get_setting,
        .setting_is_hidden = is_hidden,
        .setting_flags = setting_flags,
        .set_setting = set_setting,
        .load = load_library,
        .settings = setting_rows,
        .activity = activity,
        .signal_backend = signal_backend,
        .cursors = cursors,
        .prepared = prepared_rows,
        .extensions = extension_rows,
        .cancelled = is_cancelled,
        .advisory = advisory_call,
        .locks = advisory_rows,
        .trigger_depth = trigger_depth,
        .client_text = client_text,
        .check_setting = check_setting,
        .stored_size = stored_size,
    };
}
