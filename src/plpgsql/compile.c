/*
 * compile.c - a routine's text to its tree: parameters and what else every function has, then its block.
 *
 * Invariants:
 *  1. Names of parameters live in a scope labelled with the function's name; each is also $n.
 *  2. FOUND and the trigger variables are names like others.
 */
#include "plpgsql/plpgsql_int.h"

static PlDatum *add_variable(PlParser *parser, const char *name, Oid type)
{
    PlDatum *datum = datum_new(parser, name, type, -1);
    scope_add(parser, parser->scope, name, datum);
    return datum;
}

static void add_trigger_variables(PlParser *parser)
{
    static const struct {
        const char *name;
        Oid type;
    } VARIABLES[] = {
        {"tg_name", TYPE_NAME},  {"tg_when", TYPE_TEXT},       {"tg_level", TYPE_TEXT},      {"tg_op", TYPE_TEXT},
        {"tg_relid", TYPE_OID},  {"tg_relname", TYPE_NAME},    {"tg_table_name", TYPE_NAME}, {"tg_table_schema", TYPE_NAME},
        {"tg_nargs", TYPE_INT4}, {"tg_argv", TYPE_TEXT_ARRAY},
    };
    PlFunction *function = parser->function;
    function->new_row = add_variable(parser, "new", TYPE_RECORD);
    function->old_row = add_variable(parser, "old", TYPE_RECORD);
    for (size_t i = 0; i < COUNT_OF(VARIABLES); i++) {
        PlName name = {VARIABLES[i].name, add_variable(parser, VARIABLES[i].name, VARIABLES[i].type)};
        vec_push(parser->arena, &function->trigger_variables, name);
    }
}

static void add_parameters(PlParser *parser)
{
    PlFunction *function = parser->function;
    const PlRoutine *routine = &function->routine;
    for (int i = 0; i < routine->nargs; i++) {
        char mode = routine->modes ? routine->modes[i] : 'i';
        const char *name = routine->names && routine->names[i] && *routine->names[i] ? routine->names[i] : NULL;
        const char *number = arena_printf(parser->arena, "$%d", i + 1);
        PlDatum *datum = add_variable(parser, number, routine->types[i]);
        if (name) {
            datum->name = name;
            scope_add(parser, parser->scope, name, datum);
        }
        if (strchr("ibv", mode))
            vec_push(parser->arena, &function->inputs, datum);
        if (strchr("obt", mode))
            vec_push(parser->arena, &function->outputs, datum);
    }
}

/* A result's type that the call decides has a name, "$0". */
static void add_result(PlParser *parser)
{
    if (parser->function->routine.names_result)
        add_variable(parser, "$0", parser->function->routine.return_type);
}

static bool set_conflict(PlFunction *function, const char *word)
{
    static const char *const WORDS[] = {
        [SQL_CONFLICT_ERROR] = "error", [SQL_CONFLICT_VARIABLE] = "use_variable", [SQL_CONFLICT_COLUMN] = "use_column"};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (word && strcmp(WORDS[i], word) == 0) {
            function->conflict = (SqlConflict)i;
            return true;
        }
    return false;
}

static bool set_print_strict_params(PlParser *parser, const PlToken *value)
{
    parser->function->print_strict_params = token_is(parser, value, "on");
    if (parser->function->print_strict_params || token_is(parser, value, "off"))
        return true;
    if (!value->is_word || token_is_reserved(value))
        return parser_fail(parser, "syntax error", value);
    error_set(parser->error, ERRCODE_INTERNAL_ERROR, "unrecognized print_strict_params option %s", value->word);
    return parser_in_compilation(parser, value->start);
}

/* Lines of # before the block. */
static bool read_options(PlParser *parser)
{
    while (parser_accept(parser, "#")) {
        const PlToken *word = parser_peek(parser, 0), *value = parser_peek(parser, 1);
        bool known = true;
        if (token_is(parser, word, "variable_conflict"))
            known = set_conflict(parser->function, value->word);
        else if (token_is(parser, word, "option"))
            known = token_is(parser, value, "dump");
        else if (!token_is(parser, word, "print_strict_params"))
            return parser_fail(parser, "syntax error", word);
        else if (!set_print_strict_params(parser, value))
            return false;
        if (!known)
            return parser_fail(parser, "syntax error", value);
        parser->at += 2;
    }
    return true;
}

static bool parse_function(PlParser *parser)
{
    const char *label = NULL;
    if (!read_options(parser))
        return false;
    if (parser_accept(parser, "<<")) {
        label = parser_peek(parser, 0)->word;
        parser->at++;
        if (!parser_expect(parser, ">>"))
            return false;
    }
    if (!parser_is(parser, "declare") && !parser_is(parser, "begin"))
        return parser_fail(parser, "syntax error", parser_peek(parser, 0));
    if (!(parser->function->action = parse_block(parser, label)))
        return false;
    parser_accept(parser, ";");
    const PlToken *rest = parser_peek(parser, 0);
    return rest->end == rest->start || parser_fail(parser, "syntax error", rest);
}

PlFunction *plpgsql_compile(const PlRoutine *routine, Catalog *catalog, const FuncContext *functions, Arena *arena, Error *error)
{
    PlFunction *function = ARENA_NEW(arena, PlFunction);
    function->routine = *routine;
    function->arena = arena;
    const SessionServices *session = functions->session;
    session_load(session, "plpgsql");
    set_conflict(function, session ? session->get_setting(session->arg, "plpgsql.variable_conflict", arena) : NULL);
    function->print_strict_params = setting_is_on(functions, "plpgsql.print_strict_params", arena);
    if (routine->is_checked) {
        function->warnings = checks_read(functions, "plpgsql.extra_warnings", arena);
        function->errors = checks_read(functions, "plpgsql.extra_errors", arena);
    }
    PlParser parser = {.body = routine->body,
                       .arena = arena,
                       .error = error,
                       .catalog = catalog,
                       .functions = functions,
                       .function = function,
                       .checks_sql = routine->checks_sql};
    if (!scan_body(&parser))
        return NULL;
    scope_push(&parser, routine->is_inline ? NULL : routine->name);
    add_parameters(&parser);
    add_result(&parser);
    function->found = add_variable(&parser, "found", TYPE_BOOL);
    if (routine->is_trigger)
        add_trigger_variables(&parser);
    return parse_function(&parser) ? function : NULL;
}
