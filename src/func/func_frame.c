/*
 * func_frame.c - aggregates of floats over the frames of windows, to the bit: rounding hangs on the order in which values are added, and
 * PostgreSQL adds those of a frame from its first row to its last.
 *
 * The engine makes a frame of parts: it keeps a tree over the rows, whose nodes are states of up to 16 rows or nodes, and merges, in the
 * rows' order, those that a frame spans. Partial sums would round otherwise; so a state here is what it is made of.
 *
 * Invariants:
 *  1. A frame is a sequence of values and of other frames, which are counted references. Who has been referred to never changes: more of it
 *     is a new frame that begins with it.
 *  2. A result is folded over the values, first to last. A frame remembers its last fold: from which sums it led to which. So frames that
 *     begin at the same row cost what lies beyond the nodes that they share, and only those whose start moves are added anew, as they are
 * by PostgreSQL, which cannot take a float away again.
 *  3. Another thread that reads or writes what is remembered is not waited for: the fold is done without.
 * Any thread; nodes are shared by several.
 */
#include "func/func_aggregate.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

typedef struct Frame Frame;

/* A pair is two of them, x and y. */
typedef struct Item {
    Frame *frame; /* NULL: the value */
    double value;
} Item;

typedef struct Memory {
    Moments before, after;
} Memory;

struct Frame {
    AggregateHead head;
    atomic_int references;
    atomic_flag busy; /* what is remembered is being read or written */
    bool pairs;
    int count, room;
    Memory *memory; /* NULL: nothing is remembered */
    Item items[];
};

static Frame *make_frame(void)
{
    Frame *frame = calloc(1, sizeof *frame + FIRST_ROOM * sizeof(Item));
    if (!frame)
        abort();
    frame->head.kind = AGGREGATE_FRAME;
    frame->room = FIRST_ROOM;
    atomic_init(&frame->references, 1);
    atomic_flag_clear(&frame->busy);
    return frame;
}

static void add(void **state, Item item, bool pairs)
{
    Frame *frame = *state;
    if (!frame) {
        frame = make_frame();
    } else if (atomic_load(&frame->references) > 1) {
        Frame *rest = frame;
        frame = make_frame();
        frame->items[frame->count++] = (Item){.frame = rest};
    } else if (frame->count == frame->room) {
        frame->room *= 2;
        frame = realloc(frame, sizeof *frame + (size_t)frame->room * sizeof(Item));
        if (!frame)
            abort();
    }
    frame->pairs = pairs;
    frame->items[frame->count++] = item;
    *state = frame;
}

bool frame_step(void **state, const Value *args, Arena *arena, Error *error)
{
    add(state, (Item){.value = args[0].f}, false);
    return true;
}

bool frame_pair_step(void **state, const Value *args, Arena *arena, Error *error)
{
    add(state, (Item){.value = args[1].f}, true);
    add(state, (Item){.value = args[0].f}, true);
    return true;
}

bool frame_merge(void **state, const void *other, Arena *arena, Error *error)
{
    Frame *part = (Frame *)(uintptr_t)other; /* counted */
    atomic_fetch_add(&part->references, 1);
    add(state, (Item){.frame = part}, part->pairs);
    return true;
}

void frame_close(void *state)
{
    Frame *frame = state;
    if (atomic_fetch_sub(&frame->references, 1) > 1)
        return;
    for (int i = 0; i < frame->count; i++)
        if (frame->items[i].frame)
            frame_close(frame->items[i].frame);
    free(frame->memory);
    free(frame);
}

/* ---- folding ---- */

static bool recall(Frame *frame, Moments *m)
{
    if (atomic_flag_test_and_set_explicit(&frame->busy, memory_order_acquire))
        return false;
    bool known = frame->memory && memcmp(&frame->memory->before, m, sizeof *m) == 0;
    if (known)
        *m = frame->memory->after;
    atomic_flag_clear_explicit(&frame->busy, memory_order_release);
    return known;
}

static void remember(Frame *frame, const Moments *before, const Moments *after)
{
    if (atomic_flag_test_and_set_explicit(&frame->busy, memory_order_acquire))
        return;
    frame->memory = frame->memory ? frame->memory : malloc(sizeof *frame->memory);
    if (!frame->memory)
        abort();
    *frame->memory = (Memory){*before, *after};
    atomic_flag_clear_explicit(&frame->busy, memory_order_release);
}

typedef bool (*AddFn)(const Item *item, Moments *m, Error *error);

static bool add_real(const Item *item, Moments *m, Error *error)
{
    return moments_add_total(m, item->value, true, error);
}

static bool add_double(const Item *item, Moments *m, Error *error)
{
    return moments_add_total(m, item->value, false, error);
}

static bool add_one(const Item *item, Moments *m, Error *error)
{
    return moments_add(m, item->value, error);
}

static bool add_pair(const Item *item, Moments *m, Error *error)
{
    return moments_add_pair(m, item[1].value, item->value, error);
}

static bool fold(AddFn add_value, const Frame *frame, Moments *m, Error *error)
{
    for (int i = 0; i < frame->count; i++) {
        const Item *item = &frame->items[i];
        Moments before = *m;
        if (!item->frame) {
            if (!add_value(item, m, error))
                return false;
            i += frame->pairs;
        } else if (!recall(item->frame, m)) {
            if (!fold(add_value, item->frame, m, error))
                return false;
            remember(item->frame, &before, m);
        }
    }
    return true;
}

static AddFn adding(const Frame *frame, Oid proc)
{
    return proc == F_SUM_FLOAT4 ? add_real : proc == F_SUM_FLOAT8 ? add_double : frame->pairs ? add_pair : add_one;
}

bool frame_finish(Oid proc, const void *state, Value *out, Arena *arena, Error *error)
{
    Moments moments = {0};
    if (!fold(adding(state, proc), state, &moments, error))
        return false;
    moments_finish_float(proc, &moments, out);
    return true;
}
