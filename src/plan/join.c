/*
 * join.c - FROM and WHERE of one query level as a tree, and the largest parts of it that one source owns.
 *
 * Inner joins are flattened: an INNER node has any number of children, and conditions that all must hold. An OUTER node has two
 * children (INNER nodes) and the join's own conditions; RIGHT joins are turned round.
 *
 * Invariants:
 *  1. A condition goes below an outer join only on the side whose rows are all kept; one of the join itself only to the other side.
 *  2. A condition stands on an entry, or in an owned node, only if that source can say it; else it stays where it is, local.
 *  3. Volatile conditions are never moved.
 *  4. Sources without a dialect own single entries, never joins.
 * Threads: the session's own.
 */
#include <string.h>

#include "plan/internal.h"

static JoinNode *new_node(const Level *level, NodeKind kind)
{
    JoinNode *node = ARENA_NEW(level->planner->arena, JoinNode);
    node->kind = kind;
    node->rtes = ARENA_ARRAY(level->planner->arena, bool, level->query->nrtes + 1);
    return node;
}

static void add_child(const Level *level, JoinNode *parent, JoinNode *child)
{
    vec_push(level->planner->arena, &parent->children, child);
    for (int i = 0; i < level->query->nrtes; i++)
        parent->rtes[i] |= child->rtes[i];
}

/* ---- making the tree ---- */

static void add_item(const Level *level, JoinNode *inner, const FromItem *item);

static JoinNode *side(const Level *level, const FromItem *item)
{
    JoinNode *inner = new_node(level, NODE_INNER);
    add_item(level, inner, item);
    return inner;
}

static JoinNode *outer_node(const Level *level, const FromItem *item)
{
    JoinNode *node = new_node(level, NODE_OUTER);
    bool turned = item->join == JOIN_RIGHT;
    node->join = item->join == JOIN_FULL ? JOIN_FULL : JOIN_LEFT;
    add_child(level, node, side(level, turned ? item->right : item->left));
    add_child(level, node, side(level, turned ? item->left : item->right));
    refs_split_and(level->planner->arena, item->on, &node->conditions);
    return node;
}

static void add_item(const Level *level, JoinNode *inner, const FromItem *item)
{
    if (item->kind == FROM_RTE) {
        JoinNode *node = new_node(level, NODE_RTE);
        node->rte = item->rte;
        node->rtes[item->rte] = true;
        add_child(level, inner, node);
    } else if (item->join == JOIN_INNER || item->join == JOIN_CROSS) {
        add_item(level, inner, item->left);
        add_item(level, inner, item->right);
        refs_split_and(level->planner->arena, item->on, &inner->conditions);
    } else {
        add_child(level, inner, outer_node(level, item));
    }
}

static void take_all(Arena *arena, ExprList *to, const ExprList *from)
{
    for (size_t i = 0; i < from->count; i++)
        vec_push(arena, to, from->items[i]);
}

/* An outer join some of whose filled-up rows the conditions around it drop is a lesser one; an inner one dissolves in the node around it.
 */
static bool reduce_child(const Level *level, JoinNode *node, size_t index)
{
    Arena *arena = level->planner->arena;
    Catalog *catalog = level->planner->context->catalog;
    JoinNode *outer = node->children.items[index];
    JoinNode *left = outer->children.items[0], *right = outer->children.items[1];
    bool needs_right = reduce_rejects(&node->conditions, right->rtes, catalog);
    bool needs_left = outer->join == JOIN_LEFT || reduce_rejects(&node->conditions, left->rtes, catalog);
    if (!needs_right) {
        outer->join = needs_left ? JOIN_LEFT : outer->join;
        return false;
    }
    if (!needs_left) {
        outer->join = JOIN_LEFT;
        outer->children.items[0] = right;
        outer->children.items[1] = left;
        return false;
    }
    JoinNode **children = ARENA_ARRAY(arena, JoinNode *, node->children.count + left->children.count + right->children.count);
    size_t count = 0;
    for (size_t i = 0; i < node->children.count; i++) {
        if (i != index)
            children[count++] = node->children.items[i];
        for (size_t c = 0; i == index && c < left->children.count; c++)
            children[count++] = left->children.items[c];
        for (size_t c = 0; i == index && c < right->children.count; c++)
            children[count++] = right->children.items[c];
    }
    node->children.items = children;
    node->children.count = node->children.cap = count;
    take_all(arena, &node->conditions, &outer->conditions);
    take_all(arena, &node->conditions, &left->conditions);
    take_all(arena, &node->conditions, &right->conditions);
    return true;
}

static void reduce(const Level *level, JoinNode *node)
{
    for (size_t i = 0; i < node->children.count; i++)
        if (node->children.items[i]->kind == NODE_OUTER && reduce_child(level, node, i))
            i = (size_t)-1; /* further conditions have come: all is looked at again */
}

/* ---- moving conditions down ---- */

static bool within(const Level *level, const bool *some, const bool *all)
{
    bool any = false;
    for (int i = 0; i < level->query->nrtes; i++) {
        if (some[i] && !all[i])
            return false;
        any |= some[i];
    }
    return any;
}

static bool *refs(const Level *level, const Expr *condition)
{
    bool *seen = ARENA_ARRAY(level->planner->arena, bool, level->query->nrtes + 1);
    refs_of_expr(condition, seen);
    return seen;
}

static JoinNode *child_of(const Level *level, const JoinNode *node, const Expr *condition)
{
    const bool *seen = refs(level, condition);
    for (size_t i = 0; i < node->children.count; i++)
        if (within(level, seen, node->children.items[i]->rtes))
            return node->children.items[i];
    return NULL;
}

static bool is_volatile(const Level *level, const Expr *condition)
{
    return expr_is_volatile(condition, level->planner->context->catalog);
}

static void add_once(Arena *arena, StrList *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (!strcmp(texts->items[i], text))
            return;
    vec_push(arena, texts, text);
}

/* true: the entry's source takes the condition, or the entry's query while conditions are pushed. Else the reason is noted. */
static bool entry_takes(const Level *level, const JoinNode *entry, const Expr *condition)
{
    Owner owner = level->owners[entry->rte];
    const char *reason = NULL;
    if (level->noted) {
        vec_push(level->planner->arena, &level->noted[entry->rte], (Expr *)(uintptr_t)condition);
        return false;
    }
    if (level->pushed)
        return push_into(level, entry->rte, condition);
    if (!source_has_dialect(owner))
        return false;
    if (source_can_say(level->planner, owner.source, condition, level->query, &reason))
        return true;
    if (reason)
        add_once(level->planner->arena, &level->kept[entry->rte], reason);
    return false;
}

static bool has_lateral(const Level *level, const JoinNode *node)
{
    for (int i = 0; i < level->query->nrtes; i++)
        if (node->rtes[i] && level->query->rtes[i]->lateral)
            return true;
    return false;
}

static bool move_down(const Level *level, JoinNode *child, Expr *condition)
{
    Arena *arena = level->planner->arena;
    /* The engine takes no subquery in the condition of a LATERAL join. */
    if (child->kind != NODE_RTE && refs_has_sublink(condition) && has_lateral(level, child))
        return false;
    if (child->kind == NODE_RTE) {
        if (!entry_takes(level, child, condition))
            return false;
        vec_push(arena, level->pushed ? level->pushed : &child->conditions, condition);
        return true;
    }
    if (child->kind == NODE_INNER) {
        vec_push(arena, &child->conditions, condition);
        return true;
    }
    JoinNode *kept = child->children.items[0];
    if (child->join != JOIN_LEFT || !within(level, refs(level, condition), kept->rtes))
        return false;
    vec_push(arena, &kept->conditions, condition);
    return true;
}

/* Conclusions within an inner node; and, of what holds for the kept side, for the other side of a left join. */
static void derive(const Level *level, JoinNode *node)
{
    derive_conditions(level, &node->conditions, &node->conditions, &node->conditions);
    for (size_t i = 0; i < node->children.count; i++) {
        JoinNode *child = node->children.items[i];
        if (child->kind == NODE_OUTER && child->join == JOIN_LEFT)
            derive_conditions(level, &node->conditions, &child->conditions, &child->conditions);
    }
}

static void distribute(const Level *level, JoinNode *node)
{
    if (node->kind == NODE_INNER) {
        reduce(level, node);
        derive(level, node);
    }
    ExprList stay = {0};
    for (size_t i = 0; i < node->conditions.count && node->kind != NODE_RTE; i++) {
        Expr *condition = node->conditions.items[i];
        JoinNode *child = is_volatile(level, condition) ? NULL : child_of(level, node, condition);
        /* Of an outer join's own conditions only those on the side that may be missing go down. */
        if (node->kind == NODE_OUTER && (node->join != JOIN_LEFT || child != node->children.items[1]))
            child = NULL;
        if (!child || !move_down(level, child, condition))
            vec_push(level->planner->arena, &stay, condition);
    }
    if (node->kind != NODE_RTE)
        node->conditions = stay;
    for (size_t i = 0; i < node->children.count; i++)
        distribute(level, node->children.items[i]);
}

/* ---- who owns what ---- */

static bool all_said(const Level *level, const Source *source, const ExprList *conditions)
{
    for (size_t i = 0; i < conditions->count; i++)
        if (!source_can_say(level->planner, source, conditions->items[i], level->query, NULL))
            return false;
    return true;
}

static bool owned_by(const JoinNode *node, const Source *source)
{
    return source_has_dialect(node->owner) && node->owner.source == source;
}

/* Which child of the node an entry is in; -1: none. */
static const int *find_homes(const Level *level, const JoinNode *node)
{
    int *homes = ARENA_ARRAY(level->planner->arena, int, level->query->nrtes + 1);
    for (int r = 0; r < level->query->nrtes; r++) {
        homes[r] = -1;
        for (size_t i = 0; i < node->children.count && homes[r] < 0; i++)
            homes[r] = node->children.items[i]->rtes[r] ? (int)i : -1;
    }
    return homes;
}

/* Which other child of the group a condition ties to `child`: conditions that the source can say make one group of their entries. */
static void spread(const Level *level, const JoinNode *node, const Source *source, bool *in_group)
{
    const int *homes = find_homes(level, node);
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t c = 0; c < node->conditions.count; c++) {
            Expr *condition = node->conditions.items[c];
            const bool *seen = refs(level, condition);
            bool touches = false, complete = true, fresh = false;
            for (int r = 0; r < level->query->nrtes; r++) {
                if (!seen[r] || homes[r] < 0)
                    continue;
                touches |= in_group[homes[r]];
                fresh |= !in_group[homes[r]];
                complete &= owned_by(node->children.items[homes[r]], source);
            }
            if (!touches || !fresh || !complete || !source_can_say(level->planner, source, condition, level->query, NULL))
                continue;
            for (int r = 0; r < level->query->nrtes; r++)
                if (seen[r] && homes[r] >= 0)
                    in_group[homes[r]] = true;
            grown = true;
        }
    }
}

/* Puts the group into a node of its own, with all conditions on it that the source can say. */
static JoinNode *make_group(const Level *level, JoinNode *node, Source *source, const bool *in_group)
{
    Arena *arena = level->planner->arena;
    JoinNode *group = new_node(level, NODE_INNER);
    group->owner = (Owner){OWNER_ONE, source};
    for (size_t i = 0; i < node->children.count; i++)
        if (in_group[i])
            add_child(level, group, node->children.items[i]);
    ExprList stay = {0};
    for (size_t i = 0; i < node->conditions.count; i++) {
        Expr *condition = node->conditions.items[i];
        bool inside = within(level, refs(level, condition), group->rtes) && !is_volatile(level, condition) &&
                      source_can_say(level->planner, source, condition, level->query, NULL);
        if (inside)
            vec_push(arena, &group->conditions, condition);
        else
            vec_push(arena, &stay, condition);
    }
    node->conditions = stay;
    return group;
}

/* in_full: on a side of a FULL join no condition may be left to a lone child, for it would have no place but above the join. */
static void group_children(const Level *level, JoinNode *node, bool in_full)
{
    Arena *arena = level->planner->arena;
    for (size_t first = 0; first < node->children.count; first++) {
        JoinNode *child = node->children.items[first];
        if (!source_has_dialect(child->owner))
            continue;
        Source *source = child->owner.source;
        bool *in_group = ARENA_ARRAY(arena, bool, node->children.count);
        in_group[first] = true;
        spread(level, node, source, in_group);
        ExprList conditions = node->conditions;
        JoinNode *group = make_group(level, node, source, in_group);
        bool is_homeless = in_full && node->conditions.count && group->children.count == node->children.count;
        if (is_homeless)
            node->conditions = conditions;
        if (is_homeless || (group->children.count == 1 && !group->conditions.count))
            continue;
        size_t kept = 0;
        for (size_t i = 0; i < node->children.count; i++) {
            if (i == first)
                node->children.items[kept++] = group;
            else if (!in_group[i])
                node->children.items[kept++] = node->children.items[i];
        }
        node->children.count = kept;
    }
}

static void settle(const Level *level, JoinNode *node, bool in_full)
{
    bool is_full = node->kind == NODE_OUTER && node->join == JOIN_FULL;
    for (size_t i = 0; i < node->children.count; i++)
        settle(level, node->children.items[i], in_full || is_full);
    if (node->kind == NODE_RTE) {
        node->owner = level->owners[node->rte];
    } else if (node->kind == NODE_INNER) {
        group_children(level, node, in_full);
        bool whole = node->children.count == 1 && !node->conditions.count && source_has_dialect(node->children.items[0]->owner);
        node->owner = whole ? node->children.items[0]->owner : (Owner){OWNER_MIXED, NULL};
    } else {
        Owner left = node->children.items[0]->owner, right = node->children.items[1]->owner;
        bool whole = source_has_dialect(left) && source_has_dialect(right) && left.source == right.source &&
                     (node->join != JOIN_FULL || sql_dialect_joins_fully(left.source->dialect)) &&
                     all_said(level, left.source, &node->conditions);
        node->owner = whole ? left : (Owner){OWNER_MIXED, NULL};
    }
}

/* What stayed on a lone child of an outer join's side moves to where it means the same: from the kept side above the join, from the
 * other into the join's own conditions. */
static void lift(const Level *level, JoinNode *node)
{
    Arena *arena = level->planner->arena;
    for (size_t i = 0; i < node->children.count; i++) {
        JoinNode *child = node->children.items[i];
        lift(level, child);
        if (node->kind != NODE_INNER || child->kind != NODE_OUTER || child->join != JOIN_LEFT || source_has_dialect(child->owner))
            continue;
        JoinNode *left = child->children.items[0], *right = child->children.items[1];
        if (!source_has_dialect(left->owner) && left->children.count == 1) {
            for (size_t c = 0; c < left->conditions.count; c++)
                vec_push(arena, &node->conditions, left->conditions.items[c]);
            left->conditions.count = 0;
        }
        if (!source_has_dialect(right->owner) && right->children.count == 1) {
            for (size_t c = 0; c < right->conditions.count; c++)
                vec_push(arena, &child->conditions, right->conditions.items[c]);
            right->conditions.count = 0;
        }
    }
}

static JoinNode *distributed(const Level *level)
{
    JoinNode *root = new_node(level, NODE_INNER);
    for (int i = 0; i < level->query->nfrom; i++)
        add_item(level, root, level->query->from[i]);
    refs_split_and(level->planner->arena, level->query->where, &root->conditions);
    distribute(level, root);
    return root;
}

void join_push(const Level *level)
{
    distributed(level);
}

void join_note(const Level *level)
{
    distributed(level);
}

JoinNode *join_tree(Level *level)
{
    JoinNode *root = distributed(level);
    settle(level, root, false);
    lift(level, root);
    return root;
}

/* ---- FROM again ---- */

static FromItem *join_items(Arena *arena, JoinType join, FromItem *left, FromItem *right, Expr *on)
{
    FromItem *item = ARENA_NEW(arena, FromItem);
    *item = (FromItem){.kind = FROM_JOIN, .rte = -1, .join = join, .left = left, .right = right, .on = on};
    return item;
}

static FromItem *item_of(const Level *level, const JoinNode *node, ExprList *around);

/* Several children: a chain of joins, the last of which has all the conditions. */
static FromItem *chain_of(const Level *level, const JoinNode *node)
{
    Arena *arena = level->planner->arena;
    ExprList on = {0};
    FromItem *all = item_of(level, node->children.items[0], &on);
    for (size_t i = 1; i < node->children.count; i++)
        all = join_items(arena, JOIN_CROSS, all, item_of(level, node->children.items[i], &on), NULL);
    take_all(arena, &on, &node->conditions);
    all->on = refs_make_and(arena, on.items, on.count);
    all->join = all->on ? JOIN_INNER : JOIN_CROSS;
    return all;
}

/* Conditions that were moved down to single entries come back as conditions of what is around them: above the join for its kept side,
 * of the join itself for the other. To the sides of a FULL join nothing was moved. */
static FromItem *item_of(const Level *level, const JoinNode *node, ExprList *around)
{
    Arena *arena = level->planner->arena;
    if (node->kind == NODE_RTE || node->leaf_rte) {
        FromItem *item = ARENA_NEW(arena, FromItem);
        *item = (FromItem){.kind = FROM_RTE, .rte = node->leaf_rte ? node->leaf_rte : node->rte};
        if (!node->leaf_rte)
            take_all(arena, around, &node->conditions);
        return item;
    }
    if (node->kind == NODE_OUTER) {
        ExprList on = {0};
        take_all(arena, &on, &node->conditions);
        FromItem *left = item_of(level, node->children.items[0], around), *right = item_of(level, node->children.items[1], &on);
        return join_items(arena, node->join, left, right, refs_make_and(arena, on.items, on.count));
    }
    if (node->children.count > 1)
        return chain_of(level, node);
    take_all(arena, around, &node->conditions);
    return item_of(level, node->children.items[0], around);
}

FromItem **join_from(const Level *level, const JoinNode *node, Expr **where, int *nfrom)
{
    Arena *arena = level->planner->arena;
    ExprList around = {0};
    FromItem **from = ARENA_ARRAY(arena, FromItem *, node->children.count + 1);
    *nfrom = 0;
    if (node->kind == NODE_INNER && !node->leaf_rte) {
        for (size_t i = 0; i < node->children.count; i++)
            from[(*nfrom)++] = item_of(level, node->children.items[i], &around);
        take_all(arena, &around, &node->conditions);
    } else {
        from[(*nfrom)++] = item_of(level, node, &around);
    }
    *where = refs_make_and(arena, around.items, around.count);
    return from;
}
