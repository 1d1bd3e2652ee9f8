/*
 * alter_internal.h - the actions of ALTER FOREIGN TABLE.
 */
#ifndef MEDLEY_COMMAND_ALTER_INTERNAL_H
#define MEDLEY_COMMAND_ALTER_INTERNAL_H

#include "command/table_internal.h"

/* The order in which PostgreSQL runs the actions of one statement. */
typedef enum AlterPass {
    PASS_DROP,
    PASS_ALTER_TYPE,
    PASS_ADD_COLUMN,
    PASS_REFUSE_CONSTRAINT, /* what foreign tables cannot have */
    PASS_COLUMN_ATTRIBUTES,
    PASS_PROMOTE_KEY,    /* PRIMARY KEY and UNIQUE of an index that is there */
    PASS_ADD_KEY,        /* of a new one */
    PASS_ADD_CONSTRAINT, /* defaults, identity */
    PASS_ADD_CHECK,
    PASS_MISC,
    PASS_COUNT,
} AlterPass;

typedef VEC(const PgQuery__AlterTableCmd *) AlterCommands;

/* An index that is to be a constraint's. */
typedef struct Promotion {
    const PgQuery__Constraint *constraint;
    Oid index;
} Promotion;

typedef VEC(Promotion) Promotions;

/* The table while its actions run. */
typedef struct Alter {
    Oid relation, server;
    const char *name;
    bool *types_changed; /* by column number */
    char kind;           /* relkind */
    bool is_partition;
    bool recurse;            /* no ONLY: the tables below too */
    bool recursing;          /* one of those below */
    KeyList *added_checks;   /* CHECKs of the statement's ADD COLUMNs: they come after its own ADD CHECKs, and may be about any column */
    Promotions *promoted;    /* the indexes of its USING INDEXes: by name as these are before the first is a key's */
    AlterCommands *optioned; /* ADD COLUMNs with options, which come last of all; of the statement's own table */
} Alter;

typedef bool (*AlterFn)(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);

bool alter_check_built_in(Command *command, Oid relation) MUST_CHECK; /* alter_table.c: refuses system catalogs */

typedef struct AlterAction {
    PgQuery__AlterTableType type;
    const char *name, *kinds; /* relkinds it may be said of; NULL: any */
    AlterPass pass;
    AlterFn prepare; /* before any action runs; NULL: nothing */
    AlterFn run;     /* NULL: PostgreSQL has it, Medley not */
} AlterAction;

/* index_promote.c: ADD CONSTRAINT ... USING INDEX; which index that is, and whether it may be. */
bool key_promote_find(Command *command, const Alter *alter, const PgQuery__Constraint *constraint) MUST_CHECK;
bool key_promote(Command *command, const Alter *alter, const PgQuery__Constraint *constraint) MUST_CHECK;

/* alter_place.c */
bool alter_prepare_persistence(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_persistence(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_rule(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_not_of(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
/* cluster.c */
bool alter_cluster_on(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_drop_cluster(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_tablespace(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_access_method(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
/* index_promote.c: it is kept for pg_dump to find; nothing is replicated. */
bool alter_replica_identity(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);

/* ---- alter_rebuild.c: what depends on columns whose types change ---- */

typedef struct RebuiltIndex {
    Oid oid, table, constraint; /* constraint: OID_NONE for none */
    bool is_part;               /* of a parent's index */
    const PgQuery__IndexStmt *statement;
    struct IndexDef *def; /* once made again */
} RebuiltIndex;

typedef struct RebuiltConstraint {
    Oid oid, table;
    const Node *check; /* NULL: a foreign key */
} RebuiltConstraint;

typedef struct Rebuild {
    Command *command;
    VEC(RebuiltIndex) indexes;
    VEC(RebuiltConstraint) constraints;
} Rebuild;

bool rebuild_begin(Command *command, const Alter *alter, const PgQuery__AlterTableStmt *statement, Rebuild *rebuild) MUST_CHECK;
bool rebuild_run(const Rebuild *rebuild) MUST_CHECK; /* after the types have changed */
bool rebuild_has(const Rebuild *rebuild, Oid index_or_constraint);

/* ---- rewrite.c: rows that are there, where they do not stay as they are ---- */

typedef struct RewriteTable {
    Oid relation;
    char kind;
    bool has_rows;
    bool anew;          /* PostgreSQL writes its rows again, and makes its indexes of them */
    Expr **values;      /* by column number: what takes its place; NULL: as it is */
    WriteRewrite *rows; /* once read */
} RewriteTable;

struct Rewrite {
    Command *command;
    VEC(RewriteTable) tables; /* the table named, then those below */
    bool gives_values;        /* to columns: PostgreSQL refuses it where the row type is a column's of another table */
    bool needed;              /* rows have to be read and stored anew */
    bool changes_type;        /* of a column: what is refused then is so for tables without rows of their own, too */
    Rebuild rebuild;
    Error failure; /* of reading the rows */
};

bool rewrite_begin(Command *command, const Alter *alter, Rewrite *rewrite) MUST_CHECK;
/* What the actions do to the values of rows; before any runs. */
bool rewrite_type(Rewrite *rewrite, const Alter *alter, const PgQuery__AlterTableCmd *cmd) MUST_CHECK;
bool rewrite_add(Rewrite *rewrite, const Alter *alter, const PgQuery__AlterTableCmd *cmd) MUST_CHECK;
bool rewrite_persistence(Rewrite *rewrite, const Alter *alter, const PgQuery__AlterTableCmd *cmd) MUST_CHECK;
void rewrite_read(Rewrite *rewrite);
/* After they have run. */
bool rewrite_store(Rewrite *rewrite) MUST_CHECK;
bool rewrite_is_of(const Rewrite *rewrite, Oid relation); /* its rows are new ones, for PostgreSQL too */
bool alter_add_column(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_drop_column(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_default(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_set_not_null(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_drop_not_null(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_statistics(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_storage(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_compression(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_type_prepare(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_type(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_added_options(Command *command, const Alter *alter) MUST_CHECK; /* of the columns in alter->optioned */
bool alter_column_options(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_table_options(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_add_constraint(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_drop_constraint(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_storage_parameters(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_owner(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_drop_expression(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_add_identity(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_set_identity(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_drop_identity(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_enable_trigger(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_enable_always_trigger(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_enable_replica_trigger(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_disable_trigger(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_set_attributes(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_reset_attributes(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_constraint(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_validate_constraint(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_nothing(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);

/* ---- inherit_alter.c ---- */

/* An action on a table and, where it goes further, on those below. */
bool inherit_run(Command *command, const Alter *alter, const AlterAction *action, const PgQuery__AlterTableCmd *cmd) MUST_CHECK;
bool inherit_added_checks(Command *command, const Alter *alter) MUST_CHECK; /* alter->added_checks, in the whole tree */
/* What is checked of an action before any runs. */
/* Of the column, before its new type is looked at. */
bool inherit_check_type(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd) MUST_CHECK;
bool inherit_prepare(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd) MUST_CHECK;

/* ---- inherit.c ---- */

bool alter_inherit_prepare(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_inherit(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_no_inherit(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_attach_partition(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_detach_partition(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
bool alter_detach_finalize(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd);

/* A column's number, system columns below 0; 0: none. */
bool alter_find_column(Command *command, const Alter *alter, const char *name, int *number) MUST_CHECK;
/* A user's column; the system's cannot be altered. */
bool alter_need_column(Command *command, const Alter *alter, const char *name, int *number) MUST_CHECK;
/* A column that a generated one reads keeps its type. */
bool column_check_readers(Command *command, const Alter *alter, const char *name, int number) MUST_CHECK;
/* The sequence of an identity column has the column's type. */
bool identity_change_type(Command *command, const Alter *alter, int number, const PgQuery__TypeName *type) MUST_CHECK;
/* RENAME CONSTRAINT of a relation whose owner asks. */
bool constraint_rename(Command *command, const PgQuery__RenameStmt *statement, const CatRelation *relation) MUST_CHECK;
/* The name must be free. exists (may be NULL): out, instead of an error when a user's column has it. */
bool alter_check_new_column(Command *command, const Alter *alter, const char *name, bool *exists) MUST_CHECK;

#endif
