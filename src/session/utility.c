/*
 * utility.c - every statement that is no query: which of them the session does itself, which are commands, which are refused.
 *
 * One row of STATEMENTS a statement of the session's own; what command_knows goes to src/command inside the session's transaction;
 * all others answer 0A000 with their tag.
 *
 * Entered by the session's worker only.
 */
#include <string.h>
#include <strings.h>

#include "plpgsql/plpgsql.h"
#include "session/session_int.h"

#define CASE(name) PG_QUERY__NODE__NODE_##name

/* Nothing is ever listened to; connection pools say UNLISTEN * when they take a connection back. */
static bool do_nothing(Utility *utility, Error *error)
{
    return true;
}

static const struct {
    PgQuery__Node__NodeCase node_case;
    bool (*run)(Utility *utility, Error *error);
} STATEMENTS[] = {
    {CASE(TRANSACTION_STMT), utility_transaction},
    {CASE(VARIABLE_SET_STMT), utility_set},
    {CASE(VARIABLE_SHOW_STMT), utility_show},
    {CASE(DISCARD_STMT), utility_discard},
    {CASE(PREPARE_STMT), utility_prepare},
    {CASE(EXECUTE_STMT), utility_execute},
    {CASE(DEALLOCATE_STMT), utility_deallocate},
    {CASE(DECLARE_CURSOR_STMT), utility_declare},
    {CASE(CLOSE_PORTAL_STMT), utility_close},
    {CASE(EXPLAIN_STMT), utility_explain},
    {CASE(COPY_STMT), utility_copy},
    {CASE(DO_STMT), utility_do},
    {CASE(CALL_STMT), utility_call},
    {CASE(CREATE_TABLE_AS_STMT), utility_table_as},
    {CASE(SELECT_STMT), utility_select_into},
    {CASE(REFRESH_MAT_VIEW_STMT), utility_refresh},
    {CASE(CONSTRAINTS_SET_STMT), utility_constraints},
    {CASE(LOAD_STMT), utility_load},
    {CASE(UNLISTEN_STMT), do_nothing},
};

bool utility_is_query(const Node *node)
{
    switch (node->node_case) {
    case CASE(SELECT_STMT):
        return !sql_into_clause(node);
    case CASE(INSERT_STMT):
    case CASE(UPDATE_STMT):
    case CASE(DELETE_STMT):
    case CASE(MERGE_STMT):
        return true;
    default:
        return false;
    }
}

PlanColumn *utility_text_column(Arena *arena, const char *name)
{
    PlanColumn *column = ARENA_NEW(arena, PlanColumn);
    *column = (PlanColumn){.name = name, .type = TYPE_TEXT, .typmod = -1};
    return column;
}

static bool describe_show(const char *name, Arena *arena, PlanColumn **columns, int *ncolumns, Error *error)
{
    if (strcasecmp(name, "all") != 0) {
        const SettingDef *def = setting_find(name);
        if (!def && !strchr(name, '.'))
            return error_set(error, ERRCODE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", name);
        *columns = utility_text_column(arena, def ? def->name : arena_strdup(arena, name));
        *ncolumns = 1;
        return true;
    }
    static const char *const NAMES[] = {"name", "setting", "description"};
    *columns = ARENA_ARRAY(arena, PlanColumn, COUNT_OF(NAMES));
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        (*columns)[i] = (PlanColumn){.name = NAMES[i], .type = TYPE_TEXT, .typmod = -1};
    *ncolumns = COUNT_OF(NAMES);
    return true;
}

static bool describe_execute(Session *session, const char *name, Arena *arena, PlanColumn **columns, int *ncolumns, Error *error)
{
    const Prepared *prepared = map_get(session->statements, name, strlen(name));
    if (!prepared || !prepared->has_rows)
        return true; /* that there is none is an error when it runs */
    *ncolumns = prepared->ncolumns;
    *columns = plan_columns_copy(prepared->columns, prepared->ncolumns, arena);
    return true;
}

bool utility_describe(Session *session, const Node *node, Arena *arena, PortalKind *kind, PlanColumn **columns, int *ncolumns, Error *error)
{
    *kind = PORTAL_COMMAND;
    *columns = NULL;
    *ncolumns = 0;
    switch (node->node_case) {
    case CASE(VARIABLE_SHOW_STMT):
        *kind = PORTAL_ROWS;
        return describe_show(node->variable_show_stmt->name, arena, columns, ncolumns, error);
    case CASE(EXPLAIN_STMT):
        *kind = PORTAL_ROWS;
        return explain_describe(node->explain_stmt, arena, columns, ncolumns, error);
    case CASE(EXECUTE_STMT):
        return describe_execute(session, node->execute_stmt->name, arena, columns, ncolumns, error);
    case CASE(FETCH_STMT): {
        Portal portal = {.arena = arena, .session = session};
        if (!fetch_describe(session, node->fetch_stmt, &portal, error))
            return false;
        *kind = portal.kind;
        *columns = portal.columns;
        *ncolumns = portal.ncolumns;
        return true;
    }
    default:
        return true;
    }
}

/* A command changes the catalog: not in a read-only transaction, but for those that leave what a dump would hold as it is. */
static bool may_run_read_only(const Node *node)
{
    static const PgQuery__Node__NodeCase ALLOWED[] = {CASE(LOCK_STMT),    CASE(VACUUM_STMT),      CASE(REINDEX_STMT),
                                                      CASE(CLUSTER_STMT), CASE(LISTEN_STMT),      CASE(NOTIFY_STMT),
                                                      CASE(LOAD_STMT),    CASE(CHECK_POINT_STMT), CASE(ALTER_SYSTEM_STMT)};
    for (size_t i = 0; i < COUNT_OF(ALLOWED); i++)
        if (ALLOWED[i] == node->node_case)
            return true;
    return false;
}

/* A question that a command has about rows. */
static bool ask_rows(Session *session, Portal *portal, const char *query, Dest *dest, Error *error)
{
    const char *source_text = session->source_text;
    ParsedText parsed;
    bool complete;
    portal->check_as = BOOTSTRAP_ROLE;
    bool done = sql_parse(query, portal->arena, &parsed, error) && portal_plan(portal, parsed.items[0].node, query, query, NULL, error) &&
                portal_run(portal, 1, dest, &complete, error);
    if (!done)
        error->position = 0;
    session->source_text = source_text;
    return done;
}

static bool has_row(void *arg, const char *query, bool *found, Error *error)
{
    Portal *portal = portal_make(arg, "");
    Dest *dest = rows_discard(portal->arena);
    bool done = ask_rows(arg, portal, query, dest, error);
    *found = dest->count > 0;
    portal_close(portal);
    return done;
}

typedef struct FirstRow {
    const Portal *portal;
    Arena *arena;
    const char **cells;
    Error *error;
} FirstRow;

static bool take_first(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    FirstRow *row = arg;
    row->cells = ARENA_ARRAY(row->arena, const char *, row->portal->ncolumns + 1);
    for (int i = 0; i < row->portal->ncolumns; i++) {
        Value value = type_vector_get(&batch->vectors[i], first);
        Str text;
        str_init(&text, row->arena);
        if (!value.is_null && !type_output(row->portal->columns[i].type, &value, &TYPE_CONTEXT_CANONICAL, &text, row->error))
            return false;
        row->cells[i] = value.is_null ? NULL : text.data;
    }
    return count > 0;
}

static bool query_row(void *arg, const char *query, Arena *arena, const char ***cells, Error *error)
{
    Portal *portal = portal_make(arg, "");
    FirstRow row = {.portal = portal, .arena = arena, .error = error};
    Dest dest = {.sink = {.arg = &row, .batch = take_first}};
    bool done = ask_rows(arg, portal, query, &dest, error) && !error_is_set(error);
    *cells = row.cells;
    portal_close(portal);
    return done;
}

static bool names_temporary(const Session *session, const PgQuery__DropStmt *drop)
{
    Oid schema = catalog_temporary(session->catalog);
    bool all =
        schema && drop->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE && drop->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_RESTRICT;
    for (size_t i = 0; all && i < drop->n_objects; i++) {
        const PgQuery__List *names = drop->objects[i]->list;
        const CatRelation *relation =
            names->n_items == 1 ? catalog_relation_by_name(session->catalog, NULL, names->items[0]->string->sval) : NULL;
        all = relation && relation->namespace_oid == schema;
    }
    return all;
}

/* Whether other sessions' statements have nothing to do with what the command changes. */
static bool is_private(const Utility *utility)
{
    const PgQuery__Node *node = utility->node;
    switch (node->node_case) {
    case CASE(CREATE_STMT):
        return !node->create_stmt->n_inh_relations && str_eq(node->create_stmt->relation->relpersistence, "t");
    case CASE(CREATE_TABLE_AS_STMT):
        return str_eq(node->create_table_as_stmt->into->rel->relpersistence, "t");
    case CASE(DROP_STMT):
        return names_temporary(utility->session, node->drop_stmt);
    case CASE(VACUUM_STMT):
        return !node->vacuum_stmt->is_vacuumcmd;
    case CASE(CREATE_ROLE_STMT):
        return true;
    default:
        return false;
    }
}

bool utility_run_command(Utility *utility, Oid *to_fill, Error *error)
{
    Session *session = utility->session;
    bool explains = utility->explain && !explain_runs(utility);
    if (!may_run_read_only(utility->node) && !explains && settings_get_bool(session->settings, "transaction_read_only"))
        return error_set(error, ERRCODE_READ_ONLY_SQL_TRANSACTION, "cannot execute %s in a read-only transaction", utility->tag);
    PlanContext plan = {
        .catalog = session->catalog, .wrappers = session->hub->options.wrappers, .functions = &session->functions, .params_bound = true};
    WriteContext write;
    if (!insert_context(session, &plan, &write, error))
        return false;
    const PortalParams *params = utility->portal->params;
    CommandContext context = {
        .write = &write,
        .catalog = session->catalog,
        .functions = &session->functions,
        .wrappers = session->hub->options.wrappers,
        .remote = session->remote,
        .current_user = session->current_user,
        .session_user = session->session_user,
        .notices = &session->notices,
        .text = utility->portal->source_text,
        .statement = utility->portal->text,
        .password_encryption = settings_get(session->settings, "password_encryption"),
        .in_transaction = session->tx.state == TX_BLOCK || session->many_statements || session->routine_depth,
        .in_routine = session->routine_depth && !session->many_statements && !transaction_in_block(session),
        .param_types = params && params->count ? memcpy(ARENA_ARRAY(utility->portal->arena, Oid, params->count), params->types,
                                                        sizeof(Oid) * (size_t)params->count)
                                               : NULL,
        .nparams = params ? params->count : 0,
        .variables = params && params->sql ? params->sql->variables : NULL,
        .explains = explains,
        .is_restricted = session->is_restricted,
    };
    context.has_row = has_row;
    context.query_row = query_row;
    context.temporary_schema = temporary_schema;
    context.on_commit = temporary_on_commit;
    context.use_of = in_use_find;
    context.arg = session;
    session->tx.has_snapshot = true;
    bool privately = is_private(utility);
    if (privately)
        catalog_begin_private(session->catalog);
    bool done = command_run(utility->node, &context, utility->portal->arena, &utility->tag, error);
    if (privately)
        catalog_end_private(session->catalog);
    *to_fill = context.to_fill;
    return done;
}

/* What would outlive a security-restricted operation. */
static bool check_restricted(const Utility *utility, Error *error)
{
    static const struct {
        PgQuery__Node__NodeCase node_case;
        const char *name;
    } REFUSED[] = {{CASE(PREPARE_STMT), "PREPARE"}, {CASE(DEALLOCATE_STMT), "DEALLOCATE"}, {CASE(DISCARD_STMT), "DISCARD"},
                   {CASE(LISTEN_STMT), "LISTEN"},   {CASE(UNLISTEN_STMT), "UNLISTEN"},     {CASE(CLOSE_PORTAL_STMT), "CLOSE"}};
    for (size_t i = 0; i < COUNT_OF(REFUSED) && utility->session->is_restricted; i++)
        if (REFUSED[i].node_case == utility->node->node_case)
            return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "cannot execute %s within security-restricted operation",
                             REFUSED[i].name);
    return true;
}

bool utility_run(Utility *utility, Error *error)
{
    if (!check_restricted(utility, error))
        return false;
    for (size_t i = 0; i < COUNT_OF(STATEMENTS); i++)
        if (STATEMENTS[i].node_case == utility->node->node_case)
            return STATEMENTS[i].run(utility, error);
    Oid to_fill;
    if (command_knows(utility->node))
        return utility_run_command(utility, &to_fill, error);
    return error_unsupported(error, "%s is not supported", utility->tag);
}
