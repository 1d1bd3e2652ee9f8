/*
 * parse_cursor.c - OPEN, FETCH, MOVE, CLOSE (PostgreSQL manual, section 43.7), and the parameters of bound cursors.
 *
 * Invariant: the arguments of a statement on a bound cursor stand in the order of the cursor's parameters, however they were written.
 */
#include "plpgsql/plpgsql_int.h"

PlExpr *parse_query(PlParser *parser)
{
    int start = parser_peek(parser, 0)->start;
    while (!parser_is(parser, ";") && parser_peek(parser, 0)->end > parser_peek(parser, 0)->start)
        parser->at++;
    if (parser_peek(parser, 0)->start == start && parser_is(parser, ";")) {
        parser_fail(parser, "missing SQL statement", parser_peek(parser, 0));
        return NULL;
    }
    const char *text = parser_text(parser, start, parser_peek(parser, -1)->end);
    return make_expr(parser, text, text, 0, start, true);
}

/* The variable that the next tokens name; the parser goes past it. */
static bool parse_cursor_variable(PlParser *parser, PlStmt *stmt)
{
    PlTarget target;
    const PlToken *name = parser_peek(parser, 0);
    if (!parse_variable(parser, &target))
        return false;
    if (target.field || target.datum->kind == PL_RECORD)
        return parser_fail_at(parser, ERRCODE_DATATYPE_MISMATCH, name, "cursor variable must be a simple variable");
    if (target.datum->type != TYPE_REFCURSOR)
        return parser_fail_at(parser, ERRCODE_DATATYPE_MISMATCH, name, "variable \"%s\" must be of type cursor or refcursor",
                              target.datum->name);
    stmt->cursor = target.datum;
    return true;
}

/* ---- arguments ---- */

static int find_parameter(const PlDatum *cursor, const char *name)
{
    for (int i = 0; i < cursor->ncursor_args; i++)
        if (str_eq(cursor->cursor_args[i]->name, name))
            return i;
    return -1;
}

/* Which parameter the next argument is for; *named: its name stood before it. -1: failed. */
static int parse_place(PlParser *parser, const PlDatum *cursor, int position, bool *named)
{
    const PlToken *name = parser_peek(parser, 0);
    if (!name->is_word || !token_is(parser, parser_peek(parser, 1), ":="))
        return position;
    int place = find_parameter(cursor, name->word);
    *named = true;
    parser->at += 2;
    if (place < 0)
        parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, name, "cursor \"%s\" has no argument named \"%s\"", cursor->name, name->word);
    return place;
}

/* Contexts quote all arguments together. */
static void join_texts(PlParser *parser, PlStmt *stmt, bool named)
{
    Str text;
    str_init(&text, parser->arena);
    for (size_t i = 0; i < stmt->args.count; i++) {
        PlExpr *arg = stmt->args.items[i];
        str_add(&text, i ? ", " : "");
        arg->shift += (int)text.len;
        str_add(&text, arg->text);
        if (named)
            str_addf(&text, " AS %s", catalog_quote_identifier(NULL, stmt->cursor->cursor_args[i]->name, parser->arena));
    }
    for (size_t i = 0; i < stmt->args.count; i++) {
        stmt->args.items[i]->text = text.data;
        stmt->args.items[i]->is_query = true;
    }
}

static bool parse_arguments(PlParser *parser, const PlDatum *cursor, PlExpr **args, bool *named)
{
    static const char *const ENDS[] = {",", ")", NULL};
    int count = cursor->ncursor_args;
    for (int i = 0; i < count; i++) {
        const PlToken *first = parser_peek(parser, 0);
        int place = parse_place(parser, cursor, i, named);
        if (place < 0)
            return false;
        if (args[place])
            return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, first,
                                  "value for parameter \"%s\" of cursor \"%s\" specified more than once", cursor->cursor_args[place]->name,
                                  cursor->name);
        if (!(args[place] = parse_expr_until(parser, ENDS)))
            return false;
        bool is_last = i + 1 == count, ends = parser_is(parser, ")");
        if (is_last != ends)
            return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, parser_peek(parser, 0), "%s arguments for cursor \"%s\"",
                                  ends ? "not enough" : "too many", cursor->name);
        parser->at++;
    }
    return true;
}

bool parse_cursor_arguments(PlParser *parser, PlStmt *stmt)
{
    const PlDatum *cursor = stmt->cursor;
    const PlToken *first = parser_peek(parser, 0);
    PlExpr **args = ARENA_ARRAY(parser->arena, PlExpr *, cursor->ncursor_args + 1);
    bool named = false, given = parser_is(parser, "(");
    if (given != (cursor->ncursor_args > 0))
        return parser_fail_at(parser, ERRCODE_SYNTAX_ERROR, first, "cursor \"%s\" has %sarguments", cursor->name, given ? "no " : "");
    if (!given)
        return true;
    parser->at++;
    if (!parse_arguments(parser, cursor, args, &named))
        return false;
    for (int i = 0; i < cursor->ncursor_args; i++)
        vec_push(parser->arena, &stmt->args, args[i]);
    join_texts(parser, stmt, named);
    return true;
}

/* ---- OPEN ---- */

PlStmt *parse_open(PlParser *parser)
{
    static const char *const ENDS[] = {"using", ";", NULL};
    PlStmt *stmt = stmt_new(parser, PL_OPEN);
    parser->at++;
    if (!parse_cursor_variable(parser, stmt))
        return NULL;
    if (stmt->cursor->cursor)
        return parse_cursor_arguments(parser, stmt) && parser_expect(parser, ";") ? stmt : NULL;
    stmt->no_scroll = parser_accept(parser, "no");
    if (stmt->no_scroll ? !parser_expect(parser, "scroll") : (stmt->scroll = parser_accept(parser, "scroll"), false))
        return NULL;
    if (!parser_accept(parser, "for")) {
        parser_fail(parser, "syntax error, expected \"FOR\"", parser_peek(parser, 0));
        return NULL;
    }
    if (!parser_accept(parser, "execute")) {
        stmt->expr = parse_query(parser);
        return stmt->expr && parser_expect(parser, ";") ? stmt : NULL;
    }
    if (!(stmt->expr2 = parse_expr_until(parser, ENDS)) || (parser_accept(parser, "using") && !parse_using(parser, stmt, ";")))
        return NULL;
    return parser_expect(parser, ";") ? stmt : NULL;
}

/* ---- FETCH and MOVE ---- */

static const struct {
    const char *word;
    PlDirection direction;
    int64_t how_many;
    bool wants_count, may_have_count;
} DIRECTIONS[] = {
    {"next", PL_FORWARD, 1, false, false},   {"prior", PL_BACKWARD, 1, false, false},   {"first", PL_ABSOLUTE, 1, false, false},
    {"last", PL_ABSOLUTE, -1, false, false}, {"absolute", PL_ABSOLUTE, 1, true, false}, {"relative", PL_RELATIVE, 1, true, false},
    {"forward", PL_FORWARD, 1, false, true}, {"backward", PL_BACKWARD, 1, false, true}, {"all", PL_FORWARD, INT64_MAX, false, false},
};

static bool accept_from(PlParser *parser)
{
    return parser_accept(parser, "from") || parser_accept(parser, "in");
}

static bool is_variable(PlParser *parser)
{
    const PlToken *token = parser_peek(parser, 0);
    bool is_number = token->end - token->start > 1 && parser->body[token->start] == '$';
    return (token->is_word || is_number) &&
           scope_find(parser->scope, token->is_word ? token->word : parser_text(parser, token->start, token->end));
}

/* *many: it may give more than one row. */
static bool parse_direction(PlParser *parser, PlStmt *stmt, bool *many)
{
    static const char *const ENDS[] = {"from", "in", NULL};
    size_t word = 0;
    stmt->how_many = 1;
    if (is_variable(parser) || accept_from(parser))
        return true;
    while (word < COUNT_OF(DIRECTIONS) && !parser_is(parser, DIRECTIONS[word].word))
        word++;
    bool counts = word == COUNT_OF(DIRECTIONS);
    if (!counts) {
        parser->at++;
        stmt->direction = DIRECTIONS[word].direction;
        stmt->how_many = DIRECTIONS[word].how_many;
        counts = DIRECTIONS[word].wants_count;
        *many = stmt->how_many == INT64_MAX;
        if (DIRECTIONS[word].may_have_count && !parser_is(parser, "from") && !parser_is(parser, "in")) {
            *many = true;
            counts = !parser_accept(parser, "all");
            stmt->how_many = INT64_MAX;
        }
    } else {
        *many = true;
    }
    if (counts && !(stmt->expr = parse_expr_until(parser, ENDS)))
        return false;
    return accept_from(parser) || parser_fail(parser, "expected FROM or IN", parser_peek(parser, 0));
}

PlStmt *parse_fetch(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_FETCH);
    const PlToken *first = parser_peek(parser, 0);
    bool many = false;
    stmt->is_move = parser_is(parser, "move");
    parser->at++;
    if (!parse_direction(parser, stmt, &many) || !parse_cursor_variable(parser, stmt))
        return NULL;
    if (stmt->is_move)
        return parser_expect(parser, ";") ? stmt : NULL;
    if (!parser_expect(parser, "into") || !parse_targets(parser, stmt) || !parser_expect(parser, ";"))
        return NULL;
    if (!many)
        return stmt;
    parser_fail_at(parser, ERRCODE_FEATURE_NOT_SUPPORTED, first, "FETCH statement cannot return multiple rows");
    return NULL;
}

PlStmt *parse_close(PlParser *parser)
{
    PlStmt *stmt = stmt_new(parser, PL_CLOSE);
    parser->at++;
    return parse_cursor_variable(parser, stmt) && parser_expect(parser, ";") ? stmt : NULL;
}
