/*
 * row_compare.c - (a, b) op (c, d) (PostgreSQL manual, section 9.24.5).
 *
 * Invariant: = and <> are pairs joined by AND and OR; the orderings are one EXPR_ROW_COMPARE, and only operators that order their type by
 * default may be used so.
 */
#include "sql/analyze_int.h"

static Expr *refuse(Scope *scope, const char *sqlstate, int location, const char *text)
{
    error_set(scope->an->error, sqlstate, "%s", text);
    analyze_at(scope->an, location);
    return NULL;
}

/* The pairs' own comparisons. */
static Expr **compare_pairs(Scope *scope, Node *const *names, size_t nnames, Expr **left, Expr **right, int count, int location)
{
    Expr **pairs = ARENA_ARRAY(scope->an->arena, Expr *, count);
    for (int i = 0; i < count; i++) {
        pairs[i] = make_operator(scope, names, nnames, left[i], right[i], location);
        if (!pairs[i])
            return NULL;
        if (pairs[i]->type != TYPE_BOOL) {
            error_set(scope->an->error, ERRCODE_DATATYPE_MISMATCH, "row comparison operator must yield type boolean, not type %s",
                      type_text(scope->an, pairs[i]->type));
            analyze_at(scope->an, location);
            return NULL;
        }
    }
    return pairs;
}

typedef enum RowOrder { ORDER_LT, ORDER_LE, ORDER_EQ, ORDER_GE, ORDER_GT, ORDER_NE, ORDER_NONE } RowOrder;

static RowOrder order_by_name(const char *name)
{
    static const char *const NAMES[] = {"<", "<=", "=", ">=", ">", "<>"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(NAMES[i], name) == 0)
            return (RowOrder)i;
    return ORDER_NONE;
}

static bool is_negator_of(Catalog *catalog, const CatOperator *op, Oid of)
{
    const CatOperator *other = of ? catalog_operator(catalog, of) : NULL;
    return other && other->negator == op->oid;
}

/* What a comparison is among the operators of its type's default ordering. Orderings over two types bear the same names. */
static RowOrder order_of(Catalog *catalog, const CatOperator *op)
{
    SortOps ops = sort_ops_of(catalog, op->left);
    if (!ops.less)
        return ORDER_NONE;
    if (op->left != op->right)
        return order_by_name(op->name);
    if (op->oid == ops.less)
        return ORDER_LT;
    if (op->oid == ops.equal)
        return ORDER_EQ;
    if (op->oid == ops.greater)
        return ORDER_GT;
    if (is_negator_of(catalog, op, ops.greater))
        return ORDER_LE;
    if (is_negator_of(catalog, op, ops.less))
        return ORDER_GE;
    return is_negator_of(catalog, op, ops.equal) ? ORDER_NE : ORDER_NONE;
}

static RowOrder common_order(Catalog *catalog, Expr **pairs, int count)
{
    RowOrder order = ORDER_NONE;
    for (int i = 0; i < count; i++) {
        const CatOperator *op = catalog_operator(catalog, pairs[i]->oid);
        RowOrder of = op ? order_of(catalog, op) : ORDER_NONE;
        if (of == ORDER_NONE || (i > 0 && of != order))
            return ORDER_NONE;
        order = of;
    }
    return order;
}

bool check_row_order(Scope *scope, Expr **pairs, int count, const char *name, int location)
{
    Analyzer *an = scope->an;
    if (common_order(an->catalog, pairs, count) != ORDER_NONE)
        return true;
    refuse(scope, ERRCODE_FEATURE_NOT_SUPPORTED, location,
           arena_printf(an->arena, "could not determine interpretation of row comparison operator %s", name));
    error_hint(an->error, "Row comparison operators must be associated with btree operator families.");
    return false;
}

Expr *make_row_comparison(Scope *scope, Node *const *names, size_t nnames, Expr **left, Expr **right, int nleft, int nright, int location)
{
    Analyzer *an = scope->an;
    if (nleft != nright)
        return refuse(scope, ERRCODE_SYNTAX_ERROR, location, "unequal number of entries in row expressions");
    if (nleft == 0)
        return refuse(scope, ERRCODE_FEATURE_NOT_SUPPORTED, location, "cannot compare rows of zero length");
    Expr **pairs = compare_pairs(scope, names, nnames, left, right, nleft, location);
    if (!pairs || nleft == 1)
        return pairs ? pairs[0] : NULL;
    if (!check_row_order(scope, pairs, nleft, node_string(names[nnames - 1]), location))
        return NULL;
    RowOrder order = common_order(an->catalog, pairs, nleft);
    if (order == ORDER_EQ || order == ORDER_NE)
        return expr_and(scope, order == ORDER_EQ ? EXPR_AND : EXPR_OR, pairs, nleft, location);
    Expr *expr = expr_new(scope, EXPR_ROW_COMPARE, TYPE_BOOL, location);
    expr->oid = pairs[0]->oid;
    expr->u.compare = order == ORDER_LT ? ROW_LT : order == ORDER_LE ? ROW_LE : order == ORDER_GE ? ROW_GE : ROW_GT;
    expr->nargs = 2 * nleft;
    expr->args = ARENA_ARRAY(an->arena, Expr *, expr->nargs);
    for (int pair = 0; pair < nleft; pair++) {
        expr->args[pair] = pairs[pair]->args[0];
        expr->args[nleft + pair] = pairs[pair]->args[1];
    }
    return expr;
}
