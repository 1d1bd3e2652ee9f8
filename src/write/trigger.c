/*
 * trigger.c - triggers (PostgreSQL manual, chapter 39): which fire, when, and with which rows.
 *
 * Invariants:
 *  1. They fire in the order of their names. Statement triggers are those of the table named; row triggers those of the table the row goes
 *     to, which has clones of those of the partitioned tables above it.
 *  2. A BEFORE trigger's row is what the next one gets; generated columns are computed afterwards.
 *  3. With BEFORE ROW triggers rows are stored one by one: what a trigger reads contains the rows before.
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

enum { TG_ROW = 1, TG_BEFORE = 2, TG_INSTEAD = 64 };

static bool is_on(const char *enabled, bool replica)
{
    return *enabled == 'A' || *enabled == (replica ? 'R' : 'O');
}

/* "\x6100": a, a zero byte. */
static void read_arguments(Write *write, const char *hex, int count, WriteTrigger *out)
{
    Arena *arena = write->arena;
    const char **arguments = ARENA_ARRAY(arena, const char *, count + 1);
    hex += 2;
    for (int i = 0; i < count; i++) {
        Str text;
        str_init(&text, arena);
        for (; hex[0] && !(hex[0] == '0' && hex[1] == '0'); hex += 2) {
            char pair[3] = {hex[0], hex[1], 0};
            str_addc(&text, (char)strtol(pair, NULL, 16));
        }
        hex += hex[0] ? 2 : 0;
        arguments[i] = text.data ? text.data : "";
    }
    out->arguments = arguments;
    out->narguments = count;
}

/* UPDATE OF: whether one of the columns, numbers of the trigger's own table, is set. */
static bool is_set(Write *write, Oid relation, const char *columns)
{
    const CatRelation *table = catalog_relation(write->catalog, relation);
    char *end;
    for (const char *at = columns; *at; at = end) {
        long number = strtol(at, &end, 10);
        if (end == at)
            break;
        if (change_is_set(write, table, (int)number))
            return true;
    }
    return false;
}

/* type: bits of tgtype other than the event's. */
static bool collect(Write *write, const CatRelation *relation, WriteEvent event, int64_t type, TriggerList *out)
{
    static const char SQL[] = "SELECT tgname, tgfoid, tgtype, tgenabled, tgnargs, tgargs, tgqual, tgattr, tgparentid, tgconstraint,"
                              " tgdeferrable, tginitdeferred, tgoldtable, tgnewtable FROM pg_trigger"
                              " WHERE tgrelid = ?1 AND (tgtype & 67) = ?2 AND tgtype & ?3 ORDER BY tgname";
    static const char *const OPERATIONS[] = {
        [EVENT_INSERT] = "INSERT", [EVENT_DELETE] = "DELETE", [EVENT_UPDATE] = "UPDATE", [EVENT_TRUNCATE] = "TRUNCATE"};
    const FuncContext *functions = write->context->plan->functions;
    const char *role = functions->session->get_setting(functions->session->arg, "session_replication_role", write->arena);
    bool replica = role && strcmp(role, "replica") == 0;
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "oii", relation->oid, type, (int64_t)event);
    *out = (TriggerList){0};
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        WriteTrigger trigger = {.function = (Oid)cells[1].i,
                                .name = cells[0].text,
                                .when = type & TG_BEFORE    ? "BEFORE"
                                        : type & TG_INSTEAD ? "INSTEAD OF"
                                                            : "AFTER",
                                .level = type & TG_ROW ? "ROW" : "STATEMENT",
                                .operation = OPERATIONS[event],
                                .constraint = (Oid)cells[9].i,
                                .is_deferrable = cells[10].i,
                                .is_deferred = cells[11].i,
                                .is_clone = cells[8].i != 0,
                                .old_table = cells[12].text,
                                .new_table = cells[13].text,
                                .condition = cells[6].text};
        bool of_columns = event == EVENT_UPDATE && cells[7].text && *cells[7].text;
        if (!is_on(cells[3].text, replica) || (of_columns && !is_set(write, relation->oid, cells[7].text)))
            continue;
        if (constraint_trigger_is(trigger.function)) {
            if (foreign_key_is_trigger(trigger.function) && foreign_key_is_answered_above(write, relation->oid, event, trigger.function))
                continue;
            trigger.number = write->number;
        }
        read_arguments(write, cells[5].text, (int)cells[4].i, &trigger);
        vec_push(write->arena, out, trigger);
    }
    return rows != NULL;
}

bool trigger_collect(Write *write, const CatRelation *relation, WriteEvent event, bool row, bool before, TriggerList *out)
{
    return collect(write, relation, event, (row ? TG_ROW : 0) | (before ? TG_BEFORE : 0), out);
}

bool trigger_collect_instead(Write *write, const CatRelation *view, WriteEvent event, TriggerList *out)
{
    return collect(write, view, event, TG_ROW | TG_INSTEAD, out);
}

/* ---- one call ---- */

typedef struct Substitution {
    Write *write;
    const CatRelation *relation;
    const char *const *rows[2]; /* by entry: WHEN has the old row, then the new one */
} Substitution;

static Expr *substitute(Expr *expr, const Substitution *with);

static Expr *column_value(const Substitution *with, const char *const *row, int number)
{
    const CatColumn *column = &with->relation->columns[number - 1];
    Expr *value = expr_const(with->write->arena, column->type, column->typmod, row ? row[number - 1] : NULL);
    value->collation = column->collation;
    return value;
}

/* A whole row is that of its columns' values, with their names, as the planner spells one out. */
static Expr whole_value(const Substitution *with, const char *const *row, const Expr *var)
{
    Arena *arena = with->write->arena;
    int count = with->relation->ncolumns;
    Expr value = {.kind = EXPR_ROW, .type = var->type, .typmod = -1, .location = var->location};
    ArrayElement *names = ARENA_ARRAY(arena, ArrayElement, count + 1);
    Str text;
    value.args = ARENA_ARRAY(arena, Expr *, count + 1);
    for (int i = 0; i < count; i++) {
        const CatColumn *column = &with->relation->columns[i];
        if (column->dropped)
            continue;
        names[value.nargs] = (ArrayElement){column->name, strlen(column->name)};
        value.args[value.nargs++] = column_value(with, row, i + 1);
    }
    str_init(&text, arena);
    type_array_write(names, (size_t)value.nargs, &text);
    value.u.value = text.data;
    return value;
}

static bool substitute_child(const Expr *child, void *arg)
{
    substitute((Expr *)(uintptr_t)child, arg); /* freshly analysed, nobody else's */
    return false;
}

/* Columns become the row's values, in place; what places a row in its table (ctid, xmin) stays. */
static Expr *substitute(Expr *expr, const Substitution *with)
{
    if (expr->kind == EXPR_VAR && expr->u.var.column >= 0) {
        const char *const *row = with->rows[expr->u.var.rte];
        *expr = expr->u.var.column ? *column_value(with, row, expr->u.var.column) : whole_value(with, row, expr);
        return expr;
    }
    if (expr->kind == EXPR_VAR && expr->u.var.column == COLUMN_TABLEOID)
        *expr = *expr_const(with->write->arena, TYPE_OID, -1, arena_printf(with->write->arena, "%u", with->relation->oid));
    expr_walk(expr, substitute_child, (void *)(uintptr_t)with);
    return expr;
}

Expr *trigger_with_row(Write *write, const CatRelation *relation, Expr *expr, const char *const *row)
{
    return substitute(expr, &(Substitution){write, relation, {row, row}});
}

/* Of a row that lies nowhere. */
static bool names_place(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_VAR || expr_walk(expr, names_place, arg);
}

static bool meets_condition(Write *write, const CatRelation *relation, const WriteTrigger *trigger, const TriggerRow *row, bool *out)
{
    AnalyzeContext context = {.catalog = write->catalog, .functions = write->context->plan->functions, .text = ""};
    ParsedText parsed;
    const char *const *cells;
    *out = true;
    if (!trigger->condition)
        return true;
    if (!sql_parse(arena_printf(write->arena, "SELECT %s", trigger->condition), write->arena, &parsed, write->error))
        return false;
    const Node *node = parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
    Expr *condition = sql_analyze_stored(node, EXPR_USE_WHEN, relation, TYPE_BOOL, -1, &context, write->arena, write->error);
    if (!condition)
        return false;
    Query *query = fetch_over(write, NULL);
    Substitution with = {write, relation, {row ? (const char *const *)row->old_row : NULL, row ? (const char *const *)row->new_row : NULL}};
    if (row && names_place(substitute(condition, &with), NULL))
        return error_unsupported(write->error, "a system column in the condition of trigger \"%s\" is not supported", trigger->name);
    fetch_add_target(query, condition);
    if (!fetch_first(write, query, &cells))
        return false;
    *out = cells && cells[0] && cells[0][0] == 't';
    return true;
}

/* What a partitioned table's trigger returns is still a row of the partition. */
static bool check_stays(Write *write, const WriteTrigger *trigger)
{
    const CatRelation *partition = catalog_relation(write->catalog, trigger->relation->oid);
    Query *query = fetch_over(write, NULL);
    const char *const *cells;
    Expr *condition;
    if (!route_constraint(write, partition->oid, partition, &condition))
        return false;
    if (!condition)
        return true;
    query->where = fetch_test(write, EXPR_BOOL_TEST, trigger_with_row(write, partition, condition, (const char *const *)trigger->new_row));
    query->where->u.bool_test = TEST_IS_NOT_TRUE;
    fetch_add_target(query, expr_const(write->arena, TYPE_INT4, -1, "1"));
    if (!fetch_first(write, query, &cells) || !cells)
        return !error_is_set(write->error);
    error_unsupported(write->error, "moving row to another partition during a BEFORE FOR EACH ROW trigger is not supported");
    return error_detail(write->error, "Before executing trigger \"%s\", the row was to be in partition \"%s.%s\".", trigger->name,
                        catalog_namespace(write->catalog, partition->namespace_oid)->name, partition->name);
}

static bool has_changed(const CatRelation *relation, const char **before, const char **after)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (!str_eq(before[i], after[i]))
            return true;
    return false;
}

/* The row that an UPDATE makes has no generated values before it is stored, whatever the trigger before has put there. */
static const char **row_for(Write *write, const WriteTrigger *trigger, WriteEvent event, const char **row)
{
    const CatRelation *relation = trigger->relation;
    const char **out = row;
    for (int i = 0; row && trigger->when[0] == 'B' && event == EVENT_UPDATE && i < relation->ncolumns; i++) {
        if (!relation->columns[i].generated || !row[i])
            continue;
        if (out == row)
            out = memcpy(ARENA_ARRAY(write->arena, const char *, relation->ncolumns + 1), row, sizeof *row * (size_t)relation->ncolumns);
        out[i] = NULL;
    }
    return out;
}

bool trigger_fire(Write *write, const CatRelation *relation, WriteEvent event, const TriggerList *triggers, TriggerRow *row)
{
    Oid oid = relation->oid;
    for (size_t i = 0; i < triggers->count; i++) {
        WriteTrigger trigger = triggers->items[i];
        bool meets;
        relation = catalog_relation(write->catalog, oid);
        if (!meets_condition(write, relation, &trigger, row, &meets))
            return false;
        if (!meets)
            continue;
        trigger.relation = relation;
        trigger.old_row = row ? row->old_row : NULL;
        trigger.new_row = row ? row_for(write, &trigger, event, row->new_row) : NULL;
        if (trigger.number) {
            trigger.old_number = row->old_number;
            trigger.new_number = row->new_number;
            if (!constraint_trigger_fire(write, &trigger))
                return false;
            continue;
        }
        if ((trigger.old_table || trigger.new_table) && !transition_give(write, event, &trigger))
            return false;
        if (!write->context->trigger(write->context->arg, &trigger, write->arena, write->error))
            return false;
        if (!row || trigger.when[0] == 'A')
            continue;
        row->left_out = !trigger.new_row;
        if (row->left_out)
            return true;
        bool may_move =
            event == EVENT_INSERT && trigger.is_clone && has_changed(catalog_relation(write->catalog, oid), row->new_row, trigger.new_row);
        if (event != EVENT_DELETE)
            row->new_row = trigger.new_row;
        if (may_move && !check_stays(write, &trigger))
            return false;
    }
    return true;
}

/* ---- rows one by one ---- */

Expr *trigger_row_value(Write *write, const CatRelation *relation, int number, const char *const *row)
{
    if (!relation->columns[number - 1].generated)
        return column_value(&(Substitution){write, relation, {row, row}}, row, number);
    Expr *expr = change_generated(write, relation, number);
    return expr ? fetch_computed(write, trigger_with_row(write, relation, expr, row)) : NULL;
}

Query *trigger_row_query(Write *write, const CatRelation *relation, const char *const *row, int **columns)
{
    Query *query = fetch_over(write, NULL);
    *columns = ARENA_ARRAY(write->arena, int, relation->ncolumns + 2);
    for (int i = 0; i < relation->ncolumns; i++) {
        if (relation->columns[i].dropped)
            continue;
        Expr *value = trigger_row_value(write, relation, i + 1, row);
        if (!value)
            return NULL;
        (*columns)[query->ntargets] = i + 1;
        fetch_add_target(query, value);
    }
    return query;
}

bool trigger_check_row(Write *write, Oid oid, bool partition, const char *const *row)
{
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    int *columns;
    FetchedRows rows;
    if (!write->checks_first)
        return true;
    Query *query = trigger_row_query(write, relation, row, &columns);
    if (!query || !fetch_all(write, query, &rows))
        return false;
    const char **cells = ARENA_ARRAY(write->arena, const char *, relation->ncolumns + 1);
    for (int i = 0; i < query->ntargets; i++)
        cells[columns[i] - 1] = rows.items[0][i];
    return check_before(write, relation, partition, cells);
}

bool trigger_store_row(Write *write, Oid oid, bool partition, int64_t number, const char *const *row, StoreRow *stored)
{
    int *columns;
    Query *query = trigger_row_query(write, catalog_relation(write->catalog, oid), row, &columns);
    if (!query)
        return false;
    columns[query->ntargets] = 0;
    fetch_add_target(query, fetch_int8(write, number));
    uint64_t count;
    if (!insert_query(write, query, oid, columns, stored, &count))
        return false;
    stored->number = count ? number : 0;
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    if (oid == write->root->oid)
        write->root = relation;
    return check_written(write, relation, partition, stored);
}

/* By attnum. Generated columns have no value yet. *number: the row's, 0: it has none. */
static const char **by_number(Write *write, const CatRelation *relation, const int *columns, int ncolumns, const char *const *cells,
                              int64_t *number)
{
    const char **row = ARENA_ARRAY(write->arena, const char *, relation->ncolumns + 1);
    *number = 0;
    for (int i = 0; i < ncolumns; i++)
        if (!columns[i])
            *number = strtoll(cells[i], NULL, 10);
        else if (!relation->columns[columns[i] - 1].generated)
            row[columns[i] - 1] = cells[i];
    return row;
}

typedef struct Coming {
    Write *write;
    const TriggerList *triggers;
    Oid relation;
    const int *columns;
    int ncolumns;
    const RowStore *to;
} Coming;

static bool take_row(void *arg, const char *const *cells)
{
    const Coming *coming = arg;
    Write *write = coming->write;
    const CatRelation *relation = catalog_relation(write->catalog, coming->relation);
    int64_t number;
    TriggerRow row = {.new_row = by_number(write, relation, coming->columns, coming->ncolumns, cells, &number)};
    if (!trigger_fire(write, relation, EVENT_INSERT, coming->triggers, &row)) {
        write_failed(write, number, false);
        return false;
    }
    return row.left_out || coming->to->store(coming->to->arg, number, (const char *const *)row.new_row);
}

bool trigger_leave_generated(Write *write, const CatRelation *relation, const int *columns, Query *query)
{
    bool any = false;
    for (int i = 0; i < query->ntargets; i++)
        if (!query->targets[i].junk && columns[i] && relation->columns[columns[i] - 1].generated) {
            query->targets[i].expr = expr_const_like(write->arena, query->targets[i].expr, NULL);
            any = true;
        }
    return any;
}

bool trigger_rows(Write *write, const TriggerList *triggers, Query *query, Oid oid, const int *columns, const RowStore *to)
{
    FetchedRows rows;
    Coming coming = {write, triggers, oid, columns, query->ntargets - query->norder, to}; /* what they are ordered by comes last */
    if (turns_give(write, query, &coming.ncolumns))
        return turns_each(write, take_row, &coming);
    trigger_leave_generated(write, catalog_relation(write->catalog, oid), columns, query);
    if (!fetch_all(write, query, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        if (!write_take_row(write, take_row, &coming, rows.items[i]))
            return false;
    return true;
}

typedef struct PlainStore {
    Write *write;
    const TriggerList *triggers;
    Oid relation;
    bool partition;
    uint64_t *count;
    Waiting *waiting; /* for the rows after the first few; NULL: all are stored one by one */
} PlainStore;

static bool store_plain(void *arg, int64_t number, const char *const *row)
{
    PlainStore *to = arg;
    KnownChange change = {.relation = to->relation};
    if (++*to->count == FEW_ROWS)
        to->waiting = waiting_open(to->write, to->relation, to->partition, to->triggers);
    if (to->waiting || error_is_set(to->write->error))
        return to->waiting && waiting_add(to->waiting, number, 0, row);
    if (!trigger_check_row(to->write, to->relation, to->partition, row)) {
        write_failed(to->write, number, false);
        return false;
    }
    if ((!number && !exec_store_next_row(to->write->context->engine, &number, to->write->error)) ||
        !trigger_store_row(to->write, to->relation, to->partition, number, row, &change.new))
        return false;
    *to->count -= !change.new.number;
    after_know(to->write, &change);
    return to->write->statement->kind != QUERY_INSERT || write_answer(to->write, number); /* else who moves the row does */
}

bool trigger_insert(Write *write, const TriggerList *triggers, Query *query, Oid oid, const int *columns, bool partition, uint64_t *count)
{
    PlainStore to = {write, triggers, oid, partition, count, NULL};
    *count = 0;
    bool done = trigger_rows(write, triggers, query, oid, columns, &(RowStore){store_plain, &to});
    return to.waiting ? waiting_end(to.waiting, done) : done;
}

bool trigger_statement(Write *write, WriteEvent event, bool before)
{
    TriggerList triggers;
    if (before && after_has_begun(write, event))
        return true;
    return trigger_collect(write, write->root, event, false, before, &triggers) && trigger_fire(write, write->root, event, &triggers, NULL);
}
