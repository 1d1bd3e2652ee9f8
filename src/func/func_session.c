/*
 * func_session.c - functions about the session: who, where, when, settings, other backends.
 *
 *  1. Everything comes from the FuncContext; a service that is NULL means there is nothing of that kind.
 * Any thread.
 */
#include "func/func_internal.h"

#include <time.h>
#include <unistd.h>

/* ---- who and where ---- */

static const char *role_name(FuncCall *call, Oid role)
{
    const CatRole *row = catalog_role(call->context->catalog, role);
    return row ? arena_strdup(call->arena, row->name) : NULL;
}

static bool current_user(FuncCall *call)
{
    return return_text(call, role_name(call, call->context->current_user));
}

static bool session_user(FuncCall *call)
{
    return return_text(call, role_name(call, call->context->session_user));
}

static bool current_database(FuncCall *call)
{
    return return_text(call, call->context->database);
}

static bool current_schema(FuncCall *call)
{
    const Oid *path;
    size_t count = catalog_search_path(call->context->catalog, false, &path);
    const CatNamespace *row = count ? catalog_namespace(call->context->catalog, path[0]) : NULL;
    return return_text(call, row ? arena_strdup(call->arena, row->name) : NULL);
}

static bool current_schemas(FuncCall *call)
{
    const Oid *path;
    size_t count = catalog_search_path(call->context->catalog, call->args[0].b, &path), n = 0;
    ArrayElement *names = ARENA_ARRAY(call->arena, ArrayElement, count + 1);
    for (size_t i = 0; i < count; i++) {
        const CatNamespace *row = catalog_namespace(call->context->catalog, path[i]);
        if (row)
            names[n++] = (ArrayElement){arena_strdup(call->arena, row->name), strlen(row->name)};
    }
    Str out;
    str_init(&out, call->arena);
    type_array_write(names, n, &out);
    return return_text(call, out.data);
}

static bool version(FuncCall *call)
{
    return return_text(call, "PostgreSQL 15.0 (Medley " MEDLEY_VERSION ") on x86_64-pc-linux-gnu, compiled by gcc, 64-bit");
}

static bool backend_pid(FuncCall *call)
{
    return return_int(call, call->context->backend_pid);
}

static bool client_address(FuncCall *call)
{
    return return_text(call, call->context->client_address);
}

static bool client_port(FuncCall *call)
{
    return call->context->client_address ? return_int(call, call->context->client_port) : return_null(call);
}

static bool server_address(FuncCall *call)
{
    return return_text(call, call->context->server_address);
}

static bool server_port(FuncCall *call)
{
    return call->context->server_address ? return_int(call, call->context->server_port) : return_null(call);
}

static bool encoding(FuncCall *call)
{
    return return_text(call, "UTF8");
}

static bool is_false(FuncCall *call)
{
    return return_bool(call, false);
}

static bool trigger_depth(FuncCall *call)
{
    const SessionServices *session = call->context->session;
    return return_int(call, session && session->trigger_depth ? session->trigger_depth(session->arg) : 0);
}

static bool current_query(FuncCall *call)
{
    const SessionServices *session = call->context->session;
    return return_text(call, session && session->client_text ? session->client_text(session->arg) : NULL);
}

static bool empty_array(FuncCall *call)
{
    return return_text(call, "{}");
}

/* ---- when ---- */

static bool transaction_time(FuncCall *call)
{
    return return_int(call, call->context->transaction_start);
}

static bool statement_time(FuncCall *call)
{
    return return_int(call, call->context->statement_start);
}

static bool clock_time(FuncCall *call)
{
    return return_int(call, clock_now());
}

static bool server_start_time(FuncCall *call)
{
    return return_int(call, call->context->server_start);
}

static bool time_of_day(FuncCall *call)
{
    static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}, *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr",
                                                                                                            "May", "Jun", "Jul", "Aug",
                                                                                                            "Sep", "Oct", "Nov", "Dec"};
    int64_t now = clock_now();
    const char *zone = NULL;
    int offset = timezone_offset_at(call->context->types->time_zone, now, &zone);
    time_t local = (time_t)(now / 1000000 + offset);
    struct tm parts;
    gmtime_r(&local, &parts);
    return return_text(call, arena_printf(call->arena, "%s %s %02d %02d:%02d:%02d.%06d %d %s", DAYS[parts.tm_wday], MONTHS[parts.tm_mon],
                                          parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, (int)(now % 1000000),
                                          parts.tm_year + 1900, zone ? zone : ""));
}

/* ---- settings ---- */

bool func_sees_setting(const FuncContext *context, const char *name)
{
    const SessionServices *session = context->session;
    return !session || !session->setting_is_hidden || !session->setting_is_hidden(session->arg, name) ||
           catalog_has_privs_of(context->catalog, context->current_user, ROLE_PG_READ_ALL_SETTINGS);
}

static bool current_setting(FuncCall *call)
{
    const SessionServices *session = call->context->session;
    const char *name = arg_text(call, 0);
    bool missing_ok = call->nargs > 1 && call->args[1].b;
    if (!func_sees_setting(call->context, name))
        return error_set(call->error, ERRCODE_INSUFFICIENT_PRIVILEGE,
                         "must be superuser or have privileges of pg_read_all_settings to examine \"%s\"", name);
    const char *value = session && session->get_setting ? session->get_setting(session->arg, name, call->arena) : NULL;
    if (!value && !missing_ok)
        return error_set(call->error, ERRCODE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", name);
    return return_text(call, value);
}

static bool current_search_config(FuncCall *call)
{
    const SessionServices *session = call->context->session;
    const char *name =
        session && session->get_setting ? session->get_setting(session->arg, "default_text_search_config", call->arena) : NULL;
    Oid oid;
    return name ? catalog_search_config_by_name(call->context->catalog, name, call->arena, &oid, call->error) && return_int(call, oid)
                : return_null(call);
}

static bool settings_get_flags(FuncCall *call)
{
    const SessionServices *session = call->context->session;
    return return_text(call, session && session->setting_flags ? session->setting_flags(session->arg, arg_text(call, 0)) : NULL);
}

/* Not strict: a NULL value stands for the default, a NULL name is an error. */
static bool set_config(FuncCall *call)
{
    const SessionServices *session = call->context->session;
    if (call->args[0].is_null)
        return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
    const char *name = arg_text(call, 0), *value = call->args[1].is_null ? NULL : arg_text(call, 1);
    bool is_local = !call->args[2].is_null && call->args[2].b;
    if (!session || !session->set_setting)
        return error_unsupported(call->error, "set_config is not supported here");
    if (!session->set_setting(session->arg, name, value, is_local, call->error))
        return false;
    return return_text(call, session->get_setting(session->arg, name, call->arena));
}

/* ---- settings of routines ---- */

void session_load(const SessionServices *session, const char *library)
{
    if (session && session->load)
        session->load(session->arg, library);
}

bool session_config_apply(const SessionServices *session, const char *config, Arena *arena, StrList *before, Error *error)
{
    ArrayElement *elements = NULL;
    size_t count = 0;
    int ndim;
    if (config && !type_array_parse(config, strlen(config), arena, &elements, &count, &ndim, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *setting = arena_strndup(arena, elements[i].text, elements[i].len), *equals = strchr(setting, '=');
        const char *name = arena_strndup(arena, setting, (size_t)(equals - setting));
        vec_push(arena, before, name);
        vec_push(arena, before, session->get_setting(session->arg, name, arena));
        if (!session->set_setting(session->arg, name, equals + 1, true, error))
            return false;
    }
    return true;
}

void session_config_restore(const SessionServices *session, const StrList *before, Arena *arena)
{
    Error ignored;
    error_init(&ignored, arena);
    for (size_t i = before->count; i >= 2; i -= 2)
        if (!session->set_setting(session->arg, before->items[i - 2], before->items[i - 1], true, &ignored))
            error_clear(&ignored);
}

/* ---- other backends ---- */

static bool is_running(FuncCall *call, int pid)
{
    const SessionServices *session = call->context->session;
    Activity *rows;
    size_t count = session->activity(session->arg, call->arena, &rows);
    for (size_t i = 0; i < count; i++)
        if (rows[i].pid == pid)
            return true;
    return false;
}

bool func_goes_on(FuncCall *call)
{
    const SessionServices *session = call->context ? call->context->session : NULL;
    if (!func_is_whole(call->context, arena_bound(call->arena), call->error))
        return false;
    return !session || !session->cancelled || !session->cancelled(session->arg) ||
           error_set(call->error, ERRCODE_QUERY_CANCELED, "canceling statement due to user request");
}

static bool wait_for_end(FuncCall *call, int pid, int64_t milliseconds)
{
    for (int64_t end = clock_us() + milliseconds * 1000; clock_us() < end; usleep(10000)) {
        if (!is_running(call, pid))
            return return_bool(call, true);
        if (!func_goes_on(call))
            return false;
    }
    notice(catalog_notices(call->context->catalog), SEVERITY_WARNING, ERRCODE_WARNING,
           "backend with PID %d did not terminate within %lld milliseconds", pid, (long long)milliseconds);
    return return_bool(call, false);
}

static bool signal_backend(FuncCall *call)
{
    const SessionServices *session = call->context->session;
    bool terminate = call->proc == F_PG_TERMINATE_BACKEND_INT4_INT8, found = false;
    int pid = (int)call->args[0].i;
    int64_t timeout = terminate ? call->args[1].i : 0;
    Oid owner = OID_NONE;
    Activity *rows;
    Catalog *catalog = call->context->catalog;
    if (timeout < 0)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "\"timeout\" must not be negative");
    size_t count = session && session->activity ? session->activity(session->arg, call->arena, &rows) : 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].pid != pid)
            continue;
        found = true;
        owner = rows[i].user;
    }
    if (!found) {
        notice(catalog_notices(catalog), SEVERITY_WARNING, ERRCODE_WARNING, "PID %d is not a PostgreSQL backend process", pid);
        return return_bool(call, false);
    }
    const char *verb = terminate ? "terminate" : "cancel";
    const char *what = terminate ? "process" : "query";
    Oid user = call->context->current_user;
    if (owner && catalog_is_superuser(catalog, owner) && !catalog_is_superuser(catalog, user))
        return error_set(call->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be a superuser to %s superuser %s", verb, what);
    if (!catalog_has_privs_of(catalog, user, owner) && !catalog_has_privs_of(catalog, user, ROLE_PG_SIGNAL_BACKEND))
        return error_set(call->error, ERRCODE_INSUFFICIENT_PRIVILEGE,
                         "must be a member of the role whose %s is being %s or member of pg_signal_backend", what,
                         terminate ? "terminated" : "canceled");
    if (!session->signal_backend(session->arg, pid, terminate, &found, &owner))
        return return_bool(call, false);
    return found && timeout > 0 ? wait_for_end(call, pid, timeout) : return_bool(call, found);
}

/* In steps, so that a cancel is seen. */
static bool sleep_seconds(FuncCall *call, double seconds)
{
    static const double LONGEST = 1e11; /* some thousand years */
    int64_t end = clock_us() + (seconds > 0 ? (int64_t)((seconds < LONGEST ? seconds : LONGEST) * 1e6) : 0);
    for (int64_t now = clock_us(); now < end; now = clock_us()) {
        if (!func_goes_on(call))
            return false;
        usleep((useconds_t)(end - now < 50000 ? end - now : 50000));
    }
    return return_text(call, "");
}

static bool sleep_for_float(FuncCall *call)
{
    return sleep_seconds(call, call->args[0].f);
}

static bool sleep_for_interval(FuncCall *call)
{
    FdwInterval span = call->args[0].interval;
    return sleep_seconds(call, (double)span.months * 30 * 86400 + (double)span.days * 86400 + (double)span.micros / 1e6);
}

static bool sleep_until(FuncCall *call)
{
    return sleep_seconds(call, (double)(call->args[0].i - clock_now()) / 1e6);
}

static const FuncRow ROWS[] = {
    {F_CURRENT_USER, current_user},
    {F_GETPGUSERNAME, current_user},
    {F_SESSION_USER, session_user},
    {F_CURRENT_DATABASE, current_database},
    {F_CURRENT_SCHEMA, current_schema},
    {F_CURRENT_SCHEMAS_BOOL, current_schemas},
    {F_VERSION, version},
    {F_PG_BACKEND_PID, backend_pid},
    {F_CURRENT_QUERY, current_query},
    {F_INET_CLIENT_ADDR, client_address},
    {F_INET_CLIENT_PORT, client_port},
    {F_INET_SERVER_ADDR, server_address},
    {F_INET_SERVER_PORT, server_port},
    {F_PG_CLIENT_ENCODING, encoding},
    {F_GETDATABASEENCODING, encoding},
    {F_PG_IS_IN_RECOVERY, is_false},
    {F_PG_JIT_AVAILABLE, is_false},
    {F_PG_TRIGGER_DEPTH, trigger_depth},
    {F_PG_BLOCKING_PIDS_INT4, empty_array},
    {F_NOW, transaction_time},
    {F_TRANSACTION_TIMESTAMP, transaction_time},
    {F_STATEMENT_TIMESTAMP, statement_time},
    {F_CLOCK_TIMESTAMP, clock_time},
    {F_TIMEOFDAY, time_of_day},
    {F_PG_POSTMASTER_START_TIME, server_start_time},
    {F_PG_CONF_LOAD_TIME, server_start_time},
    {F_CURRENT_SETTING_TEXT, current_setting},
    {F_GET_CURRENT_TS_CONFIG, current_search_config},
    {F_CURRENT_SETTING_TEXT_BOOL, current_setting},
    {F_PG_SETTINGS_GET_FLAGS_TEXT, settings_get_flags},
    {F_SET_CONFIG_TEXT_TEXT_BOOL, set_config},
    {F_PG_CANCEL_BACKEND_INT4, signal_backend},
    {F_PG_TERMINATE_BACKEND_INT4_INT8, signal_backend},
    {F_PG_SLEEP_FLOAT8, sleep_for_float},
    {F_PG_SLEEP_FOR_INTERVAL, sleep_for_interval},
    {F_PG_SLEEP_UNTIL_TIMESTAMPTZ, sleep_until},
};
const FuncTable FUNC_TABLE_SESSION = {ROWS, COUNT_OF(ROWS)};
