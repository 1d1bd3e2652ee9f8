/*
 * row_lock.h - FOR UPDATE and its like over tables here.
 */
#ifndef MEDLEY_SESSION_ROW_LOCK_H
#define MEDLEY_SESSION_ROW_LOCK_H

#include "session/session_int.h"

/* Takes what the query's FOR UPDATE and its like ask of tables here. *taken: it had to be taken now, so others may have written since the
 * query was analysed. */
bool row_lock(Session *session, Query *query, Arena *arena, bool *taken, Error *error) MUST_CHECK;

#endif
