/*
 * prune.c - partitions that a query need not read: their bound contradicts one of its conditions.
 *
 * Invariant: only what is certain counts: comparisons of a key column with a constant of the same type, by the key's own operators.
 * Threads: the session's own.
 */
#include <string.h>

#include "plan/internal.h"

typedef enum Compare { CMP_NONE, CMP_LT, CMP_LE, CMP_EQ, CMP_GE, CMP_GT, CMP_NULL, CMP_NOT_NULL } Compare;

/* A condition on a key column. */
typedef struct Limit {
    Compare compare;
    const char *value;
} Limit;

typedef struct Pruning {
    Planner *planner;
    const PartitionKey *key;
    int column; /* of the key */
} Pruning;

static bool ordering(const Pruning *pruning, const char *a, const char *b, int *order)
{
    Error ignored;
    error_init(&ignored, pruning->planner->arena);
    return partition_compare(pruning->planner->context->functions, pruning->key, pruning->column, a, b, pruning->planner->arena, order,
                             &ignored);
}

/* ---- conditions ---- */

static const Expr *plain(const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL && expr->args[0]->kind == EXPR_VAR)
        expr = expr->args[0];
    return expr;
}

static bool is_key(const Expr *expr, const char *name, const CatRelation *root)
{
    return expr->kind == EXPR_VAR && expr->u.var.column > 0 && strcmp(root->columns[expr->u.var.column - 1].name, name) == 0;
}

static Compare compare_of(const Planner *planner, Oid op, bool commuted)
{
    static const struct {
        const char *name;
        Compare compare, commuted;
    } NAMES[] = {{"<", CMP_LT, CMP_GT}, {"<=", CMP_LE, CMP_GE}, {"=", CMP_EQ, CMP_EQ}, {">=", CMP_GE, CMP_LE}, {">", CMP_GT, CMP_LT}};
    const CatOperator *found = catalog_operator(planner->context->catalog, op);
    if (!found || found->namespace_oid != NAMESPACE_PG_CATALOG || found->left != found->right)
        return CMP_NONE;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(NAMES[i].name, found->name) == 0)
            return commuted ? NAMES[i].commuted : NAMES[i].compare;
    return CMP_NONE;
}

static bool known_value(const Planner *planner, const Expr *expr, Oid type, const char **text)
{
    const PlanContext *context = planner->context;
    while (expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    bool same = expr->type == type || (type == TYPE_VARCHAR && expr->type == TYPE_TEXT);
    if (expr->kind == EXPR_CONST)
        *text = expr->u.value;
    else if (expr->kind == EXPR_PARAM && context->params_bound && expr->u.param <= context->nparams)
        *text = context->param_values[expr->u.param - 1];
    else
        return false;
    return same && *text;
}

static bool read_limit(const Pruning *pruning, const CatRelation *root, const char *name, const Expr *condition, Limit *out)
{
    Oid type = pruning->key->columns[pruning->column].type;
    *out = (Limit){0};
    if ((condition->kind == EXPR_IS_NULL || condition->kind == EXPR_IS_NOT_NULL) && is_key(condition->args[0], name, root)) {
        out->compare = condition->kind == EXPR_IS_NULL ? CMP_NULL : CMP_NOT_NULL;
        return true;
    }
    if (condition->kind != EXPR_OP || condition->nargs != 2)
        return false;
    const Expr *left = plain(condition->args[0]), *right = plain(condition->args[1]);
    bool commuted = is_key(right, name, root);
    const Expr *column = commuted ? right : left, *value = commuted ? left : right;
    if (!is_key(column, name, root) || !known_value(pruning->planner, value, type, &out->value))
        return false;
    out->compare = compare_of(pruning->planner, condition->oid, commuted);
    return out->compare != CMP_NONE;
}

/* ---- bounds ---- */

static bool satisfies(Compare compare, int order)
{
    switch (compare) {
    case CMP_LT:
        return order < 0;
    case CMP_LE:
        return order <= 0;
    case CMP_EQ:
        return order == 0;
    case CMP_GE:
        return order >= 0;
    case CMP_GT:
        return order > 0;
    default:
        return true;
    }
}

/* May a row of the list meet the limit? */
static bool list_allows(const Pruning *pruning, const PartitionBound *bound, const Limit *limit)
{
    for (int i = 0; i < bound->nlist; i++) {
        const char *value = bound->list[i].text;
        int order;
        if (limit->compare == CMP_NULL || !value) {
            if (limit->compare == CMP_NULL && !value)
                return true;
            continue;
        }
        if (limit->compare == CMP_NOT_NULL || !ordering(pruning, value, limit->value, &order) || satisfies(limit->compare, order))
            return true;
    }
    return false;
}

static bool range_allows(const Pruning *pruning, const PartitionBound *bound, const Limit *limit)
{
    const PartitionDatum *low = &bound->lower[0], *high = &bound->upper[0];
    int order;
    if (limit->compare == CMP_NULL)
        return false;
    if (limit->compare == CMP_NOT_NULL)
        return true;
    bool from_below = limit->compare == CMP_LT || limit->compare == CMP_LE || limit->compare == CMP_EQ;
    bool from_above = limit->compare == CMP_GT || limit->compare == CMP_GE || limit->compare == CMP_EQ;
    if (from_below && low->kind == DATUM_VALUE && ordering(pruning, low->text, limit->value, &order) &&
        (order > 0 || (order == 0 && limit->compare == CMP_LT)))
        return false;
    /* The upper end belongs to the partition only when more columns follow. */
    if (from_above && high->kind == DATUM_VALUE && ordering(pruning, high->text, limit->value, &order) &&
        (order < 0 || (order == 0 && (limit->compare == CMP_GT || pruning->key->ncolumns == 1))))
        return false;
    return true;
}

/* Has one of these lists all rows that the limit lets through? */
static bool lists_hold_all(const Pruning *pruning, const Partition *partitions, size_t count, const Limit *limit)
{
    for (size_t i = 0; i < count; i++)
        if (!partitions[i].bound.is_default && (limit->compare == CMP_EQ || limit->compare == CMP_NULL) &&
            list_allows(pruning, &partitions[i].bound, limit))
            return true;
    return false;
}

/* Where the end of a range lies to a value, infinite ends included. */
static bool compare_end(const Pruning *pruning, const PartitionDatum *end, const PartitionDatum *to, int *order)
{
    if (end->kind == DATUM_VALUE && to->kind == DATUM_VALUE)
        return ordering(pruning, end->text, to->text, order);
    *order = (int)end->kind - (int)to->kind;
    return true;
}

/* Do these ranges, which are sorted, cover without a gap all that the limit lets through? */
static bool ranges_hold_all(const Pruning *pruning, const Partition *partitions, size_t count, const Limit *limit)
{
    bool from = limit->compare == CMP_GT || limit->compare == CMP_GE || limit->compare == CMP_EQ;
    bool up_to = limit->compare == CMP_LT || limit->compare == CMP_LE || limit->compare == CMP_EQ;
    PartitionDatum at = {.kind = from ? DATUM_VALUE : DATUM_MINVALUE, .text = limit->value};
    PartitionDatum goal = {.kind = up_to ? DATUM_VALUE : DATUM_MAXVALUE, .text = limit->value};
    int order;
    if (pruning->key->ncolumns != 1 || !(from || up_to))
        return false;
    for (size_t i = 0; i < count; i++) {
        const PartitionBound *bound = &partitions[i].bound;
        if (bound->is_default)
            continue;
        if (!compare_end(pruning, &bound->upper[0], &at, &order))
            return false;
        if (order <= 0)
            continue;
        if (!compare_end(pruning, &bound->lower[0], &at, &order) || order > 0)
            return false;
        at = bound->upper[0];
        if (!compare_end(pruning, &at, &goal, &order))
            return false;
        if (order > 0 || (order == 0 && (limit->compare == CMP_LT || goal.kind == DATUM_MAXVALUE)))
            return true;
    }
    return false;
}

static bool limit_contradicts(const Pruning *pruning, const Partition *partitions, size_t count, size_t index, const Limit *limit)
{
    const PartitionBound *bound = &partitions[index].bound;
    if (!bound->is_default)
        return pruning->key->strategy == 'l' ? !list_allows(pruning, bound, limit) : !range_allows(pruning, bound, limit);
    return pruning->key->strategy == 'l' ? lists_hold_all(pruning, partitions, count, limit)
                                         : ranges_hold_all(pruning, partitions, count, limit);
}

/* What is asked of which partition, whose key's first column has that name. */
typedef struct Question {
    const CatRelation *root;
    const char *name;
    const Partition *partitions;
    size_t count, index;
} Question;

/* The values of an array that are not NULL, as texts. */
static bool known_values(const Planner *planner, const Expr *array, Oid type, StrList *out)
{
    const CatType *of = catalog_type(planner->context->catalog, array->type);
    const char *text;
    ArrayElement *elements;
    size_t count;
    int ndim;
    Error ignored;
    error_init(&ignored, planner->arena);
    if (array->kind == EXPR_ARRAY && !array->u.is_multi_dim) {
        for (int i = 0; i < array->nargs; i++) {
            if (array->args[i]->kind == EXPR_CONST && !array->args[i]->u.value)
                continue;
            if (!known_value(planner, array->args[i], type, &text))
                return false;
            vec_push(planner->arena, out, text);
        }
        return true;
    }
    if (!of || !(of->element == type || (type == TYPE_VARCHAR && of->element == TYPE_TEXT)) ||
        !known_value(planner, array, array->type, &text) ||
        !type_array_parse(text, strlen(text), planner->arena, &elements, &count, &ndim, &ignored))
        return false;
    for (size_t i = 0; i < count; i++)
        if (elements[i].text)
            vec_push(planner->arena, out, arena_strndup(planner->arena, elements[i].text, elements[i].len));
    return true;
}

/* Of a value that is one of a list: each has to be a contradiction. */
static bool list_contradicts(const Pruning *pruning, const Question *question, const Expr *condition)
{
    Limit limit = {.compare = compare_of(pruning->planner, condition->oid, false)};
    StrList values = {0};
    if (condition->u.is_all || limit.compare == CMP_NONE || !is_key(plain(condition->args[0]), question->name, question->root) ||
        !known_values(pruning->planner, condition->args[1], pruning->key->columns[pruning->column].type, &values))
        return false;
    for (size_t i = 0; i < values.count; i++) {
        limit.value = values.items[i];
        if (!limit_contradicts(pruning, question->partitions, question->count, question->index, &limit))
            return false;
    }
    return true;
}

static bool is_never_true(const Expr *condition)
{
    return condition->kind == EXPR_CONST && condition->type == TYPE_BOOL && (!condition->u.value || *condition->u.value == 'f');
}

/* One contradiction in an AND is enough; in an OR every side must be one. */
static bool contradicts(const Pruning *pruning, const Question *question, const Expr *condition)
{
    Limit limit;
    if (condition->kind == EXPR_AND || condition->kind == EXPR_OR) {
        bool all = condition->kind == EXPR_OR;
        for (int i = 0; i < condition->nargs; i++)
            if (contradicts(pruning, question, condition->args[i]) != all)
                return !all;
        return all;
    }
    if (condition->kind == EXPR_ANY_ALL)
        return list_contradicts(pruning, question, condition);
    return read_limit(pruning, question->root, question->name, condition, &limit) &&
           limit_contradicts(pruning, question->partitions, question->count, question->index, &limit);
}

/* A hash partition has the rows of one remainder: known when the conditions say what each column of the key is. */
static bool hash_contradicts(Pruning *pruning, const CatRelation *root, const CatRelation *parent, const PartitionBound *bound,
                             const ExprList *conditions)
{
    const PartitionKey *key = pruning->key;
    Arena *arena = pruning->planner->arena;
    const char **values = ARENA_ARRAY(arena, const char *, key->ncolumns);
    uint64_t hash;
    Error ignored;
    error_init(&ignored, arena);
    for (pruning->column = 0; pruning->column < key->ncolumns; pruning->column++) {
        int number = key->columns[pruning->column].column;
        Limit limit = {0};
        for (size_t i = 0; number && i < conditions->count && limit.compare != CMP_EQ && limit.compare != CMP_NULL; i++)
            if (!read_limit(pruning, root, parent->columns[number - 1].name, conditions->items[i], &limit))
                limit.compare = CMP_NONE;
        if (limit.compare != CMP_EQ && limit.compare != CMP_NULL)
            return false;
        values[pruning->column] = limit.value;
    }
    return partition_hash(pruning->planner->context->functions, key, values, arena, &hash, &ignored) &&
           hash % (uint64_t)bound->modulus != (uint64_t)bound->remainder;
}

bool prune_contradicts(Planner *planner, const CatRelation *root, const CatRelation *parent, const PartitionKey *key,
                       const Partition *partitions, size_t count, size_t index, const ExprList *conditions)
{
    Pruning pruning = {planner, key, 0}; /* the first key column decides */
    int number = key->columns[0].column;
    for (size_t i = 0; i < conditions->count; i++)
        if (is_never_true(conditions->items[i]))
            return true;
    if (key->strategy == 'h')
        return hash_contradicts(&pruning, root, parent, &partitions[index].bound, conditions);
    if (!number)
        return false;
    Question question = {root, parent->columns[number - 1].name, partitions, count, index};
    for (size_t i = 0; i < conditions->count; i++)
        if (contradicts(&pruning, &question, conditions->items[i]))
            return true;
    return false;
}
