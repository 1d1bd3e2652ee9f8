/*
 * traverse.c - SEARCH and CYCLE of WITH RECURSIVE: the query that computes the columns they add (PostgreSQL manual, section 7.8.2).
 *
 * Each side of the UNION becomes a subquery of a new side, which has the added columns: the first row of a path starts them, and a row of
 * the recursive term continues those of the row it came from, which its FROM gives. Rows that close a cycle are not followed.
 *
 * Invariant: what is put around a query moves its references outward one level further.
 * Any thread.
 */
#include <string.h>

#include "plan/internal.h"

enum { OPERATOR_INT8_PLUS = 684, OPERATOR_RECORD_EQUALS = 2988 };

/* ---- one level further in ---- */

static bool push_expr(const Expr *expr, void *arg)
{
    int depth = *(int *)arg;
    Expr *own = (Expr *)(uintptr_t)expr; /* the planner's own copy */
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up > depth)
        own->u.var.levels_up++;
    if (expr->kind == EXPR_AGG && expr->u.agg.levels_up > depth)
        own->u.agg.levels_up++;
    expr_walk(expr, push_expr, arg);
    return false;
}

static bool push_query(const Query *query, void *arg)
{
    int *depth = arg;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_CTE && query->rtes[i]->cte_levels_up > *depth)
            query->rtes[i]->cte_levels_up++;
    query_walk_exprs(query, push_expr, depth);
    ++*depth;
    query_walk_queries(query, push_query, depth);
    --*depth;
    return false;
}

/* ---- expressions ---- */

static Expr *new_expr(Arena *arena, ExprKind kind, Oid type, Oid oid, int nargs)
{
    Expr *expr = ARENA_NEW(arena, Expr);
    *expr = (Expr){.kind = kind, .type = type, .typmod = -1, .location = -1, .oid = oid, .nargs = nargs};
    expr->args = ARENA_ARRAY(arena, Expr *, nargs + 1);
    return expr;
}

static Expr *column_var(Arena *arena, const RteColumn *columns, int number)
{
    const RteColumn *column = &columns[number - 1];
    return expr_var(arena, 0, number, column->type, column->typmod, column->collation);
}

static Expr *row_of(Arena *arena, const Cte *cte, const char *const *names, int count, Expr *first)
{
    Expr *row = new_expr(arena, EXPR_ROW, TYPE_RECORD, OID_NONE, count + 1);
    ArrayElement *elements = ARENA_ARRAY(arena, ArrayElement, count + 1);
    Str text;
    row->nargs = 0;
    if (first) {
        elements[0] = (ArrayElement){SEARCH_DEPTH, strlen(SEARCH_DEPTH)};
        row->args[row->nargs++] = first;
    }
    for (int i = 0; i < count; i++)
        for (int j = 1; j <= cte->ncolumns - cte->nextra; j++)
            if (strcmp(cte->columns[j - 1].name, names[i]) == 0) {
                elements[row->nargs] = (ArrayElement){names[i], strlen(names[i])};
                row->args[row->nargs++] = column_var(arena, cte->columns, j);
            }
    str_init(&text, arena);
    type_array_write(elements, (size_t)row->nargs, &text);
    row->u.value = text.data;
    return row;
}

/* The path so far, NULL at its start, and the row. */
static Expr *path_of(Arena *arena, Expr *path, Expr *row)
{
    Expr *step = new_expr(arena, EXPR_ARRAY, TYPE_RECORD_ARRAY, OID_NONE, 1);
    step->args[0] = row;
    if (!path)
        return step;
    Expr *longer = new_expr(arena, EXPR_FUNC, TYPE_RECORD_ARRAY, F_ARRAY_CAT_ANYCOMPATIBLEARRAY_ANYCOMPATIBLEARRAY, 2);
    longer->args[0] = path;
    longer->args[1] = step;
    return longer;
}

/* Rows level by level: how far from the start, then the row. */
static Expr *level_of(Arena *arena, const Cte *cte, Expr *before)
{
    Expr *depth = expr_const(arena, TYPE_INT8, -1, "0");
    if (before) {
        Expr *field = new_expr(arena, EXPR_FIELD, TYPE_INT8, OID_NONE, 1);
        field->args[0] = before;
        field->u.field.number = 1;
        field->u.field.name = "f1";
        depth = new_expr(arena, EXPR_OP, TYPE_INT8, OPERATOR_INT8_PLUS, 2);
        depth->args[0] = field;
        depth->args[1] = expr_const(arena, TYPE_INT8, -1, "1");
    }
    return row_of(arena, cte, cte->search->columns, cte->search->ncolumns, depth);
}

/* Is the row on the path already? */
static Expr *mark_of(Arena *arena, const Cte *cte, Expr *path)
{
    const CteCycle *cycle = cte->cycle;
    if (!path)
        return expr_copy(cycle->otherwise, arena);
    Expr *seen = new_expr(arena, EXPR_ANY_ALL, TYPE_BOOL, OPERATOR_RECORD_EQUALS, 2);
    seen->args[0] = row_of(arena, cte, cycle->columns, cycle->ncolumns, NULL);
    seen->args[1] = path;
    Expr *mark = new_expr(arena, EXPR_CASE, cycle->type, OID_NONE, 3);
    mark->typmod = cycle->typmod;
    mark->collation = cycle->collation;
    mark->args[0] = seen;
    mark->args[1] = expr_copy(cycle->value, arena);
    mark->args[2] = expr_copy(cycle->otherwise, arena);
    return mark;
}

static Expr *not_marked(Arena *arena, const CteCycle *cycle, Expr *mark)
{
    Expr *closed = new_expr(arena, EXPR_OP, TYPE_BOOL, cycle->eq_op, 2), *open = new_expr(arena, EXPR_NOT, TYPE_BOOL, OID_NONE, 1);
    closed->args[0] = mark;
    closed->args[1] = expr_copy(cycle->value, arena);
    open->args[0] = closed;
    return open;
}

/* ---- sides ---- */

/* SELECT the query's first columns FROM (query), room being left for the added ones. */
static Query *around(Arena *arena, const Cte *cte, Query *inner, const RteColumn *columns)
{
    Query *query = ARENA_NEW(arena, Query);
    Rte *rte = ARENA_NEW(arena, Rte);
    FromItem *item = ARENA_NEW(arena, FromItem);
    int depth = 0, kept = cte->ncolumns - cte->nextra;
    push_query(inner, &depth);
    *rte = (Rte){.kind = RTE_SUBQUERY, .query = inner, .in_from = true};
    rte->columns = (RteColumn *)(uintptr_t)columns;
    rte->ncolumns = inner->ntargets;
    *item = (FromItem){.kind = FROM_RTE};
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .nrtes = 1, .nfrom = 1, .ntargets = kept};
    query->rtes = ARENA_ARRAY(arena, Rte *, 1);
    query->rtes[0] = rte;
    query->from = ARENA_ARRAY(arena, FromItem *, 1);
    query->from[0] = item;
    query->targets = ARENA_ARRAY(arena, Target, cte->ncolumns + 1);
    for (int i = 0; i < kept; i++)
        query->targets[i] = (Target){.expr = column_var(arena, cte->columns, i + 1), .name = cte->columns[i].name};
    return query;
}

/* before: what the row came from has in the added columns; NULL: nothing. */
static void add_targets(Arena *arena, const Cte *cte, Query *side, Expr *const *before)
{
    int number = cte->ncolumns - cte->nextra, at = 0;
    const CteSearch *search = cte->search;
    if (search) {
        Expr *path = before ? before[at] : NULL;
        side->targets[number++].expr = search->breadth_first
                                           ? level_of(arena, cte, path)
                                           : path_of(arena, path, row_of(arena, cte, search->columns, search->ncolumns, NULL));
        at++;
    }
    if (cte->cycle) {
        Expr *path = before ? before[at + 1] : NULL;
        side->targets[number++].expr = mark_of(arena, cte, path ? expr_copy(path, arena) : NULL);
        side->targets[number++].expr = path_of(arena, path, row_of(arena, cte, cte->cycle->columns, cte->cycle->ncolumns, NULL));
        side->where = before ? not_marked(arena, cte->cycle, before[at]) : NULL;
    }
    for (int i = side->ntargets; i < number; i++)
        side->targets[i].name = cte->columns[i].name;
    side->ntargets = number;
}

/* The recursive reference in the FROM of the recursive term; -1: there is none. */
static int own_reference(const Query *side)
{
    for (int i = 0; i < side->nrtes; i++)
        if (side->rtes[i]->kind == RTE_CTE && side->rtes[i]->cte_self)
            return i;
    return -1;
}

static bool rewrite_recursive_side(Planner *planner, const Cte *cte, Query *whole)
{
    Arena *arena = planner->arena;
    Query *inner = whole->right;
    int kept = cte->ncolumns - cte->nextra, reference = own_reference(inner);
    if (reference < 0)
        return error_set(planner->error, ERRCODE_FEATURE_NOT_SUPPORTED,
                         "with a SEARCH or CYCLE clause, the recursive reference to WITH query \"%s\" must be at the top level of its "
                         "right-hand SELECT",
                         cte->name);
    /* Junk would stand between the columns and the added ones: what it is for has no meaning in a recursive term. */
    Target *targets = ARENA_ARRAY(arena, Target, cte->ncolumns + 1);
    Expr **before = ARENA_ARRAY(arena, Expr *, cte->nextra);
    memcpy(targets, inner->targets, sizeof(Target) * (size_t)kept);
    for (int i = kept; i < cte->ncolumns; i++) {
        Expr *var = column_var(arena, cte->columns, i + 1);
        before[i - kept] = var;
        targets[i] = (Target){.expr = expr_copy(var, arena), .name = cte->columns[i].name};
        targets[i].expr->u.var.rte = reference;
    }
    inner->targets = targets;
    inner->ntargets = cte->ncolumns;
    whole->right = around(arena, cte, inner, cte->columns);
    add_targets(arena, cte, whole->right, before);
    return true;
}

static bool rewrite(Planner *planner, Cte *cte)
{
    Arena *arena = planner->arena;
    Query *whole = cte->query;
    whole->left = around(arena, cte, whole->left, cte->columns);
    add_targets(arena, cte, whole->left, NULL);
    if (!rewrite_recursive_side(planner, cte, whole))
        return false;
    Target *targets = ARENA_ARRAY(arena, Target, cte->ncolumns + 1);
    memcpy(targets, whole->targets, sizeof(Target) * (size_t)whole->ntargets);
    for (int i = whole->ntargets; i < cte->ncolumns; i++)
        targets[i] = (Target){.expr = column_var(arena, cte->columns, i + 1), .name = cte->columns[i].name};
    whole->targets = targets;
    whole->ntargets = cte->ncolumns;
    return true;
}

static bool expand(const Query *constant, void *arg)
{
    Planner *planner = arg;
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    for (int i = 0; i < query->nctes; i++)
        if ((query->ctes[i].search || query->ctes[i].cycle) && !rewrite(planner, &query->ctes[i]))
            return true;
    return query_walk_queries(constant, expand, arg);
}

bool traverse_expand(Planner *planner, Query *query)
{
    return !expand(query, planner);
}
