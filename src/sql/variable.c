/*
 * variable.c - names that are variables of a function: they become parameters.
 *
 * Invariants:
 *  1. A column of the query comes first; where a name could be either, PL/pgSQL's functions get 42702 and SQL's the column.
 *  2. Inside views there are no variables.
 */
#include "sql/analyze_int.h"

/* What is in a variable that is a record. */
static const char *fields_of_variable(Analyzer *an, int number)
{
    RteColumn *columns = NULL;
    int count = an->variables->columns ? an->variables->columns(an->variables->arg, number, &columns, an->arena) : -1;
    ValueField *fields = ARENA_ARRAY(an->arena, ValueField, (count > 0 ? count : 0) + 1);
    for (int i = 0; i < count; i++)
        fields[i] = (ValueField){columns[i].type, columns[i].name, columns[i].fields};
    return count > 0 ? catalog_fields_text(fields, count, an->arena) : NULL;
}

static Expr *variable_expr(Scope *scope, const char *const *names, int count, int location)
{
    Analyzer *an = scope->an;
    SqlVariable found = {.typmod = -1};
    if (!an->variables->find(an->variables->arg, names, count, &found, an->error))
        return NULL;
    Expr *expr = expr_new(scope, EXPR_PARAM, found.type, location);
    expr->u.param = found.param;
    expr->u.fields = found.type == TYPE_RECORD ? fields_of_variable(an, found.param) : NULL;
    expr->typmod = found.typmod;
    expr->collation = found.collation ? found.collation : type_collation(an->catalog, found.type);
    return expr;
}

/* Before .*: of PL/pgSQL's only those that are rows. */
static Expr *row_variable(Scope *scope, const char *const *names, int count, int location)
{
    Analyzer *an = scope->an;
    Expr *row = variable_expr(scope, names, count, location);
    return row && an->variables->columns && row->type != TYPE_RECORD && !type_is_row(an->catalog, row->type) ? NULL : row;
}

Expr *analyze_variable_row(Scope *scope, const PgQuery__ColumnRef *node)
{
    const char *names[3];
    int count = (int)node->n_fields - 1;
    if (!scope->an->variables || scope->an->views || count > 3)
        return NULL;
    for (int i = 0; i < count; i++)
        names[i] = node_string(node->fields[i]);
    return row_variable(scope, names, count, node->location);
}

Expr *analyze_variable_param(Scope *scope, const PgQuery__ParamRef *node)
{
    const char *name = arena_printf(scope->an->arena, "$%d", node->number);
    return variable_expr(scope, &name, 1, node->location);
}

/* parameter.field, function.parameter.field, or parameter.function. PL/pgSQL (columns) finds the fields of its records by itself. */
static Expr *variable_field(Scope *scope, const char *const *names, int count, int location)
{
    Analyzer *an = scope->an;
    if (count < 2 || an->variables->columns)
        return NULL;
    Expr *row = variable_expr(scope, names, count - 1, location);
    Expr *field = row ? call_of_row_field(scope, row, names[count - 1], location) : NULL;
    return row && !field && !error_is_set(an->error) ? call_functional(scope, names[count - 1], row, location) : field;
}

static bool is_star(const PgQuery__ColumnRef *node)
{
    return node->fields[node->n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
}

/* 0: no name that a variable could have. What stands before .* is a row's. */
static int column_names(const PgQuery__ColumnRef *node, const char **names)
{
    int count = 0;
    for (size_t i = 0; i < node->n_fields - is_star(node) && i < 3; i++) {
        if (node->fields[i]->node_case != PG_QUERY__NODE__NODE_STRING)
            return 0;
        names[count++] = node_string(node->fields[i]);
    }
    return count;
}

static bool is_missing(const Error *error)
{
    return strcmp(error->sqlstate, ERRCODE_UNDEFINED_COLUMN) == 0 || strcmp(error->sqlstate, ERRCODE_UNDEFINED_TABLE) == 0;
}

static Expr *ambiguous(Scope *scope, const PgQuery__ColumnRef *node)
{
    Analyzer *an = scope->an;
    error_set(an->error, ERRCODE_AMBIGUOUS_COLUMN, "column reference \"%s\" is ambiguous",
              join_names(an->arena, node->fields, node->n_fields));
    error_detail(an->error, "It could refer to either a PL/pgSQL variable or a table column.");
    analyze_at(an, node->location);
    return NULL;
}

Expr *analyze_column_ref(Scope *scope, const PgQuery__ColumnRef *node)
{
    Analyzer *an = scope->an;
    const char *names[3];
    int count = an->variables && !an->views ? column_names(node, names) : 0;
    if (!count)
        return analyze_table_column(scope, node);
    /* A variable's name is mostly no column's: what tells so lives no longer than the analysis. */
    Error *error = an->error, missing;
    error_init(&missing, an->arena);
    an->error = &missing;
    Expr *column = analyze_table_column(scope, node);
    an->error = error;
    if (column && an->variables->conflict == SQL_CONFLICT_COLUMN)
        return column;
    if (!column && !is_missing(&missing)) {
        error_copy(error, &missing);
        return NULL;
    }
    Expr *variable = (is_star(node) ? row_variable : variable_expr)(scope, names, count, node->location);
    if (!variable && !column && !is_star(node) && !error_is_set(an->error))
        variable = variable_field(scope, names, count, node->location);
    if (column) {
        error_clear(an->error);
        if (variable && an->variables->conflict == SQL_CONFLICT_VARIABLE)
            return variable;
        return variable ? ambiguous(scope, node) : column;
    }
    if (!variable && !error_is_set(an->error))
        error_copy(an->error, &missing);
    return variable;
}
