/*
 * refs.c - what an expression refers to: entries of its own query, of queries around it, parameters.
 *
 * Invariant: sublinks' queries count, with their depth: levels_up == depth names the query the walk began in.
 * Any thread; trees are plain data.
 */
#include "plan/internal.h"

typedef struct RefWalk {
    int depth;
    bool *seen;        /* entries of the query at depth 0; NULL: not wanted */
    int entries, last; /* how often an entry other than the one before was met */
    bool outer;        /* something beyond depth 0 was used */
    bool outer_rows;   /* and it was a row's, not a CTE */
    bool of_expr;
    bool found_sublink, found_param;
} RefWalk;

static bool walk_query(const Query *query, void *arg);

static bool walk_expr(const Expr *expr, void *arg)
{
    RefWalk *walk = arg;
    if (expr->kind == EXPR_VAR) {
        if (walk->seen && expr->u.var.levels_up == walk->depth)
            walk->seen[expr->u.var.rte] = true;
        if (expr->u.var.levels_up == walk->depth && (!walk->entries || walk->last != expr->u.var.rte)) {
            walk->entries++;
            walk->last = expr->u.var.rte;
        }
        walk->outer_rows |= expr->u.var.levels_up > walk->depth;
    } else if (expr->kind == EXPR_PARAM) {
        walk->found_param = true;
    } else if (expr->kind == EXPR_AGG) {
        walk->outer_rows |= expr->u.agg.levels_up > walk->depth;
    } else if (expr->kind == EXPR_SUBLINK) {
        walk->found_sublink = true;
        walk->depth++;
        walk_query(expr->u.sublink.query, walk);
        walk->depth--;
    }
    return expr_walk(expr, walk_expr, arg);
}

/* One query at walk->depth: its expressions and, one deeper, the queries it contains (sublinks are met through expressions). */
static bool walk_query(const Query *query, void *arg)
{
    RefWalk *walk = arg;
    query_walk_exprs(query, walk_expr, walk);
    for (int i = 0; i < query->nrtes; i++)
        walk->outer |= query->rtes[i]->kind == RTE_CTE && query->rtes[i]->cte_levels_up + walk->of_expr > walk->depth;
    walk->depth++;
    for (int i = 0; i < query->nctes; i++)
        walk_query(query->ctes[i].query, walk);
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->query)
            walk_query(query->rtes[i]->query, walk);
    if (query->left)
        walk_query(query->left, walk);
    if (query->right)
        walk_query(query->right, walk);
    walk->depth--;
    return false;
}

void refs_of_expr(const Expr *expr, bool *seen)
{
    RefWalk walk = {.seen = seen};
    walk_expr(expr, &walk);
}

int refs_only_entry(const Expr *expr)
{
    RefWalk walk = {0};
    walk_expr(expr, &walk);
    return walk.entries == 1 ? walk.last : -1;
}

/* The WITH of the expression's own query is around it too. */
bool refs_outer_expr(const Expr *expr)
{
    RefWalk walk = {.of_expr = true};
    walk_expr(expr, &walk);
    return walk.outer || walk.outer_rows;
}

bool refs_outer_query(const Query *query)
{
    RefWalk walk = {0};
    walk_query(query, &walk);
    return walk.outer || walk.outer_rows;
}

bool refs_outer_rows(const Query *query)
{
    RefWalk walk = {0};
    walk_query(query, &walk);
    return walk.outer_rows;
}

bool refs_has_sublink(const Expr *expr)
{
    RefWalk walk = {0};
    walk_expr(expr, &walk);
    return walk.found_sublink;
}

bool refs_has_param(const Query *query)
{
    RefWalk walk = {0};
    walk_query(query, &walk);
    return walk.found_param;
}

void refs_split_and(Arena *arena, Expr *expr, ExprList *out)
{
    if (!expr)
        return;
    if (expr->kind != EXPR_AND) {
        vec_push(arena, out, expr);
        return;
    }
    for (int i = 0; i < expr->nargs; i++)
        refs_split_and(arena, expr->args[i], out);
}

Expr *refs_make_and(Arena *arena, Expr *const *items, size_t count)
{
    if (count < 2)
        return count ? items[0] : NULL;
    Expr *all = ARENA_NEW(arena, Expr);
    *all = (Expr){.kind = EXPR_AND, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = (int)count};
    all->args = ARENA_ARRAY(arena, Expr *, count);
    for (size_t i = 0; i < count; i++)
        all->args[i] = items[i];
    return all;
}
