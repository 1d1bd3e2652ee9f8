/*
 * parse_loop.c - loops, EXIT, RAISE, and SQL statements with INTO.
 */
#include <stdlib.h>

#include "plpgsql/plpgsql_int.h"

static const char *const LOOP_ENDS[] = {"end", NULL};

static bool parse_loop_body(PlParser *parser, PlStmt *stmt, const char *label)
{
    return parser_expect(parser, "loop") && parse_body(parser, &stmt->body, LOOP_ENDS) && parser_expect(parser, "end") &&
           parser_expect(parser, "loop") && parse_end_label(parser, label) && parser_expect(parser, ";");
}

/* Whether ".." comes before LOOP. */
static bool is_range(PlParser *parser)
{
    for (int i = 0;; i++) {
        const PlToken *token = parser_peek(parser, i);
        if (token_is(parser, token, ".."))
            return true;
        if (token->end == token->start || token_is(parser, token, "loop") || token_is(parser, token, ";"))
            return false;
    }
}

static bool parse_range(PlParser *parser, PlStmt *stmt, const char *name)
{
    static const char *const UPPER_ENDS[] = {"loop", "by", NULL};
    stmt->kind = PL_FOR_RANGE;
    stmt->reverse = parser_accept(parser, "reverse");
    if (!(stmt->expr = parse_expr_to(parser, "..")))
        return false;
    parser->at++;
    if (!(stmt->expr2 = parse_expr_until(parser, UPPER_ENDS)))
        return false;
    if (parser_accept(parser, "by") && !(stmt->expr3 = parse_expr_to(parser, "loop")))
        return false;
    stmt->variable = datum_new(parser, name, TYPE_INT4, -1);
    scope_add(parser, parser->scope, name, stmt->variable);
    return true;
}

static bool parse_dynamic_loop(PlParser *parser, PlStmt *stmt)
{
    static const char *const ENDS[] = {"loop", "using", NULL};
    stmt->kind = PL_FOR_DYNAMIC;
    return (stmt->expr = parse_expr_until(parser, ENDS)) && (!parser_accept(parser, "using") || parse_using(parser, stmt, "loop"));
}

static bool parse_plain_loop(PlParser *parser, PlStmt *stmt)
{
    int start = parser_peek(parser, 0)->start;
    stmt->kind = PL_FOR_QUERY;
    while (!parser_is(parser, "loop")) {
        const PlToken *token = parser_peek(parser, 0);
        if (token->end == token->start || parser_is(parser, ";"))
            return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, token, "missing \"LOOP\" at end of SQL expression");
        parser->at++;
    }
    const char *text = parser_text(parser, start, parser_peek(parser, -1)->end);
    return (stmt->expr = make_expr(parser, text, text, 0, start, true)) != NULL;
}

static bool parse_cursor_loop(PlParser *parser, PlStmt *stmt, const PlToken *name, bool is_list)
{
    const PlToken *cursor = parser_peek(parser, 0);
    stmt->kind = PL_FOR_CURSOR;
    if (is_list)
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, name, "cursor FOR loop must have only one target variable");
    if (!stmt->cursor->cursor)
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, cursor, "cursor FOR loop must use a bound cursor variable");
    parser->at++;
    if (!parse_cursor_arguments(parser, stmt))
        return false;
    stmt->variable = datum_new(parser, name->word, TYPE_RECORD, -1);
    scope_add(parser, parser->scope, name->word, stmt->variable);
    PlTarget target = {.datum = stmt->variable};
    vec_push(parser->arena, &stmt->into, target);
    stmt->has_into = true;
    return true;
}

/* The cursor that stands next; NULL: what stands there is none. */
static PlDatum *peek_cursor(const PlParser *parser)
{
    const PlToken *token = parser_peek(parser, 0);
    bool named = token->is_word || (token->end - token->start > 1 && parser->body[token->start] == '$');
    PlDatum *datum = named ? scope_find(parser->scope, token->is_word ? token->word : parser_text(parser, token->start, token->end)) : NULL;
    return datum && datum->type == TYPE_REFCURSOR ? datum : NULL;
}

static bool parse_query_loop(PlParser *parser, PlStmt *stmt, int names, bool is_list)
{
    const PlToken *first = &parser->tokens[names];
    bool is_dynamic = parser_accept(parser, "execute");
    if (!is_dynamic && (stmt->cursor = peek_cursor(parser)))
        return parse_cursor_loop(parser, stmt, first, is_list);
    int back = parser->at;
    bool is_known = is_list || scope_find(parser->scope, first->word) || token_is(parser, &parser->tokens[names + 1], ".");
    parser->at = names; /* the targets stand before IN */
    if (is_known && !parse_targets(parser, stmt))
        return false;
    parser->at = back;
    if (parser_is(parser, "reverse"))
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, parser_peek(parser, 0), "cannot specify REVERSE in query FOR loop");
    if (!(is_dynamic ? parse_dynamic_loop(parser, stmt) : parse_plain_loop(parser, stmt)))
        return false;
    return is_known || parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, first,
                                      "loop variable of loop over rows must be a record variable or list of scalar variables");
}

static bool parse_for(PlParser *parser, PlStmt *stmt)
{
    int names = ++parser->at;
    const PlToken *first = parser_peek(parser, 0);
    bool is_list = false;
    if (!first->is_word)
        return parser_fail(parser, "syntax error", first);
    while (!parser_is(parser, "in")) {
        const PlToken *token = parser_peek(parser, 0);
        if (!token->is_word && !parser_is(parser, ",") && !parser_is(parser, "."))
            return parser_fail(parser, "syntax error", token);
        is_list |= parser_is(parser, ",");
        parser->at++;
    }
    parser->at++;
    bool range = !parser_is(parser, "execute") && is_range(parser);
    int back = parser->at;
    parser->at = names;
    if (range && is_list && !parse_targets(parser, stmt))
        return false;
    parser->at = back;
    if (range && is_list)
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, first, "integer FOR loop must have only one target variable");
    return range ? parse_range(parser, stmt, first->word) : parse_query_loop(parser, stmt, names, is_list);
}

static bool parse_foreach(PlParser *parser, PlStmt *stmt)
{
    stmt->kind = PL_FOREACH;
    parser->at++;
    const PlToken *first = parser_peek(parser, 0);
    if (first->is_word && !scope_find(parser->scope, first->word) && !token_is(parser, parser_peek(parser, 1), "."))
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, first,
                              "loop variable of FOREACH must be a known variable or list of variables");
    if (!parse_targets(parser, stmt))
        return false;
    if (parser_accept(parser, "slice")) {
        const PlToken *token = parser_peek(parser, 0);
        if (parser->body[token->start] < '0' || parser->body[token->start] > '9')
            return parser_fail(parser, "syntax error", token);
        stmt->slice = (int)strtol(parser->body + token->start, NULL, 10);
        parser->at++;
    }
    return parser_expect(parser, "in") && parser_expect(parser, "array") && (stmt->expr = parse_expr_to(parser, "loop"));
}

PlStmt *parse_loop(PlParser *parser, const char *label)
{
    PlStmt *stmt = stmt_new(parser, PL_LOOP);
    PlScope *scope = scope_push(parser, label);
    scope->is_loop = true;
    stmt->label = label;
    bool done = true;
    if (parser_is(parser, "while")) {
        stmt->kind = PL_WHILE;
        parser->at++;
        done = (stmt->expr = parse_expr_to(parser, "loop")) != NULL;
    } else if (parser_is(parser, "for")) {
        done = parse_for(parser, stmt);
    } else if (parser_is(parser, "foreach")) {
        done = parse_foreach(parser, stmt);
    }
    if (!done || !parse_loop_body(parser, stmt, label))
        return NULL;
    parser->scope = scope->parent;
    return stmt;
}

/* ---- EXIT and CONTINUE ---- */

static const PlScope *find_label(const PlScope *scope, const char *label)
{
    while (scope && !(scope->label && str_eq(scope->label, label)))
        scope = scope->parent;
    return scope;
}

static bool in_loop(const PlScope *scope)
{
    while (scope && !scope->is_loop)
        scope = scope->parent;
    return scope != NULL;
}

static bool check_exit(PlParser *parser, const PlStmt *stmt, const PlToken *word, const PlToken *label)
{
    const PlScope *found = stmt->label ? find_label(parser->scope, stmt->label) : NULL;
    if (!stmt->label)
        return in_loop(parser->scope) || parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, word,
                                                        stmt->is_continue ? "CONTINUE cannot be used outside a loop"
                                                                          : "EXIT cannot be used outside a loop, unless it has a label");
    if (!found)
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, label,
                              "there is no label \"%s\" attached to any block or loop enclosing this statement", label->word);
    return !stmt->is_continue || found->is_loop ||
           parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, label, "block label \"%s\" cannot be used in CONTINUE", label->word);
}

PlStmt *parse_exit(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_EXIT);
    const PlToken *word = parser_peek(parser, 0), *label = parser_peek(parser, 1);
    stmt->is_continue = parser_is(parser, "continue");
    parser->at++;
    if (label->is_word && !token_is(parser, label, "when")) {
        stmt->label = label->word;
        parser->at++;
    }
    if (parser_accept(parser, "when") && !(stmt->expr = parse_expr_to(parser, ";")))
        return NULL;
    return parser_expect(parser, ";") && check_exit(parser, stmt, word, label) ? stmt : NULL;
}

/* ---- RAISE ---- */

enum { TOKEN_STRING = 261, TOKEN_UNICODE_STRING = 262 };

static bool is_string(const PlParser *parser, const PlToken *token)
{
    return token->kind == TOKEN_STRING && token->end > token->start;
}

/* As SQL reads it. */
static const char *string_token(PlParser *parser, const PlToken *token)
{
    ParsedText parsed;
    const char *text = parser_text(parser, token->start, token->end);
    if (!sql_parse(arena_printf(parser->arena, "SELECT %s", text), parser->arena, &parsed, parser->error))
        return NULL;
    const Node *value = parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
    return value->node_case == PG_QUERY__NODE__NODE_A_CONST
               ? arena_strdup(parser->arena, value->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL ? value->a_const->sval->sval : "")
               : "";
}

const char *parse_sqlstate(PlParser *parser, const PlToken *state)
{
    const char *text = is_string(parser, state) ? string_token(parser, state) : NULL;
    if (text && strlen(text) == 5 && strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5)
        return text;
    parser_fail(parser, text ? "invalid SQLSTATE code" : "syntax error", state);
    return NULL;
}

static bool check_format(PlParser *parser, const PlStmt *stmt)
{
    size_t wanted = 0;
    for (const char *at = stmt->message; at && *at; at++) {
        if (*at == '%' && at[1] == '%')
            at++;
        else
            wanted += *at == '%';
    }
    if (wanted == stmt->args.count)
        return true;
    error_set(parser->error, ERRCODE_SYNTAX_ERROR, "too %s parameters specified for RAISE", wanted > stmt->args.count ? "few" : "many");
    return error_context(parser->error, "compilation of PL/pgSQL function \"%s\" near line %d", parser->function->routine.name, stmt->line);
}

static bool parse_raise_options(PlParser *parser, PlStmt *stmt)
{
    static const char *const NAMES[] = {"errcode", "message", "detail", "hint", "column", "constraint", "datatype", "table", "schema"};
    static const char *const ENDS[] = {",", ";", NULL};
    do {
        const PlToken *token = parser_peek(parser, 0);
        PlOption option = {.name = NULL};
        for (size_t i = 0; i < COUNT_OF(NAMES); i++)
            if (token_is(parser, token, NAMES[i]))
                option.name = NAMES[i];
        if (!option.name)
            return parser_fail(parser, "unrecognized RAISE statement option", token);
        parser->at++;
        if (!parser_accept(parser, ":=") && !parser_accept(parser, "="))
            return parser_fail(parser, "syntax error, expected \"=\"", parser_peek(parser, 0));
        if (!(option.value = parse_expr_until(parser, ENDS)))
            return false;
        vec_push(parser->arena, &stmt->options, option);
    } while (parser_accept(parser, ","));
    const PlToken *last = parser_peek(parser, 0);
    return last->end > last->start || parser_fail(parser, "unexpected end of function definition", last);
}

static bool parse_raise_message(PlParser *parser, PlStmt *stmt)
{
    static const char *const ENDS[] = {",", ";", "using", NULL};
    stmt->message = string_token(parser, parser_peek(parser, 0));
    if (!stmt->message)
        return false;
    parser->at++;
    if (!token_is_any(parser, parser_peek(parser, 0), ENDS))
        return parser_fail(parser, "syntax error", parser_peek(parser, 0));
    while (parser_accept(parser, ",")) {
        PlExpr *arg = parse_expr_until(parser, ENDS);
        if (!arg)
            return false;
        vec_push(parser->arena, &stmt->args, arg);
    }
    return check_format(parser, stmt);
}

static bool parse_raise_condition(PlParser *parser, PlStmt *stmt)
{
    const PlToken *token = parser_peek(parser, 0);
    size_t at = 0;
    parser->at++;
    if (token_is(parser, token, "sqlstate")) {
        const PlToken *state = parser_peek(parser, 0);
        if (!(stmt->condition = parse_sqlstate(parser, state)))
            return false;
        parser->at++;
        return true;
    }
    if (!token->is_word || token_is_reserved(token))
        return parser_fail(parser, "syntax error", token);
    stmt->condition = condition_next(token->word, &at);
    stmt->condition_name = token->word;
    if (stmt->condition)
        return true;
    error_set(parser->error, ERRCODE_UNDEFINED_OBJECT, "unrecognized exception condition \"%s\"", token->word);
    return parser_in_compilation(parser, token->start);
}

PlStmt *parse_raise(PlParser *parser)
{
    static const char *const LEVELS[] = {"exception", "warning", "notice", "info", "log", "debug"};
    PlStmt *stmt = stmt_new(parser, PL_RAISE);
    parser->at++;
    stmt->level = "exception";
    if (parser_accept(parser, ";")) {
        stmt->level = NULL; /* again what is being handled */
        return stmt;
    }
    for (size_t i = 0; i < COUNT_OF(LEVELS); i++)
        if (parser_accept(parser, LEVELS[i])) {
            stmt->level = LEVELS[i];
            break;
        }
    bool done = true;
    if (is_string(parser, parser_peek(parser, 0)))
        done = parse_raise_message(parser, stmt);
    else if (parser->body[parser_peek(parser, 0)->start] == '\'' || parser_peek(parser, 0)->kind == TOKEN_UNICODE_STRING)
        done = parser_fail(parser, "syntax error", parser_peek(parser, 0));
    else if (!parser_is(parser, "using"))
        done = parse_raise_condition(parser, stmt);
    if (!done || (parser_accept(parser, "using") && !parse_raise_options(parser, stmt)))
        return NULL;
    return parser_expect(parser, ";") ? stmt : NULL;
}

/* ---- SQL ---- */

/* INTO that belongs to the statement itself (INSERT INTO, MERGE INTO, IMPORT ... INTO). */
static bool is_own_into(PlParser *parser, const PlToken *first)
{
    const PlToken *before = parser_peek(parser, -1);
    return token_is(parser, before, "insert") || token_is(parser, before, "merge") || token_is(parser, first, "import");
}

PlStmt *parse_sql(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_SQL);
    const PlToken *first = parser_peek(parser, 0);
    char *text = arena_strdup(parser->arena, parser->body + first->start);
    if (parser_is(parser, "call") || parser_is(parser, "do"))
        stmt->kind = PL_CALL;
    int parens = 0, begins = 0;
    bool creates = token_is(parser, first, "create");
    while (parens || begins || !parser_is(parser, ";")) {
        const PlToken *token = parser_peek(parser, 0);
        parens += token_is(parser, token, "(") - (parens && token_is(parser, token, ")"));
        if (creates && (token_is(parser, token, "begin") || (begins && token_is(parser, token, "case"))))
            begins++;
        begins -= begins && token_is(parser, token, "end");
        if (token->end == token->start) {
            parser_fail(parser, "unexpected end of function definition", token);
            return NULL;
        }
        parser->at++;
        if (!token_is(parser, token, "into"))
            continue;
        parser->at--;
        bool own = is_own_into(parser, first);
        parser->at++;
        if (own)
            continue;
        if (!parse_targets(parser, stmt))
            return NULL;
        int end = parser_peek(parser, -1)->end;
        memset(text + (token->start - first->start), ' ', (size_t)(end - token->start));
    }
    text[parser_peek(parser, -1)->end - first->start] = '\0';
    if (stmt->has_into) /* an INTO clause at the end leaves blanks */
        for (size_t len = strlen(text); len && text[len - 1] == ' '; len--)
            text[len - 1] = '\0';
    stmt->expr = make_expr(parser, text, text, 0, first->start, true);
    return stmt->expr && parser_expect(parser, ";") ? stmt : NULL;
}
