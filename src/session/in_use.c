/*
 * in_use.c - relations that the session's own queries are at: what is under way around a statement, and open cursors. Their definitions and
 * rows must not change meanwhile (PostgreSQL: CheckTableNotInUse).
 *
 * Invariants:
 *  1. Views are not there when a query runs, nor are partitioned tables that are only read.
 *  2. A portal is in the session's list from when it is planned to its end, or the transaction's.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/session_int.h"

static bool note(const Query *query, void *arg)
{
    Portal *portal = arg;
    for (int i = 0; i < query->nrtes; i++) {
        const CatRelation *relation = query->rtes[i]->relation;
        bool is_written = i == query->result_rte && query->kind != QUERY_SELECT;
        if (relation && relation->oid && (strchr("rmf", relation->kind) || (is_written && relation->kind == 'p')))
            vec_push(portal->arena, &portal->relations, relation->oid);
    }
    if (query->returning)
        note(query->returning, arg);
    return query_walk_queries(query, note, arg);
}

void in_use_begin(Portal *portal, const Query *query)
{
    Session *session = portal->session;
    note(query, portal);
    if (!portal->relations.count)
        return;
    portal->older = session->in_use;
    session->in_use = portal;
}

void in_use_end(Portal *portal)
{
    Portal **at = &portal->session->in_use;
    while (*at && *at != portal)
        at = &(*at)->older;
    if (*at)
        *at = portal->older;
}

void in_use_end_all(Session *session)
{
    session->in_use = NULL;
}

static bool is_at_it(const Portal *portal)
{
    return !portal->is_failed && !portal->explain_only && (portal->is_running || portal->is_cursor || !(portal->at_end || portal->is_done));
}

RelationUse in_use_find(void *arg, Oid relation)
{
    const Session *session = arg;
    for (const Portal *portal = session->in_use; portal; portal = portal->older)
        for (size_t i = 0; is_at_it(portal) && i < portal->relations.count; i++)
            if (portal->relations.items[i] == relation)
                return RELATION_IN_QUERY;
    for (size_t i = 0; i < session->tx.events.count; i++)
        if (session->tx.events.items[i].relation == relation && !session->tx.events.items[i].is_done)
            return RELATION_HAS_EVENTS;
    return RELATION_UNUSED;
}
