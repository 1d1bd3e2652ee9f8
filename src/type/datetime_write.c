/*
 * datetime_write.c - dates, times and timestamps as text, in every DateStyle.
 *
 * Invariant: years are shown without sign and with at least four digits; " BC" closes the text of years before 1.
 *
 * Any thread.
 */
#include <stdlib.h>

#include "type/datetime_int.h"

static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const WEEKDAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

static void write_two(int value, Str *out)
{
    str_addc(out, (char)('0' + value / 10 % 10));
    str_addc(out, (char)('0' + value % 10));
}

static void write_year(int64_t year, Str *out)
{
    str_addf(out, "%04lld", (long long)(year > 0 ? year : 1 - year));
}

void datetime_write_seconds(int second, int micro, bool fill, Str *out)
{
    second = abs(second);
    if (fill || second > 9)
        write_two(second, out);
    else
        str_addc(out, (char)('0' + second));
    if (!micro)
        return;
    int digits = 6;
    for (micro = abs(micro); micro % 10 == 0; micro /= 10)
        digits--;
    str_addf(out, ".%0*d", digits, micro);
}

static void write_clock(const DateParts *parts, Str *out)
{
    write_two(parts->hour, out);
    str_addc(out, ':');
    write_two(parts->minute, out);
    str_addc(out, ':');
    datetime_write_seconds(parts->second, parts->micro, true, out);
}

void datetime_write_offset(int offset, Str *out)
{
    int seconds = abs(offset);
    str_addc(out, offset >= 0 ? '+' : '-');
    write_two(seconds / 3600, out);
    if (seconds % 3600) {
        str_addc(out, ':');
        write_two(seconds % 3600 / 60, out);
    }
    if (seconds % 60) {
        str_addc(out, ':');
        write_two(seconds % 60, out);
    }
}

void datetime_write_time(int64_t micros, Str *out)
{
    DateParts parts = {.hour = (int)(micros / MICROS_PER_HOUR),
                       .minute = (int)(micros / MICROS_PER_MINUTE % 60),
                       .second = (int)(micros / MICROS_PER_SECOND % 60),
                       .micro = (int)(micros % MICROS_PER_SECOND)};
    write_clock(&parts, out);
}

/* Day and month in the order of the style, with a delimiter between and after. */
static void write_day_month(const TypeContext *context, const DateParts *parts, char delimiter, bool day_first, Str *out)
{
    write_two(day_first ? parts->day : parts->month, out);
    str_addc(out, delimiter);
    write_two(day_first ? parts->month : parts->day, out);
    str_addc(out, delimiter);
}

static void write_date_part(const TypeContext *context, const DateParts *parts, Str *out)
{
    bool day_first = context->date_order == DATE_ORDER_DMY;
    switch (context->date_style) {
    case DATE_STYLE_ISO:
        write_year(parts->year, out);
        str_addc(out, '-');
        write_two(parts->month, out);
        str_addc(out, '-');
        write_two(parts->day, out);
        return;
    case DATE_STYLE_SQL:
        write_day_month(context, parts, '/', day_first, out);
        break;
    case DATE_STYLE_GERMAN:
        write_day_month(context, parts, '.', true, out);
        break;
    case DATE_STYLE_POSTGRES:
        write_day_month(context, parts, '-', day_first, out);
        break;
    }
    write_year(parts->year, out);
}

static bool write_infinity(bool positive, bool negative, Str *out)
{
    if (positive || negative)
        str_add(out, positive ? "infinity" : "-infinity");
    return positive || negative;
}

void datetime_write_date(const TypeContext *context, int64_t days, Str *out)
{
    DateParts parts = {0};
    if (write_infinity(days == DATE_INFINITY, days == DATE_MINUS_INFINITY, out))
        return;
    calendar_date(days, &parts.year, &parts.month, &parts.day);
    write_date_part(context, &parts, out);
    if (parts.year <= 0)
        str_add(out, " BC");
}

/* Wed Dec 17 07:37:16 1997 */
static void write_postgres_style(const TypeContext *context, const DateParts *parts, Str *out)
{
    str_add(out, WEEKDAYS[calendar_weekday(calendar_days(parts->year, parts->month, parts->day))]);
    if (context->date_order == DATE_ORDER_DMY)
        str_addf(out, " %02d %s ", parts->day, MONTHS[parts->month - 1]);
    else
        str_addf(out, " %s %02d ", MONTHS[parts->month - 1], parts->day);
    write_clock(parts, out);
    str_addc(out, ' ');
    write_year(parts->year, out);
}

void datetime_write_timestamp(const TypeContext *context, int64_t micros, const TimeZone *zone, Str *out)
{
    enum { MAX_ABBREVIATION = 10 };
    if (write_infinity(micros == TIMESTAMP_INFINITY, micros == TIMESTAMP_MINUS_INFINITY, out))
        return;
    const char *abbreviation = NULL;
    int offset = zone ? timezone_offset_at(zone, micros, &abbreviation) : 0;
    DateParts parts;
    datetime_split_micros(micros + offset * MICROS_PER_SECOND, &parts);
    if (context->date_style == DATE_STYLE_POSTGRES) {
        write_postgres_style(context, &parts, out);
    } else {
        write_date_part(context, &parts, out);
        str_addc(out, ' ');
        write_clock(&parts, out);
    }
    if (zone && context->date_style == DATE_STYLE_ISO)
        datetime_write_offset(offset, out);
    else if (zone)
        str_addf(out, " %.*s", MAX_ABBREVIATION, abbreviation);
    if (parts.year <= 0)
        str_add(out, " BC");
}
