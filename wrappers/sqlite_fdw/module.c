/*
 * module.c - sqlite_fdw: tables of a SQLite database file, read-only. The option table and its checks.
 *
 * Any thread: nothing here has state.
 */
#include <string.h>
#include <strings.h>

#include "sqlite_fdw.h"

enum {
    SERVER = FDW_OBJECT_SERVER,
    MAPPING = FDW_OBJECT_USER_MAPPING,
    TABLE = FDW_OBJECT_TABLE,
    COLUMN = FDW_OBJECT_COLUMN,
    IMPORT = FDW_OBJECT_IMPORT,
};

static const FdwOption OPTIONS[] = {
    {"database", SERVER, FDW_OPTION_CHECKED, .doc = "the database file; needs pg_read_server_files"},
    {"database", MAPPING, FDW_OPTION_CHECKED, .doc = "the file for this user, in place of the server's; needs pg_read_server_files"},
    {"keep_connections", SERVER, FDW_OPTION_BOOL, .doc = "off: the file is closed as soon as it is not read"},
    {"max_connections", SERVER, FDW_OPTION_POSITIVE_INT,
     .doc = "most connections for all users together; default: the setting medley.server_max_connections"},
    {"idle_timeout", SERVER, FDW_OPTION_POSITIVE_INT,
     .doc = "milliseconds that an idle connection is kept; default: the setting medley.connection_idle_timeout"},
    {"table", TABLE, .role = FDW_ROLE_REMOTE_TABLE, .doc = "table or view in the file; default: the local name"},
    {"column_name", COLUMN, .role = FDW_ROLE_REMOTE_COLUMN, .doc = "column in the file; default: the local name"},
    {"import_not_null", IMPORT, FDW_OPTION_BOOL, .doc = "with NOT NULL; default on"},
    {0},
};

/* Whoever names a file makes the server read it. */
static bool check_option(FdwCall *call, const FdwCheck *check, size_t index)
{
    if (strcmp(check->all.items[index].name, "database") != 0 || check->rights.may_read_files)
        return true;
    return sqlite_fail(call, "42501",
                       "only superuser or a role with privileges of the pg_read_server_files role may specify the database option of a "
                       "sqlite_fdw %s",
                       check->object == FDW_OBJECT_SERVER ? "server" : "user mapping");
}

FDW_EXPORT const FdwModule medley_fdw_module = {
    .abi = MEDLEY_FDW_ABI,
    .size = sizeof(FdwModule),
    .name = "sqlite_fdw",
    .version = "1.0",
    .comment = "foreign-data wrapper for SQLite database files, read-only",
    .handler_function = "sqlite_fdw_handler",
    .validator_function = "sqlite_fdw_validator",
    .dialect = "sqlite",
    .options = OPTIONS,
    .check_option = check_option,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .cancel = sqlite_cancel,
    .is_alive = sqlite_is_alive,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .scan_open = sqlite_scan_open,
    .scan_next = sqlite_scan_next,
    .scan_close = sqlite_scan_close,
    .estimate = sqlite_estimate,
    .import_schema = sqlite_import_schema,
    .statistics = sqlite_statistics,
    .source_version = sqlite_source_version,
};
