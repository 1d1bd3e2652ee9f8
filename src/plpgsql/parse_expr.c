/*
 * parse_expr.c - SQL inside a body: where it ends, what it is, the variables that it is put into.
 *
 * Invariants:
 *  1. Every piece of SQL is parsed when the function is compiled; what has no syntax is an error then, at its place in the body, or, where
 *     bodies are not checked, when it is run.
 *  2. A name means what the scope of its place says: an expression remembers its scope.
 */
#include "plpgsql/frame.h"

/* ---- scopes ---- */

PlScope *scope_push(PlParser *parser, const char *label)
{
    PlScope *scope = ARENA_NEW(parser->arena, PlScope);
    scope->parent = parser->scope;
    scope->label = label;
    parser->scope = scope;
    return scope;
}

void scope_add(PlParser *parser, PlScope *scope, const char *name, PlDatum *datum)
{
    PlName entry = {name, datum};
    vec_push(parser->arena, &scope->names, entry);
}

PlDatum *datum_new(PlParser *parser, const char *name, Oid type, int32_t typmod)
{
    PlDatum *datum = ARENA_NEW(parser->arena, PlDatum);
    const CatType *base = type ? catalog_type(parser->catalog, catalog_base_type(parser->catalog, type, NULL)) : NULL;
    bool is_record = type == TYPE_RECORD || (base && base->kind == 'c');
    *datum =
        (PlDatum){.kind = is_record ? PL_RECORD : PL_VAR, .name = name, .type = type == TYPE_RECORD ? OID_NONE : type, .typmod = typmod};
    datum->number = (int)parser->function->datums.count;
    vec_push(parser->arena, &parser->function->datums, datum);
    return datum;
}

static PlDatum *find_in(const PlScope *scope, const char *name)
{
    for (size_t i = 0; i < scope->names.count; i++)
        if (str_eq(scope->names.items[i].name, name))
            return scope->names.items[i].datum;
    return NULL;
}

PlDatum *scope_find(PlScope *scope, const char *name)
{
    for (; scope; scope = scope->parent) {
        PlDatum *found = find_in(scope, name);
        if (found)
            return found;
    }
    return NULL;
}

PlDatum *scope_find_path(PlScope *scope, const char *const *names, int count, int *used)
{
    for (; scope; scope = scope->parent) {
        PlDatum *found = find_in(scope, names[0]);
        *used = 1;
        if (found)
            return found;
        if (count > 1 && scope->label && str_eq(scope->label, names[0]) && (found = find_in(scope, names[1]))) {
            *used = 2;
            return found;
        }
    }
    return NULL;
}

/* ---- pieces of SQL ---- */

/* start: where the text begins in the body, for errors. */
PlExpr *make_expr(PlParser *parser, const char *text, const char *sql, int shift, int start, bool is_statement)
{
    PlExpr *expr = ARENA_NEW(parser->arena, PlExpr);
    *expr = (PlExpr){.text = text, .sql = sql, .shift = shift, .start = start, .is_statement = is_statement, .scope = parser->scope};
    static const Node NO_SYNTAX = {0};
    ParsedText parsed;
    Error inner;
    error_init(&inner, parser->arena);
    if (!sql_parse(sql, parser->arena, &parsed, &inner)) {
        expr->node = &NO_SYNTAX;
        if (!parser->checks_sql && inner.position)
            return expr;
        error_copy(parser->error, &inner);
        int at = inner.position ? inner.position - 1 + shift : 0;
        error_at(parser->error, start + at);
        return NULL;
    }
    if (parsed.count != 1) {
        parser_fail(parser, "syntax error", parser_peek(parser, 0));
        return NULL;
    }
    expr->node = parsed.items[0].node;
    return expr;
}

bool token_is_any(const PlParser *parser, const PlToken *token, const char *const *words)
{
    for (; *words; words++)
        if (token_is(parser, token, *words))
            return true;
    return false;
}

/* "LOOP", "INTO or USING or ;": what was missing. */
static const char *expected_text(const PlParser *parser, const char *const *ends)
{
    bool only_first = str_eq(ends[0], "then") || (str_eq(ends[0], "loop") && ends[1] && str_eq(ends[1], "by"));
    Str text;
    str_init(&text, parser->arena);
    for (size_t i = 0; ends[i] && (i == 0 || !only_first); i++) {
        str_add(&text, i == 0 ? "" : str_eq(ends[i], ")") ? "\" or \"" : " or ");
        for (const char *c = ends[i]; *c; c++)
            str_addc(&text, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
    }
    return text.data;
}

/* Tokens up to one of the words. Where fewer than three may come, the end of the text ends the expression too, as it does to PostgreSQL. */
static bool skip_to(PlParser *parser, const char *const *ends)
{
    int depth = 0;
    size_t nends = 0;
    const PlToken *first = parser_peek(parser, 0);
    while (ends[nends])
        nends++;
    for (;; parser->at++) {
        const PlToken *token = parser_peek(parser, 0);
        bool over = token->end == token->start;
        if (depth == 0 && (token_is_any(parser, token, ends) || (over && nends < 3)))
            break;
        if (over || token_is(parser, token, ";")) {
            if (depth)
                return parser_fail(parser, "mismatched parentheses", token);
            return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, token, "missing \"%s\" at end of SQL expression",
                                  expected_text(parser, ends));
        }
        if (token_is(parser, token, "(") || token_is(parser, token, "["))
            depth++;
        else if ((token_is(parser, token, ")") || token_is(parser, token, "]")) && --depth < 0)
            return parser_fail(parser, "mismatched parentheses", token);
    }
    return parser_peek(parser, 0) != first || parser_fail(parser, "missing expression", first);
}

/* What a query may have, an expression not: the first such word from that token on; NULL: none. */
static const PlToken *find_query_word(const PlParser *parser, int from)
{
    static const char *const WORDS[] = {"into", "union", "intersect", "except", NULL};
    int depth = 0;
    for (int i = from; i < parser->at; i++) {
        const PlToken *token = &parser->tokens[i];
        depth += token_is(parser, token, "(") || token_is(parser, token, "[");
        depth -= token_is(parser, token, ")") || token_is(parser, token, "]");
        if (!depth && token_is_any(parser, token, WORDS))
            return token;
    }
    return NULL;
}

PlExpr *parse_expr_until(PlParser *parser, const char *const *ends)
{
    int start = parser_peek(parser, 0)->start, first = parser->at;
    if (!skip_to(parser, ends))
        return NULL;
    int end = parser_peek(parser, -1)->end;
    const char *text = parser_text(parser, start, end);
    PlExpr *expr = make_expr(parser, text, arena_printf(parser->arena, "SELECT %s", text), -7, start, false);
    const PlToken *wrong = expr && parser->checks_sql ? find_query_word(parser, first) : NULL;
    if (wrong)
        parser_fail(parser, "syntax error", wrong);
    return wrong ? NULL : expr;
}

PlExpr *parse_expr_to(PlParser *parser, const char *end)
{
    const char *const ends[] = {end, NULL};
    return parse_expr_until(parser, ends);
}

/* ---- targets ---- */

static bool is_number(const PlParser *parser, const PlToken *token)
{
    return token->end - token->start > 1 && parser->body[token->start] == '$';
}

bool parse_variable(PlParser *parser, PlTarget *target)
{
    const PlToken *first = parser_peek(parser, 0);
    const char *names[3];
    int count = 0, used = 0;
    *target = (PlTarget){0};
    if ((!first->is_word && !is_number(parser, first)) || token_is_reserved(first))
        return parser_fail(parser, "syntax error", first);
    names[count++] = first->is_word ? first->word : parser_text(parser, first->start, first->end);
    parser->at++;
    while (count < 3 && parser_is(parser, ".") && parser_peek(parser, 1)->is_word) {
        names[count++] = parser_peek(parser, 1)->word;
        parser->at += 2;
    }
    target->datum = scope_find_path(parser->scope, names, count, &used);
    if (!target->datum && count == 1 && token_is_keyword(first))
        return parser_fail(parser, "syntax error", first);
    if (!target->datum || (count > used && target->datum->kind != PL_RECORD))
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, first, "\"%s\" is not a known variable",
                              parser_text(parser, first->start, parser_peek(parser, -1)->end));
    if (count > used)
        target->field = names[used];
    for (int i = used + 1; i < count; i++) {
        PlStep step = {.field = names[i]};
        vec_push(parser->arena, &target->steps, step);
    }
    return true;
}

/* Parentheses and brackets of an assignment are counted up to its end before anything else is looked at. */
static bool check_pairs(PlParser *parser)
{
    int depth = 0;
    for (int i = 0;; i++) {
        const PlToken *token = parser_peek(parser, i);
        bool over = token->end == token->start || token_is(parser, token, ";");
        depth += token_is(parser, token, "(") || token_is(parser, token, "[");
        depth -= token_is(parser, token, ")") || token_is(parser, token, "]");
        if (depth < 0 || (over && depth))
            return parser_fail(parser, "mismatched parentheses", token);
        if (over)
            return true;
    }
}

/* To PostgreSQL a subscript is part of the assignment, which does not end with it. */
static PlExpr *parse_bound(PlParser *parser, const char *const *ends)
{
    PlExpr *expr = parse_expr_until(parser, ends);
    const char *message = expr ? "" : parser->error->message;
    if (str_eq(message, "syntax error at end of input") || strncmp(message, "missing", strlen("missing")) == 0) {
        error_clear(parser->error);
        (void)parser_fail(parser, "syntax error", parser_peek(parser, 0));
    }
    return expr;
}

/* [i], [a:b] and their like, after the bracket. */
static bool parse_subscript(PlParser *parser, PlTarget *target)
{
    static const char *const ENDS[] = {"]", ":", NULL}, *const LAST[] = {"]", NULL};
    PlStep step = {0};
    if (!parser_is(parser, ":") && !(step.upper = parse_bound(parser, ENDS)))
        return false;
    if (parser_accept(parser, ":")) {
        step.is_slice = true;
        step.lower = step.upper;
        step.upper = NULL;
        if (!parser_is(parser, "]") && !(step.upper = parse_bound(parser, LAST)))
            return false;
    }
    vec_push(parser->arena, &target->steps, step);
    return parser_expect(parser, "]");
}

bool parse_target(PlParser *parser, PlTarget *target, bool with_steps)
{
    const PlToken *first = parser_peek(parser, 0);
    if (!parse_variable(parser, target))
        return false;
    if (target->datum->is_constant)
        return parser_fail_at(parser, ERRCODE_ERROR_IN_ASSIGNMENT, first, "variable \"%s\" is declared CONSTANT", target->datum->name);
    if (with_steps && parser_is(parser, "[") && !check_pairs(parser))
        return false;
    while (with_steps) {
        if (parser_is(parser, ".") && parser_peek(parser, 1)->is_word) {
            PlStep step = {.field = parser_peek(parser, 1)->word};
            vec_push(parser->arena, &target->steps, step);
            parser->at += 2;
        } else if (!parser_accept(parser, "[")) {
            break;
        } else if (!parse_subscript(parser, target)) {
            return false;
        }
    }
    return true;
}

bool parse_targets(PlParser *parser, PlStmt *stmt)
{
    if (stmt->has_into)
        return parser_fail(parser, stmt->kind == PL_EXECUTE ? "syntax error" : "INTO specified more than once", parser_peek(parser, -1));
    stmt->has_into = true;
    bool may_be_strict = stmt->kind == PL_SQL || stmt->kind == PL_CALL || stmt->kind == PL_EXECUTE;
    stmt->strict = may_be_strict && parser_accept(parser, "strict");
    do {
        PlTarget target;
        const PlToken *at = parser_peek(parser, 0);
        if (!parse_target(parser, &target, false))
            return false;
        bool whole_record = target.datum->kind == PL_RECORD && !target.field;
        if (stmt->into.count && whole_record)
            return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, at, "\"%s\" is not a scalar variable", target.datum->name);
        vec_push(parser->arena, &stmt->into, target);
        if (whole_record && parser_is(parser, ","))
            return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, parser_peek(parser, 0),
                                  "record variable cannot be part of multiple-item INTO list");
    } while (parser_accept(parser, ","));
    return true;
}

bool parse_using(PlParser *parser, PlStmt *stmt, const char *end)
{
    const char *const ends[] = {",", end, "into", NULL};
    const char *const plain[] = {",", end, NULL};
    do {
        PlExpr *expr = parse_expr_until(parser, stmt->kind == PL_EXECUTE ? ends : plain);
        if (!expr)
            return false;
        vec_push(parser->arena, &stmt->args, expr);
    } while (parser_accept(parser, ","));
    return true;
}
