/*
 * timezone_all.c - lists of time zones and of their abbreviations, with what each means at an instant.
 *
 * Any thread.
 */
#include <ctype.h>

#include "type/datetime_int.h"
#include "type/timezone_int.h"

ZoneMeanings timezone_all(int64_t utc_micros, Arena *arena)
{
    ZoneMeanings all = {0};
    StrList names = {0};
    Arena *file = arena_open(arena);
    timezone_list_files(arena, &names);
    for (size_t i = 0; i < names.count; i++) {
        TimeZone zone;
        if (timezone_read_file(names.items[i], file, &zone)) {
            const ZonePeriod *period = timezone_period_at(&zone, floor_div(utc_micros, MICROS_PER_SECOND));
            ZoneMeaning meaning = {names.items[i], arena_strdup(arena, period->abbreviation), period->offset, period->is_dst};
            vec_push(arena, &all, meaning);
        }
        arena_reset(file);
    }
    arena_close(file);
    return all;
}

ZoneMeanings timezone_all_abbreviations(int64_t utc_micros, Arena *arena)
{
    ZoneMeanings all = {0};
    size_t count;
    const ZoneAbbreviation *rows = timezone_abbreviations(&count);
    for (size_t i = 0; i < count; i++) {
        const ZoneAbbreviation *row = &rows[i];
        char *name = arena_strdup(arena, row->name);
        for (char *c = name; *c; c++)
            *c = (char)toupper((unsigned char)*c);
        ZoneMeaning meaning = {name, name, row->offset, row->is_dst};
        const TimeZone *zone = row->zone ? timezone_find(row->zone) : NULL;
        if (row->zone && !zone)
            continue;
        int64_t seconds = floor_div(utc_micros, MICROS_PER_SECOND);
        if (zone && !timezone_abbreviation(zone, name, seconds, &meaning.offset, &meaning.is_dst)) {
            const ZonePeriod *period = timezone_period_at(zone, seconds); /* one that the zone's file does not know any more */
            meaning.offset = period->offset;
            meaning.is_dst = period->is_dst;
        }
        vec_push(arena, &all, meaning);
    }
    return all;
}
