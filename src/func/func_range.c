/*
 * func_range.c - ranges made of their bounds: int4range(1, 5, '[]').
 *
 * Any thread.
 */
#include "func/func_internal.h"

/* The two brackets; NULL: the error is set. */
static const char *read_flags(FuncCall *call)
{
    if (call->nargs < 3)
        return "[)";
    if (call->args[2].is_null)
        return error_set(call->error, ERRCODE_DATA_EXCEPTION, "range constructor flags argument must not be null"), NULL;
    const char *flags = arg_text(call, 2);
    if (strlen(flags) == 2 && strchr("[(", flags[0]) && strchr("])", flags[1]))
        return flags;
    error_set(call->error, ERRCODE_SYNTAX_ERROR, "invalid range bound flags");
    return error_hint(call->error, "Valid values are \"[]\", \"[)\", \"(]\", and \"()\"."), NULL;
}

/* No type of a bound has quotes or backslashes in its text. */
static bool add_bound(FuncCall *call, int index, Str *out)
{
    if (call->args[index].is_null)
        return true;
    str_addc(out, '"');
    if (!type_output(call->arg_types[index], &call->args[index], &TYPE_CONTEXT_CANONICAL, out, call->error))
        return false;
    str_addc(out, '"');
    return true;
}

static bool range_of_bounds(FuncCall *call)
{
    const char *flags = read_flags(call);
    Str text;
    str_init(&text, call->arena);
    if (!flags)
        return false;
    str_addc(&text, flags[0]);
    if (!add_bound(call, 0, &text))
        return false;
    str_addc(&text, ',');
    if (!add_bound(call, 1, &text))
        return false;
    str_addc(&text, flags[1]);
    return type_input(call->return_type, -1, text.data, text.len, &TYPE_CONTEXT_CANONICAL, call->arena, call->result, call->error);
}

static const FuncRow ROWS[] = {
    {F_INT4RANGE_INT4_INT4, range_of_bounds},
    {F_INT4RANGE_INT4_INT4_TEXT, range_of_bounds},
    {F_INT8RANGE_INT8_INT8, range_of_bounds},
    {F_INT8RANGE_INT8_INT8_TEXT, range_of_bounds},
    {F_NUMRANGE_NUMERIC_NUMERIC, range_of_bounds},
    {F_NUMRANGE_NUMERIC_NUMERIC_TEXT, range_of_bounds},
    {F_DATERANGE_DATE_DATE, range_of_bounds},
    {F_DATERANGE_DATE_DATE_TEXT, range_of_bounds},
    {F_TSRANGE_TIMESTAMP_TIMESTAMP, range_of_bounds},
    {F_TSRANGE_TIMESTAMP_TIMESTAMP_TEXT, range_of_bounds},
    {F_TSTZRANGE_TIMESTAMPTZ_TIMESTAMPTZ, range_of_bounds},
    {F_TSTZRANGE_TIMESTAMPTZ_TIMESTAMPTZ_TEXT, range_of_bounds},
};
const FuncTable FUNC_TABLE_RANGE = {ROWS, COUNT_OF(ROWS)};
