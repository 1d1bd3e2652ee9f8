/*
 * blocks.c - whether another session waits at a source for what this one's transaction has locked there: who then waits for the other would
 * wait without end.
 *
 * Invariants:
 *  1. The source is asked over the connection that holds the locks, and only while nobody is using it.
 *  2. What is asked changes nothing in the transaction; what fails is not known.
 *
 * remote_calls comes from any thread, remote_blocks from the session's.
 */
#include "wrapper/remote.h"

void remote_calls(RemoteSession *session, RemoteCalls *out)
{
    out->count = 0;
    pthread_mutex_lock(&session->lock);
    for (const Lent *lent = session->lent; lent && out->count < REMOTE_MOST_CALLS; lent = lent->next) {
        const RemoteConnection *remote = &lent->connection;
        if (!lent->users || !remote->connection || !remote->module->identity)
            continue;
        out->items[out->count].server = lent->server;
        out->items[out->count++].identity = remote->module->identity(remote->connection);
    }
    pthread_mutex_unlock(&session->lock);
}

static size_t calls_of(const RemoteCalls *calls, Oid server, int64_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < calls->count; i++)
        if (calls->items[i].server == server)
            out[count++] = calls->items[i].identity;
    return count;
}

/* NULL: it has locked nothing, cannot tell, or is at work. */
static Lent *borrow_locker(RemoteSession *session, const Kept *kept)
{
    pthread_mutex_lock(&session->lock);
    Lent *lent = kept->locker;
    bool is_free = lent && !kept->is_lost && !lent->users && lent->connection.connection && lent->connection.module->blocks;
    if (is_free)
        lent->users++;
    pthread_mutex_unlock(&session->lock);
    return is_free ? lent : NULL;
}

static bool blocks_at(RemoteSession *session, const Kept *kept, const RemoteCalls *calls, Arena *arena)
{
    int64_t waiting[REMOTE_MOST_CALLS];
    size_t count = calls_of(calls, kept->server, waiting);
    Lent *lent = count ? borrow_locker(session, kept) : NULL;
    if (!lent)
        return false;
    RemoteConnection *remote = &lent->connection;
    CallSpace space;
    Error ignored;
    error_init(&ignored, arena);
    remote_turn(remote);
    bool blocks =
        remote->module->blocks(wrapper_call(&space, session, arena, &TYPE_CONTEXT_CANONICAL, &ignored), remote->connection, waiting, count);
    remote_turn_end(remote);
    remote_release(session, remote, false);
    return blocks;
}

const char *remote_blocks(RemoteSession *session, const RemoteCalls *calls, Arena *arena)
{
    for (const Kept *kept = session->kept; kept; kept = kept->next)
        if (blocks_at(session, kept, calls, arena))
            return arena_strdup(arena, kept->server_name);
    return NULL;
}
