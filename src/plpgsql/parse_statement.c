/*
 * parse_statement.c - statements of a PL/pgSQL body (PostgreSQL manual, sections 43.3, 43.5 and 43.6), one function each.
 *
 * Invariant: a statement starts where its table row's word stands; what no row knows is an assignment or SQL.
 */
#include "plpgsql/plpgsql_int.h"

enum { MAX_NESTING = 500 };

PlStmt *stmt_new(PlParser *parser, PlStmtKind kind)
{
    PlStmt *stmt = ARENA_NEW(parser->arena, PlStmt);
    *stmt = (PlStmt){.kind = kind, .line = parser_line(parser, parser_peek(parser, 0)->start)};
    return stmt;
}

bool parse_body(PlParser *parser, PlBody *body, const char *const *ends)
{
    for (;;) {
        const PlToken *token = parser_peek(parser, 0);
        for (const char *const *end = ends; *end; end++)
            if (token_is(parser, token, *end))
                return true;
        PlStmt *stmt = parse_statement(parser);
        if (!stmt)
            return false;
        vec_push(parser->arena, body, stmt);
    }
}

bool parse_end_label(PlParser *parser, const char *label)
{
    const PlToken *token = parser_peek(parser, 0);
    if (!token->is_word)
        return true;
    if (token_is_reserved(token))
        return parser_fail(parser, "syntax error", token);
    if (!label)
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, token, "end label \"%s\" specified for unlabeled block", token->word);
    if (!str_eq(label, token->word))
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, token, "end label \"%s\" differs from block's label \"%s\"", token->word,
                              label);
    parser->at++;
    return true;
}

/* ---- blocks ---- */

static bool parse_condition(PlParser *parser, PlArm *arm)
{
    const PlToken *token = parser_peek(parser, 0);
    PlCondition condition = {0};
    if (!token->is_word || token_is_reserved(token))
        return parser_fail(parser, "syntax error", token);
    parser->at++;
    if (token_is(parser, token, "others")) {
        vec_push(parser->arena, &arm->conditions, condition);
        return true;
    }
    if (token_is(parser, token, "sqlstate")) {
        const PlToken *state = parser_peek(parser, 0);
        if (!(condition.sqlstate = parse_sqlstate(parser, state)))
            return false;
        parser->at++;
        vec_push(parser->arena, &arm->conditions, condition);
        return true;
    }
    size_t at = 0;
    bool found = false;
    while ((condition.sqlstate = condition_next(token->word, &at))) {
        vec_push(parser->arena, &arm->conditions, condition);
        found = true;
    }
    if (found)
        return true;
    error_set(parser->error, ERRCODE_UNDEFINED_OBJECT, "unrecognized exception condition \"%s\"", token->word);
    return parser_in_compilation(parser, token->start);
}

static bool parse_handlers(PlParser *parser, PlStmt *block)
{
    static const char *const ENDS[] = {"when", "end", NULL};
    PlScope *scope = scope_push(parser, NULL);
    block->sqlstate = datum_new(parser, "sqlstate", TYPE_TEXT, -1);
    block->sqlerrm = datum_new(parser, "sqlerrm", TYPE_TEXT, -1);
    block->sqlstate->is_constant = block->sqlerrm->is_constant = true;
    scope_add(parser, scope, "sqlstate", block->sqlstate);
    scope_add(parser, scope, "sqlerrm", block->sqlerrm);
    while (parser_is(parser, "when")) {
        PlArm arm = {.line = parser_line(parser, parser_peek(parser, 0)->start)};
        parser->at++;
        do {
            if (!parse_condition(parser, &arm))
                return false;
        } while (parser_accept(parser, "or"));
        if (!parser_expect(parser, "then") || !parse_body(parser, &arm.body, ENDS))
            return false;
        vec_push(parser->arena, &block->arms, arm);
    }
    parser->scope = scope->parent;
    return block->arms.count || parser_fail(parser, "syntax error", parser_peek(parser, 0));
}

PlStmt *parse_block(PlParser *parser, const char *label)
{
    static const char *const ENDS[] = {"end", "exception", NULL};
    PlScope *scope = scope_push(parser, label);
    PlStmt *block = stmt_new(parser, PL_BLOCK);
    block->label = label;
    if (parser_accept(parser, "declare") && !parse_declarations(parser, block))
        return NULL;
    block->line = parser_line(parser, parser_peek(parser, 0)->start);
    if (!parser_expect(parser, "begin") || !parse_body(parser, &block->body, ENDS))
        return NULL;
    if (parser_accept(parser, "exception") && !parse_handlers(parser, block))
        return NULL;
    if (!parser_expect(parser, "end") || !parse_end_label(parser, label))
        return NULL;
    parser->scope = scope->parent;
    return block;
}

/* ---- IF and CASE ---- */

static bool parse_else(PlParser *parser, PlStmt *stmt, const char *word)
{
    const char *const ends[] = {"end", NULL};
    if (parser_accept(parser, "else")) {
        stmt->has_else = true;
        if (!parse_body(parser, &stmt->other, ends))
            return false;
    }
    return parser_expect(parser, "end") && parser_expect(parser, word) && parser_expect(parser, ";");
}

static PlStmt *parse_if(PlParser *parser)
{
    static const char *const ENDS[] = {"elsif", "elseif", "else", "end", NULL};
    PlStmt *stmt = stmt_new(parser, PL_IF);
    do {
        PlArm arm = {.line = parser_line(parser, parser_peek(parser, 0)->start)};
        parser->at++;
        arm.condition = parse_expr_to(parser, "then");
        if (!arm.condition)
            return NULL;
        parser->at++;
        if (!parse_body(parser, &arm.body, ENDS))
            return NULL;
        vec_push(parser->arena, &stmt->arms, arm);
    } while (parser_is(parser, "elsif") || parser_is(parser, "elseif"));
    return parse_else(parser, stmt, "if") ? stmt : NULL;
}

/* WHEN a, b of CASE x: x, kept in a variable, IN (a, b). */
static PlExpr *compare_to(PlParser *parser, const PlStmt *stmt, const PlExpr *values)
{
    const char *text = arena_printf(parser->arena, "\"%s\" IN (%s)", stmt->variable->name, values->text);
    return make_expr(parser, text, arena_printf(parser->arena, "SELECT %s", text), -7, values->start, false);
}

static PlStmt *parse_case(PlParser *parser)
{
    static const char *const ENDS[] = {"when", "else", "end", NULL};
    PlStmt *stmt = stmt_new(parser, PL_CASE);
    parser->at++;
    if (!parser_is(parser, "when")) {
        if (!(stmt->expr = parse_expr_to(parser, "when")))
            return NULL;
        scope_push(parser, NULL);
        stmt->variable = datum_new(parser, NULL, TYPE_INT4, -1);
        stmt->variable->name = arena_printf(parser->arena, "__Case__Variable_%d__", stmt->variable->number);
        scope_add(parser, parser->scope, stmt->variable->name, stmt->variable);
    }
    while (parser_is(parser, "when")) {
        PlArm arm = {.line = parser_line(parser, parser_peek(parser, 0)->start)};
        parser->at++;
        if (!(arm.condition = parse_expr_to(parser, "then")) || (stmt->expr && !(arm.condition = compare_to(parser, stmt, arm.condition))))
            return NULL;
        if (!parser_expect(parser, "then") || !parse_body(parser, &arm.body, ENDS))
            return NULL;
        vec_push(parser->arena, &stmt->arms, arm);
    }
    parser->scope = stmt->variable ? parser->scope->parent : parser->scope;
    return parse_else(parser, stmt, "case") ? stmt : NULL;
}

/* ---- RETURN ---- */

static PlStmt *parse_return_query(PlParser *parser, PlStmt *stmt)
{
    stmt->kind = PL_RETURN_QUERY;
    if (parser_accept(parser, "execute")) {
        static const char *const ENDS[] = {";", "using", NULL};
        stmt->expr2 = parse_expr_until(parser, ENDS);
        if (!stmt->expr2 || (parser_accept(parser, "using") && !parse_using(parser, stmt, ";")))
            return NULL;
        return parser_expect(parser, ";") ? stmt : NULL;
    }
    stmt->expr = parse_query(parser);
    return stmt->expr && parser_expect(parser, ";") ? stmt : NULL;
}

static bool refuse_return(PlParser *parser, const PlToken *at, const char *text)
{
    return parser_fail_at(parser, ERRCODE_DATATYPE_MISMATCH, at, "%s", text);
}

/* What a RETURN may give in this function. */
static bool check_return(PlParser *parser, PlStmt *stmt, const PlToken *first)
{
    const PlRoutine *routine = &parser->function->routine;
    bool has_value = !parser_is(parser, ";"), has_outputs = parser->function->outputs.count > 0;
    if (stmt->kind == PL_RETURN_NEXT && !routine->returns_set)
        return refuse_return(parser, first, "cannot use RETURN NEXT in a non-SETOF function");
    if (stmt->kind == PL_RETURN && routine->returns_set)
        return !has_value || (refuse_return(parser, parser_peek(parser, 0), "RETURN cannot have a parameter in function returning set"),
                              error_hint(parser->error, "Use RETURN NEXT or RETURN QUERY."));
    if (routine->is_procedure && stmt->kind == PL_RETURN)
        return !has_value ||
               parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, parser_peek(parser, 0), "RETURN cannot have a parameter in a procedure");
    if (stmt->kind == PL_RETURN && routine->return_type == TYPE_VOID)
        return !has_value || refuse_return(parser, parser_peek(parser, 0), "RETURN cannot have a parameter in function returning void");
    if (has_outputs)
        return !has_value || refuse_return(parser, parser_peek(parser, 0),
                                           stmt->kind == PL_RETURN ? "RETURN cannot have a parameter in function with OUT parameters"
                                                                   : "RETURN NEXT cannot have a parameter in function with OUT parameters");
    return has_value || parser_fail(parser, "missing expression", parser_peek(parser, 0));
}

static PlStmt *parse_return(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_RETURN);
    const PlToken *first = parser_peek(parser, 0);
    parser->at++;
    if (parser_accept(parser, "query")) {
        if (!parser->function->routine.returns_set) {
            refuse_return(parser, first, "cannot use RETURN QUERY in a non-SETOF function");
            return NULL;
        }
        return parse_return_query(parser, stmt);
    }
    if (parser_accept(parser, "next"))
        stmt->kind = PL_RETURN_NEXT;
    if (!check_return(parser, stmt, first))
        return NULL;
    if (!parser_is(parser, ";") && !(stmt->expr = parse_expr_to(parser, ";")))
        return NULL;
    return parser_expect(parser, ";") ? stmt : NULL;
}

/* ---- small ones ---- */

static PlStmt *parse_assert(PlParser *parser)
{
    static const char *const ENDS[] = {";", ",", NULL};
    PlStmt *stmt = stmt_new(parser, PL_ASSERT);
    parser->at++;
    stmt->expr = parse_expr_until(parser, ENDS);
    if (!stmt->expr || (parser_accept(parser, ",") && !(stmt->expr2 = parse_expr_to(parser, ";"))))
        return NULL;
    return parser_expect(parser, ";") ? stmt : NULL;
}

static PlStmt *parse_null(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_NULL);
    parser->at++;
    return parser_expect(parser, ";") ? stmt : NULL;
}

static PlStmt *parse_perform(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_PERFORM);
    int start = parser_peek(parser, 0)->end;
    parser->at++;
    while (!parser_is(parser, ";") && parser_peek(parser, 0)->end > parser_peek(parser, 0)->start)
        parser->at++;
    const char *text = arena_printf(parser->arena, "SELECT%s", parser_text(parser, start, parser_peek(parser, -1)->end));
    stmt->expr = make_expr(parser, text, text, 0, start - 6, true);
    return stmt->expr && parser_expect(parser, ";") ? stmt : NULL;
}

static PlStmt *parse_transaction_end(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, parser_is(parser, "commit") ? PL_COMMIT : PL_ROLLBACK);
    parser->at++;
    if (parser_accept(parser, "and")) {
        stmt->chain = !parser_accept(parser, "no");
        if (!parser_expect(parser, "chain"))
            return NULL;
    }
    return parser_expect(parser, ";") ? stmt : NULL;
}

static const char *const CURRENT_ITEMS[] = {"row_count", "pg_context"};
static const char *const STACKED_ITEMS[] = {"pg_exception_context", "pg_exception_detail", "pg_exception_hint", "returned_sqlstate",
                                            "column_name",          "constraint_name",     "pg_datatype_name",  "message_text",
                                            "table_name",           "schema_name"};

static bool is_among(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(words[i], word))
            return true;
    return false;
}

/* *misplaced: an item of the other kind of statement, which PostgreSQL tells once the statement is whole. */
static bool parse_diagnostic(PlParser *parser, PlStmt *stmt, const PlToken **misplaced)
{
    PlDiagnostic item;
    const PlToken *first = parser_peek(parser, 0);
    if (!parse_target(parser, &item.target, false))
        return false;
    if ((item.target.datum->kind == PL_RECORD && !item.target.field) || parser_is(parser, "["))
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, first, "\"%s\" is not a scalar variable", item.target.datum->name);
    if (!(parser_accept(parser, ":=") || parser_expect(parser, "=")))
        return false;
    const PlToken *word = parser_peek(parser, 0);
    bool is_current = is_among(word->word, CURRENT_ITEMS, COUNT_OF(CURRENT_ITEMS));
    if (!is_current && !is_among(word->word, STACKED_ITEMS, COUNT_OF(STACKED_ITEMS)))
        return parser_fail(parser, "unrecognized GET DIAGNOSTICS item", word);
    item.item = word->word;
    parser->at++;
    if (is_current == stmt->is_stacked && !*misplaced)
        *misplaced = word;
    vec_push(parser->arena, &stmt->items, item);
    return true;
}

static const char *upper_text(PlParser *parser, const char *word)
{
    char *text = arena_strdup(parser->arena, word);
    for (char *c = text; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    return text;
}

static PlStmt *parse_diagnostics(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_DIAGNOSTICS);
    const PlToken *first = parser_peek(parser, 0), *misplaced = NULL;
    parser->at++;
    stmt->is_stacked = parser_accept(parser, "stacked");
    parser_accept(parser, "current");
    if (!parser_expect(parser, "diagnostics"))
        return NULL;
    do {
        if (!parse_diagnostic(parser, stmt, &misplaced))
            return NULL;
    } while (parser_accept(parser, ","));
    if (!parser_expect(parser, ";"))
        return NULL;
    if (!misplaced)
        return stmt;
    parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, first, "diagnostics item %s is not allowed in GET %s DIAGNOSTICS",
                   upper_text(parser, misplaced->word), stmt->is_stacked ? "STACKED" : "CURRENT");
    return NULL;
}

static PlStmt *parse_execute(PlParser *parser)
{
    static const char *const ENDS[] = {"into", "using", ";", NULL};
    PlStmt *stmt = stmt_new(parser, PL_EXECUTE);
    parser->at++;
    if (!(stmt->expr = parse_expr_until(parser, ENDS)))
        return NULL;
    while (!parser_is(parser, ";")) {
        if (parser_accept(parser, "into") ? !parse_targets(parser, stmt)
                                          : !parser_expect(parser, "using") || !parse_using(parser, stmt, ";"))
            return NULL;
    }
    parser->at++;
    return stmt;
}

static PlStmt *parse_assignment(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_ASSIGN);
    PlTarget target;
    int start = parser_peek(parser, 0)->start;
    if (!parse_target(parser, &target, true) || !(parser_accept(parser, ":=") || parser_expect(parser, "=")))
        return NULL;
    vec_push(parser->arena, &stmt->into, target);
    int value = parser_peek(parser, 0)->start;
    stmt->expr = parser_is(parser, ";") ? make_expr(parser, "", "SELECT ", -7, value, false) : parse_expr_to(parser, ";");
    if (!stmt->expr)
        return NULL;
    stmt->expr->text = parser_text(parser, start, parser_peek(parser, -1)->end);
    stmt->expr->shift = value - start - 7;
    for (size_t i = 0; i < target.steps.count; i++)
        for (PlExpr *part = target.steps.items[i].lower, *other = target.steps.items[i].upper; part || other; part = other, other = NULL)
            if (part) {
                part->shift += part->start - start;
                part->text = stmt->expr->text;
            }
    return parser_expect(parser, ";") ? stmt : NULL;
}

static PlStmt *parse_labeled(PlParser *parser)
{
    parser->at++;
    const PlToken *label = parser_peek(parser, 0);
    parser->at++;
    if (!label->is_word || !parser_expect(parser, ">>")) {
        parser_fail(parser, "syntax error", label);
        return NULL;
    }
    if (parser_is(parser, "declare") || parser_is(parser, "begin")) {
        PlStmt *block = parse_block(parser, label->word);
        return block && parser_expect(parser, ";") ? block : NULL;
    }
    PlStmt *loop = parse_loop(parser, label->word);
    if (!loop)
        parser_fail(parser, "syntax error", parser_peek(parser, 0));
    return loop;
}

static PlStmt *parse_plain_block(PlParser *parser)
{
    PlStmt *block = parse_block(parser, NULL);
    return block && parser_expect(parser, ";") ? block : NULL;
}

static PlStmt *parse_plain_loop(PlParser *parser)
{
    return parse_loop(parser, NULL);
}

static const struct {
    const char *word;
    PlStmt *(*parse)(PlParser *parser);
} STATEMENTS[] = {
    {"if", parse_if},
    {"case", parse_case},
    {"loop", parse_plain_loop},
    {"while", parse_plain_loop},
    {"for", parse_plain_loop},
    {"foreach", parse_plain_loop},
    {"exit", parse_exit},
    {"continue", parse_exit},
    {"return", parse_return},
    {"raise", parse_raise},
    {"assert", parse_assert},
    {"null", parse_null},
    {"perform", parse_perform},
    {"get", parse_diagnostics},
    {"execute", parse_execute},
    {"open", parse_open},
    {"fetch", parse_fetch},
    {"move", parse_fetch},
    {"close", parse_close},
    {"commit", parse_transaction_end},
    {"rollback", parse_transaction_end},
    {"declare", parse_plain_block},
    {"begin", parse_plain_block},
    {"<<", parse_labeled},
};

/* Words of the language that begin no statement; others may begin one of SQL's. */
static bool begins_nothing(const PlToken *token)
{
    static const char *const WORDS[] = {"absolute",
                                        "alias",
                                        "array",
                                        "backward",
                                        "chain",
                                        "collate",
                                        "column",
                                        "column_name",
                                        "constant",
                                        "constraint",
                                        "constraint_name",
                                        "current",
                                        "cursor",
                                        "datatype",
                                        "debug",
                                        "default",
                                        "detail",
                                        "diagnostics",
                                        "dump",
                                        "elseif",
                                        "elsif",
                                        "errcode",
                                        "error",
                                        "exception",
                                        "first",
                                        "forward",
                                        "hint",
                                        "info",
                                        "is",
                                        "last",
                                        "log",
                                        "message",
                                        "message_text",
                                        "next",
                                        "no",
                                        "notice",
                                        "option",
                                        "pg_context",
                                        "pg_datatype_name",
                                        "pg_exception_context",
                                        "pg_exception_detail",
                                        "pg_exception_hint",
                                        "print_strict_params",
                                        "prior",
                                        "query",
                                        "relative",
                                        "returned_sqlstate",
                                        "reverse",
                                        "row_count",
                                        "rowtype",
                                        "schema",
                                        "schema_name",
                                        "scroll",
                                        "slice",
                                        "sqlstate",
                                        "stacked",
                                        "table",
                                        "table_name",
                                        "type",
                                        "use_column",
                                        "use_variable",
                                        "variable_conflict",
                                        "warning"};
    for (size_t i = 0; !token->is_quoted && i < COUNT_OF(WORDS); i++)
        if (strcmp(token->word, WORDS[i]) == 0)
            return true;
    return token_is_reserved(token);
}

static bool is_assignment(PlParser *parser)
{
    const PlToken *next = parser_peek(parser, 1);
    return token_is(parser, next, ":=") || token_is(parser, next, "=") || token_is(parser, next, "[") || token_is(parser, next, ".");
}

static PlStmt *parse_one(PlParser *parser)
{
    const PlToken *token = parser_peek(parser, 0);
    if (is_assignment(parser))
        return parse_assignment(parser);
    for (size_t i = 0; i < COUNT_OF(STATEMENTS); i++)
        if (token_is(parser, token, STATEMENTS[i].word))
            return STATEMENTS[i].parse(parser);
    if (token->is_word && !begins_nothing(token))
        return parse_sql(parser);
    parser_fail(parser, "syntax error", token);
    return NULL;
}

PlStmt *parse_statement(PlParser *parser)
{
    if (++parser->depth > MAX_NESTING) {
        error_too_deep(parser->error);
        return NULL;
    }
    PlStmt *stmt = parse_one(parser);
    parser->depth--;
    return stmt;
}
