-- Empty: nothing is replicated.
SELECT NULL::name AS slot_name, NULL::name AS plugin, NULL::text AS slot_type, NULL::oid AS datoid, NULL::name AS database, NULL::boolean AS
  temporary, NULL::boolean AS active, NULL::integer AS active_pid, NULL::xid AS xmin, NULL::xid AS catalog_xmin, NULL::pg_lsn AS restart_lsn,
  NULL::pg_lsn AS confirmed_flush_lsn, NULL::text AS wal_status, NULL::bigint AS safe_wal_size, NULL::boolean AS two_phase
WHERE false
