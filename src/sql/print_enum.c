/*
 * print_enum.c - enums in the local engine: keys that have their order, casts to them, enum_range and its like.
 *
 *  1. The labels go with each call of a helper, in their order: rows do not ask the catalog.
 *  2. Equality is that of the labels' texts.
 * Any thread that may ask the printer's catalog.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

static const CatType *own_type(Printer *printer, Oid type)
{
    return type >= 16384 ? catalog_type(printer->catalog, type) : NULL;
}

Oid print_enum_of(Printer *printer, Oid type, bool *is_array)
{
    const CatType *row = own_type(printer, print_base_type(printer, type));
    *is_array = row && row->category == 'A' && row->element;
    if (*is_array)
        row = own_type(printer, print_base_type(printer, row->element));
    return row && row->kind == 'e' ? row->oid : OID_NONE;
}

/* A quoted literal: "<bytes>:<label>" one after the other; "!" in the place of ":" where the label may not be used yet. */
static bool print_labels(Printer *printer, Oid type)
{
    Str labels;
    str_init(&labels, printer->arena);
    CatalogRows *rows = catalog_query(printer->catalog, printer->arena, printer->error,
                                      "SELECT enumlabel, oid FROM pg_enum WHERE enumtypid = ?1 ORDER BY enumsortorder", "o", type);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const char *label = CATALOG_CELL(rows, i, 0).text;
        bool is_new = catalog_label_is_new(printer->catalog, (Oid)CATALOG_CELL(rows, i, 1).i);
        str_addf(&labels, "%zu%c%s", strlen(label), is_new ? '!' : ':', label);
    }
    str_add(printer->out, "CAST(");
    sql_quote_literal(printer->dialect, labels.len ? labels.data : "", printer->out);
    str_add(printer->out, " AS VARCHAR)");
    return rows != NULL;
}

static bool print_name(Printer *printer, Oid type)
{
    str_add(printer->out, ", CAST(");
    sql_quote_literal(printer->dialect, catalog_format_type(printer->catalog, type, -1, printer->arena), printer->out);
    str_add(printer->out, " AS VARCHAR)");
    return true;
}

bool print_enum_keys(Printer *printer, const Expr *expr, Oid type, bool is_array)
{
    str_add(printer->out, is_array ? "mdl_enum_keys(" : "mdl_enum_key(");
    if (!print_labels(printer, type))
        return false;
    str_add(printer->out, ", ");
    if (!print_expr(printer, expr))
        return false;
    str_add(printer->out, ")");
    return true;
}

bool print_enum_order_key(Printer *printer, const Expr *expr, Oid type, bool is_array)
{
    if (is_array)
        str_addf(printer->out, "mdl_array_key(CAST(%d AS UINTEGER), ", TYPE_INT4_ARRAY);
    if (!print_enum_keys(printer, expr, type, is_array))
        return false;
    str_add(printer->out, is_array ? ")" : "");
    return true;
}

bool print_enum_cast(Printer *printer, const Expr *text, Oid type, bool is_array)
{
    str_add(printer->out, is_array ? "mdl_enum_array(" : "mdl_enum_label(");
    if (!print_labels(printer, type) || !print_name(printer, type))
        return false;
    str_add(printer->out, ", ");
    if (!duckdb_output_text(printer, text))
        return false;
    str_add(printer->out, ")");
    return true;
}

static bool print_end(Printer *printer, Oid type, bool last)
{
    str_add(printer->out, "mdl_enum_end(");
    if (!print_labels(printer, type) || !print_name(printer, type))
        return false;
    str_add(printer->out, last ? ", true)" : ", false)");
    return true;
}

static bool print_range(Printer *printer, const Expr *expr, Oid type)
{
    str_add(printer->out, "mdl_enum_range(");
    if (!print_labels(printer, type) || !print_name(printer, type))
        return false;
    for (int i = 0; i < 2; i++) {
        str_add(printer->out, ", ");
        if (expr->nargs == 1)
            str_add(printer->out, "CAST(NULL AS VARCHAR)");
        else if (!print_expr(printer, expr->args[i]))
            return false;
    }
    str_add(printer->out, ")");
    return true;
}

/* The first two arguments' keys, compared. */
static bool print_compared(Printer *printer, const Expr *expr, Oid type, const char *operator)
{
    bool ok = print_enum_keys(printer, expr->args[0], type, false);
    str_addf(printer->out, " %s ", operator);
    return ok && print_enum_keys(printer, expr->args[1], type, false);
}

static bool print_comparison(Printer *printer, const Expr *expr, Oid type, Oid proc)
{
    str_add(printer->out, proc == F_ENUM_CMP_ANYENUM_ANYENUM ? "CAST(sign(" : "CASE WHEN ");
    if (!print_compared(printer, expr, type, proc == F_ENUM_CMP_ANYENUM_ANYENUM ? "-" : proc == F_ENUM_LARGER_ANYENUM_ANYENUM ? ">" : "<"))
        return false;
    if (proc == F_ENUM_CMP_ANYENUM_ANYENUM) {
        str_add(printer->out, ") AS INTEGER)");
        return true;
    }
    str_add(printer->out, " THEN ");
    if (!print_expr(printer, expr->args[0]))
        return false;
    str_add(printer->out, " WHEN ");
    if (!print_expr(printer, expr->args[0]))
        return false;
    str_add(printer->out, " IS NOT NULL THEN ");
    if (!print_expr(printer, expr->args[1]))
        return false;
    str_add(printer->out, " END");
    return true;
}

bool print_enum_call(Printer *printer, Oid proc, const Expr *expr, bool *done)
{
    bool is_array;
    Oid type = expr->nargs ? print_enum_of(printer, expr->args[0]->type, &is_array) : OID_NONE;
    *done = type != OID_NONE;
    switch (type == OID_NONE ? OID_NONE : proc) {
    case F_ENUM_FIRST_ANYENUM:
    case F_ENUM_LAST_ANYENUM:
        return print_end(printer, type, proc == F_ENUM_LAST_ANYENUM);
    case F_ENUM_RANGE_ANYENUM:
    case F_ENUM_RANGE_ANYENUM_ANYENUM:
        return print_range(printer, expr, type);
    case F_ENUM_CMP_ANYENUM_ANYENUM:
    case F_ENUM_LARGER_ANYENUM_ANYENUM:
    case F_ENUM_SMALLER_ANYENUM_ANYENUM:
        return print_comparison(printer, expr, type, proc);
    default:
        *done = false;
        return true;
    }
}
