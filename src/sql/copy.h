/*
 * copy.h - COPY FROM: values that only analysis can read. The statement itself: sql_analyze_copy (sql.h).
 */
#ifndef MEDLEY_SQL_COPY_H
#define MEDLEY_SQL_COPY_H

#include "sql/sql.h"

/* A row type's text in the form in which such values are kept. */
bool sql_read_row(const char *text, Oid type, AnalyzeContext *context, Arena *arena, const char **out, Error *error) MUST_CHECK;
/* A text as a value of the column; NULL: failed. */
Expr *sql_from_text(Expr *text, const CatColumn *column, AnalyzeContext *context, Arena *arena, Error *error);

#endif
