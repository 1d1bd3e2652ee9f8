/*
 * nesting.c - bounds how deeply the parse tree of a text can be nested, before it is parsed.
 *
 * The parser's own stack grows on the heap, but what turns its tree into protobuf, and what unpacks that, recurse. One pass over the
 * tokens keeps an upper bound of the tree's depth:
 *  1. Each open bracket, and each CASE until its END, is a level; SELECT, VALUES and WITH weigh more, as a query costs more frames.
 *  2. Within a level every operator may stand inside the next one; a comma and the keywords that part operands into lists (AND, OR,
 *     WHEN, ...) start again. The AND of a BETWEEN does not.
 *  3. UNION and its like, and JOIN, nest without brackets and are never started again within their level.
 * Strings, quoted names and comments are skipped. Any thread.
 */
#include <ctype.h>
#include <string.h>

#include "sql/parse_int.h"

enum { DEEPEST = 2000, QUERY_WEIGHT = 3 };

typedef struct Level {
    int operators, links, weight;
    bool between, is_case;
} Level;

typedef struct Scanner {
    const char *at;
    VEC(Level) levels;
    int below; /* sum over all levels but the last */
    Arena *arena;
} Scanner;

typedef enum WordKind { WORD_OPERATOR, WORD_LINK, WORD_QUERY, WORD_RESTART, WORD_AND, WORD_BETWEEN, WORD_CASE, WORD_END } WordKind;

static const struct {
    const char *word;
    WordKind kind;
} WORDS[] = {
    {"and", WORD_AND},           {"at", WORD_OPERATOR},       {"between", WORD_BETWEEN},  {"case", WORD_CASE},
    {"collate", WORD_OPERATOR},  {"else", WORD_RESTART},      {"end", WORD_END},          {"except", WORD_LINK},
    {"from", WORD_RESTART},      {"group", WORD_RESTART},     {"having", WORD_RESTART},   {"ilike", WORD_OPERATOR},
    {"in", WORD_OPERATOR},       {"intersect", WORD_LINK},    {"is", WORD_OPERATOR},      {"isnull", WORD_OPERATOR},
    {"join", WORD_LINK},         {"like", WORD_OPERATOR},     {"not", WORD_OPERATOR},     {"notnull", WORD_OPERATOR},
    {"on", WORD_RESTART},        {"operator", WORD_OPERATOR}, {"or", WORD_RESTART},       {"order", WORD_RESTART},
    {"overlaps", WORD_OPERATOR}, {"select", WORD_QUERY},      {"similar", WORD_OPERATOR}, {"then", WORD_RESTART},
    {"union", WORD_LINK},        {"values", WORD_QUERY},      {"when", WORD_RESTART},     {"where", WORD_RESTART},
    {"with", WORD_QUERY},
};

static int level_depth(const Level *level)
{
    return level->operators + level->links + level->weight;
}

static Level *top(Scanner *scanner)
{
    return &scanner->levels.items[scanner->levels.count - 1];
}

static void open_level(Scanner *scanner, bool is_case)
{
    scanner->below += level_depth(top(scanner));
    vec_push(scanner->arena, &scanner->levels, ((Level){.weight = 1, .is_case = is_case}));
}

static void close_level(Scanner *scanner, bool is_case)
{
    if (scanner->levels.count < 2 || top(scanner)->is_case != is_case)
        return;
    scanner->levels.count--;
    scanner->below -= level_depth(top(scanner));
}

static void restart(Scanner *scanner)
{
    top(scanner)->operators = 0;
    top(scanner)->between = false;
}

static void take_word(Scanner *scanner, WordKind kind)
{
    Level *level = top(scanner);
    switch (kind) {
    case WORD_OPERATOR:
        level->operators++;
        break;
    case WORD_LINK:
        level->links++;
        restart(scanner);
        break;
    case WORD_QUERY:
        if (level->weight < 1 + QUERY_WEIGHT)
            level->weight += QUERY_WEIGHT;
        break;
    case WORD_RESTART:
        restart(scanner);
        break;
    case WORD_AND:
        if (level->between)
            level->between = false;
        else
            restart(scanner);
        break;
    case WORD_BETWEEN:
        level->operators++;
        level->between = true;
        break;
    case WORD_CASE:
        open_level(scanner, true);
        break;
    case WORD_END:
        close_level(scanner, true);
        break;
    }
}

static void scan_word(Scanner *scanner)
{
    const char *start = scanner->at;
    while (isalnum((unsigned char)*scanner->at) || *scanner->at == '_' || *scanner->at == '$' || (unsigned char)*scanner->at >= 0x80)
        scanner->at++;
    size_t len = (size_t)(scanner->at - start);
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (strlen(WORDS[i].word) == len && strncasecmp(WORDS[i].word, start, len) == 0) {
            take_word(scanner, WORDS[i].kind);
            return;
        }
}

/* A string or quoted name; doubled quotes are two of them in a row. Backslashes count in E'...' only. */
static void skip_quoted(Scanner *scanner, const char *text)
{
    char quote = *scanner->at;
    const char *before = scanner->at - 1;
    bool escapes = quote == '\'' && before >= text && (*before == 'e' || *before == 'E') &&
                   (before == text || !(isalnum((unsigned char)before[-1]) || before[-1] == '_'));
    for (scanner->at++; *scanner->at && *scanner->at != quote; scanner->at++)
        if (escapes && *scanner->at == '\\' && scanner->at[1])
            scanner->at++;
    if (*scanner->at)
        scanner->at++;
}

/* $tag$ ... $tag$; false: no such opening here. */
static bool skip_dollar(Scanner *scanner)
{
    const char *tag_end = scanner->at + 1;
    if (isdigit((unsigned char)*tag_end))
        return false;
    while (isalnum((unsigned char)*tag_end) || *tag_end == '_' || (unsigned char)*tag_end >= 0x80)
        tag_end++;
    if (*tag_end != '$')
        return false;
    size_t len = (size_t)(tag_end + 1 - scanner->at);
    char *tag = arena_strndup(scanner->arena, scanner->at, len);
    const char *close = strstr(tag_end + 1, tag);
    scanner->at = close ? close + len : tag_end + strlen(tag_end);
    return true;
}

static bool skip_comment(Scanner *scanner)
{
    if (scanner->at[0] == '-' && scanner->at[1] == '-') {
        scanner->at += strcspn(scanner->at, "\r\n");
        return true;
    }
    if (scanner->at[0] != '/' || scanner->at[1] != '*')
        return false;
    int depth = 0;
    while (*scanner->at) {
        bool opens = scanner->at[0] == '/' && scanner->at[1] == '*', closes = scanner->at[0] == '*' && scanner->at[1] == '/';
        depth += opens - closes;
        scanner->at += opens || closes ? 2 : 1;
        if (depth == 0)
            break;
    }
    return true;
}

static void scan_symbol(Scanner *scanner)
{
    char c = *scanner->at++;
    if (c == '(' || c == '[') {
        open_level(scanner, false);
    } else if (c == ')' || c == ']') {
        while (top(scanner)->is_case && scanner->levels.count > 1)
            close_level(scanner, true);
        close_level(scanner, false);
    } else if (c == ',') {
        restart(scanner);
    } else if (c == ';') {
        scanner->levels.count = 1;
        scanner->below = 0;
        *top(scanner) = (Level){0};
    } else if (strchr("+-*/<>=~!@#%^&|`?:", c)) {
        /* a run of characters may be several prefix operators: count each but the repeats that can only be one operator */
        if (scanner->at[0] != c || c == '-' || c == '+')
            top(scanner)->operators++;
    }
}

bool parse_check_nesting(const char *text, Arena *arena, Error *error)
{
    Arena *scratch = arena_open(arena);
    Scanner scanner = {.at = text, .arena = scratch};
    vec_push(scratch, &scanner.levels, (Level){0});
    bool ok = true;
    while (ok && *scanner.at) {
        unsigned char c = (unsigned char)*scanner.at;
        if (isalpha(c) || c == '_' || c >= 0x80)
            scan_word(&scanner);
        else if (c == '\'' || c == '"')
            skip_quoted(&scanner, text);
        else if (c == '$' && skip_dollar(&scanner))
            continue;
        else if ((c == '-' || c == '/') && skip_comment(&scanner))
            continue;
        else
            scan_symbol(&scanner);
        ok = scanner.below + level_depth(top(&scanner)) <= DEEPEST;
    }
    arena_close(scratch);
    return ok ? true : error_too_deep(error);
}
