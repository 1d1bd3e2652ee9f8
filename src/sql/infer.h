/*
 * infer.h - the index that ON CONFLICT (...) means.
 */
#ifndef MEDLEY_SQL_INFER_H
#define MEDLEY_SQL_INFER_H

#include "sql/analyze_int.h"

/* Of the INSERT into `target` that the scope is of. Columns that are named are marked as read in `reads`. */
bool infer_index(const Scope *insert, const PgQuery__InferClause *clause, const Rte *target, Rte *reads, OnConflict *conflict) MUST_CHECK;

#endif
