/*
 * print_missing.c - the value of a column in rows that were stored before it was added.
 */
#include "sql/sql.h"

bool sql_print_missing(const CatColumn *column, Catalog *catalog, Arena *arena, Str *out, Error *error)
{
    PrintContext context = {.dialect = sql_dialect("duckdb"), .catalog = catalog};
    Target target = {.expr = expr_const(arena, column->type, column->typmod, column->missing), .name = "missing"};
    Query query = {.kind = QUERY_SELECT, .result_rte = -1, .arena = arena, .targets = &target, .ntargets = 1};
    str_addc(out, '(');
    if (!sql_print_query(&query, &context, out, error))
        return false;
    str_addc(out, ')');
    return true;
}
