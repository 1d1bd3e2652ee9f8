/*
 * time_unit.c - the words for units of time. Any thread.
 */
#include "type/time_unit.h"

#include <string.h>

#include "base/base.h"

enum { NAME_LENGTH = 10 };

static const struct {
    const char *name;
    TimeUnit unit;
} UNITS[] = {
    {"c", UNIT_CENTURY},
    {"cent", UNIT_CENTURY},
    {"centuries", UNIT_CENTURY},
    {"century", UNIT_CENTURY},
    {"d", UNIT_DAY},
    {"day", UNIT_DAY},
    {"days", UNIT_DAY},
    {"dec", UNIT_DECADE},
    {"decade", UNIT_DECADE},
    {"decades", UNIT_DECADE},
    {"decs", UNIT_DECADE},
    {"h", UNIT_HOUR},
    {"hour", UNIT_HOUR},
    {"hours", UNIT_HOUR},
    {"hr", UNIT_HOUR},
    {"hrs", UNIT_HOUR},
    {"m", UNIT_MINUTE},
    {"microsecon", UNIT_MICROSECOND},
    {"mil", UNIT_MILLENNIUM},
    {"millennia", UNIT_MILLENNIUM},
    {"millennium", UNIT_MILLENNIUM},
    {"millisecon", UNIT_MILLISECOND},
    {"mils", UNIT_MILLENNIUM},
    {"min", UNIT_MINUTE},
    {"mins", UNIT_MINUTE},
    {"minute", UNIT_MINUTE},
    {"minutes", UNIT_MINUTE},
    {"mon", UNIT_MONTH},
    {"mons", UNIT_MONTH},
    {"month", UNIT_MONTH},
    {"months", UNIT_MONTH},
    {"ms", UNIT_MILLISECOND},
    {"msec", UNIT_MILLISECOND},
    {"msecond", UNIT_MILLISECOND},
    {"mseconds", UNIT_MILLISECOND},
    {"msecs", UNIT_MILLISECOND},
    {"qtr", UNIT_QUARTER},
    {"quarter", UNIT_QUARTER},
    {"s", UNIT_SECOND},
    {"sec", UNIT_SECOND},
    {"second", UNIT_SECOND},
    {"seconds", UNIT_SECOND},
    {"secs", UNIT_SECOND},
    {"timezone", UNIT_TIMEZONE},
    {"timezone_h", UNIT_TIMEZONE_HOUR},
    {"timezone_m", UNIT_TIMEZONE_MINUTE},
    {"us", UNIT_MICROSECOND},
    {"usec", UNIT_MICROSECOND},
    {"usecond", UNIT_MICROSECOND},
    {"useconds", UNIT_MICROSECOND},
    {"usecs", UNIT_MICROSECOND},
    {"w", UNIT_WEEK},
    {"week", UNIT_WEEK},
    {"weeks", UNIT_WEEK},
    {"y", UNIT_YEAR},
    {"year", UNIT_YEAR},
    {"years", UNIT_YEAR},
    {"yr", UNIT_YEAR},
    {"yrs", UNIT_YEAR},
    {"dow", UNIT_DOW},
    {"doy", UNIT_DOY},
    {"epoch", UNIT_EPOCH},
    {"isodow", UNIT_ISODOW},
    {"isoyear", UNIT_ISOYEAR},
    {"j", UNIT_JULIAN},
    {"jd", UNIT_JULIAN},
    {"julian", UNIT_JULIAN},
};

TimeUnit time_unit(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(UNITS); i++)
        if (UNITS[i].name[0] == name[0] && strncmp(UNITS[i].name, name, NAME_LENGTH) == 0)
            return UNITS[i].unit;
    return UNIT_UNKNOWN;
}
