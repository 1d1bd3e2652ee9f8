/*
 * sequence_options.c - what CREATE and ALTER SEQUENCE say of a sequence: read, defaulted, checked in PostgreSQL's order.
 *
 * Invariant: a sequence that passed has min < max, min <= start <= max, and min <= last value <= max, all within its type.
 *
 * Entered by the session's worker only.
 */
#include <stdarg.h>
#include <string.h>

#include "command/sequence_options.h"

/* The options by what they are, each at most once. */
typedef struct Given {
    const PgQuery__DefElem *as, *start, *restart, *increment, *max, *min, *cache, *cycle;
} Given;

static bool sort_options(Command *command, NodeList options, size_t count, Given *given, SequenceOptions *out)
{
    const struct {
        const char *name;
        const PgQuery__DefElem **place;
    } PLACES[] = {
        {"as", &given->as},           {"start", &given->start},  {"restart", &given->restart}, {"increment", &given->increment},
        {"maxvalue", &given->max},    {"minvalue", &given->min}, {"cache", &given->cache},     {"cycle", &given->cycle},
        {"owned_by", &out->owned_by},
    };
    for (size_t i = 0; i < count; i++) {
        const PgQuery__DefElem *option = options[i]->def_elem;
        if (str_eq(option->defname, "sequence_name")) {
            error_set(command->error, ERRCODE_SYNTAX_ERROR, "invalid sequence option SEQUENCE NAME");
            return error_at(command->error, option->location);
        }
        size_t k = 0;
        while (k < COUNT_OF(PLACES) && !str_eq(PLACES[k].name, option->defname))
            k++;
        if (k == COUNT_OF(PLACES))
            return error_set(command->error, ERRCODE_INTERNAL_ERROR, "option \"%s\" not recognized", option->defname);
        if (*PLACES[k].place)
            return conflicting_options(command, option);
        *PLACES[k].place = option;
        out->changed |= PLACES[k].place != &out->owned_by;
    }
    return true;
}

/* ---- types ---- */

static int64_t type_max(Oid type)
{
    return type == TYPE_INT2 ? INT16_MAX : type == TYPE_INT4 ? INT32_MAX : INT64_MAX;
}

static int64_t type_min(Oid type)
{
    return -type_max(type) - 1;
}

static bool read_type(Command *command, const Given *given, bool create, SequenceOptions *out, bool *reset_max, bool *reset_min)
{
    int32_t typmod;
    Oid type, old = out->type;
    if (!given->as)
        return true;
    if (!type_resolve(command, given->as->arg->type_name, &type, &typmod))
        return false;
    if (type != TYPE_INT2 && type != TYPE_INT4 && type != TYPE_INT8)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s must be smallint, integer, or bigint",
                         out->identity ? "identity column type" : "sequence type");
    /* An extreme of the old type becomes the new one's. */
    *reset_max = !create && out->max == type_max(old);
    *reset_min = !create && out->min == type_min(old);
    out->type = type;
    return true;
}

static bool read_number(Command *command, const PgQuery__DefElem *option, int64_t *out)
{
    const char *text = option_string(command, option);
    Value value;
    if (option->arg->node_case == PG_QUERY__NODE__NODE_INTEGER) {
        *out = option->arg->integer->ival;
        return true;
    }
    if (!text || option->arg->node_case == PG_QUERY__NODE__NODE_STRING)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "%s requires a numeric value", option->defname);
    if (!type_input(TYPE_INT8, -1, text, strlen(text), command->context->functions->types, command->arena, &value, command->error))
        return false;
    *out = value.i;
    return true;
}

/* ---- the single options ---- */

static bool invalid(Command *command, const char *format, ...) PRINTF_LIKE(2, 3);

static bool invalid(Command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(command->arena, format, args);
    va_end(args);
    return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s", text);
}

static bool read_increment(Command *command, const Given *given, bool create, SequenceOptions *out)
{
    if (given->increment && !read_number(command, given->increment, &out->increment))
        return false;
    if (given->increment && out->increment == 0)
        return invalid(command, "INCREMENT must not be zero");
    if (given->increment)
        out->state.log_cnt = 0;
    else if (create)
        out->increment = 1;
    if (given->cycle)
        out->cycle = given->cycle->arg->boolean->boolval;
    return true;
}

static bool read_limits(Command *command, const Given *given, bool create, bool reset_max, bool reset_min, SequenceOptions *out)
{
    bool up = out->increment > 0;
    if (given->max && given->max->arg) {
        if (!read_number(command, given->max, &out->max))
            return false;
    } else if (create || reset_max || given->max) {
        out->max = up || reset_max ? type_max(out->type) : -1;
    }
    if (out->max < type_min(out->type) || out->max > type_max(out->type))
        return invalid(command, "MAXVALUE (%lld) is out of range for sequence data type %s", (long long)out->max,
                       catalog_format_type(command->catalog, out->type, -1, command->arena));
    if (given->min && given->min->arg) {
        if (!read_number(command, given->min, &out->min))
            return false;
    } else if (create || reset_min || given->min) {
        out->min = up && !reset_min ? 1 : type_min(out->type);
    }
    if (out->min < type_min(out->type) || out->min > type_max(out->type))
        return invalid(command, "MINVALUE (%lld) is out of range for sequence data type %s", (long long)out->min,
                       catalog_format_type(command->catalog, out->type, -1, command->arena));
    return out->min < out->max ||
           invalid(command, "MINVALUE (%lld) must be less than MAXVALUE (%lld)", (long long)out->min, (long long)out->max);
}

static bool within(Command *command, const char *what, int64_t value, const SequenceOptions *out)
{
    if (value < out->min)
        return invalid(command, "%s value (%lld) cannot be less than MINVALUE (%lld)", what, (long long)value, (long long)out->min);
    return value <= out->max ||
           invalid(command, "%s value (%lld) cannot be greater than MAXVALUE (%lld)", what, (long long)value, (long long)out->max);
}

static bool read_start(Command *command, const Given *given, bool create, SequenceOptions *out)
{
    if (given->start && !read_number(command, given->start, &out->start))
        return false;
    if (!given->start && create)
        out->start = out->increment > 0 ? out->min : out->max;
    if (!within(command, "START", out->start, out))
        return false;
    if (given->restart) {
        out->state = (SequenceState){out->start, 0, false};
        if (given->restart->arg && !read_number(command, given->restart, &out->state.last_value))
            return false;
    } else if (create) {
        out->state = (SequenceState){out->start, 0, false};
    }
    return within(command, "RESTART", out->state.last_value, out);
}

static bool read_cache(Command *command, const Given *given, bool create, SequenceOptions *out)
{
    if (create && !given->cache)
        out->cache = 1;
    if (!given->cache)
        return true;
    return read_number(command, given->cache, &out->cache) &&
           (out->cache > 0 || invalid(command, "CACHE (%lld) must be greater than zero", (long long)out->cache));
}

bool sequence_options_read(Command *command, NodeList options, size_t count, bool create, SequenceOptions *out)
{
    Given given = {0};
    bool reset_max = false, reset_min = false;
    if (!sort_options(command, options, count, &given, out) || !read_type(command, &given, create, out, &reset_max, &reset_min))
        return false;
    if (out->changed)
        out->state.log_cnt = 0;
    return read_increment(command, &given, create, out) && read_limits(command, &given, create, reset_max, reset_min, out) &&
           read_start(command, &given, create, out) && read_cache(command, &given, create, out);
}
