/*
 * duration.c - log_min_duration_statement: the statements that took long, in the server's log.
 *
 * Invariants:
 *  1. A statement that may hold secrets is named by its command tag alone; values of parameters are never written.
 *  2. A long text is cut: the log is no place for megabytes.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/session_int.h"

enum { LONGEST = 4096 };

int64_t duration_begin(Session *session)
{
    return session_hot_settings(session)->log_min_duration < 0 ? 0 : session_now();
}

/* Cut between characters. */
static const char *cut(const char *text, Arena *arena)
{
    size_t len = strnlen(text, LONGEST + 1);
    if (len > LONGEST)
        for (len = LONGEST; len && ((unsigned char)text[len] & 0xc0) == 0x80;)
            len--;
    return arena_strndup(arena, text, len);
}

void duration_end(Session *session, int64_t begun, const char *kind, const char *tag, const char *text)
{
    int64_t least = session_hot_settings(session)->log_min_duration, passed = session_now() - begun;
    if (!begun || least < 0 || passed < least * 1000)
        return;
    bool hides = session->hide_text || !text;
    /* Who asked for it is to see it without a lower log level. */
    log_write(session->hub->options.log, LOG_WARNING_LEVEL, "[%d] duration: %lld.%03lld ms  %s: %s", session->pid,
              (long long)(passed / 1000), (long long)(passed % 1000), kind, cut(hides ? tag : text, session->work));
}
