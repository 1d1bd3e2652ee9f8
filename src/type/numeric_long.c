/*
 * numeric_long.c - products and quotients of digit arrays, in limbs of several digits.
 *
 * Invariants:
 *  1. Digit arrays begin with the highest digit, arrays of limbs with the lowest limb.
 *  2. A product is added up column by column in 128 bits: limbs below 10^16, of which millions of products fit.
 *  3. A quotient is Knuth's algorithm D (The Art of Computer Programming, volume 2, 4.3.1) in limbs below 10^8, whose products fit 64 bits.
 *
 * So the longest numbers that there are (131,072 digits) are multiplied in some tens of milliseconds: nothing here need look for a cancel.
 * Any thread.
 */
#include "type/numeric_int.h"

enum { WIDE_DIGITS = 4, LIMB_DIGITS = 2 };

#define WIDE 10000000000000000u
#define LIMB 100000000u

typedef unsigned __int128 Sum;

static int limbs_of(int count, int digits_each)
{
    return (count + digits_each - 1) / digits_each;
}

/* wanted: so many digits, of which the array has the first `count`. */
static uint64_t *pack(const int16_t *digits, int count, int wanted, int each, Arena *arena)
{
    uint64_t *limbs = ARENA_ARRAY(arena, uint64_t, limbs_of(wanted, each) + 1);
    for (int i = 0; i < wanted; i++) {
        uint64_t *limb = &limbs[(wanted - 1 - i) / each];
        *limb = *limb * NUMERIC_BASE + (uint64_t)(i < count ? digits[i] : 0);
    }
    return limbs;
}

static void unpack(const uint64_t *limbs, int nlimbs, int each, int16_t *digits, int count)
{
    for (int i = 0; i < nlimbs; i++) {
        uint64_t limb = limbs[i];
        for (int k = 0; k < each; k++, limb /= NUMERIC_BASE)
            if (i * each + k < count)
                digits[count - 1 - i * each - k] = (int16_t)(limb % NUMERIC_BASE);
    }
}

/* ---- products ---- */

/* product: of na + nb digits. */
void numeric_multiply_digits(const int16_t *a, int na, const int16_t *b, int nb, int16_t *product, Arena *arena)
{
    int la = limbs_of(na, WIDE_DIGITS), lb = limbs_of(nb, WIDE_DIGITS);
    const uint64_t *left = pack(a, na, na, WIDE_DIGITS, arena), *right = pack(b, nb, nb, WIDE_DIGITS, arena);
    uint64_t *limbs = ARENA_ARRAY(arena, uint64_t, la + lb);
    Sum sum = 0;
    for (int column = 0; column < la + lb; column++) {
        int last = column < la ? column : la - 1;
        for (int i = column < lb ? 0 : column - lb + 1; i <= last; i++)
            sum += (Sum)left[i] * right[column - i];
        Sum carry = sum / WIDE;
        limbs[column] = (uint64_t)(sum - carry * WIDE);
        sum = carry;
    }
    unpack(limbs, la + lb, WIDE_DIGITS, product, na + nb);
}

/* ---- quotients ---- */

static void divide_by_one(const uint64_t *dividend, int count, uint64_t divisor, uint64_t *quotient)
{
    uint64_t rest = 0;
    for (int i = count - 1; i >= 0; i--) {
        rest = rest * LIMB + dividend[i];
        quotient[i] = rest / divisor;
        rest %= divisor;
    }
}

static void scale_limbs(uint64_t *limbs, int count, uint64_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < count; i++) {
        carry += limbs[i] * factor;
        limbs[i] = carry % LIMB;
        carry /= LIMB;
    }
}

/* Subtracts guess * divisor from dividend[0..n]; true when the guess was one too large. */
static bool subtract_product(uint64_t *dividend, const uint64_t *divisor, int n, uint64_t guess)
{
    uint64_t carry = 0;
    for (int i = 0; i < n; i++) {
        carry += guess * divisor[i];
        uint64_t part = carry % LIMB;
        carry /= LIMB;
        bool borrows = dividend[i] < part;
        dividend[i] += (borrows ? LIMB : 0) - part;
        carry += borrows;
    }
    bool negative = dividend[n] < carry;
    dividend[n] += (negative ? LIMB : 0) - carry;
    return negative;
}

static void add_back(uint64_t *dividend, const uint64_t *divisor, int n)
{
    uint64_t carry = 0;
    for (int i = 0; i <= n; i++) {
        uint64_t limb = dividend[i] + carry + (i < n ? divisor[i] : 0);
        carry = limb >= LIMB;
        dividend[i] = limb - (carry ? LIMB : 0);
    }
}

/* dividend has a limb more than count; divisor has n >= 2 limbs. */
static void divide_by_many(uint64_t *dividend, int count, uint64_t *divisor, int n, uint64_t *quotient)
{
    uint64_t factor = LIMB / (divisor[n - 1] + 1);
    scale_limbs(dividend, count + 1, factor);
    scale_limbs(divisor, n, factor);
    for (int i = count - n; i >= 0; i--) {
        uint64_t top = dividend[i + n] * LIMB + dividend[i + n - 1];
        uint64_t guess = top / divisor[n - 1], rest = top % divisor[n - 1];
        while (guess >= LIMB || guess * divisor[n - 2] > rest * LIMB + dividend[i + n - 2]) {
            guess--;
            rest += divisor[n - 1];
            if (rest >= LIMB)
                break;
        }
        if (guess && subtract_product(dividend + i, divisor, n, guess)) {
            guess--;
            add_back(dividend + i, divisor, n);
        }
        quotient[i] = guess;
    }
}

/* The whole quotient of the first nq + nb - 1 digits of a (zeros behind its own na) by b, whose first digit is not 0; it has nq digits. */
void numeric_divide_digits(const int16_t *a, int na, const int16_t *b, int nb, int16_t *quotient, int nq, Arena *arena)
{
    int wanted = nq + nb - 1, count = limbs_of(wanted, LIMB_DIGITS), n = limbs_of(nb, LIMB_DIGITS);
    uint64_t *dividend = pack(a, na, wanted, LIMB_DIGITS, arena), *divisor = pack(b, nb, nb, LIMB_DIGITS, arena);
    uint64_t *limbs = ARENA_ARRAY(arena, uint64_t, count + 1);
    if (n == 1)
        divide_by_one(dividend, count, divisor[0], limbs);
    else if (count >= n)
        divide_by_many(dividend, count, divisor, n, limbs);
    unpack(limbs, count, LIMB_DIGITS, quotient, nq);
}
