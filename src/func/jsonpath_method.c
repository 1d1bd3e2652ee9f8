/*
 * jsonpath_method.c - arithmetic and item methods of a running SQL/JSON path.
 * Any thread.
 */
#include "func/jsonpath_exec.h"

#include <math.h>

/* A computation's own error is the statement's, or an error that is swallowed. */
static PathResult computed(PathExec *exec, bool ok, const Error *error)
{
    if (ok)
        return PATH_OK;
    return path_fail(exec, error->sqlstate, "%s", error->message);
}

/* ---- arithmetic ---- */

static bool one_number(const PathItems *items)
{
    return items->count == 1 && items->items[0].kind == '0';
}

PathResult path_arithmetic(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    static const NumericOp OPS[] = {NUMERIC_ADD, NUMERIC_SUB, NUMERIC_MUL, NUMERIC_DIV, NUMERIC_MOD};
    PathItems left = {0}, right = {0};
    const char *result;
    Error error;
    error_init(&error, exec->arena);
    if (path_run_result(exec, node->left, item, true, &left) == PATH_ERROR ||
        path_run_result(exec, node->right, item, true, &right) == PATH_ERROR)
        return PATH_ERROR;
    if (!one_number(&left) || !one_number(&right))
        return path_fail(exec, ERRCODE_SINGLETON_SQL_JSON_ITEM_REQUIRED, "%s operand of jsonpath operator %s is not a single numeric value",
                         one_number(&left) ? "right" : "left", jsonpath_operator(node->kind));
    bool ok = numeric_op(OPS[node->kind - JSONPATH_ADD], left.items[0].text, right.items[0].text, exec->arena, &result, &error);
    if (computed(exec, ok, &error) == PATH_ERROR)
        return PATH_ERROR;
    if (!node->next && !found)
        return PATH_OK;
    PathItem number = path_number(result);
    return path_continue(exec, node, &number, found);
}

PathResult path_sign(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    PathItems operands = {0};
    PathResult result = PATH_NOT_FOUND;
    bool only_asked = !found && !node->next;
    if (path_run_result(exec, node->left, item, true, &operands) == PATH_ERROR)
        return PATH_ERROR;
    for (size_t i = 0; i < operands.count; i++) {
        bool is_number = operands.items[i].kind == '0';
        if (only_asked && is_number)
            return PATH_OK;
        if (only_asked)
            continue;
        if (!is_number)
            return path_fail(exec, ERRCODE_SQL_JSON_NUMBER_NOT_FOUND, "operand of unary jsonpath operator %s is not a numeric value",
                             jsonpath_operator(node->kind));
        PathItem number = operands.items[i];
        if (node->kind == JSONPATH_MINUS)
            number = path_number(numeric_negate(number.text, exec->arena));
        PathResult one = path_continue(exec, node, &number, found);
        if (one == PATH_ERROR || (one == PATH_OK && !found))
            return one;
        result = one == PATH_OK ? one : result;
    }
    return result;
}

/* ---- methods ---- */

static PathResult run_type(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    static const char KINDS[] = "{[\"0tfn";
    static const char *const NAMES[] = {"object", "array", "string", "number", "boolean", "boolean", "null"};
    const char *name =
        item->kind == 'd' ? type_format_builtin(item->datetime.type, -1, exec->arena) : NAMES[strchr(KINDS, item->kind) - KINDS];
    PathItem text = path_text(name, strlen(name));
    return path_continue(exec, node, &text, found);
}

static PathResult run_size(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    size_t size = 1;
    if (path_is_array(item))
        size = json_members((JsonPart){item->text, item->len}, exec->arena).count;
    else if (!exec->lax)
        return exec->ignoring
                   ? PATH_NOT_FOUND
                   : path_fail(exec, ERRCODE_SQL_JSON_ARRAY_NOT_FOUND, "jsonpath item method .size() can only be applied to an array");
    PathItem number = path_number(arena_printf(exec->arena, "%zu", size));
    return path_continue(exec, node, &number, found);
}

static PathResult run_numeric(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    const char *text = item->text;
    bool ok = true;
    Error error;
    error_init(&error, exec->arena);
    if (item->kind != '0')
        return path_fail(exec, ERRCODE_NON_NUMERIC_SQL_JSON_ITEM, "jsonpath item method .%s() can only be applied to a numeric value",
                         jsonpath_method(node->kind));
    if (node->kind == JSONPATH_ABS)
        text = numeric_abs(text, exec->arena);
    else if (node->kind == JSONPATH_FLOOR)
        ok = numeric_floor(text, exec->arena, &text, &error);
    else
        ok = numeric_ceil(text, exec->arena, &text, &error);
    if (computed(exec, ok, &error) == PATH_ERROR)
        return PATH_ERROR;
    PathItem number = path_number(text);
    return path_continue(exec, node, &number, found);
}

static PathResult run_double(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    Value value;
    Error error;
    error_init(&error, exec->arena);
    if (item->kind != '0' && item->kind != '"')
        return path_fail(exec, ERRCODE_NON_NUMERIC_SQL_JSON_ITEM,
                         "jsonpath item method .double() can only be applied to a string or numeric value");
    bool fits = type_input(TYPE_FLOAT8, -1, item->text, item->len, &TYPE_CONTEXT_CANONICAL, exec->arena, &value, &error) &&
                !isinf(value.f) && !isnan(value.f);
    if (!fits && item->kind == '0')
        return path_fail(exec, ERRCODE_NON_NUMERIC_SQL_JSON_ITEM,
                         "numeric argument of jsonpath item method .double() is out of range for type double precision");
    if (!fits)
        return path_fail(exec, ERRCODE_NON_NUMERIC_SQL_JSON_ITEM,
                         "string argument of jsonpath item method .double() is not a valid representation of a double precision number");
    PathItem number = item->kind == '0' ? *item : path_number(numeric_from_double(value.f, 15, exec->arena));
    return path_continue(exec, node, &number, found);
}

static PathResult run_datetime(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    static const char *const DATES[] = {"", "yyyy-mm-dd ", "yyyy-mm-dd\"T\""}, *const TIMES[] = {
                                                                                   "HH24:MI:SS.USTZH:TZM", "HH24:MI:SS.USTZH",
                                                                                   "HH24:MI:SS.US",        "HH24:MI:SSTZH:TZM",
                                                                                   "HH24:MI:SSTZH",        "HH24:MI:SS"};
    PathItem result = {.kind = 'd'};
    Error error;
    bool hard = false;
    error_init(&error, exec->arena);
    if (item->kind != '"')
        return path_fail(exec, ERRCODE_INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION,
                         "jsonpath item method .datetime() can only be applied to a string");
    const char *text = arena_strndup(exec->arena, item->text, item->len);
    if (node->left) {
        if (!format_read_datetime(text, node->left->text, exec->arena, &result.datetime, &hard, &error)) {
            exec->failed = exec->failed || exec->throwing || hard;
            if (exec->failed)
                error_copy(exec->error, &error);
            return PATH_ERROR;
        }
        return path_continue(exec, node, &result, found);
    }
    bool fits = format_read_datetime(text, "yyyy-mm-dd", exec->arena, &result.datetime, &hard, &error);
    for (size_t i = 0; i < COUNT_OF(DATES) * COUNT_OF(TIMES) && !fits; i++) {
        const char *format = arena_printf(exec->arena, "%s%s", DATES[i / COUNT_OF(TIMES)], TIMES[i % COUNT_OF(TIMES)]);
        fits = format_read_datetime(text, format, exec->arena, &result.datetime, &hard, &error);
    }
    if (fits)
        return path_continue(exec, node, &result, found);
    path_fail(exec, ERRCODE_INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION, "datetime format is not recognized: \"%s\"", text);
    if (exec->failed)
        error_hint(exec->error, "Use a datetime template argument to specify the input data format.");
    return PATH_ERROR;
}

/* {"id": 0, "key": ..., "value": ...} */
static JsonPart pair_object(PathExec *exec, JsonMember member, int64_t id)
{
    Str out;
    str_init(&out, exec->arena);
    str_addf(&out, "{\"id\": %lld, \"key\": %.*s, \"value\": %.*s}", (long long)id, (int)member.key.len, member.key.text,
             (int)member.value.len, member.value.text);
    return (JsonPart){out.data, out.len};
}

static PathResult run_keyvalue(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    if (item->kind != '{')
        return path_fail(exec, ERRCODE_SQL_JSON_OBJECT_NOT_FOUND, "jsonpath item method .keyvalue() can only be applied to an object");
    JsonPart object = {item->text, item->len}, base = exec->base;
    JsonMembers members = json_members(object, exec->arena);
    int64_t outer = exec->base_id, id = path_offset(base, object, exec->arena) + outer * INT64_C(10000000000);
    PathResult result = PATH_NOT_FOUND;
    for (size_t i = 0; i < members.count; i++) {
        if (!node->next && !found)
            return PATH_OK;
        exec->base = pair_object(exec, members.items[i], id);
        exec->base_id = exec->last_made_id++;
        PathItem pair = path_item(exec->base, exec->arena);
        result = path_continue(exec, node, &pair, found);
        exec->base = base;
        exec->base_id = outer;
        if (result == PATH_ERROR || (result == PATH_OK && !found))
            break;
    }
    return result;
}

PathResult path_method(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found, bool unwrap)
{
    if (node->kind == JSONPATH_TYPE)
        return run_type(exec, node, item, found);
    if (node->kind == JSONPATH_SIZE)
        return run_size(exec, node, item, found);
    if (unwrap && path_is_array(item))
        return path_run_elements(exec, node, item, found, false);
    switch (node->kind) {
    case JSONPATH_DOUBLE:
        return run_double(exec, node, item, found);
    case JSONPATH_DATETIME:
        return run_datetime(exec, node, item, found);
    case JSONPATH_KEYVALUE:
        return run_keyvalue(exec, node, item, found);
    default:
        return run_numeric(exec, node, item, found);
    }
}
