/*
 * print_row.c - row values: how they are written, their fields, whether they are NULL, and how they compare in the local engine.
 *
 *  1. A row lies as its text. Its key is a struct of its fields' keys: the engine compares structs field by field, a NULL in them as equal
 * to NULL and greater than all else, as PostgreSQL's rows do.
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
static bool print_row_text(Printer *printer, const Expr *expr)
{
    enum { DEEPEST = 24 }; /* with each row around, the quotes of a text double: 16 MB of them */
    Str *out = printer->out;
    if (row_depth(expr) > DEEPEST)
        return error_set(printer->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "rows are nested more than %d deep", DEEPEST);
    if (!expr->nargs) {
        str_add(out, "'()'");
        return true;
    }
    str_add(out, "('(' || concat_ws(','");
    for (int i = 0; i < expr->nargs; i++) {
        str_add(out, ", COALESCE(mdl_row_quote(");
        if (!duckdb_output_text(printer, expr->args[i]))
            return false;
        str_add(out, "), '')");
    }
    str_add(out, ") || ')')");
    return true;
}

bool print_row(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind == DIALECT_DUCKDB)
        return print_row_text(printer, expr);
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

typedef struct RowFields {
    Oid *types;
    int count;
    Expr *const *exprs;       /* what the fields are; NULL: not known */
    const char *const *names; /* NULL: f1, f2, ... */
} RowFields;

static bool fields_of_type(Printer *printer, Oid type, RowFields *out)
{
    const CatType *row = catalog_type(printer->catalog, print_base_type(printer, type));
    const CatRelation *relation = row && row->relation ? catalog_relation(printer->catalog, row->relation) : NULL;
    if (!relation)
        return false;
    out->types = ARENA_ARRAY(printer->arena, Oid, relation->ncolumns + 1);
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped)
            out->types[out->count++] = relation->columns[i].type;
    return true;
}

static void add_columns(Printer *printer, const Cte *cte, const char *const *names, int count, RowFields *out)
{
    out->types = ARENA_ARRAY(printer->arena, Oid, count + 1);
    if (cte->search && cte->search->columns == names && cte->search->breadth_first)
        out->types[out->count++] = TYPE_INT8;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < cte->ncolumns - cte->nextra; j++)
            if (str_eq(cte->columns[j].name, names[i]))
                out->types[out->count++] = cte->columns[j].type;
}

static void fields_of_added(Printer *printer, const Cte *cte, int column, RowFields *out)
{
    if (cte->search && column == cte->ncolumns - cte->nextra + 1)
        add_columns(printer, cte, cte->search->columns, cte->search->ncolumns, out);
    else
        add_columns(printer, cte, cte->cycle->columns, cte->cycle->ncolumns, out);
}

static bool fields_of(Printer *printer, const Scope *scope, const Expr *expr, RowFields *out);

/* Those that SEARCH and CYCLE add are rows of the columns named there; the others what the query makes. */
static bool fields_of_cte(Printer *printer, const Scope *scope, const Rte *rte, int column, RowFields *out)
{
    for (int level = rte->cte_levels_up; level > 0 && scope; level--)
        scope = scope->outer;
    const Cte *cte = scope && scope->query && rte->cte < scope->query->nctes ? &scope->query->ctes[rte->cte] : NULL;
    if (!cte || column < 1)
        return false;
    int own = cte->ncolumns - cte->nextra;
    if (column <= own) {
        Scope inner = {.query = cte->query, .outer = (Scope *)(uintptr_t)scope};
        return !rte->cte_self && column <= cte->query->ntargets && fields_of(printer, &inner, cte->query->targets[column - 1].expr, out);
    }
    fields_of_added(printer, cte, column, out);
    return true;
}

/* Those that a row of a query's columns was made with (u.value); NULL: f1, f2, ... */
static const char *const *names_of(Printer *printer, const Expr *row)
{
    ArrayElement *elements;
    size_t count;
    int ndim;
    if (!row->u.value || !type_array_parse(row->u.value, strlen(row->u.value), printer->arena, &elements, &count, &ndim, printer->error) ||
        count < (size_t)row->nargs)
        return NULL;
    const char **names = ARENA_ARRAY(printer->arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        names[i] = arena_strndup(printer->arena, elements[i].text, elements[i].len);
    return names;
}

/* Rows of one type: both sides make them of the same ones. */
static bool fields_of_sides(Printer *printer, const Scope *scope, const Query *query, int column, RowFields *out)
{
    Scope left = {.query = query->left, .outer = (Scope *)(uintptr_t)scope}, right = {.query = query->right, .outer = left.outer};
    RowFields other;
    if (!fields_of(printer, &left, query->left->targets[column - 1].expr, out) ||
        !fields_of(printer, &right, query->right->targets[column - 1].expr, &other) || out->count != other.count)
        return false;
    out->exprs = NULL;
    for (int i = 0; i < out->count; i++)
        if (out->types[i] != other.types[i] || out->types[i] == TYPE_UNKNOWN)
            return false;
    return true;
}

/* A record, or an array of records, is known by the row it comes from. */
static bool fields_of(Printer *printer, const Scope *scope, const Expr *expr, RowFields *out)
{
    *out = (RowFields){0};
    while (expr->kind == EXPR_RELABEL || ((int)expr->kind == PRINT_RAW && expr->nargs))
        expr = expr->args[0];
    if (expr->kind == EXPR_ROW) {
        out->types = ARENA_ARRAY(printer->arena, Oid, expr->nargs + 1);
        for (int i = 0; i < expr->nargs; i++)
            out->types[out->count++] = expr->args[i]->type;
        out->exprs = expr->args;
        out->names = names_of(printer, expr);
        return true;
    }
    if (expr->type != TYPE_RECORD && expr->type != TYPE_RECORD_ARRAY)
        return fields_of_type(printer, expr->type, out);
    bool of_rows = expr->kind == EXPR_ARRAY || expr->kind == EXPR_FUNC || expr->kind == EXPR_AGG;
    if (expr->type == TYPE_RECORD_ARRAY && expr->nargs && of_rows)
        return fields_of(printer, scope, expr->args[0], out);
    if (expr->kind == EXPR_CASE) /* a whole row that may be missing */
        return fields_of(printer, scope, expr->args[expr->nargs - 1], out);
    if (expr->kind != EXPR_VAR)
        return false;
    for (int level = expr->u.var.levels_up; level > 0 && scope; level--)
        scope = scope->outer;
    const Query *query = scope ? scope->query : NULL;
    const Rte *rte = query && expr->u.var.rte < query->nrtes ? query->rtes[expr->u.var.rte] : NULL;
    int column = expr->u.var.column;
    if (query && query->set_op)
        return column > 0 && column <= query->ntargets && fields_of_sides(printer, scope, query, column, out);
    if (rte && rte->kind == RTE_CTE)
        return fields_of_cte(printer, scope, rte, column, out);
    if (!rte || rte->kind != RTE_SUBQUERY || column < 1 || column > rte->query->ntargets)
        return false;
    Scope inner = {.query = rte->query, .outer = (Scope *)(uintptr_t)scope};
    return fields_of(printer, &inner, rte->query->targets[column - 1].expr, out);
}

/* ---- JSON ---- */

/* What helper_json_row wants to know; NULL: the fields are not known here. */
static const char *describe_fields(Printer *printer, const Expr *row)
{
    RowFields fields;
    Str text;
    if (!fields_of(printer, printer->scope, row, &fields))
        return NULL;
    ArrayElement *elements = ARENA_ARRAY(printer->arena, ArrayElement, 3 * fields.count + 1);
    for (int i = 0; i < fields.count; i++) {
        const char *name = fields.names ? fields.names[i] : arena_printf(printer->arena, "f%d", i + 1), *inner = NULL;
        const char *type = arena_printf(printer->arena, "%u", fields.types[i]);
        bool is_record = fields.types[i] == TYPE_RECORD || fields.types[i] == TYPE_RECORD_ARRAY;
        if (is_record && (!fields.exprs || !(inner = describe_fields(printer, fields.exprs[i]))))
            return NULL;
        elements[3 * i] = (ArrayElement){name, strlen(name)};
        elements[3 * i + 1] = (ArrayElement){type, strlen(type)};
        elements[3 * i + 2] = inner ? (ArrayElement){inner, strlen(inner)} : (ArrayElement){0};
    }
    str_init(&text, printer->arena);
    type_array_write(elements, (size_t)(3 * fields.count), &text);
    return text.data;
}

bool print_record_json(Printer *printer, const Expr *row)
{
    const char *fields = describe_fields(printer, row);
    if (!fields)
        return print_refuse(printer, row, "JSON of a record whose fields are not known is");
    str_add(printer->out, "mdl_json_row(");
    sql_quote_literal(printer->dialect, fields, printer->out);
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

/* The key of the row whose text the lambda's parameter is. */
static bool print_key_of_text(Printer *printer, const RowFields *fields, const char *name, KeyUse use)
{
    Str *out = printer->out;
    str_addf(out, "CASE WHEN %s IS NOT NULL THEN ", name);
    for (int i = 0; i < fields->count; i++) {
        const char *stored = arena_printf(printer->arena, "mdl_row_get(%s, %d)", name, i + 1);
        const char *text = duckdb_from_stored_text(printer, stored, fields->types[i]);
        if (!text || !print_field_key(printer, fields->types[i], text, i, use))
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
    if (!fields_of(printer, printer->scope, expr, &fields) || !fields.count)
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
        fields_of_added(printer, cte, column, &fields);
    else if (!fields_of(printer, printer->scope, expr, &fields))
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

/* PostgreSQL finds out when it compares the first two rows. */
bool print_rows_match(Printer *printer, const Expr *left, const Expr *right)
{
    RowFields a, b;
    if (!fields_of(printer, printer->scope, left, &a) || !fields_of(printer, printer->scope, right, &b))
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
