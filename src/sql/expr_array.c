/*
 * expr_array.c - ARRAY[...] and ROW(...).
 */
#include "sql/analyze_int.h"

typedef struct ArrayBuild {
    Scope *scope;
    const PgQuery__AArrayExpr *node;
    Oid array_type, element_type; /* given by a cast around it, or OID_NONE */
    int32_t typmod;
    Expr **elements;
    int count;
    bool is_multi_dim;
} ArrayBuild;

static bool is_array_type(Catalog *catalog, Oid type)
{
    return type_element(catalog, type) != OID_NONE;
}

/* Nested ARRAY[] and elements that are arrays make one more dimension. */
static bool analyze_elements(ArrayBuild *build)
{
    Scope *scope = build->scope;
    const PgQuery__AArrayExpr *node = build->node;
    build->elements = ARENA_ARRAY(scope->an->arena, Expr *, node->n_elements + 1);
    for (size_t i = 0; i < node->n_elements; i++) {
        const Node *item = node->elements[i];
        Expr *element;
        if (item->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR) {
            build->is_multi_dim = true;
            if (!analyze_enter(scope->an))
                return false;
            element = analyze_array(scope, item->a_array_expr, build->array_type, build->element_type, build->typmod);
            analyze_leave(scope->an);
        } else {
            element = analyze_expr(scope, item);
            build->is_multi_dim |= element && is_array_type(scope->an->catalog, element->type) && element->type != TYPE_OIDVECTOR &&
                                   element->type != TYPE_INT2VECTOR;
        }
        if (!element)
            return false;
        build->elements[build->count++] = element;
    }
    return true;
}

/* The array's type from its elements'. */
static bool settle_type(ArrayBuild *build, Oid *coerce_to)
{
    Scope *scope = build->scope;
    Analyzer *an = scope->an;
    if (build->count == 0) {
        error_set(an->error, ERRCODE_INDETERMINATE_DATATYPE, "cannot determine type of empty array");
        error_hint(an->error, "Explicitly cast to the desired type, for example ARRAY[]::integer[].");
        return analyze_at(an, build->node->location);
    }
    *coerce_to = common_type(scope, build->elements, build->count, "ARRAY", NULL);
    if (!*coerce_to)
        return false;
    if (build->is_multi_dim) {
        build->array_type = *coerce_to;
        build->element_type = type_element(an->catalog, *coerce_to);
        if (build->element_type)
            return true;
        error_set(an->error, ERRCODE_UNDEFINED_OBJECT, "could not find element type for data type %s", type_text(an, *coerce_to));
        return analyze_at(an, build->node->location);
    }
    build->element_type = *coerce_to;
    build->array_type = type_array(an->catalog, *coerce_to);
    if (build->array_type)
        return true;
    error_set(an->error, ERRCODE_UNDEFINED_OBJECT, "could not find array type for data type %s", type_text(an, *coerce_to));
    return analyze_at(an, build->node->location);
}

static bool coerce_elements(ArrayBuild *build, Oid coerce_to, bool explicitly)
{
    Scope *scope = build->scope;
    Analyzer *an = scope->an;
    for (int i = 0; i < build->count; i++) {
        Expr *element = build->elements[i], *coerced;
        if (!explicitly) {
            coerced = coerce_to_common(scope, element, coerce_to, "ARRAY");
        } else {
            coerced =
                coerce_to_target(scope, element, coerce_to, build->typmod, COERCE_EXPLICIT, FUNC_EXPLICIT_CAST, expr_location(element));
            if (!coerced && !error_is_set(an->error)) {
                error_set(an->error, ERRCODE_CANNOT_COERCE, "cannot cast type %s to %s", type_text(an, element->type),
                          type_text(an, coerce_to));
                analyze_at(an, expr_location(element));
            }
        }
        if (!coerced)
            return false;
        build->elements[i] = coerced;
    }
    return true;
}

/* Of brackets in brackets; what else an element is has one at least. */
static int dimensions_of(const Expr *expr)
{
    int dimensions = 1;
    while (expr->kind == EXPR_ARRAY && expr->nargs && expr->args[0]->kind == EXPR_ARRAY) {
        expr = expr->args[0];
        dimensions++;
    }
    return dimensions;
}

Expr *analyze_array(Scope *scope, const PgQuery__AArrayExpr *node, Oid array_type, Oid element_type, int32_t typmod)
{
    ArrayBuild build = {.scope = scope, .node = node, .array_type = array_type, .element_type = element_type, .typmod = typmod};
    bool explicitly = array_type != OID_NONE;
    Oid coerce_to = OID_NONE;
    if (!analyze_elements(&build))
        return NULL;
    if (explicitly)
        coerce_to = build.is_multi_dim ? array_type : element_type;
    else if (!settle_type(&build, &coerce_to))
        return NULL;
    if (!coerce_elements(&build, coerce_to, explicitly))
        return NULL;
    Expr *expr = expr_new(scope, EXPR_ARRAY, build.array_type, node->location);
    expr->args = build.elements;
    expr->nargs = build.count;
    if (build.is_multi_dim && dimensions_of(expr) > ARRAY_MAX_DIM) {
        error_set(scope->an->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                  ARRAY_MAX_DIM + 1, ARRAY_MAX_DIM);
        return NULL;
    }
    expr->u.is_multi_dim = build.is_multi_dim;
    expr->typmod = build.is_multi_dim ? common_typmod(build.elements, build.count, build.array_type)
                                      : common_typmod(build.elements, build.count, build.element_type);
    return expr;
}

/* ---- ROW ---- */

/* t.* stands for t's columns. */
static bool list_item(Scope *scope, const Node *node, Expr *row, size_t *cap)
{
    Analyzer *an = scope->an;
    Query *query = scope->query;
    Target *targets = query->targets;
    int before = query->ntargets;
    bool is_star = node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
                   node->column_ref->fields[node->column_ref->n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
    if (!is_star) {
        Expr *arg = analyze_expr(scope, node);
        if (!arg)
            return false;
        if ((size_t)row->nargs == *cap) {
            row->args = arena_grow(an->arena, row->args, *cap * sizeof(Expr *), 2 * *cap * sizeof(Expr *));
            *cap *= 2;
        }
        row->args[row->nargs++] = arg;
        return true;
    }
    /* expanded into a list of its own, then taken from there */
    size_t targets_cap = scope->targets_cap;
    query->targets = NULL;
    query->ntargets = 0;
    scope->targets_cap = 0;
    bool ok = expand_target_star(scope, node);
    Target *found = query->targets;
    int nfound = query->ntargets;
    query->targets = targets;
    query->ntargets = before;
    scope->targets_cap = targets_cap;
    if (!ok)
        return false;
    if ((size_t)(row->nargs + nfound) > *cap) {
        size_t grown = 2 * (size_t)(row->nargs + nfound);
        row->args = arena_grow(an->arena, row->args, *cap * sizeof(Expr *), grown * sizeof(Expr *));
        *cap = grown;
    }
    for (int i = 0; i < nfound; i++)
        row->args[row->nargs++] = found[i].expr;
    return true;
}

Expr **analyze_list(Scope *scope, const PgQuery__List *list, int *count)
{
    size_t cap = list->n_items + 1;
    Expr row = {.args = ARENA_ARRAY(scope->an->arena, Expr *, cap)};
    for (size_t i = 0; i < list->n_items; i++) {
        bool is_default = list->items[i]->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT;
        if (is_default && (size_t)row.nargs == cap) {
            row.args = arena_grow(scope->an->arena, row.args, cap * sizeof(Expr *), 2 * cap * sizeof(Expr *));
            cap *= 2;
        }
        if (is_default)
            row.args[row.nargs++] = NULL;
        else if (!list_item(scope, list->items[i], &row, &cap))
            return NULL;
    }
    *count = row.nargs;
    return row.args;
}

Expr *analyze_row(Scope *scope, const PgQuery__RowExpr *node)
{
    Analyzer *an = scope->an;
    size_t cap = node->n_args + 1;
    Expr *row = expr_new(scope, EXPR_ROW, TYPE_RECORD, node->location);
    row->args = ARENA_ARRAY(an->arena, Expr *, cap);
    for (size_t i = 0; i < node->n_args; i++)
        if (!list_item(scope, node->args[i], row, &cap))
            return NULL;
    if (row->nargs > MAX_TARGETS) {
        error_set(an->error, ERRCODE_TOO_MANY_COLUMNS, "ROW expressions can have at most %d entries", MAX_TARGETS);
        analyze_at(an, node->location);
        return NULL;
    }
    return row;
}
