/*
 * jsonpath_exec.c - runs SQL/JSON paths: literals, variables and accessors.
 *
 *  1. A path is run item by item, each accessor handing what it finds to the next; `found` NULL stops at the first.
 *  2. Lax mode unwraps arrays before members and filters, and takes a single item for an array of one.
 *  3. Once `failed`, results mean nothing: callers look at it last.
 * Any thread. Nesting is bounded by what the parsers take (jsonpath_parse, json), so is the stack.
 */
#include "func/jsonpath_exec.h"

#include <stdlib.h>

static PathResult set_error(PathExec *exec, const char *sqlstate, const char *format, va_list args)
{
    if (!exec->failed)
        error_set(exec->error, sqlstate, "%s", arena_vprintf(exec->arena, format, args));
    exec->failed = true;
    return PATH_ERROR;
}

PathResult path_fail(PathExec *exec, const char *sqlstate, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (exec->throwing)
        set_error(exec, sqlstate, format, args);
    va_end(args);
    return PATH_ERROR;
}

PathResult path_fail_always(PathExec *exec, const char *sqlstate, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    PathResult result = set_error(exec, sqlstate, format, args);
    va_end(args);
    return result;
}

PathResult path_continue(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    if (node && node->next)
        return path_run(exec, node->next, item, found);
    if (found)
        vec_push(exec->arena, found, *item);
    return PATH_OK;
}

/* What does not fit the structure: nothing, or an error. */
static PathResult misfit(PathExec *exec, const char *sqlstate, const char *message)
{
    return exec->ignoring ? PATH_NOT_FOUND : path_fail(exec, sqlstate, "%s", message);
}

/* ---- members and elements ---- */

typedef struct AnyLevel {
    const JsonPathNode *node; /* what is run on each; NULL: they are the results */
    uint32_t first, last;
    bool ignoring, unwrap;
} AnyLevel;

static PathResult run_one(PathExec *exec, const AnyLevel *any, const PathItem *item, PathItems *found)
{
    if (!any->node) {
        if (found)
            vec_push(exec->arena, found, *item);
        return PATH_OK;
    }
    bool ignoring = exec->ignoring;
    exec->ignoring = ignoring || any->ignoring;
    PathResult result = path_run_unwrapping(exec, any->node, item, found, any->unwrap);
    exec->ignoring = ignoring;
    return result;
}

/* What lies in the container at the levels that are wanted. */
static PathResult run_any(PathExec *exec, const AnyLevel *any, const PathItem *container, uint32_t level, PathItems *found)
{
    PathResult result = PATH_NOT_FOUND;
    if (level > any->last)
        return result;
    JsonMembers members = json_members((JsonPart){container->text, container->len}, exec->arena);
    for (size_t i = 0; i < members.count; i++) {
        PathItem item = path_item(members.items[i].value, exec->arena);
        bool is_container = json_is_container(members.items[i].value);
        bool is_leaf = any->first == JSONPATH_LAST_LEVEL && any->last == JSONPATH_LAST_LEVEL && !is_container;
        if (level >= any->first || is_leaf) {
            result = run_one(exec, any, &item, found);
            if (result == PATH_ERROR || (result == PATH_OK && !found))
                break;
        }
        if (level < any->last && is_container) {
            result = run_any(exec, any, &item, level + 1, found);
            if (result == PATH_ERROR || (result == PATH_OK && !found))
                break;
        }
    }
    return result;
}

PathResult path_run_elements(PathExec *exec, const JsonPathNode *node, const PathItem *array, PathItems *found, bool unwrap)
{
    AnyLevel any = {.node = node, .first = 1, .last = 1, .unwrap = unwrap};
    return run_any(exec, &any, array, 1, found);
}

static PathResult run_key(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found, bool unwrap)
{
    if (item->kind == '{') {
        JsonPart value = json_field((JsonPart){item->text, item->len}, node->text, node->len, exec->arena);
        if (!value.text)
            return exec->ignoring
                       ? PATH_NOT_FOUND
                       : path_fail(exec, ERRCODE_SQL_JSON_MEMBER_NOT_FOUND, "JSON object does not contain key \"%s\"", node->text);
        PathItem member = path_item(value, exec->arena);
        return path_continue(exec, node, &member, found);
    }
    if (unwrap && path_is_array(item))
        return path_run_elements(exec, node, item, found, false);
    return misfit(exec, ERRCODE_SQL_JSON_MEMBER_NOT_FOUND, "jsonpath member accessor can only be applied to an object");
}

static PathResult run_any_key(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found, bool unwrap)
{
    if (item->kind == '{')
        return path_run_elements(exec, node->next, item, found, exec->lax);
    if (unwrap && path_is_array(item))
        return path_run_elements(exec, node, item, found, false);
    return misfit(exec, ERRCODE_SQL_JSON_OBJECT_NOT_FOUND, "jsonpath wildcard member accessor can only be applied to an object");
}

static PathResult run_any_array(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    if (path_is_array(item))
        return path_run_elements(exec, node->next, item, found, exec->lax);
    if (exec->lax)
        return path_continue(exec, node, item, found);
    return misfit(exec, ERRCODE_SQL_JSON_ARRAY_NOT_FOUND, "jsonpath wildcard array accessor can only be applied to an array");
}

static PathResult run_any_level(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    PathResult result = PATH_NOT_FOUND;
    if (node->first == 0) {
        bool ignoring = exec->ignoring;
        exec->ignoring = true;
        result = path_continue(exec, node, item, found);
        exec->ignoring = ignoring;
        if (result == PATH_OK && !found)
            return result;
    }
    AnyLevel any = {.node = node->next, .first = node->first, .last = node->last, .ignoring = true, .unwrap = exec->lax};
    return item->kind == '{' || item->kind == '[' ? run_any(exec, &any, item, 1, found) : result;
}

/* ---- subscripts ---- */

static PathResult read_subscript(PathExec *exec, const JsonPathNode *node, const PathItem *item, int64_t *index)
{
    PathItems found = {0};
    PathResult result = path_run(exec, node, item, &found);
    if (result == PATH_ERROR)
        return result;
    if (found.count != 1 || found.items[0].kind != '0')
        return path_fail(exec, ERRCODE_INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is not a single numeric value");
    const char *whole;
    Error ignored;
    error_init(&ignored, exec->arena);
    if (!numeric_trunc(found.items[0].text, 0, exec->arena, &whole, &ignored) ||
        !numeric_to_int(whole, INT32_MIN, INT32_MAX, "integer", index, &ignored))
        return path_fail(exec, ERRCODE_INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of integer range");
    return PATH_OK;
}

static PathResult run_subscript(PathExec *exec, const JsonPathNode *node, const JsonPathSubscript *subscript, const PathItem *item,
                                const PathItems *elements, PathItems *found)
{
    int64_t from, to, size = (int64_t)elements->count;
    PathResult result = read_subscript(exec, subscript->from, item, &from);
    to = from;
    if (result != PATH_ERROR && subscript->to)
        result = read_subscript(exec, subscript->to, item, &to);
    if (result == PATH_ERROR)
        return result;
    if (!exec->ignoring && (from < 0 || from > to || to >= size))
        return path_fail(exec, ERRCODE_INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of bounds");
    result = PATH_NOT_FOUND;
    for (int64_t i = from < 0 ? 0 : from; i <= to && i < size; i++) {
        if (!node->next && !found)
            return PATH_OK;
        result = path_continue(exec, node, &elements->items[i], found);
        if (result == PATH_ERROR || (result == PATH_OK && !found))
            break;
    }
    return result;
}

static PathResult run_subscripts(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    if (!path_is_array(item) && !exec->lax)
        return misfit(exec, ERRCODE_SQL_JSON_ARRAY_NOT_FOUND, "jsonpath array accessor can only be applied to an array");
    PathItems elements = {0};
    if (path_is_array(item)) {
        AnyLevel all = {.first = 1, .last = 1};
        run_any(exec, &all, item, 1, &elements);
    } else {
        vec_push(exec->arena, &elements, *item);
    }
    int outer = exec->array_size;
    PathResult result = PATH_NOT_FOUND;
    exec->array_size = (int)elements.count;
    for (size_t i = 0; i < node->subscripts.count; i++) {
        result = run_subscript(exec, node, &node->subscripts.items[i], item, &elements, found);
        if (result == PATH_ERROR || (result == PATH_OK && !found))
            break;
    }
    exec->array_size = outer;
    return result;
}

/* ---- roots ---- */

static bool find_variable(PathExec *exec, const JsonPathNode *node, PathItem *out)
{
    JsonPart value = exec->vars.text ? json_field(exec->vars, node->text, node->len, exec->arena) : (JsonPart){0};
    if (!value.text) {
        path_fail_always(exec, ERRCODE_UNDEFINED_OBJECT, "could not find jsonpath variable \"%s\"", node->text);
        return false;
    }
    *out = path_item(value, exec->arena);
    exec->base = exec->vars;
    exec->base_id = 1;
    return true;
}

bool path_constant(PathExec *exec, const JsonPathNode *node, PathItem *out)
{
    switch (node->kind) {
    case JSONPATH_VARIABLE:
        return find_variable(exec, node, out);
    case JSONPATH_NULL:
        *out = path_truth(PATH_UNKNOWN);
        return true;
    case JSONPATH_BOOL:
        *out = path_truth(node->truth ? PATH_TRUE : PATH_FALSE);
        return true;
    default:
        *out = node->kind == JSONPATH_NUMBER ? path_number(node->text) : path_text(node->text, node->len);
        return true;
    }
}

static PathResult run_constant(PathExec *exec, const JsonPathNode *node, PathItems *found)
{
    if (!node->next && !found && node->kind != JSONPATH_VARIABLE)
        return PATH_OK;
    JsonPart base = exec->base;
    int64_t id = exec->base_id;
    PathItem item;
    PathResult result = path_constant(exec, node, &item) ? path_continue(exec, node, &item, found) : PATH_ERROR;
    exec->base = base;
    exec->base_id = id;
    return result;
}

static PathResult run_root(PathExec *exec, const JsonPathNode *node, PathItems *found)
{
    JsonPart base = exec->base;
    int64_t id = exec->base_id;
    exec->base = (JsonPart){exec->root.text, exec->root.len};
    exec->base_id = 0;
    PathResult result = path_continue(exec, node, &exec->root, found);
    exec->base = base;
    exec->base_id = id;
    return result;
}

static PathResult run_last(PathExec *exec, const JsonPathNode *node, PathItems *found)
{
    if (exec->array_size < 0)
        return path_fail_always(exec, ERRCODE_INTERNAL_ERROR, "evaluating jsonpath LAST outside of array subscript");
    if (!found && !node->next)
        return PATH_OK;
    PathItem last = path_number(arena_printf(exec->arena, "%d", exec->array_size - 1));
    return path_continue(exec, node, &last, found);
}

/* Only the truth of a condition remains; what it made on its way goes, for each item of a large array makes as much. */
static PathTruth test_apart(PathExec *exec, const JsonPathNode *node, const PathItem *item)
{
    Arena *outer = exec->arena;
    exec->arena = arena_open(NULL);
    PathTruth truth = path_test(exec, node, item);
    arena_close(exec->arena);
    exec->arena = outer;
    return truth;
}

static PathResult run_filter(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found, bool unwrap)
{
    if (unwrap && path_is_array(item))
        return path_run_elements(exec, node, item, found, false);
    PathItem outer = exec->current;
    exec->current = *item;
    PathTruth truth = test_apart(exec, node->left, item);
    exec->current = outer;
    return truth == PATH_TRUE ? path_continue(exec, node, item, found) : PATH_NOT_FOUND;
}

static PathResult run_test(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    PathTruth truth = path_test(exec, node, item);
    if (!node->next && !found)
        return PATH_OK;
    PathItem result = path_truth(truth);
    return path_continue(exec, node, &result, found);
}

/* ---- any of them ---- */

static PathResult run_node(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found, bool unwrap)
{
    switch (node->kind) {
    case JSONPATH_KEY:
        return run_key(exec, node, item, found, unwrap);
    case JSONPATH_ANY_KEY:
        return run_any_key(exec, node, item, found, unwrap);
    case JSONPATH_ANY_ARRAY:
        return run_any_array(exec, node, item, found);
    case JSONPATH_INDEX_ARRAY:
        return run_subscripts(exec, node, item, found);
    case JSONPATH_ANY:
        return run_any_level(exec, node, item, found);
    case JSONPATH_ROOT:
        return run_root(exec, node, found);
    case JSONPATH_CURRENT:
        return path_continue(exec, node, &exec->current, found);
    case JSONPATH_LAST:
        return run_last(exec, node, found);
    case JSONPATH_FILTER:
        return run_filter(exec, node, item, found, unwrap);
    case JSONPATH_NULL:
    case JSONPATH_BOOL:
    case JSONPATH_NUMBER:
    case JSONPATH_STRING:
    case JSONPATH_VARIABLE:
        return run_constant(exec, node, found);
    case JSONPATH_PLUS:
    case JSONPATH_MINUS:
        return path_sign(exec, node, item, found);
    default:
        break;
    }
    if (node->kind >= JSONPATH_AND && node->kind <= JSONPATH_EXISTS)
        return run_test(exec, node, item, found);
    if (node->kind >= JSONPATH_ADD && node->kind <= JSONPATH_MOD)
        return path_arithmetic(exec, node, item, found);
    return path_method(exec, node, item, found, unwrap);
}

PathResult path_run_unwrapping(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found, bool unwrap)
{
    enum { STEPS_A_LOOK = 4096 };
    if (++exec->steps % STEPS_A_LOOK == 0 && !exec->failed && !func_goes_on(exec->call))
        exec->failed = true;
    return exec->failed ? PATH_ERROR : run_node(exec, node, item, found, unwrap);
}

PathResult path_run(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found)
{
    return path_run_unwrapping(exec, node, item, found, exec->lax);
}

PathResult path_run_result(PathExec *exec, const JsonPathNode *node, const PathItem *item, bool unwrap, PathItems *found)
{
    PathItems results = {0};
    if (!unwrap || !exec->lax)
        return path_run(exec, node, item, found);
    PathResult result = path_run(exec, node, item, &results);
    if (result == PATH_ERROR)
        return result;
    for (size_t i = 0; i < results.count; i++) {
        if (path_is_array(&results.items[i]))
            path_run_elements(exec, NULL, &results.items[i], found, false);
        else
            vec_push(exec->arena, found, results.items[i]);
    }
    return PATH_OK;
}
