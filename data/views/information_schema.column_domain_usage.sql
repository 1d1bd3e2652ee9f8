SELECT @database()::name AS domain_catalog, nt.nspname::name AS domain_schema, t.typname::name AS domain_name,
  @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name, a.attname::name AS column_name
FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_namespace AS nt ON nt.oid = t.typnamespace
WHERE t.typtype = 'd' AND c.relkind IN ('r', 'v', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped
  AND pg_catalog.pg_has_role(t.typowner, 'USAGE')
