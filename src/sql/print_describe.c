/*
 * print_describe.c - expressions in words that people read: reasons in EXPLAIN and in errors.
 *
 * PostgreSQL's spelling with the names of the statement's own range table. What has no short form becomes "...".
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

enum { MAX_DESCRIBED_DEPTH = 12 };

typedef struct Describer {
    const Query *query;
    Catalog *catalog;
    Arena *arena;
    Str *out;
    int depth;
} Describer;

static void describe(Describer *describer, const Expr *expr);

static void describe_list(Describer *describer, Expr *const *items, int count, const char *separator)
{
    for (int i = 0; i < count; i++) {
        str_add(describer->out, i ? separator : "");
        describe(describer, items[i]);
    }
}

static void describe_var(Describer *describer, const Expr *expr)
{
    const Query *query = describer->query;
    if (expr->u.var.levels_up || !query || expr->u.var.rte >= query->nrtes) {
        str_add(describer->out, "...");
        return;
    }
    const Rte *rte = query->rtes[expr->u.var.rte];
    int column = expr->u.var.column;
    const char *name = column > 0 && column <= rte->ncolumns ? rte->columns[column - 1].name : column == 0 ? "*" : "tableoid";
    if (rte->alias)
        str_addf(describer->out, "%s.", catalog_quote_identifier(NULL, rte->alias, describer->arena));
    str_add(describer->out, column > 0 && name ? catalog_quote_identifier(NULL, name, describer->arena) : name ? name : "?");
}

static void describe_const(Describer *describer, const Expr *expr)
{
    const char *type = catalog_format_type(describer->catalog, expr->type, expr->typmod, describer->arena);
    bool bare = expr->type == TYPE_INT4 || expr->type == TYPE_NUMERIC || expr->type == TYPE_BOOL;
    if (!expr->u.value)
        str_add(describer->out, "NULL");
    else if (bare)
        str_add(describer->out, expr->type == TYPE_BOOL ? (expr->u.value[0] == 't' ? "true" : "false") : expr->u.value);
    else
        sql_quote_literal(sql_dialect("postgres"), expr->u.value, describer->out);
    if (!bare)
        str_addf(describer->out, "::%s", type ? type : "?");
}

static void describe_operator(Describer *describer, const Expr *expr)
{
    const CatOperator *op = catalog_operator(describer->catalog, expr->oid);
    const char *name = op ? op->name : "?";
    if (expr->nargs == 2)
        describe(describer, expr->args[0]);
    str_addf(describer->out, expr->nargs == 2 ? " %s " : "%s ", name);
    if (expr->kind == EXPR_ANY_ALL)
        str_add(describer->out, expr->u.is_all ? "ALL (" : "ANY (");
    describe(describer, expr->args[expr->nargs - 1]);
    if (expr->kind == EXPR_ANY_ALL)
        str_add(describer->out, ")");
}

static void describe_call(Describer *describer, const Expr *expr)
{
    const FuncFact *fact = func_fact(expr->oid);
    const CatProc *proc = fact ? NULL : catalog_proc(describer->catalog, expr->oid);
    const char *type = catalog_format_type(describer->catalog, expr->type, expr->typmod, describer->arena);
    if (expr->kind == EXPR_FUNC && expr->u.func.form == FUNC_IMPLICIT_CAST) {
        describe(describer, expr->args[0]);
        return;
    }
    if (expr->kind == EXPR_FUNC && expr->u.func.form == FUNC_EXPLICIT_CAST) {
        str_add(describer->out, "(");
        describe(describer, expr->args[0]);
        str_addf(describer->out, ")::%s", type ? type : "?");
        return;
    }
    str_addf(describer->out, "%s(", fact ? fact->name : proc ? proc->name : "?");
    if (expr->kind == EXPR_AGG && expr->u.agg.star)
        str_add(describer->out, "*");
    describe_list(describer, expr->args, expr->nargs, ", ");
    str_add(describer->out, ")");
}

static void describe_wrapped(Describer *describer, const char *before, const Expr *expr, const char *after)
{
    str_add(describer->out, before);
    describe(describer, expr);
    str_add(describer->out, after);
}

static void describe_case(Describer *describer, const Expr *expr)
{
    str_add(describer->out, "CASE");
    for (int i = 0; i + 1 < expr->nargs; i += 2) {
        describe_wrapped(describer, " WHEN ", expr->args[i], " THEN ");
        describe(describer, expr->args[i + 1]);
    }
    describe_wrapped(describer, " ELSE ", expr->args[expr->nargs - 1], " END");
}

static void describe_kind(Describer *describer, const Expr *expr)
{
    Str *out = describer->out;
    switch ((int)expr->kind) {
    case EXPR_VAR:
        describe_var(describer, expr);
        break;
    case EXPR_CONST:
        describe_const(describer, expr);
        break;
    case EXPR_PARAM:
        str_addf(out, "$%d", expr->u.param);
        break;
    case EXPR_OP:
    case EXPR_ANY_ALL:
        describe_operator(describer, expr);
        break;
    case EXPR_FUNC:
    case EXPR_AGG:
    case EXPR_WINDOW:
        describe_call(describer, expr);
        break;
    case EXPR_AND:
    case EXPR_OR:
        str_add(out, "(");
        describe_list(describer, expr->args, expr->nargs, expr->kind == EXPR_AND ? " AND " : " OR ");
        str_add(out, ")");
        break;
    case EXPR_NOT:
        describe_wrapped(describer, "NOT ", expr->args[0], "");
        break;
    case EXPR_IS_NULL:
        describe_wrapped(describer, "", expr->args[0], " IS NULL");
        break;
    case EXPR_IS_NOT_NULL:
        describe_wrapped(describer, "", expr->args[0], " IS NOT NULL");
        break;
    case EXPR_CASE:
        describe_case(describer, expr);
        break;
    case EXPR_RELABEL:
    case EXPR_CAST_DOMAIN:
    case EXPR_CAST_IO:
    case EXPR_COLLATE:
        describe(describer, expr->args[0]);
        break;
    case EXPR_COALESCE:
    case EXPR_GREATEST:
    case EXPR_LEAST:
        str_add(out, expr->kind == EXPR_COALESCE ? "COALESCE(" : expr->kind == EXPR_GREATEST ? "GREATEST(" : "LEAST(");
        describe_list(describer, expr->args, expr->nargs, ", ");
        str_add(out, ")");
        break;
    case EXPR_SUBPLAN:
    case EXPR_SUBLINK:
        str_add(out, "(SELECT ...)");
        break;
    case PRINT_RAW:
        str_add(out, expr->u.value);
        break;
    default:
        str_add(out, "...");
        break;
    }
}

static void describe(Describer *describer, const Expr *expr)
{
    if (!expr || describer->depth >= MAX_DESCRIBED_DEPTH) {
        str_add(describer->out, "...");
        return;
    }
    describer->depth++;
    describe_kind(describer, expr);
    describer->depth--;
}

const char *sql_describe_expr(const Expr *expr, const Query *query, Catalog *catalog, Arena *arena)
{
    Str out;
    str_init(&out, arena);
    Describer describer = {.query = query, .catalog = catalog, .arena = arena, .out = &out};
    describe(&describer, expr);
    return out.data;
}
