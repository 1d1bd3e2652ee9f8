/*
 * format_date.c - to_char() of timestamps and intervals.
 *
 * Invariants:
 *  1. A pattern's own spelling says how names are spelt: DAY, Day, day.
 *  2. Patterns that need a date are refused for intervals.
 *
 * Any thread.
 */
#include <stdio.h>
#include <stdlib.h>

#include "type/format_int.h"

const FormatPattern FORMAT_DATE_PATTERNS[] = {
    {"A.D.", DATE_AD_DOTS, false, CALENDAR_ANY},
    {"A.M.", DATE_AM_DOTS, false, CALENDAR_ANY},
    {"AD", DATE_AD, false, CALENDAR_ANY},
    {"AM", DATE_AM, false, CALENDAR_ANY},
    {"B.C.", DATE_AD_DOTS, false, CALENDAR_ANY},
    {"BC", DATE_AD, false, CALENDAR_ANY},
    {"CC", DATE_CC, true, CALENDAR_ANY},
    {"DAY", DATE_DAY, false, CALENDAR_ANY},
    {"DDD", DATE_DDD, true, CALENDAR_GREGORIAN},
    {"DD", DATE_DD, true, CALENDAR_GREGORIAN},
    {"DY", DATE_DY, false, CALENDAR_ANY},
    {"Day", DATE_DAY, false, CALENDAR_ANY},
    {"Dy", DATE_DY, false, CALENDAR_ANY},
    {"D", DATE_D, true, CALENDAR_GREGORIAN},
    {"FF1", DATE_FF + 1, true, CALENDAR_ANY},
    {"FF2", DATE_FF + 2, true, CALENDAR_ANY},
    {"FF3", DATE_FF + 3, true, CALENDAR_ANY},
    {"FF4", DATE_FF + 4, true, CALENDAR_ANY},
    {"FF5", DATE_FF + 5, true, CALENDAR_ANY},
    {"FF6", DATE_FF + 6, true, CALENDAR_ANY},
    {"FX", DATE_FX, false, CALENDAR_ANY},
    {"HH24", DATE_HH24, true, CALENDAR_ANY},
    {"HH12", DATE_HH12, true, CALENDAR_ANY},
    {"HH", DATE_HH12, true, CALENDAR_ANY},
    {"IDDD", DATE_IDDD, true, CALENDAR_ISO_WEEK},
    {"ID", DATE_ID, true, CALENDAR_ISO_WEEK},
    {"IW", DATE_IW, true, CALENDAR_ISO_WEEK},
    {"IYYY", DATE_IYYY, true, CALENDAR_ISO_WEEK},
    {"IYY", DATE_IYY, true, CALENDAR_ISO_WEEK},
    {"IY", DATE_IY, true, CALENDAR_ISO_WEEK},
    {"I", DATE_I, true, CALENDAR_ISO_WEEK},
    {"J", DATE_J, true, CALENDAR_ANY},
    {"MI", DATE_MI, true, CALENDAR_ANY},
    {"MM", DATE_MM, true, CALENDAR_GREGORIAN},
    {"MONTH", DATE_MONTH, false, CALENDAR_GREGORIAN},
    {"MON", DATE_MON, false, CALENDAR_GREGORIAN},
    {"MS", DATE_MS, true, CALENDAR_ANY},
    {"Month", DATE_MONTH, false, CALENDAR_GREGORIAN},
    {"Mon", DATE_MON, false, CALENDAR_GREGORIAN},
    {"OF", DATE_OF, false, CALENDAR_ANY},
    {"P.M.", DATE_AM_DOTS, false, CALENDAR_ANY},
    {"PM", DATE_AM, false, CALENDAR_ANY},
    {"Q", DATE_Q, true, CALENDAR_ANY},
    {"RM", DATE_RM, false, CALENDAR_GREGORIAN},
    {"SSSSS", DATE_SSSS, true, CALENDAR_ANY},
    {"SSSS", DATE_SSSS, true, CALENDAR_ANY},
    {"SS", DATE_SS, true, CALENDAR_ANY},
    {"TZH", DATE_TZH, false, CALENDAR_ANY},
    {"TZM", DATE_TZM, true, CALENDAR_ANY},
    {"TZ", DATE_TZ, false, CALENDAR_ANY},
    {"US", DATE_US, true, CALENDAR_ANY},
    {"WW", DATE_WW, true, CALENDAR_GREGORIAN},
    {"W", DATE_W, true, CALENDAR_GREGORIAN},
    {"Y,YYY", DATE_Y_YYY, true, CALENDAR_GREGORIAN},
    {"YYYY", DATE_YYYY, true, CALENDAR_GREGORIAN},
    {"YYY", DATE_YYY, true, CALENDAR_GREGORIAN},
    {"YY", DATE_YY, true, CALENDAR_GREGORIAN},
    {"Y", DATE_Y, true, CALENDAR_GREGORIAN},
    {"a.d.", DATE_AD_DOTS, false, CALENDAR_ANY},
    {"a.m.", DATE_AM_DOTS, false, CALENDAR_ANY},
    {"ad", DATE_AD, false, CALENDAR_ANY},
    {"am", DATE_AM, false, CALENDAR_ANY},
    {"b.c.", DATE_AD_DOTS, false, CALENDAR_ANY},
    {"bc", DATE_AD, false, CALENDAR_ANY},
    {"cc", DATE_CC, true, CALENDAR_ANY},
    {"day", DATE_DAY, false, CALENDAR_ANY},
    {"ddd", DATE_DDD, true, CALENDAR_GREGORIAN},
    {"dd", DATE_DD, true, CALENDAR_GREGORIAN},
    {"dy", DATE_DY, false, CALENDAR_ANY},
    {"d", DATE_D, true, CALENDAR_GREGORIAN},
    {"ff1", DATE_FF + 1, true, CALENDAR_ANY},
    {"ff2", DATE_FF + 2, true, CALENDAR_ANY},
    {"ff3", DATE_FF + 3, true, CALENDAR_ANY},
    {"ff4", DATE_FF + 4, true, CALENDAR_ANY},
    {"ff5", DATE_FF + 5, true, CALENDAR_ANY},
    {"ff6", DATE_FF + 6, true, CALENDAR_ANY},
    {"fx", DATE_FX, false, CALENDAR_ANY},
    {"hh24", DATE_HH24, true, CALENDAR_ANY},
    {"hh12", DATE_HH12, true, CALENDAR_ANY},
    {"hh", DATE_HH12, true, CALENDAR_ANY},
    {"iddd", DATE_IDDD, true, CALENDAR_ISO_WEEK},
    {"id", DATE_ID, true, CALENDAR_ISO_WEEK},
    {"iw", DATE_IW, true, CALENDAR_ISO_WEEK},
    {"iyyy", DATE_IYYY, true, CALENDAR_ISO_WEEK},
    {"iyy", DATE_IYY, true, CALENDAR_ISO_WEEK},
    {"iy", DATE_IY, true, CALENDAR_ISO_WEEK},
    {"i", DATE_I, true, CALENDAR_ISO_WEEK},
    {"j", DATE_J, true, CALENDAR_ANY},
    {"mi", DATE_MI, true, CALENDAR_ANY},
    {"mm", DATE_MM, true, CALENDAR_GREGORIAN},
    {"month", DATE_MONTH, false, CALENDAR_GREGORIAN},
    {"mon", DATE_MON, false, CALENDAR_GREGORIAN},
    {"ms", DATE_MS, true, CALENDAR_ANY},
    {"of", DATE_OF, false, CALENDAR_ANY},
    {"p.m.", DATE_AM_DOTS, false, CALENDAR_ANY},
    {"pm", DATE_AM, false, CALENDAR_ANY},
    {"q", DATE_Q, true, CALENDAR_ANY},
    {"rm", DATE_RM, false, CALENDAR_GREGORIAN},
    {"sssss", DATE_SSSS, true, CALENDAR_ANY},
    {"ssss", DATE_SSSS, true, CALENDAR_ANY},
    {"ss", DATE_SS, true, CALENDAR_ANY},
    {"tzh", DATE_TZH, false, CALENDAR_ANY},
    {"tzm", DATE_TZM, true, CALENDAR_ANY},
    {"tz", DATE_TZ, false, CALENDAR_ANY},
    {"us", DATE_US, true, CALENDAR_ANY},
    {"ww", DATE_WW, true, CALENDAR_GREGORIAN},
    {"w", DATE_W, true, CALENDAR_GREGORIAN},
    {"y,yyy", DATE_Y_YYY, true, CALENDAR_GREGORIAN},
    {"yyyy", DATE_YYYY, true, CALENDAR_GREGORIAN},
    {"yyy", DATE_YYY, true, CALENDAR_GREGORIAN},
    {"yy", DATE_YY, true, CALENDAR_GREGORIAN},
    {"y", DATE_Y, true, CALENDAR_GREGORIAN},
    {NULL, 0, false, CALENDAR_ANY},
};

const char *const FORMAT_MONTHS[] = {"January", "February",  "March",   "April",    "May",      "June", "July",
                                     "August",  "September", "October", "November", "December", NULL};
const char *const FORMAT_DAYS[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", NULL};
/* From the twelfth down: no name is the beginning of a later one. */
const char *const FORMAT_ROMAN_MONTHS[] = {"XII", "XI", "X", "IX", "VIII", "VII", "VI", "V", "IV", "III", "II", "I", NULL};

enum { NAME_WIDTH = 9, ROMAN_WIDTH = 4, SHORT_NAME = 3, DAYS_PER_MONTH = 30 };

typedef struct Moment {
    int64_t year, hour;
    int month, day, minute, second, micro;
    int day_of_year, weekday;
    bool is_interval;
    bool has_zone;
    int offset;
    const char *abbreviation;
} Moment;

typedef struct Writer {
    const Moment *moment;
    const FormatPiece *piece;
    Str *out;
    Error *error;
} Writer;

static bool fills(const Writer *writer)
{
    return writer->piece->modifiers & FORMAT_FILL;
}

/* With leading zeros to the width, which a minus sign is part of; with its ordinal ending where one was asked for. */
static bool write_number(Writer *writer, int64_t value, int width)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%0*lld", fills(writer) ? 0 : width, (long long)value);
    str_addn(writer->out, digits, (size_t)len);
    unsigned ordinal = writer->piece->modifiers & (FORMAT_ORDINAL_UPPER | FORMAT_ORDINAL_LOWER);
    return !ordinal || format_ordinal(digits, (size_t)len, ordinal & FORMAT_ORDINAL_UPPER, writer->out, writer->error);
}

/* The minus sign of a negative value comes on top of the width. */
static bool write_signed(Writer *writer, int64_t value, int width)
{
    return write_number(writer, value, value < 0 ? width + 1 : width);
}

/* A name in the pattern's own case, filled up with spaces. */
static void write_name(Writer *writer, const char *name, size_t len, size_t width)
{
    const char *pattern = writer->piece->pattern->name;
    bool lower = pattern[0] >= 'a', upper = !lower && pattern[1] < 'a';
    for (size_t i = 0; i < len; i++) {
        char c = to_lower(name[i]);
        str_addc(writer->out, (upper || (!lower && i == 0)) && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
    if (writer->piece->modifiers & (FORMAT_FILL | FORMAT_TRANSLATE))
        return;
    for (; len < width; len++)
        str_addc(writer->out, ' ');
}

static bool write_word(Writer *writer, const char *word)
{
    write_name(writer, word, strlen(word), 0);
    return true;
}

static bool write_month(Writer *writer, bool full)
{
    int month = writer->moment->month;
    if (month) {
        const char *name = FORMAT_MONTHS[month - 1];
        write_name(writer, name, full ? strlen(name) : SHORT_NAME, full ? NAME_WIDTH : 0);
    }
    return true;
}

static bool write_day(Writer *writer, bool full)
{
    const char *name = FORMAT_DAYS[writer->moment->weekday];
    write_name(writer, name, full ? strlen(name) : SHORT_NAME, full ? NAME_WIDTH : 0);
    return true;
}

/* Intervals may have no months (a whole year is shown as the twelfth or first), or negative ones (counted from the year's end). */
static bool write_roman_month(Writer *writer)
{
    const Moment *moment = writer->moment;
    if (!moment->month && !moment->year)
        return true;
    int index = moment->month > 0 ? 12 - moment->month : moment->month < 0 ? -1 - moment->month : moment->year >= 0 ? 0 : 11;
    write_name(writer, FORMAT_ROMAN_MONTHS[index], strlen(FORMAT_ROMAN_MONTHS[index]), ROMAN_WIDTH);
    return true;
}

static int64_t shown_year(const Moment *moment, int64_t year)
{
    return moment->is_interval || year > 0 ? year : 1 - year;
}

static int64_t iso_year(const Moment *moment, int *week)
{
    int64_t year;
    calendar_iso_week(moment->year, calendar_days(moment->year, moment->month, moment->day), &year, week);
    return year;
}

static bool write_century(Writer *writer)
{
    int64_t year = writer->moment->year;
    int64_t century = writer->moment->is_interval ? year / 100 : year > 0 ? (year - 1) / 100 + 1 : year / 100 - 1;
    return write_signed(writer, century, century > 99 || century < -99 ? 0 : 2);
}

static bool write_year_with_comma(Writer *writer)
{
    int64_t year = shown_year(writer->moment, writer->moment->year);
    str_addf(writer->out, "%lld,", (long long)(year / 1000));
    FormatPiece plain = *writer->piece;
    plain.modifiers &= ~(unsigned)FORMAT_FILL;
    Writer rest = *writer;
    rest.piece = &plain;
    return write_number(&rest, year % 1000, 3);
}

static bool write_offset(Writer *writer, int id)
{
    int offset = writer->moment->offset, minutes = abs(offset) % 3600 / 60;
    if (id == DATE_TZM) {
        str_addf(writer->out, "%02d", minutes);
        return true;
    }
    str_addf(writer->out, "%c%0*d", offset >= 0 ? '+' : '-', id == DATE_OF && fills(writer) ? 0 : 2, abs(offset) / 3600);
    if (id == DATE_OF && abs(offset) % 3600)
        str_addf(writer->out, ":%02d", minutes);
    return true;
}

static bool write_zone(Writer *writer)
{
    const char *name = writer->moment->abbreviation;
    bool lower = writer->piece->pattern->name[0] == 't';
    for (; name && *name; name++)
        str_addc(writer->out, lower ? to_lower(*name) : *name);
    return true;
}

static int micros_to(int micro, int digits)
{
    for (; digits < 6; digits++)
        micro /= 10;
    return micro;
}

static bool write_fraction(Writer *writer, int digits)
{
    FormatPiece plain = *writer->piece;
    plain.modifiers &= ~(unsigned)FORMAT_FILL;
    Writer filled = *writer;
    filled.piece = &plain;
    return write_number(&filled, micros_to(writer->moment->micro, digits), digits);
}

static bool write_clock(Writer *writer, int id)
{
    const Moment *moment = writer->moment;
    switch (id) {
    case DATE_AM_DOTS:
        return write_word(writer, moment->hour % 24 >= 12 ? "P.M." : "A.M.");
    case DATE_AM:
        return write_word(writer, moment->hour % 24 >= 12 ? "PM" : "AM");
    case DATE_HH12: {
        int64_t hour = moment->hour % 12 == 0 ? 12 : moment->hour % 12;
        return write_number(writer, hour, moment->hour < 0 ? 3 : 2);
    }
    case DATE_HH24:
        return write_signed(writer, moment->hour, 2);
    case DATE_MI:
        return write_signed(writer, moment->minute, 2);
    case DATE_SS:
        return write_signed(writer, moment->second, 2);
    case DATE_MS:
        return write_fraction(writer, 3);
    case DATE_US:
        return write_fraction(writer, 6);
    case DATE_SSSS:
        return write_number(writer, moment->hour * 3600 + moment->minute * 60 + moment->second, 0);
    default:
        return write_fraction(writer, id - DATE_FF);
    }
}

static bool write_calendar(Writer *writer, int id)
{
    const Moment *moment = writer->moment;
    switch (id) {
    case DATE_AD_DOTS:
        return write_word(writer, moment->year <= 0 ? "B.C." : "A.D.");
    case DATE_AD:
        return write_word(writer, moment->year <= 0 ? "BC" : "AD");
    case DATE_MONTH:
    case DATE_MON:
        return write_month(writer, id == DATE_MONTH);
    case DATE_DAY:
    case DATE_DY:
        return write_day(writer, id == DATE_DAY);
    case DATE_D:
        return write_number(writer, moment->weekday + 1, 0);
    case DATE_ID:
        return write_number(writer, moment->weekday ? moment->weekday : 7, 0);
    case DATE_TZH:
    case DATE_TZM:
    case DATE_OF:
        return write_offset(writer, id);
    default:
        return write_zone(writer);
    }
}

static bool write_year(Writer *writer, int id)
{
    const Moment *moment = writer->moment;
    bool is_iso = id == DATE_IYYY || id == DATE_IYY || id == DATE_IY || id == DATE_I;
    int week;
    int64_t year = shown_year(moment, is_iso ? iso_year(moment, &week) : moment->year);
    switch (id) {
    case DATE_YYYY:
    case DATE_IYYY:
        return write_signed(writer, year, 4);
    case DATE_YYY:
    case DATE_IYY:
        return write_signed(writer, year % 1000, 3);
    case DATE_YY:
    case DATE_IY:
        return write_signed(writer, year % 100, 2);
    default:
        return write_number(writer, year % 10, 1);
    }
}

static bool write_date(Writer *writer, int id)
{
    const Moment *moment = writer->moment;
    int week;
    switch (id) {
    case DATE_FX:
        return true;
    case DATE_MM:
        return write_signed(writer, moment->month, 2);
    case DATE_DD:
        return write_number(writer, moment->day, 2);
    case DATE_DDD:
        return write_number(writer, moment->day_of_year, 3);
    case DATE_IW:
        iso_year(moment, &week);
        return write_number(writer, week, 2);
    case DATE_IDDD: {
        int64_t year = iso_year(moment, &week);
        return write_number(writer, calendar_days(moment->year, moment->month, moment->day) - calendar_iso_week_start(year) + 1, 3);
    }
    case DATE_WW:
        return write_number(writer, (moment->day_of_year - 1) / 7 + 1, 2);
    case DATE_W:
        return write_number(writer, (moment->day - 1) / 7 + 1, 0);
    case DATE_Q:
        return moment->month ? write_number(writer, (moment->month - 1) / 3 + 1, 0) : true;
    case DATE_CC:
        return write_century(writer);
    case DATE_J:
        /* of an interval's days it is what 32 bits hold */
        return write_number(writer, (int32_t)(calendar_days(moment->year, moment->month, moment->day) + DAYS_TO_JULIAN), 0);
    case DATE_RM:
        return write_roman_month(writer);
    case DATE_Y_YYY:
        return write_year_with_comma(writer);
    default:
        return write_year(writer, id);
    }
}

static bool is_clock(int id)
{
    return id == DATE_AM || id == DATE_AM_DOTS || (id > DATE_FF && id <= DATE_FF_LAST) || id == DATE_HH24 || id == DATE_HH12 ||
           id == DATE_MI || id == DATE_MS || id == DATE_SSSS || id == DATE_SS || id == DATE_US;
}

/* Names and eras, weekdays, zones: what only a date has. */
static bool needs_date(int id)
{
    static const int IDS[] = {DATE_AD, DATE_AD_DOTS, DATE_MONTH, DATE_MON, DATE_DAY, DATE_DY,
                              DATE_D,  DATE_ID,      DATE_TZH,   DATE_TZM, DATE_TZ,  DATE_OF};
    for (size_t i = 0; i < COUNT_OF(IDS); i++)
        if (IDS[i] == id)
            return true;
    return false;
}

static bool write_pattern(Writer *writer)
{
    int id = writer->piece->pattern->id;
    if (is_clock(id))
        return write_clock(writer, id);
    if (!needs_date(id))
        return write_date(writer, id);
    if (writer->moment->is_interval) {
        error_set(writer->error, ERRCODE_INVALID_DATETIME_FORMAT, "invalid format specification for an interval value");
        return error_hint(writer->error, "Intervals are not tied to specific calendar dates.");
    }
    return write_calendar(writer, id);
}

static bool write_moment(const Moment *moment, const char *format, size_t len, Str *out, Error *error)
{
    for (const FormatPiece *piece = format_cut(format, len, FORMAT_DATE_PATTERNS, true, out->arena); piece->kind; piece++) {
        Writer writer = {moment, piece, out, error};
        if (piece->kind != PIECE_PATTERN)
            str_addn(out, piece->text, piece->len);
        else if (!write_pattern(&writer))
            return false;
    }
    return true;
}

bool format_timestamp(int64_t micros, const TimeZone *zone, const char *format, size_t len, Str *out, Error *error)
{
    Moment moment = {.has_zone = zone != NULL};
    if (zone)
        moment.offset = timezone_offset_at(zone, micros, &moment.abbreviation);
    DateParts parts;
    datetime_split_micros(micros + moment.offset * MICROS_PER_SECOND, &parts);
    moment.year = parts.year;
    moment.month = parts.month;
    moment.day = parts.day;
    moment.hour = parts.hour;
    moment.minute = parts.minute;
    moment.second = parts.second;
    moment.micro = parts.micro;
    moment.weekday = calendar_weekday(calendar_days(parts.year, parts.month, parts.day));
    moment.day_of_year = calendar_day_of_year(parts.year, parts.month, parts.day);
    return write_moment(&moment, format, len, out, error);
}

bool format_interval(const FdwInterval *interval, const char *format, size_t len, Str *out, Error *error)
{
    int64_t time = interval->micros;
    Moment moment = {.is_interval = true,
                     .year = interval->months / 12,
                     .month = interval->months % 12,
                     .day = interval->days,
                     .hour = time / MICROS_PER_HOUR,
                     .minute = (int)(time / MICROS_PER_MINUTE % 60),
                     .second = (int)(time / MICROS_PER_SECOND % 60),
                     .micro = (int)(time % MICROS_PER_SECOND)};
    /* PostgreSQL's own number wraps round at 32 bits */
    moment.day_of_year = (int)((uint32_t)interval->months * DAYS_PER_MONTH + (uint32_t)interval->days);
    return write_moment(&moment, format, len, out, error);
}
