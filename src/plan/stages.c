/*
 * stages.c - queries whose steps the local engine does not do in PostgreSQL's order are divided into a query over a subquery.
 *
 * Eight forms: aggregates, or keys that can be equal and not the same, in subqueries of the query they belong to (the groups become a
 * subquery, of whose columns the others are made); keys of GROUP BY that return sets, are volatile, or ask a subquery, whose references to
 * the row the engine takes for ungrouped columns (the rows with their keys become a subquery); arguments that return sets; what aggregates
 * and window functions are given that is volatile, or a subquery that DISTINCT sorts by; limits over DISTINCT ON that hang on a row
 * outside, and sorting by what is volatile; HAVING that is volatile (the groups become a subquery); and empty grouping sets in a query that
 * uses a row outside, whose one group the engine does not find where there are no rows (a query of its own).
 *
 * Invariants:
 *  1. What goes into the subquery is one level further in: its references outward count one more.
 *  2. While a query is divided, columns of the subquery stand under an entry that no query has, so that they are told from its own.
 *  3. Keys of grouping sets that are alike, or are when constants are computed, are told apart before that (stages_part_keys): the engine,
 *     and a source that is asked, would take them for one key. They become columns of a subquery.
 * Threads: the session's own.
 */
#include "func/func.h"
#include "plan/internal.h"

enum { OF_SUBQUERY = 1 << 20 };

/* ---- what the subquery gives ---- */

static int add_column(Stage *stage, Expr *expr, bool is_key)
{
    Query *inner = stage->inner;
    Arena *arena = stage->planner->arena;
    size_t count = (size_t)inner->ntargets, keys = (size_t)inner->ngroup;
    inner->targets = arena_grow(arena, inner->targets, count * sizeof(Target), (count + 1) * sizeof(Target));
    inner->targets[inner->ntargets++] = (Target){.expr = expr, .name = "column"};
    if (is_key) {
        inner->group = arena_grow(arena, inner->group, keys * sizeof(int), (keys + 1) * sizeof(int));
        inner->group[inner->ngroup++] = (int)count;
    }
    return (int)count + 1;
}

static int column_of(Stage *stage, Expr *expr, bool is_key)
{
    const Query *inner = stage->inner;
    for (int i = 0; i < inner->ntargets; i++)
        if (expr_equal(inner->targets[i].expr, expr))
            return i + 1;
    return add_column(stage, expr, is_key);
}

static Expr *taken(Stage *stage, Expr *expr, int level, bool is_key)
{
    Expr *own = expr_copy(expr, stage->planner->arena);
    expr_shift_levels(own, -level);
    Expr *var = expr_var(stage->planner->arena, OF_SUBQUERY, column_of(stage, own, is_key), expr->type, expr->typmod, expr->collation);
    var->u.var.levels_up = level;
    var->location = expr->location;
    return var;
}

/* ---- what is taken: for query_map_exprs ---- */

static Expr *take_aggregate(Expr *expr, int level, void *arg)
{
    bool own = expr->kind == EXPR_AGG ? expr->u.agg.levels_up == level : expr->kind == EXPR_GROUPING && level == 0;
    return own ? taken(arg, expr, level, false) : expr;
}

static Expr *take_key(Expr *expr, int level, void *arg)
{
    Stage *stage = arg;
    const Query *query = stage->query;
    if (expr->kind == EXPR_VAR || expr->kind == EXPR_CONST)
        return expr;
    for (int i = 0; i < query->ngroup; i++) {
        const Expr *key = query->targets[query->group[i]].expr;
        if (key->kind != expr->kind || key->type != expr->type)
            continue;
        Expr *own = expr_copy(expr, stage->planner->arena);
        expr_shift_levels(own, -level);
        if (expr_equal(own, key))
            return taken(stage, expr, level, stage->grouped);
    }
    return expr;
}

static Expr *take_var(Expr *expr, int level, void *arg)
{
    Stage *stage = arg;
    bool own = expr->kind == EXPR_VAR && expr->u.var.levels_up == level && expr->u.var.rte != OF_SUBQUERY;
    return own ? taken(stage, expr, level, stage->grouped) : expr;
}

static bool is_taken(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_VAR && expr->u.var.rte == OF_SUBQUERY) || expr_walk(expr, is_taken, arg);
}

static bool is_set(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_FUNC && expr->u.func.returns_set) || expr_walk(expr, is_set, arg);
}

/* The innermost ones: all of a query run side by side. */
static Expr *take_set(Expr *expr, int level, void *arg)
{
    bool innermost = level == 0 && expr->kind == EXPR_FUNC && expr->u.func.returns_set && !expr_walk(expr, is_taken, NULL);
    return innermost ? taken(arg, expr, level, false) : expr;
}

static Expr *settle(Expr *expr, int level, void *arg)
{
    (void)level;
    (void)arg;
    if (expr->kind == EXPR_VAR && expr->u.var.rte == OF_SUBQUERY)
        expr->u.var.rte = 0;
    return expr;
}

/* ---- dividing ---- */

void stage_move_rows(Stage *stage)
{
    Query *query = stage->query, *inner = ARENA_NEW(stage->planner->arena, Query);
    *inner = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = query->arena};
    inner->rtes = query->rtes;
    inner->nrtes = query->nrtes;
    inner->from = query->from;
    inner->nfrom = query->nfrom;
    inner->where = query->where;
    inner->has_sublinks = query->has_sublinks;
    query->rtes = NULL;
    query->from = NULL;
    query->nrtes = query->nfrom = 0;
    query->where = NULL;
    stage->inner = inner;
}

void stage_put_inner(Stage *stage)
{
    Planner *planner = stage->planner;
    Query *query = stage->query, *inner = stage->inner;
    unite_move_in(inner);
    Rte *rte = ARENA_NEW(planner->arena, Rte);
    *rte = (Rte){.kind = RTE_SUBQUERY, .query = inner, .in_from = true};
    unite_columns(planner->arena, rte, inner);
    FromItem *item = ARENA_NEW(planner->arena, FromItem);
    *item = (FromItem){.kind = FROM_RTE};
    query->rtes = ARENA_ARRAY(planner->arena, Rte *, 1);
    query->rtes[0] = rte;
    query->from = ARENA_ARRAY(planner->arena, FromItem *, 1);
    query->from[0] = item;
    query->nrtes = query->nfrom = 1;
    query_map_exprs(query, true, settle, NULL);
}

Expr *stage_column(const Stage *stage, int column, const Expr *like)
{
    return expr_var(stage->planner->arena, OF_SUBQUERY, column, like->type, like->typmod, like->collation);
}

bool stage_is_taken(const Expr *expr)
{
    return is_taken(expr, NULL);
}

Expr *stage_take(Stage *stage, Expr *expr)
{
    bool once = !expr_is_volatile(expr, stage->planner->context->catalog); /* else for each place that has it */
    return once ? taken(stage, expr, 0, false)
                : stage_column(stage, add_column(stage, expr_copy(expr, stage->planner->arena), false), expr);
}

Expr *stage_take_subquery(Expr *expr, int level, void *stage)
{
    return expr->kind == EXPR_SUBLINK && !level ? stage_take(stage, expr) : expr;
}

void stage_finish(Stage *stage)
{
    query_map_exprs(stage->query, true, take_var, stage);
    stage_put_inner(stage);
}

/* ---- the forms ---- */

typedef struct Search {
    int depth, least; /* how deep inside subqueries of its query an aggregate stands, and has to */
} Search;

static bool find_own(const Query *query, void *arg);

static bool find_own_expr(const Expr *expr, void *arg)
{
    const Search *search = arg;
    if (expr->kind == EXPR_FUNC && (expr->oid == F_PG_TYPEOF_ANY || expr->oid == F_PG_COLLATION_FOR_ANY))
        return false; /* what they are given is not computed */
    bool own = expr->kind == EXPR_AGG && expr->u.agg.levels_up == search->depth;
    return (own && search->depth >= search->least) || expr_walk(expr, find_own_expr, arg);
}

static bool find_own(const Query *query, void *arg)
{
    Search *search = arg;
    bool found = query_walk_exprs(query, find_own_expr, arg);
    search->depth++;
    found = found || query_walk_queries(query, find_own, arg);
    search->depth--;
    return found;
}

/* Whether a type's values can be equal and not the same: the engine groups them by keys, and knows no other value of a group by itself. */
static bool is_grouped_by_keys(Oid type)
{
    return type == TYPE_INTERVAL ||
           (type_layout(type, -1).physical == FDW_STRING && type != TYPE_TEXT && type != TYPE_VARCHAR && type != TYPE_NAME);
}

static bool find_key(const Query *query, void *arg);

/* A column of the query around, in a subquery of an expression over its groups. arg: the depth. */
static bool find_key_expr(const Expr *expr, void *arg)
{
    int *depth = arg;
    if (expr->kind == EXPR_VAR)
        return *depth > 0 && expr->u.var.levels_up == *depth && is_grouped_by_keys(expr->type);
    if (expr->kind == EXPR_AGG && expr->u.agg.levels_up == *depth) /* of rows, not of groups */
        return false;
    return (expr->kind == EXPR_SUBLINK && *depth == 0 && find_key(expr->u.sublink.query, depth)) || expr_walk(expr, find_key_expr, depth);
}

static bool find_key(const Query *query, void *arg)
{
    int *depth = arg;
    ++*depth;
    bool found = query_walk_exprs(query, find_key_expr, depth) || query_walk_queries(query, find_key, depth);
    --*depth;
    return found;
}

static bool asks_of_keys(const Query *query)
{
    int depth = 0;
    bool found = query->having && find_key_expr(query->having, &depth);
    for (int i = 0; i < query->ntargets && !found; i++)
        found = find_key_expr(query->targets[i].expr, &depth);
    return found;
}

/* places: where the query's targets are among those of the subquery. */
static void move_grouping_sets(const Stage *stage, const int *places)
{
    Query *query = stage->query, *inner = stage->inner;
    Arena *arena = stage->planner->arena;
    inner->grouping_sets = ARENA_ARRAY(arena, GroupingSet, query->ngrouping_sets + 1);
    inner->ngrouping_sets = query->ngrouping_sets;
    inner->has_grouping = query->has_grouping;
    for (int i = 0; i < query->ngrouping_sets; i++) {
        const GroupingSet *set = &query->grouping_sets[i];
        int *targets = ARENA_ARRAY(arena, int, set->ntargets + 1);
        for (int t = 0; t < set->ntargets; t++)
            targets[t] = places[set->targets[t]];
        inner->grouping_sets[i] = (GroupingSet){targets, set->ntargets};
    }
    query->grouping_sets = NULL;
    query->ngrouping_sets = 0;
    query->has_grouping = false;
}

/* count(*) IS NOT NULL: makes one row of all, also where nothing else is aggregated. */
static Expr *always(Arena *arena)
{
    Expr *count = ARENA_NEW(arena, Expr), *test = ARENA_NEW(arena, Expr);
    *count = (Expr){.kind = EXPR_AGG, .type = TYPE_INT8, .typmod = -1, .location = -1, .oid = F_COUNT};
    count->u.agg.star = true;
    count->u.agg.kind = 'n';
    *test = (Expr){.kind = EXPR_IS_NOT_NULL, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 1};
    test->args = ARENA_ARRAY(arena, Expr *, 1);
    test->args[0] = count;
    return test;
}

/* Where constants have decided that none of its aggregates is asked for. */
static bool keep_group(const Query *constant, void *arg)
{
    Planner *planner = arg;
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    Search search = {0};
    if (query->has_aggs && !query->ngroup && !query->grouping_sets && !find_own(query, &search)) {
        Expr *tests[] = {always(planner->arena), query->having};
        query->having = refs_make_and(planner->arena, tests, query->having ? 2 : 1);
    }
    return query_walk_queries(query, keep_group, arg);
}

void stages_keep_groups(Planner *planner, Query *query)
{
    keep_group(query, planner);
}

void stages_divide_groups(Planner *planner, Query *query)
{
    Stage stage = {.planner = planner, .query = query, .grouped = true};
    int *places = ARENA_ARRAY(planner->arena, int, query->ntargets + 1);
    stage_move_rows(&stage);
    query_map_exprs(query, true, take_aggregate, &stage);
    Query keys = *query; /* as they are before they are taken */
    keys.targets = ARENA_ARRAY(planner->arena, Target, query->ntargets + 1);
    for (int i = 0; i < query->ngroup; i++) { /* keys that nothing shows count as well */
        int target = query->group[i];
        keys.targets[target].expr = expr_copy(query->targets[target].expr, planner->arena);
        places[target] = column_of(&stage, expr_copy(query->targets[target].expr, planner->arena), true) - 1;
    }
    stage.query = &keys;
    query_map_exprs(query, true, take_key, &stage);
    stage.query = query;
    query_map_exprs(query, true, take_var, &stage);
    stage.inner->has_aggs = true;
    query->where = query->having;
    query->having = NULL;
    if (!stage.inner->ntargets)
        stage.inner->having = always(planner->arena);
    if (query->grouping_sets)
        move_grouping_sets(&stage, places);
    query->ngroup = 0;
    query->has_aggs = false;
    stage_put_inner(&stage);
}

static int count_empty_sets(const Query *query)
{
    int empty = 0;
    for (int i = 0; i < query->ngrouping_sets; i++)
        empty += query->grouping_sets[i].ntargets == 0;
    return empty;
}

/* The group of all rows: no key has a value there. */
static Query *whole_group(Planner *planner, const Query *groups)
{
    Query *query = query_copy(groups, planner->arena);
    for (int i = 0; i < query->ntargets; i++) {
        Target *target = &query->targets[i];
        const Expr *expr = target->expr;
        if (expr->kind == EXPR_GROUPING)
            target->expr = expr_const(planner->arena, expr->type, -1, arena_printf(planner->arena, "%d", (1 << expr->nargs) - 1));
        else if (expr->kind != EXPR_AGG)
            target->expr = expr_const(planner->arena, expr->type, expr->typmod, NULL);
    }
    query->grouping_sets = NULL;
    query->ngrouping_sets = query->ngroup = 0;
    query->has_grouping = false;
    query->having = always(planner->arena);
    return query;
}

/* groups: a subquery that stages_divide_groups has made. */
static void divide_sets_of(Planner *planner, Rte *groups)
{
    Query *own = groups->query, *all = NULL;
    int empty = count_empty_sets(own), kept = 0;
    if (own->ngrouping_sets > 1) /* they become sides */
        unite_move_in(own);
    Query *whole = whole_group(planner, own);
    for (int i = 0; i < own->ngrouping_sets; i++)
        if (own->grouping_sets[i].ntargets)
            own->grouping_sets[kept++] = own->grouping_sets[i];
    own->ngrouping_sets = kept;
    all = kept ? own : NULL;
    for (int i = 0; i < empty; i++) {
        if (all && all->set_op)
            unite_move_in(all);
        all = unite_all(planner->arena, all, query_copy(whole, planner->arena));
    }
    groups->query = all;
}

/* Keys that return sets, or are not the same twice. */
static bool is_computed_before(const Planner *planner, const Query *query, int key)
{
    const Expr *expr = query->targets[query->group[key]].expr;
    return is_set(expr, NULL) || expr_is_volatile(expr, planner->context->catalog);
}

/* Keys in which subqueries are. */
static bool key_asks(const Planner *planner, const Query *query, int key)
{
    (void)planner;
    return refs_has_sublink(query->targets[query->group[key]].expr);
}

typedef bool (*KeyTest)(const Planner *planner, const Query *query, int key);

static bool has_key(const Planner *planner, const Query *query, KeyTest test)
{
    for (int i = 0; i < query->ngroup; i++)
        if (query->targets[query->group[i]].expr->kind != EXPR_VAR && test(planner, query, i))
            return true;
    return false;
}

/* The keys that `test` tells are columns of a subquery, wherever they are written. */
static void divide_keys(Planner *planner, Query *query, KeyTest test)
{
    if (!has_key(planner, query, test))
        return;
    Stage stage = {.planner = planner, .query = query};
    bool has_set = false;
    stage_move_rows(&stage);
    /* The other keys may be columns that these are made of: only these are taken, as a whole. */
    Query keys = *query;
    keys.group = ARENA_ARRAY(planner->arena, int, query->ngroup);
    keys.ngroup = 0;
    keys.targets = ARENA_ARRAY(planner->arena, Target, query->ntargets + 1);
    for (int i = 0; i < query->ngroup; i++) {
        int target = query->group[i];
        if (!test(planner, query, i))
            continue;
        has_set |= is_set(query->targets[target].expr, NULL);
        keys.targets[target].expr = expr_copy(query->targets[target].expr, planner->arena);
        keys.group[keys.ngroup++] = target;
    }
    stage.query = &keys;
    query_map_exprs(query, true, take_key, &stage);
    stage.query = query;
    query_map_exprs(query, true, take_var, &stage);
    stage.inner->has_set_functions = has_set;
    query->has_set_functions = false;
    for (int i = 0; i < query->ntargets; i++)
        query->has_set_functions |= is_set(query->targets[i].expr, NULL);
    stage_put_inner(&stage);
}

/* ---- keys of grouping sets that are alike ---- */

static bool has_column(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_VAR || expr_walk(expr, has_column, arg);
}

/* Without what the engine leaves out. */
static const Expr *bare_key(const Expr *key)
{
    while (key->kind == EXPR_RELABEL || (key->kind == EXPR_COALESCE && key->nargs == 1))
        key = key->args[0];
    return key;
}

/* By key: whether it is, or may come to be, one of those before it. NULL: none is. */
static bool *find_alike(Planner *planner, const Query *query)
{
    Query keys = {.kind = QUERY_SELECT, .result_rte = -1, .arena = planner->arena, .ntargets = query->ngroup};
    keys.targets = ARENA_ARRAY(planner->arena, Target, query->ngroup + 1);
    for (int i = 0; i < query->ngroup; i++)
        keys.targets[i].expr = expr_copy(query->targets[query->group[i]].expr, planner->arena);
    fold_constants(planner, &keys);
    bool *alike = ARENA_ARRAY(planner->arena, bool, query->ngroup + 1), any = false;
    for (int i = 0; i < query->ngroup; i++)
        for (int before = 0; before < i && !alike[i]; before++) {
            const Expr *key = bare_key(keys.targets[i].expr), *other = bare_key(keys.targets[before].expr);
            bool are_known_later = !has_column(key, NULL) && !has_column(other, NULL);
            alike[i] = are_known_later || expr_equal(key, other);
            any |= alike[i];
        }
    return any ? alike : NULL;
}

typedef struct Parting {
    Stage stage;
    const bool *alike;
    Expr **keys;    /* as they are written */
    ExprList marks; /* columns yet to come: each has its key's number, from 1 */
} Parting;

static Expr *mark_key(Parting *parting, int key)
{
    Expr *mark = stage_column(&parting->stage, key + 1, parting->keys[key]);
    vec_push(parting->stage.planner->arena, &parting->marks, mark);
    return mark;
}

/* GROUPING's arguments say which key is meant as they are written, all other expressions when constants are computed. */
static Expr *mark_grouping(Expr *expr, int level, void *arg)
{
    Parting *parting = arg;
    for (int i = 0; level == 0 && expr->kind == EXPR_GROUPING && i < expr->nargs; i++) {
        int key = 0;
        while (key < parting->stage.query->ngroup && !expr_equal(parting->keys[key], expr->args[i]))
            key++;
        if (key < parting->stage.query->ngroup && parting->alike[key])
            expr->args[i] = mark_key(parting, key);
    }
    return expr;
}

static void part_keys(Planner *planner, Query *query, const bool *alike)
{
    Arena *arena = planner->arena;
    Parting parting = {.stage = {.planner = planner, .query = query}, .alike = alike};
    parting.keys = ARENA_ARRAY(arena, Expr *, query->ngroup);
    for (int i = 0; i < query->ngroup; i++)
        parting.keys[i] = expr_copy(query->targets[query->group[i]].expr, arena);
    stage_move_rows(&parting.stage);
    query_map_exprs(query, false, mark_grouping, &parting);
    for (int i = 0; i < query->ngroup; i++)
        if (alike[i])
            query->targets[query->group[i]].expr = mark_key(&parting, i);
    query_map_exprs(query, true, take_var, &parting.stage);
    int *columns = ARENA_ARRAY(arena, int, query->ngroup + 1); /* last, for what is alike is one column when it is taken */
    for (int i = 0; i < query->ngroup; i++)
        columns[i] = alike[i] ? add_column(&parting.stage, parting.keys[i], false) : 0;
    for (size_t i = 0; i < parting.marks.count; i++)
        parting.marks.items[i]->u.var.column = columns[parting.marks.items[i]->u.var.column - 1];
    stage_put_inner(&parting.stage);
}

static bool part_keys_of(const Query *constant, void *arg)
{
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    const bool *alike = query->ngrouping_sets && query->ngroup > 1 && !query->has_set_functions ? find_alike(arg, query) : NULL;
    if (alike)
        part_keys(arg, query, alike);
    return query_walk_queries(query, part_keys_of, arg);
}

void stages_part_keys(Planner *planner, Query *query)
{
    part_keys_of(query, planner);
}

/* ---- operands of aggregates and window functions that call volatile functions: once a row, however they are written; and subqueries ----
 */

typedef struct Calls {
    Planner *planner;
    Stage *stage;          /* what is found is taken; NULL: it is only looked for */
    bool filters, windows; /* filters of calls, and no arguments; partitions and orders of windows */
    bool found;
} Calls;

static bool is_volatile(const Calls *calls, const Expr *expr)
{
    return expr_is_volatile(expr, calls->planner->context->catalog);
}

/* DISTINCT is sorted by its arguments, in which the engine does not find a subquery about the row again. */
static bool is_sorted_distinct(const Expr *expr)
{
    return expr->kind == EXPR_AGG && expr->u.agg.distinct && expr->u.agg.norder;
}

static bool sorts_subqueries(const Expr *expr, void *arg)
{
    for (int i = 0; is_sorted_distinct(expr) && i < expr->nargs; i++)
        if (refs_has_sublink(expr->args[i]))
            return true;
    return expr_walk(expr, sorts_subqueries, arg);
}

/* A column of its own. Rows are none: their fields are. filter: of the call; where it is not true, the operand is not computed. */
static Expr *take_operand(Calls *calls, Expr *expr, Expr *filter, bool with_subqueries)
{
    Arena *arena = calls->planner->arena;
    if (!is_volatile(calls, expr) && !(with_subqueries && refs_has_sublink(expr)))
        return expr;
    calls->found = true;
    if (!calls->stage)
        return expr;
    for (int i = 0; expr->kind == EXPR_ROW && i < expr->nargs; i++)
        expr->args[i] = take_operand(calls, expr->args[i], filter, with_subqueries);
    if (expr->kind == EXPR_ROW)
        return expr;
    Expr *own = expr;
    if (filter) {
        own = ARENA_NEW(arena, Expr);
        *own = (Expr){.kind = EXPR_CASE, .type = expr->type, .typmod = expr->typmod, .collation = expr->collation, .location = -1};
        own->nargs = 3;
        own->args = ARENA_ARRAY(arena, Expr *, own->nargs);
        own->args[0] = expr_copy(filter, arena);
        own->args[1] = expr;
        own->args[2] = expr_const(arena, expr->type, expr->typmod, NULL);
    }
    return expr_var(arena, OF_SUBQUERY, add_column(calls->stage, own, false), expr->type, expr->typmod, expr->collation);
}

/* For query_map_exprs. */
static Expr *take_operands(Expr *expr, int level, void *arg)
{
    Calls *calls = arg;
    bool is_window = expr->kind == EXPR_WINDOW;
    if (level || calls->windows || (!is_window && (expr->kind != EXPR_AGG || expr->u.agg.levels_up)))
        return expr;
    Expr **filter = is_window ? &expr->u.window.filter : &expr->u.agg.filter;
    if (calls->filters && *filter)
        *filter = take_operand(calls, *filter, NULL, false);
    for (int i = 0; !calls->filters && i < expr->nargs; i++)
        expr->args[i] = take_operand(calls, expr->args[i], *filter, is_sorted_distinct(expr));
    return expr;
}

/* What windows are divided and sorted by, wherever else it stands. */
static Expr *take_window_key(Expr *expr, int level, void *arg)
{
    Stage *stage = ((Calls *)arg)->stage;
    const Query *inner = stage->inner;
    for (int i = 0; i < inner->ntargets && !level && expr->kind != EXPR_VAR; i++)
        if (expr_equal(inner->targets[i].expr, expr))
            return taken(stage, expr, 0, false);
    return expr;
}

static void take_window_keys(const Calls *calls, Window *window)
{
    for (int i = 0; i < window->npartition + window->norder; i++) {
        Expr **key = i < window->npartition ? &window->partition[i] : &window->order[i - window->npartition];
        if (is_volatile(calls, *key))
            *key = taken(calls->stage, *key, 0, false);
    }
}

static bool has_volatile_window(const Planner *planner, const Query *query)
{
    Catalog *catalog = planner->context->catalog;
    for (int i = 0; i < query->nwindows; i++) {
        const Window *window = &query->windows[i];
        for (int k = 0; k < window->npartition + window->norder; k++)
            if (expr_is_volatile(k < window->npartition ? window->partition[k] : window->order[k - window->npartition], catalog))
                return true;
    }
    return false;
}

static void divide_calls(Planner *planner, Query *query, bool filters, bool windows)
{
    Calls calls = {.planner = planner, .filters = filters, .windows = windows};
    query_map_exprs(query, false, take_operands, &calls);
    if (!calls.found && !(windows && has_volatile_window(planner, query)))
        return;
    if (query->has_windows && (query->has_aggs || query->ngroup || query->grouping_sets))
        stages_divide_groups(planner, query);
    Stage stage = {.planner = planner, .query = query};
    calls.stage = &stage;
    stage_move_rows(&stage);
    for (int i = 0; i < query->nwindows && windows; i++)
        take_window_keys(&calls, &query->windows[i]);
    query_map_exprs(query, false, windows ? take_window_key : take_operands, &calls);
    stage_finish(&stage);
}

static void divide_operands(Planner *planner, Query *query)
{
    bool wanted = query_is_volatile(query, planner->context->catalog) || query_walk_exprs(query, sorts_subqueries, NULL);
    if (!wanted || !(query->has_aggs || query->has_windows))
        return;
    divide_calls(planner, query, false, true);
    divide_calls(planner, query, true, false);
    divide_calls(planner, query, false, false);
}

static bool has_nested_set(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_FUNC && expr->u.func.returns_set && expr_walk(expr, is_set, NULL))
        return true;
    return expr_walk(expr, has_nested_set, arg);
}

static bool divide_sets(Planner *planner, Query *query)
{
    bool nested = false;
    for (int i = 0; i < query->ntargets; i++)
        nested |= has_nested_set(query->targets[i].expr, NULL);
    if (!nested || query->has_aggs || query->has_windows || query->ngroup || query->grouping_sets)
        return false;
    Stage stage = {.planner = planner, .query = query};
    stage_move_rows(&stage);
    query_map_exprs(query, true, take_set, &stage);
    query_map_exprs(query, true, take_var, &stage);
    stage.inner->has_set_functions = true;
    stage_put_inner(&stage);
    return true;
}

static bool asks(const Expr *limit)
{
    return limit && (refs_outer_expr(limit) || refs_has_sublink(limit));
}

/* Rows of DISTINCT ON, then limited: the engine ranks rows for such a limit, which it cannot do of those that it is still choosing. Or rows
 * that are sorted by what is not the same twice: the engine may compute it once more, as a key. */
static void divide_limit(Planner *planner, Query *query)
{
    Arena *arena = planner->arena;
    Query *inner = ARENA_NEW(arena, Query);
    *inner = *query;
    inner->limit = inner->offset = NULL;
    inner->with_ties = false;
    inner->norder = query->ndistinct_on ? query->norder : 0;
    inner->ctes = NULL;
    inner->nctes = 0;
    Query outside = {.kind = QUERY_SELECT, .result_rte = -1, .arena = query->arena, .ntargets = query->ntargets};
    outside.order = query->order;
    outside.norder = query->norder;
    outside.limit = query->limit;
    outside.offset = query->offset;
    outside.with_ties = query->with_ties;
    outside.ctes = query->ctes;
    outside.nctes = query->nctes;
    outside.with_recursive = query->with_recursive;
    outside.has_sublinks = query->has_sublinks;
    outside.targets = ARENA_ARRAY(arena, Target, query->ntargets + 1);
    inner->targets = ARENA_ARRAY(arena, Target, query->ntargets + 1);
    for (int i = 0; i < query->ntargets; i++) {
        const Expr *expr = query->targets[i].expr;
        outside.targets[i] = inner->targets[i] = query->targets[i];
        inner->targets[i].junk = false;
        outside.targets[i].expr = stage_column(&(Stage){.planner = planner}, i + 1, expr);
    }
    *query = outside;
    stage_put_inner(&(Stage){.planner = planner, .query = query, .inner = inner});
}

static bool divide(const Query *constant, void *arg)
{
    Planner *planner = arg;
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    Search search = {.least = 1};
    if (query->kind == QUERY_SELECT && !query->set_op) {
        if (query->with_ties && query->has_set_functions && !query->ndistinct_on) /* ties are told among the rows that the sets give */
            divide_limit(planner, query);
        postpone_targets(planner, query);
        turns_take(planner, query);
        bool limits_choice = query->ndistinct_on && (query->with_ties || asks(query->limit) || asks(query->offset));
        if (limits_choice || (!query->ndistinct_on && query_sorts_by_volatile(query, planner->context->catalog)))
            divide_limit(planner, query);
        bool loses_set = count_empty_sets(query) && refs_outer_query(query);
        if (loses_set || (query->has_aggs && find_own(query, &search)) || (query->ngroup && asks_of_keys(query)))
            stages_divide_groups(planner, query);
        if (loses_set)
            divide_sets_of(planner, query->rtes[0]);
        divide_operands(planner, query);
        divide_keys(planner, query, is_computed_before);
        if (query->having && expr_is_volatile(query->having, planner->context->catalog)) /* lambdas cannot stand there: print_let.c */
            stages_divide_groups(planner, query);
        while (query->has_set_functions && divide_sets(planner, query))
            ;
    }
    return query_walk_queries(query, divide, planner);
}

static bool divide_asking_keys(const Query *constant, void *arg)
{
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    divide_keys(arg, query, key_asks);
    return query_walk_queries(query, divide_asking_keys, arg);
}

void stages_divide_asking_keys(Planner *planner, Query *query)
{
    divide_asking_keys(query, planner);
}

void stages_divide(Planner *planner, Query *query)
{
    divide(query, planner);
    guard_arms(planner, query);
}
