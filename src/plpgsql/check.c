/*
 * check.c - the settings of plpgsql's: switches, and the lists of what is warned of or refused (PostgreSQL manual, section 43.12.2).
 */
#include "plpgsql/plpgsql_int.h"

static const char *setting_text(const FuncContext *functions, const char *setting, Arena *arena)
{
    const SessionServices *session = functions->session;
    return session ? session->get_setting(session->arg, setting, arena) : NULL;
}

bool setting_is_on(const FuncContext *functions, const char *setting, Arena *arena)
{
    const char *value = setting_text(functions, setting, arena);
    return value && str_eq(value, "on");
}

PlChecks checks_read(const FuncContext *functions, const char *setting, Arena *arena)
{
    const char *value = setting_text(functions, setting, arena);
    char *rest = NULL;
    PlChecks checks = {0};
    if (!value || str_eq(value, "none"))
        return checks;
    for (char *word = strtok_r(arena_strdup(arena, value), ", \t\n", &rest); word; word = strtok_r(NULL, ", \t\n", &rest)) {
        const char *lower = str_lower(arena, word);
        bool all = str_eq(lower, "all");
        checks.shadowed_variables |= all || str_eq(lower, "shadowed_variables");
        checks.strict_multi_assignment |= all || str_eq(lower, "strict_multi_assignment");
        checks.too_many_rows |= all || str_eq(lower, "too_many_rows");
    }
    return checks;
}
