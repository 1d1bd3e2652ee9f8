/*
 * setting_statement.c - SET, RESET, SHOW, DISCARD.
 *
 * Entered by the session's worker only.
 */
#include <string.h>
#include <strings.h>

#include "session/session_int.h"

#define KIND(name) PG_QUERY__VARIABLE_SET_KIND__VAR_##name

/* Settings whose value is a list: SET takes several arguments; `quoted` ones are identifiers. */
static const struct {
    const char *name;
    bool quoted;
} LIST_SETTINGS[] = {
    {"DateStyle", false},
    {"search_path", true},
    {"temp_tablespaces", true},
    {"session_preload_libraries", true},
    {"local_preload_libraries", true},
    {"shared_preload_libraries", true},
    {"unix_socket_directories", true},
    {"listen_addresses", false},
    {"log_destination", false},
    {"synchronous_standby_names", false},
    {"wal_consistency_checking", false},
    {"restrict_nonsystem_relation_kind", false},
};

/* Settings that only superusers and pg_read_all_settings may see. */
static const char *const HIDDEN_FROM_USERS[] = {
    "config_file",
    "data_directory",
    "dynamic_library_path",
    "external_pid_file",
    "hba_file",
    "ident_file",
    "jit_provider",
    "krb_server_keyfile",
    "log_directory",
    "log_filename",
    "medley.temp_directory",
    "primary_conninfo",
    "session_preload_libraries",
    "shared_preload_libraries",
    "ssl_ciphers",
    "ssl_dh_params_file",
    "ssl_ecdh_curve",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "ssl_passphrase_command",
    "unix_socket_directories",
};

static bool is_list(const char *name, bool *quoted)
{
    for (size_t i = 0; i < COUNT_OF(LIST_SETTINGS); i++)
        if (strcasecmp(LIST_SETTINGS[i].name, name) == 0) {
            *quoted = LIST_SETTINGS[i].quoted;
            return true;
        }
    *quoted = false;
    return false;
}

/* SET TIME ZONE INTERVAL '...': in the form the setting's check reads. */
static const char *interval_argument(Session *session, const PgQuery__TypeCast *cast, Error *error)
{
    Oid type;
    int32_t typmod;
    Value value;
    Str text;
    str_init(&text, session->work);
    const PgQuery__AConst *constant = cast->arg->a_const;
    if (!sql_resolve_type(cast->type_name, session->catalog, session->work, &type, &typmod, error) ||
        !type_input(TYPE_INTERVAL, typmod, constant->sval->sval, strlen(constant->sval->sval), &session->types, session->work, &value,
                    error) ||
        !type_output(TYPE_INTERVAL, &value, &TYPE_CONTEXT_CANONICAL, &text, error))
        return NULL;
    return arena_printf(session->work, "INTERVAL '%s'", text.data);
}

static const char *argument_text(Session *session, const Node *node, bool quoted, Error *error)
{
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
        return interval_argument(session, node->type_cast, error);
    if (node->node_case != PG_QUERY__NODE__NODE_A_CONST) {
        error_set(error, ERRCODE_SYNTAX_ERROR, "invalid argument of SET");
        return NULL;
    }
    const PgQuery__AConst *value = node->a_const;
    switch (value->val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
        return arena_printf(session->work, "%d", value->ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL:
        return value->fval->fval;
    case PG_QUERY__A__CONST__VAL_SVAL:
        return quoted ? catalog_quote_identifier(session->catalog, value->sval->sval, session->work) : value->sval->sval;
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
        return value->boolval->boolval ? "true" : "false";
    default:
        return "";
    }
}

static const char *arguments_text(Session *session, const PgQuery__VariableSetStmt *statement, Error *error)
{
    bool quoted;
    bool list = is_list(statement->name, &quoted);
    if (statement->n_args > 1 && !list) {
        error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "SET %s takes only one argument", statement->name);
        return NULL;
    }
    Str text;
    str_init(&text, session->work);
    str_add(&text, "");
    for (size_t i = 0; i < statement->n_args; i++) {
        const char *argument = argument_text(session, statement->args[i], quoted, error);
        if (!argument)
            return NULL;
        str_addf(&text, "%s%s", i ? ", " : "", argument);
    }
    return text.data;
}

static bool set_one(Session *session, const char *name, const char *value, bool is_local, Error *error)
{
    SettingChange change = {.name = name,
                            .value = value,
                            .source = SOURCE_SESSION,
                            .is_local = is_local,
                            .is_superuser = session_is_superuser(session),
                            .level = (int)session->tx.savepoints.count};
    bool done = settings_set(session->settings, &change, error);
    session_settle_user(session);
    return done;
}

static bool set_modes(Session *session, const PgQuery__VariableSetStmt *statement, const char *prefix, bool is_local, Error *error)
{
    for (size_t i = 0; i < statement->n_args; i++) {
        const PgQuery__DefElem *mode = statement->args[i]->def_elem;
        const char *value = argument_text(session, mode->arg, false, error);
        if (!value || !set_one(session, arena_printf(session->work, "%s%s", prefix, mode->defname), value, is_local, error))
            return false;
    }
    return true;
}

static void warn_outside_block(Session *session, const char *statement)
{
    Error error;
    error_init(&error, session->work);
    if (!transaction_require_block(session, statement, &error))
        notice(&session->notices, SEVERITY_WARNING, error.sqlstate, "%s", error.message);
}

/* No snapshot is ever exported here. */
static bool set_snapshot(Session *session, const PgQuery__VariableSetStmt *statement, Error *error)
{
    const char *level = settings_get(session->settings, "transaction_isolation");
    if (session->tx.has_snapshot || session->tx.savepoints.count)
        return error_set(error, ERRCODE_ACTIVE_SQL_TRANSACTION, "SET TRANSACTION SNAPSHOT must be called before any query");
    if (!str_eq(level, "repeatable read") && !str_eq(level, "serializable"))
        return error_unsupported(error, "a snapshot-importing transaction must have isolation level SERIALIZABLE or REPEATABLE READ");
    const char *identifier = argument_text(session, statement->args[0], false, error);
    return identifier && error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid snapshot identifier: \"%s\"", identifier);
}

static bool set_multi(Session *session, const PgQuery__VariableSetStmt *statement, Error *error)
{
    if (strcmp(statement->name, "TRANSACTION") == 0) {
        warn_outside_block(session, "SET TRANSACTION");
        return set_modes(session, statement, "", true, error);
    }
    if (strcmp(statement->name, "SESSION CHARACTERISTICS") == 0)
        return set_modes(session, statement, "default_", false, error);
    warn_outside_block(session, "SET TRANSACTION");
    return set_snapshot(session, statement, error);
}

bool utility_set(Utility *utility, Error *error)
{
    Session *session = utility->session;
    const PgQuery__VariableSetStmt *statement = utility->node->variable_set_stmt;
    const char *value = NULL;
    switch (statement->kind) {
    case KIND(SET_MULTI):
        return set_multi(session, statement, error);
    case KIND(RESET_ALL):
        settings_reset_all(session->settings, (int)session->tx.savepoints.count);
        return true;
    case KIND(SET_CURRENT):
        value = settings_get(session->settings, statement->name);
        if (!value)
            return error_set(error, ERRCODE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", statement->name);
        break;
    case KIND(SET_VALUE):
        value = arguments_text(session, statement, error);
        if (!value)
            return false;
        break;
    default: /* RESET, SET ... TO DEFAULT */
        break;
    }
    if (statement->is_local)
        warn_outside_block(session, "SET LOCAL");
    if (!value && str_eq(statement->name, "transaction_isolation"))
        warn_outside_block(session, "RESET TRANSACTION");
    return set_one(session, statement->name, value, statement->is_local, error);
}

/* ---- SHOW ---- */

bool setting_is_hidden(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(HIDDEN_FROM_USERS); i++)
        if (strcasecmp(HIDDEN_FROM_USERS[i], name) == 0)
            return true;
    return false;
}

static bool may_see(Session *session, const char *name)
{
    return !setting_is_hidden(name) || catalog_has_privs_of(session->catalog, session->current_user, ROLE_PG_READ_ALL_SETTINGS);
}

static bool show_all(Utility *utility)
{
    Session *session = utility->session;
    Portal *portal = utility->portal;
    SettingRow *rows;
    const char *const *shown;
    size_t count = settings_rows(session->settings, portal->arena, &rows, &shown);
    portal->cells = ARENA_ARRAY(portal->arena, const char *, count * 3);
    for (size_t i = 0; i < count; i++) {
        if (!may_see(session, rows[i].name))
            continue;
        const char **row = portal->cells + portal->nrows++ * 3;
        row[0] = rows[i].name;
        row[1] = shown[i];
        row[2] = rows[i].short_desc;
    }
    return true;
}

bool utility_show(Utility *utility, Error *error)
{
    Session *session = utility->session;
    Portal *portal = utility->portal;
    const char *name = utility->node->variable_show_stmt->name;
    if (strcasecmp(name, "all") == 0)
        return show_all(utility);
    const SettingDef *def = setting_find(name);
    if (def && !may_see(session, def->name))
        return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE,
                         "must be superuser or have privileges of pg_read_all_settings to examine \"%s\"", def->name);
    portal->cells = ARENA_ARRAY(portal->arena, const char *, 1);
    portal->cells[0] = settings_show(session->settings, name, portal->arena);
    portal->nrows = 1;
    return portal->cells[0] || error_set(error, ERRCODE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", name);
}

/* ---- LOAD ---- */

/* The library that a file's name stands for: plpgsql or a wrapper's module; NULL: none. */
static const char *library_of(const Session *session, const char *file, Arena *arena)
{
    static const char DIRECTORY[] = "$libdir/", SUFFIX[] = ".so";
    const char *name = strncmp(file, DIRECTORY, strlen(DIRECTORY)) == 0 ? file + strlen(DIRECTORY) : file;
    size_t len = strlen(name), suffix = strlen(SUFFIX);
    if (len > suffix && str_eq(name + len - suffix, SUFFIX))
        name = arena_strndup(arena, name, len - suffix);
    const char *const *modules;
    size_t count = wrapper_available(session->hub->options.wrappers, arena, &modules);
    for (size_t i = 0; i < count; i++)
        if (str_eq(modules[i], name))
            return modules[i];
    return str_eq(name, "plpgsql") ? name : NULL;
}

bool utility_load(Utility *utility, Error *error)
{
    static const char OPEN_TO_ALL[] = "$libdir/plugins/";
    Session *session = utility->session;
    const char *file = utility->node->load_stmt->filename, *library = library_of(session, file, utility->portal->arena);
    if (!session_is_superuser(session) && strncmp(file, OPEN_TO_ALL, strlen(OPEN_TO_ALL)) != 0)
        return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "access to library \"%s\" is not allowed", file);
    if (!library)
        return error_set(error, ERRCODE_UNDEFINED_FILE, "could not access file \"%s\": No such file or directory", file);
    session_load(&session->services, library);
    return true;
}

/* ---- DISCARD ---- */

bool utility_discard(Utility *utility, Error *error)
{
    Session *session = utility->session;
    if (utility->node->discard_stmt->target == PG_QUERY__DISCARD_MODE__DISCARD_SEQUENCES)
        catalog_sequences_forget(session->catalog);
    if (utility->node->discard_stmt->target == PG_QUERY__DISCARD_MODE__DISCARD_TEMP)
        return temporary_discard(session, error);
    if (utility->node->discard_stmt->target != PG_QUERY__DISCARD_MODE__DISCARD_ALL)
        return true; /* plans are not kept here */
    if (!transaction_forbid_block(session, "DISCARD ALL", error))
        return false;
    portal_drop_cursors(session);
    if (!set_one(session, "session_authorization", NULL, false, error))
        return false;
    settings_reset_all(session->settings, 0);
    prepared_drop_all(session);
    catalog_sequences_forget(session->catalog);
    AdvisoryRequest all = {.verb = ADVISORY_UNLOCK_ALL};
    return advisory_call(session, &all, error) && temporary_discard(session, error);
}
