/*
 * cursor_sources.c - the sources that a statement will read, when it is opened and no row has been asked for.
 *
 * PostgreSQL's scans begin when a cursor is opened: the user mapping is looked up then, and the source is connected to. What changes of a
 * mapping or a server afterwards does not count for the cursor.
 *
 * Invariants:
 *  1. No source is asked for rows here.
 *  2. A connection that was made is the transaction's in a block; outside it goes back to its pool, whence the rows' scan takes it.
 *
 * Entered by the session's worker only.
 */
#include "session/session_int.h"

typedef struct Sources {
    Portal *portal;
    Error *error;
    VEC(const RemoteTarget *) targets;
} Sources;

static void add_target(Sources *sources, const RemoteTarget *target)
{
    for (size_t i = 0; i < sources->targets.count; i++)
        if (sources->targets.items[i]->server->oid == target->server->oid && sources->targets.items[i]->user == target->user)
            return;
    vec_push(sources->portal->arena, &sources->targets, target);
}

/* True stops the walk: a target cannot be made. */
static bool add_query(const Query *query, void *arg)
{
    Sources *sources = arg;
    Session *session = sources->portal->session;
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        if (rte->kind != RTE_RELATION || !rte->relation->server)
            continue;
        const RemoteTarget *target =
            wrapper_target(session->hub->options.wrappers, session->catalog, rte->relation->server,
                           rte->check_as ? rte->check_as : session->current_user, sources->portal->arena, sources->error);
        if (!target)
            return true;
        add_target(sources, target);
    }
    return query_walk_queries(query, add_query, arg);
}

static bool add_plan(Sources *sources, const Plan *plan)
{
    for (int i = 0; i < plan->nleaves; i++)
        if (plan->leaves[i]->kind == LEAF_FOREIGN)
            add_target(sources, plan->leaves[i]->target);
    for (int i = 0; i < plan->nsubplans; i++) {
        const PlanSubplan *subplan = &plan->subplans[i];
        if (subplan->plan ? !add_plan(sources, subplan->plan) : add_query(subplan->query, sources))
            return false;
    }
    return true;
}

static bool connect_all(const Sources *sources)
{
    Session *session = sources->portal->session;
    size_t count = sources->targets.count;
    RemoteWant *wants = ARENA_ARRAY(sources->portal->arena, RemoteWant, count + 1);
    for (size_t i = 0; i < count; i++)
        wants[i] = (RemoteWant){.target = sources->targets.items[i], .connections = 1};
    bool in_transaction = session->tx.state == TX_BLOCK || session->routine_depth;
    if (count && !remote_acquire(session->remote, wants, count, in_transaction, sources->portal->arena, sources->error))
        return false;
    for (size_t i = 0; i < count; i++)
        remote_release(session->remote, wants[i].given[0], false);
    return true;
}

bool cursor_reach_sources(Portal *portal, Error *error)
{
    Sources sources = {.portal = portal, .error = error};
    Opening *opening = portal->opening;
    if (portal->kind != PORTAL_QUERY)
        return true;
    if (portal->plan ? !add_plan(&sources, portal->plan) : opening && add_query(opening->query, &sources))
        return false;
    for (size_t i = 0; i < sources.targets.count; i++)
        if (!wrapper_check_mapping(sources.targets.items[i], error))
            return false;
    if (!opening)
        return true;
    opening->targets = sources.targets.items;
    opening->ntargets = sources.targets.count;
    return connect_all(&sources);
}
