/*
 * expr_text.c - expressions of one relation's columns as PostgreSQL's pg_get_expr writes them: defaults and CHECK constraints.
 *
 * Invariants:
 *  1. The stored text is the plain form, every operator in parentheses, every name outside pg_catalog qualified: it is read again to
 *     the same tree under any search path. What is shown is written anew from that tree (stored_text.c).
 *  2. An implicit cast on top is not written; the type follows in a comment, as it decides about parentheses below it.
 *  3. Parentheses of the pretty form are PostgreSQL's: needed ones by its rules of what stands simple below what.
 *
 * Entered by the session's worker and by threads of the engine (pg_get_expr).
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "command/text_internal.h"

static void write_expr(Writer *writer, const Expr *expr);

static void write_shown(Writer *writer, const Expr *expr)
{
    writer->implicit = true;
    write_expr(writer, expr);
}

/* Without implicit casts. */
static void write_plain(Writer *writer, const Expr *expr)
{
    writer->implicit = false;
    write_expr(writer, expr);
}

/* ---- what is simple below what ---- */

static bool is_function_like(const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_SUBSCRIPT:
    case EXPR_ARRAY:
    case EXPR_ROW:
    case EXPR_COALESCE:
    case EXPR_GREATEST:
    case EXPR_LEAST:
    case EXPR_NULLIF:
    case EXPR_CASE:
    case EXPR_AGG:
    case EXPR_WINDOW:
    case EXPR_GROUPING:
    case EXPR_FIELD:
    case EXPR_XML:
        return true;
    default:
        return expr->kind == EXPR_FUNC && expr->u.func.form != FUNC_EXPLICIT_CAST && expr->u.func.form != FUNC_IMPLICIT_CAST;
    }
}

bool text_looks_like_call(const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_COALESCE:
    case EXPR_GREATEST:
    case EXPR_LEAST:
    case EXPR_NULLIF:
    case EXPR_SQL_VALUE:
    case EXPR_XML:
        return true;
    default:
        return expr->kind == EXPR_FUNC && (expr->u.func.form == FUNC_CALL || expr->u.func.form == FUNC_SQL_SYNTAX);
    }
}

static bool is_bool_expr(const Expr *expr)
{
    return expr->kind == EXPR_AND || expr->kind == EXPR_OR || expr->kind == EXPR_NOT;
}

static bool is_cast(const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_RELABEL:
    case EXPR_CAST_IO:
    case EXPR_CAST_ARRAY:
    case EXPR_CAST_DOMAIN:
    case EXPR_CAST_ROW:
        return true;
    default:
        return expr->kind == EXPR_FUNC && (expr->u.func.form == FUNC_EXPLICIT_CAST || expr->u.func.form == FUNC_IMPLICIT_CAST);
    }
}

/* Casts have a place only when they were written. */
static bool is_implicit(const Expr *expr)
{
    bool called = expr->kind == EXPR_FUNC && expr->u.func.form == FUNC_EXPLICIT_CAST;
    return !called && expr->location < 0;
}

/* A written cast to another type with a length is two: the one to the type below the one to the length. It shows as one. */
static const Expr *cast_argument(const Expr *expr)
{
    const Expr *below = expr->args[0];
    bool length = expr->kind == EXPR_FUNC ? expr->u.func.form == FUNC_IMPLICIT_CAST
                                          : expr->kind == EXPR_CAST_ARRAY && expr->typmod >= 0 && below->kind == EXPR_CAST_ARRAY &&
                                                below->typmod < 0 && below->type == expr->type && below->location == expr->location;
    return length && expr->location >= 0 && is_cast(below) ? below->args[0] : below;
}

/* + - (1), * / % (2) between two operands; 0: any other operator. */
static int operator_rank(Writer *writer, const Expr *expr)
{
    const CatOperator *op = catalog_operator(writer->command->catalog, expr->oid);
    if (expr->kind != EXPR_OP || expr->nargs != 2 || !op || strlen(op->name) != 1)
        return 0;
    return strchr("+-", op->name[0]) ? 1 : strchr("*/%", op->name[0]) ? 2 : 0;
}

static bool is_simple_operator(Writer *writer, const Expr *expr, const Expr *parent)
{
    int rank = operator_rank(writer, expr), above = operator_rank(writer, parent);
    if (!rank || !above)
        return false;
    return rank > above || (rank == above && expr == parent->args[0]);
}

static bool is_simple(Writer *writer, const Expr *expr, const Expr *parent)
{
    if (expr->join.rte || expr->kind == EXPR_VAR || expr->kind == EXPR_PARAM || expr->kind == EXPR_CONST || expr->kind == EXPR_SQL_VALUE ||
        is_function_like(expr))
        return true;
    if (is_cast(expr))
        return is_simple(writer, expr->args[0], expr) || expr->kind == EXPR_FUNC;
    if (expr->kind == EXPR_OP && parent->kind == EXPR_OP)
        return is_simple_operator(writer, expr, parent);
    if (is_bool_expr(expr) && is_bool_expr(parent))
        return expr->kind == EXPR_OR ? parent->kind == EXPR_OR : parent->kind != EXPR_NOT;
    bool test = expr->kind == EXPR_OP || expr->kind == EXPR_IS_NULL || expr->kind == EXPR_IS_NOT_NULL || expr->kind == EXPR_BOOL_TEST ||
                expr->kind == EXPR_DISTINCT || expr->kind == EXPR_SUBLINK;
    return (test && is_bool_expr(parent)) || ((test || is_bool_expr(expr)) && is_function_like(parent));
}

/* An operand, in parentheses where the pretty form needs them. */
static void write_operand(Writer *writer, const Expr *expr, const Expr *parent, bool implicit)
{
    bool parens = writer->pretty && !is_simple(writer, expr, parent);
    writer->implicit = implicit;
    if (parens)
        str_addc(writer->out, '(');
    write_expr(writer, expr);
    if (parens)
        str_addc(writer->out, ')');
}

static void open_paren(Writer *writer)
{
    if (!writer->pretty)
        str_addc(writer->out, '(');
}

static void close_paren(Writer *writer)
{
    if (!writer->pretty)
        str_addc(writer->out, ')');
}

/* ---- leaves ---- */

static const char *type_name(Writer *writer, const Expr *expr)
{
    return catalog_format_type(writer->command->catalog, expr->type, expr->typmod, writer->command->arena);
}

/* A relation is kept by its number: its name may change. */
static const char *relation_number(Writer *writer, const char *value)
{
    const TypeResolver *resolver = catalog_resolver(writer->command->catalog);
    Error ignored;
    Oid oid;
    error_init(&ignored, writer->command->arena);
    if (!value || !resolver->reg_input(resolver->arg, TYPE_REGCLASS, value, &oid, &ignored))
        return value;
    return arena_printf(writer->command->arena, "%u", oid);
}

/* The name of what a number stands for. */
static const char *number_shown(Writer *writer, Oid type, const char *value)
{
    const TypeResolver *resolver = catalog_resolver(writer->command->catalog);
    return resolver->reg_output(resolver->arg, type, (Oid)strtoul(value, NULL, 10), writer->command->arena);
}

static bool is_named_number(Oid type)
{
    static const Oid TYPES[] = {TYPE_REGPROC,      TYPE_REGPROCEDURE, TYPE_REGOPER,   TYPE_REGOPERATOR,   TYPE_REGCLASS,    TYPE_REGTYPE,
                                TYPE_REGNAMESPACE, TYPE_REGROLE,      TYPE_REGCONFIG, TYPE_REGDICTIONARY, TYPE_REGCOLLATION};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (TYPES[i] == type)
            return true;
    return false;
}

/* Strings conform to the standard: a backslash is itself. */
static void write_literal(Writer *writer, const char *value)
{
    str_addc(writer->out, '\'');
    for (; *value; value++) {
        str_addc(writer->out, *value);
        if (*value == '\'')
            str_addc(writer->out, '\'');
    }
    str_addc(writer->out, '\'');
}

/* labelled false: without its type's name. */
static void write_const(Writer *writer, const Expr *expr, bool labelled)
{
    Oid type = expr->type;
    const char *value = type == TYPE_REGCLASS ? relation_number(writer, expr->u.value) : expr->u.value;
    if (value && writer->shown && isdigit((unsigned char)*value) && is_named_number(type))
        value = number_shown(writer, type, value);
    else if (value && writer->shown)
        value = type_text_shown(type, value, writer->command->context->functions->types, writer->command->arena);
    bool label = type != TYPE_UNKNOWN && type != TYPE_BOOL, quoted = true;
    if (!value) {
        str_add(writer->out, "NULL");
        label = true;
        quoted = false;
    } else if (type == TYPE_BOOL) {
        str_add(writer->out, *value == 't' ? "true" : "false");
        quoted = false;
    } else if (type == TYPE_INT4 && *value != '-') {
        str_add(writer->out, value);
        label = quoted = false;
    } else if (type == TYPE_NUMERIC && isdigit((unsigned char)*value) && strpbrk(value, "eE.")) {
        str_add(writer->out, value);
        label = expr->typmod >= 0;
        quoted = false;
    }
    if (quoted)
        write_literal(writer, value);
    if (label && labelled)
        str_addf(writer->out, "::%s", type_name(writer, expr));
}

static void write_sql_value(Writer *writer, const Expr *expr)
{
    static const char *const WORDS[] = {
        [SQL_CURRENT_DATE] = "CURRENT_DATE",           [SQL_CURRENT_TIME] = "CURRENT_TIME",
        [SQL_CURRENT_TIMESTAMP] = "CURRENT_TIMESTAMP", [SQL_LOCALTIME] = "LOCALTIME",
        [SQL_LOCALTIMESTAMP] = "LOCALTIMESTAMP",       [SQL_CURRENT_ROLE] = "CURRENT_ROLE",
        [SQL_CURRENT_USER] = "CURRENT_USER",           [SQL_USER] = "USER",
        [SQL_SESSION_USER] = "SESSION_USER",           [SQL_CURRENT_CATALOG] = "CURRENT_CATALOG",
        [SQL_CURRENT_SCHEMA] = "CURRENT_SCHEMA",
    };
    SqlValue which = expr->u.sql_value.which;
    str_add(writer->out, WORDS[which]);
    if (expr->typmod >= 0 && which >= SQL_CURRENT_TIME && which <= SQL_LOCALTIMESTAMP)
        str_addf(writer->out, "(%d)", expr->typmod);
}

static void write_list(Writer *writer, Expr *const *items, int count)
{
    for (int i = 0; i < count; i++) {
        str_add(writer->out, i ? ", " : "");
        write_shown(writer, items[i]);
    }
}

static bool is_whole_row(const Expr *expr)
{
    return expr->join.rte ? !expr->join.column : expr->kind == EXPR_VAR && !expr->u.var.column;
}

/* A whole row among columns: without its type it would be read as all of its columns. */
void text_write_item(Writer *writer, const Expr *expr)
{
    if (expr->kind == EXPR_RELABEL && expr->type == TYPE_RECORD)
        expr = expr->args[0];
    write_expr(writer, expr);
    if (is_whole_row(expr))
        str_addf(writer->out, "::%s", catalog_format_type(writer->command->catalog, expr->type, -1, writer->command->arena));
}

static void write_items(Writer *writer, Expr *const *items, int count)
{
    for (int i = 0; i < count; i++) {
        str_add(writer->out, i ? ", " : "");
        writer->implicit = true;
        text_write_item(writer, items[i]);
    }
}

/* ---- functions and casts ---- */

/* The parser reads "- 5" as one constant, and gives ARRAY[...]::type[] to its elements: not so where the type is written twice. */
static void write_type_again(Writer *writer, const Expr *expr)
{
    if (writer->stored)
        str_addf(writer->out, "::%s", type_name(writer, expr));
}

static void write_cast(Writer *writer, const Expr *expr)
{
    const Expr *arg = cast_argument(expr);
    if (arg->kind == EXPR_CONST && arg->type == expr->type && arg->typmod == -1) {
        write_const(writer, arg, false);
    } else {
        open_paren(writer);
        write_operand(writer, arg, expr, false);
        if (arg->kind == EXPR_ARRAY && arg->nargs)
            write_type_again(writer, arg);
        close_paren(writer);
    }
    str_addf(writer->out, "::%s", type_name(writer, expr));
}

static void write_any_cast(Writer *writer, const Expr *expr)
{
    /* A row as a record is itself. */
    bool same = expr->kind == EXPR_RELABEL && expr->type == TYPE_RECORD;
    if (is_implicit(expr) && (!writer->implicit || same))
        write_operand(writer, expr->args[0], expr, false);
    else
        write_cast(writer, expr);
}

/* Functions with a syntax of their own: what stands before each argument, then the end. Arguments in the order written. */
typedef struct SqlSyntax {
    const char *name;
    int nargs;
    const char *before[4], *end;
    int order[4];
} SqlSyntax;

static const SqlSyntax SYNTAXES[] = {
    {"timezone", 2, {"(", " AT TIME ZONE "}, ")", {1, 0}},
    {"substring", 2, {"SUBSTRING(", " FROM "}, ")", {0, 1}},
    {"substring", 3, {"SUBSTRING(", " FROM ", " FOR "}, ")", {0, 1, 2}},
    {"similar", 3, {"SUBSTRING(", " SIMILAR ", " ESCAPE "}, ")", {0, 1, 2}},
    {"overlaps", 4, {"((", ", ", ") OVERLAPS (", ", "}, "))", {0, 1, 2, 3}},
    {"pg_collation_for", 1, {"COLLATION FOR ("}, ")", {0}},
    {"position", 2, {"POSITION((", ") IN ("}, "))", {1, 0}},
    {"overlay", 4, {"OVERLAY(", " PLACING ", " FROM ", " FOR "}, ")", {0, 1, 2, 3}},
    {"overlay", 3, {"OVERLAY(", " PLACING ", " FROM "}, ")", {0, 1, 2}},
    {"btrim", 1, {"TRIM(BOTH FROM "}, ")", {0}},
    {"btrim", 2, {"TRIM(BOTH ", " FROM "}, ")", {1, 0}},
    {"ltrim", 1, {"TRIM(LEADING FROM "}, ")", {0}},
    {"ltrim", 2, {"TRIM(LEADING ", " FROM "}, ")", {1, 0}},
    {"rtrim", 1, {"TRIM(TRAILING FROM "}, ")", {0}},
    {"rtrim", 2, {"TRIM(TRAILING ", " FROM "}, ")", {1, 0}},
};

/* In parentheses, in the pretty form, unless it is one word, a call or a cast of one. */
static void write_apart(Writer *writer, const Expr *expr)
{
    static const Expr NEITHER = {.kind = EXPR_CONST};
    write_operand(writer, expr, &NEITHER, false);
}

/* IS NFC NORMALIZED, NORMALIZE(x, NFC): the form is a keyword. */
static bool write_normalized(Writer *writer, const Expr *expr, bool is_test)
{
    int given = expr->u.func.written ? expr->u.func.written->count : expr->nargs;
    const Expr *form = given > 1 ? expr->args[1] : NULL;
    if (form && (form->kind != EXPR_CONST || !form->u.value))
        return false;
    str_add(writer->out, is_test ? "(" : "NORMALIZE(");
    (is_test ? write_apart : write_plain)(writer, expr->args[0]);
    str_add(writer->out, is_test ? " IS" : form ? ", " : "");
    if (form)
        str_addf(writer->out, is_test ? " %s" : "%s", form->u.value);
    str_add(writer->out, is_test ? " NORMALIZED)" : ")");
    return true;
}

static bool write_sql_syntax(Writer *writer, const Expr *expr, const CatProc *proc)
{
    if (str_eq(proc->name, "extract") && expr->nargs == 2 && expr->args[0]->kind == EXPR_CONST) {
        str_addf(writer->out, "EXTRACT(%s FROM ", expr->args[0]->u.value);
        write_plain(writer, expr->args[1]);
        str_addc(writer->out, ')');
        return true;
    }
    if (str_eq(proc->name, "normalize") || str_eq(proc->name, "is_normalized"))
        return write_normalized(writer, expr, *proc->name == 'i');
    bool by_pattern = str_eq(proc->name, "substring") && expr->args[expr->nargs - 1]->type != TYPE_INT4;
    const char *name = by_pattern ? "similar" : proc->name;
    for (size_t i = 0; i < COUNT_OF(SYNTAXES); i++) {
        if (!str_eq(SYNTAXES[i].name, name) || SYNTAXES[i].nargs != expr->nargs)
            continue;
        for (int j = 0; j < expr->nargs; j++) {
            str_add(writer->out, SYNTAXES[i].before[j]);
            (str_eq(name, "timezone") ? write_apart : write_plain)(writer, expr->args[SYNTAXES[i].order[j]]);
        }
        str_add(writer->out, SYNTAXES[i].end);
        return true;
    }
    return false;
}

const char *text_function_name(Writer *writer, Oid oid)
{
    Catalog *catalog = writer->command->catalog;
    const CatProc *proc = catalog_proc(catalog, oid);
    bool visible = catalog_is_visible(catalog, PG_PROC_RELATION, oid);
    return catalog_qualified(catalog, visible ? OID_NONE : proc->namespace_oid, proc->name, writer->command->arena);
}

static void write_function(Writer *writer, const Expr *expr)
{
    Catalog *catalog = writer->command->catalog;
    if (is_cast(expr)) {
        write_any_cast(writer, expr);
        return;
    }
    const CatProc *proc = catalog_proc(catalog, expr->oid);
    if (expr->u.func.form == FUNC_SQL_SYNTAX && write_sql_syntax(writer, expr, proc))
        return;
    str_addf(writer->out, "%s(", text_function_name(writer, expr->oid));
    const CallWritten *written = expr->u.func.written;
    int count = written ? written->count : expr->nargs;
    for (int i = 0; i < count; i++) {
        int place = written ? written->args[i] : i;
        str_add(writer->out, i ? ", " : "");
        if (expr->u.func.variadic && place == expr->nargs - 1)
            str_add(writer->out, "VARIADIC ");
        if (written && written->names[i])
            str_addf(writer->out, "%s => ", catalog_quote_identifier(writer->command->catalog, written->names[i], writer->command->arena));
        write_shown(writer, expr->args[place]);
    }
    str_addc(writer->out, ')');
}

/* ---- operators ---- */

static const char *operator_name(Writer *writer, Oid oid)
{
    Catalog *catalog = writer->command->catalog;
    const CatOperator *op = catalog_operator(catalog, oid);
    if (!op)
        return "=";
    if (catalog_is_visible(catalog, PG_OPERATOR_RELATION, oid))
        return op->name;
    const CatNamespace *schema = catalog_namespace(catalog, op->namespace_oid);
    return arena_printf(writer->command->arena, "OPERATOR(%s.%s)",
                        catalog_quote_identifier(writer->command->catalog, schema->name, writer->command->arena), op->name);
}

static void write_operator(Writer *writer, const Expr *expr)
{
    const Expr *last = expr->args[expr->nargs - 1];
    open_paren(writer);
    if (expr->nargs == 2) {
        write_operand(writer, expr->args[0], expr, true);
        str_addc(writer->out, ' ');
    }
    str_addf(writer->out, "%s ", operator_name(writer, expr->oid));
    write_operand(writer, last, expr, true);
    if (expr->nargs == 1 && last->kind == EXPR_CONST)
        write_type_again(writer, last);
    close_paren(writer);
}

static void write_infix(Writer *writer, const Expr *expr, const char *word)
{
    bool implicit = !is_bool_expr(expr);
    open_paren(writer);
    for (int i = 0; i < expr->nargs; i++) {
        str_add(writer->out, i ? word : "");
        write_operand(writer, expr->args[i], expr, implicit);
        if (i == 0 && is_bool_expr(expr) && expr->args[0]->kind == expr->kind) /* the parser would make one of both */
            write_type_again(writer, expr->args[0]);
    }
    close_paren(writer);
}

static void write_postfix(Writer *writer, const Expr *expr, const char *words)
{
    open_paren(writer);
    write_operand(writer, expr->args[0], expr, expr->kind != EXPR_BOOL_TEST);
    str_add(writer->out, words);
    close_paren(writer);
}

static void write_any_all(Writer *writer, const Expr *expr)
{
    open_paren(writer);
    write_operand(writer, expr->args[0], expr, true);
    str_addf(writer->out, " %s %s (", operator_name(writer, expr->oid), expr->u.is_all ? "ALL" : "ANY");
    write_operand(writer, expr->args[1], expr, true);
    if (expr->args[1]->kind == EXPR_SUBLINK &&
        expr->args[1]->u.sublink.kind == SUBLINK_SCALAR) /* else it would be read as ANY of its rows */
        str_addf(writer->out, "::%s", catalog_format_type(writer->command->catalog, expr->args[1]->type, -1, writer->command->arena));
    str_addc(writer->out, ')');
    close_paren(writer);
}

static void write_row_compare(Writer *writer, const Expr *expr)
{
    int half = expr->nargs / 2;
    str_add(writer->out, "(ROW(");
    write_items(writer, expr->args, half);
    str_addf(writer->out, ") %s ROW(", operator_name(writer, expr->oid));
    write_items(writer, expr->args + half, half);
    str_add(writer->out, "))");
}

/* ---- the rest ---- */

static void new_line(Writer *writer, const char *word)
{
    Str *out = writer->out;
    if (writer->one_line) {
        str_addf(out, "%s%s", str_eq(word, "CASE") ? "" : " ", word);
        return;
    }
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    str_addf(out, "\n%*s%s", writer->indent, "", word);
}

static bool is_simple_case(const Expr *expr)
{
    for (int i = 0; i + 1 < expr->nargs; i += 2)
        if (expr->args[i]->kind != EXPR_OP || expr->args[i]->nargs != 2)
            return false;
    return expr->u.is_simple;
}

/* CASE's operand as it was before each comparison brought it to its own type. */
static const Expr *without_cast(const Expr *expr)
{
    return is_implicit(expr) ? expr->args[0] : expr;
}

static void write_case(Writer *writer, const Expr *expr)
{
    bool simple = is_simple_case(expr);
    new_line(writer, "CASE");
    if (simple) {
        str_addc(writer->out, ' ');
        write_expr(writer, without_cast(expr->args[0]->args[0]));
    }
    writer->indent += TEXT_INDENT;
    for (int i = 0; i + 1 < expr->nargs; i += 2) {
        new_line(writer, "WHEN ");
        writer->implicit = false;
        write_expr(writer, simple ? expr->args[i]->args[1] : expr->args[i]);
        str_add(writer->out, " THEN ");
        write_shown(writer, expr->args[i + 1]);
    }
    new_line(writer, "ELSE ");
    write_shown(writer, expr->args[expr->nargs - 1]);
    writer->indent -= TEXT_INDENT;
    new_line(writer, "END");
}

static void write_array(Writer *writer, const Expr *expr)
{
    str_add(writer->out, "ARRAY[");
    write_list(writer, expr->args, expr->nargs);
    str_addc(writer->out, ']');
    if (expr->nargs == 0)
        str_addf(writer->out, "::%s", type_name(writer, expr));
}

static void write_subscript(Writer *writer, const Expr *expr)
{
    bool is_value = !writer->level && writer->relation && !writer->relation->oid; /* a domain's, which is no column */
    bool bare = (expr->args[0]->kind == EXPR_VAR && !is_value) || expr->args[0]->kind == EXPR_SUBSCRIPT;
    str_add(writer->out, bare ? "" : "(");
    write_expr(writer, expr->args[0]);
    str_add(writer->out, bare ? "" : ")");
    for (int i = 1; i < expr->nargs; i++) {
        bool upper_follows = expr->u.subscript.is_slice && i + 1 < expr->nargs;
        str_addc(writer->out, '[');
        if (expr->args[i])
            write_expr(writer, expr->args[i]);
        if (upper_follows) {
            str_addc(writer->out, ':');
            if (expr->args[++i])
                write_expr(writer, expr->args[i]);
        }
        str_addc(writer->out, ']');
    }
}

static void write_call(Writer *writer, const char *word, const Expr *expr)
{
    str_addf(writer->out, "%s(", word);
    write_list(writer, expr->args, expr->nargs);
    str_addc(writer->out, ')');
}

static void write_var(Writer *writer, const Expr *expr)
{
    int number = expr->u.var.column;
    if (writer->level) {
        text_write_column(writer, expr);
        return;
    }
    if (!writer->relation->oid) { /* a domain's CHECK */
        str_add(writer->out, "VALUE");
        return;
    }
    Arena *arena = writer->command->arena;
    bool named = number > 0 && number <= writer->relation->ncolumns;
    if (writer->when)
        str_addf(writer->out, "%s.", catalog_quote_identifier(writer->command->catalog, expr->u.var.rte ? "new" : "old", arena));
    else if (number == 0)
        str_addf(writer->out, "%s.", catalog_quote_identifier(writer->command->catalog, writer->relation->name, arena));
    const char *name = named ? writer->relation->columns[number - 1].name : "tableoid";
    str_add(writer->out, number ? catalog_quote_identifier(writer->command->catalog, name, arena) : "*");
}

/* A routine's parameter: by its name, qualified where a column could be meant. PostgreSQL writes one without a name as "" beside others
 * that have one. */
static void write_param(Writer *writer, const Expr *expr)
{
    const CatProc *proc = writer->proc;
    Arena *arena = writer->command->arena;
    int all = proc && proc->arg_names ? (proc->nall ? proc->nall : proc->nargs) : 0;
    bool qualify = false;
    for (const TextLevel *level = writer->level; level; level = level->outer)
        qualify |= level->query->nrtes > 0;
    for (int i = 0, number = 0; i < all; i++) {
        number += !proc->nall || !proc->all_modes || strchr("ibv", proc->all_modes[i]) != NULL;
        if (number != expr->u.param)
            continue;
        str_addf(writer->out, "%s%s%s", qualify ? catalog_quote_identifier(writer->command->catalog, proc->name, arena) : "",
                 qualify ? "." : "",
                 proc->arg_names[i] && *proc->arg_names[i] ? catalog_quote_identifier(writer->command->catalog, proc->arg_names[i], arena)
                                                           : "\"\"");
        return;
    }
    str_addf(writer->out, "$%d", expr->u.param);
}

static void write_default(Writer *writer, const Expr *expr)
{
    (void)expr;
    str_add(writer->out, "DEFAULT");
}

const char *text_collation_name(Writer *writer, Oid oid)
{
    Catalog *catalog = writer->command->catalog;
    const CatCollation *collation = catalog_collation(catalog, oid);
    bool visible = catalog_is_visible(catalog, PG_COLLATION_RELATION, oid);
    return catalog_qualified(catalog, visible ? OID_NONE : collation->namespace_oid, collation->name, writer->command->arena);
}

static void write_collate(Writer *writer, const Expr *expr)
{
    open_paren(writer);
    write_operand(writer, expr->args[0], expr, writer->implicit);
    str_addf(writer->out, " COLLATE %s", text_collation_name(writer, expr->collation));
    close_paren(writer);
}

static void write_test(Writer *writer, const Expr *expr)
{
    static const char *const TESTS[] = {
        [TEST_IS_TRUE] = " IS TRUE",           [TEST_IS_NOT_TRUE] = " IS NOT TRUE", [TEST_IS_FALSE] = " IS FALSE",
        [TEST_IS_NOT_FALSE] = " IS NOT FALSE", [TEST_IS_UNKNOWN] = " IS UNKNOWN",   [TEST_IS_NOT_UNKNOWN] = " IS NOT UNKNOWN",
    };
    write_postfix(writer, expr, TESTS[expr->u.bool_test]);
}

static void write_not(Writer *writer, const Expr *expr)
{
    open_paren(writer);
    str_add(writer->out, "NOT ");
    write_operand(writer, expr->args[0], expr, false);
    close_paren(writer);
}

static void write_common(Writer *writer, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_AND:
        write_infix(writer, expr, " AND ");
        break;
    case EXPR_OR:
        write_infix(writer, expr, " OR ");
        break;
    case EXPR_DISTINCT:
        write_infix(writer, expr, " IS DISTINCT FROM ");
        break;
    case EXPR_IS_NULL:
        write_postfix(writer, expr, " IS NULL");
        break;
    case EXPR_IS_NOT_NULL:
        write_postfix(writer, expr, " IS NOT NULL");
        break;
    case EXPR_NULLIF:
        write_call(writer, "NULLIF", expr);
        break;
    case EXPR_COALESCE:
        write_call(writer, "COALESCE", expr);
        break;
    case EXPR_GREATEST:
    case EXPR_LEAST:
        write_call(writer, expr->kind == EXPR_GREATEST ? "GREATEST" : "LEAST", expr);
        break;
    case EXPR_ROW:
        str_add(writer->out, "ROW(");
        write_items(writer, expr->args, expr->nargs);
        str_addc(writer->out, ')');
        if (expr->type != TYPE_RECORD && !is_implicit(expr))
            str_addf(writer->out, "::%s", type_name(writer, expr));
        break;
    default:
        write_any_cast(writer, expr);
    }
}

static void write_expr(Writer *writer, const Expr *expr)
{
    static const struct {
        ExprKind kind;
        void (*write)(Writer *writer, const Expr *expr);
    } WRITERS[] = {
        {EXPR_VAR, write_var},
        {EXPR_SQL_VALUE, write_sql_value},
        {EXPR_FUNC, write_function},
        {EXPR_OP, write_operator},
        {EXPR_ANY_ALL, write_any_all},
        {EXPR_NOT, write_not},
        {EXPR_BOOL_TEST, write_test},
        {EXPR_CASE, write_case},
        {EXPR_COLLATE, write_collate},
        {EXPR_ARRAY, write_array},
        {EXPR_SUBSCRIPT, write_subscript},
        {EXPR_ROW_COMPARE, write_row_compare},
        {EXPR_SUBLINK, text_write_sublink},
        {EXPR_PARAM, write_param},
        {EXPR_DEFAULT, write_default},
    };
    if (expr->kind == EXPR_CONST) {
        write_const(writer, expr, true);
        return;
    }
    if (writer->level && expr->join.rte) {
        text_write_column(writer, expr);
        return;
    }
    if (text_write_call(writer, expr))
        return;
    for (size_t i = 0; i < COUNT_OF(WRITERS); i++)
        if (WRITERS[i].kind == expr->kind) {
            WRITERS[i].write(writer, expr);
            return;
        }
    write_common(writer, expr);
}

void text_write(Writer *writer, const Expr *expr)
{
    write_expr(writer, expr);
}

void text_write_shown(Writer *writer, const Expr *expr)
{
    write_shown(writer, expr);
}

void text_write_const_typed(Writer *writer, const Expr *expr)
{
    write_const(writer, expr, false);
    str_addf(writer->out, "::%s", type_name(writer, expr));
}

const char *text_operator_name(Writer *writer, Oid oid)
{
    return operator_name(writer, oid);
}

static const char *stored_text(Command *command, const Expr *expr, const CatRelation *relation, bool when)
{
    Str out;
    Writer writer = {.command = command, .relation = relation, .out = &out, .when = when, .stored = true};
    str_init(&out, command->arena);
    ShownNaming shown = stored_naming_begin(command);
    write_expr(&writer, expr);
    stored_naming_end(command, &shown);
    if (is_cast(expr) && is_implicit(expr))
        str_addf(&out, " /*%u:%d*/", expr->type, expr->typmod);
    return out.data;
}

const char *expr_text(Command *command, const Expr *expr, const CatRelation *relation)
{
    return stored_text(command, expr, relation, false);
}

const char *expr_text_when(Command *command, const Expr *expr, const CatRelation *relation)
{
    return stored_text(command, expr, relation, true);
}
