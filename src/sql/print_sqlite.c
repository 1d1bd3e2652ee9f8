/*
 * print_sqlite.c - the little of SQL that SQLite answers exactly as PostgreSQL does.
 *
 *  1. Values of every type may pass through; compared are only those kept as INTEGER or TEXT with PostgreSQL's order (integers, OIDs,
 *     booleans as 0 and 1, byte-ordered texts).
 *  2. Functions and operators: only what data/functions.tsv spells for sqlite.
 *  3. What nests so deeply that the parser would overflow is refused.
 *  4. Where a column's values may be of other types than declared, comparisons are of what a scan would make of them, which no index knows:
 *     what an index can find is said beside these. It may say of a row that it is none only where the comparison says so too, or fails.
 * Any thread.
 */
#include <string.h>

#include "sql/print_internal.h"

/* The parser's stack: a hundred symbols, of which each construct holds some until it ends (measured). */
enum { PARSER_STACK = 78, QUERY_COST = 6, SUBLINK_COST = 6, OPERATOR_COST = 3, CALL_COST = 5 };

/* Whether values of the type compare in SQLite as in PostgreSQL. */
bool sqlite_type_allowed(Printer *printer, Oid type)
{
    FdwPhysical physical = type_layout(type, -1).physical;
    if (printer->context->untrusted_types)
        return type == TYPE_TEXT || type == TYPE_BOOL || type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2;
    return physical == FDW_BOOL || physical == FDW_INT16 || physical == FDW_INT32 || physical == FDW_INT64 || physical == FDW_UINT32 ||
           (physical == FDW_STRING && type != TYPE_BPCHAR && type != TYPE_NUMERIC);
}

bool sqlite_type_compares(Printer *printer, Oid type)
{
    Oid base = print_base_type(printer, type);
    const CatType *row = catalog_type(printer->catalog, base);
    Oid inner = !row ? OID_NONE : row->range_subtype ? row->range_subtype : row->category == 'A' ? row->element : OID_NONE;
    if (base == TYPE_JSONB || base == TYPE_RECORD || (row && row->kind == 'c') || !sqlite_type_allowed(printer, base))
        return false;
    return !inner || sqlite_type_compares(printer, inner);
}

bool sqlite_constant(Printer *printer, const Expr *expr)
{
    const char *text = expr->u.value;
    Oid type = type_is_builtin(expr->type) ? expr->type : catalog_base_type(printer->catalog, expr->type, NULL);
    FdwPhysical physical = type_layout(type, -1).physical;
    if (text && !sqlite_type_allowed(printer, type))
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

/* The collation that has texts by their bytes in UTF-8. SQLite's own goes by the bytes that the file has, and is the faster one. */
const char *sqlite_byte_order(const Printer *printer)
{
    const PrintContext *context = printer->context;
    int version = context->version ? context->version(context->arg) : 0;
    return version && !(version & FDW_SOURCE_OTHER_ENCODING) ? "BINARY" : "medley_bytes";
}

/* ---- what an index can find (4) ---- */

static bool is_integer(Oid type)
{
    return type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8;
}

static bool is_comparable(const Printer *printer, const Expr *expr, bool integers)
{
    bool is_var = expr->kind == EXPR_VAR && printer->context->untrusted_types && printer->dialect->kind == DIALECT_SQLITE;
    return (is_var || expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM) &&
           (integers ? is_integer(expr->type) : expr->type == TYPE_TEXT);
}

/* In the order of SQLite numbers come before texts, and these before blobs. Integers may lie there as numbers or texts, texts as anything;
 * an order of texts depends on what the column's affinity makes of the other side, equality does not. */
static const char *also_candidates(const char *op, bool integers)
{
    bool found = str_eq(op, "=") || (integers && !str_eq(op, "<>") && strchr("<>", op[0]) && (!op[1] || str_eq(op + 1, "=")));
    return !found ? NULL : integers ? ">= ''" : "< ''";
}

static bool print_stored(Printer *printer, const Expr *column)
{
    bool ok = print_column(printer, column);
    str_add(printer->out, " COLLATE BINARY ");
    return ok;
}

/* " OR those of kinds that compare otherwise) AND " */
static bool print_odd_kinds(Printer *printer, const Expr *column, const char *also)
{
    str_add(printer->out, " OR ");
    if (!print_stored(printer, column))
        return false;
    str_add(printer->out, also);
    if (column->type == TYPE_TEXT) {
        str_add(printer->out, " OR ");
        if (!print_stored(printer, column))
            return false;
        str_add(printer->out, ">= x''");
    }
    str_add(printer->out, ") AND ");
    return true;
}

bool sqlite_list_candidates(Printer *printer, const Expr *column, int list)
{
    if (column->kind != EXPR_VAR || !is_comparable(printer, column, is_integer(column->type)))
        return true;
    str_add(printer->out, "(");
    if (!print_stored(printer, column))
        return false;
    str_addf(printer->out, "IN (SELECT value FROM json_each(?%d))", list);
    return print_odd_kinds(printer, column, also_candidates("=", is_integer(column->type)));
}

bool sqlite_candidates(Printer *printer, const char *op, const Expr *column, Expr *const *others, int count)
{
    enum { MORE_STACK = 5 };
    bool integers = is_integer(column->type);
    const char *also = also_candidates(op, integers);
    if (!also || !count || column->kind != EXPR_VAR || !is_comparable(printer, column, integers) ||
        printer->stack > PARSER_STACK - MORE_STACK)
        return true;
    for (int i = 0; i < count; i++)
        if (!is_comparable(printer, others[i], integers))
            return true;
    str_add(printer->out, "(");
    if (!print_stored(printer, column))
        return false;
    str_add(printer->out, count > 1 ? "IN (" : op);
    str_add(printer->out, " ");
    if (!print_list(printer, others, count, ", "))
        return false;
    str_add(printer->out, count > 1 ? ")" : "");
    return print_odd_kinds(printer, column, also);
}

static const char *mirrored(const char *op)
{
    static const char *const PAIRS[][2] = {{"<", ">"}, {"<=", ">="}, {">", "<"}, {">=", "<="}};
    for (size_t i = 0; i < COUNT_OF(PAIRS); i++)
        if (str_eq(op, PAIRS[i][0]))
            return PAIRS[i][1];
    return op;
}

static bool print_candidates(Printer *printer, const char *op, const Expr *expr)
{
    Expr *left = expr->args[0], *right = expr->args[1];
    return sqlite_candidates(printer, op, left, &right, 1) && sqlite_candidates(printer, mirrored(op), right, &left, 1);
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
    Str *out = printer->out;
    PrintHold hold;
    const CatOperator *row = op && expr->nargs == 2 && printer->context->untrusted_types ? catalog_operator(printer->catalog, op) : NULL;
    print_hold(printer, &hold);
    const char *candidates = print_held(printer, &hold, !row || print_candidates(printer, row->name, expr));
    if (!candidates)
        return false;
    str_addf(out, "%s%s", candidates[0] ? "(" : "", candidates);
    if (!print_template(printer, spelling->sqlite, expr, expr->args, expr->nargs, NULL))
        return false;
    str_add(out, candidates[0] ? ")" : "");
    return true;
}

/* ---- depth ---- */

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

/* ---- groups ---- */

static bool has_aggregate(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_AGG && !expr->u.agg.levels_up) || expr_walk(expr, has_aggregate, arg);
}

bool sqlite_shows_groups(const Query *query)
{
    bool found = query->ngroup > 0;
    for (int i = 0; i < query->ntargets && !found; i++)
        found = has_aggregate(query->targets[i].expr, NULL);
    return found;
}
