/*
 * leaf.c - making leaves: what one source is asked, as text or as table, columns and filters.
 *
 * Invariants:
 *  1. Leaves are numbered from 1; columns are c1, c2, ... to the local query.
 *  2. A source's text has no secret: options never enter it but for the names of tables and columns.
 *  3. A leaf may be cut into parts only when it reads one table and its rows have no order, limit or grouping.
 * Threads: the session's own.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

static Leaf *new_leaf(Planner *planner, LeafKind kind, const RemoteTarget *target, int ncolumns)
{
    Leaf *leaf = ARENA_NEW(planner->arena, Leaf);
    *leaf = (Leaf){.kind = kind, .number = (int)planner->leaves.count + 1, .target = target, .ncolumns = ncolumns, .rows = -1, .read = -1};
    leaf->columns = ARENA_ARRAY(planner->arena, FdwType, ncolumns);
    leaf->column_names = ARENA_ARRAY(planner->arena, const char *, ncolumns);
    leaf->spec = (FdwScanSpec){.limit = -1, .columns = leaf->columns, .column_names = leaf->column_names, .ncolumns = (size_t)ncolumns};
    vec_push(planner->arena, &planner->leaves, leaf);
    return leaf;
}

void leaf_add_reason(Planner *planner, Leaf *leaf, const char *text)
{
    leaf->reasons = arena_grow(planner->arena, leaf->reasons, (size_t)leaf->nreasons * sizeof(LeafReason),
                               (size_t)(leaf->nreasons + 1) * sizeof(LeafReason));
    leaf->reasons[leaf->nreasons++] = (LeafReason){text};
}

/* ---- with a dialect ---- */

/* The one relation the query reads, or NULL. */
static const Rte *only_relation(const Query *query, int *index)
{
    if (query->set_op || query->nfrom != 1 || query->from[0]->kind != FROM_RTE)
        return NULL;
    *index = query->from[0]->rte;
    const Rte *rte = query->rtes[*index];
    return rte->kind == RTE_RELATION ? rte : NULL;
}

static bool in_any_order(const Query *query)
{
    return !query->norder && !query->limit && !query->offset && !query->ngroup && !query->grouping_sets && !query->has_aggs &&
           !query->having && !query->distinct && !query->has_windows && !query->nctes && !query->has_sublinks &&
           !query->has_set_functions && !query->for_update;
}

static bool add_table(Planner *planner, const Source *source, FdwScanSpec *spec, const Query *query, const PrintContext *context)
{
    int index;
    const Rte *rte = only_relation(query, &index);
    spec->split_table = NULL;
    spec->locks = sql_locks_rows(query);
    if (!rte || !source->target)
        return true;
    spec->table = wrapper_table(rte->relation, planner->context->catalog, planner->arena);
    if (!in_any_order(query))
        return true;
    Str name;
    str_init(&name, planner->arena);
    if (!context->relation(context->arg, rte, &name, planner->error))
        return false;
    spec->split_table = name.data;
    spec->split_alias = arena_printf(planner->arena, "r%d", index + 1);
    spec->split_offset = context->split_offset;
    spec->split_where = context->split_where;
    return true;
}

static bool is_of(const RemoteTarget *target, const Rte *rte)
{
    return rte && rte->kind == RTE_RELATION && rte->relation->server == target->server->oid;
}

typedef struct FetchSize {
    const RemoteTarget *target;
    int largest;
} FetchSize;

static bool add_fetch_size(const Query *query, void *arg)
{
    FetchSize *size = arg;
    for (int i = 0; i < query->nrtes; i++)
        if (is_of(size->target, query->rtes[i])) {
            int own = wrapper_fetch_size(size->target, &query->rtes[i]->relation->options);
            size->largest = own > size->largest ? own : size->largest;
        }
    query_walk_queries(query, add_fetch_size, arg);
    return false;
}

static int fetch_size(const Source *source, const Query *query)
{
    FetchSize size = {source->target, INT_MIN};
    if (source->target)
        add_fetch_size(query, &size);
    return size.largest == INT_MIN ? WRAPPER_FETCH_SIZE : size.largest;
}

bool leaf_print(Planner *planner, const Source *source, const Query *query, FdwScanSpec *spec, PrintedParams *printed)
{
    PrintContext context = source_print_context(planner, source);
    context.printed = printed;
    Str sql;
    str_init(&sql, planner->arena);
    if (!sql_print_query(query, &context, &sql, planner->error) || !add_table(planner, source, spec, query, &context))
        return false;
    spec->sql = sql.data;
    spec->fetch_size = fetch_size(source, query);
    spec->is_fetched = spec->fetch_size < 1;
    return true;
}

static PrintedParams *new_printed(const Planner *planner)
{
    PrintedParams *printed = ARENA_NEW(planner->arena, PrintedParams);
    for (int i = 0; i < planner->context->nparams; i++)
        vec_push(planner->arena, printed, ((PrintedParam){.param = i + 1}));
    return printed;
}

static void add_params(Planner *planner, Leaf *leaf, const Query *query)
{
    const PlanContext *context = planner->context;
    if (!leaf->target || !context->params_bound || !context->nparams || !refs_has_param(query))
        return;
    size_t count = leaf->printed->count;
    FdwParam *params = ARENA_ARRAY(planner->arena, FdwParam, count);
    for (size_t i = 0; i < count; i++) {
        const PrintedParam *printed = &leaf->printed->items[i];
        params[i] =
            (FdwParam){printed->relation ? OID_NONE : context->param_types[printed->param - 1], context->param_values[printed->param - 1]};
    }
    leaf->params = leaf->spec.params = params;
    leaf->nparams = leaf->spec.nparams = count;
}

/* Where errors say that a value stands: as in PostgreSQL, by what the table is called here. */
static FdwPlace place_of(const Query *query, const Expr *expr)
{
    const Rte *rte = expr->kind == EXPR_VAR && !expr->u.var.levels_up ? query->rtes[expr->u.var.rte] : NULL;
    if (!rte || rte->kind != RTE_RELATION || expr->u.var.column < 1)
        return (FdwPlace){NULL, NULL};
    return (FdwPlace){rte->alias ? rte->alias : rte->relation->name, rte->columns[expr->u.var.column - 1].name};
}

static const FdwPlace *places_of(Planner *planner, const Query *query, size_t count)
{
    FdwPlace *places = ARENA_ARRAY(planner->arena, FdwPlace, count + 1);
    count = 0;
    for (int i = 0; i < query->ntargets; i++)
        if (!query->targets[i].junk)
            places[count++] = place_of(query, query->targets[i].expr);
    return places;
}

Leaf *leaf_of_query(Planner *planner, const Source *source, Query *query)
{
    int count = 0;
    for (int i = 0; i < query->ntargets; i++)
        count += !query->targets[i].junk;
    Leaf *leaf = new_leaf(planner, source->target ? LEAF_FOREIGN : LEAF_CATALOG, source->target, count);
    count = 0;
    for (int i = 0; i < query->ntargets; i++) {
        const Target *target = &query->targets[i];
        if (target->junk)
            continue;
        leaf->columns[count] = type_layout(target->expr->type, target->expr->typmod);
        leaf->column_names[count++] = target->name ? target->name : "?column?";
    }
    leaf->printed = new_printed(planner);
    if (!leaf_print(planner, source, query, &leaf->spec, leaf->printed))
        return NULL;
    leaf->printed->is_complete = true;
    leaf->spec.places = places_of(planner, query, (size_t)count);
    leaf->query = query;
    leaf->source = source;
    leaf->sql = leaf->spec.sql;
    if (source->dialect == sql_dialect("postgres"))
        add_params(planner, leaf, query);
    return leaf;
}

const char *plan_leaf_change(const Leaf *leaf, const Query *change, PlanContext *context, Arena *arena, Error *error)
{
    Planner planner = {.context = context, .arena = arena, .error = error};
    FdwScanSpec spec = leaf->spec;
    return leaf_print(&planner, leaf->source, change, &spec, leaf->printed) ? spec.sql : NULL;
}

/* ---- without a dialect ---- */

Leaf *leaf_of_table(Planner *planner, const Source *source, Query *query, int rte, const int *columns, int ncolumns,
                    const FdwFilter *filters, size_t nfilters)
{
    const CatRelation *relation = query->rtes[rte]->relation;
    Leaf *leaf = new_leaf(planner, LEAF_FOREIGN, source->target, ncolumns);
    size_t *projection = ARENA_ARRAY(planner->arena, size_t, ncolumns);
    for (int i = 0; i < ncolumns; i++) {
        const CatColumn *column = &relation->columns[columns[i] - 1];
        projection[i] = (size_t)columns[i] - 1;
        leaf->columns[i] = type_layout(column->type, column->typmod);
        leaf->column_names[i] = column->name;
    }
    leaf->query = query;
    leaf->source = source;
    leaf->spec.table = wrapper_table(relation, planner->context->catalog, planner->arena);
    if (!wrapper_check_table(planner->context->wrappers, source->target->module, leaf->spec.table, planner->arena, planner->error))
        return NULL;
    leaf->spec.projection = projection;
    leaf->spec.filters = filters;
    leaf->spec.nfilters = nfilters;
    leaf->spec.split_table = relation->name;
    return leaf;
}

/* Which comparison an operator of PostgreSQL's is. Only those whose sides have one type: what is then meant is beyond doubt. */
static const struct Comparison {
    const char *name;
    FdwCompare compare, commuted;
} COMPARISONS[] = {
    {"=", FDW_EQ, FDW_EQ},  {"<>", FDW_NE, FDW_NE}, {"<", FDW_LT, FDW_GT},
    {"<=", FDW_LE, FDW_GE}, {">", FDW_GT, FDW_LT},  {">=", FDW_GE, FDW_LE},
};

static const Expr *plain(const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL && expr->args[0]->kind == EXPR_VAR)
        expr = expr->args[0];
    return expr;
}

static bool is_column_of(const Expr *expr, int rte)
{
    return expr->kind == EXPR_VAR && expr->u.var.levels_up == 0 && expr->u.var.rte == rte && expr->u.var.column > 0;
}

/* A constant, or a parameter whose value is known. */
static bool known_value(const Planner *planner, const Expr *expr, const char **text)
{
    if (expr->kind == EXPR_CONST)
        *text = expr->u.value;
    else if (expr->kind == EXPR_PARAM && planner->context->params_bound && expr->u.param <= planner->context->nparams)
        *text = planner->context->param_values[expr->u.param - 1];
    else
        return false;
    return *text != NULL;
}

static bool as_filter(const Planner *planner, int rte, const Expr *condition, FdwFilter *out)
{
    if (condition->kind == EXPR_IS_NULL || condition->kind == EXPR_IS_NOT_NULL) {
        *out = (FdwFilter){.compare = condition->kind == EXPR_IS_NULL ? FDW_IS_NULL : FDW_IS_NOT_NULL};
        if (!is_column_of(condition->args[0], rte))
            return false;
        out->column = (size_t)condition->args[0]->u.var.column - 1;
        return true;
    }
    if (condition->kind != EXPR_OP || condition->nargs != 2)
        return false;
    const CatOperator *found = catalog_operator(planner->context->catalog, condition->oid);
    const Expr *left = plain(condition->args[0]), *right = plain(condition->args[1]);
    bool commuted = is_column_of(right, rte);
    const Expr *column = commuted ? right : left, *value = commuted ? left : right;
    if (!found || found->left != found->right || found->namespace_oid != NAMESPACE_PG_CATALOG || !is_column_of(column, rte) ||
        !known_value(planner, value, &out->text))
        return false;
    for (size_t i = 0; i < COUNT_OF(COMPARISONS); i++) {
        if (strcmp(COMPARISONS[i].name, found->name) != 0)
            continue;
        out->compare = commuted ? COMPARISONS[i].commuted : COMPARISONS[i].compare;
        out->column = (size_t)column->u.var.column - 1;
        return true;
    }
    return false;
}

FdwAnswer leaf_offer(Planner *planner, const Source *source, const Query *query, int rte, const Expr *condition, FdwFilter *out)
{
    const FdwModule *module = source->target->module;
    *out = (FdwFilter){0};
    if (!module->offer_filter || !as_filter(planner, rte, condition, out))
        return FDW_LOCAL;
    return module->offer_filter(wrapper_table(query->rtes[rte]->relation, planner->context->catalog, planner->arena), out);
}

/* ---- functions, and entries over leaves ---- */

Leaf *leaf_of_function(Planner *planner, const Rte *rte)
{
    Leaf *leaf = new_leaf(planner, LEAF_FUNCTION, NULL, rte->ncolumns);
    leaf->function = rte->functions[0];
    leaf->with_ordinality = rte->with_ordinality;
    for (int i = 0; i < rte->ncolumns; i++) {
        leaf->columns[i] = type_layout(rte->columns[i].type, rte->columns[i].typmod);
        leaf->column_names[i] = rte->columns[i].name;
    }
    return leaf;
}

Leaf *leaf_of_local(Planner *planner, Query *query, const RteColumn *columns, int ncolumns)
{
    Leaf *leaf = new_leaf(planner, LEAF_LOCAL, NULL, ncolumns);
    leaf->query = query;
    leaf->kept = true;
    for (int i = 0; i < ncolumns; i++) {
        leaf->columns[i] = type_layout(columns[i].type, columns[i].typmod);
        leaf->column_names[i] = columns[i].name ? columns[i].name : "?column?";
    }
    return leaf;
}

/* Its columns are the table's, then the number of the row. */
Leaf *leaf_of_stored(Planner *planner, const Rte *rte)
{
    const CatRelation *relation = rte->relation;
    int64_t number = rte->through ? rte->through : rte->written_by ? rte->written_by : planner->context->as_of;
    if (!number && !rte->deleted_by && !rte->work && !catalog_stored_number(planner->context->catalog, &number, planner->error))
        return NULL;
    Leaf *leaf = new_leaf(planner, LEAF_STORED, NULL, relation->ncolumns + 1);
    leaf->stored = rte;
    leaf->seen = number;
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        leaf->columns[i] = type_layout(column->dropped ? TYPE_INT4 : column->type, column->typmod);
        leaf->column_names[i] = column->name;
    }
    leaf->columns[relation->ncolumns] = type_layout(TYPE_INT8, -1);
    leaf->column_names[relation->ncolumns] = "row";
    return leaf;
}

const char *plan_node_name(int64_t node, char *out)
{
    snprintf(out, PLAN_NODE_NAME, node < 0 ? "work.p%lld" : "store.n%lld", llabs(node));
    return out;
}

/* From where, and which of the rows there. */
static void print_stored_rows(const Leaf *leaf, int64_t node, Str *out)
{
    const Rte *rte = leaf->stored;
    long long seen = leaf->seen;
    char name[PLAN_NODE_NAME];
    plan_node_name(node, name);
    if (rte->work) {
        str_addf(out, " FROM work.w%lld)", (long long)rte->work);
    } else if (rte->deleted_by) {
        str_addf(out, " FROM %s WHERE deleted_by BETWEEN %lld AND %lld", name, (long long)rte->deleted_by,
                 (long long)(rte->through ? rte->through : rte->deleted_by));
        if (rte->added_until)
            str_addf(out, " AND added_by <= %lld", (long long)rte->added_until);
        str_addc(out, ')');
    } else {
        str_addf(out, " FROM %s WHERE added_by <= %lld AND (deleted_by IS NULL OR deleted_by > %lld)", name, seen, seen);
        if (rte->written_by)
            str_addf(out, " AND added_by >= %lld", (long long)rte->written_by);
        str_addc(out, ')');
    }
}

int64_t leaf_stored_node(const Planner *planner, const Rte *rte, const CatRelation *relation)
{
    int64_t number = rte->deleted_by ? rte->deleted_by : rte->staged ? rte->staged : rte->written_by;
    return catalog_node(planner->context->catalog, relation, number);
}

bool leaf_print_stored(Planner *planner, const Leaf *leaf, Str *out, Error *error)
{
    const CatRelation *relation = leaf->stored->relation;
    int64_t node = leaf_stored_node(planner, leaf->stored, relation);
    str_add(out, "(SELECT ");
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (!column->dropped && (node < 0 || i < relation->stored_columns)) {
            str_addf(out, "c%d, ", i + 1);
            continue;
        }
        if (column->dropped || !column->missing)
            str_add(out, "NULL");
        else if (!sql_print_missing(column, planner->context->catalog, planner->arena, out, error))
            return false;
        str_addf(out, " AS c%d, ", i + 1);
    }
    str_addf(out, "row_id AS c%d", relation->ncolumns + 1);
    print_stored_rows(leaf, node, out);
    return true;
}

/* What is in the records that a leaf gives. */
static const char *record_fields(const Planner *planner, const Leaf *leaf, int column)
{
    const Query *query = leaf->query;
    for (int i = 0; query && i < query->ntargets; i++)
        if (!query->targets[i].junk && column-- == 0)
            return sql_record_fields(query->targets[i].expr, query, planner->context->catalog, planner->arena);
    return NULL;
}

Rte *leaf_rte(Planner *planner, const Leaf *leaf)
{
    Rte *rte = ARENA_NEW(planner->arena, Rte);
    *rte = (Rte){.kind = RTE_LEAF, .leaf = leaf->number, .in_from = true, .ncolumns = leaf->ncolumns};
    rte->alias = arena_printf(planner->arena, "leaf_%d", leaf->number);
    rte->columns = ARENA_ARRAY(planner->arena, RteColumn, leaf->ncolumns);
    for (int i = 0; i < leaf->ncolumns; i++)
        rte->columns[i] = (RteColumn){.name = arena_printf(planner->arena, "c%d", i + 1),
                                      .type = leaf->columns[i].oid,
                                      .typmod = leaf->columns[i].typmod,
                                      .fields = record_fields(planner, leaf, i)};
    return rte;
}
