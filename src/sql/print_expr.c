/*
 * print_expr.c - writes expressions: one row a kind in a table of printers.
 *
 *  1. In the local engine every expression is written in the layout of its (type, typmod), as type_layout says; only numerics have
 *     another, natural form in between (print_numeric.c).
 *  2. Where a query groups by keys, a grouped expression outside aggregates is any value of its group.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

Expr print_raw(Oid type, const char *text)
{
    return (Expr){.kind = (ExprKind)PRINT_RAW, .type = type, .typmod = -1, .location = -1, .u.value = text};
}

void print_hold(Printer *printer, PrintHold *hold)
{
    str_init(&hold->text, printer->arena);
    hold->out = printer->out;
    printer->out = &hold->text;
}

const char *print_held(Printer *printer, const PrintHold *hold, bool ok)
{
    printer->out = hold->out;
    return ok ? hold->text.data : NULL;
}

const char *print_text_by(Printer *printer, bool (*print)(Printer *, const Expr *), const Expr *expr)
{
    PrintHold hold;
    print_hold(printer, &hold);
    return print_held(printer, &hold, print(printer, expr));
}

const char *print_text_of(Printer *printer, const Expr *expr)
{
    return print_text_by(printer, print_expr, expr);
}

bool print_list(Printer *printer, Expr *const *items, int count, const char *separator)
{
    for (int i = 0; i < count; i++) {
        str_add(printer->out, i ? separator : "");
        if (!print_expr(printer, items[i]))
            return false;
    }
    return true;
}

/* ---- names and values ---- */

/* number: of the entry. */
static bool print_system_column(Printer *printer, const Expr *expr, const Rte *rte, int number)
{
    int column = expr->u.var.column;
    if (column == COLUMN_TABLEOID && rte->relation) {
        Expr oid = *expr;
        oid.kind = EXPR_CONST;
        oid.u.value = arena_printf(printer->arena, "%u", rte->relation->oid);
        return printer->dialect->constant(printer, &oid);
    }
    if ((column == COLUMN_CTID || column == COLUMN_LIES_IN) && rte->kind == RTE_RELATION && printer->dialect->places_rows) {
        str_addf(printer->out, "r%d.%s", number, column == COLUMN_CTID ? "ctid" : "tableoid");
        return true;
    }
    return print_refuse(printer, expr, column == 0 ? "a whole row as a value is" : "this system column is");
}

bool print_column(Printer *printer, const Expr *expr)
{
    Scope *scope = printer->scope, *own = printer->scope;
    for (int level = expr->u.var.levels_up; level > 0 && scope; level--)
        scope = scope->outer;
    if (!scope || !scope->query || expr->u.var.rte >= scope->query->nrtes) {
        if (!printer->dry && !(scope && scope->query && scope->query->set_op))
            return error_set(printer->error, ERRCODE_INTERNAL_ERROR, "a column of a query that is not being printed");
        str_addf(printer->out, "r%d.c%d", scope ? scope->first + 1 : 0, expr->u.var.column);
        return true;
    }
    const Rte *rte = scope->query->rtes[expr->u.var.rte];
    int number = scope->first + expr->u.var.rte + 1, column = expr->u.var.column;
    if (column <= 0 || column > rte->ncolumns)
        return print_system_column(printer, expr, rte, number);
    if (rte->kind == RTE_JOIN) {
        printer->scope = scope;
        bool ok = print_expr(printer, rte->columns[column - 1].join_expr);
        printer->scope = own;
        return ok;
    }
    if (rte->kind == RTE_FUNCTION && printer->dialect->own_functions)
        return catalog_function_column(printer, expr, rte, number, column);
    if (print_has_companion(printer, expr))
        return print_companion(printer, number, column);
    str_addf(printer->out, "r%d.", number);
    if (rte->kind != RTE_RELATION) {
        str_addf(printer->out, "c%d", column);
        return true;
    }
    PrintContext *context = printer->context;
    const char *name = !printer->dry && context->column ? context->column(context->arg, rte, column) : NULL;
    if (!name)
        name = rte->relation && column <= rte->relation->ncolumns ? rte->relation->columns[column - 1].name : rte->columns[column - 1].name;
    sql_quote_identifier(printer->dialect, name, printer->out);
    return true;
}

static bool print_var(Printer *printer, const Expr *expr)
{
    if (!printer->context->untrusted_types || printer->dialect->kind != DIALECT_SQLITE)
        return print_column(printer, expr);
    /* What a scan makes of the value, whatever its kind; texts in byte order, whatever the column's own collation. */
    static const struct {
        Oid type;
        const char *before, *after;
    } EXACT[] = {
        {TYPE_TEXT, "(CAST(", " AS TEXT) COLLATE "},
        {TYPE_INT2, "medley_int2(", ")"},
        {TYPE_INT4, "medley_int4(", ")"},
        {TYPE_INT8, "medley_int8(", ")"},
    };
    for (size_t i = 0; i < COUNT_OF(EXACT); i++) {
        if (EXACT[i].type != expr->type)
            continue;
        str_add(printer->out, EXACT[i].before);
        bool ok = print_column(printer, expr);
        str_add(printer->out, EXACT[i].after);
        if (expr->type == TYPE_TEXT)
            str_addf(printer->out, "%s)", sqlite_byte_order(printer));
        return ok;
    }
    return print_refuse(printer, expr, "a column whose values may be of other types than declared is");
}

static bool print_const(Printer *printer, const Expr *expr)
{
    return printer->dialect->constant(printer, expr);
}

static bool print_param(Printer *printer, const Expr *expr)
{
    const PrintContext *context = printer->context;
    if (context->params_bound && expr->u.param <= context->nparams) {
        Expr bound = *expr;
        bound.kind = EXPR_CONST;
        bound.u.value = context->param_values[expr->u.param - 1];
        return printer->dialect->constant(printer, &bound);
    }
    Str *out = printer->out;
    int number = printer->dialect->kind == DIALECT_POSTGRES ? postgres_param_number(printer, expr->u.param, NULL) : 0;
    if (printer->dialect->kind == DIALECT_POSTGRES)
        str_addf(out, "$%d::%s", number ? number : expr->u.param, postgres_type_name(printer, expr->type, expr->typmod));
    else if (printer->dialect->kind == DIALECT_DUCKDB)
        str_addf(out, "CAST($%d AS %s)", expr->u.param, duckdb_type_name(printer, expr->type, expr->typmod));
    else
        str_addf(out, "?%d", expr->u.param);
    return true;
}

static bool print_raw_text(Printer *printer, const Expr *expr)
{
    str_add(printer->out, expr->u.value);
    return true;
}

/* ---- calls ---- */

bool print_call(Printer *printer, Oid proc, Oid op, const Expr *like, Expr *const *args, int nargs)
{
    Expr call = *like;
    call.kind = op ? EXPR_OP : EXPR_FUNC;
    call.oid = op ? op : proc;
    call.args = (Expr **)args;
    call.nargs = nargs;
    if (call.kind == EXPR_FUNC && like->kind != EXPR_FUNC)
        call.u.func.form = FUNC_CALL;
    return printer->dialect->call(printer, proc, op, &call);
}

static Oid operator_proc(Printer *printer, Oid op)
{
    const CatOperator *row = catalog_operator(printer->catalog, op);
    return row ? row->proc : OID_NONE;
}

bool print_operator(Printer *printer, Oid op, const Expr *like, const Expr *left, const Expr *right)
{
    Expr *args[2] = {(Expr *)left, (Expr *)right};
    Expr call = *like;
    call.type = TYPE_BOOL;
    call.typmod = -1;
    call.collation = OID_NONE;
    return print_call(printer, operator_proc(printer, op), op, &call, args, 2);
}

static bool print_set_function(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind == DIALECT_POSTGRES)
        return printer->dialect->call(printer, expr->oid, OID_NONE, expr);
    bool is_routine = expr->oid >= 16384;
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return print_refuse(printer, expr, "a set-returning function outside FROM is");
    PrintHold hold;
    bool rows = false;
    print_hold(printer, &hold);
    bool ok = is_routine ? duckdb_routine_call(printer, expr, "mdl_call_set") : print_function_list(printer, expr, &rows);
    const char *list = print_held(printer, &hold, ok);
    if (!list)
        return false;
    if (print_is_series(expr->oid)) {
        str_addf(printer->out, "CAST(unnest(%s) AS %s)", list, duckdb_type_name(printer, expr->type, -1));
        return true;
    }
    const char *value = !rows ? "unnest(%s)" : expr->type == TYPE_RECORD ? "mdl_row_of_array(unnest(%s))" : "mdl_array_get(unnest(%s), 1)";
    const char *element = arena_printf(printer->arena, value, list);
    return duckdb_from_stored(printer, element, expr->type);
}

static bool print_func(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind == DIALECT_DUCKDB && print_is_json_record(expr))
        return print_json_record_call(printer, expr);
    if (expr->u.func.returns_set)
        return print_set_function(printer, expr);
    /* smallint to oid is a cast by int4(smallint): the bits of its result count */
    const FuncFact *fact = printer->dialect->kind == DIALECT_DUCKDB ? func_fact(expr->oid) : NULL;
    bool bits = fact && type_layout(fact->return_type, -1).physical == FDW_INT32 && type_layout(expr->type, -1).physical == FDW_UINT32;
    str_add(printer->out, bits ? "CAST((CAST(" : "");
    bool ok = printer->dialect->call(printer, expr->oid, OID_NONE, expr);
    str_add(printer->out, bits ? " AS BIGINT) & 4294967295) AS UINTEGER)" : "");
    return ok;
}

static bool print_op(Printer *printer, const Expr *expr)
{
    return printer->dialect->call(printer, operator_proc(printer, expr->oid), expr->oid, expr);
}

static bool print_around(Printer *printer, const char *before, const Expr *arg, const char *after)
{
    str_add(printer->out, before);
    if (!print_expr(printer, arg))
        return false;
    str_add(printer->out, after);
    return true;
}

/* ---- logic: see print_logic.c for AND and OR ---- */

static bool print_not(Printer *printer, const Expr *expr)
{
    return print_around(printer, "(NOT ", expr->args[0], ")");
}

static bool print_bool_test(Printer *printer, const Expr *expr)
{
    static const char *const TESTS[] = {" IS TRUE)", " IS NOT TRUE)", " IS FALSE)", " IS NOT FALSE)", " IS NULL)", " IS NOT NULL)"};
    return print_around(printer, "(", expr->args[0], TESTS[expr->u.bool_test]);
}

/* DuckDB loses the NULLs of an IS DISTINCT FROM between a subquery and the query around it: it takes it for <>. */
static bool print_distinct_from(Printer *printer, const Expr *expr)
{
    Str *out = printer->out;
    const Expr *left = expr->args[0], *right = expr->args[1];
    DialectKind dialect = printer->dialect->kind;
    bool done = false;
    if (dialect == DIALECT_POSTGRES && !postgres_may_compare(printer, expr->oid, expr))
        return false;
    if (!print_record_distinct(printer, expr, &done))
        return false;
    if (done)
        return true;
    str_add(out, dialect == DIALECT_DUCKDB ? "(NOT (" : "(");
    if (!print_key_pair(printer, left, right, KEY_EQUALITY))
        return false;
    str_add(out, dialect == DIALECT_SQLITE ? " IS NOT " : dialect == DIALECT_DUCKDB ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ");
    if (!print_key_pair(printer, right, left, KEY_EQUALITY))
        return false;
    str_add(out, dialect == DIALECT_DUCKDB ? "))" : ")");
    return true;
}

/* ---- choices: every branch in the layout of the whole ---- */

static bool print_nullif(Printer *printer, const Expr *expr)
{
    Str *out = printer->out;
    if (printer->dialect->kind == DIALECT_POSTGRES) {
        if (!postgres_may_compare(printer, expr->oid, expr))
            return false;
        str_add(out, "NULLIF(");
        if (!print_list(printer, expr->args, 2, ", "))
            return false;
        str_add(out, ")");
        return true;
    }
    str_add(out, "(CASE WHEN ");
    if (!print_operator(printer, expr->oid, expr, expr->args[0], expr->args[1]))
        return false;
    str_add(out, " THEN NULL ELSE ");
    if (!print_as(printer, expr->args[0], expr->type, expr->typmod))
        return false;
    str_add(out, " END)");
    return true;
}

static bool is_implicit_cast(const Expr *expr)
{
    bool is_call = expr->kind == EXPR_FUNC && expr->u.func.form == FUNC_IMPLICIT_CAST && expr->nargs;
    return is_call || expr->kind == EXPR_RELABEL || expr->kind == EXPR_CAST_IO;
}

/* One of the results of CASE or COALESCE. numeric: what they have in common, if they are numerics of the local engine. */
static bool print_choice(Printer *printer, const Expr *expr, int arg, NumericForm numeric)
{
    return numeric_is(printer, expr) ? numeric_print(printer, expr->args[arg], numeric)
                                     : print_as(printer, expr->args[arg], expr->type, expr->typmod);
}

static NumericForm choices_form(Printer *printer, const Expr *expr)
{
    return numeric_is(printer, expr) ? numeric_natural(printer, expr) : (NumericForm){0};
}

static bool print_branches(Printer *printer, const Expr *expr)
{
    Str *out = printer->out;
    NumericForm form = choices_form(printer, expr);
    str_add(out, "(CASE");
    for (int i = 0; i + 1 < expr->nargs; i += 2) {
        str_add(out, " WHEN ");
        if (!print_choosing(printer, expr->args[i]))
            return false;
        str_add(out, " THEN ");
        if (!print_choice(printer, expr, i + 1, form))
            return false;
    }
    str_add(out, " ELSE ");
    if (!print_choice(printer, expr, expr->nargs - 1, form))
        return false;
    str_add(out, " END)");
    return true;
}

/* Of CASE x WHEN y: what was x, before each comparison brought it to its own type; NULL: none that is volatile. */
static const Expr *volatile_operand(const Printer *printer, const Expr *expr)
{
    if (!printer->has_volatile || !expr->u.is_simple || expr->args[0]->kind != EXPR_OP)
        return NULL;
    const Expr *operand = expr->args[0]->args[0];
    while (is_implicit_cast(operand))
        operand = operand->args[0];
    return expr_is_volatile(operand, printer->catalog) ? operand : NULL;
}

static Expr *with_operand(Printer *printer, const Expr *expr, const Expr *operand, const char *name)
{
    if (expr_equal(expr, operand))
        return print_let_name(printer, operand, name);
    if (!is_implicit_cast(expr) && expr->kind != EXPR_OP)
        return (Expr *)(uintptr_t)expr;
    Expr *copy = ARENA_NEW(printer->arena, Expr);
    *copy = *expr;
    copy->args = ARENA_ARRAY(printer->arena, Expr *, expr->nargs);
    memcpy(copy->args, expr->args, sizeof(Expr *) * (size_t)expr->nargs);
    copy->args[0] = with_operand(printer, expr->args[0], operand, name);
    return copy;
}

static bool print_case(Printer *printer, const Expr *expr)
{
    const Expr *operand = volatile_operand(printer, expr);
    const char *text = operand ? print_let_text(printer, operand) : NULL;
    if (!text)
        return !operand && print_branches(printer, expr);
    PrintLet let;
    print_let_start(printer, &let);
    const char *name = print_let_bind(printer, &let, text);
    Expr copy = *expr;
    copy.args = ARENA_ARRAY(printer->arena, Expr *, expr->nargs);
    for (int i = 0; i < expr->nargs; i++)
        copy.args[i] = i % 2 == 0 && i + 1 < expr->nargs ? with_operand(printer, expr->args[i], operand, name) : expr->args[i];
    print_let_enter(printer, &let);
    return print_let_leave(printer, &let, print_branches(printer, &copy));
}

static bool print_coalesce(Printer *printer, const Expr *expr)
{
    NumericForm form = choices_form(printer, expr);
    if (expr->nargs == 1) /* the others were NULL; SQLite wants two */
        return print_choice(printer, expr, 0, form);
    str_add(printer->out, "COALESCE(");
    for (int i = 0; i < expr->nargs; i++) {
        str_add(printer->out, i ? ", " : "");
        if (!print_choice(printer, expr, i, form))
            return false;
    }
    str_add(printer->out, ")");
    return true;
}

static bool print_element_key(Printer *printer, const Expr *expr, const char *name)
{
    Expr raw = print_raw(expr->type, name), *whole = (Expr *)(uintptr_t)expr;
    raw.typmod = expr->typmod;
    raw.args = &whole; /* which tells what is in records */
    raw.nargs = 1;
    return print_key(printer, &raw, KEY_ORDER);
}

/* Of equal but different values PostgreSQL keeps the first. No subquery: the engine would take equal arguments for the same. */
static bool print_folded_extreme(Printer *printer, const Expr *expr)
{
    str_add(printer->out, "list_reduce([");
    for (int i = 0; i < expr->nargs; i++) {
        str_add(printer->out, i ? ", " : "");
        if (!print_as(printer, expr->args[i], expr->type, expr->typmod))
            return false;
    }
    str_add(printer->out, "], lambda x, y: CASE WHEN x IS NULL OR ");
    if (!print_element_key(printer, expr, "y"))
        return false;
    str_add(printer->out, expr->kind == EXPR_GREATEST ? " > " : " < ");
    if (!print_element_key(printer, expr, "x"))
        return false;
    str_add(printer->out, " THEN y ELSE x END)");
    return true;
}

/* Whether equal values of the type may differ. */
static bool has_equals(Printer *printer, const Expr *expr)
{
    return print_needs_order_key(printer, expr) ||
           (printer->dialect->kind == DIALECT_DUCKDB && (expr->type == TYPE_FLOAT4 || expr->type == TYPE_FLOAT8));
}

static bool print_extreme(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind == DIALECT_SQLITE)
        return print_refuse(printer, expr, "GREATEST or LEAST is");
    bool is_null = true;
    for (int i = 0; i < expr->nargs; i++)
        is_null &= expr->args[i]->kind == EXPR_CONST && !expr->args[i]->u.value;
    if (is_null)
        return print_as(printer, expr->args[0], expr->type, expr->typmod);
    if (!postgres_may_order(printer, expr, expr))
        return false;
    if (has_equals(printer, expr))
        return print_folded_extreme(printer, expr);
    str_add(printer->out, expr->kind == EXPR_GREATEST ? "GREATEST(" : "LEAST(");
    for (int i = 0; i < expr->nargs; i++) {
        str_add(printer->out, i ? ", " : "");
        if (!print_as(printer, expr->args[i], expr->type, expr->typmod))
            return false;
        if (!i && postgres_needs_collate(printer, expr))
            str_add(printer->out, " COLLATE \"C\"");
    }
    str_add(printer->out, ")");
    return true;
}

/* ---- casts ---- */

/* Domains lie as texts, whatever their base. */
bool print_domain_relabel(Printer *printer, const Expr *expr)
{
    const Expr *arg = expr->args[0];
    if (type_layout(expr->type, -1).physical == FDW_STRING)
        return duckdb_stored_text(printer, arg);
    const char *text = print_text_of(printer, arg);
    return text && duckdb_from_stored(printer, text, expr->type);
}

static bool is_domain(Printer *printer, Oid type)
{
    return print_base_type(printer, type) != type;
}

/* int4 and oid share their bits; everything else that is binary-compatible has one layout. */
static bool print_relabel(Printer *printer, const Expr *expr)
{
    /* The source still has what is left off of an XML declaration on the way from it. */
    if (printer->dialect->kind == DIALECT_POSTGRES && expr->args[0]->type == TYPE_XML)
        return print_refuse(printer, expr, "the text of xml is");
    if (printer->dialect->kind == DIALECT_POSTGRES)
        return postgres_cast(printer, expr);
    /* A host's cidr ends with its mask, the inet does not. */
    if (printer->dialect->kind == DIALECT_DUCKDB && expr->type == TYPE_INET && expr->args[0]->type == TYPE_CIDR)
        return duckdb_io_cast(printer, expr);
    if (printer->dialect->kind == DIALECT_DUCKDB && (is_domain(printer, expr->type) || is_domain(printer, expr->args[0]->type)))
        return print_domain_relabel(printer, expr);
    FdwPhysical from = type_layout(expr->args[0]->type, expr->args[0]->typmod).physical;
    FdwPhysical to = type_layout(expr->type, expr->typmod).physical;
    if (printer->dialect->kind == DIALECT_DUCKDB && from == FDW_INT32 && to == FDW_UINT32)
        return print_around(printer, "CAST((CAST(", expr->args[0], " AS BIGINT) & 4294967295) AS UINTEGER)");
    if (printer->dialect->kind == DIALECT_DUCKDB && from == FDW_UINT32 && to == FDW_INT32)
        return print_around(printer, "mdl_oid_int4(", expr->args[0], ")");
    if (printer->dialect->kind == DIALECT_SQLITE && from == FDW_INT32 && to == FDW_UINT32)
        return print_around(printer, "(", expr->args[0], " & 4294967295)");
    if (printer->dialect->kind == DIALECT_SQLITE && from == FDW_UINT32 && to == FDW_INT32)
        return print_around(printer, "(((", expr->args[0], " + 2147483648) & 4294967295) - 2147483648)");
    return print_as(printer, expr->args[0], expr->type, expr->typmod);
}

static bool print_cast_io(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind == DIALECT_POSTGRES)
        return postgres_io_cast(printer, expr);
    if (printer->dialect->kind == DIALECT_DUCKDB)
        return duckdb_io_cast(printer, expr);
    if (printer->dialect->own_functions)
        return catalog_io_cast(printer, expr);
    return print_refuse(printer, expr, "this cast is");
}

static bool print_cast_array(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind == DIALECT_POSTGRES)
        return postgres_array_cast(printer, expr);
    if (printer->dialect->kind == DIALECT_DUCKDB)
        return duckdb_array_cast(printer, expr);
    if (printer->dialect->own_functions)
        return catalog_array_cast(printer, expr);
    return print_refuse(printer, expr, "an array is");
}

static bool print_collate(Printer *printer, const Expr *expr)
{
    const CatCollation *collation = catalog_collation(printer->catalog, expr->collation);
    bool bytes = expr->collation == COLLATION_C || expr->collation == COLLATION_POSIX || expr->collation == COLLATION_DEFAULT;
    if (!bytes && !(collation && collation->by_bytes))
        return print_refuse(printer, expr, "collation \"%s\" is", collation ? collation->name : "?");
    if (printer->dialect->kind == DIALECT_POSTGRES && expr->collation != COLLATION_DEFAULT)
        return print_around(printer, "(", expr->args[0], " COLLATE \"C\")");
    return print_expr(printer, expr->args[0]);
}

/* ---- arrays and rows ---- */

static bool print_array(Printer *printer, const Expr *expr)
{
    Str *out = printer->out;
    if (printer->dialect->kind == DIALECT_POSTGRES) {
        str_add(out, "ARRAY[");
        if (!print_list(printer, expr->args, expr->nargs, ", "))
            return false;
        str_addf(out, "]::%s", postgres_type_name(printer, expr->type, -1));
        return true;
    }
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return print_refuse(printer, expr, "an array is");
    if (!expr->nargs) {
        str_add(out, "'{}'");
        return true;
    }
    str_addf(out, "%s('{' || concat_ws(','", expr->u.is_multi_dim ? "mdl_array_nest" : "");
    for (int i = 0; i < expr->nargs; i++) {
        str_add(out, ", COALESCE(mdl_array_quote(");
        if (!duckdb_stored_text(printer, expr->args[i]))
            return false;
        str_add(out, "), 'NULL')");
    }
    str_add(out, ") || '}')");
    return true;
}

static bool print_subscript(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind == DIALECT_DUCKDB)
        return duckdb_subscript(printer, expr);
    if (printer->dialect->own_functions)
        return catalog_subscript(printer, expr);
    if (printer->dialect->kind != DIALECT_POSTGRES)
        return print_refuse(printer, expr, "an array is");
    if (expr->args[0]->type == TYPE_JSONB && !postgres_has(printer, expr, 14, "a subscript of jsonb"))
        return false;
    if (!print_around(printer, "(", expr->args[0], ")"))
        return false;
    int step = expr->u.subscript.is_slice ? 2 : 1;
    for (int i = 1; i < expr->nargs; i += step) {
        if (expr->args[i] && !print_around(printer, "[", expr->args[i], step == 2 ? ":" : "]"))
            return false;
        if (!expr->args[i])
            str_add(printer->out, "[:");
        if (step == 2 && !expr->args[i + 1])
            str_add(printer->out, "]");
        else if (step == 2 && !print_around(printer, "", expr->args[i + 1], "]"))
            return false;
    }
    return true;
}

static bool print_grouping(Printer *printer, const Expr *expr)
{
    if (!printer->dialect->grouping_sets)
        return print_refuse(printer, expr, "GROUPING is");
    bool engine = printer->dialect->kind == DIALECT_DUCKDB;
    str_add(printer->out, engine ? "CAST(GROUPING(" : "GROUPING(");
    printer->scope->inside_aggregate++;
    bool ok = true;
    for (int i = 0; ok && i < expr->nargs; i++) {
        str_add(printer->out, i ? ", " : "");
        ok = print_group_key(printer, expr->args[i]);
    }
    printer->scope->inside_aggregate--;
    str_add(printer->out, engine ? ") AS INTEGER)" : ")");
    return ok;
}

static bool print_unsupported(Printer *printer, const Expr *expr)
{
    static const char *const KINDS[PRINT_RAW] = {
        [EXPR_CAST_ROW] = "a cast of a row is",
        [EXPR_SQL_VALUE] = "a value of the session is",
        [EXPR_NAMED_ARG] = "a named argument is",
        [EXPR_DEFAULT] = "DEFAULT is",
    };
    const char *what = KINDS[expr->kind];
    return print_refuse(printer, expr, "%s", what ? what : "this expression is");
}

typedef bool (*ExprPrinter)(Printer *printer, const Expr *expr);
static const ExprPrinter PRINTERS[] = {
    [EXPR_VAR] = print_var,
    [EXPR_CONST] = print_const,
    [EXPR_PARAM] = print_param,
    [EXPR_FUNC] = print_func,
    [EXPR_OP] = print_op,
    [EXPR_DISTINCT] = print_distinct_from,
    [EXPR_NULLIF] = print_nullif,
    [EXPR_ANY_ALL] = print_any_all,
    [EXPR_AND] = print_logic,
    [EXPR_OR] = print_logic,
    [EXPR_NOT] = print_not,
    [EXPR_IS_NULL] = print_null_test,
    [EXPR_IS_NOT_NULL] = print_null_test,
    [EXPR_BOOL_TEST] = print_bool_test,
    [EXPR_CASE] = print_case,
    [EXPR_COALESCE] = print_coalesce,
    [EXPR_GREATEST] = print_extreme,
    [EXPR_LEAST] = print_extreme,
    [EXPR_RELABEL] = print_relabel,
    [EXPR_CAST_IO] = print_cast_io,
    [EXPR_CAST_ARRAY] = print_cast_array,
    [EXPR_CAST_DOMAIN] = print_cast_domain,
    [EXPR_CAST_ROW] = print_unsupported,
    [EXPR_COLLATE] = print_collate,
    [EXPR_ARRAY] = print_array,
    [EXPR_ROW] = print_row,
    [EXPR_ROW_COMPARE] = print_row_compare,
    [EXPR_SUBSCRIPT] = print_subscript,
    [EXPR_FIELD] = print_field,
    [EXPR_SUBLINK] = print_sublink,
    [EXPR_AGG] = print_aggregate,
    [EXPR_WINDOW] = print_window,
    [EXPR_GROUPING] = print_grouping,
    [EXPR_SQL_VALUE] = print_unsupported,
    [EXPR_NAMED_ARG] = print_unsupported,
    [EXPR_DEFAULT] = print_unsupported,
    [EXPR_DOMAIN_VALUE] = print_domain_value,
    [EXPR_SUBPLAN] = duckdb_subplan,
    [EXPR_XML] = print_xml,
    [EXPR_SET_PART] = print_set_part,
};

/* ---- every expression ---- */

/* Invariant 2. */
static bool is_keyed_group_expr(Printer *printer, const Expr *expr)
{
    const Scope *scope = printer->scope;
    if (printer->dialect->kind != DIALECT_DUCKDB || !scope || !scope->query || scope->inside_aggregate || !scope->query->ngroup)
        return false;
    if (expr->kind == EXPR_CONST || expr->kind == (ExprKind)PRINT_RAW)
        return false;
    for (int i = 0; i < scope->query->ngroup; i++) {
        const Expr *group = scope->query->targets[scope->query->group[i]].expr;
        if (expr_equal(expr, group))
            return print_needs_key(printer, group);
    }
    return false;
}

/* Their texts have another delimiter than all other arrays, which the functions of the local engine do not know. */
static bool works_on_boxes(const Expr *expr)
{
    bool works = expr->kind == EXPR_FUNC || expr->kind == EXPR_OP || expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW ||
                 expr->kind == EXPR_ARRAY || expr->kind == EXPR_SUBSCRIPT || expr->kind == EXPR_ANY_ALL || expr->kind == EXPR_CAST_ARRAY;
    bool found = works && expr->type == type_array_of(TYPE_BOX);
    for (int i = 0; works && i < expr->nargs; i++)
        found = found || (expr->args[i] && expr->args[i]->type == type_array_of(TYPE_BOX));
    return found;
}

/* Of text search configurations constants alone are told to a source, by their names. */
static bool is_type_allowed(Printer *printer, const Expr *expr)
{
    const Dialect *dialect = printer->dialect;
    bool is_named = dialect->kind == DIALECT_POSTGRES && expr->kind == EXPR_CONST && expr->type == TYPE_REGCONFIG;
    return is_named || !dialect->type_allowed || dialect->type_allowed(printer, expr->type);
}

static bool print_bare(Printer *printer, const Expr *expr)
{
    if (expr->kind == (ExprKind)PRINT_RAW)
        return print_raw_text(printer, expr);
    const Dialect *dialect = printer->dialect;
    if (!is_type_allowed(printer, expr)) {
        const char *name = catalog_format_type(printer->catalog, expr->type, -1, printer->arena);
        return print_refuse(printer, expr, "type %s is", name ? name : "?");
    }
    if (dialect->kind == DIALECT_DUCKDB && works_on_boxes(expr))
        return print_refuse(printer, expr, "work on box[] is");
    if (dialect->kind == DIALECT_DUCKDB && numeric_is(printer, expr))
        return numeric_print(printer, expr, numeric_layout(expr->typmod));
    expr = print_mixed(printer, expr);
    return expr && print_with_operands_once(printer, PRINTERS[expr->kind], expr);
}

/* Of the group's values any; in a grouping set without the expression, NULL. */
static bool print_group_value(Printer *printer, const Expr *expr)
{
    bool in_sets = printer->scope->query->ngrouping_sets > 0;
    if (in_sets) {
        str_add(printer->out, "CASE WHEN GROUPING(");
        if (!print_group_key(printer, expr))
            return false;
        str_add(printer->out, ") = 0 THEN ");
    }
    bool of_outside = expr->kind == EXPR_VAR && expr->u.var.levels_up; /* then the engine would take the aggregate for one of there */
    str_add(printer->out, of_outside ? "" : "any_value(");
    if (!print_bare(printer, expr))
        return false;
    str_addf(printer->out, "%s%s", of_outside ? "" : ")", in_sets ? " END" : "");
    return true;
}

bool print_keyed_group(Printer *printer, const Expr *expr, bool *ok)
{
    if (!is_keyed_group_expr(printer, expr))
        return false;
    printer->scope->inside_aggregate++;
    *ok = print_group_value(printer, expr);
    printer->scope->inside_aggregate--;
    return true;
}

bool print_expr(Printer *printer, const Expr *expr)
{
    if (++printer->depth > SQL_MAX_DEPTH)
        return error_too_deep(printer->error);
    bool ok;
    int cost;
    if (!sqlite_stack_enter(printer, expr, &cost))
        return false;
    if (!print_keyed_group(printer, expr, &ok))
        ok = print_bare(printer, expr);
    printer->stack -= cost;
    printer->depth--;
    return ok;
}

/* The plain printer of the expression's kind: for print_numeric.c, after it has chosen the form. */
bool print_kind(Printer *printer, const Expr *expr)
{
    return expr->kind == (ExprKind)PRINT_RAW ? print_raw_text(printer, expr)
                                             : print_with_operands_once(printer, PRINTERS[expr->kind], expr);
}

bool print_as(Printer *printer, const Expr *expr, Oid type, int32_t typmod)
{
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return print_expr(printer, expr);
    if (expr->kind == EXPR_CONST && !expr->u.value)
        return duckdb_null(printer, type, typmod);
    if (type != expr->type && is_domain(printer, type) && !is_domain(printer, expr->type))
        return duckdb_stored_text(printer, expr);
    if (!numeric_is(printer, expr))
        return print_expr(printer, expr);
    return numeric_print(printer, expr, numeric_layout(typmod));
}
