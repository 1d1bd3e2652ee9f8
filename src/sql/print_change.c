/*
 * print_change.c - UPDATE and DELETE of one table, as its source is told to do them. What insert_columns names beyond the targets, up to a
 * 0, is set to DEFAULT.
 *
 * Any thread.
 */
#include "sql/print_internal.h"

static const Rte *only_table(const Query *query)
{
    bool is_alone = query->nfrom == 1 && query->from[0]->kind == FROM_RTE && query->from[0]->rte == query->result_rte && !query->nctes;
    const Rte *rte = is_alone ? query->rtes[query->result_rte] : NULL;
    return rte && rte->kind == RTE_RELATION ? rte : NULL;
}

/* A column that is only passed on needs no trust in its source's types: the source says whether it takes the value. */
static bool print_new_value(Printer *printer, const Expr *value)
{
    return value->kind == EXPR_VAR ? print_column(printer, value) : print_expr(printer, value);
}

static bool print_new_values(Printer *printer, const Query *query, const Rte *rte)
{
    PrintContext *context = printer->context;
    for (int i = 0; i < query->ntargets || query->insert_columns[i]; i++) {
        int column = query->insert_columns[i];
        const char *name = context->column ? context->column(context->arg, rte, column) : NULL;
        str_add(printer->out, i ? ", " : " SET ");
        sql_quote_identifier(printer->dialect, name ? name : rte->columns[column - 1].name, printer->out);
        str_add(printer->out, " = ");
        if (i >= query->ntargets)
            str_add(printer->out, "DEFAULT");
        else if (!print_new_value(printer, query->targets[i].expr))
            return false;
    }
    return true;
}

bool print_change(Printer *printer, const Query *query)
{
    bool updates = query->kind == QUERY_UPDATE;
    const Rte *rte = updates || query->kind == QUERY_DELETE ? only_table(query) : NULL;
    if (!rte || !printer->dialect->places_rows)
        return print_refuse(printer, NULL, "this kind of statement is");
    str_add(printer->out, updates ? "UPDATE " : "DELETE FROM ");
    if (!print_relation(printer, rte))
        return false;
    str_addf(printer->out, " AS r%d", printer->scope->first + query->result_rte + 1);
    return (!updates || print_new_values(printer, query, rte)) && print_where(printer, query);
}
