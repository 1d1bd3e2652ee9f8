/*
 * catalog.h - the system catalogs: PostgreSQL's own tables and columns, kept in one SQLite file.
 *
 * CatalogStore is the file, one a process. Catalog is one session's view of it: outside a writing transaction each
 * statement reads a fresh snapshot; the first change in a transaction takes the process's one writer (waiting for it,
 * cancellably), and from then on the session reads its own changes. A Catalog may be read by several threads at once (it
 * locks itself); only the session's worker changes it. All records are borrowed: they stay valid until
 * catalog_statement_end or the next change of the catalog by this session, whichever comes first.
 *
 * Stored forms: booleans 0/1, OIDs and integers as INTEGER, arrays in PostgreSQL's text form, ACLs as aclitem[] text with
 * role OIDs in place of names ("{10=U/10,=U/10}"). pg_user_mapping.umoptions lies sealed
 * in the file, but is read and written here in the clear: the table of that name is a view that seals and unseals.
 */
#ifndef MEDLEY_CATALOG_H
#define MEDLEY_CATALOG_H

#include "base/base.h"
#include "catalog/catalog_oids.h" /* generated: PG_CLASS_RELATION, PG_TYPE_RELATION, ..., OIDs of catalog tables and pinned objects */
#include "type/type.h"

enum { BOOTSTRAP_ROLE = 10 }; /* which initdb makes: it may do all */

typedef VEC(Oid) OidList;

typedef struct CatalogStore CatalogStore;
typedef struct Catalog Catalog;

/* ---- the store ---- */

typedef struct CatalogStoreOptions {
    const char *directory; /* made, mode 0700, when absent */
    const char *key_file;  /* sealing key, outside directory; made with mode 0600 when absent */
    const char *superuser; /* name of role 10, at creation only */
    Log *log;
} CatalogStoreOptions;

/* Locks the directory against a second server. Errors: in use, newer format, damaged, key wrong or readable by others. */
CatalogStore *catalog_store_open(const CatalogStoreOptions *options, Arena *arena, Error *error);
void catalog_store_close(CatalogStore *store);

/* ---- one session's view ---- */

/* `cancelled` is polled while waiting for the writer (may be NULL). */
Catalog *catalog_open(CatalogStore *store, Arena *arena, bool (*cancelled)(void *arg), void *arg);
/* Asked again and again while it waits for the writer, with the milliseconds it has waited. false: it gives up; the error is set. */
typedef bool (*CatalogWaits)(void *arg, int64_t waited, Error *error);
void catalog_set_waits(Catalog *catalog, CatalogWaits waits, void *arg);
/* Called with the `arg` of each that waits for the writer, then with that of who has it; meanwhile they all stay. Must not take long. */
typedef struct WriterLook {
    void (*waiter)(void *to, void *waiter);
    void (*holder)(void *to, void *holder);
} WriterLook;
/* Calls nothing where nobody has the writer. */
void catalog_look_at_writer(Catalog *catalog, const WriterLook *look, void *to);
void catalog_close(Catalog *catalog);
/* What names are looked up with: the search_path setting's text, and as whom ("$user"). */
void catalog_set_search_path(Catalog *catalog, const char *search_path, Oid user);
/* What was set last: the text (copied) and as whom. */
const char *catalog_search_path_setting(Catalog *catalog, Arena *arena, Oid *user);
bool catalog_has_search_path(Catalog *catalog, const char *search_path, Oid user); /* whether these are set */
/* How regtype input reads a type's name as written (sql_read_type); without one only plain names are known. */
void catalog_set_type_parser(Catalog *catalog, bool (*parse)(const char *, Catalog *, Arena *, Oid *, Error *));
/* For notices given while dropping etc. */
void catalog_set_notices(Catalog *catalog, const Notices *notices);
const Notices *catalog_notices(Catalog *catalog);

/* ALTER TYPE ... ADD VALUE: nobody uses a label before the transaction that adds it is over, for its OID says nothing of its place. */
void catalog_note_label(Catalog *catalog, Oid label);
bool catalog_label_is_new(const Catalog *catalog, Oid label);

bool catalog_statement_begin(Catalog *catalog, Error *error) MUST_CHECK;
void catalog_statement_end(Catalog *catalog);
/* Whether a look-up of this statement could not read the store: what it answered is then worth nothing. true: the error is set. */
bool catalog_failure(Catalog *catalog, Error *error);
/* Keeps all records handed out in this statement beyond its end: for portals and prepared queries that point to them. */
typedef struct CatalogPin CatalogPin;
CatalogPin *catalog_pin(Catalog *catalog);
void catalog_unpin(CatalogPin *pin); /* any thread */
/* The session's transaction. Savepoints are numbered by nesting, 1 the outermost; releasing or rolling back to level n ends all above it
 * (rolling back to n keeps n itself). */
void catalog_transaction_begin(Catalog *catalog);
bool catalog_transaction_commit(Catalog *catalog, Error *error) MUST_CHECK;
void catalog_transaction_rollback(Catalog *catalog);
bool catalog_savepoint(Catalog *catalog, int level, Error *error) MUST_CHECK;
bool catalog_savepoint_release(Catalog *catalog, int level, Error *error) MUST_CHECK;
bool catalog_savepoint_rollback(Catalog *catalog, int level, Error *error) MUST_CHECK;
/* Version of what this session sees: differs from every other state's while it has uncommitted changes. Key for caches. */
uint64_t catalog_version(Catalog *catalog);
/* What the statement sees from now on is of that version, until the session takes the writer. */
bool catalog_settle(Catalog *catalog, uint64_t *version, Error *error) MUST_CHECK;
/* A write begins that relies on what was looked up in that version: where others have changed more than rows of tables since then, or when
 * the session takes the writer in the write's middle, it fails (40001). */
bool catalog_rely(Catalog *catalog, uint64_t version, Error *error) MUST_CHECK;
void catalog_rely_no_more(Catalog *catalog);
/* What is changed between these two is of no matter to other sessions' statements: temporary objects, statistics, where rows lie.
 * They nest. */
void catalog_begin_private(Catalog *catalog);
void catalog_end_private(Catalog *catalog);
/* Whether the session has changed the catalog and not yet committed: its version is then nobody else's. */
bool catalog_has_changes(Catalog *catalog);

/* ---- SQL on the catalog, for commands and system views. SQLite's dialect, PostgreSQL's table and column names. ----
 * `types` has a letter a parameter (?1, ?2, ...): i int64_t, o Oid, s const char * (NULL: SQL NULL), b bool (int), d double, n NULL (takes
 * no argument). */

typedef struct CatalogCell {
    bool is_null;
    int64_t i; /* integers */
    double d;
    const char *text; /* text, or the number's text */
    size_t len;
} CatalogCell;

typedef struct CatalogRows {
    size_t nrows, ncolumns;
    CatalogCell *cells; /* row-major */
} CatalogRows;

#define CATALOG_CELL(rows, row, column) ((rows)->cells[(size_t)(row) * (rows)->ncolumns + (size_t)(column)])

CatalogRows *catalog_query(Catalog *catalog, Arena *arena, Error *error, const char *sql, const char *types, ...);
CatalogRows *catalog_query_va(Catalog *catalog, Arena *arena, Error *error, const char *sql, const char *types, va_list args);
/* Takes the writer before the first change: what is looked up from here on nobody else changes until the transaction ends. */
bool catalog_write_begin(Catalog *catalog, Error *error) MUST_CHECK;
/* It has changed something, or is about to. */
bool catalog_is_writing(const Catalog *catalog);
/* A change; takes the writer. *changes (may be NULL): rows touched. */
bool catalog_exec(Catalog *catalog, Error *error, int64_t *changes, const char *sql, const char *types, ...) MUST_CHECK;
/* Objects from here on are made by users, or by extensions. */
enum { FIRST_USER_OID = 16384 };

/* A fresh OID, from FIRST_USER_OID upward, unique over the whole catalog. OID_NONE: failed. */
Oid catalog_new_oid(Catalog *catalog, Error *error);

/* A streaming read, for scans of catalog tables as a source: any SELECT in SQLite's dialect. One row at a time. */
typedef struct CatalogScan CatalogScan;
struct sqlite3;
/* Functions that the SELECT may call beyond SQLite's own. */
typedef struct CatalogFunctions {
    const void *context; /* in whose name this scan calls them */
    /* Once a connection; *caller is the context of the scan that calls. arena: the connection's. */
    bool (*install)(struct sqlite3 *handle, const void *const *caller, Arena *arena);
} CatalogFunctions;
CatalogScan *catalog_scan_open(Catalog *catalog, const char *sql, const CatalogFunctions *functions, Error *error);
/* An error of such a function as the one text that goes through SQLite; the scan's error is then as it was set. */
const char *catalog_error_text(const Error *error, Arena *arena);
/* *row: ncolumns cells, valid until the next call; NULL at the end. */
bool catalog_scan_next(CatalogScan *scan, const CatalogCell **row, Error *error) MUST_CHECK;
void catalog_scan_close(CatalogScan *scan);

/* ---- records ---- */

typedef struct CatRole {
    Oid oid;
    const char *name;
    bool super, inherit, create_role, create_db, login, replication, bypass_rls;
    int connection_limit;
    const char *password;    /* SCRAM secret or NULL */
    const char *valid_until; /* canonical timestamptz text or NULL */
} CatRole;

typedef struct CatNamespace {
    Oid oid, owner;
    const char *name;
} CatNamespace;

typedef struct CatType {
    Oid oid, namespace_oid, owner, relation, element, array, base, collation;
    const char *name;
    int16_t length;
    char kind;     /* typtype: b c d e p r m */
    char category; /* typcategory */
    bool preferred, by_value, is_defined;
    int32_t typmod;    /* domains */
    Oid typmod_in;     /* OID_NONE: takes no modifier */
    Oid range_subtype; /* of a multirange: its range */
    Oid multirange;    /* of a range; of a multirange itself */
} CatType;

typedef struct CatProc {
    Oid oid, namespace_oid, owner, return_type, variadic;
    const char *name, *source;
    char kind;       /* f a w p */
    char volatility; /* i s v */
    bool strict, returns_set;
    int nargs, ndefaults;
    const Oid *arg_types; /* input arguments */
    int nall;             /* with OUT and TABLE columns; 0: only inputs */
    const Oid *all_types;
    const char *all_modes;        /* nall letters (without all_types, nargs), or NULL */
    const char *const *arg_names; /* by all_types or arg_types order; NULL: none */
    const char *defaults;         /* comma-separated SQL expressions for the last ndefaults, or NULL */
    char aggregate_kind;          /* n o h; 0: no aggregate */
    int aggregate_direct_args;
} CatProc;

typedef struct CatOperator {
    Oid oid, namespace_oid, left, right, result, proc, commutator, negator;
    const char *name;
    char kind; /* b l */
} CatOperator;

typedef struct CatCast {
    Oid source, target, proc;
    char context; /* i a e */
    char method;  /* f i b */
} CatCast;

typedef struct CatColumn {
    int16_t number;
    const char *name;
    Oid type, collation;
    int32_t typmod;
    bool not_null, dropped, has_default;
    char generated, identity;
    const char *missing; /* attmissingval: what rows have that were stored before the column was added; NULL: SQL NULL */
    FdwOptions options;  /* attfdwoptions */
} CatColumn;

typedef struct CatRelation {
    Oid oid, namespace_oid, owner, row_type, server; /* server: foreign tables only */
    const char *name, *schema;
    char kind;    /* relkind: r f v p S i m c */
    int ncolumns; /* dropped ones included; columns[i].number == i + 1 */
    const CatColumn *columns;
    FdwOptions options;          /* ftoptions */
    const char *acl;             /* stored form or NULL */
    const char *view_definition; /* SQL text of a view or materialized view, or NULL */
    bool is_populated;           /* false: a materialized view that nothing was stored in yet */
    bool is_system;              /* a catalog table: its rows are in this store */
    bool is_shared;
    double rows;       /* reltuples, as ANALYZE found; -1: it was not run */
    bool has_children; /* relhassubclass: has or had */
    bool is_partition;
    int64_t stored_node;   /* what holds its rows in src/exec's file of rows; 0: it has none yet */
    int stored_columns;    /* how many columns those rows have: of later ones they have none */
    bool security_invoker; /* a view that reaches its sources as whoever reads it */
    bool security_barrier; /* a view whose conditions come before those of whoever reads it */
} CatRelation;

typedef struct CatWrapper {
    Oid oid, owner, handler, validator;
    const char *name, *module; /* module: name of the loaded module behind the handler; NULL: none */
    FdwOptions options;
    const char *acl;
} CatWrapper;

typedef struct CatServer {
    Oid oid, owner, wrapper;
    const char *name, *type, *version;
    FdwOptions options;
    const char *acl;
} CatServer;

typedef struct CatUserMapping {
    Oid oid, user, server; /* user OID_NONE: PUBLIC */
    FdwOptions options;    /* unsealed */
} CatUserMapping;

typedef struct CatCollation {
    Oid oid, namespace_oid;
    const char *name;
    bool deterministic, by_bytes; /* by_bytes: its order is that of the bytes */
    bool ascii_letters;           /* upper, lower and initcap know those of ASCII only */
} CatCollation;

typedef struct CatKeyword {
    const char *word;
    char category;   /* catcode: U unreserved, C column name, T type or function name, R reserved */
    bool bare_label; /* may be a column label without AS */
} CatKeyword;

/* The grammar's keywords, in byte order. */
const CatKeyword *catalog_keywords(size_t *count);
/* A sequence: what it is (a record like the others), and where it stands, which no transaction holds back. */
typedef struct CatSequence {
    Oid oid, node, type; /* node: pg_class.relfilenode, under which its state is kept */
    const char *name;
    int64_t start, increment, max, min, cache;
    bool cycle;
} CatSequence;

typedef struct SequenceState {
    int64_t last_value, log_cnt;
    bool is_called;
} SequenceState;

/* Look-ups return NULL when there is none; no error is set (a failing store logs and ends the statement: catalog_failure). */
const CatRole *catalog_role(Catalog *catalog, Oid oid);
const CatRole *catalog_role_by_name(Catalog *catalog, const char *name);
const CatNamespace *catalog_namespace(Catalog *catalog, Oid oid);
const CatNamespace *catalog_namespace_by_name(Catalog *catalog, const char *name);
const CatType *catalog_type(Catalog *catalog, Oid oid);
const CatType *catalog_type_by_name(Catalog *catalog, const char *schema, const char *name); /* schema NULL: search path */
/* What the domain, and the domains that it is over, come to; other types are their own. *typmod, where one is asked for: the innermost
 * domain's, as it was for what is no domain. */
Oid catalog_base_type(Catalog *catalog, Oid oid, int32_t *typmod);
const CatProc *catalog_proc(Catalog *catalog, Oid oid);
size_t catalog_procs_by_name(Catalog *catalog, const char *schema, const char *name,
                             const CatProc *const **out); /* visible ones, in path order */
const CatOperator *catalog_operator(Catalog *catalog, Oid oid);
size_t catalog_operators_by_name(Catalog *catalog, const char *schema, const char *name, const CatOperator *const **out);
const CatCast *catalog_cast(Catalog *catalog, Oid source, Oid target);
const CatRelation *catalog_relation(Catalog *catalog, Oid oid);
const CatRelation *catalog_relation_by_name(Catalog *catalog, const char *schema, const char *name);
const CatCollation *catalog_collation(Catalog *catalog, Oid oid);
const CatCollation *catalog_collation_by_name(Catalog *catalog, const char *schema, const char *name);
const CatWrapper *catalog_wrapper(Catalog *catalog, Oid oid);
const CatWrapper *catalog_wrapper_by_name(Catalog *catalog, const char *name);
/* 55000 where it has no handler; of a relation that is no foreign table, nothing is asked. */
bool catalog_check_handler(const CatWrapper *wrapper, Error *error) MUST_CHECK;
bool catalog_check_table_handler(Catalog *catalog, const CatRelation *relation, Error *error) MUST_CHECK;
/* What a foreign table's wrapper says of changes in PostgreSQL, by an option of that name (NULL: as if there were none); 42601 where its
 * value is no Boolean. */
typedef enum ForeignAllows { FOREIGN_NEVER, FOREIGN_SWITCHED_OFF, FOREIGN_ALLOWED } ForeignAllows;
bool catalog_foreign_allows(Catalog *catalog, const CatRelation *relation, const char *option, ForeignAllows *out, Error *error) MUST_CHECK;
/* restrict_nonsystem_relation_kind: what is not the system's own of these kinds is neither read nor written, 55000. */
void catalog_restrict_kinds(Catalog *catalog, bool views, bool foreign_tables);
bool catalog_check_kind(Catalog *catalog, Oid relation, Error *error) MUST_CHECK;
/* Whether that ("insert into", "update", ...) may be done to the foreign table. user: who needs a mapping; OID_NONE: it is not done. */
bool catalog_check_foreign_write(Catalog *catalog, const CatRelation *relation, const char *to_do, Oid user, Error *error) MUST_CHECK;
/* Whether all rows of the table and those below it are foreign tables'. */
bool catalog_is_foreign_only(Catalog *catalog, const CatRelation *relation);
const CatServer *catalog_server(Catalog *catalog, Oid oid);
const CatServer *catalog_server_by_name(Catalog *catalog, const char *name);
const CatUserMapping *catalog_user_mapping(Catalog *catalog, Oid user, Oid server);           /* exactly this user (OID_NONE: PUBLIC) */
const CatUserMapping *catalog_user_mapping_effective(Catalog *catalog, Oid user, Oid server); /* own, else PUBLIC's */
const CatSequence *catalog_sequence(Catalog *catalog, Oid oid);
/* The state of a fresh relfilenode, at once and for good. */
bool catalog_sequence_begin(Catalog *catalog, Oid node, SequenceState state, Error *error) MUST_CHECK;
bool catalog_sequence_read(Catalog *catalog, const CatSequence *sequence, SequenceState *state, Error *error) MUST_CHECK;
bool catalog_sequence_next(Catalog *catalog, const CatSequence *sequence, int64_t *value, Error *error) MUST_CHECK;
bool catalog_sequence_set(Catalog *catalog, const CatSequence *sequence, int64_t value, bool is_called, Error *error) MUST_CHECK;
/* The value this session got last from the sequence; false: none. And the sequence it used last (OID_NONE: none). */
bool catalog_sequence_last(Catalog *catalog, Oid oid, int64_t *value) MUST_CHECK;
Oid catalog_last_sequence(Catalog *catalog);
void catalog_sequences_forget(Catalog *catalog); /* DISCARD SEQUENCES */
/* Namespaces of the effective search path, pg_catalog included in its place. */
size_t catalog_search_path(Catalog *catalog, bool with_implicit, const Oid **out);
/* The schema of this session's temporary objects, OID_NONE: there is none yet. It is searched first, and is pg_temp. */
void catalog_set_temporary(Catalog *catalog, Oid schema);
Oid catalog_temporary(Catalog *catalog);
bool catalog_is_temporary(Catalog *catalog, Oid schema); /* some session's */
/* The path says that an unqualified CREATE makes temporary objects. */
bool catalog_creates_temporary(Catalog *catalog);
/* pg_temp_<number>, empty. */
bool catalog_temporary_make(Catalog *catalog, int number, Oid *schema, Error *error) MUST_CHECK;
/* Drops what is in it. */
bool catalog_temporary_empty(Catalog *catalog, Oid schema, Error *error) MUST_CHECK;
bool catalog_temporary_empty_all(CatalogStore *store, Error *error) MUST_CHECK; /* what a crash has left */
/* Where an unqualified CREATE goes; OID_NONE: nowhere (3F000 "no schema has been selected to create in"). */
Oid catalog_creation_namespace(Catalog *catalog);
/* Whether the object would be found by its bare name: relations, types, procs, operators, collations. */
bool catalog_is_visible(Catalog *catalog, Oid class_oid, Oid oid);

/* One object, or a column of it. */
typedef struct ObjectAddress {
    Oid class_oid, oid;
    int sub; /* column number or 0 */
} ObjectAddress;

/* ---- privileges (PostgreSQL manual, section 5.7) ---- */

typedef uint32_t AclMask;
enum {
    ACL_INSERT = 1,
    ACL_SELECT = 2,
    ACL_UPDATE = 4,
    ACL_DELETE = 8,
    ACL_TRUNCATE = 16,
    ACL_REFERENCES = 32,
    ACL_TRIGGER = 64,
    ACL_EXECUTE = 128,
    ACL_USAGE = 256,
    ACL_CREATE = 512,
    ACL_CREATE_TEMP = 1024,
    ACL_CONNECT = 2048,
    ACL_SET = 4096,
    ACL_ALTER_SYSTEM = 8192,
};

typedef struct AclItem {
    Oid grantee, grantor; /* grantee OID_NONE: PUBLIC */
    AclMask privileges, grant_options;
} AclItem;

AclItem *acl_parse(const char *stored, Arena *arena, size_t *count);    /* stored NULL: none */
const char *acl_text(const AclItem *items, size_t count, Arena *arena); /* stored form */
/* PostgreSQL's default ACL of an object kind ('r' relation, 's' sequence, 'n' schema, 'f' function, 'S' foreign server, 'F' wrapper, 'T'
 * type, 'd' database, 'l' language). */
AclItem *acl_default(char kind, Oid owner, Arena *arena, size_t *count);

/* An object's list: the stored one or, when there is none, the default. sub: a column's own (which by default gives nothing). */
AclItem *catalog_acl(Catalog *catalog, ObjectAddress object, Arena *arena, size_t *count);

/* Of `mask`, what the role has on the object (superusers: all). column 0: the object itself; else only what the column's own list adds. */
AclMask catalog_privileges(Catalog *catalog, Oid class_oid, Oid oid, int column, Oid role, AclMask mask);
/* Of `mask`, what the role may grant on: its owner and superusers all. */
AclMask catalog_grant_options(Catalog *catalog, ObjectAddress object, Oid role, AclMask mask);
bool catalog_is_owner(Catalog *catalog, Oid class_oid, Oid oid, Oid role); /* superusers and members of the owner too */
bool catalog_has_privs_of(Catalog *catalog, Oid member, Oid role);         /* through inheriting memberships */
bool catalog_is_member(Catalog *catalog, Oid member, Oid role);            /* through any membership */
bool catalog_is_member_nosuper(Catalog *catalog, Oid member, Oid role);    /* superusers not counted as members of everything */
bool catalog_is_superuser(Catalog *catalog, Oid role);
/* PostgreSQL's 42501: "permission denied for foreign table t", "must be owner of server s". Always false. */
bool catalog_denied(Catalog *catalog, Oid class_oid, Oid oid, bool owner_wanted, Error *error);

/* ---- objects and dependencies ---- */

typedef enum DropBehavior { DROP_RESTRICT, DROP_CASCADE } DropBehavior;

/* Whether the rows of this catalog are objects that dependencies may name. */
bool catalog_is_object_class(Oid class_oid);
/* As catalog_describe; NULL: there is no such object. */
const char *catalog_describe_existing(Catalog *catalog, ObjectAddress object, Arena *arena);
/* "foreign table public.t", "server s", "user mapping for u on server s": PostgreSQL's pg_describe_object. */
const char *catalog_describe(Catalog *catalog, ObjectAddress object, Arena *arena);
bool catalog_is_pinned(ObjectAddress object); /* made by the first phase of initdb: nothing notes that it depends on it */
bool catalog_depend(Catalog *catalog, ObjectAddress from, ObjectAddress on, char kind, Error *error) MUST_CHECK; /* n a i e x */
bool catalog_depend_shared(Catalog *catalog, ObjectAddress from, Oid role, char kind, Error *error) MUST_CHECK;  /* o a */
bool catalog_change_owner(Catalog *catalog, ObjectAddress object, Oid owner,
                          Error *error) MUST_CHECK; /* the owner column, ACL and pg_shdepend */
bool catalog_set_acl(Catalog *catalog, ObjectAddress object, const AclItem *items, size_t count,
                     Error *error) MUST_CHECK; /* ACL column and pg_shdepend; count 0 with items NULL: back to NULL */
/* Deletes the objects and, with CASCADE, what depends on them; else 2BP01 with PostgreSQL's detail and hint. Comments,
 * privileges and dependencies go with each. Notices ("drop cascades to ...") go to the catalog's notices. */
bool catalog_drop(Catalog *catalog, const ObjectAddress *objects, size_t count, DropBehavior behavior, Error *error) MUST_CHECK;
/* Asked of each relation that goes, and of each that loses a column, by whatever the statement names. false: the error is set. */
typedef struct DropCheck {
    bool (*may_drop)(void *arg, ObjectAddress object, Error *error); /* NULL: all may go */
    void *arg;
} DropCheck;
/* Gives the one before, to be set again. */
DropCheck catalog_set_drop_check(Catalog *catalog, DropCheck check);
/* For DROP ROLE: objects that depend on the role, described one a line as PostgreSQL's detail; NULL: none. */
const char *catalog_role_dependents(Catalog *catalog, Oid role, Arena *arena);
bool catalog_comment(Catalog *catalog, ObjectAddress object, const char *text, Error *error) MUST_CHECK; /* text NULL: removed */
/* Deletes one object's own row(s), comments, ACL entries and dependencies, without asking who depends on it. */
bool catalog_delete_object(Catalog *catalog, ObjectAddress object, Error *error) MUST_CHECK;

/* ---- options ---- */

FdwOptions catalog_options_parse(const char *array_text, Arena *arena);    /* "{a=b,\"c=d e\"}"; NULL: none */
const char *catalog_options_text(const FdwOptions *options, Arena *arena); /* NULL when there are none */
const char *catalog_option(const FdwOptions *options, const char *name);   /* NULL: absent */

/* The resolver of reg* types and aclitem for type contexts. */
const TypeResolver *catalog_resolver(Catalog *catalog);
/* What a reg* type's text names; numbers and "-" are names too. */
bool catalog_reg_by_name(Catalog *catalog, Oid reg_type, const char *text, Oid *out, Error *error) MUST_CHECK;
/* Whether the user may look into the schema that a reg* type's text names, if it names one. */
bool catalog_check_reg_schema(Catalog *catalog, Oid reg_type, const char *text, Oid user, Error *error) MUST_CHECK;
/* format_type() for any type; qualified when not visible. */
const char *catalog_format_type(Catalog *catalog, Oid type, int32_t typmod, Arena *arena);
/* "f(integer,text)", "+(integer,integer)": regprocedure's and regoperator's forms; qualified when not visible. */
const char *catalog_format_proc(Catalog *catalog, const CatProc *proc, Arena *arena);
const char *catalog_format_operator(Catalog *catalog, const CatOperator *operator, Arena * arena);
/* schema.name, each quoted where it must be; namespace OID_NONE: the name alone. */
const char *catalog_qualified(Catalog *catalog, Oid namespace_oid, const char *name, Arena *arena);
/* The next name of a setting's comma-separated list, unquoted or folded to lower case; NULL at the end. */
const char *catalog_next_name(const char **list, Arena *arena);
/* A text search configuration by name, qualified or not: 42704, 3F000 where there is none, errors of names. */
bool catalog_search_config_by_name(Catalog *catalog, const char *text, Arena *arena, Oid *out, Error *error) MUST_CHECK;
/* quote_ident(): by PostgreSQL's keyword list; every name where the catalog's session says so. NULL: for nobody's eyes, as short as it
 * goes. */
const char *catalog_quote_identifier(const Catalog *catalog, const char *name, Arena *arena);
/* quote_all_identifiers. Returns what held before: what is stored has no needless quotes, whoever stores it. */
bool catalog_quote_all(Catalog *catalog, bool quote);
const char *catalog_quote_literal(const char *text, Arena *arena);  /* quote_literal(): E before what has backslashes */
const char *catalog_quote_constant(const char *text, Arena *arena); /* as deparsed expressions have it: never with E */

/* ---- output.c: values as clients see them ---- */

/* What is in a row, an array or a domain. */
typedef struct ValueField {
    Oid type;
    const char *name; /* of a row's */
    /* Of a record, or an array of records, what is in it: an array's text of three elements a field (its name, its type's OID, and of a
     * record, how many elements follow that tell the same of what is in it). NULL: told by the type, or by each value before its text. */
    const char *fields;
} ValueField;

typedef struct ValueParts {
    bool is_row, is_array; /* neither: it is one value */
    ValueField element;
    ValueField *fields;
    int nfields;
} ValueParts;

/* The text for ValueField.fields. */
const char *catalog_fields_text(const ValueField *fields, int count, Arena *arena);
/* base: no domain. text: of the value; NULL: of any of them. Arrays of built-in types are one value. */
ValueParts catalog_value_parts(Catalog *catalog, Oid base, const char *fields, const char *text, Arena *arena);
/* A record's text, or one of an array of records, in which each value itself tells what its fields are; others as they are. */
const char *catalog_with_fields(Oid type, const char *fields, const char *text, Arena *arena);
/* Whether some session shows another text than the canonical one. */
bool catalog_text_varies(Catalog *catalog, Oid type, const char *fields);
/* The text for a session of the value whose canonical text is given. NULL: failed, or there was none. */
const char *catalog_shown_text(Catalog *catalog, Oid type, const char *fields, const char *text, const TypeContext *types, Arena *arena,
                               Error *error);

/* ---- stored.c: where the rows of Medley's own tables lie ----
 * Rows lie in a file of their own (src/exec), in nodes; each carries the number of the write that made it. Which node is whose, and the
 * number of the last write, are the catalog's: so its commit decides about rows too. Readers see the rows up to the number that they
 * read here; the one writer's own are among them. */

/* Told while the writer is still held. undo: rows with a higher number are to go (a rollback, also to a savepoint). commit: they stay. */
typedef struct RowKeeper {
    void *arg;
    void (*undo)(void *arg, int64_t number);
    void (*commit)(void *arg);
} RowKeeper;

void catalog_store_keep_rows(CatalogStore *store, const RowKeeper *keeper);
bool catalog_stored_number(Catalog *catalog, int64_t *number, Error *error) MUST_CHECK;
/* Both take the writer. */
bool catalog_stored_set_number(Catalog *catalog, int64_t number, Error *error) MUST_CHECK;
bool catalog_stored_set_node(Catalog *catalog, Oid relation, int64_t node, int columns, Error *error) MUST_CHECK;

/* Rows that only pass, as those of foreign tables do, lie in a node (below 0) as long as the statement that writes them, which is the
 * session's own. This is the node that holds the relation's rows of the write of that number (0: of any); 0: none does. */
int64_t catalog_node(const Catalog *catalog, const CatRelation *relation, int64_t number);
/* One of rows that pass; 0: there is none. */
int64_t catalog_passing_node(const Catalog *catalog, Oid relation, int64_t number);
void catalog_passing_add(Catalog *catalog, Oid relation, int64_t number, int64_t node);
void catalog_passing_remove(Catalog *catalog, int64_t node);

/* ---- verify.c: is the catalog whole? ---- */

/* What a column of the system catalogs refers to. */
typedef struct CatalogReference {
    const char *table;
    const char *leading, *target_leading; /* NULL: the key is one column */
    const char *column, *target, *target_column;
    bool is_array, is_optional; /* is_optional: 0 says that there is none */
} CatalogReference;
const CatalogReference *catalog_references(size_t *count);

/* Looks for references to nothing, dependencies that are missing or lead nowhere, rights of roles that do not exist, options that do not
 * parse, sealed values that do not open, and damage of the file. Each finding is reported as a line of text. false: it could not be read.
 */
bool catalog_verify(Catalog *catalog, void (*report)(void *arg, const char *finding), void *arg, size_t *findings, Error *error) MUST_CHECK;

#endif
