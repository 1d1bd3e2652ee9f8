/*
 * engine.c - the process's one in-memory database of the local engine, opened when it is first needed, and its connections.
 *
 * Invariants:
 *  1. The database is opened once; who comes while it is being opened waits.
 *  2. A connection serves one execution at a time. Idle ones are kept, up to a bound; one that failed is closed.
 *  3. SQL given to the engine can reach no file and no network, load no extension and change no setting.
 * Threads: all; the lock guards everything but the database handle, which is set before any connection is given.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/internal.h"

struct Engine {
    EngineOptions options;
    Arena *arena;
    pthread_mutex_t lock;
    bool is_open;
    duckdb_database database;
    EngineConnection *connections; /* all */
    EngineConnection *idle;
    size_t nidle;
};

Engine *exec_engine_open(const EngineOptions *options, Arena *arena, Error *error)
{
    Engine *engine = ARENA_NEW(arena, Engine);
    engine->options = *options;
    engine->options.memory_limit = arena_strdup(arena, options->memory_limit);
    engine->options.temp_directory = arena_strdup(arena, options->temp_directory);
    engine->arena = arena_open(NULL);
    pthread_mutex_init(&engine->lock, NULL);
    if (options->wrappers)
        wrapper_host_set_string(options->wrappers, batch_set_string);
    return engine;
}

const char *exec_engine_version(void)
{
    return duckdb_library_version();
}

WrapperHost *engine_wrappers(const Engine *engine)
{
    return engine->options.wrappers;
}

int engine_threads(const Engine *engine)
{
    return engine->options.threads > 0 ? engine->options.threads : 1;
}

/* ---- opening the database ---- */

static bool open_configured(Engine *engine, duckdb_config config, Error *error)
{
    char threads[16];
    snprintf(threads, sizeof threads, "%d", engine_threads(engine));
    const struct {
        const char *name, *value;
    } settings[] = {
        {"threads", threads},
        {"memory_limit", engine->options.memory_limit},
        {"temp_directory", engine->options.temp_directory ? engine->options.temp_directory : ""}, /* "": no spilling */
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"preserve_insertion_order", "false"}, /* the plan says every order it wants */
    };
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        if (settings[i].value && duckdb_set_config(config, settings[i].name, settings[i].value) == DuckDBError)
            return error_set(error, ERRCODE_CONFIG_FILE_ERROR, "the local engine refuses %s = \"%s\"", settings[i].name, settings[i].value);
    char *message = NULL;
    if (duckdb_open_ext(NULL, &engine->database, config, &message) == DuckDBError) {
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

static bool register_all(Engine *engine, Error *error)
{
    duckdb_connection connection;
    if (duckdb_connect(engine->database, &connection) == DuckDBError)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "could not connect to the local engine");
    bool done = leaf_function_register(engine, connection, error) && scalar_register_all(engine, connection, engine->arena, error) &&
                /* Turned off while running, this leaves the temporary directory within reach. */
                run_sql(connection, "SET GLOBAL enable_external_access = false", error) &&
                run_sql(connection, "SET GLOBAL TimeZone = 'UTC'", error) &&
                run_sql(connection, "SET GLOBAL lock_configuration = true", error);
    duckdb_disconnect(&connection);
    return done;
}

static bool ensure_open(Engine *engine, Error *error)
{
    if (engine->is_open)
        return true;
    duckdb_config config;
    if (duckdb_create_config(&config) == DuckDBError)
        return error_set(error, ERRCODE_INTERNAL_ERROR, "could not configure the local engine");
    bool done = open_configured(engine, config, error);
    duckdb_destroy_config(&config);
    if (done && !register_all(engine, error)) {
        duckdb_close(&engine->database);
        done = false;
    }
    engine->is_open = done;
    return done;
}

void exec_engine_close(Engine *engine)
{
    if (!engine)
        return;
    while (engine->connections) {
        EngineConnection *connection = engine->connections;
        engine->connections = connection->next;
        duckdb_disconnect(&connection->connection);
        free(connection);
    }
    if (engine->is_open)
        duckdb_close(&engine->database);
    arena_close(engine->arena);
    pthread_mutex_destroy(&engine->lock);
}

/* ---- connections ---- */

static EngineConnection *connect_fresh(Engine *engine, Error *error)
{
    EngineConnection *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        abort();
    if (duckdb_connect(engine->database, &fresh->connection) == DuckDBError) {
        free(fresh);
        error_set(error, ERRCODE_INTERNAL_ERROR, "could not connect to the local engine");
        return NULL;
    }
    duckdb_client_context context;
    duckdb_connection_get_client_context(fresh->connection, &context);
    fresh->id = duckdb_client_context_get_connection_id(context);
    duckdb_destroy_client_context(&context);
    fresh->next = engine->connections;
    if (fresh->next)
        fresh->next->previous = fresh;
    engine->connections = fresh;
    return fresh;
}

EngineConnection *engine_connect(Engine *engine, Execution *execution, Error *error)
{
    pthread_mutex_lock(&engine->lock);
    EngineConnection *connection = NULL;
    if (ensure_open(engine, error)) {
        connection = engine->idle;
        if (connection) {
            engine->idle = connection->next_idle;
            engine->nidle--;
        } else {
            connection = connect_fresh(engine, error);
        }
        if (connection)
            connection->execution = execution;
    }
    pthread_mutex_unlock(&engine->lock);
    return connection;
}

void engine_disconnect(Engine *engine, EngineConnection *connection, bool usable)
{
    pthread_mutex_lock(&engine->lock);
    connection->execution = NULL;
    bool kept = usable && engine->nidle < MAX_IDLE_CONNECTIONS;
    if (kept) {
        connection->next_idle = engine->idle;
        engine->idle = connection;
        engine->nidle++;
    } else {
        if (connection->previous)
            connection->previous->next = connection->next;
        else
            engine->connections = connection->next;
        if (connection->next)
            connection->next->previous = connection->previous;
    }
    pthread_mutex_unlock(&engine->lock);
    if (!kept) {
        duckdb_disconnect(&connection->connection);
        free(connection);
    }
}

Execution *engine_find_execution(Engine *engine, duckdb_client_context context)
{
    idx_t id = duckdb_client_context_get_connection_id(context);
    duckdb_destroy_client_context(&context);
    pthread_mutex_lock(&engine->lock);
    EngineConnection *connection = engine->connections;
    while (connection && connection->id != id)
        connection = connection->next;
    Execution *execution = connection ? connection->execution : NULL;
    pthread_mutex_unlock(&engine->lock);
    return execution;
}
