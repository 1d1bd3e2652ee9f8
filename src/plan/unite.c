/*
 * unite.c - queries put together by the planner: UNION ALL of two, and the columns of an entry that stands for a query's rows.
 *
 * Threads: the session's own.
 */
#include "plan/internal.h"

void unite_columns(Arena *arena, Rte *rte, const Query *query)
{
    rte->ncolumns = query->ntargets;
    rte->columns = ARENA_ARRAY(arena, RteColumn, query->ntargets + 1);
    for (int i = 0; i < query->ntargets; i++) {
        const Target *target = &query->targets[i];
        rte->columns[i] = (RteColumn){
            .name = target->name, .type = target->expr->type, .typmod = target->expr->typmod, .collation = target->expr->collation};
    }
}

Query *unite_all(Arena *arena, Query *left, Query *right)
{
    if (!left)
        return right;
    Query *query = ARENA_NEW(arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .set_op = SETOP_UNION, .set_all = true};
    query->left = left;
    query->right = right;
    Rte *rte = ARENA_NEW(arena, Rte);
    *rte = (Rte){.kind = RTE_RESULT, .alias = "*SELECT* 1"};
    unite_columns(arena, rte, left);
    query->rtes = ARENA_ARRAY(arena, Rte *, 1);
    query->nrtes = 1;
    query->rtes[0] = rte;
    query->ntargets = left->ntargets;
    query->targets = ARENA_ARRAY(arena, Target, left->ntargets + 1);
    for (int i = 0; i < left->ntargets; i++) {
        const RteColumn *column = &rte->columns[i];
        query->targets[i] =
            (Target){.expr = expr_var(arena, 0, i + 1, column->type, column->typmod, column->collation), .name = column->name};
    }
    return query;
}

/* ---- one query further in ---- */

/* References of a query to queries outside. Their own columns, at level 0, stay. */
static Expr *outward(Expr *expr, int level, void *arg)
{
    (void)arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up > level)
        expr->u.var.levels_up++;
    if (expr->kind == EXPR_AGG && expr->u.agg.levels_up > level)
        expr->u.agg.levels_up++;
    return expr;
}

static bool outward_ctes(const Query *query, void *arg)
{
    int *level = arg;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_CTE && query->rtes[i]->cte_levels_up >= *level)
            query->rtes[i]->cte_levels_up++;
    ++*level;
    query_walk_queries(query, outward_ctes, level);
    --*level;
    return false;
}

void unite_move_in(Query *query)
{
    int level = 0;
    query_map_exprs(query, true, outward, NULL);
    outward_ctes(query, &level);
}

/* What the entry is made of. */
static void move_inside(Rte *rte)
{
    Expr probe = {.kind = EXPR_SUBLINK, .u.sublink = {.query = rte->query}};
    if (rte->query)
        expr_shift_levels(&probe, 1);
    for (int i = 0; i < rte->nfunctions; i++)
        expr_shift_levels(rte->functions[i], 1);
    for (int i = 0; i < rte->nrows; i++)
        for (int k = 0; k < rte->ncolumns; k++)
            expr_shift_levels(rte->rows[i][k], 1);
    rte->cte_levels_up += rte->kind == RTE_CTE;
}

/* ---- queries around ---- */

Query *unite_extend(Arena *arena, Rte *rte, Expr *expr, const char *name)
{
    Rte *inner = ARENA_NEW(arena, Rte);
    Query *query = ARENA_NEW(arena, Query);
    FromItem *item = ARENA_NEW(arena, FromItem);
    int count = rte->ncolumns;
    RteColumn *columns = ARENA_ARRAY(arena, RteColumn, count + 1);
    *inner = *rte;
    move_inside(inner);
    *item = (FromItem){.kind = FROM_RTE};
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .nrtes = 1, .nfrom = 1, .ntargets = count + 1};
    query->rtes = ARENA_ARRAY(arena, Rte *, 1);
    query->rtes[0] = inner;
    query->from = ARENA_ARRAY(arena, FromItem *, 1);
    query->from[0] = item;
    query->targets = ARENA_ARRAY(arena, Target, count + 1);
    for (int i = 0; i < count; i++) {
        const RteColumn *column = &rte->columns[i];
        Expr *own = column->dropped ? expr_const(arena, TYPE_INT4, -1, NULL)
                                    : expr_var(arena, 0, i + 1, column->type, column->typmod, column->collation);
        columns[i] = *column;
        query->targets[i] = (Target){.expr = own, .name = column->name};
    }
    columns[count] = (RteColumn){.name = name, .type = expr->type, .typmod = -1};
    query->targets[count] = (Target){.expr = expr, .name = name};
    *rte = (Rte){.kind = RTE_SUBQUERY, .alias = rte->alias, .columns = columns, .ncolumns = count + 1, .query = query, .in_from = true};
    rte->lateral = inner->lateral;
    return query;
}

Query *query_around(Arena *arena, Query *inner, const RteColumn *columns, int ncolumns, int entry)
{
    Query *query = ARENA_NEW(arena, Query);
    Rte *rte = ARENA_NEW(arena, Rte);
    FromItem *item = ARENA_NEW(arena, FromItem);
    *rte = (Rte){.kind = RTE_SUBQUERY, .alias = "s", .query = inner, .in_from = true, .columns = (RteColumn *)(uintptr_t)columns};
    rte->ncolumns = ncolumns;
    *item = (FromItem){.kind = FROM_RTE};
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .nrtes = 1, .nfrom = 1, .ntargets = ncolumns};
    query->rtes = ARENA_NEW(arena, Rte *);
    query->rtes[0] = rte;
    query->from = ARENA_NEW(arena, FromItem *);
    query->from[0] = item;
    query->targets = ARENA_ARRAY(arena, Target, ncolumns + 1);
    for (int i = 0; i < ncolumns; i++) {
        Expr *var = expr_var(arena, entry, i + 1, columns[i].type, columns[i].typmod, columns[i].collation);
        query->targets[i] = (Target){.expr = var, .name = columns[i].name};
    }
    return query;
}
