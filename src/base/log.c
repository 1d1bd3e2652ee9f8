/*
 * log.c - one line an event to standard error. Any thread may write: a line is one write(2).
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"

struct Log {
    LogLevel level;
};

static const char *const LEVEL_NAMES[] = {"error", "warning", "info", "debug"};

Log *log_open(Arena *arena, LogLevel level)
{
    Log *log = ARENA_NEW(arena, Log);
    log->level = level;
    return log;
}

bool log_parse_level(const char *text, LogLevel *out)
{
    for (size_t i = 0; i < COUNT_OF(LEVEL_NAMES); i++)
        if (str_ieq(text, LEVEL_NAMES[i])) {
            *out = (LogLevel)i;
            return true;
        }
    return false;
}

void log_write(Log *log, LogLevel level, const char *format, ...)
{
    if (!log || level > log->level)
        return;
    Arena *arena = arena_open(NULL);
    Str line;
    str_init(&line, arena);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm parts;
    gmtime_r(&now.tv_sec, &parts);
    char stamp[32];
    strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", &parts);
    str_addf(&line, "%s.%03ld UTC [%s] ", stamp, now.tv_nsec / 1000000, LEVEL_NAMES[level]);
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    for (char *c = text; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    str_add(&line, text);
    str_addc(&line, '\n');
    if (write(STDERR_FILENO, line.data, line.len) < 0) {
        /* Nowhere left to say it. */
    }
    arena_close(arena);
}
