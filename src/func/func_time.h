/*
 * func_time.h - calendar arithmetic for the files of date and time functions.
 *
 * Dates are days, timestamps microseconds since 1970-01-01; years are astronomical (year 0 is 1 BC). The calendar is Gregorian
 * throughout.
 */
#ifndef MEDLEY_FUNC_TIME_H
#define MEDLEY_FUNC_TIME_H

#include "func/func_internal.h"
#include "type/time_unit.h"

#define DAY_MICROS INT64_C(86400000000)
#define HOUR_MICROS INT64_C(3600000000)
#define MINUTE_MICROS INT64_C(60000000)
#define SECOND_MICROS INT64_C(1000000)
/* 4714-11-24 BC and the first instant behind what both PostgreSQL's range and the layout hold. */
#define FIRST_DAY INT64_C(-2440588)
#define LAST_DATE INT64_C(2145042905)
#define FIRST_MICROS (FIRST_DAY * DAY_MICROS)
#define BEHIND_MICROS (INT64_MAX - 1)

typedef struct Civil {
    int64_t year;
    int month, day;
    int64_t micros; /* in the day */
} Civil;

int64_t civil_days(int64_t year, int month, int day); /* days since 1970; day may be beyond the month's end */
void civil_from_days(int64_t days, Civil *out);       /* micros 0 */
int days_in_month(int64_t year, int month);

static inline bool timestamp_is_infinite(int64_t micros)
{
    return micros == INT64_MAX || micros == -INT64_MAX;
}

static inline bool date_is_infinite(int64_t days)
{
    return days == INT32_MAX || days == -INT32_MAX;
}

static inline int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

void civil_from_micros(int64_t micros, Civil *out);
int64_t civil_micros(const Civil *civil);
bool time_return_timestamp(FuncCall *call, int64_t micros); /* 22008 timestamp out of range */
const TimeZone *time_session_zone(const FuncCall *call);
int64_t time_to_local(const TimeZone *zone, int64_t utc);
/* The zone an argument names: 22023 when there is none. */
const TimeZone *time_zone_arg(FuncCall *call, int index, ZoneMoment kind, int64_t micros);
/* A timestamp, or with a zone an instant, plus an interval: months first, then days, then time. */
bool time_add_interval(FuncCall *call, int64_t micros, FdwInterval span, const TimeZone *zone, int64_t *out);

/* A time of day with a zone, from its canonical text. false: it is none. */
typedef struct TimeTz {
    int64_t micros; /* local */
    int east;       /* seconds */
} TimeTz;
bool timetz_read(const char *text, TimeTz *out);
int64_t timetz_instant(TimeTz time); /* microseconds of the day at Greenwich, which may be the one before or after */

int64_t time_iso_week_start(int64_t days); /* the Monday on or before */

#endif
