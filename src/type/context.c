/*
 * context.c - the canonical settings. Read by any thread, changed by none.
 */
#include "type/timezone_int.h"

const TypeContext TYPE_CONTEXT_CANONICAL = {
    .date_style = DATE_STYLE_ISO,
    .date_order = DATE_ORDER_MDY,
    .interval_style = INTERVAL_POSTGRES,
    .time_zone = &TIMEZONE_UTC,
    .extra_float_digits = 1,
};
