/*
 * body_place.h - places in a routine's body as places in the statement that gave it.
 */
#ifndef MEDLEY_COMMAND_BODY_PLACE_H
#define MEDLEY_COMMAND_BODY_PLACE_H

#include "base/base.h"

/* error->position, one in the body, becomes one in the text, or the body the error's own query when it does not stand there just once. */
void command_place_in_body(Error *error, const char *text, const char *body);

#endif
