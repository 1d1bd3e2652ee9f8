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

/* A procedure with the arguments at its parameters' places. */
typedef struct Placed {
    const CatProc *proc;
    Expr **given;  /* by parameter; NULL: its default */
    bool *is_bare; /* by parameter: a literal of no type yet */
    Expr **spread; /* the arguments of a VARIADIC parameter, unless they came as one array */
    int nspread;
} Placed;

typedef struct ProcedureCall {
    Session *session;
    const Portal *portal;
    Placed placed;
    Oid *param_types; /* of the statement's own parameters, as far as they are known */
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
    AnalyzeContext context = {.catalog = call->session->catalog,
                              .functions = &call->session->functions,
                              .text = text,
                              .variables = variables,
                              .param_types = call->param_types,
                              .nparams = call->nparams,
                              .variable_params = call->infers};
    Query *query = sql_analyze(&nodes[1], &context, call->arena, call->error);
    call->param_types = context.param_types;
    call->nparams = context.nparams;
    return query ? query->targets[0].expr : NULL;
}

/* A parameter whose type will be that of the procedure's. */
static bool is_open_param(const ProcedureCall *call, const Node *node)
{
    if (!call->infers || node->node_case != PG_QUERY__NODE__NODE_PARAM_REF)
        return false;
    int number = node->param_ref->number;
    return number > call->nparams || call->param_types[number - 1] == OID_NONE || call->param_types[number - 1] == TYPE_UNKNOWN;
}

/* A literal or parameter of no type yet. */
static bool is_bare(const ProcedureCall *call, const Node *node)
{
    return is_open_param(call, node) || (node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
                                         (node->a_const->isnull || node->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL));
}

static int parameter_count(const CatProc *proc)
{
    return proc->nall ? proc->nall : proc->nargs;
}

static Oid parameter_type(const CatProc *proc, int i)
{
    return proc->nall ? proc->all_types[i] : proc->arg_types[i];
}

static char mode_of(const CatProc *proc, int i)
{
    return proc->nall && proc->all_modes ? proc->all_modes[i] : proc->variadic && i + 1 == proc->nargs ? 'v' : 'i';
}

static bool is_output(const CatProc *proc, int i)
{
    return mode_of(proc, i) == 'o';
}

static bool is_polymorphic(Catalog *catalog, Oid type)
{
    const CatType *known = catalog_type(catalog, type);
    return known && known->kind == 'p' && strncmp(known->name, "any", 3) == 0;
}

static int place_of(const CatProc *proc, const char *name)
{
    for (int i = 0; proc->arg_names && i < parameter_count(proc); i++)
        if (strcmp(proc->arg_names[i], name) == 0)
            return i;
    return -1;
}

static bool has_default(const CatProc *proc, int place)
{
    int input = 0;
    for (int i = 0; i < place; i++)
        input += !is_output(proc, i);
    return !is_output(proc, place) && input >= proc->nargs - proc->ndefaults;
}

/* How well an argument fits a parameter of that type; -1: not at all. */
static int rank(ProcedureCall *call, const Node *node, const Expr *arg, Oid type)
{
    AnalyzeContext context = {.catalog = call->session->catalog, .functions = &call->session->functions, .text = ""};
    Error ignored;
    error_init(&ignored, call->arena);
    const CatType *known = catalog_type(call->session->catalog, type);
    if (is_bare(call, node))
        return known && known->category == 'S';
    if (arg->type == type || is_polymorphic(call->session->catalog, type))
        return 2;
    return sql_coerce(expr_const(call->arena, arg->type, -1, NULL), type, -1, &context, call->arena, &ignored) ? 0 : -1;
}

static const Node *value_of(const Node *arg)
{
    return arg->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR ? arg->named_arg_expr->arg : arg;
}

/* Puts the arguments at the parameters' places, those of a VARIADIC one beside each other. -1: they do not fit, else how well. */
static int place_arguments(ProcedureCall *call, const CatProc *proc, const PgQuery__FuncCall *node, Expr **args, Placed *out)
{
    int count = parameter_count(proc), score = 0;
    const CatType *last = count ? catalog_type(call->session->catalog, parameter_type(proc, count - 1)) : NULL;
    bool spreads = count && mode_of(proc, count - 1) == 'v' && !node->func_variadic && (int)node->n_args >= count;
    *out =
        (Placed){.proc = proc, .given = ARENA_ARRAY(call->arena, Expr *, count + 1), .is_bare = ARENA_ARRAY(call->arena, bool, count + 1)};
    if ((int)node->n_args > count && !spreads)
        return -1;
    for (int i = 0; i < (int)node->n_args; i++) {
        const Node *arg = node->args[i];
        bool is_named = arg->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR, spread = spreads && i >= count - 1;
        int place = is_named ? place_of(proc, arg->named_arg_expr->name) : spread ? count - 1 : i;
        if (place < 0 || (out->given[place] && !spread))
            return -1;
        int fits = is_output(proc, place) ? 0 : rank(call, value_of(arg), args[i], spread ? last->element : parameter_type(proc, place));
        if (fits < 0)
            return -1;
        score += fits;
        if (!spread || !out->given[place])
            out->given[place] = args[i];
        out->is_bare[place] = is_bare(call, value_of(arg));
        if (spread && !out->nspread++)
            out->spread = &args[i];
    }
    for (int i = 0; i < count; i++)
        if (!out->given[i] && (mode_of(proc, i) == 't' || !has_default(proc, i)))
            return -1;
    return score;
}

static const char *signature_of(ProcedureCall *call, const PgQuery__FuncCall *node, Expr **args)
{
    Str text;
    str_init(&text, call->arena);
    str_addf(&text, "%s(", call_name(node, call->arena));
    for (size_t i = 0; i < node->n_args; i++) {
        const Node *arg = node->args[i];
        bool is_named = arg->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR;
        Oid type = is_bare(call, value_of(arg)) ? TYPE_UNKNOWN : args[i]->type;
        str_addf(&text, "%s%s%s%s", i ? ", " : "", is_named ? arg->named_arg_expr->name : "", is_named ? " => " : "",
                 catalog_format_type(call->session->catalog, type, TYPMOD_NOT_GIVEN, call->arena));
    }
    str_addc(&text, ')');
    return text.data;
}

static bool may_look_into(ProcedureCall *call, const char *schema)
{
    Catalog *catalog = call->session->catalog;
    const CatNamespace *found = catalog_namespace_by_name(catalog, schema);
    if (!found)
        return error_set(call->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
    return catalog_privileges(catalog, PG_NAMESPACE_RELATION, found->oid, 0, call->session->current_user, ACL_USAGE) ||
           catalog_denied(catalog, PG_NAMESPACE_RELATION, found->oid, false, call->error);
}

static bool find_procedure(ProcedureCall *call, const PgQuery__FuncCall *node, Expr **args)
{
    const char *schema = node->n_funcname > 1 ? node->funcname[node->n_funcname - 2]->string->sval : NULL;
    const CatProc *const *procs;
    Placed placed;
    int best = -1, equals = 0;
    if (schema && !may_look_into(call, schema))
        return error_at(call->error, node->location);
    size_t n = catalog_procs_by_name(call->session->catalog, schema, node->funcname[node->n_funcname - 1]->string->sval, &procs);
    for (size_t i = 0; i < n; i++) {
        int score = place_arguments(call, procs[i], node, args, &placed);
        equals = score == best ? equals + 1 : score > best ? 1 : equals;
        if (score <= best)
            continue;
        best = score;
        call->placed = placed;
    }
    if (best >= 0 && equals == 1 && call->placed.proc->kind == 'p')
        return true;
    const char *signature = signature_of(call, node, args);
    if (best < 0) {
        error_set(call->error, ERRCODE_UNDEFINED_FUNCTION, "procedure %s does not exist", signature);
        error_hint(call->error, "No procedure matches the given name and argument types. You might need to add explicit type casts.");
    } else if (equals > 1) {
        error_set(call->error, ERRCODE_AMBIGUOUS_FUNCTION, "procedure %s is not unique", signature);
        error_hint(call->error, "Could not choose a best candidate procedure. You might need to add explicit type casts.");
    } else {
        error_set(call->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is not a procedure", signature);
        error_hint(call->error, "To call a function, use SELECT.");
    }
    return error_at(call->error, node->location);
}

/* What a parameter's type comes to in this call. */
static bool actual_type(ProcedureCall *call, int place, Oid *out)
{
    const CatProc *proc = call->placed.proc;
    *out = parameter_type(proc, place);
    if (is_output(proc, place) || !is_polymorphic(call->session->catalog, *out))
        return true;
    const Expr *expr = call->placed.given[place];
    *out = expr && !call->placed.is_bare[place] ? expr->type : TYPE_UNKNOWN;
    return *out != TYPE_UNKNOWN ||
           error_set(call->error, ERRCODE_DATATYPE_MISMATCH, "could not determine polymorphic type because input has type unknown");
}

/* Arguments as the statement gives them. */
static bool resolve(ProcedureCall *call, const PgQuery__FuncCall *node)
{
    const PlSql *sql = call->portal->params ? call->portal->params->sql : NULL;
    Expr **args = ARENA_ARRAY(call->arena, Expr *, node->n_args + 1);
    for (size_t i = 0; i < node->n_args; i++) {
        Node *value = node->args[i]->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR ? node->args[i]->named_arg_expr->arg : node->args[i];
        if (is_open_param(call, value))
            args[i] = expr_const(call->arena, TYPE_UNKNOWN, -1, NULL);
        else if (!(args[i] = analyze_one(call, value, call->portal->source_text, sql ? sql->variables : NULL)))
            return false;
    }
    return find_procedure(call, node, args);
}

/* Parameters that stand alone as arguments get the types of the procedure's. */
static bool infer_params(ProcedureCall *call, const PgQuery__FuncCall *node)
{
    const Placed *placed = &call->placed;
    for (size_t i = 0; i < node->n_args; i++) {
        const Node *arg = node->args[i], *value = value_of(arg);
        int last = parameter_count(placed->proc) - 1, number = is_open_param(call, value) ? value->param_ref->number : 0;
        bool is_named = arg->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR, is_spread = placed->nspread && (int)i >= last;
        Oid type;
        if (!number)
            continue;
        int place = is_named ? place_of(placed->proc, arg->named_arg_expr->name) : is_spread ? last : (int)i;
        if (!actual_type(call, place, &type))
            return false;
        if (number > call->nparams) {
            Oid *types = ARENA_ARRAY(call->arena, Oid, number);
            if (call->nparams)
                memcpy(types, call->param_types, sizeof(Oid) * (size_t)call->nparams);
            call->param_types = types;
            call->nparams = number;
        }
        call->param_types[number - 1] = is_spread ? catalog_type(call->session->catalog, type)->element : type;
    }
    return true;
}

static Expr *default_of(ProcedureCall *call, int place)
{
    const CatProc *proc = call->placed.proc;
    ParsedText parsed;
    const char *text = arena_printf(call->arena, "SELECT %s", proc->defaults);
    if (!sql_parse(text, call->arena, &parsed, call->error))
        return NULL;
    int number = proc->ndefaults - proc->nargs;
    for (int i = 0; i < place; i++)
        number += !is_output(proc, i);
    return analyze_one(call, parsed.items[0].node->select_stmt->target_list[number]->res_target->val, text, NULL);
}

static bool compute(ProcedureCall *call, Expr *expr, Oid type, const char **out)
{
    const PlSql *sql = call->portal->params ? call->portal->params->sql : NULL;
    const Oid *types;
    int count;
    PlHost *host = routine_host(call->session, call->arena);
    const char *const *bound = call->portal->params ? call->portal->params->values : NULL;
    PlEvaluation evaluation = {.host = host, .values = sql ? sql->values(sql->arg, &types, &count) : bound, .arena = call->arena};
    AnalyzeContext context = {.catalog = call->session->catalog, .functions = &call->session->functions, .text = ""};
    if (expr->kind == EXPR_CONST && (!expr->u.value || expr->type == TYPE_TEXT))
        return plpgsql_cast(host, expr->u.value, TYPE_UNKNOWN, -1, type, -1, call->arena, out, call->error) ||
               (!str_eq(call->error->sqlstate, ERRCODE_CHECK_VIOLATION) && !str_eq(call->error->sqlstate, ERRCODE_NOT_NULL_VIOLATION)
                    ? error_at(call->error, expr->location)
                    : false);
    Expr *cast = sql_coerce(expr, type, -1, &context, call->arena, call->error);
    if (!cast || !plpgsql_can_evaluate(host, cast))
        return error_is_set(call->error) ? false : error_unsupported(call->error, "this argument of CALL is not supported");
    if (!plpgsql_evaluate(&evaluation, cast, out, call->error))
        return false;
    *out = catalog_with_fields(type, sql_record_fields(cast, NULL, call->session->catalog, call->arena), *out, call->arena);
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

static bool describe(ProcedureCall *call, PlanColumn **columns, int *ncolumns)
{
    const CatProc *proc = call->placed.proc;
    *columns = ARENA_ARRAY(call->arena, PlanColumn, parameter_count(proc) + 1);
    *ncolumns = 0;
    for (int i = 0; proc->all_modes && i < proc->nall; i++) {
        Oid type;
        if (!strchr("ob", proc->all_modes[i]))
            continue;
        if (!actual_type(call, i, &type))
            return false;
        (*columns)[(*ncolumns)++] =
            (PlanColumn){.name = arena_strdup(call->arena, proc->arg_names ? proc->arg_names[i] : ""), .type = type, .typmod = -1};
    }
    if (!*ncolumns)
        *columns = NULL;
    return true;
}

bool call_describe(Portal *portal, const PgQuery__CallStmt *statement, Error *error)
{
    ProcedureCall call = bound_call(portal->session, portal, error);
    if (!resolve(&call, statement->funccall) || !describe(&call, &portal->columns, &portal->ncolumns))
        return false;
    portal->kind = portal->columns ? PORTAL_ROWS : PORTAL_COMMAND;
    return true;
}

bool call_prepare(Session *session, const PgQuery__CallStmt *statement, Prepared *prepared, Error *error)
{
    Portal portal = {.arena = prepared->arena, .session = session, .source_text = prepared->source_text};
    ProcedureCall call = {.session = session,
                          .portal = &portal,
                          .param_types = prepared->param_types,
                          .nparams = prepared->nparams,
                          .infers = true,
                          .arena = prepared->arena,
                          .error = error};
    if (!resolve(&call, statement->funccall) || !infer_params(&call, statement->funccall) ||
        !describe(&call, &prepared->columns, &prepared->ncolumns))
        return false;
    prepared->has_rows = prepared->columns != NULL;
    return prepared_take_types(prepared, call.param_types, call.nparams, error);
}

/* The arguments of a VARIADIC parameter as one array. */
static bool compute_spread(ProcedureCall *call, Oid type, const char **out)
{
    const Placed *placed = &call->placed;
    Oid element = catalog_type(call->session->catalog, type)->element;
    ArrayShape shape = {.ndim = 1, .dims = {placed->nspread}, .lower = {1}, .count = (size_t)placed->nspread};
    shape.elements = ARENA_ARRAY(call->arena, ArrayElement, placed->nspread);
    for (int i = 0; i < placed->nspread; i++) {
        const char *text;
        if (!compute(call, placed->spread[i], element, &text))
            return false;
        shape.elements[i] = (ArrayElement){text, text ? strlen(text) : 0};
    }
    Str text;
    str_init(&text, call->arena);
    type_array_write_shape(&shape, ',', &text);
    *out = text.data;
    return true;
}

static bool compute_argument(ProcedureCall *call, int place, Oid type, const char **out)
{
    const Placed *placed = &call->placed;
    if (placed->nspread && mode_of(placed->proc, place) == 'v')
        return compute_spread(call, type, out);
    Expr *expr = placed->given[place] ? placed->given[place] : default_of(call, place);
    return expr && compute(call, expr, type, out);
}

bool utility_call(Utility *utility, Error *error)
{
    Portal *portal = utility->portal;
    ProcedureCall call = bound_call(utility->session, portal, error);
    utility->session->tx.has_snapshot = true;
    if (!resolve(&call, utility->node->call_stmt->funccall))
        return false;
    const CatProc *proc = call.placed.proc;
    const PlSql *sql = portal->params ? portal->params->sql : NULL;
    int count = parameter_count(proc), ninputs = 0;
    const char **args = ARENA_ARRAY(portal->arena, const char *, count + 1);
    Oid *types = ARENA_ARRAY(portal->arena, Oid, count + 1);
    for (int i = 0; i < count; i++) {
        if (is_output(proc, i))
            continue;
        if (!actual_type(&call, i, &types[ninputs]) || !compute_argument(&call, i, types[ninputs], &args[ninputs]))
            return false;
        ninputs++;
    }
    if (sql && sql->called)
        *sql->called = proc;
    PlSink sink = {.arg = portal, .columns = keep_columns, .row = keep_cells};
    RoutineCall run = {
        .proc = proc->oid, .types = types, .args = args, .nargs = ninputs, .may_end = routine_may_end(utility->session, portal->params)};
    if (portal->ncolumns)
        run.sink = &sink;
    return routine_call(utility->session, &run, portal->arena, error);
}
