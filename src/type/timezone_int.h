/*
 * timezone_int.h - what a time zone is made of. Included by src/type only.
 */
#ifndef MEDLEY_TYPE_TIMEZONE_INT_H
#define MEDLEY_TYPE_TIMEZONE_INT_H

#include "type/type_int.h"

/* One kind of local time: standard or daylight time, with its offset east of UTC. */
typedef struct ZonePeriod {
    int32_t offset; /* seconds */
    bool is_dst;
    const char *abbreviation;
} ZonePeriod;

/* When a change happens each year, by a POSIX rule. */
typedef struct ZoneRule {
    enum { RULE_JULIAN, RULE_DAY, RULE_MONTH } kind;
    int month, week, day;
    int32_t time; /* seconds after local midnight */
} ZoneRule;

struct TimeZone {
    /* As the file system spells it. */
    const char *name;
    const int64_t *changes; /* seconds since 1970 UTC, rising */
    const uint8_t *kinds;   /* the period that begins with each change */
    size_t nchanges;
    const ZonePeriod *periods;
    size_t nperiods;
    size_t first_period; /* before the first change */
    /* After the last change: for ever standard time, or by yearly rules. */
    bool has_rules, has_footer;
    ZonePeriod standard, daylight;
    ZoneRule to_daylight, to_standard;
};

extern const TimeZone TIMEZONE_UTC;

/* One abbreviation of input: a fixed offset, or a zone that is to be asked for the date at hand. */
typedef struct ZoneAbbreviation {
    const char *name; /* lower case */
    int32_t offset;   /* seconds east */
    bool is_dst;
    const char *zone; /* NULL: fixed */
} ZoneAbbreviation;

const ZoneAbbreviation *timezone_known_abbreviation(const char *name); /* NULL: unknown */
const ZoneAbbreviation *timezone_abbreviations(size_t *count);         /* all, by name */

/* One change of a zone's offset. */
typedef struct ZoneChange {
    int64_t at; /* seconds since 1970 UTC */
    const ZonePeriod *before, *after;
} ZoneChange;

/* The change that a zone with rules has in a year, to daylight or to standard time. */
ZoneChange timezone_rule_change(const TimeZone *zone, int64_t year, bool daylight);
/* false: no such file, or a damaged one. */
bool timezone_read_file(const char *name, Arena *arena, TimeZone *out);
/* The names of all files of zones, damaged ones too: "Europe/Berlin". */
void timezone_list_files(Arena *arena, StrList *names);
/* "EST5EDT,M3.2.0,M11.1.0": false when it is none. Abbreviations live in the arena. */
bool timezone_parse_posix(const char *text, Arena *arena, TimeZone *out);
/* As timezone_offset_at, in seconds. */
const ZonePeriod *timezone_period_at(const TimeZone *zone, int64_t seconds);
/* The offset east that holds for a local time, by PostgreSQL's rule. */
int timezone_local_offset(const TimeZone *zone, int64_t local_seconds);
/* What an abbreviation of this zone meant at (or nearest to) the instant. */
bool timezone_abbreviation(const TimeZone *zone, const char *name, int64_t seconds, int *offset, bool *is_dst);

#endif
