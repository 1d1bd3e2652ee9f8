/*
 * partial.c - aggregates over UNION ALL, as over the parts of a partitioned table: each side adds up and groups its own rows, and what the
 * sides give is added up here. A source is asked for its groups, not for its rows.
 *
 *   SELECT g, avg(x) FROM (one UNION ALL other) GROUP BY g
 *   SELECT g, sum(s) / sum(c) FROM (SELECT g, sum(x) s, count(x) c FROM one GROUP BY g UNION ALL ...) GROUP BY g
 *
 * Invariants:
 *  1. Only aggregates whose parts give the whole exactly: no sums of floats, which round as they come.
 *  2. Each row of the union is a row of the query: no condition, set or window stands between.
 *  3. It is done where a source can say a side that is grouped; other sides are grouped by the local engine.
 *  4. It is not done where nearly each row would be a group of its own, as far as is known: a source takes longer to find that out than to
 *     give its rows, which it may do over several connections.
 * Threads: the session's own.
 */
#include "func/proc_oids.h"
#include "plan/internal.h"

enum { OPERATOR_NUMERIC_DIVIDE = 1761 };

/* As many rows as this to a group are worth grouping at a source. */
static const double GROUP_ROWS = 8;

/* An aggregate's part, and how parts become the whole. */
typedef enum Whole {
    WHOLE_SAME,  /* the same aggregate of its parts */
    WHOLE_SUM,   /* their sum, in the aggregate's type */
    WHOLE_RATIO, /* sum over count, as numeric */
} Whole;

static const struct {
    Oid aggregate;
    Whole whole;
    Oid sum; /* the part that is summed, and with WHOLE_RATIO beside a count; OID_NONE: the aggregate itself */
} AGGREGATES[] = {
    {F_COUNT, WHOLE_SUM, OID_NONE},          {F_COUNT_ANY, WHOLE_SUM, OID_NONE},
    {F_SUM_INT2, WHOLE_SUM, OID_NONE},       {F_SUM_INT4, WHOLE_SUM, OID_NONE},
    {F_SUM_INT8, WHOLE_SUM, OID_NONE},       {F_SUM_NUMERIC, WHOLE_SUM, OID_NONE},
    {F_AVG_INT2, WHOLE_RATIO, F_SUM_INT2},   {F_AVG_INT4, WHOLE_RATIO, F_SUM_INT4},
    {F_AVG_INT8, WHOLE_RATIO, F_SUM_INT8},   {F_AVG_NUMERIC, WHOLE_RATIO, F_SUM_NUMERIC},
    {F_BOOL_AND_BOOL, WHOLE_SAME, OID_NONE}, {F_BOOL_OR_BOOL, WHOLE_SAME, OID_NONE},
    {F_EVERY_BOOL, WHOLE_SAME, OID_NONE},
};

typedef struct Partial {
    Planner *planner;
    Arena *arena;
    int rte;        /* of the union, in the query above */
    ExprList parts; /* what each side gives, over the union's columns: the groups, then parts of aggregates */
    int ngroup;
    bool failed;
    bool helps;      /* a source can say a side */
    StrList reasons; /* why others cannot */
} Partial;

/* ---- the query above ---- */

/* The part's place among those of the sides, as a column of the union. */
static Expr *part(Partial *partial, const Expr *expr)
{
    size_t place = (size_t)partial->ngroup;
    while (place < partial->parts.count && !expr_equal(partial->parts.items[place], expr))
        place++;
    if (place == partial->parts.count)
        vec_push(partial->arena, &partial->parts, expr_copy(expr, partial->arena));
    return expr_var(partial->arena, partial->rte, (int)place + 1, expr->type, expr->typmod, expr->collation);
}

static Expr *aggregate_of(const Partial *partial, Oid oid, Oid type, const Expr *like, Expr *arg)
{
    Expr *made = ARENA_NEW(partial->arena, Expr);
    *made = (Expr){.kind = EXPR_AGG, .type = type, .typmod = -1, .oid = oid, .location = like->location};
    made->collation = like->type == type ? like->collation : OID_NONE;
    made->u.agg.kind = 'n';
    made->args = ARENA_ARRAY(partial->arena, Expr *, 1);
    made->args[0] = arg;
    made->nargs = 1;
    return made;
}

static Expr *cast_numeric(const Partial *partial, Expr *arg, Oid type)
{
    Expr *made = ARENA_NEW(partial->arena, Expr);
    *made = (Expr){.kind = EXPR_FUNC, .type = type, .typmod = -1, .oid = F_INT8_NUMERIC, .location = -1};
    made->u.func.form = FUNC_IMPLICIT_CAST;
    made->args = ARENA_ARRAY(partial->arena, Expr *, 1);
    made->args[0] = arg;
    made->nargs = 1;
    return made;
}

/* The sum of the parts, which are bigint or numeric, as numeric. */
static Expr *sum_of_parts(Partial *partial, const Expr *of)
{
    Expr *column = part(partial, of);
    return aggregate_of(partial, of->type == TYPE_INT8 ? F_SUM_INT8 : F_SUM_NUMERIC, TYPE_NUMERIC, of, column);
}

/* The aggregate's own part with another function. */
static Expr *part_like(const Partial *partial, const Expr *aggregate, Oid oid, Oid type)
{
    Expr *made = expr_copy(aggregate, partial->arena);
    made->oid = oid;
    made->type = type;
    return made;
}

static Expr *ratio(Partial *partial, const Expr *aggregate, Oid sum)
{
    Expr *made = ARENA_NEW(partial->arena, Expr);
    bool is_small = sum == F_SUM_INT2 || sum == F_SUM_INT4;
    *made = (Expr){.kind = EXPR_OP, .type = TYPE_NUMERIC, .typmod = -1, .oid = OPERATOR_NUMERIC_DIVIDE, .location = aggregate->location};
    made->args = ARENA_ARRAY(partial->arena, Expr *, 2);
    made->args[0] = sum_of_parts(partial, part_like(partial, aggregate, sum, is_small ? TYPE_INT8 : TYPE_NUMERIC));
    made->args[1] = sum_of_parts(partial, part_like(partial, aggregate, F_COUNT_ANY, TYPE_INT8));
    made->nargs = 2;
    return made;
}

static bool is_extreme(Oid oid)
{
    const FuncFact *fact = func_fact(oid);
    return fact && (str_eq(fact->name, "min") || str_eq(fact->name, "max"));
}

static Expr *whole_of(Partial *partial, const Expr *aggregate)
{
    size_t i = 0;
    while (i < COUNT_OF(AGGREGATES) && AGGREGATES[i].aggregate != aggregate->oid)
        i++;
    bool is_plain = !aggregate->u.agg.distinct && !aggregate->u.agg.norder && !aggregate->u.agg.ndirect && !aggregate->u.agg.levels_up &&
                    !aggregate->u.agg.variadic;
    bool known = i < COUNT_OF(AGGREGATES);
    partial->failed |= !is_plain || (!known && !is_extreme(aggregate->oid));
    if (partial->failed)
        return NULL;
    if (!known || AGGREGATES[i].whole == WHOLE_SAME)
        return aggregate_of(partial, aggregate->oid, aggregate->type, aggregate, part(partial, aggregate));
    if (AGGREGATES[i].whole == WHOLE_RATIO)
        return ratio(partial, aggregate, AGGREGATES[i].sum);
    Expr *sum = sum_of_parts(partial, aggregate);
    return aggregate->type == TYPE_INT8 ? cast_numeric(partial, sum, TYPE_INT8) : sum;
}

/* An expression of the query over what the sides give. NULL: it cannot be. */
static Expr *finish(Partial *partial, const Expr *expr)
{
    for (int i = 0; i < partial->ngroup; i++)
        if (expr_equal(partial->parts.items[i], expr))
            return expr_var(partial->arena, partial->rte, i + 1, expr->type, expr->typmod, expr->collation);
    if (expr->kind == EXPR_AGG)
        return whole_of(partial, expr);
    if (expr->kind == EXPR_VAR || expr->kind == EXPR_SUBLINK || expr->kind == EXPR_WINDOW || expr->kind == EXPR_GROUPING ||
        expr->kind == EXPR_SUBPLAN) {
        partial->failed = true;
        return NULL;
    }
    Expr *made = ARENA_NEW(partial->arena, Expr);
    *made = *expr;
    made->args = ARENA_ARRAY(partial->arena, Expr *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs && !partial->failed; i++)
        made->args[i] = expr->args[i] ? finish(partial, expr->args[i]) : NULL;
    return made;
}

static const char *name_of(const Expr *expr)
{
    const FuncFact *fact = expr->kind == EXPR_AGG ? func_fact(expr->oid) : NULL;
    return fact ? fact->name : "key";
}

/* ---- a side ---- */

typedef struct Lowering {
    Partial *partial;
    const Query *side;
} Lowering;

static const Expr *side_column(const Query *side, int number)
{
    for (int i = 0; i < side->ntargets; i++)
        if (!side->targets[i].junk && --number == 0)
            return side->targets[i].expr;
    return NULL;
}

/* Columns of the union become what the side has there. In place. */
static Expr *lower(Lowering *lowering, Expr *expr)
{
    Partial *partial = lowering->partial;
    if (expr->kind == EXPR_VAR) {
        const Expr *column = expr->u.var.column > 0 && !expr->u.var.levels_up ? side_column(lowering->side, expr->u.var.column) : NULL;
        bool same = column && column->type == expr->type && column->collation == expr->collation && column->kind != EXPR_SUBLINK;
        partial->failed |= !same || expr_is_volatile(column, partial->planner->context->catalog);
        return same ? expr_copy(column, partial->arena) : expr;
    }
    partial->failed |= expr->kind == EXPR_SUBLINK || expr->kind == EXPR_SUBPLAN;
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i])
            expr->args[i] = lower(lowering, expr->args[i]);
    if (expr->kind == EXPR_AGG && expr->u.agg.filter)
        expr->u.agg.filter = lower(lowering, expr->u.agg.filter);
    return expr;
}

static void group_side(Partial *partial, const Query *above, Query *side)
{
    Lowering lowering = {partial, side};
    Target *targets = ARENA_ARRAY(partial->arena, Target, partial->parts.count + 1);
    partial->failed |= !query_is_bare(side) || !query_is_row_wise(side);
    for (size_t i = 0; i < partial->parts.count && !partial->failed; i++)
        targets[i] = (Target){.expr = lower(&lowering, expr_copy(partial->parts.items[i], partial->arena)),
                              .name = name_of(partial->parts.items[i])};
    if (partial->failed)
        return;
    side->targets = targets;
    side->ntargets = (int)partial->parts.count;
    side->has_aggs = above->has_aggs;
    side->ngroup = partial->ngroup;
    side->group_eq_ops = above->group_eq_ops;
    side->group = ARENA_ARRAY(partial->arena, int, partial->ngroup + 1);
    for (int i = 0; i < partial->ngroup; i++)
        side->group[i] = i;
    Owner owner;
    bool owned = source_owner(partial->planner, side, &owner) && source_has_dialect(owner);
    const char *reason = NULL;
    if (owned && source_can_say_query(partial->planner, owner.source, side, &reason))
        partial->helps = true;
    else if (reason)
        vec_push(partial->arena, &partial->reasons, reason);
}

static void group_sides(Partial *partial, const Query *above, Query *query)
{
    if (!query->set_op) {
        group_side(partial, above, query);
        return;
    }
    partial->failed |= !query_is_union_all(query);
    if (partial->failed)
        return;
    group_sides(partial, above, query->left);
    group_sides(partial, above, query->right);
    query->ntargets = (int)partial->parts.count;
    query->targets = ARENA_ARRAY(partial->arena, Target, partial->parts.count + 1);
    for (size_t i = 0; i < partial->parts.count; i++) {
        const Expr *of = partial->parts.items[i];
        query->targets[i] =
            (Target){.expr = expr_var(partial->arena, 0, (int)i + 1, of->type, of->typmod, of->collation), .name = name_of(of)};
    }
}

/* ---- what it is worth ---- */

static void count_groups(Planner *planner, const Query *side, double *rows, double *groups)
{
    Owner owner;
    double own = 0;
    if (side->set_op) {
        count_groups(planner, side->left, rows, groups);
        count_groups(planner, side->right, rows, groups);
    } else if (source_owner(planner, side, &owner) && source_has_dialect(owner)) {
        *groups += estimate_groups(planner, owner.source, side, &own);
        *rows += own;
    }
}

/* sides: grouped. */
static bool is_worth_it(const Partial *partial, const Query *sides)
{
    double rows = 0, groups = 0;
    if (!partial->ngroup)
        return true;
    estimate_groups_ahead(partial->planner, sides);
    count_groups(partial->planner, sides, &rows, &groups);
    if (rows < ESTIMATE_MANY_ROWS || groups * GROUP_ROWS <= rows)
        return true;
    plan_add_reason(partial->planner, "grouping: the sources would make nearly as many groups as they have rows");
    return false;
}

/* ---- all of it ---- */

static void describe(const Partial *partial, Rte *rte)
{
    rte->ncolumns = (int)partial->parts.count;
    rte->columns = ARENA_ARRAY(partial->arena, RteColumn, partial->parts.count + 1);
    for (size_t i = 0; i < partial->parts.count; i++) {
        const Expr *of = partial->parts.items[i];
        rte->columns[i] = (RteColumn){.name = name_of(of), .type = of->type, .typmod = of->typmod, .collation = of->collation};
    }
}

static bool is_candidate(const Query *query)
{
    bool plain = query->kind == QUERY_SELECT && !query->set_op && (query->has_aggs || query->ngroup) && !query->grouping_sets &&
                 !query->has_windows && !query->distinct_on && !query->has_set_functions && !query->where && !query->for_update &&
                 !query->nlocks && query->nfrom == 1 && query->from[0]->kind == FROM_RTE;
    const Rte *rte = plain ? query->rtes[query->from[0]->rte] : NULL;
    return rte && rte->kind == RTE_SUBQUERY && !rte->lateral && query_is_union_all(rte->query);
}

void partial_push(Planner *planner, Query *query)
{
    if (!is_candidate(query))
        return;
    Partial partial = {.planner = planner, .arena = planner->arena, .rte = query->from[0]->rte, .ngroup = query->ngroup};
    Rte *rte = query->rtes[partial.rte];
    for (int i = 0; i < query->ngroup; i++)
        vec_push(planner->arena, &partial.parts, query->targets[query->group[i]].expr);
    Expr **targets = ARENA_ARRAY(planner->arena, Expr *, query->ntargets + 1);
    for (int i = 0; i < query->ntargets && !partial.failed; i++)
        targets[i] = finish(&partial, query->targets[i].expr);
    Expr *having = query->having && !partial.failed ? finish(&partial, query->having) : NULL;
    Query *sides = query_copy(rte->query, planner->arena);
    if (!partial.failed)
        group_sides(&partial, query, sides);
    if (partial.failed || !partial.helps || !is_worth_it(&partial, sides))
        return;
    for (size_t i = 0; i < partial.reasons.count; i++)
        plan_add_reason(planner, partial.reasons.items[i]);
    for (int i = 0; i < query->ntargets; i++)
        query->targets[i].expr = targets[i];
    query->having = having;
    rte->query = sides;
    describe(&partial, rte);
}
