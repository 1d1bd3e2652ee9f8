/*
 * timezone.c - time zones: which offset holds when.
 *
 * Any thread.
 */
#include "type/timezone_int.h"

static const ZonePeriod UTC_PERIOD[] = {{0, false, "UTC"}};
const TimeZone TIMEZONE_UTC = {.name = "UTC", .periods = UTC_PERIOD, .nperiods = 1};
