/*
 * json_lexer.c - JSON's tokens, and the errors that say where and why a text is none.
 *
 * Invariants:
 *  1. Bytes above 0x7F belong to words and strings as they are: the text was checked to be UTF-8 when it came in.
 *  2. An error's context shows the line up to the end of the offending token, at most some 50 bytes of it.
 *
 * Any thread.
 */
#include "type/json_int.h"

enum { CONTEXT_BYTES = 50 };

void json_lexer_init(JsonLexer *lexer, const char *text, size_t len, bool unescape, Arena *arena, Error *error)
{
    *lexer = (JsonLexer){.text = text,
                         .end = text + len,
                         .start = text,
                         .stop = text,
                         .line = text,
                         .line_number = 1,
                         .unescape = unescape,
                         .token = JSON_NULL};
    lexer->arena = arena;
    lexer->error = error;
    if (unescape)
        str_init(&lexer->string, arena);
}

/* ---- errors ---- */

static bool add_context(JsonLexer *lexer)
{
    const char *from = lexer->line, *to = lexer->stop;
    while (to - from >= CONTEXT_BYTES)
        from += utf8_prefix(from, (size_t)(to - from), 1);
    /* Three bytes are no longer than the dots that would stand for them. */
    if (from - lexer->line <= 3)
        from = lexer->line;
    bool cut = lexer->token != JSON_END && to < lexer->end && *to != '\n' && *to != '\r';
    return error_context(lexer->error, "JSON data, line %d: %s%.*s%s", lexer->line_number, from > lexer->line ? "..." : "",
                         (int)(to - from), from, cut ? "..." : "");
}

static bool invalid(JsonLexer *lexer, const char *detail)
{
    error_set(lexer->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json");
    error_detail(lexer->error, "%s", detail);
    return add_context(lexer);
}

bool json_unexpected(JsonLexer *lexer, const char *expected)
{
    int len = (int)(lexer->stop - lexer->start);
    if (expected && lexer->token == JSON_END)
        return invalid(lexer, "The input string ended unexpectedly.");
    if (expected)
        return invalid(lexer, arena_printf(lexer->arena, "Expected %s, but found \"%.*s\".", expected, len, lexer->start));
    return invalid(lexer, arena_printf(lexer->arena, "Token \"%.*s\" is invalid.", len, lexer->start));
}

/* ---- strings ---- */

static void add_code_point(Str *out, unsigned code)
{
    if (code < 0x80) {
        str_addc(out, (char)code);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    str_addc(out, (char)((more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0) | code >> 6 * more));
    while (more-- > 0)
        str_addc(out, (char)(0x80 | (code >> 6 * more & 0x3F)));
}

static const char *after_character(const JsonLexer *lexer, const char *at)
{
    return at + utf8_prefix(at, (size_t)(lexer->end - at), 1);
}

static bool read_hex(JsonLexer *lexer, const char **at, unsigned *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++) {
        ++*at;
        if (*at >= lexer->end) {
            lexer->stop = *at;
            return json_unexpected(lexer, NULL);
        }
        char c = to_lower(**at);
        if (!is_digit(c) && !(c >= 'a' && c <= 'f')) {
            lexer->stop = after_character(lexer, *at);
            return invalid(lexer, "\"\\u\" must be followed by four hexadecimal digits.");
        }
        *code = *code * 16 + (unsigned)(is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

static bool lone_low(JsonLexer *lexer, const char *at)
{
    lexer->stop = after_character(lexer, at);
    return invalid(lexer, "Unicode low surrogate must follow a high surrogate.");
}

/* One \uXXXX that ends at `at`; *high: the first half of a pair that waits for its second, or 0. */
static bool add_unicode(JsonLexer *lexer, const char *at, unsigned code, unsigned *high)
{
    if (code >= 0xD800 && code <= 0xDBFF) {
        lexer->stop = *high ? after_character(lexer, at) : lexer->stop;
        if (*high)
            return invalid(lexer, "Unicode high surrogate must not follow a high surrogate.");
        *high = code;
        return true;
    }
    bool is_low = code >= 0xDC00 && code <= 0xDFFF;
    if (is_low != (*high != 0))
        return lone_low(lexer, at);
    if (is_low)
        code = 0x10000 + ((*high - 0xD800) << 10) + (code - 0xDC00);
    *high = 0;
    if (!code) {
        lexer->stop = after_character(lexer, at);
        error_set(lexer->error, ERRCODE_UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence");
        error_detail(lexer->error, "\\u0000 cannot be converted to text.");
        return add_context(lexer);
    }
    add_code_point(&lexer->string, code);
    return true;
}

/* *at: the backslash; left on the escape's last character. */
static bool read_escape(JsonLexer *lexer, const char **at, unsigned *high)
{
    static const char NAMES[] = "\"\\/bfnrt", MEANINGS[] = "\"\\/\b\f\n\r\t";
    ++*at;
    if (*at >= lexer->end) {
        lexer->stop = *at;
        return json_unexpected(lexer, NULL);
    }
    if (**at == 'u') {
        unsigned code;
        return read_hex(lexer, at, &code) && (!lexer->unescape || add_unicode(lexer, *at, code, high));
    }
    if (*high)
        return lone_low(lexer, *at);
    const char *name = **at ? strchr(NAMES, **at) : NULL;
    if (!name) {
        lexer->start = *at;
        lexer->stop = after_character(lexer, *at);
        return invalid(
            lexer, arena_printf(lexer->arena, "Escape sequence \"\\%.*s\" is invalid.", (int)(lexer->stop - lexer->start), lexer->start));
    }
    if (lexer->unescape)
        str_addc(&lexer->string, MEANINGS[name - NAMES]);
    return true;
}

static bool read_string(JsonLexer *lexer)
{
    unsigned high = 0;
    const char *at = lexer->start + 1;
    if (lexer->unescape)
        str_reset(&lexer->string);
    for (; at < lexer->end && *at != '"'; at++) {
        if ((unsigned char)*at < 0x20) {
            lexer->stop = at;
            return invalid(lexer, arena_printf(lexer->arena, "Character with value 0x%02x must be escaped.", (unsigned char)*at));
        }
        if (*at == '\\') {
            if (!read_escape(lexer, &at, &high))
                return false;
        } else if (high) {
            return lone_low(lexer, at);
        } else if (lexer->unescape) {
            str_addc(&lexer->string, *at);
        }
    }
    if (at == lexer->end) {
        lexer->stop = at;
        return json_unexpected(lexer, NULL);
    }
    if (high)
        return lone_low(lexer, at);
    lexer->stop = at + 1;
    lexer->token = JSON_STRING;
    return true;
}

/* ---- words and numbers ---- */

static bool is_word_char(char c)
{
    return is_alpha(c) || is_digit(c) || c == '_' || (c & 0x80);
}

static const char *skip_digits(const JsonLexer *lexer, const char *at, bool *ok)
{
    *ok &= at < lexer->end && is_digit(*at);
    while (at < lexer->end && is_digit(*at))
        at++;
    return at;
}

static bool read_number(JsonLexer *lexer)
{
    const char *at = lexer->start + (*lexer->start == '-');
    bool ok = true;
    if (at < lexer->end && *at == '0')
        at++;
    else
        at = skip_digits(lexer, at, &ok);
    if (ok && at < lexer->end && *at == '.')
        at = skip_digits(lexer, at + 1, &ok);
    if (ok && at < lexer->end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < lexer->end && (*at == '+' || *at == '-'))
            at++;
        at = skip_digits(lexer, at, &ok);
    }
    /* Letters that follow belong to the token that is refused. */
    for (; at < lexer->end && is_word_char(*at); at++)
        ok = false;
    lexer->stop = at;
    lexer->token = JSON_NUMBER;
    return ok ? true : json_unexpected(lexer, NULL);
}

static bool read_word(JsonLexer *lexer)
{
    static const struct {
        const char *word;
        JsonToken token;
    } WORDS[] = {{"true", JSON_TRUE}, {"false", JSON_FALSE}, {"null", JSON_NULL}};
    const char *at = lexer->start;
    while (at < lexer->end && is_word_char(*at))
        at++;
    lexer->stop = at == lexer->start ? at + 1 : at;
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if ((size_t)(at - lexer->start) == strlen(WORDS[i].word) && memcmp(lexer->start, WORDS[i].word, (size_t)(at - lexer->start)) == 0) {
            lexer->token = WORDS[i].token;
            return true;
        }
    return json_unexpected(lexer, NULL);
}

bool json_next(JsonLexer *lexer)
{
    const char *at = lexer->stop;
    for (; at < lexer->end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'); at++)
        if (*at == '\n') {
            lexer->line_number++;
            lexer->line = at + 1;
        }
    lexer->start = at;
    if (at >= lexer->end) {
        lexer->stop = at;
        lexer->token = JSON_END;
        return true;
    }
    if (strchr("{}[],:", *at)) {
        lexer->stop = at + 1;
        lexer->token = (JsonToken)*at;
        return true;
    }
    if (*at == '"')
        return read_string(lexer);
    return *at == '-' || is_digit(*at) ? read_number(lexer) : read_word(lexer);
}
