/*
 * format_date_read.c - to_timestamp() and to_date(): a text read by a template.
 *
 * Invariants:
 *  1. Without FX, spaces are skipped before and after fields, and separators match loosely: `extra` counts characters that were
 *     skipped beyond what the template asked for.
 *  2. A field that is set twice must get the same value twice. 0 is "not set".
 *
 * Any thread.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "type/format_int.h"

enum { MAX_WIDTH = 9, MAX_OFFSET_HOURS = 15 };

/* What the patterns gave. */
typedef struct Fields {
    int calendar;
    int hour, pm, minute, second, day_seconds;
    int weekday /* 1: Sunday */, day, day_of_year, month, millisecond, year, bc, week, month_week, century, julian, micro;
    int year_width; /* digits of the year's pattern */
    bool twelve_hours;
    int zone_sign, zone_hours, zone_minutes;
    int precision; /* of FFn; 0: none */
} Fields;

typedef struct Reader {
    const char *text, *at;
    const FormatPiece *piece, *first;
    bool fixed;    /* FX */
    bool standard; /* as SQL's standard wants a template matched: to the letter and to the end */
    int extra;
    Fields fields;
    Error *error;
    Arena *arena;
} Reader;

static bool fail(Reader *reader, const char *format, ...) PRINTF_LIKE(2, 3);

static bool fail(Reader *reader, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(reader->arena, format, args);
    va_end(args);
    return error_set(reader->error, ERRCODE_INVALID_DATETIME_FORMAT, "%s", message);
}

static const char *pattern_name(const Reader *reader)
{
    return reader->piece->pattern->name;
}

/* ---- numbers ---- */

static bool set(Reader *reader, int *field, int value)
{
    if (*field && *field != value) {
        fail(reader, "conflicting values for \"%s\" field in formatting string", pattern_name(reader));
        return error_detail(reader->error, "This value contradicts a previous setting for the same field type.");
    }
    *field = value;
    return true;
}

/* Whether what follows cannot be taken for more digits of this number. */
static bool is_delimited(const FormatPiece *piece)
{
    if (piece->modifiers & (FORMAT_ORDINAL_UPPER | FORMAT_ORDINAL_LOWER))
        return true;
    const FormatPiece *next = piece + 1;
    if (next->kind == PIECE_END)
        return true;
    if (next->kind == PIECE_PATTERN)
        return !next->pattern->is_digit;
    return !(next->len == 1 && is_digit(next->text[0]));
}

static bool too_short(Reader *reader, const char *message, int width, int used, const char *verb)
{
    fail(reader, "%s", message);
    error_detail(reader->error, "Field requires %d characters, but only %d %s.", width, used, verb);
    return error_hint(reader->error, "If your source string is not fixed-width, try using the \"FM\" modifier.");
}

/* Exactly `width` characters. */
static bool read_fixed(Reader *reader, const char *copy, int width, long *value)
{
    char *end;
    *value = 0;
    int there = (int)strlen(copy);
    if (there < width)
        return too_short(reader, arena_printf(reader->arena, "source string too short for \"%s\" formatting field", pattern_name(reader)),
                         width, there, "remain");
    errno = 0;
    *value = strtol(copy, &end, 10);
    int used = (int)(end - copy);
    if (used > 0 && used < width)
        return too_short(reader, arena_printf(reader->arena, "invalid value \"%s\" for \"%s\"", copy, pattern_name(reader)), width, used,
                         "could be parsed");
    reader->at += used;
    return true;
}

/* field NULL: read and forgotten. *len: characters taken. */
static bool read_width(Reader *reader, int width, int *field, int *len)
{
    char copy[MAX_WIDTH + 1];
    const char *start = reader->at;
    long value = 0;
    while (is_space(*reader->at))
        reader->at++;
    snprintf(copy, sizeof copy, "%.*s", width, reader->at);
    if ((reader->piece->modifiers & FORMAT_FILL) || is_delimited(reader->piece)) {
        char *end;
        errno = 0;
        value = strtol(start, &end, 10);
        reader->at = end;
    } else if (!read_fixed(reader, copy, width, &value)) {
        return false;
    }
    if (reader->at == start) {
        fail(reader, "invalid value \"%s\" for \"%s\"", copy, pattern_name(reader));
        return error_detail(reader->error, "Value must be an integer.");
    }
    if (errno == ERANGE || value < INT_MIN || value > INT_MAX) {
        error_set(reader->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "value for \"%s\" in source string is out of range",
                  pattern_name(reader));
        return error_detail(reader->error, "Value must be in the range %d to %d.", INT_MIN, INT_MAX);
    }
    if (len)
        *len = (int)(reader->at - start);
    return !field || set(reader, field, (int)value);
}

/* The ordinal ending is two characters, whichever. */
static void skip_ordinal(Reader *reader)
{
    if (!(reader->piece->modifiers & (FORMAT_ORDINAL_UPPER | FORMAT_ORDINAL_LOWER)))
        return;
    for (int i = 0; i < 2 && *reader->at; i++)
        reader->at += utf8_prefix(reader->at, strlen(reader->at), 1);
}

static bool read_number(Reader *reader, int width, int *field)
{
    if (!read_width(reader, width, field, NULL))
        return false;
    skip_ordinal(reader);
    return true;
}

static bool read_own_width(Reader *reader, int *field)
{
    return read_number(reader, (int)strlen(pattern_name(reader)), field);
}

/* 25 is .25, 025 is .025. */
static bool read_fraction(Reader *reader, int width, int digits, int *field)
{
    int len;
    if (!read_width(reader, width, field, &len))
        return false;
    for (; len < digits; len++)
        *field *= 10;
    skip_ordinal(reader);
    return true;
}

/* ---- words ---- */

/* The first of the words that the text begins with, whatever its case; count letters of each (0: all). */
static int find_word(const char *text, const char *const *words, size_t letters, size_t *len)
{
    for (int i = 0; words[i]; i++) {
        *len = letters ? letters : strlen(words[i]);
        size_t k = 0;
        while (k < *len && text[k] && to_lower(text[k]) == to_lower(words[i][k]))
            k++;
        if (k == *len)
            return i;
    }
    return -1;
}

static bool read_word(Reader *reader, const char *const *words, size_t letters, int *index)
{
    size_t len;
    *index = find_word(reader->at, words, letters, &len);
    if (*index < 0) {
        size_t shown = 0;
        while (reader->at[shown] && !strchr(" \t\n\r\f", reader->at[shown]))
            shown++;
        fail(reader, "invalid value \"%.*s\" for \"%s\"", (int)shown, reader->at, pattern_name(reader));
        return error_detail(reader->error, "The given value did not match any of the allowed values for this field.");
    }
    reader->at += len;
    return true;
}

static bool read_either(Reader *reader, const char *first, const char *second, int *field)
{
    const char *const words[] = {first, second, NULL};
    int index;
    return read_word(reader, words, 0, &index) && set(reader, field, index);
}

/* ---- patterns ---- */

static int near_2020(int year)
{
    return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year < 520 ? year + 2000 : year < 1000 ? year + 1000 : year;
}

static bool read_year(Reader *reader, int width)
{
    int len;
    if (!read_width(reader, width, &reader->fields.year, &len))
        return false;
    if (width < 4 && len < 4)
        reader->fields.year = near_2020(reader->fields.year);
    reader->fields.year_width = width;
    skip_ordinal(reader);
    return true;
}

static bool read_year_with_comma(Reader *reader)
{
    int thousands, years, len;
    if (sscanf(reader->at, "%d,%03d%n", &thousands, &years, &len) < 2)
        return fail(reader, "invalid input string for \"Y,YYY\"");
    if (!set(reader, &reader->fields.year, (int)((unsigned)thousands * 1000u + (unsigned)years)))
        return false;
    reader->fields.year_width = 4;
    reader->at += len;
    skip_ordinal(reader);
    return true;
}

/* The sign may have been taken for a separator before. */
static bool read_zone_hours(Reader *reader)
{
    Fields *fields = &reader->fields;
    if (*reader->at == '+' || *reader->at == '-' || *reader->at == ' ') {
        fields->zone_sign = *reader->at == '-' ? -1 : 1;
        reader->at++;
    } else {
        fields->zone_sign = reader->extra > 0 && reader->at[-1] == '-' ? -1 : 1;
    }
    return read_width(reader, 2, &fields->zone_hours, NULL);
}

static bool read_weekday(Reader *reader, size_t letters)
{
    int index;
    if (!read_word(reader, FORMAT_DAYS, letters, &index) || !set(reader, &reader->fields.weekday, index))
        return false;
    reader->fields.weekday++;
    return true;
}

static bool read_iso_weekday(Reader *reader)
{
    if (!read_width(reader, 1, &reader->fields.weekday, NULL))
        return false;
    if (++reader->fields.weekday > 7)
        reader->fields.weekday = 1;
    skip_ordinal(reader);
    return true;
}

static bool read_month_name(Reader *reader, const char *const *names, size_t letters, bool downwards)
{
    int index;
    return read_word(reader, names, letters, &index) && set(reader, &reader->fields.month, downwards ? 12 - index : index + 1);
}

static bool read_clock(Reader *reader, int id)
{
    Fields *fields = &reader->fields;
    switch (id) {
    case DATE_AM_DOTS:
        fields->twelve_hours = true;
        return read_either(reader, "a.m.", "p.m.", &fields->pm);
    case DATE_AM:
        fields->twelve_hours = true;
        return read_either(reader, "am", "pm", &fields->pm);
    case DATE_HH12:
        fields->twelve_hours = true;
        return read_number(reader, 2, &fields->hour);
    case DATE_HH24:
        return read_number(reader, 2, &fields->hour);
    case DATE_MI:
        return read_own_width(reader, &fields->minute);
    case DATE_SS:
        return read_own_width(reader, &fields->second);
    case DATE_SSSS:
        return read_own_width(reader, &fields->day_seconds);
    case DATE_MS:
        return read_fraction(reader, 3, 3, &fields->millisecond);
    case DATE_US:
        return read_fraction(reader, 6, 6, &fields->micro);
    default:
        fields->precision = id - DATE_FF;
        return read_fraction(reader, fields->precision, 6, &fields->micro);
    }
}

static bool read_date(Reader *reader, int id)
{
    Fields *fields = &reader->fields;
    switch (id) {
    case DATE_AD_DOTS:
        return read_either(reader, "a.d.", "b.c.", &fields->bc);
    case DATE_AD:
        return read_either(reader, "ad", "bc", &fields->bc);
    case DATE_MONTH:
        return read_month_name(reader, FORMAT_MONTHS, 0, false);
    case DATE_MON:
        return read_month_name(reader, FORMAT_MONTHS, 3, false);
    case DATE_RM:
        return read_month_name(reader, FORMAT_ROMAN_MONTHS, 0, true);
    case DATE_MM:
        return read_own_width(reader, &fields->month);
    case DATE_DAY:
        return read_weekday(reader, 0);
    case DATE_DY:
        return read_weekday(reader, 3);
    case DATE_DDD:
        return read_own_width(reader, &fields->day_of_year);
    case DATE_IDDD:
        return read_number(reader, 3, &fields->day_of_year);
    case DATE_DD:
        return read_own_width(reader, &fields->day);
    case DATE_D:
        return read_own_width(reader, &fields->weekday);
    case DATE_ID:
        return read_iso_weekday(reader);
    case DATE_WW:
    case DATE_IW:
        return read_own_width(reader, &fields->week);
    case DATE_W:
        return read_own_width(reader, &fields->month_week);
    case DATE_Q: /* no date follows from a quarter: read and forgotten */
        return read_own_width(reader, NULL);
    case DATE_CC:
        return read_own_width(reader, &fields->century);
    case DATE_J:
        return read_own_width(reader, &fields->julian);
    case DATE_Y_YYY:
        return read_year_with_comma(reader);
    default:
        return read_year(reader, (int)strlen(pattern_name(reader)));
    }
}

static bool read_zone(Reader *reader, int id)
{
    Fields *fields = &reader->fields;
    if (id == DATE_TZH)
        return read_zone_hours(reader);
    if (id == DATE_TZM) {
        fields->zone_sign = fields->zone_sign ? fields->zone_sign : 1;
        return read_width(reader, 2, &fields->zone_minutes, NULL);
    }
    return error_unsupported(reader->error, "formatting field \"%s\" is only supported in to_char", pattern_name(reader));
}

static bool is_clock(int id)
{
    return id == DATE_AM || id == DATE_AM_DOTS || (id > DATE_FF && id <= DATE_FF_LAST) || id == DATE_HH24 || id == DATE_HH12 ||
           id == DATE_MI || id == DATE_MS || id == DATE_SSSS || id == DATE_SS || id == DATE_US;
}

static bool read_pattern(Reader *reader)
{
    const FormatPattern *pattern = reader->piece->pattern;
    Fields *fields = &reader->fields;
    if (pattern->calendar && fields->calendar && (int)pattern->calendar != fields->calendar) {
        fail(reader, "invalid combination of date conventions");
        return error_hint(reader->error, "Do not mix Gregorian and ISO week date conventions in a formatting template.");
    }
    if (pattern->calendar)
        fields->calendar = (int)pattern->calendar;
    if (pattern->id == DATE_FX) {
        reader->fixed = true;
        return true;
    }
    if (pattern->id == DATE_TZ || pattern->id == DATE_OF || pattern->id == DATE_TZH || pattern->id == DATE_TZM)
        return read_zone(reader, pattern->id);
    return is_clock(pattern->id) ? read_clock(reader, pattern->id) : read_date(reader, pattern->id);
}

/* ---- the template ---- */

static void skip_spaces(Reader *reader)
{
    for (; is_space(*reader->at); reader->at++)
        reader->extra++;
}

static void next_character(Reader *reader)
{
    reader->at += utf8_prefix(reader->at, strlen(reader->at), 1);
}

static bool match_separator(Reader *reader)
{
    if (reader->standard && *reader->at != *reader->piece->text)
        return fail(reader, "unmatched format separator \"%c\"", *reader->piece->text);
    if (reader->fixed) {
        next_character(reader);
        return true;
    }
    reader->extra--;
    if (is_space(*reader->at) || format_is_separator(reader->at)) {
        reader->at++;
        reader->extra++;
    }
    return true;
}

static bool match_character(Reader *reader)
{
    const FormatPiece *piece = reader->piece;
    const char *start = reader->at;
    if (!reader->fixed && reader->extra > 0)
        reader->extra--;
    else
        next_character(reader);
    if (!reader->standard || ((size_t)(reader->at - start) == piece->len && memcmp(start, piece->text, piece->len) == 0))
        return true;
    return fail(reader, "unmatched format character \"%.*s\"", (int)piece->len, piece->text);
}

static bool at_end(Reader *reader)
{
    if (reader->piece->kind)
        return fail(reader, "input string is too short for datetime format");
    skip_spaces(reader);
    return !*reader->at || fail(reader, "trailing characters remain in input string after datetime format");
}

static bool read_template(Reader *reader)
{
    for (; reader->piece->kind && *reader->at; reader->piece++) {
        const FormatPiece *piece = reader->piece;
        bool is_pattern = piece->kind == PIECE_PATTERN;
        if (!reader->fixed && !(is_pattern && piece->pattern->id == DATE_FX) && (is_pattern || piece == reader->first))
            skip_spaces(reader);
        if (piece->kind == PIECE_SPACE || piece->kind == PIECE_SEPARATOR) {
            if (!match_separator(reader))
                return false;
        } else if (!is_pattern) {
            if (!match_character(reader))
                return false;
        } else {
            if (!read_pattern(reader))
                return false;
            if (!reader->fixed) {
                reader->extra = 0;
                skip_spaces(reader);
            }
        }
    }
    return !reader->standard || at_end(reader);
}

/* ---- from fields to a date ---- */

static bool settle_time(Reader *reader, DateParts *parts)
{
    const Fields *fields = &reader->fields;
    parts->hour = fields->day_seconds / 3600;
    parts->minute = fields->day_seconds % 3600 / 60;
    parts->second = fields->day_seconds % 60;
    parts->second = fields->second ? fields->second : parts->second;
    parts->minute = fields->minute ? fields->minute : parts->minute;
    parts->hour = fields->hour ? fields->hour : parts->hour;
    if (fields->twelve_hours) {
        if (parts->hour < 1 || parts->hour > 12) {
            fail(reader, "hour \"%d\" is invalid for the 12-hour clock", parts->hour);
            return error_hint(reader->error, "Use the 24-hour clock, or give an hour between 1 and 12.");
        }
        parts->hour = parts->hour % 12 + (fields->pm ? 12 : 0);
    }
    parts->micro = fields->millisecond * 1000 + fields->micro;
    return true;
}

/* The year of a century's two digits; of a century alone, its first year. */
static int64_t year_of_century(int century, int year)
{
    if (!year)
        return century >= 0 ? (int64_t)century * 100 : (int64_t)century * 100 + 1;
    return century >= 0 ? ((int64_t)century - 1) * 100 + year : ((int64_t)century + 1) * 100 - year + 1;
}

static unsigned settle_year(Fields *fields, DateParts *parts)
{
    if (!fields->year && !fields->century)
        return 0;
    int century = fields->bc ? -fields->century : fields->century;
    if (!fields->year) {
        parts->year = century >= 0 ? ((int64_t)century - 1) * 100 + 1 : (int64_t)century * 100 + 1;
    } else if (fields->century && fields->year_width <= 2) {
        parts->year = year_of_century(century, fields->year % 100);
    } else {
        parts->year = fields->bc ? -(int64_t)fields->year : fields->year;
        parts->year += parts->year < 0;
    }
    return HAVE_YEAR;
}

static unsigned settle_iso_week(const Fields *fields, DateParts *parts)
{
    int64_t days = calendar_iso_week_start(parts->year) + ((int64_t)fields->week - 1) * 7;
    if (fields->weekday)
        days += fields->weekday > 1 ? fields->weekday - 2 : 6;
    calendar_date(days, &parts->year, &parts->month, &parts->day);
    return HAVE_DATE;
}

static bool settle_day_of_year(Reader *reader, DateParts *parts, unsigned *have)
{
    const Fields *fields = &reader->fields;
    if (!parts->year && !fields->bc)
        return fail(reader, "cannot calculate day of year without year information");
    if (fields->calendar == CALENDAR_ISO_WEEK) {
        calendar_date(calendar_iso_week_start(parts->year) + fields->day_of_year - 1, &parts->year, &parts->month, &parts->day);
        *have |= HAVE_DATE;
        return true;
    }
    int month = 1, before = 0;
    for (; month <= 12; month++) {
        int length = calendar_month_length(parts->year, month);
        if (fields->day_of_year <= before + length)
            break;
        before += length;
    }
    if (parts->month <= 1)
        parts->month = month;
    if (parts->day <= 1)
        parts->day = fields->day_of_year - before;
    *have |= HAVE_MONTH | HAVE_DAY;
    return true;
}

static bool settle_date(Reader *reader, DateParts *parts, unsigned *have)
{
    Fields *fields = &reader->fields;
    *have = settle_year(fields, parts);
    if (fields->julian) {
        calendar_date((int64_t)fields->julian - DAYS_TO_JULIAN, &parts->year, &parts->month, &parts->day);
        *have |= HAVE_DATE;
    }
    if (fields->week && fields->calendar == CALENDAR_ISO_WEEK)
        *have |= settle_iso_week(fields, parts);
    else if (fields->week)
        fields->day_of_year = (fields->week - 1) * 7 + 1;
    if (fields->month_week)
        fields->day = (fields->month_week - 1) * 7 + 1;
    if (fields->day) {
        parts->day = fields->day;
        *have |= HAVE_DAY;
    }
    if (fields->month) {
        parts->month = fields->month;
        *have |= HAVE_MONTH;
    }
    return !fields->day_of_year || (parts->month > 1 && parts->day > 1) || settle_day_of_year(reader, parts, have);
}

static bool check_range(Reader *reader, const DateParts *parts, unsigned have)
{
    const Fields *fields = &reader->fields;
    DateReader date = {.have = have, .julian = true, .parts = *parts};
    bool fits = datetime_validate(&date) == DATE_FINE && parts->hour >= 0 && parts->hour < 24 && parts->minute >= 0 && parts->minute < 60 &&
                parts->second >= 0 && parts->second < 60 && parts->micro >= 0 && parts->micro < MICROS_PER_SECOND;
    if (!fits)
        return error_set(reader->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"%s\"", reader->text);
    bool zone_fits =
        fields->zone_hours >= 0 && fields->zone_hours <= MAX_OFFSET_HOURS && fields->zone_minutes >= 0 && fields->zone_minutes < 60;
    if (fields->zone_sign && !zone_fits)
        return error_set(reader->error, ERRCODE_INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range: \"%s\"",
                         reader->text);
    return true;
}

static bool read_text(Reader *reader, const char *text, const char *format, size_t format_len, DateParts *parts)
{
    unsigned have;
    reader->text = reader->at = text;
    reader->piece = reader->first = format_cut(format, format_len, FORMAT_DATE_PATTERNS, true, reader->arena);
    *parts = (DateParts){.month = 1, .day = 1};
    return read_template(reader) && settle_time(reader, parts) && settle_date(reader, parts, &have) && check_range(reader, parts, have);
}

bool format_read_timestamp(const char *text, const char *format, const TimeZone *zone, Arena *arena, int64_t *micros, Error *error)
{
    Reader reader = {.arena = arena, .error = error};
    DateParts parts;
    if (!read_text(&reader, text, format, strlen(format), &parts))
        return false;
    const Fields *fields = &reader.fields;
    int offset = fields->zone_sign * (fields->zone_hours * 3600 + fields->zone_minutes * 60);
    bool fits = datetime_join(&parts, micros);
    if (fits && !fields->zone_sign)
        offset = timezone_local_offset(zone, floor_div(*micros, MICROS_PER_SECOND));
    if (!fits || __builtin_sub_overflow(*micros, offset * MICROS_PER_SECOND, micros) || !datetime_is_valid_timestamp(*micros))
        return error_set(error, ERRCODE_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    if (fields->precision)
        *micros = datetime_round(*micros, fields->precision);
    return true;
}

bool format_read_date(const char *text, const char *format, Arena *arena, int32_t *days, Error *error)
{
    Reader reader = {.arena = arena, .error = error};
    DateParts parts;
    if (!read_text(&reader, text, format, strlen(format), &parts))
        return false;
    int64_t wide = datetime_is_valid_day(parts.year, parts.month) ? calendar_days(parts.year, parts.month, parts.day) : INT64_MAX;
    if (wide < -DAYS_TO_JULIAN || wide >= INT64_C(2145031949) + DAYS_TO_2000)
        return error_set(error, ERRCODE_DATETIME_FIELD_OVERFLOW, "date out of range: \"%s\"", text);
    *days = (int32_t)wide;
    return true;
}

/* ---- to the standard ---- */

enum { HAS_DATE = 1, HAS_TIME = 2, HAS_ZONE = 4 };

/* What stands between patterns is one of a few separators, unless it is quoted. */
static bool check_separators(Reader *reader, const char *format)
{
    for (const FormatPiece *piece = format_cut(format, strlen(format), FORMAT_DATE_PATTERNS, true, reader->arena); piece->kind; piece++)
        if (piece->kind != PIECE_PATTERN && !piece->quoted && !(piece->len == 1 && strchr("-./,':; ", *piece->text)))
            return fail(reader, "invalid datetime format separator: \"%.*s\"", (int)piece->len, piece->text);
    return true;
}

static bool template_has(Reader *reader, unsigned *has)
{
    for (const FormatPiece *piece = reader->first; piece->kind; piece++) {
        int id = piece->kind == PIECE_PATTERN ? piece->pattern->id : DATE_FX;
        if (id == DATE_TZ || id == DATE_OF)
            return error_unsupported(reader->error, "formatting field \"%s\" is only supported in to_char", piece->pattern->name);
        if (id != DATE_FX)
            *has |= id == DATE_TZH || id == DATE_TZM ? HAS_ZONE : is_clock(id) ? HAS_TIME : HAS_DATE;
    }
    return true;
}

static bool join_timestamp(Reader *reader, const DateParts *parts, FormatDatetime *out)
{
    bool zoned = out->type == TYPE_TIMESTAMPTZ;
    bool fits = datetime_join(parts, &out->value);
    if (!fits || __builtin_sub_overflow(out->value, zoned ? out->east * MICROS_PER_SECOND : 0, &out->value) ||
        !datetime_is_valid_timestamp(out->value))
        return error_set(reader->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "%s out of range", zoned ? "timestamptz" : "timestamp");
    if (reader->fields.precision)
        out->value = datetime_round(out->value, reader->fields.precision);
    return true;
}

static bool join_datetime(Reader *reader, const DateParts *parts, unsigned has, FormatDatetime *out)
{
    const Fields *fields = &reader->fields;
    bool zoned = has & HAS_ZONE;
    out->east = fields->zone_sign * (fields->zone_hours * 3600 + fields->zone_minutes * 60);
    if (!(has & (HAS_DATE | HAS_TIME)))
        return fail(reader, "datetime format is not dated and not timed");
    if (zoned && !(has & HAS_TIME))
        return fail(reader, "datetime format is zoned but not timed");
    if (!(has & HAS_TIME)) {
        if (!datetime_is_valid_day(parts->year, parts->month))
            return error_set(reader->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "date out of range: \"%s\"", reader->text);
        *out = (FormatDatetime){.type = TYPE_DATE, .value = calendar_days(parts->year, parts->month, parts->day)};
        return true;
    }
    bool dated = has & HAS_DATE;
    out->type = dated ? (zoned ? TYPE_TIMESTAMPTZ : TYPE_TIMESTAMP) : (zoned ? TYPE_TIMETZ : TYPE_TIME);
    if (zoned && !fields->zone_sign)
        return fail(reader, "missing time zone in input string for type %s", dated ? "timestamptz" : "timetz");
    if (dated)
        return join_timestamp(reader, parts, out);
    out->value = datetime_time_of(parts);
    if (fields->precision)
        out->value = datetime_round_time(out->value, fields->precision);
    return true;
}

bool format_read_datetime(const char *text, const char *format, Arena *arena, FormatDatetime *out, bool *bad_format, Error *error)
{
    Reader reader = {.arena = arena, .error = error, .fixed = true, .standard = true};
    DateParts parts;
    unsigned has = 0;
    *bad_format = !check_separators(&reader, format);
    *out = (FormatDatetime){0};
    return !*bad_format && read_text(&reader, *format ? text : "", format, strlen(format), &parts) && template_has(&reader, &has) &&
           join_datetime(&reader, &parts, has, out);
}
