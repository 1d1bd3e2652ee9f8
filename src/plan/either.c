/*
 * either.c - `a OR b` over a join of system catalogs where a is about one of them and b about another: no index finds such rows, so all
 * would be read. Where both are joined to a third one, third.x IN (SELECT key FROM one WHERE a) OR third.y IN (SELECT key FROM two WHERE b)
 * follows, and indexes find that. It stands in third.oid IN (SELECT oid FROM third WHERE ...), for SQLite to begin there.
 *
 * Invariants:
 *  1. Conditions are only added, and only such as every row of the inner joins meets that meets the rest.
 *  2. Only where system catalogs alone are joined: other sources know best themselves.
 * Threads: the session's own.
 */
#include "plan/internal.h"

enum { OPERATOR_OID_EQUALS = 607 };

typedef struct Either {
    Planner *planner;
    Query *query;
    ExprList conditions; /* all of WHERE and of the joins */
} Either;

/* ---- what is joined ---- */

static bool split_joins(Either *either, const FromItem *item)
{
    const Query *query = either->query;
    if (item->kind == FROM_RTE)
        return query->rtes[item->rte]->kind == RTE_RELATION && query->rtes[item->rte]->relation->is_system;
    refs_split_and(either->planner->arena, item->on, &either->conditions);
    return (item->join == JOIN_INNER || item->join == JOIN_CROSS) && split_joins(either, item->left) && split_joins(either, item->right);
}

static bool is_column_of(const Expr *expr, int rte)
{
    return expr->kind == EXPR_VAR && expr->u.var.levels_up == 0 && expr->u.var.rte == rte;
}

/* The equality of columns that joins the entries; `side` is which of its arguments is `entry`'s. */
static const Expr *joined_by(const Either *either, int entry, int third, int *side)
{
    for (size_t i = 0; i < either->conditions.count; i++) {
        const Expr *expr = either->conditions.items[i];
        const CatOperator *op =
            expr->kind == EXPR_OP && expr->nargs == 2 ? catalog_operator(either->planner->context->catalog, expr->oid) : NULL;
        if (!op || !str_eq(op->name, "=") || op->namespace_oid != NAMESPACE_PG_CATALOG || expr->args[0]->type != expr->args[1]->type)
            continue;
        for (*side = 0; *side < 2; (*side)++)
            if (is_column_of(expr->args[*side], entry) && is_column_of(expr->args[1 - *side], third))
                return expr;
    }
    return NULL;
}

/* ---- what follows ---- */

static Expr *new_expr(const Either *either, ExprKind kind, int nargs)
{
    Expr *expr = ARENA_NEW(either->planner->arena, Expr);
    *expr = (Expr){.kind = kind, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = nargs};
    expr->args = ARENA_ARRAY(either->planner->arena, Expr *, nargs);
    return expr;
}

static void name_first_entry(Expr *expr)
{
    if (expr->kind == EXPR_VAR)
        expr->u.var.rte = 0;
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i])
            name_first_entry(expr->args[i]);
}

/* SELECT key FROM the entry WHERE arm */
static Query *keys_of(const Either *either, int entry, const Expr *key, const Expr *arm)
{
    Arena *arena = either->planner->arena;
    Query *query = ARENA_NEW(arena, Query);
    *query = (Query){.nrtes = 1, .nfrom = 1, .ntargets = 1, .result_rte = -1, .where = expr_copy(arm, arena)};
    query->rtes = ARENA_ARRAY(arena, Rte *, 1);
    query->rtes[0] = ARENA_NEW(arena, Rte);
    *query->rtes[0] = *either->query->rtes[entry];
    query->from = ARENA_ARRAY(arena, FromItem *, 1);
    query->from[0] = ARENA_NEW(arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE};
    query->targets = ARENA_NEW(arena, Target);
    *query->targets = (Target){.expr = expr_copy(key, arena), .name = "key"};
    name_first_entry(query->where);
    name_first_entry(query->targets->expr);
    return query;
}

static Expr *in_keys(const Either *either, const Expr *left, Oid equal, Query *keys)
{
    Expr *in = new_expr(either, EXPR_SUBLINK, 1);
    in->args[0] = expr_copy(left, either->planner->arena);
    in->u.sublink.kind = SUBLINK_ANY;
    in->u.sublink.is_in = true;
    in->u.sublink.query = keys;
    in->u.sublink.nops = 1;
    in->u.sublink.ops = ARENA_ARRAY(either->planner->arena, Oid, 1);
    in->u.sublink.ops[0] = equal;
    return in;
}

/* What follows from the arm for `third`; NULL: nothing that could be said. */
static Expr *arm_over(const Either *either, const Expr *arm, int third)
{
    int entry = refs_only_entry(arm), side;
    if (entry == third)
        return expr_copy(arm, either->planner->arena);
    const Expr *join = entry >= 0 ? joined_by(either, entry, third, &side) : NULL;
    if (!join || refs_has_sublink(arm) || refs_outer_expr(arm) || expr_is_volatile(arm, either->planner->context->catalog))
        return NULL;
    return in_keys(either, join->args[1 - side], join->oid, keys_of(either, entry, join->args[side], arm));
}

static Expr *over_third(const Either *either, const Expr *choice, int third)
{
    const CatRelation *relation = either->query->rtes[third]->relation;
    Expr *follows = new_expr(either, EXPR_OR, choice->nargs);
    if (!str_eq(relation->columns[0].name, "oid"))
        return NULL;
    for (int i = 0; i < choice->nargs; i++)
        if (!(follows->args[i] = arm_over(either, choice->args[i], third)))
            return NULL;
    const Expr *oid = expr_var(either->planner->arena, third, 1, TYPE_OID, -1, OID_NONE);
    Query *keys = keys_of(either, third, oid, follows);
    keys->has_sublinks = true;
    return in_keys(either, oid, OPERATOR_OID_EQUALS, keys);
}

static void add_following(Either *either, const Expr *choice)
{
    Query *query = either->query;
    if (choice->kind != EXPR_OR || refs_only_entry(choice) >= 0)
        return;
    for (int third = 0; third < query->nrtes; third++) {
        bool is_relation = query->rtes[third]->in_from && query->rtes[third]->kind == RTE_RELATION;
        Expr *follows = is_relation ? over_third(either, choice, third) : NULL;
        if (!follows)
            continue;
        Expr *both[] = {query->where, follows};
        query->where = query->where ? refs_make_and(either->planner->arena, both, 2) : follows;
        query->has_sublinks = true;
        return;
    }
}

/* ---- queries ---- */

/* A choice between columns of one subquery belongs there: among the catalogs that a view joins. */
static void push_choices(Either *either)
{
    Query *query = either->query;
    ExprList all = {0};
    bool pushed = false;
    refs_split_and(either->planner->arena, query->where, &all);
    for (size_t i = 0; i < all.count; i++) {
        int entry = all.items[i]->kind == EXPR_OR ? refs_only_entry(all.items[i]) : -1;
        bool alone = query->nfrom == 1 && query->from[0]->kind == FROM_RTE && query->from[0]->rte == entry;
        Rte *rte = alone ? query->rtes[entry] : NULL;
        if (rte && rte->kind == RTE_SUBQUERY && rte->relation && rte->relation->oid < FIRST_USER_OID && !refs_has_sublink(all.items[i]) &&
            !refs_outer_expr(all.items[i]))
            pushed |= push_onto(either->planner, rte->query, all.items[i]);
    }
    if (pushed)
        fold_constants(either->planner, query);
}

static bool expand(const Query *query, void *arg)
{
    Either *outer = arg;
    Either either = {.planner = outer->planner, .query = (Query *)(uintptr_t)query};
    push_choices(&either);
    bool joined = query->kind == QUERY_SELECT && query->nfrom > 0 && query->where;
    refs_split_and(either.planner->arena, query->where, &either.conditions);
    for (int i = 0; i < query->nfrom && joined; i++)
        joined = split_joins(&either, query->from[i]);
    for (size_t i = 0, count = either.conditions.count; i < count && joined; i++)
        add_following(&either, either.conditions.items[i]);
    return query_walk_queries(query, expand, &either);
}

void either_expand(Planner *planner, Query *query)
{
    Either either = {.planner = planner};
    expand(query, &either);
}
