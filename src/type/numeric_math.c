/*
 * numeric_math.c - square root, exponential, logarithms and powers of exact numbers, to the scale that PostgreSQL gives.
 *
 * Invariants:
 *  1. The result's scale is chosen first, from an estimate of the result's size: at least 16 significant digits, at least the
 *     operands' decimals, at most 1000 decimals.
 *  2. All intermediate results have enough more digits that the last one shown is rounded correctly.
 *
 * Any thread.
 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "type/numeric_int.h"

enum { GUARD_DIGITS = 8, MAX_EXPONENT = NUMERIC_MAX_RESULT_SCALE * 3, CHEAP_DIGITS = 17 };

#define LOG10_OF_E 0.434294481903252

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

static int clamp_scale(int scale, int least)
{
    scale = max_int(max_int(scale, least), 0);
    return scale > NUMERIC_MAX_PRECISION ? NUMERIC_MAX_PRECISION : scale;
}

static double to_double(const Numeric *a, Arena *arena)
{
    Str text;
    str_init(&text, arena);
    Numeric shown = numeric_rounded(a, 40, arena);
    numeric_write(&shown, &text);
    return strtod(text.data, NULL);
}

static bool give(Numeric number, Arena *arena, const char **out, Error *error)
{
    if (!numeric_check_format(&number, error))
        return false;
    Str text;
    str_init(&text, arena);
    numeric_write(&number, &text);
    *out = text.data;
    return true;
}

static bool give_special(NumericKind kind, Arena *arena, const char **out)
{
    *out = arena_strdup(arena, kind == NUMERIC_NAN ? "NaN" : kind == NUMERIC_INFINITY ? "Infinity" : "-Infinity");
    return true;
}

static Numeric times(const Numeric *a, const Numeric *b, int scale, Arena *arena)
{
    Numeric product = numeric_mul(a, b, arena);
    return numeric_rounded(&product, scale, arena);
}

static Numeric small(int value, Arena *arena)
{
    return numeric_from_int(value, arena);
}

static Numeric halved(const Numeric *a, int scale, Arena *arena)
{
    Numeric two = small(2, arena);
    return numeric_div(a, &two, scale, true, arena);
}

static bool overflow(Error *error)
{
    return error_set(error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
}

/* ---- square root ---- */

/* Whether root + 10^-scale / 2 is still not above the true root: its square is then not above the number. */
static bool is_below_half_way(const Numeric *root, const Numeric *a, int scale, Arena *arena)
{
    Numeric half = numeric_from_text(arena_printf(arena, "5e-%d", scale + 1), arena), middle = numeric_add(root, &half, arena);
    Numeric square = numeric_mul(&middle, &middle, arena);
    return numeric_compare_abs(&square, a) <= 0;
}

/* The root of a number from 1 to 10^8, with so many decimals: Newton's iteration, whose correct digits double each time. */
static Numeric newton_root(const Numeric *a, int scale, Arena *arena)
{
    Numeric leading = numeric_rounded(a, CHEAP_DIGITS, arena);
    Numeric root = numeric_from_text(arena_printf(arena, "%.17g", sqrt(to_double(&leading, arena))), arena);
    /* `digits`: how many decimals are right; of a double's all but those of a root up to 10^4, and its last. */
    for (int digits = CHEAP_DIGITS - 6; digits < scale; digits = digits * 2 - 1) {
        int work = digits * 2 < scale ? digits * 2 : scale;
        Numeric cut = numeric_rounded(a, work + GUARD_DIGITS, arena);
        Numeric quotient = numeric_div(&cut, &root, work, true, arena);
        root = numeric_add(&root, &quotient, arena);
        root = halved(&root, work, arena);
    }
    return root;
}

/* A few digits more than wanted, then the last digit settled by squaring. */
static Numeric square_root(const Numeric *a, int scale, Arena *arena)
{
    if (!a->count)
        return (Numeric){.kind = NUMERIC_FINITE, .dscale = scale};
    int pairs = (a->weight - (a->weight & 1)) / 2;
    Numeric reduced = *a;
    reduced.weight -= 2 * pairs;
    reduced.dscale = max_int((reduced.count - reduced.weight) * NUMERIC_BASE_DIGITS, 0);
    Numeric root = newton_root(&reduced, max_int(scale + pairs * NUMERIC_BASE_DIGITS, 0) + GUARD_DIGITS, arena);
    root.weight += root.count ? pairs : 0;
    root = numeric_truncated(&root, scale, arena);
    Numeric step = numeric_from_text(arena_printf(arena, "1e-%d", scale), arena);
    while (is_below_half_way(&root, a, scale, arena))
        root = numeric_add(&root, &step, arena);
    for (;;) {
        Numeric lower = numeric_sub(&root, &step, arena);
        if (lower.negative || is_below_half_way(&lower, a, scale, arena))
            break;
        root = lower;
    }
    root.dscale = max_int(scale, 0);
    return root;
}

bool numeric_sqrt(const char *text, Arena *arena, const char **out, Error *error)
{
    Numeric a = numeric_from_text(text, arena);
    if (a.kind == NUMERIC_NAN || a.kind == NUMERIC_INFINITY)
        return give_special(a.kind, arena, out);
    if (a.kind || a.negative)
        return error_set(error, ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION, "cannot take square root of a negative number");
    int scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS - (a.weight * NUMERIC_BASE_DIGITS / 2 + 1), a.dscale);
    return give(square_root(&a, scale, arena), arena, out, error);
}

/* ---- exponential ---- */

/* e^x with `scale` decimals. x is halved until it is small, the Taylor series summed, the result squared as often. */
static bool exponential(const Numeric *x, int scale, Arena *arena, Numeric *out, Error *error)
{
    double rough = to_double(x, arena);
    if (fabs(rough) >= MAX_EXPONENT) {
        *out = (Numeric){.kind = NUMERIC_FINITE, .dscale = scale};
        return rough > 0 ? overflow(error) : true;
    }
    int doublings = 0;
    for (double left = fabs(rough); left > 0.01; left /= 2)
        doublings++;
    /* Each squaring doubles the relative error; what stands before the point needs digits as well. */
    int work = max_int(scale + max_int((int)(rough * LOG10_OF_E), 0) + doublings + 2 * GUARD_DIGITS, 0);
    Numeric reduced = *x;
    for (int i = 0; i < doublings; i++)
        reduced = halved(&reduced, work + doublings, arena);
    Numeric sum = numeric_add(&NUMERIC_ONE, &reduced, arena), term = reduced;
    for (int n = 2; term.count; n++) {
        Numeric divisor = small(n, arena);
        term = times(&term, &reduced, work + GUARD_DIGITS, arena);
        term = numeric_div(&term, &divisor, work, true, arena);
        sum = numeric_add(&sum, &term, arena);
    }
    for (int i = 0; i < doublings; i++)
        sum = times(&sum, &sum, work, arena);
    *out = numeric_rounded(&sum, scale, arena);
    return true;
}

bool numeric_exp(const char *text, Arena *arena, const char **out, Error *error)
{
    Numeric x = numeric_from_text(text, arena), result;
    if (x.kind == NUMERIC_MINUS_INFINITY) {
        *out = arena_strdup(arena, "0");
        return true;
    }
    if (x.kind)
        return give_special(x.kind, arena, out);
    double digits = to_double(&x, arena) * LOG10_OF_E;
    digits = digits < -NUMERIC_MAX_RESULT_SCALE  ? -NUMERIC_MAX_RESULT_SCALE
             : digits > NUMERIC_MAX_RESULT_SCALE ? NUMERIC_MAX_RESULT_SCALE
                                                 : digits;
    int scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS - (int)digits, x.dscale);
    return exponential(&x, scale, arena, &result, error) && give(result, arena, out, error);
}

/* ---- logarithms ---- */

/* About how many digits the natural logarithm has before its point; negative for logarithms near 0. */
static int logarithm_weight(const Numeric *a, Arena *arena)
{
    Numeric least = numeric_from_text("0.9", arena), most = numeric_from_text("1.1", arena);
    if (!a->count)
        return 0;
    if (numeric_compare_numbers(a, &least) >= 0 && numeric_compare_numbers(a, &most) <= 0) {
        Numeric beyond = numeric_sub(a, &NUMERIC_ONE, arena);
        return beyond.count ? beyond.weight * NUMERIC_BASE_DIGITS + (int)log10(beyond.digits[0]) : 0;
    }
    int digits = a->digits[0], weight = a->weight * NUMERIC_BASE_DIGITS;
    if (a->count > 1) {
        digits = digits * NUMERIC_BASE + a->digits[1];
        weight -= NUMERIC_BASE_DIGITS;
    }
    return (int)log10(fabs(log((double)digits) + weight * 2.302585092994046));
}

/* ln(a), a > 0 and of moderate size: square roots until a is near 1, then ln(a) = 2 artanh((a - 1) / (a + 1)). */
static Numeric plain_logarithm(const Numeric *a, int work, Arena *arena)
{
    Numeric least = numeric_from_text("0.9", arena), most = numeric_from_text("1.1", arena), near = *a;
    int roots = 0;
    for (; numeric_compare_numbers(&near, &least) < 0 || numeric_compare_numbers(&near, &most) > 0; roots++)
        near = square_root(&near, work, arena);
    Numeric above = numeric_sub(&near, &NUMERIC_ONE, arena), below = numeric_add(&near, &NUMERIC_ONE, arena);
    Numeric ratio = numeric_div(&above, &below, work, true, arena), square = times(&ratio, &ratio, work, arena), power = ratio, sum = ratio;
    for (int n = 3; power.count; n += 2) {
        Numeric divisor = small(n, arena);
        power = times(&power, &square, work, arena);
        Numeric term = numeric_div(&power, &divisor, work, true, arena);
        sum = numeric_add(&sum, &term, arena);
    }
    for (int i = 0; i <= roots; i++)
        sum = numeric_add(&sum, &sum, arena);
    return sum;
}

/* ln(a), a > 0. Of very large and small numbers the powers of the base are taken out first. */
static Numeric logarithm(const Numeric *a, int scale, Arena *arena)
{
    int work = max_int(scale, 0) + 3 * GUARD_DIGITS;
    Numeric sum;
    if (abs(a->weight) > 2) {
        Numeric base = small(NUMERIC_BASE, arena), power = small(a->weight, arena), mantissa = *a;
        mantissa.weight = 0;
        mantissa.dscale = (mantissa.count - 1) * NUMERIC_BASE_DIGITS;
        mantissa = numeric_rounded(&mantissa, work, arena);
        Numeric log_base = plain_logarithm(&base, work, arena);
        sum = numeric_mul(&log_base, &power, arena);
        Numeric rest = plain_logarithm(&mantissa, work, arena);
        sum = numeric_add(&sum, &rest, arena);
    } else {
        /* A root of a small number needs decimals for its leading zeros too. */
        sum = plain_logarithm(a, work + 2 * NUMERIC_BASE_DIGITS, arena);
    }
    return numeric_rounded(&sum, scale, arena);
}

/* Errors for what has no logarithm: of all the numbers, signs come before zeros. */
static bool check_logarithms(const Numeric *const *numbers, size_t count, Error *error)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i]->kind == NUMERIC_MINUS_INFINITY || numbers[i]->negative)
            return error_set(error, ERRCODE_INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number");
    for (size_t i = 0; i < count; i++)
        if (!numbers[i]->kind && !numbers[i]->count)
            return error_set(error, ERRCODE_INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero");
    return true;
}

bool numeric_ln(const char *text, Arena *arena, const char **out, Error *error)
{
    Numeric a = numeric_from_text(text, arena);
    if (a.kind == NUMERIC_NAN)
        return give_special(a.kind, arena, out);
    if (!check_logarithms((const Numeric *[]){&a}, 1, error))
        return false;
    if (a.kind)
        return give_special(a.kind, arena, out);
    int scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS - logarithm_weight(&a, arena), a.dscale);
    return give(logarithm(&a, scale, arena), arena, out, error);
}

bool numeric_log(const char *base_text, const char *text, Arena *arena, const char **out, Error *error)
{
    Numeric base = numeric_from_text(base_text, arena), a = numeric_from_text(text, arena);
    if (base.kind == NUMERIC_NAN || a.kind == NUMERIC_NAN)
        return give_special(NUMERIC_NAN, arena, out);
    const Numeric *const numbers[] = {&base, &a};
    bool together = base.kind || a.kind;
    if (!(together ? check_logarithms(numbers, 2, error) : check_logarithms(numbers, 1, error) && check_logarithms(numbers + 1, 1, error)))
        return false;
    if (base.kind && a.kind)
        return give_special(NUMERIC_NAN, arena, out);
    if (a.kind)
        return give_special(NUMERIC_INFINITY, arena, out);
    if (base.kind) {
        *out = arena_strdup(arena, "0");
        return true;
    }
    int base_weight = logarithm_weight(&base, arena), weight = logarithm_weight(&a, arena);
    int scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS - (weight - base_weight), max_int(base.dscale, a.dscale));
    int base_scale = max_int(scale + weight - 2 * base_weight + GUARD_DIGITS, 0),
        own_scale = max_int(scale - base_weight + GUARD_DIGITS, 0);
    Numeric divisor = logarithm(&base, base_scale, arena), dividend = logarithm(&a, own_scale, arena);
    if (!divisor.count)
        return error_set(error, ERRCODE_DIVISION_BY_ZERO, "division by zero");
    return give(numeric_div(&dividend, &divisor, scale, true, arena), arena, out, error);
}

/* ---- powers ---- */

/* log10(|base|), from its leading digits. */
static double log10_of(const Numeric *base)
{
    double digits = base->digits[0];
    int weight = base->weight * NUMERIC_BASE_DIGITS;
    for (int i = 1; i < base->count && i * NUMERIC_BASE_DIGITS < CHEAP_DIGITS - 1; i++) {
        digits = digits * NUMERIC_BASE + base->digits[i];
        weight -= NUMERIC_BASE_DIGITS;
    }
    return log10(digits) + weight;
}

/* The number cut to so many significant digits, and its decimals bounded by them. */
static Numeric significant(const Numeric *a, int digits, Arena *arena)
{
    return numeric_rounded(a, digits - numeric_integer_digits(a), arena);
}

/* Squaring and multiplying by the bits of the exponent, in as many digits as the result's last one needs. */
static bool integer_power(const Numeric *base, int exponent, int scale, Arena *arena, Numeric *out, Error *error)
{
    *out = (Numeric){.kind = NUMERIC_FINITE, .dscale = scale};
    if (!base->count)
        return exponent < 0 ? error_set(error, ERRCODE_DIVISION_BY_ZERO, "division by zero") : true;
    double weight = exponent * log10_of(base);
    if (weight > 3.0 * SHRT_MAX * NUMERIC_BASE_DIGITS)
        return overflow(error);
    if (weight + 1 < -scale || weight + 1 < -NUMERIC_MAX_PRECISION)
        return true;
    int digits = 1 + scale + (int)weight + (int)log10(fabs((double)exponent)) + GUARD_DIGITS;
    Numeric result = NUMERIC_ONE, square = *base;
    for (unsigned bits = (unsigned)(exponent < 0 ? -(long)exponent : exponent); bits; bits >>= 1) {
        if (bits & 1) {
            result = numeric_mul(&result, &square, arena);
            result = significant(&result, digits + GUARD_DIGITS, arena);
        }
        if (bits > 1) {
            square = numeric_mul(&square, &square, arena);
            square = significant(&square, digits + GUARD_DIGITS, arena);
        }
        /* Beyond any number's size: what follows only grows. */
        if (square.weight > NUMERIC_MAX_WEIGHT || result.weight > NUMERIC_MAX_WEIGHT)
            return exponent < 0 ? true : overflow(error);
    }
    *out = exponent < 0 ? numeric_div(&NUMERIC_ONE, &result, scale, true, arena) : numeric_rounded(&result, scale, arena);
    out->dscale = scale;
    return true;
}

static bool small_power(const Numeric *base, int exponent, Arena *arena, Numeric *out, Error *error)
{
    int scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS, base->dscale);
    switch (exponent) {
    case 0:
        *out = NUMERIC_ONE;
        out->dscale = scale;
        return true;
    case 1:
        *out = numeric_rounded(base, scale, arena);
        return true;
    case 2:
        *out = times(base, base, scale, arena);
        return true;
    default:
        return integer_power(base, exponent, scale, arena, out, error);
    }
}

static bool real_power(const Numeric *base, const Numeric *exponent, bool negative, Arena *arena, Numeric *out, Error *error)
{
    Numeric positive = *base;
    positive.negative = false;
    int log_weight = logarithm_weight(&positive, arena);
    Numeric rough_log = logarithm(&positive, max_int(GUARD_DIGITS - log_weight, 0), arena),
            rough = numeric_mul(&rough_log, exponent, arena);
    double size = to_double(&rough, arena);
    if (fabs(size) > NUMERIC_MAX_RESULT_SCALE * 3.01) {
        *out = (Numeric){.kind = NUMERIC_FINITE, .dscale = NUMERIC_MAX_PRECISION};
        return size > 0 ? overflow(error) : true;
    }
    int digits = (int)(size * LOG10_OF_E);
    int scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS - digits, max_int(base->dscale, exponent->dscale));
    int log_scale = max_int(scale + digits - log_weight + GUARD_DIGITS, 0);
    Numeric log_base = logarithm(&positive, log_scale + GUARD_DIGITS, arena),
            product = times(&log_base, exponent, log_scale + GUARD_DIGITS, arena);
    if (!exponential(&product, scale, arena, out, error))
        return false;
    if (negative)
        *out = numeric_negated(*out);
    return true;
}

static bool is_integer(const Numeric *a)
{
    return a->count <= a->weight + 1;
}

static bool is_odd(const Numeric *a)
{
    return a->count == a->weight + 1 && a->count > 0 && a->digits[a->count - 1] % 2;
}

/* One of the operands is NaN or infinite. */
static bool special_power(const Numeric *base, const Numeric *exponent, Arena *arena, const char **out, Error *error)
{
    bool base_is_one = !base->kind && numeric_compare_numbers(base, &NUMERIC_ONE) == 0,
         exponent_is_zero = !exponent->kind && !exponent->count;
    *out = arena_strdup(arena, "1");
    if (base_is_one || exponent_is_zero)
        return true;
    if (base->kind == NUMERIC_NAN || exponent->kind == NUMERIC_NAN)
        return give_special(NUMERIC_NAN, arena, out);
    *out = arena_strdup(arena, "0");
    if (exponent->kind) {
        if (!base->kind && !base->count && exponent->kind == NUMERIC_MINUS_INFINITY)
            return error_set(error, ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION, "zero raised to a negative power is undefined");
        Numeric size = *base;
        size.negative = false;
        int order = base->kind ? 1 : numeric_compare_numbers(&size, &NUMERIC_ONE);
        if (order == 0)
            *out = arena_strdup(arena, "1");
        else if ((order > 0) == (exponent->kind == NUMERIC_INFINITY))
            return give_special(NUMERIC_INFINITY, arena, out);
        return true;
    }
    if (base->kind == NUMERIC_MINUS_INFINITY && !is_integer(exponent))
        return error_set(error, ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                         "a negative number raised to a non-integer power yields a complex result");
    if (exponent->negative)
        return true;
    return give_special(base->kind == NUMERIC_MINUS_INFINITY && is_odd(exponent) ? NUMERIC_MINUS_INFINITY : NUMERIC_INFINITY, arena, out);
}

bool numeric_power(const char *base_text, const char *exponent_text, Arena *arena, const char **out, Error *error)
{
    Numeric base = numeric_from_text(base_text, arena), exponent = numeric_from_text(exponent_text, arena), result;
    if (base.kind || exponent.kind)
        return special_power(&base, &exponent, arena, out, error);
    if (!base.count && exponent.negative)
        return error_set(error, ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION, "zero raised to a negative power is undefined");
    if (base.negative && !is_integer(&exponent))
        return error_set(error, ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                         "a negative number raised to a non-integer power yields a complex result");
    __int128 whole;
    if (is_integer(&exponent) && numeric_to_i128(&exponent, 0, &whole) && whole >= INT_MIN && whole <= INT_MAX)
        return small_power(&base, (int)whole, arena, &result, error) && give(result, arena, out, error);
    if (!base.count) {
        result = (Numeric){.kind = NUMERIC_FINITE, .dscale = NUMERIC_MIN_SIG_DIGITS};
        return give(result, arena, out, error);
    }
    return real_power(&base, &exponent, base.negative && is_odd(&exponent), arena, &result, error) && give(result, arena, out, error);
}
