/*
 * wire_message.c - fields of messages, and the replies that every session sends.
 *
 * Invariants:
 *  1. No reader goes past its message; strings end inside it.
 *  2. An ErrorResponse has the fields S V C M and those that are set, in PostgreSQL's order.
 * Entered by the one thread that serves the session.
 */
#include <stdio.h>
#include <string.h>

#include "wire/wire_int.h"

static bool need(const WireMessage *message, size_t len, Error *error)
{
    if (message->len - message->at >= len)
        return true;
    return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "insufficient data left in message");
}

bool wire_get_int16(WireMessage *message, int16_t *out, Error *error)
{
    if (!need(message, 2, error))
        return false;
    const unsigned char *b = (const unsigned char *)message->body + message->at;
    *out = (int16_t)(b[0] << 8 | b[1]);
    message->at += 2;
    return true;
}

bool wire_get_int32(WireMessage *message, int32_t *out, Error *error)
{
    if (!need(message, 4, error))
        return false;
    const unsigned char *b = (const unsigned char *)message->body + message->at;
    *out = (int32_t)((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]);
    message->at += 4;
    return true;
}

bool wire_get_byte(WireMessage *message, char *out, Error *error)
{
    if (!need(message, 1, error))
        return false;
    *out = message->body[message->at++];
    return true;
}

bool wire_get_string(WireMessage *message, const char **out, Error *error)
{
    const char *from = message->body + message->at;
    const char *end = message->at < message->len ? memchr(from, '\0', message->len - message->at) : NULL;
    if (!end)
        return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "invalid string in message");
    *out = from;
    message->at += (size_t)(end - from) + 1;
    return true;
}

bool wire_get_bytes(WireMessage *message, size_t len, const char **out, Error *error)
{
    if (!need(message, len, error))
        return false;
    *out = message->body + message->at;
    message->at += len;
    return true;
}

bool wire_get_end(const WireMessage *message, Error *error)
{
    if (message->at == message->len)
        return true;
    return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "invalid message format");
}

static const char *const SEVERITY_NAMES[] = {
    [SEVERITY_DEBUG] = "DEBUG",     [SEVERITY_LOG] = "LOG",     [SEVERITY_INFO] = "INFO",   [SEVERITY_NOTICE] = "NOTICE",
    [SEVERITY_WARNING] = "WARNING", [SEVERITY_ERROR] = "ERROR", [SEVERITY_FATAL] = "FATAL", [SEVERITY_PANIC] = "PANIC",
};

static void put_field(Wire *wire, char code, const char *text)
{
    if (!text)
        return;
    wire_put_byte(wire, code);
    wire_put_string(wire, text);
}

static void put_report(Wire *wire, char type, const Error *report)
{
    wire_begin(wire, type);
    put_field(wire, 'S', SEVERITY_NAMES[report->severity]);
    put_field(wire, 'V', SEVERITY_NAMES[report->severity]);
    put_field(wire, 'C', report->sqlstate[0] ? report->sqlstate : ERRCODE_INTERNAL_ERROR);
    put_field(wire, 'M', report->message ? report->message : "missing error text");
    put_field(wire, 'D', report->detail);
    put_field(wire, 'H', report->hint);
    if (report->position > 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", report->position);
        put_field(wire, 'P', number);
    }
    if (report->query_position > 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", report->query_position);
        put_field(wire, 'p', number);
    }
    put_field(wire, 'q', report->query);
    put_field(wire, 'W', report->context);
    put_field(wire, 's', report->schema);
    put_field(wire, 't', report->table);
    put_field(wire, 'c', report->column);
    put_field(wire, 'd', report->datatype);
    put_field(wire, 'n', report->constraint);
    wire_put_byte(wire, '\0');
    wire_end(wire);
}

void wire_error(Wire *wire, const Error *error)
{
    put_report(wire, 'E', error);
}

void wire_notice(Wire *wire, const Error *event)
{
    put_report(wire, 'N', event);
}

void wire_ready(Wire *wire, char transaction_status)
{
    wire_begin(wire, 'Z');
    wire_put_byte(wire, transaction_status);
    wire_end(wire);
}

void wire_complete(Wire *wire, const char *tag)
{
    wire_begin(wire, 'C');
    wire_put_string(wire, tag);
    wire_end(wire);
}

void wire_parameter_status(Wire *wire, const char *name, const char *value)
{
    wire_begin(wire, 'S');
    wire_put_string(wire, name);
    wire_put_string(wire, value);
    wire_end(wire);
}

void wire_empty(Wire *wire, char type)
{
    wire_begin(wire, type);
    wire_end(wire);
}
