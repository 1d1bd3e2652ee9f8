/*
 * routine_cursor.c - cursors of functions: portals of the session's, which the client may fetch from as from its own.
 *
 * Invariants:
 *  1. A portal outlives the statement that opened it: its query is parsed again into its own arena, its parameters' values are copied.
 *  2. A pinned portal, a loop's, is closed by that loop only; a COMMIT inside keeps its rows.
 *
 * Entered by the session's worker only.
 */
#include <limits.h>
#include <string.h>

#include "session/routine.h"

static const char *new_name(Session *session, Arena *arena)
{
    const char *name;
    do
        name = arena_printf(arena, "<unnamed portal %u>", ++session->unnamed_portals);
    while (map_get(session->portals, name, strlen(name)));
    return name;
}

static bool check_query(const Node *node, Error *error)
{
    bool gives_rows = node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT || node->node_case == PG_QUERY__NODE__NODE_EXPLAIN_STMT ||
                      node->node_case == PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT || node->node_case == PG_QUERY__NODE__NODE_EXECUTE_STMT ||
                      (node->node_case == PG_QUERY__NODE__NODE_INSERT_STMT && node->insert_stmt->n_returning_list) ||
                      (node->node_case == PG_QUERY__NODE__NODE_UPDATE_STMT && node->update_stmt->n_returning_list) ||
                      (node->node_case == PG_QUERY__NODE__NODE_DELETE_STMT && node->delete_stmt->n_returning_list);
    if (sql_into_clause(node))
        return error_set(error, ERRCODE_INVALID_CURSOR_DEFINITION, "cannot open SELECT INTO query as cursor");
    return gives_rows || error_set(error, ERRCODE_INVALID_CURSOR_DEFINITION, "cannot open %s query as cursor", sql_command_tag(node));
}

static bool plan_cursor(Portal *portal, const PlSql *sql, Error *error)
{
    ParsedText parsed;
    const char *text = arena_strdup(portal->arena, sql->text);
    if (!sql_parse(text, portal->arena, &parsed, error))
        return false;
    PlSql own = *sql;
    own.node = parsed.items[0].node;
    own.text = text;
    PortalParams params = {.sql = &own};
    portal->owns_text = true;
    bool done = portal_plan(portal, own.node, text, text, portal_keep_params(&params, portal->arena), error);
    if (done && own.node->node_case == PG_QUERY__NODE__NODE_EXPLAIN_STMT) /* it names variables, which the cursor may outlive */
        done = portal_make_rows(portal, error);
    portal->params = NULL;
    return done;
}

bool routine_cursor_open(Session *session, const PlSql *sql, PlCursor *cursor, Arena *arena, Error *error)
{
    const char *source_text = session->source_text;
    if (!check_query(sql->node, error))
        return false;
    Portal *portal = portal_make(session, cursor->name);
    portal->is_cursor = true;
    portal->is_pinned = cursor->is_pinned;
    bool done = plan_cursor(portal, sql, error);
    if (done && !cursor->name) {
        cursor->name = new_name(session, arena);
        portal->name = arena_strdup(portal->arena, cursor->name);
    }
    done = done && portal_store(session, portal, error);
    session->source_text = source_text;
    if (!done) {
        portal_close(portal);
        return false;
    }
    portal->formats = ARENA_ARRAY(portal->arena, int16_t, portal->ncolumns + 1);
    portal->is_scrollable = cursor->scroll || (!cursor->no_scroll && portal->goes_back);
    if (portal->kind == PORTAL_QUERY && portal->is_scrollable)
        scroll_prepare(portal);
    return true;
}

bool routine_cursor_fetch(Session *session, const PlFetch *wanted, const PlSink *sink, uint64_t *count, Error *error)
{
    static const PgQuery__FetchDirection DIRECTIONS[] = {
        [PL_FORWARD] = PG_QUERY__FETCH_DIRECTION__FETCH_FORWARD,
        [PL_BACKWARD] = PG_QUERY__FETCH_DIRECTION__FETCH_BACKWARD,
        [PL_ABSOLUTE] = PG_QUERY__FETCH_DIRECTION__FETCH_ABSOLUTE,
        [PL_RELATIVE] = PG_QUERY__FETCH_DIRECTION__FETCH_RELATIVE,
    };
    const char *source_text = session->source_text;
    Portal *portal = portal_make(session, "");
    PgQuery__FetchStmt *fetch = ARENA_NEW(portal->arena, PgQuery__FetchStmt);
    Node *node = ARENA_NEW(portal->arena, Node);
    pg_query__fetch_stmt__init(fetch);
    pg_query__node__init(node);
    fetch->direction = DIRECTIONS[wanted->direction];
    fetch->how_many = wanted->how_many == INT64_MAX ? LONG_MAX : wanted->how_many;
    fetch->portalname = arena_strdup(portal->arena, wanted->cursor);
    fetch->ismove = wanted->is_move;
    node->node_case = PG_QUERY__NODE__NODE_FETCH_STMT;
    node->fetch_stmt = fetch;
    PlSql sql = {.node = node, .text = ""};
    bool only_reads = session->routine_only_reads;
    session->routine_only_reads = false; /* no statement of the function's, but a step of it */
    bool is_query, done = routine_run_portal(session, portal, &sql, sink, count, &is_query, error);
    session->routine_only_reads = only_reads;
    portal_close(portal);
    session->source_text = source_text;
    return done;
}

bool routine_cursor_exists(Session *session, const char *name)
{
    return map_get(session->portals, name, strlen(name)) != NULL;
}

bool routine_cursor_close(Session *session, const char *name, bool is_pinned, Error *error)
{
    Portal *portal = map_get(session->portals, name, strlen(name));
    if (portal && is_pinned)
        portal->is_pinned = false;
    return cursor_close(session, name, error);
}
