/*
 * outward.c - comparisons of a subquery with columns of the rows outside, as the local engine may see them.
 *
 * The engine leaves out the join by which a subquery is told the values of the rows outside where what joins them compares columns with
 * columns, and takes these comparisons over into the join with the rows outside. It does so term by term: where one cannot be taken over,
 * the others stay as they were changed, and EXISTS finds no rows where there are some (or some, where there are none). It holds for what is
 * not =, beside anything else; and for <> in what is no term of WHERE. A column in a COALESCE is none, and is left alone.
 *
 * Invariants:
 *  1. Only what the local engine gets is changed, and no answer.
 *  2. EXISTS in the outermost WHERE that compares by = and <> alone, each column once, is as it was: there it works, and is the quickest.
 * Threads: the session's own.
 */
#include "plan/internal.h"

typedef struct Hiding {
    Planner *planner;
    ExprList fine; /* by 2 */
} Hiding;

static bool is_named(const Hiding *hiding, const Expr *expr, const char *name)
{
    const CatOperator *op =
        expr->kind == EXPR_OP && expr->nargs == 2 ? catalog_operator(hiding->planner->context->catalog, expr->oid) : NULL;
    return op && op->namespace_oid == NAMESPACE_PG_CATALOG && str_eq(op->name, name);
}

static Expr **behind_relabels(Expr **slot)
{
    while ((*slot)->kind == EXPR_RELABEL)
        slot = &(*slot)->args[0];
    return slot;
}

/* ---- what may stay (2) ---- */

typedef struct Outward {
    int count;   /* references out of the subquery */
    bool is_far; /* and further than to the rows around it */
} Outward;

static Expr *count_outward(Expr *expr, int level, void *arg)
{
    Outward *outward = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up > level) {
        outward->count++;
        outward->is_far |= expr->u.var.levels_up > level + 1;
    }
    return expr;
}

/* Adds the column that the term compares by = or <>, which none of those before is; false: it compares none so. */
static bool add_compared(const Hiding *hiding, Expr *term, ExprList *columns)
{
    if (!is_named(hiding, term, "=") && !is_named(hiding, term, "<>"))
        return false;
    Expr *one = *behind_relabels(&term->args[0]), *other = *behind_relabels(&term->args[1]);
    Expr *outer = one->kind == EXPR_VAR && one->u.var.levels_up ? one : other, *inner = outer == one ? other : one;
    if (outer->kind != EXPR_VAR || outer->u.var.levels_up != 1 || inner->kind != EXPR_VAR || inner->u.var.levels_up)
        return false;
    for (size_t i = 0; i < columns->count; i++)
        if (expr_equal(columns->items[i], outer))
            return false;
    vec_push(hiding->planner->arena, columns, outer);
    return true;
}

static bool is_fine(const Hiding *hiding, const Expr *sublink)
{
    Query *query = sublink->u.sublink.query;
    if (sublink->u.sublink.kind != SUBLINK_EXISTS || query->set_op || !query->where)
        return false;
    ExprList terms = {0}, columns = {0};
    refs_split_and(hiding->planner->arena, query->where, &terms);
    for (size_t i = 0; i < terms.count; i++)
        add_compared(hiding, terms.items[i], &columns);
    Outward outward = {0};
    query_map_exprs(query, true, count_outward, &outward);
    return !outward.is_far && outward.count == (int)columns.count;
}

static void find_fine(Hiding *hiding, Query *query)
{
    ExprList terms = {0};
    if (query->where)
        refs_split_and(hiding->planner->arena, query->where, &terms);
    for (size_t i = 0; i < terms.count; i++) {
        Expr *term = terms.items[i]->kind == EXPR_NOT ? terms.items[i]->args[0] : terms.items[i];
        if (term->kind == EXPR_SUBLINK && is_fine(hiding, term))
            vec_push(hiding->planner->arena, &hiding->fine, term);
    }
}

/* ---- what is hidden ---- */

static void hide(const Hiding *hiding, Expr **slot, int level)
{
    slot = behind_relabels(slot);
    Expr *var = *slot;
    if (var->kind != EXPR_VAR || var->u.var.levels_up <= level || !type_is_builtin(var->type) || var->type == TYPE_RECORD)
        return;
    Expr *hidden = ARENA_NEW(hiding->planner->arena, Expr);
    *hidden =
        (Expr){.kind = EXPR_COALESCE, .type = var->type, .typmod = var->typmod, .collation = var->collation, .location = var->location};
    hidden->nargs = 2;
    hidden->args = ARENA_ARRAY(hiding->planner->arena, Expr *, hidden->nargs);
    hidden->args[0] = hidden->args[1] = var;
    *slot = hidden;
}

static void hide_in(const Hiding *hiding, const Expr *expr, int level)
{
    bool compares = (expr->kind == EXPR_OP && expr->nargs == 2) || expr->kind == EXPR_DISTINCT;
    for (int i = 0; compares && i < expr->nargs; i++)
        hide(hiding, &expr->args[i], level);
}

typedef struct Negated {
    const Hiding *hiding;
    int level;
} Negated;

static bool hide_negated(const Expr *expr, void *arg)
{
    const Negated *negated = arg;
    hide_in(negated->hiding, expr, negated->level);
    return expr_walk(expr, hide_negated, arg);
}

static Expr *hide_outward(Expr *expr, int level, void *arg)
{
    Negated negated = {.hiding = arg, .level = level};
    if (expr->kind == EXPR_NOT)
        hide_negated(expr, &negated);
    else if (!is_named(arg, expr, "="))
        hide_in(arg, expr, level);
    return expr;
}

static Expr *hide_in_sublink(Expr *expr, int level, void *arg)
{
    Hiding *hiding = arg;
    if (expr->kind != EXPR_SUBLINK)
        return expr;
    for (size_t i = 0; i < hiding->fine.count; i++)
        if (hiding->fine.items[i] == expr)
            return expr;
    query_map_exprs(expr->u.sublink.query, true, hide_outward, hiding);
    return expr;
}

void outward_hide(Planner *planner, Query *query)
{
    Hiding hiding = {.planner = planner};
    find_fine(&hiding, query);
    query_map_exprs(query, true, hide_in_sublink, &hiding);
}
