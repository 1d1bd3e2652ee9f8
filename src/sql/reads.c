/*
 * reads.c - which columns of an entry of FROM a query reads, in its subqueries too. Any thread; trees are plain data.
 */
#include "sql/sql.h"

typedef struct Reads {
    const Query *query;
    int rte, depth;
    bool *columns;
} Reads;

static bool note_query(const Query *query, void *arg);

static void note_var(Reads *reads, const Expr *var)
{
    const Rte *rte = reads->query->rtes[var->u.var.rte];
    int column = var->u.var.column;
    if (column > 0 && var->u.var.rte == reads->rte)
        reads->columns[column] = true;
    bool is_row = column == 0 && (var->u.var.rte == reads->rte || rte->kind == RTE_JOIN);
    for (int i = 1; is_row && i <= reads->query->rtes[reads->rte]->ncolumns; i++)
        reads->columns[i] = true;
}

static bool note_expr(const Expr *expr, void *arg)
{
    Reads *reads = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == reads->depth)
        note_var(reads, expr);
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
    if (query->returning)
        query_walk_clauses(query->returning, note_expr, arg);
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

void query_columns_read(const Query *query, int rte, bool *read)
{
    note_query(query, &(Reads){.query = query, .rte = rte, .columns = read});
}

bool query_marks_rows(const Query *query, int target)
{
    for (int i = 0; i < query->ngroup; i++)
        if (query->group[i] == target)
            return true;
    for (int i = 0; i < query->norder; i++)
        if (query->order[i].target == target)
            return true;
    for (int i = 0; i < query->ndistinct_on; i++)
        if (query->distinct_on[i].target == target)
            return true;
    return query->targets[target].junk;
}
