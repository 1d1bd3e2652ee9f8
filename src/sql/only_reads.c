/*
 * only_reads.c - whether a statement only reads. PostgreSQL asks its plan that before a function that is not volatile may run it, and the
 * rights that it needs on tables before a read-only transaction may. Any thread; trees are plain data.
 *
 * Invariants:
 *  1. What the planner of PostgreSQL leaves out does not count: WITH queries that nobody refers to, and subqueries beside a condition that
 *     is the constant false. Rights on the tables of a subquery in FROM are needed there too.
 *  2. A statement is named by the first rows that its plan locks: "SELECT FOR UPDATE"; "SELECT" where these are a subquery's as a whole.
 */
#include <string.h>

#include "sql/sql.h"

/* ---- what is planned ---- */

static bool is_never(const Expr *condition)
{
    if (!condition || condition->kind == EXPR_CONST)
        return condition && (!condition->u.value || strcmp(condition->u.value, "f") == 0);
    for (int i = 0; condition->kind == EXPR_AND && i < condition->nargs; i++)
        if (is_never(condition->args[i]))
            return true;
    return false;
}

/* from: the subqueries of FROM too where no row passes. */
static bool walk_planned(const Query *query, bool from, bool (*fn)(const Query *child, void *arg), void *arg)
{
    Query rest = *query;
    rest.nctes = 0;
    if (is_never(query->where)) {
        rest.where = NULL;
        rest.nrtes = from ? rest.nrtes : 0;
        rest.nfrom = from ? rest.nfrom : 0;
    }
    for (int i = 0; i < query->nctes; i++)
        if ((query->ctes[i].references || query->ctes[i].query->kind != QUERY_SELECT) && fn(query->ctes[i].query, arg))
            return true;
    return query_walk_queries(&rest, fn, arg);
}

/* ---- rows that are locked ---- */

static bool has_lock(const Query *query, void *arg)
{
    return query->for_update || query_walk_queries(query, has_lock, arg);
}

bool sql_locks_rows(const Query *query)
{
    return has_lock(query, NULL);
}

/* One that becomes a part of the query around it. */
static bool is_pulled_up(const Rte *rte)
{
    const Query *query = rte->kind == RTE_SUBQUERY ? rte->query : NULL;
    return query && query->kind == QUERY_SELECT && !query->set_op && !query->norder && !query->limit && !query->offset && !query->nctes &&
           !query->for_update;
}

typedef struct RowMarks {
    bool tables, others; /* among the entries of FROM */
} RowMarks;

static RowMarks marks_of(const Rte *rte)
{
    RowMarks marks = {.tables = rte->kind == RTE_RELATION, .others = rte->kind != RTE_RELATION && rte->kind != RTE_JOIN};
    if (!is_pulled_up(rte))
        return marks;
    marks.others = false;
    for (int i = 0; i < rte->query->nrtes; i++) {
        RowMarks inner = rte->query->rtes[i]->in_from ? marks_of(rte->query->rtes[i]) : (RowMarks){0};
        marks.tables |= inner.tables;
        marks.others |= inner.others && !rte->query->is_values;
    }
    return marks;
}

/* As the parser numbers it; 0: of a whole subquery. */
typedef struct FirstLock {
    int strength;
} FirstLock;

static bool find_lock(const Query *query, void *arg)
{
    FirstLock *lock = arg;
    bool marks_others = false;
    for (int pulled_up = 0; pulled_up < 2; pulled_up++)
        for (int i = 0; i < query->nlocks; i++) {
            const Rte *rte = query->rtes[query->locks[i].rte];
            lock->strength = query->locks[i].strength;
            if ((rte->kind == RTE_RELATION || pulled_up) && marks_of(rte).tables)
                return true;
        }
    for (int i = 0; i < query->nrtes && query->nlocks; i++)
        marks_others |= query->rtes[i]->in_from && marks_of(query->rtes[i]).others;
    lock->strength = 0;
    return marks_others || walk_planned(query, false, find_lock, arg);
}

bool sql_only_reads(const Query *query)
{
    FirstLock lock;
    return query->kind == QUERY_SELECT && !query->has_writes && !find_lock(query, &lock);
}

const char *sql_query_name(const Query *query)
{
    static const char *const NAMES[] = {
        [QUERY_INSERT] = "INSERT", [QUERY_UPDATE] = "UPDATE", [QUERY_DELETE] = "DELETE", [QUERY_MERGE] = "MERGE"};
    static const char *const LOCKS[] = {
        "SELECT", "SELECT", "SELECT FOR KEY SHARE", "SELECT FOR SHARE", "SELECT FOR NO KEY UPDATE", "SELECT FOR UPDATE"};
    FirstLock lock = {0};
    if (query->kind != QUERY_SELECT)
        return NAMES[query->kind];
    return find_lock(query, &lock) ? LOCKS[lock.strength] : "SELECT";
}

/* ---- rights ---- */

static bool is_lasting(const Rte *rte, Catalog *catalog)
{
    return rte->relation && rte->relation->kind != 'v' && (rte->required & ~ACL_SELECT) &&
           !catalog_is_temporary(catalog, rte->relation->namespace_oid);
}

static bool finds_lasting(const Query *query, void *arg)
{
    for (int i = 0; i < query->nrtes; i++)
        if (is_lasting(query->rtes[i], arg))
            return true;
    for (int i = 0; i < query->nactions; i++)
        if (query->actions[i].inserts && is_lasting(query->actions[i].inserts, arg))
            return true;
    return walk_planned(query, true, finds_lasting, arg);
}

bool sql_needs_write(const Query *query, Catalog *catalog)
{
    return finds_lasting(query, catalog);
}
