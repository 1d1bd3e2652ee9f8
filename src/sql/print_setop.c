/*
 * print_setop.c - writes UNION, INTERSECT and EXCEPT in a dialect.
 *
 * Any thread; the Printer is the call's own.
 */
#include "sql/print_internal.h"

RteColumn *print_columns_of_targets(Printer *printer, const Query *query)
{
    RteColumn *columns = ARENA_ARRAY(printer->arena, RteColumn, query->ntargets + 1);
    int column = 0;
    for (int i = 0; i < query->ntargets; i++) {
        if (query->targets[i].junk)
            continue;
        columns[column].type = query->targets[i].expr->type;
        columns[column++].typmod = query->targets[i].expr->typmod;
    }
    return columns;
}

/* Without parentheses the operations are taken from the left. */
static bool print_set_side(Printer *printer, const Query *side, const RteColumn *columns, bool is_left)
{
    bool parens = printer->dialect->set_op_parens;
    if (!parens &&
        ((side->set_op && !(is_left && printer->dialect->own_functions)) || side->norder || side->limit || side->offset || side->nctes))
        return print_refuse(printer, NULL, "a nested set operation is");
    str_add(printer->out, parens ? "(" : "");
    if (!print_query(printer, side, columns, false))
        return false;
    str_add(printer->out, parens ? ")" : "");
    return true;
}

static bool print_set_rows(Printer *printer, const Query *query, const RteColumn *columns)
{
    static const char *const NAMES[] = {"", " UNION ", " INTERSECT ", " EXCEPT "};
    const Dialect *dialect = printer->dialect;
    bool keyed = query->set_op == SETOP_UNION ? !query->set_all && print_has_keyed_target(printer, query) : false;
    bool plain = query->set_op == SETOP_UNION ? query->set_all || dialect->own_functions : dialect->own_functions && !query->set_all;
    if (!dialect->set_op_parens && !plain)
        return print_refuse(printer, NULL, "a set operation other than UNION ALL is");
    if (!print_set_side(printer, query->left, columns, true))
        return false;
    str_add(printer->out, NAMES[query->set_op]);
    str_add(printer->out, query->set_all || keyed ? "ALL " : "");
    return print_set_side(printer, query->right, columns, false);
}

static bool print_keys_of(Printer *printer, const Query *query, int alias)
{
    for (int i = 0; i < query->ntargets; i++) {
        Expr raw = print_wrapped_column(printer, query, i, alias);
        bool own_key = query->set_all && print_loses_sign(printer, &raw);
        str_add(printer->out, i ? ", " : "");
        str_add(printer->out, own_key ? "(" : "");
        if (!print_key(printer, &raw, KEY_EQUALITY))
            return false;
        str_add(printer->out, own_key ? " + 0.0)" : "");
    }
    return true;
}

/* One side of INTERSECT ALL or EXCEPT ALL: equal rows are numbered, and all of them are given as the first. */
static bool print_numbered_side(Printer *printer, const Query *query, const Query *side, const RteColumn *columns, bool is_left)
{
    Str *out = printer->out;
    int alias = ++printer->aliases;
    str_add(out, "(SELECT ");
    for (int i = 0; i < query->ntargets; i++)
        str_addf(out, "first_value(r%d.c%d) OVER w AS c%d, ", alias, i + 1, i + 1);
    str_add(out, "row_number() OVER w AS n FROM ");
    if (!print_set_side(printer, side, columns, is_left))
        return false;
    str_addf(out, " AS r%d WINDOW w AS (PARTITION BY ", alias);
    if (!print_keys_of(printer, query, alias))
        return false;
    str_add(out, "))");
    return true;
}

static bool print_filter_head(Printer *printer, const Query *query, int alias)
{
    str_add(printer->out, query->set_all ? "SELECT " : "SELECT DISTINCT ON (");
    if (!query->set_all && !print_keys_of(printer, query, alias))
        return false;
    str_addf(printer->out, query->set_all ? "r%d.* EXCLUDE (n) FROM " : ") r%d.* FROM ", alias);
    return true;
}

/* INTERSECT and EXCEPT by keys: left rows with, or without, an equal row on the right; without ALL one of each. */
static bool print_keyed_filter(Printer *printer, const Query *query, const RteColumn *columns)
{
    Str *out = printer->out;
    int left = ++printer->aliases, right = ++printer->aliases;
    if (!print_filter_head(printer, query, left) || !(query->set_all ? print_numbered_side(printer, query, query->left, columns, true)
                                                                     : print_set_side(printer, query->left, columns, true)))
        return false;
    str_addf(out, " AS r%d %s JOIN ", left, query->set_op == SETOP_EXCEPT ? "ANTI" : "SEMI");
    if (!(query->set_all ? print_numbered_side(printer, query, query->right, columns, false)
                         : print_set_side(printer, query->right, columns, false)))
        return false;
    str_addf(out, " AS r%d ON ", right);
    for (int i = 0; i < query->ntargets; i++) {
        Expr mine = print_wrapped_column(printer, query, i, left), other = print_wrapped_column(printer, query, i, right);
        str_add(out, i ? " AND " : "");
        if (!print_key(printer, &mine, KEY_EQUALITY))
            return false;
        str_add(out, " IS NOT DISTINCT FROM ");
        if (!print_key(printer, &other, KEY_EQUALITY))
            return false;
    }
    if (query->set_all)
        str_addf(out, " AND r%d.n = r%d.n", left, right);
    return true;
}

static bool print_keyed_union(Printer *printer, const Query *query, const RteColumn *columns)
{
    int alias = ++printer->aliases;
    str_add(printer->out, "SELECT DISTINCT ON (");
    if (!print_keys_of(printer, query, alias))
        return false;
    str_addf(printer->out, ") r%d.* FROM (", alias);
    if (!print_set_rows(printer, query, columns))
        return false;
    str_addf(printer->out, ") AS r%d", alias);
    return true;
}

/* PostgreSQL has no other way than hashing to tell the rows of a recursive UNION apart. */
bool print_check_recursion(Printer *printer, const Query *query)
{
    static const Oid UNHASHABLE[] = {TYPE_BIT, TYPE_VARBIT, TYPE_MONEY, TYPE_TSVECTOR, TYPE_TSQUERY};
    if (query->set_op != SETOP_UNION || query->set_all)
        return true;
    for (int i = 0; i < query->ntargets; i++) {
        Oid type = query->targets[i].expr->type, element = type_array_element(type);
        for (size_t j = 0; j < COUNT_OF(UNHASHABLE); j++) {
            if (UNHASHABLE[j] != (element ? element : type))
                continue;
            error_set(printer->error, ERRCODE_FEATURE_NOT_SUPPORTED, "could not implement recursive UNION");
            return error_detail(printer->error, "All column datatypes must be hashable.");
        }
    }
    return true;
}

/* One side of a recursive UNION: new rows, each with its keys. */
static bool print_recursion_side(Printer *printer, const Query *query, const Query *side, const RteColumn *columns, const char *known)
{
    Str *out = printer->out;
    int alias = ++printer->aliases, found = ++printer->aliases;
    str_add(out, "SELECT DISTINCT ON (");
    if (!print_keys_of(printer, query, alias))
        return false;
    str_addf(out, ") r%d.*, ", alias);
    if (!print_keys_of(printer, query, alias))
        return false;
    str_add(out, " FROM ");
    if (!print_set_side(printer, side, columns, false))
        return false;
    str_addf(out, " AS r%d", alias);
    for (int i = 0; known && i < query->ntargets; i++) {
        Expr mine = print_wrapped_column(printer, query, i, alias);
        if (i == 0)
            str_addf(out, " WHERE NOT EXISTS (SELECT 1 FROM recurring.%s AS r%d WHERE ", known, found);
        str_addf(out, "%sr%d.k%d IS NOT DISTINCT FROM ", i ? " AND " : "", found, i + 1);
        if (!print_key(printer, &mine, KEY_EQUALITY))
            return false;
    }
    str_add(out, known ? ")" : "");
    return true;
}

/* The engine keeps one row for the keys, the last: so none comes twice. */
static bool print_recursion(Printer *printer, const Query *query, const RteColumn *columns)
{
    const char *name = printer->recursion;
    if (!print_recursion_side(printer, query, query->left, columns, NULL))
        return false;
    str_add(printer->out, " UNION ");
    return print_recursion_side(printer, query, query->right, columns, name);
}

/* Whether rows must be compared by keys: the local engine's own INTERSECT and EXCEPT make 0 of -0. */
static bool goes_by_keys(Printer *printer, const Query *query)
{
    if (query->set_op == SETOP_UNION)
        return !query->set_all && print_has_keyed_target(printer, query);
    bool by_keys = print_has_keyed_target(printer, query);
    for (int i = 0; i < query->ntargets && !by_keys; i++)
        by_keys = !query->targets[i].junk && print_loses_sign(printer, query->targets[i].expr);
    return by_keys;
}

/* ---- rows of different types ---- */

/* A query of one row, whatever is in any table. */
static bool is_one_row(const Query *query)
{
    return !query->nfrom && !query->where && !query->limit && !query->offset && !query->has_set_functions && !query->having;
}

/* PostgreSQL compares fields until two differ, and minds only then that their types do. Known beforehand of constants; else rows whose
 * types differ have no key. */
static bool print_check_fields(Printer *printer, const Query *left, const Query *right, int column)
{
    const Expr *a = left->targets[column].expr, *b = right->targets[column].expr;
    int same = 0;
    if (a->kind != EXPR_ROW || b->kind != EXPR_ROW || !is_one_row(left) || !is_one_row(right))
        return true;
    while (same < a->nargs && same < b->nargs && a->args[same]->kind == EXPR_CONST && a->args[same]->type != TYPE_UNKNOWN &&
           expr_equal(a->args[same], b->args[same]))
        same++;
    if (same == a->nargs || same == b->nargs || a->args[same]->type != b->args[same]->type)
        return print_rows_match(printer, a, b);
    return a->args[same]->type != TYPE_UNKNOWN ||
           error_set(printer->error, ERRCODE_UNDEFINED_FUNCTION, "could not identify a comparison function for type unknown");
}

static bool print_check_row(Printer *printer, const Query *left, const Query *right, int column)
{
    if (left->set_op)
        return print_check_row(printer, left->left, right, column) && print_check_row(printer, left->right, right, column);
    if (right->set_op)
        return print_check_row(printer, left, right->left, column) && print_check_row(printer, left, right->right, column);
    return print_check_fields(printer, left, right, column);
}

static bool print_check_rows(Printer *printer, const Query *query)
{
    bool compares = printer->dialect->kind == DIALECT_DUCKDB && !(query->set_op == SETOP_UNION && query->set_all);
    for (int i = 0; compares && i < query->ntargets; i++)
        if (query->targets[i].expr->type == TYPE_RECORD && !print_check_row(printer, query->left, query->right, i))
            return false;
    return true;
}

/* Records of different fields on its sides tell them themselves. NULL: failed. */
static const RteColumn *columns_of_sides(Printer *printer, const Query *query, const RteColumn *wanted)
{
    RteColumn *columns = print_columns_of_targets(printer, query);
    for (int i = 0, column = 0; i < query->ntargets; i++) {
        const Expr *expr = query->targets[i].expr;
        if (query->targets[i].junk)
            continue;
        if (wanted)
            columns[column] = wanted[column];
        bool mixed = print_column_is_mixed(printer, expr);
        if (mixed && printer->dialect->kind != DIALECT_DUCKDB) {
            print_refuse(printer, expr, "a set operation over records of different fields is");
            return NULL;
        }
        columns[column++].mixed |= mixed;
    }
    return columns;
}

bool print_set_operation(Printer *printer, const Query *query, const RteColumn *columns)
{
    if (!print_check_rows(printer, query) || !(columns = columns_of_sides(printer, query, columns)))
        return false;
    if (query == printer->by_keys)
        return print_recursion(printer, query, columns);
    if (goes_by_keys(printer, query))
        return query->set_op == SETOP_UNION ? print_keyed_union(printer, query, columns) : print_keyed_filter(printer, query, columns);
    return print_set_rows(printer, query, columns);
}
