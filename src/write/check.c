/*
 * check.c - NOT NULL, CHECK and the partition constraint, asked of all new rows of a relation at once.
 *
 * One query finds the first row that breaks something, and what it breaks first, in PostgreSQL's order: NOT NULL by column, CHECKs by name,
 * the partition constraint, which comes first in an UPDATE.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "func/partition.h"
#include "write/internal.h"

typedef struct Rule {
    enum { RULE_NOT_NULL, RULE_CHECK, RULE_PARTITION } kind;
    const char *name; /* of the column or the constraint */
    Expr *broken;
} Rule;

/* Whether the partition's bound is among the rules. */
typedef enum Bound { BOUND_NONE, BOUND_TOO, BOUND_ALONE } Bound;

typedef struct Rules {
    Write *write;
    const CatRelation *relation;
    VEC(Rule) items;
} Rules;

static void add_rule(Rules *rules, Rule rule)
{
    vec_push(rules->write->arena, &rules->items, rule);
}

static Expr *is_false(Write *write, Expr *condition)
{
    Expr *test = fetch_test(write, EXPR_BOOL_TEST, condition);
    test->u.bool_test = TEST_IS_FALSE;
    return test;
}

static bool add_checks(Rules *rules)
{
    static const char CHECKS[] = "SELECT conname, conbin FROM pg_constraint WHERE conrelid = ?1 AND contype = 'c' ORDER BY conname";
    Write *write = rules->write;
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, CHECKS, "o", rules->relation->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Expr *check = fetch_expr(write, rules->relation, CATALOG_CELL(rows, i, 1).text, TYPE_BOOL);
        if (!check)
            return false;
        add_rule(rules, (Rule){RULE_CHECK, CATALOG_CELL(rows, i, 0).text, is_false(write, check)});
    }
    return rows != NULL;
}

static bool add_partition(Rules *rules)
{
    Write *write = rules->write;
    const char *text = NULL;
    if (!partition_constraint(write->context->plan->functions, rules->relation->oid, false, write->arena, &text, write->error))
        return false;
    Expr *condition = text ? fetch_expr(write, rules->relation, text, TYPE_BOOL) : NULL;
    if (condition)
        add_rule(rules, (Rule){RULE_PARTITION, NULL, is_false(write, condition)});
    return !text || condition;
}

static bool collect(Rules *rules, Bound bound)
{
    const Query *statement = rules->write->statement;
    if (rules->relation->kind == 'f') /* its source holds its rows to what it has; COPY alone asks for the bound, as in PostgreSQL */
        return bound == BOUND_NONE || !write_is_copy(rules->write) || add_partition(rules);
    bool bound_first = bound == BOUND_ALONE || (bound == BOUND_TOO && statement && statement->kind == QUERY_UPDATE);
    if (bound_first && !add_partition(rules))
        return false;
    if (bound == BOUND_ALONE)
        return true;
    for (int i = 0; i < rules->relation->ncolumns; i++) {
        const CatColumn *column = &rules->relation->columns[i];
        if (column->not_null && !column->dropped)
            add_rule(rules, (Rule){RULE_NOT_NULL, column->name,
                                   fetch_test(rules->write, EXPR_IS_NULL, fetch_column(rules->write, rules->relation, i + 1))});
    }
    return add_checks(rules) && (bound_first || bound == BOUND_NONE || add_partition(rules));
}

/* CASE WHEN broken1 THEN 1 ... END: the rule, from 1. */
static Expr *first_broken(const Rules *rules)
{
    Arena *arena = rules->write->arena;
    Expr *expr = ARENA_NEW(arena, Expr);
    *expr = (Expr){.kind = EXPR_CASE, .type = TYPE_INT4, .typmod = -1, .location = -1};
    expr->args = ARENA_ARRAY(arena, Expr *, 2 * rules->items.count + 1);
    for (size_t i = 0; i < rules->items.count; i++) {
        expr->args[expr->nargs++] = rules->items.items[i].broken;
        expr->args[expr->nargs++] = expr_const(arena, TYPE_INT4, -1, arena_printf(arena, "%zu", i + 1));
    }
    expr->args[expr->nargs++] = expr_const(arena, TYPE_INT4, -1, NULL);
    return expr;
}

static bool refuse(Write *write, const CatRelation *relation, const Rule *rule, const char *const *cells)
{
    Error *error = write->error;
    switch (rule->kind) {
    case RULE_NOT_NULL:
        error_set(error, ERRCODE_NOT_NULL_VIOLATION, "null value in column \"%s\" of relation \"%s\" violates not-null constraint",
                  rule->name, relation->name);
        break;
    case RULE_CHECK:
        error_set(error, ERRCODE_CHECK_VIOLATION, "new row for relation \"%s\" violates check constraint \"%s\"", relation->name,
                  rule->name);
        break;
    case RULE_PARTITION:
        error_set(error, ERRCODE_CHECK_VIOLATION, "new row for relation \"%s\" violates partition constraint", relation->name);
        break;
    }
    fetch_error_names(write, relation, rule->kind == RULE_NOT_NULL ? rule->name : NULL, rule->kind == RULE_CHECK ? rule->name : NULL);
    const char *row = fetch_describe_row(write, write->root, cells);
    return row ? error_detail(error, "Failing row contains %s.", row) : false;
}

/* The row is shown as the table named has it. */
static void add_root_columns(Write *write, const CatRelation *relation, Query *query)
{
    for (int i = 0; i < write->root->ncolumns; i++)
        if (!write->root->columns[i].dropped)
            fetch_add_target(query, fetch_column(write, relation, change_column(relation, write->root->columns[i].name)));
}

/* The rules' first that is broken (NULL: none is) and all that is shown then, of the rows for which there is one. */
static Query *broken_rows(const Rules *rules)
{
    Write *write = rules->write;
    Query *query = fetch_over(write, rules->relation);
    Expr *broken = first_broken(rules);
    fetch_add_target(query, broken);
    add_root_columns(write, rules->relation, query);
    query->where = fetch_test(write, EXPR_IS_NOT_NULL, expr_copy(broken, write->arena));
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    return query;
}

/* The same of that row, over no table. *out NULL: the error is set, or none is broken. */
static bool broken_of(const Rules *rules, Expr *broken, const StoreRow *known, Query **out)
{
    Write *write = rules->write;
    Query *query = fetch_over(write, NULL);
    FetchedRows rows;
    fetch_add_target(query, trigger_with_row(write, rules->relation, broken, known->cells));
    *out = NULL;
    if (!fetch_all(write, query, &rows) || !rows.items[0][0])
        return !error_is_set(write->error);
    query->targets[0].expr = expr_const_like(write->arena, broken, rows.items[0][0]);
    add_root_columns(write, rules->relation, query);
    for (int i = 1; i < query->ntargets; i++)
        trigger_with_row(write, rules->relation, query->targets[i].expr, known->cells);
    fetch_add_target(query, fetch_int8(write, known->number));
    *out = query;
    return true;
}

/* *row: number of the first row that breaks something, when that is the error. known: the one to be looked at; NULL: all. */
static bool check_rows(Write *write, const CatRelation *relation, Bound bound, const StoreRow *known, int64_t *row)
{
    Rules rules = {.write = write, .relation = relation};
    if (!collect(&rules, bound))
        return false;
    if (!rules.items.count)
        return true;
    Expr *broken = first_broken(&rules);
    Query *query = NULL;
    if (!known || (known->number && fetch_reads_stored(broken)))
        query = broken_rows(&rules);
    else if (!broken_of(&rules, broken, known, &query) || !query)
        return !error_is_set(write->error);
    const char *const *cells;
    if (!fetch_first(write, query, &cells))
        return false;
    if (!cells || !cells[0])
        return true;
    *row = strtoll(cells[query->ntargets - 1 - query->norder], NULL, 10);
    return refuse(write, relation, &rules.items.items[atoi(cells[0]) - 1], cells + 1);
}

bool write_is_copy(const Write *write)
{
    return write->context->failed && write->statement->kind == QUERY_INSERT;
}

void write_failed(Write *write, int64_t row, bool after_store)
{
    WriteFailure *failed = write->refused ? write->refused : write->context->failed;
    if (failed && row)
        *failed = (WriteFailure){row, after_store};
}

/* ---- WITH CHECK OPTION ---- */

typedef struct Placing {
    Write *write;
    const CatRelation *relation;
} Placing;

/* A row of the table named, of the relation's columns. */
static Expr *place_row(const Placing *placing, const Expr *var)
{
    Write *write = placing->write;
    const CatRelation *root = write->root;
    Expr *row = ARENA_NEW(write->arena, Expr);
    ArrayElement *names = ARENA_ARRAY(write->arena, ArrayElement, root->ncolumns + 1);
    Str text;
    *row = (Expr){.kind = EXPR_ROW, .type = var->type, .typmod = -1, .location = var->location};
    row->args = ARENA_ARRAY(write->arena, Expr *, root->ncolumns + 1);
    for (int i = 0; i < root->ncolumns; i++) {
        const char *name = root->columns[i].name;
        if (root->columns[i].dropped)
            continue;
        names[row->nargs] = (ArrayElement){name, strlen(name)};
        Expr *column = fetch_column(write, placing->relation, change_column(placing->relation, name));
        column->u.var.levels_up = var->u.var.levels_up;
        row->args[row->nargs++] = column;
    }
    str_init(&text, write->arena);
    type_array_write(names, (size_t)row->nargs, &text);
    row->u.value = text.data;
    return row;
}

/* Columns of the table named become the relation's. */
static Expr *place_column(Expr *expr, int level, void *arg)
{
    const Placing *placing = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level || expr->u.var.column < 0)
        return expr;
    if (!expr->u.var.column)
        return placing->relation->oid == placing->write->root->oid ? expr : place_row(placing, expr);
    expr->u.var.column = change_column(placing->relation, placing->write->root->columns[expr->u.var.column - 1].name);
    return expr;
}

/* Of that row (NULL: of all), where it comes before that of number `end` (0: there is none). number: of the row that is refused. */
static bool check_view(Write *write, const CatRelation *relation, const ViewCheck *check, const StoreRow *row, int64_t end, int64_t *number)
{
    Placing placing = {write, relation};
    Query *query = fetch_over(write, relation);
    const char *const *cells;
    query->where = fetch_test(write, EXPR_BOOL_TEST, expr_copy(check->condition, write->arena));
    query->where->u.bool_test = TEST_IS_NOT_TRUE;
    query_map_exprs(query, true, place_column, &placing);
    add_root_columns(write, relation, query);
    if (end)
        fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), fetch_int8(write, end)));
    if (row && row->number)
        fetch_add_condition(write, query,
                            fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), fetch_int8(write, row->number)));
    query->has_sublinks = true;
    query->as_of = write->before; /* subqueries find things as they were */
    int place = query->ntargets;
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    if (!fetch_first(write, query, &cells))
        return false;
    if (!cells)
        return true;
    *number = strtoll(cells[place], NULL, 10);
    error_set(write->error, ERRCODE_WITH_CHECK_OPTION_VIOLATION, "new row violates check option for view \"%s\"", check->view);
    const char *text = fetch_describe_row(write, write->root, cells);
    return text ? error_detail(write->error, "Failing row contains %s.", text) : false;
}

/* ---- all of it ---- */

/* What is wrong with the first row that is refused. */
typedef struct Refusal {
    Write *write;
    const CatRelation *relation;
    int64_t row; /* its number; 0: there is none */
    bool is_entry;
    Error error;
} Refusal;

static Refusal open_refusal(Write *write, const CatRelation *relation)
{
    Refusal refusal = {.write = write, .relation = relation};
    error_init(&refusal.error, write->arena);
    return refusal;
}

/* The error that is set is about the row. false: it is about none. */
static bool note(Refusal *refusal, int64_t row, bool is_entry)
{
    Write *write = refusal->write;
    if (!row)
        return false;
    refusal->row = row;
    refusal->is_entry = is_entry;
    error_copy(&refusal->error, write->error);
    error_clear(write->error);
    return true;
}

/* What refuses a row before the one that is refused already: the entries that indexes get. */
static bool note_entries(Refusal *refusal, const StoreRow *known)
{
    Write *write = refusal->write;
    IndexPlace end = {.row = refusal->row};
    int64_t twice;
    if (!index_values_check(write, refusal->relation, &end) && !note(refusal, end.index ? end.row : 0, true))
        return false;
    return unique_check(write, refusal->relation, known, &end, &twice) || note(refusal, twice, true);
}

/* Of that row; NULL: of all. */
static bool note_views(Refusal *refusal, const StoreRow *row)
{
    Write *write = refusal->write;
    const Query *statement = write->statement;
    for (int i = 0; statement && i < statement->nchecks; i++) {
        const CatRelation *relation = catalog_relation(write->catalog, refusal->relation->oid);
        int64_t number = 0;
        if (!check_view(write, relation, &statement->checks[i], row, refusal->row, &number) && !note(refusal, number, false))
            return false;
    }
    return true;
}

/* The line of a COPY is known as long as rows are not stored with others. */
static bool tell(Refusal *refusal)
{
    Write *write = refusal->write;
    TriggerList triggers = {0};
    if (!refusal->row)
        return true;
    bool together = refusal->is_entry && write->context->failed &&
                    trigger_collect(write, refusal->relation, EVENT_INSERT, true, true, &triggers) && !triggers.count;
    write_failed(write, refusal->row, together);
    return error_copy(write->error, &refusal->error);
}

/* Indexes of a materialized view are made when its rows are there. */
static bool check_made(Write *write, const CatRelation *relation)
{
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error,
                                      "SELECT indexrelid FROM pg_index WHERE indrelid = ?1 ORDER BY indexrelid", "o", relation->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!index_verify(write, relation, (Oid)CATALOG_CELL(rows, i, 0).i))
            return false;
    return rows != NULL;
}

static void leave_for_later(Write *write, Oid relation)
{
    for (size_t i = 0; i < write->unchecked->count; i++)
        if (write->unchecked->items[i] == relation)
            return;
    vec_push(write->lasting, write->unchecked, relation);
}

bool check_unchecked(Write *write)
{
    for (size_t i = 0; i < write->unchecked->count; i++) {
        Refusal refusal = open_refusal(write, catalog_relation(write->catalog, write->unchecked->items[i]));
        if (!note_entries(&refusal, NULL) || !tell(&refusal))
            return false;
    }
    return true;
}

bool check_written(Write *write, const CatRelation *relation, bool partition, const StoreRow *row)
{
    Refusal refusal = open_refusal(write, relation);
    const StoreRow *known = row && row->cells ? row : NULL;
    int64_t broken = 0;
    if (relation->kind == 'm')
        return check_made(write, relation);
    if (!write->checks_first && !check_rows(write, relation, partition ? BOUND_TOO : BOUND_NONE, known, &broken) &&
        !note(&refusal, broken, false))
        return false;
    if (write->unchecked)
        leave_for_later(write, relation->oid);
    else if (!note_entries(&refusal, known))
        return false;
    return note_views(&refusal, row) && tell(&refusal);
}

bool check_before(Write *write, const CatRelation *relation, bool partition, const char *const *cells)
{
    StoreRow row = {.cells = cells};
    int64_t number;
    return check_rows(write, relation, partition ? BOUND_TOO : BOUND_NONE, &row, &number);
}

bool check_all_rows(Write *write, const CatRelation *relation, bool partition)
{
    int64_t row = 0;
    return check_rows(write, relation, partition ? BOUND_TOO : BOUND_NONE, NULL, &row);
}

bool check_bound(Write *write, const CatRelation *relation)
{
    int64_t row = 0;
    bool done = check_rows(write, relation, BOUND_ALONE, NULL, &row);
    write_failed(write, row, false);
    return done;
}
