/*
 * temporary.c - a session's temporary objects: their schema, ON COMMIT, and their end (PostgreSQL manual, CREATE TABLE).
 *
 * Invariants:
 *  1. A number is this session's as long as it is in the hub's list; the schema pg_temp_<number> is emptied before it leaves that.
 *  2. What ON COMMIT says of a relation belongs to the savepoint it came under, and goes with it when it is rolled back.
 *
 * Entered by the session's worker only.
 */
#include "session/session_int.h"

enum { FIRST_NUMBER = 3 };

/* The lowest number that nobody has. */
static int take_number(SessionHub *hub, Session *session)
{
    pthread_mutex_lock(&hub->lock);
    for (int number = FIRST_NUMBER; !session->temporary_number; number++) {
        const Session *other = hub->sessions;
        while (other && other->temporary_number != number)
            other = other->next;
        if (!other)
            session->temporary_number = number;
    }
    pthread_mutex_unlock(&hub->lock);
    return session->temporary_number;
}

bool temporary_schema(void *arg, Oid *schema, Error *error)
{
    Session *session = arg;
    Catalog *catalog = session->catalog;
    if (session->is_restricted)
        return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "cannot create temporary table within security-restricted operation");
    *schema = catalog_temporary(catalog);
    if (*schema && catalog_namespace(catalog, *schema)) /* it may have been rolled back */
        return true;
    if (!catalog_privileges(catalog, PG_DATABASE_RELATION, DATABASE_POSTGRES, 0, session->current_user, ACL_CREATE_TEMP))
        return error_set(error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to create temporary tables in database \"%s\"",
                         session->functions.database);
    if (!catalog_temporary_make(catalog, take_number(session->hub, session), schema, error))
        return false;
    catalog_set_temporary(catalog, *schema);
    return true;
}

/* ---- ON COMMIT ---- */

void temporary_on_commit(void *arg, Oid relation, bool drops)
{
    Session *session = arg;
    OnCommit action = {relation, drops, (int)session->tx.savepoints.count + 1};
    vec_push(session->arena, &session->on_commit, action);
}

static bool act(Session *session, const OnCommit *action, Error *error)
{
    static const Notices QUIET = {0};
    Catalog *catalog = session->catalog;
    if (!catalog_relation(catalog, action->relation))
        return true;
    if (!action->drops)
        return catalog_exec(catalog, error, NULL, "DELETE FROM medley_stored WHERE relation = ?1", "o", action->relation);
    ObjectAddress object = {PG_CLASS_RELATION, action->relation, 0};
    catalog_set_notices(catalog, &QUIET);
    catalog_begin_private(catalog);
    bool done = catalog_drop(catalog, &object, 1, DROP_CASCADE, error);
    catalog_end_private(catalog);
    catalog_set_notices(catalog, &session->notices);
    return done;
}

bool temporary_commit(Session *session, Error *error)
{
    for (size_t i = 0; i < session->on_commit.count && catalog_is_writing(session->catalog); i++)
        if (!act(session, &session->on_commit.items[i], error))
            return false;
    return true;
}

void temporary_committed(Session *session)
{
    size_t kept = 0;
    for (size_t i = 0; i < session->on_commit.count; i++) {
        OnCommit action = session->on_commit.items[i];
        action.level = 0;
        if (catalog_relation(session->catalog, action.relation))
            session->on_commit.items[kept++] = action;
    }
    session->on_commit.count = kept;
}

void temporary_release(Session *session, int level)
{
    for (size_t i = 0; i < session->on_commit.count; i++)
        if (session->on_commit.items[i].level > level)
            session->on_commit.items[i].level = level;
}

void temporary_rollback(Session *session, int level)
{
    size_t kept = 0;
    for (size_t i = 0; i < session->on_commit.count; i++)
        if (session->on_commit.items[i].level <= level)
            session->on_commit.items[kept++] = session->on_commit.items[i];
    session->on_commit.count = kept;
}

/* ---- the end ---- */

bool temporary_discard(Session *session, Error *error)
{
    Catalog *catalog = session->catalog;
    Oid schema = catalog_temporary(catalog);
    CommandContext context = {.catalog = catalog, .use_of = in_use_find, .arg = session};
    DropCheck before = catalog_set_drop_check(catalog, (DropCheck){command_may_drop, &context});
    bool done = !schema || catalog_temporary_empty(catalog, schema, error);
    catalog_set_drop_check(catalog, before);
    return done;
}

static bool is_shutting_down(void *arg)
{
    const SessionHub *hub = arg;
    return atomic_load(&hub->shutting_down);
}

/* Nobody else has read these rows: they need not stay until the file is opened next. */
static void drop_rows(Session *session, const CatalogRows *nodes)
{
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    Engine *engine = nodes->nrows ? session->hub->options.engine(session->hub->options.engine_arg, &ignored) : NULL;
    for (size_t i = 0; engine && i < nodes->nrows; i++)
        if (!exec_store_drop(engine, CATALOG_CELL(nodes, i, 0).i, &ignored))
            error_clear(&ignored);
    arena_close(arena);
}

/* What fails here is done when somebody else gets the number, or the server starts. */
void temporary_end(Session *session)
{
    static const char NODES[] = "SELECT node FROM medley_stored JOIN pg_class ON oid = relation WHERE relnamespace = ?1";
    Oid schema = session->catalog ? catalog_temporary(session->catalog) : OID_NONE;
    if (!schema || is_shutting_down(session->hub))
        return;
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    Catalog *catalog = catalog_open(session->hub->options.store, arena, is_shutting_down, session->hub);
    CatalogRows *nodes = catalog_query(catalog, arena, &error, NODES, "o", schema);
    if (nodes && catalog_temporary_empty(catalog, schema, &error))
        drop_rows(session, nodes);
    else
        log_write(session->hub->options.log, LOG_INFO_LEVEL, "[%d] temporary objects could not be dropped: %s", session->pid,
                  error.message);
    catalog_close(catalog);
    arena_close(arena);
}
