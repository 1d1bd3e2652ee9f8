/*
 * print_template.c - fills a function's spelling (data/functions.tsv) with its arguments.
 *
 * In a spelling: $1..$9 an argument (numerics in their text form); $~1 its output text, $t1 its cast to text, $s1 its canonical text, $#1
 * its type's OID; $k1 its order key, $=1 its equality key (of arguments 1 and 2 in common); $* all arguments, $~* all as output texts, $[2
 * an array's text of the output texts from argument 2 on, $S2 of the canonical texts, $T2 of the types' OIDs; $r the result type's OID; for
 * aggregates and window functions $d DISTINCT, $o ORDER BY, $f FILTER and OVER. "$<item$|separator$>" joins texts: an aggregate of the
 * rows, or of a list of them (AggParts.list), whose elements the arguments then are parts of. Any thread.
 */
#include "sql/print_internal.h"

#include <string.h>

typedef struct Filling {
    const Expr *expr;
    Expr *const *args;
    int nargs;
    const AggParts *parts;
    const Expr *guard; /* what must be true for a joined text to be made; NULL: nothing */
    bool makes_json;   /* records become JSON: their fields are known here alone */
} Filling;

/* The canonical text, of records for JSON their JSON. */
static bool print_stored(Printer *printer, const Filling *filling, const Expr *arg)
{
    bool is_record = arg->type == TYPE_RECORD || arg->type == TYPE_RECORD_ARRAY;
    return filling->makes_json && is_record && (int)arg->kind != PRINT_RAW ? print_record_json(printer, arg)
                                                                           : duckdb_stored_text(printer, arg);
}

static bool print_output(Printer *printer, const Filling *filling, const Expr *arg)
{
    return duckdb_output_text(printer, arg);
}

static bool fill_list(Printer *printer, const Filling *filling, bool texts)
{
    for (int i = 0; i < filling->nargs; i++) {
        str_add(printer->out, i ? ", " : "");
        const Expr *arg = filling->args[i];
        if (!(texts ? duckdb_output_text(printer, arg) : print_as(printer, arg, arg->type, -1)))
            return false;
    }
    return true;
}

static bool fill_array(Printer *printer, const Filling *filling, int first, bool (*print_text)(Printer *, const Filling *, const Expr *))
{
    str_add(printer->out, "('{' || concat_ws(','");
    for (int i = first; i < filling->nargs; i++) {
        str_add(printer->out, ", COALESCE(mdl_array_quote(");
        if (!print_text(printer, filling, filling->args[i]))
            return false;
        str_add(printer->out, "), 'NULL')");
    }
    str_add(printer->out, ") || '}')");
    return true;
}

static bool fill_types(Printer *printer, const Filling *filling, int first)
{
    str_add(printer->out, "'{");
    for (int i = first; i < filling->nargs; i++)
        str_addf(printer->out, i > first ? ",%u" : "%u", filling->args[i]->type);
    str_add(printer->out, "}'");
    return true;
}

static bool fill_key(Printer *printer, const Filling *filling, int index, KeyUse use)
{
    const Expr *arg = filling->args[index];
    if (filling->nargs == 2 && index < 2)
        return print_key_pair(printer, arg, filling->args[1 - index], use);
    return print_key(printer, arg, use);
}

static bool fill_arg(Printer *printer, const Filling *filling, char how, int index)
{
    if (index < 0 || index >= filling->nargs)
        return print_refuse(printer, filling->expr, "this number of arguments is");
    const Expr *arg = filling->args[index];
    if (printer->dialect->own_functions && (how == '~' || how == 't'))
        return catalog_output_text(printer, arg);
    if (printer->dialect->own_functions && how == 's')
        return catalog_stored_text(printer, arg);
    switch (how) {
    case '~':
        return duckdb_output_text(printer, arg);
    case 's':
        return print_stored(printer, filling, arg);
    case 't':
        return duckdb_cast_text(printer, arg);
    case '#':
        str_addf(printer->out, "%u", arg->type);
        return true;
    case 'k':
        return fill_key(printer, filling, index, KEY_ORDER);
    case '=':
        return fill_key(printer, filling, index, KEY_EQUALITY);
    case '[':
        return fill_array(printer, filling, index, print_output);
    case 'S':
        return fill_array(printer, filling, index, print_stored);
    case 'T':
        return fill_types(printer, filling, index);
    default:
        return print_as(printer, arg, arg->type, -1);
    }
}

/* The FILTER under which a joined text that is more than an argument is made: the engine would make it of every row, and fail of one that
 * is left out (print_agg_filter.c guards the arguments). NULL: none. */
static const Expr *guard_of(const Printer *printer, const Expr *expr, const char *text, const AggParts *parts)
{
    const char *item = text ? strstr(text, "$<") : NULL;
    if (printer->dialect->kind != DIALECT_DUCKDB || !item || item[2] == '$' || !parts || parts->list)
        return NULL;
    return expr->kind == EXPR_AGG ? expr->u.agg.filter : expr->u.window.filter;
}

/* What an aggregate has besides its arguments, and how texts are joined. false: `how` is nothing of that. */
static bool fill_part(Printer *printer, const AggParts *parts, char how)
{
    const AggParts none = {.order = "", .suffix = ""};
    parts = parts ? parts : &none;
    switch (how) {
    case 'd':
        str_add(printer->out, parts->distinct ? "DISTINCT " : "");
        return true;
    case 'o':
        str_add(printer->out, parts->order);
        return true;
    case 'f':
        str_add(printer->out, parts->suffix);
        return true;
    case '<':
        if (parts->list)
            str_addf(printer->out, "array_to_string(list_transform(%s, lambda e: ", parts->list);
        else
            str_addf(printer->out, "string_agg(%s", parts->distinct ? "DISTINCT " : "");
        return true;
    case '|':
        str_add(printer->out, parts->list ? "), " : ", ");
        return true;
    case '>':
        if (parts->list)
            str_add(printer->out, ")");
        else
            str_addf(printer->out, "%s)%s", parts->order, parts->suffix);
        return true;
    default:
        return false;
    }
}

static bool fill_guard(Printer *printer, const Expr *guard)
{
    str_add(printer->out, "CASE WHEN ");
    if (!print_choosing(printer, guard))
        return false;
    str_add(printer->out, " THEN ");
    return true;
}

/* One marker, `at` behind its $; gives the place behind it, or NULL. */
static const char *fill_marker(Printer *printer, const Filling *filling, const char *at)
{
    char how = *at;
    if (how >= '1' && how <= '9')
        return fill_arg(printer, filling, '$', how - '1') ? at + 1 : NULL;
    if (how == '*')
        return fill_list(printer, filling, false) ? at + 1 : NULL;
    if (how == '|' && filling->guard)
        str_add(printer->out, " END");
    if (fill_part(printer, filling->parts, how))
        return how != '<' || !filling->guard || fill_guard(printer, filling->guard) ? at + 1 : NULL;
    if (how == 'r') {
        str_addf(printer->out, "%u", filling->expr->type);
        return at + 1;
    }
    if (at[1] == '*')
        return fill_list(printer, filling, true) ? at + 2 : NULL;
    if (how == '[' && at[1] - '1' == filling->nargs) {
        str_add(printer->out, "'{}'");
        return at + 2;
    }
    return fill_arg(printer, filling, how, at[1] - '1') ? at + 2 : NULL;
}

bool print_template(Printer *printer, const char *text, const Expr *expr, Expr *const *args, int nargs, const AggParts *parts)
{
    if (text && strstr(text, "json") && printer->dialect->kind == DIALECT_DUCKDB && !print_json_rows(printer, &args, nargs))
        return false;
    Filling filling = {.expr = expr, .args = args, .nargs = nargs, .parts = parts};
    filling.guard = guard_of(printer, expr, text, parts);
    filling.makes_json = text && strstr(text, "json");
    while (text && *text) {
        if (*text == '$') {
            text = fill_marker(printer, &filling, text + 1);
            if (!text)
                return false;
        } else {
            str_addc(printer->out, *text++);
        }
    }
    return true;
}
