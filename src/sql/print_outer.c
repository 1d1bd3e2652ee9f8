/*
 * print_outer.c - what the local engine does otherwise where an inner query uses an outer one's columns.
 *
 * The engine computes a correlated subquery once for each distinct value of the columns it uses. Intervals that are equal need not be
 * the same ('1 day', '24:00:00'): such a column gets a companion, its text under the name t<column>, and that is what inner queries use.
 *
 *  1. What is used here and what print_column writes are the same columns: those of other levels that are intervals.
 * Any thread.
 */
#include "sql/print_internal.h"

typedef struct OuterUse {
    int rte, depth;
    bool *columns; /* by number */
    bool any;
} OuterUse;

static bool note_expr(const Expr *expr, void *arg)
{
    OuterUse *use = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == use->depth && expr->u.var.rte == use->rte && expr->u.var.column > 0 &&
        expr->type == TYPE_INTERVAL) {
        use->columns[expr->u.var.column] = true;
        use->any = true;
    }
    expr_walk(expr, note_expr, arg);
    return false;
}

static bool note_query(const Query *query, void *arg)
{
    OuterUse *use = arg;
    use->depth++;
    query_walk_exprs(query, note_expr, use);
    query_walk_queries(query, note_query, use);
    use->depth--;
    return false;
}

bool print_has_companion(const Printer *printer, const Expr *var)
{
    return printer->dialect->kind == DIALECT_DUCKDB && var->u.var.levels_up > 0 && var->u.var.column > 0 && var->type == TYPE_INTERVAL;
}

bool print_companion(Printer *printer, int number, int column)
{
    return duckdb_from_stored(printer, arena_printf(printer->arena, "r%d.t%d", number, column), TYPE_INTERVAL);
}

/* The entry's text with the companions that it needs. */
bool print_with_companions(Printer *printer, int index, const char *text)
{
    const Query *query = printer->scope->query;
    const Rte *rte = query->rtes[index];
    Str *out = printer->out;
    OuterUse use = {.rte = index, .columns = ARENA_ARRAY(printer->arena, bool, rte->ncolumns + 1)};
    for (int i = 0; i < rte->ncolumns && !use.any; i++)
        use.any = rte->columns[i].type == TYPE_INTERVAL;
    if (use.any && printer->dialect->kind == DIALECT_DUCKDB) {
        use.any = false;
        query_walk_queries(query, note_query, &use);
    }
    if (!use.any || printer->dialect->kind != DIALECT_DUCKDB) {
        str_add(out, text);
        return true;
    }
    int number = printer->scope->first + index + 1;
    str_addf(out, "%s(SELECT *", rte->lateral ? "LATERAL " : "");
    for (int i = 1; i <= rte->ncolumns; i++) {
        if (!use.columns[i])
            continue;
        Expr column = print_raw(TYPE_INTERVAL, arena_printf(printer->arena, "r%d.c%d", number, i));
        str_add(out, ", ");
        if (!duckdb_stored_text(printer, &column))
            return false;
        str_addf(out, " AS t%d", i);
    }
    str_addf(out, " FROM %s) AS r%d", text, number);
    return true;
}

/* ---- empty grouping sets ---- */

static bool is_outer_column(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_VAR && expr->u.var.levels_up > *(const int *)arg) || expr_walk(expr, is_outer_column, arg);
}

static bool uses_outer_columns(const Query *query, void *arg)
{
    int *depth = arg;
    ++*depth;
    bool uses = query_walk_exprs(query, is_outer_column, depth) || query_walk_queries(query, uses_outer_columns, depth);
    --*depth;
    return uses;
}

static bool is_grouping(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_GROUPING || expr_walk(expr, is_grouping, arg);
}

/* Without rows there is a group of the empty set still; for each of an outer query's rows the local engine finds but one, unsorted, and
 * does not know its GROUPING(). */
bool print_loses_empty_set(const Printer *printer, const Query *query)
{
    int empty = 0, depth = -1;
    for (int i = 0; i < query->ngrouping_sets; i++)
        empty += query->grouping_sets[i].ntargets == 0;
    return empty && printer->dialect->kind == DIALECT_DUCKDB && printer->scope->outer &&
           (empty > 1 || query->norder || query->distinct || query_walk_exprs(query, is_grouping, NULL)) &&
           uses_outer_columns(query, &depth);
}
