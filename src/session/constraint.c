/*
 * constraint.c - constraint triggers that wait: which are deferred, what is to be called, SET CONSTRAINTS.
 *
 * Invariants:
 *  1. An event keeps its rows as they were; it is called at COMMIT, or when SET CONSTRAINTS makes its trigger immediate, in the order in
 *     which the events came.
 *  2. An event about an UPDATE that leaves a foreign key as it was counts only while others of that key wait, which may be about the rows
 *     as they were before it.
 *  3. Events and modes belong to the savepoint they came under, and go with it when it is rolled back.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/session_int.h"

static bool is_deferred(const Session *session, Oid constraint, bool initially)
{
    const Transaction *tx = &session->tx;
    for (size_t i = tx->modes.count; i > 0; i--)
        if (tx->modes.items[i - 1].constraint == constraint || !tx->modes.items[i - 1].constraint)
            return tx->modes.items[i - 1].deferred;
    return initially;
}

static const char **copy_row(Session *session, const CatRelation *relation, const char *const *row)
{
    const char **copy = row ? ARENA_ARRAY(session->tx.arena, const char *, relation->ncolumns + 1) : NULL;
    for (int i = 0; row && i < relation->ncolumns; i++)
        copy[i] = arena_strdup(session->tx.arena, row[i]);
    return copy;
}

/* Or so many events wait that looking through them would take longer than one more. */
static bool waits(const Session *session, Oid constraint)
{
    enum { MOST_SEEN = 1000 };
    const Transaction *tx = &session->tx;
    if (tx->events.count > MOST_SEEN)
        return true;
    for (size_t i = tx->events.count; i > 0; i--)
        if (tx->events.items[i - 1].trigger.constraint == constraint && !tx->events.items[i - 1].is_done)
            return true;
    return false;
}

bool constraint_defer(Session *session, const WriteTrigger *trigger)
{
    Arena *arena = session->tx.arena;
    if (!trigger->constraint || !trigger->is_deferrable || !is_deferred(session, trigger->constraint, trigger->is_deferred))
        return false;
    if (trigger->is_kept && !waits(session, trigger->constraint))
        return true;
    DeferredTrigger event = {.trigger = *trigger, .relation = trigger->relation->oid, .level = (int)session->tx.savepoints.count};
    event.trigger.name = arena_strdup(arena, trigger->name);
    const char **arguments = ARENA_ARRAY(arena, const char *, trigger->narguments + 1);
    for (int i = 0; i < trigger->narguments; i++)
        arguments[i] = arena_strdup(arena, trigger->arguments[i]);
    event.trigger.arguments = arguments;
    event.trigger.old_row = copy_row(session, trigger->relation, trigger->old_row);
    event.trigger.new_row = copy_row(session, trigger->relation, trigger->new_row);
    vec_push(arena, &session->tx.events, event);
    return true;
}

/* ---- calls ---- */

/* What has waited may be dropped meanwhile, its table or its constraint by a cascade. */
static bool fire(Session *session, DeferredTrigger *event, Error *error)
{
    Arena *arena = arena_open(session->work);
    const CatalogRows *rows =
        catalog_query(session->catalog, arena, error, "SELECT 1 FROM pg_constraint WHERE oid = ?1", "o", event->trigger.constraint);
    event->trigger.relation = catalog_relation(session->catalog, event->relation);
    bool is_left = rows && rows->nrows && event->trigger.relation;
    bool done = rows && (!is_left || insert_call_trigger(session, &event->trigger, arena, error));
    arena_close(arena);
    return done;
}

bool constraint_fire(Session *session, bool all, Error *error)
{
    bool any = false, done = true;
    for (size_t i = 0; i < session->tx.events.count; i++)
        any |= !session->tx.events.items[i].is_done;
    bool entered = any && !session->in_statement;
    if (entered && !session_enter_statement(session, error))
        return false;
    for (size_t i = 0; i < session->tx.events.count && done; i++) {
        DeferredTrigger event = session->tx.events.items[i]; /* the list may grow meanwhile */
        if (event.is_done || (!all && is_deferred(session, event.trigger.constraint, event.trigger.is_deferred)))
            continue;
        session->tx.events.items[i].is_done = true;
        session->tx.events.items[i].done_level = (int)session->tx.savepoints.count;
        done = fire(session, &event, error);
    }
    return entered ? session_leave_statement(session, done, error) : done;
}

/* ---- savepoints ---- */

void constraint_release(Session *session, int level)
{
    Transaction *tx = &session->tx;
    for (size_t i = 0; i < tx->events.count; i++) {
        DeferredTrigger *event = &tx->events.items[i];
        event->level = event->level >= level ? level - 1 : event->level;
        event->done_level = event->done_level >= level ? level - 1 : event->done_level;
    }
    for (size_t i = 0; i < tx->modes.count; i++)
        if (tx->modes.items[i].level >= level)
            tx->modes.items[i].level = level - 1;
}

void constraint_rollback(Session *session, int level)
{
    Transaction *tx = &session->tx;
    while (tx->events.count && tx->events.items[tx->events.count - 1].level >= level)
        tx->events.count--;
    for (size_t i = 0; i < tx->events.count; i++) /* what was called under it was not */
        tx->events.items[i].is_done &= tx->events.items[i].done_level < level;
    while (tx->modes.count && tx->modes.items[tx->modes.count - 1].level >= level)
        tx->modes.count--;
}

/* ---- SET CONSTRAINTS ---- */

static void set_mode(Session *session, Oid constraint, bool deferred)
{
    ConstraintMode mode = {constraint, deferred, (int)session->tx.savepoints.count};
    vec_push(session->tx.arena, &session->tx.modes, mode);
}

/* It, and those of partitions that are derived from it. */
static bool set_tree(Session *session, Oid constraint, bool deferred, Arena *arena, Error *error)
{
    static const char SQL[] = "WITH RECURSIVE tree(id) AS (SELECT ?1 UNION SELECT oid FROM pg_constraint JOIN tree ON conparentid = id)"
                              " SELECT id FROM tree";
    CatalogRows *rows = catalog_query(session->catalog, arena, error, SQL, "o", constraint);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        set_mode(session, (Oid)CATALOG_CELL(rows, i, 0).i, deferred);
    return rows != NULL;
}

/* The first schema of the path that has constraints of that name counts. */
static bool set_named(Session *session, const PgQuery__RangeVar *name, bool deferred, Arena *arena, Error *error)
{
    const Oid *path;
    size_t npath = catalog_search_path(session->catalog, true, &path);
    CatalogRows *rows = catalog_query(session->catalog, arena, error,
                                      "SELECT c.oid, connamespace, condeferrable, nspname FROM pg_constraint c JOIN pg_namespace n"
                                      " ON n.oid = connamespace WHERE conname = ?1 ORDER BY c.oid",
                                      "s", name->relname);
    bool found = false, qualified = name->schemaname && *name->schemaname;
    for (size_t at = 0; rows && at < (qualified ? 1 : npath) && !found; at++)
        for (size_t i = 0; i < rows->nrows; i++) {
            const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
            if (qualified ? strcmp(cells[3].text, name->schemaname) != 0 : (Oid)cells[1].i != path[at])
                continue;
            found = true;
            if (!cells[2].i && deferred)
                return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "constraint \"%s\" is not deferrable", name->relname);
            if (!set_tree(session, (Oid)cells[0].i, deferred, arena, error))
                return false;
        }
    if (!rows || found)
        return rows != NULL;
    return error_set(error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s%s%s\" does not exist", qualified ? name->schemaname : "",
                     qualified ? "." : "", name->relname);
}

bool utility_constraints(Utility *utility, Error *error)
{
    Session *session = utility->session;
    const PgQuery__ConstraintsSetStmt *statement = utility->node->constraints_set_stmt;
    if (session->tx.state != TX_BLOCK && !session->many_statements && !session->routine_depth)
        notice(&session->notices, SEVERITY_WARNING, ERRCODE_NO_ACTIVE_SQL_TRANSACTION,
               "SET CONSTRAINTS can only be used in transaction blocks");
    if (!statement->n_constraints)
        set_mode(session, OID_NONE, statement->deferred);
    for (size_t i = 0; i < statement->n_constraints; i++)
        if (!set_named(session, statement->constraints[i]->range_var, statement->deferred, utility->portal->arena, error))
            return false;
    return statement->deferred || constraint_fire(session, false, error);
}
