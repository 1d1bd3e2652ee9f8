/*
 * duration.c - log_min_duration_statement: the statements that took long, in the server's log; medley.log_min_plan_duration: their plans.
 *
 * Invariants:
 *  1. A statement that may hold secrets is named by its command tag alone, and its plans are not written.
 *  2. Values of parameters are not written as such; in the SQL of a plan they may stand, as constants do.
 *  3. A long text is cut: the log is no place for megabytes.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/session_int.h"

enum { LONGEST = 4096 };

int64_t duration_begin(Session *session)
{
    return session_hot_settings(session)->log_min_duration < 0 ? 0 : clock_now();
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
    int64_t least = session_hot_settings(session)->log_min_duration, passed = clock_now() - begun;
    if (!begun || least < 0 || passed < least * 1000)
        return;
    bool hides = session->hide_text || !text;
    /* Who asked for it is to see it without a lower log level. */
    log_write(session->hub->options.log, LOG_WARNING_LEVEL, "[%d] duration: %lld.%03lld ms  %s: %s", session->pid,
              (long long)(passed / 1000), (long long)(passed % 1000), kind, cut(hides ? tag : text, session->work));
}

/* ---- plans ---- */

void duration_watch_plan(Portal *portal)
{
    Session *session = portal->session;
    portal->is_watched = session_hot_settings(session)->log_min_plan >= 0 && !session->hide_text && !portal->explain;
    if (portal->is_watched && !portal->actuals)
        portal->actuals = ARENA_ARRAY(portal->arena, LeafActual, portal->plan->nleaves + 1);
}

void duration_log_plan(Portal *portal)
{
    Session *session = portal->session;
    Log *log = session->hub->options.log;
    int64_t least = session_hot_settings(session)->log_min_plan;
    if (least < 0 || portal->spent < least * 1000)
        return;
    Error error;
    StrList lines = {0};
    error_init(&error, portal->arena);
    PlanContext context = {.catalog = session->catalog, .wrappers = session->hub->options.wrappers, .functions = &session->functions};
    ExplainOptions options = {
        .analyze = true, .verbose = true, .costs = true, .timing = true, .actuals = portal->actuals, .actual_rows = portal->position};
    if (!plan_explain(portal->plan, &options, &context, portal->arena, &lines, &error))
        return;
    const char *text = portal->source_text ? portal->source_text : "";
    log_write(log, LOG_WARNING_LEVEL, "[%d] duration: %lld.%03lld ms  plan of: %s", session->pid, (long long)(portal->spent / 1000),
              (long long)(portal->spent % 1000), cut(text, portal->arena));
    for (size_t i = 0; i < lines.count; i++)
        log_write(log, LOG_WARNING_LEVEL, "[%d] plan: %s", session->pid, cut(lines.items[i], portal->arena));
}
