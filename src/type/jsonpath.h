/*
 * jsonpath.h - SQL/JSON paths as trees: what type jsonpath reads and the jsonb_path functions run.
 */
#ifndef MEDLEY_TYPE_JSONPATH_H
#define MEDLEY_TYPE_JSONPATH_H

#include "type/regex_tree.h"

typedef enum JsonPathKind {
    JSONPATH_NULL,
    JSONPATH_STRING,
    JSONPATH_NUMBER,
    JSONPATH_BOOL,
    JSONPATH_AND,
    JSONPATH_OR,
    JSONPATH_NOT,
    JSONPATH_IS_UNKNOWN,
    JSONPATH_EQUAL,
    JSONPATH_NOT_EQUAL,
    JSONPATH_LESS,
    JSONPATH_GREATER,
    JSONPATH_LESS_OR_EQUAL,
    JSONPATH_GREATER_OR_EQUAL,
    JSONPATH_STARTS_WITH,
    JSONPATH_LIKE_REGEX,
    JSONPATH_EXISTS,
    JSONPATH_ADD,
    JSONPATH_SUB,
    JSONPATH_MUL,
    JSONPATH_DIV,
    JSONPATH_MOD,
    JSONPATH_PLUS,
    JSONPATH_MINUS,
    JSONPATH_ANY_ARRAY,
    JSONPATH_ANY_KEY,
    JSONPATH_INDEX_ARRAY,
    JSONPATH_ANY,
    JSONPATH_KEY,
    JSONPATH_CURRENT,
    JSONPATH_ROOT,
    JSONPATH_LAST,
    JSONPATH_VARIABLE,
    JSONPATH_FILTER,
    JSONPATH_TYPE,
    JSONPATH_SIZE,
    JSONPATH_ABS,
    JSONPATH_FLOOR,
    JSONPATH_CEILING,
    JSONPATH_DOUBLE,
    JSONPATH_KEYVALUE,
    JSONPATH_DATETIME,
} JsonPathKind;

enum { JSONPATH_FLAG_I = 1, JSONPATH_FLAG_S = 2, JSONPATH_FLAG_M = 4, JSONPATH_FLAG_X = 8, JSONPATH_FLAG_Q = 16 };
#define JSONPATH_LAST_LEVEL UINT32_MAX

typedef struct JsonPathNode JsonPathNode;
typedef struct JsonPathSubscript {
    JsonPathNode *from, *to; /* to NULL: one element */
} JsonPathSubscript;

struct JsonPathNode {
    JsonPathKind kind;
    const char *text; /* of strings, keys, variables: what it means; of numbers: canonical; of LIKE_REGEX: the pattern */
    size_t len;
    bool truth;                 /* BOOL */
    unsigned flags;             /* LIKE_REGEX */
    uint32_t first, last;       /* ANY: levels */
    JsonPathNode *left, *right; /* operands; of one operand, a filter or a template: left */
    VEC(JsonPathSubscript) subscripts;
    JsonPathNode *next; /* the accessor that is applied to the result */
};

typedef struct JsonPath {
    bool strict;
    JsonPathNode *root;
} JsonPath;

/* In the arena. Errors: PostgreSQL's, 42601 and 22P02. */
bool jsonpath_parse(const char *text, size_t len, JsonPath *out, Arena *arena, Error *error) MUST_CHECK;
/* As jsonpath_out writes it. That leaves out parentheses which reading it again would need ((1 + 2).abs() in a filter): with_all writes
 * them. */
void jsonpath_write(const JsonPath *path, bool with_all, Str *out);
const char *jsonpath_operator(JsonPathKind kind); /* "==", "+", "like_regex", ... */
const char *jsonpath_method(JsonPathKind kind);   /* "type", ...; NULL: none */
RegexFlags jsonpath_regex_flags(unsigned flags);

#endif
