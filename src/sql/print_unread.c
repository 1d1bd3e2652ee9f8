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
    bool *read = ARENA_ARRAY(printer->arena, bool, rte->ncolumns + 1);
    query_columns_read(query, index, read);
    int number = printer->scope->first + index + 1;
    const char *conditions = reads_of(printer, rte, read, number);
    if (!conditions)
        return text;
    return arena_printf(printer->arena, "%s(SELECT * FROM %s%s) AS r%d", rte->lateral ? "LATERAL " : "", text, conditions, number);
}

const char *print_unread_of_cte(Printer *printer, const Cte *cte, int alias)
{
    Rte rows = {.kind = RTE_SUBQUERY, .query = cte->query, .ncolumns = cte->ncolumns};
    return printer->has_volatile && !cte->recursive ? reads_of(printer, &rows, NULL, alias) : NULL;
}
