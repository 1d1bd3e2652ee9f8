/*
 * subplan_row.c - rows outside that are alike are told apart by numbers: a subplan in FROM that calls volatile functions is given them as
 * parameters that it does not use, so the local engine runs it for each row, and not once for all that are alike.
 *
 * What counts is the row of what the subplan reads: of these entries, and of those that they read in turn. Where an outer join may fill one
 * up, the rows of all that it joins count. Threads: the session's own.
 */
#include "plan/internal.h"

enum { FRAME_DEFAULTS = 0x00002 | 0x00020 | 0x00400 }; /* RANGE from the first row to the current one, as the parser has it */

/* ---- which entries ---- */

void subplan_add_read_by(const Rte *rte, bool *seen)
{
    Expr probe = {.kind = EXPR_SUBLINK, .u.sublink = {.query = rte->query}};
    if (rte->query)
        refs_of_expr(&probe, seen);
    for (int i = 0; i < rte->nfunctions; i++)
        refs_of_expr(rte->functions[i], seen);
    for (int i = 0; i < rte->nrows; i++)
        for (int k = 0; k < rte->ncolumns; k++)
            refs_of_expr(rte->rows[i][k], seen);
}

static bool any_of(const FromItem *item, const bool *seen)
{
    return item->kind == FROM_RTE ? seen[item->rte] : any_of(item->left, seen) || any_of(item->right, seen);
}

static void add_all(const FromItem *item, bool *seen)
{
    if (item->kind == FROM_RTE) {
        seen[item->rte] = true;
        return;
    }
    add_all(item->left, seen);
    add_all(item->right, seen);
}

/* The entry itself stands in none of the joins whose rows it reads. */
static bool add_joined(const FromItem *item, int entry, bool *seen)
{
    if (item->kind == FROM_RTE)
        return item->rte == entry;
    bool left = add_joined(item->left, entry, seen), right = add_joined(item->right, entry, seen);
    bool is_outer = item->join == JOIN_LEFT || item->join == JOIN_RIGHT || item->join == JOIN_FULL;
    if (!left && !right && is_outer && any_of(item, seen))
        add_all(item, seen);
    return left || right;
}

bool subplan_reads_rows(const Query *query, int entry, Arena *arena)
{
    bool *seen = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    subplan_add_read_by(query->rtes[entry], seen);
    for (int i = 0; i < query->nrtes; i++)
        if (seen[i])
            return true;
    return false;
}

bool *subplan_rows_read(const Query *query, int entry, Arena *arena)
{
    bool *seen = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    subplan_add_read_by(query->rtes[entry], seen);
    for (int i = query->nrtes - 1; i >= 0; i--) /* entries read only those before them */
        if (seen[i])
            subplan_add_read_by(query->rtes[i], seen);
    for (int i = 0; i < query->nfrom; i++)
        add_joined(query->from[i], entry, seen);
    return seen;
}

/* ---- their numbers ---- */

/* Of an entry: the columns that are none of its own, the whole row among them, by the opposite of their numbers. */
typedef struct SystemColumns {
    int entry;
    const Expr *read[1 - COLUMN_TABLEOID]; /* NULL: nobody reads it */
    int moved[1 - COLUMN_TABLEOID];        /* which column of its own each is then; 0: not yet */
} SystemColumns;

static Expr *visit_system_column(Expr *expr, int level, void *arg)
{
    SystemColumns *columns = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level || expr->u.var.rte != columns->entry || expr->u.var.column > 0)
        return expr;
    int place = -expr->u.var.column;
    columns->read[place] = expr;
    if (columns->moved[place])
        expr->u.var.column = columns->moved[place];
    return expr;
}

/* A subquery has no system columns: they become columns like others. */
static void move_system_columns(Arena *arena, Query *query, int entry)
{
    static const char *const NAMES[] = {"row", "ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};
    SystemColumns columns = {.entry = entry};
    Rte *rte = query->rtes[entry];
    query_map_exprs(query, true, visit_system_column, &columns);
    for (size_t i = 0; i < COUNT_OF(columns.read); i++) {
        const Expr *read = columns.read[i];
        if (!read)
            continue;
        unite_extend(arena, rte, expr_var(arena, 0, -(int)i, read->type, read->typmod, read->collation), NAMES[i]);
        columns.moved[i] = rte->ncolumns;
    }
    query_map_exprs(query, true, visit_system_column, &columns);
}

static bool is_of_system(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_VAR && expr->u.var.column <= 0) || expr_walk(expr, is_of_system, arg);
}

/* A condition on the columns of that entry alone. */
static bool is_about(const Planner *planner, const Query *query, int entry, const Expr *condition)
{
    bool *seen = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
    refs_of_expr(condition, seen);
    bool about = seen[entry];
    for (int i = 0; i < query->nrtes; i++)
        about &= i == entry || !seen[i];
    return about && !refs_outer_expr(condition) && !refs_has_sublink(condition) && !is_of_system(condition, NULL) &&
           !expr_is_volatile(condition, planner->context->catalog);
}

/* The subquery's entry is its first. */
static bool put_over_first(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_VAR)
        ((Expr *)(uintptr_t)expr)->u.var.rte = 0; /* the planner's own copy */
    return expr_walk(expr, put_over_first, arg);
}

/* What WHERE leaves out of the entry is left out before its rows are numbered, and the subplan run. */
static Expr *take_conditions(const Planner *planner, Query *query, int entry)
{
    Arena *arena = planner->arena;
    bool *nullable = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    for (int i = 0; i < query->nfrom; i++)
        push_mark_nullable(query->from[i], false, nullable);
    ExprList all = {0}, kept = {0}, taken = {0};
    refs_split_and(arena, query->where, &all);
    for (size_t i = 0; i < all.count; i++) {
        ExprList *list = !nullable[entry] && is_about(planner, query, entry, all.items[i]) ? &taken : &kept;
        vec_push(arena, list, all.items[i]);
    }
    query->where = refs_make_and(arena, kept.items, kept.count);
    for (size_t i = 0; i < taken.count; i++)
        put_over_first(taken.items[i], NULL);
    return refs_make_and(arena, taken.items, taken.count);
}

void subplan_push_conditions(Planner *planner, Query *query)
{
    Arena *arena = planner->arena;
    bool *nullable = ARENA_ARRAY(arena, bool, query->nrtes + 1);
    ExprList all = {0}, kept = {0};
    for (int i = 0; i < query->nfrom; i++)
        push_mark_nullable(query->from[i], false, nullable);
    refs_split_and(arena, query->where, &all);
    for (size_t i = 0; i < all.count; i++) {
        int entry = refs_only_entry(all.items[i]);
        const Rte *rte = entry >= 0 && !nullable[entry] && is_about(planner, query, entry, all.items[i]) ? query->rtes[entry] : NULL;
        bool barrier = rte && rte->relation && rte->relation->security_barrier;
        if (!rte || !rte->query || barrier || !query_is_volatile(rte->query, planner->context->catalog) ||
            !push_onto(planner, rte->query, all.items[i]))
            vec_push(arena, &kept, all.items[i]);
    }
    query->where = refs_make_and(arena, kept.items, kept.count);
}

/* The column that numbers the entry's rows. */
static int number_entry(const Planner *planner, Query *query, int entry)
{
    Arena *arena = planner->arena;
    Rte *rte = query->rtes[entry];
    static const char NUMBER[] = "row_number";
    if (rte->ncolumns && rte->columns[rte->ncolumns - 1].name == NUMBER)
        return rte->ncolumns;
    Expr *where = take_conditions(planner, query, entry);
    move_system_columns(arena, query, entry);
    Expr *number = ARENA_NEW(arena, Expr);
    *number = (Expr){.kind = EXPR_WINDOW, .type = TYPE_INT8, .typmod = -1, .location = -1, .oid = F_ROW_NUMBER};
    Query *inner = unite_extend(arena, rte, number, NUMBER);
    inner->where = where;
    inner->has_windows = true;
    inner->nwindows = 1;
    inner->windows = ARENA_NEW(arena, Window);
    *inner->windows = (Window){.frame_options = FRAME_DEFAULTS};
    return rte->ncolumns;
}

void subplan_number_rows(Planner *planner, Query *query, int entry, ExprList *numbers)
{
    Arena *arena = planner->arena;
    const bool *read = subplan_rows_read(query, entry, arena);
    for (int i = 0; i < query->nrtes; i++)
        if (read[i])
            vec_push(arena, numbers, expr_var(arena, i, number_entry(planner, query, i), TYPE_INT8, -1, OID_NONE));
}
