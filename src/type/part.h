/*
 * part.h - parts of values in their text forms: places in arrays, the columns of rows.
 */
#ifndef MEDLEY_TYPE_PART_H
#define MEDLEY_TYPE_PART_H

#include "type/type.h"

/* Where in an array. */
typedef struct ArrayPlace {
    int count;
    bool is_slice;
    bool has_lower[ARRAY_MAX_DIM], has_upper[ARRAY_MAX_DIM];
    int32_t lower[ARRAY_MAX_DIM], upper[ARRAY_MAX_DIM]; /* of one element both are the same */
} ArrayPlace;

/* Makes the place whole and the array hold it, as assignment to it does. Errors: 2202E, 54000. */
bool type_array_fit(ArrayShape *shape, ArrayPlace *place, Arena *arena, Error *error) MUST_CHECK;
/* Where in storage order an element within the array lies, by its subscripts. */
size_t type_array_offset(const ArrayShape *shape, const int32_t *subscripts);
bool type_array_has(const ArrayShape *shape, const ArrayPlace *place);
/* The place, which fits, takes the source's elements, in their order. */
bool type_array_put_slice(ArrayShape *shape, const ArrayPlace *place, const ArrayShape *source, Error *error) MUST_CHECK;

/* A row's text taken apart; NULL: an SQL NULL. Gives how many columns it has, -1: it is no row. */
int type_row_read(const char *text, Arena *arena, const char ***cells);
/* A record's text may have what its fields are before it, a flat array's text (catalog.h): the row itself. */
const char *type_row_body(const char *text);
const char *type_row_write(Arena *arena, const char *const *cells, int ncells);

#endif
