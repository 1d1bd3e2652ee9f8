/*
 * in_use.c - relations that the session's own queries are at: what is under way around a statement, and open cursors. Their definitions and
 * rows must not change meanwhile (PostgreSQL: CheckTableNotInUse).
 *
 * Invariants:
 *  1. Views are not there when a query runs. Partitioned tables that are only read are not used themselves, what is below them is.
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
        bool is_itself = relation && (strchr("rmf", relation->kind) || (is_written && relation->kind == 'p'));
        RelationInUse used = {relation ? relation->oid : OID_NONE, is_itself, relation && !query->rtes[i]->only};
        if (used.oid && (is_itself || relation->kind == 'p'))
            vec_push(portal->arena, &portal->relations, used);
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

static bool is_among(const Portal *portal, Oid relation, bool below)
{
    for (size_t i = 0; i < portal->relations.count; i++) {
        const RelationInUse *used = &portal->relations.items[i];
        if (used->oid == relation && (below ? used->below : used->itself))
            return true;
    }
    return false;
}

static bool is_used(const Session *session, Oid relation, bool below)
{
    for (const Portal *portal = session->in_use; portal; portal = portal->older)
        if (is_at_it(portal) && is_among(portal, relation, below))
            return true;
    return false;
}

/* By a query of what it inherits from. */
static bool is_used_above(const Session *session, Oid relation)
{
    static const char SQL[] = "WITH RECURSIVE up(oid) AS (SELECT inhparent FROM pg_inherits WHERE inhrelid = ?1"
                              " UNION SELECT inhparent FROM pg_inherits JOIN up ON inhrelid = up.oid) SELECT oid FROM up";
    if (!session->in_use)
        return false;
    Error ignored;
    error_init(&ignored, session->work);
    const CatalogRows *rows = catalog_query(session->catalog, session->work, &ignored, SQL, "o", relation);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (is_used(session, (Oid)CATALOG_CELL(rows, i, 0).i, true))
            return true;
    return false;
}

RelationUse in_use_find(void *arg, Oid relation)
{
    const Session *session = arg;
    if (is_used(session, relation, false) || is_used_above(session, relation))
        return RELATION_IN_QUERY;
    for (size_t i = 0; i < session->tx.events.count; i++)
        if (session->tx.events.items[i].relation == relation && !session->tx.events.items[i].is_done)
            return RELATION_HAS_EVENTS;
    return RELATION_UNUSED;
}
