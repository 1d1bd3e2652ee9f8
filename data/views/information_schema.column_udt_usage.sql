SELECT @database()::name AS udt_catalog, nb.nspname::name AS udt_schema, b.typname::name AS udt_name,
  @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name, a.attname::name AS column_name
FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_type AS b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
  JOIN pg_catalog.pg_namespace AS nb ON nb.oid = b.typnamespace
WHERE c.relkind IN ('r', 'v', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND pg_catalog.pg_has_role(b.typowner, 'USAGE')
