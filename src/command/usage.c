/*
 * usage.c - how much of the processors, and of time, a part of a statement has taken, as VERBOSE tells it.
 *
 * Entered by the session's worker only.
 */
#include <sys/resource.h>
#include <time.h>

#include "command/command_internal.h"

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

Usage command_usage(void)
{
    struct rusage own;
    struct timespec now;
    getrusage(RUSAGE_THREAD, &own);
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (Usage){seconds(own.ru_utime), seconds(own.ru_stime), (double)now.tv_sec + (double)now.tv_nsec / 1e9};
}

const char *command_usage_text(Arena *arena, const Usage *since)
{
    Usage now = command_usage();
    return arena_printf(arena, "CPU: user: %.2f s, system: %.2f s, elapsed: %.2f s", now.user - since->user, now.system - since->system,
                        now.elapsed - since->elapsed);
}
