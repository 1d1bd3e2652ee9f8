/*
 * column_ref.c - column references, and what hangs on expressions: .field, [subscript], [lower:upper].
 */
#include "sql/analyze_int.h"

/* ---- composite.field ---- */

Expr *call_of_row_field(Scope *scope, Expr *row, const char *name, int location)
{
    Arena *arena = scope->an->arena;
    RteColumn *columns;
    int ncolumns;
    if (!composite_columns(scope, row, &columns, &ncolumns)) {
        if (row->type == TYPE_RECORD && row->kind == EXPR_VAR)
            error_set(scope->an->error, ERRCODE_WRONG_OBJECT_TYPE, "record type has not been registered");
        return NULL;
    }
    for (int i = 0; i < ncolumns; i++) {
        if (columns[i].dropped || strcmp(columns[i].name, name) != 0)
            continue;
        if (row->kind == EXPR_VAR && row->u.var.column == 0) {
            Expr *var = expr_var(arena, row->u.var.rte, i + 1, columns[i].type, columns[i].typmod, columns[i].collation);
            var->u.var.levels_up = row->u.var.levels_up;
            var->location = row->location;
            return var;
        }
        Expr *field = expr_new(scope, EXPR_FIELD, columns[i].type, location);
        field->typmod = columns[i].typmod;
        field->collation = columns[i].collation;
        field->nargs = 1;
        field->args = ARENA_ARRAY(arena, Expr *, 1);
        field->args[0] = row;
        field->u.field.number = i + 1;
        field->u.field.name = columns[i].name;
        return field;
    }
    return NULL;
}

/* row.name where there is no such field, nor a function of that name. */
static Expr *no_field(Scope *scope, const Expr *row, const char *name, int location)
{
    Analyzer *an = scope->an;
    if (row->kind == EXPR_VAR && row->u.var.column == 0) {
        const Scope *at = scope;
        for (int i = 0; i < row->u.var.levels_up && at->parent; i++)
            at = at->parent;
        error_set(an->error, ERRCODE_UNDEFINED_COLUMN, "column %s.%s does not exist", at->query->rtes[row->u.var.rte]->alias, name);
    } else if (type_is_row(an->catalog, row->type)) {
        error_set(an->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" not found in data type %s", name, type_text(an, row->type));
    } else if (row->type == TYPE_RECORD) {
        error_set(an->error, ERRCODE_UNDEFINED_COLUMN, "could not identify column \"%s\" in record data type", name);
    } else {
        error_set(an->error, ERRCODE_WRONG_OBJECT_TYPE, "column notation .%s applied to type %s, which is not a composite type", name,
                  type_text(an, row->type));
    }
    analyze_at(an, location);
    return NULL;
}

static Expr *field_or_function(Scope *scope, Expr *row, const char *name, int location)
{
    Expr *expr = call_of_row_field(scope, row, name, location);
    if (!expr && !error_is_set(scope->an->error))
        expr = call_functional(scope, name, row, location);
    if (!expr && !error_is_set(scope->an->error))
        return no_field(scope, row, name, location);
    return expr;
}

/* ---- column references ---- */

static Expr *bare_name(Scope *scope, const PgQuery__ColumnRef *node)
{
    Analyzer *an = scope->an;
    const char *name = node_string(node->fields[0]);
    Expr *expr = names_find_column(scope, name, node->location);
    if (expr || error_is_set(an->error))
        return expr;
    int levels;
    NsItem *item = names_find_item(scope, NULL, name, node->location, &levels);
    if (item)
        return names_whole_row(scope, item, levels, node->location);
    if (!error_is_set(an->error))
        names_missing_column(scope, NULL, name, node->location);
    return NULL;
}

/* table.column, or table.function */
static Expr *qualified_name(Scope *scope, const PgQuery__ColumnRef *node, const char *schema, const char *table, const Node *last)
{
    Analyzer *an = scope->an;
    int levels;
    NsItem *item = names_find_item(scope, schema, table, node->location, &levels);
    if (!item) {
        if (!error_is_set(an->error))
            names_missing_table(scope, schema, table, node->location);
        return NULL;
    }
    if (last->node_case == PG_QUERY__NODE__NODE_A_STAR)
        return names_whole_row(scope, item, levels, node->location);
    const char *name = node_string(last);
    Expr *expr = names_column_of(scope, item, levels, name, node->location);
    if (expr || error_is_set(an->error))
        return expr;
    Expr *row = names_whole_row(scope, item, levels, node->location);
    expr = row ? call_functional(scope, name, row, node->location) : NULL;
    if (!expr && !error_is_set(an->error))
        names_missing_column(scope, table, name, node->location);
    return expr;
}

Expr *analyze_table_column(Scope *scope, const PgQuery__ColumnRef *node)
{
    Analyzer *an = scope->an;
    Node *const *fields = node->fields;
    if (scope->clause == CLAUSE_DEFAULT) {
        error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot use column reference in DEFAULT expression");
        analyze_at(an, node->location);
        return NULL;
    }
    switch (node->n_fields) {
    case 1:
        return bare_name(scope, node);
    case 2:
        return qualified_name(scope, node, NULL, node_string(fields[0]), fields[1]);
    case 3:
        return qualified_name(scope, node, node_string(fields[0]), node_string(fields[1]), fields[2]);
    case 4:
        if (strcmp(node_string(fields[0]), an->functions->database) == 0)
            return qualified_name(scope, node, node_string(fields[1]), node_string(fields[2]), fields[3]);
        error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: %s",
                  join_names(an->arena, fields, node->n_fields));
        break;
    default:
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "improper qualified name (too many dotted names): %s",
                  join_names(an->arena, fields, node->n_fields));
    }
    analyze_at(an, node->location);
    return NULL;
}

/* ---- subscripts ---- */

static Expr *not_subscriptable(Scope *scope, const Expr *container)
{
    Analyzer *an = scope->an;
    error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "cannot subscript type %s because it does not support subscripting",
              type_text(an, container->type));
    analyze_at(an, expr_location(container));
    return NULL;
}

static Expr *array_bound(Scope *scope, const Node *node)
{
    Analyzer *an = scope->an;
    Expr *bound = analyze_expr(scope, node);
    if (!bound)
        return NULL;
    Expr *number = coerce_to_target(scope, bound, TYPE_INT4, -1, COERCE_ASSIGNMENT, FUNC_IMPLICIT_CAST, -1);
    if (!number && !error_is_set(an->error)) {
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "array subscript must have type integer");
        analyze_at(an, expr_location(bound));
    }
    return number;
}

static Expr *jsonb_key(Scope *scope, const Node *node)
{
    Analyzer *an = scope->an;
    Expr *key = analyze_expr(scope, node);
    if (!key)
        return NULL;
    Oid target = key->type == TYPE_UNKNOWN || key->type != TYPE_INT4 ? TYPE_TEXT : TYPE_INT4;
    if (key->type != TYPE_UNKNOWN && !can_coerce_one(an->catalog, key->type, TYPE_TEXT, COERCE_IMPLICIT))
        target = TYPE_INT4;
    Expr *coerced = coerce_to_target(scope, key, target, -1, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
    if (!coerced && !error_is_set(an->error)) {
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "subscript type %s is not supported", type_text(an, key->type));
        error_hint(an->error, "jsonb subscript must be coercible to either integer or text.");
        analyze_at(an, expr_location(key));
    }
    return coerced;
}

static Expr *jsonb_subscript(Scope *scope, Expr *container, const PgQuery__AIndices *const *indices, size_t count)
{
    Analyzer *an = scope->an;
    Expr *expr = expr_new(scope, EXPR_SUBSCRIPT, TYPE_JSONB, container->location);
    expr->args = ARENA_ARRAY(an->arena, Expr *, count + 1);
    expr->args[expr->nargs++] = container;
    for (size_t i = 0; i < count; i++) {
        if (indices[i]->is_slice) {
            error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "jsonb subscript does not support slices");
            analyze_at(an, indices[i]->uidx ? sql_node_location(indices[i]->uidx) : sql_node_location(indices[i]->lidx));
            return NULL;
        }
        expr->args[expr->nargs] = jsonb_key(scope, indices[i]->uidx);
        if (!expr->args[expr->nargs++])
            return NULL;
    }
    return expr;
}

/* One [..:..] among the subscripts makes slices of all: [n] is then [1:n]. */
static bool slice_bounds(Scope *scope, Expr *expr, const PgQuery__AIndices *index)
{
    Expr *lower = NULL, *upper = NULL;
    if (index->lidx && !(lower = array_bound(scope, index->lidx)))
        return false;
    if (index->uidx && !(upper = array_bound(scope, index->uidx)))
        return false;
    if (!index->is_slice) {
        lower = expr_new(scope, EXPR_CONST, TYPE_INT4, -1);
        lower->u.value = "1";
    }
    expr->args[expr->nargs++] = lower;
    expr->args[expr->nargs++] = upper;
    return true;
}

Expr *analyze_subscripts(Scope *scope, Expr *container, const PgQuery__AIndices *const *indices, size_t count)
{
    enum { MOST_DIMENSIONS = 6 };
    Analyzer *an = scope->an;
    int32_t typmod = container->typmod;
    Oid type = catalog_base_type(an->catalog, container->type, &typmod);
    if (type == TYPE_JSONB)
        return jsonb_subscript(scope, container, indices, count);
    const CatType *found = catalog_type(an->catalog, type);
    Oid element = found && found->length == -1 ? type_element(an->catalog, type) : found ? found->element : OID_NONE;
    if (!element)
        return not_subscriptable(scope, container);
    bool is_slice = false;
    for (size_t i = 0; i < count; i++)
        is_slice |= indices[i]->is_slice;
    if (is_slice && type == TYPE_NAME) {
        error_unsupported(an->error, "slices of fixed-length arrays not implemented");
        return NULL;
    }
    Expr *expr = expr_new(scope, EXPR_SUBSCRIPT, is_slice ? type : element, container->location);
    expr->typmod = typmod;
    expr->collation = container->collation;
    expr->u.subscript.is_slice = is_slice;
    expr->args = ARENA_ARRAY(an->arena, Expr *, 2 * count + 1);
    expr->args[expr->nargs++] = container;
    for (size_t i = 0; i < count; i++) {
        if (is_slice ? !slice_bounds(scope, expr, indices[i]) : !(expr->args[expr->nargs++] = array_bound(scope, indices[i]->uidx)))
            return NULL;
    }
    if (count > MOST_DIMENSIONS) {
        error_set(an->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%zu) exceeds the maximum allowed (%d)", count,
                  MOST_DIMENSIONS);
        return NULL;
    }
    return expr;
}

Expr *analyze_indirection(Scope *scope, const PgQuery__AIndirection *node)
{
    Analyzer *an = scope->an;
    const PgQuery__AIndices **indices = ARENA_ARRAY(an->arena, const PgQuery__AIndices *, node->n_indirection + 1);
    size_t pending = 0;
    int location = sql_node_location(node->arg);
    Expr *expr = analyze_expr(scope, node->arg);
    for (size_t i = 0; i < node->n_indirection && expr; i++) {
        const Node *step = node->indirection[i];
        if (step->node_case == PG_QUERY__NODE__NODE_A_INDICES) {
            indices[pending++] = step->a_indices;
            continue;
        }
        if (step->node_case == PG_QUERY__NODE__NODE_A_STAR) {
            error_unsupported(an->error, "row expansion via \"*\" is not supported here");
            analyze_at(an, location);
            return NULL;
        }
        if (pending)
            expr = analyze_subscripts(scope, expr, indices, pending);
        pending = 0;
        expr = expr ? field_or_function(scope, expr, node_string(step), location) : NULL;
    }
    return expr && pending ? analyze_subscripts(scope, expr, indices, pending) : expr;
}
