/*
 * exclude.c - tables that a query need not read, since their own constraints contradict its conditions (PostgreSQL manual, section 5.11.5;
 * the setting constraint_exclusion). A foreign table's CHECK is nobody's to enforce: it is believed, as PostgreSQL does.
 *
 * Invariant: what constraints say is believed where they are validated and immutable.
 * Threads: the session's own.
 */
#include <string.h>

#include "func/partition.h"
#include "plan/internal.h"

/* The condition of a constraint as text, over entry 0. */
static void add_text(Planner *planner, const CatRelation *relation, const char *text, ExprList *out)
{
    Arena *arena = planner->arena;
    AnalyzeContext context = {.catalog = planner->context->catalog, .functions = planner->context->functions, .text = ""};
    Error ignored;
    ParsedText parsed;
    error_init(&ignored, arena);
    if (!sql_parse(arena_printf(arena, "SELECT %s", text), arena, &parsed, &ignored))
        return;
    const Node *node = parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
    Expr *expr = sql_analyze_stored(node, EXPR_USE_CHECK, relation, TYPE_BOOL, -1, &context, arena, &ignored);
    ExprList parts = {0};
    if (expr)
        refs_split_and(arena, expr, &parts);
    for (size_t i = 0; i < parts.count; i++) {
        if (expr_is_mutable(parts.items[i], planner->context->catalog))
            continue;
        Query *query = ARENA_NEW(arena, Query);
        *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .where = parts.items[i]};
        fold_constants(planner, query);
        vec_push(arena, out, refute_form(planner, query->where));
    }
}

static bool add_checks(Planner *planner, const CatRelation *relation, ExprList *out)
{
    static const char SQL[] = "SELECT conbin FROM pg_constraint WHERE conrelid = ?1 AND contype = 'c' AND convalidated ORDER BY conname";
    CatalogRows *rows = catalog_query(planner->context->catalog, planner->arena, planner->error, SQL, "o", relation->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        add_text(planner, relation, CATALOG_CELL(rows, i, 0).text, out);
    return rows != NULL;
}

static void add_not_nulls(Planner *planner, const CatRelation *relation, ExprList *out)
{
    Arena *arena = planner->arena;
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (!column->not_null || column->dropped)
            continue;
        Expr *test = ARENA_NEW(arena, Expr);
        *test = (Expr){.kind = EXPR_IS_NOT_NULL, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 1};
        test->args = ARENA_ARRAY(arena, Expr *, 1);
        test->args[0] = expr_var(arena, 0, i + 1, column->type, column->typmod, column->collation);
        vec_push(arena, out, test);
    }
}

static bool add_bound(Planner *planner, const CatRelation *relation, ExprList *out)
{
    const char *text = NULL;
    if (!relation->is_partition)
        return true;
    if (!partition_constraint(planner->context->functions, relation->oid, false, planner->arena, &text, planner->error))
        return false;
    if (text)
        add_text(planner, relation, text, out);
    return true;
}

/* Values of parameters count as constants, unless the plan is to be for all values. */
static Expr *to_value(Expr *expr, int level, void *arg)
{
    const Planner *planner = arg;
    const PlanContext *context = planner->context;
    (void)level;
    if (expr->kind != EXPR_PARAM || !context->params_bound || expr->u.param > context->nparams)
        return expr;
    return expr_const_like(planner->arena, expr, context->param_values[expr->u.param - 1]);
}

bool planner_setting_is(const Planner *planner, const char *name, const char *value)
{
    const SessionServices *session = planner->context->functions->session;
    const char *setting = session->get_setting(session->arg, name, planner->arena);
    return setting && strcmp(setting, value) == 0;
}

Expr *exclude_with_values(Planner *planner, const Expr *condition)
{
    Query *query = ARENA_NEW(planner->arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = planner->arena, .where = expr_copy(condition, planner->arena)};
    if (!planner_setting_is(planner, "plan_cache_mode", "force_generic_plan"))
        query_map_exprs(query, false, to_value, planner);
    fold_constants(planner, query);
    return query->where;
}

bool exclude_applies(const Planner *planner, bool is_member)
{
    return planner_setting_is(planner, "constraint_exclusion", "on") ||
           (is_member && planner_setting_is(planner, "constraint_exclusion", "partition"));
}

static bool is_of_moment(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_CONST && expr->oid == CONST_OF_MOMENT) || expr_walk(expr, is_of_moment, arg);
}

static Expr *all_of(Planner *planner, const ExprList *parts)
{
    return refs_make_and(planner->arena, parts->items, parts->count);
}

/* One is never true, or they contradict each other: of those that say the same at any moment. */
static bool contradicts_itself(Planner *planner, const ExprList *conditions)
{
    ExprList lasting = {0};
    for (size_t i = 0; i < conditions->count; i++)
        if (conditions->items[i]->kind == EXPR_CONST && (!conditions->items[i]->u.value || *conditions->items[i]->u.value == 'f'))
            return true;
        else if (!expr_is_mutable(conditions->items[i], planner->context->catalog) && !is_of_moment(conditions->items[i], NULL))
            vec_push(planner->arena, &lasting, conditions->items[i]);
    return lasting.count && refute(planner, all_of(planner, &lasting), all_of(planner, &lasting));
}

bool exclude_contradicts(Planner *planner, const CatRelation *relation, bool is_member, const Expr *condition, bool *out)
{
    ExprList constraints = {0}, conditions = {0};
    *out = false;
    if (!condition || !exclude_applies(planner, is_member))
        return true;
    refs_split_and(planner->arena, refute_form(planner, exclude_with_values(planner, condition)), &conditions);
    *out = contradicts_itself(planner, &conditions);
    if (*out || error_is_set(planner->error))
        return *out;
    if (!add_checks(planner, relation, &constraints) || (!is_member && !add_bound(planner, relation, &constraints)))
        return false;
    add_not_nulls(planner, relation, &constraints);
    *out = constraints.count && conditions.count && refute(planner, all_of(planner, &conditions), all_of(planner, &constraints));
    return !error_is_set(planner->error);
}
