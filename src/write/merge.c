/*
 * merge.c - MERGE: the rows of the join, each with the action that is done with it, go to a work table; then each action takes its share.
 *
 * The work table has the row of the table that matches (its relation, its number), the action's number, and the values of all actions.
 *
 * Invariants:
 *  1. The first action whose condition holds is done with a row of the join. A row of the table is updated or deleted once.
 *  2. A row of the work table gives its number to the row that it updates or inserts: so all rows of the statement are in one order.
 *  3. Rows are deleted first, then updated, then inserted; keys are asked about at the end, as the order of the rows has it. With BEFORE
 * ROW triggers, or where the join has a row of the table twice, they are taken in their order, as many as have the same action one after
 * another. Entered by the session's worker only.
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

void merge_choose_acted(Write *write, Query *query, int work)
{
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT4_NOT_EQUAL, fetch_var(write, query, work, WORK_ACTION), int4_const(write, 0)));
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
static Expr *value_of(Write *write, Query *query, int action, const Expr *value)
{
    Expr *expr = make_case(write, value, 1);
    Expr *when = fetch_compare(write, OPERATOR_INT4_EQUAL, action_number(write), int4_const(write, action + 1));
    expr->args[expr->nargs++] = when;
    expr->args[expr->nargs++] = write_set_together(write, query, expr_copy(value, write->arena), when);
    end_case(write, expr);
    return expr;
}

/* They are computed once for the action's number and once for each of its values, which must agree. */
static bool check_conditions(Write *write)
{
    const Query *merge = write->statement;
    for (int i = 0; i < merge->nactions; i++) {
        int condition = merge->actions[i].condition;
        if (condition >= 0 && expr_is_volatile(merge->targets[condition].expr, write->catalog))
            return error_unsupported(write->error, "a volatile function in a WHEN condition of MERGE is not supported");
    }
    return true;
}

/* ---- the order of the rows ---- */

/* A column more, which has the place of each row of a VALUES list. */
static int add_place(Write *write, Rte *values)
{
    int ncolumns = values->ncolumns;
    RteColumn *columns = ARENA_ARRAY(write->arena, RteColumn, ncolumns + 1);
    memcpy(columns, values->columns, sizeof *columns * (size_t)ncolumns);
    columns[ncolumns] = (RteColumn){.name = "place", .type = TYPE_INT4, .typmod = -1};
    for (int i = 0; i < values->nrows; i++) {
        Expr **row = ARENA_ARRAY(write->arena, Expr *, ncolumns + 1);
        memcpy(row, values->rows[i], sizeof *row * (size_t)ncolumns);
        row[ncolumns] = int4_const(write, i);
        values->rows[i] = row;
    }
    values->columns = columns;
    return ++values->ncolumns;
}

static bool has_own_order(const Query *query)
{
    return query->kind != QUERY_SELECT || query->left || query->norder || query->ngroup || query->distinct || query->has_aggs ||
           query->limit || query->offset || query->nfrom != 1;
}

static Expr *place_of(Write *write, Query *query, const FromItem *item);

static Expr *place_below(Write *write, Rte *rte, int index)
{
    Query *query = rte->query;
    Expr *place = has_own_order(query) ? NULL : place_of(write, query, query->from[0]);
    if (!place)
        return NULL;
    RteColumn *columns = ARENA_ARRAY(write->arena, RteColumn, rte->ncolumns + 1);
    memcpy(columns, rte->columns, sizeof *columns * (size_t)rte->ncolumns);
    columns[rte->ncolumns] = (RteColumn){.name = "place", .type = place->type, .typmod = -1};
    rte->columns = columns;
    fetch_use_targets(query);
    if (query->ntargets != rte->ncolumns)
        return NULL;
    fetch_add_target(query, place);
    query->targets[query->ntargets - 1].name = "place";
    return expr_var(write->arena, index, ++rte->ncolumns, place->type, -1, OID_NONE);
}

/* What a nested loop or a hash join, PostgreSQL's usual ways to join without statistics, would go by: the rows of the first relation in
 * their order. NULL: that is not known. */
static Expr *place_of(Write *write, Query *query, const FromItem *item)
{
    while (item->kind == FROM_JOIN)
        item = item->left;
    Rte *rte = query->rtes[item->rte];
    switch (rte->kind) {
    case RTE_RELATION:
        return rte->relation && strchr("rm", rte->relation->kind) && !rte->relation->has_children && !rte->relation->is_system
                   ? fetch_row_number(write, item->rte)
                   : NULL;
    case RTE_VALUES:
        return expr_var(write->arena, item->rte, add_place(write, rte), TYPE_INT4, -1, OID_NONE);
    case RTE_SUBQUERY:
        return rte->relation ? NULL : place_below(write, rte, item->rte);
    default:
        return NULL;
    }
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
            fetch_add_target(all, value_of(write, query, i, merge->targets[merge->actions[i].first + k].expr));
    query->targets = all->targets;
    query->ntargets = all->ntargets;
    query->kind = QUERY_SELECT;
    query->nactions = 0;
    query->result_rte = -1;
    query->as_of = write->context->as_of;
    Expr *place = query->nfrom == 1 ? place_of(write, query, query->from[0]) : NULL;
    if (place)
        fetch_add_target(query, place);
    return work_fill(write, query, place ? arena_printf(write->arena, "c%d", query->ntargets) : NULL, false, &write->work, count);
}

/* Whether some row of the table is in more than one row of the join with which something is done. */
static bool find_again(Write *write, bool *out)
{
    FetchedRows rows;
    Query *query = fetch_over(write, NULL);
    Map *seen = map_open(write->arena);
    int work = work_add(write, query, &write->work);
    *out = false;
    fetch_add_target(query, fetch_var(write, query, work, WORK_ROW));
    fetch_add_condition(write, query, fetch_test(write, EXPR_IS_NOT_NULL, fetch_var(write, query, work, WORK_ROW)));
    merge_choose_acted(write, query, work);
    if (!fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < rows.count && !*out; i++) {
        const char *number = rows.items[i][0];
        *out = map_get(seen, number, strlen(number)) != NULL;
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

/* The rows that an action is done with in one go. */
typedef struct Share {
    int action;
    int64_t first, last; /* their numbers are between these; both 0: all */
    const char
        *again; /* number of the row of `leaf`, of one row that another one before is about too; NULL: they are about different ones */
    Oid leaf;
    Write step;
    uint64_t count; /* rows inserted, updated or deleted */
} Share;

static Query *over_share(Write *write, const Share *share, int *work)
{
    Query *query = fetch_over(write, NULL);
    *work = work_add(write, query, &write->work);
    query->where =
        fetch_compare(write, OPERATOR_INT4_EQUAL, fetch_var(write, query, *work, WORK_ACTION), int4_const(write, share->action + 1));
    if (!share->last)
        return query;
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_GREATER, fetch_row_number(write, *work), fetch_int8(write, share->first - 1)));
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, *work), fetch_int8(write, share->last + 1)));
    return query;
}

/* An UPDATE's or DELETE's rows: relation, row, values, number. */
static Query *changed_rows(Write *write, const Share *share)
{
    const Query *merge = write->statement;
    int work, number = share->action, first = first_value(merge, number);
    Query *query = over_share(write, share, &work);
    for (int i = WORK_RELATION; i <= WORK_ROW; i++)
        fetch_add_target(query, fetch_var(write, query, work, i));
    for (int i = 0; i < merge->actions[number].count; i++)
        fetch_add_target(query, fetch_var(write, query, work, first + i));
    fetch_add_target(query, fetch_row_number(write, work));
    return query;
}

/* An INSERT's rows: the table's columns by number, then the number of the row. */
static Query *new_rows(Write *write, const Share *share)
{
    const MergeAction *action = &write->statement->actions[share->action];
    int work, first = first_value(write->statement, share->action);
    Query *query = over_share(write, share, &work);
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

static bool insert_rows(Write *write, Share *share, uint64_t *count)
{
    const CatRelation *root = write->root;
    Write *into = &share->step;
    Query *query = fetch_around(write, new_rows(write, share));
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
    return root->kind == 'p' ? insert_query(into, query, root->oid, columns, NULL, count) && route_rows(into, count)
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

/* They go to the step's own work table. */
static bool find_changed(Write *write, Share *share, uint64_t *found)
{
    const PlanColumn *columns;
    Query *rows = changed_rows(write, share);
    StoreInsert insert = {.work = -1, .order = "c2", .numbered_by = rows->ntargets};
    if (!insert_fill(&share->step, rows, &insert, &columns, found))
        return false;
    share->step.work = work_table(write, insert.work, columns, insert.ncolumns);
    return true;
}

static bool change_some(Write *write, Share *share, uint64_t *count)
{
    uint64_t found;
    return find_changed(write, share, &found) && (!found || change_rows(&share->step, count));
}

/* What a new version breaks is found before it would take the old one's place. */
static bool refuse_second(Write *write, Share *second)
{
    uint64_t found;
    if (second->step.statement->kind == QUERY_UPDATE && (!find_changed(write, second, &found) || !change_check_versions(&second->step)))
        return false;
    error_set(write->error, ERRCODE_CARDINALITY_VIOLATION, "MERGE command cannot affect row a second time");
    return error_hint(write->error, "Ensure that not more than one source row matches any one target row.");
}

typedef VEC(Share *) Shares;

static void add_share(Write *write, Shares *shares, int action, int64_t first)
{
    Share *share = ARENA_NEW(write->arena, Share);
    *share = (Share){.action = action, .first = first};
    vec_push(write->arena, shares, share);
}

static bool has_before_rows(Write *write, bool *out)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT 1 FROM tree JOIN pg_trigger ON tgrelid = relid WHERE tgtype & 3 = 3 LIMIT 1";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "o", write->root->oid);
    *out = rows && rows->nrows;
    return rows != NULL;
}

/* Rows one after another that have the same action. */
static bool share_in_order(Write *write, Shares *shares)
{
    FetchedRows rows;
    Query *query = fetch_over(write, NULL);
    Map *seen = map_open(write->arena);
    int work = work_add(write, query, &write->work);
    fetch_add_target(query, fetch_var(write, query, work, WORK_ACTION));
    fetch_add_target(query, fetch_row_number(write, work));
    fetch_add_target(query, fetch_var(write, query, work, WORK_ROW));
    fetch_add_target(query, fetch_var(write, query, work, WORK_RELATION));
    merge_choose_acted(write, query, work);
    fetch_order_by(write, query, fetch_row_number(write, work));
    if (!fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        int action = (int)strtol(rows.items[i][0], NULL, 10) - 1;
        int64_t number = strtoll(rows.items[i][1], NULL, 10);
        const char *row = rows.items[i][2];
        bool again = row && map_get(seen, row, strlen(row));
        if (row)
            map_put(seen, row, strlen(row), write);
        if (!shares->count || again || shares->items[shares->count - 1]->again || shares->items[shares->count - 1]->action != action)
            add_share(write, shares, action, number);
        Share *share = shares->items[shares->count - 1];
        share->last = number;
        share->again = again ? row : NULL;
        share->leaf = again ? (Oid)strtoul(rows.items[i][3], NULL, 10) : OID_NONE;
    }
    return true;
}

static bool make_shares(Write *write, Shares *shares)
{
    const Query *merge = write->statement;
    bool in_order, again;
    if (!has_before_rows(write, &in_order) || !find_again(write, &again))
        return false;
    if (in_order || again)
        return share_in_order(write, shares);
    write->unchecked = ARENA_NEW(write->arena, OidList);
    *write->unchecked = (OidList){0};
    for (size_t kind = COUNT_OF(KINDS); kind-- > 0;)
        for (int i = 0; i < merge->nactions; i++)
            if ((int)merge->actions[i].kind == KINDS[kind].action)
                add_share(write, shares, i, 0);
    return true;
}

/* Whether what came before has left the row as it was: a trigger may have. */
static bool is_left(Write *write, const Share *share, bool *out)
{
    Query *query = fetch_over(write, catalog_relation(write->catalog, share->leaf));
    const char *const *cells;
    query->rtes[0]->written_by = 0;
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_add_condition(
        write, query,
        fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), expr_const(write->arena, TYPE_INT8, -1, share->again)));
    if (!fetch_first(write, query, &cells))
        return false;
    *out = cells != NULL;
    return true;
}

static bool run_shares(Write *write, const Shares *shares, uint64_t *total)
{
    for (size_t i = 0; i < shares->count; i++) {
        Share *share = shares->items[i];
        int kind = (int)write->statement->actions[share->action].kind;
        bool is_first = true;
        write->root = catalog_relation(write->catalog, write->root->oid);
        share->step = step_of(write, share->action);
        if (share->again && (!is_left(write, share, &is_first) || !is_first))
            return !error_is_set(write->error) && refuse_second(write, share);
        if (!(kind == MERGE_INSERT ? insert_rows : change_some)(write, share, &share->count))
            return false;
        if (kind == MERGE_UPDATE)
            vec_push(write->arena, &write->updates, &share->step);
        *total += share->count;
    }
    return !write->unchecked || check_unchecked(write);
}

/* Rows that were inserted into a table are told of once, whichever shares they came from. */
static bool add_inserted(Write *write, const Shares *shares, AfterEvents *events)
{
    Write *all = NULL;
    for (size_t i = 0; i < shares->count; i++) {
        Write *step = &shares->items[i]->step;
        if (step->statement->kind != QUERY_INSERT)
            continue;
        for (size_t k = 0; all && k < step->partitions.count; k++)
            after_note_insert(all, step->partitions.items[k]);
        all = all ? all : step;
    }
    return !all || after_inserted(all, events);
}

static bool enqueue_rows(Write *write, const Shares *shares)
{
    AfterEvents events = {0};
    for (size_t i = 0; i < shares->count; i++) {
        Write *step = &shares->items[i]->step;
        step->updates = write->updates;
        if (shares->items[i]->count && step->statement->kind != QUERY_INSERT && !change_after(step, &events))
            return false;
    }
    return add_inserted(write, shares, &events) && after_enqueue(write, &events);
}

bool merge_run(Write *write, uint64_t *count)
{
    uint64_t found;
    Shares shares = {0};
    *count = 0;
    if (!check_conditions(write) || !find_rows(write, &found))
        return false;
    return !found || (make_shares(write, &shares) && run_shares(write, &shares, count) && enqueue_rows(write, &shares));
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
        Write *step = ARENA_NEW(write->arena, Write);
        *step = *write;
        step->statement = KINDS[kind].kind == QUERY_UPDATE ? all_updates(write) : statement_of(write, &(MergeAction){0}, KINDS[kind].kind);
        if (!before)
            after_enqueue_statement(step, KINDS[kind].event);
        else if (!trigger_statement(step, KINDS[kind].event, true))
            return false;
    }
    return true;
}
