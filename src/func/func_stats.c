/*
 * func_stats.c - variance and standard deviation of numerics from exact sums; percentiles.
 *
 *  1. The OID of the aggregate (of the numeric or double precision one) says what is asked.
 * Any thread.
 */
#include "func/func_stats.h"

#include <math.h>

bool stats_is_sample(Oid proc)
{
    return proc == F_VAR_SAMP_NUMERIC || proc == F_STDDEV_SAMP_NUMERIC || proc == F_VAR_SAMP_FLOAT8 || proc == F_STDDEV_SAMP_FLOAT8;
}

bool stats_is_deviation(Oid proc)
{
    return proc == F_STDDEV_POP_NUMERIC || proc == F_STDDEV_SAMP_NUMERIC || proc == F_STDDEV_POP_FLOAT8 || proc == F_STDDEV_SAMP_FLOAT8;
}

static int scale_of(const char *text)
{
    const char *point = strchr(text, '.');
    return point ? (int)strlen(point + 1) : 0;
}

/* (n * sum of squares - square of sum) / (n * (n - 1)), or n * n for the population. */
bool stats_of_sums(Oid proc, int64_t count, bool special, const char *sum, const char *squares, Arena *arena, const char **text,
                   Error *error)
{
    const char *above, *square, *out;
    bool sample = stats_is_sample(proc);
    *text = count <= (sample ? 1 : 0) ? NULL : "NaN";
    if (special || !*text)
        return true;
    const char *n = arena_printf(arena, "%lld", (long long)count);
    const char *below = arena_printf(arena, "%lld", (long long)(count * (count - (sample ? 1 : 0))));
    if (!numeric_op(NUMERIC_MUL, n, squares, arena, &above, error) || !numeric_op(NUMERIC_MUL, sum, sum, arena, &square, error) ||
        !numeric_op(NUMERIC_SUB, above, square, arena, &above, error))
        return false;
    *text = "0";
    if (numeric_sign(above) <= 0)
        return true;
    if (!numeric_op(NUMERIC_DIV, above, below, arena, &out, error))
        return false;
    int scale = scale_of(out);
    /* The root is rounded once, at the variance's scale: with digits to spare before that, as many as the argument's scale asks for. */
    if (stats_is_deviation(proc))
        out = arena_printf(arena, "%s%s%020d", out, scale ? "" : ".", 0);
    if (stats_is_deviation(proc) && (!numeric_sqrt(out, arena, &out, error) || !numeric_round(out, scale, arena, &out, error)))
        return false;
    *text = out;
    return true;
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
