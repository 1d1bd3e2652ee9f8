/*
 * tokens.c - what only a statement's tokens tell, since the parser's tree has lost it: an empty string where none is another thing, and
 * names that were cut to their greatest length.
 *
 * Any thread; libpg_query keeps its state per thread.
 */
#include <pg_query.h>
#include <string.h>

#include "sql/sql.h"

enum { LONGEST_NAME = 63 };

typedef struct Tokens {
    PgQuery__ScanResult *result; /* NULL: the text cannot be scanned */
} Tokens;

static void *scan_alloc(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void scan_free(void *arena, void *memory)
{
}

static Tokens scan(const char *text, Arena *arena)
{
    ProtobufCAllocator allocator = {scan_alloc, scan_free, arena};
    PgQueryScanResult scanned = pg_query_scan(text);
    Tokens tokens = {NULL};
    if (!scanned.error)
        tokens.result = pg_query__scan_result__unpack(&allocator, scanned.pbuf.len, (const uint8_t *)scanned.pbuf.data);
    pg_query_free_scan_result(scanned);
    return tokens;
}

bool sql_gives_empty_text(const char *text, PgQuery__Token keyword, Arena *arena)
{
    Tokens tokens = scan(text, arena);
    int depth = 0;
    for (size_t i = 0; tokens.result && i + 1 < tokens.result->n_tokens; i++) {
        const PgQuery__ScanToken *token = tokens.result->tokens[i], *next = tokens.result->tokens[i + 1];
        depth += (token->token == PG_QUERY__TOKEN__ASCII_40) - (token->token == PG_QUERY__TOKEN__ASCII_41);
        if (depth == 0 && token->token == keyword && next->token == PG_QUERY__TOKEN__SCONST)
            return text[next->end - 1] == '\'' && text[next->end - 2] == '\'' && next->end - next->start <= 3;
    }
    return false;
}

/* Whether there may be a name that is too long: a long run of what names are made of, or much between two double quotes. */
static bool may_have_long_names(const char *text)
{
    size_t run = 0, quoted = 0;
    bool inside = false;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool is_part = *at >= 0x80 || (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                       *at == '_' || *at == '$';
        run = is_part ? run + 1 : 0;
        quoted = *at == '"' ? 0 : quoted + 1;
        inside = inside || *at == '"';
        if (run > LONGEST_NAME || (inside && quoted > LONGEST_NAME))
            return true;
    }
    return false;
}

/* The name as written, quotes undone; unquoted: ASCII in lower case. */
static char *name_of(const char *text, size_t length, Arena *arena)
{
    char *name = arena_strndup(arena, text, length), *to = name;
    bool is_quoted = name[0] == '"';
    const char *end = name + length - is_quoted;
    for (const char *from = name + is_quoted; from < end; from++) {
        bool is_upper = !is_quoted && *from >= 'A' && *from <= 'Z';
        *to++ = is_upper ? (char)(*from - 'A' + 'a') : *from;
        from += is_quoted && *from == '"';
    }
    *to = '\0';
    return name;
}

void sql_note_long_names(const char *text, Arena *arena, const Notices *notices)
{
    if (!may_have_long_names(text))
        return;
    Tokens tokens = scan(text, arena);
    for (size_t i = 0; tokens.result && i < tokens.result->n_tokens; i++) {
        const PgQuery__ScanToken *token = tokens.result->tokens[i];
        if (token->token != PG_QUERY__TOKEN__IDENT || token->end - token->start <= LONGEST_NAME)
            continue;
        const char *name = name_of(text + token->start, (size_t)(token->end - token->start), arena);
        int kept = LONGEST_NAME;
        if (strlen(name) <= LONGEST_NAME)
            continue;
        while (((unsigned char)name[kept] & 0xc0) == 0x80)
            kept--;
        notice(notices, SEVERITY_NOTICE, ERRCODE_NAME_TOO_LONG, "identifier \"%s\" will be truncated to \"%.*s\"", name, kept, name);
    }
}
