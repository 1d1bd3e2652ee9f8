/*
 * index_internal.h - an index as it is to be made, between the statements that say it and the rows that record it.
 */
#ifndef MEDLEY_COMMAND_INDEX_INTERNAL_H
#define MEDLEY_COMMAND_INDEX_INTERNAL_H

#include "command/table_internal.h"

typedef struct IndexColumn {
    int column;       /* 0: an expression */
    const char *expr; /* its stored text */
    const char *name; /* of the index's own column */
    Oid type, collation, class;
    Oid own_collation; /* of an expression, without COLLATE */
    int32_t typmod;
    int option; /* 1: DESC, 2: NULLS FIRST */
} IndexColumn;

typedef struct IndexDef {
    const char *name; /* NULL: chosen */
    const char *method, *predicate;
    const char *storage;                       /* reloptions; NULL: none */
    bool unique, primary, constraint, foreign, /* foreign: a foreign key, which has no index */
        nulls_not_distinct, deferrable, deferred;
    IndexColumn *columns;
    int ncolumns, nkeys; /* those after the first nkeys are INCLUDEd */
} IndexDef;

/* Makes the index, and on a partitioned table those of its partitions. parent_*: what it is a part of; OID_NONE. only: not below. */
bool index_make(Command *command, Oid relation, const IndexDef *def, Oid parent_index, Oid parent_constraint, bool only,
                Oid *index) MUST_CHECK;
/* What the index is of its columns, after their types have changed; the rest of it stays. */
bool index_remake(Command *command, Oid table, Oid index, const IndexDef *def) MUST_CHECK;
/* One of a partitioned table that was made of it ONLY is no longer so. */
bool index_complete(Command *command, Oid table, Oid index, Oid constraint) MUST_CHECK;
/* An index that there is becomes that of the constraint, which is its name. */
bool index_promote(Command *command, Oid table, Oid index, const IndexDef *def, bool only) MUST_CHECK;
/* There is one primary key; a unique one of a partitioned table has all of the partition key. */
bool index_check_key(Command *command, const CatRelation *relation, const IndexDef *def) MUST_CHECK;
/* A partition is a foreign table. */
bool index_refuse_foreign(Command *command, Oid relation);
/* One that exists, to be made again on a table with columns of the same names. */
bool index_read(Command *command, Oid index, Oid to, IndexDef *def) MUST_CHECK;
/* The expressions and the condition of the statement make sense. */
bool index_check_exprs(Command *command, const CatRelation *relation, const PgQuery__IndexStmt *statement) MUST_CHECK;
/* What CREATE INDEX says, after that; the relation's columns as they are now. */
bool index_define(Command *command, Oid table, const PgQuery__IndexStmt *statement, IndexDef *def) MUST_CHECK;
/* PostgreSQL's choice: table_columns_label, numbered while it is taken. */
bool index_choose_name(Command *command, const CatRelation *relation, const IndexDef *def, const char **name) MUST_CHECK;

#endif
