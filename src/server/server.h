/*
 * server.h - the process: what it is told on its command line, its sockets, its threads.
 *
 * Threads: the loop thread (accepts, wakes those who are told to end), workers (one of them watches the sockets of idle and parked
 * sessions; each serves one session at a time), the watchdog (deadlines, vanished clients). Signals are the loop thread's.
 */
#ifndef MEDLEY_SERVER_H
#define MEDLEY_SERVER_H

#include "session/session.h"

typedef struct ServerOptions {
    const char *data_directory;
    const char *address; /* "": no TCP */
    int port;
    const char *socket_directory; /* "": no Unix socket */
    const char *superuser, *key_file, *module_directory;
    const char *memory_limit;   /* of the local engine; NULL: its own default */
    const char *temp_directory; /* NULL: in the data directory */
    LogLevel log_level;
    int max_connections, workers, engine_threads;
    const char *tls_certificate, *tls_key; /* NULL: TLS is not offered */
    bool tls_required;                     /* of who comes over TCP */
    bool trust;                            /* nobody is asked for a password */
    bool core_dumps;
} ServerOptions;

/* Runs until SIGTERM or SIGINT; gives the exit status. */
int server_run(const ServerOptions *options);

/* ---- temp_directory.c ---- */

/* Makes it, or empties it. NULL: the error is set. */
const char *server_temp_directory(const ServerOptions *options, Arena *arena, Error *error);

/* ---- check.c ---- */

/* Looks whether the catalog of the data directory is whole and prints what is not; gives the exit status: 0 whole, 1 not, 2 not to be read.
 */
int server_check(const ServerOptions *options);

/* ---- listener.c ---- */

typedef struct Listener Listener;
/* Errors: the address or socket in use, or not to be had. Sockets are closed, and the Unix socket's file removed, with the arena. */
Listener *listener_open(const ServerOptions *options, Arena *arena, Error *error);
size_t listener_count(const Listener *listener);
int listener_fd(const Listener *listener, size_t index);
/* Accepts on one of the sockets. -1: nobody (any more) waits; LISTENER_TURNED_AWAY: there was no descriptor left for who did. */
enum { LISTENER_TURNED_AWAY = -2 };
int listener_accept(Listener *listener, size_t index, SessionPeer *peer, Arena *arena);
const char *listener_socket_path(const Listener *listener); /* NULL: none */
void listener_close(Listener *listener);

/* ---- pool.c: the workers ---- */

typedef struct Pool Pool;
/* rouse: wakes the thread that calls pool_patience. */
Pool *pool_open(int workers, void (*rouse)(void *arg), void *arg, Log *log, Arena *arena);
/* Takes over a fresh session. */
void pool_add(Pool *pool, Session *session);
/* Serves the idle sessions that want attention. */
void pool_attend(Pool *pool);
/* For the loop: in how many milliseconds to ask again, -1: not before it is roused. Sees to it that somebody looks for work when all
 * workers are held up, and that more clients are served at a time when those that wait have waited too long. */
int pool_patience(Pool *pool);
size_t pool_clients(Pool *pool);
bool pool_is_serving(Pool *pool);
/* The watchdog's sleep: until that moment of clock_ms (INT64_MAX: for good), or pool_rouse; while something is being served, for
 * `slice` milliseconds at most. An idle server does not wake. */
void pool_sleep(Pool *pool, int64_t until, int slice);
void pool_rouse(Pool *pool);
/* Waits for the sessions to end, so long; then lets the workers go. false: some are still there. */
bool pool_close(Pool *pool, int milliseconds);

#endif
