/*
 * insert.c - INSERT, UPDATE, DELETE and MERGE as portals, and queries with items of WITH that write: the write, then RETURNING as a query
 * over what was written.
 *
 * Invariants:
 *  1. The catalog's writer is taken before the statement is analysed: what analysis found still holds when rows are written. In a
 *     read-only transaction only when it is known that all the tables are temporary, and then the statement is analysed again. Where all
 *     tables that are written to are foreign it is not taken: where others have changed definitions before the portal is run, or before a
 *     trigger takes the writer, the write fails (40001).
 *  2. The write is done whole with the portal's first run, however few rows are fetched then.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/routine.h"
#include "write/write.h"

bool insert_is_meant(const Node *node)
{
    if (node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
        return utility_is_query(node);
    const PgQuery__WithClause *with = node->select_stmt->with_clause;
    for (size_t i = 0; with && i < with->n_ctes; i++)
        if (with->ctes[i]->common_table_expr->ctequery->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
            return true;
    return false;
}

bool insert_is_foreign(const PgQuery__RangeVar *range, Catalog *catalog)
{
    const CatRelation *relation =
        catalog_relation_by_name(catalog, range->schemaname && *range->schemaname ? range->schemaname : NULL, range->relname);
    return relation && catalog_is_foreign_only(catalog, relation);
}

bool insert_names_foreign(const Node *node, Catalog *catalog)
{
    const PgQuery__RangeVar *range = node->node_case == PG_QUERY__NODE__NODE_INSERT_STMT   ? node->insert_stmt->relation
                                     : node->node_case == PG_QUERY__NODE__NODE_UPDATE_STMT ? node->update_stmt->relation
                                     : node->node_case == PG_QUERY__NODE__NODE_DELETE_STMT ? node->delete_stmt->relation
                                                                                           : NULL;
    return range && insert_is_foreign(range, catalog);
}

/* A write to a table whose wrapper has no handler cannot be planned, which PostgreSQL finds when it has folded what the rows are. */
static bool check_handler(const Query *query, const PlanContext *context, Arena *arena, Error *error)
{
    for (int i = 0; i < query->nctes; i++)
        if (!check_handler(query->ctes[i].query, context, arena, error))
            return false;
    const CatRelation *target = query->kind == QUERY_SELECT ? NULL : query->rtes[query->result_rte]->relation;
    if (!target || target->kind != 'f')
        return true;
    PlanContext source = *context;
    source.rows_wanted = source.generate_only = true;
    /* rows of items that write are there only when these have run */
    return (query->has_writes || plan_query(write_source(query, arena), &source, arena, error)) &&
           catalog_check_table_handler(context->catalog, target, error);
}

bool insert_plan(Portal *portal, const Query *query, const PlanContext *context, Error *error)
{
    if (!check_handler(query, context, portal->arena, error))
        return false;
    PlanContext *kept = ARENA_NEW(portal->arena, PlanContext);
    *kept = *context;
    portal->kind = PORTAL_INSERT;
    portal->insert = query;
    portal->insert_context = kept;
    if (!portal->version)
        portal->version = catalog_version(context->catalog);
    const Query *answer = query->kind == QUERY_SELECT ? query : query->returning;
    if (!answer)
        return true;
    portal->columns = plan_columns(answer, portal->session->catalog, &portal->ncolumns, portal->arena);
    return true;
}

static bool execution_begins(void *arg, Execution *execution, Error *error)
{
    return portal_execution_begins(arg, execution, error);
}

static void execution_ends(void *arg, Execution *execution)
{
    portal_execution_ends(arg, execution);
}

static bool enforce_constraint(Session *session, const WriteTrigger *trigger, Arena *arena, Error *error)
{
    PlanContext plan = {.catalog = session->catalog,
                        .wrappers = session->hub->options.wrappers,
                        .functions = &session->functions,
                        .params_bound = true,
                        .bind = session->bind,
                        .remote = session->remote,
                        .in_transaction = session->tx.state == TX_BLOCK};
    WriteContext context;
    return insert_context(session, &plan, &context, error) && write_constraint_trigger(&context, trigger, arena, error);
}

bool insert_call_trigger(Session *session, WriteTrigger *trigger, Arena *arena, Error *error)
{
    PlTrigger call = {.relation = trigger->relation,
                      .name = trigger->name,
                      .when = trigger->when,
                      .level = trigger->level,
                      .operation = trigger->operation,
                      .arguments = trigger->arguments,
                      .narguments = trigger->narguments,
                      .old_row = trigger->old_row,
                      .new_row = trigger->new_row,
                      .rows = trigger->rows,
                      .nrows = trigger->nrows};
    if (trigger->number)
        return enforce_constraint(session, trigger, arena, error);
    RoutineCall routine = {.proc = trigger->function, .trigger = &call};
    session->trigger_depth++;
    bool done = routine_call(session, &routine, arena, error);
    session->trigger_depth--;
    trigger->new_row = call.new_row;
    return done;
}

static bool call_trigger(void *arg, WriteTrigger *trigger, Arena *arena, Error *error)
{
    const Session *session = arg;
    if (!constraint_defer(arg, trigger))
        return insert_call_trigger(arg, trigger, arena, error);
    return !session->is_restricted ||
           error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "cannot fire deferred trigger within security-restricted operation");
}

static int64_t reads_as_of(void *arg, int64_t number)
{
    Session *session = arg;
    int64_t before = session->as_of;
    session->as_of = number;
    return before;
}

bool insert_context(Session *session, const PlanContext *plan, WriteContext *out, Error *error)
{
    if (!session->tx.answers)
        session->tx.answers = write_answers_open(session->tx.arena);
    *out = (WriteContext){.plan = plan,
                          .answers = session->tx.answers,
                          .engine = session->hub->options.engine(session->hub->options.engine_arg, error),
                          .remote = session->remote,
                          .in_transaction = session->tx.state == TX_BLOCK,
                          .limits = session_limits(session),
                          .arg = session,
                          .begins = execution_begins,
                          .ends = execution_ends,
                          .trigger = call_trigger,
                          .reads_as_of = reads_as_of,
                          .computes = routine_computes,
                          .compute = routine_compute,
                          .act_as = session_act_as};
    return out->engine != NULL;
}

static bool write_relying(Portal *portal, Error *error)
{
    Session *session = portal->session;
    WriteContext context;
    WriteResult result = {0};
    if (!insert_context(session, portal->insert_context, &context, error))
        return false;
    const Query *statement = write_with(&context, portal->insert, portal->arena, error);
    if (!statement)
        return false;
    context.wants_row = portal->current_of != NULL;
    if (statement->kind == QUERY_SELECT)
        result.returning = statement;
    else if (!write_run(&context, statement, &result, portal->arena, error) ||
             (portal->current_of && !cursor_place_changed(portal->current_of, statement->kind, result.count, result.first_row, error)))
        return false;
    if (context.queue && !write_queue_fire(context.queue))
        return false;
    portal->inserted = result.count;
    if (!result.returning)
        return true;
    session->as_of = portal->insert_context->as_of = result.returning->as_of;
    portal->plan = plan_query(result.returning, portal->insert_context, portal->arena, error);
    return portal->plan != NULL;
}

static bool write(Portal *portal, Error *error)
{
    Catalog *catalog = portal->session->catalog;
    if (!catalog_rely(catalog, portal->version, error))
        return false;
    bool done = write_relying(portal, error);
    catalog_rely_no_more(catalog);
    return done;
}

static bool run(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    if (portal->is_done && !portal->columns)
        return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"%s\" cannot be run", portal->name);
    portal->session->as_of = portal->insert_context->as_of; /* in RETURNING, which may be fetched in parts */
    if (!portal->is_done && !write(portal, error))
        return false;
    portal->is_done = true;
    return !portal->plan || portal_pull(portal, max_rows, dest, complete, error);
}

bool insert_run(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    Session *session = portal->session;
    int64_t as_of = session->as_of;
    *complete = true;
    bool done = run(portal, max_rows, dest, complete, error);
    session->as_of = as_of;
    return done;
}
