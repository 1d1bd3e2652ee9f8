/*
 * wrapper.h - loaded wrapper modules, their options, and the pools of remote connections.
 *
 * WrapperHost is the process's: modules (loaded when first asked for) and pools, keyed by (server, user mapping, options),
 * hard-capped by server, with a queue. RemoteSession is one client session's: which connections its transaction holds.
 */
#ifndef MEDLEY_WRAPPER_H
#define MEDLEY_WRAPPER_H

#include "catalog/coordinator.h"
#include "medley/fdw.h"
#include "sql/query.h"
#include "type/type.h"

typedef struct WrapperHost WrapperHost;
typedef struct RemoteSession RemoteSession;

/* ---- modules and options ---- */

/* module_directory: where <name>.so lie. */
WrapperHost *wrapper_host_open(const char *module_directory, Log *log, Arena *arena);
void wrapper_host_close(WrapperHost *host); /* closes all pooled connections */
/* Without one, nothing is committed in two phases. */
void wrapper_host_set_coordinator(WrapperHost *host, Coordinator *coordinator);
const FdwModule *wrapper_module(WrapperHost *host, const char *name, Error *error); /* 58P01 when there is no such file */
/* Names of the modules in the directory, sorted; wrapper_module tells version and comment of each. */
size_t wrapper_available(WrapperHost *host, Arena *arena, const char *const **names);
/* The catalog that objects of a kind are of, as validators are told. OID_NONE: none. And back; 0: no kind that takes options. */
Oid wrapper_object_class(FdwObject object);
FdwObject wrapper_class_object(Oid class_oid);
/* What `user` may set, as the catalog knows it. */
bool wrapper_rights(Catalog *catalog, Oid user, Arena *arena, FdwRights *rights, Error *error) MUST_CHECK;
/* Checks the option list of an object as it would be after the statement. Errors as PostgreSQL's: HV00D invalid option "x" with the hint
 * that lists the valid ones, and the module's own checks; warnings go to `notices`. module NULL (no validator): everything is accepted. */
bool wrapper_validate(WrapperHost *host, const FdwModule *module, FdwObject object, const FdwOptions *options, const FdwRights *rights,
                      const Notices *notices, Error *error) MUST_CHECK;
/* Whether a scan of the table can be planned. */
/* Of a foreign table that a query reads: the options of it and of its server that planning reads. */
bool wrapper_check_planning(WrapperHost *host, Catalog *catalog, const CatRelation *relation, Error *error) MUST_CHECK;
/* The same before all of a table is read for ANALYZE: that each fetch gives rows. PostgreSQL would fetch none for ever. */
bool wrapper_check_sampling(WrapperHost *host, Catalog *catalog, const CatRelation *relation, Error *error) MUST_CHECK;
bool wrapper_check_table(WrapperHost *host, const FdwModule *module, const FdwTable *table, Arena *arena, Error *error) MUST_CHECK;
const FdwOption *wrapper_option(const FdwModule *module, const char *name, FdwObject object); /* NULL: none */
/* The remote names a table or column has by its options' roles; NULL: the local name serves. */
const char *wrapper_role_value(const FdwModule *module, FdwObject object, const FdwOptions *options, FdwOptionRole role);

/* ---- sources ---- */

/* One server as one user reaches it: all that is needed to connect. Lives in the arena passed. */
typedef struct RemoteTarget {
    const CatServer *server;
    const CatWrapper *wrapper;
    const FdwModule *module;
    Oid user; /* the local user the mapping is looked up for */
    const char *user_name;
    Oid mapping; /* its pg_user_mapping row; OID_NONE: none */
    FdwConnectInfo info;
    unsigned char key[32]; /* of its pool: a hash of server, mapping and all options */
} RemoteTarget;

/* Errors: wrapper without handler (55000 foreign-data wrapper "w" has no handler). */
RemoteTarget *wrapper_target(WrapperHost *host, Catalog *catalog, Oid server, Oid user, Arena *arena, Error *error);
/* Before a connection: that there is a mapping where the module needs one (42704 user mapping not found for "u"). */
bool wrapper_check_mapping(const RemoteTarget *target, Error *error) MUST_CHECK;
/* The table as a wrapper sees it: columns[i] is column i + 1; a dropped one has no name. */
FdwTable *wrapper_table(const CatRelation *relation, Catalog *catalog, Arena *arena);

/* Rows that are to be fetched at a time from a table with these options; 0, as in PostgreSQL, where the value that was stored is none. */
enum { WRAPPER_FETCH_SIZE = 100 };
int wrapper_fetch_size(const RemoteTarget *target, const FdwOptions *table);

typedef struct RemoteConnection {
    FdwConnection *connection;
    const FdwModule *module;
    const RemoteTarget *target;
    void *pool_entry; /* wrapper's own */
} RemoteConnection;

/* How a transaction is committed that has written at several places: in one phase, one after the other; so that either all or none of
 * what can be prepared is, with what cannot in between; or not at all where one cannot. */
typedef enum TwoPhase { TWO_PHASE_OFF, TWO_PHASE_PREFER, TWO_PHASE_REQUIRED } TwoPhase;

/* What a session may ask of the pools, and wants of its transactions. */
typedef struct RemoteLimits {
    int64_t queue_ms; /* how long it waits for connections; 0: without end */
    int64_t idle_ms;  /* how long a connection that it gives back is kept; 0: without end */
    int connections;  /* of one server, all users together, where neither the server's option max_connections nor the module says */
    TwoPhase two_phase;
} RemoteLimits;

/* cancelled: asked whenever remote_cancel was called, and by the host service of that name; may be NULL. */
RemoteSession *remote_session_open(WrapperHost *host, Arena *arena, bool (*cancelled)(void *arg), void *arg, const Notices *notices);
void remote_session_close(RemoteSession *session); /* rolls back and returns all */
/* The session's own, to be read and set by its thread. They count from the next request, or return of a connection, on. */
RemoteLimits *remote_limits(RemoteSession *session);

/* Whose session it is, for modules that show it to their sources. What it points to lives as long as the session. */
typedef struct RemoteClient {
    FdwClient shown;
    const char *(*setting)(void *arg, const char *name, Arena *arena); /* as SHOW shows it; NULL: there is none. Any thread */
    void *arg;
} RemoteClient;
void remote_set_client(RemoteSession *session, const RemoteClient *client);

/* How many connections to its server the session may use beside those it is using, if nobody else had any. */
int remote_most_connections(const RemoteSession *session, const RemoteTarget *target);

/* All of `wants` at once or none (waiting up to the queue timeout, then 53300; at once 53300 when the sessions that hold what is wanted
 * wait for what this one holds). In a transaction block the first connection of each target is kept until the end of it, with one snapshot;
 * every further one of that target joins the same snapshot. Outside, connections to one target that are acquired together share a snapshot,
 * and a single one needs no transaction. So the caller never begins or commits. What is given may have other users (remote_turn): where
 * rows are to be locked, or the transaction has written there. 0A000: rows are to be locked while what has locked some before, of whose
 * locks no other connection knows, is busy, and its module lets one read at a time. */
typedef struct RemoteWant {
    const RemoteTarget *target;
    int connections;          /* >= 1: wished for; at least 1 is given */
    bool locks;               /* rows will be locked: in a transaction block by a connection that is kept to its end, one for all */
    bool parks;               /* of the first want: a fiber may be left while this waits */
    RemoteConnection **given; /* out: array in the arena */
    int ngiven;               /* out */
} RemoteWant;
bool remote_acquire(RemoteSession *session, RemoteWant *wants, size_t count, bool in_transaction, Arena *arena, Error *error) MUST_CHECK;
/* The module's estimate for the spec, of which `what` (its text, or the table's name there) says which one it is: asked of the source at
 * most every ten minutes. false: it is not known; an error at the source is no error here. */
bool remote_estimate(RemoteSession *session, const RemoteTarget *target, const FdwScanSpec *spec, const char *what, bool in_transaction,
                     FdwEstimate *out);
/* The source's major version, as it said when it was last connected to; where it never was, it is now. 0: not known; that it cannot be
 * reached is no error here. */
int remote_version(RemoteSession *session, const RemoteTarget *target, bool in_transaction);
int wrapper_known_version(WrapperHost *host, const RemoteTarget *target); /* without connecting */
/* Asks ahead what remote_estimate will be asked, of all the sources at once. */
typedef struct RemoteQuestion {
    const RemoteTarget *target;
    FdwScanSpec spec;
    const char *what;
} RemoteQuestion;
void remote_estimate_ahead(RemoteSession *session, const RemoteQuestion *questions, size_t count, bool in_transaction);
/* Around each call of a module over a connection that may have other users (remote_modify's, and what locks rows in a transaction). Gives
 * whether it may: then the call must not park. */
bool remote_turn(const RemoteConnection *connection);
void remote_turn_end(const RemoteConnection *connection);
bool remote_is_alive(const RemoteConnection *connection);
/* For one that no transaction has begun on and that has just failed: when it was lying in the pool and its source has ended it since, it
 * is connected anew (as postgres_fdw does), and the error is gone. false: the error says why. */
bool remote_reconnect(RemoteSession *session, RemoteConnection *connection, Error *error) MUST_CHECK;
/* Gives back what the transaction does not keep. broken: close it instead. */
void remote_release(RemoteSession *session, RemoteConnection *connection, bool broken);
/* What is read between these two may fail without harm to the transaction: no connection that it has kept before is used, only further ones
 * of the same snapshot. What is kept of these the end lets go of if it failed. They nest: the end is given what the beginning gave. */
typedef struct RemoteApart {
    bool is_apart;
    const struct Kept *before; /* what is kept from there on is of before */
} RemoteApart;
RemoteApart remote_begin_apart(RemoteSession *session);
void remote_end_apart(RemoteSession *session, RemoteApart outer, bool failed);
bool remote_commit(RemoteSession *session, Error *error) MUST_CHECK;
void remote_rollback(RemoteSession *session);
/* The first phase of a commit at several places, where there are several: what can be prepared is, and is no part of remote_commit then.
 * writes_here: the catalog's transaction is one of them. false: the transaction has to be rolled back. Called right before remote_commit.
 */
bool remote_prepare(RemoteSession *session, bool writes_here, Error *error) MUST_CHECK;
/* Right before catalog_transaction_commit, which thereby decides. */
bool remote_decide(RemoteSession *session, Catalog *catalog, Error *error) MUST_CHECK;
/* The second phase, after it. What fails is warned of, and done later. */
void remote_commit_prepared(RemoteSession *session);

/* The process's thread that ends what was prepared and left: sessions whose source went away, processes that died. */
typedef struct Resolver Resolver;
Resolver *resolver_open(WrapperHost *host, CatalogStore *store, Log *log, Arena *arena);
void resolver_close(Resolver *resolver);
/* Writes at the target, in the session's transaction (also where that is one statement's): the connection that does it is kept until
 * remote_commit or remote_rollback, and all that the transaction reads of the target from then on comes over it. 0A000 (names the wrapper)
 * where the module cannot write. After a failure the transaction has to be rolled back, or its innermost savepoint. spec->result is called
 * in mid-statement: it asks no source. */
bool remote_modify(RemoteSession *session, const RemoteTarget *target, const FdwModifySpec *spec, Arena *arena, Error *error) MUST_CHECK;
/* The transaction's savepoints, as session/transaction.c makes, leaves and undoes them (subtransactions of exception blocks too). Sources
 * are asked only when they are written to within one. remote_savepoint_rollback leaves the savepoint itself; where a source cannot go back,
 * the transaction's commit will fail. */
void remote_savepoint(RemoteSession *session, int level);
bool remote_savepoint_release(RemoteSession *session, int level, Error *error) MUST_CHECK;
void remote_savepoint_rollback(RemoteSession *session, int level);
/* A server that the session has reached as one of its mappings, over a connection which is still open. */
typedef struct RemoteUse {
    const FdwModule *module;
    Oid server, mapping;
    bool is_held; /* by the session's transaction */
} RemoteUse;
/* The last used one first; *out lives in the arena. */
size_t remote_uses(RemoteSession *session, Arena *arena, RemoteUse **out);
/* Closes the idle connections of that use, whoever made them. false: there was none. */
bool remote_disconnect(RemoteSession *session, const RemoteUse *use);
/* Connections that a session is using, as their sources call them. */
enum { REMOTE_MOST_CALLS = 32 };
typedef struct RemoteCalls {
    struct {
        Oid server;
        int64_t identity;
    } items[REMOTE_MOST_CALLS];
    size_t count;
} RemoteCalls;
void remote_calls(RemoteSession *session, RemoteCalls *out); /* any thread */
/* The server at which one of the calls waits for what this session's transaction has locked, as far as that can be asked just now (text in
 * the arena). NULL: none. */
const char *remote_blocks(RemoteSession *session, const RemoteCalls *calls, Arena *arena);
/* `waiting`, this session among them, wait for what `holder` has. The server (text in the arena) for whose connections `holder` queues
 * without end because those that wait hold them, this session one that is needed. NULL: none. */
const char *remote_starves(RemoteSession *session, const RemoteSession *holder, RemoteSession *const *waiting, size_t count, Arena *arena);
/* From any thread, `cancelled` saying so already: cancels what the session's connections are doing, and its waiting for some. */
void remote_cancel(RemoteSession *session);

/* A call context for a module's function: errors land in `error`, memory in `arena`. Valid while both are. Stored in *space. */
typedef struct CallSpace {
    FdwCall call;
    Arena *arena;
    Error *error;
    RemoteSession *session;
    const TypeContext *types;
    const Notices *notices;
    WrapperHost *host;
    Arena *scratch; /* the services' own */
    bool parks;     /* waiting may give the thread to others (fiber.h) */
} CallSpace;
FdwCall *wrapper_call(CallSpace *space, RemoteSession *session, Arena *arena, const TypeContext *types, Error *error);
/* Sets the set_string service (DuckDB's), once at start. */
void wrapper_host_set_string(WrapperHost *host, void (*set_string)(FdwVector *vector, size_t row, const char *bytes, size_t length));

#endif
