/*
 * print_postgres.c - text for a remote PostgreSQL: what may be shipped, types, literals, calls and casts.
 *
 *  1. Only built-in objects (OID below 16384) are named: others may mean something else there.
 *  2. Only immutable functions are shipped; what is stable was folded to a constant before (the remote clock, role and settings differ).
 *  3. Where the order of texts matters and the source's collation is not proven to be ours, COLLATE "C" is written: C.UTF-8, Medley's,
 *     sorts by bytes as C does.
 *  4. What a letter is, and which one is its other case, is the source's locale to say, which is not known to be ours: functions that ask
 *     are computed here, but for patterns that hold no class of letters.
 *  5. A literal that is compared with a column of its type has no cast, as in PostgreSQL: what a column declared as text is at the source
 *     (an enum) is for the source to say.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <stdlib.h>
#include <string.h>

/* OIDs of this catalog's own objects mean nothing to the source. */
bool postgres_type_allowed(Printer *printer, Oid type)
{
    static const Oid REFUSED[] = {TYPE_REGPROC, TYPE_REGPROCEDURE, TYPE_REGOPER,       TYPE_REGOPERATOR, TYPE_REGCLASS,
                                  TYPE_REGTYPE, TYPE_REGROLE,      TYPE_REGNAMESPACE,  TYPE_REGCONFIG,   TYPE_REGDICTIONARY,
                                  TYPE_ACLITEM, TYPE_REGCOLLATION, TYPE_ACLITEM_ARRAY, TYPE_PG_NODE_TREE};
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++) {
        if (REFUSED[i] == type)
            return false;
    }
    return type < FIRST_USER_OID;
}

const char *postgres_type_name(Printer *printer, Oid type, int32_t typmod)
{
    const char *name = type_format_builtin(type, typmod, printer->arena);
    return name ? name : "text";
}

/* ---- versions and encodings ---- */

static int source_version(const Printer *printer)
{
    const PrintContext *context = printer->context;
    return printer->dialect->kind == DIALECT_POSTGRES && context->version ? context->version(context->arg) : 0;
}

bool postgres_has(Printer *printer, const Expr *expr, int since, const char *what)
{
    int version = source_version(printer) & ~FDW_SOURCE_OTHER_ENCODING;
    return !version || version >= since ||
           print_refuse(printer, expr, "%s, which PostgreSQL %d has otherwise or not at all, is", what, version);
}

bool postgres_has_function(Printer *printer, Oid proc, const Expr *expr)
{
    const FunctionSpelling *spelling = dialect_spelling(proc);
    if (!spelling || !spelling->postgres)
        return true;
    return postgres_has(printer, expr, spelling->postgres, arena_printf(printer->arena, "function %s", func_fact(proc)->name));
}

static bool is_text(Oid type)
{
    Oid element = type_array_element(type), one = element ? element : type;
    return one == TYPE_TEXT || one == TYPE_VARCHAR || one == TYPE_BPCHAR || one == TYPE_NAME;
}

static bool is_ascii(const char *text)
{
    while (*text && !(*text & 0x80))
        text++;
    return !*text;
}

/* Where texts are in another encoding, their bytes, their order and what has no character there are others. */
static bool has_our_encoding(Printer *printer, const Expr *expr, const char *what)
{
    return !(source_version(printer) & FDW_SOURCE_OTHER_ENCODING) ||
           print_refuse(printer, expr, "%s, which the source has in an encoding other than UTF8, is", what);
}

/* Of texts no more than whether they are equal. */
static bool encoding_allows(Printer *printer, const FuncFact *fact, const Expr *expr)
{
    static const char *const EQUALITIES[] = {"texteq", "textne",     "bpchareq",   "bpcharne", "nameeq",
                                             "namene", "nameeqtext", "texteqname", "array_eq", "array_ne"};
    for (size_t i = 0; i < COUNT_OF(EQUALITIES); i++)
        if (str_eq(fact->name, EQUALITIES[i]))
            return true;
    bool has_text = is_text(expr->type);
    for (int i = 0; i < expr->nargs && !has_text; i++)
        has_text = is_text(expr->args[i]->type);
    return !has_text || has_our_encoding(printer, expr, arena_printf(printer->arena, "function %s of texts", fact->name));
}

/* ---- literals ---- */

static bool is_bare_number(const Expr *expr)
{
    const char *text = expr->u.value;
    if (!text[0] || text[strspn(text, "0123456789")])
        return expr->type == TYPE_NUMERIC && text[0] && !text[strspn(text, "0123456789.")] && strchr(text, '.');
    long long value = strlen(text) < 19 ? atoll(text) : INT64_MAX;
    return expr->type == TYPE_INT4 || (expr->type == TYPE_INT8 && value > INT32_MAX && value != INT64_MAX);
}

/* Numbers and bits, which have literals of their own. */
static bool is_number(Oid type)
{
    static const Oid NUMBERS[] = {TYPE_INT2, TYPE_INT4, TYPE_INT8, TYPE_OID, TYPE_FLOAT4, TYPE_FLOAT8, TYPE_NUMERIC, TYPE_BIT, TYPE_VARBIT};
    for (size_t i = 0; i < COUNT_OF(NUMBERS); i++) {
        if (NUMBERS[i] == type)
            return true;
    }
    return false;
}

/* By its name: only those that PostgreSQL comes with are the same there. */
static bool print_search_config(Printer *printer, const Expr *expr)
{
    static const char SQL[] = "SELECT cfgname FROM pg_ts_config WHERE oid = ?1";
    Error ignored;
    error_init(&ignored, printer->arena);
    Oid oid = expr->u.value ? (Oid)strtoul(expr->u.value, NULL, 10) : OID_NONE;
    const CatalogRows *rows = oid && oid < FIRST_USER_OID ? catalog_query(printer->catalog, printer->arena, &ignored, SQL, "o", oid) : NULL;
    if (!rows || !rows->nrows)
        return print_refuse(printer, expr, "a text search configuration that is not built in is");
    sql_quote_literal(printer->dialect, arena_printf(printer->arena, "pg_catalog.%s", rows->cells[0].text), printer->out);
    str_add(printer->out, "::regconfig");
    return true;
}

static bool print_constant(Printer *printer, const Expr *expr, bool typed)
{
    Str *out = printer->out;
    if (expr->type == TYPE_REGCONFIG)
        return print_search_config(printer, expr);
    if (!postgres_type_allowed(printer, expr->type))
        return print_refuse(printer, expr, "a constant of this type is");
    if (!expr->u.value) {
        str_addf(out, "NULL::%s", postgres_type_name(printer, expr->type, expr->typmod));
        return true;
    }
    if (expr->type == TYPE_BOOL) {
        str_add(out, expr->u.value[0] == 't' ? "true" : "false");
        return true;
    }
    if (!is_ascii(expr->u.value) && !has_our_encoding(printer, expr, "a character"))
        return false;
    if (expr->type == TYPE_NUMERIC && strstr(expr->u.value, "Infinity") && !postgres_has(printer, expr, 14, "an infinite numeric"))
        return false;
    if (is_bare_number(expr)) {
        str_add(out, expr->u.value);
        return true;
    }
    sql_quote_literal(printer->dialect, expr->u.value, out);
    if (typed || is_number(expr->type))
        str_addf(out, "::%s", postgres_type_name(printer, expr->type, expr->typmod));
    return true;
}

bool postgres_constant(Printer *printer, const Expr *expr)
{
    return print_constant(printer, expr, true);
}

/* ---- collation ---- */

bool postgres_needs_collate(const Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind != DIALECT_POSTGRES || expr->kind == EXPR_COLLATE)
        return false;
    Oid element = type_array_element(expr->type), type = element ? element : expr->type;
    return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_BPCHAR;
}

/* No COLLATE reaches the texts inside these: they are in the order of the source's own collation. */
bool postgres_may_order(Printer *printer, const Expr *value, const Expr *expr)
{
    Oid element = type_array_element(value->type), type = element ? element : value->type;
    if (printer->dialect->kind != DIALECT_POSTGRES)
        return true;
    if (type != TYPE_RECORD && type != TYPE_JSONB)
        return !is_text(type) || has_our_encoding(printer, expr, "an order of texts");
    return print_refuse(printer, expr, "an order of %s is", type == TYPE_RECORD ? "records" : "jsonb, which depends on the locale,");
}

static bool is_ordering(const char *name)
{
    return str_eq(name, "<") || str_eq(name, "<=") || str_eq(name, ">") || str_eq(name, ">=");
}

/* What operators and indexes order values by, called by its name. */
static bool calls_ordering(Oid proc)
{
    static const char *const NAMES[] = {
        "array_ge",       "array_gt",      "array_larger", "array_le", "array_lt",    "array_smaller", "bpchar_larger",
        "bpchar_smaller", "bpcharcmp",     "bpcharge",     "bpchargt", "bpcharle",    "bpcharlt",      "btarraycmp",
        "bttextcmp",      "bttextnamecmp", "text_ge",      "text_gt",  "text_larger", "text_le",       "text_lt",
        "text_smaller",   "width_bucket",  "jsonb_cmp",    "jsonb_ge", "jsonb_gt",    "jsonb_le",      "jsonb_lt",
    };
    bool found = false;
    for (size_t i = 0; i < COUNT_OF(NAMES) && !found; i++)
        found = str_eq(NAMES[i], func_fact(proc)->name);
    return found;
}

/* ---- locale ---- */

/* No classes of letters, no options. */
static bool is_plain_pattern(const Expr *expr)
{
    const char *text = expr->kind == EXPR_CONST ? expr->u.value : NULL;
    if (!text || strchr(text, '\\') || strstr(text, "[:") || strstr(text, "[=") || strstr(text, "***"))
        return false;
    for (const char *at = strstr(text, "(?"); at; at = strstr(at + 1, "(?"))
        if (!at[2] || !strchr(":=!", at[2]))
            return false;
    return true;
}

/* A flag, of those that ask for no letter's case, or a number. */
static bool is_plain_modifier(const Expr *expr)
{
    if (expr->type != TYPE_TEXT)
        return true;
    const char *text = expr->kind == EXPR_CONST ? expr->u.value : NULL;
    return text && !text[strspn(text, "g")];
}

static bool asks_locale(Oid proc, const Expr *expr)
{
    const FuncLetters *row = func_letters(proc);
    if (!row || !row->pattern || expr->nargs <= row->pattern)
        return row != NULL;
    for (int i = row->most; i < expr->nargs; i++)
        if (!is_plain_modifier(expr->args[i]))
            return true;
    return !is_plain_pattern(expr->args[row->pattern]);
}

/* The letters of collation C are the same everywhere: said to the source, they need not be its own collation's. */
static bool says_letters(const Printer *printer, const Expr *expr, Oid proc)
{
    return asks_locale(proc, expr) && expr_has_ascii_letters(printer->catalog, expr);
}

static bool is_plain_column(const Printer *printer, const Expr *expr)
{
    const Query *query = printer->scope ? printer->scope->query : NULL;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up || expr->u.var.column < 1 || !query || expr->u.var.rte >= query->nrtes)
        return false;
    return query->rtes[expr->u.var.rte]->kind == RTE_RELATION;
}

int postgres_param_number(Printer *printer, int param, const Expr *beside)
{
    const PrintContext *context = printer->context;
    PrintedParams *printed = context->printed;
    if (!printed || param > context->nparams)
        return 0;
    const Rte *rte = beside ? printer->scope->query->rtes[beside->u.var.rte] : NULL;
    PrintedParam use = {.param = param, .is_typed = !rte, .relation = rte ? rte->relation->oid : OID_NONE};
    use.column = rte ? beside->u.var.column : 0;
    for (size_t i = 0; i < printed->count; i++) {
        const PrintedParam *item = &printed->items[i];
        if (item->param == param && item->is_typed == use.is_typed && item->relation == use.relation && item->column == use.column)
            return (int)i + 1;
    }
    PrintedParam *own = &printed->items[param - 1];
    if (printed->is_complete)
        return 0;
    if (own->is_typed || own->relation) {
        vec_push(printer->arena, printed, use);
        return (int)printed->count;
    }
    *own = use;
    return param;
}

/* An operand; other: the operator's other one. */
static bool print_operand(Printer *printer, const Expr *expr, const Expr *other)
{
    if (expr->type != other->type || !is_plain_column(printer, other))
        return print_expr(printer, expr);
    if (expr->kind == EXPR_CONST && expr->u.value)
        return print_constant(printer, expr, false);
    int number = expr->kind == EXPR_PARAM && expr->type == TYPE_TEXT ? postgres_param_number(printer, expr->u.param, other) : 0;
    if (!number)
        return print_expr(printer, expr);
    str_addf(printer->out, "$%d", number);
    return true;
}

static bool print_first(Printer *printer, Oid proc, const Expr *expr, bool is_operator)
{
    bool orders = !is_operator && calls_ordering(proc);
    if (orders && !postgres_may_order(printer, expr->args[0], expr))
        return false;
    bool says = (says_letters(printer, expr, proc) || (orders && postgres_needs_collate(printer, expr->args[0]))) &&
                expr->args[0]->kind != EXPR_COLLATE;
    str_add(printer->out, says ? "(" : "");
    if (!(is_operator ? print_operand(printer, expr->args[0], expr->args[1]) : print_expr(printer, expr->args[0])))
        return false;
    str_add(printer->out, says ? " COLLATE \"C\")" : "");
    return true;
}

/* ---- calls ---- */

/* A length coercion that nobody has written: it fails where a cast would cut off. */
static bool refuses_longer(const Expr *expr)
{
    const Expr *is_written = expr->nargs == 3 ? expr->args[2] : NULL;
    return is_written && is_written->kind == EXPR_CONST && str_eq(is_written->u.value, "f");
}

static bool check_proc(Printer *printer, Oid proc, const Expr *expr)
{
    const FuncFact *fact = func_fact(proc);
    if (!fact || proc >= FIRST_USER_OID)
        return print_refuse(printer, expr, "a function that is not built in is");
    if (fact->volatility != 'i' && fact->kind == 'f')
        return print_refuse(printer, expr, "the %s function %s is", fact->volatility == 'v' ? "volatile" : "stable", fact->name);
    if (proc == F_AGE_TIMESTAMPTZ_TIMESTAMPTZ) /* immutable by its catalog row only: the answer is the session's time zone's */
        return print_refuse(printer, expr, "function age, which depends on the time zone, is");
    if (asks_locale(proc, expr) && !expr_has_ascii_letters(printer->catalog, expr))
        return print_refuse(printer, expr, "function %s, which depends on the locale, is", fact->name);
    return encoding_allows(printer, fact, expr) && postgres_has_function(printer, proc, expr);
}

bool postgres_may_compare(Printer *printer, Oid op, const Expr *expr)
{
    const CatOperator *row = op < FIRST_USER_OID ? catalog_operator(printer->catalog, op) : NULL;
    if (!row)
        return print_refuse(printer, expr, "an operator that is not built in is");
    if (func_letters(row->proc))
        return print_refuse(printer, expr, "operator %s, which depends on the locale, is", row->name);
    return check_proc(printer, row->proc, expr);
}

static bool print_remote_operator(Printer *printer, Oid op, const Expr *expr)
{
    Str *out = printer->out;
    const CatOperator *row = catalog_operator(printer->catalog, op);
    if (!row || op >= FIRST_USER_OID)
        return print_refuse(printer, expr, "an operator that is not built in is");
    if (is_ordering(row->name) && !postgres_may_order(printer, expr->args[0], expr))
        return false;
    str_add(out, "(");
    if (expr->nargs == 2 && !print_first(printer, row->proc, expr, true))
        return false;
    const Expr *last = expr->args[expr->nargs - 1];
    str_addf(out, expr->nargs == 2 ? " %s " : "%s ", row->name);
    if (!(expr->nargs == 2 ? print_operand(printer, last, expr->args[0]) : print_expr(printer, last)))
        return false;
    if (expr->nargs == 2 && is_ordering(row->name) && postgres_needs_collate(printer, expr->args[0]) && last->kind != EXPR_COLLATE)
        str_add(out, " COLLATE \"C\"");
    str_add(out, ")");
    return true;
}

bool postgres_call(Printer *printer, Oid proc, Oid op, const Expr *expr)
{
    Str *out = printer->out;
    if (!check_proc(printer, proc, expr))
        return false;
    if (op)
        return print_remote_operator(printer, op, expr);
    bool is_cast = expr->u.func.form == FUNC_EXPLICIT_CAST || expr->u.func.form == FUNC_IMPLICIT_CAST;
    if (is_cast && !refuses_longer(expr))
        return postgres_cast(printer, expr);
    str_addf(out, "%s(", catalog_quote_identifier(NULL, func_fact(proc)->name, printer->arena));
    for (int i = 0; i < expr->nargs; i++) {
        str_add(out, i ? ", " : "");
        if (expr->u.func.variadic && i == expr->nargs - 1)
            str_add(out, "VARIADIC ");
        if (!(i ? print_expr(printer, expr->args[i]) : print_first(printer, proc, expr, false)))
            return false;
    }
    str_add(out, ")");
    return true;
}

/* ---- casts ---- */

bool postgres_cast(Printer *printer, const Expr *expr)
{
    str_add(printer->out, "(");
    if (!print_expr(printer, expr->args[0]))
        return false;
    str_addf(printer->out, ")::%s", postgres_type_name(printer, expr->type, expr->typmod));
    return true;
}

/* Types whose text does not depend on a session's settings. */
bool postgres_has_fixed_text(Oid type)
{
    static const Oid FIXED[] = {TYPE_BOOL, TYPE_INT2, TYPE_INT4, TYPE_INT8,    TYPE_OID,  TYPE_TEXT, TYPE_VARCHAR,
                                TYPE_NAME, TYPE_CHAR, TYPE_UUID, TYPE_NUMERIC, TYPE_JSON, TYPE_BIT,  TYPE_BPCHAR};
    for (size_t i = 0; i < COUNT_OF(FIXED); i++) {
        if (FIXED[i] == type)
            return true;
    }
    return false;
}

static bool have_fixed_texts(Printer *printer, Oid to, Oid from, const Expr *expr)
{
    return (postgres_has_fixed_text(to) && postgres_has_fixed_text(from)) ||
           print_refuse(printer, expr, "a cast whose text depends on settings is");
}

bool postgres_io_cast(Printer *printer, const Expr *expr)
{
    return have_fixed_texts(printer, expr->type, expr->args[0]->type, expr) && postgres_cast(printer, expr);
}

bool postgres_array_cast(Printer *printer, const Expr *expr)
{
    const FuncFact *fact = expr->oid ? func_fact(expr->oid) : NULL;
    if (fact && fact->nargs == 3 && !expr->u.array_explicit)
        return print_refuse(printer, expr, "a cast that refuses elements that are too long is");
    if (expr->oid && !check_proc(printer, expr->oid, expr))
        return false;
    Oid to = type_array_element(expr->type), from = type_array_element(expr->args[0]->type);
    return (!expr->u.array_io || have_fixed_texts(printer, to, from, expr)) && postgres_cast(printer, expr);
}
