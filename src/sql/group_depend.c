/*
 * group_depend.c - columns that need not be grouped, because a primary key that is grouped determines them (PostgreSQL manual, GROUP BY).
 *
 * Invariants:
 *  1. A column that is determined is grouped too, by a target of its own that the client does not see: the groups stay the same, and
 *     every dialect can say them.
 *  2. What depends on the query depends on the key; its text as a definition does not name the column.
 *  3. Of grouping sets all must hold the whole key, and each gets the column.
 */
#include <stdlib.h>

#include "sql/analyze_int.h"

static bool in_all_sets(const Query *query, int target)
{
    for (int i = 0; i < query->ngrouping_sets; i++) {
        bool found = false;
        for (int j = 0; j < query->grouping_sets[i].ntargets && !found; j++)
            found = query->grouping_sets[i].targets[j] == target;
        if (!found)
            return false;
    }
    return true;
}

static bool column_is_grouped(const Query *query, int rte, int column)
{
    for (int i = 0; i < query->ngroup; i++) {
        const Expr *expr = query->targets[query->group[i]].expr;
        if (expr->kind == EXPR_VAR && !expr->u.var.levels_up && expr->u.var.rte == rte && expr->u.var.column == column &&
            in_all_sets(query, query->group[i]))
            return true;
    }
    return false;
}

/* key: "{1,6}" */
static bool key_is_grouped(const Query *query, int rte, const char *key)
{
    while (*key == '{' || *key == ',') {
        char *end;
        long column = strtol(key + 1, &end, 10);
        if (end == key + 1 || !column_is_grouped(query, rte, (int)column))
            return false;
        key = end;
    }
    return true;
}

static void add_to_group(Scope *scope, int target)
{
    Query *query = scope->query;
    Arena *arena = scope->an->arena;
    size_t used = (size_t)query->ngroup;
    query->group = arena_grow(arena, query->group, used * sizeof(int), (used + 1) * sizeof(int));
    query->group_eq_ops = arena_grow(arena, query->group_eq_ops, used * sizeof(Oid), (used + 1) * sizeof(Oid));
    query->group[query->ngroup] = target;
    query->group_eq_ops[query->ngroup++] = sort_ops_of(scope->an->catalog, query->targets[target].expr->type).equal;
    for (int i = 0; i < query->ngrouping_sets; i++) {
        GroupingSet *set = &query->grouping_sets[i];
        size_t count = (size_t)set->ntargets;
        set->targets = arena_grow(arena, set->targets, count * sizeof(int), (count + 1) * sizeof(int));
        set->targets[set->ntargets++] = target;
    }
}

static void add_column(Scope *scope, int rte, int column, Oid key)
{
    const RteColumn *found = &scope->query->rtes[rte]->columns[column - 1];
    scope_add_target(scope, expr_var(scope->an->arena, rte, column, found->type, found->typmod, found->collation), NULL, true);
    scope->query->targets[scope->query->ntargets - 1].determined_by = key;
    add_to_group(scope, scope->query->ntargets - 1);
}

/* column 0: the whole row, by all its columns. */
bool group_determines(Scope *scope, int rte, int column)
{
    Analyzer *an = scope->an;
    const Rte *entry = scope->query->rtes[rte];
    if (entry->kind != RTE_RELATION || column < 0 || !scope->query->ngroup)
        return false;
    Error ignored;
    error_init(&ignored, an->arena);
    const CatalogRows *keys = catalog_query(
        an->catalog, an->arena, &ignored,
        "SELECT conkey, oid FROM pg_constraint WHERE conrelid = ?1 AND contype = 'p' AND NOT condeferrable", "o", entry->relation->oid);
    if (!keys || !keys->nrows || CATALOG_CELL(keys, 0, 0).is_null || !key_is_grouped(scope->query, rte, CATALOG_CELL(keys, 0, 0).text))
        return false;
    for (int i = column ? column : 1; i <= (column ? column : entry->ncolumns); i++)
        if (!entry->relation->columns[i - 1].dropped && !column_is_grouped(scope->query, rte, i))
            add_column(scope, rte, i, (Oid)CATALOG_CELL(keys, 0, 1).i);
    return true;
}
