/*
 * leaf.c - one leaf being read: its parts, one connection each, claimed by the threads that read them.
 *
 * Invariants:
 *  1. Connections are taken for all leaves at once by the session's own thread, and given back by it when the execution is closed; those
 *     of a leaf that is at its end and is not read again go back at once, by whoever came to its end: the client may take its time to
 *     read what became of the rows. In a transaction they stay with it.
 *  2. A part is claimed by one thread and used by no other until it is at its end; its arena and its error are its own.
 *  3. What a scan opened is closed by leaf_runs_close at the latest, also in mid-scan; no callback of the engine frees anything here.
 *  4. A leaf may be started again once every part is at its end; two scans never share its parts. One whose rows are kept is
 *     not: they are given again.
 *  5. What is read over the connection that its transaction writes over begins before the execution gives rows: they are the rows of one
 *     moment, whatever is written between them.
 * Threads: any of the engine's.
 */
#include <stdio.h>
#include <string.h>

#include "exec/leaf.h"

enum { FEWEST_SPLIT = 50000, MOST_KEPT_BATCHES = 16, MOST_KEPT_BYTES = 4 * 1024 * 1024 };

static double now_ms(void)
{
    return (double)clock_us() / 1e3;
}

LeafRun *leaf_runs_open(Execution *execution, const Plan *plan, Arena *arena)
{
    LeafRun *runs = ARENA_ARRAY(arena, LeafRun, plan->nleaves);
    for (int i = 0; i < plan->nleaves; i++) {
        runs[i] = (LeafRun){.leaf = plan->leaves[i],
                            .execution = execution,
                            .arena = arena_open(NULL),
                            .spec = &plan->leaves[i]->spec,
                            .opened_ms = now_ms()};
        pthread_mutex_init(&runs[i].lock, NULL);
    }
    return runs;
}

/* What is bound, or small, is read through one connection: further ones would cost more than they bring. */
static bool is_split(const Leaf *leaf)
{
    return leaf->target->module->split && leaf->spec.split_table && !leaf->binding && (leaf->read < 0 || leaf->read >= FEWEST_SPLIT);
}

static bool has_ctes(const Query *query, void *arg)
{
    return query->nctes || query_walk_queries(query, has_ctes, arg);
}

static bool is_named_once(const Plan *plan, const Leaf *leaf)
{
    char name[32];
    snprintf(name, sizeof name, "medley_leaf(%d)", leaf->number);
    const char *at = strstr(plan->local_sql, name);
    return at && !strstr(at + 1, name);
}

/* What is kept; and what is named once in a query without WITH, which the engine might repeat. */
void leaf_runs_mark_once(LeafRun *runs, const Plan *plan)
{
    bool repeats = !plan->local || has_ctes(plan->local, NULL);
    for (int i = 0; i < plan->nleaves; i++) {
        const Leaf *leaf = plan->leaves[i];
        runs[i].is_read_once = leaf->kind == LEAF_FOREIGN && (leaf->kept || (!repeats && is_named_once(plan, leaf)));
    }
}

bool leaf_runs_acquire(LeafRun *runs, size_t count, int max_parts, Error *error)
{
    if (!count)
        return true;
    const ExecRequest *request = &runs[0].execution->request;
    bool parks = request->parks && request->plan->relay && request->formats;
    Arena *arena = runs[0].execution->arena;
    RemoteWant *wants = ARENA_ARRAY(arena, RemoteWant, count);
    size_t nwants = 0;
    for (size_t i = 0; i < count; i++) {
        const Leaf *leaf = runs[i].leaf;
        if (leaf->kind != LEAF_FOREIGN || runs[i].is_released)
            continue;
        wants[nwants++] =
            (RemoteWant){.target = leaf->target, .connections = is_split(leaf) ? max_parts : 1, .locks = leaf->spec.locks, .parks = parks};
    }
    if (!nwants)
        return true;
    if (!remote_acquire(request->remote, wants, nwants, request->in_transaction, arena, error))
        return false;
    nwants = 0;
    for (size_t i = 0; i < count; i++) {
        if (runs[i].leaf->kind != LEAF_FOREIGN || runs[i].is_released)
            continue;
        pthread_mutex_lock(&runs[i].lock); /* whoever gives them back sees all that was done with them here */
        runs[i].want = wants[nwants++];
        pthread_mutex_unlock(&runs[i].lock);
    }
    return true;
}

LeafRun *leaf_run_at(const Execution *execution, int number)
{
    for (int i = 0; i < execution->request.plan->nleaves; i++)
        if (execution->leaves[i].leaf->number == number)
            return &execution->leaves[i];
    return NULL;
}

const Leaf *leaf_run_leaf(const LeafRun *run)
{
    return run->leaf;
}

Execution *leaf_run_execution(const LeafRun *run)
{
    return run->execution;
}

/* ---- starting ---- */

static void close_scan(LeafPart *part)
{
    if (part->scan) {
        remote_turn(part->connection);
        part->connection->module->scan_close(part->scan);
        remote_turn_end(part->connection);
    }
    if (part->relay)
        part->run->want.given[0]->module->relay_close(part->relay);
    if (part->catalog_scan)
        catalog_scan_close(part->catalog_scan);
    part->scan = NULL;
    part->relay = NULL;
    part->catalog_scan = NULL;
}

static void close_parts(LeafRun *run)
{
    for (size_t i = 0; i < run->nparts; i++) {
        close_scan(&run->parts[i]);
        arena_close(run->parts[i].arena);
    }
    run->nparts = run->claimed = 0;
    run->parts = NULL;
}

static bool all_at_end(const LeafRun *run)
{
    for (size_t i = 0; i < run->nparts; i++)
        if (!atomic_load(&run->parts[i].at_end))
            return false;
    return true;
}

static void make_parts(LeafRun *run, size_t count)
{
    run->parts = ARENA_ARRAY(run->arena, LeafPart, count);
    run->nparts = count;
    for (size_t i = 0; i < count; i++) {
        LeafPart *part = &run->parts[i];
        part->run = run;
        part->arena = arena_open(NULL);
        atomic_init(&part->at_end, run->empty);
        error_init(&part->error, part->arena);
        if (run->leaf->kind == LEAF_FOREIGN) {
            part->connection = run->want.given[i];
            wrapper_call(&part->space, run->execution->request.remote, part->arena, run->execution->request.functions->types, &part->error);
        }
    }
}

/* Asks the wrapper how to cut the scan. 0: failed. */
static size_t split(LeafRun *run, Error *error)
{
    size_t most = (size_t)run->want.ngiven;
    FdwPart *pieces = ARENA_ARRAY(run->arena, FdwPart, most);
    CallSpace space;
    FdwCall *call = wrapper_call(&space, run->execution->request.remote, run->arena, run->execution->request.functions->types, error);
    RemoteConnection *first = run->want.given[0];
    size_t count = first->module->split(call, first->connection, run->spec, most, pieces);
    if (!count || error_is_set(error))
        return 0;
    make_parts(run, count);
    for (size_t i = 0; i < count; i++)
        run->parts[i].piece = &pieces[i];
    return count;
}

static size_t start_locked(LeafRun *run, Error *error)
{
    if (run->is_ahead) {
        run->is_ahead = false;
        return run->nparts;
    }
    if (!all_at_end(run) || run->is_released) {
        error_unsupported(error, "a query that reads one source's rows twice at a time is not supported by the local engine");
        return 0;
    }
    close_parts(run);
    arena_reset(run->arena);
    if (run->leaf->kind == LEAF_FOREIGN && run->want.ngiven > 1 && !run->empty)
        return split(run, error);
    make_parts(run, 1);
    return 1;
}

size_t leaf_run_start(LeafRun *run, Error *error)
{
    if (!execution_goes_on(run->execution, error))
        return 0;
    pthread_mutex_lock(&run->lock);
    size_t count = run->is_kept ? run->nparts : start_locked(run, error);
    run->figures.parts = (int)count;
    pthread_mutex_unlock(&run->lock);
    return count;
}

LeafPart *leaf_run_claim(LeafRun *run)
{
    pthread_mutex_lock(&run->lock);
    LeafPart *part = run->claimed < run->nparts ? &run->parts[run->claimed++] : NULL;
    pthread_mutex_unlock(&run->lock);
    return part;
}

/* ---- reading ---- */

/* After a failure: whether the part is to be read from its beginning, on a new connection. */
static bool begins_anew(LeafPart *part)
{
    if (part->has_given)
        return false;
    close_scan(part);
    return remote_reconnect(part->run->execution->request.remote, part->connection, &part->error);
}

static bool open_scan(LeafPart *part)
{
    RemoteConnection *remote = part->connection;
    if (!part->scan)
        part->scan = remote->module->scan_open(&part->space.call, remote->connection, part->run->spec, part->piece);
    return part->scan != NULL;
}

static bool scan_batch(LeafPart *part, FdwBatch *batch)
{
    RemoteConnection *remote = part->connection;
    if (remote_turn(remote))
        part->space.parks = false;
    bool done = open_scan(part) && remote->module->scan_next(&part->space.call, part->scan, batch);
    remote_turn_end(remote);
    return done;
}

static bool foreign_next(LeafPart *part, FdwBatch *batch)
{
    while (!scan_batch(part, batch))
        if (!begins_anew(part))
            return false;
    part->has_given = true;
    return true;
}

static size_t batch_bytes(const FdwBatch *batch)
{
    size_t bytes = 0;
    for (size_t i = 0; i < batch->nvectors; i++) {
        const FdwVector *vector = &batch->vectors[i];
        if (vector->type.physical != FDW_STRING && vector->type.physical != FDW_BYTES) {
            bytes += batch->count * batch_width(vector->type.physical, vector->type.precision);
            continue;
        }
        const FdwString *strings = vector->data;
        for (size_t row = 0; row < batch->count; row++)
            if (vector->validity[row / 64] >> (row % 64) & 1)
                bytes += strings[row].length;
    }
    return bytes;
}

static void count_batch(LeafRun *run, uint64_t rows, uint64_t bytes)
{
    pthread_mutex_lock(&run->lock);
    double at = now_ms() - run->opened_ms;
    if (rows && !run->figures.rows)
        run->figures.first_row_ms = at;
    run->figures.rows += rows;
    run->figures.bytes += bytes;
    run->figures.total_ms = at;
    pthread_mutex_unlock(&run->lock);
}

/* A wrapper that failed without saying why must not look like the end of the rows. */
static bool part_failed(LeafPart *part, Error *error)
{
    if (!error_is_set(&part->error))
        error_set(&part->error, ERRCODE_FDW_ERROR, "scan of leaf %d failed", part->run->leaf->number);
    return error_copy(error, &part->error);
}

static const char *remote_user(const LeafRun *run)
{
    const RemoteConnection *remote = run->want.given[0];
    return remote->connection && remote->module->remote_user ? remote->module->remote_user(remote->connection) : NULL;
}

static bool is_shared(const RemoteConnection *remote)
{
    bool shared = remote_turn(remote);
    remote_turn_end(remote);
    return shared;
}

static bool begin_if_shared(LeafRun *run, Error *error)
{
    bool is_new = run->leaf->kind == LEAF_FOREIGN && !run->is_released && !run->nparts && !run->empty && run->want.ngiven == 1;
    if (!is_new || !is_shared(run->want.given[0]))
        return true;
    if (!leaf_run_start(run, error))
        return false;
    run->is_ahead = true;
    remote_turn(run->want.given[0]);
    bool done = open_scan(&run->parts[0]);
    remote_turn_end(run->want.given[0]);
    return done || part_failed(&run->parts[0], error);
}

bool leaf_runs_begin(LeafRun *runs, size_t count, Error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!begin_if_shared(&runs[i], error))
            return false;
    return true;
}

/* Invariant 1. */
static void release_if_ended(LeafRun *run)
{
    if (!run->is_read_once || (run->execution->request.in_transaction && !run->in_turn))
        return;
    pthread_mutex_lock(&run->lock);
    bool now = !run->is_released && run->claimed == run->nparts && all_at_end(run);
    run->is_released |= now;
    if (now && run->want.ngiven)
        run->figures.remote_user = arena_strdup(run->arena, remote_user(run));
    pthread_mutex_unlock(&run->lock);
    for (int i = 0; now && i < run->want.ngiven; i++)
        remote_release(run->execution->request.remote, run->want.given[i], false);
}

bool leaf_part_next(LeafPart *part, FdwBatch *batch, Error *error)
{
    batch->count = 0;
    if (atomic_load(&part->at_end))
        return true;
    if (!execution_goes_on(part->run->execution, error))
        return false;
    static bool (*const READERS[])(LeafPart *, FdwBatch *) = {
        [LEAF_FOREIGN] = foreign_next, [LEAF_CATALOG] = leaf_catalog_next, [LEAF_FUNCTION] = leaf_function_next};
    if (!READERS[part->run->leaf->kind](part, batch))
        return part_failed(part, error);
    count_batch(part->run, batch->count, batch_bytes(batch));
    if (!batch->count) {
        close_scan(part);
        atomic_store(&part->at_end, true);
        release_if_ended(part->run);
    }
    return true;
}

/* ---- rows that are kept ---- */

static bool keep_part(LeafRun *run, LeafPart *part, bool *whole, Error *error)
{
    const Leaf *leaf = run->leaf;
    Arena *arena = run->execution->arena;
    size_t bytes = 0;
    while (run->nkept < MOST_KEPT_BATCHES && bytes <= MOST_KEPT_BYTES) {
        HostBatch *host = host_batch_open(leaf->columns, (size_t)leaf->ncolumns, BATCH_ROWS, arena);
        if (!leaf_part_next(part, &host->batch, error))
            return false;
        if (!host->batch.count) {
            *whole = true;
            return true;
        }
        run->kept[run->nkept++] = host;
        bytes += batch_bytes(&host->batch);
    }
    *whole = false;
    run->claimed = 0; /* whoever scans goes on with the part */
    return true;
}

bool leaf_run_keep(LeafRun *run, bool *whole, Error *error)
{
    const Leaf *leaf = run->leaf;
    *whole = false;
    if (leaf->kind != LEAF_FOREIGN || run->want.ngiven != 1 || leaf->rows >= FEWEST_SPLIT)
        return true;
    if (!leaf_run_start(run, error))
        return false;
    run->kept = ARENA_ARRAY(run->execution->arena, HostBatch *, MOST_KEPT_BATCHES);
    run->is_kept = true;
    return keep_part(run, leaf_run_claim(run), whole, error);
}

double leaf_run_rows(const LeafRun *run)
{
    return run->is_kept ? (double)run->figures.rows : run->leaf->rows;
}

const FdwBatch *leaf_run_kept(const LeafRun *run, size_t index)
{
    return index < run->nkept ? &run->kept[index]->batch : NULL;
}

/* ---- raw rows ---- */

/* Which types' texts are the same whatever the client's settings; with a test, those that depend on one setting. */
static bool iso_dates(const TypeContext *types)
{
    return types->date_style == DATE_STYLE_ISO;
}

static bool iso_dates_in_utc(const TypeContext *types)
{
    return iso_dates(types) && str_eq(timezone_name(types->time_zone), "UTC");
}

static bool postgres_intervals(const TypeContext *types)
{
    return types->interval_style == INTERVAL_POSTGRES;
}

static bool shortest_floats(const TypeContext *types)
{
    return types->extra_float_digits > 0;
}

static bool hex_bytes(const TypeContext *types)
{
    return !types->bytea_escape;
}

static const struct RawType {
    Oid oid;
    bool (*same_text)(const TypeContext *types); /* NULL: always */
} RAW_TYPES[] = {
    {TYPE_BOOL, NULL},
    {TYPE_INT2, NULL},
    {TYPE_INT4, NULL},
    {TYPE_INT8, NULL},
    {TYPE_NUMERIC, NULL},
    {TYPE_TEXT, NULL},
    {TYPE_VARCHAR, NULL},
    {TYPE_BPCHAR, NULL},
    {TYPE_NAME, NULL},
    {TYPE_UUID, NULL},
    {TYPE_JSON, NULL},
    {TYPE_TIME, NULL},
    {TYPE_FLOAT4, shortest_floats},
    {TYPE_FLOAT8, shortest_floats},
    {TYPE_BYTEA, hex_bytes},
    {TYPE_DATE, iso_dates},
    {TYPE_TIMESTAMP, iso_dates},
    {TYPE_TIMESTAMPTZ, iso_dates_in_utc},
    {TYPE_INTERVAL, postgres_intervals},
};

static bool raw_is_same(Oid type, int16_t format, const TypeContext *types)
{
    for (size_t i = 0; i < COUNT_OF(RAW_TYPES); i++)
        if (RAW_TYPES[i].oid == type)
            return format == 1 || !RAW_TYPES[i].same_text || RAW_TYPES[i].same_text(types);
    return false;
}

bool leaf_run_can_relay(LeafRun *run, const TypeContext *types, const int16_t *formats)
{
    const Leaf *leaf = run->leaf;
    if (leaf->kind != LEAF_FOREIGN || !leaf->target->module->relay_open)
        return false;
    for (int i = 0; i < leaf->ncolumns; i++)
        if (!raw_is_same(leaf->columns[i].oid, formats[i], types))
            return false;
    return true;
}

typedef struct RowCounter {
    FdwRowSink sink;
    void *arg;
    uint64_t rows, bytes;
} RowCounter;

static bool count_row(void *arg, const FdwField *fields, size_t nfields)
{
    RowCounter *counter = arg;
    counter->rows++;
    for (size_t i = 0; i < nfields; i++)
        counter->bytes += fields[i].length > 0 ? (uint64_t)fields[i].length : 0;
    return counter->sink(counter->arg, fields, nfields);
}

/* false without an error: the wrapper cannot pass its rows on as they are. */
static bool open_relay(LeafPart *part)
{
    const ExecRequest *request = &part->run->execution->request;
    part->space.parks = request->parks;
    part->relay = part->connection->module->relay_open(&part->space.call, part->connection->connection, part->run->spec, request->formats);
    return part->relay;
}

bool leaf_relay_open(LeafPart *part, bool *opened, Error *error)
{
    while (!(*opened = open_relay(part)) && error_is_set(&part->error))
        if (!begins_anew(part))
            return part_failed(part, error);
    return true;
}

static bool relay_rows(LeafPart *part, size_t max_rows, RowCounter *counter, bool *at_end)
{
    return (part->relay || open_relay(part)) &&
           part->connection->module->relay_next(&part->space.call, part->relay, max_rows, count_row, counter, at_end);
}

bool leaf_relay_next(LeafPart *part, size_t max_rows, FdwRowSink sink, void *arg, bool *at_end, Error *error)
{
    if (!execution_goes_on(part->run->execution, error))
        return false;
    RowCounter counter = {.sink = sink, .arg = arg};
    bool done;
    while (!(done = relay_rows(part, max_rows, &counter, at_end)) && !counter.rows)
        if (!begins_anew(part))
            break;
    part->has_given = true;
    count_batch(part->run, counter.rows, counter.bytes);
    atomic_store(&part->at_end, done && *at_end);
    return done || part_failed(part, error);
}

/* ---- closing and figures ---- */

static void release_connections(LeafRun *run)
{
    bool failed = false;
    if (run->is_released)
        return;
    for (size_t i = 0; i < run->nparts; i++)
        failed |= error_is_set(&run->parts[i].error) || !atomic_load(&run->parts[i].at_end);
    for (int i = 0; i < run->want.ngiven; i++) {
        RemoteConnection *remote = run->want.given[i];
        remote_release(run->execution->request.remote, remote, failed && !remote_is_alive(remote));
    }
}

void leaf_runs_close(LeafRun *runs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        LeafRun *run = &runs[i];
        pthread_mutex_lock(&run->lock); /* nobody reads any more; what was read last is seen */
        for (size_t part = 0; part < run->nparts; part++)
            close_scan(&run->parts[part]);
        pthread_mutex_unlock(&run->lock);
        release_connections(run);
        close_parts(run);
        arena_close(run->arena);
        pthread_mutex_destroy(&run->lock);
    }
}

LeafFigures leaf_run_figures(LeafRun *run)
{
    pthread_mutex_lock(&run->lock);
    if (run->want.ngiven && !run->is_released && !run->figures.remote_user)
        run->figures.remote_user = arena_strdup(run->execution->arena, remote_user(run));
    LeafFigures figures = run->figures;
    pthread_mutex_unlock(&run->lock);
    return figures;
}
