/*
 * print_duckdb.c - the local engine's types, literals, calls and casts.
 *
 *  1. Every literal carries its type: DuckDB would otherwise choose another one (an INTEGER 1 beside a SMALLINT becomes one).
 *  2. Functions run natively only where data/functions.tsv spells them so; all others are Medley's own.
 *  3. Stored text is what lies in arrays: canonical, reg* values as OIDs. Output text is what a client would see.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct PhysicalRow {
    const char *name;    /* DuckDB's type */
    bool native_text;    /* CAST(x AS VARCHAR) is PostgreSQL's text, stored and output */
    bool native_input;   /* CAST(canonical text AS type) is exact */
    const char *literal; /* how a literal is written: %s is the quoted canonical text */
} PhysicalRow;

static const PhysicalRow PHYSICAL_ROWS[] = {
    [FDW_BOOL] = {"BOOLEAN", false, false, NULL},
    [FDW_INT16] = {"SMALLINT", true, true, "CAST(%s AS SMALLINT)"},
    [FDW_INT32] = {"INTEGER", true, true, "CAST(%s AS INTEGER)"},
    [FDW_INT64] = {"BIGINT", true, true, "CAST(%s AS BIGINT)"},
    [FDW_UINT32] = {"UINTEGER", true, true, "CAST(%s AS UINTEGER)"},
    [FDW_FLOAT] = {"FLOAT", false, true, "CAST(%s AS FLOAT)"},
    [FDW_DOUBLE] = {"DOUBLE", false, true, "CAST(%s AS DOUBLE)"},
    [FDW_DECIMAL] = {"DECIMAL", true, true, NULL},
    [FDW_STRING] = {"VARCHAR", true, true, "CAST(%s AS VARCHAR)"},
    [FDW_BYTES] = {"BLOB", false, false, NULL},
    [FDW_DATE] = {"DATE", false, false, NULL},
    [FDW_TIME] = {"TIME", false, false, NULL},
    [FDW_TIMESTAMP] = {"TIMESTAMP", false, false, NULL},
    [FDW_TIMESTAMPTZ] = {"TIMESTAMP WITH TIME ZONE", false, false, NULL},
    [FDW_INTERVAL] = {"INTERVAL", false, false, NULL},
    [FDW_UUID] = {"UUID", true, true, "CAST(%s AS UUID)"},
};

static FdwType layout_of(Oid type, int32_t typmod)
{
    return type_layout(type, type == TYPE_NUMERIC ? typmod : -1);
}

const char *duckdb_type_name(Printer *printer, Oid type, int32_t typmod)
{
    FdwType layout = layout_of(type, typmod);
    if (layout.physical == FDW_DECIMAL)
        return arena_printf(printer->arena, "DECIMAL(%d,%d)", layout.precision, layout.scale);
    return PHYSICAL_ROWS[layout.physical].name;
}

bool duckdb_null(Printer *printer, Oid type, int32_t typmod)
{
    str_addf(printer->out, "CAST(NULL AS %s)", duckdb_type_name(printer, type, typmod));
    return true;
}

Oid print_base_type(Printer *printer, Oid type)
{
    return type_is_builtin(type) ? type : catalog_base_type(printer->catalog, type, NULL);
}

/* ---- literals ---- */

static bool print_time_literal(Printer *printer, const char *type_name, const Value *value, FdwPhysical physical)
{
    Str *out = printer->out;
    switch (physical) {
    case FDW_INTERVAL:
        str_addf(out, "(to_months(CAST(%d AS INTEGER)) + to_days(CAST(%d AS INTEGER)) + to_microseconds(CAST('%lld' AS BIGINT)))",
                 value->interval.months, value->interval.days, (long long)value->interval.micros);
        return true;
    case FDW_DATE:
        if (value->i == INT32_MAX || value->i == -INT32_MAX)
            str_addf(out, "CAST('%sinfinity' AS DATE)", value->i < 0 ? "-" : "");
        else
            str_addf(out, "(DATE '1970-01-01' + CAST(%lld AS INTEGER))", (long long)value->i);
        return true;
    default:
        break;
    }
    if (value->i == INT64_MAX || value->i == -INT64_MAX)
        str_addf(out, "CAST('%sinfinity' AS %s)", value->i < 0 ? "-" : "", type_name);
    else if (physical == FDW_TIMESTAMPTZ)
        str_addf(out, "make_timestamptz(CAST('%lld' AS BIGINT))", (long long)value->i);
    else if (physical == FDW_TIMESTAMP)
        str_addf(out, "make_timestamp(CAST('%lld' AS BIGINT))", (long long)value->i);
    else
        str_addf(out, "(TIME '00:00:00' + to_microseconds(CAST('%lld' AS BIGINT)))", (long long)value->i);
    return true;
}

static bool print_bytes_literal(Printer *printer, const Value *value)
{
    static const char DIGITS[] = "0123456789abcdef";
    str_add(printer->out, "unhex('");
    for (size_t i = 0; i < value->s.len; i++) {
        unsigned char byte = (unsigned char)value->s.ptr[i];
        str_addc(printer->out, DIGITS[byte >> 4]);
        str_addc(printer->out, DIGITS[byte & 15]);
    }
    str_add(printer->out, "')");
    return true;
}

static bool print_parsed_literal(Printer *printer, const Expr *expr, FdwType layout)
{
    Value value = {0};
    const char *text = expr->u.value;
    if (layout.physical == FDW_TIME && str_eq(text, "24:00:00")) {
        str_add(printer->out, "CAST('24:00:00' AS TIME)");
        return true;
    }
    if (!type_input(expr->type, -1, text, strlen(text), &TYPE_CONTEXT_CANONICAL, printer->arena, &value, printer->error))
        return false;
    if (layout.physical == FDW_BYTES)
        return print_bytes_literal(printer, &value);
    return print_time_literal(printer, PHYSICAL_ROWS[layout.physical].name, &value, layout.physical);
}

/* The engine computes equal arguments of window functions once; intervals and zeros that are written otherwise are equal constants to it.
 */
static const char *kept_apart(const Printer *printer, const char *text, FdwPhysical physical)
{
    bool is_float = physical == FDW_FLOAT || physical == FDW_DOUBLE;
    return !printer->in_window ? NULL : physical == FDW_INTERVAL ? "interval" : is_float && str_eq(text, "-0") ? "float8" : NULL;
}

bool duckdb_constant(Printer *printer, const Expr *expr)
{
    const char *text = expr->u.value;
    if (!text)
        return duckdb_null(printer, expr->type, expr->typmod);
    FdwType layout = layout_of(expr->type, -1);
    const char *apart = kept_apart(printer, text, layout.physical);
    if (apart) {
        str_addf(printer->out, "CAST(mdl_%s_apart('%s') AS %s)", apart, text, PHYSICAL_ROWS[layout.physical].name);
        return true;
    }
    if (layout.physical == FDW_BOOL) {
        str_add(printer->out, text[0] == 't' ? "true" : "false");
        return true;
    }
    const char *literal = PHYSICAL_ROWS[layout.physical].literal;
    if (!literal)
        return print_parsed_literal(printer, expr, layout);
    Str quoted;
    str_init(&quoted, printer->arena);
    bool is_integer = layout.physical == FDW_INT16 || layout.physical == FDW_INT32 || layout.physical == FDW_UINT32;
    if (is_integer && !text[strspn(text, "-0123456789")])
        str_add(&quoted, text);
    else
        sql_quote_literal(printer->dialect, text, &quoted);
    const char *hole = strstr(literal, "%s");
    str_addn(printer->out, literal, (size_t)(hole - literal));
    str_addn(printer->out, quoted.data, quoted.len);
    str_add(printer->out, hole + 2);
    return true;
}

/* ---- calls ---- */

static bool refuse_function(Printer *printer, Oid proc, const Expr *expr)
{
    const CatOperator *op = expr->kind == EXPR_OP ? catalog_operator(printer->catalog, expr->oid) : NULL;
    if (op) {
        const char *left = op->left ? catalog_format_type(printer->catalog, op->left, -1, printer->arena) : NULL;
        const char *right = catalog_format_type(printer->catalog, op->right, -1, printer->arena);
        return print_refuse(printer, expr, "operator %s%s%s %s is", left ? left : "", left ? " " : "", op->name, right ? right : "?");
    }
    const CatProc *row = catalog_proc(printer->catalog, proc);
    if (!row)
        return print_refuse(printer, expr, "function %u is", proc);
    Str name;
    str_init(&name, printer->arena);
    str_addf(&name, "%s(", row->name);
    for (int i = 0; i < row->nargs; i++) {
        const char *type = catalog_format_type(printer->catalog, row->arg_types[i], -1, printer->arena);
        str_addf(&name, "%s%s", i ? ", " : "", type ? type : "?");
    }
    return print_refuse(printer, expr, "function %s) is", name.data);
}

/* mdl_<name>_<oid>(arguments): each argument in the layout of the function's own argument type. */
static bool print_own_function(Printer *printer, const FuncFact *fact, const Expr *expr)
{
    bool ascii = func_letters(fact->proc) && expr_has_ascii_letters(printer->catalog, expr);
    str_addf(printer->out, "mdl_%s_%u%s(", fact->name, fact->proc, ascii ? "_c" : "");
    for (int i = 0; i < expr->nargs; i++) {
        str_add(printer->out, i ? ", " : "");
        if (!print_as(printer, expr->args[i], expr->args[i]->type, -1))
            return false;
    }
    str_add(printer->out, ")");
    return true;
}

/* mdl_typed_<n>(proc, '<result> <types of arguments>', canonical texts) gives a canonical text: func_typed.c. */
static bool print_typed_function(Printer *printer, const FuncFact *fact, const Expr *expr)
{
    PrintHold hold;
    print_hold(printer, &hold);
    str_addf(printer->out, "mdl_typed_%d(CAST(%u AS UINTEGER), '%u", expr->nargs, fact->proc, expr->type);
    for (int i = 0; i < expr->nargs; i++)
        str_addf(printer->out, " %u", expr->args[i]->type);
    str_add(printer->out, "'");
    bool done = true;
    for (int i = 0; done && i < expr->nargs; i++) {
        str_add(printer->out, ", ");
        done = duckdb_stored_text(printer, expr->args[i]);
    }
    str_add(printer->out, ")");
    const char *text = print_held(printer, &hold, done);
    return text && duckdb_from_stored(printer, text, expr->type);
}

/* mdl_call_<layout>('<proc> <result> <types of arguments>', arguments): src/exec/routine_function.c. */
/* Which of the plan's subplans it is, as "s1", stands in the place of the function's OID. */
bool duckdb_routine_call(Printer *printer, const Expr *call, const char *name)
{
    const PrintContext *context = printer->context;
    bool is_subplan = call->kind == EXPR_SUBPLAN;
    if (is_subplan && (printer->dialect->kind != DIALECT_DUCKDB || !context->subplan))
        return print_refuse(printer, call, "a query for each row is");
    const char *whose = is_subplan ? arena_printf(printer->arena, "s%d", context->subplan(context->arg, call))
                                   : arena_printf(printer->arena, "%u", call->oid);
    str_addf(printer->out, "%s('%s %u", name, whose, call->type);
    for (int i = 0; i < call->nargs; i++)
        str_addf(printer->out, " %u", call->args[i]->type);
    str_add(printer->out, "'");
    for (int i = 0; i < call->nargs; i++) {
        str_add(printer->out, ", ");
        const Expr *arg = call->args[i];
        if (arg->type == TYPE_RECORD || arg->type == TYPE_RECORD_ARRAY ? !print_with_fields(printer, arg)
                                                                       : !print_as(printer, arg, arg->type, -1))
            return false;
    }
    str_add(printer->out, ")");
    return true;
}

static bool print_routine(Printer *printer, const Expr *expr)
{
    return duckdb_routine_call(printer, expr, arena_printf(printer->arena, "mdl_call_%d", (int)layout_of(expr->type, -1).physical));
}

bool duckdb_subplan(Printer *printer, const Expr *expr)
{
    bool is_decimal = expr->type == TYPE_NUMERIC && layout_of(expr->type, expr->typmod).physical == FDW_DECIMAL;
    str_add(printer->out, is_decimal ? "CAST(" : "");
    if (!print_routine(printer, expr))
        return false;
    if (is_decimal)
        str_addf(printer->out, " AS %s)", duckdb_type_name(printer, expr->type, expr->typmod));
    return true;
}

/* What analysis has found for the argument. */
static bool print_collation_for(Printer *printer, const Expr *arg)
{
    const CatType *type = catalog_type(printer->catalog, arg->type);
    const CatCollation *collation = arg->collation ? catalog_collation(printer->catalog, arg->collation) : NULL;
    if (type && !type->collation && arg->type != TYPE_UNKNOWN)
        return error_set(printer->error, ERRCODE_DATATYPE_MISMATCH, "collations are not supported by type %s",
                         catalog_format_type(printer->catalog, arg->type, TYPMOD_NOT_GIVEN, printer->arena));
    if (!collation)
        return duckdb_null(printer, TYPE_TEXT, -1);
    bool visible = catalog_is_visible(printer->catalog, PG_COLLATION_RELATION, collation->oid);
    str_add(printer->out, "CAST(");
    sql_quote_literal(printer->dialect,
                      catalog_qualified(printer->catalog, visible ? OID_NONE : collation->namespace_oid, collation->name, printer->arena),
                      printer->out);
    str_add(printer->out, " AS VARCHAR)");
    return true;
}

/* JSON of the elements, which are all of one type. */
static bool print_json_of_elements(Printer *printer, const Expr *expr, const char *helper)
{
    const Expr *array = expr->args[0];
    const char *text = print_text_by(printer, duckdb_stored_text, array);
    if (!text || array->type == TYPE_RECORD_ARRAY)
        return text && print_refuse(printer, expr, "JSON of an array of records as VARIADIC is");
    const CatType *type = catalog_type(printer->catalog, print_base_type(printer, array->type));
    str_addf(printer->out, "%s(CAST(%u AS UINTEGER), '{%u}', %s)", helper, expr->type, type->element, text);
    return true;
}

/* format() of no array is format() of no arguments. */
static bool print_format_of_elements(Printer *printer, const Expr *expr)
{
    const char *format = print_text_of(printer, expr->args[0]);
    const char *texts = format ? print_text_by(printer, duckdb_output_text, expr->args[1]) : NULL;
    str_addf(printer->out, "mdl_format(%s, COALESCE(%s, '{}'))", format ? format : "", texts ? texts : "");
    return texts != NULL;
}

/* Functions of any arguments, called with an array of them whose elements are not known: what does the same with an array. */
static bool print_over_array(Printer *printer, Oid proc, const Expr *expr)
{
    if (proc == F_FORMAT_TEXT_ANY)
        return print_format_of_elements(printer, expr);
    if (proc == F_JSON_BUILD_OBJECT_ANY || proc == F_JSONB_BUILD_OBJECT_ANY)
        return print_json_of_elements(printer, expr, "mdl_json_object");
    if (proc == F_JSON_BUILD_ARRAY_ANY || proc == F_JSONB_BUILD_ARRAY_ANY)
        return print_json_of_elements(printer, expr, "mdl_json_array");
    Expr *array = expr->args[expr->nargs - 1], *args[2] = {array, NULL};
    Expr nothing = {.kind = EXPR_CONST, .type = TYPE_TEXT, .typmod = -1, .location = -1, .u.value = ""};
    if (proc == F_CONCAT_ANY || proc == F_CONCAT_WS_TEXT_ANY) {
        args[1] = proc == F_CONCAT_ANY ? &nothing : expr->args[0];
        return print_call(printer, F_ARRAY_TO_STRING_ANYARRAY_TEXT, OID_NONE, expr, args, 2);
    }
    if (proc != F_NUM_NULLS_ANY && proc != F_NUM_NONNULLS_ANY)
        return print_refuse(printer, expr, "a VARIADIC call is");
    const char *text = print_text_of(printer, array);
    if (!text)
        return false;
    bool nulls = proc == F_NUM_NULLS_ANY;
    str_addf(printer->out, "CAST(len(mdl_array_elements(%s)) - len(list_filter(mdl_array_elements(%s), lambda e: e IS %sNULL)) AS INTEGER)",
             text, text, nulls ? "NOT " : "");
    return true;
}

static bool print_variadic(Printer *printer, Oid proc, const Expr *expr)
{
    const Expr *array = expr->args[expr->nargs - 1];
    Expr **items = array->args;
    int count = array->nargs, own = expr->nargs - 1;
    while (array->kind == EXPR_RELABEL)
        array = array->args[0];
    bool known = array->kind == EXPR_ARRAY && !array->u.is_multi_dim;
    if (!known && array->kind == EXPR_CONST && !array->u.value && proc != F_FORMAT_TEXT_ANY)
        return duckdb_null(printer, expr->type, -1);
    if (!known && array->kind == EXPR_CONST && array->u.value) {
        if (!print_constant_elements(printer, array, &items, &count))
            return false;
        known = true;
    } else if (known) {
        items = array->args;
        count = array->nargs;
    }
    if (!known || own + count == 0)
        return print_over_array(printer, proc, expr);
    Expr call = *expr;
    call.nargs = own + count;
    call.args = ARENA_ARRAY(printer->arena, Expr *, call.nargs);
    memcpy(call.args, expr->args, sizeof(Expr *) * (size_t)own);
    memcpy(call.args + own, items, sizeof(Expr *) * (size_t)count);
    call.u.func.variadic = false;
    return duckdb_call(printer, proc, OID_NONE, &call);
}

/* The engine takes a constant pattern of letters and % apart once; any other it matches character by character, in a time that grows with
 * the power of the number of %, deaf to cancels. */
static bool is_slow_pattern(const FunctionSpelling *spelling, const Expr *expr)
{
    if (!strstr(spelling->duckdb, " LIKE $2"))
        return false;
    const Expr *pattern = expr->args[1];
    return pattern->kind != EXPR_CONST || (pattern->u.value && strpbrk(pattern->u.value, "\\_"));
}

/* Elements whose text only the catalog, or their record, can show are texts before they are put together. */
static bool print_shown_elements(Printer *printer, Oid proc, const Expr *expr)
{
    const char *shown = print_text_by(printer, duckdb_output_text, expr->args[0]);
    Expr texts = print_raw(type_array_of(TYPE_TEXT), shown), *args[3] = {&texts, expr->args[1], expr->nargs > 2 ? expr->args[2] : NULL};
    return shown && print_call(printer, proc, OID_NONE, expr, args, expr->nargs);
}

bool duckdb_call(Printer *printer, Oid proc, Oid op, const Expr *expr)
{
    bool done = false;
    if ((proc == F_ARRAY_TO_STRING_ANYARRAY_TEXT || proc == F_ARRAY_TO_STRING_ANYARRAY_TEXT_TEXT) &&
        (int)expr->args[0]->kind != PRINT_RAW && (expr->args[0]->type == TYPE_RECORD_ARRAY || !type_is_builtin(expr->args[0]->type)))
        return print_shown_elements(printer, proc, expr);
    bool plain_row = proc == F_ROW_TO_JSON_RECORD || (proc == F_ROW_TO_JSON_RECORD_BOOL && expr->args[1]->kind == EXPR_CONST &&
                                                      expr->args[1]->u.value && str_eq(expr->args[1]->u.value, "f"));
    if (plain_row && expr->kind == EXPR_FUNC)
        return print_call(printer, F_TO_JSON_ANYELEMENT, OID_NONE, expr, expr->args, 1);
    if (proc == F_PG_TYPEOF_ANY && expr_returns_set(expr->args[0])) /* a row for each of the set's */
        return print_template(printer, "CAST(CASE WHEN $1 IS NULL THEN $#1 ELSE $#1 END AS UINTEGER)", expr, expr->args, expr->nargs, NULL);
    if (proc == F_PG_COLLATION_FOR_ANY && expr_returns_set(expr->args[0]))
        return print_refuse(printer, expr, "asking for the collation of a set's rows is");
    if (proc == F_PG_COLLATION_FOR_ANY)
        return print_collation_for(printer, expr->args[0]);
    if (proc == F_NEXTVAL_REGCLASS && expr->kind == EXPR_FUNC && expr->u.func.form == FUNC_SQL_SYNTAX) /* an identity column's */
        return print_template(printer, "mdl_identity_next($1)", expr, expr->args, expr->nargs, NULL);
    if (proc >= 16384 && expr->kind == EXPR_FUNC)
        return print_routine(printer, expr);
    if (!numeric_call(printer, proc, expr, &done))
        return false;
    if (done)
        return true;
    if (!print_enum_call(printer, proc, expr, &done))
        return false;
    if (!done && !print_record_call(printer, proc, expr, &done))
        return false;
    if (done)
        return true;
    const FunctionSpelling *spelling = dialect_spelling(proc);
    const FuncFact *fact = func_fact(proc);
    if (!spelling || !spelling->duckdb || !fact)
        return refuse_function(printer, proc, expr);
    if (expr->kind == EXPR_FUNC && expr->u.func.variadic && fact->variadic == TYPE_ANY)
        return print_variadic(printer, proc, expr);
    if (str_eq(spelling->duckdb, "@") || is_slow_pattern(spelling, expr))
        return print_own_function(printer, fact, expr);
    if (str_eq(spelling->duckdb, "@@"))
        return print_typed_function(printer, fact, expr);
    return print_template(printer, spelling->duckdb, expr, expr->args, expr->nargs, NULL);
}

/* ---- texts ---- */

static bool print_wrapped(Printer *printer, const char *before, const Expr *expr, const char *after)
{
    str_add(printer->out, before);
    if (!print_as(printer, expr, expr->type, -1))
        return false;
    str_add(printer->out, after);
    return true;
}

bool duckdb_stored_text(Printer *printer, const Expr *expr)
{
    FdwType layout = layout_of(expr->type, -1);
    if (layout.physical == FDW_STRING)
        return print_as(printer, expr, expr->type, -1);
    if (layout.physical == FDW_BOOL)
        return print_wrapped(printer, "left(CAST(", expr, " AS VARCHAR), 1)");
    if (PHYSICAL_ROWS[layout.physical].native_text)
        return print_wrapped(printer, "CAST(", expr, " AS VARCHAR)");
    const char *name = type_format_builtin(expr->type, -1, printer->arena);
    if (!name)
        return print_refuse(printer, expr, "the text of this type is");
    return print_wrapped(printer, arena_printf(printer->arena, "mdl_text_%u(", expr->type), expr, ")");
}

/* The value of a domain, whose text lies in the engine, as one of its base type; others as they are. NULL: failed. */
static const Expr *unwrap_domain(Printer *printer, const Expr *expr)
{
    Oid base = print_base_type(printer, expr->type);
    const char *text = base == expr->type ? "" : print_text_of(printer, expr);
    if (base == expr->type || !text)
        return text ? expr : NULL;
    const char *value = duckdb_from_stored_text(printer, text, base);
    Expr *raw = ARENA_NEW(printer->arena, Expr);
    *raw = print_raw(base, value);
    return value ? raw : NULL;
}

bool duckdb_output_text(Printer *printer, const Expr *expr)
{
    if (!(expr = unwrap_domain(printer, expr)))
        return false;
    FdwType layout = layout_of(expr->type, -1);
    if (layout.physical == FDW_STRING && (print_is_row(printer, expr->type) || !type_is_builtin(expr->type)))
        return print_row_shown(printer, expr);
    if (layout.physical == FDW_STRING && !type_text_is_settled(expr->type))
        return print_wrapped(printer, arena_printf(printer->arena, "mdl_output_text(CAST(%u AS UINTEGER), ", expr->type), expr, ")");
    bool plain_number = expr->type == TYPE_OID || expr->type == TYPE_XID || expr->type == TYPE_CID;
    bool native = PHYSICAL_ROWS[layout.physical].native_text && (layout.physical != FDW_UINT32 || plain_number);
    if (native || layout.physical == FDW_BOOL)
        return duckdb_stored_text(printer, expr);
    return print_wrapped(printer, arena_printf(printer->arena, "mdl_output_%u(", expr->type), expr, ")");
}

bool duckdb_cast_text(Printer *printer, const Expr *expr)
{
    if (!(expr = unwrap_domain(printer, expr)))
        return false;
    if (expr->type == TYPE_BOOL)
        return print_wrapped(printer, "CAST(", expr, " AS VARCHAR)");
    if (expr->type == TYPE_BPCHAR)
        return print_wrapped(printer, "rtrim(", expr, ", ' ')");
    if (expr->type == TYPE_INET)
        return print_wrapped(printer, arena_printf(printer->arena, "mdl_text_%u(", F_TEXT_INET), expr, ")");
    if (expr->type == TYPE_XML)
        return duckdb_stored_text(printer, expr);
    return duckdb_output_text(printer, expr);
}

bool duckdb_from_stored(Printer *printer, const char *text, Oid type)
{
    FdwType layout = layout_of(type, -1);
    const PhysicalRow *row = &PHYSICAL_ROWS[layout.physical];
    if (layout.physical == FDW_STRING)
        str_add(printer->out, text);
    else if (layout.physical == FDW_BOOL)
        str_addf(printer->out, "(%s = 't')", text);
    else if (row->native_input)
        str_addf(printer->out, "CAST(%s AS %s)", text, row->name);
    else
        str_addf(printer->out, "mdl_input_%u(%s)", type, text);
    return true;
}

bool duckdb_column_from_stored(Printer *printer, const char *text, const RteColumn *column)
{
    if (layout_of(column->type, column->typmod).physical != FDW_DECIMAL)
        return duckdb_from_stored(printer, text, column->type);
    str_addf(printer->out, "CAST(%s AS %s)", text, duckdb_type_name(printer, column->type, column->typmod));
    return true;
}

const char *duckdb_from_stored_text(Printer *printer, const char *text, Oid type)
{
    PrintHold hold;
    print_hold(printer, &hold);
    return print_held(printer, &hold, duckdb_from_stored(printer, text, type));
}

/* ---- casts ---- */

static bool is_text(Oid type)
{
    return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_BPCHAR || type == TYPE_UNKNOWN || type == TYPE_CSTRING;
}

bool duckdb_io_cast(Printer *printer, const Expr *expr)
{
    const Expr *arg = expr->args[0];
    bool is_array;
    Oid labels = print_enum_of(printer, expr->type, &is_array);
    if (labels)
        return print_enum_cast(printer, arg, labels, is_array);
    if (!type_is_builtin(expr->type)) { /* the session reads it: src/session/routine_rows.c */
        str_addf(printer->out, "mdl_call_%d('%u %u %u', ", FDW_STRING, OID_NONE, expr->type, TYPE_TEXT);
        if (!duckdb_output_text(printer, arg))
            return false;
        str_add(printer->out, ")");
        return true;
    }
    if (is_text(expr->type))
        return duckdb_output_text(printer, arg);
    bool generic = layout_of(expr->type, -1).physical == FDW_STRING;
    if (generic)
        str_addf(printer->out, "mdl_input_text(CAST(%u AS UINTEGER), ", expr->type);
    else
        str_addf(printer->out, "mdl_input_%u(", expr->type);
    if (!duckdb_output_text(printer, arg))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* Between arrays whose elements have one text (text[] and varchar[]) nothing happens; else each element goes through the cast's
 * function, or through its text. */
bool duckdb_array_cast(Printer *printer, const Expr *expr)
{
    const Expr *arg = expr->args[0];
    if (expr->oid && !func_find(expr->oid))
        return print_refuse(printer, expr, "a cast of arrays by this function is");
    if (expr->oid) {
        str_addf(printer->out, "mdl_array_map(CAST(%u AS UINTEGER), %d, %s, ", expr->oid, expr->typmod,
                 expr->u.array_explicit ? "true" : "false");
        if (!print_expr(printer, arg))
            return false;
        str_add(printer->out, ")");
        return true;
    }
    bool is_array;
    Oid labels = print_enum_of(printer, expr->type, &is_array);
    if (labels)
        return print_enum_cast(printer, arg, labels, is_array);
    str_addf(printer->out, "mdl_array_cast(CAST(%u AS UINTEGER), CAST(%u AS UINTEGER), ", expr->u.array_io ? arg->type : OID_NONE,
             expr->type);
    if (!print_expr(printer, arg))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* The subscripts as one text: "1,2", * for one that is missing; NULL when one of them is. Closes the call. */
static bool print_subscripts(Printer *printer, const Expr *expr)
{
    str_add(printer->out, ", ");
    for (int i = 1; i < expr->nargs; i++) {
        str_add(printer->out, i > 1 ? " || ',' || " : "");
        if (!expr->args[i]) {
            str_add(printer->out, "'*'");
            continue;
        }
        str_add(printer->out, "CAST(");
        if (!print_expr(printer, expr->args[i]))
            return false;
        str_add(printer->out, " AS VARCHAR)");
    }
    str_add(printer->out, ")");
    return true;
}

static bool print_slice(Printer *printer, const Expr *expr)
{
    str_add(printer->out, "mdl_array_slice(");
    return print_expr(printer, expr->args[0]) && print_subscripts(printer, expr);
}

/* Subscripts of jsonb are a path: container #> ARRAY[...]. */
static bool print_json_subscript(Printer *printer, const Expr *expr)
{
    enum { JSONB_EXTRACT_PATH = 3217, JSONB_PATH_OPERATOR = 3213 };
    Expr **keys = ARENA_ARRAY(printer->arena, Expr *, expr->nargs), *path = ARENA_NEW(printer->arena, Expr);
    *path =
        (Expr){.kind = EXPR_ARRAY, .type = type_array_of(TYPE_TEXT), .typmod = -1, .location = -1, .args = keys, .nargs = expr->nargs - 1};
    for (int i = 1; i < expr->nargs; i++) {
        keys[i - 1] = expr->args[i];
        if (expr->args[i]->type == TYPE_TEXT)
            continue;
        keys[i - 1] = ARENA_NEW(printer->arena, Expr);
        *keys[i - 1] = (Expr){.kind = EXPR_CAST_IO, .type = TYPE_TEXT, .typmod = -1, .location = -1, .args = &expr->args[i], .nargs = 1};
    }
    return print_call(printer, JSONB_EXTRACT_PATH, JSONB_PATH_OPERATOR, expr, (Expr *[]){expr->args[0], path}, 2);
}

const char *print_element_getter(Oid container)
{
    bool geometric = container == TYPE_POINT || container == TYPE_LSEG || container == TYPE_BOX || container == TYPE_LINE;
    return container == TYPE_NAME ? "mdl_name_get" : geometric ? "mdl_geometry_get" : "mdl_array_get";
}

bool duckdb_subscript(Printer *printer, const Expr *expr)
{
    if (expr->args[0]->type == TYPE_JSONB)
        return print_json_subscript(printer, expr);
    if (expr->u.subscript.is_slice && !str_eq(print_element_getter(expr->args[0]->type), "mdl_array_get"))
        return error_set(printer->error, ERRCODE_FEATURE_NOT_SUPPORTED, "slices of fixed-length arrays not implemented");
    if (expr->u.subscript.is_slice)
        return print_slice(printer, expr);
    const char *array = print_text_of(printer, expr->args[0]);
    if (array && expr->nargs > 2) {
        PrintHold hold;
        print_hold(printer, &hold);
        str_addf(printer->out, "mdl_array_at(%s", array);
        const char *text = print_held(printer, &hold, print_subscripts(printer, expr));
        return text && duckdb_from_stored(printer, text, expr->type);
    }
    const char *index = array ? print_text_of(printer, expr->args[1]) : NULL;
    if (!index)
        return false;
    const char *get = print_element_getter(expr->args[0]->type);
    return duckdb_from_stored(printer, arena_printf(printer->arena, "%s(%s, %s)", get, array, index), expr->type);
}
