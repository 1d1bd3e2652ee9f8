/*
 * storage.c - parameters of tables, views and indexes (WITH, SET, RESET): pg_class.reloptions.
 *
 * Those of tables and indexes tell PostgreSQL how to keep and to vacuum their rows. Here DuckDB's file does that: they are recorded, shown
 * and dumped, and have no effect. Parameters of TOAST tables, which do not exist here, are refused.
 *
 * Entered by the session's worker only.
 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command/alter_internal.h"
#include "command/view_internal.h"

typedef enum ParameterType {
    PARAMETER_BOOL,
    PARAMETER_INT,
    PARAMETER_REAL,
    PARAMETER_CHECK,
    PARAMETER_AUTO,
    PARAMETER_BUFFERING
} ParameterType;

typedef struct Parameter {
    char kind;  /* relkind; of indexes, the access method's (METHODS) */
    bool toast; /* of a TOAST table too */
    const char *name;
    ParameterType type;
    double low, high;
} Parameter;

static const Parameter PARAMETERS[] = {
    {'v', false, "security_barrier", PARAMETER_BOOL, 0, 0},
    {'v', false, "security_invoker", PARAMETER_BOOL, 0, 0},
    {'v', false, "check_option", PARAMETER_CHECK, 0, 0},
    {'b', false, "fillfactor", PARAMETER_INT, 10, 100},
    {'b', false, "vacuum_cleanup_index_scale_factor", PARAMETER_REAL, 0, 1e10},
    {'b', false, "deduplicate_items", PARAMETER_BOOL, 0, 0},
    {'h', false, "fillfactor", PARAMETER_INT, 10, 100},
    {'g', false, "fillfactor", PARAMETER_INT, 10, 100},
    {'g', false, "buffering", PARAMETER_BUFFERING, 0, 0},
    {'s', false, "fillfactor", PARAMETER_INT, 10, 100},
    {'n', false, "fastupdate", PARAMETER_BOOL, 0, 0},
    {'n', false, "gin_pending_list_limit", PARAMETER_INT, 64, 2147483647},
    {'B', false, "autosummarize", PARAMETER_BOOL, 0, 0},
    {'B', false, "pages_per_range", PARAMETER_INT, 1, 131072},
    {'r', false, "fillfactor", PARAMETER_INT, 10, 100},
    {'r', false, "toast_tuple_target", PARAMETER_INT, 128, 8160},
    {'r', false, "parallel_workers", PARAMETER_INT, 0, 1024},
    {'r', false, "user_catalog_table", PARAMETER_BOOL, 0, 0},
    {'r', false, "autovacuum_analyze_threshold", PARAMETER_INT, 0, INT_MAX},
    {'r', false, "autovacuum_analyze_scale_factor", PARAMETER_REAL, 0, 100},
    {'r', true, "autovacuum_enabled", PARAMETER_BOOL, 0, 0},
    {'r', true, "vacuum_index_cleanup", PARAMETER_AUTO, 0, 0},
    {'r', true, "vacuum_truncate", PARAMETER_BOOL, 0, 0},
    {'r', true, "autovacuum_vacuum_threshold", PARAMETER_INT, 0, INT_MAX},
    {'r', true, "autovacuum_vacuum_scale_factor", PARAMETER_REAL, 0, 100},
    {'r', true, "autovacuum_vacuum_insert_threshold", PARAMETER_INT, -1, INT_MAX},
    {'r', true, "autovacuum_vacuum_insert_scale_factor", PARAMETER_REAL, 0, 100},
    {'r', true, "autovacuum_vacuum_cost_delay", PARAMETER_REAL, 0, 100},
    {'r', true, "autovacuum_vacuum_cost_limit", PARAMETER_INT, 1, 10000},
    {'r', true, "autovacuum_freeze_min_age", PARAMETER_INT, 0, 1000000000},
    {'r', true, "autovacuum_freeze_max_age", PARAMETER_INT, 100000, 2000000000},
    {'r', true, "autovacuum_freeze_table_age", PARAMETER_INT, 0, 2000000000},
    {'r', true, "autovacuum_multixact_freeze_min_age", PARAMETER_INT, 0, 1000000000},
    {'r', true, "autovacuum_multixact_freeze_max_age", PARAMETER_INT, 10000, 2000000000},
    {'r', true, "autovacuum_multixact_freeze_table_age", PARAMETER_INT, 0, 2000000000},
    {'r', true, "log_autovacuum_min_duration", PARAMETER_INT, -1, INT_MAX},
};

static const struct {
    const char *name;
    char kind;
} METHODS[] = {{"btree", 'b'}, {"hash", 'h'}, {"gist", 'g'}, {"spgist", 's'}, {"gin", 'n'}, {"brin", 'B'}};

char storage_index_kind(const char *method)
{
    for (size_t i = 0; i < COUNT_OF(METHODS); i++)
        if (str_eq(METHODS[i].name, method))
            return METHODS[i].kind;
    return 'i';
}

typedef struct OptionSet {
    FdwOptionValue *items;
    size_t count;
} OptionSet;

static const Parameter *find_parameter(char kind, const char *name)
{
    kind = kind == 'm' ? 'r' : kind; /* a materialized view keeps its rows as tables do */
    for (size_t i = 0; i < COUNT_OF(PARAMETERS); i++)
        if (PARAMETERS[i].kind == kind && str_eq(PARAMETERS[i].name, name))
            return &PARAMETERS[i];
    return NULL;
}

static bool unrecognized(Command *command, const char *name)
{
    return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized parameter \"%s\"", name);
}

/* ---- values ---- */

/* PostgreSQL's boolean words, and their beginnings. */
static bool is_bool_word(const char *text)
{
    static const char *const WORDS[] = {"true", "false", "yes", "no", "on", "off", "1", "0"};
    size_t len = strlen(text);
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (len > 0 && strncasecmp(text, WORDS[i], len) == 0 && len <= strlen(WORDS[i]) && !(len == 1 && (*text | 32) == 'o'))
            return true;
    return false;
}

static bool invalid(Command *command, const char *type, const char *name, const char *value)
{
    return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for %s option \"%s\": %s", type, name, value);
}

static bool check_word(Command *command, const Parameter *parameter, const char *value)
{
    static const struct {
        ParameterType type;
        const char *words, *valid;
    } WORDS[] = {
        {PARAMETER_CHECK, "local cascaded", "\"local\" and \"cascaded\""},
        {PARAMETER_AUTO, "auto on off true false yes no 1 0", "\"on\", \"off\", and \"auto\""},
        {PARAMETER_BUFFERING, "auto on off", "\"on\", \"off\", and \"auto\""},
    };
    size_t at = 0;
    while (WORDS[at].type != parameter->type)
        at++;
    size_t len = strlen(value);
    for (const char *word = WORDS[at].words; *word; word += strcspn(word, " "), word += *word == ' ')
        if (strcspn(word, " ") == len && strncasecmp(word, value, len) == 0)
            return true;
    invalid(command, "enum", parameter->name, value);
    return error_detail(command->error, "Valid values are %s.", WORDS[at].valid);
}

static bool check_number(Command *command, const Parameter *parameter, const char *value)
{
    bool whole = parameter->type == PARAMETER_INT;
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end || isnan(number) || (whole && fabs(rint(number)) > INT_MAX))
        return invalid(command, whole ? "integer" : "floating point", parameter->name, value);
    number = whole ? rint(number) : number;
    if (number >= parameter->low && number <= parameter->high)
        return true;
    error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "value %s out of bounds for option \"%s\"", value, parameter->name);
    return error_detail(command->error, "Valid values are between \"%.*f\" and \"%.*f\".", whole ? 0 : 6, parameter->low, whole ? 0 : 6,
                        parameter->high);
}

static bool check_value(Command *command, char kind, const char *name, const char *value)
{
    const Parameter *parameter = find_parameter(kind, name);
    if (!parameter)
        return unrecognized(command, name);
    switch (parameter->type) {
    case PARAMETER_BOOL:
        return is_bool_word(value) || invalid(command, "boolean", name, value);
    case PARAMETER_INT:
    case PARAMETER_REAL:
        return check_number(command, parameter, value);
    default:
        return check_word(command, parameter, value);
    }
}

/* The words that the grammar makes of a value that is a type's or a keyword's name. */
static const char *option_value(Command *command, const PgQuery__DefElem *option)
{
    if (!option->arg)
        return "true";
    if (option->arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME) {
        const PgQuery__TypeName *name = option->arg->type_name;
        return node_text(name->names[name->n_names - 1]);
    }
    const char *text = option_string(command, option);
    return text ? text : "";
}

/* ---- the list ---- */

static void remove_option(OptionSet *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (str_eq(set->items[i].name, name)) {
            memmove(&set->items[i], &set->items[i + 1], (set->count - i - 1) * sizeof set->items[0]);
            set->count--;
            return;
        }
}

static bool check_namespace(Command *command, const StorageChange *change, const PgQuery__DefElem *option)
{
    const char *space = text_given(option->defnamespace);
    if (!space)
        return true;
    if (change->kind != 'r' || !str_eq(space, "toast"))
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized parameter namespace \"%s\"", space);
    const Parameter *parameter = find_parameter('r', option->defname);
    if (!parameter || !parameter->toast)
        return change->reset || unrecognized(command, option->defname);
    return error_unsupported(command->error, "storage parameters of TOAST tables are not supported");
}

/* WITH (oids = false) says nothing. */
static bool is_oids(const StorageChange *change, const PgQuery__DefElem *option)
{
    return change->creating && !text_given(option->defnamespace) && str_eq(option->defname, "oids");
}

static bool add_option(Command *command, const StorageChange *change, size_t at, OptionSet *set)
{
    const PgQuery__DefElem *option = change->items[at]->def_elem;
    const char *value = option_value(command, option);
    if (is_oids(change, option))
        return strchr("fFnN0", *value) || strncasecmp(value, "of", 2) == 0 ||
               error_unsupported(command->error, "tables declared WITH OIDS are not supported");
    for (size_t k = 0; k < at && !change->reset; k++)
        if (str_eq(change->items[k]->def_elem->defname, option->defname) &&
            text_given(change->items[k]->def_elem->defnamespace) == text_given(option->defnamespace))
            return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "parameter \"%s\" specified more than once", option->defname);
    if (!check_namespace(command, change, option))
        return false;
    if (change->reset && option->arg)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "RESET must not include values for parameters");
    if (text_given(option->defnamespace))
        return true;
    remove_option(set, option->defname);
    if (!change->reset)
        set->items[set->count++] = (FdwOptionValue){.name = option->defname, .value = value};
    return true;
}

bool storage_change(Command *command, const StorageChange *change, const char **stored)
{
    FdwOptions before = catalog_options_parse(change->old, command->arena);
    OptionSet set = {ARENA_ARRAY(command->arena, FdwOptionValue, before.count + change->count + 1), before.count};
    if (before.count)
        memcpy(set.items, before.items, before.count * sizeof set.items[0]);
    for (size_t i = 0; i < change->count; i++)
        if (!add_option(command, change, i, &set))
            return false;
    if (change->check_option)
        set.items[set.count++] = (FdwOptionValue){.name = "check_option", .value = change->check_option};
    for (size_t i = 0; i < set.count; i++) {
        if (!check_value(command, change->kind, set.items[i].name, set.items[i].value))
            return false;
        for (size_t k = 0; k < i; k++)
            if (str_eq(set.items[k].name, set.items[i].name))
                return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "parameter \"%s\" specified more than once",
                                 set.items[i].name);
    }
    FdwOptions after = {.items = set.items, .count = set.count};
    *stored = catalog_options_text(&after, command->arena);
    return true;
}

bool storage_set(Command *command, Oid relation, const char *stored)
{
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET reloptions = ?2 WHERE oid = ?1", "os", relation,
                        stored);
}

bool alter_storage_parameters(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__List *list = cmd->def->list;
    const char *stored;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT reloptions, amname FROM pg_class c LEFT JOIN pg_am a ON a.oid = relam WHERE c.oid = ?1", "o",
                                      alter->relation);
    if (!rows)
        return false;
    StorageChange change = {.kind = alter->kind == 'i' ? storage_index_kind(CATALOG_CELL(rows, 0, 1).text) : alter->kind,
                            .old = CATALOG_CELL(rows, 0, 0).text,
                            .items = list->items,
                            .count = list->n_items,
                            .reset = cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions};
    return storage_change(command, &change, &stored) && (alter->kind != 'v' || view_check_options(command, alter->relation, stored)) &&
           storage_set(command, alter->relation, stored);
}
