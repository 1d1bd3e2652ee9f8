/*
 * explain.c - EXPLAIN: its options, and the plan's lines as rows.
 *
 * Entered by the session's worker only.
 */
#include <string.h>
#include <strings.h>

#include "session/session_int.h"
#include "write/write.h"

typedef struct Explain {
    ExplainOptions options;
    bool settings, summary_given, timing_given;
} Explain;

/* A boolean option's value: none is true. */
static bool option_bool(const PgQuery__DefElem *option, bool *out, Error *error)
{
    *out = true;
    if (!option->arg)
        return true;
    if (option->arg->node_case == PG_QUERY__NODE__NODE_INTEGER && (option->arg->integer->ival == 0 || option->arg->integer->ival == 1)) {
        *out = option->arg->integer->ival == 1;
        return true;
    }
    if (option->arg->node_case == PG_QUERY__NODE__NODE_STRING) {
        const char *text = option->arg->string->sval;
        if (strcasecmp(text, "true") == 0 || strcasecmp(text, "on") == 0)
            return true;
        *out = false;
        if (strcasecmp(text, "false") == 0 || strcasecmp(text, "off") == 0)
            return true;
    }
    return error_set(error, ERRCODE_SYNTAX_ERROR, "%s requires a Boolean value", option->defname);
}

static bool option_format(const PgQuery__DefElem *option, Explain *explain, Error *error)
{
    static const char *const NAMES[] = {[EXPLAIN_TEXT] = "text", [EXPLAIN_JSON] = "json", [EXPLAIN_YAML] = "yaml", [EXPLAIN_XML] = "xml"};
    const char *text = option->arg && option->arg->node_case == PG_QUERY__NODE__NODE_STRING ? option->arg->string->sval : "";
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(NAMES[i], text) == 0) {
            explain->options.format = i;
            return true;
        }
    error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized value for EXPLAIN option \"%s\": \"%s\"", option->defname, text);
    return error_at(error, option->location);
}

static bool read_options(const PgQuery__ExplainStmt *statement, Explain *explain, Error *error)
{
    bool buffers = false, wal = false;
    ExplainOptions *options = &explain->options;
    *explain = (Explain){.options = {.costs = true, .format = EXPLAIN_TEXT}};
    const struct {
        const char *name;
        bool *value, *given;
    } BOOLS[] = {
        {"analyze", &options->analyze, NULL},
        {"verbose", &options->verbose, NULL},
        {"costs", &options->costs, NULL},
        {"buffers", &buffers, NULL},
        {"wal", &wal, NULL},
        {"settings", &explain->settings, NULL},
        {"timing", &options->timing, &explain->timing_given},
        {"summary", &options->summary, &explain->summary_given},
    };
    for (size_t i = 0; i < statement->n_options; i++) {
        const PgQuery__DefElem *option = statement->options[i]->def_elem;
        bool found = strcmp(option->defname, "format") == 0;
        if (found && !option_format(option, explain, error))
            return false;
        for (size_t j = 0; j < COUNT_OF(BOOLS) && !found; j++) {
            if (strcmp(BOOLS[j].name, option->defname) != 0)
                continue;
            found = true;
            if (!option_bool(option, BOOLS[j].value, error))
                return false;
            if (BOOLS[j].given)
                *BOOLS[j].given = true;
        }
        if (!found) {
            error_set(error, ERRCODE_SYNTAX_ERROR, "unrecognized EXPLAIN option \"%s\"", option->defname);
            return error_at(error, option->location);
        }
    }
    if (wal && !options->analyze)
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "EXPLAIN option WAL requires ANALYZE");
    if (buffers || wal)
        return error_unsupported(error, "EXPLAIN option %s is not supported", buffers ? "BUFFERS" : "WAL");
    if (!explain->timing_given)
        options->timing = options->analyze;
    if (options->timing && !options->analyze)
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "EXPLAIN option TIMING requires ANALYZE");
    if (!explain->summary_given)
        options->summary = options->analyze;
    return true;
}

bool explain_describe(const PgQuery__ExplainStmt *statement, Arena *arena, PlanColumn **columns, int *ncolumns, Error *error)
{
    Explain explain;
    if (!read_options(statement, &explain, error))
        return false;
    *columns = utility_text_column(arena, "QUERY PLAN");
    if (explain.options.format == EXPLAIN_JSON)
        (*columns)->type = TYPE_JSON;
    else if (explain.options.format == EXPLAIN_XML)
        (*columns)->type = TYPE_XML;
    *ncolumns = 1;
    return true;
}

static void add_line(Portal *portal, const char *text)
{
    portal->cells = arena_grow(portal->arena, portal->cells, portal->nrows * sizeof(char *), (portal->nrows + 1) * sizeof(char *));
    portal->cells[portal->nrows++] = text;
}

/* The rows of the plan: one a line, or for the formats of machines one in all. */
static bool give_lines(Portal *portal, const StrList *lines, const ExplainOptions *options)
{
    if (options->format == EXPLAIN_TEXT) {
        for (size_t i = 0; i < lines->count; i++)
            add_line(portal, lines->items[i]);
        return true;
    }
    Str text;
    str_init(&text, portal->arena);
    for (size_t i = 0; i < lines->count; i++)
        str_addf(&text, "%s%s", i ? "\n" : "", lines->items[i]);
    add_line(portal, text.data ? text.data : "");
    return true;
}

/* The operators of a plan that is not run. */
static bool describe(Portal *target, const Plan *plan, ExplainOptions *options, Error *error)
{
    bool complete;
    Portal local = {.session = target->session, .arena = target->arena, .plan = plan, .explain = EXEC_DESCRIBE};
    if (!plan->relay && !portal_pull(&local, 0, rows_discard(target->arena), &complete, error))
        return false;
    options->operators = local.operators;
    return true;
}

/* Runs the plan for its figures; the rows are dropped. */
static bool analyze(Portal *target, ExplainOptions *options, Error *error)
{
    int64_t start = clock_now();
    bool complete, relay = target->plan->relay;
    target->explain = relay ? EXEC_ROWS : EXEC_PROFILE;
    LeafActual *actuals = target->actuals = ARENA_ARRAY(target->arena, LeafActual, target->plan->nleaves + 1);
    Dest *dest = rows_discard(target->arena);
    if (!portal_run(target, 0, dest, &complete, error))
        return false;
    options->actuals = actuals;
    options->operators = target->operators;
    options->actual_rows = options->operators ? (uint64_t)options->operators->actual_rows : dest->count;
    options->execution_ms = (double)(clock_now() - start) / 1000.0;
    return true;
}

static bool explain_plan(Utility *utility, Portal *target, ExplainOptions *options, Error *error)
{
    Session *session = utility->session;
    Portal *portal = utility->portal;
    PlanContext context = {
        .catalog = session->catalog,
        .wrappers = session->hub->options.wrappers,
        .functions = &session->functions,
        .generate_only = !options->analyze,
        .params_bound = true,
    };
    StrList lines = {0};
    if (!(options->analyze ? analyze(target, options, error) : describe(target, target->plan, options, error)))
        return false;
    return plan_explain(target->plan, options, &context, portal->arena, &lines, error) && give_lines(portal, &lines, options);
}

static bool explain_foreign(Session *session, Portal *target, const Query *statement, const PlanContext *plan, ExplainOptions *options,
                            Error *error)
{
    WriteContext context;
    return insert_context(session, plan, &context, error) &&
           write_foreign_text(&context, statement, &options->written_by, &options->written_at, target->arena, error);
}

/* A write: the plan of its rows; with ANALYZE once it is done. */
static bool explain_insert(Utility *utility, Portal *target, ExplainOptions *options, Error *error)
{
    static const char *const OPERATIONS[] = {
        [QUERY_INSERT] = "Insert", [QUERY_UPDATE] = "Update", [QUERY_DELETE] = "Delete", [QUERY_MERGE] = "Merge"};
    Session *session = utility->session;
    const Query *statement = target->insert;
    int64_t start = clock_now();
    bool complete;
    StrList lines = {0};
    if (statement->has_writes)
        return error_unsupported(error, "EXPLAIN of a statement with items of WITH that write is not supported");
    PlanContext context = {.catalog = session->catalog,
                           .wrappers = session->hub->options.wrappers,
                           .functions = &session->functions,
                           .engine = &session->plan_engine,
                           .param_values = target->insert_context->param_values,
                           .param_types = target->insert_context->param_types,
                           .nparams = target->insert_context->nparams,
                           .generate_only = true,
                           .params_bound = true,
                           .rows_wanted = true};
    const Plan *plan = plan_query(write_source(statement, target->arena), &context, target->arena, error);
    if (!plan || !write_check_target(statement, session->catalog, OID_NONE, error) ||
        (options->analyze && !portal_run(target, 0, rows_discard(target->arena), &complete, error)))
        return false;
    options->execution_ms = (double)(clock_now() - start) / 1000.0;
    if (!describe(target, plan, options, error))
        return false;
    options->operation = OPERATIONS[statement->kind];
    options->written = catalog_relation(session->catalog, statement->rtes[statement->result_rte]->relation->oid);
    options->did_write = options->analyze;
    bool may_be_shipped = statement->kind != QUERY_INSERT || options->verbose;
    if (options->written->kind == 'f' && may_be_shipped && !explain_foreign(session, target, statement, &context, options, error))
        return false;
    options->written_rows = target->inserted;
    return plan_explain(plan, options, &context, utility->portal->arena, &lines, error) && give_lines(utility->portal, &lines, options);
}

bool explain_runs(const Utility *utility)
{
    return utility->explain->options.analyze;
}

bool explain_statement(Utility *utility, const Node *node, Oid fills, Error *error)
{
    Portal *portal = utility->portal, *target = portal_make(utility->session, "");
    ExplainOptions *options = &utility->explain->options;
    target->explain_only = !options->analyze;
    target->fills = fills;
    int64_t start = clock_now();
    bool done = portal_plan(target, node, portal->source_text, portal->text, portal->params, error);
    options->planning_ms = (double)(clock_now() - start) / 1000.0;
    if (done && target->kind == PORTAL_QUERY)
        done = explain_plan(utility, target, options, error);
    else if (done && target->kind == PORTAL_INSERT)
        done = explain_insert(utility, target, options, error);
    portal_close(target);
    return done;
}

bool utility_explain(Utility *utility, Error *error)
{
    Session *session = utility->session;
    Portal *portal = utility->portal;
    const PgQuery__ExplainStmt *statement = utility->node->explain_stmt;
    Explain explain;
    if (!read_options(statement, &explain, error))
        return false;
    if (explain.settings)
        explain.options.nsettings =
            settings_explained(session->settings, portal->arena, &explain.options.setting_names, &explain.options.setting_values);
    const Node *query = statement->query;
    if (query->node_case == PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT)
        query = query->declare_cursor_stmt->query;
    Utility inside = {.session = session, .portal = portal, .node = query, .tag = utility->tag, .explain = &explain};
    if (query->node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT)
        return utility_table_as(&inside, error);
    if (sql_into_clause(query))
        return utility_select_into(&inside, error);
    if (!utility_is_query(query) && query->node_case != PG_QUERY__NODE__NODE_EXECUTE_STMT) {
        add_line(portal, "Utility statements have no plan structure");
        return true;
    }
    if (query->node_case == PG_QUERY__NODE__NODE_EXECUTE_STMT && !prepared_find(session, query->execute_stmt->name, error))
        return false;
    return explain_statement(&inside, query, OID_NONE, error);
}
