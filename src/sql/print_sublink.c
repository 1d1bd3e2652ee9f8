/*
 * print_sublink.c - subqueries in expressions, ANY and ALL over arrays, comparison of rows.
 *
 *  1. Three-valued logic is PostgreSQL's in every rewriting: ANY is NULL when no comparison is true and one is NULL.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

static const CatOperator *operator_row(Printer *printer, Oid op)
{
    return catalog_operator(printer->catalog, op);
}

static bool is_comparison(const char *name)
{
    static const char *const NAMES[] = {"=", "<>", "<", "<=", ">", ">="};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        if (str_eq(NAMES[i], name))
            return true;
    }
    return false;
}

static bool is_equality(const char *name)
{
    return str_eq(name, "=") || str_eq(name, "<>");
}

/* ---- ANY and ALL over a subquery ---- */

static const Expr *sublink_column(const Query *query, int number)
{
    for (int i = 0; i < query->ntargets; i++) {
        if (!query->targets[i].junk && number-- == 0)
            return query->targets[i].expr;
    }
    return NULL;
}

/* Column `number` of the subquery printed under alias r<alias>. */
static Expr column_of(Printer *printer, const Query *query, int number, int alias)
{
    const Expr *expr = sublink_column(query, number);
    Expr raw = print_raw(expr ? expr->type : TYPE_TEXT, arena_printf(printer->arena, "r%d.c%d", alias, number + 1));
    raw.typmod = expr ? expr->typmod : -1;
    while (expr && expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    if (expr && expr->type != TYPE_RECORD && print_is_row(printer, expr->type)) { /* whose fields its type knows */
        raw.args = ARENA_ARRAY(printer->arena, Expr *, 1);
        raw.args[0] = (Expr *)(uintptr_t)expr;
        raw.nargs = 1;
    }
    if (expr && expr->type == TYPE_RECORD && number == 0) { /* whose fields the subquery knows */
        raw.args = ARENA_ARRAY(printer->arena, Expr *, 1);
        raw.args[0] = ARENA_NEW(printer->arena, Expr);
        *raw.args[0] = (Expr){.kind = EXPR_SUBLINK, .type = TYPE_RECORD, .typmod = -1, .location = -1};
        raw.args[0]->u.sublink.query = (Query *)(uintptr_t)query;
        raw.nargs = 1;
    }
    return raw;
}

static bool print_row_of(Printer *printer, const Expr *expr, bool ordered)
{
    str_add(printer->out, expr->nargs > 1 ? "(" : "");
    for (int i = 0; i < expr->nargs; i++) {
        str_add(printer->out, i ? ", " : "");
        if (!print_expr(printer, expr->args[i]) || (ordered && !postgres_may_order(printer, expr->args[i], expr)))
            return false;
        str_add(printer->out, ordered && postgres_needs_collate(printer, expr->args[i]) ? " COLLATE \"C\"" : "");
    }
    str_add(printer->out, expr->nargs > 1 ? ")" : "");
    return true;
}

static bool is_any(const Expr *expr)
{
    return expr->u.sublink.kind == SUBLINK_ANY;
}

/* x op ANY (subquery), as it is written. */
static bool print_plain_any(Printer *printer, const Expr *expr)
{
    Str *out = printer->out;
    const CatOperator *op = operator_row(printer, expr->u.sublink.ops[0]);
    if (!op || op->oid >= 16384)
        return print_refuse(printer, expr, "an operator that is not built in is");
    for (int i = 0; printer->dialect->kind == DIALECT_POSTGRES && i < expr->u.sublink.nops; i++)
        if (!postgres_may_compare(printer, expr->u.sublink.ops[i], expr))
            return false;
    bool in = str_eq(op->name, is_any(expr) ? "=" : "<>");
    str_add(out, "(");
    if (!print_row_of(printer, expr, is_comparison(op->name) && !is_equality(op->name)))
        return false;
    if (in)
        str_add(out, is_any(expr) ? " IN " : " NOT IN ");
    else
        str_addf(out, " %s %s ", op->name, is_any(expr) ? "ANY" : "ALL");
    if (!print_subquery(printer, expr->u.sublink.query))
        return false;
    str_add(out, ")");
    return true;
}

/* (a, b) < (c, d) */
static bool print_ordered_pairs(Printer *printer, const Expr *expr, const CatOperator *op, int alias)
{
    static const char *const NAMES[] = {"<", "<=", "=", ">=", ">", "<>"};
    int n = expr->nargs, how = 0;
    while (how < (int)COUNT_OF(NAMES) && !str_eq(NAMES[how], op->name))
        how++;
    if (how == (int)COUNT_OF(NAMES))
        return print_refuse(printer, expr, "this comparison of rows with a subquery is");
    Expr compare = {.kind = EXPR_ROW_COMPARE, .type = TYPE_BOOL, .typmod = -1, .location = -1, .oid = op->oid, .nargs = 2 * n};
    Expr *columns = ARENA_ARRAY(printer->arena, Expr, n);
    compare.args = ARENA_ARRAY(printer->arena, Expr *, 2 * n);
    for (int i = 0; i < n; i++) {
        columns[i] = column_of(printer, expr->u.sublink.query, i, alias);
        compare.args[i] = expr->args[i];
        compare.args[n + i] = &columns[i];
    }
    memcpy(&compare.u.compare, &how, sizeof how);
    return print_row_compare(printer, &compare);
}

static bool print_pairs(Printer *printer, const Expr *expr, int alias)
{
    const CatOperator *op = expr->nargs > 1 ? operator_row(printer, expr->u.sublink.ops[0]) : NULL;
    if (op && !is_equality(op->name))
        return print_ordered_pairs(printer, expr, op, alias);
    str_add(printer->out, "(");
    for (int i = 0; i < expr->nargs; i++) {
        Expr column = column_of(printer, expr->u.sublink.query, i, alias);
        str_add(printer->out, !i ? "" : str_eq(op->name, "=") ? " AND " : " OR ");
        if (!print_operator(printer, expr->u.sublink.ops[i], expr, expr->args[i], &column))
            return false;
    }
    str_add(printer->out, ")");
    return true;
}

/* Any operators over any columns: by counting the outcomes of the comparison over the rows. */
static bool print_counted_any(Printer *printer, const Expr *expr)
{
    Str *out = printer->out;
    int alias = ++printer->aliases;
    str_add(out, is_any(expr) ? "(SELECT CASE WHEN bool_or(o.o) THEN true" : "(SELECT CASE WHEN NOT bool_and(o.o) THEN false");
    str_addf(out, " WHEN count(*) > count(o.o) THEN NULL ELSE %s END FROM (SELECT ", is_any(expr) ? "false" : "true");
    if (!print_pairs(printer, expr, alias))
        return false;
    str_add(out, " AS o FROM ");
    if (!print_subquery(printer, expr->u.sublink.query))
        return false;
    str_addf(out, " AS r%d) AS o)", alias);
    return true;
}

/* The engine's own order of the values, in joins too: those by ranges take bytes for equal that differ in zeros at their ends, so
 * data/functions.tsv has them compared as hexadecimal digits. */
static bool has_own_order(const Expr *column)
{
    FdwPhysical physical = type_layout(column->type, -1).physical;
    return physical != FDW_STRING && physical != FDW_BYTES;
}

static bool print_any_query(Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind != DIALECT_DUCKDB) {
        bool plain = printer->dialect->kind == DIALECT_POSTGRES ||
                     (expr->nargs == 1 && is_any(expr) && expr->u.sublink.is_in && sqlite_type_compares(printer, expr->args[0]->type));
        return plain ? print_plain_any(printer, expr) : print_refuse(printer, expr, "this comparison with a subquery is");
    }
    const CatOperator *op = operator_row(printer, expr->u.sublink.ops[0]);
    const Expr *column = sublink_column(expr->u.sublink.query, 0);
    const FuncFact *compare = op ? func_fact(op->proc) : NULL; /* which may ask for the time zone */
    bool native = expr->nargs == 1 && column && compare && compare->volatility == 'i' && is_comparison(op->name) &&
                  !print_needs_key(printer, expr->args[0]) && !print_needs_key(printer, column) &&
                  (is_equality(op->name) || has_own_order(column));
    bool numeric = expr->nargs == 1 && numeric_is(printer, expr->args[0]);
    return native && !numeric ? print_plain_any(printer, expr) : print_counted_any(printer, expr);
}

/* ---- ARRAY(subquery) ---- */

/* The rows' order as extra columns: sort items that were junk, or a function's own order. */
static Query *ordered_copy(Printer *printer, const Query *query, int *ordinal_column)
{
    Query *copy = ARENA_NEW(printer->arena, Query);
    *copy = *query;
    copy->targets = ARENA_ARRAY(printer->arena, Target, query->ntargets + 1);
    int visible = 0;
    for (int i = 0; i < query->ntargets; i++) {
        copy->targets[i] = query->targets[i];
        visible += !query->targets[i].junk;
    }
    for (int i = 0; i < query->norder; i++)
        copy->targets[query->order[i].target].junk = false;
    *ordinal_column = 0;
    bool plain = !query->norder && !query->set_op && !query->distinct && !query->ngroup && !query->has_aggs && query->nfrom == 1;
    if (plain && query->from[0]->kind == FROM_RTE && query->rtes[query->from[0]->rte]->kind == RTE_FUNCTION) {
        Expr *ordinal = ARENA_NEW(printer->arena, Expr);
        *ordinal = print_raw(TYPE_INT8, arena_printf(printer->arena, "r%d.n", printer->aliases + query->from[0]->rte + 1));
        copy->targets[copy->ntargets++] = (Target){.expr = ordinal, .name = "n"};
        *ordinal_column = visible + 1;
    }
    return copy;
}

static int column_number(const Query *query, int target)
{
    int number = 0;
    for (int i = 0; i <= target; i++)
        number += !query->targets[i].junk;
    return number;
}

static bool print_array_order(Printer *printer, const Query *copy, int alias, int ordinal_column)
{
    if (ordinal_column) {
        str_addf(printer->out, " ORDER BY r%d.c%d", alias, ordinal_column);
        return true;
    }
    for (int i = 0; i < copy->norder; i++) {
        Expr column = column_of(printer, copy, column_number(copy, copy->order[i].target) - 1, alias);
        str_add(printer->out, i ? ", " : " ORDER BY ");
        if (!print_sort_item(printer, &column, &copy->order[i]))
            return false;
    }
    return true;
}

static bool print_array_query(Printer *printer, const Expr *expr)
{
    Str *out = printer->out;
    const Query *query = expr->u.sublink.query;
    if (printer->dialect->kind == DIALECT_POSTGRES) {
        str_add(out, "ARRAY");
        return print_subquery(printer, query);
    }
    if (printer->dialect->own_functions)
        return catalog_array_query(printer, expr);
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return print_refuse(printer, expr, "ARRAY with a subquery is");
    int alias = ++printer->aliases, ordinal_column;
    Query *copy = ordered_copy(printer, query, &ordinal_column);
    Expr element = column_of(printer, copy, 0, alias);
    bool stacks = type_array_element(element.type) != OID_NONE;
    element.typmod = sublink_column(copy, 0)->typmod;
    str_addf(out, "(SELECT COALESCE(%s'{' || string_agg(COALESCE(mdl_array_quote(", stacks ? "mdl_array_stack(" : "");
    if (!duckdb_stored_text(printer, &element))
        return false;
    str_add(out, "), 'NULL'), ','");
    if (!print_array_order(printer, copy, alias, ordinal_column))
        return false;
    str_addf(out, ") || '}'%s, '{}') FROM ", stacks ? ")" : "");
    if (!print_subquery(printer, copy))
        return false;
    str_addf(out, " AS r%d)", alias);
    return true;
}

bool print_sublink(Printer *printer, const Expr *expr)
{
    if (printer->shallow) {
        str_add(printer->out, "NULL");
        return true;
    }
    if (printer->let)
        return print_outside_let(printer, print_sublink, expr);
    switch (expr->u.sublink.kind) {
    case SUBLINK_EXISTS:
        str_add(printer->out, "EXISTS ");
        return print_subquery(printer, expr->u.sublink.query);
    case SUBLINK_SCALAR:
        if (!printer->dialect->scalar_sublink)
            return print_refuse(printer, expr, "a scalar subquery is");
        if (printer->dialect->own_functions)
            return catalog_scalar_query(printer, expr->u.sublink.query);
        return print_subquery(printer, expr->u.sublink.query);
    case SUBLINK_ARRAY:
        return print_array_query(printer, expr);
    case SUBLINK_ANY:
    case SUBLINK_ALL:
        break;
    }
    return print_any_query(printer, expr);
}

/* ---- ANY and ALL over an array ---- */

bool print_constant_elements(Printer *printer, const Expr *array, Expr ***items, int *count)
{
    ArrayElement *elements;
    size_t n;
    int ndim;
    const char *text = array->u.value;
    if (!type_array_parse(text, strlen(text), printer->arena, &elements, &n, &ndim, printer->error))
        return false;
    Oid type = type_array_element(array->type);
    const CatType *own = type ? NULL : catalog_type(printer->catalog, print_base_type(printer, array->type));
    type = own ? own->element : type;
    *items = ARENA_ARRAY(printer->arena, Expr *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *value = elements[i].text ? arena_strndup(printer->arena, elements[i].text, elements[i].len) : NULL;
        Expr *item = ARENA_NEW(printer->arena, Expr);
        *item = (Expr){.kind = EXPR_CONST, .type = type, .typmod = -1, .location = -1, .u.value = value};
        (*items)[i] = item;
    }
    *count = (int)n;
    return true;
}

typedef struct Comparisons {
    const Expr *expr;
    Expr *const *items;
} Comparisons;

static bool print_comparison(Printer *printer, const void *arg, int number)
{
    const Comparisons *comparisons = arg;
    const Expr *expr = comparisons->expr;
    return print_operator(printer, expr->oid, expr, expr->args[0], comparisons->items[number]);
}

static bool print_expanded(Printer *printer, const Expr *expr, const CatOperator *op, Expr *const *items, int count)
{
    Str *out = printer->out;
    const Expr *left = expr->args[0];
    bool all = expr->u.is_all;
    if (!count) {
        str_add(out, all ? "(1 = 1)" : "(1 = 0)");
        return true;
    }
    bool in = str_eq(op->name, all ? "<>" : "=") && !numeric_is(printer, left) && left->type == items[0]->type;
    if (printer->dialect->kind == DIALECT_SQLITE && !in)
        return print_refuse(printer, expr, "this comparison with an array is");
    str_add(out, "(");
    if (in && !all && !sqlite_candidates(printer, "=", left, items, count))
        return false;
    if (!in) {
        Comparisons comparisons = {expr, items};
        bool ok = print_terms(printer, &(PrintTerms){print_comparison, &comparisons, all ? " AND " : " OR "}, count);
        str_add(out, ")");
        return ok;
    }
    if (!print_key(printer, left, KEY_EQUALITY))
        return false;
    str_add(out, all ? " NOT IN (" : " IN (");
    for (int i = 0; i < count; i++) {
        str_add(out, i ? ", " : "");
        if (!print_key(printer, items[i], KEY_EQUALITY))
            return false;
    }
    str_add(out, "))");
    return true;
}

/* The operator of pair i: the same name as the first pair's, over that pair's types. */
static Oid pair_operator(Printer *printer, const char *name, const Expr *left, const Expr *right)
{
    const CatOperator *const *rows;
    size_t count = catalog_operators_by_name(printer->catalog, "pg_catalog", name, &rows);
    for (size_t i = 0; i < count; i++) {
        if (rows[i]->left == left->type && rows[i]->right == right->type)
            return rows[i]->oid;
    }
    return OID_NONE;
}

/* Places among the labels are compared in place of the labels. */
static bool print_enum_scan(Printer *printer, const Expr *expr, const CatOperator *op, Oid labels)
{
    Oid on_keys = pair_operator(printer, op->name, &(Expr){.type = TYPE_INT4}, &(Expr){.type = TYPE_INT4});
    const CatOperator *row = on_keys ? operator_row(printer, on_keys) : NULL;
    if (!row)
        return print_refuse(printer, expr, "this comparison with an array is");
    str_addf(printer->out, "mdl_array_%s(CAST(%u AS UINTEGER), CAST(", expr->u.is_all ? "all" : "any", row->proc);
    if (!print_enum_keys(printer, expr->args[0], labels, false))
        return false;
    str_add(printer->out, " AS VARCHAR), ");
    if (!print_enum_keys(printer, expr->args[1], labels, true))
        return false;
    str_add(printer->out, ")");
    return true;
}

static bool array_of_rows(const Expr *expr)
{
    return (expr->args[0]->kind == EXPR_ROW || expr->args[0]->type == TYPE_RECORD) && expr->args[1]->type == TYPE_RECORD_ARRAY;
}

static bool print_array_scan(Printer *printer, const Expr *expr, const CatOperator *op)
{
    Str *out = printer->out;
    if (printer->dialect->own_functions && op->oid < 16384)
        return catalog_array_scan(printer, expr, op->proc);
    if (printer->dialect->kind != DIALECT_DUCKDB || op->oid >= 16384)
        return print_refuse(printer, expr, "an array is");
    if (array_of_rows(expr) && !expr->u.is_all && str_eq(op->name, "="))
        return print_row_on_path(printer, expr->args[0], expr->args[1]);
    bool is_array;
    Oid labels = print_enum_of(printer, expr->args[0]->type, &is_array);
    if (labels && !is_array)
        return print_enum_scan(printer, expr, op, labels);
    bool ascii = func_letters(op->proc) && expr_has_ascii_letters(printer->catalog, expr);
    str_addf(out, "mdl_array_%s%s(CAST(%u AS UINTEGER), ", expr->u.is_all ? "all" : "any", ascii ? "_c" : "", op->proc);
    if (!duckdb_stored_text(printer, expr->args[0]))
        return false;
    str_add(out, ", ");
    if (!print_expr(printer, expr->args[1]))
        return false;
    str_add(out, ")");
    return true;
}

/* A list that is sent with the statement; SQLite has no arrays, but reads JSON's. */
static bool is_list_param(const Printer *printer, const Expr *expr)
{
    return printer->dialect->kind == DIALECT_SQLITE && !printer->dialect->own_functions && expr->kind == EXPR_PARAM &&
           expr->u.param > printer->context->nparams;
}

static bool print_in_json(Printer *printer, const Expr *expr, const Expr *list)
{
    str_add(printer->out, "(");
    if (!sqlite_type_compares(printer, type_array_element(list->type)))
        return print_refuse(printer, expr, "a list of this type is");
    if (!sqlite_list_candidates(printer, expr->args[0], list->u.param) || !print_expr(printer, expr->args[0]))
        return false;
    str_addf(printer->out, " IN (SELECT value FROM json_each(?%d)))", list->u.param);
    return true;
}

bool print_any_all(Printer *printer, const Expr *expr)
{
    Str *out = printer->out;
    const CatOperator *op = operator_row(printer, expr->oid);
    const Expr *array = expr->args[1];
    if (!op)
        return print_refuse(printer, expr, "an operator that is not built in is");
    if (printer->dialect->kind == DIALECT_POSTGRES) {
        if (!postgres_may_compare(printer, op->oid, expr))
            return false;
        str_add(out, "(");
        if (!print_expr(printer, expr->args[0]))
            return false;
        str_addf(out, " %s %s (", op->name, expr->u.is_all ? "ALL" : "ANY");
        if (!print_expr(printer, array))
            return false;
        const Expr *inner = array;
        while (inner->kind == EXPR_RELABEL)
            inner = inner->args[0];
        if (inner->kind == EXPR_SUBLINK) /* else its rows would be compared */
            str_addf(out, "::%s", postgres_type_name(printer, array->type, array->typmod));
        bool ordered = !is_equality(op->name) && is_comparison(op->name);
        if (ordered && !postgres_may_order(printer, expr->args[0], expr))
            return false;
        bool collate = ordered && postgres_needs_collate(printer, expr->args[0]);
        str_add(out, collate ? " COLLATE \"C\"))" : "))");
        return true;
    }
    while (array->kind == EXPR_RELABEL)
        array = array->args[0];
    if (is_list_param(printer, array) && is_equality(op->name) && !expr->u.is_all)
        return print_in_json(printer, expr, array);
    if (array->kind == EXPR_ARRAY && !array->u.is_multi_dim)
        return print_expanded(printer, expr, op, array->args, array->nargs);
    if (array->kind == EXPR_CONST && array->u.value) {
        Expr **items;
        int count;
        return print_constant_elements(printer, array, &items, &count) && print_expanded(printer, expr, op, items, count);
    }
    return print_array_scan(printer, expr, op);
}

/* ---- rows ---- */

/* The comparison of the rows' fields i. NULL: there is none, and that is refused. */
static Expr *pair(Printer *printer, const Expr *expr, const char *name, int i)
{
    int n = expr->nargs / 2;
    Expr *left = expr->args[i], *right = expr->args[n + i];
    Oid op = pair_operator(printer, name, left, right);
    if (!op && left->type == TYPE_VARCHAR)
        op = pair_operator(printer, name, &(Expr){.type = TYPE_TEXT}, &(Expr){.type = TYPE_TEXT});
    bool is_array;
    if (!op && left->type == right->type && type_array_element(left->type))
        op = pair_operator(printer, name, &(Expr){.type = TYPE_ANYARRAY}, &(Expr){.type = TYPE_ANYARRAY});
    if (!op && print_enum_of(printer, left->type, &is_array))
        op = pair_operator(printer, name, &(Expr){.type = is_array ? TYPE_ANYARRAY : TYPE_ANYENUM},
                           &(Expr){.type = is_array ? TYPE_ANYARRAY : TYPE_ANYENUM});
    if (!op) {
        print_refuse(printer, expr, "comparison of these rows is");
        return NULL;
    }
    Expr *compare = ARENA_NEW(printer->arena, Expr);
    *compare = (Expr){.kind = EXPR_OP, .type = TYPE_BOOL, .typmod = -1, .location = expr->location, .oid = op, .nargs = 2};
    compare->args = ARENA_ARRAY(printer->arena, Expr *, 2);
    compare->args[0] = left;
    compare->args[1] = right;
    return compare;
}

static const char *const STRICT[] = {"<", "<", "=", ">", ">", "<>"}, *const LAST[] = {"<", "<=", "=", ">=", ">", "<>"};

const Expr *print_row_compare_logic(Printer *printer, const Expr *expr, bool *failed)
{
    int n = expr->nargs / 2, how = (int)expr->u.compare;
    if (how != ROW_EQ && how != ROW_NE)
        return NULL;
    Expr *logic = ARENA_NEW(printer->arena, Expr);
    *logic = (Expr){.kind = how == ROW_EQ ? EXPR_AND : EXPR_OR, .type = TYPE_BOOL, .typmod = -1, .location = expr->location, .nargs = n};
    logic->args = ARENA_ARRAY(printer->arena, Expr *, n + 1);
    for (int i = 0; i < n; i++) {
        logic->args[i] = pair(printer, expr, LAST[how], i);
        if (!logic->args[i]) {
            *failed = true;
            return NULL;
        }
    }
    return logic;
}

static bool print_lexical(Printer *printer, const Expr *expr, int i);

/* Where those behind pair i may fail, or be volatile, they are computed only where the pair is equal. */
static bool print_lexical_lazily(Printer *printer, const Expr *expr, const Expr *strict, const Expr *equal, int i)
{
    PrintLet let;
    print_let_start(printer, &let);
    Expr unequal = *strict, same = *equal, *sides[2];
    for (int side = 0; side < 2; side++) {
        const char *text = print_let_text(printer, strict->args[side]);
        if (!text)
            return false;
        const char *name = print_is_bound(printer, strict->args[side], text) ? print_let_bind(printer, &let, text) : text;
        sides[side] = print_let_name(printer, strict->args[side], name);
    }
    unequal.args = same.args = sides;
    Str *out;
    print_let_enter(printer, &let);
    out = printer->out;
    str_add(out, "CASE WHEN ");
    bool ok = print_expr(printer, &unequal);
    str_add(out, " THEN true WHEN ");
    ok = ok && print_expr(printer, &same);
    str_add(out, " THEN ");
    ok = ok && print_lexical(printer, expr, i + 1);
    str_add(out, " ELSE ");
    ok = ok && print_expr(printer, &same);
    str_add(out, " END");
    return print_let_leave(printer, &let, ok);
}

/* (a, b) < (c, d) is a < c OR (a = c AND b < d); the last pair takes the operator as written. */
static bool print_lexical(Printer *printer, const Expr *expr, int i)
{
    int n = expr->nargs / 2, how = (int)expr->u.compare;
    const Expr *strict = pair(printer, expr, i == n - 1 ? LAST[how] : STRICT[how], i);
    if (!strict || i == n - 1)
        return strict && print_expr(printer, strict);
    const Expr *equal = pair(printer, expr, "=", i);
    if (!equal)
        return false;
    bool lazily = printer->has_volatile && expr_is_volatile(strict, printer->catalog);
    for (int k = i + 1; k < n && printer->dialect->kind == DIALECT_DUCKDB; k++)
        lazily |= print_can_fail(printer, expr->args[k]) || print_can_fail(printer, expr->args[n + k]);
    if (lazily)
        return print_lexical_lazily(printer, expr, strict, equal, i);
    str_add(printer->out, "(");
    if (!print_expr(printer, strict))
        return false;
    str_add(printer->out, " OR (");
    if (!print_expr(printer, equal))
        return false;
    str_add(printer->out, " AND ");
    if (!print_lexical(printer, expr, i + 1))
        return false;
    str_add(printer->out, "))");
    return true;
}

bool print_row_compare(Printer *printer, const Expr *expr)
{
    bool failed = false;
    const Expr *logic = print_row_compare_logic(printer, expr, &failed);
    return !failed && (logic ? print_logic(printer, logic) : print_lexical(printer, expr, 0));
}
