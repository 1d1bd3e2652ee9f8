/*
 * jsonpath_exec.h - running SQL/JSON paths: what the jsonpath_*.c files share.
 *
 * The rules are those of PostgreSQL's manual, 9.16.2. An item is a piece of the document that is asked, which stays where it stands in its
 * text, or something computed.
 */
#ifndef MEDLEY_FUNC_JSONPATH_EXEC_H
#define MEDLEY_FUNC_JSONPATH_EXEC_H

#include "func/func_json.h"
#include "func/regex.h"
#include "type/jsonpath.h"

typedef enum PathResult { PATH_OK, PATH_NOT_FOUND, PATH_ERROR } PathResult;
typedef enum PathTruth { PATH_FALSE, PATH_TRUE, PATH_UNKNOWN } PathTruth;

/* kind: json_kind of JSON ('t' or 'f', 'n', '0', '"', '[', '{'), or 'd': a date or time. */
typedef struct PathItem {
    char kind;
    const char *text; /* of JSON: canonical; of strings: what they mean */
    size_t len;
    FormatDatetime datetime;
} PathItem;
typedef VEC(PathItem) PathItems;

typedef struct PathExec {
    FuncCall *call;
    Arena *arena;
    Error *error;
    JsonPart vars; /* text NULL: none */
    PathItem root, current;
    /* The document or the made object that items lie in, and its number: .keyvalue() makes ids of them. */
    JsonPart base;
    int64_t base_id, last_made_id;
    int array_size;     /* of the innermost subscripted array; -1: none */
    bool lax, ignoring; /* what does not fit the structure */
    bool throwing;      /* an error is the statement's; otherwise it is a result */
    bool use_zone;
    unsigned steps;
    bool failed; /* `error` is set, and nothing else counts */
} PathExec;

/* found NULL: whether there is one is all that is asked. */
PathResult path_run(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found);
PathResult path_run_unwrapping(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found, bool unwrap);
/* The accessor behind `node`, or, when there is none, the item itself. */
PathResult path_continue(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found);
/* Every element of the array. */
PathResult path_run_elements(PathExec *exec, const JsonPathNode *node, const PathItem *array, PathItems *found, bool unwrap);
/* In lax mode the elements of arrays among the results, in place of the arrays. */
PathResult path_run_result(PathExec *exec, const JsonPathNode *node, const PathItem *item, bool unwrap, PathItems *found);
PathTruth path_test(PathExec *exec, const JsonPathNode *node, const PathItem *item);
PathResult path_arithmetic(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found);
PathResult path_sign(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found);
PathResult path_method(PathExec *exec, const JsonPathNode *node, const PathItem *item, PathItems *found, bool unwrap);
/* Of a literal or a variable. false: failed. */
bool path_constant(PathExec *exec, const JsonPathNode *node, PathItem *out);

/* An error that a silent run swallows: gives PATH_ERROR. */
PathResult path_fail(PathExec *exec, const char *sqlstate, const char *format, ...) PRINTF_LIKE(3, 4);
/* One that no run does. */
PathResult path_fail_always(PathExec *exec, const char *sqlstate, const char *format, ...) PRINTF_LIKE(3, 4);

/* ---- items ---- */

PathItem path_item(JsonPart part, Arena *arena);
PathItem path_number(const char *text);
PathItem path_text(const char *text, size_t len);
PathItem path_truth(PathTruth truth);
static inline bool path_is_array(const PathItem *item)
{
    return item->kind == '[';
}
const char *path_datetime_text(const FormatDatetime *datetime, Arena *arena);
void path_write(const PathItem *item, Arena *arena, Str *out);
/* How a container is told from others in the same document: its place in PostgreSQL's binary form. */
int64_t path_offset(JsonPart base, JsonPart container, Arena *arena);

#endif
