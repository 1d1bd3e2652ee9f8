/*
 * row_value.c - one value as a client gets it, in text or in PostgreSQL's binary form.
 *
 * A value of a user's type (an enum, a composite, a domain, an array of them) or a record lies as its canonical text. What is in it, and
 * with that what the settings and the binary form make of it, the catalog knows, of a record its column or the value itself.
 *
 * Entered by the session's worker only.
 */
#include <arpa/inet.h>
#include <string.h>

#include "session/session_int.h"
#include "type/part.h"

typedef struct Sender {
    Session *session;
    Arena *arena;
    Str *out;
    Error *error;
} Sender;

static void put_int32(Str *out, uint32_t number)
{
    uint32_t bytes = htonl(number);
    str_addn(out, (const char *)&bytes, sizeof bytes);
}

/* fields: of a record (catalog.h, output.c). */
static bool send_text(Sender *sender, Oid oid, const char *fields, const char *text, size_t len);

/* With its length before it. NULL: SQL NULL. */
static bool send_part(Sender *sender, Oid oid, const char *fields, const char *text, size_t len)
{
    Str whole = *sender->out, part;
    if (!text) {
        put_int32(sender->out, UINT32_MAX);
        return true;
    }
    str_init(&part, sender->arena);
    *sender->out = part;
    bool done = send_text(sender, oid, fields, text, len);
    part = *sender->out;
    *sender->out = whole;
    put_int32(sender->out, (uint32_t)part.len);
    str_addn(sender->out, part.data, part.len);
    return done;
}

static bool send_array(Sender *sender, Oid element, const char *fields, const char *text, size_t len)
{
    ArrayShape shape;
    if (!type_array_read(text, len, ',', sender->arena, &shape, sender->error))
        return false;
    bool has_null = false, done = true;
    for (size_t i = 0; i < shape.count; i++)
        has_null |= !shape.elements[i].text;
    put_int32(sender->out, (uint32_t)shape.ndim);
    put_int32(sender->out, has_null);
    put_int32(sender->out, element);
    for (int i = 0; i < shape.ndim; i++) {
        put_int32(sender->out, (uint32_t)shape.dims[i]);
        put_int32(sender->out, (uint32_t)shape.lower[i]);
    }
    for (size_t i = 0; i < shape.count && done; i++)
        done = send_part(sender, element, fields, shape.elements[i].text, shape.elements[i].len);
    return done;
}

static bool send_row(Sender *sender, const ValueField *fields, int nfields, const char *text)
{
    const char **cells;
    int ncells = type_row_read(text, sender->arena, &cells);
    bool done = true;
    put_int32(sender->out, (uint32_t)nfields);
    for (int i = 0; i < nfields && done; i++) {
        const char *value = i < ncells ? cells[i] : NULL;
        put_int32(sender->out, fields[i].type);
        done = send_part(sender, fields[i].type, fields[i].fields, value, value ? strlen(value) : 0);
    }
    return done;
}

static bool send_text(Sender *sender, Oid oid, const char *fields, const char *text, size_t len)
{
    Catalog *catalog = sender->session->catalog;
    Oid base = catalog_base_type(catalog, oid, NULL);
    const CatType *type = catalog_type(catalog, base);
    ValueParts parts = catalog_value_parts(catalog, base, fields, text, sender->arena);
    if (parts.is_row)
        return send_row(sender, parts.fields, parts.nfields, text);
    if (parts.is_array)
        return send_array(sender, parts.element.type, parts.element.fields, text, len);
    if (type && type->kind == 'e') {
        str_addn(sender->out, text, len);
        return true;
    }
    Value value;
    return type_input(base, -1, text, len, &TYPE_CONTEXT_CANONICAL, sender->arena, &value, sender->error) &&
           type_send(base, &value, &sender->session->types, sender->out, sender->error);
}

static bool is_own_type(Oid type)
{
    return type == TYPE_RECORD || type == TYPE_RECORD_ARRAY || !type_is_builtin(type);
}

static bool is_own_text(const PlanColumn *column, const Value *value)
{
    return value->physical == FDW_STRING && is_own_type(column->type);
}

bool row_send_value(Session *session, const PlanColumn *column, const Value *value, Arena *arena, Str *out, Error *error)
{
    Sender sender = {session, arena, out, error};
    if (is_own_text(column, value))
        return send_text(&sender, column->type, column->fields, arena_strndup(arena, value->s.ptr, value->s.len), value->s.len);
    return type_send(catalog_base_type(session->catalog, column->type, NULL), value, &session->types, out, error);
}

bool row_show_value(Session *session, const PlanColumn *column, const Value *value, Arena *arena, Str *out, Error *error)
{
    if (!is_own_text(column, value))
        return type_output(catalog_base_type(session->catalog, column->type, NULL), value, &session->types, out, error);
    const char *shown = catalog_shown_text(session->catalog, column->type, column->fields, arena_strndup(arena, value->s.ptr, value->s.len),
                                           &session->types, arena, error);
    str_add(out, shown ? shown : "");
    return shown != NULL;
}

bool row_is_plain(Session *session, const PlanColumn *column)
{
    return column->type == TYPE_TEXT || column->type == TYPE_VARCHAR ||
           (is_own_type(column->type) && !catalog_text_varies(session->catalog, column->type, column->fields));
}
