/*
 * parse_int.h - between the files of parsing.
 */
#ifndef MEDLEY_SQL_PARSE_INT_H
#define MEDLEY_SQL_PARSE_INT_H

#include "sql/sql.h"

/* Refuses with 54001 a text whose parse tree could be nested so deeply that walking it overruns a thread's stack. */
bool parse_check_nesting(const char *text, Arena *arena, Error *error) MUST_CHECK;

#endif
