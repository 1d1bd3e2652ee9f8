/*
 * statistics.c - what the source's own ANALYZE has found: pg_class and pg_stats.
 *
 * Invariant: a table that was never analysed there, or of which the remote user may not see the statistics, is one nothing is known of.
 *
 * One thread at a time a connection.
 */
#include <stdlib.h>
#include <string.h>

#include "postgres_fdw.h"

static const char *quoted_literal(FdwCall *call, FdwConnection *connection, const char *text)
{
    char *quoted = PQescapeLiteral(connection->pg, text, strlen(text));
    const char *copy = postgres_text(call, "%s", quoted ? quoted : "NULL");
    PQfreemem(quoted);
    return copy;
}

static PGresult *ask(FdwCall *call, FdwConnection *connection, const char *sql)
{
    return postgres_ready(call, connection) ? postgres_query(call, connection, sql) : NULL;
}

static const char *remote_name(const FdwOptions *options, const char *option, const char *local)
{
    const char *name = postgres_option(options, option);
    return name ? name : local;
}

static void take_column(const FdwTable *table, const PGresult *result, int row, FdwStatistics *out)
{
    for (size_t i = 0; i < table->ncolumns; i++) {
        const FdwColumn *column = &table->columns[i];
        if (!column->name || strcmp(remote_name(&column->options, "column_name", column->name), PQgetvalue(result, row, 0)) != 0)
            continue;
        out->columns[i] = (FdwColumnStatistics){.known = true,
                                                .null_part = strtod(PQgetvalue(result, row, 1), NULL),
                                                .width = strtod(PQgetvalue(result, row, 2), NULL),
                                                .distinct = strtod(PQgetvalue(result, row, 3), NULL)};
    }
}

bool postgres_statistics(FdwCall *call, FdwConnection *connection, const FdwTable *table, FdwStatistics *out)
{
    const char *schema = remote_name(&table->options, "schema_name", table->schema);
    const char *name = remote_name(&table->options, "table_name", table->name);
    const char *schema_text = quoted_literal(call, connection, schema), *name_text = quoted_literal(call, connection, name);
    /* A table that is missing is an error here, as for PostgreSQL. */
    const char *sql = postgres_text(call,
                                    "SELECT reltuples, CASE WHEN relpages > 0 THEN relpages ELSE pg_catalog.pg_relation_size(oid) / 8192 "
                                    "END FROM pg_catalog.pg_class WHERE oid = (pg_catalog.quote_ident(%s) || '.' || "
                                    "pg_catalog.quote_ident(%s))::pg_catalog.regclass",
                                    schema_text, name_text);
    PGresult *result = ask(call, connection, sql);
    if (!result)
        return false;
    out->rows = PQntuples(result) == 1 ? strtod(PQgetvalue(result, 0, 0), NULL) : -1;
    out->pages = PQntuples(result) == 1 ? strtod(PQgetvalue(result, 0, 1), NULL) : -1;
    PQclear(result);
    if (out->rows < 0)
        return true;
    /* Of a tree's own rows and all below it the latter count: they come last. */
    sql = postgres_text(call,
                        "SELECT attname, null_frac, avg_width, n_distinct FROM pg_catalog.pg_stats WHERE schemaname = %s AND "
                        "tablename = %s ORDER BY inherited",
                        schema_text, name_text);
    result = ask(call, connection, sql);
    for (int row = 0; result && row < PQntuples(result); row++)
        take_column(table, result, row, out);
    PQclear(result);
    return result != NULL;
}
