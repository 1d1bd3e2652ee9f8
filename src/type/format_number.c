/*
 * format_number.c - to_char() of numbers, and to_number().
 *
 * The template is first looked through as a whole (how many digits before and after the point, which signs), the number is brought
 * into as many digits, then template and digits are walked together.
 *
 * Invariants:
 *  1. The number given to the walk has exactly `after` decimals, its sign apart; one that does not fit is '#' signs of the same shape.
 *  2. Locale-dependent patterns mean what they do in the C locale: D is a point, G a comma, L a space.
 *
 * Any thread.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "type/format.h"
#include "type/format_int.h"
#include "type/numeric_int.h"

enum {
    NUM_COMMA,
    NUM_POINT,
    NUM_ZERO,
    NUM_NINE,
    NUM_BLANK,
    NUM_CURRENCY_CODE,
    NUM_LOCAL_POINT,
    NUM_EXPONENT,
    NUM_FILL,
    NUM_GROUP,
    NUM_CURRENCY,
    NUM_MINUS,
    NUM_PLUS,
    NUM_BRACKETS,
    NUM_ROMAN,
    NUM_SIGN,
    NUM_SPELL,
    NUM_LOCAL_SIGN,
    NUM_ORDINAL,
    NUM_SHIFT,
};

static const FormatPattern PATTERNS[] = {
    {",", NUM_COMMA, false, CALENDAR_ANY},
    {".", NUM_POINT, false, CALENDAR_ANY},
    {"0", NUM_ZERO, false, CALENDAR_ANY},
    {"9", NUM_NINE, false, CALENDAR_ANY},
    {"B", NUM_BLANK, false, CALENDAR_ANY},
    {"b", NUM_BLANK, false, CALENDAR_ANY},
    {"C", NUM_CURRENCY_CODE, false, CALENDAR_ANY},
    {"c", NUM_CURRENCY_CODE, false, CALENDAR_ANY},
    {"D", NUM_LOCAL_POINT, false, CALENDAR_ANY},
    {"d", NUM_LOCAL_POINT, false, CALENDAR_ANY},
    {"EEEE", NUM_EXPONENT, false, CALENDAR_ANY},
    {"eeee", NUM_EXPONENT, false, CALENDAR_ANY},
    {"FM", NUM_FILL, false, CALENDAR_ANY},
    {"fm", NUM_FILL, false, CALENDAR_ANY},
    {"G", NUM_GROUP, false, CALENDAR_ANY},
    {"g", NUM_GROUP, false, CALENDAR_ANY},
    {"L", NUM_CURRENCY, false, CALENDAR_ANY},
    {"l", NUM_CURRENCY, false, CALENDAR_ANY},
    {"MI", NUM_MINUS, false, CALENDAR_ANY},
    {"mi", NUM_MINUS, false, CALENDAR_ANY},
    {"PL", NUM_PLUS, false, CALENDAR_ANY},
    {"pl", NUM_PLUS, false, CALENDAR_ANY},
    {"PR", NUM_BRACKETS, false, CALENDAR_ANY},
    {"pr", NUM_BRACKETS, false, CALENDAR_ANY},
    {"RN", NUM_ROMAN, false, CALENDAR_ANY},
    {"rn", NUM_ROMAN, false, CALENDAR_ANY},
    {"SG", NUM_SIGN, false, CALENDAR_ANY},
    {"sg", NUM_SIGN, false, CALENDAR_ANY},
    {"SP", NUM_SPELL, false, CALENDAR_ANY},
    {"sp", NUM_SPELL, false, CALENDAR_ANY},
    {"S", NUM_LOCAL_SIGN, false, CALENDAR_ANY},
    {"s", NUM_LOCAL_SIGN, false, CALENDAR_ANY},
    {"TH", NUM_ORDINAL, false, CALENDAR_ANY},
    {"th", NUM_ORDINAL, false, CALENDAR_ANY},
    {"V", NUM_SHIFT, false, CALENDAR_ANY},
    {"v", NUM_SHIFT, false, CALENDAR_ANY},
    {NULL, 0, false, CALENDAR_ANY},
};

/* What the template as a whole asks for. */
typedef struct Shape {
    int before, after, shift; /* digits before and after the point, behind V */
    bool zeros;
    int zero_start, zero_end; /* digit positions between which zeros are shown */
    bool point, fill, brackets, minus, plus, roman, exponent, shifted, blank;
    enum { SIGN_NONE, SIGN_BEFORE, SIGN_AFTER } local_sign;
    int local_sign_at; /* digits before it */
} Shape;

/* ---- looking through the template ---- */

static bool refuse(Error *error, const char *message)
{
    return error_set(error, ERRCODE_SYNTAX_ERROR, "%s", message);
}

static bool add_digit(Shape *shape, bool zero, Error *error)
{
    if (shape->brackets)
        return refuse(error, zero ? "\"0\" must be ahead of \"PR\"" : "\"9\" must be ahead of \"PR\"");
    if (!zero && shape->shifted) {
        shape->shift++;
        return true;
    }
    if (zero && !shape->zeros && !shape->point) {
        shape->zeros = true;
        shape->zero_start = shape->before;
    }
    if (shape->point)
        shape->after++;
    else
        shape->before++;
    if (zero)
        shape->zero_end = shape->before + shape->after;
    return true;
}

static bool add_local_sign(Shape *shape, Error *error)
{
    if (shape->local_sign)
        return refuse(error, "cannot use \"S\" twice");
    if (shape->plus || shape->minus || shape->brackets)
        return refuse(error, "cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
    shape->local_sign = shape->point ? SIGN_AFTER : SIGN_BEFORE;
    shape->local_sign_at = shape->before;
    return true;
}

static bool add_sign(Shape *shape, int id, Error *error)
{
    if (shape->local_sign)
        return refuse(error, id == NUM_MINUS  ? "cannot use \"S\" and \"MI\" together"
                             : id == NUM_PLUS ? "cannot use \"S\" and \"PL\" together"
                                              : "cannot use \"S\" and \"SG\" together");
    shape->minus |= id != NUM_PLUS;
    shape->plus |= id != NUM_MINUS;
    return true;
}

static bool add_exponent(Shape *shape, Error *error)
{
    if (shape->blank || shape->fill || shape->local_sign || shape->brackets || shape->minus || shape->plus || shape->roman ||
        shape->shifted) {
        refuse(error, "\"EEEE\" is incompatible with other formats");
        return error_detail(error, "\"EEEE\" may only be used together with digit and decimal point patterns.");
    }
    shape->exponent = true;
    return true;
}

static bool add_point(Shape *shape, Error *error)
{
    if (shape->point)
        return refuse(error, "multiple decimal points");
    if (shape->shifted)
        return refuse(error, "cannot use \"V\" and decimal point together");
    shape->point = true;
    return true;
}

static bool add_pattern(Shape *shape, int id, Error *error)
{
    if (shape->exponent)
        return refuse(error, id == NUM_EXPONENT ? "cannot use \"EEEE\" twice" : "\"EEEE\" must be the last pattern used");
    switch (id) {
    case NUM_NINE:
    case NUM_ZERO:
        return add_digit(shape, id == NUM_ZERO, error);
    case NUM_BLANK:
        shape->blank |= !shape->before && !shape->after && !shape->zeros;
        return true;
    case NUM_POINT:
    case NUM_LOCAL_POINT:
        return add_point(shape, error);
    case NUM_FILL:
        shape->fill = true;
        return true;
    case NUM_LOCAL_SIGN:
        return add_local_sign(shape, error);
    case NUM_MINUS:
    case NUM_PLUS:
    case NUM_SIGN:
        return add_sign(shape, id, error);
    case NUM_BRACKETS:
        if (shape->local_sign || shape->plus || shape->minus)
            return refuse(error, "cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together");
        shape->brackets = true;
        return true;
    case NUM_ROMAN:
        shape->roman = true;
        return true;
    case NUM_SHIFT:
        if (shape->point)
            return refuse(error, "cannot use \"V\" and decimal point together");
        shape->shifted = true;
        return true;
    case NUM_EXPONENT:
        return add_exponent(shape, error);
    default:
        return true;
    }
}

static bool look_through(const FormatPiece *piece, Shape *shape, Error *error)
{
    *shape = (Shape){0};
    for (; piece->kind; piece++)
        if (piece->kind == PIECE_PATTERN && !add_pattern(shape, piece->pattern->id, error))
            return false;
    return true;
}

/* ---- walking template and digits together ---- */

typedef struct Walk {
    Shape shape;
    const char *digits, *at; /* of the number, its sign apart */
    const char *last;        /* with FM: the last decimal that matters, or the point; NULL: all do */
    char sign;
    bool sign_written, in_number;
    int spaces;   /* positions before the first digit */
    int position; /* digits and points of the template so far */
    int count;
    Str *out;
    size_t cut; /* where the number ran out of digits: nothing after it is shown; SIZE_MAX: it did not */
} Walk;

static void write_local_sign(Walk *walk)
{
    str_addc(walk->out, walk->sign == '-' ? '-' : '+');
}

/* The lone zero before the point is not shown unless the template has a "0". */
static bool hides_leading_zero(const Walk *walk)
{
    return !walk->shape.zeros && walk->at == walk->digits && *walk->digits == '0' && walk->shape.after;
}

static bool ends_at_point(const Walk *walk)
{
    return walk->last && *walk->last == '.';
}

static void write_sign(Walk *walk)
{
    const Shape *shape = &walk->shape;
    bool begins = walk->position >= walk->spaces || (shape->zeros && shape->zero_start == walk->position);
    if (walk->sign_written || !begins || (hides_leading_zero(walk) && !ends_at_point(walk)))
        return;
    if (shape->local_sign) {
        if (shape->local_sign != SIGN_BEFORE)
            return;
        write_local_sign(walk);
    } else if (shape->brackets) {
        str_addc(walk->out, walk->sign == '+' ? ' ' : '<');
    } else if (walk->sign == '-') {
        str_addc(walk->out, '-');
    } else if (walk->sign == '+' && !shape->fill) {
        str_addc(walk->out, ' ');
    }
    walk->sign_written = true;
}

static void write_digit(Walk *walk, int id)
{
    const Shape *shape = &walk->shape;
    if (*walk->at == '.') {
        str_addc(walk->out, '.');
    } else if (walk->last && walk->at > walk->last && id != NUM_ZERO) {
        /* a trailing zero that FM leaves out */
    } else if (hides_leading_zero(walk)) {
        if (!shape->fill)
            str_addc(walk->out, ' ');
        else if (ends_at_point(walk))
            str_addc(walk->out, '0');
    } else if (*walk->at) {
        str_addc(walk->out, *walk->at);
        walk->in_number = true;
    } else if (walk->cut == SIZE_MAX) {
        walk->cut = walk->out->len;
    }
    if (*walk->at)
        walk->at++;
}

static void write_closing(Walk *walk)
{
    const Shape *shape = &walk->shape;
    if (walk->sign_written && shape->brackets)
        str_addc(walk->out, walk->sign == '+' ? ' ' : '>');
    else if (shape->local_sign == SIGN_AFTER)
        write_local_sign(walk);
}

static void write_position(Walk *walk, int id)
{
    const Shape *shape = &walk->shape;
    if (shape->roman)
        return;
    walk->in_number = false;
    write_sign(walk);
    bool before_digits = walk->position < walk->spaces;
    if (before_digits && (!shape->zeros || shape->zero_start > walk->position)) {
        if (!shape->fill)
            str_addc(walk->out, ' ');
    } else if (before_digits) {
        str_addc(walk->out, '0');
        walk->in_number = true;
    } else {
        write_digit(walk, id);
    }
    int end = walk->count + (walk->spaces ? 1 : 0) + (shape->point ? 1 : 0);
    if (walk->last && walk->last == walk->at)
        end = walk->position;
    if (walk->position + 1 == end)
        write_closing(walk);
    walk->position++;
}

static void write_mark(Walk *walk, bool applies, char c)
{
    if (applies)
        str_addc(walk->out, c);
    else if (!walk->shape.fill)
        str_addc(walk->out, ' ');
}

static bool write_roman(Walk *walk, bool upper)
{
    int len = (int)strlen(walk->digits);
    for (int i = walk->shape.fill ? len : 15; i > len; i--)
        str_addc(walk->out, ' ');
    for (const char *c = walk->digits; *c; c++)
        str_addc(walk->out, upper ? *c : to_lower(*c));
    return true;
}

static bool write_pattern(Walk *walk, const FormatPattern *pattern, Error *error)
{
    const Shape *shape = &walk->shape;
    switch (pattern->id) {
    case NUM_NINE:
    case NUM_ZERO:
    case NUM_POINT:
    case NUM_LOCAL_POINT:
        write_position(walk, pattern->id);
        return true;
    case NUM_COMMA:
    case NUM_GROUP:
        write_mark(walk, walk->in_number, ',');
        return true;
    case NUM_CURRENCY:
        str_addc(walk->out, ' ');
        return true;
    case NUM_ROMAN:
        return write_roman(walk, pattern->name[0] == 'R');
    case NUM_ORDINAL:
        if (shape->roman || *walk->digits == '#' || walk->sign == '-' || shape->point)
            return true;
        return format_ordinal(walk->digits, strlen(walk->digits), pattern->name[0] == 'T', walk->out, error);
    case NUM_MINUS:
        write_mark(walk, walk->sign == '-', '-');
        return true;
    case NUM_PLUS:
        write_mark(walk, walk->sign == '+', '+');
        return true;
    case NUM_SIGN:
        str_addc(walk->out, walk->sign);
        return true;
    default:
        return true;
    }
}

/* The last decimal that is no zero, else the point; a "0" of the template keeps what stands before it. */
static const char *last_that_matters(const Walk *walk)
{
    const char *point = strchr(walk->digits, '.');
    if (!point)
        return NULL;
    const char *last = point;
    for (const char *c = point + 1; *c; c++)
        if (*c != '0')
            last = c;
    if (walk->shape.zero_end > walk->spaces) {
        int end = (int)strlen(walk->digits) - 1, zero = walk->shape.zero_end - walk->spaces;
        const char *kept = walk->digits + (zero < end ? zero : end);
        last = kept > last ? kept : last;
    }
    return last;
}

static bool walk_template(const FormatPiece *piece, const Shape *shape, const char *digits, int spaces, char sign, Str *out, Error *error)
{
    Walk walk = {.shape = *shape, .digits = digits, .at = digits, .sign = sign, .spaces = spaces, .out = out, .cut = SIZE_MAX};
    if (shape->roman) {
        walk.shape = (Shape){.roman = true, .fill = shape->fill};
        walk.spaces = 0;
        walk.sign = 0;
    }
    if (walk.shape.plus || walk.shape.minus) {
        walk.sign_written = !(walk.shape.plus && !walk.shape.minus);
    } else {
        if (sign != '-' && walk.shape.fill)
            walk.shape.brackets = false;
        walk.sign_written = sign == '+' && walk.shape.fill && !walk.shape.local_sign;
        if (walk.shape.local_sign == SIGN_BEFORE && walk.shape.before == walk.shape.local_sign_at)
            walk.shape.local_sign = SIGN_AFTER;
    }
    walk.count = walk.shape.after + walk.shape.before - 1;
    if (walk.shape.fill && walk.shape.point)
        walk.last = last_that_matters(&walk);
    if (!walk.sign_written && !walk.spaces)
        walk.count++;
    for (; piece->kind; piece++) {
        if (piece->kind != PIECE_PATTERN)
            str_addn(out, piece->text, piece->len);
        else if (!write_pattern(&walk, piece->pattern, error))
            return false;
    }
    if (walk.cut < out->len) {
        out->len = walk.cut;
        out->data[out->len] = '\0';
    }
    return true;
}

/* ---- bringing numbers into shape ---- */

static char *hashes(Arena *arena, size_t count)
{
    char *text = arena_alloc(arena, count + 1);
    memset(text, '#', count);
    return text;
}

/* A signed plain number: padded, or replaced when it has too many digits. */
static bool walk_number(const FormatPiece *pieces, const Shape *shape, const char *number, Str *out, Error *error)
{
    char sign = *number == '-' ? '-' : '+';
    number += *number == '-';
    int before = (int)strcspn(number, "."), spaces = 0;
    if (before < shape->before) {
        spaces = shape->before - before;
    } else if (before > shape->before) {
        char *overflow = hashes(out->arena, (size_t)(shape->before + shape->after) + 1);
        overflow[shape->before] = '.';
        number = overflow;
    }
    return walk_template(pieces, shape, number, spaces, sign, out, error);
}

static bool walk_roman(const FormatPiece *pieces, const Shape *shape, int64_t number, Str *out, Error *error)
{
    static const struct {
        int value;
        const char *letters;
    } ROMAN[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
                 {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};
    if (number < 1 || number > 3999)
        return walk_template(pieces, shape, hashes(out->arena, 15), 0, '+', out, error);
    Str letters;
    str_init(&letters, out->arena);
    for (size_t i = 0; i < COUNT_OF(ROMAN); i++)
        for (; number >= ROMAN[i].value; number -= ROMAN[i].value)
            str_add(&letters, ROMAN[i].letters);
    return walk_template(pieces, shape, letters.data, 0, '+', out, error);
}

/* With an exponent the number itself is the whole answer. What has none fills the template's room. */
static bool write_no_exponent(const Shape *shape, Str *out)
{
    char *text = hashes(out->arena, (size_t)(shape->before + shape->after) + 6);
    text[0] = ' ';
    text[shape->before + 1] = '.';
    str_add(out, text);
    return true;
}

static bool write_exponent(const char *number, Str *out)
{
    if (*number != '-')
        str_addc(out, ' ');
    str_add(out, number);
    return true;
}

/* d.ddde+xx, rounded half away from zero. The exponent is the unrounded number's: 999.99 may be 10.0e+02. */
static const char *scientific(const Numeric *number, int decimals, Arena *arena)
{
    int exponent = number->count ? numeric_integer_digits(number) - 1 : 0;
    Numeric power = numeric_from_text(arena_printf(arena, "1e%d", -exponent), arena), mantissa = numeric_mul(number, &power, arena);
    mantissa = numeric_rounded(&mantissa, decimals, arena);
    Str text;
    str_init(&text, arena);
    numeric_write(&mantissa, &text);
    str_addf(&text, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
    return text.data;
}

static bool prepare(const char *format, size_t len, const FormatPiece **pieces, Shape *shape, Str *out, Error *error)
{
    *pieces = format_cut(format, len, PATTERNS, false, out->arena);
    return look_through(*pieces, shape, error);
}

bool format_numeric(const char *text, const char *format, size_t len, Str *out, Error *error)
{
    const FormatPiece *pieces;
    Shape shape;
    if (!prepare(format, len, &pieces, &shape, out, error))
        return false;
    Arena *arena = out->arena;
    Numeric number = numeric_from_text(text, arena);
    if (shape.roman) {
        int64_t value;
        return numeric_to_int(text, INT32_MIN, INT32_MAX, "integer", &value, error) && walk_roman(pieces, &shape, value, out, error);
    }
    if (shape.exponent && number.kind)
        return write_no_exponent(&shape, out);
    if (shape.exponent)
        return write_exponent(scientific(&number, shape.after, arena), out);
    if (shape.shifted) {
        Numeric power = numeric_from_text(arena_printf(arena, "1e%d", shape.shift), arena);
        if (!numeric_apply(NUMERIC_MUL, &number, &power, arena, &number, error))
            return false;
        shape.before += shape.shift;
    }
    number = numeric_rounded(&number, shape.after, arena);
    Str plain;
    str_init(&plain, arena);
    numeric_write(&number, &plain);
    return walk_number(pieces, &shape, plain.data, out, error);
}

bool format_int(int64_t value, bool is_int4, const char *format, size_t len, Str *out, Error *error)
{
    const FormatPiece *pieces;
    Shape shape;
    if (!prepare(format, len, &pieces, &shape, out, error))
        return false;
    Arena *arena = out->arena;
    const char *text = arena_printf(arena, "%lld", (long long)value);
    if (shape.roman && (is_int4 || (value >= INT32_MIN && value <= INT32_MAX)))
        return walk_roman(pieces, &shape, value, out, error);
    if (shape.roman)
        return error_set(error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    if (shape.exponent && is_int4)
        return write_exponent(arena_printf(arena, "%.*e", shape.after, (double)value), out);
    if (shape.exponent) {
        Numeric number = numeric_from_int(value, arena);
        return write_exponent(scientific(&number, shape.after, arena), out);
    }
    if (shape.shifted) {
        __int128 product = value;
        for (int i = 0; i < shape.shift && product <= INT64_MAX && product >= INT64_MIN; i++)
            product *= 10;
        int64_t most = is_int4 ? INT32_MAX : INT64_MAX;
        if (product > most || product < -(__int128)most - 1)
            return error_set(error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", is_int4 ? "integer" : "bigint");
        text = arena_printf(arena, "%lld", (long long)product);
        shape.before += shape.shift;
    }
    if (shape.after)
        text = arena_printf(arena, "%s.%0*d", text, shape.after, 0);
    return walk_number(pieces, &shape, text, out, error);
}

bool format_float(double value, bool is_float4, const char *format, size_t len, Str *out, Error *error)
{
    const FormatPiece *pieces;
    Shape shape;
    int digits = is_float4 ? FLT_DIG : DBL_DIG;
    if (!prepare(format, len, &pieces, &shape, out, error))
        return false;
    Arena *arena = out->arena;
    if (shape.roman) {
        double whole = rint(value);
        return walk_roman(pieces, &shape, whole >= 1 && whole <= 3999 ? (int64_t)whole : 0, out, error);
    }
    if (shape.exponent && !isfinite(value))
        return write_no_exponent(&shape, out);
    if (shape.exponent)
        return write_exponent(arena_printf(arena, "%.*e", shape.after, value), out);
    if (shape.shifted) {
        double power = pow(10, shape.shift);
        value = is_float4 ? (double)((float)value * (float)power) : value * power;
        shape.before += shape.shift;
    }
    /* No more decimals than the type holds digits. */
    int before = isinf(value) ? (int)strlen("Infinity") : snprintf(NULL, 0, "%.0f", fabs(value));
    shape.after = before >= digits ? 0 : before + shape.after > digits ? digits - before : shape.after;
    const char *text = isnan(value)   ? "NaN"
                       : isinf(value) ? value > 0 ? "Infinity" : "-Infinity"
                                      : arena_printf(arena, "%.*f", shape.after, value);
    return walk_number(pieces, &shape, text, out, error);
}

/* ---- to_number(): the template read along a text ---- */

typedef struct Reading {
    const Shape *shape;
    const char *at, *end;
    Str digits; /* with the point */
    char sign;  /* ' ': none was read */
    int before, after;
    bool has_point, fill;
} Reading;

static bool is_at_digit(const Reading *reading, const char *at)
{
    return at < reading->end && *at >= '0' && *at <= '9';
}

static size_t character_at(const Reading *reading)
{
    size_t len;
    text_decode(reading->at, &len);
    return len;
}

/* What is no part of a number may stand for a mark of the template. */
static void skip_marks(Reading *reading, int count)
{
    while (count-- > 0 && reading->at < reading->end && !strchr("0123456789.,+-", *reading->at))
        reading->at += character_at(reading);
}

static void read_leading_sign(Reading *reading)
{
    char c = *reading->at;
    bool opens = c == '<' && reading->shape->brackets && reading->shape->local_sign != SIGN_BEFORE;
    if (c != '-' && c != '+' && !opens)
        return;
    reading->sign = c == '+' ? '+' : '-';
    reading->at++;
}

/* Whether a digit, or the point, stands here. Digits beyond the template's decimals are passed over. */
static bool read_number_part(Reading *reading, bool *stop)
{
    *stop = false;
    if (is_at_digit(reading, reading->at)) {
        *stop = reading->has_point && reading->after == reading->shape->after;
        if (*stop)
            return false;
        str_addc(&reading->digits, *reading->at);
        *(reading->has_point ? &reading->after : &reading->before) += 1;
        return true;
    }
    if (!reading->shape->point || reading->has_point || *reading->at != '.')
        return false;
    str_addc(&reading->digits, '.');
    reading->has_point = true;
    return true;
}

/* Without a sign in the template, one behind digits means nothing. */
static void read_trailing_sign(Reading *reading, bool was_read)
{
    const Shape *shape = reading->shape;
    const char *next = reading->at + 1;
    if (shape->local_sign) {
        if (was_read && next < reading->end && (*next == '-' || *next == '+')) {
            reading->sign = *next;
            reading->at = next;
        }
    } else if (!was_read && (shape->plus || shape->minus) && (*reading->at == '-' || *reading->at == '+')) {
        reading->sign = *reading->at;
    }
}

static void read_position(Reading *reading, int id)
{
    bool stop;
    if (*reading->at == ' ' && ++reading->at >= reading->end)
        return;
    if (reading->sign == ' ' && (id == NUM_ZERO || id == NUM_NINE) && !reading->before && !reading->after)
        read_leading_sign(reading);
    if (reading->at >= reading->end)
        return;
    bool was_read = read_number_part(reading, &stop);
    if (!stop && reading->sign == ' ' && reading->before + reading->after > 0)
        read_trailing_sign(reading, was_read);
}

/* false: nothing is passed over for this pattern. */
static bool read_pattern(Reading *reading, int id)
{
    char c = *reading->at;
    switch (id) {
    case NUM_NINE:
    case NUM_ZERO:
    case NUM_POINT:
    case NUM_LOCAL_POINT:
        read_position(reading, id);
        return true;
    case NUM_COMMA:
    case NUM_GROUP:
        return !reading->fill && c == ',';
    case NUM_CURRENCY:
        skip_marks(reading, 1);
        return false;
    case NUM_ORDINAL:
        if (reading->sign != '-' && !reading->shape->point)
            skip_marks(reading, 2);
        return false;
    case NUM_MINUS:
    case NUM_PLUS:
    case NUM_SIGN:
        if ((c == '-' && id != NUM_PLUS) || (c == '+' && id != NUM_MINUS)) {
            reading->sign = c;
            return true;
        }
        skip_marks(reading, 1);
        return false;
    default:
        return false;
    }
}

bool format_read_number(const char *text, size_t text_len, const char *format, size_t len, Arena *arena, const char **out, Error *error)
{
    const FormatPiece *pieces;
    Shape shape;
    Reading reading = {.shape = &shape, .at = text, .end = text + text_len, .sign = ' '};
    str_init(&reading.digits, arena);
    if (!prepare(format, len, &pieces, &shape, &reading.digits, error))
        return false;
    if (shape.exponent || shape.roman)
        return error_set(error, ERRCODE_FEATURE_NOT_SUPPORTED, "\"%s\" not supported for input", shape.exponent ? "EEEE" : "RN");
    reading.fill = shape.fill;
    for (const FormatPiece *piece = pieces; piece->kind && reading.at < reading.end; piece++) {
        bool is_pattern = piece->kind == PIECE_PATTERN;
        if (!is_pattern || read_pattern(&reading, piece->pattern->id))
            reading.at += is_pattern || reading.at >= reading.end ? 1 : character_at(&reading);
    }
    if (reading.digits.len && reading.digits.data[reading.digits.len - 1] == '.')
        reading.digits.data[--reading.digits.len] = '\0';
    Value value;
    Str plain;
    str_init(&plain, arena);
    const char *number = arena_printf(arena, "%c%s", reading.sign, reading.digits.data ? reading.digits.data : "");
    int32_t typmod = (int32_t)(((uint32_t)(shape.before + shape.shift + reading.after) << 16 | (uint32_t)reading.after) + 4);
    if (!type_input(TYPE_NUMERIC, typmod, number, strlen(number), &TYPE_CONTEXT_CANONICAL, arena, &value, error) ||
        !type_output(TYPE_NUMERIC, &value, &TYPE_CONTEXT_CANONICAL, &plain, error))
        return false;
    *out = plain.data;
    if (!shape.shifted)
        return true;
    const char *power;
    return numeric_power("10", arena_printf(arena, "-%d", shape.shift), arena, &power, error) &&
           numeric_op(NUMERIC_MUL, plain.data, power, arena, out, error);
}
