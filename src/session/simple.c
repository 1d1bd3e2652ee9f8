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

#include "session/reuse.h"
#include "type/utf8.h"

bool protocol_text_is_valid(const char *text, Error *error)
{
    return utf8_check(text, strlen(text), error);
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

/* With a plan that is kept, without being parsed. *is_run false: there is none. */
static bool run_kept(Session *session, const PlanReuse *reuse, bool *is_run, Error *error)
{
    *is_run = session->tx.state != TX_FAILED;
    if (!*is_run)
        return true;
    if (!session_enter_statement(session, error))
        return false;
    Portal *portal = portal_make(session, "");
    *is_run = reuse_simple(portal, reuse);
    session->many_statements = false;
    bool done = !*is_run || run_portal(session, portal, true, error);
    portal_close(portal);
    return session_leave_statement(session, done, error);
}

static bool run_statement(Session *session, const char *source_text, const ParsedStatement *statement, const PlanReuse *reuse, bool is_last,
                          Error *error)
{
    if (!transaction_is_exit(statement->node) && !transaction_refuse_failed(session, error))
        return false;
    if (!session_enter_statement(session, error))
        return false;
    Portal *portal = portal_make(session, "");
    portal->reuse = reuse;
    bool done =
        portal_plan(portal, statement->node, source_text, statement->text, NULL, error) && run_portal(session, portal, is_last, error);
    portal_close(portal);
    return session_leave_statement(session, done, error);
}

/* *tag: of the first statement. */
static bool run_text(Session *session, const char *text, const char **tag, Error *error)
{
    if (!protocol_text_is_valid(text, error))
        return false;
    PlanReuse reuse;
    bool has_shape = reuse_look(session, text, &reuse), is_run = false;
    session_set_view(session, "active", has_shape ? text : "<parsing>");
    if (has_shape && !run_kept(session, &reuse, &is_run, error))
        return false;
    ParsedText parsed;
    if (is_run || !sql_parse(text, session->work, &parsed, error))
        return is_run;
    sql_note_long_names(text, session->work, &session->notices);
    for (size_t i = 0; i < parsed.count; i++)
        session->hide_text |= sql_holds_secrets(parsed.items[i].node);
    *tag = parsed.count ? sql_command_tag(parsed.items[0].node) : "";
    if (!has_shape || session->hide_text)
        session_set_view(session, "active", session->hide_text ? *tag : text);
    if (!parsed.count)
        wire_empty(session->wire, 'I');
    session->many_statements = parsed.count > 1;
    for (size_t i = 0; i < parsed.count; i++) {
        /* Each statement has the whole of statement_timeout, as the one before it may have set it. */
        if (i)
            session_start_timeout(session);
        if (!run_statement(session, text, &parsed.items[i], has_shape && parsed.count == 1 ? &reuse : NULL, i + 1 == parsed.count, error))
            return false;
    }
    return parsed.count || transaction_leave(session, error);
}

bool simple_query(Session *session, WireMessage *message, Error *error)
{
    const char *text, *tag = "";
    int64_t begun = duration_begin(session);
    if (!wire_get_string(message, &text, error) || !wire_get_end(message, error)) {
        error->severity = SEVERITY_FATAL;
        return false;
    }
    text = arena_strdup(session->work, text); /* COPY FROM reads further messages */
    session->source_text = session->client_text = text;
    prepared_drop(session, "");
    portal_drop(session, "");
    bool done = run_text(session, text, &tag, error);
    if (done && begun)
        duration_end(session, begun, "statement", tag, text);
    return done;
}
