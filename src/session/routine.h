/*
 * routine.h - users' functions and procedures inside a session.
 */
#ifndef MEDLEY_SESSION_ROUTINE_H
#define MEDLEY_SESSION_ROUTINE_H

#include "plpgsql/plpgsql.h"
#include "session/session_int.h"

/* The session as PL/pgSQL's interpreter sees it. */
PlHost *routine_host(Session *session, Arena *arena);

/* One call over constants. Not of a set: *result is its value. sink: takes its rows; a procedure's row of output parameters. */
typedef struct RoutineCall {
    Oid proc, result_type; /* of the call: polymorphic ones resolved */
    const Oid *types;
    const char *const *args; /* canonical texts of the input parameters */
    int nargs;
    const PlSink *sink;
    PlTrigger *trigger; /* a trigger fires: then there are no arguments, and no privilege is asked for */
    const char *result;
} RoutineCall;
bool routine_call(Session *session, RoutineCall *call, Arena *arena, Error *error) MUST_CHECK;

/* FuncContext.call_routine: routine_rows.c. */
bool routine_call_rows(const FuncContext *functions, FuncRoutineCall *call, Arena *arena, Error *error) MUST_CHECK;

/* routine_query.c: calls of users' functions in a query are made before it is planned. Gives the query that is left. */
const Query *routine_expand(Session *session, const Query *query, const PortalParams *params, Arena *arena, Error *error);

#endif
