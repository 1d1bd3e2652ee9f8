/*
 * unit.h - the few macros of the unit tests. A test prints "ok NAME" or "not ok NAME ..." a check group and exits 1 after a failure;
 * tests/run counts those lines.
 */
#ifndef MEDLEY_TESTS_UNIT_H
#define MEDLEY_TESTS_UNIT_H

#include <stdio.h>
#include <string.h>

static int unit_failures, unit_group_failures;

#define CHECK(condition)                                                                                                                   \
    do {                                                                                                                                   \
        if (!(condition)) {                                                                                                                \
            unit_group_failures++;                                                                                                         \
            printf("# %s:%d: CHECK failed: %s\n", __FILE__, __LINE__, #condition);                                                         \
        }                                                                                                                                  \
    } while (0)

#define CHECK_STR(got, want)                                                                                                               \
    do {                                                                                                                                   \
        const char *got_ = (got), *want_ = (want);                                                                                         \
        if (!got_ || !want_ || strcmp(got_, want_) != 0) {                                                                                 \
            unit_group_failures++;                                                                                                         \
            printf("# %s:%d: got \"%s\", want \"%s\"\n", __FILE__, __LINE__, got_ ? got_ : "(null)", want_ ? want_ : "(null)");            \
        }                                                                                                                                  \
    } while (0)

#define RUN(test)                                                                                                                          \
    do {                                                                                                                                   \
        unit_group_failures = 0;                                                                                                           \
        test();                                                                                                                            \
        printf("%s %s\n", unit_group_failures ? "not ok" : "ok", #test);                                                                   \
        unit_failures += unit_group_failures;                                                                                              \
    } while (0)

#define UNIT_RESULT() (unit_failures ? 1 : 0)

#endif
