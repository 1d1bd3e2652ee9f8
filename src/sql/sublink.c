/*
 * sublink.c - subqueries in expressions: EXISTS, scalar, ARRAY, IN, ANY and ALL, and rows compared with a subquery (PostgreSQL manual,
 * section 9.23).
 */
#include "sql/analyze_int.h"

static bool fail(Scope *scope, const char *sqlstate, const char *message, int location)
{
    error_set(scope->an->error, sqlstate, "%s", message);
    return analyze_at(scope->an, location);
}

static int outputs_of(const Query *query, const Expr **first)
{
    int count = 0;
    for (int i = query->ntargets - 1; i >= 0; i--)
        if (!query->targets[i].junk) {
            *first = query->targets[i].expr;
            count++;
        }
    return count;
}

static bool check_one_column(Scope *scope, const Query *query, int location, const Expr **only)
{
    return outputs_of(query, only) == 1 || fail(scope, ERRCODE_SYNTAX_ERROR, "subquery must return only one column", location);
}

static Expr *make_sublink(Scope *scope, SublinkKind kind, Query *query, Oid type, int location)
{
    Expr *expr = expr_new(scope, EXPR_SUBLINK, type, location);
    expr->u.sublink.kind = kind;
    expr->u.sublink.query = query;
    return expr;
}

static Expr *scalar(Scope *scope, Query *query, int location)
{
    const Expr *only;
    if (!check_one_column(scope, query, location, &only))
        return NULL;
    Expr *expr = make_sublink(scope, SUBLINK_SCALAR, query, only->type, location);
    expr->typmod = only->typmod;
    expr->collation = only->collation;
    return expr;
}

static Expr *array(Scope *scope, Query *query, int location)
{
    Analyzer *an = scope->an;
    const Expr *only;
    if (!check_one_column(scope, query, location, &only))
        return NULL;
    Oid type = type_element(an->catalog, only->type) ? only->type : type_array(an->catalog, only->type);
    if (!type) {
        error_set(an->error, ERRCODE_UNDEFINED_OBJECT, "could not find array type for data type %s", type_text(an, only->type));
        analyze_at(an, location);
        return NULL;
    }
    Expr *expr = make_sublink(scope, SUBLINK_ARRAY, query, type, location);
    expr->typmod = only->typmod;
    expr->collation = only->collation;
    return expr;
}

/* ---- comparisons with a subquery's rows ---- */

typedef struct Comparison {
    Scope *scope;
    const PgQuery__SubLink *node;
    Node *const *names;
    size_t nnames;
    Query *query;
    Expr **left, **right; /* right: variables that stand for the subquery's columns */
    int count;
} Comparison;

static Node *equals_name(Arena *arena)
{
    Node *node = ARENA_NEW(arena, Node);
    pg_query__node__init(node);
    node->node_case = PG_QUERY__NODE__NODE_STRING;
    node->string = ARENA_NEW(arena, PgQuery__String);
    pg_query__string__init(node->string);
    node->string->sval = arena_strdup(arena, "=");
    return node;
}

static bool open_comparison(Comparison *comparison)
{
    Scope *scope = comparison->scope;
    Analyzer *an = scope->an;
    const PgQuery__SubLink *node = comparison->node;
    Expr *left = analyze_expr(scope, node->testexpr);
    if (!left)
        return false;
    comparison->names = node->oper_name;
    comparison->nnames = node->n_oper_name;
    if (!comparison->nnames) { /* IN */
        Node **names = ARENA_ARRAY(an->arena, Node *, 1);
        names[0] = equals_name(an->arena);
        comparison->names = names;
        comparison->nnames = 1;
    }
    bool is_row = left->kind == EXPR_ROW;
    comparison->count = is_row ? left->nargs : 1;
    comparison->left = is_row ? left->args : ARENA_ARRAY(an->arena, Expr *, 1);
    if (!is_row)
        comparison->left[0] = left;
    comparison->right = ARENA_ARRAY(an->arena, Expr *, comparison->query->ntargets + 1);
    int outputs = 0;
    for (int i = 0; i < comparison->query->ntargets; i++) {
        const Expr *output = comparison->query->targets[i].expr;
        if (comparison->query->targets[i].junk)
            continue;
        Expr *stand_in = expr_var(an->arena, 0, outputs + 1, output->type, output->typmod, output->collation);
        stand_in->u.var.levels_up = -1; /* of no query: replaced or dropped below */
        stand_in->location = -1;
        comparison->right[outputs++] = stand_in;
    }
    if (comparison->count < outputs)
        return fail(scope, ERRCODE_SYNTAX_ERROR, "subquery has too many columns", node->location);
    if (comparison->count > outputs)
        return fail(scope, ERRCODE_SYNTAX_ERROR, "subquery has too few columns", node->location);
    return true;
}

/* What one side became: its own operand, perhaps cast. */
static bool is_stand_in(const Expr *expr)
{
    return expr->kind == EXPR_VAR && expr->u.var.levels_up < 0;
}

/* The subquery's column in the type the operator takes: cast in a query around it. */
static Expr *replace_stand_in(Expr *expr, Expr *column)
{
    if (is_stand_in(expr))
        return column;
    for (int i = 0; i < expr->nargs; i++)
        expr->args[i] = replace_stand_in(expr->args[i], column);
    return expr;
}

/* A query over the subquery, whose one level more is counted. */
static Scope *query_around(Scope *scope, Query *query)
{
    Analyzer *an = scope->an;
    Scope *around = scope_open(an, scope);
    Expr probe = {.kind = EXPR_SUBLINK, .u.sublink = {.query = query}};
    expr_shift_levels(&probe, 1);
    query->outer = around->query;
    around->query->from = ARENA_ARRAY(an->arena, FromItem *, 1);
    around->query->from[0] = from_add(around, rte_for_query(an, query, "unnamed_subquery"), &around->names);
    around->query->nfrom = 1;
    around->query->is_around = true;
    return around;
}

static Query *cast_columns(Comparison *comparison, Expr **operands)
{
    Scope *scope = comparison->scope;
    bool needed = false;
    for (int i = 0; i < comparison->count; i++)
        needed |= !is_stand_in(operands[i]);
    if (!needed)
        return comparison->query;
    Scope *around = query_around(scope, comparison->query);
    for (int i = 0; i < comparison->count; i++) {
        Expr *column = names_use_column(around, around->names.items[0], i, 0, -1);
        Expr *output = replace_stand_in(operands[i], column);
        scope_add_target(around, output, around->query->rtes[0]->columns[i].name, false);
    }
    return assign_query_collations(scope->an, around->query) ? around->query : NULL;
}

/* x op ANY/ALL (SELECT ...), IN; several columns are compared pair by pair. */
static Expr *any_all(Comparison *comparison, SublinkKind kind)
{
    Scope *scope = comparison->scope;
    Analyzer *an = scope->an;
    const PgQuery__SubLink *node = comparison->node;
    const char *name = node_string(comparison->names[comparison->nnames - 1]);
    int count = comparison->count;
    Expr *expr = expr_new(scope, EXPR_SUBLINK, TYPE_BOOL, node->location), **right = ARENA_ARRAY(an->arena, Expr *, count + 1);
    Expr **tests = ARENA_ARRAY(an->arena, Expr *, count + 1);
    expr->args = ARENA_ARRAY(an->arena, Expr *, count + 1);
    expr->u.sublink.kind = kind;
    expr->u.sublink.is_in = node->n_oper_name == 0;
    expr->u.sublink.ops = ARENA_ARRAY(an->arena, Oid, count + 1);
    for (int i = 0; i < count; i++) {
        Expr *test = make_operator(scope, comparison->names, comparison->nnames, comparison->left[i], comparison->right[i], node->location);
        if (!test)
            return NULL;
        if (test->type != TYPE_BOOL) {
            if (count > 1)
                error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "row comparison operator must yield type boolean, not type %s",
                          type_text(an, test->type));
            else
                error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "operator %s must return type boolean, not type %s", name,
                          type_text(an, test->type));
            analyze_at(an, node->location);
            return NULL;
        }
        tests[i] = test;
        expr->args[expr->nargs++] = test->args[0];
        right[i] = test->args[1];
        expr->u.sublink.ops[expr->u.sublink.nops++] = test->oid;
    }
    if (count > 1 && !check_row_order(scope, tests, count, name, node->location))
        return NULL;
    expr->u.sublink.query = cast_columns(comparison, right);
    return expr->u.sublink.query ? expr : NULL;
}

/* (a, b) op (SELECT ...): the comparison moves into a query around the subquery: no row gives NULL, several are an error, as there. */
static Expr *compare_row(Comparison *comparison)
{
    Scope *scope = comparison->scope;
    Scope *around = query_around(scope, comparison->query);
    for (int i = 0; i < comparison->count; i++) {
        comparison->right[i] = names_use_column(around, around->names.items[0], i, 0, -1);
        comparison->left[i] = expr_copy(comparison->left[i], scope->an->arena);
        expr_shift_levels(comparison->left[i], 1);
    }
    Expr *test = make_row_comparison(around, comparison->names, comparison->nnames, comparison->left, comparison->right, comparison->count,
                                     comparison->count, comparison->node->location);
    if (!test)
        return NULL;
    scope_add_target(around, test, "?column?", false);
    return assign_query_collations(scope->an, around->query)
               ? make_sublink(scope, SUBLINK_SCALAR, around->query, TYPE_BOOL, comparison->node->location)
               : NULL;
}

/* ---- all of them ---- */

static Expr *compared(Scope *scope, const PgQuery__SubLink *node, Query *query)
{
    Comparison comparison = {.scope = scope, .node = node, .query = query};
    if (!open_comparison(&comparison))
        return NULL;
    switch (node->sub_link_type) {
    case PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK:
        return any_all(&comparison, SUBLINK_ANY);
    case PG_QUERY__SUB_LINK_TYPE__ALL_SUBLINK:
        return any_all(&comparison, SUBLINK_ALL);
    default:
        return compare_row(&comparison);
    }
}

Expr *analyze_sublink(Scope *scope, const PgQuery__SubLink *node)
{
    Analyzer *an = scope->an;
    const char *where = clause_rule(scope->clause)->subqueries;
    if (where) {
        error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot use subquery in %s", where);
        analyze_at(an, node->location);
        return NULL;
    }
    Expr *last_set = scope->last_set;
    Query *query = analyze_subquery(scope, node->subselect, false);
    scope->last_set = last_set;
    if (!query)
        return NULL;
    scope->query->has_sublinks = true;
    switch (node->sub_link_type) {
    case PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK:
        return make_sublink(scope, SUBLINK_EXISTS, query, TYPE_BOOL, node->location);
    case PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK:
        map_put(an->subqueries, &node, sizeof node, query);
        return scalar(scope, query, node->location);
    case PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK:
        return array(scope, query, node->location);
    default:
        return compared(scope, node, query);
    }
}

Expr *analyze_sublink_column(Scope *scope, const PgQuery__SubLink *node, int column, int count)
{
    Query *query = analyze_subquery(scope, node->subselect, false);
    int outputs = 0;
    for (int i = 0; query && i < query->ntargets; i++)
        outputs += !query->targets[i].junk;
    if (!query)
        return NULL;
    if (outputs != count) {
        error_set(scope->an->error, ERRCODE_SYNTAX_ERROR, "number of columns does not match number of values");
        analyze_at(scope->an, node->location);
        return NULL;
    }
    scope->query->has_sublinks = true;
    int location = expr_location(query->targets[column - 1].expr); /* of what does not fit its column */
    Scope *around = query_around(scope, query);
    scope_add_target(around, names_use_column(around, around->names.items[0], column - 1, 0, -1), "?column?", false);
    return assign_query_collations(scope->an, around->query) ? scalar(scope, around->query, location < 0 ? node->location : location)
                                                             : NULL;
}
