/*
 * refute.c - whether conditions that hold make others false, or true: what PostgreSQL's planner proves of predicates (AND, OR, NOT, lists
 * of values, IS NULL, and comparisons of one expression with constants by the operators of a btree family).
 *
 * Invariant: only what is certain is proved; "false" is not NULL.
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

typedef struct Proof {
    Planner *planner;
    int depth;
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
    const CatOperator *operator;
} Comparison;

static const Expr *plain(const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    return expr;
}

/* With a constant, if there is one, on the right. */
static bool read_comparison(const Proof *proof, const Expr *expr, Comparison *out)
{
    Catalog *catalog = proof->planner->context->catalog;
    if (expr->kind != EXPR_OP || expr->nargs != 2)
        return false;
    *out = (Comparison){plain(expr->args[0]), plain(expr->args[1]), catalog_operator(catalog, expr->oid)};
    if (out->operator&& out->left->kind == EXPR_CONST && out->right->kind != EXPR_CONST)
        *out = (Comparison){out->right, out->left, catalog_operator(catalog, out->operator->commutator)};
    return out->operator!= NULL;
}

/* How the two operators stand in a family that has both, and the family's operators between their right sides. */
typedef struct Family {
    int clause, predicate; /* strategies */
    Oid less, equal;
} Family;

static bool find_family(const Proof *proof, const Comparison *clause, const Comparison *predicate, Family *out)
{
    static const char SQL[] =
        "WITH s(family, strategy, which) AS (SELECT amopfamily, amopstrategy, amopopr FROM pg_amop WHERE amopmethod = 403 AND amopopr IN"
        " (?1, ?2) UNION ALL SELECT amopfamily, 6, o.oid FROM pg_operator o JOIN pg_amop ON amopopr = oprnegate AND amopmethod = 403 AND"
        " amopstrategy = 3 WHERE o.oid IN (?1, ?2))"
        " SELECT c.strategy, p.strategy, l.amopopr, e.amopopr FROM s c JOIN s p ON p.family = c.family"
        " JOIN pg_amop l ON l.amopfamily = c.family AND l.amopstrategy = 1 AND l.amoplefttype = ?3 AND l.amoprighttype = ?4"
        " JOIN pg_amop e ON e.amopfamily = c.family AND e.amopstrategy = 3 AND e.amoplefttype = ?3 AND e.amoprighttype = ?4"
        " WHERE c.which = ?1 AND p.which = ?2 AND l.amopmethod = 403 AND e.amopmethod = 403 LIMIT 1";
    Planner *planner = proof->planner;
    Error ignored;
    error_init(&ignored, planner->arena);
    CatalogRows *rows = catalog_query(planner->context->catalog, planner->arena, &ignored, SQL, "oooo", clause->operator->oid,
                                      predicate->operator->oid, clause->operator->right, predicate->operator->right);
    if (!rows || !rows->nrows)
        return false;
    *out = (Family){(int)rows->cells[0].i, (int)rows->cells[1].i, (Oid)rows->cells[2].i, (Oid)rows->cells[3].i};
    return true;
}

/* Computes a comparison of constants. false: it is not known. */
static bool compare(const Proof *proof, Oid operator, const Expr * left, const Expr *right, Oid collation, bool *out)
{
    Arena *arena = proof->planner->arena;
    Catalog *catalog = proof->planner->context->catalog;
    const CatOperator *known = catalog_operator(catalog, operator);
    const CatProc *proc = known ? catalog_proc(catalog, known->proc) : NULL;
    if (!proc || proc->volatility != 'i')
        return false;
    Expr *test = ARENA_NEW(arena, Expr);
    Query *query = ARENA_NEW(arena, Query);
    *test = (Expr){.kind = EXPR_OP, .oid = operator, .type = TYPE_BOOL, .typmod = -1, .location = -1, .collation = collation, .nargs = 2};
    test->args = ARENA_ARRAY(arena, Expr *, 2);
    test->args[0] = expr_copy(left, arena);
    test->args[1] = expr_copy(right, arena);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .where = test};
    fold_constants(proof->planner, query);
    if (query->where->kind != EXPR_CONST || !query->where->u.value)
        return false;
    *out = *query->where->u.value == 't';
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

static bool prove_comparison(Proof *proof, const Expr *clause, const Expr *predicate, Goal goal)
{
    Comparison one, other;
    Family family;
    bool less, equal;
    if (!read_comparison(proof, clause, &one) || !read_comparison(proof, predicate, &other) || !expr_equal(one.left, other.left) ||
        !find_family(proof, &one, &other, &family))
        return false;
    if (one.right->kind != EXPR_CONST || other.right->kind != EXPR_CONST)
        return expr_equal(one.right, other.right) && proves(family.clause, family.predicate, 0, goal);
    if (!one.right->u.value)
        return true; /* the clause is never true */
    if (!other.right->u.value)
        return false;
    return compare(proof, family.equal, one.right, other.right, one.left->collation, &equal) &&
           (equal ? proves(family.clause, family.predicate, 0, goal)
                  : compare(proof, family.less, one.right, other.right, one.left->collation, &less) &&
                        proves(family.clause, family.predicate, less ? -1 : 1, goal));
}

/* ---- single conditions ---- */

/* The clause is true of no NULL in the place of `part`: a comparison by an operator that has a family. */
static bool is_strict_for(const Proof *proof, const Expr *clause, const Expr *part)
{
    Comparison comparison;
    Family ignored;
    return read_comparison(proof, clause, &comparison) && (expr_equal(comparison.left, part) || expr_equal(comparison.right, part)) &&
           find_family(proof, &comparison, &comparison, &ignored);
}

static const Expr *negated(const Expr *expr)
{
    bool is_not = expr->kind == EXPR_NOT || (expr->kind == EXPR_BOOL_TEST && expr->u.bool_test == TEST_IS_FALSE);
    return is_not ? expr->args[0] : NULL;
}

static bool prove_atom(Proof *proof, const Expr *clause, const Expr *predicate, Goal goal)
{
    if (goal == GOAL_TRUE && expr_equal(clause, predicate))
        return true;
    if (predicate->kind == EXPR_IS_NOT_NULL || predicate->kind == EXPR_IS_NULL) {
        const Expr *tested = plain(predicate->args[0]);
        bool is_null = clause->kind == EXPR_IS_NULL, is_not_null = clause->kind == EXPR_IS_NOT_NULL;
        if (predicate->u.row_wise)
            return false;
        if ((predicate->kind == EXPR_IS_NOT_NULL) == (goal == GOAL_TRUE)) /* tested is to be no NULL */
            return (is_not_null && !clause->u.row_wise && expr_equal(plain(clause->args[0]), tested)) ||
                   is_strict_for(proof, clause, tested);
        return is_null && !clause->u.row_wise && expr_equal(plain(clause->args[0]), tested);
    }
    return prove_comparison(proof, clause, predicate, goal);
}

/* NOT goes down to where there is none, or no operator for it. */
static const Expr *push_not(const Proof *proof, const Expr *expr)
{
    Arena *arena = proof->planner->arena;
    const Expr *below = expr->kind == EXPR_NOT ? expr->args[0] : NULL;
    if (!below)
        return expr;
    if (below->kind == EXPR_NOT)
        return push_not(proof, below->args[0]);
    Expr *out = ARENA_NEW(arena, Expr);
    *out = *below;
    if (below->kind == EXPR_AND || below->kind == EXPR_OR) {
        out->kind = below->kind == EXPR_AND ? EXPR_OR : EXPR_AND;
        out->args = ARENA_ARRAY(arena, Expr *, below->nargs);
        for (int i = 0; i < below->nargs; i++) {
            Expr *part = out->args[i] = ARENA_NEW(arena, Expr);
            *part = *expr;
            part->args = &below->args[i];
        }
        return out;
    }
    if ((below->kind == EXPR_IS_NULL || below->kind == EXPR_IS_NOT_NULL) && !below->u.row_wise) {
        out->kind = below->kind == EXPR_IS_NULL ? EXPR_IS_NOT_NULL : EXPR_IS_NULL;
        return out;
    }
    const CatOperator *operator= below->kind == EXPR_OP || below->kind == EXPR_ANY_ALL
        ? catalog_operator(proof->planner->context->catalog, below->oid)
        : NULL;
    if (!operator|| !operator->negator)
        return expr;
    out->oid = operator->negator;
    out->u.is_all = below->kind == EXPR_ANY_ALL && !below->u.is_all;
    return out;
}

static bool prove_shapes(Proof *proof, const Expr *clause, const Expr *predicate, Goal goal)
{
    clause = push_not(proof, clause);
    predicate = push_not(proof, predicate);
    Parts has = parts_of(proof, clause), wants = parts_of(proof, predicate);
    /* Each part of an AND is to be true for it to be, one to be false for it to be false; of an OR the other way round. */
    bool all = (wants.shape == SHAPE_AND) == (goal == GOAL_TRUE);
    const Expr *without;
    if (has.shape == SHAPE_OR && !(wants.shape != SHAPE_ATOM && all))
        return prove_by_parts(proof, &has, predicate, goal, true);
    if (wants.shape != SHAPE_ATOM && prove_parts(proof, clause, &wants, goal, all))
        return true;
    if (has.shape == SHAPE_AND && (wants.shape == SHAPE_ATOM || !all))
        if (prove_by_parts(proof, &has, predicate, goal, false))
            return true;
    if (wants.shape == SHAPE_ATOM && goal == GOAL_FALSE && (without = negated(predicate)) && prove(proof, clause, without, GOAL_TRUE))
        return true;
    if (has.shape == SHAPE_ATOM && goal == GOAL_FALSE && (without = negated(clause)) && expr_equal(predicate, without))
        return true;
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
    Proof proof = {planner, 0};
    return prove(&proof, clause, predicate, GOAL_FALSE);
}
