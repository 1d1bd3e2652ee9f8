/*
 * writer_wait.c - how long a session waits for the catalog's one writer: lock_timeout, and deadlocks with who has it.
 *
 * Invariants:
 *  1. Who has the writer may wait, at a source, for rows that the session itself has locked there, or in the queue for connections that
 *     sessions hold which wait for the writer: none of them would ever go on. The one that waits for the writer looks for that each
 *     deadlock_timeout, and fails.
 *  2. The other sessions are looked at only while they keep the writer, or wait for it, so that they do not go away.
 *
 * Entered by the session's threads.
 */
#include "session/session_int.h"

/* What is seen of the writer: who has it, what that one is waiting for, and who else waits for it. */
typedef struct Seen {
    const Session *session; /* who looks */
    Arena *arena;
    int holder; /* pid */
    RemoteCalls calls;
    const char *starved_of; /* the server for whose connections the holder waits without end */
    VEC(RemoteSession *) waiters;
} Seen;

static void see_waiter(void *to, void *waiter)
{
    Seen *seen = to;
    const Session *session = waiter;
    vec_push(seen->arena, &seen->waiters, session->remote);
}

static void see_holder(void *to, void *holder)
{
    Seen *seen = to;
    const Session *session = holder;
    seen->holder = session->pid;
    remote_calls(session->remote, &seen->calls);
    seen->starved_of = remote_starves(seen->session->remote, session->remote, seen->waiters.items, seen->waiters.count, seen->arena);
}

static bool refuse(const Seen *seen, const char *what, const char *server, Error *error)
{
    error_set(error, ERRCODE_T_R_DEADLOCK_DETECTED, "deadlock detected");
    error_detail(error,
                 "Process %d waits to write; blocked by process %d.\nProcess %d waits for a %s server \"%s\"; blocked by process %d.",
                 seen->session->pid, seen->holder, seen->holder, what, server, seen->session->pid);
    return error_hint(error, "See server log for query details.");
}

static bool is_deadlocked(Session *session, Error *error)
{
    static const WriterLook LOOK = {see_waiter, see_holder};
    Arena *arena = arena_open(NULL);
    Seen seen = {.session = session, .arena = arena};
    catalog_look_at_writer(session->catalog, &LOOK, &seen);
    const char *server = seen.calls.count ? remote_blocks(session->remote, &seen.calls, arena) : NULL;
    if (server)
        (void)refuse(&seen, "lock of", server, error);
    else if (seen.starved_of)
        (void)refuse(&seen, "connection to", seen.starved_of, error);
    arena_close(arena);
    return server || seen.starved_of;
}

bool writer_waits(void *arg, int64_t waited, Error *error)
{
    Session *session = arg;
    int64_t limit = settings_get_int(session->settings, "lock_timeout");
    if (limit && waited >= limit)
        return error_set(error, ERRCODE_LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
    if (waited < session->looked_after)
        session->looked_after = 0; /* it is another wait */
    if (waited - session->looked_after < settings_get_int(session->settings, "deadlock_timeout"))
        return true;
    session->looked_after = waited;
    return !is_deadlocked(session, error);
}
