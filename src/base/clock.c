/*
 * clock.c - what time it is.
 *
 * Any thread.
 */
#include <time.h>

#include "base/base.h"

static int64_t microseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_now(void)
{
    return microseconds(CLOCK_REALTIME);
}

int64_t clock_us(void)
{
    return microseconds(CLOCK_MONOTONIC);
}

int64_t clock_ms(void)
{
    return clock_us() / 1000;
}
