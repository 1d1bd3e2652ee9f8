/*
 * routine_host.c - what PL/pgSQL's interpreter needs of its session: SQL, subtransactions, COMMIT and ROLLBACK.
 *
 * Invariants:
 *  1. A statement inside a function is a portal like the client's own, whose rows go to the interpreter.
 *  2. A subtransaction is a savepoint without a name.
 *  3. A transaction is ended inside only when the DO or CALL has it for itself.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/routine.h"

/* ---- rows to the interpreter ---- */

typedef struct Taker {
    Dest dest;
    const PlSink *sink; /* NULL: rows are dropped */
    const PlanColumn *columns;
    int ncolumns;
    Arena *scratch;
    Error *error;
    bool stopped;
} Taker;

static bool take(Taker *taker, const char *const *cells)
{
    taker->dest.count++;
    if (!taker->sink || taker->sink->row(taker->sink->arg, cells, taker->error))
        return true;
    taker->stopped = true;
    return false;
}

static bool take_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    Taker *taker = arg;
    for (size_t row = first; row < first + count; row++) {
        arena_reset(taker->scratch);
        const char **cells = ARENA_ARRAY(taker->scratch, const char *, taker->ncolumns + 1);
        if (!rows_to_texts(batch, row, taker->columns, taker->ncolumns, cells, taker->scratch, taker->error) || !take(taker, cells))
            return false;
    }
    return true;
}

static bool take_raw(void *arg, const FdwField *fields, size_t nfields)
{
    Taker *taker = arg;
    arena_reset(taker->scratch);
    const char **cells = ARENA_ARRAY(taker->scratch, const char *, nfields + 1);
    for (size_t i = 0; i < nfields; i++)
        cells[i] = fields[i].length < 0 ? NULL : arena_strndup(taker->scratch, fields[i].bytes, (size_t)fields[i].length);
    return take(taker, cells);
}

/* ---- one statement ---- */

static bool give_columns(Taker *taker, const Portal *portal, Error *error)
{
    if (!taker->sink || !portal->columns)
        return true;
    PlColumn *columns = ARENA_ARRAY(portal->arena, PlColumn, portal->ncolumns + 1);
    for (int i = 0; i < portal->ncolumns; i++) {
        const PlanColumn *column = &portal->columns[i];
        columns[i] = (PlColumn){column->name, column->type, column->typmod, column->fields, column->collation};
    }
    return taker->sink->columns(taker->sink->arg, columns, portal->ncolumns, error);
}

static bool run_planned(Portal *portal, const PlSink *sink, uint64_t *count, Error *error)
{
    bool complete;
    Taker taker = {.sink = sink, .columns = portal->columns, .ncolumns = portal->ncolumns, .error = error};
    taker.scratch = arena_open(portal->arena);
    taker.dest = (Dest){.sink = {.arg = &taker, .batch = take_batch, .raw = take_raw}, .error = error};
    if (!give_columns(&taker, portal, error))
        return false;
    bool done = portal_run(portal, 0, &taker.dest, &complete, error);
    *count = portal->kind == PORTAL_INSERT || portal->kind == PORTAL_COMMAND ? portal->inserted : taker.dest.count;
    return done || (taker.stopped && !error_is_set(error));
}

bool routine_run_portal(Session *session, Portal *portal, const PlSql *sql, const PlSink *sink, uint64_t *count, bool *is_query,
                        Error *error)
{
    PortalParams params = {.sql = sql};
    *count = 0;
    if (!portal_plan(portal, sql->node, sql->text, sql->text, &params, error))
        return false;
    *is_query = portal->columns != NULL;
    return run_planned(portal, sink, count, error);
}

static bool plan_for_row(Portal *portal, const PlanSubplan *subplan, const PortalParams *params, Error *error)
{
    if (!subplan->plan)
        return portal_plan_checked(portal, subplan->query, params, error);
    portal_take_plan(portal, plan_bind(subplan->plan, params->values, portal->arena));
    return true;
}

bool routine_run_subplan(Session *session, const PlanSubplan *subplan, const PortalParams *params, const PlSink *sink, Error *error)
{
    uint64_t count;
    Portal *portal = portal_make(session, "");
    session->routine_depth++;
    bool done =
        routine_may_go_deeper(session, error) && plan_for_row(portal, subplan, params, error) && run_planned(portal, sink, &count, error);
    session->routine_depth--;
    portal_close(portal);
    return done;
}

static bool host_execute(void *arg, const PlSql *sql, const PlSink *sink, uint64_t *count, bool *is_query, Arena *arena, Error *error)
{
    Session *session = arg;
    const char *source_text = session->source_text;
    *count = 0;
    *is_query = false;
    Portal *portal = portal_make(session, "");
    bool done = routine_run_portal(session, portal, sql, sink, count, is_query, error);
    portal_close(portal);
    session->source_text = source_text;
    return done;
}

static bool host_call(void *arg, Oid proc, Oid result, const Oid *types, const char *const *args, int nargs, const char **out, Arena *arena,
                      Error *error)
{
    RoutineCall call = {.proc = proc, .result_type = result, .types = types, .args = args, .nargs = nargs};
    bool done = routine_call(arg, &call, arena, error);
    *out = call.result;
    return done;
}

static const Expr *host_fold(void *arg, const Expr *expr, Arena *arena, Error *error)
{
    return routine_fold(arg, expr, NULL, arena, error);
}

static bool host_cursor_open(void *arg, const PlSql *sql, PlCursor *cursor, Arena *arena, Error *error)
{
    return routine_cursor_open(arg, sql, cursor, arena, error);
}

static bool host_cursor_exists(void *arg, const char *name)
{
    return routine_cursor_exists(arg, name);
}

static bool host_cursor_fetch(void *arg, const PlFetch *fetch, const PlSink *sink, uint64_t *count, Error *error)
{
    return routine_cursor_fetch(arg, fetch, sink, count, error);
}

static bool host_cursor_close(void *arg, const char *name, bool is_pinned, Error *error)
{
    return routine_cursor_close(arg, name, is_pinned, error);
}

static bool host_check(void *arg, Error *error)
{
    return session_check_interrupt(arg, error);
}

static bool host_begin(void *arg, Error *error)
{
    return transaction_sub_begin(arg, error);
}

static bool host_commit(void *arg, Error *error)
{
    return transaction_sub_commit(arg, error);
}

static void host_abort(void *arg)
{
    transaction_sub_abort(arg);
}

static bool host_end(void *arg, bool commit, bool chain, Error *error)
{
    return transaction_end_inside(arg, commit, chain, error);
}

static bool host_may_end(void *arg)
{
    return ((Session *)arg)->routine_ends;
}

static bool host_in_block(void *arg)
{
    return transaction_in_block(arg);
}

static void host_snapshot(void *arg)
{
    ((Session *)arg)->tx.has_snapshot = true;
}

PlHost *routine_host(Session *session, Arena *arena)
{
    PlHost *host = ARENA_NEW(arena, PlHost);
    *host = (PlHost){.arg = session,
                     .innermost = &session->routines,
                     .catalog = session->catalog,
                     .functions = &session->functions,
                     .notices = &session->notices,
                     .execute = host_execute,
                     .cursor_open = host_cursor_open,
                     .cursor_exists = host_cursor_exists,
                     .cursor_fetch = host_cursor_fetch,
                     .cursor_close = host_cursor_close,
                     .call = host_call,
                     .fold = host_fold,
                     .subtransaction_begin = host_begin,
                     .subtransaction_commit = host_commit,
                     .subtransaction_abort = host_abort,
                     .end_transaction = host_end,
                     .may_end_transaction = host_may_end,
                     .check_interrupt = host_check,
                     .in_block = host_in_block,
                     .take_snapshot = host_snapshot};
    return host;
}
