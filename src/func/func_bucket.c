/*
 * func_bucket.c - width_bucket, gcd and lcm of numerics, numbers out of jsonb.
 *
 * Any thread.
 */
#include "func/func_json.h"

#include <math.h>

/* ---- width_bucket ---- */

static bool refuse(FuncCall *call, const char *why)
{
    return error_set(call->error, ERRCODE_INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, "%s", why);
}

static bool return_bucket(FuncCall *call, int64_t bucket)
{
    if (bucket > INT32_MAX)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    return return_int(call, bucket);
}

static bool bucket_of_float(FuncCall *call)
{
    double x = call->args[0].f, low = call->args[1].f, high = call->args[2].f;
    int64_t count = call->args[3].i;
    if (count <= 0)
        return refuse(call, "count must be greater than zero");
    if (isnan(x) || isnan(low) || isnan(high))
        return refuse(call, "operand, lower bound, and upper bound cannot be NaN");
    if (isinf(low) || isinf(high))
        return refuse(call, "lower and upper bounds must be finite");
    if (low == high)
        return refuse(call, "lower bound cannot equal upper bound");
    bool downward = low > high;
    if (downward ? x > low : x < low)
        return return_bucket(call, 0);
    if (downward ? x <= high : x >= high)
        return return_bucket(call, count + 1);
    /* As PostgreSQL 15 computes it: rounding may reach the upper bound, and what is beyond int4 is the least of them, the machine's answer.
     */
    double bucket = (double)count * (x - low) / (high - low) + 1;
    return return_int(call, bucket > INT32_MIN - 1.0 && bucket < INT32_MAX + 1.0 ? (int32_t)bucket : INT32_MIN);
}

static bool is_nan(const char *number)
{
    return numeric_sign(number) == 2;
}

/* floor(count * (x - low) / (high - low)) + 1, with the division's own rounding. */
static bool inner_bucket(FuncCall *call, const char *x, const char *low, const char *high, int64_t count)
{
    const char *away, *span, *times, *part, *number = arena_printf(call->arena, "%lld", (long long)count);
    bool downward = numeric_compare(low, high) > 0;
    if (!numeric_op(NUMERIC_SUB, downward ? low : x, downward ? x : low, call->arena, &away, call->error) ||
        !numeric_op(NUMERIC_SUB, downward ? low : high, downward ? high : low, call->arena, &span, call->error) ||
        !numeric_op(NUMERIC_MUL, away, number, call->arena, &times, call->error) ||
        !numeric_op(NUMERIC_DIV, times, span, call->arena, &part, call->error))
        return false;
    int64_t bucket;
    return numeric_floor(part, call->arena, &part, call->error) && numeric_to_int(part, 0, INT32_MAX, "integer", &bucket, call->error) &&
           return_bucket(call, bucket + 1);
}

static bool bucket_of_numeric(FuncCall *call)
{
    const char *x = arg_numeric(call, 0), *low = arg_numeric(call, 1), *high = arg_numeric(call, 2);
    int64_t count = call->args[3].i;
    if (count <= 0)
        return refuse(call, "count must be greater than zero");
    if (is_nan(x) || is_nan(low) || is_nan(high))
        return refuse(call, "operand, lower bound, and upper bound cannot be NaN");
    if (strchr(low, 'I') || strchr(high, 'I'))
        return refuse(call, "lower and upper bounds must be finite");
    int order = numeric_compare(low, high);
    if (order == 0)
        return refuse(call, "lower bound cannot equal upper bound");
    if (numeric_compare(x, low) * order > 0)
        return return_bucket(call, 0);
    if (numeric_compare(x, high) * order <= 0)
        return return_bucket(call, count + 1);
    return inner_bucket(call, x, low, high, count);
}

/* Arguments: element type, operand, thresholds in rising order. The bucket is how many thresholds are not above it. */
bool helper_array_bucket(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 2, &shape))
        return false;
    if (shape.ndim > 1)
        return error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "thresholds must be one-dimensional array");
    for (size_t i = 0; i < shape.count; i++)
        if (!shape.elements[i].text)
            return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "thresholds array must not contain NULLs");
    ArrayElement operand = {call->args[1].s.ptr, call->args[1].s.len};
    size_t low = 0, high = shape.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order;
        if (!array_elements_order(call, arg_oid(call, 0), &operand, &shape.elements[middle], &order))
            return false;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return return_int(call, (int64_t)low);
}

/* ---- greatest common divisor, least common multiple ---- */

static int scale_of(const char *number)
{
    const char *point = strchr(number, '.');
    return point ? (int)strlen(point + 1) : 0;
}

static bool is_special(const char *number)
{
    return strchr(number, 'N') || strchr(number, 'I');
}

static bool divisor_of(FuncCall *call, const char *a, const char *b, const char **out)
{
    a = numeric_abs(a, call->arena);
    b = numeric_abs(b, call->arena);
    while (numeric_sign(b) != 0) {
        const char *rest;
        if (!numeric_op(NUMERIC_MOD, a, b, call->arena, &rest, call->error))
            return false;
        a = b;
        b = rest;
    }
    *out = a;
    return true;
}

static bool gcd(FuncCall *call)
{
    const char *a = arg_numeric(call, 0), *b = arg_numeric(call, 1), *out;
    int scale = scale_of(a) > scale_of(b) ? scale_of(a) : scale_of(b);
    if (is_special(a) || is_special(b))
        return return_text(call, "NaN");
    return divisor_of(call, a, b, &out) && numeric_round(out, scale, call->arena, &out, call->error) && return_text(call, out);
}

static bool lcm(FuncCall *call)
{
    const char *a = arg_numeric(call, 0), *b = arg_numeric(call, 1), *out = "0", *times;
    int scale = scale_of(a) > scale_of(b) ? scale_of(a) : scale_of(b);
    if (is_special(a) || is_special(b))
        return return_text(call, "NaN");
    if (numeric_sign(a) && numeric_sign(b)) {
        const char *divisor;
        if (!divisor_of(call, a, b, &divisor) || !numeric_op(NUMERIC_DIV_TRUNC, a, divisor, call->arena, &times, call->error) ||
            !numeric_op(NUMERIC_MUL, times, b, call->arena, &out, call->error))
            return false;
        out = numeric_abs(out, call->arena);
    }
    return numeric_round(out, scale, call->arena, &out, call->error) && return_text(call, out);
}

/* ---- casts of jsonb ---- */

static const char *kind_name(char kind)
{
    switch (kind) {
    case '{':
        return "object";
    case '[':
        return "array";
    case '"':
        return "string";
    case 'n':
        return "null";
    case '0':
        return "numeric";
    default:
        return "boolean";
    }
}

static bool cannot_cast(FuncCall *call, char kind)
{
    return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "cannot cast jsonb %s to type %s", kind_name(kind),
                     type_format_builtin(call->return_type, -1, call->arena));
}

static bool jsonb_to_number(FuncCall *call)
{
    JsonPart part = json_arg(call, 0);
    if (json_kind(part) != '0')
        return cannot_cast(call, json_kind(part));
    const char *number = arena_strndup(call->arena, part.text, part.len);
    int64_t value = 0;
    switch (call->return_type) {
    case TYPE_NUMERIC:
        return return_text(call, number);
    case TYPE_INT2:
        return numeric_to_int(number, INT16_MIN, INT16_MAX, "smallint", &value, call->error) && return_int(call, value);
    case TYPE_INT4:
        return numeric_to_int(number, INT32_MIN, INT32_MAX, "integer", &value, call->error) && return_int(call, value);
    case TYPE_INT8:
        return numeric_to_int(number, INT64_MIN, INT64_MAX, "bigint", &value, call->error) && return_int(call, value);
    default:
        return type_input(call->return_type, -1, number, strlen(number), &TYPE_CONTEXT_CANONICAL, call->arena, call->result, call->error);
    }
}

static bool jsonb_to_bool(FuncCall *call)
{
    char kind = json_kind(json_arg(call, 0));
    return kind == 't' || kind == 'f' ? return_bool(call, kind == 't') : cannot_cast(call, kind);
}

static const FuncRow ROWS[] = {
    {F_WIDTH_BUCKET_FLOAT8_FLOAT8_FLOAT8_INT4, bucket_of_float},
    {F_WIDTH_BUCKET_NUMERIC_NUMERIC_NUMERIC_INT4, bucket_of_numeric},
    {F_GCD_NUMERIC_NUMERIC, gcd},
    {F_LCM_NUMERIC_NUMERIC, lcm},
    {F_BOOL_JSONB, jsonb_to_bool},
    {F_NUMERIC_JSONB, jsonb_to_number},
    {F_INT2_JSONB, jsonb_to_number},
    {F_INT4_JSONB, jsonb_to_number},
    {F_INT8_JSONB, jsonb_to_number},
    {F_FLOAT4_JSONB, jsonb_to_number},
    {F_FLOAT8_JSONB, jsonb_to_number},
};
const FuncTable FUNC_TABLE_BUCKET = {ROWS, COUNT_OF(ROWS)};
