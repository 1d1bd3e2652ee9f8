/*
 * parse_declare.c - DECLARE: variables, aliases, cursors, and the types they have.
 */
#include "plpgsql/frame.h"

static const char *const TYPE_ENDS[] = {"not", "collate", "default", ":=", "=", ";", ",", ")", NULL};

static bool ends_type(PlParser *parser, int depth)
{
    const PlToken *token = parser_peek(parser, 0);
    if (token->end == token->start)
        return true;
    for (size_t i = 0; TYPE_ENDS[i] && depth == 0; i++)
        if (token_is(parser, token, TYPE_ENDS[i]))
            return true;
    return false;
}

/* ---- name%TYPE, name%ROWTYPE ---- */

enum { MOST_NAMES = 3 };

/* What stands before the sign. */
typedef struct Reference {
    const PlToken *first;
    const char *names[MOST_NAMES];
    int count;
} Reference;

static const CatRelation *relation_of(PlParser *parser, const Reference *reference, int count)
{
    return catalog_relation_by_name(parser->catalog, count > 1 ? reference->names[0] : NULL, reference->names[count - 1]);
}

/* What is declared: collation is OID_NONE where it is the type's own. */
typedef struct Declared {
    Oid type, collation;
    int32_t typmod;
} Declared;

/* variable%TYPE, block.variable%TYPE; what is a record has no type to refer to. */
static bool type_of_variable(const PlDatum *datum, Declared *out)
{
    *out = (Declared){datum->type, datum->collation, datum->typmod};
    return datum->kind != PL_RECORD;
}

/* table.column%TYPE, schema.table.column%TYPE */
static bool type_of_column(PlParser *parser, const Reference *reference, Declared *out)
{
    const CatRelation *relation = reference->count > 1 ? relation_of(parser, reference, reference->count - 1) : NULL;
    bool has_columns = relation && relation->kind != 'i' && relation->kind != 'I';
    for (int i = 0; has_columns && i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (column->dropped || !str_eq(column->name, reference->names[reference->count - 1]))
            continue;
        *out = (Declared){column->type, column->collation, column->typmod};
        return true;
    }
    return false;
}

static bool find_type(PlParser *parser, const Reference *reference, Declared *out)
{
    int used = 0;
    const PlDatum *datum = reference->count < MOST_NAMES ? scope_find_path(parser->scope, reference->names, reference->count, &used) : NULL;
    if (datum && used == reference->count)
        return type_of_variable(datum, out);
    if (reference->count > 1)
        return type_of_column(parser, reference, out);
    const CatType *known = catalog_type_by_name(parser->catalog, NULL, reference->names[0]);
    *out = (Declared){known ? known->oid : OID_NONE, OID_NONE, -1};
    return known && known->is_defined && !known->relation;
}

static bool find_row_type(PlParser *parser, const Reference *reference, int end, Oid *type)
{
    const CatRelation *relation = relation_of(parser, reference, reference->count);
    const char *name = parser_text(parser, reference->first->start, parser->tokens[end - 1].end);
    *type = relation ? relation->row_type : OID_NONE;
    if (*type)
        return true;
    return (relation ? error_set(parser->error, ERRCODE_WRONG_OBJECT_TYPE, "relation \"%s\" does not have a composite type",
                                 reference->names[reference->count - 1])
                     : error_set(parser->error, ERRCODE_UNDEFINED_TABLE, "relation \"%s\" does not exist", name)) ||
           parser_in_compilation(parser, reference->first->start);
}

/* *found false: there is no such reference here, and nothing was read. */
static bool parse_reference(PlParser *parser, bool *found, Declared *out)
{
    Reference reference = {.first = parser_peek(parser, 0)};
    int at = parser->at;
    *found = false;
    for (; reference.count < MOST_NAMES; at++) {
        const PlToken *token = &parser->tokens[at];
        bool is_number = !reference.count && token->end - token->start > 1 && parser->body[token->start] == '$';
        if (!token->is_word && !is_number)
            return true;
        reference.names[reference.count++] = is_number ? parser_text(parser, token->start, token->end) : token->word;
        if (parser->tokens[++at].kind != '.')
            break;
    }
    if (parser->tokens[at].kind != '%')
        return true;
    bool is_row = token_is(parser, &parser->tokens[at + 1], "rowtype");
    *out = (Declared){.typmod = -1};
    if (is_row && reference.count < MOST_NAMES && !find_row_type(parser, &reference, at, &out->type))
        return false;
    *found =
        is_row ? reference.count < MOST_NAMES : token_is(parser, &parser->tokens[at + 1], "type") && find_type(parser, &reference, out);
    parser->at = *found ? at + 2 : parser->at;
    return true;
}

/* ---- types ---- */

static bool resolve_type(PlParser *parser, int start, int end, Declared *out)
{
    const PlToken *first = &parser->tokens[start], *last = &parser->tokens[end - 1];
    *out = (Declared){.typmod = -1};
    if (end - start == 1 && token_is(parser, first, "record")) {
        out->type = TYPE_RECORD;
        return true;
    }
    Error inner;
    error_init(&inner, parser->arena);
    const char *text = parser_text(parser, first->start, last->end);
    const PgQuery__TypeName *name = sql_parse_type_name(text, parser->arena, &inner);
    if (name && !sql_check_type_schema(name, parser->catalog, parser->functions->current_user, parser->error))
        return error_at(parser->error, first->start);
    error_clear(&inner);
    if (sql_parse_type(text, parser->catalog, parser->arena, &out->type, &out->typmod, &inner)) {
        const PlRoutine *routine = &parser->function->routine;
        if (routine->is_checked || routine->is_inline)
            sql_warn_precision(name, out->type, NULL, first->start, parser->catalog);
        return true;
    }
    error_copy(parser->error, &inner);
    if (!str_eq(inner.sqlstate, ERRCODE_SYNTAX_ERROR))
        return error_at(parser->error, first->start);
    error_at(parser->error, first->start + (inner.position > 0 ? inner.position - 1 : 0));
    if (name == NULL && !inner.position) /* SETOF: a name, but of no type */
        return false;
    return error_context(parser->error, "invalid type name \"%s\"", parser_text(parser, first->start, parser->tokens[end].start));
}

static bool parse_type(PlParser *parser, Declared *out)
{
    int start = parser->at, depth = 0;
    bool is_reference;
    if (!parse_reference(parser, &is_reference, out))
        return false;
    if (is_reference)
        return true;
    while (!ends_type(parser, depth)) {
        depth += (parser_is(parser, "(") || parser_is(parser, "[")) - (parser_is(parser, ")") || parser_is(parser, "]"));
        parser->at++;
    }
    if (parser->at == start)
        return parser_fail(parser,
                           parser_peek(parser, 0)->end > parser_peek(parser, 0)->start ? "missing data type declaration" : "syntax error",
                           parser_peek(parser, 0));
    return resolve_type(parser, start, parser->at, out);
}

static bool declare_alias(PlParser *parser, const char *name)
{
    const PlToken *token = parser_peek(parser, 0);
    const char *names[2] = {token->is_word ? token->word : parser_text(parser, token->start, token->end)};
    int count = 1, used;
    parser->at++;
    if (parser_accept(parser, ".")) {
        names[count++] = parser_peek(parser, 0)->word;
        parser->at++;
    }
    PlDatum *datum = scope_find_path(parser->scope, names, count, &used);
    if (!datum || used != count)
        return parser_fail_at(parser, ERRCODE_UNDEFINED_OBJECT, token, "variable \"%s\" does not exist",
                              parser_text(parser, token->start, parser_peek(parser, -1)->end));
    scope_add(parser, parser->scope, name, datum);
    return parser_expect(parser, ";");
}

static bool declare_cursor(PlParser *parser, const char *name, PlStmt *block)
{
    PlDatum *datum = datum_new(parser, name, TYPE_REFCURSOR, -1);
    scope_add(parser, parser->scope, name, datum);
    vec_push(parser->arena, &block->declared, datum);
    datum->kind = PL_CURSOR_VAR;
    PlScope *inner = scope_push(parser, NULL);
    VEC(PlDatum *) args = {0};
    if (parser_accept(parser, "(")) {
        do {
            const PlToken *token = parser_peek(parser, 0);
            if (!token->is_word || token_is_reserved(token))
                return parser_fail(parser, "syntax error", token);
            Declared declared;
            parser->at++;
            if (!parse_type(parser, &declared))
                return false;
            PlDatum *arg = datum_new(parser, token->word, declared.type, declared.typmod);
            arg->collation = declared.collation;
            scope_add(parser, inner, token->word, arg);
            vec_push(parser->arena, &args, arg);
        } while (parser_accept(parser, ","));
        if (!parser_expect(parser, ")"))
            return false;
    }
    datum->cursor_args = args.items;
    datum->ncursor_args = (int)args.count;
    if (!parser_accept(parser, "for") && !parser_expect(parser, "is"))
        return false;
    datum->cursor = parse_query(parser);
    parser->scope = inner->parent;
    return datum->cursor && parser_expect(parser, ";");
}

/* The names that are declared by now: those that follow are none to what stands before them. */
static PlScope *scope_so_far(PlParser *parser)
{
    PlScope *scope = ARENA_NEW(parser->arena, PlScope);
    *scope = *parser->scope;
    return scope;
}

static bool parse_default(PlParser *parser, PlDatum *datum, const PlToken *not_null)
{
    if (parser_accept(parser, "default") || parser_accept(parser, ":=") || parser_accept(parser, "=")) {
        datum->initial = parse_expr_to(parser, ";");
        if (datum->initial)
            datum->initial->scope = scope_so_far(parser);
        return datum->initial && parser_expect(parser, ";");
    }
    if (datum->not_null)
        return parser_fail_at(parser, ERRCODE_NULL_VALUE_NOT_ALLOWED, not_null,
                              "variable \"%s\" must have a default value, since it's declared NOT NULL", datum->name);
    return parser_expect(parser, ";");
}

static bool parse_collation(PlParser *parser, Oid type, Oid *out)
{
    const PlToken *collate = parser_peek(parser, -1);
    const char *schema = NULL, *name = parser_peek(parser, 0)->word;
    parser->at++;
    if (parser_accept(parser, ".")) {
        schema = name;
        name = parser_peek(parser, 0)->word;
        parser->at++;
    }
    const CatCollation *collation = catalog_collation_by_name(parser->catalog, schema, name);
    *out = collation ? collation->oid : OID_NONE;
    if (!collation) {
        error_set(parser->error, ERRCODE_UNDEFINED_OBJECT, "collation \"%s\" for encoding \"UTF8\" does not exist", name);
        return parser_in_compilation(parser, collate->start);
    }
    const CatType *known = catalog_type(parser->catalog, type);
    return !known || known->collation ||
           parser_fail_at(parser, ERRCODE_DATATYPE_MISMATCH, collate, "collations are not supported by type %s",
                          catalog_format_type(parser->catalog, type, -1, parser->arena));
}

static bool declare_variable(PlParser *parser, const char *name, PlStmt *block)
{
    bool is_constant = parser_accept(parser, "constant");
    int line = parser_line(parser, parser_peek(parser, -1)->start);
    Declared declared;
    if (!parse_type(parser, &declared))
        return false;
    if (parser_accept(parser, "collate") && !parse_collation(parser, declared.type, &declared.collation))
        return false;
    PlDatum *datum = datum_new(parser, name, declared.type, declared.typmod);
    datum->collation = declared.collation;
    const PlToken *not_null = parser_peek(parser, 0);
    if (parser_accept(parser, "not")) {
        if (!parser_expect(parser, "null"))
            return false;
        datum->not_null = true;
    }
    datum->line = line;
    if (!parse_default(parser, datum, not_null))
        return false;
    const CatType *known = catalog_type(parser->catalog, datum->type);
    if (datum->type != TYPE_RECORD && known && known->kind == 'p') {
        error_unsupported(parser->error, "variable \"%s\" has pseudo-type %s", name,
                          catalog_format_type(parser->catalog, datum->type, -1, parser->arena));
        return parser_in_compilation(parser, parser_peek(parser, -1)->start);
    }
    datum->is_constant = is_constant;
    scope_add(parser, parser->scope, name, datum);
    vec_push(parser->arena, &block->declared, datum);
    return true;
}

static bool is_declared_here(const PlScope *scope, const char *name)
{
    for (size_t i = 0; i < scope->names.count; i++)
        if (str_eq(scope->names.items[i].name, name))
            return true;
    return false;
}

static bool warn_of_shadow(PlParser *parser, const PlToken *token)
{
    const PlChecks *errors = &parser->function->errors, *warnings = &parser->function->warnings;
    Error warning, *event = errors->shadowed_variables ? parser->error : &warning;
    if (!errors->shadowed_variables && !warnings->shadowed_variables)
        return true;
    error_init(&warning, parser->arena);
    error_set(event, ERRCODE_DUPLICATE_ALIAS, "variable \"%s\" shadows a previously defined variable", token->word);
    error_at(event, token->start);
    if (errors->shadowed_variables)
        return false;
    warning.severity = SEVERITY_WARNING;
    const Notices *to = catalog_notices(parser->catalog);
    to->emit(to->arg, &warning);
    return true;
}

static bool parse_declaration(PlParser *parser, PlStmt *block)
{
    const PlToken *token = parser_peek(parser, 0);
    if (!token->is_word || token_is_reserved(token))
        return parser_fail(parser, "syntax error", token);
    if (is_declared_here(parser->scope, token->word))
        return parser_fail(parser, "duplicate declaration", token);
    if (scope_find(parser->scope, token->word) && !warn_of_shadow(parser, token))
        return false;
    parser->at++;
    if (parser_accept(parser, "alias"))
        return parser_expect(parser, "for") && declare_alias(parser, token->word);
    if (parser_accept(parser, "cursor"))
        return declare_cursor(parser, token->word, block);
    if (parser_is(parser, "scroll") || (parser_is(parser, "no") && token_is(parser, parser_peek(parser, 1), "scroll"))) {
        bool no_scroll = parser_is(parser, "no");
        parser->at += no_scroll ? 2 : 1;
        if (!parser_expect(parser, "cursor") || !declare_cursor(parser, token->word, block))
            return false;
        block->declared.items[block->declared.count - 1]->no_scroll = no_scroll;
        block->declared.items[block->declared.count - 1]->scroll = !no_scroll;
        return true;
    }
    return declare_variable(parser, token->word, block);
}

bool parse_declarations(PlParser *parser, PlStmt *block)
{
    while (!parser_is(parser, "begin")) {
        if (parser_accept(parser, "declare"))
            continue;
        if (!parse_declaration(parser, block))
            return false;
    }
    return true;
}
