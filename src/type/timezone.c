/*
 * timezone.c - time zones: found by name and kept, asked for offsets.
 *
 * Invariants:
 *  1. A TimeZone is never changed or freed once timezone_find has given it out; the store of them only grows, up to MAX_ZONES.
 *  2. TIMEZONE_UTC needs neither the store nor the disk.
 *  3. A local time that does not exist is taken with the offset before the gap; one that exists twice with the later offset.
 *
 * Any thread: the store has a lock, zones are read-only.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "type/datetime_int.h"

enum { MAX_ZONES = 10000, MAX_NAME = 255 };

static const ZonePeriod UTC_PERIOD[] = {{0, false, "UTC"}};
const TimeZone TIMEZONE_UTC = {.name = "UTC", .periods = UTC_PERIOD, .nperiods = 1};

/* The zones that were asked for, keyed by upper-case name. The one store of the process: zones are facts, not state. */
static struct {
    pthread_mutex_t lock;
    Arena *arena;
    Map *zones;
} store = {.lock = PTHREAD_MUTEX_INITIALIZER};

static TimeZone *load(const char *name, Arena *arena)
{
    TimeZone *zone = ARENA_NEW(arena, TimeZone);
    if (timezone_read_file(name, arena, zone))
        return zone;
    if (!timezone_parse_posix(name, arena, zone))
        return NULL;
    char *upper = arena_strdup(arena, name);
    for (char *c = upper; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    zone->name = upper;
    return zone;
}

static const TimeZone *find_or_load(const char *name)
{
    char key[MAX_NAME + 1];
    size_t len = strlen(name);
    for (size_t i = 0; i <= len; i++)
        key[i] = to_lower(name[i]);
    if (!store.zones) {
        store.arena = arena_open(NULL);
        store.zones = map_open(store.arena);
    }
    TimeZone *zone = map_get(store.zones, key, len);
    if (zone || map_count(store.zones) >= MAX_ZONES)
        return zone;
    Arena *attempt = arena_open(store.arena);
    zone = load(name, attempt);
    if (zone)
        map_put(store.zones, key, len, zone);
    else
        arena_close(attempt);
    return zone;
}

const TimeZone *timezone_find(const char *name)
{
    if (str_ieq(name, "utc"))
        return &TIMEZONE_UTC;
    if (!*name || strlen(name) > MAX_NAME)
        return NULL;
    pthread_mutex_lock(&store.lock);
    const TimeZone *zone = find_or_load(name);
    pthread_mutex_unlock(&store.lock);
    return zone;
}

const TimeZone *timezone_of_offset(int east)
{
    char offset[24], name[64];
    int seconds = abs(east), len = snprintf(offset, sizeof offset, "%02d", seconds / 3600);
    if (seconds % 3600)
        len += snprintf(offset + len, sizeof offset - (size_t)len, ":%02d", seconds % 3600 / 60);
    if (seconds % 60)
        snprintf(offset + len, sizeof offset - (size_t)len, ":%02d", seconds % 60);
    snprintf(name, sizeof name, "<%c%s>%c%s", east < 0 ? '-' : '+', offset, east < 0 ? '+' : '-', offset);
    return timezone_find(name);
}

const char *timezone_name(const TimeZone *zone)
{
    return zone->name;
}

/* ---- changes ---- */

/* How many changes happened up to and at the instant. */
static size_t changes_until(const TimeZone *zone, int64_t seconds)
{
    size_t from = 0, to = zone->nchanges;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (zone->changes[middle] <= seconds)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static int64_t year_of(int64_t seconds)
{
    int64_t year;
    int month, day;
    calendar_date(floor_div(seconds, SECONDS_PER_DAY), &year, &month, &day);
    return year;
}

static bool by_rules(const TimeZone *zone, size_t passed)
{
    return zone->has_footer && passed == zone->nchanges;
}

/* The first change by rules after the instant. */
static ZoneChange next_by_rules(const TimeZone *zone, int64_t seconds)
{
    ZoneChange next = {INT64_MAX, NULL, NULL};
    int64_t year = year_of(seconds);
    for (int64_t y = year - 1; y <= year + 1; y++)
        for (int daylight = 0; daylight < 2; daylight++) {
            ZoneChange change = timezone_rule_change(zone, y, daylight);
            if (change.at > seconds && change.at < next.at)
                next = change;
        }
    return next;
}

const ZonePeriod *timezone_period_at(const TimeZone *zone, int64_t seconds)
{
    size_t passed = changes_until(zone, seconds);
    if (by_rules(zone, passed))
        return zone->has_rules ? next_by_rules(zone, seconds).before : &zone->standard;
    return &zone->periods[passed ? zone->kinds[passed - 1] : zone->first_period];
}

/* The first change after the instant; false: none ever. */
static bool next_change(const TimeZone *zone, int64_t seconds, ZoneChange *out)
{
    size_t passed = changes_until(zone, seconds);
    if (passed < zone->nchanges) {
        *out = (ZoneChange){zone->changes[passed], timezone_period_at(zone, seconds), &zone->periods[zone->kinds[passed]]};
        return true;
    }
    if (!zone->has_rules)
        return false;
    *out = next_by_rules(zone, seconds);
    return true;
}

int timezone_local_offset(const TimeZone *zone, int64_t local_seconds)
{
    ZoneChange change;
    int64_t day_before = local_seconds - SECONDS_PER_DAY;
    if (!next_change(zone, day_before, &change))
        return timezone_period_at(zone, day_before)->offset;
    int64_t before = local_seconds - change.before->offset, after = local_seconds - change.after->offset;
    if (before < change.at && after < change.at)
        return change.before->offset;
    if (before > change.at && after >= change.at)
        return change.after->offset;
    return before > after ? change.before->offset : change.after->offset;
}

int timezone_offset_at(const TimeZone *zone, int64_t utc_micros, const char **abbreviation)
{
    const ZonePeriod *period = timezone_period_at(zone, floor_div(utc_micros, MICROS_PER_SECOND));
    if (abbreviation)
        *abbreviation = period->abbreviation;
    return period->offset;
}

int64_t timezone_to_utc(const TimeZone *zone, int64_t local_micros)
{
    return local_micros - timezone_local_offset(zone, floor_div(local_micros, MICROS_PER_SECOND)) * MICROS_PER_SECOND;
}

/* ---- abbreviations ---- */

static bool takes(const ZonePeriod *period, const char *name, int *offset, bool *is_dst)
{
    if (!period->abbreviation || !str_ieq(period->abbreviation, name))
        return false;
    *offset = period->offset;
    *is_dst = period->is_dst;
    return true;
}

bool timezone_abbreviation(const TimeZone *zone, const char *name, int64_t seconds, int *offset, bool *is_dst)
{
    size_t passed = changes_until(zone, seconds);
    if (by_rules(zone, passed) &&
        (takes(&zone->standard, name, offset, is_dst) || (zone->has_rules && takes(&zone->daylight, name, offset, is_dst))))
        return true;
    /* Its latest meaning before the instant, else the first one after it. */
    for (size_t i = passed; i > 0; i--)
        if (takes(&zone->periods[zone->kinds[i - 1]], name, offset, is_dst))
            return true;
    if (zone->nperiods && takes(&zone->periods[zone->first_period], name, offset, is_dst))
        return true;
    for (size_t i = passed; i < zone->nchanges; i++)
        if (takes(&zone->periods[zone->kinds[i]], name, offset, is_dst))
            return true;
    return zone->has_footer &&
           (takes(&zone->standard, name, offset, is_dst) || (zone->has_rules && takes(&zone->daylight, name, offset, is_dst)));
}

const TimeZone *timezone_named(const char *name, ZoneMoment kind, int64_t micros, Arena *arena)
{
    const char *lower = str_lower(arena, name);
    const ZoneAbbreviation *known = timezone_known_abbreviation(lower);
    if (!known)
        return timezone_find(name);
    if (!known->zone)
        return timezone_of_offset(known->offset);
    const TimeZone *zone = timezone_find(known->zone);
    if (!zone || kind == MOMENT_NONE)
        return zone;
    int64_t seconds = micros / 1000000 - (micros % 1000000 < 0);
    int offset = kind == MOMENT_LOCAL ? timezone_local_offset(zone, seconds) : timezone_offset_at(zone, micros, NULL), own;
    bool is_dst;
    if (timezone_abbreviation(zone, lower, kind == MOMENT_LOCAL ? seconds - offset : seconds, &own, &is_dst))
        offset = own;
    return timezone_of_offset(offset);
}
