/*
 * datetime_int.h - what the files about dates, times and intervals share. Included by src/type only.
 */
#ifndef MEDLEY_TYPE_DATETIME_INT_H
#define MEDLEY_TYPE_DATETIME_INT_H

#include "type/timezone_int.h"

#define MICROS_PER_SECOND INT64_C(1000000)
#define MICROS_PER_MINUTE (60 * MICROS_PER_SECOND)
#define MICROS_PER_HOUR (60 * MICROS_PER_MINUTE)
#define MICROS_PER_DAY (24 * MICROS_PER_HOUR)

enum {
    SECONDS_PER_DAY = 86400,
    DAYS_TO_2000 = 10957 /* from 1970-01-01 to PostgreSQL's epoch */,
    DAYS_TO_JULIAN = 2440588 /* of 1970-01-01 */
};

#define TIMESTAMP_INFINITY INT64_MAX
#define TIMESTAMP_MINUS_INFINITY (-INT64_MAX)
#define DATE_INFINITY INT32_MAX
#define DATE_MINUS_INFINITY (-INT32_MAX)

/* PostgreSQL's first timestamp, 4714-11-24 BC, and our last one, 294247-01-10 04:00:54.775806: counted from 1970 there is no room
 * for the thirty years that PostgreSQL still has then. */
#define TIMESTAMP_MIN (INT64_C(-211813488000000000) + DAYS_TO_2000 * MICROS_PER_DAY)
#define TIMESTAMP_MAX (INT64_MAX - 1)

/* ---- the calendar ---- */

/* Months and days may lie beyond their year's, -11 to 12 and any, as an interval's do. */
int64_t calendar_days(int64_t year, int month, int day);
void calendar_date(int64_t days, int64_t *year, int *month, int *day);
bool calendar_is_leap(int64_t year);
int calendar_month_length(int64_t year, int month);
int calendar_weekday(int64_t days); /* 0: Sunday */
int calendar_day_of_year(int64_t year, int month, int day);
int64_t calendar_iso_week_start(int64_t year); /* the Monday of week 1 */
/* Of a day that is said to be of that year. As PostgreSQL counts an interval's, which may lie beyond it: at most one year away, in weeks of
 * any number. */
void calendar_iso_week(int64_t year, int64_t days, int64_t *iso_year, int *week);

/* ---- a date and time in its parts ---- */

typedef struct DateParts {
    int64_t year;   /* 0: 1 BC */
    int month, day; /* from 1 */
    int hour, minute, second, micro;
    int day_of_year; /* while reading only */
} DateParts;

/* Micros since 1970 of the parts, as if UTC. false: beyond PostgreSQL's range of timestamps (zone still to be applied). */
bool datetime_join(const DateParts *parts, int64_t *micros);
void datetime_split_micros(int64_t micros, DateParts *out);
/* Whether PostgreSQL's calendar has the day: from 4714-11-24 BC on, as far as 5874897. */
bool datetime_is_valid_day(int64_t year, int month);
bool datetime_is_valid_timestamp(int64_t micros);
/* Rounded to `precision` decimals of a second, half away from 2000-01-01 (what PostgreSQL counts from). typmod -1: as it is. */
int64_t datetime_round(int64_t micros, int32_t precision);
int64_t datetime_round_time(int64_t micros, int32_t precision);
int64_t datetime_time_of(const DateParts *parts); /* micros since midnight */

/* ---- reading: fields ---- */

typedef enum DateProblem {
    DATE_FINE,
    DATE_BAD_FORMAT,
    DATE_OUT_OF_RANGE,
    DATE_OUT_OF_RANGE_STYLE, /* perhaps another DateStyle was meant */
    DATE_INTERVAL_OUT_OF_RANGE,
    DATE_ZONE_OUT_OF_RANGE,
    DATE_UNKNOWN_ZONE, /* DateReader.bad_zone */
} DateProblem;

typedef enum FieldKind { FIELD_NUMBER, FIELD_DATE, FIELD_TIME, FIELD_SIGNED, FIELD_WORD, FIELD_SIGNED_WORD } FieldKind;

enum { MAX_DATE_FIELDS = 25, MAX_DATE_TEXT = 256 };

/* A text cut into fields, letters in lower case. */
typedef struct DateFields {
    struct {
        FieldKind kind;
        char *text;
    } items[MAX_DATE_FIELDS];
    int count;
    char space[MAX_DATE_TEXT];
} DateFields;

/* room: characters that fields and their ends may take together. */
DateProblem datetime_cut(const char *text, size_t len, size_t room, DateFields *out);

typedef enum WordKind {
    WORD_UNKNOWN,
    WORD_IGNORED,
    WORD_NOW,
    WORD_TODAY, /* value: days from today */
    WORD_ALLBALLS,
    WORD_EPOCH,
    WORD_INFINITY,
    WORD_MINUS_INFINITY,
    WORD_MONTH,
    WORD_WEEKDAY,
    WORD_MERIDIEM, /* value: 0 AM, 1 PM */
    WORD_ERA,      /* value: 1 BC */
    WORD_DST,      /* value: seconds added */
    WORD_LABEL,    /* says what the next number is: value LABEL_... */
    WORD_ISO_TIME, /* "t" */
} WordKind;

enum { LABEL_NONE, LABEL_JULIAN, LABEL_TIME, LABEL_YEAR, LABEL_MONTH, LABEL_DAY, LABEL_HOUR, LABEL_MINUTE, LABEL_SECOND, LABEL_OTHER };

typedef struct DateWord {
    const char *text;
    WordKind kind;
    int value;
} DateWord;

/* What a word means in a date or time; of long words only the first ten letters count. */
DateWord datetime_word(const char *text);

/* ---- reading: dates and times ---- */

/* What has been read, as bits. */
enum {
    HAVE_YEAR = 1 << 0,
    HAVE_MONTH = 1 << 1,
    HAVE_DAY = 1 << 2,
    HAVE_DATE = HAVE_YEAR | HAVE_MONTH | HAVE_DAY,
    HAVE_HOUR = 1 << 3,
    HAVE_MINUTE = 1 << 4,
    HAVE_SECOND = 1 << 5,
    HAVE_MILLISECOND = 1 << 6,
    HAVE_MICROSECOND = 1 << 7,
    HAVE_ALL_SECONDS = HAVE_SECOND | HAVE_MILLISECOND | HAVE_MICROSECOND,
    HAVE_TIME = HAVE_HOUR | HAVE_MINUTE | HAVE_ALL_SECONDS,
    HAVE_DAY_OF_YEAR = 1 << 8,
    HAVE_ZONE = 1 << 9,
    HAVE_DST_ZONE = 1 << 10,
    HAVE_DYNAMIC_ZONE = 1 << 11,
    HAVE_DST_WORD = 1 << 12,
    HAVE_MERIDIEM = 1 << 13,
    HAVE_ERA = 1 << 14,
    HAVE_WEEKDAY = 1 << 15,
    HAVE_RESERVED = 1 << 16,
    HAVE_WEEK = 1 << 17,
    HAVE_DECADE = 1 << 18,
    HAVE_CENTURY = 1 << 19,
    HAVE_MILLENNIUM = 1 << 20,
};

typedef enum DateSpecial { DATE_ORDINARY, DATE_EPOCH, DATE_LATE, DATE_EARLY } DateSpecial;

/* One date or time being read. */
typedef struct DateReader {
    const TypeContext *context;
    DateFields fields;
    DateParts parts;
    int offset; /* seconds east */
    DateSpecial special;
    unsigned have, part; /* all that was read; what the field at hand gave */
    int label;
    bool two_digits, text_month, julian, bc;
    int meridiem;                 /* -1: none, 0 AM, 1 PM */
    const TimeZone *zone;         /* named in full */
    const TimeZone *dynamic_zone; /* asked by abbreviation */
    const char *abbreviation, *bad_zone;
} DateReader;

/* A text of a date, timestamp; or of a time. With offset always set: the text's own, or the session zone's. */
DateProblem datetime_read(DateReader *reader, const char *text, size_t len, size_t room);
DateProblem datetime_read_time(DateReader *reader, const char *text, size_t len);
/* The error that PostgreSQL gives; always false. */
bool datetime_problem(const TypeCall *call, DateProblem problem, const DateReader *reader, const char *text, size_t len);

/* Parts of the work; each sets reader->part. Fields are written into. */
DateProblem datetime_read_date_field(DateReader *reader, char *text, unsigned have);
DateProblem datetime_read_number(DateReader *reader, char *text, unsigned have);
DateProblem datetime_read_run_together(DateReader *reader, char *text, unsigned have);
DateProblem datetime_read_offset(const char *text, int *offset);
DateProblem datetime_validate(DateReader *reader);
bool datetime_time_overflows(const DateParts *parts);
/* 32-bit strtol; false: out of range. */
bool datetime_strtoint(const char *text, char **end, int *out);
/* ".25" to 0.25; "." is 0. */
DateProblem datetime_fraction(const char *text, double *out);
DateProblem datetime_fraction_micros(const char *text, int *out);

/* h:m, h:m:s, h:m:s.f, m:s.f; hours unbounded. minute_second: h:m is m:s. */
typedef struct ClockTime {
    int64_t hour;
    int minute, second, micro;
} ClockTime;
DateProblem datetime_read_clock(const char *text, bool minute_second, ClockTime *out);

/* ---- writing ---- */

void datetime_write_date(const TypeContext *context, int64_t days, Str *out);
/* zone NULL: without time zone. */
void datetime_write_timestamp(const TypeContext *context, int64_t micros, const TimeZone *zone, Str *out);
void datetime_write_time(int64_t micros, Str *out);
void datetime_write_offset(int offset, Str *out); /* +02, -03:30 */
/* "05.25" or "5.25" */
void datetime_write_seconds(int second, int micro, bool fill, Str *out);

/* ---- intervals ---- */

enum {
    INTERVAL_MONTH = 1 << 1,
    INTERVAL_YEAR = 1 << 2,
    INTERVAL_DAY = 1 << 3,
    INTERVAL_HOUR = 1 << 10,
    INTERVAL_MINUTE = 1 << 11,
    INTERVAL_SECOND = 1 << 12,
    INTERVAL_ALL_FIELDS = 0x7FFF,
    INTERVAL_ANY_PRECISION = 0xFFFF,
};

/* fields: the typmod's, INTERVAL_ALL_FIELDS without one. */
DateProblem interval_read(const TypeContext *context, const char *text, size_t len, int fields, FdwInterval *out);
void interval_write(IntervalStyle style, const FdwInterval *interval, Str *out);
void interval_apply_typmod(FdwInterval *interval, int32_t typmod);

/* Rounds towards minus infinity. */
static inline int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

#endif
