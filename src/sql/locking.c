/*
 * locking.c - FOR UPDATE and its like (PostgreSQL manual, SELECT, "The Locking Clause").
 *
 * Invariant: an entry is locked once, by the strongest of the clauses that name it.
 */
#include "sql/analyze_int.h"

static const char *const STRENGTHS[] = {"", "", "FOR KEY SHARE", "FOR SHARE", "FOR NO KEY UPDATE", "FOR UPDATE"};

/* What cannot be locked, by its name alone. */
static const struct {
    RteKind kind;
    const char *what;
} REFUSED[] = {{RTE_JOIN, "a join"}, {RTE_FUNCTION, "a function"}, {RTE_VALUES, "VALUES"}, {RTE_CTE, "a WITH query"}};

static const char *not_lockable(const Query *query)
{
    return query->set_op                            ? "UNION/INTERSECT/EXCEPT"
           : query->distinct                        ? "DISTINCT clause"
           : query->ngroup || query->ngrouping_sets ? "GROUP BY clause"
           : query->having                          ? "HAVING clause"
           : query->has_aggs                        ? "aggregate functions"
           : query->has_windows                     ? "window functions"
           : query->has_set_functions               ? "set-returning functions in the target list"
                                                    : NULL;
}

static void lock(Scope *scope, int rte, const PgQuery__LockingClause *clause)
{
    Query *query = scope->query;
    RowLock *known = NULL;
    int strength = (int)clause->strength, wait = (int)clause->wait_policy;
    for (int i = 0; i < query->nlocks && !known; i++)
        known = query->locks[i].rte == rte ? &query->locks[i] : NULL;
    if (!known) {
        size_t used = (size_t)query->nlocks;
        query->locks = arena_grow(scope->an->arena, query->locks, used * sizeof(RowLock), (used + 1) * sizeof(RowLock));
        known = &query->locks[query->nlocks++];
        *known = (RowLock){.rte = rte};
    }
    known->strength = known->strength > strength ? known->strength : strength;
    known->wait = known->wait > wait ? known->wait : wait;
}

/* What is locked may be changed as well; a subquery's rows are those of its tables. */
static bool take_rights(Scope *scope, Rte *rte, const PgQuery__LockingClause *clause)
{
    if (rte->relation)
        rte->required |= ACL_UPDATE;
    if (rte->kind != RTE_SUBQUERY)
        return true;
    const char *what = not_lockable(rte->query);
    if (what)
        return error_set(scope->an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "%s is not allowed with %s", STRENGTHS[clause->strength], what);
    for (int i = 0; i < rte->query->nrtes; i++)
        if (rte->query->rtes[i]->in_from && !take_rights(scope, rte->query->rtes[i], clause))
            return false;
    return true;
}

static bool lock_named(Scope *scope, const PgQuery__RangeVar *name, const PgQuery__LockingClause *clause)
{
    Analyzer *an = scope->an;
    const Query *query = scope->query;
    const char *words = STRENGTHS[clause->strength];
    if (given(name->schemaname) || given(name->catalogname)) {
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "%s must specify unqualified relation names", words);
        return analyze_at(an, name->location);
    }
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        bool visible = rte->alias_written || (rte->kind != RTE_JOIN && (rte->kind != RTE_SUBQUERY || rte->relation));
        if (!rte->in_from || !visible || !rte->alias || strcmp(rte->alias, name->relname) != 0)
            continue;
        for (size_t j = 0; j < COUNT_OF(REFUSED); j++)
            if (rte->kind == REFUSED[j].kind) {
                error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "%s cannot be applied to %s", words, REFUSED[j].what);
                return analyze_at(an, name->location);
            }
        lock(scope, i, clause);
        return take_rights(scope, query->rtes[i], clause);
    }
    error_set(an->error, ERRCODE_UNDEFINED_TABLE, "relation \"%s\" in %s clause not found in FROM clause", name->relname, words);
    return analyze_at(an, name->location);
}

static bool lock_clause(Scope *scope, const PgQuery__LockingClause *clause)
{
    const Query *query = scope->query;
    const char *what = not_lockable(query);
    if (what)
        return error_set(scope->an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "%s is not allowed with %s", STRENGTHS[clause->strength], what);
    for (size_t i = 0; i < clause->n_locked_rels; i++)
        if (!lock_named(scope, clause->locked_rels[i]->range_var, clause))
            return false;
    for (int i = 0; i < query->nrtes && !clause->n_locked_rels; i++) {
        if (!query->rtes[i]->in_from || (query->rtes[i]->kind != RTE_RELATION && query->rtes[i]->kind != RTE_SUBQUERY))
            continue;
        lock(scope, i, clause);
        if (!take_rights(scope, query->rtes[i], clause))
            return false;
    }
    return true;
}

bool analyze_locking(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    for (size_t i = 0; i < stmt->n_locking_clause; i++)
        if (!lock_clause(scope, stmt->locking_clause[i]->locking_clause))
            return false;
    scope->query->for_update = stmt->n_locking_clause > 0;
    return true;
}
