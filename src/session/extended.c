/*
 * extended.c - Parse, Bind, Describe, Execute, Close, Flush, Sync.
 *
 * Invariants:
 *  1. A message that does not fit its own format ends the session; any other error skips to the next Sync.
 *  2. Everything between two Syncs, outside a block, is one implicit transaction, which Sync commits.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/session_int.h"

enum { MAX_PARAMS = 65535 };

typedef struct Extended {
    Session *session;
    WireMessage *message;
    Error *error;
    bool broken; /* the message's format is wrong */
} Extended;

static bool broken(Extended *x)
{
    x->broken = true;
    return false;
}

static bool get_string(Extended *x, const char **out)
{
    return wire_get_string(x->message, out, x->error) || broken(x);
}

static bool get_count(Extended *x, int *out)
{
    int16_t count;
    if (!wire_get_int16(x->message, &count, x->error))
        return broken(x);
    *out = (uint16_t)count;
    return true;
}

static bool get_end(Extended *x)
{
    return wire_get_end(x->message, x->error) || broken(x);
}

static bool enter(Extended *x)
{
    return session_enter_statement(x->session, x->error);
}

static bool parse(Extended *x)
{
    Session *session = x->session;
    const char *name, *text;
    int ntypes;
    if (!get_string(x, &name) || !get_string(x, &text) || !get_count(x, &ntypes))
        return false;
    Oid *types = ARENA_ARRAY(session->work, Oid, ntypes + 1);
    for (int i = 0; i < ntypes; i++) {
        int32_t type;
        if (!wire_get_int32(x->message, &type, x->error))
            return broken(x);
        types[i] = (Oid)type;
    }
    if (!get_end(x))
        return false;
    session->source_text = text;
    if (!*name)
        prepared_drop(session, "");
    if (!protocol_text_is_valid(text, x->error) || !enter(x))
        return false;
    Prepared *prepared = prepared_make(session, name, text, types, ntypes, x->error);
    if (!prepared)
        return false;
    session->hide_text = prepared->node && utility_holds_secrets(prepared->node);
    bool done = (!prepared->node || transaction_is_exit(prepared->node) || transaction_refuse_failed(session, x->error)) &&
                prepared_describe(session, prepared, x->error) && prepared_store(session, prepared, x->error);
    if (!done) {
        arena_close(prepared->arena);
        return false;
    }
    wire_empty(session->wire, '1');
    return true;
}

/* Format codes of parameters or results: none, one for all, or one each. */
static bool get_formats(Extended *x, int16_t **formats, int *count)
{
    if (!get_count(x, count))
        return false;
    *formats = ARENA_ARRAY(x->session->work, int16_t, *count + 1);
    for (int i = 0; i < *count; i++)
        if (!wire_get_int16(x->message, &(*formats)[i], x->error))
            return broken(x);
    return true;
}

static int16_t format_of(const int16_t *formats, int count, int index)
{
    return count == 0 ? 0 : count == 1 ? formats[0] : formats[index];
}

static bool check_format(int16_t format, Error *error)
{
    return format == 0 || format == 1 || error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "unsupported format code: %d", format);
}

static bool decode(Session *session, Oid type, int16_t format, const char *bytes, size_t len, Arena *arena, const char **out, Error *error)
{
    if (!check_format(format, error))
        return false;
    if (format == 0) {
        const char *text = arena_strndup(arena, bytes, len);
        return protocol_text_is_valid(text, error) && type_canonical(type, -1, text, &session->types, arena, out, error);
    }
    Value value;
    Str text;
    str_init(&text, arena);
    if (!type_receive(type, -1, bytes, len, &session->types, arena, &value, error) ||
        !type_output(type, &value, &TYPE_CONTEXT_CANONICAL, &text, error))
        return false;
    *out = text.data ? text.data : "";
    return true;
}

typedef struct RawParam {
    const char *bytes;
    int32_t len;
} RawParam;

/* The message's fields first, whole, so that a format error is one and a bad value another. */
typedef struct BindMessage {
    const char *portal, *statement;
    int16_t *param_formats, *result_formats;
    int nparam_formats, nresult_formats, nparams;
    RawParam *params;
} BindMessage;

static bool read_bind(Extended *x, BindMessage *bind)
{
    if (!get_string(x, &bind->portal) || !get_string(x, &bind->statement) || !get_formats(x, &bind->param_formats, &bind->nparam_formats) ||
        !get_count(x, &bind->nparams))
        return false;
    bind->params = ARENA_ARRAY(x->session->work, RawParam, bind->nparams + 1);
    for (int i = 0; i < bind->nparams; i++) {
        RawParam *param = &bind->params[i];
        if (!wire_get_int32(x->message, &param->len, x->error))
            return broken(x);
        if (param->len < -1) {
            error_set(x->error, ERRCODE_PROTOCOL_VIOLATION, "invalid message format");
            return broken(x);
        }
        if (param->len >= 0 && !wire_get_bytes(x->message, (size_t)param->len, &param->bytes, x->error))
            return broken(x);
    }
    return get_formats(x, &bind->result_formats, &bind->nresult_formats) && get_end(x);
}

static bool check_bind(Session *session, const BindMessage *bind, const Prepared *prepared, Error *error)
{
    if (bind->nparam_formats > 1 && bind->nparam_formats != bind->nparams)
        return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "bind message has %d parameter formats but %d parameters", bind->nparam_formats,
                         bind->nparams);
    if (bind->nparams != prepared->nparams)
        return error_set(error, ERRCODE_PROTOCOL_VIOLATION,
                         "bind message supplies %d parameters, but prepared statement \"%s\" requires %d", bind->nparams, prepared->name,
                         prepared->nparams);
    return !prepared->node || transaction_is_exit(prepared->node) || transaction_refuse_failed(session, error);
}

static PortalParams *decode_params(Extended *x, const BindMessage *bind, const Prepared *prepared, Arena *arena)
{
    PortalParams *params = ARENA_NEW(arena, PortalParams);
    const char **values = ARENA_ARRAY(arena, const char *, bind->nparams + 1);
    Oid *types = ARENA_ARRAY(arena, Oid, bind->nparams + 1);
    for (int i = 0; i < bind->nparams; i++) {
        const RawParam *param = &bind->params[i];
        types[i] = prepared->param_types[i];
        if (param->len >= 0 && !decode(x->session, types[i], format_of(bind->param_formats, bind->nparam_formats, i), param->bytes,
                                       (size_t)param->len, arena, &values[i], x->error))
            return NULL;
    }
    *params = (PortalParams){.values = values, .types = types, .count = bind->nparams};
    return params;
}

static bool set_result_formats(Portal *portal, const BindMessage *bind, Error *error)
{
    if (!portal->columns)
        return true;
    if (bind->nresult_formats > 1 && bind->nresult_formats != portal->ncolumns)
        return error_set(error, ERRCODE_PROTOCOL_VIOLATION, "bind message has %d result formats but query has %d columns",
                         bind->nresult_formats, portal->ncolumns);
    int16_t *formats = ARENA_ARRAY(portal->arena, int16_t, portal->ncolumns + 1);
    for (int i = 0; i < portal->ncolumns; i++) {
        formats[i] = format_of(bind->result_formats, bind->nresult_formats, i);
        if (!check_format(formats[i], error))
            return false;
    }
    /* FETCH from a binary cursor is binary, whatever was asked for. */
    if (!portal->formats)
        portal->formats = formats;
    return true;
}

static bool same_columns(const Prepared *prepared, const Portal *portal)
{
    if (!prepared->has_rows || prepared->ncolumns != portal->ncolumns)
        return prepared->has_rows == (portal->columns != NULL);
    for (int i = 0; i < portal->ncolumns; i++)
        if (prepared->columns[i].type != portal->columns[i].type)
            return false;
    return true;
}

static bool fill_portal(Extended *x, Portal *portal, const BindMessage *bind, Prepared *prepared)
{
    prepared_hold(prepared, portal->arena);
    portal->owns_text = true;
    const PortalParams *params = decode_params(x, bind, prepared, portal->arena);
    if (!params || !portal_plan(portal, prepared->node, arena_strdup(portal->arena, prepared->source_text),
                                arena_strdup(portal->arena, prepared->text), params, x->error))
        return false;
    if (portal->kind == PORTAL_QUERY && !same_columns(prepared, portal))
        return error_unsupported(x->error, "cached plan must not change result type");
    return set_result_formats(portal, bind, x->error);
}

static bool bind(Extended *x)
{
    Session *session = x->session;
    BindMessage bind;
    if (!read_bind(x, &bind))
        return false;
    Prepared *prepared = prepared_find(session, bind.statement, x->error);
    if (!prepared)
        return false;
    session->source_text = prepared->source_text;
    session->hide_text = prepared->node && utility_holds_secrets(prepared->node);
    if (!check_bind(session, &bind, prepared, x->error) || !enter(x))
        return false;
    session_set_view(session, "active", session->hide_text ? sql_command_tag(prepared->node) : prepared->source_text);
    Portal *portal = portal_make(session, bind.portal);
    if (!fill_portal(x, portal, &bind, prepared) || !portal_store(session, portal, x->error)) {
        portal_close(portal);
        return false;
    }
    wire_empty(session->wire, '2');
    return true;
}

static bool describe_statement(Extended *x, const char *name)
{
    Session *session = x->session;
    const Prepared *prepared = prepared_find(session, name, x->error);
    if (!prepared || (prepared->has_rows && !transaction_refuse_failed(session, x->error)))
        return false;
    wire_begin(session->wire, 't');
    wire_put_int16(session->wire, (int16_t)prepared->nparams);
    for (int i = 0; i < prepared->nparams; i++)
        wire_put_int32(session->wire, (int32_t)prepared->param_types[i]);
    wire_end(session->wire);
    if (prepared->has_rows)
        rows_describe(session, prepared->columns, prepared->ncolumns, NULL);
    else
        wire_empty(session->wire, 'n');
    return true;
}

static bool describe_portal(Extended *x, const char *name)
{
    Session *session = x->session;
    const Portal *portal = portal_find(session, name, x->error);
    if (!portal || (portal->columns && !transaction_refuse_failed(session, x->error)))
        return false;
    if (portal->columns)
        rows_describe(session, portal->columns, portal->ncolumns, portal->formats);
    else
        wire_empty(session->wire, 'n');
    return true;
}

static bool unknown_subtype(Extended *x, char subtype, const char *message)
{
    error_set(x->error, ERRCODE_PROTOCOL_VIOLATION, "invalid %s message subtype %d", message, subtype);
    return broken(x);
}

static bool describe(Extended *x)
{
    char subtype;
    const char *name;
    if (!wire_get_byte(x->message, &subtype, x->error))
        return broken(x);
    if (!get_string(x, &name) || !get_end(x) || !enter(x))
        return false;
    if (subtype == 'S')
        return describe_statement(x, name);
    return subtype == 'P' ? describe_portal(x, name) : unknown_subtype(x, subtype, "DESCRIBE");
}

static const char *completion_tag(const Portal *portal, size_t rows, Arena *arena)
{
    switch (portal->kind) {
    case PORTAL_QUERY:
        return arena_printf(arena, "SELECT %zu", rows);
    case PORTAL_FETCH:
        return arena_printf(arena, "%s %zu", portal->tag, rows);
    default:
        return portal->tag;
    }
}

static bool run(Extended *x, Portal *portal, int32_t max_rows)
{
    Session *session = x->session;
    bool complete;
    bool is_move = portal->kind == PORTAL_FETCH && portal->node->fetch_stmt->ismove;
    Dest *dest = portal->columns && !is_move
                     ? rows_dest(session, session->work, portal->columns, portal->ncolumns, portal->formats, x->error)
                     : rows_discard(session->work);
    if (!portal_run(portal, max_rows > 0 ? (size_t)max_rows : 0, dest, &complete, x->error))
        return false;
    if (portal->kind == PORTAL_EMPTY)
        wire_empty(session->wire, 'I');
    else if (!complete)
        wire_empty(session->wire, 's');
    else
        wire_complete(session->wire, completion_tag(portal, dest->count, session->work));
    return true;
}

static bool execute(Extended *x)
{
    Session *session = x->session;
    const char *name;
    int32_t max_rows;
    if (!get_string(x, &name))
        return false;
    if (!wire_get_int32(x->message, &max_rows, x->error))
        return broken(x);
    if (!get_end(x))
        return false;
    Portal *portal = portal_find(session, name, x->error);
    if (!portal || (portal->node && !transaction_is_exit(portal->node) && !transaction_refuse_failed(session, x->error)) || !enter(x))
        return false;
    session->hide_text = portal->node && utility_holds_secrets(portal->node);
    session_set_view(session, "active", NULL);
    return run(x, portal, max_rows);
}

static bool close_one(Extended *x)
{
    Session *session = x->session;
    char subtype;
    const char *name;
    if (!wire_get_byte(x->message, &subtype, x->error))
        return broken(x);
    if (!get_string(x, &name) || !get_end(x))
        return false;
    if (subtype == 'S') {
        prepared_drop(session, name);
    } else if (subtype == 'P') {
        Portal *portal = map_remove(session->portals, name, strlen(name));
        if (portal)
            portal_close(portal);
    } else {
        return unknown_subtype(x, subtype, "CLOSE");
    }
    wire_empty(session->wire, '3');
    return true;
}

static bool flush(Extended *x)
{
    return get_end(x);
}

/* Answers ReadyForQuery also when the commit fails. */
static bool sync_up(Extended *x)
{
    Session *session = x->session;
    if (!get_end(x))
        return false;
    session->skip_until_sync = false;
    if (!transaction_leave(session, x->error))
        session_fail(session, x->error);
    error_clear(x->error);
    if (!session->ended)
        session_send_ready(session);
    return true;
}

static const struct {
    char type;
    bool (*handle)(Extended *x);
} HANDLERS[] = {
    {'P', parse}, {'B', bind}, {'D', describe}, {'E', execute}, {'C', close_one}, {'H', flush}, {'S', sync_up},
};

bool extended_message(Session *session, WireMessage *message, bool *failed, Error *error)
{
    Extended x = {.session = session, .message = message, .error = error};
    for (size_t i = 0; i < COUNT_OF(HANDLERS); i++)
        if (HANDLERS[i].type == message->type)
            *failed = !HANDLERS[i].handle(&x);
    if (!session_leave_statement(session, !*failed, error))
        *failed = true;
    return !x.broken;
}
