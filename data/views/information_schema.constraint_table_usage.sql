SELECT @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name,
  @database()::name AS constraint_catalog, nk.nspname::name AS constraint_schema, k.conname::name AS constraint_name
FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_namespace AS nk ON nk.oid = k.connamespace
  JOIN pg_catalog.pg_class AS c ON c.oid = CASE WHEN k.contype = 'f' THEN k.confrelid ELSE k.conrelid END
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'f') AND c.relkind IN ('r', 'p') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
