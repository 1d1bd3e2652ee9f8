/*
 * rows.c - results on the wire: RowDescription, and DataRows out of column batches or undecoded fields.
 *
 * Invariants:
 *  1. A DataRow that cannot be finished (its value has no text) is taken back whole; nothing of it is sent.
 *  2. Clients are told a domain's base type and get its output.
 *  3. Scratch memory ends with each batch, so a result without end needs no memory without end.
 * Entered by the thread that pulls the execution: the session's worker.
 */
#include <arpa/inet.h>
#include <string.h>

#include "session/session_int.h"

enum { LONGEST_ROW = 0x3fffffff };

typedef struct RowWriter {
    Session *session;
    Arena *scratch;
    Str text;
    const PlanColumn *columns;
    bool *is_plain; /* of each column: its texts go out as they lie */
    int ncolumns;
    const int16_t *formats;
    size_t size; /* of the row being written */
    Dest dest;
} RowWriter;

/* As PostgreSQL, which builds a message in one piece of memory; its length word could not say more than 2 GB. */
static bool check_size(RowWriter *writer, size_t more)
{
    writer->size += more;
    return writer->size <= LONGEST_ROW || error_set(writer->dest.error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "a row is longer than 1 GB");
}

void rows_describe(Session *session, const PlanColumn *columns, int ncolumns, const int16_t *formats)
{
    Wire *wire = session->wire;
    wire_begin(wire, 'T');
    wire_put_int16(wire, (int16_t)ncolumns);
    for (int i = 0; i < ncolumns; i++) {
        int32_t typmod = columns[i].typmod;
        Oid base = catalog_base_type(session->catalog, columns[i].type, &typmod);
        const CatType *type = catalog_type(session->catalog, base);
        wire_put_string(wire, columns[i].name ? columns[i].name : "?column?");
        wire_put_int32(wire, (int32_t)columns[i].origin_table);
        wire_put_int16(wire, columns[i].origin_column);
        wire_put_int32(wire, (int32_t)base);
        wire_put_int16(wire, type ? type->length : -1);
        wire_put_int32(wire, typmod);
        wire_put_int16(wire, formats ? formats[i] : 0);
    }
    wire_end(wire);
}

static bool put_value(RowWriter *writer, int column, const Value *value)
{
    Wire *wire = writer->session->wire;
    if (value->is_null) {
        wire_put_int32(wire, -1);
        return true;
    }
    const PlanColumn *of = &writer->columns[column];
    bool sends = writer->formats[column] != 0, is_text = of->type == TYPE_TEXT || of->type == TYPE_VARCHAR;
    if (value->physical == FDW_STRING && writer->is_plain[column] && (!sends || is_text)) {
        if (!check_size(writer, value->s.len))
            return false;
        wire_put_int32(wire, (int32_t)value->s.len);
        wire_put_bytes(wire, value->s.ptr, value->s.len);
        return true;
    }
    str_reset(&writer->text);
    if (!(sends ? row_send_value : row_show_value)(writer->session, of, value, writer->scratch, &writer->text, writer->dest.error) ||
        !check_size(writer, writer->text.len))
        return false;
    wire_put_int32(wire, (int32_t)writer->text.len);
    wire_put_bytes(wire, writer->text.data, writer->text.len);
    return true;
}

static bool put_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    RowWriter *writer = arg;
    Wire *wire = writer->session->wire;
    session_send_notices(writer->session);
    arena_reset(writer->scratch);
    str_init(&writer->text, writer->scratch);
    for (size_t row = first; row < first + count; row++) {
        wire_begin(wire, 'D');
        wire_put_int16(wire, (int16_t)writer->ncolumns);
        writer->size = 0;
        for (int i = 0; i < writer->ncolumns; i++) {
            Value value = type_vector_get(&batch->vectors[i], row);
            if (!put_value(writer, i, &value)) {
                wire_abandon(wire);
                return false;
            }
        }
        wire_end(wire);
        writer->dest.count++;
        if (wire_is_broken(wire))
            return false;
    }
    return true;
}

static bool put_raw(void *arg, const FdwField *fields, size_t nfields)
{
    RowWriter *writer = arg;
    Wire *wire = writer->session->wire;
    size_t room = 0;
    for (size_t i = 0; i < nfields; i++)
        room += sizeof(uint32_t) + (fields[i].length > 0 ? (size_t)fields[i].length : 0);
    writer->size = 0;
    if (!check_size(writer, room))
        return false;
    wire_begin(wire, 'D');
    wire_put_int16(wire, (int16_t)nfields);
    char *at = wire_room(wire, room);
    for (size_t i = 0; i < nfields; i++) {
        uint32_t length = htonl((uint32_t)fields[i].length);
        memcpy(at, &length, sizeof length);
        at += sizeof length;
        if (fields[i].length > 0) {
            memcpy(at, fields[i].bytes, (size_t)fields[i].length);
            at += fields[i].length;
        }
    }
    wire_filled(wire, room);
    wire_end(wire);
    writer->dest.count++;
    return !wire_is_broken(wire);
}

Dest *rows_dest(Session *session, Arena *arena, const PlanColumn *columns, int ncolumns, const int16_t *formats, Error *error)
{
    RowWriter *writer = ARENA_NEW(arena, RowWriter);
    *writer = (RowWriter){.session = session, .columns = columns, .ncolumns = ncolumns, .formats = formats};
    writer->scratch = arena_open(arena);
    str_init(&writer->text, writer->scratch);
    writer->is_plain = ARENA_ARRAY(arena, bool, ncolumns + 1);
    for (int i = 0; i < ncolumns; i++)
        writer->is_plain[i] = row_is_plain(session, &columns[i]);
    writer->dest = (Dest){.sink = {.arg = writer, .batch = put_batch, .raw = put_raw}, .error = error, .formats = formats};
    return &writer->dest;
}

static bool count_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    ((Dest *)arg)->count += count;
    return true;
}

static bool count_raw(void *arg, const FdwField *fields, size_t nfields)
{
    ((Dest *)arg)->count++;
    return true;
}

Dest *rows_discard(Arena *arena)
{
    Dest *dest = ARENA_NEW(arena, Dest);
    dest->sink = (RowSink){.arg = dest, .batch = count_batch, .raw = count_raw};
    return dest;
}

/* A utility statement's value as its column's type lies. */
static bool read_cell(const PlanColumn *column, const char *cell, Arena *arena, Value *out, Error *error)
{
    *out = value_text(cell, strlen(cell));
    return type_layout(column->type, -1).physical == FDW_STRING ||
           type_input(column->type, -1, cell, strlen(cell), &TYPE_CONTEXT_CANONICAL, arena, out, error);
}

/* One row of a utility statement's answer: every cell a canonical text, sent as the formats and the session's settings ask. */
bool rows_put_texts(Session *session, Dest *dest, const PlanColumn *columns, int ncolumns, const char *const *cells, Error *error)
{
    Arena *arena = arena_open(NULL);
    FdwField *fields = ARENA_ARRAY(arena, FdwField, ncolumns);
    bool done = true;
    for (int i = 0; i < ncolumns && done; i++) {
        fields[i] = (FdwField){.bytes = cells[i], .length = cells[i] ? (int32_t)strlen(cells[i]) : -1};
        if (!cells[i] || columns[i].type == TYPE_TEXT)
            continue;
        Value value;
        Str bytes;
        str_init(&bytes, arena);
        bool is_binary = dest->formats && dest->formats[i];
        done = read_cell(&columns[i], cells[i], arena, &value, error) &&
               (is_binary ? row_send_value : row_show_value)(session, &columns[i], &value, arena, &bytes, error);
        fields[i] = (FdwField){.bytes = bytes.data ? bytes.data : "", .length = (int32_t)bytes.len};
    }
    if (done)
        dest->sink.raw(dest->sink.arg, fields, (size_t)ncolumns);
    arena_close(arena);
    return done;
}

bool row_cell_to_text(const FdwBatch *batch, size_t row, int column, Oid type, const char **text, Arena *arena, Error *error)
{
    Value value = type_vector_get(&batch->vectors[column], row);
    *text = NULL;
    if (value.is_null)
        return true;
    if (value.physical == FDW_STRING) {
        *text = arena_strndup(arena, value.s.ptr, value.s.len);
        return true;
    }
    Str out;
    str_init(&out, arena);
    if (!type_output(type, &value, &TYPE_CONTEXT_CANONICAL, &out, error))
        return false;
    *text = out.data ? out.data : "";
    return true;
}

bool rows_to_texts(const FdwBatch *batch, size_t row, const PlanColumn *columns, int ncolumns, const char **cells, Arena *arena,
                   Error *error)
{
    for (int i = 0; i < ncolumns; i++)
        if (!row_cell_to_text(batch, row, i, columns[i].type, &cells[i], arena, error))
            return false;
    return true;
}
