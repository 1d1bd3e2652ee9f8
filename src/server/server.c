/*
 * server.c - opens what the process needs, runs the loop, and ends it in order.
 *
 * Invariants:
 *  1. The ready line is printed when a client can connect, and only then.
 *  2. What is opened later is closed earlier; nothing is closed under a session that still runs (then the process just leaves).
 *  3. The local engine is opened by the first session that needs it, once.
 * server_run and the loop are the main thread's; the watchdog has its own; shared_engine is entered by every worker.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/server.h"

enum {
    EVENTS = 64,
    TICK_MS = 20,
    CLIENT_CHECK_MS = 200,
    SHUTDOWN_MS = 10000,
    AUTHENTICATION_SECONDS = 60,
    MAX_DEFAULTS = 16,
    BACKLOG_ROUND = 64,
    ENGINE_STACK_SIZE = 16 * 1024 * 1024
};

typedef struct Server {
    const ServerOptions *options;
    Arena *arena;
    Log *log;
    CatalogStore *store;
    WrapperHost *wrappers;
    Resolver *resolver;
    pthread_mutex_t engine_lock;
    Engine *engine;
    SessionHub *hub;
    Listener *listener;
    WireTls *tls; /* NULL: none is offered */
    Pool *pool;
    int epoll_fd, wake_fd, rouse_fd, signal_fd;
    pthread_t watchdog;
    _Atomic bool stopping;
    const char *temp_directory; /* of the local engine and of cursors */
    SettingDefault defaults[MAX_DEFAULTS];
    size_t ndefaults;
    size_t max_clients; /* those included that have not said yet who they are */
} Server;

/* ---- parts ---- */

static Engine *shared_engine(void *arg, Error *error)
{
    Server *server = arg;
    pthread_mutex_lock(&server->engine_lock);
    if (!server->engine) {
        EngineOptions options = {
            .threads = server->options->engine_threads,
            .memory_limit = server->options->memory_limit,
            .temp_directory = server->temp_directory,
            .store_path = arena_printf(server->arena, "%s/rows.duckdb", server->options->data_directory),
            .catalog = server->store,
            .wrappers = server->wrappers,
            .log = server->log,
        };
        server->engine = exec_engine_open(&options, server->arena, error);
    }
    Engine *engine = server->engine;
    pthread_mutex_unlock(&server->engine_lock);
    return engine;
}

static void wake_loop(void *arg)
{
    uint64_t one = 1;
    if (write(((Server *)arg)->wake_fd, &one, sizeof one) < 0) {
        /* The counter is full: the loop is being woken already. */
    }
}

static void rouse_loop(void *arg)
{
    uint64_t one = 1;
    if (write(((Server *)arg)->rouse_fd, &one, sizeof one) < 0) {
        /* As above. */
    }
}

static void rouse_watchdog(void *arg)
{
    pool_rouse(((Server *)arg)->pool);
}

static void add_default(Server *server, const char *name, const char *value)
{
    server->defaults[server->ndefaults++] = (SettingDefault){name, value};
}

/* The system's zone: TZ, or what /etc/localtime points to. */
static const char *system_time_zone(Arena *arena)
{
    const char *name = getenv("TZ");
    if (name && *name && timezone_find(name))
        return name;
    char path[512];
    ssize_t len = readlink("/etc/localtime", path, sizeof path - 1);
    path[len > 0 ? len : 0] = '\0';
    const char *zone = strstr(path, "zoneinfo/");
    if (zone && timezone_find(zone + strlen("zoneinfo/")))
        return arena_strdup(arena, zone + strlen("zoneinfo/"));
    return "Etc/UTC";
}

static void set_defaults(Server *server)
{
    const ServerOptions *options = server->options;
    add_default(server, "TimeZone", system_time_zone(server->arena));
    add_default(server, "log_timezone", server->defaults[0].value);
    add_default(server, "port", arena_printf(server->arena, "%d", options->port));
    add_default(server, "listen_addresses", options->address);
    add_default(server, "unix_socket_directories", options->socket_directory);
    add_default(server, "max_connections", arena_printf(server->arena, "%d", options->max_connections));
    add_default(server, "superuser_reserved_connections", "0");
    add_default(server, "data_directory", options->data_directory);
    add_default(server, "medley.temp_directory", server->temp_directory);
    if (options->tls_certificate) {
        add_default(server, "ssl", "on");
        add_default(server, "ssl_cert_file", options->tls_certificate);
        add_default(server, "ssl_key_file", options->tls_key);
    }
    add_default(server, "config_file", "");
    add_default(server, "hba_file", "");
    add_default(server, "ident_file", "");
}

static bool open_parts(Server *server, Error *error)
{
    const ServerOptions *options = server->options;
    /* A place that is taken is found before a data directory is made. */
    server->listener = listener_open(options, server->arena, error);
    if (!server->listener)
        return false;
    if (options->tls_certificate && !(server->tls = wire_tls_open(options->tls_certificate, options->tls_key, server->arena, error)))
        return false;
    CatalogStoreOptions store = {
        .directory = options->data_directory, .key_file = options->key_file, .superuser = options->superuser, .log = server->log};
    server->store = catalog_store_open(&store, server->arena, error);
    if (!server->store || !catalog_temporary_empty_all(server->store, error))
        return false;
    server->wrappers = wrapper_host_open(options->module_directory, server->log, server->arena);
    if (!server->wrappers)
        return error_set(error, ERRCODE_IO_ERROR, "could not open the folder of wrapper modules: %s", options->module_directory);
    wrapper_host_set_coordinator(server->wrappers, catalog_coordinator(server->store));
    server->temp_directory = server_temp_directory(options, server->arena, error);
    if (!server->temp_directory)
        return false;
    set_defaults(server);
    SessionHubOptions hub = {
        .temp_directory = server->temp_directory,
        .store = server->store,
        .wrappers = server->wrappers,
        .log = server->log,
        .engine = shared_engine,
        .engine_arg = server,
        .wake = wake_loop,
        .rouse = rouse_watchdog,
        .wake_arg = server,
        .max_connections = options->max_connections,
        .authentication_timeout = AUTHENTICATION_SECONDS,
        .tls = server->tls,
        .tls_required = options->tls_required,
        .server_address = options->address[0] ? options->address : NULL,
        .server_port = options->port,
        .defaults = server->defaults,
        .ndefaults = server->ndefaults,
    };
    server->hub = session_hub_open(&hub, server->arena);
    return true;
}

/* ---- the loop ---- */

static void watch_fd(Server *server, int fd, const void *tag)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = (void *)tag};
    epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

/* A listening socket's tag is its place in this array. */
static const char LISTEN_TAGS[64];

static void open_loop(Server *server)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    server->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->rouse_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    watch_fd(server, server->signal_fd, &server->signal_fd);
    watch_fd(server, server->wake_fd, &server->wake_fd);
    watch_fd(server, server->rouse_fd, &server->rouse_fd);
    for (size_t i = 0; i < listener_count(server->listener); i++)
        watch_fd(server, listener_fd(server->listener, i), &LISTEN_TAGS[i]);
    server->pool = pool_open(server->options->workers, rouse_loop, server, server->log, server->arena);
}

/* Who floods the server with connections does not get the descriptors that files and sources need. */
static size_t most_clients(int max_connections)
{
    enum { KEPT = 256 };
    struct rlimit files;
    size_t wanted = (size_t)max_connections * 2 + 64;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY)
        return wanted;
    size_t there = files.rlim_cur > 2 * KEPT ? files.rlim_cur - KEPT : files.rlim_cur / 2;
    return there < wanted ? there : wanted;
}

static void accept_all(Server *server, size_t index)
{
    SessionPeer peer;
    for (int i = 0; i < BACKLOG_ROUND; i++) {
        Arena *arena = arena_open(NULL);
        int fd = listener_accept(server->listener, index, &peer, arena);
        if (fd >= 0 && pool_clients(server->pool) >= server->max_clients) {
            close(fd); /* as PostgreSQL does when it cannot start a process: no answer */
        } else if (fd >= 0) {
            pool_add(server->pool, session_open(server->hub, fd, &peer));
        }
        arena_close(arena);
        if (fd < 0 && fd != LISTENER_TURNED_AWAY)
            break;
    }
}

/* false: the server is to stop. */
static bool handle(Server *server, const struct epoll_event *event)
{
    const char *tag = event->data.ptr;
    uint64_t count;
    if (event->data.ptr == &server->signal_fd)
        return false;
    if (event->data.ptr == &server->wake_fd) {
        if (read(server->wake_fd, &count, sizeof count) > 0)
            pool_attend(server->pool);
    } else if (event->data.ptr == &server->rouse_fd) {
        if (read(server->rouse_fd, &count, sizeof count) < 0)
            return true; /* pool_patience comes next in any case */
    } else {
        accept_all(server, (size_t)(tag - LISTEN_TAGS));
    }
    return true;
}

static bool loop_once(Server *server, int milliseconds)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(server->epoll_fd, events, EVENTS, milliseconds);
    bool go_on = true;
    for (int i = 0; i < count; i++)
        go_on &= handle(server, &events[i]);
    return go_on;
}

static void *watch_deadlines(void *arg)
{
    Server *server = arg;
    while (!server->stopping) {
        int64_t next = session_hub_tick(server->hub, clock_ms(), pool_is_serving(server->pool));
        pool_sleep(server->pool, next, CLIENT_CHECK_MS);
    }
    return NULL;
}

/* ---- life ---- */

static void print_ready(const Server *server)
{
    const ServerOptions *options = server->options;
    const char *path = listener_socket_path(server->listener);
    printf("medley %s is ready: address %s, port %d, socket %s, data directory %s\n", MEDLEY_VERSION,
           options->address[0] ? options->address : "none", options->port, path ? path : "none", options->data_directory);
    fflush(stdout);
    log_write(server->log, LOG_INFO_LEVEL, "ready");
}

/* Clients are told; the loop goes on meanwhile, for sessions that only now become idle. */
static bool stop(Server *server)
{
    log_write(server->log, LOG_INFO_LEVEL, "shutting down");
    listener_close(server->listener);
    session_hub_shut_down(server->hub);
    int64_t until = clock_ms() + SHUTDOWN_MS;
    pool_attend(server->pool);
    while (pool_clients(server->pool) && clock_ms() < until) {
        pool_patience(server->pool);
        loop_once(server, TICK_MS);
        pool_attend(server->pool);
    }
    server->stopping = true;
    pool_rouse(server->pool);
    bool done = pool_close(server->pool, SHUTDOWN_MS / 5);
    pthread_join(server->watchdog, NULL);
    return done;
}

static void close_parts(Server *server)
{
    if (server->engine)
        exec_engine_close(server->engine);
    resolver_close(server->resolver);
    wrapper_host_close(server->wrappers);
    catalog_store_close(server->store);
}

/* Of the engine's threads, which call routines too: as much as a fiber's. */
static void set_thread_stack(void)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, ENGINE_STACK_SIZE);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
}

static void prepare_process(const ServerOptions *options)
{
    set_thread_stack();
    umask(077); /* no file that the process makes is for others; the socket's mode is the listener's */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
#ifndef __SANITIZE_ADDRESS__
    /* Memory holds the passwords of remote servers: no core files, and no debugger of the same user, unless they are asked for. (The leak
     * checker of the sanitizers is such a debugger.) */
    if (!options->core_dumps)
        prctl(PR_SET_DUMPABLE, 0);
#endif
}

int server_run(const ServerOptions *options)
{
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    Server *server = ARENA_NEW(arena, Server);
    *server = (Server){.options = options, .arena = arena, .log = log_open(arena, options->log_level)};
    pthread_mutex_init(&server->engine_lock, NULL);
    prepare_process(options);
    if (!open_parts(server, &error)) {
        fprintf(stderr, "medley: %s%s%s\n", error.message, error.detail ? ": " : "", error.detail ? error.detail : "");
        if (server->store)
            catalog_store_close(server->store);
        arena_close(arena);
        return 1;
    }
    open_loop(server);
    server->max_clients = most_clients(options->max_connections);
    if (server->max_clients < (size_t)options->max_connections)
        log_write(server->log, LOG_WARNING_LEVEL, "the limit of open files leaves room for %zu clients only", server->max_clients);
    pthread_create(&server->watchdog, NULL, watch_deadlines, server);
    server->resolver = resolver_open(server->wrappers, server->store, server->log, server->arena);
    print_ready(server);
    while (loop_once(server, pool_patience(server->pool))) {
    }
    if (!stop(server)) {
        log_write(server->log, LOG_WARNING_LEVEL, "some sessions did not end in time");
        return 0;
    }
    close_parts(server);
    log_write(server->log, LOG_INFO_LEVEL, "stopped");
    arena_close(arena);
    return 0;
}
