/*
 * update.c - UPDATE and DELETE: which rows, and what their columns are given (PostgreSQL manual, UPDATE, DELETE).
 *
 * The Query's FROM has the table, rtes[result_rte], and what stands beside it; its targets are the new values of insert_columns. RETURNING
 * is targets alone, over the same entries.
 *
 * Invariants:
 *  1. Errors come in PostgreSQL's order: WITH, the table, FROM, WHERE, RETURNING, all values, then each column that is set.
 *  2. Where FROM is analysed the table is known, but may not be referred to.
 */
#include "sql/analyze_int.h"

typedef struct Update {
    Scope *scope;
    Node *const *items; /* the SET list */
    size_t nitems;
    const CatRelation *relation;
    Rte *target;
    Expr **values;     /* by place in the SET list; NULL: DEFAULT */
    bool *is_in_later; /* a part of a column, of which a later item sets another */
    int *columns;
} Update;

/* ---- the table and its neighbours ---- */

static Rte *open_target(Scope *scope, const PgQuery__RangeVar *node, AclMask required, const char *to_change, FromItem **item)
{
    Rte *target = assign_target(scope, node, required, required == ACL_DELETE ? WRITE_DELETE : WRITE_UPDATE);
    if (!target)
        return NULL;
    NsItem *names = scope->view ? write_view_names(scope, scope->view, target->alias, target->alias_written)
                                : names_item(scope, target, scope->query->result_rte);
    names->is_target = true;
    names_add(scope, &scope->names, names);
    names_set_lateral(&scope->names, true, false);
    target->in_from = true;
    target->to_change = to_change;
    *item = ARENA_NEW(scope->an->arena, FromItem);
    **item = (FromItem){.kind = FROM_RTE, .rte = scope->query->result_rte};
    return target;
}

static bool analyze_neighbours(Scope *scope, FromItem *target, Node *const *items, size_t count)
{
    if (!analyze_from(scope, items, count))
        return false;
    Query *query = scope->query;
    memmove(query->from + 1, query->from, sizeof(FromItem *) * (size_t)query->nfrom);
    query->from[0] = target;
    query->nfrom++;
    return true;
}

static Expr *add_condition(Scope *scope, Expr *first, Expr *second)
{
    Expr *expr = ARENA_NEW(scope->an->arena, Expr);
    *expr = (Expr){.kind = EXPR_AND, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 2};
    expr->args = ARENA_ARRAY(scope->an->arena, Expr *, 2);
    expr->args[0] = first;
    expr->args[1] = second;
    return expr;
}

static Expr *equals(Scope *scope, Oid operator, int column, Oid type, const char *value)
{
    Arena *arena = scope->an->arena;
    Expr *expr = ARENA_NEW(arena, Expr);
    *expr = (Expr){.kind = EXPR_OP, .type = TYPE_BOOL, .typmod = -1, .location = -1, .oid = operator, .nargs = 2 };
    expr->args = ARENA_ARRAY(arena, Expr *, 2);
    expr->args[0] = expr_var(arena, scope->query->result_rte, column, type, -1, OID_NONE);
    expr->args[1] = expr_const(arena, type, -1, value);
    return expr;
}

/* The one row, by its number. A statement that is not going to run, or cannot, has none. */
static bool analyze_current_of(Scope *scope, const PgQuery__CurrentOfExpr *node)
{
    enum { OID_EQUALS = 607, INT8_EQUALS = 410 };
    Analyzer *an = scope->an;
    const CatRelation *table = scope->query->rtes[scope->query->result_rte]->relation;
    Oid lies_in = OID_NONE;
    int64_t number = 0;
    if (scope->view)
        return error_unsupported(an->error, "WHERE CURRENT OF on a view is not implemented");
    if (an->flat_views)
        return error_unsupported(an->error, "WHERE CURRENT OF is not supported in a stored statement");
    if (an->cursors && !sql_check_handlers(scope->query, an->catalog, an->error)) /* planning comes before the cursor is looked for */
        return false;
    if (an->cursors && table->kind != 'f' && !an->cursors->find(an->cursors->arg, node->cursor_name, table, &lies_in, &number, an->error))
        return false;
    scope->query->where =
        add_condition(scope, equals(scope, OID_EQUALS, COLUMN_TABLEOID, TYPE_OID, arena_printf(an->arena, "%u", lies_in)),
                      equals(scope, INT8_EQUALS, COLUMN_ROW, TYPE_INT8, arena_printf(an->arena, "%lld", (long long)number)));
    return true;
}

static bool analyze_where(Scope *scope, const Node *where)
{
    if (!where)
        return true;
    if (where->node_case == PG_QUERY__NODE__NODE_CURRENT_OF_EXPR)
        return analyze_current_of(scope, where->current_of_expr);
    return (scope->query->where = analyze_condition(scope, where, CLAUSE_WHERE, "WHERE")) != NULL;
}

static bool find_sublink(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_SUBLINK || expr_walk(expr, find_sublink, arg);
}

static bool analyze_returning(Scope *scope, Node *const *items, size_t count)
{
    Analyzer *an = scope->an;
    Query *query = scope->query, *returning = ARENA_NEW(an->arena, Query);
    if (!count)
        return true;
    scope->is_returning = true;
    if (!analyze_targets(scope, items, count))
        return false;
    scope->is_returning = false;
    for (int i = 0; i < query->ntargets; i++)
        target_origin(query, &query->targets[i]);
    *returning = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = an->arena, .targets = query->targets};
    returning->ntargets = query->ntargets;
    query->targets = NULL;
    query->ntargets = 0;
    scope->targets_cap = 0;
    Scope at = {.an = an, .query = returning};
    if (!resolve_unknown_targets(&at) || !assign_query_collations(an, returning))
        return false;
    returning->has_sublinks = query_walk_exprs(returning, find_sublink, NULL);
    query->returning = returning;
    return true;
}

/* The view's conditions, and the statement's own. */
static Expr *where_of_view(Scope *scope, Expr *own)
{
    const WriteView *view = scope->view;
    if (!view->where || !own)
        return own ? own : view->where;
    Expr *chosen = expr_copy(view->where, scope->an->arena);
    return view->is_barrier ? expr_after_barrier(chosen, own, scope->an->catalog, scope->an->arena) : add_condition(scope, chosen, own);
}

Query *update_finish(Scope *scope, Rte *target, QueryKind kind)
{
    Query *query = scope->query;
    bool reads = false;
    for (int i = 0; i < target->columns_read_words; i++)
        reads |= target->columns_read[i] != 0;
    if (reads)
        target->required |= ACL_SELECT;
    if (scope->view) {
        write_view_privileges(scope, target);
        query->where = where_of_view(scope, query->where);
    }
    if (!assign_query_collations(scope->an, query))
        return NULL;
    query->has_sublinks = query_walk_exprs(query, find_sublink, NULL);
    query->kind = kind;
    return query;
}

/* ---- SET ---- */

static Expr *value_of_subquery(Scope *scope, const PgQuery__MultiAssignRef *ref)
{
    Analyzer *an = scope->an;
    Expr *value = analyze_sublink_column(scope, ref->source->sub_link, ref->colno, ref->ncolumns);
    an->together += ref->colno == 1;
    if (value)
        value->u.sublink.query->together = an->together;
    return value;
}

/* One of (a, b) = (1, 2) or (SELECT 1, 2). *is_default: the row says so. */
static Expr *multi_value(Scope *scope, const PgQuery__MultiAssignRef *ref, bool *is_default)
{
    Analyzer *an = scope->an;
    const Node *source = ref->source;
    if (source->node_case == PG_QUERY__NODE__NODE_SUB_LINK && source->sub_link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK)
        return value_of_subquery(scope, ref);
    if (source->node_case != PG_QUERY__NODE__NODE_ROW_EXPR) {
        error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED,
                  "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression");
        analyze_at(an, sql_node_location(source));
        return NULL;
    }
    const PgQuery__RowExpr *row = source->row_expr;
    if ((int)row->n_args != ref->ncolumns) {
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "number of columns does not match number of values");
        analyze_at(an, row->location);
        return NULL;
    }
    const Node *value = row->args[ref->colno - 1];
    *is_default = value->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT;
    return *is_default ? NULL : analyze_expr(scope, value);
}

static bool analyze_values_set(Update *update)
{
    Scope *scope = update->scope;
    scope->clause = CLAUSE_UPDATE;
    for (size_t i = 0; i < update->nitems; i++) {
        const Node *value = update->items[i]->res_target->val;
        bool is_default = value->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT;
        if (is_default)
            continue;
        update->values[i] = value->node_case == PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF
                                ? multi_value(scope, value->multi_assign_ref, &is_default)
                                : analyze_expr(scope, value);
        if (!update->values[i] && !is_default)
            return false;
    }
    scope->clause = CLAUSE_NONE;
    return true;
}

static bool is_system_name(const char *name)
{
    static const char *const NAMES[] = {"ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(NAMES[i], name) == 0)
            return true;
    return false;
}

/* The whole is the column as it is, or with the parts that were set before. For texts each stands on its own. */
static bool set_part(Update *update, size_t place, int number)
{
    Scope *scope = update->scope;
    const PgQuery__ResTarget *node = update->items[place]->res_target;
    const CatColumn *column = &update->relation->columns[number - 1];
    AssignedPart part = {node->name, node->indirection, node->n_indirection, node->location, node->location, update->values[place]};
    Expr *whole = expr_var(scope->an->arena, scope->query->result_rte, number, column->type, column->typmod, column->collation);
    for (size_t i = 0; i < place && !scope->an->flat_views; i++)
        if (update->columns[i] == number && update->items[i]->res_target->n_indirection && !update->is_in_later[i]) {
            whole = update->values[i];
            update->is_in_later[i] = true;
        }
    update->values[place] = assign_part(scope, column, &part, whole);
    return update->values[place] != NULL;
}

static bool name_column(Update *update, size_t place)
{
    Analyzer *an = update->scope->an;
    const PgQuery__ResTarget *node = update->items[place]->res_target;
    const WriteView *view = update->scope->view;
    const CatRelation *named = view ? view->relation : update->relation;
    int number = assign_find_column(named, node->name);
    if (!number) {
        if (is_system_name(node->name))
            error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot assign to system column \"%s\"", node->name);
        else
            error_set(an->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", node->name, named->name);
        return analyze_at(an, node->location);
    }
    Expr **value = &update->values[place];
    if (node->n_indirection && !*value)
        return set_part(update, place, number);
    if (view) {
        int bit = number - COLUMN_TABLEOID;
        view->rte->columns_written[bit / 64] |= UINT64_C(1) << (bit % 64);
        if (!*value && !(*value = assign_default(update->scope, named, &named->columns[number - 1])))
            return false; /* a view's column has a default of its own, or none */
        if (!(number = write_view_column(update->scope, view, number)))
            return false;
    }
    update->columns[place] = number;
    if (node->n_indirection)
        return set_part(update, place, number);
    return !*value || (*value = assign_value(update->scope, update->relation, *value, number));
}

static bool refuse_generated(Update *update, const CatColumn *column)
{
    Error *error = update->scope->an->error;
    error_set(error, "428C9", "column \"%s\" can only be updated to DEFAULT", column->name);
    return column->generated ? error_detail(error, "Column \"%s\" is a generated column.", column->name)
                             : error_detail(error, "Column \"%s\" is an identity column defined as GENERATED ALWAYS.", column->name);
}

static bool check_columns(Update *update)
{
    size_t count = update->nitems;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (update->columns[i] == update->columns[k] &&
                (!update->items[i]->res_target->n_indirection || !update->items[k]->res_target->n_indirection))
                return error_set(update->scope->an->error, ERRCODE_SYNTAX_ERROR, "multiple assignments to same column \"%s\"",
                                 update->relation->columns[update->columns[i] - 1].name);
    for (int number = 1; number <= update->relation->ncolumns; number++)
        for (size_t i = 0; i < count; i++) {
            const CatColumn *column = &update->relation->columns[number - 1];
            if (update->columns[i] == number && update->values[i] && (column->generated || column->identity == 'a'))
                return refuse_generated(update, column);
        }
    return true;
}

/* The first of columns that one subquery gives: how many they are. */
static int set_together(const Node *value)
{
    const PgQuery__MultiAssignRef *ref = value->node_case == PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF ? value->multi_assign_ref : NULL;
    return ref && ref->colno == 1 && ref->source->node_case == PG_QUERY__NODE__NODE_SUB_LINK ? ref->ncolumns : 0;
}

/* Values are computed in the order of the table's columns; texts keep them as they are written. */
static size_t *places_in_turn(const Update *update, bool as_written)
{
    size_t *places = ARENA_ARRAY(update->scope->an->arena, size_t, update->nitems + 1), count = 0;
    for (int number = 1; number <= update->relation->ncolumns && !as_written; number++)
        for (size_t i = 0; i < update->nitems; i++)
            if (update->columns[i] == number)
                places[count++] = i;
    for (size_t i = 0; i < update->nitems && as_written; i++)
        places[count++] = i;
    return places;
}

static bool add_targets(Update *update)
{
    Query *query = update->scope->query;
    size_t size = (size_t)query->ntargets + update->nitems + 1; /* MERGE has targets of other actions before */
    query->insert_columns = ARENA_ARRAY(update->scope->an->arena, int, size);
    query->set_together = ARENA_ARRAY(update->scope->an->arena, int, size);
    bool as_written = update->scope->an->flat_views;
    const size_t *places = places_in_turn(update, as_written);
    for (size_t k = 0; k < update->nitems; k++) {
        size_t i = places[k];
        const CatColumn *column = &update->relation->columns[update->columns[i] - 1];
        int bit = column->number - COLUMN_TABLEOID;
        update->target->columns_written[bit / 64] |= UINT64_C(1) << (bit % 64);
        if ((column->generated && !as_written) || update->is_in_later[i])
            continue;
        Expr *value = update->values[i] ? update->values[i]
                      : as_written      ? assign_default_marker(update->scope->an->arena, column)
                                        : assign_default(update->scope, update->relation, column);
        if (!value)
            return false;
        query->set_together[query->ntargets] = set_together(update->items[i]->res_target->val);
        query->insert_columns[query->ntargets] = column->number;
        scope_add_target(update->scope, value, column->name, false);
    }
    return true;
}

bool analyze_set(Scope *scope, Rte *target, Node *const *items, size_t count)
{
    Arena *arena = scope->an->arena;
    Update update = {.scope = scope, .items = items, .nitems = count, .target = target, .relation = target->relation};
    target->columns_written = ARENA_ARRAY(arena, uint64_t, target->columns_read_words);
    update.values = ARENA_ARRAY(arena, Expr *, count + 1);
    update.columns = ARENA_ARRAY(arena, int, count + 1);
    update.is_in_later = ARENA_ARRAY(arena, bool, count + 1);
    if (!analyze_values_set(&update))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!name_column(&update, i))
            return false;
    return check_columns(&update) && add_targets(&update);
}

Query *analyze_update(Scope *scope, const PgQuery__UpdateStmt *stmt)
{
    FromItem *item;
    if (stmt->with_clause && !analyze_with(scope, stmt->with_clause))
        return NULL;
    Rte *target = open_target(scope, stmt->relation, ACL_UPDATE, "update", &item);
    if (!target || !analyze_neighbours(scope, item, stmt->from_clause, stmt->n_from_clause) || !analyze_where(scope, stmt->where_clause) ||
        !analyze_returning(scope, stmt->returning_list, stmt->n_returning_list) ||
        !analyze_set(scope, target, stmt->target_list, stmt->n_target_list))
        return NULL;
    return update_finish(scope, target, QUERY_UPDATE);
}

Query *analyze_delete(Scope *scope, const PgQuery__DeleteStmt *stmt)
{
    FromItem *item;
    if (stmt->with_clause && !analyze_with(scope, stmt->with_clause))
        return NULL;
    Rte *target = open_target(scope, stmt->relation, ACL_DELETE, "delete from", &item);
    if (!target || !analyze_neighbours(scope, item, stmt->using_clause, stmt->n_using_clause) ||
        !analyze_where(scope, stmt->where_clause) || !analyze_returning(scope, stmt->returning_list, stmt->n_returning_list))
        return NULL;
    return update_finish(scope, target, QUERY_DELETE);
}
