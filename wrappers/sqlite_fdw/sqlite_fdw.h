/*
 * sqlite_fdw.h - what the files of this module share.
 */
#ifndef MEDLEY_SQLITE_FDW_H
#define MEDLEY_SQLITE_FDW_H

#include <sqlite3.h>
#include <sys/types.h>

#include "medley/fdw.h"

struct FdwConnection {
    sqlite3 *db;
    const char *server_name, *path;
    dev_t device; /* of the file that was opened: another one of that name is another database */
    ino_t inode;
    FdwCall *call; /* the one that is running, for the handlers that SQLite calls; NULL: none */
    bool in_transaction;
};

/* ---- connect.c ---- */

char *sqlite_text(FdwCall *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool sqlite_fail(FdwCall *call, const char *sqlstate, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Fails with SQLite's own message; sql: what was run, or NULL. */
bool sqlite_fail_remote(FdwCall *call, FdwConnection *connection, const char *sql);
const char *sqlite_option(const FdwOptions *options, const char *name);
/* Runs a statement without rows. */
bool sqlite_run(FdwCall *call, FdwConnection *connection, const char *sql);
/* Prepares; NULL: failed. */
sqlite3_stmt *sqlite_prepare(FdwCall *call, FdwConnection *connection, const char *sql);

FdwConnection *sqlite_connect(FdwCall *call, const FdwConnectInfo *info);
void sqlite_disconnect(FdwConnection *connection);
void sqlite_cancel(FdwConnection *connection);
int sqlite_source_version(const FdwConnection *connection);
bool sqlite_is_alive(FdwConnection *connection);
bool sqlite_begin(FdwCall *call, FdwConnection *connection, const char *snapshot);
bool sqlite_commit(FdwCall *call, FdwConnection *connection);
bool sqlite_rollback(FdwCall *call, FdwConnection *connection);

/* ---- convert.c ---- */

/* Puts the value of a result column, never NULL, into a vector. */
bool sqlite_convert(FdwCall *call, FdwVector *vector, size_t row, sqlite3_stmt *statement, int column);
/* The shortest text of a real that reads back as the same; gives its length. */
size_t sqlite_write_real(double value, char *text, size_t room);

/* ---- functions.c ---- */

bool sqlite_add_functions(sqlite3 *db);

/* ---- scan.c, import.c ---- */

FdwScan *sqlite_scan_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const FdwPart *part);
bool sqlite_scan_next(FdwCall *call, FdwScan *scan, FdwBatch *batch);
void sqlite_scan_close(FdwScan *scan);
bool sqlite_estimate(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out);
bool sqlite_statistics(FdwCall *call, FdwConnection *connection, const FdwTable *table, FdwStatistics *out);
bool sqlite_import_schema(FdwCall *call, FdwConnection *connection, const FdwImportSpec *spec);

#endif
