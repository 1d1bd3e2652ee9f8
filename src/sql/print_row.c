/*
 * print_row.c - row values: how they are written, their fields, whether they are NULL, and how they compare in the local engine.
 *
 *  1. A row lies as its text, its fields canonical; what a client sees is made of that (print_row_shown). Its key is a struct of its
 * fields' keys: the engine compares structs field by field, a NULL in them as equal to NULL and greater than all else, as PostgreSQL's rows
 * do.
 *  2. Rows whose fields' types are not known here (a source's records) are not compared.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

static bool print_around(Printer *printer, const char *before, const Expr *expr, const char *after)
{
    str_add(printer->out, before);
    if (!print_expr(printer, expr))
        return false;
    str_add(printer->out, after);
    return true;
}

/* Of a row it is asked whether all its fields are NULL, or none. */
bool print_null_test(Printer *printer, const Expr *expr)
{
    bool is_null = expr->kind == EXPR_IS_NULL;
    const char *test = is_null ? " IS NULL)" : " IS NOT NULL)";
    const Expr *row = expr->args[0];
    if (expr->u.row_wise && row->kind != EXPR_ROW && printer->dialect->kind == DIALECT_DUCKDB)
        return print_around(printer, is_null ? "COALESCE(mdl_row_all_null(" : "COALESCE(mdl_row_no_null(", row,
                            is_null ? "), true)" : "), false)");
    if (!expr->u.row_wise || row->kind != EXPR_ROW)
        return print_around(printer, "(", row, test);
    if (!row->nargs) {
        str_add(printer->out, "(1 = 1)");
        return true;
    }
    Expr all = {.kind = EXPR_AND, .type = TYPE_BOOL, .typmod = -1, .location = expr->location, .nargs = row->nargs};
    Expr *tests = ARENA_ARRAY(printer->arena, Expr, row->nargs);
    all.args = ARENA_ARRAY(printer->arena, Expr *, row->nargs);
    for (int i = 0; i < row->nargs; i++) {
        tests[i] = *expr;
        tests[i].u.row_wise = false;
        tests[i].args = &row->args[i];
        all.args[i] = &tests[i];
    }
    return print_logic(printer, &all);
}

/* ---- fields and texts ---- */

/* (function(...)).field: of a set each field takes its part of the rows, side by side; of a user's function of one row, of that. */
bool print_field(Printer *printer, const Expr *expr)
{
    const Expr *call = expr->args[0];
    PrintHold hold;
    bool rows = false,
         ok = printer->dialect->kind == DIALECT_DUCKDB && call->kind == EXPR_FUNC && (func_find_set(call->oid) || call->oid >= 16384);
    if (!ok && printer->dialect->kind == DIALECT_DUCKDB) {
        const char *row = print_text_of(printer, call);
        return row && duckdb_from_stored(printer,
                                         arena_printf(printer->arena, "mdl_row_get(%s, %d)", row, expr_field_place(printer->catalog, expr)),
                                         expr->type);
    }
    if (!ok)
        return print_refuse(printer, expr, "a field of a row is");
    print_hold(printer, &hold);
    const char *list = print_held(printer, &hold, print_function_list(printer, call, &rows));
    if (!list)
        return false;
    const char *row = arena_printf(printer->arena, call->u.func.returns_set ? "unnest(%s)" : "list_extract(%s, 1)", list);
    const char *element = arena_printf(printer->arena, "mdl_array_get(%s, %d)", row, expr_field_place(printer->catalog, expr));
    return duckdb_from_stored(printer, element, expr->type);
}

/* How many rows stand one in another. */
static int row_depth(const Expr *expr)
{
    int deepest = 0;
    for (int i = 0; i < expr->nargs; i++) {
        int depth = expr->args[i]->kind == EXPR_ROW ? row_depth(expr->args[i]) : 0;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

/* As record_out writes it: a NULL is nothing at all. */
static bool print_row_text(Printer *printer, const Expr *expr, bool (*print_cell)(Printer *, const Expr *))
{
    Str *out = printer->out;
    if (row_depth(expr) > ROWS_DEEPEST)
        return error_set(printer->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "rows are nested more than %d deep", ROWS_DEEPEST);
    if (!expr->nargs) {
        str_add(out, "'()'");
        return true;
    }
    str_add(out, "('(' || concat_ws(','");
    for (int i = 0; i < expr->nargs; i++) {
        str_add(out, ", COALESCE(mdl_row_quote(");
        if (!print_cell(printer, expr->args[i]))
            return false;
        str_add(out, "), '')");
    }
    str_add(out, ") || ')')");
    return true;
}

bool print_row_shown(Printer *printer, const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    if (expr->kind == EXPR_ROW)
        return print_row_text(printer, expr, duckdb_output_text);
    const char *fields = print_record_fields(printer, expr);
    if (!catalog_text_varies(printer->catalog, expr->type, fields))
        return print_expr(printer, expr);
    str_add(printer->out, "mdl_output_row(");
    sql_quote_literal(printer->dialect, fields ? fields : "", printer->out);
    str_addf(printer->out, ", CAST(%u AS UINTEGER), ", expr->type);
    if (!print_expr(printer, expr))
        return false;
    str_add(printer->out, ")");
    return true;
}

bool print_row(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind == DIALECT_DUCKDB)
        return print_row_text(printer, expr, duckdb_stored_text);
    if (printer->dialect->kind != DIALECT_POSTGRES)
        return print_refuse(printer, expr, "a row value is");
    if (expr->type == TYPE_RECORD && expr->u.value) /* JSON would show other names */
        return print_refuse(printer, expr, "a row value whose columns have names is");
    str_add(printer->out, "ROW(");
    if (!print_list(printer, expr->args, expr->nargs, ", "))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* ---- comparing ---- */

bool print_record_json(Printer *printer, const Expr *row)
{
    const char *fields = print_record_fields(printer, row);
    str_add(printer->out, "mdl_json_row(");
    sql_quote_literal(printer->dialect, fields ? fields : "", printer->out);
    str_addf(printer->out, ", CAST(%u AS UINTEGER), ", row->type);
    if (!duckdb_stored_text(printer, row))
        return false;
    str_add(printer->out, ")");
    return true;
}

bool print_is_row(Printer *printer, Oid type)
{
    if (type == TYPE_RECORD || type == TYPE_RECORD_ARRAY)
        return true;
    const CatType *row = type >= 16384 ? catalog_type(printer->catalog, print_base_type(printer, type)) : NULL;
    return row && row->kind == 'c';
}

static bool print_field_key(Printer *printer, Oid type, const char *text, int number, KeyUse use)
{
    Expr raw = print_raw(type, text);
    str_addf(printer->out, "%s'f%d': ", number ? ", " : "{", number + 1);
    return print_key(printer, &raw, use);
}

static bool print_key_of_row(Printer *printer, const Expr *row, KeyUse use)
{
    for (int i = 0; i < row->nargs; i++) {
        PrintHold hold;
        print_hold(printer, &hold);
        const char *text = print_held(printer, &hold, print_as(printer, row->args[i], row->args[i]->type, -1));
        if (!text || !print_field_key(printer, row->args[i]->type, text, i, use))
            return false;
    }
    str_add(printer->out, "}");
    return true;
}

/* A row in a row is known by what it was made of, which stands elsewhere. */
static bool print_inner_key(Printer *printer, const RowFields *fields, const char *text, int number, KeyUse use)
{
    Scope *own = printer->scope;
    Expr raw = print_raw(fields->types[number], text);
    raw.args = (Expr **)(uintptr_t)&fields->exprs[number];
    raw.nargs = 1;
    printer->scope = fields->scope;
    bool ok = print_key(printer, &raw, use);
    printer->scope = own;
    return ok;
}

/* The key of the row whose text the lambda's parameter is. */
static bool print_key_of_text(Printer *printer, const RowFields *fields, const char *name, KeyUse use)
{
    Str *out = printer->out;
    str_addf(out, "CASE WHEN %s IS NOT NULL THEN ", name);
    for (int i = 0; i < fields->count; i++) {
        Oid type = fields->types[i];
        const char *stored = arena_printf(printer->arena, "mdl_row_get(%s, %d)", name, i + 1);
        const char *text = duckdb_from_stored_text(printer, stored, type);
        bool is_record = fields->exprs && (type == TYPE_RECORD || type == TYPE_RECORD_ARRAY);
        if (!text)
            return false;
        str_addf(out, "%s'f%d': ", i ? ", " : "{", i + 1);
        Expr raw = print_raw(type, text);
        if (!(is_record ? print_inner_key(printer, fields, text, i, use) : print_key(printer, &raw, use)))
            return false;
    }
    str_add(out, "} END");
    return true;
}

bool print_record_key(Printer *printer, const Expr *expr, KeyUse use)
{
    RowFields fields;
    Str *out = printer->out;
    bool is_array = expr->type == TYPE_RECORD_ARRAY;
    while (expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    if (expr->kind == EXPR_CONST && !expr->u.value) {
        str_add(out, "NULL");
        return true;
    }
    if (!print_fields_of(printer, expr, &fields) || !fields.count)
        return print_refuse(printer, expr, "%s values of type record is", use == KEY_ORDER ? "ordering" : "comparing");
    if (expr->kind == EXPR_ROW)
        return print_key_of_row(printer, expr, use);
    const char *row = print_text_of(printer, expr);
    if (!row)
        return false;
    const char *name = arena_printf(printer->arena, "row%d", ++printer->lambdas);
    str_addf(out, is_array ? "list_transform(mdl_array_elements(%s), lambda %s: " : "list_transform([%s], lambda %s: ", row, name);
    bool ok = print_key_of_text(printer, &fields, name, use);
    printer->lambdas--;
    str_add(out, is_array ? ")" : ")[1]");
    return ok;
}

bool print_row_is_its_text(Printer *printer, const Cte *cte, int column)
{
    static const Oid TYPES[] = {TYPE_BOOL, TYPE_INT2, TYPE_INT4, TYPE_INT8, TYPE_OID,       TYPE_TEXT,        TYPE_VARCHAR,
                                TYPE_NAME, TYPE_DATE, TYPE_TIME, TYPE_UUID, TYPE_TIMESTAMP, TYPE_TIMESTAMPTZ, TYPE_BYTEA};
    RowFields fields = {0};
    const Expr *expr = cte->query->targets[column - 1].expr;
    if (!print_is_row(printer, expr->type))
        return false;
    if (column > cte->ncolumns - cte->nextra)
        print_fields_of_added(printer, cte, column, &fields);
    else if (!print_fields_of(printer, expr, &fields))
        return false;
    for (int i = 0; i < fields.count; i++) {
        bool found = false;
        for (size_t j = 0; j < COUNT_OF(TYPES); j++)
            found |= fields.types[i] == TYPES[j];
        if (!found)
            return false;
    }
    return true;
}

/* Is the row among those of the array? */
bool print_row_on_path(Printer *printer, const Expr *row, const Expr *path)
{
    str_add(printer->out, "list_contains(");
    if (!print_record_key(printer, path, KEY_EQUALITY))
        return false;
    str_add(printer->out, ", ");
    if (!print_record_key(printer, row, KEY_EQUALITY))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* Rows of one shape whose fields all have keys; else it hangs on the rows what PostgreSQL says. */
static bool have_keys(Printer *printer, const Expr *const rows[2])
{
    RowFields left, right;
    bool found =
        print_fields_of(printer, rows[0], &left) && print_fields_of(printer, rows[1], &right) && print_fields_alike(printer, &left, &right);
    for (int i = 0; found && i < left.count; i++)
        found = print_has_key(left.types[i]);
    return found;
}

/* The first operand below, at or above the second: below 0, 0, above 0; NULL where one is. */
static bool print_record_order(Printer *printer, const Expr *expr, bool only_equality)
{
    str_add(printer->out, "mdl_record_order(");
    if (!print_with_fields(printer, expr->args[0]))
        return false;
    str_add(printer->out, ", ");
    if (!print_with_fields(printer, expr->args[1]))
        return false;
    str_addf(printer->out, ", %s)", only_equality ? "true" : "false");
    return true;
}

bool print_record_call(Printer *printer, Oid proc, const Expr *expr, bool *done)
{
    static const struct {
        Oid proc;
        const char *operator;
    } COMPARISONS[] = {{F_RECORD_EQ_RECORD_RECORD, " = 0)"},  {F_RECORD_NE_RECORD_RECORD, " <> 0)"}, {F_RECORD_LT_RECORD_RECORD, " < 0)"},
                       {F_RECORD_LE_RECORD_RECORD, " <= 0)"}, {F_RECORD_GT_RECORD_RECORD, " > 0)"},  {F_RECORD_GE_RECORD_RECORD, " >= 0)"}};
    size_t found = 0;
    while (found < COUNT_OF(COMPARISONS) && COMPARISONS[found].proc != proc)
        found++;
    if (found == COUNT_OF(COMPARISONS) || expr->nargs != 2)
        return true;
    if (have_keys(printer, (const Expr *const[]){expr->args[0], expr->args[1]}))
        return true;
    *done = true;
    str_add(printer->out, "(");
    if (!print_record_order(printer, expr, found < 2))
        return false;
    str_add(printer->out, COMPARISONS[found].operator);
    return true;
}

bool print_record_distinct(Printer *printer, const Expr *expr, bool *done)
{
    Str *out = printer->out;
    if (printer->dialect->kind != DIALECT_DUCKDB || !print_is_row(printer, expr->args[0]->type) ||
        !print_is_row(printer, expr->args[1]->type) || have_keys(printer, (const Expr *const[]){expr->args[0], expr->args[1]}))
        return true;
    *done = true;
    str_add(out, "coalesce(");
    if (!print_record_order(printer, expr, true))
        return false;
    str_add(out, " <> 0, (");
    if (!print_expr(printer, expr->args[0]))
        return false;
    str_add(out, " IS NULL) <> (");
    if (!print_expr(printer, expr->args[1]))
        return false;
    str_add(out, " IS NULL))");
    return true;
}

/* PostgreSQL finds out when it compares the first two rows. */
bool print_rows_match(Printer *printer, const Expr *left, const Expr *right)
{
    RowFields a, b;
    if (!print_fields_of(printer, left, &a) || !print_fields_of(printer, right, &b))
        return true;
    for (int i = 0; i < a.count && i < b.count; i++)
        if (a.types[i] != b.types[i])
            return error_set(printer->error, ERRCODE_DATATYPE_MISMATCH,
                             "cannot compare dissimilar column types %s and %s at record column %d",
                             catalog_format_type(printer->catalog, a.types[i], -1, printer->arena),
                             catalog_format_type(printer->catalog, b.types[i], -1, printer->arena), i + 1);
    return a.count == b.count ||
           error_set(printer->error, ERRCODE_DATATYPE_MISMATCH, "cannot compare record types with different numbers of columns");
}
