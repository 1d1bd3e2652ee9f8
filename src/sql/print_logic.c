/*
 * print_logic.c - AND and OR, of which PostgreSQL computes the operands from left to right, up to the one that decides.
 *
 *  1. The local engine computes all operands of all rows: those before one that can fail, or is volatile, are asked first,
 *
 *   CASE WHEN a IS NOT DISTINCT FROM false THEN false ELSE (a AND b) END    CASE WHEN a THEN true ELSE (a OR b) END
 *
 *  2. Where rows are chosen (print_condition) it computes only what it has to, but in an order of its own, which changes as it learns what
 * is quick and what leaves out much. The terms about one entry, up to the last that can fail, are one then; those that cannot fail stand
 * beside it too, for what the engine makes of them. Terms that join entries stay as they are.
 *
 *   a.x > 0 AND 10 / a.x > 1 AND a.x = b.x     a.x > 0 AND CASE WHEN a.x > 0 IS DISTINCT FROM true THEN false ELSE 10 / a.x > 1 END AND a.x
 * = b.x
 *
 *  3. An operand that is long, or volatile, is not written twice: a lambda binds it (print_let.c).
 * Any thread.
 */
#include "sql/print_internal.h"

#include <string.h>

/* Of many terms the local engine gets a tree, of a few each, as it compares each term of an OR with each other one; so does SQLite, where a
 * thousand in a row are too deep. The casts, which say nothing, keep the engine's parser from making one list of the tree again. */
static int terms_of_each(const Printer *printer, int count)
{
    enum { MOST_DUCKDB = 32, MOST_SQLITE = 250 };
    int most = printer->dialect->kind == DIALECT_DUCKDB ? MOST_DUCKDB : printer->dialect->kind == DIALECT_SQLITE ? MOST_SQLITE : count;
    return (count + most - 1) / most;
}

static bool print_terms_from(Printer *printer, const PrintTerms *terms, int first, int count)
{
    bool casts = printer->dialect->kind == DIALECT_DUCKDB;
    int size = count ? terms_of_each(printer, count) : 1;
    for (int i = 0; i < count; i += size) {
        int now = count - i < size ? count - i : size;
        const char *begin = casts ? "CAST((" : "(", *end = casts ? ") AS BOOLEAN)" : ")";
        str_add(printer->out, i ? terms->separator : "");
        str_add(printer->out, now > 1 ? begin : "");
        if (now > 1 ? !print_terms_from(printer, terms, first + i, now) : !terms->print(printer, terms->arg, first + i))
            return false;
        str_add(printer->out, now > 1 ? end : "");
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

enum { OF_NONE = -1, OF_SEVERAL = -2, MOST_IN_TURN = 1000 };

static bool find_origin(const Expr *expr, void *arg)
{
    int *origin = arg;
    if (expr->kind == EXPR_SUBLINK || expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW)
        *origin = OF_SEVERAL;
    if (expr->kind == EXPR_VAR) {
        bool is_same = !expr->u.var.levels_up && (*origin == OF_NONE || *origin == expr->u.var.rte);
        *origin = is_same ? expr->u.var.rte : OF_SEVERAL;
    }
    return *origin == OF_SEVERAL || expr_walk(expr, find_origin, arg);
}

/* The one entry of the query that a term is about. */
static int origin_of(const Printer *printer, const Expr *term)
{
    int origin = OF_NONE;
    find_origin(term, &origin);
    bool is_volatile = printer->has_volatile && expr_is_volatile(term, printer->catalog);
    return is_volatile ? OF_SEVERAL : origin;
}

/* The last term that can fail after another that is about the same entry; 0: there is none. */
static int last_in_danger(Printer *printer, const Expr *logic, const int *origins, int entry)
{
    int terms = 0, last = 0;
    for (int i = 0; i < logic->nargs; i++) {
        if (origins[i] != entry)
            continue;
        if (terms++ && expr_can_fail(logic->args[i], printer->catalog))
            last = i;
    }
    return last;
}

/* Those about the entry, from left to right up to the last. */
static const char *print_in_turn(Printer *printer, const Expr *logic, const int *origins, int last)
{
    PrintHold hold;
    bool ok = true;
    print_hold(printer, &hold);
    str_add(printer->out, "(CASE");
    for (int i = 0; i <= last && ok; i++) {
        if (origins[i] != origins[last])
            continue;
        str_add(printer->out, i < last ? " WHEN " : " ELSE ");
        ok = print_expr(printer, logic->args[i]);
        str_add(printer->out, i < last ? " IS DISTINCT FROM true THEN false" : " END)");
    }
    return print_held(printer, &hold, ok);
}

static const char *print_alone(Printer *printer, const Expr *term)
{
    PrintHold hold;
    print_hold(printer, &hold);
    return print_held(printer, &hold, print_condition(printer, term));
}

/* The terms of an AND that chooses rows, in texts that the engine may take in any order. false: failed. */
static bool print_and_terms(Printer *printer, const Expr *logic, const int *origins, Texts *texts)
{
    for (int i = 0; i < logic->nargs; i++) {
        int last = origins[i] >= 0 ? last_in_danger(printer, logic, origins, origins[i]) : 0;
        const char *text = NULL;
        if (i >= last || !expr_can_fail(logic->args[i], printer->catalog)) {
            text = i && i == last ? print_in_turn(printer, logic, origins, last) : print_alone(printer, logic->args[i]);
            if (!text)
                return false;
        }
        if (text && !(i < last && print_is_bound(printer, logic->args[i], text))) /* not twice */
            vec_push(printer->arena, texts, text);
    }
    return true;
}

/* Of very many terms none is looked at: the engine takes them as one tree, and what asks them in turn would take it too long. */
static bool fails_later(Printer *printer, const Expr *logic)
{
    if (logic->nargs > MOST_IN_TURN)
        return false;
    for (int i = 1; i < logic->nargs; i++)
        if (expr_can_fail(logic->args[i], printer->catalog))
            return true;
    return false;
}

/* true: its terms are asked as those of a value are. What joins entries is left to the engine. */
static bool is_asked_as_value(Printer *printer, const Expr *logic)
{
    return logic->kind == EXPR_OR && origin_of(printer, logic) >= 0 && fails_later(printer, logic);
}

static bool print_and(Printer *printer, const Expr *logic)
{
    int *origins = ARENA_ARRAY(printer->arena, int, logic->nargs);
    Texts texts = {0};
    for (int i = 0; i < logic->nargs; i++)
        origins[i] = origin_of(printer, logic->args[i]);
    if (!print_and_terms(printer, logic, origins, &texts))
        return false;
    return print_terms(printer, &(PrintTerms){print_text_term, &texts, separator_of(logic)}, (int)texts.count);
}

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
    if (logic->nargs < 2 || (printer->has_volatile && logic->kind == EXPR_OR && expr_is_volatile(logic, printer->catalog)) ||
        is_asked_as_value(printer, logic))
        return print_expr(printer, logic->nargs < 2 ? logic->args[0] : logic);
    if (++printer->depth > SQL_MAX_DEPTH)
        return error_too_deep(printer->error);
    str_add(printer->out, "(");
    bool ok = logic->kind == EXPR_AND && fails_later(printer, logic)
                  ? print_and(printer, logic)
                  : print_terms(printer, &(PrintTerms){print_condition_term, logic, separator_of(logic)}, logic->nargs);
    str_add(printer->out, ")");
    printer->depth--;
    return ok;
}

bool print_choosing(Printer *printer, const Expr *expr)
{
    bool is_logic = expr->kind == EXPR_AND || expr->kind == EXPR_OR;
    return is_logic && printer->dialect->kind == DIALECT_DUCKDB && fails_later(printer, expr) ? print_expr(printer, expr)
                                                                                              : print_condition(printer, expr);
}

bool print_where(Printer *printer, const Query *query)
{
    if (!query->where)
        return true;
    str_add(printer->out, " WHERE ");
    printer->scope->inside_aggregate++; /* no group is formed yet */
    bool ok = print_condition(printer, query->where);
    printer->scope->inside_aggregate--;
    return ok;
}
