/*
 * copy.c - copies and making of tree nodes.
 *
 * A copy shares nothing changeable with its original; catalog records and texts, which never change, are shared.
 */
#include <string.h>

#include "sql/sql.h"

static void *copy_bytes(Arena *arena, const void *bytes, size_t size)
{
    if (!bytes)
        return NULL;
    void *copy = arena_alloc(arena, size);
    memcpy(copy, bytes, size);
    return copy;
}

#define COPY_ARRAY(arena, items, count) copy_bytes((arena), (items), sizeof(*(items)) * (size_t)(count))

static Expr **copy_exprs(Expr *const *exprs, int count, Arena *arena)
{
    if (!exprs)
        return NULL;
    Expr **copies = ARENA_ARRAY(arena, Expr *, count ? count : 1);
    for (int i = 0; i < count; i++)
        copies[i] = expr_copy(exprs[i], arena);
    return copies;
}

Expr *expr_copy(const Expr *expr, Arena *arena)
{
    if (!expr)
        return NULL;
    Expr *copy = copy_bytes(arena, expr, sizeof *expr);
    copy->args = copy_exprs(expr->args, expr->nargs, arena);
    switch (expr->kind) {
    case EXPR_SUBLINK:
        copy->u.sublink.query = query_copy(expr->u.sublink.query, arena);
        copy->u.sublink.ops = COPY_ARRAY(arena, expr->u.sublink.ops, expr->u.sublink.nops);
        break;
    case EXPR_AGG:
        copy->u.agg.filter = expr_copy(expr->u.agg.filter, arena);
        copy->u.agg.order = COPY_ARRAY(arena, expr->u.agg.order, expr->u.agg.norder);
        copy->u.agg.direct_args = copy_exprs(expr->u.agg.direct_args, expr->u.agg.ndirect, arena);
        break;
    case EXPR_WINDOW:
        copy->u.window.filter = expr_copy(expr->u.window.filter, arena);
        break;
    default:
        break;
    }
    return copy;
}

static Rte *copy_rte(const Rte *rte, Arena *arena)
{
    Rte *copy = copy_bytes(arena, rte, sizeof *rte);
    copy->columns = COPY_ARRAY(arena, rte->columns, rte->ncolumns);
    for (int i = 0; i < rte->ncolumns; i++)
        copy->columns[i].join_expr = expr_copy(rte->columns[i].join_expr, arena);
    copy->query = rte->query ? query_copy(rte->query, arena) : NULL;
    copy->functions = copy_exprs(rte->functions, rte->nfunctions, arena);
    copy->columns_read = COPY_ARRAY(arena, rte->columns_read, rte->columns_read_words);
    if (rte->rows) {
        copy->rows = ARENA_ARRAY(arena, Expr **, rte->nrows ? rte->nrows : 1);
        for (int row = 0; row < rte->nrows; row++)
            copy->rows[row] = copy_exprs(rte->rows[row], rte->ncolumns, arena);
    }
    return copy;
}

static FromItem *copy_from(const FromItem *item, Arena *arena)
{
    if (!item)
        return NULL;
    FromItem *copy = copy_bytes(arena, item, sizeof *item);
    copy->left = copy_from(item->left, arena);
    copy->right = copy_from(item->right, arena);
    copy->on = expr_copy(item->on, arena);
    return copy;
}

static void copy_window(Window *window, Arena *arena)
{
    window->partition = copy_exprs(window->partition, window->npartition, arena);
    window->order = copy_exprs(window->order, window->norder, arena);
    window->order_items = COPY_ARRAY(arena, window->order_items, window->norder);
    window->start_offset = expr_copy(window->start_offset, arena);
    window->end_offset = expr_copy(window->end_offset, arena);
}

static void copy_clauses(Query *copy, const Query *query, Arena *arena)
{
    copy->targets = COPY_ARRAY(arena, query->targets, query->ntargets);
    for (int i = 0; i < query->ntargets; i++)
        copy->targets[i].expr = expr_copy(query->targets[i].expr, arena);
    copy->group = COPY_ARRAY(arena, query->group, query->ngroup);
    copy->group_eq_ops = COPY_ARRAY(arena, query->group_eq_ops, query->ngroup);
    copy->grouping_sets = COPY_ARRAY(arena, query->grouping_sets, query->ngrouping_sets);
    copy->locks = COPY_ARRAY(arena, query->locks, query->nlocks);
    copy->windows = COPY_ARRAY(arena, query->windows, query->nwindows);
    for (int i = 0; i < query->nwindows; i++)
        copy_window(&copy->windows[i], arena);
    copy->distinct_on = COPY_ARRAY(arena, query->distinct_on, query->ndistinct_on);
    copy->order = COPY_ARRAY(arena, query->order, query->norder);
    copy->where = expr_copy(query->where, arena);
    copy->having = expr_copy(query->having, arena);
    copy->limit = expr_copy(query->limit, arena);
    copy->offset = expr_copy(query->offset, arena);
}

Query *query_copy(const Query *query, Arena *arena)
{
    if (!query)
        return NULL;
    Query *copy = copy_bytes(arena, query, sizeof *query);
    copy->arena = arena;
    copy->rtes = ARENA_ARRAY(arena, Rte *, query->nrtes ? query->nrtes : 1);
    for (int i = 0; i < query->nrtes; i++)
        copy->rtes[i] = copy_rte(query->rtes[i], arena);
    copy->from = ARENA_ARRAY(arena, FromItem *, query->nfrom ? query->nfrom : 1);
    for (int i = 0; i < query->nfrom; i++)
        copy->from[i] = copy_from(query->from[i], arena);
    copy_clauses(copy, query, arena);
    copy->ctes = COPY_ARRAY(arena, query->ctes, query->nctes);
    for (int i = 0; i < query->nctes; i++) {
        copy->ctes[i].query = query_copy(query->ctes[i].query, arena);
        copy->ctes[i].columns = COPY_ARRAY(arena, query->ctes[i].columns, query->ctes[i].ncolumns);
    }
    copy->left = query_copy(query->left, arena);
    copy->right = query_copy(query->right, arena);
    return copy;
}

/* ---- making ---- */

Expr *expr_const(Arena *arena, Oid type, int32_t typmod, const char *canonical_text)
{
    Expr *expr = ARENA_NEW(arena, Expr);
    *expr = (Expr){.kind = EXPR_CONST, .type = type, .typmod = typmod, .location = -1, .u.value = canonical_text};
    return expr;
}

Expr *expr_var(Arena *arena, int rte, int column, Oid type, int32_t typmod, Oid collation)
{
    Expr *expr = ARENA_NEW(arena, Expr);
    *expr = (Expr){.kind = EXPR_VAR, .type = type, .typmod = typmod, .collation = collation, .location = -1};
    expr->u.var.rte = rte;
    expr->u.var.column = column;
    return expr;
}
