/*
 * func_trigonometry.c - double precision: hyperbolic functions, and trigonometry in degrees.
 *
 *  1. In degrees the well-known values are exact (sind(30) is 0.5): each function is scaled by what libm gives at those points, in the
 * first quadrant, and the other quadrants are mirrored onto it. Any thread.
 */
#include "func/func_internal.h"

#include <math.h>

#define A (call->args[0].f)
#define RADIANS_PER_DEGREE 0.0174532925199432957692

static bool out_of_range(FuncCall *call)
{
    return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
}

/* ---- the first quadrant ---- */

/* Read at run time: a compiler's own constants may differ from libm's in the last bit. */
static double given(double value)
{
    volatile double at_run_time = value;
    return at_run_time;
}

static double sine_to_30(double x)
{
    return sin(x * RADIANS_PER_DEGREE) / sin(given(30) * RADIANS_PER_DEGREE) / 2;
}

static double cosine_to_60(double x)
{
    double rest = 1 - cos(x * RADIANS_PER_DEGREE);
    return 1 - rest / (1 - cos(given(60) * RADIANS_PER_DEGREE)) / 2;
}

static double sine_to_90(double x)
{
    return x <= 30 ? sine_to_30(x) : cosine_to_60(90 - x);
}

static double cosine_to_90(double x)
{
    return x <= 60 ? cosine_to_60(x) : sine_to_30(90 - x);
}

static double tangent_to_90(double x)
{
    double at_45 = sine_to_90(given(45)) / cosine_to_90(given(45));
    return sine_to_90(x) / cosine_to_90(x) / at_45;
}

static double cotangent_to_90(double x)
{
    double at_45 = cosine_to_90(given(45)) / sine_to_90(given(45));
    return cosine_to_90(x) / sine_to_90(x) / at_45;
}

static double arcsine_to_1(double x)
{
    return x <= 0.5 ? asin(x) / asin(given(0.5)) * 30 : 90 - acos(x) / acos(given(0.5)) * 60;
}

static double arccosine_to_1(double x)
{
    return x <= 0.5 ? 90 - asin(x) / asin(given(0.5)) * 30 : acos(x) / acos(given(0.5)) * 60;
}

/* ---- all quadrants ---- */

typedef enum Mirror { MIRROR_SINE, MIRROR_COSINE, MIRROR_TANGENT } Mirror;

static bool in_degrees(FuncCall *call, double (*function)(double), Mirror mirror)
{
    double x = A;
    int sign = 1;
    if (isnan(x))
        return return_float(call, NAN);
    if (isinf(x))
        return out_of_range(call);
    x = fmod(x, 360);
    if (x < 0) {
        x = -x;
        sign = mirror == MIRROR_COSINE ? sign : -sign;
    }
    if (x > 180) {
        x = 360 - x;
        sign = mirror == MIRROR_COSINE ? sign : -sign;
    }
    if (x > 90) {
        x = 180 - x;
        sign = mirror == MIRROR_SINE ? sign : -sign;
    }
    double result = sign * function(x);
    return return_float(call, mirror == MIRROR_TANGENT && result == 0 ? 0 : result); /* no -0 */
}

static bool sind(FuncCall *call)
{
    return in_degrees(call, sine_to_90, MIRROR_SINE);
}

static bool cosd(FuncCall *call)
{
    return in_degrees(call, cosine_to_90, MIRROR_COSINE);
}

static bool tand(FuncCall *call)
{
    return in_degrees(call, tangent_to_90, MIRROR_TANGENT);
}

static bool cotd(FuncCall *call)
{
    return in_degrees(call, cotangent_to_90, MIRROR_TANGENT);
}

static bool asind(FuncCall *call)
{
    if (isnan(A))
        return return_float(call, NAN);
    if (A < -1 || A > 1)
        return out_of_range(call);
    return return_float(call, A >= 0 ? arcsine_to_1(A) : -arcsine_to_1(-A));
}

static bool acosd(FuncCall *call)
{
    if (isnan(A))
        return return_float(call, NAN);
    if (A < -1 || A > 1)
        return out_of_range(call);
    return return_float(call, A >= 0 ? arccosine_to_1(A) : 90 + arcsine_to_1(-A));
}

static bool atand(FuncCall *call)
{
    return return_float(call, isnan(A) ? NAN : atan(A) / atan(given(1)) * 45);
}

static bool atan2d(FuncCall *call)
{
    double x = call->args[1].f;
    return return_float(call, isnan(A) || isnan(x) ? NAN : atan2(A, x) / atan(given(1)) * 45);
}

/* ---- in radians, hyperbolic ---- */

static bool cotangent(FuncCall *call)
{
    if (isinf(A))
        return out_of_range(call);
    return return_float(call, 1.0 / tan(A));
}

static bool hyperbolic_sine(FuncCall *call)
{
    return return_float(call, sinh(A));
}

static bool hyperbolic_cosine(FuncCall *call)
{
    return return_float(call, cosh(A));
}

static bool hyperbolic_tangent(FuncCall *call)
{
    return return_float(call, tanh(A));
}

static bool area_sine(FuncCall *call)
{
    return return_float(call, asinh(A));
}

static bool area_cosine(FuncCall *call)
{
    return A < 1 ? out_of_range(call) : return_float(call, acosh(A));
}

static bool area_tangent(FuncCall *call)
{
    if (A < -1 || A > 1)
        return out_of_range(call);
    return return_float(call, A == -1 ? -INFINITY : A == 1 ? INFINITY : atanh(A));
}

static const FuncRow ROWS[] = {
    {F_SIND_FLOAT8, sind},
    {F_COSD_FLOAT8, cosd},
    {F_TAND_FLOAT8, tand},
    {F_COTD_FLOAT8, cotd},
    {F_ASIND_FLOAT8, asind},
    {F_ACOSD_FLOAT8, acosd},
    {F_ATAND_FLOAT8, atand},
    {F_ATAN2D_FLOAT8_FLOAT8, atan2d},
    {F_COT_FLOAT8, cotangent},
    {F_SINH_FLOAT8, hyperbolic_sine},
    {F_COSH_FLOAT8, hyperbolic_cosine},
    {F_TANH_FLOAT8, hyperbolic_tangent},
    {F_ASINH_FLOAT8, area_sine},
    {F_ACOSH_FLOAT8, area_cosine},
    {F_ATANH_FLOAT8, area_tangent},
};
const FuncTable FUNC_TABLE_TRIGONOMETRY = {ROWS, COUNT_OF(ROWS)};
