/*
 * prune.c - partitions that a query need not read: no row that belongs there can meet its conditions (PostgreSQL manual, section 5.11.4).
 *
 * The space of the key's values falls into pieces, each somebody's: a list's values, what lies between the ends of ranges, remainders.
 * Conditions that are compared with the key (prune_match.c) leave some of the pieces, AND those that all of its parts leave, OR those that
 * one of them leaves.
 *
 * Invariant: only what is certain counts; a partition's rows are believed to be where its bound says, a foreign one's too.
 * Threads: the session's own.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/prune.h"

enum { NOBODY = -1, EMPTY = -2 };

typedef struct Space {
    size_t count;
    const PartitionDatum **points; /* sorted. lists: each piece's value; ranges: piece i lies below points[i], the last one above all */
    int *owners;                   /* by piece: index of a partition */
    int nulls;                     /* of a list: who has NULL */
    int others;                    /* the default partition */
} Space;

/* What is left. */
typedef struct Left {
    bool *pieces;
    bool nulls, others;
} Left;

typedef struct Pruning {
    Matching matching;
    const Partition *partitions;
    size_t count;
    Space space;
} Pruning;

static Arena *arena_of(const Pruning *pruning)
{
    return pruning->matching.planner->arena;
}

/* ---- the pieces ---- */

static int compare_values(const void *left, const void *right, void *arg)
{
    const Pruning *pruning = arg;
    const PartitionDatum *a = pruning->space.points[*(const size_t *)left], *b = pruning->space.points[*(const size_t *)right];
    int order;
    Error ignored;
    error_init(&ignored, arena_of(pruning));
    return partition_compare(pruning->matching.planner->context->functions, pruning->matching.key, 0, a->text, b->text, arena_of(pruning),
                             &order, &ignored)
               ? order
               : 0;
}

static void sort_values(Pruning *pruning)
{
    Space *space = &pruning->space;
    size_t *places = ARENA_ARRAY(arena_of(pruning), size_t, space->count + 1);
    const PartitionDatum **points = ARENA_ARRAY(arena_of(pruning), const PartitionDatum *, space->count + 1);
    int *owners = ARENA_ARRAY(arena_of(pruning), int, space->count + 1);
    for (size_t i = 0; i < space->count; i++)
        places[i] = i;
    qsort_r(places, space->count, sizeof *places, compare_values, pruning);
    for (size_t i = 0; i < space->count; i++) {
        points[i] = space->points[places[i]];
        owners[i] = space->owners[places[i]];
    }
    space->points = points;
    space->owners = owners;
}

static void cut_lists(Pruning *pruning)
{
    Space *space = &pruning->space;
    size_t all = 0;
    for (size_t i = 0; i < pruning->count; i++)
        all += (size_t)pruning->partitions[i].bound.nlist;
    space->points = ARENA_ARRAY(arena_of(pruning), const PartitionDatum *, all + 1);
    space->owners = ARENA_ARRAY(arena_of(pruning), int, all + 1);
    for (size_t i = 0; i < pruning->count; i++)
        for (int k = 0; k < pruning->partitions[i].bound.nlist; k++) {
            const PartitionDatum *value = &pruning->partitions[i].bound.list[k];
            if (!value->text) {
                space->nulls = (int)i;
                continue;
            }
            space->points[space->count] = value;
            space->owners[space->count++] = (int)i;
        }
    sort_values(pruning);
}

static bool same_point(const Pruning *pruning, const PartitionDatum *a, const PartitionDatum *b)
{
    int order;
    Error ignored;
    error_init(&ignored, arena_of(pruning));
    return partition_compare_points(pruning->matching.planner->context->functions, pruning->matching.key, a, b, arena_of(pruning), &order,
                                    &ignored) &&
           order == 0;
}

/* The partitions come sorted. */
static void cut_ranges(Pruning *pruning)
{
    Space *space = &pruning->space;
    size_t npoints = 0;
    space->points = ARENA_ARRAY(arena_of(pruning), const PartitionDatum *, 2 * pruning->count + 1);
    space->owners = ARENA_ARRAY(arena_of(pruning), int, 2 * pruning->count + 2);
    space->owners[0] = NOBODY;
    for (size_t i = 0; i < pruning->count; i++) {
        const PartitionBound *bound = &pruning->partitions[i].bound;
        if (bound->is_default)
            continue;
        if (npoints == 0 || !same_point(pruning, space->points[npoints - 1], bound->lower)) {
            space->owners[npoints] = NOBODY;
            space->points[npoints++] = bound->lower;
        }
        space->owners[npoints] = (int)i;
        space->points[npoints++] = bound->upper;
    }
    space->owners[npoints] = NOBODY;
    if (npoints && space->points[0][0].kind == DATUM_MINVALUE)
        space->owners[0] = EMPTY;
    if (npoints && space->points[npoints - 1][0].kind == DATUM_MAXVALUE)
        space->owners[npoints] = EMPTY;
    space->count = npoints + 1;
}

static void cut(Pruning *pruning)
{
    Space *space = &pruning->space;
    *space = (Space){.nulls = NOBODY, .others = NOBODY};
    for (size_t i = 0; i < pruning->count; i++)
        if (pruning->partitions[i].bound.is_default)
            space->others = (int)i;
    if (pruning->matching.key->strategy == 'l') {
        cut_lists(pruning);
    } else if (pruning->matching.key->strategy == 'r') {
        cut_ranges(pruning);
    } else { /* a piece each */
        space->count = pruning->count;
        space->owners = ARENA_ARRAY(arena_of(pruning), int, space->count + 1);
        for (size_t i = 0; i < space->count; i++)
            space->owners[i] = (int)i;
    }
}

/* ---- what is left of them ---- */

static Left new_left(const Pruning *pruning, bool all)
{
    Left left = {ARENA_ARRAY(arena_of(pruning), bool, pruning->space.count + 1), all, all};
    for (size_t i = 0; i < pruning->space.count; i++)
        left.pieces[i] = all;
    return left;
}

static void keep_common(const Pruning *pruning, Left *into, const Left *from)
{
    for (size_t i = 0; i < pruning->space.count; i++)
        into->pieces[i] &= from->pieces[i];
    into->nulls &= from->nulls;
    into->others &= from->others;
}

static void add(const Pruning *pruning, Left *into, const Left *from)
{
    for (size_t i = 0; i < pruning->space.count; i++)
        into->pieces[i] |= from->pieces[i];
    into->nulls |= from->nulls;
    into->others |= from->others;
}

/* Pieces from, up to before. */
static void add_pieces(Left *into, size_t from, size_t before)
{
    for (size_t i = from; i < before; i++)
        into->pieces[i] = true;
}

/* ---- comparisons ---- */

/* How many of the points lie below these values of the key's first columns; or_at: or there. */
static bool count_below(Pruning *pruning, const Limit *const *limits, int nlimits, bool or_at, size_t *out)
{
    size_t low = 0, high = pruning->space.count - (pruning->matching.key->strategy == 'r');
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = 0;
        for (int i = 0; i < nlimits && order == 0; i++) {
            const PartitionDatum *end = &pruning->space.points[middle][i];
            if (end->kind != DATUM_VALUE)
                order = end->kind;
            else if (!prune_compare(&pruning->matching, end->text, limits[i], &order))
                return false;
        }
        if (order < 0 || (or_at && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    *out = low;
    return true;
}

/* The pieces below value number `below`, at, and above it are wanted, as the comparison says. NULL is none of them. */
static void step_in_list(const Pruning *pruning, Compare compare, size_t below, size_t up_to, Left *out)
{
    size_t count = pruning->space.count;
    if (compare == CMP_LT || compare == CMP_LE || compare == CMP_NE)
        add_pieces(out, 0, below);
    if (compare == CMP_LE || compare == CMP_EQ || compare == CMP_GE)
        add_pieces(out, below, up_to);
    if (compare == CMP_GE || compare == CMP_GT || compare == CMP_NE)
        add_pieces(out, up_to, count);
    out->others = compare != CMP_EQ || below == up_to;
}

/* below points lie below the values, up_to below or at them. Where more columns follow, rows lie around the points that are at them. */
static void step_in_range(const Pruning *pruning, Compare compare, int nlimits, size_t below, size_t up_to, Left *out)
{
    const Space *space = &pruning->space;
    bool is_prefix = nlimits < pruning->matching.key->ncolumns;
    size_t first = is_prefix ? below : up_to;
    if (compare == CMP_EQ && is_prefix && below < up_to && space->points[below][nlimits].kind == DATUM_MINVALUE)
        first++;
    if (compare == CMP_EQ)
        add_pieces(out, first, up_to + 1);
    else if (compare == CMP_GE || compare == CMP_GT)
        add_pieces(out, compare == CMP_GE ? first : up_to, space->count);
    else
        add_pieces(out, 0, (compare == CMP_LE ? up_to : below) + 1);
    out->others = is_prefix; /* the columns that follow may be NULL */
}

static void step_in_hash(Pruning *pruning, const Limit *const *limits, Left *out)
{
    const PartitionKey *key = pruning->matching.key;
    const char **values = ARENA_ARRAY(arena_of(pruning), const char *, key->ncolumns);
    uint64_t hash;
    Error ignored;
    error_init(&ignored, arena_of(pruning));
    for (int i = 0; i < key->ncolumns; i++)
        values[i] = limits[i]->value;
    bool known = partition_hash(pruning->matching.planner->context->functions, key, values, arena_of(pruning), &hash, &ignored);
    for (size_t i = 0; i < pruning->count; i++) {
        const PartitionBound *bound = &pruning->partitions[i].bound;
        out->pieces[i] = !known || hash % (uint64_t)bound->modulus == (uint64_t)bound->remainder;
    }
}

/* The last of the limits decides how the values are compared. */
static void step(Pruning *pruning, const Limit *const *limits, int nlimits, Left *into)
{
    Compare compare = limits[nlimits - 1]->compare;
    Left left = new_left(pruning, false);
    size_t below, up_to;
    if (pruning->matching.key->strategy == 'h') {
        step_in_hash(pruning, limits, &left);
    } else {
        if (!count_below(pruning, limits, nlimits, false, &below) || !count_below(pruning, limits, nlimits, true, &up_to))
            return;
        if (pruning->matching.key->strategy == 'l')
            step_in_list(pruning, compare, below, up_to, &left);
        else
            step_in_range(pruning, compare, nlimits, below, up_to, &left);
    }
    keep_common(pruning, into, &left);
}

/* a = 1 AND b < 5 is (a, b) < (1, 5) among the rows of a = 1; so is a <= 1 for what is below. */
static bool may_precede(Compare before, Compare last)
{
    return before == CMP_EQ || before == CMP_NULL || (before == CMP_LE && (last == CMP_LT || last == CMP_LE)) ||
           (before == CMP_GE && (last == CMP_GT || last == CMP_GE));
}

/* Each way to have a limit of every column before the last. */
static void step_with(Pruning *pruning, const LimitList *limits, const Limit *last, int column, const Limit **chosen, Left *into)
{
    if (column == last->column) {
        chosen[column] = last;
        step(pruning, chosen, column + 1, into);
        return;
    }
    for (size_t i = 0; i < limits->count; i++)
        if (limits->items[i].column == column && may_precede(limits->items[i].compare, last->compare)) {
            chosen[column] = &limits->items[i];
            step_with(pruning, limits, last, column + 1, chosen, into);
        }
}

static bool has_limit(const LimitList *limits, int column, bool of_null)
{
    for (size_t i = 0; i < limits->count; i++)
        if (limits->items[i].column == column && (limits->items[i].compare == CMP_NULL) == of_null &&
            limits->items[i].compare != CMP_NOT_NULL)
            return true;
    return false;
}

static bool is_comparison(const Limit *limit)
{
    return limit->compare != CMP_NULL && limit->compare != CMP_NOT_NULL;
}

/* Columns of a range after one that is below or above a value say nothing. */
static int columns_that_count(const PartitionKey *key, const LimitList *limits)
{
    for (int column = 0; column < key->ncolumns; column++)
        for (size_t i = 0; i < limits->count; i++)
            if (limits->items[i].column == column && (limits->items[i].compare == CMP_LT || limits->items[i].compare == CMP_GT))
                return column + 1;
    return key->ncolumns;
}

/* A list's NULL has a place of its own, and is among the others where it has none; no range has one. */
static void keep_nulls(const Pruning *pruning, Left *into)
{
    Left left = new_left(pruning, false);
    left.nulls = pruning->space.nulls != NOBODY;
    left.others = !left.nulls;
    keep_common(pruning, into, &left);
}

/* What all of these leave. */
static void keep_limits(Pruning *pruning, const LimitList *limits, Left *into)
{
    const PartitionKey *key = pruning->matching.key;
    const Limit **chosen = ARENA_ARRAY(arena_of(pruning), const Limit *, key->ncolumns);
    bool any_null = false, all_not_null = true, is_hash = key->strategy == 'h';
    for (int i = 0; i < key->ncolumns; i++) {
        bool is_null = has_limit(limits, i, true), not_null = false;
        for (size_t k = 0; k < limits->count; k++)
            not_null |= limits->items[k].column == i && limits->items[k].compare != CMP_NULL;
        any_null |= is_null;
        all_not_null &= not_null;
        if (is_null && not_null)
            *into = new_left(pruning, false);
    }
    if (any_null && !is_hash) {
        keep_nulls(pruning, into);
        return;
    }
    int ncolumns = is_hash ? key->ncolumns : columns_that_count(key, limits);
    for (size_t i = 0; i < limits->count; i++) {
        const Limit *limit = &limits->items[i];
        if (is_hash ? limit->column == key->ncolumns - 1 && limit->compare != CMP_NOT_NULL
                    : limit->column < ncolumns && is_comparison(limit))
            step_with(pruning, limits, limit, 0, chosen, into);
    }
    if (all_not_null)
        into->nulls = false;
}

/* ---- conditions ---- */

static Left left_by(Pruning *pruning, Expr *const *conditions, size_t count);

static Left left_by_one_of(Pruning *pruning, const Expr * or)
{
    Left left = new_left(pruning, false);
    for (int i = 0; i < or->nargs; i++) {
        Left one = left_by(pruning, & or->args[i], 1);
        add(pruning, &left, &one);
    }
    return left;
}

/* x = ANY ('{1,2}') is an OR, x <> ALL ('{1,2}') an AND. */
static void keep_values(Pruning *pruning, const LimitList *values, bool is_all, Left *into)
{
    Left any = new_left(pruning, false);
    for (size_t i = 0; i < values->count; i++) {
        LimitList one = {&values->items[i], 1, 1};
        Left left = new_left(pruning, true);
        keep_limits(pruning, &one, &left);
        if (is_all)
            keep_common(pruning, into, &left);
        else
            add(pruning, &any, &left);
    }
    if (!is_all)
        keep_common(pruning, into, &any);
}

static bool is_never_true(const Expr *condition)
{
    return condition->kind == EXPR_CONST && condition->type == TYPE_BOOL && (!condition->u.value || *condition->u.value == 'f');
}

static void keep_one(Pruning *pruning, const Expr *condition, LimitList *limits, Left *into)
{
    LimitList values = {0};
    bool is_all;
    Left left;
    if (is_never_true(condition))
        left = new_left(pruning, false);
    else if (condition->kind == EXPR_AND)
        left = left_by(pruning, condition->args, (size_t)condition->nargs);
    else if (condition->kind == EXPR_OR)
        left = left_by_one_of(pruning, condition);
    else if (prune_match_list(&pruning->matching, condition, &values, &is_all)) {
        keep_values(pruning, &values, is_all, into);
        return;
    } else {
        prune_match(&pruning->matching, condition, limits);
        return;
    }
    keep_common(pruning, into, &left);
}

static Left left_by(Pruning *pruning, Expr *const *conditions, size_t count)
{
    LimitList limits = {0};
    Left left = new_left(pruning, true);
    for (size_t i = 0; i < count; i++)
        keep_one(pruning, conditions[i], &limits, &left);
    if (limits.count)
        keep_limits(pruning, &limits, &left);
    return left;
}

bool *prune_partitions(Planner *planner, const CatRelation *root, const CatRelation *parent, const PartitionKey *key,
                       const Partition *partitions, size_t count, const ExprList *conditions)
{
    Arena *arena = planner->arena;
    bool *kept = ARENA_ARRAY(arena, bool, count + 1);
    bool asked = conditions->count && planner_setting_is(planner, "enable_partition_pruning", "on");
    for (size_t i = 0; i < count; i++)
        kept[i] = !asked;
    if (!asked)
        return kept;
    Pruning pruning = {.partitions = partitions, .count = count};
    ExprList forms = {0};
    prune_match_begin(&pruning.matching, planner, root, parent, key);
    for (size_t i = 0; i < conditions->count; i++)
        vec_push(arena, &forms, prune_match_form(planner, conditions->items[i]));
    cut(&pruning);
    const Space *space = &pruning.space;
    Left left = left_by(&pruning, forms.items, forms.count);
    bool others = left.others;
    for (size_t i = 0; i < space->count; i++) {
        others |= left.pieces[i] && space->owners[i] == NOBODY;
        if (left.pieces[i] && space->owners[i] >= 0)
            kept[space->owners[i]] = true;
    }
    if (space->nulls >= 0)
        kept[space->nulls] |= left.nulls;
    if (space->others >= 0)
        kept[space->others] |= others;
    return kept;
}
