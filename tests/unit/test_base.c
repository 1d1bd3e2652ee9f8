/* test_base.c - arenas, strings, errors, maps. */
#include <poll.h>
#include <pthread.h>

#include "base/base.h"
#include "base/fiber.h"
#include "unit.h"

static int closed[3], closings;

static void note_closing(void *arg)
{
    closed[closings++] = *(int *)arg;
}

static void arena_runs_deferred_calls_last_first_and_children_before(void)
{
    static int ids[3] = {1, 2, 3};
    closings = 0;
    Arena *parent = arena_open(NULL), *child = arena_open(parent);
    arena_defer(parent, note_closing, &ids[0]);
    arena_defer(parent, note_closing, &ids[1]);
    arena_defer(child, note_closing, &ids[2]);
    arena_close(parent);
    CHECK(closings == 3 && closed[0] == 3 && closed[1] == 2 && closed[2] == 1);
}

static void arena_memory_is_zeroed_and_apart(void)
{
    Arena *arena = arena_open(NULL);
    for (size_t size = 1; size < 100000; size = size * 3 + 1) {
        unsigned char *memory = arena_alloc(arena, size);
        for (size_t i = 0; i < size; i++)
            CHECK(memory[i] == 0);
        memset(memory, 0xff, size);
    }
    arena_reset(arena);
    CHECK(arena_size(arena) == 0);
    arena_close(arena);
}

static void str_grows_and_keeps_nul_bytes(void)
{
    Arena *arena = arena_open(NULL);
    Str str;
    str_init(&str, arena);
    for (int i = 0; i < 1000; i++)
        str_addf(&str, "%d,", i);
    str_addn(&str, "\0x", 2);
    CHECK(str.len == 3892 && str.data[3890] == '\0' && str.data[3891] == 'x' && str.data[3892] == '\0');
    arena_close(arena);
}

static void error_may_quote_the_error_it_replaces(void)
{
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    CHECK(!error_set(&error, ERRCODE_DIVISION_BY_ZERO, "inner"));
    error_detail(&error, "some detail");
    error_set(&error, ERRCODE_INTERNAL_ERROR, "outer: %s", error.message);
    CHECK_STR(error.message, "outer: inner");
    CHECK_STR(error.sqlstate, "XX000");
    CHECK(error.detail == NULL);
    arena_close(arena);
}

static void map_survives_growth_and_removal(void)
{
    Arena *arena = arena_open(NULL);
    Map *map = map_open(arena);
    static int values[1000];
    for (int i = 0; i < 1000; i++)
        map_put(map, &i, sizeof i, &values[i]);
    for (int i = 0; i < 1000; i += 2)
        CHECK(map_remove(map, &i, sizeof i) == &values[i]);
    for (int i = 0; i < 1000; i++)
        CHECK(map_get(map, &i, sizeof i) == (i % 2 ? &values[i] : NULL));
    CHECK(map_count(map) == 500);
    arena_close(arena);
}

/* Sleeps, then waits twice on a fiber, and says what it was told. */
static void wait_twice(void *arg)
{
    int *seen = arg;
    CHECK((uintptr_t)__builtin_frame_address(0) % 16 == 0 && fiber_self());
    fiber_sleep(50);
    seen[0] = fiber_poll(7, POLLIN, 100);
    seen[1] = fiber_poll(8, POLLOUT, 200);
}

static void note_wake(void *arg)
{
    ((int *)arg)[2]++;
}

static void *resume_elsewhere(void *arg)
{
    return fiber_resume(arg, POLLOUT) ? arg : NULL;
}

static void fiber_goes_on_where_it_waited_on_any_thread(void)
{
    int seen[3] = {0, 0, 0};
    pthread_t thread;
    void *ended = NULL;
    Fiber *fiber = fiber_open(256 * 1024, note_wake);
    for (int turn = 0; turn < 3; turn++) {
        CHECK(!fiber_run(fiber, wait_twice, seen) && !fiber_self());
        CHECK(fiber_waits_for(fiber)->fd == -1 && fiber_waits_for(fiber)->milliseconds == 50);
        fiber_wake(fiber);
        CHECK(seen[2] == turn + 1);
        CHECK(!fiber_resume(fiber, 0));
        CHECK(fiber_waits_for(fiber)->fd == 7 && fiber_waits_for(fiber)->milliseconds == 100);
        CHECK(!fiber_resume(fiber, POLLIN));
        CHECK(fiber_waits_for(fiber)->fd == 8 && fiber_waits_for(fiber)->events == POLLOUT);
        CHECK(pthread_create(&thread, NULL, resume_elsewhere, fiber) == 0);
        pthread_join(thread, &ended);
        CHECK(ended == fiber && seen[0] == POLLIN && seen[1] == POLLOUT);
    }
    fiber_close(fiber);
    CHECK(fiber_poll(-1, POLLIN, 0) == 0);
}

int main(void)
{
    RUN(arena_runs_deferred_calls_last_first_and_children_before);
    RUN(arena_memory_is_zeroed_and_apart);
    RUN(str_grows_and_keeps_nul_bytes);
    RUN(error_may_quote_the_error_it_replaces);
    RUN(fiber_goes_on_where_it_waited_on_any_thread);
    RUN(map_survives_growth_and_removal);
    return UNIT_RESULT();
}
