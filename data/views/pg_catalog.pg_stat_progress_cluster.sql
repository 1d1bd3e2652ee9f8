-- Empty: no command tells how far it is.
SELECT NULL::integer AS pid, NULL::oid AS datid, NULL::name AS datname, NULL::oid AS relid, NULL::text AS command, NULL::text AS phase, NULL::oid AS
  cluster_index_relid, NULL::bigint AS heap_tuples_scanned, NULL::bigint AS heap_tuples_written, NULL::bigint AS heap_blks_total, NULL::bigint AS
  heap_blks_scanned, NULL::bigint AS index_rebuild_count
WHERE false
