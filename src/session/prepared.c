/*
 * prepared.c - prepared statements, of the protocol (Parse) and of SQL (PREPARE).
 *
 * What is kept is the raw tree, the parameter types and the description of the rows. Each Bind analyzes anew: names may mean
 * something else by then, and privileges are checked for whoever runs it.
 *
 * Invariants:
 *  1. A prepared statement owns its arena. The map holds it until it is dropped, and so does each portal that was made from it:
 *     the portal's tree and plan point into it.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/reuse.h"

/* PostgreSQL measures its stack; here a statement that executes itself is stopped by counting. */
enum { MAX_EXECUTE_DEPTH = 200 };

bool prepared_take_types(Prepared *prepared, const Oid *types, int count, Error *error)
{
    Oid *taken = ARENA_ARRAY(prepared->arena, Oid, count + 1);
    for (int i = 0; i < count; i++) {
        if (types[i] == OID_NONE || types[i] == TYPE_UNKNOWN)
            return error_set(error, ERRCODE_INDETERMINATE_DATATYPE, "could not determine data type of parameter $%d", i + 1);
        taken[i] = types[i];
    }
    prepared->param_types = taken;
    prepared->nparams = count;
    return true;
}

static bool describe_query(Session *session, Prepared *prepared, const Node *node, Error *error)
{
    Arena *scratch = arena_open(session->work);
    AnalyzeContext context = {
        .catalog = session->catalog,
        .functions = &session->functions,
        .text = prepared->source_text,
        .param_types = prepared->param_types,
        .nparams = prepared->nparams,
        .variable_params = true,
    };
    const Query *query = sql_analyze(node, &context, scratch, error);
    const Query *rows = query && query->kind != QUERY_SELECT ? query->returning : query;
    bool done = query && prepared_take_types(prepared, context.param_types, context.nparams, error);
    if (done) {
        prepared->has_rows = rows != NULL;
        prepared->columns = rows ? plan_columns(rows, session->catalog, &prepared->ncolumns, prepared->arena) : NULL;
    }
    arena_close(scratch);
    return done;
}

/* EXPLAIN, DECLARE and CREATE TABLE AS take parameters in the query inside. */
static const Node *query_inside(const Node *node)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
        return node->explain_stmt->query && utility_is_query(node->explain_stmt->query) ? node->explain_stmt->query : NULL;
    case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
        return node->declare_cursor_stmt->query;
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
        return utility_is_query(node->create_table_as_stmt->query) ? node->create_table_as_stmt->query : NULL;
    default:
        return NULL;
    }
}

bool prepared_describe(Session *session, Prepared *prepared, Error *error)
{
    if (!prepared->node)
        return true;
    prepared->version = catalog_version(session->catalog);
    if (utility_is_query(prepared->node))
        return describe_query(session, prepared, prepared->node, error);
    if (prepared->node->node_case == PG_QUERY__NODE__NODE_CALL_STMT)
        return call_prepare(session, prepared->node->call_stmt, prepared, error);
    const Node *inside = query_inside(prepared->node);
    if (inside && !describe_query(session, prepared, inside, error))
        return false;
    PortalKind kind;
    prepared->columns = NULL;
    if (!utility_describe(session, prepared->node, prepared->arena, &kind, &prepared->columns, &prepared->ncolumns, error))
        return false;
    prepared->has_rows = prepared->columns != NULL;
    return true;
}

static bool parse_one(Prepared *prepared, Error *error)
{
    ParsedText parsed;
    if (!sql_parse(prepared->source_text, prepared->arena, &parsed, error))
        return false;
    if (parsed.count > 1)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    if (parsed.count == 1) {
        prepared->node = parsed.items[0].node;
        prepared->text = parsed.items[0].text;
    }
    return true;
}

bool prepared_own_tree(Prepared *prepared, Error *error)
{
    if (prepared->borrows_tree && !parse_one(prepared, error))
        return false;
    prepared->borrows_tree = false;
    return true;
}

Prepared *prepared_make(Session *session, const char *name, const char *text, const Oid *types, int ntypes, Error *error)
{
    Arena *arena = arena_open(session->arena);
    Prepared *prepared = ARENA_NEW(arena, Prepared);
    *prepared = (Prepared){.name = arena_strdup(arena, name),
                           .arena = arena,
                           .source_text = arena_strdup(arena, text),
                           .nparams = ntypes,
                           .prepare_time = clock_now()};
    prepared->param_types = ARENA_ARRAY(arena, Oid, ntypes + 1);
    for (int i = 0; i < ntypes; i++)
        prepared->param_types[i] = types[i] == TYPE_UNKNOWN ? OID_NONE : types[i];
    if (parse_one(prepared, error))
        return prepared;
    arena_close(arena);
    return NULL;
}

bool prepared_store(Session *session, Prepared *prepared, Error *error)
{
    if (!*prepared->name)
        prepared_drop(session, "");
    else if (map_get(session->statements, prepared->name, strlen(prepared->name)))
        return error_set(error, ERRCODE_DUPLICATE_PSTATEMENT, "prepared statement \"%s\" already exists", prepared->name);
    map_put(session->statements, prepared->name, strlen(prepared->name), prepared);
    prepared->users = 1;
    return true;
}

Prepared *prepared_find(Session *session, const char *name, Error *error)
{
    Prepared *prepared = map_get(session->statements, name, strlen(name));
    if (prepared)
        return prepared;
    if (*name)
        error_set(error, ERRCODE_UNDEFINED_PSTATEMENT, "prepared statement \"%s\" does not exist", name);
    else
        error_set(error, ERRCODE_UNDEFINED_PSTATEMENT, "unnamed prepared statement does not exist");
    return NULL;
}

static bool check_same(const Prepared *prepared, const PlanColumn *columns, int ncolumns, Error *error)
{
    bool same = prepared->has_rows && prepared->ncolumns == ncolumns;
    for (int i = 0; same && i < ncolumns; i++) {
        const PlanColumn *was = &prepared->columns[i], *is = &columns[i];
        same = was->type == is->type && was->typmod == is->typmod && str_eq(was->name, is->name);
    }
    return same || error_unsupported(error, "cached plan must not change result type");
}

bool prepared_check_columns(const Prepared *prepared, const Portal *portal, Error *error)
{
    bool has_rows = portal->kind == PORTAL_QUERY || (portal->kind == PORTAL_INSERT && portal->columns);
    return !has_rows || check_same(prepared, portal->columns, portal->ncolumns, error);
}

bool prepared_check(Session *session, Prepared *prepared, Error *error)
{
    uint64_t version = catalog_version(session->catalog);
    if (version == prepared->version || !prepared->node || !utility_is_query(prepared->node))
        return true;
    if (!prepared_own_tree(prepared, error))
        return false;
    Prepared now = *prepared;
    now.arena = session->work;
    session->source_text = prepared->source_text;
    if (!describe_query(session, &now, prepared->node, error) ||
        (prepared->has_rows && !check_same(prepared, now.columns, now.ncolumns, error)))
        return false;
    prepared->version = version;
    return true;
}

static void release(void *arg)
{
    Prepared *prepared = arg;
    if (--prepared->users == 0)
        arena_close(prepared->arena);
}

void prepared_hold(Prepared *prepared, Arena *arena)
{
    prepared->users++;
    arena_defer(arena, release, prepared);
}

void prepared_drop(Session *session, const char *name)
{
    Prepared *prepared = map_remove(session->statements, name, strlen(name));
    if (prepared)
        release(prepared);
}

static void collect_name(void *arg, const void *key, size_t len, void *value)
{
    StrList *names = arg;
    const Prepared *prepared = value;
    /* The list is grown by the caller: it has room for every name. */
    names->items[names->count++] = prepared->name;
}

void prepared_drop_all(Session *session)
{
    Arena *arena = arena_open(session->work);
    StrList names = {.items = ARENA_ARRAY(arena, const char *, map_count(session->statements) + 1)};
    map_each(session->statements, collect_name, &names);
    for (size_t i = 0; i < names.count; i++)
        if (*names.items[i]) /* the unnamed one is the protocol's alone */
            prepared_drop(session, arena_strdup(arena, names.items[i]));
    arena_close(arena);
}

/* ---- PREPARE, DEALLOCATE ---- */

/* The tree is parsed anew, into the prepared statement's own arena; positions count from the start of the PREPARE. */
bool utility_prepare(Utility *utility, Error *error)
{
    Session *session = utility->session;
    const PgQuery__PrepareStmt *statement = utility->node->prepare_stmt;
    if (!statement->name || !*statement->name)
        return error_set(error, ERRCODE_INVALID_PSTATEMENT_DEFINITION, "invalid statement name: must not be empty");
    Oid *types = ARENA_ARRAY(session->work, Oid, statement->n_argtypes + 1);
    for (size_t i = 0; i < statement->n_argtypes; i++) {
        const PgQuery__TypeName *name = statement->argtypes[i]->type_name;
        int32_t typmod;
        if (!sql_check_type_schema(name, session->catalog, session->current_user, error))
            return error_at(error, name->location);
        if (!sql_resolve_type(name, session->catalog, session->work, &types[i], &typmod, error))
            return false;
        sql_warn_precision(name, types[i], NULL, name->location, session->catalog);
    }
    Prepared *prepared = prepared_make(session, statement->name, utility->portal->text, types, (int)statement->n_argtypes, error);
    if (!prepared)
        return false;
    prepared->source_text = arena_strdup(prepared->arena, utility->portal->text);
    prepared->text = prepared->source_text;
    prepared->node = prepared->node->prepare_stmt->query;
    prepared->from_sql = true;
    if (prepared_describe(session, prepared, error) && prepared_store(session, prepared, error))
        return true;
    arena_close(prepared->arena);
    return false;
}

bool utility_deallocate(Utility *utility, Error *error)
{
    Session *session = utility->session;
    const char *name = utility->node->deallocate_stmt->name;
    if (!name || !*name) {
        prepared_drop_all(session);
        utility->tag = "DEALLOCATE ALL";
        return true;
    }
    if (!prepared_find(session, name, error))
        return false;
    prepared_drop(session, name);
    return true;
}

/* ---- EXECUTE ---- */

/* Takes the one value of the one row, in its canonical text. */
typedef struct OneValue {
    Oid type;
    Str text;
    bool is_null;
    Error *error;
} OneValue;

static bool take_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    OneValue *one = arg;
    if (!count)
        return true;
    Value value = type_vector_get(&batch->vectors[0], first);
    one->is_null = value.is_null;
    return value.is_null || type_output(one->type, &value, &TYPE_CONTEXT_CANONICAL, &one->text, one->error);
}

static bool evaluate_expr(Session *session, Expr *expr, Arena *arena, const char **out, Error *error)
{
    if (expr->kind == EXPR_CONST) {
        *out = expr->u.value;
        return true;
    }
    Target target = {.expr = expr, .name = "value"};
    Query query = {.kind = QUERY_SELECT, .targets = &target, .ntargets = 1, .result_rte = -1, .arena = arena};
    OneValue one = {.type = expr->type, .is_null = true, .error = error};
    str_init(&one.text, arena);
    Dest dest = {.sink = {.arg = &one, .batch = take_batch}, .error = error};
    Portal *portal = portal_make(session, "");
    bool complete, done = portal_plan_query(portal, &query, NULL, error) && portal_run(portal, 0, &dest, &complete, error);
    portal_close(portal);
    *out = one.is_null ? NULL : one.text.data ? one.text.data : "";
    return done;
}

/* An argument: any expression without columns, cast to the parameter's type as by assignment. */
static bool evaluate(Portal *portal, const Node *node, int number, Oid type, const char **value, Error *error)
{
    Session *session = portal->session;
    Arena *arena = portal->arena;
    AnalyzeContext context = {
        .catalog = session->catalog, .functions = &session->functions, .text = portal->source_text, .parameter = number};
    Expr *expr = sql_analyze_stored(node, EXPR_USE_EXECUTE, NULL, type, -1, &context, arena, error);
    return expr && evaluate_expr(session, expr, arena, value, error);
}

bool prepared_read_param(Session *session, Oid type, const char *text, Arena *arena, const char **out, Error *error)
{
    AnalyzeContext context = {.catalog = session->catalog, .functions = &session->functions, .text = ""};
    Expr *expr = sql_coerce(expr_const(arena, TYPE_UNKNOWN, -1, text), type, -1, &context, arena, error);
    return expr && evaluate_expr(session, expr, arena, out, error);
}

Prepared *execute_bind(Portal *portal, const PgQuery__ExecuteStmt *execute, PortalParams **params, Error *error)
{
    Prepared *prepared = prepared_find(portal->session, execute->name, error);
    if (!prepared)
        return NULL;
    /* PostgreSQL does not look at the arguments of a statement without parameters. */
    if (prepared->nparams && (int)execute->n_params != prepared->nparams) {
        error_set(error, ERRCODE_SYNTAX_ERROR, "wrong number of parameters for prepared statement \"%s\"", execute->name);
        error_detail(error, "Expected %d parameters but got %d.", prepared->nparams, (int)execute->n_params);
        return NULL;
    }
    const char **values = ARENA_ARRAY(portal->arena, const char *, prepared->nparams + 1);
    for (int i = 0; i < prepared->nparams; i++)
        if (!evaluate(portal, execute->params[i], i + 1, prepared->param_types[i], &values[i], error))
            return NULL;
    *params = ARENA_NEW(portal->arena, PortalParams);
    **params = (PortalParams){.values = values, .types = prepared->param_types, .count = prepared->nparams};
    prepared_hold(prepared, portal->arena);
    return prepared;
}

/* Runs where there was no statement of that name when it was bound. */
bool utility_execute(Utility *utility, Error *error)
{
    const char *name = utility->node->execute_stmt->name;
    return prepared_find(utility->session, name, error) &&
           error_unsupported(error, "EXECUTE of a statement that was prepared after it had been bound is not supported");
}

bool execute_plan(Portal *portal, const PgQuery__ExecuteStmt *execute, Error *error)
{
    Session *session = portal->session;
    if (!map_get(session->statements, execute->name, strlen(execute->name))) {
        portal->kind = PORTAL_COMMAND;
        return true;
    }
    if (session->execute_depth >= MAX_EXECUTE_DEPTH)
        return error_too_deep(error);
    PortalParams *params;
    Prepared *prepared = execute_bind(portal, execute, &params, error);
    if (!prepared)
        return false;
    portal->owns_text = true;
    const char *source_text = arena_strdup(portal->arena, prepared->source_text);
    session->execute_depth++;
    bool done = reuse_prepared(portal, prepared, source_text, params) ||
                portal_plan(portal, prepared->node, source_text, prepared->text, params, error);
    session->execute_depth--;
    return done && prepared_check_columns(prepared, portal, error);
}
