/*
 * range.h - ranges and multiranges as lists of ranges, for what works on them.
 *
 * A range is a list of none (it is empty) or one; a multirange's are in order, neither overlapping nor touching, none of them empty.
 */
#ifndef MEDLEY_TYPE_RANGE_H
#define MEDLEY_TYPE_RANGE_H

#include "type/type.h"

typedef struct RangeBound {
    bool infinite, inclusive;
    Value value;
} RangeBound;

typedef struct Range {
    bool empty;
    RangeBound lower, upper;
} Range;

typedef VEC(Range) RangeList;

/* Of two bounds: negative, zero, positive. Neither is what lies between them: [1 is before (1, 2) before 2]. */
int range_compare_lower(const RangeBound *a, const RangeBound *b);
int range_compare_upper(const RangeBound *a, const RangeBound *b);
int range_compare_lower_upper(const RangeBound *lower, const RangeBound *upper);
/* Whether there is nothing between the end and the start, and neither has what the other has. */
bool range_touches(const RangeBound *end, const RangeBound *start);

/* A value of a built-in range or multirange type; what lies in *out may lie in the value. */
bool range_list_read(Oid type, const Value *value, Arena *arena, RangeList *out, Error *error) MUST_CHECK;
/* Brings the list into the type's canonical form, a range's of one at most. */
bool range_list_value(Oid type, RangeList *list, Arena *arena, Value *out, Error *error) MUST_CHECK;

/* A built-in multirange type; of its ranges. OID_NONE: it is none. */
Oid range_type_of_multirange(Oid type);

#endif
