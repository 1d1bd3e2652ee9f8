/*
 * jsonpath_parse.c - SQL/JSON paths into trees: PostgreSQL's grammar by recursive descent.
 *
 * Invariants:
 *  1. A predicate is told from an expression by its node (is_predicate); parentheses may hold either, and where only one of them may
 *     stand, the token behind the other is the error, as it is for PostgreSQL's parser.
 *  2. The next token is read no sooner than it is needed: what is wrong with it is an error only then.
 *
 * Any thread. Nesting is bounded (MAX_DEPTH), and how long chains of operators and accessors are (MAX_NODES), which are walked as deep as
 * they are long; so is the stack.
 */
#include <limits.h>
#include <stdlib.h>

#include "type/jsonpath_int.h"

enum { MAX_DEPTH = 1000, MAX_NODES = 5000 };

typedef struct Parser {
    PathLexer lexer;
    int depth;
    size_t nodes;
} Parser;

/* What was parsed: an expression, or something that is true, false or unknown. */
typedef struct Item {
    JsonPathNode *node;
    bool is_predicate;
} Item;

static bool parse_or(Parser *parser, Item *out);
static bool parse_expr(Parser *parser, JsonPathNode **out);

static bool unexpected(Parser *parser)
{
    return path_error(&parser->lexer, "syntax error");
}

static bool see(const Parser *parser, PathToken token)
{
    return parser->lexer.token == token;
}

static bool next(Parser *parser)
{
    return parser->nodes > MAX_NODES ? error_too_deep(parser->lexer.error) : path_next(&parser->lexer);
}

static bool expect(Parser *parser, PathToken token)
{
    return see(parser, token) ? next(parser) : unexpected(parser);
}

static bool deeper(Parser *parser)
{
    return ++parser->depth <= MAX_DEPTH || error_too_deep(parser->lexer.error);
}

static JsonPathNode *make(Parser *parser, JsonPathKind kind, JsonPathNode *left, JsonPathNode *right)
{
    JsonPathNode *node = ARENA_NEW(parser->lexer.arena, JsonPathNode);
    parser->nodes++;
    node->kind = kind;
    node->left = left;
    node->right = right;
    return node;
}

static JsonPathNode *make_text(Parser *parser, JsonPathKind kind)
{
    JsonPathNode *node = make(parser, kind, NULL, NULL);
    node->len = parser->lexer.string.len;
    node->text = arena_strndup(parser->lexer.arena, node->len ? parser->lexer.string.data : "", node->len);
    return node;
}

static void append(JsonPathNode *item, JsonPathNode *accessor)
{
    while (item->next)
        item = item->next;
    item->next = accessor;
}

/* ---- accessors ---- */

static bool parse_level(Parser *parser, uint32_t *level)
{
    Value value;
    *level = JSONPATH_LAST_LEVEL;
    if (see(parser, PATH_INT)) {
        const char *text = parser->lexer.string.data;
        if (!type_input(TYPE_INT4, -1, text, strlen(text), &TYPE_CONTEXT_CANONICAL, parser->lexer.arena, &value, parser->lexer.error))
            return false;
        *level = (uint32_t)value.i;
    } else if (!see(parser, PATH_LAST)) {
        return unexpected(parser);
    }
    return next(parser);
}

/* Behind the two stars. */
static bool parse_any(Parser *parser, JsonPathNode **out)
{
    JsonPathNode *node = *out = make(parser, JSONPATH_ANY, NULL, NULL);
    node->last = JSONPATH_LAST_LEVEL;
    if (!see(parser, (PathToken)'{'))
        return true;
    if (!next(parser) || !parse_level(parser, &node->first))
        return false;
    node->last = node->first;
    if (see(parser, PATH_TO) && (!next(parser) || !parse_level(parser, &node->last)))
        return false;
    return expect(parser, (PathToken)'}');
}

static const struct {
    PathToken token;
    JsonPathKind kind;
} METHODS[] = {
    {PATH_ABS, JSONPATH_ABS},           {PATH_SIZE, JSONPATH_SIZE},         {PATH_TYPE, JSONPATH_TYPE},
    {PATH_FLOOR, JSONPATH_FLOOR},       {PATH_DOUBLE, JSONPATH_DOUBLE},     {PATH_CEILING, JSONPATH_CEILING},
    {PATH_KEYVALUE, JSONPATH_KEYVALUE}, {PATH_DATETIME, JSONPATH_DATETIME},
};

/* A word that may be a method's name, or a key. */
static bool parse_key(Parser *parser, JsonPathNode **out)
{
    PathToken name = parser->lexer.token;
    JsonPathNode *key = make_text(parser, JSONPATH_KEY);
    *out = key;
    if (!next(parser) || !see(parser, (PathToken)'('))
        return !error_is_set(parser->lexer.error);
    for (size_t i = 0; i < COUNT_OF(METHODS); i++) {
        if (METHODS[i].token != name)
            continue;
        JsonPathNode *method = *out = make(parser, METHODS[i].kind, NULL, NULL);
        if (!next(parser))
            return false;
        if (name == PATH_DATETIME && see(parser, PATH_STRING)) {
            method->left = make_text(parser, JSONPATH_STRING);
            if (!next(parser))
                return false;
        }
        return expect(parser, (PathToken)')');
    }
    return unexpected(parser);
}

/* Behind the dot. */
static bool parse_member(Parser *parser, JsonPathNode **out)
{
    PathToken token = parser->lexer.token;
    if (token == PATH_ANY)
        return next(parser) && parse_any(parser, out);
    if (token == (PathToken)'*') {
        *out = make(parser, JSONPATH_ANY_KEY, NULL, NULL);
        return next(parser);
    }
    return token == PATH_WORD || token == PATH_STRING || token >= PATH_IS ? parse_key(parser, out) : unexpected(parser);
}

/* Behind the bracket. */
static bool parse_subscripts(Parser *parser, JsonPathNode **out)
{
    JsonPathNode *node = *out = make(parser, JSONPATH_INDEX_ARRAY, NULL, NULL);
    if (see(parser, (PathToken)'*')) {
        node->kind = JSONPATH_ANY_ARRAY;
        return next(parser) && expect(parser, (PathToken)']');
    }
    for (;;) {
        JsonPathSubscript subscript = {0};
        if (!parse_expr(parser, &subscript.from))
            return false;
        if (see(parser, PATH_TO) && (!next(parser) || !parse_expr(parser, &subscript.to)))
            return false;
        vec_push(parser->lexer.arena, &node->subscripts, subscript);
        if (!see(parser, (PathToken)','))
            return expect(parser, (PathToken)']');
        if (!next(parser))
            return false;
    }
}

/* Behind the question mark. */
static bool parse_filter(Parser *parser, JsonPathNode **out)
{
    Item item;
    if (!expect(parser, (PathToken)'(') || !parse_or(parser, &item))
        return false;
    *out = make(parser, JSONPATH_FILTER, item.node, NULL);
    return item.is_predicate ? expect(parser, (PathToken)')') : unexpected(parser);
}

static bool parse_accessors(Parser *parser, Item *item)
{
    for (;;) {
        JsonPathNode *accessor = NULL;
        PathToken token = parser->lexer.token;
        if (token != (PathToken)'.' && token != (PathToken)'[' && token != (PathToken)'?')
            return true;
        if (!next(parser))
            return false;
        bool ok = token == (PathToken)'.'   ? parse_member(parser, &accessor)
                  : token == (PathToken)'[' ? parse_subscripts(parser, &accessor)
                                            : parse_filter(parser, &accessor);
        if (!ok)
            return false;
        append(item->node, accessor);
        item->is_predicate = false;
    }
}

/* ---- expressions ---- */

static bool parse_number(Parser *parser, JsonPathNode **out)
{
    const Str *text = &parser->lexer.string;
    Value value;
    if (!type_input(TYPE_NUMERIC, -1, text->data, text->len, &TYPE_CONTEXT_CANONICAL, parser->lexer.arena, &value, parser->lexer.error))
        return false;
    *out = make(parser, JSONPATH_NUMBER, NULL, NULL);
    (*out)->text = arena_strndup(parser->lexer.arena, value.s.ptr, value.s.len);
    (*out)->len = value.s.len;
    return true;
}

static bool parse_primary(Parser *parser, Item *out)
{
    static const struct {
        PathToken token;
        JsonPathKind kind;
    } PRIMARIES[] = {
        {PATH_STRING, JSONPATH_STRING}, {PATH_VARIABLE, JSONPATH_VARIABLE}, {PATH_NULL, JSONPATH_NULL},         {PATH_TRUE, JSONPATH_BOOL},
        {PATH_FALSE, JSONPATH_BOOL},    {(PathToken)'$', JSONPATH_ROOT},    {(PathToken)'@', JSONPATH_CURRENT}, {PATH_LAST, JSONPATH_LAST},
    };
    PathToken token = parser->lexer.token;
    *out = (Item){0};
    if (token == (PathToken)'(')
        return next(parser) && parse_or(parser, out) && expect(parser, (PathToken)')');
    if (token == PATH_INT || token == PATH_NUMBER)
        return parse_number(parser, &out->node) && next(parser);
    for (size_t i = 0; i < COUNT_OF(PRIMARIES); i++) {
        if (PRIMARIES[i].token != token)
            continue;
        out->node = make_text(parser, PRIMARIES[i].kind);
        out->node->truth = token == PATH_TRUE;
        return next(parser);
    }
    return unexpected(parser);
}

/* A sign before a bare number becomes part of it. */
static JsonPathNode *with_sign(Parser *parser, bool minus, JsonPathNode *operand)
{
    if (operand->kind != JSONPATH_NUMBER || operand->next)
        return make(parser, minus ? JSONPATH_MINUS : JSONPATH_PLUS, operand, NULL);
    if (minus) {
        operand->text = numeric_negate(operand->text, parser->lexer.arena);
        operand->len = strlen(operand->text);
    }
    return operand;
}

static bool parse_unary(Parser *parser, Item *out)
{
    bool minus = see(parser, (PathToken)'-');
    if (!minus && !see(parser, (PathToken)'+'))
        return parse_primary(parser, out) && parse_accessors(parser, out);
    if (!deeper(parser) || !next(parser) || !parse_unary(parser, out))
        return false;
    parser->depth--;
    if (out->is_predicate)
        return unexpected(parser);
    out->node = with_sign(parser, minus, out->node);
    return true;
}

static bool operator_of(const Parser *parser, const char *tokens, const JsonPathKind *kinds, JsonPathKind *kind)
{
    PathToken token = parser->lexer.token;
    const char *found = token > 0 && token < 128 ? strchr(tokens, (int)token) : NULL;
    if (found)
        *kind = kinds[found - tokens];
    return found;
}

/* A predicate in parentheses is given as it is: only an expression can be operated on. */
static bool parse_factors(Parser *parser, Item *out)
{
    static const JsonPathKind KINDS[] = {JSONPATH_MUL, JSONPATH_DIV, JSONPATH_MOD};
    JsonPathKind kind;
    if (!parse_unary(parser, out))
        return false;
    while (!out->is_predicate && operator_of(parser, "*/%", KINDS, &kind)) {
        Item right;
        if (!next(parser) || !parse_unary(parser, &right))
            return false;
        if (right.is_predicate)
            return unexpected(parser);
        out->node = make(parser, kind, out->node, right.node);
    }
    return true;
}

static bool parse_sum(Parser *parser, Item *out)
{
    static const JsonPathKind KINDS[] = {JSONPATH_ADD, JSONPATH_SUB};
    JsonPathKind kind;
    if (!parse_factors(parser, out))
        return false;
    while (!out->is_predicate && operator_of(parser, "+-", KINDS, &kind)) {
        Item right;
        if (!next(parser) || !parse_factors(parser, &right))
            return false;
        if (right.is_predicate)
            return unexpected(parser);
        out->node = make(parser, kind, out->node, right.node);
    }
    return true;
}

static bool parse_expr(Parser *parser, JsonPathNode **out)
{
    Item item;
    if (!deeper(parser) || !parse_sum(parser, &item))
        return false;
    parser->depth--;
    *out = item.node;
    return !item.is_predicate || unexpected(parser);
}

/* ---- predicates ---- */

/* At the word. */
static bool parse_exists(Parser *parser, JsonPathNode **out)
{
    JsonPathNode *operand;
    if (!next(parser) || !expect(parser, (PathToken)'(') || !parse_expr(parser, &operand))
        return false;
    *out = make(parser, JSONPATH_EXISTS, operand, NULL);
    return expect(parser, (PathToken)')');
}

/* At the exclamation mark. */
static bool parse_not(Parser *parser, Item *out)
{
    Item item = {0};
    if (!next(parser))
        return false;
    if (see(parser, PATH_EXISTS)) {
        if (!parse_exists(parser, &item.node))
            return false;
    } else {
        if (!expect(parser, (PathToken)'(') || !parse_or(parser, &item))
            return false;
        if (!item.is_predicate)
            return unexpected(parser);
        if (!expect(parser, (PathToken)')'))
            return false;
    }
    *out = (Item){make(parser, JSONPATH_NOT, item.node, NULL), true};
    return true;
}

static bool parse_starts_with(Parser *parser, Item *out)
{
    if (!next(parser) || !expect(parser, PATH_WITH))
        return false;
    if (!see(parser, PATH_STRING) && !see(parser, PATH_VARIABLE))
        return unexpected(parser);
    JsonPathNode *initial = make_text(parser, see(parser, PATH_STRING) ? JSONPATH_STRING : JSONPATH_VARIABLE);
    *out = (Item){make(parser, JSONPATH_STARTS_WITH, out->node, initial), true};
    return next(parser);
}

static bool read_flags(Parser *parser, const char *text, size_t len, unsigned *flags)
{
    static const char LETTERS[] = "ismxq";
    for (size_t i = 0; i < len; i++) {
        const char *found = strchr(LETTERS, text[i]);
        if (!found) {
            error_set(parser->lexer.error, ERRCODE_SYNTAX_ERROR, "invalid input syntax for type jsonpath");
            return error_detail(parser->lexer.error, "Unrecognized flag character \"%.*s\" in LIKE_REGEX predicate.",
                                (int)utf8_prefix(text + i, len - i, 1), text + i);
        }
        *flags |= 1u << (found - LETTERS);
    }
    return true;
}

RegexFlags jsonpath_regex_flags(unsigned flags)
{
    bool literal = flags & JSONPATH_FLAG_Q;
    return (RegexFlags){.fold = flags & JSONPATH_FLAG_I,
                        .literal = literal,
                        .newline_dot = !literal && !(flags & JSONPATH_FLAG_S),
                        .newline_anchors = !literal && (flags & JSONPATH_FLAG_M)};
}

static bool parse_like_regex(Parser *parser, Item *out)
{
    PathLexer *lexer = &parser->lexer;
    if (!next(parser))
        return false;
    if (!see(parser, PATH_STRING))
        return unexpected(parser);
    JsonPathNode *node = make_text(parser, JSONPATH_LIKE_REGEX);
    node->left = out->node;
    *out = (Item){node, true};
    if (!next(parser))
        return false;
    if (see(parser, PATH_FLAG)) {
        if (!next(parser))
            return false;
        if (!see(parser, PATH_STRING))
            return unexpected(parser);
        if (!read_flags(parser, lexer->string.data, lexer->string.len, &node->flags) || !next(parser))
            return false;
    }
    if ((node->flags & JSONPATH_FLAG_X) && !(node->flags & JSONPATH_FLAG_Q))
        return error_unsupported(lexer->error, "XQuery \"x\" flag (expanded regular expressions) is not implemented");
    return regex_parse(node->text, node->len, jsonpath_regex_flags(node->flags), lexer->arena, lexer->error);
}

static bool parse_comparison(Parser *parser, Item *out)
{
    static const struct {
        PathToken token;
        JsonPathKind kind;
    } COMPARISONS[] = {
        {PATH_EQUAL, JSONPATH_EQUAL},
        {PATH_NOT_EQUAL, JSONPATH_NOT_EQUAL},
        {(PathToken)'<', JSONPATH_LESS},
        {(PathToken)'>', JSONPATH_GREATER},
        {PATH_LESS_OR_EQUAL, JSONPATH_LESS_OR_EQUAL},
        {PATH_GREATER_OR_EQUAL, JSONPATH_GREATER_OR_EQUAL},
    };
    *out = (Item){.is_predicate = true};
    if (see(parser, (PathToken)'!'))
        return parse_not(parser, out);
    if (see(parser, PATH_EXISTS))
        return parse_exists(parser, &out->node);
    if (!parse_sum(parser, out))
        return false;
    if (out->is_predicate) {
        if (!see(parser, PATH_IS))
            return true;
        out->node = make(parser, JSONPATH_IS_UNKNOWN, out->node, NULL);
        return next(parser) && expect(parser, PATH_UNKNOWN);
    }
    if (see(parser, PATH_STARTS))
        return parse_starts_with(parser, out);
    if (see(parser, PATH_LIKE_REGEX))
        return parse_like_regex(parser, out);
    for (size_t i = 0; i < COUNT_OF(COMPARISONS); i++) {
        JsonPathNode *right;
        if (!see(parser, COMPARISONS[i].token))
            continue;
        if (!next(parser) || !parse_expr(parser, &right))
            return false;
        *out = (Item){make(parser, COMPARISONS[i].kind, out->node, right), true};
        break;
    }
    return true;
}

static bool parse_and(Parser *parser, Item *out)
{
    if (!parse_comparison(parser, out))
        return false;
    while (see(parser, PATH_AND)) {
        Item right;
        if (!out->is_predicate)
            return unexpected(parser);
        if (!next(parser) || !parse_comparison(parser, &right))
            return false;
        if (!right.is_predicate)
            return unexpected(parser);
        out->node = make(parser, JSONPATH_AND, out->node, right.node);
    }
    return true;
}

static bool parse_or(Parser *parser, Item *out)
{
    if (!deeper(parser) || !parse_and(parser, out))
        return false;
    while (see(parser, PATH_OR)) {
        Item right;
        if (!out->is_predicate)
            return unexpected(parser);
        if (!next(parser) || !parse_and(parser, &right))
            return false;
        if (!right.is_predicate)
            return unexpected(parser);
        out->node = make(parser, JSONPATH_OR, out->node, right.node);
    }
    parser->depth--;
    return true;
}

/* ---- the whole ---- */

/* @ stands in filters only, last in subscripts. */
static bool check(const JsonPathNode *node, int filters, bool in_subscript, Error *error)
{
    for (; node; node = node->next) {
        if (node->kind == JSONPATH_CURRENT && !filters)
            return error_set(error, ERRCODE_SYNTAX_ERROR, "@ is not allowed in root expressions");
        if (node->kind == JSONPATH_LAST && !in_subscript)
            return error_set(error, ERRCODE_SYNTAX_ERROR, "LAST is allowed only in array subscripts");
        for (size_t i = 0; i < node->subscripts.count; i++) {
            const JsonPathSubscript *subscript = &node->subscripts.items[i];
            if (!check(subscript->from, filters, true, error) || !check(subscript->to, filters, true, error))
                return false;
        }
        int inside = filters + (node->kind == JSONPATH_FILTER);
        if (!check(node->left, inside, in_subscript, error) || !check(node->right, inside, in_subscript, error))
            return false;
    }
    return true;
}

bool jsonpath_parse(const char *text, size_t len, JsonPath *out, Arena *arena, Error *error)
{
    Parser parser = {.lexer = {.at = text, .end = text + len, .arena = arena, .error = error}};
    Item item;
    *out = (JsonPath){0};
    error_clear(error);
    str_init(&parser.lexer.string, arena);
    if (!next(&parser))
        return false;
    if (see(&parser, PATH_END)) /* nothing but blanks */
        return error_set(error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type jsonpath: \"%.*s\"", (int)len, text);
    out->strict = see(&parser, PATH_STRICT);
    if ((out->strict || see(&parser, PATH_LAX)) && !next(&parser))
        return false;
    if (!parse_or(&parser, &item))
        return false;
    if (!see(&parser, PATH_END))
        return unexpected(&parser);
    out->root = item.node;
    return check(item.node, 0, false, error);
}
