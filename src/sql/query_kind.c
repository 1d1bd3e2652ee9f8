/*
 * query_kind.c - what kind of query one is, as to its rows. Any thread; trees are plain data.
 */
#include "sql/sql.h"

bool query_is_row_wise(const Query *query)
{
    return query->kind == QUERY_SELECT && !query->set_op && !query->has_aggs && !query->ngroup && !query->grouping_sets && !query->having &&
           !query->has_windows && !query->distinct && !query->has_set_functions && !query->has_writes;
}

bool query_is_bare(const Query *query)
{
    return query->kind == QUERY_SELECT && !query->norder && !query->limit && !query->offset && !query->with_ties && !query->nctes &&
           !query->for_update && !query->nlocks && !query->distinct && !query->has_set_functions && !query->is_values && !query->is_barrier;
}

bool query_is_union_all(const Query *query)
{
    return query->set_op == SETOP_UNION && query->set_all && query_is_bare(query);
}

bool query_gives_one_row(const Query *query)
{
    return !query->nfrom && !query->where && !query->set_op && !query->limit && !query->offset && !query->having && !query->has_aggs &&
           !query->has_set_functions;
}

bool query_is_in_order(const Query *query)
{
    if (query->kind != QUERY_SELECT || query->limit || query->offset || query->has_set_functions)
        return false;
    if (query->set_op == SETOP_UNION && query->set_all)
        return query_is_in_order(query->left) && query_is_in_order(query->right);
    return query_gives_one_row(query) || query->is_values;
}

bool query_walk_in_order(Query *query, bool (*fn)(Expr **slot, void *arg), void *arg)
{
    if (query->set_op)
        return query_walk_in_order(query->left, fn, arg) || query_walk_in_order(query->right, fn, arg);
    for (int i = 0; query->is_values && i < query->rtes[0]->nrows; i++)
        for (int k = 0; k < query->rtes[0]->ncolumns; k++)
            if (fn(&query->rtes[0]->rows[i][k], arg))
                return true;
    for (int i = 0; i < query->ntargets; i++)
        if (fn(&query->targets[i].expr, arg))
            return true;
    return false;
}
