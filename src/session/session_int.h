/*
 * session_int.h - what the files of src/session share.
 */
#ifndef MEDLEY_SESSION_INT_H
#define MEDLEY_SESSION_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "command/command.h"
#include "session/plan_cache.h"
#include "session/row_store.h"
#include "session/session.h"
#include "wire/wire.h"

/* ---- the session ---- */

typedef enum TransactionState {
    TX_NONE,     /* 'I' */
    TX_IMPLICIT, /* statements of one message, until its end or Sync */
    TX_BLOCK,    /* 'T': after BEGIN */
    TX_FAILED,   /* 'E' */
} TransactionState;

typedef struct Savepoint {
    const char *name;
} Savepoint;

/* Isolation, read only, deferrable. */
enum { MODE_COUNT = 3 };

/* A constraint trigger's call that waits. */
typedef struct DeferredTrigger {
    WriteTrigger trigger; /* but for its relation */
    Oid relation;
    int level; /* savepoints open when it came */
    bool is_done;
    int done_level; /* savepoints open then */
} DeferredTrigger;

/* SET CONSTRAINTS: what was said last counts. */
typedef struct ConstraintMode {
    Oid constraint; /* OID_NONE: all */
    bool deferred;
    int level;
} ConstraintMode;

/* What is done with a temporary table when a transaction commits. */
typedef struct OnCommit {
    Oid relation;
    bool drops; /* else its rows are deleted */
    int level;  /* savepoints, and 1; 0: of an earlier transaction */
} OnCommit;

typedef struct Transaction {
    TransactionState state;
    Arena *arena;                         /* ends with the transaction */
    VEC(Savepoint) savepoints;            /* savepoints.count: the level */
    bool rolled_back;                     /* TX_FAILED with nothing to go back to: the catalog's part is over */
    const char *failed_modes[MODE_COUNT]; /* TX_FAILED: the modes before the failure */
    VEC(DeferredTrigger) events;
    VEC(ConstraintMode) modes;
    WriteAnswers *answers; /* of foreign keys; NULL: nothing has been asked yet */
    bool has_snapshot;     /* a query has run: the isolation level is settled */
    bool pipelined;        /* an implicit one in which an Execute has been done */
    bool ends_at_once;     /* its statement has to have it for itself */
} Transaction;

/* What other threads may read; under Session.guard. */
typedef struct SessionView {
    const char *state; /* as pg_stat_activity has it */
    char query[1024];
    char application_name[64];
    Oid user;
    char user_name[64];
    WireTlsShown tls;                                     /* version NULL: in the clear */
    int64_t transaction_start, query_start, state_change; /* microseconds since 1970 UTC */
} SessionView;

/* Settings that every message asks for, as they were in that generation. */
typedef struct HotSettings {
    uint64_t generation;
    int64_t statement_timeout, idle_timeout, idle_in_transaction_timeout, parameter_length, log_min_duration, log_min_plan;
    int64_t memory_limit, temp_limit;
} HotSettings;

typedef struct Portal Portal;

struct Session {
    SessionHub *hub;
    Session *next, *previous; /* hub's list, under its lock */
    Arena *arena;
    Arena *work; /* ends with the message */
    Wire *wire;
    int pid;
    int32_t secret;
    bool is_started, is_counted, is_trusted, ended;
    int pins; /* under the hub's lock: other threads that are at it; it is not freed before they are done */
    char *client_address;
    int client_port;
    int64_t backend_start;
    int temporary_number;    /* of pg_temp_<number>, under the hub's lock; 0: it needs none yet */
    VEC(OnCommit) on_commit; /* of temporary tables */

    /* Other threads: flags, and what is under the guard. */
    pthread_mutex_t guard;
    _Atomic int interrupt; /* Interrupt */
    _Atomic bool is_busy;
    bool is_served;           /* under the guard, as the next: a worker is reading, or at work */
    bool cancels_next;        /* a cancel has overtaken its statement */
    _Atomic int64_t deadline; /* monotonic ms; 0: none */
    _Atomic int deadline_kind;
    _Atomic bool in_transaction;
    _Atomic int advisory_held; /* advisory locks, each mode and savepoint for itself */
    int64_t looked_after;      /* milliseconds of waiting for the writer, after which it last looked for a deadlock (writer_wait.c) */
    VEC(Execution *) running;  /* that a cancel must reach; under the guard */
    pthread_t worker;          /* the thread that serves: only it writes to the wire */
    Arena *pending_arena;      /* NULL: none pending */
    VEC(Error) pending;        /* notices of the engine's threads, which the worker sends */
    SessionView view;

    /* Who. */
    Oid authenticated_user, session_user, current_user;
    bool authenticated_is_superuser;
    bool is_definer, is_restricted; /* as in ActingUser */
    size_t restricted_mark;         /* of the settings, as the outermost restricted operation found them */
    bool superuser_changed;         /* is_superuser is to be looked up again */
    Map *role_oids;                 /* names of roles that settings were set to */

    Catalog *catalog;
    bool in_statement; /* between catalog_statement_begin and _end */
    RemoteSession *remote;
    BindMode bind;
    TypeContext types;
    FuncContext functions;
    PlanEngine plan_engine; /* for planning */
    SessionServices services;
    pthread_mutex_t services_lock; /* functions run on several threads of the engine */
    Notices notices;
    Settings *settings;
    HotSettings hot;
    const char *reported[16]; /* ParameterStatus as last sent */
    uint64_t reported_at;     /* generation of the settings then */
    uint64_t modes_set_at;    /* generation in which the modes of transactions are the defaults */
    Severity client_min_messages;

    Transaction tx;
    Map *statements, *portals; /* by name; "" the unnamed */
    struct Portal *in_use;     /* those that are at relations: in_use.c */
    bool skip_until_sync;
    bool is_out_of_step;      /* with its client's messages: the session ends */
    const char *source_text;  /* of the message or prepared statement being worked on: for positions */
    const char *client_text;  /* what the client has sent to be run: current_query(). NULL: nothing */
    int execute_depth;        /* EXECUTEs that are being planned, one inside another */
    bool many_statements;     /* the message has more than one */
    bool hide_text;           /* the statement may hold secrets */
    unsigned unnamed_portals; /* names given to cursors of functions so far */
    Map *compiled;            /* functions in PL/pgSQL, in compiled_arena; NULL: none yet */
    Arena *compiled_arena;
    int trigger_depth;             /* triggers that run, one inside another */
    int routine_depth;             /* calls of functions, one inside another */
    struct PlFrame *routines;      /* calls of PL/pgSQL on their way, the innermost */
    bool routine_only_reads;       /* the function that runs is not volatile: it may read only */
    int64_t as_of;                 /* what functions that are not volatile read of tables: as of that write's number; 0: all */
    bool routine_ends;             /* the DO or CALL that runs may end the transaction */
    bool routine_folds;            /* the call that comes is one of an immutable function over constants, made while planning */
    const struct Opening *opening; /* of the cursor whose query is planned or run; NULL: it is the current user's */
    bool routine_inlined;          /* the call that comes is none to PostgreSQL: what the function is declared does not hold it */
    bool planning_failed;          /* the last error came from there */
    int notices_given;             /* by the worker */
    bool is_muted;                 /* what is tried now has no say: notices are counted only */
};

/* ---- session.c ---- */

/* What a session needs once its client has said who it is. */
bool session_open_catalog(Session *session) MUST_CHECK;
void session_report_parameters(Session *session);
void session_set_view(Session *session, const char *state, const char *query);
void session_view_transaction(Session *session, int64_t start);
/* Sends the error, logs it, aborts the transaction. */
void session_fail(Session *session, Error *error);
bool session_is_superuser(Session *session);
void session_set_user(Session *session, Oid session_user, Oid current_user);
/* WriteContext.act_as, of a session. What is set within a security-restricted operation is set back at its end. */
ActingUser session_act_as(void *session, ActingUser user);
/* is_superuser after SET ROLE and the like. */
void session_settle_user(Session *session);
/* 57014, 57P01, ... when the session was interrupted. */
bool session_check_interrupt(Session *session, Error *error) MUST_CHECK;
void session_send_ready(Session *session);
const HotSettings *session_hot_settings(Session *session);
/* medley.query_memory_limit and temp_file_limit, as they stand now. */
ExecLimits session_limits(Session *session);
/* statement_timeout counts from here. */
void session_start_timeout(Session *session);
/* Sends the notices that other threads have left. */
void session_send_notices(Session *session);
/* Around each statement, or message of the extended protocol: the transaction, the catalog's statement, the clock. */
bool session_enter_statement(Session *session, Error *error) MUST_CHECK;
/* Gives `done`, or false when what the catalog answered was worth nothing. */
bool session_leave_statement(Session *session, bool done, Error *error) MUST_CHECK;

/* ---- duration.c ---- */

/* When a statement begins; 0: no durations are wanted. */
int64_t duration_begin(Session *session);
/* It is done. kind: "statement", "execute <name>"; tag: what is shown of one that may hold secrets. */
void duration_end(Session *session, int64_t begun, const char *kind, const char *tag, const char *text);
/* Before a plan runs: its figures are kept if they may be wanted. */
void duration_watch_plan(Portal *portal);
/* When it has ended. */
void duration_log_plan(Portal *portal);

/* ---- startup.c ---- */

/* One start-up packet. false: the session is over. */
bool session_start_up(Session *session, WireMessage *message);

/* ---- hub.c ---- */

struct SessionHub {
    SessionHubOptions options;
    pthread_mutex_t lock;
    pthread_cond_t unpinned;
    Session *sessions;
    int nstarted; /* sessions past the start-up packet */
    int next_pid;
    _Atomic bool shutting_down;
    _Atomic int64_t alarm; /* what session_hub_tick said last; INT64_MAX while it is being found out */
    int64_t start;
    PlanCache *plans;
    struct AdvisoryLocks *advisory;
    unsigned char mock_seed[32];
};

void hub_add(SessionHub *hub, Session *session);
void hub_remove(SessionHub *hub, Session *session);
void session_tick(Session *session, int64_t now_ms, bool check_client);
bool session_is_due(const Session *session, int64_t now_ms, bool check_client);
/* Takes one of max_connections. false: none left. */
bool hub_admit(SessionHub *hub, Session *session);
void hub_cancel(SessionHub *hub, int pid, int32_t secret);
int hub_count_user(SessionHub *hub, Oid user);
void hub_fill_services(Session *session, SessionServices *services);

/* ---- transaction.c ---- */

/* Opens the implicit transaction of a statement when none is open. */
bool transaction_enter(Session *session, Error *error) MUST_CHECK;
/* Ends the implicit transaction, if that is what is open. */
bool transaction_leave(Session *session, Error *error) MUST_CHECK;
/* An error happened. */
void transaction_abort(Session *session);
/* The client is going: everything is rolled back. */
void transaction_drop(Session *session);
char transaction_status(const Session *session);
bool transaction_is_exit(const Node *node);                           /* allowed in a failed transaction */
bool transaction_refuse_failed(const Session *session, Error *error); /* 25P02; false */
/* Inside a function: a block with handlers; COMMIT and ROLLBACK. */
bool transaction_sub_begin(Session *session, Error *error) MUST_CHECK;
bool transaction_sub_commit(Session *session, Error *error) MUST_CHECK;
void transaction_sub_abort(Session *session);
bool transaction_end_inside(Session *session, bool commits, bool chain, Error *error) MUST_CHECK;
/* Of its own, or of a routine that catches exceptions. */
bool transaction_in_block(const Session *session);
/* "x can only be used in transaction blocks" / "cannot run inside a transaction block". */
bool transaction_require_block(Session *session, const char *statement, Error *error) MUST_CHECK;
bool transaction_forbid_block(Session *session, const char *statement, Error *error) MUST_CHECK;

/* ---- prepared.c ---- */

typedef struct Prepared {
    const char *name;
    Arena *arena;
    const char *source_text, *text;
    const Node *node; /* NULL: an empty query */
    Oid *param_types;
    int nparams;
    bool has_rows;
    PlanColumn *columns; /* when has_rows */
    int ncolumns;
    bool from_sql;
    bool borrows_tree;    /* the tree is the plan cache's: to be looked at, never analysed (prepared_own_tree) */
    int64_t prepare_time; /* microseconds since 1970 UTC */
    uint64_t version;     /* of the catalog, when it was described */
    int users;            /* the map and the portals that borrow from it */
} Prepared;

/* Parses and describes; the arena is the prepared statement's own, a child of the session's. */
Prepared *prepared_make(Session *session, const char *name, const char *text, const Oid *types, int ntypes, Error *error);
bool prepared_describe(Session *session, Prepared *prepared, Error *error) MUST_CHECK;
/* 42P18 when there is one of no type. */
bool prepared_take_types(Prepared *prepared, const Oid *types, int count, Error *error) MUST_CHECK;
/* A parameter's text, of a type that is not built in; text NULL: is it one of the type's values? */
bool prepared_read_param(Session *session, Oid type, const char *text, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool prepared_own_tree(Prepared *prepared, Error *error) MUST_CHECK;                /* parses, where it is not its own */
bool prepared_store(Session *session, Prepared *prepared, Error *error) MUST_CHECK; /* 42P05 */
Prepared *prepared_find(Session *session, const char *name, Error *error);          /* 26000 */
void prepared_drop(Session *session, const char *name);
void prepared_drop_all(Session *session);
/* Whether what was described still holds: what the statement names may have gone, or changed (0A000). */
bool prepared_check(Session *session, Prepared *prepared, Error *error) MUST_CHECK;
/* 0A000 when the portal made of it gives other columns than it had when it was described. */
bool prepared_check_columns(const Prepared *prepared, const Portal *portal, Error *error) MUST_CHECK;
/* Keeps the statement for as long as that arena lives: dropped or not. */
void prepared_hold(Prepared *prepared, Arena *arena);

/* ---- portal.c ---- */

/* Portal.remaining */
enum { FETCH_NOT_BEGUN = -2 };

typedef enum PortalKind { PORTAL_EMPTY, PORTAL_QUERY, PORTAL_INSERT, PORTAL_ROWS, PORTAL_FETCH, PORTAL_COMMAND } PortalKind;

/* Of a bound statement. */
typedef struct PortalParams {
    const char *const *values; /* canonical texts */
    const Oid *types;
    int count;
    bool of_row;             /* they are a row's: others follow, which the same plan is for */
    const char *shown;       /* "$1 = 'a', $2 = NULL", for the context of errors; NULL: not wanted */
    const struct PlSql *sql; /* a statement inside a function: its variables; values come once it is analysed */
} PortalParams;

/* One of the tables that a cursor's rows are made of, and its row that the cursor stands on. */
typedef struct CursorPlace {
    Oid table, lies_in; /* lies_in: the table itself or one below it */
    int64_t row;        /* its number; 0: there is none */
    uint64_t position;  /* of the cursor, then */
    bool locked;        /* by FOR UPDATE and its like */
} CursorPlace;

/* A relation of a query. */
typedef struct RelationInUse {
    Oid oid;
    bool itself, below; /* whether it is used itself, and whether what inherits from it is */
} RelationInUse;

/* A cursor's query as it was opened. */
typedef struct Opening {
    const Query *query;
    const PortalParams *params; /* NULL: none */
    Oid user;
    unsigned char settings[SETTINGS_FINGERPRINT];
    bool is_planned;
    bool is_read;                       /* its rows have been asked for */
    VEC(Oid) called;                    /* functions in it: users' ones, which the user was found to may call */
    const RemoteTarget *const *targets; /* the sources it reads, as they were reached then */
    size_t ntargets;
} Opening;

struct Portal {
    const char *name;
    Arena *arena;
    Session *session;
    const char *source_text, *text;
    bool owns_text; /* source_text lies in its own arena */
    Oid check_as;   /* whose right to read relations counts; OID_NONE: the user's */
    const Node *node;
    PortalKind kind;
    PlanColumn *columns; /* NULL: no rows */
    int ncolumns;
    int16_t *formats;
    const PortalParams *params;    /* may be NULL */
    const struct PlanReuse *reuse; /* a simple query that may come again; NULL: not one */
    bool is_kept;                  /* what the plan points to stays without its doing */
    /* PORTAL_QUERY */
    LeafActual *actuals; /* EXPLAIN ANALYZE: room for the leaves' figures, filled when the execution ends; else NULL */
    ExecExplain explain;
    const PlanOperator *operators; /* those that were asked for so, when the execution has ended */
    bool is_watched;               /* its plan is logged if it took long */
    int64_t spent;                 /* microseconds, while it is watched */
    const Plan *plan;
    Execution *execution;
    int64_t as_of; /* as Session.as_of, while its query is planned and run; 0: as it is */
    /* PORTAL_INSERT: once it is done, `plan` is RETURNING's */
    const Query *insert;
    PlanContext *insert_context;
    uint64_t version; /* of the catalog that it was analysed with */
    uint64_t inserted;
    Oid fills;         /* a new table or materialized view that the statement may write to */
    uint64_t position; /* rows given */
    bool at_end, is_done, is_failed, is_running;
    bool reads_settings; /* those that it sets, which is all right while both are computed here, before the engine's query or above it */
    int level;           /* savepoints open when it was made */
    /* PORTAL_ROWS: what a utility statement answers; NULL: SQL NULL */
    const char **cells;
    size_t nrows, next_row;
    const char *tag;
    int64_t creation_time; /* microseconds since 1970 UTC */
    /* cursors */
    bool is_cursor, is_binary, is_scrollable, is_holdable, explain_only;
    bool goes_back;                /* its query is one that PostgreSQL reads backward without being asked for SCROLL */
    Opening *opening;              /* of a cursor that only reads; else NULL */
    struct Projection *projection; /* what is computed of the engine's rows as they are fetched; NULL: nothing */
    bool is_pinned;                /* a function's loop is at it: nobody else closes it */
    RowStore *store;               /* the cursor's rows are kept: scroll.c */
    CursorPlace *places;           /* nplaces of them: two columns each behind those that are seen */
    int nplaces;
    CursorPlace *current_of;      /* PORTAL_INSERT: the row that WHERE CURRENT OF means; NULL: it has none */
    int64_t remaining;            /* PORTAL_FETCH: rows still wanted; -1: all, where they are not kept */
    bool backward;                /* PORTAL_FETCH of kept rows */
    const char *cursor;           /* PORTAL_FETCH: whose rows */
    VEC(RelationInUse) relations; /* that its query is about */
    Portal *older;                /* in Session.in_use */
};

/* Where rows go. */
typedef struct Dest {
    RowSink sink;
    Error *error;           /* what the sink failed with, if it is set */
    const int16_t *formats; /* for raw rows; NULL: not wanted */
    size_t count;
} Dest;

/* ---- writer_wait.c ---- */

bool writer_waits(void *session, int64_t waited, Error *error) MUST_CHECK; /* a CatalogWaits */

/* ---- advisory.c ---- */

typedef struct AdvisoryLocks AdvisoryLocks;
AdvisoryLocks *advisory_open(void);
void advisory_close(AdvisoryLocks *locks);
bool advisory_call(void *arg, AdvisoryRequest *request, Error *error) MUST_CHECK;
size_t advisory_rows(void *arg, Arena *arena, LockRow **out); /* of all sessions */
void advisory_end_transaction(Session *session), advisory_end_session(Session *session);
/* What was locked under savepoints of that level and above: it goes, or is the level's below. */
void advisory_rollback(Session *session, int level), advisory_release(Session *session, int level);

/* ---- in_use.c ---- */

void in_use_begin(Portal *portal, const Query *query);
void in_use_end(Portal *portal);
void in_use_end_all(Session *session); /* with the transaction */
RelationUse in_use_find(void *arg, Oid relation);

Portal *portal_make(Session *session, const char *name);
bool portal_plan(Portal *portal, const Node *node, const char *source_text, const char *text, const PortalParams *params,
                 Error *error) MUST_CHECK;
/* For a portal that outlives what binds them, until it is planned: copies of the values in that arena. NULL for NULL. */
const PortalParams *portal_keep_params(const PortalParams *params, Arena *arena);
/* The rows of a statement that is no query (PORTAL_ROWS), before any is asked for. */
bool portal_make_rows(Portal *portal, Error *error) MUST_CHECK;
/* portal_plan from an analysed query. */
/* Its rows are the plan's. */
void portal_take_plan(Portal *portal, const Plan *plan);
bool portal_plan_query(Portal *portal, const Query *query, const PortalParams *params, Error *error) MUST_CHECK;
/* The same of a query that is a part of one whose privileges have been checked. */
bool portal_plan_checked(Portal *portal, const Query *query, const PortalParams *params, Error *error) MUST_CHECK;
/* Whether it was found, when the cursor was opened, that its opener may. */
bool opening_may_call(const Opening *opening, Oid proc);
/* Of whom it is asked what the query at hand reads and calls. */
Oid session_asked(const Session *session);
bool portal_run(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error) MUST_CHECK;
/* That what is opened now can be read, though no row may ever be asked for: cursor_sources.c. */
bool cursor_reach_sources(Portal *portal, Error *error) MUST_CHECK;
/* 42P03 when there is one of that name and it may not be replaced. */
bool portal_store(Session *session, Portal *portal, Error *error) MUST_CHECK;
Portal *portal_find(Session *session, const char *name, Error *error); /* 34000 */
void portal_close(Portal *portal);
void portal_drop(Session *session, const char *name); /* none of that name is fine */
/* What CommandComplete says. */
const char *portal_tag(const Portal *portal, size_t rows, Arena *arena);
/* At a transaction's end (level 0) or a savepoint's rollback. */
void portal_drop_since(Session *session, int level);
void portal_fail_since(Session *session, int level); /* when a block fails */
void portal_release(Session *session, int level);
void portal_drop_cursors(Session *session);
size_t portal_list(Session *session, bool (*wanted)(const Portal *portal, int level), int level, Arena *arena, Portal ***out);
/* PORTAL_QUERY: up to max_rows (0: all) of what its query gives next. */
bool portal_pull(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error) MUST_CHECK;

/* A plan's execution is running: a cancel is to find it. false: the session is interrupted. And no more. */
/* PlanEngine.takes, of a session. */
bool portal_engine_takes(void *session, const Plan *plan, Error *error);
bool portal_execution_begins(Session *session, Execution *execution, Error *error) MUST_CHECK;
void portal_execution_ends(Session *session, Execution *execution);

/* ---- insert.c ---- */

/* A trigger's function, now. */
bool insert_call_trigger(Session *session, WriteTrigger *trigger, Arena *arena, Error *error) MUST_CHECK;
/* How the session's statements write. */
bool insert_context(Session *session, const PlanContext *plan, WriteContext *out, Error *error) MUST_CHECK;
/* Whether the statement, as parsed, writes: itself or by an item of its WITH. */
bool insert_is_meant(const Node *node);
/* An INSERT, UPDATE or DELETE of what is now a foreign table, or has only such below it; so is what the name stands for. */
bool insert_names_foreign(const Node *node, Catalog *catalog);
bool insert_is_foreign(const PgQuery__RangeVar *range, Catalog *catalog);
bool insert_plan(Portal *portal, const Query *query, const PlanContext *context, Error *error) MUST_CHECK;
bool insert_run(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error) MUST_CHECK;

/* ---- constraint.c ---- */

/* true: the trigger is to wait, and does. */
bool constraint_defer(Session *session, const WriteTrigger *trigger);
/* Calls those that wait: all of them, or those that are no longer deferred. */
bool constraint_fire(Session *session, bool all, Error *error) MUST_CHECK;

/* ---- temporary.c ---- */

/* For CommandContext. */
bool temporary_schema(void *arg, Oid *schema, Error *error);
void temporary_on_commit(void *arg, Oid relation, bool drops);
/* Before a commit, after it, at the ends of savepoints (level 0: of the transaction). */
bool temporary_commit(Session *session, Error *error) MUST_CHECK;
void temporary_committed(Session *session);
void temporary_release(Session *session, int level);
void temporary_rollback(Session *session, int level);
bool temporary_discard(Session *session, Error *error) MUST_CHECK;
void temporary_end(Session *session);

void constraint_release(Session *session, int level);
void constraint_rollback(Session *session, int level);

/* ---- cursor.c ---- */

/* 34000: none of that name; 24000: it is at work. */
bool cursor_close(Session *session, const char *name, Error *error) MUST_CHECK;

/* ---- cursor_place.c ---- */

/* Asked by analysis; place: out. */
typedef struct CurrentOf {
    Session *session;
    const PortalParams *params;
    Arena *arena;
    CursorPlace *place;
} CurrentOf;
bool cursor_place_find(void *arg, const char *name, const CatRelation *table, Oid *lies_in, int64_t *number, Error *error);
/* The cursor's query, not planned yet, gives places too. */
void cursor_place_add(Portal *portal, Query *query);
/* values: the columns behind those that are seen, of the row that the cursor stands on now. */
void cursor_place_keep(Portal *portal, const Value *values);
/* The statement has changed as many rows; number: of the row found, as it is now. */
bool cursor_place_changed(CursorPlace *place, QueryKind kind, uint64_t count, int64_t number, Error *error) MUST_CHECK;

/* ---- projection.c ---- */

typedef struct Projection Projection;
/* Whether the query's rows are computed one by one even if it is no cursor's: volatile calls in a row follow one another. */
bool projection_takes_turns(const Query *query, Catalog *catalog);
/* Takes out of such a query, or of a cursor's, what is to be computed row by row; Portal.projection says whether there is any. */
bool projection_split(Portal *portal, const Query **query, const PortalParams *params, Error *error) MUST_CHECK;
/* Whether a cursor's query is planned with its first FETCH: users' functions over constants are called before there is a plan. */
bool projection_can_wait(const Query *query, Catalog *catalog);
/* Once what is left has been planned: the portal's columns are the projection's. */
void projection_take_plan(Portal *portal);
/* As exec_next, of the rows as they are computed; Portal.at_end says whether there are more. */
bool projection_next(Portal *portal, size_t max_rows, const RowSink *sink, Error *error) MUST_CHECK;

/* ---- scalar.c ---- */

/* Where an expression's values come from. */
typedef struct ScalarRow {
    const FdwBatch *batch;
    size_t at;
    int nparams; /* those behind them are columns of the batch, from 1 */
    const FuncContext *functions;
    Catalog *catalog;
    Arena *arena; /* for what is needed while it is computed */
} ScalarRow;
bool scalar_can_compute(const Expr *expr, Catalog *catalog, int nparams);
/* Whether the columns that it reads have their types' own layouts. */
bool scalar_is_laid_out(const Expr *expr, const FdwBatch *batch, int nparams);
bool scalar_compute(const ScalarRow *row, const Expr *expr, Value *out, Error *error) MUST_CHECK;

/* ---- scroll.c ---- */

/* Whether PostgreSQL could read the query backward as it is. */
bool scroll_is_natural(const Query *query);

void scroll_prepare(Portal *cursor);
bool scroll_fetch(Portal *cursor, Portal *fetch, size_t max_rows, Dest *dest, bool *complete, Error *error) MUST_CHECK;
bool scroll_run(Portal *cursor, size_t max_rows, Dest *dest, bool *complete, Error *error) MUST_CHECK;
/* Before a commit: the rows of WITH HOLD cursors are fetched, and kept. */
bool scroll_hold_all(Session *session, Error *error) MUST_CHECK;
bool scroll_is_to_hold(Session *session); /* whether the transaction has made a cursor WITH HOLD */
/* Before a rollback inside a procedure: so are those of its loops. */
bool scroll_hold_pinned(Session *session, Error *error) MUST_CHECK;

/* ---- rows.c ---- */

void rows_describe(Session *session, const PlanColumn *columns, int ncolumns, const int16_t *formats);
/* DataRows in these formats (one a column, owned by the caller). */
Dest *rows_dest(Session *session, Arena *arena, const PlanColumn *columns, int ncolumns, const int16_t *formats, Error *error);
/* Takes rows and drops them. */
Dest *rows_discard(Arena *arena);
bool rows_put_texts(Session *session, Dest *dest, const PlanColumn *columns, int ncolumns, const char *const *cells,
                    Error *error) MUST_CHECK;
/* A cell of a batch as canonical text, NULL: it is; a row of them. */
bool row_cell_to_text(const FdwBatch *batch, size_t row, int column, Oid type, const char **text, Arena *arena, Error *error) MUST_CHECK;
bool rows_to_texts(const FdwBatch *batch, size_t row, const PlanColumn *columns, int ncolumns, const char **cells, Arena *arena,
                   Error *error) MUST_CHECK;

/* ---- row_value.c ---- */

/* A column's value, not NULL, as its type's send and output functions give it; the type may be a user's. */
bool row_send_value(Session *session, const PlanColumn *column, const Value *value, Arena *arena, Str *out, Error *error) MUST_CHECK;
bool row_show_value(Session *session, const PlanColumn *column, const Value *value, Arena *arena, Str *out, Error *error) MUST_CHECK;
/* Whether the texts in the column are what every session shows, as they lie. */
bool row_is_plain(Session *session, const PlanColumn *column);

/* ---- utility.c ---- */

typedef struct Utility {
    Session *session;
    Portal *portal;
    const Node *node;
    const char *tag;
    struct Explain *explain; /* it is explained, and run only if that says so; NULL: it is run */
} Utility;

/* What rows a utility statement answers with. *kind PORTAL_COMMAND: none. Errors: 26000, 34000, ... */
bool utility_describe(Session *session, const Node *node, Arena *arena, PortalKind *kind, PlanColumn **columns, int *ncolumns,
                      Error *error) MUST_CHECK;
bool utility_run(Utility *utility, Error *error) MUST_CHECK;
bool utility_is_query(const Node *node);
PlanColumn *utility_text_column(Arena *arena, const char *name);

/* A command of src/command; *to_fill as in CommandContext. */
bool utility_run_command(Utility *utility, Oid *to_fill, Error *error) MUST_CHECK;

/* Statements of the session's own, one function each. */
bool utility_table_as(Utility *utility, Error *error);
bool utility_select_into(Utility *utility, Error *error);
bool utility_refresh(Utility *utility, Error *error);
bool utility_transaction(Utility *utility, Error *error);
bool utility_set(Utility *utility, Error *error);
bool utility_show(Utility *utility, Error *error);
bool utility_load(Utility *utility, Error *error);
bool utility_discard(Utility *utility, Error *error);
bool utility_prepare(Utility *utility, Error *error);
bool utility_execute(Utility *utility, Error *error) MUST_CHECK;
bool utility_deallocate(Utility *utility, Error *error);
bool utility_declare(Utility *utility, Error *error);
bool utility_close(Utility *utility, Error *error);
bool utility_explain(Utility *utility, Error *error);
/* explain.c, with utility->explain: whether the statement is run, too; the plan of a query, or of the INSERT that fills a relation. */
bool explain_runs(const Utility *utility);
bool explain_statement(Utility *utility, const Node *node, Oid fills, Error *error) MUST_CHECK;
bool utility_copy(Utility *utility, Error *error);
bool utility_do(Utility *utility, Error *error);
bool utility_constraints(Utility *utility, Error *error);
bool utility_call(Utility *utility, Error *error);
bool call_describe(Portal *portal, const PgQuery__CallStmt *statement, Error *error);
/* Its parameters' types and its rows, before parameters are bound. */
bool call_prepare(Session *session, const PgQuery__CallStmt *statement, Prepared *prepared, Error *error) MUST_CHECK;

bool fetch_describe(Session *session, const PgQuery__FetchStmt *fetch, Portal *portal, Error *error);
bool fetch_run(Portal *portal, size_t max_rows, Dest *dest, bool *complete, Error *error);
bool explain_describe(const PgQuery__ExplainStmt *explain, Arena *arena, PlanColumn **columns, int *ncolumns, Error *error);
/* EXECUTE's statement, held by the portal's arena, and its arguments' values. NULL: failed. */
Prepared *execute_bind(Portal *portal, const PgQuery__ExecuteStmt *execute, PortalParams **params, Error *error);
bool execute_plan(Portal *portal, const PgQuery__ExecuteStmt *execute, Error *error);

/* ---- protocol: simple.c, extended.c ---- */

bool simple_query(Session *session, WireMessage *message, Error *error) MUST_CHECK;
/* false with the error set: an error of the protocol, which ends the session; `*failed`: an error of the statement. */
bool extended_message(Session *session, WireMessage *message, bool *failed, Error *error) MUST_CHECK;
bool protocol_text_is_valid(const char *text, Error *error) MUST_CHECK; /* UTF-8 */

/* ---- setting_hook.c ---- */

/* PostgreSQL's name of an encoding that clients may use: UTF8, or SQL_ASCII, which sends and takes the same bytes. "": known to
 * PostgreSQL, not supported here. NULL: none of that name. */
const char *setting_encoding(const char *text);

extern const SettingHook SETTING_HOOKS[];
extern const size_t SETTING_HOOK_COUNT;

/* ---- setting_names.c: SettingHook.find of settings that name objects ---- */

bool setting_find_search_config(void *owner, const SettingDef *def, bool later, Arena *arena, const char **canonical,
                                Error *error) MUST_CHECK;
bool setting_find_tablespace(void *owner, const SettingDef *def, bool later, Arena *arena, const char **canonical, Error *error) MUST_CHECK;
/* Of a list. */
bool setting_find_tablespaces(void *owner, const SettingDef *def, bool later, Arena *arena, const char **canonical,
                              Error *error) MUST_CHECK;
extern const char *const REPORTED_SETTINGS[];
extern const size_t REPORTED_SETTING_COUNT;

#endif
