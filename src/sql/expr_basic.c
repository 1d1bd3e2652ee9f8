/*
 * expr_basic.c - constants, conditions, CASE and its like, casts, COLLATE, and the values SQL names by keywords.
 */
#include <errno.h>
#include <stdlib.h>

#include "sql/analyze_int.h"

static Expr **alloc_args(Scope *scope, size_t count)
{
    return ARENA_ARRAY(scope->an->arena, Expr *, count + 1);
}

static Expr *one_arg(Scope *scope, ExprKind kind, Oid type, Expr *arg, int location)
{
    Expr *expr = expr_new(scope, kind, type, location);
    expr->args = alloc_args(scope, 1);
    expr->args[expr->nargs++] = arg;
    return expr;
}

/* ---- constants ---- */

/* Digits alone are bigint where they fit it, else numeric; with a point or an exponent they are numeric. */
static Oid number_type(const char *text)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*end || errno)
        return TYPE_NUMERIC;
    return value == INT32_MIN ? TYPE_INT4 : TYPE_INT8; /* the one int4 whose digits alone are none */
}

static bool bit_constant(Scope *scope, Expr *expr, const char *text, int location)
{
    Analyzer *an = scope->an;
    Str bits;
    str_init(&bits, an->arena);
    bool is_hex = *text == 'x' || *text == 'X';
    for (const char *at = text + 1; *at; at++) {
        const char *digits = "0123456789abcdef", *found = strchr(digits, *at >= 'A' && *at <= 'F' ? *at - 'A' + 'a' : *at);
        int value = found ? (int)(found - digits) : -1;
        if (value < 0 || (!is_hex && value > 1)) {
            error_set(an->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "\"%c\" is not a valid %s digit", *at,
                      is_hex ? "hexadecimal" : "binary");
            return analyze_at(an, location);
        }
        for (int bit = is_hex ? 3 : 0; bit >= 0; bit--)
            str_addc(&bits, (char)('0' + (value >> bit & 1)));
    }
    expr->u.value = bits.data ? bits.data : "";
    return true;
}

Expr *analyze_const(Scope *scope, const PgQuery__AConst *node)
{
    Arena *arena = scope->an->arena;
    Expr *expr = expr_new(scope, EXPR_CONST, TYPE_UNKNOWN, node->location);
    if (node->isnull)
        return expr;
    switch (node->val_case) {
    case PG_QUERY__A__CONST__VAL_FVAL: {
        const char *value = NULL;
        expr->type = number_type(node->fval->fval);
        if (!type_canonical(expr->type, -1, node->fval->fval, scope->an->functions->types, arena, &value, scope->an->error)) {
            analyze_at(scope->an, node->location);
            return NULL;
        }
        expr->u.value = value;
        return expr;
    }
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
        expr->type = TYPE_BOOL;
        expr->u.value = node->boolval->boolval ? "t" : "f";
        return expr;
    case PG_QUERY__A__CONST__VAL_SVAL:
        expr->u.value = node->sval->sval;
        return expr;
    case PG_QUERY__A__CONST__VAL_BSVAL:
        expr->type = TYPE_BIT;
        return bit_constant(scope, expr, node->bsval->bsval, node->location) ? expr : NULL;
    default:
        expr->type = TYPE_INT4;
        expr->u.value = arena_printf(arena, "%d", node->val_case == PG_QUERY__A__CONST__VAL_IVAL ? node->ival->ival : 0);
        return expr;
    }
}

/* ---- AND, OR, NOT ---- */

Expr *analyze_bool(Scope *scope, const PgQuery__BoolExpr *node)
{
    static const struct {
        ExprKind kind;
        const char *name;
    } KINDS[] = {
        [PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR] = {EXPR_AND, "AND"},
        [PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR] = {EXPR_OR, "OR"},
        [PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR] = {EXPR_NOT, "NOT"},
    };
    Expr *expr = expr_new(scope, KINDS[node->boolop].kind, TYPE_BOOL, node->location);
    expr->args = alloc_args(scope, node->n_args);
    for (size_t i = 0; i < node->n_args; i++) {
        Expr *arg = analyze_expr(scope, node->args[i]);
        arg = arg ? coerce_to_boolean(scope, arg, KINDS[node->boolop].name) : NULL;
        if (!arg)
            return NULL;
        expr->args[expr->nargs++] = arg;
    }
    return expr;
}

/* ---- CASE, COALESCE, GREATEST, LEAST ---- */

static bool no_sets(Scope *scope, const Expr *last_set, const char *construct)
{
    Analyzer *an = scope->an;
    if (scope->last_set == last_set)
        return true;
    error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "set-returning functions are not allowed in %s", construct);
    error_hint(an->error, "You might be able to move the set-returning function into a LATERAL FROM item.");
    return analyze_at(an, expr_location(scope->last_set));
}

static int expr_size(const Expr *expr)
{
    int size = 1;
    for (int i = 0; i < expr->nargs; i++)
        size += expr->args[i] ? expr_size(expr->args[i]) : 0;
    return size;
}

/* The operand of CASE x WHEN y is compared anew in each WHEN: x = y. */
static Expr *case_condition(Scope *scope, const PgQuery__CaseWhen *when, Expr *operand, int operand_size)
{
    Analyzer *an = scope->an;
    Expr *condition = analyze_expr(scope, when->expr);
    if (condition && operand) {
        an->expressions += operand_size;
        if (an->expressions > an->most_expressions) {
            error_too_deep(an->error);
            return NULL;
        }
        condition = make_named_operator(scope, "=", expr_copy(operand, an->arena), condition, when->location);
    }
    return condition ? coerce_to_boolean(scope, condition, "CASE/WHEN") : NULL;
}

static Expr *case_operand(Scope *scope, const Node *node)
{
    Expr *operand = analyze_expr(scope, node);
    /* A literal operand is text, as it is compared several times. */
    if (operand && operand->type == TYPE_UNKNOWN)
        operand = coerce_to_common(scope, operand, TYPE_TEXT, "CASE");
    return operand && assign_collation(scope->an, operand) ? operand : NULL;
}

/* args hold the results at the odd places and the default last. */
static bool unify_case(Scope *scope, Expr *expr, Expr **results, int nresults)
{
    /* PostgreSQL looks at ELSE first. */
    Expr **ordered = alloc_args(scope, (size_t)nresults);
    ordered[0] = results[nresults - 1];
    for (int i = 1; i < nresults; i++)
        ordered[i] = results[i - 1];
    Oid type = common_type(scope, ordered, nresults, "CASE", NULL);
    if (!type)
        return false;
    for (int i = 0; i < nresults; i++) {
        bool is_else = i == nresults - 1;
        results[i] = coerce_to_common(scope, results[i], type, is_else ? "CASE/ELSE" : "CASE/WHEN");
        if (!results[i])
            return false;
        expr->args[is_else ? 2 * i : 2 * i + 1] = results[i];
    }
    expr->type = type;
    expr->typmod = common_typmod(results, nresults, type);
    expr->collation = type_collation(scope->an->catalog, type);
    return true;
}

Expr *analyze_case(Scope *scope, const PgQuery__CaseExpr *node)
{
    const Expr *last_set = scope->last_set;
    Expr *operand = node->arg ? case_operand(scope, node->arg) : NULL;
    if (node->arg && !operand)
        return NULL;
    int size = operand ? expr_size(operand) : 0, nwhens = (int)node->n_args;
    Expr *expr = expr_new(scope, EXPR_CASE, TYPE_UNKNOWN, node->location);
    Expr **results = alloc_args(scope, node->n_args + 1);
    expr->nargs = 2 * nwhens + 1;
    expr->u.is_simple = operand != NULL;
    expr->args = alloc_args(scope, (size_t)expr->nargs);
    for (int i = 0; i < nwhens; i++) {
        const PgQuery__CaseWhen *when = node->args[i]->case_when;
        expr->args[2 * i] = case_condition(scope, when, operand, size);
        results[i] = expr->args[2 * i] ? analyze_expr(scope, when->result) : NULL;
        if (!results[i])
            return NULL;
    }
    results[nwhens] = node->defresult ? analyze_expr(scope, node->defresult) : expr_new(scope, EXPR_CONST, TYPE_UNKNOWN, -1);
    if (!results[nwhens] || !unify_case(scope, expr, results, nwhens + 1))
        return NULL;
    return no_sets(scope, last_set, "CASE") ? expr : NULL;
}

static Expr *analyze_common(Scope *scope, ExprKind kind, Node *const *nodes, size_t count, const char *construct, int location)
{
    Expr *expr = expr_new(scope, kind, TYPE_UNKNOWN, location);
    expr->args = alloc_args(scope, count);
    for (size_t i = 0; i < count; i++) {
        Expr *arg = analyze_expr(scope, nodes[i]);
        if (!arg)
            return NULL;
        expr->args[expr->nargs++] = arg;
    }
    expr->type = common_type(scope, expr->args, expr->nargs, construct, NULL);
    if (!expr->type)
        return NULL;
    for (int i = 0; i < expr->nargs; i++) {
        expr->args[i] = coerce_to_common(scope, expr->args[i], expr->type, construct);
        if (!expr->args[i])
            return NULL;
    }
    expr->typmod = common_typmod(expr->args, expr->nargs, expr->type);
    expr->collation = type_collation(scope->an->catalog, expr->type);
    return expr;
}

Expr *analyze_coalesce(Scope *scope, const PgQuery__CoalesceExpr *node)
{
    const Expr *last_set = scope->last_set;
    Expr *expr = analyze_common(scope, EXPR_COALESCE, node->args, node->n_args, "COALESCE", node->location);
    return expr && no_sets(scope, last_set, "COALESCE") ? expr : NULL;
}

Expr *analyze_min_max(Scope *scope, const PgQuery__MinMaxExpr *node)
{
    bool greatest = node->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST;
    Analyzer *an = scope->an;
    Expr *expr = analyze_common(scope, greatest ? EXPR_GREATEST : EXPR_LEAST, node->args, node->n_args, greatest ? "GREATEST" : "LEAST",
                                node->location);
    if (expr && !sort_ops_of(an->catalog, expr->type).less) {
        error_set(an->error, ERRCODE_UNDEFINED_FUNCTION, "could not identify a comparison function for type %s", type_text(an, expr->type));
        return NULL;
    }
    return expr;
}

/* ---- IS ... ---- */

Expr *analyze_null_test(Scope *scope, const PgQuery__NullTest *node)
{
    Expr *arg = analyze_expr(scope, node->arg);
    if (!arg)
        return NULL;
    bool is_null = node->nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL;
    Expr *expr = one_arg(scope, is_null ? EXPR_IS_NULL : EXPR_IS_NOT_NULL, TYPE_BOOL, arg, node->location);
    expr->u.row_wise = arg->type == TYPE_RECORD || type_is_row(scope->an->catalog, arg->type);
    return expr;
}

Expr *analyze_bool_test(Scope *scope, const PgQuery__BooleanTest *node)
{
    static const struct {
        BoolTest test;
        const char *name;
    } TESTS[] = {
        [PG_QUERY__BOOL_TEST_TYPE__IS_TRUE] = {TEST_IS_TRUE, "IS TRUE"},
        [PG_QUERY__BOOL_TEST_TYPE__IS_NOT_TRUE] = {TEST_IS_NOT_TRUE, "IS NOT TRUE"},
        [PG_QUERY__BOOL_TEST_TYPE__IS_FALSE] = {TEST_IS_FALSE, "IS FALSE"},
        [PG_QUERY__BOOL_TEST_TYPE__IS_NOT_FALSE] = {TEST_IS_NOT_FALSE, "IS NOT FALSE"},
        [PG_QUERY__BOOL_TEST_TYPE__IS_UNKNOWN] = {TEST_IS_UNKNOWN, "IS UNKNOWN"},
        [PG_QUERY__BOOL_TEST_TYPE__IS_NOT_UNKNOWN] = {TEST_IS_NOT_UNKNOWN, "IS NOT UNKNOWN"},
    };
    Expr *arg = analyze_expr(scope, node->arg);
    arg = arg ? coerce_to_boolean(scope, arg, TESTS[node->booltesttype].name) : NULL;
    if (!arg)
        return NULL;
    Expr *expr = one_arg(scope, EXPR_BOOL_TEST, TYPE_BOOL, arg, node->location);
    expr->u.bool_test = TESTS[node->booltesttype].test;
    return expr;
}

/* ---- casts and COLLATE ---- */

/* ARRAY[...]::type[] gives its elements the type from the start. */
static Expr *cast_operand(Scope *scope, const Node *node, Oid type, int32_t typmod)
{
    Catalog *catalog = scope->an->catalog;
    if (node->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR) {
        int32_t base_typmod = typmod;
        Oid base = catalog_base_type(catalog, type, &base_typmod), element = type_element(catalog, base);
        if (element)
            return analyze_array(scope, node->a_array_expr, base, element, base_typmod);
    }
    return analyze_expr(scope, node);
}

Expr *analyze_type_cast(Scope *scope, const PgQuery__TypeCast *node)
{
    Analyzer *an = scope->an;
    Oid type;
    int32_t typmod;
    if (!resolve_type_name(scope, node->type_name, &type, &typmod))
        return NULL;
    Expr *arg = cast_operand(scope, node->arg, type, typmod);
    if (!arg)
        return NULL;
    int location = node->location >= 0 ? node->location : node->type_name->location;
    Expr *expr = coerce_to_target(scope, arg, type, typmod, COERCE_EXPLICIT, FUNC_EXPLICIT_CAST, location);
    if (!expr && !error_is_set(an->error)) {
        error_set(an->error, ERRCODE_CANNOT_COERCE, "cannot cast type %s to %s", type_text(an, arg->type), type_text(an, type));
        analyze_at(an, location);
    }
    return expr;
}

const CatCollation *analyze_collation(Scope *scope, const PgQuery__CollateClause *node)
{
    Analyzer *an = scope->an;
    Node *const *names = node->collname;
    size_t count = node->n_collname;
    int location = node->location;
    const char *schema, *name;
    if (!names_split(scope, names, count, location, &schema, &name) || (schema && !names_check_schema(scope, schema, location)))
        return NULL;
    const CatCollation *found = catalog_collation_by_name(an->catalog, schema, name);
    if (!found) {
        error_set(an->error, ERRCODE_UNDEFINED_OBJECT, "collation \"%s\" for encoding \"UTF8\" does not exist",
                  join_names(an->arena, names, count));
        analyze_at(an, location);
    }
    return found;
}

Expr *analyze_collate(Scope *scope, const PgQuery__CollateClause *node)
{
    Analyzer *an = scope->an;
    Expr *arg = analyze_expr(scope, node->arg);
    if (!arg)
        return NULL;
    if (arg->type != TYPE_UNKNOWN && !type_collation(an->catalog, arg->type)) {
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "collations are not supported by type %s", type_text(an, arg->type));
        analyze_at(an, node->location);
        return NULL;
    }
    const CatCollation *collation = analyze_collation(scope, node);
    if (!collation)
        return NULL;
    Expr *expr = one_arg(scope, EXPR_COLLATE, arg->type, arg, node->location);
    expr->typmod = arg->typmod;
    expr->collation = collation->oid;
    return expr;
}

/* ---- CURRENT_DATE and its like ---- */

typedef struct ValueKind {
    SqlValue which;
    Oid type;
    bool has_precision;
} ValueKind;

static const ValueKind VALUE_KINDS[] = {
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE] = {SQL_CURRENT_DATE, TYPE_DATE, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME] = {SQL_CURRENT_TIME, TYPE_TIMETZ, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME_N] = {SQL_CURRENT_TIME, TYPE_TIMETZ, true},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP] = {SQL_CURRENT_TIMESTAMP, TYPE_TIMESTAMPTZ, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N] = {SQL_CURRENT_TIMESTAMP, TYPE_TIMESTAMPTZ, true},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME] = {SQL_LOCALTIME, TYPE_TIME, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME_N] = {SQL_LOCALTIME, TYPE_TIME, true},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP] = {SQL_LOCALTIMESTAMP, TYPE_TIMESTAMP, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N] = {SQL_LOCALTIMESTAMP, TYPE_TIMESTAMP, true},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE] = {SQL_CURRENT_ROLE, TYPE_NAME, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER] = {SQL_CURRENT_USER, TYPE_NAME, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER] = {SQL_USER, TYPE_NAME, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_SESSION_USER] = {SQL_SESSION_USER, TYPE_NAME, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_CATALOG] = {SQL_CURRENT_CATALOG, TYPE_NAME, false},
    [PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_SCHEMA] = {SQL_CURRENT_SCHEMA, TYPE_NAME, false},
};

Expr *analyze_sql_value(Scope *scope, const PgQuery__SQLValueFunction *node)
{
    const ValueKind *kind = &VALUE_KINDS[node->op];
    Expr *expr = expr_new(scope, EXPR_SQL_VALUE, kind->type, node->location);
    expr->u.sql_value.which = kind->which;
    if (kind->has_precision) {
        warn_value_precision(scope, kind->type, node->typmod);
        expr->typmod = node->typmod > 6 ? 6 : node->typmod;
    }
    return expr;
}
