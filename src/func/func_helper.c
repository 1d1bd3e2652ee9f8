/*
 * func_helper.c - helpers of the local engine that are no function of pg_proc: texts of types, keys, exact sums.
 *
 *  1. FuncCall.proc of an input, output or text helper is the type's OID.
 * Any thread.
 */
#include "func/func_array.h"
#include "func/func_enum.h"
#include "func/func_stats.h"
#include "func/func_time.h"
#include "type/part.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- texts of types ---- */

static bool write_text(FuncCall *call, Oid type, const Value *value, const TypeContext *context)
{
    Str out;
    str_init(&out, call->arena);
    if (!type_output(type, value, context, &out, call->error))
        return false;
    return return_bytes(call, out.data, out.len);
}

static bool text_output(FuncCall *call)
{
    return write_text(call, call->proc, &call->args[0], call->context->types);
}

static bool text_canonical(FuncCall *call)
{
    return write_text(call, call->proc, &call->args[0], &TYPE_CONTEXT_CANONICAL);
}

static bool text_input(FuncCall *call)
{
    const Value *text = &call->args[0];
    return type_input(call->proc, -1, text->s.ptr, text->s.len, call->context->types, call->arena, call->result, call->error);
}

/* Arguments: type, canonical text. */
static bool output_of_text(FuncCall *call)
{
    return write_text(call, arg_oid(call, 0), &call->args[1], call->context->types);
}

/* Arguments: fields (catalog.h; none: ""), type, canonical text. */
static bool output_of_row(FuncCall *call)
{
    const char *fields = arg_text(call, 0);
    const char *shown = catalog_shown_text(call->context->catalog, arg_oid(call, 1), *fields ? fields : NULL, arg_text(call, 2),
                                           call->context->types, call->arena, call->error);
    return shown && return_text(call, shown);
}

/* Arguments: fields, type, canonical text. */
static bool with_fields(FuncCall *call)
{
    return return_text(call, catalog_with_fields(arg_oid(call, 1), arg_text(call, 0), arg_text(call, 2), call->arena));
}

static bool input_of_text(FuncCall *call)
{
    const Value *text = &call->args[1];
    return type_input(arg_oid(call, 0), -1, text->s.ptr, text->s.len, call->context->types, call->arena, call->result, call->error);
}

/* ---- keys ---- */

static bool numeric_key(FuncCall *call)
{
    Str key;
    str_init(&key, call->arena);
    numeric_sort_key(arg_text(call, 0), &key);
    return return_bytes(call, key.data, key.len);
}

/* Arguments: type, canonical text. */
static bool sort_key(FuncCall *call)
{
    Str key;
    str_init(&key, call->arena);
    const Value *text = &call->args[1];
    if (!type_sort_key(arg_oid(call, 0), text->s.ptr, text->s.len, call->arena, &key))
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "values of type %u have no sort key", arg_oid(call, 0));
    return return_bytes(call, key.data, key.len);
}

static bool interval_key(FuncCall *call)
{
    Str key;
    str_init(&key, call->arena);
    interval_sort_key(call->args[0].interval, &key);
    return return_bytes(call, key.data, key.len);
}

/* The instant, then the more eastern zone first: PostgreSQL's order of timetz. */
static bool timetz_key(FuncCall *call)
{
    TimeTz time;
    timetz_read(arg_text(call, 0), &time);
    long long instant = timetz_instant(time) + 2 * DAY_MICROS;
    return return_text(call, arena_printf(call->arena, "%020lld %06d", instant, 100000 - time.east));
}

const char *row_cell(const char *at, Arena *arena, const char **text)
{
    Str cell;
    bool quoted = false, any = false;
    str_init(&cell, arena);
    for (; *at && (quoted || (*at != ',' && *at != ')')); at++) {
        any = true;
        if (*at == '"' && !(quoted && at[1] == '"'))
            quoted = !quoted;
        else
            str_addc(&cell, (*at == '\\' || *at == '"') && at[1] ? *++at : *at);
    }
    *text = any ? (cell.data ? cell.data : "") : NULL;
    return at;
}

/* A column's text as it stands in a row's text: in quotes where it is empty or could be mistaken. */
static bool row_quote(FuncCall *call)
{
    enum { LONGEST = 64 << 20 }; /* quotes in quotes double with each row around */
    const Value *text = &call->args[0];
    bool quoted = !text->s.len;
    if (text->s.len > LONGEST) {
        error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "out of memory");
        return error_detail(call->error, "The text of a row's column has more than %d bytes.", LONGEST);
    }
    size_t doubled = 0;
    for (size_t i = 0; i < text->s.len; i++) {
        char c = text->s.ptr[i];
        doubled += c == '"' || c == '\\';
        quoted = quoted || strchr("\"\\(), \t\n\v\f\r", c);
    }
    if (!quoted)
        return return_bytes(call, text->s.ptr, text->s.len);
    char *quotes = arena_alloc(call->arena, text->s.len + doubled + 2), *end = quotes;
    *end++ = '"';
    for (size_t i = 0; i < text->s.len; i++) {
        char c = text->s.ptr[i];
        if (c == '"' || c == '\\')
            *end++ = c;
        *end++ = c;
    }
    *end++ = '"';
    return return_bytes(call, quotes, (size_t)(end - quotes));
}

/* The canonical text of a row's column, from 1. */
static bool row_get(FuncCall *call)
{
    const char *at = type_row_body(arg_text(call, 0)), *text;
    int64_t wanted = call->args[1].i;
    for (int64_t number = 1; *at == '(' || *at == ','; number++) {
        at = row_cell(at + 1, call->arena, &text);
        if (number == wanted)
            return return_text(call, text);
    }
    return return_null(call);
}

/* Whether all fields of a row's text are NULL, or, `wanted` being false, none is. */
static bool row_has_only(FuncCall *call, bool wanted)
{
    const char *at = type_row_body(arg_text(call, 0)), *text;
    bool only = true;
    if (strcmp(at, "()") == 0) /* one field that is NULL */
        return return_bool(call, wanted);
    while (only && (*at == '(' || *at == ',')) {
        at = row_cell(at + 1, call->arena, &text);
        only = !text == wanted;
    }
    return return_bool(call, only);
}

static bool row_all_null(FuncCall *call)
{
    return row_has_only(call, true);
}

static bool row_no_null(FuncCall *call)
{
    return row_has_only(call, false);
}

/* How many rows or groups a frame's bound is away; whether it is the start. */
static bool frame_offset(FuncCall *call)
{
    const char *which = call->args[1].i ? "starting" : "ending";
    if (call->args[0].is_null)
        return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "frame %s offset must not be null", which);
    if (call->args[0].i < 0)
        return error_set(call->error, ERRCODE_INVALID_PRECEDING_OR_FOLLOWING_SIZE, "frame %s offset must not be negative", which);
    return return_int(call, call->args[0].i);
}

/* A numeric as one of DECIMAL(38,18), to which RANGE adds offsets that are places too: 18 digits on either side of the point, beyond them
 * the infinities, infinite offsets, which reach all of these, and NaN, which nothing reaches. Arguments: the numeric, whether it is an
 * offset. */
static bool numeric_place(FuncCall *call)
{
    enum { MOST_DIGITS = 18 };
    static const char INFINITE[] = "2000000000000000000", INFINITE_OFFSET[] = "5000000000000000000",
                      NOT_A_NUMBER[] = "20000000000000000000";
    const char *text = arg_text(call, 0);
    bool negative = *text == '-', is_offset = call->args[1].b;
    size_t whole = strcspn(text + negative, "."), fraction = text[negative + whole] ? strlen(text + negative + whole + 1) : 0;
    if (is_offset && (*text == 'N' || (negative && text[strspn(text, "-0.")])))
        return error_set(call->error, ERRCODE_INVALID_PRECEDING_OR_FOLLOWING_SIZE,
                         "invalid preceding or following size in window function");
    if (*text == 'N')
        return return_text(call, NOT_A_NUMBER);
    if (text[negative] == 'I')
        return return_text(call, is_offset ? INFINITE_OFFSET : arena_printf(call->arena, negative ? "-%s" : "%s", INFINITE));
    while (fraction > MOST_DIGITS && text[negative + whole + fraction] == '0')
        fraction--;
    if (whole > MOST_DIGITS || fraction > MOST_DIGITS)
        return error_set(
            call->error, ERRCODE_FEATURE_NOT_SUPPORTED,
            "RANGE with an offset over numerics of more than %d digits before or behind the point is not supported by the local engine",
            MOST_DIGITS);
    return return_text(call, text);
}

static bool nth(FuncCall *call)
{
    if (call->args[0].i <= 0)
        return error_set(call->error, ERRCODE_INVALID_ARGUMENT_FOR_NTH_VALUE, "argument of nth_value must be greater than zero");
    return return_int(call, call->args[0].i);
}

/* A constant of the type, from its text. */
static bool written_apart(FuncCall *call)
{
    const Value *text = &call->args[0];
    return type_input(call->proc, -1, text->s.ptr, text->s.len, &TYPE_CONTEXT_CANONICAL, call->arena, call->result, call->error);
}

/* Reads a value that nobody else does. */
static bool computed(FuncCall *call)
{
    return return_bool(call, true);
}

bool func_helper_is_volatile(const FuncHelper *helper)
{
    const FuncFact *fact = helper->proc ? func_fact(helper->proc) : NULL;
    return helper->impl == written_apart || helper->impl == computed || (fact && fact->volatility == 'v' && !fact->returns_set);
}

static bool interval_clock(FuncCall *call)
{
    return return_int(call, call->args[0].interval.micros);
}

/* What an interval is worth where it is compared: whole microseconds, months having 30 days. More than 64 bits can say, so as a text. */
static bool interval_micros(FuncCall *call)
{
    const long long HALF = 1000000000000;
    FdwInterval span = call->args[0].interval;
    __int128 total = ((__int128)span.months * 30 + span.days) * 86400000000LL + span.micros, size = total < 0 ? -total : total;
    return return_text(
        call, arena_printf(call->arena, "%s%lld%012lld", total < 0 ? "-" : "", (long long)(size / HALF), (long long)(size % HALF)));
}

static bool series_step(FuncCall *call)
{
    if (!call->args[0].i)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "step size cannot equal zero");
    return return_int(call, call->args[0].i);
}

/* Of LIMIT (true) or OFFSET. */
static bool row_count(FuncCall *call)
{
    bool is_limit = call->args[1].i != 0;
    if (call->args[0].i >= 0)
        return return_int(call, call->args[0].i);
    return error_set(call->error, is_limit ? ERRCODE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE : ERRCODE_INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE,
                     "%s must not be negative", is_limit ? "LIMIT" : "OFFSET");
}

static bool oid_as_int4(FuncCall *call)
{
    return return_int(call, (int32_t)(uint32_t)call->args[0].i);
}

/* ---- exact aggregates ---- */

/* Arguments: sum, count (int8). */
static bool numeric_quotient(FuncCall *call)
{
    const char *count = arena_printf(call->arena, "%lld", (long long)call->args[1].i), *out;
    if (!call->args[1].i)
        return return_null(call);
    if (!numeric_op(NUMERIC_DIV, arg_text(call, 0), count, call->arena, &out, call->error))
        return false;
    return return_text(call, out);
}

/* A sum that overflowed although no value was infinite is an error. Arguments: sum, whether a value was infinite. */
static bool check_overflow(FuncCall *call, double sum)
{
    if (isinf(sum) && (call->args[call->nargs - 1].is_null || !call->args[call->nargs - 1].b))
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
    return true;
}

/* Arguments: sum, whether every value has the sign bit, whether a value was infinite. The engine's sum starts from 0, PostgreSQL's from the
 * first value: of zeros that are all negative it is -0. */
static bool float_sum(FuncCall *call)
{
    double sum = call->args[0].f;
    return check_overflow(call, sum) && return_float(call, sum == 0 && call->args[1].b ? -0.0 : sum);
}

/* A whole number in the order of floats, NaN apart: how many are between it and 0. */
static bool float_place(FuncCall *call)
{
    double value = call->args[0].f;
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return return_int(call, bits < 0 ? -(bits & INT64_MAX) : bits);
}

/* format(pattern, array of the arguments' texts): %s %I %L %%, positions and widths, also from arguments. */
typedef struct FormatSpec {
    int position; /* 0: the next */
    int width;
    bool has_width_argument;
    int width_position; /* of that argument; 0: the next */
    bool left;
    char kind;
} FormatSpec;

static bool is_out_of_range(FuncCall *call)
{
    return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
}

/* Digits, if there are some. */
static bool read_number(FuncCall *call, const char **at, int *number, bool *given)
{
    int64_t value = 0;
    *given = **at >= '0' && **at <= '9';
    for (; **at >= '0' && **at <= '9'; ++*at)
        if ((value = value * 10 + (**at - '0')) > INT32_MAX)
            return is_out_of_range(call);
    *number = (int)value;
    return true;
}

static bool read_spec(FuncCall *call, const char **at, FormatSpec *spec)
{
    int number;
    bool given;
    *spec = (FormatSpec){0};
    const char *start = *at;
    if (!read_number(call, at, &number, &given))
        return false;
    if (given && **at == '$') {
        if (number == 0)
            return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE,
                             "format specifies argument 0, but arguments are numbered from 1");
        spec->position = number;
        ++*at;
    } else {
        *at = start;
    }
    for (; **at == '-'; ++*at)
        spec->left = true;
    spec->has_width_argument = **at == '*';
    *at += spec->has_width_argument;
    if (!read_number(call, at, &number, &given))
        return false;
    if (!spec->has_width_argument)
        spec->width = number;
    else if (given && number == 0)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "format specifies argument 0, but arguments are numbered from 1");
    else if (given && **at != '$')
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "width argument position must be ended by \"$\"");
    spec->width_position = spec->has_width_argument ? number : 0;
    *at += spec->has_width_argument && given;
    if (!**at) {
        error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "unterminated format() type specifier");
        return error_hint(call->error, "For a single \"%%\" use \"%%%%\".");
    }
    spec->kind = *(*at)++;
    if (strchr("sIL", spec->kind))
        return true;
    size_t len;
    text_decode(*at - 1, &len);
    error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized format() type specifier \"%.*s\"", (int)len, *at - 1);
    return error_hint(call->error, "For a single \"%%\" use \"%%%%\".");
}

static bool format_one(FuncCall *call, const FormatSpec *spec, const ArrayElement *arg, Str *out)
{
    const char *text = arg->text ? arena_strndup(call->arena, arg->text, arg->len) : NULL;
    if (spec->kind == 'I' && !text)
        return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "null values cannot be formatted as an SQL identifier");
    if (spec->kind == 'I')
        text = catalog_quote_identifier(call->context->catalog, text, call->arena);
    else if (spec->kind == 'L')
        text = text ? catalog_quote_literal(text, call->arena) : "NULL";
    else if (!text)
        text = "";
    int chars = 0;
    for (const char *c = text; *c; c++)
        chars += ((unsigned char)*c & 0xc0) != 0x80;
    size_t blanks = spec->width > chars ? (size_t)(spec->width - chars) : 0;
    str_add_fill(out, ' ', spec->left ? 0 : blanks);
    str_add(out, text);
    str_add_fill(out, ' ', spec->left ? blanks : 0);
    return true;
}

/* Below zero it means to the left. */
static bool read_width(FuncCall *call, const ArrayElement *arg, FormatSpec *spec)
{
    Value width;
    if (!arg->text)
        return true;
    if (!type_input(TYPE_INT4, -1, arg->text, arg->len, &TYPE_CONTEXT_CANONICAL, call->arena, &width, call->error))
        return false;
    if (width.i == INT32_MIN)
        return is_out_of_range(call);
    spec->left = spec->left || width.i < 0;
    spec->width = (int)(width.i < 0 ? -width.i : width.i);
    return true;
}

/* The place, from 1, of the argument that is meant: that one, or the one behind the last. */
static bool take_argument(FuncCall *call, int position, size_t count, int *last)
{
    *last = position ? position : *last + 1;
    return (size_t)*last <= count || error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "too few arguments for format()");
}

static bool format(FuncCall *call)
{
    ArrayElement *args;
    size_t count;
    int ndim, last = 0;
    if (!type_array_parse(call->args[1].s.ptr, call->args[1].s.len, call->arena, &args, &count, &ndim, call->error))
        return false;
    Str out;
    str_init(&out, call->arena);
    for (const char *at = arg_text(call, 0); *at;) {
        if (*at != '%') {
            str_addc(&out, *at++);
            continue;
        }
        if (*++at == '%') {
            str_addc(&out, *at++);
            continue;
        }
        FormatSpec spec;
        if (!read_spec(call, &at, &spec))
            return false;
        if (spec.has_width_argument &&
            (!take_argument(call, spec.width_position, count, &last) || !read_width(call, &args[last - 1], &spec)))
            return false;
        if (!take_argument(call, spec.position, count, &last) || !format_one(call, &spec, &args[last - 1], &out))
            return false;
    }
    return return_bytes(call, out.data, out.len);
}

/* A set-returning function's rows, each an array of its columns' canonical texts; collected into one array. */
typedef struct RowCollector {
    Str rows;
    const FuncFact *fact;
    FuncCall *call;
    Arena *row; /* of the row at hand */
    size_t count;
    bool failed;
} RowCollector;

/* A type of each layout, for its text. */
static const Oid PHYSICAL_TYPES[] = {
    [FDW_BOOL] = TYPE_BOOL,           [FDW_INT16] = TYPE_INT2,
    [FDW_INT32] = TYPE_INT4,          [FDW_INT64] = TYPE_INT8,
    [FDW_UINT32] = TYPE_OID,          [FDW_FLOAT] = TYPE_FLOAT4,
    [FDW_DOUBLE] = TYPE_FLOAT8,       [FDW_DECIMAL] = TYPE_NUMERIC,
    [FDW_STRING] = TYPE_TEXT,         [FDW_BYTES] = TYPE_BYTEA,
    [FDW_DATE] = TYPE_DATE,           [FDW_TIME] = TYPE_TIME,
    [FDW_TIMESTAMP] = TYPE_TIMESTAMP, [FDW_TIMESTAMPTZ] = TYPE_TIMESTAMPTZ,
    [FDW_INTERVAL] = TYPE_INTERVAL,   [FDW_UUID] = TYPE_UUID,
};

/* All rows of a set are one list to the engine: it must end, and hear a cancel. */
static bool may_grow(RowCollector *collector)
{
    enum { ROWS_A_LOOK = 1024, LONGEST = 64 << 20 };
    if (collector->rows.len > LONGEST) {
        error_set(collector->call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "out of memory");
        error_detail(collector->call->error, "The rows of a set-returning function take more than %d bytes.", LONGEST);
        return false;
    }
    return collector->count++ % ROWS_A_LOOK || func_goes_on(collector->call);
}

static bool collect_row(void *sink, const Value *row, size_t ncolumns)
{
    RowCollector *collector = sink;
    Arena *arena = collector->row;
    if (!may_grow(collector))
        return !(collector->failed = true);
    ArrayElement *columns = ARENA_ARRAY(arena, ArrayElement, ncolumns + 1);
    for (size_t i = 0; i < ncolumns; i++) {
        Str text;
        str_init(&text, arena);
        if (row[i].is_null)
            continue;
        if (row[i].physical == FDW_STRING)
            str_addn(&text, row[i].s.ptr, row[i].s.len);
        else if (!type_output(PHYSICAL_TYPES[row[i].physical], &row[i], &TYPE_CONTEXT_CANONICAL, &text, collector->call->error))
            return !(collector->failed = true);
        columns[i] = (ArrayElement){text.data, text.len};
    }
    Str line;
    str_init(&line, arena);
    type_array_write(columns, ncolumns, &line);
    ArrayElement element = {line.data, line.len};
    Str quoted;
    str_init(&quoted, arena);
    type_array_write(&element, 1, &quoted);
    str_addc(&collector->rows, collector->rows.len > 1 ? ',' : ' ');
    str_addn(&collector->rows, quoted.data + 1, quoted.len - 2);
    arena_reset(arena);
    return true;
}

static bool set_rows(FuncCall *call)
{
    RowCollector collector = {.fact = func_fact(call->proc), .call = call, .row = arena_open(call->arena)};
    str_init(&collector.rows, call->arena);
    str_addc(&collector.rows, '{');
    FuncSetCall set = {.call = *call, .emit = collect_row, .sink = &collector};
    for (int i = 0; collector.fact->strict && i < call->nargs; i++) {
        if (call->args[i].is_null)
            return return_text(call, "{}");
    }
    if (!func_find_set(call->proc)(&set) || collector.failed)
        return false;
    str_addc(&collector.rows, '}');
    return return_bytes(call, collector.rows.data, collector.rows.len);
}

static bool set_rows_ascii(FuncCall *call)
{
    call->ascii = true;
    return set_rows(call);
}

#define TEXT_HELPERS(oid)                                                                                                                  \
    {"text_" #oid, text_canonical, oid, {oid}, 1, TYPE_TEXT, true, false},                                                                 \
        {"output_" #oid, text_output, oid, {oid}, 1, TYPE_TEXT, true, false}, INPUT_HELPER(oid)
#define INPUT_HELPER(oid)                                                                                                                  \
    {                                                                                                                                      \
        "input_" #oid, text_input, oid, {TYPE_TEXT}, 1, oid, true, false                                                                   \
    }

static const FuncHelper HELPERS[] = {
    TEXT_HELPERS(17),  /* bytea */
    TEXT_HELPERS(700), /* float4 */
    TEXT_HELPERS(701),
    TEXT_HELPERS(1082), /* date */
    TEXT_HELPERS(1083), /* time */
    TEXT_HELPERS(1114), /* timestamp */
    TEXT_HELPERS(1184), /* timestamptz */
    TEXT_HELPERS(1186), /* interval */
    TEXT_HELPERS(24),   /* regproc */
    TEXT_HELPERS(2202),
    TEXT_HELPERS(2203),
    TEXT_HELPERS(2204),
    TEXT_HELPERS(2205),
    TEXT_HELPERS(2206),
    TEXT_HELPERS(3734),
    TEXT_HELPERS(3769),
    TEXT_HELPERS(4089),
    TEXT_HELPERS(4096),
    TEXT_HELPERS(4191),
    INPUT_HELPER(16), /* bool */
    INPUT_HELPER(20), /* int8 */
    INPUT_HELPER(21),
    INPUT_HELPER(23),
    INPUT_HELPER(26), /* oid */
    INPUT_HELPER(28),
    INPUT_HELPER(29),
    INPUT_HELPER(2950), /* uuid */
    {"array_elements", helper_array_elements, 0, {TYPE_TEXT}, 1, TYPE_TEXT, true, true},
    {"row_get", row_get, 0, {TYPE_TEXT, TYPE_INT4}, 2, TYPE_TEXT, true, false},
    {"frame_offset", frame_offset, 0, {TYPE_INT8, TYPE_BOOL}, 2, TYPE_INT8, false, false},
    {"nth", nth, 0, {TYPE_INT4}, 1, TYPE_INT4, true, false},
    {"interval_apart", written_apart, TYPE_INTERVAL, {TYPE_TEXT}, 1, TYPE_INTERVAL, true, false},
    {"float8_apart", written_apart, TYPE_FLOAT8, {TYPE_TEXT}, 1, TYPE_FLOAT8, true, false},
    {"interval_clock", interval_clock, 0, {TYPE_INTERVAL}, 1, TYPE_INT8, true, false},
    {"interval_micros", interval_micros, 0, {TYPE_INTERVAL}, 1, TYPE_TEXT, true, false},
    {"row_all_null", row_all_null, 0, {TYPE_TEXT}, 1, TYPE_BOOL, true, false},
    {"row_no_null", row_no_null, 0, {TYPE_TEXT}, 1, TYPE_BOOL, true, false},
    {"part_set", helper_part_set, 0, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, false, false},
    {"record_order", helper_record_order, 0, {TYPE_TEXT, TYPE_TEXT, TYPE_BOOL}, 3, TYPE_INT4, true, false},
    {"row_of_array", helper_row_of_array, 0, {TYPE_TEXT}, 1, TYPE_TEXT, true, false},
    {"row_quote", row_quote, 0, {TYPE_TEXT}, 1, TYPE_TEXT, true, false},
    {"array_quote", helper_array_quote, 0, {TYPE_TEXT}, 1, TYPE_TEXT, true, false},
    {"array_get", helper_array_get, 0, {TYPE_TEXT, TYPE_INT4}, 2, TYPE_TEXT, true, false},
    {"name_get", helper_name_get, 0, {TYPE_TEXT, TYPE_INT4}, 2, TYPE_TEXT, true, false},
    {"geometry_get", helper_geometry_get, 0, {TYPE_TEXT, TYPE_INT4}, 2, TYPE_TEXT, true, false},
    {"array_at", helper_array_at, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"array_slice", helper_array_slice, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"array_append", helper_array_append, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, false, false},
    {"array_prepend", helper_array_prepend, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, false, false},
    {"array_cat", helper_array_cat, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, false, false},
    {"array_remove", helper_array_remove, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, false, false},
    {"array_replace", helper_array_replace, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 4, TYPE_TEXT, false, false},
    {"array_position", helper_array_position, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_INT4, false, false},
    {"array_contains", helper_array_contains, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_BOOL, true, false},
    {"array_overlap", helper_array_overlap, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_BOOL, true, false},
    {"array_any", helper_array_any, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_BOOL, false, false},
    {"array_all", helper_array_all, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_BOOL, false, false},
    {"array_any_c", helper_array_any_ascii, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_BOOL, false, false},
    {"array_all_c", helper_array_all_ascii, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_BOOL, false, false},
    {"array_to_string", helper_array_to_string, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 4, TYPE_TEXT, false, false},
    {"array_cast", helper_array_cast, 0, {TYPE_OID, TYPE_OID, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"array_key", helper_array_key, 0, {TYPE_OID, TYPE_TEXT}, 2, TYPE_BYTEA, true, false},
    {"enum_key", helper_enum_key, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_INT4, true, false},
    {"enum_keys", helper_enum_keys, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"enum_label", helper_enum_label, 0, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"enum_array", helper_enum_array, 0, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"enum_end", helper_enum_end, 0, {TYPE_TEXT, TYPE_TEXT, TYPE_BOOL}, 3, TYPE_TEXT, true, false},
    {"enum_range", helper_enum_range, 0, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 4, TYPE_TEXT, false, false},
    {"domain_refuse", helper_domain_refuse, 0, {TYPE_OID, TYPE_TEXT, TYPE_INT4}, 3, TYPE_TEXT, false, false},
    {"num_nulls", helper_num_nulls, F_NUM_NULLS_ANY, {TYPE_TEXT}, 1, TYPE_INT4, true, false},
    {"num_nonnulls", helper_num_nulls, F_NUM_NONNULLS_ANY, {TYPE_TEXT}, 1, TYPE_INT4, true, false},
    {"output_row", output_of_row, 0, {TYPE_TEXT, TYPE_OID, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"with_fields", with_fields, 0, {TYPE_TEXT, TYPE_OID, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"output_text", output_of_text, 0, {TYPE_OID, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"input_text", input_of_text, 0, {TYPE_OID, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"range_common", helper_range_common, 0, {TYPE_OID, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"typed_1", helper_typed_call, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"typed_2", helper_typed_call, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 4, TYPE_TEXT, true, false},
    {"sort_key", sort_key, 0, {TYPE_OID, TYPE_TEXT}, 2, TYPE_BYTEA, true, false},
    {"numeric_key", numeric_key, 0, {TYPE_TEXT}, 1, TYPE_BYTEA, true, false},
    {"interval_key", interval_key, 0, {TYPE_INTERVAL}, 1, TYPE_BYTEA, true, false},
    {"json_row", helper_json_row, 0, {TYPE_TEXT, TYPE_OID, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"json_lines", helper_json_lines, 0, {TYPE_TEXT, TYPE_BOOL}, 2, TYPE_TEXT, true, false},
    {"array_fill", helper_array_fill, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, false, false},
    {"array_fill_from", helper_array_fill, 0, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, false, false},
    {"array_position_from", helper_array_position_from, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT, TYPE_INT4}, 4, TYPE_INT4, false, false},
    {"array_positions", helper_array_positions, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, false, false},
    {"array_larger", helper_array_larger, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"array_smaller", helper_array_smaller, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"array_cmp", helper_array_cmp, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_INT4, true, false},
    {"array_stack", helper_array_stack, 0, {TYPE_TEXT}, 1, TYPE_TEXT, true, false},
    {"array_mode", helper_array_mode, 0, {TYPE_OID, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"percentiles", helper_percentiles, 0, {TYPE_OID, TYPE_BOOL, TYPE_TEXT, TYPE_TEXT}, 4, TYPE_TEXT, false, false},
    {"array_map", helper_array_map, 0, {TYPE_OID, TYPE_INT4, TYPE_BOOL, TYPE_TEXT}, 4, TYPE_TEXT, true, false},
    {"bit_fold", helper_bit_fold, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"array_bucket", helper_array_bucket, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_INT4, true, false},
    {"timetz_key", timetz_key, 0, {TYPE_TEXT}, 1, TYPE_TEXT, true, false},
    {"series_step", series_step, 0, {TYPE_INT8}, 1, TYPE_INT8, true, false},
    {"row_count", row_count, 0, {TYPE_INT8, TYPE_BOOL}, 2, TYPE_INT8, true, false},
    {"array_nest", helper_array_nest, 0, {TYPE_TEXT}, 1, TYPE_TEXT, true, false},
    {"oid_int4", oid_as_int4, 0, {TYPE_OID}, 1, TYPE_INT4, true, false},
    {"numeric_place", numeric_place, 0, {TYPE_TEXT, TYPE_BOOL}, 2, TYPE_TEXT, true, false},
    {"numeric_quotient", numeric_quotient, 0, {TYPE_TEXT, TYPE_INT8}, 2, TYPE_TEXT, true, false},
    {"float8_sum", float_sum, 0, {TYPE_FLOAT8, TYPE_BOOL, TYPE_BOOL}, 3, TYPE_FLOAT8, true, false},
    {"float8_place", float_place, 0, {TYPE_FLOAT8}, 1, TYPE_INT8, true, false},
    {"percentile", helper_percentile, 0, {TYPE_FLOAT8}, 1, TYPE_FLOAT8, true, false},
    {"percentile_between", helper_percentile_between, 0, {TYPE_FLOAT8, TYPE_FLOAT8, TYPE_FLOAT8}, 3, TYPE_FLOAT8, true, false},
    {"to_json", helper_to_json, 0, {TYPE_OID, TYPE_OID, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"json_item", helper_json_item, 0, {TYPE_OID, TYPE_TEXT}, 2, TYPE_TEXT, false, false},
    {"json_list", helper_json_list, 0, {TYPE_OID, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"json_object", helper_json_object, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"json_array", helper_json_array, 0, {TYPE_OID, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, true, false},
    {"json_pair", helper_json_pair, 0, {TYPE_OID, TYPE_TEXT, TYPE_OID, TYPE_TEXT}, 4, TYPE_TEXT, false, false},
    {"jsonb_key", helper_jsonb_key, 0, {TYPE_TEXT}, 1, TYPE_BYTEA, true, false},
    {"json_record", helper_json_record, 0, {TYPE_TEXT}, 1, TYPE_TEXT, true, false},
    {"json_records", helper_json_records, 0, {TYPE_OID, TYPE_TEXT}, 2, TYPE_TEXT, true, true},
    {"json_has", helper_json_has, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_BOOL, true, false},
    {"json_member", helper_json_member, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"json_member_row", helper_json_member_row, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"json_value", helper_json_value, 0, {TYPE_OID, TYPE_INT4, TYPE_TEXT, TYPE_TEXT}, 4, TYPE_TEXT, true, false},
    {"rows_3955", set_rows, F_JSON_ARRAY_ELEMENTS_JSON, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3969", set_rows, F_JSON_ARRAY_ELEMENTS_TEXT_JSON, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3219", set_rows, F_JSONB_ARRAY_ELEMENTS_JSONB, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3465", set_rows, F_JSONB_ARRAY_ELEMENTS_TEXT_JSONB, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3958", set_rows, F_JSON_EACH_JSON, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3959", set_rows, F_JSON_EACH_TEXT_JSON, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3208", set_rows, F_JSONB_EACH_JSONB, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3932", set_rows, F_JSONB_EACH_TEXT_JSONB, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3957", set_rows, F_JSON_OBJECT_KEYS_JSON, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3931", set_rows, F_JSONB_OBJECT_KEYS_JSONB, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_4006",
     set_rows,
     F_JSONB_PATH_QUERY_JSONB_JSONPATH_JSONB_BOOL,
     {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT, TYPE_BOOL},
     4,
     TYPE_TEXT,
     false,
     true},
    {"rows_1179",
     set_rows,
     F_JSONB_PATH_QUERY_TZ_JSONB_JSONPATH_JSONB_BOOL,
     {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT, TYPE_BOOL},
     4,
     TYPE_TEXT,
     false,
     true},
    {"hash_partition", helper_hash_partition, 0, {TYPE_OID, TYPE_INT4, TYPE_INT4, TYPE_TEXT, TYPE_TEXT}, 5, TYPE_BOOL, false, false},
    {"identity_next", helper_identity_next, F_NEXTVAL_REGCLASS, {TYPE_OID}, 1, TYPE_INT8, true, false},
    {"computed", computed, 0, {TYPE_TEXT}, 1, TYPE_BOOL, false, false},
    {"format", format, 0, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, true, false},
    {"rows_13208", set_rows, F_PG_EXPANDARRAY_ANYARRAY, {TYPE_TEXT}, 1, TYPE_TEXT, true, true},
    {"rows_1293", set_rows, F_UNNEST_ANYMULTIRANGE, {TYPE_TEXT}, 1, TYPE_TEXT, true, true},
    {"rows_2289", set_rows, F_PG_OPTIONS_TO_TABLE_TEXT_ARRAY, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_1689", set_rows, F_ACLEXPLODE_ACLITEM_ARRAY, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_2084", set_rows, F_PG_SHOW_ALL_SETTINGS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_2022", set_rows, F_PG_STAT_GET_ACTIVITY_INT4, {TYPE_INT4}, 1, TYPE_TEXT, false, true},
    {"rows_2511", set_rows, F_PG_CURSOR, {0}, 0, TYPE_TEXT, false, true},
    {"rows_2510", set_rows, F_PG_PREPARED_STATEMENT, {0}, 0, TYPE_TEXT, false, true},
    {"rows_3035", set_rows, F_PG_LISTENING_CHANNELS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_1065", set_rows, F_PG_PREPARED_XACT, {0}, 0, TYPE_TEXT, false, true},
    {"rows_3423", set_rows, F_PG_PARTITION_TREE_REGCLASS, {TYPE_REGCLASS}, 1, TYPE_TEXT, false, true},
    {"rows_3425", set_rows, F_PG_PARTITION_ANCESTORS_REGCLASS, {TYPE_REGCLASS}, 1, TYPE_TEXT, false, true},
    {"rows_938", set_rows, 938, {TYPE_TIMESTAMP, TYPE_TIMESTAMP, TYPE_INTERVAL}, 3, TYPE_TEXT, false, true},
    {"rows_939", set_rows, 939, {TYPE_TIMESTAMPTZ, TYPE_TIMESTAMPTZ, TYPE_INTERVAL}, 3, TYPE_TEXT, false, true},
    {"rows_3259", set_rows, 3259, {TYPE_NUMERIC, TYPE_NUMERIC, TYPE_NUMERIC}, 3, TYPE_TEXT, false, true},
    {"rows_3260", set_rows, 3260, {TYPE_NUMERIC, TYPE_NUMERIC}, 2, TYPE_TEXT, false, true},
    {"rows_1191", set_rows, F_GENERATE_SUBSCRIPTS_ANYARRAY_INT4_BOOL, {TYPE_TEXT, TYPE_INT4, TYPE_BOOL}, 3, TYPE_TEXT, false, true},
    {"rows_1192", set_rows, F_GENERATE_SUBSCRIPTS_ANYARRAY_INT4, {TYPE_TEXT, TYPE_INT4}, 2, TYPE_TEXT, false, true},
    {"rows_6160", set_rows, F_STRING_TO_TABLE_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, false, true},
    {"rows_6161", set_rows, F_STRING_TO_TABLE_TEXT_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, false, true},
    {"rows_2763", set_rows, F_REGEXP_MATCHES_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, false, true},
    {"rows_2763_c", set_rows_ascii, F_REGEXP_MATCHES_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, false, true},
    {"rows_2764", set_rows, F_REGEXP_MATCHES_TEXT_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, false, true},
    {"rows_2764_c", set_rows_ascii, F_REGEXP_MATCHES_TEXT_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, false, true},
    {"rows_2765", set_rows, F_REGEXP_SPLIT_TO_TABLE_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, false, true},
    {"rows_2765_c", set_rows_ascii, F_REGEXP_SPLIT_TO_TABLE_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT}, 2, TYPE_TEXT, false, true},
    {"rows_2766", set_rows, F_REGEXP_SPLIT_TO_TABLE_TEXT_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, false, true},
    {"rows_2766_c", set_rows_ascii, F_REGEXP_SPLIT_TO_TABLE_TEXT_TEXT_TEXT, {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT}, 3, TYPE_TEXT, false, true},
    {"rows_3839", set_rows, F_PG_IDENTIFY_OBJECT_OID_OID_INT4, {TYPE_OID, TYPE_OID, TYPE_INT4}, 3, TYPE_TEXT, false, true},
    {"rows_3382", set_rows, F_PG_IDENTIFY_OBJECT_AS_ADDRESS_OID_OID_INT4, {TYPE_OID, TYPE_OID, TYPE_INT4}, 3, TYPE_TEXT, false, true},
    {"rows_3954",
     set_rows,
     F_PG_GET_OBJECT_ADDRESS_TEXT_TEXT_ARRAY_TEXT_ARRAY,
     {TYPE_TEXT, TYPE_TEXT, TYPE_TEXT},
     3,
     TYPE_TEXT,
     false,
     true},
    {"rows_3078", set_rows, F_PG_SEQUENCE_PARAMETERS_OID, {TYPE_OID}, 1, TYPE_TEXT, false, true},
    {"rows_3713", set_rows, F_TS_TOKEN_TYPE_OID, {TYPE_OID}, 1, TYPE_TEXT, false, true},
    {"rows_3714", set_rows, F_TS_TOKEN_TYPE_TEXT, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_3082", set_rows, F_PG_AVAILABLE_EXTENSIONS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_3083", set_rows, F_PG_AVAILABLE_EXTENSION_VERSIONS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_3084", set_rows, F_PG_EXTENSION_UPDATE_PATHS_NAME, {TYPE_NAME}, 1, TYPE_TEXT, false, true},
    {"rows_1686", set_rows, F_PG_GET_KEYWORDS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_3401", set_rows, F_PG_HBA_FILE_RULES, {0}, 0, TYPE_TEXT, false, true},
    {"rows_3329", set_rows, F_PG_SHOW_ALL_FILE_SETTINGS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_2599", set_rows, F_PG_TIMEZONE_ABBREVS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_2856", set_rows, F_PG_TIMEZONE_NAMES, {0}, 0, TYPE_TEXT, false, true},
    {"rows_3400", set_rows, F_PG_CONFIG, {0}, 0, TYPE_TEXT, false, true},
    {"rows_3566", set_rows, F_PG_EVENT_TRIGGER_DROPPED_OBJECTS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_3781", set_rows, F_PG_GET_REPLICATION_SLOTS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_4568", set_rows, F_PG_EVENT_TRIGGER_DDL_COMMANDS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_6119", set_rows, F_PG_GET_PUBLICATION_TABLES_TEXT, {TYPE_TEXT}, 1, TYPE_TEXT, false, true},
    {"rows_6159", set_rows, F_PG_GET_CATALOG_FOREIGN_KEYS, {0}, 0, TYPE_TEXT, false, true},
    {"rows_1371", set_rows, F_PG_LOCK_STATUS, {0}, 0, TYPE_TEXT, false, true},
};

size_t func_helpers(const FuncHelper **out)
{
    *out = HELPERS;
    return COUNT_OF(HELPERS);
}
