/*
 * func_aggregate_float.c - aggregates of floats: sums and averages, moments of one float or of pairs.
 *
 *  1. Floats follow Youngs and Cramer, as PostgreSQL does, averages too, so that a group read in one order has its very bits, and its
 * errors. Any thread; a state belongs to one at a time.
 */
#include "func/func_aggregate.h"
#include "func/func_stats.h"

#include <math.h>
#include <stdlib.h>

typedef struct State {
    AggregateHead head;
    Moments moments;
} State;

static bool overflow(Error *error)
{
    return error_set(error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

static bool is_wild(double value)
{
    return isinf(value) || isnan(value);
}

static Moments *moments_of(void **state)
{
    return &((State *)aggregate_state(state, sizeof(State)))->moments;
}

/* ---- one value more ---- */

/* What became infinite: an error where no infinity went in, else not a number. */
static bool check_square(double *square, double sum, double sum_before, double value, Error *error)
{
    if (!isinf(*square) && !isinf(sum))
        return true;
    if (!isinf(sum_before) && !isinf(value))
        return overflow(error);
    *square = NAN;
    return true;
}

bool moments_add(Moments *m, double value, Error *error)
{
    double before = m->sum_x;
    m->n += 1;
    m->sum_x += value;
    if (m->n == 1) {
        m->square_x = is_wild(value) ? NAN : 0;
        return true;
    }
    double step = value * m->n - m->sum_x;
    m->square_x += step * step / (m->n * (m->n - 1));
    return check_square(&m->square_x, m->sum_x, before, value, error);
}

bool moments_add_pair(Moments *m, double y, double x, Error *error)
{
    Moments before = *m;
    m->n += 1;
    m->sum_x += x;
    m->sum_y += y;
    if (m->n == 1) {
        m->square_x = is_wild(x) ? NAN : 0;
        m->square_y = is_wild(y) ? NAN : 0;
        m->product = is_wild(x) || is_wild(y) ? NAN : 0;
        return true;
    }
    double step_x = x * m->n - m->sum_x, step_y = y * m->n - m->sum_y, scale = 1.0 / (m->n * (m->n - 1));
    m->square_x += step_x * step_x * scale;
    m->square_y += step_y * step_y * scale;
    m->product += step_x * step_y * scale;
    bool no_infinity = !isinf(before.sum_x) && !isinf(before.sum_y) && !isinf(x) && !isinf(y);
    if (isinf(m->product) && no_infinity)
        return overflow(error);
    m->product = isinf(m->product) ? NAN : m->product;
    return check_square(&m->square_x, m->sum_x, before.sum_x, x, error) && check_square(&m->square_y, m->sum_y, before.sum_y, y, error);
}

/* The first value is the sum itself, -0 too. */
bool moments_add_total(Moments *m, double value, bool is_real, Error *error)
{
    double before = m->n > 0 ? m->sum_x : -0.0;
    m->n += 1;
    m->sum_x = is_real ? (float)(before + value) : before + value;
    return !isinf(m->sum_x) || isinf(before) || isinf(value) || overflow(error);
}

/* ---- rows and states of groups ---- */

bool float_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return moments_add(moments_of(state), args[0].f, error);
}

bool pair_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return moments_add_pair(moments_of(state), args[0].f, args[1].f, error);
}

bool pair_text_step(void **state, const Value *args, Arena *arena, Error *error)
{
    char *rest;
    double y = strtod(arena_strndup(arena, args[0].s.ptr, args[0].s.len), &rest);
    return moments_add_pair(moments_of(state), y, strtod(rest, NULL), error);
}

bool real_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return moments_add_total(moments_of(state), args[0].f, true, error);
}

bool double_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return moments_add_total(moments_of(state), args[0].f, false, error);
}

bool real_merge(void **state, const void *other, Arena *arena, Error *error)
{
    return moments_add_total(moments_of(state), ((const State *)other)->moments.sum_x, true, error);
}

bool double_merge(void **state, const void *other, Arena *arena, Error *error)
{
    return moments_add_total(moments_of(state), ((const State *)other)->moments.sum_x, false, error);
}

bool moments_merge(void **state, const void *other, Arena *arena, Error *error)
{
    const Moments *b = &((const State *)other)->moments;
    if (!*state) {
        *moments_of(state) = *b;
        return true;
    }
    Moments *a = moments_of(state);
    double n = a->n + b->n, apart_x = a->sum_x / a->n - b->sum_x / b->n, apart_y = a->sum_y / a->n - b->sum_y / b->n;
    double weight = a->n * b->n / n;
    Moments all = {.n = n, .sum_x = a->sum_x + b->sum_x, .sum_y = a->sum_y + b->sum_y};
    all.square_x = a->square_x + b->square_x + weight * apart_x * apart_x;
    all.square_y = a->square_y + b->square_y + weight * apart_y * apart_y;
    all.product = a->product + b->product + weight * apart_x * apart_y;
    bool was_x = isinf(a->sum_x) || isinf(b->sum_x), was_y = isinf(a->sum_y) || isinf(b->sum_y);
    if ((!was_x && (isinf(all.sum_x) || isinf(all.square_x))) || (!was_y && (isinf(all.sum_y) || isinf(all.square_y))) ||
        (!was_x && !was_y && isinf(all.product)))
        return overflow(error);
    *a = all;
    return true;
}

/* ---- results ---- */

static void give(Value *out, double value)
{
    out->is_null = false;
    out->f = value;
}

static void give_unless(Value *out, bool is_null, double value)
{
    if (!is_null)
        give(out, value);
}

static void finish_deviation(Oid proc, const Moments *m, Value *out)
{
    bool sample = stats_is_sample(proc);
    if (sample && m->n <= 1)
        return;
    double variance = m->square_x / (sample ? m->n - 1 : m->n);
    give(out, stats_is_deviation(proc) ? sqrt(variance) : variance);
}

void moments_finish_float(Oid proc, const Moments *m, Value *out)
{
    bool flat_x = m->square_x == 0, flat_y = m->square_y == 0;
    switch (proc) {
    case F_SUM_FLOAT4:
    case F_SUM_FLOAT8:
        give(out, m->sum_x);
        return;
    case F_AVG_FLOAT8:
    case F_REGR_AVGX_FLOAT8_FLOAT8:
        give(out, m->sum_x / m->n);
        return;
    case F_REGR_AVGY_FLOAT8_FLOAT8:
        give(out, m->sum_y / m->n);
        return;
    case F_REGR_SXX_FLOAT8_FLOAT8:
        give(out, m->square_x);
        return;
    case F_REGR_SYY_FLOAT8_FLOAT8:
        give(out, m->square_y);
        return;
    case F_REGR_SXY_FLOAT8_FLOAT8:
        give(out, m->product);
        return;
    case F_COVAR_POP_FLOAT8_FLOAT8:
        give(out, m->product / m->n);
        return;
    case F_COVAR_SAMP_FLOAT8_FLOAT8:
        give_unless(out, m->n < 2, m->product / (m->n - 1));
        return;
    case F_CORR_FLOAT8_FLOAT8:
        give_unless(out, flat_x || flat_y, m->product / sqrt(m->square_x * m->square_y));
        return;
    case F_REGR_R2_FLOAT8_FLOAT8:
        give_unless(out, flat_x, flat_y ? 1.0 : m->product * m->product / (m->square_x * m->square_y));
        return;
    case F_REGR_SLOPE_FLOAT8_FLOAT8:
        give_unless(out, flat_x, m->product / m->square_x);
        return;
    case F_REGR_INTERCEPT_FLOAT8_FLOAT8:
        give_unless(out, flat_x, (m->sum_y - m->sum_x * m->product / m->square_x) / m->n);
        return;
    default:
        finish_deviation(proc, m, out);
    }
}

bool moments_give(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    moments_finish_float(proc, &((const State *)state)->moments, out);
    return true;
}

bool total_give(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    give(out, ((const State *)state)->moments.sum_x);
    return true;
}
