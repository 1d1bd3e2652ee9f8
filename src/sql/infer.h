/*
 * infer.h - the index that ON CONFLICT (...) means.
 */
#ifndef MEDLEY_SQL_INFER_H
#define MEDLEY_SQL_INFER_H

#include "sql/analyze_int.h"

/* Columns that are named are marked as read in `target`, an entry of the table that belongs to no query yet. */
bool infer_index(Analyzer *an, const PgQuery__InferClause *clause, Rte *target, OnConflict *conflict) MUST_CHECK;

#endif
