/*
 * connect.c - opening and closing connections through libpq.
 *
 * Invariants:
 *  1. A user who is no superuser reaches a server only with the password of the user mapping, unless a superuser set
 *     password_required=false in it: nobody borrows the identity of the process that Medley runs as.
 *  2. Every session is set so that texts mean the same here and there: ISO dates, UTC, shortest exact floats, names qualified.
 *  3. libpq's messages name host, port, user and database, never a password.
 *
 * connect and disconnect run on one thread at a time a connection; cancel on any.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "postgres_fdw.h"

static const char SESSION_SETTINGS[] =
    "SET search_path = pg_catalog; SET timezone = 'UTC'; SET datestyle = ISO; SET intervalstyle = postgres; "
    "SET extra_float_digits = 3; SET bytea_output = hex; SET array_nulls = on; SET standard_conforming_strings = on; SET "
    "transform_null_equals = off; "
    "SELECT pg_catalog.current_setting('max_prepared_transactions')";

const char *postgres_option(const FdwOptions *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->items[i].name, name) == 0)
            return options->items[i].value;
    return NULL;
}

/* What libpq knows and does not keep for itself: PostgreSQL's postgres_fdw passes no other option on, whichever object has it. */
static bool is_for_libpq(const PQconninfoOption *known, const char *name)
{
    while (known && known->keyword && strcmp(known->keyword, name) != 0)
        known++;
    return known && known->keyword && !strchr(known->dispchar, 'D') && strcmp(name, "fallback_application_name") != 0 &&
           strcmp(name, "client_encoding") != 0;
}

/* ---- application_name ---- */

/* PostgreSQL's postgres_fdw knows these escapes, and leaves out what is none. */
static const char *escape_value(FdwCall *call, char escape)
{
    const FdwClient *client = call->host->client(call);
    const char *value = NULL;
    if (escape == 'a' || escape == 'C')
        value = call->host->setting(call, escape == 'a' ? "application_name" : "cluster_name");
    else if (escape == '%')
        value = "%";
    else if (client && escape == 'c')
        value = postgres_text(call, "%llx.%x", (unsigned long long)client->start, (unsigned)client->process);
    else if (client && escape == 'p')
        value = postgres_text(call, "%d", client->process);
    else if (client && (escape == 'd' || escape == 'u'))
        value = escape == 'd' ? client->database : client->user;
    return value ? value : "";
}

static void expand_application_name(FdwCall *call, const char *pattern, char *out)
{
    size_t length = 0;
    for (const char *c = pattern; *c; c++) {
        bool escapes = *c == '%';
        if (escapes && !*++c)
            break;
        const char *text = escapes ? escape_value(call, *c) : c;
        size_t size = escapes ? strlen(text) : 1, room = SHOWN_SIZE - 1 - length;
        memcpy(out + length, text, size < room ? size : room);
        length += size < room ? size : room;
    }
    out[length] = '\0';
}

/* The session's setting goes before the server's option; what comes to nothing is not there. */
static void find_application_name(FdwCall *call, const char *option, char *out)
{
    const char *patterns[] = {call->host->setting(call, "postgres_fdw.application_name"), option, "postgres_fdw"};
    *out = '\0';
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns && !*out; i++)
        if (patterns[i])
            expand_application_name(call, patterns[i], out);
}

/* A mapping may have one too. */
static const char *name_option(const FdwConnectInfo *info)
{
    const char *mapped = postgres_option(&info->mapping_options, "application_name");
    return mapped ? mapped : postgres_option(&info->server_options, "application_name");
}

bool postgres_given(FdwCall *call, FdwConnection *connection)
{
    char name[SHOWN_SIZE];
    find_application_name(call, connection->name_option, name);
    if (strcmp(name, connection->shown_as) == 0)
        return true;
    char *quoted = PQescapeLiteral(connection->pg, name, strlen(name));
    PGresult *set = quoted ? postgres_query(call, connection, postgres_text(call, "SET application_name = %s", quoted)) : NULL;
    PQfreemem(quoted);
    PQclear(set);
    if (set)
        strcpy(connection->shown_as, name);
    return set != NULL;
}

/* ---- what libpq is told ---- */

typedef struct ConnectParams {
    const char **keywords, **values;
    size_t count;
    PostgresHosts hosts;
} ConnectParams;

static void add_param(ConnectParams *params, const char *keyword, const char *value)
{
    params->keywords[params->count] = keyword;
    params->values[params->count++] = value;
}

static ConnectParams connect_params(FdwCall *call, const FdwConnectInfo *info, const char *shown_as)
{
    size_t room = info->server_options.count + info->mapping_options.count + 6;
    ConnectParams params = {
        call->host->alloc(call, room * sizeof(char *)), call->host->alloc(call, room * sizeof(char *)), 0, {.failures = ""}};
    const FdwOptions *lists[] = {&info->server_options, &info->mapping_options};
    PQconninfoOption *known = PQconninfoParse("", NULL);
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++) {
            const FdwOptionValue *option = &lists[l]->items[i];
            if (is_for_libpq(known, option->name) && strcmp(option->name, "application_name") != 0)
                add_param(&params, option->name, option->value);
        }
    PQconninfoFree(known);
    add_param(&params, "application_name", shown_as);
    add_param(&params, "client_encoding", "UTF8");
    return params;
}

static bool fail_password(FdwCall *call, const char *detail, const char *hint)
{
    FdwError error = {.sqlstate = "2F003", .message = "password is required", .detail = detail, .hint = hint};
    return call->host->fail(call, &error);
}

static bool password_is_optional(const FdwConnectInfo *info)
{
    return info->is_superuser || !postgres_option_bool(&info->mapping_options, "password_required", true);
}

static bool check_password_given(FdwCall *call, const FdwConnectInfo *info)
{
    const char *password = postgres_option(&info->mapping_options, "password");
    if (password_is_optional(info) || (password && *password))
        return true;
    return fail_password(call, "Non-superusers must provide a password in the user mapping.", NULL);
}

static bool check_password_used(FdwCall *call, const FdwConnectInfo *info, PGconn *pg)
{
    if (password_is_optional(info) || PQconnectionUsedPassword(pg))
        return true;
    return fail_password(call, "Non-superuser cannot connect if the server does not request a password.",
                         "Target server's authentication method must be changed or password_required=false set in the user mapping "
                         "attributes.");
}

static bool fail_connect(FdwCall *call, const FdwConnectInfo *info, const PostgresHosts *hosts, PGconn *pg)
{
    char *detail = postgres_text(call, "%s",
                                 postgres_named_hosts(call, hosts,
                                                      pg                 ? PQerrorMessage(pg)
                                                      : *hosts->failures ? ""
                                                                         : "out of memory"));
    for (size_t length = strlen(detail); length && detail[length - 1] == '\n';)
        detail[--length] = '\0';
    FdwError error = {
        .sqlstate = "08001",
        .message = postgres_text(call, "could not connect to server \"%s\"", info->server_name),
        .detail = detail,
    };
    return call->host->fail(call, &error);
}

/* "connection to server at ... failed: ", as libpq starts its messages. */
static const char *attempted_host(FdwCall *call, PGconn *pg)
{
    const char *host = PQhost(pg), *port = PQport(pg), *address = PQhostaddr(pg);
    if (host[0] == '/' || host[0] == '@')
        return postgres_text(call, "connection to server on socket \"%s/.s.PGSQL.%s\" failed: ", host, port);
    if (!*address || strcmp(host, address) == 0)
        return postgres_text(call, "connection to server at \"%s\", port %s failed: ", host, port);
    return postgres_text(call, "connection to server at \"%s\" (%s), port %s failed: ", host, address, port);
}

/* libpq's own connect_timeout holds, and is checked, only in its blocking calls. false: it is no integer. */
static bool timeout_ms(FdwCall *call, const FdwConnectInfo *info, PGconn *pg, int *limit)
{
    const char *text = postgres_option(&info->server_options, "connect_timeout");
    *limit = 0;
    if (!text)
        return true;
    char *end;
    errno = 0;
    long seconds = strtol(text, &end, 10);
    if (end == text || errno || end[strspn(end, " \t\n\r\f\v")] || seconds != (int)seconds) {
        /* libpq says this of the host that it was about to try. */
        FdwError error = {
            .sqlstate = "08001",
            .message = postgres_text(call, "could not connect to server \"%s\"", info->server_name),
            .detail = postgres_text(call, "%sinvalid integer value \"%s\" for connection option \"connect_timeout\"",
                                    attempted_host(call, pg), text),
        };
        return call->host->fail(call, &error);
    }
    if (seconds > 0)
        *limit = (seconds < 2 ? 2 : (int)(seconds > INT_MAX / 1000 ? INT_MAX / 1000 : seconds)) * 1000;
    return true;
}

static const char *param(const ConnectParams *params, const char *keyword)
{
    const char *value = NULL;
    for (size_t i = 0; i < params->count; i++)
        if (strcmp(params->keywords[i], keyword) == 0 && *params->values[i])
            value = params->values[i];
    return value;
}

/* Names are looked up here, where that can be cancelled; what is no name, and what a service file says, is libpq's. */
static bool resolve_hosts(FdwCall *call, const FdwConnectInfo *info, ConnectParams *params)
{
    const char *names = param(params, "host");
    PostgresHosts *hosts = &params->hosts;
    if (!names || param(params, "hostaddr"))
        return true;
    if (!postgres_resolve(call, names, param(params, "port"), hosts))
        return false;
    if (!hosts->count)
        return !*hosts->failures || fail_connect(call, info, hosts, NULL);
    add_param(params, "host", hosts->names);
    add_param(params, "hostaddr", hosts->addresses);
    if (hosts->ports)
        add_param(params, "port", hosts->ports);
    return true;
}

static bool finish_connecting(FdwCall *call, const FdwConnectInfo *info, const PostgresHosts *hosts, PGconn *pg)
{
    int limit, waited = 0;
    PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
    if (!timeout_ms(call, info, pg, &limit))
        return false;
    while (PQstatus(pg) != CONNECTION_BAD && wanted != PGRES_POLLING_OK && wanted != PGRES_POLLING_FAILED) {
        struct pollfd socket = {.fd = PQsocket(pg), .events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT};
        int ready = poll(&socket, 1, 100);
        if (call->host->cancelled(call))
            return postgres_fail(call, "57014", "canceling statement due to user request");
        if (ready == 0 && limit && (waited += 100) >= limit) {
            FdwError error = {.sqlstate = "08001",
                              .message = postgres_text(call, "could not connect to server \"%s\"", info->server_name),
                              .detail = "timeout expired"};
            return call->host->fail(call, &error);
        }
        if (ready > 0)
            wanted = PQconnectPoll(pg);
    }
    return PQstatus(pg) == CONNECTION_OK || fail_connect(call, info, hosts, pg);
}

static void ignore_notice(void *arg, const PGresult *notice)
{
}

/* What PostgreSQL reads when it connects; no validator need have seen it. */
static bool check_booleans(FdwCall *call, const FdwOptions *options)
{
    static const char *const WORDS[] = {"true", "on", "false", "off"};
    for (size_t i = 0; i < options->count; i++) {
        const FdwOptionValue *option = &options->items[i];
        bool is_boolean = strcmp(option->name, "keep_connections") != 0 && strcmp(option->name, "parallel_commit") != 0;
        for (size_t j = 0; j < sizeof WORDS / sizeof WORDS[0]; j++)
            is_boolean |= option->value && strcasecmp(option->value, WORDS[j]) == 0;
        if (is_boolean)
            continue;
        FdwError error = {.sqlstate = "42601", .message = postgres_text(call, "%s requires a Boolean value", option->name)};
        return call->host->fail(call, &error);
    }
    return true;
}

FdwConnection *postgres_connect(FdwCall *call, const FdwConnectInfo *info)
{
    if (!check_booleans(call, &info->server_options) || !check_password_given(call, info))
        return NULL;
    char shown_as[SHOWN_SIZE];
    find_application_name(call, name_option(info), shown_as);
    ConnectParams params = connect_params(call, info, shown_as);
    if (!resolve_hosts(call, info, &params))
        return NULL;
    PGconn *pg = PQconnectStartParams(params.keywords, params.values, 0);
    if (!pg || PQstatus(pg) == CONNECTION_BAD) {
        fail_connect(call, info, &params.hosts, pg);
        PQfinish(pg);
        return NULL;
    }
    PQsetNoticeReceiver(pg, ignore_notice, NULL);
    if (!finish_connecting(call, info, &params.hosts, pg) || !check_password_used(call, info, pg)) {
        PQfinish(pg);
        return NULL;
    }
    FdwConnection *connection = call->host->alloc(call, sizeof *connection);
    connection->pg = pg;
    connection->canceller = postgres_canceller_open(pg);
    strcpy(connection->shown_as, shown_as);
    if (name_option(info))
        connection->name_option = postgres_text(call, "%s", name_option(info));
    connection->server_name = postgres_text(call, "%s", info->server_name);
    PGresult *set = postgres_query(call, connection, SESSION_SETTINGS);
    connection->prepares = set && strcmp(PQgetvalue(set, 0, 0), "0") != 0;
    PQclear(set);
    if (set)
        return connection;
    postgres_disconnect(connection);
    return NULL;
}

void postgres_disconnect(FdwConnection *connection)
{
    if (PQtransactionStatus(connection->pg) == PQTRANS_ACTIVE)
        postgres_canceller_ask(connection->canceller);
    postgres_forget_statements(connection);
    postgres_canceller_close(connection->canceller);
    PQfinish(connection->pg);
}

void postgres_cancel(FdwConnection *connection)
{
    atomic_store(&connection->cancelled, true);
    postgres_canceller_ask(connection->canceller);
}

bool postgres_is_alive(FdwConnection *connection)
{
    PGTransactionStatusType status = PQtransactionStatus(connection->pg);
    /* A transaction that the host began stays usable after a failed statement: postgres_ready rolls back to its savepoint. */
    bool is_ready = status == PQTRANS_IDLE || (connection->in_transaction && (status == PQTRANS_INTRANS || status == PQTRANS_INERROR));
    if (connection->broken || PQstatus(connection->pg) != CONNECTION_OK || !is_ready)
        return false;
    struct pollfd socket = {.fd = PQsocket(connection->pg), .events = POLLIN};
    if (poll(&socket, 1, 0) <= 0)
        return true;
    /* Something came unasked: a parameter's change is fine, the end of the connection or its last words are not. */
    return PQconsumeInput(connection->pg) && PQstatus(connection->pg) == CONNECTION_OK && poll(&socket, 1, 0) <= 0;
}

int postgres_source_version(const FdwConnection *connection)
{
    const char *encoding = PQparameterStatus(connection->pg, "server_encoding");
    bool other = encoding && strcmp(encoding, "UTF8") != 0;
    return PQserverVersion(connection->pg) / 10000 | (other ? FDW_SOURCE_OTHER_ENCODING : 0);
}

const char *postgres_remote_user(FdwConnection *connection)
{
    return PQuser(connection->pg);
}
