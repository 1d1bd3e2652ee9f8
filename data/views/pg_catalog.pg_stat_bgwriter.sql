-- No process writes blocks in the background.
SELECT 0::bigint AS checkpoints_timed, 0::bigint AS checkpoints_req, 0::double precision AS checkpoint_write_time,
  0::double precision AS checkpoint_sync_time, 0::bigint AS buffers_checkpoint, 0::bigint AS buffers_clean, 0::bigint AS maxwritten_clean,
  0::bigint AS buffers_backend, 0::bigint AS buffers_backend_fsync, 0::bigint AS buffers_alloc,
  pg_catalog.pg_postmaster_start_time() AS stats_reset
