/*
 * composite.c - the columns of composite values: named row types, rows of subqueries, records of functions with OUT parameters.
 */
#include "sql/analyze_int.h"

static void columns_of_relation(Analyzer *an, const CatRelation *relation, RteColumn **columns, int *ncolumns)
{
    *columns = ARENA_ARRAY(an->arena, RteColumn, relation->ncolumns + 1);
    *ncolumns = relation->ncolumns;
    for (int i = 0; i < relation->ncolumns; i++)
        (*columns)[i] = (RteColumn){.name = relation->columns[i].name,
                                    .type = relation->columns[i].type,
                                    .typmod = relation->columns[i].typmod,
                                    .collation = relation->columns[i].collation,
                                    .dropped = relation->columns[i].dropped};
}

static bool is_output_mode(char mode)
{
    return mode == 'o' || mode == 'b' || mode == 't';
}

/* Columns from OUT and TABLE parameters; none of them, or just one: false. */
bool function_out_columns(Scope *scope, const Expr *call, RteColumn **columns, int *ncolumns)
{
    Analyzer *an = scope->an;
    const CatProc *proc = call->kind == EXPR_FUNC ? catalog_proc(an->catalog, call->oid) : NULL;
    if (!proc || !proc->all_modes)
        return false;
    Oid *actual = ARENA_ARRAY(an->arena, Oid, proc->nargs + 1), *declared = ARENA_ARRAY(an->arena, Oid, proc->nargs + 1);
    *columns = ARENA_ARRAY(an->arena, RteColumn, proc->nall + 1);
    *ncolumns = 0;
    for (int i = 0; i < proc->nargs && i < call->nargs; i++)
        actual[i] = call->args[i]->type;
    for (int i = 0; i < proc->nall; i++) {
        if (!is_output_mode(proc->all_modes[i]))
            continue;
        Oid type = proc->all_types[i];
        if (sql_is_polymorphic(type)) {
            memcpy(declared, proc->arg_types, sizeof(Oid) * (size_t)proc->nargs);
            type = polymorphic_resolve(scope, actual, declared, proc->nargs < call->nargs ? proc->nargs : call->nargs, type);
        }
        const char *name = proc->arg_names ? proc->arg_names[i] : NULL;
        int number = *ncolumns + 1;
        (*columns)[(*ncolumns)++] = (RteColumn){.name = given(name) ? name : arena_printf(an->arena, "column%d", number),
                                                .type = type,
                                                .typmod = -1,
                                                .collation = type_collation(an->catalog, type)};
    }
    return *ncolumns > 1;
}

static Scope *scope_of_level(Scope *scope, int levels)
{
    while (levels-- > 0 && scope)
        scope = scope->parent;
    return scope;
}

static bool columns_of_rte(Analyzer *an, const Rte *rte, RteColumn **columns, int *ncolumns)
{
    *columns = ARENA_ARRAY(an->arena, RteColumn, rte->ncolumns + 1);
    *ncolumns = rte->ncolumns;
    memcpy(*columns, rte->columns, sizeof(RteColumn) * (size_t)rte->ncolumns);
    return true;
}

static bool columns_of_row(Analyzer *an, const Expr *row, RteColumn **columns, int *ncolumns)
{
    *columns = ARENA_ARRAY(an->arena, RteColumn, row->nargs + 1);
    *ncolumns = row->nargs;
    for (int i = 0; i < row->nargs; i++)
        (*columns)[i] = (RteColumn){.name = arena_printf(an->arena, "f%d", i + 1),
                                    .type = row->args[i]->type,
                                    .typmod = row->args[i]->typmod,
                                    .collation = row->args[i]->collation};
    return true;
}

static bool columns_of_variable(Analyzer *an, const Expr *param, RteColumn **columns, int *ncolumns)
{
    if (!an->variables || !an->variables->columns)
        return false;
    *ncolumns = an->variables->columns(an->variables->arg, param->u.param, columns, an->arena);
    return *ncolumns >= 0;
}

static bool columns_of_record(Scope *scope, const Expr *expr, RteColumn **columns, int *ncolumns);

/* Those of a record that a query inside `scope` gives as its column. */
static bool columns_of_target(Scope *scope, Query *query, int column, RteColumn **columns, int *ncolumns)
{
    while (query && query->set_op)
        query = query->left;
    const Query *giving = query && query->kind != QUERY_SELECT ? query->returning : query;
    if (!giving || column < 1 || column > giving->ntargets)
        return false;
    Scope inner = {.an = scope->an, .parent = scope, .query = query->kind == QUERY_INSERT ? query->returning : query};
    return columns_of_record(&inner, giving->targets[column - 1].expr, columns, ncolumns);
}

static bool columns_of_cte(Scope *scope, const Rte *rte, int column, RteColumn **columns, int *ncolumns)
{
    scope = scope_of_level(scope, rte->cte_levels_up);
    if (rte->cte_self || !scope || rte->cte >= scope->query->nctes)
        return false;
    return columns_of_target(scope, scope->query->ctes[rte->cte].query, column, columns, ncolumns);
}

static bool columns_of_var(Scope *scope, const Expr *var, RteColumn **columns, int *ncolumns)
{
    scope = scope_of_level(scope, var->u.var.levels_up);
    if (!scope || !scope->query || var->u.var.rte >= scope->query->nrtes)
        return false;
    const Rte *rte = scope->query->rtes[var->u.var.rte];
    int column = var->u.var.column;
    if (column == 0)
        return columns_of_rte(scope->an, rte, columns, ncolumns);
    if (rte->kind == RTE_CTE)
        return columns_of_cte(scope, rte, column, columns, ncolumns);
    if (rte->kind == RTE_JOIN && column <= rte->ncolumns && rte->columns[column - 1].join_expr)
        return columns_of_record(scope, rte->columns[column - 1].join_expr, columns, ncolumns);
    return rte->kind == RTE_SUBQUERY && columns_of_target(scope, rte->query, column, columns, ncolumns);
}

/* A record whose columns follow from where it comes from. */
static bool columns_of_record(Scope *scope, const Expr *expr, RteColumn **columns, int *ncolumns)
{
    switch (expr->kind) {
    case EXPR_ROW:
        return columns_of_row(scope->an, expr, columns, ncolumns);
    case EXPR_FUNC:
        return function_out_columns(scope, expr, columns, ncolumns);
    case EXPR_PARAM:
        return columns_of_variable(scope->an, expr, columns, ncolumns);
    case EXPR_VAR:
        return columns_of_var(scope, expr, columns, ncolumns);
    default:
        return false;
    }
}

bool composite_columns(Scope *scope, const Expr *expr, RteColumn **columns, int *ncolumns)
{
    Analyzer *an = scope->an;
    if (expr->type == TYPE_RECORD)
        return columns_of_record(scope, expr, columns, ncolumns);
    const CatType *type = catalog_type(an->catalog, catalog_base_type(an->catalog, expr->type, NULL));
    const CatRelation *relation = type && type->kind == 'c' ? catalog_relation(an->catalog, type->relation) : NULL;
    if (!relation)
        return false;
    columns_of_relation(an, relation, columns, ncolumns);
    return true;
}

int expr_field_place(Catalog *catalog, const Expr *field)
{
    const CatType *type = catalog_type(catalog, catalog_base_type(catalog, field->args[0]->type, NULL));
    const CatRelation *relation = type && type->relation ? catalog_relation(catalog, type->relation) : NULL;
    int place = field->u.field.number;
    for (int i = 0; relation && i < relation->ncolumns && i < field->u.field.number; i++)
        place -= relation->columns[i].dropped;
    return place;
}
