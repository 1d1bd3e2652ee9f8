/*
 * split.c - cutting one table's scan into ranges of its blocks, and estimates.
 *
 * Invariants:
 *  1. The ranges of a split cover every ctid exactly once: the first begins at block 0, the last has no end (a table may have children
 *     that are longer, or have grown since it was measured).
 *  2. Only plain tables and materialised views are split, and only where the source can seek to a ctid (PostgreSQL 14 and later).
 *
 * One thread at a time a connection.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres_fdw.h"

enum { BLOCKS_PER_PART = 1024, FIRST_WITH_TID_RANGES = 140000 };

/* One row of a query of ours; NULL: failed. */
static PGresult *query_row(FdwCall *call, FdwConnection *connection, const char *sql)
{
    if (!postgres_ready(call, connection))
        return NULL;
    PGresult *result = postgres_query(call, connection, sql);
    if (result && PQntuples(result) == 1)
        return result;
    if (result)
        postgres_fail(call, "HV000", "server \"%s\" gave no answer", connection->server_name);
    PQclear(result);
    return NULL;
}

static char *quote(FdwCall *call, FdwConnection *connection, const char *text)
{
    char *quoted = PQescapeLiteral(connection->pg, text, strlen(text));
    char *copy = postgres_text(call, "%s", quoted ? quoted : "NULL");
    PQfreemem(quoted);
    return copy;
}

static bool measure(FdwCall *call, FdwConnection *connection, const char *table, int64_t *blocks)
{
    const char *sql = postgres_text(call,
                                    "SELECT coalesce((SELECT pg_relation_size(oid) / current_setting('block_size')::int8 FROM pg_class "
                                    "WHERE oid = to_regclass(%s) AND relkind IN ('r', 'm')), 0)",
                                    quote(call, connection, table));
    PGresult *result = query_row(call, connection, sql);
    if (!result)
        return false;
    *blocks = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return true;
}

static const char *range_sql(FdwCall *call, const FdwScanSpec *spec, int64_t first, int64_t last)
{
    const char *word = spec->split_where ? "WHERE" : "AND", *alias = spec->split_alias;
    char low[128] = "", high[128] = "";
    const char *and = first && last >= 0 ? " AND " : "";
    if (first)
        snprintf(low, sizeof low, ".ctid >= '(%lld,0)'::pg_catalog.tid", (long long)first);
    if (last >= 0)
        snprintf(high, sizeof high, ".ctid < '(%lld,0)'::pg_catalog.tid", (long long)last);
    return postgres_text(call, "%.*s %s %s%s%s%s%s%s", (int)spec->split_offset, spec->sql, word, first ? alias : "", low, and,
                         last >= 0 ? alias : "", high, spec->sql + spec->split_offset);
}

size_t postgres_split(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, size_t max_parts, FdwPart *parts)
{
    parts[0] = (FdwPart){0};
    if (!spec->split_table || spec->nparams || max_parts < 2 || PQserverVersion(connection->pg) < FIRST_WITH_TID_RANGES)
        return 1;
    int64_t blocks;
    if (!measure(call, connection, spec->split_table, &blocks))
        return 0;
    size_t count = (size_t)(blocks / BLOCKS_PER_PART);
    if (count > max_parts)
        count = max_parts;
    if (count < 2)
        return 1;
    for (size_t i = 0; i < count; i++) {
        int64_t first = blocks * (int64_t)i / (int64_t)count, next = blocks * ((int64_t)i + 1) / (int64_t)count;
        parts[i] = (FdwPart){.sql = range_sql(call, spec, first, i + 1 < count ? next : -1), .first = first, .last = next};
    }
    return count;
}

/* ---- estimates ---- */

/* The first line of EXPLAIN: "... (cost=0.00..1.01 rows=1 width=4)". */
static bool estimate_by_explain(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out)
{
    if (spec->nparams || !postgres_ready(call, connection))
        return !spec->nparams ? false : true;
    PGresult *result = postgres_query(call, connection, postgres_text(call, "EXPLAIN %s", spec->sql));
    if (!result)
        return false;
    const char *figures = PQntuples(result) ? strstr(PQgetvalue(result, 0, 0), " rows=") : NULL;
    if (figures && sscanf(figures, " rows=%lf width=%lf", &out->rows, &out->width) != 2)
        out->rows = -1;
    PQclear(result);
    return true;
}

static bool ask_rows(FdwCall *call, FdwConnection *connection, const char *sql, FdwEstimate *out)
{
    PGresult *result = query_row(call, connection, sql);
    if (!result)
        return false;
    out->rows = strtod(PQgetvalue(result, 0, 0), NULL);
    PQclear(result);
    return true;
}

static bool estimate_by_statistics(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out)
{
    const char *sql = postgres_text(call,
                                    "SELECT coalesce((SELECT reltuples FROM pg_catalog.pg_class WHERE oid = "
                                    "pg_catalog.to_regclass(%s)), -1)",
                                    quote(call, connection, spec->split_table));
    return ask_rows(call, connection, sql, out);
}

/* As many as the product of the columns' own. A tree's statistics count before those of its own rows. */
static bool estimate_distinct(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out)
{
    const char *names = "";
    for (size_t i = 0; i < spec->ncolumns; i++) {
        const FdwColumn *column = &spec->table->columns[spec->projection[i]];
        const char *name = postgres_option(&column->options, "column_name");
        names = postgres_text(call, "%s%s%s", names, i ? ", " : "", quote(call, connection, name ? name : column->name));
    }
    const char *sql = postgres_text(
        call,
        "SELECT CASE WHEN count(*) = %zu AND min(part) > 0 THEN exp(least(sum(ln(greatest(part, 1))), 100)) ELSE -1 END FROM ("
        "SELECT DISTINCT ON (attname) (CASE WHEN n_distinct < 0 THEN -n_distinct * reltuples ELSE n_distinct END)::float8 AS part "
        "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace "
        "JOIN pg_catalog.pg_stats ON schemaname = nspname AND tablename = relname "
        "WHERE c.oid = pg_catalog.to_regclass(%s) AND attname IN (%s) ORDER BY attname, inherited DESC) s",
        spec->ncolumns, quote(call, connection, spec->split_table), names);
    return ask_rows(call, connection, sql, out);
}

bool postgres_estimate(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out)
{
    *out = (FdwEstimate){.rows = -1};
    if (spec->distinct)
        return estimate_distinct(call, connection, spec, out);
    return spec->sql ? estimate_by_explain(call, connection, spec, out) : estimate_by_statistics(call, connection, spec, out);
}
