/*
 * aggregate.c - aggregate calls: which query they belong to, where they may stand, their own ORDER BY and DISTINCT; GROUPING().
 *
 * Invariants:
 *  1. An aggregate belongs to the innermost query one of whose variables is in its arguments (not its direct ones); with none to its own.
 *  2. That query's clause decides whether it is allowed.
 */
#include "sql/analyze_int.h"

/* ---- the level of arguments ---- */

typedef struct LevelSearch {
    Analyzer *an;
    int sublevels;
    int var_level, agg_level; /* smallest seen, -1: none */
    int agg_location;
    const char *what; /* for messages: "aggregate" */
} LevelSearch;

static bool search_query(const Query *query, void *arg);

static void note_level(int *known, int level)
{
    if (level >= 0 && (*known < 0 || level < *known))
        *known = level;
}

static bool search_expr(const Expr *expr, void *arg)
{
    LevelSearch *search = arg;
    Analyzer *an = search->an;
    if (expr->kind == EXPR_VAR) {
        note_level(&search->var_level, expr->u.var.levels_up - search->sublevels);
        return false;
    }
    if (expr->kind == EXPR_AGG || expr->kind == EXPR_GROUPING) {
        int level = (expr->kind == EXPR_AGG ? expr->u.agg.levels_up : 0) - search->sublevels;
        if (level >= 0 && (search->agg_level < 0 || level < search->agg_level)) {
            search->agg_level = level;
            search->agg_location = expr->location;
        }
        return false; /* its arguments were looked at when it was made */
    }
    if (search->sublevels == 0 && expr->kind == EXPR_WINDOW) {
        error_set(an->error, ERRCODE_GROUPING_ERROR, "aggregate function calls cannot contain window function calls");
        analyze_at(an, expr->location);
        return true;
    }
    if (search->sublevels == 0 && expr->kind == EXPR_FUNC && expr->u.func.returns_set) {
        error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "aggregate function calls cannot contain set-returning function calls");
        error_hint(an->error, "You might be able to move the set-returning function into a LATERAL FROM item.");
        analyze_at(an, expr->location);
        return true;
    }
    if (expr->kind == EXPR_SUBLINK && search_query(expr->u.sublink.query, arg))
        return true;
    return expr_walk(expr, search_expr, arg);
}

static bool search_query(const Query *query, void *arg)
{
    LevelSearch *search = arg;
    search->sublevels++;
    bool stopped = query_walk_exprs(query, search_expr, search);
    for (int i = 0; i < query->nctes && !stopped; i++)
        stopped = search_query(query->ctes[i].query, arg);
    for (int i = 0; i < query->nrtes && !stopped; i++)
        stopped = query->rtes[i]->query && search_query(query->rtes[i]->query, arg);
    if (!stopped && query->left)
        stopped = search_query(query->left, arg) || search_query(query->right, arg);
    search->sublevels--;
    return stopped;
}

static bool nested(Analyzer *an, int location)
{
    error_set(an->error, ERRCODE_GROUPING_ERROR, "aggregate function calls cannot be nested");
    return analyze_at(an, location);
}

static bool check_direct_arguments(Analyzer *an, const Expr *aggregate, int level)
{
    LevelSearch search = {.an = an, .var_level = -1, .agg_level = -1};
    for (int i = 0; i < aggregate->u.agg.ndirect; i++)
        if (search_expr(aggregate->u.agg.direct_args[i], &search))
            return false;
    if (search.var_level >= 0 && search.var_level < level) {
        error_set(an->error, ERRCODE_GROUPING_ERROR, "outer-level aggregate cannot contain a lower-level variable in its direct arguments");
        return analyze_at(an, aggregate->location);
    }
    if (search.agg_level >= 0 && search.agg_level <= level)
        return nested(an, search.agg_location);
    return true;
}

/* -1: failed. */
static int level_of(Analyzer *an, const Expr *aggregate)
{
    LevelSearch search = {.an = an, .var_level = -1, .agg_level = -1};
    for (int i = 0; i < aggregate->nargs; i++)
        if (search_expr(aggregate->args[i], &search))
            return -1;
    if (aggregate->kind == EXPR_AGG && aggregate->u.agg.filter && search_expr(aggregate->u.agg.filter, &search))
        return -1;
    int level = search.var_level;
    if (search.agg_level >= 0 && (level < 0 || search.agg_level < level))
        level = search.agg_level;
    level = level < 0 ? 0 : level;
    if (level == search.agg_level) {
        nested(an, search.agg_location);
        return -1;
    }
    if (aggregate->kind == EXPR_AGG && !check_direct_arguments(an, aggregate, level))
        return -1;
    return level;
}

/* The scope it belongs to takes note, and may refuse it. */
static bool settle_level(Scope *scope, const Expr *call, int level, const char *what)
{
    Analyzer *an = scope->an;
    Scope *owner = scope;
    for (int i = 0; i < level && owner->parent; i++)
        owner = owner->parent;
    const char *where = clause_rule(owner->clause)->aggregates;
    if (where) {
        error_set(an->error, ERRCODE_GROUPING_ERROR, "%s are not allowed in %s", what, where);
        return analyze_at(an, call->location);
    }
    if (call->kind == EXPR_AGG)
        owner->query->has_aggs = true;
    else
        owner->query->has_grouping = true;
    return true;
}

/* ---- ORDER BY and DISTINCT inside the call ---- */

/* What was written, where the call needed another type. */
static const Expr *as_written(const Expr *expr)
{
    bool cast =
        expr->kind == EXPR_RELABEL || expr->kind == EXPR_CAST_IO || (expr->kind == EXPR_FUNC && expr->u.func.form == FUNC_IMPLICIT_CAST);
    return cast && expr->location < 0 ? as_written(expr->args[0]) : expr;
}

static int argument_of(Scope *scope, Expr *aggregate, Expr *expr, size_t *cap)
{
    for (int i = 0; i < aggregate->nargs; i++)
        if (expr_equal(as_written(aggregate->args[i]), expr))
            return i;
    if ((size_t)aggregate->nargs >= *cap) {
        size_t grown = *cap * 2 + 4;
        Expr **args = ARENA_ARRAY(scope->an->arena, Expr *, grown);
        memcpy(args, aggregate->args, sizeof(Expr *) * (size_t)aggregate->nargs);
        aggregate->args = args;
        *cap = grown;
    }
    aggregate->args[aggregate->nargs] = expr;
    aggregate->u.agg.njunk++;
    return aggregate->nargs++;
}

static bool order_arguments(Scope *scope, Expr *aggregate, const PgQuery__FuncCall *node)
{
    size_t cap = (size_t)aggregate->nargs;
    aggregate->u.agg.order = ARENA_ARRAY(scope->an->arena, SortItem, node->n_agg_order + 1);
    for (size_t i = 0; i < node->n_agg_order; i++) {
        const PgQuery__SortBy *sort = node->agg_order[i]->sort_by;
        int place;
        if (node->agg_within_group) {
            place = (int)i;
            if (aggregate->args[place]->type == TYPE_UNKNOWN)
                aggregate->args[place] = coerce_to_common(scope, aggregate->args[place], TYPE_TEXT, "ORDER BY");
        } else {
            Expr *expr = analyze_clause_expr(scope, sort->node, CLAUSE_ORDER_BY);
            if (expr && expr->type == TYPE_UNKNOWN)
                expr = coerce_to_common(scope, expr, TYPE_TEXT, "ORDER BY");
            if (!expr)
                return false;
            place = argument_of(scope, aggregate, expr, &cap);
        }
        if (!aggregate->args[place])
            return false;
        if (!sort_item_make(scope, sort, aggregate->args[place], place, &aggregate->u.agg.order[aggregate->u.agg.norder]))
            return false;
        aggregate->u.agg.norder++;
    }
    return true;
}

static bool check_distinct(Scope *scope, Expr *aggregate)
{
    Analyzer *an = scope->an;
    int real = aggregate->nargs - aggregate->u.agg.njunk;
    if (!aggregate->u.agg.distinct)
        return true;
    if (aggregate->nargs == 0) {
        error_set(an->error, ERRCODE_INVALID_COLUMN_REFERENCE, "an aggregate with DISTINCT must have at least one argument");
        return analyze_at(an, aggregate->location);
    }
    for (int i = 0; i < aggregate->u.agg.norder; i++)
        if (aggregate->u.agg.order[i].target >= real) {
            error_set(an->error, ERRCODE_INVALID_COLUMN_REFERENCE,
                      "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list");
            return analyze_at(an, expr_location(aggregate->args[aggregate->u.agg.order[i].target]));
        }
    for (int i = 0; i < real; i++) {
        SortOps ops;
        if (aggregate->args[i]->type == TYPE_UNKNOWN)
            aggregate->args[i] = coerce_to_common(scope, aggregate->args[i], TYPE_TEXT, "DISTINCT");
        if (!aggregate->args[i])
            return false;
        if (!sort_ops_need(scope, aggregate->args[i]->type, false, &ops, expr_location(aggregate->args[i])))
            return false;
        if (ops.less)
            continue;
        error_set(an->error, ERRCODE_UNDEFINED_FUNCTION, "could not identify an ordering operator for type %s",
                  type_text(an, aggregate->args[i]->type));
        error_detail(an->error, "Aggregates with DISTINCT must be able to sort their inputs.");
        return analyze_at(an, expr_location(aggregate->args[i]));
    }
    return true;
}

Expr *make_aggregate(Scope *scope, Expr *aggregate, const PgQuery__FuncCall *node, Expr **direct, int ndirect)
{
    aggregate->u.agg.direct_args = direct;
    aggregate->u.agg.ndirect = ndirect;
    if (!order_arguments(scope, aggregate, node) || !check_distinct(scope, aggregate))
        return NULL;
    int level = level_of(scope->an, aggregate);
    if (level < 0 || !settle_level(scope, aggregate, level, "aggregate functions"))
        return NULL;
    aggregate->u.agg.levels_up = level;
    return aggregate;
}

/* ---- GROUPING ---- */

Expr *analyze_grouping(Scope *scope, const PgQuery__GroupingFunc *node)
{
    enum { MOST_GROUPING_ARGUMENTS = 31 };
    Analyzer *an = scope->an;
    if (node->n_args > MOST_GROUPING_ARGUMENTS) {
        error_set(an->error, ERRCODE_TOO_MANY_ARGUMENTS, "GROUPING must have fewer than 32 arguments");
        analyze_at(an, node->location);
        return NULL;
    }
    Expr *expr = expr_new(scope, EXPR_GROUPING, TYPE_INT4, node->location);
    expr->args = ARENA_ARRAY(an->arena, Expr *, node->n_args + 1);
    for (size_t i = 0; i < node->n_args; i++) {
        expr->args[expr->nargs] = analyze_expr(scope, node->args[i]);
        if (!expr->args[expr->nargs++])
            return NULL;
    }
    int level = level_of(an, expr);
    if (level > 0) {
        error_unsupported(an->error, "GROUPING of an outer query is not supported");
        analyze_at(an, node->location);
        return NULL;
    }
    return level == 0 && settle_level(scope, expr, level, "grouping operations") ? expr : NULL;
}
