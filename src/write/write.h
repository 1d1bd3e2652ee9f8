/*
 * write.h - writes to tables: INSERT into Medley's own, with what must hold of their rows afterwards.
 */
#ifndef MEDLEY_WRITE_H
#define MEDLEY_WRITE_H

#include "exec/exec.h"

/* A trigger to be called. */
typedef struct WriteTrigger {
    Oid function;
    const CatRelation *relation;
    const char *name, *when, *level; /* BEFORE, ROW */
    const char *condition;           /* WHEN, as text; NULL: none */
    const char *const *arguments;
    int narguments;
    const char **row; /* canonical texts by column; afterwards what the function returned, NULL: nothing. NULL: no row */
} WriteTrigger;

typedef struct WriteContext {
    const PlanContext *plan;
    Engine *engine;
    RemoteSession *remote;
    bool in_transaction;
    /* Told of each execution, when it begins and before it is closed: so that a cancel finds it. false: the session is interrupted. */
    void *arg;
    bool (*begins)(void *arg, Execution *execution, Error *error);
    void (*ends)(void *arg, Execution *execution);
    bool (*trigger)(void *arg, WriteTrigger *trigger, Arena *arena, Error *error);
} WriteContext;

/* Runs a QUERY_INSERT, whose privileges have been checked. *number: that of the write, by which RETURNING finds its rows
 * (Rte.written_by). A failure leaves it to the transaction's end to undo what was written. */
bool write_insert(const WriteContext *context, const Query *insert, uint64_t *count, int64_t *number, Arena *arena,
                  Error *error) MUST_CHECK;

#endif
