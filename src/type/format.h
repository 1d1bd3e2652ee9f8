/*
 * format.h - templates of numbers, read.
 */
#ifndef MEDLEY_TYPE_FORMAT_H
#define MEDLEY_TYPE_FORMAT_H

#include "type/type.h"

/* to_number(): canonical text. Errors: 22P02 nothing was read, 22003 more digits than the template has, 0A000 EEEE and RN, 42601 a bad
 * template. */
bool format_read_number(const char *text, size_t text_len, const char *format, size_t len, Arena *arena, const char **out,
                        Error *error) MUST_CHECK;

#endif
