/*
 * transition.c - transition tables (PostgreSQL manual, CREATE TRIGGER, REFERENCING): the rows that a statement has taken away or put into
 * the table named and those below it, copied into a work table when the first trigger wants them.
 *
 * Invariants:
 *  1. All rows of the statement are there, the row triggers' too, and those that foreign keys' actions and other items of its WITH wrote to
 *     the table before the first trigger wanted them; what triggers have changed since is not.
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

/* The rows of one write. *count: how many columns come before the row's number. NULL: the error is set. */
static Query *rows_of(Write *write, WriteEvent event, bool old, int *count)
{
    const CatRelation *root = write->root = catalog_relation(write->catalog, write->root->oid);
    Query *query = fetch_over(write, root);
    query->rtes[0]->only = false;
    query->rtes[0]->written_by = old ? 0 : write->number;
    query->rtes[0]->deleted_by = old ? write->number : 0;
    for (int i = 0; i < root->ncolumns; i++)
        if (!root->columns[i].dropped)
            fetch_add_target(query, fetch_column(write, root, i + 1));
    *count = query->ntargets;
    fetch_add_target(query, fetch_row_number(write, 0));
    return !write->is_mixed || choose_rows(write, event, old, query) ? query : NULL;
}

static bool copy_rows(const Transition *transition, bool old, WorkTable *out, int *count)
{
    StoreInsert insert = {.work = -1};
    const PlanColumn *columns;
    uint64_t rows;
    for (size_t i = 0; i < transition->writes.count; i++) {
        Write *write = transition->writes.items[i];
        Query *query = rows_of(write, transition->event, old, count);
        if (!query)
            return false;
        insert.order = arena_printf(write->arena, "c%d", *count + 1);
        if (!insert_fill(write, query, &insert, &columns, &rows))
            return false;
    }
    *out = work_table(transition->writes.items[0], insert.work, columns, insert.ncolumns);
    return true;
}

/* NULL: the error is set. */
static SqlRows *make(const Transition *transition, bool old)
{
    Write *write = transition->writes.items[0];
    WorkTable work;
    int count = 0;
    if (!copy_rows(transition, old, &work, &count))
        return NULL;
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
    SqlRows *rows = ARENA_NEW(write->arena, SqlRows);
    *rows = (SqlRows){.relation = relation, .work = work.number};
    return rows;
}

void transition_note(Write *write, WriteEvent event)
{
    WriteQueue *queue = write->queue;
    Transition *open = NULL;
    for (size_t i = 0; i < queue->transitions.count && !open; i++) {
        Transition *one = queue->transitions.items[i];
        open = one->relation == write->root->oid && one->event == event && !one->is_made ? one : NULL;
    }
    if (!open) {
        open = ARENA_NEW(queue->arena, Transition);
        *open = (Transition){.relation = write->root->oid, .event = event};
        vec_push(queue->arena, &queue->transitions, open);
    }
    vec_push(queue->arena, &open->writes, write);
}

static Transition *find(const Write *write, WriteEvent event)
{
    const WriteQueue *queue = write->queue;
    for (size_t i = 0; i < queue->transitions.count; i++) {
        Transition *one = queue->transitions.items[i];
        for (size_t k = 0; k < one->writes.count && one->event == event; k++)
            if (one->writes.items[k]->number == write->number)
                return one;
    }
    return NULL;
}

static bool give(Transition *transition, bool old, const char *name, WriteTrigger *trigger, SqlRows *out)
{
    SqlRows **made = old ? &transition->old : &transition->new;
    transition->is_made = true;
    if (!*made)
        *made = make(transition, old);
    if (!*made)
        return false;
    out[trigger->nrows] = **made;
    out[trigger->nrows++].name = name;
    return true;
}

bool transition_give(Write *write, WriteEvent event, WriteTrigger *trigger)
{
    SqlRows *rows = ARENA_ARRAY(write->arena, SqlRows, 2);
    Transition *transition = find(write, event);
    if (!transition) {
        transition_note(write, event);
        transition = find(write, event);
    }
    trigger->nrows = 0;
    trigger->rows = rows;
    Arena *was = write_make_lasting(write); /* for all triggers of the statement */
    bool done = (!trigger->old_table || give(transition, true, trigger->old_table, trigger, rows)) &&
                (!trigger->new_table || give(transition, false, trigger->new_table, trigger, rows));
    write->arena = was;
    return done;
}
