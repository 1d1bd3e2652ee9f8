/*
 * engine.c - the process's in-memory databases of the local engine, each opened when it is first needed, and their connections.
 *
 * The large one has the threads and the spill directory that the options say. The small one has a single thread: a query of a few rows
 * runs there in less than half the time, since handing its steps from thread to thread is most of its work. The serial one has a single
 * thread too, that of the session which runs the query, so that users' functions can be called from inside. All may spill: that a query has
 * few rows is an estimate.
 *
 * A limit of DuckDB is a database's. A statement that has limits of its own therefore gets a database of its own for as long as it runs;
 * the last few of them are kept for the next statement with the same limits. Rows of Medley's own tables lie in the serial one
 * alone; the others that have limits are fed from there (feed.c).
 *
 * Invariants:
 *  1. A database is opened once; who comes while it is being opened waits.
 *  2. A connection serves one execution at a time. Idle ones are kept, up to a bound; one that failed is closed.
 *  3. SQL given to the engine can reach no file and no network, load no extension and change no setting.
 *  4. A database with limits serves one execution at a time, over its only connection; after one that failed it is closed.
 * Threads: all; the lock guards everything but the database handles, which are set before any connection is given.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "exec/internal.h"

struct Database {
    Engine *engine;
    Arena *arena; /* of what is registered */
    EngineSize size;
    ExecLimits limits;
    int number;            /* of one with limits */
    struct Database *next; /* idle ones with limits */
    bool is_open;
    duckdb_database database;
    Storage *storage; /* ENGINE_SERIAL: rows of tables may meet functions that call back */
    Error storage_error;
    EngineConnection *connections; /* all */
    EngineConnection *idle;
    size_t nidle;
};

struct Engine {
    EngineOptions options;
    Arena *arena;
    pthread_mutex_t lock;
    Database databases[ENGINE_SIZES]; /* by EngineSize */
    Database *limited;                /* idle ones, the last used first */
    int nlimited;                     /* opened so far */
    pthread_cond_t rested;            /* nlent has gone down, or is_resting */
    int nlent;                        /* connections of databases[] in use */
    bool is_resting;                  /* no more are given */
};

Engine *exec_engine_open(const EngineOptions *options, Arena *arena, Error *error)
{
    Engine *engine = ARENA_NEW(arena, Engine);
    engine->options = *options;
    engine->options.memory_limit = arena_strdup(arena, options->memory_limit);
    engine->options.temp_directory = arena_strdup(arena, options->temp_directory);
    engine->options.store_path = arena_strdup(arena, options->store_path);
    engine->arena = arena_open(NULL);
    pthread_mutex_init(&engine->lock, NULL);
    clock_open_condition(&engine->rested);
    for (size_t i = 0; i < COUNT_OF(engine->databases); i++)
        engine->databases[i] = (Database){.engine = engine, .arena = arena_open(engine->arena), .size = (EngineSize)i};
    if (options->wrappers)
        wrapper_host_set_string(options->wrappers, batch_set_string);
    return engine;
}

const char *exec_engine_version(void)
{
    return duckdb_library_version();
}

int engine_threads(const Engine *engine)
{
    return engine->options.threads > 0 ? engine->options.threads : 1;
}

/* ---- opening a database ---- */

/* Two databases may not spill into one folder: their files would have the same names. */
static const char *spill_folder(const Database *database)
{
    static const char *const folders[ENGINE_SIZES] = {[ENGINE_SMALL] = "/small", [ENGINE_LARGE] = "", [ENGINE_SERIAL] = "/serial"};
    const char *directory = database->engine->options.temp_directory;
    if (!directory)
        return "";
    return database->number ? arena_printf(database->arena, "%s/limited-%d", directory, database->number)
                            : arena_printf(database->arena, "%s%s", directory, folders[database->size]);
}

static bool open_configured(Database *database, duckdb_config config, Error *error)
{
    const EngineOptions *options = &database->engine->options;
    const ExecLimits *limits = &database->limits;
    char threads[16];
    snprintf(threads, sizeof threads, "%d", database->size == ENGINE_LARGE ? engine_threads(database->engine) : 1);
    const struct {
        const char *name, *value;
    } settings[] = {
        {"threads", threads},
        {"memory_limit", limits->memory ? arena_printf(database->arena, "%" PRId64 "KiB", limits->memory) : options->memory_limit},
        {"temp_directory", spill_folder(database)}, /* "": no spilling */
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"preserve_insertion_order", "false"}, /* the plan says every order it wants */
    };
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        if (settings[i].value && duckdb_set_config(config, settings[i].name, settings[i].value) == DuckDBError)
            return error_set(error, ERRCODE_CONFIG_FILE_ERROR, "the local engine refuses %s = \"%s\"", settings[i].name, settings[i].value);
    char *message = NULL;
    if (duckdb_open_ext(NULL, &database->database, config, &message) == DuckDBError) {
        error_set(error, ERRCODE_INTERNAL_ERROR, "could not open the local engine: %s", message ? message : "");
        duckdb_free(message);
        return false;
    }
    return true;
}

static bool run_sql(duckdb_connection connection, const char *sql, Error *error)
{
    duckdb_result result;
    bool done = duckdb_query(connection, sql, &result) == DuckDBSuccess;
    if (!done)
        error_set(error, ERRCODE_INTERNAL_ERROR, "could not prepare the local engine: %s", duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return done;
}

/* What is wrong with the file of rows is told to whoever wants them; all else goes on. */
static void open_storage(Database *database, duckdb_connection connection)
{
    Engine *engine = database->engine;
    error_init(&database->storage_error, database->arena);
    database->storage = NULL;
    /* Storage says when. Functions are called with all that a dictionary has, also where no row is left of a value that they fail for. */
    static const char SETTINGS[] = "SET GLOBAL checkpoint_threshold = '1TB'; PRAGMA disable_checkpoint_on_shutdown;"
                                   " SET GLOBAL disabled_compression_methods = 'dictionary,dict_fsst'";
    if (run_sql(connection, SETTINGS, &database->storage_error))
        database->storage = storage_open(engine, connection, engine->options.store_path, engine->options.catalog, database->arena,
                                         &database->storage_error);
    if (!database->storage)
        log_write(engine->options.log, LOG_ERROR_LEVEL, "the file of rows \"%s\" cannot be used: %s", engine->options.store_path,
                  database->storage_error.message);
}

/* The engine forgets this one when it is told before it is opened. */
static bool limit_files(const Database *database, duckdb_connection connection, Error *error)
{
    const ExecLimits *limits = &database->limits;
    return !limits->has_temp ||
           run_sql(connection, arena_printf(database->arena, "SET GLOBAL max_temp_directory_size = '%" PRId64 "KiB'", limits->temp), error);
}

/* The first three take equal values for the same: '1 day' and '24:00:00', 0 and -0. And they are slow on deep expressions. filter_pullup
 * leaves conditions above a LATERAL join, which is then made for rows that they would have left out. */
static const char DISABLED_OPTIMIZERS[] =
    "SET GLOBAL disabled_optimizers = 'common_subexpressions,common_aggregate,duplicate_groups,filter_pullup'";

static bool register_all(Database *database, Error *error)
{
    duckdb_connection connection;
    if (duckdb_connect(database->database, &connection) == DuckDBError)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "could not connect to the local engine");
    if (database->size == ENGINE_SERIAL && !database->number && database->engine->options.store_path)
        open_storage(database, connection);
    leaf_function_stand_in(database->database);
    bool done = leaf_function_register(database, connection, error) &&
                feed_register(database, database->database, connection, database->number != 0, error) &&
                scalar_register_all(database, connection, database->arena, error) &&
                routine_function_register(database, connection, database->arena, error) &&
                aggregate_register_all(connection, database->arena, error) && limit_files(database, connection, error) &&
                /* Turned off while running, this leaves the temporary directory within reach. */
                run_sql(connection, "SET GLOBAL enable_external_access = false", error) &&
                run_sql(connection, DISABLED_OPTIMIZERS, error) && run_sql(connection, "SET GLOBAL TimeZone = 'UTC'", error) &&
                run_sql(connection, "SET GLOBAL lock_configuration = true", error);
    duckdb_disconnect(&connection);
    return done;
}

static bool ensure_open(Database *database, Error *error)
{
    if (database->is_open)
        return true;
    duckdb_config config;
    if (duckdb_create_config(&config) == DuckDBError)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "could not configure the local engine");
    bool done = open_configured(database, config, error);
    duckdb_destroy_config(&config);
    if (done && !register_all(database, error)) {
        duckdb_close(&database->database);
        done = false;
    }
    database->is_open = done;
    return done;
}

/* ---- statements that connections keep ---- */

typedef struct KeptStatement {
    struct KeptStatement *next;
    duckdb_prepared_statement statement;
    char sql[];
} KeptStatement;

static void drop_statement(KeptStatement *kept)
{
    duckdb_destroy_prepare(&kept->statement);
    free(kept);
}

duckdb_prepared_statement engine_prepared(EngineConnection *connection, const char *sql, Error *error)
{
    KeptStatement **link = &connection->kept;
    int place = 1;
    for (; *link && strcmp((*link)->sql, sql) != 0; link = &(*link)->next)
        if (place++ == MAX_KEPT_STATEMENTS) {
            drop_statement(*link); /* the last one makes room */
            *link = NULL;
            break;
        }
    KeptStatement *kept = *link;
    if (kept) {
        *link = kept->next;
    } else {
        kept = malloc(sizeof *kept + strlen(sql) + 1);
        if (!kept)
            abort();
        strcpy(kept->sql, sql);
        if (duckdb_prepare(connection->connection, sql, &kept->statement) == DuckDBError) {
            sql_engine_error(duckdb_prepare_error(kept->statement), error);
            drop_statement(kept);
            return NULL;
        }
    }
    kept->next = connection->kept;
    connection->kept = kept;
    return kept->statement;
}

static void close_connection(EngineConnection *connection)
{
    while (connection->kept) {
        KeptStatement *kept = connection->kept;
        connection->kept = kept->next;
        drop_statement(kept);
    }
    duckdb_disconnect(&connection->connection);
    free(connection);
}

static void close_connections(Database *database)
{
    while (database->connections) {
        EngineConnection *connection = database->connections;
        database->connections = connection->next;
        close_connection(connection);
    }
}

static void close_database(Database *database)
{
    close_connections(database);
    if (database->is_open)
        duckdb_close(&database->database);
    arena_close(database->arena);
}

static void close_limited(Database *database)
{
    close_database(database);
    free(database);
}

void exec_engine_close(Engine *engine)
{
    if (!engine)
        return;
    if (engine->databases[ENGINE_SERIAL].storage)
        storage_checkpoint(engine->databases[ENGINE_SERIAL].storage, true);
    for (size_t i = 0; i < COUNT_OF(engine->databases); i++)
        close_database(&engine->databases[i]);
    while (engine->limited) {
        Database *database = engine->limited;
        engine->limited = database->next;
        close_limited(database);
    }
    arena_close(engine->arena);
    pthread_cond_destroy(&engine->rested);
    pthread_mutex_destroy(&engine->lock);
}

/* ---- connections ---- */

static EngineConnection *connect_fresh(Database *database, Error *error)
{
    EngineConnection *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        abort();
    if (duckdb_connect(database->database, &fresh->connection) == DuckDBError) {
        free(fresh);
        error_set(error, ERRCODE_INTERNAL_ERROR, "could not connect to the local engine");
        return NULL;
    }
    duckdb_client_context context;
    duckdb_connection_get_client_context(fresh->connection, &context);
    fresh->id = duckdb_client_context_get_connection_id(context);
    duckdb_destroy_client_context(&context);
    fresh->database = database;
    fresh->next = database->connections;
    if (fresh->next)
        fresh->next->previous = fresh;
    database->connections = fresh;
    return fresh;
}

EngineConnection *engine_connect(Engine *engine, EngineSize size, Execution *execution, Error *error)
{
    Database *database = &engine->databases[size];
    pthread_mutex_lock(&engine->lock);
    while (engine->is_resting)
        pthread_cond_wait(&engine->rested, &engine->lock);
    EngineConnection *connection = NULL;
    if (ensure_open(database, error)) {
        connection = database->idle;
        if (connection) {
            database->idle = connection->next_idle;
            database->nidle--;
        } else {
            connection = connect_fresh(database, error);
        }
        if (connection)
            connection->execution = execution;
    }
    engine->nlent += connection != NULL;
    pthread_mutex_unlock(&engine->lock);
    return connection;
}

/* Under the lock. */
static void count_back(Engine *engine)
{
    engine->nlent--;
    if (engine->is_resting)
        pthread_cond_broadcast(&engine->rested);
}

bool engine_rest(Engine *engine)
{
    enum { PATIENCE_MS = 100 };
    int64_t until = clock_ms() + PATIENCE_MS;
    pthread_mutex_lock(&engine->lock);
    bool is_first = !engine->is_resting, is_over = false;
    engine->is_resting = true;
    while (is_first && engine->nlent > 1 && !is_over)
        is_over = !clock_wait(&engine->rested, &engine->lock, until);
    bool rests = is_first && engine->nlent == 1;
    pthread_mutex_unlock(&engine->lock);
    if (is_first && !rests)
        engine_wake(engine);
    return rests;
}

void engine_wake(Engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->is_resting = false;
    pthread_cond_broadcast(&engine->rested);
    pthread_mutex_unlock(&engine->lock);
}

/* ---- databases with limits ---- */

static bool has_limits(const Database *database, EngineSize size, const ExecLimits *limits)
{
    return database->size == size && database->limits.memory == limits->memory && database->limits.has_temp == limits->has_temp &&
           database->limits.temp == limits->temp;
}

static Database *take_limited(Engine *engine, EngineSize size, const ExecLimits *limits)
{
    pthread_mutex_lock(&engine->lock);
    Database **link = &engine->limited;
    while (*link && !has_limits(*link, size, limits))
        link = &(*link)->next;
    Database *found = *link;
    if (found)
        *link = found->next;
    else
        engine->nlimited++;
    int number = engine->nlimited;
    pthread_mutex_unlock(&engine->lock);
    if (found)
        return found;
    Database *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        abort();
    *fresh = (Database){.engine = engine, .arena = arena_open(NULL), .size = size, .limits = *limits, .number = number};
    return fresh;
}

static void give_limited_back(Database *database)
{
    Engine *engine = database->engine;
    pthread_mutex_lock(&engine->lock);
    database->next = engine->limited;
    engine->limited = database;
    Database **link = &engine->limited;
    for (int i = 0; i < MAX_IDLE_LIMITED && *link; i++)
        link = &(*link)->next;
    Database *surplus = *link;
    *link = NULL;
    pthread_mutex_unlock(&engine->lock);
    if (surplus)
        close_limited(surplus);
}

EngineConnection *engine_connect_limited(Engine *engine, EngineSize size, const ExecLimits *limits, Execution *execution, Error *error)
{
    Database *database = take_limited(engine, size, limits);
    /* Nobody else knows the database: its opening, which takes a while, holds nobody up. */
    EngineConnection *connection = ensure_open(database, error) ? database->connections : NULL;
    if (!connection && database->is_open)
        connection = connect_fresh(database, error);
    if (!connection) {
        close_limited(database);
        return NULL;
    }
    pthread_mutex_lock(&engine->lock);
    connection->execution = execution;
    pthread_mutex_unlock(&engine->lock);
    return connection;
}

static Database *leave_limited(EngineConnection *connection)
{
    Database *database = connection->database;
    pthread_mutex_lock(&database->engine->lock);
    connection->execution = NULL;
    pthread_mutex_unlock(&database->engine->lock);
    return database;
}

static void disconnect_limited(EngineConnection *connection, bool usable)
{
    Database *database = leave_limited(connection);
    if (usable)
        give_limited_back(database);
    else
        close_limited(database);
}

bool engine_is_limited(const EngineConnection *connection)
{
    return connection->database->number != 0;
}

void engine_disconnect(EngineConnection *connection, bool usable)
{
    if (engine_is_limited(connection)) {
        disconnect_limited(connection, usable);
        return;
    }
    Database *database = connection->database;
    pthread_mutex_lock(&database->engine->lock);
    connection->execution = NULL;
    bool kept = usable && database->nidle < MAX_IDLE_CONNECTIONS;
    if (kept) {
        connection->next_idle = database->idle;
        database->idle = connection;
        database->nidle++;
        count_back(database->engine);
    } else {
        if (connection->previous)
            connection->previous->next = connection->next;
        else
            database->connections = connection->next;
        if (connection->next)
            connection->next->previous = connection->previous;
    }
    pthread_mutex_unlock(&database->engine->lock);
    if (!kept) {
        close_connection(connection);
        pthread_mutex_lock(&database->engine->lock);
        count_back(database->engine); /* now it reads nothing any more */
        pthread_mutex_unlock(&database->engine->lock);
    }
}

void engine_abandon(EngineConnection *connection)
{
    if (!engine_is_limited(connection)) {
        engine_disconnect(connection, false);
        return;
    }
    Database *database = leave_limited(connection);
    close_connections(database);
    give_limited_back(database);
}

bool exec_store_bytes(const Engine *engine, int64_t *out)
{
    static const char *const ENDS[] = {"", ".wal"};
    const char *path = engine->options.store_path;
    *out = 0;
    for (size_t i = 0; path && i < COUNT_OF(ENDS); i++) {
        char name[4096];
        struct stat file;
        snprintf(name, sizeof name, "%s%s", path, ENDS[i]);
        *out += stat(name, &file) == 0 ? (int64_t)file.st_size : 0;
    }
    return true;
}

Storage *engine_storage(Engine *engine, Error *error)
{
    Database *database = &engine->databases[ENGINE_SERIAL];
    pthread_mutex_lock(&engine->lock);
    Storage *storage = ensure_open(database, error) ? database->storage : NULL;
    if (!storage && database->is_open)
        error_copy(error, &database->storage_error);
    pthread_mutex_unlock(&engine->lock);
    return storage;
}

Execution *engine_find_execution(Database *database, duckdb_client_context context)
{
    idx_t id = duckdb_client_context_get_connection_id(context);
    duckdb_destroy_client_context(&context);
    pthread_mutex_lock(&database->engine->lock);
    EngineConnection *connection = database->connections;
    while (connection && connection->id != id)
        connection = connection->next;
    Execution *execution = connection ? connection->execution : NULL;
    pthread_mutex_unlock(&database->engine->lock);
    return execution;
}

Execution *engine_bind_execution(Database *database, duckdb_bind_info info)
{
    duckdb_client_context context;
    duckdb_scalar_function_get_client_context(info, &context);
    Execution *execution = engine_find_execution(database, context);
    if (!execution)
        duckdb_scalar_function_bind_set_error(info, "no execution");
    return execution;
}
