/*
 * numeric_op.c - what type.h offers on numerics in text form: operations with PostgreSQL's rules for scales and special values.
 *
 * Invariant: a result is checked against PostgreSQL's format (131072 digits before the point, 16383 after) before it is written.
 *
 * Any thread.
 */
#include <math.h>

#include "type/numeric_int.h"

static bool division_by_zero(Error *error)
{
    return error_set(error, ERRCODE_DIVISION_BY_ZERO, "division by zero");
}

/* -1, 0, 1; infinities too. */
static int sign_of(const Numeric *a)
{
    return a->kind ? (int)a->kind : a->negative ? -1 : a->count > 0;
}

static Numeric special(int sign)
{
    return (Numeric){.kind = sign > 0 ? NUMERIC_INFINITY : sign < 0 ? NUMERIC_MINUS_INFINITY : NUMERIC_NAN};
}

/* At least one operand is NaN or infinite. */
static bool apply_special(NumericOp op, const Numeric *a, const Numeric *b, Numeric *out, Error *error)
{
    *out = special(0);
    if (a->kind == NUMERIC_NAN || b->kind == NUMERIC_NAN)
        return true;
    int sign_b = op == NUMERIC_SUB ? -sign_of(b) : sign_of(b);
    switch (op) {
    case NUMERIC_ADD:
    case NUMERIC_SUB:
        if (!(a->kind && b->kind && sign_of(a) != sign_b))
            *out = special(a->kind ? sign_of(a) : sign_b);
        return true;
    case NUMERIC_MUL:
        *out = special(sign_of(a) * sign_b);
        return true;
    case NUMERIC_DIV:
    case NUMERIC_DIV_TRUNC:
        if (!a->kind)
            *out = NUMERIC_ZERO;
        else if (!b->kind && sign_b == 0)
            return division_by_zero(error);
        else if (!b->kind)
            *out = special(sign_of(a) * sign_b);
        return true;
    case NUMERIC_MOD:
        if (!a->kind)
            *out = *a;
        else if (!b->kind && sign_b == 0)
            return division_by_zero(error);
        return true;
    }
    return true;
}

static Numeric remainder_of(const Numeric *a, const Numeric *b, Arena *arena)
{
    Numeric quotient = numeric_div(a, b, 0, false, arena);
    Numeric product = numeric_mul(&quotient, b, arena);
    Numeric rest = numeric_sub(a, &product, arena);
    rest.dscale = a->dscale > b->dscale ? a->dscale : b->dscale;
    return rest;
}

bool numeric_apply(NumericOp op, const Numeric *a, const Numeric *b, Arena *arena, Numeric *out, Error *error)
{
    if (a->kind || b->kind) {
        Numeric result;
        bool ok = apply_special(op, a, b, &result, error);
        *out = result;
        return ok;
    }
    bool divides = op == NUMERIC_DIV || op == NUMERIC_DIV_TRUNC || op == NUMERIC_MOD;
    if (divides && !b->count)
        return division_by_zero(error);
    switch (op) {
    case NUMERIC_ADD:
        *out = numeric_add(a, b, arena);
        break;
    case NUMERIC_SUB:
        *out = numeric_sub(a, b, arena);
        break;
    case NUMERIC_MUL:
        *out = numeric_mul(a, b, arena);
        if (out->dscale > NUMERIC_MAX_DSCALE)
            *out = numeric_rounded(out, NUMERIC_MAX_DSCALE, arena);
        break;
    case NUMERIC_DIV:
        *out = numeric_div(a, b, numeric_div_scale(a, b), true, arena);
        break;
    case NUMERIC_DIV_TRUNC:
        *out = numeric_div(a, b, 0, false, arena);
        break;
    case NUMERIC_MOD:
        *out = remainder_of(a, b, arena);
        break;
    }
    return numeric_check_format(out, error);
}

static bool give(const Numeric *number, Arena *arena, const char **out, Error *error)
{
    if (!numeric_check_format(number, error))
        return false;
    Str text;
    str_init(&text, arena);
    numeric_write(number, &text);
    *out = text.data;
    return true;
}

bool numeric_op(NumericOp op, const char *a, const char *b, Arena *arena, const char **out, Error *error)
{
    Numeric left = numeric_from_text(a, arena), right = numeric_from_text(b, arena), result;
    return numeric_apply(op, &left, &right, arena, &result, error) && give(&result, arena, out, error);
}

int numeric_compare(const char *a, const char *b)
{
    Arena *arena = arena_open(NULL);
    Numeric left = numeric_from_text(a, arena), right = numeric_from_text(b, arena);
    int order = numeric_compare_numbers(&left, &right);
    arena_close(arena);
    return order;
}

/* As far as the digits of any number reach. */
static int clamp_scale(int scale)
{
    int least = -(NUMERIC_MAX_WEIGHT + 1) * NUMERIC_BASE_DIGITS - 1;
    return scale > NUMERIC_MAX_DSCALE ? NUMERIC_MAX_DSCALE : scale < least ? least : scale;
}

bool numeric_round(const char *a, int scale, Arena *arena, const char **out, Error *error)
{
    Numeric number = numeric_from_text(a, arena);
    number = numeric_rounded(&number, clamp_scale(scale), arena);
    return give(&number, arena, out, error);
}

bool numeric_trunc(const char *a, int scale, Arena *arena, const char **out, Error *error)
{
    Numeric number = numeric_from_text(a, arena);
    number = numeric_truncated(&number, clamp_scale(scale), arena);
    return give(&number, arena, out, error);
}

/* The integer next to the number in the direction of `sign`, unless it is one itself. */
static bool next_integer(const char *a, int sign, Arena *arena, const char **out, Error *error)
{
    Numeric number = numeric_from_text(a, arena), whole = numeric_truncated(&number, 0, arena);
    if (!number.kind && sign_of(&number) == sign && numeric_compare_abs(&number, &whole) != 0)
        whole = sign > 0 ? numeric_add(&whole, &NUMERIC_ONE, arena) : numeric_sub(&whole, &NUMERIC_ONE, arena);
    return give(&whole, arena, out, error);
}

bool numeric_ceil(const char *a, Arena *arena, const char **out, Error *error)
{
    return next_integer(a, 1, arena, out, error);
}

bool numeric_floor(const char *a, Arena *arena, const char **out, Error *error)
{
    return next_integer(a, -1, arena, out, error);
}

const char *numeric_abs(const char *a, Arena *arena)
{
    return arena_strdup(arena, a[0] == '-' ? a + 1 : a);
}

const char *numeric_negate(const char *a, Arena *arena)
{
    Numeric number = numeric_negated(numeric_from_text(a, arena));
    Str text;
    str_init(&text, arena);
    numeric_write(&number, &text);
    return text.data;
}

int numeric_sign(const char *a)
{
    Arena *arena = arena_open(NULL);
    Numeric number = numeric_from_text(a, arena);
    int sign = number.kind == NUMERIC_NAN ? 2 : sign_of(&number);
    arena_close(arena);
    return sign;
}

/* ---- conversions ---- */

bool numeric_to_int(const char *a, int64_t min, int64_t max, const char *type_name, int64_t *out, Error *error)
{
    Arena *arena = arena_open(NULL);
    Numeric number = numeric_from_text(a, arena);
    __int128 whole = 0;
    if (number.kind) {
        arena_close(arena);
        return error_unsupported(error, "cannot convert %s to %s", number.kind == NUMERIC_NAN ? "NaN" : "infinity", type_name);
    }
    number = numeric_rounded(&number, 0, arena);
    bool fits = numeric_to_i128(&number, 0, &whole) && whole >= min && whole <= max;
    arena_close(arena);
    if (!fits)
        return error_set(error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type_name);
    *out = (int64_t)whole;
    return true;
}

const char *numeric_from_double(double number, int digits, Arena *arena)
{
    if (isnan(number))
        return "NaN";
    if (isinf(number))
        return number > 0 ? "Infinity" : "-Infinity";
    Numeric exact = numeric_from_text(arena_printf(arena, "%.*g", digits, number), arena);
    Str text;
    str_init(&text, arena);
    numeric_write(&exact, &text);
    return text.data;
}

const char *numeric_trim_scale(const char *a, Arena *arena)
{
    size_t len = strlen(a);
    if (strchr(a, '.')) {
        while (a[len - 1] == '0')
            len--;
        if (a[len - 1] == '.')
            len--;
    }
    return arena_strndup(arena, a, len);
}

/* ---- sort keys ---- */

void numeric_sort_key(const char *a, Str *out)
{
    Arena *arena = arena_open(NULL);
    Numeric number = numeric_from_text(a, arena);
    if (number.kind || !number.count) {
        str_addc(out, number.kind == NUMERIC_MINUS_INFINITY ? 0 : !number.kind ? 2 : number.kind == NUMERIC_INFINITY ? 4 : 5);
        arena_close(arena);
        return;
    }
    /* Sign, biased weight, digits plus one, an end mark below every digit; a negative number's bytes are complemented. */
    unsigned flip = number.negative ? 0xFFFF : 0;
    str_addc(out, number.negative ? 1 : 3);
    binary_write_uint(out, (unsigned)(number.weight + 0x8000) ^ flip, 2);
    for (int i = 0; i < number.count; i++)
        binary_write_uint(out, (unsigned)(number.digits[i] + 1) ^ flip, 2);
    binary_write_uint(out, 0 ^ flip, 2);
    arena_close(arena);
}
