/*
 * jsonpath.c - type jsonpath: read, checked and written.
 *
 * Invariants:
 *  1. A Value of jsonpath is what jsonpath_write gives with all parentheses: PostgreSQL's own text cannot always be read again.
 *  2. Users see PostgreSQL's text; the canonical context, in which constants are kept, the Value's.
 *
 * Any thread.
 */
#include "type/jsonpath_int.h"

/* How an operator binds; what is none binds most. */
static const struct {
    JsonPathKind kind;
    const char *text;
    int priority;
} OPERATORS[] = {
    {JSONPATH_AND, "&&", 1},
    {JSONPATH_OR, "||", 0},
    {JSONPATH_EQUAL, "==", 2},
    {JSONPATH_NOT_EQUAL, "!=", 2},
    {JSONPATH_LESS, "<", 2},
    {JSONPATH_GREATER, ">", 2},
    {JSONPATH_LESS_OR_EQUAL, "<=", 2},
    {JSONPATH_GREATER_OR_EQUAL, ">=", 2},
    {JSONPATH_STARTS_WITH, "starts with", 2},
    {JSONPATH_ADD, "+", 3},
    {JSONPATH_SUB, "-", 3},
    {JSONPATH_MUL, "*", 4},
    {JSONPATH_DIV, "/", 4},
    {JSONPATH_MOD, "%", 4},
    {JSONPATH_PLUS, "+", 5},
    {JSONPATH_MINUS, "-", 5},
    {JSONPATH_LIKE_REGEX, "like_regex", 6},
};

static const struct {
    JsonPathKind kind;
    const char *name;
} METHODS[] = {
    {JSONPATH_TYPE, "type"},     {JSONPATH_SIZE, "size"},       {JSONPATH_ABS, "abs"},           {JSONPATH_FLOOR, "floor"},
    {JSONPATH_DOUBLE, "double"}, {JSONPATH_CEILING, "ceiling"}, {JSONPATH_KEYVALUE, "keyvalue"}, {JSONPATH_DATETIME, "datetime"},
};

const char *jsonpath_operator(JsonPathKind kind)
{
    for (size_t i = 0; i < COUNT_OF(OPERATORS); i++)
        if (OPERATORS[i].kind == kind)
            return OPERATORS[i].text;
    return NULL;
}

const char *jsonpath_method(JsonPathKind kind)
{
    for (size_t i = 0; i < COUNT_OF(METHODS); i++)
        if (METHODS[i].kind == kind)
            return METHODS[i].name;
    return NULL;
}

static int priority(JsonPathKind kind)
{
    for (size_t i = 0; i < COUNT_OF(OPERATORS); i++)
        if (OPERATORS[i].kind == kind)
            return OPERATORS[i].priority;
    return 6;
}

typedef struct Writer {
    Str *out;
    bool with_all;
} Writer;

static void write_item(const Writer *writer, const JsonPathNode *node, bool in_key, bool in_brackets);

/* An operation that an accessor follows, for a reader. */
static bool needs_brackets(const Writer *writer, const JsonPathNode *node)
{
    return writer->with_all && node->next && jsonpath_operator(node->kind);
}

static void write_operand(const Writer *writer, const JsonPathNode *operand, const JsonPathNode *node)
{
    write_item(writer, operand, false, priority(operand->kind) <= priority(node->kind) || needs_brackets(writer, operand));
}

static void write_operator(const Writer *writer, const JsonPathNode *node, bool in_brackets)
{
    static const char FLAGS[] = "ismxq";
    str_add(writer->out, in_brackets ? "(" : "");
    bool is_sign = node->kind == JSONPATH_PLUS || node->kind == JSONPATH_MINUS;
    if (!is_sign) {
        write_operand(writer, node->left, node);
        str_addc(writer->out, ' ');
    }
    str_add(writer->out, jsonpath_operator(node->kind));
    if (is_sign) {
        write_operand(writer, node->left, node);
    } else if (node->kind == JSONPATH_LIKE_REGEX) {
        str_addc(writer->out, ' ');
        type_json_quote(node->text, node->len, writer->out);
        str_add(writer->out, node->flags ? " flag \"" : "");
        for (int i = 0; FLAGS[i]; i++)
            if (node->flags & 1u << i)
                str_addc(writer->out, FLAGS[i]);
        str_add(writer->out, node->flags ? "\"" : "");
    } else {
        str_addc(writer->out, ' ');
        write_operand(writer, node->right, node);
    }
    str_add(writer->out, in_brackets ? ")" : "");
}

static void write_level(uint32_t level, Str *out)
{
    if (level == JSONPATH_LAST_LEVEL)
        str_add(out, "last");
    else
        str_addf(out, "%u", level);
}

static void write_any(const JsonPathNode *node, Str *out)
{
    str_add(out, "**");
    if (node->first == 0 && node->last == JSONPATH_LAST_LEVEL)
        return;
    str_addc(out, '{');
    write_level(node->first, out);
    if (node->first != node->last) {
        str_add(out, " to ");
        write_level(node->last, out);
    }
    str_addc(out, '}');
}

static void write_subscripts(const Writer *writer, const JsonPathNode *node)
{
    str_addc(writer->out, '[');
    for (size_t i = 0; i < node->subscripts.count; i++) {
        const JsonPathSubscript *subscript = &node->subscripts.items[i];
        str_add(writer->out, i ? "," : "");
        write_item(writer, subscript->from, false, needs_brackets(writer, subscript->from));
        if (subscript->to) {
            str_add(writer->out, " to ");
            write_item(writer, subscript->to, false, needs_brackets(writer, subscript->to));
        }
    }
    str_addc(writer->out, ']');
}

/* The operand between two texts. */
static void write_around(const Writer *writer, const char *before, const JsonPathNode *operand, const char *after)
{
    str_add(writer->out, before);
    if (operand)
        write_item(writer, operand, false, needs_brackets(writer, operand));
    str_add(writer->out, after);
}

static void write_scalar(const JsonPathNode *node, Str *out)
{
    switch (node->kind) {
    case JSONPATH_NUMBER:
        str_add(out, node->next ? "(" : "");
        str_addn(out, node->text, node->len);
        str_add(out, node->next ? ")" : "");
        break;
    case JSONPATH_NULL:
        str_add(out, "null");
        break;
    case JSONPATH_BOOL:
        str_add(out, node->truth ? "true" : "false");
        break;
    default:
        str_add(out, node->kind == JSONPATH_VARIABLE ? "$" : "");
        type_json_quote(node->text, node->len, out);
        break;
    }
}

/* Accessors that follow a dot if they do not come first. */
static void write_member(const JsonPathNode *node, bool in_key, Str *out)
{
    str_add(out, in_key ? "." : "");
    if (node->kind == JSONPATH_KEY)
        type_json_quote(node->text, node->len, out);
    else if (node->kind == JSONPATH_ANY_KEY)
        str_addc(out, '*');
    else
        write_any(node, out);
}

static void write_one(const Writer *writer, const JsonPathNode *node, bool in_key, bool in_brackets)
{
    const char *method = jsonpath_method(node->kind);
    if (jsonpath_operator(node->kind)) {
        write_operator(writer, node, in_brackets);
        return;
    }
    if (method) {
        write_around(writer, arena_printf(writer->out->arena, ".%s(", method), node->left, ")");
        return;
    }
    switch (node->kind) {
    case JSONPATH_FILTER:
        write_around(writer, "?(", node->left, ")");
        break;
    case JSONPATH_NOT:
        write_around(writer, "!(", node->left, ")");
        break;
    case JSONPATH_EXISTS:
        write_around(writer, "exists (", node->left, ")");
        break;
    case JSONPATH_IS_UNKNOWN:
        write_around(writer, "(", node->left, ") is unknown");
        break;
    case JSONPATH_CURRENT:
        str_addc(writer->out, '@');
        break;
    case JSONPATH_ROOT:
        str_addc(writer->out, '$');
        break;
    case JSONPATH_LAST:
        str_add(writer->out, "last");
        break;
    case JSONPATH_ANY_ARRAY:
        str_add(writer->out, "[*]");
        break;
    case JSONPATH_INDEX_ARRAY:
        write_subscripts(writer, node);
        break;
    case JSONPATH_KEY:
    case JSONPATH_ANY_KEY:
    case JSONPATH_ANY:
        write_member(node, in_key, writer->out);
        break;
    default:
        write_scalar(node, writer->out);
        break;
    }
}

static void write_item(const Writer *writer, const JsonPathNode *node, bool in_key, bool in_brackets)
{
    for (; node; node = node->next) {
        bool whole = writer->with_all && node->next &&
                     (node->kind == JSONPATH_NOT || node->kind == JSONPATH_EXISTS || node->kind == JSONPATH_IS_UNKNOWN);
        str_add(writer->out, whole ? "(" : "");
        write_one(writer, node, in_key, in_brackets);
        str_add(writer->out, whole ? ")" : "");
        in_key = in_brackets = true;
    }
}

void jsonpath_write(const JsonPath *path, bool with_all, Str *out)
{
    Writer writer = {out, with_all};
    str_add(out, path->strict ? "strict " : "");
    write_item(&writer, path->root, false, true);
}

/* ---- the type's functions ---- */

bool jsonpath_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    JsonPath path;
    Str written;
    if (!jsonpath_parse(text, len, &path, call->arena, call->error))
        return false;
    str_init(&written, call->arena);
    jsonpath_write(&path, true, &written);
    *out = value_text(written.data, written.len);
    return true;
}

bool jsonpath_output(const TypeCall *call, const Value *value, Str *out)
{
    JsonPath path;
    Error ignored;
    error_init(&ignored, call->arena);
    bool is_stored = !call->context->resolver || !jsonpath_parse(value->s.ptr, value->s.len, &path, call->arena, &ignored);
    if (is_stored)
        str_addn(out, value->s.ptr, value->s.len);
    else
        jsonpath_write(&path, false, out);
    return true;
}

bool jsonpath_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    unsigned version = (unsigned)binary_read_uint(&reader, 1);
    if (reader.failed)
        return binary_read_end(&reader, call->error);
    if (version != 1)
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "unsupported jsonpath version number: %u", version);
    return utf8_check(bytes + 1, len - 1, call->error) && jsonpath_input(call, bytes + 1, len - 1, out);
}

bool jsonpath_send(const TypeCall *call, const Value *value, Str *out)
{
    str_addc(out, 1);
    return jsonpath_output(call, value, out);
}
