/*
 * volatile.c - what calls volatile functions (pg_proc.provolatile), subqueries included. Any thread; trees are plain data.
 */
#include "sql/sql.h"

static bool is_call_volatile(Catalog *catalog, const Expr *expr)
{
    Oid proc = expr->oid;
    if (expr->kind == EXPR_SUBPLAN)
        return expr->u.subplan.is_volatile;
    if (expr->kind == EXPR_OP || expr->kind == EXPR_ANY_ALL || expr->kind == EXPR_NULLIF || expr->kind == EXPR_DISTINCT) {
        const CatOperator *found = catalog_operator(catalog, expr->oid);
        proc = found ? found->proc : OID_NONE;
    } else if (expr->kind != EXPR_FUNC) {
        return false;
    }
    const CatProc *known = proc ? catalog_proc(catalog, proc) : NULL;
    return known && known->volatility == 'v';
}

static bool look_at_query(const Query *query, void *arg);

static bool look_at(const Expr *expr, void *arg)
{
    return is_call_volatile(arg, expr) || (expr->kind == EXPR_SUBLINK && look_at_query(expr->u.sublink.query, arg)) ||
           expr_walk(expr, look_at, arg);
}

static bool look_at_query(const Query *query, void *arg)
{
    bool found = query_walk_exprs(query, look_at, arg);
    for (int i = 0; i < query->nctes && !found; i++)
        found = look_at_query(query->ctes[i].query, arg);
    for (int i = 0; i < query->nrtes && !found; i++)
        found = query->rtes[i]->query && look_at_query(query->rtes[i]->query, arg);
    return found || (query->left && (look_at_query(query->left, arg) || look_at_query(query->right, arg)));
}

bool expr_is_volatile(const Expr *expr, Catalog *catalog)
{
    return look_at(expr, catalog);
}

bool query_is_volatile(const Query *query, Catalog *catalog)
{
    return look_at_query(query, catalog);
}
