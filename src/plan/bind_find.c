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

enum { MOST_PAIRS = 500 };

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

bool bind_can_ask(const Leaf *leaf)
{
    return leaf && leaf->kind == LEAF_FOREIGN && leaf->sql && leaf->source && !leaf->kept;
}

bool bind_can_reduce(const Leaf *leaf)
{
    return leaf && leaf->kind == LEAF_FOREIGN && !leaf->kept;
}

bool bind_can_drive(Planner *planner, const Query *query, int rte)
{
    const Rte *entry = query->rtes[rte];
    switch (entry->kind) {
    case RTE_LEAF:
        return true;
    case RTE_SUBQUERY:
        return !refs_outer_query(entry->query) && !query_is_volatile(entry->query, planner->context->catalog);
    case RTE_VALUES:
        return !entry->lateral;
    default:
        return false;
    }
}

/* The one entry of this level that the expression refers to; -1: several, none, or what must not be (invariant 3). */
static int only_entry(Planner *planner, const Expr *expr)
{
    if (refs_outer_expr(expr) || refs_has_sublink(expr) || expr_is_volatile(expr, planner->context->catalog))
        return -1;
    return refs_only_entry(expr);
}

/* From (a AND x) OR (b AND y) follows a OR b: of each side what is on the one entry alone. NULL: one side has nothing. */
static Expr *part_on(Planner *planner, const Query *query, int rte, const Expr *either)
{
    Arena *arena = planner->arena;
    Expr *follows = ARENA_NEW(arena, Expr);
    *follows = *either;
    follows->args = ARENA_ARRAY(arena, Expr *, either->nargs);
    for (int i = 0; i < either->nargs; i++) {
        ExprList all = {0}, own = {0};
        refs_split_and(arena, either->args[i], &all);
        for (size_t k = 0; k < all.count; k++)
            if (only_entry(planner, all.items[k]) == rte)
                vec_push(arena, &own, all.items[k]);
        follows->args[i] = refs_make_and(arena, own.items, own.count);
        if (!own.count)
            return NULL;
    }
    return follows;
}

void bind_own_conditions(Planner *planner, const Query *query, int rte, const ExprList *from, ExprList *out)
{
    for (size_t i = 0; i < from->count; i++) {
        Expr *own = from->items[i];
        if (only_entry(planner, own) != rte)
            own = own->kind == EXPR_OR ? part_on(planner, query, rte, own) : NULL;
        if (own)
            vec_push(planner->arena, out, own);
    }
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
    pair.bound_rte = only_entry(planner, pair.bound);
    pair.driver_rte = only_entry(planner, pair.driver);
    if (pair.op && pair.bound_rte >= 0 && pair.driver_rte >= 0 && pair.bound_rte != pair.driver_rte && allowed[pair.bound_rte] &&
        bind_can_reduce(bind_leaf_of(planner, finder->query, pair.bound_rte)) && bind_can_drive(planner, finder->query, pair.driver_rte))
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
        query_is_volatile(in->u.sublink.query, planner->context->catalog))
        return false;
    for (int i = 0; i < query->nfrom; i++)
        mark_allowed(query->from[i], allowed);
    for (int i = 0; i < in->nargs; i++) {
        const CatOperator *op = catalog_operator(planner->context->catalog, in->u.sublink.ops[i]);
        const Expr *target = in->u.sublink.query->targets[i].expr;
        KeyPair pair = {.bound = in->args[i], .op = in->u.sublink.ops[i], .bound_rte = only_entry(planner, in->args[i])};
        if (!is_key_operator(op) || op->right != target->type || pair.bound_rte < 0 || !allowed[pair.bound_rte] ||
            !bind_can_ask(bind_leaf_of(planner, query, pair.bound_rte)) || bind_leaf_of(planner, query, pair.bound_rte)->binding ||
            (i && pair.bound_rte != out->items[0].bound_rte))
            return false;
        pair.type = op->right;
        pair.driver = expr_var(planner->arena, 0, i + 1, target->type, target->typmod, OID_NONE);
        vec_push(planner->arena, out, pair);
    }
    return true;
}

/* ---- subqueries ---- */

typedef struct OuterWalk {
    int rte; /* the one entry of the query around that was met; -1: none yet */
    bool other;
} OuterWalk;

static bool walk_outer(const Expr *expr, void *arg)
{
    OuterWalk *walk = arg;
    if (expr->kind == EXPR_VAR) {
        walk->other |= expr->u.var.levels_up != 1 || (walk->rte >= 0 && walk->rte != expr->u.var.rte);
        walk->rte = expr->u.var.rte;
    }
    walk->other |= expr->kind == EXPR_SUBLINK || expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW || expr->kind == EXPR_GROUPING;
    return expr_walk(expr, walk_outer, arg);
}

static bool come_in(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_VAR)
        ((Expr *)(uintptr_t)expr)->u.var.levels_up--;
    return expr_walk(expr, come_in, arg);
}

/* The expression over one entry of the query around, in its terms; NULL: it is none. */
static const Expr *outer_value(Planner *planner, const Expr *expr, int *rte)
{
    OuterWalk walk = {.rte = -1};
    walk_outer(expr, &walk);
    *rte = walk.rte;
    if (walk.other || walk.rte < 0 || expr_is_volatile(expr, planner->context->catalog))
        return NULL;
    Expr *copy = expr_copy(expr, planner->arena);
    come_in(copy, NULL);
    return copy;
}

static void add_sublink_pair(Planner *planner, const Query *inner, const bool *allowed, KeyPair pair, KeyPairs *out)
{
    const CatOperator *op = catalog_operator(planner->context->catalog, pair.op);
    pair.bound_rte = only_entry(planner, pair.bound);
    if (is_key_operator(op) && pair.driver && pair.bound_rte >= 0 && allowed[pair.bound_rte] &&
        bind_can_ask(bind_leaf_of(planner, inner, pair.bound_rte)))
        vec_push(planner->arena, out, pair);
}

/* Rows that equal no value of the level around are, for each of its rows, none of the subquery's. */
static void add_correlated(Planner *planner, const Query *inner, const bool *allowed, KeyPairs *out)
{
    ExprList where = {0};
    refs_split_and(planner->arena, inner->where, &where);
    for (size_t i = 0; i < where.count; i++) {
        const Expr *condition = where.items[i];
        const CatOperator *op =
            condition->kind == EXPR_OP && condition->nargs == 2 ? catalog_operator(planner->context->catalog, condition->oid) : NULL;
        for (int side = 0; side < 2 && is_key_operator(op); side++) {
            KeyPair pair = {.bound = condition->args[side], .op = side ? op->commutator : op->oid, .type = side ? op->left : op->right};
            pair.driver = outer_value(planner, condition->args[1 - side], &pair.driver_rte);
            add_sublink_pair(planner, inner, allowed, pair, out);
        }
    }
}

/* x IN (SELECT y ...) as a conjunct: rows without a y that is an x decide nothing, NULLs included. */
static void add_membership(Planner *planner, const Query *query, const Expr *in, const bool *allowed, KeyPairs *out)
{
    const Query *inner = in->u.sublink.query;
    bool plain = !inner->has_aggs && !inner->ngroup && !inner->grouping_sets && !inner->has_windows && !inner->has_set_functions &&
                 !inner->limit && !inner->offset && !inner->ndistinct_on && in->u.sublink.nops == in->nargs && inner->ntargets == in->nargs;
    for (int i = 0; plain && i < in->nargs; i++) {
        const CatOperator *op = catalog_operator(planner->context->catalog, in->u.sublink.ops[i]);
        KeyPair pair = {.bound = inner->targets[i].expr, .driver = in->args[i], .driver_rte = only_entry(planner, in->args[i])};
        pair.op = op ? op->commutator : OID_NONE;
        pair.type = op ? op->left : OID_NONE;
        if (pair.driver_rte >= 0)
            add_sublink_pair(planner, inner, allowed, pair, out);
    }
}

void bind_sublink_pairs(Planner *planner, const Query *query, const Expr *sublink, bool decides, KeyPairs *out)
{
    const Query *inner = sublink->u.sublink.query;
    if (inner->kind != QUERY_SELECT || inner->set_op)
        return;
    bool *allowed = ARENA_ARRAY(planner->arena, bool, inner->nrtes + 1);
    for (int i = 0; i < inner->nfrom; i++)
        mark_allowed(inner->from[i], allowed);
    add_correlated(planner, inner, allowed, out);
    if (decides && sublink->u.sublink.kind == SUBLINK_ANY)
        add_membership(planner, query, sublink, allowed, out);
}

/* ---- what follows ---- */

static bool is_known(const KeyPairs *pairs, const KeyPair *pair)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->items[i].driver_rte == pair->driver_rte && expr_equal(pairs->items[i].bound, pair->bound) &&
            expr_equal(pairs->items[i].driver, pair->driver))
            return true;
    return false;
}

/* From a = b and b = c of one list of conditions follows a = c, where all three are of one type. */
static void conclude(Planner *planner, KeyPairs *pairs)
{
    for (size_t i = 0; i < pairs->count && pairs->count < MOST_PAIRS; i++) {
        for (size_t k = 0; k < pairs->count && pairs->count < MOST_PAIRS; k++) {
            KeyPair first = pairs->items[i], second = pairs->items[k];
            const CatOperator *op = catalog_operator(planner->context->catalog, first.op);
            if (first.around != second.around || first.op != second.op || op->left != op->right || first.bound_rte == second.driver_rte ||
                !expr_equal(first.driver, second.bound))
                continue;
            first.driver = second.driver;
            first.driver_rte = second.driver_rte;
            if (!is_known(pairs, &first))
                vec_push(planner->arena, pairs, first);
        }
    }
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
    conclude(planner, out);
}
