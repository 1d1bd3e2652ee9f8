/*
 * datetime_read.c - reading dates, timestamps and times: field after field, each by its kind and by what came before.
 *
 * Invariants:
 *  1. No part is given twice.
 *  2. An offset that depends on the date (a named zone, an abbreviation that changed its meaning, the session's zone) is
 *     worked out when the date is known.
 *
 * Any thread.
 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "type/datetime_int.h"

/* ---- now ---- */

static void set_now(DateReader *reader, bool with_zone)
{
    int offset = timezone_offset_at(reader->context->time_zone, reader->context->now, NULL);
    if (reader->context->now_read)
        *reader->context->now_read = true;
    int day_of_year = reader->parts.day_of_year;
    datetime_split_micros(reader->context->now + offset * MICROS_PER_SECOND, &reader->parts);
    reader->parts.day_of_year = day_of_year;
    if (with_zone)
        reader->offset = offset;
}

static void set_today(DateReader *reader, int days)
{
    DateParts time = reader->parts, *parts = &reader->parts;
    set_now(reader, false);
    calendar_date(calendar_days(parts->year, parts->month, parts->day) + days, &parts->year, &parts->month, &parts->day);
    parts->hour = time.hour;
    parts->minute = time.minute;
    parts->second = time.second;
    parts->micro = time.micro;
}

/* ---- fields ---- */

static bool take_label(DateReader *reader, int wanted)
{
    bool is_it = reader->label == wanted;
    reader->label = LABEL_NONE;
    return is_it;
}

static DateProblem read_julian(DateReader *reader, const char *text, bool with_offset)
{
    char *end;
    int days;
    if (!datetime_strtoint(text, &end, &days) || days < 0)
        return DATE_OUT_OF_RANGE;
    DateParts *parts = &reader->parts;
    calendar_date((int64_t)days - DAYS_TO_JULIAN, &parts->year, &parts->month, &parts->day);
    reader->julian = true;
    reader->part = HAVE_DATE;
    if (with_offset) {
        reader->part |= HAVE_TIME | HAVE_ZONE;
        return datetime_read_offset(end, &reader->offset);
    }
    if (*end == '.') {
        double fraction;
        DateProblem problem = datetime_fraction(end, &fraction);
        if (problem)
            return problem;
        DateParts time;
        datetime_split_micros((int64_t)(fraction * (double)MICROS_PER_DAY), &time);
        parts->hour = time.hour;
        parts->minute = time.minute;
        parts->second = time.second;
        parts->micro = time.micro;
        reader->part |= HAVE_TIME;
    }
    return *end && *end != '.' ? DATE_BAD_FORMAT : DATE_FINE;
}

static DateProblem read_zone_name(DateReader *reader, const char *text)
{
    reader->zone = timezone_find(text);
    reader->part = HAVE_ZONE;
    reader->bad_zone = text;
    return reader->zone ? DATE_FINE : DATE_UNKNOWN_ZONE;
}

/* hhmmss-zz */
static DateProblem read_time_with_offset(DateReader *reader, char *text, unsigned have)
{
    char *minus = strchr(text, '-');
    if ((reader->have & HAVE_TIME) == HAVE_TIME || !minus)
        return DATE_BAD_FORMAT;
    DateProblem problem = datetime_read_offset(minus, &reader->offset);
    if (problem)
        return problem;
    *minus = '\0';
    problem = datetime_read_run_together(reader, text, have);
    reader->part |= HAVE_ZONE;
    return problem;
}

static DateProblem read_date_kind(DateReader *reader, char *text)
{
    if (reader->label == LABEL_JULIAN) {
        reader->label = LABEL_NONE;
        return read_julian(reader, text, true);
    }
    bool has_day = (reader->have & (HAVE_MONTH | HAVE_DAY)) == (HAVE_MONTH | HAVE_DAY);
    if (!reader->label && !has_day)
        return datetime_read_date_field(reader, text, reader->have);
    bool labelled = reader->label;
    if (labelled && !take_label(reader, LABEL_TIME))
        return DATE_BAD_FORMAT;
    if (labelled || is_digit(*text))
        return read_time_with_offset(reader, text, reader->have);
    return read_zone_name(reader, text);
}

static DateProblem read_time_kind(DateReader *reader, const char *text, bool check_range)
{
    ClockTime clock;
    if (reader->label && !take_label(reader, LABEL_TIME))
        return DATE_BAD_FORMAT;
    DateProblem problem = datetime_read_clock(text, false, &clock);
    if (problem)
        return problem;
    if (clock.hour > INT_MAX)
        return DATE_OUT_OF_RANGE;
    reader->parts.hour = (int)clock.hour;
    reader->parts.minute = clock.minute;
    reader->parts.second = clock.second;
    reader->parts.micro = clock.micro;
    reader->part = HAVE_TIME;
    return check_range && datetime_time_overflows(&reader->parts) ? DATE_OUT_OF_RANGE : DATE_FINE;
}

/* A number behind "y", "m", "d", "h", "mm" or "s". */
static DateProblem read_labelled_part(DateReader *reader, const char *text, int label)
{
    DateParts *parts = &reader->parts;
    char *end;
    int value;
    if (!datetime_strtoint(text, &end, &value))
        return DATE_OUT_OF_RANGE;
    if (*end && (*end != '.' || label != LABEL_SECOND))
        return DATE_BAD_FORMAT;
    bool is_minute = label == LABEL_MINUTE || (label == LABEL_MONTH && (reader->have & HAVE_MONTH) && (reader->have & HAVE_HOUR));
    if (label == LABEL_YEAR) {
        parts->year = value;
        reader->part = HAVE_YEAR;
    } else if (is_minute) {
        parts->minute = value;
        reader->part = HAVE_MINUTE;
    } else if (label == LABEL_MONTH) {
        parts->month = value;
        reader->part = HAVE_MONTH;
    } else if (label == LABEL_DAY) {
        parts->day = value;
        reader->part = HAVE_DAY;
    } else if (label == LABEL_HOUR) {
        parts->hour = value;
        reader->part = HAVE_HOUR;
    } else if (label == LABEL_SECOND) {
        parts->second = value;
        reader->part = *end ? HAVE_ALL_SECONDS : HAVE_SECOND;
        return *end ? datetime_fraction_micros(end, &parts->micro) : DATE_FINE;
    } else {
        return DATE_BAD_FORMAT;
    }
    return DATE_FINE;
}

static DateProblem read_labelled(DateReader *reader, char *text)
{
    int label = reader->label;
    reader->label = LABEL_NONE;
    if (label == LABEL_JULIAN)
        return read_julian(reader, text, false);
    if (label != LABEL_TIME)
        return read_labelled_part(reader, text, label);
    DateProblem problem = datetime_read_run_together(reader, text, reader->have | HAVE_DATE);
    return problem ? problem : reader->part == HAVE_TIME ? DATE_FINE : DATE_BAD_FORMAT;
}

static DateProblem read_number_kind(DateReader *reader, char *text)
{
    if (reader->label)
        return read_labelled(reader, text);
    size_t len = strlen(text);
    const char *point = strchr(text, '.');
    if (point && !(reader->have & HAVE_DATE))
        return datetime_read_date_field(reader, text, reader->have);
    bool run_together = point ? point - text > 2 : len >= 6 && (!(reader->have & HAVE_DATE) || !(reader->have & HAVE_TIME));
    return run_together ? datetime_read_run_together(reader, text, reader->have) : datetime_read_number(reader, text, reader->have);
}

/* ---- words ---- */

static DateProblem read_abbreviation(DateReader *reader, const ZoneAbbreviation *abbreviation, const char *text)
{
    reader->part = HAVE_ZONE;
    if (abbreviation->zone) {
        reader->part |= HAVE_DYNAMIC_ZONE;
        reader->dynamic_zone = timezone_find(abbreviation->zone);
        reader->abbreviation = text;
        return reader->dynamic_zone ? DATE_FINE : DATE_BAD_FORMAT;
    }
    reader->part |= abbreviation->is_dst ? HAVE_DST_ZONE : 0;
    reader->offset = abbreviation->offset;
    return DATE_FINE;
}

static void read_month(DateReader *reader, int month)
{
    DateParts *parts = &reader->parts;
    reader->part = HAVE_MONTH;
    /* "17 Jan": what was taken for the month was the day. */
    if ((reader->have & HAVE_MONTH) && !reader->text_month && !(reader->have & HAVE_DAY) && parts->month >= 1 && parts->month <= 31) {
        parts->day = parts->month;
        reader->part = HAVE_DAY;
    }
    reader->text_month = true;
    parts->month = month;
}

/* A label that no number follows is forgotten, as is one that another label follows. */
static DateProblem read_label(DateReader *reader, int label)
{
    reader->label = label;
    reader->part = 0;
    return DATE_FINE;
}

/* "t" must stand before something that may be a time. */
static DateProblem read_iso_time(DateReader *reader, int i)
{
    FieldKind next = i + 1 < reader->fields.count ? reader->fields.items[i + 1].kind : FIELD_WORD;
    bool sensible = next == FIELD_NUMBER || next == FIELD_TIME || next == FIELD_DATE;
    return sensible ? read_label(reader, LABEL_TIME) : DATE_BAD_FORMAT;
}

static DateProblem read_special(DateReader *reader, DateSpecial special)
{
    reader->special = special;
    reader->part = HAVE_DATE | HAVE_TIME | HAVE_ZONE;
    return DATE_FINE;
}

static void clear_time(DateReader *reader)
{
    reader->parts.hour = reader->parts.minute = reader->parts.second = 0;
    reader->part = HAVE_TIME | HAVE_ZONE;
    reader->offset = 0;
}

static DateProblem read_unknown_word(DateReader *reader, const char *text)
{
    DateProblem problem = read_zone_name(reader, text);
    return problem ? DATE_BAD_FORMAT : DATE_FINE;
}

/* Words that dates and times share. */
static DateProblem read_common_word(DateReader *reader, const DateWord *word, const char *text)
{
    switch (word->kind) {
    case WORD_IGNORED:
        reader->part = 0;
        return DATE_FINE;
    case WORD_DST:
        reader->part = HAVE_DST_WORD | HAVE_DST_ZONE;
        reader->offset += word->value;
        return DATE_FINE;
    case WORD_MERIDIEM:
        reader->part = HAVE_MERIDIEM;
        reader->meridiem = word->value;
        return DATE_FINE;
    case WORD_ERA:
        reader->part = HAVE_ERA;
        reader->bc = word->value;
        return DATE_FINE;
    case WORD_LABEL:
        return read_label(reader, word->value);
    case WORD_ALLBALLS:
        clear_time(reader);
        return DATE_FINE;
    case WORD_UNKNOWN:
        return read_unknown_word(reader, text);
    default:
        return DATE_BAD_FORMAT;
    }
}

static DateProblem read_word(DateReader *reader, int i)
{
    const char *text = reader->fields.items[i].text;
    const ZoneAbbreviation *abbreviation = timezone_known_abbreviation(text);
    if (abbreviation)
        return read_abbreviation(reader, abbreviation, text);
    DateWord word = datetime_word(text);
    switch (word.kind) {
    case WORD_NOW:
        set_now(reader, true);
        reader->part = HAVE_DATE | HAVE_TIME | HAVE_ZONE;
        return DATE_FINE;
    case WORD_TODAY:
        set_today(reader, word.value);
        reader->part = HAVE_DATE;
        return DATE_FINE;
    case WORD_EPOCH:
        return read_special(reader, DATE_EPOCH);
    case WORD_INFINITY:
        return read_special(reader, DATE_LATE);
    case WORD_MINUS_INFINITY:
        return read_special(reader, DATE_EARLY);
    case WORD_MONTH:
        read_month(reader, word.value);
        return DATE_FINE;
    case WORD_WEEKDAY:
        reader->part = HAVE_WEEKDAY;
        return DATE_FINE;
    case WORD_ISO_TIME:
        return (reader->have & HAVE_DATE) == HAVE_DATE ? read_iso_time(reader, i) : DATE_BAD_FORMAT;
    default:
        return read_common_word(reader, &word, text);
    }
}

/* ---- the end ---- */

static int64_t local_seconds(const DateParts *parts)
{
    return calendar_days(parts->year, parts->month, parts->day) * SECONDS_PER_DAY + parts->hour * 3600 + parts->minute * 60 + parts->second;
}

static int offset_of_zone(const TimeZone *zone, const DateParts *parts)
{
    return datetime_is_valid_day(parts->year, parts->month) ? timezone_local_offset(zone, local_seconds(parts)) : 0;
}

/* An abbreviation's offset at a local time: its own, if the zone ever used it; else what the zone has then. */
static int offset_of_abbreviation(const TimeZone *zone, const char *abbreviation, const DateParts *parts)
{
    int offset = offset_of_zone(zone, parts), own;
    bool is_dst;
    return timezone_abbreviation(zone, abbreviation, local_seconds(parts) - offset, &own, &is_dst) ? own : offset;
}

/* Which offset holds for the date and time, when the text itself gave none as a number. */
static DateProblem settle_offset(DateReader *reader, const DateParts *parts)
{
    bool has_zone = reader->have & HAVE_ZONE;
    if ((reader->zone || reader->dynamic_zone || !has_zone) && (reader->have & HAVE_DST_WORD))
        return DATE_BAD_FORMAT;
    if (reader->zone)
        reader->offset = offset_of_zone(reader->zone, parts);
    if (reader->dynamic_zone)
        reader->offset = offset_of_abbreviation(reader->dynamic_zone, reader->abbreviation, parts);
    if (!has_zone)
        reader->offset = offset_of_zone(reader->context->time_zone, parts);
    return DATE_FINE;
}

static DateProblem settle_meridiem(DateReader *reader)
{
    DateParts *parts = &reader->parts;
    if (reader->meridiem < 0)
        return DATE_FINE;
    if (parts->hour > 12)
        return DATE_OUT_OF_RANGE;
    if (reader->meridiem == 0 && parts->hour == 12)
        parts->hour = 0;
    else if (reader->meridiem == 1 && parts->hour != 12)
        parts->hour += 12;
    return DATE_FINE;
}

static DateProblem read_field(DateReader *reader, int i)
{
    char *text = reader->fields.items[i].text;
    switch (reader->fields.items[i].kind) {
    case FIELD_DATE:
        return read_date_kind(reader, text);
    case FIELD_TIME:
        return read_time_kind(reader, text, true);
    case FIELD_SIGNED:
        reader->part = HAVE_ZONE;
        return datetime_read_offset(text, &reader->offset);
    case FIELD_NUMBER:
        return read_number_kind(reader, text);
    default:
        return read_word(reader, i);
    }
}

DateProblem datetime_read(DateReader *reader, const char *text, size_t len, size_t room)
{
    reader->meridiem = -1;
    DateProblem problem = datetime_cut(text, len, room, &reader->fields);
    for (int i = 0; !problem && i < reader->fields.count; i++) {
        reader->part = 0;
        problem = read_field(reader, i);
        if (!problem && (reader->have & reader->part))
            problem = DATE_BAD_FORMAT;
        reader->have |= reader->part;
    }
    if (problem)
        return problem;
    if (reader->special)
        return DATE_FINE;
    problem = datetime_validate(reader);
    if (!problem)
        problem = settle_meridiem(reader);
    if (problem)
        return problem;
    if ((reader->have & HAVE_DATE) != HAVE_DATE)
        return DATE_BAD_FORMAT;
    return settle_offset(reader, &reader->parts);
}

/* ---- times without a date ---- */

/* A date may stand first when a zone or a time follows it: it decides about daylight time. */
static DateProblem read_time_date_kind(DateReader *reader, int i)
{
    const DateFields *fields = &reader->fields;
    char *text = fields->items[i].text;
    bool may_be_date =
        i == 0 && fields->count >= 2 && (fields->items[fields->count - 1].kind == FIELD_DATE || fields->items[1].kind == FIELD_TIME);
    if (may_be_date)
        return datetime_read_date_field(reader, text, reader->have);
    return is_digit(*text) ? read_time_with_offset(reader, text, reader->have | HAVE_DATE) : read_zone_name(reader, text);
}

static DateProblem read_time_number_kind(DateReader *reader, int i)
{
    const DateFields *fields = &reader->fields;
    char *text = fields->items[i].text;
    if (reader->label)
        return read_labelled(reader, text);
    const char *point = strchr(text, '.');
    if (point && i == 0 && fields->count >= 2 && fields->items[fields->count - 1].kind == FIELD_DATE)
        return datetime_read_date_field(reader, text, reader->have);
    if (point ? point - text > 2 : strlen(text) > 4)
        return datetime_read_run_together(reader, text, reader->have | HAVE_DATE);
    return point ? DATE_BAD_FORMAT : datetime_read_number(reader, text, reader->have | HAVE_DATE);
}

static DateProblem read_time_word(DateReader *reader, int i)
{
    const char *text = reader->fields.items[i].text;
    const ZoneAbbreviation *abbreviation = timezone_known_abbreviation(text);
    if (abbreviation)
        return read_abbreviation(reader, abbreviation, text);
    DateWord word = datetime_word(text);
    if (word.kind == WORD_NOW) {
        DateParts date = reader->parts;
        set_now(reader, false);
        reader->parts.year = date.year;
        reader->parts.month = date.month;
        reader->parts.day = date.day;
        reader->part = HAVE_TIME;
        return DATE_FINE;
    }
    if (word.kind == WORD_ISO_TIME)
        return read_iso_time(reader, i);
    return read_common_word(reader, &word, text);
}

static DateProblem read_time_field(DateReader *reader, int i)
{
    char *text = reader->fields.items[i].text;
    switch (reader->fields.items[i].kind) {
    case FIELD_DATE:
        return read_time_date_kind(reader, i);
    case FIELD_TIME:
        reader->label = LABEL_NONE;
        return read_time_kind(reader, text, false);
    case FIELD_SIGNED:
        reader->part = HAVE_ZONE;
        return datetime_read_offset(text, &reader->offset);
    case FIELD_NUMBER:
        return read_time_number_kind(reader, i);
    default:
        return read_time_word(reader, i);
    }
}

/* The date that decides about the offset: the text's, else today's. */
static DateParts date_for_offset(const DateReader *reader)
{
    DateParts parts = reader->parts;
    if (reader->have & HAVE_DATE)
        return parts;
    DateReader today = {.context = reader->context};
    set_now(&today, false);
    parts.year = today.parts.year;
    parts.month = today.parts.month;
    parts.day = today.parts.day;
    return parts;
}

static bool has_one_offset(const TimeZone *zone)
{
    for (size_t i = 1; i < zone->nperiods; i++)
        if (zone->periods[i].offset != zone->periods[0].offset)
            return false;
    return !zone->has_rules;
}

DateProblem datetime_read_time(DateReader *reader, const char *text, size_t len)
{
    enum { ROOM = 129 };
    reader->meridiem = -1;
    DateProblem problem = datetime_cut(text, len, ROOM, &reader->fields);
    for (int i = 0; !problem && i < reader->fields.count; i++) {
        reader->part = 0;
        problem = read_time_field(reader, i);
        if (!problem && (reader->have & reader->part))
            problem = DATE_BAD_FORMAT;
        reader->have |= reader->part;
    }
    if (!problem)
        problem = datetime_validate(reader);
    if (!problem)
        problem = settle_meridiem(reader);
    if (problem)
        return problem;
    if (datetime_time_overflows(&reader->parts))
        return DATE_OUT_OF_RANGE;
    if ((reader->have & HAVE_TIME) != HAVE_TIME)
        return DATE_BAD_FORMAT;
    bool has_date = (reader->have & HAVE_DATE) == HAVE_DATE, part_of_date = !has_date && (reader->have & HAVE_DATE);
    if (reader->zone && !has_one_offset(reader->zone) && !has_date)
        return DATE_BAD_FORMAT;
    /* An offset that a date decides about needs all of it, or today's. */
    if (part_of_date && (reader->dynamic_zone || !(reader->have & HAVE_ZONE)))
        return DATE_BAD_FORMAT;
    DateParts at = date_for_offset(reader);
    return settle_offset(reader, &at);
}

/* ---- errors ---- */

bool datetime_problem(const TypeCall *call, DateProblem problem, const DateReader *reader, const char *text, size_t len)
{
    int shown = (int)len;
    switch (problem) {
    case DATE_OUT_OF_RANGE:
    case DATE_OUT_OF_RANGE_STYLE:
        error_set(call->error, ERRCODE_DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"%.*s\"", shown, text);
        return problem == DATE_OUT_OF_RANGE ? false : error_hint(call->error, "Perhaps you need a different \"datestyle\" setting.");
    case DATE_INTERVAL_OUT_OF_RANGE:
        return error_set(call->error, ERRCODE_INTERVAL_FIELD_OVERFLOW, "interval field value out of range: \"%.*s\"", shown, text);
    case DATE_ZONE_OUT_OF_RANGE:
        return error_set(call->error, ERRCODE_INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range: \"%.*s\"", shown,
                         text);
    case DATE_UNKNOWN_ZONE:
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "time zone \"%s\" not recognized", reader->bad_zone);
    case DATE_FINE:
    case DATE_BAD_FORMAT:
        break;
    }
    return error_set(call->error, ERRCODE_INVALID_DATETIME_FORMAT, "invalid input syntax for type %s: \"%.*s\"", call->row->name, shown,
                     text);
}
