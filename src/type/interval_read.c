/*
 * interval_read.c - reading intervals: PostgreSQL's own forms ("1 year 2 mons -3 days 04:05:06", "@ 1 day ago"), SQL's
 * ("1-2 3 04:05:06"), ISO 8601's ("P1Y2M3DT4H5M6S", "P0001-02-03T04:05:06").
 *
 * Invariants:
 *  1. Fields are read from the right, since a unit stands behind its number.
 *  2. Fractions carry into the next smaller unit only: of months into days (30), of days into time (24 hours).
 *  3. Every sum is checked; what does not fit is out of range.
 *
 * Any thread.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "type/datetime_int.h"
#include "type/time_unit.h"

typedef struct Sum {
    int64_t micros;
    int32_t days, months, years;
} Sum;

typedef struct Number {
    int64_t whole;
    double fraction;
} Number;

enum { DAYS_PER_MONTH = 30, MONTHS_PER_YEAR = 12 };
#define ISO_NUMBER_MAX 1.0e15

/* ---- sums ---- */

static bool add_fraction_micros(Sum *sum, double fraction, int64_t scale)
{
    if (fraction == 0)
        return true;
    fraction *= (double)scale;
    int64_t micros = (int64_t)fraction;
    fraction -= (double)micros;
    micros += fraction > 0.5 ? 1 : fraction < -0.5 ? -1 : 0;
    return !__builtin_add_overflow(sum->micros, micros, &sum->micros);
}

static bool add_micros(Sum *sum, Number number, int64_t scale)
{
    int64_t product;
    return !__builtin_mul_overflow(number.whole, scale, &product) && !__builtin_add_overflow(sum->micros, product, &sum->micros) &&
           add_fraction_micros(sum, number.fraction, scale);
}

static bool add_scaled(int32_t *to, int64_t whole, int32_t scale)
{
    int64_t product;
    return !__builtin_mul_overflow(whole, (int64_t)scale, &product) && whole >= INT_MIN && whole <= INT_MAX &&
           !__builtin_add_overflow(product, (int64_t)*to, &product) && product >= INT_MIN && product <= INT_MAX &&
           (*to = (int32_t)product, true);
}

static bool add_fraction_days(Sum *sum, double fraction, int scale)
{
    if (fraction == 0)
        return true;
    fraction *= scale;
    int days = (int)fraction;
    return add_scaled(&sum->days, days, 1) && add_fraction_micros(sum, fraction - days, MICROS_PER_DAY);
}

static bool add_days(Sum *sum, Number number, int scale)
{
    if (!add_scaled(&sum->days, number.whole, scale))
        return false;
    return scale == 1 ? add_fraction_micros(sum, number.fraction, MICROS_PER_DAY) : add_fraction_days(sum, number.fraction, scale);
}

static bool add_months(Sum *sum, Number number)
{
    return add_scaled(&sum->months, number.whole, 1) && add_fraction_days(sum, number.fraction, DAYS_PER_MONTH);
}

static bool add_years(Sum *sum, Number number, int scale)
{
    return add_scaled(&sum->years, number.whole, scale) &&
           add_scaled(&sum->months, (int64_t)rint(number.fraction * scale * MONTHS_PER_YEAR), 1);
}

static bool add_unit(Sum *sum, TimeUnit unit, Number number, unsigned *part)
{
    switch (unit) {
    case UNIT_MICROSECOND:
        *part = HAVE_MICROSECOND;
        return add_micros(sum, number, 1);
    case UNIT_MILLISECOND:
        *part = HAVE_MILLISECOND;
        return add_micros(sum, number, 1000);
    case UNIT_SECOND:
        *part = number.fraction == 0 ? HAVE_SECOND : HAVE_ALL_SECONDS;
        return add_micros(sum, number, MICROS_PER_SECOND);
    case UNIT_MINUTE:
        *part = HAVE_MINUTE;
        return add_micros(sum, number, MICROS_PER_MINUTE);
    case UNIT_HOUR:
        *part = HAVE_HOUR;
        return add_micros(sum, number, MICROS_PER_HOUR);
    case UNIT_DAY:
        *part = HAVE_DAY;
        return add_days(sum, number, 1);
    case UNIT_WEEK:
        *part = HAVE_WEEK;
        return add_days(sum, number, 7);
    case UNIT_MONTH:
        *part = HAVE_MONTH;
        return add_months(sum, number);
    case UNIT_YEAR:
        *part = HAVE_YEAR;
        return add_years(sum, number, 1);
    case UNIT_DECADE:
        *part = HAVE_DECADE;
        return add_years(sum, number, 10);
    case UNIT_CENTURY:
        *part = HAVE_CENTURY;
        return add_years(sum, number, 100);
    case UNIT_MILLENNIUM:
        *part = HAVE_MILLENNIUM;
        return add_years(sum, number, 1000);
    default:
        *part = 0;
        return true;
    }
}

/* ---- PostgreSQL's and SQL's forms ---- */

typedef struct IntervalReader {
    int fields;
    bool force_negative; /* SQL's style: one leading minus is meant for all */
    TimeUnit unit;
    bool ago;
    unsigned part;
    Sum sum;
} IntervalReader;

/* What the rightmost number without a unit is. */
static TimeUnit last_unit(int fields)
{
    static const struct {
        int field;
        TimeUnit unit;
    } FIELDS[] = {{INTERVAL_SECOND, UNIT_SECOND}, {INTERVAL_MINUTE, UNIT_MINUTE}, {INTERVAL_HOUR, UNIT_HOUR},
                  {INTERVAL_DAY, UNIT_DAY},       {INTERVAL_MONTH, UNIT_MONTH},   {INTERVAL_YEAR, UNIT_YEAR}};
    for (size_t i = 0; fields != INTERVAL_ALL_FIELDS && i < COUNT_OF(FIELDS); i++)
        if (fields & FIELDS[i].field)
            return FIELDS[i].unit;
    return UNIT_SECOND;
}

static DateProblem read_clock(IntervalReader *reader, const char *text, bool negative)
{
    ClockTime clock;
    DateProblem problem = datetime_read_clock(text, reader->fields == (INTERVAL_MINUTE | INTERVAL_SECOND), &clock);
    if (problem)
        return problem;
    Sum time = {.micros = clock.micro};
    if (!add_micros(&time, (Number){clock.hour, 0}, MICROS_PER_HOUR) || !add_micros(&time, (Number){clock.minute, 0}, MICROS_PER_MINUTE) ||
        !add_micros(&time, (Number){clock.second, 0}, MICROS_PER_SECOND))
        return DATE_OUT_OF_RANGE;
    reader->sum.micros = negative || (reader->force_negative && time.micros > 0) ? -time.micros : time.micros;
    reader->part = HAVE_TIME;
    reader->unit = UNIT_DAY;
    return DATE_FINE;
}

/* years-months */
static DateProblem read_year_month(IntervalReader *reader, const char *text, char *at, Number *number)
{
    int months;
    if (!datetime_strtoint(at + 1, &at, &months) || months < 0 || months >= MONTHS_PER_YEAR)
        return DATE_OUT_OF_RANGE;
    if (*at)
        return DATE_BAD_FORMAT;
    reader->unit = UNIT_MONTH;
    if (*text == '-')
        months = -months;
    bool fits = !__builtin_mul_overflow(number->whole, MONTHS_PER_YEAR, &number->whole) &&
                !__builtin_add_overflow(number->whole, (int64_t)months, &number->whole);
    return fits ? DATE_FINE : DATE_OUT_OF_RANGE;
}

static DateProblem read_number(IntervalReader *reader, const char *text)
{
    char *at;
    Number number = {0};
    DateProblem problem = DATE_FINE;
    if (reader->unit == UNIT_UNKNOWN)
        reader->unit = last_unit(reader->fields);
    errno = 0;
    number.whole = strtoll(text, &at, 10);
    if (errno)
        return DATE_OUT_OF_RANGE;
    if (*at == '-')
        problem = read_year_month(reader, text, at, &number);
    else if (*at == '.')
        problem = datetime_fraction(at, &number.fraction);
    else if (*at)
        problem = DATE_BAD_FORMAT;
    if (problem)
        return problem;
    if (*at == '.' && *text == '-')
        number.fraction = -number.fraction;
    if (reader->force_negative) {
        number.whole = number.whole > 0 ? -number.whole : number.whole;
        number.fraction = number.fraction > 0 ? -number.fraction : number.fraction;
    }
    if (reader->unit == UNIT_AGO)
        return DATE_BAD_FORMAT;
    if (!add_unit(&reader->sum, reader->unit, number, &reader->part))
        return DATE_OUT_OF_RANGE;
    if (reader->unit == UNIT_HOUR)
        reader->unit = UNIT_DAY;
    return DATE_FINE;
}

static DateProblem read_unit(IntervalReader *reader, const char *text)
{
    if (str_eq(text, "ago")) {
        reader->ago = true;
        reader->unit = UNIT_AGO;
        return DATE_FINE;
    }
    reader->unit = time_unit(text);
    bool counts = reader->unit != UNIT_UNKNOWN && reader->unit != UNIT_QUARTER && reader->unit <= UNIT_MILLENNIUM;
    return counts ? DATE_FINE : DATE_BAD_FORMAT;
}

static DateProblem read_field(IntervalReader *reader, FieldKind kind, const char *text)
{
    reader->part = 0;
    switch (kind) {
    case FIELD_TIME:
        return read_clock(reader, text, false);
    case FIELD_SIGNED:
        if (strchr(text + 1, ':') && read_clock(reader, text + 1, *text == '-') == DATE_FINE)
            return DATE_FINE;
        return read_number(reader, text);
    case FIELD_DATE:
    case FIELD_NUMBER:
        return read_number(reader, text);
    case FIELD_WORD:
    case FIELD_SIGNED_WORD:
        return read_unit(reader, text);
    }
    return DATE_BAD_FORMAT;
}

static bool all_negative(const TypeContext *context, const DateFields *fields)
{
    if (context->interval_style != INTERVAL_SQL_STANDARD || !fields->count || fields->items[0].text[0] != '-')
        return false;
    for (int i = 1; i < fields->count; i++)
        if (fields->items[i].text[0] == '-' || fields->items[i].text[0] == '+')
            return false;
    return true;
}

static DateProblem negate(Sum *sum)
{
    if (sum->micros == INT64_MIN || sum->days == INT_MIN || sum->months == INT_MIN || sum->years == INT_MIN)
        return DATE_OUT_OF_RANGE;
    *sum = (Sum){-sum->micros, -sum->days, -sum->months, -sum->years};
    return DATE_FINE;
}

static DateProblem read_fields(const TypeContext *context, DateFields *fields, int typmod_fields, Sum *out)
{
    IntervalReader reader = {.fields = typmod_fields, .force_negative = all_negative(context, fields)};
    unsigned have = 0;
    for (int i = fields->count - 1; i >= 0; i--) {
        DateProblem problem = read_field(&reader, fields->items[i].kind, fields->items[i].text);
        if (problem)
            return problem;
        if (have & reader.part)
            return DATE_BAD_FORMAT;
        have |= reader.part;
    }
    if (!have)
        return DATE_BAD_FORMAT;
    *out = reader.sum;
    return reader.ago ? negate(out) : DATE_FINE;
}

/* ---- ISO 8601 ---- */

/* As strtod reads it, exponents included: a double is what PostgreSQL makes of it, whatever digits it then lacks. */
static DateProblem read_iso_number(const char **at, Number *out)
{
    if (!is_digit(**at) && **at != '-' && **at != '.')
        return DATE_BAD_FORMAT;
    char *end;
    errno = 0;
    double value = strtod(*at, &end);
    if (end == *at || errno)
        return DATE_BAD_FORMAT;
    if (!(fabs(value) <= ISO_NUMBER_MAX))
        return DATE_OUT_OF_RANGE;
    *at = end;
    *out = (Number){(int64_t)value, value - trunc(value)};
    return DATE_FINE;
}

static int digits_of(const char *number)
{
    number += *number == '-';
    return (int)strspn(number, "0123456789");
}

/* One part of the alternative form, "2010-01-02" or "04:05:06": the numbers after the first, each behind the delimiter. */
static DateProblem read_iso_rest(const char **at, Sum *sum, char delimiter, const TimeUnit *units, int count, bool *done)
{
    unsigned part;
    for (int i = 1; i < count; i++) {
        Number number;
        DateProblem problem = read_iso_number(at, &number);
        if (problem)
            return problem;
        if (!add_unit(sum, units[i], number, &part))
            return DATE_OUT_OF_RANGE;
        *done = !**at;
        if (*done || (delimiter == '-' && **at == 'T'))
            return DATE_FINE;
        if (i == count - 1 || **at != delimiter)
            return DATE_BAD_FORMAT;
        ++*at;
    }
    return DATE_BAD_FORMAT;
}

static TimeUnit iso_unit(char letter, bool in_date)
{
    switch (letter) {
    case 'Y':
        return in_date ? UNIT_YEAR : UNIT_UNKNOWN;
    case 'M':
        return in_date ? UNIT_MONTH : UNIT_MINUTE;
    case 'W':
        return in_date ? UNIT_WEEK : UNIT_UNKNOWN;
    case 'D':
        return in_date ? UNIT_DAY : UNIT_UNKNOWN;
    case 'H':
        return in_date ? UNIT_UNKNOWN : UNIT_HOUR;
    case 'S':
        return in_date ? UNIT_UNKNOWN : UNIT_SECOND;
    default:
        return UNIT_UNKNOWN;
    }
}

/* "20100102" or "040506": whole digits are the parts, two each but for the years. */
static bool add_basic(Sum *sum, Number number, bool in_date)
{
    Number first = {number.whole / 10000, 0}, second = {number.whole / 100 % 100, 0}, third = {number.whole % 100, number.fraction};
    if (in_date)
        return add_years(sum, first, 1) && add_months(sum, second) && add_days(sum, third, 1);
    third.fraction = 0;
    return add_micros(sum, first, MICROS_PER_HOUR) && add_micros(sum, second, MICROS_PER_MINUTE) &&
           add_micros(sum, third, MICROS_PER_SECOND) && add_fraction_micros(sum, number.fraction, 1);
}

static DateProblem read_iso(const char *text, Sum *sum)
{
    static const TimeUnit DATE_UNITS[] = {UNIT_YEAR, UNIT_MONTH, UNIT_DAY}, TIME_UNITS[] = {UNIT_HOUR, UNIT_MINUTE, UNIT_SECOND};
    bool in_date = true, have_field = false, done = false;
    unsigned part;
    *sum = (Sum){0};
    if (strlen(text) < 2 || text[0] != 'P')
        return DATE_BAD_FORMAT;
    for (const char *at = text + 1; *at;) {
        if (*at == 'T') {
            in_date = have_field = false;
            at++;
            continue;
        }
        const char *start = at;
        Number number;
        DateProblem problem = read_iso_number(&at, &number);
        if (problem)
            return problem;
        TimeUnit unit = iso_unit(*at, in_date);
        bool ends = !*at || (in_date && *at == 'T');
        if (unit) {
            at++;
            if (!add_unit(sum, unit, number, &part))
                return DATE_OUT_OF_RANGE;
            have_field = true;
        } else if (ends && !have_field && digits_of(start) == (in_date ? 8 : 6)) {
            if (!add_basic(sum, number, in_date))
                return DATE_OUT_OF_RANGE;
        } else if (have_field || (!ends && *at != (in_date ? '-' : ':'))) {
            return DATE_BAD_FORMAT;
        } else {
            if (!add_unit(sum, in_date ? UNIT_YEAR : UNIT_HOUR, number, &part))
                return DATE_OUT_OF_RANGE;
            if (ends)
                continue;
            at++;
            problem = read_iso_rest(&at, sum, in_date ? '-' : ':', in_date ? DATE_UNITS : TIME_UNITS, 3, &done);
            if (problem)
                return problem;
        }
    }
    return DATE_FINE;
}

/* ---- both ---- */

DateProblem interval_read(const TypeContext *context, const char *text, size_t len, int fields, FdwInterval *out)
{
    DateFields cut;
    Sum sum;
    DateProblem problem = datetime_cut(text, len, MAX_DATE_TEXT, &cut);
    if (!problem)
        problem = read_fields(context, &cut, fields, &sum);
    if (problem == DATE_BAD_FORMAT && len < MAX_DATE_TEXT) {
        char copy[MAX_DATE_TEXT];
        memcpy(copy, text, len);
        copy[len] = '\0';
        problem = read_iso(copy, &sum);
    }
    if (problem)
        return problem == DATE_OUT_OF_RANGE ? DATE_INTERVAL_OUT_OF_RANGE : problem;
    int64_t months = (int64_t)sum.years * MONTHS_PER_YEAR + sum.months;
    if (months < INT_MIN || months > INT_MAX)
        return DATE_OUT_OF_RANGE;
    *out = (FdwInterval){(int32_t)months, sum.days, sum.micros};
    return DATE_FINE;
}
