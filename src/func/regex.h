/*
 * regex.h - regular expressions for the files of functions.
 */
#ifndef MEDLEY_FUNC_REGEX_H
#define MEDLEY_FUNC_REGEX_H

#include "func/func_text.h"

typedef struct RegexMatch {
    bool found, has_groups; /* groups that capture: their places are not known */
    size_t start, end;      /* bytes */
} RegexMatch;

/* Whether the text matches anywhere. Errors: 2201B as PostgreSQL's, 0A000 for what may mean something else. */
bool regex_matches(FuncCall *call, const char *pattern, size_t pattern_len, bool fold, const char *text, size_t len,
                   bool *found) MUST_CHECK;
/* The first match at or behind byte `from`, the longest there. */
bool regex_find(FuncCall *call, const char *pattern, size_t pattern_len, bool fold, const char *text, size_t len, size_t from,
                RegexMatch *out) MUST_CHECK;

#endif
