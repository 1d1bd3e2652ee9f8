/*
 * fdw.h - the one header of a Medley foreign-data wrapper.
 *
 * A wrapper is a shared object that exports one symbol, `const FdwModule medley_fdw_module`. It includes nothing else of
 * Medley's and links to nothing of it: what it needs from the server it gets through FdwCall.
 *
 * Rules:
 *  1. Every pointer of FdwModule that is not marked "required" may be NULL, which means "not supported".
 *  2. Each FdwConnection is used by one thread at a time, `cancel` excepted. Different connections are independent.
 *  3. A call that fails returns false or NULL after call->host->fail(call, ...). Secrets never go into such a text.
 *  4. Memory from host->alloc lives as long as the call's lifetime says: for connect, as long as the connection; for
 *     scan_open, as long as the scan; for every other call, until the caller has read the answer.
 *  5. Vectors have the layout of DuckDB's flat vectors, so that a batch is filled once and never copied.
 */
#ifndef MEDLEY_FDW_H
#define MEDLEY_FDW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEDLEY_FDW_ABI 1u
/* What a module built with hidden symbols exports: FDW_EXPORT const FdwModule medley_fdw_module = {...}; */
#define FDW_EXPORT __attribute__((visibility("default")))

/* ---- options ---- */

typedef enum FdwObject {
    FDW_OBJECT_WRAPPER = 1,
    FDW_OBJECT_SERVER = 2,
    FDW_OBJECT_USER_MAPPING = 4,
    FDW_OBJECT_TABLE = 8,
    FDW_OBJECT_COLUMN = 16,
    FDW_OBJECT_IMPORT = 32, /* OPTIONS of IMPORT FOREIGN SCHEMA */
} FdwObject;

typedef enum FdwOptionType {
    FDW_OPTION_TEXT,
    FDW_OPTION_BOOL,         /* message of PostgreSQL: <name> requires a Boolean value */
    FDW_OPTION_POSITIVE_INT, /* "<name>" must be an integer value greater than zero */
    FDW_OPTION_NONNEGATIVE_REAL,
    FDW_OPTION_CHECKED,          /* FdwModule.check_option decides */
    FDW_OPTION_PLANNING_BOOL,    /* as FDW_OPTION_BOOL; read when a query is planned, where a value that no validator saw is refused */
    FDW_OPTION_PLANNING_CHECKED, /* as FDW_OPTION_CHECKED, so too; a notice is for a validator */
} FdwOptionType;

/* What an option's value means to Medley itself. */
typedef enum FdwOptionRole {
    FDW_ROLE_NONE,
    FDW_ROLE_REMOTE_SCHEMA,
    FDW_ROLE_REMOTE_TABLE,
    FDW_ROLE_REMOTE_COLUMN,
    FDW_ROLE_FETCH_SIZE, /* FdwScanSpec.fetch_size; a table's goes before its server's */
} FdwOptionRole;

typedef struct FdwOption {
    const char *name;
    unsigned objects; /* FdwObject bits: where it may stand */
    FdwOptionType type;
    FdwOptionRole role;
    bool secret;   /* never shown in logs, errors or plans */
    bool unlisted; /* Medley's own: valid, but not named in the hint that PostgreSQL gives */
    const char *doc;
} FdwOption;

typedef struct FdwOptionValue {
    const char *name, *value;
} FdwOptionValue;

typedef struct FdwOptions {
    const FdwOptionValue *items;
    size_t count;
} FdwOptions;

/* What the user who sets options may do, and what else a check may need to know of the database. */
typedef struct FdwRights {
    bool superuser;
    bool may_read_files;           /* superuser, or has the privileges of pg_read_server_files */
    bool may_execute_programs;     /* the same for pg_execute_server_program */
    const char *const *extensions; /* installed ones */
    size_t nextensions;
} FdwRights;

/* One object whose options are checked: as they would be after the statement, in their order. */
typedef struct FdwCheck {
    FdwObject object;
    FdwOptions all;
    FdwRights rights;
} FdwCheck;

/* ---- values and batches ---- */

/* How a value lies in a vector: element type of FdwVector.data. */
typedef enum FdwPhysical {
    FDW_BOOL,        /* uint8_t, 0 or 1 */
    FDW_INT16,       /* int16_t */
    FDW_INT32,       /* int32_t */
    FDW_INT64,       /* int64_t */
    FDW_UINT32,      /* uint32_t: oid, xid, reg* */
    FDW_FLOAT,       /* float */
    FDW_DOUBLE,      /* double */
    FDW_DECIMAL,     /* scaled integer of FdwType.precision digits: int16_t to 4, int32_t to 9, int64_t to 18, else FdwInt128 */
    FDW_STRING,      /* FdwString, UTF-8. Also every type that has no row here: its PostgreSQL text form */
    FDW_BYTES,       /* FdwString: bytea */
    FDW_DATE,        /* int32_t, days since 1970-01-01; INT32_MAX and -INT32_MAX are the infinities */
    FDW_TIME,        /* int64_t, microseconds since midnight */
    FDW_TIMESTAMP,   /* int64_t, microseconds since 1970-01-01; INT64_MAX and -INT64_MAX are the infinities */
    FDW_TIMESTAMPTZ, /* the same, in UTC */
    FDW_INTERVAL,    /* FdwInterval */
    FDW_UUID,        /* FdwInt128 with the top bit flipped (so that signed order is byte order) */
} FdwPhysical;

typedef struct FdwInt128 {
    uint64_t lower;
    int64_t upper;
} FdwInt128;

typedef struct FdwInterval {
    int32_t months, days;
    int64_t micros;
} FdwInterval;

/* Up to 12 bytes lie inside; longer ones are pointed to and keep their first 4 bytes inside too. */
typedef struct FdwString {
    _Alignas(8) uint32_t length;
    union {
        char inlined[12];
        struct __attribute__((packed)) { /* else the compiler would pad: the element has 16 bytes */
            char prefix[4];
            const char *pointer;
        } at;
    } u;
} FdwString;
_Static_assert(sizeof(FdwString) == 16 && offsetof(FdwString, u.at.pointer) == 8, "the engine's string elements");

typedef struct FdwType {
    uint32_t oid; /* PostgreSQL's type OID */
    int32_t typmod;
    FdwPhysical physical;
    uint8_t precision, scale; /* FDW_DECIMAL only */
} FdwType;

typedef struct FdwVector {
    FdwType type;
    void *data;         /* capacity elements */
    uint64_t *validity; /* bit row%64 of word row/64: 1 valid. All ones when the batch arrives */
    void *owner;        /* the host's; for host->set_string. NULL: a vector of the wrapper's own, in which long strings are not kept */
} FdwVector;

typedef struct FdwBatch {
    size_t capacity; /* rows there is room for */
    size_t count;    /* set by the wrapper; 0: the scan is at its end */
    size_t nvectors;
    FdwVector *vectors;
} FdwBatch;

static inline void fdw_set_null(FdwVector *vector, size_t row)
{
    vector->validity[row / 64] &= ~(UINT64_C(1) << (row % 64));
}

static inline const char *fdw_string_data(const FdwString *string)
{
    return string->length <= 12 ? string->u.inlined : string->u.at.pointer;
}

/* ---- the host's services ---- */

typedef struct FdwCall FdwCall;

typedef enum FdwLogLevel { FDW_LOG_WARNING, FDW_LOG_INFO, FDW_LOG_DEBUG } FdwLogLevel;

/* Texts of an error; all but sqlstate and message may be NULL. The host copies them. */
typedef struct FdwError {
    const char *sqlstate, *message, *detail, *hint, *context;
} FdwError;

/* A client's session. */
typedef struct FdwClient {
    const char *database, *user; /* as who it has logged in */
    int process;                 /* as pg_backend_pid() shows it */
    int64_t start;               /* seconds since 1970 UTC */
} FdwClient;

typedef struct FdwHost {
    uint32_t size;                                      /* sizeof(FdwHost) of the host: what lies beyond is absent */
    void *(*alloc)(FdwCall *call, size_t size);         /* zeroed; see rule 4 */
    bool (*fail)(FdwCall *call, const FdwError *error); /* always returns false */
    void (*log)(FdwCall *call, FdwLogLevel level, const char *text);
    bool (*cancelled)(FdwCall *call); /* poll at least every 100 ms of work */
    /* Puts bytes into a FDW_STRING or FDW_BYTES vector, copying them into memory that lives as long as the batch. */
    void (*set_string)(FdwVector *vector, size_t row, const char *bytes, size_t length);
    /* Puts a value given in PostgreSQL's text form (ISO dates, UTC) into a vector of any type: the host parses it as
     * PostgreSQL's input function does. false: the error is set (22P02, 22003, ...). */
    bool (*set_text)(FdwCall *call, FdwVector *vector, size_t row, const char *text, size_t length);
    void (*notice)(FdwCall *call, const char *sqlstate, const char *text); /* a WARNING for the client */
    /* Adds a line of CONTEXT to the error that is set, set_text's for one. Always returns false. */
    bool (*add_context)(FdwCall *call, const char *line);
    /* As set_text, from PostgreSQL's binary form (the receive function) of a type: FdwColumn.binary. */
    bool (*set_binary)(FdwCall *call, FdwVector *vector, size_t row, uint32_t type, const char *bytes, size_t length);
    /* poll(2) of one descriptor: its revents, 0 when the time is over. The host may do other work meanwhile, and go on with the call on
     * another thread: no lock is to be held. */
    int (*wait)(FdwCall *call, int fd, short events, int milliseconds);
    const FdwClient *(*client)(FdwCall *call);               /* whom the call is for; NULL: nobody */
    const char *(*setting)(FdwCall *call, const char *name); /* of that client, as SHOW shows it; NULL: there is none of that name */
} FdwHost;

struct FdwCall {
    const FdwHost *host;
    void *context; /* the host's */
};

/* ---- objects as a wrapper sees them ---- */

typedef struct FdwConnectInfo {
    const char *server_name;
    FdwOptions wrapper_options, server_options, mapping_options;
    bool has_mapping;
    bool is_superuser; /* of the user the mapping is for: postgres_fdw's password_required rule */
} FdwConnectInfo;

typedef struct FdwColumn {
    const char *name; /* local name; NULL: a dropped column, which is as if it were not there */
    FdwType type;
    bool not_null, is_generated; /* GENERATED ALWAYS AS (...) STORED: the source has to have it, but for files, whose rows lack it */
    FdwOptions options;
    uint32_t binary; /* whose binary form its values have: a domain's base type, of an enum text; 0: none that is read */
} FdwColumn;

typedef struct FdwTable {
    const char *schema, *name; /* local names, for messages */
    FdwOptions options, server_options;
    const FdwColumn *columns;
    size_t ncolumns;
    FdwOptions wrapper_options;
} FdwTable;

typedef enum FdwCompare { FDW_EQ, FDW_NE, FDW_LT, FDW_LE, FDW_GT, FDW_GE, FDW_IS_NULL, FDW_IS_NOT_NULL } FdwCompare;

/* A simple filter, column <op> constant, offered to a wrapper without a dialect. */
typedef struct FdwFilter {
    size_t column; /* index into FdwTable.columns */
    FdwCompare compare;
    const char *text; /* PostgreSQL's text form of the constant; NULL for the NULL tests */
} FdwFilter;

typedef enum FdwAnswer { FDW_LOCAL, FDW_RECHECK, FDW_EXACT } FdwAnswer;

typedef struct FdwParam {
    uint32_t oid;     /* 0: what the source takes it for, where it stands */
    const char *text; /* PostgreSQL's text form; NULL: SQL NULL */
} FdwParam;

/* The column that a result's column is as it stands, by names for messages; table NULL: it is an expression. */
typedef struct FdwPlace {
    const char *table, *column;
} FdwPlace;

/* What one scan is asked. With a dialect: sql and params. Without: table, projection and filters. */
typedef struct FdwScanSpec {
    const char *sql;
    const FdwParam *params;
    size_t nparams;

    const FdwTable *table;    /* the one scanned table, also with sql when the leaf reads just one; else NULL */
    const size_t *projection; /* per result column: index into table->columns (no dialect only) */
    const FdwFilter *filters;
    size_t nfilters;
    int64_t limit; /* -1: none (no dialect only) */

    const FdwType *columns;          /* the result's columns, as the vectors of a batch will have them */
    const char *const *column_names; /* of the result, for messages */
    const FdwPlace *places;          /* with sql only */
    size_t ncolumns;

    /* Splitting: when split_table is not NULL, rows may be delivered in any order and the scan may be cut into disjoint
     * parts by adding a condition on that table to `sql` at byte split_offset ("WHERE c" or " AND c", as split_where says). */
    const char *split_table; /* the source's qualified, quoted name */
    const char *split_alias; /* its quoted alias in sql */
    size_t split_offset;
    bool split_where; /* true: a WHERE must be written; false: AND */

    bool distinct;   /* estimate alone: asked is how many different rows the ncolumns columns in projection have */
    bool locks;      /* rows, as sql says: what it locked stays locked to the transaction's end, whatever fails after it */
    bool plan_once;  /* the parameters' values decide how the source best answers: what was prepared for others does not serve */
    bool is_fetched; /* by fetches of fetch_size rows, below 1 as no validator saw: none come. Else rows are streamed */
    int fetch_size;  /* the largest of the tables that sql reads */
} FdwScanSpec;

/* Rows that are written one after the other by one statement of the dialect's, in the connection's transaction. All or none. */
typedef struct FdwModifySpec {
    const char *sql;       /* with $1 to $nparams: one row's values */
    const uint32_t *types; /* of the parameters, as FdwParam.oid; NULL: all as the source takes them */
    size_t nparams;
    size_t nrows;              /* the statement runs so often */
    const char *const *values; /* nrows times nparams texts as FdwParam.text, row after row; NULL: SQL NULL */
    size_t nresults;           /* columns that its RETURNING gives; 0: it has none */
    /* Each row that RETURNING gives; row: of which run. Texts as relays give them. false: the error is set, stop. */
    bool (*result)(void *arg, size_t row, const char *const *cells);
    void *arg;
    uint64_t *affected; /* out, by run: how many rows it changed; may be NULL */
} FdwModifySpec;

/* One part of a split scan. */
typedef struct FdwPart {
    const char *sql;     /* NULL: the spec's own */
    int64_t first, last; /* the wrapper's own use (byte ranges of a file) */
} FdwPart;

typedef struct FdwEstimate {
    double rows;  /* < 0: unknown */
    double width; /* bytes a row; 0: unknown */
} FdwEstimate;

/* What a source knows of one of its tables: pg_class's and pg_statistic's figures. Of columns, in the order of FdwTable.columns, those that
 * the source knows nothing of stay as they arrive. */
typedef struct FdwColumnStatistics {
    bool known;
    double null_part, width, distinct; /* distinct: below 0, as a part of the rows */
} FdwColumnStatistics;

typedef struct FdwStatistics {
    double rows, pages; /* < 0: unknown */
    FdwColumnStatistics *columns;
} FdwStatistics;

typedef struct FdwConnection FdwConnection; /* the wrapper's */
typedef struct FdwScan FdwScan;             /* the wrapper's */
typedef struct FdwRelay FdwRelay;           /* the wrapper's */

/* A row in the client's own format, passed on without decoding. length -1: NULL. */
typedef struct FdwField {
    const char *bytes;
    int32_t length;
} FdwField;
/* Returns false when the client is gone or the row limit is reached; the relay is then closed by the caller. */
typedef bool (*FdwRowSink)(void *sink, const FdwField *fields, size_t nfields);

typedef struct FdwImportColumn {
    const char *name, *type; /* type: as format_type() writes it */
    const char *collation;   /* quoted, qualified; NULL: the type's */
    const char *default_expr, *generated_expr;
    bool not_null;
    FdwOptions options;
} FdwImportColumn;

typedef struct FdwImportTable {
    const char *name;
    const FdwImportColumn *columns;
    size_t ncolumns;
    FdwOptions options;
} FdwImportTable;

typedef struct FdwImportSpec {
    const char *remote_schema;
    enum { FDW_IMPORT_ALL, FDW_IMPORT_LIMIT_TO, FDW_IMPORT_EXCEPT } kind;
    const char *const *tables;
    size_t ntables;
    FdwOptions options;
    void (*table)(void *sink, const FdwImportTable *table); /* called once a table; the host copies */
    void *sink;
    FdwRights rights;    /* of the user who imports */
    const char *wrapper; /* name of the server's foreign-data wrapper, for messages */
} FdwImportSpec;

/* ---- the module ---- */

/* Beside the version of a source. */
enum { FDW_SOURCE_OTHER_ENCODING = 1 << 16 };

enum { FDW_PREPARED_NAME = 63 };

typedef struct FdwModule {
    uint32_t abi;                                      /* MEDLEY_FDW_ABI */
    uint32_t size;                                     /* sizeof(FdwModule) */
    const char *name;                                  /* of the extension and wrapper: "postgres_fdw" */
    const char *version;                               /* of the extension: "1.1" */
    const char *comment;                               /* of the extension */
    const char *handler_function, *validator_function; /* names of the catalog functions: "postgres_fdw_handler" */
    const char *dialect;                               /* "postgres", "sqlite", "mysql"; NULL: filters are offered one by one */
    /* A module of the dialect "sqlite" provides medley_int2(x), medley_int4(x) and medley_int8(x): a stored value as its scan would read
     * it into a column of that type. */
    bool needs_mapping;           /* a user without a user mapping cannot connect */
    uint32_t default_connections; /* of one pool, where the server has no option max_connections; 0: the host's own default */
    const FdwOption *options;     /* ends with a row whose name is NULL; in the order in which hints name them */

    /* Checks beyond the option table: of option `index` in its turn (those of type FDW_OPTION_CHECKED or FDW_OPTION_PLANNING_CHECKED), and
     * of all together at the end. */
    bool (*check_option)(FdwCall *call, const FdwCheck *check, size_t index);
    bool (*check_options)(FdwCall *call, const FdwCheck *check);

    FdwConnection *(*connect)(FdwCall *call, const FdwConnectInfo *info); /* required */
    void (*disconnect)(FdwConnection *connection);                        /* required */
    void (*cancel)(FdwConnection *connection);                            /* any thread, at any time; does not wait for the source */
    bool (*is_alive)(FdwConnection *connection);
    const char *(*remote_user)(FdwConnection *connection); /* for EXPLAIN; NULL: none */
    /* A connection that lay idle has come to the call's client. What fails is connected anew. */
    bool (*given)(FdwCall *call, FdwConnection *connection);

    /* A remote transaction with one snapshot: `snapshot`, as another connection's export_snapshot gave it, NULL for its own, or "" for its
     * own where no other connection will be asked to see it (export_snapshot is not called then, and can_prepare may be true). A failed
     * or cancelled scan inside it leaves it usable, its snapshot kept. commit and rollback do nothing when none is open.
     * All four are called by the host's pools (remote_acquire and its friends), never by who scans. export_snapshot: once, right after
     * begin; the text lives as long as the transaction. */
    bool (*begin)(FdwCall *call, FdwConnection *connection, const char *snapshot);
    const char *(*export_snapshot)(FdwCall *call, FdwConnection *connection);
    bool (*commit)(FdwCall *call, FdwConnection *connection);
    bool (*rollback)(FdwCall *call, FdwConnection *connection);

    /* How to read the spec with up to max_parts connections (those that were acquired together share a snapshot). Fills parts[] and
     * returns their number; 0: failed. */
    size_t (*split)(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, size_t max_parts, FdwPart *parts);
    FdwScan *(*scan_open)(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec,
                          const FdwPart *part);                       /* required; part NULL: all */
    bool (*scan_next)(FdwCall *call, FdwScan *scan, FdwBatch *batch); /* required */
    void (*scan_close)(FdwScan *scan);                                /* required; also in mid-scan */

    /* The client's own formats (0 text, 1 binary; one a column), undecoded. relay_next passes up to max_rows (0: all).
     * relay_open may return NULL without fail(): the rows cannot be passed on as they are (a source's column has another type than
     * spec->columns says, formats are mixed); the host scans instead. Texts are in ISO dates, UTC and shortest floats. */
    FdwRelay *(*relay_open)(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const int16_t *formats);
    bool (*relay_next)(FdwCall *call, FdwRelay *relay, size_t max_rows, FdwRowSink sink, void *arg, bool *at_end);
    void (*relay_close)(FdwRelay *relay);

    FdwAnswer (*offer_filter)(const FdwTable *table, const FdwFilter *filter);
    /* With spec->sql: of that query, as the source would plan it. Without: of the whole of spec->table, which is split_table there, or of
     * what is distinct in it. */
    bool (*estimate)(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out);
    bool (*import_schema)(FdwCall *call, FdwConnection *connection, const FdwImportSpec *spec);
    /* Further lines for EXPLAIN on a table ("Foreign File", "/path"); calls `line` for each. costs: EXPLAIN's option of that name. */
    void (*explain)(const FdwTable *table, bool costs, void (*line)(void *arg, const char *label, const char *text), void *arg);
    /* ANALYZE: what the source has collected itself, without reading the table. What it does not know is then sampled by scans. schema: of
     * the table there, where sources have schemas and no option names one. */
    bool (*statistics)(FdwCall *call, FdwConnection *connection, const FdwTable *table, FdwStatistics *out);
    /* The source's major version, where its dialect has several, with FDW_SOURCE_OTHER_ENCODING where its texts are not in UTF-8; 0: not
     * known. */
    int (*source_version)(const FdwConnection *connection);
    /* Whether a query of the table can be planned: no validator need have seen its options. */
    bool (*check_table)(FdwCall *call, const FdwTable *table);
    /* Writes, between begin and commit. What fails is undone by rollback or rollback_to; until then nothing else is asked but scan_close.
     * A module with `modify` reads over a connection whose transaction has locked or written rows by several scans at once, each call
     * being made while no other is: relay_open declines there. */
    bool (*modify)(FdwCall *call, FdwConnection *connection, const FdwModifySpec *spec);
    /* Savepoints of its transaction, by level from 1. Missing ones below are made with it. rollback_to leaves the savepoint itself in
     * place. All three do nothing where there is no such one (savepoint: where there is one). */
    bool (*savepoint)(FdwCall *call, FdwConnection *connection, int level);
    bool (*rollback_to)(FdwCall *call, FdwConnection *connection, int level);
    bool (*release)(FdwCall *call, FdwConnection *connection, int level);
    /* What the source calls the connection: any thread. And whether one of those that are waiting, so called, waits there for what the
     * transaction of this one has locked, be it by way of others; what cannot be asked without harm to the transaction is not known. */
    int64_t (*identity)(const FdwConnection *connection);
    bool (*blocks)(FdwCall *call, FdwConnection *connection, const int64_t *waiting, size_t count);
    /* Two-phase commit. can_prepare: whether the source takes what is written over the connection in a transaction that has begun like
     * this, or would begin alone. prepare: makes the transaction one that can be committed whatever happens to the connection, under a name
     * (at most FDW_PREPARED_NAME letters, digits and '_'); the connection is then in none. end_prepared: commits or undoes what has that
     * name, over any connection of the same user that is in no transaction; *found: whether there was one of that name. */
    bool (*can_prepare)(const FdwConnection *connection);
    bool (*prepare)(FdwCall *call, FdwConnection *connection, const char *name);
    bool (*end_prepared)(FdwCall *call, FdwConnection *connection, const char *name, bool commit, bool *found);
} FdwModule;

#endif
