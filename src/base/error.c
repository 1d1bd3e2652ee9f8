/*
 * error.c - errors and notices as values.
 *
 * Invariants:
 *  1. Every text of an Error lives in its own arena, so it may outlive the code that failed.
 *  2. Setting an error drops all of the earlier one.
 */
#include <string.h>

#include "base/base.h"

void error_init(Error *error, Arena *arena)
{
    *error = (Error){.arena = arena, .severity = SEVERITY_ERROR};
}

void error_clear(Error *error)
{
    error_init(error, error->arena);
}

bool error_is_set(const Error *error)
{
    return error->sqlstate[0] != '\0';
}

static void set_state(Error *error, const char *sqlstate)
{
    error_clear(error);
    memcpy(error->sqlstate, sqlstate, 5);
    error->sqlstate[5] = '\0';
}

#define FORMAT_INTO(error, field, format)                                                                                                  \
    do {                                                                                                                                   \
        va_list args_;                                                                                                                     \
        va_start(args_, format);                                                                                                           \
        (error)->field = arena_vprintf((error)->arena, format, args_);                                                                     \
        va_end(args_);                                                                                                                     \
    } while (0)

bool error_set(Error *error, const char *sqlstate, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    /* The arguments may be texts of the error that is replaced: format first. */
    const char *message = arena_vprintf(error->arena, format, args);
    va_end(args);
    set_state(error, sqlstate);
    error->message = message;
    return false;
}

bool error_detail(Error *error, const char *format, ...)
{
    FORMAT_INTO(error, detail, format);
    return false;
}

bool error_hint(Error *error, const char *format, ...)
{
    FORMAT_INTO(error, hint, format);
    return false;
}

bool error_context(Error *error, const char *format, ...)
{
    FORMAT_INTO(error, context, format);
    return false;
}

bool error_at(Error *error, int location)
{
    error->position = location < 0 ? 0 : location + 1;
    return false;
}

bool error_in_query(Error *error, const char *query)
{
    if (error->position > 0) {
        error->query = arena_strdup(error->arena, query);
        error->query_position = error->position;
        error->position = 0;
    }
    return false;
}

bool error_unsupported(Error *error, const char *format, ...)
{
    set_state(error, ERRCODE_FEATURE_NOT_SUPPORTED);
    FORMAT_INTO(error, message, format);
    return false;
}

/* What max_stack_depth says here is not to be changed. */
bool error_too_deep(Error *error)
{
    error_set(error, ERRCODE_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    return error_hint(error, "Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), "
                             "after ensuring the platform's stack depth limit is adequate.");
}

bool error_copy(Error *dst, const Error *src)
{
    Arena *arena = dst->arena;
    *dst = *src;
    dst->arena = arena;
    const char **texts[] = {&dst->message, &dst->detail, &dst->hint,     &dst->context,    &dst->schema,
                            &dst->table,   &dst->column, &dst->datatype, &dst->constraint, &dst->query};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = arena_strdup(arena, *texts[i]);
    return false;
}

void notice_full(const Notices *to, Severity severity, const char *sqlstate, const char *message, const char *detail, const char *hint)
{
    if (!to || !to->emit)
        return;
    Error event = {.severity = severity, .message = message, .detail = detail, .hint = hint};
    memcpy(event.sqlstate, sqlstate, 5);
    to->emit(to->arg, &event);
}

void notice(const Notices *to, Severity severity, const char *sqlstate, const char *format, ...)
{
    Arena *arena = arena_open(NULL);
    va_list args;
    va_start(args, format);
    notice_full(to, severity, sqlstate, arena_vprintf(arena, format, args), NULL, NULL);
    va_end(args);
    arena_close(arena);
}
