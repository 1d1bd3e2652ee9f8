/*
 * write.c - a statement that writes: what may not be written, statement triggers around the write, and what RETURNING is asked over.
 *
 * Invariants:
 *  1. The catalog's writer is held from before the statement was analysed to the transaction's end.
 *  2. RETURNING's rows come in the order of their numbers, which is that in which they were written. What its subqueries read of tables is
 *     how they were before the statement.
 * Entered by the session's worker only.
 */
#include "write/internal.h"

enum { NONE_YET = -1 }; /* as a number to read as of: 0 would be all that the session sees */

static const struct {
    QueryKind kind;
    WriteEvent event;
    const char *name, *to_do;
    bool (*run)(Write *write, uint64_t *count);
} KINDS[] = {
    {QUERY_INSERT, EVENT_INSERT, "INSERT into", "insert into", write_insert},
    {QUERY_UPDATE, EVENT_UPDATE, "UPDATE of", "update", write_change},
    {QUERY_DELETE, EVENT_DELETE, "DELETE from", "delete from", write_change},
    {QUERY_MERGE, EVENT_UPDATE, "MERGE into", "merge into", merge_run},
};

static size_t kind_of(const Query *statement)
{
    size_t kind = 0;
    while (KINDS[kind].kind != statement->kind)
        kind++;
    return kind;
}

bool write_check_target(const Query *statement, Catalog *catalog, Oid user, Error *error)
{
    const Rte *root = statement->rtes[statement->result_rte];
    user = user != OID_NONE && root->check_as ? root->check_as : user;
    return root->relation->kind != 'f' ||
           (catalog_check_kind(catalog, root->relation->oid, error) &&
            catalog_check_foreign_write(catalog, root->relation, KINDS[kind_of(statement)].to_do, user, error));
}

/* Exclusion constraints are not enforced: such tables are not written to. */
static bool may_write(Write *write, size_t kind)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT 1 FROM tree JOIN pg_constraint ON conrelid = relid AND contype = 'x' LIMIT 1";
    const CatRelation *root = write->root;
    if (!write_check_target(write->statement, write->catalog, write->context->plan->functions->current_user, write->error))
        return false;
    if (root->is_system)
        return error_unsupported(write->error, "%s a system catalog is not supported", KINDS[kind].name);
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "o", root->oid);
    return rows &&
           (!rows->nrows || error_unsupported(write->error, "%s a table with exclusion constraints is not supported", KINDS[kind].name));
}

bool write_take_row(Write *write, RowTaker *take, void *arg, const char *const *cells)
{
    Arena *outer = write->arena;
    write->arena = arena_open(outer);
    bool done = take(arg, cells);
    arena_close(write->arena);
    write->arena = outer;
    return done;
}

/* ---- RETURNING ---- */

typedef struct Answer {
    Write *write;
    Query *query;
    int target, work; /* entries: the table named, and the rows on their way; -1: none */
    int first;        /* column of the first of what was kept of other entries */
    const Query *kept;
} Answer;

/* A column of another entry is a column of the work table. */
static Expr *to_kept(Expr *expr, int level, void *arg)
{
    const Answer *answer = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level)
        return expr;
    if (expr->u.var.rte == answer->write->statement->result_rte) {
        expr->u.var.rte = answer->target;
        return expr;
    }
    for (int i = 0; i < answer->kept->ntargets; i++) {
        const Expr *kept = answer->kept->targets[i].expr;
        if (kept->u.var.rte != expr->u.var.rte || kept->u.var.column != expr->u.var.column)
            continue;
        expr->u.var.rte = answer->work;
        expr->u.var.column = answer->first + i;
        break;
    }
    return expr;
}

static bool note_kept(const Expr *expr, void *arg);

static bool note_kept_below(const Query *query, void *arg)
{
    Answer *answer = arg;
    answer->first++; /* levels below, while columns are looked for */
    query_walk_exprs(query, note_kept, arg);
    query_walk_queries(query, note_kept_below, arg);
    answer->first--;
    return false;
}

static bool note_kept(const Expr *expr, void *arg)
{
    Answer *answer = arg;
    Query *kept = answer->query;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == answer->first && expr->u.var.rte != answer->write->statement->result_rte) {
        Expr *column = expr_copy(expr, kept->arena);
        column->u.var.levels_up = 0;
        for (int i = 0; i < kept->ntargets; i++)
            if (expr_equal(kept->targets[i].expr, column))
                return false;
        fetch_add_target(kept, column);
    }
    return expr_walk(expr, note_kept, arg);
}

Query *write_kept(Write *write)
{
    Query *kept = fetch_over(write, NULL);
    Answer answer = {.write = write, .query = kept};
    if (write->statement->returning && write->statement->kind != QUERY_INSERT) {
        query_walk_exprs(write->statement->returning, note_kept, &answer);
        query_walk_queries(write->statement->returning, note_kept_below, &answer);
    }
    return kept;
}

bool write_last_number(Write *write, int64_t *out)
{
    bool ok = catalog_stored_number(write->catalog, out, write->error);
    if (!*out)
        *out = NONE_YET;
    return ok;
}

static Query *answer_of(Write *write)
{
    const Query *statement = write->statement;
    Query *returning = query_copy(statement->returning, write->arena);
    if (statement->kind == QUERY_INSERT) {
        fetch_forget_privileges(returning);
        returning->rtes[0]->written_by = write->number;
        returning->rtes[0]->relation = write->root; /* with its node */
        fetch_use_targets(returning);
        fetch_order_by(write, returning, fetch_row_number(write, 0));
        return returning;
    }
    bool deletes = statement->kind == QUERY_DELETE;
    Query *answer = fetch_over(write, write->root);
    Rte *target = answer->rtes[0];
    const Rte *named = statement->rtes[statement->result_rte];
    target->only = named->only;
    target->alias = named->alias;
    target->check_as = named->check_as;
    bool takes_away = deletes && !write->is_told;
    target->written_by = takes_away ? 0 : write->number;
    target->deleted_by = takes_away ? write->number : 0;
    Answer map = {.write = write, .query = answer, .kept = write_kept(write), .first = 3 + (deletes ? 0 : statement->ntargets)};
    if (!write->is_told)
        map.work = work_add(write, answer, &write->work);
    answer->targets = returning->targets;
    answer->ntargets = returning->ntargets;
    fetch_use_targets(answer);
    answer->has_sublinks = returning->has_sublinks;
    query_map_exprs(answer, true, to_kept, &map);
    Expr *number = takes_away ? fetch_var(write, answer, map.work, 2) : fetch_row_number(write, map.work);
    if (!write->is_told)
        fetch_add_condition(write, answer, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), number));
    fetch_order_by(write, answer, fetch_row_number(write, map.work));
    return answer;
}

static bool add_answer(Write *write, int64_t number)
{
    const PlanColumn *columns;
    StoreInsert insert = {.work = write->answers.number ? write->answers.number : -1};
    uint64_t count;
    write->root = catalog_relation(write->catalog, write->root->oid);
    Query *answer = answer_of(write);
    Expr *row = expr_copy(answer->targets[answer->order->target].expr, write->arena);
    fetch_add_condition(write, answer, fetch_compare(write, OPERATOR_INT8_EQUAL, row, fetch_int8(write, number)));
    answer->as_of = write->before;
    if (!insert_fill(write, answer, &insert, &columns, &count))
        return false;
    if (!write->answers.number)
        write->answers = work_table(write, insert.work, columns, insert.ncolumns);
    return true;
}

bool write_answer(Write *write, int64_t number)
{
    Arena *was = write->arena;
    if (!write->answers_in_turn || !write->statement->returning)
        return true;
    if (!write->answers.number)
        (void)write_make_lasting(write);
    bool done = add_answer(write, number);
    write->arena = was;
    return done;
}

/* What RETURNING gives. */
static const Query *all_answers(Write *write)
{
    const Query *returning = write->statement->returning;
    Query *query = write->answers.number ? work_read(write, &write->answers) : answer_of(write);
    for (int i = 0; write->answers.number && i < returning->ntargets; i++)
        query->targets[i].name = returning->targets[i].name;
    query->as_of = write->before;
    return query;
}

/* ---- all of it ---- */

static bool before_statement(Write *write, WriteEvent event)
{
    return write->statement->kind == QUERY_MERGE ? merge_statement(write, true) : trigger_statement(write, event, true);
}

static bool after_statement(Write *write, WriteEvent event)
{
    if (write->statement->kind == QUERY_MERGE)
        return merge_statement(write, false);
    after_enqueue_statement(write, event);
    return true;
}

/* DO UPDATE fires the statement triggers of UPDATE too. */
static bool conflict_statement(const Write *write, bool before)
{
    const OnConflict *conflict = write->statement->conflict;
    if (write->statement->kind != QUERY_INSERT || !conflict || !conflict->update)
        return true;
    Write *update = ARENA_NEW(write->arena, Write);
    *update = *write;
    update->statement = conflict->update;
    return before ? before_statement(update, EVENT_UPDATE) : after_statement(update, EVENT_UPDATE);
}

static bool writes_here(const Query *query, void *arg)
{
    return (query->kind != QUERY_SELECT && !catalog_is_foreign_only(arg, query->rtes[query->result_rte]->relation)) ||
           query_walk_queries(query, writes_here, arg);
}

bool write_needs_writer(const Query *statement, Catalog *catalog)
{
    return writes_here(statement, catalog);
}

bool write_begin(Write *write)
{
    Engine *engine = write->context->engine;
    return write->passes ? exec_passing_begin(engine, &write->number, write->error)
                         : exec_store_begin(engine, write->catalog, &write->number, write->error);
}

/* At the source alone. *done false: it cannot do it all. */
static bool run_alone(Write *write, size_t kind, WriteResult *result, bool *done)
{
    const WriteContext *context = write->context;
    *done = foreign_may_go_alone(write->statement, write->catalog) && !context->queue && !context->failed && !context->wants_row;
    if (!*done)
        return true;
    if (!may_write(write, kind) || !foreign_begin(write))
        return false;
    return write->statement->kind == QUERY_INSERT ? write_insert_alone(write, &result->count)
                                                  : foreign_change_directly(write, done, &result->count);
}

/* The rows are written, and AFTER triggers stand in line. */
static bool run(Write *write, size_t kind, WriteResult *result)
{
    const WriteContext *context = write->context;
    Oid root = write->root->oid;
    bool done;
    if (!run_alone(write, kind, result, &done) || done)
        return !error_is_set(write->error);
    write->passes = catalog_is_foreign_only(write->catalog, write->root);
    if (!may_write(write, kind) || !write_begin(write) || !before_statement(write, KINDS[kind].event))
        return false;
    if (write->root->kind == 'v')
        return instead_run(write, KINDS[kind].event, result) && after_statement(write, KINDS[kind].event);
    if (!foreign_begin(write) || !turns_begin(write) || !conflict_statement(write, true) || !KINDS[kind].run(write, &result->count))
        return false;
    if (context->wants_row && write->work.number && !work_lowest(write, &write->work, &result->first_row))
        return false;
    write->root = catalog_relation(write->catalog, root);
    return conflict_statement(write, false) && after_statement(write, KINDS[kind].event);
}

bool write_run(const WriteContext *context, const Query *statement, WriteResult *result, Arena *arena, Error *error)
{
    Write *write = ARENA_NEW(arena, Write); /* whom AFTER triggers are about */
    *write = (Write){.context = context,
                     .statement = statement,
                     .root = statement->rtes[statement->result_rte]->relation,
                     .catalog = context->plan->catalog,
                     .arena = arena,
                     .lasting = arena,
                     .error = error,
                     .before = context->as_of,
                     .doubtful = map_open(arena),
                     .is_mixed = statement->kind == QUERY_MERGE || (statement->conflict && statement->conflict->update),
                     .queue = context->queue ? context->queue : write_queue_open(arena)};
    Oid root = write->root->oid;
    size_t kind = kind_of(statement);
    *result = (WriteResult){0};
    if (!write->before && !write_last_number(write, &write->before))
        return false;
    int64_t as_of = context->reads_as_of(context->arg, write->before);
    bool done = run(write, kind, result) && (context->queue || write_queue_fire(write->queue));
    context->reads_as_of(context->arg, as_of);
    if (!done)
        return false;
    write->root = catalog_relation(write->catalog, root);
    if (statement->returning && write->root->kind != 'v')
        result->returning = all_answers(write);
    return true;
}

const Query *write_source(const Query *statement, Arena *arena)
{
    Query *query = query_copy(statement, arena);
    if (statement->kind == QUERY_INSERT) {
        query->rtes[query->result_rte] = ARENA_NEW(arena, Rte);
        query->rtes[query->result_rte]->kind = RTE_RESULT;
    }
    query->kind = QUERY_SELECT;
    query->returning = NULL;
    query->nactions = 0;
    query->result_rte = -1;
    if (query->ntargets)
        return query;
    query->targets = ARENA_NEW(arena, Target); /* DELETE; rows elsewhere have no numbers */
    bool numbered = statement->rtes[statement->result_rte]->relation->kind != 'f';
    query->targets[query->ntargets++] =
        (Target){.expr = numbered ? expr_var(arena, statement->result_rte, COLUMN_ROW, TYPE_INT8, -1, OID_NONE)
                                  : expr_const(arena, TYPE_INT8, -1, "0"),
                 .name = "row"};
    return query;
}

bool write_fire_truncate(const WriteContext *context, Oid relation, bool before, Arena *arena, Error *error)
{
    Write write = {.context = context,
                   .root = catalog_relation(context->plan->catalog, relation),
                   .catalog = context->plan->catalog,
                   .arena = arena,
                   .lasting = arena,
                   .error = error};
    write.queue = write_queue_open(arena);
    return trigger_statement(&write, EVENT_TRUNCATE, before);
}
