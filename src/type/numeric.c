/*
 * numeric.c - arithmetic on exact decimal numbers: add, subtract, multiply, divide, round, compare.
 *
 * Invariants:
 *  1. What is handed out is normal: no leading or trailing zero digits, zero has no digits and no sign (see numeric_normal).
 *  2. The digits hold the exact value; dscale says only how many decimals are shown, and is never less than what the digits need.
 *  3. Operands are never changed; all memory comes from the arena passed.
 *
 * Any thread.
 */
#include "type/numeric_int.h"

static const int16_t DIGIT_ONE[] = {1};
const Numeric NUMERIC_ZERO = {.kind = NUMERIC_FINITE};
const Numeric NUMERIC_ONE = {.kind = NUMERIC_FINITE, .count = 1, .digits = DIGIT_ONE};

static const int POWERS[] = {1, 10, 100, 1000};

Numeric numeric_normal(int16_t *digits, int count, int weight, bool negative, int dscale)
{
    while (count > 0 && digits[0] == 0)
        digits++, count--, weight--;
    while (count > 0 && digits[count - 1] == 0)
        count--;
    if (count == 0)
        return (Numeric){.kind = NUMERIC_FINITE, .dscale = dscale};
    return (Numeric){NUMERIC_FINITE, negative, weight, dscale, count, digits};
}

Numeric numeric_negated(Numeric a)
{
    if (a.kind == NUMERIC_FINITE)
        a.negative = a.count > 0 && !a.negative;
    else if (a.kind != NUMERIC_NAN)
        a.kind = a.kind == NUMERIC_INFINITY ? NUMERIC_MINUS_INFINITY : NUMERIC_INFINITY;
    return a;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

/* The digit at a weight, 0 outside. */
static int digit_at(const Numeric *a, int weight)
{
    int index = a->weight - weight;
    return index >= 0 && index < a->count ? a->digits[index] : 0;
}

int numeric_compare_abs(const Numeric *a, const Numeric *b)
{
    if (!a->count || !b->count)
        return (a->count > 0) - (b->count > 0);
    if (a->weight != b->weight)
        return a->weight < b->weight ? -1 : 1;
    for (int i = 0; i < min_int(a->count, b->count); i++)
        if (a->digits[i] != b->digits[i])
            return a->digits[i] < b->digits[i] ? -1 : 1;
    return (a->count > b->count) - (a->count < b->count);
}

int numeric_compare_numbers(const Numeric *a, const Numeric *b)
{
    if (a->kind || b->kind)
        return ((int)a->kind > (int)b->kind) - ((int)a->kind < (int)b->kind);
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    return a->negative ? numeric_compare_abs(b, a) : numeric_compare_abs(a, b);
}

/* |a| + |b|, or |a| - |b| where |a| >= |b|. */
static Numeric combine(const Numeric *a, const Numeric *b, int sign, bool negative, Arena *arena)
{
    int dscale = max_int(a->dscale, b->dscale);
    int top = max_int(a->count ? a->weight : INT16_MIN, b->count ? b->weight : INT16_MIN) + 1;
    int bottom = min_int(a->count ? a->weight - a->count + 1 : INT32_MAX, b->count ? b->weight - b->count + 1 : INT32_MAX);
    if (!a->count && !b->count)
        return (Numeric){.kind = NUMERIC_FINITE, .dscale = dscale};
    int count = top - bottom + 1, carry = 0;
    int16_t *digits = ARENA_ARRAY(arena, int16_t, count);
    for (int i = count - 1; i >= 0; i--) {
        int digit = digit_at(a, top - i) + sign * digit_at(b, top - i) + carry;
        carry = digit < 0 ? -1 : digit >= NUMERIC_BASE ? 1 : 0;
        digits[i] = (int16_t)(digit - carry * NUMERIC_BASE);
    }
    return numeric_normal(digits, count, top, negative, dscale);
}

Numeric numeric_add(const Numeric *a, const Numeric *b, Arena *arena)
{
    if (a->negative == b->negative)
        return combine(a, b, 1, a->negative, arena);
    return numeric_compare_abs(a, b) >= 0 ? combine(a, b, -1, a->negative, arena) : combine(b, a, -1, b->negative, arena);
}

Numeric numeric_sub(const Numeric *a, const Numeric *b, Arena *arena)
{
    Numeric minus = numeric_negated(*b);
    /* A zero of either scale keeps its scale: negation changes nothing else. */
    return numeric_add(a, &minus, arena);
}

Numeric numeric_mul(const Numeric *a, const Numeric *b, Arena *arena)
{
    int dscale = a->dscale + b->dscale;
    if (!a->count || !b->count)
        return (Numeric){.kind = NUMERIC_FINITE, .dscale = dscale};
    int count = a->count + b->count;
    int16_t *digits = ARENA_ARRAY(arena, int16_t, count);
    numeric_multiply_digits(a->digits, a->count, b->digits, b->count, digits, arena);
    return numeric_normal(digits, count, a->weight + b->weight + 1, a->negative != b->negative, dscale);
}

/* ---- rounding ---- */

/* The digits down to 10^-scale; what is cut off rounds half away from zero when asked to. */
static Numeric cut(const Numeric *a, int scale, bool round_half, Arena *arena)
{
    int dscale = max_int(scale, 0);
    /* Decimal digits kept, counted from the top of the first digit group. */
    int kept = (a->weight + 1) * NUMERIC_BASE_DIGITS + scale;
    if (!a->count || kept < 0)
        return (Numeric){.kind = NUMERIC_FINITE, .dscale = dscale};
    int groups = (kept + NUMERIC_BASE_DIGITS - 1) / NUMERIC_BASE_DIGITS, partial = kept % NUMERIC_BASE_DIGITS;
    if (kept >= a->count * NUMERIC_BASE_DIGITS) {
        Numeric same = *a;
        same.dscale = dscale;
        return same;
    }
    int16_t *digits = ARENA_ARRAY(arena, int16_t, groups + 1); /* digits[0]: room for a carry */
    memcpy(digits + 1, a->digits, sizeof *digits * (size_t)groups);
    int carry = 0;
    if (partial) {
        int unit = POWERS[NUMERIC_BASE_DIGITS - partial], rest = digits[groups] % unit;
        carry = round_half && 2 * rest >= unit ? unit : 0;
        digits[groups] = (int16_t)(digits[groups] - rest);
    } else {
        carry = round_half && 2 * a->digits[groups] >= NUMERIC_BASE;
    }
    for (int i = groups; i >= 0 && carry; i--) {
        int digit = digits[i] + carry;
        carry = digit >= NUMERIC_BASE;
        digits[i] = (int16_t)(carry ? digit - NUMERIC_BASE : digit);
    }
    return numeric_normal(digits, groups + 1, a->weight + 1, a->negative, dscale);
}

Numeric numeric_rounded(const Numeric *a, int scale, Arena *arena)
{
    return a->kind ? *a : cut(a, scale, true, arena);
}

Numeric numeric_truncated(const Numeric *a, int scale, Arena *arena)
{
    return a->kind ? *a : cut(a, scale, false, arena);
}

/* ---- division ---- */

/* PostgreSQL's rule for the scale of a quotient: at least 16 significant digits, at least the operands' decimals, at most 1000. */
int numeric_div_scale(const Numeric *a, const Numeric *b)
{
    int first_a = a->count ? a->digits[0] : 0, first_b = b->count ? b->digits[0] : 0;
    int weight = a->weight - b->weight - (first_a <= first_b);
    int scale = NUMERIC_MIN_SIG_DIGITS - weight * NUMERIC_BASE_DIGITS;
    scale = max_int(max_int(scale, a->dscale), max_int(b->dscale, 0));
    return min_int(scale, NUMERIC_MAX_PRECISION);
}

Numeric numeric_div(const Numeric *a, const Numeric *b, int scale, bool rounded, Arena *arena)
{
    if (!a->count)
        return (Numeric){.kind = NUMERIC_FINITE, .dscale = max_int(scale, 0)};
    /* Groups of the quotient: its integer part, its decimals, and one more so that rounding sees the next digit. */
    int weight = a->weight - b->weight;
    int groups = weight + 1 + (max_int(scale, 0) + NUMERIC_BASE_DIGITS - 1) / NUMERIC_BASE_DIGITS + 1;
    if (groups < 1)
        return (Numeric){.kind = NUMERIC_FINITE, .dscale = max_int(scale, 0)};
    int16_t *quotient = ARENA_ARRAY(arena, int16_t, groups);
    numeric_divide_digits(a->digits, a->count, b->digits, b->count, quotient, groups, arena);
    Numeric exact = numeric_normal(quotient, groups, weight, a->negative != b->negative, max_int(scale, 0));
    return rounded ? numeric_rounded(&exact, scale, arena) : numeric_truncated(&exact, scale, arena);
}

int numeric_integer_digits(const Numeric *a)
{
    if (!a->count)
        return 0;
    int digits = a->weight * NUMERIC_BASE_DIGITS;
    for (int first = a->digits[0]; first; first /= 10)
        digits++;
    return digits;
}
