/*
 * routine_procedure.c - CALL: which procedure, its arguments, and the row of its output parameters.
 *
 * Invariants:
 *  1. The statement is analysed as a call of a function is; an argument stands at every parameter's place, output ones too.
 *  2. Arguments are computed before the call, as expressions without tables.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/routine.h"

typedef struct ProcedureCall {
    Session *session;
    const Portal *portal;
    const CatProc *proc;
    Expr *const *args; /* by parameter */
    Oid *param_types;  /* of the statement's own parameters, as far as they are known */
    int nparams;
    bool infers; /* which they are is still to be found out */
    Arena *arena;
    Error *error;
} ProcedureCall;

/* A call that runs, or is described once its parameters are bound. */
static ProcedureCall bound_call(Session *session, Portal *portal, Error *error)
{
    ProcedureCall call = {.session = session, .portal = portal, .arena = portal->arena, .error = error};
    if (portal->params && portal->params->count && !portal->params->sql) {
        call.nparams = portal->params->count;
        call.param_types = ARENA_ARRAY(call.arena, Oid, call.nparams);
        memcpy(call.param_types, portal->params->types, sizeof(Oid) * (size_t)call.nparams);
    }
    return call;
}

static bool resolve(ProcedureCall *call, const PgQuery__FuncCall *node)
{
    const PlSql *sql = call->portal->params ? call->portal->params->sql : NULL;
    AnalyzeContext context = {.catalog = call->session->catalog,
                              .functions = &call->session->functions,
                              .text = call->portal->source_text,
                              .variables = sql ? sql->variables : NULL,
                              .param_types = call->param_types,
                              .nparams = call->nparams,
                              .variable_params = call->infers};
    const Expr *found = sql_analyze_call(node, &context, call->arena, call->error);
    if (!found)
        return false;
    call->param_types = context.param_types;
    call->nparams = context.nparams;
    call->proc = catalog_proc(call->session->catalog, found->oid);
    call->args = found->args;
    return true;
}

static int parameter_count(const CatProc *proc)
{
    return proc->nall ? proc->nall : proc->nargs;
}

/* What a parameter's type comes to in this call. */
static Oid parameter_type(const ProcedureCall *call, int i)
{
    Oid declared = call->proc->nall ? call->proc->all_types[i] : call->proc->arg_types[i];
    const CatType *type = catalog_type(call->session->catalog, declared);
    return type && type->kind == 'p' ? call->args[i]->type : declared;
}

static bool compute(ProcedureCall *call, const Expr *expr, Oid type, const char **out)
{
    const PlSql *sql = call->portal->params ? call->portal->params->sql : NULL;
    const Oid *types;
    int count;
    PlHost *host = routine_host(call->session, call->arena);
    const char *const *bound = call->portal->params ? call->portal->params->values : NULL;
    PlEvaluation evaluation = {.host = host, .values = sql ? sql->values(sql->arg, &types, &count) : bound, .arena = call->arena};
    if (!plpgsql_can_evaluate(host, expr))
        return error_unsupported(call->error, "this argument of CALL is not supported");
    if (!plpgsql_evaluate(&evaluation, expr, out, call->error))
        return false;
    *out = catalog_with_fields(type, sql_record_fields(expr, NULL, call->session->catalog, call->arena), *out, call->arena);
    return true;
}

/* ---- the output row ---- */

static bool keep_columns(void *arg, const PlColumn *columns, int ncolumns, Error *error)
{
    return true;
}

static bool keep_cells(void *arg, const char *const *cells, Error *error)
{
    Portal *portal = arg;
    portal->cells = ARENA_ARRAY(portal->arena, const char *, portal->ncolumns + 1);
    portal->nrows = 1;
    for (int i = 0; i < portal->ncolumns; i++)
        portal->cells[i] = arena_strdup(portal->arena, cells[i]);
    return true;
}

static void describe(ProcedureCall *call, PlanColumn **columns, int *ncolumns)
{
    const CatProc *proc = call->proc;
    *columns = ARENA_ARRAY(call->arena, PlanColumn, parameter_count(proc) + 1);
    *ncolumns = 0;
    for (int i = 0; proc->all_modes && i < proc->nall; i++) {
        if (!strchr("ob", proc->all_modes[i]))
            continue;
        const char *name = proc->arg_names ? proc->arg_names[i] : "";
        PlanColumn *column = &(*columns)[(*ncolumns)++];
        *column = (PlanColumn){.type = parameter_type(call, i), .typmod = -1};
        column->name = *name ? arena_strdup(call->arena, name) : arena_printf(call->arena, "column%d", *ncolumns);
    }
    if (!*ncolumns)
        *columns = NULL;
}

bool call_describe(Portal *portal, const PgQuery__CallStmt *statement, Error *error)
{
    ProcedureCall call = bound_call(portal->session, portal, error);
    if (!resolve(&call, statement->funccall))
        return false;
    describe(&call, &portal->columns, &portal->ncolumns);
    portal->kind = portal->columns ? PORTAL_ROWS : PORTAL_COMMAND;
    return true;
}

bool call_prepare(Session *session, const PgQuery__CallStmt *statement, Prepared *prepared, Error *error)
{
    Portal portal = {.arena = prepared->arena, .session = session, .source_text = prepared->source_text};
    Oid *types = ARENA_ARRAY(prepared->arena, Oid, prepared->nparams + 1);
    for (int i = 0; i < prepared->nparams; i++) /* JDBC says void where the procedure gives something out */
        types[i] = prepared->param_types[i] == TYPE_VOID ? TYPE_UNKNOWN : prepared->param_types[i];
    ProcedureCall call = {.session = session,
                          .portal = &portal,
                          .param_types = types,
                          .nparams = prepared->nparams,
                          .infers = true,
                          .arena = prepared->arena,
                          .error = error};
    if (!resolve(&call, statement->funccall))
        return false;
    describe(&call, &prepared->columns, &prepared->ncolumns);
    prepared->has_rows = prepared->columns != NULL;
    return prepared_take_types(prepared, call.param_types, call.nparams, error);
}

bool utility_call(Utility *utility, Error *error)
{
    Portal *portal = utility->portal;
    ProcedureCall call = bound_call(utility->session, portal, error);
    utility->session->tx.has_snapshot = true;
    const PlSql *sql = portal->params ? portal->params->sql : NULL;
    if (!resolve(&call, utility->node->call_stmt->funccall) || (sql && sql->calls && !sql->calls(sql->arg, call.proc, call.args, error)))
        return false;
    const CatProc *proc = call.proc;
    int count = parameter_count(proc), ninputs = 0;
    const char **args = ARENA_ARRAY(portal->arena, const char *, count + 1);
    Oid *types = ARENA_ARRAY(portal->arena, Oid, count + 1);
    for (int i = 0; i < count; i++) {
        if (proc->all_modes && proc->all_modes[i] == 'o')
            continue;
        types[ninputs] = parameter_type(&call, i);
        if (!compute(&call, call.args[i], types[ninputs], &args[ninputs]))
            return false;
        ninputs++;
    }
    PlSink sink = {.arg = portal, .columns = keep_columns, .row = keep_cells};
    RoutineCall run = {
        .proc = proc->oid, .types = types, .args = args, .nargs = ninputs, .may_end = routine_may_end(utility->session, portal->params)};
    if (portal->ncolumns)
        run.sink = &sink;
    return routine_call(utility->session, &run, portal->arena, error);
}
