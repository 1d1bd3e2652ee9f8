/*
 * subplan_row.c - which rows a subplan in FROM that calls volatile functions is run for: those of the entries that it reads, and of those
 * that they read in turn. Where an outer join may fill one up, the rows of all that it joins count. subplan_join.c numbers them.
 *
 * Threads: the session's own.
 */
#include "plan/internal.h"

/* ---- which entries ---- */

void subplan_add_read_by(const Rte *rte, bool *seen)
{
    Expr probe = {.kind = EXPR_SUBLINK, .u.sublink = {.query = rte->query}};
    if (rte->query)
        refs_of_expr(&probe, seen);
    for (int i = 0; i < rte->nfunctions; i++)
        refs_of_expr(rte->functions[i], seen);
    for (int i = 0; i < rte->nrows; i++)
        for (int k = 0; k < rte->ncolumns; k++)
            refs_of_expr(rte->rows[i][k], seen);
}

static bool any_of(const FromItem *item, const bool *seen)
{
    return item->kind == FROM_RTE ? seen[item->rte] : any_of(item->left, seen) || any_of(item->right, seen);
}

static void add_all(const FromItem *item, bool *seen)
{
    if (item->kind == FROM_RTE) {
        seen[item->rte] = true;
        return;
    }
    add_all(item->left, seen);
    add_all(item->right, seen);
}

/* The entry itself stands in none of the joins whose rows it reads. */
static bool add_joined(const FromItem *item, int entry, bool *seen)
{
    if (item->kind == FROM_RTE)
        return item->rte == entry;
    bool left = add_joined(item->left, entry, seen), right = add_joined(item->right, entry, seen);
    bool is_outer = item->join == JOIN_LEFT || item->join == JOIN_RIGHT || item->join == JOIN_FULL;
    if (!left && !right && is_outer && any_of(item, seen))
        add_all(item, seen);
    return left || right;
}

bool subplan_reads_rows(const Query *query, int entry, Arena *arena)
{
    bool *seen = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    subplan_add_read_by(query->rtes[entry], seen);
    for (int i = 0; i < query->nrtes; i++)
        if (seen[i])
            return true;
    return false;
}

bool *subplan_rows_read(const Query *query, int entry, Arena *arena)
{
    bool *seen = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    subplan_add_read_by(query->rtes[entry], seen);
    for (int i = query->nrtes - 1; i >= 0; i--) /* entries read only those before them */
        if (seen[i])
            subplan_add_read_by(query->rtes[i], seen);
    for (int i = 0; i < query->nfrom; i++)
        add_joined(query->from[i], entry, seen);
    return seen;
}

/* ---- conditions that are asked before ---- */

static bool is_of_system(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_VAR && expr->u.var.column <= 0) || expr_walk(expr, is_of_system, arg);
}

/* A condition on the columns of that entry alone. */
static bool is_about(const Planner *planner, const Query *query, int entry, const Expr *condition)
{
    bool *seen = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
    refs_of_expr(condition, seen);
    bool about = seen[entry];
    for (int i = 0; i < query->nrtes; i++)
        about &= i == entry || !seen[i];
    return about && !refs_outer_expr(condition) && !refs_has_sublink(condition) && !is_of_system(condition, NULL) &&
           !expr_is_volatile(condition, planner->context->catalog);
}

void subplan_push_conditions(Planner *planner, Query *query)
{
    Arena *arena = planner->arena;
    bool *nullable = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    ExprList all = {0}, kept = {0};
    for (int i = 0; i < query->nfrom; i++)
        push_mark_nullable(query->from[i], false, nullable);
    refs_split_and(arena, query->where, &all);
    for (size_t i = 0; i < all.count; i++) {
        int entry = refs_only_entry(all.items[i]);
        const Rte *rte = entry >= 0 && !nullable[entry] && is_about(planner, query, entry, all.items[i]) ? query->rtes[entry] : NULL;
        bool barrier = rte && rte->relation && rte->relation->security_barrier;
        if (!rte || !rte->query || barrier || !query_is_volatile(rte->query, planner->context->catalog) ||
            !push_onto(planner, rte->query, all.items[i]))
            vec_push(arena, &kept, all.items[i]);
    }
    query->where = refs_make_and(arena, kept.items, kept.count);
}
