/*
 * regex.c - PostgreSQL's advanced regular expressions, translated construct by construct and matched by PCRE2.
 *
 * Whether there is a match is asked of PCRE2's backtracking matcher; where it lies, of its DFA matcher, which finds the longest match
 * at the first place, as PostgreSQL does for patterns without non-greedy quantifiers.
 *  1. What is not known to mean the same is refused with 0A000: back references, embedded options but i and c.
 *  2. Case-insensitive matching is spelled out: each letter becomes the set of its lower and upper form, as PostgreSQL does.
 *  3. Each thread keeps its last compiled pattern.
 */
#include "func/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <ctype.h>
#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>

enum { MAX_REPEAT = 255, MAX_FOLDED_RANGE = 1024, MATCH_LIMIT = 20000000, FIRST_SPACE = 4096, MAX_SPACE = 4 << 20 };

#define WORD_SET "\\p{L}\\p{N}_"
#define SPACE_SET "\\x{9}-\\x{d}\\x{20}\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}\\x{3000}"

typedef struct ClassRow {
    const char *name, *set;
} ClassRow;

static const ClassRow CLASSES[] = {
    {"alpha", "\\p{L}\\p{Nl}"}, {"digit", "0-9"},       {"alnum", "\\p{L}\\p{N}"}, {"upper", "\\p{Lu}"},    {"lower", "\\p{Ll}"},
    {"space", SPACE_SET},       {"blank", " \\t"},      {"punct", "[:punct:]"},    {"xdigit", "0-9A-Fa-f"}, {"cntrl", "[:cntrl:]"},
    {"print", "[:print:]"},     {"graph", "[:graph:]"}, {"word", WORD_SET},
};

typedef struct Translator {
    const char *at, *end;
    Str out;
    bool fold;
    int depth;
    bool has_atom; /* a quantifier may follow */
    bool has_groups, has_non_greedy;
    Error *error;
    Arena *arena;
} Translator;

static bool invalid(Translator *t, const char *why)
{
    return error_set(t->error, ERRCODE_INVALID_REGULAR_EXPRESSION, "invalid regular expression: %s", why);
}

static bool unsupported(Translator *t, const char *what)
{
    return error_unsupported(t->error, "regular expressions with %s are not supported", what);
}

/* ---- characters ---- */

/* PostgreSQL's escapes name more than Unicode's characters: such are in no text. */
enum { MOST_HEX_DIGITS = 255, GREATEST_UNICODE = 0x10ffff, GREATEST_CHR = 0x7ffffffe };

static void add_code(Translator *t, uint32_t c)
{
    str_addf(&t->out, "\\x{%x}", c > GREATEST_UNICODE ? GREATEST_UNICODE : c);
}

static void add_literal(Translator *t, uint32_t c)
{
    t->has_atom = true;
    if (c > GREATEST_UNICODE) {
        str_add(&t->out, "(?!)");
        return;
    }
    uint32_t lower = text_to_lower(c), upper = text_to_upper(c);
    if (!t->fold || (lower == c && upper == c)) {
        add_code(t, c);
        return;
    }
    str_addc(&t->out, '[');
    add_code(t, lower); /* c itself is neither where it is of title case */
    add_code(t, upper);
    str_addc(&t->out, ']');
}

static uint32_t hex_digit(char c)
{
    return (uint32_t)(isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* The value of a character-entry escape, `at` on its letter. false: it is none. */
static bool char_escape(Translator *t, uint32_t *c)
{
    static const char LETTERS[] = "abefnrtvB", VALUES[] = "\a\b\033\f\n\r\t\v\\";
    char letter = *t->at;
    const char *simple = letter ? strchr(LETTERS, letter) : NULL;
    if (simple) {
        *c = (unsigned char)VALUES[simple - LETTERS];
        t->at++;
        return true;
    }
    size_t digits = letter == 'u' ? 4 : letter == 'U' ? 8 : letter == 'x' ? MOST_HEX_DIGITS : 0;
    if (digits) {
        size_t n = 0;
        for (*c = 0; n < digits && isxdigit((unsigned char)t->at[1 + n]); n++)
            *c = *c << 4 | hex_digit(t->at[1 + n]); /* what is more than 32 bits is lost, as in PostgreSQL */
        t->at += 1 + n;
        return n && (letter == 'x' || n == digits) && *c <= GREATEST_CHR;
    }
    if (letter == '0') {
        *c = 0;
        t->at++;
        return !isdigit((unsigned char)*t->at);
    }
    if (!isalnum((unsigned char)letter)) {
        size_t len;
        *c = text_decode(t->at, &len);
        t->at += len;
        return true;
    }
    return false;
}

/* ---- bracket expressions ---- */

static bool add_class(Translator *t)
{
    const char *stop = strstr(t->at, ":]");
    if (!stop)
        return invalid(t, "brackets [] not balanced");
    const char *name = arena_strndup(t->arena, t->at + 2, (size_t)(stop - t->at - 2));
    for (size_t i = 0; i < COUNT_OF(CLASSES); i++) {
        if (!str_eq(CLASSES[i].name, name))
            continue;
        bool cased = str_eq(name, "upper") || str_eq(name, "lower");
        str_add(&t->out, t->fold && cased ? "\\p{L}" : CLASSES[i].set);
        t->at = stop + 2;
        return true;
    }
    return invalid(t, "invalid character class");
}

/* One end of a range. *is_set: it was a class instead, already written. */
static bool bracket_item(Translator *t, uint32_t *c, bool *is_set)
{
    size_t len;
    *is_set = true;
    if (t->at[0] == '[' && t->at[1] == ':')
        return add_class(t);
    if (t->at[0] == '[' && (t->at[1] == '.' || t->at[1] == '='))
        return unsupported(t, "collating elements");
    if (t->at[0] == '\\') {
        t->at++;
        const char *set = *t->at == 'd' ? "0-9" : *t->at == 's' ? SPACE_SET : *t->at == 'w' ? WORD_SET : NULL;
        if (set) {
            str_add(&t->out, set);
            t->at++;
            return true;
        }
        *is_set = false;
        return char_escape(t, c) ? true : invalid(t, "invalid escape \\ sequence");
    }
    *is_set = false;
    *c = text_decode(t->at, &len);
    t->at += len;
    return true;
}

static bool add_range(Translator *t, uint32_t first, uint32_t last)
{
    if (first > last)
        return invalid(t, "invalid character range");
    if (last > first || !t->fold) {
        add_code(t, first);
        str_addc(&t->out, '-');
        add_code(t, last);
    }
    if (t->fold && last - first > MAX_FOLDED_RANGE)
        return unsupported(t, "large case-insensitive ranges");
    for (uint32_t c = first; t->fold && c <= last; c++) {
        add_code(t, text_to_lower(c));
        add_code(t, text_to_upper(c));
    }
    return true;
}

static bool add_bracket(Translator *t)
{
    str_addc(&t->out, *t->at++);
    if (*t->at == '^')
        str_addc(&t->out, *t->at++);
    for (bool first = true;; first = false) {
        uint32_t from, to;
        bool is_set;
        if (t->at >= t->end)
            return invalid(t, "brackets [] not balanced");
        if (*t->at == ']' && !first)
            break;
        if (!bracket_item(t, &from, &is_set))
            return false;
        if (is_set)
            continue;
        to = from;
        if (t->at[0] == '-' && t->at + 1 < t->end && t->at[1] != ']') {
            t->at++;
            if (!bracket_item(t, &to, &is_set))
                return false;
            if (is_set)
                return invalid(t, "invalid character range");
        }
        if (!add_range(t, from, to))
            return false;
    }
    t->at++;
    str_addc(&t->out, ']');
    t->has_atom = true;
    return true;
}

/* ---- escapes, quantifiers, groups ---- */

typedef struct EscapeRow {
    char letter;
    const char *text;
    bool is_atom;
} EscapeRow;

static const EscapeRow ESCAPES[] = {
    {'d', "[0-9]", true},
    {'D', "[^0-9]", true},
    {'s', "[" SPACE_SET "]", true},
    {'S', "[^" SPACE_SET "]", true},
    {'w', "[" WORD_SET "]", true},
    {'W', "[^" WORD_SET "]", true},
    {'A', "\\A", false},
    {'Z', "\\z", false},
    {'m', "(?<![" WORD_SET "])(?=[" WORD_SET "])", false},
    {'M', "(?<=[" WORD_SET "])(?![" WORD_SET "])", false},
    {'y', "(?:(?<![" WORD_SET "])(?=[" WORD_SET "])|(?<=[" WORD_SET "])(?![" WORD_SET "]))", false},
    {'Y', "(?:(?<![" WORD_SET "])(?![" WORD_SET "])|(?<=[" WORD_SET "])(?=[" WORD_SET "]))", false},
};

static bool add_escape(Translator *t)
{
    if (++t->at >= t->end)
        return invalid(t, "invalid escape \\ sequence");
    for (size_t i = 0; i < COUNT_OF(ESCAPES); i++) {
        if (ESCAPES[i].letter == *t->at) {
            str_add(&t->out, ESCAPES[i].text);
            t->has_atom = ESCAPES[i].is_atom;
            t->at++;
            return true;
        }
    }
    if (*t->at >= '1' && *t->at <= '9')
        return unsupported(t, "back references");
    uint32_t c;
    if (!char_escape(t, &c))
        return invalid(t, "invalid escape \\ sequence");
    add_literal(t, c);
    return true;
}

static bool add_bound(Translator *t)
{
    char *stop;
    unsigned long low = strtoul(t->at + 1, &stop, 10), high = low;
    bool open = false;
    if (*stop == ',') {
        open = !isdigit((unsigned char)stop[1]);
        high = open ? low : strtoul(stop + 1, &stop, 10);
        stop += open;
    }
    if (*stop != '}')
        return invalid(t, "invalid repetition count(s)");
    if (low > MAX_REPEAT || high > MAX_REPEAT || low > high)
        return invalid(t, "invalid repetition count(s)");
    str_addf(&t->out, open ? "{%lu,}" : "{%lu,%lu}", low, high);
    t->at = stop + 1;
    return true;
}

static bool add_quantifier(Translator *t)
{
    if (!t->has_atom)
        return invalid(t, "quantifier operand invalid");
    if (*t->at == '{') {
        if (!add_bound(t))
            return false;
    } else {
        str_addc(&t->out, *t->at++);
    }
    if (t->at < t->end && *t->at == '?') {
        str_addc(&t->out, *t->at++);
        t->has_non_greedy = true;
    }
    t->has_atom = false;
    return true;
}

static bool add_group(Translator *t)
{
    static const char *const OPENINGS[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!"};
    t->depth++;
    t->has_atom = false;
    for (size_t i = 0; i < COUNT_OF(OPENINGS); i++) {
        if (strncmp(t->at, OPENINGS[i], strlen(OPENINGS[i])) == 0) {
            str_add(&t->out, OPENINGS[i]);
            t->at += strlen(OPENINGS[i]);
            return true;
        }
    }
    if (t->at[1] == '?')
        return invalid(t, "quantifier operand invalid");
    str_add(&t->out, "(?:");
    t->has_groups = true;
    t->at++;
    return true;
}

static bool add_token(Translator *t)
{
    size_t len;
    switch (*t->at) {
    case '[':
        return add_bracket(t);
    case '\\':
        return add_escape(t);
    case '(':
        return add_group(t);
    case ')':
        if (t->depth-- == 0)
            return invalid(t, "parentheses () not balanced");
        t->has_atom = true;
        str_addc(&t->out, *t->at++);
        return true;
    case '|':
    case '^':
    case '$':
        t->has_atom = false;
        str_addc(&t->out, *t->at++);
        return true;
    case '.':
        t->has_atom = true;
        str_addc(&t->out, *t->at++);
        return true;
    case '*':
    case '+':
    case '?':
        return add_quantifier(t);
    case '{':
        if (isdigit((unsigned char)t->at[1]))
            return add_quantifier(t);
        break;
    default:
        break;
    }
    uint32_t c = text_decode(t->at, &len);
    t->at += len;
    add_literal(t, c);
    return true;
}

/* "***:" and "(?i)" at the start. *literal: the rest is no pattern. */
static bool read_prefix(Translator *t, bool *literal)
{
    *literal = false;
    if (strncmp(t->at, "***=", 4) == 0) {
        *literal = true;
        t->at += 4;
        return true;
    }
    if (strncmp(t->at, "***:", 4) == 0)
        t->at += 4;
    else if (strncmp(t->at, "***", 3) == 0)
        return invalid(t, "quantifier operand invalid");
    if (t->at[0] != '(' || t->at[1] != '?' || !isalpha((unsigned char)t->at[2]))
        return true;
    const char *stop = strchr(t->at, ')');
    for (const char *option = t->at + 2; stop && option < stop; option++) {
        if (*option != 'i' && *option != 'c')
            return unsupported(t, "embedded options");
        t->fold = *option == 'i';
    }
    t->at = stop ? stop + 1 : t->end;
    return stop ? true : invalid(t, "invalid embedded option");
}

static bool translate(Translator *t)
{
    bool literal;
    if (!read_prefix(t, &literal))
        return false;
    while (t->at < t->end) {
        size_t len;
        if (literal) {
            add_literal(t, text_decode(t->at, &len));
            t->at += len;
        } else if (!add_token(t)) {
            return false;
        }
    }
    return t->depth ? invalid(t, "parentheses () not balanced") : true;
}

/* ---- compiled patterns ---- */

typedef struct Compiled {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    char *pattern;
    size_t len;
    int *work; /* FIRST_SPACE of the DFA matcher's */
    bool fold, has_groups, has_non_greedy;
    bool is_refused; /* no code: PCRE2 cannot say it, or it is too long for it */
} Compiled;

static pthread_once_t cache_once = PTHREAD_ONCE_INIT;
static pthread_key_t cache_key; /* written once */

static void compiled_clear(Compiled *compiled)
{
    pcre2_match_data_free(compiled->data);
    pcre2_match_context_free(compiled->context);
    pcre2_code_free(compiled->code);
    free(compiled->pattern);
    free(compiled->work);
    *compiled = (Compiled){0};
}

static void compiled_free(void *arg)
{
    compiled_clear(arg);
    free(arg);
}

static void open_cache(void)
{
    pthread_key_create(&cache_key, compiled_free);
}

static Compiled *thread_cache(void)
{
    pthread_once(&cache_once, open_cache);
    Compiled *compiled = pthread_getspecific(cache_key);
    if (!compiled) {
        compiled = calloc(1, sizeof *compiled);
        if (!compiled)
            abort();
        pthread_setspecific(cache_key, compiled);
    }
    return compiled;
}

static void compiled_start(Compiled *compiled, const char *pattern, size_t len, bool fold)
{
    compiled_clear(compiled);
    compiled->pattern = malloc(len + 1);
    if (!compiled->pattern)
        abort();
    memcpy(compiled->pattern, pattern, len);
    compiled->len = len;
    compiled->fold = fold;
    compiled->is_refused = true;
}

static Compiled *compile(FuncCall *call, const char *pattern, size_t len, bool fold)
{
    Compiled *compiled = thread_cache();
    if (compiled->pattern && compiled->fold == fold && compiled->len == len && !memcmp(compiled->pattern, pattern, len)) {
        if (compiled->is_refused)
            error_unsupported(call->error, "this regular expression is not supported");
        return compiled->is_refused ? NULL : compiled;
    }
    if (!regex_cached(pattern, len, (RegexFlags){.fold = fold}, call->error)) /* for its errors */
        return NULL;
    compiled_start(compiled, pattern, len, fold);
    const char *text = arena_strndup(call->arena, pattern, len);
    Translator t = {.at = text, .end = text + len, .fold = fold, .error = call->error, .arena = call->arena};
    str_init(&t.out, call->arena);
    if (!translate(&t))
        return NULL;
    int code;
    PCRE2_SIZE offset;
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *made = pcre2_compile((PCRE2_SPTR)t.out.data, t.out.len, options, &code, &offset, NULL);
    if (!made) {
        unsupported(&t, "these constructs");
        return NULL;
    }
    pcre2_jit_compile(made, PCRE2_JIT_COMPLETE);
    compiled->code = made;
    compiled->data = pcre2_match_data_create(1, NULL);
    compiled->context = pcre2_match_context_create(NULL);
    compiled->work = malloc(FIRST_SPACE * sizeof *compiled->work);
    if (!compiled->work)
        abort();
    compiled->is_refused = false;
    compiled->has_groups = t.has_groups;
    compiled->has_non_greedy = t.has_non_greedy;
    pcre2_set_match_limit(compiled->context, MATCH_LIMIT);
    return compiled;
}

bool regex_matches(FuncCall *call, const char *pattern, size_t pattern_len, bool fold, const char *text, size_t len, bool *found)
{
    Compiled *compiled = compile(call, pattern, pattern_len, fold);
    if (!compiled)
        return false;
    int result = pcre2_match(compiled->code, (PCRE2_SPTR)text, len, 0, PCRE2_NO_UTF_CHECK, compiled->data, compiled->context);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "regular expression failed: the match needs too many steps");
    *found = result != PCRE2_ERROR_NOMATCH;
    return true;
}

bool regex_find(FuncCall *call, const char *pattern, size_t pattern_len, bool fold, const char *text, size_t len, size_t from,
                RegexMatch *out)
{
    Compiled *compiled = compile(call, pattern, pattern_len, fold);
    if (!compiled)
        return false;
    if (compiled->has_non_greedy)
        return error_unsupported(call->error, "the place of a match of a non-greedy regular expression is not supported");
    int result = PCRE2_ERROR_DFA_WSSIZE;
    for (size_t space = FIRST_SPACE; result == PCRE2_ERROR_DFA_WSSIZE && space <= MAX_SPACE; space *= 8) {
        int *work = space == FIRST_SPACE ? compiled->work : ARENA_ARRAY(call->arena, int, space);
        result = pcre2_dfa_match(compiled->code, (PCRE2_SPTR)text, len, from, PCRE2_NO_UTF_CHECK, compiled->data, compiled->context, work,
                                 space);
    }
    out->found = result >= 0;
    out->has_groups = compiled->has_groups;
    if (result == PCRE2_ERROR_NOMATCH)
        return true;
    if (result < 0)
        return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "regular expression failed: the match needs too many steps");
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(compiled->data);
    out->start = places[0];
    out->end = places[1];
    return true;
}
