/*
 * range_int.h - texts and binary forms of ranges, for range.c and multirange.c.
 */
#ifndef MEDLEY_TYPE_RANGE_INT_H
#define MEDLEY_TYPE_RANGE_INT_H

#include "type/range.h"
#include "type/type_int.h"

/* The call for the bounds of a range or multirange, and for the ranges of a multirange. */
TypeCall range_bound_call(const TypeCall *call);
TypeCall range_of_multirange(const TypeCall *call);

/* call: the range type's. */
bool range_read(const TypeCall *call, const char *text, size_t len, Range *out) MUST_CHECK;
bool range_write(const TypeCall *call, const Range *range, Str *out) MUST_CHECK;
bool range_read_binary(const TypeCall *call, const char *bytes, size_t len, Range *out) MUST_CHECK;
bool range_write_binary(const TypeCall *call, const Range *range, Str *out) MUST_CHECK;
/* Brings what was computed into the type's canonical form. */
bool range_canonicalize(const TypeCall *call, Range *range) MUST_CHECK;

bool multirange_read(const TypeCall *call, const char *text, size_t len, RangeList *list) MUST_CHECK;

/* Of two values of one bound type: negative, zero, positive. */
int range_compare_values(const Value *a, const Value *b);

#endif
