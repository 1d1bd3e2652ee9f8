/*
 * internal.h - what the files of src/exec share. The one header that knows duckdb.h.
 */
#ifndef MEDLEY_EXEC_INTERNAL_H
#define MEDLEY_EXEC_INTERNAL_H

#include <duckdb.h>
#include <pthread.h>
#include <stdatomic.h>

#include "exec/exec.h"

enum { BATCH_ROWS = 2048, MAX_IDLE_CONNECTIONS = 16, MAX_IDLE_LIMITED = 2, MAX_KEPT_ERRORS = 64, MAX_KEPT_STATEMENTS = 32 };

/* ---- engine.c: the databases and their connections ---- */

/* ENGINE_SMALL: one thread, for queries of a few rows. ENGINE_SERIAL: one thread, the session's own, for queries that call back. */
typedef enum EngineSize { ENGINE_LARGE, ENGINE_SMALL, ENGINE_SERIAL } EngineSize;
enum { ENGINE_SIZES = 3 };
typedef struct Database Database;

/* A connection of the local engine. Bound functions find the running execution by its id. */
typedef struct EngineConnection {
    Database *database;
    struct EngineConnection *previous, *next; /* all open ones, under the engine's lock */
    struct EngineConnection *next_idle;
    duckdb_connection connection;
    idx_t id;
    Execution *execution;
    struct KeptStatement *kept; /* the last used first; who has the connection changes them */
} EngineConnection;

EngineConnection *engine_connect(Engine *engine, EngineSize size, Execution *execution, Error *error);
/* For who holds one connection: nobody else has one, nor gets one until engine_wake. Waits a little. false: others are at work. */
bool engine_rest(Engine *engine) MUST_CHECK;
void engine_wake(Engine *engine);
/* A statement that comes again and again, prepared once a connection, to be bound and run before the connection asks for another. NULL: the
 * error is set. */
duckdb_prepared_statement engine_prepared(EngineConnection *connection, const char *sql, Error *error);
/* To a database which has these limits and serves nobody else. It reads rows of Medley's own tables from the serial one (feed.c). */
EngineConnection *engine_connect_limited(Engine *engine, EngineSize size, const ExecLimits *limits, Execution *execution, Error *error);
bool engine_is_limited(const EngineConnection *connection);
/* usable: it may serve the next execution. */
void engine_disconnect(EngineConnection *connection, bool usable);
/* Its result was left in the middle, of which only the connection's end waits for the tasks; a database with limits serves the next one. */
void engine_abandon(EngineConnection *connection);
/* The execution that runs on the connection the context belongs to; NULL: none. Destroys the context. */
Execution *engine_find_execution(Database *database, duckdb_client_context context);
/* The execution that a scalar function's call stands in; NULL: the error is set. */
Execution *engine_bind_execution(Database *database, duckdb_bind_info info);
int engine_threads(const Engine *engine);

/* ---- storage.c: rows of Medley's own tables ---- */

typedef struct Storage Storage;
/* On a connection of the serial database, before anything else is done with it. */
Storage *storage_open(Engine *engine, duckdb_connection connection, const char *path, CatalogStore *store, Arena *arena, Error *error);
/* Opens the serial database. NULL: the error is set. */
Storage *engine_storage(Engine *engine, Error *error);
int64_t storage_next_row(Storage *storage);
/* The log's rows into the file, where there is room for it; always: however few they are. */
void storage_checkpoint(Storage *storage, bool always);
/* Rows could not be stored in the node: the engine may have failed to commit them. */
void storage_note_failure(Engine *engine, int64_t node, const Error *error);
/* About how many rows lie in a table of the store's, or a work table: "n5", "w5". */
bool storage_table_rows(Engine *engine, const char *table, int64_t *out, Error *error) MUST_CHECK;

/* ---- scalar.c, leaf_function.c: what is registered once in a database ---- */

/* Each function of src/func. What is registered lives in the arena. */
bool scalar_register_all(Database *database, duckdb_connection connection, Arena *arena, Error *error) MUST_CHECK;
bool text_join_register_all(Database *database, duckdb_connection connection, Arena *arena, Error *error) MUST_CHECK;
bool aggregate_register_all(duckdb_connection connection, Arena *arena, Error *error) MUST_CHECK;
/* One call of such a function in a statement: its bind data. */
typedef struct ValueCall {
    Execution *execution;
    atomic_size_t held; /* bytes of the values that it made of the last chunk; where threads share the call, of one thread's */
} ValueCall;
size_t value_call_room(ValueCall *call); /* bytes that the next chunk's may take */
/* The chunk is done, with so many bytes of values; error: it has failed, NULL: it has not. */
void value_call_end(ValueCall *call, duckdb_function_info info, size_t bytes, const Error *error);
/* Registers and destroys the handle. function: what its calls find as their extra info, whose first member is the database; each is bound
 * to a ValueCall. */
bool value_function_register(duckdb_connection connection, duckdb_scalar_function handle, const char *name, void *function,
                             duckdb_scalar_function_t run, Error *error) MUST_CHECK;
/* Users' functions: routine_function.c */
bool routine_function_register(Database *database, duckdb_connection connection, Arena *arena, Error *error) MUST_CHECK;
/* What the plan's subplan `number`, from 0, gave, or its error (NULL: none), for all its calls in this execution. false: it is too large.
 */
bool routine_keep_answer(Execution *execution, int number, const FuncRoutineCall *call, const Error *error);
bool leaf_function_register(Database *database, duckdb_connection connection, Error *error) MUST_CHECK;
/* medley_rows_<n>, where no table has that name, is medley_leaf(n). */
void leaf_function_stand_in(duckdb_database database);

/* ---- feed.c: rows of one database in another ---- */

/* medley_stored(name), medley_given(). stands_in: store.n<number>, work.w<number> and work.p<number> are read with the first. */
bool feed_register(Database *database, duckdb_database handle, duckdb_connection connection, bool stands_in, Error *error) MUST_CHECK;

/* ---- batch.c: vectors of the host's own, and strings for either kind ---- */

typedef struct StringPool {
    struct StringBlock *blocks; /* the current one first */
    size_t used;
} StringPool;

/* FdwVector.owner: who keeps the bytes of long strings. */
typedef struct VectorOwner {
    duckdb_vector vector; /* the local engine's vector, or NULL */
    StringPool *pool;     /* else this pool */
} VectorOwner;

void batch_set_string(FdwVector *vector, size_t row, const char *bytes, size_t length);
void string_pool_reset(StringPool *pool); /* keeps one block */
void string_pool_close(StringPool *pool);

typedef struct HostBatch {
    FdwBatch batch;
    StringPool pool;
    VectorOwner owner;
} HostBatch;

/* Room for so many rows, in the arena. host_batch_close is deferred to it. */
HostBatch *host_batch_open(const FdwType *types, size_t count, size_t rows, Arena *arena);
void host_batch_reset(HostBatch *batch);
size_t batch_width(FdwPhysical physical, uint8_t precision); /* bytes of an element */
/* Validity of a vector without a NULL: all ones. Never written to. */
uint64_t *batch_all_valid(void);

/* ---- layout.c: the engine's types and ours ---- */

/* Binds a value, not NULL, as a parameter of just the type of the layout: of another one, the engine would plan the statement anew. */
bool layout_bind(duckdb_prepared_statement statement, idx_t index, const FdwType *type, const Value *value) MUST_CHECK;

duckdb_logical_type layout_logical_type(const FdwType *type);
/* How a column of a result lies; oid and typmod are the answer's. false: the engine's type is none of ours. */
bool layout_from_logical_type(duckdb_logical_type type, Oid oid, int32_t typmod, FdwType *out);

/* ---- leaf.c: one leaf being read, by one thread or several ---- */

typedef struct LeafPart LeafPart;
typedef struct LeafRun LeafRun;

LeafRun *leaf_runs_open(Execution *execution, const Plan *plan, Arena *arena); /* one a leaf */
/* Before they are read: which of the leaves the local query reads but once. Their connections go back when they are at their end. */
void leaf_runs_mark_once(LeafRun *runs, const Plan *plan);
/* Connections for all foreign leaves at once. max_parts: wished for those that can be split. */
bool leaf_runs_acquire(LeafRun *runs, size_t count, int max_parts, Error *error) MUST_CHECK;
/* After the plan's steps: leaf.c, invariant 5. */
bool leaf_runs_begin(LeafRun *runs, size_t count, Error *error) MUST_CHECK;
/* Begins (or begins again) reading: how many parts there are to claim. 0: failed. */
size_t leaf_run_start(LeafRun *run, Error *error);
/* A part for the calling thread; NULL: none is left. */
LeafPart *leaf_run_claim(LeafRun *run);
/* Fills the batch; count 0: the part is at its end. */
bool leaf_part_next(LeafPart *part, FdwBatch *batch, Error *error) MUST_CHECK;
/* Reads the rows ahead, to give them as often as they are asked for. *whole false: they are too many, and what was read is the first of
 * them for one scan that goes on with the rest. */
bool leaf_run_keep(LeafRun *run, bool *whole, Error *error) MUST_CHECK;
double leaf_run_rows(const LeafRun *run);                        /* how many are expected; below 0: unknown */
const FdwBatch *leaf_run_kept(const LeafRun *run, size_t index); /* NULL: no more */
LeafRun *leaf_run_at(const Execution *execution, int number);    /* NULL: no such leaf */
const Leaf *leaf_run_leaf(const LeafRun *run);
Execution *leaf_run_execution(const LeafRun *run);
/* Raw rows. */
bool leaf_run_can_relay(LeafRun *run, const TypeContext *types, const int16_t *formats);
/* *opened false without an error: the wrapper cannot pass its rows on as they are, a scan is to do it. */
bool leaf_relay_open(LeafPart *part, bool *opened, Error *error) MUST_CHECK;
bool leaf_relay_next(LeafPart *part, size_t max_rows, FdwRowSink sink, void *arg, bool *at_end, Error *error) MUST_CHECK;
void leaf_runs_close(LeafRun *runs, size_t count);
LeafFigures leaf_run_figures(LeafRun *run);

/* ---- steps.c ---- */

/* What the plan does before its local query. */
bool execution_run_steps(Execution *execution, Error *error) MUST_CHECK;
/* Before: the leaves that have to wait for each other's connections. */
bool execution_take_turns(Execution *execution, Error *error) MUST_CHECK;
/* On a connection that serves further executions, before the leaves are closed. */
void execution_drop_kept(Execution *execution, EngineConnection *connection);

/* ---- row.c ---- */

/* The local query's one row is computed without the engine. */
bool row_is_made_here(const Execution *execution);
/* By the plan's columns, as values and as canonical texts (NULL: SQL NULL). */
bool row_make(Execution *execution, Value *values, const char **cells, Error *error) MUST_CHECK;
/* It is the batch that is being passed on. */
bool row_show(Execution *execution, Error *error) MUST_CHECK;

/* ---- operators.c ---- */

/* From what the engine's EXPLAIN (FORMAT JSON), or EXPLAIN (ANALYZE, FORMAT JSON), gives. NULL: there are none. */
const PlanOperator *operators_read(const char *json, Arena *arena);

/* ---- initplan.c: subplans that no row gives anything ---- */

/* Whether a subplan is for the session's own thread, when a row asks for it. */
bool initplan_is_late(const Plan *plan);
/* Before there are rows: those that are asked for; and all, where the engine's size is one that does not call back. *size is ENGINE_SERIAL
 * afterwards where one of them is to be run when a row asks for it. */
bool initplan_run_all(Execution *execution, EngineSize *size, Error *error) MUST_CHECK;

/* ---- execution.c ---- */

bool execution_calls_routines(const Query *query); /* of users, in which anything may happen */

typedef struct SubplanMemory SubplanMemory; /* routine_function.c */

struct Execution {
    ExecRequest request;
    Arena *arena;
    atomic_bool cancelled;
    atomic_size_t value_bytes; /* in vectors of the engine's, of values that functions made */
    pthread_mutex_t lock;      /* kept errors, `connection` for exec_cancel */
    Arena *errors_arena;
    Error errors[MAX_KEPT_ERRORS];
    size_t nerrors;

    LeafRun *leaves;
    SubplanMemory *memories; /* of the plan's subplans; NULL: none was run */
    /* the local query */
    EngineConnection *connection;
    duckdb_prepared_statement statement;
    duckdb_result result;
    bool started, has_result, failed;
    duckdb_data_chunk chunk;
    /* the batch that is being passed on: of the chunk, or of the relayed leaf */
    FdwBatch view;
    HostBatch *relay_batch;
    LeafPart *relay_part;
    bool relay_raw;
    size_t first;            /* rows of it already passed */
    const char *operators;   /* as the engine told them, for operators_read; NULL: it did not */
    bool at_end, is_stopped; /* is_stopped: the sink wanted no more */
    bool is_row;             /* of row_show */
};

/* Keeps an error that is to reach the client through the engine, and writes the text that stands for it there. */
void execution_keep_error(Execution *execution, const Error *error, char *text, size_t size);
bool execution_cancelled(Execution *execution);
/* false: it is cancelled (57014). */
bool execution_goes_on(Execution *execution, Error *error) MUST_CHECK;
/* What the engine said, as the client is to see it. Always false. */
bool execution_engine_error(Execution *execution, const char *message, Error *error);
/* Runs a statement of the engine's to a result, which is the caller's; hears a cancel that came before it too. */
bool execution_run_statement(Execution *execution, const char *sql, duckdb_result *result, Error *error) MUST_CHECK;
/* The same over a connection to another database, which need not be the execution's. */
bool execution_run_on(Execution *execution, EngineConnection *connection, const char *sql, duckdb_result *result, Error *error) MUST_CHECK;
/* The same of a statement that is prepared, and bound. */
bool execution_run_bound(Execution *execution, EngineConnection *connection, duckdb_prepared_statement statement, duckdb_result *result,
                         Error *error) MUST_CHECK;
bool execution_has_limits(const Execution *execution);
/* How many bytes one more chunk of values may take, `own` of them in the place of as many that are there. */
size_t execution_value_room(Execution *execution, size_t own);
/* Connections to the sources and to the engine, and what the plan does before its local query. reads: anything is to be read. */
bool execution_begin(Execution *execution, EngineSize size, bool reads, Error *error) MUST_CHECK;
/* The query's rows are the result, of which execution_next_chunk takes the first. */
bool execution_stream(Execution *execution, const char *sql, Error *error) MUST_CHECK;
/* The next rows of the local query are the chunk; or at_end. */
bool execution_next_chunk(Execution *execution, Error *error) MUST_CHECK;

#endif
