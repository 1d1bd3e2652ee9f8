/*
 * stack_switch.h - leaving one stack for another, in user space: what a fiber is made of.
 */
#ifndef MEDLEY_STACK_SWITCH_H
#define MEDLEY_STACK_SWITCH_H

#include "base/base.h"

#if defined(__x86_64__) || defined(__aarch64__)
typedef struct StackPoint {
    void *top; /* what must survive lies from here on */
} StackPoint;
#else
#include <ucontext.h>
typedef ucontext_t StackPoint;
#endif

/* A stack that calls start, which never returns, when it is switched to first. */
void stack_prepare(StackPoint *point, void *lowest, size_t size, void (*start)(void));
/* Goes on at `to`; comes back when somebody switches to `from`. Signal masks are the thread's and stay as they are. */
void stack_switch(StackPoint *from, const StackPoint *to);

#endif
