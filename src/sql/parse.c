/*
 * parse.c - SQL text to raw trees, by libpg_query.
 *
 * Invariants:
 *  1. The parser and the unpacker recurse as deeply as the tree is nested; parse_check_nesting has bounded that before either runs.
 *  2. A raw tree lives in the arena that was passed; nothing of it is freed on its own.
 *  3. libpg_query gives an error's message and position only. SQLSTATE, detail and hint follow from the message, by the table below;
 *     a message that is not there is a plain syntax error.
 * Any thread; libpg_query keeps its state per thread.
 */
#include <limits.h>
#include <pg_query.h>
#include <string.h>

#include "sql/parse_int.h"

typedef struct GrammarError {
    const char *start; /* of the message */
    const char *sqlstate;
    const char *hint;
    const char *end; /* of the message; NULL: any */
} GrammarError;

static const GrammarError GRAMMAR_ERRORS[] = {
    {"LIMIT #,# syntax is not supported", ERRCODE_SYNTAX_ERROR, "Use separate LIMIT and OFFSET clauses.", NULL},
    {"CREATE OR REPLACE CONSTRAINT TRIGGER is not supported", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, NULL},
    {"subquery in FROM must have an alias", ERRCODE_SYNTAX_ERROR, "For example, FROM (SELECT ...) [AS] foo.", NULL},
    {"VALUES in FROM must have an alias", ERRCODE_SYNTAX_ERROR, "For example, FROM (VALUES ...) [AS] foo.", NULL},
    {"missing argument", ERRCODE_SYNTAX_ERROR, "Use NONE to denote the missing argument of a unary operator.", NULL},
    {"role name \"", ERRCODE_RESERVED_NAME, NULL, "is reserved"},
    {"CREATE EXTENSION ... FROM is no longer supported", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, NULL},
    {"UNENCRYPTED PASSWORD is no longer supported", ERRCODE_FEATURE_NOT_SUPPORTED,
     "Remove UNENCRYPTED to store the password in encrypted form instead.", NULL},
    {"", ERRCODE_RESERVED_NAME, NULL, " cannot be used as a role name here"},
    {"frame ", ERRCODE_WINDOWING_ERROR, NULL, NULL},
    {"precision for type float must be", ERRCODE_INVALID_PARAMETER_VALUE, NULL, NULL},
    {"column number must be in range from 1 to", ERRCODE_INVALID_PARAMETER_VALUE, NULL, NULL},
    {"invalid Unicode code point", ERRCODE_SYNTAX_ERROR, NULL, NULL},
    {"invalid byte sequence for encoding", ERRCODE_CHARACTER_NOT_IN_REPERTOIRE, NULL, NULL},
    {"unsafe use of \\' in a string literal", ERRCODE_NONSTANDARD_USE_OF_ESCAPE_CHARACTER,
     "Use '' to write quotes in strings. \\' is insecure in client-only encodings.", NULL},
    {"unsafe use of string constant with Unicode escapes", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, NULL},
    {"", ERRCODE_DUPLICATE_OBJECT, NULL, " for hash partition provided more than once"},
    {"", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, " constraints cannot be marked DEFERRABLE"},
    {"", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, " constraints cannot be marked NOT VALID"},
    {"", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, " constraints cannot be marked NO INHERIT"},
    {"", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, " not yet implemented"},
    {"aggregates cannot have output arguments", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, NULL},
    {"an ordered-set aggregate with a VARIADIC direct argument must have", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, NULL},
    {"CREATE SCHEMA IF NOT EXISTS cannot include schema elements", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, NULL},
    {"WITH CHECK OPTION not supported on recursive views", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, NULL},
    {"current database cannot be changed", ERRCODE_FEATURE_NOT_SUPPORTED, NULL, NULL},
};

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* The parser counts characters, everyone else bytes. */
static int byte_offset(const char *text, int characters)
{
    int offset = 0;
    for (; characters > 0 && text[offset]; characters--) {
        offset++;
        while (((unsigned char)text[offset] & 0xC0) == 0x80)
            offset++;
    }
    return offset;
}

/* An escape that is not hexadecimal: in E'...' it is the escape's form that is wrong, in U&'...' the constant's syntax. */
static bool unicode_escape_error(Error *error, bool in_escape_string)
{
    error_set(error, in_escape_string ? ERRCODE_INVALID_ESCAPE_SEQUENCE : ERRCODE_SYNTAX_ERROR, "invalid Unicode escape");
    return error_hint(
        error, "%s", in_escape_string ? "Unicode escapes must be \\uXXXX or \\UXXXXXXXX." : "Unicode escapes must be \\XXXX or \\+XXXXXX.");
}

static bool grammar_error(const PgQueryError *source, const char *text, Error *error)
{
    const char *message = source->message;
    const GrammarError *found = NULL;
    for (size_t i = 0; i < COUNT_OF(GRAMMAR_ERRORS) && !found; i++) {
        const GrammarError *row = &GRAMMAR_ERRORS[i];
        if (starts_with(message, row->start) && (!row->end || ends_with(message, row->end)))
            found = row;
    }
    if (strcmp(message, "invalid Unicode escape") == 0) {
        unicode_escape_error(error, source->funcname && strcmp(source->funcname, "core_yylex") == 0);
    } else {
        error_set(error, found ? found->sqlstate : ERRCODE_SYNTAX_ERROR, "%s", message);
        if (found && found->hint)
            error_hint(error, "%s", found->hint);
    }
    if (source->cursorpos > 0)
        error_at(error, byte_offset(text, source->cursorpos - 1));
    return false;
}

static void *unpack_alloc(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void unpack_free(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

static bool is_blank_or_comment(const char *text, int at, int *next)
{
    if (strchr(" \t\n\r\f\v", text[at]) && text[at]) {
        *next = at + 1;
        return true;
    }
    if (text[at] == '-' && text[at + 1] == '-') {
        *next = at + (int)strcspn(text + at, "\r\n");
        return true;
    }
    if (text[at] != '/' || text[at + 1] != '*')
        return false;
    int depth = 0;
    do {
        if (text[at] == '/' && text[at + 1] == '*') {
            depth++;
            at += 2;
        } else if (text[at] == '*' && text[at + 1] == '/') {
            depth--;
            at += 2;
        } else if (text[at]) {
            at++;
        }
    } while (depth > 0 && text[at]);
    *next = at;
    return true;
}

/* The statement alone, without what stands before its first token or after its last. */
static void set_extent(ParsedStatement *out, const RawStmt *raw, const char *text, Arena *arena)
{
    int start = raw->stmt_location > 0 ? raw->stmt_location : 0;
    int end = raw->stmt_len > 0 ? start + raw->stmt_len : start + (int)strlen(text + start);
    while (start < end && is_blank_or_comment(text, start, &start)) {
    }
    while (end > start && strchr(" \t\n\r\f\v", text[end - 1]))
        end--;
    out->location = start;
    out->length = end - start;
    out->text = arena_strndup(arena, text + start, (size_t)(end - start));
}

/* ---- parameters that only libpg_query's grammar takes ---- */

static bool refuse_param(const PgQuery__Node *node, Error *error)
{
    if (!node || node->node_case != PG_QUERY__NODE__NODE_PARAM_REF)
        return true;
    error_set(error, ERRCODE_SYNTAX_ERROR, "syntax error at or near \"$%d\"", node->param_ref->number);
    return error_at(error, node->param_ref->location);
}

static bool refuse_params_of_set(const PgQuery__VariableSetStmt *statement, Error *error)
{
    for (size_t i = 0; statement && i < statement->n_args; i++)
        if (!refuse_param(statement->args[i], error))
            return false;
    return true;
}

static bool refuse_params_of_role(PgQuery__Node *const *options, size_t count, Error *error)
{
    for (size_t i = 0; i < count; i++)
        if (options[i]->node_case == PG_QUERY__NODE__NODE_DEF_ELEM && !refuse_param(options[i]->def_elem->arg, error))
            return false;
    return true;
}

/* Values of settings, and passwords. */
static bool refuse_params(const PgQuery__Node *node, Error *error)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
        return refuse_params_of_set(node->variable_set_stmt, error);
    case PG_QUERY__NODE__NODE_ALTER_ROLE_SET_STMT:
        return refuse_params_of_set(node->alter_role_set_stmt->setstmt, error);
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_SET_STMT:
        return refuse_params_of_set(node->alter_database_set_stmt->setstmt, error);
    case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT:
        return refuse_params_of_set(node->alter_system_stmt->setstmt, error);
    case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
        return refuse_params_of_role(node->create_role_stmt->options, node->create_role_stmt->n_options, error);
    case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
        return refuse_params_of_role(node->alter_role_stmt->options, node->alter_role_stmt->n_options, error);
    default:
        return true;
    }
}

static bool unpack(const PgQueryProtobuf *packed, const char *text, Arena *arena, ParsedText *out, Error *error)
{
    ProtobufCAllocator allocator = {unpack_alloc, unpack_free, arena};
    PgQuery__ParseResult *tree = pg_query__parse_result__unpack(&allocator, packed->len, (const uint8_t *)packed->data);
    if (!tree)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "the parser's tree could not be read");
    out->items = ARENA_ARRAY(arena, ParsedStatement, tree->n_stmts + 1);
    out->count = 0;
    for (size_t i = 0; i < tree->n_stmts; i++) {
        if (!tree->stmts[i]->stmt || tree->stmts[i]->stmt->node_case == PG_QUERY__NODE__NODE__NOT_SET)
            continue;
        ParsedStatement *item = &out->items[out->count++];
        item->node = tree->stmts[i]->stmt;
        set_extent(item, tree->stmts[i], text, arena);
        if (!refuse_params(item->node, error))
            return false;
    }
    return true;
}

bool sql_parse(const char *text, Arena *arena, ParsedText *out, Error *error)
{
    size_t len = strlen(text);
    *out = (ParsedText){0};
    if (len > SQL_MAX_TEXT)
        return error_set(error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "statement text is too long: %zu bytes, at most %d are taken", len,
                         SQL_MAX_TEXT);
    if (!parse_check_nesting(text, arena, error))
        return false;
    PgQueryProtobufParseResult result = pg_query_parse_protobuf(text);
    bool ok = result.error ? grammar_error(result.error, text, error) : unpack(&result.parse_tree, text, arena, out, error);
    pg_query_free_protobuf_parse_result(result);
    return ok;
}
