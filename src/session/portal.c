/*
 * portal.c - a statement on its way: planned, run piece by piece, closed.
 *
 * Every statement runs as a portal, that of a simple query too. A cursor is a portal with a name.
 *
 * Invariants:
 *  1. A portal owns its arena, with its plan and its execution; closing the arena gives everything back.
 *  2. While it has an execution, that is registered in Session.running, where an interrupt finds it.
 *  3. A portal does not outlive its transaction (but for what scroll.c holds), nor the savepoint it was made under when that is rolled
 * back.
 *  4. A portal that is running is never closed: it is left to its caller.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/reuse.h"
#include "session/routine.h"
#include "session/row_lock.h"

bool portal_execution_begins(Session *session, Execution *execution, Error *error)
{
    pthread_mutex_lock(&session->guard);
    vec_push(session->arena, &session->running, execution);
    pthread_mutex_unlock(&session->guard);
    /* An interrupt that came before it was registered has not reached it. */
    return session_check_interrupt(session, error);
}

void portal_execution_ends(Session *session, Execution *execution)
{
    pthread_mutex_lock(&session->guard);
    for (size_t i = 0; i < session->running.count; i++)
        if (session->running.items[i] == execution) {
            session->running.items[i] = session->running.items[--session->running.count];
            break;
        }
    pthread_mutex_unlock(&session->guard);
}

static void keep_figures(Portal *portal)
{
    portal->operators = exec_operators(portal->execution);
    for (int i = 0; portal->actuals && i < portal->plan->nleaves; i++) {
        LeafFigures figures = exec_leaf_figures(portal->execution, portal->plan->leaves[i]->number);
        portal->actuals[i] = (LeafActual){.rows = figures.rows,
                                          .bytes = figures.bytes,
                                          .first_row_ms = figures.first_row_ms,
                                          .total_ms = figures.total_ms,
                                          .parts = figures.parts,
                                          .bound = figures.bound,
                                          .keys = figures.keys,
                                          .remote_user = arena_strdup(portal->arena, figures.remote_user)};
    }
}

static void end_execution(Portal *portal)
{
    Execution *execution = portal->execution;
    if (!execution)
        return;
    if (portal->actuals || portal->explain)
        keep_figures(portal);
    portal->execution = NULL;
    portal_execution_ends(portal->session, execution);
    exec_close(execution);
    if (portal->is_watched)
        duration_log_plan(portal);
}

Portal *portal_make(Session *session, const char *name)
{
    Arena *arena = arena_open(session->arena);
    Portal *portal = ARENA_NEW(arena, Portal);
    *portal = (Portal){.name = arena_strdup(arena, name),
                       .arena = arena,
                       .session = session,
                       .creation_time = session->functions.statement_start,
                       .level = (int)session->tx.savepoints.count};
    return portal;
}

void portal_close(Portal *portal)
{
    Session *session = portal->session;
    /* The error that closes it may still have to count its position in this text. */
    if (portal->owns_text && session->source_text == portal->source_text)
        session->source_text = arena_strdup(session->work, portal->source_text);
    end_execution(portal);
    in_use_end(portal);
    arena_close(portal->arena);
}

void portal_take_plan(Portal *portal, const Plan *plan)
{
    portal->kind = PORTAL_QUERY;
    portal->plan = plan;
    portal->columns = plan->columns;
    portal->ncolumns = plan->ncolumns;
}

/* Privileges have been checked. */
static bool plan_now(Portal *portal, const Query *query, const PortalParams *params, Error *error)
{
    Session *session = portal->session;
    if (!portal->explain_only && !(query = routine_expand(session, query, params, portal->arena, error)))
        return false;
    if (portal->reads_settings && sql_sets_settings(query, session->catalog, portal->arena))
        return sql_refuse_settings(error);
    PlanContext context = {
        .catalog = session->catalog,
        .wrappers = session->hub->options.wrappers,
        .functions = &session->functions,
        .param_values = params ? params->values : NULL,
        .param_types = params ? params->types : NULL,
        .nparams = params ? params->count : 0,
        .params_bound = true,
        .params_constant = params && !params->of_row,
        .generate_only = portal->explain_only,
        .bind = session->bind,
        .engine = &session->plan_engine,
        .remote = session->remote,
        .in_transaction = session->tx.state == TX_BLOCK,
        .of_command = portal->check_as != OID_NONE,
        .as_of = query->as_of ? query->as_of : session->as_of,
        .targets = portal->opening ? portal->opening->targets : NULL,
        .ntargets = portal->opening ? portal->opening->ntargets : 0,
    };
    bool writes = query->kind != QUERY_SELECT || query->has_writes;
    if (writes)
        return insert_plan(portal, query, &context, error);
    const Plan *plan = plan_query(query, &context, portal->arena, error);
    if (plan)
        portal_take_plan(portal, plan);
    if (plan && portal->projection)
        projection_take_plan(portal);
    return plan != NULL;
}

static bool keep_call(const Expr *expr, void *arg)
{
    const Portal *portal = arg;
    if (expr->kind == EXPR_FUNC && expr->oid >= FIRST_USER_OID)
        vec_push(portal->arena, &portal->opening->called, expr->oid);
    return expr_walk(expr, keep_call, arg);
}

static bool keep_calls(const Query *query, void *arg)
{
    return query_walk_exprs(query, keep_call, arg) || query_walk_queries(query, keep_calls, arg);
}

Oid session_asked(const Session *session)
{
    return session->opening ? session->opening->user : session->current_user;
}

bool opening_may_call(const Opening *opening, Oid proc)
{
    for (size_t i = 0; i < opening->called.count; i++)
        if (opening->called.items[i] == proc)
            return true;
    return false;
}

/* It is read as who opens it, and as things are now, whenever it is planned. */
static bool keep_opening(Portal *portal, const Query *query, const PortalParams *params, Error *error)
{
    Session *session = portal->session;
    if (!catalog_stored_number(session->catalog, &((Query *)(uintptr_t)query)->as_of, error)) /* the portal's own */
        return false;
    sql_check_as(query, session->current_user);
    Opening *opening = ARENA_NEW(portal->arena, Opening);
    *opening = (Opening){.query = query, .user = session->current_user};
    memcpy(opening->settings, settings_fingerprint(session->settings), sizeof opening->settings);
    if (params) {
        PortalParams *kept = ARENA_NEW(portal->arena, PortalParams);
        *kept = *params;
        opening->params = kept;
    }
    portal->opening = opening;
    keep_calls(query, portal);
    return true;
}

static bool let_wait(Portal *portal, const Query *query, Error *error)
{
    portal->columns = plan_columns(query, portal->session->catalog, &portal->ncolumns, portal->arena);
    return routine_fold_query(portal->session, query, portal->arena, error);
}

/* What the session says of itself, who the user is and how it is set, it says to who asks for the rows first. The client has been told the
 * columns. */
static bool plan_opened(Portal *portal, Error *error)
{
    Session *session = portal->session;
    Opening *opening = portal->opening;
    PlanColumn *columns = portal->columns;
    int ncolumns = portal->ncolumns;
    opening->is_read = true;
    if (opening->is_planned && opening->user == session->current_user &&
        memcmp(opening->settings, settings_fingerprint(session->settings), sizeof opening->settings) == 0)
        return true;
    bool done = plan_now(portal, opening->query, opening->params, error);
    portal->columns = columns;
    portal->ncolumns = ncolumns;
    return done;
}

static bool plan_checked(Portal *portal, const Query *query, const PortalParams *params, Error *error)
{
    Session *session = portal->session;
    portal->kind = PORTAL_QUERY;
    if (!portal->explain_only && !sql_check_settings(query, session->catalog, &portal->reads_settings, portal->arena, error))
        return false;
    in_use_begin(portal, query);
    bool is_cursor = portal->is_cursor && !portal->explain_only;
    bool takes_turns = portal->node && !portal->explain_only && projection_takes_turns(query, session->catalog);
    if (is_cursor && query->kind == QUERY_SELECT && !query->has_writes && !keep_opening(portal, query, params, error))
        return false;
    if ((is_cursor || takes_turns) && !projection_split(portal, &query, params, error))
        return false;
    if (portal->opening)
        portal->opening->query = query;
    if (is_cursor && !portal->projection && projection_can_wait(query, session->catalog))
        return let_wait(portal, query, error);
    bool done = plan_now(portal, query, params, error);
    if (done && portal->opening)
        portal->opening->is_planned = true;
    return done;
}

/* What functions that are not volatile read for a query: tables as it finds them itself, whatever others that it calls write. */
static bool note_as_of(Portal *portal, const Query *query, Error *error)
{
    enum { NOTHING_YET = -1 };
    Session *session = portal->session;
    if (query->kind != QUERY_SELECT || query->has_writes || !routine_is_called(query, session->catalog))
        return true;
    portal->as_of = query->as_of ? query->as_of : session->as_of;
    if (!portal->as_of && !catalog_stored_number(session->catalog, &portal->as_of, error))
        return false;
    if (!portal->as_of)
        portal->as_of = NOTHING_YET;
    return true;
}

bool portal_plan_checked(Portal *portal, const Query *query, const PortalParams *params, Error *error)
{
    Session *session = portal->session;
    int64_t as_of = session->as_of;
    if (!note_as_of(portal, query, error))
        return false;
    if (portal->as_of)
        session->as_of = portal->as_of;
    bool done = plan_checked(portal, query, params, error);
    session->as_of = as_of;
    return done;
}

bool portal_plan_query(Portal *portal, const Query *query, const PortalParams *params, Error *error)
{
    const Session *session = portal->session;
    return (portal->check_as || sql_check_kinds(query, session->catalog, error)) &&
           sql_check_privileges(query, session->catalog, session->current_user, error) && portal_plan_checked(portal, query, params, error);
}

/* Refuses what may not be done here, and takes the catalog's writer where rows are written or locked. *taken: it had to be taken now, so
 * others may have written since the query was analysed. */
static bool admit(Portal *portal, Query *query, bool read_only, bool *taken, Error *error)
{
    Session *session = portal->session;
    session->planning_failed = !routine_may_run(session, portal->node, query, error);
    if (session->planning_failed)
        return false;
    if (read_only && sql_needs_write(query, session->catalog)) /* what cannot be planned is refused sooner */
        return sql_check_handlers(query, session->catalog, error) &&
               error_set(error, ERRCODE_READ_ONLY_SQL_TRANSACTION, "cannot execute %s in a read-only transaction", sql_query_name(query));
    if (!insert_is_meant(portal->node) || !write_needs_writer(query, session->catalog) || catalog_is_writing(session->catalog))
        return row_lock(session, query, portal->arena, taken, error);
    *taken = true;
    return catalog_write_begin(session->catalog, error);
}

static bool plan_select(Portal *portal, const PortalParams *params, Error *error)
{
    Session *session = portal->session;
    AnalyzeContext context = {
        .catalog = session->catalog,
        .functions = &session->functions,
        .text = portal->source_text,
        .nparams = params ? params->count : 0,
        .check_as = portal->check_as,
        .fills = portal->fills,
    };
    if (context.nparams) {
        context.param_types = ARENA_ARRAY(portal->arena, Oid, context.nparams);
        memcpy(context.param_types, params->types, sizeof(Oid) * (size_t)context.nparams);
    }
    if (params && params->sql)
        context.variables = params->sql->variables;
    CurrentOf current = {.session = session, .params = params, .arena = portal->arena};
    const SqlCursors cursors = {.arg = &current, .find = cursor_place_find};
    context.cursors = portal->explain_only ? NULL : &cursors;
    bool runs = !portal->explain_only, read_only = settings_get_bool(session->settings, "transaction_read_only");
    bool takes_writer = runs && insert_is_meant(portal->node) && !read_only && !insert_names_foreign(portal->node, session->catalog);
    if (takes_writer && !catalog_write_begin(session->catalog, error))
        return false;
    if (runs && insert_is_meant(portal->node) && !catalog_settle(session->catalog, &portal->version, error))
        return false;
    const Notices *notices = catalog_notices(session->catalog);
    if ((params && !params->sql) || portal->fills) /* Parse or PREPARE have said it, or what made the table to fill */
        catalog_set_notices(session->catalog, NULL);
    if (params && params->sql && params->sql->notices)
        catalog_set_notices(session->catalog, params->sql->notices);
    Query *query = sql_analyze(portal->node, &context, portal->arena, error);
    catalog_set_notices(session->catalog, notices);
    bool taken = false;
    if (query && runs && !admit(portal, query, read_only, &taken, error))
        return false;
    if (taken) {
        portal->version = catalog_version(session->catalog);
        query = sql_analyze(portal->node, &context, portal->arena, error);
    }
    PortalParams bound;
    if (query && params && params->sql) {
        bound = *params;
        bound.values = params->sql->values(params->sql->arg, &bound.types, &bound.count);
        params = &bound;
    }
    session->tx.has_snapshot = true;
    portal->goes_back = query && scroll_is_natural(query);
    portal->current_of = current.place;
    if (query && portal->is_cursor)
        cursor_place_add(portal, query);
    bool done = query && portal_plan_query(portal, query, params, error);
    portal->ncolumns -= done ? 2 * portal->nplaces : 0;
    return done;
}

bool portal_plan(Portal *portal, const Node *node, const char *source_text, const char *text, const PortalParams *params, Error *error)
{
    portal->node = node;
    portal->source_text = source_text;
    portal->text = text;
    if (!node) {
        portal->kind = PORTAL_EMPTY;
        return true;
    }
    portal->session->source_text = source_text;
    portal->tag = sql_command_tag(node);
    portal->params = params;
    if (utility_is_query(node))
        return (portal->reuse && !insert_is_meant(node) && reuse_make(portal, portal->reuse)) || plan_select(portal, params, error);
    if (!routine_may_run(portal->session, node, NULL, error)) {
        portal->session->planning_failed = true;
        return false;
    }
    if (node->node_case == PG_QUERY__NODE__NODE_EXECUTE_STMT)
        return execute_plan(portal, node->execute_stmt, error);
    if (node->node_case == PG_QUERY__NODE__NODE_CALL_STMT)
        return call_describe(portal, node->call_stmt, error);
    if (node->node_case == PG_QUERY__NODE__NODE_FETCH_STMT)
        return fetch_describe(portal->session, node->fetch_stmt, portal, error);
    return utility_describe(portal->session, node, portal->arena, &portal->kind, &portal->columns, &portal->ncolumns, error);
}

/* PlSql.values of what portal_keep_params gives: those of the PlSql it was made of, copied. */
typedef struct KeptValues {
    const PlSql *sql;
    Arena *arena;
} KeptValues;

static PortalParams copy_params(const PortalParams *params, Arena *arena)
{
    const char **values = ARENA_ARRAY(arena, const char *, params->count + 1);
    Oid *types = ARENA_ARRAY(arena, Oid, params->count + 1);
    for (int i = 0; i < params->count; i++) {
        values[i] = arena_strdup(arena, params->values[i]);
        types[i] = params->types[i];
    }
    return (PortalParams){.values = values, .types = types, .count = params->count, .shown = arena_strdup(arena, params->shown)};
}

static const char *const *kept_values(void *arg, const Oid **types, int *count)
{
    KeptValues *kept = arg;
    PortalParams live = {0};
    live.values = kept->sql->values(kept->sql->arg, &live.types, &live.count);
    PortalParams copy = copy_params(&live, kept->arena);
    *types = copy.types;
    *count = copy.count;
    return copy.values;
}

const PortalParams *portal_keep_params(const PortalParams *params, Arena *arena)
{
    if (!params)
        return NULL;
    PortalParams *kept = ARENA_NEW(arena, PortalParams);
    *kept = copy_params(params, arena);
    if (!params->sql)
        return kept;
    KeptValues *values = ARENA_NEW(arena, KeptValues);
    PlSql *sql = ARENA_NEW(arena, PlSql);
    *values = (KeptValues){params->sql, arena};
    *sql = *params->sql;
    sql->values = kept_values;
    sql->arg = values;
    kept->sql = sql;
    return kept;
}

static bool start_execution(Portal *portal, const Dest *dest, Error *error)
{
    Session *session = portal->session;
    Engine *engine = session->hub->options.engine(session->hub->options.engine_arg, error);
    if (!engine)
        return false;
    ExecRequest request = {
        .plan = portal->plan,
        .engine = engine,
        .functions = &session->functions,
        .remote = session->remote,
        .in_transaction = session->tx.state == TX_BLOCK || session->routine_depth,
        .formats = portal->projection ? NULL : dest->formats,
        /* A routine may have been called by the local engine, which is not to find itself on another thread. */
        .parks = !session->routine_depth,
        .limits = session_limits(session),
        .explain = portal->explain,
    };
    duration_watch_plan(portal);
    portal->execution = exec_open(&request, portal->arena, error);
    if (!portal->execution)
        return false;
    return portal_execution_begins(session, portal->execution, error);
}

bool portal_engine_takes(void *arg, const Plan *plan, Error *error)
{
    Session *session = arg;
    Engine *engine = session->hub->options.engine(session->hub->options.engine_arg, error);
    Arena *arena = engine ? arena_open(NULL) : NULL;
    ExecRequest request = {.plan = plan, .engine = engine, .functions = &session->functions, .explain = EXEC_DESCRIBE};
    Execution *execution = engine ? exec_open(&request, arena, error) : NULL;
    if (!execution)
        return arena_close(arena), false;
    size_t count;
    bool at_end;
    bool takes =
        portal_execution_begins(session, execution, error) && exec_next(execution, 0, &rows_discard(arena)->sink, &count, &at_end, error);
    portal_execution_ends(session, execution);
    exec_close(execution);
    arena_close(arena);
    return takes;
}

/* Rows on their way to a cursor's reader: the last of them is where it stands. */
typedef struct PlaceSink {
    Portal *portal;
    const RowSink *inner;
} PlaceSink;

static bool pass_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    const PlaceSink *sink = arg;
    Portal *portal = sink->portal;
    if (!sink->inner->batch(sink->inner->arg, batch, first, count))
        return false;
    Arena *arena = arena_open(NULL);
    Value *values = ARENA_ARRAY(arena, Value, 2 * portal->nplaces);
    for (int i = 0; count && i < 2 * portal->nplaces; i++)
        values[i] = type_vector_get(&batch->vectors[portal->ncolumns + i], first + count - 1);
    if (count)
        cursor_place_keep(portal, values);
    arena_close(arena);
    return true;
}

static bool next_rows(Portal *portal, size_t max_rows, const RowSink *sink, Error *error)
{
    size_t count;
    return portal->projection ? projection_next(portal, max_rows, sink, error)
                              : exec_next(portal->execution, max_rows, sink, &count, &portal->at_end, error);
}

static bool pull(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    PlaceSink places = {portal, &dest->sink};
    RowSink placed = {.arg = &places, .batch = pass_batch};
    size_t before = dest->count;
    *complete = true;
    if (portal->at_end)
        return true;
    if (portal->opening && !portal->opening->is_read && !plan_opened(portal, error))
        return false;
    if (!portal->execution && !start_execution(portal, dest, error))
        return false;
    int64_t start = portal->is_watched ? clock_now() : 0;
    bool done = next_rows(portal, max_rows, portal->nplaces && !portal->store ? &placed : &dest->sink, error);
    portal->spent += portal->is_watched ? clock_now() - start : 0;
    portal->position += dest->count - before;
    if (done && dest->error && error_is_set(dest->error)) {
        if (dest->error != error)
            error_copy(error, dest->error);
        done = false;
    }
    if (!done || portal->at_end)
        end_execution(portal);
    *complete = portal->at_end;
    /* The last row asked for may have been the last of all: that is known only when more are asked for. */
    return done;
}

/* What it calls is asked of who opened it. */
bool portal_pull(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    Session *session = portal->session;
    const Opening *around = session->opening;
    int64_t as_of = session->as_of;
    if (portal->opening)
        session->opening = portal->opening;
    if (portal->as_of)
        session->as_of = portal->as_of;
    bool done = pull(portal, max_rows, dest, complete, error);
    session->opening = around;
    session->as_of = as_of;
    return done;
}

bool portal_make_rows(Portal *portal, Error *error)
{
    Utility utility = {.session = portal->session, .portal = portal, .node = portal->node, .tag = portal->tag};
    if (!utility_run(&utility, error))
        return false;
    portal->tag = utility.tag;
    portal->is_done = true;
    return true;
}

static bool run_rows(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    if (!portal->is_done && !portal_make_rows(portal, error))
        return false;
    size_t given = 0;
    for (; portal->next_row < portal->nrows && (!max_rows || given < max_rows); given++) {
        if (!rows_put_texts(portal->session, dest, portal->columns, portal->ncolumns,
                            portal->cells + portal->next_row * (size_t)portal->ncolumns, error))
            return false;
        portal->next_row++;
        portal->position++;
    }
    /* As with queries: that there are no more shows only when more are asked for. */
    *complete = portal->next_row >= portal->nrows && (!max_rows || given < max_rows);
    return true;
}

static bool run_command(Portal *portal, bool *complete, Error *error)
{
    *complete = true;
    if (portal->is_done)
        return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"%s\" cannot be run", portal->name);
    portal->is_done = true;
    Utility utility = {.session = portal->session, .portal = portal, .node = portal->node, .tag = portal->tag};
    bool done = utility_run(&utility, error);
    portal->tag = utility.tag;
    return done;
}

bool portal_run(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    bool done = true;
    if (portal->is_failed || portal->is_running)
        return error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"%s\" cannot be run", portal->name);
    portal->is_running = true;
    portal->session->source_text = portal->source_text;
    switch (portal->kind) {
    case PORTAL_EMPTY:
        *complete = true;
        break;
    case PORTAL_QUERY:
        done = (portal->store ? scroll_run : portal_pull)(portal, max_rows, dest, complete, error);
        break;
    case PORTAL_INSERT:
        done = insert_run(portal, max_rows, dest, complete, error);
        break;
    case PORTAL_ROWS:
        done = run_rows(portal, max_rows, dest, complete, error);
        break;
    case PORTAL_FETCH:
        done = fetch_run(portal, max_rows, dest, complete, error);
        break;
    case PORTAL_COMMAND:
        done = run_command(portal, complete, error);
        break;
    }
    session_send_notices(portal->session);
    portal->is_running = false;
    portal->is_failed = !done;
    return done;
}

static const char *const WRITE_TAGS[] = {
    [QUERY_INSERT] = "INSERT 0", [QUERY_UPDATE] = "UPDATE", [QUERY_DELETE] = "DELETE", [QUERY_MERGE] = "MERGE"};

const char *portal_tag(const Portal *portal, size_t rows, Arena *arena)
{
    switch (portal->kind) {
    case PORTAL_QUERY:
        return arena_printf(arena, "SELECT %zu", rows);
    case PORTAL_INSERT:
        if (portal->insert->kind == QUERY_SELECT)
            return arena_printf(arena, "SELECT %zu", rows);
        /* With RETURNING the rows that were given count, which may be the last few. */
        return arena_printf(arena, "%s %llu", WRITE_TAGS[portal->insert->kind],
                            portal->columns ? (unsigned long long)rows : (unsigned long long)portal->inserted);
    case PORTAL_FETCH:
        return arena_printf(arena, "%s %zu", portal->tag, rows);
    default:
        return portal->tag;
    }
}

/* ---- by name ---- */

static void unpin(void *pin)
{
    catalog_unpin(pin);
}

bool portal_store(Session *session, Portal *portal, Error *error)
{
    Portal *old = map_get(session->portals, portal->name, strlen(portal->name));
    if (old && *portal->name)
        return error_set(error, ERRCODE_DUPLICATE_CURSOR, "cursor \"%s\" already exists", portal->name);
    if (!cursor_reach_sources(portal, error))
        return false;
    portal_drop(session, portal->name);
    map_put(session->portals, portal->name, strlen(portal->name), portal);
    /* It will go on in later statements: what its plan points to must stay. */
    if (!portal->is_kept && (portal->kind == PORTAL_QUERY || portal->kind == PORTAL_INSERT))
        arena_defer(portal->arena, unpin, catalog_pin(session->catalog));
    return true;
}

Portal *portal_find(Session *session, const char *name, Error *error)
{
    Portal *portal = map_get(session->portals, name, strlen(name));
    if (!portal)
        error_set(error, ERRCODE_UNDEFINED_CURSOR, "portal \"%s\" does not exist", name);
    return portal;
}

void portal_drop(Session *session, const char *name)
{
    Portal *portal = map_remove(session->portals, name, strlen(name));
    if (portal)
        portal_close(portal);
}

typedef struct PortalList {
    Portal **items;
    size_t count;
    bool (*wanted)(const Portal *portal, int level);
    int level;
} PortalList;

static void collect(void *arg, const void *key, size_t len, void *value)
{
    PortalList *list = arg;
    Portal *portal = value;
    if (!portal->is_running && list->wanted(portal, list->level))
        list->items[list->count++] = portal;
}

size_t portal_list(Session *session, bool (*wanted)(const Portal *portal, int level), int level, Arena *arena, Portal ***out)
{
    PortalList list = {.items = ARENA_ARRAY(arena, Portal *, map_count(session->portals) + 1), .wanted = wanted, .level = level};
    map_each(session->portals, collect, &list);
    *out = list.items;
    return list.count;
}

static void drop_where(Session *session, bool (*wanted)(const Portal *portal, int level), int level)
{
    if (!map_count(session->portals))
        return;
    Arena *arena = arena_open(NULL);
    Portal **portals;
    size_t count = portal_list(session, wanted, level, arena, &portals);
    for (size_t i = 0; i < count; i++)
        portal_drop(session, portals[i]->name);
    arena_close(arena);
}

static bool is_since(const Portal *portal, int level)
{
    return portal->level >= level;
}

/* What they hold is given back; their names stay taken until the block ends. */
void portal_fail_since(Session *session, int level)
{
    Arena *arena = arena_open(NULL);
    Portal **portals;
    size_t count = portal_list(session, is_since, level, arena, &portals);
    for (size_t i = 0; i < count; i++) {
        end_execution(portals[i]);
        portals[i]->is_failed = true;
    }
    arena_close(arena);
}

static bool is_sql_cursor(const Portal *portal, int level)
{
    return portal->is_cursor;
}

void portal_drop_since(Session *session, int level)
{
    drop_where(session, is_since, level);
}

void portal_drop_cursors(Session *session)
{
    drop_where(session, is_sql_cursor, 0);
}

static void lower(void *arg, const void *key, size_t len, void *value)
{
    Portal *portal = value;
    if (portal->level >= *(int *)arg)
        portal->level = *(int *)arg - 1;
}

void portal_release(Session *session, int level)
{
    map_each(session->portals, lower, &level);
}
