-- Empty: there are no such caches.
SELECT NULL::text AS name, 0::bigint AS blks_zeroed, 0::bigint AS blks_hit, 0::bigint AS blks_read, 0::bigint AS blks_written,
  0::bigint AS blks_exists, 0::bigint AS flushes, 0::bigint AS truncates, NULL::timestamptz AS stats_reset
WHERE false
