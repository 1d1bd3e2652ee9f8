/*
 * expr.c - expressions: one row a kind of raw node, and what all of them share.
 *
 * Invariants:
 *  1. What analyze_expr gives is a tree of its own: no node of it is reachable from another expression.
 *  2. Literals without a type stay TYPE_UNKNOWN until their context says what they are; nothing of unknown type leaves analysis but
 *     where PostgreSQL lets it.
 *  3. Collations are assigned later, over whole clauses (collate.c); what is set here is the type's own.
 */
#include "sql/analyze_int.h"

/* ---- clauses ---- */

static const ClauseRule CLAUSES[CLAUSE_COUNT] = {
    [CLAUSE_NONE] = {"", NULL, NULL, NULL, NULL},
    [CLAUSE_JOIN_ON] = {"JOIN/ON", "JOIN conditions", "JOIN conditions", "JOIN conditions", NULL},
    [CLAUSE_JOIN_USING] = {"JOIN/USING", "JOIN conditions", "JOIN conditions", "JOIN conditions", NULL},
    [CLAUSE_FROM_SUBSELECT] = {"sub-SELECT in FROM", "FROM clause of their own query level", "sub-SELECT in FROM", NULL, NULL},
    [CLAUSE_FROM_FUNCTION] = {"function in FROM", "functions in FROM", "functions in FROM", NULL, NULL},
    [CLAUSE_WHERE] = {"WHERE", "WHERE", "WHERE", "WHERE", NULL},
    [CLAUSE_HAVING] = {"HAVING", NULL, "HAVING", "HAVING", NULL},
    [CLAUSE_FILTER] = {"FILTER", "FILTER", "FILTER", "FILTER", NULL},
    [CLAUSE_WINDOW_PARTITION] = {"window PARTITION BY", NULL, "window definitions", NULL, NULL},
    [CLAUSE_WINDOW_ORDER] = {"window ORDER BY", NULL, "window definitions", NULL, NULL},
    [CLAUSE_WINDOW_RANGE] = {"window RANGE", "window RANGE", "window definitions", "window definitions", NULL},
    [CLAUSE_WINDOW_ROWS] = {"window ROWS", "window ROWS", "window definitions", "window definitions", NULL},
    [CLAUSE_WINDOW_GROUPS] = {"window GROUPS", "window GROUPS", "window definitions", "window definitions", NULL},
    [CLAUSE_SELECT] = {"SELECT", NULL, NULL, NULL, NULL},
    [CLAUSE_RETURNING] = {"RETURNING", "RETURNING", "RETURNING", "RETURNING", NULL},
    [CLAUSE_GROUP_BY] = {"GROUP BY", "GROUP BY", "GROUP BY", NULL, NULL},
    [CLAUSE_ORDER_BY] = {"ORDER BY", NULL, NULL, NULL, NULL},
    [CLAUSE_DISTINCT_ON] = {"DISTINCT ON", NULL, NULL, NULL, NULL},
    [CLAUSE_LIMIT] = {"LIMIT", "LIMIT", "LIMIT", "LIMIT", NULL},
    [CLAUSE_OFFSET] = {"OFFSET", "OFFSET", "OFFSET", "OFFSET", NULL},
    [CLAUSE_VALUES] = {"VALUES", "VALUES", "VALUES", "VALUES", NULL},
    [CLAUSE_VALUES_SINGLE] = {"VALUES", "VALUES", "VALUES", NULL, NULL},
    [CLAUSE_CHECK] = {"CHECK", "check constraints", "check constraints", "check constraints", "check constraint"},
    [CLAUSE_DEFAULT] = {"DEFAULT", "DEFAULT expressions", "DEFAULT expressions", "DEFAULT expressions", "DEFAULT expression"},
    [CLAUSE_GENERATED] = {"GENERATED AS", "column generation expressions", "column generation expressions", "column generation expressions",
                          "column generation expression"},
    [CLAUSE_EXECUTE] = {"EXECUTE", "EXECUTE parameters", "EXECUTE parameters", "EXECUTE parameters", "EXECUTE parameter"},
    [CLAUSE_CALL] = {"CALL", "CALL arguments", "CALL arguments", "CALL arguments", "CALL argument"},
    [CLAUSE_WHEN] = {"WHEN", "trigger WHEN conditions", "trigger WHEN conditions", "trigger WHEN conditions", "trigger WHEN condition"},
    [CLAUSE_COPY_WHERE] = {"WHERE", "COPY FROM WHERE conditions", "COPY FROM WHERE conditions", "COPY FROM WHERE conditions",
                           "COPY FROM WHERE condition"},
    [CLAUSE_INDEX_EXPRESSION] = {"ON CONFLICT", "index expressions", "index expressions", "index expressions", "index expression"},
    [CLAUSE_INDEX_PREDICATE] = {"WHERE", "index predicates", "index predicates", "index predicates", "index predicate"},
    [CLAUSE_MERGE_WHEN] = {"WHEN", "MERGE WHEN conditions", "MERGE WHEN conditions", "MERGE WHEN conditions", NULL},
    [CLAUSE_TRANSFORM] = {"USING", "transform expressions", "transform expressions", "transform expressions", "transform expression"},
    [CLAUSE_UPDATE] = {"UPDATE", "UPDATE", "UPDATE", "UPDATE", NULL},
};

const ClauseRule *clause_rule(Clause clause)
{
    return &CLAUSES[clause];
}

/* ---- nodes ---- */

Expr *expr_new(const Scope *scope, ExprKind kind, Oid type, int location)
{
    Analyzer *an = scope->an;
    Expr *expr = ARENA_NEW(an->arena, Expr);
    expr->kind = kind;
    expr->type = type;
    expr->typmod = -1;
    expr->collation = type ? type_collation(an->catalog, type) : OID_NONE;
    expr->location = an->views ? -1 : location;
    an->expressions++;
    return expr;
}

Expr *expr_and(const Scope *scope, ExprKind kind, Expr **args, int nargs, int location)
{
    Expr *expr = expr_new(scope, kind, TYPE_BOOL, location);
    expr->args = args;
    expr->nargs = nargs;
    return expr;
}

const char *node_string(const Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_STRING ? node->string->sval : "*";
}

const char *join_names(Arena *arena, Node *const *names, size_t count)
{
    Str text;
    str_init(&text, arena);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            str_addc(&text, '.');
        str_add(&text, node_string(names[i]));
    }
    return text.data;
}

bool names_split(Scope *scope, Node *const *names, size_t count, int location, const char **schema, const char **name)
{
    Analyzer *an = scope->an;
    *name = node_string(names[count - 1]);
    *schema = count > 1 ? node_string(names[count - 2]) : NULL;
    if (count > 3)
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "improper qualified name (too many dotted names): %s",
                  join_names(an->arena, names, count));
    else if (count == 3 && strcmp(node_string(names[0]), an->functions->database) != 0)
        error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: %s",
                  join_names(an->arena, names, count));
    else
        return true;
    return analyze_at(an, location);
}

bool names_check_schema(Scope *scope, const char *schema, int location)
{
    Analyzer *an = scope->an;
    const CatNamespace *found = catalog_namespace_by_name(an->catalog, schema);
    if (!found) {
        error_set(an->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
        return analyze_at(an, location);
    }
    bool is_command = an->check_as == BOOTSTRAP_ROLE; /* which has a question about rows */
    if (an->views || an->stored || is_command ||
        catalog_privileges(an->catalog, PG_NAMESPACE_RELATION, found->oid, 0, an->functions->current_user, ACL_USAGE))
        return true;
    catalog_denied(an->catalog, PG_NAMESPACE_RELATION, found->oid, false, an->error);
    return analyze_at(an, location);
}

/* ---- the dispatch ---- */

static Expr *not_supported(Scope *scope, const char *what, int location)
{
    error_unsupported(scope->an->error, "%s is not supported", what);
    analyze_at(scope->an, location);
    return NULL;
}

static Expr *analyze_named_arg(Scope *scope, const PgQuery__NamedArgExpr *node)
{
    Expr *arg = analyze_expr(scope, node->arg);
    if (!arg)
        return NULL;
    Expr *named = expr_new(scope, EXPR_NAMED_ARG, arg->type, node->location);
    named->typmod = arg->typmod;
    named->nargs = 1;
    named->args = ARENA_ARRAY(scope->an->arena, Expr *, 1);
    named->args[0] = arg;
    named->u.named_arg.name = node->name;
    return named;
}

static Expr *default_not_allowed(Scope *scope, int location)
{
    error_set(scope->an->error, ERRCODE_SYNTAX_ERROR, "DEFAULT is not allowed in this context");
    analyze_at(scope->an, location);
    return NULL;
}

static Expr *dispatch(Scope *scope, const Node *node)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_A_CONST:
        return analyze_const(scope, node->a_const);
    case PG_QUERY__NODE__NODE_COLUMN_REF:
        return analyze_column_ref(scope, node->column_ref);
    case PG_QUERY__NODE__NODE_PARAM_REF:
        return analyze_param(scope, node->param_ref);
    case PG_QUERY__NODE__NODE_A_EXPR:
        return analyze_operator_expr(scope, node->a_expr);
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
        return analyze_bool(scope, node->bool_expr);
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        return analyze_call(scope, node->func_call);
    case PG_QUERY__NODE__NODE_TYPE_CAST:
        return analyze_type_cast(scope, node->type_cast);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
        return analyze_collate(scope, node->collate_clause);
    case PG_QUERY__NODE__NODE_CASE_EXPR:
        return analyze_case(scope, node->case_expr);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        return analyze_coalesce(scope, node->coalesce_expr);
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
        return analyze_min_max(scope, node->min_max_expr);
    case PG_QUERY__NODE__NODE_NULL_TEST:
        return analyze_null_test(scope, node->null_test);
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
        return analyze_bool_test(scope, node->boolean_test);
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
        return analyze_sql_value(scope, node->sqlvalue_function);
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
        return analyze_array(scope, node->a_array_expr, OID_NONE, OID_NONE, -1);
    case PG_QUERY__NODE__NODE_ROW_EXPR:
        return analyze_row(scope, node->row_expr);
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
        return analyze_indirection(scope, node->a_indirection);
    case PG_QUERY__NODE__NODE_SUB_LINK:
        return analyze_sublink(scope, node->sub_link);
    case PG_QUERY__NODE__NODE_GROUPING_FUNC:
        return analyze_grouping(scope, node->grouping_func);
    case PG_QUERY__NODE__NODE_NAMED_ARG_EXPR:
        return analyze_named_arg(scope, node->named_arg_expr);
    case PG_QUERY__NODE__NODE_SET_TO_DEFAULT:
        return default_not_allowed(scope, node->set_to_default->location);
    case PG_QUERY__NODE__NODE_XML_EXPR:
        return analyze_xml(scope, node->xml_expr);
    case PG_QUERY__NODE__NODE_XML_SERIALIZE:
        return analyze_xml_serialize(scope, node->xml_serialize);
    case PG_QUERY__NODE__NODE_CURRENT_OF_EXPR:
        return not_supported(scope, "WHERE CURRENT OF", -1);
    default:
        return not_supported(scope, "this expression", -1);
    }
}

Expr *analyze_expr(Scope *scope, const Node *node)
{
    if (!analyze_enter(scope->an))
        return NULL;
    Expr *expr = dispatch(scope, node);
    analyze_leave(scope->an);
    return expr;
}

Expr *analyze_clause_expr(Scope *scope, const Node *node, Clause clause)
{
    Clause was = scope->clause;
    scope->clause = clause;
    Expr *expr = analyze_expr(scope, node);
    scope->clause = was;
    return expr;
}

Expr *analyze_condition(Scope *scope, const Node *node, Clause clause, const char *name)
{
    Expr *expr = analyze_clause_expr(scope, node, clause);
    return expr ? coerce_to_boolean(scope, expr, name) : NULL;
}

/* ---- parameters ---- */

/* In doubles: tens of thousands of them come one by one. */
static void make_room(Params *params, int number, Arena *arena)
{
    if (number > params->room) {
        int room = number > 2 * params->room ? number : 2 * params->room;
        Oid *types = ARENA_ARRAY(arena, Oid, room);
        if (params->count)
            memcpy(types, params->types, sizeof(Oid) * (size_t)params->count);
        params->types = types;
        params->room = room;
    }
    memset(params->types + params->count, 0, sizeof(Oid) * (size_t)(number - params->count));
    params->count = number;
}

Expr *analyze_param(Scope *scope, const PgQuery__ParamRef *node)
{
    Analyzer *an = scope->an;
    Params *params = an->params;
    int number = node->number;
    if (an->variables && !an->views) {
        Expr *variable = analyze_variable_param(scope, node);
        if (variable || error_is_set(an->error))
            return variable;
    }
    bool unknown = number <= 0 || number > UINT16_MAX || (number > params->count && !params->variable);
    if (unknown || (!params->variable && params->types[number - 1] == OID_NONE)) {
        error_set(an->error, ERRCODE_UNDEFINED_PARAMETER, "there is no parameter $%d", number);
        analyze_at(an, node->location);
        return NULL;
    }
    if (number > params->count)
        make_room(params, number, an->arena);
    if (params->types[number - 1] == OID_NONE)
        params->types[number - 1] = TYPE_UNKNOWN;
    Expr *expr = expr_new(scope, EXPR_PARAM, params->types[number - 1], node->location);
    expr->u.param = number;
    vec_push(an->arena, &params->uses, expr);
    return expr;
}
