/*
 * values.c - VALUES lists as queries of their own (PostgreSQL manual, section 7.7).
 */
#include "sql/analyze_int.h"

typedef struct ValuesRows {
    Expr ***rows;
    int nrows, ncolumns;
} ValuesRows;

/* DEFAULT has no meaning here, and the expression's own analysis says so. */
static bool refuse_default(Scope *scope, const PgQuery__List *list)
{
    for (size_t i = 0; i < list->n_items; i++)
        if (list->items[i]->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT)
            return analyze_expr(scope, list->items[i]) != NULL;
    return false;
}

static bool analyze_row_of_values(Scope *scope, const PgQuery__List *list, ValuesRows *values, bool single)
{
    Analyzer *an = scope->an;
    int count;
    scope->clause = single ? CLAUSE_VALUES_SINGLE : CLAUSE_VALUES;
    Expr **row = analyze_list(scope, list, &count);
    if (!row)
        return false;
    for (int i = 0; i < count; i++)
        if (!row[i])
            return refuse_default(scope, list);
    scope->clause = CLAUSE_NONE;
    if (values->nrows == 0) {
        values->ncolumns = count;
    } else if (values->ncolumns != count) {
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "VALUES lists must all be the same length");
        return analyze_at(an, count ? expr_location(row[0]) : -1);
    }
    values->rows[values->nrows++] = row;
    return true;
}

/* One column of all rows gets one type. */
static bool unify_column(Scope *scope, ValuesRows *values, int column, RteColumn *out)
{
    Analyzer *an = scope->an;
    Expr **exprs = ARENA_ARRAY(an->arena, Expr *, values->nrows);
    for (int i = 0; i < values->nrows; i++)
        exprs[i] = values->rows[i][column];
    out->type = common_type(scope, exprs, values->nrows, "VALUES", NULL);
    if (!out->type)
        return false;
    for (int i = 0; i < values->nrows; i++) {
        exprs[i] = coerce_to_common(scope, exprs[i], out->type, "VALUES");
        if (!exprs[i])
            return false;
        values->rows[i][column] = exprs[i];
    }
    for (int i = 0; i < values->nrows; i++)
        if (!assign_collation(an, exprs[i]))
            return false;
    out->typmod = common_typmod(exprs, values->nrows, out->type);
    out->name = arena_printf(an->arena, "column%d", column + 1);
    return common_collation(an, exprs, values->nrows, true, &out->collation);
}

static bool add_values_rte(Scope *scope, ValuesRows *values)
{
    Arena *arena = scope->an->arena;
    Query *query = scope->query;
    Rte *rte = ARENA_NEW(arena, Rte);
    rte->kind = RTE_VALUES;
    rte->alias = "*VALUES*";
    rte->rows = values->rows;
    rte->nrows = values->nrows;
    rte->ncolumns = values->ncolumns;
    rte->columns = ARENA_ARRAY(arena, RteColumn, values->ncolumns + 1);
    for (int i = 0; i < values->ncolumns; i++)
        if (!unify_column(scope, values, i, &rte->columns[i]))
            return false;
    for (int i = 0; i < values->nrows; i++)
        for (int j = 0; j < values->ncolumns && !rte->lateral; j++)
            rte->lateral = expr_uses_level(values->rows[i][j], 1) && scope->parent && scope->parent->lateral_active;
    query->from = ARENA_ARRAY(arena, FromItem *, 1);
    query->from[0] = from_add(scope, rte, &scope->names);
    query->nfrom = 1;
    for (int i = 0; i < rte->ncolumns; i++) {
        Expr *column = names_use_column(scope, scope->names.items[0], i, 0, -1);
        scope_add_target(scope, column, rte->columns[i].name, false);
    }
    return true;
}

bool analyze_values(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    Analyzer *an = scope->an;
    Query *query = scope->query;
    ValuesRows values = {.rows = ARENA_ARRAY(an->arena, Expr **, stmt->n_values_lists)};
    query->is_values = true;
    if (stmt->with_clause && !analyze_with(scope, stmt->with_clause))
        return false;
    for (size_t i = 0; i < stmt->n_values_lists; i++)
        if (!analyze_row_of_values(scope, stmt->values_lists[i]->list, &values, false))
            return false;
    if (!add_values_rte(scope, &values))
        return false;
    if (!analyze_sort(scope, stmt->sort_clause, stmt->n_sort_clause, CLAUSE_ORDER_BY, false, &query->order, &query->norder) ||
        !analyze_limit(scope, stmt))
        return false;
    if (stmt->n_locking_clause)
        return error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "FOR UPDATE cannot be applied to VALUES");
    return true;
}
