-- Activity is not counted: what PostgreSQL counts is 0, as after a reset of its counters. NULL: there is no index.
SELECT c.oid AS relid, n.nspname AS schemaname, c.relname, 0::bigint AS seq_scan, 0::bigint AS seq_tup_read,
  (SELECT 0::bigint FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid LIMIT 1) AS idx_scan,
  (SELECT 0::bigint FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid LIMIT 1) AS idx_tup_fetch, 0::bigint AS n_tup_ins,
  0::bigint AS n_tup_upd, 0::bigint AS n_tup_del, 0::bigint AS n_tup_hot_upd
FROM pg_catalog.pg_class AS c
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm', 'p')
