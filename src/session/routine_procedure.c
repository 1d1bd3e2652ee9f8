/*
 * routine_procedure.c - CALL: which procedure, its arguments, and the row of its output parameters.
 *
 * Invariants:
 *  1. An argument stands at every parameter's place, output ones too; those with defaults may be left out at the end.
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
    Expr **given; /* by parameter; NULL: its default */
    Arena *arena;
    Error *error;
} ProcedureCall;

static const char *call_name(const PgQuery__FuncCall *node, Arena *arena)
{
    const char *name = node->funcname[node->n_funcname - 1]->string->sval;
    return node->n_funcname > 1 ? arena_printf(arena, "%s.%s", node->funcname[node->n_funcname - 2]->string->sval, name) : name;
}

/* The value of one expression, as an output of a query of its own. */
static Expr *analyze_one(ProcedureCall *call, Node *value, const char *text, const SqlVariables *variables)
{
    PgQuery__SelectStmt *select = ARENA_NEW(call->arena, PgQuery__SelectStmt);
    PgQuery__ResTarget *target = ARENA_NEW(call->arena, PgQuery__ResTarget);
    Node *nodes = ARENA_ARRAY(call->arena, Node, 2), **list = ARENA_ARRAY(call->arena, Node *, 1);
    pg_query__select_stmt__init(select);
    pg_query__res_target__init(target);
    pg_query__node__init(&nodes[0]);
    pg_query__node__init(&nodes[1]);
    target->val = value;
    nodes[0].node_case = PG_QUERY__NODE__NODE_RES_TARGET;
    nodes[0].res_target = target;
    list[0] = &nodes[0];
    select->target_list = list;
    select->n_target_list = 1;
    nodes[1].node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
    nodes[1].select_stmt = select;
    AnalyzeContext context = {
        .catalog = call->session->catalog, .functions = &call->session->functions, .text = text, .variables = variables};
    Query *query = sql_analyze(&nodes[1], &context, call->arena, call->error);
    return query ? query->targets[0].expr : NULL;
}

static bool is_bare_string(const Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
           (node->a_const->isnull || node->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL);
}

static int parameter_count(const CatProc *proc)
{
    return proc->nall ? proc->nall : proc->nargs;
}

static Oid parameter_type(const CatProc *proc, int i)
{
    return proc->nall ? proc->all_types[i] : proc->arg_types[i];
}

static bool is_output(const CatProc *proc, int i)
{
    return proc->nall && proc->all_modes && proc->all_modes[i] == 'o';
}

static int place_of(const CatProc *proc, const char *name)
{
    for (int i = 0; proc->arg_names && i < parameter_count(proc); i++)
        if (strcmp(proc->arg_names[i], name) == 0)
            return i;
    return -1;
}

/* Puts the arguments at the parameters' places; false: they do not fit this procedure. */
static bool place_arguments(ProcedureCall *call, const CatProc *proc, const PgQuery__FuncCall *node, Expr **args)
{
    int count = parameter_count(proc);
    call->given = ARENA_ARRAY(call->arena, Expr *, count + 1);
    if ((int)node->n_args > count)
        return false;
    for (int i = 0; i < (int)node->n_args; i++) {
        const Node *arg = node->args[i];
        bool is_named = arg->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR;
        int place = is_named ? place_of(proc, arg->named_arg_expr->name) : i;
        if (place < 0 || call->given[place])
            return false;
        AnalyzeContext context = {.catalog = call->session->catalog, .functions = &call->session->functions, .text = ""};
        Error ignored;
        error_init(&ignored, call->arena);
        bool is_string = is_bare_string(is_named ? arg->named_arg_expr->arg : arg);
        if (!is_string && !is_output(proc, place) &&
            !sql_coerce(expr_const(call->arena, args[i]->type, -1, NULL), parameter_type(proc, place), -1, &context, call->arena, &ignored))
            return false;
        call->given[place] = args[i];
    }
    for (int i = 0; i < count; i++)
        if (!call->given[i] && i < count - proc->ndefaults)
            return false;
    return true;
}

static bool not_found(ProcedureCall *call, const PgQuery__FuncCall *node, Expr **args, bool is_function)
{
    Str text;
    str_init(&text, call->arena);
    str_addf(&text, "%s(", call_name(node, call->arena));
    for (size_t i = 0; i < node->n_args; i++) {
        const Node *arg = node->args[i];
        bool is_named = arg->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR;
        Oid type = is_bare_string(is_named ? arg->named_arg_expr->arg : arg) ? TYPE_UNKNOWN : args[i]->type;
        str_addf(&text, "%s%s%s%s", i ? ", " : "", is_named ? arg->named_arg_expr->name : "", is_named ? " => " : "",
                 catalog_format_type(call->session->catalog, type, TYPMOD_NOT_GIVEN, call->arena));
    }
    str_addc(&text, ')');
    if (is_function) {
        error_set(call->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is not a procedure", text.data);
        error_hint(call->error, "To call a function, use SELECT.");
    } else {
        error_set(call->error, ERRCODE_UNDEFINED_FUNCTION, "procedure %s does not exist", text.data);
        error_hint(call->error, "No procedure matches the given name and argument types. You might need to add explicit type casts.");
    }
    return error_at(call->error, node->location);
}

static bool find_procedure(ProcedureCall *call, const PgQuery__FuncCall *node, Expr **args)
{
    const char *schema = node->n_funcname > 1 ? node->funcname[node->n_funcname - 2]->string->sval : NULL;
    const CatProc *const *procs;
    bool is_function = false;
    size_t n = catalog_procs_by_name(call->session->catalog, schema, node->funcname[node->n_funcname - 1]->string->sval, &procs);
    for (size_t i = 0; i < n; i++) {
        is_function |= procs[i]->kind != 'p' && procs[i]->nargs == (int)node->n_args;
        if (procs[i]->kind == 'p' && place_arguments(call, procs[i], node, args)) {
            call->proc = procs[i];
            return true;
        }
    }
    return not_found(call, node, args, is_function);
}

/* Arguments as the statement gives them. */
static bool resolve(ProcedureCall *call, const PgQuery__FuncCall *node)
{
    const PlSql *sql = call->portal->params ? call->portal->params->sql : NULL;
    Expr **args = ARENA_ARRAY(call->arena, Expr *, node->n_args + 1);
    for (size_t i = 0; i < node->n_args; i++) {
        Node *value = node->args[i]->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR ? node->args[i]->named_arg_expr->arg : node->args[i];
        if (!(args[i] = analyze_one(call, value, call->portal->source_text, sql ? sql->variables : NULL)))
            return false;
    }
    return find_procedure(call, node, args);
}

static Expr *default_of(ProcedureCall *call, int place)
{
    const CatProc *proc = call->proc;
    ParsedText parsed;
    const char *text = arena_printf(call->arena, "SELECT %s", proc->defaults);
    if (!sql_parse(text, call->arena, &parsed, call->error))
        return NULL;
    int number = place - (parameter_count(proc) - proc->ndefaults);
    return analyze_one(call, parsed.items[0].node->select_stmt->target_list[number]->res_target->val, text, NULL);
}

static bool compute(ProcedureCall *call, Expr *expr, Oid type, const char **out)
{
    const PlSql *sql = call->portal->params ? call->portal->params->sql : NULL;
    const Oid *types;
    int count;
    PlHost *host = routine_host(call->session, call->arena);
    PlEvaluation evaluation = {.host = host, .values = sql ? sql->values(sql->arg, &types, &count) : NULL, .arena = call->arena};
    AnalyzeContext context = {.catalog = call->session->catalog, .functions = &call->session->functions, .text = ""};
    if (expr->kind == EXPR_CONST && (!expr->u.value || expr->type == TYPE_TEXT))
        return plpgsql_cast(host, expr->u.value, TYPE_UNKNOWN, -1, type, -1, call->arena, out, call->error) ||
               (!str_eq(call->error->sqlstate, ERRCODE_CHECK_VIOLATION) && !str_eq(call->error->sqlstate, ERRCODE_NOT_NULL_VIOLATION)
                    ? error_at(call->error, expr->location)
                    : false);
    Expr *cast = sql_coerce(expr, type, -1, &context, call->arena, call->error);
    if (!cast || !plpgsql_can_evaluate(host, cast))
        return error_is_set(call->error) ? false : error_unsupported(call->error, "this argument of CALL is not supported");
    return plpgsql_evaluate(&evaluation, cast, out, call->error);
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
    for (int i = 0; proc->all_modes && i < proc->nall; i++)
        if (strchr("ob", proc->all_modes[i]))
            (*columns)[(*ncolumns)++] = (PlanColumn){
                .name = arena_strdup(call->arena, proc->arg_names ? proc->arg_names[i] : ""), .type = proc->all_types[i], .typmod = -1};
    if (!*ncolumns)
        *columns = NULL;
}

bool call_describe(Portal *portal, const PgQuery__CallStmt *statement, Error *error)
{
    ProcedureCall call = {.session = portal->session, .portal = portal, .arena = portal->arena, .error = error};
    if (!resolve(&call, statement->funccall))
        return false;
    describe(&call, &portal->columns, &portal->ncolumns);
    portal->kind = portal->columns ? PORTAL_ROWS : PORTAL_COMMAND;
    return true;
}

bool utility_call(Utility *utility, Error *error)
{
    Portal *portal = utility->portal;
    ProcedureCall call = {.session = utility->session, .portal = portal, .arena = portal->arena, .error = error};
    if (!resolve(&call, utility->node->call_stmt->funccall))
        return false;
    const CatProc *proc = call.proc;
    int count = parameter_count(proc), ninputs = 0;
    const char **args = ARENA_ARRAY(portal->arena, const char *, count + 1);
    for (int i = 0; i < count; i++) {
        if (is_output(proc, i))
            continue;
        Expr *expr = call.given[i] ? call.given[i] : default_of(&call, i);
        if (!expr || !compute(&call, expr, parameter_type(proc, i), &args[ninputs++]))
            return false;
    }
    PlSink sink = {.arg = portal, .columns = keep_columns, .row = keep_cells};
    RoutineCall run = {.proc = proc->oid, .types = proc->arg_types, .args = args, .nargs = proc->nargs};
    if (portal->ncolumns)
        run.sink = &sink;
    return routine_call(utility->session, &run, portal->arena, error);
}
