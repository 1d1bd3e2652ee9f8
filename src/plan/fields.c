/*
 * fields.c - fields of row values that subqueries give: (s.row).f becomes a column of s, so that no row has to be made up and taken apart.
 *
 * Invariants:
 *  1. A subquery only gains columns, at its end; a row value that nobody reads any more becomes a NULL.
 *  2. A set-returning function stays in the select list it was in, where all its fields advance together.
 *  3. Subqueries whose rows their columns decide (DISTINCT, set operations, grouping) are left as they are.
 * Any thread.
 */
#include <string.h>

#include "plan/internal.h"

typedef struct Spread {
    Planner *planner;
    Query *query;
    bool changed;
    /* counting */
    int rte, column, uses;
} Spread;

static bool may_gain_columns(const Query *query)
{
    return query->kind == QUERY_SELECT && !query->set_op && !query->distinct && !query->ngroup && !query->grouping_sets &&
           !query->is_values;
}

Expr *fields_of_row(Expr *field)
{
    const Expr *row = field->kind == EXPR_FIELD ? field->args[0] : NULL;
    int number = row ? field->u.field.number : 0;
    bool found =
        row && row->kind == EXPR_ROW && row->type == TYPE_RECORD && number <= row->nargs && row->args[number - 1]->type == field->type;
    return found ? row->args[number - 1] : field;
}

static int add_column(Spread *spread, Rte *rte, const Expr *field, int row_column)
{
    Arena *arena = spread->planner->arena;
    Query *query = rte->query;
    Target *targets = ARENA_ARRAY(arena, Target, query->ntargets + 1);
    RteColumn *columns = ARENA_ARRAY(arena, RteColumn, rte->ncolumns + 1);
    Expr *copy = expr_copy(field, arena);
    copy->args[0] = expr_copy(query->targets[row_column - 1].expr, arena);
    copy = fields_of_row(copy);
    /* Columns come before the junk. */
    memcpy(targets, query->targets, sizeof(Target) * (size_t)rte->ncolumns);
    targets[rte->ncolumns] = (Target){.expr = copy, .name = field->u.field.name};
    memcpy(columns, rte->columns, sizeof(RteColumn) * (size_t)rte->ncolumns);
    columns[rte->ncolumns] =
        (RteColumn){.name = field->u.field.name, .type = field->type, .typmod = field->typmod, .collation = field->collation};
    query->targets = targets;
    query->ntargets++;
    rte->columns = columns;
    return ++rte->ncolumns;
}

/* What is volatile is one for all its fields. */
static bool is_computed_once(const Spread *spread, const Expr *row)
{
    return row->kind != EXPR_ROW && expr_is_volatile(row, spread->planner->context->catalog);
}

static Expr *spread_field(Expr *expr, int level, void *arg)
{
    Spread *spread = arg;
    const Expr *var = expr->kind == EXPR_FIELD ? expr->args[0] : NULL;
    if (!var || var->kind != EXPR_VAR || var->u.var.levels_up != level || var->u.var.column < 1)
        return expr;
    Rte *rte = spread->query->rtes[var->u.var.rte];
    /* Junk among the targets would be numbered anew. */
    if (rte->kind != RTE_SUBQUERY || rte->query->ntargets != rte->ncolumns || !may_gain_columns(rte->query) ||
        is_computed_once(spread, rte->query->targets[var->u.var.column - 1].expr))
        return expr;
    int column = add_column(spread, rte, expr, var->u.var.column);
    Expr *out = expr_var(spread->planner->arena, var->u.var.rte, column, expr->type, expr->typmod, expr->collation);
    out->u.var.levels_up = level;
    out->location = expr->location;
    spread->changed = true;
    return out;
}

static Expr *count_use(Expr *expr, int level, void *arg)
{
    Spread *spread = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == level && expr->u.var.rte == spread->rte &&
        (expr->u.var.column == spread->column || expr->u.var.column == 0))
        spread->uses++;
    return expr;
}

/* Row values that only served their fields. */
static void drop_unread(Spread *spread)
{
    for (int i = 0; i < spread->query->nrtes; i++) {
        Rte *rte = spread->query->rtes[i];
        for (int j = 0; rte->kind == RTE_SUBQUERY && may_gain_columns(rte->query) && j < rte->ncolumns; j++) {
            Target *target = &rte->query->targets[j];
            *spread = (Spread){.planner = spread->planner, .query = spread->query, .rte = i, .column = j + 1};
            if (target->expr->type == TYPE_RECORD)
                query_map_exprs(spread->query, true, count_use, spread);
            if (target->expr->type != TYPE_RECORD || spread->uses)
                continue;
            target->expr = expr_const(spread->planner->arena, TYPE_TEXT, -1, NULL);
            rte->columns[j].type = TYPE_TEXT;
        }
    }
}

static bool spread_query(const Query *constant, void *arg)
{
    Spread spread = {.planner = arg, .query = (Query *)(uintptr_t)constant}; /* the planner's own copy */
    query_map_exprs(spread.query, true, spread_field, &spread);
    if (spread.changed)
        drop_unread(&spread);
    return query_walk_queries(constant, spread_query, arg);
}

void fields_spread(Planner *planner, Query *query)
{
    spread_query(query, planner);
}
