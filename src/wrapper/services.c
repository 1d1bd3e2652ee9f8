/*
 * services.c - what the host does for a module: memory, errors, notices, the log, cancellation, parsing of texts into vectors.
 *
 * Invariants:
 *  1. A call's memory, errors and scratch belong to its CallSpace alone: calls of different threads share nothing here.
 *  2. The scratch arena of set_text is emptied whenever it has grown past SCRATCH_LIMIT, so that a long scan holds no memory.
 *
 * Any thread, one a CallSpace.
 */
#include <string.h>

#include "base/fiber.h"
#include "wrapper/wrapper_internal.h"

enum { SCRATCH_LIMIT = 256 * 1024 };

static CallSpace *space_of(FdwCall *call)
{
    return call->context;
}

static void *service_alloc(FdwCall *call, size_t size)
{
    return arena_alloc(space_of(call)->arena, size);
}

static bool service_fail(FdwCall *call, const FdwError *failure)
{
    Error *error = space_of(call)->error;
    error_set(error, failure->sqlstate, "%s", failure->message);
    if (failure->detail)
        error_detail(error, "%s", failure->detail);
    if (failure->hint)
        error_hint(error, "%s", failure->hint);
    if (failure->context)
        error_context(error, "%s", failure->context);
    return false;
}

static bool service_add_context(FdwCall *call, const char *line)
{
    Error *error = space_of(call)->error;
    if (!error_is_set(error))
        return false;
    const char *before = error->context;
    return before ? error_context(error, "%s\n%s", before, line) : error_context(error, "%s", line);
}

static void service_log(FdwCall *call, FdwLogLevel level, const char *text)
{
    static const LogLevel LEVELS[] = {LOG_WARNING_LEVEL, LOG_INFO_LEVEL, LOG_DEBUG_LEVEL};
    WrapperHost *host = space_of(call)->host;
    if (host)
        log_write(host->log, LEVELS[level], "%s", text);
}

static bool service_cancelled(FdwCall *call)
{
    return remote_is_cancelled(space_of(call)->session);
}

static void service_notice(FdwCall *call, const char *sqlstate, const char *text)
{
    notice(space_of(call)->notices, SEVERITY_WARNING, sqlstate, "%s", text);
}

/* Emptied before each value once it has grown, so that what a value points to lasts until it is in its vector (invariant 2). */
static Arena *scratch_of(CallSpace *space)
{
    if (!space->scratch)
        space->scratch = arena_open(space->arena);
    else if (arena_size(space->scratch) > SCRATCH_LIMIT)
        arena_reset(space->scratch);
    return space->scratch;
}

static bool put_text(FdwCall *call, FdwVector *vector, size_t row, const char *text, size_t length, Arena *scratch)
{
    CallSpace *space = space_of(call);
    Value value;
    if (!type_input(vector->type.oid, vector->type.typmod, text, length, space->types, scratch, &value, space->error))
        return false;
    type_vector_set(vector, row, &value, call->host->set_string);
    return true;
}

static bool service_set_text(FdwCall *call, FdwVector *vector, size_t row, const char *text, size_t length)
{
    return put_text(call, vector, row, text, length, scratch_of(space_of(call)));
}

/* What has the binary form of another type than the vector's is put there by its text form. */
static bool service_set_binary(FdwCall *call, FdwVector *vector, size_t row, uint32_t type, const char *bytes, size_t length)
{
    CallSpace *space = space_of(call);
    Arena *scratch = scratch_of(space);
    bool is_own = type == vector->type.oid;
    Value value;
    if (!type_receive(type, is_own ? vector->type.typmod : -1, bytes, length, space->types, scratch, &value, space->error))
        return false;
    if (is_own) {
        type_vector_set(vector, row, &value, call->host->set_string);
        return true;
    }
    Str text;
    str_init(&text, scratch);
    return type_output(type, &value, &TYPE_CONTEXT_CANONICAL, &text, space->error) &&
           put_text(call, vector, row, text.data ? text.data : "", text.len, scratch);
}

static int service_wait(FdwCall *call, int fd, short events, int milliseconds)
{
    return (space_of(call)->parks ? fiber_poll : thread_poll)(fd, events, milliseconds);
}

static const FdwClient *service_client(FdwCall *call)
{
    const RemoteSession *session = space_of(call)->session;
    return session && session->client.setting ? &session->client.shown : NULL;
}

static const char *service_setting(FdwCall *call, const char *name)
{
    const RemoteSession *session = space_of(call)->session;
    return session && session->client.setting ? session->client.setting(session->client.arg, name, space_of(call)->arena) : NULL;
}

void wrapper_services_init(FdwHost *services)
{
    *services = (FdwHost){
        .size = sizeof(FdwHost),
        .alloc = service_alloc,
        .fail = service_fail,
        .log = service_log,
        .cancelled = service_cancelled,
        .set_text = service_set_text,
        .notice = service_notice,
        .add_context = service_add_context,
        .set_binary = service_set_binary,
        .wait = service_wait,
        .client = service_client,
        .setting = service_setting,
    };
}

FdwCall *wrapper_host_call(CallSpace *space, WrapperHost *host, Arena *arena, const Notices *notices, Error *error)
{
    *space = (CallSpace){.arena = arena, .error = error, .notices = notices, .host = host, .types = &TYPE_CONTEXT_CANONICAL};
    space->call = (FdwCall){&host->services, space};
    return &space->call;
}

FdwCall *wrapper_call(CallSpace *space, RemoteSession *session, Arena *arena, const TypeContext *types, Error *error)
{
    FdwCall *call = wrapper_host_call(space, session->host, arena, session->notices, error);
    space->session = session;
    if (types)
        space->types = types;
    return call;
}
