/*
 * transition.c - transition tables (PostgreSQL manual, CREATE TRIGGER, REFERENCING): the rows that a statement has taken away or put into
 * the table named and those below it, copied into a work table when the first trigger wants them.
 *
 * Invariants:
 *  1. All rows of the statement are there, the row triggers' too; what triggers have changed since is not.
 *  2. Of INSERT ... ON CONFLICT DO UPDATE and MERGE, which do several things under one number, each trigger sees the rows of its own event.
 * Entered by the session's worker only.
 */
#include "write/internal.h"

enum { TYPE_OF_NUMBERS = 1016 }; /* bigint[] */

/* Numbers of the rows that were updated, as they were or as they are: an array's text. NULL: the error is set. */
static const char *updated_numbers(Write *write, bool old)
{
    Str text;
    str_init(&text, write->arena);
    str_addc(&text, '{');
    for (size_t i = 0; i < write->updates.count; i++) {
        Query *query = fetch_over(write, NULL);
        FetchedRows rows;
        int work = work_add(write, query, &write->updates.items[i]->work);
        fetch_add_target(query, old ? fetch_var(write, query, work, WORK_ROW) : fetch_row_number(write, work));
        if (!fetch_all(write, query, &rows))
            return NULL;
        for (size_t k = 0; k < rows.count; k++)
            str_addf(&text, "%s%s", text.len > 1 ? "," : "", rows.items[k][0]);
    }
    str_addc(&text, '}');
    return text.data;
}

/* Of the rows of entry 0 only those that the event is about. */
static bool choose_rows(Write *write, WriteEvent event, bool old, Query *query)
{
    const char *numbers = updated_numbers(write, old);
    if (!numbers)
        return false;
    Expr *list = expr_const(write->arena, TYPE_OF_NUMBERS, -1, numbers);
    Expr *test = fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), list);
    test->kind = EXPR_ANY_ALL;
    fetch_add_condition(write, query, event == EVENT_UPDATE ? test : fetch_test(write, EXPR_NOT, test));
    return true;
}

/* *count: how many columns come before the row's number. */
static bool copy_rows(Write *write, WriteEvent event, bool old, WorkTable *out, int *count)
{
    const CatRelation *root = write->root = catalog_relation(write->catalog, write->root->oid);
    Query *query = fetch_over(write, root);
    uint64_t rows;
    query->rtes[0]->only = false;
    query->rtes[0]->written_by = old ? 0 : write->number;
    query->rtes[0]->deleted_by = old ? write->number : 0;
    for (int i = 0; i < root->ncolumns; i++)
        if (!root->columns[i].dropped)
            fetch_add_target(query, fetch_column(write, root, i + 1));
    *count = query->ntargets;
    fetch_add_target(query, fetch_row_number(write, 0));
    if (write->is_mixed && !choose_rows(write, event, old, query))
        return false;
    return work_fill(write, query, arena_printf(write->arena, "c%d", *count + 1), false, out, &rows);
}

static bool make(Write *write, WriteEvent event, bool old, Transition *out)
{
    WorkTable work;
    int count;
    if (!copy_rows(write, event, old, &work, &count))
        return false;
    const CatRelation *root = write->root;
    CatRelation *relation = ARENA_NEW(write->arena, CatRelation);
    CatColumn *columns = ARENA_ARRAY(write->arena, CatColumn, count + 1);
    *relation = *work.relation;
    relation->columns = columns;
    relation->ncolumns = relation->stored_columns = count;
    for (int i = 0, at = 0; i < root->ncolumns; i++) {
        if (root->columns[i].dropped)
            continue;
        columns[at] = work.relation->columns[at];
        columns[at].collation = root->columns[i].collation;
        columns[at++].name = arena_strdup(write->arena, root->columns[i].name);
    }
    *out = (Transition){.event = event, .old = old, .rows = {.relation = relation, .work = work.number}};
    return true;
}

static const Transition *find(const Write *write, WriteEvent event, bool old)
{
    for (size_t i = 0; i < write->transitions.count; i++)
        if (write->transitions.items[i].event == event && write->transitions.items[i].old == old)
            return &write->transitions.items[i];
    return NULL;
}

static bool add(Write *write, WriteEvent event, bool old, const char *name, SqlRows *out)
{
    const Transition *known = find(write, event, old);
    Transition made;
    if (!known) {
        if (!make(write, event, old, &made))
            return false;
        vec_push(write->arena, &write->transitions, made);
        known = &made;
    }
    *out = known->rows;
    out->name = name;
    return true;
}

bool transition_give(Write *write, WriteEvent event, WriteTrigger *trigger)
{
    SqlRows *rows = ARENA_ARRAY(write->arena, SqlRows, 2);
    trigger->nrows = 0;
    trigger->rows = rows;
    return (!trigger->old_table || add(write, event, true, trigger->old_table, &rows[trigger->nrows++])) &&
           (!trigger->new_table || add(write, event, false, trigger->new_table, &rows[trigger->nrows++]));
}
