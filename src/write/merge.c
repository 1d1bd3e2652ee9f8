/*
 * merge.c - MERGE: the rows of the join, each with the action that is done with it, go to a work table; then each action takes its share.
 *
 * The work table has the row of the table that matches (its relation, its number), the action's number, and the values of all actions.
 *
 * Invariants:
 *  1. The first action whose condition holds is done with a row of the join. A row of the table is updated or deleted once.
 *  2. Rows are deleted first, then updated, then inserted; AFTER triggers come at the end. The keys of rows that are deleted are free.
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

enum { WORK_ACTION = WORK_ROW + 1, OPERATOR_INT4_EQUAL = 96, OPERATOR_INT4_NOT_EQUAL = 518 };

static const struct {
    WriteEvent event;
    int action;
    QueryKind kind;
} KINDS[] = {
    {EVENT_INSERT, MERGE_INSERT, QUERY_INSERT}, {EVENT_UPDATE, MERGE_UPDATE, QUERY_UPDATE}, {EVENT_DELETE, MERGE_DELETE, QUERY_DELETE}};

/* ---- which action ---- */

static Expr *int4_const(Write *write, int value)
{
    return expr_const(write->arena, TYPE_INT4, -1, arena_printf(write->arena, "%d", value));
}

/* CASE WHEN condition THEN value ... ELSE NULL END, to be filled. */
static Expr *make_case(Write *write, const Expr *like, int most)
{
    Expr *expr = ARENA_NEW(write->arena, Expr);
    *expr = (Expr){.kind = EXPR_CASE, .type = like->type, .typmod = like->typmod, .collation = like->collation, .location = -1};
    expr->args = ARENA_ARRAY(write->arena, Expr *, 2 * most + 1);
    return expr;
}

static void end_case(Write *write, Expr *expr)
{
    Expr *null = expr_const(write->arena, expr->type, expr->typmod, NULL);
    null->collation = expr->collation;
    expr->args[expr->nargs++] = null;
}

/* The number of the action, from 1; NULL: none. DO NOTHING is 0. */
static Expr *action_number(Write *write)
{
    const Query *merge = write->statement;
    Expr *number = make_case(write, int4_const(write, 0), merge->nactions);
    for (int i = 0; i < merge->nactions; i++) {
        const MergeAction *action = &merge->actions[i];
        Expr *when = fetch_test(write, action->matched ? EXPR_IS_NOT_NULL : EXPR_IS_NULL, fetch_row_number(write, merge->result_rte));
        if (action->condition >= 0) {
            when = fetch_compare(write, OID_NONE, when, expr_copy(merge->targets[action->condition].expr, write->arena));
            when->kind = EXPR_AND;
        }
        number->args[number->nargs++] = when;
        number->args[number->nargs++] = int4_const(write, action->kind == MERGE_NOTHING ? 0 : i + 1);
    }
    end_case(write, number);
    return number;
}

/* Computed for the rows of its action alone. */
static Expr *value_of(Write *write, int action, const Expr *value)
{
    Expr *expr = make_case(write, value, 1);
    expr->args[expr->nargs++] = fetch_compare(write, OPERATOR_INT4_EQUAL, action_number(write), int4_const(write, action + 1));
    expr->args[expr->nargs++] = expr_copy(value, write->arena);
    end_case(write, expr);
    return expr;
}

/* They are computed once for the action's number and once for each of its values, which must agree. */
static bool check_conditions(Write *write)
{
    const Query *merge = write->statement;
    for (int i = 0; i < merge->nactions; i++) {
        int condition = merge->actions[i].condition;
        if (condition >= 0 && plan_is_volatile(merge->targets[condition].expr, write->catalog))
            return error_unsupported(write->error, "a volatile function in a WHEN condition of MERGE is not supported");
    }
    return true;
}

static bool find_rows(Write *write, uint64_t *count)
{
    const Query *merge = write->statement;
    Query *query = query_copy(merge, write->arena), *all = fetch_over(write, NULL);
    fetch_add_target(all, expr_var(write->arena, merge->result_rte, COLUMN_TABLEOID, TYPE_OID, -1, OID_NONE));
    fetch_add_target(all, fetch_row_number(write, merge->result_rte));
    fetch_add_target(all, action_number(write));
    for (int i = 0; i < merge->nactions; i++)
        for (int k = 0; k < merge->actions[i].count; k++)
            fetch_add_target(all, value_of(write, i, merge->targets[merge->actions[i].first + k].expr));
    query->targets = all->targets;
    query->ntargets = all->ntargets;
    query->kind = QUERY_SELECT;
    query->nactions = 0;
    query->result_rte = -1;
    query->as_of = write->context->as_of;
    return work_fill(write, query, NULL, false, &write->work, count);
}

static bool check_once(Write *write)
{
    FetchedRows rows;
    Query *query = fetch_over(write, NULL);
    Map *seen = map_open(write->arena);
    int work = work_add(write, query, &write->work);
    fetch_add_target(query, fetch_var(write, query, work, WORK_ROW));
    fetch_add_condition(write, query, fetch_test(write, EXPR_IS_NOT_NULL, fetch_var(write, query, work, WORK_ROW)));
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT4_NOT_EQUAL, fetch_var(write, query, work, WORK_ACTION), int4_const(write, 0)));
    if (!fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        const char *number = rows.items[i][0];
        if (map_get(seen, number, strlen(number))) {
            error_set(write->error, ERRCODE_CARDINALITY_VIOLATION, "MERGE command cannot affect row a second time");
            return error_hint(write->error, "Ensure that not more than one source row matches any one target row.");
        }
        map_put(seen, number, strlen(number), (void *)(uintptr_t)number);
    }
    return true;
}

/* ---- one action ---- */

/* The action as a statement of its own. */
static Query *statement_of(Write *write, const MergeAction *action, QueryKind kind)
{
    const Query *merge = write->statement;
    Query *statement = ARENA_NEW(write->arena, Query);
    *statement = (Query){.kind = kind, .rtes = merge->rtes, .nrtes = merge->nrtes, .result_rte = merge->result_rte, .arena = write->arena};
    if (kind == QUERY_UPDATE) {
        statement->targets = merge->targets + action->first;
        statement->ntargets = action->count;
        statement->insert_columns = action->columns;
    }
    return statement;
}

/* The column of the work table that has the action's first value. */
static int first_value(const Query *merge, int number)
{
    int first = WORK_ACTION + 1;
    for (int i = 0; i < number; i++)
        first += merge->actions[i].count;
    return first;
}

static Query *over_action(Write *write, int number, int *work)
{
    Query *query = fetch_over(write, NULL);
    *work = work_add(write, query, &write->work);
    query->where = fetch_compare(write, OPERATOR_INT4_EQUAL, fetch_var(write, query, *work, WORK_ACTION), int4_const(write, number + 1));
    return query;
}

/* An UPDATE's or DELETE's rows: relation, row and values. */
static Query *changed_rows(Write *write, int number)
{
    const Query *merge = write->statement;
    int work, first = first_value(merge, number);
    Query *query = over_action(write, number, &work);
    for (int i = WORK_RELATION; i <= WORK_ROW; i++)
        fetch_add_target(query, fetch_var(write, query, work, i));
    for (int i = 0; i < merge->actions[number].count; i++)
        fetch_add_target(query, fetch_var(write, query, work, first + i));
    return query;
}

/* An INSERT's rows: the table's columns by number, then the number of the row. */
static Query *new_rows(Write *write, int number)
{
    const MergeAction *action = &write->statement->actions[number];
    int work, first = first_value(write->statement, number);
    Query *query = over_action(write, number, &work);
    for (int i = 1; i <= write->root->ncolumns; i++) {
        const CatColumn *column = &write->root->columns[i - 1];
        Expr *value = expr_const(write->arena, column->dropped ? TYPE_INT4 : column->type, column->typmod, NULL);
        for (int k = 0; k < action->count; k++)
            if (action->columns[k] == i)
                value = fetch_var(write, query, work, first + k);
        fetch_add_target(query, value);
    }
    fetch_add_target(query, fetch_row_number(write, work));
    return query;
}

static bool insert_rows(Write *write, int number, Write *into, uint64_t *count)
{
    const CatRelation *root = write->root;
    Query *query = fetch_around(write, new_rows(write, number));
    int *columns = ARENA_ARRAY(write->arena, int, root->ncolumns + 2);
    for (int i = 1; i <= root->ncolumns; i++) {
        if (root->columns[i - 1].dropped)
            continue;
        columns[query->ntargets] = i;
        Expr *value = root->columns[i - 1].generated ? change_generated(write, root, i) : fetch_var(write, query, 0, i);
        if (!value)
            return false;
        fetch_add_target(query, value);
    }
    columns[query->ntargets] = 0;
    Expr *row = fetch_var(write, query, 0, root->ncolumns + 1);
    fetch_add_target(query, row);
    fetch_order_by(write, query, expr_copy(row, write->arena));
    into->root = root;
    return root->kind == 'p' ? insert_query(into, query, root->oid, columns, count) && route_rows(into, count)
                             : insert_into(into, query, root->oid, columns, root->is_partition, count);
}

/* ---- all of them ---- */

/* Of one action: as which statement it runs, over which rows. */
static Write step_of(const Write *write, int number)
{
    Write step = *write;
    const MergeAction *action = &write->statement->actions[number];
    memset(&step.partitions, 0, sizeof step.partitions);
    memset(&step.work, 0, sizeof step.work);
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (KINDS[i].action == (int)action->kind)
            step.statement = statement_of(&step, action, KINDS[i].kind);
    return step;
}

static bool change_some(Write *write, int number, Write *step, uint64_t *count)
{
    uint64_t found;
    Query *rows = changed_rows(write, number);
    return work_fill(step, rows, "c2", false, &step->work, &found) && (!found || change_rows(step, count));
}

static bool run_actions(Write *write, Write *steps, uint64_t *total)
{
    const Query *merge = write->statement;
    int64_t lowest;
    for (size_t kind = COUNT_OF(KINDS); kind-- > 0;)
        for (int i = 0; i < merge->nactions; i++) {
            uint64_t count = 0;
            if ((int)merge->actions[i].kind != KINDS[kind].action)
                continue;
            bool inserts = merge->actions[i].kind == MERGE_INSERT;
            write->root = catalog_relation(write->catalog, write->root->oid);
            steps[i] = step_of(write, i);
            if (!(inserts ? insert_rows(write, i, &steps[i], &count) : change_some(write, i, &steps[i], &count)) ||
                (!inserts && !work_lowest(write, &steps[i].work, &lowest)))
                return false;
            if (!inserts && lowest && (!write->inserted_below || lowest < write->inserted_below))
                write->inserted_below = lowest;
            if (merge->actions[i].kind == MERGE_UPDATE)
                vec_push(write->arena, &write->updates, &steps[i]);
            *total += count;
        }
    return true;
}

/* The rows that its actions inserted: of a table that two of them did, they are told of once. */
static bool after_inserts(Write *write, const Write *steps)
{
    const Write *first = NULL;
    Write all;
    AfterRows rows = {0};
    for (int i = 0; i < write->statement->nactions; i++) {
        if (write->statement->actions[i].kind != MERGE_INSERT)
            continue;
        if (!first) {
            all = *(first = &steps[i]);
            all.inserted_below = write->inserted_below;
            continue;
        }
        for (size_t k = 0; k < steps[i].partitions.count; k++)
            after_note_insert(&all, steps[i].partitions.items[k]);
    }
    return !first || (after_inserted(&all, &rows) && after_fire(&all, &rows));
}

static bool run_after(Write *write, Write *steps)
{
    const Query *merge = write->statement;
    for (int i = 0; i < merge->nactions; i++)
        steps[i].updates = write->updates;
    for (int i = 0; i < merge->nactions; i++) {
        AfterRows rows = {0};
        if ((merge->actions[i].kind == MERGE_UPDATE || merge->actions[i].kind == MERGE_DELETE) &&
            !(change_after(&steps[i], &rows) && after_fire(&steps[i], &rows)))
            return false;
    }
    return after_inserts(write, steps);
}

bool merge_run(Write *write, uint64_t *count)
{
    uint64_t found;
    Write *steps = ARENA_ARRAY(write->arena, Write, write->statement->nactions + 1);
    *count = 0;
    if (!check_conditions(write) || !find_rows(write, &found) || !check_once(write))
        return false;
    return !found || (run_actions(write, steps, count) && run_after(write, steps));
}

/* ---- statement triggers ---- */

/* All columns that some action sets. */
static Query *all_updates(Write *write)
{
    const Query *merge = write->statement;
    Query *statement = statement_of(write, &(MergeAction){0}, QUERY_UPDATE);
    statement->insert_columns = ARENA_ARRAY(write->arena, int, merge->ntargets + 1);
    for (int i = 0; i < merge->nactions; i++)
        for (int k = 0; merge->actions[i].kind == MERGE_UPDATE && k < merge->actions[i].count; k++)
            statement->insert_columns[statement->ntargets++] = merge->actions[i].columns[k];
    return statement;
}

bool merge_statement(Write *write, bool before)
{
    const Query *merge = write->statement;
    for (size_t at = 0; at < COUNT_OF(KINDS); at++) {
        size_t kind = before ? at : COUNT_OF(KINDS) - 1 - at;
        bool has = false;
        for (int i = 0; i < merge->nactions; i++)
            has |= (int)merge->actions[i].kind == KINDS[kind].action;
        if (!has)
            continue;
        Write step = *write;
        step.statement = KINDS[kind].kind == QUERY_UPDATE ? all_updates(write) : statement_of(write, &(MergeAction){0}, KINDS[kind].kind);
        if (!trigger_statement(&step, KINDS[kind].event, before))
            return false;
    }
    return true;
}
