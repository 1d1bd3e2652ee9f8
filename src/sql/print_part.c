/*
 * print_part.c - a value of which a part is replaced, in the local engine: a call that is told the whole, the steps and the value.
 *
 * Any thread.
 */
#include "sql/print_internal.h"

static void add_field(Printer *printer, const Expr *expr)
{
    const CatType *type = catalog_type(printer->catalog, expr->type);
    const CatRelation *relation = catalog_relation(printer->catalog, type->relation);
    int place = 0, count = 0;
    for (int i = 0; i < relation->ncolumns; i++) {
        count += !relation->columns[i].dropped;
        if (i + 1 == expr->u.part.number)
            place = count;
    }
    str_addf(printer->out, ", 'f,%d,%d'", place, count);
}

static bool add_subscripts(Printer *printer, const Expr *expr)
{
    char kind = expr->type != TYPE_JSONB ? expr->u.part.is_slice ? 's' : 'a' : expr->args[2]->type == TYPE_INT4 ? 'i' : 'o';
    int count = (expr->nargs - 2) / (expr->u.part.is_slice ? 2 : 1);
    str_addf(printer->out, ", '%c,%d'", kind, count);
    for (int i = 2; i < expr->nargs; i++) {
        str_add(printer->out, expr->args[i] ? ", COALESCE(mdl_array_quote(" : ", '\"\"'");
        if (!expr->args[i])
            continue;
        if (!duckdb_stored_text(printer, expr->args[i]))
            return false;
        str_add(printer->out, "), 'NULL')");
    }
    return true;
}

/* Parts of parts lie in one another; the innermost has the value. */
bool print_set_part(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return print_refuse(printer, expr, "assignment to a part of a value is");
    str_add(printer->out, "mdl_part_set(");
    if (!print_expr(printer, expr->args[0]))
        return false;
    str_add(printer->out, ", '{' || concat_ws(','");
    const Expr *part = expr;
    for (; part->kind == EXPR_SET_PART && (part == expr || !part->args[0]); part = part->args[1]) {
        if (part->u.part.number)
            add_field(printer, part);
        else if (!add_subscripts(printer, part))
            return false;
    }
    str_add(printer->out, ") || '}', ");
    if (!duckdb_stored_text(printer, part))
        return false;
    str_add(printer->out, ")");
    return true;
}
