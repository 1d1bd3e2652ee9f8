/*
 * func_time.c - dates, times and timestamps: arithmetic, casts, zones, construction.
 *
 *  1. Infinite dates and timestamps stay infinite under arithmetic; subtracting them is an error.
 *  2. What leaves PostgreSQL's range, or the layout's, is 22008.
 * Any thread.
 */
#include "func/func_time.h"

#include <math.h>
#include <stdlib.h>

#define EPOCH_2000 (946684800 * SECOND_MICROS)

/* ---- the calendar ---- */

/* Days from civil and back by whole 400-year cycles counted from March. */
int64_t civil_days(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = floor_div(year, 400), in_era = year - era * 400;
    int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

void civil_from_days(int64_t days, Civil *out)
{
    days += 719468;
    int64_t era = floor_div(days, 146097), in_era = days - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100), month = (5 * in_year + 2) / 153;
    out->day = (int)(in_year - (153 * month + 2) / 5 + 1);
    out->month = (int)(month < 10 ? month + 3 : month - 9);
    out->year = year + era * 400 + (out->month <= 2);
    out->micros = 0;
}

int days_in_month(int64_t year, int month)
{
    int64_t next = month == 12 ? civil_days(year + 1, 1, 1) : civil_days(year, month + 1, 1);
    return (int)(next - civil_days(year, month, 1));
}

void civil_from_micros(int64_t micros, Civil *out)
{
    int64_t days = floor_div(micros, DAY_MICROS);
    civil_from_days(days, out);
    out->micros = micros - days * DAY_MICROS;
}

int64_t civil_micros(const Civil *civil)
{
    return civil_days(civil->year, civil->month, civil->day) * DAY_MICROS + civil->micros;
}

/* ---- ranges ---- */

static bool timestamp_out_of_range(FuncCall *call)
{
    return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range");
}

static bool timestamp_in_range(__int128 micros)
{
    return micros >= FIRST_MICROS && micros < BEHIND_MICROS;
}

bool time_return_timestamp(FuncCall *call, int64_t micros)
{
    if (!timestamp_is_infinite(micros) && !timestamp_in_range(micros))
        return timestamp_out_of_range(call);
    return return_int(call, micros);
}

static bool return_wide(FuncCall *call, __int128 micros)
{
    return timestamp_in_range(micros) ? return_int(call, (int64_t)micros) : timestamp_out_of_range(call);
}

static bool return_date(FuncCall *call, int64_t days)
{
    if (days < FIRST_DAY || days > LAST_DATE)
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "date out of range");
    return return_int(call, days);
}

static int64_t infinity_of(int64_t days)
{
    return days < 0 ? -INT64_MAX : INT64_MAX;
}

/* ---- zones ---- */

const TimeZone *time_session_zone(const FuncCall *call)
{
    return call->context && call->context->types ? call->context->types->time_zone : TYPE_CONTEXT_CANONICAL.time_zone;
}

int64_t time_to_local(const TimeZone *zone, int64_t utc)
{
    return utc + (int64_t)timezone_offset_at(zone, utc, NULL) * SECOND_MICROS;
}

const TimeZone *time_zone_arg(FuncCall *call, int index, ZoneMoment kind, int64_t micros)
{
    const char *name = arg_text(call, index);
    const TimeZone *zone = timezone_named(name, kind, micros, call->arena);
    if (!zone)
        error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "time zone \"%s\" not recognized", name);
    return zone;
}

/* timezone(zone, instant): its local time; timezone(zone, local time): its instant. */
static bool at_zone(FuncCall *call, const TimeZone *zone)
{
    int64_t micros = call->args[1].i;
    if (timestamp_is_infinite(micros))
        return return_int(call, micros);
    bool to_local = call->arg_types[1] == TYPE_TIMESTAMPTZ;
    return time_return_timestamp(call, to_local ? time_to_local(zone, micros) : timezone_to_utc(zone, micros));
}

static bool at_named_zone(FuncCall *call)
{
    if (timestamp_is_infinite(call->args[1].i)) /* whatever the zone is called */
        return return_int(call, call->args[1].i);
    ZoneMoment kind = call->arg_types[1] == TYPE_TIMESTAMPTZ ? MOMENT_INSTANT : MOMENT_LOCAL;
    const TimeZone *zone = time_zone_arg(call, 0, kind, call->args[1].i);
    return zone && at_zone(call, zone);
}

static bool at_interval_zone(FuncCall *call)
{
    FdwInterval span = call->args[0].interval;
    Str text;
    str_init(&text, call->arena);
    if (timestamp_is_infinite(call->args[1].i))
        return return_int(call, call->args[1].i);
    if (span.months || span.days) {
        const TypeContext *types = call->context ? call->context->types : &TYPE_CONTEXT_CANONICAL;
        if (!type_output(TYPE_INTERVAL, &call->args[0], types, &text, call->error))
            return false;
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "interval time zone \"%s\" must not include months or days",
                         text.data);
    }
    int64_t offset = (int32_t)(span.micros / SECOND_MICROS) * SECOND_MICROS; /* hours without end are no zone's, but count */
    __int128 moved = (__int128)call->args[1].i + (call->arg_types[1] == TYPE_TIMESTAMPTZ ? offset : -offset);
    return return_wide(call, moved);
}

/* ---- interval arithmetic ---- */

static void add_months(Civil *civil, int64_t months)
{
    int64_t total = civil->year * 12 + civil->month - 1 + months;
    civil->year = floor_div(total, 12);
    civil->month = (int)(total - civil->year * 12) + 1;
    int last = days_in_month(civil->year, civil->month);
    civil->day = civil->day > last ? last : civil->day;
}

/* Moves the wall clock: what it shows after that may be an hour that the zone leaves out, and what follows counts from the moment it stands
 * for. false: 22008. */
static bool add_calendar(FuncCall *call, int64_t *micros, int64_t months, int64_t days, const TimeZone *zone)
{
    Civil civil;
    civil_from_micros(zone ? time_to_local(zone, *micros) : *micros, &civil);
    add_months(&civil, months);
    __int128 moved = (__int128)(civil_days(civil.year, civil.month, civil.day) + days) * DAY_MICROS + civil.micros;
    if (!timestamp_in_range(moved))
        return timestamp_out_of_range(call);
    *micros = zone ? timezone_to_utc(zone, (int64_t)moved) : (int64_t)moved;
    return true;
}

bool time_add_interval(FuncCall *call, int64_t micros, FdwInterval span, const TimeZone *zone, int64_t *out)
{
    *out = micros;
    if (timestamp_is_infinite(micros))
        return true;
    if (span.months && !add_calendar(call, &micros, span.months, 0, zone))
        return false;
    if (span.days && !add_calendar(call, &micros, 0, span.days, zone))
        return false;
    __int128 sum = (__int128)micros + span.micros;
    if (!timestamp_in_range(sum))
        return timestamp_out_of_range(call);
    *out = (int64_t)sum;
    return true;
}

/* The least value of a field stays what it is, as PostgreSQL's wraps round. */
static FdwInterval negated(FdwInterval span)
{
    return (FdwInterval){(int32_t)(0u - (uint32_t)span.months), (int32_t)(0u - (uint32_t)span.days), (int64_t)(0u - (uint64_t)span.micros)};
}

/* false: 22008. */
static bool midnight_of(FuncCall *call, int64_t days, int64_t *micros)
{
    __int128 wide = (__int128)days * DAY_MICROS;
    *micros = date_is_infinite(days) ? infinity_of(days) : (int64_t)wide;
    if (!date_is_infinite(days) && !timestamp_in_range(wide))
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "date out of range for timestamp");
    return true;
}

static bool plus_interval(FuncCall *call, int time_index, bool minus)
{
    FdwInterval span = call->args[1 - time_index].interval;
    Oid type = call->arg_types[time_index];
    int64_t micros = call->args[time_index].i, out;
    if (type == TYPE_DATE && !midnight_of(call, micros, &micros))
        return false;
    const TimeZone *zone = type == TYPE_TIMESTAMPTZ ? time_session_zone(call) : NULL;
    return time_add_interval(call, micros, minus ? negated(span) : span, zone, &out) && return_int(call, out);
}

static bool add_interval(FuncCall *call)
{
    return plus_interval(call, 0, false);
}

static bool interval_add(FuncCall *call)
{
    return plus_interval(call, 1, false);
}

static bool sub_interval(FuncCall *call)
{
    return plus_interval(call, 0, true);
}

/* Times of day go round the clock, and the sum round int64's end as PostgreSQL's does. */
static bool move_time(FuncCall *call, int64_t micros, int64_t by)
{
    int64_t moved = (int64_t)((uint64_t)micros + (uint64_t)by) % DAY_MICROS;
    return return_int(call, moved < 0 ? moved + DAY_MICROS : moved);
}

static bool time_plus_interval(FuncCall *call)
{
    int at = call->arg_types[0] == TYPE_TIME ? 0 : 1;
    return move_time(call, call->args[at].i, call->args[1 - at].interval.micros);
}

static bool time_minus_interval(FuncCall *call)
{
    return move_time(call, call->args[0].i, (int64_t)(0 - (uint64_t)call->args[1].interval.micros));
}

static bool time_minus_time(FuncCall *call)
{
    call->result->is_null = false;
    call->result->interval = (FdwInterval){.micros = call->args[0].i - call->args[1].i};
    return true;
}

/* ---- date and integer ---- */

static bool date_plus(FuncCall *call, int64_t days, int64_t by)
{
    return date_is_infinite(days) ? return_int(call, days) : return_date(call, days + by);
}

static bool date_plus_int(FuncCall *call)
{
    return date_plus(call, call->args[0].i, call->args[1].i);
}

static bool int_plus_date(FuncCall *call)
{
    return date_plus(call, call->args[1].i, call->args[0].i);
}

static bool date_minus_int(FuncCall *call)
{
    return date_plus(call, call->args[0].i, -call->args[1].i);
}

static bool date_minus_date(FuncCall *call)
{
    if (date_is_infinite(call->args[0].i) || date_is_infinite(call->args[1].i))
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "cannot subtract infinite dates");
    return return_int(call, call->args[0].i - call->args[1].i);
}

static bool date_plus_time(FuncCall *call)
{
    int at = call->arg_types[0] == TYPE_DATE ? 0 : 1;
    int64_t midnight;
    if (!midnight_of(call, call->args[at].i, &midnight))
        return false;
    if (timestamp_is_infinite(midnight))
        return return_int(call, midnight);
    __int128 micros = (__int128)midnight + call->args[1 - at].i;
    if (call->return_type == TYPE_TIMESTAMPTZ && timestamp_in_range(micros))
        return time_return_timestamp(call, timezone_to_utc(time_session_zone(call), (int64_t)micros));
    return return_wide(call, micros);
}

/* timestamp - timestamp: days and time, no months. */
static bool timestamp_minus(FuncCall *call)
{
    int64_t a = call->args[0].i, b = call->args[1].i;
    if (timestamp_is_infinite(a) || timestamp_is_infinite(b))
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "cannot subtract infinite timestamps");
    int64_t span = (int64_t)((uint64_t)a - (uint64_t)b); /* beyond 64 bits it wraps round */
    call->result->is_null = false;
    call->result->interval = (FdwInterval){.days = (int32_t)(span / DAY_MICROS), .micros = (int64_t)(span % DAY_MICROS)};
    return true;
}

/* ---- casts ---- */

static bool date_to_timestamp(FuncCall *call)
{
    int64_t utc;
    if (!midnight_of(call, call->args[0].i, &utc))
        return false;
    if (timestamp_is_infinite(utc))
        return return_int(call, utc);
    if (call->return_type == TYPE_TIMESTAMPTZ)
        utc = timezone_to_utc(time_session_zone(call), utc);
    if (!timestamp_in_range(utc))
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "date out of range for timestamp");
    return return_int(call, utc);
}

static int64_t local_micros(const FuncCall *call)
{
    int64_t micros = call->args[0].i;
    bool instant = call->arg_types[0] == TYPE_TIMESTAMPTZ && !timestamp_is_infinite(micros);
    return instant ? time_to_local(time_session_zone(call), micros) : micros;
}

static bool timestamp_to_date(FuncCall *call)
{
    int64_t micros = local_micros(call);
    if (timestamp_is_infinite(micros))
        return return_int(call, micros < 0 ? -INT32_MAX : INT32_MAX);
    return return_int(call, floor_div(micros, DAY_MICROS));
}

static bool timestamp_to_time(FuncCall *call)
{
    int64_t micros = local_micros(call);
    if (timestamp_is_infinite(micros))
        return return_null(call);
    return return_int(call, micros - floor_div(micros, DAY_MICROS) * DAY_MICROS);
}

static bool timestamp_to_other(FuncCall *call)
{
    int64_t micros = call->args[0].i;
    if (timestamp_is_infinite(micros))
        return return_int(call, micros);
    if (call->return_type == TYPE_TIMESTAMP)
        return time_return_timestamp(call, local_micros(call));
    return time_return_timestamp(call, timezone_to_utc(time_session_zone(call), micros));
}

/* Near the least of 64 bits PostgreSQL's sum wraps round. */
static bool interval_to_time(FuncCall *call)
{
    int64_t micros = call->args[0].interval.micros;
    if (micros >= 0)
        return return_int(call, micros % DAY_MICROS);
    int64_t days = (int64_t)(0u - (uint64_t)micros + (uint64_t)DAY_MICROS - 1) / DAY_MICROS;
    return return_int(call, (int64_t)((uint64_t)micros + (uint64_t)days * (uint64_t)DAY_MICROS));
}

static bool time_to_interval(FuncCall *call)
{
    call->result->is_null = false;
    call->result->interval = (FdwInterval){.micros = call->args[0].i};
    return true;
}

/* timestamp(p) and its kin: half a unit rounds away from the start of 2000. */
static bool to_precision(FuncCall *call)
{
    static const int64_t UNITS[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    int64_t micros = call->args[0].i, precision = call->args[1].i;
    bool is_time = call->arg_types[0] == TYPE_TIME, is_valid = precision >= 0 && precision <= 6;
    if ((!is_time && timestamp_is_infinite(micros)) || precision == -1 || (is_time && !is_valid))
        return return_int(call, micros);
    if (!is_valid)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "timestamp(%d) precision must be between 0 and 6", (int)precision);
    int64_t unit = UNITS[precision], start = is_time ? 0 : EPOCH_2000, away = micros - start;
    int64_t rounded = (llabs(away) + unit / 2) / unit * unit;
    return return_int(call, start + (away < 0 ? -rounded : rounded));
}

/* ---- comparisons across types ---- */

static int64_t as_instant(const FuncCall *call, int index)
{
    int64_t value = call->args[index].i;
    Oid type = call->arg_types[index], other = call->arg_types[1 - index];
    if (type == TYPE_DATE) {
        if (date_is_infinite(value))
            return infinity_of(value);
        __int128 micros = (__int128)value * DAY_MICROS;
        if (!timestamp_in_range(micros))
            return micros < 0 ? FIRST_MICROS : BEHIND_MICROS;
        value = (int64_t)micros;
    }
    bool to_utc = other == TYPE_TIMESTAMPTZ && type != TYPE_TIMESTAMPTZ && !timestamp_is_infinite(value);
    return to_utc ? timezone_to_utc(time_session_zone(call), value) : value;
}

static int compare(const FuncCall *call)
{
    int64_t a = as_instant(call, 0), b = as_instant(call, 1);
    return a < b ? -1 : a > b;
}

static bool cross_eq(FuncCall *call)
{
    return return_bool(call, compare(call) == 0);
}

static bool cross_ne(FuncCall *call)
{
    return return_bool(call, compare(call) != 0);
}

static bool cross_lt(FuncCall *call)
{
    return return_bool(call, compare(call) < 0);
}

static bool cross_le(FuncCall *call)
{
    return return_bool(call, compare(call) <= 0);
}

static bool cross_gt(FuncCall *call)
{
    return return_bool(call, compare(call) > 0);
}

static bool cross_ge(FuncCall *call)
{
    return return_bool(call, compare(call) >= 0);
}

static bool is_finite(FuncCall *call)
{
    int64_t value = call->args[0].i;
    return return_bool(call, call->arg_types[0] == TYPE_DATE ? !date_is_infinite(value) : !timestamp_is_infinite(value));
}

/* ---- construction ---- */

/* A negative year is one BC. */
static bool read_date(FuncCall *call, int64_t *days)
{
    int64_t year = call->args[0].i, month = call->args[1].i, day = call->args[2].i, astronomical = year < 0 ? year + 1 : year;
    bool valid = year && month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(astronomical, (int)month);
    if (!valid)
        return error_set(call->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "date field value out of range: %d-%02d-%02d",
                         call->nargs > 3 ? (int)year : (int)astronomical, (int)month, (int)day);
    *days = civil_days(astronomical, (int)month, (int)day);
    if (*days < FIRST_DAY || year > 5874897)
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "date out of range: %d-%02d-%02d", (int)year, (int)month,
                         (int)day);
    return true;
}

static bool read_time(FuncCall *call, int first, int64_t *micros)
{
    int64_t hour = call->args[first].i, minute = call->args[first + 1].i;
    double second = call->args[first + 2].f, rounded = rint(second * 1000000.0);
    bool valid = !isnan(second) && hour >= 0 && minute >= 0 && minute < 60 && rounded >= 0 && rounded <= 60000000.0 && hour <= 24;
    int64_t total = valid ? hour * HOUR_MICROS + minute * MINUTE_MICROS + (int64_t)rounded : 0;
    if (!valid || total > DAY_MICROS) {
        const char *shown = isnan(second)   ? "NaN"
                            : isinf(second) ? (second < 0 ? "-Infinity" : "Infinity")
                                            : arena_printf(call->arena, "%02g", second);
        return error_set(call->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "time field value out of range: %d:%02d:%s", (int)hour, (int)minute,
                         shown);
    }
    *micros = total;
    return true;
}

static bool make_date(FuncCall *call)
{
    int64_t days;
    return read_date(call, &days) && return_int(call, days);
}

static bool make_time(FuncCall *call)
{
    int64_t micros;
    return read_time(call, 0, &micros) && return_int(call, micros);
}

/* "+5", "-05:30", "+0530", with seconds at most: its offset to the east. */
static bool read_offset(FuncCall *call, const char *name, int64_t *seconds)
{
    char *at;
    long hours = strtol(name + 1, &at, 10), minutes = 0, rest = 0;
    if (*at == ':') {
        minutes = strtol(at + 1, &at, 10);
        if (*at == ':')
            rest = strtol(at + 1, &at, 10);
    } else if (!*at && strlen(name) > 3) {
        minutes = hours % 100;
        hours /= 100;
    }
    if (*at)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "time zone \"%s\" not recognized", name);
    if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59 || rest < 0 || rest > 59)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "numeric time zone \"%s\" out of range", name);
    *seconds = (hours * 3600 + minutes * 60 + rest) * (name[0] == '-' ? -1 : 1);
    return true;
}

/* A local time of the zone that the last argument names, as an instant. */
static bool return_in_zone(FuncCall *call, int64_t local)
{
    const char *name = arg_text(call, 6);
    int64_t seconds = 0;
    if (name[0] >= '0' && name[0] <= '9') {
        error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid input syntax for type %s: \"%s\"", "numeric time zone", name);
        return error_hint(call->error, "Numeric time zones must have \"-\" or \"+\" as first character.");
    }
    if (name[0] == '+' || name[0] == '-')
        return read_offset(call, name, &seconds) && return_wide(call, (__int128)local - seconds * SECOND_MICROS);
    const TimeZone *zone = time_zone_arg(call, 6, MOMENT_LOCAL, local);
    return zone && time_return_timestamp(call, timezone_to_utc(zone, local));
}

static bool make_timestamp(FuncCall *call)
{
    int64_t days, micros;
    if (!read_date(call, &days) || !read_time(call, 3, &micros))
        return false;
    __int128 total = (__int128)days * DAY_MICROS + micros;
    if (call->return_type == TYPE_TIMESTAMP || !timestamp_in_range(total))
        return return_wide(call, total);
    if (call->nargs > 6)
        return return_in_zone(call, (int64_t)total);
    return time_return_timestamp(call, timezone_to_utc(time_session_zone(call), (int64_t)total));
}

static bool from_epoch(FuncCall *call)
{
    double seconds = call->args[0].f;
    if (isnan(seconds))
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp cannot be NaN");
    if (isinf(seconds))
        return return_int(call, seconds < 0 ? -INT64_MAX : INT64_MAX);
    /* Counted from 2000, as PostgreSQL's own form: the rounding of doubles is then the same. */
    double micros = rint((seconds - 946684800.0) * 1000000.0);
    if (fabs(seconds) > 9.3e12 || !timestamp_in_range((__int128)micros + EPOCH_2000))
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range: \"%g\"", seconds);
    return return_int(call, (int64_t)micros + EPOCH_2000);
}

#define COMPARISONS(LEFT, RIGHT)                                                                                                           \
    {F_##LEFT##_EQ_##RIGHT##_##LEFT##_##RIGHT, cross_eq}, {F_##LEFT##_NE_##RIGHT##_##LEFT##_##RIGHT, cross_ne},                            \
        {F_##LEFT##_LT_##RIGHT##_##LEFT##_##RIGHT, cross_lt}, {F_##LEFT##_LE_##RIGHT##_##LEFT##_##RIGHT, cross_le},                        \
        {F_##LEFT##_GT_##RIGHT##_##LEFT##_##RIGHT, cross_gt},                                                                              \
    {                                                                                                                                      \
        F_##LEFT##_GE_##RIGHT##_##LEFT##_##RIGHT, cross_ge                                                                                 \
    }

static const FuncRow ROWS[] = {
    COMPARISONS(DATE, TIMESTAMP),
    COMPARISONS(DATE, TIMESTAMPTZ),
    COMPARISONS(TIMESTAMP, DATE),
    COMPARISONS(TIMESTAMPTZ, DATE),
    COMPARISONS(TIMESTAMP, TIMESTAMPTZ),
    COMPARISONS(TIMESTAMPTZ, TIMESTAMP),
    {F_TIMEZONE_TEXT_TIMESTAMPTZ, at_named_zone},
    {F_TIMEZONE_TEXT_TIMESTAMP, at_named_zone},
    {F_TIMEZONE_INTERVAL_TIMESTAMPTZ, at_interval_zone},
    {F_TIMEZONE_INTERVAL_TIMESTAMP, at_interval_zone},
    {F_TIMESTAMP_PL_INTERVAL_TIMESTAMP_INTERVAL, add_interval},
    {F_TIMESTAMPTZ_PL_INTERVAL_TIMESTAMPTZ_INTERVAL, add_interval},
    {F_DATE_PL_INTERVAL_DATE_INTERVAL, add_interval},
    {F_INTERVAL_PL_TIMESTAMP_INTERVAL_TIMESTAMP, interval_add},
    {F_INTERVAL_PL_TIMESTAMPTZ_INTERVAL_TIMESTAMPTZ, interval_add},
    {F_INTERVAL_PL_DATE_INTERVAL_DATE, interval_add},
    {F_TIMESTAMP_MI_INTERVAL_TIMESTAMP_INTERVAL, sub_interval},
    {F_TIMESTAMPTZ_MI_INTERVAL_TIMESTAMPTZ_INTERVAL, sub_interval},
    {F_DATE_MI_INTERVAL_DATE_INTERVAL, sub_interval},
    {F_TIME_PL_INTERVAL_TIME_INTERVAL, time_plus_interval},
    {F_INTERVAL_PL_TIME_INTERVAL_TIME, time_plus_interval},
    {F_TIME_MI_INTERVAL_TIME_INTERVAL, time_minus_interval},
    {F_TIME_MI_TIME_TIME_TIME, time_minus_time},
    {F_DATE_PLI_DATE_INT4, date_plus_int},
    {F_INTEGER_PL_DATE_INT4_DATE, int_plus_date},
    {F_DATE_MII_DATE_INT4, date_minus_int},
    {F_DATE_MI_DATE_DATE, date_minus_date},
    {F_DATETIME_PL_DATE_TIME, date_plus_time},
    {F_TIMEDATE_PL_TIME_DATE, date_plus_time},
    {F_TIMESTAMP_DATE_TIME, date_plus_time},
    {F_TIMESTAMPTZ_DATE_TIME, date_plus_time},
    {F_TIMESTAMP_MI_TIMESTAMP_TIMESTAMP, timestamp_minus},
    {F_TIMESTAMPTZ_MI_TIMESTAMPTZ_TIMESTAMPTZ, timestamp_minus},
    {F_TIMESTAMP_DATE, date_to_timestamp},
    {F_TIMESTAMPTZ_DATE, date_to_timestamp},
    {F_DATE_TIMESTAMP, timestamp_to_date},
    {F_DATE_TIMESTAMPTZ, timestamp_to_date},
    {F_TIME_TIMESTAMP, timestamp_to_time},
    {F_TIME_TIMESTAMPTZ, timestamp_to_time},
    {F_TIMESTAMP_TIMESTAMPTZ, timestamp_to_other},
    {F_TIMESTAMPTZ_TIMESTAMP, timestamp_to_other},
    {F_TIME_INTERVAL, interval_to_time},
    {F_INTERVAL_TIME, time_to_interval},
    {F_TIMESTAMP_TIMESTAMP_INT4, to_precision},
    {F_TIMESTAMPTZ_TIMESTAMPTZ_INT4, to_precision},
    {F_TIME_TIME_INT4, to_precision},
    {F_ISFINITE_DATE, is_finite},
    {F_ISFINITE_TIMESTAMP, is_finite},
    {F_ISFINITE_TIMESTAMPTZ, is_finite},
    {F_MAKE_DATE_INT4_INT4_INT4, make_date},
    {F_MAKE_TIME_INT4_INT4_FLOAT8, make_time},
    {F_MAKE_TIMESTAMP_INT4_INT4_INT4_INT4_INT4_FLOAT8, make_timestamp},
    {F_MAKE_TIMESTAMPTZ_INT4_INT4_INT4_INT4_INT4_FLOAT8, make_timestamp},
    {F_MAKE_TIMESTAMPTZ_INT4_INT4_INT4_INT4_INT4_FLOAT8_TEXT, make_timestamp},
    {F_TO_TIMESTAMP_FLOAT8, from_epoch},
};
const FuncTable FUNC_TABLE_TIME = {ROWS, COUNT_OF(ROWS)};
