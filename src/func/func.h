/*
 * func.h - built-in functions that Medley computes itself, row by row, to PostgreSQL's exact answer.
 *
 * One row a function, keyed by the OID of PostgreSQL's pg_proc. The same implementation serves constant folding in the
 * planner and, as a scalar function of the local engine, whole columns. Which functions exist for users, with which
 * signature, strictness and volatility, is pg_proc's to say, never this table's.
 */
#ifndef MEDLEY_FUNC_H
#define MEDLEY_FUNC_H

#include "catalog/catalog.h"
#include "func/proc_oids.h" /* generated: F_<NAME>_<ARGTYPES>, OIDs of the built-in functions */
#include "type/type.h"

/* One row of pg_stat_activity. */
typedef struct Activity {
    int pid;
    Oid user;
    const char *user_name, *application_name, *client_address, *query, *state, *wait_event_type, *wait_event;
    int client_port;                      /* -1: Unix socket */
    const char *tls_version, *tls_cipher; /* static; NULL: in the clear */
    int tls_bits;
    int64_t backend_start, transaction_start, query_start, state_change; /* microseconds since 1970 UTC; 0: none */
} Activity;

typedef struct SettingRow {
    const char *name, *value, *unit, *category, *short_desc, *context, *vartype, *source, *min, *max, *boot_value, *reset_value;
    const char *const *enum_values; /* NULL-terminated, or NULL */
} SettingRow;

/* One row of pg_cursors and of pg_prepared_statements. Times: microseconds since 1970 UTC. */
typedef struct CursorRow {
    const char *name, *statement;
    bool is_holdable, is_binary, is_scrollable;
    int64_t creation_time;
} CursorRow;

/* One version of an extension that can be installed. */
typedef struct ExtensionRow {
    const char *name, *version, *comment, *schema; /* schema NULL: wherever it is wanted */
    bool is_default, is_trusted, is_relocatable;
} ExtensionRow;

/* Names of extensions and (what: "version name", of: "Version") of their versions: 22023. */
bool func_check_extension_name(const char *what, const char *of, const char *name, Error *error) MUST_CHECK;
bool func_extension_missing(const char *name, Error *error); /* 0A000 extension "name" is not available; always false */

typedef struct PreparedRow {
    const char *name, *statement;
    int64_t prepare_time;
    const Oid *param_types;
    int nparams;
    bool from_sql;
    int64_t generic_plans, custom_plans;
} PreparedRow;

/* What functions may ask of the session they run in. Implemented by src/session. */
typedef enum AdvisoryVerb { ADVISORY_LOCK, ADVISORY_TRY, ADVISORY_UNLOCK, ADVISORY_UNLOCK_ALL } AdvisoryVerb;
typedef struct AdvisoryRequest {
    AdvisoryVerb verb;
    int64_t key;
    bool two_keys; /* key is made of two numbers: another lock than the one number's */
    bool shared, of_transaction;
    bool done; /* out: it was locked, or unlocked */
} AdvisoryRequest;

/* One row of pg_locks. */
typedef struct LockRow {
    int64_t key;
    bool two_keys, shared, waits;
    int pid;
    int64_t since; /* microseconds since 1970 UTC; waits: when that began */
} LockRow;

typedef struct SessionServices {
    void *arg;
    const char *(*get_setting)(void *arg, const char *name, Arena *arena); /* NULL: no such setting */
    const char *(*setting_flags)(void *arg, const char *name);             /* a text[]; NULL: no such setting */
    bool (*setting_is_hidden)(void *arg, const char *name); /* from all but superusers and members of pg_read_all_settings; NULL: none is */
    bool (*set_setting)(void *arg, const char *name, const char *value, bool is_local, Error *error);
    size_t (*settings)(void *arg, Arena *arena, SettingRow **out);
    void (*load)(void *arg, const char *library); /* the session uses it from now on: its settings are there. NULL: there are none */
    size_t (*activity)(void *arg, Arena *arena, Activity **out);
    bool (*signal_backend)(void *arg, int pid, bool terminate, bool *found, Oid *owner); /* cancel or terminate */
    /* Each of the following may be NULL: then there are none. */
    size_t (*cursors)(void *arg, Arena *arena, CursorRow **out);
    size_t (*locks)(void *arg, Arena *arena, LockRow **out);
    size_t (*prepared)(void *arg, Arena *arena, PreparedRow **out);
    size_t (*extensions)(void *arg, Arena *arena, ExtensionRow **out); /* by name, the oldest version first */
    /* Whether a setting could be given this value (NULL: be reset): ALTER ROLE ... SET. */
    bool (*check_setting)(void *arg, const char *name, const char *value, Error *error);
    int (*trigger_depth)(void *arg);                                     /* triggers that run, one inside another */
    const char *(*client_text)(void *arg);                               /* what the client has sent to be run; NULL: nothing */
    bool (*advisory)(void *arg, AdvisoryRequest *request, Error *error); /* false without an error: the session is interrupted */
    bool (*cancelled)(void *arg);                                        /* whether the statement is to end: pg_sleep polls it */
    /* Rows that lie in a node of Medley's own rows; node 0: bytes of the file of all. */
    bool (*stored_size)(void *arg, int64_t node, int64_t *out, Error *error);
} SessionServices;

void session_load(const SessionServices *session, const char *library);
/* The settings of a routine's SET clauses (pg_proc.proconfig; NULL: none) hold from here on; *before has what they were, and is to be
 * restored even where this fails. */
bool session_config_apply(const SessionServices *session, const char *config, Arena *arena, StrList *before, Error *error) MUST_CHECK;
void session_config_restore(const SessionServices *session, const StrList *before, Arena *arena);

/* A call of a user's function over canonical texts. FUNC_ROUTINE_VALUE: one value in rows[0][0]; the others: its rows, each of nrows by
 * columns (FUNC_ROUTINE_ROWS), or as one value (FUNC_ROUTINE_SET: a row of several columns in its text form). */
typedef enum FuncRoutineForm { FUNC_ROUTINE_VALUE = 'v', FUNC_ROUTINE_ROWS = 'r', FUNC_ROUTINE_SET = 's' } FuncRoutineForm;
typedef struct FuncRoutineCall {
    Oid proc, result_type;             /* OID_NONE: a text becomes a value of the user's type */
    const struct PlanSubplan *subplan; /* is run in the place of a function, with args as its parameters; NULL: proc is called */
    FuncRoutineForm form;
    const Oid *types;
    const char *const *args;
    int nargs;
    /* FUNC_ROUTINE_ROWS of a function of type record: the columns that the query gives it; NULL: it is not known */
    const Oid *expected_types;
    const int32_t *expected_typmods;
    int nexpected;
    const char *const **rows; /* out */
    size_t nrows;
    int ncolumns;
} FuncRoutineCall;

/* An expression as the catalog keeps it, or several separated by commas. */
typedef struct FuncStoredText {
    const char *text;
    Oid relation; /* whose columns it may read */
    Oid domain;   /* or which domain's VALUE */
    bool when;    /* a trigger's: columns are of old and new */
    bool pretty;
    bool call_parens; /* what is no call stands in parentheses: in keys */
} FuncStoredText;

/* The one relation that a view's rows are of; which of its columns each of the view's is (0: none). */
typedef struct FuncViewBase {
    Oid relation;
    const int *columns;
    int ncolumns;
} FuncViewBase;

/* An object as pg_get_object_address is given it. */
typedef struct FuncObjectName {
    const char *type;
    const ArrayShape *names, *args;
} FuncObjectName;

typedef struct FuncContext {
    Catalog *catalog;
    const TypeContext *types;
    Oid current_user, session_user;
    const char *database;
    int backend_pid;
    int64_t transaction_start, statement_start; /* microseconds since 1970 UTC */
    const SessionServices *session;
    /* The definition of a user's view as it reads now; NULL: none, or failed. Columns share lines up to `wrap` characters; below 0: one
     * line. */
    const char *(*view_text)(const struct FuncContext *functions, Oid view, bool pretty, int wrap, Arena *arena, Error *error);
    /* The same of a routine's body of the SQL standard. */
    const char *(*body_text)(const struct FuncContext *functions, Oid proc, Arena *arena, Error *error);
    /* The same of a stored expression. */
    const char *(*expr_text)(const struct FuncContext *functions, const FuncStoredText *stored, Arena *arena, Error *error);
    /* false: the view cannot be written through. */
    bool (*view_base)(const struct FuncContext *functions, Oid view, FuncViewBase *out, Arena *arena, Error *error);
    /* Whatever kind of object it is; it fails when there is none. */
    bool (*object_address)(const struct FuncContext *functions, const FuncObjectName *name, ObjectAddress *out, Arena *arena, Error *error);
    /* NULL: none can be called. By the session's own thread only. */
    bool (*call_routine)(const struct FuncContext *functions, FuncRoutineCall *call, Arena *arena, Error *error);
    const char *client_address; /* NULL: Unix socket */
    int client_port;
    const char *server_address;
    int server_port;
    int64_t server_start; /* microseconds since 1970 UTC */
    int64_t memory_limit; /* medley.query_memory_limit in kB; 0: none */
} FuncContext;

typedef struct FuncCall {
    const FuncContext *context;
    Arena *arena; /* for what the result points to */
    Oid proc, return_type;
    const Oid *arg_types;
    const Value *args;
    int nargs;
    Value *result; /* arrives as NULL of the right physical form */
    Error *error;
    bool ascii;       /* the texts are of collation C: no letters but those of ASCII */
    uint64_t *random; /* state of random numbers that calls in a row share; 0: not seeded yet. NULL: none */
} FuncCall;

/* What takes long asks now and then whether it is to end: then false, with 57014, or with 54000 or 53200 where it holds more than it may.
 */
bool func_goes_on(FuncCall *call) MUST_CHECK;
/* What one call may hold: the statement's limit, or a few values of the longest. */
ArenaBound func_bound(const FuncContext *context);
/* Before so many bytes are asked of the arena at once. */
bool func_has_room(FuncCall *call, size_t size) MUST_CHECK;
/* Whether what a function made is whole. Errors: 54000 a value too long, 53200 no room. */
bool func_is_whole(const FuncContext *context, const ArenaBound *bound, Error *error) MUST_CHECK;

/* A strict function (pg_proc.proisstrict) is not called with a NULL argument. Any thread, several at once. */
typedef bool (*FuncImpl)(FuncCall *call);
FuncImpl func_find(Oid proc); /* NULL: Medley does not compute it itself */

/* 55P04: a label of an enum that its own transaction has added. Always false. */
bool func_refuse_new_label(Error *error, const char *label, size_t len, const char *type);

/* What pg_proc says of a built-in function, without a catalog at hand. */
typedef struct FuncFact {
    Oid proc;
    const char *name;
    Oid return_type;
    Oid variadic; /* element type of a VARIADIC last argument, or OID_NONE */
    const Oid *arg_types;
    int16_t nargs;
    bool strict, returns_set;
    char kind, volatility; /* prokind, provolatile */
    bool leakproof;        /* proleakproof: fails for no arguments */
} FuncFact;
const FuncFact *func_fact(Oid proc); /* NULL: not built in */

/* Every function that func_find knows, by rising OID: the local engine registers each as mdl_<proname>_<oid> (with the layouts
 * that type_layout(type, -1) gives for its arguments and result), volatile where pg_proc says so. Functions whose pg_proc
 * signature is polymorphic or variadic are for folding only (is_scalar false) and reach the engine through helpers. */
typedef struct FuncEntry {
    const FuncFact *fact;
    FuncImpl impl;
    bool is_scalar;
    bool ascii; /* the function over texts of collation C, listed besides: mdl_<proname>_<oid>_c */
} FuncEntry;
size_t func_list(Arena *arena, FuncEntry **out);
bool func_is_scalar(Oid proc); /* whether func_list has it, and so */

/* A function whose answer depends on which characters are letters, and on their cases. NULL: it is none. pattern: the argument that only
 * asks so where it has classes or options; 0: the function always does. most: arguments from which on there are flags. */
typedef struct FuncLetters {
    const char *name;
    int pattern, most;
} FuncLetters;
const FuncLetters *func_letters(Oid proc);

/* Scalar functions of the local engine that are no row of pg_proc, named mdl_<name>. With returns_list the result is an array's
 * text, of which the engine makes a VARCHAR[]. */
typedef struct FuncHelper {
    const char *name;
    FuncImpl impl;
    Oid proc; /* FuncCall.proc: which function or type the helper works for */
    Oid args[5];
    int nargs;
    Oid result;
    bool strict, returns_list;
} FuncHelper;
size_t func_helpers(const FuncHelper **out);
/* It is not computed before the query runs, though its arguments are constant. */
bool func_helper_is_volatile(const FuncHelper *helper);

/* Aggregates of the local engine, named mdl_<name>. A state is a pointer, NULL until the first row; rows with a NULL argument are left
 * out, and a group without a row is NULL. The arena is the call's own: a state must not keep what lies in it. */
typedef struct FuncAggregate {
    const char *name;
    Oid args[2];
    int nargs;
    Oid result, proc; /* proc: what `finish` is to give */
    bool (*step)(void **state, const Value *args, Arena *arena, Error *error);
    bool (*merge)(void **state, const void *other, Arena *arena, Error *error);
    bool (*finish)(Oid proc, const void *state, Value *out, Arena *arena, Error *error); /* *out arrives as NULL */
} FuncAggregate;
size_t func_aggregates(const FuncAggregate **out);
void func_aggregate_close(void *state);

/* Set-returning functions that make their rows up (pg_show_all_settings, pg_stat_get_activity, ...). */
typedef struct FuncSetCall {
    FuncCall call;                                               /* result unused */
    bool (*emit)(void *sink, const Value *row, size_t ncolumns); /* false: stop */
    void *sink;
} FuncSetCall;
typedef bool (*FuncSetImpl)(FuncSetCall *call);
FuncSetImpl func_find_set(Oid proc);

/* The error of a value that a domain refuses: by its CHECK, or (constraint NULL) by a NOT NULL. Always false. */
bool func_domain_refuse(Catalog *catalog, Oid domain, const char *constraint, Error *error);

/* Calls a function on canonical constant texts (NULL: SQL NULL) and gives the canonical text of the result: constant folding.
 * Strictness is applied here. */
bool func_fold(Oid proc, const FuncContext *context, Oid return_type, const Oid *arg_types, const char *const *args, int nargs,
               Arena *arena, const char **out, Error *error) MUST_CHECK;
/* The same over texts of collation C. */
bool func_fold_ascii(Oid proc, const FuncContext *context, Oid return_type, const Oid *arg_types, const char *const *args, int nargs,
                     Arena *arena, const char **out, Error *error) MUST_CHECK;
/* nextval of an identity column's own sequence. */
bool func_fold_identity(const FuncContext *context, const char *sequence, Arena *arena, const char **out, Error *error) MUST_CHECK;

#endif
