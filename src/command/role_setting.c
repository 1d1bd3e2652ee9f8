/*
 * role_setting.c - ALTER ROLE ... SET and RESET, and what ALTER DATABASE has of it: rows of pg_db_role_setting.
 *
 * Invariants:
 *  1. A row's setconfig is never empty: with its last setting the row goes.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/command_internal.h"

/* ---- values ---- */

static const char *constant_text(Command *command, const Node *node)
{
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
        node = node->type_cast->arg;
    const PgQuery__AConst *constant = node->node_case == PG_QUERY__NODE__NODE_A_CONST ? node->a_const : NULL;
    if (!constant)
        return NULL;
    switch (constant->val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
        return arena_printf(command->arena, "%d", constant->ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL:
        return constant->fval->fval;
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
        return constant->boolval->boolval ? "true" : "false";
    case PG_QUERY__A__CONST__VAL_SVAL:
        return constant->sval->sval;
    default:
        return NULL;
    }
}

/* Settings whose value is a list of names, quoted one by one. */
static bool is_name_list(const char *name)
{
    static const char *const LISTS[] = {"search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries"};
    for (size_t i = 0; i < COUNT_OF(LISTS); i++)
        if (str_ieq(LISTS[i], name))
            return true;
    return false;
}

static bool setting_text(Command *command, const PgQuery__VariableSetStmt *set, const char **value)
{
    const SessionServices *session = command->context->functions->session;
    Str text;
    str_init(&text, command->arena);
    if (set->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_CURRENT) {
        *value = session->get_setting(session->arg, set->name, command->arena);
        return true;
    }
    if (set->n_args > 1 && !is_name_list(set->name) && !str_ieq(set->name, "DateStyle"))
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "SET %s takes only one argument", set->name);
    for (size_t i = 0; i < set->n_args; i++) {
        const char *one = constant_text(command, set->args[i]);
        if (!one)
            return error_unsupported(command->error, "this value of a setting is not supported");
        str_addf(&text, "%s%s", i ? ", " : "",
                 is_name_list(set->name) ? catalog_quote_identifier(command->catalog, one, command->arena) : one);
    }
    *value = text.data ? text.data : "";
    return true;
}

/* Its own spelling, as pg_settings has it; NULL: no such setting. */
static const char *setting_name(Command *command, const char *name)
{
    const SessionServices *session = command->context->functions->session;
    SettingRow *rows;
    size_t n = session->settings(session->arg, command->arena, &rows);
    for (size_t i = 0; i < n; i++)
        if (str_ieq(rows[i].name, name))
            return rows[i].name;
    bool is_session_user = str_ieq(name, "role") || str_ieq(name, "session_authorization"); /* settings that no list shows */
    return strchr(name, '.') || is_session_user ? name : NULL;
}

/* PostgreSQL's rule for the names of settings that nobody has made yet: identifiers with dots between them. */
static bool is_custom_name(const char *name)
{
    bool dotted = false, start = true;
    for (; *name; name++) {
        bool letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') || *name == '_' || (unsigned char)*name >= 0x80;
        if (*name == '.') {
            if (start)
                return false;
            dotted = start = true;
        } else if (letter || (!start && ((*name >= '0' && *name <= '9') || *name == '$'))) {
            start = false;
        } else {
            return false;
        }
    }
    return dotted && !start;
}

bool setting_may_be_granted(Command *command, const char *name)
{
    return strchr(name, '.') ? is_custom_name(name) : setting_name(command, name) != NULL;
}

/* ---- the row ---- */

static const char *const LOAD = "SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = ?1 AND setrole = ?2";

static bool load(Command *command, Oid database, Oid role, SettingList *out)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, LOAD, "oo", database, role);
    ArrayElement *elements = NULL;
    size_t count = 0;
    int ndim;
    if (!rows)
        return false;
    if (rows->nrows > 0 && !type_array_parse(CATALOG_CELL(rows, 0, 0).text, CATALOG_CELL(rows, 0, 0).len, command->arena, &elements, &count,
                                             &ndim, command->error))
        return false;
    for (size_t i = 0; i < count; i++)
        vec_push(command->arena, out, elements[i]);
    return true;
}

static bool store(Command *command, Oid database, Oid role, const SettingList *settings)
{
    Str text;
    str_init(&text, command->arena);
    type_array_write(settings->items, settings->count, &text);
    if (!catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_db_role_setting WHERE setdatabase = ?1 AND setrole = ?2",
                      "oo", database, role))
        return false;
    return settings->count == 0 || catalog_exec(command->catalog, command->error, NULL,
                                                "INSERT INTO pg_db_role_setting (setdatabase, setrole, setconfig) VALUES (?1, ?2, ?3)",
                                                "oos", database, role, text.data);
}

static size_t find_setting(const SettingList *settings, const char *name)
{
    size_t len = strlen(name), i = 0;
    while (i < settings->count &&
           !(settings->items[i].len > len && settings->items[i].text[len] == '=' && strncasecmp(settings->items[i].text, name, len) == 0))
        i++;
    return i;
}

static bool is_reset(const PgQuery__VariableSetStmt *set)
{
    return set->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET || set->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT;
}

/* value NULL: be taken back. */
static bool may_be_given(const Command *command, const char *name, const char *value, Error *error)
{
    const SessionServices *session = command->context->functions->session;
    return !session->check_setting || session->check_setting(session->arg, name, value, error);
}

/* RESET ALL leaves what the user may not set. */
static void keep_others(const Command *command, SettingList *settings)
{
    size_t kept = 0;
    Error ignored;
    error_init(&ignored, command->arena);
    for (size_t i = 0; i < settings->count; i++) {
        const char *text = settings->items[i].text, *equals = text ? strchr(text, '=') : NULL;
        const char *name = equals ? arena_strndup(command->arena, text, (size_t)(equals - text)) : "";
        if (!catalog_is_superuser(command->catalog, command->user) && !may_be_given(command, name, NULL, &ignored))
            settings->items[kept++] = settings->items[i];
        error_clear(&ignored);
    }
    settings->count = kept;
}

bool setting_list_change(Command *command, const PgQuery__VariableSetStmt *set, SettingList *settings)
{
    if (set->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL) {
        keep_others(command, settings);
        return true;
    }
    const char *name = setting_name(command, set->name), *value = NULL;
    if (!name)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", set->name);
    size_t at = find_setting(settings, name);
    if (is_reset(set)) {
        if (!may_be_given(command, name, NULL, command->error))
            return false;
        if (at < settings->count) {
            memmove(&settings->items[at], &settings->items[at + 1], (settings->count - at - 1) * sizeof *settings->items);
            settings->count--;
        }
        return true;
    }
    if (!setting_text(command, set, &value) || (value && !may_be_given(command, name, value, command->error)))
        return false;
    const char *text = arena_printf(command->arena, "%s=%s", name, value ? value : "");
    ArrayElement element = {text, strlen(text)};
    if (at < settings->count)
        settings->items[at] = element;
    else
        vec_push(command->arena, settings, element);
    return true;
}

/* ---- the statement ---- */

static bool check_rights(Command *command, Oid role)
{
    const CatRole *target = catalog_role(command->catalog, role), *user = catalog_role(command->catalog, command->user);
    if (user->super)
        return true;
    if (role == OID_NONE)
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be superuser to alter settings globally");
    if (target->super)
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be superuser to alter superusers");
    return user->create_role || role == command->user || error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied");
}

bool setting_row_change(Command *command, const PgQuery__VariableSetStmt *set, Oid database, Oid role)
{
    SettingList settings = {0};
    if (!load(command, database, role, &settings))
        return false;
    if (is_reset(set) && !settings.count) /* whether there is such a parameter is not asked then */
        return true;
    return setting_list_change(command, set, &settings) && store(command, database, role, &settings);
}

bool role_alter_settings(Command *command)
{
    const PgQuery__AlterRoleSetStmt *statement = command->node->alter_role_set_stmt;
    const PgQuery__RoleSpec *spec = statement->role;
    Oid role = OID_NONE, database = OID_NONE;
    if (spec && spec->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING && role_is_reserved(spec->rolename)) {
        error_set(command->error, ERRCODE_RESERVED_NAME, "role name \"%s\" is reserved", spec->rolename);
        return error_detail(command->error, "Cannot alter reserved roles.");
    }
    if ((spec && !role_resolve(command, spec, &role)) || (spec && !check_rights(command, role)))
        return false;
    if (text_given(statement->database) &&
        !object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE), statement->database, false, &database))
        return false;
    if (!spec && !(database ? require_owner(command, PG_DATABASE_RELATION, database) : check_rights(command, role)))
        return false;
    return setting_row_change(command, statement->setstmt, database, role);
}
