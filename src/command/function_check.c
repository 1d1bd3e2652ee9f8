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

static void warn(void *arg, const Error *warning)
{
    Command *command = ((void **)arg)[0];
    Error placed = *warning;
    command_place_in_body(&placed, command->context->text, ((void **)arg)[1]);
    command->context->notices->emit(command->context->notices->arg, &placed);
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
    void *warns_for[] = {command, (void *)(uintptr_t)routine->source};
    PlRoutine described = {.name = routine->name,
                           .warn = warn,
                           .warn_arg = warns_for,
                           .signature = routine->name,
                           .body = routine->source,
                           .return_type = tried_type(routine->result),
                           .returns_set = routine->returns_set,
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

static bool find_parameter(void *arg, const char *const *names, int count, int *param, Oid *type, int32_t *typmod, Error *error)
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
        *param = input;
        *type = routine->all_types[i];
        return true;
    }
    return false;
}

static bool mismatch(Command *command, const NewRoutine *routine, const char *detail)
{
    error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "return type mismatch in function declared to return %s",
              catalog_format_type(command->catalog, routine->result, TYPMOD_NOT_GIVEN, command->arena));
    error_detail(command->error, "%s", detail);
    return error_context(command->error, "SQL function \"%s\"", routine->name);
}

static int output_count(const NewRoutine *routine)
{
    int count = 0;
    for (int i = 0; i < routine->nall; i++)
        count += strchr("obt", routine->modes[i]) != NULL;
    return count;
}

/* query NULL: the last statement gives no rows. */
static bool check_result(Command *command, const NewRoutine *routine, const Query *query)
{
    const CatType *known = catalog_type(command->catalog, routine->result);
    if (routine->result == TYPE_VOID)
        return true;
    if (!query)
        return mismatch(command, routine, "Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
    int columns = 0, outputs = output_count(routine);
    for (int i = 0; i < query->ntargets; i++)
        columns += !query->targets[i].junk;
    if (routine->result == TYPE_RECORD && outputs > 1)
        return columns == outputs ||
               mismatch(command, routine,
                        columns < outputs ? "Final statement returns too few columns." : "Final statement returns too many columns.");
    if (!known || known->kind == 'c' || known->kind == 'p')
        return true;
    if (columns != 1)
        return mismatch(command, routine, "Final statement must return exactly one column.");
    const Expr *value = query->targets[0].expr;
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = ""};
    Expr *probe = expr_const(command->arena, value->type, value->typmod, NULL);
    if (sql_coerce(probe, routine->result, -1, &context, command->arena, command->error))
        return true;
    return mismatch(command, routine,
                    arena_printf(command->arena, "Actual return type is %s.",
                                 catalog_format_type(command->catalog, value->type, TYPMOD_NOT_GIVEN, command->arena)));
}

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
        if (writes && i + 1 == parsed.count)
            return true;
        if (node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT && !(last = sql_analyze(node, &context, command->arena, command->error)))
            return misplaced(command, routine);
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
    if (routine->body)
        return true;
    return routine->language == LANGUAGE_PLPGSQL ? check_plpgsql(command, routine)
           : routine->language == LANGUAGE_SQL   ? check_sql(command, routine)
                                                 : true;
}
