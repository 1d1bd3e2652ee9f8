/*
 * jsonpath_predicate.c - what is true, false or unknown in a running SQL/JSON path.
 *
 *  1. Errors inside a predicate make it unknown; only those that no run swallows (path_fail_always) go further.
 *  2. In lax mode the first pair that fits decides; in strict mode all are tried, and an unknown one makes the whole unknown.
 * Any thread.
 */
#include "func/func_time.h"
#include "func/jsonpath_exec.h"

#include <stdlib.h>

/* right NULL: there is one operand. */
typedef PathTruth (*Compare)(PathExec *exec, const JsonPathNode *node, const PathItem *left, const PathItem *right);

static PathResult run_quietly(PathExec *exec, const JsonPathNode *node, const PathItem *item, bool unwrap, PathItems *found)
{
    bool throwing = exec->throwing;
    exec->throwing = false;
    PathResult result = path_run_result(exec, node, item, unwrap, found);
    exec->throwing = throwing;
    return result;
}

/* ---- comparison ---- */

static int order_of(int64_t left, int64_t right)
{
    return left < right ? -1 : left > right;
}

/* As a timestamp: a date that is later than any is later than all of them. */
static int64_t micros_of(const FormatDatetime *datetime)
{
    int64_t micros = datetime->value;
    return datetime->type == TYPE_DATE && __builtin_mul_overflow(datetime->value, DAY_MICROS, &micros) ? INT64_MAX : micros;
}

/* In a zone: what the session's makes of it. */
static int64_t instant_of(PathExec *exec, const FormatDatetime *datetime)
{
    int64_t micros = micros_of(datetime);
    bool is_instant = datetime->type == TYPE_TIMESTAMPTZ || micros == INT64_MAX;
    return is_instant ? micros : timezone_to_utc(time_session_zone(exec->call), micros);
}

static const char *zoneless_name(Oid type)
{
    return type == TYPE_DATE ? "date" : type == TYPE_TIME ? "time" : "timestamp";
}

static bool may_use_zone(PathExec *exec, const FormatDatetime *left, const FormatDatetime *right, Oid zoned)
{
    const FormatDatetime *other = left->type == zoned ? right : left;
    if (exec->use_zone || (left->type == zoned) == (right->type == zoned))
        return true;
    path_fail_always(exec, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot convert value from %s to %s without time zone usage",
                     zoneless_name(other->type), zoned == TYPE_TIMETZ ? "timetz" : "timestamptz");
    return error_hint(exec->error, "Use *_tz() function for time zone support.");
}

static int east_of(PathExec *exec, const FormatDatetime *time)
{
    if (time->type == TYPE_TIMETZ)
        return time->east;
    return timezone_offset_at(time_session_zone(exec->call), exec->call->context->transaction_start, NULL);
}

/* false: they cannot be compared. */
static bool order_times(PathExec *exec, const FormatDatetime *left, const FormatDatetime *right, int *order)
{
    bool zoned = left->type == TYPE_TIMETZ || right->type == TYPE_TIMETZ;
    if (!may_use_zone(exec, left, right, TYPE_TIMETZ))
        return false;
    int left_east = zoned ? east_of(exec, left) : 0, right_east = zoned ? east_of(exec, right) : 0;
    *order = order_of(left->value - left_east * SECOND_MICROS, right->value - right_east * SECOND_MICROS);
    if (!*order)
        *order = order_of(right_east, left_east);
    return true;
}

static bool order_datetimes(PathExec *exec, const FormatDatetime *left, const FormatDatetime *right, int *order)
{
    bool left_is_time = left->type == TYPE_TIME || left->type == TYPE_TIMETZ;
    bool right_is_time = right->type == TYPE_TIME || right->type == TYPE_TIMETZ;
    if (left_is_time != right_is_time)
        return false;
    if (left_is_time)
        return order_times(exec, left, right, order);
    if (!may_use_zone(exec, left, right, TYPE_TIMESTAMPTZ))
        return false;
    if (left->type == right->type)
        *order = order_of(left->value, right->value);
    else if (left->type == TYPE_TIMESTAMPTZ || right->type == TYPE_TIMESTAMPTZ)
        *order = order_of(instant_of(exec, left), instant_of(exec, right));
    else
        *order = order_of(micros_of(left), micros_of(right));
    return true;
}

static int order_texts(const PathItem *left, const PathItem *right)
{
    size_t shared = left->len < right->len ? left->len : right->len;
    int order = shared ? memcmp(left->text, right->text, shared) : 0;
    return order ? order : order_of((int64_t)left->len, (int64_t)right->len);
}

static char class_of(const PathItem *item)
{
    return item->kind == 'f' ? 't' : item->kind;
}

static bool order_items(PathExec *exec, const PathItem *left, const PathItem *right, int *order)
{
    switch (class_of(left)) {
    case 'n':
        *order = 0;
        return true;
    case 't':
        *order = order_of(left->kind == 't', right->kind == 't');
        return true;
    case '0':
        *order = numeric_compare(left->text, right->text);
        return true;
    case '"':
        *order = order_texts(left, right);
        return true;
    case 'd':
        return order_datetimes(exec, &left->datetime, &right->datetime, order);
    default:
        return false; /* arrays and objects */
    }
}

static PathTruth compare_items(PathExec *exec, const JsonPathNode *node, const PathItem *left, const PathItem *right)
{
    int order;
    if (class_of(left) != class_of(right)) {
        if (left->kind == 'n' || right->kind == 'n')
            return node->kind == JSONPATH_NOT_EQUAL ? PATH_TRUE : PATH_FALSE;
        return PATH_UNKNOWN;
    }
    if (!order_items(exec, left, right, &order))
        return PATH_UNKNOWN;
    switch (node->kind) {
    case JSONPATH_EQUAL:
        return order == 0 ? PATH_TRUE : PATH_FALSE;
    case JSONPATH_NOT_EQUAL:
        return order != 0 ? PATH_TRUE : PATH_FALSE;
    case JSONPATH_LESS:
        return order < 0 ? PATH_TRUE : PATH_FALSE;
    case JSONPATH_GREATER:
        return order > 0 ? PATH_TRUE : PATH_FALSE;
    case JSONPATH_LESS_OR_EQUAL:
        return order <= 0 ? PATH_TRUE : PATH_FALSE;
    default:
        return order >= 0 ? PATH_TRUE : PATH_FALSE;
    }
}

/* ---- texts ---- */

static PathTruth starts_with(PathExec *exec, const JsonPathNode *node, const PathItem *whole, const PathItem *initial)
{
    if (whole->kind != '"' || initial->kind != '"')
        return PATH_UNKNOWN;
    bool starts = whole->len >= initial->len && memcmp(whole->text, initial->text, initial->len) == 0;
    return starts ? PATH_TRUE : PATH_FALSE;
}

static PathTruth like_regex(PathExec *exec, const JsonPathNode *node, const PathItem *text, const PathItem *unused)
{
    bool found;
    if (text->kind != '"')
        return PATH_UNKNOWN;
    Regex *regex = regex_cached(node->text, node->len, jsonpath_regex_flags(node->flags), exec->error);
    if (!regex || !regex_test(regex, text->text, text->len, &found, exec->arena, exec->error)) {
        exec->failed = true;
        return PATH_UNKNOWN;
    }
    return found ? PATH_TRUE : PATH_FALSE;
}

/* ---- all pairs ---- */

static PathTruth test_pairs(PathExec *exec, const JsonPathNode *node, const PathItem *item, bool unwrap_right, Compare compare)
{
    PathItems left = {0}, right = {0};
    bool any_unknown = false, any_true = false;
    if (run_quietly(exec, node->left, item, true, &left) == PATH_ERROR)
        return PATH_UNKNOWN;
    if (node->right && run_quietly(exec, node->right, item, unwrap_right, &right) == PATH_ERROR)
        return PATH_UNKNOWN;
    size_t npairs = node->right ? right.count : 1;
    for (size_t i = 0; i < left.count; i++) {
        for (size_t j = 0; j < npairs && !exec->failed; j++) {
            PathTruth truth = compare(exec, node, &left.items[i], node->right ? &right.items[j] : NULL);
            if (truth == PATH_UNKNOWN && !exec->lax)
                return PATH_UNKNOWN;
            if (truth == PATH_TRUE && exec->lax)
                return PATH_TRUE;
            any_unknown = any_unknown || truth == PATH_UNKNOWN;
            any_true = any_true || truth == PATH_TRUE;
        }
    }
    return any_true ? PATH_TRUE : any_unknown ? PATH_UNKNOWN : PATH_FALSE;
}

static PathTruth test_exists(PathExec *exec, const JsonPathNode *node, const PathItem *item)
{
    PathItems found = {0};
    PathResult result = run_quietly(exec, node->left, item, false, exec->lax ? NULL : &found);
    if (result == PATH_ERROR)
        return PATH_UNKNOWN;
    return (exec->lax ? result == PATH_OK : found.count > 0) ? PATH_TRUE : PATH_FALSE;
}

PathTruth path_test(PathExec *exec, const JsonPathNode *node, const PathItem *item)
{
    PathTruth truth, other;
    if (exec->failed)
        return PATH_UNKNOWN;
    switch (node->kind) {
    case JSONPATH_AND:
        truth = path_test(exec, node->left, item);
        other = truth == PATH_FALSE ? PATH_FALSE : path_test(exec, node->right, item);
        return other == PATH_TRUE ? truth : other;
    case JSONPATH_OR:
        truth = path_test(exec, node->left, item);
        other = truth == PATH_TRUE ? PATH_TRUE : path_test(exec, node->right, item);
        return other == PATH_FALSE ? truth : other;
    case JSONPATH_NOT:
        truth = path_test(exec, node->left, item);
        return truth == PATH_UNKNOWN ? truth : truth == PATH_TRUE ? PATH_FALSE : PATH_TRUE;
    case JSONPATH_IS_UNKNOWN:
        return path_test(exec, node->left, item) == PATH_UNKNOWN ? PATH_TRUE : PATH_FALSE;
    case JSONPATH_STARTS_WITH:
        return test_pairs(exec, node, item, false, starts_with);
    case JSONPATH_LIKE_REGEX:
        return test_pairs(exec, node, item, false, like_regex);
    case JSONPATH_EXISTS:
        return test_exists(exec, node, item);
    default:
        return test_pairs(exec, node, item, true, compare_items);
    }
}
