/*
 * func_fdw.c - postgresql_fdw_validator: which options of libpq servers and user mappings take.
 *
 * Invariant: values are never looked at, nor said.
 *
 * Any thread.
 */
#include "func/func_fdw.h"

#include "func/func_internal.h"

/* libpq's options as PostgreSQL keeps them for dblink's sake. */
static const struct {
    const char *name;
    Oid class_oid;
} OPTIONS[] = {
    {"authtype", PG_FOREIGN_SERVER_RELATION}, {"service", PG_FOREIGN_SERVER_RELATION},         {"user", PG_USER_MAPPING_RELATION},
    {"password", PG_USER_MAPPING_RELATION},   {"connect_timeout", PG_FOREIGN_SERVER_RELATION}, {"dbname", PG_FOREIGN_SERVER_RELATION},
    {"host", PG_FOREIGN_SERVER_RELATION},     {"hostaddr", PG_FOREIGN_SERVER_RELATION},        {"port", PG_FOREIGN_SERVER_RELATION},
    {"tty", PG_FOREIGN_SERVER_RELATION},      {"options", PG_FOREIGN_SERVER_RELATION},         {"requiressl", PG_FOREIGN_SERVER_RELATION},
    {"sslmode", PG_FOREIGN_SERVER_RELATION},  {"gsslib", PG_FOREIGN_SERVER_RELATION},
};

static bool is_known(const char *name, Oid class_oid)
{
    for (size_t i = 0; i < COUNT_OF(OPTIONS); i++)
        if (OPTIONS[i].class_oid == class_oid && strcmp(OPTIONS[i].name, name) == 0)
            return true;
    return false;
}

bool func_fdw_validate(const char *const *names, size_t count, Oid class_oid, Arena *arena, Error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (is_known(names[i], class_oid))
            continue;
        Str known;
        str_init(&known, arena);
        for (size_t j = 0; j < COUNT_OF(OPTIONS); j++)
            if (OPTIONS[j].class_oid == class_oid)
                str_addf(&known, "%s%s", known.len ? ", " : "", OPTIONS[j].name);
        error_set(error, ERRCODE_SYNTAX_ERROR, "invalid option \"%s\"", names[i]);
        if (known.len)
            return error_hint(error, "Valid options in this context are: %s", known.data);
        return error_hint(error, "There are no valid options in this context.");
    }
    return true;
}

bool func_fdw_options(const char *text, Arena *arena, FuncFdwOption **out, size_t *count, Error *error)
{
    ArrayShape array;
    if (!type_array_read(text, strlen(text), ',', arena, &array, error))
        return false;
    *count = array.count;
    *out = ARENA_ARRAY(arena, FuncFdwOption, array.count + 1);
    for (size_t i = 0; i < array.count; i++) {
        const ArrayElement *element = &array.elements[i];
        if (!element->text)
            return error_set(error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "null array element not allowed in this context");
        char *name = arena_strndup(arena, element->text, element->len), *equals = strchr(name, '=');
        if (equals)
            *equals++ = '\0';
        (*out)[i] = (FuncFdwOption){name, equals};
    }
    return true;
}

static bool postgresql_validator(FuncCall *call)
{
    FuncFdwOption *options;
    size_t count;
    if (!func_fdw_options(arg_text(call, 0), call->arena, &options, &count, call->error))
        return false;
    const char **names = ARENA_ARRAY(call->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = options[i].name;
    return func_fdw_validate(names, count, arg_oid(call, 1), call->arena, call->error) && return_bool(call, true);
}

static const FuncRow ROWS[] = {{F_POSTGRESQL_FDW_VALIDATOR_TEXT_ARRAY_OID, postgresql_validator}};
const FuncTable FUNC_TABLE_FDW = {ROWS, COUNT_OF(ROWS)};
