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

/* ---- what uses them ---- */

static bool uses_outer_query(const Query *query, void *arg);

/* arg: how many queries stand around this place, up to the expression that is looked at. */
static bool uses_outer(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_VAR)
        return expr->u.var.levels_up > *(const int *)arg;
    return (expr->kind == EXPR_SUBLINK && uses_outer_query(expr->u.sublink.query, arg)) || expr_walk(expr, uses_outer, arg);
}

static bool uses_outer_query(const Query *query, void *arg)
{
    int *depth = arg;
    ++*depth;
    bool uses = query_walk_exprs(query, uses_outer, depth) || (query->left && uses_outer_query(query->left, depth)) ||
                (query->right && uses_outer_query(query->right, depth));
    for (int i = 0; i < query->nctes && !uses; i++)
        uses = uses_outer_query(query->ctes[i].query, depth);
    for (int i = 0; i < query->nrtes && !uses; i++)
        uses = query->rtes[i]->query && uses_outer_query(query->rtes[i]->query, depth);
    --*depth;
    return uses;
}

bool print_uses_outer(const Expr *expr)
{
    int depth = 0;
    return uses_outer(expr, &depth);
}

/* ---- joins that hang on what stands around them ---- */

typedef struct OutsideUse {
    const FromItem *item;
    int depth;
} OutsideUse;

bool print_is_below(const FromItem *item, int rte)
{
    return item->kind == FROM_RTE ? item->rte == rte : print_is_below(item->left, rte) || print_is_below(item->right, rte);
}

static bool is_outside(const Expr *expr, void *arg)
{
    const OutsideUse *use = arg;
    if (expr->kind == EXPR_VAR)
        return expr->u.var.levels_up > use->depth || (expr->u.var.levels_up == use->depth && !print_is_below(use->item, expr->u.var.rte));
    return expr_walk(expr, is_outside, arg);
}

static bool asks_outside(const Query *query, void *arg)
{
    OutsideUse *use = arg;
    use->depth++;
    bool asks = query_walk_exprs(query, is_outside, use) || query_walk_queries(query, asks_outside, use);
    use->depth--;
    return asks;
}

/* Of a part of FROM: whether it, or a query of WITH that it names, uses columns from outside of it. */
bool print_hangs_outside(const Printer *printer, const FromItem *item)
{
    const Query *query = printer->scope->query;
    FromItem *from[] = {(FromItem *)(uintptr_t)item}; /* read alone */
    Query part = {.from = from, .nfrom = 1, .rtes = ARENA_ARRAY(printer->arena, Rte *, query->nrtes + 1)};
    for (int i = 0; i < query->nrtes; i++) {
        if (!print_is_below(item, i))
            continue;
        part.rtes[part.nrtes++] = query->rtes[i];
        if (query->rtes[i]->kind == RTE_CTE) {
            part.ctes = query->ctes;
            part.nctes = query->nctes;
        }
    }
    OutsideUse use = {.item = item};
    return query_walk_exprs(&part, is_outside, &use) || query_walk_queries(&part, asks_outside, &use);
}
