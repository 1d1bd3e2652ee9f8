/*
 * print_keys.c - how values of each type compare in the local engine: natively, by a key, or not at all.
 *
 *  1. An equality key is equal exactly where PostgreSQL's = is; an order key sorts exactly as PostgreSQL's default operator class.
 *  2. NULL has the key NULL.
 * Any thread.
 */
#include "func/proc_oids.h"
#include "sql/print_internal.h"

#define NATIVE NULL
#define NONE ""
/* \\ooo, four characters, is a byte beyond ASCII. */
#define CHAR_KEY "CASE WHEN length($1) = 4 THEN chr(128) || $1 ELSE $1 END"

#define SORT_KEY "mdl_sort_key($#1, $1)"

typedef struct KeyRow {
    Oid type;
    const char *equality, *order; /* template of the key; NATIVE: the value itself; NONE: there is none */
} KeyRow;

/* Types that are not here: the equality of their canonical texts is theirs, and they have no order. */
static const KeyRow KEY_ROWS[] = {
    {TYPE_BOOL, NATIVE, NATIVE},
    {TYPE_BYTEA, NATIVE, NATIVE},
    {TYPE_CHAR, NATIVE, CHAR_KEY},
    {TYPE_NAME, NATIVE, NATIVE},
    {TYPE_INT8, NATIVE, NATIVE},
    {TYPE_INT2, NATIVE, NATIVE},
    {TYPE_INT4, NATIVE, NATIVE},
    {TYPE_TEXT, NATIVE, NATIVE},
    {TYPE_OID, NATIVE, NATIVE},
    {TYPE_REGPROC, NATIVE, NATIVE},
    {TYPE_REGPROCEDURE, NATIVE, NATIVE},
    {TYPE_REGOPER, NATIVE, NATIVE},
    {TYPE_REGOPERATOR, NATIVE, NATIVE},
    {TYPE_REGCLASS, NATIVE, NATIVE},
    {TYPE_REGTYPE, NATIVE, NATIVE},
    {TYPE_REGROLE, NATIVE, NATIVE},
    {TYPE_REGNAMESPACE, NATIVE, NATIVE},
    {TYPE_REGCONFIG, NATIVE, NATIVE},
    {TYPE_REGDICTIONARY, NATIVE, NATIVE},
    {TYPE_REGCOLLATION, NATIVE, NATIVE},
    {TYPE_FLOAT4, NATIVE, NATIVE},
    {TYPE_FLOAT8, NATIVE, NATIVE},
    {TYPE_VARCHAR, NATIVE, NATIVE},
    {TYPE_DATE, NATIVE, NATIVE},
    {TYPE_TIME, NATIVE, NATIVE},
    {TYPE_TIMESTAMP, NATIVE, NATIVE},
    {TYPE_TIMESTAMPTZ, NATIVE, NATIVE},
    {TYPE_INTERVAL, "mdl_interval_key($1)", "mdl_interval_key($1)"},
    {TYPE_UUID, NATIVE, NATIVE},
    {TYPE_BIT, NATIVE, NATIVE},
    {TYPE_VARBIT, NATIVE, NATIVE},
    {TYPE_UNKNOWN, NATIVE, NATIVE},
    {TYPE_BPCHAR, "rtrim($1, ' ')", "rtrim($1, ' ')"},
    {TYPE_NUMERIC, "mdl_numeric_key($1)", "mdl_numeric_key($1)"},
    {TYPE_TIMETZ, "mdl_timetz_key($1)", "mdl_timetz_key($1)"},
    {TYPE_MACADDR, NATIVE, NATIVE},
    {TYPE_MACADDR8, NATIVE, NATIVE},
    {TYPE_MONEY, SORT_KEY, SORT_KEY},
    {TYPE_INET, SORT_KEY, SORT_KEY},
    {TYPE_CIDR, SORT_KEY, SORT_KEY},
    {TYPE_PG_LSN, SORT_KEY, SORT_KEY},
    {TYPE_XID8, SORT_KEY, SORT_KEY},
    {TYPE_INT4RANGE, SORT_KEY, SORT_KEY},
    {TYPE_INT8RANGE, SORT_KEY, SORT_KEY},
    {TYPE_NUMRANGE, SORT_KEY, SORT_KEY},
    {TYPE_DATERANGE, SORT_KEY, SORT_KEY},
    {TYPE_TSRANGE, SORT_KEY, SORT_KEY},
    {TYPE_TSTZRANGE, SORT_KEY, SORT_KEY},
    {TYPE_INT4MULTIRANGE, SORT_KEY, SORT_KEY},
    {TYPE_INT8MULTIRANGE, SORT_KEY, SORT_KEY},
    {TYPE_NUMMULTIRANGE, SORT_KEY, SORT_KEY},
    {TYPE_DATEMULTIRANGE, SORT_KEY, SORT_KEY},
    {TYPE_TSMULTIRANGE, SORT_KEY, SORT_KEY},
    {TYPE_TSTZMULTIRANGE, SORT_KEY, SORT_KEY},
    {TYPE_JSON, NONE, NONE},
    {TYPE_JSONB, "mdl_jsonb_key($1)", "mdl_jsonb_key($1)"},
    {TYPE_XML, NONE, NONE},
    {TYPE_POINT, NONE, NONE},
    {TYPE_LSEG, NONE, NONE},
    {TYPE_PATH, NONE, NONE},
    {TYPE_BOX, NONE, NONE},
    {TYPE_POLYGON, NONE, NONE},
    {TYPE_LINE, NONE, NONE},
    {TYPE_CIRCLE, NONE, NONE},
    {TYPE_TSVECTOR, NONE, NONE},
    {TYPE_TSQUERY, NONE, NONE},
    {TYPE_RECORD, NONE, NONE},
};
static const KeyRow OTHER_ROW = {OID_NONE, NATIVE, NONE};
/* Equal elements may have different texts: by the elements' own comparison. */
static const KeyRow ARRAY_ROW = {OID_NONE, "mdl_array_key($#1, $1)", "mdl_array_key($#1, $1)"};

static const KeyRow *key_row(Oid type)
{
    for (size_t i = 0; i < COUNT_OF(KEY_ROWS); i++) {
        if (KEY_ROWS[i].type == type)
            return &KEY_ROWS[i];
    }
    Oid element = type_array_element(type);
    if (!element)
        return &OTHER_ROW;
    const KeyRow *inner = key_row(element);
    return inner->equality && !inner->equality[0] ? inner : &ARRAY_ROW;
}

bool print_has_key(Oid type)
{
    const char *key = key_row(type)->equality;
    return !key || key[0] || type == TYPE_RECORD;
}

bool print_needs_key(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return false;
    if (numeric_is(printer, expr))
        return !numeric_natural(printer, expr).is_decimal;
    const char *key = key_row(expr->type)->equality;
    return (key && key[0]) || print_is_row(printer, expr->type) || print_base_type(printer, expr->type) != expr->type;
}

bool print_needs_order_key(Printer *printer, const Expr *expr)
{
    bool is_array;
    if (print_needs_key(printer, expr) || printer->dialect->kind != DIALECT_DUCKDB)
        return print_needs_key(printer, expr);
    const char *order = key_row(expr->type)->order;
    return (order && order[0]) || print_enum_of(printer, expr->type, &is_array) != OID_NONE;
}

/* A domain's text as a value of its base. */
static bool print_domain_key(Printer *printer, const Expr *expr, Oid base, KeyUse use)
{
    const char *text = print_text_of(printer, expr), *value = text ? duckdb_from_stored_text(printer, text, base) : NULL;
    Expr raw = print_raw(base, value);
    return value && print_key(printer, &raw, use);
}

static bool print_by_row(Printer *printer, const Expr *expr, KeyUse use)
{
    if (print_is_row(printer, expr->type))
        return print_record_key(printer, expr, use);
    const KeyRow *row = key_row(expr->type);
    const char *key = use == KEY_ORDER ? row->order : row->equality;
    bool is_array;
    Oid labels = use == KEY_ORDER && row == &OTHER_ROW ? print_enum_of(printer, expr->type, &is_array) : OID_NONE;
    if (labels)
        return print_enum_order_key(printer, expr, labels, is_array);
    Oid base = row == &OTHER_ROW ? print_base_type(printer, expr->type) : expr->type;
    if (base != expr->type)
        return print_domain_key(printer, expr, base, use);
    if (!key)
        return print_expr(printer, expr);
    if (!key[0]) {
        const char *name = catalog_format_type(printer->catalog, expr->type, -1, printer->arena);
        return print_refuse(printer, expr, "%s values of type %s is", use == KEY_ORDER ? "ordering" : "comparing", name ? name : "?");
    }
    Expr *args[1] = {(Expr *)expr};
    return print_template(printer, key, expr, args, 1, NULL);
}

/* Where a source compares by itself. */
static bool print_elsewhere(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind == DIALECT_SQLITE && !sqlite_type_compares(printer, expr->type)) {
        const char *name = catalog_format_type(printer->catalog, expr->type, -1, printer->arena);
        return print_refuse(printer, expr, "comparing values of type %s is", name ? name : "?");
    }
    return print_expr(printer, expr);
}

bool print_key(Printer *printer, const Expr *expr, KeyUse use)
{
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return print_elsewhere(printer, expr);
    if (numeric_is(printer, expr) && numeric_natural(printer, expr).is_decimal)
        return numeric_print(printer, expr, numeric_natural(printer, expr));
    return print_by_row(printer, expr, use);
}

/* What is compared with a moment is the moment that it is in the session's time zone; the engine knows none. */
static const Expr *moment_of(const Printer *printer, const Expr *expr, const Expr *other)
{
    if (other->type != TYPE_TIMESTAMPTZ || (expr->type != TYPE_TIMESTAMP && expr->type != TYPE_DATE))
        return expr;
    Expr *cast = ARENA_NEW(printer->arena, Expr);
    *cast = (Expr){.kind = EXPR_FUNC, .type = TYPE_TIMESTAMPTZ, .typmod = -1, .location = expr->location, .nargs = 1};
    cast->oid = expr->type == TYPE_DATE ? F_TIMESTAMPTZ_DATE : F_TIMESTAMPTZ_TIMESTAMP;
    cast->u.func.form = FUNC_IMPLICIT_CAST;
    cast->args = ARENA_NEW(printer->arena, Expr *);
    cast->args[0] = (Expr *)(uintptr_t)expr;
    return cast;
}

bool print_key_pair(Printer *printer, const Expr *expr, const Expr *other, KeyUse use)
{
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return print_elsewhere(printer, expr);
    expr = moment_of(printer, expr, other);
    if (numeric_is(printer, expr) && numeric_is(printer, other) &&
        numeric_common(numeric_natural(printer, expr), numeric_natural(printer, other)))
        return numeric_print(printer, expr, numeric_natural(printer, expr));
    if (print_is_row(printer, expr->type) && print_is_row(printer, other->type) && !print_rows_match(printer, expr, other))
        return false;
    return print_by_row(printer, expr, use);
}

/* The local engine gives a sorted column's values back from their keys, where -0 is 0: a key of its own keeps them. */
bool print_loses_sign(const Printer *printer, const Expr *expr)
{
    return printer->dialect->kind == DIALECT_DUCKDB && (expr->type == TYPE_FLOAT4 || expr->type == TYPE_FLOAT8);
}

bool print_group_key(Printer *printer, const Expr *expr)
{
    bool has_enum = false, is_array;
    for (int i = 0; expr->kind == EXPR_ROW && printer->dialect->kind == DIALECT_DUCKDB && i < expr->nargs; i++)
        has_enum |= print_enum_of(printer, expr->args[i]->type, &is_array) != OID_NONE;
    return print_key(printer, expr, has_enum ? KEY_ORDER : KEY_EQUALITY);
}
