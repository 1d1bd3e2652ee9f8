/*
 * fiber.h - a call on a stack of its own, which can be left where it waits for a descriptor and gone on with later, by any thread.
 *
 * So plain blocking code gives its thread to others while a source works. What is called on a fiber may be on another thread after
 * fiber_poll than before: no lock is to be held there, and nothing of the thread's own to be remembered.
 */
#ifndef MEDLEY_FIBER_H
#define MEDLEY_FIBER_H

#include "base/base.h"

typedef struct Fiber Fiber;

/* What a fiber waits for: poll(2)'s terms. */
typedef struct FiberWait {
    int fd; /* -1: only to be woken */
    short events;
    int milliseconds;
} FiberWait;

/* wake: what fiber_wake calls, with the argument of the call that the fiber is in. NULL: no memory. */
Fiber *fiber_open(size_t stack_size, void (*wake)(void *arg));
/* Not in the middle of a call. */
void fiber_close(Fiber *fiber);
/* Calls fn(arg). true: it has returned; false: it waits (fiber_waits_for), and fiber_resume goes on with it. */
bool fiber_run(Fiber *fiber, void (*fn)(void *arg), void *arg);
/* happened: what the wait gives. As fiber_run. */
bool fiber_resume(Fiber *fiber, int happened);
const FiberWait *fiber_waits_for(const Fiber *fiber);

/* Of the stack this is called on, a fiber's or the thread's own, half has been used: no further call whose depth others decide. */
bool stack_is_short(void);

/* poll(2) of one descriptor: what happened, POLLERR when that cannot be said, 0 when the time is over. Off a fiber the thread waits. */
int fiber_poll(int fd, short events, int milliseconds);
/* The fiber that this is called on; NULL: none. */
Fiber *fiber_self(void);
/* On a fiber: waits until it is woken, which may have come before, or the time is over. */
void fiber_sleep(int milliseconds);
/* Any thread, while the call that the fiber is in cannot end. */
void fiber_wake(Fiber *fiber);
/* poll(2) by the thread, also on a fiber. */
int thread_poll(int fd, short events, int milliseconds);

#endif
