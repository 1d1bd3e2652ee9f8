/*
 * time_unit.h - the words for units of time: of interval input, extract, date_part and date_trunc.
 */
#ifndef MEDLEY_TYPE_TIME_UNIT_H
#define MEDLEY_TYPE_TIME_UNIT_H

typedef enum TimeUnit {
    UNIT_UNKNOWN,
    UNIT_MICROSECOND,
    UNIT_MILLISECOND,
    UNIT_SECOND,
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_QUARTER,
    UNIT_YEAR,
    UNIT_DECADE,
    UNIT_CENTURY,
    UNIT_MILLENNIUM,
    UNIT_TIMEZONE,
    UNIT_TIMEZONE_HOUR,
    UNIT_TIMEZONE_MINUTE,
    /* of extract only */
    UNIT_DOW,
    UNIT_ISODOW,
    UNIT_DOY,
    UNIT_EPOCH,
    UNIT_ISOYEAR,
    UNIT_JULIAN,
    UNIT_AGO, /* interval input only, and no unit: time_unit() never gives it */
} TimeUnit;

/* By its name in lower case, of which only the first ten letters count, as in PostgreSQL. */
TimeUnit time_unit(const char *name);

#endif
