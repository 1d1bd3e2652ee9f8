/*
 * plan.c - from a typed query to a plan: one leaf whose rows are the answer, or leaves and one local query over them.
 *
 * Invariants:
 *  1. The query that comes in is not changed: the planner works on a copy.
 *  2. A plan either relays, and then has one leaf and no local query, or has a local query that the local engine's dialect can say.
 * Threads: the session's own.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

PlanColumn *plan_columns(const Query *query, Catalog *catalog, int *count, Arena *arena)
{
    PlanColumn *columns = ARENA_ARRAY(arena, PlanColumn, query->ntargets + 1);
    *count = 0;
    for (int i = 0; i < query->ntargets; i++) {
        const Target *target = &query->targets[i];
        if (target->junk)
            continue;
        columns[(*count)++] = (PlanColumn){.name = arena_strdup(arena, target->name),
                                           .type = target->expr->type,
                                           .typmod = target->expr->typmod,
                                           .collation = target->expr->collation,
                                           .origin_table = target->origin_table,
                                           .origin_column = target->origin_column,
                                           .fields = sql_record_fields(target->expr, query, catalog, arena)};
    }
    return columns;
}

PlanColumn *plan_columns_copy(const PlanColumn *columns, int count, Arena *arena)
{
    PlanColumn *copies = ARENA_ARRAY(arena, PlanColumn, count + 1);
    for (int i = 0; i < count; i++) {
        copies[i] = columns[i];
        copies[i].name = arena_strdup(arena, columns[i].name);
        copies[i].fields = arena_strdup(arena, columns[i].fields);
    }
    return copies;
}

void plan_add_reason(Planner *planner, const char *text)
{
    for (size_t i = 0; text && i < planner->reasons.count; i++)
        if (strcmp(planner->reasons.items[i].text, text) == 0)
            return;
    if (text)
        vec_push(planner->arena, &planner->reasons, ((LeafReason){text}));
}

/* ---- relays ---- */

static Source *catalog_of(Planner *planner)
{
    if (!planner->catalog) {
        planner->catalog = ARENA_NEW(planner->arena, Source);
        planner->catalog->dialect = sql_dialect("catalog");
        vec_push(planner->arena, &planner->sources, planner->catalog);
    }
    return planner->catalog;
}

/* One source answers the whole: NULL without an error: none does. */
static Leaf *relay_whole(Planner *planner, Query *query)
{
    Owner owner;
    if (!source_owner(planner, query, &owner))
        return NULL;
    /* What reads nothing at all is answered by the catalog's SQLite if it can: that is the cheapest. */
    Source *source = owner.kind == OWNER_NONE ? catalog_of(planner) : owner.kind == OWNER_ONE ? owner.source : NULL;
    const char *reason = NULL;
    if (!source) {
        bool stored = planner->leaves.count && planner->leaves.items[0]->kind == LEAF_STORED;
        plan_add_reason(planner, stored                       ? "tables of this server are read"
                                 : planner->sources.count > 1 ? "several sources are read"
                                                              : "a function's rows are made up here");
        return NULL;
    }
    if (!source->dialect)
        return NULL;
    if (source_can_say_query(planner, source, query, &reason))
        return leaf_of_query(planner, source, query);
    if (owner.kind == OWNER_ONE)
        plan_add_reason(planner, reason);
    return NULL;
}

/* A local query that does nothing but pass on one leaf's columns in their order is none. */
static bool only_passes(const Query *query, const Plan *plan)
{
    if (plan->nleaves != 1 || plan->leaves[0]->kind == LEAF_STORED || query->set_op || query->nctes || query->nfrom != 1 ||
        query->from[0]->kind != FROM_RTE || query->where || query->ngroup || query->grouping_sets || query->has_aggs || query->having ||
        query->has_windows || query->distinct || query->norder || query->limit || query->offset || query->has_set_functions)
        return false;
    int rte = query->from[0]->rte;
    if (query->rtes[rte]->kind != RTE_LEAF || query->ntargets != plan->leaves[0]->ncolumns)
        return false;
    for (int i = 0; i < query->ntargets; i++) {
        const Expr *expr = query->targets[i].expr;
        if (query->targets[i].junk || expr->kind != EXPR_VAR || expr->u.var.levels_up || expr->u.var.rte != rte ||
            expr->u.var.column != i + 1)
            return false;
    }
    return true;
}

/* ---- the local query ---- */

static bool print_leaf(void *arg, const Rte *rte, Str *out, Error *error)
{
    if (rte->kind != RTE_LEAF)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "relation \"%s\" is left in the local query", rte->alias ? rte->alias : "");
    Planner *planner = arg;
    const Leaf *leaf = planner->leaves.items[rte->leaf - 1];
    if (leaf->kind == LEAF_STORED)
        return leaf_print_stored(planner, leaf, out, error);
    bool kept = leaf->kept && rte->leaf != planner->being_kept;
    str_addf(out, kept ? "medley_rows_%d" : "medley_leaf(%d)", rte->leaf);
    return true;
}

/* Subqueries of expressions, one in another: each level doubles the time that the engine plans in, deaf to cancels. `arg` is the level. */
enum { DEEPEST_SUBLINK = 10 };
static bool is_too_deep(const Query *query, int level);

static bool has_deep_sublink(const Expr *expr, void *arg)
{
    int level = *(const int *)arg + 1;
    if (expr->kind == EXPR_SUBLINK && (level > DEEPEST_SUBLINK || is_too_deep(expr->u.sublink.query, level)))
        return true;
    return expr_walk(expr, has_deep_sublink, arg);
}

static bool is_too_deep(const Query *query, int level)
{
    for (int i = 0; i < query->nctes; i++)
        if (is_too_deep(query->ctes[i].query, level))
            return true;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->query && is_too_deep(query->rtes[i]->query, level))
            return true;
    if (query->left && (is_too_deep(query->left, level) || is_too_deep(query->right, level)))
        return true;
    return query_walk_exprs(query, has_deep_sublink, &level);
}

/* Gives the subplan the statement's own parameters, where these are all it has. */
static void take_values(const Planner *planner, const Expr *call, PlanSubplan *subplan)
{
    const PlanContext *context = planner->context;
    const char **values = ARENA_ARRAY(planner->arena, const char *, call->nargs + 1);
    subplan->is_initplan = !call->u.subplan.is_volatile && call->type != TYPE_RECORD;
    for (int i = 0; i < call->nargs; i++) {
        const Expr *arg = call->args[i];
        subplan->is_initplan &= arg->kind == EXPR_PARAM;
        if (arg->kind == EXPR_PARAM && context->params_bound && arg->u.param <= context->nparams)
            values[i] = context->param_values[arg->u.param - 1];
    }
    subplan->values = values;
}

/* PrintContext.subplan */
static int number_subplan(void *arg, const Expr *call)
{
    Planner *planner = arg;
    size_t i = 0;
    while (i < planner->subplans.count && planner->subplans.items[i].query != call->u.subplan.query)
        i++;
    if (i < planner->subplans.count)
        return (int)i + 1;
    Oid *types = ARENA_ARRAY(planner->arena, Oid, call->nargs + 1);
    for (int k = 0; k < call->nargs; k++)
        types[k] = call->args[k]->type;
    PlanSubplan subplan = {.query = call->u.subplan.query, .types = types, .nparams = call->nargs};
    subplan.is_volatile = call->u.subplan.is_volatile;
    subplan.is_asked = call->u.subplan.is_asked;
    take_values(planner, call, &subplan);
    vec_push(planner->arena, &planner->subplans, subplan);
    return (int)i + 1;
}

static const char *print_query(Planner *planner, const Query *query)
{
    if (is_too_deep(query, 0)) {
        error_set(planner->error, ERRCODE_STATEMENT_TOO_COMPLEX,
                  "a query of the local engine can nest at most %d subqueries in expressions", DEEPEST_SUBLINK);
        return NULL;
    }
    PrintContext context = {.dialect = sql_dialect("duckdb"),
                            .catalog = planner->context->catalog,
                            .arg = planner,
                            .relation = print_leaf,
                            .subplan = number_subplan,
                            .param_values = planner->context->param_values,
                            .nparams = planner->context->nparams,
                            .params_bound = planner->context->params_bound};
    Str sql;
    str_init(&sql, planner->arena);
    return sql_print_query(query, &context, &sql, planner->error) ? sql.data : NULL;
}

/* The text of a step: rows under names that differ, or a binding's keys. */
static bool print_step(Planner *planner, PlanStep *step)
{
    Leaf *leaf = planner->leaves.items[step->leaf - 1];
    planner->being_kept = step->kind == STEP_KEEP ? step->leaf : 0;
    const char *query = step->query ? print_query(planner, step->query) : NULL;
    planner->being_kept = 0;
    if (step->query && !query)
        return false;
    if (step->kind == STEP_BIND) {
        ((LeafBinding *)(uintptr_t)leaf->binding)->keys_sql = query;
        return true;
    }
    Str sql;
    str_init(&sql, planner->arena);
    str_addf(&sql, "CREATE TEMP TABLE medley_rows_%d AS SELECT * FROM ", step->leaf);
    if (!query) {
        str_addf(&sql, "medley_leaf(%d)", step->leaf);
    } else {
        str_addf(&sql, "(%s) AS r(", query);
        for (int i = 0; i < leaf->ncolumns; i++)
            str_addf(&sql, "%sc%d", i ? ", " : "", i + 1);
        str_add(&sql, ")");
    }
    step->sql = sql.data;
    return true;
}

static bool print_texts(Planner *planner, Plan *plan)
{
    for (size_t i = 0; i < planner->steps.count; i++)
        if (!print_step(planner, &planner->steps.items[i]))
            return false;
    plan->steps = planner->steps.items;
    plan->nsteps = (int)planner->steps.count;
    outward_hide(planner, plan->local);
    plan->local_sql = print_query(planner, plan->local);
    plan->subplans = planner->subplans.items;
    plan->nsubplans = (int)planner->subplans.count;
    return plan->local_sql != NULL;
}

/* A leaf can be read once at a time: the rows of one that the text names twice are kept. */
static bool keep_repeated(Planner *planner, const char *sql)
{
    size_t steps = planner->steps.count;
    for (size_t i = 0; i < planner->leaves.count; i++) {
        Leaf *leaf = planner->leaves.items[i];
        const char *name = arena_printf(planner->arena, "medley_leaf(%d)", leaf->number), *first = strstr(sql, name);
        if (leaf->kept || leaf->kind == LEAF_STORED || !first || !strstr(first + 1, name))
            continue;
        leaf->kept = true;
        vec_push(planner->arena, &planner->steps, ((PlanStep){.kind = STEP_KEEP, .leaf = leaf->number}));
    }
    return planner->steps.count > steps;
}

static bool has_step(const Planner *planner, const Leaf *leaf)
{
    for (size_t i = 0; i < planner->steps.count; i++)
        if (planner->steps.items[i].leaf == leaf->number)
            return true;
    return false;
}

/* Of the leaves that a server is read for at the same time, the smallest that can be read before; NULL: there are not too many. */
static Leaf *leaf_too_many(const Planner *planner, const RemoteTarget *target)
{
    Leaf *smallest = NULL;
    int count = 0;
    for (size_t i = 0; i < planner->leaves.count; i++) {
        Leaf *leaf = planner->leaves.items[i];
        if (leaf->kind != LEAF_FOREIGN || leaf->target->server->oid != target->server->oid || (leaf->kept && !has_step(planner, leaf)))
            continue;
        count++;
        if (!leaf->binding && !has_step(planner, leaf) && (!smallest || leaf->rows < smallest->rows))
            smallest = leaf;
    }
    return count > remote_most_connections(planner->context->remote, target) ? smallest : NULL;
}

/* Rows are locked over one connection, whatever else the plan reads of the source. */
static bool locks_beside_others(const Planner *planner, const Leaf *leaf)
{
    if (leaf->kind != LEAF_FOREIGN || leaf->binding || leaf->kept || !leaf->query || !sql_locks_rows(leaf->query))
        return false;
    for (size_t i = 0; i < planner->leaves.count; i++) {
        const Leaf *other = planner->leaves.items[i];
        if (other != leaf && other->kind == LEAF_FOREIGN && memcmp(other->target->key, leaf->target->key, sizeof leaf->target->key) == 0)
            return true;
    }
    return false;
}

/* More leaves than a server may have connections: those too many are read in turns, before all else, and kept. */
static void take_turns(Planner *planner, Plan *plan)
{
    VEC(PlanStep) steps = {0};
    Leaf *leaf;
    for (size_t i = 0; i < planner->leaves.count; i++)
        if (locks_beside_others(planner, planner->leaves.items[i])) {
            planner->leaves.items[i]->kept = true;
            vec_push(planner->arena, &steps, ((PlanStep){.kind = STEP_KEEP, .leaf = planner->leaves.items[i]->number}));
        }
    for (size_t i = 0; planner->context->remote && i < planner->leaves.count; i++)
        while (planner->leaves.items[i]->kind == LEAF_FOREIGN && (leaf = leaf_too_many(planner, planner->leaves.items[i]->target))) {
            leaf->kept = true;
            vec_push(planner->arena, &steps, ((PlanStep){.kind = STEP_KEEP, .leaf = leaf->number}));
        }
    plan->nturns = (int)steps.count;
    for (size_t i = 0; i < planner->steps.count; i++)
        vec_push(planner->arena, &steps, planner->steps.items[i]);
    planner->steps.items = steps.items;
    planner->steps.count = steps.count;
    planner->steps.cap = steps.cap;
}

static bool print_local(Planner *planner, Plan *plan)
{
    take_turns(planner, plan);
    return print_texts(planner, plan) && (!keep_repeated(planner, plan->local_sql) || print_texts(planner, plan));
}

/* A limit over one leaf alone, with nothing in between that needs further rows, is the leaf's too. */
static void lower_limit(Planner *planner, const Query *local, Plan *plan)
{
    bool plain = plan->nleaves == 1 && !local->set_op && local->nfrom == 1 && local->from[0]->kind == FROM_RTE && !local->where &&
                 !local->ngroup && !local->grouping_sets && !local->has_aggs && !local->has_windows && !local->distinct && !local->norder &&
                 !local->has_set_functions && !local->nctes && local->limit && local->limit->kind == EXPR_CONST && local->limit->u.value &&
                 (!local->offset || (local->offset->kind == EXPR_CONST && local->offset->u.value));
    Leaf *leaf = plan->nleaves ? plan->leaves[0] : NULL;
    if (!plain || local->rtes[local->from[0]->rte]->kind != RTE_LEAF || leaf->sql || leaf->kind != LEAF_FOREIGN)
        return;
    int64_t limit = strtoll(local->limit->u.value, NULL, 10), offset = local->offset ? strtoll(local->offset->u.value, NULL, 10) : 0;
    if (limit >= 0 && offset >= 0 && limit < INT64_MAX - offset)
        leaf->spec.limit = limit + offset;
}

/* Between several leaves sizes decide something: then sources are asked for them. */
static void estimate_leaves(Planner *planner, const Plan *plan)
{
    PlanContext alone = *planner->context;
    PlanContext *context = planner->context;
    alone.remote = NULL;
    if (plan->nleaves > 1)
        estimate_ahead(planner);
    planner->context = plan->nleaves > 1 ? context : &alone;
    for (int i = 0; i < plan->nleaves; i++)
        estimate_leaf(planner, plan->leaves[i]);
    planner->context = context;
}

static bool plan_local(Planner *planner, Plan *plan, Query *query)
{
    if (!locks_drop(planner, query))
        return false;
    series_move(planner, query);
    stages_divide(planner, query);
    plan->local = level_plan(planner, query);
    if (!plan->local)
        return false;
    plan->leaves = planner->leaves.items;
    plan->nleaves = (int)planner->leaves.count;
    if (!planner->context->rows_wanted && only_passes(plan->local, plan)) {
        plan->relay = true;
        plan->local = NULL;
        return true;
    }
    lower_limit(planner, plan->local, plan);
    return print_local(planner, plan);
}

static bool empty_unused(const Query *query, void *arg)
{
    Arena *arena = arg;
    for (int i = 0; i < query->nctes; i++) {
        Cte *cte = &query->ctes[i];
        if (cte->references || cte->query->kind != QUERY_SELECT || cte->query->has_writes)
            continue;
        Query *empty = ARENA_NEW(arena, Query);
        *empty = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .targets = ARENA_ARRAY(arena, Target, cte->ncolumns + 1)};
        for (int k = 0; k < cte->ncolumns; k++)
            empty->targets[empty->ntargets++] =
                (Target){.expr = expr_const(arena, cte->columns[k].type, cte->columns[k].typmod, NULL), .name = cte->columns[k].name};
        cte->query = empty;
        cte->recursive = false;
        cte->search = NULL;
        cte->cycle = NULL;
    }
    return query_walk_queries(query, empty_unused, arg);
}

void plan_empty_unused(Query *query, Arena *arena)
{
    empty_unused(query, arena);
}

/* The planner's own copy; NULL: refused. */
static Query *spell_out(Planner *planner, const Query *query)
{
    Query *copy = query_copy(query, planner->arena);
    plan_empty_unused(copy, planner->arena);
    if (!traverse_expand(planner, copy))
        return NULL;
    fold_spell(planner, copy);
    stages_part_keys(planner, copy);
    return copy;
}

static Query *simplify(Planner *planner, const Query *query, bool knows_params)
{
    Query *copy = spell_out(planner, query);
    return copy && simplify_query(planner, copy, knows_params) ? copy : NULL;
}

/* Its constants are computed; where one cannot be, it counts what PostgreSQL does. */
static Query *fold(Planner *planner, const Query *query)
{
    Query *copy = spell_out(planner, query);
    if (!copy)
        return NULL;
    fold_constants(planner, copy);
    if (!planner->unfolded)
        return copy;
    copy = simplify(planner, query, false);
    if (!copy && planner->context->params_constant && planner->context->nparams) {
        error_clear(planner->error); /* the values may rule out what fails */
        planner->values_known = true;
        copy = simplify(planner, query, true);
    }
    if (copy)
        fold_constants(planner, copy);
    return copy;
}

/* What records are made of may have come out only now that constants have decided. */
static void find_fields(const Planner *planner, Plan *plan, const Query *query)
{
    for (int i = 0, column = 0; i < query->ntargets && column < plan->ncolumns; i++)
        if (!query->targets[i].junk) {
            const char *fields = sql_record_fields(query->targets[i].expr, query, planner->context->catalog, planner->arena);
            plan->columns[column].fields = fields ? fields : plan->columns[column].fields;
            column++;
        }
}

/* HAVING makes one group of all rows; where no aggregate asks for them, none is read. */
static bool read_nothing(const Query *level, void *arg)
{
    Query *query = (Query *)level; /* the planner's own */
    if (query->having && !query->has_aggs && !query->ngroup && !query->grouping_sets) {
        query->where = query->having;
        query->having = NULL;
        query->nfrom = 0;
    }
    return query_walk_queries(query, read_nothing, arg);
}

static bool plan_whole(Planner *planner, Plan *plan, const Query *query, SubplanChoice subplans)
{
    Query *copy = fold(planner, query);
    if (!copy)
        return false;
    read_nothing(copy, NULL);
    query_keep_barriers(copy, planner->context->catalog, planner->arena);
    fields_spread(planner, copy);
    find_fields(planner, plan, copy);
    if (!patterns_check(planner, copy) || !locks_check(planner, copy))
        return false;
    stages_divide_asking_keys(planner, copy);
    subplan_make(planner, copy, subplans);
    if (!inherit_expand(planner, copy))
        return false;
    either_expand(planner, copy);
    Leaf *whole = planner->context->rows_wanted || subplans != SUBPLANS_VOLATILE ? NULL : relay_whole(planner, copy);
    if (error_is_set(planner->error))
        return false;
    if (!whole)
        return plan_local(planner, plan, copy);
    plan->relay = true;
    plan->leaves = planner->leaves.items;
    plan->nleaves = 1;
    return true;
}

bool plan_check_values(const Plan *plan, PlanContext *context, Error *error)
{
    if (!plan->calls_params || !context->params_constant)
        return true;
    Arena *arena = arena_open(NULL);
    Planner planner = {.context = context, .arena = arena, .error = error};
    bool done = simplify(&planner, plan->query, true) != NULL;
    arena_close(arena);
    return done;
}

static void keep_values(const PlanContext *context, Plan *plan, Arena *arena)
{
    plan->nvalues = context->params_bound && context->param_values ? context->nparams : 0;
    plan->values = ARENA_ARRAY(arena, const char *, plan->nvalues + 1);
    for (int i = 0; i < plan->nvalues; i++)
        plan->values[i] = arena_strdup(arena, context->param_values[i]);
}

static Plan *make_plan(const Query *query, PlanContext *context, SubplanChoice subplans, Arena *arena, Error *error)
{
    Plan *plan = ARENA_NEW(arena, Plan);
    Planner planner = {.context = context, .arena = arena, .error = error};
    plan->query = query;
    plan->columns = plan_columns(query, planner.context->catalog, &plan->ncolumns, planner.arena);
    if (!plan_whole(&planner, plan, query, subplans))
        return NULL;
    estimate_leaves(&planner, plan);
    plan->reasons = planner.reasons.items;
    plan->nreasons = (int)planner.reasons.count;
    reuse_judge(&planner, plan);
    if (plan->local && !plan->nleaves)
        keep_values(context, plan, arena);
    return plan_check_values(plan, context, error) ? plan : NULL;
}

static bool is_refusal(const Error *error)
{
    return str_eq(error->sqlstate, ERRCODE_FEATURE_NOT_SUPPORTED) || str_eq(error->sqlstate, ERRCODE_STATEMENT_TOO_COMPLEX);
}

/* false: the engine refuses, and says why; or there was a cancel. Other errors are told when the plan is run. */
static bool engine_takes(const PlanContext *context, const Plan *plan, Error *error)
{
    if (!plan->local || context->engine->takes(context->engine->arg, plan, error))
        return true;
    bool is_intervention = strncmp(error->sqlstate, ERRCODE_QUERY_CANCELED, 2) == 0;
    if (is_refusal(error) || is_intervention)
        return false;
    error_clear(error);
    return true;
}

Plan *plan_subplan(const PlanSubplan *subplan, const PlanContext *outer, bool params_bound, Arena *arena, Error *error)
{
    PlanContext context = *outer;
    context.param_values = ARENA_ARRAY(arena, const char *, subplan->nparams + 1);
    context.param_types = subplan->types;
    context.nparams = subplan->nparams;
    context.params_bound = params_bound;
    context.params_constant = false;
    context.rows_wanted = false;
    context.as_of = subplan->query->as_of;
    return plan_query(subplan->query, &context, arena, error);
}

/* Those that are the same for all values are planned now. */
static Plan *plan_subplans(Plan *plan, const PlanContext *context, Arena *arena)
{
    Error ignored;
    error_init(&ignored, arena);
    for (int i = 0; plan && i < plan->nsubplans; i++) {
        const Plan *made = plan_subplan(&plan->subplans[i], context, true, arena, &ignored);
        error_clear(&ignored);
        if (made && !made->uses_values && !made->uses_moment)
            plan->subplans[i].plan = made;
    }
    return plan;
}

static bool wants_guarded(PlanContext *context, const Query *query, Arena *arena)
{
    Error ignored;
    error_init(&ignored, arena);
    Planner planner = {.context = context, .arena = arena, .error = &ignored};
    return subplan_is_in_join(query) || initplan_is_wanted(&planner, query);
}

/* Why the first plan is no relay; either may be NULL. */
static Plan *with_reasons_of(const Plan *first, Plan *plan)
{
    if (plan) {
        plan->reasons = first ? first->reasons : NULL;
        plan->nreasons = first ? first->nreasons : 0;
    }
    return plan;
}

/* Subqueries about rows outside are the engine's to take apart. What it refuses is run for each row: subplan.c. */
Plan *plan_query(const Query *query, PlanContext *context, Arena *arena, Error *error)
{
    if (!sql_check_collations(query, error))
        return NULL;
    bool may_be_refused = context->engine && subplan_is_wanted(query);
    Plan *plan = make_plan(query, context, SUBPLANS_VOLATILE, arena, error);
    if (plan && plan->local && wants_guarded(context, query, arena))
        plan = with_reasons_of(plan, make_plan(query, context, SUBPLANS_GUARDED, arena, error));
    if (!may_be_refused || (plan && engine_takes(context, plan, error)))
        return plan_subplans(plan, context, arena);
    if (!is_refusal(error))
        return NULL;
    Error ignored;
    error_init(&ignored, arena);
    Plan *with_subplans = make_plan(query, context, SUBPLANS_OUTWARD, arena, &ignored);
    if (!with_subplans || !engine_takes(context, with_subplans, &ignored)) {
        error_clear(&ignored);
        with_subplans = make_plan(query, context, SUBPLANS_ALL, arena, &ignored);
        if (!with_subplans || !engine_takes(context, with_subplans, &ignored))
            return NULL; /* of several refusals the first is told */
    }
    with_reasons_of(plan, with_subplans);
    with_subplans->subplan_reason = arena_strdup(arena, error->message);
    error_clear(error);
    return plan_subplans(with_subplans, context, arena);
}
