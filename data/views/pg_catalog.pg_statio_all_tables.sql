-- Activity is not counted: what PostgreSQL counts is 0, as after a reset of its counters. NULL: there is no index, or no table of long values.
SELECT c.oid AS relid, n.nspname AS schemaname, c.relname, 0::bigint AS heap_blks_read, 0::bigint AS heap_blks_hit,
  (SELECT 0::bigint FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid LIMIT 1) AS idx_blks_read,
  (SELECT 0::bigint FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid LIMIT 1) AS idx_blks_hit,
  CASE WHEN c.reltoastrelid <> 0 THEN 0::bigint END AS toast_blks_read,
  CASE WHEN c.reltoastrelid <> 0 THEN 0::bigint END AS toast_blks_hit,
  CASE WHEN c.reltoastrelid <> 0 THEN 0::bigint END AS tidx_blks_read, CASE WHEN c.reltoastrelid <> 0 THEN 0::bigint END AS tidx_blks_hit
FROM pg_catalog.pg_class AS c
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm')
