/*
 * columns.c - what the leaves of a level give: the columns that what stays refers to, and expressions that only the source can compute.
 *
 * Invariants:
 *  1. An expression is shipped only where the local engine would refuse it; what both can compute is computed locally, on fewer rows.
 *  2. Not from the side of an outer join that may be missing: there the expression sees NULLs, below the join it would not.
 *  3. Above groups only what is grouped by, or stands inside an aggregate, is shipped.
 * Threads: the session's own.
 */
#include "plan/internal.h"

static Cut *cut_of(Cutting *cutting, int rte)
{
    /* Beyond the level's entries stand those that read the leaves. */
    for (size_t i = 0; i < cutting->cuts.count && rte < cutting->level->query->nrtes; i++)
        if (cutting->cuts.items[i].node->rtes[rte])
            return &cutting->cuts.items[i];
    return NULL;
}

static int column_of(Cutting *cutting, Cut *cut, const Expr *expr)
{
    for (size_t i = 0; i < cut->columns.count; i++)
        if (expr_equal(cut->columns.items[i], expr))
            return (int)i + 1;
    vec_push(cutting->level->planner->arena, &cut->columns, (Expr *)(uintptr_t)expr);
    return (int)cut->columns.count;
}

static Expr *leaf_column(Cutting *cutting, Cut *cut, Expr *expr)
{
    Arena *arena = cutting->level->planner->arena;
    Expr *var = expr_var(arena, cut->leaf_rte, column_of(cutting, cut, expr), expr->type, expr->typmod, expr->collation);
    var->location = expr->location;
    return var;
}

/* Every Var of a leaf's entries becomes one of the leaf's columns. */
Expr *columns_of_leaves(Expr *expr, int level, void *arg)
{
    Cutting *cutting = arg;
    Cut *cut = expr->kind == EXPR_VAR && expr->u.var.levels_up == level ? cut_of(cutting, expr->u.var.rte) : NULL;
    if (!cut)
        return expr;
    Planner *planner = cutting->level->planner;
    bool is_place = (expr->u.var.column == COLUMN_CTID || expr->u.var.column == COLUMN_LIES_IN) && cut->source->dialect &&
                    sql_dialect_places_rows(cut->source->dialect);
    if (expr->u.var.column <= 0 && !is_place) {
        if (!cutting->failed && !cut->source->dialect && expr->u.var.column)
            error_set(planner->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot retrieve a system column in this context");
        else if (!cutting->failed)
            error_unsupported(planner->error, "%s is not supported",
                              expr->u.var.column == 0 ? "a whole-row reference over several sources"
                                                      : "a system column of a foreign table");
        cutting->failed = true;
        return expr;
    }
    Expr *plain = expr_var(planner->arena, expr->u.var.rte, expr->u.var.column, expr->type, expr->typmod, expr->collation);
    Expr *var = leaf_column(cutting, cut, plain);
    var->location = expr->location;
    var->u.var.levels_up = level;
    return var;
}

/* ---- expressions that only the source can compute ---- */

typedef struct Shipping {
    Cutting *cutting;
    PrintContext local;
    bool *missing; /* entries that an outer join may fill up with NULLs */
    bool grouped, in_aggregate;
} Shipping;

static void mark_missing(const JoinNode *node, bool may_miss, bool *missing, int nrtes)
{
    for (int i = 0; i < nrtes; i++)
        missing[i] |= may_miss && node->rtes[i];
    for (size_t i = 0; i < node->children.count; i++)
        mark_missing(node->children.items[i], node->kind == NODE_OUTER && (i == 1 || node->join == JOIN_FULL), missing, nrtes);
}

static bool is_group_key(const Query *query, const Expr *expr)
{
    for (int i = 0; i < query->ngroup; i++)
        if (expr_equal(query->targets[query->group[i]].expr, expr))
            return true;
    return false;
}

static bool not_of_a_row(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW || expr->kind == EXPR_GROUPING ||
           (expr->kind == EXPR_FUNC && expr->u.func.returns_set) || expr_walk(expr, not_of_a_row, arg);
}

/* The one leaf the expression is made of, if that may compute it. */
static Cut *computing_cut(const Shipping *shipping, const Expr *expr)
{
    const Level *level = shipping->cutting->level;
    const Query *query = level->query;
    bool *seen = ARENA_ARRAY(level->planner->arena, bool, query->nrtes + 1);
    Cut *cut = NULL;
    refs_of_expr(expr, seen);
    for (int i = 0; i < query->nrtes; i++) {
        Cut *of = seen[i] ? cut_of(shipping->cutting, i) : NULL;
        if (seen[i] && (!of || shipping->missing[i] || (cut && of != cut)))
            return NULL;
        cut = of ? of : cut;
    }
    if (!cut || !cut->source->dialect || not_of_a_row(expr, NULL) ||
        (shipping->grouped && !shipping->in_aggregate && !is_group_key(query, expr)))
        return NULL;
    return source_can_say(level->planner, cut->source, expr, query, NULL) ? cut : NULL;
}

static Expr *ship(Shipping *shipping, Expr *expr)
{
    /* A slice's bound may be left out. */
    if (!expr || expr->kind == EXPR_VAR || expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM)
        return expr;
    Cut *cut = computing_cut(shipping, expr);
    if (cut)
        return leaf_column(shipping->cutting, cut, expr);
    bool outside = shipping->in_aggregate;
    shipping->in_aggregate |= expr->kind == EXPR_AGG;
    for (int i = 0; i < expr->nargs; i++)
        expr->args[i] = ship(shipping, expr->args[i]);
    if (expr->kind == EXPR_AGG && expr->u.agg.filter)
        expr->u.agg.filter = ship(shipping, expr->u.agg.filter);
    shipping->in_aggregate = outside;
    return expr;
}

/* Group keys are what other expressions above the groups are compared with: these see the trees as they were. */
static void ship_slot(Shipping *shipping, Expr **slot)
{
    const Level *level = shipping->cutting->level;
    if (*slot && !sql_expr_printable(*slot, level->query, &shipping->local, level->planner->arena, NULL))
        *slot = ship(shipping, *slot);
}

static void ship_from(Shipping *shipping, FromItem *item)
{
    if (item->kind != FROM_JOIN)
        return;
    ship_from(shipping, item->left);
    ship_from(shipping, item->right);
    ship_slot(shipping, &item->on);
}

static void ship_targets(Shipping *shipping)
{
    Query *query = shipping->cutting->level->query;
    bool *is_key = ARENA_ARRAY(shipping->cutting->level->planner->arena, bool, query->ntargets + 1);
    for (int i = 0; i < query->ngroup; i++)
        is_key[query->group[i]] = true;
    for (int keys = 0; keys < 2; keys++)
        for (int i = 0; i < query->ntargets; i++)
            if (is_key[i] == (keys == 1))
                ship_slot(shipping, &query->targets[i].expr);
}

void columns_ship_expressions(Cutting *cutting, JoinNode *root)
{
    const Level *level = cutting->level;
    Query *query = level->query;
    const PlanContext *context = level->planner->context;
    Shipping shipping = {.cutting = cutting, .missing = ARENA_ARRAY(level->planner->arena, bool, query->nrtes + 1)};
    shipping.local = (PrintContext){.dialect = sql_dialect("duckdb"),
                                    .catalog = context->catalog,
                                    .param_values = context->param_values,
                                    .nparams = context->nparams,
                                    .params_bound = context->params_bound};
    mark_missing(root, false, shipping.missing, query->nrtes);
    ship_slot(&shipping, &query->where);
    for (int i = 0; i < query->nfrom; i++)
        ship_from(&shipping, query->from[i]);
    shipping.grouped = query->ngroup || query->has_aggs || query->grouping_sets;
    ship_slot(&shipping, &query->having);
    for (int i = 0; i < query->nwindows; i++) {
        for (int k = 0; k < query->windows[i].npartition; k++)
            ship_slot(&shipping, &query->windows[i].partition[k]);
        for (int k = 0; k < query->windows[i].norder; k++)
            ship_slot(&shipping, &query->windows[i].order[k]);
    }
    ship_targets(&shipping);
}
