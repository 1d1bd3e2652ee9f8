/*
 * print_sqlite.c - the little of SQL that SQLite answers exactly as PostgreSQL does.
 *
 *  1. Values of every type may pass through; compared are only those kept as INTEGER or TEXT with PostgreSQL's order (integers, OIDs,
 *     booleans as 0 and 1, byte-ordered texts).
 *  2. Functions and operators: only what data/functions.tsv spells for sqlite.
 *  3. What nests so deeply that the parser would overflow is refused.
 * Any thread.
 */
#include "sql/print_internal.h"

/* Whether values of the type compare in SQLite as in PostgreSQL. */
bool sqlite_type_allowed(Printer *printer, Oid type)
{
    FdwPhysical physical = type_layout(type, -1).physical;
    if (printer->context->untrusted_types)
        return type == TYPE_TEXT || type == TYPE_BOOL || type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2;
    return physical == FDW_BOOL || physical == FDW_INT16 || physical == FDW_INT32 || physical == FDW_INT64 || physical == FDW_UINT32 ||
           (physical == FDW_STRING && type != TYPE_BPCHAR && type != TYPE_NUMERIC);
}

bool sqlite_constant(Printer *printer, const Expr *expr)
{
    const char *text = expr->u.value;
    FdwPhysical physical = type_layout(expr->type, -1).physical;
    if (text && !sqlite_type_allowed(printer, expr->type))
        return print_refuse(printer, expr, "a constant of this type is");
    if (!text)
        str_add(printer->out, "NULL");
    else if (physical == FDW_BOOL)
        str_add(printer->out, text[0] == 't' ? "1" : "0");
    else if (physical == FDW_STRING)
        sql_quote_literal(printer->dialect, text, printer->out);
    else if (text[0] == '-')
        str_addf(printer->out, "(%s)", text);
    else
        str_add(printer->out, text);
    return true;
}

bool sqlite_call(Printer *printer, Oid proc, Oid op, const Expr *expr)
{
    bool done = false;
    if (printer->dialect->own_functions && !catalog_call(printer, proc, expr, &done))
        return false;
    if (done)
        return true;
    const FunctionSpelling *spelling = dialect_spelling(proc);
    if (!spelling || !spelling->sqlite) {
        const CatOperator *row = op ? catalog_operator(printer->catalog, op) : NULL;
        const CatProc *function = catalog_proc(printer->catalog, proc);
        return print_refuse(printer, expr, "%s %s is", row ? "operator" : "function", row ? row->name : function ? function->name : "?");
    }
    return print_template(printer, spelling->sqlite, expr, expr->args, expr->nargs, NULL);
}

/* ---- the parser's stack: a hundred symbols, of which each construct holds some until it ends (measured) ---- */

enum { PARSER_STACK = 78, QUERY_COST = 6, SUBLINK_COST = 6, OPERATOR_COST = 3, CALL_COST = 5 };

static int stack_cost(const Expr *expr)
{
    if (!expr)
        return QUERY_COST;
    switch (expr->kind) {
    case EXPR_VAR:
    case EXPR_CONST:
    case EXPR_PARAM:
        return 1;
    case EXPR_SUBLINK:
        return SUBLINK_COST;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_OP:
        return OPERATOR_COST;
    default:
        return CALL_COST;
    }
}

bool sqlite_stack_enter(Printer *printer, const Expr *expr, int *cost)
{
    *cost = printer->dialect->kind == DIALECT_SQLITE ? stack_cost(expr) : 0;
    printer->stack += *cost;
    /* What was found to fit alone is not refused when more is printed around it: there is room left for that. */
    return !printer->dry || printer->stack <= PARSER_STACK || print_refuse(printer, expr, "nesting as deep as this is");
}
