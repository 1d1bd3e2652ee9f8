-- Activity is not counted: what PostgreSQL counts is 0, as after a reset of its counters.
SELECT c.oid AS relid, n.nspname AS schemaname, c.relname, 0::bigint AS blks_read, 0::bigint AS blks_hit
FROM pg_catalog.pg_class AS c
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('S')
