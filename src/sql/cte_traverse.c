/*
 * cte_traverse.c - SEARCH and CYCLE of WITH RECURSIVE (PostgreSQL manual, sections 7.8.2.1 and 7.8.2.2): the columns they add, and what
 * they ask of the query. The planner makes the query that computes them (plan/traverse.c).
 *
 * Invariant: the columns they add stand at the end of Cte.columns, and the references inside the query have them too, as names only.
 */
#include "sql/analyze_int.h"

static bool fail(Scope *scope, const char *sqlstate, int location, const char *message)
{
    error_set(scope->an->error, sqlstate, "%s", message);
    return analyze_at(scope->an, location);
}

/* ---- before the query is analysed ---- */

static bool take_mark(Scope *scope, const PgQuery__CTECycleClause *node, CteCycle *cycle)
{
    Analyzer *an = scope->an;
    Expr *pair[2] = {analyze_expr(scope, node->cycle_mark_value), NULL};
    pair[1] = pair[0] ? analyze_expr(scope, node->cycle_mark_default) : NULL;
    cycle->type = pair[1] ? common_type(scope, pair, 2, "CYCLE", NULL) : OID_NONE;
    if (!cycle->type)
        return false;
    cycle->value = coerce_to_common(scope, pair[0], cycle->type, "CYCLE/SET/TO");
    cycle->otherwise = cycle->value ? coerce_to_common(scope, pair[1], cycle->type, "CYCLE/SET/DEFAULT") : NULL;
    if (!cycle->otherwise)
        return false;
    Expr *marks[2] = {cycle->value, cycle->otherwise};
    SortOps ops;
    cycle->typmod = common_typmod(marks, 2, cycle->type);
    cycle->collation = type_collation(an->catalog, cycle->type);
    if (!sort_ops_need(scope, cycle->type, false, &ops, -1))
        return false;
    cycle->eq_op = ops.equal;
    return true;
}

static const char *const *names_of(Arena *arena, Node *const *nodes, size_t count)
{
    const char **names = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = node_string(nodes[i]);
    return names;
}

bool cte_take_clauses(Scope *scope, Cte *cte, const PgQuery__CommonTableExpr *node)
{
    Arena *arena = scope->an->arena;
    if (node->search_clause) {
        const PgQuery__CTESearchClause *written = node->search_clause;
        CteSearch *search = ARENA_NEW(arena, CteSearch);
        *search = (CteSearch){.breadth_first = written->search_breadth_first,
                              .columns = names_of(arena, written->search_col_list, written->n_search_col_list),
                              .ncolumns = (int)written->n_search_col_list,
                              .name = written->search_seq_column};
        cte->search = search;
        cte->nextra++;
    }
    if (node->cycle_clause) {
        const PgQuery__CTECycleClause *written = node->cycle_clause;
        CteCycle *cycle = ARENA_NEW(arena, CteCycle);
        *cycle = (CteCycle){.columns = names_of(arena, written->cycle_col_list, written->n_cycle_col_list),
                            .ncolumns = (int)written->n_cycle_col_list,
                            .mark = written->cycle_mark_column,
                            .path = written->cycle_path_column};
        cte->cycle = cycle;
        cte->nextra += 2;
        return take_mark(scope, written, cycle);
    }
    return true;
}

/* ---- the columns ---- */

void cte_add_columns(Cte *cte)
{
    const CteCycle *cycle = cte->cycle;
    if (cte->search)
        cte->columns[cte->ncolumns++] =
            (RteColumn){.name = cte->search->name, .type = cte->search->breadth_first ? TYPE_RECORD : TYPE_RECORD_ARRAY, .typmod = -1};
    if (!cycle)
        return;
    cte->columns[cte->ncolumns++] =
        (RteColumn){.name = cycle->mark, .type = cycle->type, .typmod = cycle->typmod, .collation = cycle->collation};
    cte->columns[cte->ncolumns++] = (RteColumn){.name = cycle->path, .type = TYPE_RECORD_ARRAY, .typmod = -1};
}

/* ---- afterwards ---- */

static bool is_column(const Cte *cte, const char *name)
{
    for (int i = 0; i < cte->ncolumns - cte->nextra; i++)
        if (strcmp(cte->columns[i].name, name) == 0)
            return true;
    return false;
}

static bool check_columns(Scope *scope, const Cte *cte, const char *const *names, int count, const char *which, int location)
{
    Arena *arena = scope->an->arena;
    for (int i = 0; i < count; i++) {
        if (!is_column(cte, names[i]))
            return fail(scope, ERRCODE_SYNTAX_ERROR, location,
                        arena_printf(arena, "%s column \"%s\" not in WITH query column list", which, names[i]));
        for (int j = 0; j < i; j++)
            if (strcmp(names[i], names[j]) == 0)
                return fail(scope, ERRCODE_DUPLICATE_COLUMN, location,
                            arena_printf(arena, "%s column \"%s\" specified more than once", which, names[i]));
    }
    return true;
}

static bool check_fresh(Scope *scope, const Cte *cte, const char *name, const char *which, int location)
{
    if (!is_column(cte, name))
        return true;
    return fail(scope, ERRCODE_SYNTAX_ERROR, location,
                arena_printf(scope->an->arena, "%s column name \"%s\" already used in WITH query column list", which, name));
}

static bool check_cycle(Scope *scope, const Cte *cte, const PgQuery__CommonTableExpr *node)
{
    const CteCycle *cycle = cte->cycle;
    int location = node->cycle_clause->location;
    if (!check_columns(scope, cte, cycle->columns, cycle->ncolumns, "cycle", location) ||
        !check_fresh(scope, cte, cycle->mark, "cycle mark", location) || !check_fresh(scope, cte, cycle->path, "cycle path", location))
        return false;
    return strcmp(cycle->mark, cycle->path) != 0 ||
           fail(scope, ERRCODE_SYNTAX_ERROR, location, "cycle mark column name and cycle path column name are the same");
}

static bool is_plain(const Query *query)
{
    return !query->set_op;
}

bool cte_check_clauses(Scope *scope, const Cte *cte, const PgQuery__CommonTableExpr *node)
{
    static const char SEARCH_IS_MARK[] = "search sequence column name and cycle mark column name are the same";
    static const char SEARCH_IS_PATH[] = "search sequence column name and cycle path column name are the same";
    const CteSearch *search = cte->search;
    const CteCycle *cycle = cte->cycle;
    if (!search && !cycle)
        return true;
    if (!cte->recursive)
        return fail(scope, ERRCODE_SYNTAX_ERROR, node->location, "WITH query is not recursive");
    if (!is_plain(cte->query->left) || !is_plain(cte->query->right))
        return fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, -1,
                    arena_printf(scope->an->arena, "with a SEARCH or CYCLE clause, the %s side of the UNION must be a SELECT",
                                 is_plain(cte->query->left) ? "right" : "left"));
    if (search) {
        int location = node->search_clause->location;
        if (!check_columns(scope, cte, search->columns, search->ncolumns, "search", location) ||
            !check_fresh(scope, cte, search->name, "search sequence", location))
            return false;
    }
    if (cycle && !check_cycle(scope, cte, node))
        return false;
    if (search && cycle && strcmp(search->name, cycle->mark) == 0)
        return fail(scope, ERRCODE_SYNTAX_ERROR, node->search_clause->location, SEARCH_IS_MARK);
    if (search && cycle && strcmp(search->name, cycle->path) == 0)
        return fail(scope, ERRCODE_SYNTAX_ERROR, node->search_clause->location, SEARCH_IS_PATH);
    return true;
}
