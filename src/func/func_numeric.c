/*
 * func_numeric.c - numeric: exact arithmetic, rounding, casts to it.
 *
 *  1. Numbers are texts here; src/type does the arithmetic by PostgreSQL's rules for scale.
 * Any thread.
 */
#include "func/func_internal.h"

#include <stdlib.h>

static bool binary(FuncCall *call, NumericOp op)
{
    const char *out;
    return numeric_op(op, arg_numeric(call, 0), arg_numeric(call, 1), call->arena, &out, call->error) && return_text(call, out);
}

static bool add(FuncCall *call)
{
    return binary(call, NUMERIC_ADD);
}

static bool sub(FuncCall *call)
{
    return binary(call, NUMERIC_SUB);
}

static bool mul(FuncCall *call)
{
    return binary(call, NUMERIC_MUL);
}

static bool division(FuncCall *call)
{
    return binary(call, NUMERIC_DIV);
}

static bool mod(FuncCall *call)
{
    return binary(call, NUMERIC_MOD);
}

static bool div_trunc(FuncCall *call)
{
    return binary(call, NUMERIC_DIV_TRUNC);
}

static bool minus(FuncCall *call)
{
    return return_text(call, numeric_negate(arg_numeric(call, 0), call->arena));
}

static bool plus(FuncCall *call)
{
    return return_text(call, arg_numeric(call, 0));
}

static bool absolute(FuncCall *call)
{
    return return_text(call, numeric_abs(arg_numeric(call, 0), call->arena));
}

static bool sign(FuncCall *call)
{
    static const char *const SIGNS[] = {"-1", "0", "1", "NaN"};
    return return_text(call, SIGNS[numeric_sign(arg_numeric(call, 0)) + 1]);
}

static bool ceiling(FuncCall *call)
{
    const char *out;
    return numeric_ceil(arg_numeric(call, 0), call->arena, &out, call->error) && return_text(call, out);
}

static bool floor_of(FuncCall *call)
{
    const char *out;
    return numeric_floor(arg_numeric(call, 0), call->arena, &out, call->error) && return_text(call, out);
}

static bool round_to(FuncCall *call)
{
    const char *out;
    int scale = call->nargs > 1 ? (int)call->args[1].i : 0;
    return numeric_round(arg_numeric(call, 0), scale, call->arena, &out, call->error) && return_text(call, out);
}

static bool trunc_to(FuncCall *call)
{
    const char *out;
    int scale = call->nargs > 1 ? (int)call->args[1].i : 0;
    return numeric_trunc(arg_numeric(call, 0), scale, call->arena, &out, call->error) && return_text(call, out);
}

static bool square_root(FuncCall *call)
{
    const char *out;
    return numeric_sqrt(arg_numeric(call, 0), call->arena, &out, call->error) && return_text(call, out);
}

static bool exponential(FuncCall *call)
{
    const char *out;
    return numeric_exp(arg_numeric(call, 0), call->arena, &out, call->error) && return_text(call, out);
}

static bool natural_logarithm(FuncCall *call)
{
    const char *out;
    return numeric_ln(arg_numeric(call, 0), call->arena, &out, call->error) && return_text(call, out);
}

/* log(number) has base 10; log(base, number). */
static bool logarithm(FuncCall *call)
{
    const char *out, *base = call->nargs > 1 ? arg_numeric(call, 0) : "10";
    return numeric_log(base, arg_numeric(call, call->nargs - 1), call->arena, &out, call->error) && return_text(call, out);
}

static bool power(FuncCall *call)
{
    const char *out;
    return numeric_power(arg_numeric(call, 0), arg_numeric(call, 1), call->arena, &out, call->error) && return_text(call, out);
}

static bool factorial(FuncCall *call)
{
    enum { MOST = 32177, GROUP = 1000000000, MOST_GROUPS = 131072 / 9 + 2 }; /* the lowest group first */
    int64_t n = call->args[0].i;
    if (n < 0)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "factorial of a negative number is undefined");
    if (n > MOST)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    uint32_t groups[MOST_GROUPS] = {1};
    int count = 1;
    for (uint64_t i = 2; i <= (uint64_t)n; i++) {
        uint64_t carry = 0;
        for (int k = 0; k < count; k++, carry /= GROUP) {
            carry += groups[k] * i;
            groups[k] = (uint32_t)(carry % GROUP);
        }
        if (carry)
            groups[count++] = (uint32_t)carry;
    }
    Str text;
    str_init(&text, call->arena);
    str_addf(&text, "%u", groups[count - 1]);
    for (int k = count - 2; k >= 0; k--)
        str_addf(&text, "%09u", groups[k]);
    return return_text(call, text.data);
}

static int scale_of(const char *text)
{
    const char *point = strchr(text, '.');
    return point ? (int)strlen(point + 1) : 0;
}

static bool is_special(const char *text)
{
    return strchr(text, 'N') || strchr(text, 'I');
}

static bool scale(FuncCall *call)
{
    const char *text = arg_numeric(call, 0);
    return is_special(text) ? return_null(call) : return_int(call, scale_of(text));
}

static bool min_scale(FuncCall *call)
{
    const char *text = arg_numeric(call, 0);
    return is_special(text) ? return_null(call) : return_int(call, scale_of(numeric_trim_scale(text, call->arena)));
}

static bool trim_scale(FuncCall *call)
{
    return return_text(call, numeric_trim_scale(arg_numeric(call, 0), call->arena));
}

/* numeric(numeric, typmod): the length coercion. */
static bool to_typmod(FuncCall *call)
{
    const char *text = arg_numeric(call, 0);
    int32_t typmod = (int32_t)call->args[1].i;
    Value value = {0};
    if (!type_input(TYPE_NUMERIC, typmod, text, strlen(text), &TYPE_CONTEXT_CANONICAL, call->arena, &value, call->error))
        return false;
    Str out;
    str_init(&out, call->arena);
    if (!type_output(TYPE_NUMERIC, &value, &TYPE_CONTEXT_CANONICAL, &out, call->error))
        return false;
    return return_bytes(call, out.data, out.len);
}

static bool of_int(FuncCall *call)
{
    return return_text(call, arena_printf(call->arena, "%lld", (long long)call->args[0].i));
}

static bool of_float(FuncCall *call)
{
    int digits = call->arg_types[0] == TYPE_FLOAT4 ? 6 : 15;
    return return_text(call, numeric_from_double(call->args[0].f, digits, call->arena));
}

static const FuncRow ROWS[] = {
    {F_NUMERIC_ADD_NUMERIC_NUMERIC, add},
    {F_NUMERIC_SUB_NUMERIC_NUMERIC, sub},
    {F_NUMERIC_MUL_NUMERIC_NUMERIC, mul},
    {F_NUMERIC_DIV_NUMERIC_NUMERIC, division},
    {F_NUMERIC_MOD_NUMERIC_NUMERIC, mod},
    {F_MOD_NUMERIC_NUMERIC, mod},
    {F_DIV_NUMERIC_NUMERIC, div_trunc},
    {F_NUMERIC_DIV_TRUNC_NUMERIC_NUMERIC, div_trunc},
    {F_NUMERIC_UMINUS_NUMERIC, minus},
    {F_NUMERIC_UPLUS_NUMERIC, plus},
    {F_NUMERIC_ABS_NUMERIC, absolute},
    {F_ABS_NUMERIC, absolute},
    {F_SIGN_NUMERIC, sign},
    {F_CEIL_NUMERIC, ceiling},
    {F_CEILING_NUMERIC, ceiling},
    {F_FLOOR_NUMERIC, floor_of},
    {F_ROUND_NUMERIC, round_to},
    {F_ROUND_NUMERIC_INT4, round_to},
    {F_TRUNC_NUMERIC, trunc_to},
    {F_TRUNC_NUMERIC_INT4, trunc_to},
    {F_SQRT_NUMERIC, square_root},
    {F_NUMERIC_SQRT_NUMERIC, square_root},
    {F_EXP_NUMERIC, exponential},
    {F_NUMERIC_EXP_NUMERIC, exponential},
    {F_LN_NUMERIC, natural_logarithm},
    {F_NUMERIC_LN_NUMERIC, natural_logarithm},
    {F_LOG_NUMERIC, logarithm},
    {F_LOG10_NUMERIC, logarithm},
    {F_LOG_NUMERIC_NUMERIC, logarithm},
    {F_NUMERIC_LOG_NUMERIC_NUMERIC, logarithm},
    {F_POWER_NUMERIC_NUMERIC, power},
    {F_POW_NUMERIC_NUMERIC, power},
    {F_NUMERIC_POWER_NUMERIC_NUMERIC, power},
    {F_FACTORIAL_INT8, factorial},
    {F_SCALE_NUMERIC, scale},
    {F_MIN_SCALE_NUMERIC, min_scale},
    {F_TRIM_SCALE_NUMERIC, trim_scale},
    {F_NUMERIC_NUMERIC_INT4, to_typmod},
    {F_NUMERIC_INT2, of_int},
    {F_NUMERIC_INT4, of_int},
    {F_NUMERIC_INT8, of_int},
    {F_NUMERIC_FLOAT4, of_float},
    {F_NUMERIC_FLOAT8, of_float},
};
const FuncTable FUNC_TABLE_NUMERIC = {ROWS, COUNT_OF(ROWS)};
