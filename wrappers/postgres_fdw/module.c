/*
 * module.c - postgres_fdw: tables of another PostgreSQL server. The option table and its checks.
 *
 * Options, their order in hints, and all texts are those of PostgreSQL 15's postgres_fdw (PostgreSQL manual, appendix F.38).
 *
 * Any thread: nothing here has state.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "postgres_fdw.h"

enum {
    SERVER = FDW_OBJECT_SERVER,
    MAPPING = FDW_OBJECT_USER_MAPPING,
    TABLE = FDW_OBJECT_TABLE,
    COLUMN = FDW_OBJECT_COLUMN,
    IMPORT = FDW_OBJECT_IMPORT,
};

#define LIBPQ(option, text)                                                                                                                \
    {                                                                                                                                      \
        .name = option, .objects = SERVER, .doc = text                                                                                     \
    }

static const FdwOption OPTIONS[] = {
    LIBPQ("service", "name of a service in libpq's service file"),
    LIBPQ("passfile", "file with passwords"),
    LIBPQ("channel_binding", "disable, prefer or require"),
    LIBPQ("connect_timeout", "seconds to wait for a connection"),
    LIBPQ("dbname", "remote database"),
    LIBPQ("host", "host name, or directory of the Unix socket"),
    LIBPQ("hostaddr", "IP address, in place of looking up host"),
    LIBPQ("port", "port number"),
    LIBPQ("options", "command-line options for the remote session"),
    LIBPQ("application_name", "name shown in the remote pg_stat_activity"),
    LIBPQ("keepalives", "1: TCP keepalives are sent"),
    LIBPQ("keepalives_idle", "seconds of silence before a keepalive"),
    LIBPQ("keepalives_interval", "seconds between keepalives"),
    LIBPQ("keepalives_count", "keepalives lost before the connection counts as dead"),
    LIBPQ("tcp_user_timeout", "milliseconds that sent data may stay unacknowledged"),
    LIBPQ("sslmode", "disable, allow, prefer, require, verify-ca or verify-full"),
    LIBPQ("sslcompression", "1: compress over TLS"),
    LIBPQ("sslcert", "client certificate file"),
    LIBPQ("sslkey", "client key file"),
    LIBPQ("sslrootcert", "file of trusted certificates"),
    LIBPQ("sslcrl", "certificate revocation list file"),
    LIBPQ("sslcrldir", "directory of certificate revocation lists"),
    LIBPQ("sslsni", "1: name the host in the TLS handshake"),
    LIBPQ("requirepeer", "operating system user the server must run as (Unix socket)"),
    LIBPQ("ssl_min_protocol_version", "lowest TLS version"),
    LIBPQ("ssl_max_protocol_version", "highest TLS version"),
    LIBPQ("gssencmode", "disable, prefer or require"),
    LIBPQ("krbsrvname", "Kerberos service name"),
    LIBPQ("gsslib", "GSS library"),
    LIBPQ("target_session_attrs", "any, read-write, read-only, primary, standby or prefer-standby"),
    {"user", MAPPING, .doc = "remote user"},
    {"password", MAPPING, .secret = true, .doc = "remote user's password"},
    {"sslpassword", MAPPING, .secret = true, .doc = "passphrase of sslkey"},
    {"schema_name", TABLE, .role = FDW_ROLE_REMOTE_SCHEMA, .doc = "schema of the remote table; default: the local one's name"},
    {"table_name", TABLE, .role = FDW_ROLE_REMOTE_TABLE, .doc = "remote table; default: the local name"},
    {"column_name", COLUMN, .role = FDW_ROLE_REMOTE_COLUMN, .doc = "remote column; default: the local name"},
    {"use_remote_estimate", SERVER | TABLE, FDW_OPTION_PLANNING_BOOL, .doc = "ask the source's EXPLAIN for row counts"},
    {"fdw_startup_cost", SERVER, FDW_OPTION_NONNEGATIVE_REAL, .doc = "accepted for compatibility"},
    {"fdw_tuple_cost", SERVER, FDW_OPTION_NONNEGATIVE_REAL, .doc = "accepted for compatibility"},
    {"extensions", SERVER, FDW_OPTION_PLANNING_CHECKED, .doc = "extensions that the source has in the same version"},
    {"updatable", SERVER | TABLE, FDW_OPTION_BOOL, .doc = "off: INSERT, UPDATE and DELETE are refused"},
    {"truncatable", SERVER | TABLE, FDW_OPTION_BOOL, .doc = "off: TRUNCATE is refused"},
    {"fetch_size", SERVER | TABLE, FDW_OPTION_POSITIVE_INT, .role = FDW_ROLE_FETCH_SIZE,
     .doc = "rows are streamed; below 1, where no validator saw it, none come"},
    {"batch_size", SERVER | TABLE, FDW_OPTION_POSITIVE_INT, .doc = "accepted for compatibility: rows go in pipelines"},
    {"async_capable", SERVER | TABLE, FDW_OPTION_PLANNING_BOOL, .doc = "accepted for compatibility: sources are read in parallel"},
    {"parallel_commit", SERVER, FDW_OPTION_BOOL, .doc = "accepted for compatibility"},
    {"keep_connections", SERVER, FDW_OPTION_BOOL, .doc = "off: connections are closed as soon as they are free"},
    {"password_required", MAPPING, FDW_OPTION_CHECKED, .doc = "false (superusers only): connect without a password"},
    {"sslcert", MAPPING, FDW_OPTION_CHECKED, .doc = "client certificate file (superusers only)"},
    {"sslkey", MAPPING, FDW_OPTION_CHECKED, .doc = "client key file (superusers only)"},
    {"import_collate", IMPORT, FDW_OPTION_BOOL, .doc = "with COLLATE of columns; default on"},
    {"import_default", IMPORT, FDW_OPTION_BOOL, .doc = "with DEFAULT expressions; default off"},
    {"import_generated", IMPORT, FDW_OPTION_BOOL, .doc = "with GENERATED expressions; default on"},
    {"import_not_null", IMPORT, FDW_OPTION_BOOL, .doc = "with NOT NULL; default on"},
    {"max_connections", SERVER, FDW_OPTION_POSITIVE_INT, .unlisted = true,
     .doc = "most connections for all users together; default: the setting medley.server_max_connections"},
    {"idle_timeout", SERVER, FDW_OPTION_POSITIVE_INT, .unlisted = true,
     .doc = "milliseconds that an idle connection is kept; default: the setting medley.connection_idle_timeout"},
    {0},
};

static const struct {
    const char *text;
    bool value;
} BOOLEANS[] = {{"true", true}, {"on", true}, {"false", false}, {"off", false}};

/* 1, 0, or -1: no Boolean. */
static int parse_bool(const char *text)
{
    for (size_t i = 0; i < sizeof BOOLEANS / sizeof BOOLEANS[0]; i++)
        if (strcasecmp(text, BOOLEANS[i].text) == 0)
            return BOOLEANS[i].value;
    return -1;
}

bool postgres_option_bool(const FdwOptions *options, const char *name, bool otherwise)
{
    const char *text = postgres_option(options, name);
    int value = text ? parse_bool(text) : -1;
    return value < 0 ? otherwise : value == 1;
}

static bool check_password_required(FdwCall *call, const FdwCheck *check, const FdwOptionValue *option)
{
    int value = parse_bool(option->value);
    if (value < 0)
        return postgres_fail(call, "42601", "%s requires a Boolean value", option->name);
    if (value == 1 || check->rights.superuser)
        return true;
    FdwError error = {.sqlstate = "42501",
                      .message = "password_required=false is superuser-only",
                      .hint = "User mappings with the password_required option set to false may only be created or modified by the "
                              "superuser."};
    return call->host->fail(call, &error);
}

static bool check_certificate(FdwCall *call, const FdwCheck *check, const FdwOptionValue *option)
{
    if (check->rights.superuser)
        return true;
    FdwError error = {.sqlstate = "42501",
                      .message = "sslcert and sslkey are superuser-only",
                      .hint = "User mappings with the sslcert or sslkey options set may only be created or modified by the superuser."};
    return call->host->fail(call, &error);
}

static bool is_installed(const FdwRights *rights, const char *name)
{
    for (size_t i = 0; i < rights->nextensions; i++)
        if (strcmp(rights->extensions[i], name) == 0)
            return true;
    return false;
}

/* Takes one name of a comma-separated list: quoted, or folded to lower case. NULL: malformed. */
static const char *next_name(const char **at, char *name)
{
    const char *c = *at;
    char *out = name;
    if (*c == '"') {
        for (c++; *c && (*c != '"' || c[1] == '"'); c++) {
            *out++ = *c;
            c += *c == '"';
        }
        if (*c++ != '"')
            return NULL;
    } else {
        for (; *c && *c != ',' && !isspace((unsigned char)*c); c++)
            *out++ = (char)tolower((unsigned char)*c);
        if (out == name)
            return NULL;
    }
    *out = '\0';
    *at = c + strspn(c, " \t\n\r\v\f");
    return name;
}

static bool check_extensions(FdwCall *call, const FdwCheck *check, const FdwOptionValue *option)
{
    char *name = call->host->alloc(call, strlen(option->value) + 1);
    const char *at = option->value + strspn(option->value, " \t\n\r\v\f");
    const char *names[256];
    size_t count = 0;
    for (bool more = *at != '\0'; more;) {
        if (!next_name(&at, name) || (*at && *at != ',') || count == sizeof names / sizeof names[0])
            return postgres_fail(call, "22023", "parameter \"%s\" must be a list of extension names", option->name);
        names[count++] = postgres_text(call, "%s", name);
        more = *at == ',';
        at += more;
        at += strspn(at, " \t\n\r\v\f");
    }
    for (size_t i = 0; i < count; i++)
        if (!is_installed(&check->rights, names[i]))
            call->host->notice(call, "42704", postgres_text(call, "extension \"%s\" is not installed", names[i]));
    return true;
}

static const struct {
    const char *name;
    bool (*check)(FdwCall *call, const FdwCheck *check, const FdwOptionValue *option);
} CHECKS[] = {
    {"password_required", check_password_required},
    {"sslcert", check_certificate},
    {"sslkey", check_certificate},
    {"extensions", check_extensions},
};

static bool check_option(FdwCall *call, const FdwCheck *check, size_t index)
{
    const FdwOptionValue *option = &check->all.items[index];
    for (size_t i = 0; i < sizeof CHECKS / sizeof CHECKS[0]; i++)
        if (strcmp(CHECKS[i].name, option->name) == 0)
            return CHECKS[i].check(call, check, option);
    return true;
}

FDW_EXPORT const FdwModule medley_fdw_module = {
    .abi = MEDLEY_FDW_ABI,
    .size = sizeof(FdwModule),
    .name = "postgres_fdw",
    .version = "1.1",
    .comment = "foreign-data wrapper for remote PostgreSQL servers",
    .handler_function = "postgres_fdw_handler",
    .validator_function = "postgres_fdw_validator",
    .dialect = "postgres",
    .needs_mapping = true,
    .options = OPTIONS,
    .check_option = check_option,
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .cancel = postgres_cancel,
    .is_alive = postgres_is_alive,
    .remote_user = postgres_remote_user,
    .given = postgres_given,
    .begin = postgres_begin,
    .export_snapshot = postgres_export_snapshot,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .split = postgres_split,
    .scan_open = postgres_scan_open,
    .scan_next = postgres_scan_next,
    .scan_close = postgres_scan_close,
    .relay_open = postgres_relay_open,
    .relay_next = postgres_relay_next,
    .relay_close = postgres_relay_close,
    .estimate = postgres_estimate,
    .import_schema = postgres_import_schema,
    .statistics = postgres_statistics,
    .source_version = postgres_source_version,
    .modify = postgres_modify,
    .savepoint = postgres_savepoint,
    .rollback_to = postgres_rollback_to,
    .release = postgres_release,
    .identity = postgres_identity,
    .blocks = postgres_blocks,
    .can_prepare = postgres_can_prepare,
    .prepare = postgres_prepare,
    .end_prepared = postgres_end_prepared,
};
