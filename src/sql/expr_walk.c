/*
 * expr_walk.c - questions about finished expressions: where they start, what they use, and moving them between query levels.
 */
#include "sql/analyze_int.h"

/* ---- locations ---- */

static int leftmost(int a, int b)
{
    if (a < 0)
        return b;
    return b < 0 || a < b ? a : b;
}

static int args_location(const Expr *expr)
{
    int location = -1;
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i])
            location = leftmost(location, expr_location(expr->args[i]));
    return location;
}

int expr_location(const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_OP:
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
    case EXPR_ANY_ALL:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_FUNC:
    case EXPR_RELABEL:
    case EXPR_CAST_IO:
    case EXPR_CAST_ARRAY:
    case EXPR_CAST_ROW:
    case EXPR_IS_NULL:
    case EXPR_IS_NOT_NULL:
    case EXPR_BOOL_TEST:
    case EXPR_NAMED_ARG:
    case EXPR_XML:
        return leftmost(expr->location, args_location(expr));
    case EXPR_CAST_DOMAIN:
        return leftmost(expr->location, expr_location(expr->args[0]));
    case EXPR_SUBLINK:
        return leftmost(args_location(expr), expr->location);
    case EXPR_COLLATE:
    case EXPR_FIELD:
    case EXPR_SUBSCRIPT:
        return expr_location(expr->args[0]);
    case EXPR_ROW_COMPARE:
        return args_location(expr);
    default:
        return expr->location;
    }
}

/* ---- which collation its operands have, once each expression has its own ---- */

/* The collation of a COLLATE that reaches up to here; OID_NONE: there is none. */
static Oid explicit_collation(const Expr *expr)
{
    if (!expr->collation || expr->kind == EXPR_COLLATE || expr->kind == EXPR_SUBLINK || expr->kind == EXPR_FIELD)
        return expr->kind == EXPR_COLLATE ? expr->collation : OID_NONE;
    for (int i = 0; i < expr->nargs; i++) {
        Oid found = expr->args[i] ? explicit_collation(expr->args[i]) : OID_NONE;
        if (found)
            return found;
    }
    return OID_NONE;
}

Oid expr_operands_collation(const Expr *expr)
{
    Oid written = OID_NONE, found = OID_NONE;
    for (int i = 0; i < expr->nargs && !written; i++)
        written = explicit_collation(expr->args[i]);
    for (int i = 0; i < expr->nargs && (!found || found == COLLATION_DEFAULT); i++)
        found = expr->args[i]->collation ? expr->args[i]->collation : found;
    return written ? written : found;
}

bool expr_has_ascii_letters(Catalog *catalog, const Expr *expr)
{
    Oid found = expr_operands_collation(expr);
    const CatCollation *collation = found && found != COLLATION_DEFAULT ? catalog_collation(catalog, found) : NULL;
    return collation && collation->ascii_letters;
}

static int nodes_location(Node *const *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int location = sql_node_location(nodes[i]);
        if (location >= 0)
            return location;
    }
    return -1;
}

int sql_node_location(const Node *node)
{
    switch (node ? node->node_case : PG_QUERY__NODE__NODE__NOT_SET) {
    case PG_QUERY__NODE__NODE_A_CONST:
        return node->a_const->location;
    case PG_QUERY__NODE__NODE_COLUMN_REF:
        return node->column_ref->location;
    case PG_QUERY__NODE__NODE_PARAM_REF:
        return node->param_ref->location;
    case PG_QUERY__NODE__NODE_A_EXPR:
        return leftmost(node->a_expr->location, node->a_expr->lexpr ? sql_node_location(node->a_expr->lexpr) : -1);
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
        return leftmost(node->bool_expr->location, nodes_location(node->bool_expr->args, node->bool_expr->n_args));
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        return leftmost(node->func_call->location, nodes_location(node->func_call->args, node->func_call->n_args));
    case PG_QUERY__NODE__NODE_TYPE_CAST: {
        int location = leftmost(sql_node_location(node->type_cast->arg), node->type_cast->type_name->location);
        return leftmost(location, node->type_cast->location);
    }
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
        return sql_node_location(node->collate_clause->arg);
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
        return sql_node_location(node->a_indirection->arg);
    case PG_QUERY__NODE__NODE_CASE_EXPR:
        return node->case_expr->location;
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        return node->coalesce_expr->location;
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
        return node->min_max_expr->location;
    case PG_QUERY__NODE__NODE_NULL_TEST:
        return leftmost(node->null_test->location, sql_node_location(node->null_test->arg));
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
        return leftmost(node->boolean_test->location, sql_node_location(node->boolean_test->arg));
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
        return node->sqlvalue_function->location;
    case PG_QUERY__NODE__NODE_XML_EXPR:
        return leftmost(node->xml_expr->location, nodes_location(node->xml_expr->args, node->xml_expr->n_args));
    case PG_QUERY__NODE__NODE_XML_SERIALIZE:
        return node->xml_serialize->location;
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
        return node->a_array_expr->location;
    case PG_QUERY__NODE__NODE_ROW_EXPR:
        return node->row_expr->location;
    case PG_QUERY__NODE__NODE_SUB_LINK:
        return leftmost(sql_node_location(node->sub_link->testexpr), node->sub_link->location);
    case PG_QUERY__NODE__NODE_GROUPING_FUNC:
        return node->grouping_func->location;
    case PG_QUERY__NODE__NODE_GROUPING_SET:
        return node->grouping_set->location;
    case PG_QUERY__NODE__NODE_NAMED_ARG_EXPR:
        return leftmost(node->named_arg_expr->location, sql_node_location(node->named_arg_expr->arg));
    case PG_QUERY__NODE__NODE_SET_TO_DEFAULT:
        return node->set_to_default->location;
    case PG_QUERY__NODE__NODE_RANGE_VAR:
        return node->range_var->location;
    case PG_QUERY__NODE__NODE_SORT_BY:
        return sql_node_location(node->sort_by->node);
    case PG_QUERY__NODE__NODE_RES_TARGET:
        return node->res_target->location;
    case PG_QUERY__NODE__NODE_LIST:
        return nodes_location(node->list->items, node->list->n_items);
    default:
        return -1;
    }
}

/* ---- what an expression uses ---- */

bool expr_returns_set(const Expr *expr)
{
    if (expr->kind == EXPR_FUNC && expr->u.func.returns_set)
        return true;
    if (expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW)
        return false;
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i] && expr_returns_set(expr->args[i]))
            return true;
    return false;
}

typedef struct LevelWalk {
    int level;
} LevelWalk;

static bool use_in_query(const Query *query, void *arg);

static bool use_in_expr(const Expr *expr, void *arg)
{
    LevelWalk *walk = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == walk->level)
        return true;
    if (expr->kind == EXPR_AGG && expr->u.agg.levels_up == walk->level)
        return true;
    if (expr->kind == EXPR_SUBLINK && use_in_query(expr->u.sublink.query, arg))
        return true;
    return expr_walk(expr, use_in_expr, arg);
}

/* Sublinks are entered from their expressions: here only what FROM, WITH and set operations contain. */
static bool use_in_query(const Query *query, void *arg)
{
    LevelWalk inner = *(LevelWalk *)arg;
    inner.level++;
    if (query_walk_exprs(query, use_in_expr, &inner))
        return true;
    for (int i = 0; i < query->nctes; i++)
        if (use_in_query(query->ctes[i].query, &inner))
            return true;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->query && use_in_query(query->rtes[i]->query, &inner))
            return true;
    return (query->left && use_in_query(query->left, &inner)) || (query->right && use_in_query(query->right, &inner));
}

bool expr_uses_level(const Expr *expr, int level)
{
    LevelWalk walk = {level};
    return use_in_expr(expr, &walk);
}

typedef struct VarSearch {
    int level, location;
} VarSearch;

static bool find_var(const Expr *expr, void *arg);

static bool find_var_in_query(const Query *query, void *arg)
{
    VarSearch *search = arg;
    search->level++;
    bool found = query_walk_exprs(query, find_var, search) || query_walk_queries(query, find_var_in_query, search);
    search->level--;
    return found;
}

static bool find_var(const Expr *expr, void *arg)
{
    VarSearch *search = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == search->level) {
        search->location = expr->location;
        return true;
    }
    if (expr->kind == EXPR_SUBLINK && find_var_in_query(expr->u.sublink.query, arg))
        return true;
    return expr_walk(expr, find_var, arg);
}

int expr_var_location(const Expr *expr, int level)
{
    VarSearch search = {level, -1};
    return find_var(expr, &search) ? search.location : expr_location(expr);
}

static void shift_query(Query *query, int from, int by);

static void shift_expr(Expr *expr, int from, int by)
{
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up >= from)
        expr->u.var.levels_up += by;
    if (expr->kind == EXPR_AGG && expr->u.agg.levels_up >= from)
        expr->u.agg.levels_up += by;
    if (expr->join.rte && expr->join.levels_up >= from)
        expr->join.levels_up += by;
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i])
            shift_expr(expr->args[i], from, by);
    if (expr->kind == EXPR_AGG) {
        for (int i = 0; i < expr->u.agg.ndirect; i++)
            shift_expr(expr->u.agg.direct_args[i], from, by);
        if (expr->u.agg.filter)
            shift_expr(expr->u.agg.filter, from, by);
    }
    if (expr->kind == EXPR_WINDOW && expr->u.window.filter)
        shift_expr(expr->u.window.filter, from, by);
    if (expr->kind == EXPR_SUBLINK)
        shift_query(expr->u.sublink.query, from + 1, by);
}

typedef struct Shift {
    int from, by;
} Shift;

static bool shift_visited(const Expr *expr, void *arg)
{
    const Shift *shift = arg;
    shift_expr((Expr *)expr, shift->from, shift->by); /* the caller owns the tree */
    return false;
}

static void shift_query(Query *query, int from, int by)
{
    Shift shift = {from, by};
    query_walk_exprs(query, shift_visited, &shift);
    for (int i = 0; i < query->nctes; i++)
        shift_query(query->ctes[i].query, from + 1, by);
    for (int i = 0; i < query->nrtes; i++) {
        Rte *rte = query->rtes[i];
        if (rte->query)
            shift_query(rte->query, from + 1, by);
        if (rte->kind == RTE_CTE && rte->cte_levels_up >= from)
            rte->cte_levels_up += by;
    }
    if (query->left)
        shift_query(query->left, from + 1, by);
    if (query->right)
        shift_query(query->right, from + 1, by);
}

void expr_shift_levels(Expr *expr, int by)
{
    shift_expr(expr, 0, by);
}

bool expr_may_skip(const Expr *expr, int arg)
{
    bool decides = expr->kind == EXPR_CASE || expr->kind == EXPR_AND || expr->kind == EXPR_OR || expr->kind == EXPR_COALESCE ||
                   expr->kind == EXPR_CAST_DOMAIN;
    return decides && arg > 0;
}
