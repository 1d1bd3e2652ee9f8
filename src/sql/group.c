/*
 * group.c - GROUP BY with grouping sets, and the rule that what is selected must be grouped or aggregated (PostgreSQL manual, sections
 * 7.2.3 and 7.2.4).
 *
 * Invariants:
 *  1. ROLLUP and CUBE are expanded: a query has either plain grouping columns, or sets of targets, each one a grouping of its own.
 *  2. What was written is kept beside them, as PostgreSQL keeps it: empty sets of the first level are left out, sets in sets are one list.
 */
#include "sql/analyze_int.h"

enum { MOST_SETS = 4096, WIDEST_CUBE = 12 };

typedef struct SetList {
    GroupingSet *items;
    size_t count, cap;
} SetList;

/* ---- single items ---- */

static int group_place(const Query *query, int target)
{
    for (int i = 0; i < query->ngroup; i++)
        if (query->group[i] == target)
            return i;
    return -1;
}

static bool add_group_target(Scope *scope, const Node *node, int *out)
{
    Query *query = scope->query;
    int target = find_target(scope, node, CLAUSE_GROUP_BY, false);
    if (target < 0 || !settle_target_type(scope, target))
        return false;
    *out = target;
    if (group_place(query, target) >= 0)
        return true;
    SortOps ops;
    const Expr *expr = query->targets[target].expr;
    if (!sort_ops_need(scope, expr->type, false, &ops, sql_node_location(node)))
        return false;
    size_t used = (size_t)query->ngroup;
    query->group = arena_grow(scope->an->arena, query->group, used * sizeof(int), (used + 1) * sizeof(int));
    query->group_eq_ops = arena_grow(scope->an->arena, query->group_eq_ops, used * sizeof(Oid), (used + 1) * sizeof(Oid));
    query->group[query->ngroup] = target;
    query->group_eq_ops[query->ngroup++] = ops.equal;
    return true;
}

/* ---- grouping sets ---- */

static bool too_many(Scope *scope, int location)
{
    error_set(scope->an->error, ERRCODE_STATEMENT_TOO_COMPLEX, "too many grouping sets present (maximum %d)", MOST_SETS);
    return analyze_at(scope->an, location);
}

static void push_set(Scope *scope, SetList *list, const int *targets, int ntargets)
{
    GroupingSet set = {ARENA_ARRAY(scope->an->arena, int, ntargets + 1), ntargets};
    memcpy(set.targets, targets, sizeof(int) * (size_t)ntargets);
    vec_push(scope->an->arena, list, set);
}

static GroupingSet joined(Scope *scope, const GroupingSet *a, const GroupingSet *b)
{
    GroupingSet set = {ARENA_ARRAY(scope->an->arena, int, a->ntargets + b->ntargets + 1), 0};
    for (int i = 0; i < a->ntargets + b->ntargets; i++) {
        int target = i < a->ntargets ? a->targets[i] : b->targets[i - a->ntargets];
        bool known = false;
        for (int j = 0; j < set.ntargets && !known; j++)
            known = set.targets[j] == target;
        if (!known)
            set.targets[set.ntargets++] = target;
    }
    return set;
}

static bool expand_item(Scope *scope, const Node *node, SetList *out, GroupItem *above);

static GroupItem *written_item(Scope *scope, GroupItem *above, int kind)
{
    GroupItem *item = ARENA_NEW(scope->an->arena, GroupItem);
    item->kind = kind;
    vec_push(scope->an->arena, above, item);
    return item;
}

/* Each column once. */
static void written_columns(Scope *scope, GroupItem *above, const int *targets, int ntargets)
{
    const GroupingSet all = {(int *)targets, ntargets}, none = {0};
    written_item(scope, above, GROUP_COLUMNS)->columns = joined(scope, &all, &none);
}

/* (a, b): one grouping of several columns. */
static bool row_set(Scope *scope, Node *const *nodes, size_t count, SetList *out, GroupItem *above)
{
    int *targets = ARENA_ARRAY(scope->an->arena, int, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!add_group_target(scope, nodes[i], &targets[i]))
            return false;
    push_set(scope, out, targets, (int)count);
    written_columns(scope, above, targets, (int)count);
    return true;
}

/* ROLLUP (a, b): (a, b), (a), (). CUBE (a, b): all combinations. */
static bool rollup_or_cube(Scope *scope, const PgQuery__GroupingSet *node, SetList *out, GroupItem *above)
{
    bool cube = node->kind == PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_CUBE;
    SetList parts = {0};
    GroupItem *written = written_item(scope, above, cube ? GROUP_CUBE : GROUP_ROLLUP);
    for (size_t i = 0; i < node->n_content; i++)
        if (!expand_item(scope, node->content[i], &parts, written))
            return false;
    int count = (int)parts.count;
    if (cube && count > WIDEST_CUBE) {
        error_set(scope->an->error, ERRCODE_TOO_MANY_COLUMNS, "CUBE is limited to %d elements", WIDEST_CUBE);
        return analyze_at(scope->an, node->location);
    }
    int combinations = cube ? 1 << count : count + 1;
    for (int i = 0; i < combinations; i++) {
        GroupingSet set = {0};
        for (int j = 0; j < count; j++)
            if (cube ? !(i >> (count - 1 - j) & 1) : j < count - i)
                set = joined(scope, &set, &parts.items[j]);
        push_set(scope, out, set.targets ? set.targets : &count, set.ntargets);
    }
    return out->count <= MOST_SETS || too_many(scope, node->location);
}

static bool expand_set(Scope *scope, const PgQuery__GroupingSet *node, SetList *out, GroupItem *above)
{
    int none = 0;
    bool is_first_level = above == scope->query->group_written;
    switch (node->kind) {
    case PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_EMPTY:
        push_set(scope, out, &none, 0);
        if (!is_first_level)
            written_item(scope, above, GROUP_EMPTY);
        return true;
    case PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_ROLLUP:
    case PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_CUBE:
        return rollup_or_cube(scope, node, out, above);
    default:
        if (is_first_level)
            above = written_item(scope, above, GROUP_SETS);
        for (size_t i = 0; i < node->n_content; i++)
            if (!expand_item(scope, node->content[i], out, above))
                return false;
        return out->count <= MOST_SETS || too_many(scope, node->location);
    }
}

static bool is_implicit_row(const Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_ROW_EXPR && node->row_expr->row_format == PG_QUERY__COERCION_FORM__COERCE_IMPLICIT_CAST;
}

static bool expand_item(Scope *scope, const Node *node, SetList *out, GroupItem *above)
{
    if (node->node_case == PG_QUERY__NODE__NODE_GROUPING_SET) {
        bool ok = analyze_enter(scope->an) && expand_set(scope, node->grouping_set, out, above);
        analyze_leave(scope->an);
        return ok;
    }
    if (is_implicit_row(node))
        return row_set(scope, node->row_expr->args, node->row_expr->n_args, out, above);
    Node *one = (Node *)node;
    return row_set(scope, &one, 1, out, above);
}

/* Columns of the first level stand each for itself, and once. */
static void spread_columns(Scope *scope, GroupItem *written)
{
    GroupItem spread = {.kind = GROUP_SETS};
    GroupingSet seen = {0};
    for (size_t i = 0; i < written->count; i++) {
        const GroupItem *item = written->items[i];
        if (item->kind != GROUP_COLUMNS) {
            vec_push(scope->an->arena, &spread, written->items[i]);
            continue;
        }
        for (int j = 0; j < item->columns.ntargets; j++) {
            const GroupingSet one = {&item->columns.targets[j], 1};
            int before = seen.ntargets;
            seen = joined(scope, &seen, &one);
            if (seen.ntargets > before)
                written_columns(scope, &spread, one.targets, 1);
        }
    }
    *written = spread;
    if (written->count == 0)
        written_item(scope, written, GROUP_EMPTY);
}

/* GROUP BY a, ROLLUP (b): each item's sets times the others'. */
static bool multiply(Scope *scope, SetList *all, const SetList *by)
{
    SetList product = {0};
    if (all->count * by->count > MOST_SETS)
        return too_many(scope, -1);
    for (size_t i = 0; i < all->count; i++)
        for (size_t j = 0; j < by->count; j++) {
            GroupingSet set = joined(scope, &all->items[i], &by->items[j]);
            push_set(scope, &product, set.targets, set.ntargets);
        }
    *all = product;
    return true;
}

static bool same_set(const GroupingSet *a, const GroupingSet *b)
{
    if (a->ntargets != b->ntargets)
        return false;
    for (int i = 0; i < a->ntargets; i++) {
        bool found = false;
        for (int j = 0; j < b->ntargets && !found; j++)
            found = a->targets[i] == b->targets[j];
        if (!found)
            return false;
    }
    return true;
}

/* GROUP BY DISTINCT */
static void drop_repeated(SetList *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool repeated = false;
        for (size_t j = 0; j < kept && !repeated; j++)
            repeated = same_set(&list->items[i], &list->items[j]);
        if (!repeated)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

bool analyze_group(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    Query *query = scope->query;
    bool has_sets = false;
    for (size_t i = 0; i < stmt->n_group_clause; i++)
        has_sets |= stmt->group_clause[i]->node_case == PG_QUERY__NODE__NODE_GROUPING_SET;
    SetList all = {0};
    int none = 0;
    GroupItem *written = ARENA_NEW(scope->an->arena, GroupItem);
    written->kind = GROUP_SETS;
    query->group_written = written;
    push_set(scope, &all, &none, 0);
    for (size_t i = 0; i < stmt->n_group_clause; i++) {
        SetList item = {0};
        if (!expand_item(scope, stmt->group_clause[i], &item, written) || (has_sets && !multiply(scope, &all, &item)))
            return false;
    }
    if (!has_sets)
        return true;
    if (stmt->group_distinct)
        drop_repeated(&all);
    spread_columns(scope, written);
    query->group_distinct = stmt->group_distinct;
    query->grouping_sets = all.items;
    query->ngrouping_sets = (int)all.count;
    return true;
}
