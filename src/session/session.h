/*
 * session.h - one client: protocol state, prepared statements, portals, transactions, settings. And the hub that knows all sessions.
 *
 * The server hands a session to a worker whenever its client has sent something; session_serve then works with plain blocking code
 * until nothing whole is left to read. Only one thread serves a session at a time. session_interrupt and the hub's calls may
 * come from any thread.
 */
#ifndef MEDLEY_SESSION_H
#define MEDLEY_SESSION_H

#include <stdatomic.h>

#include "exec/exec.h"
#include "session/setting.h"
#include "wire/wire.h"
#include "wrapper/wrapper.h"

typedef struct SessionHub SessionHub;
typedef struct Session Session;

typedef struct SessionHubOptions {
    CatalogStore *store;
    WrapperHost *wrappers;
    Log *log;
    /* The local engine, opened when first needed. */
    Engine *(*engine)(void *arg, Error *error);
    void *engine_arg;
    /* A session that is idle wants to be served (it was told to end). Any thread. */
    void (*wake)(void *arg);
    /* A deadline is nearer than session_hub_tick said last. Any thread. */
    void (*rouse)(void *arg);
    void *wake_arg;
    const char *temp_directory; /* for rows of cursors that do not fit into work_mem; NULL: /tmp */
    int max_connections;
    int authentication_timeout; /* seconds */
    const WireTls *tls;         /* NULL: not offered */
    bool tls_required;          /* over TCP */
    const char *server_address; /* NULL: none */
    int server_port;
    const SettingDefault *defaults; /* of this server, in place of PostgreSQL's */
    size_t ndefaults;
} SessionHubOptions;

SessionHub *session_hub_open(const SessionHubOptions *options, Arena *arena);
/* Interrupts every session: they end with 57P01. New ones are refused with 57P03. */
void session_hub_shut_down(SessionHub *hub);

/* Who is at the other end of a socket. */
typedef struct SessionPeer {
    const char *address; /* NULL: a Unix socket */
    int port;
    bool is_trusted; /* no password is asked for */
} SessionPeer;

/* Takes the socket over. */
Session *session_open(SessionHub *hub, int fd, const SessionPeer *peer);
void session_close(Session *session);
int session_fd(const Session *session);

typedef enum SessionVerdict {
    SESSION_IDLE,  /* wait until its socket is readable, or until it wants attention */
    SESSION_ENDED, /* close it */
} SessionVerdict;
SessionVerdict session_serve(Session *session);
/* In the middle of session_serve, which waits on a fiber: this thread goes on with it. */
void session_moved(Session *session);
/* Before it is served: where to show that its client holds it up (wire_show_held_up). */
void session_show_held_up(Session *session, atomic_bool *held_up);
/* Frees what an idle session needs not hold; before it is put aside. */
void session_rest(Session *session);
/* It holds what others may be waiting for, locks or what its transaction has written: it must get a worker at once. */
bool session_holds_up_others(const Session *session);

/* Why a session is interrupted; the later ones outrank the earlier. */
typedef enum Interrupt {
    INTERRUPT_NONE,
    INTERRUPT_CANCEL, /* by the user */
    INTERRUPT_STATEMENT_TIMEOUT,
    INTERRUPT_IDLE_IN_TRANSACTION,
    INTERRUPT_IDLE_SESSION,
    INTERRUPT_AUTHENTICATION, /* took too long to say who it is */
    INTERRUPT_TERMINATE,
    INTERRUPT_CLIENT_GONE,
} Interrupt;
void session_interrupt(Session *session, Interrupt why);
/* Fires the deadlines of all sessions that have passed; with check_clients, looks whether the clients of running statements are still
 * there. Gives the moment of the next deadline, INT64_MAX when there is none; a nearer one that comes later is told by `rouse`. */
int64_t session_hub_tick(SessionHub *hub, int64_t now_ms, bool check_clients);
/* Whether an idle session has to be served although its client is silent. */
bool session_wants_attention(const Session *session);
/* Monotonic milliseconds, as session_hub_tick takes them. */

#endif
