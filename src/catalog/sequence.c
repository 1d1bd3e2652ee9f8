/*
 * sequence.c - the values of sequences, outside of every transaction: nextval is never rolled back and never waits for one.
 *
 * What a sequence is (pg_sequence) is catalog, inside transactions. Where it stands is kept apart, in DIR/sequences.db, by
 * pg_class.relfilenode: an ALTER SEQUENCE that changes it gives it a new number, so that a rollback finds the old state untouched.
 *
 * Invariants:
 *  1. What lies on disk is ahead of what was given out, by up to LOG_VALUES values: a crash skips values, never repeats one. PostgreSQL
 *     does the same, and shows it as log_cnt.
 *  2. A state is created with a fresh number; one that a rolled back transaction left behind is overwritten, or swept at the next start.
 *  3. Each session remembers, by sequence, the value it got last, and values taken ahead by CACHE.
 *
 * Threads: any. The store's states have a lock of their own, taken last; a session's memory is guarded by its Catalog's lock.
 */
#include <stdlib.h>

#include "catalog/catalog_internal.h"

enum { LOG_VALUES = 32 };

typedef struct Standing {
    SequenceState state;
    bool known;
} Standing;

struct SequenceStore {
    pthread_mutex_t lock;
    Arena *arena;
    Db *db;
    Map *standings; /* relfilenode -> Standing */
};

/* What a session knows of one sequence. */
typedef struct SequenceMemory {
    Oid oid, node;
    int64_t last, cached; /* values up to `cached` are the session's already */
    int64_t increment;
    bool valid;
    struct SequenceMemory *next;
} SequenceMemory;

/* ---- the store ---- */

SequenceStore *sequence_store_open(const char *directory, const char *catalog_path, const unsigned char *key, Arena *arena, Error *error)
{
    static const char TABLE[] = "CREATE TABLE IF NOT EXISTS sequence (node INTEGER PRIMARY KEY, last_value INTEGER, log_cnt INTEGER,"
                                " is_called INTEGER)";
    static const char SWEEP[] = "DELETE FROM sequence WHERE node NOT IN (SELECT relfilenode FROM catalog.pg_class WHERE relkind = 'S')";
    SequenceStore *store = ARENA_NEW(arena, SequenceStore);
    pthread_mutex_init(&store->lock, NULL);
    store->arena = arena_open(NULL);
    store->standings = map_open(store->arena);
    store->db = db_open_beside(directory, "sequences.db", TABLE, key, arena, error);
    if (store->db && db_run_beside_catalog(store->db, catalog_path, SWEEP, error))
        return store;
    sequence_store_close(store);
    return NULL;
}

static bool write_state(SequenceStore *store, Oid node, const SequenceState *state, Error *error)
{
    return db_exec(store->db, error, "INSERT OR REPLACE INTO sequence VALUES (?1, ?2, ?3, ?4)", "oiib", node, state->last_value,
                   state->log_cnt, state->is_called);
}

static void write_standing(void *arg, const void *key, size_t len, void *value)
{
    Oid node;
    Error ignored;
    SequenceStore *store = arg;
    memcpy(&node, key, sizeof node);
    error_init(&ignored, store->arena);
    (void)write_state(store, node, &((Standing *)value)->state, &ignored);
}

/* An orderly end leaves no gaps. */
void sequence_store_close(SequenceStore *store)
{
    if (!store)
        return;
    if (store->db) {
        Error ignored;
        error_init(&ignored, store->arena);
        bool began = db_run(store->db, "BEGIN", &ignored);
        map_each(store->standings, write_standing, store);
        if (began && !db_run(store->db, "COMMIT", &ignored))
            sqlite3_exec(store->db->handle, "ROLLBACK", NULL, NULL, NULL);
    }
    db_close(store->db);
    arena_close(store->arena);
    pthread_mutex_destroy(&store->lock);
}

/* Under the lock; NULL: failed. */
static Standing *standing_of(SequenceStore *store, const CatSequence *sequence, Error *error)
{
    Standing *standing = map_get(store->standings, &sequence->node, sizeof sequence->node);
    if (standing)
        return standing;
    DbCursor cursor;
    SequenceState state = {sequence->start, 0, false};
    if (!db_start(&cursor, store->db, "SELECT last_value, log_cnt, is_called FROM sequence WHERE node = ?1", error, "o", sequence->node))
        return NULL;
    if (db_next(&cursor, error))
        state = (SequenceState){sqlite3_column_int64(cursor.stmt, 0), sqlite3_column_int64(cursor.stmt, 1), db_bool(&cursor, 2)};
    db_finish(&cursor);
    if (error_is_set(error))
        return NULL;
    standing = ARENA_NEW(store->arena, Standing);
    standing->state = state;
    map_put(store->standings, &sequence->node, sizeof sequence->node, standing);
    return standing;
}

static bool change_state(SequenceStore *store, const CatSequence *sequence, SequenceState state, Error *error)
{
    pthread_mutex_lock(&store->lock);
    Standing *standing = standing_of(store, sequence, error);
    bool ok = standing && write_state(store, sequence->node, &state, error);
    if (ok)
        standing->state = state;
    pthread_mutex_unlock(&store->lock);
    return ok;
}

/* ---- what a sequence is ---- */

static void *load_sequence(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db,
                     "SELECT relname, relfilenode, seqtypid, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle FROM pg_sequence"
                     " JOIN pg_class c ON c.oid = seqrelid WHERE seqrelid = ?1",
                     "o", cache_key_oid(key)))
        return NULL;
    CatSequence *sequence = ARENA_NEW(arena, CatSequence);
    *sequence = (CatSequence){
        .oid = cache_key_oid(key),
        .name = db_text(&cursor, 0, arena),
        .node = db_oid(&cursor, 1),
        .type = db_oid(&cursor, 2),
        .start = sqlite3_column_int64(cursor.stmt, 3),
        .increment = sqlite3_column_int64(cursor.stmt, 4),
        .max = sqlite3_column_int64(cursor.stmt, 5),
        .min = sqlite3_column_int64(cursor.stmt, 6),
        .cache = sqlite3_column_int64(cursor.stmt, 7),
        .cycle = db_bool(&cursor, 8),
    };
    db_finish(&cursor);
    return sequence;
}

const CatSequence *catalog_sequence(Catalog *catalog, Oid oid)
{
    return cache_find_oid(catalog, CACHE_SEQUENCE, oid, load_sequence);
}

bool catalog_sequence_read(Catalog *catalog, const CatSequence *sequence, SequenceState *state, Error *error)
{
    SequenceStore *store = catalog->store->sequences;
    pthread_mutex_lock(&store->lock);
    const Standing *standing = standing_of(store, sequence, error);
    if (standing)
        *state = standing->state;
    pthread_mutex_unlock(&store->lock);
    return standing != NULL;
}

bool catalog_sequence_begin(Catalog *catalog, Oid node, SequenceState state, Error *error)
{
    CatSequence fresh = {.node = node, .start = state.last_value};
    return change_state(catalog->store->sequences, &fresh, state, error);
}

/* ---- a session's memory ---- */

static SequenceMemory *remember(Catalog *catalog, const CatSequence *sequence)
{
    SequenceMemory *memory = catalog->sequences;
    while (memory && memory->oid != sequence->oid)
        memory = memory->next;
    if (!memory) {
        memory = calloc(1, sizeof *memory);
        if (!memory)
            abort();
        memory->oid = sequence->oid;
        memory->next = catalog->sequences;
        catalog->sequences = memory;
    }
    if (memory->node != sequence->node) { /* another state: what was taken ahead is void */
        memory->node = sequence->node;
        memory->cached = memory->last;
    }
    return memory;
}

void catalog_sequences_forget(Catalog *catalog)
{
    catalog_lock(catalog);
    while (catalog->sequences) {
        SequenceMemory *memory = catalog->sequences;
        catalog->sequences = memory->next;
        free(memory);
    }
    catalog->last_sequence = OID_NONE;
    catalog_unlock(catalog);
}

bool catalog_sequence_last(Catalog *catalog, Oid oid, int64_t *value)
{
    bool found = false;
    catalog_lock(catalog);
    for (const SequenceMemory *memory = catalog->sequences; memory; memory = memory->next)
        if (memory->oid == oid && memory->valid) {
            *value = memory->last;
            found = true;
        }
    catalog_unlock(catalog);
    return found;
}

Oid catalog_last_sequence(Catalog *catalog)
{
    return catalog->last_sequence;
}

/* ---- nextval, setval ---- */

/* So many steps are left before the end. */
static int64_t steps_left(const CatSequence *sequence, int64_t value)
{
    bool up = sequence->increment > 0;
    if (up ? value >= sequence->max : value <= sequence->min)
        return 0;
    uint64_t way = up ? (uint64_t)sequence->max - (uint64_t)value : (uint64_t)value - (uint64_t)sequence->min;
    uint64_t steps = way / (up ? (uint64_t)sequence->increment : 0 - (uint64_t)sequence->increment);
    return steps > INT64_MAX ? INT64_MAX : (int64_t)steps;
}

/* Within the limits: what lies between them may be more than an int64_t counts. */
static int64_t go(const CatSequence *sequence, int64_t value, int64_t steps)
{
    return (int64_t)((uint64_t)value + (uint64_t)steps * (uint64_t)sequence->increment);
}

static bool at_end(const CatSequence *sequence, Error *error)
{
    bool up = sequence->increment > 0;
    return error_set(error, ERRCODE_SEQUENCE_GENERATOR_LIMIT_EXCEEDED, "nextval: reached %s value of sequence \"%s\" (%lld)",
                     up ? "maximum" : "minimum", sequence->name, (long long)(up ? sequence->max : sequence->min));
}

/* Takes CACHE values, and a stock of others that need not be written before they are given out. What a cycle begins anew is a stock of its
 * own: a session counts on from its last value. */
static bool take_values(SequenceStore *store, const CatSequence *sequence, SequenceMemory *memory, Error *error)
{
    Standing *standing = standing_of(store, sequence, error);
    if (!standing)
        return false;
    SequenceState state = standing->state;
    int64_t next = state.last_value, result = next, taken = !state.is_called, fetch = sequence->cache - taken, log = state.log_cnt;
    bool write = log < fetch || !state.is_called;
    if (write)
        fetch = log = fetch > INT64_MAX - LOG_VALUES ? INT64_MAX : fetch + LOG_VALUES;
    if (!taken) {
        if (steps_left(sequence, next))
            next = go(sequence, next, 1);
        else if (sequence->cycle)
            next = sequence->increment > 0 ? sequence->min : sequence->max;
        else
            return at_end(sequence, error);
        result = next;
        taken = 1;
        fetch--;
        log--;
    }
    int64_t left = steps_left(sequence, next), steps = fetch < left ? fetch : left;
    int64_t given = steps < sequence->cache - taken ? steps : sequence->cache - taken, last = go(sequence, next, given);
    SequenceState ahead = {go(sequence, next, steps), 0, true};
    if (write && !write_state(store, sequence->node, &ahead, error))
        return false;
    standing->state = (SequenceState){last, log - given - (fetch - steps), true};
    *memory = (SequenceMemory){memory->oid, memory->node, result, last, sequence->increment, true, memory->next};
    return true;
}

bool catalog_sequence_next(Catalog *catalog, const CatSequence *sequence, int64_t *value, Error *error)
{
    SequenceStore *store = catalog->store->sequences;
    bool ok = true;
    catalog_lock(catalog);
    SequenceMemory *memory = remember(catalog, sequence);
    if (memory->valid && memory->last != memory->cached) {
        memory->last += memory->increment;
    } else {
        pthread_mutex_lock(&store->lock);
        ok = take_values(store, sequence, memory, error);
        pthread_mutex_unlock(&store->lock);
    }
    if (ok) {
        *value = memory->last;
        catalog->last_sequence = sequence->oid;
    }
    catalog_unlock(catalog);
    return ok;
}

bool catalog_sequence_set(Catalog *catalog, const CatSequence *sequence, int64_t value, bool is_called, Error *error)
{
    catalog_lock(catalog);
    bool ok = change_state(catalog->store->sequences, sequence, (SequenceState){value, 0, is_called}, error);
    if (ok) {
        SequenceMemory *memory = remember(catalog, sequence);
        if (is_called) {
            memory->last = value;
            memory->valid = true;
        }
        memory->cached = memory->last;
    }
    catalog_unlock(catalog);
    return ok;
}
