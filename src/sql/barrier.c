/*
 * barrier.c - views with security_barrier: their conditions choose the rows before anything sees these that could tell of them, by what
 * it does or by how it fails.
 *
 * Engines and sources move conditions into subqueries and below joins. Nobody moves one below OFFSET: where a query has conditions that
 * could tell, such a view's query has an OFFSET 0. Leakproof conditions may go where they like.
 *
 * Any thread.
 */
#include "sql/sql.h"

static bool tells(const Expr *expr, void *arg);

/* By what is compared with a subquery's rows, or by how many there are. */
static bool sublink_compares(const Expr *expr, void *arg)
{
    bool is_sublink = expr->kind == EXPR_SUBLINK, found = is_sublink && expr->u.sublink.kind == SUBLINK_SCALAR;
    for (int i = 0; is_sublink && !found && i < expr->nargs; i++)
        found = tells(expr->args[i], arg);
    return found || expr_walk(expr, sublink_compares, arg);
}

static bool tells(const Expr *expr, void *arg)
{
    return expr_can_fail(expr, arg) || sublink_compares(expr, arg);
}

/* Of queries in FROM and of sublinks the select list counts too: a condition on it is one on what it computes. */
static bool inner_tells(const Query *query, void *arg)
{
    return !query->is_barrier && (query_walk_exprs(query, tells, arg) || query_walk_queries(query, inner_tells, arg));
}

static bool item_tells(const FromItem *item, Catalog *catalog)
{
    if (item->kind == FROM_RTE)
        return false;
    return (item->on && tells(item->on, catalog)) || item_tells(item->left, catalog) || item_tells(item->right, catalog);
}

static bool conditions_tell(const Query *query, Catalog *catalog)
{
    for (int i = 0; i < query->nfrom; i++)
        if (item_tells(query->from[i], catalog))
            return true;
    return (query->where && tells(query->where, catalog)) || (query->having && tells(query->having, catalog)) ||
           query_walk_queries(query, inner_tells, catalog);
}

typedef struct Fencing {
    Catalog *catalog;
    Arena *arena;
    bool told; /* something around could tell */
} Fencing;

static bool fence(const Query *query, void *arg)
{
    Fencing inner = *(Fencing *)arg;
    Query *view = (Query *)query; /* the caller owns the tree */
    if (query->is_barrier) {
        if (inner.told && !query->limit && !query->offset)
            view->offset = expr_const(inner.arena, TYPE_INT8, -1, "0");
        inner.told = conditions_tell(query, inner.catalog);
    }
    return query_walk_queries(query, fence, &inner);
}

void query_keep_barriers(Query *query, Catalog *catalog, Arena *arena)
{
    Fencing fencing = {catalog, arena, conditions_tell(query, catalog)};
    query_walk_queries(query, fence, &fencing);
}

static bool sublink_tells(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_SUBLINK && inner_tells(expr->u.sublink.query, arg)) || expr_walk(expr, sublink_tells, arg);
}

Expr *expr_after_barrier(Expr *chosen, Expr *condition, Catalog *catalog, Arena *arena)
{
    bool is_ordered = tells(condition, catalog) || sublink_tells(condition, catalog);
    Expr *both = ARENA_NEW(arena, Expr);
    *both = (Expr){.kind = is_ordered ? EXPR_CASE : EXPR_AND, .type = TYPE_BOOL, .typmod = -1, .location = -1};
    both->args = ARENA_ARRAY(arena, Expr *, 3);
    both->args[both->nargs++] = chosen;
    both->args[both->nargs++] = condition;
    if (is_ordered)
        both->args[both->nargs++] = expr_const(arena, TYPE_BOOL, -1, "f");
    return both;
}
