/*
 * operator_expr.c - what the grammar writes as operators: plain ones, ANY/ALL, IN, BETWEEN, LIKE, IS DISTINCT FROM, NULLIF, and
 * comparisons of rows.
 */
#include "sql/analyze_int.h"

static bool is_row(const Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_ROW_EXPR;
}

static bool is_scalar_sublink(const Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_SUB_LINK &&
           node->sub_link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK;
}

static Expr *rows_compared(Scope *scope, const PgQuery__AExpr *node, const Node *left, const Node *right)
{
    Expr *l = analyze_expr(scope, left), *r = l ? analyze_expr(scope, right) : NULL;
    return r ? make_row_comparison(scope, node->name, node->n_name, l->args, r->args, l->nargs, r->nargs, node->location) : NULL;
}

/* (a, b) = (SELECT c, d) is written as an ANY-less sublink of its own. */
static Expr *row_with_sublink(Scope *scope, const PgQuery__AExpr *node)
{
    PgQuery__SubLink link = *node->rexpr->sub_link;
    link.sub_link_type = PG_QUERY__SUB_LINK_TYPE__ROWCOMPARE_SUBLINK;
    link.testexpr = node->lexpr;
    link.oper_name = node->name;
    link.n_oper_name = node->n_name;
    link.location = node->location;
    return analyze_sublink(scope, &link);
}

static Expr *plain_operator(Scope *scope, const PgQuery__AExpr *node)
{
    if (is_row(node->lexpr) && is_scalar_sublink(node->rexpr))
        return row_with_sublink(scope, node);
    if (is_row(node->lexpr) && is_row(node->rexpr))
        return rows_compared(scope, node, node->lexpr, node->rexpr);
    Expr *left = node->lexpr ? analyze_expr(scope, node->lexpr) : NULL;
    if (node->lexpr && !left)
        return NULL;
    Expr *right = analyze_expr(scope, node->rexpr);
    return right ? make_operator(scope, node->name, node->n_name, left, right, node->location) : NULL;
}

static Expr *any_all(Scope *scope, const PgQuery__AExpr *node, bool is_all)
{
    Expr *left = analyze_expr(scope, node->lexpr), *right = left ? analyze_expr(scope, node->rexpr) : NULL;
    return right ? make_any_all(scope, node->name, node->n_name, is_all, left, right, node->location) : NULL;
}

/* ---- IS DISTINCT FROM, NULLIF ---- */

static bool is_null_literal(const Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_A_CONST && node->a_const->isnull;
}

static Expr *distinct_from_null(Scope *scope, const PgQuery__AExpr *node, const Node *operand)
{
    Expr *arg = analyze_expr(scope, operand);
    if (!arg)
        return NULL;
    bool is_distinct = node->kind == PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT;
    Expr *expr = expr_new(scope, is_distinct ? EXPR_IS_NOT_NULL : EXPR_IS_NULL, TYPE_BOOL, node->location);
    expr->args = ARENA_ARRAY(scope->an->arena, Expr *, 1);
    expr->args[expr->nargs++] = arg;
    return expr;
}

static Expr *negated(Scope *scope, Expr *arg, int location)
{
    Expr *expr = expr_new(scope, EXPR_NOT, TYPE_BOOL, location);
    expr->args = ARENA_ARRAY(scope->an->arena, Expr *, 1);
    expr->args[expr->nargs++] = arg;
    return expr;
}

static Expr *rows_distinct(Scope *scope, const PgQuery__AExpr *node, Expr *left, Expr *right)
{
    if (left->nargs != right->nargs) {
        error_set(scope->an->error, ERRCODE_SYNTAX_ERROR, "unequal number of entries in row expressions");
        analyze_at(scope->an, node->location);
        return NULL;
    }
    Expr **pairs = ARENA_ARRAY(scope->an->arena, Expr *, left->nargs + 1);
    for (int i = 0; i < left->nargs; i++) {
        pairs[i] = make_distinct(scope, node->name, node->n_name, left->args[i], right->args[i], node->location);
        if (!pairs[i])
            return NULL;
    }
    if (left->nargs == 0) {
        Expr *no = expr_new(scope, EXPR_CONST, TYPE_BOOL, node->location);
        no->u.value = "f";
        return no;
    }
    return left->nargs == 1 ? pairs[0] : expr_and(scope, EXPR_OR, pairs, left->nargs, node->location);
}

static Expr *distinct_from(Scope *scope, const PgQuery__AExpr *node)
{
    if (is_null_literal(node->rexpr))
        return distinct_from_null(scope, node, node->lexpr);
    if (is_null_literal(node->lexpr))
        return distinct_from_null(scope, node, node->rexpr);
    Expr *left = analyze_expr(scope, node->lexpr), *right = left ? analyze_expr(scope, node->rexpr) : NULL;
    if (!right)
        return NULL;
    Expr *expr = left->kind == EXPR_ROW && right->kind == EXPR_ROW
                     ? rows_distinct(scope, node, left, right)
                     : make_distinct(scope, node->name, node->n_name, left, right, node->location);
    return expr && node->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT ? negated(scope, expr, node->location) : expr;
}

static Expr *null_if(Scope *scope, const PgQuery__AExpr *node)
{
    Analyzer *an = scope->an;
    Expr *left = analyze_expr(scope, node->lexpr), *right = left ? analyze_expr(scope, node->rexpr) : NULL;
    Expr *expr = right ? make_operator(scope, node->name, node->n_name, left, right, node->location) : NULL;
    if (!expr)
        return NULL;
    if (expr->type != TYPE_BOOL) {
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "NULLIF requires = operator to yield boolean");
        analyze_at(an, node->location);
        return NULL;
    }
    expr->kind = EXPR_NULLIF;
    expr->type = expr->args[0]->type;
    expr->typmod = expr->args[0]->typmod;
    expr->collation = type_collation(an->catalog, expr->type);
    return expr;
}

/* ---- IN ---- */

typedef struct InList {
    Scope *scope;
    const PgQuery__AExpr *node;
    Expr *left;
    bool is_not;
    Expr **tests; /* what is joined by OR, or by AND for NOT IN */
    int ntests;
} InList;

/* The first test takes the left side itself: a parameter without a type gets its own there, which copies then have. */
static Expr *left_of(const InList *in)
{
    return in->ntests ? expr_copy(in->left, in->scope->an->arena) : in->left;
}

/* x = ANY (ARRAY[...]) over the items that hold no variables; *done false: they have no common array type. */
static bool in_array(InList *in, Expr **items, int count, bool *done)
{
    Scope *scope = in->scope;
    Analyzer *an = scope->an;
    Expr **all = ARENA_ARRAY(an->arena, Expr *, count + 1);
    *done = false;
    all[0] = in->left;
    memcpy(&all[1], items, sizeof(Expr *) * (size_t)count);
    Oid type = common_type(scope, all, count + 1, NULL, NULL);
    if (!type || type == TYPE_RECORD)
        return true;
    for (int i = 0; i <= count; i++)
        if (all[i]->type != type && !can_coerce_one(an->catalog, all[i]->type, type, COERCE_IMPLICIT))
            return true;
    Oid array_type = type_array(an->catalog, type);
    if (!array_type)
        return true;
    Expr *array = expr_new(scope, EXPR_ARRAY, array_type, -1);
    array->args = ARENA_ARRAY(an->arena, Expr *, count);
    for (int i = 0; i < count; i++) {
        array->args[array->nargs] = coerce_to_common(scope, items[i], type, "IN");
        if (!array->args[array->nargs++])
            return false;
    }
    Expr *test = make_any_all(scope, in->node->name, in->node->n_name, in->is_not, left_of(in), array, in->node->location);
    if (!test)
        return false;
    in->tests[in->ntests++] = test;
    *done = true;
    return true;
}

static bool in_single(InList *in, Expr *item)
{
    Scope *scope = in->scope;
    const PgQuery__AExpr *node = in->node;
    Expr *left = left_of(in);
    Expr *test =
        left->kind == EXPR_ROW && item->kind == EXPR_ROW
            ? make_row_comparison(scope, node->name, node->n_name, left->args, item->args, left->nargs, item->nargs, node->location)
            : make_operator(scope, node->name, node->n_name, left, item, node->location);
    test = test ? coerce_to_boolean(scope, test, "IN") : NULL;
    if (test)
        in->tests[in->ntests++] = test;
    return test != NULL;
}

static Expr *in_list(Scope *scope, const PgQuery__AExpr *node)
{
    Analyzer *an = scope->an;
    const PgQuery__List *list = node->rexpr->list;
    InList in = {.scope = scope, .node = node, .is_not = strcmp(node_string(node->name[0]), "<>") == 0};
    in.left = analyze_expr(scope, node->lexpr);
    if (!in.left)
        return NULL;
    Expr **items = ARENA_ARRAY(an->arena, Expr *, list->n_items), **plain = ARENA_ARRAY(an->arena, Expr *, list->n_items);
    bool *in_plain = ARENA_ARRAY(an->arena, bool, list->n_items + 1), done = false;
    int nplain = 0;
    for (size_t i = 0; i < list->n_items; i++) {
        items[i] = analyze_expr(scope, list->items[i]);
        if (!items[i])
            return NULL;
        in_plain[i] = !expr_uses_level(items[i], 0);
        if (in_plain[i])
            plain[nplain++] = items[i];
    }
    in.tests = ARENA_ARRAY(an->arena, Expr *, list->n_items + 1);
    if (nplain > 1 && !in_array(&in, plain, nplain, &done))
        return NULL;
    for (size_t i = 0; i < list->n_items; i++)
        if (!(done && in_plain[i]) && !in_single(&in, items[i]))
            return NULL;
    return in.ntests == 1 ? in.tests[0] : expr_and(scope, in.is_not ? EXPR_AND : EXPR_OR, in.tests, in.ntests, node->location);
}

/* ---- BETWEEN ---- */

static Expr *compare(Scope *scope, const char *op, const Node *left, const Node *right, int location)
{
    if (is_row(left) && is_row(right)) {
        PgQuery__String text = {.sval = (char *)(uintptr_t)op};
        Node name = {.node_case = PG_QUERY__NODE__NODE_STRING, .string = &text}, *names[] = {&name};
        PgQuery__AExpr written = {.name = names, .n_name = 1, .location = location};
        return rows_compared(scope, &written, left, right);
    }
    Expr *l = analyze_expr(scope, left), *r = l ? analyze_expr(scope, right) : NULL;
    return r ? make_named_operator(scope, op, l, r, location) : NULL;
}

/* a BETWEEN b AND c: a >= b AND a <= c; NOT BETWEEN: a < b OR a > c. */
static Expr *between_once(Scope *scope, const PgQuery__AExpr *node, const Node *low, const Node *high, bool is_not)
{
    Expr **pair = ARENA_ARRAY(scope->an->arena, Expr *, 2);
    pair[0] = compare(scope, is_not ? "<" : ">=", node->lexpr, low, node->location);
    pair[1] = pair[0] ? compare(scope, is_not ? ">" : "<=", node->lexpr, high, node->location) : NULL;
    return pair[1] ? expr_and(scope, is_not ? EXPR_OR : EXPR_AND, pair, 2, node->location) : NULL;
}

static Expr *between(Scope *scope, const PgQuery__AExpr *node)
{
    const PgQuery__List *bounds = node->rexpr->list;
    const Node *low = bounds->items[0], *high = bounds->items[1];
    bool is_not = node->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN || node->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM;
    bool symmetric =
        node->kind == PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM || node->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM;
    Expr *forth = between_once(scope, node, low, high, is_not);
    if (!forth || !symmetric)
        return forth;
    Expr *back = between_once(scope, node, high, low, is_not);
    if (!back)
        return NULL;
    Expr **both = ARENA_ARRAY(scope->an->arena, Expr *, 2);
    both[0] = forth;
    both[1] = back;
    return expr_and(scope, is_not ? EXPR_AND : EXPR_OR, both, 2, node->location);
}

Expr *analyze_operator_expr(Scope *scope, const PgQuery__AExpr *node)
{
    switch (node->kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
        return any_all(scope, node, false);
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
        return any_all(scope, node, true);
    case PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT:
        return distinct_from(scope, node);
    case PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF:
        return null_if(scope, node);
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
        return in_list(scope, node);
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM:
        return between(scope, node);
    default: /* LIKE, ILIKE and SIMILAR have their operators and escapes spelled out */
        return plain_operator(scope, node);
    }
}
