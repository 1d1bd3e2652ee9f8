/*
 * regex.h - regular expressions for the files of functions.
 */
#ifndef MEDLEY_FUNC_REGEX_H
#define MEDLEY_FUNC_REGEX_H

#include "func/func_text.h"
#include "type/regex_tree.h"

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

typedef struct RegexPlace {
    size_t start, end; /* bytes */
    bool found;
} RegexPlace;

/* The pattern read, the thread's own until it asks for another one. NULL: the error is set, as by regex_parse. */
Regex *regex_cached(const char *pattern, size_t len, RegexFlags flags, Error *error);
/* The first match at or behind byte `from`: places[0] the whole, then the groups'. Errors: 54000 when it takes too many steps. */
bool regex_run(Regex *regex, const char *text, size_t len, size_t from, RegexPlace *places, bool *found, Arena *arena,
               Error *error) MUST_CHECK;

/* Whether there is a match. */
bool regex_test(Regex *regex, const char *text, size_t len, bool *found, Arena *arena, Error *error) MUST_CHECK;

/* What regexp_matches gives of one match, the groups or the whole, as an array's text. */
const char *regex_groups_text(FuncCall *call, const Regex *regex, const RegexPlace *places, const char *text);
/* regexp_matches. */
bool regex_each_match(FuncSetCall *set);

bool regex_in_class(RegexClass class, uint32_t c, bool ascii);

#endif
