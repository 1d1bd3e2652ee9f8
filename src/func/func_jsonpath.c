/*
 * func_jsonpath.c - the functions and operators that run SQL/JSON paths over jsonb: jsonb_path_exists and its kin, @? and @@.
 *
 *  1. Operators are silent and have no variables; the functions take both as arguments.
 *  2. The functions whose names end in _tz may use the session's time zone.
 * Any thread.
 */
#include "func/jsonpath_exec.h"

static bool is_silent(const FuncCall *call)
{
    return call->nargs < 4 || call->args[3].b;
}

static bool uses_zone(const FuncCall *call)
{
    const char *name = func_fact(call->proc)->name;
    return str_eq(name + strlen(name) - 3, "_tz");
}

/* found NULL: *result says whether there is one. */
static bool run(FuncCall *call, PathItems *found, PathResult *result)
{
    const Value *text = &call->args[1];
    PathItems all = {0};
    JsonPath path;
    PathExec exec = {.call = call, .arena = call->arena, .error = call->error, .array_size = -1};
    if (!jsonpath_parse(text->s.ptr, text->s.len, &path, call->arena, call->error))
        return false;
    exec.root = exec.current = path_item(json_arg(call, 0), call->arena);
    exec.last_made_id = 1;
    if (call->nargs >= 4) {
        exec.vars = json_arg(call, 2);
        exec.last_made_id = 2;
        if (json_kind(exec.vars) != '{') {
            error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "\"vars\" argument is not an object");
            return error_detail(call->error, "Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.");
        }
    }
    exec.lax = exec.ignoring = !path.strict;
    exec.throwing = !is_silent(call);
    exec.use_zone = uses_zone(call);
    /* Strict mode is to know that there is no error at all. */
    *result = path_run(&exec, path.root, &exec.root, found || exec.lax ? found : &all);
    if (!found && !exec.lax && *result != PATH_ERROR)
        *result = all.count ? PATH_OK : PATH_NOT_FOUND;
    return !exec.failed;
}

static bool path_exists(FuncCall *call)
{
    PathResult result;
    if (!run(call, NULL, &result))
        return false;
    return result == PATH_ERROR ? return_null(call) : return_bool(call, result == PATH_OK);
}

static bool path_match(FuncCall *call)
{
    PathItems found = {0};
    PathResult result;
    if (!run(call, &found, &result))
        return false;
    char kind = found.count == 1 ? found.items[0].kind : '\0';
    if (kind == 't' || kind == 'f')
        return return_bool(call, kind == 't');
    if (kind == 'n' || is_silent(call))
        return return_null(call);
    return error_set(call->error, ERRCODE_SINGLETON_SQL_JSON_ITEM_REQUIRED, "single boolean result is expected");
}

static bool path_query_array(FuncCall *call)
{
    PathItems found = {0};
    PathResult result;
    if (!run(call, &found, &result))
        return false;
    Str out;
    str_init(&out, call->arena);
    str_addc(&out, '[');
    for (size_t i = 0; i < found.count; i++) {
        str_add(&out, i ? ", " : "");
        path_write(&found.items[i], call->arena, &out);
    }
    str_addc(&out, ']');
    return return_bytes(call, out.data, out.len);
}

static bool path_query_first(FuncCall *call)
{
    PathItems found = {0};
    PathResult result;
    if (!run(call, &found, &result))
        return false;
    if (!found.count)
        return return_null(call);
    Str out;
    str_init(&out, call->arena);
    path_write(&found.items[0], call->arena, &out);
    return return_bytes(call, out.data, out.len);
}

static bool path_query(FuncSetCall *set)
{
    PathItems found = {0};
    PathResult result;
    if (!run(&set->call, &found, &result))
        return false;
    for (size_t i = 0; i < found.count; i++) {
        Str out;
        str_init(&out, set->call.arena);
        path_write(&found.items[i], set->call.arena, &out);
        Value row = value_text(out.data, out.len);
        if (!set->emit(set->sink, &row, 1))
            return true;
    }
    return true;
}

static const FuncRow ROWS[] = {
    {F_JSONB_PATH_EXISTS_OPR_JSONB_JSONPATH, path_exists},
    {F_JSONB_PATH_MATCH_OPR_JSONB_JSONPATH, path_match},
    {F_JSONB_PATH_EXISTS_JSONB_JSONPATH_JSONB_BOOL, path_exists},
    {F_JSONB_PATH_EXISTS_TZ_JSONB_JSONPATH_JSONB_BOOL, path_exists},
    {F_JSONB_PATH_MATCH_JSONB_JSONPATH_JSONB_BOOL, path_match},
    {F_JSONB_PATH_MATCH_TZ_JSONB_JSONPATH_JSONB_BOOL, path_match},
    {F_JSONB_PATH_QUERY_ARRAY_JSONB_JSONPATH_JSONB_BOOL, path_query_array},
    {F_JSONB_PATH_QUERY_ARRAY_TZ_JSONB_JSONPATH_JSONB_BOOL, path_query_array},
    {F_JSONB_PATH_QUERY_FIRST_JSONB_JSONPATH_JSONB_BOOL, path_query_first},
    {F_JSONB_PATH_QUERY_FIRST_TZ_JSONB_JSONPATH_JSONB_BOOL, path_query_first},
};
const FuncTable FUNC_TABLE_JSONPATH = {ROWS, COUNT_OF(ROWS)};

static const FuncSetRow SETS[] = {
    {F_JSONB_PATH_QUERY_JSONB_JSONPATH_JSONB_BOOL, path_query},
    {F_JSONB_PATH_QUERY_TZ_JSONB_JSONPATH_JSONB_BOOL, path_query},
};
const FuncSetTable FUNC_SETS_JSONPATH = {SETS, COUNT_OF(SETS)};
