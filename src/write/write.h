/*
 * write.h - writes to Medley's own tables: INSERT, UPDATE, DELETE, with what must hold of their rows afterwards.
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
    const char *operation;
    Oid constraint;                 /* of a constraint trigger; OID_NONE: it is none */
    int64_t number;                 /* of a constraint's own (constraint_trigger.c): the write that it is about; 0: another trigger */
    int64_t old_number, new_number; /* of such a one: the row's versions; both 0: it is about all rows of the write */
    bool is_deferrable, is_deferred;
    bool is_kept;                      /* of a foreign key, about an UPDATE that leaves the key's columns as they were */
    bool is_clone;                     /* of a partitioned table's */
    const char *old_table, *new_table; /* transition tables; NULL: it has none */
    const SqlRows *rows;               /* nrows of them */
    int nrows;
    /* Canonical texts by column; NULL: no such row. new_row afterwards: what the function returned, NULL: nothing. */
    const char **old_row, **new_row;
} WriteTrigger;

typedef struct WriteQueue WriteQueue;
/* What constraints have answered in a transaction (constraint_trigger.c). */
typedef struct WriteAnswers WriteAnswers;
WriteAnswers *write_answers_open(Arena *arena);

/* The row that an error is about. */
typedef struct WriteFailure {
    int64_t row;         /* its number; 0: none */
    bool is_after_store; /* PostgreSQL finds it when it has stored the row with others: in what indexes say */
} WriteFailure;

/* As whom functions run, and where they run as somebody else: what they may not do there. */
typedef struct ActingUser {
    Oid user;
    bool is_definer;    /* within a function that is SECURITY DEFINER */
    bool is_restricted; /* within a security-restricted operation, which runs what the owner of a relation has put there */
} ActingUser;

typedef struct WriteContext {
    const PlanContext *plan;
    Engine *engine;
    RemoteSession *remote;
    bool in_transaction;
    ExecLimits limits; /* of each query that the write runs */
    /* Told of each execution, when it begins and before it is closed: so that a cancel finds it. false: the session is interrupted. */
    void *arg;
    bool (*begins)(void *arg, Execution *execution, Error *error);
    void (*ends)(void *arg, Execution *execution);
    int64_t as_of;         /* what the statement reads of tables; 0: all that the session sees. Set by write_with */
    WriteQueue *queue;     /* of the statement that this write is a part of; NULL: of none, its AFTER triggers fire at its end */
    int follows;           /* UPDATE, DELETE: the entry in the order of whose rows those of the table come; 0: in their own */
    WriteAnswers *answers; /* of the transaction */
    bool wants_row;
    struct WriteFailure *failed; /* out; may be NULL */
    bool (*trigger)(void *arg, WriteTrigger *trigger, Arena *arena, Error *error);
    /* From now on functions that are not volatile read tables as of that write's number, 0: all that the session sees; gives what it was.
     */
    int64_t (*reads_as_of)(void *arg, int64_t number);
    /* The value of an expression over no table, as a canonical text, without the engine, where `computes` says so. */
    bool (*computes)(void *arg, const Expr *expr);
    bool (*compute)(void *arg, const Expr *expr, Arena *arena, const char **out, Error *error);
    /* From now on as that user; gives who it was before, to be set again. */
    ActingUser (*act_as)(void *arg, ActingUser user);
} WriteContext;

typedef struct WriteResult {
    uint64_t count;
    int64_t first_row;      /* where WriteContext.wants_row: UPDATE, DELETE: the number of the first row found, as it is now; 0: none was */
    const Query *returning; /* over what was written, to be planned and run; NULL: nothing is returned */
} WriteResult;

/* TRUNCATE's triggers of one table. */
bool write_fire_truncate(const WriteContext *context, Oid relation, bool before, Arena *arena, Error *error) MUST_CHECK;

/* Its foreign tables are truncated at their sources, those of a server at once. how: what follows their names. */
bool write_truncate_foreign(const WriteContext *context, const OidList *tables, const char *how, Arena *arena, Error *error) MUST_CHECK;

/* Whether rows are written that stay here: else the catalog's writer need not be held. */
bool write_needs_writer(const Query *statement, Catalog *catalog);
/* What the source of the foreign table named is told for its rows; NULL: it has no dialect. *server: it does all of it alone; NULL: not so.
 */
bool write_foreign_text(const WriteContext *context, const Query *statement, const char **out, const char **server, Arena *arena,
                        Error *error) MUST_CHECK;

/* COPY FROM: rows that come one by one, the line of each with it; then a write_run of the INSERT that reads them (the entry). Values: one a
 * column, and room for one more. */
typedef struct CopyRows CopyRows;
CopyRows *write_copy_open(const WriteContext *context, const PlanColumn *columns, int ncolumns, Arena *arena, Error *error);
Rte *write_copy_rte(CopyRows *copy);
bool write_copy_row(CopyRows *copy, Value *values, const char *line, size_t len, Error *error) MUST_CHECK;
bool write_copy_end(CopyRows *copy, Error *error) MUST_CHECK;
size_t write_copy_place(const CopyRows *copy, int64_t row); /* how many came before the row of that number */
const char *write_copy_line(CopyRows *copy, int64_t row, Error *error);

/* The first row with a text that its column's type, a user's, does not take; the error becomes that one's. */
typedef struct CopyTexts {
    const CatRelation *relation;
    const int *columns; /* their numbers in the relation */
    size_t nrows;
    int64_t row; /* out: its number; column: from 0; text: NULL for NULL */
    int column;
    const char *text;
} CopyTexts;
bool write_copy_unread(CopyRows *copy, CopyTexts *texts, Error *error);

/* Whether all rows that lie in the relation itself have a value there, meet the CHECK, lie within the partition's bound, have keys that no
 * other has. 23502, 23514, 23505. default_name: the default partition that is to take fewer rows; NULL: the bound is the relation's own. */
bool write_verify_not_null(const WriteContext *context, Oid relation, int column, Arena *arena, Error *error) MUST_CHECK;
bool write_verify_check(const WriteContext *context, Oid relation, const char *name, const char *text, Arena *arena,
                        Error *error) MUST_CHECK;
bool write_verify_bound(const WriteContext *context, Oid relation, const char *default_name, Arena *arena, Error *error) MUST_CHECK;
bool write_verify_index(const WriteContext *context, Oid relation, Oid index, Arena *arena, Error *error) MUST_CHECK;
/* All of a table's whose values are computed. */
bool write_verify_indexes(const WriteContext *context, Oid relation, Arena *arena, Error *error) MUST_CHECK;

/* Whether what an index is to compute can be computed as far as it is constant. */
bool write_check_index_value(const WriteContext *context, Oid relation, const Expr *value, Arena *arena, Error *error) MUST_CHECK;

/* Whether all rows refer to one that is there. 23503. */
bool write_verify_foreign_key(const WriteContext *context, Oid constraint, Arena *arena, Error *error) MUST_CHECK;
/* What a constraint's own trigger, given to WriteContext.trigger, is there for. */
bool write_constraint_trigger(const WriteContext *context, const WriteTrigger *trigger, Arena *arena, Error *error) MUST_CHECK;

/* ALTER TABLE: reads the rows that lie in the relation itself, with these values in place of columns (by number, from 1; NULL: as they
 * are); and stores them, once the catalog has the table as it is to be, in place of those that were there. NULL: failed. */
typedef struct WriteRewrite WriteRewrite;
WriteRewrite *write_rewrite_read(const WriteContext *context, Oid relation, Expr *const *values, Arena *arena, Error *error);
bool write_rewrite_store(WriteRewrite *rewrite) MUST_CHECK;
/* VACUUM FULL and CLUSTER: stores the rows anew, in an index's order where one is given that has an order. */
bool write_rewrite_sorted(const WriteContext *context, Oid relation, Oid index, Arena *arena, Error *error) MUST_CHECK;

/* What makes the rows that are written or changed, to be shown. */
const Query *write_source(const Query *statement, Arena *arena);

/* Whether what the statement names can be written to by the user (OID_NONE: it is only explained); its rows are planned before this is
 * asked. 0A000, or what PostgreSQL says of a foreign table's options and mapping. */
bool write_check_target(const Query *statement, Catalog *catalog, Oid user, Error *error) MUST_CHECK;

/* Runs the items of WITH where some write, or RETURNING or ON CONFLICT may read some: the statement that is left to be run, in the same
 * context, whose queue has their AFTER triggers then, and for which reads_as_of has been told how they read. NULL: the error is set. */
const Query *write_with(WriteContext *context, const Query *statement, Arena *arena, Error *error);

/* AFTER triggers that stand in line; fires them, until there are no more. The error is that of the writes. */
WriteQueue *write_queue_open(Arena *arena);
bool write_queue_fire(WriteQueue *queue) MUST_CHECK;

/* Runs a query that writes, whose privileges have been checked. What RETURNING reads is there until the arena is closed. A failure leaves
 * it to the transaction's end to undo what was written. */
bool write_run(const WriteContext *context, const Query *statement, WriteResult *result, Arena *arena, Error *error) MUST_CHECK;

#endif
