/*
 * sequence_internal.h - sequences, as CREATE SEQUENCE, serial columns and identity columns make them.
 */
#ifndef MEDLEY_COMMAND_SEQUENCE_INTERNAL_H
#define MEDLEY_COMMAND_SEQUENCE_INTERNAL_H

#include "command/table_internal.h"

typedef struct NewSequence {
    const char *name;
    Oid schema;
    Oid type; /* OID_NONE: as the options say, or bigint */
    Oid owner;
    NodeList options;
    size_t noptions;
    bool identity, unlogged;
} NewSequence;

bool identity_check_type(Command *command, Oid type) MUST_CHECK;
bool sequence_make(Command *command, const NewSequence *sequence, Oid *oid) MUST_CHECK;
/* It goes with the column: kind 'a' (OWNED BY) or 'i' (identity). column 0: with none. */
bool sequence_own(Command *command, Oid sequence, Oid relation, int column, char kind) MUST_CHECK;
/* A name for the sequence of a column that no relation of the schema has. */
bool sequence_choose_name(Command *command, const char *table, const char *column, Oid schema, const char **name) MUST_CHECK;
/* ALTER SEQUENCE's options, also those of an identity column. */
bool sequence_change(Command *command, Oid sequence, NodeList options, size_t noptions, bool identity) MUST_CHECK;
/* The table's sequences go along with its schema and its owner. */
bool sequences_move(Command *command, Oid relation, Oid from, Oid to) MUST_CHECK;
bool sequences_change_owner(Command *command, Oid relation, Oid owner) MUST_CHECK;
/* Refused for a sequence that is linked to a table; action: "change owner of sequence \"s\"". */
bool sequence_check_unlinked(Command *command, Oid sequence, const char *message) MUST_CHECK;

#endif
