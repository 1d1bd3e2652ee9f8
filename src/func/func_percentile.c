/*
 * func_percentile.c - ordered-set aggregates over sorted values that lie in one array's text: mode, and percentiles of any type or number.
 *
 * Any thread.
 */
#include "func/func_array.h"

#include <math.h>

/* Arguments: type, the values in their order. Of equally frequent ones the first. */
bool helper_array_mode(FuncCall *call)
{
    ArrayShape values;
    if (!array_read(call, 1, &values))
        return false;
    size_t best = 0, most = 0;
    for (size_t start = 0, end; start < values.count; start = end) {
        for (end = start + 1; end < values.count; end++)
            if (!array_elements_equal(arg_oid(call, 0), &values.elements[start], &values.elements[end], call->arena))
                break;
        if (end - start > most) {
            most = end - start;
            best = start;
        }
    }
    if (!most)
        return return_null(call);
    return return_bytes(call, values.elements[best].text, values.elements[best].len);
}

/* Months, days and microseconds each go their part of the way, as a product with the fraction does. */
static bool between_intervals(FuncCall *call, FdwInterval low, FdwInterval high, double part, FdwInterval *out)
{
    Value args[2] = {{.physical = FDW_INTERVAL, .interval = high}, {.physical = FDW_INTERVAL, .interval = low}};
    Value result = {.physical = FDW_INTERVAL};
    FuncCall inner = *call;
    inner.args = args;
    inner.nargs = 2;
    inner.result = &result;
    inner.return_type = TYPE_INTERVAL;
    if (!func_find(F_INTERVAL_MI_INTERVAL_INTERVAL)(&inner))
        return false;
    args[0] = result;
    args[1] = (Value){.physical = FDW_DOUBLE, .f = part};
    if (!func_find(F_INTERVAL_MUL_INTERVAL_FLOAT8)(&inner))
        return false;
    args[0] = result;
    args[1] = (Value){.physical = FDW_INTERVAL, .interval = low};
    if (!func_find(F_INTERVAL_PL_INTERVAL_INTERVAL)(&inner))
        return false;
    *out = result.interval;
    return true;
}

static bool read_value(FuncCall *call, Oid type, const ArrayElement *element, Value *out)
{
    return type_input(type, -1, element->text, element->len, &TYPE_CONTEXT_CANONICAL, call->arena, out, call->error);
}

static bool between(FuncCall *call, Oid type, const ArrayShape *values, double fraction, ArrayElement *out)
{
    double place = fraction * (double)(values->count - 1), first = floor(place), second = ceil(place);
    Value low, high;
    Str text;
    str_init(&text, call->arena);
    if (!read_value(call, type, &values->elements[(size_t)first], &low) ||
        !read_value(call, type, &values->elements[(size_t)second], &high))
        return false;
    if (first != second && type == TYPE_INTERVAL && !between_intervals(call, low.interval, high.interval, place - first, &low.interval))
        return false;
    if (first != second && type == TYPE_FLOAT8)
        low.f = low.f + (place - first) * (high.f - low.f);
    if (!type_output(type, &low, &TYPE_CONTEXT_CANONICAL, &text, call->error))
        return false;
    *out = (ArrayElement){text.data, text.len};
    return true;
}

/* Arguments: type, whether between the values too, the values in their order, the fractions. An array in the shape of the fractions'. */
bool helper_percentiles(FuncCall *call)
{
    ArrayShape values, fractions;
    if (call->args[2].is_null || call->args[3].is_null)
        return return_null(call);
    if (!array_read(call, 2, &values) || !array_read(call, 3, &fractions))
        return false;
    for (size_t i = 0; i < fractions.count; i++) {
        ArrayElement *element = &fractions.elements[i];
        Value fraction;
        if (!element->text)
            continue;
        if (!read_value(call, TYPE_FLOAT8, element, &fraction))
            return false;
        if (isnan(fraction.f) || fraction.f < 0 || fraction.f > 1)
            return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "percentile value %g is not between 0 and 1", fraction.f);
        if (!values.count)
            continue;
        double place = ceil(fraction.f * (double)values.count);
        if (!call->args[1].b)
            *element = values.elements[place < 1 ? 0 : (size_t)place - 1];
        else if (!between(call, arg_oid(call, 0), &values, fraction.f, element))
            return false;
    }
    return values.count ? array_return(call, &fractions) : return_null(call);
}
