/*
 * inherit.c - tables with children: a reference to one reads its whole tree, each leaf where it lies (PostgreSQL manual, sections 5.10
 * and 5.11).
 *
 * The reference becomes a subquery: UNION ALL over the tables below, with those columns that the query uses. Conditions of the query on
 * that table alone move into the sides, so that each source answers them for itself; a partition whose bound contradicts one is left out.
 *
 * Invariants:
 *  1. Privileges were checked on the table named, before this: those below are asked for nothing.
 *  2. Columns are matched by name; tableoid is each side's own.
 *  3. A condition moves only from where the table's rows are not filled up with NULLs, and is then gone above.
 * Threads: the session's own.
 */
#include <string.h>

#include "plan/internal.h"

enum { MAX_LEAVES = 100000 };

/* One reference that is being expanded. */
typedef struct Expansion {
    Planner *planner;
    Query *query;
    int rte;
    const CatRelation *root;
    bool *used;     /* by slot: a column's number of the root's, 0 for tableoid, and the last for the row's own number and its place */
    int *places;    /* the column's place among those that are given */
    int ncolumns;   /* that are given */
    ExprList moved; /* conditions for each side, over the root's columns */
    ExprList known; /* those, and others that hold of the rows which are wanted */
    bool failed;
    VEC(const CatRelation *) leaves;
    bool is_unread; /* nothing.c */
} Expansion;

/* What is known of a query's entries before any is expanded. */
typedef struct Known {
    const bool *unread;
    const ExprList *noted; /* conditions; NULL: nothing is to be left out by them */
} Known;

/* Rows of foreign tables lie here while they are written (write/foreign.c). */
static bool is_stored(const Rte *rte, const CatRelation *relation)
{
    return relation->kind != 'f' || rte->staged || rte->written_by || rte->deleted_by;
}

bool inherit_is_tree(const Rte *rte)
{
    if (rte->kind != RTE_RELATION || rte->relation->is_system)
        return false;
    return strchr("prm", rte->relation->kind) || (rte->relation->kind == 'f' && is_stored(rte, rte->relation)) ||
           (rte->relation->has_children && !rte->only);
}

/* ---- the tables below ---- */

static bool add_below(Expansion *expansion, const CatRelation *relation)
{
    Planner *planner = expansion->planner;
    const FuncContext *functions = planner->context->functions;
    const Rte *rte = expansion->query->rtes[expansion->rte];
    bool of_write = rte->written_by || rte->deleted_by; /* those on their way to partitions lie in the root */
    if (relation->kind != 'p' || (rte->only && of_write))
        vec_push(planner->arena, &expansion->leaves, relation);
    bool root_only = expansion->query->rtes[expansion->rte]->only;
    if (root_only || !(relation->has_children || relation->kind == 'p') || expansion->leaves.count > MAX_LEAVES)
        return true;
    if (relation->kind == 'p') {
        size_t count;
        const PartitionKey *key = partition_key(functions->catalog, relation->oid, planner->arena, planner->error);
        const Partition *partitions = key ? partition_children(functions, key, planner->arena, &count, planner->error) : NULL;
        if (!partitions)
            return false;
        const bool *kept = prune_partitions(planner, expansion->root, relation, key, partitions, count, &expansion->known);
        for (size_t i = 0; i < count; i++)
            if (kept[i] && !add_below(expansion, catalog_relation(functions->catalog, partitions[i].oid)))
                return false;
        return !error_is_set(planner->error);
    }
    CatalogRows *rows = catalog_query(functions->catalog, planner->arena, planner->error,
                                      "SELECT inhrelid FROM pg_inherits WHERE inhparent = ?1 ORDER BY inhrelid", "o", relation->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatRelation *child = catalog_relation(functions->catalog, (Oid)CATALOG_CELL(rows, i, 0).i);
        bool seen = false; /* by way of another parent */
        for (size_t k = 0; k < expansion->leaves.count; k++)
            seen |= expansion->leaves.items[k] == child;
        if (!seen && !add_below(expansion, child))
            return false;
    }
    return rows != NULL;
}

/* ---- which columns ---- */

enum { LAST_SLOTS = 3 };

static const int LAST_COLUMNS[LAST_SLOTS] = {COLUMN_ROW, COLUMN_CTID, COLUMN_LIES_IN};

static int slot_of(const Expansion *expansion, int column)
{
    for (int i = 0; i < LAST_SLOTS; i++)
        if (column == LAST_COLUMNS[i])
            return expansion->root->ncolumns + 1 + i;
    return column > 0 ? column : 0;
}

static int column_at(const Expansion *expansion, int slot)
{
    int ncolumns = expansion->root->ncolumns;
    return slot > ncolumns ? LAST_COLUMNS[slot - ncolumns - 1] : slot ? slot : COLUMN_TABLEOID;
}

static Expr *note_use(Expr *expr, int level, void *arg)
{
    Expansion *expansion = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level || expr->u.var.rte != expansion->rte)
        return expr;
    int column = expr->u.var.column;
    bool is_alone = expansion->root->kind == 'f' && !inherit_is_tree(expansion->query->rtes[expansion->rte]); /* it has places */
    if (column > 0 || column == COLUMN_TABLEOID || column == COLUMN_ROW || (is_alone && slot_of(expansion, column))) {
        expansion->used[slot_of(expansion, column)] = true;
    } else if (!expansion->failed) {
        expansion->failed = true;
        bool is_written = expansion->root->kind == 'f' && !expansion->root->has_children;
        error_unsupported(expansion->planner->error, "%s is not supported",
                          column == 0  ? "a whole-row reference of a table with children"
                          : is_written ? "a system column of a foreign table's rows that are written"
                                       : "a system column of a local table or of one with children");
    }
    return expr;
}

static Expr *renumber(Expr *expr, int level, void *arg)
{
    Expansion *expansion = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == level && expr->u.var.rte == expansion->rte)
        expr->u.var.column = expansion->places[slot_of(expansion, expr->u.var.column)];
    return expr;
}

static void number_columns(Expansion *expansion)
{
    for (int i = 0; i <= expansion->root->ncolumns + LAST_SLOTS; i++)
        if (expansion->used[i])
            expansion->places[i] = ++expansion->ncolumns;
}

/* ---- which conditions ---- */

/* Whether rows of the entry stand in the item's rows as they are. */
static bool is_preserved(const FromItem *item, int rte, bool *found)
{
    if (item->kind == FROM_RTE) {
        *found |= item->rte == rte;
        return item->rte == rte;
    }
    bool left = false, right = false;
    bool in_left = is_preserved(item->left, rte, &left), in_right = is_preserved(item->right, rte, &right);
    *found |= left || right;
    if (left)
        return in_left && (item->join == JOIN_INNER || item->join == JOIN_CROSS || item->join == JOIN_LEFT);
    return right && in_right && (item->join == JOIN_INNER || item->join == JOIN_CROSS || item->join == JOIN_RIGHT);
}

static bool may_move(const Expansion *expansion)
{
    const Query *query = expansion->query;
    for (int i = 0; i < query->nfrom; i++) {
        bool found = false;
        if (is_preserved(query->from[i], expansion->rte, &found))
            return true;
        if (found)
            return false;
    }
    return false;
}

static bool is_alone(const Expansion *expansion, const Expr *condition)
{
    bool *seen = ARENA_ARRAY(expansion->planner->arena, bool, expansion->query->nrtes + 1);
    if (refs_has_sublink(condition) || refs_outer_expr(condition) || expr_is_volatile(condition, expansion->planner->context->catalog))
        return false;
    refs_of_expr(condition, seen);
    for (int i = 0; i < expansion->query->nrtes; i++)
        if (seen[i] != (i == expansion->rte))
            return false;
    return true;
}

/* What is left of them when those on the table alone have been taken; NULL: nothing. */
static Expr *take_from(Expansion *expansion, Expr *conditions)
{
    Planner *planner = expansion->planner;
    ExprList all = {0}, kept = {0};
    refs_split_and(planner->arena, conditions, &all);
    for (size_t i = 0; i < all.count; i++) {
        bool alone = is_alone(expansion, all.items[i]);
        if (alone || all.items[i]->kind == EXPR_CONST)
            vec_push(planner->arena, &expansion->moved, all.items[i]);
        if (!alone)
            vec_push(planner->arena, &kept, all.items[i]);
    }
    return kept.count ? refs_make_and(planner->arena, kept.items, kept.count) : NULL;
}

/* Of an outer join's other side, ON takes rows away before NULLs come in their place. */
static void take_on(Expansion *expansion, FromItem *item)
{
    if (item->kind == FROM_RTE)
        return;
    bool is_left = item->left->kind == FROM_RTE && item->left->rte == expansion->rte;
    bool is_right = item->right->kind == FROM_RTE && item->right->rte == expansion->rte;
    if (item->on && ((is_left && item->join == JOIN_RIGHT) || (is_right && item->join == JOIN_LEFT))) {
        item->on = take_from(expansion, item->on);
        if (!item->on)
            item->on = expr_const(expansion->planner->arena, TYPE_BOOL, -1, "t");
    }
    take_on(expansion, item->left);
    take_on(expansion, item->right);
}

/* What holds of the entry's rows that are wanted: also what follows from joins, or stands where it cannot be moved from. */
static void know_conditions(Expansion *expansion, const ExprList *noted)
{
    Arena *arena = expansion->planner->arena;
    for (size_t i = 0; noted && i < noted[expansion->rte].count; i++)
        if (is_alone(expansion, noted[expansion->rte].items[i]))
            vec_push(arena, &expansion->known, expr_copy(noted[expansion->rte].items[i], arena));
}

static void take_conditions(Expansion *expansion)
{
    Query *query = expansion->query;
    if (query->where && may_move(expansion))
        query->where = take_from(expansion, query->where);
    for (int i = 0; i < query->nfrom; i++)
        take_on(expansion, query->from[i]);
    for (size_t i = 0; i < expansion->moved.count; i++)
        vec_push(expansion->planner->arena, &expansion->known, expr_copy(expansion->moved.items[i], expansion->planner->arena));
}

/* ---- one side ---- */

typedef struct SideMap {
    Expansion *expansion;
    const CatRelation *leaf;
} SideMap;

static int column_of(const CatRelation *leaf, const CatRelation *root, int column)
{
    if (leaf == root)
        return column;
    for (int i = 0; i < leaf->ncolumns; i++)
        if (!leaf->columns[i].dropped && strcmp(leaf->columns[i].name, root->columns[column - 1].name) == 0)
            return i + 1;
    return 0;
}

static Expr *side_value(const SideMap *map, int column)
{
    Arena *arena = map->expansion->planner->arena;
    if (column == COLUMN_ROW && !is_stored(map->expansion->query->rtes[map->expansion->rte], map->leaf))
        return expr_const(arena, TYPE_INT8, -1, NULL);
    if (column == COLUMN_CTID || column == COLUMN_LIES_IN)
        return expr_var(arena, 0, column, column == COLUMN_CTID ? TYPE_TID : TYPE_OID, -1, OID_NONE);
    if (column == COLUMN_ROW)
        return expr_var(arena, 0, map->leaf->ncolumns + 1, TYPE_INT8, -1, OID_NONE);
    if (column <= 0)
        return expr_const(arena, TYPE_OID, -1, arena_printf(arena, "%u", map->leaf->oid));
    const CatColumn *of = &map->expansion->root->columns[column - 1];
    int number = column_of(map->leaf, map->expansion->root, column);
    return number ? expr_var(arena, 0, number, of->type, of->typmod, of->collation) : expr_const(arena, of->type, of->typmod, NULL);
}

static Expr *to_side(Expr *expr, int level, void *arg)
{
    const SideMap *map = arg;
    return expr->kind == EXPR_VAR && expr->u.var.rte == map->expansion->rte ? side_value(map, expr->u.var.column) : expr;
}

static const char *given_name(const Expansion *expansion, int column)
{
    return column > 0              ? expansion->root->columns[column - 1].name
           : column == COLUMN_ROW  ? "row"
           : column == COLUMN_CTID ? "ctid"
                                   : "tableoid";
}

static Query *new_query(Expansion *expansion)
{
    Arena *arena = expansion->planner->arena;
    Query *query = ARENA_NEW(arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena};
    query->targets = ARENA_ARRAY(arena, Target, expansion->ncolumns + 1);
    query->rtes = ARENA_ARRAY(arena, Rte *, 1);
    query->from = ARENA_ARRAY(arena, FromItem *, 1);
    return query;
}

static void add_targets(const SideMap *map, Query *query)
{
    Expansion *expansion = map->expansion;
    for (int i = 0; i <= expansion->root->ncolumns + LAST_SLOTS; i++)
        if (expansion->used[i])
            query->targets[expansion->places[i] - 1] =
                (Target){.expr = side_value(map, column_at(expansion, i)), .name = given_name(expansion, column_at(expansion, i))};
    query->ntargets = expansion->ncolumns;
    if (query->ntargets == 0) /* where only the number of rows matters */
        query->targets[query->ntargets++] =
            (Target){.expr = expr_const(expansion->planner->arena, TYPE_INT4, -1, NULL), .name = "?column?"};
}

static Rte *relation_rte(Expansion *expansion, const CatRelation *leaf)
{
    Arena *arena = expansion->planner->arena;
    Rte *rte = ARENA_NEW(arena, Rte);
    *rte = (Rte){.kind = RTE_RELATION,
                 .relation = leaf,
                 .alias = leaf->name,
                 .in_from = true,
                 .only = true,
                 .check_as = expansion->query->rtes[expansion->rte]->check_as,
                 .ncolumns = leaf->ncolumns};
    rte->columns = ARENA_ARRAY(arena, RteColumn, leaf->ncolumns + 1);
    for (int i = 0; i < leaf->ncolumns; i++)
        rte->columns[i] = (RteColumn){.name = leaf->columns[i].name,
                                      .type = leaf->columns[i].type,
                                      .typmod = leaf->columns[i].typmod,
                                      .collation = leaf->columns[i].collation,
                                      .dropped = leaf->columns[i].dropped};
    return rte;
}

/* The table's constraints contradict what is known of the rows wanted. */
static bool is_excluded(Expansion *expansion, const CatRelation *leaf)
{
    const Rte *rte = expansion->query->rtes[expansion->rte];
    const CatRelation *root = expansion->root;
    Planner *planner = expansion->planner;
    bool excluded, is_member = root->kind == 'p' || (root->has_children && !rte->only);
    if (rte->written_by || rte->deleted_by || rte->work || rte->staged || !expansion->known.count || !exclude_applies(planner, is_member))
        return false;
    Query *side = new_query(expansion);
    SideMap map = {expansion, leaf};
    ExprList own = {0};
    for (size_t i = 0; i < expansion->known.count; i++)
        vec_push(planner->arena, &own, expr_copy(expansion->known.items[i], planner->arena));
    side->where = refs_make_and(planner->arena, own.items, own.count);
    query_map_exprs(side, false, to_side, &map);
    return exclude_contradicts(planner, leaf, is_member, side->where, &excluded) && excluded;
}

/* NULL: a condition about tableoid alone, or the table's own constraints, leave nothing of it. */
static Query *side_of_relation(Expansion *expansion, const CatRelation *leaf)
{
    Arena *arena = expansion->planner->arena;
    Query *query = new_query(expansion);
    SideMap map = {expansion, leaf};
    query->nrtes = query->nfrom = 1;
    query->rtes[0] = relation_rte(expansion, leaf);
    query->from[0] = ARENA_NEW(arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE};
    if (expansion->moved.count) {
        Expr **copies = ARENA_ARRAY(arena, Expr *, expansion->moved.count);
        for (size_t i = 0; i < expansion->moved.count; i++)
            copies[i] = expr_copy(expansion->moved.items[i], arena);
        query->where = refs_make_and(arena, copies, expansion->moved.count);
        query_map_exprs(query, false, to_side, &map);
        fold_constants(expansion->planner, query);
    }
    if (query->where && query->where->kind == EXPR_CONST) {
        if (!query->where->u.value || *query->where->u.value != 't')
            return NULL;
        query->where = NULL;
    }
    bool is_foreign = !is_stored(expansion->query->rtes[expansion->rte], leaf);
    if ((is_foreign && expansion->is_unread) || is_excluded(expansion, leaf))
        return NULL;
    add_targets(&map, query); /* after the mapping, which is for the conditions alone */
    return query;
}

/* Nothing at all, in the shape of the table. */
static Query *empty_side(Expansion *expansion)
{
    Query *query = new_query(expansion);
    Arena *arena = expansion->planner->arena;
    for (int i = 0; i <= expansion->root->ncolumns + LAST_SLOTS; i++) {
        if (!expansion->used[i])
            continue;
        int column = column_at(expansion, i);
        const CatColumn *of = column > 0 ? &expansion->root->columns[column - 1] : NULL;
        Oid type = of ? of->type : column == COLUMN_ROW ? TYPE_INT8 : column == COLUMN_CTID ? TYPE_TID : TYPE_OID;
        query->targets[expansion->places[i] - 1] =
            (Target){.expr = expr_const(arena, type, of ? of->typmod : -1, NULL), .name = given_name(expansion, column)};
    }
    query->ntargets = expansion->ncolumns;
    if (query->ntargets == 0)
        query->targets[query->ntargets++] = (Target){.expr = expr_const(arena, TYPE_INT4, -1, NULL), .name = "?column?"};
    query->where = expr_const(arena, TYPE_BOOL, -1, "f");
    return query;
}

/* Rows of a table of Medley's own. NULL: it has none, or the error is set. */
static Query *side_of_local(Expansion *expansion, const CatRelation *relation)
{
    const Rte *named = expansion->query->rtes[expansion->rte];
    Planner *planner = expansion->planner;
    if (relation->kind == 'm' && !relation->is_populated && !planner->context->generate_only) {
        error_set(planner->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "materialized view \"%s\" has not been populated",
                  relation->name);
        error_hint(planner->error, "Use the REFRESH MATERIALIZED VIEW command.");
        return NULL;
    }
    if (!leaf_stored_node(planner, named, relation))
        return NULL;
    Query *query = side_of_relation(expansion, relation);
    if (!query)
        return NULL;
    query->rtes[0]->written_by = relation->kind == 'f' && named->staged ? named->staged : named->written_by;
    query->rtes[0]->deleted_by = named->deleted_by;
    query->rtes[0]->added_until = named->added_until;
    query->rtes[0]->through = named->through;
    query->rtes[0]->work = named->work;
    const Leaf *leaf = leaf_of_stored(expansion->planner, query->rtes[0]);
    if (!leaf)
        return NULL;
    query->rtes[0] = leaf_rte(expansion->planner, leaf);
    return query;
}

/* ---- locks ---- */

static bool is_parent(const Rte *rte)
{
    return inherit_is_tree(rte) && (rte->relation->kind == 'p' || rte->relation->has_children);
}

static void add_lock(Arena *arena, Query *query, int rte, RowLock lock)
{
    size_t used = (size_t)query->nlocks;
    query->locks = arena_grow(arena, query->locks, used * sizeof(RowLock), (used + 1) * sizeof(RowLock));
    lock.rte = rte;
    query->locks[query->nlocks++] = lock;
    query->for_update = true;
}

static void remove_lock(Query *query, int index)
{
    for (int i = index + 1; i < query->nlocks; i++)
        query->locks[i - 1] = query->locks[i];
    query->for_update = --query->nlocks > 0;
}

/* UNION takes no locks beside it: the side locks its rows in a subquery. */
static Query *locked_side(Expansion *expansion, Query *side, RowLock lock)
{
    Arena *arena = expansion->planner->arena;
    Query *query = new_query(expansion);
    Rte *rte = ARENA_NEW(arena, Rte);
    add_lock(arena, side, 0, lock);
    *rte = (Rte){.kind = RTE_SUBQUERY, .alias = "*SELECT*", .query = side, .in_from = true};
    unite_columns(arena, rte, side);
    query->nrtes = query->nfrom = 1;
    query->rtes[0] = rte;
    query->from[0] = ARENA_NEW(arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE};
    for (int i = 0; i < side->ntargets; i++) {
        const RteColumn *column = &rte->columns[i];
        query->targets[query->ntargets++] =
            (Target){.expr = expr_var(arena, 0, i + 1, column->type, column->typmod, column->collation), .name = column->name};
    }
    return query;
}

/* The lock on the tree's rows becomes the sides'. */
static RowLock take_lock(Expansion *expansion)
{
    Query *query = expansion->query;
    for (int i = 0; i < query->nlocks; i++) {
        RowLock lock = query->locks[i];
        if (lock.rte != expansion->rte || !is_parent(query->rtes[lock.rte]))
            continue;
        remove_lock(query, i);
        return lock;
    }
    return (RowLock){.rte = -1};
}

static bool reads_parent(const Query *query, void *arg)
{
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->in_from &&
            (is_parent(query->rtes[i]) || (query->rtes[i]->kind == RTE_SUBQUERY && reads_parent(query->rtes[i]->query, arg))))
            return true;
    return false;
}

/* A subquery's rows are those of its tables: where trees are among them, it is they that are locked. */
static void pass_locks(Planner *planner, Query *query)
{
    for (int i = query->nlocks - 1; i >= 0; i--) {
        RowLock lock = query->locks[i];
        const Rte *rte = query->rtes[lock.rte];
        if (rte->kind != RTE_SUBQUERY || rte->query->set_op || !reads_parent(rte->query, NULL))
            continue;
        remove_lock(query, i);
        for (int k = 0; k < rte->query->nrtes; k++)
            if (rte->query->rtes[k]->in_from && (rte->query->rtes[k]->kind == RTE_RELATION || rte->query->rtes[k]->kind == RTE_SUBQUERY))
                add_lock(planner->arena, rte->query, k, lock);
    }
}

/* ---- all sides ---- */

/* PostgreSQL cannot plan the scan of a foreign table whose wrapper has no handler, be there anything to be found or not. */
static bool check_handler(const Expansion *expansion, const CatRelation *leaf)
{
    return catalog_check_table_handler(expansion->planner->context->catalog, leaf, expansion->planner->error);
}

static bool check_foreign(const Expansion *expansion, const CatRelation *leaf)
{
    const char *to_change = expansion->query->rtes[expansion->rte]->to_change;
    const Planner *planner = expansion->planner;
    return !to_change || catalog_check_foreign_write(planner->context->catalog, leaf, to_change, OID_NONE, planner->error);
}

static Query *all_sides(Expansion *expansion)
{
    Query *all = NULL;
    const RowLock lock = take_lock(expansion);
    for (size_t i = 0; i < expansion->leaves.count; i++) {
        const CatRelation *leaf = expansion->leaves.items[i];
        bool stored = is_stored(expansion->query->rtes[expansion->rte], leaf);
        if (!stored && !check_handler(expansion, leaf))
            return NULL;
        Query *side = stored ? side_of_local(expansion, leaf) : side_of_relation(expansion, leaf);
        if (side && !stored && !check_foreign(expansion, leaf))
            return NULL;
        if (side && lock.rte >= 0)
            side = locked_side(expansion, side, lock);
        if (side)
            all = unite_all(expansion->planner->arena, all, side);
    }
    return all ? all : empty_side(expansion);
}

static bool expand(Planner *planner, Query *query, int index, const Known *known)
{
    Rte *rte = query->rtes[index];
    size_t size = (size_t)rte->relation->ncolumns + 1 + LAST_SLOTS;
    planner->trees = true;
    Expansion expansion = {.planner = planner,
                           .query = query,
                           .rte = index,
                           .root = rte->relation,
                           .used = ARENA_ARRAY(planner->arena, bool, size),
                           .places = ARENA_ARRAY(planner->arena, int, size),
                           .is_unread = known->unread[index]};
    know_conditions(&expansion, known->noted);
    take_conditions(&expansion);
    query_map_exprs(query, true, note_use, &expansion);
    if (expansion.failed || !add_below(&expansion, rte->relation))
        return false;
    number_columns(&expansion);
    Query *rows = all_sides(&expansion);
    if (error_is_set(planner->error))
        return false;
    query_map_exprs(query, true, renumber, &expansion);
    *rte = (Rte){.kind = RTE_SUBQUERY, .alias = rte->alias, .query = rows, .in_from = rte->in_from, .check_as = rte->check_as};
    unite_columns(planner->arena, rte, rows);
    return true;
}

/* A function of a file's row in FROM is called for rows that the conditions on the file leave, as in PostgreSQL: it may fail on others. */
static bool feeds_function(Planner *planner, const Query *query, int index)
{
    const Rte *rte = query->rtes[index];
    bool *seen = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
    if (rte->kind != RTE_RELATION || rte->relation->kind != 'f' || !query->where)
        return false;
    for (int i = 0; i < query->nrtes; i++)
        for (int f = 0; query->rtes[i]->in_from && f < query->rtes[i]->nfunctions; f++)
            refs_of_expr(query->rtes[i]->functions[f], seen);
    const Source *source = seen[index] ? source_of_relation(planner, rte) : NULL;
    return source && !source->dialect;
}

/* A foreign table that is read by itself: whether its constraints leave nothing to be asked for. */
static bool excludes_foreign(Planner *planner, Query *query, int index, const Known *known)
{
    const Rte *rte = query->rtes[index];
    if (rte->kind != RTE_RELATION || rte->relation->kind != 'f' || inherit_is_tree(rte))
        return false;
    if (known->unread[index])
        return true;
    if (!exclude_applies(planner, false))
        return false;
    Expansion expansion = {.planner = planner, .query = query, .rte = index, .root = rte->relation};
    planner->trees = true; /* with other constants it may be another answer */
    know_conditions(&expansion, known->noted);
    return is_excluded(&expansion, rte->relation);
}

/* ---- conditions go down to what may be left out ---- */

typedef struct Choices {
    bool foreign; /* tables that are read by themselves may be left out too */
} Choices;

static bool is_choice(const Choices *choices, const Rte *rte)
{
    if (rte->kind != RTE_RELATION)
        return false;
    return inherit_is_tree(rte) ? rte->relation->kind == 'p' || rte->relation->has_children
                                : choices->foreign && rte->relation->kind == 'f';
}

static bool has_choice(const Query *query, void *arg)
{
    for (int i = 0; i < query->nrtes; i++)
        if (is_choice(arg, query->rtes[i]))
            return true;
    return query_walk_queries(query, has_choice, arg);
}

static void push_to_choices(Planner *planner, Query *query, Choices *choices)
{
    Level level = {.planner = planner, .query = query, .owners = ARENA_ARRAY(planner->arena, Owner, query->nrtes + 1)};
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_SUBQUERY && query->rtes[i]->in_from && has_choice(query->rtes[i]->query, choices))
            level.owners[i].kind = OWNER_MIXED;
    push_conditions(&level);
}

/* By entry, before any is expanded: then its conditions are no longer the query's. NULL: nothing is to be left out of this query. */
static const ExprList *note_conditions(Planner *planner, Query *query, const Choices *choices)
{
    Level level = {.planner = planner,
                   .query = query,
                   .owners = ARENA_ARRAY(planner->arena, Owner, query->nrtes + 1),
                   .noted = ARENA_ARRAY(planner->arena, ExprList, query->nrtes + 1)};
    bool any = false;
    for (int i = 0; i < query->nrtes; i++)
        any |= query->rtes[i]->in_from && is_choice(choices, query->rtes[i]);
    if (!any || query->kind != QUERY_SELECT)
        return NULL;
    join_note(&level);
    return level.noted;
}

static bool expand_query(const Query *constant, void *arg)
{
    Planner *planner = arg;
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->sample)
            return !error_unsupported(planner->error, "reading a table with TABLESAMPLE is not supported");
    Choices choices = {exclude_applies(planner, false)};
    pass_locks(planner, query);
    push_to_choices(planner, query, &choices);
    const Known known = {nothing_decide(planner, query), note_conditions(planner, query, &choices)};
    for (int i = 0; i < query->nrtes; i++) {
        bool wanted = query->rtes[i]->in_from &&
                      (inherit_is_tree(query->rtes[i]) || feeds_function(planner, query, i) || excludes_foreign(planner, query, i, &known));
        if (error_is_set(planner->error) || (wanted && !expand(planner, query, i, &known)))
            return true;
    }
    return query_walk_queries(query, expand_query, arg);
}

bool inherit_expand(Planner *planner, Query *query)
{
    return !expand_query(query, planner);
}
