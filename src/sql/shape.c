/*
 * shape.c - the shape of a statement: its text without the constants that could as well be parameters; and parameters in their place.
 *
 * Two statements of one shape differ in whole numbers and quoted texts alone. Which of these may become parameters without changing what
 * the statement means, the tree decides: those that a WHERE or a join condition compares with a column.
 *
 * Invariants:
 *  1. Texts whose tokens this file could see otherwise than the grammar does have no shape: comments, dollar quotes, parameters, letters
 *     before quotes, backslashes, quoted parts that continue on the next line, names that the grammar would cut.
 *  2. The key holds one byte below 0x20 for each literal left out, which no text with a shape has.
 * Any thread.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "sql/analyze_int.h"

enum { LONGEST_TEXT = 16 * 1024, LONGEST_NAME = 63, INTEGER_DIGITS = 9, MARK_INTEGER = 1, MARK_TEXT = 2 };

typedef struct Shaping {
    const char *text, *at;
    SqlShape *shape;
    bool after_text; /* a quoted text came last: another one would continue it */
} Shaping;

static bool is_word(unsigned char c)
{
    return isalnum(c) || c == '_' || c == '$' || c >= 0x80;
}

static void keep(Shaping *shaping, size_t length)
{
    memcpy(shaping->shape->key + shaping->shape->length, shaping->at, length);
    shaping->shape->length += length;
    shaping->at += length;
}

static void leave_out(Shaping *shaping, size_t length, bool is_text)
{
    SqlShape *shape = shaping->shape;
    if (shape->count == SQL_SHAPE_LITERALS) {
        keep(shaping, length);
        return;
    }
    shape->literals[shape->count++] = (SqlLiteral){(int)(shaping->at - shaping->text), (int)length, is_text};
    shape->key[shape->length++] = is_text ? MARK_TEXT : MARK_INTEGER;
    shaping->at += length;
}

static bool take_word(Shaping *shaping)
{
    size_t length = 0;
    while (is_word((unsigned char)shaping->at[length]))
        length++;
    if (length > LONGEST_NAME || shaping->at[length] == '\'' || memchr(shaping->at, '$', length))
        return false;
    if (length == 1 && tolower((unsigned char)*shaping->at) == 'u' && shaping->at[1] == '&')
        return false;
    keep(shaping, length);
    return true;
}

static bool take_number(Shaping *shaping)
{
    size_t digits = strspn(shaping->at, "0123456789");
    bool is_part = shaping->at > shaping->text && shaping->at[-1] == '.';
    unsigned char next = (unsigned char)shaping->at[digits];
    if (!is_part && next != '.' && !is_word(next) && digits <= INTEGER_DIGITS) {
        leave_out(shaping, digits, false);
        return true;
    }
    while (is_word((unsigned char)shaping->at[digits]) || shaping->at[digits] == '.')
        digits++;
    if (memchr(shaping->at, '$', digits))
        return false;
    keep(shaping, digits);
    return true;
}

/* Past the closing quote; NULL: there is none, or not what it seems. */
static const char *quoted_end(const char *at)
{
    char quote = *at++;
    for (;; at++) {
        if ((unsigned char)*at < ' ' || *at == '\\')
            return NULL;
        if (*at == quote && *++at != quote)
            return at;
    }
}

static bool take_quoted(Shaping *shaping)
{
    const char *end = quoted_end(shaping->at);
    bool is_text = *shaping->at == '\'';
    if (!end || (is_text && shaping->after_text) || (!is_text && end - shaping->at > LONGEST_NAME + 2))
        return false;
    if (is_text)
        leave_out(shaping, (size_t)(end - shaping->at), true);
    else
        keep(shaping, (size_t)(end - shaping->at));
    shaping->after_text = is_text;
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool take_token(Shaping *shaping)
{
    const char *at = shaping->at;
    if (is_space(*at)) {
        keep(shaping, 1);
        return true;
    }
    if (*at == '\'' || *at == '"')
        return take_quoted(shaping);
    shaping->after_text = false;
    if (isdigit((unsigned char)*at))
        return take_number(shaping);
    if (*at == '$' || (unsigned char)*at < ' ' || (at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*'))
        return false;
    if (is_word((unsigned char)*at))
        return take_word(shaping);
    keep(shaping, 1);
    return true;
}

/* A semicolon that nothing follows. */
static bool is_end(const char *at)
{
    if (*at == ';')
        at++;
    while (is_space(*at))
        at++;
    return !*at;
}

bool sql_shape(const char *text, Arena *arena, SqlShape *out)
{
    Shaping shaping = {.text = text, .at = text, .shape = out};
    while (is_space(*shaping.at))
        shaping.at++;
    bool is_query = (strncasecmp(shaping.at, "select", 6) == 0 && !is_word((unsigned char)shaping.at[6])) ||
                    (strncasecmp(shaping.at, "with", 4) == 0 && !is_word((unsigned char)shaping.at[4]));
    size_t length = is_query ? strlen(shaping.at) : 0;
    if (!length || length > LONGEST_TEXT)
        return false;
    *out = (SqlShape){.key = arena_alloc(arena, length + 1), .literals = ARENA_ARRAY(arena, SqlLiteral, SQL_SHAPE_LITERALS)};
    while (!is_end(shaping.at))
        if (*shaping.at == ';' || !take_token(&shaping))
            return false;
    return true;
}

const char *sql_literal_value(const char *text, const SqlLiteral *literal, Arena *arena)
{
    const char *at = text + literal->location, *end = at + literal->length;
    if (!literal->is_text) {
        while (*at == '0' && at + 1 < end)
            at++;
        return arena_strndup(arena, at, (size_t)(end - at));
    }
    char *value = arena_alloc(arena, (size_t)literal->length), *out = value;
    for (at++, end--; at < end; at++) {
        *out++ = *at;
        at += *at == '\'';
    }
    return value;
}

/* ---- parameters in the tree ---- */

typedef struct Lifting {
    const SqlShape *shape;
    Arena *arena;
    uint64_t lifted;
    bool counts_only; /* which; their numbers are known only once all are */
} Lifting;

/* The literal that the constant was written as; -1: none. */
static int literal_of(const Lifting *lifting, const Node *node)
{
    if (!node || node->node_case != PG_QUERY__NODE__NODE_A_CONST)
        return -1;
    const PgQuery__AConst *constant = node->a_const;
    if (constant->val_case != PG_QUERY__A__CONST__VAL_IVAL && constant->val_case != PG_QUERY__A__CONST__VAL_SVAL)
        return -1;
    for (int i = 0; i < lifting->shape->count; i++)
        if (lifting->shape->literals[i].location == constant->location)
            return lifting->shape->literals[i].is_text == (constant->val_case == PG_QUERY__A__CONST__VAL_SVAL) ? i : -1;
    return -1;
}

static void lift(Lifting *lifting, Node *node)
{
    int index = literal_of(lifting, node);
    if (index < 0)
        return;
    if (lifting->counts_only) {
        lifting->lifted |= UINT64_C(1) << index;
        return;
    }
    PgQuery__ParamRef *param = ARENA_NEW(lifting->arena, PgQuery__ParamRef);
    pg_query__param_ref__init(param);
    param->number = __builtin_popcountll(lifting->lifted & ((UINT64_C(1) << index) - 1)) + 1;
    param->location = node->a_const->location;
    node->node_case = PG_QUERY__NODE__NODE_PARAM_REF;
    node->param_ref = param;
}

static bool is_comparison(const PgQuery__AExpr *expr)
{
    static const char *const NAMES[] = {"=", "<>", "<", "<=", ">", ">="};
    if (expr->n_name != 1 || expr->name[0]->node_case != PG_QUERY__NODE__NODE_STRING)
        return false;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(expr->name[0]->string->sval, NAMES[i]) == 0)
            return true;
    return false;
}

static bool is_column(const Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF;
}

static void lift_list(Lifting *lifting, const Node *list)
{
    if (!list || list->node_case != PG_QUERY__NODE__NODE_LIST)
        return;
    for (size_t i = 0; i < list->list->n_items; i++)
        if (literal_of(lifting, list->list->items[i]) < 0)
            return;
    for (size_t i = 0; i < list->list->n_items; i++)
        lift(lifting, list->list->items[i]);
}

static void lift_compared(Lifting *lifting, const PgQuery__AExpr *expr)
{
    switch (expr->kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
        if (is_comparison(expr) && is_column(expr->lexpr))
            lift(lifting, expr->rexpr);
        else if (is_comparison(expr) && is_column(expr->rexpr))
            lift(lifting, expr->lexpr);
        break;
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
        if (is_column(expr->lexpr))
            lift_list(lifting, expr->rexpr);
        break;
    default:
        break;
    }
}

static void lift_condition(Lifting *lifting, const Node *node)
{
    if (!node)
        return;
    if (node->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR)
        for (size_t i = 0; i < node->bool_expr->n_args; i++)
            lift_condition(lifting, node->bool_expr->args[i]);
    else if (node->node_case == PG_QUERY__NODE__NODE_A_EXPR)
        lift_compared(lifting, node->a_expr);
}

static bool visit(const ProtobufCMessage *message, void *arg)
{
    if (message->descriptor == &pg_query__select_stmt__descriptor)
        lift_condition(arg, ((const PgQuery__SelectStmt *)message)->where_clause);
    else if (message->descriptor == &pg_query__join_expr__descriptor)
        lift_condition(arg, ((const PgQuery__JoinExpr *)message)->quals);
    return raw_walk(message, visit, arg);
}

uint64_t sql_lift(const Node *node, const SqlShape *shape, Arena *arena)
{
    Lifting lifting = {.shape = shape, .arena = arena, .counts_only = true};
    visit(&node->base, &lifting);
    lifting.counts_only = false;
    visit(&node->base, &lifting);
    return lifting.lifted;
}
