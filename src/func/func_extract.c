/*
 * func_extract.c - extract, date_part and date_trunc.
 *
 *  1. A field is found once, as a scaled integer; extract gives it as numeric, date_part as double precision.
 *  2. Which units a type has is said by the functions below; a known unit that a type lacks is 0A000, an unknown one 22023.
 * Any thread.
 */
#include "func/func_time.h"

#include <math.h>

static TimeUnit unit_arg(FuncCall *call)
{
    return time_unit(str_lower(call->arena, arg_text(call, 0)));
}

static bool refuse_unit(FuncCall *call, TimeUnit unit, Oid type, bool known)
{
    enum { LONGEST_NAME = 63 };
    char *name = str_lower(call->arena, arg_text(call, 0));
    size_t len = strlen(name) > LONGEST_NAME ? LONGEST_NAME : strlen(name);
    while ((name[len] & 0xc0) == 0x80) /* no part of a character */
        len--;
    name[len] = '\0';
    const char *type_name = type_format_builtin(type, -1, call->arena);
    if (unit == UNIT_UNKNOWN || !known)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "unit \"%s\" not recognized for type %s", name, type_name);
    return error_set(call->error, ERRCODE_FEATURE_NOT_SUPPORTED, "unit \"%s\" not supported for type %s", name, type_name);
}

int64_t time_iso_week_start(int64_t days)
{
    return floor_div(days + 3, 7) * 7 - 3;
}

/* ---- fields ---- */

typedef struct Field {
    int64_t value;
    int scale; /* decimal digits behind the point: 0, 3 or 6 */
    bool found;
} Field;

static Field whole(int64_t value)
{
    return (Field){value, 0, true};
}

/* Years count from 1, BC ones backward from -1. */
static int64_t historical(int64_t year)
{
    return year > 0 ? year : year - 1;
}

static int64_t century_of(int64_t year, int64_t size)
{
    return year > 0 ? (year + size - 1) / size : -((size - 1 - (year - 1)) / size);
}

/* The year the ISO week of this day belongs to: that of its Thursday. */
static int64_t iso_year(int64_t days)
{
    Civil thursday;
    civil_from_days(time_iso_week_start(days) + 3, &thursday);
    return thursday.year;
}

static int64_t iso_week(int64_t days)
{
    int64_t first = time_iso_week_start(civil_days(iso_year(days), 1, 4));
    return (time_iso_week_start(days) - first) / 7 + 1;
}

static Field date_field(TimeUnit unit, int64_t days)
{
    Civil civil;
    civil_from_days(days, &civil);
    switch (unit) {
    case UNIT_DAY:
        return whole(civil.day);
    case UNIT_MONTH:
        return whole(civil.month);
    case UNIT_QUARTER:
        return whole((civil.month - 1) / 3 + 1);
    case UNIT_WEEK:
        return whole(iso_week(days));
    case UNIT_YEAR:
        return whole(historical(civil.year));
    case UNIT_DECADE:
        return whole(floor_div(civil.year, 10));
    case UNIT_CENTURY:
        return whole(century_of(civil.year, 100));
    case UNIT_MILLENNIUM:
        return whole(century_of(civil.year, 1000));
    case UNIT_ISOYEAR:
        return whole(historical(iso_year(days)));
    case UNIT_DOW:
        return whole(days + 4 - floor_div(days + 4, 7) * 7);
    case UNIT_ISODOW:
        return whole(days - time_iso_week_start(days) + 1);
    case UNIT_DOY:
        return whole(days - civil_days(civil.year, 1, 1) + 1);
    default:
        return (Field){0};
    }
}

static Field clock_field(TimeUnit unit, int64_t micros)
{
    switch (unit) {
    case UNIT_MICROSECOND:
        return whole(micros % MINUTE_MICROS);
    case UNIT_MILLISECOND:
        return (Field){micros % MINUTE_MICROS, 3, true};
    case UNIT_SECOND:
        return (Field){micros % MINUTE_MICROS, 6, true};
    case UNIT_MINUTE:
        return whole(micros / MINUTE_MICROS % 60);
    case UNIT_HOUR:
        return whole(micros / HOUR_MICROS);
    default:
        return (Field){0};
    }
}

static Field interval_field(TimeUnit unit, FdwInterval span)
{
    int64_t years = span.months / 12;
    switch (unit) {
    case UNIT_DAY:
        return whole(span.days);
    case UNIT_MONTH:
        return whole(span.months % 12);
    case UNIT_QUARTER:
        return whole(span.months % 12 / 3 + 1);
    case UNIT_YEAR:
        return whole(years);
    case UNIT_DECADE:
        return whole(years / 10);
    case UNIT_CENTURY:
        return whole(years / 100);
    case UNIT_MILLENNIUM:
        return whole(years / 1000);
    default:
        return clock_field(unit, span.micros);
    }
}

/* ---- results ---- */

static const char *scaled_text(FuncCall *call, __int128 value, int scale)
{
    static const int64_t POWERS[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    __int128 absolute = value < 0 ? -value : value;
    int64_t high = (int64_t)(absolute / POWERS[scale]), low = (int64_t)(absolute % POWERS[scale]);
    const char *sign = value < 0 ? "-" : "";
    if (!scale)
        return arena_printf(call->arena, "%s%lld", sign, (long long)high);
    return arena_printf(call->arena, "%s%lld.%0*lld", sign, (long long)high, scale, (long long)low);
}

static bool return_scaled(FuncCall *call, __int128 value, int scale)
{
    if (call->return_type == TYPE_NUMERIC)
        return return_text(call, scaled_text(call, value, scale));
    return return_float(call, (double)value / (scale == 6 ? 1e6 : scale == 3 ? 1e3 : 1));
}

/* Seconds as double precision are summed from whole and fraction, as PostgreSQL does. */
static bool return_field(FuncCall *call, const Field *field)
{
    if (call->return_type == TYPE_FLOAT8 && field->scale) {
        double unit = field->scale == 6 ? 1 : 1000, seconds = (double)(field->value / SECOND_MICROS);
        return return_float(call, seconds * unit + (double)(field->value % SECOND_MICROS) / (1000000.0 / unit));
    }
    return return_scaled(call, field->value, field->scale);
}

static bool return_infinite(FuncCall *call, TimeUnit unit, bool negative)
{
    switch (unit) {
    case UNIT_YEAR:
    case UNIT_DECADE:
    case UNIT_CENTURY:
    case UNIT_MILLENNIUM:
    case UNIT_JULIAN:
    case UNIT_ISOYEAR:
    case UNIT_EPOCH:
        break;
    default:
        return return_null(call);
    }
    if (call->return_type == TYPE_NUMERIC)
        return return_text(call, negative ? "-Infinity" : "Infinity");
    return return_float(call, negative ? -INFINITY : INFINITY);
}

static bool return_julian(FuncCall *call, int64_t days, int64_t micros)
{
    int64_t julian = days + 2440588;
    if (call->return_type == TYPE_FLOAT8)
        return return_float(call,
                            (double)julian + ((double)(micros / MINUTE_MICROS) * 60 + (double)(micros % MINUTE_MICROS) / 1e6) / 86400.0);
    if (call->arg_types[1] == TYPE_DATE)
        return return_scaled(call, julian, 0);
    const char *fraction, *sum, *time = arena_printf(call->arena, "%lld", (long long)micros);
    if (!numeric_op(NUMERIC_DIV, time, "86400000000", call->arena, &fraction, call->error))
        return false;
    const char *day = arena_printf(call->arena, "%lld", (long long)julian);
    return numeric_op(NUMERIC_ADD, day, fraction, call->arena, &sum, call->error) && return_text(call, sum);
}

/* ---- extract by type ---- */

static bool extract_zone(FuncCall *call, TimeUnit unit, int offset)
{
    int64_t value = unit == UNIT_TIMEZONE ? offset : unit == UNIT_TIMEZONE_HOUR ? offset / 3600 : offset / 60 % 60;
    return return_scaled(call, value, 0);
}

static bool extract_timestamp(FuncCall *call)
{
    TimeUnit unit = unit_arg(call);
    int64_t micros = call->args[1].i;
    bool instant = call->arg_types[1] == TYPE_TIMESTAMPTZ;
    if (unit == UNIT_UNKNOWN)
        return refuse_unit(call, unit, call->arg_types[1], false);
    if (timestamp_is_infinite(micros))
        return return_infinite(call, unit, micros < 0);
    if (unit == UNIT_EPOCH)
        return return_scaled(call, micros, 6);
    if (instant && unit >= UNIT_TIMEZONE && unit <= UNIT_TIMEZONE_MINUTE)
        return extract_zone(call, unit, timezone_offset_at(time_session_zone(call), micros, NULL));
    if (instant)
        micros = time_to_local(time_session_zone(call), micros);
    int64_t days = floor_div(micros, DAY_MICROS), clock = micros - days * DAY_MICROS;
    if (unit == UNIT_JULIAN)
        return return_julian(call, days, clock);
    Field field = date_field(unit, days);
    if (!field.found)
        field = clock_field(unit, clock);
    return field.found ? return_field(call, &field) : refuse_unit(call, unit, call->arg_types[1], true);
}

static bool extract_date(FuncCall *call)
{
    TimeUnit unit = unit_arg(call);
    int64_t days = call->args[1].i;
    /* date_part has its own function for dates, which goes through timestamp. */
    if (call->return_type == TYPE_FLOAT8) {
        bool infinite = date_is_infinite(days);
        if (!infinite && days >= BEHIND_MICROS / DAY_MICROS)
            return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "date out of range for timestamp");
        Value args[2] = {call->args[0], value_int(FDW_TIMESTAMP, infinite ? (days < 0 ? -INT64_MAX : INT64_MAX) : days * DAY_MICROS)};
        Oid types[2] = {TYPE_TEXT, TYPE_TIMESTAMP};
        FuncCall inner = *call;
        inner.args = args;
        inner.arg_types = types;
        bool ok = extract_timestamp(&inner);
        return ok;
    }
    if (unit == UNIT_UNKNOWN)
        return refuse_unit(call, unit, TYPE_DATE, false);
    bool special = unit == UNIT_EPOCH || unit == UNIT_JULIAN;
    if (!special && !date_field(unit, 0).found)
        return refuse_unit(call, unit, TYPE_DATE, true);
    if (date_is_infinite(days))
        return return_infinite(call, unit, days < 0);
    if (unit == UNIT_EPOCH)
        return return_scaled(call, (__int128)days * 86400, 0);
    if (unit == UNIT_JULIAN)
        return return_julian(call, days, 0);
    Field field = date_field(unit, days);
    return return_field(call, &field);
}

static bool extract_time(FuncCall *call)
{
    TimeUnit unit = unit_arg(call);
    if (unit == UNIT_EPOCH)
        return return_scaled(call, call->args[1].i, 6);
    Field field = clock_field(unit, call->args[1].i);
    return field.found ? return_field(call, &field) : refuse_unit(call, unit, TYPE_TIME, true);
}

static bool extract_timetz(FuncCall *call)
{
    TimeUnit unit = unit_arg(call);
    TimeTz time;
    timetz_read(arg_text(call, 1), &time);
    if (unit == UNIT_EPOCH && call->return_type == TYPE_FLOAT8) /* PostgreSQL adds the zone to the rounded seconds */
        return return_float(call, (double)time.micros / 1e6 - time.east);
    if (unit == UNIT_EPOCH)
        return return_scaled(call, timetz_instant(time), 6);
    if (unit >= UNIT_TIMEZONE && unit <= UNIT_TIMEZONE_MINUTE)
        return extract_zone(call, unit, time.east);
    Field field = clock_field(unit, time.micros);
    return field.found ? return_field(call, &field) : refuse_unit(call, unit, TYPE_TIMETZ, true);
}

/* A year has 365.25 days here, a month beyond whole years 30. */
static bool extract_interval(FuncCall *call)
{
    TimeUnit unit = unit_arg(call);
    FdwInterval span = call->args[1].interval;
    if (unit == UNIT_EPOCH && call->return_type == TYPE_FLOAT8) /* each part is added, and rounded, by itself */
        return return_float(call, (double)span.micros / 1e6 + 31557600.0 * (span.months / 12) + 2592000.0 * (span.months % 12) +
                                      86400.0 * span.days);
    if (unit == UNIT_EPOCH) {
        __int128 seconds =
            (__int128)(span.months / 12) * 31557600 + (__int128)(span.months % 12) * 30 * 86400 + (__int128)span.days * 86400;
        return return_scaled(call, seconds * SECOND_MICROS + span.micros, 6);
    }
    Field field = interval_field(unit, span);
    return field.found ? return_field(call, &field) : refuse_unit(call, unit, TYPE_INTERVAL, true);
}

/* ---- date_trunc ---- */

static int64_t trunc_clock(TimeUnit unit, int64_t micros)
{
    int64_t size = unit == UNIT_MICROSECOND   ? 1
                   : unit == UNIT_MILLISECOND ? 1000
                   : unit == UNIT_SECOND      ? SECOND_MICROS
                   : unit == UNIT_MINUTE      ? MINUTE_MICROS
                   : unit == UNIT_HOUR        ? HOUR_MICROS
                                              : DAY_MICROS;
    return micros / size * size;
}

/* The first year of the century (size 100) or millennium (size 1000) of a year. */
static int64_t first_year(int64_t year, int64_t size)
{
    return year > 0 ? (year + size - 1) / size * size - (size - 1) : -((size - 1 - (year - 1)) / size) * size + 1;
}

static void trunc_civil(TimeUnit unit, Civil *civil)
{
    civil->micros = trunc_clock(unit, civil->micros);
    if (unit <= UNIT_DAY)
        return;
    if (unit == UNIT_WEEK) {
        civil_from_days(time_iso_week_start(civil_days(civil->year, civil->month, civil->day)), civil);
        return;
    }
    civil->day = 1;
    if (unit == UNIT_QUARTER)
        civil->month = (civil->month - 1) / 3 * 3 + 1;
    if (unit <= UNIT_QUARTER)
        return;
    civil->month = 1;
    if (unit == UNIT_DECADE)
        civil->year = floor_div(civil->year, 10) * 10;
    else if (unit >= UNIT_CENTURY)
        civil->year = first_year(civil->year, unit == UNIT_CENTURY ? 100 : 1000);
}

static bool trunc_timestamp(FuncCall *call)
{
    Oid type = call->arg_types[1];
    TimeUnit unit = unit_arg(call);
    int64_t micros = call->args[1].i;
    const TimeZone *zone = NULL;
    if (timestamp_is_infinite(micros))
        return return_int(call, micros);
    if (type == TYPE_TIMESTAMPTZ) {
        zone = call->nargs > 2 ? time_zone_arg(call, 2, MOMENT_NONE, micros) : time_session_zone(call);
        if (!zone)
            return false;
    }
    if (unit == UNIT_UNKNOWN || unit > UNIT_MILLENNIUM)
        return refuse_unit(call, unit, type, unit <= UNIT_TIMEZONE_MINUTE);
    /* Below an hour the zone's offset does not change. */
    int offset = zone ? timezone_offset_at(zone, micros, NULL) : 0;
    Civil civil;
    civil_from_micros(micros + offset * SECOND_MICROS, &civil);
    trunc_civil(unit, &civil);
    int64_t local = civil_micros(&civil);
    if (!zone)
        return time_return_timestamp(call, local);
    return time_return_timestamp(call, unit >= UNIT_DAY ? timezone_to_utc(zone, local) : local - offset * SECOND_MICROS);
}

static bool trunc_interval(FuncCall *call)
{
    TimeUnit unit = unit_arg(call);
    FdwInterval span = call->args[1].interval;
    static const int MONTHS[] = {
        [UNIT_MONTH] = 1, [UNIT_QUARTER] = 3, [UNIT_YEAR] = 12, [UNIT_DECADE] = 120, [UNIT_CENTURY] = 1200, [UNIT_MILLENNIUM] = 12000};
    if (unit == UNIT_WEEK) {
        refuse_unit(call, unit, TYPE_INTERVAL, true);
        return error_detail(call->error, "Months usually have fractional weeks.");
    }
    if (unit == UNIT_UNKNOWN || unit > UNIT_MILLENNIUM)
        return refuse_unit(call, unit, TYPE_INTERVAL, unit <= UNIT_TIMEZONE_MINUTE);
    if (unit >= UNIT_MONTH)
        span = (FdwInterval){.months = span.months / MONTHS[unit] * MONTHS[unit]};
    else if (unit == UNIT_DAY)
        span.micros = 0;
    else
        span.micros = trunc_clock(unit, span.micros);
    call->result->is_null = false;
    call->result->interval = span;
    return true;
}

static const FuncRow ROWS[] = {
    {F_EXTRACT_TEXT_TIMESTAMP, extract_timestamp},
    {F_EXTRACT_TEXT_TIMESTAMPTZ, extract_timestamp},
    {F_EXTRACT_TEXT_DATE, extract_date},
    {F_EXTRACT_TEXT_TIME, extract_time},
    {F_EXTRACT_TEXT_TIMETZ, extract_timetz},
    {F_DATE_PART_TEXT_TIMETZ, extract_timetz},
    {F_EXTRACT_TEXT_INTERVAL, extract_interval},
    {F_DATE_PART_TEXT_TIMESTAMP, extract_timestamp},
    {F_DATE_PART_TEXT_TIMESTAMPTZ, extract_timestamp},
    {F_DATE_PART_TEXT_DATE, extract_date},
    {F_DATE_PART_TEXT_TIME, extract_time},
    {F_DATE_PART_TEXT_INTERVAL, extract_interval},
    {F_DATE_TRUNC_TEXT_TIMESTAMP, trunc_timestamp},
    {F_DATE_TRUNC_TEXT_TIMESTAMPTZ, trunc_timestamp},
    {F_DATE_TRUNC_TEXT_TIMESTAMPTZ_TEXT, trunc_timestamp},
    {F_DATE_TRUNC_TEXT_INTERVAL, trunc_interval},
};
const FuncTable FUNC_TABLE_EXTRACT = {ROWS, COUNT_OF(ROWS)};
