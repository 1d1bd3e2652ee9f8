/*
 * simple.c - the simple query message: several statements in one string.
 *
 * Invariants:
 *  1. All statements of one message without BEGIN are one implicit transaction; the first error ends the message.
 *  2. CommandComplete of the last statement is sent only after that transaction has been committed.
 * Entered by the session's worker only.
 */
#include <stdio.h>
#include <string.h>

#include "session/session_int.h"

bool protocol_text_is_valid(const char *text, Error *error)
{
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        int len = *at < 0x80 ? 1 : *at >= 0xc2 && *at < 0xe0 ? 2 : *at >= 0xe0 && *at < 0xf0 ? 3 : *at >= 0xf0 && *at < 0xf5 ? 4 : 0;
        bool valid = len > 0;
        for (int i = 1; valid && i < len; i++)
            valid = (at[i] & 0xc0) == 0x80;
        /* Overlong forms, surrogates, and what lies past U+10FFFF. */
        if (valid && ((*at == 0xe0 && at[1] < 0xa0) || (*at == 0xed && at[1] > 0x9f) || (*at == 0xf0 && at[1] < 0x90) ||
                      (*at == 0xf4 && at[1] > 0x8f)))
            valid = false;
        if (!valid) {
            char bytes[32] = "";
            size_t used = 0, shown = len ? (size_t)len : 1;
            for (size_t i = 0; i < shown && at[i]; i++)
                used += (size_t)snprintf(bytes + used, sizeof bytes - used, "%s0x%02x", i ? " " : "", at[i]);
            return error_set(error, ERRCODE_CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\": %s", bytes);
        }
        at += len;
    }
    return true;
}

static bool run_portal(Session *session, Portal *portal, bool is_last, Error *error)
{
    bool complete;
    int16_t *formats = NULL;
    Dest *dest = rows_discard(portal->arena);
    if (portal->columns) {
        formats = portal->formats ? portal->formats : ARENA_ARRAY(portal->arena, int16_t, portal->ncolumns + 1);
        bool is_move = portal->kind == PORTAL_FETCH && portal->node->fetch_stmt->ismove;
        if (!is_move) {
            rows_describe(session, portal->columns, portal->ncolumns, formats);
            dest = rows_dest(session, portal->arena, portal->columns, portal->ncolumns, formats, error);
        }
    }
    if (!portal_run(portal, 0, dest, &complete, error))
        return false;
    if (is_last && !transaction_leave(session, error))
        return false;
    wire_complete(session->wire, portal_tag(portal, dest->count, portal->arena));
    return true;
}

static bool run_statement(Session *session, const char *source_text, const ParsedStatement *statement, bool is_last, Error *error)
{
    if (!transaction_is_exit(statement->node) && !transaction_refuse_failed(session, error))
        return false;
    if (!session_enter_statement(session, error))
        return false;
    Portal *portal = portal_make(session, "");
    bool done =
        portal_plan(portal, statement->node, source_text, statement->text, NULL, error) && run_portal(session, portal, is_last, error);
    portal_close(portal);
    return session_leave_statement(session, done, error);
}

bool simple_query(Session *session, WireMessage *message, Error *error)
{
    const char *text;
    if (!wire_get_string(message, &text, error) || !wire_get_end(message, error)) {
        error->severity = SEVERITY_FATAL;
        return false;
    }
    session->source_text = text;
    session_set_view(session, "active", "<parsing>");
    prepared_drop(session, "");
    portal_drop(session, "");
    ParsedText parsed;
    if (!protocol_text_is_valid(text, error) || !sql_parse(text, session->work, &parsed, error))
        return false;
    sql_note_long_names(text, session->work, &session->notices);
    for (size_t i = 0; i < parsed.count; i++)
        session->hide_text |= sql_holds_secrets(parsed.items[i].node);
    session_set_view(session, "active", session->hide_text ? sql_command_tag(parsed.items[0].node) : text);
    if (!parsed.count)
        wire_empty(session->wire, 'I');
    session->many_statements = parsed.count > 1;
    for (size_t i = 0; i < parsed.count; i++) {
        /* Each statement has the whole of statement_timeout, as the one before it may have set it. */
        if (i)
            session_start_timeout(session);
        if (!run_statement(session, text, &parsed.items[i], i + 1 == parsed.count, error))
            return false;
    }
    return parsed.count || transaction_leave(session, error);
}
