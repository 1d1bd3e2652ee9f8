/*
 * bind.c - bind joins: the rows of the smaller side are read first and kept in the local engine, and their keys become a filter of what
 * the other side's source is asked.
 *
 * The entries of a level are taken by their expected size. Each binds the leaves that it is joined with and that are much larger; what is
 * bound is then small itself and may bind further ones.
 *
 * Invariants:
 *  1. The local query is the same with and without: the keys only leave out rows that it would drop (bind_find.c says which these are).
 *  2. An entry's rows are kept before another one is bound by them, and after it was bound itself: the order of the steps.
 *  3. A leaf is bound by one entry, by all equalities with it at once.
 *  4. Keys are parameters of the source's statement, never a part of its text; the two ends of a range are constants like any other.
 * Threads: the session's own.
 */
#include "plan/bind.h"

/* Below so many rows a scan costs no more than the wait for keys; and so many times fewer must the keys be. */
enum { FEWEST_BOUND = 2000, FEWER_KEYS = 4, MOST_DRIVER_ROWS = 400000 };

typedef struct BindRange {
    Planner planner;
    PlanContext context;
    const Leaf *leaf;
    const Expr *bound;
    Oid type, low_op, high_op;
    int key;
} BindRange;

/* ---- what the source is asked ---- */

static Expr *new_expr(Arena *arena, ExprKind kind, Oid type)
{
    Expr *expr = ARENA_NEW(arena, Expr);
    *expr = (Expr){.kind = kind, .type = type, .typmod = -1, .location = -1};
    return expr;
}

static Expr *list_param(Arena *arena, Oid key_type, size_t number)
{
    Expr *param = new_expr(arena, EXPR_PARAM, type_array_of(key_type));
    param->u.param = (int)number;
    return param;
}

static Expr **two(Arena *arena, Expr *left, Expr *right)
{
    Expr **args = ARENA_ARRAY(arena, Expr *, 2);
    args[0] = left;
    args[1] = right;
    return args;
}

/* x = ANY ($1) */
static Expr *any_of(Arena *arena, const KeyPair *pair, size_t number)
{
    Expr *any = new_expr(arena, EXPR_ANY_ALL, TYPE_BOOL);
    any->oid = pair->op;
    any->nargs = 2;
    any->args = two(arena, expr_copy(pair->bound, arena), list_param(arena, pair->type, number));
    return any;
}

static Expr *as_value(Arena *arena, const Expr *column)
{
    Expr *value = new_expr(arena, EXPR_RELABEL, column->type);
    value->typmod = column->typmod;
    value->collation = column->collation;
    value->nargs = 1;
    value->args = ARENA_ARRAY(arena, Expr *, 1);
    value->args[0] = expr_copy(column, arena);
    return value;
}

static Oid unnest_of(Planner *planner)
{
    static const Oid UNNEST_ANYARRAY = 2331;
    const CatProc *proc = catalog_proc(planner->context->catalog, UNNEST_ANYARRAY);
    return proc ? proc->oid : OID_NONE;
}

/* SELECT * FROM ROWS FROM (unnest($1), unnest($2)) */
static Query *keys_query(Planner *planner, const KeyPairs *pairs, size_t first)
{
    Arena *arena = planner->arena;
    int count = (int)pairs->count;
    Query *query = ARENA_NEW(arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .nrtes = 1, .nfrom = 1, .ntargets = count};
    Rte *rte = ARENA_NEW(arena, Rte);
    *rte = (Rte){.kind = RTE_FUNCTION, .in_from = true, .alias = "unnest", .nfunctions = count, .ncolumns = count};
    rte->functions = ARENA_ARRAY(arena, Expr *, count);
    rte->function_columns = ARENA_ARRAY(arena, int, count);
    rte->columns = ARENA_ARRAY(arena, RteColumn, count);
    query->targets = ARENA_ARRAY(arena, Target, count);
    for (int i = 0; i < count; i++) {
        Oid type = pairs->items[i].type;
        Expr *call = rte->functions[i] = new_expr(arena, EXPR_FUNC, type);
        call->oid = unnest_of(planner);
        call->u.func.returns_set = true;
        call->nargs = 1;
        call->args = ARENA_ARRAY(arena, Expr *, 1);
        call->args[0] = list_param(arena, type, first + (size_t)i);
        rte->function_columns[i] = 1;
        rte->columns[i] = (RteColumn){.name = "key", .type = type, .typmod = -1};
        query->targets[i] = (Target){.expr = expr_var(arena, 0, i + 1, type, -1, OID_NONE), .name = "key"};
    }
    query->rtes = ARENA_ARRAY(arena, Rte *, 1);
    query->rtes[0] = rte;
    query->from = ARENA_ARRAY(arena, FromItem *, 1);
    query->from[0] = ARENA_NEW(arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE};
    return query;
}

/* (x, y) IN (query) */
static Expr *in_query(Planner *planner, const KeyPairs *pairs, Query *query)
{
    Arena *arena = planner->arena;
    Expr *in = new_expr(arena, EXPR_SUBLINK, TYPE_BOOL);
    int count = in->nargs = in->u.sublink.nops = (int)pairs->count;
    in->u.sublink.kind = SUBLINK_ANY;
    in->u.sublink.is_in = true;
    in->u.sublink.query = query;
    in->u.sublink.ops = ARENA_ARRAY(arena, Oid, count);
    in->args = ARENA_ARRAY(arena, Expr *, count);
    for (int i = 0; i < count; i++) {
        in->u.sublink.ops[i] = pairs->items[i].op;
        in->args[i] = expr_copy(pairs->items[i].bound, arena);
    }
    return in;
}

static void mark_sublinks(Query *query)
{
    query->has_sublinks = true;
    if (query->set_op) {
        mark_sublinks(query->left);
        mark_sublinks(query->right);
    }
}

/* The leaf's query with the condition; NULL: it must not go in, or the source cannot say it. */
static Query *asked_with(Planner *planner, const Leaf *leaf, const Expr *condition)
{
    Query *query = query_copy(leaf->query, planner->arena);
    if (!push_onto(planner, query, condition))
        return NULL;
    if (condition->kind == EXPR_SUBLINK)
        mark_sublinks(query);
    return source_can_say_query(planner, leaf->source, query, NULL) ? query : NULL;
}

/* The pair whose keys have the fewest rows each, as far as is known. */
static size_t most_telling(Planner *planner, const Leaf *leaf, const KeyPairs *pairs)
{
    size_t found = 0;
    double most = -1;
    for (size_t i = 0; i < pairs->count && pairs->count > 1; i++) {
        const Expr *bound = pairs->items[i].bound;
        bool column = bound->kind == EXPR_VAR && !leaf->query->set_op;
        double distinct = column ? estimate_distinct(planner, leaf->query, leaf->query->targets[bound->u.var.column - 1].expr) : 0;
        if (distinct > most) {
            most = distinct;
            found = i;
        }
    }
    return found;
}

/* Row keys where the dialect has them; else what the lists say one by one: more rows than needed, never fewer. One index is used then, and
 * should be the best: the other columns stand there as values. */
static Query *asked_for_keys(Planner *planner, const Leaf *leaf, const KeyPairs *pairs, size_t first)
{
    bool rows = pairs->count > 1 && leaf->source->dialect == sql_dialect("postgres");
    if (rows)
        return asked_with(planner, leaf, in_query(planner, pairs, keys_query(planner, pairs, first)));
    ExprList all = {0};
    size_t index = most_telling(planner, leaf, pairs);
    for (size_t i = 0; i < pairs->count; i++) {
        KeyPair pair = pairs->items[i];
        pair.bound = i == index ? pair.bound : as_value(planner->arena, pair.bound);
        vec_push(planner->arena, &all, any_of(planner->arena, &pair, first + i));
    }
    return asked_with(planner, leaf, refs_make_and(planner->arena, all.items, all.count));
}

/* ---- ranges ---- */

static bool is_ordered_type(Oid type)
{
    static const Oid TYPES[] = {TYPE_INT2, TYPE_INT4, TYPE_INT8, TYPE_OID, TYPE_DATE, TYPE_TIME, TYPE_TIMESTAMP, TYPE_TIMESTAMPTZ};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (TYPES[i] == type)
            return true;
    return false;
}

/* The operator of that name on the same operands. */
static Oid sibling(Planner *planner, Oid op, const char *name)
{
    Catalog *catalog = planner->context->catalog;
    const CatOperator *equal = catalog_operator(catalog, op), *const * named;
    size_t count = catalog_operators_by_name(catalog, "pg_catalog", name, &named);
    for (size_t i = 0; i < count && equal; i++)
        if (named[i]->left == equal->left && named[i]->right == equal->right)
            return named[i]->oid;
    return OID_NONE;
}

static const BindRange *range_of(Planner *planner, const Leaf *leaf, const KeyPairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        const KeyPair *pair = &pairs->items[i];
        Oid low = sibling(planner, pair->op, ">="), high = sibling(planner, pair->op, "<=");
        if (!is_ordered_type(pair->type) || !is_ordered_type(pair->bound->type) || !low || !high)
            continue;
        BindRange *range = ARENA_NEW(planner->arena, BindRange);
        *range = (BindRange){*planner, *planner->context, leaf, pair->bound, pair->type, low, high, (int)i};
        return range;
    }
    return NULL;
}

static Expr *limit_of(const BindRange *range, Oid op, const char *value, Arena *arena)
{
    Expr *expr = new_expr(arena, EXPR_OP, TYPE_BOOL);
    expr->oid = op;
    expr->nargs = 2;
    expr->args = two(arena, expr_copy(range->bound, arena), expr_const(arena, range->type, -1, value));
    return expr;
}

/* The planner of then, with all that it may write to being this execution's. */
const FdwScanSpec *plan_bind_range(const Leaf *leaf, const char *low, const char *high, const FuncContext *functions, Arena *arena,
                                   Error *error)
{
    const BindRange *range = leaf->binding->range;
    Planner planner = range->planner;
    PlanContext context = range->context;
    context.catalog = functions->catalog;
    context.functions = functions;
    context.remote = NULL;
    planner.context = &context;
    planner.arena = arena;
    planner.error = error;
    planner.sources.cap = planner.sources.count;
    planner.leaves.cap = planner.leaves.count;
    planner.reasons.cap = planner.reasons.count;
    Expr *limits[] = {limit_of(range, range->low_op, low, arena), limit_of(range, range->high_op, high, arena)};
    Query *query = asked_with(&planner, leaf, refs_make_and(planner.arena, limits, 2));
    FdwScanSpec *spec = ARENA_NEW(planner.arena, FdwScanSpec);
    *spec = leaf->spec;
    if (query && !leaf_print(&planner, leaf->source, query, spec, leaf->printed))
        return NULL;
    return spec;
}

int plan_bind_range_key(const Leaf *leaf)
{
    return leaf->binding && leaf->binding->range ? leaf->binding->range->key : -1;
}

/* ---- the steps ---- */

static Expr *over_targets(const Query *query, Expr *expr, Arena *arena)
{
    if (!expr) /* a bound that a slice leaves out */
        return NULL;
    if (expr->kind == EXPR_VAR)
        return query->targets[expr->u.var.column - 1].expr;
    for (int i = 0; i < expr->nargs; i++)
        expr->args[i] = over_targets(query, expr->args[i], arena);
    return expr;
}

/* In the statement's names: a leaf's columns are what it was asked for. */
static const char *keys_text(const Binder *binder, const KeyPairs *pairs)
{
    Planner *planner = binder->planner;
    const Leaf *leaf = bind_leaf_of(planner, binder->query, pairs->items[0].driver_rte);
    const Query *query = leaf && leaf->kind != LEAF_LOCAL ? leaf->query : NULL;
    Str text;
    str_init(&text, planner->arena);
    for (size_t i = 0; i < pairs->count; i++) {
        Expr *key = expr_copy(pairs->items[i].driver, planner->arena);
        key = query && !query->set_op ? over_targets(query, key, planner->arena) : key;
        str_addf(&text, "%s%s", i ? ", " : "",
                 sql_describe_expr(key, query ? query : binder->query, planner->context->catalog, planner->arena));
    }
    return text.data;
}

static Expr *not_null(Arena *arena, Expr *value)
{
    Expr *test = new_expr(arena, EXPR_IS_NOT_NULL, TYPE_BOOL);
    test->nargs = 1;
    test->args = ARENA_ARRAY(arena, Expr *, 1);
    test->args[0] = value;
    return test;
}

/* A query over one entry of the level alone. */
static Query *over_entry(const Binder *binder, int rte)
{
    Arena *arena = binder->planner->arena;
    Query *query = ARENA_NEW(arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .nrtes = binder->query->nrtes, .nfrom = 1};
    query->rtes = ARENA_ARRAY(arena, Rte *, query->nrtes);
    for (int i = 0; i < query->nrtes; i++) {
        query->rtes[i] = i == rte ? binder->query->rtes[i] : ARENA_NEW(arena, Rte);
        query->rtes[i]->kind = i == rte ? query->rtes[i]->kind : RTE_RESULT;
    }
    query->from = ARENA_ARRAY(arena, FromItem *, 1);
    query->from[0] = ARENA_NEW(arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE, .rte = rte};
    return query;
}

/* SELECT DISTINCT keys FROM driver WHERE what its rows meet in any case: NULLs equal nothing. */
static Query *distinct_keys(const Binder *binder, const KeyPairs *pairs, const ExprList *conditions)
{
    Arena *arena = binder->planner->arena;
    Query *query = over_entry(binder, pairs->items[0].driver_rte);
    query->distinct = true;
    query->ntargets = (int)pairs->count;
    query->targets = ARENA_ARRAY(arena, Target, query->ntargets);
    ExprList where = {0};
    for (size_t i = 0; i < conditions->count; i++)
        vec_push(arena, &where, expr_copy(conditions->items[i], arena));
    for (int i = 0; i < query->ntargets; i++) {
        query->targets[i] = (Target){.expr = expr_copy(pairs->items[i].driver, arena), .name = "key"};
        vec_push(arena, &where, not_null(arena, expr_copy(pairs->items[i].driver, arena)));
    }
    query->where = refs_make_and(arena, where.items, where.count);
    return query;
}

/* The local engine must be able to say the keys: what it cannot would have been shipped or refused. */
static bool can_say_locally(Planner *planner, const Query *query)
{
    PrintContext context = {.dialect = sql_dialect("duckdb"),
                            .catalog = planner->context->catalog,
                            .param_values = planner->context->param_values,
                            .nparams = planner->context->nparams,
                            .params_bound = planner->context->params_bound};
    return sql_query_printable(query, &context, planner->arena, NULL);
}

static void add_step(const Binder *binder, PlanStep step)
{
    vec_push(binder->planner->arena, &binder->planner->steps, step);
}

static void keep(const Binder *binder, int rte);

/* SELECT the leaf's columns FROM it WHERE its keys are among those of what was kept before. NULL: nothing says so. */
static Query *reduced_rows(const Binder *binder, int rte)
{
    Planner *planner = binder->planner;
    Arena *arena = planner->arena;
    ExprList where = {0};
    for (size_t i = 0; i < binder->reductions.count; i++) {
        const Reduction *reduction = &binder->reductions.items[i];
        if (reduction->rte != rte)
            continue;
        keep(binder, reduction->pairs.items[0].driver_rte);
        vec_push(arena, &where, in_query(planner, &reduction->pairs, distinct_keys(binder, &reduction->pairs, &reduction->conditions)));
    }
    if (!where.count)
        return NULL;
    Query *query = over_entry(binder, rte);
    const Rte *entry = query->rtes[rte];
    query->ntargets = entry->ncolumns;
    query->targets = ARENA_ARRAY(arena, Target, entry->ncolumns);
    for (int i = 0; i < entry->ncolumns; i++)
        query->targets[i] = (Target){.expr = expr_var(arena, rte, i + 1, entry->columns[i].type, entry->columns[i].typmod, OID_NONE),
                                     .name = entry->columns[i].name};
    query->where = refs_make_and(arena, where.items, where.count);
    query->has_sublinks = true;
    return query;
}

/* The driver's rows are to be read first. Those of a table of Medley's own lie there already. */
static void keep(const Binder *binder, int rte)
{
    Planner *planner = binder->planner;
    Rte *entry = binder->query->rtes[rte];
    Leaf *leaf = bind_leaf_of(planner, binder->query, rte);
    if (leaf && (leaf->kept || leaf->kind == LEAF_STORED))
        return;
    if (!leaf) {
        Query *query = entry->query;
        if (entry->kind == RTE_VALUES)
            return;
        leaf = leaf_of_local(planner, query, entry->columns, entry->ncolumns);
        leaf->rows = binder->rows[rte];
        const char *alias = entry->alias;
        *entry = *leaf_rte(planner, leaf);
        entry->alias = alias;
    }
    Query *rows = leaf->kind == LEAF_LOCAL ? leaf->query : reduced_rows(binder, rte);
    leaf->kept = true;
    add_step(binder, (PlanStep){.kind = STEP_KEEP, .leaf = leaf->number, .query = rows});
}

static const FdwParam *params_of(const Binder *binder, const Leaf *leaf, const KeyPairs *pairs, LeafBinding *binding)
{
    const PlanContext *context = binder->planner->context;
    bool own = leaf->nparams || leaf->source->dialect != sql_dialect("postgres");
    size_t known = leaf->nparams > (size_t)context->nparams ? leaf->nparams : (size_t)context->nparams, before = own ? known : 0;
    FdwParam *params = ARENA_ARRAY(binder->planner->arena, FdwParam, before + pairs->count);
    for (size_t i = 0; i < before; i++)
        params[i] = i < leaf->nparams ? leaf->params[i]
                                      : (FdwParam){context->param_types[i], context->params_bound ? context->param_values[i] : NULL};
    for (size_t i = 0; i < pairs->count; i++)
        params[before + i].oid = type_array_of(pairs->items[i].type);
    binding->nparams = before + pairs->count;
    binding->first_param = before;
    return params;
}

/* Not texts that may have no character in the source's encoding; those of SQLite have all. */
static bool can_send_keys(const Leaf *leaf, const KeyPairs *pairs)
{
    bool has_text = false;
    for (size_t i = 0; i < pairs->count; i++) {
        Oid type = pairs->items[i].type;
        has_text |= type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_BPCHAR || type == TYPE_NAME;
    }
    return !has_text || leaf->source->dialect == sql_dialect("sqlite") || !source_has_other_encoding((Source *)(uintptr_t)leaf->source);
}

bool bind_leaf(Binder *binder, Leaf *leaf, const KeyPairs *pairs, const ExprList *conditions)
{
    Planner *planner = binder->planner;
    LeafBinding *binding = ARENA_NEW(planner->arena, LeafBinding);
    binding->params = params_of(binder, leaf, pairs, binding);
    Query *asked = asked_for_keys(planner, leaf, pairs, binding->first_param + 1);
    Query *keys = distinct_keys(binder, pairs, conditions);
    FdwScanSpec spec = leaf->spec;
    if (!asked || !can_say_locally(planner, keys) || !can_send_keys(leaf, pairs))
        return true;
    if (!leaf_print(planner, leaf->source, asked, &spec, leaf->printed))
        return false;
    FdwType *types = ARENA_ARRAY(planner->arena, FdwType, pairs->count);
    for (size_t i = 0; i < pairs->count; i++)
        types[i] = type_layout(pairs->items[i].driver->type, pairs->items[i].driver->typmod);
    binding->sql = spec.sql;
    binding->types = types;
    binding->nkeys = (int)pairs->count;
    binding->rows = leaf->rows;
    binding->always = planner->context->bind == BIND_ALWAYS;
    binding->as_json = leaf->source->dialect == sql_dialect("sqlite");
    binding->text = keys_text(binder, pairs);
    binding->range = range_of(planner, leaf, pairs);
    keep(binder, pairs->items[0].driver_rte);
    if (leaf->kept) /* the driver's rows are kept by what is left of the leaf's own */
        return true;
    leaf->binding = binding;
    add_step(binder, (PlanStep){.kind = STEP_BIND, .leaf = leaf->number, .query = keys});
    return true;
}

/* ---- which entry binds which ---- */

static void conditions_on(const Binder *binder, const KeyPair *pair, ExprList *out)
{
    if (pair->around)
        bind_own_conditions(binder->planner, binder->query, pair->driver_rte, pair->around, out);
    if (pair->where && pair->where != pair->around)
        bind_own_conditions(binder->planner, binder->query, pair->driver_rte, pair->where, out);
}

/* Different keys among rows. */
static double distinct_part(const Binder *binder, const Expr *key, double rows)
{
    double distinct = estimate_distinct(binder->planner, binder->query, key);
    return distinct >= 1 && distinct < rows ? distinct : rows;
}

/* Rows of the bound side that have one of the keys: where it is not known how many have the same, one does. Conditions of its own have left
 * some keys without a row. */
static double rows_asked(const Binder *binder, const KeyPairs *pairs, const Query *bound, double all, double keys)
{
    double each = 1;
    for (size_t i = 0; i < pairs->count; i++) {
        double distinct = estimate_distinct(binder->planner, bound, pairs->items[i].bound);
        double these = distinct >= 1 ? all / distinct : 1;
        each = i == 0 || these < each ? these : each;
    }
    double rows = keys * each;
    return rows > all ? all : rows < 1 ? 1 : rows;
}

BindOffer bind_offer(const Binder *binder, const KeyPairs *pairs, const Query *bound, double all)
{
    BindOffer offer = {0};
    int driver = pairs->items[0].driver_rte;
    conditions_on(binder, &pairs->items[0], &offer.conditions);
    offer.rows = binder->rows[driver] * estimate_part(binder->planner, binder->query, &offer.conditions);
    offer.rows = offer.rows < 1 ? 1 : offer.rows;
    offer.keys = distinct_part(binder, pairs->items[0].driver, offer.rows);
    offer.asked = rows_asked(binder, pairs, bound, all, offer.keys);
    return offer;
}

/* Many keys may still be few beside the rows; but where most rows are asked for all the same, a scan gives them sooner. */
bool bind_pays(const Binder *binder, const BindOffer *offer, double all)
{
    if (binder->planner->context->bind == BIND_ALWAYS)
        return true;
    return offer->rows <= MOST_DRIVER_ROWS && all >= FEWEST_BOUND && offer->keys * FEWER_KEYS <= all && offer->asked * 2 <= all;
}

/* All that `driver` says about `bound`: pairs of one list of conditions, so that they hold together. */
static void pairs_of(const Binder *binder, int driver, int bound, KeyPairs *out)
{
    const KeyPair *first = NULL;
    for (size_t i = 0; i < binder->pairs.count; i++) {
        const KeyPair *pair = &binder->pairs.items[i];
        if (pair->driver_rte != driver || pair->bound_rte != bound || (first && pair->around != first->around))
            continue;
        first = first ? first : pair;
        vec_push(binder->planner->arena, out, *pair);
    }
}

/* An entry that comes later has keys that ask for far fewer rows. */
static bool is_left_to_another(const Binder *binder, int driver, int bound, const BindOffer *offer)
{
    for (int i = 0; i < binder->query->nrtes; i++) {
        KeyPairs pairs = {0};
        if (i == driver || i == bound || binder->done[i] || !binder->driving[i])
            continue;
        pairs_of(binder, i, bound, &pairs);
        if (!pairs.count)
            continue;
        BindOffer other = bind_offer(binder, &pairs, binder->query, binder->rows[bound]);
        if (bind_pays(binder, &other, binder->rows[bound]) && (other.asked + other.keys) * 2 < offer->asked + offer->keys)
            return true;
    }
    return false;
}

/* What is still to be asked for keys must not be read before them. */
static bool may_be_bound_by(const Binder *binder, int bound, int driver)
{
    KeyPairs pairs = {0};
    const Leaf *leaf = bind_leaf_of(binder->planner, binder->query, bound);
    pairs_of(binder, driver, bound, &pairs);
    if (!pairs.count || !bind_can_ask(leaf) || leaf->binding)
        return false;
    BindOffer offer = bind_offer(binder, &pairs, binder->query, binder->rows[bound]);
    return bind_pays(binder, &offer, binder->rows[bound]);
}

static bool bind_by(Binder *binder, int driver, int bound)
{
    Planner *planner = binder->planner;
    Leaf *leaf = bind_leaf_of(planner, binder->query, bound);
    KeyPairs pairs = {0};
    pairs_of(binder, driver, bound, &pairs);
    bool taken = binder->reduces[bound] || (binder->done[bound] && binder->asks[bound]);
    if (!pairs.count || taken || !bind_can_reduce(leaf))
        return true;
    BindOffer offer = bind_offer(binder, &pairs, binder->query, binder->rows[bound]);
    bool asks = bind_can_ask(leaf) && !leaf->binding && bind_pays(binder, &offer, binder->rows[bound]);
    if (asks && !is_left_to_another(binder, driver, bound, &offer)) {
        if (!bind_leaf(binder, leaf, &pairs, &offer.conditions))
            return false;
        if (leaf->binding)
            leaf->rows = binder->rows[bound] = offer.asked;
        return true;
    }
    /* Kept they are fewer, for what they bind then. */
    if (!asks && !binder->done[bound] && !may_be_bound_by(binder, driver, bound) && offer.asked * 4 <= binder->rows[bound] * 3 &&
        can_say_locally(planner, distinct_keys(binder, &pairs, &offer.conditions))) {
        vec_push(planner->arena, &binder->reductions, ((Reduction){bound, pairs, offer.conditions}));
        binder->rows[bound] = offer.asked;
        binder->reduces[driver] = true;
    }
    return true;
}

static int smallest(const Binder *binder)
{
    int found = -1;
    for (int i = 0; i < binder->query->nrtes; i++)
        if (binder->driving[i] && !binder->done[i] &&
            (found < 0 || binder->rows[i] * binder->part[i] < binder->rows[found] * binder->part[found]))
            found = i;
    return found;
}

/* x IN (SELECT ...): the subquery's rows are kept, and read from there by the local query too. */
static bool bind_in(Planner *planner, Query *query, Expr *in)
{
    KeyPairs pairs = {0};
    ExprList none = {0};
    if (!bind_in_pairs(planner, query, in, &pairs))
        return true;
    Query *rows = in->u.sublink.query;
    Leaf *leaf = bind_leaf_of(planner, query, pairs.items[0].bound_rte);
    double keys = estimate_query(planner, rows), all = estimate_leaf(planner, leaf);
    Binder binder = {.planner = planner};
    BindOffer offer = {.rows = keys, .keys = keys, .asked = keys};
    if (!bind_pays(&binder, &offer, all) || !asked_for_keys(planner, leaf, &pairs, 1))
        return true;
    RteColumn *columns = ARENA_ARRAY(planner->arena, RteColumn, rows->ntargets);
    for (int i = 0; i < rows->ntargets; i++)
        columns[i] =
            (RteColumn){.name = rows->targets[i].name, .type = rows->targets[i].expr->type, .typmod = rows->targets[i].expr->typmod};
    Leaf *kept = leaf_of_local(planner, rows, columns, rows->ntargets);
    kept->rows = keys;
    kept->kept = false; /* not yet: bind_leaf has it done */
    binder.query = level_select_leaf(planner, kept);
    binder.rows = &kept->rows;
    if (!bind_leaf(&binder, leaf, &pairs, &none))
        return false;
    kept->kept = true;
    in->u.sublink.query = leaf->binding ? level_select_leaf(planner, kept) : rows;
    leaf->rows = leaf->binding && keys < all ? keys : all;
    return true;
}

static bool bind_ins(Planner *planner, Query *query)
{
    ExprList where = {0};
    refs_split_and(planner->arena, query->where, &where);
    for (size_t i = 0; i < where.count; i++)
        if (!bind_in(planner, query, where.items[i]))
            return false;
    return true;
}

static void measure_pair(Binder *binder, const KeyPair *pair)
{
    int both[] = {pair->driver_rte, pair->bound_rte};
    for (int k = 0; k < 2; k++)
        if (binder->rows[both[k]] == 0)
            binder->rows[both[k]] = estimate_entry(binder->planner, binder->query, both[k]);
    if (!binder->driving[both[0]]) {
        ExprList own = {0};
        conditions_on(binder, pair, &own);
        binder->part[both[0]] = estimate_part(binder->planner, binder->query, &own);
    }
    binder->driving[both[0]] = true;
    binder->asks[both[0]] |= bind_can_ask(bind_leaf_of(binder->planner, binder->query, both[1]));
}

static void measure(Binder *binder)
{
    Arena *arena = binder->planner->arena;
    int count = binder->query->nrtes;
    binder->rows = ARENA_ARRAY(arena, double, count);
    binder->part = ARENA_ARRAY(arena, double, count);
    binder->done = ARENA_ARRAY(arena, bool, count);
    binder->driving = ARENA_ARRAY(arena, bool, count);
    binder->asks = ARENA_ARRAY(arena, bool, count);
    binder->reduces = ARENA_ARRAY(arena, bool, count);
    for (size_t i = 0; i < binder->pairs.count; i++)
        measure_pair(binder, &binder->pairs.items[i]);
}

bool bind_level(Planner *planner, Query *query)
{
    Binder binder = {.planner = planner, .query = query};
    if (planner->context->bind == BIND_OFF || query->kind != QUERY_SELECT || query->set_op)
        return true;
    if (planner->leaves.count > 1)
        estimate_ahead(planner);
    if (!bind_ins(planner, query))
        return false;
    bind_find_pairs(planner, query, &binder.pairs);
    measure(&binder);
    for (int driver; (driver = smallest(&binder)) >= 0;) {
        binder.done[driver] = true;
        for (int bound = 0; bound < query->nrtes; bound++)
            if (!bind_by(&binder, driver, bound))
                return false;
    }
    return bind_sublinks(&binder);
}
