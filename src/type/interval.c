/*
 * interval.c - intervals: written in every IntervalStyle, cut down to a modifier's fields, the functions of the row.
 *
 * Invariant: months, days and time are kept apart and each has its own sign.
 *
 * Any thread.
 */
#include <stdlib.h>

#include "type/datetime_int.h"

/* An interval's parts, each with the sign of what it came from. */
typedef struct IntervalParts {
    int year, month;
    int64_t day;
    int64_t hour;
    int minute, second, micro;
} IntervalParts;

static IntervalParts split(const FdwInterval *interval)
{
    int64_t time = interval->micros;
    return (IntervalParts){.year = interval->months / 12,
                           .month = interval->months % 12,
                           .day = interval->days,
                           .hour = time / MICROS_PER_HOUR,
                           .minute = (int)(time / MICROS_PER_MINUTE % 60),
                           .second = (int)(time / MICROS_PER_SECOND % 60),
                           .micro = (int)(time % MICROS_PER_SECOND)};
}

static long long absolute(int64_t value)
{
    return value < 0 ? -value : value;
}

/* ---- postgres: 1 year 2 mons -3 days +04:05:06 ---- */

typedef struct Progress {
    bool empty, negative;
} Progress;

/* A part after a negative one shows its plus. */
static void write_part(int64_t value, const char *unit, Progress *progress, Str *out)
{
    if (!value)
        return;
    str_addf(out, "%s%s%lld %s%s", progress->empty ? "" : " ", progress->negative && value > 0 ? "+" : "", (long long)value, unit,
             value == 1 ? "" : "s");
    *progress = (Progress){false, value < 0};
}

static void write_postgres(const IntervalParts *parts, Str *out)
{
    Progress progress = {true, false};
    write_part(parts->year, "year", &progress, out);
    write_part(parts->month, "mon", &progress, out);
    write_part(parts->day, "day", &progress, out);
    if (!progress.empty && !parts->hour && !parts->minute && !parts->second && !parts->micro)
        return;
    bool minus = parts->hour < 0 || parts->minute < 0 || parts->second < 0 || parts->micro < 0;
    str_addf(out, "%s%s%02lld:%02d:", progress.empty ? "" : " ",
             minus               ? "-"
             : progress.negative ? "+"
                                 : "",
             absolute(parts->hour), abs(parts->minute));
    datetime_write_seconds(parts->second, parts->micro, true, out);
}

/* ---- postgres_verbose: @ 1 year 2 mons -3 days 4 hours ago ---- */

/* The first part's sign decides about "ago"; the others are relative to it. */
static void write_verbose_part(int64_t value, const char *unit, Progress *progress, Str *out)
{
    if (!value)
        return;
    if (progress->empty) {
        progress->negative = value < 0;
        value = absolute(value);
    } else if (progress->negative) {
        value = -value;
    }
    str_addf(out, " %lld %s%s", (long long)value, unit, value == 1 ? "" : "s");
    progress->empty = false;
}

static void write_verbose_seconds(const IntervalParts *parts, Progress *progress, Str *out)
{
    bool negative = parts->second < 0 || (parts->second == 0 && parts->micro < 0);
    if (!parts->second && !parts->micro)
        return;
    str_addc(out, ' ');
    if (negative && progress->empty)
        progress->negative = true;
    else if (negative != progress->negative)
        str_addc(out, '-');
    datetime_write_seconds(parts->second, parts->micro, false, out);
    str_addf(out, " sec%s", abs(parts->second) != 1 || parts->micro ? "s" : "");
    progress->empty = false;
}

static void write_verbose(const IntervalParts *parts, Str *out)
{
    Progress progress = {true, false};
    str_addc(out, '@');
    write_verbose_part(parts->year, "year", &progress, out);
    write_verbose_part(parts->month, "mon", &progress, out);
    write_verbose_part(parts->day, "day", &progress, out);
    write_verbose_part(parts->hour, "hour", &progress, out);
    write_verbose_part(parts->minute, "min", &progress, out);
    write_verbose_seconds(parts, &progress, out);
    if (progress.empty)
        str_add(out, " 0");
    if (progress.negative)
        str_add(out, " ago");
}

/* ---- sql_standard: 1-2, 3 04:05:06, +1-2 -3 +4:05:06 ---- */

static void write_sql_clock(const IntervalParts *parts, Str *out)
{
    str_addf(out, "%lld:%02d:", absolute(parts->hour), abs(parts->minute));
    datetime_write_seconds(parts->second, parts->micro, true, out);
}

static void write_sql(const IntervalParts *parts, Str *out)
{
    bool year_month_minus = parts->year < 0 || parts->month < 0, year_month = parts->year || parts->month;
    bool time_minus = parts->hour < 0 || parts->minute < 0 || parts->second < 0 || parts->micro < 0;
    bool time_plus = parts->hour > 0 || parts->minute > 0 || parts->second > 0 || parts->micro > 0;
    bool minus = year_month_minus || parts->day < 0 || time_minus;
    bool plus = parts->year > 0 || parts->month > 0 || parts->day > 0 || time_plus;
    bool day_time = parts->day || time_minus || time_plus;
    if (!minus && !plus) {
        str_addc(out, '0');
        return;
    }
    /* The standard has one sign and either years and months or days and time: anything else gets all signs. */
    if ((minus && plus) || (year_month && day_time)) {
        str_addf(out, "%c%d-%d %c%lld %c", year_month_minus ? '-' : '+', abs(parts->year), abs(parts->month), parts->day < 0 ? '-' : '+',
                 absolute(parts->day), time_minus ? '-' : '+');
        write_sql_clock(parts, out);
        return;
    }
    if (minus)
        str_addc(out, '-');
    if (year_month) {
        str_addf(out, "%d-%d", abs(parts->year), abs(parts->month));
        return;
    }
    if (parts->day)
        str_addf(out, "%lld ", absolute(parts->day));
    write_sql_clock(parts, out);
}

/* ---- iso_8601: P1Y2M-3DT4H5M6S ---- */

static void write_iso_part(int64_t value, char unit, Str *out)
{
    if (value)
        str_addf(out, "%lld%c", (long long)value, unit);
}

static void write_iso(const IntervalParts *parts, Str *out)
{
    bool time = parts->hour || parts->minute || parts->second || parts->micro;
    if (!parts->year && !parts->month && !parts->day && !time) {
        str_add(out, "PT0S");
        return;
    }
    str_addc(out, 'P');
    write_iso_part(parts->year, 'Y', out);
    write_iso_part(parts->month, 'M', out);
    write_iso_part(parts->day, 'D', out);
    if (time)
        str_addc(out, 'T');
    write_iso_part(parts->hour, 'H', out);
    write_iso_part(parts->minute, 'M', out);
    if (!parts->second && !parts->micro)
        return;
    if (parts->second < 0 || parts->micro < 0)
        str_addc(out, '-');
    datetime_write_seconds(parts->second, parts->micro, false, out);
    str_addc(out, 'S');
}

void interval_write(IntervalStyle style, const FdwInterval *interval, Str *out)
{
    static void (*const WRITERS[])(const IntervalParts *, Str *) = {
        [INTERVAL_POSTGRES] = write_postgres,
        [INTERVAL_POSTGRES_VERBOSE] = write_verbose,
        [INTERVAL_SQL_STANDARD] = write_sql,
        [INTERVAL_ISO_8601] = write_iso,
    };
    IntervalParts parts = split(interval);
    WRITERS[style](&parts, out);
}

/* ---- the row's functions ---- */

void interval_apply_typmod(FdwInterval *interval, int32_t typmod)
{
    if (typmod < 0)
        return;
    int fields = typmod >> 16 & INTERVAL_ALL_FIELDS, precision = typmod & 0xFFFF;
    if (fields != INTERVAL_ALL_FIELDS) {
        int64_t unit = fields & INTERVAL_SECOND   ? 1
                       : fields & INTERVAL_MINUTE ? MICROS_PER_MINUTE
                       : fields & INTERVAL_HOUR   ? MICROS_PER_HOUR
                                                  : 0;
        interval->micros = unit ? interval->micros / unit * unit : 0;
        if (!(fields & ~(INTERVAL_YEAR | INTERVAL_MONTH)))
            interval->days = 0;
        if (fields == INTERVAL_YEAR)
            interval->months = interval->months / 12 * 12;
    }
    if (precision != INTERVAL_ANY_PRECISION)
        interval->micros = datetime_round_time(interval->micros, precision);
}

bool interval_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    FdwInterval interval;
    int fields = call->typmod < 0 ? INTERVAL_ALL_FIELDS : call->typmod >> 16 & INTERVAL_ALL_FIELDS;
    DateProblem problem = interval_read(call->context, text, len, fields, &interval);
    if (problem == DATE_OUT_OF_RANGE)
        return error_set(call->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "interval out of range");
    if (problem)
        return datetime_problem(call, problem, NULL, text, len);
    interval_apply_typmod(&interval, call->typmod);
    *out = value_interval(interval);
    return true;
}

/* The least time has no clock's form that could be read again. */
static void write_least_time(const FdwInterval *interval, Str *out)
{
    FdwInterval rest = {interval->months, interval->days, 0};
    if (rest.months || rest.days) {
        interval_write(INTERVAL_POSTGRES, &rest, out);
        str_addc(out, ' ');
    }
    str_addf(out, "%lld us", (long long)interval->micros);
}

bool interval_output(const TypeCall *call, const Value *value, Str *out)
{
    if (call->context == &TYPE_CONTEXT_CANONICAL && value->interval.micros == INT64_MIN) {
        write_least_time(&value->interval, out);
        return true;
    }
    interval_write(call->context->interval_style, &value->interval, out);
    return true;
}

bool interval_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    FdwInterval interval;
    interval.micros = binary_read_int(&reader, 8);
    interval.days = (int32_t)binary_read_int(&reader, 4);
    interval.months = (int32_t)binary_read_int(&reader, 4);
    interval_apply_typmod(&interval, call->typmod);
    *out = value_interval(interval);
    return binary_read_end(&reader, call->error);
}

bool interval_send(const TypeCall *call, const Value *value, Str *out)
{
    binary_write_uint(out, (uint64_t)value->interval.micros, 8);
    binary_write_uint(out, (uint64_t)value->interval.days, 4);
    binary_write_uint(out, (uint64_t)value->interval.months, 4);
    return true;
}
