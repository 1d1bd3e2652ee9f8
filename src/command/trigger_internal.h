/*
 * trigger_internal.h - triggers by relation and name.
 */
#ifndef MEDLEY_COMMAND_TRIGGER_INTERNAL_H
#define MEDLEY_COMMAND_TRIGGER_INTERNAL_H

#include "command/command_internal.h"

/* *oid OID_NONE: there is none. */
bool trigger_find(Command *command, Oid relation, const char *name, Oid *oid) MUST_CHECK;
bool trigger_refuse_relation(Command *command, const CatRelation *relation);

#endif
