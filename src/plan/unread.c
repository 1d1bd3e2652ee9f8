/*
 * unread.c - columns of a UNION ALL that nobody reads are left out: its sides do not compute them, nor are they fetched from sources.
 *
 * Invariants:
 *  1. What is volatile is computed, though nobody reads it, as in PostgreSQL.
 *  2. A side that groups, sorts or tells rows apart, or has targets besides its columns, keeps the union as it is.
 *  3. One column is left in any case, of NULLs where it is not read.
 * Threads: the session's own.
 */
#include "plan/internal.h"

typedef struct Unread {
    Planner *planner;
    int rte, ncolumns;
    bool *stays; /* by column, from 1 */
    int *places; /* what stays: its new number */
} Unread;

/* What the sides need stays. false: they keep all. */
static bool ask_sides(const Unread *unread, const Query *side)
{
    if (side->set_op)
        return query_is_union_all(side) && ask_sides(unread, side->left) && ask_sides(unread, side->right);
    if (!query_is_row_wise(side) || side->norder || side->is_values || side->ntargets != unread->ncolumns)
        return false;
    for (int i = 0; i < side->ntargets; i++)
        unread->stays[i + 1] |= expr_is_volatile(side->targets[i].expr, unread->planner->context->catalog);
    return true;
}

static void drop_targets(const Unread *unread, Query *query)
{
    int kept = 0;
    if (query->set_op) {
        drop_targets(unread, query->left);
        drop_targets(unread, query->right);
    }
    for (int i = 0; i < query->ntargets; i++) {
        if (!unread->places[i + 1])
            continue;
        Target target = query->targets[i];
        if (query->set_op)
            target.expr = expr_var(unread->planner->arena, 0, kept + 1, target.expr->type, target.expr->typmod, target.expr->collation);
        else if (!unread->stays[i + 1])
            target.expr = expr_const_like(unread->planner->arena, target.expr, NULL);
        query->targets[kept++] = target;
    }
    query->ntargets = kept;
}

static Expr *renumber(Expr *expr, int level, void *arg)
{
    const Unread *unread = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == level && expr->u.var.rte == unread->rte && expr->u.var.column > 0)
        expr->u.var.column = unread->places[expr->u.var.column];
    return expr;
}

static void drop(Unread *unread, Query *query)
{
    Rte *rte = query->rtes[unread->rte];
    int kept = 0, left = 0;
    for (int i = 1; i <= rte->ncolumns; i++)
        left += unread->stays[i];
    for (int i = 1; i <= rte->ncolumns; i++)
        if (unread->stays[i] || (!left && i == 1))
            unread->places[i] = ++kept;
    if (kept == rte->ncolumns)
        return;
    drop_targets(unread, rte->query);
    RteColumn *columns = ARENA_ARRAY(unread->planner->arena, RteColumn, kept + 1);
    for (int i = 1; i <= rte->ncolumns; i++)
        if (unread->places[i])
            columns[unread->places[i] - 1] = rte->columns[i - 1];
    rte->columns = columns;
    rte->ncolumns = kept;
    query_map_exprs(query, true, renumber, unread);
}

void unread_drop(Planner *planner, Query *query)
{
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        if (rte->kind != RTE_SUBQUERY || !query_is_union_all(rte->query))
            continue;
        Unread unread = {planner, i, rte->ncolumns, ARENA_ARRAY(planner->arena, bool, rte->ncolumns + 1),
                         ARENA_ARRAY(planner->arena, int, rte->ncolumns + 1)};
        query_columns_read(query, i, unread.stays);
        if (ask_sides(&unread, rte->query))
            drop(&unread, query);
    }
}
