/*
 * func_stats.h - the statistical helpers, for the list in func_helper.c.
 */
#ifndef MEDLEY_FUNC_STATS_H
#define MEDLEY_FUNC_STATS_H

#include "func/func_internal.h"

bool helper_numeric_stats(FuncCall *call);
bool helper_float_stats(FuncCall *call);
bool helper_percentile(FuncCall *call);
bool helper_percentile_between(FuncCall *call);

#endif
