/*
 * func_interval.c - intervals: arithmetic, justification, age.
 *
 *  1. The three fields are kept apart; what a fraction leaves over goes down to the next field (30 days a month, 24 hours a day).
 * Any thread.
 */
#include "func/func_time.h"

#include <math.h>

static bool out_of_range(FuncCall *call)
{
    return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "interval out of range");
}

static bool return_interval(FuncCall *call, int64_t months, int64_t days, __int128 micros)
{
    if (months != (int32_t)months || days != (int32_t)days || micros != (int64_t)micros)
        return out_of_range(call);
    call->result->is_null = false;
    call->result->interval = (FdwInterval){(int32_t)months, (int32_t)days, (int64_t)micros};
    return true;
}

#define A (call->args[0].interval)
#define B (call->args[1].interval)

static bool interval_add(FuncCall *call)
{
    return return_interval(call, (int64_t)A.months + B.months, (int64_t)A.days + B.days, (__int128)A.micros + B.micros);
}

static bool interval_sub(FuncCall *call)
{
    return return_interval(call, (int64_t)A.months - B.months, (int64_t)A.days - B.days, (__int128)A.micros - B.micros);
}

static bool interval_minus(FuncCall *call)
{
    return return_interval(call, -(int64_t)A.months, -(int64_t)A.days, -(__int128)A.micros);
}

/* Rounded to microseconds, so that a fraction's representation error does not spread. */
static double to_micros(double seconds)
{
    return rint(seconds * 1000000.0) / 1000000.0;
}

static bool fits_int32(double value)
{
    return value >= -2147483648.0 && value < 2147483648.0;
}

/* Whole months and days stay; their fractions become days and seconds. */
static bool scaled(FuncCall *call, FdwInterval span, double months, double days, double micros)
{
    if (isnan(months) || isnan(days) || isnan(micros) || !fits_int32(months) || !fits_int32(days))
        return out_of_range(call);
    int32_t whole_months = (int32_t)months, whole_days = (int32_t)days;
    double month_rest = to_micros((months - whole_months) * 30);
    double seconds = to_micros((days - whole_days + month_rest - (int)month_rest) * 86400);
    int64_t total_days = whole_days;
    if (fabs(seconds) >= 86400) {
        total_days += (int)(seconds / 86400);
        seconds -= (int)(seconds / 86400) * 86400.0;
    }
    total_days += (int32_t)month_rest;
    double result = rint(micros + seconds * 1000000.0);
    if (isnan(result) || result < -9223372036854775808.0 || result >= 9223372036854775808.0)
        return out_of_range(call);
    return return_interval(call, whole_months, total_days, (int64_t)result);
}

static bool multiply(FuncCall *call, FdwInterval span, double factor)
{
    return scaled(call, span, span.months * factor, span.days * factor, (double)span.micros * factor);
}

static bool interval_mul(FuncCall *call)
{
    return multiply(call, A, call->args[1].f);
}

static bool float_mul_interval(FuncCall *call)
{
    return multiply(call, B, call->args[0].f);
}

static bool interval_div(FuncCall *call)
{
    double by = call->args[1].f;
    if (by == 0)
        return error_set(call->error, ERRCODE_DIVISION_BY_ZERO, "division by zero");
    return scaled(call, A, A.months / by, A.days / by, (double)A.micros / by);
}

/* ---- justification ---- */

/* Whole `size`s of *low go up to *high. */
static void carry(int64_t *high, int64_t *low, int64_t size)
{
    *high += *low / size;
    *low %= size;
}

/* Both with one sign. */
static void align(int64_t *high, int64_t *low, int64_t size)
{
    if (*high > 0 && *low < 0) {
        *low += size;
        --*high;
    } else if (*high < 0 && *low > 0) {
        *low -= size;
        ++*high;
    }
}

static bool justify_hours(FuncCall *call)
{
    int64_t days = A.days, micros = A.micros;
    carry(&days, &micros, DAY_MICROS);
    align(&days, &micros, DAY_MICROS);
    return return_interval(call, A.months, days, micros);
}

static bool justify_days(FuncCall *call)
{
    int64_t months = A.months, days = A.days;
    carry(&months, &days, 30);
    align(&months, &days, 30);
    return return_interval(call, months, days, A.micros);
}

static bool justify_interval(FuncCall *call)
{
    int64_t months = A.months, days = A.days, micros = A.micros;
    carry(&days, &micros, DAY_MICROS);
    carry(&months, &days, 30);
    if (months > 0 && (days < 0 || (days == 0 && micros < 0))) {
        days += 30;
        months--;
    } else if (months < 0 && (days > 0 || (days == 0 && micros > 0))) {
        days -= 30;
        months++;
    }
    align(&days, &micros, DAY_MICROS);
    return return_interval(call, months, days, micros);
}

/* ---- age: the symbolic difference of two civil times ---- */

static void civil_of_wide(__int128 micros, Civil *out)
{
    int64_t days = (int64_t)(micros / DAY_MICROS) - (micros % DAY_MICROS < 0);
    civil_from_days(days, out);
    out->micros = (int64_t)(micros - (__int128)days * DAY_MICROS);
}

static bool age_between(FuncCall *call, __int128 a, __int128 b)
{
    if (a < FIRST_MICROS || b < FIRST_MICROS)
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range");
    int sign = a < b ? -1 : 1;
    Civil later, earlier;
    civil_of_wide(sign > 0 ? a : b, &later);
    civil_of_wide(sign > 0 ? b : a, &earlier);
    int64_t months = (later.year - earlier.year) * 12 + later.month - earlier.month, days = later.day - earlier.day;
    int64_t micros = later.micros - earlier.micros;
    if (micros < 0) {
        micros += DAY_MICROS;
        days--;
    }
    if (days < 0) {
        days += days_in_month(earlier.year, earlier.month);
        months--;
    }
    return return_interval(call, sign * months, sign * days, (__int128)sign * micros);
}

/* PostgreSQL takes an infinite timestamp for the last microsecond that 64 bits count from 2000 on. */
static __int128 local_arg(const FuncCall *call, int index)
{
    int64_t micros = call->args[index].i, known = micros;
    __int128 wide = micros;
    if (timestamp_is_infinite(micros)) {
        if (micros < 0)
            return INT64_MIN;
        wide += 946684800 * SECOND_MICROS;
        known = BEHIND_MICROS - DAY_MICROS;
    }
    if (call->arg_types[index] == TYPE_TIMESTAMPTZ)
        wide += time_to_local(time_session_zone(call), known) - known;
    return wide;
}

static bool age(FuncCall *call)
{
    if (call->nargs == 2)
        return age_between(call, local_arg(call, 0), local_arg(call, 1));
    int64_t now = time_to_local(time_session_zone(call), call->context->transaction_start);
    return age_between(call, floor_div(now, DAY_MICROS) * DAY_MICROS, local_arg(call, 0));
}

/* ---- construction and length ---- */

/* Arguments: years, months, weeks, days, hours, minutes, seconds. Years overflow as C integers do. */
static bool make_interval(FuncCall *call)
{
    const Value *v = call->args;
    double seconds = v[6].f;
    if (isnan(seconds) || isinf(seconds))
        return out_of_range(call);
    double rounded = rint(seconds * 1000000.0); /* beyond 64 bits: as the processor converts it */
    bool fits = rounded >= -9223372036854775808.0 && rounded < 9223372036854775808.0;
    uint64_t rest = fits ? (uint64_t)(int64_t)rounded : (uint64_t)INT64_MIN;
    int64_t months = (int32_t)(uint32_t)((uint64_t)v[0].i * 12 + (uint64_t)v[1].i);
    int64_t days = (int32_t)(uint32_t)((uint64_t)v[2].i * 7 + (uint64_t)v[3].i);
    uint64_t micros = (uint64_t)v[4].i * (uint64_t)HOUR_MICROS + (uint64_t)v[5].i * (uint64_t)MINUTE_MICROS + rest;
    return return_interval(call, months, days, (int64_t)micros);
}

static bool is_finite(FuncCall *call)
{
    return return_bool(call, true);
}

/* interval(p) with fields: as input does it. */
static bool to_typmod(FuncCall *call)
{
    Str text;
    str_init(&text, call->arena);
    if (!type_output(TYPE_INTERVAL, &call->args[0], &TYPE_CONTEXT_CANONICAL, &text, call->error))
        return false;
    return type_input(TYPE_INTERVAL, (int32_t)call->args[1].i, text.data, text.len, &TYPE_CONTEXT_CANONICAL, call->arena, call->result,
                      call->error);
}

static const FuncRow ROWS[] = {
    {F_INTERVAL_PL_INTERVAL_INTERVAL, interval_add},
    {F_INTERVAL_MI_INTERVAL_INTERVAL, interval_sub},
    {F_INTERVAL_UM_INTERVAL, interval_minus},
    {F_INTERVAL_MUL_INTERVAL_FLOAT8, interval_mul},
    {F_MUL_D_INTERVAL_FLOAT8_INTERVAL, float_mul_interval},
    {F_INTERVAL_DIV_INTERVAL_FLOAT8, interval_div},
    {F_JUSTIFY_HOURS_INTERVAL, justify_hours},
    {F_JUSTIFY_DAYS_INTERVAL, justify_days},
    {F_JUSTIFY_INTERVAL_INTERVAL, justify_interval},
    {F_AGE_TIMESTAMP_TIMESTAMP, age},
    {F_AGE_TIMESTAMPTZ_TIMESTAMPTZ, age},
    {F_AGE_TIMESTAMP, age},
    {F_AGE_TIMESTAMPTZ, age},
    {F_MAKE_INTERVAL_INT4_INT4_INT4_INT4_INT4_INT4_FLOAT8, make_interval},
    {F_ISFINITE_INTERVAL, is_finite},
    {F_INTERVAL_INTERVAL_INT4, to_typmod},
};
const FuncTable FUNC_TABLE_INTERVAL = {ROWS, COUNT_OF(ROWS)};
