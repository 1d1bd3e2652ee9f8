/*
 * print_from.c - FROM: range table entries and joins.
 *
 *  1. RTE_JOIN entries have no name of their own: a Var of one is printed as what the column is (RteColumn.join_expr).
 *  2. Functions in FROM become subqueries over lists in the local engine, so that they may be lateral anywhere. A series of integers
 *     whose bounds are known is read from the engine's own table function: it is made as it is wanted, however long it is.
 * Any thread.
 */
#include "func/func.h"
#include "sql/print_internal.h"

#include <string.h>

const char *print_cte_name(Printer *printer, int cte, int levels_up)
{
    Scope *scope = printer->scope;
    while (levels_up-- > 0 && scope)
        scope = scope->outer;
    return arena_printf(printer->arena, "w%d", (scope ? scope->first_cte : 0) + cte + 1);
}

static void print_alias(Printer *printer, const Rte *rte, int number, bool with_columns)
{
    str_addf(printer->out, " AS r%d", number);
    if (!with_columns)
        return;
    for (int i = 0; i < rte->ncolumns; i++)
        str_addf(printer->out, "%sc%d", i ? ", " : "(", i + 1);
    if (rte->ncolumns)
        str_add(printer->out, ")");
}

/* Many rows of constants: the engine is slow to read an expression a cell, so each column is one array's text. */
static bool is_long_list(const Printer *printer, const Rte *rte)
{
    enum { FEWEST_ROWS = 64 };
    if (printer->dialect->kind != DIALECT_DUCKDB || rte->nrows < FEWEST_ROWS)
        return false;
    for (int j = 0; j < rte->ncolumns; j++) {
        const RteColumn *column = &rte->columns[j];
        if (column->type == TYPE_NUMERIC && column->typmod != -1)
            return false;
        for (int i = 0; i < rte->nrows; i++)
            if (rte->rows[i][j]->kind != EXPR_CONST || rte->rows[i][j]->type != column->type)
                return false;
    }
    return true;
}

static void print_column_array(Printer *printer, const Rte *rte, int column)
{
    ArrayElement *elements = ARENA_ARRAY(printer->arena, ArrayElement, rte->nrows);
    bool mixed = print_values_are_mixed(printer, rte, column);
    for (int i = 0; i < rte->nrows; i++) {
        const Expr *cell = rte->rows[i][column];
        const char *text = mixed ? catalog_with_fields(cell->type, cell->u.fields, cell->u.value, printer->arena) : cell->u.value;
        elements[i] = (ArrayElement){text, text ? strlen(text) : 0};
    }
    Str array;
    str_init(&array, printer->arena);
    type_array_write(elements, (size_t)rte->nrows, &array);
    str_add(printer->out, "mdl_array_elements(");
    sql_quote_literal(printer->dialect, array.data, printer->out);
    str_add(printer->out, ")");
}

static bool print_long_list(Printer *printer, const Rte *rte)
{
    Str *out = printer->out;
    str_add(out, "(SELECT ");
    for (int j = 0; j < rte->ncolumns; j++) {
        str_add(out, j ? ", " : "");
        if (!duckdb_column_from_stored(printer, arena_printf(printer->arena, "e.e%d", j + 1), &rte->columns[j]))
            return false;
    }
    str_add(out, " FROM (SELECT ");
    for (int j = 0; j < rte->ncolumns; j++)
        str_addf(out, "%sunnest(l.l%d) AS e%d", j ? ", " : "", j + 1, j + 1);
    str_add(out, " FROM (SELECT ");
    for (int j = 0; j < rte->ncolumns; j++) {
        str_add(out, j ? ", " : "");
        print_column_array(printer, rte, j);
        str_addf(out, " AS l%d", j + 1);
    }
    str_add(out, ") AS l) AS e)");
    return true;
}

static bool print_cell(Printer *printer, const Rte *rte, int row, int column)
{
    const Expr *cell = rte->rows[row][column];
    if (!print_values_are_mixed(printer, rte, column))
        return print_as(printer, cell, rte->columns[column].type, rte->columns[column].typmod);
    return printer->dialect->kind == DIALECT_DUCKDB ? print_with_fields(printer, cell)
                                                    : print_refuse(printer, cell, "VALUES of records of different fields is");
}

static bool print_values(Printer *printer, const Rte *rte)
{
    if (!printer->dialect->column_aliases)
        return print_refuse(printer, NULL, "VALUES is");
    if (is_long_list(printer, rte))
        return print_long_list(printer, rte);
    str_add(printer->out, "(VALUES ");
    for (int i = 0; i < rte->nrows; i++) {
        str_add(printer->out, i ? ", (" : "(");
        if (!rte->ncolumns) /* "*" of a table without columns */
            str_add(printer->out, "NULL");
        for (int j = 0; j < rte->ncolumns; j++) {
            str_add(printer->out, j ? ", " : "");
            if (!print_cell(printer, rte, i, j))
                return false;
        }
        str_add(printer->out, ")");
    }
    str_add(printer->out, ")");
    return true;
}

/* ---- functions in FROM, local engine ---- */

bool print_is_series(Oid proc)
{
    static const Oid PROCS[] = {F_GENERATE_SERIES_INT4_INT4, F_GENERATE_SERIES_INT4_INT4_INT4, F_GENERATE_SERIES_INT8_INT8,
                                F_GENERATE_SERIES_INT8_INT8_INT8};
    for (size_t i = 0; i < COUNT_OF(PROCS); i++) {
        if (PROCS[i] == proc)
            return true;
    }
    return false;
}

static bool print_one(Printer *printer, const Expr *call)
{
    str_add(printer->out, "[");
    if (!print_as(printer, call, call->type, call->typmod))
        return false;
    str_add(printer->out, "]");
    return true;
}

/* A list of the function's rows, and whether an element is a row (an array's text of column texts) or a bare value. */
bool print_function_list(Printer *printer, const Expr *call, bool *rows)
{
    Str *out = printer->out;
    *rows = false;
    if (print_is_json_record(call))
        return print_json_record_list(printer, call);
    if (call->kind == EXPR_SUBPLAN) {
        *rows = true;
        return duckdb_routine_call(printer, call, "mdl_call_rows");
    }
    if (call->kind != EXPR_FUNC)
        return print_one(printer, call);
    if (print_is_series(call->oid)) {
        str_add(out, "generate_series(");
        if (!print_list(printer, call->args, 2, ", "))
            return false;
        if (call->nargs > 2) {
            str_add(out, ", mdl_series_step(");
            if (!print_expr(printer, call->args[2]))
                return false;
            str_add(out, ")");
        }
        str_add(out, ")");
        return true;
    }
    if (call->oid == F_UNNEST_ANYARRAY) {
        str_add(out, "mdl_array_elements(");
        if (!print_expr(printer, call->args[0]))
            return false;
        str_add(out, ")");
        return true;
    }
    if (call->oid >= 16384) {
        *rows = true;
        return duckdb_routine_call(printer, call, "mdl_call_rows");
    }
    const FuncFact *fact = func_fact(call->oid);
    if (fact && func_find_set(call->oid)) {
        *rows = true;
        str_addf(out, "mdl_rows_%u%s(", call->oid, func_letters(call->oid) && expr_has_ascii_letters(printer->catalog, call) ? "_c" : "");
        if (!print_list(printer, call->args, call->nargs, ", "))
            return false;
        str_add(out, ")");
        return true;
    }
    if (fact && !fact->returns_set)
        return print_one(printer, call);
    return print_refuse(printer, call, "function %s is", fact ? fact->name : "of an extension");
}

/* The columns first..first+count-1 of the entry, from element `e` of the function's list, in which those that a row type had are not. */
static bool print_function_columns(Printer *printer, const Rte *rte, const Expr *call, bool rows, const char *e, int first, int count)
{
    Str *out = printer->out;
    if (print_is_json_record(call))
        return print_json_record_columns(printer, rte, call, e, first, count);
    bool is_null = call->kind == EXPR_CONST && !call->u.value;
    if (!rows && call->kind != EXPR_FUNC && !is_null && call->type == TYPE_RECORD)
        return print_refuse(printer, call, "a record in FROM that is no function's is");
    bool of_row = call->oid == F_UNNEST_ANYARRAY && print_is_row(printer, call->type);
    for (int i = 0, place = 0; i < count; i++) {
        const RteColumn *column = &rte->columns[first + i];
        if (column->dropped) {
            str_addf(out, "NULL AS c%d, ", first + i + 1);
            continue;
        }
        place++;
        const char *part = of_row ? "mdl_row_get(%s, %d)" : "mdl_array_get(%s, %d)";
        const char *element = rows || of_row ? arena_printf(printer->arena, part, e, place) : e;
        if (rows || call->oid == F_UNNEST_ANYARRAY) {
            if (!duckdb_column_from_stored(printer, element, column))
                return false;
        } else {
            str_addf(out, "CAST(%s AS %s)", e, duckdb_type_name(printer, column->type, column->typmod));
        }
        str_addf(out, " AS c%d, ", first + i + 1);
    }
    return true;
}

/* Lists l1, l2, ... side by side; the shorter ones end in NULLs. */
static void print_zip(Printer *printer, const char *const *lists, int count)
{
    Str *out = printer->out;
    str_add(out, " FROM (SELECT ");
    for (int i = 0; i < count; i++)
        str_addf(out, "unnest(l.l%d) AS e%d, ", i + 1, i + 1);
    if (count == 1) {
        str_add(out, "generate_subscripts(l.l1, 1) AS n");
    } else {
        str_add(out, "unnest(range(1, greatest(");
        for (int i = 0; i < count; i++)
            str_addf(out, "%slen(l.l%d)", i ? ", " : "", i + 1);
        str_add(out, ") + 1)) AS n");
    }
    str_add(out, " FROM (SELECT ");
    for (int i = 0; i < count; i++)
        str_addf(out, "%s%s AS l%d", i ? ", " : "", lists[i], i + 1);
    str_add(out, ") AS l) AS e)");
}

/* false: not such a series; nothing was written. What is no series at all (a step of zero, NULLs) is left to the list. */
static bool print_known_series(Printer *printer, const Rte *rte)
{
    const Expr *call = rte->functions[0];
    const char *bounds[3] = {NULL, NULL, "1"};
    if (rte->nfunctions != 1 || call->kind != EXPR_FUNC || !print_is_series(call->oid))
        return false;
    for (int i = 0; i < call->nargs; i++)
        if (!print_known_value(printer, call->args[i], &bounds[i]) || !bounds[i])
            return false;
    if (strcmp(bounds[2], "0") == 0)
        return false;
    Str *out = printer->out;
    const char *place = arena_printf(printer->arena, "CAST((CAST(e.g AS HUGEINT) - (%s)) // (%s) + 1 AS BIGINT)", bounds[0], bounds[2]);
    str_addf(out, "(SELECT CAST(e.g AS %s) AS c1, ", duckdb_type_name(printer, rte->columns[0].type, -1));
    if (rte->with_ordinality)
        str_addf(out, "%s AS c2, ", place);
    str_addf(out, "%s AS n FROM generate_series(", place);
    for (int i = 0; i < 3; i++)
        str_addf(out, "%sCAST('%s' AS BIGINT)", i ? ", " : "", bounds[i]);
    str_add(out, ") AS e(g))");
    return true;
}

static bool print_local_function(Printer *printer, const Rte *rte)
{
    if (print_known_series(printer, rte))
        return true;
    Str *out = printer->out;
    const char **lists = ARENA_ARRAY(printer->arena, const char *, rte->nfunctions);
    int columns = rte->ncolumns - rte->with_ordinality, first = 0;
    str_add(out, "LATERAL (SELECT ");
    for (int i = 0; i < rte->nfunctions; i++) {
        PrintHold hold;
        bool rows;
        print_hold(printer, &hold);
        lists[i] = print_held(printer, &hold, print_function_list(printer, rte->functions[i], &rows));
        if (!lists[i])
            return false;
        int count = rte->nfunctions == 1 ? columns : rte->function_columns[i];
        const char *element = arena_printf(printer->arena, "e.e%d", i + 1);
        if (!print_function_columns(printer, rte, rte->functions[i], rows, element, first, count))
            return false;
        first += count;
    }
    if (rte->with_ordinality)
        str_addf(out, "CAST(e.n AS BIGINT) AS c%d, ", rte->ncolumns);
    str_add(out, "e.n"); /* the rows' order, for who aggregates them */
    print_zip(printer, lists, rte->nfunctions);
    return true;
}

/* What is no call (a call that was computed already, a cast) cannot stand in FROM, but CAST can. */
static bool print_from_call(Printer *printer, const Expr *expr)
{
    if (expr->kind == EXPR_FUNC && expr->u.func.form != FUNC_EXPLICIT_CAST && expr->u.func.form != FUNC_IMPLICIT_CAST)
        return print_expr(printer, expr);
    str_add(printer->out, "CAST(");
    if (!print_expr(printer, expr))
        return false;
    str_addf(printer->out, " AS %s)", postgres_type_name(printer, expr->type, expr->typmod));
    return true;
}

static bool print_remote_function(Printer *printer, const Rte *rte)
{
    if (printer->dialect->own_functions)
        return catalog_function(printer, rte);
    if (printer->dialect->kind != DIALECT_POSTGRES)
        return print_refuse(printer, NULL, "a function in FROM is");
    for (int i = 0; i < rte->nfunctions; i++)
        if (rte->function_defined && rte->function_defined[i])
            return print_refuse(printer, rte->functions[i], "a column definition list is");
    str_add(printer->out, rte->nfunctions > 1 ? "ROWS FROM (" : "");
    for (int i = 0; i < rte->nfunctions; i++) {
        str_add(printer->out, i ? ", " : "");
        if (!print_from_call(printer, rte->functions[i]))
            return false;
    }
    str_add(printer->out, rte->nfunctions > 1 ? ")" : "");
    str_add(printer->out, rte->with_ordinality ? " WITH ORDINALITY" : "");
    return true;
}

/* ---- entries ---- */

bool print_relation(Printer *printer, const Rte *rte)
{
    PrintContext *context = printer->context;
    if (!printer->dry && context->relation)
        return context->relation(context->arg, rte, printer->out, printer->error);
    str_add(printer->out, "relation");
    return true;
}

static bool print_entry(Printer *printer, int index)
{
    const Rte *rte = printer->scope->query->rtes[index];
    int number = printer->scope->first + index + 1;
    bool ok = true, with_columns = false;
    if (rte->lateral && !printer->dialect->lateral && !(rte->kind == RTE_FUNCTION && printer->dialect->own_functions))
        return print_refuse(printer, NULL, "LATERAL is");
    switch (rte->kind) {
    case RTE_RELATION:
        ok = print_relation(printer, rte);
        break;
    case RTE_LEAF:
        ok = print_relation(printer, rte);
        with_columns = true;
        break;
    case RTE_SUBQUERY:
        str_add(printer->out, rte->lateral ? "LATERAL " : "");
        /* a view's columns may be domains over what its query gives */
        str_add(printer->out, "(");
        ok = print_query(printer, rte->query, rte->relation ? rte->columns : NULL, false);
        str_add(printer->out, ")");
        break;
    case RTE_VALUES:
        ok = print_values(printer, rte);
        with_columns = true;
        break;
    case RTE_FUNCTION:
        ok = printer->dialect->kind == DIALECT_DUCKDB ? print_local_function(printer, rte) : print_remote_function(printer, rte);
        with_columns = printer->dialect->kind == DIALECT_POSTGRES;
        break;
    case RTE_CTE:
        str_add(printer->out, print_cte_name(printer, rte->cte, rte->cte_levels_up));
        break;
    case RTE_RESULT:
        str_add(printer->out, "(SELECT 1 AS c1)");
        break;
    case RTE_JOIN:
        return error_set(printer->error, ERRCODE_INTERNAL_ERROR, "a join entry stands in FROM by itself");
    }
    if (ok)
        print_alias(printer, rte, number, with_columns);
    return ok;
}

static bool print_rte(Printer *printer, int index)
{
    PrintHold hold;
    print_hold(printer, &hold);
    const char *text = print_with_unread(printer, index, print_held(printer, &hold, print_entry(printer, index)));
    return text && print_with_companions(printer, index, text);
}

static bool print_from_item(Printer *printer, const FromItem *item);

static const char *join_words(Printer *printer, const FromItem *item)
{
    const Dialect *dialect = printer->dialect;
    switch (item->join) {
    case JOIN_LEFT:
        return " LEFT JOIN ";
    case JOIN_RIGHT:
        return dialect->right_join ? " RIGHT JOIN " : NULL;
    case JOIN_FULL:
        return dialect->full_join ? " FULL JOIN " : NULL;
    case JOIN_INNER:
    case JOIN_CROSS:
        break;
    }
    return item->on ? " INNER JOIN " : " CROSS JOIN ";
}

typedef struct LeftUse {
    const FromItem *left;
    int depth, sublinks; /* how many stand around this place */
} LeftUse;

static bool uses_left_query(const Query *query, void *arg);

static bool uses_left(const Expr *expr, void *arg)
{
    LeftUse *use = arg;
    if (expr->kind == EXPR_VAR)
        return use->sublinks && expr->u.var.levels_up == use->depth && print_is_below(use->left, expr->u.var.rte);
    bool is_sublink = expr->kind == EXPR_SUBLINK;
    use->sublinks += is_sublink;
    bool found = (is_sublink && uses_left_query(expr->u.sublink.query, arg)) || expr_walk(expr, uses_left, arg);
    use->sublinks -= is_sublink;
    return found;
}

static bool uses_left_query(const Query *query, void *arg)
{
    LeftUse *use = arg;
    use->depth++;
    bool found = query_walk_exprs(query, uses_left, use);
    for (int i = 0; i < query->nctes && !found; i++)
        found = uses_left_query(query->ctes[i].query, use);
    for (int i = 0; i < query->nrtes && !found; i++)
        found = query->rtes[i]->query && uses_left_query(query->rtes[i]->query, use);
    found = found || (query->left && uses_left_query(query->left, use)) || (query->right && uses_left_query(query->right, use));
    use->depth--;
    return found;
}

/* The engine joins rows that may go without only by what it need not ask a subquery of the other side for, and what is lateral only by
 * simple comparisons: the condition goes into a lateral part. */
static bool needs_inner_condition(const Printer *printer, const FromItem *item)
{
    LeftUse use = {.left = item->left};
    if (printer->dialect->kind != DIALECT_DUCKDB || item->join != JOIN_LEFT || !item->on)
        return false;
    bool lateral = item->right->kind == FROM_RTE && printer->scope->query->rtes[item->right->rte]->lateral;
    return lateral || uses_left(item->on, &use);
}

/* Rows of several entries go outside as values of their own names: r1.c1 is then a field. */
static void print_entry_names(Printer *printer, const FromItem *item, bool *first)
{
    if (item->kind == FROM_JOIN) {
        print_entry_names(printer, item->left, first);
        print_entry_names(printer, item->right, first);
        return;
    }
    str_addf(printer->out, "%sr%d", *first ? "" : ", ", printer->scope->first + item->rte + 1);
    *first = false;
}

static bool print_with_condition(Printer *printer, const FromItem *item)
{
    bool one = item->right->kind == FROM_RTE, first = true;
    str_add(printer->out, "LATERAL (SELECT ");
    if (one)
        str_add(printer->out, "*");
    else
        print_entry_names(printer, item->right, &first);
    str_add(printer->out, " FROM ");
    if (!print_from_item(printer, item->right))
        return false;
    str_add(printer->out, " WHERE ");
    if (!print_condition(printer, item->on))
        return false;
    str_addf(printer->out, ") AS r%d", one ? printer->scope->first + item->right->rte + 1 : ++printer->aliases);
    return true;
}

/* ---- outer joins whose condition asks ---- */

/* Subqueries of the condition, and columns of queries around, which the engine cannot ask while it joins: values beside the rows of the
 * side that they are about; of neither, beside that whose rows all stay. */
typedef struct JoinAsking {
    Printer *printer;
    const FromItem *item;
    Str left, right; /* what is joined to either side, laterally */
    bool failed;
} JoinAsking;

static bool is_about(const Expr *sublink, const FromItem *item)
{
    LeftUse use = {.left = item};
    return uses_left(sublink, &use);
}

static bool asks(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_SUBLINK || (expr->kind == EXPR_VAR && expr->u.var.levels_up > 0);
}

static Expr *ask_beside(JoinAsking *asking, const Expr *expr)
{
    Printer *printer = asking->printer;
    Expr *copy = ARENA_NEW(printer->arena, Expr);
    *copy = *expr;
    if (asks(expr, NULL)) {
        bool of_left = is_about(expr, asking->item->left);
        bool of_right = is_about(expr, asking->item->right) || (!of_left && asking->item->join == JOIN_RIGHT);
        const char *text = of_right && of_left ? NULL : print_text_of(printer, expr);
        int alias = ++printer->aliases;
        asking->failed |= !text;
        str_addf(of_right ? &asking->right : &asking->left, " CROSS JOIN LATERAL (SELECT %s AS k) AS r%d", text ? text : "", alias);
        *copy = print_raw(expr->type, arena_printf(printer->arena, "r%d.k", alias));
        copy->typmod = expr->typmod;
        return copy;
    }
    copy->args = ARENA_ARRAY(printer->arena, Expr *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++)
        copy->args[i] = expr->args[i] ? ask_beside(asking, expr->args[i]) : NULL;
    return copy;
}

static bool print_beside(Printer *printer, const FromItem *item, const Str *asked)
{
    str_add(printer->out, asked->len ? "(" : "");
    if (!print_from_item(printer, item))
        return false;
    if (asked->len)
        str_addf(printer->out, "%s)", asked->data);
    return true;
}

/* beside: what more is joined to the right side. */
static bool print_asking_join(Printer *printer, const FromItem *item, const char *beside)
{
    JoinAsking asking = {.printer = printer, .item = item};
    str_init(&asking.left, printer->arena);
    str_init(&asking.right, printer->arena);
    const Expr *on = item->on ? ask_beside(&asking, item->on) : NULL;
    str_add(&asking.right, beside);
    if (asking.failed)
        return error_is_set(printer->error)
                   ? false
                   : print_refuse(printer, item->on, "a subquery about both sides of an outer join in its condition is");
    str_add(printer->out, "(");
    if (!print_beside(printer, item->left, &asking.left))
        return false;
    str_add(printer->out, join_words(printer, item));
    if (!print_beside(printer, item->right, &asking.right))
        return false;
    str_add(printer->out, " ON ");
    if (!on)
        str_add(printer->out, "(1 = 1)");
    else if (!print_expr(printer, on))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* ---- full joins that hang on what stands around them ---- */

/* The engine has none: all rows of the left side, with what they meet, and those of the right side that meet none. */
static bool print_divided_join(Printer *printer, const FromItem *item)
{
    FromItem sides[2] = {*item, *item};
    bool first = true;
    int mark = ++printer->aliases;
    sides[0].join = sides[1].join = JOIN_LEFT;
    sides[1].left = item->right;
    sides[1].right = item->left;
    PrintHold hold;
    print_hold(printer, &hold);
    print_entry_names(printer, item, &first);
    const char *names = print_held(printer, &hold, true);
    str_addf(printer->out, "LATERAL (SELECT %s FROM ", names);
    if (!print_asking_join(printer, &sides[0], ""))
        return false;
    str_addf(printer->out, " UNION ALL SELECT %s FROM ", names);
    if (!print_asking_join(printer, &sides[1], arena_printf(printer->arena, " CROSS JOIN (SELECT true AS k) AS r%d", mark)))
        return false;
    str_addf(printer->out, " WHERE r%d.k IS NULL) AS r%d", mark, ++printer->aliases);
    return true;
}

static bool has_sublink(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_SUBLINK || expr_walk(expr, has_sublink, arg);
}

static bool is_asking_join(const Printer *printer, const FromItem *item)
{
    if (printer->dialect->kind != DIALECT_DUCKDB || !item->on || item->join == JOIN_INNER || item->join == JOIN_CROSS)
        return false;
    return print_uses_outer(item->on) || (item->join == JOIN_FULL && has_sublink(item->on, NULL));
}

static bool print_join(Printer *printer, const FromItem *item)
{
    if (item->join == JOIN_FULL && printer->dialect->kind == DIALECT_DUCKDB && print_hangs_outside(printer, item))
        return print_divided_join(printer, item);
    if (is_asking_join(printer, item) && !needs_inner_condition(printer, item))
        return print_asking_join(printer, item, "");
    Str *out = printer->out;
    const char *words = join_words(printer, item);
    if (!words)
        return print_refuse(printer, item->on, item->join == JOIN_FULL ? "FULL JOIN is" : "RIGHT JOIN is");
    str_add(out, "(");
    if (!print_from_item(printer, item->left))
        return false;
    str_add(out, words);
    if (needs_inner_condition(printer, item)) {
        if (!print_with_condition(printer, item))
            return false;
        str_add(out, " ON true)");
        return true;
    }
    if (!print_from_item(printer, item->right))
        return false;
    if (item->on) {
        str_add(out, " ON ");
        if (!print_condition(printer, item->on))
            return false;
    } else if (item->join != JOIN_INNER && item->join != JOIN_CROSS) {
        str_add(out, " ON (1 = 1)");
    }
    str_add(out, ")");
    return true;
}

static bool print_from_item(Printer *printer, const FromItem *item)
{
    if (++printer->depth > SQL_MAX_DEPTH)
        return error_too_deep(printer->error);
    bool ok = item->kind == FROM_RTE ? print_rte(printer, item->rte) : print_join(printer, item);
    printer->depth--;
    return ok;
}

bool print_from(Printer *printer)
{
    const Query *query = printer->scope->query;
    printer->scope->inside_aggregate++; /* no group is formed yet */
    bool ok = true;
    for (int i = 0; ok && i < query->nfrom; i++) {
        str_add(printer->out, i ? ", " : " FROM ");
        ok = print_from_item(printer, query->from[i]);
    }
    printer->scope->inside_aggregate--;
    return ok;
}

/* ---- how many entries ---- */

/* SQLite joins 64 tables at most. DuckDB plans for minutes, deaf to cancels, where many tables are joined on equal keys, and copies all
 * WITH queries that it knows into each of them. */
bool print_is_too_wide(Printer *printer, const Query *query)
{
    enum { SQLITE_RELATIONS = 60, DUCKDB_RELATIONS = 40, DUCKDB_CTES = 300 };
    if (printer->dialect->kind == DIALECT_SQLITE && printer->aliases > SQLITE_RELATIONS)
        return !print_refuse(printer, NULL, "a query of more than %d relations is", SQLITE_RELATIONS);
    if (printer->dialect->kind != DIALECT_DUCKDB)
        return false;
    int relations = 0;
    for (int i = 0; i < query->nrtes; i++)
        relations += query->rtes[i]->kind != RTE_JOIN && query->rtes[i]->kind != RTE_RESULT;
    const char *what = relations > DUCKDB_RELATIONS ? "relations in FROM" : "WITH queries";
    int most = relations > DUCKDB_RELATIONS ? DUCKDB_RELATIONS : DUCKDB_CTES;
    return (relations > DUCKDB_RELATIONS || printer->ctes > DUCKDB_CTES) &&
           !error_set(printer->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "a query of the local engine can have at most %d %s", most, what);
}
