/*
 * foreign.c - writes to foreign tables. The rows to be changed are read from the source, each with its place there (ctid, table), and
 * stored in a node that the foreign table has as long as the transaction lasts. The statement does with them what it does with a table's
 * own; whenever it stores new rows or versions, or takes rows away, that is done at the source first.
 *
 * Invariants:
 *  1. A source is read and written to in one transaction of its own: what lies at a place is what was read there, or the source refuses.
 *  2. What is stored here are the rows as the source says they are, where anybody reads them; NOT NULL, CHECKs and bounds are the source's
 *     to enforce.
 *  3. The node is read as the rows of one write: what earlier writes of the transaction have left in it counts no more.
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

enum { ROWS_AT_ONCE = 1000 };

/* The columns of a work table of rows read: as `once` of a StoreInsert wants them, then the table's. */
enum { PLACE_TABLE = 1, PLACE_CTID = 2, PLACE_FIRST_COLUMN = 3, PLACE_COLUMNS = 2 };

/* ---- what is below ---- */

/* Only WHERE CURRENT OF does, of a whole statement. */
static bool names_row(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_VAR && expr->u.var.column == COLUMN_ROW) || expr_walk(expr, names_row, arg);
}

bool foreign_begin(Write *write)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT 1 FROM tree JOIN pg_class ON oid = relid WHERE relkind = 'f' LIMIT 1";
    if (write->root->kind == 'v' || !(write->root->kind == 'f' || write->root->kind == 'p' || write->root->has_children))
        return true;
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "o", write->root->oid);
    if (!rows || !rows->nrows)
        return rows != NULL;
    if (write->root->kind == 'f' && write->statement->where && names_row(write->statement->where, NULL))
        return error_unsupported(write->error, "WHERE CURRENT OF is not supported for this table type");
    WriteContext *context = ARENA_NEW(write->arena, WriteContext);
    PlanContext *plan = ARENA_NEW(write->arena, PlanContext);
    *context = *write->context;
    *plan = *context->plan;
    context->plan = plan;
    context->in_transaction = plan->in_transaction = true; /* invariant 1 */
    write->context = context;
    return true;
}

Oid foreign_user(const Write *write)
{
    const Rte *root = write->statement ? write->statement->rtes[write->statement->result_rte] : NULL;
    return root && root->check_as ? root->check_as : write->context->plan->functions->current_user;
}

const RemoteTarget *foreign_source(Write *write, const CatRelation *relation)
{
    return wrapper_target(write->context->plan->wrappers, write->catalog, relation->server, foreign_user(write), write->arena,
                          write->error);
}

const RemoteTarget *foreign_target(Write *write, const CatRelation *relation)
{
    const RemoteTarget *target = foreign_source(write, relation);
    return target && wrapper_check_mapping(target, write->error) ? target : NULL;
}

void foreign_column_name(const FdwModule *module, const CatColumn *column, Str *out)
{
    const char *name = wrapper_role_value(module, FDW_OBJECT_COLUMN, &column->options, FDW_ROLE_REMOTE_COLUMN);
    sql_quote_identifier(sql_dialect(module->dialect), name ? name : column->name, out);
}

/* ---- rows that are to be changed come here ---- */

typedef struct Mapping {
    const CatRelation *root, *leaf;
    int entry;
    bool failed; /* a row as a whole, or what only the table named has */
} Mapping;

static Expr *to_leaf(Expr *expr, int level, void *arg)
{
    Mapping *mapping = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level || expr->u.var.rte != mapping->entry)
        return expr;
    if (expr->u.var.column > 0)
        expr->u.var.column = change_column(mapping->leaf, mapping->root->columns[expr->u.var.column - 1].name);
    else if (expr->u.var.column != COLUMN_TABLEOID && mapping->root->oid != mapping->leaf->oid)
        mapping->failed = true;
    return expr;
}

/* The statement's rows of the leaf, those that others are joined to; all of them where a condition may answer otherwise when it is asked
 * again. *entry: the leaf's. */
static Query *wanted_rows(Write *write, const CatRelation *leaf, int *entry)
{
    const Query *statement = write->statement;
    Mapping mapping = {.root = write->root, .leaf = leaf, .entry = statement->result_rte};
    Query *query = query_copy(statement, write->arena), *all = fetch_over(write, leaf);
    all->rtes[0]->written_by = 0;
    all->rtes[0]->check_as = foreign_user(write);
    query->kind = QUERY_SELECT;
    query->checks = NULL;
    query->returning = NULL;
    query->result_rte = -1;
    query->targets = NULL;
    query->ntargets = 0;
    query->as_of = write->context->as_of;
    fetch_forget_privileges(query);
    *entry = 0;
    if (query_is_volatile(query, write->catalog))
        return all;
    query_map_exprs(query, true, to_leaf, &mapping);
    if (mapping.failed)
        return all;
    *entry = mapping.entry;
    query->rtes[mapping.entry] = all->rtes[0];
    return query;
}

static bool read_rows(Write *write, const CatRelation *leaf, WorkTable *out, uint64_t *count)
{
    int entry;
    Query *query = wanted_rows(write, leaf, &entry);
    bool joins = query->nfrom > 1;
    fetch_add_target(query, expr_var(write->arena, entry, COLUMN_LIES_IN, TYPE_OID, -1, OID_NONE));
    fetch_add_target(query, expr_var(write->arena, entry, COLUMN_CTID, TYPE_TID, -1, OID_NONE));
    for (int i = 1; i <= leaf->ncolumns; i++) {
        const CatColumn *column = &leaf->columns[i - 1];
        fetch_add_target(query, column->dropped ? expr_const(write->arena, TYPE_INT4, -1, NULL)
                                                : expr_var(write->arena, entry, i, column->type, column->typmod, column->collation));
    }
    return work_fill(write, query, NULL, joins, out, count);
}

static bool store_rows(Write *write, const CatRelation *leaf, const WorkTable *places)
{
    Query *rows = fetch_over(write, NULL);
    uint64_t count;
    int entry = work_add(write, rows, places);
    for (int i = 0; i < leaf->ncolumns; i++)
        fetch_add_target(rows, fetch_var(write, rows, entry, PLACE_FIRST_COLUMN + i));
    fetch_add_target(rows, fetch_row_number(write, entry));
    write->is_staging = true;
    bool done = insert_versions(write, fetch_around(write, rows), leaf, leaf, leaf->ncolumns, &count);
    write->is_staging = false;
    return done;
}

static bool stage_leaf(Write *write, Oid oid)
{
    const CatRelation *leaf = catalog_relation(write->catalog, oid);
    const char *to_do = write->statement->kind == QUERY_UPDATE ? "update" : "delete from";
    Staged staged = {.relation = oid};
    uint64_t count;
    if (!catalog_check_foreign_write(write->catalog, leaf, to_do, foreign_user(write), write->error) ||
        !read_rows(write, leaf, &staged.places, &count))
        return false;
    vec_push(write->lasting, &write->staged_rows, staged);
    return !count || store_rows(write, catalog_relation(write->catalog, oid), &staged.places);
}

static bool reads_relation(const Query *query, void *arg)
{
    const Oid *relation = arg;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_RELATION && query->rtes[i]->relation->oid == *relation)
            return true;
    return query_walk_queries(query, reads_relation, arg);
}

/* Whether the planner would leave the table out. */
static bool is_left_out(const Plan *plan, Oid relation)
{
    for (int i = 0; i < plan->nleaves; i++)
        if (plan->leaves[i]->query && reads_relation(plan->leaves[i]->query, &relation))
            return false;
    return true;
}

bool foreign_stage(Write *write, const OidList *leaves, const Query *rows)
{
    bool any = false;
    for (size_t i = 0; i < leaves->count; i++)
        any |= catalog_relation(write->catalog, leaves->items[i])->kind == 'f';
    bool chooses = any && leaves->count > 1;
    const Plan *plan = chooses ? write_plan(write, rows) : NULL;
    if (!any || (chooses && !plan))
        return !any;
    any = false;
    for (size_t i = 0; i < leaves->count; i++) {
        if (catalog_relation(write->catalog, leaves->items[i])->kind != 'f' || (plan && is_left_out(plan, leaves->items[i])))
            continue;
        any = true;
        if (!stage_leaf(write, leaves->items[i]))
            return false;
    }
    write->root = catalog_relation(write->catalog, write->root->oid);
    if (!any)
        return true;
    write->staged = write->number;
    if (!write_begin(write))
        return false;
    for (size_t i = 0; i < write->staged_rows.count; i++)
        passing_renumber(write, write->staged_rows.items[i].relation, write->staged);
    return true;
}

static const Staged *find_staged(const Write *write, Oid relation)
{
    for (size_t i = 0; i < write->staged_rows.count; i++)
        if (write->staged_rows.items[i].relation == relation)
            return &write->staged_rows.items[i];
    return NULL;
}

/* ---- what is sent ---- */

/* Rows on their way to the source, and what has come of them. */
typedef struct Sending {
    Write *write;
    Oid oid;
    const CatRelation *relation;
    const FdwModule *module;
    Arena *arena; /* of what is on its way */
    const char *sql;
    ColumnNumbers sent;     /* columns whose values are the parameters, after the place */
    ColumnNumbers returned; /* columns that come back; 0: that there is a row */
    bool by_place;          /* the first parameters are ctid and its table */
    VEC(const char *) values;
    VEC(WaitingRow) rows;      /* sent with them */
    const char *const **cells; /* by these: what came back, by the relation's columns; NULL: nothing */
    uint64_t *affected;        /* by these */
    uint64_t count;            /* of all that were changed */
} Sending;

/* Functions that are called between rows may change the catalog. */
static void refresh(Sending *sending)
{
    sending->relation = catalog_relation(sending->write->catalog, sending->oid);
}

static void add_names(const Sending *sending, const ColumnNumbers *numbers, Str *out)
{
    for (size_t i = 0; i < numbers->count; i++) {
        str_add(out, i ? ", " : "");
        if (numbers->items[i])
            foreign_column_name(sending->module, &sending->relation->columns[numbers->items[i] - 1], out);
        else
            str_add(out, "true");
    }
}

static void add_returning(const Sending *sending, Str *out)
{
    if (sending->returned.count)
        str_add(out, " RETURNING ");
    add_names(sending, &sending->returned, out);
}

/* A generated column is the source's to compute. */
static void write_insert_text(Sending *sending, Str *out)
{
    Arena *arena = sending->write->arena;
    const OnConflict *conflict = sending->write->statement->kind == QUERY_INSERT ? sending->write->statement->conflict : NULL;
    ColumnNumbers named = {0};
    for (int i = 1; i <= sending->relation->ncolumns; i++) {
        const CatColumn *column = &sending->relation->columns[i - 1];
        if (column->dropped)
            continue;
        vec_push(arena, &named, i);
        if (!column->generated)
            vec_push(arena, &sending->sent, i);
    }
    str_add(out, "INSERT INTO ");
    source_relation_name(sending->module, sending->relation, out);
    str_add(out, named.count ? "(" : "");
    add_names(sending, &named, out);
    str_add(out, named.count ? ") VALUES (" : " DEFAULT VALUES");
    for (size_t i = 0, parameter = 0; i < named.count; i++) {
        str_add(out, i ? ", " : "");
        if (sending->relation->columns[named.items[i] - 1].generated)
            str_add(out, "DEFAULT");
        else
            str_addf(out, "$%zu", ++parameter);
    }
    str_add(out, named.count ? ")" : "");
    str_add(out, conflict ? " ON CONFLICT DO NOTHING" : "");
}

/* The source's table may be partitioned, or have children: ctid is one table's. */
static const char BY_PLACE[] = " WHERE ctid = $1 AND tableoid = $2";

/* A statement without values sets generated columns alone, to DEFAULT. */
static bool is_recomputed(const Write *write, const CatColumn *column)
{
    return column->generated && !write->statement->ntargets;
}

/* What the statement sets, and whatever BEFORE triggers may. */
static bool write_update_text(Sending *sending, Str *out)
{
    Write *write = sending->write;
    TriggerList triggers;
    if (!trigger_collect(write, sending->relation, EVENT_UPDATE, true, true, &triggers))
        return false;
    str_add(out, "UPDATE ");
    source_relation_name(sending->module, sending->relation, out);
    str_add(out, " SET ");
    bool any = false;
    for (int i = 1; i <= sending->relation->ncolumns; i++) {
        const CatColumn *column = &sending->relation->columns[i - 1];
        if (column->dropped || (!triggers.count && !is_recomputed(write, column) && !change_is_set(write, sending->relation, i)))
            continue;
        str_add(out, any ? ", " : "");
        any = true;
        foreign_column_name(sending->module, column, out);
        if (column->generated) {
            str_add(out, " = DEFAULT");
            continue;
        }
        vec_push(write->arena, &sending->sent, i);
        str_addf(out, " = $%zu", sending->sent.count + 2);
    }
    str_add(out, BY_PLACE);
    return true;
}

/* What is below a table whose triggers want all rows. */
static bool check_transition(Write *write, const CatRelation *relation, WriteEvent event)
{
    TriggerList triggers;
    for (int row = 0; row < 2 && relation->oid != write->root->oid; row++) {
        if (!trigger_collect(write, write->root, event, row, false, &triggers))
            return false;
        for (size_t i = 0; i < triggers.count; i++)
            if (triggers.items[i].old_table || triggers.items[i].new_table)
                return error_unsupported(write->error, "cannot collect transition tuples from child foreign tables");
    }
    return true;
}

static bool open_sending(Write *write, const CatRelation *relation, WriteEvent event, const ColumnNumbers *returned, Sending *out)
{
    Str sql;
    *out = (Sending){
        .write = write, .oid = relation->oid, .relation = relation, .arena = arena_open(write->arena), .by_place = event != EVENT_INSERT};
    str_init(&sql, write->arena);
    const RemoteTarget *target = check_transition(write, relation, event) ? foreign_source(write, relation) : NULL;
    if (!target)
        return false;
    out->module = target->module;
    if (event == EVENT_INSERT) {
        write_insert_text(out, &sql);
    } else if (event == EVENT_UPDATE) {
        if (!write_update_text(out, &sql))
            return false;
    } else {
        str_add(&sql, "DELETE FROM ");
        source_relation_name(out->module, relation, &sql);
        str_add(&sql, BY_PLACE);
    }
    out->returned = *returned;
    add_returning(out, &sql);
    out->sql = sql.data;
    return true;
}

/* The source's column may have another type: its text is read as the type that is declared here. */
static bool read_value(const Sending *sending, const CatColumn *column, const char *text, const char **out)
{
    Write *write = sending->write;
    const TypeContext *types = write->context->plan->functions->types;
    *out = arena_strdup(sending->arena, text);
    if (!text || !type_has_input(column->type) ||
        type_canonical(column->type, column->typmod, text, types, sending->arena, out, write->error))
        return true;
    return error_context(write->error, "column \"%s\" of foreign table \"%s\"", column->name, sending->relation->name);
}

/* What came back of a row, by the relation's columns. */
static bool returned_values(const Sending *sending, const char *const *cells, const char *const **out)
{
    Arena *arena = sending->arena;
    const char **values = ARENA_ARRAY(arena, const char *, sending->relation->ncolumns + 1);
    *out = values;
    for (size_t i = 0; i < sending->returned.count && sending->returned.items[i]; i++) {
        const CatColumn *column = &sending->relation->columns[sending->returned.items[i] - 1];
        if (!read_value(sending, column, cells[i], &values[column->number - 1]))
            return false;
    }
    return true;
}

static bool take_result(void *arg, size_t row, const char *const *cells)
{
    const Sending *sending = arg;
    return returned_values(sending, cells, &sending->cells[row]);
}

static bool store_returned(Sending *sending, const WaitingRow *rows, size_t nrows)
{
    Write *write = sending->write;
    uint64_t count;
    write->is_staging = true;
    const CatRelation *relation = catalog_relation(write->catalog, sending->oid);
    Query *query = waiting_values(write, relation, rows, nrows, true);
    bool done = insert_versions(write, query, relation, relation, relation->ncolumns, &count);
    write->is_staging = false;
    refresh(sending);
    return done;
}

static bool keep_rows(Sending *sending)
{
    Write *write = sending->write;
    VEC(WaitingRow) changed = {0};
    for (size_t i = 0; i < sending->rows.count; i++) {
        WaitingRow row = sending->rows.items[i];
        row.cells = sending->cells[i];
        if (row.cells)
            vec_push(write->arena, &changed, row);
    }
    return !changed.count || store_returned(sending, changed.items, changed.count);
}

/* A row that the source did not change, as its triggers may decide, is what it was. */
static bool restore_rows(Sending *sending)
{
    Write *write = sending->write;
    for (size_t i = 0; i < sending->rows.count; i++)
        if (sending->rows.items[i].old && !sending->affected[i] &&
            !exec_store_restore(write->context->engine, catalog_node(write->catalog, sending->relation, write->number), write->number,
                                sending->rows.items[i].old, write->error))
            return false;
    return true;
}

static bool send(Sending *sending)
{
    Write *write = sending->write;
    refresh(sending);
    size_t nrows = sending->rows.count, nparams = sending->sent.count + (sending->by_place ? PLACE_COLUMNS : 0);
    sending->cells = ARENA_ARRAY(write->arena, const char *const *, nrows);
    sending->affected = ARENA_ARRAY(write->arena, uint64_t, nrows);
    FdwModifySpec spec = {.sql = sending->sql,
                          .types = ARENA_ARRAY(write->arena, uint32_t, nparams + 1), /* as the source takes them */
                          .nparams = nparams,
                          .nrows = nrows,
                          .values = sending->values.items,
                          .nresults = sending->returned.count,
                          .result = take_result,
                          .arg = sending,
                          .affected = sending->affected};
    const RemoteTarget *target = foreign_target(write, sending->relation);
    if (!target || !remote_modify(write->context->remote, target, &spec, write->arena, write->error) ||
        (sending->returned.count && !keep_rows(sending)) || !restore_rows(sending))
        return false;
    for (size_t i = 0; i < nrows; i++)
        sending->count += sending->affected[i];
    return true;
}

static bool send_rows(Sending *sending)
{
    Write *write = sending->write;
    Arena *outer = write->arena;
    write->arena = sending->arena;
    bool done = !sending->rows.count || send(sending);
    write->arena = outer;
    arena_reset(sending->arena);
    memset(&sending->values, 0, sizeof sending->values);
    memset(&sending->rows, 0, sizeof sending->rows);
    return done;
}

/* Values by the relation's columns are copied. place: ctid, then its table; of new rows not looked at. */
static bool add_row(Sending *sending, const WaitingRow *row, const char *const *place)
{
    Arena *arena = sending->arena;
    for (int i = 0; sending->by_place && i < PLACE_COLUMNS; i++)
        vec_push(arena, &sending->values, arena_strdup(arena, place[i]));
    for (size_t i = 0; i < sending->sent.count; i++)
        vec_push(arena, &sending->values, arena_strdup(arena, row->cells[sending->sent.items[i] - 1]));
    vec_push(arena, &sending->rows, ((WaitingRow){.number = row->number, .old = row->old}));
    return sending->rows.count < ROWS_AT_ONCE || send_rows(sending);
}

/* ---- new rows and versions ---- */

typedef struct Reading {
    const CatRelation *root, *leaf;
    bool *columns; /* by the leaf's number */
} Reading;

static bool note_read(const Expr *expr, void *arg)
{
    const Reading *reading = arg;
    int column = expr->kind == EXPR_VAR ? expr->u.var.column : COLUMN_TABLEOID;
    for (int i = 1; i <= reading->root->ncolumns; i++)
        if (column == i || !column)
            reading->columns[change_column(reading->leaf, reading->root->columns[i - 1].name)] = true;
    return expr_walk(expr, note_read, arg);
}

static bool note_read_below(const Query *query, void *arg)
{
    query_walk_exprs(query, note_read, arg);
    query_walk_queries(query, note_read_below, arg);
    return false;
}

/* The columns of rows that are written which somebody reads: AFTER ROW triggers all, RETURNING and views' check options what they name.
 * None: nobody reads any. */
static bool find_read(Write *write, const CatRelation *relation, WriteEvent event, ColumnNumbers *out)
{
    const Query *statement = write->statement;
    TriggerList triggers;
    Reading reading = {write->root, relation, ARENA_ARRAY(write->arena, bool, relation->ncolumns + 1)};
    if (!trigger_collect(write, relation, event, true, false, &triggers))
        return false;
    if (statement->returning)
        note_read_below(statement->returning, &reading);
    for (int i = 0; i < statement->nchecks; i++)
        note_read(statement->checks[i].condition, &reading);
    bool any = triggers.count || statement->returning || statement->nchecks;
    for (int i = 1; i <= relation->ncolumns; i++)
        if (!relation->columns[i - 1].dropped && (triggers.count || reading.columns[i]))
            vec_push(write->arena, out, i);
    for (int i = 1; any && !out->count && i <= relation->ncolumns; i++) /* that there is a row */
        if (!relation->columns[i - 1].dropped)
            vec_push(write->arena, out, i);
    if (any && !out->count)
        vec_push(write->arena, out, 0);
    return true;
}

typedef struct Storing {
    Sending sending;
    const int *columns; /* attnums of the cells; 0: the row's number */
    int ncolumns;
    bool checks_bound; /* the partition's */
} Storing;

/* cells: the query's; of versions then the old row's number and its place. */
static bool store_row(void *arg, const char *const *cells)
{
    Storing *storing = arg;
    Write *write = storing->sending.write;
    refresh(&storing->sending);
    const char **values = ARENA_ARRAY(write->arena, const char *, storing->sending.relation->ncolumns + 1);
    WaitingRow row = {.cells = values};
    for (int i = 0; i < storing->ncolumns; i++)
        if (storing->columns[i])
            values[storing->columns[i] - 1] = cells[i];
        else
            row.number = strtoll(cells[i], NULL, 10);
    if (storing->sending.by_place)
        row.old = strtoll(cells[storing->ncolumns], NULL, 10);
    if (storing->checks_bound && !check_before(write, storing->sending.relation, true, values)) {
        write_failed(write, row.number, false);
        return false;
    }
    if (!row.number && !exec_store_next_row(write->context->engine, &row.number, write->error))
        return false;
    return add_row(&storing->sending, &row, cells + storing->ncolumns + 1);
}

/* The old row's number and place beside each new version, which has the number of its row in the statement's work table. */
static Query *with_places(Write *write, Query *query, const int *columns, const WorkTable *places)
{
    int count = query->ntargets - query->norder, number = 0;
    Query *around = fetch_around(write, query);
    for (int i = 0; i < count; i++) {
        fetch_add_target(around, fetch_var(write, around, 0, i + 1));
        number = columns[i] ? number : i + 1;
    }
    int work = work_add(write, around, &write->work), place = work_add(write, around, places);
    fetch_add_condition(write, around,
                        fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, work), fetch_var(write, around, 0, number)));
    fetch_add_condition(
        write, around, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_var(write, around, work, WORK_ROW), fetch_row_number(write, place)));
    fetch_add_target(around, fetch_var(write, around, work, WORK_ROW));
    fetch_add_target(around, fetch_var(write, around, place, PLACE_CTID));
    fetch_add_target(around, fetch_var(write, around, place, PLACE_TABLE));
    fetch_order_by(write, around, fetch_var(write, around, 0, number));
    return around;
}

/* COPY asks it of rows that were not routed to the partition, or that a trigger may have changed since; INSERT does not. */
static bool asks_bound(Write *write, const CatRelation *relation, bool *out)
{
    TriggerList triggers;
    *out = false;
    if (!write_is_copy(write) || !relation->is_partition)
        return true;
    if (!trigger_collect(write, relation, EVENT_INSERT, true, true, &triggers))
        return false;
    *out = triggers.count || relation->oid == write->root->oid;
    return true;
}

bool foreign_store(Write *write, Query *query, Oid oid, const int *columns, uint64_t *count)
{
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    const Staged *staged = write->is_arriving ? NULL : find_staged(write, oid);
    Storing storing = {.columns = columns, .ncolumns = query->ntargets - query->norder};
    WriteEvent event = staged ? EVENT_UPDATE : EVENT_INSERT;
    ColumnNumbers read = {0};
    if (!find_read(write, relation, event, &read) || !open_sending(write, relation, event, &read, &storing.sending) ||
        !asks_bound(write, relation, &storing.checks_bound))
        return false;
    if (staged)
        query = with_places(write, query, columns, &staged->places);
    if (!fetch_each(write, query, store_row, &storing) || !send_rows(&storing.sending))
        return false;
    *count = storing.sending.count;
    return true;
}

/* ---- what a source does alone ---- */

bool foreign_told_text(Write *write, const FdwModule *module, const char *sql, ColumnNumbers *returned, const char **out)
{
    Sending sending = {.relation = write->root, .module = module};
    WriteEvent event = write->statement->kind == QUERY_UPDATE ? EVENT_UPDATE : EVENT_DELETE;
    Str text;
    str_init(&text, write->arena);
    str_add(&text, sql);
    if (!find_read(write, write->root, event, &sending.returned))
        return false;
    add_returning(&sending, &text);
    *returned = sending.returned;
    *out = text.data;
    return true;
}

static bool store_told(Sending *sending)
{
    Write *write = sending->write;
    Arena *outer = write->arena;
    write->arena = sending->arena;
    bool done = !sending->rows.count || store_returned(sending, sending->rows.items, sending->rows.count);
    write->arena = outer;
    arena_reset(sending->arena);
    memset(&sending->rows, 0, sizeof sending->rows);
    return done;
}

static bool take_told(void *arg, size_t run, const char *const *cells)
{
    Sending *sending = arg;
    WaitingRow row = {0};
    (void)run; /* there is one */
    if (!exec_store_next_row(sending->write->context->engine, &row.number, sending->write->error) ||
        !returned_values(sending, cells, &row.cells))
        return false;
    vec_push(sending->arena, &sending->rows, row);
    return sending->rows.count < ROWS_AT_ONCE || store_told(sending);
}

bool foreign_tell(Write *write, const RemoteTarget *target, FdwModifySpec *spec)
{
    Sending sending = {.write = write, .oid = write->root->oid, .relation = write->root, .arena = arena_open(write->arena)};
    if (!foreign_told_text(write, target->module, spec->sql, &sending.returned, &spec->sql))
        return false;
    spec->nresults = sending.returned.count;
    spec->result = take_told;
    spec->arg = &sending;
    write->is_told = true;
    return remote_modify(write->context->remote, target, spec, write->arena, write->error) && store_told(&sending);
}

/* ---- EXPLAIN ---- */

bool write_foreign_text(const WriteContext *context, const Query *statement, const char **out, const char **server, Arena *arena,
                        Error *error)
{
    static const WriteEvent EVENTS[] = {[QUERY_INSERT] = EVENT_INSERT, [QUERY_UPDATE] = EVENT_UPDATE, [QUERY_DELETE] = EVENT_DELETE};
    WriteEvent event = EVENTS[statement->kind];
    Write write = {.context = context,
                   .statement = statement,
                   .root = catalog_relation(context->plan->catalog, statement->rtes[statement->result_rte]->relation->oid),
                   .catalog = context->plan->catalog,
                   .arena = arena,
                   .lasting = arena,
                   .error = error};
    Sending sending;
    ColumnNumbers read = {0};
    *out = *server = NULL;
    if (event != EVENT_INSERT && (!foreign_direct_text(&write, out) || *out)) {
        *server = *out ? catalog_server(write.catalog, write.root->server)->name : NULL;
        return !error_is_set(error);
    }
    if ((event != EVENT_DELETE && !find_read(&write, write.root, event, &read)) ||
        !open_sending(&write, write.root, event, &read, &sending))
        return false;
    *out = sending.sql;
    return true;
}

/* ---- TRUNCATE ---- */

static bool truncate_server(Write *write, const OidList *tables, size_t first, const char *how)
{
    Oid server = catalog_relation(write->catalog, tables->items[first])->server;
    const RemoteTarget *target = foreign_target(write, catalog_relation(write->catalog, tables->items[first]));
    Str sql;
    str_init(&sql, write->arena);
    for (size_t i = first; target && i < tables->count; i++) {
        const CatRelation *relation = catalog_relation(write->catalog, tables->items[i]);
        if (relation->kind != 'f' || relation->server != server)
            continue;
        str_add(&sql, i == first ? "TRUNCATE " : ", ");
        source_relation_name(target->module, relation, &sql);
    }
    str_add(&sql, how);
    FdwModifySpec spec = {.sql = sql.data, .nrows = 1};
    return target && remote_modify(write->context->remote, target, &spec, write->arena, write->error);
}

bool write_truncate_foreign(const WriteContext *context, const OidList *tables, const char *how, Arena *arena, Error *error)
{
    Write write = {.context = context, .catalog = context->plan->catalog, .arena = arena, .lasting = arena, .error = error};
    for (size_t i = 0; i < tables->count; i++) {
        const CatRelation *relation = catalog_relation(write.catalog, tables->items[i]);
        bool is_first = relation->kind == 'f';
        for (size_t k = 0; k < i; k++) {
            const CatRelation *earlier = catalog_relation(write.catalog, tables->items[k]);
            is_first &= earlier->kind != 'f' || earlier->server != relation->server;
        }
        if (is_first && !truncate_server(&write, tables, i, how))
            return false;
    }
    return true;
}

/* ---- rows that go ---- */

static bool delete_row(void *arg, const char *const *cells)
{
    return add_row(arg, &(WaitingRow){.old = strtoll(cells[0], NULL, 10)}, cells + 1);
}

bool foreign_delete(Write *write, Oid oid, const StoreDelete *taken, uint64_t *count)
{
    const CatRelation *relation = catalog_relation(write->catalog, oid);
    const Staged *staged = find_staged(write, oid);
    Sending sending;
    if (write->statement->kind != QUERY_DELETE || !staged)
        return true;
    Query *query = fetch_over(write, NULL);
    int place = work_add(write, query, &staged->places);
    Expr *number = taken->row ? fetch_int8(write, taken->row) : NULL;
    if (!number) {
        const PlanColumn columns[] = {{.type = TYPE_OID, .typmod = -1}, {.type = TYPE_INT8, .typmod = -1}};
        WorkTable named = work_table(write, taken->work, columns, WORK_ROW);
        number = fetch_var(write, query, work_add(write, query, &named), WORK_ROW);
    }
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, place), number));
    fetch_add_target(query, fetch_row_number(write, place));
    fetch_add_target(query, fetch_var(write, query, place, PLACE_CTID));
    fetch_add_target(query, fetch_var(write, query, place, PLACE_TABLE));
    fetch_order_by(write, query, fetch_row_number(write, place));
    if (!open_sending(write, relation, EVENT_DELETE, &(ColumnNumbers){0}, &sending) || !fetch_each(write, query, delete_row, &sending) ||
        !send_rows(&sending))
        return false;
    *count = sending.count;
    return true;
}
