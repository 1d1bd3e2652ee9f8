/*
 * group_check.c - in a grouped query, every column outside of aggregates must be grouped (42803).
 */
#include "sql/analyze_int.h"

typedef struct Check {
    Analyzer *an;
    Scope *scope;
    const Query *query; /* the scope's */
    int level;          /* queries below the grouped one */
    bool in_direct_args;
} Check;

static bool check_query(const Query *query, Check *check);

static bool is_grouped(const Check *check, const Expr *expr)
{
    const Query *query = check->query;
    if (check->level == 0) {
        for (int i = 0; i < query->ngroup; i++)
            if (expr_equal(query->targets[query->group[i]].expr, expr))
                return true;
        return false;
    }
    for (int i = 0; i < query->ngroup && expr->kind == EXPR_VAR; i++) {
        const Expr *grouped = query->targets[query->group[i]].expr;
        if (grouped->kind == EXPR_VAR && grouped->u.var.levels_up == 0 && grouped->u.var.rte == expr->u.var.rte &&
            grouped->u.var.column == expr->u.var.column)
            return true;
    }
    return false;
}

static const char *column_name(const Rte *rte, int column)
{
    static const char *const SYSTEM[] = {"", "ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};
    return column == 0 ? "*" : column < 0 ? SYSTEM[-column] : rte->columns[column - 1].name;
}

static bool ungrouped(const Check *check, const Expr *expr)
{
    Analyzer *an = check->an;
    const Rte *rte = check->query->rtes[expr->u.var.rte];
    const char *name = column_name(rte, expr->u.var.column);
    if (check->level == 0)
        error_set(an->error, ERRCODE_GROUPING_ERROR,
                  "column \"%s.%s\" must appear in the GROUP BY clause or be used in an aggregate function", rte->alias, name);
    else
        error_set(an->error, ERRCODE_GROUPING_ERROR, "subquery uses ungrouped column \"%s.%s\" from outer query", rte->alias, name);
    if (check->level == 0 && check->in_direct_args)
        error_detail(an->error, "Direct arguments of an ordered-set aggregate must use only grouped columns.");
    analyze_at(an, expr->location);
    return true;
}

static bool check_grouping_args(const Check *check, const Expr *expr)
{
    for (int i = 0; i < expr->nargs; i++) {
        if (is_grouped(check, expr->args[i]))
            continue;
        error_set(check->an->error, ERRCODE_GROUPING_ERROR,
                  "arguments to GROUPING must be grouping expressions of the associated query level");
        analyze_at(check->an, expr_location(expr->args[i]));
        return true;
    }
    return false;
}

/* true stops: an error was set. */
static bool check_expr(const Expr *expr, void *arg)
{
    Check *check = arg;
    if (expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM)
        return false;
    if (expr->kind == EXPR_AGG && expr->u.agg.levels_up == check->level) {
        bool was = check->in_direct_args;
        check->in_direct_args = true;
        for (int i = 0; i < expr->u.agg.ndirect; i++)
            if (check_expr(expr->u.agg.direct_args[i], check))
                return true;
        check->in_direct_args = was;
        return false;
    }
    if (expr->kind == EXPR_AGG && expr->u.agg.levels_up > check->level)
        return false;
    if (expr->kind == EXPR_GROUPING)
        return false;
    if (check->level == 0 && is_grouped(check, expr))
        return false;
    if (expr->kind == EXPR_VAR) {
        if (expr->u.var.levels_up != check->level || is_grouped(check, expr) ||
            group_determines(check->scope, expr->u.var.rte, expr->u.var.column))
            return false;
        return ungrouped(check, expr);
    }
    if (expr->kind == EXPR_SUBLINK && check_query(expr->u.sublink.query, check))
        return true;
    return expr_walk(expr, check_expr, arg);
}

static bool check_query(const Query *query, Check *check)
{
    check->level++;
    bool stopped = query_walk_exprs(query, check_expr, check);
    for (int i = 0; i < query->nctes && !stopped; i++)
        stopped = check_query(query->ctes[i].query, check);
    for (int i = 0; i < query->nrtes && !stopped; i++)
        stopped = query->rtes[i]->query && !query->rtes[i]->relation && check_query(query->rtes[i]->query, check);
    if (!stopped && query->left)
        stopped = check_query(query->left, check) || check_query(query->right, check);
    check->level--;
    return stopped;
}

static bool check_grouping_calls(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_GROUPING)
        return check_grouping_args(arg, expr);
    return expr_walk(expr, check_grouping_calls, arg);
}

static bool find_aggregate(const Expr *expr, void *arg)
{
    const Expr **found = arg;
    if (expr->kind == EXPR_AGG && expr->u.agg.levels_up == 0) {
        *found = expr;
        return true;
    }
    return expr_walk(expr, find_aggregate, arg);
}

static bool check_recursion(Scope *scope)
{
    const Expr *aggregate = NULL;
    bool recursive = false;
    for (int i = 0; i < scope->query->nrtes; i++)
        recursive |= scope->query->rtes[i]->cte_self;
    if (!recursive || !scope->query->has_aggs)
        return true;
    query_walk_exprs(scope->query, find_aggregate, &aggregate);
    error_set(scope->an->error, ERRCODE_INVALID_RECURSION, "aggregate functions are not allowed in a recursive query's recursive term");
    return analyze_at(scope->an, aggregate ? aggregate->location : -1);
}

static bool visit_outputs(const Query *query, bool (*visit)(const Expr *expr, void *arg), Check *check)
{
    for (int i = 0; i < query->ntargets; i++)
        if (visit(query->targets[i].expr, check))
            return true;
    for (int i = 0; i < query->nwindows; i++) {
        const Window *window = &query->windows[i];
        for (int j = 0; j < window->npartition; j++)
            if (visit(window->partition[j], check))
                return true;
        for (int j = 0; j < window->norder; j++)
            if (visit(window->order[j], check))
                return true;
    }
    return false;
}

bool check_grouping(Scope *scope)
{
    const Query *query = scope->query;
    bool grouped = query->has_aggs || query->ngroup || query->having || query->ngrouping_sets || query->has_grouping;
    if (!grouped)
        return true;
    Check check = {.an = scope->an, .scope = scope, .query = query};
    if (visit_outputs(query, check_grouping_calls, &check) || visit_outputs(query, check_expr, &check))
        return false;
    if (query->having && (check_grouping_calls(query->having, &check) || check_expr(query->having, &check)))
        return false;
    return check_recursion(scope);
}
