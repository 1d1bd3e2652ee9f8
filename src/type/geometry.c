/*
 * geometry.c - point, lseg, path, box, polygon, line, circle: text and binary forms.
 *
 * All of them are lists of numbers in the brackets of their kind: (1,2), [(1,2),(3,4)], <(1,2),3>, {1,2,3}.
 *
 * Invariants:
 *  1. A Value is its canonical text, numbers in their shortest form.
 *  2. A box begins with its upper right corner.
 *
 * Any thread. strtod is used in the C locale, which the process never leaves.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "type/type_int.h"

typedef struct Figure {
    bool open; /* a path that is not closed */
    size_t count;
    double *numbers; /* x and y of each point; a line's A, B, C; a circle's centre and radius */
} Figure;

/* `at` moves on; the text ends with a zero byte. */
typedef struct Reader {
    const TypeCall *call;
    const char *text, *at;
    size_t len;
} Reader;

/* Nearer than this, coordinates count as equal. */
static const double EPSILON = 1.0e-06;

static bool bad(const Reader *reader)
{
    return type_invalid(reader->call, reader->text, reader->len);
}

static void skip_spaces(Reader *reader)
{
    while (is_space(*reader->at))
        reader->at++;
}

/* ---- numbers and pairs ---- */

static bool read_number(Reader *reader, double *out)
{
    char *end;
    skip_spaces(reader);
    errno = 0;
    *out = strtod(reader->at, &end);
    if (end == reader->at)
        return bad(reader);
    if (errno == ERANGE && (*out == 0 || isinf(*out)))
        return error_set(reader->call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "\"%.*s\" is out of range for type double precision",
                         (int)(end - reader->at), reader->at);
    reader->at = end;
    skip_spaces(reader);
    return true;
}

static bool take(Reader *reader, char c)
{
    if (*reader->at != c)
        return false;
    reader->at++;
    return true;
}

/* x,y or (x,y) */
static bool read_pair(Reader *reader, double *pair)
{
    skip_spaces(reader);
    bool bracketed = take(reader, '(');
    if (!read_number(reader, &pair[0]) || (!take(reader, ',') && !bad(reader)) || !read_number(reader, &pair[1]))
        return false;
    if (!bracketed)
        return true;
    if (!take(reader, ')'))
        return bad(reader);
    skip_spaces(reader);
    return true;
}

static bool at_end(const Reader *reader)
{
    return !*reader->at || bad(reader);
}

/* The brackets before several points: how many, and whether they are square ones. A round one is theirs, not the first point's, when
 * another follows it or there is no further one. */
static bool open_points(Reader *reader, bool may_be_open, bool *open, int *depth)
{
    skip_spaces(reader);
    *depth = 0;
    *open = *reader->at == '[';
    if (*open) {
        if (!may_be_open)
            return bad(reader);
        (*depth)++;
        reader->at++;
    } else if (*reader->at == '(') {
        const char *after = reader->at + 1;
        while (is_space(*after))
            after++;
        if (*after == '(' || strrchr(reader->at, '(') == reader->at) {
            (*depth)++;
            reader->at = after;
        }
    }
    return true;
}

static bool close_points(Reader *reader, bool open, int depth)
{
    for (; depth > 0; depth--) {
        if (*reader->at != ')' && !(*reader->at == ']' && open && depth == 1))
            return bad(reader);
        reader->at++;
        skip_spaces(reader);
    }
    return true;
}

static bool read_points(Reader *reader, bool may_be_open, size_t count, Figure *out)
{
    int depth;
    out->count = count * 2;
    out->numbers = ARENA_ARRAY(reader->call->arena, double, out->count);
    if (!open_points(reader, may_be_open, &out->open, &depth))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!read_pair(reader, &out->numbers[2 * i]))
            return false;
        take(reader, ',');
    }
    return close_points(reader, out->open, depth);
}

/* As many points as the commas allow; 0: no whole number of them. */
static size_t count_points(const Reader *reader)
{
    size_t commas = 0;
    for (const char *c = reader->text; (c = strchr(c, ',')); c++)
        commas++;
    return commas % 2 ? (commas + 1) / 2 : 0;
}

/* ---- each kind's text ---- */

static bool read_point(Reader *reader, Figure *out)
{
    out->count = 2;
    out->numbers = ARENA_ARRAY(reader->call->arena, double, 2);
    return read_pair(reader, out->numbers) && at_end(reader);
}

static bool read_lseg(Reader *reader, Figure *out)
{
    return read_points(reader, true, 2, out) && at_end(reader);
}

static bool below(double a, double b)
{
    return !isnan(a) && (isnan(b) || a < b);
}

static void order_corners(Figure *box)
{
    for (int i = 0; i < 2; i++)
        if (below(box->numbers[i], box->numbers[i + 2])) {
            double low = box->numbers[i];
            box->numbers[i] = box->numbers[i + 2];
            box->numbers[i + 2] = low;
        }
}

static bool read_box(Reader *reader, Figure *out)
{
    if (!read_points(reader, false, 2, out) || !at_end(reader))
        return false;
    order_corners(out);
    return true;
}

static bool read_polygon(Reader *reader, Figure *out)
{
    size_t count = count_points(reader);
    return count ? read_points(reader, false, count, out) && at_end(reader) : bad(reader);
}

/* One more pair of round brackets may stand around all of it, where there is no other. */
static bool read_path(Reader *reader, Figure *out)
{
    size_t count = count_points(reader);
    if (!count)
        return bad(reader);
    skip_spaces(reader);
    bool bracketed = *reader->at == '(' && strrchr(reader->at, '(') == reader->at;
    reader->at += bracketed;
    if (!read_points(reader, true, count, out) || (bracketed && !take(reader, ')') && !bad(reader)))
        return false;
    skip_spaces(reader);
    return at_end(reader);
}

static bool is_near(double a, double b)
{
    return a == b || fabs(a - b) <= EPSILON;
}

static bool same_points(const double *a, const double *b)
{
    if (isnan(a[0]) || isnan(a[1]) || isnan(b[0]) || isnan(b[1]))
        return (a[0] == b[0] || (isnan(a[0]) && isnan(b[0]))) && (a[1] == b[1] || (isnan(a[1]) && isnan(b[1])));
    return is_near(a[0], b[0]) && is_near(a[1], b[1]);
}

static bool overflow(const Reader *reader)
{
    return error_set(reader->call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

/* A result that is infinite although what went in was not. */
static bool overflows(double result, double a, double b)
{
    return isinf(result) && !isinf(a) && !isinf(b);
}

/* Ax + By + C = 0 through two points. */
static bool line_through(Reader *reader, const double *p, Figure *out)
{
    out->count = 3;
    out->numbers = ARENA_ARRAY(reader->call->arena, double, 3);
    double *line = out->numbers, rise = p[1] - p[3], run = p[0] - p[2];
    if (is_near(p[0], p[2])) {
        line[0] = -1;
        line[2] = p[0];
        return true;
    }
    line[1] = -1;
    line[2] = p[1];
    if (is_near(p[1], p[3]))
        return true;
    if (overflows(rise, p[1], p[3]) || overflows(run, p[0], p[2]) || overflows(rise / run, rise, run))
        return overflow(reader);
    if (rise / run == 0)
        return true;
    line[0] = rise / run;
    double offset = line[0] * p[0];
    if (overflows(offset, line[0], p[0]) || overflows(p[1] - offset, p[1], offset))
        return overflow(reader);
    line[2] = p[1] - offset == 0 ? 0 : p[1] - offset; /* never -0 */
    return true;
}

static bool check_line(Reader *reader, const Figure *line, const char *sqlstate)
{
    if (fabs(line->numbers[0]) <= EPSILON && fabs(line->numbers[1]) <= EPSILON)
        return error_set(reader->call->error, sqlstate, "invalid line specification: A and B cannot both be zero");
    return true;
}

static bool read_line(Reader *reader, Figure *out)
{
    skip_spaces(reader);
    if (!take(reader, '{')) {
        Figure points = {0};
        if (!read_points(reader, true, 2, &points) || !at_end(reader))
            return false;
        if (same_points(points.numbers, points.numbers + 2))
            return error_set(reader->call->error, ERRCODE_INVALID_TEXT_REPRESENTATION,
                             "invalid line specification: must be two distinct points");
        return line_through(reader, points.numbers, out);
    }
    out->count = 3;
    out->numbers = ARENA_ARRAY(reader->call->arena, double, 3);
    for (int i = 0; i < 3; i++)
        if (!read_number(reader, &out->numbers[i]) || (!take(reader, i < 2 ? ',' : '}') && !bad(reader)))
            return false;
    skip_spaces(reader);
    return at_end(reader) && check_line(reader, out, ERRCODE_INVALID_TEXT_REPRESENTATION);
}

/* <(x,y),r> and, with round brackets or none, whatever else has the three numbers in this order. */
static bool read_circle(Reader *reader, Figure *out)
{
    int depth = 0;
    out->count = 3;
    out->numbers = ARENA_ARRAY(reader->call->arena, double, 3);
    skip_spaces(reader);
    const char *after = reader->at + (*reader->at != '\0');
    while (is_space(*after))
        after++;
    if (*reader->at == '<') {
        depth++;
        reader->at++;
    } else if (*reader->at == '(' && *after == '(') {
        depth++;
        reader->at = after;
    }
    if (!read_pair(reader, out->numbers))
        return false;
    take(reader, ',');
    if (!read_number(reader, &out->numbers[2]))
        return false;
    if (out->numbers[2] < 0)
        return bad(reader);
    for (; depth > 0; depth--) {
        if (!take(reader, ')') && !take(reader, '>'))
            return bad(reader);
        skip_spaces(reader);
    }
    return at_end(reader);
}

/* ---- the kinds ---- */

static const struct Kind {
    Oid type;
    bool (*read)(Reader *reader, Figure *out);
    const char *before, *after; /* NULL: as the figure is open or not */
    size_t numbers;             /* 0: as many as there are */
} KINDS[] = {
    {TYPE_POINT, read_point, "", "", 2},     {TYPE_LSEG, read_lseg, "[", "]", 4},       {TYPE_PATH, read_path, NULL, NULL, 0},
    {TYPE_BOX, read_box, "", "", 4},         {TYPE_POLYGON, read_polygon, "(", ")", 0}, {TYPE_LINE, read_line, "{", "}", 3},
    {TYPE_CIRCLE, read_circle, "<", ">", 3},
};

static const struct Kind *kind_of(const TypeCall *call)
{
    size_t i = 0;
    while (KINDS[i].type != call->oid)
        i++;
    return &KINDS[i];
}

static TypeCall number_call(const TypeCall *call)
{
    TypeCall number = *call;
    number.oid = TYPE_FLOAT8;
    number.row = type_row_builtin(TYPE_FLOAT8);
    return number;
}

static void write_numbers(const TypeCall *call, const double *numbers, size_t count, Str *out)
{
    TypeCall number = number_call(call);
    for (size_t i = 0; i < count; i++) {
        Value value = value_float(FDW_DOUBLE, numbers[i]);
        if (i)
            str_addc(out, ',');
        float8_output(&number, &value, out);
    }
}

static void write_figure(const TypeCall *call, const Figure *figure, Str *out)
{
    const struct Kind *kind = kind_of(call);
    str_add(out, kind->before ? kind->before : figure->open ? "[" : "(");
    bool is_line = kind->type == TYPE_LINE;
    if (is_line)
        write_numbers(call, figure->numbers, 3, out);
    for (size_t i = 0; !is_line && i + 1 < figure->count; i += 2) {
        str_add(out, i ? ",(" : "(");
        write_numbers(call, figure->numbers + i, 2, out);
        str_addc(out, ')');
    }
    if (kind->type == TYPE_CIRCLE) {
        str_addc(out, ',');
        write_numbers(call, figure->numbers + 2, 1, out);
    }
    str_add(out, kind->after ? kind->after : figure->open ? "]" : ")");
}

static bool to_value(const TypeCall *call, const Figure *figure, Value *out)
{
    TypeCall canonical = *call;
    canonical.context = &TYPE_CONTEXT_CANONICAL;
    Str text;
    str_init(&text, call->arena);
    write_figure(&canonical, figure, &text);
    *out = value_text(text.data, text.len);
    return true;
}

static bool read_figure(const TypeCall *call, const char *text, size_t len, Figure *out)
{
    Reader reader = {.call = call, .text = arena_strndup(call->arena, text, len), .len = len};
    reader.at = reader.text;
    *out = (Figure){0};
    return kind_of(call)->read(&reader, out);
}

bool geometry_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    Figure figure;
    return read_figure(call, text, len, &figure) && to_value(call, &figure, out);
}

/* Only fewer digits than all make another text. */
bool geometry_output(const TypeCall *call, const Value *value, Str *out)
{
    if (call->context->extra_float_digits > 0)
        return text_output(call, value, out);
    Figure figure;
    if (!read_figure(call, value->s.ptr, value->s.len, &figure))
        return false;
    write_figure(call, &figure, out);
    return true;
}

/* ---- binary: the numbers, before them whether a path is closed, and how many points a path or polygon has ---- */

static bool bad_external(const TypeCall *call, const char *what)
{
    return error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "invalid %s in external \"%s\" value", what, call->row->name);
}

static bool receive_count(const TypeCall *call, BinaryReader *reader, Figure *out)
{
    out->open = call->oid == TYPE_PATH && !binary_read_uint(reader, 1);
    int64_t points = binary_read_int(reader, 4);
    if (reader->failed)
        return binary_read_end(reader, call->error);
    if (points <= 0 || points > INT32_MAX / 16)
        return bad_external(call, "number of points");
    out->count = (size_t)points * 2;
    return out->count * sizeof(double) <= reader->len - reader->at ||
           error_set(call->error, ERRCODE_PROTOCOL_VIOLATION, "insufficient data left in message");
}

bool geometry_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    const struct Kind *kind = kind_of(call);
    Figure figure = {.count = kind->numbers};
    if (!kind->numbers && !receive_count(call, &reader, &figure))
        return false;
    figure.numbers = ARENA_ARRAY(call->arena, double, figure.count);
    for (size_t i = 0; i < figure.count; i++) {
        uint64_t bits = binary_read_uint(&reader, 8);
        memcpy(&figure.numbers[i], &bits, sizeof bits);
    }
    if (!binary_read_end(&reader, call->error))
        return false;
    Reader checked = {.call = call};
    if (kind->type == TYPE_LINE && !check_line(&checked, &figure, ERRCODE_INVALID_BINARY_REPRESENTATION))
        return false;
    if (kind->type == TYPE_CIRCLE && figure.numbers[2] < 0)
        return bad_external(call, "radius");
    if (kind->type == TYPE_BOX)
        order_corners(&figure);
    return to_value(call, &figure, out);
}

bool geometry_send(const TypeCall *call, const Value *value, Str *out)
{
    Figure figure;
    const struct Kind *kind = kind_of(call);
    if (!read_figure(call, value->s.ptr, value->s.len, &figure))
        return false;
    if (kind->type == TYPE_PATH)
        str_addc(out, !figure.open);
    if (!kind->numbers)
        binary_write_uint(out, figure.count / 2, 4);
    for (size_t i = 0; i < figure.count; i++) {
        Value number = value_float(FDW_DOUBLE, figure.numbers[i]);
        if (!float8_send(call, &number, out))
            return false;
    }
    return true;
}
