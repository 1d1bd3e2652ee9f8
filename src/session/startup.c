/*
 * startup.c - from the first packet to the first ReadyForQuery: requests without a session, the user, its password, its settings.
 *
 * Order and texts as PostgreSQL's: packet, "too many clients", authentication, role, database, connection limit, settings.
 * Who must show a password, by SCRAM-SHA-256: whom the listener does not trust (server/listener.c says whom it does).
 *
 * Invariants:
 *  1. Nothing about a role (that it exists, that it has a password) is told before it has authenticated.
 *  2. A cancel request is never answered.
 *  3. Nothing that others wait for is held while the client is asked for its password, the catalog's readers neither: who it is, and how
 * long it takes to say so, nobody knows yet.
 * Entered by the worker that serves the session; blocks only in the password exchange, under its timeout.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/session_int.h"

enum { SSL_REQUEST = 80877103, GSS_REQUEST = 80877104, CANCEL_REQUEST = 80877102, MAX_NAME_LENGTH = 63 };

typedef struct StartupParam {
    const char *name, *value;
} StartupParam;

typedef struct Startup {
    const char *user, *database;
    VEC(StartupParam) settings;
    StrList unknown; /* protocol options that this server does not know */
    int minor;
} Startup;

static bool fatal(Error *error)
{
    error->severity = SEVERITY_FATAL;
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/* "-c name=value --name=value": words parted by white space, a backslash protects. */
static bool read_options(Startup *startup, const char *text, Arena *arena, Error *error)
{
    StrList words = {0};
    while (*text) {
        while (is_blank(*text))
            text++;
        Str word;
        str_init(&word, arena);
        for (; *text && !is_blank(*text); text++) {
            if (*text == '\\' && text[1])
                text++;
            str_addc(&word, *text);
        }
        if (word.len)
            vec_push(arena, &words, word.data);
    }
    for (size_t i = 0; i < words.count; i++) {
        const char *word = words.items[i], *setting = NULL;
        if (strncmp(word, "--", 2) == 0)
            setting = word + 2;
        else if (strncmp(word, "-c", 2) == 0)
            setting = word[2] ? word + 2 : i + 1 < words.count ? words.items[++i] : NULL;
        const char *equals = setting ? strchr(setting, '=') : NULL;
        if (!equals)
            return error_set(error, ERRCODE_SYNTAX_ERROR, "invalid command-line argument for server process: %s", word);
        char *name = arena_strndup(arena, setting, (size_t)(equals - setting));
        for (char *c = name; *c; c++)
            if (*c == '-')
                *c = '_';
        StartupParam param = {name, equals + 1};
        vec_push(arena, &startup->settings, param);
    }
    return true;
}

/* Names of objects are never longer; PostgreSQL cuts these too. */
static const char *cut_name(const char *name, Arena *arena)
{
    size_t len = strnlen(name, MAX_NAME_LENGTH + 1);
    if (len > MAX_NAME_LENGTH)
        for (len = MAX_NAME_LENGTH; len && ((unsigned char)name[len] & 0xc0) == 0x80;)
            len--;
    return arena_strndup(arena, name, len);
}

static bool refuse_replication(const char *value, Error *error)
{
    bool wanted = strcmp(value, "database") == 0;
    if (!wanted && !setting_parse_bool(value, &wanted)) {
        error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for parameter \"%s\": \"%s\"", "replication", value);
        return error_hint(error, "Valid values are: \"false\", 0, \"true\", 1, \"database\".");
    }
    return !wanted || error_unsupported(error, "replication connections are not supported");
}

static bool read_parameters(Startup *startup, WireMessage *message, Arena *arena, Error *error)
{
    for (;;) {
        const char *name, *value;
        if (message->at >= message->len || !wire_get_string(message, &name, error))
            break;
        if (!*name) {
            if (message->at != message->len)
                break;
            return true;
        }
        if (!wire_get_string(message, &value, error))
            break;
        if (strcmp(name, "user") == 0) {
            startup->user = cut_name(value, arena);
        } else if (strcmp(name, "database") == 0) {
            startup->database = cut_name(value, arena);
        } else if (strcmp(name, "options") == 0) {
            if (!read_options(startup, value, arena, error))
                return false;
        } else if (strcmp(name, "replication") == 0) {
            if (!refuse_replication(value, error))
                return false;
        } else if (strncmp(name, "_pq_.", 5) == 0) {
            vec_push(arena, &startup->unknown, arena_strdup(arena, name));
        } else {
            StartupParam param = {arena_strdup(arena, name), arena_strdup(arena, value)};
            vec_push(arena, &startup->settings, param);
        }
    }
    return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "invalid startup packet layout: expected terminator as last byte");
}

static void negotiate(Session *session, const Startup *startup)
{
    if (!startup->minor && !startup->unknown.count)
        return;
    wire_begin(session->wire, 'v');
    wire_put_int32(session->wire, 3 << 16);
    wire_put_int32(session->wire, (int32_t)startup->unknown.count);
    for (size_t i = 0; i < startup->unknown.count; i++)
        wire_put_string(session->wire, startup->unknown.items[i]);
    wire_end(session->wire);
}

static bool is_expired(const Session *session, const CatRole *role)
{
    if (!role->valid_until)
        return false;
    Value value;
    Error ignored;
    error_init(&ignored, session->work);
    if (!type_input(TYPE_TIMESTAMPTZ, -1, role->valid_until, strlen(role->valid_until), &TYPE_CONTEXT_CANONICAL, session->work, &value,
                    &ignored))
        return true;
    return value.i < clock_now();
}

/* What the client is asked to prove. NULL: the catalog could not be read. */
static const char *find_secret(Session *session, const Startup *startup, Error *error)
{
    const char *secret = NULL;
    if (!catalog_statement_begin(session->catalog, error))
        return NULL;
    const CatRole *role = catalog_role_by_name(session->catalog, startup->user);
    if (!role || !role->password || is_expired(session, role))
        secret = wire_scram_mock_secret(startup->user, session->hub->mock_seed, session->work);
    else
        secret = arena_strdup(session->work, role->password);
    if (catalog_failure(session->catalog, error))
        secret = NULL;
    catalog_statement_end(session->catalog);
    return secret;
}

static bool authenticate(Session *session, const Startup *startup, Error *error)
{
    const char *secret = session->is_trusted ? NULL : find_secret(session, startup, error);
    if (session->is_trusted || !secret)
        return session->is_trusted;
    wire_set_timeout(session->wire, session->hub->options.authentication_timeout * 1000);
    bool done = wire_scram_authenticate(session->wire, secret, error);
    wire_set_timeout(session->wire, 0);
    if (done || (error_is_set(error) && strcmp(error->sqlstate, ERRCODE_INVALID_PASSWORD) != 0))
        return done;
    if (!error_is_set(error))
        return false;
    return error_set(error, ERRCODE_INVALID_PASSWORD, "password authentication failed for user \"%s\"", startup->user);
}

static bool check_database_limit(Session *session, const char *database, Error *error)
{
    CatalogRows *rows = catalog_query(session->catalog, session->work, error, "SELECT datconnlimit FROM pg_database WHERE oid = ?1", "o",
                                      DATABASE_POSTGRES);
    int64_t limit = rows && rows->nrows ? rows->cells[0].i : -1;
    if (!rows || limit < 0 || hub_count_user(session->hub, OID_NONE) <= limit)
        return rows != NULL;
    return error_set(error, ERRCODE_TOO_MANY_CONNECTIONS, "too many connections for database \"%s\"", database);
}

static bool check_role(Session *session, const Startup *startup, const CatRole *role, Error *error)
{
    if (!role)
        return error_set(error, ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, "role \"%s\" does not exist", startup->user);
    if (!role->login)
        return error_set(error, ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, "role \"%s\" is not permitted to log in", startup->user);
    /* Counted after it is one of them: of two that come at the same time, not both are within the limit. */
    pthread_mutex_lock(&session->guard);
    session->view.user = role->oid;
    snprintf(session->view.user_name, sizeof session->view.user_name, "%s", role->name);
    pthread_mutex_unlock(&session->guard);
    if (role->connection_limit >= 0 && !role->super && hub_count_user(session->hub, role->oid) > role->connection_limit)
        return error_set(error, ERRCODE_TOO_MANY_CONNECTIONS, "too many connections for role \"%s\"", startup->user);
    const char *database = startup->database && *startup->database ? startup->database : startup->user;
    if (strcmp(database, "postgres") != 0)
        return error_set(error, ERRCODE_UNDEFINED_DATABASE, "database \"%s\" does not exist", database);
    if (!role->super && !check_database_limit(session, database, error))
        return false;
    session->authenticated_user = role->oid;
    session->authenticated_is_superuser = role->super;
    Oid *known = ARENA_NEW(session->arena, Oid);
    *known = role->oid;
    map_put(session->role_oids, role->name, strlen(role->name), known);
    settings_force(session->settings, "session_authorization", role->name);
    settings_force(session->settings, "is_superuser", role->super ? "on" : "off");
    session_set_user(session, role->oid, role->oid);
    RemoteClient client = {
        .shown = {.database = session->functions.database, .user = arena_strdup(session->arena, role->name), .process = session->pid},
        .setting = session->services.get_setting,
        .arg = session->services.arg};
    client.shown.start = session->backend_start / 1000000;
    remote_set_client(session->remote, &client);
    return true;
}

/* ALTER ROLE ... SET: what fails to apply is a warning, as it is in PostgreSQL. */
static void apply_stored(Session *session, Oid database, Oid role, SettingSource source)
{
    Error error;
    error_init(&error, session->work);
    CatalogRows *rows =
        catalog_query(session->catalog, session->work, &error,
                      "SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = ?1 AND setrole = ?2", "oo", database, role);
    if (!rows || !rows->nrows || CATALOG_CELL(rows, 0, 0).is_null)
        return;
    ArrayElement *items;
    size_t count;
    int ndim;
    if (!type_array_parse(CATALOG_CELL(rows, 0, 0).text, CATALOG_CELL(rows, 0, 0).len, session->work, &items, &count, &ndim, &error))
        return;
    for (size_t i = 0; i < count; i++) {
        const char *equals = items[i].text ? strchr(items[i].text, '=') : NULL;
        if (!equals)
            continue;
        SettingChange change = {.name = arena_strndup(session->work, items[i].text, (size_t)(equals - items[i].text)),
                                .value = equals + 1,
                                .source = source,
                                .is_superuser = true};
        error_clear(&error);
        if (!settings_set(session->settings, &change, &error))
            notice_full(&session->notices, SEVERITY_WARNING, error.sqlstate, error.message, error.detail, error.hint);
    }
}

static bool apply_settings(Session *session, const Startup *startup, Error *error)
{
    settings_apply_all(session->settings);
    apply_stored(session, OID_NONE, OID_NONE, SOURCE_GLOBAL);
    apply_stored(session, DATABASE_POSTGRES, OID_NONE, SOURCE_DATABASE);
    apply_stored(session, OID_NONE, session->authenticated_user, SOURCE_USER);
    apply_stored(session, DATABASE_POSTGRES, session->authenticated_user, SOURCE_DATABASE_USER);
    for (size_t i = 0; i < startup->settings.count; i++) {
        SettingChange change = {.name = startup->settings.items[i].name,
                                .value = startup->settings.items[i].value,
                                .source = SOURCE_CLIENT,
                                .is_superuser = session->authenticated_is_superuser};
        if (!settings_set(session->settings, &change, error))
            return fatal(error);
    }
    session_settle_user(session);
    settings_commit(session->settings);
    return true;
}

static bool log_in(Session *session, const Startup *startup, Error *error)
{
    if (!session_open_catalog(session))
        return error_set(error, ERRCODE_INTERNAL_ERROR, "could not open the catalog");
    if (!authenticate(session, startup, error) || !catalog_statement_begin(session->catalog, error))
        return false;
    wire_begin(session->wire, 'R');
    wire_put_int32(session->wire, 0);
    wire_end(session->wire);
    wire_trust(session->wire);
    const CatRole *role = catalog_role_by_name(session->catalog, startup->user);
    bool done = check_role(session, startup, role, error) && apply_settings(session, startup, error);
    catalog_statement_end(session->catalog);
    return done;
}

static bool begin_session(Session *session, WireMessage *message, int32_t version, Error *error)
{
    Startup startup = {.minor = version & 0xffff};
    if (version >> 16 != 3)
        return error_set(error, ERRCODE_FEATURE_NOT_SUPPORTED, "unsupported frontend protocol %d.%d: server supports 3.0 to 3.0",
                         version >> 16 & 0xffff, version & 0xffff);
    Arena *arena = arena_open(session->work);
    if (!read_parameters(&startup, message, arena, error))
        return false;
    if (!startup.user || !*startup.user)
        return error_set(error, ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, "no PostgreSQL user name specified in startup packet");
    if (session->hub->options.tls_required && session->client_address && !session->view.tls.version)
        return error_set(error, ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION,
                         "no pg_hba.conf entry for host \"%s\", user \"%s\", database \"%s\", no encryption", session->client_address,
                         startup.user, startup.database && *startup.database ? startup.database : startup.user);
    negotiate(session, &startup);
    if (session->hub->shutting_down)
        return error_set(error, ERRCODE_CANNOT_CONNECT_NOW, "the database system is shutting down");
    if (!hub_admit(session->hub, session))
        return error_set(error, ERRCODE_TOO_MANY_CONNECTIONS, "sorry, too many clients already");
    if (!log_in(session, &startup, error))
        return false;
    log_write(session->hub->options.log, LOG_INFO_LEVEL, "[%d] connected: user %s from %s", session->pid, startup.user,
              session->client_address ? session->client_address : "the Unix socket");
    session->is_started = true;
    session_report_parameters(session);
    wire_begin(session->wire, 'K');
    wire_put_int32(session->wire, session->pid);
    wire_put_int32(session->wire, session->secret);
    wire_end(session->wire);
    session_send_ready(session);
    atomic_store(&session->deadline, 0);
    return true;
}

/* The answer to SSLRequest. As in PostgreSQL, the Unix socket needs none. */
static bool begin_tls(Session *session, Error *error)
{
    WireTlsShown shown;
    bool is_offered = session->hub->options.tls && session->client_address;
    wire_put_answer(session->wire, is_offered ? 'S' : 'N');
    if (!is_offered || !wire_flush(session->wire))
        return !is_offered;
    wire_set_timeout(session->wire, session->hub->options.authentication_timeout * 1000);
    bool done = wire_tls_accept(session->wire, session->hub->options.tls, error);
    wire_set_timeout(session->wire, 0);
    wire_tls_shown(session->wire, &shown);
    pthread_mutex_lock(&session->guard);
    session->view.tls = shown;
    pthread_mutex_unlock(&session->guard);
    return done;
}

bool session_start_up(Session *session, WireMessage *message)
{
    Error error;
    error_init(&error, session->work);
    int32_t code, pid, secret;
    bool done = wire_get_int32(message, &code, &error);
    bool is_clear = !session->view.tls.version;
    if (done && is_clear && code == SSL_REQUEST) {
        done = wire_get_end(message, &error) && begin_tls(session, &error);
    } else if (done && is_clear && code == GSS_REQUEST) {
        done = wire_get_end(message, &error);
        if (done)
            wire_put_answer(session->wire, 'N');
    } else if (done && code == CANCEL_REQUEST) {
        if (wire_get_int32(message, &pid, &error) && wire_get_int32(message, &secret, &error) && wire_get_end(message, &error))
            hub_cancel(session->hub, pid, secret);
        return false;
    } else if (done) {
        done = begin_session(session, message, code, &error);
    }
    if (!done && error_is_set(&error)) {
        error.severity = SEVERITY_FATAL;
        log_write(session->hub->options.log, LOG_INFO_LEVEL, "[%d] FATAL %s: %s", session->pid, error.sqlstate, error.message);
        wire_error(session->wire, &error);
    }
    arena_reset(session->work);
    return done;
}
