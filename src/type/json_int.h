/*
 * json_int.h - reading JSON. Included by src/type only.
 */
#ifndef MEDLEY_TYPE_JSON_INT_H
#define MEDLEY_TYPE_JSON_INT_H

#include "type/type_int.h"

typedef enum JsonToken {
    JSON_END,
    JSON_STRING,
    JSON_NUMBER,
    JSON_OBJECT_OPEN = '{',
    JSON_OBJECT_CLOSE = '}',
    JSON_ARRAY_OPEN = '[',
    JSON_ARRAY_CLOSE = ']',
    JSON_COMMA = ',',
    JSON_COLON = ':',
    JSON_TRUE = 256,
    JSON_FALSE,
    JSON_NULL,
} JsonToken;

typedef struct JsonLexer {
    const char *text, *end;
    const char *start, *stop; /* of the token at hand */
    const char *line;
    int line_number;
    JsonToken token;
    bool unescape; /* strings are wanted as what they mean */
    Str string;    /* the meaning of a JSON_STRING */
    Arena *arena;
    Error *error;
} JsonLexer;

void json_lexer_init(JsonLexer *lexer, const char *text, size_t len, bool unescape, Arena *arena, Error *error);
bool json_next(JsonLexer *lexer);
/* 22P02 with the detail and the context line of PostgreSQL; always false. `expected` NULL: the token is invalid in itself. */
bool json_unexpected(JsonLexer *lexer, const char *expected);

enum { JSON_MAX_DEPTH = 6000 };

#endif
