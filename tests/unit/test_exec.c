/* test_exec.c - executions of hand-made plans over a wrapper that makes its rows up. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "exec/exec.h"
#include "unit.h"

/* ---- a wrapper that generates rows: column 1 the row number, column 2 a text, NULL in every fifth row ---- */

typedef struct Generator {
    FdwCall *call;
    int64_t next, last;
} Generator;

static int open_scans, open_connections;
static int64_t rows_wanted = 10, fail_at = -1;

struct FdwConnection {
    int unused;
};

static FdwConnection *generator_connect(FdwCall *call, const FdwConnectInfo *info)
{
    (void)info;
    __atomic_add_fetch(&open_connections, 1, __ATOMIC_SEQ_CST);
    return call->host->alloc(call, sizeof(FdwConnection));
}

static void generator_disconnect(FdwConnection *connection)
{
    (void)connection;
    __atomic_sub_fetch(&open_connections, 1, __ATOMIC_SEQ_CST);
}

static size_t generator_split(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, size_t max_parts, FdwPart *parts)
{
    (void)call, (void)connection, (void)spec;
    for (size_t i = 0; i < max_parts; i++)
        parts[i] =
            (FdwPart){.first = rows_wanted * (int64_t)i / (int64_t)max_parts, .last = rows_wanted * (int64_t)(i + 1) / (int64_t)max_parts};
    return max_parts;
}

static FdwScan *generator_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const FdwPart *part)
{
    (void)connection, (void)spec;
    Generator *scan = call->host->alloc(call, sizeof *scan);
    *scan = (Generator){call, part ? part->first : 0, part ? part->last : rows_wanted};
    __atomic_add_fetch(&open_scans, 1, __ATOMIC_SEQ_CST);
    return (FdwScan *)scan;
}

static bool generator_next(FdwCall *call, FdwScan *opaque, FdwBatch *batch)
{
    Generator *scan = (Generator *)opaque;
    size_t row = 0;
    for (; row < batch->capacity && scan->next < scan->last; row++, scan->next++) {
        if (scan->next == fail_at) {
            FdwError error = {.sqlstate = "HV00L", .message = "generator is broken", .detail = "At row 3.", .hint = "Mend it."};
            return call->host->fail(call, &error);
        }
        ((int64_t *)batch->vectors[0].data)[row] = scan->next;
        if (batch->nvectors < 2)
            continue;
        char text[64];
        int length = snprintf(text, sizeof text, scan->next % 2 ? "t%ld" : "a text longer than twelve bytes: %ld", (long)scan->next);
        if (scan->next % 5 == 0)
            fdw_set_null(&batch->vectors[1], row);
        else
            call->host->set_string(&batch->vectors[1], row, text, (size_t)length);
    }
    batch->count = row;
    return true;
}

static void generator_close(FdwScan *scan)
{
    (void)scan;
    __atomic_sub_fetch(&open_scans, 1, __ATOMIC_SEQ_CST);
}

static const FdwModule GENERATOR = {.abi = MEDLEY_FDW_ABI,
                                    .size = sizeof(FdwModule),
                                    .name = "generator_fdw",
                                    .connect = generator_connect,
                                    .disconnect = generator_disconnect,
                                    .split = generator_split,
                                    .scan_open = generator_open,
                                    .scan_next = generator_next,
                                    .scan_close = generator_close};

/* ---- the surroundings of an execution ---- */

typedef struct World {
    Arena *arena;
    Error error;
    WrapperHost *wrappers;
    RemoteSession *remote;
    Engine *engine;
    TypeContext types;
    FuncContext functions;
    RemoteTarget target;
    CatServer server;
    CatWrapper wrapper;
    Leaf leaf;
    Leaf *leaves[1];
    FdwType columns[2];
    PlanColumn answer[2];
    Plan plan;
} World;

static World *world_open(const char *local_sql, int ncolumns)
{
    Arena *arena = arena_open(NULL);
    World *world = ARENA_NEW(arena, World);
    world->arena = arena;
    error_init(&world->error, arena);
    world->wrappers = wrapper_host_open("/nonexistent", log_open(arena, LOG_ERROR_LEVEL), arena);
    world->remote = remote_session_open(world->wrappers, arena, NULL, NULL, NULL);
    EngineOptions options = {.threads = 2, .memory_limit = "256MB", .wrappers = world->wrappers};
    world->engine = exec_engine_open(&options, arena, &world->error);
    world->types = TYPE_CONTEXT_CANONICAL;
    world->functions = (FuncContext){.types = &world->types};
    world->server = (CatServer){.oid = 20000, .wrapper = 20001, .name = "generator"};
    world->wrapper = (CatWrapper){.oid = 20001, .name = "generator_fdw", .module = "generator_fdw"};
    world->target = (RemoteTarget){.server = &world->server,
                                   .wrapper = &world->wrapper,
                                   .module = &GENERATOR,
                                   .user = 10,
                                   .user_name = "me",
                                   .info.server_name = "generator"};
    world->columns[0] = type_layout(TYPE_INT8, -1);
    world->columns[1] = type_layout(TYPE_TEXT, -1);
    static const char *NAMES[] = {"n", "t"};
    world->leaf = (Leaf){.kind = LEAF_FOREIGN,
                         .number = 1,
                         .target = &world->target,
                         .columns = world->columns,
                         .column_names = NAMES,
                         .ncolumns = 2,
                         .rows = -1};
    world->leaf.spec = (FdwScanSpec){.columns = world->columns, .column_names = NAMES, .ncolumns = 2, .limit = -1};
    world->leaves[0] = &world->leaf;
    world->answer[0] = (PlanColumn){.name = "n", .type = TYPE_INT8, .typmod = -1};
    world->answer[1] = (PlanColumn){.name = "t", .type = TYPE_TEXT, .typmod = -1};
    world->plan = (Plan){
        .leaves = world->leaves, .nleaves = 1, .relay = !local_sql, .local_sql = local_sql, .columns = world->answer, .ncolumns = ncolumns};
    return world;
}

static void world_close(World *world)
{
    remote_session_close(world->remote);
    exec_engine_close(world->engine);
    wrapper_host_close(world->wrappers);
    arena_close(world->arena);
    CHECK(open_scans == 0);
    CHECK(open_connections == 0);
    rows_wanted = 10;
    fail_at = -1;
}

static Execution *begin(World *world)
{
    ExecRequest request = {.plan = &world->plan, .engine = world->engine, .functions = &world->functions, .remote = world->remote};
    return exec_open(&request, world->arena, &world->error);
}

/* ---- a sink that adds up ---- */

typedef struct Sum {
    int64_t rows, numbers, nulls, bytes;
    Str texts; /* of the first rows */
} Sum;

static bool add_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    Sum *sum = arg;
    for (size_t row = first; row < first + count; row++) {
        sum->rows++;
        Value value = type_vector_get(&batch->vectors[0], row);
        sum->numbers += value.is_null ? 0 : value.i;
        if (batch->nvectors < 2)
            continue;
        value = type_vector_get(&batch->vectors[1], row);
        sum->nulls += value.is_null;
        if (value.is_null)
            continue;
        sum->bytes += (int64_t)value.s.len;
        if (sum->rows < 5) {
            str_addn(&sum->texts, value.s.ptr, value.s.len);
            str_addc(&sum->texts, ';');
        }
    }
    return true;
}

static bool run(World *world, Execution *execution, size_t max_rows, Sum *sum, size_t *count, bool *at_end)
{
    if (!sum->texts.data)
        str_init(&sum->texts, world->arena);
    RowSink sink = {.arg = sum, .batch = add_batch};
    return exec_next(execution, max_rows, &sink, count, at_end, &world->error);
}

static void relays_a_leaf_in_pieces(void)
{
    World *world = world_open(NULL, 2);
    rows_wanted = 5000;
    Execution *execution = begin(world);
    Sum sum = {0};
    size_t count;
    bool at_end;
    CHECK(run(world, execution, 3, &sum, &count, &at_end) && count == 3 && !at_end);
    CHECK_STR(sum.texts.data, "t1;a text longer than twelve bytes: 2;");
    CHECK(run(world, execution, 4000, &sum, &count, &at_end) && count == 4000 && !at_end);
    CHECK(run(world, execution, 0, &sum, &count, &at_end) && count == 997 && at_end);
    CHECK(sum.rows == 5000 && sum.numbers == 5000 * 4999 / 2 && sum.nulls == 1000);
    CHECK(exec_leaf_figures(execution, 1).rows == 5000);
    exec_close(execution);
    world_close(world);
}

static void local_query_reads_leaf_in_place(void)
{
    World *world = world_open("SELECT c1, c2 FROM medley_leaf(1) ORDER BY c1", 2);
    rows_wanted = 100000;
    Execution *execution = begin(world);
    Sum sum = {0};
    size_t count;
    bool at_end;
    CHECK(run(world, execution, 3, &sum, &count, &at_end) && count == 3 && !at_end);
    CHECK_STR(sum.texts.data, "t1;a text longer than twelve bytes: 2;");
    CHECK(run(world, execution, 0, &sum, &count, &at_end) && at_end);
    CHECK(sum.rows == 100000 && sum.nulls == 20000);
    exec_close(execution);
    world_close(world);
}

static void unwanted_columns_and_counts(void)
{
    World *world = world_open("SELECT count(*) FROM medley_leaf(1)", 1);
    rows_wanted = 70000;
    Execution *execution = begin(world);
    Sum sum = {0};
    size_t count;
    bool at_end;
    CHECK(run(world, execution, 0, &sum, &count, &at_end) && at_end && sum.rows == 1 && sum.numbers == 70000);
    exec_close(execution);
    world->plan.local_sql = "SELECT sum(length(c2))::bigint FROM medley_leaf(1)";
    execution = begin(world);
    sum = (Sum){0};
    CHECK(run(world, execution, 0, &sum, &count, &at_end) && sum.numbers > 1000000);
    exec_close(execution);
    world_close(world);
}

static void leaves_inside_recursion_and_shared_ctes(void)
{
    static const char *const CASES[] = {
        "WITH RECURSIVE t(n) AS (SELECT 1::bigint UNION ALL SELECT c1 + 1 FROM t JOIN medley_leaf(1) AS l(c1, c2) ON c1 = t.n) "
        "SELECT n FROM t",
        "WITH w AS MATERIALIZED (SELECT c1 FROM medley_leaf(1)) SELECT a.c1 + 1 FROM w a JOIN w b ON a.c1 = b.c1 WHERE a.c1 >= 0",
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        World *world = world_open(CASES[i], 1);
        Execution *execution = begin(world);
        Sum sum = {0};
        size_t count;
        bool at_end;
        CHECK(run(world, execution, 0, &sum, &count, &at_end) && sum.rows == 10 && sum.numbers == 55);
        if (error_is_set(&world->error))
            printf("# %s\n", world->error.message);
        exec_close(execution);
        world_close(world);
    }
}

static void split_scan_gives_every_row_once(void)
{
    World *world = world_open("SELECT sum(c1)::bigint, max(c2) FROM medley_leaf(1)", 2);
    rows_wanted = 300000;
    world->leaf.spec.split_table = "t";
    Execution *execution = begin(world);
    Sum sum = {0};
    size_t count;
    bool at_end;
    CHECK(run(world, execution, 0, &sum, &count, &at_end) && sum.numbers == (int64_t)300000 * 299999 / 2);
    CHECK(exec_leaf_figures(execution, 1).parts >= 1);
    exec_close(execution);
    world_close(world);
}

static void errors_of_wrapper_arrive_whole(void)
{
    for (int local = 0; local < 2; local++) {
        World *world = world_open(local ? "SELECT c1, c2 FROM medley_leaf(1)" : NULL, 2);
        fail_at = 3;
        Execution *execution = begin(world);
        Sum sum = {0};
        size_t count;
        bool at_end;
        CHECK(!run(world, execution, 0, &sum, &count, &at_end));
        CHECK_STR(world->error.sqlstate, "HV00L");
        CHECK_STR(world->error.message, "generator is broken");
        CHECK_STR(world->error.detail, "At row 3.");
        CHECK_STR(world->error.hint, "Mend it.");
        exec_close(execution);
        world_close(world);
    }
}

static void errors_of_engine_are_translated(void)
{
    static const char *const CASES[][2] = {
        {"SELECT nothing FROM nowhere", "XX000"},
        {"SELECT count(*) FROM read_csv('/etc/passwd')", "XX000"},
        {"SELECT c1, c2 FROM medley_leaf(7)", "0A000"},
        {"SELECT count(*) FROM (SELECT DISTINCT range, repeat('x', 100) || range FROM range(20000000))", "53200"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        World *world = world_open(CASES[i][0], 1);
        world->plan.nleaves = 0;
        Execution *execution = begin(world);
        Sum sum = {0};
        size_t count;
        bool at_end;
        CHECK(!run(world, execution, 0, &sum, &count, &at_end));
        CHECK_STR(world->error.sqlstate, CASES[i][1]);
        CHECK(!run(world, execution, 0, &sum, &count, &at_end));
        exec_close(execution);
        world_close(world);
    }
}

static void large_intermediates_spill(void)
{
    char directory[] = "/tmp/test_exec.XXXXXX";
    CHECK(mkdtemp(directory) != NULL);
    World *world = world_open("SELECT count(*) FROM (SELECT DISTINCT range, repeat('x', 100) || range FROM range(4000000))", 1);
    world->plan.nleaves = 0;
    exec_engine_close(world->engine);
    EngineOptions options = {.threads = 2, .memory_limit = "256MB", .temp_directory = directory, .wrappers = world->wrappers};
    world->engine = exec_engine_open(&options, world->arena, &world->error);
    Execution *execution = begin(world);
    Sum sum = {0};
    size_t count;
    bool at_end;
    CHECK(run(world, execution, 0, &sum, &count, &at_end) && sum.numbers == 4000000);
    exec_close(execution);
    world_close(world);
    rmdir(directory);
}

static void *cancel_soon(void *execution)
{
    usleep(100000);
    exec_cancel(execution);
    return NULL;
}

static void cancel_ends_either_kind(void)
{
    static const char *const CASES[] = {NULL, "SELECT sum(c1)::bigint, max(c2) FROM medley_leaf(1)",
                                        "SELECT count(*) FROM range(100000000) a, range(1000000) b"};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        World *world = world_open(CASES[i], 1);
        rows_wanted = INT64_MAX / 4;
        Execution *execution = begin(world);
        pthread_t thread;
        pthread_create(&thread, NULL, cancel_soon, execution);
        Sum sum = {0};
        size_t count;
        bool at_end;
        CHECK(!run(world, execution, 0, &sum, &count, &at_end));
        CHECK_STR(world->error.sqlstate, "57014");
        pthread_join(thread, NULL);
        exec_close(execution);
        world_close(world);
    }
}

static long resident_kb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void large_results_stream(void)
{
    World *world = world_open("SELECT c1, c2 FROM medley_leaf(1) WHERE c1 >= 0", 2);
    rows_wanted = 10000000;
    long before = resident_kb();
    Execution *execution = begin(world);
    Sum sum = {0};
    size_t count;
    bool at_end = false;
    while (!at_end && run(world, execution, 1000000, &sum, &count, &at_end))
        ;
    CHECK(sum.rows == rows_wanted && sum.numbers == rows_wanted * (rows_wanted - 1) / 2);
    CHECK(resident_kb() - before < 128 * 1024);
    exec_close(execution);
    world_close(world);
}

static void closing_in_mid_way_leaves_nothing_open(void)
{
    World *world = world_open("SELECT c1, c2 FROM medley_leaf(1)", 2);
    rows_wanted = 10000000;
    for (int i = 0; i < 3; i++) {
        Execution *execution = begin(world);
        Sum sum = {0};
        size_t count;
        bool at_end;
        CHECK(run(world, execution, 10, &sum, &count, &at_end) && count == 10);
        exec_close(execution);
        CHECK(open_scans == 0);
    }
    world_close(world);
}

int main(void)
{
    RUN(relays_a_leaf_in_pieces);
    RUN(local_query_reads_leaf_in_place);
    RUN(unwanted_columns_and_counts);
    RUN(leaves_inside_recursion_and_shared_ctes);
    RUN(split_scan_gives_every_row_once);
    RUN(errors_of_wrapper_arrive_whole);
    RUN(errors_of_engine_are_translated);
    RUN(large_intermediates_spill);
    RUN(cancel_ends_either_kind);
    RUN(closing_in_mid_way_leaves_nothing_open);
    RUN(large_results_stream);
    return UNIT_RESULT();
}
