-- Empty: nothing is replicated.
SELECT NULL::oid AS local_id, NULL::text AS external_id, NULL::pg_lsn AS remote_lsn, NULL::pg_lsn AS local_lsn
WHERE false
