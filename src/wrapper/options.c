/*
 * options.c - an object's options against its module's table, with PostgreSQL's messages.
 *
 * Invariants:
 *  1. Options are judged in the order given, each wholly before the next: the first wrong one is the one reported.
 *  2. A value is never part of a message when its option is secret.
 *
 * Any thread.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "wrapper/wrapper_internal.h"

/* Predefined roles have the OIDs of PostgreSQL's pg_authid. */
enum { ROLE_READ_SERVER_FILES = 4569, ROLE_EXECUTE_SERVER_PROGRAM = 4571 };

static const struct {
    FdwObject object;
    Oid class_oid;
} OBJECT_CLASSES[] = {
    {FDW_OBJECT_WRAPPER, PG_FOREIGN_DATA_WRAPPER_RELATION},
    {FDW_OBJECT_SERVER, PG_FOREIGN_SERVER_RELATION},
    {FDW_OBJECT_USER_MAPPING, PG_USER_MAPPING_RELATION},
    {FDW_OBJECT_TABLE, PG_FOREIGN_TABLE_RELATION},
    {FDW_OBJECT_COLUMN, PG_ATTRIBUTE_RELATION},
};

Oid wrapper_object_class(FdwObject object)
{
    for (size_t i = 0; i < COUNT_OF(OBJECT_CLASSES); i++)
        if (OBJECT_CLASSES[i].object == object)
            return OBJECT_CLASSES[i].class_oid;
    return OID_NONE;
}

FdwObject wrapper_class_object(Oid class_oid)
{
    for (size_t i = 0; i < COUNT_OF(OBJECT_CLASSES); i++)
        if (OBJECT_CLASSES[i].class_oid == class_oid)
            return OBJECT_CLASSES[i].object;
    return (FdwObject)0;
}

const FdwOption *wrapper_option(const FdwModule *module, const char *name, FdwObject object)
{
    for (const FdwOption *option = module->options; option->name; option++)
        if ((option->objects & object) && strcmp(option->name, name) == 0)
            return option;
    return NULL;
}

static const FdwOptionValue *role_option(const FdwModule *module, FdwObject object, const FdwOptions *options, FdwOptionRole role)
{
    for (size_t i = 0; i < options->count; i++) {
        const FdwOption *option = wrapper_option(module, options->items[i].name, object);
        if (option && option->role == role)
            return &options->items[i];
    }
    return NULL;
}

const char *wrapper_role_value(const FdwModule *module, FdwObject object, const FdwOptions *options, FdwOptionRole role)
{
    const FdwOptionValue *option = role_option(module, object, options, role);
    return option ? option->value : NULL;
}

bool wrapper_rights(Catalog *catalog, Oid user, Arena *arena, FdwRights *rights, Error *error)
{
    *rights = (FdwRights){.superuser = catalog_is_superuser(catalog, user)};
    rights->may_read_files = rights->superuser || catalog_has_privs_of(catalog, user, ROLE_READ_SERVER_FILES);
    rights->may_execute_programs = rights->superuser || catalog_has_privs_of(catalog, user, ROLE_EXECUTE_SERVER_PROGRAM);
    CatalogRows *rows = catalog_query(catalog, arena, error, "SELECT extname FROM pg_extension", "");
    if (!rows)
        return false;
    const char **names = ARENA_ARRAY(arena, const char *, rows->nrows + 1);
    for (size_t i = 0; i < rows->nrows; i++)
        names[i] = CATALOG_CELL(rows, i, 0).text;
    rights->extensions = names;
    rights->nextensions = rows->nrows;
    return true;
}

/* IMPORT FOREIGN SCHEMA's options get no hint from PostgreSQL. */
static bool reject_name(const FdwModule *module, FdwObject object, const char *name, Error *error)
{
    error_set(error, ERRCODE_FDW_INVALID_OPTION_NAME, "invalid option \"%s\"", name);
    if (object == FDW_OBJECT_IMPORT)
        return false;
    Str list;
    str_init(&list, error->arena);
    for (const FdwOption *option = module->options; option->name; option++)
        if ((option->objects & object) && !option->unlisted)
            str_addf(&list, "%s%s", list.len ? ", " : "", option->name);
    if (list.len)
        return error_hint(error, "Valid options in this context are: %s", list.data);
    return error_hint(error, "There are no valid options in this context.");
}

static bool is_boolean(const char *text)
{
    return str_ieq(text, "true") || str_ieq(text, "false") || str_ieq(text, "on") || str_ieq(text, "off");
}

static bool only_spaces(const char *text)
{
    return text[strspn(text, " \t\n\r\v\f")] == '\0';
}

/* Integers as PostgreSQL's settings read them: any base that strtol knows, fractions rounded. */
static bool parse_integer(const char *text, int *out)
{
    char *end;
    errno = 0;
    double value = (double)strtol(text, &end, 0);
    if (*end == '.' || *end == 'e' || *end == 'E' || errno == ERANGE) {
        errno = 0;
        value = strtod(text, &end);
    }
    if (end == text || errno == ERANGE || isnan(value) || !only_spaces(end))
        return false;
    value = rint(value);
    if (value > INT_MAX || value < INT_MIN)
        return false;
    *out = (int)value;
    return true;
}

static const FdwOptionValue *fetch_size_option(const FdwModule *module, const FdwOptions *server, const FdwOptions *table)
{
    const FdwOptionValue *own = role_option(module, FDW_OBJECT_TABLE, table, FDW_ROLE_FETCH_SIZE);
    return own ? own : role_option(module, FDW_OBJECT_SERVER, server, FDW_ROLE_FETCH_SIZE);
}

int wrapper_fetch_size(const RemoteTarget *target, const FdwOptions *table)
{
    const FdwOptionValue *option = fetch_size_option(target->module, &target->server->options, table);
    int value = WRAPPER_FETCH_SIZE;
    return !option || parse_integer(option->value, &value) ? value : 0;
}

static bool check_positive_int(const FdwOptionValue *option, Error *error)
{
    int value;
    if (!parse_integer(option->value, &value))
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for integer option \"%s\": %s", option->name,
                         option->value);
    if (value <= 0)
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "\"%s\" must be an integer value greater than zero", option->name);
    return true;
}

static bool check_nonnegative_real(const FdwOptionValue *option, Error *error)
{
    char *end;
    errno = 0;
    double value = strtod(option->value, &end);
    if (end == option->value || errno == ERANGE || isnan(value) || !only_spaces(end))
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for floating point option \"%s\": %s", option->name,
                         option->value);
    if (value < 0)
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "\"%s\" must be a floating point value greater than or equal to zero",
                         option->name);
    return true;
}

static bool check_type(const FdwOption *known, const FdwOptionValue *option, Error *error)
{
    switch (known->type) {
    case FDW_OPTION_BOOL:
    case FDW_OPTION_PLANNING_BOOL:
        return is_boolean(option->value) || error_set(error, ERRCODE_SYNTAX_ERROR, "%s requires a Boolean value", option->name);
    case FDW_OPTION_POSITIVE_INT:
        return check_positive_int(option, error);
    case FDW_OPTION_NONNEGATIVE_REAL:
        return check_nonnegative_real(option, error);
    case FDW_OPTION_TEXT:
    case FDW_OPTION_CHECKED:
    case FDW_OPTION_PLANNING_CHECKED:
        break;
    }
    return true;
}

static bool check_option(FdwCall *call, const FdwModule *module, const FdwOption *known, const FdwCheck *check, size_t index, Error *error)
{
    bool checked = known->type == FDW_OPTION_CHECKED || known->type == FDW_OPTION_PLANNING_CHECKED;
    return check_type(known, &check->all.items[index], error) &&
           (!checked || !module->check_option || module->check_option(call, check, index));
}

static bool check_planning(WrapperHost *host, const FdwModule *module, FdwObject object, const FdwOptions *options, Error *error)
{
    CallSpace space;
    FdwCall *call = wrapper_host_call(&space, host, error->arena, NULL, error);
    FdwCheck check = {.object = object, .all = *options};
    for (size_t i = 0; i < options->count; i++) {
        const FdwOption *known = wrapper_option(module, options->items[i].name, object);
        if (known && (known->type == FDW_OPTION_PLANNING_BOOL || known->type == FDW_OPTION_PLANNING_CHECKED) &&
            !check_option(call, module, known, &check, i, error))
            return false;
    }
    return true;
}

/* NULL without an error: who opens it says what is missing. */
static const FdwModule *module_of(WrapperHost *host, Catalog *catalog, const CatServer *server, Error *error)
{
    const CatWrapper *wrapper = server ? catalog_wrapper(catalog, server->wrapper) : NULL;
    return wrapper && catalog_check_handler(wrapper, error) ? wrapper_module(host, wrapper->module, error) : NULL;
}

bool wrapper_check_planning(WrapperHost *host, Catalog *catalog, const CatRelation *relation, Error *error)
{
    const CatServer *server = catalog_server(catalog, relation->server);
    const FdwModule *module = module_of(host, catalog, server, error);
    if (!module)
        return !error_is_set(error);
    return check_planning(host, module, FDW_OBJECT_SERVER, &server->options, error) &&
           check_planning(host, module, FDW_OBJECT_TABLE, &relation->options, error);
}

bool wrapper_check_sampling(WrapperHost *host, Catalog *catalog, const CatRelation *relation, Error *error)
{
    const CatServer *server = catalog_server(catalog, relation->server);
    const FdwModule *module = module_of(host, catalog, server, error);
    const FdwOptionValue *option = module ? fetch_size_option(module, &server->options, &relation->options) : NULL;
    return option ? check_positive_int(option, error) : !error_is_set(error);
}

bool wrapper_check_table(WrapperHost *host, const FdwModule *module, const FdwTable *table, Arena *arena, Error *error)
{
    CallSpace space;
    return !module->check_table || module->check_table(wrapper_host_call(&space, host, arena, NULL, error), table);
}

bool wrapper_validate(WrapperHost *host, const FdwModule *module, FdwObject object, const FdwOptions *options, const FdwRights *rights,
                      const Notices *notices, Error *error)
{
    if (!module)
        return true;
    CallSpace space;
    FdwCall *call = wrapper_host_call(&space, host, error->arena, notices, error);
    FdwCheck check = {object, *options, *rights};
    for (size_t i = 0; i < options->count; i++) {
        const FdwOptionValue *option = &options->items[i];
        const FdwOption *known = wrapper_option(module, option->name, object);
        if (!known)
            return reject_name(module, object, option->name, error);
        if (!check_option(call, module, known, &check, i, error))
            return false;
    }
    return !module->check_options || module->check_options(call, &check);
}
