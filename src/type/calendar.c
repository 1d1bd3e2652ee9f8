/*
 * calendar.c - days and civil dates, proleptic Gregorian. Year 0 is 1 BC.
 *
 * Invariant: days count from 1970-01-01; both directions agree for every date that PostgreSQL has.
 *
 * Any thread.
 */
#include "type/datetime_int.h"

/* The year is taken to begin in March, so that the leap day is its last. */
int64_t calendar_days(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400, fifths = 153 * (month + (month > 2 ? -3 : 9)) + 2;
    int64_t day_of_year = (fifths >= 0 ? fifths : fifths - 4) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

void calendar_date(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100), from_march = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

bool calendar_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int calendar_month_length(int64_t year, int month)
{
    static const int LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return LENGTHS[month - 1] + (month == 2 && calendar_is_leap(year));
}

int calendar_weekday(int64_t days)
{
    int64_t weekday = (days + 4) % 7;
    return (int)(weekday < 0 ? weekday + 7 : weekday);
}

int calendar_day_of_year(int64_t year, int month, int day)
{
    return (int)(calendar_days(year, month, day) - calendar_days(year, 1, 1)) + 1;
}

enum { LEAST_WEEKS = 52 };

int64_t calendar_iso_week_start(int64_t year)
{
    /* Week 1 has January 4th; weeks start on Monday. */
    int64_t fourth = calendar_days(year, 1, 4);
    return fourth - (calendar_weekday(fourth) + 6) % 7;
}

void calendar_iso_week(int64_t year, int64_t days, int64_t *iso_year, int *week)
{
    if (days < calendar_iso_week_start(year))
        --year;
    *week = (int)((days - calendar_iso_week_start(year)) / 7) + 1;
    if (*week >= LEAST_WEEKS && days >= calendar_iso_week_start(year + 1))
        *week = (int)((days - calendar_iso_week_start(++year)) / 7) + 1;
    *iso_year = year;
}
