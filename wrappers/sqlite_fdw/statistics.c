/*
 * statistics.c - what SQLite's own ANALYZE has found: rows of a table, and rows a value of the first column of each index.
 *
 * Invariant: without sqlite_stat1 nothing is known, and that is no error.
 *
 * One thread at a time a connection.
 */
#include <stdio.h>
#include <string.h>

#include "sqlite_fdw.h"

/* One row of sqlite_stat1: "10000 12": rows, and rows a value. */
static void take_index(const FdwTable *table, const char *figures, const char *column, FdwStatistics *out)
{
    double rows, each = 0;
    if (!figures || sscanf(figures, "%lf %lf", &rows, &each) < 1)
        return;
    out->rows = rows;
    for (size_t i = 0; column && each > 0 && i < table->ncolumns; i++) {
        const FdwColumn *known = &table->columns[i];
        const char *name = known->name ? sqlite_option(&known->options, "column_name") : NULL;
        name = name ? name : known->name;
        if (!name || sqlite3_stricmp(name, column) != 0)
            continue;
        double width = known->type.physical == FDW_STRING || known->type.physical == FDW_BYTES ? 32 : 8;
        out->columns[i] = (FdwColumnStatistics){.known = true, .width = width, .distinct = each <= 1 ? -1 : rows / each};
    }
}

bool sqlite_statistics(FdwCall *call, FdwConnection *connection, const FdwTable *table, FdwStatistics *out)
{
    static const char SQL[] = "SELECT stat, (SELECT name FROM pragma_index_info(idx) WHERE seqno = 0) FROM sqlite_stat1 "
                              "WHERE tbl = ?1 COLLATE NOCASE";
    const char *name = sqlite_option(&table->options, "table");
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(connection->db, SQL, -1, &statement, NULL) != SQLITE_OK)
        return true;
    connection->call = call;
    sqlite3_bind_text(statement, 1, name ? name : table->name, -1, SQLITE_TRANSIENT);
    while (sqlite3_step(statement) == SQLITE_ROW)
        take_index(table, (const char *)sqlite3_column_text(statement, 0), (const char *)sqlite3_column_text(statement, 1), out);
    connection->call = NULL;
    sqlite3_finalize(statement);
    return true;
}
