/*
 * catalog_internal.h - what the files of this folder share and nobody else sees.
 *
 * Db: one SQLite connection. CatalogStore: the file, its connections, its committed version. Cache: records of one version.
 * Catalog: a session's view. Locks are taken in this order: a Catalog's, a Cache's, the store's.
 */
#ifndef MEDLEY_CATALOG_INTERNAL_H
#define MEDLEY_CATALOG_INTERNAL_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

#include "catalog/catalog.h"

enum { CATALOG_FORMAT = 4, CATALOG_APPLICATION_ID = 0x4D65646C, FIRST_UNPINNED_OID = 12000, SEAL_KEY_BYTES = 32 };

/* ---- db.c: one SQLite connection and its prepared statements ---- */

typedef struct Db Db;
struct Db {
    sqlite3 *handle;
    Arena *arena;
    Map *statements;              /* SQL text -> DbStatement */
    bool (*cancelled)(void *arg); /* whoever reads now is to stop; NULL: nothing stops it */
    void *cancelled_arg;
    const void *caller; /* CatalogFunctions.context of the scan that is being read */
    bool has_functions;
    Db *next_idle;
};

typedef struct DbStatement {
    sqlite3_stmt *handle;
    bool busy;
} DbStatement;

/* A statement being run. After db_start, db_next until it is false, then db_finish (also after a failure). */
typedef struct DbCursor {
    Db *db;
    sqlite3_stmt *stmt;
    DbStatement *cached; /* NULL: made for this run alone */
    bool failed;
} DbCursor;

/* key: for seal() and unseal(); borrowed. */
Db *db_open(const char *path, bool writable, const unsigned char *key, Error *error);
/* A file of its own beside the catalog's, with these tables (CREATE TABLE IF NOT EXISTS ...), made when it is absent. */
Db *db_open_beside(const char *directory, const char *name, const char *tables, const unsigned char *key, Arena *arena, Error *error);
/* A statement of such a file that reads the catalog too, as schema "catalog". Outside of transactions: one would lock both. */
bool db_run_beside_catalog(Db *db, const char *catalog_path, const char *sql, Error *error) MUST_CHECK;
void db_close(Db *db);
/* Whom long reads ask whether to go on. Set while no statement runs on the connection. */
void db_watch(Db *db, bool (*cancelled)(void *), void *arg);
bool db_run(Db *db, const char *sql, Error *error) MUST_CHECK;
/* A statement without rows. */
bool db_exec(Db *db, Error *error, const char *sql, const char *types, ...) MUST_CHECK;
bool db_start(DbCursor *cursor, Db *db, const char *sql, Error *error, const char *types, ...) MUST_CHECK;
bool db_start_va(DbCursor *cursor, Db *db, const char *sql, Error *error, const char *types, va_list args) MUST_CHECK;
bool db_next(DbCursor *cursor, Error *error) MUST_CHECK;
void db_finish(DbCursor *cursor);
/* Turns the connection's last failure into an Error; false. */
bool db_error(Db *db, Error *error);

static inline Oid db_oid(const DbCursor *cursor, int column)
{
    return (Oid)sqlite3_column_int64(cursor->stmt, column);
}

static inline int db_int(const DbCursor *cursor, int column)
{
    return sqlite3_column_int(cursor->stmt, column);
}

static inline bool db_bool(const DbCursor *cursor, int column)
{
    return sqlite3_column_int(cursor->stmt, column) != 0;
}

/* NULL for SQL NULL. */
char *db_text(const DbCursor *cursor, int column, Arena *arena);
/* The first letter of a "char" column; 0 when it is empty. */
char db_letter(const DbCursor *cursor, int column);

/* ---- seal.c: the key, and sealed values ---- */

/* Reads the key, or makes one when `may_create`. Errors: absent, readable by others, no key. */
bool seal_read_key(const char *path, bool may_create, unsigned char key[SEAL_KEY_BYTES], Error *error) MUST_CHECK;
/* SQL functions seal(text, oid) and unseal(blob, oid). */
bool seal_register(sqlite3 *handle, const unsigned char *key);

/* ---- cache.c: records of one version of the catalog ---- */

typedef enum CacheKind {
    CACHE_ROLE,
    CACHE_ROLE_NAME,
    CACHE_ROLE_MEMBER_OF,
    CACHE_ROLE_INHERITS,
    CACHE_NAMESPACE,
    CACHE_NAMESPACE_NAME,
    CACHE_TYPE,
    CACHE_TYPE_NAME,
    CACHE_PROC,
    CACHE_PROC_NAME,
    CACHE_PROC_LIST,
    CACHE_OPERATOR,
    CACHE_OPERATOR_NAME,
    CACHE_OPERATOR_LIST,
    CACHE_CAST,
    CACHE_RELATION,
    CACHE_RELATION_NAME,
    CACHE_COLLATION,
    CACHE_COLLATION_NAME,
    CACHE_WRAPPER,
    CACHE_WRAPPER_NAME,
    CACHE_SERVER,
    CACHE_SERVER_NAME,
    CACHE_MAPPING,
    CACHE_PATH,
    CACHE_OBJECT,
    CACHE_COLUMN_ACL,
    CACHE_SEQUENCE,
    CACHE_KINDS
} CacheKind;

typedef struct Cache {
    atomic_int references;
    pthread_mutex_t lock; /* recursive: a loader may look up what it needs */
    Arena *arena;
    atomic_size_t bytes; /* of the arena, to be read without the lock */
    Map *maps[CACHE_KINDS];
    uint64_t version;
} Cache;

/* Reads a record into the arena; NULL: there is none. Runs under the cache's lock. */
typedef void *(*CacheLoader)(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len);

Cache *cache_open(uint64_t version);
Cache *cache_share(Cache *cache);
void cache_release(Cache *cache);
/* The record, from the cache or loaded; NULL: there is none, or the store failed (then catalog->failed is set). */
const void *cache_find(Catalog *catalog, CacheKind kind, const void *key, size_t len, CacheLoader load);
/* Shorthand for keys: an OID, a name. */
const void *cache_find_oid(Catalog *catalog, CacheKind kind, Oid oid, CacheLoader load);
const void *cache_find_name(Catalog *catalog, CacheKind kind, const char *name, CacheLoader load);
/* A key of an OID and a name: bytes of the OID, then the name. */
const void *cache_find_oid_name(Catalog *catalog, CacheKind kind, Oid oid, const char *name, CacheLoader load);
/* For loaders: failures are noted at the catalog. cache_start, cache_next until it is false, db_finish; cache_first is the first two of
 * these, and finishes when there is no row. */
bool cache_start(Catalog *catalog, DbCursor *cursor, Db *db, const char *sql, const char *types, ...) MUST_CHECK;
bool cache_next(Catalog *catalog, DbCursor *cursor) MUST_CHECK;
bool cache_first(Catalog *catalog, DbCursor *cursor, Db *db, const char *sql, const char *types, ...) MUST_CHECK;
/* An OID found by a name ?1 and, in most cases, a schema ?2. */
Oid *cache_load_oid(Catalog *catalog, Db *db, Arena *arena, const char *sql, const char *name, Oid namespace_oid);
static inline Oid cache_key_oid(const void *key)
{
    Oid oid;
    memcpy(&oid, key, sizeof oid);
    return oid;
}

static inline bool same_oids(const Oid *a, const Oid *b, size_t count)
{
    return count == 0 || memcmp(a, b, sizeof(Oid) * count) == 0;
}

/* ---- store.c ---- */

/* A reader's transaction: the state of the catalog at one moment. Shared by a statement and the scans it opened. */
typedef struct Snapshot {
    atomic_int references;
    CatalogStore *store;
    Db *db;
    uint64_t version;
} Snapshot;

typedef struct WriterWait {
    struct WriterWait *next;
    const Catalog *owner;
} WriterWait;

/* ---- sequence.c ---- */

typedef struct SequenceStore SequenceStore;
SequenceStore *sequence_store_open(const char *directory, const char *catalog_path, const unsigned char *key, Arena *arena, Error *error);
void sequence_store_close(SequenceStore *store);

/* ---- coordinator.c ---- */

struct Coordinator;
struct Coordinator *coordinator_open(const char *directory, CatalogStore *store, Arena *arena, Error *error);
void coordinator_close(struct Coordinator *log);
/* The lowest number of a transaction that is not over; 0: there is none. */
int64_t coordinator_oldest(struct Coordinator *log);

struct CatalogStore {
    char *path;
    SequenceStore *sequences;
    struct Coordinator *coordinator;
    Log *log;
    int lock_fd;
    unsigned char key[SEAL_KEY_BYTES];
    _Atomic uint64_t version;     /* of the last commit */
    _Atomic uint64_t defined;     /* of the last one that changed more than rows of tables; 0: none has */
    _Atomic uint64_t last_number; /* versions are numbers never given out before */
    _Atomic uint32_t next_oid;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    Db *idle;
    int readers, idle_readers;
    Db *writer;
    Catalog *writer_owner;
    WriterWait *waiting; /* for the writer, first come first */
    Cache *cache;        /* of the newest version asked for */

    RowKeeper keeper; /* set once, before the first row is written */
};

Snapshot *store_snapshot_open(CatalogStore *store, bool (*cancelled)(void *), void *arg, Error *error);
Snapshot *store_snapshot_share(Snapshot *snapshot);
void store_snapshot_close(Snapshot *snapshot);
bool store_writer_take(CatalogStore *store, Catalog *owner, Error *error) MUST_CHECK;
void store_writer_give(CatalogStore *store);
uint64_t store_new_number(CatalogStore *store);
/* The cache of a committed version, shared by all who see it. */
Cache *store_cache(CatalogStore *store, uint64_t version);

/* ---- catalog.c: a session's view ---- */

/* A label of an enum that the transaction has added. */
typedef struct NewLabel {
    Oid oid;
    int savepoints; /* how many were open then */
} NewLabel;

/* stored.c */
typedef struct PassingNode {
    Oid relation;
    int64_t number, node;
} PassingNode;

struct Catalog {
    CatalogStore *store;
    Arena *arena;
    bool (*cancelled)(void *arg);
    void *cancelled_arg;
    DropCheck drop_check;
    CatalogWaits waits; /* NULL: it waits as long as it takes */
    void *waits_arg;
    pthread_mutex_t lock; /* recursive */
    const Notices *notices;
    TypeResolver resolver;
    bool (*parse_type)(const char *, Catalog *, Arena *, Oid *, Error *);

    char *search_path;
    Oid path_user;
    Oid temporary;                              /* schema of its temporary objects; OID_NONE: it has none */
    bool quote_all;                             /* quote_all_identifiers */
    bool refuses_views, refuses_foreign_tables; /* restrict_nonsystem_relation_kind */

    int statement_depth;
    int uses;             /* look-ups under way, nested ones included */
    Snapshot *snapshot;   /* NULL: not needed yet */
    uint64_t version;     /* of what this session sees */
    Cache *cache;         /* of that version; NULL: not needed yet */
    VEC(Cache *) retired; /* earlier ones of this statement: records may still be in use */
    bool failed;          /* a look-up of this statement could not read the store */

    bool in_transaction, writing;
    bool wrote_rows; /* rows of tables too */
    bool defines;    /* has changed more than those */
    int privately;   /* catalog_begin_private() */
    int relying;     /* catalog_rely() */
    VEC(PassingNode) passing;
    bool lost;        /* SQLite gave the transaction up by itself (disk full): only a rollback helps */
    int savepoints;   /* open levels */
    int64_t decision; /* the transaction at several places that its commit decides upon; 0: none */
    VEC(NewLabel) new_labels;

    struct SequenceMemory *sequences; /* sequence.c */
    Oid last_sequence;
};

void catalog_lock(Catalog *catalog);
void catalog_unlock(Catalog *catalog);
/* Where this session reads: the writer once it has written, else a snapshot. */
Db *catalog_db(Catalog *catalog, Error *error);
/* Around each use of the store. Outside a statement the first sees the newest version, and the last lets the snapshot go. */
void catalog_refresh(Catalog *catalog);
void catalog_let_go(Catalog *catalog);
/* The cache for what the session sees. */
Cache *catalog_cache(Catalog *catalog);
/* Takes the writer when this session does not have it. */
bool catalog_start_writing(Catalog *catalog, Error *error) MUST_CHECK;
/* stored.c: tells the keeper that the writer's transaction, or a part of it, is undone. */
void catalog_undo_rows(Catalog *catalog);
/* Something changed: records read so far are out of date. */
void catalog_note_change(Catalog *catalog);
void catalog_fail(Catalog *catalog, const Error *error);

/* ---- builtin.c: PostgreSQL's own objects, compiled in ---- */

const CatType *builtin_type(Oid oid);
const CatType *builtin_type_by_name(Oid namespace_oid, const char *name);
const CatProc *builtin_proc(Oid oid);
size_t builtin_procs_by_name(Oid namespace_oid, const char *name, const CatProc *const **out);
const CatOperator *builtin_operator(Oid oid);
size_t builtin_operators_by_name(Oid namespace_oid, const char *name, const CatOperator *const **out);
const CatCast *builtin_cast(Oid source, Oid target);
/* catcode of a keyword: U unreserved, C column name, T type or function name, R reserved; 0: no keyword. */
char builtin_keyword(const char *word);

/* ---- object.c: the classes of objects ---- */

typedef struct ObjectClass {
    Oid class_oid;
    const char *table;
    const char *name, *namespace, *owner, *acl; /* its columns; NULL: it has none */
    char acl_kind;                              /* for acl_default */
    const char *noun;                           /* in descriptions: "server" */
    const char *denied;                         /* in refusals: "foreign server" */
} ObjectClass;

/* What every object has, as far as its class has it. */
typedef struct ObjectRecord {
    const ObjectClass *class;
    const char *name, *acl;
    Oid namespace_oid, owner;
    char kind; /* relkind or prokind */
} ObjectRecord;

const ObjectClass *object_class(Oid class_oid);
const ObjectRecord *object_record(Catalog *catalog, Oid class_oid, Oid oid); /* NULL: no such object */
/* "foreign table", "view", ... for a relkind. */
const char *object_relation_noun(char relkind);

bool object_is_shared(Oid class_oid);
bool object_is_standing(ObjectAddress object); /* PostgreSQL's own: never dropped */

/* ---- path.c ---- */

typedef struct SearchPath {
    const Oid *all; /* pg_catalog and the schema of temporary objects in their places */
    size_t nall;
    const Oid *others; /* for what is never looked for among temporary objects: functions, operators, ... */
    size_t nothers;
    bool creates_temporary;   /* pg_temp is what comes first */
    const Oid *explicit_ones; /* as written */
    size_t nexplicit;
} SearchPath;
const SearchPath *catalog_path(Catalog *catalog);
/* Where a name is looked for: in one schema, or (schema NULL) along the path. */
size_t catalog_name_places(Catalog *catalog, const char *schema, const Oid **out);
/* The same for all but relations and types. */
size_t catalog_other_places(Catalog *catalog, const char *schema, const Oid **out);

#endif
