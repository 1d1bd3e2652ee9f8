/*
 * function_check.c - whether a new routine's body makes sense: PL/pgSQL is compiled, SQL parsed and analysed with its parameters, its
 * last statement held to the result type.
 *
 * Invariants:
 *  1. A place in the body becomes one in the statement when the body stands there as it is; else the body is the error's own query.
 *  2. check_function_bodies = off leaves bodies unread.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/body_place.h"
#include "command/body_text.h"
#include "command/function_internal.h"
#include "command/table_internal.h"
#include "command/view_internal.h"
#include "plpgsql/plpgsql.h"

static bool misplaced(Command *command, const NewRoutine *routine)
{
    command_place_in_body(command->error, command->context->text, routine->source);
    return false;
}

/* What may be of any type is tried as integer. */
static Oid tried_type(Oid type)
{
    static const struct {
        Oid type, tried;
    } TYPES[] = {{TYPE_ANYELEMENT, TYPE_INT4},
                 {TYPE_ANYNONARRAY, TYPE_INT4},
                 {TYPE_ANYENUM, TYPE_INT4},
                 {TYPE_ANYCOMPATIBLE, TYPE_INT4},
                 {TYPE_ANYCOMPATIBLENONARRAY, TYPE_INT4},
                 {TYPE_ANYARRAY, TYPE_INT4_ARRAY},
                 {TYPE_ANYCOMPATIBLEARRAY, TYPE_INT4_ARRAY}};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (TYPES[i].type == type)
            return TYPES[i].tried;
    return type;
}

static bool check_plpgsql(Command *command, const NewRoutine *routine)
{
    Oid *types = ARENA_ARRAY(command->arena, Oid, routine->nall + 1);
    for (int i = 0; i < routine->nall; i++)
        types[i] = tried_type(routine->all_types[i]);
    PlRoutine described = {.name = routine->name,
                           .is_checked = true,
                           .checks_sql = true,
                           .signature = routine->name,
                           .body = routine->source,
                           .return_type = tried_type(routine->result),
                           .names_result = sql_is_polymorphic(routine->result) && !(routine->modes && strpbrk(routine->modes, "obt")),
                           .returns_set = routine->returns_set && routine->result != TYPE_TRIGGER,
                           .is_procedure = routine->is_procedure,
                           .is_trigger = routine->result == TYPE_TRIGGER,
                           .is_event_trigger = routine->result == TYPE_EVENT_TRIGGER,
                           .nargs = routine->nall,
                           .types = types,
                           .modes = routine->modes,
                           .names = routine->names};
    return plpgsql_compile(&described, command->catalog, command->context->functions, command->arena, command->error) ||
           misplaced(command, routine);
}

/* ---- SQL ---- */

static bool find_parameter(void *arg, const char *const *names, int count, SqlVariable *out, Error *error)
{
    const NewRoutine *routine = arg;
    const char *name = count == 2 && str_eq(names[0], routine->name) ? names[1] : count == 1 ? names[0] : "";
    int wanted = name[0] == '$' ? (int)strtol(name + 1, NULL, 10) : 0, input = 0;
    for (int i = 0; i < routine->nall; i++) {
        if (!strchr("ibv", routine->modes[i]))
            continue;
        input++;
        if (input != wanted && !(*name && str_eq(routine->names[i], name)))
            continue;
        out->param = input;
        out->type = routine->all_types[i];
        return true;
    }
    return false;
}

/* ---- the last statement's columns ---- */

typedef struct ResultCheck {
    const FuncContext *functions;
    const RoutineResult *result;
    Arena *arena;
    Error *error;
} ResultCheck;

static const char *type_name(const ResultCheck *check, Oid type)
{
    return catalog_format_type(check->functions->catalog, type, TYPMOD_NOT_GIVEN, check->arena);
}

static bool mismatch(const ResultCheck *check, const char *detail)
{
    error_set(check->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "return type mismatch in function declared to return %s",
              type_name(check, check->result->type));
    return error_detail(check->error, "%s", detail);
}

/* As an assignment has it. */
static bool fits(const ResultCheck *check, Oid from, Oid to)
{
    Error ignored;
    error_init(&ignored, check->arena);
    AnalyzeContext context = {.catalog = check->functions->catalog, .functions = check->functions, .text = ""};
    return from == to || sql_coerce(expr_const(check->arena, from, -1, NULL), to, -1, &context, check->arena, &ignored);
}

static bool check_columns(const ResultCheck *check, const Oid *wanted, int nwanted, const Oid *types, int ntypes)
{
    for (int i = 0; i < ntypes; i++) {
        if (i >= nwanted)
            return mismatch(check, "Final statement returns too many columns.");
        const CatType *known = catalog_type(check->functions->catalog, wanted[i]);
        bool is_polymorphic = known && known->kind == 'p';
        if (!is_polymorphic && !fits(check, types[i], wanted[i]))
            return mismatch(check, arena_printf(check->arena, "Final statement returns %s instead of %s at column %d.",
                                                type_name(check, types[i]), type_name(check, wanted[i]), i + 1));
    }
    return ntypes >= nwanted || mismatch(check, "Final statement returns too few columns.");
}

/* The columns of a composite type. */
static int column_types(const ResultCheck *check, Oid relation, Oid **out)
{
    const CatRelation *of = catalog_relation(check->functions->catalog, relation);
    int count = 0;
    *out = ARENA_ARRAY(check->arena, Oid, of->ncolumns + 1);
    for (int i = 0; i < of->ncolumns; i++)
        if (!of->columns[i].dropped)
            (*out)[count++] = of->columns[i].type;
    return count;
}

bool command_check_result(const FuncContext *functions, const RoutineResult *result, const Oid *types, int ntypes, Arena *arena,
                          Error *error)
{
    ResultCheck check = {functions, result, arena, error};
    const CatType *known = catalog_type(functions->catalog, result->type);
    Oid *columns;
    if (result->type == TYPE_VOID)
        return true;
    if (!types)
        return mismatch(&check, "Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
    if (result->type != TYPE_RECORD && (!known || known->kind == 'p'))
        return true; /* polymorphic */
    if (result->type != TYPE_RECORD && known->kind != 'c') {
        if (ntypes != 1)
            return mismatch(&check, "Final statement must return exactly one column.");
        return fits(&check, types[0], result->type) ||
               mismatch(&check, arena_printf(arena, "Actual return type is %s.", type_name(&check, types[0])));
    }
    const CatType *first = ntypes == 1 ? catalog_type(functions->catalog, types[0]) : NULL;
    bool whole =
        first && (types[0] == TYPE_RECORD || first->kind == 'c') && (types[0] == TYPE_RECORD || fits(&check, types[0], result->type));
    if (whole)
        return true;
    if (result->type == TYPE_RECORD)
        return !result->noutputs || check_columns(&check, result->outputs, result->noutputs, types, ntypes);
    int count = column_types(&check, known->relation, &columns);
    return check_columns(&check, columns, count, types, ntypes);
}

bool command_check_call(const Expr *call, Catalog *catalog, Error *error)
{
    const char *modes = catalog_proc(catalog, call->oid)->all_modes;
    return !modes || !strpbrk(modes, "ob") ||
           error_unsupported(error, "calling procedures with output arguments is not supported in SQL functions");
}

/* query NULL: the last statement gives no rows. */
static bool check_result(Command *command, const NewRoutine *routine, const Query *query)
{
    RoutineResult result = {.type = routine->result};
    Oid *types = query ? ARENA_ARRAY(command->arena, Oid, query->ntargets + 1) : NULL,
        *outputs = ARENA_ARRAY(command->arena, Oid, routine->nall + 1);
    int ntypes = 0;
    for (int i = 0; query && i < query->ntargets; i++)
        if (!query->targets[i].junk)
            types[ntypes++] = query->targets[i].expr->type;
    result.outputs = outputs;
    for (int i = 0; i < routine->nall; i++)
        if (strchr("obt", routine->modes[i]))
            outputs[result.noutputs++] = routine->all_types[i];
    return command_check_result(command->context->functions, &result, types, ntypes, command->arena, command->error) ||
           error_context(command->error, "SQL function \"%s\"", routine->name);
}

/* ---- SQL bodies ---- */

static bool is_polymorphic(const NewRoutine *routine, Catalog *catalog)
{
    for (int i = 0; i < routine->nall; i++) {
        const CatType *type = catalog_type(catalog, routine->all_types[i]);
        if (type && type->kind == 'p')
            return true;
    }
    return false;
}

static bool check_sql(Command *command, const NewRoutine *routine)
{
    ParsedText parsed;
    if (!sql_parse(routine->source, command->arena, &parsed, command->error))
        return misplaced(command, routine);
    if (is_polymorphic(routine, command->catalog))
        return true;
    SqlVariables variables = {.arg = (void *)(uintptr_t)routine, .conflict = SQL_CONFLICT_COLUMN, .find = find_parameter};
    const Query *last = NULL;
    for (size_t i = 0; i < parsed.count; i++) {
        const Node *node = parsed.items[i].node;
        AnalyzeContext context = {
            .catalog = command->catalog, .functions = command->context->functions, .text = routine->source, .variables = &variables};
        last = NULL;
        bool writes = node->node_case == PG_QUERY__NODE__NODE_INSERT_STMT || node->node_case == PG_QUERY__NODE__NODE_UPDATE_STMT ||
                      node->node_case == PG_QUERY__NODE__NODE_DELETE_STMT;
        if ((writes || node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT) &&
            !(last = sql_analyze(node, &context, command->arena, command->error)))
            return misplaced(command, routine);
        const Expr *call = NULL;
        if (node->node_case == PG_QUERY__NODE__NODE_CALL_STMT &&
            !(call = sql_analyze_call(node->call_stmt->funccall, &context, command->arena, command->error)))
            return misplaced(command, routine);
        if (call && !command_check_call(call, command->catalog, command->error))
            return error_context(command->error, "SQL function \"%s\"", routine->name);
        if (writes)
            last = last->returning;
    }
    return check_result(command, routine, last);
}

/* ---- SQL-standard bodies ---- */

/* RETURN x is SELECT x. */
static const Node *select_of(Command *command, PgQuery__ReturnStmt *statement)
{
    Arena *arena = command->arena;
    Node *target = ARENA_NEW(arena, Node), *select = ARENA_NEW(arena, Node);
    pg_query__node__init(target);
    target->node_case = PG_QUERY__NODE__NODE_RES_TARGET;
    target->res_target = ARENA_NEW(arena, PgQuery__ResTarget);
    pg_query__res_target__init(target->res_target);
    target->res_target->val = statement->returnval;
    pg_query__node__init(select);
    select->node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
    select->select_stmt = ARENA_NEW(arena, PgQuery__SelectStmt);
    pg_query__select_stmt__init(select->select_stmt);
    select->select_stmt->n_target_list = 1;
    select->select_stmt->target_list = ARENA_ARRAY(arena, Node *, 1);
    select->select_stmt->target_list[0] = target;
    return select;
}

/* One statement: what it uses, the routine depends on. */
static bool check_standard(Command *command, const NewRoutine *routine, const Node *node, RoutineBody *body)
{
    SqlVariables variables = {.arg = (void *)(uintptr_t)routine, .conflict = SQL_CONFLICT_COLUMN, .find = find_parameter};
    AnalyzeContext context = {.catalog = command->catalog,
                              .functions = command->context->functions,
                              .text = command->context->text,
                              .variables = &variables,
                              .flat_views = true};
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_RETURN_STMT:
        body->is_return = true;
        node = select_of(command, node->return_stmt);
        break;
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
        break;
    case PG_QUERY__NODE__NODE__NOT_SET: /* BEGIN ATOMIC END */
        return true;
    default:
        return error_unsupported(command->error, "%s is not yet supported in unquoted SQL function body", sql_command_tag(node));
    }
    Query *query = sql_analyze(node, &context, command->arena, command->error);
    if (!query)
        return false;
    body_mark_return(query, body->is_return);
    view_keep_relations(query, command->arena);
    vec_push(command->arena, body, query);
    return true;
}

static bool store_standard(Command *command, const RoutineBody *body)
{
    const char *text = routine_body_stored(command, body);
    for (size_t i = 0; i < body->count; i++)
        if (!query_types_usable(command, body->items[i]) ||
            !query_depend(command, object_address(PG_PROC_RELATION, body->oid, 0), body->items[i]))
            return false;
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_proc SET prosqlbody = ?2 WHERE oid = ?1", "os", body->oid, text);
}

bool routine_check_standard_body(Command *command, const Node *node, const NewRoutine *routine, Oid oid)
{
    RoutineBody body = {.oid = oid};
    const PgQuery__List *list = node->node_case == PG_QUERY__NODE__NODE_LIST ? node->list : NULL;
    if (list && list->n_items == 1 && list->items[0]->node_case == PG_QUERY__NODE__NODE_LIST)
        list = list->items[0]->list;
    if (is_polymorphic(routine, command->catalog))
        return error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION,
                         "SQL function with unquoted function body cannot have polymorphic arguments");
    for (size_t i = 0; i < (list ? list->n_items : 1); i++)
        if (!check_standard(command, routine, list ? list->items[i] : node, &body))
            return false;
    const Query *last = body.count ? body.items[body.count - 1] : NULL;
    if (!check_result(command, routine, last && last->kind != QUERY_SELECT ? last->returning : last))
        return false;
    return store_standard(command, &body);
}

bool routine_check_body(Command *command, const NewRoutine *routine)
{
    if (routine->body || (routine->language != LANGUAGE_PLPGSQL && routine->language != LANGUAGE_SQL))
        return true;
    BodyNotices of = {command->context->notices, command->context->text, routine->source, command->arena};
    const Notices placed = command_body_notices(&of), *direct = catalog_notices(command->catalog);
    catalog_set_notices(command->catalog, &placed);
    bool done = routine->language == LANGUAGE_PLPGSQL ? check_plpgsql(command, routine) : check_sql(command, routine);
    catalog_set_notices(command->catalog, direct);
    return done;
}
