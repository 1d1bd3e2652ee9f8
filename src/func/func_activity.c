/*
 * func_activity.c - what PostgreSQL counts and Medley does not: how often tables were read and written, what its background processes did.
 *
 *  1. Each counter is 0 and each time of a last action NULL, as after a reset; so the views of statistics (data/views) say too.
 *  2. A server that never reads another one's log has replayed nothing, and its recovery cannot be controlled.
 * Any thread; the Catalog locks itself.
 */
#include "func/func_internal.h"

static bool no_count(FuncCall *call)
{
    return return_int(call, 0);
}

static bool no_time(FuncCall *call)
{
    return return_float(call, 0);
}

static bool nothing(FuncCall *call)
{
    return return_null(call);
}

static bool server_start(FuncCall *call)
{
    return return_int(call, call->context->server_start);
}

/* As many as ANALYZE found. */
static bool live_rows(FuncCall *call)
{
    const CatalogRows *rows =
        catalog_query(call->context->catalog, call->arena, call->error,
                      "SELECT max(CAST(reltuples AS INTEGER), 0) FROM pg_class WHERE oid = ?1", "o", arg_oid(call, 0));
    return rows && return_int(call, rows->nrows ? CATALOG_CELL(rows, 0, 0).i : 0);
}

static bool no_recovery(FuncCall *call)
{
    error_set(call->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "recovery is not in progress");
    return error_hint(call->error, "Recovery control functions can only be executed during recovery.");
}

static const FuncRow ROWS[] = {
    {F_PG_STAT_GET_ANALYZE_COUNT_OID, no_count},
    {F_PG_STAT_GET_AUTOANALYZE_COUNT_OID, no_count},
    {F_PG_STAT_GET_AUTOVACUUM_COUNT_OID, no_count},
    {F_PG_STAT_GET_BGWRITER_BUF_WRITTEN_CHECKPOINTS, no_count},
    {F_PG_STAT_GET_BGWRITER_BUF_WRITTEN_CLEAN, no_count},
    {F_PG_STAT_GET_BGWRITER_MAXWRITTEN_CLEAN, no_count},
    {F_PG_STAT_GET_BGWRITER_REQUESTED_CHECKPOINTS, no_count},
    {F_PG_STAT_GET_BGWRITER_TIMED_CHECKPOINTS, no_count},
    {F_PG_STAT_GET_BLOCKS_FETCHED_OID, no_count},
    {F_PG_STAT_GET_BLOCKS_HIT_OID, no_count},
    {F_PG_STAT_GET_BUF_ALLOC, no_count},
    {F_PG_STAT_GET_BUF_FSYNC_BACKEND, no_count},
    {F_PG_STAT_GET_BUF_WRITTEN_BACKEND, no_count},
    {F_PG_STAT_GET_DB_BLOCKS_FETCHED_OID, no_count},
    {F_PG_STAT_GET_DB_BLOCKS_HIT_OID, no_count},
    {F_PG_STAT_GET_DB_CONFLICT_ALL_OID, no_count},
    {F_PG_STAT_GET_DB_CONFLICT_BUFFERPIN_OID, no_count},
    {F_PG_STAT_GET_DB_CONFLICT_LOCK_OID, no_count},
    {F_PG_STAT_GET_DB_CONFLICT_SNAPSHOT_OID, no_count},
    {F_PG_STAT_GET_DB_CONFLICT_STARTUP_DEADLOCK_OID, no_count},
    {F_PG_STAT_GET_DB_CONFLICT_TABLESPACE_OID, no_count},
    {F_PG_STAT_GET_DB_DEADLOCKS_OID, no_count},
    {F_PG_STAT_GET_DB_SESSIONS_OID, no_count},
    {F_PG_STAT_GET_DB_SESSIONS_ABANDONED_OID, no_count},
    {F_PG_STAT_GET_DB_SESSIONS_FATAL_OID, no_count},
    {F_PG_STAT_GET_DB_SESSIONS_KILLED_OID, no_count},
    {F_PG_STAT_GET_DB_TEMP_BYTES_OID, no_count},
    {F_PG_STAT_GET_DB_TEMP_FILES_OID, no_count},
    {F_PG_STAT_GET_DB_TUPLES_DELETED_OID, no_count},
    {F_PG_STAT_GET_DB_TUPLES_FETCHED_OID, no_count},
    {F_PG_STAT_GET_DB_TUPLES_INSERTED_OID, no_count},
    {F_PG_STAT_GET_DB_TUPLES_RETURNED_OID, no_count},
    {F_PG_STAT_GET_DB_TUPLES_UPDATED_OID, no_count},
    {F_PG_STAT_GET_DB_XACT_COMMIT_OID, no_count},
    {F_PG_STAT_GET_DB_XACT_ROLLBACK_OID, no_count},
    {F_PG_STAT_GET_DEAD_TUPLES_OID, no_count},
    {F_PG_STAT_GET_INS_SINCE_VACUUM_OID, no_count},
    {F_PG_STAT_GET_MOD_SINCE_ANALYZE_OID, no_count},
    {F_PG_STAT_GET_NUMSCANS_OID, no_count},
    {F_PG_STAT_GET_TUPLES_DELETED_OID, no_count},
    {F_PG_STAT_GET_TUPLES_FETCHED_OID, no_count},
    {F_PG_STAT_GET_TUPLES_HOT_UPDATED_OID, no_count},
    {F_PG_STAT_GET_TUPLES_INSERTED_OID, no_count},
    {F_PG_STAT_GET_TUPLES_RETURNED_OID, no_count},
    {F_PG_STAT_GET_TUPLES_UPDATED_OID, no_count},
    {F_PG_STAT_GET_VACUUM_COUNT_OID, no_count},
    {F_PG_STAT_GET_XACT_BLOCKS_FETCHED_OID, no_count},
    {F_PG_STAT_GET_XACT_BLOCKS_HIT_OID, no_count},
    {F_PG_STAT_GET_XACT_NUMSCANS_OID, no_count},
    {F_PG_STAT_GET_XACT_TUPLES_DELETED_OID, no_count},
    {F_PG_STAT_GET_XACT_TUPLES_FETCHED_OID, no_count},
    {F_PG_STAT_GET_XACT_TUPLES_HOT_UPDATED_OID, no_count},
    {F_PG_STAT_GET_XACT_TUPLES_INSERTED_OID, no_count},
    {F_PG_STAT_GET_XACT_TUPLES_RETURNED_OID, no_count},
    {F_PG_STAT_GET_XACT_TUPLES_UPDATED_OID, no_count},
    {F_PG_NOTIFICATION_QUEUE_USAGE, no_time},
    {F_PG_STAT_GET_CHECKPOINT_SYNC_TIME, no_time},
    {F_PG_STAT_GET_CHECKPOINT_WRITE_TIME, no_time},
    {F_PG_STAT_GET_DB_ACTIVE_TIME_OID, no_time},
    {F_PG_STAT_GET_DB_BLK_READ_TIME_OID, no_time},
    {F_PG_STAT_GET_DB_BLK_WRITE_TIME_OID, no_time},
    {F_PG_STAT_GET_DB_IDLE_IN_TRANSACTION_TIME_OID, no_time},
    {F_PG_STAT_GET_DB_SESSION_TIME_OID, no_time},
    {F_PG_CURRENT_LOGFILE, nothing},
    {F_PG_CURRENT_LOGFILE_TEXT, nothing},
    {F_PG_LAST_WAL_RECEIVE_LSN, nothing},
    {F_PG_LAST_WAL_REPLAY_LSN, nothing},
    {F_PG_LAST_XACT_REPLAY_TIMESTAMP, nothing},
    {F_PG_STAT_GET_DB_CHECKSUM_FAILURES_OID, nothing},
    {F_PG_STAT_GET_DB_CHECKSUM_LAST_FAILURE_OID, nothing},
    {F_PG_STAT_GET_DB_STAT_RESET_TIME_OID, nothing},
    {F_PG_STAT_GET_FUNCTION_CALLS_OID, nothing},
    {F_PG_STAT_GET_FUNCTION_SELF_TIME_OID, nothing},
    {F_PG_STAT_GET_FUNCTION_TOTAL_TIME_OID, nothing},
    {F_PG_STAT_GET_LAST_ANALYZE_TIME_OID, nothing},
    {F_PG_STAT_GET_LAST_AUTOANALYZE_TIME_OID, nothing},
    {F_PG_STAT_GET_LAST_AUTOVACUUM_TIME_OID, nothing},
    {F_PG_STAT_GET_LAST_VACUUM_TIME_OID, nothing},
    {F_PG_STAT_GET_SNAPSHOT_TIMESTAMP, nothing},
    {F_PG_STAT_GET_XACT_FUNCTION_CALLS_OID, nothing},
    {F_PG_STAT_GET_XACT_FUNCTION_SELF_TIME_OID, nothing},
    {F_PG_STAT_GET_XACT_FUNCTION_TOTAL_TIME_OID, nothing},
    {F_PG_STAT_GET_LIVE_TUPLES_OID, live_rows},
    {F_PG_STAT_GET_BGWRITER_STAT_RESET_TIME, server_start},
    {F_PG_GET_WAL_REPLAY_PAUSE_STATE, no_recovery},
    {F_PG_IS_WAL_REPLAY_PAUSED, no_recovery},
    {F_PG_WAL_REPLAY_PAUSE, no_recovery},
    {F_PG_WAL_REPLAY_RESUME, no_recovery},
};
const FuncTable FUNC_TABLE_ACTIVITY = {ROWS, COUNT_OF(ROWS)};
