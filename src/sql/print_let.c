/*
 * print_let.c - values that the local engine is to compute once, though what is made of them has their text several times: a lambda binds
 * them to names.
 *
 *   list_transform([{'a1': <value>, 'a2': <value>}], lambda v1: <text with v1.a1 and v1.a2>)[1]
 *
 * So are operands that call volatile functions, where what is written repeats them or leaves them out; the operand of CASE, and conditions
 * that decide whether the next one is computed (print_logic.c).
 *
 *  1. Lambdas are named by their depth: what is equal is written alike.
 *  2. The engine allows no subquery in a lambda: one that stands there is a value of the outermost lambda, as the engine computes
 * subqueries for all rows wherever they stand.
 *  3. Each lambda in the text of another doubles the time that the engine takes to bind what is in it; as a value of another it does not.
 * More than 16 in one another are refused.
 *  4. What is bound is computed where the whole is, so nothing is that CASE, COALESCE, AND or OR may leave out.
 * Any thread.
 */
#include "sql/print_internal.h"

#include <ctype.h>
#include <string.h>

void print_let_start(Printer *printer, PrintLet *let)
{
    *let = (PrintLet){.outer = printer->let, .depth = printer->let ? printer->let->depth + 1 : 1};
    str_init(&let->values, printer->arena);
}

const char *print_let_bind(Printer *printer, PrintLet *let, const char *text)
{
    str_addf(&let->values, "%s'a%d': %s", let->values.len ? ", " : "", let->count + 1, text);
    return arena_printf(printer->arena, "v%d.a%d", let->depth, ++let->count);
}

/* In HAVING the engine takes what a lambda binds for ungrouped columns. Nothing there is volatile: src/plan/stages.c. */
bool print_is_bound(const Printer *printer, const Expr *value, const char *text)
{
    enum { LONG = 500 };
    bool in_having = printer->scope && printer->scope->in_having;
    return (strlen(text) > LONG && !in_having) || (printer->has_volatile && expr_is_volatile(value, printer->catalog));
}

void print_let_enter(Printer *printer, PrintLet *let)
{
    printer->let = let;
    print_hold(printer, &let->hold);
}

static const char *leave(Printer *printer, const PrintLet *let, bool ok)
{
    printer->let = let->outer;
    return print_held(printer, &let->hold, ok);
}

static bool write_let(Printer *printer, const PrintLet *let, const char *body)
{
    enum { MOST = 16 };
    if (let->count && let->depth > MOST)
        return error_too_deep(printer->error);
    if (body && !let->count)
        str_add(printer->out, body);
    else if (body)
        str_addf(printer->out, "list_transform([{%s}], lambda v%d: %s)[1]", let->values.data, let->depth, body);
    return body != NULL;
}

bool print_let_leave(Printer *printer, PrintLet *let, bool ok)
{
    const char *body = leave(printer, let, ok);
    return write_let(printer, let, body);
}

static PrintLet *outermost(Printer *printer)
{
    PrintLet *let = printer->let;
    while (let && let->outer)
        let = let->outer;
    return let;
}

bool print_outside_let(Printer *printer, bool (*print)(Printer *, const Expr *), const Expr *sublink)
{
    PrintLet *inner = printer->let, *outer = outermost(printer);
    printer->let = NULL;
    const char *text = print_text_by(printer, print, sublink);
    printer->let = inner;
    if (text)
        str_add(printer->out, print_let_bind(printer, outer, text));
    return text != NULL;
}

/* ---- operands ---- */

Expr *print_let_name(Printer *printer, const Expr *value, const char *name)
{
    Expr *raw = ARENA_NEW(printer->arena, Expr);
    *raw = print_raw(value->type, name);
    raw->typmod = value->typmod;
    raw->collation = value->collation;
    raw->args = ARENA_NEW(printer->arena, Expr *);
    raw->args[0] = (Expr *)(uintptr_t)value;
    raw->nargs = 1;
    return raw;
}

const char *print_let_text(Printer *printer, const Expr *value)
{
    return print_text_by(printer, numeric_is(printer, value) ? numeric_print_natural : print_expr, value);
}

typedef struct Naming {
    Printer *printer;
    int depth;
    VEC(Expr *) operands; /* that have names, v<depth>.a1 and on */
} Naming;

static Expr *with_names(Naming *naming, const Expr *expr);

static const char *name_of(const Naming *naming, int operand)
{
    return arena_printf(naming->printer->arena, "v%d.a%d", naming->depth, operand + 1);
}

/* Rows and arrays may be written item by item, so their items have names, not they. */
static Expr *named(Naming *naming, Expr *operand)
{
    Printer *printer = naming->printer;
    if (!operand || !expr_is_volatile(operand, printer->catalog))
        return operand;
    const Expr *inner = operand;
    while (inner->kind == EXPR_RELABEL)
        inner = inner->args[0];
    if (inner->kind == EXPR_ROW || inner->kind == EXPR_ARRAY)
        return with_names(naming, operand);
    vec_push(printer->arena, &naming->operands, operand);
    return print_let_name(printer, operand, name_of(naming, (int)naming->operands.count - 1));
}

static Expr *with_names(Naming *naming, const Expr *expr)
{
    Arena *arena = naming->printer->arena;
    Expr *copy = ARENA_NEW(arena, Expr);
    *copy = *expr;
    copy->args = ARENA_ARRAY(arena, Expr *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++)
        copy->args[i] = named(naming, expr->args[i]);
    return copy;
}

static int occurrences(const char *text, const char *name)
{
    int count = 0;
    size_t length = strlen(name);
    for (const char *at = strstr(text, name); at; at = strstr(at + length, name))
        count += !isdigit((unsigned char)at[length]);
    return count;
}

/* Those whose operands all stand where they are always computed, and are values. */
static bool has_operands(const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_FUNC:
        return !expr->u.func.returns_set;
    case EXPR_OP:
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
    case EXPR_ANY_ALL:
    case EXPR_BOOL_TEST:
    case EXPR_GREATEST:
    case EXPR_LEAST:
    case EXPR_RELABEL:
    case EXPR_CAST_IO:
    case EXPR_CAST_ARRAY:
    case EXPR_CAST_DOMAIN:
    case EXPR_ARRAY:
    case EXPR_ROW:
    case EXPR_SUBSCRIPT:
        return true;
    default:
        return false;
    }
}

/* The values of the operands, before those that are there already: subqueries, numbered behind them. */
static bool bind_operands(Printer *printer, PrintLet *let, const Naming *naming)
{
    Str subqueries = let->values;
    str_init(&let->values, printer->arena);
    let->count = 0;
    for (size_t i = 0; i < naming->operands.count; i++) {
        const char *text = print_let_text(printer, naming->operands.items[i]);
        if (!text)
            return false;
        print_let_bind(printer, let, text);
    }
    str_addf(&let->values, "%s%s", subqueries.len ? ", " : "", subqueries.len ? subqueries.data : "");
    return true;
}

static bool repeats(const Expr *expr, const Naming *naming, const char *body)
{
    bool found = expr->kind == EXPR_ANY_ALL; /* the engine takes IN apart */
    for (size_t i = 0; i < naming->operands.count && !found; i++)
        found = occurrences(body, name_of(naming, (int)i)) != 1;
    return found;
}

bool print_with_operands_once(Printer *printer, bool (*print)(Printer *, const Expr *), const Expr *expr)
{
    if (!printer->has_volatile || !has_operands(expr))
        return print(printer, expr);
    PrintLet let, *outer = outermost(printer), before = outer ? *outer : (PrintLet){0};
    print_let_start(printer, &let);
    Naming naming = {.printer = printer, .depth = let.depth};
    const Expr *copy = with_names(&naming, expr);
    if (!naming.operands.count)
        return print(printer, expr);
    let.count = (int)naming.operands.count;
    print_let_enter(printer, &let);
    const char *body = leave(printer, &let, print(printer, copy));
    if (!body)
        return false;
    if (repeats(expr, &naming, body))
        return bind_operands(printer, &let, &naming) && write_let(printer, &let, body);
    if (outer) { /* nothing of this attempt stays */
        Str *values = &outer->values;
        outer->count = before.count;
        str_init(values, printer->arena);
        str_addn(values, before.values.data, before.values.len);
    }
    return print(printer, expr);
}
