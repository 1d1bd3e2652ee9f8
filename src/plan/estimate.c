/*
 * estimate.c - how many rows to expect: of tables, of conditions, of leaves and of what the local engine makes of them.
 *
 * What is not known is guessed, with PostgreSQL's own defaults for conditions. The guesses decide about joins, never about answers.
 *
 * Invariants:
 *  1. A source is asked at most every ten minutes about a table (remote_estimate keeps what it said), and only where a plan depends on it.
 *  2. A source that does not answer is one whose sizes are not known: nothing fails here.
 * Threads: the session's own.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

enum { UNKNOWN_ROWS = 100000, SYSTEM_ROWS = 3000, FUNCTION_ROWS = 1000, OWN_ROWS = 1000, GROUPS_PART = 10 };

/* HAVING looks for groups that are out of the ordinary. */
static const double HAVING_PART = 0.05;

/* ---- distinct values ---- */

/* What an expression over a planned level's entries is in the source's own query. */
static const Expr *in_source(Planner *planner, const Query **query, const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    const Rte *rte =
        expr->kind == EXPR_VAR && !expr->u.var.levels_up && expr->u.var.column > 0 && *query && expr->u.var.rte < (*query)->nrtes
            ? (*query)->rtes[expr->u.var.rte]
            : NULL;
    const Leaf *leaf = rte && rte->kind == RTE_LEAF ? planner->leaves.items[rte->leaf - 1] : NULL;
    if (!leaf || !leaf->query || leaf->kind == LEAF_LOCAL || leaf->query->set_op)
        return expr;
    *query = leaf->query;
    if (!leaf->sql) /* one table's columns */
        return expr_var(planner->arena, leaf->query->from[0]->rte, (int)leaf->spec.projection[expr->u.var.column - 1] + 1, expr->type, -1,
                        OID_NONE);
    const Expr *target = leaf->query->targets[expr->u.var.column - 1].expr;
    while (target->kind == EXPR_RELABEL)
        target = target->args[0];
    return target;
}

double estimate_distinct(Planner *planner, const Query *query, const Expr *expr)
{
    expr = in_source(planner, &query, expr);
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up || expr->u.var.column <= 0 || !query || expr->u.var.rte >= query->nrtes)
        return 0;
    const Rte *rte = query->rtes[expr->u.var.rte];
    if (rte->kind != RTE_RELATION || rte->relation->rows < 0 || rte->relation->is_system)
        return 0;
    Error error;
    error_init(&error, planner->arena);
    CatalogRows *found =
        catalog_query(planner->context->catalog, planner->arena, &error,
                      "SELECT stadistinct FROM pg_statistic WHERE starelid = ?1 AND staattnum = ?2 ORDER BY stainherit DESC", "oi",
                      rte->relation->oid, (int64_t)expr->u.var.column);
    double distinct = found && found->nrows ? strtod(CATALOG_CELL(found, 0, 0).text, NULL) : 0;
    return distinct < 0 ? -distinct * rte->relation->rows : distinct;
}

/* ---- conditions ---- */

/* x = constant: one of its values. */
static double part_of_equality(Planner *planner, const Query *query, const Expr *condition)
{
    for (int i = 0; i < condition->nargs; i++) {
        double distinct = estimate_distinct(planner, query, condition->args[i]);
        if (distinct >= 1)
            return 1 / distinct;
    }
    return 0.005;
}

static double part_of_operator(Planner *planner, const Query *query, const Expr *condition)
{
    static const struct {
        const char *name;
        double part;
    } PARTS[] = {{"=", 0.005},  {"<>", 0.995},  {"<", 0.3333},  {"<=", 0.3333},  {">", 0.3333}, {">=", 0.3333},
                 {"~~", 0.005}, {"!~~", 0.995}, {"~~*", 0.005}, {"!~~*", 0.995}, {"~", 0.005},  {"!~", 0.995},
                 {"~*", 0.005}, {"!~*", 0.995}, {"@>", 0.01},   {"<@", 0.01}};
    const CatOperator *op = catalog_operator(planner->context->catalog, condition->oid);
    for (size_t i = 0; op && i < COUNT_OF(PARTS); i++)
        if (strcmp(op->name, PARTS[i].name) == 0)
            return i == 0 ? part_of_equality(planner, query, condition) : PARTS[i].part;
    return 0.3333;
}

static double part_of(Planner *planner, const Query *query, const Expr *condition);

static double part_of_list(Planner *planner, const Query *query, const Expr *condition)
{
    double none = 1;
    for (int i = 0; i < condition->nargs; i++)
        none *= condition->kind == EXPR_OR ? 1 - part_of(planner, query, condition->args[i]) : part_of(planner, query, condition->args[i]);
    return condition->kind == EXPR_OR ? 1 - none : none;
}

static double part_of(Planner *planner, const Query *query, const Expr *condition)
{
    switch (condition->kind) {
    case EXPR_AND:
    case EXPR_OR:
        return part_of_list(planner, query, condition);
    case EXPR_NOT:
        return 1 - part_of(planner, query, condition->args[0]);
    case EXPR_OP:
        return part_of_operator(planner, query, condition);
    case EXPR_ANY_ALL: {
        const Expr *list = condition->args[1];
        double part = part_of_operator(planner, query, condition) * (list->kind == EXPR_ARRAY ? list->nargs : 10);
        return condition->u.is_all ? part_of_operator(planner, query, condition) : part < 1 ? part : 1;
    }
    case EXPR_IS_NULL:
        return 0.005;
    case EXPR_IS_NOT_NULL:
        return 0.995;
    default:
        return 0.5;
    }
}

double estimate_part(Planner *planner, const Query *query, const ExprList *conditions)
{
    double part = 1;
    for (size_t i = 0; i < conditions->count; i++)
        part *= part_of(planner, query, conditions->items[i]);
    return part;
}

/* ---- tables ---- */

static bool ask_source(Planner *planner, const Source *source, const FdwScanSpec *spec, const char *what, double *rows)
{
    const PlanContext *context = planner->context;
    FdwEstimate estimate;
    if (!context->remote || !source || !source->target ||
        !remote_estimate(context->remote, source->target, spec, what, context->in_transaction, &estimate) || estimate.rows < 0)
        return false;
    *rows = estimate.rows;
    return true;
}

/* How the source is asked for the size of a table; gives the table's name there. */
static const char *table_question(Planner *planner, const Source *source, const Rte *rte, FdwScanSpec *spec)
{
    *spec = (FdwScanSpec){.limit = -1, .table = wrapper_table(rte->relation, planner->context->catalog, planner->arena)};
    Str name;
    str_init(&name, planner->arena);
    PrintContext context = source_print_context(planner, source);
    Error error;
    error_init(&error, planner->arena);
    if (!source->dialect || !context.relation(context.arg, rte, &name, &error))
        str_addf(&name, "%u", rte->relation->oid);
    return spec->split_table = name.data;
}

static double rows_of_table(Planner *planner, const Source *source, const Rte *rte)
{
    double rows = UNKNOWN_ROWS;
    if (rte->relation->is_system)
        return SYSTEM_ROWS;
    if (rte->relation->rows >= 0)
        return rte->relation->rows > 1 ? rte->relation->rows : 1;
    if (!source || !source->target)
        return OWN_ROWS;
    FdwScanSpec spec;
    const char *name = table_question(planner, source, rte, &spec);
    ask_source(planner, source, &spec, name, &rows);
    return rows > 1 ? rows : 1;
}

typedef struct Ahead {
    Planner *planner;
    const Source *source;
    VEC(RemoteQuestion) questions;
} Ahead;

static bool ask_tables_ahead(const Query *query, void *arg)
{
    Ahead *ahead = arg;
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        if (rte->kind != RTE_RELATION || rte->relation->is_system || rte->relation->rows >= 0)
            continue;
        RemoteQuestion question = {.target = ahead->source->target};
        question.what = table_question(ahead->planner, ahead->source, rte, &question.spec);
        vec_push(ahead->planner->arena, &ahead->questions, question);
    }
    return query_walk_queries(query, ask_tables_ahead, ahead);
}

void estimate_ahead(Planner *planner)
{
    const PlanContext *context = planner->context;
    Ahead ahead = {.planner = planner};
    for (size_t i = 0; i < planner->leaves.count && context->remote; i++) {
        const Leaf *leaf = planner->leaves.items[i];
        ahead.source = leaf->source;
        if (leaf->kind == LEAF_FOREIGN && leaf->source && leaf->source->target && leaf->query && leaf->rows < 0)
            ask_tables_ahead(leaf->query, &ahead);
    }
    if (ahead.questions.count)
        remote_estimate_ahead(context->remote, ahead.questions.items, ahead.questions.count, context->in_transaction);
}

/* ---- queries ---- */

static double rows_of_rte(Planner *planner, const Source *source, const Query *query, int rte);

static double limited(const Query *query, double rows)
{
    if (query->limit && query->limit->kind == EXPR_CONST && query->limit->u.value && strtod(query->limit->u.value, NULL) < rows)
        rows = strtod(query->limit->u.value, NULL);
    return rows < 1 ? 1 : rows;
}

typedef struct Joined {
    Planner *planner;
    const Source *source;
    const Query *query;
    double rows, largest;
    ExprList conditions;
} Joined;

static void join_item(Joined *joined, const FromItem *item)
{
    if (item->kind == FROM_RTE) {
        double rows = rows_of_rte(joined->planner, joined->source, joined->query, item->rte);
        joined->rows *= rows;
        joined->largest = rows > joined->largest ? rows : joined->largest;
        return;
    }
    join_item(joined, item->left);
    join_item(joined, item->right);
    refs_split_and(joined->planner->arena, item->on, &joined->conditions);
}

/* A condition over several entries is taken for a join on a key: as many rows as the largest entry has. */
static double rows_of_from(Planner *planner, const Source *source, const Query *query)
{
    Joined joined = {.planner = planner, .source = source, .query = query, .rows = 1};
    for (int i = 0; i < query->nfrom; i++)
        join_item(&joined, query->from[i]);
    refs_split_and(planner->arena, query->where, &joined.conditions);
    double part = 1;
    bool tied = false;
    for (size_t i = 0; i < joined.conditions.count; i++) {
        bool *seen = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
        int count = 0;
        refs_of_expr(joined.conditions.items[i], seen);
        for (int r = 0; r < query->nrtes; r++)
            count += seen[r];
        tied |= count > 1;
        part *= count > 1 ? 1 : part_of(planner, query, joined.conditions.items[i]);
    }
    return (tied ? joined.largest : joined.rows) * part;
}

/* A single column's values may be known. */
static double groups_of(Planner *planner, const Query *query, double rows)
{
    double known =
        query->ngroup == 1 && !query->grouping_sets ? estimate_distinct(planner, query, query->targets[query->group[0]].expr) : 0;
    return known >= 1 && known < rows ? known : rows / GROUPS_PART;
}

/* How the source is asked for the groups of a query by columns of one table; gives what names the question. NULL: it cannot be. */
static const char *groups_question(Planner *planner, const Source *source, const Query *query, FdwScanSpec *spec)
{
    const Rte *rte = NULL;
    size_t *columns = ARENA_ARRAY(planner->arena, size_t, query->ngroup + 1), count = 0;
    Str what;
    str_init(&what, planner->arena);
    str_add(&what, "groups");
    for (int i = 0; i < query->ngroup; i++) {
        const Expr *key = query->targets[query->group[i]].expr;
        if (key->kind == EXPR_CONST)
            continue;
        bool is_column = key->kind == EXPR_VAR && !key->u.var.levels_up && key->u.var.column > 0;
        if (!is_column || (rte && rte != query->rtes[key->u.var.rte]))
            return NULL;
        rte = query->rtes[key->u.var.rte];
        columns[count++] = (size_t)key->u.var.column - 1;
        str_addf(&what, " %d", key->u.var.column);
    }
    if (!rte || rte->kind != RTE_RELATION || rte->relation->is_system)
        return NULL;
    str_addf(&what, " %s", table_question(planner, source, rte, spec));
    spec->distinct = true;
    spec->projection = columns;
    spec->ncolumns = count;
    return what.data;
}

static double known_groups(Planner *planner, const Query *query)
{
    double groups = 1;
    for (int i = 0; i < query->ngroup; i++) {
        const Expr *key = query->targets[query->group[i]].expr;
        groups *= key->kind == EXPR_CONST ? 1 : estimate_distinct(planner, query, key);
    }
    return groups;
}

double estimate_groups(Planner *planner, const Source *source, const Query *query, double *rows)
{
    FdwScanSpec spec;
    *rows = rows_of_from(planner, source, query);
    double groups = known_groups(planner, query);
    const char *what = groups < 1 && *rows >= ESTIMATE_MANY_ROWS ? groups_question(planner, source, query, &spec) : NULL;
    if (groups < 1 && !(what && ask_source(planner, source, &spec, what, &groups)))
        groups = *rows / GROUPS_PART;
    return groups < *rows ? groups : *rows;
}

static void add_groups_questions(Ahead *ahead, const Query *side)
{
    Owner owner;
    if (side->set_op) {
        add_groups_questions(ahead, side->left);
        add_groups_questions(ahead, side->right);
        return;
    }
    if (!source_owner(ahead->planner, side, &owner) || !source_has_dialect(owner) || !owner.source->target)
        return;
    ahead->source = owner.source;
    ask_tables_ahead(side, ahead);
    RemoteQuestion question = {.target = owner.source->target};
    question.what = known_groups(ahead->planner, side) < 1 ? groups_question(ahead->planner, owner.source, side, &question.spec) : NULL;
    if (question.what)
        vec_push(ahead->planner->arena, &ahead->questions, question);
}

void estimate_groups_ahead(Planner *planner, const Query *sides)
{
    Ahead ahead = {.planner = planner};
    add_groups_questions(&ahead, sides);
    if (planner->context->remote && ahead.questions.count)
        remote_estimate_ahead(planner->context->remote, ahead.questions.items, ahead.questions.count, planner->context->in_transaction);
}

static double rows_of_query(Planner *planner, const Source *source, const Query *query)
{
    if (query->set_op) {
        double left = rows_of_query(planner, source, query->left), right = rows_of_query(planner, source, query->right);
        return limited(query, query->set_op == SETOP_UNION ? left + right : left);
    }
    double rows = query->nfrom ? rows_of_from(planner, source, query) : 1;
    if (query->ngroup || query->grouping_sets || query->distinct)
        rows = groups_of(planner, query, rows);
    else if (query->has_aggs)
        rows = 1;
    return limited(query, query->having ? rows * HAVING_PART : rows);
}

static double rows_of_rte(Planner *planner, const Source *source, const Query *query, int rte)
{
    const Rte *entry = query->rtes[rte];
    switch (entry->kind) {
    case RTE_RELATION:
        return rows_of_table(planner, source, entry);
    case RTE_SUBQUERY:
        return rows_of_query(planner, source, entry->query);
    case RTE_VALUES:
        return entry->nrows;
    case RTE_LEAF:
        return estimate_leaf(planner, planner->leaves.items[entry->leaf - 1]);
    case RTE_FUNCTION:
        return FUNCTION_ROWS;
    case RTE_RESULT:
        return 1;
    default:
        return UNKNOWN_ROWS;
    }
}

double estimate_entry(Planner *planner, const Query *query, int rte)
{
    return rows_of_rte(planner, NULL, query, rte);
}

double estimate_query(Planner *planner, const Query *query)
{
    return rows_of_query(planner, NULL, query);
}

/* ---- leaves ---- */

static const char *option_value(const FdwOptions *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++)
        if (str_eq(options->items[i].name, name))
            return options->items[i].value;
    return NULL;
}

bool estimate_is_remote(const RemoteTarget *target, const CatRelation *relation)
{
    static const char NAME[] = "use_remote_estimate";
    const char *value = option_value(&relation->options, NAME);
    value = value ? value : option_value(&target->server->options, NAME);
    return value && wrapper_option(target->module, NAME, FDW_OBJECT_TABLE) && (str_ieq(value, "true") || str_ieq(value, "on"));
}

static bool wants_remote_estimate(const Leaf *leaf)
{
    for (int i = 0; i < leaf->query->nrtes; i++)
        if (leaf->query->rtes[i]->kind == RTE_RELATION && estimate_is_remote(leaf->target, leaf->query->rtes[i]->relation))
            return true;
    return false;
}

static double rows_of_filters(const Leaf *leaf, double rows)
{
    for (size_t i = 0; i < leaf->spec.nfilters; i++)
        rows *= leaf->spec.filters[i].compare == FDW_EQ ? 0.005 : 0.3333;
    return rows < 1 ? 1 : rows;
}

double estimate_leaf(Planner *planner, Leaf *leaf)
{
    if (leaf->rows >= 0)
        return leaf->rows;
    double rows = leaf->kind == LEAF_FUNCTION ? FUNCTION_ROWS : UNKNOWN_ROWS;
    if (leaf->kind == LEAF_FOREIGN && leaf->spec.split_table)
        leaf->read = rows_of_rte(planner, leaf->source, leaf->query, leaf->query->from[0]->rte);
    bool asked = leaf->kind == LEAF_FOREIGN && leaf->sql && !leaf->nparams && wants_remote_estimate(leaf) &&
                 ask_source(planner, leaf->source, &leaf->spec, leaf->sql, &rows);
    if (leaf->kind == LEAF_STORED)
        rows = rows_of_table(planner, NULL, leaf->stored);
    else if (!asked && leaf->query)
        rows = rows_of_query(planner, leaf->source, leaf->query);
    return leaf->rows = rows_of_filters(leaf, rows);
}
