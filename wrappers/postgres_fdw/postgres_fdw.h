/*
 * postgres_fdw.h - what the files of this module share.
 */
#ifndef MEDLEY_POSTGRES_FDW_H
#define MEDLEY_POSTGRES_FDW_H

#include <libpq-fe.h>
#include <stdatomic.h>

#include "medley/fdw.h"

enum { STATEMENT_CACHE_SIZE = 128, SEEN_STATEMENTS = 256, MOST_CLOSED = 16 };

/* A statement prepared on the connection, and its result columns' types. */
typedef struct Statement {
    char *sql; /* NULL: free place */
    uint64_t hash, used;
    char name[24];
    int nfields;
    Oid *types;
    int *typmods;
} Statement;

typedef struct Canceller Canceller;

/* A source keeps 63 bytes of an application_name, and a zero. */
enum { SHOWN_SIZE = 64 };

/* What a transaction has done since its savepoint "medley". A cursor that was declared counts as a lock: going back would undo it too. */
typedef enum Change { CHANGED_NOTHING, CHANGED_LOCKS, CHANGED_ROWS } Change;

struct FdwConnection {
    PGconn *pg;
    Canceller *canceller;
    atomic_bool cancelled; /* since its last statement began */
    const char *server_name;
    const char *name_option;   /* application_name of the server, unexpanded; NULL: none */
    char shown_as[SHOWN_SIZE]; /* the application_name that it has now */
    bool in_transaction;       /* that begin began */
    char snapshot[96];         /* what it sees; "": its own, not exported */
    bool exports;              /* it has exported that: then its source does not prepare it */
    bool prepares;             /* the source is set up to keep prepared transactions */
    Change changed;
    bool is_shared;               /* its transaction has locked or written rows: several scans read over it, each by a cursor */
    int levels;                   /* savepoints of the host's */
    unsigned undone;              /* counts what has gone back to a savepoint: cursors may be gone */
    unsigned cursors;             /* that were ever declared, for their names */
    unsigned closed[MOST_CLOSED]; /* which are to be closed with what comes next */
    int nclosed;
    bool broken;   /* cannot be used any more */
    uint64_t tick; /* counts uses of statements */
    Statement statements[STATEMENT_CACHE_SIZE];
    uint64_t seen[SEEN_STATEMENTS]; /* hashes of statements that came once, each in the one place it may have */
};

/* ---- connect.c ---- */

FdwConnection *postgres_connect(FdwCall *call, const FdwConnectInfo *info);
int postgres_source_version(const FdwConnection *connection);
void postgres_disconnect(FdwConnection *connection);
void postgres_cancel(FdwConnection *connection);
bool postgres_is_alive(FdwConnection *connection);
bool postgres_given(FdwCall *call, FdwConnection *connection);
const char *postgres_remote_user(FdwConnection *connection);
/* The value of an option, NULL when absent. */
const char *postgres_option(const FdwOptions *options, const char *name);
bool postgres_option_bool(const FdwOptions *options, const char *name, bool otherwise);

/* ---- cancel.c ---- */

Canceller *postgres_canceller_open(PGconn *pg);
void postgres_canceller_close(Canceller *canceller);
/* Asks the source to stop what the connection runs. Returns at once. */
void postgres_canceller_ask(Canceller *canceller);
/* Waits for the request under way, so long. false: it still is. */
bool postgres_canceller_settle(Canceller *canceller, int milliseconds);

/* ---- resolve.c ---- */

/* Hosts by name and address, for libpq: lists of `count` items; 0: none was looked up, or none has an address. */
typedef struct PostgresHosts {
    const char *names, *addresses; /* an empty address: libpq is to take the name */
    const char *ports;             /* NULL: as they were */
    size_t count;
    const char *failures; /* lines about names without an address; "" : none */
} PostgresHosts;

/* Looks up what is a name in libpq's lists of hosts and ports (NULL: the default). false: cancelled. */
bool postgres_resolve(FdwCall *call, const char *names, const char *ports, PostgresHosts *hosts);
/* libpq's message about a connection: it names a host by its address alone where that was given. */
const char *postgres_named_hosts(FdwCall *call, const PostgresHosts *hosts, const char *message);

/* ---- query.c: one statement at a time, waiting so that a cancelled call comes back within 100 ms ---- */

/* Fails with the remote error (result may be NULL: the connection's), and its context. Always false. */
bool postgres_fail_remote(FdwCall *call, FdwConnection *connection, const PGresult *result, const char *sql);
bool postgres_fail(FdwCall *call, const char *sqlstate, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Formats into the call's memory. */
char *postgres_text(FdwCall *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool postgres_fail_lost(FdwCall *call, const FdwConnection *connection);
/* Ends what is still running. The transaction may have failed. */
bool postgres_still(FdwCall *call, FdwConnection *connection);
/* And leaves a failed read behind: for a statement whose failure is the transaction's. */
bool postgres_idle(FdwCall *call, FdwConnection *connection);
/* And keeps what has been done: for a statement that may fail without harm. */
bool postgres_ready(FdwCall *call, FdwConnection *connection);
/* The same as the beginning of a pipeline, whose end may fail: up to a SAVEPOINT, of which postgres_note_moved is to be told. */
bool postgres_send_ready(FdwConnection *connection);
void postgres_note_moved(FdwConnection *connection);
/* The cursor is closed, now or later. */
void postgres_close_cursor(FdwConnection *connection, unsigned number);
/* What the transaction is about to do. */
void postgres_note_change(FdwConnection *connection, Change change);
/* Waits until the socket can be read and reads it. Remote cancellation is asked for when the call is cancelled. */
bool postgres_wait(FdwCall *call, FdwConnection *connection, const char *sql);
/* The next result; NULL with *ok: none is left. */
PGresult *postgres_next_result(FdwCall *call, FdwConnection *connection, const char *sql, bool *ok);
/* Runs sql, which may be several statements; gives the last result that has rows, else the last. NULL: failed. */
PGresult *postgres_query(FdwCall *call, FdwConnection *connection, const char *sql);
bool postgres_run(FdwCall *call, FdwConnection *connection, const char *sql);
/* Ends a running statement, or pipeline, without its rows. */
void postgres_stop(FdwConnection *connection);

/* ---- statement.c: statements prepared on a connection ---- */

/* Prepares and describes in one round trip. name "": the unnamed statement. NULL: failed. */
PGresult *postgres_describe(FdwCall *call, FdwConnection *connection, const char *name, const char *sql, const FdwParam *params,
                            size_t nparams);
/* What a statement is found by. The parameters' types are part of what is prepared, so they are part of the text. */
typedef struct StatementKey {
    const char *sql, *text;
    uint64_t hash;
} StatementKey;
StatementKey postgres_statement_key(FdwCall *call, const FdwScanSpec *spec, const char *sql);
/* The cached prepared statement of the key, prepared when it is new. NULL: failed. */
Statement *postgres_statement(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const StatementKey *key);
bool postgres_statement_is_cached(FdwConnection *connection, const StatementKey *key);
/* Whether the statement comes for the first time, as far as is remembered: then it is not worth preparing. */
bool postgres_statement_is_new(FdwConnection *connection, const StatementKey *key);
/* Whether a cached statement's first result may say that the source does not know it any more, that its types are others now ("cached plan
 * must not change result type"), or that what was written for the types it had does not fit them: it is worth preparing anew. */
bool postgres_is_outdated(const PGresult *result);
void postgres_forget_statement(Statement *statement);
void postgres_forget_statements(FdwConnection *connection);

/* ---- transaction.c ---- */

bool postgres_begin(FdwCall *call, FdwConnection *connection, const char *snapshot);
const char *postgres_export_snapshot(FdwCall *call, FdwConnection *connection);
bool postgres_commit(FdwCall *call, FdwConnection *connection);
bool postgres_rollback(FdwCall *call, FdwConnection *connection);
bool postgres_can_prepare(const FdwConnection *connection);
bool postgres_prepare(FdwCall *call, FdwConnection *connection, const char *name);
bool postgres_end_prepared(FdwCall *call, FdwConnection *connection, const char *name, bool commit, bool *found);
bool postgres_savepoint(FdwCall *call, FdwConnection *connection, int level);
bool postgres_rollback_to(FdwCall *call, FdwConnection *connection, int level);
bool postgres_release(FdwCall *call, FdwConnection *connection, int level);
int64_t postgres_identity(const FdwConnection *connection);
bool postgres_blocks(FdwCall *call, FdwConnection *connection, const int64_t *waiting, size_t count);

/* ---- modify.c ---- */

bool postgres_modify(FdwCall *call, FdwConnection *connection, const FdwModifySpec *spec);

/* ---- cursor.c: rows by cursors, of which a transaction may have several ---- */

typedef struct Cursor Cursor;

/* Declares it, and fetches its first rows, in one round trip. NULL: failed. context: the statement as asked. After postgres_idle. */
Cursor *postgres_cursor_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const char *sql, const char *context);
/* The rows fetched, in binary. */
const PGresult *postgres_cursor_rows(const Cursor *cursor);
/* Fetches the next ones: none at the end. */
bool postgres_cursor_next(FdwCall *call, Cursor *cursor);
void postgres_cursor_close(Cursor *cursor);

/* ---- decode.c: PostgreSQL's binary forms into vectors ---- */

typedef struct Decoder Decoder;
/* One field of the remote row; bytes of its binary form. */
typedef bool (*DecodeFunction)(Decoder *decoder, size_t column, size_t row, const char *bytes, int length);

/* How the SQL must write a column so that its binary form can be read. */
typedef enum Spelling { SPELL_PLAIN, SPELL_TEXT, SPELL_INET, SPELL_CIDR, SPELL_CHAR } Spelling;

struct Decoder {
    FdwCall *call;
    const FdwScanSpec *spec;
    FdwBatch *batch;
    const char *server_name;
    Oid *types;                /* the remote columns' */
    DecodeFunction *functions; /* one a column */
    Spelling *spellings;
    bool respelled; /* any is not SPELL_PLAIN */
};

void postgres_decoder_alloc(Decoder *decoder, FdwCall *call, const char *server_name, const FdwScanSpec *spec);
/* What the source returns; may be called again. */
bool postgres_decoder_describe(Decoder *decoder, const Oid *types, const int *typmods, int nfields);
/* sql with every column spelled as the decoder needs it. */
const char *postgres_decoder_sql(const Decoder *decoder, const char *sql);
/* Adds a value's place to the error that is set: column, table and server, and its row by the whole numbers, uuids and short texts that
   were read of it, in which its key is if it was read. Always false. */
bool postgres_decoder_context(const Decoder *decoder, size_t column, const FdwField *row);
/* Whether the bytes of the remote type, in either format, are those of the declared type. */
bool postgres_same_bytes(const FdwType *declared, Oid type, int typmod);

/* ---- scan.c, split.c, relay.c, import.c ---- */

FdwScan *postgres_scan_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const FdwPart *part);
bool postgres_scan_next(FdwCall *call, FdwScan *scan, FdwBatch *batch);
void postgres_scan_close(FdwScan *scan);
size_t postgres_split(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, size_t max_parts, FdwPart *parts);
bool postgres_estimate(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out);
FdwRelay *postgres_relay_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const int16_t *formats);
bool postgres_relay_next(FdwCall *call, FdwRelay *relay, size_t max_rows, FdwRowSink sink, void *arg, bool *at_end);
void postgres_relay_close(FdwRelay *relay);
/* Arrays for PQsendQueryPrepared and PQsendQueryParams, in the call's memory. */
const char **postgres_param_values(FdwCall *call, const FdwScanSpec *spec);
const Oid *postgres_param_types(FdwCall *call, const FdwParam *params, size_t nparams);
bool postgres_statistics(FdwCall *call, FdwConnection *connection, const FdwTable *table, FdwStatistics *out);
bool postgres_import_schema(FdwCall *call, FdwConnection *connection, const FdwImportSpec *spec);

#endif
