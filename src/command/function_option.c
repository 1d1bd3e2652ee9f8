/*
 * function_option.c - attributes of routines: what CREATE FUNCTION takes as options and ALTER FUNCTION as actions.
 *
 * Invariants:
 *  1. Each attribute may be given once; a second one is 42601 at its place.
 *  2. A procedure has only security, language, AS, transforms and SET.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/function_internal.h"

static const PgQuery__DefElem **option_slot(RoutineOptions *options, const char *name, bool *for_procedures)
{
    const struct {
        const char *name;
        const PgQuery__DefElem **slot;
        bool for_procedures;
    } SLOTS[] = {
        {"as", &options->as, true},
        {"language", &options->language, true},
        {"transform", &options->transform, true},
        {"security", &options->security, true},
        {"window", &options->window, false},
        {"volatility", &options->volatility, false},
        {"strict", &options->strict, false},
        {"leakproof", &options->leakproof, false},
        {"cost", &options->cost, false},
        {"rows", &options->rows, false},
        {"support", &options->support, false},
        {"parallel", &options->parallel, false},
    };
    for (size_t i = 0; i < COUNT_OF(SLOTS); i++)
        if (str_eq(SLOTS[i].name, name)) {
            *for_procedures = SLOTS[i].for_procedures;
            return SLOTS[i].slot;
        }
    return NULL;
}

bool routine_options_read(Command *command, NodeList items, size_t count, bool is_procedure, RoutineOptions *out)
{
    *out = (RoutineOptions){0};
    for (size_t i = 0; i < count; i++) {
        const PgQuery__DefElem *option = items[i]->def_elem;
        bool for_procedures = true;
        if (str_eq(option->defname, "set")) {
            vec_push(command->arena, &out->sets, option->arg->variable_set_stmt);
            continue;
        }
        const PgQuery__DefElem **slot = option_slot(out, option->defname, &for_procedures);
        if (!slot)
            return error_set(command->error, ERRCODE_INTERNAL_ERROR, "option \"%s\" not recognized", option->defname);
        if (is_procedure && !for_procedures) {
            error_set(command->error, ERRCODE_INVALID_FUNCTION_DEFINITION, "invalid attribute in procedure definition");
            return error_at(command->error, option->location);
        }
        if (*slot)
            return conflicting_options(command, option);
        *slot = option;
    }
    return true;
}

bool routine_option_bool(const PgQuery__DefElem *option, bool fallback)
{
    return option ? option->arg && option->arg->boolean && option->arg->boolean->boolval : fallback;
}

static bool positive(Command *command, const PgQuery__DefElem *option, const char *word, double fallback, double *out)
{
    *out = option ? strtod(option_string(command, option), NULL) : fallback;
    return !option || *out > 0 || error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s must be positive", word);
}

bool routine_cost(Command *command, const RoutineOptions *options, double fallback, double *out)
{
    return positive(command, options->cost, "COST", fallback, out);
}

bool routine_rows(Command *command, const RoutineOptions *options, double fallback, double *out)
{
    return positive(command, options->rows, "ROWS", fallback, out);
}

bool routine_volatility(const RoutineOptions *options, char *out)
{
    const char *word = options->volatility ? node_text(options->volatility->arg) : NULL;
    if (word)
        *out = word[0]; /* immutable, stable, volatile */
    return word != NULL;
}

bool routine_parallel(Command *command, const RoutineOptions *options, char *out)
{
    static const char *const WORDS[] = {"safe", "restricted", "unsafe"};
    const char *word = options->parallel ? node_text(options->parallel->arg) : NULL;
    if (!word)
        return true;
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_eq(WORDS[i], word)) {
            *out = word[0];
            return true;
        }
    return error_set(command->error, ERRCODE_SYNTAX_ERROR, "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE");
}

bool routine_config(Command *command, const RoutineOptions *options, const char *old, const char **out)
{
    SettingList settings = {0};
    ArrayElement *elements = NULL;
    size_t count = 0;
    int ndim;
    if (old && !type_array_parse(old, strlen(old), command->arena, &elements, &count, &ndim, command->error))
        return false;
    for (size_t i = 0; i < count; i++)
        vec_push(command->arena, &settings, elements[i]);
    for (size_t i = 0; i < options->sets.count; i++)
        if (!setting_list_change(command, options->sets.items[i], &settings))
            return false;
    Str text;
    str_init(&text, command->arena);
    type_array_write(settings.items, settings.count, &text);
    *out = settings.count ? text.data : NULL;
    return true;
}

bool routine_refuse_support(Command *command, const PgQuery__DefElem *option)
{
    const PgQuery__List *names = option->arg->list;
    const CatProc *const *found;
    const char *schema, *name;
    if (!name_list_split(command, names->items, names->n_items, &schema, &name))
        return false;
    size_t count = catalog_procs_by_name(command->catalog, schema, name, &found);
    for (size_t i = 0; i < count; i++)
        if (found[i]->nargs == 1 && found[i]->arg_types[0] == TYPE_INTERNAL)
            return error_unsupported(command->error, "support functions are not supported");
    return error_set(command->error, ERRCODE_UNDEFINED_FUNCTION, "function %s(internal) does not exist",
                     name_list_text(command, names->items, names->n_items));
}
