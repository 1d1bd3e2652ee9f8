/*
 * routine.h - users' functions and procedures inside a session.
 */
#ifndef MEDLEY_SESSION_ROUTINE_H
#define MEDLEY_SESSION_ROUTINE_H

#include "plpgsql/plpgsql.h"
#include "session/session_int.h"

/* The session as PL/pgSQL's interpreter sees it. */
PlHost *routine_host(Session *session, Arena *arena);

/* A statement of a function as a portal, whose rows go to the sink (NULL: to nobody). */
bool routine_run_portal(Session *session, Portal *portal, const PlSql *sql, const PlSink *sink, uint64_t *count, bool *is_query,
                        Error *error) MUST_CHECK;

/* For a row of the query that it is of. */
/* 0A000: the function that runs is stable or immutable, and the statement does more than read. query: NULL of a utility statement. */
bool routine_may_run(const Session *session, const Node *statement, const Query *query, Error *error);
/* PlanEngine.computes, of a session. */
bool routine_computes(void *session, const Expr *expr);
/* What it has said yes to, without parameters. */
bool routine_compute(void *session, const Expr *expr, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool routine_run_subplan(Session *session, const PlanSubplan *subplan, const PortalParams *params, const PlSink *sink,
                         Error *error) MUST_CHECK;

/* routine_cursor.c: PlHost's cursors. */
bool routine_cursor_open(Session *session, const PlSql *sql, PlCursor *cursor, Arena *arena, Error *error) MUST_CHECK;
bool routine_cursor_exists(Session *session, const char *name);
bool routine_cursor_fetch(Session *session, const PlFetch *wanted, const PlSink *sink, uint64_t *count, Error *error) MUST_CHECK;
bool routine_cursor_close(Session *session, const char *name, bool is_pinned, Error *error) MUST_CHECK;

/* One call over constants. Not of a set: *result is its value. sink: takes its rows; a procedure's row of output parameters. */
typedef struct RoutineCall {
    Oid proc, result_type; /* of the call: polymorphic ones resolved */
    const Oid *types;
    const char *const *args; /* canonical texts of the input parameters */
    int nargs;
    const PlSink *sink;
    const PlColumn *expected; /* of rows of type record; NULL: not known */
    int nexpected;
    bool needs_shape;   /* rows of type record need them */
    bool folds;         /* set by the call: made while PostgreSQL would plan */
    bool may_end;       /* a CALL that may end the transaction */
    PlTrigger *trigger; /* a trigger fires: then there are no arguments, and no privilege is asked for */
    const char *result;
    const char *fields; /* of a result that is a record: catalog.h, output.c; NULL: not known */
} RoutineCall;
bool routine_call(Session *session, RoutineCall *call, Arena *arena, Error *error) MUST_CHECK;
/* Or 54001. */
bool routine_may_go_deeper(const Session *session, Error *error) MUST_CHECK;
/* Whether a DO or CALL that starts now may end the transaction. nested: PL/pgSQL's own CALL, not EXECUTE of one. */
bool routine_may_end(const Session *session, const PortalParams *params);

/* What pg_proc says besides CatProc. */
typedef struct Routine {
    const CatProc *proc;
    Oid language, owner;
    const char *source, *signature, *config;
    bool security_definer;
} Routine;

void routine_add_context(Error *error, const char *line);
/* A place in a body becomes one in the error's internal query. */
void routine_place_in_body(const char *text, Error *error);
/* routine_plpgsql.c */
bool routine_run_plpgsql(Session *session, const Routine *routine, RoutineCall *call, Arena *arena, Error *error) MUST_CHECK;

/* routine_module.c: functions that a bundled wrapper's extension brings. */
bool routine_run_module(Session *session, const Routine *routine, RoutineCall *call, Arena *arena, Error *error) MUST_CHECK;

/* SqlVariables.find of an SQL function's body. */
typedef struct RoutineParameters {
    const CatProc *proc;
    const Oid *types; /* of the call */
    int nargs;
} RoutineParameters;
bool routine_find_parameter(void *arg, const char *const *names, int count, SqlVariable *out, Error *error);

/* routine_inline.c: what a call of an SQL function comes to in the query around it; NULL: it is to be called. */
Expr *routine_inline_value(Session *session, const Expr *call, Arena *arena);
/* *writes: it would be inlined, but writes or locks rows, and is called for that. */
Query *routine_inline_rows(Session *session, const Rte *rte, Arena *arena, bool *writes);
/* The same of this call alone, not of those in its body, which is the arena's. depth: of calls inlined around it. error: set when the body
 * makes no sense; NULL: that is not told. */
Expr *routine_inline_once(Session *session, const Expr *call, int depth, Arena *arena, Error *error);
/* The function behind a call or an operator. */
const CatProc *routine_of_call(Catalog *catalog, const Expr *expr);
/* Whether a cast through the type's text form depends on settings. */
bool routine_reads_settings(Oid type);

/* routine_fold.c: the expression as PostgreSQL's planner leaves it; NULL: that fails. params: they are constants, as in a plan made for
 * these values; NULL: they are not. */
Expr *routine_fold(Session *session, const Expr *expr, const PortalParams *params, Arena *arena, Error *error);
/* Whether its constants can be computed. */
bool routine_fold_query(Session *session, const Query *query, Arena *arena, Error *error) MUST_CHECK;

/* FuncContext.call_routine: routine_rows.c. */
bool routine_call_rows(const FuncContext *functions, FuncRoutineCall *call, Arena *arena, Error *error) MUST_CHECK;

/* routine_query.c: whether a user's function is called anywhere in it, or calls have to be made in their turn. */
bool routine_is_called(const Query *query, Catalog *catalog);
/* Calls of users' functions in a query are made before it is planned. Gives the query that is left. */
const Query *routine_expand(Session *session, const Query *query, const PortalParams *params, Arena *arena, Error *error);

#endif
