/*
 * alter_attribute.c - ALTER COLUMN ... SET/RESET (n_distinct = ...): attributes of columns, kept in pg_attribute.attoptions as ANALYZE
 * reads them; VALIDATE CONSTRAINT.
 *
 * Entered by the session's worker only.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command/alter_internal.h"

typedef VEC(FdwOptionValue) Attributes;

/* Both attributes that a table's column may have are reals from -1 on. */
static bool is_attribute(const char *name)
{
    return str_eq(name, "n_distinct") || str_eq(name, "n_distinct_inherited");
}

static bool check_value(Command *command, const FdwOptionValue *option)
{
    const char *text = option->value;
    char *end;
    double value = strtod(text, &end);
    while (*end == ' ')
        end++;
    if (end == text || *end || isnan(value))
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for floating point option \"%s\": %s",
                         option->name, text);
    if (value >= -1 && value <= DBL_MAX)
        return true;
    error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "value %s out of bounds for option \"%s\"", text, option->name);
    return error_detail(command->error, "Valid values are between \"%f\" and \"%f\".", -1.0, DBL_MAX);
}

static bool check_attributes(Command *command, const Attributes *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const FdwOptionValue *option = &list->items[i];
        if (!is_attribute(option->name))
            return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized parameter \"%s\"", option->name);
        for (size_t j = 0; j < i; j++)
            if (str_eq(list->items[j].name, option->name))
                return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "parameter \"%s\" specified more than once",
                                 option->name);
        if (!check_value(command, option))
            return false;
    }
    return true;
}

/* One of SET's or RESET's list. */
static bool apply(Command *command, Attributes *list, const PgQuery__DefElem *option, bool reset)
{
    if (reset && option->arg)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "RESET must not include values for parameters");
    if (reset)
        return true;
    if (text_given(option->defnamespace))
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized parameter namespace \"%s\"", option->defnamespace);
    const char *value = option->arg ? option_string(command, option) : "true";
    FdwOptionValue fresh = {option->defname, value ? value : ""};
    vec_push(command->arena, list, fresh);
    return true;
}

static bool named_in(const PgQuery__List *items, const char *name)
{
    for (size_t i = 0; i < items->n_items; i++)
        if (str_eq(items->items[i]->def_elem->defname, name))
            return true;
    return false;
}

static bool change_attributes(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd, bool reset)
{
    const PgQuery__List *items = cmd->def->list;
    Attributes list = {0};
    int number;
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "SELECT attoptions FROM pg_attribute WHERE attrelid = ?1 AND attnum = ?2", "oi", alter->relation, (int64_t)number);
    if (!rows)
        return false;
    FdwOptions old = catalog_options_parse(CATALOG_CELL(rows, 0, 0).text, command->arena);
    for (size_t i = 0; i < old.count; i++)
        if (!named_in(items, old.items[i].name))
            vec_push(command->arena, &list, old.items[i]);
    for (size_t i = 0; i < items->n_items; i++)
        if (!apply(command, &list, items->items[i]->def_elem, reset))
            return false;
    FdwOptions now = {list.items, list.count};
    return check_attributes(command, &list) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET attoptions = ?3 WHERE attrelid = ?1 AND attnum = ?2", "ois", alter->relation,
                        (int64_t)number, catalog_options_text(&now, command->arena));
}

bool alter_set_attributes(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return change_attributes(command, alter, cmd, false);
}

bool alter_reset_attributes(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return change_attributes(command, alter, cmd, true);
}

/* The rows of a foreign table are not looked at: PostgreSQL takes its word for them. */
bool alter_validate_constraint(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "SELECT oid, contype FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2", "so", cmd->name, alter->relation);
    if (!rows)
        return false;
    if (rows->nrows == 0)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" of relation \"%s\" does not exist", cmd->name,
                         alter->name);
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_constraint SET convalidated = 1 WHERE oid = ?1", "o",
                        (Oid)CATALOG_CELL(rows, 0, 0).i);
}
