/*
 * scan.c - a function's body as tokens, by PostgreSQL's own scanner; the small questions a parser asks of them.
 *
 * Invariant: offsets are bytes of the body; a token's word is folded as PostgreSQL folds identifiers.
 */
#include <pg_query.h>

#include "plpgsql/plpgsql_int.h"

enum { TOKEN_IDENT = 258, TOKEN_UIDENT = 259, TOKEN_SQL_COMMENT = 275, TOKEN_C_COMMENT = 276 };

static const char *fold_word(const PlParser *parser, const PgQuery__ScanToken *token, bool *quoted)
{
    const char *text = parser->body + token->start;
    size_t len = (size_t)(token->end - token->start);
    *quoted = *text == '"';
    if (!*quoted)
        return str_lower(parser->arena, arena_strndup(parser->arena, text, len));
    Str word;
    str_init(&word, parser->arena);
    for (size_t i = 1; i + 1 < len; i++) {
        str_addc(&word, text[i]);
        i += text[i] == '"' && i + 2 < len && text[i + 1] == '"';
    }
    return word.data ? word.data : "";
}

static bool scan_failed(PlParser *parser, const PgQueryError *source)
{
    error_set(parser->error, ERRCODE_SYNTAX_ERROR, "%s", source->message);
    int offset = 0;
    for (int characters = source->cursorpos - 1; characters > 0 && parser->body[offset]; characters--)
        for (offset++; ((unsigned char)parser->body[offset] & 0xC0) == 0x80;)
            offset++;
    return error_at(parser->error, offset);
}

bool scan_body(PlParser *parser)
{
    PgQueryScanResult packed = pg_query_scan(parser->body);
    if (packed.error) {
        scan_failed(parser, packed.error);
        pg_query_free_scan_result(packed);
        return false;
    }
    PgQuery__ScanResult *scanned = pg_query__scan_result__unpack(NULL, packed.pbuf.len, (const uint8_t *)packed.pbuf.data);
    size_t count = scanned ? scanned->n_tokens : 0;
    parser->tokens = ARENA_ARRAY(parser->arena, PlToken, count + 1);
    for (size_t i = 0; i < count; i++) {
        const PgQuery__ScanToken *token = scanned->tokens[i];
        if ((int)token->token == TOKEN_SQL_COMMENT || (int)token->token == TOKEN_C_COMMENT)
            continue;
        PlToken *out = &parser->tokens[parser->ntokens++];
        *out = (PlToken){.start = token->start, .end = token->end, .kind = (int)token->token, .word = ""};
        out->is_word = out->kind == TOKEN_IDENT || out->kind == TOKEN_UIDENT || token->keyword_kind != 0;
        if (out->is_word)
            out->word = fold_word(parser, token, &out->is_quoted);
    }
    int end = (int)strlen(parser->body);
    parser->tokens[parser->ntokens] = (PlToken){.start = end, .end = end, .word = ""};
    if (scanned)
        pg_query__scan_result__free_unpacked(scanned, NULL);
    pg_query_free_scan_result(packed);
    return true;
}

const PlToken *parser_peek(const PlParser *parser, int ahead)
{
    int at = parser->at + ahead;
    return &parser->tokens[at < parser->ntokens ? at : parser->ntokens];
}

bool token_is(const PlParser *parser, const PlToken *token, const char *text)
{
    if (token->is_word)
        return !token->is_quoted && str_eq(token->word, text);
    size_t len = strlen(text);
    return (size_t)(token->end - token->start) == len && len && strncmp(parser->body + token->start, text, len) == 0;
}

bool token_is_reserved(const PlToken *token)
{
    static const char *const WORDS[] = {"all",  "begin",   "by",     "case", "declare", "else",  "end",  "execute",
                                        "for",  "foreach", "from",   "if",   "in",      "into",  "loop", "not",
                                        "null", "or",      "strict", "then", "to",      "using", "when", "while"};
    for (size_t i = 0; token->is_word && !token->is_quoted && i < COUNT_OF(WORDS); i++)
        if (strcmp(token->word, WORDS[i]) == 0)
            return true;
    return false;
}

bool token_is_keyword(const PlToken *token)
{
    static const char WORDS[] =
        " absolute alias and array assert backward call chain close collate column column_name commit constant "
        "constraint constraint_name continue current cursor datatype debug default detail diagnostics do dump elseif "
        "elsif errcode error exception exit fetch first forward get hint import info insert is last log merge message "
        "message_text move next no notice open option perform pg_context pg_datatype_name pg_exception_context "
        "pg_exception_detail pg_exception_hint print_strict_params prior query raise relative return returned_sqlstate "
        "reverse rollback row_count rowtype schema schema_name scroll slice sqlstate stacked table table_name type "
        "use_column use_variable variable_conflict warning ";
    if (!token->is_word || token->is_quoted)
        return false;
    size_t length = strlen(token->word);
    for (const char *at = strstr(WORDS, token->word); at; at = strstr(at + 1, token->word))
        if (at[-1] == ' ' && at[length] == ' ')
            return true;
    return false;
}

bool parser_is(const PlParser *parser, const char *text)
{
    return token_is(parser, parser_peek(parser, 0), text);
}

bool parser_accept(PlParser *parser, const char *text)
{
    if (!parser_is(parser, text))
        return false;
    parser->at++;
    return true;
}

bool parser_fail(PlParser *parser, const char *what, const PlToken *at)
{
    if (error_is_set(parser->error))
        return false;
    if (at->end == at->start)
        error_set(parser->error, ERRCODE_SYNTAX_ERROR, "%s at end of input", what);
    else
        error_set(parser->error, ERRCODE_SYNTAX_ERROR, "%s at or near \"%s\"", what, parser_text(parser, at->start, at->end));
    return error_at(parser->error, at->start);
}

bool parser_fail_at(PlParser *parser, const char *sqlstate, const PlToken *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_set(parser->error, sqlstate, "%s", arena_vprintf(parser->arena, format, args));
    va_end(args);
    return error_at(parser->error, at->start);
}

bool parser_expect(PlParser *parser, const char *text)
{
    return parser_accept(parser, text) || parser_fail(parser, "syntax error", parser_peek(parser, 0));
}

/* Counted from where it was asked for last: statements come one after the other. */
int parser_line(PlParser *parser, int offset)
{
    if (offset < parser->counted)
        parser->counted = parser->breaks = 0;
    for (; parser->counted < offset && parser->body[parser->counted]; parser->counted++)
        parser->breaks += parser->body[parser->counted] == '\n';
    return parser->breaks + 1;
}

bool parser_in_compilation(PlParser *parser, int offset)
{
    return error_context(parser->error, "compilation of PL/pgSQL function \"%s\" near line %d", parser->function->routine.name,
                         parser_line(parser, offset));
}

const char *parser_text(const PlParser *parser, int start, int end)
{
    return arena_strndup(parser->arena, parser->body + start, (size_t)(end - start));
}
