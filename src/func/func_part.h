/*
 * func_part.h - jsonb of which a part is replaced.
 */
#ifndef MEDLEY_FUNC_FUNC_PART_H
#define MEDLEY_FUNC_FUNC_PART_H

#include "type/type.h"

typedef struct JsonbPath {
    const ArrayElement *keys; /* texts; a NULL is an error */
    size_t count;
    bool from_number; /* the first was given as a number: what is not there yet begins as an array */
} JsonbPath;

/* whole NULL: there is none yet. value NULL: JSON's null. Errors as PostgreSQL's of an assignment. */
bool func_jsonb_put(const char *whole, const JsonbPath *path, const char *value, Arena *arena, Error *error, const char **out) MUST_CHECK;

#endif
