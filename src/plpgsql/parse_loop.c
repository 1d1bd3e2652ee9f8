/*
 * parse_loop.c - loops, EXIT, cursors, RAISE, and SQL statements with INTO.
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

static bool parse_query_loop(PlParser *parser, PlStmt *stmt, int names)
{
    const PlToken *query = parser_peek(parser, 0);
    int back = parser->at;
    PlDatum *cursor = query->is_word ? scope_find(parser->scope, query->word) : NULL;
    bool is_cursor = cursor && cursor->kind == PL_CURSOR_VAR;
    /* The targets stand before IN. */
    parser->at = names;
    if (is_cursor) {
        stmt->variable = datum_new(parser, parser_peek(parser, 0)->word, TYPE_RECORD, -1);
        scope_add(parser, parser->scope, stmt->variable->name, stmt->variable);
        PlTarget target = {.datum = stmt->variable};
        vec_push(parser->arena, &stmt->into, target);
        stmt->has_into = true;
    } else {
        const PlToken *first = parser_peek(parser, 0);
        if (!scope_find(parser->scope, first->word) && !token_is(parser, parser_peek(parser, 1), "."))
            return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, first,
                                  "loop variable of loop over rows must be a record variable or list of scalar variables");
        if (!parse_targets(parser, stmt))
            return false;
    }
    parser->at = back;
    if (is_cursor) {
        stmt->kind = PL_FOR_CURSOR;
        stmt->items.count = 0;
        PlTarget target = {.datum = cursor};
        PlDiagnostic which = {.target = target};
        vec_push(parser->arena, &stmt->items, which);
        parser->at++;
        return !parser_accept(parser, "(") || (parse_using(parser, stmt, ")") && parser_expect(parser, ")"));
    }
    if (parser_accept(parser, "execute")) {
        static const char *const ENDS[] = {"loop", "using", NULL};
        stmt->kind = PL_FOR_DYNAMIC;
        return (stmt->expr = parse_expr_until(parser, ENDS)) && (!parser_accept(parser, "using") || parse_using(parser, stmt, "loop"));
    }
    stmt->kind = PL_FOR_QUERY;
    int start = query->start;
    while (!parser_is(parser, "loop")) {
        const PlToken *token = parser_peek(parser, 0);
        if (token->end == token->start || parser_is(parser, ";"))
            return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, token, "missing \"LOOP\" at end of SQL expression");
        parser->at++;
    }
    const char *text = parser_text(parser, start, parser_peek(parser, -1)->end);
    return (stmt->expr = make_expr(parser, text, text, 0, start, true)) != NULL;
}

static bool parse_for(PlParser *parser, PlStmt *stmt)
{
    int names = ++parser->at;
    const PlToken *first = parser_peek(parser, 0);
    if (!first->is_word)
        return parser_fail(parser, "syntax error", first);
    while (!parser_is(parser, "in")) {
        const PlToken *token = parser_peek(parser, 0);
        if (!token->is_word && !parser_is(parser, ",") && !parser_is(parser, "."))
            return parser_fail(parser, "syntax error", token);
        parser->at++;
    }
    parser->at++;
    return is_range(parser) ? parse_range(parser, stmt, first->word) : parse_query_loop(parser, stmt, names);
}

static bool parse_foreach(PlParser *parser, PlStmt *stmt)
{
    stmt->kind = PL_FOREACH;
    parser->at++;
    if (!parse_targets(parser, stmt))
        return false;
    if (parser_accept(parser, "slice")) {
        const PlToken *token = parser_peek(parser, 0);
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

PlStmt *parse_exit(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_EXIT);
    const PlToken *word = parser_peek(parser, 0), *label = parser_peek(parser, 1);
    stmt->is_continue = parser_is(parser, "continue");
    parser->at++;
    if (label->is_word && !token_is(parser, label, "when")) {
        const PlScope *found = find_label(parser->scope, label->word);
        if (!found) {
            parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, label,
                           "there is no label \"%s\" attached to any block or loop enclosing this statement", label->word);
            return NULL;
        }
        if (stmt->is_continue && !found->is_loop) {
            parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, label, "block label \"%s\" cannot be used in CONTINUE", label->word);
            return NULL;
        }
        stmt->label = label->word;
        parser->at++;
    } else if (!in_loop(parser->scope)) {
        parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, word,
                       stmt->is_continue ? "CONTINUE cannot be used outside a loop"
                                         : "EXIT cannot be used outside a loop, unless it has a label");
        return NULL;
    }
    if (parser_accept(parser, "when") && !(stmt->expr = parse_expr_to(parser, ";")))
        return NULL;
    return parser_expect(parser, ";") ? stmt : NULL;
}

/* ---- cursors ---- */

static PlStmt *parse_open(PlParser *parser, PlStmt *stmt, const PlDatum *cursor)
{
    stmt->kind = PL_OPEN;
    if (cursor->cursor) {
        if (parser_accept(parser, "(") && (!parse_using(parser, stmt, ")") || !parser_expect(parser, ")")))
            return NULL;
        return parser_expect(parser, ";") ? stmt : NULL;
    }
    if (parser_accept(parser, "no"))
        parser->at++;
    else
        parser_accept(parser, "scroll");
    if (!parser_expect(parser, "for"))
        return NULL;
    if (parser_accept(parser, "execute")) {
        static const char *const ENDS[] = {";", "using", NULL};
        if (!(stmt->expr2 = parse_expr_until(parser, ENDS)) || (parser_accept(parser, "using") && !parse_using(parser, stmt, ";")))
            return NULL;
        return parser_expect(parser, ";") ? stmt : NULL;
    }
    int start = parser_peek(parser, 0)->start;
    while (!parser_is(parser, ";") && parser_peek(parser, 0)->end > parser_peek(parser, 0)->start)
        parser->at++;
    const char *text = parser_text(parser, start, parser_peek(parser, -1)->end);
    stmt->expr = make_expr(parser, text, text, 0, start, true);
    return stmt->expr && parser_expect(parser, ";") ? stmt : NULL;
}

static bool parse_fetch_direction(PlParser *parser, PlStmt *stmt)
{
    static const char *const WORDS[] = {"next", "prior", "first", "last", "absolute", "relative", "all", "forward", "backward"};
    static const char *const ENDS[] = {"from", "in", NULL};
    stmt->direction = "next";
    size_t word = 0;
    while (word < COUNT_OF(WORDS) && !parser_is(parser, WORDS[word]))
        word++;
    bool is_name = token_is(parser, parser_peek(parser, 1), ";") || token_is(parser, parser_peek(parser, 1), "into");
    if (word == COUNT_OF(WORDS) || is_name) {
        if (!parser_accept(parser, "from"))
            parser_accept(parser, "in");
        return true;
    }
    stmt->direction = WORDS[word];
    parser->at++;
    stmt->fetch_all = str_eq(stmt->direction, "all") || ((word >= 7) && parser_accept(parser, "all"));
    bool has_count = !stmt->fetch_all && (word == 4 || word == 5 || word >= 7) && !parser_is(parser, "from") && !parser_is(parser, "in");
    if (has_count && !(stmt->expr = parse_expr_until(parser, ENDS)))
        return false;
    if (!stmt->is_move && (stmt->fetch_all || (has_count && word >= 7)))
        return error_unsupported(parser->error, "FETCH statement cannot return multiple rows");
    if (!parser_accept(parser, "from") && !parser_accept(parser, "in"))
        return parser_fail(parser, "expected FROM or IN", parser_peek(parser, 0));
    return true;
}

PlStmt *parse_cursor_statement(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_CLOSE);
    bool is_open = parser_is(parser, "open"), is_fetch = parser_is(parser, "fetch");
    stmt->is_move = parser_is(parser, "move");
    parser->at++;
    if ((is_fetch || stmt->is_move) && !parse_fetch_direction(parser, stmt))
        return NULL;
    PlDiagnostic which = {0};
    const PlToken *name = parser_peek(parser, 0);
    PlDatum *cursor = scope_find(parser->scope, name->word);
    if (!cursor) {
        parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, name, "\"%s\" is not a known variable", name->word);
        return NULL;
    }
    if (cursor->type != TYPE_REFCURSOR) {
        parser_fail_at(parser, ERRCODE_DATATYPE_MISMATCH, name, "variable \"%s\" must be of type cursor or refcursor", name->word);
        return NULL;
    }
    which.target.datum = cursor;
    vec_push(parser->arena, &stmt->items, which);
    parser->at++;
    if (is_open)
        return parse_open(parser, stmt, cursor);
    if (is_fetch || stmt->is_move)
        stmt->kind = PL_FETCH;
    if (is_fetch && (!parser_expect(parser, "into") || !parse_targets(parser, stmt)))
        return NULL;
    return parser_expect(parser, ";") ? stmt : NULL;
}

/* ---- RAISE ---- */

static const char *string_token(PlParser *parser, const PlToken *token)
{
    Str text;
    str_init(&text, parser->arena);
    const char *body = parser->body;
    for (int i = token->start + 1; i + 1 < token->end; i++) {
        str_addc(&text, body[i]);
        i += body[i] == '\'' && body[i + 1] == '\'';
    }
    return text.data ? text.data : "";
}

static bool is_string(const PlParser *parser, const PlToken *token)
{
    return parser->body[token->start] == '\'' && token->end > token->start;
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
        if (!(parser_accept(parser, ":=") || parser_expect(parser, "=")) || !(option.value = parse_expr_until(parser, ENDS)))
            return false;
        vec_push(parser->arena, &stmt->options, option);
    } while (parser_accept(parser, ","));
    return true;
}

static bool parse_raise_message(PlParser *parser, PlStmt *stmt)
{
    static const char *const ENDS[] = {",", ";", "using", NULL};
    stmt->message = string_token(parser, parser_peek(parser, 0));
    parser->at++;
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
        if (!is_string(parser, state) || state->end - state->start != 7)
            return parser_fail(parser, is_string(parser, state) ? "invalid SQLSTATE code" : "syntax error", state);
        stmt->condition = string_token(parser, state);
        parser->at++;
        return true;
    }
    if (!token->is_word)
        return parser_fail(parser, "syntax error", token);
    stmt->condition = condition_next(token->word, &at);
    stmt->condition_name = token->word;
    if (stmt->condition)
        return true;
    error_set(parser->error, ERRCODE_UNDEFINED_OBJECT, "unrecognized exception condition \"%s\"", token->word);
    return error_context(parser->error, "compilation of PL/pgSQL function \"%s\" near line %d", parser->function->routine.name,
                         parser_line(parser, token->start));
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
    if (parser_is(parser, "call"))
        stmt->kind = PL_CALL;
    while (!parser_is(parser, ";")) {
        const PlToken *token = parser_peek(parser, 0);
        if (token->end == token->start) {
            parser_fail(parser, "syntax error", token);
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
