/*
 * print_domain.c - casts to domains in the local engine: the conditions that a value must not break, asked of each value once.
 *
 * A lambda binds the value, in the layout of its base type, to a name; the first condition that is false calls a function that always
 * fails:
 *
 *   list_transform([{'v': <value>}], lambda d1: CASE WHEN (<condition>) IS FALSE THEN mdl_domain_refuse(...) ELSE <text of d1.v> END)[1]
 *
 * Any thread.
 */
#include "sql/print_internal.h"

/* The lambda's name for the value being checked, in the layout of `base`. */
typedef struct DomainValue {
    const char *name;
    Oid base;
} DomainValue;

bool print_domain_value(Printer *printer, const Expr *expr)
{
    if (!printer->value)
        return print_refuse(printer, expr, "VALUE is");
    Expr value = print_raw(printer->value->base, printer->value->name);
    return expr->type == value.type ? print_expr(printer, &value) : duckdb_stored_text(printer, &value);
}

static bool print_refusal(Printer *printer, const Expr *expr, int index)
{
    const char *constraint = expr->u.domain.constraints[index];
    str_addf(printer->out, " THEN mdl_domain_refuse(CAST(%u AS UINTEGER), ", expr->u.domain.domain);
    if (constraint)
        sql_quote_literal(printer->dialect, constraint, printer->out);
    else
        str_add(printer->out, "CAST(NULL AS VARCHAR)");
    str_addf(printer->out, ", CAST(%d AS INTEGER))", expr->u.domain.literal);
    return true;
}

/* CASE WHEN ... ELSE the value's text END. */
static bool print_conditions(Printer *printer, const Expr *expr, const DomainValue *value)
{
    const DomainValue *outer = printer->value;
    bool ok = true;
    printer->value = value;
    printer->lambdas++;
    if (printer->scope) /* nothing in a condition is a group's */
        printer->scope->inside_aggregate++;
    str_add(printer->out, "CASE");
    for (int i = 1; i < expr->nargs && ok; i++) {
        str_add(printer->out, " WHEN (");
        ok = print_expr(printer, expr->args[i]);
        str_add(printer->out, ") IS NOT DISTINCT FROM false");
        ok = ok && print_refusal(printer, expr, i - 1);
    }
    printer->value = outer;
    printer->lambdas--;
    if (printer->scope)
        printer->scope->inside_aggregate--;
    Expr text = print_raw(value->base, value->name);
    str_add(printer->out, " ELSE ");
    ok = ok && duckdb_stored_text(printer, &text);
    str_add(printer->out, " END");
    return ok;
}

static bool print_checked(Printer *printer, const Expr *expr)
{
    const char *lambda = arena_printf(printer->arena, "d%d", printer->lambdas);
    DomainValue value = {arena_printf(printer->arena, "(%s).v", lambda), print_base_type(printer, expr->u.domain.domain)};
    str_add(printer->out, "list_transform([{'v': ");
    if (!print_as(printer, expr->args[0], value.base, -1))
        return false;
    str_addf(printer->out, "}], lambda %s: ", lambda);
    if (!print_conditions(printer, expr, &value))
        return false;
    str_add(printer->out, ")[1]");
    return true;
}

/* Each element is checked; the array stays as it is. */
static bool print_checked_elements(Printer *printer, const Expr *expr)
{
    const char *array = arena_printf(printer->arena, "d%d", printer->lambdas), *element = arena_printf(printer->arena, "%se", array);
    Oid base = print_base_type(printer, expr->u.domain.domain);
    Str *out = printer->out;
    const char *text = duckdb_from_stored_text(printer, element, base);
    DomainValue value = {text, base};
    str_add(out, "list_transform([");
    bool ok = text && print_expr(printer, expr->args[0]);
    str_addf(out, "], lambda %s: CASE WHEN len(list_transform(mdl_array_elements(%s), lambda %s: ", array, array, element);
    ok = ok && print_conditions(printer, expr, &value);
    str_addf(out, ")) >= 0 THEN %s END)[1]", array);
    return ok;
}

bool print_cast_domain(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind != DIALECT_DUCKDB || expr->u.domain.domain < FIRST_USER_OID)
        return print_refuse(printer, expr, "a cast to a domain is");
    if (expr->nargs == 1)
        return print_domain_relabel(printer, expr);
    return expr->u.domain.elements ? print_checked_elements(printer, expr) : print_checked(printer, expr);
}
