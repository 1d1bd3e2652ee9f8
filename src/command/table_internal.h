/*
 * table_internal.h - relations with columns: what CREATE and ALTER share of columns, defaults, CHECKs, inheritance and partitions.
 */
#ifndef MEDLEY_COMMAND_TABLE_INTERNAL_H
#define MEDLEY_COMMAND_TABLE_INTERNAL_H

#include "command/command_internal.h"
#include "func/partition.h"

enum { TABLE_MAX_COLUMNS = 1600 };

/* A column as a statement defines it. */
typedef struct NewColumn {
    const char *name;
    Oid type, collation;
    int32_t typmod;
    int ndims;
    bool not_null;
    const Node *default_expr, *generated_expr;
    NodeList options;
    size_t noptions;
    VEC(const PgQuery__Constraint *) checks;
    /* in a relation with parents */
    bool inherited_only; /* only its parents have it: attislocal is false */
    int inherit_count;
    const char *parent_default; /* stored text of a parent's default or generation expression, which was parsed from it */
    bool value_inherited;       /* default or generation expression are a parent's */
    bool default_conflict;      /* parents' defaults differ and none is given */
    char storage;               /* a parent's, or with LIKE ... INCLUDING STORAGE; 0: the type's */
    const char *compression;    /* as written; NULL: none */
    bool is_serial;
    char identity;           /* 'a' always, 'd' by default, 0 none */
    bool identity_is_bigint; /* LIKE: its sequence is one of bigint whatever the column's type */
    NodeList identity_options;
    size_t nidentity_options;
    Oid sequence; /* of a serial or identity column, once made */
} NewColumn;

/* serial and its kin: the integer type; OID_NONE: another type. */
Oid serial_type(const PgQuery__TypeName *name);
/* The sequence of a serial or identity column, to be made before its table; and its link to the column, afterwards. */
bool column_make_sequence(Command *command, const char *table, Oid schema, Oid owner, NewColumn *column) MUST_CHECK;
bool column_own_sequence(Command *command, Oid relation, int number, const NewColumn *column) MUST_CHECK;
/* PostgreSQL's system columns, which every relation has. */
bool relation_system_columns(Command *command, Oid relation) MUST_CHECK;
/* The relation, with all that is its own and what is stored of it elsewhere, into another schema, where its name must be free. */
bool relation_set_schema(Command *command, Oid oid, Oid to) MUST_CHECK;
/* Rows of a relation, its types and constraints from one schema to another. */
bool relation_move(Command *command, Oid relation, Oid from, Oid to) MUST_CHECK;
/* table_column_label within a name's length. */
const char *object_make_name(Command *command, const char *table, const char *column, const char *label);

/* A CHECK as it is to be recorded. */
typedef struct NewCheck {
    const char *name; /* NULL: chosen */
    const Node *expr;
    bool inherited_only, no_inherit, not_valid;
    int inherit_count;
    const char *parent_text; /* of an inherited one: its stored text */
} NewCheck;
typedef VEC(NewCheck) NewChecks;

/* ---- column_key.c ---- */

typedef VEC(const PgQuery__Constraint *) KeyList;
bool exclusion_refused(Command *command, const PgQuery__Constraint *constraint, char kind); /* of a relation of that kind */
bool constraint_is_key(const PgQuery__Constraint *constraint);                              /* PRIMARY KEY, UNIQUE */
/* The definition without those, which are added to `keys` as the table's own. */
const PgQuery__ColumnDef *column_without_keys(Arena *arena, const PgQuery__ColumnDef *definition, KeyList *keys);

bool column_is_system(const char *name);
/* Reads and checks a definition; table: its name, for messages. */
bool column_read(Command *command, const PgQuery__ColumnDef *definition, const char *table, NewColumn *out) MUST_CHECK;
/* For CREATE. ALTER ... ADD takes no notice of the word, in PostgreSQL too. */
bool column_refuse_setof(Command *command, const PgQuery__ColumnDef *definition) MUST_CHECK;
/* System columns' names and pseudo-types are refused. */
bool column_check(Command *command, const NewColumn *column, char kind) MUST_CHECK; /* kind of its relation */
/* What is asked of rows of the tables below that have some, before a change. */
typedef struct StoredRules {
    CatalogRows *rows;
    Oid relation;
} StoredRules;
bool stored_rows_rules(Command *command, Oid relation, StoredRules *out) MUST_CHECK;
/* Those rows are held to what is new, and to all where they were written anew (rewrite may be NULL). tree_changed: a partition came, so
 * that others take fewer rows. */
typedef struct Rewrite Rewrite;
bool stored_rows_verify(Command *command, const StoredRules *before, const Rewrite *rewrite, bool tree_changed) MUST_CHECK;
/* A column with this default was added: rows that are there have its value. */
bool stored_rows_fill(Command *command, Oid relation, int number, const Node *default_expr) MUST_CHECK;
/* The pg_attribute row, its dependencies and its default; options are given in stored form. */
/* attcompression for the method named (NULL: none is): recorded, and shown by \d+; DuckDB chooses its own. */
bool compression_code(Command *command, Oid type, const char *method, const char **code) MUST_CHECK;
const char *compression_name(const char *code); /* NULL: none is named */
bool column_insert(Command *command, Oid relation, int number, const NewColumn *column, const char *options) MUST_CHECK;
/* Its default or generation expression. */
bool column_set_value(Command *command, Oid relation, int number, const NewColumn *column) MUST_CHECK;
/* Type and collation as written. */
/* Warns of a precision that was cut; placed: the warning says where. */
void column_warn(Command *command, const PgQuery__TypeName *name, Oid type, bool placed);
bool column_type(Command *command, const PgQuery__TypeName *name, const PgQuery__CollateClause *collate, Oid *type, int32_t *typmod,
                 Oid *collation) MUST_CHECK;
bool column_depend(Command *command, Oid relation, int number, Oid type, Oid collation) MUST_CHECK;

/* pg_attrdef: sets (expr NULL: removes) the default of a column. */
/* given: the statement has it, and its user needs its types. */
bool default_set(Command *command, Oid relation, int number, const Node *expr, bool given) MUST_CHECK;
/* The row of a default or (generated 's') a generation expression, with what it depends on. */
bool default_store(Command *command, Oid relation, int number, const Expr *expr, const char *text, char generated) MUST_CHECK;
/* The expression of a generated column. */
bool generated_set(Command *command, Oid relation, int number, const Node *expr, bool given) MUST_CHECK;
bool default_remove(Command *command, Oid relation, int number, DropBehavior behavior) MUST_CHECK;

/* The name an array type gets: an underscore before its element's, more of them while another type than `own` has it. */
bool array_type_name(Command *command, const char *base, Oid schema, Oid own, const char **name) MUST_CHECK;
/* A row type may have this name; an array type that has it is renamed. */
bool type_name_free(Command *command, const char *name, Oid schema) MUST_CHECK;

/* pg_constraint: a CHECK of a column or the table; creating: along with its table. */
bool check_add(Command *command, Oid relation, const PgQuery__Constraint *constraint, bool creating) MUST_CHECK;
bool check_insert(Command *command, Oid relation, const NewCheck *check) MUST_CHECK;
/* A CHECK whose name a parent's has must say the same: it is then both. */
bool check_merge(Command *command, Oid relation, const NewCheck *check, bool *merged) MUST_CHECK;
/* Another table can have the constraint too: it is not about whole rows (which 0 in its conkey says). */
bool check_is_convertible(Command *command, const char *name, const char *key, Oid table) MUST_CHECK;
/* As check_insert, where the table is there already. */
bool check_insert_later(Command *command, Oid relation, const NewCheck *check) MUST_CHECK;
/* The stored text of a boolean expression over the relation's columns. */
/* A CHECK's condition over the relation's columns; NULL: the error is set. */
const Expr *check_analyze(Command *command, const Node *node, const CatRelation *relation);
const char *check_text(Command *command, const CatRelation *relation, const Node *expr);
/* DEFERRABLE and the like stand where they may. */
bool constraint_attributes_check(Command *command, const PgQuery__ColumnDef *definition) MUST_CHECK;
bool constraint_refused(Command *command, const PgQuery__Constraint *constraint);

/* What a new table is made of. */
typedef struct NewTable {
    const char *name, *server; /* server: of a foreign table */
    char kind;                 /* relkind: f r p */
    char persistence;          /* relpersistence */
    Oid schema;
    NewColumn *columns;
    size_t ncolumns;
    NodeList options;
    size_t noptions;
    const Oid *parents;
    size_t nparents;
    bool is_partition;
    NewChecks checks; /* those of its parents, then its own */
} NewTable;

void table_on_commit(Command *command, Oid table, PgQuery__OnCommitAction action);
bool table_make(Command *command, const NewTable *table, Oid *oid) MUST_CHECK;
/* The table's CHECKs, server and options, once all else is there. */
bool table_finish(Command *command, const NewTable *table, Oid oid) MUST_CHECK;
/* pg_class, for tables and indexes: the row alone, with namespace and owner. */
bool class_insert(Command *command, const NewTable *table, Oid oid, Oid type) MUST_CHECK;
bool relation_in_schema(Command *command, Oid schema, const char *name, Oid *oid) MUST_CHECK;

/* ---- storage.c ---- */

/* WITH, SET and RESET (...) of a relation: `old` with the items in place, or taken away. */
typedef struct StorageChange {
    char kind;       /* relkind; of indexes, storage_index_kind */
    const char *old; /* pg_class.reloptions; NULL: none */
    NodeList items;
    size_t count;
    bool creating, reset;
    const char *check_option; /* of a view: what WITH CHECK OPTION says */
} StorageChange;

char storage_index_kind(const char *method);
bool storage_change(Command *command, const StorageChange *change, const char **stored) MUST_CHECK;
bool storage_set(Command *command, Oid relation, const char *stored) MUST_CHECK;

/* ---- table_like.c ---- */

typedef struct LikeClause {
    Oid source;
    uint32_t options; /* INCLUDING, a bit each */
} LikeClause;

bool like_columns(Command *command, const PgQuery__TableLikeClause *clause, LikeClause *like, NewColumn **columns,
                  size_t *count) MUST_CHECK;
bool like_follows(const LikeClause *like); /* whether more than columns is copied, once the table is there */
bool like_finish(Command *command, const LikeClause *like, Oid table) MUST_CHECK;

/* ---- operator_class.c, index.c ---- */

/* names empty: the type's default class of the access method. */
bool operator_class_find(Command *command, NodeList names, size_t count, Oid type, const char *method, Oid *class) MUST_CHECK;
/* PRIMARY KEY and UNIQUE: the constraint and its index. */
/* FOREIGN KEY. */
bool foreign_key_create(Command *command, Oid table, const PgQuery__Constraint *constraint, bool only) MUST_CHECK;
bool foreign_key_remake(Command *command, Oid constraint) MUST_CHECK; /* of columns of other types */
/* Those of partitions that refer, or are referred to, below a constraint that was made; all of a new partition; one that leaves. */
bool foreign_key_reaches_partitions(Command *command, Oid constraint) MUST_CHECK;
bool foreign_key_reaches_referenced(Command *command, Oid constraint) MUST_CHECK;
bool foreign_keys_follow_parent(Command *command, Oid parent, Oid child) MUST_CHECK;
bool foreign_keys_leave_parent(Command *command, Oid child) MUST_CHECK;
bool key_create(Command *command, Oid relation, const PgQuery__Constraint *constraint, bool only) MUST_CHECK;
/* A new partition has an index for each of its parent's. */
bool indexes_follow_parent(Command *command, Oid parent, Oid child) MUST_CHECK;
/* The same for a table that becomes one: what it has already is taken. */
bool indexes_join_parent(Command *command, Oid parent, Oid child) MUST_CHECK;
/* A new partition has its parent's row triggers, and loses them when it is detached. */
bool triggers_follow_parent(Command *command, Oid parent, Oid child) MUST_CHECK;
bool triggers_leave_parent(Command *command, Oid child) MUST_CHECK;
/* ALTER INDEX ... ATTACH PARTITION. */
bool index_attach(Command *command, Oid parent, const PgQuery__RangeVar *name) MUST_CHECK;
bool indexes_copy(Command *command, Oid from, Oid to) MUST_CHECK;

/* ---- partition_key.c, partition_bound.c ---- */

/* PARTITION BY: the row of pg_partitioned_table. */
bool partition_key_create(Command *command, Oid relation, const PgQuery__PartitionSpec *spec) MUST_CHECK;
/* Whether the key is the column, or has it in an expression. */
bool partition_key_reads(Command *command, Oid relation, int number, bool *reads) MUST_CHECK;
/* The values of the bound, which has to make sense for the parent's key: they are computed once a command. */
bool partition_bound_read(Command *command, Oid parent, const PgQuery__PartitionBoundSpec *spec, PartitionBound *out) MUST_CHECK;
/* Whether it overlaps no other's: as the bound of that child. */
bool partition_bound_fits(Command *command, Oid parent, Oid child, const PgQuery__PartitionBoundSpec *spec,
                          const PartitionBound *bound) MUST_CHECK;
/* Makes the child, a row of pg_inherits already, a partition within this bound, which must overlap no other's. */
bool partition_bind(Command *command, Oid parent, Oid child, const PgQuery__PartitionBoundSpec *spec,
                    const PartitionBound *bound) MUST_CHECK;

/* ---- inherit_merge.c ---- */

/* The parents' columns and CHECKs joined with the table's own (table->columns, as written). typed: columns of PARTITION OF, which only add
 * to what is inherited. */
bool inherit_merge(Command *command, NewTable *table) MUST_CHECK;
/* NOT NULL of the partitioned table alone: its partitions have it already. */
bool inherit_check_not_null(Command *command, Oid relation, const char *name) MUST_CHECK;
/* Direct children, by OID. */
bool inherit_children(Command *command, Oid relation, Oid **children, size_t *count) MUST_CHECK;
/* Partitions in the order of their bounds, as what is made for each goes; none of a relation that is not partitioned. */
bool inherit_partitions(Command *command, Oid relation, Oid **partitions, size_t *count) MUST_CHECK;
/* pg_inherits and the dependency on the parent. */
bool inherit_record(Command *command, Oid child, Oid parent, int number, bool partition) MUST_CHECK;

/* Where a new relation goes, with the right to create there. */
bool creation_schema(Command *command, const PgQuery__RangeVar *range, Oid *schema) MUST_CHECK;
/* The same in two steps, whose errors have no position: where it would go, and whether it may. */
bool creation_place(Command *command, const PgQuery__RangeVar *range, Oid *schema) MUST_CHECK;
bool creation_check(Command *command, const PgQuery__RangeVar *range, Oid schema) MUST_CHECK;

/* Dependencies of `from` on all that the expression uses; relation: whose columns it reads. */
bool expr_depend(Command *command, ObjectAddress from, const Expr *expr, Oid relation) MUST_CHECK;
/* The same with another kind of dependency on the relation's own columns; 0: none on them. */
bool expr_depend_as(Command *command, ObjectAddress from, const Expr *expr, Oid relation, char own) MUST_CHECK;
/* Of a whole query: relations, those of their columns that it reads, and all that its expressions use. */
bool query_depend(Command *command, ObjectAddress from, const Query *query) MUST_CHECK;
/* 42501 unless the user may use each type that the expression, if it is stored, depends on. */
bool expr_types_usable(Command *command, const Expr *expr) MUST_CHECK;
bool query_types_usable(Command *command, const Query *query) MUST_CHECK;
/* An expression of one relation's columns, in the form that pg_attrdef and pg_constraint keep it in. */
const char *expr_text(Command *command, const Expr *expr, const CatRelation *relation);
/* The same of a trigger's WHEN: columns are said of old and new. */
const char *expr_text_when(Command *command, const Expr *expr, const CatRelation *relation);

/* A stored expression as the parser gives it. */
const Node *stored_expr_parse(Command *command, const char *text); /* NULL: failed */

#endif
