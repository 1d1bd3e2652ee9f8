/*
 * writer_wait.c - how long a session waits for the catalog's one writer: lock_timeout, and deadlocks with who has it.
 *
 * Invariants:
 *  1. Who has the writer may wait, at a source, for rows that the session itself has locked there: neither would ever go on. The one that
 *     waits for the writer looks for that each deadlock_timeout, and fails.
 *  2. The other session is looked at only while it keeps the writer, so that it does not go away.
 *
 * Entered by the session's threads.
 */
#include "session/session_int.h"

/* Who has the writer, and what that one is waiting for. */
typedef struct Holder {
    int pid;
    RemoteCalls calls;
} Holder;

static void look(void *to, void *holder)
{
    Holder *seen = to;
    const Session *session = holder;
    seen->pid = session->pid;
    remote_calls(session->remote, &seen->calls);
}

static bool refuse(const Session *session, const Holder *holder, const char *server, Error *error)
{
    error_set(error, ERRCODE_T_R_DEADLOCK_DETECTED, "deadlock detected");
    error_detail(error,
                 "Process %d waits to write; blocked by process %d.\nProcess %d waits for a lock of server \"%s\"; blocked by process %d.",
                 session->pid, holder->pid, holder->pid, server, session->pid);
    return error_hint(error, "See server log for query details.");
}

static bool is_deadlocked(Session *session, Error *error)
{
    Holder holder = {0};
    catalog_look_at_writer(session->catalog, look, &holder);
    if (!holder.calls.count)
        return false;
    Arena *arena = arena_open(NULL);
    const char *server = remote_blocks(session->remote, &holder.calls, arena);
    if (server)
        (void)refuse(session, &holder, server, error);
    arena_close(arena);
    return server != NULL;
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
