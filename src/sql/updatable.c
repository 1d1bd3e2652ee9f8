/*
 * updatable.c - whether a view is simple enough to be written through (PostgreSQL manual, CREATE VIEW, "Updatable Views").
 */
#include <string.h>

#include "sql/sql.h"

static bool is_writable_relation(const Rte *rte)
{
    return rte->relation && strchr("rpfv", rte->relation->kind);
}

/* At least one column must be a plain column of the base relation. */
static bool has_writable_column(const Query *query, int base)
{
    for (int i = 0; i < query->ntargets; i++) {
        const Expr *expr = query->targets[i].expr;
        if (!query->targets[i].junk && expr->kind == EXPR_VAR && expr->u.var.rte == base && expr->u.var.levels_up == 0 &&
            expr->u.var.column > 0)
            return true;
    }
    return false;
}

const char *sql_view_rows_not_updatable(const Query *query)
{
    const struct {
        bool has;
        const char *words;
    } RULES[] = {
        {query->distinct || query->distinct_on, "Views containing DISTINCT are not automatically updatable."},
        {query->ngroup || query->ngrouping_sets, "Views containing GROUP BY are not automatically updatable."},
        {query->having != NULL, "Views containing HAVING are not automatically updatable."},
        {query->set_op != SETOP_NONE, "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable."},
        {query->nctes > 0, "Views containing WITH are not automatically updatable."},
        {query->limit || query->offset, "Views containing LIMIT or OFFSET are not automatically updatable."},
        {query->has_aggs, "Views that return aggregate functions are not automatically updatable."},
        {query->has_windows, "Views that return window functions are not automatically updatable."},
        {query->has_set_functions, "Views that return set-returning functions are not automatically updatable."},
    };
    for (size_t i = 0; i < COUNT_OF(RULES); i++)
        if (RULES[i].has)
            return RULES[i].words;
    bool single = query->nfrom == 1 && query->from[0]->kind == FROM_RTE && is_writable_relation(query->rtes[query->from[0]->rte]);
    return single ? NULL : "Views that do not select from a single table or view are not automatically updatable.";
}

const char *sql_view_not_updatable(const Query *query)
{
    const char *reason = sql_view_rows_not_updatable(query);
    if (reason)
        return reason;
    return has_writable_column(query, query->from[0]->rte) ? NULL : "Views that have no updatable columns are not automatically updatable.";
}
