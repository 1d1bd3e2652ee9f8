/*
 * write.c - writes at a source in the session's transaction, and the transaction's savepoints there.
 *
 * Invariants:
 *  1. A source has a savepoint only where something was written in it (module->savepoint makes those that are missing, before the write).
 *     So what is undone at a savepoint's level lies, at every source, behind a savepoint of that level, or there is nothing to undo.
 *  2. A connection that cannot go back to a savepoint is lost, and with it the transaction: its COMMIT fails.
 *
 * Entered by the session's threads, one at a time.
 */
#include "wrapper/remote.h"

static bool modify(RemoteSession *session, const RemoteConnection *remote, const FdwModifySpec *spec, Arena *arena, Error *error)
{
    const FdwModule *module = remote->module;
    CallSpace space;
    FdwCall *call = wrapper_call(&space, session, arena, &TYPE_CONTEXT_CANONICAL, error);
    remote_turn(remote);
    bool done = (!session->level || !module->savepoint || module->savepoint(call, remote->connection, session->level)) &&
                module->modify(call, remote->connection, spec);
    remote_turn_end(remote);
    return done;
}

bool remote_modify(RemoteSession *session, const RemoteTarget *target, const FdwModifySpec *spec, Arena *arena, Error *error)
{
    if (!target->module->modify)
        return error_unsupported(error, "foreign-data wrapper \"%s\" cannot write", target->wrapper->name);
    RemoteWant want = {.target = target, .connections = 1, .locks = true};
    if (!remote_acquire(session, &want, 1, true, arena, error))
        return false;
    remote_find_kept(session, target)->is_written = true;
    bool done = modify(session, want.given[0], spec, arena, error);
    remote_release(session, want.given[0], !done && !remote_is_alive(want.given[0]));
    return done;
}

/* ---- savepoints ---- */

typedef bool (*SavepointCall)(FdwCall *call, FdwConnection *connection, int level);

static bool call_one(RemoteSession *session, const Kept *kept, SavepointCall call, int level, Error *error)
{
    if (!call || kept->is_lost)
        return true;
    const RemoteConnection *remote = &kept->locker->connection;
    Arena *arena = arena_open(NULL);
    CallSpace space;
    remote_turn(remote);
    bool done = call(wrapper_call(&space, session, arena, &TYPE_CONTEXT_CANONICAL, error), remote->connection, level);
    remote_turn_end(remote);
    arena_close(arena);
    return done;
}

void remote_savepoint(RemoteSession *session, int level)
{
    session->level = level;
}

bool remote_savepoint_release(RemoteSession *session, int level, Error *error)
{
    bool ok = true;
    for (const Kept *kept = session->kept; kept && ok; kept = kept->next)
        if (kept->is_written && kept->locker)
            ok = call_one(session, kept, kept->locker->connection.module->release, level, error);
    session->level = level - 1;
    return ok;
}

void remote_savepoint_rollback(RemoteSession *session, int level)
{
    Arena *arena = arena_open(NULL);
    for (Kept *kept = session->kept; kept; kept = kept->next) {
        Error ignored;
        error_init(&ignored, arena);
        if (kept->is_written && kept->locker && !call_one(session, kept, kept->locker->connection.module->rollback_to, level, &ignored))
            kept->is_lost = true; /* invariant 2 */
    }
    arena_close(arena);
    session->level = level;
}
