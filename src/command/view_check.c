/*
 * view_check.c - options of views, and whether a view is simple enough to be written through.
 *
 * Entered by the session's worker only.
 */
#include <string.h>
#include <strings.h>

#include "command/view_internal.h"

/* ---- updatable views ---- */

static bool is_writable_relation(const Rte *rte)
{
    return rte->relation && strchr("rpfv", rte->relation->kind);
}

/* At least one column must be a plain column of the base relation. */
static bool has_writable_column(const Query *query, int base)
{
    for (int i = 0; i < query->ntargets; i++) {
        const Expr *expr = query->targets[i].expr;
        if (!query->targets[i].junk && expr->kind == EXPR_VAR && expr->u.var.rte == base && expr->u.var.levels_up == 0 &&
            expr->u.var.column > 0)
            return true;
    }
    return false;
}

const char *view_not_updatable(Command *command, const Query *query)
{
    const struct {
        bool has;
        const char *words;
    } RULES[] = {
        {query->distinct || query->distinct_on, "Views containing DISTINCT are not automatically updatable."},
        {query->ngroup || query->ngrouping_sets, "Views containing GROUP BY are not automatically updatable."},
        {query->having != NULL, "Views containing HAVING are not automatically updatable."},
        {query->set_op != SETOP_NONE, "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable."},
        {query->nctes > 0, "Views containing WITH are not automatically updatable."},
        {query->limit || query->offset, "Views containing LIMIT or OFFSET are not automatically updatable."},
        {query->has_aggs, "Views that return aggregate functions are not automatically updatable."},
        {query->has_windows, "Views that return window functions are not automatically updatable."},
        {query->has_set_functions, "Views that return set-returning functions are not automatically updatable."},
    };
    (void)command;
    for (size_t i = 0; i < COUNT_OF(RULES); i++)
        if (RULES[i].has)
            return RULES[i].words;
    bool single = query->nfrom == 1 && query->from[0]->kind == FROM_RTE && is_writable_relation(query->rtes[query->from[0]->rte]);
    if (!single)
        return "Views that do not select from a single table or view are not automatically updatable.";
    return has_writable_column(query, query->from[0]->rte) ? NULL : "Views that have no updatable columns are not automatically updatable.";
}

/* ---- options ---- */

typedef struct ViewOption {
    const char *name;
    bool is_bool;
} ViewOption;

static const ViewOption OPTIONS[] = {{"security_barrier", true}, {"security_invoker", true}, {"check_option", false}};

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

static bool check_option_value(Command *command, const char *name, const char *value)
{
    for (size_t i = 0; i < COUNT_OF(OPTIONS); i++) {
        if (!str_eq(OPTIONS[i].name, name))
            continue;
        if (OPTIONS[i].is_bool)
            return is_bool_word(value) ||
                   error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for boolean option \"%s\": %s", name, value);
        if (strcasecmp(value, "local") == 0 || strcasecmp(value, "cascaded") == 0)
            return true;
        error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for enum option \"%s\": %s", name, value);
        return error_detail(command->error, "Valid values are \"local\" and \"cascaded\".");
    }
    return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized parameter \"%s\"", name);
}

typedef struct OptionSet {
    FdwOptionValue *items;
    size_t count;
} OptionSet;

static void remove_option(OptionSet *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (str_eq(set->items[i].name, name)) {
            memmove(&set->items[i], &set->items[i + 1], (set->count - i - 1) * sizeof set->items[0]);
            set->count--;
            return;
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

bool view_options(Command *command, const char *old, NodeList items, size_t count, bool reset, const char *check_option,
                  const char **stored)
{
    FdwOptions before = catalog_options_parse(old, command->arena);
    OptionSet set = {ARENA_ARRAY(command->arena, FdwOptionValue, before.count + count + 1), before.count};
    if (before.count)
        memcpy(set.items, before.items, before.count * sizeof set.items[0]);
    for (size_t i = 0; i < count; i++) {
        const PgQuery__DefElem *option = items[i]->def_elem;
        for (size_t k = 0; k < i && !reset; k++)
            if (str_eq(items[k]->def_elem->defname, option->defname))
                return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "parameter \"%s\" specified more than once",
                                 option->defname);
        if (text_given(option->defnamespace))
            return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized parameter namespace \"%s\"",
                             option->defnamespace);
        remove_option(&set, option->defname);
        if (!reset)
            set.items[set.count++] = (FdwOptionValue){.name = option->defname, .value = option_value(command, option)};
        else if (option->arg)
            return error_set(command->error, ERRCODE_SYNTAX_ERROR, "RESET must not include values for parameters");
    }
    if (check_option)
        set.items[set.count++] = (FdwOptionValue){.name = "check_option", .value = check_option};
    for (size_t i = 0; i < set.count; i++) {
        if (!check_option_value(command, set.items[i].name, set.items[i].value))
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

bool view_has_check_option(const char *stored)
{
    return stored && strstr(stored, "check_option=");
}
