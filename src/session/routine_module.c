/*
 * routine_module.c - the functions that a bundled wrapper's extension brings: its validator; which connections the session has, and closing
 * them.
 *
 * A connection here is a pool's: the session is shown those servers that it has reached itself, as long as the pool keeps a connection of
 * that mapping open, and closes what is idle of them.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "func/func_fdw.h"
#include "session/routine.h"

static const char MODULE[] = "postgres_fdw";

static size_t module_uses(Session *session, Arena *arena, RemoteUse **out)
{
    size_t count = remote_uses(session->remote, arena, out), kept = 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp((*out)[i].module->name, MODULE) == 0)
            (*out)[kept++] = (*out)[i];
    return kept;
}

/* A server that is gone has no name, and its connection is of no use. */
static bool get_connections(Session *session, RoutineCall *call, Arena *arena, Error *error)
{
    static const PlColumn COLUMNS[] = {{"server_name", TYPE_TEXT, -1, NULL, OID_NONE}, {"valid", TYPE_BOOL, -1, NULL, OID_NONE}};
    RemoteUse *uses;
    size_t count = module_uses(session, arena, &uses);
    if (!call->sink->columns(call->sink->arg, COLUMNS, COUNT_OF(COLUMNS), error))
        return false;
    for (size_t i = 0; i < count; i++) {
        const CatServer *server = catalog_server(session->catalog, uses[i].server);
        const char *row[] = {server ? server->name : NULL, server ? "t" : "f"};
        if (!call->sink->row(call->sink->arg, row, error))
            return !error_is_set(error);
    }
    return true;
}

/* Of one server, or (OID_NONE) of all. */
static bool disconnect(Session *session, RoutineCall *call, Oid wanted, Arena *arena)
{
    RemoteUse *uses;
    bool closed = false;
    size_t count = module_uses(session, arena, &uses);
    for (size_t i = 0; i < count; i++) {
        const CatServer *server = catalog_server(session->catalog, uses[i].server);
        if (wanted && uses[i].server != wanted)
            continue;
        if (!uses[i].is_held)
            closed |= remote_disconnect(session->remote, &uses[i]);
        else if (server)
            notice(&session->notices, SEVERITY_WARNING, ERRCODE_WARNING,
                   "cannot close connection for server \"%s\" because it is still in use", server->name);
        else
            notice(&session->notices, SEVERITY_WARNING, ERRCODE_WARNING,
                   "cannot close dropped server connection because it is still in use");
    }
    call->result = closed ? "t" : "f";
    return true;
}

static bool disconnect_one(Session *session, RoutineCall *call, Arena *arena, Error *error)
{
    const CatServer *server = call->args[0] ? catalog_server_by_name(session->catalog, call->args[0]) : NULL;
    if (!call->args[0]) /* ALTER FUNCTION ... CALLED ON NULL INPUT */
        return true;
    if (!server)
        return error_set(error, ERRCODE_UNDEFINED_OBJECT, "server \"%s\" does not exist", call->args[0]);
    return disconnect(session, call, server->oid, arena);
}

static bool disconnect_all(Session *session, RoutineCall *call, Arena *arena, Error *error)
{
    (void)error;
    return disconnect(session, call, OID_NONE, arena);
}

/* ---- validators and handlers ---- */

/* An option without a value is one that is switched on. */
static bool validate(Session *session, const RoutineCall *call, const FdwModule *module, Arena *arena, Error *error)
{
    FuncFdwOption *given;
    size_t count;
    FdwRights rights;
    if (!call->args[0] || !call->args[1]) /* ALTER FUNCTION ... CALLED ON NULL INPUT */
        return true;
    if (!func_fdw_options(call->args[0], arena, &given, &count, error) ||
        !wrapper_rights(session->catalog, session->current_user, arena, &rights, error))
        return false;
    FdwObject object = wrapper_class_object((Oid)strtoul(call->args[1], NULL, 10));
    FdwOptionValue *values = ARENA_ARRAY(arena, FdwOptionValue, count + 1);
    for (size_t i = 0; i < count; i++) {
        const FdwOption *option = given[i].value ? NULL : wrapper_option(module, given[i].name, object);
        bool on = option && (option->type == FDW_OPTION_BOOL || option->type == FDW_OPTION_PLANNING_BOOL);
        if (option && !on && option->type != FDW_OPTION_TEXT)
            return error_set(error, ERRCODE_SYNTAX_ERROR, "%s requires a parameter", given[i].name);
        values[i] = (FdwOptionValue){given[i].name, given[i].value ? given[i].value : on ? "true" : ""};
    }
    FdwOptions options = {values, count};
    return wrapper_validate(session->hub->options.wrappers, module, object, &options, &rights, &session->notices, error);
}

/* A C function of a bundled wrapper's: what it is bound to says which. */
static bool run_bound(Session *session, const Routine *routine, RoutineCall *call, Arena *arena, Error *error)
{
    call->result = routine->proc->return_type == TYPE_BOOL ? "t" : "";
    if (routine->proc->return_type == TYPE_FDW_HANDLER) /* a value, which nobody can look at */
        return true;
    CatalogRows *rows = catalog_query(session->catalog, arena, error, "SELECT probin FROM pg_proc WHERE oid = ?1", "o", routine->proc->oid);
    const char *library = rows && rows->nrows ? rows->cells[0].text : NULL, *slash = library ? strrchr(library, '/') : NULL;
    const FdwModule *module = library ? wrapper_module(session->hub->options.wrappers, slash ? slash + 1 : library, error) : NULL;
    if (!module)
        return error_is_set(error) ? false : error_unsupported(error, "calling function %s is not supported", routine->signature);
    session_load(&session->services, module->name);
    return validate(session, call, module, arena, error);
}

static const struct {
    const char *symbol;
    bool (*run)(Session *session, RoutineCall *call, Arena *arena, Error *error);
} FUNCTIONS[] = {
    {"postgres_fdw_get_connections", get_connections},
    {"postgres_fdw_disconnect", disconnect_one},
    {"postgres_fdw_disconnect_all", disconnect_all},
};

/* Only the extension's own functions have these symbols: CREATE FUNCTION finds none in a module. */
bool routine_run_module(Session *session, const Routine *routine, RoutineCall *call, Arena *arena, Error *error)
{
    for (size_t i = 0; i < COUNT_OF(FUNCTIONS); i++)
        if (strcmp(routine->source, FUNCTIONS[i].symbol) == 0)
            return session_load(&session->services, MODULE), FUNCTIONS[i].run(session, call, arena, error);
    return run_bound(session, routine, call, arena, error);
}
