/*
 * locks.c - FOR UPDATE and its like: a source that answers the whole query locks the rows itself. Rows that nobody can lock, those of
 * files, are read as they are, as PostgreSQL does; so are those of local tables, which whoever has the catalog's writer has locked.
 *
 * Invariant: no lock that a source or this server could have taken is left out silently.
 * Threads: the session's own.
 */
#include "plan/internal.h"

static const char *const STRENGTHS[] = {"", "", "FOR KEY SHARE", "FOR SHARE", "FOR NO KEY UPDATE", "FOR UPDATE"};

/* ---- outer joins ---- */

static void mark_entries(const FromItem *item, bool *rtes)
{
    if (item->kind == FROM_RTE) {
        rtes[item->rte] = true;
        return;
    }
    mark_entries(item->left, rtes);
    mark_entries(item->right, rtes);
}

/* The entries that may be missing because of joins in the item: those that WHERE does not ask for. */
static void mark_missing(const Planner *planner, const Query *query, const FromItem *item, const ExprList *conditions, bool *missing)
{
    if (item->kind != FROM_JOIN)
        return;
    for (int side = 0; side < 2; side++) {
        const FromItem *part = side ? item->right : item->left;
        mark_missing(planner, query, part, conditions, missing);
        if (item->join != JOIN_FULL && item->join != (side ? JOIN_LEFT : JOIN_RIGHT))
            continue;
        bool *below = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
        mark_entries(part, below);
        bool wanted = reduce_rejects(conditions, below, planner->context->catalog);
        for (int i = 0; i < query->nrtes; i++)
            missing[i] |= below[i] && !wanted;
    }
}

/* true stops the walk: refused. */
static bool check_query(const Query *query, void *arg)
{
    Planner *planner = arg;
    if (query->nlocks) {
        ExprList conditions = {0};
        bool *missing = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
        if (query->where)
            refs_split_and(planner->arena, query->where, &conditions);
        for (int i = 0; i < query->nfrom; i++)
            mark_missing(planner, query, query->from[i], &conditions, missing);
        for (int i = 0; i < query->nlocks; i++)
            if (missing[query->locks[i].rte])
                return !error_set(planner->error, ERRCODE_FEATURE_NOT_SUPPORTED,
                                  "%s cannot be applied to the nullable side of an outer join", STRENGTHS[query->locks[i].strength]);
    }
    return query_walk_queries(query, check_query, planner);
}

bool locks_check(Planner *planner, const Query *query)
{
    return !check_query(query, planner);
}

/* ---- what no source answers whole ---- */

static bool may_be_unlocked(Planner *planner, const Rte *rte, const char *words)
{
    if (rte->kind == RTE_RELATION && rte->relation->kind == 'f') {
        const Source *source = source_of_relation(planner, rte);
        if (!source)
            return false;
        return source->dialect != sql_dialect("postgres") ||
               error_unsupported(planner->error, "%s where no PostgreSQL source answers the whole query is not supported", words);
    }
    if (rte->kind == RTE_LEAF && planner->leaves.items[rte->leaf - 1]->kind == LEAF_STORED &&
        (catalog_is_writing(planner->context->catalog) || planner->context->generate_only))
        return true;
    if (rte->kind == RTE_RELATION || rte->kind == RTE_LEAF)
        return error_unsupported(planner->error, "%s of rows of this server is not supported", words);
    for (int i = 0; rte->kind == RTE_SUBQUERY && i < rte->query->nrtes; i++)
        if (rte->query->rtes[i]->in_from && !may_be_unlocked(planner, rte->query->rtes[i], words))
            return false;
    return true;
}

/* A foreign table's rows, locked by the source that is asked for them. */
static bool is_left_to_source(Planner *planner, const Query *query)
{
    const char *reason;
    const Rte *rte = query->nlocks && query->nrtes == 1 ? query->rtes[0] : NULL;
    if (!rte || rte->kind != RTE_RELATION || rte->relation->kind != 'f')
        return false;
    const Source *source = source_of_relation(planner, rte);
    return source && source->dialect == sql_dialect("postgres") && source_can_say_query(planner, source, query, &reason);
}

static bool drop_locks(const Query *constant, void *arg)
{
    Planner *planner = arg;
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    if (is_left_to_source(planner, query))
        return false;
    for (int i = 0; i < query->nlocks; i++)
        if (!may_be_unlocked(planner, query->rtes[query->locks[i].rte], STRENGTHS[query->locks[i].strength]))
            return true;
    query->for_update = false;
    query->nlocks = 0;
    return query_walk_queries(query, drop_locks, planner);
}

bool locks_drop(Planner *planner, Query *query)
{
    return !drop_locks(query, planner);
}
