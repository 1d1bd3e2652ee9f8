/*
 * copy_from.c - COPY table FROM STDIN or a file of the server's: lines become rows of a work table, and these are inserted.
 *
 * Invariants:
 *  1. The catalog's writer is taken before anything is looked up.
 *  2. What is wrong with a line is told with its number; rows before it are held to the table's constraints first, as they came first.
 * Entered by the session's worker only.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "session/copy.h"
#include "sql/copy.h"
#include "type/utf8.h"
#include "write/write.h"

enum { MAX_SHOWN = 100 };

typedef struct CopyReader {
    Utility *utility;
    Session *session;
    Arena *arena, *scratch;
    Error *error;
    uint64_t version; /* of the catalog that the table is looked up in */
    const PgQuery__CopyStmt *statement;
    CopyOptions options;
    const CatRelation *relation;
    const char *name;
    int *columns; /* attnums */
    int ncolumns;
    PlanColumn *types; /* of what is read */
    Oid *row_types;    /* OID_NONE: not of a row type */
    PlanColumn *bases; /* of domains, and of arrays of them: what their values have to be readable as; type OID_NONE: of others */
    CopyLines lines;
    CopyField *fields;
    Value *values;
    bool header_due;
    CopyRows *rows;
    FILE *file;           /* NULL: the client sends */
    VEC(int64_t) numbers; /* of the lines that became rows */
} CopyReader;

/* ---- which table, which columns ---- */

/* A view takes rows if a trigger does. */
static bool check_view(CopyReader *reader)
{
    static const char SQL[] = "SELECT 1 FROM pg_trigger WHERE tgrelid = ?1 AND tgtype & 64 AND tgtype & 4"; /* INSTEAD OF, INSERT */
    const CatRelation *view = reader->relation;
    CatalogRows *rows = catalog_query(reader->session->catalog, reader->arena, reader->error, SQL, "o", view->oid);
    if (!rows)
        return false;
    if (rows->nrows)
        return true;
    error_set(reader->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot copy to view \"%s\"", view->name);
    return error_hint(reader->error, "To enable copying to a view, provide an INSTEAD OF INSERT trigger.");
}

static bool check_kind(CopyReader *reader)
{
    static const struct {
        char kind;
        const char *name;
    } KINDS[] = {{'m', "materialized view"}, {'S', "sequence"}};
    const CatRelation *relation = reader->relation;
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (KINDS[i].kind == relation->kind)
            return error_set(reader->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot copy to %s \"%s\"", KINDS[i].name, relation->name);
    if (relation->kind == 'v')
        return check_view(reader);
    if (relation->kind == 'f')
        return catalog_check_foreign_write(reader->session->catalog, relation, "insert into", reader->session->current_user, reader->error);
    return relation->kind == 'r' || relation->kind == 'p' ||
           error_set(reader->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot copy to non-table relation \"%s\"", relation->name);
}

static bool find_relation(CopyReader *reader)
{
    const PgQuery__RangeVar *range = reader->statement->relation;
    const char *schema = range->schemaname && *range->schemaname ? range->schemaname : NULL;
    if (schema && !catalog_namespace_by_name(reader->session->catalog, schema))
        return error_set(reader->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
    reader->relation = catalog_relation_by_name(reader->session->catalog, schema, range->relname);
    if (!reader->relation)
        return error_set(reader->error, ERRCODE_UNDEFINED_TABLE, "relation \"%s%s%s\" does not exist", schema ? schema : "",
                         schema ? "." : "", range->relname);
    reader->name = arena_strdup(reader->arena, reader->relation->name);
    return strchr("iIc", reader->relation->kind) == NULL ||
           error_set(reader->error, ERRCODE_WRONG_OBJECT_TYPE,
                     reader->relation->kind == 'c' ? "\"%s\" is a composite type" : "\"%s\" is an index", reader->name);
}

static int column_named(const CatRelation *relation, const char *name)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && strcmp(relation->columns[i].name, name) == 0)
            return i + 1;
    return 0;
}

static bool name_column(CopyReader *reader, const char *name)
{
    int number = copy_find_column(reader->relation, name, reader->error);
    if (!number)
        return false;
    for (int i = 0; i < reader->ncolumns; i++)
        if (reader->columns[i] == number)
            return error_set(reader->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", name);
    reader->columns[reader->ncolumns++] = number;
    return true;
}

/* A domain's base type, or that of an array's elements, with its length. */
static PlanColumn base_of(Catalog *catalog, const CatType *type)
{
    PlanColumn base = {.type = OID_NONE, .typmod = -1};
    Oid plain = type ? catalog_base_type(catalog, type->oid, &base.typmod) : OID_NONE;
    const CatType *array = plain ? catalog_type(catalog, plain) : NULL;
    if (array && array->category == 'A' && array->element) {
        const CatType *element = catalog_type(catalog, catalog_base_type(catalog, array->element, &base.typmod));
        plain = element ? element->array : OID_NONE;
    }
    base.type = plain < FIRST_USER_OID ? plain : OID_NONE;
    return base;
}

static bool name_columns(CopyReader *reader)
{
    const CatRelation *relation = reader->relation;
    size_t size = (size_t)relation->ncolumns + reader->statement->n_attlist + 2;
    reader->columns = ARENA_ARRAY(reader->arena, int, size);
    for (size_t i = 0; i < reader->statement->n_attlist; i++)
        if (!name_column(reader, reader->statement->attlist[i]->string->sval))
            return false;
    for (int i = 0; !reader->statement->n_attlist && i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && !relation->columns[i].generated)
            reader->columns[reader->ncolumns++] = i + 1;
    reader->types = ARENA_ARRAY(reader->arena, PlanColumn, size);
    reader->row_types = ARENA_ARRAY(reader->arena, Oid, size);
    reader->bases = ARENA_ARRAY(reader->arena, PlanColumn, size);
    for (int i = 0; i < reader->ncolumns; i++) {
        const CatColumn *column = &relation->columns[reader->columns[i] - 1];
        bool as_text = column->type >= FIRST_USER_OID;
        const CatType *type = as_text ? catalog_type(reader->session->catalog, column->type) : NULL;
        reader->row_types[i] = type && type->kind == 'c' ? column->type : OID_NONE;
        reader->bases[i] = base_of(reader->session->catalog, type);
        reader->types[i] = (PlanColumn){.name = arena_strdup(reader->arena, column->name),
                                        .type = as_text ? TYPE_TEXT : column->type,
                                        .typmod = as_text ? -1 : column->typmod};
    }
    reader->fields = ARENA_ARRAY(reader->arena, CopyField, size);
    reader->values = ARENA_ARRAY(reader->arena, Value, size);
    return true;
}

static bool mark_columns(CopyReader *reader, const PgQuery__Node *list, const char *option, const bool **out)
{
    bool *marks = ARENA_ARRAY(reader->arena, bool, reader->ncolumns + 1);
    *out = marks;
    for (size_t i = 0; list && i < list->list->n_items; i++) {
        const char *name = list->list->items[i]->string->sval;
        int number = column_named(reader->relation, name), place = -1;
        if (!number)
            return error_set(reader->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name,
                             reader->name);
        for (int k = 0; k < reader->ncolumns; k++)
            place = reader->columns[k] == number ? k : place;
        if (place < 0)
            return error_set(reader->error, ERRCODE_INVALID_COLUMN_REFERENCE, "%s column \"%s\" not referenced by COPY", option, name);
        marks[place] = true;
    }
    return true;
}

/* ---- where an error is ---- */

static const char *shown(CopyReader *reader, const char *text, size_t len)
{
    if (len <= MAX_SHOWN)
        return arena_strndup(reader->arena, text, len);
    for (len = MAX_SHOWN; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80; len--)
        ;
    return arena_printf(reader->arena, "%.*s...", (int)len, text);
}

static bool add_context(CopyReader *reader, const char *context)
{
    Error *error = reader->error;
    return error_context(error, "%s%s%s", error->context ? error->context : "", error->context ? "\n" : "", context);
}

static bool at_line(CopyReader *reader, int64_t number, const char *line)
{
    return add_context(reader, line ? arena_printf(reader->arena, "COPY %s, line %lld: \"%s\"", reader->name, (long long)number, line)
                                    : arena_printf(reader->arena, "COPY %s, line %lld", reader->name, (long long)number));
}

static bool at_column(CopyReader *reader, int column)
{
    const CopyField *field = &reader->fields[column];
    const char *name = reader->types[column].name;
    long long number = (long long)reader->lines.number;
    if (!field->text)
        return add_context(reader, arena_printf(reader->arena, "COPY %s, line %lld, column %s: null input", reader->name, number, name));
    return add_context(reader, arena_printf(reader->arena, "COPY %s, line %lld, column %s: \"%s\"", reader->name, number, name,
                                            shown(reader, field->text, field->len)));
}

/* ---- lines ---- */

static bool check_header(CopyReader *reader, size_t count)
{
    Error *error = reader->error;
    if (!reader->options.header_match)
        return true;
    if ((int)count != reader->ncolumns)
        return error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT, "wrong number of fields in header line: got %zu, expected %d", count,
                         reader->ncolumns);
    for (int i = 0; i < reader->ncolumns; i++) {
        const CopyField *field = &reader->fields[i];
        if (!field->text)
            return error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT,
                             "column name mismatch in header line field %d: got null value (\"%s\"), expected \"%s\"", i + 1,
                             reader->options.null, reader->types[i].name);
        if (strcmp(field->text, reader->types[i].name) != 0)
            return error_set(error, ERRCODE_BAD_COPY_FILE_FORMAT,
                             "column name mismatch in header line field %d: got \"%s\", expected \"%s\"", i + 1, field->text,
                             reader->types[i].name);
    }
    return true;
}

static bool take_fields(CopyReader *reader, size_t count)
{
    if ((int)count > reader->ncolumns)
        return error_set(reader->error, ERRCODE_BAD_COPY_FILE_FORMAT, "extra data after last expected column");
    if ((int)count < reader->ncolumns)
        return error_set(reader->error, ERRCODE_BAD_COPY_FILE_FORMAT, "missing data for column \"%s\"", reader->types[count].name);
    return true;
}

/* A row's text as it is kept. */
static bool read_row(CopyReader *reader, int index, Oid type)
{
    Session *session = reader->session;
    AnalyzeContext context = {.catalog = session->catalog, .functions = &session->functions, .text = ""};
    const char *text;
    if (!sql_read_row(reader->fields[index].text, type, &context, reader->scratch, &text, reader->error))
        return at_column(reader, index);
    reader->values[index] = (Value){.physical = FDW_STRING, .s = {text, strlen(text)}};
    return true;
}

static bool check_base(CopyReader *reader, int index)
{
    const PlanColumn *base = &reader->bases[index];
    const CopyField *field = &reader->fields[index];
    Value ignored;
    return base->type == OID_NONE ||
           type_input(base->type, base->typmod, field->text, field->len, &reader->session->types, reader->scratch, &ignored, reader->error);
}

static bool read_values(CopyReader *reader)
{
    for (int i = 0; i < reader->ncolumns; i++) {
        const CopyField *field = &reader->fields[i];
        const PlanColumn *column = &reader->types[i];
        if (!field->text)
            reader->values[i] = (Value){.is_null = true};
        else if (reader->row_types[i]) {
            if (!read_row(reader, i, reader->row_types[i]))
                return false;
        } else if (!check_base(reader, i) || !type_input(column->type, column->typmod, field->text, field->len, &reader->session->types,
                                                         reader->scratch, &reader->values[i], reader->error))
            return at_column(reader, i);
    }
    return true;
}

static bool take_line(CopyReader *reader, const char *line, size_t len)
{
    size_t count;
    arena_reset(reader->scratch);
    const char *copy = arena_strndup(reader->scratch, line, len);
    bool header = reader->header_due;
    reader->header_due = false;
    if (header && !reader->options.header_match)
        return true;
    if (!utf8_check(line, len, reader->error))
        return at_line(reader, reader->lines.number, NULL);
    if (!copy_split(&reader->lines, line, len, reader->scratch, reader->fields, (size_t)reader->ncolumns, &count, reader->error) ||
        !(header ? check_header(reader, count) : take_fields(reader, count)))
        return at_line(reader, reader->lines.number, shown(reader, line, len));
    if (header)
        return true;
    vec_push(reader->arena, &reader->numbers, reader->lines.number);
    const char *kept = len > MAX_SHOWN ? shown(reader, line, len) : copy;
    return read_values(reader) && write_copy_row(reader->rows, reader->values, kept, strlen(kept), reader->error);
}

/* ---- the binary format ---- */

static bool at_binary_column(CopyReader *reader, int column)
{
    return add_context(reader, arena_printf(reader->arena, "COPY %s, line %lld, column %s", reader->name, (long long)reader->lines.number,
                                            reader->types[column].name));
}

/* A value of a user's type is kept as its text. */
static bool receive(CopyReader *reader, int index)
{
    Session *session = reader->session;
    const CopyField *field = &reader->fields[index];
    const CatColumn *column = &reader->relation->columns[reader->columns[index] - 1];
    Oid base = catalog_base_type(session->catalog, column->type, NULL);
    const CatType *type = catalog_type(session->catalog, base);
    Value *value = &reader->values[index], read;
    if (type && type->kind == 'e')
        base = TYPE_TEXT;
    else if (type && type->oid >= FIRST_USER_OID)
        return error_unsupported(reader->error, "COPY FROM in binary format is not supported for type %s", type->name);
    bool as_text = reader->types[index].type != base;
    if (!type_receive(base, as_text ? -1 : column->typmod, field->text, field->len, &session->types, reader->scratch,
                      as_text ? &read : value, reader->error))
        return false;
    if (!as_text)
        return true;
    Str text;
    str_init(&text, reader->scratch);
    if (!type_output(base, &read, &TYPE_CONTEXT_CANONICAL, &text, reader->error))
        return false;
    *value = (Value){.physical = FDW_STRING, .s = {text.data ? text.data : "", text.len}};
    return true;
}

static bool take_tuples(CopyReader *reader)
{
    for (;;) {
        int column;
        arena_reset(reader->scratch);
        CopyStep step = copy_next_tuple(&reader->lines, reader->fields, reader->ncolumns, &column, reader->error);
        if (step == COPY_BROKEN)
            return column >= 0                ? at_binary_column(reader, column)
                   : reader->lines.has_header ? at_line(reader, reader->lines.number, NULL)
                                              : false;
        if (step != COPY_TUPLE)
            return true;
        for (int i = 0; i < reader->ncolumns; i++) {
            reader->values[i] = (Value){.is_null = true};
            if (reader->fields[i].text && !receive(reader, i))
                return at_binary_column(reader, i);
        }
        vec_push(reader->arena, &reader->numbers, reader->lines.number);
        if (!write_copy_row(reader->rows, reader->values, "", 0, reader->error))
            return false;
    }
}

static bool take_lines(CopyReader *reader)
{
    const char *line;
    size_t len;
    if (reader->options.format == COPY_BINARY)
        return take_tuples(reader);
    for (;;) {
        if (!copy_next_line(&reader->lines, &line, &len, reader->error))
            return at_line(reader, reader->lines.number, NULL);
        if (!line)
            return true;
        if (!take_line(reader, line, len))
            return false;
    }
}

/* ---- where the text comes from ---- */

static void send_start(CopyReader *reader)
{
    Wire *wire = reader->session->wire;
    wire_begin(wire, 'G');
    bool binary = reader->options.format == COPY_BINARY;
    wire_put_byte(wire, binary);
    wire_put_int16(wire, (int16_t)reader->ncolumns);
    for (int i = 0; i < reader->ncolumns; i++)
        wire_put_int16(wire, binary);
    wire_end(wire);
    wire_flush(wire);
}

static bool client_failed(CopyReader *reader, WireMessage *message)
{
    const char *why = "";
    Error ignored;
    error_init(&ignored, reader->scratch);
    (void)!wire_get_string(message, &why, &ignored);
    error_set(reader->error, ERRCODE_QUERY_CANCELED, "COPY from stdin failed: %s", why);
    return at_line(reader, reader->lines.number + 1, NULL);
}

static bool read_client(CopyReader *reader)
{
    send_start(reader);
    for (;;) {
        WireMessage message;
        if (!session_check_interrupt(reader->session, reader->error))
            return false;
        if (!wire_read(reader->session->wire, &message, reader->error))
            return error_is_set(reader->error) ? false
                                               : error_set(reader->error, ERRCODE_CONNECTION_FAILURE,
                                                           "unexpected EOF on client connection with an open transaction");
        switch (message.type) {
        case 'd':
            copy_add_text(&reader->lines, message.body, message.len);
            if (!take_lines(reader))
                return false;
            break;
        case 'c':
            return true;
        case 'f':
            return client_failed(reader, &message);
        case 'H':
        case 'S':
            break;
        default:
            /* What the client takes itself to be doing cannot be known any more. */
            reader->session->is_out_of_step = true;
            error_set(reader->error, ERRCODE_PROTOCOL_VIOLATION, "unexpected message type 0x%02X during COPY from stdin",
                      (unsigned char)message.type);
            return at_line(reader, reader->lines.number + 1, NULL);
        }
    }
}

static bool is_from_file(const CopyReader *reader)
{
    return reader->statement->filename && *reader->statement->filename;
}

static void close_file(void *arg)
{
    fclose(arg);
}

/* Before any trigger fires. */
static bool open_file(CopyReader *reader)
{
    static char const HINT[] = "COPY FROM instructs the PostgreSQL server process to read a file. You may want a client-side facility such "
                               "as psql's \\copy.";
    const char *path = reader->statement->filename;
    struct stat found;
    if (!is_from_file(reader))
        return true;
    reader->file = fopen(path, "r");
    if (!reader->file) {
        error_set(reader->error, errno == ENOENT ? ERRCODE_UNDEFINED_FILE : ERRCODE_INSUFFICIENT_PRIVILEGE,
                  "could not open file \"%s\" for reading: %s", path, strerror(errno));
        return error_hint(reader->error, HINT);
    }
    arena_defer(reader->arena, close_file, reader->file);
    return fstat(fileno(reader->file), &found) || !S_ISDIR(found.st_mode) ||
           error_set(reader->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is a directory", path);
}

static bool read_file(CopyReader *reader)
{
    char bytes[16384];
    bool done = true;
    for (size_t len; done && (len = fread(bytes, 1, sizeof bytes, reader->file)) > 0;) {
        copy_add_text(&reader->lines, bytes, len);
        done = session_check_interrupt(reader->session, reader->error) && take_lines(reader);
    }
    if (done && ferror(reader->file))
        done = error_set(reader->error, ERRCODE_IO_ERROR, "could not read from COPY file: %s", strerror(errno));
    return done;
}

static bool read_all(CopyReader *reader)
{
    if (!(is_from_file(reader) ? read_file(reader) : read_client(reader)))
        return false;
    reader->lines.at_end = true;
    return take_lines(reader);
}

/* ---- the rows ---- */

/* The failure of a row, with its line, which may be gone. */
static bool tell_line(CopyReader *reader, const WriteFailure *failed)
{
    int64_t row = failed->row;
    Error ignored;
    error_init(&ignored, reader->arena);
    size_t place = write_copy_place(reader->rows, row);
    bool with_text = !failed->is_after_store && reader->options.format != COPY_BINARY;
    const char *line = with_text ? write_copy_line(reader->rows, row, &ignored) : NULL;
    return row && place < reader->numbers.count ? at_line(reader, reader->numbers.items[place], line) : false;
}

/* Values of users' types are read by the statement, all rows together: which failed it does not say. */
static bool tell_column(CopyReader *reader)
{
    CopyTexts texts = {.relation = reader->relation, .columns = reader->columns, .nrows = reader->numbers.count};
    bool is_about_data = strncmp(reader->error->sqlstate, "22", 2) == 0 || strncmp(reader->error->sqlstate, "23", 2) == 0;
    if (!is_about_data || reader->error->context || !write_copy_unread(reader->rows, &texts, reader->error))
        return false;
    reader->lines.number = reader->numbers.items[write_copy_place(reader->rows, texts.row)];
    if (reader->options.format == COPY_BINARY)
        return at_binary_column(reader, texts.column);
    reader->fields[texts.column] = (CopyField){.text = (char *)(uintptr_t)texts.text, .len = texts.text ? strlen(texts.text) : 0};
    return at_column(reader, texts.column);
}

static bool insert_rows(CopyReader *reader, const WriteContext *context, const Query *insert, uint64_t *count)
{
    WriteResult result;
    WriteFailure failed = {0};
    WriteContext with_row = *context;
    with_row.failed = &failed;
    if (!write_copy_end(reader->rows, reader->error))
        return false;
    if (!catalog_rely(reader->session->catalog, reader->version, reader->error))
        return false;
    bool done = write_run(&with_row, insert, &result, reader->arena, reader->error);
    catalog_rely_no_more(reader->session->catalog);
    if (!done)
        return failed.row ? tell_line(reader, &failed) : tell_column(reader);
    *count = result.count;
    return true;
}

static Query *insert_of(CopyReader *reader)
{
    Session *session = reader->session;
    AnalyzeContext context = {.catalog = session->catalog, .functions = &session->functions, .text = reader->utility->portal->source_text};
    SqlCopy copy = {.relation = reader->relation,
                    .rows = write_copy_rte(reader->rows),
                    .columns = reader->columns,
                    .ncolumns = reader->ncolumns,
                    .where = reader->statement->where_clause};
    Query *query = sql_analyze_copy(&copy, &context, reader->arena, reader->error);
    if (query && !sql_check_privileges(query, session->catalog, session->current_user, reader->error)) {
        if (str_eq(reader->error->sqlstate, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE)) { /* said by who plans: COPY does not */
            error_clear(reader->error);
            catalog_denied(session->catalog, PG_CLASS_RELATION, reader->relation->oid, false, reader->error);
        }
        return NULL;
    }
    return query;
}

/* PostgreSQL finds out when it has asked the client for rows, or has opened the file. */
static bool refuse_kind(CopyReader *reader)
{
    Error kind = *reader->error;
    error_clear(reader->error);
    if (!read_all(reader) && is_from_file(reader))
        return false;
    *reader->error = kind;
    return false;
}

static bool copy_rows(CopyReader *reader)
{
    Session *session = reader->session;
    PlanContext plan = {
        .catalog = session->catalog, .wrappers = session->hub->options.wrappers, .functions = &session->functions, .params_bound = true};
    WriteContext context;
    if (!insert_context(session, &plan, &context, reader->error) ||
        !(reader->rows = write_copy_open(&context, reader->types, reader->ncolumns, reader->arena, reader->error)))
        return false;
    const Query *insert = insert_of(reader);
    if (!insert || !open_file(reader))
        return false;
    if (!check_kind(reader))
        return refuse_kind(reader);
    uint64_t count = 0;
    Error first;
    error_init(&first, reader->arena);
    if (!read_all(reader)) {
        error_copy(&first, reader->error);
        error_clear(reader->error);
    }
    /* What the rows before a bad line did wrong comes first. */
    if (!insert_rows(reader, &context, insert, &count))
        return false;
    if (error_is_set(&first))
        return error_copy(reader->error, &first);
    reader->utility->tag = arena_printf(reader->arena, "COPY %llu", (unsigned long long)count);
    return true;
}

static bool may_read_files(CopyReader *reader)
{
    enum { PG_READ_SERVER_FILES = 4569 };
    Session *session = reader->session;
    const char *path = reader->statement->filename;
    if (!path || !*path || catalog_is_superuser(session->catalog, session->current_user) ||
        catalog_has_privs_of(session->catalog, session->current_user, PG_READ_SERVER_FILES))
        return true;
    error_set(reader->error, ERRCODE_INSUFFICIENT_PRIVILEGE,
              "must be superuser or have privileges of the pg_read_server_files role to COPY from a file");
    return error_hint(reader->error, "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.");
}

static bool may_write(CopyReader *reader)
{
    Session *session = reader->session;
    return !settings_get_bool(session->settings, "transaction_read_only") ||
           catalog_is_temporary(session->catalog, reader->relation->namespace_oid) ||
           error_set(reader->error, ERRCODE_READ_ONLY_SQL_TRANSACTION, "cannot execute COPY FROM in a read-only transaction");
}

bool copy_from(Utility *utility, Error *error)
{
    CopyReader reader = {.utility = utility,
                         .session = utility->session,
                         .arena = utility->portal->arena,
                         .error = error,
                         .statement = utility->node->copy_stmt};
    if (reader.statement->is_program)
        return error_unsupported(error, "COPY FROM PROGRAM is not supported");
    reader.scratch = arena_open(reader.arena);
    bool is_foreign = insert_is_foreign(reader.statement->relation, reader.session->catalog);
    if (!may_read_files(&reader) || (!is_foreign && !catalog_write_begin(reader.session->catalog, error)) ||
        !catalog_settle(reader.session->catalog, &reader.version, error) || !find_relation(&reader) || !may_write(&reader) ||
        !copy_options(reader.statement, &reader.options, reader.arena, error) || !name_columns(&reader))
        return false;
    reader.lines.options = &reader.options;
    reader.header_due = reader.options.header;
    str_init(&reader.lines.pending, reader.arena);
    return mark_columns(&reader, reader.options.force_null, "FORCE_NULL", &reader.lines.force_null) &&
           mark_columns(&reader, reader.options.force_not_null, "FORCE_NOT_NULL", &reader.lines.force_not_null) && copy_rows(&reader);
}
