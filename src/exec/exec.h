/*
 * exec.h - runs a plan: rows into a sink. Relays one leaf, or gives the local engine the local query over the leaves.
 *
 * The local engine is DuckDB, seen only inside this folder. Engine is the process's; Execution is one running plan. Results
 * are pulled: exec_next asks for up to n rows, so that portals can stop and go on, and nothing is held that was not asked for.
 */
#ifndef MEDLEY_EXEC_H
#define MEDLEY_EXEC_H

#include "plan/plan.h"

typedef struct Engine Engine;
typedef struct Execution Execution;

typedef struct EngineOptions {
    int threads;
    const char *memory_limit;   /* "4GB"; NULL: the engine's own default */
    const char *temp_directory; /* for spilling */
    const char *store_path;     /* the file of rows; NULL: there are no tables of Medley's own */
    CatalogStore *catalog;      /* which says what of it counts */
    WrapperHost *wrappers;
    Log *log;
} EngineOptions;

Engine *exec_engine_open(const EngineOptions *options, Arena *arena, Error *error);
void exec_engine_close(Engine *engine);
const char *exec_engine_version(void); /* DuckDB's */

/* Takes rows. Either call may come, also mixed with the other; false stops the execution (client gone). */
typedef struct RowSink {
    void *arg;
    /* rows first..first+count-1 of the batch, in the answer's columns */
    bool (*batch)(void *arg, const FdwBatch *batch, size_t first, size_t count);
    /* one row in the formats asked for in ExecRequest.formats, undecoded */
    bool (*raw)(void *arg, const FdwField *fields, size_t nfields);
} RowSink;

/* Of one statement, in kB: what the local engine may hold in memory, and in files. All zero: none but those of the engine. */
typedef struct ExecLimits {
    int64_t memory; /* 0: none */
    bool has_temp;
    int64_t temp;
} ExecLimits;

/* EXPLAIN: a local query gives its operators in place of rows. EXEC_DESCRIBE reads no leaf and connects to nothing. */
typedef enum ExecExplain { EXEC_ROWS, EXEC_DESCRIBE, EXEC_PROFILE } ExecExplain;

typedef struct ExecRequest {
    const Plan *plan;
    Engine *engine;
    const FuncContext *functions;
    RemoteSession *remote;
    bool in_transaction;    /* a transaction block: sources keep one snapshot */
    const int16_t *formats; /* one a column, 0 text 1 binary, for raw rows; NULL: raw rows are not wanted */
    ExecLimits limits;      /* of the local query; not of what a write keeps in the store and in work tables */
    ExecExplain explain;    /* not for relays */
    bool parks;             /* while a relay waits for its source the thread may do other work (fiber.h) */
} ExecRequest;

Execution *exec_open(const ExecRequest *request, Arena *arena, Error *error);
/* Passes up to max_rows (0: all) to the sink. *at_end: no more rows. *count: rows passed. */
bool exec_next(Execution *execution, size_t max_rows, const RowSink *sink, size_t *count, bool *at_end, Error *error) MUST_CHECK;
/* From any thread, at any time between open and close: the execution ends with 57014. */
void exec_cancel(Execution *execution);
/* Also in mid-way: gives back connections and engine memory. */
void exec_close(Execution *execution);

/* ---- rows of Medley's own tables ---- */

/* A write: takes the catalog's writer, and gives the number that its rows carry. */
bool exec_store_begin(Engine *engine, Catalog *catalog, int64_t *number, Error *error) MUST_CHECK;
/* Where the relation's rows go, made if need be. After exec_store_begin; looks the relation up anew. */
bool exec_store_prepare(Engine *engine, Catalog *catalog, Oid relation, int64_t *node, Error *error) MUST_CHECK;
/* Of rows that pass: a write's number, for which nothing is taken, and a node (below 0) that belongs to whoever made it. */
bool exec_passing_begin(Engine *engine, int64_t *number, Error *error) MUST_CHECK;
bool exec_passing_make(Engine *engine, const CatRelation *relation, int64_t *node, Error *error) MUST_CHECK;
void exec_passing_drop(Engine *engine, int64_t node);
/* The next number of a row: for one that is stored by itself. */
bool exec_store_next_row(Engine *engine, int64_t *number, Error *error) MUST_CHECK;
/* The last write's that is committed: those of a transaction that holds the catalog's writer come after it. */
int64_t exec_store_committed(Engine *engine);
/* What changes whenever rows are written to the node (0: to any), or undone there, before the next commit. */
int64_t exec_store_stamp(Engine *engine, int64_t node);

/* The log of the file of rows goes into the file, where the disk has room. By who holds the catalog's writer. */
bool exec_store_checkpoint(Engine *engine, Error *error) MUST_CHECK;
/* How many rows lie in a node, whoever sees them. */
bool exec_store_rows(Engine *engine, int64_t node, int64_t *out, Error *error) MUST_CHECK;
/* The length of the file of rows and of its log; 0: there is none yet. */
bool exec_store_bytes(const Engine *engine, int64_t *out) MUST_CHECK;

/* The node, which nobody reads any more, is dropped. */
bool exec_store_drop(Engine *engine, int64_t node, Error *error) MUST_CHECK;
/* Takes away what this write has put there. */
bool exec_store_discard(Engine *engine, int64_t node, int64_t number, Error *error) MUST_CHECK;

/* The only row that was stored: its number, and canonical texts by the plan's columns (NULL: SQL NULL). cells NULL: it is not known. */
typedef struct StoreRow {
    int64_t number;
    const char *const *cells;
} StoreRow;

/* Where rows of a plan go. */
typedef struct StoreInsert {
    int64_t node, number; /* of the table, and of the write */
    int64_t work;         /* instead, when not 0: the work table that takes them, each with a number in its row_id */
    const int *columns;   /* attnums, in the order of the plan's columns; 0: the row's number. NULL: a work table's, in their order */
    int ncolumns;
    const char *order; /* work: by what rows are numbered; NULL: as they come. The plan's columns are c1, c2, ... */
    int numbered_by;   /* work: the column that is each row's number; 0: fresh ones */
    bool once;         /* work: of rows that are alike in c1 and c2 only one */
    StoreRow *row;     /* out, where it is wanted: the row when it was made without the engine; NULL: it is not */
} StoreInsert;
/* The rows of the execution's plan, which has a local query, are stored. Once, in place of exec_next. All or nothing. */
bool exec_insert(Execution *execution, const StoreInsert *insert, uint64_t *count, Error *error) MUST_CHECK;

/* A work table holds rows of a statement on their way, in the engine's memory: row_id, and c1, c2, ... for the columns. It belongs to
 * whoever made it. */
bool exec_work_make(Engine *engine, const PlanColumn *columns, int ncolumns, Arena *arena, int64_t *work, Error *error) MUST_CHECK;
void exec_work_drop(Engine *engine, int64_t work);

/* The row that the write of that number has taken away is back. */
bool exec_store_restore(Engine *engine, int64_t node, int64_t number, int64_t row, Error *error) MUST_CHECK;
/* Rows that a work table names (c2) were never there. */
bool exec_store_remove(Engine *engine, int64_t node, int64_t work, Error *error) MUST_CHECK;

/* Rows of one's own into a work table. Values by column. *number: the row's. Closed with the arena. */
typedef struct StoreAppend StoreAppend;
StoreAppend *exec_append_open(Engine *engine, int64_t work, const PlanColumn *columns, int ncolumns, Arena *arena, Error *error);
bool exec_append_row(StoreAppend *append, const Value *values, int64_t *number, Error *error) MUST_CHECK;
bool exec_append_end(StoreAppend *append, Error *error) MUST_CHECK;

/* Rows of one table are taken away: those that a work table names, by the table (c1) and the row's number (c2), or one. */
typedef struct StoreDelete {
    int64_t node, number, work;
    Oid relation;
    int64_t row; /* this row alone, by its number; 0: what the work table names */
} StoreDelete;
bool exec_store_delete(Engine *engine, const StoreDelete *change, uint64_t *count, Error *error) MUST_CHECK;

/* After exec_next of a request that explains: the topmost one, in the execution's arena. */
const PlanOperator *exec_operators(const Execution *execution);
/* Figures of a finished execution for EXPLAIN ANALYZE. */
typedef struct LeafFigures {
    uint64_t rows, bytes;
    double first_row_ms, total_ms;
    int parts;
    const char *remote_user;
    LeafBound bound;
    uint64_t keys;
} LeafFigures;
LeafFigures exec_leaf_figures(const Execution *execution, int leaf);

#endif
