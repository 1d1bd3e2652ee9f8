/*
 * walk.c - going over the children of expressions and queries, and replacing them.
 *
 * Invariants:
 *  1. A walker's callback returning true stops the walk, and the walk returns true.
 *  2. expr_walk never enters a sublink's query; query_walk_queries is the one road into contained queries.
 *  3. query_map_exprs replaces bottom-up and visits each expression of a query exactly once.
 *
 * Any thread; trees are plain data.
 */
#include "sql/sql.h"

bool expr_walk(const Expr *expr, bool (*fn)(const Expr *child, void *arg), void *arg)
{
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i] && fn(expr->args[i], arg))
            return true;
    if (expr->kind == EXPR_AGG) {
        for (int i = 0; i < expr->u.agg.ndirect; i++)
            if (fn(expr->u.agg.direct_args[i], arg))
                return true;
        return expr->u.agg.filter && fn(expr->u.agg.filter, arg);
    }
    return expr->kind == EXPR_WINDOW && expr->u.window.filter && fn(expr->u.window.filter, arg);
}

/* ---- the slots of a query in which an expression stands ---- */

typedef bool (*SlotFn)(Expr **slot, void *arg);

static bool each_slot_of_array(Expr **slots, int count, SlotFn fn, void *arg)
{
    for (int i = 0; i < count; i++)
        if (slots[i] && fn(&slots[i], arg))
            return true;
    return false;
}

static bool each_slot_of_from(FromItem *item, SlotFn fn, void *arg)
{
    if (item->kind != FROM_JOIN)
        return false;
    return each_slot_of_from(item->left, fn, arg) || each_slot_of_from(item->right, fn, arg) || (item->on && fn(&item->on, arg));
}

static bool each_slot_of_rte(Rte *rte, bool joins, SlotFn fn, void *arg)
{
    if (each_slot_of_array(rte->functions, rte->nfunctions, fn, arg))
        return true;
    for (int row = 0; row < rte->nrows; row++)
        if (each_slot_of_array(rte->rows[row], rte->ncolumns, fn, arg))
            return true;
    if (rte->kind == RTE_JOIN && joins)
        for (int i = 0; i < rte->ncolumns; i++)
            if (rte->columns[i].join_expr && fn(&rte->columns[i].join_expr, arg))
                return true;
    return false;
}

static bool each_slot_of_window(Window *window, SlotFn fn, void *arg)
{
    return each_slot_of_array(window->partition, window->npartition, fn, arg) ||
           each_slot_of_array(window->order, window->norder, fn, arg) || (window->start_offset && fn(&window->start_offset, arg)) ||
           (window->end_offset && fn(&window->end_offset, arg));
}

static bool each_slot(Query *query, bool joins, SlotFn fn, void *arg)
{
    for (int i = 0; i < query->nrtes; i++)
        if (each_slot_of_rte(query->rtes[i], joins, fn, arg))
            return true;
    for (int i = 0; i < query->nfrom; i++)
        if (each_slot_of_from(query->from[i], fn, arg))
            return true;
    for (int i = 0; i < query->ntargets; i++)
        if (fn(&query->targets[i].expr, arg))
            return true;
    for (int i = 0; i < query->nwindows; i++)
        if (each_slot_of_window(&query->windows[i], fn, arg))
            return true;
    Expr **single[] = {&query->where, &query->having, &query->limit, &query->offset};
    for (size_t i = 0; i < COUNT_OF(single); i++)
        if (*single[i] && fn(single[i], arg))
            return true;
    return false;
}

typedef struct ExprVisit {
    bool (*fn)(const Expr *expr, void *arg);
    void *arg;
} ExprVisit;

static bool visit_slot(Expr **slot, void *arg)
{
    ExprVisit *visit = arg;
    return visit->fn(*slot, visit->arg);
}

bool query_walk_exprs(const Query *query, bool (*fn)(const Expr *expr, void *arg), void *arg)
{
    ExprVisit visit = {fn, arg};
    /* The slots are only read. */
    return each_slot((Query *)query, true, visit_slot, &visit);
}

bool query_walk_clauses(const Query *query, bool (*fn)(const Expr *expr, void *arg), void *arg)
{
    ExprVisit visit = {fn, arg};
    return each_slot((Query *)query, false, visit_slot, &visit);
}

/* ---- contained queries ---- */

typedef struct QueryVisit {
    bool (*fn)(const Query *child, void *arg);
    void *arg;
} QueryVisit;

static bool visit_sublinks(const Expr *expr, void *arg)
{
    QueryVisit *visit = arg;
    if (expr->kind == EXPR_SUBLINK && visit->fn(expr->u.sublink.query, visit->arg))
        return true;
    return expr_walk(expr, visit_sublinks, arg);
}

bool query_walk_queries(const Query *query, bool (*fn)(const Query *child, void *arg), void *arg)
{
    for (int i = 0; i < query->nctes; i++)
        if (fn(query->ctes[i].query, arg))
            return true;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->query && fn(query->rtes[i]->query, arg))
            return true;
    if ((query->left && fn(query->left, arg)) || (query->right && fn(query->right, arg)))
        return true;
    QueryVisit visit = {fn, arg};
    return query_walk_exprs(query, visit_sublinks, &visit);
}

/* ---- replacing ---- */

typedef struct Mapping {
    Expr *(*fn)(Expr *expr, int level, void *arg);
    void *arg;
    int level;
    bool deep;
} Mapping;

static void map_query(Query *query, Mapping *mapping);

static Expr *map_expr(Expr *expr, Mapping *mapping)
{
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i])
            expr->args[i] = map_expr(expr->args[i], mapping);
    if (expr->kind == EXPR_AGG) {
        for (int i = 0; i < expr->u.agg.ndirect; i++)
            expr->u.agg.direct_args[i] = map_expr(expr->u.agg.direct_args[i], mapping);
        if (expr->u.agg.filter)
            expr->u.agg.filter = map_expr(expr->u.agg.filter, mapping);
    } else if (expr->kind == EXPR_WINDOW && expr->u.window.filter) {
        expr->u.window.filter = map_expr(expr->u.window.filter, mapping);
    } else if (expr->kind == EXPR_SUBLINK && mapping->deep) {
        mapping->level++;
        map_query(expr->u.sublink.query, mapping);
        mapping->level--;
    }
    return mapping->fn(expr, mapping->level, mapping->arg);
}

static bool map_slot(Expr **slot, void *arg)
{
    *slot = map_expr(*slot, arg);
    return false;
}

static void map_query(Query *query, Mapping *mapping)
{
    each_slot(query, true, map_slot, mapping);
    if (!mapping->deep)
        return;
    /* The sides of a set operation stand one level down, as subqueries in FROM do. */
    mapping->level++;
    for (int i = 0; i < query->nctes; i++)
        map_query(query->ctes[i].query, mapping);
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->query)
            map_query(query->rtes[i]->query, mapping);
    if (query->left)
        map_query(query->left, mapping);
    if (query->right)
        map_query(query->right, mapping);
    mapping->level--;
}

void query_map_exprs(Query *query, bool deep, Expr *(*fn)(Expr *expr, int level, void *arg), void *arg)
{
    Mapping mapping = {.fn = fn, .arg = arg, .deep = deep};
    map_query(query, &mapping);
}
