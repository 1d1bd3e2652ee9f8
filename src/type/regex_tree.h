/*
 * regex_tree.h - PostgreSQL's advanced regular expressions, taken apart: regex_parse.c reads them (also for
 * jsonpath, which checks its patterns), func/regex_match.c runs them.
 *
 * The rules are those of PostgreSQL's manual, 9.7.3. A pattern is a tree. Parts in which no place of a group is wanted are "plain": only
 * where they may end counts, which a set of states finds.
 */
#ifndef MEDLEY_TYPE_REGEX_TREE_H
#define MEDLEY_TYPE_REGEX_TREE_H

#include "type/type.h"

enum { REGEX_INFINITE = 256, REGEX_MAX_REPEAT = 255 };

typedef struct RegexRange {
    uint32_t first, last;
} RegexRange;

/* A set of characters: ranges and classes, perhaps all others. */
typedef struct RegexSet {
    VEC(RegexRange) ranges;
    unsigned classes, others; /* bits of RegexClass: in the class, not in it (\D, \S, \W in brackets) */
    bool negated, not_newline;
} RegexSet;

typedef enum RegexClass {
    REGEX_ALNUM,
    REGEX_ALPHA,
    REGEX_BLANK,
    REGEX_CNTRL,
    REGEX_DIGIT,
    REGEX_GRAPH,
    REGEX_LOWER,
    REGEX_PRINT,
    REGEX_PUNCT,
    REGEX_SPACE,
    REGEX_UPPER,
    REGEX_XDIGIT,
    REGEX_WORD,
    REGEX_NCLASSES,
} RegexClass;

typedef enum RegexKind {
    REGEX_EMPTY,
    REGEX_SET,
    REGEX_SEQUENCE, /* children one after the other */
    REGEX_CHOICE,   /* one of the children */
    REGEX_REPEAT,   /* child[0] min to max times */
    REGEX_GROUP,    /* child[0], whose place is kept */
    REGEX_BACK,     /* what the group matched, min to max times */
    REGEX_LINE_START,
    REGEX_LINE_END,
    REGEX_TEXT_START,
    REGEX_TEXT_END,
    REGEX_WORD_START,
    REGEX_WORD_END,
    REGEX_WORD_EDGE,
    REGEX_NO_EDGE,
    REGEX_LOOK, /* child[0] matches here, or does not, ahead or behind */
} RegexKind;

typedef enum RegexTaste { TASTE_NONE, TASTE_LONG, TASTE_SHORT } RegexTaste;

typedef struct RegexNode RegexNode;
struct RegexNode {
    RegexKind kind;
    RegexSet set;
    VEC(RegexNode *) children;
    int min, max, group;
    bool negated, behind;
    /* What the whole of it prefers; whether parts prefer otherwise; whether it has groups or back references. */
    RegexTaste taste;
    bool has_long, has_short, has_groups, has_backs;
};

typedef struct Regex {
    RegexNode *root;
    int ngroups;
    bool fold, ascii, newline_anchors, has_looks;
    RegexNode **groups; /* of 1..ngroups */
    Arena *arena;
    struct RegexProgram *program; /* func/regex_match.c's, once it has been matched */
} Regex;

typedef struct RegexFlags {
    bool fold, expanded, literal, newline_dot, newline_anchors, ascii;
} RegexFlags;

/* In the arena. Errors: 2201B as PostgreSQL's. */
Regex *regex_parse(const char *pattern, size_t len, RegexFlags flags, Arena *arena, Error *error) MUST_CHECK;

#endif
