/*
 * json.c - json, which is kept as it was written, and jsonb, which is kept in PostgreSQL's canonical form.
 *
 * Invariants:
 *  1. A Value of json is a text that was read through to its end without error.
 *  2. A Value of jsonb is what jsonb_out writes: keys by length, then by bytes; of equal keys the last one; numbers as numerics.
 *
 * Any thread. Nesting is bounded (JSON_MAX_DEPTH), so is the stack.
 */
#include <stdlib.h>

#include "type/json_int.h"
#include "type/numeric_int.h"

typedef struct Node Node;

typedef struct Member {
    const char *key;
    size_t len, order;
    Node *value;
} Member;

/* One jsonb value; kind is the token it began with. */
struct Node {
    JsonToken kind;
    const char *text; /* strings: meaning; numbers: canonical text */
    size_t len;
    VEC(Member) members; /* of arrays without key */
};

typedef struct Parser {
    JsonLexer lexer;
    bool build; /* a tree is wanted */
    int depth;
} Parser;

static bool parse_value(Parser *parser, Node **out);

static bool parse_scalar(Parser *parser, Node *node)
{
    JsonLexer *lexer = &parser->lexer;
    if (!parser->build)
        return json_next(lexer);
    if (node->kind == JSON_STRING) {
        node->len = lexer->string.len;
        node->text = arena_strndup(lexer->arena, lexer->string.data, node->len);
    } else if (node->kind == JSON_NUMBER) {
        Value number;
        if (!type_input(TYPE_NUMERIC, -1, lexer->start, (size_t)(lexer->stop - lexer->start), &TYPE_CONTEXT_CANONICAL, lexer->arena,
                        &number, lexer->error))
            return false;
        node->text = number.s.ptr;
        node->len = number.s.len;
    }
    return json_next(lexer);
}

static void add_member(Parser *parser, Node *node, Member member)
{
    if (parser->build) {
        member.order = node->members.count;
        vec_push(parser->lexer.arena, &node->members, member);
    }
}

static bool parse_array(Parser *parser, Node *node)
{
    JsonLexer *lexer = &parser->lexer;
    if (!json_next(lexer))
        return false;
    bool first = true;
    while (lexer->token != JSON_ARRAY_CLOSE || !first) {
        Member member = {0};
        if (!parse_value(parser, &member.value))
            return false;
        add_member(parser, node, member);
        first = false;
        if (lexer->token == JSON_ARRAY_CLOSE)
            break;
        if (lexer->token != JSON_COMMA)
            return json_unexpected(lexer, "\",\" or \"]\"");
        if (!json_next(lexer))
            return false;
    }
    return json_next(lexer);
}

static bool parse_member(Parser *parser, Node *node, bool first)
{
    JsonLexer *lexer = &parser->lexer;
    if (lexer->token != JSON_STRING)
        return json_unexpected(lexer, first ? "string or \"}\"" : "string");
    Member member = {0};
    if (parser->build) {
        member.len = lexer->string.len;
        member.key = arena_strndup(lexer->arena, lexer->string.data, member.len);
    }
    if (!json_next(lexer))
        return false;
    if (lexer->token != JSON_COLON)
        return json_unexpected(lexer, "\":\"");
    if (!json_next(lexer) || !parse_value(parser, &member.value))
        return false;
    add_member(parser, node, member);
    return true;
}

static bool parse_object(Parser *parser, Node *node)
{
    JsonLexer *lexer = &parser->lexer;
    if (!json_next(lexer))
        return false;
    for (bool first = true; lexer->token != JSON_OBJECT_CLOSE || !first; first = false) {
        if (!parse_member(parser, node, first))
            return false;
        if (lexer->token == JSON_OBJECT_CLOSE)
            break;
        if (lexer->token != JSON_COMMA)
            return json_unexpected(lexer, "\",\" or \"}\"");
        if (!json_next(lexer))
            return false;
    }
    return json_next(lexer);
}

static bool parse_value(Parser *parser, Node **out)
{
    JsonLexer *lexer = &parser->lexer;
    Node unused = {.kind = lexer->token}, *node = &unused;
    if (parser->build) {
        if (!arena_has_room(lexer->arena, sizeof(Node)))
            return error_set(lexer->error, ERRCODE_OUT_OF_MEMORY, "out of memory");
        node = ARENA_NEW(lexer->arena, Node);
        node->kind = lexer->token;
    }
    *out = node == &unused ? NULL : node;
    switch (lexer->token) {
    case JSON_OBJECT_OPEN:
    case JSON_ARRAY_OPEN:
        if (parser->depth >= JSON_MAX_DEPTH)
            return error_too_deep(lexer->error);
        parser->depth++;
        if (!(lexer->token == JSON_ARRAY_OPEN ? parse_array(parser, node) : parse_object(parser, node)))
            return false;
        parser->depth--;
        return true;
    case JSON_STRING:
    case JSON_NUMBER:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        return parse_scalar(parser, node);
    default:
        return json_unexpected(lexer, "JSON value");
    }
}

static bool parse(const TypeCall *call, const char *text, size_t len, bool build, Node **out)
{
    Parser parser = {.build = build};
    json_lexer_init(&parser.lexer, text, len, build, call->arena, call->error);
    if (!json_next(&parser.lexer) || !parse_value(&parser, out))
        return false;
    return parser.lexer.token == JSON_END ? true : json_unexpected(&parser.lexer, "end of input");
}

bool json_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    Node *none;
    return parse(call, text, len, false, &none) && text_input(call, text, len, out);
}

bool type_json_check_strings(const char *text, size_t len, Arena *arena, Error *error)
{
    JsonLexer lexer;
    json_lexer_init(&lexer, text, len, true, arena, error);
    do {
        if (!json_next(&lexer))
            return false;
    } while (lexer.token != JSON_END);
    return true;
}

/* ---- jsonb ---- */

void type_json_quote(const char *text, size_t len, Str *out)
{
    static const char ESCAPED[] = "\"\\\b\f\n\r\t", NAMES[] = "\"\\bfnrt";
    str_addc(out, '"');
    for (size_t i = 0; i < len; i++) {
        const char *found = text[i] ? strchr(ESCAPED, text[i]) : NULL;
        if (found) {
            str_addc(out, '\\');
            str_addc(out, NAMES[found - ESCAPED]);
        } else if ((unsigned char)text[i] < 0x20) {
            str_addf(out, "\\u%04x", (unsigned char)text[i]);
        } else {
            str_addc(out, text[i]);
        }
    }
    str_addc(out, '"');
}

/* By length, by bytes; of equal keys the later one first, which is the one to keep. */
static int compare_members(const void *a, const void *b)
{
    const Member *left = a, *right = b;
    if (left->len != right->len)
        return left->len < right->len ? -1 : 1;
    int order = memcmp(left->key, right->key, left->len);
    return order ? order : (left->order < right->order) - (left->order > right->order);
}

static void write_node(const Node *node, Str *out);

static void write_members(const Node *node, bool keys, Str *out)
{
    str_addc(out, keys ? '{' : '[');
    const Member *previous = NULL;
    for (size_t i = 0; i < node->members.count; i++) {
        const Member *member = &node->members.items[i];
        if (keys && previous && previous->len == member->len && memcmp(previous->key, member->key, member->len) == 0)
            continue;
        if (previous)
            str_add(out, ", ");
        if (keys) {
            type_json_quote(member->key, member->len, out);
            str_add(out, ": ");
        }
        write_node(member->value, out);
        previous = member;
    }
    str_addc(out, keys ? '}' : ']');
}

static void write_node(const Node *node, Str *out)
{
    switch (node->kind) {
    case JSON_OBJECT_OPEN:
        if (node->members.count)
            qsort(node->members.items, node->members.count, sizeof(Member), compare_members);
        write_members(node, true, out);
        break;
    case JSON_ARRAY_OPEN:
        write_members(node, false, out);
        break;
    case JSON_STRING:
        type_json_quote(node->text, node->len, out);
        break;
    case JSON_NUMBER:
        str_addn(out, node->text, node->len);
        break;
    default:
        str_add(out, node->kind == JSON_TRUE ? "true" : node->kind == JSON_FALSE ? "false" : "null");
        break;
    }
}

bool jsonb_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    Node *root;
    if (!parse(call, text, len, true, &root))
        return false;
    Str canonical;
    str_init(&canonical, call->arena);
    write_node(root, &canonical);
    *out = value_text(canonical.data, canonical.len);
    return true;
}

bool jsonb_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    unsigned version = (unsigned)binary_read_uint(&reader, 1);
    if (reader.failed)
        return binary_read_end(&reader, call->error);
    if (version != 1)
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "unsupported jsonb version number %u", version);
    return utf8_check(bytes + 1, len - 1, call->error) && jsonb_input(call, bytes + 1, len - 1, out);
}

bool jsonb_send(const TypeCall *call, const Value *value, Str *out)
{
    str_addc(out, 1);
    str_addn(out, value->s.ptr, value->s.len);
    return true;
}
