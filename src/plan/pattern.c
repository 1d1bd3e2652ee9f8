/*
 * pattern.c - regular expressions that conditions compare with are read when the query is planned, as PostgreSQL's estimates of
 * selectivity do: what is no regular expression is an error though no row is ever looked at.
 *
 * Invariants:
 *  1. Only constants count, where a condition stands alone or under AND, OR, NOT and IS; what CASE or a call may pass over is left to it.
 *  2. A condition that is false beforehand takes the others along.
 * Threads: the session's own.
 */
#include "plan/internal.h"

static const Oid MATCHES[] = {
    F_TEXTREGEXEQ_TEXT_TEXT,       F_NAMEREGEXEQ_NAME_TEXT,     F_BPCHARREGEXEQ_BPCHAR_TEXT, F_TEXTREGEXNE_TEXT_TEXT,
    F_NAMEREGEXNE_NAME_TEXT,       F_BPCHARREGEXNE_BPCHAR_TEXT, F_TEXTICREGEXEQ_TEXT_TEXT,   F_NAMEICREGEXEQ_NAME_TEXT,
    F_BPCHARICREGEXEQ_BPCHAR_TEXT, F_TEXTICREGEXNE_TEXT_TEXT,   F_NAMEICREGEXNE_NAME_TEXT,   F_BPCHARICREGEXNE_BPCHAR_TEXT,
};

static bool is_match(Oid proc)
{
    for (size_t i = 0; i < COUNT_OF(MATCHES); i++)
        if (MATCHES[i] == proc)
            return true;
    return false;
}

static const Expr *constant_of(const Expr *expr)
{
    while (expr->kind == EXPR_COLLATE || expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    return expr->kind == EXPR_CONST && expr->u.value ? expr : NULL;
}

/* Any text shows whether the pattern is one. */
static bool read_pattern(const Planner *planner, Oid proc, const char *pattern)
{
    static const Oid TYPES[] = {TYPE_TEXT, TYPE_TEXT};
    const char *const texts[] = {"", pattern}, *ignored;
    Arena *arena = arena_open(NULL);
    bool read = func_fold(proc, planner->context->functions, TYPE_BOOL, TYPES, texts, 2, arena, &ignored, planner->error);
    arena_close(arena);
    return read;
}

static bool check_match(const Planner *planner, const Expr *expr)
{
    const Expr *pattern = expr->nargs == 2 ? constant_of(expr->args[1]) : NULL;
    const CatOperator *operator= pattern ? catalog_operator(planner->context->catalog, expr->oid) : NULL;
    return !operator|| !is_match(operator->proc) || read_pattern(planner, operator->proc, pattern->u.value);
}

/* The arguments of AND (decided: "f") or OR ("t"), unless one decides it all. */
static bool check_condition(const Planner *planner, const Expr *expr);
static bool check_arguments(const Planner *planner, const Expr *expr, const char *decided)
{
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i]->kind == EXPR_CONST && str_eq(expr->args[i]->u.value, decided))
            return true;
    for (int i = 0; i < expr->nargs; i++)
        if (!check_condition(planner, expr->args[i]))
            return false;
    return true;
}

static bool check_condition(const Planner *planner, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_AND:
        return check_arguments(planner, expr, "f");
    case EXPR_OR:
        return check_arguments(planner, expr, "t");
    case EXPR_NOT:
    case EXPR_BOOL_TEST:
        return check_condition(planner, expr->args[0]);
    case EXPR_OP:
        return check_match(planner, expr);
    default:
        return true;
    }
}

static bool check_from(const Planner *planner, const FromItem *item)
{
    return item->kind != FROM_JOIN ||
           (check_from(planner, item->left) && check_from(planner, item->right) && (!item->on || check_condition(planner, item->on)));
}

static bool fails(const Query *query, void *planner)
{
    return !patterns_check(planner, query);
}

bool patterns_check(Planner *planner, const Query *query)
{
    for (int i = 0; i < query->nfrom; i++)
        if (!check_from(planner, query->from[i]))
            return false;
    return (!query->where || check_condition(planner, query->where)) && (!query->having || check_condition(planner, query->having)) &&
           !query_walk_queries(query, fails, planner);
}
