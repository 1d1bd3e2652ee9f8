/*
 * func_timetz.c - times of day with a zone: arithmetic, casts, zones, order. Their values are texts.
 *
 *  1. Two are ordered by their instant, those of one instant by their zone, the more eastern first.
 * Any thread.
 */
#include "func/func_time.h"

#include <stdio.h>
#include <stdlib.h>

bool timetz_read(const char *text, TimeTz *out)
{
    int hour, minute, second, used = 0, zone[3] = {0};
    *out = (TimeTz){0};
    if (sscanf(text, "%d:%d:%d%n", &hour, &minute, &second, &used) != 3)
        return false;
    const char *at = text + used;
    out->micros = hour * HOUR_MICROS + minute * MINUTE_MICROS + second * SECOND_MICROS;
    if (*at == '.') {
        at++;
        for (int64_t unit = SECOND_MICROS / 10; *at >= '0' && *at <= '9'; at++, unit /= 10)
            out->micros += unit * (*at - '0');
    }
    if (*at && sscanf(at + 1, "%d:%d:%d", &zone[0], &zone[1], &zone[2]) >= 1)
        out->east = (zone[0] * 3600 + zone[1] * 60 + zone[2]) * (*at == '-' ? -1 : 1);
    return true;
}

static TimeTz timetz_arg(const FuncCall *call, int index)
{
    TimeTz time;
    timetz_read(arg_text(call, index), &time);
    return time;
}

static bool return_timetz(FuncCall *call, int64_t micros, int64_t east)
{
    int64_t fraction = micros % SECOND_MICROS, away = east < 0 ? -east : east;
    Str out;
    str_init(&out, call->arena);
    str_addf(&out, "%02d:%02d:%02d", (int)(micros / HOUR_MICROS), (int)(micros / MINUTE_MICROS % 60), (int)(micros / SECOND_MICROS % 60));
    if (fraction) {
        str_addf(&out, ".%06d", (int)fraction);
        while (out.data[out.len - 1] == '0')
            out.data[--out.len] = '\0';
    }
    str_addf(&out, "%c%02d", east < 0 ? '-' : '+', (int)(away / 3600));
    if (away % 3600)
        str_addf(&out, ":%02d", (int)(away / 60 % 60));
    if (away % 60)
        str_addf(&out, ":%02d", (int)(away % 60));
    return return_bytes(call, out.data, out.len);
}

/* ---- order ---- */

int64_t timetz_instant(TimeTz time)
{
    return time.micros - time.east * SECOND_MICROS;
}

static int compare(FuncCall *call)
{
    TimeTz a = timetz_arg(call, 0), b = timetz_arg(call, 1);
    int64_t x = timetz_instant(a), y = timetz_instant(b);
    return x != y ? (x < y ? -1 : 1) : (a.east < b.east) - (a.east > b.east);
}

static bool cmp(FuncCall *call)
{
    return return_int(call, compare(call));
}

static bool equal(FuncCall *call)
{
    return return_bool(call, compare(call) == 0);
}

static bool unequal(FuncCall *call)
{
    return return_bool(call, compare(call) != 0);
}

static bool less(FuncCall *call)
{
    return return_bool(call, compare(call) < 0);
}

static bool less_or_equal(FuncCall *call)
{
    return return_bool(call, compare(call) <= 0);
}

static bool greater(FuncCall *call)
{
    return return_bool(call, compare(call) > 0);
}

static bool greater_or_equal(FuncCall *call)
{
    return return_bool(call, compare(call) >= 0);
}

static bool return_arg(FuncCall *call, int index)
{
    return return_bytes(call, call->args[index].s.ptr, call->args[index].s.len);
}

static bool larger(FuncCall *call)
{
    return return_arg(call, compare(call) > 0 ? 0 : 1);
}

static bool smaller(FuncCall *call)
{
    return return_arg(call, compare(call) < 0 ? 0 : 1);
}

/* ---- arithmetic ---- */

static bool return_moved(FuncCall *call, TimeTz time, int64_t by)
{
    int64_t moved = (int64_t)((uint64_t)time.micros + (uint64_t)by) % DAY_MICROS; /* round int64's end as PostgreSQL's */
    return return_timetz(call, moved < 0 ? moved + DAY_MICROS : moved, time.east);
}

static bool plus_interval(FuncCall *call)
{
    int at = call->arg_types[0] == TYPE_TIMETZ ? 0 : 1;
    return return_moved(call, timetz_arg(call, at), call->args[1 - at].interval.micros);
}

static bool minus_interval(FuncCall *call)
{
    return return_moved(call, timetz_arg(call, 0), (int64_t)(0 - (uint64_t)call->args[1].interval.micros));
}

static bool date_plus(FuncCall *call)
{
    int at = call->arg_types[0] == TYPE_DATE ? 0 : 1;
    int64_t days = call->args[at].i;
    if (date_is_infinite(days))
        return return_int(call, days < 0 ? -INT64_MAX : INT64_MAX);
    __int128 micros = (__int128)days * DAY_MICROS + timetz_instant(timetz_arg(call, 1 - at));
    if (micros < FIRST_MICROS || micros >= BEHIND_MICROS)
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "date out of range for timestamp");
    return return_int(call, (int64_t)micros);
}

/* ---- casts ---- */

static bool to_time(FuncCall *call)
{
    return return_int(call, timetz_arg(call, 0).micros);
}

/* In the session's zone, with the offset that it has today at that time. */
static bool of_time(FuncCall *call)
{
    const TimeZone *zone = time_session_zone(call);
    int64_t today = floor_div(time_to_local(zone, call->context->transaction_start), DAY_MICROS);
    int64_t local = today * DAY_MICROS + call->args[0].i;
    return return_timetz(call, call->args[0].i, (local - timezone_to_utc(zone, local)) / SECOND_MICROS);
}

static bool of_instant(FuncCall *call)
{
    int64_t micros = call->args[0].i;
    if (timestamp_is_infinite(micros))
        return return_null(call);
    int64_t local = time_to_local(time_session_zone(call), micros);
    return return_timetz(call, local - floor_div(local, DAY_MICROS) * DAY_MICROS, (local - micros) / SECOND_MICROS);
}

static bool to_precision(FuncCall *call)
{
    static const int64_t UNITS[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    TimeTz time = timetz_arg(call, 0);
    int64_t precision = call->args[1].i;
    if (precision < 0 || precision > 6)
        return return_arg(call, 0);
    int64_t unit = UNITS[precision];
    return return_timetz(call, (time.micros + unit / 2) / unit * unit, time.east);
}

/* ---- zones ---- */

static bool return_in_zone(FuncCall *call, TimeTz time, int64_t east)
{
    int64_t moved = (timetz_instant(time) + east * SECOND_MICROS) % DAY_MICROS;
    return return_timetz(call, moved < 0 ? moved + DAY_MICROS : moved, east);
}

/* A zone whose offset changes is taken as it is now. */
static bool at_named_zone(FuncCall *call)
{
    int64_t now = call->context->transaction_start;
    const TimeZone *zone = time_zone_arg(call, 0, MOMENT_INSTANT, now);
    return zone && return_in_zone(call, timetz_arg(call, 1), timezone_offset_at(zone, now, NULL));
}

static bool at_interval_zone(FuncCall *call)
{
    FdwInterval span = call->args[0].interval;
    Str text;
    str_init(&text, call->arena);
    if (!span.months && !span.days)
        return return_in_zone(call, timetz_arg(call, 1), span.micros / SECOND_MICROS);
    if (!type_output(TYPE_INTERVAL, &call->args[0], call->context->types, &text, call->error))
        return false;
    return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "interval time zone \"%s\" must not include months or days", text.data);
}

static const FuncRow ROWS[] = {
    {F_TIMETZ_CMP_TIMETZ_TIMETZ, cmp},
    {F_TIMETZ_EQ_TIMETZ_TIMETZ, equal},
    {F_TIMETZ_NE_TIMETZ_TIMETZ, unequal},
    {F_TIMETZ_LT_TIMETZ_TIMETZ, less},
    {F_TIMETZ_LE_TIMETZ_TIMETZ, less_or_equal},
    {F_TIMETZ_GT_TIMETZ_TIMETZ, greater},
    {F_TIMETZ_GE_TIMETZ_TIMETZ, greater_or_equal},
    {F_TIMETZ_LARGER_TIMETZ_TIMETZ, larger},
    {F_TIMETZ_SMALLER_TIMETZ_TIMETZ, smaller},
    {F_TIMETZ_PL_INTERVAL_TIMETZ_INTERVAL, plus_interval},
    {F_INTERVAL_PL_TIMETZ_INTERVAL_TIMETZ, plus_interval},
    {F_TIMETZ_MI_INTERVAL_TIMETZ_INTERVAL, minus_interval},
    {F_DATETIMETZ_PL_DATE_TIMETZ, date_plus},
    {F_TIMETZDATE_PL_TIMETZ_DATE, date_plus},
    {F_TIMESTAMPTZ_DATE_TIMETZ, date_plus},
    {F_TIME_TIMETZ, to_time},
    {F_TIMETZ_TIME, of_time},
    {F_TIMETZ_TIMESTAMPTZ, of_instant},
    {F_TIMETZ_TIMETZ_INT4, to_precision},
    {F_TIMEZONE_TEXT_TIMETZ, at_named_zone},
    {F_TIMEZONE_INTERVAL_TIMETZ, at_interval_zone},
};
const FuncTable FUNC_TABLE_TIMETZ = {ROWS, COUNT_OF(ROWS)};
