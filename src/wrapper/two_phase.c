/*
 * two_phase.c - the commit of a transaction that has written at several places, so that it is committed at all of them or at none.
 *
 * First its branches are noted (catalog/coordinator.c) and prepared, all at the same time: from then on each can be committed whatever
 * happens to its connection or to this process. What cannot be prepared is committed meanwhile, in one phase (remote_commit). Then it is
 * decided, by the catalog's own commit where something was written here, else by the coordinator's log. Then the branches are committed.
 *
 * Invariants:
 *  1. A branch is not prepared before it is noted, not committed before the decision, and undone where there is none.
 *  2. After the decision nothing fails: what cannot be done now is left to the resolver.
 *  3. Work.branches are no longer among what the session keeps; each has its connection until it is ended.
 *
 * The session's thread; branches are worked on by a thread each.
 */
#include <string.h>

#include "wrapper/remote.h"

_Static_assert(sizeof((CatBranch){0}.name) <= FDW_PREPARED_NAME + 1, "modules take a branch's name");

typedef struct Branch {
    RemoteSession *session;
    Lent *lent;
    CatBranch *noted;
    const char *server_name;
    bool commits, done;
    Error error;
} Branch;

typedef struct Work {
    Arena *arena;
    CatBranch *noted;
    Branch *branches;
    size_t count;
} Work;

static bool can_prepare(const Kept *kept)
{
    const RemoteConnection *connection = &kept->locker->connection;
    return kept->prepares && connection->module->can_prepare(connection->connection);
}

static bool refuse_unprepared(const Kept *kept, Error *error)
{
    error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "server \"%s\" cannot take part in a two-phase commit", kept->server_name);
    error_hint(error, "Set max_prepared_transactions of the remote server to a nonzero value, raise the server's option max_connections "
                      "where it is used up, or set medley.two_phase_commit to \"prefer\".");
    return false;
}

/* *able: how many of those can be prepared. */
static bool count_written(const RemoteSession *session, size_t *written, size_t *able, const Kept **unable, Error *error)
{
    *written = *able = 0;
    *unable = NULL;
    for (const Kept *kept = session->kept; kept; kept = kept->next) {
        if (!remote_check_written(kept, error))
            return false;
        if (!kept->is_written || !kept->locker)
            continue;
        bool prepares = can_prepare(kept);
        *written += 1;
        *able += prepares;
        *unable = prepares ? *unable : kept;
    }
    return true;
}

static void take_branch(RemoteSession *session, Work *work, Kept *kept)
{
    Branch *branch = &work->branches[work->count];
    CatBranch *noted = &work->noted[work->count++];
    noted->server = kept->server;
    noted->user = kept->user;
    noted->reach = arena_strdup(work->arena, kept->locker->entry->reach);
    *branch = (Branch){.session = session, .lent = kept->locker, .noted = noted};
    branch->server_name = arena_strdup(work->arena, kept->server_name);
    error_init(&branch->error, arena_open(work->arena)); /* one a thread */
}

/* The branches leave what is kept. Of each the connection that only read ends its transaction. */
static bool make_work(RemoteSession *session, size_t count, Error *error)
{
    Arena *arena = arena_open(NULL);
    Work *work = session->work = ARENA_NEW(arena, Work);
    *work = (Work){.arena = arena, .noted = ARENA_ARRAY(arena, CatBranch, count), .branches = ARENA_ARRAY(arena, Branch, count)};
    bool ok = true;
    for (Kept *kept = session->kept, *next; kept; kept = next) {
        next = kept->next;
        if (!kept->is_written || !kept->locker || !can_prepare(kept))
            continue;
        Lent *anchor = kept->anchor != kept->locker ? kept->anchor : NULL;
        take_branch(session, work, kept);
        remote_unkeep(session, kept);
        ok = (!anchor || remote_settle(session, anchor, ok, error)) && ok;
    }
    return ok;
}

/* ---- a branch ---- */

static FdwCall *branch_call(CallSpace *space, Branch *branch)
{
    return wrapper_call(space, branch->session, branch->error.arena, &TYPE_CONTEXT_CANONICAL, &branch->error);
}

static void prepare_branch(void *item)
{
    Branch *branch = item;
    CallSpace space;
    RemoteConnection *connection = &branch->lent->connection;
    branch->done = connection->module->prepare(branch_call(&space, branch), connection->connection, branch->noted->name);
}

/* Of what failed while it was prepared the source knows whether it is. */
static void end_branch(void *item)
{
    Branch *branch = item;
    CallSpace space;
    RemoteConnection *connection = &branch->lent->connection;
    bool found;
    error_clear(&branch->error);
    branch->done = remote_is_alive(connection) && connection->module->end_prepared(branch_call(&space, branch), connection->connection,
                                                                                   branch->noted->name, branch->commits, &found);
}

static void each_branch(const Work *work, void (*job)(void *branch))
{
    void **items = ARENA_ARRAY(work->arena, void *, work->count);
    for (size_t i = 0; i < work->count; i++)
        items[i] = &work->branches[i];
    wrapper_together(job, items, work->count);
}

/* ---- the phases ---- */

bool remote_prepare(RemoteSession *session, bool writes_here, Error *error)
{
    TwoPhase mode = session->limits.two_phase;
    size_t written, able;
    const Kept *unable;
    if (mode == TWO_PHASE_OFF || !session->host->coordinator)
        return true;
    if (!count_written(session, &written, &able, &unable, error))
        return false;
    if (written + writes_here < 2)
        return true;
    if (unable && mode == TWO_PHASE_REQUIRED)
        return refuse_unprepared(unable, error);
    if (!able)
        return true;
    if (!make_work(session, able, error))
        return false;
    Work *work = session->work;
    if (!coordinator_begin(session->host->coordinator, work->noted, work->count, error))
        return false;
    each_branch(work, prepare_branch);
    for (size_t i = 0; i < work->count; i++)
        if (!work->branches[i].done)
            return error_copy(error, &work->branches[i].error);
    return true;
}

bool remote_decide(RemoteSession *session, Catalog *catalog, Error *error)
{
    if (!session->work)
        return true;
    int64_t number = session->work->noted[0].number;
    if (!catalog_is_writing(catalog))
        return coordinator_decide(session->host->coordinator, number, error);
    catalog_decide(catalog, number);
    return true;
}

static void warn_left(const Branch *branch)
{
    const Error *error = &branch->error;
    const char *message =
        arena_printf(error->arena, "the transaction at server \"%s\" is prepared, and will be committed later", branch->server_name);
    notice_full(branch->session->notices, SEVERITY_WARNING, ERRCODE_WARNING, message,
                error_is_set(error) ? error->message : "The connection was lost.", NULL);
}

/* Gives the connections back, and what could not be ended to the resolver. */
static void finish(RemoteSession *session)
{
    Work *work = session->work;
    CatBranches ended = {0};
    Error ignored;
    error_init(&ignored, work->arena);
    for (size_t i = 0; i < work->count; i++) {
        Branch *branch = &work->branches[i];
        if (branch->done && branch->noted->number)
            vec_push(work->arena, &ended, *branch->noted);
        if (!branch->done && branch->commits)
            warn_left(branch);
        branch->lent->broken |= !remote_is_alive(&branch->lent->connection);
        if (!remote_settle(session, branch->lent, false, &ignored))
            error_clear(&ignored);
    }
    int64_t number = work->noted[0].number;
    if (ended.count)
        coordinator_end(session->host->coordinator, ended.items, ended.count);
    if (number)
        coordinator_leave(session->host->coordinator, number, ended.count == work->count);
    session->work = NULL;
    arena_close(work->arena);
}

static void end_work(RemoteSession *session, bool commits)
{
    Work *work = session->work;
    for (size_t i = 0; i < work->count; i++)
        work->branches[i].commits = commits;
    if (work->noted[0].number)
        each_branch(work, end_branch);
    finish(session);
}

void remote_commit_prepared(RemoteSession *session)
{
    if (session->work)
        end_work(session, true);
}

void remote_rollback_prepared(RemoteSession *session)
{
    if (session->work)
        end_work(session, false);
}
