/*
 * fiber.c - stacks that are switched between.
 *
 * Invariants:
 *  1. Who calls fiber_run or fiber_resume gets the thread back on the same thread; what runs on the fiber may change threads whenever it
 *     waits.
 *  2. `current` is looked up anew after each switch (in a function of its own): the compiler may keep the address of a thread's variable.
 *  3. Below each stack lies a page that nobody may touch.
 * Threads: a fiber is one thread's at a time.
 */
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fiber.h"
#include "base/stack_switch.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

struct Fiber {
    StackPoint own, caller;
    char *stack; /* the guard page first */
    size_t size, guard;
    void (*fn)(void *arg), (*wake)(void *arg);
    void *arg;
    bool done;
    FiberWait wait;
    int happened;
    /* Of the sanitizers: they are told of each switch. */
    void *tsan_own, *tsan_caller, *asan_fake;
    const void *asan_stack;
    size_t asan_size;
};

static _Thread_local Fiber *current;

__attribute__((noinline)) static Fiber **current_place(void)
{
    __asm__ volatile("" ::: "memory");
    return &current;
}

/* ---- switching ---- */

static void arrive(Fiber *fiber)
{
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fiber->asan_fake, &fiber->asan_stack, &fiber->asan_size);
#endif
}

/* Off the fiber, back to who runs it. */
static void leave(Fiber *fiber)
{
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(&fiber->asan_fake, fiber->asan_stack, fiber->asan_size);
#endif
#if defined(__SANITIZE_THREAD__)
    __tsan_switch_to_fiber(fiber->tsan_caller, 0);
#endif
    stack_switch(&fiber->own, &fiber->caller);
    arrive(fiber);
}

static bool enter(Fiber *fiber)
{
    fiber->done = false;
    *current_place() = fiber;
#if defined(__SANITIZE_ADDRESS__)
    void *fake;
    __sanitizer_start_switch_fiber(&fake, fiber->stack + fiber->guard, fiber->size);
#endif
#if defined(__SANITIZE_THREAD__)
    fiber->tsan_caller = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber->tsan_own, 0);
#endif
    stack_switch(&fiber->caller, &fiber->own);
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake, NULL, NULL);
#endif
    *current_place() = NULL;
    return fiber->done;
}

/* One call after the other, for ever. */
static void live(void)
{
    Fiber *fiber = *current_place();
    arrive(fiber);
    for (;;) {
        fiber->fn(fiber->arg);
        fiber->done = true;
        leave(fiber);
    }
}

/* ---- life ---- */

Fiber *fiber_open(size_t stack_size, void (*wake)(void *arg))
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    Fiber *fiber = calloc(1, sizeof *fiber);
    char *stack = mmap(NULL, stack_size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (!fiber || stack == MAP_FAILED || mprotect(stack, page, PROT_NONE) != 0) {
        if (stack != MAP_FAILED)
            munmap(stack, stack_size + page);
        free(fiber);
        return NULL;
    }
    fiber->stack = stack;
    fiber->size = stack_size;
    fiber->guard = page;
    fiber->wake = wake;
    stack_prepare(&fiber->own, stack + page, stack_size, live);
#if defined(__SANITIZE_THREAD__)
    fiber->tsan_own = __tsan_create_fiber(0);
#endif
    return fiber;
}

void fiber_close(Fiber *fiber)
{
#if defined(__SANITIZE_THREAD__)
    __tsan_destroy_fiber(fiber->tsan_own);
#endif
    munmap(fiber->stack, fiber->size + fiber->guard);
    free(fiber);
}

/* ---- use ---- */

bool fiber_run(Fiber *fiber, void (*fn)(void *arg), void *arg)
{
    fiber->fn = fn;
    fiber->arg = arg;
    return enter(fiber);
}

bool fiber_resume(Fiber *fiber, int happened)
{
    fiber->happened = happened;
    return enter(fiber);
}

const FiberWait *fiber_waits_for(const Fiber *fiber)
{
    return &fiber->wait;
}

/* The middle of the thread's own stack, looked up once. 0: it cannot be said. */
__attribute__((noinline)) static uintptr_t thread_middle(void)
{
    static _Thread_local uintptr_t middle;
    pthread_attr_t attributes;
    void *lowest;
    size_t size;
    if (!middle && pthread_getattr_np(pthread_self(), &attributes) == 0) {
        if (pthread_attr_getstack(&attributes, &lowest, &size) == 0)
            middle = (uintptr_t)lowest + size / 2;
        pthread_attr_destroy(&attributes);
    }
    return middle;
}

bool stack_is_short(void)
{
    const Fiber *fiber = *current_place();
    uintptr_t middle = fiber ? (uintptr_t)fiber->stack + fiber->guard + fiber->size / 2 : thread_middle();
    return (uintptr_t)__builtin_frame_address(0) < middle;
}

int thread_poll(int fd, short events, int milliseconds)
{
    struct pollfd socket = {.fd = fd, .events = events};
    int ready = poll(&socket, 1, milliseconds);
    return ready < 0 ? POLLERR : ready ? socket.revents : 0;
}

Fiber *fiber_self(void)
{
    return *current_place();
}

void fiber_sleep(int milliseconds)
{
    Fiber *fiber = *current_place();
    fiber->wait = (FiberWait){-1, 0, milliseconds};
    leave(fiber);
}

void fiber_wake(Fiber *fiber)
{
    fiber->wake(fiber->arg);
}

int fiber_poll(int fd, short events, int milliseconds)
{
    Fiber *fiber = *current_place();
    if (!fiber)
        return thread_poll(fd, events, milliseconds);
    fiber->wait = (FiberWait){fd, events, milliseconds};
    leave(fiber);
    return fiber->happened;
}
