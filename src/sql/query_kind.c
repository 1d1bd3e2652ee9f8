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
