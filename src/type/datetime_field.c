/*
 * datetime_field.c - single fields of a date or time: numbers whose meaning depends on what was read before, dates with
 * delimiters, digits run together, clock times, offsets; and the check of the whole date.
 *
 * Invariants:
 *  1. reader->part says what a field gave; nothing is given twice (the caller sees to it).
 *  2. Values are range-checked at the end (datetime_validate), since only then the field order is known.
 *
 * Any thread.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "type/datetime_int.h"

enum { MAX_OFFSET_HOURS = 15 };

bool datetime_strtoint(const char *text, char **end, int *out)
{
    errno = 0;
    long value = strtol(text, end, 10);
    *out = (int)value;
    return !errno && value >= INT_MIN && value <= INT_MAX;
}

DateProblem datetime_fraction(const char *text, double *out)
{
    *out = 0;
    if (!text[1])
        return DATE_FINE;
    char *end;
    errno = 0;
    *out = strtod(text, &end);
    return *end || errno ? DATE_BAD_FORMAT : DATE_FINE;
}

DateProblem datetime_fraction_micros(const char *text, int *out)
{
    double fraction;
    DateProblem problem = datetime_fraction(text, &fraction);
    *out = (int)rint(fraction * 1000000);
    return problem;
}

/* ---- numbers ---- */

DateProblem datetime_read_run_together(DateReader *reader, char *text, unsigned have)
{
    size_t len = strlen(text);
    char *point = strchr(text, '.');
    DateParts *parts = &reader->parts;
    if (point) {
        errno = 0;
        double fraction = point[1] ? strtod(point, NULL) : 0;
        if (errno)
            return DATE_BAD_FORMAT;
        parts->micro = (int)rint(fraction * 1000000);
        *point = '\0';
        len = strlen(text);
    } else if ((have & HAVE_DATE) != HAVE_DATE && len >= 6) {
        /* Two digits of day, two of month, the rest is the year. */
        reader->part = HAVE_DATE;
        parts->day = atoi(text + len - 2);
        text[len - 2] = '\0';
        parts->month = atoi(text + len - 4);
        text[len - 4] = '\0';
        parts->year = atoi(text);
        reader->two_digits |= len - 4 == 2;
        return DATE_FINE;
    }
    if ((have & HAVE_TIME) == HAVE_TIME || (len != 6 && len != 4))
        return DATE_BAD_FORMAT;
    reader->part = HAVE_TIME;
    parts->second = len == 6 ? atoi(text + 4) : 0;
    text[4] = '\0';
    parts->minute = atoi(text + 2);
    text[2] = '\0';
    parts->hour = atoi(text);
    return DATE_FINE;
}

/* Which part of the date a number is. 0: none is left that it could be. */
static unsigned choose_part(DateReader *reader, unsigned have, bool is_long)
{
    DateOrder order = reader->context->date_order;
    switch (have & HAVE_DATE) {
    case 0:
        return is_long || order == DATE_ORDER_YMD ? HAVE_YEAR : order == DATE_ORDER_DMY ? HAVE_DAY : HAVE_MONTH;
    case HAVE_YEAR:
    case HAVE_DAY:
        return HAVE_MONTH;
    case HAVE_MONTH:
        return reader->text_month && (is_long || order == DATE_ORDER_YMD) ? HAVE_YEAR : HAVE_DAY;
    case HAVE_YEAR | HAVE_MONTH:
        return HAVE_DAY;
    case HAVE_MONTH | HAVE_DAY:
        return HAVE_YEAR;
    default:
        return 0;
    }
}

DateProblem datetime_read_number(DateReader *reader, char *text, unsigned have)
{
    size_t len = strlen(text);
    char *end;
    int value;
    reader->part = 0;
    if (!datetime_strtoint(text, &end, &value))
        return DATE_OUT_OF_RANGE;
    if (end == text)
        return DATE_BAD_FORMAT;
    if (*end == '.') {
        /* 040506.789 */
        if (end - text > 2)
            return datetime_read_run_together(reader, text, have | HAVE_DATE);
        DateProblem problem = datetime_fraction_micros(end, &reader->parts.micro);
        if (problem)
            return problem;
    } else if (*end) {
        return DATE_BAD_FORMAT;
    }
    if (len == 3 && (have & HAVE_DATE) == HAVE_YEAR && value >= 1 && value <= 366) {
        reader->part = HAVE_DAY_OF_YEAR | HAVE_MONTH | HAVE_DAY;
        reader->parts.day_of_year = value;
        return DATE_FINE;
    }
    if ((have & HAVE_DATE) == HAVE_DATE)
        return datetime_read_run_together(reader, text, have);
    bool is_year_after_all = (have & HAVE_DATE) == (HAVE_YEAR | HAVE_MONTH) && reader->text_month && len >= 3 && reader->two_digits;
    if (is_year_after_all) {
        /* DD-MON-YYYY in YMD order: what was taken for the year was the day. */
        reader->part = HAVE_DAY;
        reader->parts.day = (int)reader->parts.year;
        reader->parts.year = value;
        reader->two_digits = false;
        return DATE_FINE;
    }
    reader->part = choose_part(reader, have, len >= 3);
    if (reader->part == HAVE_YEAR) {
        reader->parts.year = value;
        reader->two_digits = len <= 2;
    } else if (reader->part == HAVE_MONTH) {
        reader->parts.month = value;
    } else {
        reader->parts.day = value;
    }
    return reader->part ? DATE_FINE : DATE_BAD_FORMAT;
}

/* ---- dates with delimiters ---- */

/* Cuts at whatever is neither letter nor digit, and where letters and digits meet. */
static int cut_date(char *text, char **pieces)
{
    int count = 0;
    while (*text && count < MAX_DATE_FIELDS) {
        while (*text && !is_alpha(*text) && !is_digit(*text))
            text++;
        if (!*text)
            return -1;
        pieces[count++] = text;
        if (is_digit(*text))
            while (is_digit(*text))
                text++;
        else
            while (is_alpha(*text))
                text++;
        /* The character between two pieces is dropped, whatever it is. */
        if (*text)
            *text++ = '\0';
    }
    return count;
}

DateProblem datetime_read_date_field(DateReader *reader, char *text, unsigned have)
{
    char *pieces[MAX_DATE_FIELDS];
    int count = cut_date(text, pieces);
    unsigned part = 0;
    if (count < 0)
        return DATE_BAD_FORMAT;
    /* A month's name is unambiguous: it goes first. */
    bool saved_text_month = reader->text_month;
    reader->text_month = false;
    for (int i = 0; i < count; i++) {
        if (!is_alpha(*pieces[i]))
            continue;
        DateWord word = datetime_word(pieces[i]);
        if (word.kind == WORD_IGNORED)
            continue;
        if (word.kind != WORD_MONTH || (have & HAVE_MONTH))
            return DATE_BAD_FORMAT;
        reader->parts.month = word.value;
        reader->text_month = true;
        have |= HAVE_MONTH;
        part |= HAVE_MONTH;
        pieces[i] = NULL;
    }
    for (int i = 0; i < count; i++) {
        if (!pieces[i])
            continue;
        DateProblem problem = *pieces[i] ? datetime_read_number(reader, pieces[i], have) : DATE_BAD_FORMAT;
        if (problem)
            return problem;
        if (have & reader->part)
            return DATE_BAD_FORMAT;
        have |= reader->part;
        part |= reader->part;
    }
    reader->text_month = saved_text_month;
    reader->part = part;
    return (have & ~(unsigned)(HAVE_DAY_OF_YEAR | HAVE_ZONE)) == HAVE_DATE ? DATE_FINE : DATE_BAD_FORMAT;
}

/* ---- clock times and offsets ---- */

DateProblem datetime_read_clock(const char *text, bool minute_second, ClockTime *out)
{
    char *at;
    DateProblem problem = DATE_FINE;
    *out = (ClockTime){0};
    errno = 0;
    out->hour = strtoll(text, &at, 10);
    if (errno)
        return DATE_OUT_OF_RANGE;
    if (*at != ':')
        return DATE_BAD_FORMAT;
    if (!datetime_strtoint(at + 1, &at, &out->minute))
        return DATE_OUT_OF_RANGE;
    bool two = *at == '.' || (!*at && minute_second);
    if (*at == ':' && !datetime_strtoint(at + 1, &at, &out->second))
        return DATE_OUT_OF_RANGE;
    if (*at == '.')
        problem = datetime_fraction_micros(at, &out->micro);
    else if (*at)
        problem = DATE_BAD_FORMAT;
    if (problem)
        return problem;
    if (two) {
        if (out->hour > INT_MAX || out->hour < INT_MIN)
            return DATE_OUT_OF_RANGE;
        out->second = out->minute;
        out->minute = (int)out->hour;
        out->hour = 0;
    }
    bool sane = out->hour >= 0 && out->minute >= 0 && out->minute <= 59 && out->second >= 0 && out->second <= 60 && out->micro >= 0 &&
                out->micro <= MICROS_PER_SECOND;
    return sane ? DATE_FINE : DATE_OUT_OF_RANGE;
}

/* +hh, +hhmm, +hh:mm, +hh:mm:ss */
DateProblem datetime_read_offset(const char *text, int *offset)
{
    int hours, minutes = 0, seconds = 0;
    char *at;
    if (*text != '+' && *text != '-')
        return DATE_BAD_FORMAT;
    if (!datetime_strtoint(text + 1, &at, &hours))
        return DATE_ZONE_OUT_OF_RANGE;
    if (*at == ':') {
        if (!datetime_strtoint(at + 1, &at, &minutes) || (*at == ':' && !datetime_strtoint(at + 1, &at, &seconds)))
            return DATE_ZONE_OUT_OF_RANGE;
    } else if (!*at && strlen(text) > 3) {
        minutes = hours % 100;
        hours /= 100;
    }
    if (hours < 0 || hours > MAX_OFFSET_HOURS || minutes < 0 || minutes >= 60 || seconds < 0 || seconds >= 60)
        return DATE_ZONE_OUT_OF_RANGE;
    *offset = (hours * 60 + minutes) * 60 + seconds;
    if (*text == '-')
        *offset = -*offset;
    return *at ? DATE_BAD_FORMAT : DATE_FINE;
}

/* ---- the whole ---- */

bool datetime_time_overflows(const DateParts *parts)
{
    if (parts->hour < 0 || parts->hour > 24 || parts->minute < 0 || parts->minute >= 60 || parts->second < 0 || parts->second > 60 ||
        parts->micro < 0 || parts->micro > MICROS_PER_SECOND)
        return true;
    return datetime_time_of(parts) > MICROS_PER_DAY;
}

static DateProblem settle_year(DateReader *reader)
{
    DateParts *parts = &reader->parts;
    if (reader->julian)
        return DATE_FINE;
    if (reader->bc) {
        if (parts->year <= 0)
            return DATE_OUT_OF_RANGE;
        parts->year = 1 - parts->year;
    } else if (reader->two_digits) {
        if (parts->year < 0)
            return DATE_OUT_OF_RANGE;
        parts->year += parts->year < 70 ? 2000 : parts->year < 100 ? 1900 : 0;
    } else if (parts->year <= 0) {
        return DATE_OUT_OF_RANGE;
    }
    return DATE_FINE;
}

DateProblem datetime_validate(DateReader *reader)
{
    DateParts *parts = &reader->parts;
    DateProblem problem = reader->have & HAVE_YEAR ? settle_year(reader) : DATE_FINE;
    if (problem)
        return problem;
    if (reader->have & HAVE_DAY_OF_YEAR)
        calendar_date(calendar_days(parts->year, 1, 1) + parts->day_of_year - 1, &parts->year, &parts->month, &parts->day);
    if ((reader->have & HAVE_MONTH) && (parts->month < 1 || parts->month > 12))
        return DATE_OUT_OF_RANGE_STYLE;
    if ((reader->have & HAVE_DAY) && (parts->day < 1 || parts->day > 31))
        return DATE_OUT_OF_RANGE_STYLE;
    if ((reader->have & HAVE_DATE) == HAVE_DATE && parts->day > calendar_month_length(parts->year, parts->month))
        return DATE_OUT_OF_RANGE;
    return DATE_FINE;
}
