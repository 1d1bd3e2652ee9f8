/*
 * regex_parse.c - reads PostgreSQL's advanced regular expressions into trees.
 *
 *  1. A branch prefers what its first part with a preference does; a choice of several branches prefers the longest.
 *  2. Parentheses in a look-around keep no place.
 * Any thread.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "type/regex_tree.h"

/* PostgreSQL takes more than Unicode has for characters: no text holds them. */
enum { MAX_NESTING = 500, BOUND_DIGITS = 3, MAX_NODES = 200000, GREATEST_CHR = 0x7ffffffe };

typedef struct Parser {
    const char *at, *end;
    RegexFlags flags;
    Regex *regex;
    VEC(RegexNode *) groups;
    int depth, looks, nodes;
    Arena *arena;
    Error *error;
} Parser;

static RegexNode *invalid(Parser *p, const char *why)
{
    error_set(p->error, ERRCODE_INVALID_REGULAR_EXPRESSION, "invalid regular expression: %s", why);
    return NULL;
}

static RegexNode *node(Parser *p, RegexKind kind)
{
    RegexNode *made = ARENA_NEW(p->arena, RegexNode);
    made->kind = kind;
    p->nodes++;
    return made;
}

static bool more(const Parser *p)
{
    return p->at < p->end;
}

static bool see(const Parser *p, const char *text)
{
    size_t len = strlen(text);
    return (size_t)(p->end - p->at) >= len && memcmp(p->at, text, len) == 0;
}

static bool eat(Parser *p, const char *text)
{
    if (!see(p, text))
        return false;
    p->at += strlen(text);
    return true;
}

static uint32_t next_char(Parser *p)
{
    size_t len;
    uint32_t c = text_decode(p->at, &len);
    p->at += len;
    return c;
}

static void add_range(Parser *p, RegexSet *set, uint32_t first, uint32_t last)
{
    RegexRange range = {first, last};
    vec_push(p->arena, &set->ranges, range);
}

static RegexNode *character(Parser *p, uint32_t c)
{
    RegexNode *made = node(p, REGEX_SET);
    add_range(p, &made->set, c, c);
    return made;
}

static RegexNode *class_node(Parser *p, RegexClass class, bool negated)
{
    RegexNode *made = node(p, REGEX_SET);
    made->set.classes = 1u << class;
    made->set.negated = negated;
    made->set.not_newline = negated && p->flags.newline_dot;
    return made;
}

/* ---- escapes ---- */

static bool hex_escape(Parser *p, int least, int most, uint32_t *c)
{
    int digits = 0;
    uint32_t value = 0;
    for (; more(p) && digits < most && isxdigit((unsigned char)*p->at); digits++)
        value = value << 4 | (uint32_t)strtol((char[]){*p->at++, '\0'}, NULL, 16); /* of more than 32 bits the last count */
    *c = value;
    return digits >= least && value <= GREATEST_CHR;
}

/* A character-entry escape; `at` on its letter. */
static bool char_escape(Parser *p, uint32_t *c)
{
    static const char LETTERS[] = "abBefnrtv", VALUES[] = "\a\b\\\033\f\n\r\t\v";
    char letter = *p->at;
    const char *simple = letter ? strchr(LETTERS, letter) : NULL;
    if (!isalnum((unsigned char)letter)) {
        *c = next_char(p);
        return true;
    }
    p->at++;
    if (simple) {
        *c = (unsigned char)VALUES[simple - LETTERS];
        return true;
    }
    switch (letter) {
    case 'c':
        if (!more(p))
            return false;
        *c = next_char(p) & 037;
        return true;
    case 'u':
        return hex_escape(p, 4, 4, c);
    case 'U':
        return hex_escape(p, 8, 8, c);
    case 'x':
        return hex_escape(p, 1, 255, c);
    case '0':
        *c = 0;
        for (int digits = 0; digits < 2 && more(p) && *p->at >= '0' && *p->at <= '7'; digits++)
            *c = *c * 8 + (uint32_t)(*p->at++ - '0');
        return true;
    default:
        return false;
    }
}

static const struct EscapeRow {
    char letter;
    RegexKind kind;
    RegexClass class;
    bool negated;
} ESCAPES[] = {
    {'d', REGEX_SET, REGEX_DIGIT, false}, {'D', REGEX_SET, REGEX_DIGIT, true}, {'s', REGEX_SET, REGEX_SPACE, false},
    {'S', REGEX_SET, REGEX_SPACE, true},  {'w', REGEX_SET, REGEX_WORD, false}, {'W', REGEX_SET, REGEX_WORD, true},
    {'A', REGEX_TEXT_START, 0, false},    {'Z', REGEX_TEXT_END, 0, false},     {'m', REGEX_WORD_START, 0, false},
    {'M', REGEX_WORD_END, 0, false},      {'y', REGEX_WORD_EDGE, 0, false},    {'Y', REGEX_NO_EDGE, 0, false},
};

static const struct EscapeRow *escape_row(char letter)
{
    for (size_t i = 0; i < COUNT_OF(ESCAPES); i++)
        if (ESCAPES[i].letter == letter)
            return &ESCAPES[i];
    return NULL;
}

/* \1 is a reference; of several digits only if there are that many groups, else \ooo is a character. */
static RegexNode *back_reference(Parser *p, bool *is_char, uint32_t *c)
{
    char *stop;
    unsigned long number = strtoul(p->at, &stop, 10);
    *is_char = stop - p->at > 1 && number > p->groups.count;
    if (*is_char) {
        *c = 0;
        for (int digits = 0; digits < 3 && more(p) && *p->at >= '0' && *p->at <= '7'; digits++)
            *c = *c * 8 + (uint32_t)(*p->at++ - '0');
        return NULL;
    }
    p->at = stop;
    if (p->looks || number > p->groups.count || !p->groups.items[number - 1])
        return invalid(p, "invalid backreference number");
    RegexNode *made = node(p, REGEX_BACK);
    made->group = (int)number;
    made->min = made->max = 1;
    made->has_backs = true;
    return made;
}

static RegexNode *escape(Parser *p)
{
    uint32_t c;
    if (!more(p))
        return invalid(p, "invalid escape \\ sequence");
    const struct EscapeRow *row = escape_row(*p->at);
    if (row) {
        p->at++;
        return row->kind == REGEX_SET ? class_node(p, row->class, row->negated) : node(p, row->kind);
    }
    if (*p->at >= '1' && *p->at <= '9') {
        bool is_char;
        RegexNode *made = back_reference(p, &is_char, &c);
        return is_char ? character(p, c) : made;
    }
    return char_escape(p, &c) ? character(p, c) : invalid(p, "invalid escape \\ sequence");
}

/* ---- bracket expressions ---- */

static const char *const CLASS_NAMES[REGEX_NCLASSES] = {"alnum", "alpha", "blank", "cntrl", "digit",  "graph", "lower",
                                                        "print", "punct", "space", "upper", "xdigit", "word"};

static bool named_class(Parser *p, RegexSet *set)
{
    const char *stop = memmem(p->at, (size_t)(p->end - p->at), ":]", 2);
    if (!stop)
        return invalid(p, "brackets [] not balanced") != NULL;
    for (int i = 0; i < REGEX_NCLASSES; i++) {
        if (strlen(CLASS_NAMES[i]) != (size_t)(stop - p->at) || memcmp(CLASS_NAMES[i], p->at, (size_t)(stop - p->at)) != 0)
            continue;
        bool cased = i == REGEX_LOWER || i == REGEX_UPPER;
        set->classes |= 1u << (p->flags.fold && cased ? REGEX_ALPHA : i);
        p->at = stop + 2;
        return true;
    }
    return invalid(p, "invalid character class") != NULL;
}

/* [.x.] and [=x=] of one character. */
static bool collating_element(Parser *p, char mark, uint32_t *c)
{
    p->at += 2;
    if (!more(p))
        return invalid(p, "brackets [] not balanced") != NULL;
    *c = next_char(p);
    char close[3] = {mark, ']', '\0'};
    return eat(p, close) || invalid(p, "invalid collating element") != NULL;
}

/* One end of a range. *is_set: it was a class instead, already added. */
static bool bracket_item(Parser *p, RegexSet *set, uint32_t *c, bool *is_set)
{
    *is_set = true;
    if (eat(p, "[:"))
        return named_class(p, set);
    *is_set = false;
    if (see(p, "[.") || see(p, "[="))
        return collating_element(p, p->at[1], c);
    if (*p->at != '\\') {
        *c = next_char(p);
        return true;
    }
    if (++p->at >= p->end)
        return invalid(p, "invalid escape \\ sequence") != NULL;
    const struct EscapeRow *row = escape_row(*p->at);
    if (row && row->kind == REGEX_SET) {
        *is_set = true;
        p->at++;
        *(row->negated ? &set->others : &set->classes) |= 1u << row->class;
        return true;
    }
    return char_escape(p, c) || invalid(p, "invalid escape \\ sequence") != NULL;
}

static RegexNode *bracket(Parser *p)
{
    if (eat(p, "[:<:]]"))
        return node(p, REGEX_WORD_START);
    if (eat(p, "[:>:]]"))
        return node(p, REGEX_WORD_END);
    RegexNode *made = node(p, REGEX_SET);
    made->set.negated = eat(p, "^");
    made->set.not_newline = made->set.negated && p->flags.newline_dot;
    for (bool first = true;; first = false) {
        uint32_t from, to;
        bool is_set;
        if (!more(p))
            return invalid(p, "brackets [] not balanced");
        if (!first && eat(p, "]"))
            return made;
        if (!bracket_item(p, &made->set, &from, &is_set))
            return NULL;
        bool is_range = more(p) && *p->at == '-' && p->at + 1 < p->end && p->at[1] != ']';
        if (is_set && !is_range)
            continue;
        if (is_set)
            return invalid(p, "invalid character range");
        to = from;
        if (is_range) {
            p->at++;
            if (!bracket_item(p, &made->set, &to, &is_set))
                return NULL;
        }
        if (is_set || from > to)
            return invalid(p, "invalid character range");
        add_range(p, &made->set, from, to);
    }
}

/* ---- quantifiers ---- */

static bool bound_number(Parser *p, int *out)
{
    int digits = 0;
    *out = 0;
    for (; more(p) && isdigit((unsigned char)*p->at) && digits < BOUND_DIGITS + 1; digits++)
        *out = *out * 10 + (*p->at++ - '0');
    return digits > 0 && *out <= REGEX_MAX_REPEAT;
}

static bool bound(Parser *p, int *min, int *max, bool *exact)
{
    *exact = false;
    if (!bound_number(p, min))
        return invalid(p, "invalid repetition count(s)") != NULL;
    *max = *min;
    *exact = !eat(p, ",");
    if (!*exact) {
        *max = REGEX_INFINITE;
        if (more(p) && isdigit((unsigned char)*p->at) && !bound_number(p, max))
            return invalid(p, "invalid repetition count(s)") != NULL;
    }
    if (!more(p))
        return invalid(p, "braces {} not balanced") != NULL;
    return (eat(p, "}") && *min <= *max) || invalid(p, "invalid repetition count(s)") != NULL;
}

static bool at_quantifier(const Parser *p)
{
    if (!more(p))
        return false;
    return *p->at == '*' || *p->at == '+' || *p->at == '?' || (*p->at == '{' && p->at + 1 < p->end && isdigit((unsigned char)p->at[1]));
}

static bool is_constraint(const RegexNode *atom)
{
    return atom->kind >= REGEX_LINE_START;
}

static RegexNode *quantified(Parser *p, RegexNode *atom)
{
    if (!at_quantifier(p))
        return atom;
    int min = 0, max = REGEX_INFINITE;
    bool exact = false;
    char mark = *p->at++;
    if (is_constraint(atom))
        return invalid(p, "quantifier operand invalid");
    if (mark == '+')
        min = 1;
    else if (mark == '?')
        max = 1;
    else if (mark == '{' && !bound(p, &min, &max, &exact))
        return NULL;
    RegexTaste taste = eat(p, "?") ? TASTE_SHORT : TASTE_LONG;
    if (exact)
        taste = TASTE_NONE;
    if (at_quantifier(p))
        return invalid(p, "quantifier operand invalid");
    if (max == 0)
        return node(p, REGEX_EMPTY);
    if (atom->kind == REGEX_BACK) {
        atom->min = min;
        atom->max = max;
        atom->taste = taste;
        return atom;
    }
    RegexNode *made = node(p, REGEX_REPEAT);
    vec_push(p->arena, &made->children, atom);
    made->min = min;
    made->max = max;
    made->taste = taste ? taste : atom->taste;
    made->has_long = atom->has_long || taste == TASTE_LONG;
    made->has_short = atom->has_short || taste == TASTE_SHORT;
    made->has_groups = atom->has_groups;
    made->has_backs = atom->has_backs;
    return made;
}

/* ---- groups, branches ---- */

static RegexNode *choice(Parser *p);

static RegexNode *look(Parser *p, bool behind, bool negated)
{
    p->looks++;
    RegexNode *child = choice(p);
    p->looks--;
    if (!child)
        return NULL;
    if (!eat(p, ")"))
        return invalid(p, "parentheses () not balanced");
    RegexNode *made = node(p, REGEX_LOOK);
    vec_push(p->arena, &made->children, child);
    made->behind = behind;
    made->negated = negated;
    p->regex->has_looks = true;
    return made;
}

static RegexNode *group(Parser *p)
{
    static const struct {
        const char *text;
        bool behind, negated;
    } LOOKS[] = {{"?=", false, false}, {"?!", false, true}, {"?<=", true, false}, {"?<!", true, true}};
    for (size_t i = 0; i < COUNT_OF(LOOKS); i++)
        if (eat(p, LOOKS[i].text))
            return look(p, LOOKS[i].behind, LOOKS[i].negated);
    bool captures = !eat(p, "?:") && !p->looks;
    if (see(p, "?"))
        return invalid(p, "quantifier operand invalid");
    size_t number = p->groups.count;
    if (captures)
        vec_push(p->arena, &p->groups, NULL);
    RegexNode *child = choice(p);
    if (!child)
        return NULL;
    if (!eat(p, ")"))
        return invalid(p, "parentheses () not balanced");
    if (!captures && child->kind < REGEX_LINE_START)
        return child;
    if (!captures) { /* in parentheses a constraint may be repeated */
        RegexNode *wrapped = node(p, REGEX_SEQUENCE);
        vec_push(p->arena, &wrapped->children, child);
        return wrapped;
    }
    RegexNode *made = node(p, REGEX_GROUP);
    *made = (RegexNode){.kind = REGEX_GROUP, .group = (int)number + 1, .taste = child->taste};
    made->has_long = child->has_long;
    made->has_short = child->has_short;
    made->has_backs = child->has_backs;
    made->has_groups = true;
    vec_push(p->arena, &made->children, child);
    p->groups.items[number] = made;
    return made;
}

static RegexNode *atom(Parser *p)
{
    RegexNode *any;
    if (at_quantifier(p))
        return invalid(p, "quantifier operand invalid");
    switch (*p->at) {
    case '[':
        p->at++;
        return bracket(p);
    case '(':
        p->at++;
        return group(p);
    case '\\':
        p->at++;
        return escape(p);
    case '^':
        p->at++;
        return node(p, p->flags.newline_anchors ? REGEX_LINE_START : REGEX_TEXT_START);
    case '$':
        p->at++;
        return node(p, p->flags.newline_anchors ? REGEX_LINE_END : REGEX_TEXT_END);
    case '.':
        p->at++;
        any = node(p, REGEX_SET);
        any->set.negated = true;
        any->set.not_newline = p->flags.newline_dot;
        return any;
    default:
        return character(p, next_char(p));
    }
}

/* Blanks and comments of the expanded syntax, and (?# comments). */
static void skip(Parser *p)
{
    for (;;) {
        const char *before = p->at;
        while (p->flags.expanded && more(p) && isspace((unsigned char)*p->at))
            p->at++;
        if (p->flags.expanded && see(p, "#"))
            while (more(p) && *p->at != '\n')
                p->at++;
        if (see(p, "(?#")) {
            while (more(p) && *p->at != ')')
                p->at++;
            eat(p, ")");
        }
        if (p->at == before)
            return;
    }
}

static void append(Parser *p, RegexNode *branch, RegexNode *part)
{
    vec_push(p->arena, &branch->children, part);
    if (!branch->taste)
        branch->taste = part->taste;
    branch->has_long |= part->has_long;
    branch->has_short |= part->has_short;
    branch->has_groups |= part->has_groups;
    branch->has_backs |= part->has_backs;
}

static RegexNode *branch(Parser *p)
{
    RegexNode *made = node(p, REGEX_SEQUENCE);
    for (skip(p); more(p) && *p->at != '|' && *p->at != ')'; skip(p)) {
        if (p->nodes > MAX_NODES)
            return invalid(p, "regular expression is too complex");
        RegexNode *part = atom(p);
        skip(p);
        part = part ? quantified(p, part) : NULL;
        if (!part)
            return NULL;
        append(p, made, part);
    }
    return made->children.count == 1 ? made->children.items[0] : made;
}

static RegexNode *choice(Parser *p)
{
    if (++p->depth > MAX_NESTING)
        return invalid(p, "regular expression is too complex");
    RegexNode *first = branch(p), *made = first;
    if (first && see(p, "|")) {
        made = node(p, REGEX_CHOICE);
        append(p, made, first);
        while (eat(p, "|")) {
            RegexNode *next = branch(p);
            if (!next)
                return NULL;
            append(p, made, next);
        }
        made->taste = TASTE_LONG;
        made->has_long = true;
    }
    p->depth--;
    return made;
}

/* ---- the whole ---- */

/* "***=", "***:" and "(?options)". */
static bool prefix(Parser *p)
{
    if (eat(p, "***=")) {
        p->flags.literal = true;
        return true;
    }
    if (!eat(p, "***:") && see(p, "***"))
        return invalid(p, "quantifier operand invalid") != NULL;
    if (!see(p, "(?") || p->end - p->at < 3 || !isalpha((unsigned char)p->at[2]))
        return true;
    for (p->at += 2; more(p) && isalpha((unsigned char)*p->at); p->at++) {
        char option = *p->at;
        if (option == 'i' || option == 'c')
            p->flags.fold = option == 'i';
        else if (option == 'm' || option == 'n')
            p->flags.newline_dot = p->flags.newline_anchors = true;
        else if (option == 'p' || option == 'w' || option == 's') {
            p->flags.newline_dot = option == 'p';
            p->flags.newline_anchors = option == 'w';
        } else if (option == 'q')
            p->flags.literal = true;
        else if (option == 'x' || option == 't')
            p->flags.expanded = option == 'x';
        else
            return option == 'b' || option == 'e' ? error_unsupported(p->error, "regular expression option \"%c\" is not supported", option)
                                                  : invalid(p, "invalid embedded option") != NULL;
    }
    return eat(p, ")") || invalid(p, "invalid embedded option") != NULL;
}

static RegexNode *literal(Parser *p)
{
    RegexNode *made = node(p, REGEX_SEQUENCE);
    while (more(p) && p->nodes <= MAX_NODES)
        append(p, made, character(p, next_char(p)));
    return more(p) ? invalid(p, "regular expression is too complex") : made;
}

Regex *regex_parse(const char *pattern, size_t len, RegexFlags flags, Arena *arena, Error *error)
{
    Regex *regex = ARENA_NEW(arena, Regex);
    const char *text = arena_strndup(arena, pattern, len);
    Parser p = {.at = text, .end = text + len, .flags = flags, .regex = regex, .arena = arena, .error = error};
    if (!flags.literal && !prefix(&p))
        return NULL;
    regex->root = p.flags.literal ? literal(&p) : choice(&p);
    if (!regex->root)
        return NULL;
    if (more(&p)) {
        invalid(&p, "parentheses () not balanced");
        return NULL;
    }
    regex->fold = p.flags.fold;
    regex->ascii = p.flags.ascii;
    regex->ngroups = (int)p.groups.count;
    regex->groups = p.groups.items;
    regex->arena = arena;
    return regex;
}
