/*
 * extended.c - Parse, Bind, Describe, Execute, Close, Flush, Sync.
 *
 * Invariants:
 *  1. A message that does not fit its own format ends the session; any other error skips to the next Sync.
 *  2. Everything between two Syncs, outside a block, is one implicit transaction, which Sync commits.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/reuse.h"
#include "type/utf8.h"

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

static bool answer_parse(Session *session, Prepared *prepared, Error *error)
{
    if (!prepared_store(session, prepared, error)) {
        arena_close(prepared->arena);
        return false;
    }
    wire_empty(session->wire, '1');
    return true;
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
    for (int i = 0; i < ntypes; i++)
        if (types[i] != OID_NONE && !catalog_type(session->catalog, types[i]))
            return error_set(x->error, ERRCODE_UNDEFINED_OBJECT, "type with OID %u does not exist", types[i]);
    Prepared *prepared = reuse_parsed(session, name, text, types, ntypes);
    if (prepared)
        return answer_parse(session, prepared, x->error);
    int notices = session->notices_given;
    prepared = prepared_make(session, name, text, types, ntypes, x->error);
    if (!prepared)
        return false;
    sql_note_long_names(text, session->work, &session->notices);
    session->hide_text = prepared->node && sql_holds_secrets(prepared->node);
    bool done = (!prepared->node || transaction_is_exit(prepared->node) || transaction_refuse_failed(session, x->error)) &&
                prepared_describe(session, prepared, x->error);
    if (!done) {
        arena_close(prepared->arena);
        return false;
    }
    if (notices == session->notices_given)
        reuse_keep_parsed(session, prepared, types, ntypes);
    return answer_parse(session, prepared, x->error);
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

/* ---- parameters in the context of errors ---- */

/* In quotes, cut between characters to so many bytes; limit -1: whole. */
static void put_quoted(Str *out, const char *text, int64_t limit)
{
    size_t len = strlen(text), shown = len;
    if (limit >= 0 && (uint64_t)limit < len)
        for (shown = (size_t)limit; shown && ((unsigned char)text[shown] & 0xc0) == 0x80;)
            shown--;
    str_addc(out, '\'');
    for (size_t i = 0; i < shown; i++) {
        if (text[i] == '\'')
            str_addc(out, '\'');
        str_addc(out, text[i]);
    }
    str_add(out, shown < len ? "...'" : "'");
}

static const char *portal_words(const char *name, Arena *arena)
{
    return *name ? arena_printf(arena, "portal \"%s\"", name) : "unnamed portal";
}

/* What was wrong came from the source, say, with a context of its own: this is the outer one. */
static bool add_context(Error *error, const char *context)
{
    return error->context ? error_context(error, "%s\n%s", error->context, context) : error_context(error, "%s", context);
}

static bool blame_portal(const char *name, const PortalParams *params, Error *error)
{
    if (params && params->shown)
        add_context(error, arena_printf(error->arena, "%s with parameters: %s", portal_words(name, error->arena), params->shown));
    return false;
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

static bool decode_text(Session *session, Oid type, const RawParam *param, Arena *arena, const char **text, const char **out, Error *error)
{
    const char *given = arena_strndup(arena, param->bytes, (size_t)param->len);
    if (!utf8_check(param->bytes, (size_t)param->len, error))
        return false;
    *text = given;
    return type_is_builtin(type) ? type_canonical(type, -1, given, &session->types, arena, out, error)
                                 : prepared_read_param(session, type, given, arena, out, error);
}

/* A label as its text, a value of a domain as one of its base. */
static bool decode_binary(Session *session, Oid type, const RawParam *param, Arena *arena, const char **out, Error *error)
{
    Oid base = type_is_builtin(type) ? type : catalog_base_type(session->catalog, type, NULL);
    const CatType *record = type_is_builtin(base) ? NULL : catalog_type(session->catalog, base);
    if (!type_is_builtin(base) && (!record || record->kind != 'e'))
        return error_unsupported(error, "the binary form of type %s is not supported",
                                 catalog_format_type(session->catalog, base, -1, arena));
    Value value;
    Str canonical;
    str_init(&canonical, arena);
    if (!type_receive(base, -1, param->bytes, (size_t)param->len, &session->types, arena, &value, error) ||
        !type_output(base, &value, &TYPE_CONTEXT_CANONICAL, &canonical, error))
        return false;
    *out = canonical.data;
    return type_is_builtin(type) || prepared_read_param(session, type, *out, arena, out, error);
}

/* text: the parameter as it came, when that is text. */
static bool decode(Session *session, Oid type, int16_t format, const RawParam *param, Arena *arena, const char **text, const char **out,
                   Error *error)
{
    if (param->len < 0)
        return type_is_builtin(type) || prepared_read_param(session, type, NULL, arena, out, error);
    return check_format(format, error) && (format == 0 ? decode_text(session, type, param, arena, text, out, error)
                                                       : decode_binary(session, type, param, arena, out, error));
}

static bool blame_parameter(Session *session, const char *portal, int number, const char *text, bool is_binary, Error *error)
{
    Str context;
    str_init(&context, error->arena);
    /* The length was wrong, of which only this place knows the parameter. */
    if (is_binary && strcmp(error->message, "incorrect binary data format") == 0)
        error_set(error, ERRCODE_INVALID_BINARY_REPRESENTATION, "incorrect binary data format in bind parameter %d", number);
    str_addf(&context, "%s parameter $%d", portal_words(portal, error->arena), number);
    if (text) {
        str_add(&context, " = ");
        put_quoted(&context, text, session_hot_settings(session)->parameter_length);
    }
    return add_context(error, context.data);
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
    return (prepared->node && transaction_is_exit(prepared->node) && !prepared->nparams) || transaction_refuse_failed(session, error);
}

static PortalParams *decode_params(Extended *x, const BindMessage *bind, const Prepared *prepared, Arena *arena)
{
    PortalParams *params = ARENA_NEW(arena, PortalParams);
    const char **values = ARENA_ARRAY(arena, const char *, bind->nparams + 1);
    Oid *types = ARENA_ARRAY(arena, Oid, bind->nparams + 1);
    int64_t limit = session_hot_settings(x->session)->parameter_length;
    Str shown;
    str_init(&shown, arena);
    for (int i = 0; i < bind->nparams; i++) {
        const RawParam *param = &bind->params[i];
        int16_t format = format_of(bind->param_formats, bind->nparam_formats, i);
        const char *text = NULL;
        types[i] = prepared->param_types[i];
        if (!decode(x->session, types[i], format, param, arena, &text, &values[i], x->error)) {
            blame_parameter(x->session, bind->portal, i + 1, text, format == 1, x->error);
            return NULL;
        }
        if (!limit)
            continue;
        str_addf(&shown, "%s$%d = ", i ? ", " : "", i + 1);
        if (values[i])
            put_quoted(&shown, text ? text : values[i], limit);
        else
            str_add(&shown, "NULL");
    }
    *params = (PortalParams){.values = values, .types = types, .count = bind->nparams, .shown = shown.len ? shown.data : NULL};
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
    /* Also when it fetches from a binary cursor: here the client says what it wants. */
    portal->formats = formats;
    return true;
}

static bool fill_portal(Extended *x, Portal *portal, const BindMessage *bind, Prepared *prepared)
{
    prepared_hold(prepared, portal->arena);
    portal->owns_text = true;
    const PortalParams *params = decode_params(x, bind, prepared, portal->arena);
    if (!params)
        return false;
    const char *source_text = arena_strdup(portal->arena, prepared->source_text);
    if (!reuse_prepared(portal, prepared, source_text, params) &&
        (!prepared_own_tree(prepared, x->error) ||
         !portal_plan(portal, prepared->node, source_text, arena_strdup(portal->arena, prepared->text), params, x->error)))
        return blame_portal(bind->portal, params, x->error);
    return prepared_check_columns(prepared, portal, x->error) && set_result_formats(portal, bind, x->error);
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
    session->source_text = session->client_text = prepared->source_text;
    session->hide_text = prepared->node && sql_holds_secrets(prepared->node);
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
    Prepared *prepared = prepared_find(session, name, x->error);
    if (!prepared || (prepared->has_rows && !transaction_refuse_failed(session, x->error)))
        return false;
    wire_begin(session->wire, 't');
    wire_put_int16(session->wire, (int16_t)prepared->nparams);
    for (int i = 0; i < prepared->nparams; i++)
        wire_put_int32(session->wire, (int32_t)prepared->param_types[i]);
    wire_end(session->wire);
    if (prepared->has_rows && !prepared_check(session, prepared, x->error))
        return false;
    if (prepared->has_rows)
        rows_describe(session, prepared->columns, prepared->ncolumns, NULL);
    else
        wire_empty(session->wire, 'n');
    return true;
}

/* Those of a BINARY cursor are FETCH's. */
static const int16_t *formats_of(const Portal *portal)
{
    return portal->is_cursor ? ARENA_ARRAY(portal->arena, int16_t, portal->ncolumns + 1) : portal->formats;
}

static bool describe_portal(Extended *x, const char *name)
{
    Session *session = x->session;
    const Portal *portal = portal_find(session, name, x->error);
    if (!portal || (portal->columns && !transaction_refuse_failed(session, x->error)))
        return false;
    if (portal->columns)
        rows_describe(session, portal->columns, portal->ncolumns, formats_of(portal));
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

static bool run(Extended *x, Portal *portal, int32_t max_rows)
{
    Session *session = x->session;
    bool complete;
    bool is_move = portal->kind == PORTAL_FETCH && portal->node->fetch_stmt->ismove;
    Dest *dest = portal->columns && !is_move
                     ? rows_dest(session, session->work, portal->columns, portal->ncolumns, formats_of(portal), x->error)
                     : rows_discard(session->work);
    if (!portal_run(portal, max_rows > 0 ? (size_t)max_rows : 0, dest, &complete, x->error))
        return blame_portal(portal->name, portal->params, x->error);
    if (portal->kind == PORTAL_EMPTY)
        wire_empty(session->wire, 'I');
    else if (!complete)
        wire_empty(session->wire, 's');
    else
        wire_complete(session->wire, portal_tag(portal, dest->count, session->work));
    return true;
}

/* What ends its transaction, or has to have one of its own, takes its portal with it. */
static bool end_execute(Session *session, const char *name, Error *error)
{
    if (session->tx.ends_at_once && !transaction_leave(session, error))
        return false;
    if (session->tx.state == TX_NONE)
        portal_drop(session, name);
    session->tx.pipelined = session->tx.state == TX_IMPLICIT;
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
    bool is_free = portal && (portal->kind == PORTAL_EMPTY || (portal->node && transaction_is_exit(portal->node)));
    if (!portal || (!is_free && !transaction_refuse_failed(session, x->error)) || !enter(x))
        return false;
    session->hide_text = portal->node && sql_holds_secrets(portal->node);
    session->client_text = portal->source_text ? arena_strdup(session->work, portal->source_text) : NULL;
    session_set_view(session, "active", NULL);
    int64_t begun = duration_begin(session);
    const char *kind = begun ? arena_printf(session->work, "execute %s", *name ? name : "<unnamed>") : NULL;
    const char *tag = portal->tag, *text = begun ? arena_strdup(session->work, portal->text) : NULL;
    bool done = run(x, portal, max_rows) && end_execute(session, name, x->error);
    if (done && begun)
        duration_end(session, begun, kind, tag ? tag : "", text);
    return done;
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
        portal_drop(session, name);
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
