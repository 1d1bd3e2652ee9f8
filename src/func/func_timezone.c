/*
 * func_timezone.c - the time zones and abbreviations that are known, as sets: pg_timezone_names, pg_timezone_abbrevs.
 *
 * Any thread.
 */
#include "func/func_time.h"

static Value zone_text(const char *text)
{
    return value_text(text, strlen(text));
}

static Value offset_value(const ZoneMeaning *zone)
{
    return value_interval((FdwInterval){.micros = zone->offset * SECOND_MICROS});
}

static bool timezone_names(FuncSetCall *set)
{
    ZoneMeanings all = timezone_all(set->call.context->transaction_start, set->call.arena);
    for (size_t i = 0; i < all.count; i++) {
        const ZoneMeaning *zone = &all.items[i];
        Value row[] = {zone_text(zone->name), zone_text(zone->abbreviation), offset_value(zone), value_bool(zone->is_dst)};
        if (!set->emit(set->sink, row, COUNT_OF(row)))
            break;
    }
    return true;
}

static bool timezone_abbrevs(FuncSetCall *set)
{
    ZoneMeanings all = timezone_all_abbreviations(set->call.context->transaction_start, set->call.arena);
    for (size_t i = 0; i < all.count; i++) {
        const ZoneMeaning *zone = &all.items[i];
        Value row[] = {zone_text(zone->name), offset_value(zone), value_bool(zone->is_dst)};
        if (!set->emit(set->sink, row, COUNT_OF(row)))
            break;
    }
    return true;
}

static const FuncSetRow SET_ROWS[] = {
    {F_PG_TIMEZONE_NAMES, timezone_names},
    {F_PG_TIMEZONE_ABBREVS, timezone_abbrevs},
};
const FuncSetTable FUNC_SETS_TIMEZONE = {SET_ROWS, COUNT_OF(SET_ROWS)};
