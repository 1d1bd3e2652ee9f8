/*
 * print_logic.c - AND and OR, of which PostgreSQL computes the operands from left to right, up to the one that decides.
 *
 *  1. Where rows are chosen, and in CASE WHEN, the local engine does so too (print_condition). Elsewhere it computes all operands of all
 * rows: those before one that can fail, or is volatile, are asked first,
 *
 *   CASE WHEN a IS NOT DISTINCT FROM false THEN false ELSE (a AND b) END    CASE WHEN a THEN true ELSE (a OR b) END
 *
 *  2. An operand that is long, or volatile, is not written twice: a lambda binds it (print_let.c).
 * Any thread.
 */
#include "sql/print_internal.h"

#include <string.h>

/* The local engine compares each term of an OR with each other one: of many it gets a tree, of a few each. The casts, which say nothing,
 * keep its parser from making one list of the tree again. */
static bool print_terms_from(Printer *printer, const PrintTerms *terms, int first, int count)
{
    enum { MOST = 32 };
    int size = printer->dialect->kind == DIALECT_DUCKDB ? (count + MOST - 1) / MOST : 1;
    for (int i = 0; i < count; i += size) {
        int now = count - i < size ? count - i : size;
        str_add(printer->out, i ? terms->separator : "");
        str_add(printer->out, now > 1 ? "CAST((" : "");
        if (now > 1 ? !print_terms_from(printer, terms, first + i, now) : !terms->print(printer, terms->arg, first + i))
            return false;
        str_add(printer->out, now > 1 ? ") AS BOOLEAN)" : "");
    }
    return true;
}

bool print_terms(Printer *printer, const PrintTerms *terms, int count)
{
    return print_terms_from(printer, terms, 0, count);
}

static const char *separator_of(const Expr *logic)
{
    return logic->kind == EXPR_AND ? " AND " : " OR ";
}

/* ---- values ---- */

static bool print_term(Printer *printer, const void *arg, int number)
{
    const Expr *expr = arg;
    return print_expr(printer, expr->args[number]);
}

/* Operands that have been written. */
typedef VEC(const char *) Texts;

static bool print_text_term(Printer *printer, const void *arg, int number)
{
    const Texts *texts = arg;
    str_add(printer->out, texts->items[number]);
    return true;
}

/* The operands from `first` to before `end`; those before `last` are asked first. */
typedef struct Guarded {
    const Expr *logic;
    int first, last, end;
    const char *text; /* the first one, where it has been written already */
} Guarded;

static bool print_plain(Printer *printer, const Guarded *guarded)
{
    const Expr *logic = guarded->logic;
    Expr rest = *logic;
    rest.args = logic->args + guarded->first;
    rest.nargs = guarded->end - guarded->first;
    if (guarded->text && rest.nargs == 1) {
        str_add(printer->out, guarded->text);
        return true;
    }
    str_add(printer->out, "(");
    if (!print_terms(printer, &(PrintTerms){print_term, &rest, separator_of(logic)}, rest.nargs))
        return false;
    str_add(printer->out, ")");
    return true;
}

static bool print_guarded(Printer *printer, const Guarded *guarded);

/* "CASE WHEN a ... WHEN b ... ELSE (a AND b AND rest) END" */
static bool print_asked(Printer *printer, const Guarded *rest, Texts *texts)
{
    const char *test = rest->logic->kind == EXPR_AND ? " IS NOT DISTINCT FROM false THEN false" : " THEN true";
    PrintHold hold;
    print_hold(printer, &hold);
    const char *behind = print_held(printer, &hold, print_guarded(printer, rest));
    if (!behind)
        return false;
    str_add(printer->out, "(CASE");
    for (size_t i = 0; i < texts->count; i++)
        str_addf(printer->out, " WHEN %s%s", texts->items[i], test);
    vec_push(printer->arena, texts, behind);
    str_add(printer->out, " ELSE (");
    if (!print_terms(printer, &(PrintTerms){print_text_term, texts, separator_of(rest->logic)}, (int)texts->count))
        return false;
    str_add(printer->out, ") END)");
    return true;
}

/* The first seven eighths are what is bound, the others stand in the lambda: so lambdas are mostly values of lambdas, which costs the
 * engine nothing, and few stand in one another. */
static bool print_bound(Printer *printer, const Guarded *guarded)
{
    int count = guarded->end - guarded->first, split = guarded->end - (count > 8 ? count / 8 : 1);
    if (split > guarded->last)
        split = guarded->last;
    const Guarded rest = {.logic = guarded->logic, .first = split, .last = guarded->last, .end = guarded->end};
    Guarded bound = *guarded;
    bound.end = split;
    bound.last = split - 1;
    PrintHold hold;
    print_hold(printer, &hold);
    const char *value = print_held(printer, &hold, print_guarded(printer, &bound));
    if (!value)
        return false;
    PrintLet let;
    Texts texts = {0};
    print_let_start(printer, &let);
    vec_push(printer->arena, &texts, print_let_bind(printer, &let, value));
    print_let_enter(printer, &let);
    return print_let_leave(printer, &let, print_asked(printer, &rest, &texts));
}

static bool print_guarded(Printer *printer, const Guarded *guarded)
{
    const Expr *logic = guarded->logic;
    Guarded rest = *guarded;
    Texts texts = {0};
    if (guarded->first >= guarded->last)
        return print_plain(printer, guarded);
    if (++printer->depth > SQL_MAX_DEPTH)
        return error_too_deep(printer->error);
    while (rest.first < rest.last) {
        const Expr *operand = logic->args[rest.first];
        const char *text = rest.text ? rest.text : print_text_of(printer, operand);
        if (!text)
            return false;
        rest.text = text;
        if (print_is_bound(printer, operand, text))
            break;
        rest.text = NULL;
        vec_push(printer->arena, &texts, text);
        rest.first++;
    }
    bool ok = texts.count ? print_asked(printer, &rest, &texts) : print_bound(printer, &rest);
    printer->depth--;
    return ok;
}

bool print_logic(Printer *printer, const Expr *expr)
{
    int last = printer->dialect->kind == DIALECT_DUCKDB ? expr->nargs - 1 : 0;
    while (last > 0 && !print_can_fail(printer, expr->args[last]))
        last--;
    return print_guarded(printer, &(Guarded){.logic = expr, .last = last, .end = expr->nargs});
}

/* ---- conditions ---- */

static bool print_condition_term(Printer *printer, const void *arg, int number)
{
    const Expr *expr = arg;
    return print_condition(printer, expr->args[number]);
}

/* The engine takes terms in an order of its own, those that call volatile functions too: several of these are one. */
static const Expr *with_volatile_terms_last(const Printer *printer, const Expr *logic)
{
    Arena *arena = printer->arena;
    Expr *plain = ARENA_NEW(arena, Expr), *called = ARENA_NEW(arena, Expr);
    *plain = *called = *logic;
    plain->args = ARENA_ARRAY(arena, Expr *, logic->nargs + 1);
    called->args = ARENA_ARRAY(arena, Expr *, logic->nargs + 1);
    plain->nargs = called->nargs = 0;
    for (int i = 0; i < logic->nargs; i++) {
        Expr *to = expr_is_volatile(logic->args[i], printer->catalog) ? called : plain;
        to->args[to->nargs++] = logic->args[i];
    }
    if (called->nargs < 2)
        return logic;
    plain->args[plain->nargs++] = called;
    return plain;
}

bool print_condition(Printer *printer, const Expr *expr)
{
    bool failed = false;
    const Expr *logic = expr->kind == EXPR_AND || expr->kind == EXPR_OR ? expr : NULL;
    if (printer->dialect->kind == DIALECT_DUCKDB && expr->kind == EXPR_ROW_COMPARE)
        logic = print_row_compare_logic(printer, expr, &failed);
    if (failed || !logic || printer->dialect->kind != DIALECT_DUCKDB)
        return !failed && print_expr(printer, expr);
    if (printer->has_volatile && logic->kind == EXPR_AND)
        logic = with_volatile_terms_last(printer, logic);
    if (logic->nargs < 2 || (printer->has_volatile && logic->kind == EXPR_OR && expr_is_volatile(logic, printer->catalog)))
        return print_expr(printer, logic->nargs < 2 ? logic->args[0] : logic);
    if (++printer->depth > SQL_MAX_DEPTH)
        return error_too_deep(printer->error);
    str_add(printer->out, "(");
    bool ok = print_terms(printer, &(PrintTerms){print_condition_term, logic, separator_of(logic)}, logic->nargs);
    str_add(printer->out, ")");
    printer->depth--;
    return ok;
}
