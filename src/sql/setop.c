/*
 * setop.c - UNION, INTERSECT and EXCEPT (PostgreSQL manual, sections 7.4 and 10.5).
 *
 * Invariants:
 *  1. A set operation is a Query whose left and right make the rows, one level below it; its targets are variables of a range table entry 0
 * that stands for the rows and has their columns.
 *  2. Both sides' outputs have exactly the result's types: what differs is cast, inside a side where that changes nothing else there
 *     (no DISTINCT, GROUP BY, ORDER BY or LIMIT), else around it.
 *  3. Literals wait for the other side before they become text.
 */
#include "sql/analyze_int.h"

typedef struct Side {
    Query *query;
    Expr **outputs;
    int count;
    bool is_leaf;
} Side;

static const char *op_name(PgQuery__SetOperation op)
{
    return op == PG_QUERY__SET_OPERATION__SETOP_UNION ? "UNION" : op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT ? "INTERSECT" : "EXCEPT";
}

static bool is_set_operation(const PgQuery__SelectStmt *stmt)
{
    return stmt->op == PG_QUERY__SET_OPERATION__SETOP_UNION || stmt->op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT ||
           stmt->op == PG_QUERY__SET_OPERATION__SETOP_EXCEPT;
}

/* A parenthesised side with clauses of its own is a query like any other. */
static bool has_own_clauses(const PgQuery__SelectStmt *stmt)
{
    return stmt->n_sort_clause || stmt->limit_offset || stmt->limit_count || stmt->n_locking_clause || stmt->with_clause;
}

static bool combine(Scope *scope, const PgQuery__SelectStmt *stmt);

static bool analyze_side(Scope *scope, PgQuery__SelectStmt *stmt, Side *side)
{
    Analyzer *an = scope->an;
    if (stmt->into_clause) {
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "INTO is only allowed on first SELECT of UNION/INTERSECT/EXCEPT");
        return analyze_at(an, stmt->into_clause->rel ? stmt->into_clause->rel->location : -1);
    }
    if (stmt->n_locking_clause)
        return error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT");
    if (!analyze_enter(an))
        return false;
    Scope *inner = scope_open(an, scope);
    inner->keep_unknown = true;
    side->is_leaf = !is_set_operation(stmt) || has_own_clauses(stmt);
    if (side->is_leaf)
        side->query = analyze_select(inner, stmt);
    else
        side->query = combine(inner, stmt) ? inner->query : NULL;
    analyze_leave(an);
    if (!side->query)
        return false;
    side->outputs = ARENA_ARRAY(an->arena, Expr *, side->query->ntargets + 1);
    for (int i = 0; i < side->query->ntargets; i++)
        if (!side->query->targets[i].junk)
            side->outputs[side->count++] = side->query->targets[i].expr;
    return true;
}

/* ---- types ---- */

static bool is_simple(const Query *query)
{
    return !query->set_op && !query->distinct && !query->norder && !query->ngroup && !query->ngrouping_sets && !query->limit &&
           !query->offset && !query->is_values && !query->has_windows && !query->has_aggs;
}

/* The side as a subquery below a query that casts its columns. */
static Scope *wrap(Scope *scope, Side *side)
{
    Analyzer *an = scope->an;
    Scope *outer = scope_open(an, scope);
    Query *query = outer->query;
    /* one level further from everything around */
    for (int i = 0; i < side->count; i++)
        an->expressions++;
    Expr probe = {.kind = EXPR_SUBLINK, .u.sublink = {.query = side->query}};
    expr_shift_levels(&probe, 1);
    side->query->outer = query;
    Rte *rte = rte_for_query(an, side->query, "unnamed_subquery");
    query->from = ARENA_ARRAY(an->arena, FromItem *, 1);
    query->from[0] = from_add(outer, rte, &outer->names);
    query->nfrom = 1;
    query->is_around = true;
    int place = 0;
    for (int i = 0; i < side->query->ntargets; i++) {
        if (side->query->targets[i].junk)
            continue;
        Target *target =
            scope_add_target(outer, names_use_column(outer, outer->names.items[0], place++, 0, -1), side->query->targets[i].name, false);
        target->origin_table = side->query->targets[i].origin_table;
        target->origin_column = side->query->targets[i].origin_column;
    }
    return outer;
}

static bool needs_cast(const Expr *expr, const RteColumn *column)
{
    return expr->type != column->type;
}

static Target *output_target(Query *query, int number)
{
    for (int i = 0; i < query->ntargets; i++)
        if (!query->targets[i].junk && number-- == 0)
            return &query->targets[i];
    return NULL;
}

static bool is_literal(const Expr *expr)
{
    return expr->type == TYPE_UNKNOWN && (expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM);
}

static bool cast_targets(Scope *scope, Query *query, int count, const RteColumn *columns, bool only_literals, const char *context)
{
    Scope at = {.an = scope->an, .parent = scope, .query = query};
    for (int i = 0; i < count; i++) {
        Target *target = output_target(query, i);
        if (!needs_cast(target->expr, &columns[i]) || (only_literals && !is_literal(target->expr)))
            continue;
        target->expr = coerce_to_common(&at, target->expr, columns[i].type, context);
        if (!target->expr || !assign_collation(scope->an, target->expr))
            return false;
        target->origin_table = OID_NONE;
        target->origin_column = 0;
    }
    return true;
}

/* Literals get their type where they stand, other columns behind what the side does with them. */
static bool cast_side(Scope *scope, Side *side, const RteColumn *columns, const char *context)
{
    bool needed = false;
    if (side->is_leaf && !side->query->is_values && !cast_targets(scope, side->query, side->count, columns, true, context))
        return false;
    for (int i = 0; i < side->count; i++)
        needed |= needs_cast(output_target(side->query, i)->expr, &columns[i]);
    if (needed && !is_simple(side->query))
        side->query = wrap(scope, side)->query;
    return !needed || cast_targets(scope, side->query, side->count, columns, false, context);
}

static bool column_collation(Analyzer *an, Expr *const *pair, bool all, RteColumn *column)
{
    if (!type_collation(an->catalog, column->type)) {
        column->collation = OID_NONE;
        return true;
    }
    if (!common_collation(an, pair, 2, all, &column->collation))
        return false;
    if (!column->collation && (pair[0]->type == TYPE_UNKNOWN || pair[1]->type == TYPE_UNKNOWN)) /* literals, about to become text */
        column->collation = type_collation(an->catalog, column->type);
    return true;
}

static bool need_grouping(Scope *scope, const PgQuery__SelectStmt *stmt, const RteColumn *column, int location)
{
    SortOps ops;
    if (stmt->op == PG_QUERY__SET_OPERATION__SETOP_UNION && stmt->all)
        return true;
    return sort_ops_need(scope, column->type, false, &ops, location);
}

static bool unify(Scope *scope, const PgQuery__SelectStmt *stmt, Side *left, Side *right, RteColumn *columns, int *locations)
{
    Analyzer *an = scope->an;
    const char *context = op_name(stmt->op);
    for (int i = 0; i < left->count; i++) {
        Expr *pair[2] = {left->outputs[i], right->outputs[i]}, *which;
        columns[i].type = common_type(scope, pair, 2, context, &which);
        if (!columns[i].type)
            return false;
        locations[i] = expr_location(which);
        for (int j = 0; j < 2; j++)
            if (!can_coerce_one(an->catalog, pair[j]->type, columns[i].type, COERCE_IMPLICIT)) {
                coerce_to_common(scope, pair[j], columns[i].type, context);
                return false;
            }
        columns[i].typmod = common_typmod(pair, 2, columns[i].type);
        columns[i].name = output_target(left->query, i)->name;
        if (!column_collation(an, pair, stmt->op == PG_QUERY__SET_OPERATION__SETOP_UNION && stmt->all, &columns[i]) ||
            !need_grouping(scope, stmt, &columns[i], locations[i]))
            return false;
    }
    return cast_side(scope, left, columns, context) && cast_side(scope, right, columns, context);
}

/* ---- the query ---- */

/* Entry 0 and the targets that name the rows' columns. */
static void take_columns(Scope *scope, const RteColumn *columns, int ncolumns, const int *locations)
{
    Analyzer *an = scope->an;
    Rte *rte = ARENA_NEW(an->arena, Rte);
    rte->kind = RTE_RESULT;
    rte->alias = "*SELECT*";
    rte->columns = (RteColumn *)columns;
    rte->ncolumns = ncolumns;
    int index = scope_add_rte(scope, rte);
    for (int i = 0; i < ncolumns; i++) {
        Expr *var = expr_var(an->arena, index, i + 1, columns[i].type, columns[i].typmod, columns[i].collation);
        var->location = locations[i];
        scope_add_target(scope, var, columns[i].name, false);
    }
}

static bool finish_sides(Scope *scope, const PgQuery__SelectStmt *stmt, Side *left, Side *right)
{
    Analyzer *an = scope->an;
    Query *query = scope->query;
    if (left->count != right->count) {
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "each %s query must have the same number of columns", op_name(stmt->op));
        return analyze_at(an, right->count ? expr_location(right->outputs[0]) : -1);
    }
    RteColumn *columns = ARENA_ARRAY(an->arena, RteColumn, left->count + 1);
    int *locations = ARENA_ARRAY(an->arena, int, left->count + 1);
    if (!unify(scope, stmt, left, right, columns, locations))
        return false;
    query->set_op = stmt->op == PG_QUERY__SET_OPERATION__SETOP_UNION       ? SETOP_UNION
                    : stmt->op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT ? SETOP_INTERSECT
                                                                           : SETOP_EXCEPT;
    query->set_all = stmt->all;
    query->left = left->query;
    query->right = right->query;
    take_columns(scope, columns, left->count, locations);
    return true;
}

static bool combine(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    Side left = {0}, right = {0};
    if (!analyze_side(scope, stmt->larg, &left))
        return false;
    if (scope->recursive && !cte_take_columns(scope, &left.query))
        return false;
    if (scope->recursive) { /* what was text in the first term is text for the second one */
        left.count = 0;
        for (int i = 0; i < left.query->ntargets; i++)
            if (!left.query->targets[i].junk)
                left.outputs[left.count++] = left.query->targets[i].expr;
    }
    scope->query->left = left.query;
    return analyze_side(scope, stmt->rarg, &right) && finish_sides(scope, stmt, &left, &right);
}

/* ORDER BY sees the output columns alone. */
static bool order_outputs(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    Analyzer *an = scope->an;
    Query *query = scope->query;
    int outputs = query->ntargets;
    NsItem *item = names_item(scope, query->rtes[0], 0);
    item->name = NULL;
    item->names_visible = false;
    names_add(scope, &scope->names, item);
    bool ok = analyze_sort(scope, stmt->sort_clause, stmt->n_sort_clause, CLAUSE_ORDER_BY, false, &query->order, &query->norder);
    scope->names.count = 0;
    if (!ok || query->ntargets == outputs)
        return ok;
    error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause");
    error_detail(an->error, "Only result column names can be used, not expressions or functions.");
    error_hint(an->error, "Add the expression/function to every SELECT, or move the UNION into a FROM clause.");
    return analyze_at(an, expr_location(query->targets[outputs].expr));
}

static const PgQuery__SelectStmt *leftmost(const PgQuery__SelectStmt *stmt)
{
    while (stmt->larg)
        stmt = stmt->larg;
    return stmt;
}

/* To those outside, an output stands where the first SELECT has it. */
static void point_at_first(Query *query)
{
    Query *first = query;
    while (first->left)
        first = first->left;
    for (int i = 0; i < query->ntargets; i++)
        query->targets[i].expr->location = expr_location(output_target(first, i)->expr);
}

bool analyze_set_operation(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    Analyzer *an = scope->an;
    if (leftmost(stmt)->into_clause)
        return error_unsupported(an->error, "SELECT INTO is not supported");
    if (stmt->n_locking_clause)
        return error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT");
    if (stmt->with_clause && !analyze_with(scope, stmt->with_clause))
        return false;
    if (!combine(scope, stmt))
        return false;
    point_at_first(scope->query);
    return order_outputs(scope, stmt) && analyze_limit(scope, stmt);
}
