SELECT @database()::name AS trigger_catalog, n.nspname::name AS trigger_schema, g.tgname::name AS trigger_name,
  @database()::name AS event_object_catalog, n.nspname::name AS event_object_schema, c.relname::name AS event_object_table,
  a.attname::name AS event_object_column
FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (g.tgattr)
WHERE NOT g.tgisinternal AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)
  AND (pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_column_privilege(c.oid, a.attnum, 'INSERT, UPDATE, REFERENCES'))
