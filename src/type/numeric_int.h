/*
 * numeric_int.h - exact decimal numbers as digit arrays. Included by src/type only.
 */
#ifndef MEDLEY_TYPE_NUMERIC_INT_H
#define MEDLEY_TYPE_NUMERIC_INT_H

#include "type/type_int.h"

enum {
    NUMERIC_BASE = 10000,
    NUMERIC_BASE_DIGITS = 4,         /* decimal digits in one of ours */
    NUMERIC_MAX_PRECISION = 1000,    /* of a type modifier, and of a quotient's scale */
    NUMERIC_MAX_RESULT_SCALE = 2000, /* of round(), trunc(), exp() ... */
    NUMERIC_MIN_SIG_DIGITS = 16,     /* a quotient has at least as many */
    NUMERIC_MAX_DSCALE = 0x3FFF,
    NUMERIC_MAX_WEIGHT = 0x7FFF,
    NUMERIC_LIMB_BITS = 16,
};

typedef enum NumericKind { NUMERIC_MINUS_INFINITY = -1, NUMERIC_FINITE = 0, NUMERIC_INFINITY = 1, NUMERIC_NAN = 2 } NumericKind;

/* A finite one is sum(digits[i] * 10000^(weight - i)), shown with dscale decimals. No leading or trailing zero digits; zero has
 * count 0, weight 0 and is not negative. Digits live in an arena and are never changed once the Numeric is handed on. */
typedef struct Numeric {
    NumericKind kind;
    bool negative;
    int weight, dscale, count;
    const int16_t *digits;
} Numeric;

extern const Numeric NUMERIC_ZERO, NUMERIC_ONE;

/* Text: false when it is none. The exponent's excess is reported as overflow. */
bool numeric_parse(const char *text, size_t len, Arena *arena, Numeric *out, bool *overflow);
/* Of a text that is known to be one (canonical text). */
Numeric numeric_from_text(const char *text, Arena *arena);
void numeric_write(const Numeric *number, Str *out);
Numeric numeric_from_int(int64_t value, Arena *arena);
Numeric numeric_from_i128(__int128 value, int scale, Arena *arena);
/* The finite number times 10^scale, which must fit: callers check precision first. */
bool numeric_to_i128(const Numeric *number, int scale, __int128 *out);
/* A value of type numeric in either physical form. */
Numeric numeric_from_value(const Value *value, Arena *arena);

/* numeric_long.c: on bare digits, the highest first. A product has na + nb; a quotient, of nq, is what b divides a's first nq + nb - 1 by.
 */
void numeric_multiply_digits(const int16_t *a, int na, const int16_t *b, int nb, int16_t *product, Arena *arena);
void numeric_divide_digits(const int16_t *a, int na, const int16_t *b, int nb, int16_t *quotient, int nq, Arena *arena);

/* Builds from digits that may have leading and trailing zeros. */
Numeric numeric_normal(int16_t *digits, int count, int weight, bool negative, int dscale);
int numeric_compare_abs(const Numeric *a, const Numeric *b); /* finite ones */
int numeric_compare_numbers(const Numeric *a, const Numeric *b);
Numeric numeric_add(const Numeric *a, const Numeric *b, Arena *arena);
Numeric numeric_sub(const Numeric *a, const Numeric *b, Arena *arena);
Numeric numeric_mul(const Numeric *a, const Numeric *b, Arena *arena);                          /* exact */
Numeric numeric_div(const Numeric *a, const Numeric *b, int scale, bool rounded, Arena *arena); /* b is not 0 */
Numeric numeric_rounded(const Numeric *a, int scale, Arena *arena);                             /* half away from zero */
Numeric numeric_truncated(const Numeric *a, int scale, Arena *arena);
Numeric numeric_negated(Numeric a);
int numeric_div_scale(const Numeric *a, const Numeric *b);
/* Digits before the decimal point; <= 0 for numbers below 0.1 (then minus the zeros that follow the point). Zero: 0. */
int numeric_integer_digits(const Numeric *a);
/* 22003 "value overflows numeric format" when the number is beyond PostgreSQL's. */
bool numeric_check_format(const Numeric *a, Error *error);
/* The modifier's rounding and its overflow error. */
bool numeric_apply_typmod(Numeric *number, int32_t typmod, Arena *arena, Error *error);
int numeric_typmod_precision(int32_t typmod);
int numeric_typmod_scale(int32_t typmod);
/* Any operation over any operands, special ones included; out may be one of them. */
bool numeric_apply(NumericOp op, const Numeric *a, const Numeric *b, Arena *arena, Numeric *out, Error *error);

#endif
