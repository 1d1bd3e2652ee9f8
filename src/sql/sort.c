/*
 * sort.c - ORDER BY, DISTINCT and LIMIT (PostgreSQL manual, sections 7.3.3, 7.5 and 7.6).
 *
 * Invariants:
 *  1. A sort item names a target; what is ordered by but not selected is a junk target at the end.
 *  2. ORDER BY and GROUP BY read bare names as output columns first (SQL92), GROUP BY only when no column of FROM has the name; numbers are
 * places in the select list.
 */
#include "sql/analyze_int.h"

/* ---- finding targets ---- */

static bool clause_error(Scope *scope, const char *sqlstate, int location, const char *format, const char *clause, const char *name)
{
    Analyzer *an = scope->an;
    if (name)
        error_set(an->error, sqlstate, strcmp(format, "ambiguous") == 0 ? "%s \"%s\" is ambiguous" : "%s position %s is not in select list",
                  clause, name);
    else
        error_set(an->error, sqlstate, "non-integer constant in %s", clause);
    return analyze_at(an, location);
}

/* By an output column's name; -1: none, -2: failed. */
static int target_by_name(Scope *scope, const PgQuery__ColumnRef *node, Clause clause)
{
    const Query *query = scope->query;
    const char *name = node_string(node->fields[0]);
    int found = -1;
    if (clause == CLAUSE_GROUP_BY) {
        /* a column of FROM comes before an output column */
        Expr *column = names_find_column_here(scope, name, node->location);
        if (column)
            return -1;
        if (error_is_set(scope->an->error))
            return -2;
    }
    for (int i = 0; i < query->ntargets; i++) {
        const Target *target = &query->targets[i];
        if (target->junk || strcmp(target->name, name) != 0)
            continue;
        if (found >= 0 && !expr_equal(query->targets[found].expr, target->expr)) {
            clause_error(scope, ERRCODE_AMBIGUOUS_COLUMN, node->location, "ambiguous", clause_rule(clause)->name, name);
            return -2;
        }
        found = found < 0 ? i : found;
    }
    return found;
}

static int target_by_number(Scope *scope, int number, int location, Clause clause)
{
    const Query *query = scope->query;
    int place = 0;
    for (int i = 0; i < query->ntargets; i++)
        if (!query->targets[i].junk && ++place == number)
            return i;
    clause_error(scope, ERRCODE_INVALID_COLUMN_REFERENCE, location, "position", clause_rule(clause)->name,
                 arena_printf(scope->an->arena, "%d", number));
    return -1;
}

int find_target_by_expr(Scope *scope, const Node *node, Clause clause)
{
    Query *query = scope->query;
    Expr *expr = analyze_clause_expr(scope, node, clause);
    if (!expr)
        return -1;
    for (int i = 0; i < query->ntargets; i++)
        if (expr_equal(query->targets[i].expr, expr))
            return i;
    scope_add_target(scope, expr, NULL, true);
    return scope_targets_fit(scope) ? query->ntargets - 1 : -1;
}

static bool find_own_call(const Expr *expr, void *arg)
{
    const Expr **found = arg;
    if ((expr->kind == EXPR_AGG && expr->u.agg.levels_up == 0) || expr->kind == EXPR_GROUPING || expr->kind == EXPR_WINDOW) {
        *found = expr;
        return true;
    }
    return expr_walk(expr, find_own_call, arg);
}

/* What an output column may not hold when it is named in GROUP BY. */
static int check_named_target(Scope *scope, int place, Clause clause)
{
    const Expr *call = NULL;
    if (place < 0 || clause != CLAUSE_GROUP_BY || !find_own_call(scope->query->targets[place].expr, &call))
        return place;
    if (call->kind != EXPR_WINDOW)
        error_set(scope->an->error, ERRCODE_GROUPING_ERROR, "aggregate functions are not allowed in GROUP BY");
    else
        error_set(scope->an->error, ERRCODE_WINDOWING_ERROR, "window functions are not allowed in GROUP BY");
    analyze_at(scope->an, call->location);
    return -1;
}

int find_target(Scope *scope, const Node *node, Clause clause, bool sql99)
{
    if (sql99)
        return find_target_by_expr(scope, node, clause);
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1 &&
        node->column_ref->fields[0]->node_case == PG_QUERY__NODE__NODE_STRING) {
        int place = target_by_name(scope, node->column_ref, clause);
        if (place != -1)
            return place == -2 ? -1 : check_named_target(scope, place, clause);
    }
    if (node->node_case == PG_QUERY__NODE__NODE_A_CONST) {
        const PgQuery__AConst *constant = node->a_const;
        bool is_integer = !constant->isnull &&
                          (constant->val_case == PG_QUERY__A__CONST__VAL_IVAL || constant->val_case == PG_QUERY__A__CONST__VAL__NOT_SET);
        if (is_integer)
            return check_named_target(scope,
                                      target_by_number(scope, constant->val_case == PG_QUERY__A__CONST__VAL_IVAL ? constant->ival->ival : 0,
                                                       constant->location, clause),
                                      clause);
        clause_error(scope, ERRCODE_SYNTAX_ERROR, constant->location, "", clause_rule(clause)->name, NULL);
        return -1;
    }
    return find_target_by_expr(scope, node, clause);
}

/* A literal that is ordered or grouped by is text. */
bool settle_target_type(Scope *scope, int place)
{
    Target *target = &scope->query->targets[place];
    if (target->expr->type == TYPE_UNKNOWN)
        target->expr = coerce_to_common(scope, target->expr, TYPE_TEXT, "SELECT");
    return target->expr != NULL;
}

/* ---- sort items ---- */

static bool sort_using(Scope *scope, const PgQuery__SortBy *node, const Expr *expr, SortItem *out)
{
    Analyzer *an = scope->an;
    const CatOperator *op = find_operator(scope, node->use_op, node->n_use_op, expr->type, expr->type, node->location);
    if (!op)
        return false;
    SortOps ops = sort_ops_of(an->catalog, op->left);
    if (op->oid != ops.less && op->oid != ops.greater) {
        error_set(an->error, ERRCODE_WRONG_OBJECT_TYPE, "operator %s is not a valid ordering operator",
                  node_string(node->use_op[node->n_use_op - 1]));
        error_hint(an->error, "Ordering operators must be \"<\" or \">\" members of btree operator families.");
        return analyze_at(an, node->location);
    }
    out->sort_op = op->oid;
    out->eq_op = ops.equal;
    out->descending = op->oid == ops.greater;
    return true;
}

bool sort_item_make(Scope *scope, const PgQuery__SortBy *node, const Expr *expr, int target, SortItem *out)
{
    *out = (SortItem){.target = target};
    if (node->sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_USING) {
        if (!sort_using(scope, node, expr, out))
            return false;
    } else {
        SortOps ops;
        if (!sort_ops_need(scope, expr->type, true, &ops, sql_node_location(node->node)))
            return false;
        out->descending = node->sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
        out->sort_op = out->descending ? ops.greater : ops.less;
        out->eq_op = ops.equal;
    }
    out->nulls_first = node->sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST ||
                       (node->sortby_nulls != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST && out->descending);
    return true;
}

bool analyze_sort(Scope *scope, Node *const *items, size_t count, Clause clause, bool sql99, SortItem **out, int *nout)
{
    *out = ARENA_ARRAY(scope->an->arena, SortItem, count + 1);
    *nout = 0;
    bool *seen = NULL;
    int nseen = 0;
    for (size_t i = 0; i < count; i++) {
        const PgQuery__SortBy *node = items[i]->sort_by;
        int place = find_target(scope, node->node, clause, sql99);
        if (place < 0 || !settle_target_type(scope, place))
            return false;
        SortItem item;
        if (!sort_item_make(scope, node, scope->query->targets[place].expr, place, &item))
            return false;
        if (place >= nseen) { /* ordering twice by the same target adds nothing */
            seen = arena_grow(scope->an->arena, seen, (size_t)nseen, (size_t)place * 2 + 8);
            nseen = place * 2 + 8;
        }
        if (!seen[place])
            (*out)[(*nout)++] = item;
        seen[place] = true;
    }
    return true;
}

/* ---- DISTINCT ---- */

static bool distinct_error(Scope *scope, const char *message, int target)
{
    error_set(scope->an->error, ERRCODE_INVALID_COLUMN_REFERENCE, "%s", message);
    return analyze_at(scope->an, expr_location(scope->query->targets[target].expr));
}

static bool plain_distinct(Scope *scope)
{
    const Query *query = scope->query;
    for (int i = 0; i < query->norder; i++)
        if (query->targets[query->order[i].target].junk)
            return distinct_error(scope, "for SELECT DISTINCT, ORDER BY expressions must appear in select list", query->order[i].target);
    bool any = false;
    for (int i = 0; i < query->ntargets; i++) {
        SortOps ops;
        const Expr *expr = query->targets[i].expr;
        if (query->targets[i].junk)
            continue;
        any = true;
        if (!settle_target_type(scope, i))
            return false;
        expr = query->targets[i].expr;
        if (!sort_ops_need(scope, expr->type, false, &ops, expr_location(expr)))
            return false;
    }
    return any || error_set(scope->an->error, ERRCODE_SYNTAX_ERROR, "SELECT DISTINCT must have at least one column");
}

typedef struct DistinctOn {
    Scope *scope;
    Node *const *nodes; /* as written */
    int *places;        /* the targets they name */
    int count;
} DistinctOn;

static int item_of(const DistinctOn *on, int target)
{
    for (int i = 0; i < on->count; i++)
        if (on->places[i] == target)
            return i;
    return -1;
}

static bool order_mismatch(const DistinctOn *on, int item)
{
    error_set(on->scope->an->error, ERRCODE_INVALID_COLUMN_REFERENCE,
              "SELECT DISTINCT ON expressions must match initial ORDER BY expressions");
    return analyze_at(on->scope->an, sql_node_location(on->nodes[item]));
}

/* The items that ORDER BY starts with, in its order. *skipped: ORDER BY goes on with others. */
static bool take_ordered(const DistinctOn *on, bool *skipped)
{
    Query *query = on->scope->query;
    *skipped = false;
    for (int i = 0; i < query->norder; i++) {
        int item = item_of(on, query->order[i].target);
        if (item < 0)
            *skipped = true;
        else if (*skipped)
            return order_mismatch(on, item);
        else
            query->distinct_on[query->ndistinct_on++] = query->order[i];
    }
    return true;
}

static bool take_unordered(const DistinctOn *on, bool skipped)
{
    Query *query = on->scope->query;
    for (int i = 0; i < on->count; i++) {
        bool known = false;
        for (int j = 0; j < query->ndistinct_on && !known; j++)
            known = query->distinct_on[j].target == on->places[i];
        if (known)
            continue;
        if (skipped)
            return order_mismatch(on, i);
        SortOps ops;
        const Expr *expr = query->targets[on->places[i]].expr;
        if (!sort_ops_need(on->scope, expr->type, false, &ops, sql_node_location(on->nodes[i])))
            return false;
        query->distinct_on[query->ndistinct_on++] = (SortItem){.target = on->places[i], .sort_op = ops.less, .eq_op = ops.equal};
    }
    return true;
}

/* DISTINCT ON items follow ORDER BY as far as that goes; the rest of them come after. */
static bool distinct_on(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    Arena *arena = scope->an->arena;
    DistinctOn on = {scope, stmt->distinct_clause, ARENA_ARRAY(arena, int, stmt->n_distinct_clause + 1), 0};
    for (size_t i = 0; i < stmt->n_distinct_clause; i++) {
        int place = find_target(scope, stmt->distinct_clause[i], CLAUSE_DISTINCT_ON, false);
        if (place < 0 || !settle_target_type(scope, place))
            return false;
        on.places[on.count++] = place;
    }
    scope->query->distinct_on = ARENA_ARRAY(arena, SortItem, scope->query->norder + on.count + 1);
    bool skipped;
    return take_ordered(&on, &skipped) && take_unordered(&on, skipped);
}

bool analyze_distinct(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    if (!stmt->n_distinct_clause)
        return true;
    scope->query->distinct = true;
    bool plain = stmt->n_distinct_clause == 1 && stmt->distinct_clause[0]->node_case == PG_QUERY__NODE__NODE__NOT_SET;
    return plain ? plain_distinct(scope) : distinct_on(scope, stmt);
}

/* ---- LIMIT and OFFSET ---- */

static bool limit_expr(Scope *scope, const Node *node, Clause clause, bool with_ties, Expr **out)
{
    Analyzer *an = scope->an;
    const char *name = clause_rule(clause)->name;
    if (!node)
        return true;
    Expr *expr = analyze_clause_expr(scope, node, clause);
    expr = expr ? coerce_to_specific(scope, expr, TYPE_INT8, name) : NULL;
    if (!expr)
        return false;
    if (expr_uses_level(expr, 0)) {
        error_set(an->error, ERRCODE_INVALID_COLUMN_REFERENCE, "argument of %s must not contain variables", name);
        return analyze_at(an, expr_var_location(expr, 0));
    }
    if (with_ties && node->node_case == PG_QUERY__NODE__NODE_A_CONST && node->a_const->isnull)
        return error_set(an->error, ERRCODE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE,
                         "row count cannot be null in FETCH FIRST ... WITH TIES clause");
    *out = expr;
    return true;
}

bool analyze_limit(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    Query *query = scope->query;
    query->with_ties = stmt->limit_option == PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_WITH_TIES;
    return limit_expr(scope, stmt->limit_offset, CLAUSE_OFFSET, false, &query->offset) &&
           limit_expr(scope, stmt->limit_count, CLAUSE_LIMIT, query->with_ties, &query->limit);
}

bool resolve_unknown_targets(Scope *scope)
{
    for (int i = 0; i < scope->query->ntargets; i++)
        if (!settle_target_type(scope, i))
            return false;
    return true;
}
