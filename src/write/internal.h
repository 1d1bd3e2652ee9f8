/*
 * internal.h - what the files of this folder share.
 */
#ifndef MEDLEY_WRITE_INTERNAL_H
#define MEDLEY_WRITE_INTERNAL_H

#include <string.h>

#include "write/write.h"

/* A work table of this write's. */
typedef struct WorkTable {
    int64_t number;
    const CatRelation *relation; /* made up: its columns */
} WorkTable;

/* What fires triggers. */
typedef enum WriteEvent { EVENT_INSERT = 4, EVENT_DELETE = 8, EVENT_UPDATE = 16, EVENT_TRUNCATE = 32 } WriteEvent;

/* Rows of a table that were written in one way, by all that stands in one line, as triggers may ask for them. */
typedef struct Transition {
    Oid relation; /* the table named */
    WriteEvent event;
    VEC(struct Write *) writes; /* whose rows they are */
    bool is_made;               /* a trigger has asked: what is written from now on belongs to another */
    SqlRows *old, *new;         /* NULL: not yet made */
} Transition;

typedef struct Turns Turns;

/* A row that a write has put there, in the place of another or not, by the relation's columns. */
typedef struct KnownChange {
    Oid relation;
    StoreRow old, new; /* old: without cells, of a new row */
} KnownChange;

/* Rows of a foreign table that are to be changed (foreign.c). */
typedef struct Staged {
    Oid relation;
    WorkTable places; /* where each lies at the source; its rows have the numbers of the rows in the table's node */
} Staged;

/* One INSERT, UPDATE or DELETE on its way. */
typedef struct Write {
    const WriteContext *context;
    WriteFailure *refused; /* what write_failed notes goes here; NULL: into WriteContext.failed */
    const Query *statement;
    const CatRelation *root; /* the table named */
    bool passes;             /* no rows stay here, so no writer is needed: all go to foreign tables */
    int64_t number, before;  /* of the write; of the last one before the statement */
    Catalog *catalog;
    Arena *arena;   /* of what is made now: a row's, while rows are written one by one */
    Arena *lasting; /* the statement's */
    Error *error;
    OidList partitions;          /* that rows were inserted into */
    int64_t first_routed;        /* number of the first row, where they come to partitions one by one; 0: they do not */
    Map *doubtful;               /* rows of deferrable keys (unique.c), shared with the writes that are a part of this one */
    OidList *unchecked;          /* MERGE: relations whose indexes are asked about when all is written; NULL: they are at once */
    Turns *turns;                /* rows are computed one by one, each when those before it are stored; NULL: all at once */
    bool checks_first;           /* CHECKs are asked of a row before it is stored, by itself */
    bool generates_in_turn;      /* the rows that are routed have no generated columns yet */
    bool answers_in_turn;        /* RETURNING and views' check options are asked about a row when it is written, by itself */
    bool collecting;             /* triggers are being looked for because of a generated column */
    VEC(struct Write *) updates; /* ON CONFLICT: those made, whose AFTER triggers wait; MERGE: its steps that update */
    bool is_mixed;               /* of such a statement: not all its rows are of one event */
    Oid leaf;                    /* such an update's table */
    WriteQueue *queue;           /* of AFTER triggers */
    bool has_moved;              /* an update's rows went to other partitions */
    bool may_not_move;           /* an update's rows stay in their partition */
    VEC(KnownChange) known; /* rows that were written one by one, as AFTER triggers are to be told of them, where all of them are known */
    uint64_t found;         /* UPDATE, DELETE: rows of the work table; INSERT into one table: rows stored. 0: it is not known */
    int64_t staged;         /* number of the write that has stored the rows of foreign tables which are to be changed; 0: there are none */
    VEC(Staged) staged_rows;
    bool is_told;      /* the source has changed them alone; those that came back are new rows in the foreign table's node */
    bool is_staging;   /* rows go to a foreign table's node alone */
    bool is_arriving;  /* rows are new where they go */
    WorkTable answers; /* what RETURNING has said of each row; number 0: nothing yet */
    WorkTable work;    /* UPDATE, DELETE: relation (c1), row (c2), new values by insert_columns, what RETURNING wants of other entries */
} Write;

typedef VEC(WriteTrigger) TriggerList;

/* Events that AFTER triggers are to be told of (after.c). */
typedef VEC(struct AfterEvent) AfterEvents;

/* ---- insert.c ---- */

/* The query's rows become the relation's, BEFORE ROW triggers and constraints included. columns: their attnums. */
bool insert_into(Write *write, Query *query, Oid relation, const int *columns, bool partition, uint64_t *count) MUST_CHECK;
/* Without them. row: NULL, or the row by the relation's columns, where it is one that is known. */
bool insert_query(Write *write, Query *query, Oid relation, const int *columns, StoreRow *row, uint64_t *count) MUST_CHECK;
/* Rows by number are stored in its order. query: its entry 0 has the columns of `of` by number, then the row's number. Columns find those
 * of `into` by name; generated ones are computed, those with numbers up to `kept` are stored as they are. */
bool insert_versions(Write *write, Query *query, const CatRelation *of, const CatRelation *into, int kept, uint64_t *count) MUST_CHECK;
/* Runs the query into what `into` says; its columns are counted here. */
bool insert_fill(Write *write, const Query *query, StoreInsert *into, const PlanColumn **columns, uint64_t *count) MUST_CHECK;
bool write_insert(Write *write, uint64_t *count) MUST_CHECK;
/* Into a foreign table, of whose rows nothing is asked here. */
bool write_insert_alone(Write *write, uint64_t *count) MUST_CHECK;

/* ---- passing.c: the nodes that rows go to ---- */

/* Where the relation's rows go, made if need be; looks the relation up anew. */
bool passing_prepare(Write *write, Oid relation, int64_t *node) MUST_CHECK;
/* What that earlier number of the write has stored is this one's to change. */
void passing_renumber(Write *write, Oid relation, int64_t staged);

/* ---- work.c: rows on their way, and queries over them ---- */

/* order, once: as in StoreInsert. */
bool work_fill(Write *write, const Query *query, const char *order, bool once, WorkTable *out, uint64_t *count) MUST_CHECK;
WorkTable work_table(Write *write, int64_t number, const PlanColumn *columns, int ncolumns);
/* It is dropped when the statement's arena is closed. */
void work_own(Write *write, int64_t work);
/* The lowest number of its rows; 0: it has none. */
bool work_lowest(Write *write, const WorkTable *of, int64_t *out) MUST_CHECK;
/* All of its rows, in their order. */
Query *work_read(Write *write, const WorkTable *work);
/* An entry of the query that reads it. */
int work_add(Write *write, Query *query, const WorkTable *work);
int fetch_add_relation(Write *write, Query *query, const CatRelation *relation);
/* One more in FROM. */
int fetch_add_entry(Query *query, Rte *rte);
/* together.c: the new value of a column, in whose query's select list it is to stand, and in whose FROM a subquery comes that sets others
 * as well. guard (NULL: for all): for which rows. */
Expr *write_set_together(Write *write, Query *query, Expr *value, const Expr *guard);
Expr *fetch_row_number(Write *write, int rte);
Expr *fetch_var(Write *write, const Query *query, int rte, int column);
Expr *fetch_int8(Write *write, int64_t value);
/* operator: one of OPERATOR_INT8_... */
Expr *fetch_compare(Write *write, Oid operator, Expr * left, Expr *right);
void fetch_add_condition(Write *write, Query *query, Expr *condition);
void fetch_order_by(Write *write, Query *query, Expr *number);

enum {
    OPERATOR_INT8_EQUAL = 410,
    OPERATOR_INT8_UNEQUAL = 411,
    OPERATOR_INT8_LESS = 412,
    OPERATOR_INT8_GREATER = 413,
    OPERATOR_OID_EQUAL = 607
};

/* ---- write.c ---- */

/* The last write's that the session sees, to read as of it: never 0. */
bool write_last_number(Write *write, int64_t *out) MUST_CHECK;
/* The write has its next number, and the writer where it needs it. */
bool write_begin(Write *write) MUST_CHECK;
/* What RETURNING of an UPDATE or DELETE wants of entries beside the table: its targets. */
Query *write_kept(Write *write);
/* The row of that number is written: with answers_in_turn RETURNING is asked about it. */
bool write_answer(Write *write, int64_t number) MUST_CHECK;

typedef bool RowTaker(void *arg, const char *const *cells);
/* One of many rows: what is made while it is taken goes with it, but for what is made in Write.lasting. */
bool write_take_row(Write *write, RowTaker *take, void *arg, const char *const *cells) MUST_CHECK;
/* What is made from now on lasts as long as the statement; gives what Write.arena was, to be set again. */
static inline Arena *write_make_lasting(Write *write)
{
    Arena *was = write->arena;
    write->arena = write->lasting;
    return was;
}

/* ---- update.c ---- */

bool write_change(Write *write, uint64_t *count) MUST_CHECK;
/* Of one table, whose rows are in the work table. */
bool change_one(Write *write, Oid leaf, uint64_t *count) MUST_CHECK;
/* A row of ON CONFLICT DO UPDATE would leave its partition. */
bool change_refuse_move(Write *write);
/* The rows of the work table, table by table; what is to be done after them. */
bool change_rows(Write *write, uint64_t *count) MUST_CHECK;
bool change_after(Write *write, AfterEvents *events) MUST_CHECK;
/* What the work table's new versions, which are not to count, break before they would be stored: generated columns, NOT NULL, CHECK. */
bool change_check_versions(Write *write) MUST_CHECK;
/* The number of the relation's column of that name; 0: it has none. */
int change_column(const CatRelation *relation, const char *name);
/* Whether the statement sets the column; generated ones, whether what they are computed from may change. */
bool change_is_set(Write *write, const CatRelation *relation, int number);
/* Whether nothing but what the statement sets can differ between the versions of its rows: it is an UPDATE whose rows stay in the relation,
 * and no BEFORE trigger may set more. */
bool change_sets_alone(Write *write, const CatRelation *relation, bool *out) MUST_CHECK;
/* Whether the expression, over the relation, hangs on what the statement sets. */
bool change_reads_set(Write *write, const CatRelation *relation, const Expr *expr);
/* What a generated column is, over entry 0. NULL: the error is set. */
Expr *change_generated(Write *write, const CatRelation *relation, int number);
/* By the leaf's column number, from 1: the column of the work table that has its new value; 0: it stays. */
int *change_places(Write *write, const CatRelation *leaf);
enum { WORK_RELATION = 1, WORK_ROW = 2 }; /* columns of the work table */

/* ---- constraint_trigger.c ---- */

bool constraint_trigger_is(Oid function);
/* That of a deferrable key. */
bool constraint_trigger_rechecks(Oid function);
/* At once, or it is the session's to keep. */
bool constraint_trigger_fire(Write *write, const WriteTrigger *trigger) MUST_CHECK;
/* What such a trigger asks, about the rows of many writes at once. */
typedef struct ConstraintQuestion {
    const CatRelation *tables[2]; /* on whose rows the answer hangs; a partitioned table: on all rows that there are */
    int64_t row;                  /* the one that the trigger is about; 0: all of its write */
    /* Of the rows of the trigger's write and of those after it, up to that of number `last`: the number of the first row that may break the
     * constraint; 0: none does. */
    bool (*ask)(void *arg, int64_t last, int64_t *broken);
    void *arg;
} ConstraintQuestion;

/* *out: what the trigger is about breaks nothing: one question about many rows has said so. Else it is to be asked about alone. */
bool constraint_trigger_is_known(Write *write, const WriteTrigger *trigger, const ConstraintQuestion *question, bool *out) MUST_CHECK;

/* ---- foreign_key.c ---- */

/* What the foreign key's trigger asks of the rows that the write added or took away, or of the one that it is about, or does with others.
 */
bool foreign_key_enforce(Write *write, const WriteTrigger *trigger) MUST_CHECK;
/* All that the list has, about all rows of the write: of what is broken, the first row is refused. */
bool foreign_key_fire_all(Write *write, const CatRelation *relation, const TriggerList *triggers) MUST_CHECK;
bool foreign_key_is_trigger(Oid function);
/* What WriteTrigger.is_kept is to say of it. */
bool foreign_key_is_kept(Write *write, const WriteTrigger *trigger, bool *out) MUST_CHECK;
/* It is one that changes rows. */
bool foreign_key_acts(Oid function);
/* Rows that went from one partition to another are still those of the table named: what refers to that is asked, in place of what refers to
 * its partitions. What the rows themselves refer to is a partition's to ask. */
bool foreign_key_is_answered_above(const Write *write, Oid relation, WriteEvent event, Oid function);

/* ---- merge.c ---- */

/* Of MERGE's work table, which is that entry of the query: the rows with which something is done. */
void merge_choose_acted(Write *write, Query *query, int work);
bool merge_run(Write *write, uint64_t *count) MUST_CHECK;
/* Statement triggers of all that its actions do. */
bool merge_statement(Write *write, bool before) MUST_CHECK;

/* ---- rows.c: a leaf's rows one by one ---- */

/* With BEFORE triggers, or of few rows. */
bool rows_change(Write *write, Oid leaf, uint64_t *count) MUST_CHECK;
/* Targets: the relation's columns (entry 0). */
void rows_add_columns(Write *write, Query *query, const CatRelation *leaf);

/* ---- fetch.c: small queries on what was written ---- */

/* Its rows are wanted as they are, for the engine or for a Taker. NULL: the error is set. */
Plan *write_plan(Write *write, const Query *query);
/* Opened in the statement's surroundings; the caller closes it. NULL: the error is set. */
Execution *write_execution(Write *write, const Plan *plan);

/* A query over the relation's own rows that this write has added: entry 0. NULL: over nothing. */
Query *fetch_over(Write *write, const CatRelation *relation);
void fetch_add_target(Query *query, Expr *expr);
/* Entries that were only asked for privileges are nothing now. */
void fetch_forget_privileges(Query *query);
/* The rows of a query as entry 0 of one around it. */
Query *fetch_around(Write *write, Query *inner);
/* Of an analysed query: so that targets may be added. */
void fetch_use_targets(Query *query);
/* The expression, as text stored with the relation, over entry 0. NULL: the error is set. */
Expr *fetch_expr(Write *write, const CatRelation *relation, const char *text, Oid type);
Expr *fetch_column(Write *write, const CatRelation *relation, int number);
/* The expression, over no table, as a constant where it can be computed without the engine. NULL: the error is set. */
Expr *fetch_computed(Write *write, Expr *expr);
/* Whether it reads what only stored rows have: a system column, or a row as a whole. */
bool fetch_reads_stored(const Expr *expr);
Expr *fetch_test(Write *write, ExprKind kind, Expr *arg);
/* The first row as texts (NULL: SQL NULL); *out NULL: there is none. Texts as the client would see them. */
bool fetch_first(Write *write, const Query *query, const char *const **out) MUST_CHECK;
/* All rows, in canonical texts. */
typedef VEC(const char *const *) FetchedRows;
bool fetch_all(Write *write, const Query *query, FetchedRows *out) MUST_CHECK;
/* The same, one after the other while the query runs. */
bool fetch_each(Write *write, const Query *query, RowTaker *take, void *arg) MUST_CHECK;
/* What it gives is wanted by nobody, only that it can be computed. */
bool fetch_compute(Write *write, const Query *query) MUST_CHECK;
/* Whether the user may see the column's value: it was given, or it may be read. */
bool fetch_may_show(const Write *write, const CatRelation *relation, int number, bool given_counts);
/* "(1, null)" or "(a, b) = (1, null)": the row, of `relation`, as the error's detail shows it. NULL: nothing may be shown. */
const char *fetch_describe_row(Write *write, const CatRelation *relation, const char *const *cells);

/* A column of an index as pg_get_indexdef shows it. NULL: the error is set. */
const char *fetch_index_column(Write *write, Oid index, int number);
/* What the error that is set is about; NULL: not that. */
void fetch_error_names(Write *write, const CatRelation *relation, const char *column, const char *constraint);

/* ---- index_values.c ---- */

/* Among the entries that indexes get: before the row's of that number in the index of that OID. row 0: all of them. */
typedef struct IndexPlace {
    int64_t row;
    Oid index;
} IndexPlace;

/* What the relation's indexes compute of the rows that this write has added, of rows before *end; where that fails is *end then. */
bool index_values_check(Write *write, const CatRelation *relation, IndexPlace *end) MUST_CHECK;
/* Of all rows; of one index. */
bool index_values_verify(Write *write, const CatRelation *relation, Oid index) MUST_CHECK;
/* The next of pg_index.indexprs, which stand one after the other. */
const char *index_next_expression(Write *write, const char **at);
/* As it is computed: for the rows that meet the predicate (NULL: all) alone. */
const char *index_expression_where(Write *write, const char *expression, const char *predicate);

/* ---- check.c, unique.c ---- */

/* What this write has added to the relation: NOT NULL, CHECK, UNIQUE, and with `partition` the partition's own constraint. row: the only
 * one that is to be looked at, by column; NULL, or without cells: all are. */
bool check_written(Write *write, const CatRelation *relation, bool partition, const StoreRow *row) MUST_CHECK;
/* The indexes of Write.unchecked. */
bool check_unchecked(Write *write) MUST_CHECK;
/* Whether it is COPY FROM that writes, which wants to know its failing row. */
bool write_is_copy(const Write *write);
/* The error is about the row of that number. */
void write_failed(Write *write, int64_t row, bool after_store);
/* The partition's own constraint alone. */
bool check_bound(Write *write, const CatRelation *relation) MUST_CHECK;
/* Of entries before `end`; known: of this row alone, NULL: of all. *row: number of the row that breaks something, when that is the error.
 */
bool unique_check(Write *write, const CatRelation *relation, const StoreRow *known, const IndexPlace *end, int64_t *row) MUST_CHECK;

/* Of deferrable keys unique_check only notes the rows whose key was there when they were written: their triggers ask again. row 0: any. */
bool unique_is_doubtful(const Write *write, Oid constraint, int64_t row);
/* What such a trigger asks: the row, if it is still there, is the only one with its key. */
bool unique_recheck(Write *write, const WriteTrigger *trigger) MUST_CHECK;

/* What the index computes of all rows, then, where it is unique, that no key is there twice. */
bool index_verify(Write *write, const CatRelation *relation, Oid index) MUST_CHECK;

/* Rows of this write from number `first` on, c2, whose key by the index (OID_NONE: any unique one before the first deferrable one) another
 * row has: one with a lower number than that, or one from there on that comes before. unsure: of these rows, those (c2) that may have to go
 * as well; NULL: none. *out NULL: there is no such index. */
typedef enum ConflictWith { CONFLICT_BEFORE, CONFLICT_AMONG } ConflictWith;
bool unique_conflicts(Write *write, const CatRelation *relation, Oid index, int64_t first, ConflictWith with, const WorkTable *unsure,
                      Query **out) MUST_CHECK;
/* A row that has not conflicted by those before meets a deferrable one: 55000. */
bool unique_check_immediate(Write *write, const CatRelation *relation, Oid index) MUST_CHECK;
/* Whether the UPDATE may change keys of the index. */
bool unique_is_set(Write *update, const CatRelation *relation, Oid index, bool *out) MUST_CHECK;
/* That entries 0 and 1, both of the relation, have the same key. */
bool unique_same_key(Write *write, const CatRelation *relation, Oid index, Expr **out) MUST_CHECK;
/* NOT NULL, CHECK and the partition's bound of a row that is not stored yet. */
bool check_before(Write *write, const CatRelation *relation, bool partition, const char *const *cells) MUST_CHECK;
/* As check_written, without UNIQUE. */
bool check_all_rows(Write *write, const CatRelation *relation, bool partition) MUST_CHECK;

/* ---- instead.c ---- */

/* The statement writes to a view that has INSTEAD OF triggers for it. */
bool instead_run(Write *write, WriteEvent event, WriteResult *result) MUST_CHECK;

/* ---- foreign.c ---- */

/* Where the table named is foreign, or has foreign ones below it: sources are read in the transaction that writes to them. */
bool foreign_begin(Write *write) MUST_CHECK;
/* The rows of foreign tables that may have to be changed are read and stored here; the write gets a number after that. rows: the
 * statement's, as they are read. */
bool foreign_stage(Write *write, const OidList *leaves, const Query *rows) MUST_CHECK;
/* The query's rows, new ones or new versions, go to the source, and are stored here where somebody reads them. As insert_query. */
bool foreign_store(Write *write, Query *query, Oid relation, const int *columns, uint64_t *count) MUST_CHECK;
/* What has been taken away here, of a foreign table, is deleted at the source. *count: how many rows it has deleted; what an UPDATE has
 * taken away stays there. */
bool foreign_delete(Write *write, Oid relation, const StoreDelete *taken, uint64_t *count) MUST_CHECK;

/* Whose user mapping counts: a view's owner, of what is written through it. */
Oid foreign_user(const Write *write);
/* As the source has it, quoted. */
void foreign_column_name(const FdwModule *module, const CatColumn *column, Str *out);
/* As the user whose mapping counts. NULL: the error is set. Valid until the catalog changes. foreign_source: nothing is asked of it, so
 * there need be no mapping. */
const RemoteTarget *foreign_target(Write *write, const CatRelation *relation);
const RemoteTarget *foreign_source(Write *write, const CatRelation *relation);

/* The statement of the source's that changes the rows, with what RETURNING reads of them in its own; *returned: those columns. */
typedef VEC(int) ColumnNumbers;
bool foreign_told_text(Write *write, const FdwModule *module, const char *sql, ColumnNumbers *returned, const char **out) MUST_CHECK;
/* It is told that, in spec->sql without them; rows that come back are stored in the table's node. */
bool foreign_tell(Write *write, const RemoteTarget *target, FdwModifySpec *spec) MUST_CHECK;

/* ---- foreign_direct.c ---- */

/* Whether the statement can be left to the source of a foreign table, so that nothing is stored here. It may turn out that it cannot. */
bool foreign_may_go_alone(const Query *statement, Catalog *catalog);
/* An UPDATE or DELETE that the source can do alone, and of whose rows nothing is asked here, is done there. *done false: it is none. */
bool foreign_change_directly(Write *write, bool *done, uint64_t *count) MUST_CHECK;
/* Its text, of a foreign table named; *out NULL: as above. */
bool foreign_direct_text(Write *write, const char **out) MUST_CHECK;

/* ---- conflict.c ---- */

/* The rows go to the leaf, the table named or a partition of it. partition: to be held to its own bound. */
bool conflict_insert(Write *write, Query *rows, Oid leaf, const int *columns, bool partition, uint64_t *count) MUST_CHECK;

/* ---- reads.c: volatile functions that may read the table written to, or what is above or below it ---- */

/* The query calls one. false also where the error is set. */
bool reads_written(Write *write, const Query *query);
bool reads_written_expr(Write *write, Expr *expr);
/* The query calls a user's volatile function, which may read any table. */
bool reads_any(Write *write, const Query *query);
/* Whether BEFORE triggers look at nothing but their row, and do nothing that would stay if the statement failed: no relation is named. */
bool reads_row_alone(Write *write, const CatRelation *relation, const TriggerList *triggers);
/* A CHECK of the table, or of one below it, does. *out stays where none does. */
bool reads_written_checks(Write *write, bool *out) MUST_CHECK;
/* A word of a function's text, which may be a name; NULL: it may be any. true: no more of them. */
typedef bool WordTaker(void *arg, const char *word);
bool reads_words(Arena *arena, const char *text, WordTaker *take, void *arg);
/* Users' functions of that name: their texts, whether the body is parsed, their languages. NULL: the error is set. */
const CatalogRows *reads_functions(Write *write, const char *name);

/* ---- shared.c: what parts of a write share beside its table ---- */

typedef struct SharedParts {
    bool rows;    /* what makes the rows, with something that is done to each */
    bool answers; /* RETURNING, with something that is done to each row before */
} SharedParts;
bool shared_find(Write *write, SharedParts *out) MUST_CHECK;
/* 0A000 */
bool shared_refuse(Write *write);
/* The query calls what could share something. */
bool shared_any(Write *write, const Query *query);

/* ---- turns.c ---- */

/* Says in the write whether its rows come one by one. 0A000: they would have to, and cannot. */
bool turns_begin(Write *write) MUST_CHECK;
static inline bool turns_by_row(const Write *write)
{
    return write->turns || write->checks_first || write->generates_in_turn || write->answers_in_turn;
}
/* The query, whose targets are the new rows, gives what they are made of; 0A000. */
bool turns_split(Write *write, Query *query) MUST_CHECK;
/* Of an INSERT; *rows may be another then. */
bool turns_insert(Write *write, Query **rows) MUST_CHECK;
/* The query is the one whose rows come in turns; *ncolumns: how many columns they have. */
bool turns_give(const Write *write, const Query *query, int *ncolumns);
/* Its rows, each computed when it is taken. */
bool turns_each(Write *write, RowTaker *take, void *arg) MUST_CHECK;
/* One of turns_split's rows, which begins at cells[first], with its targets' values, among the other cells. *out NULL: it is none. */
bool turns_compute(Write *write, const char *const *cells, int first, const char *const **out) MUST_CHECK;

/* ---- waiting.c: rows that triggers have had, to be changed together ---- */

typedef struct Waiting Waiting;
enum { FEW_ROWS = 8 }; /* are changed one by one */
/* NULL: the triggers may look at other rows, or the error is set. */
Waiting *waiting_open(Write *write, Oid relation, bool partition, const TriggerList *triggers);
typedef struct WaitingRow {
    int64_t number, old;      /* of the new version, and of the one that it replaces; 0: none */
    const char *const *cells; /* by the relation's columns; NULL: it is deleted */
} WaitingRow;
/* New rows as a query's entry 0: the relation's columns by number, then the row's number. generated: values of generated columns too. */
Query *waiting_values(Write *write, const CatRelation *relation, const WaitingRow *rows, size_t count, bool generated);
/* number 0: it has none yet. old: the number of the version that it replaces; 0: none. row NULL: it goes. It is copied. */
bool waiting_add(Waiting *waiting, int64_t number, int64_t old, const char *const *row) MUST_CHECK;
/* After the last row; done: what came after those that wait has not failed. */
bool waiting_end(Waiting *waiting, bool done) MUST_CHECK;

/* ---- trigger.c ---- */

/* Those that are to fire on the event. */
bool trigger_collect(Write *write, const CatRelation *relation, WriteEvent event, bool row, bool before, TriggerList *out) MUST_CHECK;
bool trigger_collect_instead(Write *write, const CatRelation *view, WriteEvent event, TriggerList *out) MUST_CHECK;
/* A row that is written, and what it was; NULL: there is none. Statement triggers have neither. */
typedef struct TriggerRow {
    const char **old_row, **new_row;
    int64_t old_number, new_number; /* of AFTER triggers: the versions' own; 0: there is none, or all of the write are meant */
    bool left_out;                  /* afterwards: a BEFORE trigger said so; new_row may have changed */
} TriggerRow;
bool trigger_fire(Write *write, const CatRelation *relation, WriteEvent event, const TriggerList *triggers, TriggerRow *row) MUST_CHECK;
/* The expression, freshly analysed over the relation, of this one row. */
Expr *trigger_with_row(Write *write, const CatRelation *relation, Expr *expr, const char *const *row);
bool trigger_statement(Write *write, WriteEvent event, bool before) MUST_CHECK;
/* Stores one row, which gets that number, after generated columns are computed; holds it to the constraints. *stored: as it is
 * then, where that is known. */
bool trigger_store_row(Write *write, Oid relation, bool partition, int64_t number, const char *const *row, StoreRow *stored) MUST_CHECK;
/* With Write.checks_first: the row is held to its constraints before it is stored. */
bool trigger_check_row(Write *write, Oid relation, bool partition, const char *const *row) MUST_CHECK;
/* Each of the query's rows, after its BEFORE triggers. number: 0: it has had none so far. */
typedef struct RowStore {
    bool (*store)(void *arg, int64_t number, const char *const *row);
    void *arg;
} RowStore;
bool trigger_rows(Write *write, const TriggerList *triggers, Query *query, Oid relation, const int *columns, const RowStore *to) MUST_CHECK;
/* The value of a column of the row, a generated one computed from the others. NULL: the error is set. */
Expr *trigger_row_value(Write *write, const CatRelation *relation, int number, const char *const *row);
/* The row as a query; *columns: attnums of its targets. NULL: the error is set. */
Query *trigger_row_query(Write *write, const CatRelation *relation, const char *const *row, int **columns);
/* What is generated is left NULL in the query, whose targets are columns of the relation: it is computed when a row is stored. false: there
 * is nothing. */
bool trigger_leave_generated(Write *write, const CatRelation *relation, const int *columns, Query *query);
/* The query's rows become the relation's, each after its BEFORE triggers, and held to the constraints. columns: attnums of its targets. */
bool trigger_insert(Write *write, const TriggerList *triggers, Query *query, Oid relation, const int *columns, bool partition,
                    uint64_t *count) MUST_CHECK;

/* ---- after.c ---- */

typedef struct Begun {
    Oid relation;
    WriteEvent event;
} Begun;

struct WriteQueue {
    Arena *arena;
    VEC(struct AfterEvent) events;
    VEC(Begun) begun; /* statements whose BEFORE triggers have fired */
    VEC(Transition *) transitions;
};

/* This row was, and it is known. What it was, if anything, lasts as long as the statement; what it is is copied. */
void after_know(Write *write, const KnownChange *change);
/* Rows were put into the relation. */
void after_note_insert(Write *write, Oid relation);
/* What AFTER ROW triggers are to be told: of the rows that were inserted, of those of a table that were updated or deleted, of those of the
 * partitioned table named that went to other partitions. */
bool after_inserted(Write *write, AfterEvents *events) MUST_CHECK;
bool after_changed(Write *write, Oid relation, AfterEvents *events) MUST_CHECK;
bool after_moved(Write *write, AfterEvents *events) MUST_CHECK;
/* All of an INSERT. */
bool after_insert(Write *write) MUST_CHECK;
/* They stand in line, in the order of the rows. */
bool after_enqueue(Write *write, AfterEvents *events) MUST_CHECK;
/* So do the statement triggers, which fire once a table. */
void after_enqueue_statement(Write *write, WriteEvent event);
/* Whether the statement's BEFORE triggers of the event have fired on the table named; from now on they have. */
bool after_has_begun(Write *write, WriteEvent event);

/* ---- transition.c ---- */

/* A transition table has the write's rows too. */
void transition_note(Write *write, WriteEvent event);
/* The trigger's transition tables, if it has any. */
bool transition_give(Write *write, WriteEvent event, WriteTrigger *trigger) MUST_CHECK;

/* ---- route.c ---- */

/* What holds of a partition's rows, over the columns of `over`. *out NULL: nothing does. */
bool route_constraint(Write *write, Oid partition, const CatRelation *over, Expr **out) MUST_CHECK;
/* The rows that lie in the partitioned table's own node go to its partitions. */
bool route_rows(Write *write, uint64_t *count) MUST_CHECK;
/* Whether a table below the one named has BEFORE ROW triggers for INSERT. */
bool route_has_triggers(Write *write, bool *out) MUST_CHECK;

#endif
