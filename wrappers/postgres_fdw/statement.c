/*
 * statement.c - statements prepared on a connection.
 *
 * Invariants:
 *  1. At most STATEMENT_CACHE_SIZE statements are prepared on a connection; the least recently used ones make room, several at a time, so
 *     that it seldom takes a round trip.
 *  2. A statement in the cache exists on the source under its name and returns the types that stand there, unless the source forgot it or
 *     its tables were changed: then using it fails, it is forgotten, and prepared anew once, before any of its rows was read.
 *
 * One thread at a time a connection.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres_fdw.h"

enum { FIRST_USER_OID = 16384, TEXT_OID = 25 };

/* Types that only the server knows: no statement of the source's uses these parameters, but it wants to know a type. */
const Oid *postgres_param_types(FdwCall *call, const FdwParam *params, size_t nparams)
{
    Oid *types = call->host->alloc(call, (nparams + 1) * sizeof *types);
    for (size_t i = 0; i < nparams; i++)
        types[i] = params[i].oid < FIRST_USER_OID ? params[i].oid : TEXT_OID;
    return types;
}

static bool send_description(FdwCall *call, FdwConnection *connection, const char *name, const char *sql, const FdwParam *params,
                             size_t nparams)
{
    PGconn *pg = connection->pg;
    const Oid *types = postgres_param_types(call, params, nparams);
    return PQenterPipelineMode(pg) && PQsendPrepare(pg, name, sql, (int)nparams, types) && PQsendDescribePrepared(pg, name) &&
           PQpipelineSync(pg);
}

/* Reads up to the pipeline's sync. NULL: an error was set. */
static PGresult *receive_description(FdwCall *call, FdwConnection *connection, const char *sql)
{
    PGresult *description = NULL;
    bool failed = false;
    for (bool synced = false; !synced;) {
        bool ok;
        PGresult *result = postgres_next_result(call, connection, sql, &ok);
        if (!ok) {
            PQclear(description);
            return NULL;
        }
        ExecStatusType status = PQresultStatus(result);
        synced = status == PGRES_PIPELINE_SYNC;
        if (result && status == PGRES_FATAL_ERROR && !failed)
            failed = !postgres_fail_remote(call, connection, result, sql);
        if (result && status == PGRES_COMMAND_OK) {
            PQclear(description);
            description = result;
        } else {
            PQclear(result);
        }
        if (PQstatus(connection->pg) == CONNECTION_BAD)
            break;
    }
    if (!failed)
        return description;
    PQclear(description);
    return NULL;
}

PGresult *postgres_describe(FdwCall *call, FdwConnection *connection, const char *name, const char *sql, const FdwParam *params,
                            size_t nparams)
{
    if (!send_description(call, connection, name, sql, params, nparams)) {
        postgres_fail_remote(call, connection, NULL, sql);
        connection->broken = true;
        return NULL;
    }
    PGresult *description = receive_description(call, connection, sql);
    PQexitPipelineMode(connection->pg); /* or postgres_stop does, when it was not read to its end */
    return description;
}

/* ---- the cache ---- */

static uint64_t hash_text(const char *text)
{
    uint64_t hash = 1469598103934665603u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

void postgres_forget_statement(Statement *statement)
{
    free(statement->sql);
    free(statement->types);
    free(statement->typmods);
    statement->sql = NULL;
    statement->types = NULL;
    statement->typmods = NULL;
}

void postgres_forget_statements(FdwConnection *connection)
{
    for (size_t i = 0; i < STATEMENT_CACHE_SIZE; i++)
        postgres_forget_statement(&connection->statements[i]);
}

static Statement *find_statement(FdwConnection *connection, const StatementKey *key)
{
    for (size_t i = 0; i < STATEMENT_CACHE_SIZE; i++) {
        Statement *statement = &connection->statements[i];
        if (statement->sql && statement->hash == key->hash && strcmp(statement->sql, key->text) == 0)
            return statement;
    }
    return NULL;
}

static Statement *free_place(FdwConnection *connection)
{
    for (size_t i = 0; i < STATEMENT_CACHE_SIZE; i++)
        if (!connection->statements[i].sql)
            return &connection->statements[i];
    return NULL;
}

static int by_use(const void *a, const void *b)
{
    const Statement *const *left = a, *const *right = b;
    return ((*left)->used > (*right)->used) - ((*left)->used < (*right)->used);
}

/* Gives up the least recently used ones of a full cache. */
static bool make_room(FdwCall *call, FdwConnection *connection)
{
    enum { AT_A_TIME = STATEMENT_CACHE_SIZE / 8 };
    Statement *order[STATEMENT_CACHE_SIZE];
    char sql[AT_A_TIME * (sizeof connection->statements[0].name + 16)], *at = sql;
    for (size_t i = 0; i < STATEMENT_CACHE_SIZE; i++)
        order[i] = &connection->statements[i];
    qsort(order, STATEMENT_CACHE_SIZE, sizeof order[0], by_use);
    for (size_t i = 0; i < AT_A_TIME; i++)
        at += sprintf(at, "DEALLOCATE %s;", order[i]->name);
    PGresult *result = postgres_query(call, connection, sql);
    for (size_t i = 0; i < AT_A_TIME; i++)
        postgres_forget_statement(order[i]);
    PQclear(result);
    return result != NULL;
}

static void fill(Statement *statement, const StatementKey *key, const PGresult *description)
{
    int nfields = PQnfields(description);
    statement->sql = strdup(key->text);
    statement->hash = key->hash;
    statement->nfields = nfields;
    statement->types = malloc(((size_t)nfields + 1) * sizeof *statement->types);
    statement->typmods = malloc(((size_t)nfields + 1) * sizeof *statement->typmods);
    if (!statement->sql || !statement->types || !statement->typmods)
        abort();
    for (int i = 0; i < nfields; i++) {
        statement->types[i] = PQftype(description, i);
        statement->typmods[i] = PQfmod(description, i);
    }
}

StatementKey postgres_statement_key(FdwCall *call, const FdwScanSpec *spec, const char *sql)
{
    if (!spec->nparams)
        return (StatementKey){sql, sql, hash_text(sql)};
    size_t length = strlen(sql);
    char *key = call->host->alloc(call, length + spec->nparams * 8 + 2), *at = stpcpy(stpcpy(key, sql), "\n");
    for (size_t i = 0; i < spec->nparams; i++)
        for (uint32_t oid = spec->params[i].oid, left = 8; left; left--, oid >>= 4)
            *at++ = (char)('a' + (oid & 15));
    *at = '\0';
    return (StatementKey){sql, key, hash_text(key)};
}

Statement *postgres_statement(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const StatementKey *key)
{
    Statement *statement = find_statement(connection, key);
    if (!statement) {
        if (!free_place(connection) && !make_room(call, connection))
            return NULL;
        statement = free_place(connection);
        snprintf(statement->name, sizeof statement->name, "medley%llu", (unsigned long long)++connection->tick);
        PGresult *description = postgres_describe(call, connection, statement->name, key->sql, spec->params, spec->nparams);
        if (!description)
            return NULL;
        fill(statement, key, description);
        PQclear(description);
    }
    statement->used = ++connection->tick;
    return statement;
}

bool postgres_statement_is_cached(FdwConnection *connection, const StatementKey *key)
{
    return find_statement(connection, key) != NULL;
}

bool postgres_statement_is_new(FdwConnection *connection, const StatementKey *key)
{
    uint64_t *seen = &connection->seen[key->hash % SEEN_STATEMENTS];
    if (*seen == key->hash || find_statement(connection, key))
        return false;
    *seen = key->hash;
    return true;
}

bool postgres_is_outdated(const PGresult *result)
{
    const char *state = PQresultStatus(result) == PGRES_FATAL_ERROR ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    return state && (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0 || strncmp(state, "42", 2) == 0);
}

const char **postgres_param_values(FdwCall *call, const FdwScanSpec *spec)
{
    const char **values = call->host->alloc(call, (spec->nparams + 1) * sizeof *values);
    for (size_t i = 0; i < spec->nparams; i++)
        values[i] = spec->params[i].text;
    return values;
}
