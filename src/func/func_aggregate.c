/*
 * func_aggregate.c - aggregates of the local engine that keep a few numbers a group: sums and moments of numerics, sums of intervals and
 * floats, moments of one float or two; and the least and the greatest where equal values differ.
 *
 *  1. A state is one pointer, NULL until the first row: groups without a row cost nothing.
 *  2. Numerics are summed exactly: in 128 bits while they fit, beyond that as texts.
 *  3. Floats follow Youngs and Cramer, as PostgreSQL does, so that a group read in one order has its very bits.
 * Any thread; a state belongs to one at a time.
 */
#include "func/func_stats.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Every state begins so: who closes it is not told which it is. */
typedef struct Head {
    bool is_numbers;
} Head;

/* ---- an exact sum ---- */

enum { MOST_DIGITS = 36, SQUARED_DIGITS = 18 };

typedef struct Sum {
    __int128 digits; /* times 10^-scale */
    int scale;
    char *rest; /* what did not fit, as a text of its own; NULL: nothing */
} Sum;

/* "-12.50" is -1250, scale 2. false: too long, or no number. */
static bool parse_digits(const char *text, size_t len, __int128 *digits, int *scale, int *ndigits)
{
    bool negative = len && *text == '-', fraction = false;
    *digits = 0;
    *scale = *ndigits = 0;
    for (size_t i = negative; i < len; i++) {
        if (text[i] == '.') {
            fraction = true;
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || *ndigits >= MOST_DIGITS)
            return false;
        *digits = *digits * 10 + (text[i] - '0');
        *ndigits += *digits != 0;
        *scale += fraction;
    }
    *digits = negative ? -*digits : *digits;
    return true;
}

static bool raise(__int128 *digits, int powers)
{
    while (powers-- > 0)
        if (__builtin_mul_overflow(*digits, (__int128)10, digits))
            return false;
    return true;
}

static const char *write_digits(__int128 digits, int scale, Arena *arena)
{
    char text[48], *at = text + sizeof text - 1;
    unsigned __int128 left = digits < 0 ? -(unsigned __int128)digits : (unsigned __int128)digits;
    *at = 0;
    for (int count = 0; left || count <= scale; count++) {
        if (scale && count == scale)
            *--at = '.';
        *--at = (char)('0' + (int)(left % 10));
        left /= 10;
    }
    if (digits < 0)
        *--at = '-';
    return arena_strdup(arena, at);
}

static bool add_rest(Sum *sum, const char *text, Arena *arena, Error *error)
{
    const char *total = text;
    if (sum->rest && !numeric_op(NUMERIC_ADD, sum->rest, text, arena, &total, error))
        return false;
    free(sum->rest);
    sum->rest = strdup(total);
    if (!sum->rest)
        abort();
    return true;
}

static bool sum_add_digits(Sum *sum, __int128 digits, int scale, Arena *arena, Error *error)
{
    __int128 raised = sum->digits, fitted = digits, total;
    if (scale > sum->scale) {
        if (!raise(&raised, scale - sum->scale)) {
            if (!add_rest(sum, write_digits(sum->digits, sum->scale, arena), arena, error))
                return false;
            raised = 0;
        }
        sum->digits = raised;
        sum->scale = scale;
    }
    if (!raise(&fitted, sum->scale - scale) || __builtin_add_overflow(sum->digits, fitted, &total))
        return add_rest(sum, write_digits(digits, scale, arena), arena, error);
    sum->digits = total;
    return true;
}

static bool sum_text(const Sum *sum, Arena *arena, const char **out, Error *error)
{
    *out = write_digits(sum->digits, sum->scale, arena);
    return !sum->rest || numeric_op(NUMERIC_ADD, sum->rest, *out, arena, out, error);
}

static bool sum_merge(Sum *sum, const Sum *other, Arena *arena, Error *error)
{
    return sum_add_digits(sum, other->digits, other->scale, arena, error) && (!other->rest || add_rest(sum, other->rest, arena, error));
}

/* ---- numerics ---- */

typedef struct Numbers {
    Head head;
    int64_t count;
    bool special; /* NaN or an infinity among them */
    Sum sum, squares;
} Numbers;

static void *new_state(void **state, size_t size)
{
    if (!*state)
        *state = calloc(1, size);
    if (!*state)
        abort();
    return *state;
}

static bool add_square(Numbers *numbers, const char *text, __int128 digits, int scale, int ndigits, Arena *arena, Error *error)
{
    const char *square;
    if (ndigits && ndigits <= SQUARED_DIGITS && scale <= SQUARED_DIGITS)
        return sum_add_digits(&numbers->squares, digits * digits, scale * 2, arena, error);
    return numeric_op(NUMERIC_MUL, text, text, arena, &square, error) && add_rest(&numbers->squares, square, arena, error);
}

static bool add_number(void **state, const Value *args, bool squares, Arena *arena, Error *error)
{
    Numbers *numbers = new_state(state, sizeof *numbers);
    numbers->head.is_numbers = true;
    __int128 digits;
    int scale, ndigits;
    const Value *value = &args[0];
    const char *text = arena_strndup(arena, value->s.ptr, value->s.len);
    bool fits = parse_digits(text, value->s.len, &digits, &scale, &ndigits) && scale <= MOST_DIGITS;
    numbers->count++;
    numbers->special = numbers->special || strpbrk(text, "NI");
    if (!(fits ? sum_add_digits(&numbers->sum, digits, scale, arena, error) : add_rest(&numbers->sum, text, arena, error)))
        return false;
    return !squares || add_square(numbers, text, digits, scale, fits ? ndigits : 0, arena, error);
}

static bool sum_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return add_number(state, args, false, arena, error);
}

static bool moments_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return add_number(state, args, true, arena, error);
}

static bool numbers_merge(void **state, const void *other, Arena *arena, Error *error)
{
    const Numbers *from = other;
    Numbers *numbers = new_state(state, sizeof *numbers);
    numbers->head.is_numbers = true;
    numbers->count += from->count;
    numbers->special = numbers->special || from->special;
    return sum_merge(&numbers->sum, &from->sum, arena, error) && sum_merge(&numbers->squares, &from->squares, arena, error);
}

void func_aggregate_close(void *state)
{
    if (((const Head *)state)->is_numbers) {
        free(((Numbers *)state)->sum.rest);
        free(((Numbers *)state)->squares.rest);
    }
    free(state);
}

static bool finish_text(Value *out, const char *text)
{
    *out = value_text(text, strlen(text));
    return true;
}

static bool sum_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const char *text;
    return sum_text(&((const Numbers *)state)->sum, arena, &text, error) && finish_text(out, text);
}

static bool average_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const Numbers *numbers = state;
    const char *text, *count = arena_printf(arena, "%lld", (long long)numbers->count);
    return sum_text(&numbers->sum, arena, &text, error) && numeric_op(NUMERIC_DIV, text, count, arena, &text, error) &&
           finish_text(out, text);
}

static bool moments_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const Numbers *numbers = state;
    const char *sum, *squares, *text;
    if (!sum_text(&numbers->sum, arena, &sum, error) || !sum_text(&numbers->squares, arena, &squares, error) ||
        !stats_of_sums(proc, numbers->count, numbers->special, sum, squares, arena, &text, error))
        return false;
    return !text || finish_text(out, text);
}

/* ---- intervals ---- */

typedef struct Spans {
    Head head;
    int64_t count, months, days, micros;
} Spans;

static bool add_spans(void **state, int64_t count, int64_t months, int64_t days, int64_t micros, Error *error)
{
    Spans *spans = new_state(state, sizeof *spans);
    spans->count += count;
    spans->months += months;
    spans->days += days;
    if (spans->months != (int32_t)spans->months || spans->days != (int32_t)spans->days ||
        __builtin_add_overflow(spans->micros, micros, &spans->micros))
        return error_set(error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "interval out of range");
    return true;
}

static bool spans_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return add_spans(state, 1, args[0].interval.months, args[0].interval.days, args[0].interval.micros, error);
}

static bool spans_merge(void **state, const void *other, Arena *arena, Error *error)
{
    const Spans *from = other;
    return add_spans(state, from->count, from->months, from->days, from->micros, error);
}

static bool spans_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const Spans *spans = state;
    out->is_null = false;
    out->interval = (FdwInterval){(int32_t)spans->months, (int32_t)spans->days, spans->micros};
    return true;
}

static bool span_mean_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const Spans *spans = state;
    Value args[2] = {{.physical = FDW_INTERVAL}, {.physical = FDW_DOUBLE, .f = (double)spans->count}};
    FuncCall divide = {.args = args, .nargs = 2, .result = out, .return_type = TYPE_INTERVAL, .proc = proc, .arena = arena, .error = error};
    return spans_finish(proc, state, &args[0], arena, error) && func_find(proc)(&divide);
}

/* ---- the least and the greatest ---- */

/* Of values that are equal PostgreSQL keeps the last one. In one piece: the value's bytes, then those of its key. */
typedef struct Extreme {
    Head head;
    size_t value_len, key_len;
    char bytes[];
} Extreme;

static int key_order(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t len = a_len < b_len ? a_len : b_len;
    int order = len ? memcmp(a, b, len) : 0;
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

static bool keep(void **state, int sign, const char *value, size_t value_len, const char *key, size_t key_len)
{
    Extreme *kept = *state;
    if (kept && sign * key_order(key, key_len, kept->bytes + kept->value_len, kept->key_len) < 0)
        return true;
    if (!kept || value_len + key_len > kept->value_len + kept->key_len) {
        free(kept);
        *state = NULL;
        kept = new_state(state, sizeof *kept + value_len + key_len);
    }
    kept->value_len = value_len;
    kept->key_len = key_len;
    memcpy(kept->bytes, value, value_len);
    memcpy(kept->bytes + value_len, key, key_len);
    return true;
}

static bool greatest_text_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return keep(state, 1, args[0].s.ptr, args[0].s.len, args[1].s.ptr, args[1].s.len);
}

static bool least_text_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return keep(state, -1, args[0].s.ptr, args[0].s.len, args[1].s.ptr, args[1].s.len);
}

static bool greatest_span_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return keep(state, 1, (const char *)&args[0].interval, sizeof args[0].interval, args[1].s.ptr, args[1].s.len);
}

static bool least_span_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return keep(state, -1, (const char *)&args[0].interval, sizeof args[0].interval, args[1].s.ptr, args[1].s.len);
}

static bool greatest_merge(void **state, const void *other, Arena *arena, Error *error)
{
    const Extreme *from = other;
    return keep(state, 1, from->bytes, from->value_len, from->bytes + from->value_len, from->key_len);
}

static bool least_merge(void **state, const void *other, Arena *arena, Error *error)
{
    const Extreme *from = other;
    return keep(state, -1, from->bytes, from->value_len, from->bytes + from->value_len, from->key_len);
}

static bool extreme_text_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const Extreme *kept = state;
    out->is_null = false;
    out->s.ptr = arena_strndup(arena, kept->bytes, kept->value_len);
    out->s.len = kept->value_len;
    return true;
}

static bool extreme_span_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const Extreme *kept = state;
    out->is_null = false;
    memcpy(&out->interval, kept->bytes, sizeof out->interval);
    return true;
}

/* ---- floats ---- */

/* Of x, and of pairs y, x: count, sums, sums of squared differences from the mean and of their products. */
typedef struct Moments {
    Head head;
    double n, sum_x, square_x, sum_y, square_y, product;
} Moments;

static bool overflow(Error *error)
{
    return error_set(error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

static bool is_wild(double value)
{
    return isinf(value) || isnan(value);
}

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

static bool float_step(void **state, const Value *args, Arena *arena, Error *error)
{
    Moments *m = new_state(state, sizeof *m);
    double value = args[0].f, before = m->sum_x;
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

static bool add_pair(void **state, double y, double x, Error *error)
{
    Moments *m = new_state(state, sizeof *m), before = *m;
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

static bool pair_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return add_pair(state, args[0].f, args[1].f, error);
}

/* "y x" */
static bool pair_text_step(void **state, const Value *args, Arena *arena, Error *error)
{
    char *rest;
    double y = strtod(arena_strndup(arena, args[0].s.ptr, args[0].s.len), &rest);
    return add_pair(state, y, strtod(rest, NULL), error);
}

static bool moments_merge(void **state, const void *other, Arena *arena, Error *error)
{
    const Moments *b = other;
    if (!*state) {
        *(Moments *)new_state(state, sizeof *b) = *b;
        return true;
    }
    Moments *a = *state;
    double n = a->n + b->n, apart_x = a->sum_x / a->n - b->sum_x / b->n, apart_y = a->sum_y / a->n - b->sum_y / b->n;
    double weight = a->n * b->n / n;
    a->square_x += b->square_x + weight * apart_x * apart_x;
    a->square_y += b->square_y + weight * apart_y * apart_y;
    a->product += b->product + weight * apart_x * apart_y;
    a->sum_x += b->sum_x;
    a->sum_y += b->sum_y;
    a->n = n;
    return true;
}

static bool finish_float(Value *out, double value)
{
    out->is_null = false;
    out->f = value;
    return true;
}

static bool deviation_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const Moments *m = state;
    bool sample = stats_is_sample(proc);
    if (sample && m->n <= 1)
        return true;
    double variance = m->square_x / (sample ? m->n - 1 : m->n);
    return finish_float(out, stats_is_deviation(proc) ? sqrt(variance) : variance);
}

static bool pair_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const Moments *m = state;
    bool flat_x = m->square_x == 0, flat_y = m->square_y == 0;
    switch (proc) {
    case F_REGR_SXX_FLOAT8_FLOAT8:
        return finish_float(out, m->square_x);
    case F_REGR_SYY_FLOAT8_FLOAT8:
        return finish_float(out, m->square_y);
    case F_REGR_SXY_FLOAT8_FLOAT8:
        return finish_float(out, m->product);
    case F_REGR_AVGX_FLOAT8_FLOAT8:
        return finish_float(out, m->sum_x / m->n);
    case F_REGR_AVGY_FLOAT8_FLOAT8:
        return finish_float(out, m->sum_y / m->n);
    case F_COVAR_POP_FLOAT8_FLOAT8:
        return finish_float(out, m->product / m->n);
    case F_COVAR_SAMP_FLOAT8_FLOAT8:
        return m->n < 2 || finish_float(out, m->product / (m->n - 1));
    case F_CORR_FLOAT8_FLOAT8:
        return flat_x || flat_y || finish_float(out, m->product / sqrt(m->square_x * m->square_y));
    case F_REGR_R2_FLOAT8_FLOAT8:
        return flat_x || finish_float(out, flat_y ? 1.0 : m->product * m->product / (m->square_x * m->square_y));
    case F_REGR_SLOPE_FLOAT8_FLOAT8:
        return flat_x || finish_float(out, m->product / m->square_x);
    default:
        return flat_x || finish_float(out, (m->sum_y - m->sum_x * m->product / m->square_x) / m->n);
    }
}

static bool mean_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    const Moments *m = state;
    return finish_float(out, m->sum_x / m->n);
}

typedef struct Total {
    Head head;
    double sum;
} Total;

/* Reals are summed as reals. */
static bool add_float(void **state, double value, bool is_real, Error *error)
{
    double before = *state ? ((const Total *)*state)->sum : -0.0;
    Total *total = new_state(state, sizeof *total);
    total->sum = is_real ? (float)(before + value) : before + value;
    return !isinf(total->sum) || isinf(before) || isinf(value) || overflow(error);
}

static bool real_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return add_float(state, args[0].f, true, error);
}

static bool double_step(void **state, const Value *args, Arena *arena, Error *error)
{
    return add_float(state, args[0].f, false, error);
}

static bool real_merge(void **state, const void *other, Arena *arena, Error *error)
{
    return add_float(state, ((const Total *)other)->sum, true, error);
}

static bool double_merge(void **state, const void *other, Arena *arena, Error *error)
{
    return add_float(state, ((const Total *)other)->sum, false, error);
}

static bool total_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    return finish_float(out, ((const Total *)state)->sum);
}

#define NUMERIC_MOMENTS(name, oid)                                                                                                         \
    {                                                                                                                                      \
        name "_numeric", {TYPE_TEXT}, 1, TYPE_TEXT, oid, moments_step, numbers_merge, moments_finish                                       \
    }
#define FLOAT_MOMENTS(name, oid)                                                                                                           \
    {name "_float4", {TYPE_FLOAT4}, 1, TYPE_FLOAT8, oid, float_step, moments_merge, deviation_finish},                                     \
    {                                                                                                                                      \
        name "_float8", {TYPE_FLOAT8}, 1, TYPE_FLOAT8, oid, float_step, moments_merge, deviation_finish                                    \
    }
#define PAIR(name, oid)                                                                                                                    \
    {name "_text", {TYPE_TEXT}, 1, TYPE_FLOAT8, oid, pair_text_step, moments_merge, pair_finish},                                          \
    {                                                                                                                                      \
        name, {TYPE_FLOAT8, TYPE_FLOAT8}, 2, TYPE_FLOAT8, oid, pair_step, moments_merge, pair_finish                                       \
    }

static const FuncAggregate AGGREGATES[] = {
    {"numeric_total", {TYPE_TEXT}, 1, TYPE_TEXT, OID_NONE, sum_step, numbers_merge, sum_finish},
    {"numeric_average", {TYPE_TEXT}, 1, TYPE_TEXT, OID_NONE, sum_step, numbers_merge, average_finish},
    {"interval_total", {TYPE_INTERVAL}, 1, TYPE_INTERVAL, OID_NONE, spans_step, spans_merge, spans_finish},
    {"interval_mean", {TYPE_INTERVAL}, 1, TYPE_INTERVAL, F_INTERVAL_DIV_INTERVAL_FLOAT8, spans_step, spans_merge, span_mean_finish},
    {"greatest_text", {TYPE_TEXT, TYPE_BYTEA}, 2, TYPE_TEXT, OID_NONE, greatest_text_step, greatest_merge, extreme_text_finish},
    {"least_text", {TYPE_TEXT, TYPE_BYTEA}, 2, TYPE_TEXT, OID_NONE, least_text_step, least_merge, extreme_text_finish},
    {"greatest_span", {TYPE_INTERVAL, TYPE_BYTEA}, 2, TYPE_INTERVAL, OID_NONE, greatest_span_step, greatest_merge, extreme_span_finish},
    {"least_span", {TYPE_INTERVAL, TYPE_BYTEA}, 2, TYPE_INTERVAL, OID_NONE, least_span_step, least_merge, extreme_span_finish},
    {"float4_total", {TYPE_FLOAT4}, 1, TYPE_FLOAT4, OID_NONE, real_step, real_merge, total_finish},
    {"float8_total", {TYPE_FLOAT8}, 1, TYPE_FLOAT8, OID_NONE, double_step, double_merge, total_finish},
    {"float4_mean", {TYPE_FLOAT4}, 1, TYPE_FLOAT8, OID_NONE, float_step, moments_merge, mean_finish},
    {"float8_mean", {TYPE_FLOAT8}, 1, TYPE_FLOAT8, OID_NONE, float_step, moments_merge, mean_finish},
    NUMERIC_MOMENTS("var_pop", F_VAR_POP_NUMERIC),
    NUMERIC_MOMENTS("var_samp", F_VAR_SAMP_NUMERIC),
    NUMERIC_MOMENTS("stddev_pop", F_STDDEV_POP_NUMERIC),
    NUMERIC_MOMENTS("stddev_samp", F_STDDEV_SAMP_NUMERIC),
    FLOAT_MOMENTS("var_pop", F_VAR_POP_FLOAT8),
    FLOAT_MOMENTS("var_samp", F_VAR_SAMP_FLOAT8),
    FLOAT_MOMENTS("stddev_pop", F_STDDEV_POP_FLOAT8),
    FLOAT_MOMENTS("stddev_samp", F_STDDEV_SAMP_FLOAT8),
    PAIR("regr_sxx", F_REGR_SXX_FLOAT8_FLOAT8),
    PAIR("regr_syy", F_REGR_SYY_FLOAT8_FLOAT8),
    PAIR("regr_sxy", F_REGR_SXY_FLOAT8_FLOAT8),
    PAIR("regr_avgx", F_REGR_AVGX_FLOAT8_FLOAT8),
    PAIR("regr_avgy", F_REGR_AVGY_FLOAT8_FLOAT8),
    PAIR("regr_r2", F_REGR_R2_FLOAT8_FLOAT8),
    PAIR("regr_slope", F_REGR_SLOPE_FLOAT8_FLOAT8),
    PAIR("regr_intercept", F_REGR_INTERCEPT_FLOAT8_FLOAT8),
    PAIR("covar_pop", F_COVAR_POP_FLOAT8_FLOAT8),
    PAIR("covar_samp", F_COVAR_SAMP_FLOAT8_FLOAT8),
    PAIR("corr", F_CORR_FLOAT8_FLOAT8),
};

size_t func_aggregates(const FuncAggregate **out)
{
    *out = AGGREGATES;
    return COUNT_OF(AGGREGATES);
}
