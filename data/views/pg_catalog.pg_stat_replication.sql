-- Empty: nothing is replicated.
SELECT NULL::integer AS pid, NULL::oid AS usesysid, NULL::name AS usename, NULL::text AS application_name, NULL::inet AS client_addr, NULL::text AS
  client_hostname, NULL::integer AS client_port, NULL::timestamp with time zone AS backend_start, NULL::xid AS backend_xmin, NULL::text AS state,
  NULL::pg_lsn AS sent_lsn, NULL::pg_lsn AS write_lsn, NULL::pg_lsn AS flush_lsn, NULL::pg_lsn AS replay_lsn, NULL::interval AS write_lag,
  NULL::interval AS flush_lag, NULL::interval AS replay_lag, NULL::integer AS sync_priority, NULL::text AS sync_state, NULL::timestamp with time zone AS
  reply_time
WHERE false
