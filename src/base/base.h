/*
 * base.h - what every folder stands on: memory by lifetime, strings, errors, maps, the log.
 *
 * Ownership, for the whole program: results live in the Arena that was passed; a `const *` is borrowed; what a call named
 * `_open` gives must be `_close`d or deferred to an arena. Out of memory ends the process (inputs are bounded instead).
 * A call that can fail returns bool (false: failed) or a pointer (NULL: failed) and fills the `Error *` it took last.
 */
#ifndef MEDLEY_BASE_H
#define MEDLEY_BASE_H

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sqlstate.h"

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* ---- Arena: memory that ends with a lifetime (process, session, statement, portal, batch). Not thread-safe. ---- */

typedef struct Arena Arena;

/* Opens an arena. With a parent it is closed, at the latest, when the parent is. */
Arena *arena_open(Arena *parent);
void arena_close(Arena *arena);
/* Runs the deferred calls and frees all that was allocated; the arena stays usable. */
void arena_reset(Arena *arena);
/* Zeroed memory, aligned for any type. Never NULL. */
void *arena_alloc(Arena *arena, size_t size);
/* A larger copy of `old` (may be NULL with old_size 0). The added part is zeroed. */
void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size);
/* The same in place where it can be, and the added part may hold anything: `old` is no longer to be read. */
void *arena_extend(Arena *arena, void *old, size_t old_size, size_t new_size);
char *arena_strdup(Arena *arena, const char *text); /* NULL stays NULL */
char *arena_strndup(Arena *arena, const char *text, size_t len);
char *arena_printf(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(Arena *arena, const char *format, va_list args);
/* Calls fn(arg) when the arena is reset or closed, last deferred first. */
void arena_defer(Arena *arena, void (*fn)(void *), void *arg);
/* Bytes held by this arena, its children excluded. */
size_t arena_size(const Arena *arena);

/* How many bytes an arena and those opened in it afterwards may hold together. Nothing fails where that is exceeded: a Str takes no more,
 * all else is given what it asks for; who set the bound asks whether `is_over` before using what was made. With a bound, a Str ends at
 * STR_MOST_BYTES, too. */
typedef struct ArenaBound {
    size_t most, used;
    bool is_over;
    size_t len, more; /* of the Str that would have become too long: what it held, and what was to be added; 0: none */
} ArenaBound;
void arena_set_bound(Arena *arena, ArenaBound *bound);
ArenaBound *arena_bound(const Arena *arena); /* NULL: none */
/* Whether the arena may hold so much more; if not, its bound is over. */
bool arena_has_room(Arena *arena, size_t size);

#define ARENA_NEW(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, n) ((Type *)arena_alloc((arena), sizeof(Type) * (size_t)(n)))

/* ---- VEC: a growing array of any type in an arena ---- */

#define VEC(Type)                                                                                                                          \
    struct {                                                                                                                               \
        Type *items;                                                                                                                       \
        size_t count, cap;                                                                                                                 \
    }
#define vec_push(arena, vec, item)                                                                                                         \
    do {                                                                                                                                   \
        if ((vec)->count == (vec)->cap) {                                                                                                  \
            size_t vec_old_ = (vec)->cap;                                                                                                  \
            (vec)->cap = vec_old_ ? vec_old_ * 2 : 8;                                                                                      \
            (vec)->items = arena_grow((arena), (vec)->items, vec_old_ * sizeof(*(vec)->items), (vec)->cap * sizeof(*(vec)->items));        \
        }                                                                                                                                  \
        (vec)->items[(vec)->count++] = (item);                                                                                             \
    } while (0)

typedef VEC(const char *) StrList;

/* ---- Str: a string being built. Always NUL-terminated; may hold NUL bytes inside. ---- */

typedef struct Str {
    char *data;
    size_t len, cap;
    Arena *arena;
} Str;

enum { STR_MOST_BYTES = 0x3fffffff }; /* the longest value, as PostgreSQL has it */

void str_init(Str *str, Arena *arena);
void str_add(Str *str, const char *text);
void str_addn(Str *str, const char *bytes, size_t len);
void str_addc(Str *str, char c);
void str_add_fill(Str *str, char c, size_t count);
void str_addf(Str *str, const char *format, ...) PRINTF_LIKE(2, 3);
void str_reset(Str *str); /* length 0, capacity kept */
/* Room for len more bytes at str->data + str->len; the caller advances str->len. */
char *str_reserve(Str *str, size_t len);

bool str_eq(const char *a, const char *b);       /* NULL equals only NULL */
bool str_ieq(const char *a, const char *b);      /* ASCII case-insensitive */
char *str_lower(Arena *arena, const char *text); /* ASCII only */

/* ---- Error ---- */

typedef enum Severity {
    SEVERITY_DEBUG,
    SEVERITY_LOG,
    SEVERITY_INFO,
    SEVERITY_NOTICE,
    SEVERITY_WARNING,
    SEVERITY_ERROR,
    SEVERITY_FATAL,
    SEVERITY_PANIC,
} Severity;

/* One error or notice, as PostgreSQL's protocol carries it. Texts live in `arena`; absent ones are NULL. */
typedef struct Error {
    Arena *arena;
    Severity severity;
    char sqlstate[6]; /* "" : no error */
    const char *message, *detail, *hint, *context;
    const char *schema, *table, *column, *datatype, *constraint;
    int position;       /* 1-based character of the statement's text; 0: none */
    const char *query;  /* a statement that was made inside and failed; NULL: none */
    int query_position; /* 1-based byte of `query`; 0: none */
} Error;

/* An Error whose texts are to live in `arena`. */
void error_init(Error *error, Arena *arena);
void error_clear(Error *error);
bool error_is_set(const Error *error);
/* Sets state and message, drops what was set before. Always returns false, so that `return error_set(...)` reads well. */
bool error_set(Error *error, const char *sqlstate, const char *format, ...) PRINTF_LIKE(3, 4);
/* Each adds to an error that is set; returns false. */
bool error_detail(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);
bool error_hint(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);
bool error_context(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);
/* location: 0-based byte offset into the statement, as the parser gives it; -1: none. The session turns it into `position`. */
bool error_at(Error *error, int location);
/* The error came of running `query`, a text made inside: `position` was counted in that. */
bool error_in_query(Error *error, const char *query);
/* 0A000 with PostgreSQL's customary text "... is not supported" left to the caller. */
bool error_unsupported(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);
/* 54001: something nests more deeply than there is room for. */
bool error_too_deep(Error *error);
/* Copies src, texts included, into dst's arena. Returns false. */
bool error_copy(Error *dst, const Error *src);

/* Where notices go: the session sends them to its client. */
typedef struct Notices {
    void (*emit)(void *arg, const Error *notice);
    void *arg;
} Notices;

void notice(const Notices *to, Severity severity, const char *sqlstate, const char *format, ...) PRINTF_LIKE(4, 5);
/* With detail and hint (either may be NULL). */
void notice_full(const Notices *to, Severity severity, const char *sqlstate, const char *message, const char *detail, const char *hint);

/* ---- Map: bytes -> pointer; keys are copied into the map's arena. Not thread-safe. ---- */

typedef struct Map Map;
Map *map_open(Arena *arena);
void *map_get(const Map *map, const void *key, size_t len); /* NULL: absent */
void map_put(Map *map, const void *key, size_t len, void *value);
void *map_remove(Map *map, const void *key, size_t len); /* the value that was there, or NULL */
size_t map_count(const Map *map);
void map_each(const Map *map, void (*fn)(void *arg, const void *key, size_t len, void *value), void *arg);

/* ---- Clocks ---- */

int64_t clock_now(void);                /* microseconds since 1970 UTC */
int64_t clock_us(void), clock_ms(void); /* of a clock that is never set, from some moment on */
/* A condition to be waited for by clock_ms(), and the wait: as pthread_cond_wait, at most until then (INT64_MAX: without end). false: the
 * time is over. */
void clock_open_condition(pthread_cond_t *condition);
bool clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_ms);

/* ---- Log: one line an event to standard error; thread-safe. Secrets are kept out by the callers. ---- */

typedef enum LogLevel { LOG_ERROR_LEVEL, LOG_WARNING_LEVEL, LOG_INFO_LEVEL, LOG_DEBUG_LEVEL } LogLevel;
typedef struct Log Log;

Log *log_open(Arena *arena, LogLevel level);
bool log_parse_level(const char *text, LogLevel *out); /* "error", "warning", "info", "debug" */
void log_write(Log *log, LogLevel level, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
