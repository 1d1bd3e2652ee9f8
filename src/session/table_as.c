/*
 * table_as.c - CREATE TABLE AS, SELECT INTO, CREATE and REFRESH MATERIALIZED VIEW: the command makes the relation, then its rows are stored
 * by an INSERT of the same query.
 *
 * Invariants:
 *  1. A materialized view's query runs as the view's owner.
 *  2. Relation and rows come in one transaction, or neither does.
 *  3. EXPLAIN takes the same road, and makes the relation with ANALYZE alone.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/session_int.h"

/* A statement of our own, run to its end. fills: the relation that it may write to although nobody else may. */
static bool run_inside(Utility *utility, const Node *node, const char *text, Oid fills, uint64_t *count, Error *error)
{
    Session *session = utility->session;
    const char *source_text = session->source_text;
    Portal *portal = portal_make(session, "");
    portal->fills = fills;
    Dest dest = {.error = error};
    bool complete,
        done = portal_plan(portal, node, text, text, utility->portal->params, error) && portal_run(portal, 0, &dest, &complete, error);
    *count = portal->inserted;
    portal_close(portal);
    session->source_text = source_text;
    return done;
}

static PgQuery__RangeVar relation_name(const CatRelation *relation, Arena *arena)
{
    PgQuery__RangeVar name = PG_QUERY__RANGE_VAR__INIT;
    name.schemaname = arena_strdup(arena, relation->schema);
    name.relname = arena_strdup(arena, relation->name);
    name.relpersistence = "p";
    name.inh = true;
    name.location = -1;
    return name;
}

static bool insert_rows(Utility *utility, Oid relation, const Node *query, const char *text, uint64_t *count, Error *error)
{
    PgQuery__RangeVar name = relation_name(catalog_relation(utility->session->catalog, relation), utility->portal->arena);
    PgQuery__InsertStmt insert = PG_QUERY__INSERT_STMT__INIT;
    insert.relation = &name;
    insert.select_stmt = (Node *)query;
    insert.override = PG_QUERY__OVERRIDING_KIND__OVERRIDING_NOT_SET;
    Node node = PG_QUERY__NODE__INIT;
    node.node_case = PG_QUERY__NODE__NODE_INSERT_STMT;
    node.insert_stmt = &insert;
    *count = 0;
    return utility->explain ? explain_statement(utility, &node, relation, error) : run_inside(utility, &node, text, relation, count, error);
}

static bool delete_rows(Utility *utility, Oid relation, Error *error)
{
    PgQuery__RangeVar name = relation_name(catalog_relation(utility->session->catalog, relation), utility->portal->arena);
    PgQuery__DeleteStmt delete = PG_QUERY__DELETE_STMT__INIT;
    delete.relation = &name;
    Node node = PG_QUERY__NODE__INIT;
    node.node_case = PG_QUERY__NODE__NODE_DELETE_STMT;
    node.delete_stmt = &delete;
    uint64_t count;
    return run_inside(utility, &node, "", relation, &count, error);
}

/* Makes the relation and, unless told otherwise, fills it. */
static bool create(Utility *utility, const PgQuery__CreateTableAsStmt *statement, Error *error)
{
    Oid relation;
    uint64_t count;
    if (!utility_run_command(utility, &relation, error))
        return false;
    if (relation == OID_NONE)
        return true;
    if (utility->explain && !explain_runs(utility))
        return explain_statement(utility, statement->query, OID_NONE, error);
    Session *session = utility->session;
    bool is_view = statement->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW;
    const ActingUser before =
        session_act_as(session, (ActingUser){session->current_user, session->is_definer, session->is_restricted || is_view});
    bool done = insert_rows(utility, relation, statement->query, utility->portal->source_text, &count, error);
    (void)session_act_as(session, before);
    if (!done)
        return false;
    utility->portal->inserted = count;
    utility->tag = arena_printf(utility->portal->arena, "SELECT %llu", (unsigned long long)count);
    return true;
}

/* Creates from another statement than the one the client sent. */
static bool create_other(Utility *utility, PgQuery__CreateTableAsStmt *statement, Error *error)
{
    Node node = PG_QUERY__NODE__INIT;
    node.node_case = PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT;
    node.create_table_as_stmt = statement;
    const Node *sent = utility->node;
    utility->node = &node;
    bool done = create(utility, statement, error);
    utility->node = sent;
    return done;
}

/* AS EXECUTE: the prepared statement with these arguments, in whose text positions count. */
static bool create_as_execute(Utility *utility, const PgQuery__CreateTableAsStmt *statement, Error *error)
{
    Portal *portal = utility->portal;
    PortalParams *params;
    const Prepared *prepared = execute_bind(portal, statement->query->execute_stmt, &params, error);
    if (!prepared)
        return false;
    if (prepared->node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "prepared statement is not a SELECT");
    PgQuery__CreateTableAsStmt copy = *statement;
    copy.query = (Node *)prepared->node;
    portal->params = params;
    portal->source_text = prepared->source_text;
    return create_other(utility, &copy, error);
}

bool utility_table_as(Utility *utility, Error *error)
{
    const PgQuery__CreateTableAsStmt *statement = utility->node->create_table_as_stmt;
    return statement->query->node_case == PG_QUERY__NODE__NODE_EXECUTE_STMT ? create_as_execute(utility, statement, error)
                                                                            : create(utility, statement, error);
}

/* ---- SELECT INTO ---- */

/* The statement without its INTO, which stands in the first SELECT of a set operation. */
static PgQuery__SelectStmt *without_into(const PgQuery__SelectStmt *select, Arena *arena)
{
    PgQuery__SelectStmt *copy = ARENA_NEW(arena, PgQuery__SelectStmt);
    *copy = *select;
    copy->into_clause = NULL;
    if (copy->larg)
        copy->larg = without_into(copy->larg, arena);
    return copy;
}

bool utility_select_into(Utility *utility, Error *error)
{
    Arena *arena = utility->portal->arena;
    PgQuery__CreateTableAsStmt statement = PG_QUERY__CREATE_TABLE_AS_STMT__INIT;
    Node query = PG_QUERY__NODE__INIT;
    query.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
    query.select_stmt = without_into(utility->node->select_stmt, arena);
    statement.query = &query;
    statement.into = sql_into_clause(utility->node);
    statement.objtype = PG_QUERY__OBJECT_TYPE__OBJECT_TABLE;
    statement.is_select_into = true;
    return create_other(utility, &statement, error);
}

/* ---- REFRESH ---- */

static bool refill(Utility *utility, const CatRelation *view, Error *error)
{
    ParsedText parsed;
    uint64_t count;
    Arena *arena = utility->portal->arena;
    const char *text = arena_strdup(arena, view->view_definition);
    Oid oid = view->oid;
    bool skip_data = utility->node->refresh_mat_view_stmt->skip_data;
    if ((view->is_populated && !delete_rows(utility, oid, error)) ||
        !command_set_populated(utility->session->catalog, oid, !skip_data, error))
        return false;
    return skip_data || (sql_parse(text, arena, &parsed, error) && insert_rows(utility, oid, parsed.items[0].node, text, &count, error));
}

bool utility_refresh(Utility *utility, Error *error)
{
    Session *session = utility->session;
    Oid relation;
    if (!utility_run_command(utility, &relation, error))
        return false;
    const CatRelation *view = catalog_relation(session->catalog, relation);
    const ActingUser before = session_act_as(session, (ActingUser){view->owner, session->is_definer, true});
    bool done = refill(utility, view, error);
    (void)session_act_as(session, before);
    return done;
}
