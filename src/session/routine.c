/*
 * routine.c - DO, CALL, and one call of a user's function: by its language, as whom, with which settings.
 *
 * Invariants:
 *  1. The caller needs EXECUTE. SECURITY DEFINER runs as the owner; who called and the settings of SET clauses come back at the end,
 *     whatever happened.
 *  2. A function in SQL runs its statements in order; its result is the last one's first row, or all its rows.
 *  3. A call deeper than MAX_DEPTH, or with half the stack used, is refused with 54001: one call needs less than the other half.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fiber.h"
#include "command/body_place.h"
#include "command/command.h"
#include "session/routine.h"

enum { LANGUAGE_OF_SQL = LANGUAGE_SQL, LANGUAGE_OF_C = LANGUAGE_C, MAX_DEPTH = 200 };

static bool load(Session *session, Oid oid, bool fires, Arena *arena, Routine *out, Error *error)
{
    const CatProc *proc = catalog_proc(session->catalog, oid);
    CatalogRows *rows = catalog_query(session->catalog, arena, error,
                                      "SELECT prolang, prosrc, prosecdef, proconfig, prosqlbody FROM pg_proc WHERE oid = ?1", "o", oid);
    if (!rows || !rows->nrows || !proc)
        return rows ? error_set(error, ERRCODE_UNDEFINED_FUNCTION, "cache lookup failed for function %u", oid) : false;
    const CatalogCell *cells = rows->cells;
    *out = (Routine){.proc = proc,
                     .language = (Oid)cells[0].i,
                     .owner = proc->owner,
                     .source = cells[4].text ? cells[4].text : cells[1].text,
                     .security_definer = cells[2].i,
                     .config = cells[3].text,
                     .signature = catalog_format_proc(session->catalog, proc, arena)};
    const Opening *opening = session->opening;
    if (!fires && !(opening && opening_may_call(opening, oid)) &&
        catalog_privileges(session->catalog, PG_PROC_RELATION, oid, 0, session_asked(session), ACL_EXECUTE) != ACL_EXECUTE)
        return catalog_denied(session->catalog, PG_PROC_RELATION, oid, false, error);
    return true;
}

void routine_add_context(Error *error, const char *line)
{
    error->context = error->context ? arena_printf(error->arena, "%s\n%s", error->context, line) : arena_strdup(error->arena, line);
}

/* ---- SQL ---- */

/* Its parameters, by name and number. */
typedef struct SqlBinding {
    RoutineParameters parameters;
    const RoutineCall *call;
    SqlVariables variables;
} SqlBinding;

static int find_parameter(const CatProc *proc, const char *name)
{
    int count = proc->nall ? proc->nall : proc->nargs;
    if (name[0] == '$')
        return (int)strtol(name + 1, NULL, 10);
    for (int i = 0, input = 0; proc->arg_names && i < count; i++) {
        bool is_input = !proc->nall || !proc->all_modes || strchr("ibv", proc->all_modes[i]);
        input += is_input;
        if (is_input && *proc->arg_names[i] && strcmp(proc->arg_names[i], name) == 0)
            return input;
    }
    return 0;
}

bool routine_find_parameter(void *arg, const char *const *names, int count, SqlVariable *out, Error *error)
{
    const RoutineParameters *parameters = arg;
    const CatProc *proc = parameters->proc;
    const char *name = count == 2 && strcmp(names[0], proc->name) == 0 ? names[1] : count == 1 ? names[0] : "";
    int number = find_parameter(proc, name);
    if (number < 1 || number > parameters->nargs)
        return false;
    out->param = number;
    out->type = parameters->types[number - 1];
    return true;
}

static const char *const *sql_values(void *arg, const Oid **types, int *count)
{
    const SqlBinding *binding = arg;
    *types = binding->call->types;
    *count = binding->call->nargs;
    return binding->call->args;
}

/* The last statement's rows. */
typedef struct SqlResult {
    const RoutineCall *call;
    const CatProc *proc;
    Session *session;
    Arena *arena;
    const char *value;
    PlColumn *columns;
    const PlColumn *given; /* what the function declares, for a sink */
    int ncolumns, rows;
    bool casts;         /* a column is to become one of another type or length */
    bool unfit;         /* the statement does not give what the function declares */
    bool is_packed;     /* value is a row made of the columns */
    const char *fields; /* of a value that is a record: RoutineCall */
} SqlResult;

/* columns NULL: the last statement gives no rows. The body may not have been checked when the function was made, or what it reads has
 * changed. */
static bool check_columns(const SqlResult *result, const PlColumn *columns, int ncolumns, Error *error)
{
    const CatProc *proc = result->proc;
    Oid wanted = result->call->result_type;
    RoutineResult declared = {.type = proc->kind == 'p' ? proc->return_type : wanted ? wanted : proc->return_type};
    Oid *types = columns ? ARENA_ARRAY(result->arena, Oid, ncolumns + 1) : NULL,
        *outputs = ARENA_ARRAY(result->arena, Oid, proc->nall + result->call->nexpected + 1);
    for (int i = 0; i < ncolumns; i++)
        types[i] = columns[i].type;
    declared.outputs = outputs;
    for (int i = 0; i < result->call->nexpected; i++)
        outputs[declared.noutputs++] = result->call->expected[i].type;
    for (int i = 0; !result->call->nexpected && i < proc->nall; i++)
        if (proc->all_modes && strchr("obt", proc->all_modes[i]))
            outputs[declared.noutputs++] = proc->all_types[i];
    return command_check_result(&result->session->functions, &declared, types, ncolumns, result->arena, error);
}

/* What is polymorphic stays what it is. */
static void declare_column(Catalog *catalog, PlColumn *given, Oid type, int32_t typmod)
{
    const CatType *known = catalog_type(catalog, type);
    if (known && known->kind == 'p')
        return;
    given->type = type;
    given->typmod = typmod;
}

/* The last statement's columns become what is declared: outputs, the list behind the call, the columns of the function's type. */
static void declare_columns(const SqlResult *result, PlColumn *given)
{
    const CatProc *proc = result->proc;
    Catalog *catalog = result->session->catalog;
    int count = result->ncolumns, at = 0;
    for (int i = 0; proc->all_modes && i < proc->nall && at < count; i++)
        if (strchr("obt", proc->all_modes[i])) {
            given[at].name = proc->arg_names ? proc->arg_names[i] : given[at].name;
            declare_column(catalog, &given[at++], proc->all_types[i], -1);
        }
    for (int i = 0; !at && i < result->call->nexpected && i < count; i++)
        declare_column(catalog, &given[i], result->call->expected[i].type, result->call->expected[i].typmod);
    if (at || result->call->nexpected)
        return;
    Oid wanted = result->call->result_type ? result->call->result_type : proc->return_type;
    const CatType *type = catalog_type(catalog, wanted), *row = catalog_type(catalog, catalog_base_type(catalog, wanted, NULL));
    const CatRelation *relation = row && row->relation ? catalog_relation(catalog, row->relation) : NULL;
    bool is_value = count == 1 && (given[0].type == wanted || given[0].type == row->oid || given[0].type == TYPE_RECORD);
    for (int i = 0; relation && !is_value && i < relation->ncolumns && at < count; i++)
        if (!relation->columns[i].dropped)
            declare_column(catalog, &given[at++], relation->columns[i].type, relation->columns[i].typmod);
    if (count == 1 && type && type->kind == 'd' && !relation)
        declare_column(catalog, &given[0], wanted, -1);
}

/* Texts without a length are each other's as they are. */
static bool needs_cast(const PlColumn *from, const PlColumn *to)
{
    bool texts = (from->type == TYPE_TEXT || from->type == TYPE_VARCHAR) && (to->type == TYPE_TEXT || to->type == TYPE_VARCHAR);
    return (from->type != to->type && !texts) || (to->typmod != -1 && to->typmod != from->typmod);
}

static bool sql_columns(void *arg, const PlColumn *columns, int ncolumns, Error *error)
{
    SqlResult *result = arg;
    result->columns = plpgsql_columns_copy(columns, ncolumns, result->arena);
    result->ncolumns = ncolumns;
    result->unfit = !check_columns(result, columns, ncolumns, error);
    if (result->unfit)
        return false;
    const PlSink *sink = result->call->sink;
    if (!sink)
        return true;
    PlColumn *given = ARENA_ARRAY(result->arena, PlColumn, ncolumns + 1);
    memcpy(given, columns, sizeof(PlColumn) * (size_t)ncolumns);
    declare_columns(result, given);
    result->given = given;
    for (int i = 0; i < ncolumns; i++)
        result->casts |= needs_cast(&columns[i], &given[i]);
    return sink->columns(sink->arg, given, ncolumns, error);
}

static bool give_row(SqlResult *result, const char *const *cells, Error *error)
{
    const PlSink *sink = result->call->sink;
    Arena *arena = arena_open(NULL);
    const PlHost *host = routine_host(result->session, arena);
    const char **cast = ARENA_ARRAY(arena, const char *, result->ncolumns + 1);
    bool done = true;
    for (int i = 0; i < result->ncolumns && done; i++) {
        const PlColumn *from = &result->columns[i], *to = &result->given[i];
        cast[i] = cells[i];
        done =
            !needs_cast(from, to) || plpgsql_cast(host, cells[i], from->type, from->typmod, to->type, to->typmod, arena, &cast[i], error);
    }
    done = done && sink->row(sink->arg, cast, error);
    arena_close(arena);
    return done;
}

/* The columns as a composite type has them. */
static const char *const *cast_row(const SqlResult *result, const CatRelation *relation, const char *const *cells, Error *error)
{
    const PlHost *host = routine_host(result->session, result->arena);
    const char **cast = ARENA_ARRAY(result->arena, const char *, result->ncolumns + 1);
    int at = 0;
    for (int i = 0; i < relation->ncolumns && at < result->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        const PlColumn *from = &result->columns[at];
        if (column->dropped)
            continue;
        if (!plpgsql_cast(host, cells[at], from->type, from->typmod, column->type, column->typmod, result->arena, &cast[at], error))
            return NULL;
        at++;
    }
    return cast;
}

static bool sql_row(void *arg, const char *const *cells, Error *error)
{
    SqlResult *result = arg;
    if (result->call->sink)
        return result->casts ? give_row(result, cells, error) : result->call->sink->row(result->call->sink->arg, cells, error);
    Oid wanted = result->call->result_type ? result->call->result_type : result->proc->return_type;
    const CatType *known = catalog_type(result->session->catalog, wanted);
    bool is_row = wanted == TYPE_RECORD || (known && known->kind == 'c');
    bool packed = is_row && !(result->ncolumns == 1 && (result->columns[0].type == wanted || result->columns[0].type == TYPE_RECORD));
    if (!result->rows++ && packed) {
        const CatRelation *relation = known->relation ? catalog_relation(result->session->catalog, known->relation) : NULL;
        if (relation && !(cells = cast_row(result, relation, cells, error)))
            return false;
        result->value = type_row_write(result->arena, cells, result->ncolumns);
    }
    if (result->rows == 1 && !packed)
        result->value = arena_strdup(result->arena, result->ncolumns ? cells[0] : NULL);
    result->is_packed = packed;
    result->fields = packed ? plpgsql_fields(result->columns, result->ncolumns, result->arena) : result->columns[0].fields;
    return false;
}

/* Does PostgreSQL look whether it can put the body in the call's place? One statement then makes a value. A function that is immutable is
 * called while planning, when its arguments are constants. */
static bool may_be_inlined(const Routine *routine, size_t nstatements)
{
    const CatProc *proc = routine->proc;
    return nstatements == 1 && proc->kind == 'f' && !proc->returns_set && proc->return_type != TYPE_RECORD && proc->volatility != 'i' &&
           !routine->security_definer && !routine->config;
}

static bool is_bare(const Node *node)
{
    const PgQuery__SelectStmt *select = node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT ? node->select_stmt : NULL;
    return select && !select->n_from_clause && !select->where_clause && !select->limit_count && !select->limit_offset &&
           !select->n_sort_clause && !select->n_group_clause && !select->n_values_lists && !select->larg && select->n_target_list == 1;
}

/* Does it put it there? Then what fails when it runs is told without a line of this function's. */
static bool is_inlined(Session *session, const Routine *routine, const RoutineCall *call, Arena *arena)
{
    const CatProc *proc = routine->proc;
    if (call->sink || call->folds || call->trigger || proc->kind != 'f' || proc->returns_set)
        return false;
    Expr *expr = ARENA_NEW(arena, Expr);
    *expr = (Expr){.kind = EXPR_FUNC, .oid = proc->oid, .type = call->result_type ? call->result_type : proc->return_type, .typmod = -1};
    const CatType *type = catalog_type(session->catalog, expr->type);
    expr->collation = type ? type->collation : OID_NONE;
    expr->nargs = call->nargs;
    expr->args = ARENA_ARRAY(arena, Expr *, call->nargs + 1);
    for (int i = 0; i < call->nargs; i++)
        expr->args[i] = expr_const(arena, call->types[i], -1, call->args[i]);
    return routine_inline_once(session, expr, 0, arena, NULL) != NULL;
}

void routine_place_in_body(const char *text, Error *error)
{
    if (error->position <= 0)
        return;
    error->query = arena_strdup(error->arena, text);
    error->query_position = error->position;
    error->position = 0;
}

/* An error of a body as such, found before it runs. */
static bool fail_to_start(const Routine *routine, const char *text, bool inlined, Arena *arena, Error *error)
{
    routine_place_in_body(text, error);
    routine_add_context(error, arena_printf(arena, "SQL function \"%s\" during %s", routine->proc->name, inlined ? "inlining" : "startup"));
    return false;
}

static bool is_query(const Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT || node->node_case == PG_QUERY__NODE__NODE_INSERT_STMT ||
           node->node_case == PG_QUERY__NODE__NODE_UPDATE_STMT || node->node_case == PG_QUERY__NODE__NODE_DELETE_STMT;
}

static Query *analyze_statement(SqlResult *result, const ParsedText *parsed, size_t at, const char *text, const SqlVariables *variables,
                                Error *error)
{
    Session *session = result->session;
    AnalyzeContext context = {.catalog = session->catalog, .functions = &session->functions, .text = text, .variables = variables};
    return sql_analyze(parsed->items[at].node, &context, result->arena, error);
}

/* What no function in SQL may run. */
static bool may_stand_in_body(const Node *node, Error *error)
{
    const PgQuery__CopyStmt *copy = node->node_case == PG_QUERY__NODE__NODE_COPY_STMT ? node->copy_stmt : NULL;
    if (copy && (!copy->filename || !*copy->filename))
        return error_unsupported(error, "cannot COPY to/from client in an SQL function");
    return node->node_case != PG_QUERY__NODE__NODE_TRANSACTION_STMT ||
           error_unsupported(error, "%s is not allowed in an SQL function", sql_command_tag(node));
}

static bool check_call(SqlResult *result, const Node *node, const char *text, const SqlVariables *variables, Error *error)
{
    Session *session = result->session;
    AnalyzeContext context = {.catalog = session->catalog, .functions = &session->functions, .text = text, .variables = variables};
    const Expr *call = sql_analyze_call(node->call_stmt->funccall, &context, result->arena, error);
    return call && command_check_call(call, session->catalog, error);
}

/* All statements must make sense, and be planned, before the first of them runs; of a single one the run itself says so. */
static bool start_all(SqlResult *result, const ParsedText *parsed, const char *text, const SqlVariables *variables, Error *error)
{
    const Node *last = parsed->count ? parsed->items[parsed->count - 1].node : NULL;
    Query **queries = ARENA_ARRAY(result->arena, Query *, parsed->count + 1);
    for (size_t i = 0; parsed->count > 1 && i < parsed->count; i++)
        if (is_query(parsed->items[i].node) && !(queries[i] = analyze_statement(result, parsed, i, text, variables, error)))
            return false;
    for (size_t i = 0; i < parsed->count; i++)
        if (parsed->items[i].node->node_case == PG_QUERY__NODE__NODE_CALL_STMT &&
            !check_call(result, parsed->items[i].node, text, variables, error))
            return false;
    if (!(last && is_query(last)) && !check_columns(result, NULL, 0, error))
        return false;
    for (size_t i = 0; i < parsed->count; i++) {
        bool planned = parsed->count == 1 || !queries[i] || routine_is_called(queries[i], result->session->catalog) ||
                       routine_fold_query(result->session, queries[i], result->arena, error);
        if (!planned || !may_stand_in_body(parsed->items[i].node, error) ||
            (parsed->count > 1 && !routine_may_run(result->session, parsed->items[i].node, queries[i], error)))
            return false;
    }
    return true;
}

/* Whether the statement has not got beyond its plan. */
static bool fails_to_plan(SqlResult *result, const ParsedText *parsed, size_t at, const char *text, const SqlVariables *variables)
{
    Error ignored;
    error_init(&ignored, result->arena);
    if (result->session->planning_failed || result->unfit || parsed->count > 1 || !is_query(parsed->items[at].node))
        return result->session->planning_failed || result->unfit;
    Query *query = analyze_statement(result, parsed, at, text, variables, &ignored);
    return query && !routine_is_called(query, result->session->catalog) &&
           !routine_fold_query(result->session, query, result->arena, &ignored);
}

static bool fail_to_run(SqlResult *result, const Routine *routine, const ParsedText *parsed, size_t at, const char *text,
                        const SqlVariables *variables, Error *error)
{
    Arena *arena = result->arena;
    bool tried = may_be_inlined(routine, parsed->count) && (!result->unfit || is_bare(parsed->items[at].node));
    if (error->position > 0 || result->unfit)
        return fail_to_start(routine, text, tried, arena, error);
    if (is_inlined(result->session, routine, result->call, arena))
        return false;
    if (fails_to_plan(result, parsed, at, text, variables))
        return fail_to_start(routine, text, false, arena, error);
    routine_add_context(error, arena_printf(arena, "SQL function \"%s\" statement %zu", routine->proc->name, at + 1));
    return false;
}

/* A call on its way. */
typedef struct SqlCall {
    Session *session;
    const Routine *routine;
    const RoutineCall *call;
    size_t at; /* the statement that runs */
} SqlCall;

static const char *sql_line(void *arg, Arena *arena)
{
    const SqlCall *sql = arg;
    bool is_muted = sql->session->is_muted;
    sql->session->is_muted = true;
    bool inlined = is_inlined(sql->session, sql->routine, sql->call, arena);
    sql->session->is_muted = is_muted;
    return inlined ? NULL : arena_printf(arena, "SQL function \"%s\" statement %zu", sql->routine->proc->name, sql->at + 1);
}

static bool run_sql(Session *session, const Routine *routine, RoutineCall *call, Arena *arena, Error *error)
{
    ParsedText parsed;
    const char *text = command_body_statements(routine->source, arena);
    if (!sql_parse(text, arena, &parsed, error))
        return fail_to_start(routine, text, may_be_inlined(routine, 1), arena, error);
    SqlBinding binding = {.parameters = {routine->proc, call->types, call->nargs}, .call = call};
    binding.variables = (SqlVariables){.arg = &binding.parameters, .conflict = SQL_CONFLICT_COLUMN, .find = routine_find_parameter};
    PlHost *host = routine_host(session, arena);
    SqlResult result = {.call = call, .proc = routine->proc, .session = session, .arena = arena};
    PlSink sink = {.arg = &result, .columns = sql_columns, .row = sql_row};
    bool tried = may_be_inlined(routine, parsed.count) && is_query(parsed.items[0].node);
    if (!start_all(&result, &parsed, text, &binding.variables, error))
        return fail_to_start(routine, text, tried, arena, error);
    SqlCall way = {session, routine, call, 0};
    const PlCallLine line = {&way, sql_line};
    for (size_t i = 0; i < parsed.count; i++) {
        PlSql sql = {.node = parsed.items[i].node, .text = text, .variables = &binding.variables, .values = sql_values, .arg = &binding};
        sql.is_generic = true;
        uint64_t count;
        bool gives_rows, is_last = i + 1 == parsed.count;
        session->planning_failed = false;
        way.at = i;
        plpgsql_enter(&session->routines, &line, arena);
        bool done = host->execute(host->arg, &sql, is_last && routine->proc->return_type != TYPE_VOID ? &sink : NULL, &count, &gives_rows,
                                  arena, error);
        plpgsql_leave(&session->routines);
        if (!done)
            return fail_to_run(&result, routine, &parsed, i, text, &binding.variables, error);
    }
    call->result = result.value;
    call->fields = result.fields;
    Oid wanted = call->result_type, got = result.ncolumns ? result.columns[0].type : OID_NONE;
    bool casts = !call->sink && result.rows && !result.is_packed && wanted && got && wanted != got;
    return !casts || plpgsql_cast(host, result.value, got, -1, wanted, -1, arena, &call->result, error);
}

/* ---- one call ---- */

bool routine_may_end(const Session *session, const PortalParams *params)
{
    if (session->tx.state != TX_IMPLICIT || session->many_statements || session->tx.savepoints.count)
        return false;
    return session->routine_depth ? session->routine_ends && params && params->sql && params->sql->is_call : true;
}

bool routine_may_run(const Session *session, const Node *statement, const Query *query, Error *error)
{
    if (!session->routine_only_reads || (query && sql_only_reads(query)))
        return true;
    return error_unsupported(error, "%s is not allowed in a non-volatile function",
                             query ? sql_query_name(query) : sql_command_tag(statement));
}

bool routine_may_go_deeper(const Session *session, Error *error)
{
    return (session->routine_depth <= MAX_DEPTH && !stack_is_short()) || error_too_deep(error);
}

bool routine_call(Session *session, RoutineCall *call, Arena *arena, Error *error)
{
    Routine routine;
    StrList before = {0};
    call->folds = session->routine_folds;
    session->routine_folds = false;
    bool inlined = session->routine_inlined && !session->routine_only_reads;
    session->routine_inlined = false;
    if (!load(session, call->proc, call->trigger, arena, &routine, error))
        return false;
    if (!routine_may_go_deeper(session, error))
        return false;
    bool (*run)(Session * session, const Routine *routine, RoutineCall *call, Arena *arena, Error *error) =
        routine.language == LANGUAGE_OF_SQL    ? run_sql
        : routine.language == LANGUAGE_PLPGSQL ? routine_run_plpgsql
        : routine.language == LANGUAGE_OF_C    ? routine_run_module
                                               : NULL;
    if (!run)
        return error_unsupported(error, "calling function %s is not supported", routine.signature);
    bool fires = routine.proc->return_type == TYPE_TRIGGER || routine.proc->return_type == TYPE_EVENT_TRIGGER;
    if (fires && !call->trigger) {
        error_unsupported(error, "trigger functions can only be called as triggers");
        return routine.language == LANGUAGE_PLPGSQL &&
               error_context(error, "compilation of PL/pgSQL function \"%s\" near line 1", routine.proc->name);
    }
    if (routine.language == LANGUAGE_PLPGSQL) /* its settings are known where the routine's own configuration names them */
        session_load(&session->services, "plpgsql");
    ActingUser before_user = {0};
    bool ends = session->routine_ends, only_reads = session->routine_only_reads;
    int64_t as_of = session->as_of;
    const Opening *opening = session->opening;
    CatalogPin *pin = catalog_pin(session->catalog);
    session->routine_depth++;
    session->opening = NULL;
    session->routine_only_reads = routine.proc->volatility != 'v' && !inlined;
    if (!session->routine_only_reads)
        session->as_of = 0;
    session->routine_ends = call->may_end && !routine.security_definer && !routine.config;
    if (routine.security_definer)
        before_user = session_act_as(session, (ActingUser){routine.owner, true, session->is_restricted});
    bool done = session_config_apply(&session->services, routine.config, arena, &before, error);
    if (done && routine.config) /* names are shown as the routine's own search path asks */
        routine.signature = catalog_format_proc(session->catalog, routine.proc, arena);
    done = done && run(session, &routine, call, arena, error);
    session->routine_ends = ends;
    session->routine_only_reads = only_reads;
    session->as_of = as_of;
    session->opening = opening;
    if (routine.security_definer)
        (void)session_act_as(session, before_user);
    session_config_restore(&session->services, &before, arena);
    session->routine_depth--;
    if (routine.proc->return_type == TYPE_RECORD && !routine.proc->all_modes) /* nobody beyond the call knows what is in it */
        call->result = catalog_with_fields(TYPE_RECORD, call->fields, call->result, arena);
    catalog_unpin(pin);
    return done;
}

/* ---- DO ---- */

static bool read_do(const PgQuery__DoStmt *statement, const char **code, const char **language, Error *error)
{
    *code = NULL;
    *language = NULL;
    for (size_t i = 0; i < statement->n_args; i++) {
        const PgQuery__DefElem *option = statement->args[i]->def_elem;
        const char **slot = strcmp(option->defname, "as") == 0 ? code : language;
        if (*slot) {
            error_set(error, ERRCODE_SYNTAX_ERROR, "conflicting or redundant options");
            return error_at(error, option->location);
        }
        *slot = option->arg->string->sval;
    }
    if (!*code)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "no inline code specified");
    if (!*language)
        *language = "plpgsql";
    return true;
}

static bool check_do_language(Session *session, const char *language, Arena *arena, Error *error)
{
    CatalogRows *rows = catalog_query(session->catalog, arena, error,
                                      "SELECT oid, lanpltrusted, laninline FROM pg_language WHERE lanname = ?1", "s", language);
    if (!rows)
        return false;
    if (!rows->nrows)
        return command_language_missing(session->hub->options.wrappers, language, arena, error);
    Oid oid = (Oid)CATALOG_CELL(rows, 0, 0).i;
    if (CATALOG_CELL(rows, 0, 1).i
            ? catalog_privileges(session->catalog, PG_LANGUAGE_RELATION, oid, 0, session->current_user, ACL_USAGE) != ACL_USAGE
            : !session_is_superuser(session))
        return catalog_denied(session->catalog, PG_LANGUAGE_RELATION, oid, false, error);
    return CATALOG_CELL(rows, 0, 2).i || error_unsupported(error, "language \"%s\" does not support inline code execution", language);
}

bool utility_do(Utility *utility, Error *error)
{
    Session *session = utility->session;
    Arena *arena = utility->portal->arena;
    const char *code, *language;
    if (!read_do(utility->node->do_stmt, &code, &language, error) || !check_do_language(session, language, arena, error))
        return false;
    session->tx.has_snapshot = true;
    PlRoutine routine = {.name = "inline_code_block",
                         .signature = "inline_code_block",
                         .body = code,
                         .return_type = TYPE_VOID,
                         .is_inline = true,
                         .checks_sql = str_eq(settings_get(session->settings, "check_function_bodies"), "on")};
    BodyNotices of = {&session->notices, utility->portal->source_text, code, arena};
    const Notices placed = command_body_notices(&of), *direct = catalog_notices(session->catalog);
    catalog_set_notices(session->catalog, &placed);
    PlFunction *function = plpgsql_compile(&routine, session->catalog, &session->functions, arena, error);
    catalog_set_notices(session->catalog, direct);
    if (!function) {
        command_place_in_body(error, utility->portal->source_text, code);
        return false;
    }
    PlCall call = {.host = routine_host(session, arena), .depth = session->routine_depth};
    CatalogPin *pin = catalog_pin(session->catalog);
    bool ends = session->routine_ends;
    session->routine_ends = routine_may_end(session, utility->portal->params);
    session->routine_depth++;
    bool done = plpgsql_run(function, &call, arena, error);
    session->routine_depth--;
    session->routine_ends = ends;
    catalog_unpin(pin);
    return done;
}
