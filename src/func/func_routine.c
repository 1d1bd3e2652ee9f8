/*
 * func_routine.c - routines described: pg_get_functiondef, their arguments, defaults and results (PostgreSQL manual, section 9.26.4).
 *
 * Invariants:
 *  1. A parameter's default is an item of pg_proc.proargdefaults, which holds expressions separated by commas.
 *
 * Any thread, several at once.
 */
#include <stdlib.h>

#include "func/func_internal.h"

static const char *type_name(FuncCall *call, Oid type)
{
    const char *name = catalog_format_type(call->context->catalog, type, TYPMOD_NOT_GIVEN, call->arena);
    return name ? name : "???";
}

/* ---- parameters ---- */

/* Where the item that starts at `at` ends: at a comma outside of quotes and parentheses. */
static const char *item_end(const char *at)
{
    char quote = 0;
    for (int depth = 0; *at; at++) {
        if (quote) {
            quote = *at == quote ? 0 : quote;
        } else if (*at == '\'' || *at == '"') {
            quote = *at;
        } else if (strchr("([", *at)) {
            depth++;
        } else if (strchr(")]", *at)) {
            depth--;
        } else if (*at == ',' && !depth) {
            break;
        }
    }
    return at;
}

static const char *nth_default(const CatProc *proc, int n, Arena *arena)
{
    const char *at = proc->defaults, *end = at ? item_end(at) : NULL;
    for (; at && n > 0; n--) {
        if (!*end)
            return NULL;
        at = end + 1;
        end = item_end(at);
    }
    while (at && *at == ' ')
        at++;
    return at ? arena_strndup(arena, at, (size_t)(end - at)) : NULL;
}

/* input: number among the input parameters, from 0. */
static const char *default_of(FuncCall *call, const CatProc *proc, int input)
{
    int n = input - (proc->nargs - proc->ndefaults);
    const char *stored = n < 0 ? NULL : nth_default(proc, n, call->arena);
    return stored ? func_stored_expr(call, &(FuncStoredText){.text = stored}) : NULL;
}

static void add_argument(FuncCall *call, const CatProc *proc, int index, char mode, const char *default_text, Str *out)
{
    static const char *const MODES[] = {['o'] = "OUT ", ['b'] = "INOUT ", ['v'] = "VARIADIC ", ['i'] = "", ['t'] = ""};
    str_add(out, mode == 'i' && proc->kind == 'p' ? "IN " : MODES[(unsigned char)mode]);
    if (proc->arg_names && proc->arg_names[index] && proc->arg_names[index][0])
        str_addf(out, "%s ", catalog_quote_identifier(call->context->catalog, proc->arg_names[index], call->arena));
    str_add(out, type_name(call, proc->nall ? proc->all_types[index] : proc->arg_types[index]));
    if (default_text)
        str_addf(out, " DEFAULT %s", default_text);
}

/* Of an ordered-set aggregate, how many arguments come before ORDER BY; -1: any other routine. */
static bool direct_arguments(FuncCall *call, const CatProc *proc, int64_t *out)
{
    static const char SQL[] = "SELECT aggnumdirectargs FROM pg_aggregate WHERE aggfnoid = ?1 AND aggkind <> 'n'";
    *out = -1;
    if (proc->kind != 'a')
        return true;
    const CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error, SQL, "o", proc->oid);
    if (rows && rows->nrows)
        *out = CATALOG_CELL(rows, 0, 0).i;
    return rows != NULL;
}

/* Arguments that are direct and ordered by alike, those of a VARIADIC, are written twice. */
static void add_aggregate_arguments(FuncCall *call, const CatProc *proc, int direct, Str *out)
{
    bool twice = direct == proc->nargs;
    for (int i = 0; i < proc->nargs + twice; i++) {
        int argument = i < proc->nargs ? i : proc->nargs - 1;
        str_add(out, i == direct ? (i ? " ORDER BY " : "ORDER BY ") : i ? ", " : "");
        add_argument(call, proc, argument, proc->all_modes ? proc->all_modes[argument] : 'i', NULL, out);
    }
}

static void add_arguments(FuncCall *call, const CatProc *proc, bool table_columns, bool with_defaults, Str *out)
{
    int count = proc->nall ? proc->nall : proc->nargs, input = 0;
    bool first = true;
    for (int i = 0; i < count; i++) {
        char mode = proc->all_modes ? proc->all_modes[i] : 'i';
        bool is_input = strchr("ibv", mode) != NULL;
        const char *default_text = is_input && with_defaults ? default_of(call, proc, input) : NULL;
        input += is_input;
        if ((mode == 't') != table_columns)
            continue;
        str_add(out, first ? "" : ", ");
        first = false;
        add_argument(call, proc, i, mode, default_text, out);
    }
}

static bool get_function_arguments(FuncCall *call)
{
    const CatProc *proc = catalog_proc(call->context->catalog, arg_oid(call, 0));
    if (!proc)
        return return_null(call);
    Str out;
    int64_t direct;
    str_init(&out, call->arena);
    if (!direct_arguments(call, proc, &direct))
        return false;
    if (direct >= 0 && proc->nargs)
        add_aggregate_arguments(call, proc, (int)direct, &out);
    else
        add_arguments(call, proc, false, call->proc == F_PG_GET_FUNCTION_ARGUMENTS_OID, &out);
    return return_text(call, out.data ? out.data : "");
}

static bool get_function_arg_default(FuncCall *call)
{
    const CatProc *proc = catalog_proc(call->context->catalog, arg_oid(call, 0));
    int64_t number = call->args[1].i;
    int count = proc ? (proc->nall ? proc->nall : proc->nargs) : 0, input = 0;
    if (!proc || number < 1 || number > count)
        return return_null(call);
    for (int i = 0; i < number - 1; i++)
        input += !proc->nall || !proc->all_modes || strchr("ibv", proc->all_modes[i]) != NULL;
    if (proc->nall && proc->all_modes && !strchr("ibv", proc->all_modes[number - 1]))
        return return_null(call);
    return return_text(call, default_of(call, proc, input));
}

static void add_result(FuncCall *call, const CatProc *proc, Str *out)
{
    if (proc->all_modes && strchr(proc->all_modes, 't')) {
        str_add(out, "TABLE(");
        add_arguments(call, proc, true, false, out);
        str_add(out, ")");
    } else {
        str_addf(out, "%s%s", proc->returns_set ? "SETOF " : "", type_name(call, proc->return_type));
    }
}

static bool get_function_result(FuncCall *call)
{
    const CatProc *proc = catalog_proc(call->context->catalog, arg_oid(call, 0));
    if (!proc || proc->kind == 'p')
        return return_null(call);
    Str out;
    str_init(&out, call->arena);
    add_result(call, proc, &out);
    return return_text(call, out.data);
}

/* ---- the whole definition ---- */

/* What CatProc does not have. */
typedef struct Definition {
    const char *language, *parallel, *config, *binary, *body, *support;
    bool security_definer, leakproof, is_native;
    double cost, rows;
} Definition;

static bool read_definition(FuncCall *call, const CatProc *proc, Definition *out)
{
    CatalogRows *rows =
        catalog_query(call->context->catalog, call->arena, call->error,
                      "SELECT lanname, proparallel, proconfig, probin, prosqlbody, prosecdef, proleakproof, prolang, procost,"
                      " prorows, (SELECT s.proname FROM pg_proc s WHERE s.oid = p.prosupport) FROM pg_proc p JOIN pg_language l ON l.oid = "
                      "prolang WHERE p.oid = ?1",
                      "o", proc->oid);
    if (!rows || !rows->nrows)
        return false;
    const CatalogCell *cells = rows->cells;
    Oid language = (Oid)cells[7].i;
    enum { INTERNAL = 12, C = 13 };
    *out = (Definition){.language = cells[0].text,
                        .parallel = cells[1].text,
                        .config = cells[2].text,
                        .binary = cells[3].text,
                        .body = cells[4].text,
                        .security_definer = cells[5].i,
                        .leakproof = cells[6].i,
                        .is_native = language == INTERNAL || language == C,
                        .cost = cells[8].is_null ? 0
                                : cells[8].text  ? strtod(cells[8].text, NULL)
                                                 : cells[8].d,
                        .rows = cells[9].is_null ? 0
                                : cells[9].text  ? strtod(cells[9].text, NULL)
                                                 : cells[9].d,
                        .support = cells[10].text};
    return true;
}

static void add_attributes(const CatProc *proc, const Definition *definition, Str *out)
{
    size_t before = out->len;
    str_add(out, proc->kind == 'w' ? " WINDOW" : "");
    str_add(out, proc->volatility == 'i' ? " IMMUTABLE" : proc->volatility == 's' ? " STABLE" : "");
    str_add(out, *definition->parallel == 's' ? " PARALLEL SAFE" : *definition->parallel == 'r' ? " PARALLEL RESTRICTED" : "");
    str_add(out, proc->strict ? " STRICT" : "");
    str_add(out, definition->security_definer ? " SECURITY DEFINER" : "");
    str_add(out, definition->leakproof ? " LEAKPROOF" : "");
    if (definition->cost != (definition->is_native ? 1 : 100))
        str_addf(out, " COST %g", definition->cost);
    if (definition->rows > 0 && definition->rows != 1000)
        str_addf(out, " ROWS %g", definition->rows);
    if (definition->support)
        str_addf(out, " SUPPORT %s", definition->support);
    if (out->len > before)
        str_addc(out, '\n');
}

/* Settings that are lists of names: each name is quoted by itself. */
static bool is_name_list(const char *name, size_t len)
{
    static const char *const LISTS[] = {"search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries"};
    for (size_t i = 0; i < COUNT_OF(LISTS); i++)
        if (strlen(LISTS[i]) == len && strncmp(LISTS[i], name, len) == 0)
            return true;
    return false;
}

static void add_names(FuncCall *call, const char *list, Str *out)
{
    for (const char *at = list; *at;) {
        const char *end = item_end(at);
        bool quoted = *at == '"' && end > at + 1;
        const char *name =
            quoted ? arena_strndup(call->arena, at + 1, (size_t)(end - at - 2)) : arena_strndup(call->arena, at, (size_t)(end - at));
        str_addf(out, "%s%s", at == list ? "" : ", ", catalog_quote_constant(name, call->arena));
        at = *end ? end + 1 : end;
        while (*at == ' ')
            at++;
    }
}

static bool add_settings(FuncCall *call, const Definition *definition, Str *out)
{
    ArrayElement *elements = NULL;
    size_t count = 0;
    int ndim;
    if (definition->config &&
        !type_array_parse(definition->config, strlen(definition->config), call->arena, &elements, &count, &ndim, call->error))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *setting = arena_strndup(call->arena, elements[i].text, elements[i].len), *equals = strchr(setting, '=');
        size_t len = (size_t)(equals - setting);
        str_addf(out, " SET %s TO ",
                 catalog_quote_identifier(call->context->catalog, arena_strndup(call->arena, setting, len), call->arena));
        if (is_name_list(setting, len))
            add_names(call, equals + 1, out);
        else
            str_add(out, catalog_quote_constant(equals + 1, call->arena));
        str_addc(out, '\n');
    }
    return true;
}

static const char *body_shown(FuncCall *call, const CatProc *proc, const Definition *definition)
{
    Error ignored;
    error_init(&ignored, call->arena);
    const char *text =
        definition->body && call->context->body_text ? call->context->body_text(call->context, proc->oid, call->arena, &ignored) : NULL;
    return text ? text : definition->body;
}

static void add_body(FuncCall *call, const CatProc *proc, const Definition *definition, Str *out)
{
    if (definition->body) {
        str_addf(out, "%s\n", body_shown(call, proc, definition));
        return;
    }
    const char *tag = proc->kind == 'p' ? "$procedure" : "$function";
    while (strstr(proc->source, tag))
        tag = arena_printf(call->arena, "%sx", tag);
    str_add(out, "AS ");
    if (definition->binary)
        str_addf(out, "%s, ", catalog_quote_constant(definition->binary, call->arena));
    str_addf(out, "%s$%s%s$\n", tag, proc->source, tag);
}

static bool get_functiondef(FuncCall *call)
{
    const CatProc *proc = catalog_proc(call->context->catalog, arg_oid(call, 0));
    Definition definition;
    if (!proc)
        return return_null(call);
    if (proc->kind == 'a')
        return error_set(call->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is an aggregate function", proc->name);
    if (!read_definition(call, proc, &definition))
        return return_null(call);
    Str out;
    str_init(&out, call->arena);
    str_addf(&out, "CREATE OR REPLACE %s %s(", proc->kind == 'p' ? "PROCEDURE" : "FUNCTION",
             catalog_qualified(call->context->catalog, proc->namespace_oid, proc->name, call->arena));
    add_arguments(call, proc, false, true, &out);
    str_add(&out, ")\n");
    if (proc->kind != 'p') {
        str_add(&out, " RETURNS ");
        add_result(call, proc, &out);
        str_addc(&out, '\n');
    }
    str_addf(&out, " LANGUAGE %s\n", catalog_quote_identifier(call->context->catalog, definition.language, call->arena));
    add_attributes(proc, &definition, &out);
    if (!add_settings(call, &definition, &out))
        return false;
    add_body(call, proc, &definition, &out);
    return return_text(call, out.data);
}

static bool get_function_sqlbody(FuncCall *call)
{
    const CatProc *proc = catalog_proc(call->context->catalog, arg_oid(call, 0));
    Definition definition;
    if (!proc || !read_definition(call, proc, &definition))
        return return_null(call);
    return return_text(call, body_shown(call, proc, &definition));
}

static const FuncRow ROWS[] = {
    {F_PG_GET_FUNCTION_ARGUMENTS_OID, get_function_arguments},
    {F_PG_GET_FUNCTION_IDENTITY_ARGUMENTS_OID, get_function_arguments},
    {F_PG_GET_FUNCTION_RESULT_OID, get_function_result},
    {F_PG_GET_FUNCTION_ARG_DEFAULT_OID_INT4, get_function_arg_default},
    {F_PG_GET_FUNCTIONDEF_OID, get_functiondef},
    {F_PG_GET_FUNCTION_SQLBODY_OID, get_function_sqlbody},
};
const FuncTable FUNC_TABLE_ROUTINE = {ROWS, COUNT_OF(ROWS)};
