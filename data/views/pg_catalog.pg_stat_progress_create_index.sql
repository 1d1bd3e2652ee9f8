-- Empty: no command tells how far it is.
SELECT NULL::integer AS pid, NULL::oid AS datid, NULL::name AS datname, NULL::oid AS relid, NULL::oid AS index_relid, NULL::text AS command,
  NULL::text AS phase, NULL::bigint AS lockers_total, NULL::bigint AS lockers_done, NULL::bigint AS current_locker_pid, NULL::bigint AS blocks_total,
  NULL::bigint AS blocks_done, NULL::bigint AS tuples_total, NULL::bigint AS tuples_done, NULL::bigint AS partitions_total, NULL::bigint AS
  partitions_done
WHERE false
