/*
 * prune_match.c - conditions on the key of a partitioned table: comparisons with values that are known, by operators of the key's own
 * operator family (of other types than the key's too), and tests for NULL.
 *
 * Threads: the session's own.
 */
#include <string.h>

#include "plan/prune.h"

/* ---- the key ---- */

static Expr *column_of_root(const Matching *matching, const CatRelation *root, const char *name)
{
    for (int i = 0; i < root->ncolumns; i++)
        if (!root->columns[i].dropped && strcmp(root->columns[i].name, name) == 0)
            return expr_var(matching->planner->arena, 0, i + 1, root->columns[i].type, root->columns[i].typmod, root->columns[i].collation);
    return NULL;
}

static Expr *key_expression(const Matching *matching, const CatRelation *root, const PartitionKeyColumn *column)
{
    Planner *planner = matching->planner;
    AnalyzeContext context = {.catalog = planner->context->catalog, .functions = planner->context->functions, .text = ""};
    Error ignored;
    ParsedText parsed;
    error_init(&ignored, planner->arena);
    if (!sql_parse(arena_printf(planner->arena, "SELECT %s", column->expr), planner->arena, &parsed, &ignored))
        return NULL;
    const Node *node = parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
    Expr *expr = sql_analyze_stored(node, EXPR_USE_CHECK, root, column->type, -1, &context, planner->arena, &ignored);
    return expr ? prune_match_form(planner, expr) : NULL;
}

void prune_match_begin(Matching *matching, Planner *planner, const CatRelation *root, const CatRelation *parent, const PartitionKey *key)
{
    *matching = (Matching){.planner = planner, .key = key, .exprs = ARENA_ARRAY(planner->arena, Expr *, key->ncolumns)};
    for (int i = 0; i < key->ncolumns; i++) {
        const PartitionKeyColumn *column = &key->columns[i];
        matching->exprs[i] = column->column ? column_of_root(matching, root, parent->columns[column->column - 1].name)
                                            : key_expression(matching, root, column);
    }
}

static Expr *to_first_entry(Expr *expr, int level, void *arg)
{
    (void)arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == level)
        expr->u.var.rte = 0;
    return expr;
}

Expr *prune_match_form(Planner *planner, const Expr *condition)
{
    Query *query = ARENA_NEW(planner->arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = planner->arena, .where = exclude_with_values(planner, condition)};
    query_map_exprs(query, false, to_first_entry, NULL);
    return refute_form(planner, query->where);
}

static const Expr *plain(const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL || expr->kind == EXPR_COLLATE)
        expr = expr->args[0];
    return expr;
}

static bool is_key(const Matching *matching, int column, const Expr *expr)
{
    const Expr *key = matching->exprs[column];
    return key && expr_equal(plain(expr), plain(key));
}

/* A comparison that goes by another collation than the key's says nothing of where the rows lie. */
static bool is_key_compared(const Matching *matching, int column, const Expr *comparison, int side)
{
    Oid collation = matching->key->columns[column].collation;
    return is_key(matching, column, comparison->args[side]) && (!collation || collation == expr_operands_collation(comparison));
}

/* ---- operators ---- */

/* An operator of the key's family with the key's type on the left: the one given, or, that being OID_NONE, by strategy and type. */
static CatalogRows *of_family(const Matching *matching, int column, Oid operator, int strategy, Oid right)
{
    const PartitionKeyColumn *key = &matching->key->columns[column];
    Planner *planner = matching->planner;
    Error ignored;
    error_init(&ignored, planner->arena);
    CatalogRows *rows = catalog_query(planner->context->catalog, planner->arena, &ignored,
                                      "SELECT amopstrategy, amoprighttype, oprcode FROM pg_amop JOIN pg_operator o ON o.oid = amopopr WHERE"
                                      " amopfamily = ?1 AND amoplefttype = ?2 AND amoppurpose = 's' AND"
                                      " (amopopr = ?3 OR (amopstrategy = ?4 AND amoprighttype = ?5))",
                                      "oooio", key->opfamily, key->compare_type, operator,(int64_t) strategy, right);
    return rows && rows->nrows ? rows : NULL;
}

static Compare compare_by(const Matching *matching, int column, Oid operator, Oid * right)
{
    static const Compare STRATEGIES[] = {CMP_NONE, CMP_LT, CMP_LE, CMP_EQ, CMP_GE, CMP_GT};
    CatalogRows *rows = of_family(matching, column, operator, 0, OID_NONE);
    if (!rows)
        return CMP_NONE;
    size_t strategy = (size_t)CATALOG_CELL(rows, 0, 0).i;
    *right = (Oid)CATALOG_CELL(rows, 0, 1).i;
    return matching->key->strategy == 'h' ? CMP_EQ : strategy < COUNT_OF(STRATEGIES) ? STRATEGIES[strategy] : CMP_NONE;
}

static bool is_whole_number(Oid type)
{
    return type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8;
}

/* Values of another type, whose hash is that of the same text as the key's type. */
static bool hashes_alike(const Matching *matching, int column, Oid right)
{
    Oid left = matching->key->columns[column].compare_type;
    return left == right || (is_whole_number(left) && is_whole_number(right));
}

static bool read_operator(const Matching *matching, int column, Oid operator, Limit * out)
{
    const CatOperator *known = catalog_operator(matching->planner->context->catalog, operator);
    *out = (Limit){.column = column};
    out->compare = compare_by(matching, column, operator, & out->right);
    if (out->compare == CMP_NONE && known && known->negator && matching->key->strategy == 'l' &&
        compare_by(matching, column, known->negator, &out->right) == CMP_EQ)
        out->compare = CMP_NE;
    return out->compare != CMP_NONE && (matching->key->strategy != 'h' || hashes_alike(matching, column, out->right));
}

static Oid operator_function(const Matching *matching, const Limit *limit, int strategy)
{
    CatalogRows *rows = of_family(matching, limit->column, OID_NONE, strategy, limit->right);
    return rows ? (Oid)CATALOG_CELL(rows, 0, 2).i : OID_NONE;
}

static const KeyOperators *operators_of(Matching *matching, const Limit *limit)
{
    for (size_t i = 0; i < matching->operators.count; i++)
        if (matching->operators.items[i].column == limit->column && matching->operators.items[i].right == limit->right)
            return &matching->operators.items[i];
    KeyOperators found = {limit->column, limit->right, operator_function(matching, limit, 1), operator_function(matching, limit, 3)};
    vec_push(matching->planner->arena, &matching->operators, found);
    return &matching->operators.items[matching->operators.count - 1];
}

bool prune_compare(Matching *matching, const char *value, const Limit *limit, int *order)
{
    const PlanContext *context = matching->planner->context;
    Arena *arena = matching->planner->arena;
    Oid types[] = {catalog_base_type(context->catalog, matching->key->columns[limit->column].type, NULL), limit->type};
    const char *values[] = {value, limit->value}, *answer;
    const KeyOperators *operators = operators_of(matching, limit);
    Error ignored;
    error_init(&ignored, arena);
    if (!operators->less || !operators->equal ||
        !func_fold(operators->less, context->functions, TYPE_BOOL, types, values, 2, arena, &answer, &ignored) || !answer)
        return false;
    *order = -1;
    if (*answer == 't')
        return true;
    if (!func_fold(operators->equal, context->functions, TYPE_BOOL, types, values, 2, arena, &answer, &ignored) || !answer)
        return false;
    *order = *answer != 't';
    return true;
}

/* ---- conditions ---- */

static bool known_value(const Planner *planner, const Expr *expr, Limit *out)
{
    const PlanContext *context = planner->context;
    expr = plain(expr);
    if (expr->kind == EXPR_CONST)
        out->value = expr->u.value;
    else if (expr->kind == EXPR_PARAM && context->params_bound && expr->u.param <= context->nparams)
        out->value = context->param_values[expr->u.param - 1];
    else
        return false;
    out->type = catalog_base_type(context->catalog, expr->type, NULL);
    return out->value != NULL;
}

static bool match_comparison(const Matching *matching, int column, const Expr *condition, Limit *out)
{
    const CatOperator *known = catalog_operator(matching->planner->context->catalog, condition->oid);
    if (condition->nargs != 2 || !known)
        return false;
    for (int i = 0; i < 2; i++)
        if (is_key_compared(matching, column, condition, i))
            return read_operator(matching, column, i ? known->commutator : known->oid, out) &&
                   known_value(matching->planner, condition->args[1 - i], out);
    return false;
}

static bool is_truth(const Matching *matching, int column, const Expr *of)
{
    return matching->key->columns[column].compare_type == TYPE_BOOL && is_key(matching, column, of);
}

static Limit truth(int column, bool wanted)
{
    return (Limit){column, CMP_EQ, TYPE_BOOL, TYPE_BOOL, wanted ? "t" : "f"};
}

/* a, NOT a, a IS TRUE, a IS FALSE: a = true, a = false. */
static bool match_truth(const Matching *matching, int column, const Expr *condition, Limit *out)
{
    const Expr *of = condition;
    bool wanted = true;
    if (condition->kind == EXPR_NOT || condition->kind == EXPR_BOOL_TEST) {
        of = condition->args[0];
        wanted = condition->kind == EXPR_BOOL_TEST && condition->u.bool_test == TEST_IS_TRUE;
        if (condition->kind == EXPR_BOOL_TEST && !wanted && condition->u.bool_test != TEST_IS_FALSE)
            return false;
    }
    *out = truth(column, wanted);
    return is_truth(matching, column, of);
}

static bool match_column(const Matching *matching, int column, const Expr *condition, Limit *out)
{
    if (condition->kind == EXPR_IS_NULL || condition->kind == EXPR_IS_NOT_NULL) {
        *out = (Limit){.column = column, .compare = condition->kind == EXPR_IS_NULL ? CMP_NULL : CMP_NOT_NULL};
        return !condition->u.row_wise && is_key(matching, column, condition->args[0]);
    }
    return condition->kind == EXPR_OP ? match_comparison(matching, column, condition, out) : match_truth(matching, column, condition, out);
}

void prune_match(Matching *matching, const Expr *condition, LimitList *out)
{
    Limit limit;
    for (int i = 0; i < matching->key->ncolumns; i++)
        if (match_column(matching, i, condition, &limit)) {
            vec_push(matching->planner->arena, out, limit);
            return;
        }
}

/* ---- lists ---- */

static bool take_element(const Matching *matching, const Expr *element, const Limit *like, LimitList *out)
{
    Limit limit = *like;
    const Expr *value = plain(element);
    if (value->kind != EXPR_CONST || value->u.value) {
        if (!known_value(matching->planner, element, &limit))
            return false;
    } else {
        limit.value = NULL;
    }
    vec_push(matching->planner->arena, out, limit);
    return true;
}

static bool take_elements(const Matching *matching, const Expr *array, const Limit *like, LimitList *out)
{
    Planner *planner = matching->planner;
    Limit whole;
    ArrayElement *elements;
    size_t count;
    int ndim;
    Error ignored;
    error_init(&ignored, planner->arena);
    const CatType *type = catalog_type(planner->context->catalog, array->type);
    if (!type || !type->element || !known_value(planner, array, &whole) ||
        !type_array_parse(whole.value, strlen(whole.value), planner->arena, &elements, &count, &ndim, &ignored))
        return false;
    for (size_t i = 0; i < count; i++) {
        Limit limit = *like;
        limit.type = type->element;
        limit.value = elements[i].text ? arena_strndup(planner->arena, elements[i].text, elements[i].len) : NULL;
        vec_push(planner->arena, out, limit);
    }
    return true;
}

/* A NULL among them is as good as none where = ANY does not become true by it; no row meets what holds of ALL, nor ANY of nothing. */
static void leave_out_nulls(LimitList *values, bool *is_all)
{
    size_t kept = 0;
    for (size_t i = 0; i < values->count; i++)
        if (values->items[i].value)
            values->items[kept++] = values->items[i];
    if (kept < values->count && *is_all) {
        *is_all = false;
        kept = 0;
    }
    values->count = kept;
}

static bool list_values(const Matching *matching, const Expr *array, const Limit *like, bool *is_all, LimitList *out)
{
    bool known = array->kind != EXPR_ARRAY && take_elements(matching, array, like, out);
    if (array->kind == EXPR_ARRAY) {
        known = !array->u.is_multi_dim;
        for (int i = 0; known && i < array->nargs; i++)
            known = take_element(matching, array->args[i], like, out);
    }
    leave_out_nulls(out, is_all);
    return known;
}

/* What casts of arrays leave as it is. */
static const Expr *plain_array(const Expr *array)
{
    while (array->kind == EXPR_RELABEL || (array->kind == EXPR_CAST_ARRAY && !array->oid && !array->u.array_io))
        array = array->args[0];
    return array;
}

/* a IS NOT TRUE: a = false OR a IS NULL. */
static bool match_not(const Matching *matching, const Expr *test, LimitList *out)
{
    BoolTest of = test->u.bool_test;
    for (int i = 0; i < matching->key->ncolumns && (of == TEST_IS_NOT_TRUE || of == TEST_IS_NOT_FALSE); i++)
        if (is_truth(matching, i, test->args[0])) {
            const Limit null = {.column = i, .compare = CMP_NULL};
            vec_push(matching->planner->arena, out, truth(i, of == TEST_IS_NOT_FALSE));
            vec_push(matching->planner->arena, out, null);
            return true;
        }
    return false;
}

bool prune_match_list(Matching *matching, const Expr *condition, LimitList *out, bool *is_all)
{
    Limit limit;
    *is_all = condition->kind == EXPR_ANY_ALL && condition->u.is_all;
    if (condition->kind != EXPR_ANY_ALL)
        return condition->kind == EXPR_BOOL_TEST && match_not(matching, condition, out);
    for (int i = 0; i < matching->key->ncolumns; i++)
        if (is_key_compared(matching, i, condition, 0))
            return read_operator(matching, i, condition->oid, &limit) &&
                   list_values(matching, plain_array(condition->args[1]), &limit, is_all, out);
    return false;
}
