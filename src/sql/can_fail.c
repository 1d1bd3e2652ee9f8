/*
 * can_fail.c - whether an expression may end in an error: for PostgreSQL, and for the local engine, which is asked more cautiously.
 *
 * What is said of PostgreSQL knows how large numerics get: of what has a precision (numeric(15,2), a constant, an integer), sums and
 * products of a few are far from the 131,072 digits at which it says "value overflows numeric format".
 *
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

/* ---- the size of numerics ---- */

enum { MOST_DIGITS = 100000, ROW_DIGITS = 20 /* of how many rows an aggregate may see */ };

/* By OID, from pg_proc. */
enum {
    PROC_NUMERIC_ABS_OLD = 1704,
    PROC_NUMERIC_ABS = 1705,
    PROC_NUMERIC_ADD = 1724,
    PROC_NUMERIC_SUB = 1725,
    PROC_NUMERIC_MUL = 1726,
    PROC_NUMERIC_UMINUS = 1771,
    PROC_NUMERIC_UPLUS = 1915
};

static int digits_of(const Expr *expr, Catalog *catalog);

static int sum_or_unknown(int left, int right)
{
    return left < 0 || right < 0 || left + right > MOST_DIGITS ? -1 : left + right;
}

static int digits_of_call(const Expr *expr, Oid proc, Catalog *catalog)
{
    int first = expr->nargs ? digits_of(expr->args[0], catalog) : -1;
    switch (proc) {
    case PROC_NUMERIC_ABS_OLD:
    case PROC_NUMERIC_ABS:
    case PROC_NUMERIC_UMINUS:
    case PROC_NUMERIC_UPLUS:
        return first;
    case PROC_NUMERIC_ADD:
    case PROC_NUMERIC_SUB:
        return sum_or_unknown(sum_or_unknown(first, digits_of(expr->args[1], catalog)), 1);
    case PROC_NUMERIC_MUL:
        return sum_or_unknown(first, digits_of(expr->args[1], catalog));
    default: {
        const FuncFact *fact = func_fact(proc); /* numeric(bigint) and its like */
        return expr->nargs == 1 && fact && fact->leakproof ? first : -1;
    }
    }
}

static int digits_of_aggregate(const Expr *agg, Catalog *catalog)
{
    const CatProc *proc = catalog_proc(catalog, agg->oid);
    bool is_known = proc && agg->oid < FIRST_USER_OID && agg->nargs == 1 &&
                    (str_eq(proc->name, "sum") || str_eq(proc->name, "avg") || str_eq(proc->name, "min") || str_eq(proc->name, "max"));
    return is_known ? sum_or_unknown(digits_of(agg->args[0], catalog), ROW_DIGITS) : -1;
}

/* Those that a number of the type, or with its precision, has before the point at most. */
static int digits_of_type(const Expr *expr)
{
    switch (expr->type) {
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
        return 19;
    case TYPE_NUMERIC:
        return expr->typmod >= 0 ? 2000 : -1; /* numeric(1000,-1000) at most */
    default:
        return -1;
    }
}

/* -1: not known, or too many. */
static int digits_of(const Expr *expr, Catalog *catalog)
{
    int digits = digits_of_type(expr);
    if (digits >= 0 || expr->type != TYPE_NUMERIC)
        return digits;
    switch ((int)expr->kind) {
    case EXPR_CONST:
        return expr->u.value && strlen(expr->u.value) < MOST_DIGITS ? (int)strlen(expr->u.value) : -1;
    case EXPR_RELABEL:
        return digits_of(expr->args[0], catalog);
    case EXPR_AGG:
        return digits_of_aggregate(expr, catalog);
    case EXPR_FUNC:
        return expr->u.func.returns_set ? -1 : digits_of_call(expr, expr->oid, catalog);
    case EXPR_OP: {
        const CatOperator *op = catalog_operator(catalog, expr->oid);
        return op ? digits_of_call(expr, op->proc, catalog) : -1;
    }
    default:
        return -1;
    }
}

/* ---- what can fail ---- */

typedef struct Asked {
    Catalog *catalog;
    bool of_engine;
} Asked;

/* ---- what can fail ---- */

/* Leakproof functions have no errors to tell of; and the engine's own comparisons have none. */
static bool is_safe(Catalog *catalog, const Expr *expr)
{
    const CatOperator *op = expr->kind == EXPR_FUNC ? NULL : catalog_operator(catalog, expr->oid);
    Oid proc = expr->kind == EXPR_FUNC ? expr->oid : op ? op->proc : OID_NONE;
    const FuncFact *fact = func_fact(proc);
    const FunctionSpelling *spelling = fact ? dialect_spelling(proc) : NULL;
    const char *text = spelling ? spelling->duckdb : NULL;
    return fact && (fact->leakproof || (text && !text[strspn(text, "$k=12 <>!")]));
}

/* What is made of others that have a size; a cast to a precision may fail. */
static bool is_small_numeric(const Expr *expr, Catalog *catalog)
{
    return expr->type == TYPE_NUMERIC && expr->typmod < 0 && digits_of(expr, catalog) >= 0;
}

/* A pattern fails only where it ends in the escape character. */
static bool is_plain_like(const Expr *expr, Catalog *catalog)
{
    const CatOperator *op = expr->kind == EXPR_OP ? catalog_operator(catalog, expr->oid) : NULL;
    const CatProc *proc = op && op->proc < FIRST_USER_OID ? catalog_proc(catalog, op->proc) : NULL;
    const char *end = proc ? strstr(proc->name, "like") : NULL;
    const Expr *pattern = end && !end[strlen("like")] && expr->nargs == 2 ? expr->args[1] : NULL;
    return pattern && pattern->kind == EXPR_CONST && pattern->u.value && !strchr(pattern->u.value, '\\');
}

/* Not leakproof to PostgreSQL, all the same. */
static bool is_simple(Oid type)
{
    static const Oid TYPES[] = {TYPE_NUMERIC, TYPE_TEXT,      TYPE_BPCHAR,      TYPE_DATE,    TYPE_TIME,
                                TYPE_TIMETZ,  TYPE_TIMESTAMP, TYPE_TIMESTAMPTZ, TYPE_INTERVAL};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (TYPES[i] == type)
            return true;
    return false;
}

static bool is_comparison(const Expr *expr, Catalog *catalog)
{
    const CatOperator *op = expr->kind != EXPR_FUNC ? catalog_operator(catalog, expr->oid) : NULL;
    return op && op->proc < FIRST_USER_OID && op->result == TYPE_BOOL && !op->name[strspn(op->name, "<>=")] && is_simple(op->left) &&
           is_simple(op->right);
}

static bool is_safe_call(const Asked *asked, const Expr *expr)
{
    Catalog *catalog = asked->catalog;
    return is_safe(catalog, expr) ||
           (!asked->of_engine && (is_small_numeric(expr, catalog) || is_plain_like(expr, catalog) || is_comparison(expr, catalog)));
}

static bool can_fail(const Expr *expr, void *arg)
{
    const Asked *asked = arg;
    switch ((int)expr->kind) {
    case EXPR_VAR:
    case EXPR_CONST:
    case EXPR_PARAM:
    case PRINT_RAW:
    case EXPR_AGG: /* this, and what follows, is computed before, and fails before */
    case EXPR_WINDOW:
    case EXPR_GROUPING:
    case EXPR_SUBLINK:
        return false;
    case EXPR_FUNC:
        if (expr->u.func.returns_set || !is_safe_call(asked, expr))
            return true;
        break;
    case EXPR_OP:
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
    case EXPR_ANY_ALL:
        if (!is_safe_call(asked, expr))
            return true;
        break;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_IS_NULL:
    case EXPR_IS_NOT_NULL:
    case EXPR_BOOL_TEST:
    case EXPR_CASE:
    case EXPR_COALESCE:
    case EXPR_RELABEL:
    case EXPR_COLLATE:
    case EXPR_ROW:
    case EXPR_ARRAY:
    case EXPR_ROW_COMPARE:
        break;
    default:
        return true;
    }
    return expr_walk(expr, can_fail, arg);
}

bool expr_can_fail(const Expr *expr, Catalog *catalog)
{
    return can_fail(expr, &(Asked){.catalog = catalog});
}

bool print_can_fail(Printer *printer, const Expr *expr)
{
    return can_fail(expr, &(Asked){.catalog = printer->catalog, .of_engine = true});
}
