/*
 * subplan_join.c - the rows that a subquery or function in FROM reads are joined first, as in PostgreSQL: the entries that it reads, with
 * the conditions that are about them alone, become one subquery.
 *
 *   SELECT ... FROM a, b, LATERAL f(a.x, b.y) AS f WHERE a.id = b.id AND f > 0
 *   SELECT ... FROM (SELECT a.x, b.y, ... FROM a, b WHERE a.id = b.id) AS j, LATERAL f(j.x, j.y) AS f WHERE f > 0
 *
 * Of a level that the local engine answers, this is for what stays there of the conditions: the engine would make the product of all that
 * stands before f, call f for all rows of it, on which it may fail, and only then ask the conditions. What else is tied to the rows by
 * conditions goes in too.
 *
 * For a volatile subplan the rows are numbered (row_number() OVER ()). It is given the number as a parameter that it does not use, so the
 * local engine runs it for each row, and not once for all that are alike.
 *
 * Invariants:
 *  1. A part of FROM that has an outer join around an entry goes in as a whole.
 *  2. What stands beside an outer join may be joined with the side that the join keeps all rows of before it is. Nothing goes to the other;
 *     where the subplan reads rows of both, it is given a number of each.
 *  3. The subquery's entries keep their numbers; where they were, and where in it others are, are entries without rows.
 * Threads: the session's own.
 */
#include "plan/internal.h"

enum { NUMBER = 1, FRAME_DEFAULTS = 0x00002 | 0x00020 | 0x00400 }; /* RANGE from the first row to the current one, as the parser has it */

static const char NUMBER_NAME[] = "row_number";

/* Items that are joined where all the conditions hold. */
typedef struct Product {
    VEC(FromItem *) items;
    ExprList conditions;
} Product;

typedef struct Joining {
    Planner *planner;
    Query *query, *joined;
    int entry; /* the one that reads them */
    bool is_numbered;
    const bool *wanted; /* entries that it reads */
    bool *moved;        /* entries that are in the subquery */
    int place;          /* the subquery's own entry */
} Joining;

static bool has_entry(const FromItem *item, int entry)
{
    return item->kind == FROM_RTE ? item->rte == entry : has_entry(item->left, entry) || has_entry(item->right, entry);
}

static bool has_any(const FromItem *item, const bool *entries)
{
    return item->kind == FROM_RTE ? entries[item->rte] : has_any(item->left, entries) || has_any(item->right, entries);
}

static void mark(const FromItem *item, bool *entries)
{
    if (item->kind == FROM_RTE) {
        entries[item->rte] = true;
        return;
    }
    mark(item->left, entries);
    mark(item->right, entries);
}

/* Entries that the item reads, its own among them; these are marked in `own`. */
static bool *read_by(const Joining *joining, const FromItem *item, bool *own)
{
    const Query *query = joining->query;
    bool *read = ARENA_ARRAY(joining->planner->arena, bool, query->nrtes + 1);
    mark(item, own);
    for (int i = 0; i < query->nrtes; i++)
        if (own[i])
            subplan_add_read_by(query->rtes[i], read);
    return read;
}

/* ---- what goes in ---- */

/* What the subplan reads, the rest of the items that it stands in, and what these read in turn. */
static bool *needed(const Joining *joining, const Product *product)
{
    Arena *arena = joining->planner->arena;
    const Query *query = joining->query;
    bool *all = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    for (int i = 0; i < query->nrtes; i++)
        all[i] = joining->wanted[i];
    for (size_t i = product->items.count; i-- > 0;) { /* items read only those before them */
        const FromItem *item = product->items.items[i];
        if (has_entry(item, joining->entry) || !has_any(item, all))
            continue;
        mark(item, all);
        for (int k = query->nrtes - 1; k >= 0; k--)
            if (all[k])
                subplan_add_read_by(query->rtes[k], all);
    }
    return all;
}

static bool is_about(const Joining *joining, const Expr *condition, const bool *entries)
{
    const Query *query = joining->query;
    bool *seen = ARENA_ARRAY(joining->planner->arena, bool, query->nrtes + 1);
    bool about = !expr_is_volatile(condition, joining->planner->context->catalog);
    refs_of_expr(condition, seen);
    for (int i = 0; i < query->nrtes; i++)
        about &= entries[i] || !seen[i];
    return about;
}

/* A condition is about the item's rows and the others. */
static bool is_tied(const Joining *joining, const Product *product, const FromItem *item, const bool *others)
{
    Arena *arena = joining->planner->arena;
    const Query *query = joining->query;
    bool *own = ARENA_ARRAY(arena, bool, query->nrtes + 1), *both = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    mark(item, own);
    for (int i = 0; i < query->nrtes; i++)
        both[i] = own[i] || others[i];
    for (size_t c = 0; c < product->conditions.count; c++) {
        bool *seen = ARENA_ARRAY(arena, bool, query->nrtes + 1), in_own = false, in_others = false;
        refs_of_expr(product->conditions.items[c], seen);
        for (int i = 0; i < query->nrtes; i++) {
            in_own |= seen[i] && own[i];
            in_others |= seen[i] && others[i];
        }
        if (in_own && in_others && is_about(joining, product->conditions.items[c], both))
            return true;
    }
    return false;
}

/* Further items, of which none reads what stays outside. */
static void add_tied(const Joining *joining, const Product *product, bool *all)
{
    const Query *query = joining->query;
    for (size_t i = 0; i < product->items.count; i++) {
        const FromItem *item = product->items.items[i];
        bool *inside = ARENA_ARRAY(joining->planner->arena, bool, query->nrtes + 1), fits = true;
        if (has_entry(item, joining->entry) || has_any(item, all) || !is_tied(joining, product, item, all))
            continue;
        const bool *read = read_by(joining, item, inside);
        for (int k = 0; k < query->nrtes; k++)
            fits &= !read[k] || inside[k] || all[k];
        if (!fits)
            continue;
        mark(item, all);
        i = (size_t)-1; /* all is looked at again */
    }
}

static bool reads_any(const Joining *joining, const FromItem *item, const bool *entries)
{
    bool *own = ARENA_ARRAY(joining->planner->arena, bool, joining->query->nrtes + 1), any = false;
    const bool *read = read_by(joining, item, own);
    for (int i = 0; i < joining->query->nrtes; i++)
        any |= read[i] && entries[i];
    return any;
}

/* Items of `from` that have any of the entries, but for the one that has the subplan, go to `to`, before `beside` (NULL: nothing stands
 * there) or, where they read its rows, after it; and with them the conditions that are about nothing else. */
static void move_items(const Joining *joining, Product *from, Product *to, FromItem *beside)
{
    Arena *arena = joining->planner->arena;
    bool *entries = needed(joining, from);
    if (!joining->is_numbered)
        add_tied(joining, from, entries);
    bool *there = ARENA_ARRAY(arena, bool, joining->query->nrtes + 1);
    bool *besides = ARENA_ARRAY(arena, bool, joining->query->nrtes + 1); /* what stands there, or after it */
    Product kept = {0}, after = {0};
    if (beside) {
        mark(beside, besides);
        vec_push(arena, &after.items, beside);
    }
    for (size_t i = 0; i < from->items.count; i++) {
        FromItem *item = from->items.items[i];
        bool moves = has_any(item, entries) && !has_entry(item, joining->entry), follows = moves && reads_any(joining, item, besides);
        vec_push(arena, follows ? &after.items : moves ? &to->items : &kept.items, item);
        if (follows)
            mark(item, besides);
    }
    for (size_t i = 0; i < after.items.count; i++)
        vec_push(arena, &to->items, after.items.items[i]);
    for (size_t i = 0; i < to->items.count; i++)
        mark(to->items.items[i], there);
    for (size_t i = 0; i < from->conditions.count; i++) {
        bool moves = to->items.count && is_about(joining, from->conditions.items[i], there);
        vec_push(arena, moves ? &to->conditions : &kept.conditions, from->conditions.items[i]);
    }
    *from = kept;
}

/* ---- the subquery ---- */

static int column_of(Joining *joining, const Expr *var)
{
    Query *joined = joining->joined;
    Arena *arena = joining->planner->arena;
    Expr *own = expr_copy(var, arena);
    own->u.var.levels_up = 0;
    for (int i = 0; i < joined->ntargets; i++)
        if (expr_equal(joined->targets[i].expr, own))
            return i + 1;
    size_t count = (size_t)joined->ntargets;
    joined->targets = arena_grow(arena, joined->targets, count * sizeof(Target), (count + 1) * sizeof(Target));
    joined->targets[joined->ntargets++] = (Target){.expr = own, .name = "column"};
    return joined->ntargets;
}

static Expr *take_var(Expr *expr, int level, void *arg)
{
    Joining *joining = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level || !joining->moved[expr->u.var.rte])
        return expr;
    Expr *var = expr_var(joining->planner->arena, joining->place, column_of(joining, expr), expr->type, expr->typmod, expr->collation);
    var->u.var.levels_up = level;
    var->location = expr->location;
    return var;
}

static void move_locks(const Joining *joining)
{
    Query *query = joining->query, *joined = joining->joined;
    int kept = 0;
    joined->locks = ARENA_ARRAY(joining->planner->arena, RowLock, query->nlocks + 1);
    for (int i = 0; i < query->nlocks; i++)
        if (joining->moved[query->locks[i].rte])
            joined->locks[joined->nlocks++] = query->locks[i];
        else
            query->locks[kept++] = query->locks[i];
    query->nlocks = kept;
    joined->for_update = joined->nlocks;
}

static void add_number(const Joining *joining)
{
    Query *joined = joining->joined;
    Arena *arena = joining->planner->arena;
    Expr *number = ARENA_NEW(arena, Expr);
    *number = (Expr){.kind = EXPR_WINDOW, .type = TYPE_INT8, .typmod = -1, .location = -1, .oid = F_ROW_NUMBER};
    joined->targets = ARENA_NEW(arena, Target);
    joined->targets[joined->ntargets++] = (Target){.expr = number, .name = NUMBER_NAME};
    joined->has_windows = true;
    joined->nwindows = 1;
    joined->windows = ARENA_NEW(arena, Window);
    *joined->windows = (Window){.frame_options = FRAME_DEFAULTS};
}

/* The entries of the items are the subquery's from now on, whose own entry is where the first of them was. */
static void move_entries(Joining *joining)
{
    Query *query = joining->query, *joined = joining->joined;
    joining->moved = ARENA_ARRAY(joining->planner->arena, bool, query->nrtes + 1);
    joined->rtes = ARENA_ARRAY(joining->planner->arena, Rte *, query->nrtes + 1);
    joining->place = -1;
    for (int i = 0; i < joined->nfrom; i++)
        mark(joined->from[i], joining->moved);
    for (int i = 0; i < query->nrtes; i++) {
        Rte *nothing = ARENA_NEW(joining->planner->arena, Rte);
        *nothing = (Rte){.kind = RTE_RESULT};
        joined->rtes[i] = joining->moved[i] ? query->rtes[i] : nothing;
        query->rtes[i] = joining->moved[i] ? nothing : query->rtes[i];
        joining->place = joining->moved[i] && joining->place < 0 ? i : joining->place;
    }
}

/* Gives what stands for the items. */
static FromItem *make_joined(Joining *joining, const Product *items)
{
    Arena *arena = joining->planner->arena;
    const Query *query = joining->query;
    Query *joined = joining->joined = ARENA_NEW(arena, Query);
    *joined = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .nrtes = query->nrtes, .has_sublinks = query->has_sublinks};
    joined->from = items->items.items;
    joined->nfrom = (int)items->items.count;
    joined->where = refs_make_and(arena, items->conditions.items, items->conditions.count);
    if (joining->is_numbered)
        add_number(joining);
    move_entries(joining);
    move_locks(joining);
    FromItem *item = ARENA_NEW(arena, FromItem);
    *item = (FromItem){.kind = FROM_RTE, .rte = joining->place};
    return item;
}

/* ---- where the subplan stands ---- */

static void insert_item(const Joining *joining, Product *product, size_t place, FromItem *item)
{
    vec_push(joining->planner->arena, &product->items, item);
    for (size_t i = product->items.count - 1; i > place; i--)
        product->items.items[i] = product->items.items[i - 1];
    product->items.items[place] = item;
}

/* An outer join is less of one where the conditions above it drop the rows that it fills up. */
static void reduce_join(const Joining *joining, const Product *product, FromItem *join)
{
    Catalog *catalog = joining->planner->context->catalog;
    bool *left = ARENA_ARRAY(joining->planner->arena, bool, joining->query->nrtes + 1);
    bool *right = ARENA_ARRAY(joining->planner->arena, bool, joining->query->nrtes + 1);
    mark(join->left, left);
    mark(join->right, right);
    if (join->join == JOIN_FULL && reduce_rejects(&product->conditions, left, catalog))
        join->join = JOIN_LEFT;
    if (join->join == JOIN_FULL && reduce_rejects(&product->conditions, right, catalog))
        join->join = JOIN_RIGHT;
    if ((join->join == JOIN_LEFT && reduce_rejects(&product->conditions, right, catalog)) ||
        (join->join == JOIN_RIGHT && reduce_rejects(&product->conditions, left, catalog)))
        join->join = JOIN_INNER;
}

/* Inner joins among the product's items are taken apart. Gives the item that has the subplan in it. */
static FromItem *take_apart(const Joining *joining, Product *product)
{
    FromItem *found = NULL;
    for (size_t i = 0; i < product->items.count; i++) {
        FromItem *item = product->items.items[i];
        while (item->kind == FROM_JOIN) {
            reduce_join(joining, product, item);
            if (item->join != JOIN_INNER && item->join != JOIN_CROSS)
                break;
            insert_item(joining, product, i + 1, item->right);
            refs_split_and(joining->planner->arena, item->on, &product->conditions);
            product->items.items[i] = item = item->left;
        }
        found = has_entry(item, joining->entry) ? item : found;
    }
    return found;
}

/* The product as one item. */
static FromItem *item_of(const Joining *joining, const Product *product)
{
    Arena *arena = joining->planner->arena;
    FromItem *made = product->items.items[0];
    for (size_t i = 1; i < product->items.count; i++) {
        FromItem *join = ARENA_NEW(arena, FromItem);
        *join = (FromItem){.kind = FROM_JOIN, .rte = -1, .join = JOIN_CROSS, .left = made, .right = product->items.items[i]};
        made = join;
    }
    if (product->conditions.count) {
        made->join = JOIN_INNER;
        made->on = refs_make_and(arena, product->conditions.items, product->conditions.count);
    }
    return made;
}

/* Nothing in the item reads what stands before it. */
static bool reads_itself(const Joining *joining, const FromItem *item)
{
    bool *own = ARENA_ARRAY(joining->planner->arena, bool, joining->query->nrtes + 1), itself = true;
    const bool *read = read_by(joining, item, own);
    for (int i = 0; i < joining->query->nrtes; i++)
        itself &= own[i] || !read[i];
    return itself;
}

static void join_in_product(Joining *joining, Product *product);

/* The side of an outer join that has the subplan in it. Conditions of a side that is kept hold after the join too. */
static void join_in_side(Joining *joining, Product *around, FromItem *join)
{
    bool is_left = has_entry(join->left, joining->entry);
    FromItem **side = is_left ? &join->left : &join->right;
    Product inside = {0};
    bool is_kept = is_left ? join->join == JOIN_LEFT : join->join == JOIN_RIGHT && reads_itself(joining, join->left);
    if (is_kept)
        move_items(joining, around, &inside, *side);
    else
        vec_push(joining->planner->arena, &inside.items, *side);
    join_in_product(joining, &inside);
    for (size_t i = 0; i < inside.conditions.count && is_kept; i++)
        vec_push(joining->planner->arena, &around->conditions, inside.conditions.items[i]);
    if (is_kept)
        inside.conditions.count = 0;
    *side = item_of(joining, &inside);
}

/* A condition that is not some source's to ask, together with the entries that it is about. */
static bool stays_local(const Joining *joining, Expr *condition)
{
    Planner *planner = joining->planner;
    const Query *query = joining->query;
    bool *seen = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
    const Source *source = NULL;
    refs_of_expr(condition, seen);
    for (int i = 0; i < query->nrtes; i++) {
        if (!seen[i])
            continue;
        const Source *own = query->rtes[i]->kind == RTE_RELATION ? source_of_relation(planner, query->rtes[i]) : NULL;
        if (!own || !own->dialect || (source && own != source))
            return true;
        source = own;
    }
    return !source || !source_can_say(planner, source, condition, query, NULL);
}

static bool is_worth(const Joining *joining, const Product *items)
{
    bool worth = joining->is_numbered;
    for (size_t i = 0; i < items->conditions.count && !worth; i++)
        worth = stays_local(joining, items->conditions.items[i]);
    return worth && items->items.count;
}

static void join_in_product(Joining *joining, Product *product)
{
    FromItem *item = take_apart(joining, product);
    Product inside = {0}, before = *product;
    bool is_left =
        item->kind == FROM_JOIN && item->join == JOIN_LEFT && item->right->kind == FROM_RTE && item->right->rte == joining->entry;
    if (item->kind == FROM_RTE || is_left) {
        move_items(joining, product, &inside, is_left ? item->left : NULL);
        if (!is_worth(joining, &inside))
            *product = before;
        else if (is_left)
            item->left = make_joined(joining, &inside);
        else
            insert_item(joining, product, 0, make_joined(joining, &inside));
    } else {
        join_in_side(joining, product, item);
    }
}

/* FROM and WHERE as one product. */
static void join_in_query(Joining *joining)
{
    Arena *arena = joining->planner->arena;
    Query *query = joining->query;
    Product all = {0};
    for (int i = 0; i < query->nfrom; i++)
        vec_push(arena, &all.items, query->from[i]);
    refs_split_and(arena, query->where, &all.conditions);
    join_in_product(joining, &all);
    query->from = all.items.items;
    query->nfrom = (int)all.items.count;
    query->where = refs_make_and(arena, all.conditions.items, all.conditions.count);
}

/* What else of the query is made of the entries becomes made of the subquery's columns. */
static void finish(Joining *joining)
{
    query_map_exprs(joining->query, true, take_var, joining);
    unite_move_in(joining->joined);
    Rte *rte = joining->query->rtes[joining->place];
    *rte = (Rte){.kind = RTE_SUBQUERY, .query = joining->joined, .in_from = true};
    unite_columns(joining->planner->arena, rte, joining->joined);
}

static bool is_numbered(const Rte *rte)
{
    return rte->query && rte->query->ntargets && rte->query->targets[0].name == NUMBER_NAME;
}

/* The rows of one entry, whatever it is joined with. */
static void number_entry(Planner *planner, Query *query, int entry)
{
    Joining joining = {.planner = planner, .query = query, .entry = -1, .is_numbered = true};
    Product alone = {0};
    FromItem *item = ARENA_NEW(planner->arena, FromItem);
    *item = (FromItem){.kind = FROM_RTE, .rte = entry};
    vec_push(planner->arena, &alone.items, item);
    make_joined(&joining, &alone);
    finish(&joining);
}

Query *subplan_number_rows(Planner *planner, Query *query, int entry, ExprList *numbers)
{
    Arena *arena = planner->arena;
    Joining joining = {.planner = planner, .query = query, .entry = entry, .is_numbered = true};
    joining.wanted = subplan_rows_read(query, entry, arena);
    bool numbered = true;
    for (int i = 0; i < query->nrtes; i++)
        numbered &= !joining.wanted[i] || is_numbered(query->rtes[i]);
    if (!numbered)
        join_in_query(&joining);
    if (joining.joined)
        finish(&joining);
    const bool *read = subplan_rows_read(query, entry, arena);
    for (int i = 0; i < query->nrtes; i++) {
        if (!read[i])
            continue;
        if (!is_numbered(query->rtes[i]))
            number_entry(planner, query, i);
        vec_push(arena, numbers, expr_var(arena, i, NUMBER, TYPE_INT8, -1, OID_NONE));
    }
    return joining.joined;
}

/* ---- entries that are no subplans of volatile functions ---- */

static bool is_reader(const Planner *planner, const Query *query, int entry)
{
    const Rte *rte = query->rtes[entry];
    Catalog *catalog = planner->context->catalog;
    bool is_volatile = rte->query && query_is_volatile(rte->query, catalog);
    for (int i = 0; i < rte->nfunctions; i++)
        is_volatile |= expr_is_volatile(rte->functions[i], catalog);
    return rte->in_from && !is_volatile && subplan_reads_rows(query, entry, planner->arena);
}

bool subplan_join_rows(Planner *planner, Query *query)
{
    for (int i = query->nrtes - 1; i >= 0; i--) { /* what others read stands before them, and may go in with the rest */
        if (!is_reader(planner, query, i))
            continue;
        Joining joining = {.planner = planner, .query = query, .entry = i};
        joining.wanted = subplan_rows_read(query, i, planner->arena);
        join_in_query(&joining);
        if (error_is_set(planner->error))
            return false;
        if (joining.joined)
            finish(&joining);
    }
    return true;
}
