/*
 * float.c - float4 and float8: text and binary forms.
 *
 * Invariants:
 *  1. With extra_float_digits >= 1 the text is the shortest that reads back as the same number, and of these the nearest.
 *  2. A text exactly half-way between two numbers is never chosen, so that no reader's rounding matters.
 *
 * Any thread. strtod and printf are used in the C locale, which the process never leaves.
 */
#include <errno.h>
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "type/type_int.h"

/* The digits of a number: 0.d1d2d3... * 10^exponent is not kept, d1.d2d3... * 10^exponent is. */
typedef struct Digits {
    char text[24];
    int count, exponent;
} Digits;

static bool parse_float(const TypeCall *call, const char *text, size_t len, bool is_double, Value *out)
{
    char space[128];
    char *copy = len < sizeof space ? memcpy(space, text, len) : arena_strndup(call->arena, text, len);
    copy[len] = '\0';
    char *start = copy, *end;
    while (is_space(*start))
        start++;
    if (!*start)
        return type_invalid(call, text, len);
    errno = 0;
    double number = is_double ? strtod(start, &end) : (double)strtof(start, &end);
    if (end == start)
        return type_invalid(call, text, len);
    bool too_far = errno == ERANGE && (number == 0 || isinf(number));
    if (too_far)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "\"%.*s\" is out of range for type %s", (int)(end - start), start,
                         call->row->name);
    while (is_space(*end))
        end++;
    if (end != copy + len)
        return type_invalid(call, text, len);
    *out = value_float(call->row->physical, number);
    return true;
}

bool float8_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return parse_float(call, text, len, true, out);
}

bool float4_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    return parse_float(call, text, len, false, out);
}

/* `precision` significant digits of a positive finite number, correctly rounded or rounded up, without trailing zeros. */
static Digits round_digits(double number, int precision, bool up)
{
    char text[40];
    int rounding = fegetround();
    if (up)
        fesetround(FE_UPWARD);
    snprintf(text, sizeof text, "%.*e", precision - 1, number);
    fesetround(rounding);
    Digits digits = {.count = 0};
    for (const char *c = text; *c != 'e'; c++)
        if (*c != '.')
            digits.text[digits.count++] = *c;
    digits.exponent = atoi(strchr(text, 'e') + 1);
    while (digits.count > 1 && digits.text[digits.count - 1] == '0')
        digits.count--;
    return digits;
}

/* Whether the digits are exactly the number half-way to a neighbour, which more bits than the number has are needed to say. */
static bool is_half_way(const Digits *digits, const char *text, long double half)
{
    enum { MORE = 60 };
    if (strtold(text, NULL) != half)
        return false;
    char exact[MORE + 16];
    snprintf(exact, sizeof exact, "%.*Le", MORE, half);
    for (int i = 0; i <= MORE; i++)
        if (exact[i ? i + 1 : 0] != (i < digits->count ? digits->text[i] : '0'))
            return false;
    return true;
}

/* Whether the digits lie strictly nearer to the number than to its neighbours. */
static bool reads_back(const Digits *digits, double number, bool is_double)
{
    char text[48];
    snprintf(text, sizeof text, "%.*se%d", digits->count, digits->text, digits->exponent - digits->count + 1);
    if (is_double ? strtod(text, NULL) != number : strtof(text, NULL) != (float)number)
        return false;
    double below = is_double ? nextafter(number, 0) : (double)nextafterf((float)number, 0);
    double above = is_double ? nextafter(number, INFINITY) : (double)nextafterf((float)number, INFINITY);
    return !is_half_way(digits, text, ((long double)number + below) / 2) && !is_half_way(digits, text, ((long double)number + above) / 2);
}

static Digits shortest_digits(double number, bool is_double)
{
    int most = is_double ? DBL_DECIMAL_DIG : FLT_DECIMAL_DIG;
    /* As many digits as every number of this many keeps; numbers next to zero keep fewer. */
    bool subnormal = number < (is_double ? DBL_MIN : (double)FLT_MIN);
    for (int precision = subnormal ? 1 : is_double ? DBL_DIG : FLT_DIG; precision < most; precision++) {
        /* Above a power of two there is twice the room there is below it: the nearest digits may miss, the next ones up not. */
        for (int up = 0; up < 2; up++) {
            Digits digits = round_digits(number, precision, up);
            if (reads_back(&digits, number, is_double))
                return digits;
        }
    }
    return round_digits(number, most, false);
}

/* 123.4, 0.0001, 1.5e+20: fixed while the exponent is within -4 and the type's digits. */
static void write_digits(const Digits *digits, int fixed_below, Str *out)
{
    int exponent = digits->exponent, count = digits->count;
    if (exponent < -4 || exponent >= fixed_below) {
        str_addc(out, digits->text[0]);
        if (count > 1) {
            str_addc(out, '.');
            str_addn(out, digits->text + 1, (size_t)count - 1);
        }
        str_addf(out, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
        return;
    }
    if (exponent < 0) {
        str_addf(out, "0.%.*s", -exponent - 1, "0000");
        str_addn(out, digits->text, (size_t)count);
        return;
    }
    for (int i = 0; i <= exponent || i < count; i++) {
        if (i == exponent + 1)
            str_addc(out, '.');
        str_addc(out, i < count ? digits->text[i] : '0');
    }
}

static bool write_float(const TypeCall *call, double number, bool is_double, Str *out)
{
    int digits = is_double ? DBL_DIG : FLT_DIG;
    if (isnan(number))
        str_add(out, "NaN");
    else if (isinf(number))
        str_add(out, number > 0 ? "Infinity" : "-Infinity");
    else if (call->context->extra_float_digits <= 0) {
        int precision = digits + call->context->extra_float_digits;
        str_addf(out, "%.*g", precision < 1 ? 1 : precision, number);
    } else {
        if (signbit(number))
            str_addc(out, '-');
        Digits shortest = {"0", 1, 0};
        if (number != 0)
            shortest = shortest_digits(fabs(number), is_double);
        write_digits(&shortest, digits, out);
    }
    return true;
}

bool float8_output(const TypeCall *call, const Value *value, Str *out)
{
    return write_float(call, value->f, true, out);
}

bool float4_output(const TypeCall *call, const Value *value, Str *out)
{
    return write_float(call, value->f, false, out);
}

bool float8_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    uint64_t bits = binary_read_uint(&reader, 8);
    double number;
    memcpy(&number, &bits, sizeof number);
    *out = value_float(FDW_DOUBLE, number);
    return binary_read_end(&reader, call->error);
}

bool float4_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    uint32_t bits = (uint32_t)binary_read_uint(&reader, 4);
    float number;
    memcpy(&number, &bits, sizeof number);
    *out = value_float(FDW_FLOAT, (double)number);
    return binary_read_end(&reader, call->error);
}

bool float8_send(const TypeCall *call, const Value *value, Str *out)
{
    uint64_t bits;
    memcpy(&bits, &value->f, sizeof bits);
    binary_write_uint(out, bits, 8);
    return true;
}

bool float4_send(const TypeCall *call, const Value *value, Str *out)
{
    float number = (float)value->f;
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    binary_write_uint(out, bits, 4);
    return true;
}
