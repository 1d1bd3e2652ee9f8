/*
 * trigger_internal.h - triggers by relation and name.
 */
#ifndef MEDLEY_COMMAND_TRIGGER_INTERNAL_H
#define MEDLEY_COMMAND_TRIGGER_INTERNAL_H

#include "command/command_internal.h"

/* *oid OID_NONE: there is none. */
bool trigger_find(Command *command, Oid relation, const char *name, Oid *oid) MUST_CHECK;
/* Replacing keeps the OID, and with it comments and place. */
bool trigger_remove(Command *command, Oid oid) MUST_CHECK;

/* What a constraint's rows are held to it by: named `prefix`, "_", its own OID, and gone with the constraint. */
typedef struct ConstraintTrigger {
    const char *prefix;
    Oid table, other; /* other: the foreign key's other table */
    Oid index, constraint, function;
    int type; /* 1: ROW, 4: INSERT, 8: DELETE, 16: UPDATE */
    bool deferrable, deferred;
} ConstraintTrigger;
bool trigger_insert_for_constraint(Command *command, const ConstraintTrigger *trigger) MUST_CHECK;

/* ---- trigger_partition.c ---- */

/* A row trigger of a partitioned table is cloned for all partitions. replace: what they have of its name goes. */
bool trigger_reaches_partitions(Command *command, Oid trigger, Oid table, bool replace) MUST_CHECK;

bool trigger_refuse_relation(Command *command, const CatRelation *relation);

#endif
