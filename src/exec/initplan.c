/*
 * initplan.c - subplans that no row gives anything (PostgreSQL's InitPlans), run before there are rows. What they give, or their error, is
 * kept, and read by whichever of the engine's threads has a row that asks for it. So they cost the query around them none of its threads.
 *
 * Invariants:
 *  1. An error counts when a row asks for it, or the whole statement does (PlanSubplan.is_asked); a cancel, and that a source cannot be
 *     reached, at once.
 *  2. The sources' transactions outlive it: these are read apart (remote_begin_apart). What locks rows is not: apart it would wait for
 *     locks of the transaction itself. It is run before the query takes the connection that has them, and its error is the statement's.
 *  3. Where a user's function is called, which may tell what it does, or there is no connection to be had apart, or what comes is too large
 *     to be kept, they are run when a row asks for them, by the session's own thread.
 * Threads: the session's own.
 */
#include <string.h>

#include "exec/internal.h"

bool initplan_is_late(const Plan *plan)
{
    for (int i = 0; i < plan->nsubplans; i++)
        if (!plan->subplans[i].is_initplan || execution_calls_routines(plan->subplans[i].query))
            return true;
    return false;
}

static bool run(const Execution *execution, const PlanSubplan *subplan, FuncRoutineCall *call, Arena *arena, Error *error)
{
    const ExecRequest *request = &execution->request;
    *call = (FuncRoutineCall){
        .form = FUNC_ROUTINE_VALUE, .subplan = subplan, .types = subplan->types, .args = subplan->values, .nargs = subplan->nparams};
    if (sql_locks_rows(subplan->query))
        return request->functions->call_routine(request->functions, call, arena, error);
    RemoteApart outer = remote_begin_apart(request->remote);
    bool done = request->functions->call_routine(request->functions, call, arena, error);
    remote_end_apart(request->remote, outer, !done);
    return done;
}

/* PostgreSQL's wrappers connect before there are rows. */
static bool is_at_once(Execution *execution, const Error *error)
{
    static const char *const CLASSES[] = {ERRCODE_QUERY_CANCELED, ERRCODE_CONNECTION_FAILURE};
    bool found = execution_cancelled(execution);
    for (size_t i = 0; i < COUNT_OF(CLASSES); i++)
        found |= strncmp(error->sqlstate, CLASSES[i], 2) == 0;
    return found;
}

/* *kept: what it gave can be read from now on. false: the statement has failed. */
static bool run_one(Execution *execution, int number, bool *kept, Error *error)
{
    const PlanSubplan *subplan = &execution->request.plan->subplans[number];
    Arena *arena = arena_open(NULL);
    FuncRoutineCall call;
    Error failure;
    error_init(&failure, arena);
    bool done = run(execution, subplan, &call, arena, &failure);
    bool counts = !done && (subplan->is_asked || sql_locks_rows(subplan->query) || is_at_once(execution, &failure));
    if (counts)
        error_copy(error, &failure);
    else if (done || !str_eq(failure.sqlstate, ERRCODE_TOO_MANY_CONNECTIONS))
        *kept = routine_keep_answer(execution, number, done ? &call : &(FuncRoutineCall){0}, done ? NULL : &failure);
    arena_close(arena);
    return !counts;
}

bool initplan_run_all(Execution *execution, EngineSize *size, Error *error)
{
    const Plan *plan = execution->request.plan;
    for (int i = 0; i < plan->nsubplans; i++) {
        const PlanSubplan *subplan = &plan->subplans[i];
        bool kept = false, is_early = subplan->is_asked || (subplan->is_initplan && sql_locks_rows(subplan->query));
        if (*size == ENGINE_SERIAL && !is_early)
            continue;
        if (!run_one(execution, i, &kept, error))
            return false;
        if (!kept)
            *size = ENGINE_SERIAL;
    }
    return true;
}
