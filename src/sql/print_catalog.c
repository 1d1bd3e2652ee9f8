/*
 * print_catalog.c - what the catalog's own SQLite says beyond other SQLite sources: Medley's functions are there under the names they
 * have in the local engine (mdl_<proname>_<oid>, mdl_<helper>), and so are mdl_one, mdl_array_agg, mdl_json and mdl_series.
 *
 *  1. Arguments and results are of types that the catalog keeps in forms of its own: integers, booleans as 0 and 1, floats, texts.
 *  2. Templates of the local engine are used where they are one call of Medley's alone.
 *  3. A function in FROM is json_each over the list of its rows, so that it may refer to what stands before it.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

static bool takes_type(Printer *printer, Oid type)
{
    return sqlite_type_allowed(printer, type) || type == TYPE_FLOAT4 || type == TYPE_FLOAT8;
}

static bool has_helper(const char *name)
{
    const FuncHelper *helpers;
    size_t count = func_helpers(&helpers);
    for (size_t i = 0; i < count; i++)
        if (str_eq(helpers[i].name, name))
            return true;
    return false;
}

/* ---- calls ---- */

static bool types_fit(Printer *printer, const Expr *expr, const FuncFact *fact)
{
    /* Of a polymorphic function only what the local engine calls so too is told its arguments' types otherwise. */
    bool own = str_eq(dialect_spelling(fact->proc)->duckdb, "@");
    bool fits = takes_type(printer, expr->type) && takes_type(printer, fact->return_type) && expr->nargs == fact->nargs;
    for (int i = 0; i < expr->nargs && fits; i++)
        fits = takes_type(printer, expr->args[i]->type) && takes_type(printer, fact->arg_types[i]) &&
               (own || (fact->arg_types[i] != TYPE_ANYARRAY && fact->arg_types[i] != TYPE_ANYCOMPATIBLEARRAY));
    return fits;
}

/* One call of a function of Medley's that is there, whose markers print alike everywhere. */
static bool is_own_template(Arena *arena, const char *text)
{
    if (strncmp(text, "mdl_", 4) != 0)
        return false;
    const char *name = text + 4, *end = name + strcspn(name, "(");
    bool is_proc = end > name && end[-1] >= '0' && end[-1] <= '9';
    return (is_proc || has_helper(arena_strndup(arena, name, (size_t)(end - name)))) && !strstr(text, "$d") && !strstr(text, "$f") &&
           !strstr(text, "$[") && !strstr(text, "$S") && !strstr(text, "$k") && !strstr(text, "$=") && !strstr(text, "$*");
}

/* What SQLite's own operators say, though not over every SQLite file's columns. */
static const FunctionSpelling OPERATORS[] = {
    {.proc = F_TEXTCAT_TEXT_TEXT, .sqlite = "($1 || $2)"},
    {.proc = F_ANYTEXTCAT_ANYNONARRAY_TEXT, .sqlite = "($t1 || $2)"},
    {.proc = F_TEXTANYCAT_TEXT_ANYNONARRAY, .sqlite = "($1 || $t2)"},
    {.proc = F_ARRAY_EQ_ANYARRAY_ANYARRAY, .sqlite = "($1 = $2)"},
    {.proc = F_ARRAY_NE_ANYARRAY_ANYARRAY, .sqlite = "($1 <> $2)"},
};

/* Equal arrays have equal texts where equal elements have. */
static bool compares_arrays(Printer *printer, const Expr *expr)
{
    return !expr->nargs || !type_array_element(expr->args[0]->type) || sqlite_type_compares(printer, expr->args[0]->type);
}

bool catalog_call(Printer *printer, Oid proc, const Expr *expr, bool *done)
{
    const FunctionSpelling *spelling = dialect_spelling(proc);
    const FuncFact *fact = func_fact(proc);
    *done = false;
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i]->type == TYPE_RECORD || expr->args[i]->type == TYPE_RECORD_ARRAY)
            return print_refuse(printer, expr, "a function of records is");
    for (size_t i = 0; i < COUNT_OF(OPERATORS); i++) {
        if (OPERATORS[i].proc != proc || !compares_arrays(printer, expr))
            continue;
        *done = true;
        return print_template(printer, OPERATORS[i].sqlite, expr, expr->args, expr->nargs, NULL);
    }
    if (!fact || !spelling || spelling->sqlite || !spelling->duckdb || fact->returns_set ||
        (expr->kind == EXPR_FUNC && expr->u.func.variadic))
        return true;
    if (is_own_template(printer->arena, spelling->duckdb)) {
        *done = true;
        return print_template(printer, spelling->duckdb, expr, expr->args, expr->nargs, NULL);
    }
    if (!(str_eq(spelling->duckdb, "@") || func_is_scalar(proc)) || !types_fit(printer, expr, fact))
        return true;
    *done = true;
    bool ascii = func_letters(proc) && expr_has_ascii_letters(printer->catalog, expr);
    str_addf(printer->out, "mdl_%s_%u%s(", fact->name, proc, ascii ? "_c" : "");
    if (!print_list(printer, expr->args, expr->nargs, ", "))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* ---- texts ---- */

static bool print_wrapped(Printer *printer, const char *before, const Expr *expr, const char *after)
{
    str_add(printer->out, before);
    if (!print_expr(printer, expr))
        return false;
    str_add(printer->out, after);
    return true;
}

static bool is_integer(FdwPhysical physical)
{
    return physical == FDW_INT16 || physical == FDW_INT32 || physical == FDW_INT64 || physical == FDW_UINT32;
}

bool catalog_stored_text(Printer *printer, const Expr *expr)
{
    FdwPhysical physical = type_layout(expr->type, -1).physical;
    if (physical == FDW_STRING && takes_type(printer, expr->type))
        return print_expr(printer, expr);
    if (!is_integer(physical))
        return print_refuse(printer, expr, "the text of this type is");
    return print_wrapped(printer, "CAST(", expr, " AS TEXT)");
}

bool catalog_output_text(Printer *printer, const Expr *expr)
{
    FdwPhysical physical = type_layout(expr->type, -1).physical;
    Oid element = type_array_element(expr->type);
    bool plain_number = physical != FDW_UINT32 || expr->type == TYPE_OID || expr->type == TYPE_XID || expr->type == TYPE_CID;
    const char *fields = print_record_fields(printer, expr);
    if ((print_is_row(printer, expr->type) || !type_is_builtin(expr->type)) && catalog_text_varies(printer->catalog, expr->type, fields))
        return print_refuse(printer, expr, "the text of this type is");
    if (physical == FDW_STRING && (element || expr->type == TYPE_ACLITEM))
        return print_wrapped(printer, arena_printf(printer->arena, "mdl_output_text(%u, ", expr->type), expr, ")");
    if (physical == FDW_STRING || (is_integer(physical) && plain_number))
        return catalog_stored_text(printer, expr);
    const char *helper = arena_printf(printer->arena, "output_%u", expr->type);
    if (physical != FDW_UINT32 || !has_helper(helper))
        return print_refuse(printer, expr, "the text of this type is");
    return print_wrapped(printer, arena_printf(printer->arena, "mdl_%s(", helper), expr, ")");
}

bool catalog_io_cast(Printer *printer, const Expr *expr)
{
    if (expr->type != TYPE_TEXT && expr->type != TYPE_VARCHAR)
        return print_refuse(printer, expr, "this cast is");
    return catalog_output_text(printer, expr->args[0]);
}

bool catalog_array_cast(Printer *printer, const Expr *expr)
{
    if (expr->oid || expr->type >= FIRST_USER_OID || expr->args[0]->type >= FIRST_USER_OID)
        return print_refuse(printer, expr, "this cast of arrays is");
    str_addf(printer->out, "mdl_array_cast(%u, %u, ", expr->u.array_io ? expr->args[0]->type : OID_NONE, expr->type);
    if (!print_expr(printer, expr->args[0]))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* A value of the type from its text. */
static bool from_stored(Printer *printer, const Expr *expr, const char *text, Oid type)
{
    FdwPhysical physical = type_layout(type, -1).physical;
    if (physical == FDW_STRING)
        str_add(printer->out, text);
    else if (physical == FDW_BOOL)
        str_addf(printer->out, "(%s = 't')", text);
    else if (is_integer(physical))
        str_addf(printer->out, "CAST(%s AS INTEGER)", text);
    else
        return print_refuse(printer, expr, "a value of this type from a list is");
    return true;
}

bool catalog_subscript(Printer *printer, const Expr *expr)
{
    if (expr->args[0]->type == TYPE_JSONB)
        return print_refuse(printer, expr, "a member of jsonb is");
    if (expr->u.subscript.is_slice || expr->nargs != 2)
        return print_refuse(printer, expr, "a slice or a second subscript is");
    const char *array = print_text_of(printer, expr->args[0]);
    const char *index = array ? print_text_of(printer, expr->args[1]) : NULL;
    if (!index)
        return false;
    const char *get = print_element_getter(expr->args[0]->type);
    return from_stored(printer, expr, arena_printf(printer->arena, "%s(%s, %s)", get, array, index), expr->type);
}

bool catalog_array_scan(Printer *printer, const Expr *expr, Oid proc)
{
    bool ascii = func_letters(proc) && expr_has_ascii_letters(printer->catalog, expr);
    str_addf(printer->out, "mdl_array_%s%s(%u, ", expr->u.is_all ? "all" : "any", ascii ? "_c" : "", proc);
    if (!catalog_stored_text(printer, expr->args[0]))
        return false;
    str_add(printer->out, ", ");
    if (!print_expr(printer, expr->args[1]))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* ---- subqueries ---- */

/* Exactly one row, whatever is read. */
static bool has_one_row(const Query *query)
{
    return query->has_aggs && !query->ngroup && !query->grouping_sets && !query->set_op && !query->having;
}

bool catalog_scalar_query(Printer *printer, const Query *query)
{
    if (has_one_row(query))
        return print_subquery(printer, query);
    int alias = ++printer->aliases;
    str_addf(printer->out, "(SELECT mdl_one(r%d.c1) FROM ", alias);
    if (!print_subquery(printer, query))
        return false;
    str_addf(printer->out, " AS r%d)", alias);
    return true;
}

bool catalog_array_query(Printer *printer, const Expr *expr)
{
    const Query *query = expr->u.sublink.query;
    int alias = ++printer->aliases;
    Oid element = type_array_element(expr->type);
    if (!element || type_array_element(element))
        return print_refuse(printer, expr, "an array of arrays from a subquery is");
    Expr raw = print_raw(element, arena_printf(printer->arena, "r%d.c1", alias));
    str_add(printer->out, "(SELECT mdl_array_agg(");
    if (!catalog_stored_text(printer, &raw))
        return false;
    str_add(printer->out, ") FROM ");
    if (!print_subquery(printer, query))
        return false;
    str_addf(printer->out, " AS r%d)", alias);
    return true;
}

/* ---- functions in FROM ---- */

static bool print_row_list(Printer *printer, const Expr *call)
{
    for (int i = 0; i < call->nargs; i++)
        if (!takes_type(printer, call->args[i]->type))
            return print_refuse(printer, call, "a function over this type in FROM is");
    bool ascii = func_letters(call->oid) && expr_has_ascii_letters(printer->catalog, call);
    str_addf(printer->out, "mdl_json(mdl_rows_%u%s(", call->oid, ascii ? "_c" : "");
    if (!print_list(printer, call->args, call->nargs, ", "))
        return false;
    str_add(printer->out, "))");
    return true;
}

static bool is_known(const Expr *expr)
{
    return expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM;
}

bool catalog_function(Printer *printer, const Rte *rte)
{
    const Expr *call = rte->functions[0];
    if (rte->nfunctions != 1 || call->kind != EXPR_FUNC)
        return print_refuse(printer, NULL, "a function in FROM is");
    str_add(printer->out, "json_each(");
    bool ok;
    if (call->oid == F_UNNEST_ANYARRAY) {
        ok = print_wrapped(printer, "mdl_json(", call->args[0], ")");
    } else if (print_is_series(call->oid) && call->nargs == 2 && !(is_known(call->args[0]) && is_known(call->args[1]))) {
        str_add(printer->out, "mdl_series(");
        ok = print_list(printer, call->args, 2, ", ");
        str_add(printer->out, ")");
    } else if (func_find_set(call->oid) && has_helper(arena_printf(printer->arena, "rows_%u", call->oid))) {
        ok = print_row_list(printer, call);
    } else {
        return print_refuse(printer, NULL, "this function in FROM is");
    }
    str_add(printer->out, ")");
    return ok;
}

bool catalog_function_column(Printer *printer, const Expr *expr, const Rte *rte, int number, int column)
{
    const Expr *call = rte->functions[0];
    if (rte->with_ordinality && column == rte->ncolumns) {
        str_addf(printer->out, "(r%d.key + 1)", number);
        return true;
    }
    if (print_is_series(call->oid)) {
        str_addf(printer->out, "r%d.value", number);
        return true;
    }
    bool bare = call->oid == F_UNNEST_ANYARRAY;
    const char *text = arena_printf(printer->arena, bare ? "r%d.value" : "mdl_array_get(r%d.value, %d)", number, column);
    return from_stored(printer, expr, text, rte->columns[column - 1].type);
}
