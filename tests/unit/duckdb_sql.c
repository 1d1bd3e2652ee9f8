/*
 * duckdb_sql.c - runs its arguments as SQL in DuckDB, in memory: what makes the Parquet files of tests and benchmarks.
 */
#include <duckdb.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    duckdb_database database;
    duckdb_connection connection;
    if (duckdb_open(NULL, &database) != DuckDBSuccess || duckdb_connect(database, &connection) != DuckDBSuccess)
        return 2;
    bool ok = true;
    for (int i = 1; ok && i < argc; i++) {
        duckdb_result result;
        ok = duckdb_query(connection, argv[i], &result) == DuckDBSuccess;
        if (!ok)
            fprintf(stderr, "%s\n", duckdb_result_error(&result));
        duckdb_destroy_result(&result);
    }
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return ok ? 0 : 1;
}
