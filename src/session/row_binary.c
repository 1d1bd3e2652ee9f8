/*
 * row_binary.c - values of the user's types in PostgreSQL's binary form: enums, composites, domains, and arrays of them.
 *
 * Inside Medley such a value is its text. The binary form of an array or a row names the types of what is in it, which only the catalog
 * knows.
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

static bool send_text(Sender *sender, Oid oid, const char *text, size_t len);

/* With its length before it. NULL: SQL NULL. */
static bool send_part(Sender *sender, Oid oid, const char *text, size_t len)
{
    Str whole = *sender->out, part;
    if (!text) {
        put_int32(sender->out, UINT32_MAX);
        return true;
    }
    str_init(&part, sender->arena);
    *sender->out = part;
    bool done = send_text(sender, oid, text, len);
    part = *sender->out;
    *sender->out = whole;
    put_int32(sender->out, (uint32_t)part.len);
    str_addn(sender->out, part.data, part.len);
    return done;
}

static bool send_array(Sender *sender, Oid element, const char *text, size_t len)
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
        done = send_part(sender, element, shape.elements[i].text, shape.elements[i].len);
    return done;
}

static bool send_row(Sender *sender, const CatRelation *relation, const char *text)
{
    const char **cells;
    int ncells = type_row_read(text, sender->arena, &cells), count = 0, cell = 0;
    bool done = true;
    for (int i = 0; i < relation->ncolumns; i++)
        count += !relation->columns[i].dropped;
    put_int32(sender->out, (uint32_t)count);
    for (int i = 0; i < relation->ncolumns && done; i++) {
        if (relation->columns[i].dropped)
            continue;
        const char *value = cell < ncells ? cells[cell] : NULL;
        cell++;
        put_int32(sender->out, relation->columns[i].type);
        done = send_part(sender, relation->columns[i].type, value, value ? strlen(value) : 0);
    }
    return done;
}

static bool send_text(Sender *sender, Oid oid, const char *text, size_t len)
{
    Catalog *catalog = sender->session->catalog;
    Oid base = catalog_base_type(catalog, oid, NULL);
    const CatType *type = catalog_type(catalog, base);
    const CatRelation *relation = type && type->kind == 'c' && type->relation ? catalog_relation(catalog, type->relation) : NULL;
    if (relation)
        return send_row(sender, relation, text);
    if (type && type->category == 'A' && type->element && type_array_element(base) == OID_NONE)
        return send_array(sender, type->element, text, len);
    if (type && type->kind == 'e') {
        str_addn(sender->out, text, len);
        return true;
    }
    Value value;
    return type_input(base, -1, text, len, &TYPE_CONTEXT_CANONICAL, sender->arena, &value, sender->error) &&
           type_send(base, &value, &sender->session->types, sender->out, sender->error);
}

bool row_send_value(Session *session, Oid type, const Value *value, Arena *arena, Str *out, Error *error)
{
    enum { FIRST_USER_OID = 16384 };
    Sender sender = {session, arena, out, error};
    if (type < FIRST_USER_OID || value->physical != FDW_STRING)
        return type_send(catalog_base_type(session->catalog, type, NULL), value, &session->types, out, error);
    return send_text(&sender, type, value->s.ptr, value->s.len);
}
