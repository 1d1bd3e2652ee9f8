/*
 * print.c - writes a typed Query in a dialect: the clauses of a query, and the printer's entry points.
 *
 *  1. Aliases are the printer's own and unique over the whole text: r1, r2, ... for range table entries, w1, ... for CTEs. So an
 *     inner name never hides an outer one.
 *  2. Below the top, result columns are named c1, c2, ... by position.
 *  3. Whether a tree can be said is found by printing it (dry): there is no second set of rules that could disagree.
 * Any thread; the Printer is the call's own.
 */
#include "sql/print_internal.h"

#include <stdlib.h>
#include <string.h>

/* What printers make themselves lies on their stacks: it is described when they have returned. */
static Expr *kept(const Printer *printer, const Expr *expr)
{
    if (!expr)
        return NULL;
    Expr *copy = ARENA_NEW(printer->arena, Expr);
    *copy = *expr;
    copy->args = ARENA_ARRAY(printer->arena, Expr *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++)
        copy->args[i] = kept(printer, expr->args[i]);
    return copy;
}

bool print_refuse(Printer *printer, const Expr *expr, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *what = arena_vprintf(printer->arena, format, args);
    va_end(args);
    printer->culprit = kept(printer, expr);
    error_unsupported(printer->error, "%s not supported by %s", what, printer->dialect->title);
    return expr ? error_at(printer->error, expr->location) : false;
}

/* ---- which targets, in which form ---- */

static bool print_target(Printer *printer, const Target *target, const RteColumn *wanted)
{
    if (!wanted)
        return print_expr(printer, target->expr);
    return wanted->mixed ? print_with_fields(printer, target->expr) : print_as(printer, target->expr, wanted->type, wanted->typmod);
}

/* A subquery in FROM. */
static bool is_derived_table(const Query *outer, const Query *query)
{
    for (int i = 0; i < outer->nrtes; i++)
        if (outer->rtes[i]->query == query)
            return true;
    return false;
}

/* A column that is only passed on needs no trust in its source's types: who reads the rows converts the values, or fails. What reads
 * those of derived tables is asked in its own turn. */
static bool passes_on(const Printer *printer, const Query *query, const Expr *expr, const RteColumn *wanted, bool top)
{
    const Query *outer = printer->scope->outer ? printer->scope->outer->query : NULL;
    if (!top && !(outer && (printer->dialect->kind == DIALECT_POSTGRES
                                ? !outer->set_op
                                : printer->dialect->kind == DIALECT_SQLITE && is_derived_table(outer, query))))
        return false;
    return expr->kind == EXPR_VAR && (!wanted || wanted->type == expr->type) && !query->distinct && !query->ngroup && !query->grouping_sets;
}

static bool print_targets(Printer *printer, const Query *query, const RteColumn *columns, bool top)
{
    int column = 0;
    for (int i = 0; i < query->ntargets; i++) {
        if (query->targets[i].junk)
            continue;
        str_add(printer->out, column ? ", " : "");
        bool compared = query->distinct && printer->dialect->kind == DIALECT_SQLITE;
        const Expr *expr = query->targets[i].expr;
        const RteColumn *wanted = columns ? &columns[column] : NULL;
        bool ok = compared                                       ? print_key(printer, expr, KEY_EQUALITY)
                  : passes_on(printer, query, expr, wanted, top) ? print_column(printer, expr)
                                                                 : print_target(printer, &query->targets[i], wanted);
        if (!ok)
            return false;
        column++;
        if (!top)
            str_addf(printer->out, " AS c%d", column);
    }
    if (!column && !(top && printer->dialect->kind == DIALECT_POSTGRES))
        str_add(printer->out, "NULL");
    return true;
}

static bool is_or_has_sublink(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_SUBLINK || expr_walk(expr, is_or_has_sublink, arg);
}

static int target_number(const Query *query, int target)
{
    int number = 1;
    for (int i = 0; i < target; i++)
        number += !query->targets[i].junk;
    return number;
}

/* SQLite is given a parameter's value, and takes a signed number for one, too. */
static bool sqlite_takes_for_number(const Printer *printer, const Expr *expr)
{
    if (printer->dialect->kind != DIALECT_SQLITE)
        return false;
    while (expr->kind == EXPR_RELABEL || (expr->kind == EXPR_OP && expr->nargs == 1))
        expr = expr->args[0];
    return expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM;
}

/* A bare constant in GROUP BY or ORDER BY would be taken for a column's number. Any constant will do there. */
static bool print_grouping_expr(Printer *printer, const Expr *expr)
{
    if (sqlite_takes_for_number(printer, expr)) {
        str_add(printer->out, "NULL");
        return true;
    }
    if (expr->kind != EXPR_CONST || printer->dialect->kind != DIALECT_POSTGRES)
        return print_group_key(printer, expr);
    str_add(printer->out, "(");
    if (!print_expr(printer, expr))
        return false;
    str_addf(printer->out, ")::%s", postgres_type_name(printer, expr->type, expr->typmod));
    return true;
}

static bool print_group_list(Printer *printer, const Query *query, const int *targets, int count)
{
    for (int i = 0; i < count; i++) {
        const Target *target = &query->targets[targets[i]];
        str_add(printer->out, i ? ", " : "");
        /* Written twice, a subquery's two texts are not the same. */
        if (printer->dialect->kind == DIALECT_POSTGRES && !target->junk && is_or_has_sublink(target->expr, NULL))
            str_addf(printer->out, "%d", target_number(query, targets[i]));
        else if (!print_grouping_expr(printer, target->expr))
            return false;
    }
    return true;
}

static bool print_grouping_sets(Printer *printer, const Query *query)
{
    if (!printer->dialect->grouping_sets)
        return print_refuse(printer, NULL, "GROUPING SETS is");
    str_add(printer->out, " GROUP BY GROUPING SETS (");
    for (int i = 0; i < query->ngrouping_sets; i++) {
        const GroupingSet *set = &query->grouping_sets[i];
        str_add(printer->out, i ? ", (" : "(");
        if (!print_group_list(printer, query, set->targets, set->ntargets))
            return false;
        str_add(printer->out, ")");
    }
    str_add(printer->out, ")");
    return true;
}

static bool print_group(Printer *printer, const Query *query)
{
    printer->scope->inside_aggregate++;
    bool ok = true;
    if (query->ngrouping_sets) {
        ok = print_grouping_sets(printer, query);
    } else if (query->ngroup) {
        str_add(printer->out, " GROUP BY ");
        ok = print_group_list(printer, query, query->group, query->ngroup);
    }
    printer->scope->inside_aggregate--;
    if (!ok || !query->having)
        return ok;
    if (printer->dialect->kind == DIALECT_SQLITE && !sqlite_shows_groups(query))
        return print_refuse(printer, query->having, "HAVING without groups is");
    str_add(printer->out, " HAVING ");
    printer->scope->in_having = true;
    ok = print_choosing(printer, query->having);
    printer->scope->in_having = false;
    return ok;
}

/* ---- ORDER BY, LIMIT ---- */

/* Distinct rows are sorted from outside, where a column's key may be any expression. */
static bool needs_own_key(const Printer *printer, const Expr *expr)
{
    const Query *query = printer->scope ? printer->scope->query : NULL;
    bool free = query && ((!query->distinct && !query->set_op) || expr->kind == (ExprKind)PRINT_RAW || query->ndistinct_on);
    return free && print_loses_sign(printer, expr) && !printer->scope->inside_aggregate;
}

bool print_sort_item(Printer *printer, const Expr *expr, const SortItem *item)
{
    Str *out = printer->out;
    bool postgres = printer->dialect->kind == DIALECT_POSTGRES, own_key = needs_own_key(printer, expr);
    if (!postgres_may_order(printer, expr, expr))
        return false;
    str_add(out, own_key ? "(" : "");
    if ((postgres && expr->kind == EXPR_CONST) || sqlite_takes_for_number(printer, expr)) {
        if (!print_grouping_expr(printer, expr))
            return false;
    } else if (!print_key(printer, expr, KEY_ORDER)) {
        return false;
    }
    if (postgres_needs_collate(printer, expr))
        str_add(out, " COLLATE \"C\"");
    str_add(out, own_key ? " + 0.0)" : "");
    str_add(out, item->descending ? " DESC" : " ASC");
    str_add(out, item->nulls_first ? " NULLS FIRST" : " NULLS LAST");
    return true;
}

static bool shows_sublink(const Query *query, int target)
{
    return !query->targets[target].junk && is_or_has_sublink(query->targets[target].expr, NULL);
}

/* Written twice, a subquery would be asked twice, and its source take the two for different. */
static bool goes_by_number(Printer *printer, const Query *query, int target)
{
    Expr *expr = query->targets[target].expr;
    bool plain = printer->dialect->kind == DIALECT_DUCKDB
                     ? !print_needs_order_key(printer, expr) && !print_loses_sign(printer, expr)
                     : printer->dialect->kind == DIALECT_POSTGRES && !postgres_needs_collate(printer, expr);
    return plain && shows_sublink(query, target);
}

static bool print_order(Printer *printer, const Query *query)
{
    for (int i = 0; i < query->norder; i++) {
        const SortItem *item = &query->order[i];
        str_add(printer->out, i ? ", " : " ORDER BY ");
        const Expr *expr = query->targets[item->target].expr;
        if (!goes_by_number(printer, query, item->target)) {
            if (!print_sort_item(printer, expr, item))
                return false;
        } else if (!postgres_may_order(printer, expr, expr)) {
            return false;
        } else {
            str_addf(printer->out, "%d%s%s", target_number(query, item->target), item->descending ? " DESC" : " ASC",
                     item->nulls_first ? " NULLS FIRST" : " NULLS LAST");
        }
    }
    return true;
}

bool print_known_value(const Printer *printer, const Expr *expr, const char **value)
{
    const PrintContext *context = printer->context;
    if (expr->kind == EXPR_CONST) {
        *value = expr->u.value;
        return true;
    }
    if (expr->kind == EXPR_PARAM && context->params_bound && expr->u.param <= context->nparams) {
        *value = context->param_values[expr->u.param - 1];
        return true;
    }
    return false;
}

static bool print_limit_clause(Printer *printer, const char *clause, const Expr *expr, const char *sqlstate)
{
    const char *value;
    if (!print_known_value(printer, expr, &value)) {
        if (printer->dialect->kind == DIALECT_SQLITE) /* to which NULL is no count, and -1 no limit */
            return print_refuse(printer, expr, "a computed %s is", clause);
        str_addf(printer->out, " %s ", clause);
        return print_expr(printer, expr);
    }
    if (!value)
        return true;
    if (value[0] == '-')
        return error_set(printer->error, sqlstate, "%s must not be negative", clause);
    str_addf(printer->out, " %s %s", clause, value);
    return true;
}

/* A column of the rows of an inner text. */
Expr print_wrapped_column(Printer *printer, const Query *query, int target, int alias)
{
    int column = 0;
    for (int i = 0; i <= target; i++)
        column += !query->targets[i].junk;
    const Expr *expr = query->targets[target].expr;
    Expr raw = print_raw(expr->type, arena_printf(printer->arena, "r%d.c%d", alias, column));
    raw.typmod = expr->typmod;
    raw.collation = expr->collation;
    raw.args = ARENA_ARRAY(printer->arena, Expr *, 1);
    raw.args[0] = query->targets[target].expr;
    raw.nargs = expr->type != TYPE_NUMERIC; /* a number lies there as its column does, not as it was computed */
    return raw;
}

/* Of the query around: no other columns may stand in a limit. */
static bool is_of_outer_row(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_VAR || expr->kind == EXPR_SUBLINK || expr_walk(expr, is_of_outer_row, arg);
}

/* The engine has neither WITH TIES nor limits that differ by the row outside: rows are kept by their rank or number, those before OFFSET
 * left out by their number. */
static bool ties_are_ranked(const Printer *printer, const Query *query)
{
    bool outer = printer->scope && printer->scope->outer &&
                 ((query->limit && is_of_outer_row(query->limit, NULL)) || (query->offset && is_of_outer_row(query->offset, NULL)));
    return printer->dialect->kind == DIALECT_DUCKDB && (outer || (query->limit && query->with_ties));
}

/* ORDER BY of the ranks. alias: of the wrapped rows; 0: the query's own items. */
static const char *rank_order(Printer *printer, const Query *query, int alias)
{
    PrintHold hold;
    print_hold(printer, &hold);
    str_add(printer->out, query->norder ? "ORDER BY " : "");
    bool ok = true;
    for (int i = 0; i < query->norder && ok; i++) {
        Expr raw;
        const Expr *key = query->targets[query->order[i].target].expr;
        if (alias) {
            raw = print_wrapped_column(printer, query, query->order[i].target, alias);
            key = &raw;
        }
        str_add(printer->out, i ? ", " : "");
        ok = print_sort_item(printer, key, &query->order[i]);
    }
    bool one = !query->norder && !alias && query->nfrom == 1 && query->from[0]->kind == FROM_RTE;
    if (one && query->rtes[query->from[0]->rte]->kind == RTE_FUNCTION) /* the order its rows come in */
        str_addf(printer->out, "ORDER BY r%d.n", printer->scope->first + query->from[0]->rte + 1);
    return print_held(printer, &hold, ok);
}

/* A count as the engine computes it, checked. */
static const char *rank_count(Printer *printer, const char *clause, const Expr *expr, bool null_allowed)
{
    const char *value = NULL;
    bool is_limit = str_eq(clause, "LIMIT");
    if (!expr)
        return "NULL";
    if (print_known_value(printer, expr, &value) && (value ? value[0] == '-' : !null_allowed)) {
        if (value)
            error_set(printer->error,
                      is_limit ? ERRCODE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE : ERRCODE_INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE,
                      "%s must not be negative", clause);
        else
            error_set(printer->error, ERRCODE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE,
                      "row count cannot be null in FETCH FIRST ... WITH TIES clause");
        return NULL;
    }
    const char *text = print_text_of(printer, expr);
    return !text || value ? text : arena_printf(printer->arena, "mdl_row_count(%s, %s)", text, is_limit ? "true" : "false");
}

/* alias: of the wrapped rows; 0: the query's own items. */
static bool print_ranks(Printer *printer, const Query *query, int alias)
{
    if (query->ndistinct_on)
        return print_refuse(printer, NULL, "%s of DISTINCT ON is",
                            query->with_ties ? "FETCH FIRST ... WITH TIES" : "a limit by the row outside");
    const char *order = rank_order(printer, query, alias);
    const char *offset = order ? rank_count(printer, "OFFSET", query->offset, true) : NULL;
    const char *limit = offset ? rank_count(printer, "LIMIT", query->limit, !query->with_ties) : NULL;
    if (!limit)
        return false;
    Str *out = printer->out;
    str_add(out, " QUALIFY true");
    if (query->limit)
        str_addf(out, " AND COALESCE(%s() OVER (%s) <= COALESCE(%s, 0) + %s AND %s > 0, true)",
                 query->with_ties && order[0] ? "rank" : "row_number", order, offset, limit, limit);
    if (query->offset)
        str_addf(out, " AND row_number() OVER (%s) > COALESCE(%s, 0)", order, offset);
    return true;
}

static bool print_limit(Printer *printer, const Query *query)
{
    if (ties_are_ranked(printer, query))
        return true;
    if (query->limit && query->with_ties) {
        if (!printer->dialect->with_ties)
            return print_refuse(printer, NULL, "FETCH FIRST ... WITH TIES is");
        if (!postgres_has(printer, NULL, 13, "FETCH FIRST ... WITH TIES"))
            return false;
        if (query->offset && !print_limit_clause(printer, "OFFSET", query->offset, ERRCODE_INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE))
            return false;
        str_add(printer->out, " FETCH FIRST (");
        if (!print_expr(printer, query->limit))
            return false;
        str_add(printer->out, ") ROWS WITH TIES");
        return true;
    }
    if (query->limit && !print_limit_clause(printer, "LIMIT", query->limit, ERRCODE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE))
        return false;
    if (!query->offset)
        return true;
    if (printer->dialect->kind == DIALECT_SQLITE && !query->limit)
        str_add(printer->out, " LIMIT -1");
    return print_limit_clause(printer, "OFFSET", query->offset, ERRCODE_INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE);
}

/* ---- a plain SELECT ---- */

static bool print_distinct_on(Printer *printer, const Query *query)
{
    if (!printer->dialect->distinct_on)
        return print_refuse(printer, NULL, "DISTINCT ON is");
    str_add(printer->out, "DISTINCT ON (");
    for (int i = 0; i < query->ndistinct_on; i++) {
        const Expr *expr = query->targets[query->distinct_on[i].target].expr;
        str_add(printer->out, i ? ", " : "");
        if (printer->dialect->kind == DIALECT_POSTGRES && goes_by_number(printer, query, query->distinct_on[i].target))
            str_addf(printer->out, "%d", target_number(query, query->distinct_on[i].target));
        else if (!print_grouping_expr(printer, expr))
            return false;
        else if (postgres_needs_collate(printer, expr))
            str_add(printer->out, " COLLATE \"C\"");
    }
    str_add(printer->out, ") ");
    return true;
}

/* SELECT DISTINCT where equality goes by keys: one row of each group of equal keys. */
static bool print_distinct_by_keys(Printer *printer, const Query *query)
{
    str_add(printer->out, "DISTINCT ON (");
    bool first = true;
    for (int i = 0; i < query->ntargets; i++) {
        if (query->targets[i].junk)
            continue;
        if (!first)
            str_add(printer->out, ", ");
        first = false;
        if (!print_key(printer, query->targets[i].expr, KEY_EQUALITY))
            return false;
    }
    str_add(printer->out, ") ");
    return true;
}

bool print_has_keyed_target(Printer *printer, const Query *query)
{
    if (printer->dialect->kind != DIALECT_DUCKDB || query == printer->by_text)
        return false;
    for (int i = 0; i < query->ntargets; i++) {
        if (!query->targets[i].junk && print_needs_key(printer, query->targets[i].expr))
            return true;
    }
    return false;
}

static bool print_distinct(Printer *printer, const Query *query)
{
    if (query->ndistinct_on)
        return print_distinct_on(printer, query);
    if (!query->distinct)
        return true;
    if (print_has_keyed_target(printer, query))
        return print_distinct_by_keys(printer, query);
    str_add(printer->out, "DISTINCT ");
    return true;
}

/* What DISTINCT ON sorts by, as columns k1, k2, ... */
static bool print_distinct_keys(Printer *printer, const Query *query)
{
    for (int i = 0; i < query->ndistinct_on; i++) {
        str_add(printer->out, ", ");
        if (!print_key(printer, query->targets[query->distinct_on[i].target].expr, KEY_ORDER))
            return false;
        str_addf(printer->out, " AS k%d", i + 1);
    }
    return true;
}

static bool print_select(Printer *printer, const Query *query, const RteColumn *columns, bool top, bool with_keys)
{
    Str *out = printer->out;
    str_add(out, "SELECT ");
    if (!print_distinct(printer, query) || !print_targets(printer, query, columns, top) ||
        (with_keys && !print_distinct_keys(printer, query)) || !print_from(printer) || !print_where(printer, query))
        return false;
    if (top) {
        printer->context->split_offset = out->len;
        printer->context->split_where = !query->where;
    }
    return print_group(printer, query);
}

/* ---- wrapped results: rows of an inner text, sorted by keys that only the outside can name ---- */

static bool print_wrapper_head(Printer *printer, const Query *query, int alias, bool top)
{
    Str *out = printer->out;
    str_add(out, "SELECT ");
    int column = 0;
    for (int i = 0; i < query->ntargets; i++) {
        if (query->targets[i].junk)
            continue;
        str_addf(out, "%sr%d.c%d", column ? ", " : "", alias, column + 1);
        column++;
        if (!top)
            str_addf(out, " AS c%d", column);
    }
    str_add(out, " FROM (");
    return true;
}

static bool print_wrapper_tail(Printer *printer, const Query *query, int alias)
{
    str_addf(printer->out, ") AS r%d", alias);
    if (ties_are_ranked(printer, query) && !print_ranks(printer, query, alias))
        return false;
    for (int i = 0; i < query->norder; i++) {
        Expr raw = print_wrapped_column(printer, query, query->order[i].target, alias);
        str_add(printer->out, i ? ", " : " ORDER BY ");
        if (!print_sort_item(printer, &raw, &query->order[i]))
            return false;
    }
    return print_limit(printer, query);
}

/* Rows whose order is that of columns they give, where those hold what must not be written twice. */
static bool order_is_of_columns(Printer *printer, const Query *query)
{
    bool wanted = ties_are_ranked(printer, query) && query->has_windows;
    for (int i = 0; i < query->norder; i++) {
        if (query->targets[query->order[i].target].junk)
            return false;
        bool collated = postgres_needs_collate(printer, query->targets[query->order[i].target].expr);
        wanted |= shows_sublink(query, query->order[i].target) && (printer->dialect->kind == DIALECT_DUCKDB || collated);
    }
    return wanted && printer->dialect->kind != DIALECT_SQLITE && !query->ndistinct_on;
}

/* Whether ORDER BY has items that are not among the result's columns as they are printed. */
static bool order_needs_wrapper(Printer *printer, const Query *query)
{
    for (int i = 0; i < query->norder; i++) {
        const Expr *expr = query->targets[query->order[i].target].expr;
        if (print_needs_order_key(printer, expr) || print_loses_sign(printer, expr) || postgres_needs_collate(printer, expr))
            return true;
    }
    return false;
}

/* ---- a whole query ---- */

/* The engine itself tells the rows of a recursive UNION apart: by themselves, as their texts, or by keys beside them, whose number this
 * gives. */
static int count_recursion_keys(Printer *printer, const Cte *cte)
{
    const Query *query = cte->query;
    if (!cte->recursive || query->set_op != SETOP_UNION || query->set_all || printer->dialect->kind != DIALECT_DUCKDB)
        return 0;
    Scope scope = {.query = query, .outer = printer->scope};
    printer->scope = &scope;
    bool by_keys = false;
    for (int i = 0; i < query->ntargets; i++)
        by_keys |=
            !query->targets[i].junk && print_needs_key(printer, query->targets[i].expr) && !print_row_is_its_text(printer, cte, i + 1);
    printer->scope = scope.outer;
    *(by_keys ? &printer->by_keys : &printer->by_text) = query;
    return by_keys ? cte->ncolumns : 0;
}

static bool print_ctes(Printer *printer, const Query *query)
{
    if (!query->nctes)
        return true;
    if (!printer->dialect->ctes || (query->with_recursive && !printer->dialect->recursive))
        return print_refuse(printer, NULL, "WITH is");
    static const char *const MATERIALIZE[] = {"", "MATERIALIZED ", "NOT MATERIALIZED "};
    str_add(printer->out, query->with_recursive ? "WITH RECURSIVE " : "WITH ");
    for (int i = 0; i < query->nctes; i++) {
        const Cte *cte = &query->ctes[i];
        if (cte->materialize && !postgres_has(printer, NULL, 12, "AS [NOT] MATERIALIZED"))
            return false;
        str_addf(printer->out, "%s%s(", i ? ", " : "", print_cte_name(printer, i, 0));
        if (cte->recursive && !print_check_recursion(printer, cte->query))
            return false;
        int nkeys = count_recursion_keys(printer, cte);
        for (int j = 0; j < cte->ncolumns; j++)
            str_addf(printer->out, "%sc%d", j ? ", " : "", j + 1);
        for (int j = 0; j < nkeys; j++)
            str_addf(printer->out, ", k%d", j + 1);
        for (int j = 0; j < nkeys; j++)
            str_addf(printer->out, "%sk%d", j ? ", " : ") USING KEY (", j + 1);
        str_addf(printer->out, ") AS %s(", MATERIALIZE[cte->materialize]);
        printer->recursion = print_cte_name(printer, i, 0);
        int alias = printer->aliases + 1;
        const char *unread = print_unread_of_cte(printer, cte, alias);
        printer->aliases += unread != NULL;
        /* The engine takes a UNION beside recursive queries for one, and keeps what is there twice. */
        bool is_whole = cte->is_whole && printer->dialect->kind == DIALECT_DUCKDB;
        bool wrapped = unread || is_whole ||
                       (query->with_recursive && !cte->recursive && cte->query->set_op && printer->dialect->kind == DIALECT_DUCKDB);
        str_add(printer->out, wrapped ? "SELECT * FROM (" : "");
        if (!print_query(printer, cte->query, cte->columns, false))
            return false;
        if (wrapped)
            str_addf(printer->out, ") AS r%d%s", unread ? alias : ++printer->aliases, unread ? unread : "");
        if (is_whole) /* readers' conditions do not pass a limit */
            str_addf(printer->out, " LIMIT %lld", (long long)INT64_MAX);
        str_add(printer->out, ")");
    }
    str_add(printer->out, " ");
    return true;
}

static bool print_locks(Printer *printer, const Query *query)
{
    static const char *const STRENGTHS[] = {"", "", "KEY SHARE", "SHARE", "NO KEY UPDATE", "UPDATE"};
    static const char *const WAITS[] = {"", "", " SKIP LOCKED", " NOWAIT"};
    for (int i = 0; i < query->nlocks && query->for_update; i++)
        str_addf(printer->out, " FOR %s OF r%d%s", STRENGTHS[query->locks[i].strength], printer->scope->first + query->locks[i].rte + 1,
                 WAITS[query->locks[i].wait]);
    return true;
}

/* Of rows in an order the local engine's DISTINCT ON takes reals by their keys, where -0 is 0: it is given them as doubles. */
static bool takes_reals(const Printer *printer, const Query *query)
{
    bool found = false;
    for (int i = 0; i < query->ntargets && query->ndistinct_on && printer->dialect->kind == DIALECT_DUCKDB; i++)
        found |= !query->targets[i].junk && query->targets[i].expr->type == TYPE_FLOAT4;
    return found && query->norder > query->ndistinct_on;
}

/* The query with its reals made doubles. */
static const Query *with_doubles(Printer *printer, const Query *query)
{
    Query *copy = ARENA_NEW(printer->arena, Query);
    *copy = *query;
    copy->targets = ARENA_ARRAY(printer->arena, Target, query->ntargets);
    memcpy(copy->targets, query->targets, sizeof(Target) * (size_t)query->ntargets);
    for (int i = 0; i < query->ntargets; i++) {
        if (query->targets[i].junk || query->targets[i].expr->type != TYPE_FLOAT4)
            continue;
        const char *text = print_text_of(printer, query->targets[i].expr);
        if (!text)
            return NULL;
        copy->targets[i].expr = ARENA_NEW(printer->arena, Expr);
        *copy->targets[i].expr = print_raw(TYPE_FLOAT8, arena_printf(printer->arena, "CAST(%s AS DOUBLE)", text));
    }
    return copy;
}

static bool print_distinct_reals(Printer *printer, const Query *query, const RteColumn *wanted, bool top)
{
    Str *out = printer->out;
    int alias = ++printer->aliases, ncolumns = 0;
    RteColumn *columns = print_columns_of_targets(printer, query);
    const Query *inner = with_doubles(printer, query);
    str_add(out, "SELECT ");
    for (int i = 0; i < query->ntargets && inner; i++) {
        if (query->targets[i].junk)
            continue;
        RteColumn *column = &columns[ncolumns];
        if (wanted)
            *column = wanted[ncolumns];
        bool is_real = column->type == TYPE_FLOAT4 && query->targets[i].expr->type == TYPE_FLOAT4;
        if (is_real)
            column->type = TYPE_FLOAT8;
        ncolumns++;
        str_addf(out, is_real ? "%sCAST(r%d.c%d AS FLOAT)" : "%sr%d.c%d", ncolumns > 1 ? ", " : "", alias, ncolumns);
        if (!top)
            str_addf(out, " AS c%d", ncolumns);
    }
    str_add(out, " FROM (");
    if (!inner || !print_select(printer, inner, columns, false, true) || !print_order(printer, inner) || !print_limit(printer, query))
        return false;
    str_addf(out, ") AS r%d", alias);
    for (int i = 0; i < query->ndistinct_on; i++)
        str_addf(out, "%sr%d.k%d%s%s", i ? ", " : " ORDER BY ", alias, i + 1, query->distinct_on[i].descending ? " DESC" : " ASC",
                 query->distinct_on[i].nulls_first ? " NULLS FIRST" : " NULLS LAST");
    return true;
}

static bool print_rows(Printer *printer, const Query *query, const RteColumn *columns, bool top)
{
    if (takes_reals(printer, query) && !ties_are_ranked(printer, query) && !query->for_update)
        return print_distinct_reals(printer, query, columns, top);
    bool ranked = ties_are_ranked(printer, query) && (query->set_op || query->distinct || query->has_set_functions);
    bool wrap = ranked || (query->norder && (query->set_op || order_is_of_columns(printer, query) ||
                                             (query->distinct && !query->ndistinct_on && order_needs_wrapper(printer, query))));
    bool set_op = query->set_op != SETOP_NONE;
    int alias = 0;
    for (int i = 0; i < query->norder && ranked; i++)
        if (query->targets[query->order[i].target].junk)
            return print_refuse(printer, NULL, "a limit by the row outside, over rows in this order, is");
    if (wrap) {
        alias = ++printer->aliases;
        print_wrapper_head(printer, query, alias, top);
    }
    bool ok = set_op ? print_set_operation(printer, query, columns) : print_select(printer, query, columns, top && !wrap, false);
    if (!ok)
        return false;
    if (wrap)
        return query->for_update ? print_refuse(printer, NULL, "FOR UPDATE or FOR SHARE of rows in this order is")
                                 : print_wrapper_tail(printer, query, alias);
    if (ties_are_ranked(printer, query) && !print_ranks(printer, query, 0))
        return false;
    return print_order(printer, query) && print_limit(printer, query) && print_locks(printer, query);
}

bool print_query(Printer *printer, const Query *query, const RteColumn *columns, bool top)
{
    if (query->for_update && printer->dialect->kind != DIALECT_POSTGRES)
        return print_refuse(printer, NULL, "FOR UPDATE or FOR SHARE is");
    if (++printer->depth > SQL_MAX_DEPTH)
        return error_too_deep(printer->error);
    Scope scope = {.query = query, .outer = printer->scope, .first = printer->aliases, .first_cte = printer->ctes};
    printer->aliases += query->nrtes;
    printer->ctes += query->nctes;
    int cost;
    if (print_is_too_wide(printer, query) || !sqlite_stack_enter(printer, NULL, &cost))
        return false;
    printer->scope = &scope;
    bool ok =
        query->kind == QUERY_SELECT ? print_ctes(printer, query) && print_rows(printer, query, columns, top) : print_change(printer, query);
    printer->scope = scope.outer;
    printer->stack -= cost;
    printer->depth--;
    return ok;
}

bool print_subquery(Printer *printer, const Query *query)
{
    str_add(printer->out, "(");
    if (!print_query(printer, query, NULL, false))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* ---- entry points ---- */

static Printer printer_start(PrintContext *context, Str *out, Error *error)
{
    return (Printer){
        .context = context, .dialect = context->dialect, .catalog = context->catalog, .out = out, .arena = out->arena, .error = error};
}

bool sql_print_query(const Query *query, PrintContext *context, Str *out, Error *error)
{
    Printer printer = printer_start(context, out, error);
    printer.has_volatile = context->dialect->kind == DIALECT_DUCKDB && query_is_volatile(query, context->catalog);
    return print_query(&printer, query, NULL, true);
}

static bool answer(const Printer *printer, bool ok, const Query *query, Catalog *catalog, Arena *arena, ShipReason *reason)
{
    if (ok || !reason)
        return ok;
    reason->text = arena_strdup(arena, printer->error->message);
    if (printer->culprit && query)
        reason->text = arena_printf(arena, "%s: %s", sql_describe_expr(printer->culprit, query, catalog, arena), printer->error->message);
    return false;
}

bool sql_query_printable(const Query *query, const PrintContext *context, Arena *arena, ShipReason *reason)
{
    Arena *scratch = arena_open(NULL);
    PrintContext copy = *context;
    Str out;
    Error error;
    str_init(&out, scratch);
    error_init(&error, scratch);
    Printer printer = printer_start(&copy, &out, &error);
    printer.dry = true;
    bool ok = print_query(&printer, query, NULL, true);
    ok = answer(&printer, ok, NULL, context->catalog, arena, reason);
    arena_close(scratch);
    return ok;
}

bool sql_expr_printable(const Expr *expr, const Query *query, const PrintContext *context, Arena *arena, ShipReason *reason)
{
    Arena *scratch = arena_open(NULL);
    PrintContext copy = *context;
    Str out;
    Error error;
    str_init(&out, scratch);
    error_init(&error, scratch);
    Printer printer = printer_start(&copy, &out, &error);
    Scope scope = {.query = query, .inside_aggregate = 1};
    printer.scope = &scope;
    printer.dry = printer.shallow = true;
    bool ok = print_expr(&printer, expr);
    ok = answer(&printer, ok, query, context->catalog, arena, reason);
    arena_close(scratch);
    return ok;
}

bool sql_query_shippable(const Dialect *dialect, const Query *query, Catalog *catalog, Arena *arena, ShipReason *reason)
{
    PrintContext context = {.dialect = dialect, .catalog = catalog};
    return sql_query_printable(query, &context, arena, reason);
}
