-- Empty: nothing is replicated.
SELECT NULL::text AS slot_name, NULL::bigint AS spill_txns, NULL::bigint AS spill_count, NULL::bigint AS spill_bytes, NULL::bigint AS stream_txns,
  NULL::bigint AS stream_count, NULL::bigint AS stream_bytes, NULL::bigint AS total_txns, NULL::bigint AS total_bytes, NULL::timestamp with time zone AS
  stats_reset
WHERE false
