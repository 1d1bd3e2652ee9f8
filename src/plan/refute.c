/*
 * refute.c - whether conditions that hold make others false, or true: what PostgreSQL's planner proves of predicates (AND, OR, NOT, lists
 * of values, IS NULL, and comparisons of one expression with constants by the operators of a btree family).
 *
 * Invariants:
 *  1. Only what is certain is proved; "false" is not NULL.
 *  2. What is proved of is in refute_form: NOT stands before what has no other form of it alone.
 *  3. A constant that this moment gave counts as an expression: PostgreSQL does not know it yet.
 * Threads: the session's own.
 */
#include <string.h>

#include "plan/internal.h"

typedef enum Shape { SHAPE_ATOM, SHAPE_AND, SHAPE_OR } Shape;

typedef struct Parts {
    Shape shape;
    Expr **items;
    size_t count;
} Parts;

typedef enum Goal { GOAL_TRUE, GOAL_FALSE } Goal; /* of the predicate, when the clause is true */

/* How two operators stand in a family that has both, and the family's operators between their right sides. */
typedef struct Family {
    Oid clause, predicate;                   /* the operators */
    int clause_strategy, predicate_strategy; /* 0: no family has both */
    Oid less, equal;
} Family;

typedef struct Proof {
    Planner *planner;
    int depth;
    VEC(Family) families; /* that were looked for */
} Proof;

enum { MAX_LIST = 100, MAX_DEPTH = 200 };

static bool prove(Proof *proof, const Expr *clause, const Expr *predicate, Goal goal);

/* ---- AND and OR ---- */

static Expr *element_test(const Proof *proof, const Expr *list, Expr *value)
{
    Arena *arena = proof->planner->arena;
    Expr *test = ARENA_NEW(arena, Expr);
    *test = (Expr){.kind = EXPR_OP, .oid = list->oid, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 2};
    test->args = ARENA_ARRAY(arena, Expr *, 2);
    test->args[0] = list->args[0];
    test->args[1] = value;
    return test;
}

/* The values of an array that is written out, or a constant. */
static bool elements_of(const Proof *proof, const Expr *array, ExprList *out)
{
    const CatType *type = catalog_type(proof->planner->context->catalog, array->type);
    Arena *arena = proof->planner->arena;
    ArrayElement *elements;
    size_t count;
    int ndim;
    Error ignored;
    error_init(&ignored, arena);
    for (int i = 0; array->kind == EXPR_ARRAY && !array->u.is_multi_dim && i < array->nargs; i++)
        vec_push(arena, out, array->args[i]);
    if (array->kind == EXPR_ARRAY)
        return !array->u.is_multi_dim;
    if (array->kind != EXPR_CONST || !array->u.value || !type || !type->element ||
        !type_array_parse(array->u.value, strlen(array->u.value), arena, &elements, &count, &ndim, &ignored))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *text = elements[i].text ? arena_strndup(arena, elements[i].text, elements[i].len) : NULL;
        vec_push(arena, out, expr_const(arena, type->element, -1, text));
    }
    return true;
}

/* x = ANY ('{1,2}') is an OR, x <> ALL ('{1,2}') an AND. */
static void parts_of_list(const Proof *proof, const Expr *list, Parts *out)
{
    const Expr *array = list->args[1];
    ExprList values = {0};
    while (array->kind == EXPR_RELABEL)
        array = array->args[0];
    if (!elements_of(proof, array, &values) || values.count > MAX_LIST)
        return;
    *out = (Parts){list->u.is_all ? SHAPE_AND : SHAPE_OR, ARENA_ARRAY(proof->planner->arena, Expr *, values.count + 1), values.count};
    for (size_t i = 0; i < values.count; i++)
        out->items[i] = element_test(proof, list, values.items[i]);
}

static Parts parts_of(const Proof *proof, const Expr *expr)
{
    Parts parts = {SHAPE_ATOM, NULL, 0};
    if (expr->kind == EXPR_AND || expr->kind == EXPR_OR)
        return (Parts){expr->kind == EXPR_AND ? SHAPE_AND : SHAPE_OR, expr->args, (size_t)expr->nargs};
    if (expr->kind == EXPR_ANY_ALL)
        parts_of_list(proof, expr, &parts);
    return parts;
}

/* The predicate of each, or of some, of its parts. */
static bool prove_parts(Proof *proof, const Expr *clause, const Parts *predicate, Goal goal, bool all)
{
    for (size_t i = 0; i < predicate->count; i++)
        if (prove(proof, clause, predicate->items[i], goal) != all)
            return !all;
    return all;
}

/* By each, or by some, of the clause's parts. */
static bool prove_by_parts(Proof *proof, const Parts *clause, const Expr *predicate, Goal goal, bool all)
{
    for (size_t i = 0; i < clause->count; i++)
        if (prove(proof, clause->items[i], predicate, goal) != all)
            return !all;
    return all;
}

/* ---- comparisons ---- */

enum { LESS = 1, LESS_EQUAL, EQUAL, GREATER_EQUAL, GREATER, NOT_EQUAL }; /* btree's strategies, and one more */

typedef struct Comparison {
    const Expr *left, *right;
    Oid collation;
    const CatOperator *operator;
} Comparison;

static const Expr *plain(const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    return expr;
}

static bool is_known(const Expr *expr)
{
    return expr->kind == EXPR_CONST && !expr->oid;
}

static bool read_comparison(const Proof *proof, const Expr *expr, Comparison *out)
{
    if (expr->kind != EXPR_OP || expr->nargs != 2)
        return false;
    *out = (Comparison){plain(expr->args[0]), plain(expr->args[1]), expr->collation,
                        catalog_operator(proof->planner->context->catalog, expr->oid)};
    return out->operator!= NULL;
}

static bool commute(const Proof *proof, Comparison *comparison)
{
    *comparison = (Comparison){comparison->right, comparison->left, comparison->collation,
                               catalog_operator(proof->planner->context->catalog, comparison->operator->commutator)};
    return comparison->operator!= NULL;
}

/* Both get the same expression on the left, if they have one in common. */
static bool align(const Proof *proof, Comparison *one, Comparison *other)
{
    if (one->collation != other->collation)
        return false;
    if (expr_equal(one->left, other->left))
        return true;
    if (expr_equal(one->left, other->right))
        return commute(proof, other);
    if (expr_equal(one->right, other->left))
        return commute(proof, one);
    return expr_equal(one->right, other->right) && commute(proof, one) && commute(proof, other);
}

static Family look_for_family(const Proof *proof, const Comparison *clause, const Comparison *predicate)
{
    static const char SQL[] =
        "WITH s(family, strategy, which, type) AS (SELECT amopfamily, amopstrategy, amopopr, amoprighttype FROM pg_amop WHERE amopmethod ="
        " 403 AND amopopr IN (?1, ?2) UNION ALL SELECT amopfamily, 6, o.oid, amoprighttype FROM pg_operator o JOIN pg_amop ON"
        " amopopr = oprnegate AND amopmethod = 403 AND amopstrategy = 3 WHERE o.oid IN (?1, ?2))"
        " SELECT c.strategy, p.strategy, l.amopopr, e.amopopr FROM s c JOIN s p ON p.family = c.family"
        " JOIN pg_amop l ON l.amopfamily = c.family AND l.amopstrategy = 1 AND l.amoplefttype = c.type AND l.amoprighttype = p.type"
        " JOIN pg_amop e ON e.amopfamily = c.family AND e.amopstrategy = 3 AND e.amoplefttype = c.type AND e.amoprighttype = p.type"
        " WHERE c.which = ?1 AND p.which = ?2 AND l.amopmethod = 403 AND e.amopmethod = 403 LIMIT 1";
    Planner *planner = proof->planner;
    Family family = {clause->operator->oid, predicate->operator->oid, 0, 0, OID_NONE, OID_NONE};
    CatalogRows *rows =
        catalog_query(planner->context->catalog, planner->arena, planner->error, SQL, "oo", family.clause, family.predicate);
    if (!rows || !rows->nrows)
        return family;
    const CatalogCell *cells = rows->cells;
    return (Family){family.clause, family.predicate, (int)cells[0].i, (int)cells[1].i, (Oid)cells[2].i, (Oid)cells[3].i};
}

static bool find_family(Proof *proof, const Comparison *clause, const Comparison *predicate, Family *out)
{
    for (size_t i = 0; i < proof->families.count; i++)
        if (proof->families.items[i].clause == clause->operator->oid && proof->families.items[i].predicate == predicate->operator->oid) {
            *out = proof->families.items[i];
            return out->clause_strategy;
        }
    *out = look_for_family(proof, clause, predicate);
    vec_push(proof->planner->arena, &proof->families, *out);
    return out->clause_strategy;
}

/* Computes a comparison of constants. false: it is not known. */
static bool compare(const Proof *proof, Oid operator, const Expr * left, const Expr *right, Oid collation, bool *out)
{
    Planner *planner = proof->planner;
    Catalog *catalog = planner->context->catalog;
    const CatOperator *known = catalog_operator(catalog, operator);
    const CatProc *proc = known ? catalog_proc(catalog, known->proc) : NULL;
    if (!proc || proc->volatility != 'i' || !func_find(proc->oid))
        return false;
    Expr *args[] = {(Expr *)(uintptr_t)left, (Expr *)(uintptr_t)right}; /* only read */
    Expr test = {.kind = EXPR_OP, .oid = operator, .type = TYPE_BOOL, .typmod = -1, .location = -1, .collation = collation, .nargs = 2};
    test.args = args;
    const char *text;
    Error ignored;
    error_init(&ignored, planner->arena);
    if (!fold_value(planner, &test, proc->oid, &text, &ignored) || !text)
        return false;
    *out = *text == 't';
    return true;
}

/* x is below, at or above a, as the strategy says; order: how a stands to b. What does that say of x and b? */
static bool proves(int clause, int predicate, int order, Goal goal)
{
    static const int NEGATED[] = {[LESS] = GREATER_EQUAL, [LESS_EQUAL] = GREATER, [EQUAL] = NOT_EQUAL,
                                  [GREATER_EQUAL] = LESS, [GREATER] = LESS_EQUAL, [NOT_EQUAL] = EQUAL};
    int wanted = goal == GOAL_TRUE ? predicate : NEGATED[predicate];
    switch (wanted) {
    case LESS:
        return (clause == LESS && order <= 0) || ((clause == LESS_EQUAL || clause == EQUAL) && order < 0);
    case LESS_EQUAL:
        return (clause == LESS || clause == LESS_EQUAL || clause == EQUAL) && order <= 0;
    case EQUAL:
        return clause == EQUAL && order == 0;
    case GREATER_EQUAL:
        return (clause == GREATER || clause == GREATER_EQUAL || clause == EQUAL) && order >= 0;
    case GREATER:
        return (clause == GREATER && order >= 0) || ((clause == GREATER_EQUAL || clause == EQUAL) && order > 0);
    default:
        return (clause == NOT_EQUAL && order == 0) || (clause == EQUAL && order != 0) || (clause == LESS && order <= 0) ||
               (clause == LESS_EQUAL && order < 0) || (clause == GREATER && order >= 0) || (clause == GREATER_EQUAL && order > 0);
    }
}

/* Of the same two expressions: each operator's negation is its opposite, in whatever family. */
static bool prove_same(const Family *family, const Comparison *clause, const Comparison *predicate, Goal goal)
{
    Oid negator = predicate->operator->negator;
    return goal == GOAL_FALSE && negator == clause->operator->oid
               ? true
               : family->clause_strategy && proves(family->clause_strategy, family->predicate_strategy, 0, goal);
}

static bool prove_comparison(Proof *proof, const Expr *clause, const Expr *predicate, Goal goal)
{
    Comparison one, other;
    Family family;
    bool less, equal;
    if (!read_comparison(proof, clause, &one) || !read_comparison(proof, predicate, &other) || !align(proof, &one, &other))
        return false;
    bool found = find_family(proof, &one, &other, &family);
    if (expr_equal(one.right, other.right))
        return prove_same(&family, &one, &other, goal);
    if (!is_known(one.right) || !is_known(other.right))
        return false;
    if (!one.right->u.value)
        return true; /* the clause is never true */
    if (!other.right->u.value || !found)
        return false;
    return compare(proof, family.equal, one.right, other.right, one.collation, &equal) &&
           (equal ? proves(family.clause_strategy, family.predicate_strategy, 0, goal)
                  : compare(proof, family.less, one.right, other.right, one.collation, &less) &&
                        proves(family.clause_strategy, family.predicate_strategy, less ? -1 : 1, goal));
}

/* ---- single conditions ---- */

static bool is_strict_call(const Proof *proof, const Expr *expr)
{
    Catalog *catalog = proof->planner->context->catalog;
    const CatOperator *operator= expr->kind == EXPR_FUNC ? NULL : catalog_operator(catalog, expr->oid);
    const CatProc *proc = catalog_proc(catalog, operator? operator->proc : expr->kind == EXPR_FUNC ? expr->oid : OID_NONE);
    return proc && proc->strict;
}

/* The expression is NULL, or false, where `part` is NULL. */
static bool is_strict_for(const Proof *proof, const Expr *expr, const Expr *part)
{
    expr = plain(expr);
    if (expr_equal(expr, part) || (expr->kind == EXPR_CONST && !expr->u.value))
        return true;
    switch (expr->kind) {
    case EXPR_FUNC:
    case EXPR_OP:
        if (!is_strict_call(proof, expr))
            return false;
        for (int i = 0; i < expr->nargs; i++)
            if (is_strict_for(proof, expr->args[i], part))
                return true;
        return false;
    case EXPR_ANY_ALL:
        return !expr->u.is_all && is_strict_call(proof, expr) && is_strict_for(proof, expr->args[0], part);
    case EXPR_CAST_IO:
    case EXPR_CAST_ARRAY:
    case EXPR_CAST_DOMAIN:
        return is_strict_for(proof, expr->args[0], part);
    default:
        return false;
    }
}

/* What is false where the expression holds; NULL: nothing is said. maybe_null: or unknown. */
static const Expr *denied(const Expr *expr, bool maybe_null)
{
    bool is_test = expr->kind == EXPR_BOOL_TEST, is_not = expr->kind == EXPR_NOT || (is_test && expr->u.bool_test == TEST_IS_FALSE);
    is_not |= maybe_null && is_test && (expr->u.bool_test == TEST_IS_NOT_TRUE || expr->u.bool_test == TEST_IS_UNKNOWN);
    return is_not ? expr->args[0] : NULL;
}

static bool is_null_test(const Expr *expr, ExprKind kind)
{
    return expr->kind == kind && !expr->u.row_wise;
}

static bool prove_atom(Proof *proof, const Expr *clause, const Expr *predicate, Goal goal)
{
    ExprKind opposite = predicate->kind == EXPR_IS_NULL ? EXPR_IS_NOT_NULL : EXPR_IS_NULL;
    if (expr_equal(clause, predicate))
        return goal == GOAL_TRUE;
    if (predicate->kind != EXPR_IS_NOT_NULL && predicate->kind != EXPR_IS_NULL)
        return clause->kind != EXPR_IS_NULL && prove_comparison(proof, clause, predicate, goal);
    if (predicate->u.row_wise)
        return false;
    const Expr *tested = plain(predicate->args[0]);
    if ((predicate->kind == EXPR_IS_NOT_NULL) == (goal == GOAL_TRUE) && is_strict_for(proof, clause, tested))
        return true; /* tested is no NULL */
    return goal == GOAL_FALSE && is_null_test(clause, opposite) && expr_equal(plain(clause->args[0]), tested);
}

static bool prove_shapes(Proof *proof, const Expr *clause, const Expr *predicate, Goal goal)
{
    Parts has = parts_of(proof, clause), wants = parts_of(proof, predicate);
    /* Each part of an AND is to be true for it to be, one to be false for it to be false; of an OR the other way round. */
    bool all = (wants.shape == SHAPE_AND) == (goal == GOAL_TRUE);
    const Expr *without;
    if (has.shape == SHAPE_ATOM && goal == GOAL_FALSE && (without = denied(clause, false)) && prove(proof, predicate, without, GOAL_TRUE))
        return true;
    if (wants.shape == SHAPE_ATOM && goal == GOAL_FALSE && (without = denied(predicate, true)) && prove(proof, clause, without, GOAL_TRUE))
        return true;
    if (has.shape == SHAPE_OR && !(wants.shape != SHAPE_ATOM && all))
        return prove_by_parts(proof, &has, predicate, goal, true);
    if (wants.shape != SHAPE_ATOM && prove_parts(proof, clause, &wants, goal, all))
        return true;
    if (has.shape == SHAPE_AND && (wants.shape == SHAPE_ATOM || !all))
        return prove_by_parts(proof, &has, predicate, goal, false);
    return has.shape == SHAPE_ATOM && wants.shape == SHAPE_ATOM && prove_atom(proof, clause, predicate, goal);
}

static bool prove(Proof *proof, const Expr *clause, const Expr *predicate, Goal goal)
{
    bool proved = ++proof->depth <= MAX_DEPTH && prove_shapes(proof, clause, predicate, goal);
    proof->depth--;
    return proved;
}

bool refute(Planner *planner, const Expr *clause, const Expr *predicate)
{
    Proof proof = {.planner = planner};
    return prove(&proof, clause, predicate, GOAL_FALSE) && !error_is_set(planner->error);
}
