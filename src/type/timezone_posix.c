/*
 * timezone_posix.c - time zones given as rules: "EST5EDT,M3.2.0,M11.1.0" (POSIX.1, "TZ"), and what rules mean for a year.
 *
 * Invariants:
 *  1. POSIX counts offsets west of Greenwich, ZonePeriod east: the sign turns here and nowhere else.
 *  2. A name may be missing, as PostgreSQL allows: "+02" is a zone two hours west.
 *
 * Any thread.
 */
#include "type/datetime_int.h"

enum { MAX_HOURS = 167 };

/* [+-]hh[:mm[:ss]] */
static bool read_offset(const char **at, int max_hours, int32_t *out)
{
    const char *c = *at;
    int sign = *c == '-' ? -1 : 1;
    if (*c == '-' || *c == '+')
        c++;
    int32_t parts[3] = {0, 0, 0};
    for (int i = 0; i < 3; i++) {
        if (!is_digit(*c))
            return false;
        for (; is_digit(*c); c++)
            if ((parts[i] = parts[i] * 10 + (*c - '0')) > (i ? 59 + (i == 2) : max_hours))
                return false;
        if (*c != ':' || i == 2)
            break;
        c++;
    }
    *out = sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
    *at = c;
    return true;
}

/* Letters, or anything between angle brackets. */
static const char *read_name(const char **at, Arena *arena)
{
    const char *start = *at, *end;
    if (*start == '<') {
        end = strchr(++start, '>');
        if (!end)
            return NULL;
        *at = end + 1;
    } else {
        for (end = start; *end && !is_digit(*end) && *end != ',' && *end != '-' && *end != '+'; end++)
            ;
        *at = end;
    }
    return arena_strndup(arena, start, (size_t)(end - start));
}

static bool read_number(const char **at, int min, int max, int *out)
{
    if (!is_digit(**at))
        return false;
    for (*out = 0; is_digit(**at); ++*at)
        if ((*out = *out * 10 + (**at - '0')) > max)
            return false;
    return *out >= min;
}

static bool read_rule(const char **at, ZoneRule *out)
{
    *out = (ZoneRule){.kind = RULE_DAY, .time = 2 * 3600};
    if (**at == 'J') {
        ++*at;
        out->kind = RULE_JULIAN;
        if (!read_number(at, 1, 365, &out->day))
            return false;
    } else if (**at == 'M') {
        ++*at;
        out->kind = RULE_MONTH;
        if (!read_number(at, 1, 12, &out->month) || *(*at)++ != '.' || !read_number(at, 1, 5, &out->week) || *(*at)++ != '.' ||
            !read_number(at, 0, 6, &out->day))
            return false;
    } else if (!read_number(at, 0, 365, &out->day)) {
        return false;
    }
    if (**at != '/')
        return true;
    ++*at;
    return read_offset(at, MAX_HOURS, &out->time);
}

static bool read_rules(const char *at, TimeZone *out)
{
    if (!*at)
        at = ",M3.2.0,M11.1.0";
    if (*at != ',' && *at != ';')
        return false;
    at++;
    if (!read_rule(&at, &out->to_daylight) || *at++ != ',' || !read_rule(&at, &out->to_standard) || *at)
        return false;
    out->has_rules = true;
    return true;
}

bool timezone_parse_posix(const char *text, Arena *arena, TimeZone *out)
{
    *out = (TimeZone){.has_footer = true};
    const char *at = text, *name = read_name(&at, arena);
    int32_t west;
    if (!name || !read_offset(&at, MAX_HOURS, &west))
        return false;
    out->standard = (ZonePeriod){-west, false, name};
    if (!*at)
        return true;
    name = read_name(&at, arena);
    if (!name || !*name)
        return false;
    west -= 3600;
    if (*at && *at != ',' && *at != ';' && !read_offset(&at, MAX_HOURS, &west))
        return false;
    out->daylight = (ZonePeriod){-west, true, name};
    return read_rules(at, out);
}

/* Local seconds since 1970 at which the rule applies in a year. */
static int64_t rule_local_time(const ZoneRule *rule, int64_t year)
{
    int64_t days = calendar_days(year, 1, 1);
    if (rule->kind == RULE_DAY) {
        days += rule->day;
    } else if (rule->kind == RULE_JULIAN) {
        days += rule->day - 1 + (calendar_is_leap(year) && rule->day >= 60);
    } else {
        int64_t first = calendar_days(year, rule->month, 1);
        days = first + (rule->day - calendar_weekday(first) + 7) % 7 + (rule->week - 1) * 7;
        while (days >= first + calendar_month_length(year, rule->month))
            days -= 7;
    }
    return days * SECONDS_PER_DAY + rule->time;
}

ZoneChange timezone_rule_change(const TimeZone *zone, int64_t year, bool daylight)
{
    /* Each change is given in the local time before it. */
    if (daylight)
        return (ZoneChange){rule_local_time(&zone->to_daylight, year) - zone->standard.offset, &zone->standard, &zone->daylight};
    return (ZoneChange){rule_local_time(&zone->to_standard, year) - zone->daylight.offset, &zone->daylight, &zone->standard};
}
