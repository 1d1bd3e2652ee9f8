/*
 * setting_value.c - values of settings by type: text to canonical text, and back with units.
 *
 * Invariants:
 *  1. Canonical: on/off; an integer or %.17g-exact real in the base unit; an enum value as PostgreSQL spells it.
 *  2. setting_parse accepts every text that setting_print gives.
 * Re-entrant.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "session/setting.h"

typedef struct Unit {
    const char *name;
    double factor; /* in bytes, or in milliseconds */
} Unit;

/* Largest first. */
static const Unit MEMORY_UNITS[] = {
    {"TB", 1099511627776.0}, {"GB", 1073741824.0}, {"MB", 1048576.0}, {"kB", 1024.0}, {"B", 1.0},
};
static const Unit TIME_UNITS[] = {
    {"d", 86400000.0}, {"h", 3600000.0}, {"min", 60000.0}, {"s", 1000.0}, {"ms", 1.0}, {"us", 0.001},
};
/* The units that settings are kept in. */
static const Unit BASE_UNITS[] = {
    {"B", 1.0}, {"kB", 1024.0}, {"8kB", 8192.0}, {"MB", 1048576.0}, {"ms", 1.0}, {"s", 1000.0}, {"min", 60000.0},
};

/* Spellings that PostgreSQL accepts but does not list. */
static const struct {
    const char *setting, *alias, *value;
} ENUM_ALIASES[] = {
    {"client_min_messages", "debug", "debug2"},
    {"client_min_messages", "info", "info"},
    {"log_min_messages", "debug", "debug2"},
    {"log_min_error_statement", "debug", "debug2"},
};
/* Those that take a Boolean's spellings as well, and what these mean. */
static const struct {
    const char *setting, *on, *off;
} ENUM_BOOLEANS[] = {
    {"backslash_quote", "on", "off"},   {"constraint_exclusion", "on", "off"}, {"synchronous_commit", "on", "off"},
    {"compute_query_id", "on", "off"},  {"force_parallel_mode", "on", "off"},  {"huge_pages", "on", "off"},
    {"recovery_prefetch", "on", "off"}, {"wal_compression", "pglz", "off"},
};

bool setting_invalid(const SettingDef *def, const char *text, Error *error)
{
    return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid value for parameter \"%s\": \"%s\"", def->name, text);
}

static bool is_time(const char *base)
{
    return base[0] == 'm' || base[0] == 's';
}

static double base_factor(const char *base)
{
    for (size_t i = 0; i < COUNT_OF(BASE_UNITS); i++)
        if (strcmp(BASE_UNITS[i].name, base) == 0)
            return BASE_UNITS[i].factor;
    return 1.0;
}

static const Unit *units_of(const char *base, size_t *count)
{
    *count = is_time(base) ? COUNT_OF(TIME_UNITS) : COUNT_OF(MEMORY_UNITS);
    return is_time(base) ? TIME_UNITS : MEMORY_UNITS;
}

bool setting_parse_bool(const char *text, bool *out)
{
    static const struct {
        const char *word;
        size_t shortest;
        bool value;
    } WORDS[] = {
        {"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false},
        {"on", 2, true},   {"off", 2, false},   {"1", 1, true},   {"0", 1, false},
    };
    size_t len = strlen(text);
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (len >= WORDS[i].shortest && len <= strlen(WORDS[i].word) && strncasecmp(text, WORDS[i].word, len) == 0) {
            *out = WORDS[i].value;
            return true;
        }
    return false;
}

static bool parse_bool(const SettingDef *def, const char *text, const char **canonical, Error *error)
{
    bool value;
    if (!setting_parse_bool(text, &value))
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "parameter \"%s\" requires a Boolean value", def->name);
    *canonical = value ? "on" : "off";
    return true;
}

/* NULL: none. */
static const char *unlisted(const SettingDef *def, const char *text)
{
    static const char *const BOOLEANS[][2] = {{"true", "false"}, {"yes", "no"}, {"1", "0"}, {"on", "off"}};
    for (size_t i = 0; i < COUNT_OF(ENUM_ALIASES); i++)
        if (strcasecmp(ENUM_ALIASES[i].setting, def->name) == 0 && strcasecmp(ENUM_ALIASES[i].alias, text) == 0)
            return ENUM_ALIASES[i].value;
    for (size_t i = 0; i < COUNT_OF(ENUM_BOOLEANS); i++)
        for (size_t k = 0; strcasecmp(ENUM_BOOLEANS[i].setting, def->name) == 0 && k < COUNT_OF(BOOLEANS); k++)
            if (strcasecmp(BOOLEANS[k][0], text) == 0 || strcasecmp(BOOLEANS[k][1], text) == 0)
                return strcasecmp(BOOLEANS[k][0], text) == 0 ? ENUM_BOOLEANS[i].on : ENUM_BOOLEANS[i].off;
    return NULL;
}

static bool parse_enum(const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    *canonical = unlisted(def, text);
    for (const char *const *value = def->enum_values; value && *value && !*canonical; value++)
        *canonical = strcasecmp(*value, text) == 0 ? *value : NULL;
    if (*canonical)
        return true;
    setting_invalid(def, text, error);
    Str hint;
    str_init(&hint, arena);
    for (const char *const *value = def->enum_values; value && *value; value++)
        str_addf(&hint, "%s%s", hint.len ? ", " : "", *value);
    return error_hint(error, "Available values: %s.", hint.data ? hint.data : "");
}

static bool unit_hint(const SettingDef *def, Error *error)
{
    if (is_time(def->unit))
        return error_hint(error, "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\".");
    return error_hint(error, "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".");
}

/* Number and unit to a number in the base unit. */
static bool parse_number(const SettingDef *def, const char *text, double *out, Error *error)
{
    const char *at = text;
    char *end;
    errno = 0;
    double value = (double)strtol(at, &end, 0);
    if (def->type == SETTING_REAL || *end == '.' || *end == 'e' || *end == 'E' || errno == ERANGE) {
        errno = 0;
        value = strtod(at, &end);
    }
    if (end == at || errno == ERANGE || isnan(value))
        return setting_invalid(def, text, error);
    for (at = end; isspace((unsigned char)*at);)
        at++;
    if (*at && !def->unit)
        return setting_invalid(def, text, error);
    if (*at) {
        size_t len = 0, count;
        while (at[len] && !isspace((unsigned char)at[len]))
            len++;
        const char *rest = at + len;
        while (isspace((unsigned char)*rest))
            rest++;
        const Unit *units = units_of(def->unit, &count), *found = NULL;
        for (size_t i = 0; i < count && !*rest; i++)
            if (strlen(units[i].name) == len && strncmp(units[i].name, at, len) == 0)
                found = &units[i];
        if (!found)
            return setting_invalid(def, text, error), unit_hint(def, error);
        value = value * found->factor / base_factor(def->unit);
    }
    *out = value;
    return true;
}

static bool out_of_range(const SettingDef *def, const char *shown, Error *error)
{
    return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "%s%s%s is outside the valid range for parameter \"%s\" (%s .. %s)", shown,
                     def->unit ? " " : "", def->unit ? def->unit : "", def->name, def->min_text, def->max_text);
}

static bool parse_integer(const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    double value;
    if (!parse_number(def, text, &value, error))
        return false;
    value = rint(value);
    if (value > INT_MAX || value < INT_MIN)
        return setting_invalid(def, text, error), error_hint(error, "Value exceeds integer range.");
    *canonical = arena_printf(arena, "%d", (int)value);
    if (value < def->min || value > def->max)
        return out_of_range(def, *canonical, error);
    return true;
}

static bool parse_real(const SettingDef *def, const char *text, Arena *arena, const char **canonical, Error *error)
{
    double value;
    if (!parse_number(def, text, &value, error))
        return false;
    *canonical = arena_printf(arena, "%g", value);
    if (value < def->min || value > def->max)
        return out_of_range(def, *canonical, error);
    return true;
}

bool setting_parse(const SettingDef *setting, const char *name, const char *text, Arena *arena, const char **canonical, Error *error)
{
    SettingDef named = *setting;
    const SettingDef *def = &named;
    named.name = name;
    switch (def->type) {
    case SETTING_BOOL:
        return parse_bool(def, text, canonical, error);
    case SETTING_ENUM:
        return parse_enum(def, text, arena, canonical, error);
    case SETTING_INTEGER:
        return parse_integer(def, text, arena, canonical, error);
    case SETTING_REAL:
        return parse_real(def, text, arena, canonical, error);
    case SETTING_STRING:
        break;
    }
    *canonical = arena_strdup(arena, text);
    return true;
}

/* The largest unit in which the value is a whole number. */
static const char *print_with_unit(const SettingDef *def, const char *canonical, Arena *arena)
{
    double value = strtod(canonical, NULL) * base_factor(def->unit);
    size_t count;
    const Unit *units = units_of(def->unit, &count);
    for (size_t i = 0; i < count; i++) {
        double in_unit = value / units[i].factor;
        if (in_unit > 0.5 && fabs(rint(in_unit) / in_unit - 1.0) <= 1e-8)
            return arena_printf(arena, "%.0f%s", rint(in_unit), units[i].name);
    }
    return arena_printf(arena, "%g%s", value / units[count - 1].factor, units[count - 1].name);
}

const char *setting_print(const SettingDef *def, const char *canonical, Arena *arena)
{
    bool is_number = def->type == SETTING_INTEGER || def->type == SETTING_REAL;
    if (!def->unit || !is_number || strtod(canonical, NULL) <= 0)
        return arena_strdup(arena, canonical);
    return print_with_unit(def, canonical, arena);
}
