/*
 * func_aggregate.c - aggregates of the local engine that keep a few numbers a group: sums and moments of numerics, sums of intervals;
 * and the least and the greatest where equal values differ. Those of floats are in func_aggregate_float.c and func_frame.c.
 *
 *  1. A state is one pointer, NULL until the first row: groups without a row cost nothing.
 *  2. Numerics are summed exactly: in 128 bits while they fit, beyond that as texts.
 * Any thread; a state belongs to one at a time.
 */
#include "func/func_aggregate.h"
#include "func/func_stats.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

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
    AggregateHead head;
    int64_t count;
    bool special; /* NaN or an infinity among them */
    Sum sum, squares;
} Numbers;

void *aggregate_state(void **state, size_t size)
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
    Numbers *numbers = aggregate_state(state, sizeof *numbers);
    numbers->head.kind = AGGREGATE_NUMBERS;
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
    Numbers *numbers = aggregate_state(state, sizeof *numbers);
    numbers->head.kind = AGGREGATE_NUMBERS;
    numbers->count += from->count;
    numbers->special = numbers->special || from->special;
    return sum_merge(&numbers->sum, &from->sum, arena, error) && sum_merge(&numbers->squares, &from->squares, arena, error);
}

void func_aggregate_close(void *state)
{
    AggregateKind kind = ((const AggregateHead *)state)->kind;
    if (kind == AGGREGATE_FRAME) {
        frame_close(state);
        return;
    }
    if (kind == AGGREGATE_NUMBERS) {
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
    AggregateHead head;
    int64_t count, months, days, micros;
} Spans;

static bool add_spans(void **state, int64_t count, int64_t months, int64_t days, int64_t micros, Error *error)
{
    Spans *spans = aggregate_state(state, sizeof *spans);
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
    AggregateHead head;
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
        kept = aggregate_state(state, sizeof *kept + value_len + key_len);
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

#define NUMERIC_MOMENTS(name, oid)                                                                                                         \
    {                                                                                                                                      \
        name "_numeric", {TYPE_TEXT}, 1, TYPE_TEXT, oid, moments_step, numbers_merge, moments_finish                                       \
    }
/* Over windows the same by the name over_<name>. */
#define FLOAT(name, type, result, oid, step, merge, finish)                                                                                \
    {name, {type}, 1, result, oid, step, merge, finish},                                                                                   \
    {                                                                                                                                      \
        "over_" name, {type}, 1, result, oid, frame_step, frame_merge, frame_finish                                                        \
    }
#define FLOAT_MOMENTS(name, oid)                                                                                                           \
    FLOAT(name "_float4", TYPE_FLOAT4, TYPE_FLOAT8, oid, float_step, moments_merge, moments_give),                                         \
        FLOAT(name "_float8", TYPE_FLOAT8, TYPE_FLOAT8, oid, float_step, moments_merge, moments_give)
#define PAIR(name, oid)                                                                                                                    \
    {name "_text", {TYPE_TEXT}, 1, TYPE_FLOAT8, oid, pair_text_step, moments_merge, moments_give},                                         \
        {name, {TYPE_FLOAT8, TYPE_FLOAT8}, 2, TYPE_FLOAT8, oid, pair_step, moments_merge, moments_give},                                   \
    {                                                                                                                                      \
        "over_" name, {TYPE_FLOAT8, TYPE_FLOAT8}, 2, TYPE_FLOAT8, oid, frame_pair_step, frame_merge, frame_finish                          \
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
    FLOAT("float4_total", TYPE_FLOAT4, TYPE_FLOAT4, F_SUM_FLOAT4, real_step, real_merge, total_give),
    FLOAT("float8_total", TYPE_FLOAT8, TYPE_FLOAT8, F_SUM_FLOAT8, double_step, double_merge, total_give),
    FLOAT("float4_mean", TYPE_FLOAT4, TYPE_FLOAT8, F_AVG_FLOAT8, float_step, moments_merge, moments_give),
    FLOAT("float8_mean", TYPE_FLOAT8, TYPE_FLOAT8, F_AVG_FLOAT8, float_step, moments_merge, moments_give),
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
