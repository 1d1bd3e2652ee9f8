/*
 * jsonpath_lexer.c - the tokens of SQL/JSON paths.
 *
 * Invariants:
 *  1. PostgreSQL quotes in an error what its scanner matched last: of a string the closing quote, of a word what ended it, which is
 *     blanks or nothing ("at end"). `near` follows that.
 *  2. A word that a comment follows at once is no token at all, as in PostgreSQL.
 *
 * Any thread.
 */
#include <stdlib.h>

#include "type/jsonpath_int.h"

static const char SPECIAL[] = "?%$.[]{}()|&!=<>@#,*:-+/";

static const struct {
    const char *word;
    PathToken token;
    bool exact; /* in lower case only */
} KEYWORDS[] = {
    {"is", PATH_IS, false},
    {"to", PATH_TO, false},
    {"abs", PATH_ABS, false},
    {"lax", PATH_LAX, false},
    {"flag", PATH_FLAG, false},
    {"last", PATH_LAST, false},
    {"null", PATH_NULL, true},
    {"size", PATH_SIZE, false},
    {"true", PATH_TRUE, true},
    {"type", PATH_TYPE, false},
    {"with", PATH_WITH, false},
    {"false", PATH_FALSE, true},
    {"floor", PATH_FLOOR, false},
    {"double", PATH_DOUBLE, false},
    {"exists", PATH_EXISTS, false},
    {"starts", PATH_STARTS, false},
    {"strict", PATH_STRICT, false},
    {"ceiling", PATH_CEILING, false},
    {"datetime", PATH_DATETIME, false},
    {"keyvalue", PATH_KEYVALUE, false},
    {"unknown", PATH_UNKNOWN, false},
    {"like_regex", PATH_LIKE_REGEX, false},
};

static const struct {
    const char *text;
    PathToken token;
} OPERATORS[] = {
    {"&&", PATH_AND},   {"||", PATH_OR},        {"**", PATH_ANY},       {"<=", PATH_LESS_OR_EQUAL}, {">=", PATH_GREATER_OR_EQUAL},
    {"==", PATH_EQUAL}, {"<>", PATH_NOT_EQUAL}, {"!=", PATH_NOT_EQUAL},
};

bool path_error(PathLexer *lexer, const char *message)
{
    if (!lexer->near_len)
        return error_set(lexer->error, ERRCODE_SYNTAX_ERROR, "%s at end of jsonpath input", message);
    return error_set(lexer->error, ERRCODE_SYNTAX_ERROR, "%s at or near \"%.*s\" of jsonpath input", message, (int)lexer->near_len,
                     lexer->near);
}

static void set_near(PathLexer *lexer, const char *from, const char *to)
{
    lexer->near = from;
    lexer->near_len = (size_t)(to - from);
}

static bool error_near(PathLexer *lexer, const char *message, const char *from, const char *to)
{
    set_near(lexer, from, to);
    return path_error(lexer, message);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

static bool is_special(char c)
{
    return c && strchr(SPECIAL, c);
}

/* What words are made of. */
static bool is_other(char c)
{
    return !is_special(c) && !is_blank(c) && c != '\\' && c != '"';
}

static bool see(const PathLexer *lexer, const char *at, const char *text)
{
    size_t len = strlen(text);
    return (size_t)(lexer->end - at) >= len && memcmp(at, text, len) == 0;
}

/* ---- escapes ---- */

static int hex_digits(const PathLexer *lexer, const char *at, int most)
{
    int count = 0;
    while (count < most && at + count < lexer->end && strchr("0123456789abcdefABCDEF", at[count]))
        count++;
    return count;
}

/* The bytes of one \uXXXX or \u{X...}; 0: it is none, and *len is how much of it there is. */
static size_t unicode_escape(const PathLexer *lexer, const char *at, unsigned *code, size_t *len)
{
    bool braced = see(lexer, at + 2, "{");
    int digits = hex_digits(lexer, at + 2 + braced, braced ? 6 : 4);
    *len = (size_t)(2 + braced + digits);
    if (braced ? !digits || !see(lexer, at + *len, "}") : digits < 4)
        return 0;
    *code = (unsigned)strtoul(arena_strndup(lexer->arena, at + 2 + braced, (size_t)digits), NULL, 16);
    return *len + braced;
}

static bool bad_surrogate(PathLexer *lexer, const char *detail)
{
    error_set(lexer->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type jsonpath");
    return error_detail(lexer->error, "%s", detail);
}

static bool add_code(PathLexer *lexer, unsigned code)
{
    if (!code) {
        error_set(lexer->error, ERRCODE_UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence");
        return error_detail(lexer->error, "\\u0000 cannot be converted to text.");
    }
    if (code > 0x10FFFF)
        return error_set(lexer->error, ERRCODE_SYNTAX_ERROR, "invalid Unicode code point");
    text_encode(code, &lexer->string);
    return true;
}

/* Of a run of escapes: halves of pairs must stand side by side. */
static bool add_unicode(PathLexer *lexer, unsigned code, unsigned *high)
{
    static const char NO_LOW[] = "Unicode low surrogate must follow a high surrogate.";
    if (code >= 0xD800 && code <= 0xDBFF) {
        if (*high)
            return bad_surrogate(lexer, "Unicode high surrogate must not follow a high surrogate.");
        *high = code;
        return true;
    }
    bool is_low = code >= 0xDC00 && code <= 0xDFFF;
    if (is_low != (*high != 0))
        return bad_surrogate(lexer, NO_LOW);
    if (is_low)
        code = 0x10000 + ((*high - 0xD800) << 10) + (code - 0xDC00);
    *high = 0;
    return add_code(lexer, code);
}

static bool read_unicode(PathLexer *lexer)
{
    const char *start = lexer->at, *at = start;
    unsigned code = 0, high = 0;
    size_t len, whole;
    while (see(lexer, at, "\\u")) {
        whole = unicode_escape(lexer, at, &code, &len);
        if (!whole)
            return error_near(lexer, "invalid unicode sequence", start, at + len);
        at += whole;
    }
    for (lexer->at = start; lexer->at < at; lexer->at += unicode_escape(lexer, lexer->at, &code, &len))
        if (unicode_escape(lexer, lexer->at, &code, &len) && !add_unicode(lexer, code, &high))
            return false;
    return !high || bad_surrogate(lexer, "Unicode low surrogate must follow a high surrogate.");
}

/* At a backslash. */
static bool read_escape(PathLexer *lexer)
{
    static const char NAMES[] = "bfnrtv", MEANINGS[] = "\b\f\n\r\t\v";
    const char *at = lexer->at;
    if (at + 1 == lexer->end || at[1] == '\n')
        return error_near(lexer, "unexpected end after backslash", at, at + 1);
    if (at[1] == 'u')
        return read_unicode(lexer);
    if (at[1] == 'x') {
        int digits = hex_digits(lexer, at + 2, 2);
        if (digits < 2)
            return error_near(lexer, "invalid hex character sequence", at, at + 2 + digits);
        lexer->at += 4;
        return add_code(lexer, (unsigned)strtoul(arena_strndup(lexer->arena, at + 2, 2), NULL, 16));
    }
    const char *name = strchr(NAMES, at[1]);
    str_addc(&lexer->string, name ? MEANINGS[name - NAMES] : at[1]);
    lexer->at += 2;
    return true;
}

/* ---- tokens ---- */

static PathToken keyword(const Str *word)
{
    for (size_t i = 0; i < COUNT_OF(KEYWORDS); i++)
        if (KEYWORDS[i].exact ? str_eq(word->data, KEYWORDS[i].word) : str_ieq(word->data, KEYWORDS[i].word))
            return KEYWORDS[i].token;
    return PATH_WORD;
}

static bool skip_comment(PathLexer *lexer)
{
    for (lexer->at += 2; lexer->at < lexer->end; lexer->at++)
        if (see(lexer, lexer->at, "*/")) {
            lexer->at += 2;
            return true;
        }
    return error_near(lexer, "unexpected end of comment", lexer->end, lexer->end);
}

/* *lost: a comment followed. */
static bool read_word(PathLexer *lexer, bool *lost)
{
    *lost = false;
    while (lexer->at < lexer->end && !is_special(*lexer->at) && !is_blank(*lexer->at) && *lexer->at != '"') {
        if (*lexer->at == '\\') {
            if (!read_escape(lexer))
                return false;
        } else {
            str_addc(&lexer->string, *lexer->at++);
        }
    }
    const char *stop = lexer->at;
    while (lexer->at < lexer->end && is_blank(*lexer->at))
        lexer->at++;
    set_near(lexer, stop, lexer->at);
    *lost = lexer->at == stop && see(lexer, stop, "/*");
    lexer->token = keyword(&lexer->string);
    return true;
}

/* Behind the opening quote. */
static bool read_string(PathLexer *lexer, PathToken token)
{
    while (lexer->at < lexer->end && *lexer->at != '"') {
        if (*lexer->at != '\\')
            str_addc(&lexer->string, *lexer->at++);
        else if (!read_escape(lexer))
            return false;
    }
    if (lexer->at == lexer->end)
        return error_near(lexer, "unexpected end of quoted string", lexer->end, lexer->end);
    set_near(lexer, lexer->at, lexer->at + 1);
    lexer->at++;
    lexer->token = token;
    return true;
}

static const char *skip_digits(const PathLexer *lexer, const char *at)
{
    while (at < lexer->end && is_digit(*at))
        at++;
    return at;
}

static bool read_number(PathLexer *lexer)
{
    const char *start = lexer->at, *at = start;
    lexer->token = PATH_INT;
    if (*at != '.')
        at = *at == '0' ? at + 1 : skip_digits(lexer, at);
    if (at < lexer->end && *at == '.') {
        lexer->token = PATH_NUMBER;
        at = skip_digits(lexer, at + 1);
    }
    if (at < lexer->end && to_lower(*at) == 'e') {
        const char *digits = at + 1;
        bool is_signed = digits < lexer->end && (*digits == '+' || *digits == '-');
        digits += is_signed;
        if (is_signed && skip_digits(lexer, digits) == digits)
            return error_near(lexer, "invalid numeric literal", start, digits);
        if (skip_digits(lexer, digits) > digits) {
            lexer->token = PATH_NUMBER;
            at = skip_digits(lexer, digits);
        }
    }
    if (at < lexer->end && is_other(*at) && !(*at & 0x80))
        return error_near(lexer, "trailing junk after numeric literal", start, at + 1);
    set_near(lexer, start, at);
    str_addn(&lexer->string, start, (size_t)(at - start));
    lexer->at = at;
    return true;
}

static bool read_variable(PathLexer *lexer)
{
    const char *start = lexer->at++;
    if (see(lexer, lexer->at, "\"")) {
        lexer->at++;
        return read_string(lexer, PATH_VARIABLE);
    }
    while (lexer->at < lexer->end && is_other(*lexer->at))
        str_addc(&lexer->string, *lexer->at++);
    set_near(lexer, start, lexer->at);
    lexer->token = lexer->at > start + 1 ? PATH_VARIABLE : (PathToken)'$';
    return true;
}

static bool read_special(PathLexer *lexer)
{
    const char *start = lexer->at;
    if (*start == '$')
        return read_variable(lexer);
    size_t len = 1;
    lexer->token = (PathToken)*start;
    for (size_t i = 0; i < COUNT_OF(OPERATORS); i++)
        if (see(lexer, start, OPERATORS[i].text)) {
            lexer->token = OPERATORS[i].token;
            len = 2;
        }
    lexer->at += len;
    set_near(lexer, start, lexer->at);
    return true;
}

bool path_next(PathLexer *lexer)
{
    for (;;) {
        str_reset(&lexer->string);
        while (lexer->at < lexer->end && is_blank(*lexer->at))
            lexer->at++;
        const char *at = lexer->at;
        if (at == lexer->end) {
            lexer->token = PATH_END;
            set_near(lexer, at, at);
            return true;
        }
        if (see(lexer, at, "/*")) {
            if (!skip_comment(lexer))
                return false;
            continue;
        }
        if (is_digit(*at) || (*at == '.' && at + 1 < lexer->end && is_digit(at[1])))
            return read_number(lexer);
        if (is_special(*at))
            return read_special(lexer);
        if (*at == '"') {
            lexer->at++;
            return read_string(lexer, PATH_STRING);
        }
        bool lost;
        if (!read_word(lexer, &lost))
            return false;
        if (!lost)
            return true;
    }
}
