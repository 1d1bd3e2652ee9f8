/*
 * duckdb_sql.c - SQL in a DuckDB in memory. Arguments are run one after the other: what makes the Parquet files of tests and benchmarks.
 * Without arguments each line of standard input is a statement, whose rows are printed, values parted by tabs, and after them a line
 * "time SECONDS": what bench/run measures DuckDB's own readers by.
 */
#include <duckdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_rows(duckdb_result *result)
{
    for (idx_t row = 0; row < duckdb_row_count(result); row++) {
        for (idx_t column = 0; column < duckdb_column_count(result); column++) {
            char *text = duckdb_value_varchar(result, column, row);
            printf("%s%s", column ? "\t" : "", text ? text : "NULL");
            duckdb_free(text);
        }
        putchar('\n');
    }
}

static bool run(duckdb_connection connection, const char *sql, bool print)
{
    duckdb_result result;
    double start = seconds();
    bool ok = duckdb_query(connection, sql, &result) == DuckDBSuccess;
    if (!ok)
        fprintf(stderr, "%s\n", duckdb_result_error(&result));
    if (ok && print) {
        print_rows(&result);
        printf("time %.6f\n", seconds() - start);
        fflush(stdout);
    }
    duckdb_destroy_result(&result);
    return ok;
}

int main(int argc, char **argv)
{
    duckdb_database database;
    duckdb_connection connection;
    if (duckdb_open(NULL, &database) != DuckDBSuccess || duckdb_connect(database, &connection) != DuckDBSuccess)
        return 2;
    bool ok = true;
    for (int i = 1; ok && i < argc; i++)
        ok = run(connection, argv[i], false);
    char *line = NULL;
    size_t room = 0;
    while (ok && argc == 1 && getline(&line, &room, stdin) > 0)
        ok = run(connection, line, true);
    free(line);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return ok ? 0 : 1;
}
