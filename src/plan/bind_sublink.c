/*
 * bind_sublink.c - bind joins of subqueries: what a subquery reads for the rows of the level that it stands in.
 *
 * Invariants:
 *  1. A row of the subquery that equals none of the level's keys is met by no row of the level (bind_find.c says which equalities these
 * are), so the subquery's answer for each of these is the same without it. Rows of the level that WHERE drops in any case have no say.
 *  2. Subqueries are planned before the level around them: a leaf may be bound within its own query by then. The fewer rows decide.
 * Threads: the session's own.
 */
#include "plan/bind.h"

typedef struct SublinkWalk {
    Binder *binder;
    const ExprList *where;
    bool decides, failed;
} SublinkWalk;

/* All pairs of the first one's two entries, from its place on. */
static void pairs_like(const Binder *binder, const KeyPairs *all, size_t first, KeyPairs *out)
{
    for (size_t i = first; i < all->count; i++)
        if (all->items[i].driver_rte == all->items[first].driver_rte && all->items[i].bound_rte == all->items[first].bound_rte)
            vec_push(binder->planner->arena, out, all->items[i]);
}

static void unbind(Planner *planner, Leaf *leaf)
{
    size_t kept = 0;
    for (size_t i = 0; i < planner->steps.count; i++)
        if (planner->steps.items[i].kind != STEP_BIND || planner->steps.items[i].leaf != leaf->number)
            planner->steps.items[kept++] = planner->steps.items[i];
    planner->steps.count = kept;
    leaf->rows = leaf->binding->rows;
    leaf->binding = NULL;
}

static bool bind_pairs(Binder *binder, const Query *inner, KeyPairs *pairs)
{
    Planner *planner = binder->planner;
    Leaf *leaf = bind_leaf_of(planner, inner, pairs->items[0].bound_rte);
    int driver = pairs->items[0].driver_rte;
    if (!bind_can_ask(leaf) || !bind_can_drive(planner, binder->query, driver))
        return true;
    if (binder->rows[driver] == 0)
        binder->rows[driver] = estimate_entry(planner, binder->query, driver);
    double now = estimate_leaf(planner, leaf), all = leaf->binding ? leaf->binding->rows : now;
    BindOffer offer = bind_offer(binder, pairs, inner, all);
    if (!bind_pays(binder, &offer, all) || (leaf->binding && offer.asked * 2 > now))
        return true;
    const LeafBinding *before = leaf->binding;
    if (before)
        unbind(planner, leaf);
    if (!bind_leaf(binder, leaf, pairs, &offer.conditions))
        return false;
    leaf->rows = leaf->binding ? offer.asked : all;
    return true;
}

static bool visit(const Expr *expr, void *arg)
{
    SublinkWalk *walk = arg;
    Planner *planner = walk->binder->planner;
    if (expr->kind == EXPR_SUBLINK && !walk->failed) {
        KeyPairs all = {0};
        bind_sublink_pairs(planner, walk->binder->query, expr, walk->decides, &all);
        for (size_t i = 0; i < all.count && !walk->failed; i++) {
            KeyPairs pairs = {0};
            all.items[i].around = walk->where;
            pairs_like(walk->binder, &all, i, &pairs);
            walk->failed = !bind_pairs(walk->binder, expr->u.sublink.query, &pairs);
        }
    }
    walk->decides = false;
    return expr_walk(expr, visit, arg);
}

bool bind_sublinks(Binder *binder)
{
    ExprList where = {0};
    refs_split_and(binder->planner->arena, binder->query->where, &where);
    SublinkWalk walk = {.binder = binder, .where = &where};
    for (size_t i = 0; i < where.count && !walk.failed; i++) {
        walk.decides = true;
        visit(where.items[i], &walk);
    }
    return !walk.failed;
}
