/*
 * func_int.c - arithmetic of smallint, integer and bigint, and casts between them and their neighbours.
 *
 *  1. Arithmetic is done in 128 bits and checked against the result type: overflow is 22003 "<type> out of range".
 *  2. Division and modulo truncate toward zero; by zero they are 22012.
 * Any thread.
 */
#include "func/func_internal.h"

#include <math.h>

typedef struct IntType {
    Oid oid;
    const char *name;
    int64_t min, max;
    int bits;
} IntType;

static const IntType INT_TYPES[] = {
    {TYPE_INT2, "smallint", INT16_MIN, INT16_MAX, 16},
    {TYPE_INT4, "integer", INT32_MIN, INT32_MAX, 32},
    {TYPE_INT8, "bigint", INT64_MIN, INT64_MAX, 64},
    {TYPE_OID, "OID", 0, UINT32_MAX, 32},
};

static const IntType *result_type(const FuncCall *call)
{
    for (size_t i = 0; i < COUNT_OF(INT_TYPES); i++) {
        if (INT_TYPES[i].oid == call->return_type)
            return &INT_TYPES[i];
    }
    return &INT_TYPES[2];
}

static bool return_checked(FuncCall *call, __int128 value)
{
    const IntType *type = result_type(call);
    if (value < type->min || value > type->max)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type->name);
    return return_int(call, (int64_t)value);
}

static bool int_add(FuncCall *call)
{
    return return_checked(call, (__int128)call->args[0].i + call->args[1].i);
}

static bool int_sub(FuncCall *call)
{
    return return_checked(call, (__int128)call->args[0].i - call->args[1].i);
}

static bool int_mul(FuncCall *call)
{
    return return_checked(call, (__int128)call->args[0].i * call->args[1].i);
}

static bool division_by_zero(FuncCall *call)
{
    return error_set(call->error, ERRCODE_DIVISION_BY_ZERO, "division by zero");
}

static bool int_div(FuncCall *call)
{
    if (!call->args[1].i)
        return division_by_zero(call);
    return return_checked(call, (__int128)call->args[0].i / call->args[1].i);
}

static bool int_mod(FuncCall *call)
{
    if (!call->args[1].i)
        return division_by_zero(call);
    return return_checked(call, (__int128)call->args[0].i % call->args[1].i);
}

static bool int_minus(FuncCall *call)
{
    return return_checked(call, -(__int128)call->args[0].i);
}

static bool int_plus(FuncCall *call)
{
    return return_int(call, call->args[0].i);
}

static bool int_abs(FuncCall *call)
{
    __int128 value = call->args[0].i;
    return return_checked(call, value < 0 ? -value : value);
}

static bool int_and(FuncCall *call)
{
    return return_int(call, call->args[0].i & call->args[1].i);
}

static bool int_or(FuncCall *call)
{
    return return_int(call, call->args[0].i | call->args[1].i);
}

static bool int_xor(FuncCall *call)
{
    return return_int(call, call->args[0].i ^ call->args[1].i);
}

static bool int_not(FuncCall *call)
{
    return return_int(call, ~call->args[0].i);
}

/* As the processors PostgreSQL runs on: the count is taken modulo the width (32 below 64), bits that leave are lost. */
static bool int_shift_left(FuncCall *call)
{
    int bits = result_type(call)->bits;
    uint64_t value = (uint64_t)call->args[0].i << (call->args[1].i & (bits == 64 ? 63 : 31));
    return return_int(call, bits == 16 ? (int16_t)value : bits == 32 ? (int32_t)value : (int64_t)value);
}

static bool int_shift_right(FuncCall *call)
{
    int bits = result_type(call)->bits;
    return return_int(call, call->args[0].i >> (call->args[1].i & (bits == 64 ? 63 : 31)));
}

static __int128 common_divisor(__int128 a, __int128 b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static bool int_gcd(FuncCall *call)
{
    return return_checked(call, common_divisor(call->args[0].i, call->args[1].i));
}

static bool int_lcm(FuncCall *call)
{
    __int128 a = call->args[0].i, b = call->args[1].i;
    if (!a || !b)
        return return_int(call, 0);
    __int128 product = a / common_divisor(a, b) * b;
    return return_checked(call, product < 0 ? -product : product);
}

/* ---- casts ---- */

static bool int_cast(FuncCall *call)
{
    return return_checked(call, call->args[0].i);
}

static bool int_of_bool(FuncCall *call)
{
    return return_int(call, call->args[0].b);
}

static bool bool_of_int(FuncCall *call)
{
    return return_bool(call, call->args[0].i != 0);
}

/* Rounds to even, as rint(). */
static bool int_of_float(FuncCall *call)
{
    const IntType *type = result_type(call);
    double value = rint(call->args[0].f);
    if (isnan(value) || value < (double)type->min || value >= -(double)type->min)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type->name);
    return return_int(call, (int64_t)value);
}

static bool int_of_numeric(FuncCall *call)
{
    const IntType *type = result_type(call);
    int64_t value;
    return numeric_to_int(arg_numeric(call, 0), type->min, type->max, type->name, &value, call->error) && return_int(call, value);
}

static bool int_of_char(FuncCall *call)
{
    return return_int(call, (signed char)arg_char(call, 0));
}

static bool char_of_int(FuncCall *call)
{
    if (call->args[0].i < -128 || call->args[0].i > 127)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "\"char\" out of range");
    if (call->args[0].i < 0)
        return return_text(call, arena_printf(call->arena, "\\%03o", (unsigned)call->args[0].i & 0xff));
    char *text = arena_alloc(call->arena, 2);
    text[0] = (char)call->args[0].i;
    return return_bytes(call, text, text[0] ? 1 : 0);
}

#define CROSS(op, impl)                                                                                                                    \
    {F_INT2##op##_INT2_INT2, impl}, {F_INT4##op##_INT4_INT4, impl}, {F_INT8##op##_INT8_INT8, impl}, {F_INT24##op##_INT2_INT4, impl},       \
        {F_INT42##op##_INT4_INT2, impl}, {F_INT28##op##_INT2_INT8, impl}, {F_INT82##op##_INT8_INT2, impl},                                 \
        {F_INT48##op##_INT4_INT8, impl},                                                                                                   \
    {                                                                                                                                      \
        F_INT84##op##_INT8_INT4, impl                                                                                                      \
    }
#define EACH(op, impl)                                                                                                                     \
    {F_INT2##op##_INT2, impl}, {F_INT4##op##_INT4, impl},                                                                                  \
    {                                                                                                                                      \
        F_INT8##op##_INT8, impl                                                                                                            \
    }
#define PAIR(op, impl)                                                                                                                     \
    {F_INT2##op##_INT2_INT2, impl}, {F_INT4##op##_INT4_INT4, impl},                                                                        \
    {                                                                                                                                      \
        F_INT8##op##_INT8_INT8, impl                                                                                                       \
    }

static const FuncRow ROWS[] = {
    CROSS(PL, int_add),
    CROSS(MI, int_sub),
    CROSS(MUL, int_mul),
    CROSS(DIV, int_div),
    PAIR(MOD, int_mod),
    PAIR(AND, int_and),
    PAIR(OR, int_or),
    PAIR(XOR, int_xor),
    EACH(UM, int_minus),
    EACH(UP, int_plus),
    EACH(ABS, int_abs),
    EACH(NOT, int_not),
    {F_MOD_INT2_INT2, int_mod},
    {F_MOD_INT4_INT4, int_mod},
    {F_MOD_INT8_INT8, int_mod},
    {F_ABS_INT2, int_abs},
    {F_ABS_INT4, int_abs},
    {F_ABS_INT8, int_abs},
    {F_INT2SHL_INT2_INT4, int_shift_left},
    {F_INT4SHL_INT4_INT4, int_shift_left},
    {F_INT8SHL_INT8_INT4, int_shift_left},
    {F_INT2SHR_INT2_INT4, int_shift_right},
    {F_INT4SHR_INT4_INT4, int_shift_right},
    {F_INT8SHR_INT8_INT4, int_shift_right},
    {F_GCD_INT4_INT4, int_gcd},
    {F_GCD_INT8_INT8, int_gcd},
    {F_LCM_INT4_INT4, int_lcm},
    {F_LCM_INT8_INT8, int_lcm},
    {F_INT2_INT4, int_cast},
    {F_INT2_INT8, int_cast},
    {F_INT4_INT2, int_cast},
    {F_INT4_INT8, int_cast},
    {F_INT8_INT2, int_cast},
    {F_INT8_INT4, int_cast},
    {F_INT8_OID, int_cast},
    {F_OID_INT8, int_cast},
    {F_INT4_BOOL, int_of_bool},
    {F_BOOL_INT4, bool_of_int},
    {F_INT2_FLOAT4, int_of_float},
    {F_INT2_FLOAT8, int_of_float},
    {F_INT4_FLOAT4, int_of_float},
    {F_INT4_FLOAT8, int_of_float},
    {F_INT8_FLOAT4, int_of_float},
    {F_INT8_FLOAT8, int_of_float},
    {F_INT2_NUMERIC, int_of_numeric},
    {F_INT4_NUMERIC, int_of_numeric},
    {F_INT8_NUMERIC, int_of_numeric},
    {F_INT4_CHAR, int_of_char},
    {F_CHAR_INT4, char_of_int},
};
const FuncTable FUNC_TABLE_INT = {ROWS, COUNT_OF(ROWS)};
