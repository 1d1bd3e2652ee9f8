/*
 * body_place.h - places in a routine's body as places in the statement that gave it.
 */
#ifndef MEDLEY_COMMAND_BODY_PLACE_H
#define MEDLEY_COMMAND_BODY_PLACE_H

#include "base/base.h"

/* error->position, one in the body, becomes one in the text, or the body the error's own query when it does not stand there just once. */
void command_place_in_body(Error *error, const char *text, const char *body);

/* Warnings of what is found in a body, passed on with their places in the text. */
typedef struct BodyNotices {
    const Notices *to;
    const char *text, *body;
    Arena *arena;
} BodyNotices;
Notices command_body_notices(BodyNotices *of);

#endif
