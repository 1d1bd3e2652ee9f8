/*
 * bind_find.c - the equalities of a query level that allow a bind join.
 *
 * Invariants:
 *  1. A side may be bound by an equality only where a row of it that meets the equality for no row of the other side is in no row of the
 *     join: for conditions of WHERE and inner joins not below the side of an outer join that may be missing, for those of a left join
 *     only on that side.
 *  2. Only types whose equality is the same in every source, and whose values have one canonical text or only equal ones.
 *  3. Neither side refers to an enclosing query, calls a volatile function or has a sublink.
 * Threads: the session's own.
 */
#include <string.h>

#include "plan/bind.h"

static bool is_key_type(Oid type)
{
    static const Oid TYPES[] = {TYPE_BOOL, TYPE_INT2,    TYPE_INT4,   TYPE_INT8,   TYPE_OID,  TYPE_TEXT, TYPE_NAME,      TYPE_BPCHAR,
                                TYPE_UUID, TYPE_NUMERIC, TYPE_FLOAT4, TYPE_FLOAT8, TYPE_DATE, TYPE_TIME, TYPE_TIMESTAMP, TYPE_TIMESTAMPTZ};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (TYPES[i] == type)
            return true;
    return false;
}

/* 'i' integers, 'f' floats, 't' texts; else only the same types compare without asking the session's time zone or changing values. */
static char family(Oid type)
{
    if (type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8)
        return 'i';
    return type == TYPE_FLOAT4 || type == TYPE_FLOAT8 ? 'f' : type == TYPE_TEXT || type == TYPE_NAME ? 't' : 0;
}

static bool is_key_operator(const CatOperator *op)
{
    return op && op->namespace_oid == NAMESPACE_PG_CATALOG && strcmp(op->name, "=") == 0 && is_key_type(op->left) &&
           is_key_type(op->right) && (op->left == op->right || (family(op->left) && family(op->left) == family(op->right)));
}

Leaf *bind_leaf_of(Planner *planner, const Query *query, int rte)
{
    const Rte *entry = query->rtes[rte];
    return entry->kind == RTE_LEAF ? planner->leaves.items[entry->leaf - 1] : NULL;
}

static bool can_be_bound(Planner *planner, const Query *query, int rte)
{
    const Leaf *leaf = bind_leaf_of(planner, query, rte);
    return leaf && leaf->kind == LEAF_FOREIGN && leaf->sql && leaf->source && !leaf->kept && !leaf->binding;
}

bool bind_can_drive(Planner *planner, const Query *query, int rte)
{
    const Rte *entry = query->rtes[rte];
    switch (entry->kind) {
    case RTE_LEAF:
        return true;
    case RTE_SUBQUERY:
        return !refs_outer_query(entry->query) && !refs_volatile_query(entry->query, planner->context->catalog);
    case RTE_VALUES:
        return !entry->lateral;
    default:
        return false;
    }
}

/* The one entry of this level that the expression refers to; -1: several, none, or what must not be (invariant 3). */
static int only_entry(Planner *planner, const Query *query, const Expr *expr)
{
    int found = -1;
    if (refs_outer_expr(expr) || refs_has_sublink(expr) || refs_volatile_expr(expr, planner->context->catalog))
        return -1;
    bool *seen = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
    refs_of_expr(expr, seen);
    for (int i = 0; i < query->nrtes; i++) {
        if (seen[i] && found >= 0)
            return -1;
        found = seen[i] ? i : found;
    }
    return found;
}

void bind_own_conditions(Planner *planner, const Query *query, int rte, const ExprList *from, ExprList *out)
{
    for (size_t i = 0; i < from->count; i++)
        if (only_entry(planner, query, from->items[i]) == rte)
            vec_push(planner->arena, out, from->items[i]);
}

/* ---- one condition ---- */

typedef struct Finder {
    Planner *planner;
    const Query *query;
    const ExprList *where;
    KeyPairs *out;
} Finder;

static void add_pair(const Finder *finder, const Expr *condition, int side, const bool *allowed, KeyPair pair)
{
    Planner *planner = finder->planner;
    const CatOperator *op = catalog_operator(planner->context->catalog, condition->oid);
    pair.bound = condition->args[side];
    pair.driver = condition->args[1 - side];
    pair.op = side ? op->commutator : op->oid;
    pair.type = side ? op->left : op->right;
    pair.bound_rte = only_entry(planner, finder->query, pair.bound);
    pair.driver_rte = only_entry(planner, finder->query, pair.driver);
    if (pair.op && pair.bound_rte >= 0 && pair.driver_rte >= 0 && pair.bound_rte != pair.driver_rte && allowed[pair.bound_rte] &&
        can_be_bound(planner, finder->query, pair.bound_rte) && bind_can_drive(planner, finder->query, pair.driver_rte))
        vec_push(planner->arena, finder->out, pair);
}

/* may_miss: the conditions are of a join on the side of an outer one that may be missing. */
static void find_in(const Finder *finder, const ExprList *conditions, const bool *allowed, bool may_miss)
{
    KeyPair pair = {.around = conditions, .where = may_miss ? NULL : finder->where};
    for (size_t i = 0; i < conditions->count; i++) {
        const Expr *condition = conditions->items[i];
        const CatOperator *op = condition->kind == EXPR_OP && condition->nargs == 2
                                    ? catalog_operator(finder->planner->context->catalog, condition->oid)
                                    : NULL;
        if (!is_key_operator(op))
            continue;
        for (int side = 0; side < 2; side++)
            add_pair(finder, condition, side, allowed, pair);
    }
}

/* ---- the joins ---- */

/* Entries whose rows may be left out where conditions on the item's rows drop them. */
static void mark_allowed(const FromItem *item, bool *allowed)
{
    if (item->kind == FROM_RTE) {
        allowed[item->rte] = true;
        return;
    }
    if (item->join == JOIN_INNER || item->join == JOIN_CROSS || item->join == JOIN_LEFT)
        mark_allowed(item->left, allowed);
    if (item->join == JOIN_INNER || item->join == JOIN_CROSS || item->join == JOIN_RIGHT)
        mark_allowed(item->right, allowed);
}

static void find_in_item(const Finder *finder, const FromItem *item, bool may_miss)
{
    if (item->kind != FROM_JOIN)
        return;
    Arena *arena = finder->planner->arena;
    find_in_item(finder, item->left, may_miss || item->join == JOIN_RIGHT || item->join == JOIN_FULL);
    find_in_item(finder, item->right, may_miss || item->join == JOIN_LEFT || item->join == JOIN_FULL);
    bool *allowed = ARENA_ARRAY(arena, bool, finder->query->nrtes + 1);
    if (item->join == JOIN_INNER)
        mark_allowed(item, allowed);
    else if (item->join == JOIN_LEFT)
        mark_allowed(item->right, allowed);
    else if (item->join == JOIN_RIGHT)
        mark_allowed(item->left, allowed);
    ExprList *conditions = ARENA_NEW(arena, ExprList);
    refs_split_and(arena, item->on, conditions);
    find_in(finder, conditions, allowed, may_miss);
}

/* x IN (SELECT ...), or (x, y) IN: see bind.h. */
bool bind_in_pairs(Planner *planner, const Query *query, const Expr *in, KeyPairs *out)
{
    bool *allowed = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
    if (in->kind != EXPR_SUBLINK || in->u.sublink.kind != SUBLINK_ANY || in->u.sublink.nops != in->nargs ||
        in->u.sublink.query->ntargets != in->nargs || refs_outer_query(in->u.sublink.query) ||
        refs_volatile_query(in->u.sublink.query, planner->context->catalog))
        return false;
    for (int i = 0; i < query->nfrom; i++)
        mark_allowed(query->from[i], allowed);
    for (int i = 0; i < in->nargs; i++) {
        const CatOperator *op = catalog_operator(planner->context->catalog, in->u.sublink.ops[i]);
        const Expr *target = in->u.sublink.query->targets[i].expr;
        KeyPair pair = {.bound = in->args[i], .op = in->u.sublink.ops[i], .bound_rte = only_entry(planner, query, in->args[i])};
        if (!is_key_operator(op) || op->right != target->type || pair.bound_rte < 0 || !allowed[pair.bound_rte] ||
            !can_be_bound(planner, query, pair.bound_rte) || (i && pair.bound_rte != out->items[0].bound_rte))
            return false;
        pair.type = op->right;
        pair.driver = expr_var(planner->arena, 0, i + 1, target->type, target->typmod, OID_NONE);
        vec_push(planner->arena, out, pair);
    }
    return true;
}

void bind_find_pairs(Planner *planner, const Query *query, KeyPairs *out)
{
    ExprList *where = ARENA_NEW(planner->arena, ExprList);
    Finder finder = {.planner = planner, .query = query, .where = where, .out = out};
    bool *allowed = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
    refs_split_and(planner->arena, query->where, where);
    for (int i = 0; i < query->nfrom; i++) {
        find_in_item(&finder, query->from[i], false);
        mark_allowed(query->from[i], allowed);
    }
    find_in(&finder, where, allowed, false);
}
