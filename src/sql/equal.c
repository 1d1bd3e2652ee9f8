/*
 * equal.c - whether two trees are equal.
 *
 * They are when they would compute the same and are written alike, as PostgreSQL has it where it looks for an expression of GROUP BY,
 * ORDER BY and DISTINCT in a select list: names given with AS count, locations do not. So two calls of a volatile function are equal, too.
 */
#include "sql/sql.h"

static bool queries_equal(const Query *a, const Query *b);

static bool orders_equal(const SortItem *a, const SortItem *b, int count)
{
    for (int i = 0; i < count; i++)
        if (a[i].target != b[i].target || a[i].sort_op != b[i].sort_op || a[i].nulls_first != b[i].nulls_first)
            return false;
    return true;
}

static bool numbers_equal(const int *a, const int *b, int count)
{
    for (int i = 0; i < count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static bool exprs_equal(Expr *const *a, int na, Expr *const *b, int nb)
{
    if (na != nb)
        return false;
    for (int i = 0; i < na; i++)
        if (!expr_equal(a[i], b[i]))
            return false;
    return true;
}

static bool aggs_equal(const Expr *a, const Expr *b)
{
    if (a->u.agg.star != b->u.agg.star || a->u.agg.distinct != b->u.agg.distinct || a->u.agg.norder != b->u.agg.norder ||
        a->u.agg.levels_up != b->u.agg.levels_up || a->u.agg.variadic != b->u.agg.variadic || !expr_equal(a->u.agg.filter, b->u.agg.filter))
        return false;
    return orders_equal(a->u.agg.order, b->u.agg.order, a->u.agg.norder) &&
           exprs_equal(a->u.agg.direct_args, a->u.agg.ndirect, b->u.agg.direct_args, b->u.agg.ndirect);
}

static bool sublinks_equal(const Expr *a, const Expr *b)
{
    if (a->u.sublink.kind != b->u.sublink.kind || a->u.sublink.is_in != b->u.sublink.is_in || a->u.sublink.nops != b->u.sublink.nops ||
        a->u.sublink.is_held != b->u.sublink.is_held)
        return false;
    for (int i = 0; i < a->u.sublink.nops; i++)
        if (a->u.sublink.ops[i] != b->u.sublink.ops[i])
            return false;
    return queries_equal(a->u.sublink.query, b->u.sublink.query);
}

/* What the kinds have beside their arguments. */
static bool xml_equal(const Expr *a, const Expr *b)
{
    bool equal = a->u.xml.op == b->u.xml.op && a->u.xml.is_document == b->u.xml.is_document && a->u.xml.type == b->u.xml.type &&
                 a->u.xml.typmod == b->u.xml.typmod && str_eq(a->u.xml.name, b->u.xml.name) && a->u.xml.nnames == b->u.xml.nnames;
    for (int i = 0; equal && i < a->u.xml.nnames; i++)
        equal = str_eq(a->u.xml.names[i], b->u.xml.names[i]);
    return equal;
}

static bool details_equal(const Expr *a, const Expr *b)
{
    switch (a->kind) {
    case EXPR_VAR:
        return a->u.var.rte == b->u.var.rte && a->u.var.column == b->u.var.column && a->u.var.levels_up == b->u.var.levels_up;
    case EXPR_CONST:
        return str_eq(a->u.value, b->u.value);
    case EXPR_PARAM:
        return a->u.param == b->u.param;
    case EXPR_FUNC:
        return a->u.func.variadic == b->u.func.variadic;
    case EXPR_ANY_ALL:
        return a->u.is_all == b->u.is_all;
    case EXPR_IS_NULL:
    case EXPR_IS_NOT_NULL:
        return a->u.row_wise == b->u.row_wise;
    case EXPR_CAST_DOMAIN:
        return a->u.domain.elements == b->u.domain.elements;
    case EXPR_CAST_ARRAY:
        return a->u.array_io == b->u.array_io && a->u.array_explicit == b->u.array_explicit;
    case EXPR_ARRAY:
        return a->u.is_multi_dim == b->u.is_multi_dim;
    case EXPR_CASE:
        return a->u.is_simple == b->u.is_simple;
    case EXPR_BOOL_TEST:
        return a->u.bool_test == b->u.bool_test;
    case EXPR_ROW_COMPARE:
        return a->u.compare == b->u.compare;
    case EXPR_SUBSCRIPT:
        return a->u.subscript.is_slice == b->u.subscript.is_slice;
    case EXPR_SET_PART:
        return a->u.part.number == b->u.part.number && a->u.part.is_slice == b->u.part.is_slice;
    case EXPR_FIELD:
        return a->u.field.number == b->u.field.number;
    case EXPR_SUBLINK:
        return sublinks_equal(a, b);
    case EXPR_SUBPLAN:
        return a->u.subplan.query == b->u.subplan.query;
    case EXPR_AGG:
        return aggs_equal(a, b);
    case EXPR_WINDOW:
        return a->u.window.window == b->u.window.window && a->u.window.star == b->u.window.star &&
               expr_equal(a->u.window.filter, b->u.window.filter);
    case EXPR_XML:
        return xml_equal(a, b);
    case EXPR_SQL_VALUE:
        return a->u.sql_value.which == b->u.sql_value.which;
    case EXPR_NAMED_ARG:
        return str_eq(a->u.named_arg.name, b->u.named_arg.name);
    default:
        return true;
    }
}

bool expr_equal(const Expr *a, const Expr *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || a->type != b->type || a->typmod != b->typmod || a->collation != b->collation || a->oid != b->oid)
        return false;
    return details_equal(a, b) && exprs_equal(a->args, a->nargs, b->args, b->nargs);
}

/* ---- queries ---- */

static bool columns_equal(const RteColumn *a, int na, const RteColumn *b, int nb)
{
    if (na != nb)
        return false;
    for (int i = 0; i < na; i++)
        if (!str_eq(a[i].name, b[i].name) || a[i].type != b[i].type || a[i].typmod != b[i].typmod || a[i].collation != b[i].collation ||
            !expr_equal(a[i].join_expr, b[i].join_expr))
            return false;
    return true;
}

static bool samples_equal(const TableSample *a, const TableSample *b)
{
    return a == b || (a && b && str_eq(a->method, b->method) && expr_equal(a->percent, b->percent) && expr_equal(a->seed, b->seed));
}

/* The same rows of the same relation. */
static bool relations_equal(const Rte *a, const Rte *b)
{
    return a->relation ? b->relation && a->relation->oid == b->relation->oid && a->only == b->only && a->written_by == b->written_by &&
                             a->deleted_by == b->deleted_by && a->added_until == b->added_until && a->through == b->through &&
                             a->staged == b->staged
                       : !b->relation && a->work == b->work;
}

static bool rows_equal(const Rte *a, const Rte *b)
{
    if (a->nrows != b->nrows)
        return false;
    for (int i = 0; i < a->nrows; i++)
        if (!exprs_equal(a->rows[i], a->ncolumns, b->rows[i], b->ncolumns))
            return false;
    return true;
}

static bool rtes_equal(const Rte *a, const Rte *b)
{
    return a->kind == b->kind && str_eq(a->alias, b->alias) && columns_equal(a->columns, a->ncolumns, b->columns, b->ncolumns) &&
           a->lateral == b->lateral && relations_equal(a, b) && exprs_equal(a->functions, a->nfunctions, b->functions, b->nfunctions) &&
           a->with_ordinality == b->with_ordinality && samples_equal(a->sample, b->sample) && rows_equal(a, b) && a->cte == b->cte &&
           a->cte_levels_up == b->cte_levels_up && a->cte_self == b->cte_self && a->leaf == b->leaf && a->check_as == b->check_as &&
           queries_equal(a->query, b->query);
}

static bool from_equal(const FromItem *a, const FromItem *b)
{
    if (!a || !b)
        return a == b;
    return a->kind == b->kind && a->rte == b->rte && a->join == b->join && a->natural == b->natural && expr_equal(a->on, b->on) &&
           from_equal(a->left, b->left) && from_equal(a->right, b->right);
}

static bool windows_equal(const Window *a, const Window *b)
{
    return exprs_equal(a->partition, a->npartition, b->partition, b->npartition) && exprs_equal(a->order, a->norder, b->order, b->norder) &&
           orders_equal(a->order_items, b->order_items, a->norder) && a->frame_options == b->frame_options &&
           expr_equal(a->start_offset, b->start_offset) && expr_equal(a->end_offset, b->end_offset);
}

/* Of SEARCH and CYCLE nothing is compared: two items that have one of them are not equal. */
static bool ctes_equal(const Cte *a, const Cte *b)
{
    return str_eq(a->name, b->name) && a->recursive == b->recursive && a->materialize == b->materialize && a->is_whole == b->is_whole &&
           !a->search && !b->search && !a->cycle && !b->cycle && columns_equal(a->columns, a->ncolumns, b->columns, b->ncolumns) &&
           queries_equal(a->query, b->query);
}

static bool sources_equal(const Query *a, const Query *b)
{
    if (a->nrtes != b->nrtes || a->nfrom != b->nfrom || a->nctes != b->nctes)
        return false;
    for (int i = 0; i < a->nctes; i++)
        if (!ctes_equal(&a->ctes[i], &b->ctes[i]))
            return false;
    for (int i = 0; i < a->nrtes; i++)
        if (!rtes_equal(a->rtes[i], b->rtes[i]))
            return false;
    for (int i = 0; i < a->nfrom; i++)
        if (!from_equal(a->from[i], b->from[i]))
            return false;
    return true;
}

static bool targets_equal(const Query *a, const Query *b)
{
    if (a->ntargets != b->ntargets || a->nwindows != b->nwindows)
        return false;
    for (int i = 0; i < a->ntargets; i++)
        if (a->targets[i].junk != b->targets[i].junk || !str_eq(a->targets[i].name, b->targets[i].name) ||
            !expr_equal(a->targets[i].expr, b->targets[i].expr))
            return false;
    for (int i = 0; i < a->nwindows; i++)
        if (!windows_equal(&a->windows[i], &b->windows[i]))
            return false;
    return true;
}

static bool groups_equal(const Query *a, const Query *b)
{
    if (a->ngroup != b->ngroup || a->ngrouping_sets != b->ngrouping_sets || a->group_distinct != b->group_distinct)
        return false;
    for (int i = 0; i < a->ngrouping_sets; i++)
        if (a->grouping_sets[i].ntargets != b->grouping_sets[i].ntargets ||
            !numbers_equal(a->grouping_sets[i].targets, b->grouping_sets[i].targets, a->grouping_sets[i].ntargets))
            return false;
    return numbers_equal(a->group, b->group, a->ngroup) && expr_equal(a->having, b->having);
}

static bool ends_equal(const Query *a, const Query *b)
{
    return a->distinct == b->distinct && a->ndistinct_on == b->ndistinct_on &&
           orders_equal(a->distinct_on, b->distinct_on, a->ndistinct_on) && a->norder == b->norder &&
           orders_equal(a->order, b->order, a->norder) && expr_equal(a->limit, b->limit) && expr_equal(a->offset, b->offset) &&
           a->with_ties == b->with_ties;
}

/* Queries that lock or write are equal to none. */
static bool queries_equal(const Query *a, const Query *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != QUERY_SELECT || b->kind != QUERY_SELECT || a->for_update || b->for_update || a->has_writes || b->has_writes)
        return false;
    return a->set_op == b->set_op && a->set_all == b->set_all && a->is_values == b->is_values && a->as_of == b->as_of &&
           sources_equal(a, b) && targets_equal(a, b) && expr_equal(a->where, b->where) && groups_equal(a, b) && ends_equal(a, b) &&
           queries_equal(a->left, b->left) && queries_equal(a->right, b->right);
}
