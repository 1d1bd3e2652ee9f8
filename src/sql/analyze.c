/*
 * analyze.c - from raw tree to typed Query: the order in which a SELECT's clauses are analysed, and the way in for all others.
 *
 * Invariants:
 *  1. Clauses are analysed in PostgreSQL's order, so that of several errors the same one is reported: WITH, FROM, select list, WHERE,
 *     HAVING, ORDER BY, GROUP BY, DISTINCT, OFFSET, LIMIT, windows, then collations, then the grouping rule.
 *  2. Every recursion counts in analyze_enter; beyond SQL_MAX_DEPTH the statement is refused with 54001.
 *  3. A Query, once returned, is not changed by analysis any more, but for parameters whose type was found later.
 * One thread, the session's worker: catalog look-ups are its own.
 */
#include "sql/analyze_int.h"

static bool is_cancelled(const Analyzer *an)
{
    const SessionServices *session = an->functions ? an->functions->session : NULL;
    return session && session->cancelled && session->cancelled(session->arg);
}

bool analyze_enter(Analyzer *an)
{
    if (is_cancelled(an))
        return error_set(an->error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
    if (++an->depth <= SQL_MAX_DEPTH && an->expressions <= an->most_expressions)
        return true;
    an->depth--;
    return error_too_deep(an->error);
}

void analyze_leave(Analyzer *an)
{
    an->depth--;
}

bool analyze_at(const Analyzer *an, int location)
{
    return error_at(an->error, an->views ? -1 : location);
}

Scope *scope_open(Analyzer *an, Scope *parent)
{
    Scope *scope = ARENA_NEW(an->arena, Scope);
    scope->an = an;
    scope->parent = parent;
    scope->query = ARENA_NEW(an->arena, Query);
    scope->query->arena = an->arena;
    scope->query->outer = parent ? parent->query : NULL;
    scope->query->result_rte = -1;
    return scope;
}

int scope_add_rte(Scope *scope, Rte *rte)
{
    Query *query = scope->query;
    if ((size_t)query->nrtes == scope->rtes_cap) {
        size_t grown = scope->rtes_cap ? scope->rtes_cap * 2 : 8;
        query->rtes = arena_grow(scope->an->arena, query->rtes, scope->rtes_cap * sizeof(Rte *), grown * sizeof(Rte *));
        scope->rtes_cap = grown;
    }
    query->rtes[query->nrtes] = rte;
    return query->nrtes++;
}

Target *scope_add_target(Scope *scope, Expr *expr, const char *name, bool junk)
{
    Query *query = scope->query;
    if ((size_t)query->ntargets == scope->targets_cap) {
        size_t grown = scope->targets_cap ? scope->targets_cap * 2 : 8;
        query->targets = arena_grow(scope->an->arena, query->targets, scope->targets_cap * sizeof(Target), grown * sizeof(Target));
        scope->targets_cap = grown;
    }
    Target *target = &query->targets[query->ntargets++];
    *target = (Target){.expr = expr, .name = name, .junk = junk};
    return target;
}

bool scope_targets_fit(Scope *scope)
{
    return scope->query->ntargets <= MAX_TARGETS ||
           error_set(scope->an->error, ERRCODE_TOO_MANY_COLUMNS, "target lists can have at most %d entries", MAX_TARGETS);
}

/* ---- SELECT ---- */

static bool refuse_into(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    if (!stmt->into_clause)
        return true;
    error_set(scope->an->error, ERRCODE_SYNTAX_ERROR, "SELECT ... INTO is not allowed here");
    return analyze_at(scope->an, stmt->into_clause->rel ? stmt->into_clause->rel->location : -1);
}

static void take_named_windows(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    for (size_t i = 0; i < stmt->n_window_clause; i++)
        vec_push(scope->an->arena, &scope->windows, stmt->window_clause[i]->window_def);
    scope->named_windows = stmt->n_window_clause;
}

static bool analyze_clauses(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    Query *query = scope->query;
    take_named_windows(scope, stmt);
    if (!analyze_from(scope, stmt->from_clause, stmt->n_from_clause) || !analyze_targets(scope, stmt->target_list, stmt->n_target_list))
        return false;
    for (int i = 0; i < query->ntargets; i++)
        target_origin(query, &query->targets[i]);
    if (stmt->where_clause && !(query->where = analyze_condition(scope, stmt->where_clause, CLAUSE_WHERE, "WHERE")))
        return false;
    if (stmt->having_clause && !(query->having = analyze_condition(scope, stmt->having_clause, CLAUSE_HAVING, "HAVING")))
        return false;
    if (!analyze_sort(scope, stmt->sort_clause, stmt->n_sort_clause, CLAUSE_ORDER_BY, false, &query->order, &query->norder))
        return false;
    return analyze_group(scope, stmt) && analyze_distinct(scope, stmt) && analyze_limit(scope, stmt) && analyze_windows(scope);
}

static bool find_sublink(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_SUBLINK || expr_walk(expr, find_sublink, arg);
}

static bool finish(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    Query *query = scope->query;
    if (!scope->keep_unknown && !resolve_unknown_targets(scope))
        return false;
    query->has_sublinks = query_walk_exprs(query, find_sublink, NULL);
    if (!analyze_locking(scope, stmt) || !assign_query_collations(scope->an, query) || !check_grouping(scope))
        return false;
    return scope_targets_fit(scope);
}

static bool analyze_body(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    bool is_set_operation = stmt->op == PG_QUERY__SET_OPERATION__SETOP_UNION || stmt->op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT ||
                            stmt->op == PG_QUERY__SET_OPERATION__SETOP_EXCEPT;
    if (is_set_operation)
        return analyze_set_operation(scope, stmt);
    if (stmt->n_values_lists)
        return analyze_values(scope, stmt);
    if (stmt->with_clause && !analyze_with(scope, stmt->with_clause))
        return false;
    return refuse_into(scope, stmt) && analyze_clauses(scope, stmt);
}

Query *analyze_select(Scope *scope, const PgQuery__SelectStmt *stmt)
{
    if (!analyze_enter(scope->an))
        return NULL;
    bool ok = analyze_body(scope, stmt) && finish(scope, stmt);
    analyze_leave(scope->an);
    return ok ? scope->query : NULL;
}

static bool refuse_statement(Analyzer *an, const Node *node)
{
    return error_unsupported(an->error, "%s is not supported", sql_command_tag(node));
}

Query *analyze_subquery(Scope *parent, const Node *node, bool keep_unknown)
{
    Analyzer *an = parent->an;
    if (node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) {
        refuse_statement(an, node);
        return NULL;
    }
    Scope *scope = scope_open(an, parent);
    scope->keep_unknown = keep_unknown;
    return analyze_select(scope, node->select_stmt);
}

/* ---- the ways in ---- */

/* Each use of a parameter has the type it was found to have in the end. */
static bool settle_params(Analyzer *an)
{
    const Params *params = an->params;
    for (size_t i = 0; i < params->uses.count && params->variable; i++) {
        const Expr *use = params->uses.items[i];
        if (use->type == params->types[use->u.param - 1])
            continue;
        error_set(an->error, ERRCODE_AMBIGUOUS_PARAMETER, "could not determine data type of parameter $%d", use->u.param);
        return analyze_at(an, use->location);
    }
    for (int i = 0; i < params->count && params->variable; i++)
        if (params->types[i] == OID_NONE || params->types[i] == TYPE_UNKNOWN)
            return error_set(an->error, ERRCODE_INDETERMINATE_DATATYPE, "could not determine data type of parameter $%d", i + 1);
    return true;
}

static Params take_params(const AnalyzeContext *context, Arena *arena)
{
    Params params = {.count = context->nparams, .variable = context->variable_params};
    params.types = ARENA_ARRAY(arena, Oid, params.count + 1);
    if (params.count > 0)
        memcpy(params.types, context->param_types, sizeof(Oid) * (size_t)params.count);
    return params;
}

static void give_params(AnalyzeContext *context, const Params *params)
{
    context->param_types = params->types;
    context->nparams = params->count;
}

/* Operands that are written once and used several times (CASE x, BETWEEN) could otherwise grow without bound. */
static int expression_budget(const char *text)
{
    enum { AT_LEAST = 500000, PER_BYTE = 8 };
    return AT_LEAST + PER_BYTE * (int)strlen(text ? text : "");
}

static Analyzer open_analyzer(const AnalyzeContext *context, Params *params, Arena *arena, Error *error)
{
    return (Analyzer){.catalog = context->catalog,
                      .functions = context->functions,
                      .text = context->text,
                      .arena = arena,
                      .error = error,
                      .params = params,
                      .check_as = context->check_as,
                      .views = context->depth,
                      .flat_views = context->flat_views,
                      .stored = context->stored,
                      .variables = context->variables,
                      .cursors = context->cursors,
                      .fills = context->fills,
                      .most_expressions = expression_budget(context->text),
                      .subqueries = map_open(arena),
                      .operators = map_open(arena),
                      .domains = map_open(arena)};
}

Analyzer analyze_open(const AnalyzeContext *context, Arena *arena, Error *error)
{
    Params *none = ARENA_NEW(arena, Params);
    none->types = ARENA_ARRAY(arena, Oid, 1);
    return open_analyzer(context, none, arena, error);
}

Query *analyze_statement(Scope *scope, const Node *node)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
        return analyze_select(scope, node->select_stmt);
    case PG_QUERY__NODE__NODE_INSERT_STMT:
        return analyze_insert(scope, node->insert_stmt);
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
        return analyze_update(scope, node->update_stmt);
    case PG_QUERY__NODE__NODE_DELETE_STMT:
        return analyze_delete(scope, node->delete_stmt);
    case PG_QUERY__NODE__NODE_MERGE_STMT:
        return analyze_merge(scope, node->merge_stmt);
    default:
        refuse_statement(scope->an, node);
        return NULL;
    }
}

Query *sql_analyze(const Node *statement, AnalyzeContext *context, Arena *arena, Error *error)
{
    Params params = take_params(context, arena);
    Analyzer an = open_analyzer(context, &params, arena, error);
    Query *query = analyze_statement(scope_open(&an, NULL), statement);
    if (!query || !settle_params(&an))
        return NULL;
    give_params(context, &params);
    query->undetermined = an.undetermined;
    return query;
}

static void add_stored_relation(Scope *scope, const CatRelation *relation, const char *alias, NsList *names)
{
    Rte *rte = rte_for_relation(scope->an, relation);
    if (alias)
        rte->alias = rte->alias_written = alias;
    from_add(scope, rte, names);
}

/* parameter: of EXECUTE; 0: none. */
static void wrong_type(Analyzer *an, const Expr *expr, Oid target, int parameter)
{
    const char *is = type_text(an, expr->type), *wanted = type_text(an, target);
    if (parameter)
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "parameter $%d of type %s cannot be coerced to the expected type %s", parameter, is,
                  wanted);
    else
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "expression is of type %s but should be of type %s", is, wanted);
    error_hint(an->error, "You will need to rewrite or cast the expression.");
    error_at(an->error, expr_location(expr));
}

Expr *sql_analyze_stored(const Node *expr, ExprUse use, const CatRelation *relation, Oid target, int32_t typmod, AnalyzeContext *context,
                         Arena *arena, Error *error)
{
    static const Clause CLAUSES[] = {[EXPR_USE_DEFAULT] = CLAUSE_DEFAULT,        [EXPR_USE_CHECK] = CLAUSE_CHECK,
                                     [EXPR_USE_GENERATED] = CLAUSE_GENERATED,    [EXPR_USE_WHEN] = CLAUSE_WHEN,
                                     [EXPR_USE_EXECUTE] = CLAUSE_EXECUTE,        [EXPR_USE_TRANSFORM] = CLAUSE_TRANSFORM,
                                     [EXPR_USE_INDEX] = CLAUSE_INDEX_EXPRESSION, [EXPR_USE_PREDICATE] = CLAUSE_INDEX_PREDICATE};
    Params params = take_params(context, arena);
    Analyzer an = open_analyzer(context, &params, arena, error);
    Scope *scope = scope_open(&an, NULL);
    NsList names = {0};
    if (use == EXPR_USE_WHEN)
        add_stored_relation(scope, relation, "old", &names);
    if (relation)
        add_stored_relation(scope, relation, use == EXPR_USE_WHEN ? "new" : NULL, &names);
    scope->names = names;
    Expr *result =
        use == EXPR_USE_PREDICATE ? analyze_condition(scope, expr, CLAUSES[use], "WHERE") : analyze_clause_expr(scope, expr, CLAUSES[use]);
    if (!result)
        return NULL;
    if (target) {
        Expr *coerced = coerce_to_target(scope, result, target, typmod, COERCE_ASSIGNMENT, FUNC_IMPLICIT_CAST, -1);
        if (!coerced) {
            if (!error_is_set(error))
                wrong_type(&an, result, target, context->parameter);
            return NULL;
        }
        result = coerced;
    } else if (result->type == TYPE_UNKNOWN && use != EXPR_USE_TRANSFORM) { /* which becomes one of the column's new type */
        result = coerce_to_common(scope, result, TYPE_TEXT, "SELECT");
    }
    if (!result || !assign_collation(&an, result) || !settle_params(&an))
        return NULL;
    bool says_so =
        use == EXPR_USE_INDEX && type_collation(an.catalog, result->type) && !result->collation; /* the index does, of all of it */
    return says_so || collate_refuse_noted(&an) ? result : NULL;
}

Expr *sql_analyze_expr(const Node *expr, const CatRelation *relation, Oid target, int32_t typmod, AnalyzeContext *context, Arena *arena,
                       Error *error)
{
    return sql_analyze_stored(expr, relation ? EXPR_USE_CHECK : EXPR_USE_DEFAULT, relation, target, typmod, context, arena, error);
}

Expr *sql_analyze_call(const PgQuery__FuncCall *node, AnalyzeContext *context, Arena *arena, Error *error)
{
    Params params = take_params(context, arena);
    Analyzer an = open_analyzer(context, &params, arena, error);
    Scope *scope = scope_open(&an, NULL);
    scope->clause = CLAUSE_CALL;
    Expr *call = analyze_procedure_call(scope, node);
    if (!call || !assign_collation(&an, call) || !settle_params(&an))
        return NULL;
    give_params(context, &params);
    return collate_refuse_noted(&an) ? call : NULL;
}

Expr *sql_column_default(const CatRelation *relation, int number, AnalyzeContext *context, Arena *arena, Error *error)
{
    Params params = take_params(context, arena);
    Analyzer an = open_analyzer(context, &params, arena, error);
    return assign_default(scope_open(&an, NULL), relation, &relation->columns[number - 1]);
}

Expr *sql_coerce(Expr *expr, Oid target, int32_t typmod, AnalyzeContext *context, Arena *arena, Error *error)
{
    Params params = take_params(context, arena);
    Analyzer an = open_analyzer(context, &params, arena, error);
    return coerce_to_target(scope_open(&an, NULL), expr, target, typmod, COERCE_ASSIGNMENT, FUNC_IMPLICIT_CAST, -1);
}
