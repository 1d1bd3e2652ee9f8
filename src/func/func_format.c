/*
 * func_format.c - to_char(), to_timestamp(), to_date(), and the numeric roots, powers and logarithms: thin covers of src/type.
 *
 *  1. An empty template, and a timestamp without end, give NULL.
 * Any thread.
 */
#include "func/func_time.h"

static bool finish(FuncCall *call, bool ok, const Str *out)
{
    return ok && return_bytes(call, out->data, out->len);
}

#define FORMAT call->args[1].s.ptr, call->args[1].s.len, &out, call->error

static bool moment_to_char(FuncCall *call, const TimeZone *zone)
{
    Str out;
    str_init(&out, call->arena);
    if (!call->args[1].s.len || timestamp_is_infinite(call->args[0].i))
        return return_null(call);
    return finish(call, format_timestamp(call->args[0].i, zone, FORMAT), &out);
}

static bool timestamp_to_char(FuncCall *call)
{
    return moment_to_char(call, NULL);
}

static bool timestamptz_to_char(FuncCall *call)
{
    return moment_to_char(call, call->context->types->time_zone);
}

static bool interval_to_char(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    if (!call->args[1].s.len)
        return return_null(call);
    return finish(call, format_interval(&call->args[0].interval, FORMAT), &out);
}

static bool numeric_to_char(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    return finish(call, format_numeric(arg_numeric(call, 0), FORMAT), &out);
}

static bool int_to_char(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    return finish(call, format_int(call->args[0].i, call->proc == F_TO_CHAR_INT4_TEXT, FORMAT), &out);
}

static bool float_to_char(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    return finish(call, format_float(call->args[0].f, call->proc == F_TO_CHAR_FLOAT4_TEXT, FORMAT), &out);
}

static bool to_timestamp(FuncCall *call)
{
    int64_t micros;
    return format_read_timestamp(arg_text(call, 0), arg_text(call, 1), call->context->types->time_zone, call->arena, &micros,
                                 call->error) &&
           return_int(call, micros);
}

static bool to_date(FuncCall *call)
{
    int32_t days;
    return format_read_date(arg_text(call, 0), arg_text(call, 1), call->arena, &days, call->error) && return_int(call, days);
}

/* ---- numeric ---- */

static bool unary(FuncCall *call, bool (*fn)(const char *, Arena *, const char **, Error *))
{
    const char *out;
    return fn(arg_numeric(call, 0), call->arena, &out, call->error) && return_text(call, out);
}

static bool square_root(FuncCall *call)
{
    return unary(call, numeric_sqrt);
}

static bool exponential(FuncCall *call)
{
    return unary(call, numeric_exp);
}

static bool natural_log(FuncCall *call)
{
    return unary(call, numeric_ln);
}

static bool decimal_log(FuncCall *call)
{
    const char *out;
    return numeric_log("10", arg_numeric(call, 0), call->arena, &out, call->error) && return_text(call, out);
}

static bool log_to_base(FuncCall *call)
{
    const char *out;
    return numeric_log(arg_numeric(call, 0), arg_numeric(call, 1), call->arena, &out, call->error) && return_text(call, out);
}

static bool power(FuncCall *call)
{
    const char *out;
    return numeric_power(arg_numeric(call, 0), arg_numeric(call, 1), call->arena, &out, call->error) && return_text(call, out);
}

static const FuncRow ROWS[] = {
    {F_TO_CHAR_TIMESTAMP_TEXT, timestamp_to_char},
    {F_TO_CHAR_TIMESTAMPTZ_TEXT, timestamptz_to_char},
    {F_TO_CHAR_INTERVAL_TEXT, interval_to_char},
    {F_TO_CHAR_NUMERIC_TEXT, numeric_to_char},
    {F_TO_CHAR_INT4_TEXT, int_to_char},
    {F_TO_CHAR_INT8_TEXT, int_to_char},
    {F_TO_CHAR_FLOAT4_TEXT, float_to_char},
    {F_TO_CHAR_FLOAT8_TEXT, float_to_char},
    {F_TO_TIMESTAMP_TEXT_TEXT, to_timestamp},
    {F_TO_DATE_TEXT_TEXT, to_date},
    {F_SQRT_NUMERIC, square_root},
    {F_NUMERIC_SQRT_NUMERIC, square_root},
    {F_EXP_NUMERIC, exponential},
    {F_NUMERIC_EXP_NUMERIC, exponential},
    {F_LN_NUMERIC, natural_log},
    {F_NUMERIC_LN_NUMERIC, natural_log},
    {F_LOG_NUMERIC, decimal_log},
    {F_LOG10_NUMERIC, decimal_log},
    {F_LOG_NUMERIC_NUMERIC, log_to_base},
    {F_NUMERIC_LOG_NUMERIC_NUMERIC, log_to_base},
    {F_POW_NUMERIC_NUMERIC, power},
    {F_POWER_NUMERIC_NUMERIC, power},
    {F_NUMERIC_POWER_NUMERIC_NUMERIC, power},
};
const FuncTable FUNC_TABLE_FORMAT = {ROWS, COUNT_OF(ROWS)};
