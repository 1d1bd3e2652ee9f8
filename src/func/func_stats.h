/*
 * func_stats.h - statistics, for the aggregates and for the list in func_helper.c.
 */
#ifndef MEDLEY_FUNC_STATS_H
#define MEDLEY_FUNC_STATS_H

#include "func/func_internal.h"

bool stats_is_sample(Oid proc);
bool stats_is_deviation(Oid proc);
/* *text NULL: too few values. special: NaN or an infinity among them. */
bool stats_of_sums(Oid proc, int64_t count, bool special, const char *sum, const char *squares, Arena *arena, const char **text,
                   Error *error) MUST_CHECK;
bool helper_percentile(FuncCall *call);
bool helper_percentile_between(FuncCall *call);

#endif
