-- Nothing is recovered from a log.
SELECT pg_catalog.pg_postmaster_start_time() AS stats_reset, 0::bigint AS prefetch, 0::bigint AS hit, 0::bigint AS skip_init,
  0::bigint AS skip_new, 0::bigint AS skip_fpw, 0::bigint AS skip_rep, 0::integer AS wal_distance, 0::integer AS block_distance,
  0::integer AS io_depth
