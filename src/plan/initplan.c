/*
 * initplan.c - subqueries about nothing outside that may fail. PostgreSQL runs such a one (an InitPlan) when a row asks for it first, and
 * never if none does; the local engine computes it with all else. So it becomes a subplan without parameters (subplan.c), which is run when
 * it is asked for, and remembered.
 *
 * Invariants:
 *  1. A query that one source can answer whole is left to it: it does as PostgreSQL does. So are conditions, and groups, that one server
 *     can be asked for: PostgreSQL's wrappers ask it with the subquery's value, which they compute first, rows or none.
 *  2. A query without FROM asks for all that its select list has: what it may leave out is guard.c's.
 * Threads: the session's own.
 */
#include "plan/internal.h"

/* Whose rows are read. */
typedef struct Read {
    bool any, several;
    Oid server;
    bool is_system;
} Read;

static void read_entry(Read *read, const Rte *rte)
{
    if (rte->kind != RTE_RELATION)
        return;
    const CatRelation *relation = rte->relation;
    bool is_own = !relation->is_system && !relation->server;
    bool is_other = read->any && (read->server != relation->server || read->is_system != relation->is_system);
    *read =
        (Read){.any = true, .several = read->several || is_own || is_other, .server = relation->server, .is_system = relation->is_system};
}

static bool read_query(const Query *query, void *arg)
{
    Read *read = arg;
    for (int i = 0; i < query->nrtes; i++)
        read_entry(read, query->rtes[i]);
    return query_walk_queries(query, read_query, arg);
}

/* ---- finding them ---- */

/* How often the items of one query's WITH are read in what stands in it. */
typedef struct ItemReads {
    int *count; /* by item */
    int level;
    bool others; /* those of queries further around are read */
} ItemReads;

static bool count_reads(const Query *query, void *arg)
{
    ItemReads *reads = arg;
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        if (rte->kind != RTE_CTE || rte->cte_levels_up < reads->level)
            continue;
        if (rte->cte_levels_up == reads->level)
            reads->count[rte->cte]++;
        else
            reads->others = true;
    }
    reads->level++;
    query_walk_queries(query, count_reads, arg);
    reads->level--;
    return false;
}

/* The items of WITH that the subquery reads are made in it, so that they are read by nobody else. */
static bool has_items_alone(const Planner *planner, const Query *query, const Query *around)
{
    ItemReads reads = {.count = ARENA_ARRAY(planner->arena, int, around->nctes + 1), .level = 1};
    count_reads(query, &reads);
    for (int i = 0; i < around->nctes; i++)
        if (reads.count[i] && (around->ctes[i].references != reads.count[i] || refs_outer_query(around->ctes[i].query)))
            return false;
    return !reads.others;
}

static bool is_initplan(const Planner *planner, const Query *around, const Expr *expr)
{
    if (expr->kind != EXPR_SUBLINK || expr->nargs || expr->type == TYPE_RECORD)
        return false;
    const Query *query = expr->u.sublink.query;
    return !refs_outer_rows(query) && (!refs_outer_query(query) || has_items_alone(planner, query, around)) &&
           guard_sublink_fails(planner, expr) && !query_is_volatile(query, planner->context->catalog);
}

typedef struct Finding {
    const Planner *planner;
    const Query *query; /* that the expression stands in */
    ExprList *out;      /* NULL: only whether there is one */
} Finding;

static bool find(const Expr *expr, void *arg)
{
    const Finding *finding = arg;
    bool found = is_initplan(finding->planner, finding->query, expr);
    if (found && finding->out)
        vec_push(finding->planner->arena, finding->out, (Expr *)(uintptr_t)expr); /* of the planner's own copy */
    return (found && !finding->out) || expr_walk(expr, find, arg);
}

static bool has_initplan(const Planner *planner, const Query *query, const Expr *expr)
{
    Finding finding = {planner, query, NULL};
    return expr && find(expr, &finding);
}

/* Entries of one server that can be asked more than for a table's rows; seen: of these only, NULL: all. */
static bool is_of_one_server(Planner *planner, const Query *query, const bool *seen)
{
    Query entries = {.kind = QUERY_SELECT, .arena = planner->arena, .rtes = ARENA_ARRAY(planner->arena, Rte *, query->nrtes + 1)};
    for (int i = 0; i < query->nrtes; i++) {
        if (seen && !seen[i])
            continue;
        if (query->rtes[i]->kind != RTE_RELATION && query->rtes[i]->kind != RTE_SUBQUERY && query->rtes[i]->kind != RTE_JOIN)
            return false;
        entries.rtes[entries.nrtes++] = query->rtes[i];
    }
    Read read = {0};
    read_query(&entries, &read);
    if (!read.any || read.several || read.is_system)
        return false;
    Owner owner;
    return source_owner(planner, &entries, &owner) && source_has_dialect(owner);
}

static bool is_left_whole(Planner *planner, const Query *query)
{
    Read read = {0};
    Owner owner;
    read_query(query, &read);
    return read.any && !read.several && source_owner(planner, query, &owner) && source_has_dialect(owner) &&
           source_can_say_query(planner, owner.source, query, NULL);
}

static void find_in_terms(Planner *planner, const Query *query, Expr *condition, ExprList *out)
{
    Finding finding = {planner, query, out};
    ExprList terms = {0};
    refs_split_and(planner->arena, condition, &terms);
    for (size_t i = 0; i < terms.count; i++) {
        if (!has_initplan(planner, query, terms.items[i]))
            continue;
        bool *seen = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
        refs_of_expr(terms.items[i], seen);
        if (!is_of_one_server(planner, query, seen))
            find(terms.items[i], &finding);
    }
}

static void find_in_joins(Planner *planner, const Query *query, const FromItem *item, ExprList *out)
{
    if (item->kind == FROM_RTE)
        return;
    find_in_joins(planner, query, item->left, out);
    find_in_joins(planner, query, item->right, out);
    if (item->on)
        find_in_terms(planner, query, item->on, out);
}

/* Of rows, or groups, that have been chosen. */
static void find_in_chosen(Planner *planner, const Query *query, ExprList *out)
{
    Finding finding = {planner, query, out};
    for (int i = 0; i < query->ntargets; i++)
        find(query->targets[i].expr, &finding);
    if (query->having)
        find(query->having, &finding);
    for (int i = 0; i < query->nwindows; i++) {
        const Window *window = &query->windows[i];
        for (int k = 0; k < window->npartition; k++)
            find(window->partition[k], &finding);
        for (int k = 0; k < window->norder; k++)
            find(window->order[k], &finding);
    }
}

void initplan_find(Planner *planner, const Query *query, ExprList *out)
{
    bool has_rows = query->nfrom || refs_outer_rows(query); /* its own, or it is asked by those outside */
    if (!has_rows || query->set_op || is_left_whole(planner, query))
        return;
    for (int i = 0; i < query->nfrom; i++)
        find_in_joins(planner, query, query->from[i], out);
    find_in_terms(planner, query, query->where, out);
    ExprList chosen = {0};
    find_in_chosen(planner, query, &chosen);
    bool is_grouped = query->has_aggs || query->ngroup || query->grouping_sets || query->having;
    if (!chosen.count || (is_grouped && is_of_one_server(planner, query, NULL)))
        return;
    for (size_t i = 0; i < chosen.count; i++)
        vec_push(planner->arena, out, chosen.items[i]);
}

static bool has_one(const Query *query, void *arg)
{
    Planner *planner = arg;
    ExprList found = {0};
    initplan_find(planner, query, &found);
    return found.count || has_initplan(planner, query, query->limit) || has_initplan(planner, query, query->offset) ||
           query_walk_queries(query, has_one, planner);
}

/* ---- what is asked for before there are rows ---- */

static Expr *asked(Planner *planner, Query *outside, Expr *expr)
{
    Query *query = ARENA_NEW(planner->arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = planner->arena, .ntargets = 1, .has_sublinks = true};
    query->targets = ARENA_NEW(planner->arena, Target);
    query->targets[0] = (Target){.expr = expr_copy(expr, planner->arena), .name = "asked"};
    Expr *call = subplan_call(planner, outside, query);
    for (int i = 0; call && i < call->nargs; i++)
        if (call->args[i]->kind != EXPR_PARAM)
            return expr;
    if (!call)
        return expr;
    call->type = expr->type;
    call->typmod = expr->typmod;
    call->u.subplan.is_asked = true;
    return call;
}

/* Of no row: it is looked at once. */
static bool is_of_no_row(Planner *planner, const Query *query, const Expr *term)
{
    bool *seen = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1), any = false;
    refs_of_expr(term, seen);
    for (int i = 0; i < query->nrtes; i++)
        any |= seen[i];
    return !any && !refs_outer_expr(term) && !expr_is_volatile(term, planner->context->catalog);
}

void initplan_ask(Planner *planner, Query *query)
{
    if (!query->nfrom || query->set_op || is_left_whole(planner, query))
        return;
    ExprList terms = {0}, once = {0}, others = {0};
    refs_split_and(planner->arena, query->where, &terms);
    for (size_t i = 0; i < terms.count; i++)
        if (is_of_no_row(planner, query, terms.items[i]))
            vec_push(planner->arena, &once, terms.items[i]);
        else
            vec_push(planner->arena, &others, terms.items[i]);
    Expr *first = refs_make_and(planner->arena, once.items, once.count);
    if (has_initplan(planner, query, first)) {
        vec_push(planner->arena, &others, asked(planner, query, first));
        query->where = refs_make_and(planner->arena, others.items, others.count);
    }
    if (has_initplan(planner, query, query->limit))
        query->limit = asked(planner, query, query->limit);
    if (has_initplan(planner, query, query->offset))
        query->offset = asked(planner, query, query->offset);
}

bool initplan_is_wanted(Planner *planner, const Query *query)
{
    return has_one(query, planner);
}
