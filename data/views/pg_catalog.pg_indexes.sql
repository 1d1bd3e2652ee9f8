SELECT n.nspname AS schemaname, t.relname AS tablename, i.relname AS indexname, s.spcname AS tablespace,
  pg_catalog.pg_get_indexdef(i.oid) AS indexdef
FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = i.reltablespace
WHERE t.relkind IN ('r', 'm', 'p') AND i.relkind IN ('i', 'I')
