/*
 * cursor.c - DECLARE, FETCH, MOVE, CLOSE: portals with names.
 *
 * A cursor goes forward only and ends with its transaction, unless it is declared SCROLL or WITH HOLD (scroll.c), or says neither and
 * its query is one that PostgreSQL can read backward. A FETCH is itself a portal, which hands on rows of the cursor as they come.
 *
 * Entered by the session's worker only.
 */
#include <limits.h>
#include <string.h>

#include "session/session_int.h"

/* Bits of DeclareCursorStmt.options, as PostgreSQL's parser sets them. */
enum { CURSOR_BINARY = 1, CURSOR_SCROLL = 2, CURSOR_NO_SCROLL = 4, CURSOR_INSENSITIVE = 8, CURSOR_ASENSITIVE = 16, CURSOR_HOLD = 32 };

static bool check_options(const PgQuery__DeclareCursorStmt *statement, Error *error)
{
    int options = statement->options;
    if (!*statement->portalname)
        return error_set(error, ERRCODE_INVALID_CURSOR_NAME, "invalid cursor name: must not be empty");
    if (options & CURSOR_SCROLL && options & CURSOR_NO_SCROLL)
        return error_set(error, ERRCODE_INVALID_CURSOR_DEFINITION, "cannot specify both SCROLL and NO SCROLL");
    if (options & CURSOR_ASENSITIVE && options & CURSOR_INSENSITIVE)
        return error_set(error, ERRCODE_INVALID_CURSOR_DEFINITION, "cannot specify both ASENSITIVE and INSENSITIVE");
    return true;
}

/* The tree of the query lies in the DECLARE's arena: it is parsed anew into the cursor's. Positions count in the whole message. */
static const Node *parse_again(const Portal *declare, Portal *cursor, const char *text, Error *error)
{
    ParsedText parsed;
    if (!sql_parse(text, cursor->arena, &parsed, error))
        return NULL;
    for (size_t i = 0; i < parsed.count; i++)
        if (strcmp(parsed.items[i].text, declare->text) == 0)
            return parsed.items[i].node->declare_cursor_stmt->query;
    error_set(error, ERRCODE_INTERNAL_ERROR, "a cursor's statement is not in its own text");
    return NULL;
}

static bool check_reads(const Portal *cursor, Error *error)
{
    return cursor->kind != PORTAL_INSERT || error_unsupported(error, "DECLARE CURSOR must not contain data-modifying statements in WITH");
}

bool utility_declare(Utility *utility, Error *error)
{
    Session *session = utility->session;
    const PgQuery__DeclareCursorStmt *statement = utility->node->declare_cursor_stmt;
    const PgQuery__IntoClause *into = sql_into_clause(statement->query);
    if (into) {
        error_set(error, ERRCODE_SYNTAX_ERROR, "SELECT ... INTO is not allowed here");
        return error_at(error, into->rel->location);
    }
    if (!check_options(statement, error))
        return false;
    if (session->is_restricted && (statement->options & CURSOR_HOLD))
        return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "cannot create a cursor WITH HOLD within security-restricted operation");
    Portal *cursor = portal_make(session, statement->portalname);
    cursor->is_cursor = true;
    cursor->owns_text = true;
    cursor->is_binary = statement->options & CURSOR_BINARY;
    cursor->is_holdable = statement->options & CURSOR_HOLD;
    const char *text = arena_strdup(cursor->arena, utility->portal->source_text);
    const Node *query = parse_again(utility->portal, cursor, text, error);
    bool outlives = statement->options & CURSOR_HOLD;
    const PortalParams *params = portal_keep_params(utility->portal->params, cursor->arena);
    if (!query || !portal_plan(cursor, query, text, text, params, error) || !check_reads(cursor, error) ||
        !(outlives || transaction_require_block(session, "DECLARE CURSOR", error)) || !portal_store(session, cursor, error)) {
        portal_close(cursor);
        return false;
    }
    if (cursor->params && cursor->params->sql) /* a function's variables end with it; what was planned has their values */
        cursor->params = NULL;
    cursor->is_scrollable = statement->options & CURSOR_SCROLL || (!(statement->options & CURSOR_NO_SCROLL) && cursor->goes_back);
    cursor->formats = ARENA_ARRAY(cursor->arena, int16_t, cursor->ncolumns + 1);
    for (int i = 0; i < cursor->ncolumns; i++)
        cursor->formats[i] = cursor->is_binary;
    if (cursor->is_scrollable || cursor->is_holdable)
        scroll_prepare(cursor);
    return true;
}

static Portal *find_cursor(Session *session, const char *name, Error *error)
{
    Portal *cursor = map_get(session->portals, name, strlen(name));
    if (!cursor || !*name) {
        error_set(error, ERRCODE_UNDEFINED_CURSOR, "cursor \"%s\" does not exist", name);
        return NULL;
    }
    return cursor;
}

bool cursor_close(Session *session, const char *name, Error *error)
{
    Portal *cursor = find_cursor(session, name, error);
    if (!cursor)
        return false;
    if (cursor->is_running || cursor->is_pinned)
        return error_set(error, ERRCODE_INVALID_CURSOR_STATE, "cannot drop %s portal \"%s\"", cursor->is_pinned ? "pinned" : "active",
                         name);
    map_remove(session->portals, name, strlen(name));
    portal_close(cursor);
    return true;
}

bool utility_close(Utility *utility, Error *error)
{
    Session *session = utility->session;
    const char *name = utility->node->close_portal_stmt->portalname;
    if (!name || !*name) {
        portal_drop_cursors(session);
        utility->tag = "CLOSE CURSOR ALL";
        return true;
    }
    return cursor_close(session, name, error);
}

/* How many rows FETCH wants, counted forward; -1: all. */
static bool wanted_rows(const PgQuery__FetchStmt *fetch, const Portal *cursor, int64_t *skip, int64_t *rows, Error *error)
{
    int64_t many = fetch->how_many;
    bool all = many >= LONG_MAX;
    *skip = 0;
    *rows = all ? -1 : many;
    switch (fetch->direction) {
    case PG_QUERY__FETCH_DIRECTION__FETCH_FORWARD:
        if (many > 0)
            return true;
        break;
    case PG_QUERY__FETCH_DIRECTION__FETCH_ABSOLUTE:
        *skip = many - 1 - (int64_t)cursor->position;
        *rows = 1;
        if (many > 0 && *skip >= 0)
            return true;
        break;
    case PG_QUERY__FETCH_DIRECTION__FETCH_RELATIVE:
        *skip = many - 1;
        *rows = 1;
        if (many > 0)
            return true;
        break;
    default:
        break;
    }
    error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward");
    return error_hint(error, "Declare it with SCROLL option to enable backward scan.");
}

bool fetch_describe(Session *session, const PgQuery__FetchStmt *fetch, Portal *portal, Error *error)
{
    /* That there is none is an error when it runs. */
    const Portal *cursor = map_get(session->portals, fetch->portalname, strlen(fetch->portalname));
    portal->kind = PORTAL_FETCH;
    portal->cursor = arena_strdup(portal->arena, fetch->portalname);
    portal->remaining = FETCH_NOT_BEGUN;
    if (fetch->ismove || !cursor)
        return true;
    portal->ncolumns = cursor->ncolumns;
    portal->columns = plan_columns_copy(cursor->columns, cursor->ncolumns, portal->arena);
    if (cursor->is_binary) {
        portal->formats = ARENA_ARRAY(portal->arena, int16_t, cursor->ncolumns + 1);
        memcpy(portal->formats, cursor->formats, sizeof(int16_t) * (size_t)cursor->ncolumns);
    }
    return true;
}

bool fetch_run(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error)
{
    Portal *cursor = find_cursor(portal->session, portal->cursor, error);
    int64_t skip = 0;
    bool cursor_complete = false;
    if (!cursor)
        return false;
    if (cursor->is_scrollable)
        return scroll_fetch(cursor, portal, max_rows, dest, complete, error);
    if (cursor->is_failed)
        return portal_run(cursor, 0, dest, complete, error); /* which says so */
    if (portal->remaining == FETCH_NOT_BEGUN) {
        if (!wanted_rows(portal->node->fetch_stmt, cursor, &skip, &portal->remaining, error)) {
            cursor->is_failed = true;
            return false;
        }
        if (skip > 0 && !portal_run(cursor, (size_t)skip, rows_discard(portal->arena), &cursor_complete, error))
            return false;
    }
    *complete = true;
    if (portal->remaining == 0 || cursor_complete)
        return true;
    size_t want = portal->remaining < 0 ? 0 : (size_t)portal->remaining;
    if (max_rows && (!want || max_rows < want))
        want = max_rows;
    size_t before = dest->count;
    bool done = portal_run(cursor, want, dest, &cursor_complete, error);
    if (portal->remaining > 0)
        portal->remaining -= (int64_t)(dest->count - before);
    bool is_full = max_rows && dest->count - before == max_rows && !portal->node->fetch_stmt->ismove;
    *complete = (cursor_complete || portal->remaining == 0) && !is_full;
    return done;
}
