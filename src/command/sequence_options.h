/*
 * sequence_options.h - what a statement says of a sequence, checked.
 */
#ifndef MEDLEY_COMMAND_SEQUENCE_OPTIONS_H
#define MEDLEY_COMMAND_SEQUENCE_OPTIONS_H

#include "command/sequence_internal.h"

/* In: what the sequence is (a new one: type alone). Out: what it becomes. */
typedef struct SequenceOptions {
    Oid type;
    int64_t start, increment, max, min, cache;
    bool cycle, identity;
    SequenceState state;
    const PgQuery__DefElem *owned_by; /* NULL: not said */
    bool changed;                     /* anything but the owner */
} SequenceOptions;

bool sequence_options_read(Command *command, NodeList options, size_t count, bool create, SequenceOptions *out) MUST_CHECK;

#endif
