/*
 * func_stats.c - variance and standard deviation over a group's values, as helpers of the local engine.
 *
 *  1. A group's values arrive as texts separated by blanks: integers and numerics are summed exactly, floats by PostgreSQL's
 *     incremental rule, in the order they come.
 *  2. FuncCall.proc is the aggregate's OID (of the numeric or double precision one), which says what is asked.
 * Any thread.
 */
#include "func/func_stats.h"

#include <math.h>
#include <stdlib.h>

static bool is_sample(Oid proc)
{
    return proc == F_VAR_SAMP_NUMERIC || proc == F_STDDEV_SAMP_NUMERIC || proc == F_VAR_SAMP_FLOAT8 || proc == F_STDDEV_SAMP_FLOAT8;
}

static bool is_deviation(Oid proc)
{
    return proc == F_STDDEV_POP_NUMERIC || proc == F_STDDEV_SAMP_NUMERIC || proc == F_STDDEV_POP_FLOAT8 || proc == F_STDDEV_SAMP_FLOAT8;
}

typedef struct Sums {
    const char *sum, *squares;
    int64_t count;
    bool special; /* NaN or an infinity among them */
} Sums;

static bool add_up(FuncCall *call, Sums *sums)
{
    *sums = (Sums){.sum = "0", .squares = "0"};
    for (const char *text = arg_text(call, 0); *text;) {
        size_t len = strcspn(text, " ");
        const char *item = arena_strndup(call->arena, text, len), *square;
        sums->count++;
        sums->special = sums->special || strchr(item, 'N') || strchr(item, 'I');
        if (!numeric_op(NUMERIC_MUL, item, item, call->arena, &square, call->error) ||
            !numeric_op(NUMERIC_ADD, sums->sum, item, call->arena, &sums->sum, call->error) ||
            !numeric_op(NUMERIC_ADD, sums->squares, square, call->arena, &sums->squares, call->error))
            return false;
        text += len + (text[len] == ' ');
    }
    return true;
}

static int scale_of(const char *text)
{
    const char *point = strchr(text, '.');
    return point ? (int)strlen(point + 1) : 0;
}

/* (n * sum of squares - square of sum) / (n * (n - 1)), or n * n for the population. */
bool helper_numeric_stats(FuncCall *call)
{
    Sums sums;
    const char *above, *square, *out;
    bool sample = is_sample(call->proc);
    if (!add_up(call, &sums))
        return false;
    if (sums.count <= (sample ? 1 : 0))
        return return_null(call);
    if (sums.special)
        return return_text(call, "NaN");
    const char *n = arena_printf(call->arena, "%lld", (long long)sums.count);
    const char *below = arena_printf(call->arena, "%lld", (long long)(sums.count * (sums.count - (sample ? 1 : 0))));
    if (!numeric_op(NUMERIC_MUL, n, sums.squares, call->arena, &above, call->error) ||
        !numeric_op(NUMERIC_MUL, sums.sum, sums.sum, call->arena, &square, call->error) ||
        !numeric_op(NUMERIC_SUB, above, square, call->arena, &above, call->error))
        return false;
    if (numeric_sign(above) <= 0)
        return return_text(call, "0");
    if (!numeric_op(NUMERIC_DIV, above, below, call->arena, &out, call->error))
        return false;
    int scale = scale_of(out);
    /* The root is rounded once, at the variance's scale: with digits to spare before that, as many as the argument's scale asks for. */
    if (is_deviation(call->proc))
        out = arena_printf(call->arena, "%s%s%020d", out, scale ? "" : ".", 0);
    if (is_deviation(call->proc) &&
        (!numeric_sqrt(out, call->arena, &out, call->error) || !numeric_round(out, scale, call->arena, &out, call->error)))
        return false;
    return return_text(call, out);
}

/* Youngs and Cramer: the sum of squared differences grows with each value. */
bool helper_float_stats(FuncCall *call)
{
    double n = 0, sum = 0, differences = 0;
    bool infinite = false;
    char *end;
    for (const char *text = arg_text(call, 0); *text; text = end) {
        double value = strtod(text, &end);
        if (end == text)
            break;
        infinite = infinite || isinf(value) || isnan(value);
        n += 1;
        sum += value;
        if (n > 1) {
            double step = value * n - sum;
            differences += step * step / (n * (n - 1));
        }
    }
    bool sample = is_sample(call->proc);
    if (n <= (sample ? 1 : 0))
        return return_null(call);
    if (infinite)
        return return_float(call, NAN);
    if (isinf(sum) || isinf(differences))
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
    double variance = differences / (sample ? n - 1 : n);
    return return_float(call, is_deviation(call->proc) ? sqrt(variance) : variance);
}

/* ---- percentiles ---- */

bool helper_percentile(FuncCall *call)
{
    double fraction = call->args[0].f;
    if (fraction < 0 || fraction > 1 || isnan(fraction))
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "percentile value %g is not between 0 and 1", fraction);
    return return_float(call, fraction);
}

/* Arguments: the values around the place, the place. */
bool helper_percentile_between(FuncCall *call)
{
    double low = call->args[0].f, high = call->args[1].f, place = call->args[2].f;
    double part = place - floor(place);
    return return_float(call, part == 0 ? low : low + part * (high - low));
}
