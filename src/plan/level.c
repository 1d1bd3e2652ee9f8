/*
 * level.c - one query level that no source answers whole: what its sources answer becomes leaves, the rest stays over them.
 *
 * Invariants:
 *  1. A Var that stays names an entry that stays, or a column of a leaf: those it names are the leaf's columns, no others.
 *  2. A leaf's query keeps the level's numbering of entries; what it does not read is an empty entry there.
 *  3. Contained queries are planned before the level's columns are gathered, so that their references outward are seen.
 *  4. Trees are not shared between a leaf and what stays.
 * Threads: the session's own.
 */
#include "plan/internal.h"

static Query *empty_select(Planner *planner)
{
    Query *query = ARENA_NEW(planner->arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = planner->arena};
    return query;
}

static FromItem *from_rte(Planner *planner, int rte)
{
    FromItem *item = ARENA_NEW(planner->arena, FromItem);
    *item = (FromItem){.kind = FROM_RTE, .rte = rte};
    return item;
}

Query *level_select_leaf(Planner *planner, const Leaf *leaf)
{
    Query *query = empty_select(planner);
    query->nrtes = query->nfrom = 1;
    query->rtes = ARENA_ARRAY(planner->arena, Rte *, 1);
    query->from = ARENA_ARRAY(planner->arena, FromItem *, 1);
    Rte *rte = query->rtes[0] = leaf_rte(planner, leaf);
    query->from[0] = from_rte(planner, 0);
    query->ntargets = leaf->ncolumns;
    query->targets = ARENA_ARRAY(planner->arena, Target, leaf->ncolumns);
    for (int i = 0; i < leaf->ncolumns; i++)
        query->targets[i] = (Target){.expr = expr_var(planner->arena, 0, i + 1, rte->columns[i].type, rte->columns[i].typmod, OID_NONE),
                                     .name = leaf->column_names[i]};
    return query;
}

/* ---- CTEs: those used once, here, are subqueries ---- */

static bool inline_cte(Planner *planner, const Query *query, int cte, Rte *rte)
{
    const Cte *with = &query->ctes[cte];
    if (with->recursive || with->references != 1 || with->materialize == CTE_MATERIALIZED || with->query->kind != QUERY_SELECT ||
        query_is_volatile(with->query, planner->context->catalog))
        return false;
    rte->kind = RTE_SUBQUERY;
    rte->query = with->query;
    return true;
}

typedef struct Renumbering {
    const int *numbers;
    int depth;
} Renumbering;

static bool renumber_ctes(const Query *query, void *arg)
{
    Renumbering *renumbering = arg;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_CTE && query->rtes[i]->cte_levels_up == renumbering->depth)
            query->rtes[i]->cte = renumbering->numbers[query->rtes[i]->cte];
    renumbering->depth++;
    query_walk_queries(query, renumber_ctes, renumbering);
    renumbering->depth--;
    return false;
}

static void inline_ctes(Planner *planner, Query *query)
{
    bool *inlined = ARENA_ARRAY(planner->arena, bool, query->nctes + 1);
    for (int i = 0; i < query->nrtes; i++) {
        Rte *rte = query->rtes[i];
        if (rte->kind == RTE_CTE && rte->cte_levels_up == 0 && !rte->cte_self && inline_cte(planner, query, rte->cte, rte))
            inlined[rte->cte] = true;
    }
    int *numbers = ARENA_ARRAY(planner->arena, int, query->nctes + 1), kept = 0;
    for (int i = 0; i < query->nctes; i++) {
        numbers[i] = kept;
        if (!inlined[i])
            query->ctes[kept++] = query->ctes[i];
    }
    if (kept == query->nctes)
        return;
    query->nctes = kept;
    Renumbering renumbering = {.numbers = numbers};
    renumber_ctes(query, &renumbering);
}

/* What a recursive query reads is read again for each of its steps, and wherever the query is named: its rows are kept. */
static void keep_leaves(Planner *planner, size_t first)
{
    for (size_t i = first; i < planner->leaves.count; i++) {
        Leaf *leaf = planner->leaves.items[i];
        if (leaf->kept || leaf->kind == LEAF_STORED)
            continue;
        leaf->kept = true;
        vec_push(planner->arena, &planner->steps, ((PlanStep){.kind = STEP_KEEP, .leaf = leaf->number}));
    }
}

/* Where PostgreSQL computes it by itself, what is volatile or may fail is to be seen for all its rows. */
static bool is_whole(const Planner *planner, const Cte *cte)
{
    if (cte->recursive || cte->query->kind != QUERY_SELECT)
        return false;
    return query_is_volatile(cte->query, planner->context->catalog) ||
           (cte->materialize != CTE_NOT_MATERIALIZED && guard_query_fails(planner, cte->query));
}

static bool plan_ctes(Planner *planner, Query *query)
{
    for (int i = 0; i < query->nctes; i++) {
        size_t first = planner->leaves.count;
        query->ctes[i].is_whole = is_whole(planner, &query->ctes[i]);
        query->ctes[i].query = level_plan(planner, query->ctes[i].query);
        if (!query->ctes[i].query)
            return false;
        /* A leaf can be read once at a time. */
        if (query->ctes[i].recursive)
            keep_leaves(planner, first);
        else
            query->ctes[i].materialize = CTE_MATERIALIZED;
    }
    return true;
}

/* ---- who owns each entry ---- */

static bool is_constant_call(const Rte *rte)
{
    const Expr *call = rte->nfunctions == 1 ? rte->functions[0] : NULL;
    if (!call || call->kind != EXPR_FUNC || !func_find_set(call->oid))
        return false;
    for (int i = 0; i < call->nargs; i++)
        if (call->args[i]->kind != EXPR_CONST)
            return false;
    return true;
}

static bool own_subquery(Level *level, int index)
{
    Rte *rte = level->query->rtes[index];
    Owner owner;
    const char *reason = NULL;
    if (!source_owner(level->planner, rte->query, &owner))
        return false;
    rte->lateral = rte->lateral && refs_outer_rows(rte->query); /* it may say LATERAL without a need */
    /* In FROM a source may not be able to say what it says as a whole. */
    const Query *whole = query_around(level->planner->arena, rte->query, rte->columns, rte->ncolumns, 0);
    if (source_has_dialect(owner) && !refs_outer_query(rte->query) && source_can_say_query(level->planner, owner.source, whole, &reason)) {
        level->owners[index] = owner;
        rte->lateral = false;
    }
    return true;
}

static bool own_entry(Level *level, int index)
{
    Rte *rte = level->query->rtes[index];
    if (rte->kind == RTE_RELATION) {
        Source *source = source_of_relation(level->planner, rte);
        level->owners[index] = (Owner){OWNER_ONE, source};
        return source != NULL;
    }
    if (rte->kind == RTE_SUBQUERY)
        return own_subquery(level, index);
    if (rte->kind == RTE_FUNCTION && is_constant_call(rte)) {
        Leaf *leaf = leaf_of_function(level->planner, rte);
        const char *alias = rte->alias;
        *rte = *leaf_rte(level->planner, leaf);
        rte->alias = alias;
    }
    return true;
}

static bool own_entries(Level *level)
{
    for (int i = 0; i < level->query->nrtes; i++) {
        level->owners[i] = (Owner){OWNER_MIXED, NULL};
        if (!own_entry(level, i))
            return false;
    }
    push_conditions(level);
    limits_push(level->planner, level->query);
    partial_push(level->planner, level->query);
    unread_drop(level->planner, level->query);
    for (int i = 0; i < level->query->nrtes; i++) {
        Rte *rte = level->query->rtes[i];
        if (rte->kind != RTE_SUBQUERY || level->owners[i].kind != OWNER_MIXED)
            continue;
        rte->query = level_plan(level->planner, rte->query);
        if (!rte->query)
            return false;
    }
    return true;
}

/* ---- finding the leaves ---- */

static bool is_leaf(const Level *level, const JoinNode *node)
{
    return source_has_dialect(node->owner) || (node->kind == NODE_RTE && level->query->rtes[node->rte]->kind == RTE_RELATION);
}

static void find_cuts(Cutting *cutting, JoinNode *node)
{
    Planner *planner = cutting->level->planner;
    if (is_leaf(cutting->level, node)) {
        Cut cut = {.node = node, .source = node->owner.source};
        cut.leaf_rte = cutting->level->query->nrtes + (int)cutting->cuts.count;
        for (int i = 0; i < cutting->level->query->nrtes; i++)
            for (size_t j = 0; node->rtes[i] && j < cutting->level->kept[i].count; j++)
                vec_push(planner->arena, &cut.kept, cutting->level->kept[i].items[j]);
        vec_push(planner->arena, &cutting->cuts, cut);
        return;
    }
    for (size_t i = 0; i < node->children.count; i++)
        find_cuts(cutting, node->children.items[i]);
}

/* ---- filters for wrappers without a dialect ---- */

static void offer_to(Cutting *cutting, Cut *cut, JoinNode *holder, size_t *index)
{
    Planner *planner = cutting->level->planner;
    Expr *condition = holder->conditions.items[*index];
    FdwFilter filter;
    FdwAnswer answer = leaf_offer(planner, cut->source, cutting->level->query, cut->node->rte, condition, &filter);
    if (answer == FDW_LOCAL) {
        const char *shown = sql_describe_expr(condition, cutting->level->query, planner->context->catalog, planner->arena);
        const char *wrapper = cut->source->target->module->name;
        vec_push(planner->arena, &cut->kept, arena_printf(planner->arena, "%s: %s takes no such filter", shown, wrapper));
        return;
    }
    cut->filters[cut->nfilters++] = filter;
    if (answer != FDW_EXACT)
        return;
    for (size_t i = *index; i + 1 < holder->conditions.count; i++)
        holder->conditions.items[i] = holder->conditions.items[i + 1];
    holder->conditions.count--;
    (*index)--;
}

/* Conditions on the one entry alone that stand in its inner parent, where they mean a filter of it. */
static void offer_filters(Cutting *cutting, JoinNode *parent)
{
    const Level *level = cutting->level;
    for (size_t i = 0; i < cutting->cuts.count && parent->kind == NODE_INNER; i++) {
        Cut *cut = &cutting->cuts.items[i];
        bool is_child = false;
        for (size_t c = 0; c < parent->children.count; c++)
            is_child |= parent->children.items[c] == cut->node;
        if (!is_child || cut->source->dialect)
            continue;
        cut->filters = ARENA_ARRAY(level->planner->arena, FdwFilter, parent->conditions.count + 1);
        for (size_t c = 0; c < parent->conditions.count; c++) {
            if (refs_only_entry(parent->conditions.items[c]) == cut->node->rte)
                offer_to(cutting, cut, parent, &c);
        }
    }
    for (size_t i = 0; i < parent->children.count; i++)
        if (!parent->children.items[i]->leaf_rte)
            offer_filters(cutting, parent->children.items[i]);
}

/* ---- contained queries that stay ---- */

typedef struct SublinkPlanning {
    Planner *planner;
    bool failed;
} SublinkPlanning;

static Expr *plan_sublink(Expr *expr, int level, void *arg)
{
    SublinkPlanning *planning = arg;
    if (expr->kind != EXPR_SUBLINK || planning->failed)
        return expr;
    Query *planned = level_plan(planning->planner, expr->u.sublink.query);
    planning->failed = !planned;
    if (planned)
        expr->u.sublink.query = planned;
    return expr;
}

bool level_plan_sublinks(Planner *planner, Query *query)
{
    SublinkPlanning planning = {.planner = planner};
    query_map_exprs(query, false, plan_sublink, &planning);
    return !planning.failed;
}

/* ---- the leaves themselves ---- */

static Query *leaf_query(const Level *level, const Cut *cut)
{
    Planner *planner = level->planner;
    Query *query = empty_select(planner);
    query->nrtes = level->query->nrtes;
    query->rtes = ARENA_ARRAY(planner->arena, Rte *, query->nrtes);
    for (int i = 0; i < query->nrtes; i++) {
        query->rtes[i] = level->query->rtes[i];
        if (cut->node->rtes[i])
            continue;
        query->rtes[i] = ARENA_NEW(planner->arena, Rte);
        query->rtes[i]->kind = RTE_RESULT;
    }
    query->from = join_from(level, cut->node, &query->where, &query->nfrom);
    query->has_sublinks = query->where && refs_has_sublink(query->where);
    query->ntargets = (int)cut->columns.count;
    query->targets = ARENA_ARRAY(planner->arena, Target, query->ntargets + 1);
    for (int i = 0; i < query->ntargets; i++) {
        const Expr *expr = cut->columns.items[i];
        bool is_column = expr->kind == EXPR_VAR && expr->u.var.column > 0;
        const char *name = is_column ? query->rtes[expr->u.var.rte]->columns[expr->u.var.column - 1].name : "?column?";
        query->targets[i] = (Target){.expr = cut->columns.items[i], .name = name};
    }
    /* Where only the number of rows matters a dialect still wants a column. */
    if (!query->ntargets && cut->source->dialect)
        query->targets[query->ntargets++] = (Target){.expr = expr_const(planner->arena, TYPE_BOOL, -1, "t"), .name = "?column?"};
    return query;
}

static Leaf *make_leaf(const Level *level, const Cut *cut)
{
    Query *query = leaf_query(level, cut);
    if (cut->source->dialect)
        return leaf_of_query(level->planner, cut->source, query);
    int *columns = ARENA_ARRAY(level->planner->arena, int, cut->columns.count + 1);
    for (size_t i = 0; i < cut->columns.count; i++)
        columns[i] = cut->columns.items[i]->u.var.column;
    return leaf_of_table(level->planner, cut->source, query, cut->node->rte, columns, (int)cut->columns.count, cut->filters, cut->nfilters);
}

static bool make_leaves(Cutting *cutting, Rte **entries)
{
    const Level *level = cutting->level;
    for (size_t i = 0; i < cutting->cuts.count; i++) {
        Cut *cut = &cutting->cuts.items[i];
        Leaf *leaf = make_leaf(level, cut);
        if (!leaf)
            return false;
        for (size_t j = 0; j < cut->kept.count; j++)
            leaf_add_reason(level->planner, leaf, cut->kept.items[j]);
        entries[i] = leaf_rte(level->planner, leaf);
    }
    return true;
}

/* The level's entries: what leaves have taken is empty, the leaves come last. */
static void put_entries(Cutting *cutting, Rte *const *entries, bool *const taken)
{
    Query *query = cutting->level->query;
    Arena *arena = cutting->level->planner->arena;
    Rte **rtes = ARENA_ARRAY(arena, Rte *, (size_t)query->nrtes + cutting->cuts.count);
    for (int i = 0; i < query->nrtes; i++) {
        rtes[i] = query->rtes[i];
        if (!taken[i])
            continue;
        rtes[i] = ARENA_NEW(arena, Rte);
        rtes[i]->kind = RTE_RESULT;
    }
    for (size_t i = 0; i < cutting->cuts.count; i++)
        rtes[query->nrtes + (int)i] = entries[i];
    query->rtes = rtes;
    query->nrtes += (int)cutting->cuts.count;
}

static Query *cut_level(Level *level)
{
    Planner *planner = level->planner;
    Query *query = level->query;
    Cutting cutting = {.level = level};
    JoinNode *root = join_tree(level);
    find_cuts(&cutting, root);
    offer_filters(&cutting, root);
    bool *taken = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
    for (size_t i = 0; i < cutting.cuts.count; i++) {
        cutting.cuts.items[i].node->leaf_rte = cutting.cuts.items[i].leaf_rte;
        for (int r = 0; r < query->nrtes; r++)
            taken[r] |= cutting.cuts.items[i].node->rtes[r];
    }
    query->from = join_from(level, root, &query->where, &query->nfrom);
    columns_ship_expressions(&cutting, root);
    /* The leaves' own trees must not be seen by what now walks the rest. */
    Rte **all = query->rtes, **left = ARENA_ARRAY(planner->arena, Rte *, query->nrtes + 1);
    Rte nothing = {.kind = RTE_RESULT};
    for (int i = 0; i < query->nrtes; i++)
        left[i] = taken[i] ? &nothing : all[i];
    query->rtes = left;
    if (!level_plan_sublinks(planner, query))
        return NULL;
    query_map_exprs(query, true, columns_of_leaves, &cutting);
    query->rtes = all;
    for (size_t i = 0; i < cutting.cuts.count; i++)
        cutting.cuts.items[i].node->leaf_rte = 0;
    Rte **entries = ARENA_ARRAY(planner->arena, Rte *, cutting.cuts.count + 1);
    if (cutting.failed || !make_leaves(&cutting, entries))
        return NULL;
    put_entries(&cutting, entries, taken);
    return bind_level(planner, query) ? query : NULL;
}

/* ---- a level ---- */

static bool plan_sides(Planner *planner, Query *query)
{
    query->left = level_plan(planner, query->left);
    query->right = query->left ? level_plan(planner, query->right) : NULL;
    return query->right != NULL;
}

static Query *plan_mixed(Planner *planner, Query *query)
{
    inline_ctes(planner, query);
    if (!plan_ctes(planner, query))
        return NULL;
    if (query->set_op) {
        limits_push(planner, query);
        return plan_sides(planner, query) && level_plan_sublinks(planner, query) ? query : NULL;
    }
    if (!subplan_join_rows(planner, query))
        return NULL;
    Level level = {.planner = planner, .query = query};
    level.owners = ARENA_ARRAY(planner->arena, Owner, query->nrtes + 1);
    level.kept = ARENA_ARRAY(planner->arena, StrList, query->nrtes + 1);
    return own_entries(&level) ? cut_level(&level) : NULL;
}

static bool is_cancelled(const Planner *planner)
{
    const SessionServices *session = planner->context->functions ? planner->context->functions->session : NULL;
    return session && session->cancelled && session->cancelled(session->arg);
}

Query *level_plan(Planner *planner, Query *query)
{
    Owner owner;
    const char *reason = NULL;
    if (is_cancelled(planner)) {
        error_set(planner->error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
        return NULL;
    }
    if (!source_owner(planner, query, &owner))
        return NULL;
    if (!source_has_dialect(owner))
        return plan_mixed(planner, query);
    if (source_can_say_query(planner, owner.source, query, &reason)) {
        Leaf *leaf = leaf_of_query(planner, owner.source, query);
        return leaf ? level_select_leaf(planner, leaf) : NULL;
    }
    Query *above = above_leaf(planner, owner.source, query);
    if (above || error_is_set(planner->error))
        return above;
    return plan_mixed(planner, query);
}
