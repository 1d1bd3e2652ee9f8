/*
 * session.c - one client, from its socket to its end: the message loop, interrupts, errors, what other threads see.
 *
 * Invariants:
 *  1. After session_serve returns SESSION_IDLE all output has been sent, or waits for a Flush or Sync that has not come.
 *  2. An interrupt of kind CANCEL or STATEMENT_TIMEOUT reaches only the work that was running when it came, a CANCEL also what has been
 *     sent behind that without a Sync between, or has been sent and not been begun; the others stay.
 *  3. An error inside a transaction block fails the block; an implicit transaction is rolled back by it.
 *  4. Only the serving thread writes to the wire; notices of the engine's threads wait for it.
 *  5. The text of a statement that may hold secrets is not logged, nor shown in pg_stat_activity.
 * Served by one worker at a time; session_interrupt and session_tick come from others, which pin the session (hub.c).
 */
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "session/routine.h"

enum { IDLE_ARENA_LIMIT = 64 * 1024 };

/* ---- what other threads see ---- */

void session_set_view(Session *session, const char *state, const char *query)
{
    int64_t now = clock_now();
    pthread_mutex_lock(&session->guard);
    SessionView *view = &session->view;
    view->state = state;
    view->state_change = now;
    if (query) {
        size_t len = strlen(query);
        if (len >= sizeof view->query) {
            /* Cut between characters. */
            for (len = sizeof view->query - 1; len && ((unsigned char)query[len] & 0xc0) == 0x80;)
                len--;
        }
        memcpy(view->query, query, len);
        view->query[len] = '\0';
        view->query_start = now;
    }
    pthread_mutex_unlock(&session->guard);
}

void session_view_transaction(Session *session, int64_t start)
{
    pthread_mutex_lock(&session->guard);
    session->view.transaction_start = start;
    pthread_mutex_unlock(&session->guard);
}

/* ---- interrupts ---- */

static bool is_for_running_work(int kind)
{
    return kind == INTERRUPT_CANCEL || kind == INTERRUPT_STATEMENT_TIMEOUT;
}

/* Under the guard. */
static void mark_interrupt(Session *session, Interrupt why)
{
    bool busy = atomic_load(&session->is_busy);
    if ((busy || !is_for_running_work(why)) && atomic_load(&session->interrupt) < (int)why)
        atomic_store(&session->interrupt, why);
    if (busy) {
        for (size_t i = 0; i < session->running.count; i++)
            exec_cancel(session->running.items[i]);
        if (session->remote)
            remote_cancel(session->remote);
    } else if (!is_for_running_work(why) && session->hub->options.wake) {
        session->hub->options.wake(session->hub->options.wake_arg);
    }
}

/* What the client has sent and nobody has read yet. */
static bool has_unread(const Session *session)
{
    char byte;
    return recv(wire_fd(session->wire), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void session_interrupt(Session *session, Interrupt why)
{
    pthread_mutex_lock(&session->guard);
    mark_interrupt(session, why);
    /* A cancel that overtakes its statement is meant for that: it may not have been read, or have been read just now. */
    if (why == INTERRUPT_CANCEL && !atomic_load(&session->is_busy))
        session->cancels_next = session->is_served || has_unread(session);
    pthread_mutex_unlock(&session->guard);
}

static bool is_interrupted(void *arg)
{
    return atomic_load(&((Session *)arg)->interrupt) != INTERRUPT_NONE;
}

static bool must_leave(void *arg)
{
    return atomic_load(&((Session *)arg)->interrupt) > INTERRUPT_STATEMENT_TIMEOUT;
}

bool session_wants_attention(const Session *session)
{
    return must_leave((void *)session);
}

bool session_is_due(const Session *session, int64_t now_ms, bool check_client)
{
    int64_t deadline = atomic_load(&session->deadline);
    return (deadline && now_ms >= deadline) || (check_client && atomic_load(&session->is_busy));
}

void session_tick(Session *session, int64_t now_ms, bool check_client)
{
    /* Under the guard a deadline that has passed is still that of what runs: the work that came after it has its own. */
    pthread_mutex_lock(&session->guard);
    int64_t deadline = atomic_load(&session->deadline);
    if (deadline && now_ms >= deadline) {
        atomic_store(&session->deadline, 0);
        mark_interrupt(session, (Interrupt)atomic_load(&session->deadline_kind));
    }
    pthread_mutex_unlock(&session->guard);
    if (check_client && atomic_load(&session->is_busy)) {
        struct pollfd fd = {.fd = wire_fd(session->wire), .events = POLLRDHUP};
        if (poll(&fd, 1, 0) > 0 && fd.revents & (POLLRDHUP | POLLHUP | POLLERR))
            session_interrupt(session, INTERRUPT_CLIENT_GONE);
    }
}

bool session_holds_up_others(const Session *session)
{
    return atomic_load(&session->in_transaction) || atomic_load(&session->advisory_held);
}

bool session_check_interrupt(Session *session, Error *error)
{
    static const struct {
        Severity severity;
        const char *sqlstate, *message;
    } TEXTS[] = {
        [INTERRUPT_CANCEL] = {SEVERITY_ERROR, ERRCODE_QUERY_CANCELED, "canceling statement due to user request"},
        [INTERRUPT_STATEMENT_TIMEOUT] = {SEVERITY_ERROR, ERRCODE_QUERY_CANCELED, "canceling statement due to statement timeout"},
        [INTERRUPT_IDLE_IN_TRANSACTION] = {SEVERITY_FATAL, ERRCODE_IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                                           "terminating connection due to idle-in-transaction timeout"},
        [INTERRUPT_IDLE_SESSION] = {SEVERITY_FATAL, ERRCODE_IDLE_SESSION_TIMEOUT, "terminating connection due to idle-session timeout"},
        [INTERRUPT_AUTHENTICATION] = {SEVERITY_FATAL, ERRCODE_QUERY_CANCELED, "canceling authentication due to timeout"},
        [INTERRUPT_TERMINATE] = {SEVERITY_FATAL, ERRCODE_ADMIN_SHUTDOWN, "terminating connection due to administrator command"},
        [INTERRUPT_CLIENT_GONE] = {SEVERITY_FATAL, ERRCODE_CONNECTION_FAILURE, "connection to client lost"},
    };
    int why = atomic_load(&session->interrupt);
    if (why == INTERRUPT_NONE)
        return true;
    error_set(error, TEXTS[why].sqlstate, "%s", TEXTS[why].message);
    error->severity = TEXTS[why].severity;
    return false;
}

/* goes_on: what has been done is a part of what the client wants answered at the next Sync. */
static void set_busy(Session *session, bool busy, bool goes_on)
{
    pthread_mutex_lock(&session->guard);
    bool was_cancelled = atomic_load(&session->interrupt) == INTERRUPT_CANCEL;
    atomic_store(&session->is_busy, busy);
    atomic_store(&session->deadline, 0);
    if (is_for_running_work(atomic_load(&session->interrupt)))
        atomic_store(&session->interrupt, INTERRUPT_NONE);
    if (busy && session->cancels_next && atomic_load(&session->interrupt) == INTERRUPT_NONE)
        atomic_store(&session->interrupt, INTERRUPT_CANCEL);
    session->cancels_next = goes_on && was_cancelled;
    pthread_mutex_unlock(&session->guard);
}

/* From here on, and until it is idle, the worker may have read what a cancel is meant for. */
static void set_served(Session *session, bool is_served)
{
    pthread_mutex_lock(&session->guard);
    session->is_served = is_served;
    session->cancels_next = session->cancels_next && has_unread(session);
    pthread_mutex_unlock(&session->guard);
}

static void set_deadline(Session *session, int64_t milliseconds, Interrupt kind)
{
    int64_t at = milliseconds > 0 ? clock_ms() + milliseconds : 0;
    pthread_mutex_lock(&session->guard);
    atomic_store(&session->deadline_kind, kind);
    atomic_store(&session->deadline, at);
    pthread_mutex_unlock(&session->guard);
    if (at && at < atomic_load(&session->hub->alarm) && session->hub->options.rouse)
        session->hub->options.rouse(session->hub->options.wake_arg);
}

const HotSettings *session_hot_settings(Session *session)
{
    Settings *settings = session->settings;
    if (session->hot.generation != settings_generation(settings))
        session->hot = (HotSettings){
            .generation = settings_generation(settings),
            .statement_timeout = settings_get_int(settings, "statement_timeout"),
            .idle_timeout = settings_get_int(settings, "idle_session_timeout"),
            .idle_in_transaction_timeout = settings_get_int(settings, "idle_in_transaction_session_timeout"),
            .log_min_duration = settings_get_int(settings, "log_min_duration_statement"),
            .log_min_plan = settings_get_int(settings, "medley.log_min_plan_duration"),
            .parameter_length = settings_get_int(settings, "log_parameter_max_length_on_error"),
            .memory_limit = settings_get_int(settings, "medley.query_memory_limit"),
            .temp_limit = settings_get_int(settings, "temp_file_limit"),
        };
    return &session->hot;
}

ExecLimits session_limits(Session *session)
{
    const HotSettings *hot = session_hot_settings(session);
    bool has_temp = hot->temp_limit >= 0;
    return (ExecLimits){.memory = hot->memory_limit, .has_temp = has_temp, .temp = has_temp ? hot->temp_limit : 0};
}

void session_start_timeout(Session *session)
{
    set_deadline(session, session_hot_settings(session)->statement_timeout, INTERRUPT_STATEMENT_TIMEOUT);
}

/* ---- errors and notices ---- */

/* Byte offset to character number in the text that is being worked on. */
static int character_position(const char *text, int byte_position)
{
    if (!text || byte_position <= 0)
        return byte_position;
    int characters = 1;
    for (int i = 0; i < byte_position - 1 && text[i]; i++)
        characters += ((unsigned char)text[i + 1] & 0xc0) != 0x80;
    return characters;
}

static void leave_pending(Session *session, const Error *event)
{
    pthread_mutex_lock(&session->guard);
    if (!session->pending_arena)
        session->pending_arena = arena_open(NULL);
    Error copy;
    error_init(&copy, session->pending_arena);
    error_copy(&copy, event);
    vec_push(session->pending_arena, &session->pending, copy);
    pthread_mutex_unlock(&session->guard);
}

static void emit_notice(void *arg, const Error *event)
{
    Session *session = arg;
    bool is_worker = pthread_equal(pthread_self(), session->worker);
    if (is_worker)
        session->notices_given++;
    if ((is_worker && session->is_muted) || (event->severity != SEVERITY_INFO && event->severity < session->client_min_messages))
        return;
    if (!is_worker) {
        leave_pending(session, event);
        return;
    }
    Error report = *event;
    Arena *arena = session->routines && !report.context ? arena_open(session->work) : NULL;
    if (arena)
        report.context = plpgsql_context(session->routines, arena);
    report.position = character_position(session->source_text, report.position);
    report.query_position = character_position(report.query, report.query_position);
    wire_notice(session->wire, &report);
    if (arena)
        arena_close(arena);
}

void session_send_notices(Session *session)
{
    pthread_mutex_lock(&session->guard);
    for (size_t i = 0; i < session->pending.count; i++)
        wire_notice(session->wire, &session->pending.items[i]);
    arena_close(session->pending_arena);
    session->pending_arena = NULL;
    memset(&session->pending, 0, sizeof session->pending);
    pthread_mutex_unlock(&session->guard);
}

void session_fail(Session *session, Error *error)
{
    if (!error_is_set(error))
        error_set(error, ERRCODE_INTERNAL_ERROR, "a statement failed without saying why");
    /* Whatever else failed when it was interrupted: this is why. */
    Error why;
    error_init(&why, session->work);
    if (is_interrupted(session) && (must_leave(session) || strcmp(error->sqlstate, ERRCODE_QUERY_CANCELED) == 0))
        if (!session_check_interrupt(session, &why))
            *error = why;
    if (error->severity < SEVERITY_ERROR)
        error->severity = SEVERITY_ERROR;
    error->position = character_position(session->source_text, error->position);
    error->query_position = character_position(error->query, error->query_position);
    bool quiet = session->hide_text || strcmp(error->sqlstate, ERRCODE_SYNTAX_ERROR) == 0;
    log_write(session->hub->options.log, LOG_INFO_LEVEL, "[%d] %s %s%s%s", session->pid,
              error->severity >= SEVERITY_FATAL ? "FATAL" : "ERROR", error->sqlstate, quiet ? "" : ": ", quiet ? "" : error->message);
    transaction_abort(session);
    session_send_notices(session);
    wire_error(session->wire, error);
    if (error->severity >= SEVERITY_FATAL)
        session->ended = true;
}

bool session_is_superuser(Session *session)
{
    return session->catalog && catalog_is_superuser(session->catalog, session->current_user);
}

void session_set_user(Session *session, Oid session_user, Oid current_user)
{
    session->session_user = session->functions.session_user = session_user;
    session->current_user = session->functions.current_user = current_user;
    if (session->catalog && session->settings)
        catalog_set_search_path(session->catalog, settings_get(session->settings, "search_path"), current_user);
}

ActingUser session_act_as(void *arg, ActingUser user)
{
    Session *session = arg;
    const ActingUser before = {session->current_user, session->is_definer, session->is_restricted};
    if (user.is_restricted && !before.is_restricted)
        session->restricted_mark = settings_mark(session->settings);
    if (!user.is_restricted && before.is_restricted)
        settings_back_to(session->settings, session->restricted_mark);
    session_set_user(session, session->session_user, user.user);
    session->is_definer = user.is_definer;
    session->is_restricted = user.is_restricted;
    return before;
}

void session_settle_user(Session *session)
{
    if (!session->superuser_changed)
        return;
    session->superuser_changed = false;
    settings_force(session->settings, "is_superuser", session_is_superuser(session) ? "on" : "off");
}

void session_report_parameters(Session *session)
{
    if (session->reported_at == settings_generation(session->settings))
        return;
    session->reported_at = settings_generation(session->settings);
    for (size_t i = 0; i < REPORTED_SETTING_COUNT; i++) {
        const char *value = settings_show(session->settings, REPORTED_SETTINGS[i], session->work);
        if (session->reported[i] && strcmp(session->reported[i], value) == 0)
            continue;
        free((char *)session->reported[i]);
        session->reported[i] = strdup(value);
        wire_parameter_status(session->wire, REPORTED_SETTINGS[i], value);
    }
}

static const char *idle_state(const Session *session)
{
    switch (session->tx.state) {
    case TX_BLOCK:
        return "idle in transaction";
    case TX_FAILED:
        return "idle in transaction (aborted)";
    default:
        return "idle";
    }
}

void session_send_ready(Session *session)
{
    session_report_parameters(session);
    /* A client that has been told so is idle for everybody, and can be found. */
    session_set_view(session, idle_state(session), NULL);
    wire_ready(session->wire, transaction_status(session));
}

bool session_enter_statement(Session *session, Error *error)
{
    if (!transaction_enter(session, error) || !catalog_statement_begin(session->catalog, error))
        return false;
    session->in_statement = true;
    session->functions.statement_start = clock_now();
    session->functions.memory_limit = session_hot_settings(session)->memory_limit;
    return true;
}

bool session_leave_statement(Session *session, bool done, Error *error)
{
    if (!session->in_statement)
        return done;
    session->in_statement = false;
    if (catalog_failure(session->catalog, error))
        done = false;
    catalog_statement_end(session->catalog);
    return done;
}

/* ---- life ---- */

static void free_session_parts(void *arg)
{
    Session *session = arg;
    for (size_t i = 0; i < COUNT_OF(session->reported); i++)
        free((char *)session->reported[i]);
    arena_close(session->pending_arena);
    pthread_mutex_destroy(&session->guard);
    pthread_mutex_destroy(&session->services_lock);
}

Session *session_open(SessionHub *hub, int fd, const SessionPeer *peer)
{
    Arena *arena = arena_open(NULL);
    Session *session = ARENA_NEW(arena, Session);
    session->arena = arena;
    session->hub = hub;
    pthread_mutex_init(&session->guard, NULL);
    pthread_mutex_init(&session->services_lock, NULL);
    arena_defer(arena, free_session_parts, session);
    session->work = arena_open(arena);
    session->wire = wire_open(fd, arena);
    wire_set_interrupted(session->wire, must_leave, session);
    session->client_address = arena_strdup(arena, peer->address);
    session->client_port = peer->address ? peer->port : -1;
    session->is_trusted = peer->is_trusted;
    session->backend_start = clock_now();
    session->client_min_messages = SEVERITY_NOTICE;
    session->types = TYPE_CONTEXT_CANONICAL;
    session->notices = (Notices){.emit = emit_notice, .arg = session};
    randombytes_buf(&session->secret, sizeof session->secret);
    hub_add(hub, session);
    set_deadline(session, (int64_t)hub->options.authentication_timeout * 1000, INTERRUPT_AUTHENTICATION);
    return session;
}

void session_close(Session *session)
{
    if (session->catalog) {
        transaction_drop(session);
        temporary_end(session);
        if (session->remote)
            remote_session_close(session->remote);
        catalog_close(session->catalog);
        log_write(session->hub->options.log, LOG_INFO_LEVEL, "[%d] disconnected", session->pid);
    }
    advisory_end_session(session);
    hub_remove(session->hub, session);
    arena_close(session->arena);
}

int session_fd(const Session *session)
{
    return wire_fd(session->wire);
}

void session_rest(Session *session)
{
    wire_rest(session->wire);
    if (arena_size(session->work) > IDLE_ARENA_LIMIT || !atomic_load(&session->in_transaction))
        arena_reset(session->work);
}

bool session_open_catalog(Session *session)
{
    SessionHub *hub = session->hub;
    session->catalog = catalog_open(hub->options.store, session->arena, is_interrupted, session);
    if (!session->catalog)
        return false;
    catalog_set_notices(session->catalog, &session->notices);
    catalog_set_waits(session->catalog, writer_waits, session);
    session->remote = remote_session_open(hub->options.wrappers, session->arena, is_interrupted, session, &session->notices);
    catalog_set_type_parser(session->catalog, sql_read_type);
    session->types.resolver = catalog_resolver(session->catalog);
    hub_fill_services(session, &session->services);
    session->plan_engine = (PlanEngine){session, portal_engine_takes, routine_computes};
    session->functions = (FuncContext){
        .view_text = command_view_text,
        .body_text = command_body_text,
        .expr_text = command_expr_text,
        .object_address = command_object_address,
        .view_base = command_view_base,
        .call_routine = routine_call_rows,
        .catalog = session->catalog,
        .types = &session->types,
        .database = "postgres",
        .backend_pid = session->pid,
        .session = &session->services,
        .client_address = session->client_address,
        .client_port = session->client_port,
        .server_address = session->client_address ? hub->options.server_address : NULL,
        .server_port = hub->options.server_port,
        .server_start = hub->start,
    };
    session->settings =
        settings_open(SETTING_HOOKS, SETTING_HOOK_COUNT, session, hub->options.defaults, hub->options.ndefaults, session->arena);
    session->role_oids = map_open(session->arena);
    session->statements = map_open(session->arena);
    session->portals = map_open(session->arena);
    return true;
}

/* ---- the message loop ---- */

static void end_with(Session *session, Error *error)
{
    if (error_is_set(error)) {
        error->severity = SEVERITY_FATAL;
        if (session->is_started)
            session_fail(session, error);
        else
            wire_error(session->wire, error);
    }
    wire_flush(session->wire);
    session->ended = true;
}

static bool is_extended(char type)
{
    return strchr("PBDECHS", type) != NULL;
}

static void dispatch(Session *session, WireMessage *message)
{
    Error error;
    error_init(&error, session->work);
    bool failed = false;
    if (message->type == 'X') {
        session->ended = true;
    } else if (session->skip_until_sync &&
               (message->type == 'Q' || message->type == 'F' || (is_extended(message->type) && message->type != 'S'))) {
        /* After an error of the extended protocol nothing counts before Sync, a simple query neither. */
    } else if (message->type == 'Q') {
        if (!simple_query(session, message, &error))
            session_fail(session, &error);
        if (!session->ended && !session->is_out_of_step)
            session_send_ready(session);
    } else if (is_extended(message->type)) {
        if (!extended_message(session, message, &failed, &error)) {
            end_with(session, &error);
        } else if (failed) {
            session_fail(session, &error);
            session->skip_until_sync = true;
        }
    } else if (message->type == 'F') {
        error_unsupported(&error, "the FunctionCall message is not supported");
        session_fail(session, &error);
        session_send_ready(session);
    } else if (message->type == 'd' || message->type == 'c' || message->type == 'f') {
        /* The tail of a COPY that has failed. */
    } else {
        error_set(&error, ERRCODE_PROTOCOL_VIOLATION, "invalid frontend message type %d", message->type);
        end_with(session, &error);
    }
}

static void part(Session *session)
{
    Error error;
    error_init(&error, session->work);
    error_set(&error, ERRCODE_PROTOCOL_VIOLATION, "terminating connection because protocol synchronization was lost");
    end_with(session, &error);
}

static void handle(Session *session, WireMessage *message)
{
    if (!session->is_started) {
        if (!session_start_up(session, message))
            session->ended = true;
        wire_flush(session->wire);
        return;
    }
    set_busy(session, true, false);
    session_start_timeout(session);
    dispatch(session, message);
    if (session->is_out_of_step && !session->ended)
        part(session);
    session->source_text = session->client_text = NULL;
    session->hide_text = false;
    set_busy(session, false, is_extended(message->type) && message->type != 'S' && !session->skip_until_sync);
    atomic_store(&session->in_transaction, session->tx.state != TX_NONE);
    if (strchr("QFSH", message->type) || session->ended)
        wire_flush(session->wire);
    arena_reset(session->work);
}

static void go_idle(Session *session)
{
    if (!session->is_started)
        return;
    bool in_transaction = session->tx.state != TX_NONE;
    const HotSettings *hot = session_hot_settings(session);
    set_deadline(session, in_transaction ? hot->idle_in_transaction_timeout : hot->idle_timeout,
                 in_transaction ? INTERRUPT_IDLE_IN_TRANSACTION : INTERRUPT_IDLE_SESSION);
}

static WireStatus next_message(Session *session, WireMessage *message, Error *error)
{
    return session->is_started ? wire_poll(session->wire, message, error) : wire_poll_startup(session->wire, message, error);
}

void session_moved(Session *session)
{
    session->worker = pthread_self();
}

void session_show_held_up(Session *session, atomic_bool *held_up)
{
    wire_show_held_up(session->wire, held_up);
}

SessionVerdict session_serve(Session *session)
{
    Error error;
    WireMessage message;
    bool has_served = false;
    session->worker = pthread_self();
    set_served(session, true);
    while (!session->ended && !wire_is_broken(session->wire)) {
        error_init(&error, session->work);
        if (must_leave(session) && !session_check_interrupt(session, &error)) {
            end_with(session, &error);
            break;
        }
        /* After an answer there is seldom more to read before the client has read it: who waits for the socket will see. */
        bool is_silent = has_served && !wire_has_input(session->wire);
        WireStatus status = is_silent ? WIRE_WAIT : next_message(session, &message, &error);
        if (status == WIRE_WAIT) {
            set_served(session, false);
            go_idle(session);
            return SESSION_IDLE;
        }
        if (status != WIRE_MESSAGE) {
            end_with(session, &error);
            break;
        }
        handle(session, &message);
        has_served = true;
    }
    return SESSION_ENDED;
}
