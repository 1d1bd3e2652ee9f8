/*
 * print_unread.c - columns that call volatile functions and that nobody reads: PostgreSQL computes them, the local engine leaves them out.
 *
 * A function that is true of any text, and that the engine does not know to be, reads them in a condition around their rows:
 *
 *   (SELECT * FROM (<subquery>) AS r1 WHERE mdl_computed(CAST(r1.c2 AS VARCHAR)))
 *
 * Of WITH queries it reads all such columns, as they are computed once for whoever reads them.
 * Any thread.
 */
#include "sql/print_internal.h"

typedef struct Reads {
    int rte, depth;
    bool *columns;
} Reads;

static bool note_query(const Query *query, void *arg);

static bool note_expr(const Expr *expr, void *arg)
{
    Reads *reads = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == reads->depth && expr->u.var.rte == reads->rte && expr->u.var.column > 0)
        reads->columns[expr->u.var.column] = true;
    if (expr->kind == EXPR_SUBLINK) {
        reads->depth++;
        note_query(expr->u.sublink.query, reads);
        reads->depth--;
    }
    return expr_walk(expr, note_expr, arg);
}

static bool note_query(const Query *query, void *arg)
{
    Reads *reads = arg;
    query_walk_clauses(query, note_expr, arg);
    reads->depth++;
    for (int i = 0; i < query->nctes; i++)
        note_query(query->ctes[i].query, arg);
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->query)
            note_query(query->rtes[i]->query, arg);
    if (query->left)
        note_query(query->left, arg);
    if (query->right)
        note_query(query->right, arg);
    reads->depth--;
    return false;
}

/* The conditions, and what stands before them; nothing, if no column is left out. */
static bool print_reads(Printer *printer, const Rte *rte, const bool *read, int alias)
{
    bool any = false;
    for (int i = 1; i <= rte->ncolumns; i++) {
        if ((read && read[i]) || !rte_column_is_volatile(rte, i, printer->catalog))
            continue;
        str_addf(printer->out, "%smdl_computed(CAST(r%d.c%d AS VARCHAR))", any ? " AND " : " WHERE ", alias, i);
        any = true;
    }
    return any;
}

static const char *reads_of(Printer *printer, const Rte *rte, const bool *read, int alias)
{
    PrintHold hold;
    print_hold(printer, &hold);
    bool any = print_reads(printer, rte, read, alias);
    return print_held(printer, &hold, any);
}

const char *print_with_unread(Printer *printer, int index, const char *text)
{
    const Query *query = printer->scope->query;
    const Rte *rte = query->rtes[index];
    if (!printer->has_volatile || !text || (rte->kind != RTE_SUBQUERY && rte->kind != RTE_VALUES))
        return text;
    Reads reads = {.rte = index, .columns = ARENA_ARRAY(printer->arena, bool, rte->ncolumns + 1)};
    note_query(query, &reads);
    int number = printer->scope->first + index + 1;
    const char *conditions = reads_of(printer, rte, reads.columns, number);
    if (!conditions)
        return text;
    return arena_printf(printer->arena, "%s(SELECT * FROM %s%s) AS r%d", rte->lateral ? "LATERAL " : "", text, conditions, number);
}

const char *print_unread_of_cte(Printer *printer, const Cte *cte, int alias)
{
    Rte rows = {.kind = RTE_SUBQUERY, .query = cte->query, .ncolumns = cte->ncolumns};
    return printer->has_volatile && !cte->recursive ? reads_of(printer, &rows, NULL, alias) : NULL;
}
