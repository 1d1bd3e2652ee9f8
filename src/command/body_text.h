/*
 * body_text.h - bodies of the SQL standard as text: stored, shown, and over a change of a name that they mention.
 */
#ifndef MEDLEY_COMMAND_BODY_TEXT_H
#define MEDLEY_COMMAND_BODY_TEXT_H

#include "command/text_internal.h"

/* The statements of a body, analysed for their text. */
typedef struct RoutineBody {
    Oid oid;
    bool is_return; /* RETURN, as one SELECT; else BEGIN ATOMIC */
    Query **items;
    size_t count, cap;
} RoutineBody;
typedef VEC(RoutineBody) RoutineBodies;

/* The value of RETURN has no name. */
void body_mark_return(Query *query, bool returns);
/* As it is stored. */
const char *routine_body_stored(Command *command, const RoutineBody *body);
/* Before a change of a name: the bodies whose texts have the word, or that use the relation. */
bool routine_bodies_mention(Command *command, const char *word, RoutineBodies *out) MUST_CHECK;
bool routine_bodies_of(Command *command, Oid relation, RoutineBodies *out) MUST_CHECK;
/* After it. */
bool routine_bodies_write(Command *command, const RoutineBodies *bodies) MUST_CHECK;

#endif
