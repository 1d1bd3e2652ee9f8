/*
 * derive.c - conditions that follow from others: from x = 5 and y = x follows y = 5, which y's source can use.
 *
 * Invariants:
 *  1. Only types whose equal values are the same value are replaced (no numeric, float, bpchar).
 *  2. What follows is added once and only between entries of different sources: one source draws such conclusions itself.
 * Any thread.
 */
#include <string.h>

#include "plan/internal.h"

static bool equality_is_identity(Oid type)
{
    static const Oid TYPES[] = {TYPE_BOOL, TYPE_INT2, TYPE_INT4, TYPE_INT8,      TYPE_OID,        TYPE_TEXT,
                                TYPE_NAME, TYPE_DATE, TYPE_UUID, TYPE_TIMESTAMP, TYPE_TIMESTAMPTZ};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (TYPES[i] == type)
            return true;
    return false;
}

static bool is_equality(const Level *level, const Expr *expr)
{
    if (expr->kind != EXPR_OP || expr->nargs != 2)
        return false;
    const CatOperator *found = catalog_operator(level->planner->context->catalog, expr->oid);
    return found && found->namespace_oid == NAMESPACE_PG_CATALOG && strcmp(found->name, "=") == 0;
}

static bool is_column(const Expr *expr)
{
    return expr->kind == EXPR_VAR && expr->u.var.levels_up == 0 && expr->u.var.column > 0;
}

static bool is_value(const Expr *expr)
{
    return expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM;
}

static int integer_width(Oid type)
{
    return type == TYPE_INT2 ? 2 : type == TYPE_INT4 ? 4 : type == TYPE_INT8 ? 8 : 0;
}

/* The value as one of the column's type; NULL: it is none. A narrower integer constant is. */
static const Expr *value_as(const Level *level, const Expr *value, Oid type)
{
    if (value->type == type)
        return value;
    if (value->kind != EXPR_CONST || !integer_width(value->type) || integer_width(value->type) > integer_width(type))
        return NULL;
    return expr_const(level->planner->arena, type, -1, value->u.value);
}

/* x = value: gives both. */
static bool fixes_column(const Level *level, const Expr *condition, const Expr **column, const Expr **value)
{
    if (!is_equality(level, condition))
        return false;
    for (int i = 0; i < 2; i++) {
        *column = condition->args[i];
        if (!is_column(*column) || !is_value(condition->args[1 - i]) || !equality_is_identity((*column)->type))
            continue;
        *value = value_as(level, condition->args[1 - i], (*column)->type);
        if (*value)
            return true;
    }
    return false;
}

static bool is_fixed(const Level *level, const ExprList *conditions, const Expr *column)
{
    const Expr *fixed, *value;
    for (size_t i = 0; i < conditions->count; i++)
        if (fixes_column(level, conditions->items[i], &fixed, &value) && expr_equal(fixed, column))
            return true;
    return false;
}

static void conclude(const Level *level, const Expr *column, const Expr *value, const Expr *join, ExprList *to)
{
    Arena *arena = level->planner->arena;
    for (int i = 0; i < 2; i++) {
        const Expr *other = join->args[1 - i];
        if (!expr_equal(join->args[i], column) || !is_column(other) || other->u.var.rte == column->u.var.rte)
            continue;
        const Source *source = level->owners[other->u.var.rte].source;
        if ((source && source == level->owners[column->u.var.rte].source) || is_fixed(level, to, other))
            continue;
        Expr *follows = expr_copy(join, arena);
        follows->args[i] = expr_copy(value, arena);
        follows->location = -1;
        vec_push(arena, to, follows);
    }
}

void derive_conditions(const Level *level, const ExprList *facts, const ExprList *joins, ExprList *to)
{
    for (size_t i = 0; i < facts->count; i++) {
        const Expr *column, *value;
        if (!fixes_column(level, facts->items[i], &column, &value))
            continue;
        for (size_t j = 0; j < joins->count; j++)
            if (is_equality(level, joins->items[j]))
                conclude(level, column, value, joins->items[j], to);
    }
}
