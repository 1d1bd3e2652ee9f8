/*
 * copy.c - COPY ... TO STDOUT: its options, and the three formats.
 *
 * A COPY is a query whose rows go out as CopyData. Whatever a query may be, COPY (query) may be; COPY table takes what PostgreSQL takes,
 * which here are the catalog's tables.
 *
 * Invariants:
 *  1. Every row is one CopyData message, the header line too. The binary header goes with the first row or, where there is none, the end.
 * Entered by the session's worker only.
 */
#include <string.h>
#include <strings.h>

#include "session/copy.h"

typedef struct CopyWriter {
    Session *session;
    const CopyOptions *options;
    const PlanColumn *columns;
    int ncolumns;
    bool *force_quote;
    bool header_due; /* the binary header has not been sent */
    Arena *scratch;
    Str text;
    Dest dest;
} CopyWriter;

/* ---- options ---- */

/* The option's value as text; an option without one, or with a list of names, has none. */
static const char *string_of(const PgQuery__DefElem *option, Arena *arena, Error *error)
{
    const Node *arg = option->arg;
    if (!arg) {
        error_set(error, ERRCODE_SYNTAX_ERROR, "%s requires a parameter", option->defname);
        return NULL;
    }
    switch (arg->node_case) {
    case PG_QUERY__NODE__NODE_STRING:
        return arg->string->sval;
    case PG_QUERY__NODE__NODE_INTEGER:
        return arena_printf(arena, "%d", arg->integer->ival);
    case PG_QUERY__NODE__NODE_FLOAT:
        return arg->float_->fval;
    case PG_QUERY__NODE__NODE_A_STAR:
        return "*";
    default:
        error_set(error, ERRCODE_SYNTAX_ERROR, "%s requires a parameter", option->defname);
        return NULL;
    }
}

/* A Boolean as options of statements have it: nothing at all says true. */
static bool take_bool(const PgQuery__DefElem *option, bool *out)
{
    const Node *arg = option->arg;
    *out = true;
    if (!arg)
        return true;
    if (arg->node_case == PG_QUERY__NODE__NODE_BOOLEAN) {
        *out = arg->boolean->boolval;
        return true;
    }
    if (arg->node_case == PG_QUERY__NODE__NODE_INTEGER) {
        *out = arg->integer->ival == 1;
        return arg->integer->ival == 0 || arg->integer->ival == 1;
    }
    if (arg->node_case != PG_QUERY__NODE__NODE_STRING)
        return false;
    const char *text = arg->string->sval;
    *out = strcasecmp(text, "true") == 0 || strcasecmp(text, "on") == 0;
    return *out || strcasecmp(text, "false") == 0 || strcasecmp(text, "off") == 0;
}

static bool redundant(const PgQuery__DefElem *option, Error *error)
{
    error_set(error, ERRCODE_SYNTAX_ERROR, "conflicting or redundant options");
    return error_at(error, option->location);
}

static bool take_format(CopyOptions *options, const PgQuery__DefElem *option, Arena *arena, Error *error)
{
    static const char *const NAMES[] = {[COPY_TEXT] = "text", [COPY_CSV] = "csv", [COPY_BINARY] = "binary"};
    if (options->format_given)
        return redundant(option, error);
    options->format_given = true;
    const char *text = string_of(option, arena, error);
    if (!text)
        return false;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(NAMES[i], text) == 0) {
            options->format = (CopyFormat)i;
            return true;
        }
    error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "COPY format \"%s\" not recognized", text);
    return error_at(error, option->location);
}

static bool take_header(CopyOptions *options, const PgQuery__DefElem *option, Error *error)
{
    if (options->header_given)
        return redundant(option, error);
    options->header_given = true;
    const Node *arg = option->arg;
    bool is_text = arg && arg->node_case == PG_QUERY__NODE__NODE_STRING;
    options->header_match = is_text && strcasecmp(arg->string->sval, "match") == 0;
    if (options->header_match && !options->is_from)
        return error_unsupported(error, "cannot use \"%s\" with HEADER in COPY TO", arg->string->sval);
    if (options->header_match)
        return options->header = true;
    return take_bool(option, &options->header) ||
           error_set(error, ERRCODE_SYNTAX_ERROR, "%s requires a Boolean value or \"match\"", option->defname);
}

/* FREEZE says nothing to a COPY TO. */
static bool take_freeze(CopyOptions *options, const PgQuery__DefElem *option, Error *error)
{
    bool ignored;
    if (options->freeze_given)
        return redundant(option, error);
    options->freeze_given = true;
    return take_bool(option, &ignored) || error_set(error, ERRCODE_SYNTAX_ERROR, "%s requires a Boolean value", option->defname);
}

static bool take_encoding(CopyOptions *options, const PgQuery__DefElem *option, Arena *arena, Error *error)
{
    if (options->encoding_given)
        return redundant(option, error);
    options->encoding_given = true;
    const char *text = string_of(option, arena, error);
    const char *encoding = text ? setting_encoding(text) : NULL;
    if (!text)
        return false;
    if (encoding)
        return *encoding || error_unsupported(error, "COPY encoding \"%s\" is not supported", text);
    error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "argument to option \"%s\" must be a valid encoding name", option->defname);
    return error_at(error, option->location);
}

static bool take_text(const char **value, const PgQuery__DefElem *option, Arena *arena, Error *error)
{
    return *value ? redundant(option, error) : (*value = string_of(option, arena, error)) != NULL;
}

static bool take_list(const PgQuery__Node **value, const PgQuery__DefElem *option, bool star_allowed, Error *error)
{
    if (*value)
        return redundant(option, error);
    *value = option->arg;
    if (option->arg &&
        (option->arg->node_case == PG_QUERY__NODE__NODE_LIST || (star_allowed && option->arg->node_case == PG_QUERY__NODE__NODE_A_STAR)))
        return true;
    error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "argument to option \"%s\" must be a list of column names", option->defname);
    return error_at(error, option->location);
}

static bool take_option(CopyOptions *options, const PgQuery__DefElem *option, Arena *arena, Error *error)
{
    const struct {
        const char *name, **value;
    } TEXTS[] = {{"delimiter", &options->delimiter}, {"null", &options->null}, {"quote", &options->quote}, {"escape", &options->escape}};
    const struct {
        const char *name;
        const PgQuery__Node **value;
    } LISTS[] = {
        {"force_quote", &options->force_quote}, {"force_not_null", &options->force_not_null}, {"force_null", &options->force_null}};
    if (strcmp(option->defname, "format") == 0)
        return take_format(options, option, arena, error);
    if (strcmp(option->defname, "header") == 0)
        return take_header(options, option, error);
    if (strcmp(option->defname, "encoding") == 0)
        return take_encoding(options, option, arena, error);
    if (strcmp(option->defname, "freeze") == 0)
        return take_freeze(options, option, error);
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
        if (strcmp(TEXTS[i].name, option->defname) == 0)
            return take_text(TEXTS[i].value, option, arena, error);
    for (size_t i = 0; i < COUNT_OF(LISTS); i++)
        if (strcmp(LISTS[i].name, option->defname) == 0)
            return take_list(LISTS[i].value, option, i == 0, error);
    error_set(error, ERRCODE_SYNTAX_ERROR, "option \"%s\" not recognized", option->defname);
    return error_at(error, option->location);
}

static bool is_line_end(const char *text)
{
    return strpbrk(text, "\r\n") != NULL;
}

/* The rules between options, in PostgreSQL's order. */
static bool check_options(CopyOptions *o, Error *error)
{
    bool csv = o->format == COPY_CSV;
    if (o->format == COPY_BINARY && o->delimiter)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "cannot specify DELIMITER in BINARY mode");
    if (o->format == COPY_BINARY && o->null)
        return error_set(error, ERRCODE_SYNTAX_ERROR, "cannot specify NULL in BINARY mode");
    bool quote_given = o->quote, escape_given = o->escape;
    o->delimiter = o->delimiter ? o->delimiter : csv ? "," : "\t";
    o->null = o->null ? o->null : csv ? "" : "\\N";
    if (csv) {
        o->quote = o->quote ? o->quote : "\"";
        o->escape = o->escape ? o->escape : o->quote;
    }
    if (strlen(o->delimiter) != 1)
        return error_unsupported(error, "COPY delimiter must be a single one-byte character");
    if (is_line_end(o->delimiter))
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "COPY delimiter cannot be newline or carriage return");
    if (is_line_end(o->null))
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "COPY null representation cannot use newline or carriage return");
    if (!csv && strchr("\\.abcdefghijklmnopqrstuvwxyz0123456789", o->delimiter[0]))
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "COPY delimiter cannot be \"%s\"", o->delimiter);
    if (o->format == COPY_BINARY && o->header)
        return error_unsupported(error, "cannot specify HEADER in BINARY mode");
    if (!csv && quote_given)
        return error_unsupported(error, "COPY quote available only in CSV mode");
    if (csv && strlen(o->quote) != 1)
        return error_unsupported(error, "COPY quote must be a single one-byte character");
    if (csv && o->delimiter[0] == o->quote[0])
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "COPY delimiter and quote must be different");
    if (!csv && escape_given)
        return error_unsupported(error, "COPY escape available only in CSV mode");
    if (csv && strlen(o->escape) != 1)
        return error_unsupported(error, "COPY escape must be a single one-byte character");
    if (!csv && o->force_quote)
        return error_unsupported(error, "COPY force quote available only in CSV mode");
    if (o->force_quote && o->is_from)
        return error_unsupported(error, "COPY force quote only available using COPY TO");
    if (!csv && o->force_not_null)
        return error_unsupported(error, "COPY force not null available only in CSV mode");
    if (o->force_not_null && !o->is_from)
        return error_unsupported(error, "COPY force not null only available using COPY FROM");
    if (!csv && o->force_null)
        return error_unsupported(error, "COPY force null available only in CSV mode");
    if (o->force_null && !o->is_from)
        return error_unsupported(error, "COPY force null only available using COPY FROM");
    if (strchr(o->null, o->delimiter[0]))
        return error_unsupported(error, "COPY delimiter must not appear in the NULL specification");
    if (csv && strchr(o->null, o->quote[0]))
        return error_unsupported(error, "CSV quote character must not appear in the NULL specification");
    return true;
}

bool copy_options(const PgQuery__CopyStmt *statement, CopyOptions *options, Arena *arena, Error *error)
{
    *options = (CopyOptions){.format = COPY_TEXT, .is_from = statement->is_from};
    for (size_t i = 0; i < statement->n_options; i++)
        if (!take_option(options, statement->options[i]->def_elem, arena, error))
            return false;
    return check_options(options, error);
}

/* ---- rows ---- */

static void put_text_field(Str *out, const char *bytes, size_t len, char delimiter)
{
    static const char CODES[] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['\v'] = 'v'};
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];
        if ((unsigned char)c < sizeof CODES && CODES[(unsigned char)c]) {
            str_addc(out, '\\');
            c = CODES[(unsigned char)c];
        } else if (c == '\\' || c == delimiter) {
            str_addc(out, '\\');
        }
        str_addc(out, c);
    }
}

static void put_csv_field(const CopyWriter *writer, Str *out, const char *bytes, size_t len, bool force)
{
    const CopyOptions *o = writer->options;
    char quote = o->quote[0], escape = o->escape[0];
    bool quoted = force || (len == strlen(o->null) && memcmp(bytes, o->null, len) == 0) ||
                  (writer->ncolumns == 1 && len == 2 && memcmp(bytes, "\\.", 2) == 0);
    for (size_t i = 0; i < len && !quoted; i++)
        quoted = bytes[i] == o->delimiter[0] || bytes[i] == quote || bytes[i] == '\n' || bytes[i] == '\r';
    if (!quoted) {
        str_addn(out, bytes, len);
        return;
    }
    str_addc(out, quote);
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == quote || bytes[i] == escape)
            str_addc(out, escape);
        str_addc(out, bytes[i]);
    }
    str_addc(out, quote);
}

static void put_length(Str *out, int32_t len)
{
    uint32_t v = (uint32_t)len;
    const char bytes[4] = {(char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v};
    str_addn(out, bytes, 4);
}

/* One field's bytes in the query's format; bytes NULL: SQL NULL. */
static void put_field(CopyWriter *writer, Str *out, int column, const char *bytes, size_t len)
{
    const CopyOptions *o = writer->options;
    if (o->format == COPY_BINARY) {
        put_length(out, bytes ? (int32_t)len : -1);
        if (bytes)
            str_addn(out, bytes, len);
        return;
    }
    if (column)
        str_addc(out, o->delimiter[0]);
    if (!bytes)
        str_add(out, o->null);
    else if (o->format == COPY_CSV)
        put_csv_field(writer, out, bytes, len, writer->force_quote[column]);
    else
        put_text_field(out, bytes, len, o->delimiter[0]);
}

static void put_binary_header(CopyWriter *writer, Str *out)
{
    static const char HEADER[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
    if (writer->header_due)
        str_addn(out, HEADER, sizeof HEADER);
    writer->header_due = false;
}

static void begin_row(CopyWriter *writer, Str *row)
{
    put_binary_header(writer, row);
    if (writer->options->format == COPY_BINARY) {
        const char count[2] = {(char)(writer->ncolumns >> 8), (char)writer->ncolumns};
        str_addn(row, count, 2);
    }
}

static bool send_row(CopyWriter *writer, Str *row)
{
    Wire *wire = writer->session->wire;
    if (writer->options->format != COPY_BINARY)
        str_addc(row, '\n');
    wire_begin(wire, 'd');
    wire_put_bytes(wire, row->data, row->len);
    wire_end(wire);
    return !wire_is_broken(wire);
}

static bool put_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    CopyWriter *writer = arg;
    Str row;
    arena_reset(writer->scratch);
    str_init(&row, writer->scratch);
    str_init(&writer->text, writer->scratch);
    for (size_t r = first; r < first + count; r++) {
        str_reset(&row);
        begin_row(writer, &row);
        for (int i = 0; i < writer->ncolumns; i++) {
            Value value = type_vector_get(&batch->vectors[i], r);
            str_reset(&writer->text);
            bool binary = writer->options->format == COPY_BINARY;
            if (!value.is_null && !(binary ? row_send_value : row_show_value)(writer->session, &writer->columns[i], &value, writer->scratch,
                                                                              &writer->text, writer->dest.error))
                return false;
            put_field(writer, &row, i, value.is_null ? NULL : writer->text.data ? writer->text.data : "", writer->text.len);
        }
        writer->dest.count++;
        if (!send_row(writer, &row))
            return false;
    }
    return true;
}

static bool put_raw(void *arg, const FdwField *fields, size_t nfields)
{
    CopyWriter *writer = arg;
    Str row;
    /* One row's memory: reset in steps, so that the arena's blocks serve many rows. */
    if (writer->dest.count % 64 == 0)
        arena_reset(writer->scratch);
    str_init(&row, writer->scratch);
    begin_row(writer, &row);
    for (size_t i = 0; i < nfields; i++)
        put_field(writer, &row, (int)i,
                  fields[i].length < 0 ? NULL
                  : fields[i].bytes    ? fields[i].bytes
                                       : "",
                  fields[i].length < 0 ? 0 : (size_t)fields[i].length);
    writer->dest.count++;
    return send_row(writer, &row);
}

/* ---- the statement ---- */

static void send_header(CopyWriter *writer)
{
    writer->header_due = writer->options->format == COPY_BINARY;
    if (writer->options->header) {
        Str row;
        str_init(&row, writer->scratch);
        for (int i = 0; i < writer->ncolumns; i++) {
            const char *name = writer->columns[i].name;
            if (i)
                str_addc(&row, writer->options->delimiter[0]);
            if (writer->options->format == COPY_CSV)
                put_csv_field(writer, &row, name, strlen(name), false);
            else
                put_text_field(&row, name, strlen(name), writer->options->delimiter[0]);
        }
        send_row(writer, &row);
    }
}

static void send_start(CopyWriter *writer)
{
    Wire *wire = writer->session->wire;
    bool binary = writer->options->format == COPY_BINARY;
    wire_begin(wire, 'H');
    wire_put_byte(wire, binary);
    wire_put_int16(wire, (int16_t)writer->ncolumns);
    for (int i = 0; i < writer->ncolumns; i++)
        wire_put_int16(wire, binary);
    wire_end(wire);
    send_header(writer);
}

static void send_end(CopyWriter *writer)
{
    if (writer->options->format == COPY_BINARY) {
        Str header;
        str_init(&header, writer->scratch);
        put_binary_header(writer, &header);
        wire_begin(writer->session->wire, 'd');
        wire_put_bytes(writer->session->wire, header.data, header.len);
        wire_put_int16(writer->session->wire, -1);
        wire_end(writer->session->wire);
    }
    wire_empty(writer->session->wire, 'c');
}

static bool mark_force_quote(CopyWriter *writer, const char *relation, Error *error)
{
    const PgQuery__Node *list = writer->options->force_quote;
    writer->force_quote = ARENA_ARRAY(writer->scratch, bool, writer->ncolumns + 1);
    if (!list)
        return true;
    bool all = list->node_case == PG_QUERY__NODE__NODE_A_STAR;
    for (int i = 0; i < writer->ncolumns; i++)
        writer->force_quote[i] = all;
    for (size_t j = 0; !all && j < list->list->n_items; j++) {
        const char *name = list->list->items[j]->string->sval;
        bool found = false;
        for (int i = 0; i < writer->ncolumns; i++)
            if (strcmp(writer->columns[i].name, name) == 0)
                found = writer->force_quote[i] = true;
        if (!found && relation)
            return error_set(error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name, relation);
        if (!found)
            return error_set(error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist", name);
    }
    return true;
}

static bool refuse_kind(const CatRelation *relation, Error *error)
{
    static const struct {
        char kind;
        const char *name;
    } KINDS[] = {{'v', "view"}, {'m', "materialized view"}, {'f', "foreign table"}, {'p', "partitioned table"}};
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (KINDS[i].kind == relation->kind) {
            error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "cannot copy from %s \"%s\"", KINDS[i].name, relation->name);
            return error_hint(error, "Try the COPY (SELECT ...) TO variant.");
        }
    if (relation->kind == 'i' || relation->kind == 'I')
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is an index", relation->name);
    return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "cannot copy from non-table relation \"%s\"", relation->name);
}

int copy_find_column(const CatRelation *relation, const char *name, Error *error)
{
    int number = 0;
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && strcmp(relation->columns[i].name, name) == 0)
            number = i + 1;
    if (!number)
        error_set(error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name, relation->name);
    if (!number || !relation->columns[number - 1].generated)
        return number;
    error_set(error, ERRCODE_INVALID_COLUMN_REFERENCE, "column \"%s\" is a generated column", name);
    error_detail(error, "Generated columns cannot be used in COPY.");
    return 0;
}

static bool add_column(const CatRelation *relation, const PgQuery__CopyStmt *statement, size_t index, Arena *arena, Str *list, Error *error)
{
    const char *name = statement->attlist[index]->string->sval;
    if (!copy_find_column(relation, name, error))
        return false;
    for (size_t i = 0; i < index; i++)
        if (strcmp(statement->attlist[i]->string->sval, name) == 0)
            return error_set(error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", name);
    str_addf(list, "%s%s", list->len ? ", " : "", catalog_quote_identifier(NULL, name, arena));
    return true;
}

/* Of what is no table: the rows of those are a query's, which asks. */
static bool may_read(Session *session, const CatRelation *relation, const PgQuery__CopyStmt *statement, Error *error)
{
    Catalog *catalog = session->catalog;
    Oid user = session->current_user;
    if (catalog_privileges(catalog, PG_CLASS_RELATION, relation->oid, 0, user, ACL_SELECT))
        return true;
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        bool wanted = !column->dropped && !statement->n_attlist;
        for (size_t k = 0; k < statement->n_attlist; k++)
            wanted |= str_eq(statement->attlist[k]->string->sval, column->name);
        if (wanted && !catalog_privileges(catalog, PG_CLASS_RELATION, relation->oid, column->number, user, ACL_SELECT))
            return catalog_denied(catalog, PG_CLASS_RELATION, relation->oid, false, error);
    }
    return true;
}

/* What is computed from others is left out. */
static const char *all_columns(const CatRelation *relation, Arena *arena)
{
    Str list;
    str_init(&list, arena);
    str_add(&list, "");
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && !relation->columns[i].generated)
            str_addf(&list, "%s%s", list.len ? ", " : "", catalog_quote_identifier(NULL, relation->columns[i].name, arena));
    return list.data;
}

/* COPY table TO is COPY (SELECT columns FROM table) TO. */
static const Node *table_query(Utility *utility, const char **text, Error *error)
{
    Session *session = utility->session;
    Arena *arena = utility->portal->arena;
    const PgQuery__CopyStmt *statement = utility->node->copy_stmt;
    const PgQuery__RangeVar *range = statement->relation;
    const char *schema = range->schemaname && *range->schemaname ? range->schemaname : NULL;
    const CatRelation *relation = catalog_relation_by_name(session->catalog, schema, range->relname);
    Str list;
    str_init(&list, arena);
    if (schema && !catalog_namespace_by_name(session->catalog, schema)) {
        error_set(error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
        return NULL;
    }
    if (!relation) {
        error_set(error, ERRCODE_UNDEFINED_TABLE, "relation \"%s%s%s\" does not exist", schema ? schema : "", schema ? "." : "",
                  range->relname);
        return NULL;
    }
    for (size_t i = 0; i < statement->n_attlist; i++)
        if (!add_column(relation, statement, i, arena, &list, error))
            return NULL;
    if (relation->kind != 'r') {
        if (may_read(session, relation, statement, error))
            refuse_kind(relation, error);
        return NULL;
    }
    *text = arena_printf(arena, "SELECT %s FROM ONLY %s.%s", statement->n_attlist ? list.data : all_columns(relation, arena),
                         catalog_quote_identifier(NULL, relation->schema, arena), catalog_quote_identifier(NULL, relation->name, arena));
    ParsedText parsed;
    return sql_parse(*text, arena, &parsed, error) ? parsed.items[0].node : NULL;
}

static bool refuse(Utility *utility, const PgQuery__CopyStmt *statement, Error *error)
{
    if (statement->is_program)
        return error_unsupported(error, "COPY TO PROGRAM is not supported");
    if (statement->filename && *statement->filename) {
        error_unsupported(error, "COPY TO a file on the server is not supported");
        return error_hint(error, "Use COPY TO STDOUT, or psql's \\copy.");
    }
    const Node *query = statement->query;
    if (query && query->node_case == PG_QUERY__NODE__NODE_SELECT_STMT && query->select_stmt->into_clause)
        return error_unsupported(error, "COPY (SELECT INTO) is not supported");
    return true;
}

static bool copy_rows(Utility *utility, Portal *source, const CopyOptions *options, Error *error)
{
    Arena *arena = utility->portal->arena;
    CopyWriter writer = {.session = utility->session, .options = options, .columns = source->columns, .ncolumns = source->ncolumns};
    const PgQuery__RangeVar *range = utility->node->copy_stmt->relation;
    writer.scratch = arena_open(arena);
    bool marked = mark_force_quote(&writer, range ? range->relname : NULL, error);
    bool *force_quote = ARENA_ARRAY(arena, bool, source->ncolumns + 1);
    memcpy(force_quote, writer.force_quote, (size_t)source->ncolumns);
    writer.force_quote = force_quote;
    int16_t *formats = ARENA_ARRAY(arena, int16_t, source->ncolumns + 1);
    for (int i = 0; i < source->ncolumns; i++)
        formats[i] = options->format == COPY_BINARY;
    writer.dest = (Dest){.sink = {.arg = &writer, .batch = put_batch, .raw = put_raw}, .error = error, .formats = formats};
    bool complete;
    if (!marked)
        return false;
    send_start(&writer);
    if (!portal_run(source, 0, &writer.dest, &complete, error))
        return false;
    send_end(&writer);
    utility->tag = arena_printf(arena, "COPY %zu", writer.dest.count);
    return true;
}

bool utility_copy(Utility *utility, Error *error)
{
    const PgQuery__CopyStmt *statement = utility->node->copy_stmt;
    const char *text = utility->portal->source_text;
    CopyOptions options;
    if (statement->is_from)
        return copy_from(utility, error);
    if (!refuse(utility, statement, error) || !copy_options(statement, &options, utility->portal->arena, error))
        return false;
    const Node *query = statement->query ? statement->query : table_query(utility, &text, error);
    if (!query)
        return false;
    Portal *source = portal_make(utility->session, "");
    bool done = portal_plan(source, query, text, text, NULL, error) &&
                (source->columns || error_unsupported(error, "COPY query must have a RETURNING clause")) &&
                copy_rows(utility, source, &options, error);
    portal_close(source);
    return done;
}
