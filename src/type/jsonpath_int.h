/*
 * jsonpath_int.h - the tokens of SQL/JSON paths. Included by src/type only.
 */
#ifndef MEDLEY_TYPE_JSONPATH_INT_H
#define MEDLEY_TYPE_JSONPATH_INT_H

#include "type/jsonpath.h"
#include "type/type_int.h"

/* Characters stand for themselves. */
typedef enum PathToken {
    PATH_END = 0,
    PATH_WORD = 256, /* no keyword */
    PATH_STRING,
    PATH_NUMBER,
    PATH_INT,
    PATH_VARIABLE,
    PATH_AND,
    PATH_OR,
    PATH_ANY, /* the two stars */
    PATH_EQUAL,
    PATH_NOT_EQUAL,
    PATH_LESS_OR_EQUAL,
    PATH_GREATER_OR_EQUAL,
    /* keywords, which may all be keys */
    PATH_IS,
    PATH_TO,
    PATH_ABS,
    PATH_LAX,
    PATH_FLAG,
    PATH_LAST,
    PATH_NULL,
    PATH_SIZE,
    PATH_TRUE,
    PATH_TYPE,
    PATH_WITH,
    PATH_FALSE,
    PATH_FLOOR,
    PATH_DOUBLE,
    PATH_EXISTS,
    PATH_STARTS,
    PATH_STRICT,
    PATH_CEILING,
    PATH_DATETIME,
    PATH_KEYVALUE,
    PATH_UNKNOWN,
    PATH_LIKE_REGEX,
} PathToken;

typedef struct PathLexer {
    const char *at, *end;
    PathToken token;
    Str string;       /* what a word, string or variable means; the text of a number */
    const char *near; /* what an error at this token quotes: what was read last of it */
    size_t near_len;
    Arena *arena;
    Error *error;
} PathLexer;

bool path_next(PathLexer *lexer);
/* 42601 "... at or near ..."; always false. */
bool path_error(PathLexer *lexer, const char *message);

#endif
