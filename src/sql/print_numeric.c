/*
 * print_numeric.c - numerics in the local engine: DECIMAL(p,s) where that is exact, else text and Medley's functions.
 *
 *  1. The layout of an expression is what type_layout gives for its typmod; its natural form is what its printer writes.
 *     numeric_print puts the conversion in between.
 *  2. +, - and * of DECIMALs are native when the result's precision fits 38 digits: DuckDB's scales are then PostgreSQL's.
 *  3. DuckDB writes a DECIMAL without integer digits as ".5": such are widened by one digit before they become text.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

enum { MAX_DIGITS = 38 };

bool numeric_is(Printer *printer, const Expr *expr)
{
    return expr->type == TYPE_NUMERIC && printer->dialect->kind == DIALECT_DUCKDB;
}

static NumericForm decimal(int precision, int scale)
{
    return (NumericForm){.is_decimal = precision <= MAX_DIGITS, .precision = precision, .scale = scale};
}

NumericForm numeric_layout(int32_t typmod)
{
    FdwType layout = type_layout(TYPE_NUMERIC, typmod);
    if (layout.physical != FDW_DECIMAL)
        return (NumericForm){0};
    return decimal(layout.precision, layout.scale);
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

bool numeric_common(NumericForm a, NumericForm b)
{
    return a.is_decimal && b.is_decimal && max_int(a.precision - a.scale, b.precision - b.scale) + max_int(a.scale, b.scale) <= MAX_DIGITS;
}

/* "-12.50" is DECIMAL(4,2); NaN and the infinities have no such form. */
static NumericForm constant_form(const char *text)
{
    int whole = 0, scale = 0;
    bool leading = true, fraction = false;
    for (const char *at = text + (*text == '-'); *at; at++) {
        if (*at == '.') {
            fraction = true;
        } else if (*at < '0' || *at > '9') {
            return (NumericForm){0};
        } else if (fraction) {
            scale++;
        } else {
            leading = leading && *at == '0';
            whole += !leading;
        }
    }
    return decimal(max_int(whole + scale, 1), scale);
}

static int integer_digits(Oid proc)
{
    switch (proc) {
    case F_NUMERIC_INT2:
        return 5;
    case F_NUMERIC_INT4:
        return 10;
    case F_NUMERIC_INT8:
        return 19;
    default:
        return 0;
    }
}

typedef enum NativeOp { NATIVE_NONE, NATIVE_ADD, NATIVE_SUB, NATIVE_MUL, NATIVE_MINUS, NATIVE_PLUS, NATIVE_ABS } NativeOp;

static NativeOp native_op(Oid proc)
{
    switch (proc) {
    case F_NUMERIC_ADD_NUMERIC_NUMERIC:
        return NATIVE_ADD;
    case F_NUMERIC_SUB_NUMERIC_NUMERIC:
        return NATIVE_SUB;
    case F_NUMERIC_MUL_NUMERIC_NUMERIC:
        return NATIVE_MUL;
    case F_NUMERIC_UMINUS_NUMERIC:
        return NATIVE_MINUS;
    case F_NUMERIC_UPLUS_NUMERIC:
        return NATIVE_PLUS;
    case F_NUMERIC_ABS_NUMERIC:
    case F_ABS_NUMERIC:
        return NATIVE_ABS;
    default:
        return NATIVE_NONE;
    }
}

/* Invariant 2. */
static NumericForm native_form(NativeOp op, NumericForm a, NumericForm b)
{
    if (!a.is_decimal || (op <= NATIVE_MUL && !b.is_decimal))
        return (NumericForm){0};
    if (op == NATIVE_MUL)
        return decimal(a.precision + b.precision, a.scale + b.scale);
    if (op > NATIVE_MUL)
        return a;
    int scale = max_int(a.scale, b.scale);
    return decimal(max_int(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
}

static Oid called_proc(Printer *printer, const Expr *expr)
{
    if (expr->kind == EXPR_FUNC)
        return expr->oid;
    const CatOperator *op = catalog_operator(printer->catalog, expr->oid);
    return op ? op->proc : OID_NONE;
}

static NumericForm call_form(Printer *printer, const Expr *expr)
{
    Oid proc = called_proc(printer, expr);
    if (integer_digits(proc))
        return decimal(integer_digits(proc), 0);
    if (proc == F_NUMERIC_NUMERIC_INT4)
        return numeric_layout(expr->typmod);
    NativeOp op = native_op(proc);
    if (op == NATIVE_NONE)
        return (NumericForm){0};
    NumericForm left = numeric_natural(printer, expr->args[0]);
    return native_form(op, left, op <= NATIVE_MUL ? numeric_natural(printer, expr->args[1]) : left);
}

static NumericForm aggregate_form(Printer *printer, const Expr *expr)
{
    bool sum = expr->oid == F_SUM_NUMERIC, extreme = expr->oid == F_MIN_NUMERIC || expr->oid == F_MAX_NUMERIC;
    if ((!sum && !extreme) || expr->nargs < 1)
        return (NumericForm){0};
    NumericForm form = numeric_natural(printer, expr->args[0]);
    if (!form.is_decimal || !sum)
        return form;
    return form.precision <= MOST_SUMMED_DIGITS ? decimal(MAX_DIGITS, form.scale) : (NumericForm){0};
}

static NumericForm sublink_form(const Expr *expr)
{
    const Query *query = expr->u.sublink.query;
    for (int i = 0; query && i < query->ntargets; i++) {
        if (!query->targets[i].junk)
            return numeric_layout(query->targets[i].expr->typmod);
    }
    return (NumericForm){0};
}

/* Of CASE and COALESCE: the results' own, where all show as many digits after the point; 0 beside 1.50 stays 0. */
static NumericForm choice_form(Printer *printer, const Expr *expr)
{
    NumericForm form = {0};
    for (int i = 0; i < expr->nargs; i++) {
        bool is_condition = expr->kind == EXPR_CASE && i % 2 == 0 && i + 1 < expr->nargs;
        if (is_condition || (expr->args[i]->kind == EXPR_CONST && !expr->args[i]->u.value))
            continue;
        NumericForm result = numeric_natural(printer, expr->args[i]);
        if (!result.is_decimal || (form.is_decimal && result.scale != form.scale))
            return (NumericForm){0};
        form = decimal(max_int(form.precision, result.precision), result.scale);
    }
    return form;
}

NumericForm numeric_natural(Printer *printer, const Expr *expr)
{
    if (expr->kind == (ExprKind)PRINT_RAW && expr->nargs)
        return numeric_natural(printer, expr->args[0]);
    switch (expr->kind) {
    case EXPR_CONST:
        if (!expr->u.value)
            return numeric_layout(expr->typmod);
        return constant_form(expr->u.value);
    case EXPR_FUNC:
    case EXPR_OP:
        return call_form(printer, expr);
    case EXPR_AGG:
    case EXPR_WINDOW:
        return aggregate_form(printer, expr);
    case EXPR_RELABEL:
        return expr->args[0]->type == TYPE_NUMERIC ? numeric_natural(printer, expr->args[0]) : (NumericForm){0};
    case EXPR_SUBLINK:
        return sublink_form(expr);
    case EXPR_CASE:
    case EXPR_COALESCE:
        return expr->typmod >= 0 ? numeric_layout(expr->typmod) : choice_form(printer, expr);
    case EXPR_CAST_IO:
    case EXPR_SUBSCRIPT:
    case EXPR_FIELD:
        return (NumericForm){0};
    default:
        return numeric_layout(expr->typmod);
    }
}

/* ---- writing ---- */

static bool print_natural_constant(Printer *printer, const Expr *expr)
{
    NumericForm form = numeric_natural(printer, expr);
    if (!expr->u.value)
        return duckdb_null(printer, expr->type, expr->typmod);
    if (form.is_decimal)
        str_addf(printer->out, "CAST('%s' AS DECIMAL(%d,%d))", expr->u.value, form.precision, form.scale);
    else
        str_addf(printer->out, "CAST('%s' AS VARCHAR)", expr->u.value);
    return true;
}

/* DuckDB keeps a result of two operands of up to 18 digits within 18 digits: the left one is widened first where that is not enough. */
static bool print_widened_op(Printer *printer, const Expr *expr, NumericForm form, const char *op)
{
    enum { INT64_DIGITS = 18 };
    NumericForm left = numeric_natural(printer, expr->args[0]), right = numeric_natural(printer, expr->args[1]);
    bool widen = form.precision > INT64_DIGITS && left.precision <= INT64_DIGITS && right.precision <= INT64_DIGITS;
    str_add(printer->out, widen ? "CAST((" : "(");
    if (!(widen ? numeric_print(printer, expr->args[0], decimal(INT64_DIGITS + 1, left.scale))
                : numeric_print_natural(printer, expr->args[0])))
        return false;
    str_add(printer->out, op);
    if (!numeric_print_natural(printer, expr->args[1]))
        return false;
    str_add(printer->out, ")");
    if (widen)
        str_addf(printer->out, " AS DECIMAL(%d,%d))", form.precision, form.scale);
    return true;
}

/* numeric(numeric, typmod): native when no digit can be lost. */
static bool print_length_cast(Printer *printer, const Expr *expr)
{
    Str *out = printer->out;
    NumericForm want = numeric_layout(expr->typmod), have = numeric_natural(printer, expr->args[0]);
    bool fits =
        have.is_decimal && want.is_decimal && have.scale <= want.scale && have.precision - have.scale <= want.precision - want.scale;
    if (fits)
        return numeric_print(printer, expr->args[0], want);
    str_add(out, want.is_decimal ? "CAST(" : "");
    str_addf(out, "mdl_numeric_%u(", F_NUMERIC_NUMERIC_INT4);
    if (!numeric_print(printer, expr->args[0], (NumericForm){0}))
        return false;
    str_add(out, ", ");
    if (!print_expr(printer, expr->args[1]))
        return false;
    str_add(out, ")");
    if (want.is_decimal)
        str_addf(out, " AS DECIMAL(%d,%d))", want.precision, want.scale);
    return true;
}

static bool print_native_op(Printer *printer, const Expr *expr, NativeOp op)
{
    static const char *const BETWEEN[] = {"", " + ", " - ", " * "};
    Str *out = printer->out;
    if (op <= NATIVE_MUL)
        return print_widened_op(printer, expr, call_form(printer, expr), BETWEEN[op]);
    str_add(out, op == NATIVE_MINUS ? "(-" : op == NATIVE_ABS ? "abs(" : "(");
    if (!numeric_print_natural(printer, expr->args[0]))
        return false;
    str_add(out, ")");
    return true;
}

bool numeric_call(Printer *printer, Oid proc, const Expr *expr, bool *done)
{
    *done = true;
    if (integer_digits(proc)) {
        str_add(printer->out, "CAST(");
        if (!print_expr(printer, expr->args[0]))
            return false;
        str_addf(printer->out, " AS DECIMAL(%d,0))", integer_digits(proc));
        return true;
    }
    if (proc == F_NUMERIC_NUMERIC_INT4)
        return print_length_cast(printer, expr);
    NativeOp op = native_op(proc);
    *done = op != NATIVE_NONE && call_form(printer, expr).is_decimal;
    return *done ? print_native_op(printer, expr, op) : true;
}

bool numeric_print_natural(Printer *printer, const Expr *expr)
{
    bool ok;
    if (print_keyed_group(printer, expr, &ok))
        return ok;
    if (expr->kind == EXPR_CONST)
        return print_natural_constant(printer, expr);
    if (expr->kind == EXPR_RELABEL && expr->args[0]->type == TYPE_NUMERIC)
        return numeric_print_natural(printer, expr->args[0]);
    return print_kind(printer, expr);
}

bool numeric_print(Printer *printer, const Expr *expr, NumericForm want)
{
    Str *out = printer->out;
    NumericForm have = numeric_natural(printer, expr);
    bool same = have.is_decimal == want.is_decimal && (!want.is_decimal || (have.precision == want.precision && have.scale == want.scale));
    if (same)
        return numeric_print_natural(printer, expr);
    if (expr->kind == EXPR_CONST && expr->u.value && !want.is_decimal) {
        str_addf(out, "CAST('%s' AS VARCHAR)", expr->u.value);
        return true;
    }
    bool widen = !want.is_decimal && have.precision == have.scale;
    str_add(out, widen ? "CAST(CAST(" : "CAST(");
    if (!numeric_print_natural(printer, expr))
        return false;
    if (widen)
        str_addf(out, " AS DECIMAL(%d,%d))", have.precision + 1, have.scale);
    if (want.is_decimal)
        str_addf(out, " AS DECIMAL(%d,%d))", want.precision, want.scale);
    else
        str_add(out, " AS VARCHAR)");
    return true;
}
