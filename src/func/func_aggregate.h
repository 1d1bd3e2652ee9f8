/*
 * func_aggregate.h - what the files of aggregates share: states, and the floats' sums and moments.
 */
#ifndef MEDLEY_FUNC_AGGREGATE_H
#define MEDLEY_FUNC_AGGREGATE_H

#include "func/func_internal.h"

typedef enum AggregateKind { AGGREGATE_PLAIN, AGGREGATE_NUMBERS, AGGREGATE_FRAME } AggregateKind;

/* Every state begins so: who closes it is not told which it is. */
typedef struct AggregateHead {
    AggregateKind kind;
} AggregateHead;

/* The state, made of zeros at the first row. */
void *aggregate_state(void **state, size_t size);

/* Of x, and of pairs y, x: count, sums, sums of squared differences from the mean and of their products. Of a plain sum: n, sum_x. */
typedef struct Moments {
    double n, sum_x, square_x, sum_y, square_y, product;
} Moments;

bool moments_add(Moments *m, double value, Error *error) MUST_CHECK;
bool moments_add_pair(Moments *m, double y, double x, Error *error) MUST_CHECK;
bool moments_add_total(Moments *m, double value, bool is_real, Error *error) MUST_CHECK; /* reals are summed as reals */
void moments_finish_float(Oid proc, const Moments *m, Value *out);                       /* *out arrives as NULL */

bool float_step(void **state, const Value *args, Arena *arena, Error *error);
bool pair_step(void **state, const Value *args, Arena *arena, Error *error);
bool pair_text_step(void **state, const Value *args, Arena *arena, Error *error); /* "y x" */
bool real_step(void **state, const Value *args, Arena *arena, Error *error);
bool double_step(void **state, const Value *args, Arena *arena, Error *error);
bool moments_merge(void **state, const void *other, Arena *arena, Error *error);
bool real_merge(void **state, const void *other, Arena *arena, Error *error);
bool double_merge(void **state, const void *other, Arena *arena, Error *error);
bool moments_give(Oid proc, const void *state, Value *out, Arena *arena, Error *error);
bool total_give(Oid proc, const void *state, Value *out, Arena *arena, Error *error);

bool frame_step(void **state, const Value *args, Arena *arena, Error *error);
bool frame_pair_step(void **state, const Value *args, Arena *arena, Error *error);
bool frame_merge(void **state, const void *other, Arena *arena, Error *error);
bool frame_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error);
void frame_close(void *state);

#endif
