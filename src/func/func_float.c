/*
 * func_float.c - real and double precision: arithmetic, the functions of libm, casts.
 *
 *  1. A finite operation that gives an infinity is 22003 "value out of range: overflow", one that gives zero from non-zero operands
 *     "value out of range: underflow".
 *  2. Results of type real are rounded to it before they are checked.
 * Any thread.
 */
#include "func/func_internal.h"

#include <math.h>
#include <stdlib.h>
#include <sys/random.h>

static bool overflow(FuncCall *call)
{
    return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

static bool underflow(FuncCall *call)
{
    return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
}

/* inputs_infinite, inputs_zero: then the result may be so too. */
static bool return_checked(FuncCall *call, double value, bool inputs_infinite, bool inputs_zero)
{
    if (call->return_type == TYPE_FLOAT4)
        value = (float)value;
    if (isinf(value) && !inputs_infinite)
        return overflow(call);
    if (value == 0 && !inputs_zero)
        return underflow(call);
    return return_float(call, value);
}

#define A (call->args[0].f)
#define B (call->args[1].f)

static bool float_add(FuncCall *call)
{
    return return_checked(call, A + B, isinf(A) || isinf(B), true);
}

static bool float_sub(FuncCall *call)
{
    return return_checked(call, A - B, isinf(A) || isinf(B), true);
}

static bool float_mul(FuncCall *call)
{
    return return_checked(call, A * B, isinf(A) || isinf(B), A == 0 || B == 0);
}

static bool float_div(FuncCall *call)
{
    if (B == 0 && !isnan(A))
        return error_set(call->error, ERRCODE_DIVISION_BY_ZERO, "division by zero");
    return return_checked(call, A / B, isinf(A), A == 0 || isinf(B));
}

static bool float_minus(FuncCall *call)
{
    return return_float(call, -A);
}

static bool float_same(FuncCall *call)
{
    return return_float(call, A);
}

static bool float_abs(FuncCall *call)
{
    return return_float(call, fabs(A));
}

static bool float_ceil(FuncCall *call)
{
    return return_float(call, ceil(A));
}

static bool float_floor(FuncCall *call)
{
    return return_float(call, floor(A));
}

static bool float_round(FuncCall *call)
{
    return return_float(call, rint(A));
}

static bool float_trunc(FuncCall *call)
{
    return return_float(call, trunc(A));
}

static bool float_sign(FuncCall *call)
{
    return return_float(call, A > 0 ? 1 : A < 0 ? -1 : 0);
}

static bool float_sqrt(FuncCall *call)
{
    if (A < 0)
        return error_set(call->error, ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION, "cannot take square root of a negative number");
    return return_checked(call, sqrt(A), isinf(A), A == 0);
}

static bool float_cbrt(FuncCall *call)
{
    return return_checked(call, cbrt(A), isinf(A), A == 0);
}

static bool float_exp(FuncCall *call)
{
    return return_checked(call, exp(A), isinf(A), isinf(A));
}

static bool logarithm(FuncCall *call, double (*log_of)(double))
{
    if (A == 0)
        return error_set(call->error, ERRCODE_INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero");
    if (A < 0)
        return error_set(call->error, ERRCODE_INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number");
    return return_checked(call, log_of(A), isinf(A), A == 1);
}

static bool float_ln(FuncCall *call)
{
    return logarithm(call, log);
}

static bool float_log10(FuncCall *call)
{
    return logarithm(call, log10);
}

static bool float_power(FuncCall *call)
{
    if (isnan(A))
        return return_float(call, B == 0 ? 1 : NAN);
    if (isnan(B))
        return return_float(call, A == 1 ? 1 : NAN);
    if (A == 0 && B < 0)
        return error_set(call->error, ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION, "zero raised to a negative power is undefined");
    if (A < 0 && !isinf(B) && floor(B) != B)
        return error_set(call->error, ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                         "a negative number raised to a non-integer power yields a complex result");
    return return_checked(call, pow(A, B), isinf(A) || isinf(B), A == 0 || isinf(A) || isinf(B));
}

/* ---- trigonometry ---- */

static bool out_of_range(FuncCall *call)
{
    return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
}

static bool trigonometric(FuncCall *call, double (*function)(double), double limit)
{
    if (isnan(A))
        return return_float(call, NAN);
    if (isinf(A) || fabs(A) > limit)
        return out_of_range(call);
    return return_float(call, function(A));
}

static bool float_sin(FuncCall *call)
{
    return trigonometric(call, sin, INFINITY);
}

static bool float_cos(FuncCall *call)
{
    return trigonometric(call, cos, INFINITY);
}

static bool float_tan(FuncCall *call)
{
    return trigonometric(call, tan, INFINITY);
}

static bool float_asin(FuncCall *call)
{
    return trigonometric(call, asin, 1);
}

static bool float_acos(FuncCall *call)
{
    return trigonometric(call, acos, 1);
}

static bool float_atan(FuncCall *call)
{
    return return_float(call, atan(A));
}

static bool float_atan2(FuncCall *call)
{
    return return_float(call, isnan(A) || isnan(B) ? NAN : atan2(A, B));
}

static bool float_pi(FuncCall *call)
{
    return return_float(call, M_PI);
}

static bool float_degrees(FuncCall *call)
{
    return return_checked(call, A / 0.0174532925199432957692, isinf(A), A == 0);
}

static bool float_radians(FuncCall *call)
{
    return return_checked(call, A * 0.0174532925199432957692, isinf(A), A == 0);
}

/* ---- casts and random ---- */

static bool float_of_int(FuncCall *call)
{
    double value = call->return_type == TYPE_FLOAT4 ? (double)(float)call->args[0].i : (double)call->args[0].i;
    return return_float(call, value);
}

static bool float_of_float(FuncCall *call)
{
    return return_checked(call, A, isinf(A), A == 0);
}

static bool float_of_numeric(FuncCall *call)
{
    const char *text = arg_numeric(call, 0);
    return type_input(call->return_type, -1, text, strlen(text), &TYPE_CONTEXT_CANONICAL, call->arena, call->result, call->error);
}

/* The next number of a sequence of 64 bits (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators"). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t bits = *state += UINT64_C(0x9E3779B97F4A7C15);
    bits = (bits ^ bits >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94D049BB133111EB);
    return bits ^ bits >> 31;
}

/* Calls in a row ask the system once: it takes longer over a number than all else that is done for a row. */
static bool random_number(FuncCall *call)
{
    uint64_t fresh = 0, *state = call->random ? call->random : &fresh;
    if (!*state && getrandom(state, sizeof *state, 0) != sizeof *state)
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "could not generate random values");
    return return_float(call, (double)(next_random(state) >> 11) / 9007199254740992.0);
}

#define CROSS(op, impl)                                                                                                                    \
    {F_FLOAT4##op##_FLOAT4_FLOAT4, impl}, {F_FLOAT8##op##_FLOAT8_FLOAT8, impl}, {F_FLOAT48##op##_FLOAT4_FLOAT8, impl},                     \
    {                                                                                                                                      \
        F_FLOAT84##op##_FLOAT8_FLOAT4, impl                                                                                                \
    }

static const FuncRow ROWS[] = {
    CROSS(PL, float_add),
    CROSS(MI, float_sub),
    CROSS(MUL, float_mul),
    CROSS(DIV, float_div),
    {F_FLOAT4UM_FLOAT4, float_minus},
    {F_FLOAT8UM_FLOAT8, float_minus},
    {F_FLOAT4UP_FLOAT4, float_same},
    {F_FLOAT8UP_FLOAT8, float_same},
    {F_FLOAT4ABS_FLOAT4, float_abs},
    {F_FLOAT8ABS_FLOAT8, float_abs},
    {F_ABS_FLOAT4, float_abs},
    {F_ABS_FLOAT8, float_abs},
    {F_CEIL_FLOAT8, float_ceil},
    {F_CEILING_FLOAT8, float_ceil},
    {F_FLOOR_FLOAT8, float_floor},
    {F_ROUND_FLOAT8, float_round},
    {F_DROUND_FLOAT8, float_round},
    {F_TRUNC_FLOAT8, float_trunc},
    {F_DTRUNC_FLOAT8, float_trunc},
    {F_SIGN_FLOAT8, float_sign},
    {F_SQRT_FLOAT8, float_sqrt},
    {F_DSQRT_FLOAT8, float_sqrt},
    {F_CBRT_FLOAT8, float_cbrt},
    {F_DCBRT_FLOAT8, float_cbrt},
    {F_EXP_FLOAT8, float_exp},
    {F_DEXP_FLOAT8, float_exp},
    {F_LN_FLOAT8, float_ln},
    {F_DLOG1_FLOAT8, float_ln},
    {F_DLOG10_FLOAT8, float_log10},
    {F_LOG_FLOAT8, float_log10},
    {F_LOG10_FLOAT8, float_log10},
    {F_POWER_FLOAT8_FLOAT8, float_power},
    {F_POW_FLOAT8_FLOAT8, float_power},
    {F_DPOW_FLOAT8_FLOAT8, float_power},
    {F_SIN_FLOAT8, float_sin},
    {F_COS_FLOAT8, float_cos},
    {F_TAN_FLOAT8, float_tan},
    {F_ASIN_FLOAT8, float_asin},
    {F_ACOS_FLOAT8, float_acos},
    {F_ATAN_FLOAT8, float_atan},
    {F_ATAN2_FLOAT8_FLOAT8, float_atan2},
    {F_PI, float_pi},
    {F_DEGREES_FLOAT8, float_degrees},
    {F_RADIANS_FLOAT8, float_radians},
    {F_FLOAT4_INT2, float_of_int},
    {F_FLOAT4_INT4, float_of_int},
    {F_FLOAT4_INT8, float_of_int},
    {F_FLOAT8_INT2, float_of_int},
    {F_FLOAT8_INT4, float_of_int},
    {F_FLOAT8_INT8, float_of_int},
    {F_FLOAT4_FLOAT8, float_of_float},
    {F_FLOAT8_FLOAT4, float_same},
    {F_FLOAT4_NUMERIC, float_of_numeric},
    {F_FLOAT8_NUMERIC, float_of_numeric},
    {F_RANDOM, random_number},
};
const FuncTable FUNC_TABLE_FLOAT = {ROWS, COUNT_OF(ROWS)};
