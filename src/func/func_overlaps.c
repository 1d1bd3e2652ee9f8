/*
 * func_overlaps.c - stretches of time: OVERLAPS and date_bin.
 *
 *  1. OVERLAPS is given two pairs of ends, or of a start and a length. An end that is NULL leaves a pair with but one moment, and the
 * answer unknown where the other end would decide. Any thread.
 */
#include "func/func_time.h"

/* ---- OVERLAPS ---- */

typedef struct Stretch {
    int64_t start, end;
    bool end_unknown;
} Stretch;

/* A moment as a number in its order. Of timetz only the instant matters between different ones; its zone decides between equal ones. */
static int64_t moment(const FuncCall *call, int index)
{
    TimeTz time;
    if (call->arg_types[index] != TYPE_TIMETZ)
        return call->args[index].i;
    timetz_read(arg_text(call, index), &time);
    return timetz_instant(time) * 200000 + 100000 - time.east;
}

/* Where a length is given, its end. */
static bool end_of(FuncCall *call, int index, int64_t *end)
{
    int64_t start = call->args[index].i, micros = call->args[index + 1].interval.micros;
    Oid type = call->arg_types[index];
    if (type != TYPE_TIME)
        return time_add_interval(call, start, call->args[index + 1].interval, type == TYPE_TIMESTAMPTZ ? time_session_zone(call) : NULL,
                                 end);
    int64_t moved = (start + micros % DAY_MICROS) % DAY_MICROS;
    *end = moved < 0 ? moved + DAY_MICROS : moved;
    return true;
}

/* *unknown: both ends are. */
static bool read_stretch(FuncCall *call, int index, Stretch *out, bool *unknown)
{
    bool no_start = call->args[index].is_null, no_end = call->args[index + 1].is_null;
    bool by_length = call->arg_types[index + 1] == TYPE_INTERVAL;
    no_end = no_end || (by_length && no_start);
    *unknown = no_start && no_end;
    if (*unknown)
        return true;
    int64_t start = no_start ? 0 : moment(call, index), end = 0;
    if (!no_end && by_length && !end_of(call, index, &end))
        return false;
    if (!no_end && !by_length)
        end = moment(call, index + 1);
    *out = (Stretch){no_start ? end : start, no_end ? start : end, no_start || no_end};
    if (!out->end_unknown && out->start > out->end)
        *out = (Stretch){end, start, false};
    return true;
}

static bool overlaps(FuncCall *call)
{
    Stretch a, b;
    bool a_unknown, b_unknown;
    if (!read_stretch(call, 0, &a, &a_unknown) || !read_stretch(call, 2, &b, &b_unknown))
        return false;
    if (a_unknown || b_unknown)
        return return_null(call);
    if (a.start == b.start)
        return a.end_unknown || b.end_unknown ? return_null(call) : return_bool(call, true);
    Stretch first = a.start < b.start ? a : b, second = a.start < b.start ? b : a;
    if (first.end_unknown)
        return return_null(call);
    if (second.start < first.end)
        return return_bool(call, true);
    return second.end_unknown ? return_null(call) : return_bool(call, false);
}

/* ---- date_bin ---- */

static bool out_of_range(FuncCall *call, const char *what)
{
    return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "%s out of range", what);
}

static bool date_bin(FuncCall *call)
{
    FdwInterval stride = call->args[0].interval;
    int64_t at = call->args[1].i, origin = call->args[2].i, width;
    if (timestamp_is_infinite(at))
        return return_int(call, at);
    if (timestamp_is_infinite(origin))
        return out_of_range(call, "origin");
    if (stride.months)
        return error_set(call->error, ERRCODE_FEATURE_NOT_SUPPORTED,
                         "timestamps cannot be binned into intervals containing months or years");
    if (__builtin_mul_overflow((int64_t)stride.days, DAY_MICROS, &width) || __builtin_add_overflow(width, stride.micros, &width))
        return out_of_range(call, "interval");
    if (width <= 0)
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "stride must be greater than zero");
    int64_t away, bin;
    if (__builtin_sub_overflow(at, origin, &away))
        return out_of_range(call, "interval");
    bin = away - away % width;
    if (away % width < 0 && __builtin_sub_overflow(bin, width, &bin))
        return out_of_range(call, "timestamp");
    return __builtin_add_overflow(origin, bin, &bin) ? out_of_range(call, "timestamp") : time_return_timestamp(call, bin);
}

#define BY_LENGTHS(TYPE)                                                                                                                   \
    {F_OVERLAPS_##TYPE##_INTERVAL_##TYPE##_INTERVAL, overlaps}, {F_OVERLAPS_##TYPE##_INTERVAL_##TYPE##_##TYPE, overlaps},                  \
        {F_OVERLAPS_##TYPE##_##TYPE##_##TYPE##_INTERVAL, overlaps},                                                                        \
    {                                                                                                                                      \
        F_OVERLAPS_##TYPE##_##TYPE##_##TYPE##_##TYPE, overlaps                                                                             \
    }

static const FuncRow ROWS[] = {
    BY_LENGTHS(TIME),
    BY_LENGTHS(TIMESTAMP),
    BY_LENGTHS(TIMESTAMPTZ),
    {F_OVERLAPS_TIMETZ_TIMETZ_TIMETZ_TIMETZ, overlaps},
    {F_DATE_BIN_INTERVAL_TIMESTAMP_TIMESTAMP, date_bin},
    {F_DATE_BIN_INTERVAL_TIMESTAMPTZ_TIMESTAMPTZ, date_bin},
};
const FuncTable FUNC_TABLE_OVERLAPS = {ROWS, COUNT_OF(ROWS)};
